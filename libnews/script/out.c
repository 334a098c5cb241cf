/* The methods of `out`, the one value through which a format writes. */
#include <math.h>

#include "script/host.h"

typedef struct {
    uint32_t tag;
    uint32_t generation;
} out_proxy;

/* A link's marker, numbered when it was asked for, written when it is passed to out. */
typedef struct {
    uint32_t tag;
    uint32_t generation;
    uint32_t number;
    const news_node *link;
} marker_proxy;

/* Its user value is the markup. */
typedef struct {
    uint32_t tag;
} raw_value;

static news_render_state *check_out(lua_State *L)
{
    const out_proxy *out = news_lua_get(L, 1, NEWS_TAG_OUT);
    news_host *host = news_host_of(L);
    if (out == NULL)
        luaL_error(L, "call it with a colon, as in out:blank()");
    else if (host->render == NULL || out->generation != host->generation)
        luaL_error(L, "this out belongs to a render that is over");
    news_charge(L, 4);
    return host->render;
}

void news_check_written(lua_State *L, const news_render_state *render)
{
    if (NEWS_UNLIKELY(render->captures < render->defining))
        luaL_error(L, "outside its blocks, a layout that extends another writes nothing: it would "
                      "come before all else");
    news_check_writer(L, render);
}

static int self(lua_State *L)
{
    lua_settop(L, 1);
    return 1;
}

static news_str check_text(lua_State *L, int index)
{
    size_t len;
    const char *text = luaL_checklstring(L, index, &len);
    news_charge(L, len >> 4);
    return news_str_of(text, len);
}

/* What is written as it is. */
static news_str check_markup_text(lua_State *L, const news_render_state *render, int index)
{
    news_str text = check_text(L, index);
    news_charge_text(L, render, text.len);
    return text;
}

/* ---- Writing values ---- */

static void write_value(lua_State *L, news_render_state *render, int index);

static void write_array(lua_State *L, news_render_state *render, int index)
{
    news_date date;
    if (news_get_date(L, index, &date)) {
        char text[48];
        size_t len = news_date_iso(&date, text, sizeof text);
        news_render_text(L, render, news_str_of(text, len));
        return;
    }
    lua_Integer length = luaL_len(L, index);
    if (++render->depth > NEWS_DEEPEST_RENDER)
        luaL_error(L, "out: arrays inside one another without end");
    if (length == 0 && lua_next(L, (lua_pushnil(L), index)) != 0)
        luaL_error(L, "out: a table is written only if it is an array of things to write");
    luaL_checkstack(L, 8, "arrays inside arrays");
    for (lua_Integer i = 1; i <= length; i++) {
        lua_geti(L, index, i);
        write_value(L, render, lua_gettop(L));
        lua_pop(L, 1);
    }
    render->depth--;
}

/* In a script a number stands without quotes; one that is not finite could not. */
static void write_number(lua_State *L, news_render_state *render, int index)
{
    bool finite = lua_isinteger(L, index) || isfinite(lua_tonumber(L, index));
    if (finite && !render->escape_function)
        news_writer_json(render->writer, check_text(L, index));
    else
        news_render_text(L, render, check_text(L, index));
}

static void write_value(lua_State *L, news_render_state *render, int index)
{
    const news_node *node;
    news_nodes nodes;
    news_charge_lookups(L, 4);
    switch (lua_type(L, index)) {
    case LUA_TSTRING: news_render_text(L, render, check_text(L, index)); return;
    case LUA_TNUMBER: write_number(L, render, index); return;
    case LUA_TTABLE: write_array(L, render, index); return;
    case LUA_TFUNCTION: /* writes by itself */
        lua_pushvalue(L, index);
        lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
        news_call_function(L, render, 1, 0);
        return;
    case LUA_TUSERDATA:
        if ((node = news_get_node(L, index)) != NULL) {
            news_render_node(L, render, node);
            return;
        }
        if (news_get_nodes(L, index, &nodes)) {
            news_render_nodes(L, render, nodes);
            return;
        }
        const marker_proxy *marker = news_lua_get(L, index, NEWS_TAG_MARKER);
        if (marker != NULL && marker->generation == news_host_of(L)->generation) {
            news_write_marker(L, render, marker->link, marker->number);
            return;
        }
        if (news_lua_get(L, index, NEWS_TAG_RAW) != NULL) {
            lua_getiuservalue(L, index, 1);
            news_writer_raw(render->writer, check_markup_text(L, render, -1));
            lua_pop(L, 1);
            return;
        }
        if (news_lua_get(L, index, NEWS_TAG_OUT) != NULL)
            luaL_error(L,
                       "out: argument %d is out itself; methods that write are called on their "
                       "own, not inside out(…)",
                       index - 1);
        break;
    case LUA_TNIL:
        luaL_error(L,
                   "out: argument %d is nil; test it first, or say what to write instead: "
                   "value or \"\"",
                   index - 1);
        break;
    default: break;
    }
    luaL_error(L, "out: argument %d is a %s; it writes strings, numbers and nodes", index - 1,
               luaL_typename(L, index));
}

