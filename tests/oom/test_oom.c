/* Fails every allocation in turn, once and for ever after, over making a context, parsing, and each
 * format: out of memory is reported, nothing leaks, and what was there before still works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "news/news.h"

static const char markdown[] =
    "---\ntitle: Small\ndate: 2024-05-17\nauthors: [Ann, Bo]\nextra: {a: 1}\n---\n\n"
    "Intro with [a link][r] and https://bare.example/x_y_z.\n\n[r]: https://ref.example/ \"T\"\n\n"
    "## One {#one .links}\n\n⚙️ **[Item](https://i.example/)** body (Src)\n\nmore ~~gone~~ "
    "*e*\n\n"
    "### Two\n\n1. a\n2. b\n   - [x] c\n\n> q `c`\n\n```c\nint x;\n```\n\n| a | b |\n|--:|---|\n"
    "| 1 | [t][r] |\n\n![alt](https://p.example/i.png) <small>s</small> &amp;\n\n<div>raw</div>\n\n"
    "::: only web\n{{ a or \"b\" }} [x](https://y.example/?u={{ c or 'd' }})[^n]\n:::\n\n"
    "- k\n::: except web\n- l[^n]\n:::\n- m\n\n[^n]: note[^o]\n[^o]: other\n\n<!-- more -->\n\n"
    "::: box \"p q\" k=v .c\n> q\n>\n> -- who\n:::\n\n"
    "![a](b.png \"t\"){credit=\"&copy; c\" width=3 .w}\n\n[gone](#two) [there](other.md#x)\n";

static const char news_yaml[] =
    "name: N\nurl: https://n.example/\ngemini: gemini://n.example/\nissue_path: '{slug}'\n"
    "contents: In it\nmasthead: masthead.md\nfooter: Foot {{ f }}\nemail: {from: a@b.example, "
    "unsubscribe: 'https://n.example/{{ f }}'}\nrecipient: {f: g}\n"
    "editions: {free: {base: web, until: more}, gold: {tags: [paid]}}\nauthors: [A]\nextra: 1\n"
    "check: {silence: [image-size]}\n";

static news_status load(void *ud, const char *path, news_file *file)
{
    size_t *open_files = ud;
    const char *bytes = strcmp(path, "news.yaml") == 0     ? news_yaml
                        : strcmp(path, "masthead.md") == 0 ? "::: only web\n*m*\n:::\n\nn\n"
                        : strcmp(path, "other.md") == 0    ? "---\nslug: o\n---\n"
                                                           : NULL;
    if (bytes == NULL)
        return NEWS_ERR_NOT_FOUND;
    file->bytes = bytes;
    file->len = strlen(bytes);
    ++*open_files;
    return NEWS_OK;
}

static void release(void *ud, news_file *file)
{
    (void)file;
    --*(size_t *)ud;
}

static const char script[] = "local f = require 'news'.format { name = 'mine', extends = 'text' }\n"
                             "function f.emph(n, out) out('/', n.children, '/') end\nreturn f\n";

static const struct {
    const char *name, *text;
} layouts[] = {
    {"text.txt",
     "{% extends 'text.txt' %}{% local n = 1 %}\r\n{% block footer %}{{ super() }}\n{{ n }}"
     "{% include 'part.txt' with { word = 'w' } %}{% endblock %}"},
    {"part.txt", "{{ word }} {{ raw('<') }}{{ nil or issue.title }}\n"},
};

/* Counts down to the failure; sizes are checked against what the library says they are. */
typedef struct {
    size_t until; /* allocations that still succeed */
    bool for_ever;
    bool failed;
    size_t live; /* bytes */
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size == 0) {
        if (ptr != NULL)
            f->live -= old_size;
        free(ptr);
        return NULL;
    }
    bool grows = ptr == NULL || new_size > old_size;
    if (grows) {
        if (f->until == 0) {
            f->failed = true;
            if (f->for_ever)
                return NULL;
            f->until = SIZE_MAX;
            return NULL;
        }
        if (f->until != SIZE_MAX)
            f->until--;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL)
        f->live += new_size - (ptr != NULL ? old_size : 0);
    return moved;
}

static void arm(failing *f, size_t until, bool for_ever)
{
    f->until = until;
    f->for_ever = for_ever;
    f->failed = false;
}

