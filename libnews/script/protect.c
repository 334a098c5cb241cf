/* Errors that a script catches, and coroutines.
 *
 * Whoever catches an error finds the render as it was: lines, prefixes and captures that were begun
 * meanwhile have ended, and what had been written stays. Nothing catches what ends a script for
 * good (budget.c).
 *
 * A coroutine cannot yield across a C function of ours, which would leave open what that had begun.
 * So when it goes on, nothing of it is open but what those who resume it have begun. */
#include "script/host.h"

/* ---- Going back ---- */

typedef struct {
    uint64_t resumption; /* of the coroutine that ran; 0: none */
    unsigned loading;
    news_writer_nesting nesting;
    unsigned captures, depth, defining;
    const news_node *node, *shown, *open_list;
    const news_template *template;
    size_t running;
    uint32_t running_chain;
} savepoint;

struct news_resumption {
    struct news_resumption *outer;
    uint64_t number;
    savepoint entry;
};

static void save(const news_host *host, savepoint *saved)
{
    const news_render_state *render = host->render;
    *saved = (savepoint){.loading = host->loading};
    if (host->resumption != NULL)
        saved->resumption = host->resumption->number;
    if (render == NULL)
        return;
    saved->nesting = news_writer_get_nesting(render->writer);
    saved->captures = render->captures;
    saved->depth = render->depth;
    saved->defining = render->defining;
    saved->node = render->node;
    saved->template = render->template;
    saved->shown = render->shown;
    saved->open_list = render->open_list;
    saved->running = render->running;
    saved->running_chain = render->running_chain;
}

/* What was saved before a yield tells nothing any more; then it is the last resumption that counts.
 */
static const savepoint *still_valid(const news_host *host, const savepoint *saved)
{
    const struct news_resumption *resumption = host->resumption;
    if (resumption == NULL || saved->resumption == resumption->number)
        return saved;
    return &resumption->entry;
}

static void go_back(lua_State *L, const savepoint *saved)
{
    news_host *host = news_host_of(L);
    news_render_state *render = host->render;
    saved = still_valid(host, saved);
    host->loading = saved->loading;
    host->compiling = NULL;
    host->fault = (news_fault){0}; /* what is caught is forgotten */
    if (render == NULL)
        return;
    news_writer_rewind(render->writer, saved->nesting);
    render->captures = saved->captures;
    render->depth = saved->depth;
    render->defining = saved->defining;
    render->node = saved->node;
    render->template = saved->template;
    render->shown = saved->shown;
    render->open_list = saved->open_list;
    render->running = saved->running;
    render->running_chain = saved->running_chain;
    news_check_writer(L, render);
}

/* An error's message names what was wrong, for which Lua reads the function's code. */
static void catch_error(lua_State *L, int status, const savepoint *saved)
{
    news_check_caught(L, status);
    news_charge(L, 50 + (news_host_of(L)->budget.largest >> 3));
    news_charge_depth(L);
    go_back(L, saved);
}

/* ---- pcall and xpcall ---- */

/* At index 1 stands the savepoint; the results, `true` before them, begin behind `first`. */
static int end_call(lua_State *L, int status, lua_KContext first)
{
    const savepoint *saved = lua_touserdata(L, 1);
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)first;
    catch_error(L, status, saved);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static void insert_savepoint(lua_State *L)
{
    savepoint *saved = lua_newuserdatauv(L, sizeof *saved, 0);
    save(news_host_of(L), saved);
    lua_insert(L, 1);
}

int news_lua_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    news_charge(L, 4 + ((uint64_t)lua_gettop(L) >> 4));
    luaL_checkstack(L, 2, NULL);
    insert_savepoint(L);
    lua_pushboolean(L, 1);
    lua_insert(L, 2);
    int status = lua_pcallk(L, lua_gettop(L) - 3, LUA_MULTRET, 0, 1, end_call);
    return end_call(L, status, 1);
}

