/* overlay: the text that cmark reads, and where each of its bytes stands in the source.
 *
 * What CommonMark lacks or would spoil is replaced, before cmark sees it, by a mark: U+E000, the
 * mark's number in decimal, U+E001. To cmark that is a run of letters. Afterwards the builder
 * turns a mark in running text into what it stands for, and a mark anywhere else (code, addresses,
 * titles, raw HTML) back into the bytes that were there; so it does no harm to mark too much.
 * What is to be a block has around its mark what makes cmark begin one: a processing instruction
 * for the fence of a directive, a list's marker for a note. Equal bytes share a number, which keeps
 * link labels equal that were. Input that itself holds U+E000 or U+E001 has them marked first.
 * Marks never hold a line end: text and source have the same lines. A document with nothing to mark
 * is handed on without a copy.
 */
#ifndef NEWS_SOURCE_OVERLAY_H
#define NEWS_SOURCE_OVERLAY_H

#include "base/base.h"

typedef enum {
    NEWS_MARK_LITERAL,    /* a character that is text, whatever cmark would make of it */
    NEWS_MARK_URL,        /* a bare address */
    NEWS_MARK_ATTRIBUTES, /* {#id .class key="value"} at the end of a heading or behind an image */
    NEWS_MARK_FIELD,      /* {{ name or "default" }}, or what begins so and does not parse */
    NEWS_MARK_NOTE_REF,   /* [^id] */
    NEWS_MARK_NOTE,       /* [^id]: at the beginning of a note, in front of which cmark sees a
                             list's marker, so that the note's lines are its own */
    NEWS_MARK_FENCE /* a line of colons; to cmark a block of HTML, which closes what must close */
} news_mark_type;

typedef struct {
    news_mark_type type;
    news_str source; /* the bytes it stands for */
    news_str text;   /* literal: the character; URL: what the address lacks in front, if anything */
} news_mark;

/* One occurrence of a mark. */
typedef struct {
    size_t at, end; /* in the text */
    size_t source_at, source_end;
    uint32_t mark;
} news_mark_place;

typedef struct {
    uint32_t begin; /* in the text */
    bool is_ascii;  /* … which means without marks, too */
} news_line;

typedef struct {
    news_heap *heap;
    news_str source; /* the issue without front matter */
    news_str text; /* what cmark reads; the source itself until, and unless, something is marked */
    uint32_t first_line; /* number in the file of the source's first line */

    news_mark *marks;
    size_t mark_count, mark_capacity;
    news_mark_place *places; /* in the text's order */
    size_t place_count, place_capacity;

    news_line *lines;
    size_t line_count, line_capacity;
    size_t *rows; /* lines (from 0) that look like a table's delimiter row */
    size_t row_count, row_capacity;
    bool has_tildes; /* "~~" occurs */
    bool has_fences;
    news_str note_marker; /* of the list that a note is an entry of, to cmark; empty: no notes */

    /* Private: the buffer behind text, the index of marks, and what was asked last. */
    news_buf buf;
    news_strmap index;
    size_t copied; /* of the source, into the buffer */
    struct {
        size_t line, at;
        uint32_t column;
    } last_place;
    struct {
        size_t line, quotes, at;
    } last_content;
} news_overlay;

/* Prepares source. False when memory is short; news_overlay_free() is due in either case. */
bool news_overlay_init(news_overlay *overlay, news_heap *heap, news_str source,
                       uint32_t first_line);
void news_overlay_free(news_overlay *overlay);

/* Finds the next mark of `text` at or after *at. Sets *at to where it begins and *end to where it
 * ends, and returns it; NULL when there is none. */
const news_mark *news_overlay_next(const news_overlay *overlay, news_str text, size_t *at,
                                   size_t *end);

typedef enum {
    NEWS_RESTORE_SOURCE, /* the bytes as written: code, raw HTML */
    NEWS_RESTORE_TEXT    /* literals as characters: text, addresses, titles */
} news_restore;

/* Appends text with its marks undone. Returns buf's success. */
bool news_overlay_restore(const news_overlay *overlay, news_str text, news_restore how,
                          news_buf *buf);

/* ---- Finders (finders.c) ---- */

/* What stands around the mark of a fence or a note in the text; empty for the others. */
news_str news_mark_before(const news_overlay *overlay, news_mark_type type);
news_str news_mark_after(news_mark_type type);

