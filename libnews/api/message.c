/* Messages from what a caller has, with no issue in it. The mail room does the work. */
#include "api/api.h"
#include "mail/mail.h"

/* ---- Structures of other versions ---- */

/* The files, each of which has the size of the caller's structure, in structures of ours. */
static news_status read_files(news_message_file *files, const news_message *message,
                              news_error *error)
{
    const char *from = (const char *)message->files;
    for (size_t i = 0; i < message->file_count; i++) {
        if (!read_sized(&files[i], sizeof files[i], from))
            return wrong_size(error, from, "news_message_file", "NEWS_MESSAGE_FILE_INIT");
        if (files[i].bytes.ptr == NULL && files[i].bytes.len != 0)
            return fail(error, NEWS_ERR_ARG, "news_message: the bytes of a file are NULL");
        size_t size;
        memcpy(&size, from, sizeof size);
        from += size;
    }
    return NEWS_OK;
}

static bool lists_are_given(const news_message *message)
{
    for (size_t i = 0; i < message->to_count; i++)
        if (message->to == NULL || message->to[i].address == NULL)
            return false;
    for (size_t i = 0; i < message->header_count; i++)
        if (message->headers == NULL || message->headers[i].name == NULL ||
            message->headers[i].value == NULL)
            return false;
    return (message->files != NULL || message->file_count == 0) &&
           (message->text.ptr != NULL || message->text.len == 0) &&
           (message->html.ptr != NULL || message->html.len == 0);
}

/* ---- Writing ---- */

static news_status write_with_files(news_heap *heap, const news_message *message, news_buf *out,
                                    news_error *error)
{
    const size_t count = message->file_count, size = count * sizeof(news_message_file);
    news_message_file *files =
        count <= SIZE_MAX / sizeof(news_message_file) ? news_heap_alloc(heap, size) : NULL;
    if (files == NULL)
        return news_error_nomem(error);
    for (size_t i = 0; i < count; i++)
        files[i] = (news_message_file)NEWS_MESSAGE_FILE_INIT;
    news_status status = read_files(files, message, error);
    if (status == NEWS_OK)
        status = news_mail_write(message, files, out, error);
    news_heap_free(heap, files, size);
    return status;
}

static news_status write_message(const news_message *given, news_buf *out, news_error *error)
{
    news_message message = NEWS_MESSAGE_INIT;
    if (!read_sized(&message, sizeof message, given))
        return wrong_size(error, given, "news_message", "NEWS_MESSAGE_INIT");
    if (!lists_are_given(&message))
        return fail(error, NEWS_ERR_ARG, "news_message: an element of a list is NULL");
    return message.file_count != 0 ? write_with_files(out->heap, &message, out, error)
                                   : news_mail_write(&message, NULL, out, error);
}

news_status news_message_write(news_ctx *ctx, const news_message *message, news_sink_fn sink,
                               void *ud, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_heap heap;
    news_buf out;
    news_status status;
    if (ctx == NULL || message == NULL || sink == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_message_write: an argument is NULL"));
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    news_heap_init(&heap, allocator_of(ctx), 0);
    news_buf_init(&out, &heap, ctx->options.max_output);
    status = write_message(message, &out, own);
    if (status == NEWS_OK && sink(ud, out.ptr, out.len) != 0)
        status = fail(own, NEWS_ERR_SINK, "the output was refused");
    news_buf_free(&out);
    ctx->busy = false;
    return end(&scope, status);
}

news_status news_message_buffer(news_ctx *ctx, const news_message *message, char **bytes,
                                size_t *len, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_heap heap;
    news_buf out;
    news_status status;
    if (bytes == NULL || len == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_message_buffer: an argument is NULL"));
    *bytes = NULL;
    *len = 0;
    if (ctx == NULL || message == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_message_buffer: an argument is NULL"));
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    news_heap_init(&heap, allocator_of(ctx), 0);
    news_buf_init(&out, &heap, ctx->options.max_output);
    status = write_message(message, &out, own);
    if (status == NEWS_OK)
        status = news_copy_output(ctx, news_buf_str(&out), bytes, len, own);
    news_buf_free(&out);
    ctx->busy = false;
    return end(&scope, status);
}
