/* Markdown to model: blocks, inlines, tables, raw HTML, sections, places and limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/source.h"
#include "outline.h"

static const news_source_options defaults = {
    .max_input = 8 << 20, .max_nodes = 1000000, .max_depth = 64};

static news_issue *parse(const char *markdown)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    news_status status = news_source_parse(&issue, NEWS_STR("folder/letter.md"),
                                           news_str_from(markdown), &defaults, &error);
    if (status != NEWS_OK)
        fail_msg("%s", error.message);
    return issue;
}

static void check(const char *markdown, const char *expected)
{
    news_issue *issue = parse(markdown);
    char *outline = outline_of(issue);
    assert_string_equal(outline, expected);
    free(outline);
    news_issue_unref(issue);
}

static void check_view(news_str actual, const char *expected)
{
    assert_int_equal(actual.len, strlen(expected));
    if (actual.len != 0)
        assert_memory_equal(actual.ptr, expected, actual.len);
}

/* Findings as "code line:column, …". */
static void check_findings(const char *markdown, const char *expected)
{
    news_issue *issue = parse(markdown);
    char text[1024] = "";
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_finding *f = &issue->findings[i];
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %u:%u", i != 0 ? ", " : "", f->code,
                 (unsigned)f->line, (unsigned)f->column);
    }
    assert_string_equal(text, expected);
    news_issue_unref(issue);
}

static void test_blocks(void **state)
{
    (void)state;
    check("One\ntwo  \nthree\\\nfour", "(p \"One\" / \"two\" // \"three\" // \"four\")");
    check("> quoted\n> > deeper", "(quote (p \"quoted\") (quote (p \"deeper\")))");
    check("- a\n- b\n\n3. c\n\n   d\n4. e",
          "(ul! (li (p! \"a\")) (li (p! \"b\"))) (ol3 (li (p \"c\") (p \"d\")) (li (p \"e\")))");
    check("```sh x\nls  ~~a~~\n\n```\n\n    code", "(pre sh x|ls  ~~a~~\\n\\n) (pre |code\\n)");
    check("a\n\n***\n\nb", "(p \"a\") (hr) (p \"b\")");
    check("- [ ] open\n- [x] done *now*\n- [X] Done\n- \\[ ] no\n- [ ]\n",
          "(ul! (li[ ] (p! \"open\")) (li[x] (p! \"done \" (em \"now\"))) (li[x] (p! \"Done\")) "
          "(li (p! \"[ ] no\")) (li (p! \"[ ]\")))");
    check("\xEF\xBB\xBFone\r\ntwo\rthree", "(p \"one\" / \"two\" / \"three\")");
}

static void test_inlines(void **state)
{
    (void)state;
    check("a *b **c** `d*`* \\*e &amp; f!",
          "(p \"a \" (em \"b \" (b \"c\") \" \" `d*`) \" *e & f!\")");
    check(
        "[t *u*](/x \"T&amp;t\") [r][] [q]\n\n[r]: https://r.example/\n[q]: <q.md>",
        "(p (a /x \"t \" (em \"u\") T&t) \" \" (a https://r.example/ \"r\") \" \" (a q.md \"q\"))");
    check("![alt *b* `c`](i.png \"T\") [![x](y.png)](https://z.example)",
          "(p (img i.png|alt b c|T|0x0) \" \" (a https://z.example (img y.png|x)))");
    check("[](https://e.example)", "(p (a https://e.example \"https://e.example\"))");
    check("<https://a.example> <me@a.example>",
          "(p (a https://a.example \"https://a.example\") \" \" (a mailto:me@a.example "
          "\"me@a.example\"))");
}

/* Scripts without spaces between words. */
static void test_east_asian(void **state)
{
    (void)state;
    check("**注意：**这是**“引用”**的。**[a](/a)**中\n文 b\nc",
          "(p (b \"注意：\") \"这是\" (b \"“引用”\") \"的。\" (b (a /a \"a\")) \"中\" \"文 b\" / "
          "\"c\")");
    check("English混排，\nOK\n（见\nB\n中。",
          "(p \"English混排，\" \"OK\" \"（见\" / \"B\" / \"中。\")");
    check("인용**“강조”**입\n니다 `다**“x”**다` \\*中",
          "(p \"인용\" (b \"“강조”\") \"입\" / \"니다 \" `다**“x”**다` \" *中\")");
}

