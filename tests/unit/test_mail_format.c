/* A format inside another, the options of both, messages made of what they give, and the files that
 * travel with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "news/news.h"

/* ---- Files in memory ---- */

typedef struct {
    const char *path, *bytes;
} file;

static const file files[] = {
    {"issues/news.yaml", "name: Post\nurl: https://post.example/\nissue_path: '{slug}'\n"
                         "masthead: head/mast.md\nformats:\n  text:\n    style: ten\n"
                         "email:\n  from: Post <post@post.example>\n"},
    {"issues/head/mast.md", "![mark](mark.png)\n"},
    {"issues/head/mark.png", "the mark"},
    {"issues/a boat.png", "the boat"},
    {"issues/mark.png", "another"},
    {"/mark.png", "none of ours"},
    {NULL, NULL},
};

typedef struct {
    news_ctx *ctx;
    char *output;
    size_t len;
    news_error error;
    unsigned open; /* files that were loaded and not released */
    news_status fails;
    news_render_options options;
    news_loader loader;
    const char *path;
} fixture;

static news_status load(void *ud, const char *path, news_file *out)
{
    fixture *f = ud;
    if (f->fails != NEWS_OK && strstr(path, ".png") != NULL)
        return f->fails;
    for (const file *known = files; known->path != NULL; known++)
        if (strcmp(known->path, path) == 0) {
            *out = (news_file){known->bytes, strlen(known->bytes), f};
            f->open++;
            return NEWS_OK;
        }
    return NEWS_ERR_NOT_FOUND;
}

