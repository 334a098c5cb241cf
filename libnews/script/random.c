/* math.random and math.randomseed: Lua's generator (xoshiro256**), with the same numbers for the
 * same seed. Each environment has a state of its own, seeded by the issue that is rendered, so that
 * the same issue gives the same numbers, and other issues others. */
#include "script/host.h"

typedef struct {
    uint64_t s[4];
} generator;

static uint64_t rotate(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static uint64_t next(generator *g)
{
    uint64_t result = rotate(g->s[1] * 5, 7) * 9, shifted = g->s[1] << 17;
    g->s[2] ^= g->s[0];
    g->s[3] ^= g->s[1];
    g->s[1] ^= g->s[2];
    g->s[0] ^= g->s[3];
    g->s[2] ^= shifted;
    g->s[3] = rotate(g->s[3], 45);
    return result;
}

static void seed(generator *g, uint64_t first, uint64_t second)
{
    *g = (generator){{first, 0xff, second, 0}};
    for (int i = 0; i < 16; i++)
        (void)next(g);
}

/* A number up to `most`, each as likely: the first of those cut to its bits that is not larger. */
static uint64_t up_to(generator *g, uint64_t number, uint64_t most)
{
    uint64_t bits = most;
    if ((most & (most + 1)) == 0)
        return number & most;
    for (int shift = 1; shift < 64; shift *= 2)
        bits |= bits >> shift;
    while ((number &= bits) > most)
        number = next(g);
    return number;
}

static int get_random(lua_State *L)
{
    generator *g = lua_touserdata(L, lua_upvalueindex(1));
    lua_Integer low = 1, high;
    uint64_t number = next(g);
    switch (lua_gettop(L)) {
    case 0: lua_pushnumber(L, (lua_Number)(number >> 11) * 0x1p-53); return 1;
    case 1:
        high = luaL_checkinteger(L, 1);
        if (high == 0) { /* all bits of it */
            lua_pushinteger(L, (lua_Integer)number);
            return 1;
        }
        break;
    case 2:
        low = luaL_checkinteger(L, 1);
        high = luaL_checkinteger(L, 2);
        break;
    default: return luaL_error(L, "wrong number of arguments");
    }
    luaL_argcheck(L, low <= high, lua_gettop(L), "interval is empty");
    uint64_t chosen = up_to(g, number, (uint64_t)high - (uint64_t)low);
    chosen += (uint64_t)low;
    lua_pushinteger(L, (lua_Integer)chosen);
    return 1;
}

static int set_seed(lua_State *L)
{
    generator *g = lua_touserdata(L, lua_upvalueindex(1));
    if (lua_isnone(L, 1))
        return luaL_error(L, "math.randomseed needs a number: there is no chance here, so that an "
                             "issue always looks the same");
    seed(g, (uint64_t)luaL_checkinteger(L, 1), (uint64_t)luaL_optinteger(L, 2, 0));
    return 0;
}

void news_push_random(lua_State *L)
{
    generator *g = lua_newuserdatauv(L, sizeof *g, 0);
    seed(g, news_host_of(L)->seed, 0);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, get_random, 1);
    lua_insert(L, -2);
    lua_pushcclosure(L, set_seed, 1);
}
