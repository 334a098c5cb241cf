/* Formats: renderers of every sort, the methods of out, proxies, limits, and what errors say. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "news/news.h"

/* The format under test is called "t"; `head` goes into news.format{}, `body` sets renderers. */
typedef struct {
    news_ctx *ctx;
    char *output;
    size_t len;
    news_error error;
    char log[256];
} fixture;

static void keep_log(void *ud, const char *text, size_t len)
{
    fixture *f = ud;
    snprintf(f->log + strlen(f->log), sizeof f->log - strlen(f->log), "%.*s\n", (int)len, text);
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    news_options options = NEWS_OPTIONS_INIT;
    options.log = keep_log;
    options.log_data = f;
    options.max_script_steps = 1000000;
    options.max_script_memory = 16 << 20;
    options.max_output = 1 << 20;
    f->error = (news_error)NEWS_ERROR_INIT;
    assert_int_equal(news_ctx_new(&f->ctx, &options, &f->error), NEWS_OK);
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

static news_status load(fixture *f, const char *lua)
{
    return news_format_load(f->ctx, "t.lua", lua, strlen(lua), &f->error);
}

static news_status render_with(fixture *f, const char *markdown, const char *format,
                               const news_render_options *options)
{
    news_issue *issue;
    assert_int_equal(
        news_parse(f->ctx, &issue, "issue.md", markdown, strlen(markdown), NULL, &f->error),
        NEWS_OK);
    news_free(f->ctx, f->output, f->len);
    news_status status =
        news_render_buffer(f->ctx, issue, format, options, &f->output, &f->len, &f->error);
    news_issue_unref(issue);
    return status;
}

static void format(fixture *f, const char *head, const char *body)
{
    char lua[4096];
    snprintf(
        lua, sizeof lua,
        "local news = require 'news'\nlocal f = news.format { name = 't', %s }\n%s\nreturn f\n",
        head, body);
    if (load(f, lua) != NEWS_OK)
        fail_msg("%s:%u: %s", f->error.source, (unsigned)f->error.line, f->error.message);
}

static void expect(fixture *f, const char *markdown, const char *wanted)
{
    if (render_with(f, markdown, "t", NULL) != NEWS_OK)
        fail_msg("%s:%u: %s", f->error.source, (unsigned)f->error.line, f->error.message);
    assert_string_equal(f->output, wanted);
}

static void expect_error(fixture *f, const char *markdown, unsigned line, const char *message)
{
    assert_int_not_equal(render_with(f, markdown, "t", NULL), NEWS_OK);
    assert_null(f->output);
    assert_string_equal(f->error.message, message);
    assert_int_equal(f->error.line, line);
}

static void expect_load_error(fixture *f, const char *lua, unsigned line, const char *message)
{
    assert_int_equal(load(f, lua), NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.message, message);
    assert_string_equal(f->error.source, "t.lua");
    assert_int_equal(f->error.line, line);
}

/* ---- Renderers ---- */

static void test_root_loses_nothing(void **state)
{
    format(*state, "", "");
    expect(*state,
           "---\ntitle: A title\n---\n\nSome *emph*, **strong**, `code` and a "
           "[link](https://example.org/).\n\n> quoted\n\n- one\n- two\n\n```\n  kept   so\n```\n\n"
           "| a | b |\n|---|---|\n| c | d |\n",
           "A title\n\nSome emph, strong, code and a link <https://example.org/>.\n\nquoted\n\n"
           "one\ntwo\n\n  kept   so\n\na b\nc d\n");
}

static void test_templates(void **state)
{
    format(*state, "fill = false, escape = 'html'",
           "f.issue = '{{ children }}'\n"
           "f.paragraph = '<p data-line=\"{{ line }}\">{{ children }}</p>'\n"
           "f.link = '<a href=\"{{ url }}\" title=\"{{ title }}\">{{ children }}</a>'\n"
           "f.emph = '<em class=\"in-{{ parent.kind }}\">{{ children }}</em>'");
    expect(*state, "a < b & *c* [d](https://example.org/?q=\"1\"&r=2) [e](/f 'ti\"tle')",
           "<p data-line=\"1\">a &lt; b &amp; <em class=\"in-paragraph\">c</em> "
           "<a href=\"https://example.org/?q=%221%22&amp;r=2\">d</a> "
           "<a href=\"/f\" title=\"ti&quot;tle\">e</a></p>");
}

static void test_lists_of_words_in_attributes(void **state)
{
    format(
        *state, "fill = false, escape = 'html'",
        "f.issue = '<i title=\"{{ tags }}\" class=\"a {{ tags }}\">{{ tags }}</i>{{ sections }}'\n"
        "f.section = '<b class=\"{{ classes }}\">{{ title }}</b>'");
    expect(*state, "---\ntags: [x y, '\"z\"']\n---\n# A {.one .two}\n\n# B {.three}\n\n# C\n",
           "<i title=\"x y &quot;z&quot;\" class=\"a x y, &quot;z&quot;\">x y, \"z\"</i>"
           "<b class=\"one two\">A</b><b class=\"three\">B</b><b>C</b>");
}

static void test_layout_in_templates(void **state)
{
    format(*state, "width = 24",
           "f.issue = '{{ slug }} {{ date or \"undated\" }}{{ cr }}{{ summary or \"\" }}{{ "
           "children }}'\n"
           "f.list_item = '- \\t{{ children }}'\n"
           "f.task_item = 'o \\t{{ children }}'\n"
           "f.ordered_list = false\n"
           "f.bare_item = '{{ icon or \"*\" }} \\t{{ title }}\\n{{ url }}'\n"
           "f.listed_item = '= \\t{{ title }}: {{ body }}'");
    expect(
        *state,
        "- some words that hang under the first\n- [x] done\n\n1. gone\n\n---\n\n"
        "- 🧵 [a title that is too long](https://a.example/)\n- [b](https://b.example/)\n"
        "- [c](https://c.example/): d\n",
        "issue undated\n\n- some words that hang\n  under the first\no done\n\n* * *\n\n"
        "🧵 a title that is too\n   long\n   https://a.example/\n\n* b\n  https://b.example/\n\n"
        "= c:\n  d\n");
}

static void test_items_of_ordered_lists(void **state)
{
    static const char issue[] = "- [a](/a)\n\n---\n\n1. [b](/b): c\n2. [d](/d)\n";
    format(*state, "extends = 'text', links = 'off'",
           "f.item = '* \t{{ children }}'\nf.ordered_item = '{{ title }}!'");
    expect(*state, issue, "* a\n\n* * *\n\n 1. b!\n\n 2. d!\n");
    format(*state, "extends = 'text', links = 'off'", "f.listed_item = '{{ title }}?'");
    expect(*state, issue, "a?\n\n* * *\n\n 1. b?\n\n 2. d?\n");
}

static void test_functions_false_and_extends(void **state)
{
    format(*state, "extends = 'text', links = 'off'",
           "f.strong = function(n, out) out('<', n.children, '>') end\n"
           "f.image = false\n"
           "f.thematic_break = '~'");
    expect(*state, "**a** ![b](c.png) d\n\n---\n\ne\n", "<a> d\n\n~\n\ne\n");
}

static void test_super_is_the_parents_renderer(void **state)
{
    format(*state, "extends = 'text', links = 'off'",
           "f.list = function(n, out) out:line('list of ', #n.children); out:super(n) end");
    expect(*state, "- a\n  - b\n", "list of 1\n- a\n  list of 1\n  - b\n");
}

static void test_extends_its_own_name_extends_the_built_in(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, "local news = require 'news'\n"
                             "local f = news.format { name = 'text', extends = 'text' }\n"
                             "f.thematic_break = 'mine'\nreturn f"),
                     NEWS_OK);
    assert_int_equal(render_with(f, "a\n\n---\n\nb", "text", NULL), NEWS_OK);
    assert_string_equal(f->output, "a\n\nmine\n\nb\n");
}

/* Gemini extends text, and is kept from render to render. */
static void test_built_ins_extend_built_ins(void **state)
{
    static const char issue[] = "| a |\n|---|\n| b |\n";
    fixture *f = *state;
    assert_int_equal(render_with(f, issue, "gemini", NULL), NEWS_OK);
    char *before = strdup(f->output);
    fixture *other;
    assert_int_equal(setup((void **)&other), 0);
    assert_int_equal(load(other,
                          "local f = require 'news'.format { name = 'text', extends = 'text' }\n"
                          "f.table = 'mine'\nreturn f"),
                     NEWS_OK);
    assert_int_equal(render_with(other, issue, "gemini", NULL), NEWS_OK);
    assert_string_equal(other->output, before);
    free(before);
    teardown((void **)&other);
}

static void test_escape_function(void **state)
{
    format(*state, "extends = 'text', escape = function(s) return (s:gsub('&', '+')) end",
           "f.emph = '&{{ children }}&'");
    expect(*state, "a & *b & c*", "a + &b + c&\n");
}

/* ---- out ---- */

static void test_layout(void **state)
{
    format(*state, "width = 20",
           "f.issue = function(n, out)\n"
           "  out:line('never broken although it is far too long')\n"
           "  out:hang('12. ', 'some words that hang under the first of them')\n"
           "  out:prefix('> ', 'quoted words that go on for a while')\n"
           "  out:blank(2)('after two'):cr():verbatim('  as it  is\\n\\n  here')\n"
           "  out('x', 1, {'y', 'z'}, function(o) o('!') end)\n"
           "  out:cr()('[', out:pad('ab', 5, 'right'), out:pad('c', 3), '|]')\n"
           "  out:cr()(out:columns('日本'), ' ', out:capture('one\\ntwo'), ' ', out:available())\n"
           "end");
    expect(*state, "x",
           "never broken although it is far too long\n"
           "12. some words that\n    hang under the\n    first of them\n"
           "> quoted words that\n> go on for a while\n\n\nafter two\n  as it  is\n\n  here\n"
           "x1yz!\n[ abc |]\n4 one two 20\n");
}