static void write_values(lua_State *L, news_render_state *render, int first)
{
    int last = lua_gettop(L);
    for (int i = first; i <= last; i++)
        write_value(L, render, i);
    news_check_written(L, render);
}

void news_out_write(lua_State *L, news_render_state *render, int index)
{
    write_value(L, render, index);
    news_check_written(L, render);
}

static int out_call(lua_State *L)
{
    write_values(L, check_out(L), 2);
    return self(L);
}

static int out_raw(lua_State *L)
{
    news_render_state *render = check_out(L);
    for (int i = 2, last = lua_gettop(L); i <= last; i++)
        news_writer_raw(render->writer, check_markup_text(L, render, i));
    news_check_written(L, render);
    return self(L);
}

static int out_whole(lua_State *L)
{
    news_render_state *render = check_out(L);
    for (int i = 2, last = lua_gettop(L); i <= last; i++)
        news_render_whole(L, render, check_text(L, i));
    news_check_written(L, render);
    return self(L);
}

static int out_url(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_writer_url(render->writer, check_markup_text(L, render, 2));
    news_check_written(L, render);
    return self(L);
}

/* ---- Elements ---- */

static news_str check_name(lua_State *L, int index)
{
    news_str name = check_text(L, index);
    if (name.len == 0 || !news_is_alpha(name.ptr[0]))
        luaL_error(L, "'%s' is no name of an element or attribute", name.ptr);
    for (size_t i = 0; i < name.len; i++)
        if (!news_is_alnum(name.ptr[i]) &&
            (name.ptr[i] == '\0' || strchr("-_:.", name.ptr[i]) == NULL))
            luaL_error(L, "'%s' is no name of an element or attribute", name.ptr);
    return name;
}

static void check_markup(lua_State *L, const news_render_state *render)
{
    if (!render->markup)
        luaL_error(L,
                   "out:tag, out:open and out:close are for formats whose escape is html or xml");
}

static void write_attributes(lua_State *L, news_render_state *render, int attributes)
{
    if (lua_isnoneornil(L, attributes))
        return;
    news_date date;
    if (lua_type(L, attributes) != LUA_TTABLE || news_get_date(L, attributes, &date))
        luaL_error(L, "attributes are a table, as in {href = url}, or nil; content stands behind "
                      "them, as in out:tag(\"b\", nil, content)");
    lua_Integer count = news_push_sorted_keys(L, attributes);
    int names = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, names, i) != LUA_TSTRING)
            luaL_error(L, "attributes are given by name, as in {href = url}");
        news_str name = check_name(L, -1);
        lua_pushvalue(L, -1);
        lua_gettable(L, attributes);
        bool bare = lua_type(L, -1) == LUA_TBOOLEAN && lua_toboolean(L, -1);
        if (bare || lua_toboolean(L, -1)) {
            news_writer_raw(render->writer, NEWS_STR(" "));
            news_writer_raw(render->writer, name);
            if (!bare) {
                if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
                    luaL_error(L, "attribute '%s' is a %s, not a string", name.ptr,
                               luaL_typename(L, -1));
                news_writer_raw(render->writer, NEWS_STR("=\""));
                news_writer_text(render->writer, check_markup_text(L, render, -1));
                news_writer_raw(render->writer, NEWS_STR("\""));
            }
        }
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

