/* Templates, run: their operations in order, from a node to the writer.
 *
 * In HTML most templates are settled: where each value stands is known since they were compiled
 * (template_place.c). They run without the tracker, if that rests between tags when they begin; it
 * reads what was written only when a value comes that is no plain string. */
#include "script/host.h"

/* ---- Values ---- */

/* The entry of a number, from 1, NULL when there is none. */
static const news_node *sequence_entry(lua_State *L, const news_node *sequence, news_str number)
{
    uint32_t left = 0;
    for (size_t i = 0; i < number.len; i++) {
        if (!news_is_digit(number.ptr[i]) || i > 6)
            luaL_error(L, "a sequence is read by number, as in {{ args.1 }}; not by '%s'",
                       lua_pushlstring(L, number.ptr, number.len));
        left = left * 10 + (uint32_t)(number.ptr[i] - '0');
    }
    if (left == 0)
        return NULL;
    news_charge(L, left >> 2);
    const news_node *entry = sequence->first_child;
    while (entry != NULL && --left > 0)
        entry = entry->next;
    return entry;
}

/* Follows a path from a node. */
static news_value follow(lua_State *L, news_render_state *render, const news_node *node,
                         const news_op *op, news_field *field)
{
    *field = (news_field)op->field;
    news_value value = news_render_field(L, render, node, *field);
    for (size_t i = 1; i < op->path_len && value.type != NEWS_VALUE_NONE; i++) {
        if (value.type != NEWS_VALUE_NODE)
            luaL_error(L, "'%s' is no node and has no field '%s'",
                       lua_pushlstring(L, op->path[i - 1].ptr, op->path[i - 1].len),
                       lua_pushlstring(L, op->path[i].ptr, op->path[i].len));
        const news_node *inner = value.as.node;
        if (inner->kind == NEWS_KIND_MAPPING || inner->kind == NEWS_KIND_SEQUENCE) {
            const news_node *entry = inner->kind == NEWS_KIND_MAPPING
                                         ? news_lua_entry(L, inner, op->path[i])
                                         : sequence_entry(L, inner, op->path[i]);
            value = (news_value){.type = entry != NULL ? NEWS_VALUE_NODE : NEWS_VALUE_NONE,
                                 .as.node = entry};
            continue;
        }
        *field = news_field_from_name(op->path[i]);
        if (!news_kind_has_field((news_kind)inner->kind, *field))
            news_lua_field_error(L, (news_kind)inner->kind, op->path[i]);
        value = news_render_field(L, render, inner, *field);
    }
    return value;
}

/* Pushes an option and what it is called by; returns it as text. */
static news_str push_option(lua_State *L, news_str name)
{
    luaL_checkstack(L, 4, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OPTIONS);
    lua_pushlstring(L, name.ptr, name.len);
    lua_rawget(L, -2);
    size_t len = 0;
    const char *text = NULL;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
    case LUA_TNUMBER: text = lua_tolstring(L, -1, &len); break;
    case LUA_TBOOLEAN:
        text = lua_toboolean(L, -1) ? "true" : "false";
        len = strlen(text);
        break;
    default:
        luaL_error(L, "the format has no option '%s' that could be written",
                   lua_pushlstring(L, name.ptr, name.len));
    }
    return news_str_of(text, len);
}

static void write_option(lua_State *L, news_render_state *render, news_str name)
{
    news_render_text(L, render, push_option(L, name));
    lua_pop(L, 2);
}

/* The string as the format writes text: escaped, without control characters. It is borrowed from
 * the writer. */
static news_str escape_marker(lua_State *L, news_render_state *render, news_str text)
{
    news_begin_capture(render, 0);
    news_render_text(L, render, text);
    return news_end_capture(L, render, false);
}

/* A marker is short text: literals, strings and whole numbers. */
static void push_marker(lua_State *L, news_render_state *render, const news_node *node,
                        const news_op *ops, unsigned count)
{
    char marker[128], number[NEWS_DECIMAL_SIZE];
    size_t len = 0;
    for (unsigned i = 0; i < count; i++) {
        news_str piece = ops[i].literal;
        news_field field;
        if (ops[i].type == NEWS_OP_FIELD) {
            news_value value = follow(L, render, node, &ops[i], &field);
            if (value.type == NEWS_VALUE_INTEGER) {
                piece = news_decimal(value.as.integer, number);
            } else if (value.type == NEWS_VALUE_STRING) {
                piece = escape_marker(L, render, value.as.string);
            } else if (value.type != NEWS_VALUE_NONE) {
                luaL_error(L, "a marker that text hangs behind is made of literals, strings and "
                              "whole numbers");
            }
        }
        if (piece.len > sizeof marker - len)
            luaL_error(L, "a marker that text hangs behind is at most %d bytes long",
                       (int)sizeof marker);
        if (piece.len != 0)
            memcpy(marker + len, piece.ptr, piece.len);
        len += piece.len;
    }
    news_push_hang(L, render, news_str_of(marker, len));
}

