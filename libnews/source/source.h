/* source: Markdown to model.
 *
 * The bytes of one issue come in; a sealed news_issue with its findings goes out. Here live front
 * matter, the guard against inputs that make cmark slow, the overlay that adds to CommonMark what
 * newsletters need, the boundary to cmark, and the building of sections, items, links and ids.
 * No Lua and no format is known here.
 *
 *   bytes -> encoding check, BOM, CRLF           source.c
 *         -> front matter                        front_matter.c  (yaml.c, date.c)
 *         -> guard (nesting, bracket runs)       guard.c
 *         -> overlay: text for cmark + map       overlay.c  (finders.c, address.c, attributes.c)
 *         -> cmark, in an arena of its own       cmark_parse.c
 *         -> tables: second parse if needed      table.c
 *         -> nodes and their places              build.c, places.c, table_build.c
 *         -> inlines, raw HTML                   inline.c, pairs.c, raw_html.c, html_block.c
 * (html.c, html_elements.c)
 *         -> sections, items, ids, indexes       sections.c, items.c, item.c, index.c
 *
 * The bytes of a news.yaml become a sealed news_publication in the same way:
 *
 *   bytes -> encoding check, BOM, CRLF           source.c
 *         -> keys                                publication_keys.c, publication_values.c
 *                                                 (yaml.c, editions.c)
 *         -> masthead and footer                 publication.c, source.c
 *
 * Where files are, and where readers find them, is worked out in resolve.c.
 */
#ifndef NEWS_SOURCE_H
#define NEWS_SOURCE_H

#include "model/model.h"

typedef struct {
    const news_allocator *allocator;        /* of what is made */
    const news_allocator *scratch;          /* of what serves the call alone */
    size_t max_input, max_nodes, max_depth; /* all set */
    news_loader loader;                     /* load NULL: no file is read */
    news_str path;                          /* the issue's, for the loader; empty: its name */
    news_publication *publication;          /* NULL: news.yaml is looked for */
} news_source_options;

/* Parses an issue; see news_parse() in news.h for what fails and what becomes a finding. */
news_status news_source_parse(news_issue **issue, news_str name, news_str bytes,
                              const news_source_options *options, news_error *error);

/* ---- Bytes (source.c) ---- */

/* Refuses bytes that are too many, not UTF-8, or hold a NUL. */
news_status news_check_bytes(news_str name, news_str bytes, const news_source_options *options,
                             news_error *error);
/* CRLF and CR become LF. The text is copied, into buf, only when there is one. False when memory is
 * short. */
bool news_unify_line_ends(news_str *text, news_buf *buf);

/* ---- Editions (edition.c, editions.c) ---- */

/* Makes an edition of a whole issue; see news_issue_edition(). The caller owns one reference. */
news_status news_source_edition(news_issue **edition, news_issue *issue, news_str name,
                                const news_source_options *options, news_error *error);

/* The edition of this name; NULL when there is none. */
const news_edition *news_edition_find(const news_edition *editions, size_t count, news_str name);
/* Whether an edition is named so, or based on one that is. */
bool news_edition_is(const news_issue *issue, const news_edition *edition, news_str name);

/* The functions that follow grow a list of editions that is kept in the issue's arena. They return
 * false when memory is short. */

/* Begins a list with the four built-in editions. */
bool news_editions_defaults(news_issue *issue, news_edition **editions, size_t *count);

/* Adds the editions that a publication defines, each in the place of one of the same name if there
 * is one. They borrow from the publication, and have line 0: their file is not the issue's. */
bool news_editions_inherit(news_issue *issue, const news_publication *publication,
                           news_edition **editions, size_t *count);

/* Adds the editions that the value of "editions" defines, in news.yaml or in front matter. One of a
 * name that is there already takes its place; it keeps the base of the one before it when it gives
 * none, so that "text" stays based on "email". Mistakes are noted as findings. */
bool news_editions_read(news_issue *issue, const news_node *mapping, news_edition **editions,
                        size_t *count);

/* Reports bases that are no editions, and circles, at the editions that have a line; their base is
 * then taken away, so that whoever goes from base to base arrives. */
bool news_editions_check(news_issue *issue, news_edition *editions, size_t count);

/* ---- Publications (publication.c) ---- */

/* Parses news.yaml and the files it names; see news_publication_parse(). */
news_status news_source_publication(news_publication **publication, news_str path, news_str yaml,
                                    const news_source_options *options, news_error *error);
/* Asks the loader for news.yaml in the folder of `path` and those above it. *publication is NULL
 * when there is none. */
news_status news_source_find_publication(news_publication **publication, news_str path,
                                         const news_source_options *options, news_error *error);

/* Parses a masthead or a footer: Markdown without front matter, title and sections, into blocks
 * below `holder`, a node of the publication's. Findings are noted in its data, with `path`. */
news_status news_source_fragment(news_publication *publication, news_node *holder, news_str path,
                                 news_str bytes, uint32_t first_line,
                                 const news_source_options *options, news_error *error);

/* ---- Paths and addresses (resolve.c) ---- */

/* Asks the loader for the file at `path`, which has a NUL behind it. *missing when there is none.
 * Else the file must be given to news_file_release(). There must be a loader. */
news_status news_file_load(const news_source_options *options, news_str path, news_file *file,
                           bool *missing, news_error *error);
