/* A program run: layouts' own text and their values to the writer, blocks where they belong.
 *
 * Each layout is a function of five arguments: its globals, and the functions it calls to write a
 * text, to write a value, at a block, and to include another. Nothing of a run is kept, save what
 * those functions hold while it lasts. */
#include "script/layout.h"

static news_render_state *check_render(lua_State *L)
{
    news_host *host = news_host_of(L);
    if (host->render == NULL)
        luaL_error(L, "this layout belongs to a render that is over");
    return host->render;
}

/* ---- Text ---- */

/* In a filled format the end of a line ends the line, and an empty line asks for an empty line. */
static void write_lines(lua_State *L, news_writer *writer, news_str text, bool begins_line)
{
    uint32_t empty = 0;
    while (text.len != 0) {
        news_charge(L, 2);
        const char *newline = memchr(text.ptr, '\n', text.len);
        size_t len = newline != NULL ? (size_t)(newline - text.ptr) : text.len;
        bool is_empty = begins_line && news_str_trim(news_str_of(text.ptr, len)).len == 0;
        if (!is_empty)
            news_writer_raw(writer, news_str_of(text.ptr, len));
        if (newline == NULL)
            return;
        empty = is_empty ? empty + 1 : 0;
        if (empty != 0)
            news_writer_blank(writer, empty);
        else
            news_writer_cr(writer);
        begins_line = true;
        text = news_str_skip(text, len + 1);
    }
}

int news_layout_write_text(lua_State *L)
{
    const news_layout *layout = lua_touserdata(L, lua_upvalueindex(1));
    const news_part *part = &layout->parts[lua_tointeger(L, 1)];
    news_render_state *render = check_render(L);
    news_charge(L, 4 + (part->text.len >> (render->fill ? 1 : 3)));
    if (render->fill)
        write_lines(L, render->writer, part->text, part->begins_line);
    else
        news_writer_raw(render->writer, part->text);
    news_check_written(L, render);
    return 0;
}

/* ---- Values ---- */

/* Pushes what stands between the braces, on one line and not too long. */
static const char *shown(lua_State *L, const news_part *part)
{
    enum { MOST = 60 };
    char text[MOST + 8];
    news_str lua = news_str_trim(part->text);
    size_t at = 0, len = 0;
    while (at < lua.len && len < MOST) {
        uint32_t c;
        size_t char_len = news_utf8_decode(lua, at, &c);
        bool is_space = news_is_space(lua.ptr[at]);
        if (!is_space)
            memcpy(text + len, lua.ptr + at, char_len);
        else if (len != 0 && text[len - 1] != ' ')
            text[len++] = ' ';
        len += is_space ? 0 : char_len;
        at += char_len;
    }
    lua_pushlstring(L, text, len);
    return at == lua.len ? lua_tostring(L, -1) : lua_pushfstring(L, "%s…", lua_tostring(L, -1));
}

static void refuse(lua_State *L, const news_part *part)
{
    int type = lua_type(L, 2);
    const char *text = shown(L, part);
    if (type == LUA_TNONE)
        luaL_error(L, "{{ %s }} gives no value; what writes by itself is called in {%% … %%}",
                   text);
    if (type == LUA_TNIL)
        luaL_error(L,
                   "{{ %s }} is nil; test it first, or say what to write instead: {{ %s or \"\" }}",
                   text, text);
    luaL_error(L, "{{ %s }} is a %s; strings, numbers and nodes are written", text,
               lua_typename(L, type));
}

int news_layout_write_value(lua_State *L)
{
    const news_layout *layout = lua_touserdata(L, lua_upvalueindex(1));
    const news_part *part = &layout->parts[lua_tointeger(L, 1)];
    news_render_state *render = check_render(L);
    lua_settop(L, lua_gettop(L) < 2 ? 1 : 2);
    switch (lua_type(L, 2)) {
    case LUA_TNONE:
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TTHREAD: refuse(L, part); break;
    case LUA_TUSERDATA:
        if (news_lua_get(L, 2, NEWS_TAG_OUT) != NULL) /* it has written already */
            return 0;
        break;
    default: break;
    }
    news_out_write(L, render, 2);
    return 0;
}

