/* An allocator that keeps count of what it gave and holds to a limit. */
#include <stdlib.h>

#include "base/base.h"

static void *default_reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)ud;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

void news_heap_init(news_heap *heap, const news_allocator *allocator, size_t limit)
{
    *heap = (news_heap){.limit = limit};
    if (allocator != NULL)
        heap->allocator = *allocator;
    else
        heap->allocator.reallocate = default_reallocate;
}

void *news_heap_realloc(news_heap *heap, void *ptr, size_t old_size, size_t new_size)
{
    if (ptr == NULL)
        old_size = 0;
    if (new_size > old_size && heap->limit != 0 &&
        (heap->used > heap->limit || new_size - old_size > heap->limit - heap->used)) {
        heap->over_limit = true;
        return NULL;
    }
    if (ptr == NULL && new_size == 0)
        return NULL;
    void *moved = heap->allocator.reallocate(heap->allocator.ud, ptr, old_size, new_size);
    if (moved == NULL && new_size != 0)
        return NULL;
    heap->used = heap->used - old_size + new_size;
    if (heap->used > heap->peak)
        heap->peak = heap->used;
    return moved;
}

void *news_heap_alloc(news_heap *heap, size_t size)
{
    return news_heap_realloc(heap, NULL, 0, size);
}

void news_heap_free(news_heap *heap, void *ptr, size_t size)
{
    if (ptr != NULL)
        news_heap_realloc(heap, ptr, size, 0);
}

void *news_heap_grow(news_heap *heap, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    if (wanted > SIZE_MAX / 2 / size)
        return NULL;
    void *moved = news_heap_realloc(heap, array, *capacity * size, wanted * size);
    if (moved != NULL)
        *capacity = wanted;
    return moved;
}
