/* news.json: a Lua value as JSON (RFC 8259) that may stand inside a script element: "<", ">" and
 * "&" and the two line separators JavaScript once disliked are written as escapes. */
#include <math.h>

#include "script/host.h"

enum { DEEPEST = 32 };

/* Pieces of the output collect in a Lua table, for an error may end the encoding anywhere. */
typedef struct {
    lua_State *L;
    int pieces; /* stack index */
    lua_Integer count;
} encoder;

/* Takes the string at the top of the stack as the next piece. */
static void add_top(encoder *e)
{
    lua_rawseti(e->L, e->pieces, ++e->count);
}

static void add_literal(encoder *e, const char *literal)
{
    lua_pushstring(e->L, literal);
    add_top(e);
}

static void add_string(encoder *e, news_str s)
{
    static const char hex[] = "0123456789abcdef";
    news_joined buffer;
    news_charge(e->L, 4 + (s.len >> 2));
    news_joined_begin(e->L, &buffer);
    news_joined_add_char(&buffer, '"');
    for (size_t at = 0; at < s.len;) {
        uint32_t c;
        size_t len = news_utf8_decode(s, at, &c);
        char escape[] = "\\u0000";
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '<' || c == '>' || c == '&' ||
            c == 0x2028 || c == 0x2029) {
            for (int digit = 0; digit < 4; digit++)
                escape[2 + digit] = hex[c >> (12 - 4 * digit) & 15];
            news_joined_add(&buffer, escape, sizeof escape - 1);
        } else if (c == '"' || c == '\\') {
            news_joined_add_char(&buffer, '\\');
            news_joined_add_char(&buffer, (char)c);
        } else if (c == 0xFFFD && len == 1) {
            news_joined_add(&buffer, "\xEF\xBF\xBD", 3);
        } else {
            news_joined_add(&buffer, s.ptr + at, len);
        }
        at += len;
    }
    news_joined_add_char(&buffer, '"');
    news_joined_push(&buffer);
    add_top(e);
    lua_pop(e->L, 1);
}

static void add_number(encoder *e, int index)
{
    lua_State *L = e->L;
    if (!isfinite(lua_tonumber(L, index)))
        luaL_error(L, "news.json: a number that is not finite");
    news_charge(L, 32);
    lua_pushvalue(L, index);
    (void)lua_tostring(L, -1);
    add_top(e);
}

static void add_value(encoder *e, int depth);

static void add_array(encoder *e, int value, lua_Integer length, int depth)
{
    add_literal(e, "[");
    for (lua_Integer i = 1; i <= length; i++) {
        if (i > 1)
            add_literal(e, ",");
        lua_geti(e->L, value, i);
        add_value(e, depth + 1);
    }
    add_literal(e, "]");
}

static void add_object(encoder *e, int value, int depth)
{
    lua_State *L = e->L;
    lua_Integer count = news_push_sorted_keys(L, value);
    int keys = lua_gettop(L);
    add_literal(e, "{");
    for (lua_Integer i = 1; i <= count; i++) {
        size_t len;
        if (i > 1)
            add_literal(e, ",");
        if (lua_rawgeti(L, keys, i) != LUA_TSTRING)
            luaL_error(L, "news.json: a table's keys must be strings, or 1 to its length");
        const char *key = lua_tolstring(L, -1, &len);
        add_string(e, news_str_of(key, len));
        add_literal(e, ":");
        lua_gettable(L, value);
        add_value(e, depth + 1);
    }
    add_literal(e, "}");
    lua_pop(L, 1);
}

static void add_table(encoder *e, int value, int depth)
{
    lua_State *L = e->L;
    news_date date;
    char text[48];
    if (lua_getmetatable(L, value)) {
        lua_pop(L, 1);
        if (news_get_date(L, value, &date)) {
            add_string(e, news_str_of(text, news_date_iso(&date, text, sizeof text)));
            return;
        }
    }
    lua_Integer length = (lua_Integer)lua_rawlen(L, value);
    if (length > 0)
        add_array(e, value, length, depth);
    else
        add_object(e, value, depth);
}

/* Encodes the value at the top of the stack and takes it off. */
static void add_value(encoder *e, int depth)
{
    lua_State *L = e->L;
    int value = lua_gettop(L);
    if (depth > DEEPEST)
        luaL_error(L, "news.json: nested more than %d deep", DEEPEST);
    luaL_checkstack(L, 16, NULL);
    news_charge_lookups(L, 4);
    switch (lua_type(L, value)) {
    case LUA_TNIL: add_literal(e, "null"); break;
    case LUA_TBOOLEAN: add_literal(e, lua_toboolean(L, value) ? "true" : "false"); break;
    case LUA_TNUMBER: add_number(e, value); break;
    case LUA_TSTRING: {
        size_t len;
        const char *ptr = lua_tolstring(L, value, &len);
        add_string(e, news_str_of(ptr, len));
        break;
    }
    case LUA_TTABLE: add_table(e, value, depth); break;
    case LUA_TUSERDATA: {
        const news_node *node = news_get_node(L, value);
        if (node == NULL || node->kind != NEWS_KIND_SEQUENCE)
            luaL_error(L, "news.json: a node is not data; take its fields");
        add_array(e, value, luaL_len(L, value), depth);
        break;
    }
    default: luaL_error(L, "news.json: a %s is not data", luaL_typename(L, value));
    }
    lua_settop(L, value - 1);
}

int news_lua_json(lua_State *L)
{
    news_joined buffer;
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    lua_newtable(L);
    encoder e = {L, 2, 0};
    lua_pushvalue(L, 1);
    add_value(&e, 0);
    news_joined_begin(L, &buffer);
    for (lua_Integer i = 1; i <= e.count; i++) {
        lua_rawgeti(L, e.pieces, i);
        news_joined_add_value(&buffer);
    }
    news_charge_bytes(L, buffer.len);
    news_joined_push(&buffer);
    return 1;
}
