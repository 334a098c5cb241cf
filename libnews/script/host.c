/* The Lua state of a context: its allocator and limits, the scripts it knows, and the protected
 * calls by which everything enters it. */
#include <stdio.h>

#include "script/host.h"

enum { HOOK_STEPS = 1000 };

const char news_key_cache = 0, news_key_chain = 0, news_key_out = 0, news_key_options = 0,
           news_key_builtins = 0, news_key_news = 0, news_key_metatables = 0;

news_host *news_host_of(lua_State *L)
{
    return *(news_host **)lua_getextraspace(L);
}

void *news_lua_get(lua_State *L, int index, news_tag tag)
{
    uint32_t *data = lua_touserdata(L, index);
    return data != NULL && *data == (uint32_t)tag ? data : NULL;
}

/* ---- Limits ---- */

static void *allocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    news_host *host = ud;
    return news_heap_realloc(&host->heap, ptr, old_size, new_size);
}

/* Once the steps are spent every further instruction raises again, so that no pcall goes on. */
static void on_count(lua_State *L, lua_Debug *activation)
{
    news_host *host = news_host_of(L);
    (void)activation;
    host->steps += HOOK_STEPS;
    if (host->steps >= host->options.max_steps || host->spent != NEWS_OK) {
        if (host->spent == NEWS_OK)
            host->spent = NEWS_ERR_LIMIT;
        lua_sethook(L, on_count, LUA_MASKCOUNT, 1);
        luaL_error(L, "the script took more than %I steps", (lua_Integer)host->options.max_steps);
    }
}

void news_check_spent(lua_State *L)
{
    if (news_host_of(L)->spent != NEWS_OK)
        lua_error(L);
}

/* Runs `function(argument)` protected, with fresh limits. Steps are counted once a script of the
 * user's is loaded. */
static news_status enter(news_host *host, lua_CFunction function, void *argument, news_error *error)
{
    lua_State *L = host->L;
    host->steps = 0;
    host->spent = NEWS_OK;
    host->heap.over_limit = false;
    host->fault_source[0] = '\0';
    host->fault_line = 0;
    host->loading = 0;
    host->running_script = SIZE_MAX;
    lua_settop(L, 0);
    lua_pushcfunction(L, news_lua_on_error);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    int lua_status = lua_pcall(L, 1, 0, 1);
    lua_sethook(L, NULL, 0, 0);
    news_status status = lua_status == LUA_OK ? NEWS_OK : news_host_fail(host, lua_status, error);
    lua_settop(L, 0);
    return status;
}

/* ---- Life ---- */

static int open_state(lua_State *L)
{
    /* A render makes many short-lived proxies: collect when memory has grown fourfold, not twofold.
     * The heap's limit still holds, for at it Lua collects before it gives up. */
    lua_gc(L, LUA_GCINC, 400, 0, 0);
    news_proxy_open(L);
    news_format_open(L);
    news_out_open(L);
    news_lua_open(L);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_builtins);
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
    host->L = lua_newstate(allocate, host);
    if (host->L == NULL) {
        news_host_free(host);
        return news_error_nomem(error);
    }
    *(news_host **)lua_getextraspace(host->L) = host;
    news_status status = enter(host, open_state, NULL, error);
    if (status != NEWS_OK) {
        news_host_free(host);
        return status;
    }
    *result = host;
    return NEWS_OK;
}

static void free_script(news_host *host, news_user_script *script)
{
    news_heap_free(&host->output_heap, script->name, script->name_size);
    news_heap_free(&host->output_heap, script->chunk_name, script->chunk_name_size);
    news_heap_free(&host->output_heap, script->lua, script->lua_size);
}

void news_host_free(news_host *host)
{
    if (host == NULL)
        return;
    news_writer_free(host->writer);
    if (host->L != NULL)
        lua_close(host->L);
    for (size_t i = 0; i < host->script_count; i++)
        free_script(host, &host->scripts[i]);
    news_heap_free(&host->output_heap, host->scripts,
                   host->script_capacity * sizeof *host->scripts);
    news_heap heap = host->output_heap;
    news_heap_free(&heap, host, sizeof *host);
}

