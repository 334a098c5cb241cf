/* parse: what the parts of the source room share while one issue is built.
 *
 * One news_build lives for one call of news_source_parse(). Its functions return false after a
 * failure, which they have noted in `status` and, but for memory, in `error`.
 */
#ifndef NEWS_SOURCE_PARSE_H
#define NEWS_SOURCE_PARSE_H

#include <cmark.h>

#include "source/overlay.h"
#include "source/source.h"

/* ---- The boundary to cmark (cmark_parse.c) ---- */

typedef struct {
    struct news_cmark_pool *pool; /* all the memory cmark took */
    cmark_node *document;
} news_cmark;

/* Parses text. False when memory is short, and then nothing is left to free. */
bool news_cmark_parse(news_cmark *cmark, news_heap *heap, news_str text, bool smart);
void news_cmark_free(news_cmark *cmark);
/* Appends text with its entities decoded. */
bool news_cmark_decode(news_heap *heap, news_str text, news_buf *buf);

/* ---- Tables (table.c) ---- */

/* Begins every cell's paragraph, which it keeps from being anything else; no part of the text. */
#define NEWS_TABLE_GUARD "\xEE\x80\x81 "
enum { NEWS_TABLE_GUARD_LENGTH = 4 };

/* A cell or the paragraph before a table, in the second parse. A cell whose bytes are text to cmark
 * whatever stands around it need not be parsed. */
typedef struct {
    size_t line;                    /* from 0, in the second text; SIZE_MAX: not in it */
    size_t source_line, at, length; /* in the overlay's text; length 0: empty, or a lead */
    size_t column;                  /* a lead's, in its first line, from 0 */
    cmark_node *paragraph;          /* in the second tree */
    bool is_plain;
} news_table_part;

typedef struct {
    size_t line;         /* in the overlay's text, from 0 */
    size_t first, count; /* parts: its cells */
    size_t surplus;      /* cells past the table's last column */
} news_table_row;

typedef struct {
    size_t block_line, header_line, last_line; /* from 0, in the overlay's text */
    size_t block_column, quotes;
    bool break_after; /* an underline that becomes a thematic break */
    size_t lead;      /* part: the paragraph before; SIZE_MAX: none */
    size_t columns, first_align;
    size_t first_row, row_count; /* the header first */
} news_table;

typedef struct {
    news_heap *heap;
    news_table *tables;
    size_t table_count, table_capacity;
    news_table_row *rows;
    size_t row_count, row_capacity;
    news_table_part *parts;
    size_t part_count, part_capacity;
    uint8_t *aligns;
    size_t align_count, align_capacity;
    news_buf text; /* the second text */
    news_cmark cmark;
} news_tables;

/* Finds the tables of a parsed document and parses their cells. False when memory is short. */
bool news_tables_find(news_tables *tables, news_overlay *overlay, cmark_node *document, bool smart);
void news_tables_free(news_tables *tables);
/* The table in the paragraph that begins at line `block_line`, or NULL. */
const news_table *news_tables_at(const news_tables *tables, size_t block_line);

/* ---- The build ---- */

/* A node whose children are being added. */
typedef struct {
    news_node *node, *last; /* its last child */
    news_node *before;      /* what was its parent's last child */
    news_node *resumed;     /* children up to this one were finished before; NULL: none */
    cmark_node *origin;     /* what it was made of; NULL: nothing of its own */
    size_t fence;           /* of an open directive: how many colons opened it */
    bool pairs;             /* some children are halves of pairs: tags, tildes */
    bool breaks;            /* some children are soft or hard breaks */
} news_frame;

/* Flags of nodes while they are built; none is left in the end. */
enum {
    NEWS_BUILD_OPENS = 64,   /* half of a pair that may open */
    NEWS_BUILD_CLOSES = 128, /* half of a pair that may close */
    NEWS_BUILD_BARE = 64     /* a link made of a bare address */
};

typedef struct {
    uint32_t line, column;
} news_place;

/* What a heading carries until its section is made. */
typedef struct {
    news_str attributes; /* in braces; empty: none */
} news_heading_notes;

/* What a directive does that is no format's (its node's `number`). */
enum { NEWS_DIRECTIVE_FREE, NEWS_DIRECTIVE_ONLY, NEWS_DIRECTIVE_EXCEPT, NEWS_DIRECTIVE_SUMMARY };

/* An array of nodes that grows. */
typedef struct {
    news_node **array;
    size_t count, capacity;
} news_node_list;

/* Lines that cmark took for one with the line before them. */
typedef struct {
    size_t lines;
    size_t begin, content; /* of the last: where cmark believes that it begins, and where it does */
} news_uncounted;

