/* Functions of the host's that scripts call: what goes in and comes out, what is refused, and that
 * each is let go of exactly once. */
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
    news_error error;
    char *output;
    size_t len;
    char seen[256]; /* what the last call got */
    unsigned destroyed;
    news_status fails;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->error = (news_error)NEWS_ERROR_INIT;
    assert_int_equal(news_ctx_new(&f->ctx, NULL, &f->error), NEWS_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    news_free(f->ctx, f->output, f->len);
    news_ctx_free(f->ctx);
    free(f);
    return 0;
}

static void destroy(void *ud)
{
    fixture *f = ud;
    f->destroyed++;
}

static void describe(char *to, size_t size, const news_value *value)
{
    switch (value->type) {
    case NEWS_VALUE_NONE: snprintf(to, size, "nil "); break;
    case NEWS_VALUE_BOOLEAN: snprintf(to, size, "%d? ", value->as.boolean); break;
    case NEWS_VALUE_INTEGER: snprintf(to, size, "%lld ", (long long)value->as.integer); break;
    case NEWS_VALUE_NUMBER: snprintf(to, size, "%g ", value->as.number); break;
    case NEWS_VALUE_STRING:
        snprintf(to, size, "'%.*s' ", (int)value->as.string.len, value->as.string.ptr);
        break;
    case NEWS_VALUE_DATE: snprintf(to, size, "%d! ", value->as.date.year); break;
    case NEWS_VALUE_NODE:
        snprintf(to, size, "%s ", news_kind_name(news_node_kind(value->as.node)));
        break;
    case NEWS_VALUE_NODES: {
        news_nodes nodes = value->as.nodes;
        snprintf(to, size, "[%zu] ", news_nodes_count(&nodes));
        break;
    }
    }
}

/* Gives back its first argument. */
static news_status echo(void *ud, const news_value *arguments, size_t count, news_value *result,
                        news_error *error)
{
    fixture *f = ud;
    f->seen[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(f->seen);
        describe(f->seen + len, sizeof f->seen - len, &arguments[i]);
    }
    if (count != 0)
        *result = arguments[0];
    if (f->fails != NEWS_OK)
        snprintf(error->message, sizeof error->message, "the shop is closed");
    /* The context is in use. */
    assert_int_equal(news_module_load(f->ctx, "m", "m.lua", "", 0, NULL), NEWS_ERR_ARG);
    return f->fails;
}

static void add(fixture *f, const char *module, const char *name)
{
    assert_int_equal(news_native_add(f->ctx, module, name, echo, f, destroy, &f->error), NEWS_OK);
}

/* `body` is what the renderer of the issue does. */
static news_status render(fixture *f, const char *body)
{
    static const char markdown[] = "---\ndate: 2025-03-07\n---\n\nOne.\n\nTwo.\n";
    char lua[1024];
    news_issue *issue;
    snprintf(lua, sizeof lua,
             "local news = require 'news'\n"
             "local f = news.format { name = 't', fill = false, escape = 'none' }\n"
             "function f.issue(issue, out) %s end\nreturn f\n",
             body);
    assert_int_equal(news_format_load(f->ctx, "t.lua", lua, strlen(lua), &f->error), NEWS_OK);
    assert_int_equal(
        news_parse(f->ctx, &issue, "i.md", markdown, sizeof markdown - 1, NULL, &f->error),
        NEWS_OK);
    news_free(f->ctx, f->output, f->len);
    news_status status =
        news_render_buffer(f->ctx, issue, "t", NULL, &f->output, &f->len, &f->error);
    news_issue_unref(issue);
    return status;
}

static void expect_error(fixture *f, const char *body, news_status status, const char *message)
{
    assert_int_equal(render(f, body), status);
    assert_string_equal(f->error.message, message);
    assert_string_equal(f->error.source, "t.lua");
    assert_int_equal(f->error.line, 3);
}

static void values_go_in_and_out(void **state)
{
    fixture *f = *state;
    add(f, "shop", "price");
    assert_int_equal(render(f, "local shop = require 'shop'\n"
                               "out:raw(shop.price('tea', 3, 2.5, true, nil, issue, "
                               "issue.children, issue.date, nil))"),
                     NEWS_OK);
    assert_string_equal(f->output, "tea");
    assert_string_equal(f->seen, "'tea' 3 2.5 1? nil issue [2] 2025! nil ");
    assert_int_equal(render(f, "local price = require('shop').price\n"
                               "out(price(7), price(0.5), tostring(price(false)), "
                               "tostring(price()), tostring(price(issue.date)), #price('\\0'))"),
                     NEWS_OK);
    assert_string_equal(f->output, "70.5falsenil2025-03-071");
}

