/* libnews: one written newsletter issue in, everything its readers receive out.
 *
 * The road is straight. news_parse() turns Markdown into an immutable news_issue; an edition of it
 * (news_issue_edition()) holds what the readers of one channel get; news_render() runs a format, a
 * Lua script, over an edition and hands the finished bytes to your sink.
 *
 * Threads. A news_ctx may be used by one thread at a time, and for one call at a time: a callback
 * must not use the context that called it (NEWS_ERR_ARG), nor leave by longjmp or an exception.
 * Contexts share nothing. A news_issue, an edition and a news_publication never change once they
 * were returned: any number of threads may read, render and check them, each through its own
 * context. The functions that take and give back references are atomic. A loader that several of
 * them share is called by all of them at once.
 *
 * Lifetime. Whoever receives an object from an out-parameter owns it. Getters borrow: a news_str, a
 * news_node or a news_nodes lives as long as the issue it came from. Free functions return nothing
 * and accept NULL. An issue may outlive the context that parsed it.
 *
 * Errors. Every call that can fail returns a news_status; where it takes a news_error, which may be
 * NULL, it fills it on failure and clears it on success. Start every structure with its _INIT
 * macro: a news_error whose size is 0 is left alone. The library never prints, exits, aborts,
 * installs a handler, or reads the clock, the locale, the environment or a file. (Lua seeds the
 * hashes of its strings with the time; nothing that comes out depends on it.) Getters take NULL and
 * give nothing.
 *
 * Units. Lengths are in bytes. Lines and columns are 1-based, 0 where unknown; a column in a
 * source file counts characters (code points), not bytes. A width is in terminal columns.
 *
 * Memory. Every allocation of the library goes through the allocator given in news_options, save
 * those that libyaml makes while it reads front matter, which has no such hook.
 *
 * Compatibility. Structures that begin with `size` are set up with their _INIT macro. The library
 * accepts a smaller structure from a program built against an older header, and a larger one as
 * long as what it does not know is zero (else NEWS_ERR_ABI).
 */
#ifndef NEWS_NEWS_H
#define NEWS_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "news/version.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NEWS_API __attribute__((visibility("default")))
#define NEWS_NODISCARD __attribute__((warn_unused_result))
#else
#define NEWS_API
#define NEWS_NODISCARD
#endif

/* ---- Basic types ------------------------------------------------------------------------- */

typedef struct news_ctx news_ctx;
typedef struct news_issue news_issue;
typedef struct news_publication news_publication;
typedef struct news_node news_node;

/* A view of UTF-8 text. Borrowed; not terminated by NUL save where it is said; ptr may be NULL when
 * len is 0. */
typedef struct {
    const char *ptr;
    size_t len;
} news_str;

typedef enum {
    NEWS_OK = 0,
    NEWS_ERR_NOMEM = -1,     /* the allocator said no */
    NEWS_ERR_ARG = -2,       /* a call was made wrongly */
    NEWS_ERR_SYNTAX = -3,    /* the issue has an error its writer must mend */
    NEWS_ERR_ENCODING = -4,  /* the input is not UTF-8, or holds a NUL */
    NEWS_ERR_LIMIT = -5,     /* a limit of news_options was reached */
    NEWS_ERR_SCRIPT = -6,    /* a format or a layout failed */
    NEWS_ERR_NOT_FOUND = -7, /* no format, edition or file of that name */
    NEWS_ERR_SINK = -8,      /* the caller's sink refused the output */
    NEWS_ERR_CANCELLED = -9, /* the caller ended the call: a callback, or news_cancel() */
    NEWS_ERR_ABI = -10,      /* a structure is of a newer kind than this library */
    NEWS_ERR_INTERNAL = -11  /* a bug in libnews */
} news_status;

/* What went wrong and where. Caller's storage; filling it never allocates. Texts end with NUL and
 * are cut between characters; `source` keeps the tail of a long name. */
