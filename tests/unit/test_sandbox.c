/* What holds a script: cancelling, coroutines, errors that are caught, modules, chance, and what is
 * counted. Scripts that mean harm are in tests/hostile/. */
#include <pthread.h>
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
    unsigned prints; /* cancels at the third */
} fixture;

static void count_print(void *ud, const char *text, size_t len)
{
    fixture *f = ud;
    (void)text;
    (void)len;
    if (++f->prints == 3)
        news_cancel(f->ctx);
}

static const char markdown[] = "# Title\n\nOne *two* **three**.\n\n## Section\n\nFour.\n";

static void open_context(fixture *f, uint64_t steps)
{
    news_options options = NEWS_OPTIONS_INIT;
    options.log = count_print;
    options.log_data = f;
    options.max_script_steps = steps;
    f->error = (news_error)NEWS_ERROR_INIT;
    assert_int_equal(news_ctx_new(&f->ctx, &options, &f->error), NEWS_OK);
    assert_int_equal(news_parse(f->ctx, &f->issue, "two-words.md", markdown, sizeof markdown - 1,
                                NULL, &f->error),
                     NEWS_OK);
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    open_context(f, 5000000);
    *state = f;
    return 0;
}

static void close_context(fixture *f)
{
    news_free(f->ctx, f->output, f->len);
    news_issue_unref(f->issue);
    news_ctx_free(f->ctx);
}

static int teardown(void **state)
{
    close_context(*state);
    free(*state);
    return 0;
}

static news_status load(fixture *f, const char *body)
{
    char lua[8192];
    snprintf(lua, sizeof lua,
             "local news = require 'news'\n"
             "local f = news.format { name = 't', extends = 'text', width = false }\n"
             "function f.issue(issue, out)\n%s\nend\nreturn f\n",
             body);
    return news_format_load(f->ctx, "t.lua", lua, strlen(lua), &f->error);
}

static news_status render(fixture *f, const char *format)
{
    news_free(f->ctx, f->output, f->len);
    return news_render_buffer(f->ctx, f->issue, format, NULL, &f->output, &f->len, &f->error);
}

static void expect(fixture *f, const char *body, const char *wanted)
{
    if (load(f, body) != NEWS_OK || render(f, "t") != NEWS_OK)
        fail_msg("%s:%u: %s", f->error.source, (unsigned)f->error.line, f->error.message);
    assert_string_equal(f->output, wanted);
}

static void expect_error(fixture *f, const char *body, news_status status, unsigned line,
                         const char *message)
{
    assert_int_equal(load(f, body), NEWS_OK);
    assert_int_equal(render(f, "t"), status);
    assert_string_equal(f->error.message, message);
    assert_string_equal(f->error.source, "t.lua");
    assert_int_equal(f->error.line, line);
}

/* ---- Cancelling ---- */

static void test_a_callback_cancels(void **state)
{
    fixture *f = *state;
    expect_error(f, "while true do\n pcall(print, 'x') end", NEWS_ERR_CANCELLED, 5,
                 "the call was cancelled");
    assert_int_equal(f->prints, 3);
    expect(f, "out 'on it goes'", "on it goes\n");
}

static void test_what_came_before_is_forgotten(void **state)
{
    fixture *f = *state;
    news_cancel(NULL);
    news_cancel(f->ctx);
    expect(f, "out 'here'", "here\n");
    news_cancel(f->ctx);
    assert_int_equal(render(f, "html"), NEWS_OK);
}

static void test_formats_of_ours_are_cancelled(void **state)
{
    fixture *f = *state;
    f->prints = 2;
    assert_int_equal(load(f, "print 'x' out:super(issue)"), NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_ERR_CANCELLED);
}

typedef struct {
    fixture *f;
    volatile bool ends;
} canceller;

static void *cancel_again_and_again(void *ud)
{
    canceller *c = ud;
    while (!c->ends)
        news_cancel(c->f->ctx);
    return NULL;
}

