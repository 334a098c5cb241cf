/* The library table, as Lua has it, paid for by the entries it touches. Like Lua's it reads and
 * writes by way of metamethods. */
#include <limits.h>

#include "script/host.h"

enum { AT_ONCE = 64 }; /* entries that are paid for together */

enum { READ = 1, WRITE = 2, MEASURE = 4 };

/* Anything that behaves as a table will do. */
static void check_table(lua_State *L, int index, int uses)
{
    static const char *const events[] = {"__index", "__newindex", "__len"};
    if (lua_type(L, index) == LUA_TTABLE)
        return;
    for (int i = 0; i < 3; i++) {
        if ((uses & 1 << i) == 0)
            continue;
        if (luaL_getmetafield(L, index, events[i]) == LUA_TNIL)
            luaL_checktype(L, index, LUA_TTABLE);
        lua_pop(L, 1);
    }
}

static lua_Integer check_length(lua_State *L, int index, int uses)
{
    check_table(L, index, uses | MEASURE);
    news_charge_lookups(L, 1);
    return luaL_len(L, index);
}

/* Pays for entry number `i` of a loop. */
static void charge_entry(lua_State *L, lua_Unsigned i)
{
    if (i % AT_ONCE == 0)
        news_charge_lookups(L, (uint64_t)2 * AT_ONCE); /* read and written */
}

/* ---- insert, remove, move ---- */

static int insert(lua_State *L)
{
    lua_Integer end = (lua_Integer)((lua_Unsigned)check_length(L, 1, READ | WRITE) + 1);
    lua_Integer at = end; /* the first empty one */
    switch (lua_gettop(L)) {
    case 2: break;
    case 3:
        at = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)at - 1 < (lua_Unsigned)end, 2, "position out of bounds");
        for (lua_Integer i = end; i > at; i--) {
            charge_entry(L, (lua_Unsigned)i);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
        break;
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, at);
    return 0;
}

static int take_out(lua_State *L)
{
    lua_Integer len = check_length(L, 1, READ | WRITE), at = luaL_optinteger(L, 2, len);
    if (at != len)
        luaL_argcheck(L, (lua_Unsigned)at - 1 <= (lua_Unsigned)len, 2, "position out of bounds");
    lua_geti(L, 1, at);
    for (; at < len; at++) {
        charge_entry(L, (lua_Unsigned)at);
        lua_geti(L, 1, at + 1);
        lua_seti(L, 1, at);
    }
    lua_pushnil(L);
    lua_seti(L, 1, at);
    return 1;
}

static void move_entry(lua_State *L, lua_Integer from, int to_index, lua_Integer to, lua_Integer i)
{
    charge_entry(L, (lua_Unsigned)i);
    lua_geti(L, 1, from + i);
    lua_seti(L, to_index, to + i);
}

static int move(lua_State *L)
{
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    lua_Integer to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    check_table(L, 1, READ);
    check_table(L, target, WRITE);
    news_charge(L, 4);
    if (first <= last) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3,
                      "too many elements to move");
        lua_Integer count = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
        bool forwards =
            to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        for (lua_Integer i = 0; i < count; i++)
            move_entry(L, first, target, to, forwards ? i : count - 1 - i);
    }
    lua_pushvalue(L, target);
    return 1;
}

/* ---- concat ---- */

static void add_entry(lua_State *L, news_joined *result, lua_Integer i)
{
    int type = lua_geti(L, 1, i);
    if (type != LUA_TSTRING && type != LUA_TNUMBER)
        luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1),
                   (LUAI_UACINT)i);
    news_charge_lookups(L, 1);
    news_charge_bytes(L, type == LUA_TSTRING ? lua_rawlen(L, -1) : 512);
    news_joined_add_value(result);
}

static int concat(lua_State *L)
{
    lua_Integer last = check_length(L, 1, READ);
    size_t len;
    const char *between = luaL_optlstring(L, 2, "", &len);
    lua_Integer i = luaL_optinteger(L, 3, 1);
    last = luaL_optinteger(L, 4, last);
    news_joined result;
    news_joined_begin(L, &result);
    for (; i < last; i++) {
        add_entry(L, &result, i);
        news_charge_bytes(L, len);
        news_joined_add(&result, between, len);
    }
    if (i == last)
        add_entry(L, &result, i);
    news_joined_push(&result);
    return 1;
}