static void open_element(lua_State *L, news_render_state *render, news_str name, int attributes)
{
    news_writer_raw(render->writer, NEWS_STR("<"));
    news_writer_raw(render->writer, name);
    write_attributes(L, render, attributes);
    news_writer_raw(render->writer, NEWS_STR(">"));
}

static void close_element(news_render_state *render, news_str name)
{
    news_writer_raw(render->writer, NEWS_STR("</"));
    news_writer_raw(render->writer, name);
    news_writer_raw(render->writer, NEWS_STR(">"));
}

static bool is_void(news_str name)
{
    static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr", "img",
                                        "input", "link", "meta", "source", "track", "wbr"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(names); i++)
        if (news_str_equal_nocase(name, news_str_from(names[i])))
            return true;
    return false;
}

static int out_open(lua_State *L)
{
    news_render_state *render = check_out(L);
    check_markup(L, render);
    lua_settop(L, 3);
    open_element(L, render, check_name(L, 2), 3);
    news_check_written(L, render);
    return self(L);
}

static int out_close(lua_State *L)
{
    news_render_state *render = check_out(L);
    check_markup(L, render);
    close_element(render, check_name(L, 2));
    news_check_written(L, render);
    return self(L);
}

static int out_tag(lua_State *L)
{
    news_render_state *render = check_out(L);
    int last = lua_gettop(L);
    check_markup(L, render);
    news_str name = check_name(L, 2);
    open_element(L, render, name, 3);
    lua_settop(L, last < 3 ? 3 : last);
    write_values(L, render, 4);
    bool html = news_writer_get_options(render->writer)->escape == NEWS_ESCAPE_HTML;
    if (!html || !is_void(name))
        close_element(render, name);
    news_check_written(L, render);
    return self(L);
}

/* ---- Lines ---- */

static void check_filled(lua_State *L, const news_render_state *render, const char *method)
{
    if (!render->fill)
        luaL_error(L, "out:%s is for filled formats", method);
}

static int out_cr(lua_State *L)
{
    news_writer_cr(check_out(L)->writer);
    return self(L);
}

static int out_blank(lua_State *L)
{
    news_render_state *render = check_out(L);
    lua_Integer count = luaL_optinteger(L, 2, 1);
    luaL_argcheck(L, count >= 0 && count <= 8, 2, "0 to 8 empty lines");
    news_writer_blank(render->writer, (uint32_t)count);
    return self(L);
}

static int out_line(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_writer_line_begin(render->writer);
    write_values(L, render, 2);
    news_writer_line_end(render->writer);
    news_check_written(L, render);
    return self(L);
}

static int out_verbatim(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_writer_verbatim(render->writer, check_markup_text(L, render, 2));
    news_check_written(L, render);
    return self(L);
}

static int write_prefixed(lua_State *L, news_render_state *render)
{
    write_values(L, render, 3);
    news_writer_pop_prefix(render->writer);
    news_check_written(L, render);
    return self(L);
}

static int out_prefix(lua_State *L)
{
    news_render_state *render = check_out(L);
    check_filled(L, render, "prefix");
    news_str prefix = check_text(L, 2);
    news_charge(L, prefix.len); /* its columns are counted */
    news_writer_push_prefix(render->writer, prefix, prefix);
    return write_prefixed(L, render);
}

static int out_hang(lua_State *L)
{
    news_render_state *render = check_out(L);
    check_filled(L, render, "hang");
    news_str marker = check_text(L, 2);
    news_charge(L, marker.len); /* its columns are counted */
    news_push_hang(L, render, marker);
    return write_prefixed(L, render);
}

static int out_available(lua_State *L)
{
    uint32_t available = news_writer_available(check_out(L)->writer);
    if (available == UINT32_MAX)
        lua_pushnil(L);
    else
        lua_pushinteger(L, available);
    return 1;
}

static int out_columns(lua_State *L)
{
    (void)check_out(L);
    news_str text = check_text(L, 2);
    news_charge(L, text.len);
    lua_pushinteger(L, (lua_Integer)news_columns_widest(text));
    return 1;
}

static void add_spaces(news_joined *to, size_t count)
{
    while (count-- > 0)
        news_joined_add_char(to, ' ');
}