static void test_another_thread_cancels(void **state)
{
    static const char *const loops[] = {
        "while true do end",
        "(('a'):rep(100000)):find('a*a*b')",
        "table.move({}, 1, math.maxinteger - 1, 2)",
        "while true do out:capture(issue.children) end",
        "coroutine.wrap(function() while true do end end)()",
        "for i = 1, 1e9 do local _ = #issue.sections[1].children end",
    };
    fixture f = {0};
    open_context(&f, UINT64_MAX - 1);
    (void)state;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        pthread_t thread;
        canceller c = {&f, false};
        assert_int_equal(load(&f, loops[i]), NEWS_OK);
        assert_int_equal(pthread_create(&thread, NULL, cancel_again_and_again, &c), 0);
        assert_int_equal(render(&f, "t"), NEWS_ERR_CANCELLED);
        c.ends = true;
        pthread_join(thread, NULL);
    }
    close_context(&f);
}

/* ---- What is counted ---- */

static void test_formats_of_ours_are_not_counted(void **state)
{
    fixture f = {0};
    (void)state;
    open_context(&f, 10);
    assert_int_equal(render(&f, "html"), NEWS_OK);
    assert_int_equal(load(&f, "out 'x'"), NEWS_ERR_LIMIT);
    assert_string_equal(f.error.source, "t.lua");
    assert_int_equal(render(&f, "text"), NEWS_OK);
    close_context(&f);
}

static void test_nothing_is_counted_where_nothing_may_be(void **state)
{
    fixture f = {0};
    (void)state;
    open_context(&f, UINT64_MAX);
    expect(&f, "for i = 1, 3e6 do pcall(type, i) end out(('x'):rep(3):gsub('x', 'yz'))",
           "yzyzyz3\n");
    close_context(&f);
}

static void test_long_scripts_may_be_refused(void **state)
{
    fixture f = {0};
    char *lua = malloc(100001);
    (void)state;
    memset(lua, ' ', 100000);
    lua[100000] = '\0';
    open_context(&f, 200000);
    assert_int_equal(news_format_load(f.ctx, "long.lua", lua, 100000, &f.error), NEWS_ERR_LIMIT);
    assert_string_equal(f.error.message, "the script is too long or too deeply nested to be "
                                         "compiled (max_script_steps)");
    assert_string_equal(f.error.source, "long.lua");
    free(lua);
    close_context(&f);
}

/* ---- Errors that are caught ---- */

static void test_xpcall(void **state)
{
    expect(*state,
           "out(tostring(xpcall(function(...) out(...) return 1 end, print, 'a', 'b')), ' ')\n"
           "out((select(2, xpcall(error, function(e) return 'handled ' .. e end, 'this'))), ' ')\n"
           "out(tostring(pcall(xpcall, error)))",
           "abtrue handled this false\n");
}

static void test_errors_name_their_caller(void **state)
{
    expect_error(*state, "local function check()\nerror('mine', 2)\nend\n\ncheck()",
                 NEWS_ERR_SCRIPT, 8, "mine");
    expect_error(*state, "local function check()\nerror('mine')\nend\n\ncheck()", NEWS_ERR_SCRIPT,
                 5, "mine");
}

/* ---- Coroutines ---- */

static void test_coroutines(void **state)
{
    expect(*state,
           "local co = coroutine\n"
           "local step = co.create(function(a, b)\n"
           "  local c = co.yield(a + b)\n"
           "  local _, d = pcall(function() return co.yield(c, co.isyieldable()) end)\n"
           "  local ok, why = pcall(function() co.yield('in') error('e', 0) end)\n"
           "  local again, told = xpcall(function() co.yield('x') error('f', 0) end,\n"
           "    function(e) return e .. '!' end)\n"
           "  return d, tostring(ok), why, tostring(again), told\n"
           "end)\n"
           "out(co.status(step), ' ')\n"
           "for i = 1, 7 do\n"
           "  local all = table.pack(co.resume(step, i, 10))\n"
           "  for j = 1, all.n do out(tostring(all[j]), ',') end\n"
           "  out(co.status(step), ' ')\n"
           "end\n"
           "out(tostring(co.isyieldable()), tostring(select(2, co.running())))",
           "suspended true,11,suspended true,2,true,suspended true,in,suspended "
           "true,x,suspended true,3,false,e,false,f!,dead false,cannot resume dead "
           "coroutine,dead false,cannot resume dead coroutine,dead falsetrue\n");
}

