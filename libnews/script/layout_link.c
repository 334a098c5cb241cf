/* Layouts to a program: a layout with those it extends, root last, and which block of which is
 * written where. What is wrong between layouts is found here, before anything is written. */
#include "script/layout.h"

/* Of blocks that are written one inside another. Lua's own limit of calls is not far. */
enum { DEEPEST = 100 };

static const char key_programs = 0; /* registry: programs by the key of their layout */

/* The layouts whose programs are being made, each included by the one before. */
typedef struct linking {
    const struct linking *outer;
    const news_layout_source *source;
    unsigned depth;
} linking;

static void push_program(lua_State *L, const news_layout_source *source, const linking *outer);

static const char *shown(lua_State *L, news_str s)
{
    return lua_pushlstring(L, s.len != 0 ? s.ptr : "", s.len);
}

/* ---- Layouts that are named in others ---- */

static void find(lua_State *L, const news_layout *from, news_str name, size_t at,
                 news_layout_source *found)
{
    const news_host *host = news_host_of(L);
    if (news_layout_find(host, name, &from->source, found))
        return;
    if (news_str_equal(name, news_str_from(from->source.name)))
        news_layout_fail(L, &from->source, at,
                         "no built-in layout is called '%s', so this one has none to take over",
                         from->source.name);
    const char *nearest = news_layout_nearest(host, name);
    if (nearest != NULL)
        news_layout_fail(L, &from->source, at, "there is no layout '%s'; did you mean '%s'?",
                         shown(L, name), nearest);
    news_layout_fail(L, &from->source, at, "there is no layout '%s'", shown(L, name));
}

/* Pushes the layouts of the chain, an array, which keeps them. */
static void push_chain(lua_State *L, const news_layout_source *first, news_layout_program *program)
{
    news_layout_source source = *first;
    lua_newtable(L);
    for (;;) {
        const news_layout *layout = news_layout_push(L, &source);
        lua_rawseti(L, -2, (lua_Integer)program->count + 1);
        program->layouts[program->count++] = layout;
        program->has_user |= news_layout_is_user(&source);
        if (layout->extends.len == 0)
            return;
        find(L, layout, layout->extends, layout->extends_at, &source);
        for (uint32_t i = 0; i < program->count; i++)
            if (program->layouts[i]->source.key == source.key)
                news_layout_fail(L, &layout->source, layout->extends_at,
                                 "'%s' extends this layout, so it cannot be extended here",
                                 source.name);
        if (program->count == NEWS_LAYOUT_CHAIN_MAX)
            news_layout_fail(L, &layout->source, layout->extends_at,
                             "layouts extend one another at most %d deep", NEWS_LAYOUT_CHAIN_MAX);
    }
}

/* Programs of what is included are made at once, so that all errors are found. */
static bool link_includes(lua_State *L, const news_layout *layout, const linking *self)
{
    bool has_user = false;
    for (uint32_t i = 0; i < layout->part_count; i++) {
        const news_part *part = &layout->parts[i];
        news_layout_source source = {NULL, NULL, NEWS_STR_NONE, 0};
        if (part->type != NEWS_PART_INCLUDE)
            continue;
        find(L, layout, part->text, part->at, &source);
        for (const linking *one = self; one != NULL; one = one->outer)
            if (one->source->key == source.key)
                news_layout_fail(L, &layout->source, part->at,
                                 "'%s' includes or extends this layout, so that to include it here "
                                 "would never end",
                                 source.name);
        if (self->depth == NEWS_LAYOUT_CHAIN_MAX)
            news_layout_fail(L, &layout->source, part->at,
                             "layouts include one another at most %d deep", NEWS_LAYOUT_CHAIN_MAX);
        push_program(L, &source, self);
        has_user |= ((const news_layout_program *)lua_touserdata(L, -1))->has_user;
        lua_pop(L, 1);
    }
    return has_user;
}

/* ---- Blocks ---- */

typedef struct {
    lua_State *L;
    news_layout_program *program;
    /* Of all blocks, those of one layout after those of another. */
    uint32_t first[NEWS_LAYOUT_CHAIN_MAX]; /* of each layout */
    uint32_t *names;
    bool *written;
    uint32_t *defined;
    unsigned depth; /* of blocks that are followed */
} linker;

static uint32_t name_of(const linker *l, uint32_t level, uint32_t block)
{
    return l->names[l->first[level] + block];
}

