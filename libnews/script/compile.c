/* A script's text to a function. Lua's compiler runs to its end whatever it is given, and some
 * texts take it a time that grows with the square of their length. So their price is reckoned
 * first, by the words that make it work: each of them may look at all that came before. */
#include "script/host.h"

/* ---- The price ---- */

enum { DEEPEST_BLOCK = 256 }; /* Lua itself refuses more than about 200 */

typedef struct {
    const char *at, *end;
    int line;
    int const_environment; /* the line of `_ENV <const>`, or 0 */
    uint64_t price;
    uint64_t chained;   /* words so far that the compiler may join with all others */
    uint64_t functions; /* open here */
    unsigned blocks;
    bool is_function[DEEPEST_BLOCK];
} reckoner;

static char peek(const reckoner *r, size_t ahead)
{
    return (size_t)(r->end - r->at) > ahead ? r->at[ahead] : '\0';
}

static void skip_to(reckoner *r, const char *to)
{
    for (; r->at < to; r->at++)
        r->line += *r->at == '\n';
}

/* The level of a long bracket that opens here, or -1. */
static int long_bracket(const reckoner *r)
{
    size_t level = 0;
    if (peek(r, 0) != '[')
        return -1;
    while (peek(r, 1 + level) == '=')
        level++;
    return peek(r, 1 + level) == '[' && level < INT32_MAX ? (int)level : -1;
}

static void skip_long_bracket(reckoner *r, int level)
{
    const char *at = r->at + 2 + level;
    while ((at = memchr(at, ']', (size_t)(r->end - at))) != NULL) {
        const char *from = at++;
        while (at < r->end && *at == '=')
            at++;
        if (at < r->end && *at == ']' && at - from == level + 1) {
            skip_to(r, at + 1);
            return;
        }
    }
    skip_to(r, r->end);
}

static void skip_comment(reckoner *r)
{
    r->at += 2;
    int level = long_bracket(r);
    if (level >= 0) {
        skip_long_bracket(r, level);
        return;
    }
    while (r->at < r->end && *r->at != '\n' && *r->at != '\r')
        r->at++;
}

/* A string ends at the end of the line, unless a backslash stands there, or \z before it. */
static void skip_string(reckoner *r)
{
    char quote = *r->at;
    const char *at = r->at + 1;
    while (at < r->end && *at != quote && *at != '\n') {
        bool skips_space = *at == '\\' && at + 1 < r->end && at[1] == 'z';
        at += *at == '\\' && at + 1 < r->end ? 2 : 1;
        while (skips_space && at < r->end && news_is_space(*at))
            at++;
    }
    skip_to(r, at < r->end && *at == quote ? at + 1 : at);
}

static void chain(reckoner *r)
{
    r->chained++;
    r->price += r->chained >> 3;
}

static void skip_number(reckoner *r)
{
    while (news_is_alnum(peek(r, 0)) || peek(r, 0) == '.') {
        bool exponent = strchr("eEpP", peek(r, 0)) != NULL;
        r->at++;
        if (exponent && (peek(r, 0) == '-' || peek(r, 0) == '+'))
            r->at++;
    }
    chain(r);
}

static void open_block(reckoner *r, bool is_function)
{
    if (r->blocks < DEEPEST_BLOCK)
        r->is_function[r->blocks] = is_function;
    r->functions += is_function;
    r->blocks++;
}

static void close_block(reckoner *r)
{
    if (r->blocks == 0)
        return;
    r->blocks--;
    if (r->blocks < DEEPEST_BLOCK && r->is_function[r->blocks])
        r->functions--;
}

static bool is_among(news_str word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (news_str_equal(word, news_str_from(*words)))
            return true;
    return false;
}

static void skip_space(reckoner *r)
{
    for (;;) {
        if (news_is_space(peek(r, 0)))
            skip_to(r, r->at + 1);
        else if (peek(r, 0) == '-' && peek(r, 1) == '-')
            skip_comment(r);
        else
            return;
    }
}

