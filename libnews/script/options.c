/* The options of a render. A format declares them with their defaults; its publication, the issue,
 * the host, and a format that renders it in itself may set them, each going before those named
 * before it. */
#include "script/host.h"

/* Who set an option, and so who is told that it is wrong. */
typedef struct {
    const news_node *node; /* in front matter, or NULL */
    bool is_script;        /* else the host */
} origin;

typedef struct {
    lua_State *L;
    news_render_state *state;
    const news_format *format;
    int declared, options; /* stack indexes: defaults, values */
} setter;

static int refuse(lua_State *L, const origin *from, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    if (from->node != NULL)
        return news_lua_fail_at(L, NEWS_ERR_SYNTAX, from->node, "%s", message);
    if (from->is_script)
        return luaL_error(L, "%s", message);
    return news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "%s", message);
}

/* ---- The options every format has ---- */

const char *const news_common_options[NEWS_COMMON_OPTIONS] = {"width", "links", "flowed"};

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

static bool parse_boolean(news_str value, bool *is_true)
{
    *is_true = news_str_equal(value, NEWS_STR("true"));
    return *is_true || news_str_equal(value, NEWS_STR("false"));
}

static void set_width(const setter *to, const origin *from, const char *value)
{
    if (to->format->width == 0)
        refuse(to->L, from, "format '%s' does not break lines", to->format->name);
    if (!parse_width(news_str_from(value), &to->state->width))
        refuse(to->L, from, "option width: '%s' is neither %d to %d nor 'off'", value,
               NEWS_WIDTH_LEAST, NEWS_WIDTH_MOST);
}

static void set_flowed(const setter *to, const origin *from, const char *value)
{
    if (!parse_boolean(news_str_from(value), &to->state->flowed))
        refuse(to->L, from, "option flowed: '%s' is neither true nor false", value);
    if (to->state->flowed && !news_format_can_flow(to->format))
        refuse(to->L, from, "format '%s' is not plain text in lines, and cannot be flowed",
               to->format->name);
}

bool news_format_can_flow(const news_format *format)
{
    return format->fill && format->escape == NEWS_ESCAPE_TEXT;
}

/* ---- Those a format declares ---- */

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

static void refuse_unknown(const setter *to, const origin *from, const char *name)
{
    lua_State *L = to->L;
    name_list list = {L, 0};
    lua_Integer count = news_push_sorted_keys(L, to->declared);
    list.names = lua_gettop(L);
    for (size_t i = 0; i < NEWS_COMMON_OPTIONS; i++) {
        lua_pushstring(L, news_common_options[i]);
        lua_rawseti(L, list.names, ++count);
    }
    ptrdiff_t nearest = news_nearest(news_str_from(name), (size_t)count, option_name_at, &list);
    if (nearest >= 0)
        refuse(L, from, "format '%s' has no option '%s'; did you mean '%s'?", to->format->name,
               name, option_name_at(&list, (size_t)nearest).ptr);
    refuse(L, from, "format '%s' has no option '%s'", to->format->name, name);
}

/* The choices are an array at the top of the stack; one that is empty says that none was made, and
 * is not told of. Leaves the value there. */
static void choose(const setter *to, const origin *from, const char *name, const char *value)
{
    lua_State *L = to->L;
    int choices = lua_gettop(L);
    for (lua_Integer i = 1; lua_rawgeti(L, choices, i) == LUA_TSTRING; i++, lua_pop(L, 1))
        if (strcmp(lua_tostring(L, -1), value) == 0)
            return;
    lua_settop(L, choices);
    int list = choices + 1;
    lua_pushliteral(L, "");
    for (lua_Integer i = 1; lua_rawgeti(L, choices, i) == LUA_TSTRING; i++) {
        const char *told = lua_tostring(L, list), *choice = lua_tostring(L, -1);
        lua_pushfstring(L, "%s%s%s", told, *told != '\0' ? ", " : "", choice);
        lua_replace(L, list);
        lua_settop(L, list);
    }
    refuse(L, from, "option %s: '%s' is not one of %s", name, value, lua_tostring(L, list));
}

/* Sets one option given as a string, by the type of its default. False when there is none of that
 * name. */
static bool set_option(const setter *to, const origin *from, const char *name, const char *value)
{
    lua_State *L = to->L;
    bool is_true;
    if (strcmp(name, "width") == 0) {
        set_width(to, from, value);
        return true;
    }
    if (strcmp(name, "flowed") == 0) {
        set_flowed(to, from, value);
        return true;
    }
    if (strcmp(name, "links") == 0) {
        if (!news_links_from_name(news_str_from(value), &to->state->links))
            refuse(L, from, "option links: '%s' is not one of inline, section, end, off", value);
        return true;
    }
    int top = lua_gettop(L);
    switch (lua_getfield(L, to->declared, name)) {
    case LUA_TSTRING: lua_pushstring(L, value); break;
    case LUA_TTABLE: choose(to, from, name, value); break;
    case LUA_TNUMBER:
        if (lua_stringtonumber(L, value) == 0)
            refuse(L, from, "option %s: '%s' is not a number", name, value);
        break;
    case LUA_TBOOLEAN:
        if (!parse_boolean(news_str_from(value), &is_true))
            refuse(L, from, "option %s: '%s' is neither true nor false", name, value);
        lua_pushboolean(L, is_true);
        break;
    default: lua_settop(L, top); return false;
    }
    lua_setfield(L, to->options, name);
    lua_settop(L, top);
    return true;
}