/* What is in it; the pointer is never NULL. */
news_str news_file_bytes(const news_file *file);
void news_file_release(const news_source_options *options, news_file *file);

/* The last part of a path, without its extension. */
news_str news_path_stem(news_str path);

/* Appends the path that `relative` has when it is written in a file at `from`: without "." and with
 * ".." taken back where there is a folder to leave. */
bool news_path_join(news_buf *path, news_str from, news_str relative);
/* The same for a path that is written as an address: "last%20week.md" is "last week.md". */
bool news_path_of_address(news_buf *path, news_str from, news_str address);

/* The address of an issue below `base`, by the publication's issue_path ("{slug}", "{number}",
 * "{date}", "{year}", "{month}", "{day}"), copied into the arena of `to`. *address is empty when
 * base is, or when the pattern names what the issue lacks. False when memory is short. */
bool news_issue_address(news_issue *to, const news_publication *publication, news_str base,
                        const news_issue *issue, news_str *address);

/* The url that an issue gives itself, in the arena of `to`, or empty. One that begins with a slash
 * is put behind the publication's site, for mail is read in no site. */
bool news_issue_own_address(news_issue *to, const news_issue *other, news_str *address);
/* Puts an anchor, "#" and all, behind an address, unless there is none or it has one itself. */
bool news_address_append_anchor(news_issue *to, news_str anchor, news_str *address);

/* Finds out where the readers of another issue are: `relative` is the link's address, its path from
 * this issue's file, maybe with an "#anchor", which stays at the end of both addresses. *web is the
 * other issue's own url or else made from the publication's, *gemini made from the publication's
 * gemini; both are in the arena of `issue`, and empty when they cannot be made. *missing when there
 * is no such file. Only front matter is read, so that issues may link to each other and to
 * themselves. Without a loader nothing is known: neither missing nor addresses. Fails when the
 * other file has a bad encoding or reaches a limit, or the loader fails. */
news_status news_resolve_issue(news_issue *issue, news_str relative, news_str *web,
                               news_str *gemini, bool *missing, const news_source_options *options,
                               news_error *error);

/* ---- Front matter (front_matter.c) ---- */

/* Reads the front matter at the start of `text` (LF line ends, no BOM, valid UTF-8) into the
 * issue's fields and issue->meta, stores findings, and returns the offset where the body begins
 * (0 when there is none). *lines is how many lines the body's first line is below the file's
 * first. Fails only for memory or a limit. */
news_status news_front_matter(news_issue *issue, news_str text, size_t *body, uint32_t *lines,
                              news_error *error);

/* The value of a key that is none of an issue's fields, whatever its capitals; NULL when it is not
 * given. */
const news_node *news_front_matter_extra(const news_issue *issue, news_str key);

/* Parses "2024-05-17", "2024-05-17 22:00", "2024-05-17T22:00:00+02:00", "… -0000", "…Z".
 * False when it is not such a date or not a day of the calendar. */
bool news_date_parse(news_str s, news_date *date);

/* ---- Guard (guard.c) ---- */

/* Refuses, with NEWS_ERR_LIMIT and the place, text on which cmark 0.30 takes more than linear
 * time or nests past max_depth. `first_line` is the number of text's first line in the file. */
news_status news_guard(news_str text, uint32_t first_line, size_t max_depth, news_str name,
                       news_error *error);

/* ---- Raw HTML (html.c, html_elements.c) ---- */

typedef enum {
    NEWS_HTML_TEXT,    /* literal: text between tags, entities not yet decoded */
    NEWS_HTML_OPEN,    /* name, self_closing, attributes */
    NEWS_HTML_CLOSE,   /* name */
    NEWS_HTML_COMMENT, /* also declarations, processing instructions and CDATA */
    NEWS_HTML_END
} news_html_token_type;

typedef struct {
    news_html_token_type type;
    news_str literal;    /* the whole token as written */
    news_str name;       /* tag name as written; compare without case */
    news_str attributes; /* what stands between the name and the end of the tag */
    bool self_closing;
} news_html_token;

/* Reads the token of `html` at *at and moves *at past it. Linear over a whole text. */
void news_html_next(news_str html, size_t *at, news_html_token *token);
/* The value of an attribute as written (quotes removed, entities not decoded). */
bool news_html_attribute(news_str attributes, const char *name, news_str *value);

typedef enum {
    NEWS_HTML_DROP_TAG,     /* the tag goes, its text stays */
    NEWS_HTML_DROP_CONTENT, /* script, style, …: everything up to the closing tag goes */
    NEWS_HTML_KEEP,         /* small, sub, sup, kbd, abbr, mark: an html_inline node */
    NEWS_HTML_BR,           /* br: a linebreak node */
    NEWS_HTML_A,            /* a: a link node */
    NEWS_HTML_IMG,          /* img: an image node */
    NEWS_HTML_STRIKE,       /* del, s, strike: a strike node */
    NEWS_HTML_PRE,          /* pre: a code block; within a paragraph it is as p */
    NEWS_HTML_MEDIA,        /* iframe, video, …: a link to what it shows */
    NEWS_HTML_BLOCK,        /* p, div, li, h1, …: the tag goes, a paragraph ends there */
    NEWS_HTML_NO_ELEMENT    /* T, file, …: no tag of HTML's, text as it stands */
} news_html_policy;

news_html_policy news_html_policy_of(news_str tag_name);

#endif
