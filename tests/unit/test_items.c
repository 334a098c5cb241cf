/* Items: which entries are, their titles, bodies, icons and sources. */
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
    if (news_source_parse(&issue, NEWS_STR("x.md"), news_str_from(markdown), &defaults, &error) !=
        NEWS_OK)
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

/* The same in a section of class "links". */
static void check_links(const char *markdown, const char *expected)
{
    char source[1024], whole[1024];
    snprintf(source, sizeof source, "## L {.links}\n\n%s", markdown);
    snprintf(whole, sizeof whole, "(sec2#l.links \"L\" %s)", expected);
    check(source, whole);
}

static void test_lists(void **state)
{
    (void)state;
    check("- [A](https://a.example)\n- [B](b.md) (why)\n- [C](c.md)\n  Next\n",
          "(ul! (item \"A\" : (a https://a.example \"A\") :) "
          "(item \"B\" why : (a b.md \"B\") :) "
          "(item \"C\" : (a c.md \"C\") : (p! \"Next\")))");
    check("- [A](a.md), and\n", "(ul! (li (p! (a a.md \"A\") \", and\")))");
    check("- [A](a.md) by me\n- [B](b.md)\n",
          "(ul! (li (p! (a a.md \"A\") \" by me\")) (li (p! (a b.md \"B\"))))");
    check("- [A](#a)\n- [B](#b)\n",
          "(ul! (li (p! (a #a \"A\"))) (li (p! (a #b \"B\"))))"); /* a list of contents */
    check("- [x] [A](a.md)\n", "(ul! (li[x] (p! (a a.md \"A\"))))");
    check("- x\n  1. [A](a.md)\n- y\n\n> - [B](b.md)\n",
          "(ul! (li (p! \"x\") (ol1! (item \"A\" : (a a.md \"A\") :))) (li (p! \"y\"))) "
          "(quote (ul! (li (p! (a b.md \"B\")))))");
    check("- [A](a.md)\n  - [B](b.md)\n",
          "(ul! (item \"A\" : (a a.md \"A\") : (ul! (li (p! (a b.md \"B\"))))))");
}

static void test_bodies(void **state)
{
    (void)state;
    check("- [A](a.md): text *em*\n- [B](b.md) - text\n- [C](c.md) — x (S)\n- [D](d.md). Y\n"
          "- [E](e.md)\n\n  > quote\n",
          "(ul (item \"A\" : (a a.md \"A\") : (p \"text \" (em \"em\"))) "
          "(item \"B\" : (a b.md \"B\") : (p \"text\")) "
          "(item \"C\" S : (a c.md \"C\") : (p \"x\")) "
          "(item \"D\" : (a d.md \"D\") : (p \"Y\")) "
          "(item \"E\" : (a e.md \"E\") : (quote (p \"quote\"))))");
    check("- [A](a.md): one\n\n  two *x*\n  (Long Name)\n",
          "(ul (item \"A\" Long Name : (a a.md \"A\") : (p \"one\") (p \"two \" (em \"x\"))))");
    check("- [A](a.md): *x* y\n  (S)\n",
          "(ul! (item \"A\" S : (a a.md \"A\") : (p! (em \"x\") \" y\")))");
    check("- [A](a.md)\n\n  (S)\n", "(ul (item \"A\" S : (a a.md \"A\") :))");
    check("- [A](a.md): b (a parenthesis that is much longer than forty)\n- [B](b.md): f(x)\n"
          "- [C](c.md): d ([e](e.md))\n- [F](f.md): ()\n",
          "(ul! (item \"A\" : (a a.md \"A\") : "
          "(p! \"b (a parenthesis that is much longer than forty)\")) "
          "(item \"B\" : (a b.md \"B\") : (p! \"f(x)\")) "
          "(item \"C\" : (a c.md \"C\") : (p! \"d (\" (a e.md \"e\") \")\")) "
          "(item \"F\" : (a f.md \"F\") : (p! \"()\")))");
}

