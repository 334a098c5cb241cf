/* Front matter: both ways of writing it, every field, every finding with its place, dates, and
 * memory that runs out at any allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "source/source.h"

typedef struct {
    news_issue *issue;
    news_str text;
    size_t body;
    uint32_t lines;
} front;

static front read_front(const char *text)
{
    front f = {.text = news_str_from(text)};
    news_error error = NEWS_ERROR_INIT;
    f.issue = news_issue_new(NULL, NEWS_STR("a.md"));
    assert_non_null(f.issue);
    assert_int_equal(news_front_matter(f.issue, f.text, &f.body, &f.lines, &error), NEWS_OK);
    assert_non_null(f.issue->meta);
    assert_int_equal(f.issue->meta->kind, NEWS_KIND_MAPPING);
    return f;
}

static void drop(front *f)
{
    news_issue_unref(f->issue);
}

#define expect_str(actual, expected) check_str(actual, expected, __LINE__)
static void check_str(news_str actual, const char *expected, int line)
{
    if (!news_str_equal(actual, news_str_from(expected)))
        fail_msg("line %d: \"%.*s\" is not \"%s\"", line, (int)actual.len, actual.ptr, expected);
}

#define expect_body(f, expected, above) check_body(f, expected, above, __LINE__)
static void check_body(const front *f, const char *expected, uint32_t lines_above, int line)
{
    check_str(news_str_skip(f->text, f->body), expected, line);
    if (f->lines != lines_above)
        fail_msg("line %d: %u lines", line, f->lines);
}

/* The text's only finding. */
#define expect_finding(text, severity, code, at_line, at_column, words)                            \
    check_finding(text, severity, code, at_line, at_column, words, __LINE__)
static void check_finding(const char *text, news_severity severity, const char *code,
                          uint32_t at_line, uint32_t at_column, const char *words, int line)
{
    front f = read_front(text);
    if (f.issue->finding_count != 1)
        fail_msg("line %d: %zu findings", line, f.issue->finding_count);
    const news_finding *finding = &f.issue->findings[0];
    if (finding->severity != severity || strcmp(finding->code, code) != 0 ||
        finding->line != at_line || finding->column != at_column ||
        strstr(finding->message.ptr, words) == NULL)
        fail_msg("line %d: %u:%u %s: %s", line, finding->line, finding->column, finding->code,
                 finding->message.ptr);
    drop(&f);
}

/* A tree as text: key=value, key=[…], key={…}. */
static void write_node(news_buf *buf, const news_node *node)
{
    if (node->a.len != 0)
        news_buf_printf(buf, "%.*s=", (int)node->a.len, node->a.ptr);
    if (node->kind == NEWS_KIND_SCALAR) {
        news_buf_append_str(buf, node->b);
        return;
    }
    news_buf_append_char(buf, node->kind == NEWS_KIND_SEQUENCE ? '[' : '{');
    for (const news_node *child = node->first_child; child != NULL; child = child->next) {
        assert_ptr_equal(child->parent, node);
        write_node(buf, child);
        if (child->next != NULL)
            news_buf_append(buf, ", ", 2);
    }
    news_buf_append_char(buf, node->kind == NEWS_KIND_SEQUENCE ? ']' : '}');
}

#define expect_tree(node, expected) check_tree(node, expected, __LINE__)
static void check_tree(const news_node *node, const char *expected, int line)
{
    news_heap heap;
    news_heap_init(&heap, NULL, 0);
    news_buf buf;
    news_buf_init(&buf, &heap, 4096);
    assert_non_null(node);
    write_node(&buf, node);
    check_str(news_buf_str(&buf), expected, line);
    news_buf_free(&buf);
}

/* ---- Where it begins and ends ---- */

