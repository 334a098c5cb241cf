/* What the files of the script room share: the host, formats, templates and the render in progress.
 *
 *   host.c      the Lua state, its life, and the call that enters it
 *   budget.c    steps, memory and cancelling: what ends a script for good
 *   compile.c   a script's text to a function, at a price
 *   scripts.c   format scripts, the built-in and the user's
 *   modules.c   what scripts may require
 *   natives.c   … of the host's own functions
 *   start.c     a render, from its beginning to its output
 *   options.c   its options, and who sets them
 *   library.c   the environment a script sees, and its globals
 *   metatables.c  setmetatable, and what the events of tables do
 *   protect.c   pcall, xpcall and coroutines
 *   strings.c   the library string
 *   pattern.c   Lua's patterns, with every step counted
 *   tables.c    the library table
 *   characters.c  the library utf8
 *   random.c    random numbers that are the same in every render
 *   joined.c    a string that grows
 *   keys.c      the keys of a table in a fixed order
 *   error.c     from a Lua error to a news_error
 *   proxy.c     nodes, lists and dates as Lua values
 *   format.c    news.format{} and the table of renderers
 *   template.c  one-line templates, compiled
 *   template_place.c  … and where in HTML their values stand
 *   template_run.c  … and run
 *   variant.c   renderers for some nodes of a kind
 *   root.c      the format at the root of all others
 *   render.c    nodes to the writer
 *   merge.c     merge fields and the strings that hold some
 *   out.c       the methods of `out`
 *   layout.h    layouts, and which file does what for them
 *   files.c     files of images, from the host's loader
 *   message.c   out:message, a mail
 *   json.c      news.json
 *   helpers.c   the other functions of news: dates, lists, cuts, addresses
 *   date_words.c  names of months and days
 *
 * Functions that take a lua_State run inside a protected call and may raise a Lua error; memory
 * that an error must not leak belongs to Lua or to the host. */
#ifndef NEWS_SCRIPT_HOST_H
#define NEWS_SCRIPT_HOST_H

#include <locale.h>

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#include "script/embedded.h"
#include "script/script.h"

/* Scripts cannot make userdata, so the first word of every one of ours tells its type. */
typedef enum {
    NEWS_TAG_NODE = 0x6e6f6465,
    NEWS_TAG_LIST = 0x6c697374,
    NEWS_TAG_OUT = 0x6f757470,
    NEWS_TAG_MARKER = 0x6d61726b,
    NEWS_TAG_FORMAT = 0x666f726d,
    NEWS_TAG_TEMPLATE = 0x74656d70,
    NEWS_TAG_LAYOUT = 0x6c61796f,
    NEWS_TAG_PROGRAM = 0x70726f67,
    NEWS_TAG_RAW = 0x72617720
} news_tag;

/* The userdata at `index` if it is one of ours with this tag, else NULL. */
void *news_lua_get(lua_State *L, int index, news_tag tag);

/* ---- Templates ---- */

enum { NEWS_PATH_MAX = 4 };

typedef enum {
    NEWS_OP_RAW,   /* literal */
    NEWS_OP_CR,    /* {{ cr }}; filled formats: one newline in a literal */
    NEWS_OP_BLANK, /* filled formats: `count` empty lines */
    NEWS_OP_HANG,  /* filled formats: the next `count` operations are a marker, and the rest of
                      the template hangs behind it */
    NEWS_OP_CHILDREN,
    NEWS_OP_FIELD,     /* path; the literal instead when its end is absent */
    NEWS_OP_ATTRIBUTE, /* literal is the name; left out when the path's end is absent */
    NEWS_OP_PLAIN,     /* {{ plain }} */
    NEWS_OP_ENTRY,     /* {{ entry }} */
    NEWS_OP_REF,
    NEWS_OP_OPTION /* path's second name is that of an option of this render */
} news_op_type;

/* Where a value stands in a settled template. */
typedef enum {
    NEWS_PLACE_UNCLEAR, /* the tracker must say */
    NEWS_PLACE_TEXT,    /* between tags */
    NEWS_PLACE_VALUE,   /* in a quoted attribute that is no address or code */
    NEWS_PLACE_ADDRESS, /* all of a quoted attribute that is an address */
    NEWS_PLACE_STYLE    /* an option in a quoted style, which reads the same for every node */
} news_op_place;

