/* Private to the api room: the context, structures of other versions, errors into the caller's. */
#ifndef NEWS_API_H
#define NEWS_API_H

#include <stdatomic.h>

#include "base/base.h"
#include "script/script.h"

struct news_ctx {
    news_allocator allocator; /* as given; reallocate NULL: malloc and free */
    news_options options;
    news_host *host;
    news_pool pool;        /* on top of the allocator */
    news_allocator pooled; /* the pool's, or the same as below it if nothing is kept */
    bool busy;             /* a call is under way, perhaps in a callback of the caller's */
    atomic_bool cancelled;
};

static inline const news_allocator *allocator_of(const news_ctx *ctx)
{
    return ctx->allocator.reallocate != NULL ? &ctx->allocator : NULL;
}

/* ---- Structures of other versions ---- */

/* Reads a caller's structure into ours: a smaller one leaves our defaults in the rest, a larger one
 * must have an unknown tail of zeros. */
static inline bool read_sized(void *to, size_t to_size, const void *from)
{
    size_t from_size;
    memcpy(&from_size, from, sizeof from_size);
    if (from_size < sizeof from_size)
        return false;
    for (size_t i = to_size; i < from_size; i++)
        if (((const char *)from)[i] != 0)
            return false;
    memcpy(to, from, from_size < to_size ? from_size : to_size);
    memcpy(to, &to_size, sizeof to_size);
    return true;
}

/* Writes a structure of ours into the caller's, whose size is set. */
static inline bool write_sized(void *to, const void *from, size_t from_size)
{
    size_t to_size;
    memcpy(&to_size, to, sizeof to_size);
    if (to_size < sizeof to_size)
        return false;
    memcpy((char *)to + sizeof to_size, (const char *)from + sizeof to_size,
           (to_size < from_size ? to_size : from_size) - sizeof to_size);
    return true;
}

static inline news_status wrong_size(news_error *error, const void *structure, const char *name,
                                     const char *initializer)
{
    size_t size;
    memcpy(&size, structure, sizeof size);
    if (size == 0)
        return news_error_set(error, NEWS_ERR_ABI, NEWS_STR_NONE, 0, 0,
                              "the size of %s is not set; begin with %s", name, initializer);
    return news_error_set(error, NEWS_ERR_ABI, NEWS_STR_NONE, 0, 0,
                          "%s is of another version of libnews", name);
}

static inline news_status fail(news_error *error, news_status status, const char *message)
{
    return news_error_set(error, status, NEWS_STR_NONE, 0, 0, "%s", message);
}

/* ---- Errors into the caller's structure ---- */

/* The library fills an error of its own size; this copies as much as the caller's has room for. */
typedef struct {
    news_error own;
    news_error *caller;
} error_scope;

static inline news_error *begin(error_scope *scope, news_error *caller)
{
    scope->own = (news_error)NEWS_ERROR_INIT;
    scope->caller = caller;
    return &scope->own;
}

static inline news_status end(error_scope *scope, news_status status)
{
    if (scope->caller != NULL) {
        scope->own.status = status;
        (void)write_sized(scope->caller, &scope->own, sizeof scope->own);
    }
    return status;
}

/* ---- Use ---- */

/* A context does one thing at a time, also while it calls back. */
static inline bool begin_use(news_ctx *ctx, news_error *error, news_status *status)
{
    if (ctx->busy) {
        *status = fail(error, NEWS_ERR_ARG,
                       "the context is in use; a callback cannot use it for another call");
        return false;
    }
    ctx->busy = true;
    atomic_store(&ctx->cancelled, false);
    return true;
}

/* A copy of an output that the caller owns, with a NUL behind it. */
news_status news_copy_output(const news_ctx *ctx, news_str output, char **bytes, size_t *len,
                             news_error *error);

#endif