static void extent(void **state)
{
    (void)state;
    static const struct {
        const char *text, *title, *body;
        uint32_t lines;
    } cases[] = {
        {"", "", "", 0},
        {"Words.\n", "", "Words.\n", 0},
        {"---\ntitle: A\n---\nWords.\n", "A", "Words.\n", 3},
        {"---  \ntitle: A\n...\n\nWords.\n", "A", "\nWords.\n", 3},
        {"---\ntitle: A\n---", "A", "", 2},
        {"---\n---\nWords.\n", "", "Words.\n", 2},
        {"---\n\n---\nWords.\n", "", "Words.\n", 3},
        {"---\n\ntitle: A\n---\nWords.\n", "A", "Words.\n", 4},
        {"---\n# a comment\n---\nWords.\n", "", "Words.\n", 3},
        {"\n \n---\ntitle: A\n---\nWords.\n", "A", "Words.\n", 5},
        {"\n---\n\ntitle: A\n---\nWords.\n", "A", "Words.\n", 5},
        {" \n\n", "", " \n\n", 0},
        /* thematic breaks */
        {"---", "", "---", 0},
        {"---\n\nWords.\n", "", "---\n\nWords.\n", 0},
        {"---\nSome words\n\nmore\n", "", "---\nSome words\n\nmore\n", 0},
        {"---\n\nWords.\n\n---\n\nMore.\n", "", "---\n\nWords.\n\n---\n\nMore.\n", 0},
        {"---\n# Words\n\nMore.\n", "", "---\n# Words\n\nMore.\n", 0},
        {"\n---\nWords.\n\n---\n", "", "\n---\nWords.\n\n---\n", 0},
        {"\n---\n\n---\n", "", "\n---\n\n---\n", 0},
        {"---\nSome words\n--\n", "", "---\nSome words\n--\n", 0},
        {"----\nNote: A\n----\n", "", "----\nNote: A\n----\n", 0},
        /* bare blocks */
        {"Title: A\nDate: 2024-05-17\n\nWords.\n", "A", "Words.\n", 3},
        {"title:A\n\nWords.\n", "", "title:A\n\nWords.\n", 0},
        {"TITLE: A\n  and so on\n\ton\n \nWords.\n", "A and so on on", "Words.\n", 4},
        {"Title: A", "A", "", 0},
        {"\nTitle: A\n\nWords.\n", "A", "Words.\n", 3},
        {"Date: 2024-05-17\nX: 1\n 2\ntitle: A\n\nWords.\n", "A", "Words.\n", 5},
        /* text */
        {"Tide: A\n\n", "", "Tide: A\n\n", 0},
        {"Subject: A\n\nWords.\n", "", "Subject: A\n\nWords.\n", 0},
        {"Update: we are back\n\nTitle: A\n", "", "Update: we are back\n\nTitle: A\n", 0},
        {"Place: A\nTime: B\n\nTitle: C\n", "", "Place: A\nTime: B\n\nTitle: C\n", 0},
        {"Date: A\nor so\nTitle: B\n", "", "Date: A\nor so\nTitle: B\n", 0},
        {"{\"a\" said Ann}\n", "", "{\"a\" said Ann}\n", 0},
        {"{{ name }}: A\n", "", "{{ name }}: A\n", 0},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        front f = read_front(cases[i].text);
        check_str(f.issue->title, cases[i].title, (int)i);
        check_body(&f, cases[i].body, cases[i].lines, (int)i);
        assert_int_equal(f.issue->finding_count, 0);
        drop(&f);
    }
}

