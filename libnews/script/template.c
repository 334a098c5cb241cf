/* One-line templates: literals and {{ field }}, compiled when they are assigned and run in C. */
#include "script/host.h"

typedef struct {
    lua_State *L;
    size_t renderer;
    bool fill, markup;
    news_op *ops;
    uint32_t count, capacity;
    uint32_t line; /* the first operation of the output's current line */
} compiler;

/* Each pair of braces makes at most three operations, and each newline in a filled literal one
 * more with what follows it. */
static uint32_t count_operations(news_str text)
{
    uint32_t count = 2;
    for (size_t i = 0; i < text.len; i++)
        count += (text.ptr[i] == '{') * 2u + (text.ptr[i] == '\n' || text.ptr[i] == '\t') * 2u;
    return count;
}

static news_op *add(compiler *c, news_op_type type)
{
    if (c->count == c->capacity)
        luaL_error(c->L, "the template is too long");
    news_op *op = &c->ops[c->count++];
    *op = (news_op){.type = (uint8_t)type};
    return op;
}

static void add_raw(compiler *c, news_str literal)
{
    if (literal.len != 0)
        add(c, NEWS_OP_RAW)->literal = literal;
}

/* Turns what the current line holds so far into the marker that the rest hangs behind. */
static void hang(compiler *c)
{
    uint32_t marker = c->count - c->line;
    for (uint32_t i = c->line; i < c->count; i++)
        if (c->ops[i].type != NEWS_OP_RAW && c->ops[i].type != NEWS_OP_FIELD)
            luaL_error(c->L, "before a tab a template may hold literals and fields only");
    if (marker > 8)
        luaL_error(c->L, "a marker before a tab has at most 8 parts");
    (void)add(c, NEWS_OP_HANG);
    memmove(&c->ops[c->line + 1], &c->ops[c->line], marker * sizeof *c->ops);
    c->ops[c->line] = (news_op){.type = NEWS_OP_HANG, .count = (uint8_t)marker};
    c->line = c->count;
}

/* References are lines; there is no layout within them. */
static void check_layout(const compiler *c, news_str literal)
{
    if (c->renderer != NEWS_RENDERER_LINKS || literal.len == 0)
        return;
    if (memchr(literal.ptr, '\n', literal.len) != NULL ||
        memchr(literal.ptr, '\t', literal.len) != NULL)
        luaL_error(c->L, "the template of a reference is one line, without newlines and tabs");
}

/* In a filled format newlines and tabs are layout. One newline ends the line, more ask for empty
 * lines; behind a tab the rest of the template hangs, with what stands before it as the marker. */
static void add_literal(compiler *c, news_str literal)
{
    check_layout(c, literal);
    if (!c->fill) {
        add_raw(c, literal);
        return;
    }
    while (literal.len != 0) {
        size_t length = 0, newlines = 0;
        while (length < literal.len && literal.ptr[length] != '\n' && literal.ptr[length] != '\t')
            length++;
        add_raw(c, news_str_of(literal.ptr, length));
        literal = news_str_skip(literal, length);
        if (literal.len != 0 && literal.ptr[0] == '\t') {
            hang(c);
            literal = news_str_skip(literal, 1);
            continue;
        }
        while (newlines < literal.len && literal.ptr[newlines] == '\n')
            newlines++;
        if (newlines == 1)
            add(c, NEWS_OP_CR);
        else if (newlines > 1)
            add(c, NEWS_OP_BLANK)->count = (uint8_t)(newlines - 1 < 8 ? newlines - 1 : 8);
        if (newlines != 0)
            c->line = c->count;
        literal = news_str_skip(literal, newlines);
    }
}

static bool is_name_char(char ch)
{
    return news_is_alnum(ch) || ch == '_' || ch == '-';
}

/* Cuts `or "default"` from the end of what stands between the braces. */
static news_str cut_default(news_str *name)
{
    size_t at = news_str_find(*name, NEWS_STR(" or \""), 0);
    if (at == SIZE_MAX || name->ptr[name->len - 1] != '"' || at + 5 >= name->len)
        return NEWS_STR_NONE;
    news_str text = news_str_of(name->ptr + at + 5, name->len - at - 6);
    *name = news_str_trim(news_str_of(name->ptr, at));
    return text;
}

/* A reference is no node, but reads like one. */
static bool is_reference_field(const news_op *op, news_field field)
{
    return op->path_len == 1 &&
           (field == NEWS_FIELD_NUMBER || field == NEWS_FIELD_URL || field == NEWS_FIELD_TEXT);
}

/* {{ options.accent }}: what the render was given, or the format's script has set. */
static bool is_option(const compiler *c, const news_op *op)
{
    return op->path_len == 2 && news_str_equal(op->path[0], NEWS_STR("options")) &&
           c->renderer != NEWS_RENDERER_LINKS;
}

static void parse_path(compiler *c, news_str text, news_op *op)
{
    news_kind kind = news_renderer_kind(c->renderer);
    lua_pushlstring(c->L, text.len != 0 ? text.ptr : "", text.len);
    const char *shown = lua_tostring(c->L, -1);
    while (text.len != 0) {
        size_t length = 0;
        while (length < text.len && is_name_char(text.ptr[length]))
            length++;
        if (length == 0 || (length < text.len && text.ptr[length] != '.') ||
            length + 1 == text.len || op->path_len == NEWS_PATH_MAX)
            break;
        op->path[op->path_len++] = news_str_of(text.ptr, length);
        text = news_str_skip(text, length + 1);
    }
    if (text.len != 0 || op->path_len == 0)
        luaL_error(
            c->L,
            "'{{ %s }}': a template holds field names such as {{ title }}, {{ parent.level }} or "
            "{{ icon or \"-\" }}; write a function where there is logic",
            shown);
    lua_pop(c->L, 1);
    if (is_option(c, op)) {
        op->type = NEWS_OP_OPTION;
        return;
    }
    news_field field = news_field_from_name(op->path[0]);
    if (c->renderer == NEWS_RENDERER_LINKS) {
        if (!is_reference_field(op, field))
            luaL_error(c->L, "the template of a reference holds {{ number }}, {{ url }} and "
                             "{{ text }} only");
    } else if (!news_kind_has_field(kind, field)) {
        news_lua_field_error(c->L, kind, op->path[0]);
    }
    op->field = (uint8_t)field;
}

