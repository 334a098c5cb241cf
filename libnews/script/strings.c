/* The library string: Lua's functions of that name, with results bounded before they are made and
 * paid for by the bytes they touch. Patterns are in pattern.c. */
#include <math.h>

#include "script/host.h"

static news_str check_string(lua_State *L, int index)
{
    size_t len;
    const char *ptr = luaL_checklstring(L, index, &len);
    return news_str_of(ptr, len);
}

/* ---- Positions, as string.sub takes them ---- */

static size_t first_position(lua_Integer position, size_t len)
{
    if (position > 0)
        return (size_t)position;
    if (position == 0 || position < -(lua_Integer)len)
        return 1;
    return len + (size_t)position + 1;
}

static size_t last_position(lua_State *L, int index, lua_Integer otherwise, size_t len)
{
    lua_Integer position = luaL_optinteger(L, index, otherwise);
    if (position > (lua_Integer)len)
        return len;
    if (position >= 0)
        return (size_t)position;
    if (position < -(lua_Integer)len)
        return 0;
    return len + (size_t)position + 1;
}

static int get_length(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)check_string(L, 1).len);
    return 1;
}

static int sub(lua_State *L)
{
    news_str s = check_string(L, 1);
    size_t first = first_position(luaL_checkinteger(L, 2), s.len);
    size_t last = last_position(L, 3, -1, s.len);
    size_t len = first <= last ? last - first + 1 : 0;
    news_charge_bytes(L, len);
    lua_pushlstring(L, len != 0 ? s.ptr + first - 1 : "", len);
    return 1;
}

static int byte(lua_State *L)
{
    news_str s = check_string(L, 1);
    lua_Integer from = luaL_optinteger(L, 2, 1);
    size_t first = first_position(from, s.len), last = last_position(L, 3, from, s.len);
    if (first > last)
        return 0;
    size_t count = last - first + 1;
    news_charge(L, count);
    if (count >= INT32_MAX)
        return luaL_error(L, "string slice too long");
    luaL_checkstack(L, (int)count, "string slice too long");
    for (size_t i = 0; i < count; i++)
        lua_pushinteger(L, (unsigned char)s.ptr[first - 1 + i]);
    return (int)count;
}

/* ---- New strings ---- */

static int char_of(lua_State *L)
{
    int count = lua_gettop(L);
    news_joined result;
    news_charge(L, (uint64_t)count);
    news_joined_begin(L, &result);
    for (int i = 1; i <= count; i++) {
        lua_Unsigned c = (lua_Unsigned)luaL_checkinteger(L, i);
        luaL_argcheck(L, c <= 255, i, "value out of range");
        news_joined_add_char(&result, (char)c);
    }
    news_joined_push(&result);
    return 1;
}

static char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static int map(lua_State *L, char (*function)(char c))
{
    news_str s = check_string(L, 1);
    news_joined result;
    news_charge_bytes(L, s.len);
    news_joined_begin(L, &result);
    char *to = news_joined_reserve(&result, s.len);
    for (size_t i = 0; i < s.len; i++)
        to[i] = function(s.ptr[i]);
    result.len = s.len;
    news_joined_push(&result);
    return 1;
}

static int lower(lua_State *L)
{
    return map(L, news_to_lower);
}

static int upper(lua_State *L)
{
    return map(L, to_upper);
}

static int reverse(lua_State *L)
{
    news_str s = check_string(L, 1);
    news_joined result;
    news_charge_bytes(L, s.len);
    news_joined_begin(L, &result);
    char *to = news_joined_reserve(&result, s.len);
    for (size_t i = 0; i < s.len; i++)
        to[i] = s.ptr[s.len - 1 - i];
    result.len = s.len;
    news_joined_push(&result);
    return 1;
}

static int rep(lua_State *L)
{
    news_str s = check_string(L, 1);
    lua_Integer count = luaL_checkinteger(L, 2);
    news_str between = news_str_of("", 0);
    if (!lua_isnoneornil(L, 3))
        between = check_string(L, 3);
    if (count <= 0 || s.len + between.len == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    size_t most = news_host_of(L)->options.max_memory, unit = s.len + between.len;
    if (unit > most || (lua_Unsigned)count > most / unit + 1)
        return news_spend_memory(L);
    size_t len = unit * (size_t)count - between.len;
    news_joined result;
    news_charge_bytes(L, len);
    news_joined_begin(L, &result);
    char *to = news_joined_reserve(&result, len + between.len);
    /* The first unit, then as much again as is there. */
    memcpy(to, s.ptr, s.len);
    if (count > 1) {
        memcpy(to + s.len, between.ptr, between.len);
        for (size_t done = unit; done < len; done += done < len - done ? done : len - done)
            memcpy(to + done, to, done < len - done ? done : len - done);
    }
    result.len = len;
    news_joined_push(&result);
    return 1;
}

/* ---- tostring and format ---- */

/* Numbers far from 1 have many digits to be found. */
static void charge_number(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TNUMBER && !lua_isinteger(L, index))
        news_charge(L, 32);
}

