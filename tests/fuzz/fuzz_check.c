/* Publications, front matter and news_check(), as libFuzzer's target or, with a main of its own, as
 * a replay of files: fuzz_check FILE…
 *
 * A line "===" parts news.yaml from the issue; without one, the input is an issue. What must hold
 * for any bytes at all: that parsing and checking fail in foreseen ways only, that each node has a
 * place in the issue, that each finding has words and a place in a file there is, in order, that
 * checking again finds the same, and that each edition there is can be made. Half of the inputs
 * meet an allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"
#include "replay.h"

static void stop(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
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
        if (*state >> 23 == 0) /* one in five hundred */
            return NULL;
    }
    return realloc(ptr, new_size);
}

static bool is_good(news_status status, const news_error *error, bool may_fail)
{
    bool is_foreseen = status == NEWS_OK || status == NEWS_ERR_ENCODING || status == NEWS_ERR_LIMIT;
    if (!is_foreseen && !(may_fail && status == NEWS_ERR_NOMEM))
        stop("not foreseen", error->message);
    return status == NEWS_OK;
}

/* ---- Findings ---- */

typedef struct {
    size_t count;
    uint64_t sum; /* over all that is said */
    news_str issue, yaml;
    uint32_t line;
    bool is_past_issue;
} listener;

/* Whether there is such a line and, behind its last character at most, such a column. Lines end as
 * CommonMark's do; a column is a character of UTF-8. */
static bool is_place(news_str text, uint32_t line, uint32_t column)
{
    const char *at = text.ptr, *end = at + text.len;
    uint32_t columns = 1;
    for (uint32_t here = 1; here < line; here++) {
        while (at < end && *at != '\n' && *at != '\r')
            at++;
        if (at == end)
            return false;
        at += *at == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
    }
    for (; at < end && *at != '\n' && *at != '\r'; at++)
        columns += ((unsigned char)*at & 0xC0) != 0x80;
    return column <= columns;
}

static void add_up(listener *l, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        l->sum = (l->sum ^ (unsigned char)bytes[i]) * 1099511628211u;
}

static int hear(void *ud, const news_finding *finding)
{
    listener *l = ud;
    bool of_issue = strcmp(finding->source.ptr, "fuzz.md") == 0;
    if (finding->code == NULL || finding->message.len == 0 ||
        finding->message.ptr[finding->message.len] != '\0')
        stop("a finding without words", finding->code != NULL ? finding->code : "");
    if (!of_issue && strcmp(finding->source.ptr, "news.yaml") != 0)
        stop("a finding in no file", finding->source.ptr);
    if (of_issue && (l->is_past_issue || finding->line < l->line))
        stop("findings out of order", finding->message.ptr);
    if (!is_place(of_issue ? l->issue : l->yaml, finding->line, finding->column))
        stop("a finding where there is nothing", finding->message.ptr);
    l->line = finding->line;
    l->is_past_issue = !of_issue;
    l->count++;
    add_up(l, finding->code, strlen(finding->code));
    add_up(l, finding->message.ptr, finding->message.len);
    return 0;
}

static void check_nodes(const news_issue *issue, news_str text)
{
    const news_node *node = news_issue_root(issue);
    while (node != NULL) {
        if (!is_place(text, news_node_line(node), news_node_column(node)))
            stop("a node where there is nothing", news_kind_name(news_node_kind(node)));
        const news_node *next = news_node_first_child(node);
        while (next == NULL && node != NULL) {
            next = news_node_next(node);
            node = news_node_parent(node);
        }
        node = next;
    }
}

static void check_twice(news_ctx *ctx, const news_issue *issue, news_str yaml, news_str text,
                        bool may_fail)
{
    listener first = {.issue = text, .yaml = yaml}, second = first;
    news_error error = NEWS_ERROR_INIT;
    if (!is_good(news_check(ctx, issue, NULL, hear, &first, &error), &error, may_fail) ||
        !is_good(news_check(ctx, issue, NULL, hear, &second, &error), &error, may_fail))
        return;
    if (first.count != second.count || first.sum != second.sum)
        stop("checking again found something else", "");
}

static void make_editions(news_ctx *ctx, const news_issue *issue, bool may_fail)
{
    const char *name;
    for (size_t i = 0; (name = news_issue_edition_name(issue, i)) != NULL; i++) {
        news_error error = NEWS_ERROR_INIT;
        news_issue *edition;
        if (!is_good(news_issue_edition(ctx, &edition, issue, name, &error), &error, may_fail))
            continue;
        if (news_issue_root(edition) == NULL)
            stop("an edition without a root", name);
        news_issue_unref(edition);
    }
}

/* ---- One input ---- */

static void try_parts(news_ctx *ctx, news_str yaml, news_str text, bool may_fail)
{
    news_error error = NEWS_ERROR_INIT;
    news_publication *publication = NULL;
    news_issue *issue = NULL;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    if (!is_good(news_publication_parse(ctx, &publication, "news.yaml", yaml.ptr, yaml.len, NULL,
                                        &error),
                 &error, may_fail))
        return;
    options.publication = publication;
    if (is_good(news_parse(ctx, &issue, "fuzz.md", text.ptr, text.len, &options, &error), &error,
                may_fail)) {
        check_nodes(issue, text);
        check_twice(ctx, issue, yaml, text, may_fail);
        make_editions(ctx, issue, may_fail);
    }
    news_issue_unref(issue);
    news_publication_unref(publication);
}

static void try_input(news_str yaml, news_str text, uint32_t seed)
{
    news_allocator allocator = {reallocate, &seed};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = NULL;
    bool may_fail = seed != 0;
    options.allocator = &allocator;
    options.max_output = 1 << 20;
    options.max_kept = NEWS_KEEP_NOTHING;
    if (is_good(news_ctx_new(&ctx, &options, &error), &error, may_fail))
        try_parts(ctx, yaml, text, may_fail);
    news_ctx_free(ctx);
}

/* A copy of the very size, so that a byte read past its end is seen. */
static char *copy_of(const uint8_t *data, size_t size)
{
    char *copy = malloc(size != 0 ? size : 1);
    if (copy != NULL && size != 0)
        memcpy(copy, data, size);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t part = 0, text = 0;
    for (size_t i = 0; i + 5 <= size && text == 0; i++)
        if (memcmp(data + i, "\n===\n", 5) == 0) {
            part = i + 1;
            text = i + 5;
        }
    uint32_t seed = 2166136261u;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ data[i]) * 16777619u;
    char *yaml = copy_of(data, part), *markdown = copy_of(data + text, size - text);
    if (yaml != NULL && markdown != NULL) {
        try_input((news_str){yaml, part}, (news_str){markdown, size - text}, 0);
        if ((seed & 1) != 0)
            try_input((news_str){yaml, part}, (news_str){markdown, size - text}, seed);
    }
    free(yaml);
    free(markdown);
    return 0;
}

#ifdef NEWS_REPLAY
int main(int argc, char **argv)
{
    return replay_all(argc, argv);
}
#endif