static void test_titles(void **state)
{
    (void)state;
    check("- **[A](a.md)**\n- 🎉 *[B `c`](b.md)*: d\n- 1️⃣ [C](c.md)\n- 🇪🇺 [D](d.md)\n",
          "(ul! (item \"A\" : (b (a a.md \"A\")) :) "
          "(item 🎉 \"B c\" : (em (a b.md \"B \" `c`)) : (p! \"d\")) "
          "(item 1️⃣ \"C\" : (a c.md \"C\") :) (item 🇪🇺 \"D\" : (a d.md \"D\") :))");
    check("- **⚙️ [A](a.md):** text\n- ***[B](b.md).***\n",
          "(ul! (item ⚙️ \"A\" : (b (a a.md \"A\")) : (p! \"text\")) "
          "(item \"B\" : (em (b (a b.md \"B\"))) :))");
    check("- **[A](a.md) (more)** text\n",
          "(ul! (item \"A\" + : (a a.md \"A\") : (p! (b \" (more)\") \" text\")))");
    check("- Text [A](a.md)\n", "(ul! (li (p! \"Text \" (a a.md \"A\"))))");
    check("- [![](i.png)](a.md)\n", "(ul! (li (p! (a a.md (img i.png|)))))"); /* no title */
}

/* What stands behind a title and belongs to it. */
static void test_marks(void **state)
{
    (void)state;
    check("- [Is it](a.md)? Yes.\n- [B](b.md)?!\n- [C](c.md)... d (S)\n- [D](d.md) ? Oui\n",
          "(ul! (item \"Is it?\" : (a a.md \"Is it\") \"?\" : (p! \"Yes.\")) "
          "(item \"B?!\" : (a b.md \"B\") \"?!\" :) "
          "(item \"C...\" S : (a c.md \"C\") \"...\" : (p! \"d\")) "
          "(item \"D ?\" : (a d.md \"D\") \" ?\" : (p! \"Oui\")))");
    check("- **[A](a.md)?** b\n- ***[B](b.md)*!**\n- *[C](c.md)*?: d\n- **[D](d.md)!:** e\n",
          "(ul! (item \"A?\" : (b (a a.md \"A\") \"?\") : (p! \"b\")) "
          "(item \"B!\" : (b (em (a b.md \"B\")) \"!\") :) "
          "(item \"C?\" : (em (a c.md \"C\")) \"?\" : (p! \"d\")) "
          "(item \"D!\" : (b (a d.md \"D\") \"!\") : (p! \"e\")))");
    check("- [A](a.md)!important\n- [B](b.md) … on\n- [C](c.md) ... on\n- [D](d.md): ...so\n",
          "(ul! (item \"A\" : (a a.md \"A\") : (p! \"!important\")) "
          "(item \"B\" : (a b.md \"B\") : (p! \"… on\")) "
          "(item \"C\" : (a c.md \"C\") : (p! \"... on\")) "
          "(item \"D\" : (a d.md \"D\") : (p! \"...so\")))");
    check("- **[A](a.md)? (more)** text\n",
          "(ul! (item \"A\" + : (a a.md \"A\") : (p! (b \"? (more)\") \" text\")))");
}

static void test_fullwidth(void **state)
{
    (void)state;
    check(
        "- [标题](a.md)。正文\n- [标题](b.md)：正文（来源）\n- **[标题](c.md)；**正文\n"
        "- [标题](d.md)？正文\n- [标题](e.md)（来源）\n- [标题](f.md)——正文\n- [标题](g.md):正文\n",
        "(ul! (item \"标题\" : (a a.md \"标题\") : (p! \"正文\")) "
        "(item \"标题\" 来源 : (a b.md \"标题\") : (p! \"正文\")) "
        "(item \"标题\" : (b (a c.md \"标题\")) : (p! \"正文\")) "
        "(item \"标题？\" : (a d.md \"标题\") \"？\" : (p! \"正文\")) "
        "(item \"标题\" 来源 : (a e.md \"标题\") :) "
        "(item \"标题\" : (a f.md \"标题\") : (p! \"正文\")) "
        "(item \"标题\" : (a g.md \"标题\") : (p! \"正文\")))");
    check("- [A](a.md): b（）\n- [B](b.md): (c）\n",
          "(ul! (item \"A\" : (a a.md \"A\") : (p! \"b（）\")) "
          "(item \"B\" : (a b.md \"B\") : (p! \"(c）\")))");
}