static void a_module_has_several(void **state)
{
    fixture *f = *state;
    add(f, "shop", "price");
    add(f, "shop", "name");
    add(f, "shop.back", "door");
    assert_int_equal(render(f, "local shop = require 'shop'\n"
                               "assert(shop == require 'shop' and shop.price ~= shop.name)\n"
                               "out:raw(shop.name('a'), require('shop.back').door('b'))"),
                     NEWS_OK);
    assert_string_equal(f->output, "ab");
}

static void layouts_call_them(void **state)
{
    fixture *f = *state;
    const char *text = "{% local shop = require 'shop' %}<p>{{ shop.price('<3>') }}</p>\n";
    add(f, "shop", "price");
    assert_int_equal(news_layout_load(f->ctx, "card.html", NULL, text, strlen(text), &f->error),
                     NEWS_OK);
    const char *lua = "local news = require 'news'\n"
                      "local f = news.format { name = 't', extends = 'html' }\n"
                      "function f.issue(issue, out) out:layout('card.html') end\nreturn f\n";
    news_issue *issue;
    assert_int_equal(news_format_load(f->ctx, "t.lua", lua, strlen(lua), &f->error), NEWS_OK);
    assert_int_equal(news_parse(f->ctx, &issue, "i.md", "x", 1, NULL, &f->error), NEWS_OK);
    assert_int_equal(news_render_buffer(f->ctx, issue, "t", NULL, &f->output, &f->len, &f->error),
                     NEWS_OK);
    assert_string_equal(f->output, "<p>&lt;3&gt;</p>\n");
    news_issue_unref(issue);
}

static void failures_are_errors_of_the_script(void **state)
{
    fixture *f = *state;
    add(f, "shop", "price");
    f->fails = NEWS_ERR_NOT_FOUND;
    expect_error(f, "require('shop').price()", NEWS_ERR_SCRIPT, "shop.price: the shop is closed");
    assert_int_equal(render(f, "out:raw(tostring(pcall(require('shop').price)))"), NEWS_OK);
    assert_string_equal(f->output, "false");
    f->fails = NEWS_ERR_LIMIT; /* for good */
    expect_error(f, "pcall(require('shop').price) out:raw('on')", NEWS_ERR_LIMIT,
                 "the shop is closed");
    f->fails = NEWS_ERR_CANCELLED;
    assert_int_equal(render(f, "pcall(require('shop').price)"), NEWS_ERR_CANCELLED);
    f->fails = NEWS_OK;
    expect_error(f, "require('shop').price({})", NEWS_ERR_SCRIPT,
                 "argument 1 is a table; a function of the program takes strings, numbers, "
                 "booleans, dates and nodes");
    expect_error(f, "require('shop').price(issue)", NEWS_ERR_SCRIPT,
                 "a function of the program gives strings, numbers, booleans and dates");
    expect_error(f, "require('shop').price(table.unpack({}, 1, 33))", NEWS_ERR_SCRIPT,
                 "shop.price: more than 32 arguments");
    assert_int_equal(render(f, "out:raw(require('shop').price('still there'))"), NEWS_OK);
}

static void each_is_let_go_of_once(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *module, *name;
    } wrong[] = {{"news", "x"}, {"news.x", "x"}, {"", "x"},       {"a b", "x"},
                 {"shop", ""},  {"shop", "7"},   {"shop", "a.b"}, {"lua", "x"}};
    assert_int_equal(news_module_load(f->ctx, "lua", "lua.lua", "", 0, &f->error), NEWS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(
            news_native_add(f->ctx, wrong[i].module, wrong[i].name, echo, f, destroy, &f->error),
            NEWS_ERR_ARG);
        assert_int_equal(f->destroyed, i + 1);
    }
    f->destroyed = 0;
    assert_int_equal(news_native_add(NULL, "shop", "x", echo, f, destroy, NULL), NEWS_ERR_ARG);
    assert_int_equal(news_native_add(f->ctx, "shop", "x", NULL, f, destroy, NULL), NEWS_ERR_ARG);
    assert_int_equal(f->destroyed, 2);
    f->destroyed = 0;
    add(f, "shop", "x");
    add(f, "shop", "y");
    assert_int_equal(f->destroyed, 0);
    add(f, "shop", "x");
    assert_int_equal(f->destroyed, 1);
    assert_int_equal(news_native_add(f->ctx, "shop", "z", echo, f, NULL, &f->error), NEWS_OK);
    assert_int_equal(news_module_load(f->ctx, "shop", "shop.lua", "", 0, &f->error), NEWS_ERR_ARG);
    news_ctx_free(f->ctx);
    f->ctx = NULL;
    assert_int_equal(f->destroyed, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_go_in_and_out),   TEST(a_module_has_several),
        TEST(layouts_call_them),      TEST(failures_are_errors_of_the_script),
        TEST(each_is_let_go_of_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
