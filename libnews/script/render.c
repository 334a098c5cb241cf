/* Nodes to the writer: for each node its renderer, and blocks of filled formats set apart from one
 * another. */
#include "script/host.h"

void news_check_writer(lua_State *L, const news_render_state *render)
{
    if (NEWS_LIKELY(news_writer_status(render->writer) == NEWS_OK))
        return;
    news_status status = news_writer_status(render->writer);
    const char *message = news_writer_message(render->writer);
    message = *message != '\0' ? message : "out of memory";
    /* The writer's failures stick, and so must the script's. */
    if (status != NEWS_ERR_ARG)
        (void)news_spend(L, status, message);
    luaL_error(L, "%s", message);
}

void news_begin_capture(news_render_state *render, uint32_t width)
{
    news_writer_capture_begin(render->writer, width);
    render->captures++;
}

news_str news_end_capture(lua_State *L, news_render_state *render, bool one_line)
{
    news_str captured = one_line ? news_writer_capture_end_line(render->writer)
                                 : news_writer_capture_end(render->writer);
    news_check_writer(L, render);
    render->captures--;
    return captured;
}

/* ---- Values ---- */

typedef void write_function(news_writer *writer, news_str s);

void news_call_function(lua_State *L, news_render_state *render, int arguments, int results)
{
    const news_template *outer = render->template;
    render->template = NULL;
    lua_call(L, arguments, results);
    render->template = outer;
}

/* A script's escape may add markup, but nothing that no text holds. */
static bool is_clean(news_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.ptr[i] < ' ' && !news_is_space(text.ptr[i])) ||
            text.ptr[i] == 0x7f)
            return false;
    return news_utf8_valid_prefix(text) == text.len;
}

static void write_escaped_by_script(lua_State *L, news_render_state *render, news_str text,
                                    write_function *write)
{
    size_t len;
    luaL_checkstack(L, 6, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CHAIN);
    lua_rawgeti(L, -1, NEWS_FORMAT_CHAIN_MAX + 1);
    lua_pushlstring(L, text.len != 0 ? text.ptr : "", text.len);
    news_call_function(L, render, 1, 1);
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "the format's escape function must return a string; it returned %s",
                   luaL_typename(L, -1));
    const char *escaped = lua_tolstring(L, -1, &len);
    news_charge_text(L, render, len);
    if (!is_clean(news_str_of(escaped, len)))
        luaL_error(L, "the format's escape function returned control characters or bytes that are "
                      "not UTF-8");
    write(render->writer, news_str_of(escaped, len));
    lua_pop(L, 2);
}

void news_render_text(lua_State *L, news_render_state *render, news_str text)
{
    news_charge_text(L, render, text.len);
    if (NEWS_UNLIKELY(render->escape_function))
        write_escaped_by_script(L, render, text, news_writer_raw);
    else
        news_writer_text(render->writer, text);
}

void news_render_whole(lua_State *L, news_render_state *render, news_str text)
{
    news_charge_text(L, render, text.len);
    if (NEWS_UNLIKELY(render->escape_function))
        write_escaped_by_script(L, render, text, news_writer_whole);
    else
        news_writer_whole_text(render->writer, text);
}

void news_render_raw(lua_State *L, news_render_state *render, news_str markup)
{
    news_charge_text(L, render, markup.len);
    news_writer_raw(render->writer, markup);
}

/* What is written as an address: of the issue, which may hold one of a megabyte. */
void news_render_url(lua_State *L, news_render_state *render, news_str url)
{
    news_charge_text(L, render, url.len);
    news_writer_url(render->writer, url);
}

bool news_is_address_field(news_field field)
{
    switch (field) {
    case NEWS_FIELD_URL:
    case NEWS_FIELD_SRC:
    case NEWS_FIELD_IMAGE:
    case NEWS_FIELD_GEMINI:
    case NEWS_FIELD_MORE:
    case NEWS_FIELD_UNSUBSCRIBE: return true;
    default: return false;
    }
}

