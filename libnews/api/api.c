/* The exported functions: arguments checked, structures of other versions read, defaults filled in.
 * What they do is done in the rooms. */
#include "api/api.h"
#include "api/check.h"
#include "script/script.h"
#include "source/source.h"

enum { MIB = 1 << 20, DEEPEST = 64 };

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
    if (options->max_kept == 0)
        options->max_kept = (size_t)8 * MIB;
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
    news_pool_init(&ctx->pool, allocator_of(ctx), options.max_kept);
    ctx->pooled =
        options.max_kept != NEWS_KEEP_NOTHING ? news_pool_allocator(&ctx->pool) : ctx->pool.host;
    news_host_options host_options = {
        .allocator = &ctx->pooled,
        .max_memory = options.max_script_memory,
        .max_output = options.max_output,
        .max_steps = options.max_script_steps,
        .cancelled = &ctx->cancelled,
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
    news_pool_free(&ctx->pool);
    news_allocator allocator = ctx->allocator;
    news_heap_init(&heap, allocator.reallocate != NULL ? &allocator : NULL, 0);
    news_heap_free(&heap, ctx, sizeof *ctx);
}

/* ---- Parsing ---- */

/* A loader of the caller's, of whatever size. */
static news_status read_loader(const news_loader *given, news_loader *loader, news_error *error)
{
    if (!read_sized(loader, sizeof *loader, given))
        return wrong_size(error, given, "news_loader", "NEWS_LOADER_INIT");
    if (loader->load == NULL)
        return fail(error, NEWS_ERR_ARG, "news_loader: there is no function to load with");
    return NEWS_OK;
}

static news_status source_options(const news_ctx *ctx, const news_loader *loader,
                                  news_source_options *options, news_error *error)
{
    *options = (news_source_options){
        .allocator = allocator_of(ctx),
        .scratch = &ctx->pooled,
        .max_input = ctx->options.max_input,
        .max_nodes = ctx->options.max_nodes,
        .max_depth = ctx->options.max_depth,
        .loader = NEWS_LOADER_INIT,
    };
    return loader != NULL ? read_loader(loader, &options->loader, error) : NEWS_OK;
}

