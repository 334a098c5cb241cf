/* Metatables of scripts. A script's table never has the script's own metatable, but one of ours,
 * whose functions look into the script's at the time and do what Lua would do. For Lua itself
 * follows tables from one to the next without counting: t() ends never when t's own __call is t,
 * and a thousand __index make one field of a table as dear as a thousand. Nor do scripts get what
 * would depend on when memory is collected: __gc and __mode, nor __close.
 *
 * Ours is kept in the script's under a key that no script can have, and the other way round. */
#include "script/host.h"

static const char partner = 0; /* its address is that key */

/* ---- Finding metamethods ---- */

/* Pushes the metatable a script has given to the value at `index`; false when there is none. */
static bool push_metatable(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    int type = lua_rawgetp(L, -1, &partner);
    lua_remove(L, -2);
    if (type == LUA_TTABLE)
        return true;
    lua_pop(L, 1);
    return false;
}

int news_lua_metafield(lua_State *L, int index, const char *event)
{
    index = lua_absindex(L, index);
    if (!push_metatable(L, index))
        return luaL_getmetafield(L, index, event);
    lua_pushstring(L, event);
    int type = lua_rawget(L, -2);
    lua_remove(L, -2);
    if (type == LUA_TNIL)
        lua_pop(L, 1);
    return type;
}

static const char *event_of(lua_State *L)
{
    return lua_tostring(L, lua_upvalueindex(1));
}

static int end_call(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return lua_gettop(L);
}

/* Calls what is at `function` with all that lies above it, and returns what it returns. What lies
 * below is dropped. */
static int call_from(lua_State *L, int function, int results)
{
    for (; function > 1; function--)
        lua_remove(L, 1);
    lua_callk(L, lua_gettop(L) - 1, results, 0, end_call);
    return lua_gettop(L);
}

/* ---- __index and __newindex ---- */

enum { LONGEST_CHAIN = 100 };

static void charge_link(lua_State *L, int links)
{
    news_charge_lookups(L, 3);
    if (links > LONGEST_CHAIN)
        luaL_error(L, "'%s' chain too long; possibly a loop", event_of(L));
}

/* The table is at 1, the key at 2. */
static int get_index(lua_State *L)
{
    lua_settop(L, 2);
    for (int links = 1;; links++) {
        charge_link(L, links);
        if (news_lua_metafield(L, 1, "__index") == LUA_TNIL)
            return 0;
        if (lua_type(L, 3) == LUA_TFUNCTION) {
            lua_insert(L, 1);
            return call_from(L, 1, 1);
        }
        lua_replace(L, 1);
        lua_pushvalue(L, 2);
        if (lua_type(L, 1) != LUA_TTABLE) {
            lua_gettable(L, 1);
            return 1;
        }
        if (lua_rawget(L, 1) != LUA_TNIL)
            return 1;
        lua_pop(L, 1);
    }
}

/* The table is at 1, the key at 2, the value at 3. */
static int set_index(lua_State *L)
{
    lua_settop(L, 3);
    for (int links = 1;; links++) {
        charge_link(L, links);
        if (news_lua_metafield(L, 1, "__newindex") == LUA_TNIL)
            break;
        if (lua_type(L, 4) == LUA_TFUNCTION) {
            lua_insert(L, 1);
            (void)call_from(L, 1, 0);
            return 0;
        }
        lua_replace(L, 1);
        if (lua_type(L, 1) != LUA_TTABLE) {
            lua_settable(L, 1);
            return 0;
        }
        lua_pushvalue(L, 2);
        bool is_there = lua_rawget(L, 1) != LUA_TNIL;
        lua_pop(L, 1);
        if (is_there)
            break;
    }
    lua_rawset(L, 1);
    return 0;
}

/* ---- Other events ---- */

/* Pushes the metamethod of the first operand that has one. (A string's own has been asked already:
 * it passes on what is no number.) */
static bool push_metamethod(lua_State *L)
{
    int operands = lua_gettop(L);
    news_charge(L, 4);
    for (int i = 1; i <= operands; i++)
        if (lua_type(L, i) != LUA_TSTRING && news_lua_metafield(L, i, event_of(L)) != LUA_TNIL)
            return true;
    return false;
}

