/* What layouts see: the names that scripts have, short ones for what news has, the issue, and what
 * the format gives. */
#include "script/layout.h"

static const char key_base = 0; /* registry: the metatable of the built-in layouts' globals */

static int make_raw(lua_State *L)
{
    if (!lua_isstring(L, 1) && news_lua_get(L, 1, NEWS_TAG_RAW) == NULL)
        luaL_error(L, "raw() is given markup, a string; this is %s",
                   lua_isnoneornil(L, 1) ? "nil" : luaL_typename(L, 1));
    lua_settop(L, 1);
    if (lua_isstring(L, 1))
        news_push_raw(L, 1);
    return 1;
}

/* The names that scripts have, and short ones for what news has. */
static void push_environment(lua_State *L)
{
    static const char *const helpers[] = {"date",   "get",  "join",     "json",
                                          "plural", "slug", "truncate", "urlencode"};
    news_lua_push_environment(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_NEWS);
    lua_getfield(L, -1, "news");
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(helpers); i++) {
        lua_getfield(L, -1, helpers[i]);
        lua_setfield(L, -4, helpers[i]);
    }
    lua_pop(L, 2);
    lua_pushcfunction(L, make_raw);
    lua_setfield(L, -2, "raw");
}

void news_layout_push_layer(lua_State *L)
{
    lua_pushcfunction(L, news_lua_setmetatable); /* so that looking through many is counted */
    lua_newtable(L);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -4);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_call(L, 2, 1);
    lua_remove(L, -2);
}

/* The built-in layouts change nothing in what they share; the user's have all to themselves. */
void news_layout_push_globals(lua_State *L, news_render_state *render, bool has_user)
{
    const news_node *root = render->issue->root;
    news_charge_lookups(L, has_user ? 500 : 20);
    if (has_user) {
        push_environment(L);
    } else {
        lua_createtable(L, 0, 16);
        if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_base) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_createtable(L, 0, 1);
            push_environment(L);
            lua_setfield(L, -2, "__index");
            lua_pushvalue(L, -1);
            lua_rawsetp(L, LUA_REGISTRYINDEX, &key_base);
        }
        lua_setmetatable(L, -2);
    }
    news_push_node(L, root);
    lua_setfield(L, -2, "issue");
    news_value publication = news_render_field(L, render, root, NEWS_FIELD_PUBLICATION);
    news_push_value(L, &publication);
    lua_setfield(L, -2, "publication");
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
    lua_setfield(L, -2, "out");
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OPTIONS);
    lua_setfield(L, -2, "options");
}

/* Pushes a table with the same in it as the one at `from`, and so on for the tables in that. Those
 * with a metatable are dates, which are made anew each time they are asked for. */
static void push_copy(lua_State *L, int from, int depth)
{
    enum { DEEPEST = 8 };
    luaL_checkstack(L, 6, NULL);
    lua_newtable(L);
    int copy = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, from) != 0;) {
        news_charge_lookups(L, 2);
        bool has_metatable = lua_getmetatable(L, -1);
        lua_settop(L, copy + 2);
        lua_pushvalue(L, -2);
        if (lua_type(L, copy + 2) == LUA_TTABLE && !has_metatable && depth < DEEPEST)
            push_copy(L, copy + 2, depth + 1);
        else
            lua_pushvalue(L, copy + 2);
        lua_rawset(L, copy);
        lua_settop(L, copy + 1);
    }
}

/* What a built-in format keeps for the renders to come is not for a user's layout to change. */
static bool is_kept_by_built_in(lua_State *L, int index)
{
    return news_lua_is_called_by_built_in(L) && lua_type(L, index) == LUA_TTABLE;
}

void news_layout_add_names(lua_State *L, int names, bool has_user)
{
    int globals = lua_gettop(L);
    if (has_user && is_kept_by_built_in(L, names)) {
        push_copy(L, names, 0);
        names = lua_gettop(L);
    }
    for (lua_pushnil(L); lua_next(L, names) != 0;) {
        news_charge_lookups(L, 2);
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "a layout is given names: { title = \"…\" }");
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, globals);
    }
    lua_settop(L, globals);
}
