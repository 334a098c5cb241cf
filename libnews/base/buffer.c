/* Bytes that grow by doubling, up to a maximum that every buffer must have. */
#include <stdio.h>

#include "base/base.h"

void news_buf_init(news_buf *buf, news_heap *heap, size_t max)
{
    *buf = (news_buf){.heap = heap, .max = max};
}

void news_buf_free(news_buf *buf)
{
    news_heap_free(buf->heap, buf->ptr, buf->capacity);
    news_buf_init(buf, buf->heap, buf->max);
}

void news_buf_clear(news_buf *buf)
{
    buf->len = 0;
    buf->status = NEWS_OK;
}

bool news_buf_reserve(news_buf *buf, size_t extra)
{
    if (buf->status != NEWS_OK)
        return false;
    if (extra > buf->max || buf->len > buf->max - extra) {
        buf->status = NEWS_ERR_LIMIT;
        return false;
    }
    size_t needed = buf->len + extra;
    if (needed <= buf->capacity)
        return true;
    size_t capacity = buf->capacity != 0 ? buf->capacity : buf->max < 256 ? buf->max : 256;
    while (capacity < needed)
        capacity = capacity > buf->max / 2 ? buf->max : capacity * 2;
    char *ptr = news_heap_realloc(buf->heap, buf->ptr, buf->capacity, capacity);
    if (ptr == NULL) {
        buf->status = NEWS_ERR_NOMEM;
        return false;
    }
    buf->ptr = ptr;
    buf->capacity = capacity;
    return true;
}

bool news_buf_printf(news_buf *buf, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof text)
        return news_buf_append(buf, text, (size_t)length);
    if (length < 0)
        return false;
    /* A longer text goes through a block of its own, for vsnprintf ends with a NUL that the
     * buffer's maximum need not have room for. */
    size_t size = (size_t)length + 1;
    char *block = news_heap_alloc(buf->heap, size);
    if (block == NULL) {
        buf->status = NEWS_ERR_NOMEM;
        return false;
    }
    va_start(arguments, format);
    (void)vsnprintf(block, size, format, arguments);
    va_end(arguments);
    bool done = news_buf_append(buf, block, (size_t)length);
    news_heap_free(buf->heap, block, size);
    return done;
}