/* ---- pack and unpack ---- */

static int pack(lua_State *L)
{
    int count = lua_gettop(L);
    news_charge_lookups(L, (uint64_t)count);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--)
        lua_seti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

static int unpack(lua_State *L)
{
    lua_Integer i = luaL_optinteger(L, 2, 1);
    lua_Integer last = lua_isnoneornil(L, 3) ? luaL_len(L, 1) : luaL_checkinteger(L, 3);
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)i;
    news_charge(L, 4);
    if (i > last)
        return 0;
    if (count >= INT_MAX || !lua_checkstack(L, (int)++count))
        return luaL_error(L, "too many results to unpack");
    news_charge_lookups(L, count);
    for (; i < last; i++)
        lua_geti(L, 1, i);
    lua_geti(L, 1, last);
    return (int)count;
}

/* ---- sort ---- */

/* Runs of sorted entries are merged, each time from one table into the other: however a comparison
 * lies, the number of comparisons is n log n and no entry is lost. Equal entries keep their order.
 * The table itself is written at the end, all at once. */
enum { TABLE = 1, COMPARISON = 2, SOURCE = 3, TARGET = 4 };

/* In the C locale Lua compares strings by bytes; only that it takes long over each NUL in them. */
static bool is_string_before(lua_State *L)
{
    size_t a_len, b_len;
    const char *a = lua_tolstring(L, -1, &a_len), *b = lua_tolstring(L, -2, &b_len);
    int difference = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return difference != 0 ? difference < 0 : a_len < b_len;
}

/* Whether the value at the top goes before the one below it. Long strings take long. */
static bool goes_before(lua_State *L)
{
    uint64_t price = 2 + (lua_rawlen(L, -1) >> 8) + (lua_rawlen(L, -2) >> 8);
    if (lua_isnil(L, COMPARISON)) {
        news_charge(L, price);
        if (lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING)
            return is_string_before(L);
        return lua_compare(L, -1, -2, LUA_OPLT) != 0;
    }
    news_charge(L, price + 8);
    lua_pushvalue(L, COMPARISON);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -4);
    lua_call(L, 2, 1);
    bool is_before = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is_before;
}

/* Merges source[from, middle) with source[middle, to). The next of the left run lies below the next
 * of the right one on the stack. */
static void merge(lua_State *L, lua_Integer from, lua_Integer middle, lua_Integer to)
{
    lua_Integer left = from, right = middle;
    for (lua_Integer at = from; at < to; at++) {
        bool takes_right = left == middle;
        lua_rawgeti(L, SOURCE, left);
        lua_rawgeti(L, SOURCE, right);
        if (!takes_right && right < to)
            takes_right = goes_before(L);
        lua_pushvalue(L, takes_right ? -1 : -2);
        lua_rawseti(L, TARGET, at);
        lua_pop(L, 2);
        takes_right ? right++ : left++;
    }
    news_charge(L, (uint64_t)(to - from));
}

static lua_Integer lesser(lua_Integer a, lua_Integer b)
{
    return a < b ? a : b;
}

static int sort(lua_State *L)
{
    lua_Integer count = check_length(L, 1, READ | WRITE);
    if (count < 2)
        return 0;
    luaL_argcheck(L, count < INT_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_newtable(L);
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++) {
        charge_entry(L, (lua_Unsigned)i);
        lua_geti(L, TABLE, i);
        lua_rawseti(L, SOURCE, i);
    }
    for (lua_Integer run = 1; run < count; run *= 2) {
        for (lua_Integer from = 1; from <= count; from += 2 * run)
            merge(L, from, lesser(from + run, count + 1), lesser(from + 2 * run, count + 1));
        lua_insert(L, SOURCE); /* what was the target */
    }
    for (lua_Integer i = 1; i <= count; i++) {
        charge_entry(L, (lua_Unsigned)i);
        lua_rawgeti(L, SOURCE, i);
        lua_seti(L, TABLE, i);
    }
    return 0;
}

const luaL_Reg news_table_functions[] = {{"concat", concat}, {"insert", insert},   {"move", move},
                                         {"pack", pack},     {"remove", take_out}, {"sort", sort},
                                         {"unpack", unpack}, {NULL, NULL}};
