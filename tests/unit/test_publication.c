/* Publications and paths: every key of news.yaml, every finding with its place, editions, finding
 * the file, the addresses of issues, and memory that runs out at any allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "source/source.h"

/* ---- A loader of files in memory ---- */

typedef struct {
    const char *path, *bytes;
    size_t len; /* 0: up to the NUL */
} shelf_file;

typedef struct {
    const shelf_file *files;
    size_t count;
    const char *broken; /* the path that cannot be read */
    size_t held;        /* files loaded and not yet released */
    size_t loads;
    char asked[256]; /* the paths, each followed by a space */
} shelf;

static news_status load(void *ud, const char *path, news_file *file)
{
    shelf *s = ud;
    size_t used = strlen(s->asked);
    snprintf(s->asked + used, sizeof s->asked - used, "%s ", path);
    if (s->broken != NULL && strcmp(path, s->broken) == 0)
        return NEWS_ERR_CANCELLED;
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(path, s->files[i].path) != 0)
            continue;
        const char *bytes = s->files[i].bytes;
        size_t len = s->files[i].len != 0 ? s->files[i].len : strlen(bytes);
        /* A copy of its own, so that reading past its end or after its release is seen. */
        char *copy = len != 0 ? malloc(len) : NULL;
        if (len != 0)
            memcpy(copy, bytes, len);
        *file = (news_file){copy, len, s};
        s->held++;
        s->loads++;
        return NEWS_OK;
    }
    return NEWS_ERR_NOT_FOUND;
}

static void release(void *ud, news_file *file)
{
    shelf *s = ud;
    assert_ptr_equal(file->handle, s);
    assert_true(s->held > 0);
    s->held--;
    free((void *)(uintptr_t)file->bytes);
}

static news_source_options options_of(shelf *s)
{
    news_source_options options = {.max_input = 8 << 20, .max_nodes = 1000000, .max_depth = 64};
    if (s != NULL)
        options.loader = (news_loader){sizeof options.loader, load, release, s};
    return options;
}

/* ---- Reading ---- */

static news_publication *read_with(const char *yaml, shelf *s)
{
    news_source_options options = options_of(s);
    news_publication *publication;
    news_error error = NEWS_ERROR_INIT;
    news_status status = news_source_publication(&publication, NEWS_STR("site/news.yaml"),
                                                 news_str_from(yaml), &options, &error);
    if (status != NEWS_OK)
        fail_msg("%s: %s", yaml, error.message);
    assert_non_null(publication);
    assert_non_null(publication->meta);
    assert_true(s == NULL || s->held == 0);
    return publication;
}

static news_publication *read_yaml(const char *yaml)
{
    return read_with(yaml, NULL);
}

static void drop(news_publication *publication)
{
    news_publication_unref(publication);
}

#define expect_str(actual, expected) check_str(actual, expected, __LINE__)
static void check_str(news_str actual, const char *expected, int line)
{
    if (!news_str_equal(actual, news_str_from(expected)))
        fail_msg("line %d: \"%.*s\" is not \"%s\"", line, (int)actual.len, actual.ptr, expected);
}

static void check_one(const news_issue *issue, news_severity severity, const char *code,
                      uint32_t at_line, uint32_t at_column, const char *words, int line)
{
    if (issue->finding_count != 1)
        fail_msg("line %d: %zu findings", line, issue->finding_count);
    const news_finding *finding = &issue->findings[0];
    if (finding->severity != severity || strcmp(finding->code, code) != 0 ||
        finding->line != at_line || finding->column != at_column ||
        strstr(finding->message.ptr, words) == NULL)
        fail_msg("line %d: %u:%u %s: %s", line, finding->line, finding->column, finding->code,
                 finding->message.ptr);
    check_str(finding->source, issue->name.ptr, line);
}

/* The text's only finding. */
#define expect_finding(yaml, severity, code, at_line, at_column, words)                            \
    check_finding(yaml, severity, code, at_line, at_column, words, __LINE__)
static void check_finding(const char *yaml, news_severity severity, const char *code,
                          uint32_t at_line, uint32_t at_column, const char *words, int line)
{
    news_publication *publication = read_yaml(yaml);
    check_one(publication->data, severity, code, at_line, at_column, words, line);
    drop(publication);
}

#define expect_value_error(yaml, at_line, at_column, words)                                        \
    check_finding(yaml, NEWS_ERROR, "publication-value", at_line, at_column, words, __LINE__)

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
    assert_null(node->parent);
    assert_null(node->next);
    write_node(&buf, node);
    check_str(news_buf_str(&buf), expected, line);
    news_buf_free(&buf);
}

/* ---- Keys ---- */

static const char all_keys[] = "# All of them.\n"
                               "name: a letter\n"
                               "Publisher: >\n  The\n  Press\n"
                               "url: https://example.org/letters/\n"
                               "gemini: gemini://example.org/letters\n"
                               "issue_path: \"{year}/{slug}\"\n"
                               "lang: pt-BR\n"
                               "dir: RTL\n"
                               "authors: [Ann, \"B, C\"]\n"
                               "masthead: parts/head.md\n"
                               "footer: |\n  Good *bye*.\n\n  Really.\n"
                               "contents: This week\n"
                               "toc: true\n"
                               "continue_reading: Go on\n"
                               "theme: {accent: \"#8a1c1c\", font: {size: 16}}\n"
                               "email:\n"
                               "  from: >\n    A letter\n    <a@example.org>\n"
                               "  unsubscribe: https://example.org/u?t={{ token }}\n"
                               "  campaign: [x]\n"
                               "recipient: {first_name: dear reader, user.id: 7}\n"
                               "editions:\n  teaser: {base: web, until: more}\n"
                               "html: allow\n"
                               "check: {silence: [image-alt, empty]}\n";

static const shelf_file parts[] = {{"site/parts/head.md", "Welcome.\n", 0}};

static void every_key(void **state)
{
    (void)state;
    shelf s = {.files = parts, .count = 1};
    news_publication *p = read_with(all_keys, &s);
    assert_int_equal(p->data->finding_count, 0);
    expect_str(p->data->name, "site/news.yaml");
    expect_str(p->name, "a letter");
    expect_str(p->publisher, "The Press");
    expect_str(p->url, "https://example.org/letters/");
    expect_str(p->gemini, "gemini://example.org/letters");
    expect_str(p->issue_path, "{year}/{slug}");
    expect_str(p->lang, "pt-BR");
    expect_str(p->dir, "rtl");
    expect_tree(p->authors, "authors=[Ann, B, C]");
    expect_str(p->contents, "This week");
    assert_true(p->has_toc && p->toc && p->allow_html);
    expect_str(p->continue_reading, "Go on");
    expect_tree(p->theme, "theme={accent=#8a1c1c, font={size=16}}");
    expect_tree(p->email, "email={from=A letter <a@example.org>, "
                          "unsubscribe=https://example.org/u?t={{ token }}, campaign=[x]}");
    expect_tree(p->recipient, "recipient={first_name=dear reader, user.id=7}");
    expect_tree(p->silenced, "silence=[image-alt, empty]");
    expect_tree(p->meta, "{}");
    assert_int_equal(p->edition_count, 1);
    expect_str(p->editions[0].name, "teaser");
    drop(p);
}

