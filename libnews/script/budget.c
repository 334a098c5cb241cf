/* What ends a script for good: steps, memory, and the host's wish.
 *
 * Steps are counted by a hook, which Lua calls every so many instructions, in whichever coroutine
 * they run. Most instructions take about as long; for those that do not, three things are watched:
 *
 *   memory     each block costs steps by its size, so that strings joined or tables grown by a
 *              single instruction are paid for;
 *   the frame  when the hook is called it looks at the registers of the function that runs. Long
 *              strings may be compared, many values passed on, floats turned to text, by one
 *              instruction each; steps taken with such values at hand cost more. The hook's
 *              interval changes at random, so that a script cannot put them away when it comes;
 *   tables     keys that are numbers can be chosen so that finding one looks at all the others.
 *              While a large table is there, every step costs what that might take.
 *
 * Library functions are paid for by what they touch: see news_charge(). The prices are such that a
 * step takes some 20 ns, and hardly ever more than 50.
 *
 * What is used up stays so. From then on every further Lua instruction raises an error, and all
 * that could catch one passes it on: pcall, xpcall, coroutines. The host reads host->spent and not
 * the error. */
#include <math.h>
#include <stdio.h>

#include "script/host.h"

enum {
    INTERVAL = 1000,      /* instructions between hooks, on average, */
    FINE_INTERVAL = 100,  /* while there is a large block */
    FINEST_INTERVAL = 10, /* and while there is a huge one */
    INSTRUCTIONS_UNTIL_MOVED = 50000,
    LARGE_BLOCK = 256 * 1024, /* bytes */
    HUGE_BLOCK = 1024 * 1024,
    SMALL_BLOCK = 1024, /* had also by a script that is over, to be able to end it */
    FEWEST_NODES = 128  /* of a table whose lookups may cost more */
};

/* ---- The end of a script ---- */

static void on_count(lua_State *L, lua_Debug *activation);

static void stop_soon(lua_State *L)
{
    lua_sethook(L, on_count, LUA_MASKCOUNT, 1);
}

/* Notes it, and sees to it that what runs does not go on. Takes no memory. */
static void note_spent(news_host *host, news_status status, const char *message)
{
    host->spent = status;
    host->budget.allowed = 0;
    (void)snprintf(host->spent_message, sizeof host->spent_message, "%s", message);
    host->fault = (news_fault){0};
    if (host->running == NULL)
        return;
    news_lua_locate(host->running, true);
    if (!host->fault.is_located)
        news_lua_locate(host->L, true);
    stop_soon(host->running);
}

static void note_steps_spent(news_host *host)
{
    char message[80];
    (void)snprintf(message, sizeof message,
                   "the script took more than %llu steps (max_script_steps)",
                   (unsigned long long)host->options.max_steps);
    note_spent(host, NEWS_ERR_LIMIT, message);
}

static void note_memory_spent(news_host *host, bool over_limit)
{
    char message[120];
    (void)snprintf(message, sizeof message,
                   "the scripts would use more than %zu KiB of memory (max_script_memory)",
                   host->options.max_memory / 1024);
    if (over_limit)
        note_spent(host, NEWS_ERR_LIMIT, message);
    else
        note_spent(host, NEWS_ERR_NOMEM, "out of memory");
}

/* The error itself carries nothing, for there may be no memory to carry it in. */
static int raise_spent(lua_State *L)
{
    stop_soon(L);
    (void)lua_checkstack(L, 1);
    lua_pushnil(L);
    return lua_error(L);
}

int news_spend(lua_State *L, news_status status, const char *message)
{
    news_host *host = news_host_of(L);
    if (host->spent == NEWS_OK)
        note_spent(host, status, message);
    return raise_spent(L);
}

int news_spend_memory(lua_State *L)
{
    news_host *host = news_host_of(L);
    if (host->spent == NEWS_OK)
        note_memory_spent(host, true);
    return raise_spent(L);
}

void news_check_spent(lua_State *L)
{
    if (news_host_of(L)->spent != NEWS_OK)
        (void)raise_spent(L);
}

