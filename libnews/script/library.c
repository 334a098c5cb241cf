/* What a script sees besides its format: a fresh environment of selected functions for each chunk,
 * so that nothing one script changes is seen by another. What reaches outside, or differs from run
 * to run, is not there. */
#include "script/host.h"

/* ---- Replacements for functions of Lua's ---- */

/* Upvalues: the table, its keys in order, how many were visited. Keys whose values have become nil
 * since are passed over. */
static int next_sorted(lua_State *L)
{
    for (;;) {
        lua_Integer at = lua_tointeger(L, lua_upvalueindex(3)) + 1;
        if (lua_rawgeti(L, lua_upvalueindex(2), at) == LUA_TNIL)
            return 1;
        lua_pushinteger(L, at);
        lua_replace(L, lua_upvalueindex(3));
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
            return 2;
        lua_pop(L, 2);
    }
}

static int fixed_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushvalue(L, 1);
    (void)news_push_sorted_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_sorted, 3);
    lua_pushvalue(L, 1);
    return 2;
}

/* Without the address that Lua shows for a table or a function. */
static int plain_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
    case LUA_TTHREAD:
        if (luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL) {
            lua_pushstring(L, luaL_typename(L, 1));
            return 1;
        }
        break;
    default: break;
    }
    luaL_tolstring(L, 1, NULL);
    return 1;
}

/* Lua's own order of keys differs from run to run, so this tells only whether there is one, and the
 * first in pairs' order. */
static int first_key(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lua_isnoneornil(L, 2))
        return luaL_error(L, "next gives the first key of a table only; pairs visits them all");
    if (news_push_sorted_keys(L, 1) == 0) {
        lua_pushnil(L);
        return 1;
    }
    lua_rawgeti(L, -1, 1);
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

/* string.format without addresses. */
static int plain_format(lua_State *L)
{
    int last = lua_gettop(L);
    for (const char *at = luaL_checkstring(L, 1); (at = strchr(at, '%')) != NULL;) {
        at++;
        at += strspn(at, "-+ #0123456789.");
        if (*at == 'p')
            return luaL_error(L, "string.format: %%p would show an address");
        if (*at != '\0')
            at++;
    }
    for (int i = 2; i <= last; i++)
        if (lua_type(L, i) != LUA_TSTRING && lua_type(L, i) != LUA_TNUMBER &&
            lua_type(L, i) != LUA_TBOOLEAN && lua_type(L, i) != LUA_TNIL) {
            lua_pushcfunction(L, plain_tostring);
            lua_pushvalue(L, i);
            lua_call(L, 1, 1);
            lua_replace(L, i);
        }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, last, 1);
    return 1;
}

/* A caught error leaves the writer as it was before: prefixes and captures begun inside are ended.
 * A limit is never caught. */
static int guarded_pcall(lua_State *L)
{
    news_host *host = news_host_of(L);
    news_render_state *render = host->render;
    news_render_state before = {0};
    luaL_checkany(L, 1);
    news_writer_nesting nesting = {0};
    if (render != NULL) {
        before = *render;
        nesting = news_writer_get_nesting(render->writer);
    }
    unsigned loading = host->loading;
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    if (status == LUA_OK) {
        lua_pushboolean(L, 1);
        lua_insert(L, 1);
        return lua_gettop(L);
    }
    if (host->spent == NEWS_OK && status == LUA_ERRMEM)
        host->spent = host->heap.over_limit ? NEWS_ERR_LIMIT : NEWS_ERR_NOMEM;
    news_check_spent(L);
    host->fault = (news_fault){0}; /* what is caught is forgotten */
    host->loading = loading;
    if (render != NULL) {
        news_writer_rewind(render->writer, nesting);
        render->captures = before.captures;
        render->defining = before.defining;
        render->node = before.node;
        render->shown = before.shown;
        render->open_list = before.open_list;
        render->depth = before.depth;
        render->running = before.running;
        render->running_chain = before.running_chain;
        news_check_writer(L, render);
    }
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int log_print(lua_State *L)
{
    const news_host *host = news_host_of(L);
    int count = lua_gettop(L);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&buffer, '\t');
        lua_pushcfunction(L, plain_tostring);
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
        luaL_addvalue(&buffer);
    }
    luaL_pushresult(&buffer);
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    if (host->options.log != NULL)
        host->options.log(host->options.log_data, text, len);
    return 0;
}