/* The first block of a masthead or a footer, and its text. */
static void expect_block(const news_node *holder, uint32_t line, const char *text)
{
    assert_non_null(holder);
    assert_int_equal(holder->kind, NEWS_KIND_PUBLICATION);
    const news_node *block = holder->first_child;
    assert_non_null(block);
    assert_int_equal(block->kind, NEWS_KIND_PARAGRAPH);
    assert_int_equal(block->line, line);
    assert_ptr_equal(block->parent, holder);
    assert_int_equal(block->first_child->kind, NEWS_KIND_TEXT);
    expect_str(block->first_child->a, text);
}

static void fragments(void **state)
{
    (void)state;
    shelf s = {.files = parts, .count = 1};
    news_publication *p = read_with("masthead: parts/../parts/head.md\n"
                                    "footer: |\n  Good bye.\n",
                                    &s);
    assert_string_equal(s.asked, "site/parts/head.md ");
    expect_block(p->masthead, 1, "Welcome.");
    expect_str(p->masthead_path, "site/parts/head.md");
    assert_int_equal(p->masthead_path.ptr[p->masthead_path.len], '\0');
    expect_block(p->footer, 3, "Good bye.");
    expect_str(p->footer_path, "site/news.yaml");
    assert_int_equal(p->data->finding_count, 0);
    drop(p);
    p = read_yaml("\n# é\nmasthead:\n  Hello.\nfooter: Bye,\n  now.\n");
    expect_block(p->masthead, 4, "Hello.");
    expect_block(p->footer, 5, "Bye, now.");
    drop(p);
    p = read_yaml("masthead:\nfooter: '  '\n");
    assert_null(p->masthead);
    assert_null(p->footer);
    drop(p);

    static const shelf_file empty[] = {{"site/a.MARKDOWN", "", 0}};
    shelf t = {.files = empty, .count = 1};
    p = read_with("masthead: a.MARKDOWN\nfooter: >\n  /abs/b.md\n", &t);
    assert_string_equal(t.asked, "site/a.MARKDOWN /abs/b.md ");
    assert_non_null(p->masthead);
    assert_null(p->footer);
    check_one(p->data, NEWS_ERROR, "publication-file", 2, 9, "\"/abs/b.md\" does not exist",
              __LINE__);
    drop(p);
    expect_finding("name: x\nmasthead: m.md\n", NEWS_ERROR, "publication-file", 2, 11,
                   "\"m.md\" cannot be read");
    expect_value_error("masthead: [m.md]\n", 1, 11, "the path of a file");
}

static void nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "# nothing\n", "---\n",
                                        "name:\nurl: ''\ntoc: ~\n"
                                        "dir: ' '\nlang: ' '\ngemini: ' '\nhtml: ' '\ncheck: {}\n"
                                        "authors: []\nemail:\neditions: {}\nissue_path: ' '\n"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(texts); i++) {
        news_publication *p = read_yaml(texts[i]);
        assert_int_equal(p->data->finding_count, 0);
        assert_int_equal(p->name.len + p->url.len + p->dir.len + p->lang.len + p->gemini.len, 0);
        assert_int_equal(p->issue_path.len + p->edition_count, 0);
        assert_false(p->has_toc || p->allow_html);
        assert_null(p->authors);
        assert_null(p->email);
        assert_null(p->silenced);
        assert_null(p->masthead);
        expect_tree(p->meta, "{}");
        drop(p);
    }
    news_publication *p = read_yaml("\xEF\xBB\xBFname: a\r\ntoc: No\r\nauthor: Ann, Bo\r");
    expect_str(p->name, "a");
    assert_true(p->has_toc);
    assert_false(p->toc);
    expect_tree(p->authors, "author=[Ann, Bo]");
    drop(p);
}

static void references(void **state)
{
    (void)state;
    news_publication *p = read_yaml("name: a\n");
    assert_ptr_equal(news_publication_ref(p), p);
    drop(p);
    expect_str(p->name, "a");
    drop(p);
}

/* ---- Findings ---- */

static void wrong_values(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "name",     "publisher",        "url", "gemini", "lang", "issue_path", "dir",
        "contents", "continue_reading", "toc", "html"};
    char yaml[128];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(texts); i++) {
        uint32_t column = (uint32_t)strlen(texts[i]) + 3;
        snprintf(yaml, sizeof yaml, "\n%s: {slug}\n", texts[i]);
        expect_value_error(yaml, 2, column, "a single text; one that begins with \"{\"");
        snprintf(yaml, sizeof yaml, "\n%s: [a]\n", texts[i]);
        expect_value_error(yaml, 2, column, "a single text; one that begins with \"[\"");
    }
    static const char *const groups[] = {"theme", "email", "recipient", "check"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(groups); i++) {
        snprintf(yaml, sizeof yaml, "%s: a\n", groups[i]);
        expect_value_error(yaml, 1, (uint32_t)strlen(groups[i]) + 3, "must be a group of keys");
    }
    expect_value_error("authors: {a: b}\n", 1, 10, "\"authors\" must be a name or a list");
    expect_value_error("author: [a, [b]]\n", 1, 13, "\"author\" must be a name or a list");
    expect_value_error("lang: en_GB\n", 1, 7, "a language tag such as en or pt-BR, not \"en_GB\"");
    expect_value_error("dir: up\n", 1, 6, "ltr or rtl, not \"up\"");
    expect_value_error("toc: maybe\n", 1, 6, "true or false, not \"maybe\"");
    expect_value_error("html: true\n", 1, 7, "allow, or left out, not \"true\"");
    expect_value_error("recipient: {a: b, c: [d]}\n", 1, 22, "\"c\" must be a single text");
    expect_value_error("email:\n  from: [a]\n", 2, 9, "\"from\" must be a single text");
    expect_value_error("check:\n  silence: {a: b}\n", 2, 12, "\"silence\" must be a list");
    news_publication *p = read_yaml("dir: up\nlang: en_GB\nhtml: no\ntheme: a\n");
    assert_int_equal(p->data->finding_count, 4);
    assert_int_equal(p->dir.len + p->lang.len, 0);
    assert_false(p->allow_html);
    assert_null(p->theme);
    drop(p);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "example.org",        "/letters",     "//example.org",      "https://",
        "mailto:a@b.example", "https://:80/", "gemini://a.example", "https://a b.example/",
        "javascript:a()"};
    char yaml[128];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++) {
        snprintf(yaml, sizeof yaml, "url: %s\n", bad[i]);
        expect_value_error(yaml, 1, 6, "the whole address of the site");
    }
    expect_value_error("gemini: https://example.org\n", 1, 9, "gemini://example.org/, not");
    expect_value_error("gemini: gemini://\n", 1, 9, "the whole address of the capsule");
    news_publication *p = read_yaml("url: http://www.example.org:8080\n");
    expect_str(p->url, "http://www.example.org:8080");
    drop(p);
    expect_value_error("issue_path: \"a/{slag}\"\n", 1, 13, "holds \"{slag}\"; there are {slug}");
    expect_value_error("issue_path: \"{slug}/{date\"\n", 1, 13, "holds \"{date\"");
    expect_value_error("issue_path: https://example.org/\n", 1, 13, "a path below \"url\"");
    p = read_yaml("issue_path: /{year}/{month}/{day}/{date}/{number}-{slug}.html\n");
    assert_int_equal(p->data->finding_count, 0);
    expect_str(p->issue_path, "/{year}/{month}/{day}/{date}/{number}-{slug}.html");
    drop(p);
}

