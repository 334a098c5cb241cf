/* From a Lua error to a news_error: which file and line, in which words. */
#include <stdio.h>
#include <stdlib.h>

#include "script/host.h"

/* Cuts "source:12: " from the front of a message and returns the line, or 0 when it is not there.
 */
static int cut_place(const char *source, const char **message)
{
    size_t length = strlen(source);
    const char *at = *message;
    if (length == 0 || strncmp(at, source, length) != 0 || at[length] != ':')
        return 0;
    at += length + 1;
    int line = 0;
    for (; news_is_digit(*at) && line < 100000000; at++)
        line = line * 10 + (*at - '0');
    if (at[0] != ':' || at[1] != ' ')
        return 0;
    *message = at + 2;
    return line;
}

/* Lua's own name of a chunk without the mark that says how to show it. */
static const char *plain_source(const char *source)
{
    return *source == '=' || *source == '@' ? source + 1 : source;
}

int news_lua_on_error(lua_State *L)
{
    news_host *host = news_host_of(L);
    lua_Debug activation;
    if (lua_type(L, 1) != LUA_TSTRING) {
        if (luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL)
            lua_pop(L, 1);
        lua_pushfstring(L, "the script raised an error that is %s, not a string",
                        luaL_typename(L, 1));
        lua_replace(L, 1);
    }
    if (host->fault_source[0] != '\0') /* somebody knew better */
        return 1;
    for (int level = 0; lua_getstack(L, level, &activation) != 0; level++) {
        if (lua_getinfo(L, "Sl", &activation) == 0 || activation.currentline <= 0)
            continue;
        news_error_copy(host->fault_source, sizeof host->fault_source,
                        news_str_from(plain_source(activation.source)), true);
        host->fault_line = activation.currentline;
        break;
    }
    return 1;
}

/* Lua shortens a chunk's name in messages. */
static void short_source(const char *source, char to[LUA_IDSIZE])
{
    size_t length = strlen(source);
    length = length < LUA_IDSIZE ? length : LUA_IDSIZE - 1;
    memcpy(to, source, length);
    to[length] = '\0';
}

int news_lua_syntax_error(lua_State *L, const char *chunk_name)
{
    news_host *host = news_host_of(L);
    char shortened[LUA_IDSIZE];
    const char *message = lua_tostring(L, -1);
    short_source(plain_source(chunk_name), shortened);
    host->fault_line = cut_place(shortened, &message);
    news_error_copy(host->fault_source, sizeof host->fault_source,
                    news_str_from(plain_source(chunk_name)), true);
    lua_pushstring(L, message);
    return lua_error(L);
}

news_status news_host_fail(news_host *host, int lua_status, news_error *error)
{
    lua_State *L = host->L;
    if (host->spent == NEWS_OK && lua_status == LUA_ERRMEM) {
        if (!host->heap.over_limit)
            return news_error_nomem(error);
        return news_error_set(error, NEWS_ERR_LIMIT, news_str_from(host->fault_source),
                              (uint32_t)host->fault_line, 0,
                              "the scripts used more memory than the %zu KiB they may",
                              host->options.max_memory / 1024);
    }
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error";
    char shortened[LUA_IDSIZE];
    short_source(host->fault_source, shortened);
    (void)cut_place(shortened, &message);
    news_status status = host->spent != NEWS_OK ? host->spent : NEWS_ERR_SCRIPT;
    return news_error_set(error, status, news_str_from(host->fault_source),
                          (uint32_t)host->fault_line, 0, "%s", message);
}

static news_str field_at(void *ud, size_t i)
{
    return news_field_name(news_kind_field_at(*(const news_kind *)ud, i));
}

int news_lua_field_error(lua_State *L, news_kind kind, news_str name)
{
    size_t count = 0;
    while (news_kind_field_at(kind, count) != NEWS_FIELD_COUNT)
        count++;
    ptrdiff_t nearest = news_nearest(name, count, field_at, &kind);
    lua_pushlstring(L, name.ptr, name.len);
    const char *text = lua_tostring(L, -1);
    if (nearest >= 0)
        return luaL_error(L, "a node of kind %s has no field '%s'; did you mean '%s'?",
                          news_kind_name(kind), text, field_at(&kind, (size_t)nearest).ptr);
    return luaL_error(L, "a node of kind %s has no field '%s'", news_kind_name(kind), text);
}
