/* A table's keys in a fixed order: whole numbers, other numbers, strings by bytes. Lua's own order
 * depends on addresses and the clock, which would break "same input, same bytes". */
#include "script/host.h"

typedef struct {
    int order; /* whole numbers, other numbers, strings */
    lua_Integer integer;
    lua_Number number;
    news_str string;
    lua_Integer place; /* where the array holds the key */
} sort_key;

static int compare_keys(const sort_key *a, const sort_key *b)
{
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->order == 0)
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    if (a->order == 1)
        return a->number < b->number ? -1 : a->number > b->number;
    size_t shorter = a->string.len < b->string.len ? a->string.len : b->string.len;
    int difference = memcmp(a->string.ptr, b->string.ptr, shorter);
    if (difference != 0)
        return difference;
    return a->string.len < b->string.len ? -1 : a->string.len > b->string.len;
}

/* Moves keys[root] down to where it belongs in the heap of `count` keys. */
static void sift(sort_key *keys, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare_keys(&keys[child], &keys[child + 1]) < 0)
            child++;
        if (compare_keys(&keys[root], &keys[child]) >= 0)
            return;
        sort_key moved = keys[root];
        keys[root] = keys[child];
        keys[child] = moved;
    }
}

/* Takes no memory, as the C library's qsort may. */
static void sort_keys(sort_key *keys, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(keys, i, count);
    for (size_t last = count; last-- > 1;) {
        sort_key largest = keys[0];
        keys[0] = keys[last];
        keys[last] = largest;
        sift(keys, 0, last);
    }
}

/* For finding, comparing and placing them. Long keys take long to compare. */
static void charge_keys(lua_State *L, size_t count, size_t bytes)
{
    uint64_t logarithm = 1;
    while (count >> logarithm != 0)
        logarithm++;
    news_charge_lookups(L, 2 * (uint64_t)count);
    news_charge(L, 4 + logarithm * (count + bytes / 128));
}

/* Reads the key at the top of the stack. */
static void read_key(lua_State *L, sort_key *key)
{
    *key = (sort_key){0};
    if (lua_isinteger(L, -1)) {
        key->integer = lua_tointeger(L, -1);
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        key->order = 1;
        key->number = lua_tonumber(L, -1);
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        key->order = 2;
        key->string.ptr = lua_tolstring(L, -1, &key->string.len);
    } else {
        luaL_error(L,
                   "keys must be numbers or strings, to be visited in a fixed order; this table "
                   "has a key that is a %s",
                   luaL_typename(L, -1));
    }
}

lua_Integer news_push_sorted_keys(lua_State *L, int table)
{
    size_t count = 0, at = 0, bytes = 0;
    table = lua_absindex(L, table);
    luaL_checkstack(L, 8, NULL);
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TLIGHTUSERDATA) /* the library's own */
            continue;
        bytes += lua_type(L, -2) == LUA_TSTRING ? lua_rawlen(L, -2) : 0;
        if (++count % 64 == 0)
            news_charge_lookups(L, 64);
    }
    charge_keys(L, count, bytes);
    lua_createtable(L, count < INT32_MAX ? (int)count : 0, 0);
    int sorted = lua_gettop(L);
    lua_createtable(L, count < INT32_MAX ? (int)count : 0, 0);
    int unsorted = lua_gettop(L);
    sort_key *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0);
    /* A weak table may have lost some meanwhile, but gains none. */
    for (lua_pushnil(L); lua_next(L, table) != 0 && at < count;) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TLIGHTUSERDATA)
            continue;
        read_key(L, &keys[at]);
        at++;
        keys[at - 1].place = (lua_Integer)at;
        lua_pushvalue(L, -1);
        lua_rawseti(L, unsorted, (lua_Integer)at);
    }
    sort_keys(keys, at);
    for (size_t i = 0; i < at; i++) {
        lua_rawgeti(L, unsorted, keys[i].place);
        lua_rawseti(L, sorted, (lua_Integer)i + 1);
    }
    lua_settop(L, sorted);
    return (lua_Integer)at;
}

/* ---- Names that are known ---- */

static news_str name_at(void *ud, size_t i)
{
    const char *const *names = ud;
    return news_str_from(names[i]);
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

void news_lua_check_keys(lua_State *L, int table, const char *const *names, size_t count,
                         const char *unnamed, const char *unknown)
{
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        news_charge(L, 1);
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "%s", unnamed);
    }
    lua_Integer keys = news_push_sorted_keys(L, table);
    for (lua_Integer i = 1; i <= keys; i++, lua_pop(L, 1)) {
        (void)lua_rawgeti(L, -1, i);
        const char *key = lua_tostring(L, -1);
        if (is_among(names, count, key))
            continue;
        news_charge_nearest(L, count);
        ptrdiff_t nearest =
            news_nearest(news_str_from(key), count, name_at, (void *)(uintptr_t)names);
        if (nearest >= 0)
            luaL_error(L, "%s '%s'; did you mean '%s'?", unknown, key, names[nearest]);
        luaL_error(L, "%s '%s'", unknown, key);
    }
    lua_pop(L, 1);
}