static void release(void *ud, news_file *loaded)
{
    fixture *f = ud;
    assert_ptr_equal(loaded->handle, f);
    f->open--;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    news_options options = NEWS_OPTIONS_INIT;
    options.max_script_steps = 1000000;
    f->error = (news_error)NEWS_ERROR_INIT;
    f->options = (news_render_options)NEWS_RENDER_OPTIONS_INIT;
    f->loader = (news_loader){sizeof f->loader, load, release, f};
    assert_int_equal(news_ctx_new(&f->ctx, &options, &f->error), NEWS_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    assert_int_equal(f->open, 0);
    news_free(f->ctx, f->output, f->len);
    news_ctx_free(f->ctx);
    free(f);
    return 0;
}

/* `body` is what the renderer of the issue does. */
static void format_as(fixture *f, const char *name, const char *head, const char *body)
{
    char lua[4096];
    snprintf(lua, sizeof lua,
             "local news = require 'news'\nlocal f = news.format { name = '%s', %s }\n"
             "function f.issue(issue, out) %s end\nreturn f\n",
             name, head, body);
    if (news_format_load(f->ctx, "t.lua", lua, strlen(lua), &f->error) != NEWS_OK)
        fail_msg("%s:%u: %s", f->error.source, (unsigned)f->error.line, f->error.message);
}

static void format(fixture *f, const char *body)
{
    format_as(f, "t", "fill = false, escape = 'none', options = { to = '' }", body);
}

static news_status render(fixture *f, const char *name, const char *markdown)
{
    news_issue *issue;
    news_parse_options parse = NEWS_PARSE_OPTIONS_INIT;
    if (f->path != NULL) {
        parse.path = f->path;
        parse.loader = &f->loader;
    }
    assert_int_equal(
        news_parse(f->ctx, &issue, "issue.md", markdown, strlen(markdown), &parse, &f->error),
        NEWS_OK);
    news_free(f->ctx, f->output, f->len);
    news_status status =
        news_render_buffer(f->ctx, issue, name, &f->options, &f->output, &f->len, &f->error);
    news_issue_unref(issue);
    return status;
}

static void expect(fixture *f, const char *markdown, const char *wanted)
{
    if (render(f, "t", markdown) != NEWS_OK)
        fail_msg("%s:%u: %s", f->error.source, (unsigned)f->error.line, f->error.message);
    assert_string_equal(f->output, wanted);
}

static void expect_error(fixture *f, const char *markdown, news_status status, const char *message)
{
    assert_int_equal(render(f, "t", markdown), status);
    assert_string_equal(f->error.message, message);
}

static void set_option(fixture *f, news_option *option, const char *name, const char *value)
{
    *option = (news_option){name, value};
    f->options.options = option;
    f->options.option_count = 1;
}

/* ---- A format inside another ---- */

static void gives_output_and_media(void **state)
{
    format(*state, "local s, m = issue:render('text', { width = 20 }) out:raw(m, '|', s, '|')\n"
                   "s, m = issue:render('text', { width = 20, flowed = true }) out:raw(m, '|', s)");
    expect(*state, "The tide is in, and with it a boat.",
           "text/plain; charset=utf-8|The tide is in, and\nwith it a boat.\n|"
           "text/plain; charset=utf-8; format=flowed|The tide is in, and \nwith it a boat.\n");
    format(*state, "local s, m = issue:render('text', { width = 20, flowed = true }) out:raw(m)");
    expect(*state, "古人用漏壶计时，一昼夜分作一百刻。",
           "text/plain; charset=utf-8; format=flowed; delsp=yes");
}

static void keeps_the_outer_render(void **state)
{
    format(*state, "local first = issue.children[1]\n"
                   "out:raw(out.options.to, '<') local s = issue:render('text')\n"
                   "assert(first == issue.children[1]) assert(out.options.to == 'x')\n"
                   "out:raw(s, '>'):raw(issue:render('html') ~= s and '!' or '?')(first)");
    fixture *f = *state;
    news_option option;
    set_option(f, &option, "to", "x");
    expect(f, "Text.", "x<Text.\n>!Text.");
}

static void catches_what_fails_inside(void **state)
{
    fixture *f = *state;
    format_as(f, "inner", "extends = 'text'",
              "out('lost') out:prefix('> ', function() error('no') end)");
    format(f, "local fine = pcall(issue.render, issue, 'inner') out(tostring(fine), ' ')\n"
              "out:raw((issue:render('text')))");
    expect(f, "Text.", "false Text.\n");
}

static void tells_where_it_failed(void **state)
{
    fixture *f = *state;
    const char *lua = "local news = require 'news'\n"
                      "local inner = news.format { name = 'inner', extends = 'text' }\n"
                      "function inner.code(node, out)\n  out(node.nothing)\nend\nreturn inner\n";
    assert_int_equal(news_format_load(f->ctx, "inner.lua", lua, strlen(lua), &f->error), NEWS_OK);
    format(f, "out:raw((issue:render('inner')))");
    expect_error(f, "One.\n\nTwo `x`.", NEWS_ERR_SCRIPT,
                 "a node of kind code has no field 'nothing'; it has children, literal");
    assert_string_equal(f->error.source, "inner.lua");
    assert_int_equal(f->error.line, 4);
    assert_int_equal(f->error.node_line, 3);
}

static void ends_without_end(void **state)
{
    fixture *f = *state;
    format(f, "out:raw((issue:render('t')))");
    assert_int_not_equal(render(f, "t", "Text."), NEWS_OK);
    format(f, "while true do pcall(issue.render, issue, 'text') end");
    expect_error(f, "Text.", NEWS_ERR_LIMIT,
                 "the script took more than 1000000 steps (max_script_steps)");
    format(f, "issue.render(5)");
    expect_error(f, "Text.", NEWS_ERR_SCRIPT, "call it with a colon, as in issue:render(\"text\")");
    format(f, "issue:render('txet')");
    expect_error(f, "Text.", NEWS_ERR_SCRIPT, "there is no format 'txet'; did you mean 'text'?");
}

/* ---- Options ---- */

static void options_have_choices(void **state)
{
    fixture *f = *state;
    news_option option;
    format_as(f, "t", "extends = 'text', options = { tone = { 'calm', 'loud', 'low' } }",
              "out(out.options.tone)");
    expect(f, "Text.", "calm\n");
    set_option(f, &option, "tone", "low");
    expect(f, "Text.", "low\n");
    set_option(f, &option, "tone", "shrill");
    expect_error(f, "Text.", NEWS_ERR_ARG, "option tone: 'shrill' is not one of calm, loud, low");
    set_option(f, &option, "flowed", "perhaps");
    expect_error(f, "Text.", NEWS_ERR_ARG, "option flowed: 'perhaps' is neither true nor false");
    set_option(f, &option, "flowed", "true");
    assert_int_equal(render(f, "html", "Text."), NEWS_ERR_ARG);
    assert_string_equal(f->error.message,
                        "format 'html' is not plain text in lines, and cannot be flowed");
    const char *bad = "local news = require 'news'\n"
                      "return news.format { name = 'u', options = { tone = { 'calm', 7, {} } } }\n";
    assert_int_equal(news_format_load(f->ctx, "u.lua", bad, strlen(bad), &f->error),
                     NEWS_ERR_SCRIPT);
}

/* Format, news.yaml, issue, host, script: each goes before the last. */
static void options_come_from_many(void **state)
{
    fixture *f = *state;
    news_option option;
    format_as(f, "t", "extends = 'text', width = 30, options = { tone = 'calm' }",
              "out(tostring(out.options.width), ' ', out.options.tone, ' ', out.options.style)");
    expect(f, "Text.", "30 calm setext\n");
    expect(f, "---\nformats:\n  t:\n    tone: loud\n    width: 40\n    style: ten\n---\n\nText.",
           "40 loud ten\n");
    set_option(f, &option, "tone", "low");
    f->options.width = 50;
    expect(f, "---\nformats:\n  t:\n    tone: loud\n    width: 40\n---\n\nText.",
           "50 low setext\n");
    format_as(
        f, "outer", "fill = false, escape = 'none', options = { tone = '' }",
        "out:raw((issue:render('t')), (issue:render('t', { tone = 'last', width = 'off' })))");
    assert_int_equal(render(f, "outer", "Text."), NEWS_OK);
    assert_string_equal(f->output, "50 low setext\nfalse last setext\n");
}

static void options_in_front_matter_are_told_of(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *markdown, *message;
        unsigned line;
    } cases[] = {
        {"---\nformats: 7\n---\n\nText.",
         "\"formats\" is a group of formats, each with its options below it", 2},
        {"---\nformats:\n  t: ten\n---\n\nText.",
         "the options of 't' stand below it, such as \"width: 66\"", 3},
        {"---\nformats:\n  t:\n    tone: [loud]\n---\n\nText.",
         "option tone: a single value is wanted", 4},
        {"---\nformats:\n  t:\n    tune: loud\n---\n\nText.",
         "format 't' has no option 'tune'; did you mean 'tone'?", 4},
        {"---\nformats:\n  t:\n    width: 7\n---\n\nText.",
         "option width: '7' is neither 20 to 200 nor 'off'", 4},
    };
    format_as(f, "t", "extends = 'text', options = { tone = 'calm' }", "out('x')");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_error(f, cases[i].markdown, NEWS_ERR_SYNTAX, cases[i].message);
        assert_string_equal(f->error.source, "issue.md");
        assert_int_equal(f->error.line, cases[i].line);
    }
    expect(f, "---\nformats:\n  other:\n    tune: loud\n---\n\nText.", "x\n");
}