news_status news_publication_parse(news_ctx *ctx, news_publication **publication, const char *path,
                                   const char *yaml, size_t len, const news_loader *loader,
                                   news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_source_options options;
    if (publication != NULL)
        *publication = NULL;
    if (ctx == NULL || publication == NULL || path == NULL || (yaml == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_publication_parse: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = source_options(ctx, loader, &options, own);
    if (status == NEWS_OK)
        status = news_source_publication(publication, news_str_from(path), news_str_of(yaml, len),
                                         &options, own);
    ctx->busy = false;
    return end(&scope, status);
}

static news_status parse(news_ctx *ctx, news_issue **issue, const char *name, news_str markdown,
                         const news_parse_options *given, news_error *error)
{
    news_parse_options read = NEWS_PARSE_OPTIONS_INIT;
    news_source_options options;
    if (given != NULL && !read_sized(&read, sizeof read, given))
        return wrong_size(error, given, "news_parse_options", "NEWS_PARSE_OPTIONS_INIT");
    news_status status = source_options(ctx, read.loader, &options, error);
    if (status != NEWS_OK)
        return status;
    options.path = news_str_from(read.path);
    options.publication = read.publication;
    return news_source_parse(issue, news_str_from(name), markdown, &options, error);
}

news_status news_parse(news_ctx *ctx, news_issue **issue, const char *name, const char *markdown,
                       size_t len, const news_parse_options *options, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (issue != NULL)
        *issue = NULL;
    if (ctx == NULL || issue == NULL || name == NULL || (markdown == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_parse: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = parse(ctx, issue, name, news_str_of(markdown, len), options, own);
    ctx->busy = false;
    return end(&scope, status);
}

/* ---- Editions ---- */

/* An edition is made from the whole issue, and that is what holds the reference it takes. */
static news_issue *whole_of(const news_issue *issue)
{
    news_issue *given = (news_issue *)(uintptr_t)issue; /* its count of references changes */
    return given->parent != NULL ? given->parent : given;
}

static news_status make_edition(news_ctx *ctx, news_issue **edition, const news_issue *issue,
                                const char *name, const news_allocator *allocator,
                                news_error *error)
{
    news_source_options options;
    news_status status = source_options(ctx, NULL, &options, error);
    if (status != NEWS_OK)
        return status;
    options.allocator = allocator;
    return news_source_edition(edition, whole_of(issue), news_str_from(name), &options, error);
}

news_status news_issue_edition(news_ctx *ctx, news_issue **edition, const news_issue *issue,
                               const char *name, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (edition != NULL)
        *edition = NULL;
    if (ctx == NULL || edition == NULL || issue == NULL || name == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_issue_edition: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = make_edition(ctx, edition, issue, name, allocator_of(ctx), own);
    ctx->busy = false;
    return end(&scope, status);
}

const char *news_issue_edition_name(const news_issue *issue, size_t index)
{
    return issue != NULL && index < issue->edition_count ? issue->editions[index].name.ptr : NULL;
}

/* ---- Findings ---- */

news_status news_issue_finding(const news_issue *issue, size_t index, news_finding *finding)
{
    if (issue == NULL || finding == NULL || index >= issue->finding_count)
        return NEWS_ERR_ARG;
    return write_sized(finding, &issue->findings[index], sizeof *finding) ? NEWS_OK : NEWS_ERR_ABI;
}

/* ---- Formats ---- */

void news_cancel(news_ctx *ctx)
{
    if (ctx != NULL)
        atomic_store(&ctx->cancelled, true);
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

news_status news_module_load(news_ctx *ctx, const char *module, const char *name, const char *lua,
                             size_t len, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (ctx == NULL || module == NULL || name == NULL || (lua == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_module_load: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = news_host_load_module(ctx->host, news_str_from(module), news_str_from(name),
                                   news_str_of(lua, len), own);
    ctx->busy = false;
    return end(&scope, status);
}

static news_status add_native(news_ctx *ctx, const char *module, const char *name,
                              news_native_fn function, void *ud, news_destroy_fn destroy,
                              news_error *error)
{
    news_status status;
    if (ctx == NULL || module == NULL || name == NULL || function == NULL)
        return fail(error, NEWS_ERR_ARG, "news_native_add: an argument is NULL");
    if (!begin_use(ctx, error, &status))
        return status;
    status = news_host_add_native(ctx->host, news_str_from(module), news_str_from(name), function,
                                  ud, destroy, error);
    ctx->busy = false;
    return status;
}

news_status news_native_add(news_ctx *ctx, const char *module, const char *name,
                            news_native_fn function, void *ud, news_destroy_fn destroy,
                            news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_status status = add_native(ctx, module, name, function, ud, destroy, own);
    if (status != NEWS_OK && destroy != NULL)
        destroy(ud);
    return end(&scope, status);
}

size_t news_format_count(const news_ctx *ctx)
{
    return ctx != NULL ? news_host_format_count(ctx->host) : 0;
}

const char *news_format_name(const news_ctx *ctx, size_t index)
{
    return ctx != NULL ? news_host_format_name(ctx->host, index) : NULL;
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
    news_format_info ours = {sizeof ours,      format.name,   format.media,
                             format.extension, format.source, format.edition};
    if (!write_sized(info, &ours, sizeof ours))
        return end(&scope, wrong_size(own, info, "news_format_info", "NEWS_FORMAT_INFO_INIT"));
    return end(&scope, NEWS_OK);
}

const char *news_format_nearest(const news_ctx *ctx, const char *name)
{
    return ctx != NULL && name != NULL ? news_host_format_nearest(ctx->host, news_str_from(name))
                                       : NULL;
}

news_status news_layout_load(news_ctx *ctx, const char *name, const char *source, const char *text,
                             size_t len, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    if (ctx == NULL || name == NULL || (text == NULL && len != 0))
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_layout_load: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = news_host_load_layout(ctx->host, news_str_from(name),
                                   news_str_from(source != NULL ? source : name),
                                   news_str_of(text, len), own);
    ctx->busy = false;
    return end(&scope, status);
}

size_t news_layout_count(const news_ctx *ctx)
{
    return ctx != NULL ? news_host_layout_count(ctx->host) : 0;
}

news_status news_layout_at(news_ctx *ctx, size_t index, news_layout_info *info, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_host_layout layout;
    if (ctx == NULL || info == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_layout_at: an argument is NULL"));
    news_status status;
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = news_host_layout_info(ctx->host, index, &layout, own);
    ctx->busy = false;
    if (layout.name == NULL)
        return end(&scope, status);
    news_layout_info ours = {sizeof ours, layout.name, layout.source, layout.text.ptr,
                             layout.text.len};
    if (!write_sized(info, &ours, sizeof ours))
        return end(&scope, wrong_size(own, info, "news_layout_info", "NEWS_LAYOUT_INFO_INIT"));
    return end(&scope, status);
}

/* ---- Checking ---- */

static news_status check(news_ctx *ctx, const news_issue *issue, const news_check_options *given,
                         news_diagnostic_fn found, void *ud, news_error *error)
{
    news_check_options read = NEWS_CHECK_OPTIONS_INIT;
    news_source_options options;
    if (given != NULL && !read_sized(&read, sizeof read, given))
        return wrong_size(error, given, "news_check_options", "NEWS_CHECK_OPTIONS_INIT");
    news_status status = source_options(ctx, read.loader, &options, error);
    if (status != NEWS_OK)
        return status;
    return news_check_issue(ctx->host, &options, issue, found, ud, error);
}

news_status news_check(news_ctx *ctx, const news_issue *issue, const news_check_options *options,
                       news_diagnostic_fn found, void *ud, news_error *error)
{
    error_scope scope;
    news_error *own = begin(&scope, error);
    news_status status;
    if (ctx == NULL || issue == NULL || found == NULL)
        return end(&scope, fail(own, NEWS_ERR_ARG, "news_check: an argument is NULL"));
    if (!begin_use(ctx, own, &status))
        return end(&scope, status);
    status = check(ctx, issue, options, found, ud, own);
    ctx->busy = false;
    return end(&scope, status);
}

/* ---- Rendering ---- */

static news_status refuse_errors(const news_issue *issue, news_error *error)
{
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_finding *finding = &issue->findings[i];
        if (finding->severity == NEWS_ERROR)
            return news_error_set(error, NEWS_ERR_SYNTAX, finding->source, finding->line,
                                  finding->column, "%.*s", (int)finding->message.len,
                                  finding->message.ptr);
    }
    return NEWS_OK;
}

static bool are_given(const news_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (options == NULL || options[i].name == NULL || options[i].value == NULL)
            return false;
    return true;
}

/* Makes the edition that is asked for, or else the format's own, for this call alone; NULL: the
 * issue is what to render, for it is an edition already and no other is asked for. */
static news_status choose_edition(news_ctx *ctx, news_issue **edition, const news_issue *issue,
                                  const char *format, const char *asked, news_error *error)
{
    char own[NEWS_EDITION_NAME_MAX];
    *edition = NULL;
    if (asked == NULL) {
        if (issue->parent != NULL)
            return NEWS_OK;
        news_status status = news_host_format_edition(ctx->host, news_str_from(format), own, error);
        if (status != NEWS_OK)
            return status;
        asked = own;
    }
    return make_edition(ctx, edition, issue, asked, &ctx->pooled, error);
}

static news_status render_edition(news_ctx *ctx, const news_issue *issue, const char *format,
                                  const news_render_options *options, news_str *output,
                                  news_error *error)
{
    news_status status = refuse_errors(issue, error);
    if (status != NEWS_OK)
        return status;
    return news_host_render(ctx->host, issue, news_str_from(format), options, output, error);
}

static news_status render(news_ctx *ctx, const news_issue *issue, const char *format,
                          const news_render_options *given, news_str *output, news_error *error)
{
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    if (given != NULL && !read_sized(&options, sizeof options, given))
        return wrong_size(error, given, "news_render_options", "NEWS_RENDER_OPTIONS_INIT");
    if (!are_given(options.options, options.option_count))
        return fail(error, NEWS_ERR_ARG, "news_render: an option is NULL");
    if (!are_given(options.fields, options.field_count))
        return fail(error, NEWS_ERR_ARG, "news_render: a field is NULL");
    news_issue *edition;
    news_loader loader = NEWS_LOADER_INIT;
    news_status status = NEWS_OK;
    if (options.loader != NULL) {
        status = read_loader(options.loader, &loader, error);
        options.loader = &loader;
    }
    if (status == NEWS_OK)
        status = refuse_errors(whole_of(issue), error);
    if (status == NEWS_OK)
        status = choose_edition(ctx, &edition, issue, format, options.edition, error);
    if (status != NEWS_OK)
        return status;
    status =
        render_edition(ctx, edition != NULL ? edition : issue, format, &options, output, error);
    news_issue_unref(edition);
    return status;
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

news_status news_copy_output(const news_ctx *ctx, news_str output, char **bytes, size_t *len,
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
        status = news_copy_output(ctx, output, bytes, len, own);
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
