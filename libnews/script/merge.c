/* Merge fields: what a recipient has for them, and the strings of nodes that hold some, which are
 * filled when they are read. */
#include <stdio.h>

#include "script/host.h"

/* ---- Values ---- */

/* Nothing that would end a line or hide text; where it might stand is not known here. */
static bool is_plain(news_str value)
{
    if (news_utf8_valid_prefix(value) != value.len)
        return false;
    for (size_t at = 0; at < value.len;) {
        uint32_t c;
        at += news_utf8_decode(value, at, &c);
        if (news_is_control(c))
            return false;
    }
    return true;
}

void news_check_merge_values(lua_State *L, const news_render_options *options)
{
    for (size_t i = 0; i < options->field_count; i++)
        if (!is_plain(news_str_from(options->fields[i].value)))
            news_lua_fail(L, NEWS_ERR_ARG, NULL, 0,
                          "the value of the merge field \"%s\" holds a control character, or bytes "
                          "that are not UTF-8",
                          options->fields[i].name);
}

/* Of a name that is given twice the last counts. */
static bool recipient_has(const news_render_options *options, news_str name, news_str *value)
{
    for (size_t i = options->field_count; i-- > 0;)
        if (news_str_equal(name, news_str_from(options->fields[i].name))) {
            *value = news_str_from(options->fields[i].value);
            return true;
        }
    return false;
}

/* The recipient's own, else what is written with the field, else what the publication falls back
 * on; else, in a check, its name. */
static news_str value_of(lua_State *L, const news_render_state *render, const news_node *node,
                         const news_merge_field *field)
{
    const news_publication *publication = render->issue->publication;
    news_str value;
    if (recipient_has(render->options, field->name, &value))
        return value;
    if (field->has_default)
        return field->otherwise;
    const news_node *recipient = publication != NULL ? publication->recipient : NULL;
    const news_node *fallback =
        recipient != NULL ? news_lua_entry(L, recipient, field->name) : NULL;
    if (fallback != NULL && fallback->kind == NEWS_KIND_SCALAR)
        return fallback->b;
    if (render->record != NULL)
        return field->name;
    const char *name = lua_pushlstring(L, field->name.ptr, field->name.len);
    news_lua_fail_at(L, NEWS_ERR_SYNTAX, node,
                     "no value for the merge field \"%s\"; give it a default, {{ %s or \"...\" }}, "
                     "or set it",
                     name, name);
    return NEWS_STR_NONE;
}

void news_render_merge_field(lua_State *L, news_render_state *render, const news_node *node)
{
    news_merge_field field = {node->a, node->b, (node->flags & NEWS_NODE_DEFAULT) != 0};
    news_render_text(L, render, value_of(L, render, node, &field));
}

/* ---- Strings that hold fields ---- */

static bool is_address(news_field field)
{
    return news_is_address_field(field) || field == NEWS_FIELD_HOST;
}

static bool is_words(news_field field)
{
    switch (field) {
    case NEWS_FIELD_TITLE:
    case NEWS_FIELD_TEXT:
    case NEWS_FIELD_SUBJECT:
    case NEWS_FIELD_PREHEADER:
    case NEWS_FIELD_SUMMARY:
    case NEWS_FIELD_ALT:
    case NEWS_FIELD_CAPTION: return true;
    default: return false;
    }
}

/* A link whose text is its address shows what it leads to, values and all. */
static bool shows_address(const news_node *link)
{
    return link->kind == NEWS_KIND_LINK && (link->flags & NEWS_NODE_FIELDS) != 0 &&
           news_text_is_address(link);
}

/* The node whose flag tells whether a node's strings hold merge fields. */
static const news_node *holder_of(const news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_FIGURE: return ((const news_figure *)node->extra)->image;
    case NEWS_KIND_ITEM: return ((const news_item *)node->extra)->link;
    default: return node;
    }
}

static bool holds_fields(const news_node *node, news_field field)
{
    if (field == NEWS_FIELD_LITERAL)
        return node->kind == NEWS_KIND_TEXT && node->parent != NULL && shows_address(node->parent);
    if (!is_address(field) && !is_words(field))
        return false;
    return (holder_of(node)->flags & NEWS_NODE_FIELDS) != 0 || field == NEWS_FIELD_UNSUBSCRIBE;
}

static bool ends_with_mailto(const news_buf *address)
{
    static const news_str mailto = {"mailto:", 7};
    news_str all = news_buf_str(address);
    return all.len >= mailto.len &&
           news_str_equal_nocase(news_str_skip(all, all.len - mailto.len), mailto);
}

