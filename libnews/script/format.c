/* news.format{}: the settings of a format, checked, and its table of renderers. */
#include "script/host.h"

static const char *const settings[] = {"name", "extends", "media", "extension", "edition", "escape",
                                       "fill", "width",   "links", "flowed",    "options"};

const char *news_renderer_name(size_t renderer)
{
    switch (renderer) {
    case NEWS_RENDERER_LINK_PARAGRAPH: return "link_paragraph";
    case NEWS_RENDERER_TIGHT_PARAGRAPH: return "tight_paragraph";
    case NEWS_RENDERER_HEADING_2: return "heading_2";
    case NEWS_RENDERER_HEADING_3: return "heading_3";
    case NEWS_RENDERER_HEADING_4: return "heading_4";
    case NEWS_RENDERER_HEADING_5: return "heading_5";
    case NEWS_RENDERER_HEADING_6: return "heading_6";
    case NEWS_RENDERER_ATTRIBUTED_QUOTE: return "attributed_quote";
    case NEWS_RENDERER_NESTED_LIST: return "nested_list";
    case NEWS_RENDERER_ORDERED_LIST: return "ordered_list";
    case NEWS_RENDERER_TASK_ITEM: return "task_item";
    case NEWS_RENDERER_PLAIN_ITEM: return "plain_item";
    case NEWS_RENDERER_LINK_ITEM: return "link_item";
    case NEWS_RENDERER_BARE_ITEM: return "bare_item";
    case NEWS_RENDERER_ORDERED_ITEM: return "ordered_item";
    case NEWS_RENDERER_LISTED_ITEM: return "listed_item";
    case NEWS_RENDERER_HEADER_CELL: return "header_cell";
    case NEWS_RENDERER_BLANK_HEADER: return "blank_header";
    case NEWS_RENDERER_AUTOLINK: return "autolink";
    case NEWS_RENDERER_BLANK_LINK: return "blank_link";
    case NEWS_RENDERER_LINKS: return "links";
    case NEWS_KIND_PUBLICATION:
    case NEWS_KIND_MAPPING:
    case NEWS_KIND_SEQUENCE:
    case NEWS_KIND_SCALAR: return NULL; /* data, not rendered by itself */
    default: return news_kind_name((news_kind)renderer);
    }
}

static news_str renderer_name_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(news_renderer_name(i));
}

static size_t find_renderer(news_str name)
{
    for (size_t i = 0; i < NEWS_RENDERER_COUNT; i++)
        if (news_str_equal(name, renderer_name_at(NULL, i)))
            return i;
    return NEWS_RENDERER_COUNT;
}

/* ---- The metatable: format.paragraph = … ---- */

static bool is_directive_name(news_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i == 0 || (!news_is_digit(c) && c != '-' && c != '_')))
            return false;
    }
    return name.len != 0;
}

/* `directive` is the name behind "directive.", empty in other keys; it lives as long as the key. */
static void check_renderer_name(lua_State *L, int index, size_t *renderer, news_str *directive)
{
    size_t len;
    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "a renderer's key is the name of a kind, not a %s", luaL_typename(L, index));
    const char *text = lua_tolstring(L, index, &len);
    *directive = NEWS_STR_NONE;
    size_t prefix = sizeof "directive." - 1;
    if (strncmp(text, "directive.", prefix) == 0) {
        *renderer = NEWS_KIND_DIRECTIVE;
        *directive = news_str_of(text + prefix, len - prefix);
        if (is_directive_name(*directive))
            return;
        luaL_error(L,
                   "'%s': the name of a directive begins with a letter and holds a-z, 0-9, '-' "
                   "and '_' only",
                   text);
    }
    *renderer = find_renderer(news_str_of(text, len));
    if (*renderer != NEWS_RENDERER_COUNT)
        return;
    news_charge_nearest(L, NEWS_RENDERER_COUNT);
    ptrdiff_t nearest =
        news_nearest(news_str_of(text, len), NEWS_RENDERER_COUNT, renderer_name_at, NULL);
    if (nearest >= 0)
        luaL_error(L, "there is no renderer '%s'; did you mean '%s'?", text,
                   news_renderer_name((size_t)nearest));
    if (is_directive_name(news_str_of(text, len)))
        luaL_error(L,
                   "there is no renderer '%s'; that of a directive is called "
                   "[\"directive.%s\"]",
                   text, text);
    luaL_error(L, "there is no renderer '%s'", text);
}

/* Compiles the renderer at index 3 and pushes what is kept of it: nil, false, a template, or the
 * function. */