/* Whether a line is what stands under a heading: "=" or "-" and nothing else. */
bool news_is_underline(news_str line);

enum { NEWS_FINDERS = 13 };

/* What a finder found: the bytes from `at` to `end` are to be marked. at SIZE_MAX: no more. */
typedef struct {
    size_t at, end;
    news_mark_type type;
    news_str text; /* as of the mark */
} news_candidate;

/* What a finder remembers from one call to the next. All zero before the first. */
typedef struct {
    size_t line, row;           /* the lines, and rows, before were looked at */
    bool in_table, row_follows; /* of the last of them */
    bool tilde_pairs;           /* two tildes that are not escaped stand side by side */
} news_finder_state;

/* What finder 0 to NEWS_FINDERS - 1 finds first at or after `from`, which never decreases. */
news_candidate news_overlay_find(const news_overlay *overlay, size_t finder, size_t from,
                                 news_finder_state *state);

/* ---- Places ---- */

/* Where in the text a line (from 0) begins; its end for a line past the last. */
static inline size_t news_overlay_line(const news_overlay *overlay, size_t line)
{
    return line < overlay->line_count ? overlay->lines[line].begin : overlay->text.len;
}
/* Where it ends, without its line end. */
static inline size_t news_overlay_line_end(const news_overlay *overlay, size_t line)
{
    return line + 1 < overlay->line_count ? overlay->lines[line + 1].begin - 1 : overlay->text.len;
}
/* Without its line end. */
news_str news_overlay_line_text(const news_overlay *overlay, size_t line);
/* Where in the text the content of a continuation line begins: past white space and the markers of
 * at most `quotes` block quotes. */
size_t news_overlay_content(news_overlay *overlay, size_t line, size_t quotes);
/* The line and column, in characters, in the file, of offset `at` of the text in line `line`. */
void news_overlay_place_slow(news_overlay *overlay, size_t line, size_t at, uint32_t *file_line,
                             uint32_t *column);
static inline void news_overlay_place(news_overlay *overlay, size_t line, size_t at,
                                      uint32_t *file_line, uint32_t *column)
{
    if (NEWS_LIKELY(line < overlay->line_count && overlay->lines[line].is_ascii &&
                    at >= overlay->lines[line].begin)) {
        *file_line = overlay->first_line + (uint32_t)line;
        *column = (uint32_t)at - overlay->lines[line].begin + 1;
        return;
    }
    news_overlay_place_slow(overlay, line, at, file_line, column);
}
/* Whether marks stand in the text between two offsets. */
bool news_overlay_has_marks(const news_overlay *overlay, size_t from, size_t to);
size_t news_overlay_to_source(const news_overlay *overlay, size_t at);

/* ---- Bare addresses (address.c) ---- */

/* If a bare address of the kind begins at `at`, returns where it ends, else `at`. The extended
 * autolinks of GitHub Flavored Markdown. In a table a pipe ends it. */
size_t news_address_end_url(news_str text, size_t at, size_t host, bool in_table);
/* `sign` is where the @ stands; *start is set to where the address begins, not before `from`. */
size_t news_address_end_mail(news_str text, size_t from, size_t sign, size_t *start);

/* What keeps an address from leading anywhere, as words behind it: a web address without a host or
 * with a port there cannot be, mail to nobody. NULL when nothing does. */
const char *news_address_fault(news_str url);

/* ---- Attribute lists (attributes.c) ---- */

typedef enum {
    NEWS_ATTRIBUTE_END,
    NEWS_ATTRIBUTE_ID,
    NEWS_ATTRIBUTE_CLASS,
    NEWS_ATTRIBUTE_PAIR,
    NEWS_ATTRIBUTE_BAD
} news_attribute_type;

typedef struct {
    news_str name;  /* of a pair */
    news_str value; /* id, class, or the pair's value without quotes */
} news_attribute;

/* Reads the next of the attributes in `list`, which is what stands between the braces. */
news_attribute_type news_attribute_next(news_str list, size_t *at, news_attribute *attribute);
/* Whether `braced` is a list of at least one attribute in braces. */
bool news_attribute_list_valid(news_str braced);
/* Whether what begins with a brace looks as if it were meant for one: "{#", "{.", "{key=". */
bool news_attribute_list_meant(news_str braced);

#endif
