/* A render from its beginning to its end: the format found, its options and renderers resolved
 * along the chain of those it extends, the writer made, the root rendered. While one runs, its
 * format may have the issue rendered by another. */
#include "script/host.h"

typedef struct {
    news_render_state state;
    news_str format;
    news_str output;
    news_trial *trial;        /* or NULL */
    const news_writer *outer; /* of the render that this one is inside, or NULL */
} render_call;

/* ---- The chain of formats ---- */

/* Adds the format at the top of the stack to the chain, and its functions to the array at `chain`.
 */
static void add_to_chain(lua_State *L, news_render_state *state, int chain)
{
    const news_format *format = lua_touserdata(L, -1);
    if (state->chain_len == NEWS_FORMAT_CHAIN_MAX)
        luaL_error(L, "formats extend one another more than %d deep", NEWS_FORMAT_CHAIN_MAX);
    state->chain[state->chain_len++] = format;
    state->has_directives |= format->has_directives;
    lua_getiuservalue(L, -1, NEWS_FORMAT_FUNCTIONS);
    lua_rawseti(L, chain, (lua_Integer)state->chain_len);
}

/* The same for the style of that format which the options ask for, if it has one. */
static void add_style(lua_State *L, news_render_state *state, int chain)
{
    if (lua_getiuservalue(L, -1, NEWS_FORMAT_STYLES) == LUA_TTABLE) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OPTIONS);
        lua_getfield(L, -1, "style");
        if (lua_rawget(L, -3) == LUA_TUSERDATA)
            add_to_chain(L, state, chain);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
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
        if (news_lua_get(L, -1, NEWS_TAG_FORMAT) == NULL)
            break;
        add_style(L, state, chain);
        add_to_chain(L, state, chain);
        lua_getiuservalue(L, -1, NEWS_FORMAT_PARENT);
        lua_remove(L, -2);
    }
    lua_pop(L, 1);
    lua_getiuservalue(L, format_index, NEWS_FORMAT_ESCAPE);
    state->escape_function = !lua_isnil(L, -1);
    lua_rawseti(L, chain, NEWS_FORMAT_CHAIN_MAX + 1);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CHAIN);
    for (size_t renderer = 0; renderer < NEWS_RENDERER_COUNT; renderer++)
        for (size_t i = 0; i < state->chain_len; i++)
            if (state->chain[i]->renderers[renderer].type != NEWS_RENDERER_ABSENT) {
                state->resolved[renderer] = (news_resolved){
                    .renderer = &state->chain[i]->renderers[renderer], .chain = (uint32_t)i};
                break;
            }
    news_find_variants(state);
    state->text_is_plain = state->resolved[NEWS_KIND_TEXT].chain + 1 == state->chain_len &&
                           !state->escape_function && !state->issue->has_fields;
}

/* ---- Trials ---- */

static bool leads_to(lua_State *L, news_render_state *state, const news_node *node,
                     news_field field)
{
    news_value address = news_render_field(L, state, node, field);
    bool leads = false;
    if (address.type == NEWS_VALUE_STRING &&
        !news_record_leads_to(state->record, address.as.string, &leads))
        news_lua_fail(L, NEWS_ERR_NOMEM, NULL, 0, "out of memory");
    return leads;
}

static void tell(lua_State *L, news_render_state *state, news_trial *trial)
{
    for (size_t i = 0; i < trial->count; i++) {
        news_written *written = &trial->written[i];
        if (written->node->kind == NEWS_KIND_SECTION)
            written->place = news_record_section(state->record, written->node->a);
        else
            written->place = leads_to(L, state, written->node, NEWS_FIELD_URL);
    }
    trial->unsubscribes = leads_to(L, state, state->issue->root, NEWS_FIELD_UNSUBSCRIBE);
    trial->shows_links = state->links != NEWS_LINKS_OFF;
}

/* ---- From the root on ---- */

/* Renders from the root on. At `options` is a table of further options, or 0. */
static void run(lua_State *L, render_call *call, int options)
{
    news_host *host = news_host_of(L);
    news_render_state *state = &call->state;
    news_lua_push_format(L, call->format, state->is_inner ? NEWS_OK : NEWS_ERR_NOT_FOUND);
    int format_index = lua_gettop(L);
    const news_format *format = lua_touserdata(L, format_index);
    host->render = state;
    news_prepare_options(L, state, format_index, options);
    prepare_chain(L, call, format_index);
    state->fill = format->fill;
    state->markup = format->escape == NEWS_ESCAPE_HTML || format->escape == NEWS_ESCAPE_XML;
    news_writer_options writer_options = {format->escape, format->fill, state->width,
                                          state->flowed};
    state->writer = news_writer_new(&host->output_heap, host->options.max_output, &writer_options);
    if (state->writer == NULL)
        news_lua_fail(L, NEWS_ERR_NOMEM, NULL, 0, "out of memory");
    if (call->outer != NULL)
        news_writer_within(state->writer, call->outer);
    news_writer_record(state->writer, state->record);
    news_render_node(L, state, state->issue->root);
    news_render_references(L, state);
    call->output = news_writer_finish(state->writer);
    news_check_writer(L, state);
    if (call->trial != NULL)
        tell(L, state, call->trial);
}

static int render_protected(lua_State *L)
{
    render_call *call = lua_touserdata(L, 1);
    news_check_merge_values(L, call->state.options);
    enum { MOST = 4096 };
    news_host *host = news_host_of(L);
    /* Proxies of this render, by node; there will be about as many as in the last. */
    news_budget_own_tables(host, true);
    lua_createtable(L, 0, host->proxies < MOST ? host->proxies : MOST);
    news_budget_own_tables(host, false);
    host->proxies = 0;
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CACHE);
    host->generation++;
    news_push_out(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
    run(L, call, 0);
    return 0;
}