/* ---- Finding and running format scripts ---- */

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

/* Runs a chunk in a fresh environment and leaves the format it returned on the stack. */
static void run_chunk(lua_State *L, const char *chunk_name, news_str lua, size_t user_script)
{
    news_host *host = news_host_of(L);
    size_t outer = host->running_script;
    /* Counting costs Lua a call for every instruction; the built-in formats are known to end. */
    if (user_script != SIZE_MAX)
        lua_sethook(L, on_count, LUA_MASKCOUNT, HOOK_STEPS);
    if (++host->loading > NEWS_FORMAT_CHAIN_MAX)
        luaL_error(L, "formats extend one another in a circle, or more than %d deep",
                   NEWS_FORMAT_CHAIN_MAX);
    luaL_checkstack(L, 8, NULL);
    int status = luaL_loadbufferx(L, lua.ptr != NULL ? lua.ptr : "", lua.len, chunk_name, "t");
    if (status == LUA_ERRSYNTAX)
        news_lua_syntax_error(L, chunk_name);
    else if (status != LUA_OK)
        lua_error(L);
    news_lua_push_environment(L);
    lua_setupvalue(L, -2, 1);
    host->running_script = user_script;
    lua_call(L, 0, 1);
    host->running_script = outer;
    host->loading--;
    if (news_lua_get(L, -1, NEWS_TAG_FORMAT) == NULL) {
        news_error_copy(host->fault_source, sizeof host->fault_source,
                        news_str_skip(news_str_from(chunk_name), 1), true);
        host->fault_line = 0;
        luaL_error(L, "a format script must return what news.format made; this one returned %s",
                   lua_isnoneornil(L, -1) ? "nothing" : luaL_typename(L, -1));
    }
}

static void push_builtin(lua_State *L, const news_embedded_script *script)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &news_key_builtins);
    if (lua_getfield(L, -1, script->name) == LUA_TNIL) {
        lua_pop(L, 1);
        run_chunk(L, script->chunk_name, news_str_of(script->lua, script->len), SIZE_MAX);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, script->name);
    }
    lua_remove(L, -2);
}

static news_str format_name_at(void *ud, size_t i)
{
    return news_str_from(news_host_format_name(ud, i));
}

void news_lua_push_format(lua_State *L, news_str name)
{
    news_host *host = news_host_of(L);
    luaL_checkstack(L, 8, NULL);
    size_t script = find_user_script(host, name);
    /* A format that extends its own name extends the built-in one it replaces. */
    if (script != SIZE_MAX && script != host->running_script) {
        const news_user_script *user = &host->scripts[script];
        run_chunk(L, user->chunk_name, news_str_of(user->lua, user->lua_size - 1), script);
        return;
    }
    const news_embedded_script *builtin = find_builtin(name);
    if (builtin != NULL) {
        push_builtin(L, builtin);
        return;
    }
    ptrdiff_t nearest = news_nearest(name, news_host_format_count(host), format_name_at, host);
    lua_pushlstring(L, name.ptr != NULL ? name.ptr : "", name.len);
    if (nearest >= 0)
        luaL_error(L, "there is no format '%s'; did you mean '%s'?", lua_tostring(L, -1),
                   news_host_format_name(host, (size_t)nearest));
    luaL_error(L, "there is no format '%s'", lua_tostring(L, -1));
}

/* ---- Loading a user's script ---- */

typedef struct {
    const char *chunk_name;
    news_str lua;
    size_t same; /* index of the script it replaces while it runs, or SIZE_MAX */
    news_format format;
} load_call;

static int load_protected(lua_State *L)
{
    load_call *call = lua_touserdata(L, 1);
    run_chunk(L, call->chunk_name, call->lua, SIZE_MAX - 1);
    call->format = *(const news_format *)lua_touserdata(L, -1);
    return 0;
}