/* Numbers the blocks, one number for each name, and returns how many there are. */
static uint32_t number_names(linker *l)
{
    lua_State *L = l->L;
    uint32_t count = 0;
    lua_newtable(L);
    for (uint32_t level = 0; level < l->program->count; level++) {
        const news_layout *layout = l->program->layouts[level];
        for (uint32_t i = 0; i < layout->block_count; i++) {
            (void)shown(L, layout->blocks[i].name);
            lua_pushvalue(L, -1);
            if (lua_rawget(L, -3) == LUA_TNIL) {
                lua_pop(L, 1);
                lua_pushinteger(L, count++);
                lua_pushvalue(L, -2);
                lua_pushvalue(L, -2);
                lua_rawset(L, -5);
            }
            l->names[l->first[level] + i] = (uint32_t)lua_tointeger(L, -1);
            lua_pop(L, 2);
        }
    }
    lua_pop(L, 1);
    return count;
}

uint32_t news_layout_definition(const news_layout_program *program, const news_layout_slot *slot,
                                uint32_t from, uint32_t *block)
{
    for (uint32_t level = from; level < program->count; level++) {
        uint32_t defined = program->defined[slot->name * program->count + level];
        if (level != slot->level && defined == 0)
            continue;
        *block = level == slot->level ? slot->block : defined - 1;
        return level;
    }
    return program->count;
}

static void write_block(linker *l, uint32_t level, uint32_t block);

static void write_inner(linker *l, uint32_t level, uint32_t outer)
{
    const news_layout *layout = l->program->layouts[level];
    for (uint32_t i = outer + 1; i < layout->block_count; i++)
        if (layout->blocks[i].outer == outer + 1)
            write_block(l, level, i);
}

/* Follows what is written where this block stands: the first definition, and those that super()
 * reaches from it, each with the blocks inside. */
static void write_block(linker *l, uint32_t level, uint32_t block)
{
    const news_layout_program *program = l->program;
    news_layout_slot slot = {name_of(l, level, block), level, block};
    if (++l->depth > DEEPEST)
        news_layout_fail(l->L, &program->layouts[level]->source,
                         program->layouts[level]->blocks[block].at,
                         "blocks stand inside one another more than %d deep", DEEPEST);
    uint32_t above, at = news_layout_definition(program, &slot, 0, &block);
    for (; at < program->count; at = above) {
        const news_layout *layout = program->layouts[at];
        uint32_t own = block;
        bool *written = &l->written[l->first[at] + own];
        bool is_first = !*written;
        *written = true;
        above = news_layout_definition(program, &slot, at + 1, &block);
        size_t super_at = layout->blocks[own].super_at;
        if (super_at != SIZE_MAX && above == program->count)
            news_layout_fail(l->L, &layout->source, super_at,
                             "super() writes what block '%s' replaces, but here it replaces "
                             "nothing",
                             shown(l->L, layout->blocks[own].name));
        if (is_first)
            write_inner(l, at, own);
        if (super_at == SIZE_MAX)
            break;
    }
    l->depth--;
}

typedef struct {
    const news_layout_program *program;
    uint32_t level;
} above;

/* The names of all blocks in the layouts above a level, one after the other. */
static news_str block_above(void *ud, size_t index)
{
    const above *a = ud;
    for (uint32_t level = a->level + 1;; level++) {
        const news_layout *layout = a->program->layouts[level];
        if (index < layout->block_count)
            return layout->blocks[index].name;
        index -= layout->block_count;
    }
}

static void unknown_block(const linker *l, uint32_t level, const news_layout_block *block)
{
    const news_layout *layout = l->program->layouts[level];
    above a = {l->program, level};
    size_t count = 0;
    for (uint32_t i = level + 1; i < l->program->count; i++)
        count += l->program->layouts[i]->block_count;
    ptrdiff_t nearest = news_nearest(block->name, count, block_above, &a);
    const char *name = shown(l->L, block->name), *extends = shown(l->L, layout->extends);
    if (nearest >= 0)
        news_layout_fail(l->L, &layout->source, block->at,
                         "'%s' has no block '%s'; did you mean '%s'?", extends, name,
                         shown(l->L, block_above(&a, (size_t)nearest)));
    news_layout_fail(l->L, &layout->source, block->at, "'%s' has no block '%s'; it has %s", extends,
                     name, news_push_names(l->L, count, block_above, &a));
}