void news_check_caught(lua_State *L, int lua_status)
{
    news_host *host = news_host_of(L);
    if (lua_status == LUA_ERRMEM && host->spent == NEWS_OK)
        note_memory_spent(host, host->budget.failed_at_limit);
    news_check_spent(L);
}

int news_budget_stop(lua_State *L)
{
    news_host *host = news_host_of(L);
    if (host->spent == NEWS_OK && atomic_load(host->options.cancelled))
        note_spent(host, NEWS_ERR_CANCELLED, "the call was cancelled");
    if (host->spent == NEWS_OK)
        note_steps_spent(host);
    return raise_spent(L);
}

/* ---- Instructions ---- */

static uint64_t next_random(news_budget *budget)
{
    uint64_t x = budget->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return budget->random = x;
}

/* From half the interval up to one and a half. */
static int next_interval(news_host *host)
{
    uint64_t interval = host->budget.interval;
    if (interval > host->options.max_steps)
        interval = host->options.max_steps;
    return (int)(interval / 2 + (next_random(&host->budget) >> 33) % (interval + 1)) + 1;
}

static void move_hook(lua_State *L)
{
    news_host *host = news_host_of(L);
    int interval = next_interval(host);
    host->budget.hooks = 1 + INSTRUCTIONS_UNTIL_MOVED / (unsigned)interval;
    lua_sethook(L, on_count, LUA_MASKCOUNT, interval);
}

void news_charge_depth(lua_State *L)
{
    lua_Debug activation;
    int depth = 64;
    while (lua_getstack(L, depth, &activation) != 0)
        depth *= 2;
    news_charge(L, (uint64_t)depth / 2);
}

/* Whether turning it into a number would read far into it: as Lua does, past space, a sign and
 * digits. */
static bool looks_numeric(const char *text)
{
    size_t at = 0;
    while (at < 64 && news_is_space(text[at]))
        at++;
    if (text[at] == '-' || text[at] == '+')
        at++;
    bool is_hexadecimal = text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'X');
    for (at += is_hexadecimal ? 2 : 0; at < 64; at++)
        if (!news_is_digit(text[at]) && text[at] != '.' &&
            !(is_hexadecimal && news_is_alpha(text[at])))
            return false;
    return true;
}

/* About how many of a string's bytes are NUL, each of which takes as long to compare as dozens of
 * others: Lua compares what stands between them with the C library. A few bytes are looked at, no
 * script knows which; that is as often too much as too little. */
static uint64_t guess_nuls(lua_State *L, const char *text, size_t len)
{
    enum { LOOKS = 4 };
    news_budget *budget = &news_host_of(L)->budget;
    uint64_t found = 0;
    for (int i = 0; i < LOOKS; i++)
        found += text[(next_random(budget) >> 16) % len] == '\0';
    return found * len / LOOKS;
}

static uint64_t weight_of_string(lua_State *L, int index)
{
    enum { SHORT = 4 };
    size_t len;
    const char *text = lua_tolstring(L, index, &len);
    if (len < SHORT)
        return 0;
    return (looks_numeric(text) ? len >> 5 : len >> 9) + guess_nuls(L, text, len);
}

/* Numbers far from 1 take long to be written out. */
static uint64_t weight_of_float(double x)
{
    double size = fabs(x);
    return (size > 1e20 || size < 1e-20) && size != 0 && isfinite(x) ? 32 : 4;
}

/* What an instruction of the function that runs may cost more than others. */
static uint64_t weight_of_frame(lua_State *L)
{
    enum { MANY_VALUES = 256 };
    int values = lua_gettop(L);
    uint64_t strings = 0, floats = 0;
    for (int i = 1; i <= values; i++) {
        int type = lua_type(L, i);
        uint64_t weight;
        if (type == LUA_TSTRING && (weight = weight_of_string(L, i)) > strings)
            strings = weight;
        else if (type == LUA_TNUMBER && !lua_isinteger(L, i) &&
                 (weight = weight_of_float(lua_tonumber(L, i))) > floats)
            floats = weight;
    }
    return strings + floats + (values > MANY_VALUES ? (uint64_t)values / 8 : 0);
}