typedef struct {
    size_t size;
    news_status status;
    uint32_t line, column; /* in source */
    char source[128];      /* the issue's name, the script's or the layout's */
    char message[256];
    /* When a format failed, the node it was rendering. Empty and 0 otherwise. */
    uint32_t node_line, node_column;
    char node_source[128];
} news_error;

/* The whole size is given, so that a program built today works with a later library. */
#define NEWS_ERROR_INIT                                                                            \
    {                                                                                              \
        sizeof(news_error), NEWS_OK, 0, 0, {0}, {0}, 0, 0,                                         \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* A short English name of a status, such as "out of memory". Static storage. */
NEWS_API const char *news_status_name(news_status status);

/* The version of the library in use, as "1.2.3". Static storage. */
NEWS_API const char *news_version(void);

/* ---- Context ------------------------------------------------------------------------------ */

/* The host's allocator, in the manner of Lua's. A context and every issue it parsed keep a copy, so
 * `ud` must live until the last of them is gone. reallocate(ud, NULL, 0, n) allocates n bytes;
 * reallocate(ud, p, old, n) resizes; reallocate(ud, p, old, 0) frees and returns NULL. It returns
 * NULL when it cannot, leaving p alone; shrinking must not fail. Memory is aligned for any type.
 * If issues are shared between threads it must be safe to call from each of them. */
typedef struct {
    void *(*reallocate)(void *ud, void *ptr, size_t old_size, size_t new_size);
    void *ud;
} news_allocator;

/* Called with what a script prints with print(). `text` is not terminated by NUL. */
typedef void (*news_log_fn)(void *ud, const char *text, size_t len);

typedef struct {
    size_t size;
    const news_allocator *allocator; /* copied; NULL: malloc and free */
    /* Limits; 0 takes the default. */
    size_t max_input;  /* bytes of an issue: 8 MiB; at most 512 MiB. Parsing may take 200 times
                          as much memory for a moment, on input made to be large */
    size_t max_nodes;  /* nodes of an issue: 1 M */
    size_t max_depth;  /* nesting of blocks and inlines: 64, which is also the most */
    size_t max_output; /* bytes of one render, or of one message: 64 MiB */
    size_t max_script_memory;  /* bytes the scripts of a context may hold: 64 MiB */
    uint64_t max_script_steps; /* of one render or load: 50 M. A step is a Lua instruction, or work
                                  of the library that takes about as long. UINT64_MAX: not counted,
                                  for scripts of the host's own */
    news_log_fn log;           /* NULL: print() is silent */
    void *log_data;
    size_t max_kept; /* bytes of memory that a context keeps, when its work is done, for the next
                        of the kind, beside small blocks: 8 MiB. NEWS_KEEP_NOTHING: every block
                        goes back to the allocator at once */
} news_options;

#define NEWS_KEEP_NOTHING SIZE_MAX

#define NEWS_OPTIONS_INIT                                                                          \
    {                                                                                              \
        sizeof(news_options), NULL, 0, 0, 0, 0, 0, 0, NULL, NULL, 0                                \
    }

/* Makes a context. `options` may be NULL. On success the caller owns *ctx. */
NEWS_API NEWS_NODISCARD news_status news_ctx_new(news_ctx **ctx, const news_options *options,
                                                 news_error *error);
NEWS_API void news_ctx_free(news_ctx *ctx);

/* Ends the call that is under way in this context, if it runs scripts (news_render(),
 * news_render_buffer(), news_check(), news_format_load()): it returns NEWS_ERR_CANCELLED soon, and
 * the context stays usable. May be called from any thread and from a signal handler, as long as the
 * context lives; NULL does nothing. It is for the call under way alone: each call forgets, as it
 * begins, what came before. A host that cannot know whether the call has begun cancels again until
 * it has returned. */
NEWS_API void news_cancel(news_ctx *ctx);

/* ---- Parsing ------------------------------------------------------------------------------ */

/* A file that a loader gave. */
typedef struct {
    const char *bytes; /* need not end with NUL; left alone until `release` */
    size_t len;
    void *handle; /* the loader's own */
} news_file;

/* Where the library gets the files that an issue names: its publication's news.yaml, the masthead
 * and the footer, other issues it links to. Without a loader it reads none.
 *
 * `load` is asked for a path made from the issue's own: its folder, "/", and what was written, with
 * "." and ".." resolved; it begins with ".." where that leads out of a relative path, and with "/"
 * where a masthead or a footer was written so. It returns NEWS_OK, NEWS_ERR_NOT_FOUND when there is
 * no such file, or another status, which ends the call. Whether a path may be read is for the
 * loader to decide. What an image's address has as %XX comes as the byte it stands for, so that
 * such a path need not be UTF-8. `release` (may be NULL) is called once for every file that was
 * loaded, before the call that loaded it returns. */
typedef struct {
    size_t size;
    news_status (*load)(void *ud, const char *path, news_file *file);
    void (*release)(void *ud, news_file *file);
    void *ud;
} news_loader;

#define NEWS_LOADER_INIT                                                                           \
    {                                                                                              \
        sizeof(news_loader), NULL, NULL, NULL                                                      \
    }

/* A publication: what news.yaml says, with the masthead and the footer it names. `path` is what
 * errors call it and what those are found beside. `loader` may be NULL. Mistakes become findings of
 * every issue parsed with it. On success the caller owns one reference. */
NEWS_API NEWS_NODISCARD news_status news_publication_parse(news_ctx *ctx,
                                                           news_publication **publication,
                                                           const char *path, const char *yaml,
                                                           size_t len, const news_loader *loader,
                                                           news_error *error);
/* Counted references; atomic. Ref returns its argument. */
NEWS_API news_publication *news_publication_ref(news_publication *publication);
NEWS_API void news_publication_unref(news_publication *publication);

typedef struct {
    size_t size;
    const char *path;          /* the issue's, for the loader; NULL: its name */
    const news_loader *loader; /* copied; NULL: no file is read */
    /* The publication the issue is of. NULL: the loader is asked for news.yaml in the issue's
     * folder and then in each one above it; without a loader there is none. */
    news_publication *publication;
} news_parse_options;

#define NEWS_PARSE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(news_parse_options), NULL, NULL, NULL                                               \
    }

