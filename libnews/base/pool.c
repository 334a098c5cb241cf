/* An allocator on top of another that keeps what is given back, by size, for the next who wants as
 * much: work that is done again takes nothing from the allocator below.
 *
 * Small blocks are cut from chunks, which go back only when the pool does; how many there are is
 * bounded by what was in use at one time. Of larger ones no more are kept than the pool may; very
 * large ones, whose growth a host does better, are its own. */
#include "base/base.h"

enum {
    GRAIN = 16, /* sizes are multiples of it, and blocks aligned for any type */
    SMALL = 512,
    LARGE = 1 << 18,
    CHUNK = 1 << 14
};

_Static_assert(NEWS_POOL_CLASSES == SMALL / GRAIN + 4 * 9, "LARGE is SMALL, doubled nine times");

struct news_pool_block {
    news_pool_block *next;
};

struct news_pool_chunk {
    news_pool_chunk *next;
    size_t size;
};

_Static_assert(sizeof(news_pool_chunk) <= GRAIN, "blocks begin a grain behind a chunk");

/* Classes are one for each grain up to SMALL, then four for each doubling. */
static size_t class_of(size_t size, size_t *class_size)
{
    if (size <= SMALL) {
        size_t grains = (size + GRAIN - 1) / GRAIN;
        *class_size = grains * GRAIN;
        return grains - 1;
    }
    size_t class = SMALL / GRAIN, low = SMALL;
    while (size > low * 2)
        low *= 2, class += 4;
    size_t step = low / 4, steps = (size - low + step - 1) / step;
    *class_size = low + steps * step;
    return class + steps - 1;
}

static void *from_host(news_pool *pool, void *ptr, size_t old_size, size_t new_size)
{
    return pool->host.reallocate(pool->host.ud, ptr, old_size, new_size);
}

static void keep_chunk(news_pool *pool, news_pool_chunk *chunk, size_t size)
{
    *chunk = (news_pool_chunk){pool->chunks, size};
    pool->chunks = chunk;
}

static bool add_chunk(news_pool *pool)
{
    char *chunk = from_host(pool, NULL, 0, CHUNK);
    if (chunk == NULL)
        return false;
    keep_chunk(pool, (news_pool_chunk *)(void *)chunk, CHUNK);
    pool->next = chunk + GRAIN;
    pool->end = chunk + CHUNK;
    return true;
}

static void *take(news_pool *pool, size_t size)
{
    size_t class_size, class = class_of(size, &class_size);
    news_pool_block *block = pool->free[class];
    if (block != NULL) {
        pool->free[class] = block->next;
        pool->kept -= class_size > SMALL ? class_size : 0;
        return block;
    }
    if (class_size > SMALL)
        return from_host(pool, NULL, 0, class_size);
    if (class_size > (size_t)(pool->end - pool->next) && !add_chunk(pool))
        return NULL;
    void *cut = pool->next;
    pool->next += class_size;
    return cut;
}

static void give_back(news_pool *pool, void *ptr, size_t size)
{
    size_t class_size, class = class_of(size, &class_size);
    if (class_size > SMALL) {
        if (class_size > pool->most_kept - pool->kept) {
            (void)from_host(pool, ptr, class_size, 0);
            return;
        }
        pool->kept += class_size;
    }
    news_pool_block *block = ptr;
    block->next = pool->free[class];
    pool->free[class] = block;
}

static void *allocate(news_pool *pool, size_t size)
{
    return size > LARGE ? from_host(pool, NULL, 0, size) : take(pool, size);
}

static void release(news_pool *pool, void *ptr, size_t size)
{
    if (size > LARGE)
        (void)from_host(pool, ptr, size, 0);
    else
        give_back(pool, ptr, size);
}

static bool fits(size_t old_size, size_t new_size)
{
    size_t old_class_size, new_class_size;
    return old_size <= LARGE && new_size <= LARGE &&
           class_of(old_size, &old_class_size) == class_of(new_size, &new_class_size);
}

/* For want of memory a block stays where it is and is one of less. Of a small one that is so for
 * good; what was the host's and is now small becomes a chunk, with one block in it. */
static void *shrink(news_pool *pool, void *ptr, size_t old_size, size_t new_size)
{
    size_t held = old_size, wanted;
    if (old_size <= SMALL)
        return ptr;
    if (old_size <= LARGE)
        (void)class_of(old_size, &held);
    if (new_size > SMALL) {
        (void)class_of(new_size, &wanted);
        return from_host(pool, ptr, held, wanted);
    }
    char *block = (char *)ptr + GRAIN;
    memmove(block, ptr, new_size);
    keep_chunk(pool, ptr, held);
    return block;
}

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    news_pool *pool = ud;
    if (ptr == NULL)
        return new_size != 0 ? allocate(pool, new_size) : NULL;
    if (new_size == 0) {
        release(pool, ptr, old_size);
        return NULL;
    }
    if (fits(old_size, new_size))
        return ptr;
    if (old_size > LARGE && new_size > LARGE)
        return from_host(pool, ptr, old_size, new_size);
    void *moved = allocate(pool, new_size);
    if (moved == NULL)
        return new_size < old_size ? shrink(pool, ptr, old_size, new_size) : NULL;
    memcpy(moved, ptr, old_size < new_size ? old_size : new_size);
    release(pool, ptr, old_size);
    return moved;
}

void news_pool_init(news_pool *pool, const news_allocator *host, size_t most_kept)
{
    news_heap heap; /* knows the allocator that there always is */
    news_heap_init(&heap, host, 0);
    *pool = (news_pool){.host = heap.allocator, .most_kept = most_kept};
}

news_allocator news_pool_allocator(news_pool *pool)
{
    return (news_allocator){reallocate, pool};
}

void news_pool_free(news_pool *pool)
{
    for (size_t class = SMALL / GRAIN; class < NEWS_POOL_CLASSES; class ++)
        while (pool->free[class] != NULL) {
            size_t low = (size_t)SMALL << (class - SMALL / GRAIN) / 4;
            news_pool_block *block = pool->free[class];
            pool->free[class] = block->next;
            (void)from_host(pool, block, low + ((class - SMALL / GRAIN) % 4 + 1) * (low / 4), 0);
        }
    while (pool->chunks != NULL) {
        news_pool_chunk *chunk = pool->chunks;
        pool->chunks = chunk->next;
        (void)from_host(pool, chunk, chunk->size, 0);
    }
}