static bool copy_text(news_host *host, news_str from, const char *before, char **copy, size_t *size)
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

static bool store_script(news_host *host, news_user_script *script)
{
    size_t same = find_user_script(host, news_str_from(script->name));
    if (same != SIZE_MAX) {
        free_script(host, &host->scripts[same]);
        host->scripts[same] = *script;
        return true;
    }
    news_user_script *scripts =
        news_heap_grow(&host->output_heap, host->scripts, host->script_count,
                       &host->script_capacity, sizeof *scripts);
    if (scripts == NULL)
        return false;
    host->scripts = scripts;
    scripts[host->script_count++] = *script;
    return true;
}

news_status news_host_load(news_host *host, news_str name, news_str lua, news_error *error)
{
    news_user_script script = {0};
    load_call call = {.lua = lua};
    if (!copy_text(host, name, "=", &script.chunk_name, &script.chunk_name_size) ||
        !copy_text(host, lua, "", &script.lua, &script.lua_size)) {
        free_script(host, &script);
        return news_error_nomem(error);
    }
    call.chunk_name = script.chunk_name;
    news_status status = enter(host, load_protected, &call, error);
    if (status == NEWS_OK) {
        memcpy(script.media, call.format.media, sizeof script.media);
        memcpy(script.extension, call.format.extension, sizeof script.extension);
        if (!copy_text(host, news_str_from(call.format.name), "", &script.name,
                       &script.name_size) ||
            !store_script(host, &script))
            status = news_error_nomem(error);
    }
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
                                     script->chunk_name + 1};
        return NEWS_OK;
    }
    info_call call = {.script = find_builtin(news_str_from(name))};
    news_status status = enter(host, info_protected, &call, error);
    if (status == NEWS_OK)
        *format = (news_host_format){call.format->name, call.format->media, call.format->extension,
                                     call.script->chunk_name};
    return status;
}

/* ---- Rendering ---- */

typedef struct {
    news_render_state state;
    news_str format;
    const news_render_options *options;
    news_str output;
    news_status status; /* for mistakes of the caller's, which are no script errors */
} render_call;

static bool parse_width(news_str value, uint32_t *width)
{
    uint32_t number = 0;
    if (news_str_equal(value, NEWS_STR("off")) || news_str_equal(value, NEWS_STR("false"))) {
        *width = 0;
        return true;
    }
    if (value.len == 0 || value.len > 3)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (!news_is_digit(value.ptr[i]))
            return false;
        number = number * 10 + (uint32_t)(value.ptr[i] - '0');
    }
    *width = number;
    return number >= 20 && number <= 200;
}

static bool parse_links(news_str value, news_links *links)
{
    static const char *const names[] = {"inline", "section", "end", "off"};
    for (unsigned i = 0; i < NEWS_ARRAY_LENGTH(names); i++)
        if (news_str_equal(value, news_str_from(names[i]))) {
            *links = (news_links)i;
            return true;
        }
    return false;
}

typedef struct {
    lua_State *L;
    int names; /* stack index of an array of option names */
} name_list;

static news_str option_name_at(void *ud, size_t i)
{
    const name_list *list = ud;
    size_t len;
    lua_rawgeti(list->L, list->names, (lua_Integer)i + 1);
    const char *ptr = lua_tolstring(list->L, -1, &len); /* the array keeps it alive */
    lua_pop(list->L, 1);
    return news_str_of(ptr, len);
}

static void unknown_option(lua_State *L, render_call *call, const news_format *format, int options,
                           const char *name)
{
    name_list list = {L, 0};
    size_t count = 2;
    call->status = NEWS_ERR_ARG;
    lua_newtable(L);
    list.names = lua_gettop(L);
    lua_pushliteral(L, "width");
    lua_rawseti(L, list.names, 1);
    lua_pushliteral(L, "links");
    lua_rawseti(L, list.names, 2);
    for (lua_pushnil(L); lua_next(L, options) != 0;) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, list.names, (lua_Integer)++count);
    }
    ptrdiff_t nearest = news_nearest(news_str_from(name), count, option_name_at, &list);
    if (nearest >= 0) {
        news_str near = option_name_at(&list, (size_t)nearest);
        luaL_error(L, "format '%s' has no option '%s'; did you mean '%s'?", format->name, name,
                   near.ptr);
    }
    luaL_error(L, "format '%s' has no option '%s'", format->name, name);
}