/* Upvalue 1: the script's own handler, which is not asked once the script is over. */
static int contain_handler(lua_State *L)
{
    if (news_host_of(L)->spent != NEWS_OK)
        return 1;
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_OK)
        return 1;
    news_check_caught(L, status);
    lua_pushliteral(L, "error in error handling");
    return 1;
}

int news_lua_xpcall(lua_State *L)
{
    luaL_checktype(L, 2, LUA_TFUNCTION);
    news_charge(L, 4 + ((uint64_t)lua_gettop(L) >> 4));
    luaL_checkstack(L, 4, NULL);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, contain_handler, 1);
    lua_replace(L, 2);
    insert_savepoint(L); /* savepoint, function, handler, arguments */
    lua_pushvalue(L, 2);
    lua_remove(L, 2);
    lua_insert(L, 3);
    lua_pushboolean(L, 1);
    lua_insert(L, 3); /* savepoint, handler, true, function, arguments */
    int status = lua_pcallk(L, lua_gettop(L) - 4, LUA_MULTRET, 2, 2, end_call);
    return end_call(L, status, 2);
}

/* ---- Coroutines ---- */

enum { MOST_COROUTINES = 256 };

static lua_State *check_coroutine(lua_State *L)
{
    lua_State *coroutine = lua_tothread(L, 1);
    if (coroutine == NULL)
        luaL_typeerror(L, 1, "coroutine");
    return coroutine;
}

static const char *status_of(lua_State *L, lua_State *coroutine)
{
    lua_Debug activation;
    if (L == coroutine)
        return "running";
    switch (lua_status(coroutine)) {
    case LUA_YIELD: return "suspended";
    case LUA_OK:
        if (lua_getstack(coroutine, 0, &activation) != 0)
            return "normal";
        return lua_gettop(coroutine) != 0 ? "suspended" : "dead";
    default: return "dead";
    }
}

/* Forgets those that have ended, and tells how many have not. The table of them is at the top. */
static unsigned count_coroutines(lua_State *L)
{
    unsigned count = 0;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (strcmp(status_of(L, lua_tothread(L, -2)), "dead") != 0) {
            count++;
            continue;
        }
        lua_pushvalue(L, -2);
        lua_pushnil(L);
        lua_rawset(L, -5);
    }
    return count;
}

/* The coroutine is at the top. */
static void register_coroutine(lua_State *L)
{
    news_host *host = news_host_of(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_COROUTINES);
    if (host->coroutines >= MOST_COROUTINES) {
        news_charge_lookups(L, MOST_COROUTINES);
        host->coroutines = count_coroutines(L);
    }
    if (host->coroutines >= MOST_COROUTINES) {
        news_charge(L, host->heap.used >> 6);
        (void)lua_gc(L, LUA_GCCOLLECT);
        host->coroutines = count_coroutines(L);
    }
    if (host->coroutines >= MOST_COROUTINES)
        luaL_error(L, "there are %d coroutines that have not ended, and no more may be made",
                   (int)MOST_COROUTINES);
    host->coroutines++;
    lua_pushvalue(L, -2);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Its hook begins to count anew, so what it may do before the hook is called is paid for now. */
static int create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    news_charge(L, 1000);
    lua_State *coroutine = lua_newthread(L);
    register_coroutine(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, coroutine, 1);
    return 1;
}

static int close_thread(lua_State *L, lua_State *coroutine)
{
#if LUA_VERSION_RELEASE_NUM >= 50406
    return lua_closethread(coroutine, L);
#else
    (void)L;
    return lua_resetthread(coroutine);
#endif
}

/* Lets a coroutine go on, or, when `results` is NULL, closes what it left open. Returns Lua's
 * status; what ends the script for good is passed on. */