static void unread(void **state)
{
    (void)state;
    expect_finding("+++\ntitle = \"A\"\n+++\nWords.\n", NEWS_ERROR, "front-matter-toml", 1, 1,
                   "write it as YAML");
    front f = read_front("+++\ntitle = \"A\"\n+++\nWords.\n");
    expect_body(&f, "Words.\n", 3);
    drop(&f);
    f = read_front("+++\nWords.\n");
    expect_body(&f, "Words.\n", 1);
    drop(&f);

    expect_finding("---\ntitle: A\n\nWords.\n", NEWS_ERROR, "front-matter-unterminated", 1, 1,
                   "opens in line 1");
    f = read_front("---\ntitle: A\ntags:\n  - b\n\nWords.\n");
    expect_str(f.issue->title, "A");
    expect_tree(f.issue->tags, "tags=[b]");
    expect_body(&f, "\nWords.\n", 4);
    drop(&f);

    static const char unterminated[] = "front-matter-unterminated";
    expect_finding("\n---\ntitle: A\n", NEWS_ERROR, unterminated, 2, 1, "opens in line 2");
    expect_finding("---\ntitle: A\n--\nWords.\n", NEWS_ERROR, unterminated, 3, 1,
                   "\"--\" does not close the front matter that opens in line 1");
    expect_finding("\n---\ntitle: A\n \xE2\x80\x94\n\xE2\x80\x94\nWords.\n\n---\n", NEWS_ERROR,
                   unterminated, 5, 1, "\"\xE2\x80\x94\"");
    f = read_front("---\ntitle: A\n----\nWords.\n\n---\nMore.\n");
    expect_str(f.issue->title, "A");
    expect_body(&f, "Words.\n\n---\nMore.\n", 3);
    drop(&f);

    static const char json[] = "front-matter-json";
    expect_finding("\n{ \"title\": \"A\" }\nWords.\n", NEWS_ERROR, json, 2, 1, "write it as YAML");
    expect_finding("{\n\n  \"a\" : {\n", NEWS_ERROR, json, 1, 1, "JSON");
    f = read_front("{\n  \"a\": {\n  }\n}\nWords.\n");
    expect_body(&f, "Words.\n", 4);
    drop(&f);

    expect_finding("Title: A\nDate: 2024-05-17\n# Words\n", NEWS_ERROR, "front-matter-syntax", 3, 1,
                   "\"Key: value\"");
    f = read_front("Title: A\n# Words\n");
    expect_str(f.issue->title, "A");
    expect_body(&f, "# Words\n", 1);
    drop(&f);
    expect_finding("\nDate: 2024-05-17\nTitle: A\nX: 1\n# Words\n", NEWS_ERROR,
                   "front-matter-syntax", 5, 1, "\"Key: value\"");
}

/* What was meant as front matter, but is text, is not shown without a word. */
static void shown(void **state)
{
    (void)state;
    static const char code[] = "front-matter-unread";
    expect_finding("Titel: A\n\nWords.\n", NEWS_WARNING, code, 1, 1, "did you mean \"Title\"?");
    expect_finding("\nTitles: A\nDate: B", NEWS_WARNING, code, 2, 1, "\"Titles\"");
    expect_finding("Dat: A\n and so on\nSubject: B\n\n", NEWS_WARNING, code, 1, 1,
                   "reads like front matter");
    expect_finding("----\ntitle: A\n----\n", NEWS_WARNING, code, 1, 1, "\"---\" alone");
    expect_finding(" ---\ntitle: A\n---\n", NEWS_WARNING, code, 1, 1, "\"---\" alone");
    expect_finding("--\nDate: A\n\nWords.\n", NEWS_WARNING, code, 1, 1, "\"---\" alone");
    front f = read_front("Titel: A\n\nWords.\n");
    expect_body(&f, "Titel: A\n\nWords.\n", 0);
    drop(&f);
}

/* ---- Fields ---- */

static void yaml_fields(void **state)
{
    (void)state;
    front f = read_front("---\n"
                         "title: ! 'Issue #7'\n"
                         "Subject: \"Sub: ject\"\n"
                         "preheader: >\n  Two\n  lines\n"
                         "number: 007\n"
                         "date: 2024-05-17 22:30 +0530\n"
                         "modified: 2024-05-18\n"
                         "slug: a-slug\n"
                         "url: https://example.org/#a\n"
                         "lang: pt-BR\n"
                         "dir: RTL\n"
                         "summary: |\n  One.\n\n  \tTwo.\n"
                         "authors: [ Ann, \"B, C\", ~, ]\n"
                         "tags: one, two words ,, three\n"
                         "image: a.png\n"
                         "layout: post\n"
                         "Draft: yes\n"
                         "nothing: ~\n"
                         "empty: ''\n"
                         "tree:\n  - a: 1\n    b: [x, [y]]\n  - |\n    l1\n    l2\n"
                         "---\n");
    const news_issue *issue = f.issue;
    assert_int_equal(issue->finding_count, 0);
    expect_str(issue->title, "Issue #7");
    expect_str(issue->subject, "Sub: ject");
    expect_str(issue->preheader, "Two lines");
    expect_str(issue->number, "007");
    expect_str(issue->slug, "a-slug");
    expect_str(issue->url, "https://example.org/#a");
    expect_str(issue->lang, "pt-BR");
    expect_str(issue->dir, "rtl");
    expect_str(issue->summary, "One. Two.");
    expect_str(issue->image, "a.png");
    assert_true(issue->has_date && issue->has_updated);
    assert_int_equal(issue->date.offset, 330);
    assert_int_equal(issue->updated.day, 18);
    expect_tree(issue->authors, "authors=[Ann, B, C]");
    assert_int_equal(news_nodes_count(&(news_nodes){.first = issue->authors->first_child}), 2);
    expect_tree(issue->tags, "tags=[one, two words, three]");
    expect_tree(issue->meta, "{layout=post, Draft=yes, tree=[{a=1, b=[x, [y]]}, l1\nl2\n]}");
    assert_int_equal(issue->meta->first_child->line, 21);
    assert_int_equal(issue->meta->first_child->column, 9);
    drop(&f);
}