static void test_tags(void **state)
{
    format(*state, "fill = false, escape = 'html'",
           "f.issue = function(n, out)\n"
           "  out:tag('a', {href = 'https://example.org/ü', ['data-x'] = '\"', hidden = true,\n"
           "    id = false}, 'A&B'):tag('br'):open('i', nil)('x'):close('i')\nend");
    expect(*state, "x",
           "<a data-x=\"&quot;\" hidden href=\"https://example.org/%C3%BC\">A&amp;B</a><br>"
           "<i>x</i>");
}

static void test_content_in_the_place_of_attributes(void **state)
{
    static const char *const given[] = {"n.title", "n.date", "n.children"};
    char body[100];
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        snprintf(body, sizeof body, "f.issue = function(n, out) out:tag('b', %s) end", given[i]);
        format(*state, "escape = 'xml'", body);
        expect_error(*state, "---\ntitle: t\ndate: 2024-05-17\n---\n\nx", 3,
                     "attributes are a table, as in {href = url}, or nil; content stands behind "
                     "them, as in out:tag(\"b\", nil, content)");
    }
}

/* A variant that the format above lacks is, to it, the kind; and one that it has goes before that.
 */
static void test_super_of_variants(void **state)
{
    format(*state, "extends = 'html'",
           "function f.autolink(n, out) out:raw('!') out:super(n) end\n"
           "f.issue = '{{ children }}'\nf.paragraph = '{{ children }}'");
    expect(*state, "<https://a.example/>",
           "!<a href=\"https://a.example/\">https://a.example/</a>");
    format(*state, "extends = 'text', links = 'off'",
           "function f.link(n, out) out('!') out:super(n) end\n"
           "function f.strong(n, out) out('?') out:super(n.children[1]) end\n"
           "f.issue = '{{ children }}'");
    expect(*state, "<https://a.example/> **[b](https://b.example/)**", "!https://a.example/ ?b\n");
}

static void test_markers_are_text(void **state)
{
    format(*state, "escape = 'html'", "f.heading = '{{ text }}: <b>\\t</b>{{ children }}'");
    expect(*state, "## \\<i>\n", "&lt;i&gt;: <b></b>&lt;i&gt;\n");
    format(*state, "escape = 'text'", "f.heading = '{{ text }}: \\tx'");
    expect(*state, "## a\x1b[1m\n", "a\xEF\xBF\xBD[1m: x\n");
    format(*state, "escape = function(s) return s:upper() end", "f.heading = '{{ text }}: \\tx'");
    expect(*state, "## a\n", "A: x\n");
}

static void test_unsafe_places_are_errors(void **state)
{
    format(*state, "fill = false, escape = 'html'",
           "f.issue = function(n, out)\n  out:tag('a', {href = 'javascript:alert(1)'}, 'x')\nend");
    fixture *f = *state;
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_SCRIPT);
    assert_int_equal(f->error.line, 4);
    format(*state, "fill = false, escape = 'html'",
           "f.issue = function(n, out) out:raw('<script>')('x') end");
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_SCRIPT);
    assert_non_null(strstr(f->error.message, "script"));
}

static void test_references(void **state)
{
    const char *markdown = "[a](https://a.example/) [b](https://b.example/) "
                           "[a again](https://a.example/) <https://c.example/>\n\n# S\n\n"
                           "[d](https://d.example/)\n\n# T\n\n[b](https://b.example/)\n";
    format(*state, "links = 'section'", "f.issue = '{{ children }}'");
    expect(*state, markdown,
           "a [1] b [2] a again [1] https://c.example/\n\n[1] https://a.example/\n"
           "[2] https://b.example/\n\nS\n\nd [3]\n\n[3] https://d.example/\n\nT\n\nb [2]\n");
    format(*state, "links = 'end'",
           "f.issue = '{{ children }}'\n"
           "f.links = function(refs, out)\n"
           "  for _, r in ipairs(refs) do out:line(r.number, '=', r.url, ' ', r.text) end\nend");
    expect(*state, markdown,
           "a [1] b [2] a again [1] https://c.example/\n\nS\n\nd [3]\n\nT\n\nb [2]\n\n"
           "1=https://a.example/ a\n2=https://b.example/ b\n3=https://d.example/ d\n");
}

static void test_ref_markers(void **state)
{
    format(*state, "links = 'end'",
           "f.link = function(l, out)\n"
           "  if out:alone(l) then out:shown(l) end\n  out(l.children, out:ref(l), '.')\nend\n"
           "f.links = false\nf.issue = '{{ children }}'");
    expect(*state, "[alone](https://a.example/)\n\n[b](https://b.example/) c",
           "alone.\n\nb [1]. c\n");
}

static void test_emphasis_marks(void **state)
{
    format(*state, "",
           "f.emph = function(n, out) out:mark('_', n) end\nf.issue = '{{ children }}'");
    expect(*state, "*a* (*b*), un*frigging*real *c*d and *`e`*!",
           "_a_ (_b_), unfriggingreal cd and _e_!\n");
}

static void test_options(void **state)
{
    fixture *f = *state;
    format(f, "options = {size = 3, loud = false, mark = 'x'}",
           "f.issue = function(n, out)\n"
           "  local o = out.options\n"
           "  out:line(o.size + 1, tostring(o.loud), o.mark, tostring(o.width), o.links)\nend");
    expect(f, "x", "4falsex72inline\n");
    news_option options[] = {{"size", "7"}, {"loud", "true"}, {"mark", "y"}, {"width", "30"}};
    news_render_options with = NEWS_RENDER_OPTIONS_INIT;
    with.options = options;
    with.option_count = 4;
    assert_int_equal(render_with(f, "x", "t", &with), NEWS_OK);
    assert_string_equal(f->output, "8truey30inline\n");
    options[0] = (news_option){"sise", "7"};
    assert_int_equal(render_with(f, "x", "t", &with), NEWS_ERR_ARG);
    assert_string_equal(f->error.message, "format 't' has no option 'sise'; did you mean 'size'?");
    options[0] = (news_option){"size", "big"};
    assert_int_equal(render_with(f, "x", "t", &with), NEWS_ERR_ARG);
    assert_string_equal(f->error.message, "option size: 'big' is not a number");
    options[0] = (news_option){"width", "7"};
    assert_int_equal(render_with(f, "x", "t", &with), NEWS_ERR_ARG);
}

static void test_options_in_templates(void **state)
{
    fixture *f = *state;
    format(f, "fill = false, escape = 'html', options = {size = 3, loud = false, mark = '<'}",
           "f.issue = '{{ children }}'\n"
           "f.paragraph = '<p title=\"{{ options.mark }}\" style=\"order:{{ options.size }}\">"
           "{{ options.loud }}{{ children }}</p>'");
    expect(f, "x", "<p title=\"&lt;\" style=\"order:3\">falsex</p>");
    format(f, "options = {mark = '+'}",
           "f.issue = function(n, out) out.options.own = 7 out(n.children) end\n"
           "f.paragraph = '{{ options.mark }}{{ options.own }} {{ children }}'");
    expect(f, "x", "+7 x\n");
    format(f, "", "f.paragraph = '{{ options.mark }}'");
    expect_error(f, "x", 3, "the format has no option 'mark' that could be written");
    expect_load_error(f, "local f = require'news'.format { name = 'x' }\nf.code = '{{ options }}'",
                      2, "a node of kind code has no field 'options'; it has children, literal");
}

/* ---- Proxies ---- */

static void test_proxies(void **state)
{
    format(*state, "width = false",
           "f.issue = function(n, out)\n"
           "  local s = n.sections[1]\n"
           "  assert(s == n.sections[1] and n.sections[1].parent == n)\n"
           "  assert(#n.sections == 2 and #n.links == 1 and n.sections[3] == nil)\n"
           "  assert(n.meta.nothing == nil and n.meta.colour == 'red' and #n.authors == 2)\n"
           "  assert(table.concat(n.authors, '+') == 'Ann+Bo')\n"
           "  local seen = {}\n"
           "  for i, x in ipairs(n.sections) do seen[i] = x.id end\n"
           "  for k, v in pairs(n.meta) do seen[#seen + 1] = k .. '=' .. v end\n"
           "  for k in pairs(n.links[1]) do seen[#seen + 1] = k end\n"
           "  assert(tostring(n.date) == '2024-05-17')\n"
           "  out(table.concat(seen, ' '), ' ', n.date.year, ' ', news.date(n.date, '%A %-d %B'))\n"
           "end");
    expect(*state,
           "---\nauthors: [Ann, Bo]\ncolour: red\nsize: 2\ndate: 2024-05-17\n---\n# A\n# B\n"
           "[x](https://a.example/)\n",
           "a b colour=red size=2 kind line column text url target host children parent "
           "2024 Friday 17 May\n");
}

