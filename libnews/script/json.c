/* news.json: a Lua value as JSON (RFC 8259) that may stand inside a script element: "<", ">" and
 * "&" and the two line separators JavaScript once disliked are written as escapes. */
#include <math.h>

#include "script/host.h"
#include "text/text.h"

enum { DEEPEST = 32 };

static void add_string(luaL_Buffer *buffer, news_str s)
{
    static const char hex[] = "0123456789abcdef";
    luaL_addchar(buffer, '"');
    for (size_t at = 0; at < s.len;) {
        uint32_t c;
        size_t len = news_utf8_decode(s, at, &c);
        char escape[] = "\\u0000";
        if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
            for (int digit = 0; digit < 4; digit++)
                escape[2 + digit] = hex[c >> (12 - 4 * digit) & 15];
            luaL_addstring(buffer, escape);
        } else if (c == '"' || c == '\\') {
            luaL_addchar(buffer, '\\');
            luaL_addchar(buffer, (char)c);
        } else if (c == 0xFFFD && len == 1) {
            luaL_addstring(buffer, "\xEF\xBF\xBD");
        } else {
            luaL_addlstring(buffer, s.ptr + at, len);
        }
        at += len;
    }
    luaL_addchar(buffer, '"');
}

/* Replaces the value at the top of the stack by its JSON, a string. */
static void encode(lua_State *L, int depth);

static int sort_keys(lua_State *L, int table)
{
    /* Keys in order of bytes: an array, sorted with table.sort's own code. */
    lua_newtable(L);
    int keys = lua_gettop(L), count = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0;) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "news.json: a table's keys must be strings, or 1 to its length");
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys, ++count);
    }
    /* Insertion into place: tables for JSON are small. */
    for (int i = 2; i <= count; i++)
        for (int j = i; j > 1; j--) {
            lua_rawgeti(L, keys, j - 1);
            lua_rawgeti(L, keys, j);
            if (!lua_compare(L, -1, -2, LUA_OPLT)) {
                lua_pop(L, 2);
                break;
            }
            lua_rawseti(L, keys, j - 1);
            lua_rawseti(L, keys, j);
        }
    return count;
}

static void encode_array(lua_State *L, int value, lua_Integer length, int depth)
{
    lua_pushliteral(L, "[");
    for (lua_Integer i = 1; i <= length; i++) {
        if (i > 1)
            lua_pushliteral(L, ",");
        lua_geti(L, value, i);
        encode(L, depth + 1);
        lua_concat(L, i > 1 ? 3 : 2);
    }
    lua_pushliteral(L, "]");
    lua_concat(L, 2);
}

static void encode_object(lua_State *L, int value, int depth)
{
    int count = sort_keys(L, value);
    int keys = lua_gettop(L);
    lua_pushliteral(L, "{");
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            lua_pushliteral(L, ",");
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        lua_gettable(L, value);
        lua_insert(L, -2);
        encode(L, depth + 1);
        lua_insert(L, -2);
        encode(L, depth + 1);
        lua_pushliteral(L, ":");
        lua_insert(L, -2);
        lua_concat(L, i > 1 ? 5 : 4);
    }
    lua_pushliteral(L, "}");
    lua_concat(L, 2);
    lua_remove(L, keys);
}

static void encode_number(lua_State *L)
{
    if (lua_isinteger(L, -1)) {
        lua_tostring(L, -1);
        return;
    }
    lua_Number number = lua_tonumber(L, -1);
    if (!isfinite(number))
        luaL_error(L, "news.json: a number that is not finite");
    /* Lua writes floats in the host's locale. */
    lua_pushfstring(L, "%f", number);
    luaL_gsub(L, lua_tostring(L, -1), ",", ".");
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static void encode(lua_State *L, int depth)
{
    int value = lua_gettop(L);
    news_date date;
    luaL_Buffer buffer;
    if (depth > DEEPEST)
        luaL_error(L, "news.json: nested more than %d deep", DEEPEST);
    luaL_checkstack(L, 12, NULL);
    switch (lua_type(L, value)) {
    case LUA_TNIL: lua_pushliteral(L, "null"); break;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, value) ? "true" : "false"); break;
    case LUA_TNUMBER:
        lua_pushvalue(L, value);
        encode_number(L);
        break;
    case LUA_TSTRING: {
        size_t len;
        const char *ptr = lua_tolstring(L, value, &len);
        luaL_buffinit(L, &buffer);
        add_string(&buffer, news_str_of(ptr, len));
        luaL_pushresult(&buffer);
        break;
    }
    case LUA_TTABLE:
        if (news_get_date(L, value, &date) && luaL_getmetafield(L, value, "__tostring")) {
            lua_pop(L, 1);
            luaL_tolstring(L, value, NULL);
            encode(L, depth + 1);
        } else if (luaL_len(L, value) > 0) {
            encode_array(L, value, luaL_len(L, value), depth);
        } else {
            encode_object(L, value, depth);
        }
        break;
    case LUA_TUSERDATA: {
        const news_node *node = news_get_node(L, value);
        if (node != NULL && node->kind == NEWS_KIND_SEQUENCE) {
            encode_array(L, value, luaL_len(L, value), depth);
            break;
        }
        luaL_error(L, "news.json: a node is not data; take its fields");
        break;
    }
    default: luaL_error(L, "news.json: a %s is not data", luaL_typename(L, value));
    }
    lua_replace(L, value);
    lua_settop(L, value);
}

int news_lua_json(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    encode(L, 0);
    return 1;
}
