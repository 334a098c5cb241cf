/* String views to integers: open addressing, at most two thirds full. Keys come from people who may
 * wish to be slow: the hash is keyed, with where the map lies, which nobody outside knows and no
 * output shows. */
#include "base/base.h"
#include "base/siphash.h"

struct news_strmap_slot {
    news_str key; /* ptr NULL: free */
    uint32_t hash, value;
};

/* ---- SipHash-1-3 ---- */

static uint32_t hash_of(const news_strmap *map, news_str key)
{
    uint64_t v[4] = {map->seed ^ 0x736f6d6570736575u, ~map->seed ^ 0x646f72616e646f6du,
                     map->seed ^ 0x6c7967656e657261u, ~map->seed ^ 0x7465646279746573u};
    size_t at = 0;
    uint64_t word;
    for (; key.len - at >= 8; at += 8) {
        memcpy(&word, key.ptr + at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = (uint64_t)key.len << 56;
    if (key.len != at)
        memcpy(&word, key.ptr + at, key.len - at);
    word |= (uint64_t)key.len << 56;
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

/* ---- The map ---- */

void news_strmap_init(news_strmap *map, news_heap *heap)
{
    *map = (news_strmap){.heap = heap,
                         .seed = (uint64_t)(uintptr_t)map * 0x9e3779b97f4a7c15u ^
                                 (uint64_t)(uintptr_t)heap};
}

void news_strmap_free(news_strmap *map)
{
    news_heap_free(map->heap, map->slots, map->capacity * sizeof *map->slots);
    news_strmap_init(map, map->heap);
}

/* The slot that holds the key, or the free one where it belongs; the map is never full. */
static struct news_strmap_slot *find(const news_strmap *map, news_str key, uint32_t hash)
{
    size_t mask = map->capacity - 1;
    size_t i = hash & mask;
    for (;; i = (i + 1) & mask) {
        struct news_strmap_slot *slot = &map->slots[i];
        if (slot->key.ptr == NULL || (slot->hash == hash && news_str_equal(slot->key, key)))
            return slot;
    }
}

static bool grow(news_strmap *map)
{
    news_strmap larger = {.heap = map->heap, .seed = map->seed};
    larger.capacity = map->capacity == 0 ? 16 : map->capacity * 2;
    size_t size = larger.capacity * sizeof *larger.slots;
    larger.slots = news_heap_alloc(map->heap, size);
    if (larger.slots == NULL)
        return false;
    memset(larger.slots, 0, size);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key.ptr != NULL)
            *find(&larger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    larger.count = map->count;
    news_heap_free(map->heap, map->slots, map->capacity * sizeof *map->slots);
    *map = larger;
    return true;
}

uint32_t *news_strmap_get(const news_strmap *map, news_str key)
{
    if (map->count == 0)
        return NULL;
    struct news_strmap_slot *slot = find(map, key, hash_of(map, key));
    return slot->key.ptr != NULL ? &slot->value : NULL;
}

uint32_t *news_strmap_put(news_strmap *map, news_str key, bool *added)
{
    if ((map->count + 1) * 3 > map->capacity * 2 && !grow(map))
        return NULL;
    uint32_t hash = hash_of(map, key);
    struct news_strmap_slot *slot = find(map, key, hash);
    bool is_new = slot->key.ptr == NULL;
    if (is_new) {
        *slot = (struct news_strmap_slot){.key = key, .hash = hash};
        if (key.ptr == NULL)
            slot->key.ptr = ""; /* NULL marks a free slot */
        map->count++;
    }
    if (added != NULL)
        *added = is_new;
    return &slot->value;
}
