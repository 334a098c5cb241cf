/* The exported functions: arguments checked, structures of other versions read, defaults filled in.
 * What they do is done in the rooms. */
#include "script/script.h"
#include "source/source.h"

struct news_ctx {
    news_allocator allocator; /* as given; reallocate NULL: malloc and free */
    news_options options;
    news_host *host;
    bool busy; /* a call is under way, perhaps in a callback of the caller's */
};

enum { MIB = 1 << 20, DEEPEST = 64 };

/* ---- Structures of other versions ---- */

/* Reads a caller's structure into ours: a smaller one leaves our defaults in the rest, a larger one
 * must have an unknown tail of zeros. */
static bool read_sized(void *to, size_t to_size, const void *from)
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
static bool write_sized(void *to, const void *from, size_t from_size)
{
    size_t to_size;
    memcpy(&to_size, to, sizeof to_size);
    if (to_size < sizeof to_size)
        return false;
    memcpy((char *)to + sizeof to_size, (const char *)from + sizeof to_size,
           (to_size < from_size ? to_size : from_size) - sizeof to_size);
    return true;
}

static news_status wrong_size(news_error *error, const void *structure, const char *name,
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

static news_status fail(news_error *error, news_status status, const char *message)
{
    return news_error_set(error, status, NEWS_STR_NONE, 0, 0, "%s", message);
}

/* ---- Errors into the caller's structure ---- */

/* The library fills an error of its own size; this copies as much as the caller's has room for. */
typedef struct {
    news_error own;
    news_error *caller;
} error_scope;

static news_error *begin(error_scope *scope, news_error *caller)
{
    scope->own = (news_error)NEWS_ERROR_INIT;
    scope->caller = caller;
    return &scope->own;
}

static news_status end(error_scope *scope, news_status status)
{
    if (scope->caller != NULL) {
        scope->own.status = status;
        (void)write_sized(scope->caller, &scope->own, sizeof scope->own);
    }
    return status;
}

/* ---- Context ---- */

const char *news_version(void)
{
    return NEWS_VERSION_STRING;
}

static void fill_limits(news_options *options)
{
    if (options->max_input == 0)
        options->max_input = (size_t)8 * MIB;
    if (options->max_nodes == 0)
        options->max_nodes = 1000000;
    if (options->max_depth == 0 || options->max_depth > DEEPEST)
        options->max_depth = DEEPEST;
    if (options->max_output == 0)
        options->max_output = (size_t)64 * MIB;
    if (options->max_script_memory == 0)
        options->max_script_memory = (size_t)64 * MIB;
    if (options->max_script_steps == 0)
        options->max_script_steps = 50000000;
}

static const news_allocator *allocator_of(const news_ctx *ctx)
{
    return ctx->allocator.reallocate != NULL ? &ctx->allocator : NULL;
}

static news_status make_ctx(news_ctx **out, const news_options *given, news_error *error)
{
    news_options options = NEWS_OPTIONS_INIT;
    news_heap heap;
    if (given != NULL && !read_sized(&options, sizeof options, given))
        return wrong_size(error, given, "news_options", "NEWS_OPTIONS_INIT");
    if (options.allocator != NULL && options.allocator->reallocate == NULL)
        return fail(error, NEWS_ERR_ARG, "news_options: the allocator has no function");
    fill_limits(&options);
    news_heap_init(&heap, options.allocator, 0);
    news_ctx *ctx = news_heap_alloc(&heap, sizeof *ctx);
    if (ctx == NULL)
        return news_error_nomem(error);
    *ctx = (news_ctx){.options = options};
    if (options.allocator != NULL)
        ctx->allocator = *options.allocator;
    ctx->options.allocator = NULL;
    news_host_options host_options = {
        .allocator = allocator_of(ctx),
        .max_memory = options.max_script_memory,
        .max_output = options.max_output,
        .max_steps = options.max_script_steps,
        .log = options.log,
        .log_data = options.log_data,
    };
    news_status status = news_host_new(&ctx->host, &host_options, error);
    if (status != NEWS_OK) {
        news_ctx_free(ctx);
        return status;
    }
    *out = ctx;
    return NEWS_OK;
}

news_status news_ctx_new(news_ctx **ctx, const news_options *options, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (ctx == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_ctx_new: ctx is NULL"));
    *ctx = NULL;
    return end(&scope, make_ctx(ctx, options, own));
}

void news_ctx_free(news_ctx *ctx)
{
    news_heap heap;
    if (ctx == NULL)
        return;
    news_host_free(ctx->host);
    news_allocator allocator = ctx->allocator;
    news_heap_init(&heap, allocator.reallocate != NULL ? &allocator : NULL, 0);
    news_heap_free(&heap, ctx, sizeof *ctx);
}

/* ---- Parsing ---- */

news_status news_parse(news_ctx *ctx, news_issue **issue, const char *name, const char *markdown,
                       size_t len, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (issue != NULL)
        *issue = NULL;
    if (ctx == NULL || issue == NULL || name == NULL || (markdown == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_parse: an argument is NULL"));
    news_source_options options = {
        .allocator = allocator_of(ctx),
        .max_input = ctx->options.max_input,
        .max_nodes = ctx->options.max_nodes,
        .max_depth = ctx->options.max_depth,
    };
    return end(&scope, news_source_parse(issue, news_str_from(name), news_str_of(markdown, len),
                                         &options, own));
}

news_status news_issue_finding(const news_issue *issue, size_t index, news_finding *finding)
{
    if (issue == NULL || finding == NULL || index >= issue->finding_count)
        return NEWS_ERR_ARG;
    return write_sized(finding, &issue->findings[index], sizeof *finding) ? NEWS_OK : NEWS_ERR_ABI;
}

/* ---- Formats ---- */

/* A context does one thing at a time, also while it calls back. */
static bool begin_use(news_ctx *ctx, news_error *error, news_status *status)
{
    if (ctx->busy) {
        *status = fail(error, NEWS_ERR_ARG,
                       "the context is in use; a callback cannot use it for another call");
        return false;
    }
    ctx->busy = true;
    return true;
}

news_status news_format_load(news_ctx *ctx, const char *name, const char *lua, size_t len,
                             news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (ctx == NULL || name == NULL || (lua == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_format_load: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = news_host_load(ctx->host, news_str_from(name), news_str_of(lua, len), own);
    ctx->busy = false;
    return end(&scope, status);
}

size_t news_format_count(const news_ctx *ctx)
{
    return ctx != NULL ? news_host_format_count(ctx->host) : 0;
}

news_status news_format_at(news_ctx *ctx, size_t index, news_format_info *info, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_host_format format;
    if (ctx == NULL || info == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_format_at: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = news_host_format_info(ctx->host, index, &format, own);
    ctx->busy = false;
    if (status != NEWS_OK)
        return end(&scope, status);
    news_format_info ours = {sizeof ours, format.name, format.media, format.extension,
                             format.source};
    if (!write_sized(info, &ours, sizeof ours))
        return end(&scope, wrong_size(own, info, "news_format_info", "NEWS_FORMAT_INFO_INIT"));
    return end(&scope, NEWS_OK);
}

const char *news_format_nearest(const news_ctx *ctx, const char *name)
{
    return ctx != NULL && name != NULL ? news_host_format_nearest(ctx->host, news_str_from(name))
                                       : NULL;
}

/* ---- Rendering ---- */

static news_status refuse_errors(const news_issue *issue, news_error *error)
{
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_finding *finding = &issue->findings[i];
        if (finding->severity == NEWS_ERROR)
            return news_error_set(error, NEWS_ERR_SYNTAX, issue->name, finding->line,
                                  finding->column, "%.*s", (int)finding->message.len,
                                  finding->message.ptr);
    }
    return NEWS_OK;
}

static news_status render(news_ctx *ctx, const news_issue *issue, const char *format,
                          const news_render_options *given, news_str *output, news_error *error)
{
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    if (given != NULL && !read_sized(&options, sizeof options, given))
        return wrong_size(error, given, "news_render_options", "NEWS_RENDER_OPTIONS_INIT");
    for (size_t i = 0; i < options.option_count; i++)
        if (options.options == NULL || options.options[i].name == NULL ||
            options.options[i].value == NULL)
            return fail(error, NEWS_ERR_ARG, "news_render: an option is NULL");
    news_status status = refuse_errors(issue, error);
    if (status != NEWS_OK)
        return status;
    return news_host_render(ctx->host, issue, news_str_from(format), &options, output, error);
}

news_status news_render(news_ctx *ctx, const news_issue *issue, const char *format,
                        const news_render_options *options, news_sink_fn sink, void *ud,
                        news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_str output = NEWS_STR_NONE;
    news_status status;
    if (ctx == NULL || issue == NULL || format == NULL || sink == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_render: an argument is NULL"));
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = render(ctx, issue, format, options, &output, own);
    if (status == NEWS_OK && output.len != 0 && sink(ud, output.ptr, output.len) != 0)
        status = fail(own, NEWS_ERR_SINK, "the output was refused");
    ctx->busy = false;
    return end(&scope, status);
}

static news_status copy_output(const news_ctx *ctx, news_str output, char **bytes, size_t *len,
                               news_error *error)
{
    news_heap heap;
    news_heap_init(&heap, allocator_of(ctx), 0);
    char *copy = news_heap_alloc(&heap, output.len + 1);
    if (copy == NULL)
        return news_error_nomem(error);
    if (output.len != 0)
        memcpy(copy, output.ptr, output.len);
    copy[output.len] = '\0';
    *bytes = copy;
    *len = output.len;
    return NEWS_OK;
}

news_status news_render_buffer(news_ctx *ctx, const news_issue *issue, const char *format,
                               const news_render_options *options, char **bytes, size_t *len,
                               news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_str output = NEWS_STR_NONE;
    news_status status;
    if (bytes == NULL || len == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_render_buffer: an argument is NULL"));
    *bytes = NULL;
    *len = 0;
    if (ctx == NULL || issue == NULL || format == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_render_buffer: an argument is NULL"));
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = render(ctx, issue, format, options, &output, own);
    if (status == NEWS_OK)
        status = copy_output(ctx, output, bytes, len, own);
    ctx->busy = false;
    return end(&scope, status);
}

void news_free(news_ctx *ctx, char *bytes, size_t len)
{
    news_heap heap;
    if (bytes == NULL || ctx == NULL)
        return;
    news_heap_init(&heap, allocator_of(ctx), 0);
    news_heap_free(&heap, bytes, len + 1);
}
