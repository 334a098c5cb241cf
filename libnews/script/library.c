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
    if (news_lua_metafield(L, 1, "__pairs") != LUA_TNIL) {
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

static int next_index(lua_State *L)
{
    lua_Integer index = luaL_checkinteger(L, 2);
    if (index == LUA_MAXINTEGER)
        return 0;
    lua_pushinteger(L, index + 1);
    return lua_geti(L, 1, index + 1) == LUA_TNIL ? 1 : 2;
}

/* As Lua's, but it says at once what would fail in the loop. */
static int checked_ipairs(lua_State *L)
{
    if (lua_isnoneornil(L, 1))
        return luaL_error(L, "ipairs is given nil; for a list that may be absent write "
                             "ipairs(list or {})");
    lua_settop(L, 1);
    lua_pushcfunction(L, next_index);
    lua_insert(L, 1);
    lua_pushinteger(L, 0);
    return 3;
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

/* Upvalue 1: Lua's own, which reads all of a string. */
static int to_number(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TSTRING)
        news_charge(L, lua_rawlen(L, 1) >> 3);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int log_print(lua_State *L)
{
    const news_host *host = news_host_of(L);
    int count = lua_gettop(L);
    news_joined line;
    news_joined_begin(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            news_joined_add_char(&line, '\t');
        lua_pushcfunction(L, news_lua_tostring);
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
        news_joined_add_value(&line);
    }
    news_charge(L, 100 + line.len); /* what the host does with it takes long */
    if (host->options.log != NULL)
        host->options.log(host->options.log_data, line.bytes, line.len);
    return 0;
}

/* Looking for the function to blame may take as long as they are nested. */
static int raise_error(lua_State *L)
{
    enum { DEEPEST = 32 };
    lua_Integer level = luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING && level > 0 && level <= DEEPEST) {
        luaL_where(L, (int)level);
        lua_pushvalue(L, 1);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* ---- Environments ---- */

static const char *const base_names[] = {"assert", "rawequal", "rawget",   "rawlen",
                                         "rawset", "select",   "tonumber", "type"};

/* Copies the library table `name` of the registry's stock into the table at the top. */
static void copy_library(lua_State *L, const char *name)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_NEWS);
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

/* `modules` is where on the stack the modules are that it shares, or 0. */
void news_lua_push_environment(lua_State *L, int modules)
{
    static const char *const libraries[] = {"coroutine", "math", "news", "string", "table", "utf8"};
    static const luaL_Reg own[] = {{"error", raise_error},
                                   {"getmetatable", news_lua_getmetatable},
                                   {"ipairs", checked_ipairs},
                                   {"next", first_key},
                                   {"pairs", fixed_pairs},
                                   {"pcall", news_lua_pcall},
                                   {"print", log_print},
                                   {"setmetatable", news_lua_setmetatable},
                                   {"tostring", news_lua_tostring},
                                   {"xpcall", news_lua_xpcall},
                                   {NULL, NULL}};
    luaL_checkstack(L, 10, NULL);
    lua_createtable(L, 0, 32);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_NEWS);
    lua_getfield(L, -1, "base");
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(base_names); i++) {
        lua_getfield(L, -1, base_names[i]);
        lua_setfield(L, -4, base_names[i]);
    }
    lua_pop(L, 2);
    luaL_setfuncs(L, own, 0);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(libraries); i++)
        copy_library(L, libraries[i]);
    lua_getfield(L, -1, "math");
    news_push_random(L);
    lua_setfield(L, -3, "randomseed");
    lua_setfield(L, -2, "random");
    lua_pop(L, 1);
    if (modules == 0) {
        lua_createtable(L, 0, 1);
        lua_getfield(L, -2, "news");
        lua_setfield(L, -2, "news");
    } else {
        lua_pushvalue(L, modules);
    }
    news_lua_push_require(L, lua_gettop(L));
    lua_setfield(L, -3, "require");
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_setfield(L, -2, "news"); /* reached through require, not as a global */
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    lua_pushliteral(L, LUA_VERSION);
    lua_setfield(L, -2, "_VERSION");
}

void news_lua_push_our_environment(lua_State *L)
{
    luaL_checkstack(L, 4, NULL);
    if (lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OURS) == LUA_TTABLE)
        return;
    lua_createtable(L, 0, 8);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_NEWS);
    lua_getfield(L, -1, "news");
    lua_setfield(L, -3, "news");
    lua_pop(L, 1);
    news_lua_push_environment(L, lua_gettop(L));
    lua_pushvalue(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUR_MODULES);
    lua_pushvalue(L, -1);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OURS);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* What environments take copies of is a table in the registry, of libraries by name. Lua's own list
 * of what is loaded is emptied: it is for require, and to find names for error messages, which
 * takes long. */
void news_lua_open(lua_State *L)
{
    lua_newtable(L);
    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    lua_getfield(L, -1, "tonumber");
    lua_pushcclosure(L, to_number, 1);
    lua_setfield(L, -2, "tonumber");
    lua_setfield(L, -2, "base");
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 0);
    lua_setfield(L, -2, "math");
    news_strings_open(L);
    lua_setfield(L, -2, "string");
    news_characters_open(L);
    lua_setfield(L, -2, "utf8");
    news_push_helpers(L);
    lua_setfield(L, -2, "news");
    lua_newtable(L);
    luaL_setfuncs(L, news_table_functions, 0);
    lua_setfield(L, -2, "table");
    lua_newtable(L);
    luaL_setfuncs(L, news_coroutine_functions, 0);
    lua_setfield(L, -2, "coroutine");
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_NEWS);
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    news_metatables_open(L);
    lua_newtable(L); /* coroutines, as keys that do not keep them */
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_COROUTINES);
}