static int out_pad(lua_State *L)
{
    static const char *const aligns[] = {"left", "right", "center", NULL};
    (void)check_out(L);
    news_str text = check_text(L, 2);
    lua_Integer wanted = luaL_checkinteger(L, 3);
    int align = luaL_checkoption(L, 4, "left", aligns);
    luaL_argcheck(L, wanted >= 0 && wanted <= 1000, 3, "0 to 1000 columns");
    news_charge(L, text.len);
    size_t columns = news_columns(text);
    size_t room = (size_t)wanted > columns ? (size_t)wanted - columns : 0;
    size_t before = align == 0 ? 0 : align == 1 ? room : room / 2;
    news_joined buffer;
    news_joined_begin(L, &buffer);
    add_spaces(&buffer, before);
    news_joined_add(&buffer, text.ptr, text.len);
    add_spaces(&buffer, room - before);
    news_joined_push(&buffer);
    return 1;
}

static int capture(lua_State *L, news_render_state *render, uint32_t width)
{
    news_begin_capture(render, width);
    write_values(L, render, 2);
    news_str captured = news_end_capture(L, render, false);
    lua_pushlstring(L, captured.len != 0 ? captured.ptr : "", captured.len);
    return 1;
}

static int out_capture(lua_State *L)
{
    return capture(L, check_out(L), 0);
}

static int out_wrap(lua_State *L)
{
    news_render_state *render = check_out(L);
    check_filled(L, render, "wrap");
    uint32_t available = news_writer_available(render->writer);
    return capture(L, render, available == UINT32_MAX ? 0 : available);
}

/* ---- Nodes ---- */

static const news_node *check_node(lua_State *L, int index)
{
    const news_node *node = news_get_node(L, index);
    if (node == NULL)
        luaL_typeerror(L, index, "node");
    return node;
}

static const news_node *check_table(lua_State *L, int index)
{
    const news_node *node = check_node(L, index);
    if (node->kind != NEWS_KIND_TABLE)
        luaL_error(L, "a table of the issue expected; this is a node of kind %s",
                   news_kind_name((news_kind)node->kind));
    return node;
}

static const news_node *check_link(lua_State *L, int index)
{
    const news_node *node = check_node(L, index);
    if (node->kind != NEWS_KIND_LINK)
        luaL_error(L, "a link expected; this is a node of kind %s",
                   news_kind_name((news_kind)node->kind));
    return node;
}

static int out_super(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_render_super(L, render, check_node(L, 2));
    return self(L);
}

static int out_layout(lua_State *L)
{
    news_render_state *render = check_out(L);
    lua_settop(L, 3);
    news_layout_write(L, render, check_text(L, 2), 3);
    news_check_written(L, render);
    return self(L);
}

static int out_message(lua_State *L)
{
    news_render_state *render = check_out(L);
    lua_settop(L, 2);
    news_out_message(L, render);
    news_check_written(L, render);
    return self(L);
}

static int out_links(lua_State *L)
{
    news_render_references(L, check_out(L));
    return self(L);
}

static int out_shown(lua_State *L)
{
    news_render_state *render = check_out(L);
    render->shown = check_link(L, 2);
    return self(L);
}

static int out_alone(lua_State *L)
{
    (void)check_out(L);
    size_t looked_at = 0;
    bool is_alone = news_link_alone(check_link(L, 2), &looked_at);
    news_charge(L, looked_at);
    lua_pushboolean(L, is_alone);
    return 1;
}

static int out_ref(lua_State *L)
{
    news_render_state *render = check_out(L);
    const news_node *link = check_node(L, 2);
    if (link->kind != NEWS_KIND_IMAGE)
        link = check_link(L, 2);
    uint32_t number = news_reference_of(L, render, link, lua_toboolean(L, 3));
    news_check_written(L, render);
    marker_proxy *marker = lua_newuserdatauv(L, sizeof *marker, 0);
    *marker = (marker_proxy){NEWS_TAG_MARKER, news_host_of(L)->generation, number, link};
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_MARKERS);
    lua_setmetatable(L, -2);
    return 1;
}

/* ---- Emphasis marks ---- */

/* A mark beside a letter, a digit or another word character would not read as the edge of an
 * emphasis. */
static bool is_word(uint32_t c)
{
    return c != 0 && news_is_word_character(c);
}