typedef struct {
    uint8_t type;  /* news_op_type */
    uint8_t place; /* news_op_place */
    uint8_t path_len;
    uint8_t count;
    uint8_t field; /* news_field of the path's first name */
    news_str literal;
    news_str path[NEWS_PATH_MAX];
} news_op;

typedef struct {
    uint32_t tag;
    uint32_t count;
    news_op *ops;
    const char *source; /* where it was written, as a chunk's name; NULL: in C */
    int line;
    bool settled;  /* HTML: from between tags its markup leads back there, whatever the values */
    size_t markup; /* settled: bytes of its literals */
} news_template;

/* ---- Formats ---- */

/* A renderer's number is the kind of its node, or one of these. The first are variants: they render
 * some nodes of a kind, and a format without them uses the kind's own renderer (variant.c). */
enum {
    NEWS_RENDERER_LINK_PARAGRAPH = NEWS_KIND_COUNT,
    NEWS_RENDERER_TIGHT_PARAGRAPH,
    NEWS_RENDERER_HEADING_2,
    NEWS_RENDERER_HEADING_3,
    NEWS_RENDERER_HEADING_4,
    NEWS_RENDERER_HEADING_5,
    NEWS_RENDERER_HEADING_6,
    NEWS_RENDERER_ATTRIBUTED_QUOTE,
    NEWS_RENDERER_NESTED_LIST,
    NEWS_RENDERER_ORDERED_LIST,
    NEWS_RENDERER_TASK_ITEM,
    NEWS_RENDERER_PLAIN_ITEM,
    NEWS_RENDERER_LINK_ITEM,
    NEWS_RENDERER_BARE_ITEM,
    NEWS_RENDERER_ORDERED_ITEM,
    NEWS_RENDERER_LISTED_ITEM,
    NEWS_RENDERER_HEADER_CELL,
    NEWS_RENDERER_BLANK_HEADER,
    NEWS_RENDERER_AUTOLINK,
    NEWS_RENDERER_BLANK_LINK,
    NEWS_RENDERER_LINKS,
    NEWS_RENDERER_COUNT
};

/* The kind whose nodes a renderer renders; NEWS_KIND_NONE for `links`. */
news_kind news_renderer_kind(size_t renderer);

typedef enum {
    NEWS_RENDERER_ABSENT, /* ask the format this one extends */
    NEWS_RENDERER_NOTHING,
    NEWS_RENDERER_TEMPLATE,
    NEWS_RENDERER_FUNCTION,
    NEWS_RENDERER_SOFTBREAK, /* the root's own */
    NEWS_RENDERER_LINEBREAK,
    NEWS_RENDERER_MERGE_FIELD
} news_renderer_type;

typedef struct {
    uint8_t type; /* news_renderer_type */
    const news_template *template;
} news_renderer;

typedef enum { NEWS_LINKS_INLINE, NEWS_LINKS_SECTION, NEWS_LINKS_END, NEWS_LINKS_OFF } news_links;

enum { NEWS_FORMAT_NAME_MAX = 32, NEWS_FORMAT_TEXT_MAX = 96 };

/* A full userdata. Its user values: 1 functions and templates by renderer number, and by the name
 * of a directive (false: nothing is rendered), 2 declared options with defaults, 3 the parent's
 * userdata or nil, 4 the escape function or nil, 5 the styles by name, or nil. A style is a format
 * like the one it is of, save for its renderers. */
typedef struct news_format {
    uint32_t tag;
    int line;         /* where it was made */
    char source[128]; /* as a chunk's name */
    char name[NEWS_FORMAT_NAME_MAX];
    char media[NEWS_FORMAT_TEXT_MAX];
    char extension[NEWS_FORMAT_NAME_MAX];
    char edition[NEWS_EDITION_NAME_MAX]; /* rendered when no other is asked for */
    news_escape escape;
    bool fill;
    uint32_t width; /* 0: lines are not broken */
    news_links links;
    bool flowed;         /* filled: lines are those of format=flowed */
    bool has_directives; /* renderers for directives of some name */
    news_renderer renderers[NEWS_RENDERER_COUNT];
} news_format;