/* ---- Who sets them ---- */

static void set_defaults(const setter *to)
{
    lua_State *L = to->L;
    for (lua_pushnil(L); lua_next(L, to->declared) != 0;) {
        if (lua_type(L, -1) == LUA_TTABLE) { /* the first choice */
            lua_rawgeti(L, -1, 1);
            lua_remove(L, -2);
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, to->options);
    }
    to->state->width = to->format->width;
    to->state->links = to->format->links;
    to->state->flowed = to->format->flowed && news_format_can_flow(to->format);
}

/* What front matter has below `formats` and the format's name. */
static void set_from_front_matter(const setter *to, const news_node *formats)
{
    lua_State *L = to->L;
    origin from = {.node = formats};
    if (formats == NULL)
        return;
    if (formats->kind != NEWS_KIND_MAPPING)
        refuse(L, &from, "\"formats\" is a group of formats, each with its options below it");
    const news_node *own = news_mapping_get(formats, news_str_from(to->format->name));
    if (own == NULL)
        return;
    from.node = own;
    if (own->kind != NEWS_KIND_MAPPING)
        refuse(L, &from, "the options of '%s' stand below it, such as \"width: 66\"",
               to->format->name);
    for (const news_node *entry = own->first_child; entry != NULL; entry = entry->next) {
        from.node = entry;
        const char *name = lua_pushlstring(L, entry->a.ptr, entry->a.len);
        if (entry->kind != NEWS_KIND_SCALAR)
            refuse(L, &from, "option %s: a single value is wanted", name);
        const char *value = lua_pushlstring(L, entry->b.len != 0 ? entry->b.ptr : "", entry->b.len);
        if (!set_option(to, &from, name, value))
            refuse_unknown(to, &from, name);
        lua_pop(L, 2);
    }
}

/* A format inside another has some of the options that the host gave for that one. */
static void set_from_host(const setter *to, const news_render_options *given, bool is_inner)
{
    const origin from = {0};
    if (given->width != 0 && (given->width < NEWS_WIDTH_LEAST || given->width > NEWS_WIDTH_MOST))
        refuse(to->L, &from, "width: %I is not within %d and %d", (lua_Integer)given->width,
               NEWS_WIDTH_LEAST, NEWS_WIDTH_MOST);
    if (given->width != 0 && to->format->width != 0)
        to->state->width = given->width;
    for (size_t i = 0; i < given->option_count; i++)
        if (!set_option(to, &from, given->options[i].name, given->options[i].value) && !is_inner)
            refuse_unknown(to, &from, given->options[i].name);
}

static void set_from_script(const setter *to, int table)
{
    lua_State *L = to->L;
    const origin from = {.is_script = true};
    lua_Integer count = news_push_sorted_keys(L, table);
    int names = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, names, i) != LUA_TSTRING)
            luaL_error(L, "options are given by name, as in { width = 66 }");
        const char *name = lua_tostring(L, -1);
        lua_pushvalue(L, -1);
        lua_gettable(L, table);
        if (lua_type(L, -1) == LUA_TBOOLEAN)
            lua_pushstring(L, lua_toboolean(L, -1) ? "true" : "false");
        const char *value = lua_tostring(L, -1);
        if (value == NULL)
            luaL_error(L, "option %s: it is a %s, not a string, a number or a boolean", name,
                       luaL_typename(L, -1));
        if (!set_option(to, &from, name, value))
            refuse_unknown(to, &from, name);
        lua_settop(L, names);
    }
    lua_pop(L, 1);
}

void news_prepare_options(lua_State *L, news_render_state *state, int format, int table)
{
    const news_publication *publication = state->issue->publication;
    luaL_checkstack(L, 16, NULL);
    lua_getiuservalue(L, format, NEWS_FORMAT_OPTIONS);
    lua_newtable(L);
    const setter to = {L, state, lua_touserdata(L, format), lua_gettop(L) - 1, lua_gettop(L)};
    set_defaults(&to);
    if (publication != NULL)
        set_from_front_matter(&to, publication->formats);
    set_from_front_matter(&to, news_mapping_get(state->issue->meta, NEWS_STR("formats")));
    set_from_host(&to, state->options, state->is_inner);
    if (table != 0)
        set_from_script(&to, table);
    if (state->width != 0)
        lua_pushinteger(L, state->width);
    else
        lua_pushboolean(L, 0);
    lua_setfield(L, to.options, "width");
    lua_pushstring(L, links_names[state->links]);
    lua_setfield(L, to.options, "links");
    lua_pushboolean(L, state->flowed);
    lua_setfield(L, to.options, "flowed");
    news_out_set_options(L);
    lua_pop(L, 1);
}