static void test_pairs_order(void **state)
{
    format(*state, "width = false",
           "f.issue = function(n, out)\n"
           "  local t, keys = {}, {}\n"
           "  for i = 30, 1, -1 do t['k' .. i] = i; t[i * 2] = i end\n"
           "  t[1.5] = true\n"
           "  for k in pairs(t) do keys[#keys + 1] = tostring(k) end\n"
           "  out(table.concat(keys, ' ', 29, 36))\nend");
    expect(*state, "x", "58 60 1.5 k1 k10 k11 k12 k13\n");
}

static void test_nodes_are_read_only(void **state)
{
    format(*state, "", "f.issue = function(n, out) n.title = 'x' end");
    expect_error(*state, "x", 3, "the issue is read-only; it cannot be changed by a format");
    format(*state, "", "f.paragraph = function(n, out)\n out(n.chlidren) end");
    expect_error(*state, "x", 4,
                 "a node of kind paragraph has no field 'chlidren'; did you mean 'children'?");
}

static void test_what_is_no_string_and_no_function(void **state)
{
    static const char nodes[] =
        "nodes are no strings to join with '..'; give them to out one after "
        "the other: out(\"*\", node.children, \"*\")",
                      date[] = "a date is no string to join with '..'; news.date(d) makes one";
    static const struct {
        const char *expression, *message;
    } faults[] = {
        {"'*' .. n.children", nodes},
        {"n.children .. '*'", nodes},
        {"n .. n", nodes},
        {"'on ' .. n.date", date},
        {"n.date .. ''", date},
        {"n()", "a node of kind issue is no function"},
        {"n.tags()",
         "a list is no function; a loop over it is written 'for i, entry in ipairs(list) do'"},
    };
    char body[128];
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        snprintf(body, sizeof body, "f.issue = function(n, out)\n out(%s) end",
                 faults[i].expression);
        format(*state, "", body);
        expect_error(*state, "---\ndate: 2024-05-17\ntags: a, b\n---\n\nx", 4, faults[i].message);
    }
}

static void test_nothing_survives_a_render(void **state)
{
    format(*state, "",
           "count = (count or 0) + 1\nlocal renders = 0\n"
           "f.issue = function(n, out)\n"
           "  renders = renders + 1; leak = (leak or 0) + 1; string.x = (string.x or 0) + 1\n"
           "  out(count, renders, leak, string.x)\nend");
    expect(*state, "x", "1111\n");
    expect(*state, "x", "1111\n");
}

/* ---- Errors ---- */

static void test_error_names_script_and_node(void **state)
{
    fixture *f = *state;
    format(f, "", "f.strong = function(n, out)\n  error('no bold here')\nend");
    expect_error(f, "one\n\ntwo **three**\n", 4, "no bold here");
    assert_int_equal(f->error.status, NEWS_ERR_SCRIPT);
    assert_string_equal(f->error.source, "t.lua");
    assert_string_equal(f->error.node_source, "issue.md");
    assert_int_equal(f->error.node_line, 3);
    assert_int_equal(f->error.node_column, 5);
}

static void test_mistakes_in_scripts(void **state)
{
    fixture *f = *state;
    expect_load_error(f, "x = = 1", 1, "unexpected symbol near '='");
    expect_load_error(
        f, "\n\nreturn 12", 3,
        "a format script must return what news.format made; this one returned number");
    expect_load_error(f, "", 1,
                      "a format script must return what news.format made; this one returned "
                      "nothing");
    expect_load_error(f, "\nlocal f = news.format { name = 'x' }", 2,
                      "attempt to index a nil value (global 'news'); begin the script with: local "
                      "news = require \"news\"");
    expect_load_error(f, "local n = require 'news'\nn.format { name = 'x', with = 3 }", 2,
                      "news.format: there is no setting 'with'; did you mean 'width'?");
    expect_load_error(f, "local n = require 'news'\nn.format { name = 'Bad Name' }", 2,
                      "news.format: the name 'Bad Name' may hold a-z, 0-9, '-' and '_' only");
    expect_load_error(f, "local n = require 'news'\nn.format { name = 'x', extends = 'txet' }", 2,
                      "there is no format 'txet'; did you mean 'text'?");
    expect_load_error(f, "require 'news'.format { name = 'x', extends = 'odt9' }", 1,
                      "there is no format 'odt9'; there are email, eml, gemini, html, text");
    expect_load_error(f, "local f = require'news'.format { name = 'x' }\n\nf.lnik = ''", 3,
                      "there is no renderer 'lnik'; did you mean 'link'?");
    expect_load_error(f, "local f = require'news'.format { name = 'x' }\n\nf.link = '{{ ulr }}'", 3,
                      "a node of kind link has no field 'ulr'; did you mean 'url'?");
    expect_load_error(f, "local f = require'news'.format { name = 'x' }\nf.link = '{{ url'", 2,
                      "a '{{' in the template is not closed by '}}'");
    expect_load_error(
        f, "local f = require'news'.format { name = 'x' }\nf.link = '{{ a + b }}'", 2,
        "'{{ a + b }}': a template holds field names such as {{ title }}, {{ parent.level }} or "
        "{{ icon or \"-\" }}; write a function where there is logic");
    expect_load_error(f, "local f = require'news'.format { name = 'x' }\nf.link = 7", 2,
                      "renderer 'link' is a number; it may be a template string, a function "
                      "(node, out), or false");
    expect_load_error(f, "require 'io'", 1,
                      "there is no module 'io'; there are \"news\", \"news.colour\", "
                      "\"news.mail\", \"news.page\", \"news.words\" and those that "
                      "the program has loaded");
    expect_load_error(f, "\x1bLua", 1, "attempt to load a binary chunk (mode is 't')");
    expect_load_error(f, "error({})", 1, "the script raised an error that is table, not a string");
}

static void test_rubbish_from_renderers(void **state)
{
    format(*state, "", "f.paragraph = function(n, out) out(n.children, {x = 1}) end");
    expect_error(*state, "x", 3,
                 "out: a table is written only if it is an array of things to write");
    format(*state, "", "f.paragraph = function(n, out) out(true) end");
    expect_error(*state, "x", 3,
                 "out: argument 1 is a boolean; it writes strings, numbers and nodes");
    format(*state, "", "f.paragraph = function(n, out) return 'x' end");
    expect_error(*state, "x", 3,
                 "renderer 'paragraph' returned a string; a renderer writes with out(…)");
    format(*state, "", "f.paragraph = function(n, out) out(n.parent) end");
    expect_error(*state, "x", 3, "the format renders this node inside itself");
    format(*state, "", "f.paragraph = '{{ parent }}'");
    assert_int_equal(render_with(*state, "x", "t", NULL), NEWS_ERR_SCRIPT);
    format(*state, "", "f.paragraph = function(n, out) out.blank() end");
    expect_error(*state, "x", 3, "call it with a colon, as in out:blank()");
}

static void test_limits_end_the_script(void **state)
{
    fixture *f = *state;
    format(f, "",
           "f.issue = function(n, out)\n"
           "  while true do pcall(function() while true do end end) end\nend");
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_LIMIT);
    format(f, "",
           "f.issue = function(n, out)\n"
           "  while true do pcall(string.rep, 'x', 1 << 40) end\nend");
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_LIMIT);
    format(f, "",
           "f.issue = function(n, out)\n"
           "  while true do pcall(out, ('x'):rep(4096)) end\nend");
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_LIMIT);
    assert_string_equal(f->error.message, "the output is larger than 1048576 bytes");
    format(f, "", ""); /* and the context goes on */
    expect(f, "x", "x\n");
}

static void test_pcall_restores_the_writer(void **state)
{
    format(*state, "",
           "f.issue = function(n, out)\n"
           "  local ok, why = pcall(function()\n"
           "    out:prefix('> ', 'a', function() out:capture(function() error('no', 0) end) end)\n"
           "  end)\n"
           "  out:cr()('b ', tostring(ok), ' ', why)\nend");
    expect(*state, "x", "> a\nb false no\n");
}

static void test_nothing_reaches_outside(void **state)
{
    format(*state, "width = false",
           "f.issue = function(n, out)\n"
           "  for _, name in ipairs {'io', 'os', 'debug', 'load', 'loadstring', 'dofile',\n"
           "      'loadfile', 'collectgarbage', 'package', 'news'} do\n"
           "    assert(_G[name] == nil, name)\n  end\n"
           "  assert(string.dump == nil)\n"
           "  assert(getmetatable('') == false and getmetatable(n) == false)\n"
           "  assert(not pcall(setmetatable, {}, {__gc = print}))\n"
           "  print(tostring({}), tostring(print), 1)\n"
           "  out('ok')\nend");
    expect(*state, "x", "ok\n");
    assert_string_equal(((fixture *)*state)->log, "table\tfunction\t1\n");
}

static void test_json(void **state)
{
    format(
        *state, "width = false",
        "f.issue = function(n, out)\n"
        "  out:verbatim(news.json { b = 1, a = {true, 2.5, '</script>\\n\"\\\\'}, c = {} })\nend");
    expect(*state, "x",
           "{\"a\":[true,2.5,\"\\u003c/script\\u003e\\u000a\\\"\\\\\"],\"b\":1,\"c\":{}}\n");
}

static int refuse_sink(void *ud, const char *bytes, size_t len)
{
    news_issue *issue = ud;
    (void)bytes;
    (void)len;
    news_issue_unref(issue);
    return 1;
}

typedef struct {
    fixture *f;
    news_issue *issue;
    news_status inside;
} nested;