enum {
    NEWS_FORMAT_FUNCTIONS = 1,
    NEWS_FORMAT_OPTIONS = 2,
    NEWS_FORMAT_PARENT = 3,
    NEWS_FORMAT_ESCAPE = 4,
    NEWS_FORMAT_STYLES = 5,
    NEWS_FORMAT_USER_VALUES = 5
};

/* ---- The render in progress ---- */

enum { NEWS_FORMAT_CHAIN_MAX = 16 };

typedef struct {
    const news_renderer *renderer;
    uint32_t chain;     /* which format of the chain it is of: 0 the innermost */
    news_str directive; /* the name that it is for, or empty */
} news_resolved;

/* What an option became in the style of a settled template. */
typedef struct {
    const news_op *op; /* NULL: not yet known */
    char value[24], written[48];
    uint8_t value_len, written_len;
} news_known_option;

typedef struct {
    const news_issue *issue;
    const news_render_options *options;
    news_writer *writer;
    news_record *record; /* of a render for a check, else NULL; those inside it share it */
    news_buf filled;     /* the last string whose merge fields were filled in */
    const news_format *chain[NEWS_FORMAT_CHAIN_MAX];
    size_t chain_len;
    news_resolved resolved[NEWS_RENDERER_COUNT];
    /* For each kind the first of its variants that is resolved, by its place in their table. */
    uint8_t variants[NEWS_KIND_COUNT];
    news_known_option known_options[4]; /* by operation */
    bool text_is_plain; /* nodes of kind text are written as the root has it, and hold no fields */
    uint32_t width;
    news_links links;
    bool fill, flowed, markup; /* markup: escape is HTML or XML */
    bool escape_function;
    bool is_inner;         /* a format that runs has asked for this one */
    bool has_directives;   /* some format of the chain has renderers for directives of some name */
    const news_node *node; /* being rendered */
    const news_template *template; /* that renders it; NULL: a function, or none */
    const news_node *shown;        /* link whose address the page has already */
    const news_node
        *open_list; /* the innermost list, if its items are set apart though it is tight */
    size_t running; /* the renderer that runs, and the place of its format in the chain */
    uint32_t running_chain;
    unsigned depth;
    unsigned captures; /* begun and not ended */
    /* While a layout that extends another defines its blocks: 1 + the captures begun by then. What
     * is written in none of its own would come before all else. */
    unsigned defining;
} news_render_state;

/* ---- The host ---- */

typedef struct {
    char *name;       /* of the format */
    char *chunk_name; /* "=slack.lua" */
    char *lua;
    size_t name_size, chunk_name_size, lua_size;
    char media[NEWS_FORMAT_TEXT_MAX];
    char extension[NEWS_FORMAT_NAME_MAX];
    char edition[NEWS_EDITION_NAME_MAX];
} news_user_script;

/* A module that the host has given, for `require`. */
typedef struct {
    char *name;
    char *chunk_name;
    char *lua;
    size_t name_size, chunk_name_size, lua_size;
} news_module;

/* A function of the host's. */
typedef struct news_native {
    struct news_native *next;
    char *module, *name;
    size_t module_size, name_size;
    news_native_fn function;
    void *data;
    news_destroy_fn destroy;
} news_native;

typedef struct {
    char *name;       /* "web.html" */
    char *chunk_name; /* "=layouts/web.html" */
    char *text;
    size_t name_size, chunk_name_size, text_size;
    lua_Integer key; /* of what is compiled of it; never used again */
} news_user_layout;

/* What is known of the error on its way. */
typedef struct {
    bool is_placed;     /* by who raised it; the message begins with no place */
    bool is_located;    /* where it was raised is known, but the message begins with a place */
    bool has_line;      /* which the message, if it begins with a place, cannot tell better */
    news_status status; /* NEWS_OK: the script is to blame */
    int line, column;   /* column: 0 unknown */
    char source[128];
    char short_source[LUA_IDSIZE]; /* as Lua writes it in front of a message */
} news_fault;

enum { NEWS_TABLE_SIZES = 32 };