/* Parses one issue of `len` bytes. `name` is what errors call it, usually its path; its last part
 * without extension is the issue's default slug. `markdown` is not kept. `options` may be NULL.
 *
 * Parsing recovers: a mistake in the issue becomes a finding of it (see below), and only bad
 * encoding, a limit, a loader's failure or memory prevents an issue. On success the caller owns one
 * reference.
 *
 * The issue holds all that any edition has: news_issue_edition() makes those. */
NEWS_API NEWS_NODISCARD news_status news_parse(news_ctx *ctx, news_issue **issue, const char *name,
                                               const char *markdown, size_t len,
                                               const news_parse_options *options,
                                               news_error *error);

/* Counted references; atomic. Ref returns its argument. */
NEWS_API news_issue *news_issue_ref(news_issue *issue);
NEWS_API void news_issue_unref(news_issue *issue);

/* The name given to news_parse(), borrowed, with a NUL behind it. */
NEWS_API news_str news_issue_name(const news_issue *issue);

/* ---- Editions ----------------------------------------------------------------------------- */

/* What the readers of one channel get. There are always "web", "email", "text" (based on "email")
 * and "gemini"; a publication and an issue add others. An edition is an issue of its own, without
 * the blocks that it drops, with its own sections, items, links, notes and findings. It holds a
 * reference to the issue it was made from, and shares its nodes where it changes none.
 *
 * Unknown names are NEWS_ERR_NOT_FOUND. On success the caller owns one reference. An edition of an
 * edition is made from the issue that both come from. */