static int render_inside(void *ud, const char *bytes, size_t len)
{
    nested *n = ud;
    char *copy;
    size_t copy_len;
    n->inside =
        news_render_buffer(n->f->ctx, n->issue, "text", NULL, &copy, &copy_len, &n->f->error);
    assert_int_equal(len, 2);
    assert_memory_equal(bytes, "x\n", 2); /* what the sink was given is still there */
    return 0;
}

static void test_sinks(void **state)
{
    fixture *f = *state;
    nested n = {.f = f};
    assert_int_equal(news_parse(f->ctx, &n.issue, "x.md", "x", 1, NULL, &f->error), NEWS_OK);
    assert_int_equal(news_render(f->ctx, n.issue, "text", NULL, render_inside, &n, &f->error),
                     NEWS_OK);
    assert_int_equal(n.inside, NEWS_ERR_ARG);
    assert_int_equal(news_render(f->ctx, n.issue, "text", NULL, refuse_sink, n.issue, &f->error),
                     NEWS_ERR_SINK);
}

static void test_the_hosts_locale_does_not_matter(void **state)
{
    fixture *f = *state;
    format(
        f, "width = false, options = {size = 1.5}",
        "f.issue = function(n, out)\n"
        "  out(tostring(out.options.size), ' ', ('%.1f'):format(2.5), ' ', 'Ä' < 'a' and 1 or 2)\n"
        "end");
    const char *before = setlocale(LC_ALL, "de_DE.UTF-8"); /* where there is one */
    expect(f, "x", "1.5 2.5 2\n");
    setlocale(LC_ALL, "C");
    if (before == NULL)
        print_message("there is no German locale here: little was tested\n");
}

static void test_no_addresses(void **state)
{
    format(*state, "width = false",
           "f.issue = function(n, out)\n"
           "  out(('%s %s %5.1f'):format({}, print, 2), ' ', tostring(pcall(string.format, '%p', "
           "n)))\n"
           "  out(' ', next({b = 1, a = 2}), ' ', tostring(next({})), ' ', tostring(pcall(next, "
           "{}, 1)))\n"
           "end");
    expect(*state, "x", "table function 2.0 false a nil false\n");
}

static void test_circles_are_refused(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, "return require 'news'.format { name = 'a', extends = 'text' }"),
                     NEWS_OK);
    assert_int_equal(load(f, "return require 'news'.format { name = 'b', extends = 'a' }"),
                     NEWS_OK);
    assert_int_equal(load(f, "return require 'news'.format { name = 'a', extends = 'b' }"),
                     NEWS_ERR_SCRIPT);
    assert_int_equal(render_with(f, "x", "b", NULL), NEWS_OK); /* the old a is still there */
}

static void test_a_caught_error_leaves_no_trace(void **state)
{
    format(*state, "extends = 'text'",
           "f.emph = function(n, out) return 1 end\n"
           "f.issue = function(n, out)\n"
           "  pcall(out, n.children)\n"
           "  error('mine')\nend");
    expect_error(*state, "*x*", 6, "mine");
}

static void test_variants_of_headings(void **state)
{
    const char *issue = "## a\n\n### b\n\n> ## c\n\n- # d\n\n### e\n\n###### f\n";
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.section = '{{ heading }}{{ children }}'\n"
           "f.heading = '({{ text }})\\n'\nf.heading_2 = '2 {{ parent.id }}\\n'\n"
           "f.heading_3 = '3 {{ text }}\\n'");
    expect(*state, issue,
           "2 a\n3 b\n<blockquote>\n(c)\n</blockquote>\n<ul>\n<li>(d)\n</li>\n</ul>\n3 e\n(f)\n");
    /* One renderer of the format's own for all of them goes before those of html. */
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.section = '{{ heading }}{{ children }}'\n"
           "f.heading = '{{ level }} {{ text }}\\n'");
    expect(*state, issue,
           "2 a\n3 b\n<blockquote>\n2 c\n</blockquote>\n<ul>\n<li>1 d\n</li>\n</ul>\n3 e\n4 f\n");
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.section = '{{ heading }}{{ children }}'\n"
           "function f.heading(h, out) out:raw('-'):super(h) end");
    expect(*state, issue,
           "-<h2>a</h2>\n-<h3>b</h3>\n<blockquote>\n-<h2 id=\"c\">c</h2>\n</blockquote>\n<ul>\n"
           "<li>-<h1 id=\"d\">d</h1>\n</li>\n</ul>\n-<h3>e</h3>\n-<h4>f</h4>\n");
}

static void test_styles(void **state)
{
    const char *two = "local high = require 'news'.style(f, 'high')\n"
                      "f.issue = '{{ children }}'\nf.emph = '({{ children }})'\n"
                      "f.directive = '{{ name }}'\n"
                      "high.emph = function(n, out) out('^'):super(n) end\n"
                      "high['directive.box'] = 'a box'\nhigh.thematic_break = false";
    format(*state, "extends = 'text', options = { style = { 'low', 'high' } }", two);
    expect(*state, "*a*\n\n---\n\n::: box\nb\n:::\n", "(a)\n\n* * *\n\nbox\n");
    format(*state, "extends = 'text', options = { style = { 'high', 'low' } }", two);
    expect(*state, "*a*\n\n---\n\n::: box\nb\n:::\n", "^(a)\n\na box\n");
    /* What a format says itself goes before the styles of the one it extends. */
    format(*state, "extends = 'text', options = { style = { 'ten', 'setext' } }",
           "f.issue = '{{ children }}'\nf.emph = '<{{ children }}>'");
    expect(*state, "*a* **b**\n", "<a> b\n");
    expect_load_error(*state,
                      "local f = require 'news'.format { name = 't', extends = 'text' }\n"
                      "require 'news'.style(f, 'loud')",
                      2,
                      "news.style: format 't' has no such style; name it among its options, as "
                      "in options = { style = { \"usual\", \"loud\" } }");
    expect_load_error(*state, "require 'news'.style('text', 'ten')", 1,
                      "news.style: give it a format and the name of a style");
    format(*state, "extends = 'text', options = { style = { 'low', 'high' } }",
           "f.issue = function() require 'news'.style(f, 'high') end");
    expect_error(*state, "a", 3, "a format's styles are made while its script runs, not later");
}

static void test_plain_words(void **state)
{
    format(*state, "extends = 'text', width = false, links = 'section'",
           "f.heading = '= {{ plain }} ='\nf.links = '{{ number }} {{ url }}'");
    expect(*state, "## a *b* [c](/c) `d` ![e](e.png) [![f](f.png) ~~g~~](/f)[^1]\n\n[^1]: note\n",
           "= a b c d e f g¹ [1] [2] [3] =\n\n1 /c\n2 e.png\n3 /f\n\n\nNotes\n-----\n\n¹ note\n");
    format(*state, "extends = 'text', width = false",
           "function f.heading(heading, out) out('= '):plain(heading):raw(' =') end");
    expect(*state, "## *a* b\n", "= a b =\n");
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.heading = '<b>{{ plain }}</b>'");
    expect(*state, "> # *a* & b\n", "<blockquote>\n<b>a &amp; b</b></blockquote>\n");
    format(*state, "extends = 'text'", "function f.heading(heading, out) out:plain('a') end");
    expect_error(*state, "## a\n", 3, "bad argument #1 to 'plain' (node expected, got string)");
}

static void test_tables_in_columns(void **state)
{
    const char *table =
        "| a | *b* |\n|:--|--:|\n| one  two | |\n| Ä![](i.png)<br>x | [l](/l) |\n| c |\n";
    const char *body = "function f.table(t, out)\n"
                       "  local rows = out:aligned(t, 14)\n"
                       "  if rows then out('no ', #rows, ' ', rows[4][1], ' ', #rows[4]) end\n"
                       "  out:cr()(table.concat(out:longest_words(t), ' '))\n"
                       "end";
    format(*state, "extends = 'text', links = 'inline'", body);
    expect(*state, table, "no 4 c 2\n3 1\n");
    format(*state, "extends = 'text', links = 'off'", body);
    expect(*state, table, "a        _b_\n-------  ---\none two\nÄ x        l\nc\n3 1\n");
    /* A header alone is written however little room there is. */
    format(*state, "extends = 'text'", "function f.table(t, out) out:aligned(t, 0) end");
    expect(*state, "| a | b |\n|---|:-:|\n", "a  b\n-  -\n");
    /* No line ends with spaces, and so none with a column that has nothing in it. */
    format(*state, "extends = 'text'", "function f.table(t, out) out:aligned(t, 40) end");
    expect(*state, "| a | b | |\n|---|:-:|---|\n| c | | |\n", "a  b\n-  -\nc\n");
    format(*state, "extends = 'text'", "function f.paragraph(p, out) out:aligned(p, 10) end");
    expect_error(*state, "a", 3, "a table of the issue expected; this is a node of kind paragraph");
    format(*state, "extends = 'text'", "function f.table(t, out) out:aligned(t, -1) end");
    expect_error(*state, table, 3, "bad argument #2 to 'aligned' (a number of columns)");
    format(*state, "extends = 'html'", "function f.table(t, out) out:aligned(t, 10) end");
    expect_error(*state, table, 3, "out:aligned is for filled formats");
    format(
        *state, "extends = 'html'",
        "f.issue = '{{ children }}'\nf.table = '{{ header }}'\nf.header_cell = '[{{ children }}]'\n"
        "f.blank_header = '[ ]'");
    expect(*state, "| a | |\n|---|---|\n| b | c |\n", "<tr>\n[a][ ]</tr>\n");
}