/* What has been used up since the host was entered. See budget.c. */
typedef struct {
    uint64_t steps;
    uint64_t allowed;  /* UINT64_MAX while none are counted, 0 once the script is over */
    uint64_t random;   /* moves the hook about */
    unsigned hooks;    /* until it moves again */
    unsigned interval; /* of instructions; short while something large is there */
    size_t largest;    /* bytes of the largest chunk of the user's that was ever compiled */
    size_t node_size;  /* of a table's entry in Lua's memory; 0: not yet known */
    size_t last_block; /* bytes */
    /* Blocks of the size of a table's entries, by the binary logarithm of their number; and what
     * looking up a key may cost by the largest. */
    uint32_t tables[NEWS_TABLE_SIZES];
    uint64_t lookup;
    bool is_own; /* tables made now are ours, and no script chooses their keys */
    /* The request for memory that failed last. Lua collects garbage and repeats it. */
    const void *failed;
    size_t failed_old, failed_new;
    bool failed_at_limit; /* and not for want of memory */
} news_budget;

struct news_host {
    news_heap heap;        /* Lua's */
    news_heap output_heap; /* the writer's and the host's own */
    lua_State *L;
    lua_State *running; /* L, or the coroutine that runs */
    news_host_options options;
    news_budget budget;
    news_status spent;         /* why the script is over for good, or NEWS_OK */
    char spent_message[160];   /* the same in words */
    uint32_t generation;       /* of the render in progress; proxies of older ones are refused */
    int proxies;               /* of nodes, that the last render made or this one has */
    news_render_state *render; /* NULL when none */
    news_writer *writer;       /* keeps the last output */
    news_user_script *scripts;
    size_t script_count, script_capacity;
    news_module *modules;
    size_t module_count, module_capacity;
    news_native *natives;
    news_user_layout *layouts;
    size_t layout_count, layout_capacity;
    lua_Integer last_layout_key;
    unsigned loading;                   /* chunks that run, one inside another */
    unsigned coroutines;                /* that have not ended, as far as is known */
    struct news_resumption *resumption; /* the innermost coroutine that runs */
    uint64_t resumptions;               /* so far */
    const char *compiling;              /* the name of the chunk that is being compiled, or NULL */
    int compiling_line;
    uint64_t seed;   /* of random numbers */
    locale_t locale; /* "C" */
    news_fault fault;
};

news_host *news_host_of(lua_State *L);

/* Places in the registry, behind Lua's own: numbers, which are found faster than any other keys. */
typedef enum {
    NEWS_SLOT_FIRST = LUA_RIDX_LAST + 2, /* one is luaL_ref's */
    NEWS_SLOT_CACHE = NEWS_SLOT_FIRST,   /* of the render in progress: its proxies, by node */
    NEWS_SLOT_CHAIN,                     /* … functions by format, escape function */
    NEWS_SLOT_OUT,
    NEWS_SLOT_OPTIONS,
    NEWS_SLOT_BUILTINS, /* what built-in scripts and modules gave, by name */
    NEWS_SLOT_NEWS,     /* what environments take copies of */
    NEWS_SLOT_OURS,     /* the environment of built-in scripts, and the modules they share */
    NEWS_SLOT_OUR_MODULES,
    NEWS_SLOT_COROUTINES,
    NEWS_SLOT_OF_NODES, /* metatables */
    NEWS_SLOT_OF_LISTS,
    NEWS_SLOT_OF_DATES,
    NEWS_SLOT_OF_FORMATS,
    NEWS_SLOT_OF_OUT,
    NEWS_SLOT_OF_MARKERS,
    NEWS_SLOT_OF_RAW,
    NEWS_SLOT_END
} news_slot;

/* host.c */
/* Runs `function(argument)` protected, with fresh limits, in the C locale. */
news_status news_host_enter(news_host *host, lua_CFunction function, void *argument,
                            news_error *error);

/* ---- budget.c ---- */

/* Lua's allocator. `ud` is the host. */
void *news_budget_allocate(void *ud, void *ptr, size_t old_size, size_t new_size);
void news_budget_measure(lua_State *L); /* once, before any script */
void news_budget_begin(news_host *host);
void news_budget_end(news_host *host);
void news_budget_enter(lua_State *coroutine); /* before it goes on */
void news_lua_count_steps(lua_State *L);      /* from now on, until the call that entered ends */
/* The script is over: no pcall, coroutine or handler goes on. */
int news_spend(lua_State *L, news_status status, const char *message);
int news_spend_memory(lua_State *L);
/* Raises what ended the script, if something has. */
void news_check_spent(lua_State *L);
/* The same for a status that a protected call gave: memory that is short ends the script. */
void news_check_caught(lua_State *L, int lua_status);
int news_budget_stop(lua_State *L);
/* Makes sure that Lua has room for so many bytes, if need be by collecting garbage. For functions
 * of Lua's that take memory past its collector. */