NEWS_API NEWS_NODISCARD news_status news_issue_edition(news_ctx *ctx, news_issue **edition,
                                                       const news_issue *issue, const char *name,
                                                       news_error *error);

/* The names of the editions there are, in a fixed order; NULL past the last. Borrowed. */
NEWS_API const char *news_issue_edition_name(const news_issue *issue, size_t index);

/* ---- Findings ----------------------------------------------------------------------------- */

typedef enum { NEWS_WARNING = 1, NEWS_ERROR = 2 } news_severity;

/* What is wrong with an issue. */
typedef struct {
    size_t size;
    news_severity severity;
    const char *code; /* stable, such as "front-matter-syntax"; docs/checks.md explains each */
    news_str message; /* one sentence; with a NUL behind it */
    uint32_t line, column;
    news_str source;  /* the file: the issue's name, or a path of the publication's; with a NUL */
    const char *help; /* one line on how to mend it, or NULL */
} news_finding;

#define NEWS_FINDING_INIT                                                                          \
    {                                                                                              \
        sizeof(news_finding), NEWS_WARNING, NULL, {NULL, 0}, 0, 0, {NULL, 0}, NULL                 \
    }

/* What parsing found, in the order of the source; the issue's own file comes first. */
NEWS_API size_t news_issue_finding_count(const news_issue *issue);
/* Fills *finding (whose size is set) with finding `index`, borrowed from the issue. */
NEWS_API NEWS_NODISCARD news_status news_issue_finding(const news_issue *issue, size_t index,
                                                       news_finding *finding);

/* Is told of one finding; it is borrowed until the function returns. Returns 0 to go on; anything
 * else ends the check. */
typedef int (*news_diagnostic_fn)(void *ud, const news_finding *finding);

typedef struct {
    size_t size;
    /* Where pictures come from that travel with a message, as in news_render_options; NULL: their
     * files are not looked at. */
    const news_loader *loader;
} news_check_options;

#define NEWS_CHECK_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(news_check_options), NULL                                                           \
    }

/* Checks an issue as a careful editor would: what parsing found, and what is well formed and all
 * the same a mistake in what readers would get, in every edition. Calls `found` for each, in the
 * order of the source. Findings that the publication silences are left out.
 *
 * An edition that goes out as mail, "email" and those based on it, is rendered for this, unless it
 * has error findings: in the formats "email" and "text" of the context, with its layouts, and the
 * two are compared. A merge field without a value has its name for one. A script that fails is a
 * finding.
 *
 * `options` may be NULL. Returns NEWS_OK when the check was made, whatever it found, and
 * NEWS_ERR_CANCELLED when `found` or news_cancel() ended it. */
NEWS_API NEWS_NODISCARD news_status news_check(news_ctx *ctx, const news_issue *issue,
                                               const news_check_options *options,
                                               news_diagnostic_fn found, void *ud,
                                               news_error *error);

/* ---- The model ---------------------------------------------------------------------------- */