void news_render_value(lua_State *L, news_render_state *render, const news_value *value,
                       news_field field)
{
    char text[48];
    switch (value->type) {
    case NEWS_VALUE_STRING:
        if (news_is_address_field(field))
            news_render_url(L, render, value->as.string);
        else
            news_render_text(L, render, value->as.string);
        break;
    case NEWS_VALUE_NODES: news_render_nodes(L, render, value->as.nodes); break;
    case NEWS_VALUE_NODE: news_render_node(L, render, value->as.node); break;
    case NEWS_VALUE_INTEGER: news_writer_number(render->writer, value->as.integer); break;
    case NEWS_VALUE_BOOLEAN:
        news_writer_json(render->writer, value->as.boolean ? NEWS_STR("true") : NEWS_STR("false"));
        break;
    case NEWS_VALUE_DATE: {
        size_t len = news_date_iso(&value->as.date, text, sizeof text);
        news_writer_text(render->writer, news_str_of(text, len));
        break;
    }
    case NEWS_VALUE_NUMBER: /* no field has one */
    case NEWS_VALUE_NONE: break;
    }
}

/* ---- References ---- */

bool news_text_is_address(const news_node *link)
{
    news_str mail = NEWS_STR("mailto:");
    return news_str_equal(link->a, link->b) ||
           (news_str_starts(link->a, mail) &&
            news_str_equal(news_str_skip(link->a, mail.len), link->b));
}

static news_str address_of(lua_State *L, news_render_state *render, const news_node *link)
{
    news_field field = link->kind == NEWS_KIND_IMAGE ? NEWS_FIELD_SRC : NEWS_FIELD_URL;
    return news_render_field(L, render, link, field).as.string;
}

uint32_t news_reference_of(lua_State *L, news_render_state *render, const news_node *link,
                           bool always)
{
    if (render->links == NEWS_LINKS_OFF || link == render->shown || link->a.len == 0)
        return 0;
    news_charge(L, link->b.len >> 8);
    if (link->kind == NEWS_KIND_LINK &&
        (link->number == NEWS_LINK_SECTION || (!always && news_text_is_address(link))))
        return 0;
    if (render->links == NEWS_LINKS_INLINE)
        return UINT32_MAX; /* inline markers have no number */
    news_str url = address_of(L, render, link);
    news_charge_bytes(L, url.len);
    return news_writer_reference(render->writer, url, link);
}

void news_write_marker(lua_State *L, news_render_state *render, const news_node *link,
                       uint32_t number)
{
    char digits[NEWS_DECIMAL_SIZE], text[NEWS_DECIMAL_SIZE + 3] = " [";
    if (number == 0)
        return;
    if (render->links == NEWS_LINKS_INLINE) {
        news_writer_raw(render->writer, NEWS_STR(" "));
        news_writer_whole(render->writer, NEWS_STR("<"));
        news_render_url(L, render, address_of(L, render, link));
        news_writer_whole(render->writer, NEWS_STR(">"));
        return;
    }
    news_str shown = news_decimal(number, digits);
    memcpy(text + 2, shown.ptr, shown.len);
    text[2 + shown.len] = ']';
    news_writer_whole(render->writer, news_str_of(text, shown.len + 3));
}

/* What a reference stands for in words: a link's text, an image's description. */
static news_str reference_text(lua_State *L, news_render_state *render,
                               const news_reference *reference)
{
    const news_node *node = reference->ud;
    news_field field = node->kind == NEWS_KIND_IMAGE ? NEWS_FIELD_ALT : NEWS_FIELD_TEXT;
    news_str text = news_render_field(L, render, node, field).as.string;
    if (news_str_trim(text).len != 0)
        return text;
    news_str host = news_uri_host(reference->url);
    return host.len != 0 ? host : reference->url;
}

