/* A program outside the tree, written by news.h alone and built against the installed library:
 *
 *     cc outside.c -o outside $(pkg-config --cflags --libs libnews)
 *     ./outside ISSUE.md
 *
 * It makes a context, parses the issue, walks its model, checks it, adds a function for scripts,
 * loads a format that calls it, and renders. Then it takes each of these steps again with an
 * allocator that gives nothing from the n-th request on, for every n until there are enough. Each
 * time the step must end with NEWS_ERR_NOMEM; with memory back, the same context must give what it
 * gave at first; and nothing may leak. What the format gave is printed at the end. */
#include <news/news.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The host's allocator ---- */

typedef struct {
    size_t left; /* requests that are still granted */
    bool refused;
    size_t live; /* bytes */
} memory;

enum { PLENTY = 1 << 30 };

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    memory *m = ud;
    if (new_size == 0) {
        free(ptr);
        m->live -= old_size;
        return NULL;
    }
    if (new_size > old_size && m->left == 0) {
        m->refused = true;
        return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved == NULL)
        return NULL;
    m->left -= new_size > old_size;
    m->live = m->live - old_size + new_size;
    return moved;
}

/* ---- The steps ---- */

/* What the steps work with, and what the last of them gave. */
typedef struct {
    memory memory;
    const char *name;
    char markdown[1 << 16];
    size_t markdown_len;
    news_ctx *ctx;
    news_issue *issue;
    news_error error;
    char result[1 << 18];
    size_t result_len;
} host;

static int keep(void *ud, const char *bytes, size_t len)
{
    host *h = ud;
    if (len > sizeof h->result - h->result_len)
        return 1;
    memcpy(h->result + h->result_len, bytes, len);
    h->result_len += len;
    return 0;
}

static int keep_line(host *h, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return keep(h, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1);
}

static news_status make_context(host *h)
{
    news_allocator allocator = {reallocate, &h->memory};
    news_options options = NEWS_OPTIONS_INIT;
    news_ctx *ctx = NULL;
    options.allocator = &allocator;
    options.max_kept = NEWS_KEEP_NOTHING; /* so that each call asks for what it needs */
    news_status status = news_ctx_new(&ctx, &options, &h->error);
    if (h->ctx == NULL)
        h->ctx = ctx;
    else
        news_ctx_free(ctx);
    return status;
}

static news_status parse(host *h)
{
    news_issue *issue = NULL;
    news_status status =
        news_parse(h->ctx, &issue, h->name, h->markdown, h->markdown_len, NULL, &h->error);
    if (h->issue == NULL)
        h->issue = issue;
    else
        news_issue_unref(issue);
    return status;
}

static int keep_node(host *h, const news_node *node)
{
    news_value value;
    keep_line(h, "%s %u:%u", news_kind_name(news_node_kind(node)), (unsigned)news_node_line(node),
              (unsigned)news_node_column(node));
    for (size_t i = 0; news_kind_field(news_node_kind(node), i) != NULL; i++) {
        const char *field = news_kind_field(news_node_kind(node), i);
        if (news_node_get(node, field, &value) && value.type == NEWS_VALUE_STRING)
            keep_line(h, " %s=%.*s", field, (int)value.as.string.len, value.as.string.ptr);
    }
    keep_line(h, "\n");
    for (node = news_node_first_child(node); node != NULL; node = news_node_next(node))
        keep_node(h, node);
    return 0;
}

static news_status walk(host *h)
{
    keep_node(h, news_issue_root(h->issue));
    return NEWS_OK;
}

static int keep_finding(void *ud, const news_finding *finding)
{
    return keep_line(ud, "%s:%u: %s\n", finding->source.ptr, (unsigned)finding->line,
                     finding->message.ptr);
}

static news_status check(host *h)
{
    return news_check(h->ctx, h->issue, NULL, keep_finding, h, &h->error);
}

/* Scripts know it as require("host").stars: as many of them as its argument says. */
static news_status stars(void *ud, const news_value *arguments, size_t count, news_value *result,
                         news_error *error)
{
    static const char most[] = "*****";
    (void)ud, (void)error;
    if (count != 1 || arguments[0].type != NEWS_VALUE_INTEGER || arguments[0].as.integer < 0 ||
        arguments[0].as.integer >= (int64_t)sizeof most)
        return NEWS_ERR_ARG;
    result->type = NEWS_VALUE_STRING;
    result->as.string = (news_str){most, (size_t)arguments[0].as.integer};
    return NEWS_OK;
}