/* Kinds take CommonMark's names where it has one, YAML's for front matter. */
typedef enum {
    NEWS_KIND_NONE = 0,
    NEWS_KIND_PUBLICATION,
    NEWS_KIND_ISSUE,
    NEWS_KIND_SECTION,
    NEWS_KIND_ITEM,
    /* blocks */
    NEWS_KIND_PARAGRAPH,
    NEWS_KIND_HEADING,
    NEWS_KIND_BLOCK_QUOTE,
    NEWS_KIND_LIST,
    NEWS_KIND_LIST_ITEM,
    NEWS_KIND_CODE_BLOCK,
    NEWS_KIND_THEMATIC_BREAK,
    NEWS_KIND_TABLE,
    NEWS_KIND_TABLE_ROW,
    NEWS_KIND_TABLE_CELL,
    NEWS_KIND_HTML_BLOCK,
    NEWS_KIND_FIGURE,
    NEWS_KIND_ATTRIBUTION, /* who is quoted: the last block of a block quote */
    NEWS_KIND_DIRECTIVE,
    NEWS_KIND_TOC,
    NEWS_KIND_NOTE,
    /* inlines */
    NEWS_KIND_TEXT,
    NEWS_KIND_EMPH,
    NEWS_KIND_STRONG,
    NEWS_KIND_STRIKE,
    NEWS_KIND_CODE,
    NEWS_KIND_LINK,
    NEWS_KIND_IMAGE,
    NEWS_KIND_SOFTBREAK,
    NEWS_KIND_LINEBREAK,
    NEWS_KIND_HTML_INLINE,
    NEWS_KIND_NOTE_REF,
    NEWS_KIND_FIELD,
    /* front matter */
    NEWS_KIND_MAPPING,
    NEWS_KIND_SEQUENCE,
    NEWS_KIND_SCALAR,
    NEWS_KIND_COUNT
} news_kind;

/* The root: a node of kind issue, whose children are the intro's blocks and then the sections. */
NEWS_API const news_node *news_issue_root(const news_issue *issue);

NEWS_API news_kind news_node_kind(const news_node *node);
NEWS_API const char *news_kind_name(news_kind kind); /* "block_quote"; NULL for a bad kind */
NEWS_API uint32_t news_node_line(const news_node *node);
NEWS_API uint32_t news_node_column(const news_node *node);
NEWS_API const news_node *news_node_parent(const news_node *node);
NEWS_API const news_node *news_node_first_child(const news_node *node);
NEWS_API const news_node *news_node_next(const news_node *node);

/* An ordered run of nodes; walk it with news_nodes_next(). Treat the members as private. */
typedef struct {
    const news_node *first, *end;  /* siblings from first up to, not including, end */
    const news_node *const *array; /* or, when not NULL, `count` pointers */
    size_t count;
} news_nodes;

/* Takes the first node off the run; NULL when it is empty. */
NEWS_API const news_node *news_nodes_next(news_nodes *nodes);
NEWS_API size_t news_nodes_count(const news_nodes *nodes);

typedef struct {
    int32_t year, month, day;
    int32_t hour, min, sec; /* 0 unless has_time */
    int32_t offset;         /* minutes east of UTC */
    bool has_time;
} news_date;

typedef enum {
    NEWS_VALUE_NONE = 0, /* the field exists for this kind but is absent here */
    NEWS_VALUE_BOOLEAN,
    NEWS_VALUE_INTEGER,
    NEWS_VALUE_STRING,
    NEWS_VALUE_DATE,
    NEWS_VALUE_NODE,
    NEWS_VALUE_NODES,
    NEWS_VALUE_NUMBER /* with a fraction; no field has one, functions of the host's may */
} news_value_type;

typedef struct {
    news_value_type type;
    union {
        bool boolean;
        int64_t integer;
        news_str string;
        news_date date;
        const news_node *node;
        news_nodes nodes;
        double number;
        uint64_t reserved[8]; /* so that later values fit */
    } as;
} news_value;

/* Reads a field by the name docs/lua.md gives it, such as "url" of a link. Returns false, and a
 * value of type NONE, when nodes of this kind have no such field. */
NEWS_API bool news_node_get(const news_node *node, const char *field, news_value *value);

/* The name of field `index` of nodes of `kind`, in a fixed order; NULL past the last. */
NEWS_API const char *news_kind_field(news_kind kind, size_t index);

/* ---- Formats and rendering ---------------------------------------------------------------- */

/* Adds a format written in Lua: the chunk returns what news.format{} made, and the format takes
 * its name from there, replacing one of the same name. `name` is what errors call the script.
 * Only text is accepted, never precompiled chunks. The source is copied. */
NEWS_API NEWS_NODISCARD news_status news_format_load(news_ctx *ctx, const char *name,
                                                     const char *lua, size_t len,
                                                     news_error *error);

