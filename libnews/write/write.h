/* write: from text and markup to the bytes of an output.
 *
 * Strings come in, marked as text (to be escaped for where it stands) or as markup; escaped,
 * filled, prefixed and numbered bytes go out, never more than a maximum. The writer knows no node,
 * no Lua and no format: only escapes, columns and the state of the markup it has written.
 *
 * A writer works in one of two manners:
 *   direct   bytes go out as they come (HTML, XML, source code); the HTML tracker is on when the
 *            escape is HTML.
 *            Prefixes are not written, and a line of its own is only set apart.
 *   filled   text collects into lines; white space between words is one space or a line end,
 *            lines are broken at `width` columns (UAX #14) and begin with the prefixes in force.
 *            How text is cut into calls does not matter.
 *
 * Failures stick: once memory or the maximum is reached, or text stands where it cannot be made
 * safe, every later call does nothing and news_writer_status() tells.
 */
#ifndef NEWS_WRITE_H
#define NEWS_WRITE_H

#include "text/text.h"

typedef enum {
    NEWS_ESCAPE_HTML,    /* by context, see below */
    NEWS_ESCAPE_XML,     /* & < > " ' */
    NEWS_ESCAPE_TEXT,    /* control characters become U+FFFD */
    NEWS_ESCAPE_GEMTEXT, /* the same, and a line of text that would read as markup gets a space */
    NEWS_ESCAPE_NONE
} news_escape;

typedef struct {
    news_escape escape;
    bool fill;
    uint32_t width; /* columns; 0: lines are not broken (fill) */
} news_writer_options;

/* Where in an HTML document the next byte stands. */
typedef enum {
    NEWS_HTML_STATE_TEXT,
    NEWS_HTML_STATE_TAG_OPEN, /* after "<" */
    NEWS_HTML_STATE_TAG_NAME,
    NEWS_HTML_STATE_TAG, /* between attributes */
    NEWS_HTML_STATE_ATTRIBUTE_NAME,
    NEWS_HTML_STATE_AFTER_NAME,   /* white space after an attribute name */
    NEWS_HTML_STATE_BEFORE_VALUE, /* after "=" */
    NEWS_HTML_STATE_DOUBLE_QUOTED,
    NEWS_HTML_STATE_SINGLE_QUOTED,
    NEWS_HTML_STATE_UNQUOTED,
    NEWS_HTML_STATE_COMMENT,
    NEWS_HTML_STATE_DECLARATION, /* <!DOCTYPE … >, <? … > */
    NEWS_HTML_STATE_RAW_TEXT,    /* inside script, style */
    NEWS_HTML_STATE_RCDATA       /* inside title, textarea */
} news_html_state;

/* A small machine over the bytes of HTML; constant space, any chunking gives the same states. */
typedef struct {
    uint8_t state;      /* news_html_state */
    bool url_attribute; /* the attribute being written holds an address: href, src, … */
    bool value_begun;   /* its quoted value is not empty */
    bool closing_tag;
    uint8_t name_len;       /* of the tag or attribute name so far, cut at sizeof name - 1 */
    uint8_t match;          /* progress towards "</script", "<!--" and the like */
    uint8_t dashes;         /* consecutive ones just read, at most 2 */
    uint8_t script_escapes; /* 1 inside "<!--" of a script, 2 inside "<script" of that */
    char name[16];          /* lower case: the attribute */
    char element[16];       /* lower case: the element whose tag or whose raw text this is */
} news_html_tracker;

void news_html_tracker_init(news_html_tracker *tracker);
void news_html_tracker_feed(news_html_tracker *tracker, const char *bytes, size_t len);

/* One address in the order of first use. */
typedef struct {
    news_str url; /* in the writer's arena */
    uint32_t number;
    const void *ud; /* what the caller gave with the first use (the link node) */
} news_reference;

typedef struct news_writer news_writer;

/* A writer that takes memory from `heap` and holds at most max_output bytes; NULL on failure. */
news_writer *news_writer_new(news_heap *heap, size_t max_output,
                             const news_writer_options *options);
void news_writer_free(news_writer *writer);
news_status news_writer_status(const news_writer *writer);
/* Why, in words, when the status is NEWS_ERR_ARG or NEWS_ERR_LIMIT; else "". */
const char *news_writer_message(const news_writer *writer);
const news_writer_options *news_writer_get_options(const news_writer *writer);
const news_html_tracker *news_writer_tracker(const news_writer *writer);

/* Ends the output: flushes the open line, and in filled manner leaves exactly one newline at the
 * end. Returns the bytes, borrowed until the writer is freed; check the status first. */
news_str news_writer_finish(news_writer *writer);

/* ---- Writing ---- */