static news_status add_function(host *h)
{
    return news_native_add(h->ctx, "host", "stars", stars, NULL, NULL, &h->error);
}

static news_status load_format(host *h)
{
    static const char lua[] = "local news, host = require 'news', require 'host'\n"
                              "local loud = news.format { name = 'loud', extends = 'text' }\n"
                              "function loud.heading(heading, out)\n"
                              "  out:line(host.stars(heading.level), heading.text:upper(), '!')\n"
                              "end\n"
                              "return loud\n";
    return news_format_load(h->ctx, "loud.lua", lua, strlen(lua), &h->error);
}

static news_status render(host *h, const char *format)
{
    return news_render(h->ctx, h->issue, format, NULL, keep, h, &h->error);
}

static news_status render_html(host *h)
{
    return render(h, "html");
}

static news_status render_text(host *h)
{
    return render(h, "text");
}

static news_status render_loud(host *h)
{
    return render(h, "loud");
}

static const struct {
    const char *name;
    news_status (*take)(host *h);
    bool allocates;
} steps[] = {
    {"make a context", make_context, true},
    {"parse", parse, true},
    {"walk", walk, false},
    {"check", check, true},
    {"add a function", add_function, true},
    {"load a format", load_format, true},
    {"render html", render_html, true},
    {"render text", render_text, true},
    {"render the format", render_loud, true},
};

/* ---- Taking them ---- */

static int fail(const host *h, const char *step, const char *what)
{
    (void)fprintf(stderr, "%s: %s (%s:%u: %s)\n", step, what, h->error.source,
                  (unsigned)h->error.line, h->error.message);
    return 1;
}

static news_status take(host *h, size_t step, size_t granted)
{
    h->memory.left = granted;
    h->memory.refused = false;
    h->result_len = 0;
    news_status status = steps[step].take(h);
    h->memory.left = PLENTY;
    return status;
}

/* The step with memory for no request, for one, for two, and so on. */
static int take_with_less(host *h, size_t step)
{
    static char first[sizeof h->result];
    size_t first_len = h->result_len, granted = 0;
    memcpy(first, h->result, first_len);
    for (;; granted++) {
        news_status status = take(h, step, granted);
        if (!h->memory.refused && status == NEWS_OK)
            break;
        if (status != NEWS_ERR_NOMEM || h->error.status != NEWS_ERR_NOMEM)
            return fail(h, steps[step].name, "did not tell that memory was gone");
        if (h->result_len != 0 && steps[step].take != check)
            return fail(h, steps[step].name, "failed, and gave something");
        if (take(h, step, PLENTY) != NEWS_OK)
            return fail(h, steps[step].name, "fails although memory is back");
        if (h->result_len != first_len || memcmp(h->result, first, first_len) != 0)
            return fail(h, steps[step].name, "gives something else after a failure");
    }
    if ((granted > 0) != steps[step].allocates)
        return fail(h, steps[step].name, granted > 0 ? "allocates" : "allocates nothing");
    printf("%s: %zu requests, %zu bytes\n", steps[step].name, granted, first_len);
    return 0;
}

static bool read_issue(host *h, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    h->name = path;
    h->markdown_len = fread(h->markdown, 1, sizeof h->markdown, file);
    return fclose(file) == 0 && h->markdown_len > 0;
}

int main(int argc, char **argv)
{
    static host h = {.error = NEWS_ERROR_INIT};
    int failed = 0;
    if (argc != 2 || !read_issue(&h, argv[1]))
        return 2;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !failed; i++)
        failed = take(&h, i, PLENTY) != NEWS_OK ? fail(&h, steps[i].name, "fails")
                                                : take_with_less(&h, i);
    printf("\n%.*s", (int)h.result_len, h.result);
    news_issue_unref(h.issue);
    news_ctx_free(h.ctx);
    if (!failed && h.memory.live != 0)
        failed = fail(&h, "at the end", "memory leaked");
    return failed;
}