/* Sets one option given as a string, by the type of its default. `options` is a stack index. */
static void set_option(lua_State *L, render_call *call, const news_format *format, int options,
                       const char *name, const char *value)
{
    news_str text = news_str_from(value);
    call->status = NEWS_ERR_ARG;
    if (strcmp(name, "width") == 0) {
        if (!parse_width(text, &call->state.width))
            luaL_error(L, "option width: '%s' is neither 20 to 200 nor 'off'", value);
    } else if (strcmp(name, "links") == 0) {
        if (!parse_links(text, &call->state.links))
            luaL_error(L, "option links: '%s' is not one of inline, section, end, off", value);
    } else {
        switch (lua_getfield(L, options, name)) {
        case LUA_TSTRING: lua_pushstring(L, value); break;
        case LUA_TNUMBER:
            if (lua_stringtonumber(L, value) == 0)
                luaL_error(L, "option %s: '%s' is not a number", name, value);
            break;
        case LUA_TBOOLEAN:
            if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
                luaL_error(L, "option %s: '%s' is neither true nor false", name, value);
            lua_pushboolean(L, strcmp(value, "true") == 0);
            break;
        default: unknown_option(L, call, format, options, name);
        }
        lua_setfield(L, options, name);
        lua_pop(L, 1);
    }
    call->status = NEWS_OK;
}

/* Leaves out.options in the registry: defaults, then what the caller set. `format` is a stack
 * index. */
static void prepare_options(lua_State *L, render_call *call, int format_index)
{
    static const char *const links_names[] = {"inline", "section", "end", "off"};
    const news_format *format = lua_touserdata(L, format_index);
    const news_render_options *given = call->options;
    lua_newtable(L);
    int options = lua_gettop(L);
    lua_getiuservalue(L, format_index, NEWS_FORMAT_OPTIONS);
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, options);
    }
    lua_pop(L, 1);
    call->state.width = format->width;
    call->state.links = format->links;
    if (given->width != 0 && format->width != 0) {
        call->status = NEWS_ERR_ARG;
        if (given->width < 20 || given->width > 200)
            luaL_error(L, "width: %d is not within 20 and 200", (int)given->width);
        call->status = NEWS_OK;
        call->state.width = given->width;
    }
    for (size_t i = 0; i < given->option_count; i++)
        set_option(L, call, format, options, given->options[i].name, given->options[i].value);
    if (call->state.width != 0)
        lua_pushinteger(L, call->state.width);
    else
        lua_pushboolean(L, 0);
    lua_setfield(L, options, "width");
    lua_pushstring(L, links_names[call->state.links]);
    lua_setfield(L, options, "links");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_options);
}

/* Resolves every renderer along the chain of formats, and leaves their functions, an array in the
 * order of the chain, in the registry. */