static void test_cells_between_markup(void **state)
{
    const char *table = "| a | *b* |\n|---|---|\n| `<c>` | [d](/l) |\n| e |\n";
    /* The tracker knows where each cell stands, in all rows. */
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.emph = '{{ children }}'\n"
           "function f.code(code, out) out:raw('<!--') out(code.literal):raw('-->') end\n"
           "function f.table(t, out)\n"
           "  out:cells(t.header, {'<b>', '</b><i title=\"'}, '\"></i>\\n')\n"
           "  out:cells(t.children, {'<p>', '<br>'}, '</p>\\n')\n"
           "end");
    expect(*state, table,
           "<b>a</b><i title=\"b\"></i>\n<p>a<br>b</p>\n<p><!--&lt;c&gt;--><br>"
           "<a href=\"/l\">d</a></p>\n<p>e<br></p>\n");
    /* Markup that ends elsewhere than it begins is read again each time. */
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.code = '{{ literal }}'\nf.link = '{{ children }}'\n"
           "function f.table(t, out) out:cells(t.rows, {'<i title=\"', '\" lang=\"'}, '\"></i>') "
           "end");
    expect(*state, table, "<i title=\"&lt;c&gt;\" lang=\"d\"></i><i title=\"e\" lang=\"\"></i>");
    /* What renderers do to the array comes too late. */
    format(*state, "extends = 'text', links = 'off'",
           "local before = {'1 ', ' 2 '}\n"
           "function f.code(code, out)\n"
           "  before[1], before[2] = nil, nil\n"
           "  for i = 1, 1000 do before[3] = ('x'):rep(i) end\n"
           "  out('c')\n"
           "end\n"
           "function f.table(t, out) out:cells(t.rows, before, '; ') end");
    expect(*state, table, "1 c 2 d; 1 e 2 ;\n");
    format(*state, "extends = 'text'", "function f.table(t, out) out:cells(t.rows, {'a'}, '') end");
    expect_error(*state, table, 3,
                 "out:cells: before the cells of column 2 stands a nil, not a string");
    format(*state, "extends = 'text'", "function f.table(t, out) out:cells(t, {'a'}, '') end");
    expect_error(*state, table, 3,
                 "out:cells: rows of a table expected; this is a node of kind table");
    format(*state, "extends = 'text'", "function f.table(t, out) out:cells(t.rows, '', '') end");
    expect_error(*state, table, 3, "bad argument #2 to 'cells' (table expected, got string)");
}

static void test_words_as_a_string(void **state)
{
    format(*state, "extends = 'html'",
           "f.issue = '{{ children }}'\nf.note = false\n"
           "function f.paragraph(p, out) out('[', out:words(p), ']') end");
    expect(*state, "*a*  `<b>`\n[c **d**](/l)![e](/f)<br>g[^n]\n\n[^n]: h\n",
           "[a  &lt;b&gt; c d g]");
    format(*state, "extends = 'text'", "function f.paragraph(p, out) out:words('a') end");
    expect_error(*state, "a", 3, "bad argument #1 to 'words' (node expected, got string)");
}

static void test_entries_and_what_they_are_in(void **state)
{
    format(*state, "extends = 'text', width = false",
           "local news = require 'news'\n"
           "function f.list_item(entry, out)\n"
           "  local list = news.within(entry, 'list')\n"
           "  local outer = news.within(list, 'list', 'block_quote')\n"
           "  out:entry(not outer and '- ' or outer.kind == 'list' and '-- ' or '> ', entry)\n"
           "end");
    expect(*state, "- a\n  - b\n\n    c\n- ```\n  d\n  ```\n-\n\n> - e\n",
           "- a\n\n-- b\n\nc\n\n-\n    d\n-\n\n> > e\n");
    format(*state, "extends = 'text', width = false, links = 'off'",
           "f.list_item = '- {{ entry }}'\nf.link_item = '=> \\t{{ children }}'");
    expect(*state, "- a\n  - *[b](/b)*\n  - c\n- [d](/d)\n- [ ] e\n- [f](/f)\n\n  g\n",
           "- a\n\n=> _b_\n- c\n\n=> d\n\n- e\n\n- f\n\ng\n");
    format(*state, "extends = 'text'",
           "function f.emph(emph, out)\n"
           "  local news = require 'news'\n"
           "  out(news.within(emph, 'issue').title, tostring(news.within(emph, 'table', 'list')))\n"
           "end");
    expect(*state, "---\ntitle: T\n---\n*a*\n", "T\n=\n\nTnil\n");
    format(*state, "extends = 'text'",
           "function f.emph(emph) require 'news'.within(emph, 'lists') end");
    expect_error(*state, "*a*\n", 3, "there is no kind of node called 'lists'");
}

static void test_variants_of_links_and_lists(void **state)
{
    format(*state, "extends = 'text', width = false, links = 'section'",
           "f.link_paragraph = 'alone: {{ children }}'\n"
           "f.nested_list = 'inside: {{ children }}'\n"
           "f.plain_item = '+ \\t{{ children }}'\n"
           "function f.autolink(link, out) out(link.children, '!') end\n"
           "f.blank_link = '({{ host }}){{ ref }}'\n"
           "f.image = '{{ alt }}{{ ref }}'\n"
           "f.links = '{{ number }} {{ text }} {{ url }}'");
    expect(*state,
           "**[a](https://a.example/)**\n\n~~[b](https://a.example/)~~\n\n[~~c~~](/c)\n\n"
           "d https://d.example/, x [![](e.png)](https://e.example/) ![f](f.png)\n\n"
           "- one\n  - two\n- [g](https://g.example/)\n- h\n\n  i\n",
           "alone: *a [1]*\n\n~b [1]~\n\n~c~ [2]\n\n"
           "d https://d.example/!, x (e.example) [3] f [4]\n\n"
           "- one\n\n  inside:\n  + two\n\n- alone: g [5]\n\n- h\n\n  i\n\n"
           "1 a https://a.example/\n2 c /c\n3 e.example https://e.example/\n4 f f.png\n"
           "5 g https://g.example/\n");
    format(*state, "extends = 'html', links = 'end'",
           "f.issue = '{{ children }}'\nf.link = '{{ children }}{{ ref }}'\n"
           "f.links = '<a href=\"{{ url }}\">{{ text }}</a>'");
    expect(*state, "[a & b](https://a.example/?b&c)",
           "<p>a &amp; b [1]</p>\n\n<a href=\"https://a.example/?b&amp;c\">a &amp; b</a>\n");
    expect_load_error(*state,
                      "local f = require 'news'.format { name = 't' }\nf.links = '{{ title }}'", 2,
                      "the template of a reference holds {{ number }}, {{ url }} and {{ text }} "
                      "only");
    expect_load_error(*state, "local f = require 'news'.format { name = 't' }\nf.links = 'a\\tb'",
                      2, "the template of a reference is one line, without newlines and tabs");
}

/* The writer's array of references grows while they are written. */
static void test_references_from_an_escape(void **state)
{
    format(*state,
           "links = 'end', width = false,\n"
           "escape = function(s)\n"
           "  for i, link in ipairs(s == 'a' and links or {}) do saved:ref(link) end\n"
           "  return s\nend",
           "links = false\n"
           "function f.issue(issue, out) out(issue.intro[1]) saved, links = out, issue.links end\n"
           "f.links = '{{ number }} {{ text }} {{ url }}'");
    char issue[8192] = "[b](/b) [a](/a) [c](/c)\n\n";
    for (size_t i = 0, at = strlen(issue); i < 200; i++)
        at += (size_t)snprintf(issue + at, sizeof issue - at, "[x](/x%zu)\n", i);
    expect(*state, issue, "b [1] a [2] c [3]\n\n1 b /b\n2 a /a\n3 c /c\n");
}

/* ---- Directives by name ---- */

static void test_directives_by_name(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, "local f = require 'news'.format { name = 'base', extends = 'text' }\n"
                             "f['directive.far'] = 'far: {{ children }}'\n"
                             "f['directive.loud'] = 'base: {{ children }}'\n"
                             "f.directive = 'any {{ name }}: {{ children }}'\nreturn f"),
                     NEWS_OK);
    format(f, "extends = 'base'",
           "f.directive = 'mine {{ name }}: {{ children }}'\n"
           "f['directive.gone'] = false\n"
           "f['directive.loud'] = function(n, out) out:line('!') out:super(n) end\n"
           "f['directive.odd_1-x'] = function(n, out) out:line('?') out:super(n) end\n"
           "assert(f['directive.loud'] and not f['directive.gone'] and not f['directive.no'])");
    expect(f,
           "::: far\na\n:::\n\n::: loud\nb\n:::\n\n::: gone\nc\n:::\n\n::: odd_1-x\nd\n:::\n\n"
           "::: other\ne\n:::\n",
           "far:\n\na\n\n!\nbase:\n\nb\n\n?\nany odd_1-x:\n\nd\n\nmine other:\n\ne\n");
    format(f, "extends = 'base'", "f['directive.far'] = function(n, out) return 1 end");
    expect_error(f, "::: far\na\n:::\n", 3,
                 "renderer 'directive.far' returned a number; a renderer writes with out(…)");
    /* A named one may be taken back, and super of another node starts where that node's is. */
    format(f, "extends = 'base'",
           "f['directive.far'] = 'x'\nf['directive.far'] = nil\n"
           "f.paragraph = function(n, out) out(n.children, ';') end\n"
           "f['directive.loud'] = function(n, out) out:super(n.children[1]) end");
    expect(f, "::: far\na\n:::\n\n::: loud\n::: far\nb\n:::\n:::\n\n::: loud\nc\n:::\n",
           "far:\n\na;\n\nfar:\n\nb;\n\nc\n");
}

