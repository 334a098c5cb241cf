/* Layouts: text files with Lua in them, compiled to Lua. What the files about them share.
 *
 *   layouts.c         which layouts there are, the built-in and the user's
 *   layout_lua.c      Lua in a tag: where it ends, what it opens and closes
 *   layout_tag.c      tags: values, Lua, blocks, other layouts
 *   layout_scan.c     a layout's text to parts
 *   layout_compile.c  parts to a Lua function
 *   layout_link.c     a layout with those it extends to a program
 *   layout_run.c      running a program
 *   layout_globals.c  what layouts see
 *
 * The text of a layout is never part of Lua source. It stays where it is; the function that a
 * layout is compiled to holds the Lua of its tags, every line of it with the number that it has in
 * the layout, and calls with the number of a part where something is to be written:
 *
 *   <h1>{{ issue.title }}</h1>     _news_text(0) _news_value(1, issue.title) _news_text(2)
 *   {% block main %}               _news_block(0, function()
 *   {% endblock %}                 end)
 */
#ifndef NEWS_LAYOUT_H
#define NEWS_LAYOUT_H

#include "script/host.h"

enum {
    NEWS_LAYOUT_NAME_MAX = 64,   /* bytes, and a NUL */
    NEWS_LAYOUT_OPEN_MAX = 180,  /* about as deep as Lua itself nests */
    NEWS_LAYOUT_NESTING_MAX = 40 /* blocks inside blocks */
};

/* ---- Which layouts there are (layouts.c) ---- */

typedef struct {
    const char *name;       /* "web.html" */
    const char *chunk_name; /* "@web.html", "=layouts/web.html" */
    news_str text;
    lua_Integer key; /* of the tables of what is compiled: negative for a built-in */
} news_layout_source;

static inline bool news_layout_is_user(const news_layout_source *source)
{
    return source->key > 0;
}

/* The layout that `name` means in `from` (NULL: in a format). In a user's layout its own name means
 * the built-in one that it takes the place of. */
bool news_layout_find(const news_host *host, news_str name, const news_layout_source *from,
                      news_layout_source *found);
/* Whether a text can be the name of one: that of a file, with an extension. */
bool news_layout_is_name(news_str name);
/* The name nearest to a mistyped one, or NULL. */
const char *news_layout_nearest(const news_host *host, news_str name);

/* ---- Compiled layouts ---- */

typedef enum {
    NEWS_PART_TEXT,
    NEWS_PART_VALUE,
    NEWS_PART_CODE,
    NEWS_PART_BLOCK,
    NEWS_PART_ENDBLOCK,
    NEWS_PART_INCLUDE
} news_part_type;

typedef struct {
    uint8_t type;     /* news_part_type */
    bool begins_line; /* of a text: nothing but blanks stands before it on its line */
    uint32_t block;   /* of BLOCK and ENDBLOCK */
    size_t at;        /* where the text or the Lua begins, or the tag that has none */
    news_str text;    /* as it is; Lua; the name of the included layout */
    news_str names;   /* of INCLUDE: Lua for the names that the other sees, or empty */
} news_part;

typedef struct {
    news_str name;
    size_t at;       /* of its tag */
    size_t super_at; /* where super() stands in it; SIZE_MAX: it does not */
    uint32_t outer;  /* 1 + the block it stands in; 0: in none */
    bool defines;  /* outside others in a layout that extends: what it holds is written elsewhere */
    uint16_t base; /* how much Lua was open where it begins; while scanning only */
} news_layout_block;

/* A userdata. Its user values: 1 the function; 2 for a built-in layout that nothing extends, whose
 * blocks have no need to be functions, another; 3 and 4 what they call to write. */
typedef struct {
    uint32_t tag;
    uint32_t part_count, block_count;
    news_layout_source source; /* borrowed from the host */
    news_str extends;          /* the name of a layout, or empty */
    size_t extends_at;
    news_part *parts;
    news_layout_block *blocks;
} news_layout;

enum {
    NEWS_LAYOUT_FUNCTION = 1,
    NEWS_LAYOUT_ALONE,
    NEWS_LAYOUT_WRITE_TEXT,
    NEWS_LAYOUT_WRITE_VALUE
};

/* layout_compile.c: pushes the userdata, compiled now unless it has been before. */
const news_layout *news_layout_push(lua_State *L, const news_layout_source *source);
/* Pushes the function of the layout at an index: for one that stands alone, or for one of several.
 */
void news_layout_push_function(lua_State *L, int index, bool alone);
void news_layout_forget(lua_State *L, lua_Integer key);

/* ---- Scanning (layout_scan.c, layout_tag.c, layout_lua.c) ---- */