/* Within an address a value is one component of it (RFC 3986), whatever it says. */
static void append_component(news_buf *to, news_str value)
{
    bool to_mail = ends_with_mailto(to);
    for (size_t i = 0; i < value.len; i++)
        if (news_uri_is_unreserved(value.ptr[i]) || (value.ptr[i] == '@' && to_mail))
            news_buf_append_char(to, value.ptr[i]);
        else
            news_uri_append_escape(to, value.ptr[i]);
}

/* The segment of a path that is being written. One of dots alone leads up or stays (RFC 3986,
 * section 3.3), and no value may make one. */
typedef struct {
    size_t start;
    bool has_value; /* some of it */
    bool is_over;   /* the path: what follows is a query or an anchor */
    bool leads_elsewhere;
} segment;

static void end_segment(const news_buf *filled, segment *s)
{
    news_str text = news_str_skip(news_buf_str(filled), s->start);
    s->leads_elsewhere |=
        s->has_value && !s->is_over &&
        (news_str_equal(text, NEWS_STR(".")) || news_str_equal(text, NEWS_STR("..")));
}

static void append_literal(news_buf *filled, news_str literal, segment *s)
{
    for (size_t i = 0; i < literal.len; i++) {
        const char c = literal.ptr[i];
        const bool ends = c == '/' || c == '\\' || c == '?' || c == '#';
        if (ends)
            end_segment(filled, s);
        news_buf_append_char(filled, c);
        if (!ends)
            continue;
        s->start = filled->len;
        s->has_value = false;
        s->is_over |= c == '?' || c == '#';
    }
}

static void check_filled(lua_State *L, const news_buf *filled)
{
    if (filled->status == NEWS_OK)
        return;
    char message[96] = "out of memory";
    if (filled->status == NEWS_ERR_LIMIT)
        (void)snprintf(message, sizeof message,
                       "a text with its merge fields filled in is larger than %zu bytes",
                       filled->max);
    (void)news_spend(L, filled->status, message);
}

static void check_address(lua_State *L, const news_node *node, news_str address,
                          bool leads_elsewhere)
{
    char shown[64];
    if (!leads_elsewhere && news_uri_safe(address))
        return;
    news_error_copy(shown, sizeof shown, address, false);
    news_lua_fail_at(
        L, NEWS_ERR_SYNTAX, node, "with its merge fields filled in, this address %s: \"%s\"",
        leads_elsewhere ? "leads to another folder" : "is of a kind that cannot be linked", shown);
}

static news_str fill(lua_State *L, news_render_state *render, const news_node *node, news_str text,
                     bool address)
{
    news_buf *filled = &render->filled;
    news_merge_field field;
    news_str literal;
    segment last = {0};
    news_buf_clear(filled);
    while (news_merge_next(&text, &literal, &field)) {
        if (address)
            append_literal(filled, literal, &last);
        else
            news_buf_append_str(filled, literal);
        if (field.name.len == 0)
            continue;
        news_str value = value_of(L, render, node, &field);
        last.has_value = true;
        if (address)
            append_component(filled, value);
        else
            news_buf_append_str(filled, value);
    }
    check_filled(L, filled);
    news_charge_bytes(L, filled->len);
    if (address) {
        end_segment(filled, &last);
        check_address(L, node, news_buf_str(filled), last.leads_elsewhere);
    }
    return news_buf_str(filled);
}

/* Whether a value is a component of an address there: also in a text that is all of one. */
static bool reads_as_address(const news_node *node, news_field field)
{
    const news_node *link = node->kind == NEWS_KIND_LINK ? node : node->parent;
    bool is_text = field == NEWS_FIELD_TEXT || field == NEWS_FIELD_LITERAL;
    return is_address(field) ||
           (is_text && shows_address(link) && news_str_equal(link->a, link->b));
}

static news_str address_as_written(const news_node *node)
{
    if (node->kind == NEWS_KIND_ITEM)
        node = ((const news_item *)node->extra)->link;
    return node->a;
}

news_value news_fill_field(lua_State *L, news_render_state *render, const news_node *node,
                           news_field field)
{
    news_value value = news_node_field(node, field);
    if (value.type != NEWS_VALUE_STRING || !holds_fields(node, field))
        return value;
    news_str text = field == NEWS_FIELD_HOST ? address_as_written(node) : value.as.string;
    if (news_str_find(text, NEWS_STR("{{"), 0) == SIZE_MAX)
        return value;
    value.as.string = fill(L, render, node, text, reads_as_address(node, field));
    if (field != NEWS_FIELD_HOST)
        return value;
    value.as.string = news_uri_host(value.as.string);
    return value.as.string.len != 0 ? value : (news_value){.type = NEWS_VALUE_NONE};
}
