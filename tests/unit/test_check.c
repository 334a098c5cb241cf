/* news_check(): what each rule finds and what it leaves alone, in which editions, in what order,
 * and that it holds when a callback ends it, memory fails or an issue is nested without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "source/source.h"

#define MATTER "---\ntitle: T\ndate: 2024-05-17\nsummary: S\n---\n"

/* ---- Files and memory ---- */

typedef struct {
    const char *yaml; /* NULL: there is none */
    const char *masthead;
} shelf;

/* Files of images. */
typedef struct {
    size_t loaded, held;
} album;

/* "500.png" has 500 KB. */
static news_status load_image(void *ud, const char *path, news_file *file)
{
    static const char bytes[1200000];
    album *a = ud;
    size_t size = (size_t)atoi(path) * 1000;
    if (strcmp(path, "odd.png") == 0)
        return NEWS_ERR_LIMIT;
    if (size == 0 || size > sizeof bytes)
        return NEWS_ERR_NOT_FOUND;
    *file = (news_file){bytes, size, NULL};
    a->loaded++;
    a->held++;
    return NEWS_OK;
}

static void release_image(void *ud, news_file *file)
{
    (void)file;
    ((album *)ud)->held--;
}

static news_status load(void *ud, const char *path, news_file *file)
{
    const shelf *s = ud;
    const char *bytes = strcmp(path, "news.yaml") == 0     ? s->yaml
                        : strcmp(path, "masthead.md") == 0 ? s->masthead
                                                           : NULL;
    if (bytes == NULL)
        return NEWS_ERR_NOT_FOUND;
    file->bytes = bytes;
    file->len = strlen(bytes);
    return NEWS_OK;
}

typedef struct {
    size_t live, calls, fail_at;
} counter;

static void *counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = ud;
    if (new_size == 0) {
        free(ptr);
        c->live -= old_size;
        return NULL;
    }
    if (new_size > old_size && ++c->calls == c->fail_at)
        return NULL;
    void *moved = realloc(ptr, new_size);
    assert_non_null(moved);
    c->live = c->live - old_size + new_size;
    return moved;
}

/* ---- Checking ---- */

static char said[8192];

static void say(const char *format, ...) NEWS_PRINTF(1, 2);
static void say(const char *format, ...)
{
    size_t used = strlen(said);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(said + used, sizeof said - used, format, arguments);
    va_end(arguments);
}

/* "code line:column, …"; errors begin with "!", findings of another file with its name. */
static int note(void *ud, const news_finding *f)
{
    (void)ud;
    assert_int_equal(f->size, sizeof *f);
    assert_int_equal(f->message.ptr[f->message.len], '\0');
    assert_int_equal(f->source.ptr[f->source.len], '\0');
    assert_true(f->message.len != 0);
    assert_ptr_equal(f->help, news_code_help(f->code));
    say("%s%s%s%s%s %u:%u", said[0] != '\0' ? ", " : "", f->severity == NEWS_ERROR ? "!" : "",
        strcmp(f->source.ptr, "i.md") != 0 ? f->source.ptr : "",
        strcmp(f->source.ptr, "i.md") != 0 ? " " : "", f->code, (unsigned)f->line,
        (unsigned)f->column);
    return 0;
}

static int note_message(void *ud, const news_finding *f)
{
    (void)ud;
    say("%s%s", said[0] != '\0' ? "\n" : "", f->message.ptr);
    return 0;
}

static news_ctx *new_ctx(const news_allocator *allocator)
{
    news_ctx *ctx;
    news_options options = NEWS_OPTIONS_INIT;
    options.allocator = allocator;
    assert_int_equal(news_ctx_new(&ctx, &options, NULL), NEWS_OK);
    return ctx;
}

static news_issue *parse(news_ctx *ctx, const shelf *files, const char *markdown)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_loader loader = NEWS_LOADER_INIT;
    shelf none = {NULL, NULL};
    loader.load = load;
    loader.ud = files != NULL ? (void *)(uintptr_t)files : &none;
    options.loader = &loader;
    if (news_parse(ctx, &issue, "i.md", markdown, strlen(markdown), &options, &error) != NEWS_OK)
        fail_msg("%s", error.message);
    return issue;
}