static void test_strike(void **state)
{
    (void)state;
    check("a ~~b~~ c", "(p \"a \" (s \"b\") \" c\")");
    check("~~a *b ~~c~~* d~~", "(p (s \"a \" (em \"b \" (s \"c\")) \" d\"))");
    check("~~`x`~~*~~y~~*", "(p (s `x`) (em (s \"y\")))");
    check("~~ a ~~ ~b~ ~~~c~~~ ~~d", "(p \"~~ a ~~ ~b~ ~~~c~~~ ~~d\")");
    check("\\~~a~~ \\~\\~b~~ `\\~~`", "(p \"~~a~~ ~~b~~ \" `\\~~`)");
    check("x~~y~~z ~~**w**~~", "(p \"x\" (s \"y\") \"z \" (s (b \"w\")))");
    check("*a~~b*c~~", "(p (em \"a~~b\") \"c~~\")");
}

static void test_tables(void **state)
{
    (void)state;
    check("| a | b |\n|:--|:-:|\n| *c* | `d\\|e` |\n",
          "(table lc (tr (th \"a\") (th \"b\")) (tr (td (em \"c\")) (td `d|e`)))");
    check("a|b\n-|-:\nc\nd|e|f\n", "(table -r (tr (th \"a\") (th \"b\")) (tr (td \"c\") (td)) "
                                   "(tr (td \"d\") (td \"e\")))");
    check("before *x\ny*\na | b\n--|--\n`c|d`\n\nafter",
          "(p \"before \" (em \"x\" / \"y\")) (table -- (tr (th \"a\") (th \"b\")) "
          "(tr (td \"`c\") (td \"d`\"))) (p \"after\")");
    check("a | b\n--|--|--\nc | d\n", "(p \"a | b\" / \"--|--|--\" / \"c | d\")");
    check("> - x\n>   y | z\n>   --|--\n>   | # 1 | - 2 |\n",
          "(quote (ul! (li (p! \"x\") (table -- (tr (th \"y\") (th \"z\")) (tr (td \"# 1\") "
          "(td \"- 2\"))))))");
    check("1. | a | b |\n   |---|---|\n   |  | [r] |\n   | [q][R] | **c** |\n\n[r]: /u\n",
          "(ol1! (li (table -- (tr (th \"a\") (th \"b\")) (tr (td) (td (a /u \"r\"))) "
          "(tr (td (a /u \"q\")) (td (b \"c\"))))))");
    check("a | b\n--|--\nc | d\n---\ne\n\n```\na | b\n--|--\n```\n",
          "(table -- (tr (th \"a\") (th \"b\")) (tr (td \"c\") (td \"d\"))) (hr) (p \"e\") "
          "(pre |a | b\\n--|--\\n)");
    check("t | u\n-|-\nwww.a.example/x|~~z~~ <br> {b}\n",
          "(table -- (tr (th \"t\") (th \"u\")) (tr (td (a http://www.a.example/x "
          "\"www.a.example/x\")) (td (s \"z\") \" \" // \" {b}\")))");
    check_findings("a | b\n--|--\nc | d | e\n", "table-cells 3:1");
}