static void bare_fields(void **state)
{
    (void)state;
    front f = read_front("Title: #13 - \"A\": b\n"
                         "Date: 2024-05-17 18:46\n"
                         "Modified: 2024-05-18\n"
                         "Author: Ann, of Bee\n"
                         "Tags: x, y\n"
                         "Empty:\n"
                         "Sub Category: é: z\n"
                         "\n");
    const news_issue *issue = f.issue;
    assert_int_equal(issue->finding_count, 0);
    expect_str(issue->title, "#13 - \"A\": b");
    expect_tree(issue->authors, "Author=[Ann, of Bee]");
    expect_tree(issue->tags, "Tags=[x, y]");
    expect_tree(issue->meta, "{Sub Category=é: z}");
    assert_int_equal(issue->date.hour, 18);
    assert_true(issue->has_updated);
    assert_int_equal(issue->meta->first_child->line, 7);
    assert_int_equal(issue->meta->first_child->column, 15);
    drop(&f);
}

static void absent_fields(void **state)
{
    (void)state;
    front f =
        read_front("---\ntitle:\nsubject: ''\nslug: '  '\nlang: null\nauthors: []\ntags: ','\n"
                   "date: ~\n---\n");
    assert_int_equal(f.issue->finding_count, 0);
    assert_int_equal(f.issue->title.len + f.issue->subject.len + f.issue->slug.len, 0);
    assert_null(f.issue->authors);
    assert_null(f.issue->tags);
    assert_false(f.issue->has_date);
    expect_tree(f.issue->meta, "{}");
    drop(&f);
}

static void control_characters(void **state)
{
    (void)state;
    front f = read_front("---\ntitle: \"a\\x07b\\0c\\nd\\te\"\nx: \"\\ta\\nb\\x1b\"\n---\n");
    expect_str(f.issue->title, "a\xEF\xBF\xBD"
                               "b\xEF\xBF\xBD"
                               "c d e");
    expect_tree(f.issue->meta, "{x=\ta\nb\xEF\xBF\xBD}");
    drop(&f);
    f = read_front("Title: a\x01\x7F\n\n");
    expect_str(f.issue->title, "a\xEF\xBF\xBD\xEF\xBF\xBD");
    drop(&f);
    expect_finding("---\ntitle: A\nx: é\x01\n---\n", NEWS_ERROR, "front-matter-syntax", 3, 5,
                   "U+0001");
}

static void field_findings(void **state)
{
    (void)state;
    expect_finding("---\ntitle: A\nlang: en_GB\n---\n", NEWS_WARNING, "front-matter-lang", 3, 7,
                   "\"en_GB\"");
    static const char *const tags[] = {
        "en", "gsw", "pt-BR", "zh-Hant-TW", "x-harbour", "i-klingon", "sl-rozaj-biske-1994"};
    static const char *const no_tags[] = {"english", "engl", "e",     "x",   "q-a",         "en-",
                                          "en--GB",  "-en",  "en-a_", "e1-", "en-abcdefghi"};
    char text[64];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(tags); i++) {
        snprintf(text, sizeof text, "---\nlang: %s\n---\n", tags[i]);
        front good = read_front(text);
        check_str(good.issue->lang, tags[i], (int)i);
        drop(&good);
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(no_tags); i++) {
        snprintf(text, sizeof text, "---\nlang: %s\n---\n", no_tags[i]);
        check_finding(text, NEWS_WARNING, "front-matter-lang", 2, 7, "is left out", (int)i);
    }
    expect_finding("---\ndir: up\n---\n", NEWS_ERROR, "front-matter-dir", 2, 6, "\"up\"");
    expect_finding("---\ndate: 17.05.2024\n---\n", NEWS_WARNING, "front-matter-date", 2, 7,
                   "is left out; write 2024-05-17");
    expect_finding("Title: A\nDate: 2024-02-30\n\n", NEWS_WARNING, "front-matter-date", 2, 7,
                   "\"2024-02-30\"");
    expect_finding("---\ntitle: {a: b}\n---\n", NEWS_ERROR, "front-matter-type", 2, 8,
                   "\"title\" must be a single text");
    expect_finding("---\nauthor:\n  name: A\n---\n", NEWS_ERROR, "front-matter-type", 3, 3,
                   "\"author\" must be a text or a list");
    expect_finding("---\ntags: [a, [b]]\n---\n", NEWS_ERROR, "front-matter-type", 2, 11,
                   "\"tags\"");
    front f = read_front("---\nDate: soon\n---\n");
    expect_tree(f.issue->meta, "{Date=soon}");
    assert_false(f.issue->has_date);
    drop(&f);
}