static news_ctx *make_ctx(failing *f, news_status *status)
{
    news_allocator allocator = {reallocate, f};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    options.allocator = &allocator;
    options.max_kept = NEWS_KEEP_NOTHING; /* so that every allocation may fail */
    *status = news_ctx_new(&ctx, &options, &error);
    assert_int_equal(error.status, *status);
    return ctx;
}

/* Lua collects garbage and tries again, so that a single failure may be overcome. */
static void check_nomem(const failing *f, news_status status)
{
    if (!f->failed)
        assert_int_equal(status, NEWS_OK);
    else if (f->for_ever || status != NEWS_OK)
        assert_int_equal(status, NEWS_ERR_NOMEM);
}

static void test_context(void **state)
{
    (void)state;
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            failing f = {0};
            news_status status;
            arm(&f, i, for_ever != 0);
            news_ctx *ctx = make_ctx(&f, &status);
            check_nomem(&f, status);
            news_ctx_free(ctx);
            assert_int_equal(f.live, 0);
            if (!f.failed)
                break;
        }
}

/* The issue with its publication and the files that both name. */
static news_status parse_all(news_ctx *ctx, news_issue **issue, news_error *error)
{
    size_t open_files = 0;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_loader loader = NEWS_LOADER_INIT;
    loader.load = load;
    loader.release = release;
    loader.ud = &open_files;
    options.loader = &loader;
    news_status status =
        news_parse(ctx, issue, "small.md", markdown, sizeof markdown - 1, &options, error);
    assert_int_equal(open_files, 0);
    return status;
}

static void test_parse(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_status status;
    news_ctx *ctx = make_ctx(&f, &status);
    size_t before = f.live;
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            news_issue *issue;
            news_error error = NEWS_ERROR_INIT;
            arm(&f, i, for_ever != 0);
            status = parse_all(ctx, &issue, &error);
            check_nomem(&f, status);
            assert_true((status == NEWS_OK) == (issue != NULL));
            news_issue_unref(issue);
            assert_int_equal(f.live, before);
            if (!f.failed)
                break;
        }
    arm(&f, SIZE_MAX, false);
    news_ctx_free(ctx);
    assert_int_equal(f.live, 0);
}

static void test_edition(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_status status;
    news_issue *issue, *edition;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = make_ctx(&f, &status);
    assert_int_equal(parse_all(ctx, &issue, &error), NEWS_OK);
    size_t before = f.live;
    const char *name;
    for (size_t which = 0; (name = news_issue_edition_name(issue, which)) != NULL; which++)
        for (int for_ever = 0; for_ever < 2; for_ever++)
            for (size_t i = 0;; i++) {
                arm(&f, i, for_ever != 0);
                status = news_issue_edition(ctx, &edition, issue, name, &error);
                check_nomem(&f, status);
                assert_true((status == NEWS_OK) == (edition != NULL));
                news_issue_unref(edition);
                assert_int_equal(f.live, before);
                if (!f.failed)
                    break;
            }
    arm(&f, SIZE_MAX, false);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    assert_int_equal(f.live, 0);
}

static int count_finding(void *ud, const news_finding *finding)
{
    (void)finding;
    ++*(size_t *)ud;
    return 0;
}

static void test_check(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_status status;
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    size_t wanted = 0;
    news_ctx *ctx = make_ctx(&f, &status);
    assert_int_equal(parse_all(ctx, &issue, &error), NEWS_OK);
    assert_int_equal(news_check(ctx, issue, count_finding, &wanted, &error), NEWS_OK);
    size_t before = f.live;
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            size_t count = 0;
            arm(&f, i, for_ever != 0);
            status = news_check(ctx, issue, count_finding, &count, &error);
            check_nomem(&f, status);
            assert_int_equal(count, status == NEWS_OK ? wanted : 0);
            assert_int_equal(f.live, before);
            if (!f.failed)
                break;
        }
    arm(&f, SIZE_MAX, false);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    assert_int_equal(f.live, 0);
}

static news_status load_layouts(news_ctx *ctx)
{
    news_status status = NEWS_OK;
    news_error error = NEWS_ERROR_INIT;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts && status == NEWS_OK; i++)
        status = news_layout_load(ctx, layouts[i].name, "some/where.txt", layouts[i].text,
                                  strlen(layouts[i].text), &error);
    return status;
}