typedef struct {
    news_issue *issue;
    const news_source_options *options;
    news_heap *heap; /* for what does not outlive the build */
    news_error *error;
    news_status status;
    news_overlay *overlay;
    news_tables *tables;

    news_frame *frames;
    size_t frame_count, frame_capacity;

    /* Text that waits for its node, so that neighbours become one: a view of cmark's while it is
     * one piece, else in the buffer. */
    news_str pending_view;
    news_buf pending;
    news_place pending_place;
    size_t pending_at;    /* in the overlay's text */
    size_t pending_links; /* open link nodes around it */
    bool gap;             /* something was dropped behind it: one space is enough there */
    news_buf scratch;

    /* The block whose inlines are being built, to put its columns right. */
    size_t block_line, block_column; /* from 0 */
    size_t block_end;                /* its last line */
    size_t line_shift;               /* lines of it that cmark did not count, up to … */
    size_t counted_line;             /* … this one of those that it did, and … */
    news_uncounted uncounted;        /* … behind it. See places.c */
    size_t ends_counted;             /* 1 + the line last found to end as cmark counts, or 0 */
    size_t quotes;                   /* block quotes around it */
    bool marked;                     /* marks of the overlay stand in its text */
    const news_table_part *part;     /* in the second parse */
    size_t part_at, part_source;     /* how far the part was mapped back */
    news_node *heading;              /* open heading, whose attributes may come */
    news_node *unclosed_parent;      /* where no closing tag follows any more, for … */
    news_str unclosed_name;          /* … this element */

    news_node **pair_stack;
    size_t pair_capacity;

    news_node_list headings;      /* all, in document order */
    news_node_list anchors;       /* directives that have an id, as parsed */
    news_node_list note_refs;     /* as parsed, to see which notes they mean */
    news_node_list issue_links;   /* to the files of other issues */
    news_node *notes, *last_note; /* linked, in document order */
    size_t note_count, note_ref_count;
    bool note_begins;        /* the next text begins with the mark of a note */
    size_t conditions;       /* directives of which some editions drop what they hold */
    const news_node *closed; /* what was closed last, and its last child then */
    news_node *closed_last;
    bool cut_waits; /* the next block of the outermost level is where teasers stop */
    news_place cut_place;
    news_place lost_fence; /* the last directive that was never closed; line 0: none */
    news_str lost_name;
    bool fragment; /* it is a masthead or a footer that is built */
    bool whole;    /* what is indexed is all that any edition has */
    bool quiet;    /* warnings are not for this tree, which no edition has */
    size_t link_count, image_count, item_count; /* at least as many as there are */
    size_t html_findings;
    bool in_html_block; /* whose source is kept beside what is made of it */
    bool has_title_heading;
} news_build;

bool news_build_nomem(news_build *build);
/* A cleared node, held to the limit; NULL on failure. */
news_node *news_build_node(news_build *build, news_kind kind, news_place place);
/* Adds a warning. */
bool news_build_warn(news_build *build, const char *code, news_place place, const char *format, ...)
    NEWS_PRINTF(4, 5);
/* A copy in the issue's arena with marks undone. */
bool news_build_copy(news_build *build, news_str text, news_restore how, news_str *copy);

static inline news_place news_place_of(const news_node *node)
{
    return (news_place){node->line, node->column};
}

bool news_build_error(news_build *build, const char *code, news_place place, const char *format,
                      ...) NEWS_PRINTF(4, 5);
bool news_node_list_add(news_build *build, news_node_list *list, news_node *node);

/* ---- Strings that may hold merge fields (merge_text.c) ---- */

typedef enum {
    NEWS_STRING_TEXT,
    NEWS_STRING_ADDRESS,
    NEWS_STRING_UNMARKED_ADDRESS /* in which fields stand as they were written */
} news_string_use;

/* A copy in the issue's arena with marks undone. *fields is set when it holds merge fields, or
 * braces that look like one's, and then it is as NEWS_NODE_FIELDS says. An address has no braces
 * but those of fields. What does not parse is reported at `place`. */
bool news_build_copy_string(news_build *build, news_str text, news_string_use use, news_place place,
                            news_str *copy, bool *fields);
/* Text with its pairs of braces escaped, as strings with merge fields have it. */
bool news_append_escaped_braces(news_buf *to, news_str text);
/* A field as its writer would write it. */
void news_append_field(news_buf *to, const news_node *field);
/* The node that a mark of a merge field stands for; NULL, after a report, when it does not parse.
 */
news_node *news_field_new(news_build *build, news_str source, news_place place);

/* ---- Directives (directive.c) ---- */