/* Drops what the render left in the state, so that nothing of it is seen by the next. What it made
 * is collected while it is young, and so the next finds memory for as much. */
static int forget_render(lua_State *L)
{
    static const news_slot slots[] = {NEWS_SLOT_CACHE, NEWS_SLOT_CHAIN, NEWS_SLOT_OUT};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(slots); i++) {
        lua_pushnil(L);
        lua_rawseti(L, LUA_REGISTRYINDEX, slots[i]);
    }
    lua_pushnil(L);
    news_out_set_options(L);
    lua_gc(L, LUA_GCSTEP, 0);
    return 0;
}

/* ---- A render inside another ---- */

/* "text/plain; charset=utf-8; format=flowed", as this render wrote it. */
static void push_media(lua_State *L, const news_render_state *state)
{
    lua_pushstring(L, state->chain[0]->media);
    if (!state->flowed)
        return;
    lua_pushliteral(L, "; format=flowed");
    if (news_writer_delsp(state->writer))
        lua_pushliteral(L, "; delsp=yes");
    lua_concat(L, news_writer_delsp(state->writer) ? 3 : 2);
}

/* At index 1 the call, at 2 a table of options or nil. Returns the output and its media type. */
static int run_inner(lua_State *L)
{
    render_call *call = lua_touserdata(L, 1);
    run(L, call, lua_istable(L, 2) ? 2 : 0);
    news_charge_bytes(L, call->output.len);
    lua_pushlstring(L, call->output.len != 0 ? call->output.ptr : "", call->output.len);
    push_media(L, &call->state);
    return 2;
}

/* issue:render(format, options) */
int news_lua_render(lua_State *L)
{
    news_host *host = news_host_of(L);
    news_render_state *outer = host->render;
    size_t len;
    lua_settop(L, 3);
    const news_node *node = news_get_node(L, 1);
    if (node == NULL || node->kind != NEWS_KIND_ISSUE)
        luaL_error(L, "call it with a colon, as in issue:render(\"text\")");
    const char *format = luaL_checklstring(L, 2, &len);
    if (!lua_isnil(L, 3))
        luaL_checktype(L, 3, LUA_TTABLE);
    luaL_checkstack(L, 8, NULL);
    render_call call = {.state = {.issue = outer->issue,
                                  .options = outer->options,
                                  .record = outer->record,
                                  .is_inner = true,
                                  .depth = outer->depth + 1},
                        .format = news_str_of(format, len),
                        .outer = outer->writer};
    news_buf_init(&call.state.filled, &host->output_heap, host->options.max_output);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CHAIN);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OPTIONS);
    lua_pushcfunction(L, news_lua_on_error);
    lua_pushcfunction(L, run_inner);
    lua_pushlightuserdata(L, &call);
    lua_pushvalue(L, 3);
    int status = lua_pcall(L, 2, 2, 6);
    news_writer_free(call.state.writer);
    news_buf_free(&call.state.filled);
    host->render = outer;
    lua_pushvalue(L, 4);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CHAIN);
    lua_pushvalue(L, 5);
    news_out_set_options(L);
    if (status == LUA_OK)
        return 2;
    if (call.state.node != NULL)
        outer->node = call.state.node; /* which the error is about */
    news_check_caught(L, status);
    return lua_error(L);
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
    if (node->kind == NEWS_KIND_MAPPING && issue->publication != NULL)
        return issue->publication->data->name; /* what it has in groups hangs from nothing */
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

static news_status run_call(news_host *host, render_call *call, news_str *output, news_error *error)
{
    const news_issue *issue = call->state.issue;
    news_buf_init(&call->state.filled, &host->output_heap, host->options.max_output);
    host->seed = seed_of(issue);
    news_writer_free(host->writer);
    host->writer = NULL;
    *output = NEWS_STR_NONE;
    news_status status = news_host_enter(host, render_protected, call, error);
    const news_node *node = call->state.node;
    host->writer = call->state.writer;
    if (status == NEWS_OK)
        *output = call->output;
    else if (error != NULL && host->fault.status == NEWS_OK && node != NULL) {
        error->node_line = node->line;
        error->node_column = node->column;
        news_error_copy(error->node_source, sizeof error->node_source,
                        news_node_source(issue, node), true);
    }
    news_buf_free(&call->state.filled);
    host->render = NULL;
    host->generation++;
    /* Setting existing keys to nil allocates nothing. */
    (void)news_host_enter(host, forget_render, NULL, NULL);
    return status;
}

news_status news_host_render(news_host *host, const news_issue *issue, news_str format,
                             const news_render_options *options, news_str *output,
                             news_error *error)
{
    render_call call = {.state = {.issue = issue, .options = options}, .format = format};
    return run_call(host, &call, output, error);
}

news_status news_host_try(news_host *host, const news_issue *issue, news_str format,
                          const news_loader *loader, news_trial *trial, news_str *output,
                          news_error *error)
{
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    news_record record;
    options.loader = loader;
    render_call call = {.state = {.issue = issue, .options = &options, .record = &record},
                        .format = format,
                        .trial = trial};
    news_record_init(&record, &host->output_heap);
    news_status status = run_call(host, &call, output, error);
    if (host->writer != NULL)
        news_writer_record(host->writer, NULL);
    news_record_free(&record);
    return status;
}
