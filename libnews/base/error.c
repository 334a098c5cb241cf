/* Errors: a status, a place and a sentence, in storage of the caller's. */
#include <stdio.h>

#include "base/base.h"

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

void news_error_copy(char *to, size_t size, news_str s, bool keep_tail)
{
    static const char ellipsis[] = "…";
    if (s.len < size) {
        if (s.len != 0)
            memcpy(to, s.ptr, s.len);
        to[s.len] = '\0';
        return;
    }
    size_t room = size - sizeof ellipsis; /* both count a NUL */
    if (keep_tail) {
        size_t from = s.len - room;
        while (from < s.len && is_continuation(s.ptr[from]))
            from++;
        memcpy(to, ellipsis, sizeof ellipsis - 1);
        memcpy(to + sizeof ellipsis - 1, s.ptr + from, s.len - from);
        to[sizeof ellipsis - 1 + s.len - from] = '\0';
    } else {
        while (room != 0 && is_continuation(s.ptr[room]))
            room--;
        memcpy(to, s.ptr, room);
        memcpy(to + room, ellipsis, sizeof ellipsis);
    }
}

news_status news_error_setv(news_error *error, news_status status, news_str source, uint32_t line,
                            uint32_t column, const char *format, va_list arguments)
{
    char message[1024];
    if (error == NULL)
        return status;
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0)
        length = 0;
    if ((size_t)length >= sizeof message)
        length = (int)sizeof message - 1;
    error->status = status;
    error->line = line;
    error->column = column;
    error->node_line = error->node_column = 0;
    error->node_source[0] = '\0';
    news_error_copy(error->source, sizeof error->source, source, true);
    news_error_copy(error->message, sizeof error->message, news_str_of(message, (size_t)length),
                    false);
    return status;
}

news_status news_error_set(news_error *error, news_status status, news_str source, uint32_t line,
                           uint32_t column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    news_error_setv(error, status, source, line, column, format, arguments);
    va_end(arguments);
    return status;
}

news_status news_error_nomem(news_error *error)
{
    return news_error_set(error, NEWS_ERR_NOMEM, NEWS_STR_NONE, 0, 0, "out of memory");
}

const char *news_status_name(news_status status)
{
    switch (status) {
    case NEWS_OK: return "no error";
    case NEWS_ERR_NOMEM: return "out of memory";
    case NEWS_ERR_ARG: return "bad argument";
    case NEWS_ERR_SYNTAX: return "error in the issue";
    case NEWS_ERR_ENCODING: return "not UTF-8";
    case NEWS_ERR_LIMIT: return "limit reached";
    case NEWS_ERR_SCRIPT: return "error in a format";
    case NEWS_ERR_NOT_FOUND: return "not found";
    case NEWS_ERR_SINK: return "output refused";
    case NEWS_ERR_CANCELLED: return "cancelled";
    case NEWS_ERR_ABI: return "structure of an unknown kind";
    case NEWS_ERR_INTERNAL: return "internal error";
    }
    return "unknown status";
}