/* What finalizers do, and what weak tables hold, depends on when memory is collected; and __close
 * could go on behind a limit. */
static int safe_setmetatable(lua_State *L)
{
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (type == LUA_TTABLE) {
        static const char *const refused[] = {"__gc", "__close", "__mode"};
        for (size_t i = 0; i < NEWS_ARRAY_LENGTH(refused); i++) {
            lua_pushstring(L, refused[i]);
            if (lua_rawget(L, 2) != LUA_TNIL)
                return luaL_error(L, "a metatable may not have %s here", refused[i]);
        }
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

/* Upvalue: the modules that this environment has, by name. Each has its own, as it has all else. */
static int require_module(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    if (lua_getfield(L, lua_upvalueindex(1), name) != LUA_TNIL)
        return 1;
    if (!news_lua_push_module(L, news_str_of(name, len)))
        return luaL_error(L,
                          "there is no module '%s'; a format may require \"news\" and "
                          "\"news.words\" only",
                          name);
    lua_pushvalue(L, -1);
    lua_setfield(L, lua_upvalueindex(1), name);
    return 1;
}

/* ---- Environments ---- */

static const char *const base_names[] = {"assert",   "error",    "getmetatable", "ipairs",
                                         "rawequal", "rawget",   "rawlen",       "rawset",
                                         "select",   "tonumber", "type"};

/* Copies the library table `name` of the registry's stock into the table at the top. */
static void copy_library(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &news_key_news);
    lua_getfield(L, -1, name);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -3) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_setfield(L, -4, name);
    lua_pop(L, 2);
}

void news_lua_push_environment(lua_State *L)
{
    static const char *const libraries[] = {"string", "table", "math", "utf8", "news"};
    static const luaL_Reg own[] = {
        {"next", first_key},  {"pairs", fixed_pairs},       {"pcall", guarded_pcall},
        {"print", log_print}, {"tostring", plain_tostring}, {"setmetatable", safe_setmetatable},
        {NULL, NULL}};
    luaL_checkstack(L, 10, NULL);
    lua_createtable(L, 0, 32);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &news_key_news);
    lua_getfield(L, -1, "base");
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(base_names); i++) {
        lua_getfield(L, -1, base_names[i]);
        lua_setfield(L, -4, base_names[i]);
    }
    lua_pop(L, 2);
    luaL_setfuncs(L, own, 0);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(libraries); i++)
        copy_library(L, libraries[i]);
    lua_createtable(L, 0, 1);
    lua_getfield(L, -2, "news"); /* reached through require, not as a global */
    lua_setfield(L, -2, "news");
    lua_pushcclosure(L, require_module, 1);
    lua_setfield(L, -2, "require");
    lua_pushnil(L);
    lua_setfield(L, -2, "news");
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    lua_pushliteral(L, LUA_VERSION);
    lua_setfield(L, -2, "_VERSION");
}

static void stock(lua_State *L, const char *name, lua_CFunction open, const char *const *without)
{
    luaL_requiref(L, name, open, 0);
    for (; *without != NULL; without++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *without);
    }
    lua_setfield(L, -2, name);
}

void news_lua_open(lua_State *L)
{
    static const char *const nothing[] = {NULL};
    static const char *const string_without[] = {"dump", NULL};
    static const char *const math_without[] = {"random", "randomseed", NULL};
    lua_newtable(L);
    stock(L, "base", luaopen_base, nothing);
    stock(L, "string", luaopen_string, string_without);
    lua_getfield(L, -1, "string");
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, plain_format, 1);
    lua_setfield(L, -2, "format");
    lua_pop(L, 1);
    stock(L, "table", luaopen_table, nothing);
    stock(L, "math", luaopen_math, math_without);
    stock(L, "utf8", luaopen_utf8, nothing);
    news_push_helpers(L);
    lua_setfield(L, -2, "news");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_news);
    /* Methods of strings come from a table no script can reach. */
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_newtable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &news_key_news);
    lua_getfield(L, -1, "string");
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -6);
    }
    lua_pop(L, 2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}