/* The length of ` name="` at the end of a literal, 0 when it does not end so. */
static size_t attribute_length(news_str literal)
{
    size_t end = literal.len;
    if (end < 4 || literal.ptr[end - 1] != '"' || literal.ptr[end - 2] != '=')
        return 0;
    size_t at = end - 2;
    while (at > 0 && (is_name_char(literal.ptr[at - 1]) || literal.ptr[at - 1] == ':'))
        at--;
    if (at == end - 2 || at == 0 || literal.ptr[at - 1] != ' ')
        return 0;
    return end - at + 1;
}

static bool is_referred_to(news_kind kind)
{
    return kind == NEWS_KIND_LINK || kind == NEWS_KIND_IMAGE || kind == NEWS_KIND_ITEM;
}

/* The names for what a node holds, as against its fields. */
static news_op_type what_is_below(news_str name)
{
    return news_str_equal(name, NEWS_STR("children")) ? NEWS_OP_CHILDREN
           : news_str_equal(name, NEWS_STR("plain"))  ? NEWS_OP_PLAIN
           : news_str_equal(name, NEWS_STR("entry"))  ? NEWS_OP_ENTRY
                                                      : NEWS_OP_FIELD;
}

/* `before` is the literal in front of the braces, `after` what follows them. Returns how much of
 * `after` the field took with it. */
static size_t add_field(compiler *c, news_str before, news_str name, news_str after)
{
    bool is_absent_never = news_str_starts(name, NEWS_STR("options."));
    size_t attribute = c->markup && !is_absent_never && after.len != 0 && after.ptr[0] == '"'
                           ? attribute_length(before)
                           : 0;
    add_literal(c, news_str_of(before.ptr, before.len - attribute));
    if (news_str_equal(name, NEWS_STR("ref")) && is_referred_to(news_renderer_kind(c->renderer))) {
        add(c, NEWS_OP_REF);
        return 0;
    }
    if (news_str_equal(name, NEWS_STR("cr")) && c->renderer != NEWS_RENDERER_LINKS) {
        add(c, NEWS_OP_CR);
        c->line = c->count;
        return 0;
    }
    news_op_type whole = what_is_below(name);
    if (whole != NEWS_OP_FIELD && attribute == 0 && c->renderer != NEWS_RENDERER_LINKS) {
        add(c, whole);
        return 0;
    }
    news_op *op = add(c, attribute != 0 ? NEWS_OP_ATTRIBUTE : NEWS_OP_FIELD);
    /* The literal of an attribute keeps ` name="`; else it is the default. */
    if (attribute != 0)
        op->literal = news_str_of(before.ptr + before.len - attribute, attribute);
    else
        op->literal = cut_default(&name);
    parse_path(c, name, op);
    return attribute != 0 ? 1 : 0;
}

const news_template *news_template_compile(lua_State *L, int index, size_t renderer,
                                           const news_format *format)
{
    static const news_str open = {"{{", 2}, close = {"}}", 2};
    size_t len;
    const char *given = lua_tolstring(L, index, &len);
    luaL_checkstack(L, 6, NULL);
    uint32_t capacity = count_operations(news_str_of(given, len));
    size_t ops_size = capacity * sizeof(news_op);
    int line;
    const char *source = news_lua_caller(L, &line);
    size_t source_size = source != NULL ? strlen(source) + 1 : 0;
    news_charge(L, len);
    news_template *template =
        lua_newuserdatauv(L, sizeof *template + ops_size + len + 1 + source_size, 0);
    news_op *ops = (news_op *)(template + 1);
    char *copy = (char *)ops + ops_size, *source_copy = copy + len + 1;
    memcpy(copy, given, len + 1);
    if (source != NULL)
        memcpy(source_copy, source, source_size);
    bool html = format->escape == NEWS_ESCAPE_HTML;
    bool markup = html || format->escape == NEWS_ESCAPE_XML;
    compiler c = {L, renderer, format->fill, markup, ops, 0, capacity, 0};
    news_str rest = {copy, len};
    for (;;) {
        size_t from = news_str_find(rest, open, 0);
        if (from == SIZE_MAX)
            break;
        size_t to = news_str_find(rest, close, from + 2);
        if (to == SIZE_MAX)
            luaL_error(L, "a '{{' in the template is not closed by '}}'");
        news_str name = news_str_trim(news_str_of(rest.ptr + from + 2, to - from - 2));
        news_str after = news_str_skip(rest, to + 2);
        size_t taken = add_field(&c, news_str_of(rest.ptr, from), name, after);
        rest = news_str_skip(after, taken);
    }
    add_literal(&c, rest);
    *template = (news_template){
        NEWS_TAG_TEMPLATE, c.count, ops, source != NULL ? source_copy : NULL, line, false, 0};
    if (html && !format->fill)
        news_template_settle(template);
    return template;
}
