/* Private to the write room: the parts of a writer, and how its files share the work.
 *
 * writer.c        the entrances: text, markup, addresses, lines; the direct manner
 * capture.c       outputs within the output
 * escape.c        bytes of text to bytes of a format, by table
 * html_tracker.c  where in an HTML document the next byte stands
 * html_context.c  what a value becomes there
 * html_url.c      … in addresses
 * html_script.c   … in scripts
 * html_style.c    … in styles
 * html_decode.c   character references of attributes, for the three of them
 * json.c          strings as JSON, and whether text is JSON
 * paragraph.c     collects the open paragraph
 * fill.c          breaks it into lines
 * lines.c         writes one line: empty lines, prefixes
 * flowed.c        … as format=flowed has it
 * reference.c     numbers addresses
 * record.c        what was written, for who compares outputs
 */
#ifndef NEWS_WRITE_WRITER_H
#define NEWS_WRITE_WRITER_H

#include "write/write.h"

/* How a run of bytes came. Ordinary text is 0. */
enum {
    NEWS_RUN_RAW = 1,  /* markup: not taken for text at the start of a line */
    NEWS_RUN_WHOLE = 2 /* no line ends inside, spaces are kept */
};

typedef struct {
    size_t end; /* offset in the paragraph; it begins where the one before ends */
    unsigned flags;
} news_run;

/* White space that has been read but not yet written: it may be the last of its paragraph. */
typedef enum { NEWS_GAP_NONE, NEWS_GAP_SPACE, NEWS_GAP_LINE_END } news_gap;

/* One prefix in force. Offsets and columns are sums over this prefix and all outside it, so that
 * the prefix of a line is two slices. Level 0 is the bare output and has no prefix. */
typedef struct {
    size_t first_end, rest_end; /* in the frame's first_text and rest_text */
    uint32_t first_columns, rest_columns;
    uint32_t asked; /* empty lines wanted before the next line, belonging to this level */
} news_level;

enum { NEWS_MAX_PREFIXES = 256 };

/* ---- Machines for the languages inside HTML ---- */

/* Characters of an attribute's value that may begin a reference. */
typedef struct {
    char name[8]; /* behind "&" */
    uint8_t len;
    bool open; /* in a reference */
    bool lost; /* for good: one was not understood */
} news_html_decoder;

/* How a machine takes the next character. */
typedef void news_html_step(void *machine, char c);

/* Where in a script, a style or a list of addresses the next character stands. What the members
 * mean is told where each is read. */
typedef struct {
    uint8_t place;
    uint8_t before;
    uint8_t lost;    /* why nothing is known any more */
    bool escaped;    /* a backslash stands before */
    uint32_t recent; /* the last four bytes */
    uint8_t depth;
    uint8_t word_len;
    char word[12];
    bool in_prelude, in_value;
} news_html_code;

/* Nothing is read until a value comes. Then the machine reads what stands in the output already. */
typedef struct {
    uint32_t contents; /* the tracker's number of what is being read */
    size_t read;       /* bytes of it */
    news_html_decoder decoder;
    news_html_code code;
} news_html_reader;

/* What a capture sets aside: an output of its own with its own lines. */
typedef struct news_frame {
    struct news_frame *outer, *inner; /* `inner` is kept for the next capture */
    news_buf out;                     /* finished lines */
    uint32_t width;
    news_html_tracker tracker;
    news_html_reader reader;
    size_t unread; /* the tracker has not read the output from here on; SIZE_MAX: it has */
    bool asking;   /* some level has asked for empty lines */

    /* Filled: the open paragraph. Words in it are one space apart; a line end of the source after
     * a character that is not ASCII stays "\n" until both its neighbours are known. */
    news_buf paragraph;
    news_run *runs;
    size_t run_count, run_capacity;
    news_gap gap;
    bool ascii;           /* all of the paragraph */
    bool soft_ends;       /* the paragraph holds a "\n" */
    uint32_t line_depth;  /* of line_begin */
    uint32_t line_levels; /* prefixes pushed since, which are words of the line */

    /* Filled: the prefixes. A line that is written uses every level in force. */
    news_level *levels;
    size_t level_capacity;
    uint32_t depth; /* index of the innermost level */
    uint32_t used;  /* how many levels, from the outside, have a line already */
    news_buf first_text, rest_text;

    /* Filled: lines are those of format=flowed; after the mark of a signature none goes on. */
    bool flowed, is_signature;
} news_frame;