static void push_references(lua_State *L, news_render_state *render,
                            const news_reference *references, size_t count)
{
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        news_charge(L, 16);
        lua_createtable(L, 0, 4);
        lua_pushinteger(L, references[i].number);
        lua_setfield(L, -2, "number");
        lua_pushlstring(L, references[i].url.ptr, references[i].url.len);
        lua_setfield(L, -2, "url");
        news_str text = reference_text(L, render, &references[i]);
        lua_pushlstring(L, text.ptr, text.len);
        lua_setfield(L, -2, "text");
        news_push_node(L, references[i].ud);
        lua_setfield(L, -2, "link");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void write_reference_field(lua_State *L, news_render_state *render, news_field field,
                                  const news_reference *reference)
{
    news_value value = {.type = NEWS_VALUE_STRING};
    if (field == NEWS_FIELD_NUMBER)
        value = (news_value){.type = NEWS_VALUE_INTEGER, .as.integer = reference->number};
    else if (field == NEWS_FIELD_URL)
        value.as.string = reference->url;
    else
        value.as.string = reference_text(L, render, reference);
    news_render_value(L, render, &value, field);
}

/* Each on a line of its own. A script's escape function may ask for further references meanwhile,
 * and the writer may move those it has. */
static void write_references(lua_State *L, news_render_state *render, const news_template *template,
                             const news_reference *queued, size_t count)
{
    news_writer *writer = render->writer;
    luaL_checkstack(L, 4, NULL);
    news_reference *references = lua_newuserdatauv(L, count * sizeof *references, 0);
    memcpy(references, queued, count * sizeof *references);
    news_writer_blank(writer, 1);
    for (size_t i = 0; i < count; i++) {
        news_charge(L, 16);
        news_writer_line_begin(writer);
        for (uint32_t at = 0; at < template->count; at++) {
            const news_op *op = &template->ops[at];
            if (op->type != NEWS_OP_FIELD)
                news_render_raw(L, render, op->literal);
            if (op->type != NEWS_OP_RAW)
                write_reference_field(L, render, (news_field)op->field, &references[i]);
            if (op->type == NEWS_OP_ATTRIBUTE)
                news_writer_raw(writer, NEWS_STR("\""));
        }
        news_writer_line_end(writer);
    }
    news_writer_blank(writer, 1);
    lua_pop(L, 1);
}

/* Pushes what a format of the chain keeps for a renderer: nil, false, a template, a function. */
static void push_kept(lua_State *L, uint32_t chain, size_t renderer, news_str directive)
{
    luaL_checkstack(L, 8, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CHAIN);
    lua_rawgeti(L, -1, (lua_Integer)chain + 1);
    if (directive.len != 0) {
        lua_pushlstring(L, directive.ptr, directive.len);
        lua_rawget(L, -2);
    } else {
        lua_rawgeti(L, -1, (lua_Integer)renderer);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static void push_function(lua_State *L, const news_resolved *resolved, size_t renderer)
{
    push_kept(L, resolved->chain, renderer, resolved->directive);
}

/* A renderer writes; what it returns would be lost. `return out(…)` is all right. */
static void check_result(lua_State *L, const news_resolved *resolved, size_t renderer)
{
    lua_Debug function;
    if (lua_isnil(L, -1) || news_lua_get(L, -1, NEWS_TAG_OUT) != NULL) {
        lua_pop(L, 1);
        return;
    }
    const char *type = luaL_typename(L, -1);
    push_function(L, resolved, renderer);
    if (lua_getinfo(L, ">S", &function) == 0)
        function = (lua_Debug){.source = "", .linedefined = 0};
    news_lua_fail(L, NEWS_ERR_SCRIPT, function.source, function.linedefined,
                  "renderer '%s%s%s' returned a %s; a renderer writes with out(…)",
                  news_renderer_name(renderer), resolved->directive.len != 0 ? "." : "",
                  lua_pushlstring(L, resolved->directive.len != 0 ? resolved->directive.ptr : "",
                                  resolved->directive.len),
                  type);
}

void news_render_references(lua_State *L, news_render_state *render)
{
    const news_reference *references;
    size_t count = news_writer_take_references(render->writer, &references);
    const news_resolved *resolved = &render->resolved[NEWS_RENDERER_LINKS];
    if (count == 0)
        return;
    if (resolved->renderer->type == NEWS_RENDERER_TEMPLATE) {
        write_references(L, render, resolved->renderer->template, references, count);
    } else if (resolved->renderer->type == NEWS_RENDERER_FUNCTION) {
        push_function(L, resolved, NEWS_RENDERER_LINKS);
        push_references(L, render, references, count);
        lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
        news_call_function(L, render, 2, 1);
        check_result(L, resolved, NEWS_RENDERER_LINKS);
    }
    news_check_writer(L, render);
}

/* ---- Words alone ---- */

static void write_plain(lua_State *L, news_render_state *render, const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL; node = node->next) {
        news_charge(L, 4);
        switch (node->kind) {
        case NEWS_KIND_TEXT:
        case NEWS_KIND_CODE: news_render_text(L, render, node->a); break;
        case NEWS_KIND_SOFTBREAK:
        case NEWS_KIND_LINEBREAK: news_render_text(L, render, NEWS_STR(" ")); break;
        case NEWS_KIND_IMAGE:
            news_render_text(L, render,
                             news_render_field(L, render, node, NEWS_FIELD_ALT).as.string);
            break;
        case NEWS_KIND_NOTE_REF:
        case NEWS_KIND_FIELD: news_render_node(L, render, node); break;
        default: write_plain(L, render, node);
        }
    }
}

/* An image in a link is told of by the link's marker. */
static void write_markers(lua_State *L, news_render_state *render, const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL; node = node->next) {
        news_charge(L, 4);
        write_markers(L, render, node);
        if (node->kind == NEWS_KIND_LINK ||
            (node->kind == NEWS_KIND_IMAGE && top->kind != NEWS_KIND_LINK))
            news_write_marker(L, render, node, news_reference_of(L, render, node, false));
    }
}

void news_render_plain(lua_State *L, news_render_state *render, const news_node *node)
{
    write_plain(L, render, node);
    write_markers(L, render, node);
}

/* ---- Prefixes ---- */

void news_push_hang(lua_State *L, news_render_state *render, news_str first)
{
    enum { WIDEST = 64 };
    static const char spaces[WIDEST + 1] =
        "                                                                ";
    size_t columns = news_columns(first);
    if (columns > WIDEST)
        luaL_error(L, "text hangs behind at most %d columns", WIDEST);
    news_writer_push_prefix(render->writer, first, news_str_of(spaces, columns));
}

/* ---- Nodes ---- */

static bool is_block(const news_node *node)
{
    return node->kind >= NEWS_KIND_SECTION && node->kind < NEWS_KIND_TEXT &&
           node->kind != NEWS_KIND_TABLE_CELL;
}

static bool holds_body(lua_State *L, const news_node *list)
{
    bool holds = false;
    uint64_t entries = 0;
    for (const news_node *entry = list->first_child; entry != NULL && !holds;
         entry = entry->next, entries++) {
        const news_item *item = entry->extra;
        holds = entry->kind == NEWS_KIND_ITEM && item->body.first != NULL;
    }
    news_charge(L, entries >> 2);
    return holds;
}

/* Blocks stand on lines of their own; what is inside a tight list is not set apart further, unless
 * some item in it has a body: then they would stand apart here and touch there. */
static bool is_tight(const news_render_state *render, const news_node *node)
{
    const news_node *parent = node->parent;
    if (node->kind == NEWS_KIND_TABLE_ROW)
        return true;
    if (parent == NULL)
        return false;
    if (parent->kind == NEWS_KIND_LIST)
        return (parent->flags & NEWS_NODE_TIGHT) != 0 && parent != render->open_list;
    if ((parent->kind == NEWS_KIND_LIST_ITEM || parent->kind == NEWS_KIND_ITEM) &&
        parent->parent != NULL && parent->parent->kind == NEWS_KIND_LIST)
        return (parent->parent->flags & NEWS_NODE_TIGHT) != 0;
    return false;
}

static void set_apart(news_render_state *render, const news_node *node)
{
    if (is_tight(render, node))
        news_writer_cr(render->writer);
    else
        news_writer_blank(render->writer, 1);
}

static void run_renderer(lua_State *L, news_render_state *render, const news_resolved *resolved,
                         size_t id, const news_node *node)
{
    switch ((news_renderer_type)resolved->renderer->type) {
    case NEWS_RENDERER_TEMPLATE:
        news_run_template(L, render, resolved->renderer->template, node);
        break;
    case NEWS_RENDERER_FUNCTION:
        push_function(L, resolved, id);
        news_push_node(L, node);
        lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
        news_call_function(L, render, 2, 1);
        check_result(L, resolved, id);
        break;
    case NEWS_RENDERER_SOFTBREAK: news_render_text(L, render, NEWS_STR("\n")); break;
    case NEWS_RENDERER_LINEBREAK:
        if (render->fill)
            news_writer_cr(render->writer);
        else
            news_writer_raw(render->writer, NEWS_STR("\n"));
        break;
    case NEWS_RENDERER_MERGE_FIELD: news_render_merge_field(L, render, node); break;
    case NEWS_RENDERER_ABSENT:
    case NEWS_RENDERER_NOTHING: break;
    }
}

/* Data of the front matter: a scalar is its text, a sequence its entries with commas. */
static void render_data(lua_State *L, news_render_state *render, const news_node *node)
{
    if (node->kind == NEWS_KIND_SCALAR) {
        news_render_text(L, render, node->b);
        return;
    }
    if (node->kind == NEWS_KIND_MAPPING)
        luaL_error(L, "a mapping of the front matter cannot be written as a whole; "
                      "take one of its entries");
    for (const news_node *entry = node->first_child; entry != NULL; entry = entry->next) {
        if (entry != node->first_child)
            news_render_text(L, render, NEWS_STR(", "));
        render_data(L, render, entry);
    }
}

/* What a check is told of a node. A section is written when its heading is, or a block of it. */
static void record_section(const news_render_state *render, const news_resolved *resolved,
                           const news_node *node)
{
    const news_node *parent = node->parent;
    if (parent != NULL && parent->kind == NEWS_KIND_SECTION && node->kind != NEWS_KIND_SECTION &&
        resolved->renderer->type != NEWS_RENDERER_NOTHING)
        news_writer_note_section(render->writer, parent->a);
}

/* A format may lead readers to an address by way of another, for which it does not have to tell. */
static void run_recorded(lua_State *L, news_render_state *render, const news_resolved *resolved,
                         size_t id, const news_node *node)
{
    size_t before = render->record->notes;
    record_section(render, resolved, node);
    run_renderer(L, render, resolved, id, node);
    if (node->kind == NEWS_KIND_LINK && render->record->notes != before)
        news_writer_note_address(render->writer, address_of(L, render, node));
}

static void render_with(lua_State *L, news_render_state *render, const news_resolved *resolved,
                        size_t id, const news_node *node)
{
    const news_node *outer = render->node;
    size_t outer_running = render->running;
    uint32_t outer_chain = render->running_chain;
    const news_node *outer_list = render->open_list;
    bool apart = render->fill && is_block(node) && node != outer; /* else super has done it */
    render->node = node;
    render->running = id;
    render->running_chain = resolved->chain;
    if (++render->depth > NEWS_DEEPEST_RENDER)
        luaL_error(L, "the format renders this node inside itself");
    if (apart)
        set_apart(render, node);
    if (apart && node->kind == NEWS_KIND_LIST)
        render->open_list = holds_body(L, node) ? node : NULL;
    if (NEWS_LIKELY(render->record == NULL))
        run_renderer(L, render, resolved, id, node);
    else
        run_recorded(L, render, resolved, id, node);
    news_check_writer(L, render);
    render->open_list = outer_list;
    if (apart)
        set_apart(render, node);
    render->depth--;
    render->node = outer;
    render->running = outer_running;
    render->running_chain = outer_chain;
}

/* The first renderer from this place of the chain on; `named` holds it when it is for directives of
 * one name, which go before what any format has for directives in general. */
static bool resolve(lua_State *L, const news_render_state *render, const news_node *node, size_t id,
                    size_t from, news_resolved *resolved, news_renderer *named)
{
    bool is_directive = id == NEWS_KIND_DIRECTIVE && render->has_directives;
    for (size_t i = from; is_directive && i < render->chain_len; i++) {
        push_kept(L, (uint32_t)i, id, node->a);
        const news_template *template = news_lua_get(L, -1, NEWS_TAG_TEMPLATE);
        int type = lua_type(L, -1);
        lua_pop(L, 1); /* the format keeps it */
        if (type == LUA_TNIL)
            continue;
        *named = (news_renderer){.type = template != NULL        ? NEWS_RENDERER_TEMPLATE
                                         : type == LUA_TFUNCTION ? NEWS_RENDERER_FUNCTION
                                                                 : NEWS_RENDERER_NOTHING,
                                 .template = template};
        *resolved = (news_resolved){named, (uint32_t)i, node->a};
        return true;
    }
    for (size_t i = from; i < render->chain_len; i++) {
        const news_renderer *renderer = &render->chain[i]->renderers[id];
        if (renderer->type == NEWS_RENDERER_ABSENT)
            continue;
        *resolved = (news_resolved){renderer, (uint32_t)i, NEWS_STR_NONE};
        return true;
    }
    return false;
}

static void render_directive(lua_State *L, news_render_state *render, const news_node *node)
{
    news_resolved resolved;
    news_renderer named;
    if (resolve(L, render, node, NEWS_KIND_DIRECTIVE, 0, &resolved, &named))
        render_with(L, render, &resolved, NEWS_KIND_DIRECTIVE, node);
}

/* As the root's template has it. */
static void render_plain_text(lua_State *L, news_render_state *render, const news_node *node)
{
    const news_node *outer = render->node;
    render->node = node;
    news_render_text(L, render, node->a);
    render->node = outer;
}

void news_render_node(lua_State *L, news_render_state *render, const news_node *node)
{
    news_charge(L, 4);
    if (node->kind == NEWS_KIND_TEXT && render->text_is_plain) {
        render_plain_text(L, render, node);
        return;
    }
    if (node->kind >= NEWS_KIND_MAPPING) {
        render_data(L, render, node);
        return;
    }
    size_t id = news_renderer_of(L, render, node);
    bool outermost = node->kind == NEWS_KIND_SECTION && node->parent != NULL &&
                     node->parent->kind == NEWS_KIND_ISSUE && render->links == NEWS_LINKS_SECTION &&
                     render->captures == 0;
    if (outermost)
        news_render_references(L, render); /* the intro's */
    if (NEWS_UNLIKELY(id == NEWS_KIND_DIRECTIVE))
        render_directive(L, render, node);
    else
        render_with(L, render, &render->resolved[id], id, node);
    if (outermost)
        news_render_references(L, render);
}

void news_render_super(lua_State *L, news_render_state *render, const news_node *node)
{
    if (node->kind >= NEWS_KIND_MAPPING) {
        render_data(L, render, node);
        return;
    }
    news_resolved above = {0};
    news_renderer named;
    size_t id = node->kind, place = render->running_chain;
    /* Above the format whose renderer runs now, or, for a node of another kind, above the one that
     * would render it. */
    bool is_running = news_renderer_kind(render->running) == (news_kind)node->kind;
    if (id == NEWS_KIND_DIRECTIVE) {
        if (!is_running && resolve(L, render, node, id, 0, &above, &named))
            place = above.chain;
        if (resolve(L, render, node, id, place + 1, &above, &named))
            render_with(L, render, &above, id, node);
        return;
    }
    if (!is_running)
        (void)news_renderer_from(L, render, node, 0, &place);
    id = news_renderer_from(L, render, node, place + 1, &place);
    if (place == render->chain_len)
        return;
    above = (news_resolved){&render->chain[place]->renderers[id], (uint32_t)place, NEWS_STR_NONE};
    render_with(L, render, &above, id, node);
}

void news_render_entry(lua_State *L, news_render_state *render, const news_node *entry)
{
    const news_node *first = entry->first_child;
    if (first == NULL)
        return;
    if (first->kind == NEWS_KIND_PARAGRAPH)
        news_render_nodes(L, render, (news_nodes){.first = first->first_child});
    else
        news_render_node(L, render, first);
    news_writer_cr(render->writer);
    news_render_nodes(L, render, (news_nodes){.first = first->next});
}

void news_render_nodes(lua_State *L, news_render_state *render, news_nodes nodes)
{
    const news_node *node;
    while ((node = news_nodes_next(&nodes)) != NULL)
        news_render_node(L, render, node);
}