static void unknown_keys(void **state)
{
    (void)state;
    static const char code[] = "publication-unknown-key";
    expect_finding("name: x\nmast-head: m.md\n", NEWS_WARNING, code, 2, 12,
                   "unknown key \"mast-head\"; did you mean \"masthead\"?");
    expect_finding("fediverse: '@a@b.example'\n", NEWS_WARNING, code, 1, 12,
                   "unknown key \"fediverse\"; keys of your own go below \"meta\"");
    expect_finding("email:\n  replyto: a\n", NEWS_WARNING, code, 2, 12, "\"reply_to\"?");
    expect_finding("email:\n  From: a\n", NEWS_WARNING, code, 2, 9, "\"from\"?");
    expect_finding("check:\n  silent: []\n", NEWS_WARNING, code, 2, 11, "\"silence\"?");
    expect_finding("check:\n  strict: yes\n", NEWS_WARNING, code, 2, 11,
                   "there is only \"silence\"");
    expect_finding("meta: a\n", NEWS_ERROR, "publication-value", 1, 7, "a group of keys");
    news_publication *own = read_yaml("meta:\n  zine: {a: 1}\n  other: b\n");
    assert_int_equal(own->data->finding_count, 0);
    assert_non_null(news_mapping_get(own->meta, NEWS_STR("zine")));
    assert_non_null(news_mapping_get(own->meta, NEWS_STR("other")));
    news_publication_unref(own);
    news_publication *p = read_yaml("zine: {a: 1}\nemail: {froom: a}\nName: b\nother: [c]\n");
    assert_int_equal(p->data->finding_count, 3);
    expect_tree(p->meta, "{zine={a=1}, other=[c]}");
    expect_tree(p->email, "email={froom=a}");
    expect_str(p->name, "b");
    drop(p);
    p = read_yaml("theme: {name: a, frm: b}\nemail: {campaign: c}\n");
    assert_int_equal(p->data->finding_count, 0);
    drop(p);

    static const char twice[] = "front-matter-duplicate-key";
    expect_finding("author: A\nauthors: [B]\n", NEWS_ERROR, twice, 2, 10, "line 1");
    expect_finding("name: A\nurl: https://a.example\nNAME: B\n", NEWS_ERROR, twice, 3, 7, "line 1");
    expect_finding("toc: yes\ntoc: no\n", NEWS_ERROR, twice, 2, 1, "in line 1 and here");
}

static void silence(void **state)
{
    (void)state;
    static const char code[] = "publication-unknown-code";
    expect_finding("check: {silence: [image-alt, imagealt]}\n", NEWS_WARNING, code, 1, 30,
                   "no finding has the code \"imagealt\"; did you mean \"image-alt\"?");
    expect_finding("check: {silence: everything-there-is}\n", NEWS_WARNING, code, 1, 18,
                   "no finding has the code \"everything-there-is\"");
    news_publication *p = read_yaml("check: {silence: \"html-dropped, link-empty\"}\n");
    assert_int_equal(p->data->finding_count, 0);
    expect_tree(p->silenced, "silence=[html-dropped, link-empty]");
    drop(p);
    size_t codes = 0;
    while (news_code_at(codes) != NULL)
        codes++;
    assert_true(codes > 20);
}

/* What is wrong with the YAML is told without a word of front matter. */
static void syntax(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *code;
        uint32_t line, column;
        const char *words;
    } cases[] = {
        {"- a\n", "front-matter-syntax", 1, 1, "not a list"},
        {"words\n", "front-matter-syntax", 1, 1, "\"key: value\""},
        {"---\nname: a\n---\nb: c\n", "front-matter-syntax", 3, 1, "single YAML document"},
        {"name: a: b\n", "front-matter-syntax", 1, 8, "in quotes"},
        {"name: a\nx: [a,", "front-matter-syntax", 2, 7, "must be closed"},
        {"name: a\u2028b\n", "front-matter-syntax", 1, 8, "U+2028"},
        {"name: &a b\n", "front-matter-alias", 1, 7, "anchors are not read"},
        {"name: *a\n", "front-matter-alias", 1, 7, "anchors are not read"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        check_finding(cases[i].yaml, NEWS_ERROR, cases[i].code, cases[i].line, cases[i].column,
                      cases[i].words, (int)i);
        news_publication *p = read_yaml(cases[i].yaml);
        assert_null(strstr(p->data->findings[0].message.ptr, "front matter"));
        drop(p);
    }
}

/* ---- What fails ---- */

static void failures(void **state)
{
    (void)state;
    news_source_options options = options_of(NULL);
    news_publication *publication;
    news_error error = NEWS_ERROR_INIT;
    news_str path = NEWS_STR("n.yaml");
    assert_int_equal(
        news_source_publication(&publication, path, NEWS_STR("name: a\nb: \xFF"), &options, &error),
        NEWS_ERR_ENCODING);
    assert_null(publication);
    assert_string_equal(error.source, "n.yaml");
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 4);
    assert_int_equal(
        news_source_publication(&publication, path, NEWS_STR("a: \0b"), &options, &error),
        NEWS_ERR_ENCODING);
    assert_int_equal(error.column, 4);
    char deep[64] = "a: ";
    memset(deep + 3, '[', 40);
    assert_int_equal(
        news_source_publication(&publication, path, news_str_from(deep), &options, &error),
        NEWS_ERR_LIMIT);
    assert_null(publication);
    assert_null(strstr(error.message, "front matter"));
    options.max_input = 4;
    assert_int_equal(
        news_source_publication(&publication, path, NEWS_STR("a: bc"), &options, &error),
        NEWS_ERR_LIMIT);
    assert_non_null(strstr(error.message, "the text has 5 bytes"));

    shelf s = {.broken = "site/foot.md", .files = parts, .count = 1};
    options = options_of(&s);
    assert_int_equal(news_source_publication(&publication, NEWS_STR("site/news.yaml"),
                                             NEWS_STR("masthead: parts/head.md\nfooter: foot.md\n"),
                                             &options, &error),
                     NEWS_ERR_CANCELLED);
    assert_null(publication);
    assert_string_equal(error.source, "site/foot.md");
    assert_non_null(strstr(error.message, "cannot be read: cancelled"));
    assert_int_equal(s.loads, 1);
    assert_int_equal(s.held, 0);
}

