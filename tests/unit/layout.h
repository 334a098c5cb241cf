/* What the tests of layouts share: a context with a format that writes "main.html", or in filled
 * manner "main.txt", and nothing else. */
#ifndef NEWS_TEST_LAYOUT_H
#define NEWS_TEST_LAYOUT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "news/news.h"

typedef struct {
    news_ctx *ctx;
    news_issue *issue;
    char *output;
    size_t len;
    news_error error;
} fixture;

static const char page_format[] =
    "return require 'news'.format { name = 'page', escape = 'html', fill = false }";
static const char direct_format[] =
    "local f = require 'news'.format { name = 'direct', escape = 'html', fill = false,\n"
    "                                  extends = 'html' }\n"
    "function f.issue(issue, out) out:layout('main.html', { given = 'a < b' }) end\nreturn f\n";
static const char filled_format[] =
    "local f = require 'news'.format { name = 'filled', width = 30 }\n"
    "function f.issue(issue, out) out:layout('main.txt', { given = 'a < b' }) end\nreturn f\n";

static const char *const formats[] = {page_format, direct_format, filled_format};

static const char markdown[] = "---\ntitle: A \"title\" & more\nlang: en\ndate: 2024-05-17\n"
                               "tags: [one, two]\nextra: {deep: {word: found}}\n---\n\n"
                               "An *intro*.\n\n## First\n\nText.\n\n## Second\n\nMore.\n";

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    news_options options = NEWS_OPTIONS_INIT;
    options.max_script_steps = 5000000;
    options.max_script_memory = 16 << 20;
    options.max_output = 4 << 20;
    f->error = (news_error)NEWS_ERROR_INIT;
    assert_int_equal(news_ctx_new(&f->ctx, &options, &f->error), NEWS_OK);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        assert_int_equal(
            news_format_load(f->ctx, "t.lua", formats[i], strlen(formats[i]), &f->error), NEWS_OK);
    assert_int_equal(
        news_parse(f->ctx, &f->issue, "issue.md", markdown, strlen(markdown), NULL, &f->error),
        NEWS_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    news_free(f->ctx, f->output, f->len);
    news_issue_unref(f->issue);
    news_ctx_free(f->ctx);
    free(f);
    return 0;
}

static news_status load_bytes(fixture *f, const char *name, const char *text, size_t len)
{
    return news_layout_load(f->ctx, name, NULL, text, len, &f->error);
}

static void load(fixture *f, const char *name, const char *text)
{
    if (load_bytes(f, name, text, strlen(text)) != NEWS_OK)
        fail_msg("%s:%u:%u: %s", f->error.source, (unsigned)f->error.line,
                 (unsigned)f->error.column, f->error.message);
}

static news_status render(fixture *f, const char *format)
{
    news_free(f->ctx, f->output, f->len);
    return news_render_buffer(f->ctx, f->issue, format, NULL, &f->output, &f->len, &f->error);
}

static void expect_in(fixture *f, const char *format, const char *wanted)
{
    if (render(f, format) != NEWS_OK)
        fail_msg("%s:%u:%u: %s", f->error.source, (unsigned)f->error.line,
                 (unsigned)f->error.column, f->error.message);
    assert_string_equal(f->output, wanted);
}

/* Loads "main.html" and renders it. */
static void expect(fixture *f, const char *layout, const char *wanted)
{
    load(f, "main.html", layout);
    expect_in(f, "direct", wanted);
}

/* The same for "main.txt" in the filled format. */
static inline void expect_text(fixture *f, const char *layout, const char *wanted)
{
    load(f, "main.txt", layout);
    expect_in(f, "filled", wanted);
}

/* The error on loading "main.html", or else on rendering it; column 0: not asked. */
static inline void expect_error(fixture *f, const char *layout, const char *source, unsigned line,
                                unsigned column, const char *message)
{
    if (load_bytes(f, "main.html", layout, strlen(layout)) == NEWS_OK &&
        render(f, "direct") == NEWS_OK)
        fail_msg("no error, but %s", f->output);
    assert_int_equal(f->error.status, NEWS_ERR_SCRIPT);
    if (strcmp(f->error.message, message) != 0 || strcmp(f->error.source, source) != 0 ||
        f->error.line != line || f->error.column != column)
        fail_msg("%s\nis not %s:%u:%u: %s\nbut %s:%u:%u: %s", layout, source, line, column, message,
                 f->error.source, (unsigned)f->error.line, (unsigned)f->error.column,
                 f->error.message);
}

#endif
