/* Layouts: tags and Lua in them, white space, line numbers, blocks over several layouts, what is
 * included, and what is kept from one render to the next. */
#include "layout.h"

/* ---- Tags ---- */

static void test_values(void **state)
{
    expect(*state, "<h1>{{ issue.title }}</h1>", "<h1>A \"title\" &amp; more</h1>");
    expect(*state, "<a title=\"{{ issue.title }}\">",
           "<a title=\"A &quot;title&quot; &amp; more\">");
    expect(*state, "{{ given }} {{ raw(given) }} {{raw('<b>')}}{{ raw(1) }}",
           "a &lt; b a < b <b>1");
    expect(*state, "{{ 1 + 2 }}{{ #issue.sections }}{{ issue.intro }}",
           "32<p>An <em>intro</em>.</p>\n");
    expect(*state, "{{ issue.date }}|{{ { 'a', { '<' } } }}", "2024-05-17|a&lt;");
    expect(*state, "{{ ('x'):gsub('x', 'y') }}", "y");
    expect(*state, "{{ out:tag('b', nil, given) }}{{ function(o) o('f') end }}",
           "<b>a &lt; b</b>f");
    expect(*state, "{{ given and raw('<i>') or '' }}{{ tostring(raw('<')) }}", "<i>&lt;");
    expect(*state, "{{ options.links }} {{ issue.lang }}{{ publication == nil and '!' }}",
           "inline en!");
}

static void test_code(void **state)
{
    expect(*state, "{% for i = 1, 3 do %}{{ i }},{% end %}", "1,2,3,");
    expect(*state, "{% local a = 1 %}{% local b = 2 %}{{ a + b }}", "3");
    expect(*state, "{% if issue.url then %}A{% elseif issue.title then %}B{% else %}C{% end %}",
           "B");
    expect(*state, "{% local i = 0 repeat i = i + 1 %}{{ i }}{% until i == 2 %}", "12");
    expect(*state, "{% while false do %}x{% end %}{% do %}y{% end %}{%%}", "y");
    expect(*state, "{% goto over %}x{% ::over:: %}y", "y");
    expect(*state, "a{% if given then return end %}b", "a");
    expect(*state, "{% if given then %}a{% return; %}{% end %}b", "a");
    expect(*state, "{% if given then %}\na\n{% return %}\n{% end %}\nb", "a\n");
    expect(*state,
           "a{% (out)('b') %}{{ 1 }}{% (out)('c') %}{% block d %}{% endblock %}{% (out)('e') %}",
           "ab1ce");
    expect(*state, "{% local function b(s) %}<b>{{ s }}</b>{% end %}{% b('<') %}{% b(2) %}",
           "<b>&lt;</b><b>2</b>");
    expect(*state, "{% out:tag('p', nil, function() %}in{% end) %}", "<p>in</p>");
    expect(*state, "{% local t = { function() %}1{% end, function() %}2{% end } %}{% t[2]() %}",
           "2");
    expect(*state, "{% for _, s in ipairs(issue.sections) do %}{{ s.id }} {% end %}",
           "first second ");
}

/* Braces in strings, comments and tables do not end a tag. */
static void test_ends(void **state)
{
    expect(*state, "{{ '}}' }}{{ \"%}\" }}{{ [[ }} ]] }}{{ [==[ ]] }} ]==] }}", "}}%} }}  ]] }} ");
    expect(*state, "{{ 'it\\'s }}' }}{{ \"\\\"}}\" }}{{ '\\\\' }}", "it's }}\"}}\\");
    expect(*state, "{{ 'a\\z\n   b' }}{{ 'c\\\nd' }}", "abc\nd");
    expect(*state, "{% --[[ %} ]] %}a{% --[==[ %} ]] %} ]==] %}b{% -- %}\n%}c", "abc");
    expect(*state, "{{ --[[ }} ]] 1 }}", "1");
    expect(*state, "{{ ({ { 1 } })[1][1] }}{{ #{{},{}} }}{{ {{2}} }}", "122");
    expect(*state, "{% local t = {{1}} %}{{ t[1][1]-1 }}{{ 7 % 4 }}{% t = {a=1%2} %}{{t.a}}",
           "031");
    expect(*state,
           "{{ ('%s'):format('%}') }}{{ given.super or 'none' }}{{ ({ ['end'] = 1 })['end'] }}",
           "%}none1");
    expect(*state, "{# {{ nil }} {% ( %} \" ' [[ #}x{##}y{#-#} z {#- -#} .", "xy z.");
    expect(*state, "}} %} #} { % # {a} {\n{", "}} %} #} { % # {a} {\n{");
    expect(*state, "{{ '{{' }}{{ '{%' }}{{ '{#' }}", "{{{%{#");
    expect(*state, "{{ 1 --\n}}{{ 2 -- }}\n }}{{- 3 -}} {{ 2 -1 }}", "1231");
    expect(*state, "{{ given:sub(1, 1) }}{% given = given .. 1 ..'x' %}{{ given }}", "aa &lt; b1x");
}