/* Text, escaped for this format and for where it stands. In all of them but NONE, control
 * characters and bytes that are not UTF-8 become U+FFFD.
 *
 * In HTML: text and RCDATA escape & < >, a quoted attribute also " and '. In the quoted value of
 * an attribute that holds an address, text that begins the value is an ASCII URI, its scheme
 * checked by news_uri_safe(); text that comes after something is one part of the address, and all
 * but RFC 3986's unreserved characters is percent-encoded. Anywhere else (tag name, unquoted
 * value, script, style, comment, attributes that hold scripts, styles, documents or lists of
 * addresses) is NEWS_ERR_ARG.
 *
 * Filled: runs of ASCII white space are one space; one with a line end in it is nothing between
 * two wide characters that are neither Hangul nor emoji, as Chinese and Japanese want it. What
 * looks like an address, scheme://…, is not broken. Gemtext: a line that begins with text which
 * would read as markup gets a space before it, unless a prefix stands there. */
void news_writer_text(news_writer *writer, news_str s);
/* Markup: written as it is; the tracker follows. Filled: white space as for text, but it is never
 * escaped at the start of a line. */
void news_writer_raw(news_writer *writer, news_str s);
/* Markup that must not be broken over lines and whose spaces are kept: an address, a marker.
 * (Filled; otherwise as raw.) */
void news_writer_whole(news_writer *writer, news_str s);
/* Text, escaped, that must not be broken over lines. */
void news_writer_whole_text(news_writer *writer, news_str s);
/* An address as an ASCII URI, whole. In HTML it is escaped for where it stands. */
void news_writer_url(news_writer *writer, news_str url);

/* ---- Lines ---- */

/* Ends the current line, if it holds anything. */
void news_writer_cr(news_writer *writer);
/* As cr, and asks for n empty lines before whatever comes next; the largest n asked for counts.
 * None is written at the start of the output, or directly after a prefix has begun. An empty line
 * belongs to the outermost of the prefixes in force between the asking and the writing. */
void news_writer_blank(news_writer *writer, uint32_t n);
/* Between line_begin and line_end what is written stands on a line of its own, is not broken, and
 * keeps its spaces. What would end the line or begin another (a newline, cr, blank, a prefix, a
 * line within the line) is a space or words in it. */
void news_writer_line_begin(news_writer *writer);
void news_writer_line_end(news_writer *writer);
/* Lines exactly as they are, each behind the prefixes; control characters but tab replaced. The
 * gemtext escape does not apply. */
void news_writer_verbatim(news_writer *writer, news_str s);

/* From push to pop (256 deep at most) each line begins with the prefix, after those already in
 * force; `first` is for the first line. Trailing white space of a prefix is left out on empty
 * lines. When nothing was written between push and pop, a first prefix that is more than spaces is
 * written on a line of its own. */
void news_writer_push_prefix(news_writer *writer, news_str first, news_str rest);
void news_writer_pop_prefix(news_writer *writer);
/* Columns left for text under the prefixes in force, on the next line or those after it, whichever
 * has fewer; UINT32_MAX when lines are not broken. */
uint32_t news_writer_available(const news_writer *writer);
/* Whether nothing but prefixes stands on the current line yet. */
bool news_writer_at_line_start(const news_writer *writer);

/* The last code point of text or markup on the current line; 0 at its start. Filled: a space also
 * when it is not yet known whether the line will end there. */
uint32_t news_writer_last(const news_writer *writer);

/* ---- Capture ---- */

/* From begin to end, output collects in a fresh inner writer state (own prefixes, own blank lines,
 * tracker at the start of text, lines not broken unless `width` is given) instead of going out.
 * They nest. end returns what was collected, without the final newline, in the writer's arena.
 * References numbered meanwhile stay numbered. All captures together may come to four times the
 * maximum of the output. */
void news_writer_capture_begin(news_writer *writer, uint32_t width);
news_str news_writer_capture_end(news_writer *writer);

/* ---- Going back ---- */

/* How much is open: captures, and in the innermost of them lines and prefixes. */
typedef struct {
    size_t captures;
    uint32_t prefixes, lines, line_prefixes;
} news_writer_nesting;

news_writer_nesting news_writer_get_nesting(const news_writer *writer);
/* Closes what was opened since, as it was left: captures are dropped, lines and prefixes end. */
void news_writer_rewind(news_writer *writer, news_writer_nesting to);

/* ---- References ---- */

/* The number of an address in this output, given at its first use from 1 upwards; equal addresses
 * share it. At first use it joins the queue. The address is copied. 0 on failure. */
uint32_t news_writer_reference(news_writer *writer, news_str url, const void *ud);
/* The references queued since the last take, in order of number; borrowed until the next call of
 * news_writer_reference. */
size_t news_writer_take_references(news_writer *writer, const news_reference **references);

#endif