/* Adds a module for `require` in scripts, under the name `module` (letters, digits, '.', '-' and
 * '_'; "news" and what begins with "news." are the library's own), replacing one of that name.
 * `name` is what errors call it. It is compiled now, and run anew, in an environment of its own,
 * for each script that requires it. The source is copied. */
NEWS_API NEWS_NODISCARD news_status news_module_load(news_ctx *ctx, const char *module,
                                                     const char *name, const char *lua, size_t len,
                                                     news_error *error);

/* A function of the host's that scripts call. The arguments are what the script gave: strings,
 * numbers, booleans, dates, nodes and lists of nodes of the issue that is being rendered, NONE for
 * nil; all borrowed until it returns. It may set *result, NONE before, to anything but nodes; a
 * string in it is copied as soon as the function has returned.
 *
 * Another status than NEWS_OK is an error in the script's line, with error->message, which the
 * function may fill; NEWS_ERR_NOMEM, NEWS_ERR_LIMIT and NEWS_ERR_CANCELLED end the call for good.
 * It runs in the thread of that call, in the C locale, and must not use the context. Its time is
 * not counted. */
typedef news_status (*news_native_fn)(void *ud, const news_value *arguments, size_t count,
                                      news_value *result, news_error *error);
typedef void (*news_destroy_fn)(void *ud);

/* Adds a function for scripts and layouts, which find it as `require("module").name`, and replaces
 * one of that name. A module's name is as in news_module_load(), and those of one module are all
 * the host's; a function's name has letters, digits and "_". `destroy` (may be NULL) is called with
 * `ud` exactly once: when the function is replaced, when the context is freed, or, before this
 * returns, when it fails. It must not use the context. */
NEWS_API NEWS_NODISCARD news_status news_native_add(news_ctx *ctx, const char *module,
                                                    const char *name, news_native_fn function,
                                                    void *ud, news_destroy_fn destroy,
                                                    news_error *error);

/* A format, borrowed until the next news_format_load() or the end of the context. */
typedef struct {
    size_t size;
    const char *name;      /* "text" */
    const char *media;     /* "text/plain; charset=utf-8" */
    const char *extension; /* "txt" */
    const char *source;    /* "@text.lua" for a built-in, else the name given at loading */
    const char *edition;   /* rendered when no other is asked for */
} news_format_info;

#define NEWS_FORMAT_INFO_INIT                                                                      \
    {                                                                                              \
        sizeof(news_format_info), NULL, NULL, NULL, NULL, NULL                                     \
    }

NEWS_API size_t news_format_count(const news_ctx *ctx);
/* The name of a format, borrowed as that of news_format_info is; NULL past the last. To tell more
 * of a built-in one, news_format_at() runs its script. */
NEWS_API const char *news_format_name(const news_ctx *ctx, size_t index);
NEWS_API NEWS_NODISCARD news_status news_format_at(news_ctx *ctx, size_t index,
                                                   news_format_info *info, news_error *error);
/* The name of the format nearest to a mistyped one, borrowed as that of news_format_info is; NULL
 * when none is near. */
NEWS_API const char *news_format_nearest(const news_ctx *ctx, const char *name);

/* Adds a layout: text with Lua in it, which formats write and other layouts extend (docs/lua.md).
 * `name` is that of a file with an extension, such as "web.html"; `source` is what errors call it,
 * NULL: its name. It takes the place of one of that name that was loaded before, and goes before a
 * built-in one, which it may extend by its own name.
 *
 * It is compiled at once. One that fails, NEWS_ERR_SCRIPT, takes its place all the same, so that
 * what would use it fails as well, rather than falling back on another. What it names is looked up
 * when it is first used, so layouts may be loaded in any order. The text is copied. */
NEWS_API NEWS_NODISCARD news_status news_layout_load(news_ctx *ctx, const char *name,
                                                     const char *source, const char *text,
                                                     size_t len, news_error *error);

