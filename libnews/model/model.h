/* model: what an issue is.
 *
 * The source room builds nodes in an issue's arena and seals the issue; from then on everybody
 * only reads. No Markdown and no format is known here. One table of fields (fields.c) serves the
 * C API, the Lua proxies, one-line templates and `news inspect` alike.
 */
#ifndef NEWS_MODEL_H
#define NEWS_MODEL_H

#include <stdatomic.h>

#include "base/base.h"

/* ---- Nodes ---- */

enum {
    NEWS_NODE_ORDERED = 1,    /* list */
    NEWS_NODE_TIGHT = 2,      /* list; paragraph that is a child of a tight list's item */
    NEWS_NODE_CHECKED = 4,    /* list_item of a task list, done */
    NEWS_NODE_TASK = 8,       /* list_item of a task list */
    NEWS_NODE_HEADER = 16,    /* table_row, table_cell */
    NEWS_NODE_CONTINUES = 32, /* item */
    NEWS_NODE_DEFAULT = 16,   /* field: it has a default, which may be empty */
    /* issue, section, heading, link, image: its strings hold merge fields, as the writer of
     * the issue would write them, "{{ name or "default" }}"; "\{{" is no field but two braces */
    NEWS_NODE_FIELDS = 16,
    /* paragraph: the fence of a directive stands right before it, right behind it */
    NEWS_NODE_BEHIND_FENCE = 1,
    NEWS_NODE_BEFORE_FENCE = 4,
    NEWS_NODE_CUT = 8 /* any block of the outermost level: a teaser stops before it */
};

typedef enum {
    NEWS_LINK_EXTERNAL,
    NEWS_LINK_MAIL,
    NEWS_LINK_ISSUE,  /* relative, to another file */
    NEWS_LINK_SECTION /* "#id" */
} news_link_kind;

typedef enum { NEWS_ALIGN_NONE, NEWS_ALIGN_LEFT, NEWS_ALIGN_CENTER, NEWS_ALIGN_RIGHT } news_align;

/* One fixed-size node for every kind. Which members mean something, by kind:
 *
 *   kind             number            a           b           extra
 *   publication                                                news_publication_view *
 *   issue                                                      news_issue *
 *   section          level (2…)        id          title text  news_section *
 *   item                                                       news_item *
 *   heading          level (2…)        id          plain text
 *   block_quote                                                news_node *: the attribution, or
 * NULL list             start code_block                         literal     info table columns
 * news_align[columns] table_cell       news_align html_block                         literal figure
 * news_figure * directive                          name                    news_directive * toc
 * label                   news_nodes *: the sections note             number            id
 * news_nodes *: its references text, code                         literal html_inline literal
 *   note_ref                           id                      news_note_ref *
 *   field                              name        default
 *   link             news_link_kind    url         plain text  news_link *, or NULL
 *   image                              src         alt         news_image *, or NULL
 *   mapping, sequence                  key                     news_node *: the last entry, or NULL
 *   scalar                             key         value
 *
 * A heading's level is normalised like its section's; one inside a quote or a list keeps the
 * level it was written with. Rows hold cells; the header row, always first, is flagged. */
struct news_node {
    uint8_t kind; /* news_kind */
    uint8_t flags;
    int32_t number;
    uint32_t line, column; /* in the source; 0 unknown */
    news_node *parent, *next, *first_child;
    news_str a, b;
    void *extra;
};

typedef struct {
    news_node *heading;             /* kind heading; its children are the title */
    const news_node *first_section; /* first nested section among the children, or NULL */
    news_nodes items, links;        /* of the whole section, nested ones included */
    news_node *attrs;               /* mapping or NULL */
    news_node *classes;             /* sequence or NULL */
    news_nodes summary;             /* inlines of its line in the contents list */
    int32_t written;                /* level of the heading in the source: 2 for "##" */
} news_section;

/* An item's children are its blocks as written, title and all. */
typedef struct {
    news_node *link;    /* the title's link */
    news_nodes heading; /* inlines: the title as written, emphasis included, without the icon */
    news_nodes body;    /* blocks without the title; may share nodes with the children */
    news_str title;     /* plain text */
    news_str icon;      /* leading emoji, or empty */
    news_str source;    /* "Heatmap", or empty */
} news_item;