/* Of an item its title's address. */
static void write_ref(lua_State *L, news_render_state *render, const news_node *node)
{
    if (node->kind != NEWS_KIND_ITEM) {
        news_write_marker(L, render, node, news_reference_of(L, render, node, false));
    } else if (render->links != NEWS_LINKS_OFF) {
        const news_item *item = node->extra;
        news_render_url(L, render,
                        news_render_field(L, render, item->link, NEWS_FIELD_URL).as.string);
    }
}

/* The whole value of an attribute. A sequence is a list of words there, as classes are. */
static void write_attribute(lua_State *L, news_render_state *render, const news_value *value,
                            news_field field)
{
    if (value->type != NEWS_VALUE_NODE || value->as.node->kind != NEWS_KIND_SEQUENCE) {
        news_render_value(L, render, value, field);
        return;
    }
    const news_node *first = value->as.node->first_child;
    for (const news_node *entry = first; entry != NULL; entry = entry->next) {
        if (entry != first)
            news_writer_text(render->writer, NEWS_STR(" "));
        news_render_node(L, render, entry);
    }
}

/* ---- Options in styles ---- */

static news_known_option *known_option(news_render_state *render, const news_op *op)
{
    size_t place = (size_t)((uintptr_t)op / sizeof *op) % NEWS_ARRAY_LENGTH(render->known_options);
    return &render->known_options[place];
}

/* A script may set an option anew at any time. */
static bool write_known_option(lua_State *L, news_render_state *render, news_buf *out,
                               const news_op *op)
{
    const news_known_option *known = known_option(render, op);
    if (known->op != op)
        return false;
    bool is_same =
        news_str_equal(push_option(L, op->path[1]), news_str_of(known->value, known->value_len));
    lua_pop(L, 2);
    if (is_same)
        news_buf_append(out, known->written, known->written_len);
    return is_same;
}

/* Writes it by way of the tracker, and notes what it became, if that is as short as colours are. */
static void write_unknown_option(lua_State *L, news_render_state *render, const news_op *op)
{
    news_known_option *known = known_option(render, op);
    size_t before = news_writer_length(render->writer);
    news_str value = push_option(L, op->path[1]);
    news_render_text(L, render, value);
    news_str written = news_writer_behind(render->writer, before);
    known->op = NULL;
    if (value.len != 0 && value.len <= sizeof known->value && written.len != 0 &&
        written.len <= sizeof known->written) {
        memcpy(known->value, value.ptr, value.len);
        memcpy(known->written, written.ptr, written.len);
        known->value_len = (uint8_t)value.len;
        known->written_len = (uint8_t)written.len;
        known->op = op;
    }
    lua_pop(L, 2);
}

/* ---- Operations ---- */

static void write_verbatim(lua_State *L, news_render_state *render, news_str lines)
{
    news_charge_text(L, render, lines.len);
    news_writer_verbatim(render->writer, lines);
}

/* A field's value in the text, or the default. */
static void write_field(lua_State *L, news_render_state *render, const news_op *op,
                        const news_node *node)
{
    news_field field;
    news_value value = follow(L, render, node, op, &field);
    if (value.type == NEWS_VALUE_NONE)
        news_render_raw(L, render, op->literal);
    else if (render->fill && field == NEWS_FIELD_LITERAL &&
             (node->kind == NEWS_KIND_CODE_BLOCK || node->kind == NEWS_KIND_HTML_BLOCK))
        write_verbatim(L, render, value.as.string); /* code keeps its lines */
    else
        news_render_value(L, render, &value, field);
}

static void write_whole_attribute(lua_State *L, news_render_state *render, const news_op *op,
                                  const news_node *node)
{
    news_field field;
    news_value value = follow(L, render, node, op, &field);
    if (value.type == NEWS_VALUE_NONE)
        return;
    news_render_raw(L, render, op->literal);
    write_attribute(L, render, &value, field);
    news_writer_raw(render->writer, NEWS_STR("\""));
}