static void options_of_a_publication(void **state)
{
    fixture *f = *state;
    f->path = "issues/one.md";
    assert_int_equal(render(f, "text", "# One\n\nText."), NEWS_OK);
    assert_non_null(strstr(f->output, "+++ One."));
    assert_int_equal(
        render(f, "text", "---\nformats: {text: {style: setext}}\n---\n\n# One\n\nText."), NEWS_OK);
    assert_non_null(strstr(f->output, "One\n===\n"));
}

/* ---- Messages ---- */

static void writes_messages(void **state)
{
    format(*state,
           "out:message { from = 'Ann <ann@a.example>', to = { 'b@b.example', 'c@c.example' },\n"
           "subject = 'Tide', date = '2025-03-07', id = 'x@a.example',\n"
           "headers = { Cc = 'd@d.example' }, alternatives = { { 'Text.', 'text/plain' } },\n"
           "files = { { bytes = 'abc', name = 'a.txt', media = 'text/plain' } } }");
    fixture *f = *state;
    assert_int_equal(render(f, "t", "Text."), NEWS_OK);
    assert_non_null(strstr(f->output, "Date: Fri, 07 Mar 2025 00:00:00 +0000\r\n"
                                      "From: Ann <ann@a.example>\r\n"
                                      "To: b@b.example, c@c.example\r\nSubject: Tide\r\n"
                                      "Cc: d@d.example\r\nMessage-ID: <x@a.example>\r\n"));
    assert_non_null(strstr(f->output, "filename=a.txt\r\n\r\nYWJj\r\n"));
}

