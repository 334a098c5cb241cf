/* Faults in layouts, at compile time and at run time: each is told with the layout's own name, its
 * line and, where it is known, the column. */
#include "layout.h"

typedef struct {
    const char *layout;
    unsigned line, column; /* column 0: not known */
    const char *message;
} fault;

static void expect_faults(fixture *f, const fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_error(f, faults[i].layout, "main.html", faults[i].line, faults[i].column,
                     faults[i].message);
}

#define EXPECT_FAULTS(f, faults) expect_faults(f, faults, sizeof(faults) / sizeof *(faults))

/* ---- Tags ---- */

static void test_open_tags(void **state)
{
    static const fault faults[] = {
        {"a\n  {{ x", 2, 3, "this '{{' is not closed by '}}'"},
        {"a\nb {% x\n\n", 2, 3, "this '{%' is not closed by '%}'"},
        {"a\n{# x }}\n", 2, 1, "this '{#' is not closed by '#}'"},
        {"\xC3\xA9\n\xC3\xA9\xE2\x80\xA6 {{ 'x }}\n'", 2, 7,
         "the string that begins here has no end"},
        {"{{ [==[ ]] }}", 1, 4, "the string that begins here has no end"},
        {"{{ 1 --[[ ] }}", 1, 6, "the comment that begins here has no end"},
        {"\n{{ 1 -- }}", 2, 6,
         "nothing ends this comment, which goes on to the end of its line, braces and all"},
        {"{{ x %}", 1, 6, "what '{{' begins is ended by '}}', not '%}'"},
        {"\n\n{% x }}", 3, 6, "what '{%' begins is ended by '%}', not '}}'"},
        {"{{ }}", 1, 1, "nothing stands between '{{' and '}}'"},
        {"{{ 1, 2 }}", 1, 5, "one value at a time stands between '{{' and '}}'"},
        {"{% block a", 1, 1, "'%}' is missing, which ends 'block'"},
        {"{% block a b %}", 1, 12, "'%}' is missing, which ends 'block'"},
        {"{% block %}", 1, 1, "a block has a name: {% block footer %}"},
        {"{% block 1a %}", 1, 1, "a block has a name: {% block footer %}"},
        {"{% include web.html %}", 1, 12,
         "behind 'include' stands the name of a layout, in quotes"},
        {"{% include 'web %}", 1, 12, "the quotes that begin here are not closed"},
        {"{% include 'Web.html' %}", 1, 12,
         "'Web.html' is no name of a layout; one is a file's name such as web.html, of a-z, 0-9, "
         "'.', "
         "'-' and '_'"},
        {"{% include 'web.html' {} %}", 1, 23, "'%}' is missing, which ends 'include'"},
        {"{% include 'web.html' with %}", 1, 27,
         "behind 'with' stands a table, whole within the tag"},
        {"{% include 'web.html' with { %}", 1, 27,
         "behind 'with' stands a table, whole within the tag"},
        {"{% if x then %}\n{% endif %}", 2, 1,
         "'endif' is 'end' here: what stands between '{%' and '%}' is Lua"},
        {"{% raw('<b>') %}", 1, 1, "raw() gives a value and writes nothing: {{ raw(…) }}"},
    };
    EXPECT_FAULTS(*state, faults);
}