static void test_html(void **state)
{
    (void)state;
    check("<script></script>see http://a.example/",
          "(p \"see \" (a http://a.example/ \"http://a.example/\"))");
    check("{", "(p \"{\")");
    check("a<br>\nb <small>s</small> <abbr title='x \"y\"'>z</abbr> <kbd>k",
          "(p \"a\" // \"b \" <small> \"s\" </small> \" \" <abbr title=\"x &quot;y&quot;\"> \"z\" "
          "</abbr> \" k\")");
    check("x <a href='https://l.example?a&amp;b' title=\"T\">see *it* www.m.example</a> y",
          "(p \"x \" (a https://l.example?a&b \"see \" (em \"it\") \" www.m.example\" T) \" y\")");
    check("<a href=u>[x](https://y.example)</a>", "(p (a https://y.example \"x\"))");
    check("a <!-- c --> b<!-- more --> <b>c</b> <script>d</script>e</i>", "(p \"a b c e\")");
    check("<div>\n <p>One  <b>two</b>\n three &eacute;&lt;&nope;<p>Four\n</div>\n\nfive",
          "(p \"One two\" / \"three \xC3\xA9<&nope;\") (p \"Four\") (p \"five\")");
    check("<p><img src='i.png' alt=\"A &amp; B\" width=\"20px\" height=9 title=t>"
          "<style>p{}</style><a href=\"https://k.example\">k</a></p>",
          "(p (img i.png|A & B|t|20x9) (a https://k.example \"k\"))");
    check("<!-- only -->\n\nx", "(p \"x\")");
    check("<script>\nif (a < b)\n\n</script>\ny", "(p \"y\")");
    check_findings("a <b>x</b> <!-- c -->\n\n<!-- more -->\n\n> <div>é <i>y</i></div>\n",
                   "html-dropped 1:3, html-comment 1:12, html-dropped 5:3, html-dropped 5:10");
    check_findings(
        "<a name=x>a</a> <kbd>b <s></s> </i> c</sub>\n\n<table><tr><td>d</td></tr></table>",
        "html-dropped 1:1, html-dropped 1:17, html-dropped 1:24, html-dropped 1:38, "
        "html-dropped 3:1, html-dropped 3:8, html-dropped 3:12");
    check_findings("<img src=i.png> <img src=j.png alt=''>", "image-alt 1:1");
}

static void test_html_strike(void **state)
{
    (void)state;
    check("a<del>b *c*</del>d <s>e</s> <STRIKE>f <s>g</strike></s>",
          "(p \"a\" (s \"b \" (em \"c\")) \"d \" (s \"e\") \" \" (s \"f g\"))");
    check("~~a <kbd>b~~ <del>c ~~d</del>", "(p (s \"a b\") \" \" (s \"c ~~d\"))");
    check("<div><del>a</del> b</div>", "(p (s \"a\") \" b\")");
}

/* Words in angle brackets are text unless HTML knows them. */
static void test_html_unknown(void **state)
{
    (void)state;
    check("Vec<T>, run <file>, a<b and c>d </T>, <b>e</b> <my-tag>f</my-tag>",
          "(p \"Vec<T>, run <file>, a<b and c>d </T>, e f\")");
    check("<file\n  a='&amp;'> x", "(p \"<file a='&amp;'> x\")");
    check("<div>\na <T>  b &lt;<o:p>c</o:p>\n</div>", "(p \"a <T> b <c\")");
    check("## A <T>\n\na | b\n-|-\n<key> | <value>",
          "(sec2#a-t \"A <T>\" (table -- (tr (th \"a\") (th \"b\")) "
          "(tr (td \"<key>\") (td \"<value>\"))))");
    check_findings("Vec<T> <b and c> </T>\n<my-tag>",
                   "html-unknown 1:4, html-unknown 1:8, html-dropped 2:1");
}

/* Code and lists in HTML keep their lines. */
static void test_html_lines(void **state)
{
    (void)state;
    check("<pre><code class=\"x language-c\">a  &lt;b\n\n  <span>c</span> <T> https://u.example\n"
          "</code></pre>\n\nd",
          "(pre c|a  <b\\n\\n  c <T> https://u.example\\n) (p \"d\")");
    check("<div>x<pre>\na<br>b</pre>y<pre></pre><pre>z</div>",
          "(p \"x\") (pre |a\\nb\\n) (p \"y\") (pre |z\\n)");
    check("<details><summary>S</summary>\n- a\n  b\n* c\n10. d\n</details>",
          "(p \"S\") (p \"- a\" // \"b\" // \"* c\" // \"10. d\")");
    check("<div>\na\nb 1. c\n# d\ne\nf\n</div>",
          "(p \"a\" / \"b 1. c\" // \"# d\" // \"e\" / \"f\")");
    check_findings("<pre><code>a <b>b</b><span>c</span></code></pre>", "html-dropped 1:14");
}