/* Checks an issue, or an edition of it, with what is said gathered in `said`. */
static void run(const shelf *files, const char *markdown, const char *edition,
                news_diagnostic_fn found)
{
    news_ctx *ctx = new_ctx(NULL);
    news_issue *issue = parse(ctx, files, markdown);
    said[0] = '\0';
    if (edition != NULL) {
        news_issue *part;
        assert_int_equal(news_issue_edition(ctx, &part, issue, edition, NULL), NEWS_OK);
        news_issue_unref(issue);
        issue = part;
    }
    assert_int_equal(news_check(ctx, issue, NULL, found, NULL, NULL), NEWS_OK);
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

static void check(const char *markdown, const char *expected)
{
    run(NULL, markdown, NULL, note);
    assert_string_equal(said, expected);
}

static void check_with(const char *yaml, const char *markdown, const char *expected)
{
    const shelf files = {yaml, NULL};
    run(&files, markdown, NULL, note);
    assert_string_equal(said, expected);
}

static void check_message(const char *markdown, const char *expected)
{
    run(NULL, markdown, NULL, note_message);
    assert_string_equal(said, expected);
}

/* ---- Links ---- */

static void anchors(void **state)
{
    (void)state;
    check(MATTER "[a](#b) [c](#d)\n\n## B\n\nx\n\n> ## D\n>\n> y\n", "");
    check(MATTER "[a](#b)\n\n::: c {.d #b}\nx\n:::\n", "");
    check(MATTER "[a](#%62%C3%A9) [a](#b%c3%a9)\n\n## B\u00e9\n\nx\n", "");
    check(MATTER "[a](#B) [b](#b%) [c](#%zz)\n\n## B\n\nx\n",
          "!anchor-missing 6:1, !anchor-missing 6:9, !anchor-missing 6:18");
    check("[top](#top) [top](#TOP) x[^n] [n](#n)\n\n[^n]: y\n", "");
    check("---\ntitle: T\ndate: 2024-05-17\nsummary: S\nurl: https://a.example/\n---\n\n"
          "::: only web\n[b](#b)\n:::\n\n::: except web\n## B\n\nx\n:::\n\n[b](#b)\n",
          "");
    check_message("[a](#bells)\n\n> ## Bell\n>\n> x\n",
                  "nothing in this issue has the id that \"#bells\" leads to; did you mean "
                  "\"#bell\"?");
    check_message("[a](#lamps)\n\n> ## Bell\n>\n> x\n",
                  "nothing in this issue has the id that \"#lamps\" leads to");
}

/* Looking for the nearest of many ids for each of many links would take for ever. */
static void many_anchors(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    char *markdown = malloc(MANY * 64), *at = markdown;
    assert_non_null(markdown);
    for (int i = 0; i < MANY; i++)
        at += sprintf(at, "> ## bell %d\n\n[x](#bull-%d)\n\n", i, i);
    news_ctx *ctx = new_ctx(NULL);
    news_issue *issue = parse(ctx, NULL, markdown);
    said[0] = '\0';
    assert_int_equal(news_check(ctx, issue, NULL, note_message, NULL, NULL), NEWS_OK);
    assert_non_null(strstr(said, "did you mean"));
    news_issue_unref(issue);
    news_ctx_free(ctx);
    free(markdown);
}

static void link_texts(void **state)
{
    (void)state;
    check("[here](https://a.example)", "link-text 1:1");
    check("[**Click  \nhere**!](https://a.example)", "link-text 1:1");
    check("[\u201cRead more\u201d \u2192](https://a.example)", "link-text 1:1");
    check("[\u2026this\u2026](https://a.example) [AQU\u00cd](https://b.example)", "link-text 1:1");
    check("[`link`](https://a.example)", "link-text 1:1");
    check("[subscribe here](https://a.example) [here, too](https://b.example)", "");
    check("[there](https://a.example) [adhere](https://b.example) [404](https://c.example)", "");
    check("[here {{ a or 'b' }}](https://a.example)", "");
    check("[](https://a.example) [\u00a0\u200b](https://b.example)",
          "link-empty-text 1:1, link-empty-text 1:23");
    check("<https://a.example> https://b.example [.](https://c.example)", "");
    check("[*{{ a or 'b' }}*](https://a.example)", "");
}

static void ambiguous(void **state)
{
    (void)state;
    check("[the tale of the bell tower](https://a.example/x) and then\n"
          "[The tale\nof the bell tower.](https://b.example/x)",
          "link-ambiguous 2:1");
    check("[the tale of the bell tower](https://a.example/x) "
          "[the tale of the bell tower](http://www.a.example/x/)",
          "");
    check("[the tale of the bell tower](https://a.example/x1) "
          "[the tale of the bell tower](https://a.example/x23)",
          "");
    check("[the tale of a bell tower](https://a.example) " /* 24 columns */
          "[the tale of a bell tower](https://b.example)",
          "");
    check("[the tale of a bell towers](https://a.example) " /* 25 */
          "[the tale of a bell towers](https://b.example)",
          "link-ambiguous 1:48");
    /* in one edition each */
    check("::: only web\n[the tale of the bell tower](https://a.example)\n:::\n"
          "::: except web\n[the tale of the bell tower](https://b.example)\n:::\n",
          "");
}

static void repeated_items(void **state)
{
    (void)state;
    check("- [a](https://a.example/x). b\n- [A](http://www.a.example/x/). c\n",
          "item-repeated 2:1");
    check("- [a](https://a.example/x). b\n- [c](https://a.example/x). d\n", "");
    check("- [a](https://a.example/x). b\n\nAnd:\n\n- [a](https://a.example/x). b\n", "");
    check(MATTER "## L {.links}\n\n[a](https://a.example) b\n\n[a](https://a.example) c\n",
          "item-repeated 10:1");
}

/* `count` links, the first `plain` of which are without the s. */
static void check_http(int count, int plain, int expected)
{
    char markdown[2048] = "";
    for (int i = 0; i < count; i++)
        (void)sprintf(markdown + strlen(markdown), "[a](http%s://a%d.example)\n",
                      i < plain ? "" : "s", i);
    run(NULL, markdown, NULL, note);
    int found = 0;
    for (const char *at = said; (at = strstr(at, "link-http")) != NULL; at++)
        found++;
    assert_int_equal(found, expected);
}

static void http(void **state)
{
    (void)state;
    check_http(9, 0, 0);
    check_http(9, 1, 0); /* too few */
    check_http(10, 1, 1);
    check_http(11, 2, 0); /* not nearly all of the others */
    check_http(20, 2, 2);
    check_http(20, 3, 0);
}

static void addresses(void **state)
{
    (void)state;
    check("[a](http://localhost:80/x) [a](https://b.localhost) [a](http://127.0.0.1)\n"
          "[a](http://10.1.2.3/) [a](http://192.168.0.1) [a](http://printer.local/)\n",
          "link-local 1:1, link-local 1:28, link-local 1:53, link-local 2:1, link-local 2:23, "
          "link-local 2:47");
    check("[a](http://10.example) [a](http://10.0.example) [a](http://100.1.2.3) "
          "[a](http://locale.example)",
          "");
    check("[a](/b) [c](d.html#e) [f](?g) ![h](i.png){width=1} [j](//k.example)",
          "link-relative 1:1, link-relative 1:9, link-relative 1:23, link-relative 1:31, "
          "link-relative 1:52");
    check("[a](tel:1) [b](mailto:c@d.example) [e]({{ f or 'https://g.example' }})", "");
    check_with("name: N\nemail: {attach_images: true}\n",
               "![h](i.png){width=1} [a](b.png) ![h](/i.png){width=1} ![h](//k.example/){width=1}",
               "link-relative 1:22, link-relative 1:33, link-relative 1:55");
    check("[a](https://BIT.ly/x) [b](http://www.tinyurl.com/y) [c](https://t.co/z)",
          "link-shortener 1:1, link-shortener 1:23, link-shortener 1:53");
    check("[a](https://bit.lyric.example) [b](https://x.example/t.co)", "");
    check("[a](https://a.example?x=1&fbclid=2#y) [a](https://b.example/?mc_eid=1) "
          "[a](https://c.example/?a;gclid)",
          "link-tracking 1:1, link-tracking 1:39, link-tracking 1:72");
    check("[a](https://a.example?utm_source=b) [a](https://a.example/fbclid=1) "
          "[a](https://a.example#?fbclid=1) [a](https://a.example?q=fbclid)",
          "link-tracking 1:69"); /* the third: a question mark behind the number sign */
    check("[a](#) [b]()", "placeholder 1:1, link-empty 1:8");
}

/* ---- Text ---- */

static void placeholders(void **state)
{
    (void)state;
    check("TK, (TKTK) XXX. 'x' XXX", "placeholder 1:1, placeholder 1:6, placeholder 1:12, "
                                     "placeholder 1:21");
    check("TODO: a. [TODO] (FIXME) (TODO: b)", "placeholder 1:1, placeholder 1:11, "
                                               "placeholder 1:18, placeholder 1:26");
    check("TODO\n\n- **FIXME**\n", "placeholder 1:1, placeholder 3:5");
    check("a TODO list, the FIXME comments, a Tk widget, tk, ATK TKX $XXX XXX-1 x.TK #XXX\n"
          "[TODO](https://a.example) `TK` `TODO: x`\n\n    TK\n",
          "");
    check("Lorem ipsum dolor. LOREM IPSUM", "placeholder 1:1, placeholder 1:20");
    check("\u00e9\u00e9 TK", "placeholder 1:4");
    check("---\ntitle: TK\ndate: 2024-05-17\nsummary: 'TODO: x'\nsubject: FIXME\nx: [TK]\ny: TK\n"
          "---\n\nx\n",
          "placeholder 1:1, placeholder 1:1, placeholder 1:1, placeholder 7:4");
}

static void repeated_words(void **state)
{
    (void)state;
    check("the the. a\na b The the", "repeated-word 1:5, repeated-word 2:1, repeated-word 2:9");
    check("\u00e9t\u00e9 \u00e9t\u00e9 na\u00efve na\u00efve", "repeated-word 1:5, "
                                                               "repeated-word 1:15");
    check("had had that that Duran Duran from From x x the, the\\\nthe 2 2", "");
    check("*the* the **the** in in-depth the the-y it it's a/the the x.the the", "");
    check("`the` the the\n\nthe", "repeated-word 1:11");
    check("---\ntitle: T\ndate: 2024-05-17\nsummary: S\nlang: tr\n---\n\nyava\u015f yava\u015f\n",
          "");
    check("---\ntitle: T\ndate: 2024-05-17\nsummary: S\nlang: fr-CA\n---\n\nnous nous le le\n",
          "repeated-word 8:14");
}

static void tags(void **state)
{
    (void)state;
    check("{% a %} x {%- b -%} {% endb %} <%= c %> *|D|*",
          "template-tag 1:1, template-tag 1:11, template-tag 1:32, template-tag 1:41");
    check("{% open", "template-tag 1:1");
    check("50 % of {a} `{% a %}` *|* *a|* 5<% 3 |a|", "template-tag 1:33");
    check("a {.b}\n\nc {: #d}\n\n{#e}\n",
          "attributes-unread 1:3, attributes-unread 3:3, attributes-unread 5:1");
    check("a {b} c{.d}\n\n{.} {.e} f\n\n`{.g}`\n\n- {1, .2}\n", "");
}

static void bullets(void **state)
{
    (void)state;
    check("\u2022 a\n\u2022 b", "list-marker-unicode 1:1");
    check("a\n\u25cf\u00a0b\\\n\u2022 c\n\n> \u2022 d",
          "list-marker-unicode 2:1, list-marker-unicode 5:3");
    check("\u2022 \u2022 \u2022\n\n\u2022\n\na \u2022 b\n\n*\u2022 c*\n\n\u2022d\n\n\u2022 *\n",
          "");
    check("*a* \u2022 b *c*\n\u2022 *d*", "list-marker-unicode 2:1");
}

/* ---- Shape ---- */

static void sections(void **state)
{
    (void)state;
    check(MATTER "## A\n\n#### B\n\nx\n\n#### C\n\nx\n\n### D\n\n##### E\n\nx\n",
          "heading-jump 8:1, heading-jump 18:1");
    check(MATTER "#### A\n\nx\n\n##### B\n\nx\n\n## C\n\nx\n", "");
    check(MATTER "## A\n\n### B\n\nx\n\n##### C\n\nx\n\nD\n---\n\n#### E\n\nx\n",
          "heading-jump 12:1, heading-jump 19:1");
    check(MATTER "## A\n\n### B\n\n## C\n\n***\n", "section-empty 8:1");
    check_message(MATTER "## A\n\n::: only web\nx\n:::\n\n## B\n\n::: only email\ny\n:::\n",
                  "in the edition \"email\" and 2 others: the section \"A\" is empty: nothing "
                  "follows its heading\n"
                  "in the edition \"web\" and 1 other: the section \"B\" is empty: nothing follows "
                  "its heading");
}

static void images(void **state)
{
    (void)state;
    check("![](https://a.example/b.png){width=1}", "");
    check("![ ](https://a.example/b.png \"c\"){height=1}", "image-alt 1:1");
    check("x ![](https://a.example/b.png \"c\"){width=1} y", "");
    check("[![](https://a.example/b.png \"c\"){width=1}](https://a.example)", "image-alt 1:2");
    check("x [![](https://a.example/b.png){width=1}](https://a.example)", "image-alt 1:4");
    check("x [![](https://a.example/b.png){width=1} c](https://a.example)", "");
    check("<a href=\"https://a.example\"><img src=\"https://a.example/b.png\" width=1></a>\n",
          "image-alt 1:29");
    check("![a](https://a.example/b.png)", "image-size 1:1");
}

static void contents(void **state)
{
    (void)state;
    const char *text = MATTER "## A\n\n::: summary\ns\n:::\n\nx\n\n## B\n\ny\n\n### C\n\nz\n";
    check(text, "summary-unused 6:1");
    check(MATTER "::: toc\n:::\n\n## A\n\nx\n\n## B\n\nx\n\n### C\n\n::: summary\ns\n:::\n\ny\n",
          "summary-unused 17:1");
    check_with("name: N\ntoc: true\n", text, "summary-missing 14:1");
    check_with("name: N\ntoc: true\n", MATTER "## A\n\nx\n\n## B\n\ny\n", "");
    check(MATTER "::: toc\n:::\n\n## A\n\n::: summary\ns\n:::\n\nx\n\n## B\n\n::: "
                 "summary\nt\n:::\n\ny\n\n## C {.unlisted}\n\nz\n",
          "");
}

static void matter(void **state)
{
    (void)state;
    char text[1024] = "", *at = text;
    for (int i = 0; i < 99; i++)
        at += sprintf(at, "w%d ", i);
    check(text, "");
    strcpy(at, "w100");
    check(text, "front-matter-missing 1:1");
    check("# T\n\nx\n\n## A\n\ny\n", "front-matter-missing 1:1");
    check("---\nsummary: S\n---\n\nx\n", "date-missing 1:1, title-missing 1:1");
    check("---\nsummary: S\ndate: 2024-05-17\n---\n\n# T\n\nx\n", "");
    check("---\ntitle: T\ndate: 31. 2.\nx: y\n---\n\nx\n", "front-matter-date 3:7");
    check("---\ntitle: a: b\nx: y\n---\n\nx\n\n## A\n\ny\n", "!front-matter-syntax 2:9");
    check("", "!empty 1:1");
    check_with("name: N\nemail: {reply_to: a@b.example}\n",
               "---\ntitle: T\ndate: 2024-05-17\n---\n\nx\n", "preheader-missing 1:1");
    check_with("name: N\n", "---\ntitle: T\ndate: 2024-05-17\n---\n\nx\n", "");
}

static void check_subject(size_t columns, const char *tail, const char *expected)
{
    char text[256] = "---\nsummary: S\ndate: 2024-05-17\ntitle: ", *at = text + strlen(text);
    memset(at, 'a', columns);
    (void)sprintf(at + columns, "%s\n---\n\nx\n", tail);
    check(text, expected);
}

static void subjects(void **state)
{
    (void)state;
    check_subject(78, "", "");
    check_subject(79, "", "subject-long 1:1");
    check_subject(76, "\u9418", ""); /* two columns, three bytes */
    check_subject(77, "\u9418", "subject-long 1:1");
    check_subject(75, "{{ name or \"you\" }}", "");
    check_subject(76, "{{ name or \"you\" }}", "subject-long 1:1");
}

/* ---- Merge fields ---- */

static void fields(void **state)
{
    (void)state;
    const char *yaml = "name: N\nrecipient: {first_name: reader, empty: ''}\n";
    check("{{ a }} {{ b or '' }} `{{ c }}` \\{{ d }}", "!field-no-value 1:1");
    check("[x](https://a.example/?{{ b }}&{{ c or 'd' }}) ![{{ e }}](https://a.example){width=1}",
          "!field-no-value 1:1, !field-no-value 1:48");
    check("---\ntitle: For {{ a }}\ndate: 2024-05-17\nsummary: S\n---\n\nx\n",
          "!field-no-value 2:8");
    check(MATTER "# {{ a }}\n\nx\n\n## {{ b }}\n\ny\n", "!field-no-value 6:3, "
                                                        "!field-no-value 10:4");
    check_with(yaml, "{{ first_name }} {{ first_name or 'you' }}", "");
    check_with(yaml, "{{ empty }}", "!field-no-value 1:1"); /* never silently empty */
    check_with(yaml, "{{ other }} {{ another or 'x' }}",
               "!field-no-value 1:1, "
               "field-undeclared 1:13");
    check_with("name: N\nemail: {unsubscribe: \"https://a.example/?{{ b }}\"}\n", "x",
               "!news.yaml field-no-value 2:22");
    const shelf files = {"name: N\nmasthead: masthead.md\n", "x\n\n{{ a }}\n"};
    run(&files, "y", NULL, note);
    assert_string_equal(said, "!masthead.md field-no-value 3:1");
}

/* ---- Editions ---- */

static void editions(void **state)
{
    (void)state;
    const char *text = "---\ntitle: T\ndate: 2024-05-17\nsummary: S\neditions: {gold: {tags: x}}\n"
                       "---\n\n::: only gold\n[here](https://a.example)\n:::\n";
    check_message(text, "in the edition \"web\" and 3 others: nothing of the issue is left\n"
                        "the link text \"here\" does not say where it leads");
    run(NULL, text, "gold", note);
    assert_string_equal(said, "link-text 9:1");
    run(NULL, text, "web", note);
    assert_string_equal(said, "edition-empty 1:1");
    check("---\ntitle: T\ndate: 2024-05-17\nsummary: S\neditions: {gold: {tags: x}}\n"
          "---\n\n::: except gold\nx\n:::\n",
          "edition-empty 5:18");
    check_with("name: N\neditions: {gold: {tags: x}}\n", "::: except gold\nx\n:::\n",
               "news.yaml edition-empty 2:18");
    check("::: only web\nx\n", "!directive-unclosed 1:1");
    /* what an edition finds by itself, from each once */
    check(MATTER "::: only web\n## A\n\nx\n:::\n\n[a](#a)\n",
          "edition-address 12:1, edition-address 12:1, edition-address 12:1");
    check(MATTER "::: only web\n::: b #a\nx\n:::\n:::\n\n[a](#a)\n",
          "edition-address 12:1, edition-address 12:1, edition-address 12:1");
}

/* ---- Mail ---- */

/* A format's renderers, or a layout, whose name has a dot. */
typedef struct {
    const char *name, *text;
} script;

#define SCRIPTS(...) ((const script[]){__VA_ARGS__, {NULL, NULL}})
#define NO_SCRIPTS SCRIPTS({NULL, NULL})

static news_status load_script(news_ctx *ctx, const script *s, news_error *error)
{
    char lua[1024];
    if (strchr(s->name, '.') != NULL)
        return news_layout_load(ctx, s->name, NULL, s->text, strlen(s->text), error);
    (void)snprintf(lua, sizeof lua,
                   "local news = require 'news'\n"
                   "local f = news.format { name = '%s', extends = '%s' }\n%s\nreturn f\n",
                   s->name, s->name, s->text);
    return news_format_load(ctx, "f.lua", lua, strlen(lua), error);
}

/* Checks with these in the place of the built-in ones. */
static news_status mail_status(news_ctx *ctx, const char *yaml, const char *markdown,
                               const script *scripts, album *images, news_error *error)
{
    const shelf files = {yaml, NULL};
    news_loader loader = NEWS_LOADER_INIT;
    news_check_options options = NEWS_CHECK_OPTIONS_INIT;
    loader.load = load_image;
    loader.release = release_image;
    loader.ud = images;
    options.loader = images != NULL ? &loader : NULL;
    for (; scripts->name != NULL; scripts++) {
        news_status status = load_script(ctx, scripts, error);
        if (status != NEWS_OK && strchr(scripts->name, '.') == NULL)
            fail_msg("%s", error->message);
    }
    news_issue *issue = parse(ctx, &files, markdown);
    said[0] = '\0';
    news_status status = news_check(ctx, issue, &options, note, NULL, error);
    news_issue_unref(issue);
    return status;
}

static void mail(const char *yaml, const char *markdown, const script *scripts,
                 const char *expected)
{
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = new_ctx(NULL);
    assert_int_equal(mail_status(ctx, yaml, markdown, scripts, NULL, &error), NEWS_OK);
    assert_string_equal(said, expected);
    news_ctx_free(ctx);
}

static void mail_sections(void **state)
{
    (void)state;
    const char *text = MATTER "## A\n\na\n\n### B\n\nb\n\n## C\n\nc\n";
    mail(NULL, text, NO_SCRIPTS, "");
    mail(NULL, text, SCRIPTS({"text.txt", "{{ issue.intro }}"}),
         "parity-section 6:1, parity-section 14:1");
    mail(NULL, text, SCRIPTS({"text.txt", "{{ issue.sections[1] }}"}), "parity-section 14:1");
    mail(NULL, text, SCRIPTS({"email", "f.section = '{{ heading }}{{ blocks }}'"}),
         "parity-section 10:1");
    mail(NULL, text, SCRIPTS({"email", "f.section = '{{ title }}{{ children }}'"}), "");
    mail(NULL, text, SCRIPTS({"text", "f.heading = false"}), "");
    mail(NULL, text, SCRIPTS({"text", "f.heading = false f.paragraph = false"}),
         "parity-section 6:1, parity-section 14:1");
    mail(NULL, text,
         SCRIPTS({"text", "function f.section(s, out) if s.level == 2 then "
                          "out:super(s) end end"}),
         "parity-section 10:1");
    mail(NULL, text, SCRIPTS({"text.txt", "x"}, {"email.html", "x"}), "");
    mail(NULL, text, SCRIPTS({"email", "function f.issue(i, out) out:raw((i:render('html'))) end"}),
         "");
}

static void mail_order(void **state)
{
    (void)state;
    const char *text = MATTER "## A\n\na\n\n### B\n\nb\n\n## C\n\nc\n";
    mail(NULL, text,
         SCRIPTS({"text.txt", "{% for i = 2, 1, -1 do %}{{ issue.sections[i] }}{% end %}"}),
         "parity-order 14:1");
    mail(NULL, text, SCRIPTS({"email", "f.section = '{{ sections }}{{ heading }}{{ blocks }}'"}),
         "parity-order 6:1");
    mail(NULL, text,
         SCRIPTS({"text.txt", "{% for i = 2, 1, -1 do %}{{ issue.sections[i] }}{% end %}"},
                 {"email.html", "{% for i = 2, 1, -1 do %}{{ issue.sections[i] }}{% end %}"}),
         "");
    mail(NULL, text,
         SCRIPTS({"text.txt", "{{ issue.sections[2].heading }}{{ issue.sections[1].heading }}"}),
         "parity-section 10:1, parity-order 14:1");
}

static void mail_links(void **state)
{
    (void)state;
    const char *text = MATTER "[aa](https://a.example/?b=1&c=2#d) b@b.example\n"
                              "<https://c.example/\u00e9> [dd](#x) [ee](https://a.example/?b=1)\n"
                              "[ff](https://f.example/{{ f or 'x' }}) [gg](https://{{ g }}/)\n\n"
                              "## X\n\n[aa](https://a.example/?b=1)\n";
    mail(NULL, text, NO_SCRIPTS, "!field-no-value 8:40");
    mail("name: N\ncheck: {silence: parity-link}\n", text, SCRIPTS({"text", "f.links = false"}),
         "!field-no-value 8:40");
    mail(NULL, text, SCRIPTS({"text", "f.links = false"}),
         "parity-link 6:1, parity-link 7:32, parity-link 8:1, !field-no-value 8:40, "
         "parity-link 8:40");
    mail("name: N\nformats: {text: {links: 'off'}}\n", text, NO_SCRIPTS, "!field-no-value 8:40");
    mail("name: N\nformats: {text: {links: inline, style: ten}}\n", text, NO_SCRIPTS,
         "!field-no-value 8:40");
    mail(NULL, text, SCRIPTS({"text", "f.link = '{{ children }} <{{ url }}>'"}),
         "!field-no-value 8:40");
    mail(NULL, text,
         SCRIPTS({"text", "function f.link(l, out) out(l.children, ' (', l.url, ')') end"}),
         "!field-no-value 8:40");
    mail(NULL, text,
         SCRIPTS({"email", "function f.link(l, out) out:tag('a', { href = 'https://t.example/?u=' "
                           ".. l.url }, l.children) end"}),
         "!field-no-value 8:40");
    mail(NULL, text, SCRIPTS({"text.txt", "{{ issue.intro }}{% out:links() %}"}),
         "!field-no-value 8:40, parity-section 10:1"); /* which has its links */
    mail(NULL, MATTER "a\n\n::: only email\n[b](https://b.example)\n:::\n",
         SCRIPTS({"text", "f.links = false"}), "parity-link 9:1");
    /* what a teaser has at its end is nowhere in the source */
    mail("name: N\neditions: {short: {base: email, until: more}}\n",
         "---\ntitle: T\ndate: 2024-05-17\nsummary: S\nurl: https://n.example/t\n---\n\na\n\n"
         "<!-- more -->\n\nb\n",
         SCRIPTS({"text.txt", "{{ issue.intro[1] }}"}), "parity-link 1:1");
}

static void mail_shared(void **state)
{
    (void)state;
    const shelf files = {"name: N\nmasthead: masthead.md\nfooter: '[a](https://a.example)'\n",
                         "x\n\n[b](https://b.example)\n"};
    news_ctx *ctx = new_ctx(NULL);
    news_error error = NEWS_ERROR_INIT;
    const script layout = {"text.txt", "{{ issue.intro }}"};
    assert_int_equal(load_script(ctx, &layout, &error), NEWS_OK);
    news_issue *issue = parse(ctx, &files, MATTER "c\n");
    said[0] = '\0';
    assert_int_equal(news_check(ctx, issue, NULL, note, NULL, NULL), NEWS_OK);
    assert_string_equal(said, "masthead.md parity-link 3:1, news.yaml parity-link 3:1");
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

static void mail_unsubscribe(void **state)
{
    (void)state;
    const char *yaml =
        "name: N\nemail: {from: a@b.example, unsubscribe: 'https://n.example/{{ t }}'"
        "}\nrecipient: {t: u v}\n";
    mail("name: N\nemail: {from: a@b.example}\n", MATTER "x", NO_SCRIPTS,
         "news.yaml unsubscribe-missing 2:8");
    mail("name: N\nemail: {reply_to: a@b.example}\n", MATTER "x", NO_SCRIPTS, "");
    mail("name: N\nemail: {from: a@b.example, unsubscribe_mailto: 'mailto:c@b.example'}\n",
         MATTER "x", NO_SCRIPTS, "");
    mail(yaml, MATTER "x", NO_SCRIPTS, "");
    mail(yaml, MATTER "x", SCRIPTS({"text.txt", "{{ issue.intro }}"}),
         "news.yaml unsubscribe-missing 2:41");
    mail(yaml, MATTER "x", SCRIPTS({"email.html", "{{ issue.intro }}"}),
         "news.yaml unsubscribe-missing 2:41");
    mail(yaml, MATTER "x",
         SCRIPTS({"text.txt", "{{ issue.intro }}\n\nHere: https://n.example/u%20v."},
                 {"email.html", "{{ issue.intro }}<a href='https://n.example/u%20v'>Here</a>"}),
         "");
    mail(yaml, MATTER "x",
         SCRIPTS({"text.txt", "{{ issue.intro }}\n\n{{ issue.unsubscribe }}"},
                 {"email.html", "<a href=https://n.example/{{ 'u v' }}>Here</a>{{ issue.intro }}"}),
         "");
}

static void mail_size(void **state)
{
    (void)state;
    mail(NULL, MATTER "x", SCRIPTS({"email.html", "{{ ('x'):rep(97280) }}{% out(issue.intro) %}"}),
         "html-size 1:1"); /* and a paragraph */
    mail(NULL, MATTER "x", SCRIPTS({"email.html", "{{ ('x'):rep(97280) }}"}), "");
    mail(NULL, MATTER "x", SCRIPTS({"text.txt", "{{ ('x '):rep(97280) }}"}), "");
}

static void mail_failures(void **state)
{
    (void)state;
    mail(NULL, MATTER "*x*", SCRIPTS({"text", "\nfunction f.emph(n) n.x = 1 end"}),
         "!f.lua format-error 4:0");
    mail(NULL, MATTER "x", SCRIPTS({"email.html", "\n{{ nil }}"}), "!email.html format-error 2:0");
    mail(NULL, MATTER "x", SCRIPTS({"email.html", "{% block %}"}), "!email.html format-error 1:1");
    mail(NULL, MATTER "*x*", SCRIPTS({"text", "function f.emph() repeat until false end"}),
         "!f.lua format-error 3:0");
    mail(NULL, MATTER "*x*",
         SCRIPTS({"text", "function f.emph() local t = {} for i = 1, 1e9 do t[i] = {} end end"}),
         "!f.lua format-error 3:0");
    mail("name: N\nformats: {text: {width: 7}}\n", MATTER "x", NO_SCRIPTS,
         "!news.yaml format-error 2:25");
    /* the other part is looked at all the same, and the next check is as ever */
    mail("name: N\nemail: {from: a@b.example, unsubscribe: 'https://n.example/'}\n", MATTER "x",
         SCRIPTS({"text", "function f.issue() error('no') end"}, {"email.html", "x"}),
         "!f.lua format-error 3:0, news.yaml unsubscribe-missing 2:41");
    /* what parsing finds wrong keeps an issue from being rendered */
    mail(NULL, "::: only web\n*x*\n", SCRIPTS({"text", "function f.emph() error('no') end"}),
         "!directive-unclosed 1:1");
}

static void mail_editions(void **state)
{
    (void)state;
    const char *text = "---\ntitle: T\ndate: 2024-05-17\nsummary: S\n"
                       "editions: {gold: {base: email, tags: x}, page: {base: web}}\n---\n\n"
                       "::: only gold\n[a](https://a.example)\n:::\n\n[b](https://b.example)\n";
    news_ctx *ctx = new_ctx(NULL);
    news_error error = NEWS_ERROR_INIT;
    const script links = {"text", "f.links = false"};
    assert_int_equal(load_script(ctx, &links, &error), NEWS_OK);
    news_issue *issue = parse(ctx, NULL, text), *edition;
    said[0] = '\0';
    assert_int_equal(news_check(ctx, issue, NULL, note_message, NULL, NULL), NEWS_OK);
    assert_string_equal(said,
                        "in the edition \"gold\": the link to \"https://a.example\" is in the "
                        "HTML of the mail, but not in its plain text\n"
                        "the link to \"https://b.example\" is in the HTML of the mail, but "
                        "not in its plain text");
    const struct {
        const char *name, *expected;
    } cases[] = {
        {"gold", "parity-link 9:1, parity-link 12:1"}, {"email", "parity-link 12:1"}, {"page", ""}};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        said[0] = '\0';
        assert_int_equal(news_issue_edition(ctx, &edition, issue, cases[i].name, NULL), NEWS_OK);
        assert_int_equal(news_check(ctx, edition, NULL, note, NULL, NULL), NEWS_OK);
        assert_string_equal(said, cases[i].expected);
        news_issue_unref(edition);
    }
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

static void mail_images(void **state)
{
    (void)state;
    const char *yaml = "name: N\nemail: {attach_images: true}\n";
    const char *text = MATTER "![a](400.png){width=1} ![b](401.png){width=1} ![c](401.png)\n"
                              "![d](no.png){width=1} ![e](https://a.example/900.png){width=1}\n"
                              "![f](199.png){width=1}\n";
    album images = {0, 0};
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = new_ctx(NULL);
    assert_int_equal(mail_status(ctx, yaml, text, NO_SCRIPTS, &images, &error), NEWS_OK);
    assert_string_equal(said, "image-weight 6:24, image-size 6:47, !image-missing 7:1");
    assert_int_equal(images.loaded, 3);
    assert_int_equal(images.held, 0);
    assert_int_equal(mail_status(ctx, yaml,
                                 MATTER "![a](301.png){width=1} ![b](350.png){width=1} "
                                        "![c](%33%35%30.png){width=1}",
                                 NO_SCRIPTS, &images, &error),
                     NEWS_OK);
    assert_string_equal(said, "image-weight 1:1");
    assert_int_equal(mail_status(ctx, "name: N\n", text, NO_SCRIPTS, &images, &error), NEWS_OK);
    assert_null(strstr(said, "image-weight"));
    assert_int_equal(mail_status(ctx, yaml, text, NO_SCRIPTS, NULL, &error), NEWS_OK);
    assert_string_equal(said, "image-size 6:47");
    assert_int_equal(
        mail_status(ctx, yaml, MATTER "![a](odd.png){width=1}", NO_SCRIPTS, &images, &error),
        NEWS_ERR_LIMIT);
    assert_string_equal(said, "");
    assert_non_null(strstr(error.message, "cannot be read"));
    /* a format of one's own may have them as well */
    assert_int_equal(mail_status(ctx, yaml, MATTER "![a](1.png){width=1}",
                                 SCRIPTS({"email", "function f.image(i, out) "
                                                   "out(#news.load(i)) end"}),
                                 &images, &error),
                     NEWS_OK);
    assert_string_equal(said, "");
    news_ctx_free(ctx);
}

static void mail_options(void **state)
{
    (void)state;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = new_ctx(NULL);
    news_issue *issue = parse(ctx, NULL, MATTER "x");
    news_check_options options = NEWS_CHECK_OPTIONS_INIT;
    news_loader loader = NEWS_LOADER_INIT;
    assert_int_equal(news_check(ctx, issue, &options, note, NULL, &error), NEWS_OK);
    options.loader = &loader;
    assert_int_equal(news_check(ctx, issue, &options, note, NULL, &error), NEWS_ERR_ARG);
    options.size = 0;
    assert_int_equal(news_check(ctx, issue, &options, note, NULL, &error), NEWS_ERR_ABI);
    assert_non_null(strstr(error.message, "NEWS_CHECK_OPTIONS_INIT"));
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

/* ---- All together ---- */

static void order(void **state)
{
    (void)state;
    const shelf files = {"name: N\nmasthead: masthead.md\nfooter: '[this](https://a.example)'\n",
                         "[here](https://a.example)\n"};
    run(&files, "x [link](https://a.example)\n\n[]() {% a %}\n", NULL, note);
    assert_string_equal(said, "link-text 1:3, link-empty 3:1, template-tag 3:6, "
                              "masthead.md link-text 1:1, news.yaml link-text 3:1");
}

static void silence(void **state)
{
    (void)state;
    const char *text = "[here](https://a.example) {{ a }} [x]()";
    check(text, "link-text 1:1, !field-no-value 1:27, link-empty 1:35");
    check_with("name: N\ncheck: {silence: [link-text, field-no-value, link-empty]}\n", text,
               "!field-no-value 1:27");
    check_with("name: N\ncheck: {silence: link-text}\n", text,
               "!field-no-value 1:27, link-empty 1:35");
    check_with("name: N\ncheck: {silence: [publication-unknown-code, nothing]}\n", "x", "");
}

/* ---- Callbacks ---- */

typedef struct {
    news_ctx *ctx;
    const news_issue *issue;
    int calls, stop_at;
} stopping;

static int stop(void *ud, const news_finding *finding)
{
    stopping *s = ud;
    char *bytes;
    size_t len;
    (void)finding;
    assert_int_equal(news_check(s->ctx, s->issue, NULL, stop, ud, NULL), NEWS_ERR_ARG);
    assert_int_equal(news_render_buffer(s->ctx, s->issue, "text", NULL, &bytes, &len, NULL),
                     NEWS_ERR_ARG);
    return ++s->calls == s->stop_at;
}

static void callbacks(void **state)
{
    (void)state;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = new_ctx(NULL);
    news_issue *issue = parse(ctx, NULL, "[here](https://a.example) [this](https://b.example)");
    stopping s = {.ctx = ctx, .issue = issue, .stop_at = 1};
    assert_int_equal(news_check(ctx, issue, NULL, stop, &s, &error), NEWS_ERR_CANCELLED);
    assert_int_equal(error.status, NEWS_ERR_CANCELLED);
    assert_true(error.message[0] != '\0');
    assert_int_equal(s.calls, 1);
    s.stop_at = 0;
    assert_int_equal(news_check(ctx, issue, NULL, stop, &s, &error), NEWS_OK);
    assert_int_equal(error.status, NEWS_OK);
    assert_int_equal(s.calls, 3);
    assert_int_equal(news_check(NULL, issue, NULL, stop, &s, &error), NEWS_ERR_ARG);
    assert_int_equal(news_check(ctx, NULL, NULL, stop, &s, &error), NEWS_ERR_ARG);
    assert_int_equal(news_check(ctx, issue, NULL, NULL, &s, &error), NEWS_ERR_ARG);
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

/* ---- Memory ---- */

static const char everything[] =
    "---\ntitle: TK\nx: TODO\n---\n\n[here](http://localhost/?fbclid=1) [a](#b) [c](/d) {{ e }}\n"
    "the the {% f %} {.g}\n\n\u2022 h\n\n![](i.png \"j\")\n\n## K\n\n#### L\n\n"
    "[the tale of the bell tower](https://a.example) [the tale of the bell tower](https://b)\n\n"
    "- [m](https://bit.ly/m)\n- [m](https://bit.ly/m)\n\n"
    "::: only web\n## N\n\n[n](#n)[^o]\n:::\n\n::: summary\np\n:::\n\n[^o]: TK\n\n## Q\n\nr\n";

static void memory(void **state)
{
    (void)state;
    const shelf files = {
        "name: N\nurl: https://n.example/\ntoc: true\nemail: {from: a}\n"
        "recipient: {ee: f}\nmasthead: masthead.md\ncheck: {silence: [image-size]}\n",
        "[more](https://a.example)\n"};
    counter c = {0};
    const news_allocator allocator = {counting, &c};
    news_ctx *ctx = new_ctx(&allocator);
    news_issue *issue = parse(ctx, &files, everything);
    said[0] = '\0';
    assert_int_equal(news_check(ctx, issue, NULL, note, NULL, NULL), NEWS_OK);
    char *expected = strdup(said);
    assert_non_null(expected);
    assert_true(strlen(expected) > 400);
    for (size_t i = 1;; i++) {
        news_error error = NEWS_ERROR_INIT;
        c.calls = 0;
        c.fail_at = i;
        said[0] = '\0';
        news_status status = news_check(ctx, issue, NULL, note, NULL, &error);
        c.fail_at = 0;
        if (status == NEWS_OK && c.calls < i)
            break;
        if (status == NEWS_OK) { /* Lua has collected garbage, and tried again */
            assert_string_equal(said, expected);
            continue;
        }
        assert_int_equal(status, NEWS_ERR_NOMEM);
        assert_string_equal(said, "");
    }
    assert_string_equal(said, expected);
    free(expected);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    assert_int_equal(c.live, 0);
}

/* ---- Trees that no parser makes ---- */

static void deep(void **state)
{
    (void)state;
    enum { DEPTH = 300000 };
    news_ctx *ctx = new_ctx(NULL);
    news_issue *issue = news_issue_new(NULL, NEWS_STR("i.md"));
    assert_non_null(issue);
    news_node *node = issue->root;
    for (uint32_t i = 0; i < DEPTH; i++) {
        node->first_child =
            news_node_new(issue, i + 1 < DEPTH ? NEWS_KIND_BLOCK_QUOTE : NEWS_KIND_TEXT, i + 1, 1);
        assert_non_null(node->first_child);
        node->first_child->parent = node;
        node = node->first_child;
    }
    node->a = NEWS_STR("a TK");
    said[0] = '\0';
    assert_int_equal(news_check(ctx, issue, NULL, note, NULL, NULL), NEWS_OK);
    assert_string_equal(said, "placeholder 300000:3");
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors),
        cmocka_unit_test(many_anchors),
        cmocka_unit_test(link_texts),
        cmocka_unit_test(ambiguous),
        cmocka_unit_test(repeated_items),
        cmocka_unit_test(http),
        cmocka_unit_test(addresses),
        cmocka_unit_test(placeholders),
        cmocka_unit_test(repeated_words),
        cmocka_unit_test(tags),
        cmocka_unit_test(bullets),
        cmocka_unit_test(sections),
        cmocka_unit_test(images),
        cmocka_unit_test(contents),
        cmocka_unit_test(matter),
        cmocka_unit_test(subjects),
        cmocka_unit_test(fields),
        cmocka_unit_test(editions),
        cmocka_unit_test(mail_sections),
        cmocka_unit_test(mail_order),
        cmocka_unit_test(mail_links),
        cmocka_unit_test(mail_shared),
        cmocka_unit_test(mail_unsubscribe),
        cmocka_unit_test(mail_size),
        cmocka_unit_test(mail_failures),
        cmocka_unit_test(mail_editions),
        cmocka_unit_test(mail_images),
        cmocka_unit_test(mail_options),
        cmocka_unit_test(order),
        cmocka_unit_test(silence),
        cmocka_unit_test(callbacks),
        cmocka_unit_test(memory),
        cmocka_unit_test(deep),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