static bool is_space(uint32_t c)
{
    return c == 0 || c == 0xA0 || (c < 0x80 && news_is_space((char)c));
}

/* The character in the source after a node, looking past the ends of the inlines it closes. */
static uint32_t following(const news_node *node)
{
    for (; node != NULL && node->kind >= NEWS_KIND_TEXT; node = node->parent)
        if (node->next != NULL)
            return news_node_edge(node->next, false);
    return 0;
}

static int out_mark(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_str mark = check_markup_text(L, render, 2);
    const news_node *node = check_node(L, 3);
    uint32_t before = news_writer_last(render->writer);
    uint32_t first = news_node_edge(node, false), last = news_node_edge(node, true),
             after = following(node);
    bool marked = !is_space(first) && !is_space(last) && !is_word(before) && !is_word(after) &&
                  before != (unsigned char)mark.ptr[0] && after != (unsigned char)mark.ptr[0];
    news_nodes children = {.first = node->first_child};
    if (marked)
        news_writer_raw(render->writer, mark);
    news_render_nodes(L, render, children);
    if (marked)
        news_writer_raw(render->writer, mark);
    news_check_written(L, render);
    return self(L);
}

/* ---- Addresses in the text ---- */

/* Merge fields in it have the values they have in the address, without its "mailto:": what is shown
 * is what is followed. */
static news_str shown_address(lua_State *L, news_render_state *render, const news_node *link)
{
    if (!news_text_is_address(link))
        return news_render_field(L, render, link, NEWS_FIELD_TEXT).as.string;
    news_str url = news_render_field(L, render, link, NEWS_FIELD_URL).as.string;
    return news_str_skip(url, link->a.len - link->b.len);
}

/* What stands beside an address would be read as part of it. */
static int out_address(lua_State *L)
{
    news_render_state *render = check_out(L);
    const news_node *link = check_link(L, 2);
    news_str scheme_end = NEWS_STR("://");
    bool enclosed = news_str_find(link->b, scheme_end, 0) != SIZE_MAX && !is_space(following(link));
    if (enclosed)
        news_render_whole(L, render, NEWS_STR("<"));
    if (render->record != NULL && news_text_is_address(link))
        news_writer_note_address(render->writer,
                                 news_render_field(L, render, link, NEWS_FIELD_URL).as.string);
    news_render_whole(L, render, shown_address(L, render, link));
    if (enclosed)
        news_render_whole(L, render, NEWS_STR(">"));
    news_check_written(L, render);
    return self(L);
}

/* out:plain(node) */
static int out_plain(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_render_plain(L, render, check_node(L, 2));
    news_check_written(L, render);
    return self(L);
}

/* out:longest_words(table) */
static int out_longest_words(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_push_longest_words(L, render, check_table(L, 2));
    return 1;
}

/* out:aligned(table, room) */
static int out_aligned(lua_State *L)
{
    news_render_state *render = check_out(L);
    const news_node *table = check_table(L, 2);
    lua_Integer room = luaL_checkinteger(L, 3);
    luaL_argcheck(L, room >= 0, 3, "a number of columns");
    check_filled(L, render, "aligned");
    bool fits = news_render_aligned(L, render, table, (size_t)room);
    news_check_written(L, render);
    return fits ? 0 : 1;
}

/* out:words(node) */
static int out_words(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_push_words(L, render, check_node(L, 2));
    return 1;
}

/* out:cells(rows, before, after): of one row, or of several. */
static int out_cells(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_nodes rows;
    if (!news_get_nodes(L, 2, &rows)) {
        const news_node *row = check_node(L, 2);
        rows = (news_nodes){.first = row, .end = row->next};
    }
    news_render_cells(L, render, rows, 3, check_text(L, 4));
    news_check_written(L, render);
    return self(L);
}

/* out:entry(marker, entry) */
static int out_entry(lua_State *L)
{
    news_render_state *render = check_out(L);
    news_str marker = check_markup_text(L, render, 2);
    const news_node *entry = check_node(L, 3);
    news_writer_raw(render->writer, marker);
    news_render_entry(L, render, entry);
    news_check_written(L, render);
    return self(L);
}

/* ---- Setting up ---- */