struct news_writer {
    news_heap *outer; /* that the writer itself is from */
    news_heap *heap;  /* all else: &own, which has a limit */
    news_heap own;
    news_arena arena;
    news_writer_options options;
    const uint8_t *table; /* of escape.c; NULL: text is written as it is */
    /* Whether a line of text must begin with a space, not to be read as markup; NULL: never. */
    bool (*needs_space)(news_str line);
    size_t max_output;
    news_frame outermost, *frame;
    size_t captured; /* bytes of captures in the arena */
    news_buf scratch, address, encoded, referenced;

    news_strmap numbers;
    news_reference *references;
    size_t reference_count, reference_capacity, taken;

    /* Flowed: a line's prefix, and where in the output the lines end whose space is their own. */
    news_buf prefix;
    size_t *spaces;
    size_t space_count, space_capacity;
    bool delsp; /* some line ends where there was no space */

    /* NULL: nothing is recorded. The value so far of the attribute at hand, if that is a link's. */
    news_record *record;
    news_buf target;
    news_html_decoder target_decoder;

    news_status status;
    char message[256], limit_message[64];
};

/* ---- writer.c ---- */

/* The first failure is the one that stays. */
void news_writer_fail(news_writer *writer, news_status status, const char *format, ...)
    NEWS_PRINTF(3, 4);
/* False, after news_writer_fail(), when the buffer has failed. */
bool news_writer_check(news_writer *writer, const news_buf *buf);
/* Bytes to where output goes at present, with NEWS_RUN_ flags for the filled manner. */
void news_writer_put(news_writer *writer, news_str bytes, unsigned flags);
/* Lets the tracker read markup that was put. */
void news_writer_follow(news_writer *writer, news_str markup);
/* As news_writer_put(), escaped by a table that may be NULL. */
void news_writer_put_escaped(news_writer *writer, news_str text, const uint8_t *table,
                             unsigned flags);

/* ---- escape.c ---- */

extern const uint8_t news_table_text[256], news_table_header[256], news_table_xml[256],
    news_table_html_text[256], news_table_html_attribute[256];
/* How many bytes at the beginning are ASCII without control characters. */
size_t news_skip_printable(news_str s);
/* Length of the longest prefix that escaping leaves as it is. */
size_t news_escape_clean(news_str s, const uint8_t *table);
bool news_escape_append(news_buf *to, news_str s, const uint8_t *table);
bool news_gemtext_needs_space(news_str line);

/* ---- html_context.c ---- */

typedef enum { NEWS_GIVEN_TEXT, NEWS_GIVEN_URL, NEWS_GIVEN_JSON } news_given;

/* A value where the tracker stands; news_writer_fail() when nothing would make it safe. */
void news_html_put(news_writer *writer, news_str s, news_given given, unsigned flags);
/* The table for text where the tracker stands, where a table is all it takes; NULL, after
 * news_writer_fail(), elsewhere. */
const uint8_t *news_html_table(news_writer *writer);
/* Before markup that comes while something is pending. False after news_writer_fail(). */
bool news_html_settle(news_writer *writer, news_str markup);
/* "a value cannot be written safely …" */
void news_html_refuse(news_writer *writer, const char *format, ...) NEWS_PRINTF(2, 3);
/* The same, for what the value is. */
void news_html_refuse_value(news_writer *writer, news_str value, const char *format, ...)
    NEWS_PRINTF(3, 4);
/* As the value of an attribute or a part of it, or inside a script or style element: bytes that are
 * harmless there. */
void news_html_put_encoded(news_writer *writer, news_str bytes, unsigned flags);
/* What stands already of the value of an attribute or the content of an element. False when that is
 * not known, as in filled output. */
