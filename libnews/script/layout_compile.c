/* Parts of a layout to a Lua function. Its source holds the Lua of the tags, on the lines on which
 * the layout has it, and numbers of parts; no text. */
#include "script/layout.h"

static const char key_layouts = 0; /* registry: compiled layouts by the key of their source */

/* Where the layout has its next part, so has the source. */
typedef struct {
    news_joined lua;
    news_str text;
    size_t at;  /* in the text: how far the lines of the source are */
    bool alone; /* blocks are written where they stand */
} generator;

static void add(generator *g, const char *text)
{
    news_joined_add(&g->lua, text, strlen(text));
}

static void add_number(generator *g, const char *before, uint32_t number)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%s(%lu", before, (unsigned long)number);
    news_joined_add(&g->lua, text, strlen(text));
}

static void go_to(generator *g, size_t at)
{
    for (; g->at < at; g->at++)
        if (g->text.ptr[g->at] == '\n')
            news_joined_add_char(&g->lua, '\n');
}

static void add_lua(generator *g, news_str lua)
{
    news_joined_add(&g->lua, lua.ptr, lua.len);
    g->at = (size_t)(lua.ptr - g->text.ptr) + lua.len;
}

/* A semicolon behind the Lua of each tag ends it there, so that what is missing is missed on its
 * line; a second one behind `return` would be an error. */
static bool ends_statement(news_str lua)
{
    lua = news_str_trim(lua);
    return lua.len != 0 && lua.ptr[lua.len - 1] == ';';
}

static void add_part(generator *g, const news_layout *layout, uint32_t number)
{
    const news_part *part = &layout->parts[number];
    go_to(g, part->at);
    switch ((news_part_type)part->type) {
    case NEWS_PART_TEXT:
        if (part->text.len != 0) {
            add_number(g, "_news_text", number);
            add(g, ");");
        }
        break;
    case NEWS_PART_VALUE:
        add_number(g, "_news_value", number);
        add(g, ",");
        add_lua(g, part->text);
        add(g, ");");
        break;
    case NEWS_PART_CODE:
        add(g, " ");
        add_lua(g, part->text);
        add(g, ends_statement(part->text) ? " " : ";");
        break;
    case NEWS_PART_BLOCK:
        if (g->alone) {
            add(g, "do ");
            break;
        }
        add_number(g, "_news_block", part->block);
        add(g, layout->blocks[part->block].super_at != SIZE_MAX ? ",function(super) "
                                                                : ",function() ");
        break;
    case NEWS_PART_ENDBLOCK: add(g, g->alone ? "end;" : "end);"); break;
    case NEWS_PART_INCLUDE:
        add_number(g, "_news_include", number);
        if (part->names.len != 0) {
            add(g, ",");
            add_lua(g, part->names);
        }
        add(g, ");");
        break;
    }
}

/* Pushes the source. The names that it is given cannot be written in a tag. */
static void push_source(lua_State *L, const news_layout *layout, bool alone)
{
    generator g;
    news_joined_begin(L, &g.lua);
    g.text = layout->source.text;
    g.at = 0;
    g.alone = alone;
    add(&g, "return function(_ENV,_news_text,_news_value,_news_block,_news_include) ");
    for (uint32_t i = 0; i < layout->part_count; i++)
        add_part(&g, layout, i);
    add(&g, "end");
    news_joined_push(&g.lua);
    lua_remove(L, g.lua.slot);
}

/* Lua names what it met; what we wrote behind a tag is the end of that tag to the reader. */
static int syntax_error(lua_State *L, const char *chunk_name)
{
    static const char *const ours[] = {" near ';'", " near '_news_"};
    const char *message = lua_tostring(L, -1);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(ours); i++) {
        const char *near = strstr(message, ours[i]);
        if (near == NULL)
            continue;
        lua_pushlstring(L, message, (size_t)(near - message));
        lua_pushliteral(L, " at the end of the tag");
        lua_concat(L, 2);
        break;
    }
    return news_lua_syntax_error(L, chunk_name);
}