static void test_words_of_directives_in_templates(void **state)
{
    format(*state, "extends = 'text'",
           "f['directive.e'] = '{{ args.1 }}/{{ args.2 or \"-\" }}/{{ args.0 or \"-\" }}/'"
           ".. '{{ attrs.at or \"-\" }}'");
    expect(*state, "::: e \"one two\" three at=pier\n:::\n\n::: e\n:::\n",
           "one two/three/-/pier\n\n/-/-/-\n");
    format(*state, "extends = 'text'", "f['directive.e'] = '{{ args.first }}'");
    expect_error(*state, "::: e one\n:::\n", 3,
                 "a sequence is read by number, as in {{ args.1 }}; not by 'first'");
}

static void test_names_of_directives(void **state)
{
    static const char *const bad[] = {"", "1", "-a", "A", "a.b", "a b", "b\u00fc"};
    char lua[128], message[160];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(lua, sizeof lua,
                 "local f = require 'news'.format { name = 'x' }\nf['directive.%s'] = ''", bad[i]);
        snprintf(message, sizeof message,
                 "'directive.%s': the name of a directive begins with a letter and holds a-z, 0-9, "
                 "'-' and '_' only",
                 bad[i]);
        expect_load_error(*state, lua, 2, message);
    }
    expect_load_error(
        *state, "local f = require 'news'.format { name = 'x' }\nf['directive.a'] = '{{ ulr }}'", 2,
        "a node of kind directive has no field 'ulr'; it has children, name, class, classes, "
        "attrs, args");
    expect_load_error(*state, "local f = require 'news'.format { name = 'x' }\nf.event = ''", 2,
                      "there is no renderer 'event'; that of a directive is called "
                      "[\"directive.event\"]");
    expect_load_error(*state,
                      "local f = require 'news'.format { name = 'x' }\nf.directive.event = ''", 2,
                      "attempt to index a nil value (field 'directive'); a directive's renderer is "
                      "format[\"directive.NAME\"]");
    expect_load_error(*state,
                      "local f = require 'news'.format { name = 'x' }\nf['directive.a'] = true", 2,
                      "renderer 'directive.a': true means nothing; false renders nothing");
    expect_load_error(*state, "require 'news'.format { name = 'x', edition = 'Web' }", 1,
                      "news.format: the edition 'Web' may hold a-z, 0-9, '-' and '_' only");
}

static void test_attributed_quotes(void **state)
{
    format(*state, "extends = 'text'",
           "f.block_quote = 'q {{ children }}'\n"
           "f.attributed_quote = '{{ attribution.children }} says {{ body }}'");
    expect(*state, "> a\n\n---\n\n> b\n>\n> -- *C*\n", "q\n\na\n\n* * *\n\n_C_ says\n\nb\n");
    format(*state, "extends = 'text'", "f.block_quote = 'q {{ children }}'");
    expect(*state, "> b\n>\n> -- C\n", "q\n\nb\n\n— C\n");
}

/* ---- Merge fields ---- */

static void test_merge_fields(void **state)
{
    fixture *f = *state;
    news_option fields[] = {{"name", "twice"}, {"name", "Ann <b> & 'C'"}, {"at", "a b/\u00fc?#@"}};
    news_render_options with = NEWS_RENDER_OPTIONS_INIT;
    with.fields = fields;
    with.field_count = 3;
    format(
        f, "extends = 'html'",
        "f.issue = function(n, out)\n"
        "  out(n.title, '|', n.sections[1].title, '|', n.links[1].text, '|', n.links[1].url, '|',\n"
        "    tostring(n.links[1].host), '|', n.links[4].url)\n"
        "  for k, v in pairs(n.links[2]) do if k == 'url' then out('|', v) end end\n"
        "  out:raw('\\n')(n.children)\nend\n"
        "f.section = '{{ title }} {{ heading.text }} {{ children }}'");
    assert_int_equal(
        render_with(f,
                    "---\ntitle: For {{ name }} \\{{ x }}\n---\n\n"
                    "{{ name }} *{{ day or \"<Monday>\" }}*{{ none or '' }}\n\n"
                    "[of {{ name }}](https://{{ at }}.example/{{ at }}?{{ day or 'x y' }})\n"
                    "[b](/{{ at }} 'T {{ name }}') https://c.example/{{ at }}\n"
                    "[m](mailto:{{ box or 'a@b.example' }})\n\n"
                    "# S {{ name }}\n\n[{{ at }}](https://d.example/)",
                    "t", &with),
        NEWS_OK);
    assert_string_equal(
        f->output,
        "For Ann &lt;b&gt; &amp; 'C' {{ x }}|S Ann &lt;b&gt; &amp; 'C'|of Ann &lt;b&gt; &amp; 'C'|"
        "https://a%20b%2F%C3%BC%3F%23%40.example/a%20b%2F%C3%BC%3F%23%40?x%20y|"
        "a%20b%2F%C3%BC%3F%23%40.example|mailto:a@b.example|/a%20b%2F%C3%BC%3F%23%40\n"
        "<p>Ann &lt;b&gt; &amp; 'C' <em>&lt;Monday&gt;</em></p>\n"
        "<p><a href=\"https://a%20b%2F%C3%BC%3F%23%40.example/a%20b%2F%C3%BC%3F%23%40?x%20y\">"
        "of Ann &lt;b&gt; &amp; 'C'</a>\n"
        "<a href=\"/a%20b%2F%C3%BC%3F%23%40\" title=\"T Ann &lt;b&gt; &amp; &#39;C&#39;\">b</a> "
        "<a href=\"https://c.example/a%20b%2F%C3%BC%3F%23%40\">"
        "https://c.example/a%20b%2F%C3%BC%3F%23%40</a>\n"
        "<a href=\"mailto:a@b.example\">m</a></p>\n"
        "S Ann &lt;b&gt; &amp; 'C' S Ann &lt;b&gt; &amp; 'C' "
        "<p><a href=\"https://d.example/\">a b/\u00fc?#@</a></p>\n");
}

/* Addresses are numbered as the recipient has them. */
static void test_merge_fields_in_references(void **state)
{
    const char *markdown =
        "[a {{ n or '1' }}](/x/{{ n or '1' }}) [b](/x/1) "
        "[![c {{ n or '1' }}](i.png)](/y) ![{{ n or '1' }}](/{{ n or '1' }}.png)\n"
        "https://a.example/{{ n or '1' }}.\n";
    format(*state, "extends = 'text', links = 'section'",
           "f.image = '{{ alt }}{{ ref }}'\n"
           "f.links = '{{ number }}: {{ text }} {{ url }}'");
    expect(*state, markdown,
           "a 1 [1] b [1] c 1 [2] [3] 1 [4] <https://a.example/1>.\n\n"
           "1: a 1 /x/1\n2: c 1 i.png\n3: c 1 /y\n4: 1 /1.png\n");
    format(*state, "extends = 'text', links = 'inline'",
           "f.links = function(refs, out) for _, r in ipairs(refs) do out:line(r.text, r.url) end "
           "end");
    expect(*state, "[a](/x/{{ n or '1 2' }}) [b](/y)\n", "a </x/1%202> b </y>\n");
    format(*state, "extends = 'text', links = 'end'",
           "f.links = function(refs, out) for _, r in ipairs(refs) do out:line(r.text, r.url) end "
           "end\n"
           "f.item = '{{ title }} {{ ref }}'\nf.bare_item = '{{ title }} {{ ref }}'");
    expect(*state,
           "- [a {{ n or '1' }}](/x/{{ n or '1' }})\n\n---\n\n[b {{ n or '1' }}](/{{ n or '1' }})",
           "a 1 /x/1\n\n* * *\n\nb 1 [1]\n\nb 1/1\n");
}

static void test_merge_fields_without_value(void **state)
{
    static const char *const issues[] = {
        "one\n\ntwo {{ first_name }}",
        "one\n\ntwo [x](/{{ first_name }})",
        "one\n\n# {{ first_name }}",
        "one\n\ntwo ![{{ first_name }}](x.png)",
    };
    static const unsigned columns[] = {5, 5, 3, 5};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof issues / sizeof *issues; i++) {
        assert_int_equal(render_with(f, issues[i], "text", NULL), NEWS_ERR_SYNTAX);
        assert_null(f->output);
        assert_string_equal(f->error.message,
                            "no value for the merge field \"first_name\"; give it a default, "
                            "{{ first_name or \"...\" }}, or set it");
        assert_string_equal(f->error.source, "issue.md");
        assert_int_equal(f->error.line, 3);
        assert_int_equal(f->error.column, columns[i]);
        assert_int_equal(f->error.node_line, 0);
    }
    /* A format may leave them to others, or see to it itself. */
    format(f, "extends = 'text'", "f.field = '*|{{ name }}{{ default or \"?\" }}|*'");
    expect(f, "{{ a.b }} {{ c or 'd' }}", "*|a.b?|* *|cd|*\n");
    format(f, "extends = 'text', width = false",
           "f.paragraph = function(n, out)\n"
           "  local ok, why = pcall(out, n.children)\n  out:cr()(ok and 'yes' or why)\nend");
    expect(f, "a {{ b }}",
           "a\nno value for the merge field \"b\"; give it a default, {{ b or \"...\" }}, or set "
           "it\n");
}

