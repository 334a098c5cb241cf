/* The library's own string, table and utf8 functions beside Lua's: runs a Lua script that compares
 * them, in which `own` and `stock` hold the two: test_library SCRIPT.lua */
#include <stdio.h>
#include <stdlib.h>

#include "script/host.h"

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    return news_heap_realloc(&((news_host *)ud)->heap, ptr, old_size, new_size);
}

static void open_stock(lua_State *L, const char *name, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    lua_setfield(L, -2, name);
}

static void open_libraries(lua_State *L)
{
    lua_newtable(L);
    open_stock(L, "table", luaopen_table);
    open_stock(L, "utf8", luaopen_utf8);
    open_stock(L, "math", luaopen_math);
    open_stock(L, "coroutine", luaopen_coroutine);
    open_stock(L, "string", luaopen_string);
    lua_setglobal(L, "stock");
    lua_newtable(L);
    news_strings_open(L);
    lua_setfield(L, -2, "string");
    news_characters_open(L);
    lua_setfield(L, -2, "utf8");
    lua_newtable(L);
    luaL_setfuncs(L, news_table_functions, 0);
    lua_setfield(L, -2, "table");
    lua_newtable(L);
    news_push_random(L);
    lua_setfield(L, -3, "randomseed");
    lua_setfield(L, -2, "random");
    lua_setfield(L, -2, "math");
    news_metatables_open(L);
    lua_pushcfunction(L, news_lua_setmetatable);
    lua_setfield(L, -2, "setmetatable");
    lua_pushcfunction(L, news_lua_getmetatable);
    lua_setfield(L, -2, "getmetatable");
    lua_pushcfunction(L, news_lua_tostring);
    lua_setfield(L, -2, "tostring");
    lua_setglobal(L, "own");
    lua_newtable(L); /* so that errors find no other names for the one or the other */
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}

int main(int argc, char **argv)
{
    static news_host host; /* of which the libraries use no more than this */
    static atomic_bool cancelled;
    news_heap_init(&host.heap, NULL, (size_t)256 << 20);
    host.options.max_memory = host.heap.limit;
    host.options.max_steps = UINT64_MAX;
    host.options.cancelled = &cancelled;
    host.budget.allowed = UINT64_MAX;
    lua_State *L = argc == 2 ? lua_newstate(reallocate, &host) : NULL;
    if (L == NULL) {
        fprintf(stderr, "usage: test_library SCRIPT.lua\n");
        return 2;
    }
    *(news_host **)lua_getextraspace(L) = &host;
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    open_libraries(L);
    bool fails = luaL_dofile(L, argv[1]);
    if (fails)
        fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
    lua_close(L);
    return fails;
}
