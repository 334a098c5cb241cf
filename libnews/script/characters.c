/* The library utf8, as Lua has it, paid for by the bytes it looks at. */
#include <limits.h>

#include "script/host.h"

enum { LONGEST = 6 }; /* bytes of a character up to 2^31 - 1, which `lax` allows */

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static news_str check_string(lua_State *L, int index)
{
    size_t len;
    const char *ptr = luaL_checklstring(L, index, &len);
    return news_str_of(ptr, len);
}

static lua_Integer position(lua_Integer given, size_t len)
{
    if (given >= 0)
        return given;
    return (size_t) - (lua_Unsigned)given > len ? 0 : (lua_Integer)len + given + 1;
}

/* The character at `s`, and how many bytes it has; 0 when it is none. A NUL follows the string, so
 * that a character cut short is seen. */
static size_t decode(const char *s, bool is_strict, uint32_t *character)
{
    static const uint32_t least[LONGEST] = {0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000};
    unsigned char first = (unsigned char)*s;
    size_t len = 1;
    uint32_t c = first;
    if (first >= 0x80) {
        if (first < 0xC0 || first >= 0xFE)
            return 0;
        while ((first & 0x80 >> len) != 0)
            len++;
        c = first & (0x7Fu >> len);
        for (size_t i = 1; i < len; i++) {
            if (!continues(s[i]))
                return 0;
            c = c << 6 | ((unsigned char)s[i] & 0x3Fu);
        }
        if (c < least[len - 1])
            return 0;
    }
    if (is_strict && (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)))
        return 0;
    *character = c;
    return len;
}

static size_t encode(uint32_t c, char *to)
{
    size_t len = 1;
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    while (len < LONGEST && c >> (len == 1 ? 7 : 5 * len + 1) != 0)
        len++;
    for (size_t i = len; --i > 0; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)((0xFF00u >> len & 0xFF) | c);
    return len;
}

static int char_of(lua_State *L)
{
    int count = lua_gettop(L);
    news_joined result;
    news_charge(L, (uint64_t)count * 2);
    news_joined_begin(L, &result);
    for (int i = 1; i <= count; i++) {
        lua_Unsigned c = (lua_Unsigned)luaL_checkinteger(L, i);
        luaL_argcheck(L, c <= 0x7FFFFFFF, i, "value out of range");
        char *to = news_joined_reserve(&result, LONGEST);
        result.len += encode((uint32_t)c, to);
    }
    news_joined_push(&result);
    return 1;
}

static int count_characters(lua_State *L)
{
    news_str s = check_string(L, 1);
    lua_Integer at = position(luaL_optinteger(L, 2, 1), s.len);
    lua_Integer last = position(luaL_optinteger(L, 3, -1), s.len), count = 0;
    bool is_lax = lua_toboolean(L, 4);
    luaL_argcheck(L, 1 <= at && --at <= (lua_Integer)s.len, 2, "initial position out of bounds");
    luaL_argcheck(L, --last < (lua_Integer)s.len, 3, "final position out of bounds");
    news_charge(L, last > at ? (uint64_t)(last - at) >> 3 : 1);
    for (uint32_t c; at <= last; count++) {
        size_t len = decode(s.ptr + at, !is_lax, &c);
        if (len == 0) {
            luaL_pushfail(L);
            lua_pushinteger(L, at + 1);
            return 2;
        }
        at += (lua_Integer)len;
    }
    lua_pushinteger(L, count);
    return 1;
}

static int code_points(lua_State *L)
{
    news_str s = check_string(L, 1);
    lua_Integer first = position(luaL_optinteger(L, 2, 1), s.len);
    lua_Integer last = position(luaL_optinteger(L, 3, first), s.len);
    bool is_lax = lua_toboolean(L, 4);
    int count = 0;
    luaL_argcheck(L, first >= 1, 2, "out of bounds");
    luaL_argcheck(L, last <= (lua_Integer)s.len, 3, "out of bounds");
    if (first > last)
        return 0;
    if (last - first >= INT_MAX)
        return luaL_error(L, "string slice too long");
    news_charge(L, (uint64_t)(last - first + 1));
    luaL_checkstack(L, (int)(last - first) + 1, "string slice too long");
    for (const char *at = s.ptr + first - 1; at < s.ptr + last; count++) {
        uint32_t c;
        size_t len = decode(at, !is_lax, &c);
        if (len == 0)
            return luaL_error(L, "invalid UTF-8 code");
        lua_pushinteger(L, c);
        at += len;
    }
    return count;
}

/* Where the n-th character from a position begins. */
static int offset(lua_State *L)
{
    news_str s = check_string(L, 1);
    lua_Integer n = luaL_checkinteger(L, 2), len = (lua_Integer)s.len;
    lua_Integer at = position(luaL_optinteger(L, 3, n >= 0 ? 1 : len + 1), s.len);
    luaL_argcheck(L, 1 <= at && --at <= len, 3, "position out of bounds");
    lua_Integer from = at;
    if (n == 0) {
        while (at > 0 && continues(s.ptr[at]))
            at--;
    } else if (continues(s.ptr[at])) {
        return luaL_error(L, "initial position is a continuation byte");
    } else if (n < 0) {
        for (; n < 0 && at > 0; n++)
            do
                at--;
            while (at > 0 && continues(s.ptr[at]));
    } else {
        for (n--; n > 0 && at < len; n--)
            do
                at++;
            while (continues(s.ptr[at])); /* stops at the NUL */
    }
    news_charge(L, 1 + (uint64_t)(from < at ? at - from : from - at) / 8);
    if (n == 0)
        lua_pushinteger(L, at + 1);
    else
        luaL_pushfail(L);
    return 1;
}

/* The character after the one at a position, as a for loop asks. */
static int next_code(lua_State *L, bool is_strict)
{
    news_str s = check_string(L, 1);
    lua_Unsigned at = (lua_Unsigned)lua_tointeger(L, 2), from = at;
    if (at < s.len) /* from 1; what continues the character before is passed over */
        while (continues(s.ptr[at]))
            at++;
    news_charge(L, 2 + (at - from) / 8);
    if (at >= s.len)
        return 0;
    uint32_t c;
    size_t len = decode(s.ptr + at, is_strict, &c);
    if (len == 0 || continues(s.ptr[at + len]))
        return luaL_error(L, "invalid UTF-8 code");
    lua_pushinteger(L, (lua_Integer)at + 1);
    lua_pushinteger(L, c);
    return 2;
}

static int next_strict(lua_State *L)
{
    return next_code(L, true);
}

static int next_lax(lua_State *L)
{
    return next_code(L, false);
}

static int codes(lua_State *L)
{
    bool is_lax = lua_toboolean(L, 2);
    const char *s = luaL_checkstring(L, 1);
    luaL_argcheck(L, !continues(*s), 1, "invalid UTF-8 code");
    lua_pushcfunction(L, is_lax ? next_lax : next_strict);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

void news_characters_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"char", char_of},  {"codepoint", code_points},
                                         {"codes", codes},   {"len", count_characters},
                                         {"offset", offset}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_pushlstring(L, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
    lua_setfield(L, -2, "charpattern");
}