static void addresses(void **state)
{
    (void)state;
    static const char code[] = "front-matter-address";
    static const char *const bad[] = {
        "url: not a url",        "url: example.org/1",
        "url: 'https://'",       "url: http://example x/",
        "url: javascript:a()",   "url: mailto:a@b.example",
        "url: 'https://:80/'",   "url: //",
        "image: javascript:a()", "image: data:image/png,x",
        "image: https:///a",     "image: http://",
    };
    static const char *const good[] = {
        "url: https://example.org",
        "url: gemini://example.org/a",
        "url: /2024/05/",
        "url: //example.org/a",
        "url: https://xn--bcher/a",
        "url: https://b\u00fccher.example/",
        "image: a b.png",
        "image: /a.png",
        "image: https://example.org/a.png",
    };
    char text[64];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++) {
        snprintf(text, sizeof text, "---\n%s\n---\n", bad[i]);
        check_finding(text, NEWS_WARNING, code, 2, bad[i][0] == 'u' ? 6 : 8, "is left out", (int)i);
        front f = read_front(text);
        assert_int_equal(f.issue->url.len + f.issue->image.len, 0);
        drop(&f);
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++) {
        snprintf(text, sizeof text, "---\n%s\n---\n", good[i]);
        front f = read_front(text);
        check_str(f.issue->url.len != 0 ? f.issue->url : f.issue->image, strchr(good[i], ' ') + 1,
                  (int)i);
        assert_int_equal(f.issue->finding_count, 0);
        drop(&f);
    }
}

static void misspelt(void **state)
{
    (void)state;
    static const char code[] = "front-matter-unknown-key";
    expect_finding("---\ntitel: A\n---\n", NEWS_WARNING, code, 2, 8,
                   "unknown key \"titel\"; did you mean \"title\"?");
    expect_finding("---\na: b\nDat: 2024\n---\n", NEWS_WARNING, code, 3, 6, "\"date\"");
    expect_finding("---\nsummarry: A\n---\n", NEWS_WARNING, code, 2, 11, "\"summary\"");
    expect_finding("---\ntag: [a]\n---\n", NEWS_WARNING, code, 2, 6, "\"tags\"");
    expect_finding("Title: A\nSlog: b\n\n", NEWS_WARNING, code, 2, 7, "\"slug\"");
    front f = read_front("---\ntitel: A\n---\n");
    expect_tree(f.issue->meta, "{titel=A}");
    drop(&f);
    f = read_front("---\nlayout: a\ncategories: [b]\npermalink: c\nimages: [d]\ndata: {e: f}\n"
                   "rate: 1\ntime: 2\npage: 3\nsite: 4\ntype: 5\nauthors: A\nautor: B\n---\n");
    assert_int_equal(f.issue->finding_count, 0);
    drop(&f);
}