/* Without the address that Lua shows for a table or a function. */
int news_lua_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    charge_number(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
    case LUA_TTHREAD:
        if (news_lua_metafield(L, 1, "__tostring") == LUA_TNIL) {
            lua_pushstring(L, luaL_typename(L, 1));
            return 1;
        }
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        if (!lua_isstring(L, -1))
            luaL_error(L, "'__tostring' must return a string");
        return 1;
    default: luaL_tolstring(L, 1, NULL); return 1;
    }
}

static bool is_data(lua_State *L, int index)
{
    int type = lua_type(L, index);
    return type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN || type == LUA_TNIL;
}

/* What a directive and its argument may come to, and how long it takes. */
static size_t price_directive(lua_State *L, int index, char type)
{
    enum { LONGEST_NUMBER = 512 };
    if (lua_type(L, index) == LUA_TSTRING) {
        size_t len = lua_rawlen(L, index);
        if (type == 'q')
            news_charge(L, len * 2); /* each control character in it is a number */
        return LONGEST_NUMBER + len * (type == 'q' ? 4 : 1);
    }
    charge_number(L, index);
    if (type == 'f' && fabs(lua_tonumber(L, index)) > 1e20)
        news_charge(L, 400);
    return LONGEST_NUMBER;
}

/* Upvalue 1: Lua's own. It shows no addresses: what is no number or string is one beforehand. */
static int format(lua_State *L)
{
    int last = lua_gettop(L), argument = 1;
    news_str text = check_string(L, 1);
    size_t len = text.len;
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] != '%')
            continue;
        at++;
        while (at < text.len && text.ptr[at] != '\0' && strchr("-+ #0123456789.", text.ptr[at]))
            at++;
        char type = at < text.len ? text.ptr[at] : '\0';
        if (type == 'p')
            return luaL_error(L, "string.format: %%p would show an address");
        if (type == '%' || ++argument > last)
            continue;
        news_charge(L, 16);
        if (!is_data(L, argument)) {
            lua_pushcfunction(L, news_lua_tostring);
            lua_pushvalue(L, argument);
            lua_call(L, 1, 1);
            lua_replace(L, argument);
        }
        len += price_directive(L, argument, type);
    }
    news_charge_bytes(L, len);
    news_lua_reserve(L, len);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* ---- pack and unpack ---- */

/* What the fixed sizes of a pack format come to: "c10" is ten bytes. */
static size_t add_sizes(news_str format)
{
    size_t sum = 0;
    for (size_t at = 0; at < format.len; at++) {
        size_t size = 0;
        bool is_bytes = format.ptr[at] == 'c';
        while (at + 1 < format.len && news_is_digit(format.ptr[at + 1]) && size < SIZE_MAX / 16)
            size = size * 10 + (size_t)(format.ptr[++at] - '0');
        if (is_bytes)
            sum = size < SIZE_MAX / 2 - sum ? sum + size : SIZE_MAX / 2;
    }
    return sum;
}

/* Upvalue 1: Lua's own. */
static int pack(lua_State *L)
{
    news_str format = check_string(L, 1);
    size_t len = add_sizes(format), most = news_host_of(L)->options.max_memory;
    for (int i = 2; i <= lua_gettop(L); i++)
        len += lua_type(L, i) == LUA_TSTRING ? lua_rawlen(L, i) : 0;
    if (len > most || format.len > most / 16)
        return news_spend_memory(L);
    len += format.len * 16;
    news_charge_bytes(L, len);
    news_lua_reserve(L, len);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* Upvalue 1: Lua's own, unpack or packsize. */
static int read_packed(lua_State *L)
{
    news_charge(L, 4 + check_string(L, 1).len);
    if (lua_type(L, 2) == LUA_TSTRING)
        news_charge(L, lua_rawlen(L, 2) >> 8); /* the end of a string in it may be far */
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* ---- Setting up ---- */

/* Replaces a function of the library at the top by one that calls it. */
static void guard(lua_State *L, const char *name, lua_CFunction function)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

/* Methods of strings come from a table of their own, which no script can reach. */
static void lock_metatable(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -5) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

void news_strings_open(lua_State *L)
{
    static const luaL_Reg own[] = {{"byte", byte},   {"char", char_of}, {"len", get_length},
                                   {"lower", lower}, {"rep", rep},      {"reverse", reverse},
                                   {"sub", sub},     {"upper", upper},  {NULL, NULL}};
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 0);
    luaL_setfuncs(L, own, 0);
    luaL_setfuncs(L, news_pattern_functions, 0);
    guard(L, "format", format);
    guard(L, "pack", pack);
    guard(L, "unpack", read_packed);
    guard(L, "packsize", read_packed);
    lua_pushnil(L);
    lua_setfield(L, -2, "dump");
    lock_metatable(L);
}