void news_lua_reserve(lua_State *L, size_t bytes);
/* Between them the tables that Lua makes are ours. */
void news_budget_own_tables(news_host *host, bool is_own);

/* A step is a Lua instruction, or as much work of ours as takes about as long. Every loop of ours
 * that a script can make long says what it costs, before or while it does it. */
static inline void news_charge(lua_State *L, uint64_t steps)
{
    news_host *host = news_host_of(L);
    host->budget.steps += steps;
    if (NEWS_UNLIKELY(host->budget.steps >= host->budget.allowed ||
                      atomic_load_explicit(host->options.cancelled, memory_order_relaxed)))
        (void)news_budget_stop(L);
}

/* For reading or writing so many bytes, one by one. */
static inline void news_charge_bytes(lua_State *L, size_t bytes)
{
    news_charge(L, 1 + (bytes >> 4));
}

/* For reading or writing so many entries of tables. */
static inline void news_charge_lookups(lua_State *L, uint64_t count)
{
    news_charge(L, count * (1 + news_host_of(L)->budget.lookup));
}

/* For finding which of so many names is nearest to a mistyped one. */
static inline void news_charge_nearest(lua_State *L, uint64_t names)
{
    news_charge(L, names * 8);
}

/* For telling each of the functions that wait for others to return, as Lua does for each error that
 * is caught. */
void news_charge_depth(lua_State *L);

/* ---- compile.c ---- */

/* Compiles a chunk of the user's, or one of ours, and pushes its function. Raises an error with the
 * place when it cannot. */
void news_lua_compile(lua_State *L, const char *chunk_name, news_str lua, bool is_users);
/* The same, but pushes the message and returns Lua's status when it cannot. */
int news_lua_load(lua_State *L, const char *chunk_name, news_str lua, bool is_users);

/* scripts.c */
/* Pushes the format of this name, loading it when needed. When there is none: a script's error, or,
 * if `unknown` is a status, the caller's. */
void news_lua_push_format(lua_State *L, news_str name, news_status unknown);
void news_lua_push_builtin(lua_State *L, news_str name);
/* One more chunk runs inside others; host->loading is decreased at its end. */
void news_lua_begin_chunk(lua_State *L);
void news_scripts_free(news_host *host);
/* A copy of `from` behind `before`, with a NUL; false when memory is short. */
bool news_host_copy(news_host *host, news_str from, const char *before, char **copy, size_t *size);

/* modules.c: pushes a function `require` with the modules at an index of the stack, by name. */
void news_lua_push_require(lua_State *L, int modules);
void news_modules_free(news_host *host);
news_status news_host_check_module_name(news_str name, news_error *error);
/* Whether the host has given a module of this name in Lua. */
bool news_host_has_module(const news_host *host, news_str name);

/* natives.c */
/* Pushes a table with the host's functions of this module; false when there are none. */
bool news_natives_push(lua_State *L, news_str module);
bool news_natives_has(const news_host *host, news_str module);
void news_natives_free(news_host *host);

/* layouts.c */
void news_layouts_free(news_host *host);

/* layout_run.c: writes a layout of this name; at `names` is a table of further names that it sees,
 * or nothing. */
void news_layout_write(lua_State *L, news_render_state *render, news_str name, int names);

/* options.c */
enum { NEWS_WIDTH_LEAST = 20, NEWS_WIDTH_MOST = 200 };
/* The options that every format has, as settings of its own. */
enum { NEWS_COMMON_OPTIONS = 3 };
extern const char *const news_common_options[NEWS_COMMON_OPTIONS];
bool news_links_from_name(news_str name, news_links *links);
bool news_format_can_flow(const news_format *format);
/* Leaves out.options in the registry, and what the writer needs of them in the state. `format` and
 * `table`, of a script's options, are stack indexes; the latter may be 0. */