/* A layout, borrowed until the next news_layout_load() or the end of the context. */
typedef struct {
    size_t size;
    const char *name;   /* "web.html" */
    const char *source; /* "@web.html" for a built-in, else what was given at loading */
    const char *text;   /* ends with a NUL, which len does not count */
    size_t len;
} news_layout_info;

#define NEWS_LAYOUT_INFO_INIT                                                                      \
    {                                                                                              \
        sizeof(news_layout_info), NULL, NULL, NULL, 0                                              \
    }

NEWS_API size_t news_layout_count(const news_ctx *ctx);
/* Fills *info, and fails with NEWS_ERR_SCRIPT when the layout, or one that it extends or includes,
 * is wrong and cannot be used; *info is filled then, too. */
NEWS_API NEWS_NODISCARD news_status news_layout_at(news_ctx *ctx, size_t index,
                                                   news_layout_info *info, news_error *error);

/* Receives the whole output of a successful render, in order, in one or more pieces, none of them
 * empty. Returns 0 to go on; anything else ends the render with NEWS_ERR_SINK. */
typedef int (*news_sink_fn)(void *ud, const char *bytes, size_t len);

typedef struct {
    const char *name, *value;
} news_option;

typedef struct {
    size_t size;
    uint32_t width;             /* columns of wrapped formats, 20 to 200; 0: the format's own */
    const news_option *options; /* of the format: what it declares in its `options` */
    size_t option_count;
    /* The edition to render. NULL: the issue itself if it is an edition, else the format's own
     * ("web" for html, "text" for text, "gemini" for gemini). */
    const char *edition;
    /* What the recipient has for the merge fields: name and value. A value that no output can hold,
     * such as one with a control character, fails the render with NEWS_ERR_ARG; what the issue
     * makes of it may fail in the issue's place, as an address does that is none with this value.
     * So an issue that news_check() has nothing against and that fails for one recipient fails by
     * what is known of him. */
    const news_option *fields;
    size_t field_count;
    /* Where pictures come from that travel with a message; NULL: none can. It is asked as in
     * news_parse(), for what an image's address says as seen from the file it stands in, in each
     * render anew: nothing is kept. */
    const news_loader *loader;
} news_render_options;

#define NEWS_RENDER_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(news_render_options), 0, NULL, 0, NULL, NULL, 0, NULL                               \
    }

/* Renders `issue` in `format`. The output is held under max_output until it is complete, and by the
 * context until its next render; the sink
 * is called only after the render succeeded. `options` may be NULL. Refuses an issue that has
 * error findings, and reports the first. */
NEWS_API NEWS_NODISCARD news_status news_render(news_ctx *ctx, const news_issue *issue,
                                                const char *format,
                                                const news_render_options *options,
                                                news_sink_fn sink, void *ud, news_error *error);

/* The same into memory. On success the caller owns *bytes, which is followed by a NUL not counted
 * in *len, and frees it with news_free(). */
NEWS_API NEWS_NODISCARD news_status news_render_buffer(news_ctx *ctx, const news_issue *issue,
                                                       const char *format,
                                                       const news_render_options *options,
                                                       char **bytes, size_t *len,
                                                       news_error *error);
/* Frees what news_render_buffer() or news_message_buffer() gave for this context, `len` being the
 * length it gave. */
NEWS_API void news_free(news_ctx *ctx, char *bytes, size_t len);

/* ---- Mail ----------------------------------------------------------------------------------- */

/* A message from a text and HTML that you have, with no issue in it: RFC 5322 and MIME to the
 * letter, in lines that end with CRLF and are at most 998 bytes long. Texts are UTF-8 and end with
 * NUL where they are not a news_str. Everything is borrowed until the call returns.
 *
 * A control character or a line break in a header, an address, a name or a URL is refused
 * (NEWS_ERR_ARG) with an error that names the header; nothing is left out or mended. What is not
 * UTF-8 is NEWS_ERR_ENCODING. The same message gives the same bytes, always: no clock, no chance.
 */