static void duplicates(void **state)
{
    (void)state;
    static const char code[] = "front-matter-duplicate-key";
    expect_finding("---\na: 1\nb: 2\na: 3\n---\n", NEWS_ERROR, code, 4, 1, "in line 2 and here");
    expect_finding("---\nx:\n  a: 1\n  a: [2]\n---\n", NEWS_ERROR, code, 4, 3, "in line 3");
    expect_finding("---\ntitle: A\nTitle: B\n---\n", NEWS_ERROR, code, 3, 8, "line 2");
    expect_finding("---\nauthor: A\nauthors: [B]\n---\n", NEWS_ERROR, code, 3, 10, "line 2");
    expect_finding("Title: A\nX: 1\nX: 2\n\n", NEWS_ERROR, code, 3, 1, "in line 2");
    front f = read_front("---\na: 1\na: {b: 2}\nc: 3\n---\n");
    expect_tree(f.issue->meta, "{a=1, c=3}");
    drop(&f);
}

/* ---- YAML that is refused ---- */

static void syntax(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *words;
    } cases[] = {
        {"---\ntitle: One: two\n---\n", 2, 11, "must be put in quotes"},
        {"---\ntitle: Hi\n  sub: x\n---\n", 3, 3, "is indented"},
        {"---\ntitle: \"Hi\"\n\n  sub key: x\n---\n", 4, 3, "is indented"},
        {"---\na:\n  b: c\n    d:\n---\n", 4, 5, "is indented"},
        {"---\na:\n  b: c: d\n---\n", 3, 7, "must be put in quotes"},
        {"---\na: é\u2028b\n---\n", 2, 5, "U+2028"},
        {"---\ntitle: \"One\nb: c\n---\n", 2, 8, "never closed"},
        {"---\ntitle: 'It's'\n---\n", 2, 12, "put all of it in quotes"},
        {"---\ntitle: A\nJust words\n---\n", 3, 1, "\"key: value\""},
        {"---\ntags:\n\t- a\n---\n", 3, 1, "a tab"},
        {"---\na:\n  b: 1\n\tc: 2\n---\n", 4, 1, "a tab"},
        {"---\ntags: [a, b\nx: y\n---\n", 2, 7, "\"]\""},
        {"---\ntitle: @handle\n---\n", 2, 8, "must be put in quotes"},
        {"---\ntitle: `code`\n---\n", 2, 8, "must be put in quotes"},
        {"---\ntitle: **bold** words\n---\n", 2, 8, "must be put in quotes"},
        {"---\ntitle: \"a\\qb\"\n---\n", 2, 10, "backslash"},
        {"---\ntags: - a\n---\n", 2, 7, "line of its own"},
        {"---\ntitle: {{ page }}\n---\n", 2, 9, "quotes"},
        {"---\ntitle: [foo] bar\n---\n", 2, 14, "put all of it in quotes"},
        {"---\nx: {a: [b\ntitle: c\n---\n", 2, 8, "\"]\""},
        {"---\ntitle: !important words\n---\n", 2, 8, "\"!\""},
        {"---\n title: A\nslug: b\n---\n", 3, 1, "same column"},
        {"---\ntitle: > a\n---\n", 2, 10, "next line"},
        {"---\ntitle: >0\n---\n", 2, 9, "next line"},
        {"---\nx: [a,\n---\n", 3, 1, "must be closed"},
        {"---\nx: [,a]\n---\n", 2, 5, "or a comma must be put in quotes"},
        {"---\nx: ]\n---\n", 2, 4, "begins with a bracket"},
        {"---\nx: !<a\n---\n", 2, 4, "\"!\""},
        {"---\nx: !a!b c\n---\n", 2, 4, "\"!\""},
        {"---\nx: !a%b c\n---\n", 2, 4, "\"!\""},
        {"---\nx: a\n%off: b\n---\n", 3, 1, "\"%\""},
        {"---\nx: \"\\xzz\"\n---\n", 2, 7, "backslash"},
        {"---\nx: \"\\ud800\"\n---\n", 2, 7, "stands for no character"},
        {"---\n? [a]\n: b\n---\n", 2, 3, "a key must be plain text"},
        {"---\nJust words\n---\n", 2, 1, "\"key: value\""},
        {"---\n- a\n- b\n---\n", 2, 1, "not a list"},
        {"---\na: 1\n--- b\n---\n", 3, 1, "single YAML document"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++)
        check_finding(cases[i].text, NEWS_ERROR, "front-matter-syntax", cases[i].line,
                      cases[i].column, cases[i].words, (int)i);

    front f = read_front("---\ntitle: A\nslug: b\nurl: c: d\n---\nWords.\n");
    expect_str(f.issue->title, "A");
    expect_body(&f, "Words.\n", 5);
    drop(&f);
}