static void refuses_wrong_messages(void **state)
{
    static const struct {
        const char *table, *message;
    } cases[] = {
        {"to = 'b@b.example'", "out:message: a message has a sender, 'from'"},
        {"from = 7", "out:message: 'from' is a number, not a string"},
        {"from = 'a@a.example'", "out:message: a message has a date"},
        {"from = 'a@a.example', date = 'soon'",
         "Date: 'soon' is no date; write 2025-03-07, or 2025-03-07T08:30:00+01:00 with the time"},
        {"from = 'a@a.example', date = true", "out:message: 'date' is neither a date nor a string"},
        {"from = 'a@a.example', date = '2025-03-07', to = 7",
         "out:message: 'to' is a number, not an array"},
        {"from = 'a@a.example', date = '2025-03-07', to = { 7 }",
         "out:message: 'to' is a number, not a string"},
        {"from = 'a@a.example', date = '2025-03-07', subject = 'a\\0b'",
         "out:message: 'subject' holds a NUL"},
        {"from = 'a@a.example', date = '2025-03-07', headers = 'x'",
         "out:message: 'headers' is a table, names with their values"},
        {"from = 'a@a.example', date = '2025-03-07', alternatives = { 'x' }",
         "out:message: an alternative is { text, media type }, as in { issue:render(\"text\") }"},
        {"from = 'a@a.example', date = '2025-03-07', alternatives = { { 'x', 'text/rtf' } }",
         "out:message: an alternative is text/plain or text/html, not 'text/rtf'"},
        {"from = 'a@a.example', date = '2025-03-07', alternatives = { { 'x', 'text/html' }, { 'y', "
         "'text/html' } }",
         "out:message: two alternatives are text/html"},
        {"from = 'a@a.example', date = '2025-03-07', files = { 'x' }",
         "out:message: a file is a table with its bytes"},
        {"from = 'a@a.example', date = '2025-03-07', files = { { name = 'x' } }",
         "out:message: the 'bytes' of a file are a nil, not a string"},
        {"form = 'a@a.example'", "out:message: a message has no 'form'; did you mean 'from'?"},
        {"[7] = 'x'", "out:message: what a message has is given by name"},
        {"from = 'a@a.example\\r\\nBcc: b@b.example', date = '2025-03-07', alternatives = { { 'x', "
         "'text/plain' } }",
         "From: holds a line break"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[512];
        snprintf(body, sizeof body, "out:message { %s }", cases[i].table);
        format(f, body);
        assert_int_equal(render(f, "t", "Text."), NEWS_ERR_SCRIPT);
        if (strstr(f->error.message, cases[i].message) == NULL &&
            i + 1 < sizeof cases / sizeof *cases)
            fail_msg("%s: %s", cases[i].table, f->error.message);
        assert_int_equal(f->error.line, 3);
    }
    format_as(f, "t", "extends = 'text'", "out:message {}");
    expect_error(f, "Text.", NEWS_ERR_SCRIPT,
                 "out:message is for formats with fill = false: a message has lines of its own");
}

/* ---- Files ---- */

static void loads_files_of_images(void **state)
{
    fixture *f = *state;
    f->path = "issues/one.md";
    f->options.loader = &f->loader;
    format(f, "for _, image in ipairs(issue.images) do out:raw(news.load(image), '; ') end\n"
              "out:raw(news.load(issue.publication.masthead[1].image))");
    expect(f, "![boat](a%20boat.png)", "the boat; the mark");
    expect_error(f, "![gone](gone.png)", NEWS_ERR_SYNTAX,
                 "there is no file 'issues/gone.png' for this image");
    assert_int_equal(f->error.line, 1);
    f->fails = NEWS_ERR_LIMIT;
    assert_int_equal(render(f, "t", "![boat](a%20boat.png)"), NEWS_ERR_LIMIT);
    f->fails = NEWS_OK;
    f->options.loader = NULL;
    expect_error(
        f, "![boat](a%20boat.png)", NEWS_ERR_SYNTAX,
        "this image would travel with the mail, but the program that renders it gives no files");
    format(f, "news.load(issue)");
    expect_error(f, "Text.", NEWS_ERR_SCRIPT,
                 "news.load gives the file of an image; call it with one");
    news_loader empty = NEWS_LOADER_INIT;
    f->options.loader = &empty;
    assert_int_equal(render(f, "t", "Text."), NEWS_ERR_ARG);
}

static unsigned count(const char *text, const char *wanted)
{
    unsigned found = 0;
    while ((text = strstr(text, wanted)) != NULL) {
        text++;
        found++;
    }
    return found;
}

static void mail_carries_images(void **state)
{
    fixture *f = *state;
    news_option option;
    f->path = "issues/one.md";
    f->options.loader = &f->loader;
    set_option(f, &option, "images", "inline");
    assert_int_equal(render(f, "eml",
                            "---\ntitle: One\ndate: 2025-03-07\n---\n\n![boat](a%20boat.png) "
                            "![boat](a%20boat.png)"),
                     NEWS_OK);
    assert_non_null(strstr(f->output, "Content-Type: multipart/related; type=\"text/html\""));
    assert_int_equal(count(f->output, "Content-ID: <"), 2); /* the masthead's, too */
    assert_int_equal(count(f->output, "src=3D\"cid:"), 3);
    assert_non_null(strstr(f->output, "\r\ndGhlIGJvYXQ=\r\n"));
    assert_non_null(strstr(f->output, "\r\ndGhlIG1hcms=\r\n"));
}

static void images_are_seen_from_where_they_stand(void **state)
{
    fixture *f = *state;
    news_option option;
    f->path = "issues/one.md";
    f->options.loader = &f->loader;
    set_option(f, &option, "images", "inline");
    assert_int_equal(render(f, "eml",
                            "---\ntitle: One\ndate: 2025-03-07\nurl: https://a.example/b/c\n---\n\n"
                            "![own](mark.png) ![site](/mark.png) ![other](//b.example/mark.png)"),
                     NEWS_OK);
    assert_int_equal(count(f->output, "Content-ID: <"), 2);
    assert_non_null(strstr(f->output, "\r\ndGhlIG1hcms=\r\n")); /* the masthead's */
    assert_non_null(strstr(f->output, "\r\nYW5vdGhlcg==\r\n"));
    assert_null(strstr(f->output, "bm9uZSBvZiBvdXJz")); /* none of ours */
}

/* ---- Merge fields ---- */

/* A value is one segment of a path, and never one that leads up or stays. */
static void values_lead_nowhere(void **state)
{
    static const struct {
        const char *value, *address;
        bool fine;
    } cases[] = {
        {"..", "https://h.example/u/{{ n }}/leave", false},
        {".", "https://h.example/u/{{ n }}/leave", false},
        {"..", "https://h.example/{{ n }}", false},
        {".", "https://h.example/{{ n }}{{ n }}?a", false},
        {".", "https://h.example/.{{ n }}#a", false},
        {"..", "https://h.example/a{{ n }}/", true},
        {"..", "https://h.example/?{{ n }}/", true},
        {"...", "https://h.example/{{ n }}/", true},
        {"x", "https://h.example/../{{ n }}/", true},
    };
    fixture *f = *state;
    format(f, "out:raw(issue.links[1].url)");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char markdown[128];
        news_option field = {"n", cases[i].value};
        f->options.fields = &field;
        f->options.field_count = 1;
        snprintf(markdown, sizeof markdown, "Text.\n\n[a](%s)\n", cases[i].address);
        assert_int_equal(render(f, "t", markdown), cases[i].fine ? NEWS_OK : NEWS_ERR_SYNTAX);
        if (!cases[i].fine) {
            assert_non_null(strstr(f->error.message, "leads to another folder"));
            assert_int_equal(f->error.line, 3);
        }
    }
}

