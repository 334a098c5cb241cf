/* The Lua state of a context: its life, and the protected call by which everything enters it. */
#include <locale.h>

#include "script/host.h"

news_host *news_host_of(lua_State *L)
{
    return *(news_host **)lua_getextraspace(L);
}

void *news_lua_get(lua_State *L, int index, news_tag tag)
{
    uint32_t *data = lua_touserdata(L, index);
    return data != NULL && *data == (uint32_t)tag ? data : NULL;
}

/* Lua reads and writes numbers, compares strings and classifies letters by the thread's locale;
 * while it runs, that is C's, which the C library has ready. */
news_status news_host_enter(news_host *host, lua_CFunction function, void *argument,
                            news_error *error)
{
    lua_State *L = host->L;
    news_budget_begin(host);
    host->fault = (news_fault){0};
    host->loading = 0;
    host->resumption = NULL;
    host->compiling = NULL;
    locale_t before = uselocale(host->locale);
    lua_settop(L, 0);
    lua_pushcfunction(L, news_lua_on_error);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    int lua_status = lua_pcall(L, 1, 0, 1);
    news_budget_end(host);
    news_status status = lua_status == LUA_OK ? NEWS_OK : news_host_fail(host, lua_status, error);
    lua_settop(L, 0);
    (void)uselocale(before);
    return status;
}

/* ---- Life ---- */

static int open_state(lua_State *L)
{
    /* A render makes many short-lived values, which go at its end (start.c), and before it when
     * memory has doubled. The heap's limit still holds, for at it Lua collects before it gives up.
     */
    lua_gc(L, LUA_GCGEN, 100, 100);
    for (lua_Integer slot = NEWS_SLOT_FIRST; slot < NEWS_SLOT_END; slot++) {
        lua_pushboolean(L, 0);
        lua_rawseti(L, LUA_REGISTRYINDEX, slot);
    }
    news_budget_measure(L);
    news_proxy_open(L);
    news_format_open(L);
    news_out_open(L);
    news_lua_open(L);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_BUILTINS);
    return 0;
}

news_status news_host_new(news_host **result, const news_host_options *options, news_error *error)
{
    news_heap heap;
    news_heap_init(&heap, options->allocator, 0);
    news_host *host = news_heap_alloc(&heap, sizeof *host);
    *result = NULL;
    if (host == NULL)
        return news_error_nomem(error);
    memset(host, 0, sizeof *host);
    host->options = *options;
    host->options.allocator = NULL; /* lives in the heaps */
    news_heap_init(&host->heap, &heap.allocator, options->max_memory);
    host->output_heap = heap;
    news_budget_begin(host);
    host->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    host->L = host->locale != (locale_t)0 ? lua_newstate(news_budget_allocate, host) : NULL;
    if (host->L == NULL) {
        news_status failure = host->heap.over_limit
                                  ? news_error_memory_limit(host, NEWS_STR_NONE, 0, error)
                                  : news_error_nomem(error);
        news_host_free(host);
        return failure;
    }
    *(news_host **)lua_getextraspace(host->L) = host;
    news_status status = news_host_enter(host, open_state, NULL, error);
    if (status != NEWS_OK) {
        news_host_free(host);
        return status;
    }
    *result = host;
    return NEWS_OK;
}

void news_host_free(news_host *host)
{
    if (host == NULL)
        return;
    news_writer_free(host->writer);
    if (host->L != NULL)
        lua_close(host->L);
    news_scripts_free(host);
    news_modules_free(host);
    news_natives_free(host);
    news_layouts_free(host);
    if (host->locale != (locale_t)0)
        freelocale(host->locale);
    news_heap heap = host->output_heap;
    news_heap_free(&heap, host, sizeof *host);
}