/* ---- Editions ---- */

/* Editions as text: name<base[tags]~until; */
static void check_editions(const news_edition *editions, size_t count, const char *expected,
                           int line)
{
    char text[512] = "";
    for (size_t i = 0; i < count; i++) {
        const news_edition *e = &editions[i];
        size_t used = strlen(text);
        assert_int_equal(e->name.ptr[e->name.len], '\0');
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", e->name.ptr,
                                 e->base.len != 0 ? "<" : "", e->base.len != 0 ? e->base.ptr : "");
        for (size_t k = 0; k < e->tag_count; k++)
            used += (size_t)snprintf(text + used, sizeof text - used, " #%s", e->tags[k].ptr);
        snprintf(text + used, sizeof text - used, "%s;", e->until_more ? " until" : "");
    }
    if (strcmp(text, expected) != 0)
        fail_msg("line %d: %s", line, text);
}

#define expect_editions(yaml, expected) check_read_editions(yaml, expected, __LINE__)
static void check_read_editions(const char *yaml, const char *expected, int line)
{
    news_publication *p = read_yaml(yaml);
    if (p->data->finding_count != 0)
        fail_msg("line %d: %s", line, p->data->findings[0].message.ptr);
    check_editions(p->editions, p->edition_count, expected, line);
    drop(p);
}

static void editions(void **state)
{
    (void)state;
    expect_editions("editions:\n"
                    "  teaser: {base: web, until: more}\n"
                    "  members:\n"
                    "  gold_2: {base: members, tags: [paid, plus]}\n"
                    "  a-b: {tags: 'x, y'}\n",
                    "teaser<web until;members;gold_2<members #paid #plus;a-b #x #y;");
    expect_editions("editions: {text: {tags: [short]}, web: {until: more}, x: {base: y}, y: {}}",
                    "web until;text<email #short;x<y;y;");
    expect_editions("editions: {text: {base: web}, gemini: {base: text}}", "text<web;gemini<text;");
    expect_editions("editions: {abcdefghijklmnopqrstuvwxyz01234: {tags: ''}}",
                    "abcdefghijklmnopqrstuvwxyz01234;");
    expect_editions("EDITIONS:\n  a: ~\n  b:\n    base:\n", "a;b;");

    news_publication *p = read_yaml("editions:\n  a:\n    until: more\n    base: web\n  b:\n");
    assert_int_equal(p->editions[0].line, 4);
    assert_int_equal(p->editions[0].column, 11);
    assert_int_equal(p->editions[1].line, 5);
    drop(p);
}

static void edition_findings(void **state)
{
    (void)state;
    static const char value[] = "edition-value";
    expect_finding("editions: [a]\n", NEWS_ERROR, value, 1, 11, "the name of each edition");
    expect_finding("editions:\n  a: web\n", NEWS_ERROR, value, 2, 6,
                   "edition \"a\" must have its base");
    expect_finding("editions:\n  Free: {}\n", NEWS_ERROR, value, 2, 9, "\"Free\" cannot name");
    expect_finding("editions: {abcdefghijklmnopqrstuvwxyz012345: {}}\n", NEWS_ERROR, value, 1, 46,
                   "at most 31");
    expect_finding("editions: {a: {base: [web]}}\n", NEWS_ERROR, value, 1, 22,
                   "\"base\" of edition \"a\" must be the name");
    expect_finding("editions: {a: {tags: {b: c}}}\n", NEWS_ERROR, value, 1, 22, "a list of words");
    expect_finding("editions: {a: {tags: [b, c d]}}\n", NEWS_ERROR, value, 1, 26, "single words");
    expect_finding("editions: {a: {until: less}}\n", NEWS_ERROR, value, 1, 23, "\"more\"");
    expect_finding("editions: {a: {until: [more]}}\n", NEWS_ERROR, value, 1, 23, "\"more\"");
    static const char key[] = "edition-unknown-key";
    expect_finding("editions: {a: {tag: b}}\n", NEWS_WARNING, key, 1, 21,
                   "unknown key \"tag\" of edition \"a\"; did you mean \"tags\"?");
    expect_finding("editions: {a: {colour: b}}\n", NEWS_WARNING, key, 1, 24,
                   "there are \"base\", \"tags\" and \"until\"");
    static const char base[] = "edition-base";
    expect_finding("editions: {a: {base: wbe}}\n", NEWS_ERROR, base, 1, 22,
                   "edition \"a\" is based on \"wbe\", which is no edition; did you mean \"web\"?");
    expect_finding("editions: {aa: {base: ab}}\n", NEWS_ERROR, base, 1, 23, "which is no edition");
    expect_finding("editions: {a: {base: a}}\n", NEWS_ERROR, base, 1, 22, "is based on itself");
    expect_finding("editions: {a: {base: b}, b: {base: c}, c: {base: b}}\n", NEWS_ERROR, base, 1,
                   36, "edition \"b\" is based on itself, by way of \"c\"");
    expect_finding("editions: {email: {base: text}}\n", NEWS_ERROR, base, 1, 26,
                   "edition \"email\" is based on itself, by way of \"text\"");
    /* Whoever goes from base to base arrives. */
    news_publication *p = read_yaml("editions: {a: {base: b}, b: {base: a}, c: {base: d}}\n");
    assert_int_equal(p->data->finding_count, 2);
    check_editions(p->editions, p->edition_count, "a;b<a;c;", __LINE__);
    drop(p);
}