static void test_open_lua(void **state)
{
    static const fault faults[] = {
        {"\n{% if x %}\n{% end %}", 2, 4, "this 'if' has no 'then' in its tag"},
        {"{% if x then %}\n{% elseif y %}\n{% end %}", 2, 4,
         "this 'elseif' has no 'then' in its tag"},
        {"{% for i = 1, 2 %}", 1, 4, "this 'for' has no 'do' in its tag"},
        {"{% while x end %}", 1, 12, "the 'while' in line 1 has no 'do'"},
        {"\n{% if x then %}\ny", 2, 4, "this 'if' has no 'end'"},
        {"{% repeat %}", 1, 4, "this 'repeat' has no 'until'"},
        {"{% local function f() %}\n", 1, 10, "this 'function' has no 'end'"},
        {"{% f(function() %}{% end %}", 1, 5, "this '(' has no ')'"},
        {"{% x = { %}", 1, 8, "this '{' has no '}'"},
        {"{% end %}", 1, 4, "'end' closes nothing"},
        {"a\n{% until x %}", 2, 4, "'until' closes nothing"},
        {"{% x = ) %}", 1, 8, "')' closes nothing"},
        {"{% do %}\n{% until x %}", 2, 4, "'until' stands before the end of 'do' in line 1"},
        {"{% f( %}\n\n{% end %}", 3, 4, "'end' stands before the end of '(' in line 1"},
        {"{% do %}{{ end }}", 1, 12, "'end' closes nothing that was opened in these braces"},
        {"{{ f( }}", 1, 5, "'(' is not closed before '}}'"},
        {"{{ function() return 1 }}", 1, 4, "'function' is not closed before '}}'"},
        {"{% block a %}\n{% if x then %}\n{% endblock %}", 2, 4,
         "this 'if' has no 'end' before block 'a' ends"},
        {"{% if x then %}\n{% block a %}\n{% end %}\n{% endblock %}{% end %}", 3, 4,
         "'end' closes nothing"},
        {"{% _news_text(1) %}", 1, 4, "names that begin with _news_ are the compiler's own"},
        {"\n{{ super() }}", 2, 4, "super() is for blocks, and this stands in none"},
    };
    EXPECT_FAULTS(*state, faults);
}

/* What Lua itself finds. */
static void test_syntax(void **state)
{
    static const fault faults[] = {
        {"\n{{ a b }}", 2, 0, "')' expected near 'b'"},
        {"text\n\n{{\n  if\n}}{{ x }}", 4, 3, "'if' is not closed before '}}'"},
        {"{{ 1 + }}", 1, 0, "unexpected symbol near ')'"},
        {"a\n{% local %}\nb", 2, 0, "<name> expected at the end of the tag"},
        {"{% x = %}\n{{ 1 }}", 1, 0, "unexpected symbol at the end of the tag"},
        {"{% block a %}{% x = %}{% endblock %}", 1, 0, "unexpected symbol at the end of the tag"},
        {"a\n{% x = 1 y = %}", 2, 0, "unexpected symbol at the end of the tag"},
        {"a\n{% 1 %}", 2, 0, "unexpected symbol near '1'"},
        {"{{ ... }}", 1, 0, "cannot use '...' outside a vararg function near '...'"},
        {"\n{{ 0x }}", 2, 0, "malformed number near '0x'"},
        {"\n\n{{ local }}", 3, 0, "unexpected symbol near 'local'"},
        {"{% if x then return %}\ny{% end %}", 2, 0,
         "'end' expected (to close 'if' at line 1) at the end of the tag"},
        {"{{ x; }}", 1, 0, "')' expected at the end of the tag"},
    };
    EXPECT_FAULTS(*state, faults);
}

/* ---- Run time ---- */