typedef struct {
    news_str title;
    news_str gemini; /* of a link to an issue: its address in Gemini, or empty */
} news_link;

typedef struct {
    news_str title, credit;
    int32_t width, height; /* 0 unknown */
    news_node *attrs;      /* mapping or NULL: the other attributes */
    news_node *classes;    /* sequence or NULL */
} news_image;

/* A figure's child is its image, or a link that holds the image. */
typedef struct {
    news_node *image;
    news_node *link; /* or NULL */
} news_figure;

typedef struct {
    news_node *args;    /* sequence or NULL */
    news_node *attrs;   /* mapping or NULL */
    news_node *classes; /* sequence or NULL */
} news_directive;

typedef struct {
    news_node *note;
    int32_t index; /* which of the note's references it is, from 1 */
} news_note_ref;

/* ---- Publication ---- */

/* One edition that can be asked for. */
typedef struct {
    news_str name, base; /* base: empty for none */
    news_str *tags;
    size_t tag_count;
    bool until_more;       /* stops at the cut */
    uint32_t line, column; /* where it is defined; 0: built in */
} news_edition;

/* What news.yaml says. All its memory is that of `data`: nodes, strings, findings and the count of
 * references; data->name is the path of news.yaml. */
struct news_publication {
    news_issue *data;
    news_str name, publisher, url, gemini, issue_path, lang, dir, contents, continue_reading;
    bool has_toc, toc;  /* whether issues have a contents list, when it says */
    bool allow_html;    /* raw HTML stays in HTML */
    news_node *authors; /* sequence or NULL */
    news_node *theme, *email, *recipient, *formats,
        *meta;                    /* mappings, or NULL; meta is never NULL */
    news_node *silenced;          /* sequence of codes, or NULL */
    news_node *masthead, *footer; /* nodes that hold the blocks of every edition, or NULL */
    news_str masthead_path, footer_path;
    news_edition *editions; /* those it adds */
    size_t edition_count;
};

/* The publication as one edition's readers see it. */
typedef struct {
    const news_publication *publication;
    news_nodes masthead, footer;
} news_publication_view;

/* ---- Issue ---- */

struct news_issue {
    atomic_size_t references;
    news_heap heap; /* host's allocator; must be thread-safe if issues are shared */
    news_arena arena;
    news_str name;   /* as given to news_parse() */
    news_str path;   /* the loader's for it */
    news_str source; /* the file that findings are in: the name, or that of a masthead */
    news_node *root;
    news_issue *parent;            /* an edition's: a counted reference; else NULL */
    news_publication *publication; /* a counted reference, or NULL */
    news_node *publication_node;   /* or NULL */

    /* All editions there are; an edition's own name is in `edition`, empty for the whole. */
    news_edition *editions;
    size_t edition_count;
    news_str edition;
    /* The blocks of all editions as parsed, before they are cut into sections, and the notes; NULL
     * when every edition has the nodes of the issue itself. */
    news_node *raw, *raw_notes;
    bool has_cut;
    bool allow_html; /* raw HTML is kept for HTML */
    bool has_fields; /* merge fields are somewhere in it, or in its publication */

    news_str title, subject, preheader, number, slug, url, lang, dir, summary, image;
    /* Where those that may hold merge fields are written; NULL: not in front matter. */
    const news_node *title_at, *subject_at, *preheader_at, *summary_at;
    news_str gemini;      /* its address in Gemini */
    news_str more;        /* where a teaser's readers go on */
    news_str unsubscribe; /* of an edition that goes out as mail; holds merge fields */
    bool wants_toc;       /* a contents list belongs to it, if there is enough to list */
    news_node *toc;       /* the contents list, or NULL; not among the root's children */
    news_date date, updated;
    bool has_date, has_updated;
    news_node *authors, *tags;      /* sequences, or NULL */
    news_node *meta;                /* mapping: every key of the front matter that is not a field */
    const news_node *first_section; /* among the root's children, or NULL */
    news_nodes items, links, images; /* whole issue, in document order */
    news_nodes notes;                /* in order of number */
    news_nodes credits;              /* the images that have a credit */
    size_t words;
    size_t node_count;