/* An issue's own editions, over those of its publication and those there always are. */
static void issue_editions(void **state)
{
    (void)state;
    news_publication *p = read_yaml("editions: {free: {base: web, until: more}, text: {tags: t}, "
                                    "members: {tags: [paid]}}\n");
    news_issue *issue = news_issue_new(NULL, NEWS_STR("a.md"));
    news_edition *list;
    size_t count;
    assert_true(news_editions_defaults(issue, &list, &count));
    check_editions(list, count, "web;email;text<email;gemini;", __LINE__);
    assert_true(news_editions_inherit(issue, NULL, &list, &count));
    assert_int_equal(count, 4);
    assert_true(news_editions_inherit(issue, p, &list, &count));
    static const char inherited[] = "web;email;text<email #t;gemini;free<web until;members #paid;";
    check_editions(list, count, inherited, __LINE__);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i].line, 0);

    /* Read as front matter would be: here from another news.yaml. */
    news_publication *front = read_yaml("x: {free: {}, web: {base: members}, members: {base: "
                                        "free}, gold: {base: members, tags: [au]}}\n");
    const news_node *mapping = news_mapping_get(front->meta, NEWS_STR("x"));
    assert_true(news_editions_read(issue, mapping, &list, &count));
    check_editions(list, count,
                   "web<members;email;text<email #t;gemini;free<web until;members<free "
                   "#paid;gold<members #au;",
                   __LINE__);
    assert_int_equal(issue->finding_count, 0);
    assert_true(news_editions_check(issue, list, count));
    check_one(issue, NEWS_ERROR, "edition-base", 1, 27,
              "edition \"web\" is based on itself, by way of \"members\"", __LINE__);
    check_editions(
        list, count,
        "web;email;text<email #t;gemini;free<web until;members<free #paid;gold<members #au;",
        __LINE__);
    /* What was wrong has been told. */
    assert_true(news_editions_check(issue, list, count));
    assert_int_equal(issue->finding_count, 1);
    news_issue_unref(issue);
    drop(front);
    drop(p);
}

/* ---- Finding news.yaml ---- */

#define expect_search(path, s, asked) check_search(path, s, asked, __LINE__)
static void check_search(const char *path, shelf *s, const char *asked, int line)
{
    news_source_options options = options_of(s);
    news_publication *publication;
    news_error error = NEWS_ERROR_INIT;
    s->asked[0] = '\0';
    s->loads = 0;
    news_status status =
        news_source_find_publication(&publication, news_str_from(path), &options, &error);
    if (status != NEWS_OK || strcmp(s->asked, asked) != 0)
        fail_msg("line %d: %s: asked for %s", line, error.message, s->asked);
    assert_int_equal(s->held, 0);
    assert_int_equal(s->loads, publication != NULL ? 1 : 0);
    if (publication != NULL) {
        char *last = strrchr(s->asked, ' ');
        *last = '\0';
        last = strrchr(s->asked, ' ');
        check_str(publication->data->name, last != NULL ? last + 1 : s->asked, line);
    }
    drop(publication);
}

static void search(void **state)
{
    (void)state;
    shelf none = {.count = 0};
    expect_search("x.md", &none, "news.yaml ");
    expect_search("-", &none, "news.yaml ");
    expect_search("", &none, "news.yaml ");
    expect_search("a/b/x.md", &none, "a/b/news.yaml a/news.yaml news.yaml ");
    expect_search("./a//b/../x.md", &none, "a/news.yaml news.yaml ");
    expect_search("/a/b/x.md", &none, "/a/b/news.yaml /a/news.yaml /news.yaml ");
    expect_search("/x.md", &none, "/news.yaml ");
    expect_search("../x.md", &none, "../news.yaml ");
    expect_search("../../a/x.md", &none, "../../a/news.yaml ../../news.yaml ");
    static const shelf_file files[] = {{"a/news.yaml", "name: b\n", 0}, {"news.yaml", "", 0}};
    shelf some = {.files = files, .count = 2};
    expect_search("a/b/c/x.md", &some, "a/b/c/news.yaml a/b/news.yaml a/news.yaml ");
    expect_search("b/x.md", &some, "b/news.yaml news.yaml ");

    news_publication *publication;
    news_source_options options = options_of(NULL);
    assert_int_equal(news_source_find_publication(&publication, NEWS_STR("x.md"), &options, NULL),
                     NEWS_OK);
    assert_null(publication);
}

static void search_failures(void **state)
{
    (void)state;
    news_publication *publication;
    news_error error = NEWS_ERROR_INIT;
    shelf s = {.broken = "a/news.yaml"};
    news_source_options options = options_of(&s);
    assert_int_equal(
        news_source_find_publication(&publication, NEWS_STR("a/b/x.md"), &options, &error),
        NEWS_ERR_CANCELLED);
    assert_string_equal(error.source, "a/news.yaml");
    assert_null(publication);

    static const shelf_file bad[] = {{"news.yaml", "name: \xFF\n", 0}};
    shelf t = {.files = bad, .count = 1};
    options = options_of(&t);
    assert_int_equal(news_source_find_publication(&publication, NEWS_STR("x.md"), &options, &error),
                     NEWS_ERR_ENCODING);
    assert_string_equal(error.source, "news.yaml");
    assert_int_equal(t.loads, 1);
    assert_int_equal(t.held, 0);

    /* A loader may have nothing to release. */
    static const shelf_file empty[] = {{"news.yaml", "", 0}};
    shelf u = {.files = empty, .count = 1};
    options = options_of(&u);
    options.loader.release = NULL;
    assert_int_equal(news_source_find_publication(&publication, NEWS_STR("x.md"), &options, &error),
                     NEWS_OK);
    assert_non_null(publication);
    drop(publication);
}

static news_status load_nothing(void *ud, const char *path, news_file *file)
{
    shelf *s = ud;
    (void)path;
    s->held++;
    *file = (news_file){NULL, 5, s};
    return NEWS_OK;
}

static void loaders_at_fault(void **state)
{
    (void)state;
    news_error error = NEWS_ERROR_INIT;
    news_publication *publication;
    shelf s = {.count = 0};
    news_source_options options = options_of(&s);
    options.loader.load = load_nothing;
    assert_int_equal(news_source_find_publication(&publication, NEWS_STR("x.md"), &options, &error),
                     NEWS_ERR_ARG);
    assert_string_equal(error.message,
                        "the loader gave a length of 5 bytes, but not where they are");
    assert_int_equal(s.held, 0);
}

