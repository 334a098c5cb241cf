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
    NEWS_ESCAPE_HEADER,  /* text that control characters or bad UTF-8 make NEWS_ERR_ARG */
    NEWS_ESCAPE_NONE
} news_escape;

typedef struct {
    news_escape escape;
    bool fill;
    uint32_t width; /* columns; 0: lines are not broken (fill) */
    bool flowed;    /* filled: the lines of paragraphs are those of format=flowed (flowed.c) */
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
    NEWS_HTML_STATE_RAW_TEXT,    /* inside script, style and others that hold no markup */
    NEWS_HTML_STATE_RCDATA,      /* inside title, textarea */
    NEWS_HTML_STATE_UNCLEAR      /* browsers may read the markup in two ways; for good */
} news_html_state;

/* What the value of an attribute is to a browser. */
typedef enum {
    NEWS_HTML_VALUE_TEXT,
    NEWS_HTML_VALUE_URL,      /* an address: href, src, … */
    NEWS_HTML_VALUE_CODE_URL, /* the address of a script, which is as trusted as the page */
    NEWS_HTML_VALUE_URLS,     /* several, each with a descriptor: srcset */
    NEWS_HTML_VALUE_STYLE,
    NEWS_HTML_VALUE_SCRIPT,   /* onclick, … */
    NEWS_HTML_VALUE_CONTENT,  /* content of meta: text, unless http-equiv is refresh */
    NEWS_HTML_VALUE_SWITCH,   /* says what others mean: type of script, http-equiv of meta */
    NEWS_HTML_VALUE_FORBIDDEN /* a document: srcdoc; what an animation of SVG sets; the encoding */
} news_html_value;

/* What a script element holds. */
typedef enum {
    NEWS_HTML_SCRIPT_JAVASCRIPT,
    NEWS_HTML_SCRIPT_JSON,
    NEWS_HTML_SCRIPT_OTHER
} news_html_script;

/* What has been written is only safe if the next markup agrees. */
typedef enum {
    NEWS_HTML_PENDING_NOTHING,
    NEWS_HTML_PENDING_EMPTY,  /* attribute=, with an empty value */
    NEWS_HTML_PENDING_SCHEME, /* an address that is a single word; a colon would make it a scheme */
    NEWS_HTML_PENDING_DIRECTIVE /* it did not: the content of a meta element with http-equiv */
} news_html_pending;

/* A small machine over the bytes of HTML; constant space, any chunking gives the same states. */
typedef struct {
    uint8_t state;   /* news_html_state */
    uint8_t value;   /* news_html_value: of the attribute whose value is or was written */
    uint8_t pending; /* news_html_pending */
    bool closing_tag;
    uint8_t name_len;           /* of the tag or attribute name so far, cut at sizeof name - 1 */
    uint8_t match;              /* progress towards "</script", "<!--" and the like */
    uint8_t dashes;             /* consecutive ones just read, at most 2 */
    uint8_t script_escapes;     /* 1 inside "<!--" of a script, 2 inside "<script" of that */
    uint8_t mixed, mixed_depth; /* svg, math or select: which, and how many of them are open */
    uint8_t begins;             /* whether `length` begins again, and where */
    uint8_t switch_len;
    bool switched;        /* the tag's attribute of that kind is complete */
    bool directs;         /* … and is an http-equiv other than the language */
    bool content_written; /* the tag's content attribute holds a value */
    char name[16];        /* lower case: the attribute */
    char element[16];     /* lower case: the element whose tag or whose raw text this is */
    char switch_value[32];
    size_t length;     /* bytes of the attribute's value or of the raw text so far */
    uint32_t contents; /* counts those values and texts, to tell them apart */
} news_html_tracker;

void news_html_tracker_init(news_html_tracker *tracker);
void news_html_tracker_feed(news_html_tracker *tracker, const char *bytes, size_t len);
/* Bytes of a value, escaped, that change nothing but what they are part of. */
void news_html_tracker_wrote(news_html_tracker *tracker, size_t len);
/* Inside a script element, and at the end of its tag. */
news_html_script news_html_tracker_script(const news_html_tracker *tracker);

/* One address in the order of first use. */
typedef struct {
    news_str url; /* in the writer's arena */
    uint32_t number;
    const void *ud; /* what the caller gave with the first use (the link node) */
} news_reference;

typedef struct news_writer news_writer;

/* A writer that takes memory from `outer`; NULL on failure. The output is at most max_output bytes,
 * and all that is held for it, captures and what they leave behind included, at most eight times as
 * much and 256 KiB. */
news_writer *news_writer_new(news_heap *outer, size_t max_output,
                             const news_writer_options *options);
/* All that a new writer and the one it writes within hold together is at most what one of them may,
 * as long as the outer one waits. */
void news_writer_within(news_writer *writer, const news_writer *outer);
void news_writer_free(news_writer *writer);
news_status news_writer_status(news_writer *writer);
/* Why, in words, when the status is NEWS_ERR_ARG or NEWS_ERR_LIMIT; else "". */
const char *news_writer_message(news_writer *writer);
const news_writer_options *news_writer_get_options(const news_writer *writer);
const news_html_tracker *news_writer_tracker(news_writer *writer);

/* Ends the output: flushes the open line, and in filled manner leaves exactly one newline at the
 * end. Returns the bytes, borrowed until the writer is freed; check the status first. */
news_str news_writer_finish(news_writer *writer);
/* Flowed, once it is finished: whether the space at the end of a line is not part of the text
 * (DelSp=yes; RFC 3676, section 4.1). It is so as soon as one line ends where no space was. */
