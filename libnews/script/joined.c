/* A string that grows. Lua's own buffers take memory past its collector: where garbage could be
 * collected they fail. */
#include "script/host.h"

void news_joined_begin(lua_State *L, news_joined *joined)
{
    luaL_checkstack(L, 4, NULL);
    lua_pushnil(L);
    *joined = (news_joined){.L = L, .slot = lua_gettop(L), .capacity = sizeof joined->small};
    joined->bytes = joined->small;
}

char *news_joined_reserve(news_joined *joined, size_t extra)
{
    lua_State *L = joined->L;
    if (extra <= joined->capacity - joined->len)
        return joined->bytes + joined->len;
    if (extra > news_host_of(L)->options.max_memory || joined->len > SIZE_MAX / 4)
        (void)news_spend_memory(L);
    size_t capacity = joined->capacity * 2;
    if (capacity < joined->len + extra)
        capacity = joined->len + extra;
    luaL_checkstack(L, 1, NULL);
    char *moved = lua_newuserdatauv(L, capacity, 0);
    memcpy(moved, joined->bytes, joined->len);
    lua_replace(L, joined->slot);
    joined->bytes = moved;
    joined->capacity = capacity;
    return joined->bytes + joined->len;
}

void news_joined_add(news_joined *joined, const char *bytes, size_t len)
{
    if (len != 0)
        memcpy(news_joined_reserve(joined, len), bytes, len);
    joined->len += len;
}

void news_joined_add_value(news_joined *joined)
{
    size_t len;
    const char *bytes = lua_tolstring(joined->L, -1, &len);
    news_joined_add(joined, bytes, len);
    lua_pop(joined->L, 1);
}

void news_joined_push(news_joined *joined)
{
    lua_pushlstring(joined->L, joined->bytes, joined->len);
}