static news_renderer push_renderer(lua_State *L, const news_format *format, size_t id)
{
    news_renderer renderer = {NEWS_RENDERER_ABSENT, NULL};
    switch (lua_type(L, 3)) {
    case LUA_TNIL: lua_pushnil(L); break;
    case LUA_TBOOLEAN:
        if (lua_toboolean(L, 3))
            luaL_error(L, "renderer '%s': true means nothing; false renders nothing",
                       lua_tostring(L, 2));
        renderer.type = NEWS_RENDERER_NOTHING;
        lua_pushboolean(L, 0);
        break;
    case LUA_TSTRING:
        renderer.type = NEWS_RENDERER_TEMPLATE;
        renderer.template = news_template_compile(L, 3, id, format);
        break;
    case LUA_TFUNCTION:
        renderer.type = NEWS_RENDERER_FUNCTION;
        lua_pushvalue(L, 3);
        break;
    default:
        luaL_error(L,
                   "renderer '%s' is a %s; it may be a template string, a function (node, out), or "
                   "false",
                   lua_tostring(L, 2), luaL_typename(L, 3));
    }
    return renderer;
}

static int set_renderer(lua_State *L)
{
    news_format *format = lua_touserdata(L, 1);
    news_str directive;
    size_t id;
    check_renderer_name(L, 2, &id, &directive);
    if (news_host_of(L)->loading == 0)
        return luaL_error(L, "a format's renderers are set while its script runs, not later");
    lua_getiuservalue(L, 1, NEWS_FORMAT_FUNCTIONS);
    if (directive.len != 0) {
        lua_pushlstring(L, directive.ptr, directive.len);
        (void)push_renderer(L, format, id);
        lua_rawset(L, -3);
        format->has_directives = true;
        return 0;
    }
    news_renderer renderer = push_renderer(L, format, id);
    lua_rawseti(L, -2, (lua_Integer)id);
    format->renderers[id] = renderer;
    return 0;
}

/* Reading gives back a function that was set, so that it can be used for another kind, too. */
static int get_renderer(lua_State *L)
{
    news_str directive;
    size_t id;
    check_renderer_name(L, 2, &id, &directive);
    lua_getiuservalue(L, 1, NEWS_FORMAT_FUNCTIONS);
    if (directive.len != 0) {
        lua_pushlstring(L, directive.ptr, directive.len);
        lua_rawget(L, -2);
    } else {
        lua_rawgeti(L, -1, (lua_Integer)id);
    }
    return lua_isfunction(L, -1) ? 1 : 0;
}

static int format_tostring(lua_State *L)
{
    const news_format *format = lua_touserdata(L, 1);
    lua_pushfstring(L, "format '%s'", format->name);
    return 1;
}

void news_format_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"__newindex", set_renderer},
                                         {"__index", get_renderer},
                                         {"__tostring", format_tostring},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_FORMATS);
}

/* ---- Settings: the table given is at index 1 ---- */

static void read_text(lua_State *L, const char *key, char *to, size_t size)
{
    size_t len;
    if (lua_getfield(L, 1, key) != LUA_TNIL) {
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "news.format: '%s' must be a string", key);
        const char *text = lua_tolstring(L, -1, &len);
        if (len == 0 || len >= size)
            luaL_error(L, "news.format: '%s' must have 1 to %d bytes", key, (int)size - 1);
        for (size_t i = 0; i < len; i++)
            if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
                luaL_error(L, "news.format: '%s' holds a control character", key);
        memcpy(to, text, len + 1);
    }
    lua_pop(L, 1);
}

static void check_name_chars(lua_State *L, const char *what, const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if (!news_is_digit(*at) && !(*at >= 'a' && *at <= 'z') && *at != '_' && *at != '-')
            luaL_error(L, "news.format: the %s '%s' may hold a-z, 0-9, '-' and '_' only", what,
                       name);
}

static void read_name(lua_State *L, char name[NEWS_FORMAT_NAME_MAX])
{
    name[0] = '\0';
    read_text(L, "name", name, NEWS_FORMAT_NAME_MAX);
    if (name[0] == '\0')
        luaL_error(L, "news.format: a format needs a name");
    check_name_chars(L, "name", name);
}