static void test_run_time(void **state)
{
    static const fault faults[] = {
        {"a\nb {{ issue.url }}", 2, 0,
         "{{ issue.url }} is nil; test it first, or say what to write instead: {{ issue.url or "
         "\"\" "
         "}}"},
        {"{# \n #}\n{{\n\n  issue.titel }}", 5, 0,
         "a node of kind issue has no field 'titel'; did you mean 'title'?"},
        {"{{ isue.title }}", 1, 0, "attempt to index a nil value (global 'isue')"},
        {"{% for _, link in issue.links do %}{% end %}", 1, 0,
         "a list is no function; a loop over it is written 'for i, entry in ipairs(list) do'"},
        {"{% for _, tag in ipairs(issue.authors) do %}{% end %}", 1, 0,
         "ipairs is given nil; for a list that may be absent write ipairs(list or {})"},
        {"{{ issue.title | upper }}", 1, 0,
         "attempt to perform bitwise operation on a string value (field 'title'); there are no "
         "filters; call a function, or a method as in title:upper()"},
        {"{{ issue.sponsor }}", 1, 0,
         "a node of kind issue has no field 'sponsor'; a key of your own is in meta: "
         "issue.meta.sponsor"},
        {"{% local t\n = nil\n %}\n{{ t.x }}", 4, 0, "attempt to index a nil value (local 't')"},
        {"\n{{ 1 == 1 }}", 2, 0,
         "{{ 1 == 1 }} is a boolean; strings, numbers and nodes are written"},
        {"{{ print('x') }}", 1, 0,
         "{{ print('x') }} gives no value; what writes by itself is called in {% … %}"},
        {"{{ { a = 1 } }}", 1, 0,
         "out: a table is written only if it is an array of things to write"},
        {"\n\n\n{% error('my own') %}", 4, 0, "my own"},
        {"{% error({}) %}", 1, 0, "the script raised an error that is table, not a string"},
        {"{% local function f() %}\n{{ nil }}\n{% end %}\n\n{% f() %}", 2, 0,
         "{{ nil }} is nil; test it first, or say what to write instead: {{ nil or \"\" }}"},
        {"{% block a %}\n{% block b %}\n{{ nil + 1 }}{% endblock %}{% endblock %}", 3, 0,
         "attempt to perform arithmetic on a nil value"},
        {"<a href=\"{{ 'javascript:x' }}\">", 1, 0,
         "\"javascript:x\" is not an address that may be linked to"},
        {"<p\n {{ given }}>", 2, 0, "a value cannot be written safely in a tag"},
        {"{{ raw(nil) }}", 1, 0, "raw() is given markup, a string; this is nil"},
        {"{{ raw({}) }}", 1, 0, "raw() is given markup, a string; this is table"},
        {"\n{% include 'main2.html' with 1 %}", 2, 0,
         "behind 'with' stands a table of names, not number"},
        {"{% include 'main2.html' with { 1 } %}", 1, 0,
         "a layout is given names: { title = \"…\" }"},
        {"{% out:layout('mian2.html') %}", 1, 0,
         "there is no layout 'mian2.html'; did you mean 'main2.html'?"},
        {"{% out:layout('main2') %}", 1, 0,
         "there is no layout 'main2'; did you mean 'main2.html'?"},
        {"{% out:layout('zzzzzz.xyz') %}", 1, 0, "there is no layout 'zzzzzz.xyz'"},
        {"\n{% out:layout('main.html') %}", 2, 0, "this layout is written inside itself"},
        {"{{\n 'a'\n .. nil }}", 3, 0, "attempt to concatenate a nil value"},
        {"{{ a_very_long_name_that_is_not_there_at_all or "
         "another_very_long_name_that_is_not_there }}",
         1, 0,
         "{{ a_very_long_name_that_is_not_there_at_all or another_very_lo… }} is nil; test it "
         "first, "
         "or say what to write instead: {{ a_very_long_name_that_is_not_there_at_all or "
         "another_very_lo… or \"\" }}"},
    };
    load(*state, "main2.html", "x");
    EXPECT_FAULTS(*state, faults);
}

/* A fault in what renders a node is that format's, and the node's place is told, too. */
static void test_in_a_format(void **state)
{
    fixture *f = *state;
    static const char lua[] =
        "local f = require 'news'.format { name = 'direct', extends = 'html' }\n"
        "function f.issue(issue, out) out:layout('main.html') end\n"
        "function f.emph(e, out) out(nil) end\nreturn f\n";
    assert_int_equal(news_format_load(f->ctx, "t.lua", lua, sizeof lua - 1, &f->error), NEWS_OK);
    expect_error(
        f, "{{ issue.intro }}", "t.lua", 3, 0,
        "out: argument 1 is nil; test it first, or say what to write instead: value or \"\"");
    assert_int_equal(f->error.node_line, 9);
}

/* ---- Several layouts ---- */