/* ---- White space ---- */

static void test_trimming(void **state)
{
    expect(*state, "a \n {{- 1 -}} \n\t b", "a1b");
    expect(*state, "a {{- 1 }} {{ 2 -}} b", "a1 2b");
    expect(*state, "a {%- local x -%} b {#- c -#} d", "abd");
    expect(*state, "a {%- if true then %} b {% end -%} c", "a b c");
    expect(*state, "a\n\n{%- if true then -%}\n\n{%- end -%}\n\nb", "ab");
    expect(*state, "{{ 3 - 1 }}{{ -1 }}{{- 1 }}", "2-11");
    expect(*state, " {{- 'a' -}} {{- 'b' -}} ", "ab");
}

/* A tag alone on its line leaves nothing of the line. */
static void test_lines(void **state)
{
    expect(*state, "a\n{% if true then %}\nb\n  {% end %}  \nc\n", "a\nb\nc\n");
    expect(*state, "{# head #}\n{# more\nlines #}\na\n{#x#}", "a\n");
    expect(*state, "a\n{%\n  local x = 1\n%}\n\nb{{ x }}\n", "a\n\nb1\n");
    expect(*state, "a {% local x %}\nb\n", "a \nb\n");
    expect(*state, "{% local x %}{% local y %}\nb", "\nb");
    expect(*state, "  {{ 1 }}  \n", "  1  \n");
    expect(*state, "a\n  {%- local x %}\nb", "a\nb");
    expect(*state, "a\n  {% local x -%}\n\nb", "a\n  b");
    expect(*state, "\t{% block a %}\t\nx\n{% endblock %}\n{% block b %}{% endblock %}\ny",
           "x\n\ny");
}

static void test_line_ends(void **state)
{
    expect(*state, "a\r\n{% if true then %}\r\nb\r\n{% end %}\r\nc\rd", "a\nb\nc\nd");
    expect(*state, "\xEF\xBB\xBF{{ [[\r\nx\r\n]] }}", "x\n");
    expect(*state, "", "");
}

/* In a filled format the end of a line ends the line, and an empty one is an empty line. */
static void test_filled(void **state)
{
    expect_text(*state, "one   two\nthree\n\n\nfour", "one two\nthree\n\n\nfour\n");
    expect_text(*state, "\n\n\na\n \t\nb\n\n", "a\n\nb\n");
    expect_text(*state,
                "a\n{% if true then %}\nb\n{% end %}\n\nc\n{% if nil then %}\nd\n{% end %}\n\ne",
                "a\nb\n\nc\n\ne\n");
    expect_text(*state, "{{ issue.intro }}\n{{ issue.intro }}\n\n\nz",
                "An intro.\n\nAn intro.\n\n\nz\n");
    expect_text(*state, "  {{ 'a' }}\n    {{ 'b' }}: {{ 'c' }}\n", "a\nb: c\n");
    expect_text(*state, "long words that are filled into lines as all text is {{ given }}\n",
                "long words that are filled\ninto lines as all text is a <\nb\n");
    expect_text(*state, "{% out:prefix('> ', function() %}\na\n\nb\n{% end) %}\nc\n",
                "> a\n>\n> b\nc\n");
    expect_text(*state, "a{{ raw('  *b*') }}", "a *b*\n");
}

/* ---- The text ---- */

static void test_every_byte(void **state)
{
    fixture *f = *state;
    char text[1024];
    size_t len = 0;
    for (int c = 1; c < 0x80; c++)
        if (c != '\r')
            text[len++] = (char)c;
    len += (size_t)snprintf(text + len, sizeof text - len,
                            "]]\\n\\\"'--[[]==]%%d%%s\\0 \xC3\xA9 \xE2\x80\xA6 \xF0\x9F\x93\xB7");
    assert_int_equal(load_bytes(f, "main.html", text, len), NEWS_OK);
    assert_int_equal(render(f, "direct"), NEWS_OK);
    assert_int_equal(f->len, len);
    assert_memory_equal(f->output, text, len);
}