/* ---- Paths and addresses ---- */

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *from, *relative, *expected;
    } cases[] = {
        {"a.md", "b.md", "b.md"},
        {"", "b.md", "b.md"},
        {"x/a.md", "b.md", "x/b.md"},
        {"x/a.md", "./b.md", "x/b.md"},
        {"x/y/a.md", "../b.md", "x/b.md"},
        {"x/y/a.md", "../../b.md", "b.md"},
        {"x/y/a.md", "../../../b.md", "../b.md"},
        {"x/a.md", "../../../b.md", "../../b.md"},
        {"a.md", "../b.md", "../b.md"},
        {"../a.md", "b.md", "../b.md"},
        {"../a.md", "../b.md", "../../b.md"},
        {"../x/a.md", "../b.md", "../b.md"},
        {"./x/./a.md", ".//b//c.md", "x/b/c.md"},
        {"x/../y/a.md", "b.md", "y/b.md"},
        {"/x/a.md", "b.md", "/x/b.md"},
        {"/x/a.md", "../b.md", "/b.md"},
        {"/x/a.md", "../../../b.md", "/b.md"},
        {"/a.md", "b.md", "/b.md"},
        {"x/a.md", "/b.md", "/b.md"},
        {"x/a.md", "/../b/./c.md", "/b/c.md"},
        {"x/a.md", "..b/...md", "x/..b/...md"},
        {"x/a.md", "y/../b.md", "x/b.md"},
        {"x/a.md", "", "x"},
    };
    news_heap heap;
    news_heap_init(&heap, NULL, 0);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        news_buf buf;
        news_buf_init(&buf, &heap, 256);
        assert_true(
            news_path_join(&buf, news_str_from(cases[i].from), news_str_from(cases[i].relative)));
        check_str(news_buf_str(&buf), cases[i].expected, (int)i);
        news_buf_free(&buf);
        /* It is appended, and what is there is no folder to leave. */
        news_buf_init(&buf, &heap, 256);
        news_buf_append(&buf, "p/q", 3);
        assert_true(
            news_path_join(&buf, news_str_from(cases[i].from), news_str_from(cases[i].relative)));
        check_str(news_str_skip(news_buf_str(&buf), 3), cases[i].expected, (int)i);
        news_buf_free(&buf);
    }
    expect_str(news_path_stem(NEWS_STR("a/b.c.md")), "b.c");
    expect_str(news_path_stem(NEWS_STR(".md")), ".md");
}

static void issue_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *base, *pattern, *expected;
    } cases[] = {
        {"https://a.example/", "{slug}", "https://a.example/the%23slug%3F"},
        {"https://a.example", "{slug}", "https://a.example/the%23slug%3F"},
        {"https://a.example/", "/{number}/", "https://a.example/007/"},
        {"https://a.example/x", "//{number}", "https://a.example/x/007"},
        {"gemini://a.example", "{year}/{month}/{day}.gmi", "gemini://a.example/0824/05/07.gmi"},
        {"https://a.example", "p-{date}", "https://a.example/p-0824-05-07"},
        {"https://a.example", "all", "https://a.example/all"},
        {"https://a.example", "\xC3\xA9 {number}", "https://a.example/\xC3\xA9 007"},
        {"https://a.example", "{slag}", ""},
        {"https://a.example", "{slug", ""},
        {"https://a.example", "", ""},
        {"", "{slug}", ""},
    };
    news_issue *issue = news_issue_new(NULL, NEWS_STR("a.md"));
    issue->slug = NEWS_STR("the#slug?");
    issue->number = NEWS_STR("007");
    issue->date = (news_date){.year = 824, .month = 5, .day = 7};
    issue->has_date = true;
    news_str address;
    news_publication publication = {.data = issue};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        publication.issue_path = news_str_from(cases[i].pattern);
        assert_true(
            news_issue_address(issue, &publication, news_str_from(cases[i].base), issue, &address));
        check_str(address, cases[i].expected, (int)i);
    }
    assert_true(news_issue_address(issue, NULL, NEWS_STR("https://a.example"), issue, &address));
    expect_str(address, "");
    /* A slug that brings its own slash. */
    issue->slug = NEWS_STR("/s");
    publication.issue_path = NEWS_STR("{slug}");
    assert_true(
        news_issue_address(issue, &publication, NEWS_STR("https://a.example/"), issue, &address));
    expect_str(address, "https://a.example/s");
    /* What the issue lacks. */
    issue->has_date = false;
    issue->slug = issue->number = NEWS_STR_NONE;
    static const char *const patterns[] = {"{slug}", "{number}", "{date}",
                                           "{year}", "{month}",  "{day}"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(patterns); i++) {
        publication.issue_path = news_str_from(patterns[i]);
        assert_true(news_issue_address(issue, &publication, NEWS_STR("https://a.example"), issue,
                                       &address));
        expect_str(address, "");
    }
    news_issue_unref(issue);
}

/* ---- Links to other issues ---- */

static const shelf_file issues[] = {
    {"i/old.md", "---\r\nslug: first\r\ndate: 2024-05-10\r\n---\r\n# Old\r\n", 0},
    {"i/own.md", "\xEF\xBB\xBF---\nurl: https://b.example/own\n---\n", 0},
    {"i/site.md", "---\nurl: /own/page#top\n---\n", 0},
    {"last week.md", "Words, and no front matter.\n", 0},
    {"i/empty.md", "", 0},
    {"i/bad.md", "---\ntitle: \xFF\n---\n", 0},
    {"i/mistakes.md", "---\nslug: m\ndate: soon\nlang: e_\n---\n", 0},
    {"i/deep.md", "---\na: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n---\n", 0},
};

static const char site[] = "url: https://a.example/l\ngemini: gemini://a.example\n"
                           "issue_path: \"{slug}\"\n";

static news_issue *issue_of(const char *yaml)
{
    news_issue *issue = news_issue_new(NULL, NEWS_STR("i/new.md"));
    assert_non_null(issue);
    issue->publication = read_yaml(yaml);
    return issue;
}

#define expect_resolved(issue, link, web, gemini) check_resolved(issue, link, web, gemini, __LINE__)
static void check_resolved(news_issue *issue, const char *link, const char *web, const char *gemini,
                           int line)
{
    shelf s = {.files = issues, .count = NEWS_ARRAY_LENGTH(issues)};
    news_source_options options = options_of(&s);
    news_str to_web, to_gemini;
    bool missing;
    news_error error = NEWS_ERROR_INIT;
    news_status status = news_resolve_issue(issue, news_str_from(link), &to_web, &to_gemini,
                                            &missing, &options, &error);
    if (status != NEWS_OK || missing)
        fail_msg("line %d: %s, asked for %s", line, error.message, s.asked);
    check_str(to_web, web, line);
    check_str(to_gemini, gemini, line);
    assert_int_equal(s.loads, 1);
    assert_int_equal(s.held, 0);
    assert_int_equal(issue->finding_count, 0);
}