static void prepare_chain(lua_State *L, render_call *call, int format_index)
{
    news_render_state *state = &call->state;
    lua_newtable(L);
    int chain = lua_gettop(L);
    lua_pushvalue(L, format_index);
    for (;;) {
        const news_format *format = news_lua_get(L, -1, NEWS_TAG_FORMAT);
        if (format == NULL)
            break;
        if (state->chain_len == NEWS_FORMAT_CHAIN_MAX)
            luaL_error(L, "formats extend one another more than %d deep", NEWS_FORMAT_CHAIN_MAX);
        state->chain[state->chain_len++] = format;
        lua_getiuservalue(L, -1, NEWS_FORMAT_FUNCTIONS);
        lua_rawseti(L, chain, (lua_Integer)state->chain_len);
        lua_getiuservalue(L, -1, NEWS_FORMAT_PARENT);
        lua_remove(L, -2);
    }
    lua_pop(L, 1);
    lua_getiuservalue(L, format_index, NEWS_FORMAT_ESCAPE);
    state->escape_function = !lua_isnil(L, -1);
    lua_rawseti(L, chain, NEWS_FORMAT_CHAIN_MAX + 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_chain);
    for (size_t renderer = 0; renderer < NEWS_RENDERER_COUNT; renderer++)
        for (size_t i = 0; i < state->chain_len; i++)
            if (state->chain[i]->renderers[renderer].type != NEWS_RENDERER_ABSENT) {
                state->resolved[renderer] =
                    (news_resolved){&state->chain[i]->renderers[renderer], (uint32_t)i};
                break;
            }
}

static int render_protected(lua_State *L)
{
    render_call *call = lua_touserdata(L, 1);
    news_host *host = news_host_of(L);
    news_render_state *state = &call->state;
    call->status = NEWS_ERR_NOT_FOUND;
    if (find_user_script(host, call->format) != SIZE_MAX || find_builtin(call->format) != NULL)
        call->status = NEWS_OK;
    news_lua_push_format(L, call->format);
    int format_index = lua_gettop(L);
    const news_format *format = lua_touserdata(L, format_index);
    prepare_options(L, call, format_index);
    prepare_chain(L, call, format_index);
    state->fill = format->fill;
    state->markup = format->escape == NEWS_ESCAPE_HTML || format->escape == NEWS_ESCAPE_XML;
    news_writer_options writer_options = {format->escape, format->fill, state->width};
    host->writer = news_writer_new(&host->output_heap, host->options.max_output, &writer_options);
    state->writer = host->writer;
    if (state->writer == NULL) {
        call->status = NEWS_ERR_NOMEM;
        luaL_error(L, "out of memory");
    }
    lua_newtable(L); /* proxies of this render, by node */
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_cache);
    host->generation++;
    host->render = state;
    news_push_out(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &news_key_out);
    news_render_node(L, state, state->issue->root);
    news_render_references(L, state);
    call->output = news_writer_finish(state->writer);
    news_check_writer(L, state);
    return 0;
}

/* Drops what the render left in the state, so that nothing of it is seen by the next. */
static int forget_render(lua_State *L)
{
    static const char *const keys[] = {&news_key_cache, &news_key_chain, &news_key_out,
                                       &news_key_options};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(keys); i++) {
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, keys[i]);
    }
    return 0;
}

news_status news_host_render(news_host *host, const news_issue *issue, news_str format,
                             const news_render_options *options, news_str *output,
                             news_error *error)
{
    render_call call = {.state = {.issue = issue}, .format = format, .options = options};
    news_writer_free(host->writer);
    host->writer = NULL;
    *output = NEWS_STR_NONE;
    news_status status = enter(host, render_protected, &call, error);
    news_error forgotten = NEWS_ERROR_INIT;
    if (status != NEWS_OK) {
        if (host->writer != NULL && news_writer_status(host->writer) != NEWS_OK &&
            news_writer_status(host->writer) != NEWS_ERR_ARG)
            status = news_writer_status(host->writer);
        if (call.status != NEWS_OK) {
            status = call.status;
            if (error != NULL) { /* the caller's own mistake: no script is to blame */
                error->source[0] = '\0';
                error->line = error->column = 0;
            }
        } else if (status != NEWS_ERR_NOMEM && error != NULL && call.state.node != NULL) {
            error->node_line = call.state.node->line;
            error->node_column = call.state.node->column;
            news_error_copy(error->node_source, sizeof error->node_source, issue->name, true);
        }
        if (error != NULL)
            error->status = status;
    } else {
        *output = call.output;
    }
    host->render = NULL;
    host->generation++;
    /* Setting existing keys to nil allocates nothing. */
    (void)enter(host, forget_render, NULL, &forgotten);
    return status;
}