/* Whether any layout above has a block of this number. */
static bool is_above(const linker *l, uint32_t level, uint32_t name)
{
    for (uint32_t i = level + 1; i < l->program->count; i++)
        for (uint32_t block = 0; block < l->program->layouts[i]->block_count; block++)
            if (name_of(l, i, block) == name)
                return true;
    return false;
}

/* Whether a layout below this level defines the block anew. */
static bool is_replaced(const linker *l, uint32_t level, uint32_t name)
{
    for (uint32_t i = 0; i < level; i++)
        if (l->defined[name * l->program->count + i] != 0)
            return true;
    return false;
}

/* What would be lost without a word. */
static void check_written(const linker *l, uint32_t level)
{
    const news_layout *layout = l->program->layouts[level];
    for (uint32_t i = 0; i < layout->block_count; i++) {
        const news_layout_block *block = &layout->blocks[i];
        uint32_t name = name_of(l, level, i);
        if (!block->defines)
            continue;
        if (!is_above(l, level, name))
            unknown_block(l, level, block);
        if (!l->written[l->first[level] + i] && !is_replaced(l, level, name))
            news_layout_fail(l->L, &layout->source, block->at,
                             "block '%s' is never written: the block that it stands in is replaced",
                             shown(l->L, block->name));
    }
}

/* Fills the rest of the program, with room for the numbers of all blocks and of where they are
 * defined. */
static void link_blocks(lua_State *L, news_layout_program *program, uint32_t *room, uint32_t blocks)
{
    linker l = {.L = L, .program = program, .names = room, .defined = room + blocks};
    uint32_t first = 0;
    for (uint32_t level = 0; level < program->count; level++) {
        l.first[level] = first;
        program->names[level] = room + first;
        first += program->layouts[level]->block_count;
    }
    program->defined = l.defined;
    size_t cells = number_names(&l) * (size_t)program->count;
    l.written = lua_newuserdatauv(L, blocks + 1, 0);
    memset(l.written, 0, blocks + 1);
    memset(l.defined, 0, cells * sizeof *l.defined);
    for (uint32_t level = 0; level < program->count; level++) {
        const news_layout *layout = program->layouts[level];
        for (uint32_t i = 0; i < layout->block_count; i++)
            if (layout->blocks[i].defines)
                l.defined[name_of(&l, level, i) * program->count + level] = i + 1;
    }
    uint32_t root = program->count - 1;
    for (uint32_t i = 0; i < program->layouts[root]->block_count; i++)
        if (program->layouts[root]->blocks[i].outer == 0)
            write_block(&l, root, i);
    for (uint32_t level = 0; level < root; level++)
        check_written(&l, level);
    lua_pop(L, 1);
}

/* ---- Programs ---- */

static void push_new_program(lua_State *L, const news_layout_source *source, const linking *outer)
{
    linking self = {outer, source, outer != NULL ? outer->depth + 1 : 1};
    news_layout_program chain = {.tag = NEWS_TAG_PROGRAM};
    luaL_checkstack(L, 20, NULL);
    push_chain(L, source, &chain);
    uint32_t blocks = 0;
    for (uint32_t i = 0; i < chain.count; i++)
        blocks += chain.layouts[i]->block_count;
    size_t numbers = blocks + (size_t)blocks * chain.count;
    chain.is_alone = chain.count == 1 && !chain.has_user;
    news_layout_program *program =
        lua_newuserdatauv(L, sizeof *program + numbers * sizeof(uint32_t), 1);
    *program = chain;
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, 1);
    link_blocks(L, program, (uint32_t *)(program + 1), blocks);
    for (uint32_t i = 0; i < program->count; i++)
        program->has_user |= link_includes(L, program->layouts[i], &self);
}

static void push_program(lua_State *L, const news_layout_source *source, const linking *outer)
{
    luaL_checkstack(L, 8, NULL);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_programs) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_programs);
    }
    int table = lua_gettop(L);
    if (lua_rawgeti(L, table, source->key) == LUA_TNIL) {
        lua_pop(L, 1);
        push_new_program(L, source, outer);
        lua_pushvalue(L, -1);
        lua_rawseti(L, table, source->key);
    }
    lua_remove(L, table);
}

const news_layout_program *news_layout_push_program(lua_State *L, const news_layout_source *source)
{
    push_program(L, source, NULL);
    return lua_touserdata(L, -1);
}

void news_layout_forget_programs(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_programs) != LUA_TNIL) {
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_programs);
    }
    lua_pop(L, 1);
}