bool news_writer_delsp(const news_writer *writer);

/* ---- Writing ---- */

/* Text, escaped for this format and for where it stands. In all of them but NONE and HEADER,
 * control characters and bytes that are not UTF-8 become U+FFFD.
 *
 * In HTML, whatever the value, the document has the same elements and attributes, a script the same
 * tokens but one string, a style the same declarations. What cannot be had so is NEWS_ERR_ARG:
 *
 *   text, title, textarea   & < > are escaped
 *   attribute="…", '…'      also " and '
 *   attribute=…             also white space, = and `; nothing becomes ""
 *   an address              at its beginning an ASCII URI, its scheme checked by news_uri_safe();
 *                           after something, one part of the address: all but RFC 3986's unreserved
 *                           characters is percent-encoded. Refused: at the beginning of a script's
 *                           address; after javascript:, data: and their like; where a colon follows
 *                           that would make a scheme of it
 *   srcset                  at the beginning of a candidate one such address, or within it a part
 *                           of one; as a descriptor a number with w, x or h
 *   <!-- … -->              as in an attribute, and - is a character reference
 *   a script, on…="…"       in an expression a string literal; within a string, part of it. By
 *                           \u escapes neither holds < > & ' nor a line end. Refused: as the whole
 *                           script; in template literals, regular expressions and comments; after
 *                           what cannot be told apart from one of them (a "/" after ")" or "}");
 *                           in a type that is neither JavaScript nor JSON
 *   a style, style="…"      behind a colon: names, numbers with units, hex colours, rgb() and
 *                           other colour functions of numbers, quoted strings, and lists of these
 *                           separated by spaces and commas; elsewhere one name or number; within a
 *                           string, part of it. Everything else is refused: ; { } : / * @ \ !,
 *                           url() and other functions, also strings inside parentheses and of
 *                           @import
 *   anywhere else           refused: in a tag or a name, a declaration, xmp, iframe, noembed,
 *                           noframes, noscript, plaintext; in the attributes srcdoc, http-equiv,
 *                           charset, the content of a meta element that redirects, the type of a
 *                           script, what an SVG animation sets; in script and style inside SVG and
 *                           MathML; wherever browsers may read the markup before in two ways
 *
 * An attribute's type is known by its name. Only values are looked at: what the markup itself does,
 * and what a script does with its strings, is the format's affair. Filled: scripts, styles and
 * srcset are refused, since their line ends count.
 *
 * Filled: runs of ASCII white space are one space; one with a line end in it is nothing between
 * two wide characters that are neither Hangul nor emoji, as Chinese and Japanese want it. What
 * looks like an address, scheme://…, is not broken. Gemtext: a line that begins with text which
 * would read as markup gets a space before it, unless a prefix stands there. */
void news_writer_text(news_writer *writer, news_str s);
/* A value in JSON (RFC 8259), which is checked: in the expressions of a script it stands as it is,
 * but for \u escapes as above; anywhere else it is text. So a number is a number in a script. */
void news_writer_json(news_writer *writer, news_str json);
void news_writer_number(news_writer *writer, int64_t number); /* as JSON has it, too */
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

/* ---- Markup that is known ---- */

/* For HTML in the direct manner, from a place where news_writer_rests(): markup and values of
 * attributes in an order that has been found to lead back there, so that the tracker need not read
 * them. news_writer_known_end() says that it did. Where it is not called before something else is
 * written, the tracker reads after all what was. */
/* Between tags, with nothing pending, and without a record. */
bool news_writer_rests(const news_writer *writer);
/* Where the markup is to be appended, until something else is written. */
news_buf *news_writer_known(news_writer *writer);
/* In double quotes: text, or all of an address. */
void news_writer_known_value(news_writer *writer, news_str s);
void news_writer_known_address(news_writer *writer, news_str url);
void news_writer_known_end(news_writer *writer);
/* How much has been written to where output goes at present, and what that is from there on:
 * borrowed until more is. In the direct manner. */
size_t news_writer_length(const news_writer *writer);
news_str news_writer_behind(const news_writer *writer, size_t length);

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
/* The same as one line: line ends, with the white space around them, become a space each. */
news_str news_writer_capture_end_line(news_writer *writer);
/* Whether a capture of this text alone would give these bytes, each one column wide: filled, plain
 * words of ASCII. When in doubt it would not. */
bool news_writer_is_line(const news_writer *writer, news_str text);

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

/* ---- The record ---- */

/* What was written, for whoever compares outputs: the ids of sections, and the addresses that
 * readers can follow or see. Several writers may share one. */
typedef struct {
    news_heap *heap;
    news_arena arena;
    news_strmap sections, addresses; /* their places, from 1 */
    news_buf key;
    size_t notes; /* of addresses, so far */
} news_record;

void news_record_init(news_record *record, news_heap *heap);
void news_record_free(news_record *record);
/* The place, from 1, of a section among those that were written; 0: it was not. */
uint32_t news_record_section(const news_record *record, news_str id);
/* Whether an address was written, in whatever spelling. False when memory is short. */
bool news_record_leads_to(news_record *record, news_str url, bool *leads);

/* From now on the writer notes what it writes. It finds addresses by itself; of sections it knows
 * nothing. Without a record the others do nothing. */
void news_writer_record(news_writer *writer, news_record *record);
void news_writer_note_section(news_writer *writer, news_str id);
/* An address that is not written as it is. */
void news_writer_note_address(news_writer *writer, news_str url);

#endif