/* ---- Refusals ---- */

static void refuses_at_a_place(void **state)
{
    fixture *f = *state;
    format(f, "news.refuse(issue.children[2], 'not this one')");
    expect_error(f, "One.\n\n> Two.", NEWS_ERR_SYNTAX, "not this one");
    assert_string_equal(f->error.source, "issue.md");
    assert_int_equal(f->error.line, 3);
    format(f, "news.refuse(nil, 'say so differently')");
    expect_error(f, "One.", NEWS_ERR_ARG, "say so differently");
    assert_string_equal(f->error.source, "");
    f->path = "issues/one.md";
    format(f, "news.refuse(issue.publication.email, 'not from there')");
    expect_error(f, "One.", NEWS_ERR_SYNTAX, "not from there");
    assert_string_equal(f->error.source, "issues/news.yaml");
    assert_int_equal(f->error.column, 3);
    format(f, "news.refuse(issue.publication.email, 'not from there', 'from')");
    expect_error(f, "One.", NEWS_ERR_SYNTAX, "not from there");
    assert_int_equal(f->error.line, 9);
    assert_int_equal(f->error.column, 9);
}

/* The colour becomes markup, also where another format's issue has not looked at it. */
static void a_colour_is_no_markup(void **state)
{
    fixture *f = *state;
    news_option option;
    format_as(f, "x", "extends = 'email'", "out(issue.children)");
    set_option(f, &option, "accent", "\"><script>");
    assert_int_equal(render(f, "x", "::: button https://a.example/\nGo\n:::\n"), NEWS_OK);
    assert_null(strstr(f->output, "script"));
    assert_int_equal(render(f, "email", "Text.\n"), NEWS_ERR_ARG);
    set_option(f, &option, "accent", "#1234");
    assert_int_equal(render(f, "email", "Text.\n"), NEWS_ERR_ARG);
    set_option(f, &option, "accent", "#abc");
    assert_int_equal(render(f, "email", "[a](https://a.example/)\n"), NEWS_OK);
    assert_non_null(strstr(f->output, "color:#abc"));
}