static void test_extending(void **state)
{
    static const fault faults[] = {
        {"a\n{% extends 'root.html' %}", 2, 1,
         "'extends' stands first in a layout, before all but comments"},
        {"{% local a %}\n{% extends 'root.html' %}", 2, 1,
         "'extends' stands first in a layout, before all but comments"},
        {"{% extends 'root.html' %}\n{% extends 'root.html' %}", 2, 1,
         "a layout extends one other; 'extends' stands twice"},
        {"{% extends 'rood.html' %}", 1, 1,
         "there is no layout 'rood.html'; did you mean 'root.html'?"},
        {"\n{% extends 'main.html' %}", 2, 1,
         "no built-in layout is called 'main.html', so this one has none to take over"},
        {"{% extends 'root.html' %}\n\n  text\n", 3, 3,
         "outside blocks nothing is written, since this layout extends 'root.html'"},
        {"{% extends 'root.html' %}\n\n{{ given }}\n", 3, 1,
         "outside blocks nothing is written, since this layout extends 'root.html'"},
        {"{% extends 'root.html' %}\n{% include 'root.html' %}\n", 2, 1,
         "outside blocks nothing is included, since this layout extends 'root.html'"},
        {"{% extends 'root.html' %}\n{% out('x') %}\n", 2, 0,
         "outside its blocks, a layout that extends another writes nothing: it would come before "
         "all else"},
        {"{% extends 'root.html' %}{% if given then %}\n{% block a %}{% endblock %}{% end %}", 2, 1,
         "in a layout that extends another a block stands by itself, not within Lua that is open"},
        {"{% extends 'root.html' %}\n {% block mian %}{% endblock %}", 2, 2,
         "'root.html' has no block 'mian'; did you mean 'main'?"},
        {"{% extends 'root.html' %}\n {% block xxxxxx %}{% endblock %}", 2, 2,
         "'root.html' has no block 'xxxxxx'; it has main, inner"},
        {"{% extends 'root.html' %}{% block main %}{% endblock %}\n{% block inner %}{% endblock %}",
         2, 1, "block 'inner' is never written: the block that it stands in is replaced"},
        {"{% block a %}\n{% endblock %}\n {% block a %}{% endblock %}", 3, 2,
         "there is a block 'a' in line 1 already"},
        {"\n{% block a %}", 2, 1, "block 'a' has no 'endblock'"},
        {"{% endblock %}", 1, 1, "'endblock' ends nothing: no block is open"},
        {"{% block a %}\n{% block b %}\n{% endblock a %}{% endblock b %}", 3, 1,
         "this ends block 'a'; 'b' is open, from line 2 on"},
        {"{% block a %}\n  {{ super() }}{% endblock %}", 2, 6,
         "super() writes what block 'a' replaces, but here it replaces nothing"},
        {"{% include 'main.html' %}", 1, 1,
         "no built-in layout is called 'main.html', so this one has none to take over"},
        {"\n{% include 'loop.html' %}", 2, 1,
         "'loop.html' includes or extends this layout, so that to include it here would never end"},
    };
    load(*state, "root.html", "{% block main %}{% block inner %}{% endblock %}{% endblock %}");
    load(*state, "loop.html", "{% extends 'main.html' %}");
    EXPECT_FAULTS(*state, faults);
}

/* The file that is wrong is named, whichever was asked for. */
static void test_named_file(void **state)
{
    fixture *f = *state;
    load(f, "loop.html", "\n\n{% include 'main.html' %}");
    expect_error(f, "{% include 'loop.html' %}", "loop.html", 3, 1,
                 "'main.html' includes or extends this layout, so that to include it here would "
                 "never end");
    load(f, "loop.html", "\n{% extends 'main.html' %}");
    expect_error(f, "{% extends 'loop.html' %}", "loop.html", 2, 1,
                 "'main.html' extends this layout, so it cannot be extended here");
    load(f, "loop.html", "\n{% extends 'not-there.html' %}");
    expect_error(f, "{% extends 'loop.html' %}", "loop.html", 2, 1,
                 "there is no layout 'not-there.html'");
    load(f, "loop.html", "a\n{% block b %}{{ nil }}{% endblock %}\n{% block c %}{% endblock %}");
    expect_error(
        f, "{% extends 'loop.html' %}", "loop.html", 2, 0,
        "{{ nil }} is nil; test it first, or say what to write instead: {{ nil or \"\" }}");
    expect_error(f,
                 "{% extends 'loop.html' %}{% block b %}{% endblock %}\n{% block c %}\n"
                 "{{ #nil }}\n{% endblock %}",
                 "main.html", 3, 0, "attempt to get length of a nil value");
    expect_error(
        f,
        "{% extends 'loop.html' %}{% block c %}\n{{ super() }}{% endblock %}\n"
        "{% block b %}{{ super() }}{% endblock %}",
        "loop.html", 2, 0,
        "{{ nil }} is nil; test it first, or say what to write instead: {{ nil or \"\" }}");
    /* By the name that was given for messages. */
    assert_int_equal(
        news_layout_load(f->ctx, "loop.html", "some/where/loop.html", "\n{{ nil }}", 10, &f->error),
        NEWS_OK);
    expect_error(
        f, "{% include 'loop.html' %}", "some/where/loop.html", 2, 0,
        "{{ nil }} is nil; test it first, or say what to write instead: {{ nil or \"\" }}");
    assert_int_equal(
        news_layout_load(f->ctx, "loop.html", "some/where/loop.html", "\n {{", 4, &f->error),
        NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.source, "some/where/loop.html");
    assert_int_equal(f->error.line, 2);
    assert_int_equal(f->error.column, 2);
}

