/* From a Lua error to a news_error: which file and line, in which words. */
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

static void set_place(news_fault *fault, const char *source, int line)
{
    news_error_copy(fault->source, sizeof fault->source, news_str_from(plain_source(source)), true);
    fault->line = line;
}

const char *news_lua_caller(lua_State *L, int *line)
{
    lua_Debug activation;
    *line = 0;
    for (int level = 0; lua_getstack(L, level, &activation) != 0; level++) {
        if (lua_getinfo(L, "Sl", &activation) == 0 || activation.currentline <= 0)
            continue;
        *line = activation.currentline;
        return activation.source;
    }
    return NULL;
}

static bool is_built_in(const char *source)
{
    return *source == '@';
}

bool news_lua_is_called_by_built_in(lua_State *L)
{
    int line;
    const char *source = news_lua_caller(L, &line);
    return source != NULL && is_built_in(source);
}

/* The innermost function of Lua's; for a limit, the innermost of the user's. */
static bool locate_function(lua_State *L, news_fault *fault, bool is_limit)
{
    enum { FARTHEST = 256 }; /* built-in functions do not call one another so deep */
    lua_Debug activation;
    bool is_found = false;
    for (int level = 0; level < FARTHEST && lua_getstack(L, level, &activation) != 0; level++) {
        if (lua_getinfo(L, "Sl", &activation) == 0 || activation.currentline <= 0)
            continue;
        bool is_ours = is_built_in(activation.source);
        if (!is_found || !is_ours) {
            set_place(fault, activation.source, activation.currentline);
            memcpy(fault->short_source, activation.short_src, sizeof fault->short_source);
        }
        is_found = true;
        if (!is_limit || !is_ours)
            break;
    }
    return is_found;
}

/* What runs in C: a template, or a format as a whole. */
static bool locate_template(const news_host *host, news_fault *fault, bool has_function)
{
    const news_render_state *render = host->render;
    const news_template *template = render != NULL ? render->template : NULL;
    if (template != NULL && template->source != NULL &&
        (!has_function || !is_built_in(template->source)))
        set_place(fault, template->source, template->line);
    else if (!has_function && render != NULL && render->chain_len != 0)
        set_place(fault, render->chain[0]->source, render->chain[0]->line);
    else
        return false;
    fault->has_line = true;
    return true;
}

void news_lua_locate(lua_State *L, bool is_limit)
{
    const news_host *host = news_host_of(L);
    news_fault *fault = &news_host_of(L)->fault;
    fault->is_located = true;
    if (host->compiling != NULL) {
        set_place(fault, host->compiling, host->compiling_line);
        return;
    }
    bool has_function = locate_function(L, fault, is_limit);
    if (L == host->L || has_function)
        has_function |= locate_template(host, fault, has_function);
    fault->is_located = has_function;
}

/* How to mend what Lua cannot know the reason of. */
static const struct {
    const char *part, *hint; /* of the message */
} hints[] = {
    {"attempt to index a nil value (global 'news')",
     "begin the script with: local news = require \"news\""},
    {"attempt to index a nil value (field 'directive')",
     "a directive's renderer is format[\"directive.NAME\"]"},
    {"attempt to perform bitwise operation on a ",
     "there are no filters; call a function, or a method as in title:upper()"},
};

/* The message is at 1. */
static void add_hint(lua_State *L)
{
    const char *message = lua_tostring(L, 1);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(hints); i++) {
        if (strstr(message, hints[i].part) == NULL)
            continue;
        lua_pushfstring(L, "%s; %s", message, hints[i].hint);
        lua_replace(L, 1);
        return;
    }
}

int news_lua_on_error(lua_State *L)
{
    const news_host *host = news_host_of(L);
    if (host->spent != NEWS_OK) /* which says all there is to say */
        return 1;
    if (lua_type(L, 1) != LUA_TSTRING) {
        lua_pushfstring(L, "the script raised an error that is %s, not a string",
                        luaL_typename(L, 1));
        lua_replace(L, 1);
    }
    add_hint(L);
    if (!host->fault.is_placed && !host->fault.is_located)
        news_lua_locate(L, false);
    return 1;
}

int news_lua_fail(lua_State *L, news_status status, const char *source, int line,
                  const char *format, ...)
{
    news_fault *fault = &news_host_of(L)->fault;
    va_list arguments;
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    *fault = (news_fault){.is_placed = true, .status = status};
    if (source != NULL)
        set_place(fault, source, line);
    return lua_error(L);
}

int news_lua_fail_at(lua_State *L, news_status status, const news_node *node, const char *format,
                     ...)
{
    const news_host *host = news_host_of(L);
    news_fault *fault = &news_host_of(L)->fault;
    va_list arguments;
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    *fault = (news_fault){
        .is_placed = true, .status = status, .line = (int)node->line, .column = (int)node->column};
    news_error_copy(fault->source, sizeof fault->source,
                    news_node_source(host->render->issue, node), true);
    return lua_error(L);
}