static void resolved(void **state)
{
    (void)state;
    news_issue *issue = issue_of(site);
    expect_resolved(issue, "old.md", "https://a.example/l/first", "gemini://a.example/first");
    expect_resolved(issue, "../i/old.md#part-2", "https://a.example/l/first#part-2",
                    "gemini://a.example/first#part-2");
    expect_resolved(issue, "own.md#x", "https://b.example/own#x", "gemini://a.example/own#x");
    expect_resolved(issue, "site.md#x", "https://a.example/own/page#top",
                    "gemini://a.example/site#x");
    expect_resolved(issue, "../last%20week.md", "https://a.example/l/last week",
                    "gemini://a.example/last week");
    expect_resolved(issue, "empty.md", "https://a.example/l/empty", "gemini://a.example/empty");
    expect_resolved(issue, "mistakes.md", "https://a.example/l/m", "gemini://a.example/m");
    news_issue_unref(issue);

    issue = issue_of("url: https://a.example\nissue_path: \"{number}\"\n");
    expect_resolved(issue, "old.md#x", "", "");
    expect_resolved(issue, "own.md", "https://b.example/own", "");
    expect_resolved(issue, "site.md", "https://a.example/own/page#top", "");
    news_issue_unref(issue);

    issue = issue_of("name: no address\n");
    expect_resolved(issue, "site.md", "/own/page#top", "");
    news_issue_unref(issue);

    issue = news_issue_new(NULL, NEWS_STR("i/new.md"));
    expect_resolved(issue, "old.md", "", "");
    expect_resolved(issue, "own.md", "https://b.example/own", "");
    expect_resolved(issue, "site.md", "/own/page#top", "");
    news_issue_unref(issue);
}

/* What is said of the only link of an issue, which leads to another. */
static void expect_link_finding(const char *markdown, news_severity severity, const char *code,
                                const char *words)
{
    shelf s = {.files = issues, .count = NEWS_ARRAY_LENGTH(issues)};
    news_source_options options = options_of(&s);
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    options.publication = read_yaml("url: https://a.example\n");
    assert_int_equal(
        news_source_parse(&issue, NEWS_STR("i/new.md"), news_str_from(markdown), &options, &error),
        NEWS_OK);
    check_one(issue, severity, code, 1, 5, words, __LINE__);
    assert_int_equal(error.status, NEWS_OK);
    assert_int_equal(s.held, 0);
    news_issue_unref(issue);
    drop(options.publication);
}

static void links_at_fault(void **state)
{
    (void)state;
    expect_link_finding("See [it](bad.md).", NEWS_ERROR, "issue-missing",
                        "the file \"bad.md\" cannot be read: ");
    expect_link_finding("See [it](deep.md).", NEWS_ERROR, "issue-missing",
                        "the file \"deep.md\" cannot be read: ");
    expect_link_finding("See [it](old.md).", NEWS_WARNING, "issue-address",
                        "news.yaml gives no issue_path");
}

static void unresolved(void **state)
{
    (void)state;
    shelf s = {.files = issues, .count = NEWS_ARRAY_LENGTH(issues), .broken = "i/broken.md"};
    news_source_options options = options_of(&s);
    news_issue *issue = issue_of(site);
    news_str web, gemini;
    bool missing;
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(news_resolve_issue(issue, NEWS_STR("none%zz.md#a"), &web, &gemini, &missing,
                                        &options, &error),
                     NEWS_OK);
    assert_true(missing);
    assert_int_equal(web.len + gemini.len, 0);
    assert_string_equal(s.asked, "i/none%zz.md ");
    assert_int_equal(
        news_resolve_issue(issue, NEWS_STR("broken.md"), &web, &gemini, &missing, &options, &error),
        NEWS_ERR_CANCELLED);
    assert_string_equal(error.source, "i/broken.md");
    assert_int_equal(
        news_resolve_issue(issue, NEWS_STR("bad.md"), &web, &gemini, &missing, &options, &error),
        NEWS_ERR_ENCODING);
    assert_string_equal(error.source, "i/bad.md");
    assert_int_equal(
        news_resolve_issue(issue, NEWS_STR("deep.md"), &web, &gemini, &missing, &options, &error),
        NEWS_ERR_LIMIT);
    assert_int_equal(s.loads, 2);
    assert_int_equal(s.held, 0);

    /* The path that is not the name. */
    options.path = NEWS_STR("i/x/y.md");
    s.asked[0] = '\0';
    assert_int_equal(news_resolve_issue(issue, NEWS_STR("../ab%00.md"), &web, &gemini, &missing,
                                        &options, &error),
                     NEWS_OK);
    assert_string_equal(s.asked, "i/ab%00.md ");

    options = options_of(NULL);
    assert_int_equal(
        news_resolve_issue(issue, NEWS_STR("old.md"), &web, &gemini, &missing, &options, &error),
        NEWS_OK);
    assert_false(missing);
    assert_int_equal(web.len + gemini.len, 0);
    news_issue_unref(issue);
}

/* ---- Memory ---- */

typedef struct {
    size_t calls, fail_at, live;
    bool for_ever;
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size > old_size) {
        size_t call = f->calls++;
        if (call == f->fail_at || (f->for_ever && call > f->fail_at))
            return NULL;
    }
    f->live = f->live - (ptr != NULL ? old_size : 0) + new_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

/* A news.yaml with every key, every mistake, and enough of both for the arena to grow often. */
static char *make_large(void)
{
    enum { SIZE = 60000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    size_t used =
        (size_t)snprintf(text, SIZE,
                         "%s"
                         "masthead2: x\r\nauthor: again\nNAME: twice\nurls: [a]\nlang2: en\n"
                         "other: {lang: e_, dir: up}\n",
                         all_keys);
    for (int i = 0; i < 300; i++)
        used += (size_t)snprintf(text + used, SIZE - used, "key-%d: {a: [value, b]}\n", i);
    return text;
}

static const char mistakes[] =
    "\xEF\xBB\xBFname: [a]\r\nurl: a\ngemini: b\nissue_path: '{x}'\nlang: e_\ndir: up\ntoc: 2\n"
    "html: no\nauthors: [[a]]\nmasthead: none.md\nfooter: other.md\ntheme: a\nemail: {frm: a, to: "
    "[b]}\n"
    "recipient: {a: [b]}\ncheck: {silence: [imagealt, zzzz], x: y}\n"
    "editions: {A: {}, b: c, d: {base: [x], tags: [[y], z], until: w}, e: {base: f, tags: [g, h i, "
    "j], x: y, bse: z},\n g: {base: h}, h: {base: g}, text: {tags: 'a, b'}}\n";

static news_status search_once(failing *f, const shelf_file *files, size_t count, const char *path)
{
    news_allocator allocator = {reallocate, f};
    shelf s = {.files = files, .count = count};
    news_source_options options = options_of(&s);
    options.allocator = &allocator;
    news_publication *publication;
    news_error error = NEWS_ERROR_INIT;
    news_status status =
        news_source_find_publication(&publication, news_str_from(path), &options, &error);
    assert_int_equal(status, error.status);
    assert_true((publication != NULL) == (status == NEWS_OK));
    assert_int_equal(s.held, 0);
    drop(publication);
    assert_int_equal(f->live, 0);
    return status;
}

static void sweep_search(const char *yaml, bool for_ever)
{
    const shelf_file files[] = {
        {"a/news.yaml", yaml, 0}, {"a/parts/head.md", "Welcome.\n", 0}, {"a/other.md", "Bye.", 0}};
    for (size_t i = 0;; i++) {
        failing f = {.fail_at = i, .for_ever = for_ever};
        news_status status =
            search_once(&f, files, NEWS_ARRAY_LENGTH(files), "a/a-long-folder/another/x.md");
        if (f.calls <= i) {
            assert_int_equal(status, NEWS_OK);
            assert_true(i > 10);
            return;
        }
        assert_int_equal(status, NEWS_ERR_NOMEM);
    }
}

static void memory(void **state)
{
    (void)state;
    char *large = make_large();
    const char *texts[] = {all_keys, mistakes, large};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(texts); i++) {
        sweep_search(texts[i], false);
        sweep_search(texts[i], true);
    }
    free(large);
}