/* What is shown elsewhere becomes a link. */
static void test_html_media(void **state)
{
    (void)state;
    check("<iframe src=\"https://www.v.example/e?a&amp;b\" title=\"T\"></iframe>\n",
          "(p (a https://www.v.example/e?a&b \"v.example\" T))");
    check("<video controls><source src=a.mp4><source src=b.webm>Old.</video>",
          "(p (a a.mp4 \"a.mp4\") / (a b.webm \"b.webm\") / \"Old.\")");
    check("See <audio src=a.mp3></audio><object data=b.pdf>c</object>.",
          "(p \"See \" (a a.mp3 \"a.mp3\") / (a b.pdf \"b.pdf\") / \"c.\")");
    check("[x <audio src=a.mp3></audio>](u) <embed src='data:x'>", "(p (a u \"x \") \" \")");
    check_findings("<iframe src=a.html></iframe> <iframe></iframe>",
                   "html-dropped 1:1, html-dropped 1:30");
}

static void test_links(void **state)
{
    (void)state;
    check("[a](javascript:x) ![b *c*](data:x) [d]() <a href='vbscript:x'>e</a>.",
          "(p \"a b c d e.\")");
    check("[h](http://) [p](https://a.example:99999/) <a href='mailto:'>m</a>", "(p \"h p m\")");
    check_findings("[h](http://) [p](https://a.example:99999/)\n[m](mailto:)",
                   "link-address 1:1, link-address 1:14, link-address 2:1");
    check_findings("[a](javascript:x) ![b](data:x)\n[d]()",
                   "link-scheme 1:1, link-scheme 1:19, link-empty 2:1");
    news_issue *issue = parse("[a](https://x.example) [b](mailto:y@x.example) [c](old.md) [d](#s) "
                              "[e](tel:1) [f](//z.example)\n\n# S [g](g.md)\n\n![i](i.png)");
    static const int kinds[] = {NEWS_LINK_EXTERNAL, NEWS_LINK_MAIL,     NEWS_LINK_ISSUE,
                                NEWS_LINK_SECTION,  NEWS_LINK_EXTERNAL, NEWS_LINK_EXTERNAL,
                                NEWS_LINK_ISSUE};
    assert_int_equal(issue->links.count, NEWS_ARRAY_LENGTH(kinds));
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(kinds); i++) {
        assert_int_equal(issue->links.array[i]->number, kinds[i]);
        assert_int_equal(issue->links.array[i]->b.ptr[0], 'a' + (int)i);
    }
    assert_int_equal(issue->images.count, 1);
    news_issue_unref(issue);
}

static void test_sections(void **state)
{
    (void)state;
    check("# T\n\nintro\n\n## A *b*\n\nx\n\n#### B\n\ny\n\n## C\n",
          "(p \"intro\") (sec2#a-b \"A b\" (p \"x\") (sec3#b \"B\" (p \"y\"))) (sec2#c \"C\")");
    check("# A\n\n# B\n\nb", "(sec2#a \"A\") (sec2#b \"B\" (p \"b\"))");
    check("#### deep\n\n> ## q\n\n## A\n\n- # l\n",
          "(sec2#deep \"deep\" (quote (h2#q \"q\"))) (sec2#a \"A\" (ul! (li (h1#l \"l\"))))");
    check("# \n\n## {#x}\n\n> ##\n\n## <!-- c -->\n\na\n\n## B\n",
          "(quote) (p \"a\") (sec2#b \"B\")");
    check_findings("a\n\n## \n> ## {.x}\n", "heading-empty 3:1, heading-empty 4:3");
    check("A\n=\n\nB\n-\n\nb", "(sec2#b \"B\" (p \"b\"))");
    check("---\ntitle: The Same\n---\n# the same!\n\n## x\n", "(sec2#x \"x\")");
    check("---\ntitle: One\n---\n# Two\n\n## x\n", "(sec2#two \"Two\" (sec3#x \"x\"))");
    news_issue *issue = parse("# The *title*\n\n## A\n\n[a](a.md)\n\n### B\n\n[b](b.md)\n\n## C\n");
    check_view(issue->title, "The title");
    check_view(issue->subject, "The title");
    check_view(issue->slug, "letter");
    const news_section *a = issue->first_section->extra;
    assert_int_equal(a->links.count, 2);
    assert_int_equal(((const news_section *)a->first_section->extra)->links.count, 1);
    assert_ptr_equal(a->heading->parent, issue->first_section);
    assert_int_equal(((const news_section *)issue->first_section->next->extra)->links.count, 0);
    news_issue_unref(issue);
}

