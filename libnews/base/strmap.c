/* String views to integers: open addressing, FNV-1a, at most two thirds full. */
#include "base/base.h"

struct news_strmap_slot {
    news_str key; /* ptr NULL: free */
    uint32_t hash, value;
};

static uint32_t hash_of(news_str key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * 16777619u;
    return hash;
}

void news_strmap_init(news_strmap *map, news_heap *heap)
{
    *map = (news_strmap){.heap = heap};
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
    news_strmap larger = {.heap = map->heap};
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
    news_strmap_free(map);
    *map = larger;
    return true;
}

uint32_t *news_strmap_get(const news_strmap *map, news_str key)
{
    if (map->count == 0)
        return NULL;
    struct news_strmap_slot *slot = find(map, key, hash_of(key));
    return slot->key.ptr != NULL ? &slot->value : NULL;
}

uint32_t *news_strmap_put(news_strmap *map, news_str key, bool *added)
{
    if ((map->count + 1) * 3 > map->capacity * 2 && !grow(map))
        return NULL;
    uint32_t hash = hash_of(key);
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