static const char module[] = "return { word = 'word' }\n";

/* A format, a module and layouts of one's own. */
static void load_own(news_ctx *ctx)
{
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(news_module_load(ctx, "mod", "mod.lua", module, sizeof module - 1, &error),
                     NEWS_OK);
    assert_int_equal(news_format_load(ctx, "mine.lua", script, sizeof script - 1, &error), NEWS_OK);
    assert_int_equal(load_layouts(ctx), NEWS_OK);
}

/* Unless warm, in a context that has rendered nothing yet, so that loading the formats fails, too.
 */
static void sweep_render(const char *format, bool warm)
{
    failing f = {.until = SIZE_MAX};
    news_status status;
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    char *wanted, *bytes;
    size_t wanted_len, len;
    news_ctx *ctx = make_ctx(&f, &status);
    assert_int_equal(parse_all(ctx, &issue, &error), NEWS_OK);
    if (strcmp(format, "mine") == 0)
        load_own(ctx);
    assert_int_equal(news_render_buffer(ctx, issue, format, NULL, &wanted, &wanted_len, &error),
                     NEWS_OK);
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            news_ctx *used = ctx;
            arm(&f, SIZE_MAX, false);
            if (!warm) {
                used = make_ctx(&f, &status);
                load_own(used);
            }
            arm(&f, i, for_ever != 0);
            status = news_render_buffer(used, issue, format, NULL, &bytes, &len, &error);
            bool failed = f.failed;
            check_nomem(&f, status);
            arm(&f, SIZE_MAX, false);
            if (status != NEWS_OK) { /* the same context, now that there is memory again */
                assert_null(bytes);
                assert_int_equal(
                    news_render_buffer(used, issue, format, NULL, &bytes, &len, &error), NEWS_OK);
            }
            assert_int_equal(len, wanted_len);
            assert_memory_equal(bytes, wanted, len);
            news_free(used, bytes, len);
            if (!warm)
                news_ctx_free(used);
            if (!failed)
                break;
        }
    news_free(ctx, wanted, wanted_len);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    assert_int_equal(f.live, 0);
}

static void test_html(void **state)
{
    (void)state;
    sweep_render("html", true);
}

static void test_text(void **state)
{
    (void)state;
    sweep_render("text", true);
}

static void test_gemini(void **state)
{
    (void)state;
    sweep_render("gemini", true);
}

static void test_own_format(void **state)
{
    (void)state;
    sweep_render("mine", true);
}

static void test_first_render(void **state)
{
    (void)state;
    sweep_render("mine", false);
}

static void test_loading(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_status status;
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            news_error error = NEWS_ERROR_INIT;
            arm(&f, SIZE_MAX, false);
            news_ctx *ctx = make_ctx(&f, &status);
            arm(&f, i, for_ever != 0);
            status = news_format_load(ctx, "mine.lua", script, sizeof script - 1, &error);
            check_nomem(&f, status);
            if (status == NEWS_OK) {
                status = news_module_load(ctx, "mod", "m", module, sizeof module - 1, &error);
                check_nomem(&f, status);
            }
            bool failed = f.failed;
            arm(&f, SIZE_MAX, false);
            news_ctx_free(ctx);
            assert_int_equal(f.live, 0);
            if (!failed)
                break;
        }
}

static void test_loading_layouts(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_status status;
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (size_t i = 0;; i++) {
            arm(&f, SIZE_MAX, false);
            news_ctx *ctx = make_ctx(&f, &status);
            size_t count = news_layout_count(ctx);
            arm(&f, i, for_ever != 0);
            status = load_layouts(ctx);
            check_nomem(&f, status);
            bool failed = f.failed;
            arm(&f, SIZE_MAX, false);
            assert_true(news_layout_count(ctx) <= count + 1);
            assert_int_equal(load_layouts(ctx), NEWS_OK);
            assert_int_equal(news_layout_count(ctx), count + 1);
            news_ctx_free(ctx);
            assert_int_equal(f.live, 0);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_edition),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_gemini),
        cmocka_unit_test(test_own_format),
        cmocka_unit_test(test_loading),
        cmocka_unit_test(test_first_render),
        cmocka_unit_test(test_loading_layouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