static const luaL_Reg methods[] = {{"raw", out_raw},
                                   {"whole", out_whole},
                                   {"url", out_url},
                                   {"tag", out_tag},
                                   {"open", out_open},
                                   {"close", out_close},
                                   {"cr", out_cr},
                                   {"blank", out_blank},
                                   {"line", out_line},
                                   {"verbatim", out_verbatim},
                                   {"prefix", out_prefix},
                                   {"hang", out_hang},
                                   {"mark", out_mark},
                                   {"plain", out_plain},
                                   {"entry", out_entry},
                                   {"aligned", out_aligned},
                                   {"cells", out_cells},
                                   {"words", out_words},
                                   {"longest_words", out_longest_words},
                                   {"super", out_super},
                                   {"layout", out_layout},
                                   {"message", out_message},
                                   {"links", out_links},
                                   {"shown", out_shown},
                                   {"ref", out_ref},
                                   {"alone", out_alone},
                                   {"address", out_address},
                                   {"capture", out_capture},
                                   {"wrap", out_wrap},
                                   {"columns", out_columns},
                                   {"pad", out_pad},
                                   {"available", out_available},
                                   {NULL, NULL}};

static news_str method_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(methods[i].name);
}

/* What is no method. The options of a render that is over are nil. */
static int out_index(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    if (strcmp(name, "options") == 0)
        return 0;
    news_charge_nearest(L, NEWS_ARRAY_LENGTH(methods));
    ptrdiff_t nearest =
        news_nearest(news_str_from(name), NEWS_ARRAY_LENGTH(methods) - 1, method_at, NULL);
    if (nearest >= 0)
        return luaL_error(L, "out has no method '%s'; did you mean '%s'?", name,
                          methods[nearest].name);
    return luaL_error(L, "out has no method '%s'", name);
}

static int out_read_only(lua_State *L)
{
    return luaL_error(L, "out cannot be changed");
}

static int out_tostring(lua_State *L)
{
    lua_pushliteral(L, "out");
    return 1;
}

static int marker_tostring(lua_State *L)
{
    const marker_proxy *marker = lua_touserdata(L, 1);
    if (marker->number == 0 || marker->number == UINT32_MAX)
        lua_pushliteral(L, "");
    else
        lua_pushfstring(L, "[%d]", (int)marker->number);
    return 1;
}

static int raw_tostring(lua_State *L)
{
    lua_getiuservalue(L, 1, 1);
    return 1;
}

void news_out_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"__call", out_call},
                                         {"__newindex", out_read_only},
                                         {"__tostring", out_tostring},
                                         {NULL, NULL}};
    static const luaL_Reg marker_functions[] = {{"__tostring", marker_tostring}, {NULL, NULL}};
    static const luaL_Reg raw_functions[] = {{"__tostring", raw_tostring}, {NULL, NULL}};
    luaL_newlib(L, functions);
    luaL_newlib(L, methods);
    lua_pushboolean(L, 0); /* a place for them, so that setting them takes no memory */
    lua_setfield(L, -2, "options");
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, out_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_OUT);
    luaL_newlib(L, marker_functions);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_MARKERS);
    luaL_newlib(L, raw_functions);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_RAW);
}

void news_push_out(lua_State *L)
{
    out_proxy *out = lua_newuserdatauv(L, sizeof *out, 0);
    *out = (out_proxy){NEWS_TAG_OUT, news_host_of(L)->generation};
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_OUT);
    lua_setmetatable(L, -2);
}

/* They are found among the methods, which is the fastest way for Lua. */
void news_out_set_options(lua_State *L)
{
    lua_pushvalue(L, -1);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OPTIONS);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_OUT);
    lua_getfield(L, -1, "__index");
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "options");
    lua_pop(L, 3);
}

void news_push_raw(lua_State *L, int index)
{
    luaL_checkstack(L, 6, NULL);
    index = lua_absindex(L, index);
    raw_value *raw = lua_newuserdatauv(L, sizeof *raw, 1);
    *raw = (raw_value){NEWS_TAG_RAW};
    lua_pushvalue(L, index);
    (void)lua_tostring(L, -1); /* a number becomes its text */
    lua_setiuservalue(L, -2, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_RAW);
    lua_setmetatable(L, -2);
}