static int choose(lua_State *L, const char *key, const char *const *names, int count)
{
    int chosen = -1;
    if (lua_type(L, -1) == LUA_TSTRING)
        for (int i = 0; i < count; i++)
            if (strcmp(lua_tostring(L, -1), names[i]) == 0)
                chosen = i;
    if (chosen >= 0)
        return chosen;
    lua_pushliteral(L, "");
    for (int i = 0; i < count; i++) {
        lua_pushfstring(L, i == 0 ? "\"%s\"" : ", \"%s\"", names[i]);
        lua_concat(L, 2);
    }
    return luaL_error(L, "news.format: '%s' must be one of %s", key, lua_tostring(L, -1));
}

static void read_escape(lua_State *L, news_format *format, int format_index)
{
    static const char *const names[] = {"html", "xml", "text", "gemtext", "none"};
    switch (lua_getfield(L, 1, "escape")) {
    case LUA_TNIL: break;
    case LUA_TFUNCTION:
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, format_index, NEWS_FORMAT_ESCAPE);
        format->escape = NEWS_ESCAPE_TEXT; /* what the function returns is still checked */
        break;
    default:
        format->escape = (news_escape)choose(L, "escape", names, (int)NEWS_ARRAY_LENGTH(names));
        lua_pushnil(L);
        lua_setiuservalue(L, format_index, NEWS_FORMAT_ESCAPE);
    }
    lua_pop(L, 1);
}

static void read_layout(lua_State *L, news_format *format)
{
    switch (lua_getfield(L, 1, "fill")) {
    case LUA_TNIL: break;
    case LUA_TBOOLEAN: format->fill = lua_toboolean(L, -1); break;
    default: luaL_error(L, "news.format: 'fill' must be true or false");
    }
    int is_integer;
    if (lua_getfield(L, 1, "width") == LUA_TBOOLEAN && !lua_toboolean(L, -1)) {
        format->width = 0;
    } else if (!lua_isnil(L, -1)) {
        lua_Integer width = lua_tointegerx(L, -1, &is_integer);
        if (!is_integer || width < NEWS_WIDTH_LEAST || width > NEWS_WIDTH_MOST)
            luaL_error(L, "news.format: 'width' must be 20 to 200, or false");
        format->width = (uint32_t)width;
    }
    switch (lua_getfield(L, 1, "flowed")) {
    case LUA_TNIL: break;
    case LUA_TBOOLEAN: format->flowed = lua_toboolean(L, -1); break;
    default: luaL_error(L, "news.format: 'flowed' must be true or false");
    }
    if (lua_getfield(L, 1, "links") != LUA_TNIL &&
        (lua_type(L, -1) != LUA_TSTRING ||
         !news_links_from_name(news_str_from(lua_tostring(L, -1)), &format->links)))
        luaL_error(L, "news.format: 'links' must be \"inline\", \"section\", \"end\" or \"off\"");
    lua_pop(L, 4);
}

/* At the top of the stack; an array of choices, the first being the default, is copied. */
static bool is_default(lua_State *L)
{
    int type = lua_type(L, -1);
    if (type != LUA_TTABLE)
        return type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN;
    lua_newtable(L);
    for (lua_Integer i = 1; lua_rawgeti(L, -2, i) != LUA_TNIL; i++) {
        news_charge(L, 4);
        if (lua_type(L, -1) != LUA_TSTRING)
            return false;
        lua_rawseti(L, -2, i);
    }
    lua_pop(L, 1);
    lua_remove(L, -2);
    return lua_rawlen(L, -1) != 0;
}

/* The parent's options, overridden and added to by those given. */
static void read_options(lua_State *L, int format_index, int parent_index)
{
    lua_newtable(L);
    int merged = lua_gettop(L);
    lua_getiuservalue(L, parent_index, NEWS_FORMAT_OPTIONS);
    for (int source = 0; source < 2; source++) {
        if (source == 1 && lua_getfield(L, 1, "options") != LUA_TNIL &&
            lua_type(L, -1) != LUA_TTABLE)
            luaL_error(L, "news.format: 'options' must be a table of names and defaults");
        if (lua_isnil(L, -1))
            break;
        for (lua_pushnil(L); lua_next(L, -2) != 0;) {
            if (lua_type(L, -2) != LUA_TSTRING || !is_default(L))
                luaL_error(L, "news.format: an option is a name with a string, number or boolean "
                              "as its default, or an array of the strings it may be");
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, merged);
        }
    }
    lua_settop(L, merged);
    /* These have settings of their own. */
    for (size_t i = 0; i < NEWS_COMMON_OPTIONS; i++) {
        lua_pushnil(L);
        lua_setfield(L, merged, news_common_options[i]);
    }
    lua_setiuservalue(L, format_index, NEWS_FORMAT_OPTIONS);
}