/* ---- Limits ---- */

/* `begin` holds a mark "#", which becomes the number of the line. */
static void nest(char *text, size_t size, unsigned depth, const char *begin, const char *end)
{
    size_t at = 0, before = strcspn(begin, "#");
    for (unsigned i = 0; i < depth; i++)
        at += (size_t)snprintf(text + at, size - at, "%.*s%u%s\n", (int)before, begin, i,
                               begin + before + 1);
    for (unsigned i = 0; i < depth; i++)
        at += (size_t)snprintf(text + at, size - at, "%s", end);
}

static void test_depth(void **state)
{
    static char text[16384];
    nest(text, sizeof text, 40, "{% block a# %}", "{% endblock %}");
    expect(*state, text, "");
    nest(text, sizeof text, 41, "{% block a# %}", "{% endblock %}");
    expect_error(*state, text, "main.html", 41, 1,
                 "blocks stand inside one another at most 40 deep");
    nest(text, sizeof text, 181, "{% do --[[#]] %}", "{% end %}");
    expect_error(*state, text, "main.html", 181, 4,
                 "too much is open here, one thing inside another");
    nest(text, sizeof text, 200, "{%- block a# %}{% endblock -%}", "");
    expect(*state, text, "");
    nest(text, sizeof text, 201, "{% block a# %}{%- endblock %}", "");
    expect_error(*state, text, "main.html", 201, 1, "a layout has at most 200 blocks");
}

static void test_chains(void **state)
{
    char name[32], text[128];
    for (unsigned i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "e%u.html", i);
        snprintf(text, sizeof text,
                 i == 0 ? "{%% block a %%}%u{%% endblock %%}"
                        : "{%% extends 'e%u.html' %%}{%% block a %%}{{ super() }}+{%% endblock %%}",
                 i == 0 ? i : i - 1);
        load(*state, name, text);
        snprintf(name, sizeof name, "i%u.html", i);
        snprintf(text, sizeof text, i == 0 ? "%u" : "{%% include 'i%u.html' %%}.",
                 i == 0 ? i : i - 1);
        load(*state, name, text);
    }
    expect(*state, "{% extends 'e30.html' %}", "0++++++++++++++++++++++++++++++");
    expect_error(*state, "{% extends 'e31.html' %}", "e1.html", 1, 1,
                 "layouts extend one another at most 32 deep");
    expect(*state, "{% include 'i30.html' %}", "0..............................");
    expect_error(*state, "{% include 'i31.html' %}", "i1.html", 1, 1,
                 "layouts include one another at most 32 deep");
}

static void expect_limit(fixture *f, const char *layout, unsigned line, const char *message)
{
    load(f, "main.html", layout);
    assert_int_equal(render(f, "direct"), NEWS_ERR_LIMIT);
    assert_string_equal(f->error.source, "main.html");
    assert_int_equal(f->error.line, line);
    assert_string_equal(f->error.message, message);
    expect(f, "fine", "fine");
}