/* The mark of a fence when an HTML block is one, else NULL. */
const news_mark *news_fence_of(const news_build *build, news_str html);
/* Opens or closes a directive. */
bool news_fence_build(news_build *build, const news_mark *mark, news_place place);
/* Closes the directives that lie open above frame `until`, which ends in source line `line`. */
bool news_directives_end(news_build *build, size_t until, uint32_t line);
bool news_is_conditional(const news_node *node);
/* Makes what a button with an address holds a link to it (button.c). */
bool news_button_finish(news_build *build, news_node *button);
/* Where teasers stop. */
bool news_cut_misplaced(news_build *build, news_place place, const char *message);
bool news_cut_build(news_build *build, news_place place);

/* ---- Notes (note.c) ---- */

/* Whether a list entry of cmark's is a note, and whether all of a list's are. */
bool news_is_note(const news_build *build, cmark_node *entry);
bool news_is_note_list(const news_build *build, cmark_node *list);
bool news_note_open(news_build *build, cmark_node *entry, news_place place);
bool news_note_close(news_build *build);
bool news_note_ref_new(news_build *build, news_str source, news_place place, news_node **ref);
/* Finds the note of each reference, and reports those that have none. */
bool news_notes_match(news_build *build);
/* Reports those of a masthead or a footer, which has none. */
bool news_notes_refuse(news_build *build);

/* ---- What blocks turn out to be (refine.c) ---- */

/* A paragraph that closes: a task's box, or a figure. */
void news_refine_paragraph(news_build *build, news_node *paragraph);
bool news_refine_figure(news_build *build, news_node *paragraph);
/* A quote that closes: its attribution. */
bool news_refine_quote(news_build *build, news_node *quote);
/* Gives an image the attributes behind it. */
bool news_image_attributes(news_build *build, news_node *image, news_str braced, news_place place);
news_image *news_image_details(news_build *build, news_node *image);

/* ---- Attributes (refine.c) ---- */

/* Adds a scalar to a mapping or sequence, which is made at the first. */
bool news_data_add(news_build *build, news_node **list, news_kind kind, news_str name,
                   news_str value, news_place place);

/* ---- Blocks (build.c) ---- */

/* Opens a node that is in its place already; `last` is its last child, or NULL. */
bool news_build_begin(news_build *build, news_node *node, news_node *last);
/* Builds the nodes of a parsed document as children of the issue's root. */
bool news_build_document(news_build *build, cmark_node *document);
/* Adds a childless node to the open one, after the text that waits. */
bool news_build_append(news_build *build, news_node *node);
/* Adds a node and opens it. */
bool news_build_open(news_build *build, news_node *node);
/* Closes the open node, after the text that waits. One that holds nothing is taken out again if
 * without content it means nothing. */
bool news_build_close(news_build *build);
bool news_build_open_paragraph(news_build *build, news_place place);
/* Adds a break, hard or soft, if there is something to break. */
bool news_build_break(news_build *build, bool hard);
static inline news_frame *news_build_top(news_build *build)
{
    return &build->frames[build->frame_count - 1];
}
/* Builds what is below a node of cmark's into the open node. */
bool news_build_children(news_build *build, cmark_node *top);
bool news_build_thematic_break(news_build *build, news_place place);
/* A paragraph, or an underlined heading, that holds a table (table_build.c). */
bool news_build_table(news_build *build, const news_table *table, cmark_node *node);
bool news_is_block(const news_node *node);

/* ---- Places (places.c) ---- */

/* The place of an inline; *at is where in the overlay's text it begins. */
/* Begins with the places of the inlines of a node, whose text begins at a line. */
void news_places_begin(news_build *build, cmark_node *node, size_t line);
news_place news_build_place(news_build *build, cmark_node *node, size_t *at);
news_place news_block_place(news_build *build, cmark_node *node);
news_place news_link_place(news_build *build, cmark_node *link);
/* How many lines the link definitions take that begin a paragraph, whose text begins at `at`. */
size_t news_definition_lines(const news_build *build, cmark_node *paragraph, size_t at);

/* ---- Inlines (inline.c) ---- */

/* Turns the text that waits into nodes. `after_space`: white space or the end of a block follows.
 */
bool news_inline_flush(news_build *build, bool after_space);
bool news_inline_text(news_build *build, news_str text, news_place place, size_t at);
/* The same for text that stays where it is. */
bool news_inline_view(news_build *build, news_str text, news_place place, size_t at);
/* All that a node holds: text in which nothing means anything else. */
bool news_inline_only(news_build *build, news_node *parent, news_str text);
static inline bool news_inline_waits(const news_build *build)
{
    return build->pending_view.len != 0 || build->pending.len != 0;
}
/* Wraps (pairs.c) what stands between halves of pairs, among the children of the open node. */
bool news_inline_pair(news_build *build);
/* What kind of pair a tag of this name belongs to; -1 when to none. */
int news_inline_pair_kind(news_str tag_name);
/* The text of a node's children without markup, in the arena. When it holds merge fields, the node
 * is flagged. */
bool news_plain_text(news_build *build, news_node *node, news_str *text);