static void test_coroutines_that_fail(void **state)
{
    expect(*state,
           "local co = coroutine\n"
           "local fails = co.create(function() error({}) end)\n"
           "local ok, value = co.resume(fails)\n"
           "out(tostring(ok), type(value), co.status(fails), ' ')\n"
           "ok, value = co.close(fails)\n"
           "out(tostring(ok), type(value), tostring(co.close(fails)), ' ')\n"
           "local waits = co.create(co.yield)\n"
           "co.resume(waits)\n"
           "out(tostring(co.close(waits)), co.status(waits), ' ')\n"
           "out((select(2, pcall(co.wrap(function() error('why', 0) end)))), ' ')\n"
           "local done = co.wrap(function() end)\n"
           "done()\n"
           "out((select(2, pcall(done))))",
           "falsetabledead falsetabletrue truedead why cannot resume dead coroutine\n");
    expect_error(*state, "local w = coroutine.wrap(function()\n  local x = nil + 1\nend)\n\nw()",
                 NEWS_ERR_SCRIPT, 5, "attempt to perform arithmetic on a nil value");
    expect_error(*state,
                 "local w = coroutine.wrap(function()\n  coroutine.wrap(error)('deep')\nend)\nw()",
                 NEWS_ERR_SCRIPT, 5, "deep");
}

/* What a coroutine began with the writer has ended when it is seen again. */
static void test_coroutines_and_the_writer(void **state)
{
    expect(*state,
           "local step = coroutine.wrap(function()\n"
           "  for i = 1, 3 do\n"
           "    pcall(function()\n"
           "      coroutine.yield()\n"
           "      out:prefix('> ', 'p', tostring(i), function() out:capture(error) end)\n"
           "    end)\n"
           "    out:cr()\n"
           "  end\n"
           "end)\n"
           "step()\n"
           "out:line('[', function() step() end, ']')\n"
           "out(out:capture(function() step() out 'c' end)):cr()\n"
           "local dies = coroutine.create(function() out:prefix('# ', 'd', error) end)\n"
           "coroutine.resume(dies)\n"
           "out:cr()('end')",
           "[ > p1 ]\n> p2 c\n# d\nend\n");
}

static void test_most_coroutines(void **state)
{
    expect(*state,
           "local alive = {}\n"
           "for round = 1, 2 do\n"
           "  for i = 1, 256 do\n"
           "    alive[i] = coroutine.create(coroutine.yield)\n"
           "    coroutine.resume(alive[i])\n"
           "  end\n"
           "  out(tostring(pcall(coroutine.create, print)), ' ')\n"
           "  for i = 1, 100 do coroutine.close(alive[i]) end\n"
           "  for i = 101, 256 do alive[i] = nil end\n"
           "end\n"
           "for i = 1, 1000 do coroutine.wrap(function() end)() end\n"
           "out 'fine'",
           "false false fine\n");
}

/* ---- Modules ---- */

static news_status load_module(fixture *f, const char *name, const char *lua)
{
    return news_module_load(f->ctx, name, "lib.lua", lua, strlen(lua), &f->error);
}