/* ---- Blocks ---- */

/* Registered blocks stand in one table, by a number of their own. */
static lua_Integer key_of(uint32_t level, uint32_t block)
{
    return (lua_Integer)level << 16 | block;
}

/* A slot as one number, for an upvalue. */
static lua_Integer pack(const news_layout_slot *slot)
{
    return (lua_Integer)slot->name << 32 | (lua_Integer)slot->level << 16 | slot->block;
}

static news_layout_slot unpack(lua_Integer packed)
{
    return (news_layout_slot){(uint32_t)(packed >> 32), (uint32_t)(packed >> 16 & 0xFFFF),
                              (uint32_t)(packed & 0xFFFF)};
}

/* What a call for a block needs: stack indices, and where in the chain it begins. */
typedef struct {
    int program, definitions;
    int function; /* what stands in the block's place itself */
    news_layout_slot slot;
    uint32_t from;
} block_call;

static int write_super(lua_State *L);

static void push_super(lua_State *L, const block_call *call, uint32_t from)
{
    lua_pushvalue(L, call->program);
    lua_pushvalue(L, call->definitions);
    lua_pushvalue(L, call->function);
    lua_pushinteger(L, pack(&call->slot));
    lua_pushinteger(L, from);
    lua_pushcclosure(L, write_super, 5);
}

/* False when no layout from there on has anything for the block. */
static bool write_block(lua_State *L, const block_call *call)
{
    const news_layout_program *program = lua_touserdata(L, call->program);
    uint32_t block = 0, level = call->from;
    luaL_checkstack(L, 10, NULL);
    news_charge_lookups(L, 4 + program->count);
    for (;; level++) {
        level = news_layout_definition(program, &call->slot, level, &block);
        if (level == program->count)
            return false;
        if (level == call->slot.level)
            lua_pushvalue(L, call->function);
        else
            lua_rawgeti(L, call->definitions, key_of(level, block));
        if (!lua_isnil(L, -1))
            break;
        lua_pop(L, 1); /* the layout ended before it came to the block */
    }
    bool has_super = program->layouts[level]->blocks[block].super_at != SIZE_MAX;
    if (has_super)
        push_super(L, call, level + 1);
    lua_call(L, has_super ? 1 : 0, 0);
    return true;
}

/* super(): upvalues as in push_super(). It writes, so that it may be passed as a function, too. */
static int write_super(lua_State *L)
{
    block_call call = {lua_upvalueindex(1), lua_upvalueindex(2), lua_upvalueindex(3),
                       unpack(lua_tointeger(L, lua_upvalueindex(4))),
                       (uint32_t)lua_tointeger(L, lua_upvalueindex(5))};
    (void)check_render(L);
    if (!write_block(L, &call))
        luaL_error(L, "super() has nothing to write: no layout above came to this block");
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUT);
    return 1;
}

/* Upvalues: the program, the level of the layout, the table of registered blocks. */
static int at_block(lua_State *L)
{
    const news_layout_program *program = lua_touserdata(L, lua_upvalueindex(1));
    uint32_t level = (uint32_t)lua_tointeger(L, lua_upvalueindex(2));
    uint32_t block = (uint32_t)lua_tointeger(L, 1);
    lua_settop(L, 2);
    if (program->layouts[level]->blocks[block].defines) {
        lua_rawseti(L, lua_upvalueindex(3), key_of(level, block));
        return 0;
    }
    block_call call = {lua_upvalueindex(1),
                       lua_upvalueindex(3),
                       2,
                       {program->names[level][block], level, block},
                       0};
    (void)check_render(L);
    (void)write_block(L, &call);
    return 0;
}

/* ---- Programs ---- */

static int include(lua_State *L);

/* Calls the layout at this level, with stack indices. All but the root only define blocks then,
 * outside which nothing is written. */