int news_lua_syntax_error(lua_State *L, const char *chunk_name)
{
    /* Lua shortens a chunk's name in messages. */
    char shortened[LUA_IDSIZE];
    const char *name = plain_source(chunk_name), *message = lua_tostring(L, -1);
    size_t length = strlen(name);
    length = length < LUA_IDSIZE ? length : LUA_IDSIZE - 1;
    memcpy(shortened, name, length);
    shortened[length] = '\0';
    int line = cut_place(shortened, &message);
    return news_lua_fail(L, NEWS_ERR_SCRIPT, chunk_name, line != 0 ? line : 1, "%s", message);
}

news_status news_error_memory_limit(const news_host *host, news_str source, uint32_t line,
                                    news_error *error)
{
    return news_error_set(error, NEWS_ERR_LIMIT, source, line, 0,
                          "the scripts would use more than %zu KiB of memory (max_script_memory)",
                          host->options.max_memory / 1024);
}

news_status news_host_fail(news_host *host, int lua_status, news_error *error)
{
    lua_State *L = host->L;
    const news_fault *fault = &host->fault;
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error";
    bool is_memory = lua_status == LUA_ERRMEM ||
                     (host->budget.failed_new != 0 && strcmp(message, "not enough memory") == 0);
    if (host->spent == NEWS_ERR_NOMEM ||
        (is_memory && host->spent == NEWS_OK && !host->budget.failed_at_limit))
        return news_error_nomem(error);
    if (host->spent != NEWS_OK)
        return news_error_set(error, host->spent, news_str_from(fault->source),
                              (uint32_t)fault->line, (uint32_t)fault->column, "%s",
                              host->spent_message);
    if (is_memory) /* Lua's own buffers say so in words only */
        return news_error_memory_limit(host, news_str_from(fault->source), (uint32_t)fault->line,
                                       error);
    int line = fault->line;
    if (!fault->is_placed) {
        int told = cut_place(fault->short_source, &message);
        line = told != 0 && !fault->has_line ? told : line; /* error("…", 2) blames the caller */
    }
    return news_error_set(error, fault->status != NEWS_OK ? fault->status : NEWS_ERR_SCRIPT,
                          news_str_from(fault->source), (uint32_t)line, (uint32_t)fault->column,
                          "%s", message);
}

const char *news_push_names(lua_State *L, size_t count, news_str (*name_at)(void *ud, size_t i),
                            void *ud)
{
    enum { MOST = 30 };
    luaL_checkstack(L, 6, NULL);
    lua_pushstring(L, count == 0 ? "none" : "");
    for (size_t i = 0; i < count && i < MOST; i++) {
        news_str name = name_at(ud, i);
        lua_pushstring(L, i == 0 ? "" : ", ");
        lua_pushlstring(L, name.ptr, name.len);
        lua_concat(L, 3);
    }
    if (count > MOST) {
        lua_pushliteral(L, " and more");
        lua_concat(L, 2);
    }
    return lua_tostring(L, -1);
}

/* Pushes the names of the fields that nodes of a kind have, but for those that say where they are.
 */
static const char *push_fields(lua_State *L, news_kind kind)
{
    news_field field;
    news_charge(L, NEWS_FIELD_COUNT);
    lua_pushstring(L, news_field_name(NEWS_FIELD_CHILDREN).ptr);
    for (size_t i = 0; (field = news_kind_field_at(kind, i)) != NEWS_FIELD_COUNT; i++) {
        switch (field) {
        case NEWS_FIELD_KIND:
        case NEWS_FIELD_LINE:
        case NEWS_FIELD_COLUMN:
        case NEWS_FIELD_CHILDREN:
        case NEWS_FIELD_PARENT: continue;
        default: break;
        }
        lua_pushfstring(L, ", %s", news_field_name(field).ptr);
        lua_concat(L, 2);
    }
    return lua_tostring(L, -1);
}

int news_lua_field_error(lua_State *L, news_kind kind, news_str name)
{
    news_charge_nearest(L, NEWS_FIELD_COUNT);
    news_field nearest = news_kind_nearest_field(kind, name);
    lua_pushlstring(L, name.ptr, name.len);
    const char *text = lua_tostring(L, -1);
    if (nearest != NEWS_FIELD_COUNT)
        return luaL_error(L, "a node of kind %s has no field '%s'; did you mean '%s'?",
                          news_kind_name(kind), text, news_field_name(nearest).ptr);
    if (kind == NEWS_KIND_ISSUE || kind == NEWS_KIND_PUBLICATION)
        return luaL_error(L,
                          "a node of kind %s has no field '%s'; a key of your own is in meta: "
                          "%s.meta.%s",
                          news_kind_name(kind), text, news_kind_name(kind), text);
    return luaL_error(L, "a node of kind %s has no field '%s'; it has %s", news_kind_name(kind),
                      text, push_fields(L, kind));
}