static int call_table(lua_State *L)
{
    news_charge(L, 4 + ((uint64_t)lua_gettop(L) >> 4));
    if (news_lua_metafield(L, 1, "__call") == LUA_TNIL)
        return luaL_error(L, "attempt to call a %s value", luaL_typename(L, 1));
    lua_insert(L, 1);
    return call_from(L, 1, LUA_MULTRET);
}

static int get_length(lua_State *L)
{
    lua_settop(L, 1);
    if (!push_metamethod(L)) {
        lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
        return 1;
    }
    lua_insert(L, 1);
    return call_from(L, 1, 1);
}

static int is_equal(lua_State *L)
{
    lua_settop(L, 2);
    if (!push_metamethod(L)) {
        lua_pushboolean(L, 0); /* they are not the same table */
        return 1;
    }
    lua_insert(L, 1);
    return call_from(L, 1, 1);
}

/* What neither operand knows is an error, in Lua's words. Upvalue 2: those. */
static int operate(lua_State *L)
{
    lua_settop(L, 2);
    if (push_metamethod(L)) {
        lua_insert(L, 1);
        return call_from(L, 1, 1);
    }
    const char *words = lua_tostring(L, lua_upvalueindex(2));
    const char *left = luaL_typename(L, 1), *right = luaL_typename(L, 2);
    if (*words != '\0')
        return luaL_error(L, "attempt to %s a %s value", words,
                          lua_type(L, 1) == LUA_TTABLE ? left : right);
    if (strcmp(left, right) == 0)
        return luaL_error(L, "attempt to compare two %s values", left);
    return luaL_error(L, "attempt to compare %s with %s", left, right);
}

static const struct {
    const char *event;
    lua_CFunction function;
    const char *words; /* for operate() */
} events[] = {
    {"__index", get_index, ""},
    {"__newindex", set_index, ""},
    {"__call", call_table, ""},
    {"__len", get_length, ""},
    {"__eq", is_equal, ""},
    {"__lt", operate, ""},
    {"__le", operate, ""},
    {"__concat", operate, "concatenate"},
    {"__unm", operate, "perform arithmetic on"},
    {"__add", operate, "perform arithmetic on"},
    {"__sub", operate, "perform arithmetic on"},
    {"__mul", operate, "perform arithmetic on"},
    {"__div", operate, "perform arithmetic on"},
    {"__mod", operate, "perform arithmetic on"},
    {"__pow", operate, "perform arithmetic on"},
    {"__idiv", operate, "perform arithmetic on"},
    {"__bnot", operate, "perform bitwise operation on"},
    {"__band", operate, "perform bitwise operation on"},
    {"__bor", operate, "perform bitwise operation on"},
    {"__bxor", operate, "perform bitwise operation on"},
    {"__shl", operate, "perform bitwise operation on"},
    {"__shr", operate, "perform bitwise operation on"},
};

/* ---- setmetatable and getmetatable ---- */

/* Pushes our metatable for the script's at `index`. The functions in it are those of all others. */
static void push_partner(lua_State *L, int index)
{
    if (lua_rawgetp(L, index, &partner) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_createtable(L, 0, (int)NEWS_ARRAY_LENGTH(events) + 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &partner);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(events); i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        lua_setfield(L, -3, events[i].event);
    }
    lua_pop(L, 1);
    lua_pushvalue(L, index);
    lua_rawsetp(L, -2, &partner);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, index, &partner);
}

int news_lua_setmetatable(lua_State *L)
{
    static const char *const refused[] = {"__gc", "__close", "__mode"};
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    if (news_lua_metafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(refused) && type == LUA_TTABLE; i++) {
        lua_pushstring(L, refused[i]);
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "a metatable may not have %s here", refused[i]);
        lua_pop(L, 1);
    }
    if (type == LUA_TTABLE)
        push_partner(L, 2);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

int news_lua_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (news_lua_metafield(L, 1, "__metatable") != LUA_TNIL)
        return 1;
    if (!push_metatable(L, 1))
        lua_pushnil(L);
    return 1;
}

void news_metatables_open(lua_State *L)
{
    lua_createtable(L, (int)NEWS_ARRAY_LENGTH(events), 0);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(events); i++) {
        lua_pushstring(L, events[i].event);
        lua_pushstring(L, events[i].words);
        lua_pushcclosure(L, events[i].function, 2);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &partner);
}