static void test_spent(void **state)
{
    fixture *f = *state;
    expect_limit(f, "\n{% while true do %}{% end %}", 2,
                 "the script took more than 5000000 steps (max_script_steps)");
    expect_limit(f, "\n{% while true do pcall(function() while true do end end) end %}", 2,
                 "the script took more than 5000000 steps (max_script_steps)");
    load(f, "loop.html", "{% block a %}{% endblock %}");
    expect_limit(
        f, "{% extends 'loop.html' %}\n{% block a %}{% while true do %}x{% end %}{% endblock %}", 2,
        "the script took more than 5000000 steps (max_script_steps)");
    expect_limit(f, "{% for i = 1, 100000 do %}\n{{ ('x'):rep(100000) }}{% end %}", 2,
                 "the output is larger than 4194304 bytes");
}

static void expect_refused(fixture *f, const char *name, const char *text, size_t len,
                           news_status status, unsigned line, unsigned column, const char *message)
{
    assert_int_equal(load_bytes(f, name, text, len), status);
    assert_int_equal(f->error.line, line);
    assert_int_equal(f->error.column, column);
    assert_string_equal(f->error.message, message);
}

/* What cannot be a layout changes nothing. */
static void test_refused(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {
        "",         "web",
        ".html",    "a.",
        "A.html",   "a b.html",
        "a/b.html", "0123456789012345678901234567890123456789012345678901234.html."};
    load(f, "main.html", "as it was");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(load_bytes(f, names[i], "x", 1), NEWS_ERR_ARG);
        assert_non_null(strstr(f->error.message, "is no name of a layout"));
    }
    expect_refused(f, "main.html", "a\n\xC3\xA9\xFFz", 6, NEWS_ERR_ENCODING, 2, 2,
                   "the text is not UTF-8: byte 0xFF");
    expect_refused(f, "main.html", "a\n\0z", 4, NEWS_ERR_ENCODING, 2, 1,
                   "the text holds a NUL character");
    char *large = malloc((4 << 20) + 1);
    memset(large, 'x', (4 << 20) + 1);
    expect_refused(f, "main.html", large, (4 << 20) + 1, NEWS_ERR_LIMIT, 0, 0,
                   "a layout has at most 4 MiB");
    assert_int_equal(load_bytes(f, "large.html", large, 4 << 20), NEWS_OK);
    free(large);
    expect_in(f, "direct", "as it was");
}

/* Whatever the text, the scanner stays within it and comes to an end. */
static void test_any_text(void **state)
{
    static const char *const pieces[] = {"{{",
                                         "}}",
                                         "{%",
                                         "%}",
                                         "{#",
                                         "#}",
                                         "-",
                                         "\n",
                                         " ",
                                         "'",
                                         "\"",
                                         "[[",
                                         "]]",
                                         "[==[",
                                         "--",
                                         "\\",
                                         "if ",
                                         "end ",
                                         "block a",
                                         "endblock",
                                         "include 'web.html'",
                                         "extends 'web.html'",
                                         "super()",
                                         "function() ",
                                         "(",
                                         ")",
                                         "{",
                                         "}",
                                         "x",
                                         ".",
                                         "="};
    fixture *f = *state;
    uint32_t state_ = 1;
    unsigned good = 0;
    for (int i = 0; i < 20000; i++) {
        char text[256], *copy;
        size_t len = 0;
        for (int j = 0; j < 12; j++) {
            state_ = state_ * 1664525u + 1013904223u;
            const char *piece = pieces[(state_ >> 16) % (sizeof pieces / sizeof *pieces)];
            len += (size_t)snprintf(text + len, sizeof text - len, "%s", piece);
        }
        copy = malloc(len); /* of the very size */
        assert_non_null(copy);
        memcpy(copy, text, len);
        news_status status = load_bytes(f, "main.html", copy, len);
        free(copy);
        if (status == NEWS_OK) {
            status = render(f, "direct");
            good += status == NEWS_OK;
        }
        if (status != NEWS_OK) {
            assert_int_equal(status, NEWS_ERR_SCRIPT);
            assert_true(f->error.line > 0);
        }
    }
    assert_true(good > 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_open_tags),   TEST(test_open_lua),  TEST(test_syntax),     TEST(test_run_time),
        TEST(test_in_a_format), TEST(test_extending), TEST(test_named_file), TEST(test_depth),
        TEST(test_chains),      TEST(test_spent),     TEST(test_refused),    TEST(test_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