void news_prepare_options(lua_State *L, news_render_state *state, int format, int table);

/* start.c */
int news_lua_render(lua_State *L); /* issue:render */
/* The file that a node of an issue was written in: the issue's, or one of its publication's. */
news_str news_node_source(const news_issue *issue, const news_node *node);

/* library.c */
void news_lua_open(lua_State *L); /* makes what all environments share */
/* A fresh table of globals. `modules` is an index of the stack, where the modules are that it
 * shares with the environment of who requires it, or 0. */
void news_lua_push_environment(lua_State *L, int modules);
/* The one that all built-in scripts have: none of them changes it. */
void news_lua_push_our_environment(lua_State *L);

/* protect.c */
int news_lua_pcall(lua_State *L);
int news_lua_xpcall(lua_State *L);
extern const luaL_Reg news_coroutine_functions[];

/* metatables.c */
void news_metatables_open(lua_State *L);
int news_lua_setmetatable(lua_State *L);
int news_lua_getmetatable(lua_State *L);
/* As luaL_getmetafield(), also for tables whose metatable is a script's. */
int news_lua_metafield(lua_State *L, int index, const char *event);
/* strings.c: pushes the library, and gives strings their metatable. */
void news_strings_open(lua_State *L);
int news_lua_tostring(lua_State *L); /* tostring, without addresses */
/* pattern.c */
extern const luaL_Reg news_pattern_functions[];
/* tables.c and characters.c */
extern const luaL_Reg news_table_functions[];
void news_characters_open(lua_State *L); /* pushes the library */
/* random.c: pushes random and randomseed, which share a state of their own. */
void news_push_random(lua_State *L);

/* joined.c: a string that grows, its memory Lua's, so that an error leaks none. It has a slot of
 * the stack, and what lies above that is its user's. */
typedef struct {
    lua_State *L;
    int slot;
    char *bytes;
    size_t len, capacity;
    char small[256];
} news_joined;

void news_joined_begin(lua_State *L, news_joined *joined);
char *news_joined_reserve(news_joined *joined, size_t extra); /* where to write */
void news_joined_add(news_joined *joined, const char *bytes, size_t len);
void news_joined_add_value(news_joined *joined); /* the string or number at the top; pops it */
void news_joined_push(news_joined *joined);      /* as a string; its slot is left alone */

static inline void news_joined_add_char(news_joined *joined, char c)
{
    if (NEWS_UNLIKELY(joined->len == joined->capacity))
        (void)news_joined_reserve(joined, 1);
    joined->bytes[joined->len++] = c;
}

/* keys.c: pushes an array of a table's keys in a fixed order, and returns how many. */
lua_Integer news_push_sorted_keys(lua_State *L, int table);
/* Raises an error when a table has a key that is none of these names: `unnamed` says that keys are
 * names, and `unknown`, before the key, that there is no such one. */
void news_lua_check_keys(lua_State *L, int table, const char *const *names, size_t count,
                         const char *unnamed, const char *unknown);

/* error.c */
int news_lua_on_error(lua_State *L); /* message handler */
/* Notes the place of the error on its way: where a chunk is being compiled, the template that runs,
 * or the innermost function of Lua's; of those the user's where there are others. Takes no memory.
 */
void news_lua_locate(lua_State *L, bool is_limit);
/* Raises an error whose place is known (source as in a chunk's name, or NULL), or whose status is
 * not NEWS_ERR_SCRIPT. The format is that of lua_pushfstring. */
int news_lua_fail(lua_State *L, news_status status, const char *source, int line,
                  const char *format, ...);
/* The same where the issue is to blame, at a node of the one being rendered. */
int news_lua_fail_at(lua_State *L, news_status status, const news_node *node, const char *format,
                     ...);
/* Pushes names, a list for a message. */
const char *news_push_names(lua_State *L, size_t count, news_str (*name_at)(void *ud, size_t i),
                            void *ud);
/* The chunk and the line of the innermost function of Lua's; NULL and 0 when there is none. The
 * name lives as long as the function. */
const char *news_lua_caller(lua_State *L, int *line);
/* Whether that function is one of the library's own scripts or layouts. */
bool news_lua_is_called_by_built_in(lua_State *L);
/* The scripts used all memory they may, in the line of the source, or in none. */
news_status news_error_memory_limit(const news_host *host, news_str source, uint32_t line,
                                    news_error *error);