static void test_links_section(void **state)
{
    (void)state;
    check_links(
        "Lead.\n\n⚙️ **[A](a.md)** on things.\n\nMore. (Paper)\n\n[B.](b.md) Or so.\n",
        "(p \"Lead.\") (item ⚙️ \"A\" Paper + : (b (a a.md \"A\")) : (p \" on things.\") "
        "(p \"More.\")) (item \"B.\" : (a b.md \"B.\") : (p \"Or so.\"))");
    check_links("- [A](a.md) says\n- no\n\n[B](b.md)\n\n- [C](c.md)\n\n### Sub\n\n[D](d.md), e\n",
                "(ul! (item \"A\" + : (a a.md \"A\") : (p! \" says\")) (li (p! \"no\"))) "
                "(item \"B\" : (a b.md \"B\") :) (ul! (item \"C\" : (a c.md \"C\") :)) "
                "(sec3#sub \"Sub\" (item \"D\" + : (a d.md \"D\") : (p \", e\")))");
    check_links("[A](a.md)\n\na\n\n---\n\nend\n",
                "(item \"A\" : (a a.md \"A\") : (p \"a\")) (hr) (p \"end\")");
    check_links("*x [B](b.md)*\n\n***[A](a.md)* and** b\nc\n",
                "(p (em \"x \" (a b.md \"B\"))) (item \"A\" + : (a a.md \"A\") : "
                "(p (b \" and\") \" b\" / \"c\"))");
    check_links("[A](a.md)\nand *so* on (S)\n",
                "(item \"A\" S + : (a a.md \"A\") : (p / \"and \" (em \"so\") \" on\"))");
    check_links("**[A](a.md) and** b (S)\n",
                "(item \"A\" S + : (a a.md \"A\") : (p (b \" and\") \" b\"))");
}

static void check_continues(const char *tail, bool expected)
{
    char markdown[256];
    snprintf(markdown, sizeof markdown, "## L {.links}\n\n[Title](a.md)%s\n", tail);
    news_issue *issue = parse(markdown);
    assert_int_equal(issue->items.count, 1);
    bool continues = (issue->items.array[0]->flags & NEWS_NODE_CONTINUES) != 0;
    if (continues != expected)
        fail_msg("%s", tail);
    news_issue_unref(issue);
}

static void test_continues(void **state)
{
    (void)state;
    static const char *const on[] = {" on things", ", he says", "'s place", "-based", " *is* it",
                                     " “quoted”",  "\nand on",  " `code`",  " 3 of",  " [b](b.md)"};
    static const char *const off[] = {"",      ". New",        ": text", " - text",
                                      "—text", "\nNew",        "  \nx",  " (S)",
                                      "! So",  " ![i](i.png)", " – The", " | more"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(on); i++)
        check_continues(on[i], true);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(off); i++)
        check_continues(off[i], false);
    news_issue *issue = parse("## L {.links}\n\n[Really?](a.md) He says\n");
    assert_int_equal(issue->items.array[0]->flags & NEWS_NODE_CONTINUES, 0);
    news_issue_unref(issue);
}

/* What is shared, and that the children stay as written. */
static void test_structure(void **state)
{
    (void)state;
    news_issue *issue = parse("## A\n\n- [A](https://www.a.example/): b\n\n  c (S)\n\n## B\n\n"
                              "- [B](b.md)\n");
    assert_int_equal(issue->items.count, 2);
    assert_int_equal(issue->links.count, 2);
    const news_node *node = issue->items.array[0];
    const news_item *item = node->extra;
    assert_ptr_equal(item->link, issue->links.array[0]);
    assert_ptr_equal(item->heading.first, item->link);
    const news_node *paragraph = node->first_child;
    assert_ptr_equal(paragraph->parent, node);
    assert_int_equal(paragraph->first_child->next->a.len, 3); /* ": b" */
    assert_int_equal(paragraph->next->first_child->a.len, 5); /* "c (S)" */
    const news_section *a = issue->first_section->extra;
    const news_section *b = issue->first_section->next->extra;
    assert_int_equal(a->items.count, 1);
    assert_ptr_equal(a->items.array[0], node);
    assert_int_equal(b->items.count, 1);
    assert_ptr_equal(b->items.array[0], issue->items.array[1]);
    news_issue_unref(issue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),     cmocka_unit_test(test_fullwidth),
        cmocka_unit_test(test_lists),     cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_titles),    cmocka_unit_test(test_links_section),
        cmocka_unit_test(test_continues), cmocka_unit_test(test_structure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