bool news_html_so_far(const news_writer *writer, news_str *so_far);
/* Lets the machine in the frame read what stands already, up to the value at hand. False after
 * news_writer_fail(). */
bool news_html_read_on(news_writer *writer, news_html_step *step);

/* ---- html_url.c, html_script.c, html_style.c ---- */

void news_html_put_url(news_writer *writer, news_str text);
/* The same where nothing stands before it, and a quotation mark behind. */
void news_html_put_whole_url(news_writer *writer, news_str url);
void news_html_put_url_of_several(news_writer *writer, news_str text);
void news_html_put_script(news_writer *writer, news_str value, news_given given, unsigned flags);
void news_html_put_style(news_writer *writer, news_str value, unsigned flags);

/* ---- html_decode.c ---- */

/* Passes on the characters, in UTF-8, that the bytes of an attribute's value stand for. False once
 * they hold a character reference that is not understood. */
bool news_html_decode(news_html_decoder *decoder, news_str bytes, news_html_step *step,
                      void *machine);

/* ---- record.c: only where there is a record ---- */

/* Feeds the tracker, and notes the links that end on the way. */
void news_record_markup(news_writer *writer, news_str markup);
/* An address that is written as the value of an attribute, or the next part of it. */
void news_record_url(news_writer *writer, news_str url, bool begins);
/* Text that is seen: notes the addresses in it. */
void news_record_text(news_writer *writer, news_str text);

/* ---- json.c ---- */

bool news_json_valid(news_str s);
/* The inside of a JSON string that holds s. */
void news_json_append_text(news_buf *to, news_str s);
/* Valid JSON, so that it may stand in a script element. */
void news_json_append(news_buf *to, news_str json);

/* ---- capture.c ---- */

/* False when memory is short; the frame is to be freed all the same. */
bool news_frame_init(news_writer *writer, news_frame *frame);
void news_frame_free(news_heap *heap, news_frame *frame);

/* ---- paragraph.c ---- */

void news_paragraph_append(news_writer *writer, news_str s, unsigned flags);

/* ---- fill.c ---- */

/* Ends the paragraph and writes its lines. */
void news_fill_flush(news_writer *writer);

/* ---- lines.c ---- */

bool news_levels_init(news_heap *heap, news_frame *frame);
void news_levels_clear(news_frame *frame);
/* Columns for the text of the next line; UINT32_MAX when lines are not broken. */
uint32_t news_lines_room(const news_writer *writer);
/* Whether the next line will begin with a prefix of at least one byte. */
bool news_lines_prefixed(const news_writer *writer);
/* Appends the prefix of the next line. */
void news_lines_prefix(const news_frame *frame, news_buf *to);

enum {
    NEWS_LINE_SPACE = 1,   /* a space stands before it */
    NEWS_LINE_GOES_ON = 2, /* flowed: from the line before */
    NEWS_LINE_FLOWS = 4    /* flowed: into the line behind */
};
void news_lines_write(news_writer *writer, news_str line, unsigned flags);

/* ---- flowed.c ---- */

/* Lines are at most 78 characters long with the spaces at their end (RFC 3676, section 4.2), of
 * which there may be two. */
enum { NEWS_FLOWED_WIDTH = 76 };

/* Whether paragraphs that begin now may flow. */
bool news_flowed_may_flow(news_writer *writer);
/* Columns for the text of the next line, which begins with `text`. */
uint32_t news_flowed_room(news_writer *writer, news_str text, bool goes_on);
/* Whether a line may flow into the next between the two bytes around `at`. */
bool news_flowed_is_place(news_str text, size_t at);
/* The bytes of a line, from its prefix to its end. */
void news_flowed_write(news_writer *writer, news_str line, unsigned flags);
/* An empty line behind a prefix. */
void news_flowed_write_empty(news_writer *writer, news_str prefix);
/* Once all is written: marks every space that belongs to the text, if there are others. */
void news_flowed_finish(news_writer *writer);

/* ---- fill.c, too ---- */

/* Of a script that sets no spaces between words: East Asian wide, but not Hangul or emoji. */
bool news_joins_lines(uint32_t c);

#endif