/* What may stand between tags: all that is no markup, no layout and no attribute. */
static inline void write_content(lua_State *L, news_render_state *render, const news_op *op,
                                 const news_node *node)
{
    switch ((news_op_type)op->type) {
    case NEWS_OP_CR: news_writer_cr(render->writer); break;
    case NEWS_OP_CHILDREN:
        news_render_nodes(L, render, (news_nodes){.first = node->first_child});
        break;
    case NEWS_OP_PLAIN: news_render_plain(L, render, node); break;
    case NEWS_OP_ENTRY: news_render_entry(L, render, node); break;
    case NEWS_OP_FIELD: write_field(L, render, op, node); break;
    case NEWS_OP_OPTION:
        if (op->place == NEWS_PLACE_STYLE)
            write_unknown_option(L, render, op);
        else
            write_option(L, render, op->path[1]);
        break;
    case NEWS_OP_RAW:
    case NEWS_OP_BLANK:
    case NEWS_OP_HANG:
    case NEWS_OP_ATTRIBUTE:
    case NEWS_OP_REF: break; /* run_operations() has them */
    }
}

/* Runs the operations from `first` on. */
static void run_operations(lua_State *L, news_render_state *render, const news_template *template,
                           uint32_t first, const news_node *node)
{
    unsigned hanging = 0;
    for (uint32_t i = first; i < template->count; i++) {
        const news_op *op = &template->ops[i];
        switch ((news_op_type)op->type) {
        case NEWS_OP_RAW: news_render_raw(L, render, op->literal); break;
        case NEWS_OP_BLANK: news_writer_blank(render->writer, op->count); break;
        case NEWS_OP_HANG:
            push_marker(L, render, node, op + 1, op->count);
            i += op->count;
            hanging++;
            break;
        case NEWS_OP_REF: write_ref(L, render, node); break;
        case NEWS_OP_ATTRIBUTE: write_whole_attribute(L, render, op, node); break;
        default: write_content(L, render, op, node);
        }
    }
    while (hanging-- > 0)
        news_writer_pop_prefix(render->writer);
}

/* ---- Settled templates ---- */

/* Writes the value of an operation that stands in an attribute. False, with nothing written, when
 * it takes the tracker to write it. */
static bool write_settled(lua_State *L, news_render_state *render, news_buf *out, const news_op *op,
                          const news_node *node)
{
    news_field field;
    news_value value = follow(L, render, node, op, &field);
    bool is_attribute = op->type == NEWS_OP_ATTRIBUTE;
    if (value.type == NEWS_VALUE_NONE)
        return is_attribute;
    if (value.type != NEWS_VALUE_STRING ||
        (op->place != NEWS_PLACE_ADDRESS && news_is_address_field(field)))
        return false;
    news_charge_text(L, render, value.as.string.len);
    if (is_attribute)
        news_buf_append_str(out, op->literal);
    if (op->place == NEWS_PLACE_ADDRESS)
        news_writer_known_address(render->writer, value.as.string);
    else
        news_writer_known_value(render->writer, value.as.string);
    if (is_attribute)
        news_buf_append_char(out, '"');
    return true;
}

/* The number of the first operation that is left. */
static uint32_t run_settled(lua_State *L, news_render_state *render, const news_template *template,
                            const news_node *node)
{
    news_writer *writer = render->writer;
    news_buf *out = NULL; /* while markup is written */
    news_charge_text(L, render, template->markup);
    for (uint32_t i = 0; i < template->count; i++) {
        const news_op *op = &template->ops[i];
        if (op->place == NEWS_PLACE_TEXT) {
            news_writer_known_end(writer);
            out = NULL;
            write_content(L, render, op, node);
            if (!news_writer_rests(writer))
                return i + 1;
            continue;
        }
        if (out == NULL)
            out = news_writer_known(writer);
        if (op->type == NEWS_OP_RAW) {
            news_buf_append_str(out, op->literal);
        } else if (op->type == NEWS_OP_OPTION) {
            if (op->place != NEWS_PLACE_STYLE || !write_known_option(L, render, out, op))
                return i;
        } else if (!write_settled(L, render, out, op, node)) {
            return i;
        }
    }
    news_writer_known_end(writer);
    return template->count;
}

void news_run_template(lua_State *L, news_render_state *render, const news_template *template,
                       const news_node *node)
{
    const news_template *outer = render->template;
    uint32_t first = 0;
    render->template = template;
    if (template->settled && news_writer_rests(render->writer))
        first = run_settled(L, render, template, node);
    if (first < template->count)
        run_operations(L, render, template, first, node);
    render->template = outer;
}
