/* Fails every call of malloc in turn while issues are parsed with the default allocator: libyaml,
 * which reads front matter and news.yaml, can be given no other, and so is not in test_oom.c. Leaks
 * are for the sanitizers and valgrind to find. Needs a C library whose malloc can be replaced:
 * glibc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "news/news.h"

static size_t left = SIZE_MAX; /* calls that still succeed; SIZE_MAX: all of them do */
static bool for_ever, failed;

static bool may_go_on(void)
{
    if (left == SIZE_MAX || left-- != 0)
        return true;
    left = for_ever ? 0 : SIZE_MAX;
    failed = true;
    return false;
}

/* The C library's own, under the names by which it lets itself be replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);

void *malloc(size_t size)
{
    return may_go_on() ? __libc_malloc(size) : NULL;
}

void *calloc(size_t count, size_t size)
{
    return may_go_on() ? __libc_calloc(count, size) : NULL;
}

void *realloc(void *ptr, size_t size)
{
    return may_go_on() ? __libc_realloc(ptr, size) : NULL;
}

static const char markdown[] = "---\ntitle: \"A \\\"quoted\\\" one\"\ndate: 2024-05-17\n"
                               "tags: [a, b]\ntext: |\n  One\n  two\nmore: {k: 'v', l: [1, 2]}\n"
                               "anchor: &a x\nalias: *a\n---\n\nText.\n";
static const char faulty[] = "---\ntitle: \"never closed\ntags: [a\n---\n\nText.\n";
static const char yaml[] = "name: N\nrecipient: {a: b}\nauthors:\n- A\n- B\n";

static void parse_at(news_ctx *ctx, const char *text, size_t len, size_t point)
{
    news_publication *publication;
    news_issue *issue = NULL;
    news_error error = NEWS_ERROR_INIT;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    failed = false;
    left = point;
    news_status status =
        news_publication_parse(ctx, &publication, "news.yaml", yaml, sizeof yaml - 1, NULL, &error);
    options.publication = publication;
    if (status == NEWS_OK)
        status = news_parse(ctx, &issue, "a.md", text, len, &options, &error);
    left = SIZE_MAX;
    news_publication_unref(publication);
    news_issue_unref(issue);
    assert_int_equal(status, failed ? NEWS_ERR_NOMEM : NEWS_OK);
}

static void sweep(const char *text, size_t len)
{
    news_ctx *ctx;
    assert_int_equal(news_ctx_new(&ctx, NULL, NULL), NEWS_OK);
    for (int mode = 0; mode < 2; mode++) {
        size_t point = 0;
        for_ever = mode == 1;
        do
            parse_at(ctx, text, len, point++);
        while (failed);
        assert_true(point > 50);
    }
    news_ctx_free(ctx);
}

static void test_good(void **state)
{
    (void)state;
    sweep(markdown, sizeof markdown - 1);
}

static void test_faulty(void **state)
{
    (void)state;
    sweep(faulty, sizeof faulty - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_faulty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