static void test_big(void **state)
{
    fixture *f = *state;
    size_t len = 3 << 20, at = 0;
    char *text = malloc(len + 64);
    while (at + 40 < len)
        at += (size_t)sprintf(text + at, "%07zu \"\\n\" ]] text\n", at);
    at += (size_t)sprintf(text + at, "{{ nil }}");
    assert_int_equal(load_bytes(f, "main.html", text, at), NEWS_OK);
    assert_int_equal(render(f, "direct"), NEWS_ERR_SCRIPT);
    unsigned lines = 1;
    for (size_t i = 0; i < at; i++)
        lines += text[i] == '\n';
    assert_int_equal(f->error.line, lines);
    assert_int_equal(load_bytes(f, "main.html", text, at - 9), NEWS_OK);
    assert_int_equal(render(f, "direct"), NEWS_OK);
    assert_int_equal(f->len, at - 9);
    assert_memory_equal(f->output, text, at - 9);
    free(text);
}

/* ---- Layouts that extend others ---- */

static const char root[] =
    "{% local who = 'root' %}<head>{% block head %}H{% endblock %}</head>\n"
    "{% block main %}[{{ who }} {% block inner %}I{% endblock %}]{% endblock %}\n"
    "{% block foot %}F{% endblock foot %}\n";

static void test_extends(void **state)
{
    load(*state, "root.html", root);
    expect(*state, "{% extends \"root.html\" %}", "<head>H</head>\n[root I]\nF\n");
    expect(*state, "{% extends 'root.html' %}{% block foot %}mine{% endblock %}",
           "<head>H</head>\n[root I]\nmine\n");
    expect(
        *state,
        "\n{# why #}\n{% extends \"root.html\" %}\n\n{% local x = issue.lang %}\n"
        "{% block main %}\nM {{ x }}\n{% endblock %}\n\n{% block head %}{{ who }}{% endblock %}\n"
        "{% who = 'child' %}",
        "<head>child</head>\nM en\n\nF\n");
    expect(*state,
           "{% extends 'root.html' %}\n{% block inner %}<{{ super() }}>{% endblock %}\n"
           "{% block foot %}\n  {{ super() }}\nand more\n{% endblock %}",
           "<head>H</head>\n[root <I>]\nFand more\n\n");
}

static void test_levels(void **state)
{
    load(*state, "root.html", root);
    load(*state, "middle.html",
         "{% extends 'root.html' %}{% local n = 'm' %}"
         "{% block foot %}({{ n }}{{ super() }}){% endblock %}"
         "{% block head %}{% block title %}T{% endblock %}{% endblock %}");
    load(*state, "third.html",
         "{% extends 'middle.html' %}{% local n = 't' %}"
         "{% block foot %}/{{ n }}{{ super() }}/{% endblock %}");
    expect(*state, "{% extends 'third.html' %}", "<head>T</head>\n[root I]\n/t(mF)/\n");
    expect(*state,
           "{% extends 'third.html' %}{% block foot %}{{ super() }}{{ super() }}{% endblock %}"
           "{% block title %}{{ super() }}!{% endblock %}",
           "<head>T!</head>\n[root I]\n/t(mF)//t(mF)/\n");
    expect(*state,
           "{% extends 'middle.html' %}{% block foot %}"
           "{% local s = out:capture(super) %}{{ raw(s:lower()) }}{% endblock %}",
           "<head>T</head>\n[root I]\n(mf)\n");
}

/* A definition that holds blocks puts them where it stands; super() writes them again, there. */
static void test_nested_blocks(void **state)
{
    load(*state, "root.html", root);
    load(*state, "middle.html",
         "{% extends 'root.html' %}{% block main %}<{% block inner %}J{% endblock %}>{{ super() }}"
         "{% endblock %}");
    expect(*state, "{% extends 'middle.html' %}", "<head>H</head>\n<J>[root I]\nF\n");
    expect(*state, "{% extends 'middle.html' %}{% block inner %}({{ super() }}){% endblock %}",
           "<head>H</head>\n<(J)>[root (I)]\nF\n");
    load(*state, "side.html",
         "{% block a %}{% endblock %}{% block b %}{% block c %}C{% endblock %}{% endblock %}");
    expect(*state,
           "{% extends 'side.html' %}{% block a %}{% block d %}D{% endblock %}{% endblock %}"
           "{% block c %}{{ super() }}c{% endblock %}",
           "DCc");
}