static int run(lua_State *L, lua_State *coroutine, int arguments, int *results)
{
    news_host *host = news_host_of(L);
    struct news_resumption resumption = {.outer = host->resumption, .number = ++host->resumptions};
    save(host, &resumption.entry);
    host->resumption = &resumption;
    host->running = coroutine;
    news_budget_enter(coroutine);
    int status =
        results != NULL ? lua_resume(coroutine, L, arguments, results) : close_thread(L, coroutine);
    host->running = L;
    host->resumption = resumption.outer;
    if (status == LUA_OK || status == LUA_YIELD) {
        news_check_spent(L);
        return status;
    }
    news_check_caught(L, status);
    if (!host->fault.is_placed && !host->fault.is_located)
        news_lua_locate(coroutine, false);
    news_fault fault = host->fault;
    go_back(L, &resumption.entry);
    host->fault = fault;
    return status;
}

static bool has_failed(lua_State *coroutine)
{
    int status = lua_status(coroutine);
    return status != LUA_OK && status != LUA_YIELD;
}

/* Moves what it yields or returns to L, and tells how many values there are; or the error, and
 * returns -1. */
static int resume_with(lua_State *L, lua_State *coroutine, int arguments)
{
    int results = 0;
    news_charge(L, 8 + ((uint64_t)arguments >> 4));
    if (!lua_checkstack(coroutine, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, coroutine, arguments);
    int status = run(L, coroutine, arguments, &results);
    if (status != LUA_OK && status != LUA_YIELD) {
        if (has_failed(coroutine)) { /* it keeps its error, for who closes it */
            (void)lua_checkstack(coroutine, 1);
            lua_pushvalue(coroutine, -1);
        }
        lua_xmove(coroutine, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(coroutine, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(coroutine, L, results);
    return results;
}

static int resume(lua_State *L)
{
    lua_State *coroutine = check_coroutine(L);
    int results = resume_with(L, coroutine, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    if (results >= 0) {
        lua_insert(L, -results - 1);
        return results + 1;
    }
    lua_insert(L, -2);
    news_charge(L, 50 + (news_host_of(L)->budget.largest >> 3));
    news_host_of(L)->fault = (news_fault){0};
    return 2;
}

/* An error in it is one here, with the place where it was raised. */
static int call_wrapped(lua_State *L)
{
    lua_State *coroutine = lua_tothread(L, lua_upvalueindex(1));
    const news_fault *fault = &news_host_of(L)->fault;
    int results = resume_with(L, coroutine, lua_gettop(L));
    if (results >= 0)
        return results;
    if (has_failed(coroutine)) {
        lua_pop(L, 1);
        (void)run(L, coroutine, 0, NULL);
        lua_xmove(coroutine, L, 1);
    }
    if (!fault->is_located && !fault->is_placed && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap(lua_State *L)
{
    (void)create(L);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

static int yield(lua_State *L)
{
    news_charge(L, 4 + ((uint64_t)lua_gettop(L) >> 4));
    return lua_yield(L, lua_gettop(L));
}

static int get_status(lua_State *L)
{
    lua_pushstring(L, status_of(L, check_coroutine(L)));
    return 1;
}

static int is_yieldable(lua_State *L)
{
    lua_State *coroutine = lua_isnone(L, 1) ? L : check_coroutine(L);
    lua_pushboolean(L, lua_isyieldable(coroutine));
    return 1;
}

static int running(lua_State *L)
{
    int is_main = lua_pushthread(L);
    lua_pushboolean(L, is_main);
    return 2;
}

static int close_and_tell(lua_State *L)
{
    lua_State *coroutine = check_coroutine(L);
    const char *status = status_of(L, coroutine);
    if (strcmp(status, "suspended") != 0 && strcmp(status, "dead") != 0)
        return luaL_error(L, "cannot close a %s coroutine", status);
    int lua_status = run(L, coroutine, 0, NULL);
    lua_pushboolean(L, lua_status == LUA_OK);
    if (lua_status == LUA_OK)
        return 1;
    lua_xmove(coroutine, L, 1);
    news_host_of(L)->fault = (news_fault){0};
    return 2;
}

const luaL_Reg news_coroutine_functions[] = {
    {"create", create},   {"resume", resume},        {"yield", yield},
    {"wrap", wrap},       {"status", get_status},    {"isyieldable", is_yieldable},
    {"running", running}, {"close", close_and_tell}, {NULL, NULL}};