    news_finding *findings;
    size_t finding_count, finding_capacity;
};

/* The line of help that goes with a code; NULL when the message says it all. */
const char *news_code_help(const char *code);
/* Code `index`, in no order that means anything; NULL past the last. */
const char *news_code_at(size_t index);

/* A new issue with one reference, an empty root and the given name, copied. NULL on failure. */
news_issue *news_issue_new(const news_allocator *allocator, news_str name);

/* The node behind another in document order, below `top`; NULL at the end. */
static inline const news_node *news_node_next_below(const news_node *top, const news_node *node)
{
    if (node->first_child != NULL)
        return node->first_child;
    while (node != top && node->next == NULL)
        node = node->parent;
    return node != top ? node->next : NULL;
}

/* A cleared node in the issue's arena, counted; NULL on failure. */
news_node *news_node_new(news_issue *issue, news_kind kind, uint32_t line, uint32_t column);

/* Stores a finding; the message is formatted into the arena. False when memory is short.
 * `code` must be a literal. */
bool news_issue_find(news_issue *issue, news_severity severity, const char *code, uint32_t line,
                     uint32_t column, const char *format, ...) NEWS_PRINTF(6, 7);

/* Adds the findings of another issue, whose memory must outlive this one. False when memory is
 * short. */
bool news_issue_take_findings(news_issue *issue, const news_issue *from);

/* Orders findings by file and place; those of the issue itself come first. */
void news_issue_sort_findings(news_issue *issue);

/* ---- Merge fields ---- */

/* What is written as {{ name }} or {{ name or "default" }}: names of letters, digits, '_' and '-',
 * with dots between them; a default in straight double or single quotes, on the same line. */
typedef struct {
    news_str name, otherwise; /* views into the text */
    bool has_default;
} news_merge_field;

/* Reads the field that begins at `at`, with "{{". Returns the offset behind its "}}", or `at` when
 * none is there. */
size_t news_merge_field_parse(news_str text, size_t at, news_merge_field *field);

/* Takes the next piece off a string that may hold merge fields: literal text (perhaps none), and
 * the field behind it, whose name is empty when there is none. "\{{" is literal text, "{{"; so is
 * what is no field. False when nothing is left. */
bool news_merge_next(news_str *text, news_str *literal, news_merge_field *field);

/* ---- Fields ---- */

/* Every field name of every kind. */
typedef enum {
#define NEWS_FIELD(id, name) NEWS_FIELD_##id,
#include "model/fields.def"
#undef NEWS_FIELD
    NEWS_FIELD_COUNT
} news_field;

news_str news_field_name(news_field field);
/* NEWS_FIELD_COUNT when no kind has a field of that name. */
news_field news_field_from_name(news_str name);
/* Whether nodes of this kind have the field at all. */
bool news_kind_has_field(news_kind kind, news_field field);
/* Field `index` of a kind in the fixed order; NEWS_FIELD_COUNT past the last. */
news_field news_kind_field_at(news_kind kind, size_t index);
/* The field of this kind whose name is nearest to a mistyped one; NEWS_FIELD_COUNT when none. */
news_field news_kind_nearest_field(news_kind kind, news_str name);
/* Reads a field; a value of type NONE when absent, or when the kind has no such field. */
news_value news_node_field(const news_node *node, news_field field);

news_kind news_kind_from_name(news_str name); /* NEWS_KIND_NONE when unknown */

/* A mapping's entry, or NULL. */
const news_node *news_mapping_get(const news_node *mapping, news_str key);
/* What a link to a section, a heading or a directive has behind its "#"; none for other nodes. */
news_str news_node_id(const news_node *node);

/* The first or the last code point of what a node shows: 0 when it shows nothing, a space for a
 * break, U+FFFC for an image. */
uint32_t news_node_edge(const news_node *node, bool last);

/* Whether it is a section's heading: the others stand in quotes, lists and the like. */
bool news_is_section_heading(const news_node *node);

/* Whether a link is all that its paragraph, table cell or list item holds, emphasis aside. Adds to
 * *looked_at how many nodes that took. */
bool news_link_alone(const news_node *link, size_t *looked_at);

#endif