/* Blocks in loops and functions see the variables around them, and what they set. */
static void test_locals(void **state)
{
    load(*state, "root.html",
         "{% local sum = 0 for i = 1, 3 do %}{% block row %}{{ i }} {% endblock %}"
         "{% sum = sum + i end %}{% block end_ %}{{ sum }}{% endblock %}");
    expect(*state, "{% extends 'root.html' %}", "1 2 3 6");
    expect(*state,
           "{% extends 'root.html' %}{% local count = 0 %}"
           "{% block row %}{% count = count + 1 %}{{ super() }}{% endblock %}"
           "{% block end_ %}{{ super() }}/{{ count }}{% endblock %}",
           "1 2 3 6/3");
    expect(*state,
           "{% extends 'root.html' %}\n{% local function b(s) %}\n<b>{{ s }}</b>\n{% end %}\n"
           "{% block end_ %}{% b(1) %}{% endblock %}",
           "1 2 3 <b>1</b>\n");
    load(*state, "part.html", "{% if given then return end %}never");
    expect(*state,
           "{% extends 'root.html' %}{% if given then return end %}"
           "{% block row %}x{% endblock %}",
           "1 2 3 6");
}

/* A layout's own name means the built-in one of that name. What extends it and changes nothing
 * gives the same bytes. */
static void test_own_name(void **state)
{
    static const char *const names[][2] = {{"html", "web.html"},
                                           {"email", "email.html"},
                                           {"text", "text.txt"},
                                           {"gemini", "gemini.gmi"}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[64];
        assert_int_equal(render(f, names[i][0]), NEWS_OK);
        char *wanted = strdup(f->output);
        snprintf(text, sizeof text, "{%% extends '%s' %%}", names[i][1]);
        load(f, names[i][1], text);
        expect_in(f, names[i][0], wanted);
        snprintf(text, sizeof text, "{%%- include '%s' -%%}", names[i][1]);
        load(f, names[i][1], text);
        expect_in(f, names[i][0], wanted);
        free(wanted);
    }
}

/* ---- Layouts that include others ---- */

static void test_include(void **state)
{
    load(*state, "part.html", "<i>{{ given }}{{ item or '' }}</i>\n");
    expect(*state, "a\n  {% include 'part.html' %}\nb", "a\n<i>a &lt; b</i>\nb");
    expect(
        *state,
        "{% for i = 1, 2 do %}{% include \"part.html\" with { item = i, given = '-' } %}{% end %}"
        "{{ item or given }}",
        "<i>-1</i>\n<i>-2</i>\na &lt; b");
    expect(*state, "{% item = 3 %}{%- include 'part.html' -%} .", "<i>a &lt; b3</i>\n.");
    load(*state, "root.html", root);
    load(*state, "part.html", "{% extends 'root.html' %}{% block foot %}{{ item }}{% endblock %}");
    load(*state, "outer.html", "{% block foot %}O{% endblock %}");
    expect(*state,
           "{% extends 'outer.html' %}{% block foot %}{% local t = { item = 'P' } %}"
           "{% include 'part.html' with t %}{{ super() }}{% endblock %}",
           "<head>H</head>\n[root I]\nP\nO");
    load(*state, "a.html", "{% include 'b.html' %}{% include 'b.html' %}");
    load(*state, "b.html", "{% include 'c.html' %}b");
    load(*state, "c.html", "c");
    expect(*state, "{% include 'a.html' %}{% include 'c.html' %}", "cbcbc");
}

/* ---- From one render to the next ---- */

static void test_no_state(void **state)
{
    load(*state, "root.html", "{% block a %}{% endblock %}");
    const char layout[] =
        "{% extends 'root.html' %}{% local n = 0 %}{% seen = (seen or 0) + 1 %}"
        "{% string.seen = (string.seen or 0) + 1 %}{% json = seen %}"
        "{% block a %}{% n = n + 1 %}{{ n }}{{ seen }}{{ string.seen }}{{ json }}{% endblock %}";
    for (int i = 0; i < 3; i++)
        expect(*state, layout, "1111");
    for (int i = 0; i < 3; i++)
        expect_in(*state, "direct", "1111");
}