static void test_ids(void **state)
{
    (void)state;
    check("## Ünï & Co.\n## !\n## A\n## a\n## a-2\n## A\n## ?\n",
          "(sec2#ünï-co \"Ünï & Co.\") (sec2#section \"!\") (sec2#a \"A\") (sec2#a-2 \"a\") "
          "(sec2#a-2-2 \"a-2\") (sec2#a-3 \"A\") (sec2#section-2 \"?\")");
    check("## A\n## B {#a .c .d key=\"v w\" k='x'}\n## C `{#x}`\n## D {x}\n",
          "(sec2#a-2 \"A\") (sec2#a.c.d key=v w k=x \"B\") (sec2#c-x \"C {#x}\") "
          "(sec2#d-x \"D {x}\")");
    check("S {.z}\n---\n\ntext {.y}\n", "(sec2#s.z \"S\" (p \"text {.y}\"))");
    check_findings("## A {#x}\n## B {#x}\n", "duplicate-id 2:1");
    check_findings("::: a {#x}\n:::\n\n::: b #x\n:::\n\n## A {#x}\n",
                   "duplicate-id 1:1, duplicate-id 4:1");
    check("::: a {#x}\n:::\n\n## X\n", "(::a id=x) (sec2#x-2 \"X\")");
    check_findings("## é {#a b=}\n> ## B {.c d} ##\n\n- ## C {#x\n\nD {e=}\n---\n",
                   "heading-attributes 1:6, heading-attributes 2:8, heading-attributes 4:8, "
                   "heading-attributes 6:3");
    check_findings("## A {x}\n## `{#a b}`\n## \\{#a b}\n## {#a} b\n## {b\n", "");
    check_findings("## {{#a b}}\n", "field-syntax 1:4");
}

static void test_smart_and_fields(void **state)
{
    (void)state;
    check("---\nsmart: true\n---\n\"a\" -- b...\n", "(p \"\xE2\x80\x9C"
                                                    "a\xE2\x80\x9D \xE2\x80\x93 b\xE2\x80\xA6\")");
    check("\"a\" -- b...", "(p \"\"a\" -- b...\")");
    news_issue *issue = parse("---\nlang: ar-EG\nsummary: S\n---\nx\n");
    check_view(issue->dir, "rtl");
    check_view(issue->preheader, "S");
    check_view(issue->title, "");
    news_issue_unref(issue);
}

static void test_words(void **state)
{
    (void)state;
    news_issue *issue = parse("# Not counted\n\n## Two words\n\n**foo**bar - `x y` 3.5 it's …\n"
                              "é\xC2\xA0z 日本 かな\n\n```\nnot these\n```\n");
    assert_int_equal(issue->words, 2 + 1 + 2 + 1 + 1 + 2 + 4);
    news_issue_unref(issue);
}

static const news_node *first_of(const news_node *root, int kind)
{
    const news_node *node = root;
    while (node != NULL) {
        if (node->kind == kind)
            return node;
        if (node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node != NULL && node->next == NULL)
            node = node == root ? NULL : node->parent;
        if (node != NULL)
            node = node->next;
    }
    return NULL;
}

static void check_place(const char *markdown, int kind, unsigned line, unsigned column)
{
    news_issue *issue = parse(markdown);
    const news_node *node = first_of(issue->root, kind);
    if (node == NULL)
        fail_msg("%s: none", markdown);
    if (node->line != line || node->column != column)
        fail_msg("%s: %u:%u", markdown, (unsigned)node->line, (unsigned)node->column);
    news_issue_unref(issue);
}