static void test_modules(void **state)
{
    fixture *f = *state;
    assert_int_equal(load_module(f, "colours",
                                 "local c = { count = 0 }\n"
                                 "function c.red(s) return '<' .. s .. '>' end\n"
                                 "function c.fail() error('dyed') end\n"
                                 "function c.add() c.count = c.count + 1 end\n"
                                 "leaks = true\nreturn c"),
                     NEWS_OK);
    assert_int_equal(load_module(f, "more.colours", "require('colours').add()"), NEWS_OK);
    for (int i = 0; i < 2; i++) /* nothing of the first render is seen by the second */
        expect(f,
               "local c = require 'colours'\n"
               "out(tostring(require 'more.colours'), c.red('x'), c.count, tostring(leaks))\n"
               "out(tostring(c == require 'colours'))",
               "true<x>1niltrue\n");
    assert_int_equal(load(f, "require 'colours'.fail()"), NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.source, "lib.lua");
    assert_int_equal(f->error.line, 3);
    assert_int_equal(load_module(f, "colours", "return 'other'"), NEWS_OK);
    expect(f, "out(require 'colours')", "other\n");
}

static void test_modules_that_are_refused(void **state)
{
    static const char *const names[] = {"", "news", "news.words", "a/b", "a b", "../x"};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(load_module(f, names[i], "return 1"), NEWS_ERR_ARG);
    assert_int_equal(load_module(f, "x", "return\n= 1"), NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.source, "lib.lua");
    assert_int_equal(f->error.line, 2);
    assert_int_equal(news_module_load(f->ctx, NULL, "x", "", 0, NULL), NEWS_ERR_ARG);
    assert_int_equal(load(f, "require 'x'"), NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_ERR_SCRIPT);
    assert_int_equal(load_module(f, "a", "return require 'b'"), NEWS_OK);
    assert_int_equal(load_module(f, "b", "return require 'a'"), NEWS_OK);
    assert_int_equal(load(f, "require 'a'"), NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.message, "formats extend one another, or modules require one "
                                          "another, in a circle or more than 15 deep");
}

/* ---- Chance ---- */

static void test_chance_depends_on_the_issue_alone(void **state)
{
    static const char body[] = "for i = 1, 3 do out(tostring(math.random(1000000)), ' ') end";
    fixture *f = *state;
    char first[64];
    assert_int_equal(load(f, body), NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_OK);
    snprintf(first, sizeof first, "%s", f->output);
    assert_int_equal(render(f, "t"), NEWS_OK);
    assert_string_equal(f->output, first);
    news_issue_unref(f->issue);
    assert_int_equal(
        news_parse(f->ctx, &f->issue, "other-words.md", markdown, sizeof markdown - 1, NULL, NULL),
        NEWS_OK);
    assert_int_equal(render(f, "t"), NEWS_OK);
    assert_string_not_equal(f->output, first);
    expect(f, "math.randomseed(42) out(math.random(1000), ' ', math.random(0))",
           "742 8333941968102511665\n");
}

/* ---- Nothing is left ---- */

static void test_nothing_is_left(void **state)
{
    expect(*state,
           "string.upper, table.concat, math.pi, kept = nil, nil, nil, out\n"
           "math.randomseed(3)\n"
           "getmetatable(issue.date or {})\n"
           "out.options.links = nil\n"
           "require 'news.words'.date = nil\n"
           "out 'changed'",
           "changed\n");
    expect(*state,
           "assert(kept == nil and require 'news.words'.date and out.options.links == 'section')\n"
           "out(('a'):upper(), string.upper('b'), table.concat({'c'}), math.floor(math.pi))",
           "ABc3\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_callback_cancels),
        TEST(test_what_came_before_is_forgotten),
        TEST(test_formats_of_ours_are_cancelled),
        TEST(test_another_thread_cancels),
        TEST(test_formats_of_ours_are_not_counted),
        TEST(test_nothing_is_counted_where_nothing_may_be),
        TEST(test_long_scripts_may_be_refused),
        TEST(test_xpcall),
        TEST(test_errors_name_their_caller),
        TEST(test_coroutines),
        TEST(test_coroutines_that_fail),
        TEST(test_coroutines_and_the_writer),
        TEST(test_most_coroutines),
        TEST(test_modules),
        TEST(test_modules_that_are_refused),
        TEST(test_chance_depends_on_the_issue_alone),
        TEST(test_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