static void push_function(lua_State *L, const news_layout *layout, bool alone)
{
    const char *chunk_name = layout->source.chunk_name;
    news_host *host = news_host_of(L);
    size_t len;
    host->compiling = chunk_name;
    host->compiling_line = 1;
    push_source(L, layout, alone);
    const char *lua = lua_tolstring(L, -1, &len);
    int status =
        news_lua_load(L, chunk_name, news_str_of(lua, len), news_layout_is_user(&layout->source));
    if (status == LUA_ERRSYNTAX)
        syntax_error(L, chunk_name);
    else if (status != LUA_OK)
        lua_error(L);
    lua_call(L, 0, 1);
    lua_remove(L, -2); /* the source */
}

void news_layout_push_function(lua_State *L, int index, bool alone)
{
    int which = alone ? NEWS_LAYOUT_ALONE : NEWS_LAYOUT_FUNCTION;
    if (lua_getiuservalue(L, index, which) == LUA_TFUNCTION)
        return;
    lua_pop(L, 1);
    push_function(L, lua_touserdata(L, index), alone);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, index, which);
}

/* Loads what the functions call to write into the layout at the top. A user's is compiled now, to
 * tell mistakes in it; a built-in one when it is run, in the way that is then needed. */
static void load(lua_State *L, const news_layout *layout)
{
    int index = lua_gettop(L);
    if (news_layout_is_user(&layout->source)) {
        push_function(L, layout, false);
        lua_setiuservalue(L, index, NEWS_LAYOUT_FUNCTION);
    }
    lua_pushvalue(L, index);
    lua_pushcclosure(L, news_layout_write_text, 1);
    lua_setiuservalue(L, index, NEWS_LAYOUT_WRITE_TEXT);
    lua_pushvalue(L, index);
    lua_pushcclosure(L, news_layout_write_value, 1);
    lua_setiuservalue(L, index, NEWS_LAYOUT_WRITE_VALUE);
    lua_settop(L, index);
}

/* Scans a copy with room for all there can be, and pushes one that is as large as need be. */
static news_layout *push_scanned(lua_State *L, const news_layout_source *source)
{
    news_host *host = news_host_of(L);
    host->compiling = source->chunk_name;
    host->compiling_line = 1;
    if (news_layout_is_user(source))
        news_lua_count_steps(L);
    news_charge(L, source->text.len >> 1);
    size_t tags = news_layout_count_tags(source->text), room = 2 * tags + 1;
    news_layout scanned = {.tag = NEWS_TAG_LAYOUT, .source = *source};
    scanned.parts = lua_newuserdatauv(L, room * sizeof *scanned.parts, 0);
    scanned.blocks = lua_newuserdatauv(L, (tags + 1) * sizeof *scanned.blocks, 0);
    news_layout_scan_text(L, &scanned);
    size_t parts = scanned.part_count * sizeof *scanned.parts,
           blocks = scanned.block_count * sizeof *scanned.blocks;
    news_layout *layout =
        lua_newuserdatauv(L, sizeof *layout + parts + blocks, NEWS_LAYOUT_WRITE_VALUE);
    *layout = scanned;
    layout->parts = (news_part *)(layout + 1);
    layout->blocks = (news_layout_block *)(layout->parts + layout->part_count);
    if (parts != 0)
        memcpy(layout->parts, scanned.parts, parts);
    if (blocks != 0)
        memcpy(layout->blocks, scanned.blocks, blocks);
    lua_replace(L, -3);
    lua_pop(L, 1);
    host->compiling = NULL;
    return layout;
}

const news_layout *news_layout_push(lua_State *L, const news_layout_source *source)
{
    luaL_checkstack(L, 12, NULL);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_layouts) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_layouts);
    }
    int table = lua_gettop(L);
    if (lua_rawgeti(L, table, source->key) == LUA_TNIL) {
        lua_pop(L, 1);
        const news_layout *layout = push_scanned(L, source);
        load(L, layout);
        lua_pushvalue(L, -1);
        lua_rawseti(L, table, source->key);
    }
    lua_remove(L, table);
    return lua_touserdata(L, -1);
}

void news_layout_forget(lua_State *L, lua_Integer key)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_layouts) == LUA_TTABLE) {
        if (lua_rawgeti(L, -1, key) != LUA_TNIL) { /* so that nothing is allocated */
            lua_pushnil(L);
            lua_rawseti(L, -3, key);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}
