/* Many small blocks, bumped out of chunks that double in size, freed at once. */
#include <assert.h>

#include "base/base.h"

/* With NEWS_ARENA_SINGLE_BLOCKS, which is for tests, each block has a chunk of its own, so that
 * each can fail and none can be overrun unseen. */
#ifdef NEWS_ARENA_SINGLE_BLOCKS
enum { ALIGNMENT = 8, FIRST_CHUNK = 0, LARGEST_CHUNK = 0 };
#else
enum { ALIGNMENT = 8, FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };
#endif

struct news_arena_chunk {
    news_arena_chunk *next;
    size_t size; /* whole allocation, this header included */
};

void news_arena_init(news_arena *arena, news_heap *heap)
{
    *arena = (news_arena){.heap = heap};
}

void news_arena_free(news_arena *arena)
{
    news_arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        news_arena_chunk *next = chunk->next;
        news_heap_free(arena->heap, chunk, chunk->size);
        chunk = next;
    }
    news_arena_init(arena, arena->heap);
}

static bool add_chunk(news_arena *arena, size_t least)
{
    size_t size = arena->chunks == NULL ? FIRST_CHUNK : arena->chunks->size * 2;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (least > SIZE_MAX / 2)
        return false;
    if (size < least + sizeof(news_arena_chunk))
        size = least + sizeof(news_arena_chunk);
    news_arena_chunk *chunk = news_heap_alloc(arena->heap, size);
    if (chunk == NULL)
        return false;
    chunk->size = size;
    /* A chunk for one large block goes behind the newest, whose free part stays in use. */
    if (arena->chunks != NULL && least > LARGEST_CHUNK / 4) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
        return true;
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->next = (char *)(chunk + 1);
    arena->end = (char *)chunk + size;
    return true;
}

void *news_arena_alloc(news_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (NEWS_LIKELY(size <= (size_t)(arena->end - arena->next))) {
        void *block = arena->next;
        arena->next += size;
        return block;
    }
    const news_arena_chunk *newest = arena->chunks;
    if (!add_chunk(arena, size))
        return NULL;
    if (arena->chunks == newest) /* a large block has its own chunk, second in the list */
        return arena->chunks->next + 1;
    void *block = arena->next;
    arena->next += size;
    assert(arena->next <= arena->end);
    return block;
}

void *news_arena_calloc(news_arena *arena, size_t size)
{
    void *block = news_arena_alloc(arena, size);
    if (block != NULL)
        memset(block, 0, size);
    return block;
}

bool news_arena_copy(news_arena *arena, news_str from, news_str *copy)
{
    char *to = from.len < SIZE_MAX ? news_arena_alloc(arena, from.len + 1) : NULL;
    if (to == NULL)
        return false;
    if (from.len != 0)
        memcpy(to, from.ptr, from.len);
    to[from.len] = '\0';
    *copy = news_str_of(to, from.len);
    return true;
}