/* Raises the message on the stack, which compiling a chunk left, with its place. */
int news_lua_syntax_error(lua_State *L, const char *chunk_name);
news_status news_host_fail(news_host *host, int lua_status, news_error *error);
/* Raises a script error with this node's kind in front. */
int news_lua_field_error(lua_State *L, news_kind kind, news_str name);

/* proxy.c */
void news_proxy_open(lua_State *L);
void news_push_node(lua_State *L, const news_node *node);
void news_push_nodes(lua_State *L, news_nodes nodes);
void news_push_value(lua_State *L, const news_value *value);
const news_node *news_get_node(lua_State *L, int index); /* NULL when it is none */
bool news_get_nodes(lua_State *L, int index, news_nodes *nodes);
bool news_get_date(lua_State *L, int index, news_date *date);
size_t news_date_iso(const news_date *date, char *to, size_t size);
/* An entry of a mapping, or NULL; paid for by those that stand before it. */
const news_node *news_lua_entry(lua_State *L, const news_node *mapping, news_str name);

/* format.c */
void news_format_open(lua_State *L);
int news_lua_format(lua_State *L); /* news.format */
int news_lua_style(lua_State *L);  /* news.style */
const char *news_renderer_name(size_t renderer);

/* template.c: compiles the string at `index`, pushes the template's userdata. */
const news_template *news_template_compile(lua_State *L, int index, size_t renderer,
                                           const news_format *format);
/* template_place.c: finds where its values stand, if it is settled. */
void news_template_settle(news_template *template);
/* template_run.c */
void news_run_template(lua_State *L, news_render_state *render, const news_template *template,
                       const news_node *node);

/* root.c: pushes the root format. */
void news_push_root(lua_State *L);

/* variant.c */
enum { NEWS_NO_VARIANTS = UINT8_MAX };
void news_find_variants(news_render_state *render);
size_t news_variant_of(lua_State *L, const news_render_state *render, const news_node *node);
/* The same of the formats from a place of the chain on; *place is then that of the one which has
 * the renderer, or the chain's length when none has. */
size_t news_renderer_from(lua_State *L, const news_render_state *render, const news_node *node,
                          size_t from, size_t *place);
/* Of the renderers for this node the one of the innermost format, and of those the most particular:
 * what a format says of a kind goes before what those it extends say of a variant. */
static inline size_t news_renderer_of(lua_State *L, const news_render_state *render,
                                      const news_node *node)
{
    return render->variants[node->kind] == NEWS_NO_VARIANTS ? node->kind
                                                            : news_variant_of(L, render, node);
}

/* render.c */
/* More than any issue nests (64, and six levels of sections), so only a format that renders a node
 * inside itself reaches it; and few enough for Lua's own limit of about 200 nested C calls. */
enum { NEWS_DEEPEST_RENDER = 150 };
void news_render_node(lua_State *L, news_render_state *render, const news_node *node);
void news_render_nodes(lua_State *L, news_render_state *render, news_nodes nodes);
void news_render_super(lua_State *L, news_render_state *render, const news_node *node);
void news_render_text(lua_State *L, news_render_state *render, news_str text);
void news_render_whole(lua_State *L, news_render_state *render, news_str text);
void news_render_raw(lua_State *L, news_render_state *render, news_str markup);
void news_render_url(lua_State *L, news_render_state *render, news_str url);
void news_render_references(lua_State *L, news_render_state *render);
/* Between the two, output collects instead of going out; what did is borrowed from the writer, with
 * `one_line` as news_writer_capture_end_line() has it. Raises an error when the writer failed. */
void news_begin_capture(news_render_state *render, uint32_t width);
news_str news_end_capture(lua_State *L, news_render_state *render, bool one_line);
/* The words below a node without marks of emphasis, and behind them the markers of its links and
 * images. */
void news_render_plain(lua_State *L, news_render_state *render, const news_node *node);
/* What a list's entry says in its first paragraph, and the rest of it below. */
void news_render_entry(lua_State *L, news_render_state *render, const news_node *entry);
/* cells.c: writes a table in columns, if they take at most so much room or there is but a header;
 * else pushes its cells, an array of strings for each row, and returns false. */