/* What YAML takes for a comment is not lost unseen. */
static void comments(void **state)
{
    (void)state;
    static const char code[] = "front-matter-comment";
    expect_finding("---\ntitle: Issué #7\n---\n", NEWS_WARNING, code, 2, 14, "in quotes");
    expect_finding("---\na: b\ntitle: #7 things\n---\n", NEWS_WARNING, code, 3, 8, "in quotes");
    expect_finding("---\nx: [a, b #c\n]\n---\n", NEWS_WARNING, code, 2, 10, "in quotes");
    front f = read_front("---\ntitle: A#7 # remark\nx: 'a' # b\ny: \"#7\"\n# z\n#z\n---\n");
    assert_int_equal(f.issue->finding_count, 0);
    expect_str(f.issue->title, "A#7");
    drop(&f);
}

static void aliases(void **state)
{
    (void)state;
    expect_finding("---\na: &x 1\n---\n", NEWS_ERROR, "front-matter-alias", 2, 4, "\"&\"");
    expect_finding("---\ntitle: *x\n---\n", NEWS_ERROR, "front-matter-alias", 2, 8, "\"*\"");
    expect_finding("---\na: [1, &y {b: 1}]\n---\n", NEWS_ERROR, "front-matter-alias", 2, 8,
                   "\"&\"");

    char text[4096] = "---\n";
    for (int i = 0; i < 200; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "k%d: *x\n", i);
    strcat(text, "---\n");
    front f = read_front(text);
    assert_int_equal(f.issue->finding_count, 50);
    drop(&f);
}

static void nesting(void **state)
{
    (void)state;
    char text[256] = "---\na: ";
    size_t start = strlen(text);
    memset(text + start, '[', 31); /* and the root */
    memset(text + start + 31, ']', 31);
    strcpy(text + start + 62, "\n---\n");
    front f = read_front(text);
    assert_int_equal(f.issue->finding_count, 0);
    drop(&f);

    memset(text + start, '[', 32);
    strcpy(text + start + 32, "\n---\n");
    news_issue *issue = news_issue_new(NULL, NEWS_STR("a.md"));
    news_error error = NEWS_ERROR_INIT;
    size_t body;
    uint32_t lines;
    assert_int_equal(news_front_matter(issue, news_str_from(text), &body, &lines, &error),
                     NEWS_ERR_LIMIT);
    assert_string_equal(error.source, "a.md");
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 4 + 31);
    news_issue_unref(issue);
}

/* ---- Dates ---- */

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        news_date date;
    } good[] = {
        {"2024-05-17", {2024, 5, 17, 0, 0, 0, 0, false}},
        {" 2024-02-29 ", {2024, 2, 29, 0, 0, 0, 0, false}},
        {"2000-02-29", {2000, 2, 29, 0, 0, 0, 0, false}},
        {"0001-01-01", {1, 1, 1, 0, 0, 0, 0, false}},
        {"9999-12-31 23:59", {9999, 12, 31, 23, 59, 0, 0, true}},
        {"2024-05-17 22:00:00 -0000", {2024, 5, 17, 22, 0, 0, 0, true}},
        {"2024-05-17T22:00:00+02:00", {2024, 5, 17, 22, 0, 0, 120, true}},
        {"2024-05-17t22:00:60.125Z", {2024, 5, 17, 22, 0, 60, 0, true}},
        {"2024-05-17   00:00 -0930", {2024, 5, 17, 0, 0, 0, -570, true}},
        {"2024-05-17 00:00-09", {2024, 5, 17, 0, 0, 0, -540, true}},
        {"2024-5-7", {2024, 5, 7, 0, 0, 0, 0, false}},
        {"2024/05/07 22:00", {2024, 5, 7, 22, 0, 0, 0, true}},
    };
    static const char *const bad[] = {
        "",
        "2024",
        "2024-05",
        "2024--17",
        "2024-5-",
        "2024-5/17",
        "2024-005-17",
        "2024-5-017",
        "24-05-17",
        "02024-05-17",
        "0000-01-01",
        "2024-00-01",
        "2024-13-01",
        "2024-04-31",
        "2023-02-29",
        "1900-02-29",
        "2024-05-00",
        "2024-05-17x",
        "2024-05-17T",
        "2024-05-17 24:00",
        "2024-05-17 2:00",
        "2024-05-17 22:60",
        "2024-05-17 22:00:61",
        "2024-05-17 22:00:00.",
        "2024-05-17 22:00 UTC",
        "2024-05-17 22:00 +2",
        "2024-05-17 22:00 +24:00",
        "2024-05-17 22:00 +02:60",
        "2024-05-17 22:00 +02:",
        "2024-05-17 22:00Z x",
        "17.05.2024",
        "May 7, 2024",
    };
    news_date date;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++) {
        if (!news_date_parse(news_str_from(good[i].text), &date))
            fail_msg("%s", good[i].text);
        const news_date *expected = &good[i].date;
        assert_int_equal(date.year, expected->year);
        assert_int_equal(date.month, expected->month);
        assert_int_equal(date.day, expected->day);
        assert_int_equal(date.hour, expected->hour);
        assert_int_equal(date.min, expected->min);
        assert_int_equal(date.sec, expected->sec);
        assert_int_equal(date.offset, expected->offset);
        assert_int_equal(date.has_time, expected->has_time);
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        if (news_date_parse(news_str_from(bad[i]), &date))
            fail_msg("%s", bad[i]);
}