/* The name of news.yaml is the first thing in its arena: with folders of every length, each
 * allocation within comes to be the one that asks for more. */
static void memory_of_paths(void **state)
{
    (void)state;
    static char folder[4600], yaml_path[4700], masthead_path[4700], issue_path[4700];
    static const char yaml[] = "name: |\n  a\n  b\nmasthead: m.md\nfooter: Bye.\nx: y\n"
                               "check: {silence: [zzzz]}\neditions: {a: {tags: [b]}}\n";
    for (size_t length = 1; length < sizeof folder; length += 7) {
        memset(folder, 'f', length);
        snprintf(yaml_path, sizeof yaml_path, "%s/news.yaml", folder);
        snprintf(masthead_path, sizeof masthead_path, "%s/m.md", folder);
        snprintf(issue_path, sizeof issue_path, "%s/x.md", folder);
        const shelf_file files[] = {{yaml_path, yaml, 0}, {masthead_path, "Hello.", 0}};
        for (size_t i = 0;; i++) {
            failing f = {.fail_at = i};
            news_status status = search_once(&f, files, 2, issue_path);
            assert_int_equal(status, f.calls <= i ? NEWS_OK : NEWS_ERR_NOMEM);
            if (status == NEWS_OK)
                break;
        }
    }
}

/* An issue whose arena is full to `full` bytes before the end of its chunk, so that each
 * allocation within comes to be the one that asks for more. */
static news_issue *nearly_full(const news_allocator *allocator, size_t full)
{
    news_issue *issue = news_issue_new(allocator, NEWS_STR("i/new.md"));
    if (issue == NULL)
        return NULL;
    while ((size_t)(issue->arena.end - issue->arena.next) < full)
        assert_non_null(news_arena_alloc(&issue->arena, 4096));
    size_t left = (size_t)(issue->arena.end - issue->arena.next);
    assert_non_null(news_arena_alloc(&issue->arena, left - full));
    return issue;
}

static void sweep_resolve(size_t full)
{
    static const char *const links[] = {"old.md#part", "site.md", "own.md#x"};
    for (size_t i = 0, last = 0; !last; i++) {
        failing f = {.fail_at = SIZE_MAX};
        news_allocator allocator = {reallocate, &f};
        shelf s = {.files = issues, .count = NEWS_ARRAY_LENGTH(issues)};
        news_source_options options = options_of(&s);
        options.allocator = &allocator;
        news_issue *issue = nearly_full(&allocator, full);
        issue->publication = read_yaml(site);
        f = (failing){.fail_at = i, .live = f.live};
        for (size_t k = 0; k < NEWS_ARRAY_LENGTH(links); k++) {
            news_str web, gemini;
            bool missing;
            news_error error = NEWS_ERROR_INIT;
            size_t before = f.calls;
            news_status status = news_resolve_issue(issue, news_str_from(links[k]), &web, &gemini,
                                                    &missing, &options, &error);
            bool failed = before <= i && f.calls > i;
            assert_int_equal(status, failed ? NEWS_ERR_NOMEM : NEWS_OK);
            assert_int_equal(error.status, status);
            assert_int_equal(s.held, 0);
        }
        last = f.calls <= i;
        news_issue_unref(issue);
        assert_int_equal(f.live, 0);
    }
}

static void memory_of_links(void **state)
{
    (void)state;
    for (size_t full = 0; full < 512; full += 8)
        sweep_resolve(full);
}

static void sweep_editions(const news_publication *front, size_t full)
{
    const news_node *mapping = news_mapping_get(front->meta, NEWS_STR("x"));
    for (size_t i = 0;; i++) {
        failing f = {.fail_at = SIZE_MAX};
        news_allocator allocator = {reallocate, &f};
        news_issue *issue = nearly_full(&allocator, full);
        f = (failing){.fail_at = i, .live = f.live};
        news_edition *list;
        size_t count;
        bool good = news_editions_defaults(issue, &list, &count) &&
                    news_editions_inherit(issue, front, &list, &count) &&
                    news_editions_read(issue, mapping, &list, &count) &&
                    news_editions_check(issue, list, count);
        assert_int_equal(good, f.calls <= i);
        news_issue_unref(issue);
        assert_int_equal(f.live, 0);
        if (good)
            return;
    }
}

static void memory_of_editions(void **state)
{
    (void)state;
    news_publication *front =
        read_yaml("editions: {a: {base: web}}\nx: {a: {tags: [b, c d]}, B: {}, c: {base: d, x: y, "
                  "tgs: z, until: w}, e: {base: e}, f: g, h: {tags: {i: j}}, k: {base: web}}\n");
    for (size_t full = 0; full < 4000; full += 8)
        sweep_editions(front, full);
    drop(front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key),
        cmocka_unit_test(fragments),
        cmocka_unit_test(nothing),
        cmocka_unit_test(references),
        cmocka_unit_test(wrong_values),
        cmocka_unit_test(addresses),
        cmocka_unit_test(unknown_keys),
        cmocka_unit_test(silence),
        cmocka_unit_test(syntax),
        cmocka_unit_test(failures),
        cmocka_unit_test(editions),
        cmocka_unit_test(edition_findings),
        cmocka_unit_test(issue_editions),
        cmocka_unit_test(search),
        cmocka_unit_test(search_failures),
        cmocka_unit_test(loaders_at_fault),
        cmocka_unit_test(paths),
        cmocka_unit_test(issue_addresses),
        cmocka_unit_test(resolved),
        cmocka_unit_test(unresolved),
        cmocka_unit_test(links_at_fault),
        cmocka_unit_test(memory),
        cmocka_unit_test(memory_of_paths),
        cmocka_unit_test(memory_of_links),
        cmocka_unit_test(memory_of_editions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