static void on_count(lua_State *L, lua_Debug *activation)
{
    news_host *host = news_host_of(L);
    news_budget *budget = &host->budget;
    (void)activation;
    uint64_t instructions = (uint64_t)lua_gethookcount(L);
    if (host->spent == NEWS_OK)
        news_charge(L, instructions * (1 + weight_of_frame(L) + budget->lookup));
    else
        (void)raise_spent(L);
    if (--budget->hooks == 0) {
        news_charge_depth(L);
        move_hook(L);
    }
}

void news_lua_count_steps(lua_State *L)
{
    news_host *host = news_host_of(L);
    if (lua_gethook(L) != NULL || host->options.max_steps == UINT64_MAX)
        return;
    host->budget.steps = 0;
    host->budget.allowed = host->options.max_steps;
    move_hook(L);
}

/* ---- Tables ---- */

/* The binary logarithm of a block's number of entries, if it may be a table's of some size. */
static int size_of_table(const news_budget *budget, size_t size)
{
    if (NEWS_LIKELY(budget->node_size == 0 || size < budget->node_size * FEWEST_NODES ||
                    size % budget->node_size != 0))
        return -1;
    size_t nodes = size / budget->node_size;
    if ((nodes & (nodes - 1)) != 0)
        return -1;
    int logarithm = 0;
    for (; nodes > 1; nodes >>= 1)
        logarithm++;
    return logarithm < NEWS_TABLE_SIZES ? logarithm : -1;
}

static void weigh_tables(news_budget *budget)
{
    int largest = NEWS_TABLE_SIZES - 1;
    while (largest > 0 && budget->tables[largest] == 0)
        largest--;
    budget->lookup = ((uint64_t)1 << largest) >> 6;
}

/* A larger block has a byte behind it: as which entry of budget->tables it is counted, if it is. */
enum { NOT_COUNTED = NEWS_TABLE_SIZES };

static size_t size_with_note(size_t size)
{
    return size >= SMALL_BLOCK && size != SIZE_MAX ? size + 1 : size;
}

static uint8_t note_behind(const void *block, size_t size)
{
    return block != NULL && size >= SMALL_BLOCK ? ((const uint8_t *)block)[size] : NOT_COUNTED;
}

/* As which table a new block of the size is counted. Lua never moves the entries of a table, as it
 * moves arrays; of what else is new, a block may happen to be of the size, and is counted too. */
static uint8_t table_of_new(const news_budget *budget, bool is_moved, size_t size)
{
    int table = is_moved || budget->is_own ? -1 : size_of_table(budget, size);
    return table >= 0 ? (uint8_t)table : NOT_COUNTED;
}

static void count_tables(news_budget *budget, uint8_t old_table, uint8_t new_table)
{
    if (old_table == new_table)
        return;
    if (old_table != NOT_COUNTED)
        budget->tables[old_table]--;
    if (new_table != NOT_COUNTED)
        budget->tables[new_table]++;
    weigh_tables(budget);
}

void news_budget_own_tables(news_host *host, bool is_own)
{
    host->budget.is_own = is_own;
}

void news_budget_measure(lua_State *L)
{
    enum { NODES = 128 };
    news_budget *budget = &news_host_of(L)->budget;
    lua_createtable(L, 0, NODES);
    budget->node_size = budget->last_block / NODES;
    lua_pop(L, 1);
}

/* ---- Memory ---- */

/* A table that grows places all its entries anew, and each may have to pass all others. */
static uint64_t price_of_block(const news_host *host, bool is_moved, size_t size)
{
    const news_budget *budget = &host->budget;
    uint64_t price = 1 + (size >> 4);
    bool is_chosen = !is_moved && (!budget->is_own || host->compiling != NULL);
    int table = is_chosen ? size_of_table(budget, size) : -1;
    return table >= 0 ? price + ((uint64_t)1 << 2 * table >> 7) : price;
}

/* False when the script is over and has no use for so much. */
static bool pay_for_block(news_host *host, bool is_moved, size_t size)
{
    news_budget *budget = &host->budget;
    budget->steps += price_of_block(host, is_moved, size);
    if (NEWS_LIKELY(budget->steps < budget->allowed))
        return true;
    if (host->spent == NEWS_OK)
        note_steps_spent(host);
    return size < SMALL_BLOCK;
}