static void test_replacing(void **state)
{
    fixture *f = *state;
    load(f, "root.html", "one");
    expect(f, "{% extends 'root.html' %}", "one");
    load(f, "root.html", "two");
    expect_in(f, "direct", "two");
    char text[] = "three";
    load(f, "root.html", text);
    memset(text, 'x', sizeof text - 1);
    expect_in(f, "direct", "three");
    /* One that is wrong is not passed over. */
    assert_int_equal(load_bytes(f, "root.html", "a\n{{ x", 6), NEWS_ERR_SCRIPT);
    assert_int_equal(render(f, "direct"), NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.source, "root.html");
    assert_int_equal(f->error.line, 2);
    load(f, "root.html", "four");
    expect_in(f, "direct", "four");
}

/* pcall leaves a layout as other calls. */
static void test_caught(void **state)
{
    load(*state, "root.html", "{% block a %}x{% endblock %}");
    expect(*state,
           "{% extends 'root.html' %}{% local ok = pcall(function() out('early') end) %}"
           "{% block a %}{{ tostring(ok) }}{{ super() }}{% endblock %}",
           "earlyfalsex");
    expect(*state, "{% local ok, e = pcall(function() %}a{{ nil }}{% end) %}{{ e }}",
           "amain.html:1: {{ nil }} is nil; test it first, or say what to write instead: {{ nil or "
           "\"\" }}");
}

/* ---- What there is ---- */

static void test_list(void **state)
{
    fixture *f = *state;
    news_layout_info info = NEWS_LAYOUT_INFO_INIT;
    size_t builtin = news_layout_count(f->ctx);
    assert_true(builtin > 0);
    for (size_t i = 0; i < builtin; i++) {
        assert_int_equal(news_layout_at(f->ctx, i, &info, &f->error), NEWS_OK);
        assert_int_equal(info.source[0], '@');
        assert_string_equal(info.source + 1, info.name);
        assert_true(info.len > 500);
        assert_int_equal(strlen(info.text), info.len);
    }
    load(f, "mine.html", "x");
    assert_int_equal(news_layout_load(f->ctx, "web.html", "layouts/web.html", "y", 1, &f->error),
                     NEWS_OK);
    assert_int_equal(news_layout_count(f->ctx), builtin + 1);
    assert_int_equal(news_layout_at(f->ctx, builtin, &info, &f->error), NEWS_OK);
    assert_string_equal(info.name, "mine.html");
    assert_string_equal(info.source, "mine.html");
    assert_string_equal(info.text, "x");
    assert_int_equal(info.len, 1);
    bool found = false;
    for (size_t i = 0; i < builtin; i++) {
        assert_int_equal(news_layout_at(f->ctx, i, &info, &f->error), NEWS_OK);
        found = found || strcmp(info.source, "layouts/web.html") == 0;
    }
    assert_true(found);
    assert_int_equal(news_layout_at(f->ctx, builtin + 1, &info, &f->error), NEWS_ERR_ARG);
    /* What is wrong is told, and by what name. */
    load(f, "mine.html", "{% extends 'no-such.html' %}");
    assert_int_equal(news_layout_at(f->ctx, builtin, &info, &f->error), NEWS_ERR_SCRIPT);
    assert_string_equal(info.name, "mine.html");
    assert_string_equal(f->error.message, "there is no layout 'no-such.html'");
    news_layout_info unset = {.size = 0};
    assert_int_equal(news_layout_at(f->ctx, 0, &unset, &f->error), NEWS_ERR_ABI);
    assert_int_equal(news_layout_at(NULL, 0, &info, &f->error), NEWS_ERR_ARG);
    assert_int_equal(news_layout_load(f->ctx, NULL, NULL, "", 0, &f->error), NEWS_ERR_ARG);
    assert_int_equal(news_layout_load(f->ctx, "a.html", NULL, NULL, 1, &f->error), NEWS_ERR_ARG);
    assert_int_equal(news_layout_count(NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_values),    TEST(test_code),      TEST(test_ends),    TEST(test_trimming),
        TEST(test_lines),     TEST(test_line_ends), TEST(test_filled),  TEST(test_every_byte),
        TEST(test_big),       TEST(test_extends),   TEST(test_levels),  TEST(test_nested_blocks),
        TEST(test_locals),    TEST(test_own_name),  TEST(test_include), TEST(test_no_state),
        TEST(test_replacing), TEST(test_caught),    TEST(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