static void mail_lacks_something(void **state)
{
    fixture *f = *state;
    assert_int_equal(render(f, "eml", "# One\n\nText."), NEWS_ERR_SYNTAX);
    assert_non_null(strstr(f->error.message, "a message has a sender"));
    f->path = "issues/one.md";
    assert_int_equal(render(f, "eml", "# One\n\nText."), NEWS_ERR_SYNTAX);
    assert_non_null(strstr(f->error.message, "a message has a date"));
    assert_int_equal(render(f, "eml", "---\ndate: 2025-03-07\n---\n\nText."), NEWS_ERR_SYNTAX);
    assert_non_null(strstr(f->error.message, "a message has a subject"));
    news_option option;
    set_option(f, &option, "to", "nobody");
    assert_int_equal(render(f, "eml", "---\ntitle: One\ndate: 2025-03-07\n---\n\nText."),
                     NEWS_ERR_ARG);
    assert_string_equal(f->error.message, "To: \"nobody\" is not an address: it has no \"@\"");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_output_and_media),
        TEST(keeps_the_outer_render),
        TEST(catches_what_fails_inside),
        TEST(tells_where_it_failed),
        TEST(ends_without_end),
        TEST(options_have_choices),
        TEST(options_come_from_many),
        TEST(options_in_front_matter_are_told_of),
        TEST(options_of_a_publication),
        TEST(writes_messages),
        TEST(refuses_wrong_messages),
        TEST(loads_files_of_images),
        TEST(images_are_seen_from_where_they_stand),
        TEST(mail_carries_images),
        TEST(values_lead_nowhere),
        TEST(refuses_at_a_place),
        TEST(a_colour_is_no_markup),
        TEST(mail_lacks_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
