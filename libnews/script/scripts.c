/* Format scripts: the built-in ones, which load once, and the user's, which run afresh for every
 * render, so that nothing of one is seen by the next. */
#include <stdio.h>

#include "script/host.h"

static const news_embedded_script *find_builtin(news_str name)
{
    for (size_t i = 0; i < news_embedded_script_count; i++)
        if (news_str_equal(name, news_str_from(news_embedded_scripts[i].name)))
            return &news_embedded_scripts[i];
    return NULL;
}

static size_t find_user_script(const news_host *host, news_str name)
{
    for (size_t i = 0; i < host->script_count; i++)
        if (news_str_equal(name, news_str_from(host->scripts[i].name)))
            return i;
    return SIZE_MAX;
}

void news_lua_begin_chunk(lua_State *L)
{
    /* The root is one more of the chain. */
    if (++news_host_of(L)->loading > NEWS_FORMAT_CHAIN_MAX - 1)
        luaL_error(
            L,
            "formats extend one another, or modules require one another, in a circle or more "
            "than %d deep",
            NEWS_FORMAT_CHAIN_MAX - 1);
    luaL_checkstack(L, 8, NULL);
}

static int last_line(news_str text)
{
    int line = 1;
    for (size_t i = 0; i + 1 < text.len && line < INT32_MAX; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* Runs a chunk, a user's in a fresh environment, and leaves the format it returned on the stack. */
static void run_chunk(lua_State *L, const char *chunk_name, news_str lua, bool is_users)
{
    news_lua_begin_chunk(L);
    news_lua_compile(L, chunk_name, lua, is_users);
    if (is_users)
        news_lua_push_environment(L, 0);
    else
        news_lua_push_our_environment(L);
    lua_setupvalue(L, -2, 1);
    lua_call(L, 0, 1);
    news_host_of(L)->loading--;
    if (news_lua_get(L, -1, NEWS_TAG_FORMAT) == NULL)
        news_lua_fail(L, NEWS_ERR_SCRIPT, chunk_name, last_line(lua),
                      "a format script must return what news.format made; this one returned %s",
                      lua_isnil(L, -1) ? "nothing" : luaL_typename(L, -1));
}

/* Counting costs Lua a call for every instruction; the built-in formats are known to end. */
static void run_user_chunk(lua_State *L, const char *chunk_name, news_str lua)
{
    news_lua_count_steps(L);
    run_chunk(L, chunk_name, lua, true);
}

static void push_builtin(lua_State *L, const news_embedded_script *script)
{
    luaL_checkstack(L, 8, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_BUILTINS);
    if (lua_getfield(L, -1, script->name) == LUA_TNIL) {
        lua_pop(L, 1);
        run_chunk(L, script->chunk_name, news_str_of(script->lua, script->len), false);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, script->name);
    }
    lua_remove(L, -2);
}

static news_str format_name_at(void *ud, size_t i)
{
    return news_str_from(news_host_format_name(ud, i));
}

static void unknown_format(lua_State *L, news_status status, news_str name)
{
    news_host *host = news_host_of(L);
    const char *nearest = news_host_format_nearest(host, name);
    const char *shown = lua_pushlstring(L, name.ptr != NULL ? name.ptr : "", name.len);
    if (nearest != NULL)
        lua_pushfstring(L, "there is no format '%s'; did you mean '%s'?", shown, nearest);
    else
        lua_pushfstring(L, "there is no format '%s'; there are %s", shown,
                        news_push_names(L, news_host_format_count(host), format_name_at, host));
    if (status == NEWS_OK)
        luaL_error(L, "%s", lua_tostring(L, -1));
    news_lua_fail(L, status, NULL, 0, "%s", lua_tostring(L, -1));
}

void news_lua_push_format(lua_State *L, news_str name, news_status unknown)
{
    news_host *host = news_host_of(L);
    size_t script = find_user_script(host, name);
    const news_embedded_script *builtin = find_builtin(name);
    if (script != SIZE_MAX) {
        const news_user_script *user = &host->scripts[script];
        run_user_chunk(L, user->chunk_name, news_str_of(user->lua, user->lua_size - 1));
    } else if (builtin != NULL) {
        push_builtin(L, builtin);
    } else {
        unknown_format(L, unknown, name);
    }
}

void news_lua_push_builtin(lua_State *L, news_str name)
{
    const news_embedded_script *builtin = find_builtin(name);
    if (builtin != NULL)
        push_builtin(L, builtin);
    else
        luaL_error(L, "this format extends its own name, but no built-in format has that name");
}

/* ---- Loading a user's script ---- */

typedef struct {
    const char *chunk_name;
    news_str lua;
    const char *name; /* of a stored script, which is run by its name */
    news_format format;
} load_call;

static int run_protected(lua_State *L)
{
    load_call *call = lua_touserdata(L, 1);
    if (call->name != NULL)
        news_lua_push_format(L, news_str_from(call->name), NEWS_OK);
    else
        run_user_chunk(L, call->chunk_name, call->lua);
    call->format = *(const news_format *)lua_touserdata(L, -1);
    return 0;
}

bool news_host_copy(news_host *host, news_str from, const char *before, char **copy, size_t *size)
{
    size_t before_len = strlen(before);
    *size = before_len + from.len + 1;
    *copy = news_heap_alloc(&host->output_heap, *size);
    if (*copy == NULL)
        return false;
    memcpy(*copy, before, before_len);
    if (from.len != 0)
        memcpy(*copy + before_len, from.ptr, from.len);
    (*copy)[*size - 1] = '\0';
    return true;
}

static void free_script(news_host *host, news_user_script *script)
{
    news_heap_free(&host->output_heap, script->name, script->name_size);
    news_heap_free(&host->output_heap, script->chunk_name, script->chunk_name_size);
    news_heap_free(&host->output_heap, script->lua, script->lua_size);
    *script = (news_user_script){0};
}

void news_scripts_free(news_host *host)
{
    for (size_t i = 0; i < host->script_count; i++)
        free_script(host, &host->scripts[i]);
    news_heap_free(&host->output_heap, host->scripts,
                   host->script_capacity * sizeof *host->scripts);
}

/* Runs the script once, to learn the format's name and settings. */
static news_status make_script(news_host *host, news_user_script *script, news_str name,
                               news_str lua, news_error *error)
{
    load_call call = {.lua = lua};
    if (!news_host_copy(host, name, "=", &script->chunk_name, &script->chunk_name_size) ||
        !news_host_copy(host, lua, "", &script->lua, &script->lua_size))
        return news_error_nomem(error);
    call.chunk_name = script->chunk_name;
    news_status status = news_host_enter(host, run_protected, &call, error);
    if (status != NEWS_OK)
        return status;
    memcpy(script->media, call.format.media, sizeof script->media);
    memcpy(script->extension, call.format.extension, sizeof script->extension);
    memcpy(script->edition, call.format.edition, sizeof script->edition);
    if (!news_host_copy(host, news_str_from(call.format.name), "", &script->name,
                        &script->name_size))
        return news_error_nomem(error);
    return NEWS_OK;
}

/* Puts the script among the others, in the place of one of its name, and runs it there, so that a
 * format that extends itself by way of another is refused now. */
static news_status store_script(news_host *host, news_user_script *script, news_error *error)
{
    size_t place = find_user_script(host, news_str_from(script->name));
    news_user_script replaced = {0};
    if (place == SIZE_MAX) {
        news_user_script *scripts =
            news_heap_grow(&host->output_heap, host->scripts, host->script_count,
                           &host->script_capacity, sizeof *scripts);
        if (scripts == NULL)
            return news_error_nomem(error);
        host->scripts = scripts;
        place = host->script_count++;
    } else {
        replaced = host->scripts[place];
    }
    host->scripts[place] = *script;
    load_call call = {.name = script->name};
    news_status status = news_host_enter(host, run_protected, &call, error);
    if (status == NEWS_OK) {
        free_script(host, &replaced);
        *script = (news_user_script){0};
    } else if (replaced.name != NULL) {
        host->scripts[place] = replaced;
    } else {
        host->script_count--;
    }
    return status;
}

news_status news_host_load(news_host *host, news_str name, news_str lua, news_error *error)
{
    news_user_script script = {0};
    if (lua.len > host->options.max_memory)
        return news_error_memory_limit(host, name, 0, error);
    news_status status = make_script(host, &script, name, lua, error);
    if (status == NEWS_OK)
        status = store_script(host, &script, error);
    if (status != NEWS_OK)
        free_script(host, &script);
    return status;
}

/* ---- What formats there are ---- */

/* Built-ins in order of name, then the user's that replace none. */
static bool replaces_builtin(const news_user_script *script)
{
    return find_builtin(news_str_from(script->name)) != NULL;
}

size_t news_host_format_count(const news_host *host)
{
    size_t count = news_embedded_script_count;
    for (size_t i = 0; i < host->script_count; i++)
        count += !replaces_builtin(&host->scripts[i]);
    return count;
}

const char *news_host_format_name(const news_host *host, size_t index)
{
    if (index < news_embedded_script_count)
        return news_embedded_scripts[index].name;
    index -= news_embedded_script_count;
    for (size_t i = 0; i < host->script_count; i++)
        if (!replaces_builtin(&host->scripts[i]) && index-- == 0)
            return host->scripts[i].name;
    return NULL;
}

const char *news_host_format_nearest(news_host *host, news_str name)
{
    ptrdiff_t nearest = news_nearest(name, news_host_format_count(host), format_name_at, host);
    return nearest < 0 ? NULL : news_host_format_name(host, (size_t)nearest);
}

typedef struct {
    const news_embedded_script *script;
    const news_format *format;
} info_call;

static int info_protected(lua_State *L)
{
    info_call *call = lua_touserdata(L, 1);
    push_builtin(L, call->script);
    call->format = lua_touserdata(L, -1); /* kept by the table of built-ins */
    return 0;
}

news_status news_host_format_info(news_host *host, size_t index, news_host_format *format,
                                  news_error *error)
{
    const char *name = news_host_format_name(host, index);
    if (name == NULL)
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0, "there is no format %zu",
                              index);
    size_t user = find_user_script(host, news_str_from(name));
    if (user != SIZE_MAX) {
        const news_user_script *script = &host->scripts[user];
        *format = (news_host_format){script->name, script->media, script->extension,
                                     script->chunk_name + 1, script->edition};
        return NEWS_OK;
    }
    info_call call = {.script = find_builtin(news_str_from(name))};
    news_status status = news_host_enter(host, info_protected, &call, error);
    if (status == NEWS_OK)
        *format = (news_host_format){call.format->name, call.format->media, call.format->extension,
                                     call.script->chunk_name, call.format->edition};
    return status;
}

static int edition_protected(lua_State *L)
{
    const news_str *name = lua_touserdata(L, 1);
    unknown_format(L, NEWS_ERR_NOT_FOUND, *name);
    return 0;
}

news_status news_host_format_edition(news_host *host, news_str format,
                                     char edition[NEWS_EDITION_NAME_MAX], news_error *error)
{
    news_host_format info = {0};
    for (size_t i = 0; i < news_host_format_count(host); i++) {
        if (!news_str_equal(format, news_str_from(news_host_format_name(host, i))))
            continue;
        news_status status = news_host_format_info(host, i, &info, error);
        if (status != NEWS_OK)
            return status;
        (void)snprintf(edition, NEWS_EDITION_NAME_MAX, "%s", info.edition);
        return NEWS_OK;
    }
    return news_host_enter(host, edition_protected, &format, error);
}