/* ---- Memory ---- */

typedef struct {
    size_t calls, fail_at, bytes;
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size > old_size && ++f->calls == f->fail_at)
        return NULL;
    f->bytes = f->bytes - (ptr != NULL ? old_size : 0) + new_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

/* Fails the first allocation, the second, …, until one run needs no more. */
static void out_of_memory(void **state)
{
    (void)state;
    static const char *const texts[] = {
        ("---\ntitle: |\n  a\n  b\nauthors: [x, \"y\\0\"]\ntags: p, q\ndate: no\nlang: e_\ndir: "
         "up\n"
         "m: {a: [1, {b: 2}], a: 3}\nsubject: *x\nTitle: again\nslug: [a]\nz: a: b\n---\n"),
        "Title: a\n b\nTags: p, q\nX: 1\nX: 2\n# Words\n",
        "+++\n+++\n",
        "---\na: 1\n\n",
        "---\ntitel: 1\nurl: a b\nimage: 'data:'\nx: y\n  z: 1\n--\n",
        "{\"a\": 1}\n",
        "Titel: a\n",
        "Date: a\nX: b\n",
        "--\ndate: a\n",
    };
    char text[20000];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(texts) + 1; i++) {
        strcpy(text, i != 0 ? texts[i - 1] : "---\n");
        for (int k = 0; i == 0 && k < 500; k++) /* enough for the arena and a key map to grow */
            snprintf(text + strlen(text), sizeof text - strlen(text), "key-%d: [value]\n", k);
        if (i == 0)
            strcat(text, "---\n");
        news_status status = NEWS_ERR_NOMEM;
        for (size_t at = 1; status != NEWS_OK; at++) {
            failing f = {.fail_at = at};
            news_error error = NEWS_ERROR_INIT;
            size_t body;
            uint32_t lines;
            news_issue *issue = news_issue_new(&(news_allocator){reallocate, &f}, NEWS_STR("a"));
            if (issue != NULL)
                status = news_front_matter(issue, news_str_from(text), &body, &lines, &error);
            assert_true(status == NEWS_OK || status == NEWS_ERR_NOMEM);
            if (issue != NULL)
                assert_int_equal(error.status, status);
            news_issue_unref(issue);
            assert_int_equal(f.bytes, 0);
            assert_true(at < 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extent),         cmocka_unit_test(unread),
        cmocka_unit_test(yaml_fields),    cmocka_unit_test(bare_fields),
        cmocka_unit_test(absent_fields),  cmocka_unit_test(control_characters),
        cmocka_unit_test(field_findings), cmocka_unit_test(duplicates),
        cmocka_unit_test(syntax),         cmocka_unit_test(aliases),
        cmocka_unit_test(comments),       cmocka_unit_test(nesting),
        cmocka_unit_test(addresses),      cmocka_unit_test(misspelt),
        cmocka_unit_test(shown),          cmocka_unit_test(dates),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