static void call_layout(lua_State *L, news_render_state *render, int program_index, uint32_t level,
                        int globals, int definitions)
{
    const news_layout_program *program = lua_touserdata(L, program_index);
    unsigned outer = render->defining;
    int top = lua_gettop(L);
    news_charge_lookups(L, 30);
    lua_getiuservalue(L, program_index, 1);
    lua_rawgeti(L, -1, (lua_Integer)level + 1);
    int layout = lua_gettop(L);
    news_layout_push_function(L, layout, program->is_alone);
    lua_pushvalue(L, globals);
    lua_getiuservalue(L, layout, NEWS_LAYOUT_WRITE_TEXT);
    lua_getiuservalue(L, layout, NEWS_LAYOUT_WRITE_VALUE);
    lua_pushvalue(L, program_index);
    lua_pushinteger(L, level);
    lua_pushvalue(L, definitions);
    lua_pushcclosure(L, at_block, 3);
    lua_pushvalue(L, layout);
    lua_pushvalue(L, globals);
    lua_pushcclosure(L, include, 2);
    if (level + 1 < program->count)
        render->defining = render->captures + 1;
    lua_call(L, 5, 0);
    render->defining = outer;
    lua_settop(L, top);
}

/* The program and its globals are stack indices. */
static void run(lua_State *L, news_render_state *render, int program_index, int globals)
{
    const news_layout_program *program = lua_touserdata(L, program_index);
    luaL_checkstack(L, 20, NULL);
    if (++render->depth > NEWS_DEEPEST_RENDER)
        luaL_error(L, "this layout is written inside itself");
    if (program->count > 1)
        lua_newtable(L);
    else
        lua_pushnil(L); /* it defines nothing */
    int definitions = lua_gettop(L);
    for (uint32_t level = 0; level < program->count; level++)
        call_layout(L, render, program_index, level, globals, definitions);
    lua_pop(L, 1);
    render->depth--;
}

/* ---- From outside ---- */

/* {% include "name" with { … } %}: upvalues: the layout, its globals. */
static int include(lua_State *L)
{
    const news_layout *layout = lua_touserdata(L, lua_upvalueindex(1));
    const news_part *part = &layout->parts[lua_tointeger(L, 1)];
    news_render_state *render = check_render(L);
    const news_host *host = news_host_of(L);
    news_layout_source source = {NULL, NULL, NEWS_STR_NONE, 0};
    lua_settop(L, 2);
    news_charge_lookups(L, 8 + host->layout_count);
    if (part->names.len != 0 && !lua_istable(L, 2))
        luaL_error(L, "behind 'with' stands a table of names, not %s", luaL_typename(L, 2));
    (void)news_layout_find(host, part->text, &layout->source, &source);
    (void)news_layout_push_program(L, &source);
    lua_pushvalue(L, lua_upvalueindex(2));
    if (part->names.len != 0) {
        news_layout_push_layer(L);
        news_layout_add_names(L, 2, false);
    }
    run(L, render, 3, 4);
    return 0;
}

void news_layout_write(lua_State *L, news_render_state *render, news_str name, int names)
{
    const news_host *host = news_host_of(L);
    news_layout_source source = {NULL, NULL, NEWS_STR_NONE, 0};
    int top = lua_gettop(L);
    luaL_checkstack(L, 20, NULL);
    if (!news_layout_find(host, name, NULL, &source)) {
        news_charge_nearest(L, news_host_layout_count(host));
        const char *nearest = news_layout_nearest(host, name);
        if (nearest != NULL)
            luaL_error(L, "there is no layout '%s'; did you mean '%s'?", name.ptr, nearest);
        luaL_error(L, "there is no layout '%s'", name.ptr);
    }
    const news_layout_program *program = news_layout_push_program(L, &source);
    if (program->has_user)
        news_lua_count_steps(L);
    news_layout_push_globals(L, render, program->has_user);
    if (!lua_isnoneornil(L, names)) {
        luaL_checktype(L, names, LUA_TTABLE);
        news_layout_add_names(L, names, program->has_user);
    }
    run(L, render, top + 1, top + 2);
    lua_settop(L, top);
}
