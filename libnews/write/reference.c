/* Numbers for addresses: equal ones share a number, new ones queue until they are taken. */
#include "write/writer.h"

static uint32_t number_new(news_writer *writer, news_str url, const void *ud)
{
    news_reference *references =
        news_heap_grow(writer->heap, writer->references, writer->reference_count,
                       &writer->reference_capacity, sizeof *references);
    if (references == NULL)
        return 0;
    writer->references = references;
    news_str kept;
    if (!news_arena_copy(&writer->arena, url, &kept))
        return 0;
    uint32_t *number = news_strmap_put(&writer->numbers, kept, NULL);
    if (number == NULL)
        return 0;
    *number = (uint32_t)writer->reference_count + 1;
    references[writer->reference_count++] = (news_reference){kept, *number, ud};
    return *number;
}

uint32_t news_writer_reference(news_writer *writer, news_str url, const void *ud)
{
    if (writer->status != NEWS_OK)
        return 0;
    const uint32_t *known = news_strmap_get(&writer->numbers, url);
    if (known != NULL)
        return *known;
    uint32_t number = number_new(writer, url, ud);
    if (number == 0)
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
    return number;
}

size_t news_writer_take_references(news_writer *writer, const news_reference **references)
{
    size_t count = writer->reference_count - writer->taken;
    *references = count != 0 ? writer->references + writer->taken : NULL;
    writer->taken = writer->reference_count;
    return count;
}