bool news_render_aligned(lua_State *L, news_render_state *render, const news_node *table,
                         size_t room);
/* Writes the cells of rows without their renderers, as markup before each what the array at
 * `before` has for its column, and `after` behind each row. */
void news_render_cells(lua_State *L, news_render_state *render, news_nodes rows, int before,
                       news_str after);
/* Pushes the text below a node, without marks, images and references to notes. */
void news_push_words(lua_State *L, news_render_state *render, const news_node *node);
/* Pushes an array with the columns that the longest word of each column of a table takes. */
void news_push_longest_words(lua_State *L, news_render_state *render, const news_node *table);
/* As lua_call(), for a function of a script's that writes. */
void news_call_function(lua_State *L, news_render_state *render, int arguments, int results);
/* For text or markup of so many bytes that goes to the writer. Text that is filled is looked at by
 * the character. */
static inline void news_charge_text(lua_State *L, const news_render_state *render, size_t len)
{
    news_charge(L, len >> (render->fill ? 1 : 3));
}
/* Whether a string of this field is an address. */
bool news_is_address_field(news_field field);
void news_render_value(lua_State *L, news_render_state *render, const news_value *value,
                       news_field field);
/* Pushes a prefix that hangs; raises an error when the marker is too wide. */
void news_push_hang(lua_State *L, news_render_state *render, news_str first);
/* Raises the writer's failure, if it has one. */
void news_check_writer(lua_State *L, const news_render_state *render);
/* Whether a link's text shows its address already. */
bool news_text_is_address(const news_node *link);
/* The number of a link's or an image's marker, 0 for an empty one; and writing it. Unless `always`,
 * a link whose text is its address has none. */
uint32_t news_reference_of(lua_State *L, news_render_state *render, const news_node *link,
                           bool always);
void news_write_marker(lua_State *L, news_render_state *render, const news_node *link,
                       uint32_t number);

/* merge.c */
/* Raises an error when a value that the recipient has cannot be written. */
void news_check_merge_values(lua_State *L, const news_render_options *options);
/* Writes the value of a field in the text. Raises an error when there is none. */
void news_render_merge_field(lua_State *L, news_render_state *render, const news_node *node);
/* As news_node_field(), with the merge fields that a string holds filled in. A string is of use
 * until the next call. */
news_value news_fill_field(lua_State *L, news_render_state *render, const news_node *node,
                           news_field field);
/* How a field is read while an issue is rendered. */
static inline news_value news_render_field(lua_State *L, news_render_state *render,
                                           const news_node *node, news_field field)
{
    if (NEWS_LIKELY(!render->issue->has_fields))
        return news_node_field(node, field);
    return news_fill_field(L, render, node, field);
}

/* out.c */
void news_out_open(lua_State *L);
void news_push_out(lua_State *L);
/* Makes the table at the top, which it pops, out.options; nil: there are none. */
void news_out_set_options(lua_State *L);
/* To be called when a script has written: raises the writer's failure, or says that nothing may be
 * written now. */
void news_check_written(lua_State *L, const news_render_state *render);
/* Writes the value at an index, as out(value) does. */
void news_out_write(lua_State *L, news_render_state *render, int index);
/* Pushes the string at an index as markup, which is written as it is. */
void news_push_raw(lua_State *L, int index);

/* files.c: news.load, an image's file */
int news_lua_load_image(lua_State *L);

/* message.c: out:message, with its table at index 2. */
void news_out_message(lua_State *L, news_render_state *render);

/* json.c */
int news_lua_json(lua_State *L);

/* helpers.c */
void news_push_helpers(lua_State *L); /* the table that `require "news"` gives */

/* date_words.c */
/* How dates are written in a language. Arrays begin with January and with Sunday. */
typedef struct {
    const char *language;
    const char *pattern; /* of a whole date, for news.date */
    const char *months[12], *short_months[12];
    const char *months_alone[12]; /* where no day stands before them; NULL: the same */
    const char *days[7], *short_days[7];
} news_date_words;
/* Those of a language such as "de" or "pt-BR"; NULL when they are not known. */
const news_date_words *news_find_date_words(news_str language);

#endif