/* Some versions of Lua make wrong code of it. */
static void find_const_environment(reckoner *r)
{
    reckoner ahead = *r;
    skip_space(&ahead);
    if (peek(&ahead, 0) != '<')
        return;
    ahead.at++;
    skip_space(&ahead);
    news_str attribute = NEWS_STR("const");
    if (r->const_environment == 0 &&
        news_str_starts(news_str_of(ahead.at, (size_t)(ahead.end - ahead.at)), attribute))
        r->const_environment = r->line;
}

/* A name is looked for among the variables of every function around it. */
static void read_word(reckoner *r)
{
    static const char *const chained[] = {"and", "or", "elseif", "goto", "break", NULL};
    static const char *const opening[] = {"do", "if", "repeat", NULL};
    static const char *const closing[] = {"end", "until", NULL};
    const char *from = r->at;
    while (news_is_alnum(peek(r, 0)) || peek(r, 0) == '_')
        r->at++;
    news_str word = news_str_of(from, (size_t)(r->at - from));
    r->price += 1 + 16 * r->functions;
    if (is_among(word, chained))
        chain(r);
    else if (news_str_equal(word, NEWS_STR("function")))
        open_block(r, true);
    else if (is_among(word, opening))
        open_block(r, false);
    else if (is_among(word, closing))
        close_block(r);
    else if (news_str_equal(word, NEWS_STR("_ENV")))
        find_const_environment(r);
}

static void reckon(reckoner *r)
{
    r->price = 4 * (uint64_t)(r->end - r->at);
    while (r->at < r->end) {
        char c = *r->at;
        int level = long_bracket(r);
        if (c == '-' && peek(r, 1) == '-') {
            skip_comment(r);
        } else if (level >= 0) {
            skip_long_bracket(r, level);
        } else if (c == '"' || c == '\'') {
            skip_string(r);
        } else if (news_is_digit(c)) {
            skip_number(r);
        } else if (news_is_alpha(c) || c == '_') {
            read_word(r);
        } else {
            if (c == ':' && peek(r, 1) == ':')
                chain(r);
            skip_to(r, r->at + 1);
        }
    }
}

/* ---- The compiler ---- */

/* Gives a line at a time, so that it is known at which one memory ran out. */
typedef struct {
    news_host *host;
    news_str rest;
} line_reader;

static const char *read_line(lua_State *L, void *ud, size_t *size)
{
    line_reader *reader = ud;
    const char *line = reader->rest.ptr;
    (void)L;
    *size = 0;
    if (reader->rest.len == 0)
        return NULL;
    const char *newline = memchr(line, '\n', reader->rest.len);
    *size = newline != NULL ? (size_t)(newline + 1 - line) : reader->rest.len;
    reader->rest = news_str_skip(reader->rest, *size);
    reader->host->compiling_line++;
    return line;
}

int news_lua_load(lua_State *L, const char *chunk_name, news_str lua, bool is_users)
{
    news_host *host = news_host_of(L);
    line_reader reader = {host, lua};
    luaL_checkstack(L, 4, NULL);
    if (is_users) {
        reckoner r = {.at = lua.ptr, .end = lua.ptr != NULL ? lua.ptr + lua.len : NULL, .line = 1};
        reckon(&r);
        if (r.const_environment != 0)
            news_lua_fail(L, NEWS_ERR_SCRIPT, chunk_name, r.const_environment,
                          "a script cannot declare _ENV with an attribute");
        host->budget.largest = lua.len > host->budget.largest ? lua.len : host->budget.largest;
        host->compiling = chunk_name;
        host->compiling_line = 1;
        if (r.price >= host->budget.allowed)
            (void)news_spend(L, NEWS_ERR_LIMIT,
                             "the script is too long or too deeply nested to be compiled "
                             "(max_script_steps)");
        news_charge(L, r.price);
    }
    host->compiling = chunk_name;
    host->compiling_line = 0;
    news_budget_own_tables(host, true);
    int status = lua_load(L, read_line, &reader, chunk_name, "t");
    news_budget_own_tables(host, false);
    host->compiling = NULL;
    return status;
}

void news_lua_compile(lua_State *L, const char *chunk_name, news_str lua, bool is_users)
{
    int status = news_lua_load(L, chunk_name, lua, is_users);
    if (status == LUA_ERRSYNTAX)
        (void)news_lua_syntax_error(L, chunk_name);
    else if (status != LUA_OK)
        (void)lua_error(L);
}