/* A person or a list, with an address (RFC 5322, section 3.4). A name may hold anything but control
 * characters; it is quoted or encoded as it needs. A domain outside ASCII is written in punycode;
 * only ASCII may stand before the "@". */
typedef struct {
    const char *name;    /* "" when there is none */
    const char *address; /* "ann@example.org"; where `name` is NULL, it may stand here as well, as
                            in "Ann Example <ann@example.org>" */
} news_mailbox;

/* A file that travels with a message. It is never changed: it goes in base64. */
typedef struct {
    size_t size;
    const char *name;  /* shown to the reader, in any script; no folder in it. NULL: none */
    const char *media; /* "image/png", "text/csv; charset=utf-8"; NULL: application/octet-stream */
    /* NULL: an attachment. Else the HTML shows it as "cid:logo@harbour.example", which is called
     * "logo@harbour.example" here (RFC 2392). */
    const char *content_id;
    news_str bytes;
} news_message_file;

#define NEWS_MESSAGE_FILE_INIT                                                                     \
    {                                                                                              \
        sizeof(news_message_file), NULL, NULL, NULL,                                               \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }

/* NULL, 0 and false mean that there is no such thing, save where it is said. */
typedef struct {
    size_t size;
    /* When it is sent; required. A date without time is 00:00:00 UTC of that day. */
    news_date date;
    news_mailbox from;      /* required */
    news_mailbox reply_to;  /* where `address` is not NULL */
    const news_mailbox *to; /* one header with all of them: every reader sees the others */
    size_t to_count;
    const char *subject;
    /* "issue-7@harbour.example", with or without "<>". NULL: made of all that the message holds, or
     * of `seed`, and the domain of the sender. */
    const char *message_id;
    /* What Message-ID and the boundaries between parts are made of, instead of the whole message;
     * different for each message that is not the same. */
    const char *seed;
    const char *list_id;          /* "Harbour Notes <notes.harbour.example>" (RFC 2919) */
    const char *unsubscribe_url;  /* "https:…" (RFC 2369) */
    const char *unsubscribe_mail; /* "mailto:…" */
    bool one_click;               /* a POST to unsubscribe_url is enough (RFC 8058) */
    /* Other headers, such as Sender, Cc, Archived-At or one of your own, each written by the
     * grammar it has. Those written from other members are refused. */
    const news_option *headers;
    size_t header_count;
    /* What it says: one of the two, or both, the reader's program choosing. Any line end will do.
     * Absent where ptr is NULL. */
    news_str text, html;
    bool flowed; /* the text is format=flowed (RFC 3676): lines that end with a space go on */
    bool delsp;  /* and that space is not part of it */
    const news_message_file *files; /* each of them with its size set */
    size_t file_count;
    bool allow_8bit; /* texts need not be in ASCII: the servers have 8BITMIME (RFC 6152) */
} news_message;

#define NEWS_MESSAGE_INIT                                                                          \
    {                                                                                              \
        sizeof(news_message), {0, 0, 0, 0, 0, 0, 0, false}, {NULL, NULL}, {NULL, NULL}, NULL, 0,   \
            NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, 0, {NULL, 0}, {NULL, 0}, false,       \
            false, NULL, 0, false                                                                  \
    }

/* Writes the message to `sink`, once it is complete; it is at most max_output bytes. */
NEWS_API NEWS_NODISCARD news_status news_message_write(news_ctx *ctx, const news_message *message,
                                                       news_sink_fn sink, void *ud,
                                                       news_error *error);
/* The same into memory, as news_render_buffer() does. */
NEWS_API NEWS_NODISCARD news_status news_message_buffer(news_ctx *ctx, const news_message *message,
                                                        char **bytes, size_t *len,
                                                        news_error *error);

#ifdef __cplusplus
}
#endif

#endif