/* Whether an address may be a link; warns when not. */
bool news_link_check(news_build *build, news_str url, news_place place);
news_link_kind news_link_kind_of(news_str url);
/* A link or image node. The addresses are copied already, the other strings are copied here. */
news_node *news_link_new(news_build *build, news_str url, news_str title, news_place place);
news_node *news_image_new(news_build *build, news_str src, news_str alt, news_str title,
                          news_place place);

/* ---- Links to other issues (link_issue.c) ---- */

/* Whether a link leads to the file of another issue. */
bool news_is_issue_file(const news_node *link);
/* Gives it the addresses of that issue; and those that another link to the file was given, which
 * was `written` so. */
bool news_link_resolve(news_build *build, news_node *link);
bool news_link_resolve_as(news_build *build, news_node *link, const news_node *same,
                          news_str written);
/* When a link closes: its plain text, and its address as text when it would show nothing. */
bool news_link_finish(news_build *build, news_node *link);

/* ---- Raw HTML (raw_html.c) ---- */

/* An inline tag or comment. *skip is set when all up to the closing tag must go. */
bool news_html_inline_build(news_build *build, news_str html, news_place place, size_t at,
                            bool *skip);
bool news_html_warn_dropped(news_build *build, const news_node *tag);
/* Makes a link of an <a> that opens a pair; false when it must be dropped, or after a failure. */
bool news_html_pair_link(news_build *build, news_node *tag);
/* A tag within a paragraph. */
bool news_html_tag(news_build *build, const news_html_token *tag, news_place place, size_t at);
/* As news_html_policy_of(). What compares single letters, as "a<b and c>d", is no tag either. */
news_html_policy news_html_policy_of_tag(const news_html_token *tag);
/* The number of pixels that "600" or "600px" says; 0 when it is neither. */
int32_t news_html_side(news_str value);
/* Whether this is "<!-- more -->". */
bool news_html_is_cut(news_str html);
/* Reports merge fields in raw HTML that is kept. */
bool news_html_check_fields(news_build *build, news_str html, news_place place);
/* Report what is dropped. */
bool news_html_drop(news_build *build, const news_html_token *tag, news_place place);
bool news_html_drop_comment(news_build *build, news_str comment, news_place place);
/* An attribute's value with entities decoded, in the arena; empty when it has none. */
bool news_html_value(news_build *build, news_str attributes, const char *name, news_str *value);
/* Appends text, runs of white space being one space. */
bool news_html_collapse(news_buf *to, news_str text);

/* A block of raw HTML, as paragraphs and code blocks (html_block.c). */
bool news_html_block_build(news_build *build, news_str html);

/* ---- One item (item.c) ---- */

/* How a paragraph begins that may be an item's. */
typedef struct {
    news_node *link;
    news_node *outer; /* the paragraph's child that is the link or the emphasis around it */
    news_str icon;
    news_node *marked; /* what the text behind the title follows: the link or emphasis around it */
    news_str marks;    /* what of that text goes with the title: "?" */
    bool shared_emphasis; /* the emphasis holds more than icon, link and punctuation */
    bool copied;          /* … holds an icon or punctuation, so that the title needs a copy */
} news_item_beginning;

/* Whether a node is a paragraph that begins with a link, after an optional emoji and emphasis. */
bool news_begins_with_link(const news_node *paragraph, news_item_beginning *b);
/* Whether a list's entry reads as an item: a link, then the end, a break, or punctuation. */
bool news_reads_as_item(const news_node *entry);
/* Fills what an item has beside its children, the first of which begins as *b says. */
bool news_item_describe(news_build *build, news_node *item, const news_item_beginning *b);

/* ---- Sections, items, indexes (sections.c, items.c, index.c) ---- */

bool news_sections_build(news_build *build);
bool news_items_build(news_build *build);
bool news_index_build(news_build *build);

/* ---- Editions (edition.c) ---- */

/* Ends the parsing: keeps the blocks as they are if editions will be made of them, and cuts what
 * all editions have together into sections. */
bool news_whole_build(news_build *build);

/* ---- From blocks to an issue (finish.c) ---- */

/* Cuts the root's blocks into sections, items and indexes, and adds what stands around them. */
bool news_finish_build(news_build *build);
/* Adds the publication as an edition (NULL: all of them) has it. */
bool news_surround_build(news_build *build, const news_edition *edition);
/* Where the issue is to be found, by its front matter and its publication. */
bool news_addresses_build(news_issue *issue);
/* Copies blocks below `holder` into the open node, without what the edition (NULL: none) drops. */
bool news_copy_blocks(news_build *build, const news_edition *edition, const news_node *holder,
                      bool *stopped);
/* Frees what a build took from its heap. */
void news_build_free(news_build *build);

#endif