static void test_places(void **state)
{
    (void)state;
    check_place("éé *x*", NEWS_KIND_EMPH, 1, 4);
    check_place("---\ntitle: T\n---\n\na *x*", NEWS_KIND_EMPH, 5, 3);
    check_place("> a\n>  b *x*", NEWS_KIND_EMPH, 2, 6);
    check_place("- > a\n  > é *x*", NEWS_KIND_EMPH, 2, 7);
    check_place("- > a\nlazy *x*", NEWS_KIND_EMPH, 2, 6);
    check_place("a `b\nc` *x*", NEWS_KIND_EMPH, 2, 4);
    check_place("[d]: /u\n[e]: /v\nt\nu *x*", NEWS_KIND_EMPH, 4, 3);
    check_place("a [b\nc](u)", NEWS_KIND_LINK, 1, 3);
    check_place("> é <https://x.example>", NEWS_KIND_LINK, 1, 5);
    check_place("http://x.example/ é www.y.example *z*", NEWS_KIND_EMPH, 1, 35);
    check_place("é www.y.example", NEWS_KIND_LINK, 1, 3);
    check_place("a|b\n-|-\n\\| é | c *x*", NEWS_KIND_EMPH, 3, 10);
    check_place("> a|b\n> -|-\n> `\\|\\|` *x*|y", NEWS_KIND_EMPH, 3, 10);
    check_place("lead\n\n> l *x*\n> a|b\n> -|-\n", NEWS_KIND_EMPH, 3, 5);
    check_place("1. l\n   é *x*\n   [a]|b\n   -|-\n\n[a]: /u", NEWS_KIND_EMPH, 2, 6);
    check_place("\ta\n\n\xF0\x9F\x98\x80 ![i](j)", NEWS_KIND_IMAGE, 3, 3);
    check_place("> #   é ``x``", NEWS_KIND_CODE, 1, 9);
    check_place("a\\\nb *x*", NEWS_KIND_EMPH, 2, 3);
    check_place("a\\\nb\n*x*", NEWS_KIND_EMPH, 3, 1);
    check_place("> a **b\\\n> c**\n> d\\\nlazy *x*", NEWS_KIND_EMPH, 4, 6);
    check_place("\\\n\\\n*x*", NEWS_KIND_EMPH, 3, 1);
    check_place("a `b\nc`\\\né *x*", NEWS_KIND_EMPH, 3, 3);
    check_place("a [b](/u\n'c') *x*", NEWS_KIND_EMPH, 2, 6);
    check_place("a [b](/u\n'c') d\n*x*", NEWS_KIND_EMPH, 3, 1);
    check_place("[d]: /u\nt\\\nu *x*", NEWS_KIND_EMPH, 3, 3);
    check_place("> a\\\n> b *x*\n> ---", NEWS_KIND_EMPH, 2, 5);
    check_place("lead\\\nl *x*\na|b\n-|-\n", NEWS_KIND_EMPH, 2, 3);
    check_place("> lead\\\n> l\n> m *x*\n> a|b\n> -|-\n", NEWS_KIND_EMPH, 3, 5);
}

static void check_error(const char *bytes, size_t length, const news_source_options *options,
                        news_status status, unsigned line, unsigned column)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(
        news_source_parse(&issue, NEWS_STR("x.md"), news_str_of(bytes, length), options, &error),
        status);
    assert_null(issue);
    assert_int_equal(error.status, status);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_string_equal(error.source, "x.md");
    assert_true(error.message[0] != '\0');
}

static void test_errors(void **state)
{
    (void)state;
    check_error("a\r\né\xFF", 6, &defaults, NEWS_ERR_ENCODING, 2, 2);
    check_error("\xEF\xBB\xBF"
                "a\0b",
                6, &defaults, NEWS_ERR_ENCODING, 1, 2);
    news_source_options tight = defaults;
    tight.max_input = 4;
    check_error("12345", 5, &tight, NEWS_ERR_LIMIT, 0, 0);
    tight = defaults;
    tight.max_nodes = 6; /* the root and the mapping of front matter are two */
    check_error("a *b*\n\nc", 8, &tight, NEWS_ERR_LIMIT, 3, 1);
    tight = defaults;
    tight.max_depth = 4;
    check_error("a\n\n- *~~x~~*", 12, &tight, NEWS_ERR_LIMIT, 3, 4);
    check_error("a\n\n*b **c *d **e** f* g** h*", 28, &tight, NEWS_ERR_LIMIT, 3, 11);
}

static void test_empty(void **state)
{
    (void)state;
    check_findings("", "empty 1:1");
    check_findings(" \n\t\n", "empty 1:1");
    check_findings("---\ntitle: T\n---\n", "empty 1:1");
    check_findings("# Title", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_inlines),
        cmocka_unit_test(test_east_asian),
        cmocka_unit_test(test_strike),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_html_strike),
        cmocka_unit_test(test_html_unknown),
        cmocka_unit_test(test_html_lines),
        cmocka_unit_test(test_html_media),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_smart_and_fields),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