/* When a request fails Lua collects all garbage, which takes time, and asks once more. */
static void note_failure(news_host *host, const void *ptr, size_t old_size, size_t new_size)
{
    news_budget *budget = &host->budget;
    bool again =
        budget->failed == ptr && budget->failed_old == old_size && budget->failed_new == new_size;
    budget->failed_at_limit = host->heap.over_limit;
    if (again && host->spent == NEWS_OK)
        note_memory_spent(host, budget->failed_at_limit);
    budget->failed = ptr;
    budget->failed_old = old_size;
    budget->failed_new = again ? 0 : new_size;
    budget->steps += host->heap.used >> 6;
}

/* What a few instructions may do with a large block takes long. */
static void look_closely(news_host *host, size_t size)
{
    unsigned interval = size >= HUGE_BLOCK ? FINEST_INTERVAL : FINE_INTERVAL;
    if (interval >= host->budget.interval || host->running == NULL ||
        lua_gethook(host->running) == NULL || host->spent != NEWS_OK)
        return;
    host->budget.interval = interval;
    move_hook(host->running);
}

void *news_budget_allocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    news_host *host = ud;
    news_budget *budget = &host->budget;
    bool grows = new_size > (ptr != NULL ? old_size : 0);
    if (grows && !pay_for_block(host, ptr != NULL, new_size))
        return NULL;
    host->heap.over_limit = false;
    uint8_t old_table = note_behind(ptr, old_size);
    void *block =
        news_heap_realloc(&host->heap, ptr, size_with_note(old_size), size_with_note(new_size));
    if (NEWS_UNLIKELY(block == NULL && new_size != 0)) {
        note_failure(host, ptr, old_size, new_size);
        return NULL;
    }
    if (grows) {
        budget->failed_new = 0;
        budget->last_block = new_size;
        if (NEWS_UNLIKELY(new_size >= LARGE_BLOCK))
            look_closely(host, new_size);
    }
    uint8_t new_table = NOT_COUNTED;
    if (NEWS_UNLIKELY(new_size >= SMALL_BLOCK)) {
        new_table = table_of_new(budget, ptr != NULL, new_size);
        ((uint8_t *)block)[new_size] = new_table;
    }
    count_tables(budget, old_table, new_table);
    return block;
}

void news_lua_reserve(lua_State *L, size_t bytes)
{
    enum { MARGIN = 4096 };
    news_host *host = news_host_of(L);
    const news_heap *heap = &host->heap;
    /* A buffer that grows by doubling is there twice for a moment, and then beside its string. */
    size_t needed = bytes < SIZE_MAX / 8 ? bytes * 4 + MARGIN : SIZE_MAX;
    if (heap->limit - heap->used >= needed)
        return;
    news_charge(L, heap->used >> 6);
    (void)lua_gc(L, LUA_GCCOLLECT);
    if (heap->limit - heap->used < needed)
        (void)news_spend_memory(L);
}

/* ---- From one call to the next ---- */

void news_budget_begin(news_host *host)
{
    news_budget *budget = &host->budget;
    host->spent = NEWS_OK;
    host->heap.over_limit = false;
    host->running = host->L;
    budget->steps = 0;
    budget->allowed = UINT64_MAX;
    budget->interval = INTERVAL;
    budget->failed_new = 0;
    budget->failed_at_limit = false;
    budget->is_own = false;
    /* An address, which no script can know. */
    budget->random ^= (uint64_t)(uintptr_t)host * 0x9E3779B97F4A7C15u;
    budget->random |= 1;
}

/* A coroutine takes over the hook of the one that made it, as it was then. */
void news_budget_enter(lua_State *coroutine)
{
    news_host *host = news_host_of(coroutine);
    if (host->budget.allowed == UINT64_MAX || host->spent != NEWS_OK)
        return;
    if (lua_gethook(coroutine) == NULL ||
        lua_gethookcount(coroutine) > 2 * (int)host->budget.interval)
        lua_sethook(coroutine, on_count, LUA_MASKCOUNT, next_interval(host));
}

void news_budget_end(news_host *host)
{
    lua_sethook(host->L, NULL, 0, 0);
    host->budget.allowed = UINT64_MAX;
}
