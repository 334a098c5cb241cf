/* A render from its beginning to its end: the format found, its options and renderers resolved
 * along the chain of those it extends, the writer made, the root rendered. */
#include "script/host.h"

typedef struct {
    news_render_state state;
    news_str format;
    const news_render_options *options;
    news_str output;
} render_call;

static const char *const links_names[] = {"inline", "section", "end", "off"};

bool news_links_from_name(news_str name, news_links *links)
{
    for (unsigned i = 0; i < NEWS_ARRAY_LENGTH(links_names); i++)
        if (news_str_equal(name, news_str_from(links_names[i]))) {
            *links = (news_links)i;
            return true;
        }
    return false;
}

/* ---- Options ---- */

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
    return number >= NEWS_WIDTH_LEAST && number <= NEWS_WIDTH_MOST;
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

static void unknown_option(lua_State *L, const news_format *format, int options, const char *name)
{
    name_list list = {L, 0};
    lua_Integer count = news_push_sorted_keys(L, options);
    list.names = lua_gettop(L);
    lua_pushliteral(L, "width");
    lua_rawseti(L, list.names, ++count);
    lua_pushliteral(L, "links");
    lua_rawseti(L, list.names, ++count);
    ptrdiff_t nearest = news_nearest(news_str_from(name), (size_t)count, option_name_at, &list);
    if (nearest >= 0)
        news_lua_fail(L, NEWS_ERR_ARG, NULL, 0,
                      "format '%s' has no option '%s'; did you mean '%s'?", format->name, name,
                      option_name_at(&list, (size_t)nearest).ptr);
    news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "format '%s' has no option '%s'", format->name, name);
}

/* Sets one option given as a string, by the type of its default. `options` is a stack index. */
static void set_option(lua_State *L, render_call *call, const news_format *format, int options,
                       const char *name, const char *value)
{
    news_str text = news_str_from(value);
    if (strcmp(name, "width") == 0) {
        if (format->width == 0)
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "format '%s' does not break lines",
                          format->name);
        if (!parse_width(text, &call->state.width))
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0,
                          "option width: '%s' is neither %d to %d nor 'off'", value,
                          NEWS_WIDTH_LEAST, NEWS_WIDTH_MOST);
        return;
    }
    if (strcmp(name, "links") == 0) {
        if (!news_links_from_name(text, &call->state.links))
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0,
                          "option links: '%s' is not one of inline, section, end, off", value);
        return;
    }
    switch (lua_getfield(L, options, name)) {
    case LUA_TSTRING: lua_pushstring(L, value); break;
    case LUA_TNUMBER:
        if (lua_stringtonumber(L, value) == 0)
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "option %s: '%s' is not a number", name, value);
        break;
    case LUA_TBOOLEAN:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "option %s: '%s' is neither true nor false",
                          name, value);
        lua_pushboolean(L, strcmp(value, "true") == 0);
        break;
    default: unknown_option(L, format, options, name);
    }
    lua_setfield(L, options, name);
    lua_pop(L, 1);
}

/* Leaves out.options in the registry: defaults, then what the caller set. `format` is a stack
 * index. */
static void prepare_options(lua_State *L, render_call *call, int format_index)
{
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
    if (given->width != 0 && (given->width < NEWS_WIDTH_LEAST || given->width > NEWS_WIDTH_MOST))
        news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "width: %I is not within %d and %d",
                      (lua_Integer)given->width, NEWS_WIDTH_LEAST, NEWS_WIDTH_MOST);
    if (given->width != 0 && format->width != 0)
        call->state.width = given->width;
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
        state->has_directives |= format->has_directives;
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
                state->resolved[renderer] = (news_resolved){
                    .renderer = &state->chain[i]->renderers[renderer], .chain = (uint32_t)i};
                break;
            }
    state->kinds_with_variants = news_kinds_with_variants(state);
}

static int render_protected(lua_State *L)
{
    render_call *call = lua_touserdata(L, 1);
    news_host *host = news_host_of(L);
    news_render_state *state = &call->state;
    news_lua_push_format(L, call->format, NEWS_ERR_NOT_FOUND);
    int format_index = lua_gettop(L);
    const news_format *format = lua_touserdata(L, format_index);
    news_check_merge_values(L, call->options);
    prepare_options(L, call, format_index);
    prepare_chain(L, call, format_index);
    state->fill = format->fill;
    state->markup = format->escape == NEWS_ESCAPE_HTML || format->escape == NEWS_ESCAPE_XML;
    news_writer_options writer_options = {format->escape, format->fill, state->width};
    host->writer = news_writer_new(&host->output_heap, host->options.max_output, &writer_options);
    state->writer = host->writer;
    if (state->writer == NULL)
        news_lua_fail(L, NEWS_ERR_NOMEM, NULL, 0, "out of memory");
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

/* ---- Places ---- */

static bool is_among(news_nodes nodes, const news_node *wanted)
{
    const news_node *node;
    while ((node = news_nodes_next(&nodes)) != NULL)
        if (node == wanted)
            return true;
    return false;
}

news_str news_node_source(const news_issue *issue, const news_node *node)
{
    const news_node *block = NULL;
    for (; node->parent != NULL && node->kind != NEWS_KIND_PUBLICATION; node = node->parent)
        block = node;
    if (node->kind != NEWS_KIND_PUBLICATION)
        return issue->name;
    const news_publication_view *view = node->extra;
    const news_publication *publication = view->publication;
    if (issue->publication_node != NULL)
        view = issue->publication_node->extra;
    /* Blocks that the edition changed in nothing hang from where they were parsed. */
    if (node == publication->masthead || is_among(view->masthead, block))
        return publication->masthead_path;
    if (node == publication->footer || is_among(view->footer, block))
        return publication->footer_path;
    return publication->data->name;
}

/* FNV-1a of what the issue is called in addresses. */
static uint64_t seed_of(const news_issue *issue)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < issue->slug.len; i++)
        hash = (hash ^ (unsigned char)issue->slug.ptr[i]) * 1099511628211u;
    return hash;
}

news_status news_host_render(news_host *host, const news_issue *issue, news_str format,
                             const news_render_options *options, news_str *output,
                             news_error *error)
{
    render_call call = {
        .state = {.issue = issue, .options = options}, .format = format, .options = options};
    news_buf_init(&call.state.filled, &host->output_heap, host->options.max_output);
    host->seed = seed_of(issue);
    news_writer_free(host->writer);
    host->writer = NULL;
    *output = NEWS_STR_NONE;
    news_status status = news_host_enter(host, render_protected, &call, error);
    if (status == NEWS_OK)
        *output = call.output;
    else if (error != NULL && host->fault.status == NEWS_OK && call.state.node != NULL) {
        error->node_line = call.state.node->line;
        error->node_column = call.state.node->column;
        news_error_copy(error->node_source, sizeof error->node_source,
                        news_node_source(issue, call.state.node), true);
    }
    news_buf_free(&call.state.filled);
    host->render = NULL;
    host->generation++;
    /* Setting existing keys to nil allocates nothing. */
    (void)news_host_enter(host, forget_render, NULL, NULL);
    return status;
}