static void check_settings(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    news_lua_check_keys(L, 1, settings, NEWS_ARRAY_LENGTH(settings),
                        "news.format: settings are given by name",
                        "news.format: there is no setting");
}

/* A format that extends its own name extends the built-in one it replaces. Built-in formats, which
 * are kept from render to render, extend built-in ones, whatever has been loaded. */
static void push_parent(lua_State *L, const char *own_name)
{
    size_t len;
    switch (lua_getfield(L, 1, "extends")) {
    case LUA_TNIL: news_push_root(L); break;
    case LUA_TSTRING: {
        const char *name = lua_tolstring(L, -1, &len);
        if (news_lua_is_called_by_built_in(L) || strcmp(name, own_name) == 0)
            news_lua_push_builtin(L, news_str_of(name, len));
        else
            news_lua_push_format(L, news_str_of(name, len), NEWS_OK);
        break;
    }
    default: luaL_error(L, "news.format: 'extends' is the name of a format");
    }
    lua_remove(L, -2);
}

/* Pushes a format as the one at the index, with no renderers of its own. */
static news_format *push_heir(lua_State *L, int parent_index)
{
    const news_format *parent = lua_touserdata(L, parent_index);
    news_format *format = lua_newuserdatauv(L, sizeof *format, NEWS_FORMAT_USER_VALUES);
    int format_index = lua_gettop(L);
    *format = *parent;
    memset(format->renderers, 0, sizeof format->renderers);
    format->has_directives = false;
    const char *source = news_lua_caller(L, &format->line);
    news_error_copy(format->source, sizeof format->source, news_str_from(source), true);
    lua_newtable(L);
    lua_setiuservalue(L, format_index, NEWS_FORMAT_FUNCTIONS);
    lua_pushvalue(L, parent_index);
    lua_setiuservalue(L, format_index, NEWS_FORMAT_PARENT);
    lua_getiuservalue(L, parent_index, NEWS_FORMAT_ESCAPE);
    lua_setiuservalue(L, format_index, NEWS_FORMAT_ESCAPE);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_FORMATS);
    lua_setmetatable(L, format_index);
    return format;
}

int news_lua_format(lua_State *L)
{
    char name[NEWS_FORMAT_NAME_MAX];
    check_settings(L);
    lua_settop(L, 1);
    read_name(L, name);
    push_parent(L, name);
    int parent_index = lua_gettop(L);
    news_format *format = push_heir(L, parent_index);
    int format_index = lua_gettop(L);
    memcpy(format->name, name, sizeof name);
    read_text(L, "media", format->media, sizeof format->media);
    read_text(L, "extension", format->extension, sizeof format->extension);
    read_text(L, "edition", format->edition, sizeof format->edition);
    check_name_chars(L, "edition", format->edition);
    read_escape(L, format, format_index);
    read_layout(L, format);
    read_options(L, format_index, parent_index);
    lua_settop(L, format_index);
    return 1;
}

/* ---- Styles ---- */

/* Whether the option `style` of the format at index 1 may be the string at index 2. */
static bool is_choice(lua_State *L)
{
    bool found = false;
    lua_getiuservalue(L, 1, NEWS_FORMAT_OPTIONS);
    if (lua_getfield(L, -1, "style") == LUA_TTABLE)
        for (lua_Integer i = 1; !found && lua_rawgeti(L, -1, i) != LUA_TNIL; i++) {
            news_charge(L, 4);
            found = lua_rawequal(L, -1, 2);
            lua_pop(L, 1);
        }
    lua_settop(L, 2);
    return found;
}

int news_lua_style(lua_State *L)
{
    const news_format *format = news_lua_get(L, 1, NEWS_TAG_FORMAT);
    lua_settop(L, 2);
    if (format == NULL || lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "news.style: give it a format and the name of a style");
    if (news_host_of(L)->loading == 0)
        return luaL_error(L, "a format's styles are made while its script runs, not later");
    if (!is_choice(L))
        return luaL_error(
            L,
            "news.style: format '%s' has no such style; name it among its options, as "
            "in options = { style = { \"usual\", \"%s\" } }",
            format->name, lua_tostring(L, 2));
    if (lua_getiuservalue(L, 1, NEWS_FORMAT_STYLES) == LUA_TNIL) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, 1, NEWS_FORMAT_STYLES);
    }
    lua_pushvalue(L, 2);
    (void)push_heir(L, 1);
    lua_pushvalue(L, -1);
    lua_insert(L, -3);
    lua_rawset(L, -4);
    return 1;
}