static void test_values_that_are_refused(void **state)
{
    static const char *const values[] = {"a\nb", "\x7f", "\xc2\x85", "\u2028", "a\xff", "\t"};
    fixture *f = *state;
    news_option field = {"token", NULL};
    news_render_options with = NEWS_RENDER_OPTIONS_INIT;
    with.fields = &field;
    with.field_count = 1;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        field.value = values[i];
        assert_int_equal(render_with(f, "x", "text", &with), NEWS_ERR_ARG);
        assert_string_equal(f->error.message,
                            "the value of the merge field \"token\" holds a control character, or "
                            "bytes that are not UTF-8");
    }
    char *large = malloc(2 << 20);
    memset(large, 'x', 2 << 20);
    large[(2 << 20) - 1] = '\0';
    field.value = large;
    assert_int_equal(render_with(f, "[x](/{{ token }})", "text", &with), NEWS_ERR_LIMIT);
    assert_string_equal(f->error.message,
                        "a text with its merge fields filled in is larger than 1048576 bytes");
    free(large);
    field.value = "ok";
    assert_int_equal(render_with(f, "{{ token }}", "text", &with), NEWS_OK);
    assert_string_equal(f->output, "ok\n");
}

/* ---- Publications ---- */

typedef struct {
    const char *path, *bytes;
} shelf_file;

static news_status load_file(void *ud, const char *path, news_file *file)
{
    for (const shelf_file *at = ud; at->path != NULL; at++)
        if (strcmp(at->path, path) == 0) {
            *file = (news_file){at->bytes, strlen(at->bytes), NULL};
            return NEWS_OK;
        }
    return NEWS_ERR_NOT_FOUND;
}

/* An issue beside these files. */
static news_status render_among(fixture *f, const shelf_file *files, const char *markdown,
                                const char *format, const char *edition)
{
    news_issue *issue;
    news_loader loader = NEWS_LOADER_INIT;
    news_parse_options parse = NEWS_PARSE_OPTIONS_INIT;
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    loader.load = load_file;
    loader.ud = (void *)(uintptr_t)files;
    parse.loader = &loader;
    options.edition = edition;
    assert_int_equal(
        news_parse(f->ctx, &issue, "issue.md", markdown, strlen(markdown), &parse, &f->error),
        NEWS_OK);
    news_free(f->ctx, f->output, f->len);
    news_status status =
        news_render_buffer(f->ctx, issue, format, &options, &f->output, &f->len, &f->error);
    news_issue_unref(issue);
    return status;
}

static void test_the_root_shows_all_of_a_publication(void **state)
{
    static const shelf_file files[] = {
        {"news.yaml", "name: P\nmasthead: A *masthead*.\nfooter: \"By {{ who }}.\"\n"
                      "recipient: {who: Ann}\n"},
        {NULL, NULL}};
    format(*state, "", "");
    if (render_among(*state, files, "---\ntitle: T\n---\na[^n]\n\n![b](c.png 'd')\n\n[^n]: e\n",
                     "t", NULL) != NEWS_OK)
        fail_msg("%s", ((fixture *)*state)->error.message);
    assert_string_equal(((fixture *)*state)->output,
                        "T\n\nA masthead.\n\na (1)\n\nb\nd\n\n(1) e\n\nBy Ann.\n");
}

/* Errors name the file that the node is in, whether an edition has changed it or not. */
static void test_files_of_nodes(void **state)
{
    static const shelf_file plain[] = {
        {"news.yaml", "name: P\nmasthead: top.md\nfooter: parts/end.md\n"},
        {"top.md", "one\n\ntwo {{ field or 'x' }} `top`\n"},
        {"parts/end.md", "one\n\n\n`end`\n"},
        {NULL, NULL}};
    static const shelf_file conditional[] = {
        {"news.yaml", "name: P\nmasthead: top.md\nfooter: parts/end.md\n"},
        {"top.md", "::: only email\nx\n:::\ntwo `top`\n"},
        {"parts/end.md", "::: except email\none\n\n`end`\n:::\n"},
        {NULL, NULL}};
    fixture *f = *state;
    for (int i = 0; i < 2; i++) {
        const shelf_file *files = i == 0 ? plain : conditional;
        format(f, "", "f.code = function(n, out) if n.literal == 'top' then error('x') end end");
        assert_int_equal(render_among(f, files, "x", "t", "web"), NEWS_ERR_SCRIPT);
        assert_string_equal(f->error.node_source, "top.md");
        assert_int_equal(f->error.node_line, i == 0 ? 3 : 4);
        format(f, "", "f.code = function(n, out) if n.literal == 'end' then error('x') end end");
        assert_int_equal(render_among(f, files, "x", "t", "web"), NEWS_ERR_SCRIPT);
        assert_string_equal(f->error.node_source, "parts/end.md");
        assert_int_equal(f->error.node_line, 4);
    }
    static const shelf_file missing[] = {{"news.yaml", "name: P\nmasthead: top.md\n"},
                                         {"top.md", "one\n\n{{ token }}\n"},
                                         {NULL, NULL}};
    assert_int_equal(render_among(f, missing, "x", "text", NULL), NEWS_ERR_SYNTAX);
    assert_string_equal(f->error.source, "top.md");
    assert_int_equal(f->error.line, 3);
}

static void test_unsubscribe_is_filled(void **state)
{
    static const shelf_file files[] = {
        {"news.yaml", "name: P\nemail:\n  unsubscribe: https://p.example/u?{{ token or 'a b' }}\n"},
        {NULL, NULL}};
    fixture *f = *state;
    format(f, "width = false",
           "f.issue = function(n, out) out(tostring(n.unsubscribe), ' ', "
           "n.publication.email.unsubscribe) "
           "end");
    assert_int_equal(render_among(f, files, "x", "t", "email"), NEWS_OK);
    assert_string_equal(f->output,
                        "https://p.example/u?a%20b https://p.example/u?{{ token or 'a b' }}\n");
    assert_int_equal(render_among(f, files, "x", "t", "web"), NEWS_OK);
    assert_string_equal(f->output, "nil https://p.example/u?{{ token or 'a b' }}\n");
}

static void test_address_is_safe_when_filled(void **state)
{
    static const news_option fields[] = {{"s", "javascript"}, {"t", "script"}};
    static const char *const issues[] = {"x\n\n[a]({{ s }}:alert(1))", "x\n\n[a](java{{ t }}:b)"};
    fixture *f = *state;
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    options.fields = fields;
    options.field_count = 2;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(render_with(f, issues[i], "html", &options), NEWS_ERR_SYNTAX);
        assert_int_equal(f->error.line, 3);
        assert_non_null(strstr(f->error.message, "cannot be linked: \"javascript:"));
    }
}

static void test_accents(void **state)
{
    static const struct {
        const char *accent, *light, *dark; /* light: NULL when it is no colour */
    } cases[] = {
        {"'#8a1c1c'", "#8a1c1c", "#e16969"},
        {"'#0a7'", "#007753", "#00aa77"},
        {"'#fff'", "#6b6b6b", "#ffffff"},
        {"'#000'", "#000000", "#8f8f8f"},
        {"red", NULL, NULL},
        {"'#12'", NULL, NULL},
        {"'#1234567'", NULL, NULL},
        {"[a]", NULL, NULL},
        {"'#ggg'", NULL, NULL},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[64], wanted[32];
        shelf_file files[] = {{"news.yaml", yaml}, {NULL, NULL}};
        snprintf(yaml, sizeof yaml, "theme: {accent: %s}\n", cases[i].accent);
        news_status status = render_among(f, files, "x", "html", NULL);
        assert_int_equal(status, cases[i].light != NULL ? NEWS_OK : NEWS_ERR_SYNTAX);
        if (cases[i].light == NULL) {
            assert_non_null(strstr(f->error.message, "\"accent\" must be a colour"));
            continue;
        }
        snprintf(wanted, sizeof wanted, "--link: %s;", cases[i].light);
        assert_non_null(strstr(f->output, wanted));
        snprintf(wanted, sizeof wanted, "--link: %s;", cases[i].dark);
        assert_non_null(strstr(f->output, wanted));
    }
}

/* ---- news.words ---- */

static void test_words(void **state)
{
    format(
        *state, "width = false",
        "local words = require 'news.words'\n"
        "assert(words == require 'news.words')\n"
        "words.kept = (words.kept or 0) + 1\n"
        "for s, ends in pairs { [''] = false, a = false, ['a.'] = true, ['a?”'] = true,\n"
        "    ['a”'] = false, ['（何？）'] = false, ['何？'] = true, ['a…'] = true, ['.)'] = true,\n"
        "    ['a\\n.'] = true } do\n"
        "  assert(words.is_sentence(s) == ends, s)\nend\n"
        "f.issue = function(n, out)\n"
        "  assert(words.issue_of(n.children[1].children[1]) == n)\n"
        "  out(words.kept, ' ', words.superscript(1024), ' ', tostring(words.language(n)), ' ',\n"
        "    tostring(words.is_english(n)), ' ', table.concat(words.imprint(n), '+'), ' ',\n"
        "    tostring(words.date(n)), ' ', table.concat(words.names(n.authors), '&'), ' ',\n"
        "    tostring(words.credits(n.credits, true)), ' ', tostring(words.credits(n.credits)))\n"
        "end");
    for (int i = 0; i < 2; i++)
        expect(*state, "x", "1 ¹⁰²⁴ nil true nil nil nil\n");
    expect(*state,
           "---\nnumber: 3\ndate: 2025-01-02\nlang: en-GB\nauthors: [A, B]\n---\n"
           "![](a.png){credit=C} ![](b.png){credit=D.} ![](c.png){credit=C}",
           "1 ¹⁰²⁴ en-GB true Number 3, 2 January 2025 2 January 2025 A&B Photos: C; D. 📷 C; D.\n");
    expect(*state, "---\nnumber: 3\ndate: 2025-01-02\nlang: fr\n---\nx",
           "1 ¹⁰²⁴ fr false № 3, 2025-01-02 2025-01-02 nil nil\n");
}