typedef enum {
    NEWS_OPEN_FUNCTION,
    NEWS_OPEN_IF,   /* before `then` */
    NEWS_OPEN_LOOP, /* for or while, before `do` */
    NEWS_OPEN_THEN,
    NEWS_OPEN_DO,
    NEWS_OPEN_REPEAT,
    NEWS_OPEN_PAREN,
    NEWS_OPEN_BRACE,
    NEWS_OPEN_BRACKET
} news_open_type;

/* What Lua has opened and not yet closed. */
typedef struct {
    uint8_t type; /* news_open_type */
    size_t at;    /* the word or the bracket in the text */
} news_layout_open;

typedef struct {
    lua_State *L;
    news_str text;
    size_t at; /* what is read next */
    news_layout *layout;
    news_layout_open open[NEWS_LAYOUT_OPEN_MAX];
    unsigned open_count;
    uint32_t nesting[NEWS_LAYOUT_NESTING_MAX]; /* the blocks that are open */
    unsigned nesting_count;
} news_layout_scan;

/* Where a tag is: the text up to `begin` and from `end` on is not part of it. */
typedef struct {
    size_t begin, end;
    bool trims_before, trims_after;
    bool takes_line; /* alone on its line, it takes the line with it */
} news_layout_tag;

/* layout_scan.c: fills a layout whose arrays have room for what news_layout_count_tags() says. */
size_t news_layout_count_tags(news_str text);
void news_layout_scan_text(lua_State *L, news_layout *layout);
news_part *news_layout_add_part(news_layout_scan *scan, news_part_type type, size_t at);
/* The number of the line that an offset is in. */
uint32_t news_layout_line(news_str text, size_t at);
/* Whether what stands here is written where it stands. It is not outside the blocks of a layout
 * that extends another, save in a function. */
bool news_layout_is_written(const news_layout_scan *scan);

/* layout_tag.c: reads the tag that begins at scan->at and adds its part. */
void news_layout_read_tag(news_layout_scan *scan, news_layout_tag *tag);

/* layout_lua.c: reads Lua up to the braces that end the tag, "}}" for a value, and beyond. */
news_str news_layout_read_lua(news_layout_scan *scan, bool is_value, news_layout_tag *tag);

/* Raises an error at an offset of a layout. */
int news_layout_fail(lua_State *L, const news_layout_source *source, size_t at, const char *format,
                     ...);
int news_layout_fail_at(const news_layout_scan *scan, size_t at, const char *format, ...);
/* The same for what is open and should not be where a block (else NULL) or the text ends. */
int news_layout_fail_open(const news_layout_scan *scan, const char *block);

/* ---- Programs (layout_link.c) ---- */

enum { NEWS_LAYOUT_CHAIN_MAX = 32 };

/* A layout with those it extends, the root last. A userdata; its user value keeps the layouts.
 * Blocks of one name share a number. */
typedef struct {
    uint32_t tag;
    uint32_t count;
    bool has_user; /* some of it is the user's */
    bool is_alone; /* one built-in layout */
    const news_layout *layouts[NEWS_LAYOUT_CHAIN_MAX];
    const uint32_t *names[NEWS_LAYOUT_CHAIN_MAX]; /* of each layout's blocks: the numbers */
    const uint32_t *defined; /* [number * count + level]: 1 + the block that the layout at this
                                level defines for others to write; 0: none */
} news_layout_program;

/* Pushes the program of a layout, made now unless it has been before. */
const news_layout_program *news_layout_push_program(lua_State *L, const news_layout_source *source);
void news_layout_forget_programs(lua_State *L);

/* Where a block is being written: its place and what is written there. */
typedef struct {
    uint32_t name;  /* its number */
    uint32_t level; /* of the layout in which the place is */
    uint32_t block; /* of that layout */
} news_layout_slot;

/* The first level, from one on, with a block to write here; the count of levels when there is none.
 * *block is its number in the layout of that level. */
uint32_t news_layout_definition(const news_layout_program *program, const news_layout_slot *slot,
                                uint32_t from, uint32_t *block);

/* ---- Running (layout_run.c) ---- */

/* layout_globals.c */
/* Pushes the globals of a program; those of built-in layouts share what they never change. */
void news_layout_push_globals(lua_State *L, news_render_state *render, bool has_user);
/* Pushes a table that falls back on the one at the top, which it replaces. */
void news_layout_push_layer(lua_State *L);
/* Sets the entries of the table at `names` in the one at the top; for a layout of the user's copies
 * of the tables that a built-in format gives it. */
void news_layout_add_names(lua_State *L, int names, bool has_user);

/* What compiled layouts call with the number of a part; upvalue: the layout. */
int news_layout_write_text(lua_State *L);
int news_layout_write_value(lua_State *L);

#endif
