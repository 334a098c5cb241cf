/* Layouts through loading and rendering, as libFuzzer's target or, with a main of its own, as a
 * replay of files: fuzz_layout FILE…
 *
 * A line "=== NAME" ends a layout and begins another of that name; the first is "main.html". What
 * must hold for any bytes at all: that a layout fails in foreseen ways only, with a place in it,
 * that the same layouts give the same bytes, in direct and in filled manner, and that a context
 * renders as before afterwards. Half of the inputs meet an allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"
#include "replay.h"

static const char markdown[] = "---\ntitle: A <title>\ndate: 2024-05-17\nauthors: [Ann]\n---\n\n"
                               "Some *text*.\n\n## One\n\n- [Link](https://a.example/) text\n";

static const char script[] =
    "local f = require 'news'.format { name = 'NAME', extends = 'BASE' }\n"
    "function f.issue(issue, out) out:layout('main.html', { given = 'a < b' }) end\nreturn f\n";

static void stop(const char *what, const news_error *error)
{
    fprintf(stderr, "%s: %s:%u: %s\n", what, error->source, (unsigned)error->line, error->message);
    abort();
}

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    uint32_t *state = ud;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    if (*state != 0 && (ptr == NULL || new_size > old_size)) {
        *state = *state * 1664525u + 1013904223u;
        if (*state >> 22 == 0) /* one in a thousand */
            return NULL;
    }
    return realloc(ptr, new_size);
}

static void check(news_status status, const news_error *error, bool may_fail)
{
    bool is_foreseen = status == NEWS_OK || status == NEWS_ERR_SCRIPT || status == NEWS_ERR_LIMIT ||
                       status == NEWS_ERR_ENCODING || status == NEWS_ERR_ARG;
    if (!is_foreseen && !(may_fail && status == NEWS_ERR_NOMEM))
        stop("not foreseen", error);
    if (status == NEWS_ERR_SCRIPT && error->line == 0)
        stop("an error without a line", error);
}

static void load_all(news_ctx *ctx, const char *input, size_t len, bool may_fail)
{
    char name[40] = "main.html";
    size_t at = 0;
    while (at <= len) {
        news_error error = NEWS_ERROR_INIT;
        size_t end = at;
        while (end < len && (len - end < 5 || memcmp(input + end, "\n=== ", 5) != 0))
            end++;
        check(news_layout_load(ctx, name, NULL, input + at, end - at, &error), &error, may_fail);
        if (end == len)
            return;
        size_t begin = end + 5, name_len = 0;
        while (begin + name_len < len && input[begin + name_len] != '\n')
            name_len++;
        snprintf(name, sizeof name, "%.*s", (int)(name_len < 30 ? name_len : 30), input + begin);
        at = begin + name_len + 1;
    }
}

static void load_format(news_ctx *ctx, const char *name, const char *base, bool may_fail)
{
    char lua[sizeof script + 32];
    news_error error = NEWS_ERROR_INIT;
    const char *first = strstr(script, "NAME"), *second = strstr(script, "BASE");
    snprintf(lua, sizeof lua, "%.*s%s%.*s%s%s", (int)(first - script), script, name,
             (int)(second - first - 4), first + 4, base, second + 4);
    check(news_format_load(ctx, name, lua, strlen(lua), &error), &error, may_fail);
}

static void render(news_ctx *ctx, const news_issue *issue, const char *format, bool may_fail)
{
    news_error error = NEWS_ERROR_INIT;
    char *bytes, *again;
    size_t len, again_len;
    news_status status = news_render_buffer(ctx, issue, format, NULL, &bytes, &len, &error);
    if (may_fail && status == NEWS_ERR_NOT_FOUND)
        return; /* the format could not be loaded */
    check(status, &error, may_fail);
    if (status != NEWS_OK)
        return;
    status = news_render_buffer(ctx, issue, format, NULL, &again, &again_len, &error);
    check(status, &error, may_fail);
    if (status == NEWS_OK) {
        if (len != again_len || memcmp(bytes, again, len) != 0)
            stop("the same layouts gave other bytes", &error);
        news_free(ctx, again, again_len);
    } else if (!may_fail) {
        stop("the second render failed", &error);
    }
    news_free(ctx, bytes, len);
}

static void try_input(const char *input, size_t len, uint32_t seed)
{
    news_allocator allocator = {reallocate, &seed};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_layout_info info = NEWS_LAYOUT_INFO_INIT;
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    bool may_fail = seed != 0;
    options.allocator = &allocator;
    options.max_script_steps = 200000;
    options.max_script_memory = 8 << 20;
    options.max_output = 1 << 20;
    if (news_ctx_new(&ctx, &options, &error) == NEWS_OK &&
        news_parse(ctx, &issue, "fuzz.md", markdown, sizeof markdown - 1, NULL, &error) ==
            NEWS_OK) {
        load_format(ctx, "direct", "html", may_fail);
        load_format(ctx, "filled", "text", may_fail);
        load_all(ctx, input, len, may_fail);
        for (size_t i = 0; i < news_layout_count(ctx); i++)
            check(news_layout_at(ctx, i, &info, &error), &error, may_fail);
        render(ctx, issue, "direct", may_fail);
        render(ctx, issue, "filled", may_fail);
    } else if (!may_fail) {
        stop("without a layout", &error);
    }
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of the very size, so that a byte read past its end is seen. */
    char *copy = calloc(size != 0 ? size : 1, 1);
    if (copy == NULL)
        return 0;
    if (size != 0)
        memcpy(copy, data, size);
    uint32_t seed = 2166136261u;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ data[i]) * 16777619u;
    try_input(copy, size, 0);
    if ((seed & 1) != 0)
        try_input(copy, size, seed);
    free(copy);
    return 0;
}

#ifdef NEWS_REPLAY
int main(int argc, char **argv)
{
    return replay_all(argc, argv);
}
#endif