/* ---- Addresses ---- */

static void test_addresses_in_text(void **state)
{
    format(*state, "extends = 'text', width = 20", "");
    expect(
        *state,
        "a https://a.example/b-c. d https://例え.jp/パス/パス e ada@a.example. *https://f.example*",
        "a\n<https://a.example/b-c>.\nd\nhttps://例え.jp/パス/パス\ne ada@a.example.\n"
        "_https://f.example_\n");
}

static void test_links_off(void **state)
{
    format(*state, "extends = 'text', links = 'off'", "");
    expect(*state,
           "- [A](https://a.example/)\n- [B](https://b.example/): b\n\n"
           "[c](/c) https://d.example/\n",
           "- A\n\n- B\n\n  b\n\nc https://d.example/\n");
}

/* With an empty line after one item only it would look as if the others belonged together. */
static void test_items_stand_apart_alike(void **state)
{
    static const char issue[] = "- [A](/a)\n- [B](/b). Body\n- [C](/c)\n\n1. [D](/d)\n2. [E](/e)";
    format(*state, "extends = 'text'", "");
    expect(*state, issue,
           "- A\n  /a\n\n- B\n  /b\n\n  Body\n\n- C\n  /c\n\n 1. D\n    /d\n 2. E\n    /e\n");
    format(*state, "extends = 'gemini'", "");
    expect(*state, issue, "=> /a A\n\n=> /b B\nBody\n\n=> /c C\n\n=> /d 1. D\n=> /e 2. E\n");
}

static void test_own_renderers_go_before_variants(void **state)
{
    format(*state, "extends = 'text'",
           "f.item = 'item {{ title }}'\nf.list_item = 'entry \\t{{ children }}'");
    expect(*state, "- [a](https://a.example/)\n\n---\n\n- [x] b\n", "item a\n\n* * *\n\nentry b\n");
}

/* Each ends in an error of the script, and the context goes on. */
static void test_hostile_scripts(void **state)
{
    static const char *const bodies[] = {
        "pairs(n.children)(nil)",
        "pairs(n.children)(out, 0)",
        "pairs(n)(nil)",
        "pairs(n.meta)(n.children)",
        "local t = {} t[1] = t out(t)",
        "local t = {} for i = 1, 40000 do t = {t} end out(t)",
        "setmetatable({}, {__mode = 'v'})",
        "setmetatable({}, {__close = print})",
        "out:tag('a\\0b')",
        "out:hang(('x'):rep(100), 'y')",
        "out:prefix({}, 'y')",
        "local function f() out(f) end f()",
        "local function f() return f() + 1 end f()",
        "out:capture(function() out:capture(function() error('x') end) end)",
        "n.children[1].children[1] = 2",
        "rawset(n, 'x', 1)",
        "out.x = 1",
        "out.blank(n)",
        "news.json(n)",
        "local t = {} t.t = t news.json(t)",
        "news.date({}, '%Y')",
        "while true do news.format { name = 'a', extends = 't' } end",
        "while true do pcall(function() while true do end end) end",
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char body[512];
        snprintf(body, sizeof body, "f.issue = function(n, out)\n%s\nend", bodies[i]);
        format(f, "extends = 'text'", body);
        if (render_with(f, "x *y*", "t", NULL) == NEWS_OK)
            fail_msg("%s: rendered", bodies[i]);
    }
    format(f, "extends = 'text'",
           "f.issue = function(n, out)\n"
           "  local g, list = pairs(n.children)\n"
           "  assert(g(list, -1) == nil and g(list, math.maxinteger) == nil)\n"
           "  pcall(function() out:capture(function() out:prefix('A ', function() error'x' end) "
           "end) end)\n"
           "  pcall(function() out:line(function() out:prefix('B ', function() error'x' end) end) "
           "end)\n"
           "  out:cr()('one'):cr()('two')\nend");
    expect(f, "x", "B \none\ntwo\n"); /* what was written before the error stays */
    format(f, "extends = 'text', escape = function(s) return '\\27' .. s end", "");
    assert_int_equal(render_with(f, "x", "t", NULL), NEWS_ERR_SCRIPT);
}

/* The deepest issue there may be, every level through a Lua function. */
static void test_depth_with_functions(void **state)
{
    char markdown[256] = "";
    fixture *f = *state;
    format(f, "extends = 'text', width = false",
           "local function through(n, out) out(n.children) end\n"
           "for _, kind in ipairs {'section', 'paragraph', 'block_quote', 'list', 'list_item',\n"
           "    'emph', 'strong', 'strike'} do f[kind] = through end\n"
           "f.issue = function(n, out) out(n.children) end");
    for (int i = 0; i < 60; i++)
        strcat(markdown, ">");
    strcat(markdown, " *a **b ~~c~~***");
    expect(f, markdown, "a b c\n");
    for (int i = 0; i < 8; i++)
        markdown[i + 60] = '>';
    strcpy(markdown + 68, " a");
    news_issue *issue;
    assert_int_equal(
        news_parse(f->ctx, &issue, "deep.md", markdown, strlen(markdown), NULL, &f->error),
        NEWS_ERR_LIMIT);
    assert_null(issue);
}

/* Longer than all the memory that scripts may use: it is the file that is too long which is named,
 * and not the one in which something went wrong before. */
static void test_files_that_are_too_long(void **state)
{
    fixture *f = *state;
    const size_t len = (16 << 20) + 1;
    char *lua = malloc(len);
    assert_non_null(lua);
    memset(lua, ' ', len);
    assert_int_equal(load(f, "error('once')"), NEWS_ERR_SCRIPT);
    assert_int_equal(news_format_load(f->ctx, "long.lua", lua, len, &f->error), NEWS_ERR_LIMIT);
    assert_string_equal(f->error.source, "long.lua");
    assert_int_equal(f->error.line, 0);
    assert_int_equal(load(f, "error('once more')"), NEWS_ERR_SCRIPT);
    assert_int_equal(news_module_load(f->ctx, "m", "m.lua", lua, len, &f->error), NEWS_ERR_LIMIT);
    assert_string_equal(f->error.source, "m.lua");
    assert_int_equal(f->error.line, 0);
    free(lua);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_root_loses_nothing),
        TEST(test_templates),
        TEST(test_lists_of_words_in_attributes),
        TEST(test_layout_in_templates),
        TEST(test_items_of_ordered_lists),
        TEST(test_functions_false_and_extends),
        TEST(test_super_is_the_parents_renderer),
        TEST(test_extends_its_own_name_extends_the_built_in),
        TEST(test_built_ins_extend_built_ins),
        TEST(test_escape_function),
        TEST(test_layout),
        TEST(test_tags),
        TEST(test_content_in_the_place_of_attributes),
        TEST(test_unsafe_places_are_errors),
        TEST(test_references),
        TEST(test_ref_markers),
        TEST(test_markers_are_text),
        TEST(test_super_of_variants),
        TEST(test_emphasis_marks),
        TEST(test_options),
        TEST(test_options_in_templates),
        TEST(test_proxies),
        TEST(test_pairs_order),
        TEST(test_nodes_are_read_only),
        TEST(test_what_is_no_string_and_no_function),
        TEST(test_nothing_survives_a_render),
        TEST(test_error_names_script_and_node),
        TEST(test_mistakes_in_scripts),
        TEST(test_rubbish_from_renderers),
        TEST(test_limits_end_the_script),
        TEST(test_pcall_restores_the_writer),
        TEST(test_nothing_reaches_outside),
        TEST(test_json),
        TEST(test_hostile_scripts),
        TEST(test_sinks),
        TEST(test_the_hosts_locale_does_not_matter),
        TEST(test_no_addresses),
        TEST(test_circles_are_refused),
        TEST(test_a_caught_error_leaves_no_trace),
        TEST(test_variants_of_headings),
        TEST(test_styles),
        TEST(test_plain_words),
        TEST(test_entries_and_what_they_are_in),
        TEST(test_tables_in_columns),
        TEST(test_cells_between_markup),
        TEST(test_words_as_a_string),
        TEST(test_variants_of_links_and_lists),
        TEST(test_references_from_an_escape),
        TEST(test_directives_by_name),
        TEST(test_words_of_directives_in_templates),
        TEST(test_names_of_directives),
        TEST(test_attributed_quotes),
        TEST(test_merge_fields),
        TEST(test_merge_fields_in_references),
        TEST(test_merge_fields_without_value),
        TEST(test_values_that_are_refused),
        TEST(test_the_root_shows_all_of_a_publication),
        TEST(test_files_of_nodes),
        TEST(test_unsubscribe_is_filled),
        TEST(test_address_is_safe_when_filled),
        TEST(test_accents),
        TEST(test_words),
        TEST(test_addresses_in_text),
        TEST(test_links_off),
        TEST(test_items_stand_apart_alike),
        TEST(test_own_renderers_go_before_variants),
        TEST(test_depth_with_functions),
        TEST(test_files_that_are_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
