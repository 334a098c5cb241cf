/* What newsletters add to CommonMark: directives, editions, the cut, contents, notes, figures,
 * attributions, attributes of images, merge fields. */
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
    if (news_source_parse(&issue, NEWS_STR("letter.md"), news_str_from(markdown), &defaults,
                          &error) != NEWS_OK)
        fail_msg("%s", error.message);
    return issue;
}

static news_issue *edition_of(news_issue *issue, const char *name)
{
    news_issue *edition;
    news_error error = NEWS_ERROR_INIT;
    if (news_source_edition(&edition, issue, news_str_from(name), &defaults, &error) != NEWS_OK)
        fail_msg("%s", error.message);
    assert_ptr_equal(edition->parent, issue);
    return edition;
}

static void check_outline(const news_issue *issue, const char *expected)
{
    char *outline = outline_of(issue);
    assert_string_equal(outline, expected);
    free(outline);
}

/* The whole issue. */
static void check(const char *markdown, const char *expected)
{
    news_issue *issue = parse(markdown);
    check_outline(issue, expected);
    news_issue_unref(issue);
}

static void check_edition(const char *markdown, const char *name, const char *expected)
{
    news_issue *issue = parse(markdown), *edition = edition_of(issue, name);
    news_issue_unref(issue); /* the edition keeps it */
    check_outline(edition, expected);
    news_issue_unref(edition);
}

/* Findings as "code line:column, …", of an edition or, without a name, of the whole. */
static void check_findings_of(const char *markdown, const char *name, const char *expected)
{
    news_issue *whole = parse(markdown);
    news_issue *issue = name != NULL ? edition_of(whole, name) : news_issue_ref(whole);
    char text[1024] = "";
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_finding *f = &issue->findings[i];
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s%s %u:%u", i != 0 ? ", " : "",
                 f->severity == NEWS_ERROR ? "!" : "", f->code, (unsigned)f->line,
                 (unsigned)f->column);
    }
    assert_string_equal(text, expected);
    news_issue_unref(issue);
    news_issue_unref(whole);
}

static void check_findings(const char *markdown, const char *expected)
{
    check_findings_of(markdown, NULL, expected);
}

/* ---- Directives ---- */

static void test_directives(void **state)
{
    (void)state;
    check("a\n::: box\nb\n:::\nc", "(p \"a\") (::box (p \"b\")) (p \"c\")");
    check(":::box\n:::", "(::box)");
    check("::: Box \"two words\" one 'x' k=v q=\"a b\" .c .d #e :::\n\nb\n\n:::\n",
          "(::box two words one x k=v q=a b id=e .c .d (p \"b\"))");
    check("::: {.box .c k=v}\nb\n:::", "(::box k=v .c (p \"b\"))");
    check("::: a\n::: b\nx\n:::\ny\n:::", "(::a (::b (p \"x\")) (p \"y\"))");
    check(":::: a\n::: b\nx\n:::\n::::", "(::a (::b (p \"x\")))");
    check("- one\n\n  ::: a\n  x\n  :::\n- two",
          "(ul (li (p \"one\") (::a (p \"x\"))) (li (p \"two\")))");
    check("> q\n> ::: a\n> x\n> :::\n\ny", "(quote (p \"q\") (::a (p \"x\"))) (p \"y\")");
    check("- ::: a\n  x\n  :::", "(ul! (li (::a (p \"x\"))))");
    check("- x\n::: a\ny\n:::", "(ul! (li (p! \"x\"))) (::a (p \"y\"))");
    check("::: a\n## H\n\nx\n:::", "(::a (h2#h \"H\") (p \"x\"))");
    check("::: a\n[^1]: n\n\nx[^1]\n:::", "(::a (p \"x\" ^1=1))");
    /* what is code, or goes on in a line, is no fence */
    check("```\n::: a\n:::\n```", "(pre |::: a\\n:::\\n)");
    check("    ::: a\n", "(pre |::: a\\n)");
    check("x ::: a", "(p \"x ::: a\")");
    check("`::: a`", "(p `::: a`)");
    check("x\n:: a\n", "(p \"x\" / \":: a\")");
}

/* The address behind the name becomes a link around what the button holds. */
static void test_buttons(void **state)
{
    (void)state;
    check("::: button https://a.example/?b=c&d#e\nGo *on*\n:::",
          "(::button https://a.example/?b=c&d#e (p (a https://a.example/?b=c&d#e \"Go \" (em "
          "\"on\"))))");
    check("::: button \"#x\"\nGo\n:::", "(::button #x (p (a #x \"Go\")))");
    check("::: button\n[Go](/x)\n:::", "(::button (p (a /x \"Go\")))");
    check("::: button\nGo\n:::", "(::button (p \"Go\"))");
    check("::: note https://a.example/\nGo\n:::", "(::note https://a.example/ (p \"Go\"))");
    check_findings("::: button https://a.example/\n[Go](/x)\n:::", "!directive-syntax 1:1");
    check_findings("::: button https://a.example/\nGo\n\nor not\n:::", "!directive-syntax 1:1");
    check_findings("::: button https://a.example/\n- Go\n:::", "!directive-syntax 1:1");
    check_findings("::: button https://a.example/\n:::", "!directive-syntax 1:1");
    check_findings("::: button javascript:x\nGo\n:::", "link-scheme 1:1");
    check_findings("::: button \"https://a.example/{{ b\"\nGo\n:::", "!field-syntax 1:1");
}

static void test_directive_mistakes(void **state)
{
    (void)state;
    check_findings("::: a\nx", "!directive-unclosed 1:1");
    check_findings("x\n\n:::", "!directive-stray 3:1");
    check_findings("::: a\nx\n::::\n:::", "!directive-stray 3:1");
    check_findings(":::: a\n::: b\nx\n::::", "!directive-unclosed 2:1");
    check_findings("- x\n  ::: a\n  y\n\n:::", "!directive-unclosed 2:3, !directive-stray 5:1");
    check_findings("> ::: a\n> y\n\nz\n\n:::", "!directive-unclosed 1:3, !directive-stray 6:1");
    check_findings("::: a b=\nx\n:::", "!directive-syntax 1:1");
    check_findings("::: a \"b\nx\n:::", "!directive-syntax 1:1");
    check_findings("::: 1\nx\n:::", "!directive-syntax 1:1");
    check_findings("::: only\nx\n:::", "!directive-syntax 1:1");
    check_findings("::: only web, emial\nx\n:::", "!edition-unknown 1:1");
    check_findings("::: onyl web\nx\n:::", "!directive-unknown 1:1");
    check_findings("x\n     ::: a", "!directive-stray 2:6");
    check_findings("::: Only web\nx\n:::", "");
    check_findings("<div>\n::: a\n</div>\n\nx\n:::",
                   "html-dropped 1:1, !directive-stray 2:1, !directive-stray 6:1");
    check_findings("::: toc\nx\n:::\n\ny", "!directive-syntax 1:1");
    check_findings("- ::: toc\n  :::", "!toc-misplaced 1:3");
    check_findings("::: summary\nx\n:::\n\ny", "!summary-misplaced 1:1");
    check_findings("## A\n\n- ::: summary\n  x\n  :::", "!summary-misplaced 3:3");
    check_findings("## A\n\n::: summary\nx\n\ny\n:::", "!summary-paragraph 3:1");
    check_findings("## A\n\n::: summary\n:::", "!summary-paragraph 3:1");
    check_findings("## A\n\n::: summary\nx\n:::\n::: summary\ny\n:::", "!summary-misplaced 6:1");
    check_findings("## A\n\n::: summary\nx[^1]\n:::\n\n[^1]: n", "!summary-paragraph 4:2");
    check_findings("---\ntoc: maybe\ncontents: [a]\n---\nx",
                   "!front-matter-type 2:6, !front-matter-type 3:11");
}

/* ---- Editions ---- */

#define EDITIONS                                                                                   \
    "---\neditions:\n  free: {base: web, until: more}\n  gold: {base: email, tags: [paid]}\n---\n"

static void test_editions(void **state)
{
    (void)state;
    static const char two[] = "a\n\n::: only web\nb\n:::\n\n::: except web\nc\n:::\n";
    check(two, "(p \"a\") (p \"b\") (p \"c\")");
    check_edition(two, "web", "(p \"a\") (p \"b\")");
    check_edition(two, "email", "(p \"a\") (p \"c\")");
    check_edition(two, "gemini", "(p \"a\") (p \"c\")");
    /* by bases and by tags */
    static const char mail[] = EDITIONS "::: only email\na\n:::\n::: only paid\nb\n:::\n"
                                        "::: except text gold\nc\n:::";
    check_edition(mail, "email", "(p \"a\") (p \"c\")");
    check_edition(mail, "text", "(p \"a\")");
    check_edition(mail, "gold", "(p \"a\") (p \"b\")");
    check_edition(mail, "web", "(p \"c\")");
    check_edition(mail, "free", "(p \"c\")");
    /* nested */
    check_edition("::: only web email\na\n::: except email\nb\n:::\n:::", "email", "(p \"a\")");
    check_edition("::: box\n::: only web\na\n:::\nb\n:::", "email", "(::box (p \"b\"))");
    /* without any, an edition has the nodes of the whole, and a root of its own */
    news_issue *issue = parse("# T\n\na\n\n## B\n"), *edition = edition_of(issue, "text");
    assert_null(issue->raw);
    assert_ptr_equal(edition->root->first_child, issue->root->first_child);
    assert_ptr_not_equal(edition->root, issue->root);
    assert_ptr_equal(edition->root->extra, edition);
    assert_true(news_str_equal(edition->edition, NEWS_STR("text")));
    assert_true(news_str_equal(edition->title, NEWS_STR("T")));
    news_issue *same = NULL;
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(news_source_edition(&same, issue, NEWS_STR("txet"), &defaults, &error),
                     NEWS_ERR_NOT_FOUND);
    assert_string_equal(error.message, "there is no edition 'txet'; did you mean 'text'?");
    assert_null(same);
    news_issue_unref(edition);
    news_issue_unref(issue);
}

static void test_editions_of_sections(void **state)
{
    (void)state;
    static const char markdown[] = "## A\n\na\n\n::: only web\n\n## B {#b}\n\nb\n\n:::\n\n"
                                   "::: except web\n\n## C {#b}\n\nc\n\n:::\n\nd";
    check_edition(markdown, "web", "(sec2#a \"A\" (p \"a\")) (sec2#b \"B\" (p \"b\") (p \"d\"))");
    check_edition(markdown, "text", "(sec2#a \"A\" (p \"a\")) (sec2#b \"C\" (p \"c\") (p \"d\"))");
    check_findings_of(markdown, "web", "");
    check_findings(markdown, ""); /* both never meet */
    check_findings_of("## A {#a}\n\n::: only web\nx\n:::\n\n## B {#a}\n", "web",
                      "duplicate-id 7:1");
}

static void test_editions_of_paragraphs(void **state)
{
    (void)state;
    static const char flowing[] = "a\n::: only web\nb\n:::\n::: except web\nc\n:::\nd";
    check_edition(flowing, "web", "(p \"a\" / \"b\" / \"d\")");
    check_edition(flowing, "text", "(p \"a\" / \"c\" / \"d\")");
    check_edition("a\n\n::: only web\nb\n:::\n\nc", "web", "(p \"a\") (p \"b\") (p \"c\")");
    check_edition("a\n::: only web\n\nb\n\n:::\nc", "web", "(p \"a\") (p \"b\") (p \"c\")");
    check_edition("a\n::: only web\n\nb\n\n:::\nc", "text", "(p \"a\" / \"c\")");
    check_edition("::: only web\na\n:::\n::: only web\nb\n:::", "web", "(p \"a\") (p \"b\")");
    check_edition("> a\n> ::: only web\n> b\n> :::", "web", "(quote (p \"a\" / \"b\"))");
    check_edition("\xE6\x97\xA5\n::: only web\n\xE6\x9C\xAC\n:::", "web",
                  "(p \"\xE6\x97\xA5\" \"\xE6\x9C\xAC\")");
    check("a\n::: box\nb\n:::\nc", "(p \"a\") (::box (p \"b\")) (p \"c\")");
}

static void test_editions_of_lists(void **state)
{
    (void)state;
    static const char list[] = "- a\n::: only web\n- b\n:::\n- c\n";
    check(list, "(ul! (li (p! \"a\")) (li (p! \"b\")) (li (p! \"c\")))");
    check_edition(list, "web", "(ul! (li (p! \"a\")) (li (p! \"b\")) (li (p! \"c\")))");
    check_edition(list, "text", "(ul! (li (p! \"a\")) (li (p! \"c\")))");
    check_edition("1. a\n\n::: only web\n2. b\n:::\n\n3. c\n", "web",
                  "(ol1! (li (p! \"a\")) (li (p! \"b\")) (li (p! \"c\")))");
    check("- a\n\n::: only web\n1. b\n:::", "(ul! (li (p! \"a\"))) (ol1! (li (p! \"b\")))");
    check_edition("- a\n- ::: only web\n  b\n  :::\n", "text", "(ul! (li (p! \"a\")))");
    check_edition("> ::: only web\n> b\n> :::\n\nc", "text", "(p \"c\")");
    check_edition("## L {.links}\n\n::: only web\n[a](b) c\n:::\n\n[d](e) f\n", "text",
                  "(sec2#l.links \"L\" (item \"d\" + : (a e \"d\") : (p \" f\")))");
}

static void test_cut(void **state)
{
    (void)state;
    static const char markdown[] = "---\nurl: https://x.example/1\neditions: {free: {base: web, "
                                   "until: more}}\n---\n## A\n\na\n\n<!-- more -->\n\nb\n\n## C\n";
    check(markdown, "(sec2#a \"A\" (p \"a\") (p \"b\")) (sec2#c \"C\")");
    check_edition(markdown, "web", "(sec2#a \"A\" (p \"a\") (p \"b\")) (sec2#c \"C\")");
    check_edition(markdown, "free",
                  "(sec2#a \"A\" (p \"a\") (p (a https://x.example/1 \"Continue reading\")))");
    check_findings_of(markdown, "free", "");
    check_findings_of(EDITIONS "a\n\n<!-- more -->\n\nb", "free", "!edition-address 1:1");
    check_findings_of(EDITIONS "a\n\n<!-- more -->\n\nb", "web", "");
    check_edition(EDITIONS "a\n\n<!-- more -->", "free", "(p \"a\")");
    /* within what an edition drops it cuts all the same */
    check_edition("---\nurl: https://x.example/\neditions: {free: {until: more}}\n---\n"
                  "a\n\n::: only web\nb\n\n<!-- more -->\n\nc\n:::\n\nd",
                  "free", "(p \"a\") (p (a https://x.example/ \"Continue reading\"))");
    /* and in what is based on one that stops there, or is defined anew */
    check_edition(
        "---\nurl: https://x.example/\neditions: {free: {until: more}, more: {base: free}}\n"
        "---\na\n\n<!-- more -->\n\nb",
        "more", "(p \"a\") (p (a https://x.example/ \"Continue reading\"))");
    check_findings("a\n\n<!-- more -->\n\nb\n\n<!-- more -->\n\nc", "more-repeated 7:1");
    check_findings("- a\n\n  <!-- more -->\n\n  b", "more-misplaced 3:3");
    check_findings("a <!-- more --> b", "more-misplaced 1:3");
    check_findings(EDITIONS "a <!-- more --> b", "!more-misplaced 6:3");
    check_findings("- ::: only web\n  a\n\n  <!-- more -->\n\n  b\n  :::", "more-misplaced 4:3");
}

static void test_anchors_past_the_cut(void **state)
{
    (void)state;
    news_issue *issue =
        parse("---\nurl: https://x.example/1\neditions: {free: {until: more}}\n---\n"
              "## A\n\n[c](#c) [a](#a) [no](#no)[^1]\n\n<!-- more -->\n\n## C\n\n"
              "[^1]: n [c](#c)\n");
    news_issue *edition = edition_of(issue, "free");
    check_outline(edition,
                  "(sec2#a \"A\" (p (a https://x.example/1#c \"c\") \" \" (a #a \"a\") \" \" "
                  "(a #no \"no\") ^1=1) (p (a https://x.example/1 \"Continue reading\")))");
    assert_int_equal(edition->notes.count, 1);
    assert_int_equal(edition->links.count, 5);
    news_issue_unref(edition);
    news_issue_unref(issue);
}

static void test_toc(void **state)
{
    (void)state;
    check("::: toc\n:::\n\n## A\n\n## B\n", "(toc 2) (sec2#a \"A\") (sec2#b \"B\")");
    check("::: box\n::: toc\n:::\n:::\n\n## A {.unlisted}\n\n## B\n\n## C\n",
          "(::box (toc 2)) (sec2#a.unlisted \"A\") (sec2#b \"B\") (sec2#c \"C\")");
    check("::: toc\n:::\n\n## A\n", "(sec2#a \"A\")"); /* one section is no list */
    news_issue *issue = parse("---\nToc: true\ncontents: In this letter\n---\n## A\n\n"
                              "::: summary\nsums *up*\n:::\n\nx\n\n## B\n\n### C\n");
    check_outline(issue, "(sec2#a \"A\" (p \"x\")) (sec2#b \"B\" (sec3#c \"C\"))");
    assert_non_null(issue->toc);
    assert_true(news_str_equal(issue->toc->a, NEWS_STR("In this letter")));
    const news_nodes *sections = issue->toc->extra;
    assert_int_equal(sections->count, 2);
    const news_section *first = sections->array[0]->extra, *second = sections->array[1]->extra;
    assert_int_equal(news_nodes_count(&first->summary), 2);
    assert_int_equal(news_nodes_count(&second->summary), 0);
    news_issue_unref(issue);
    issue = parse("---\ntoc: true\n---\n## A\n");
    assert_null(issue->toc); /* one section is no list */
    news_issue_unref(issue);
}

/* ---- Notes ---- */

static void test_notes(void **state)
{
    (void)state;
    news_issue *issue =
        parse("a[^b] c[^1]d[^b]\n\n[^1]: first *note*\n[^b]: see[^z]\n\n    - more\n\n"
              "    and more\ne\n\n[^z]:\n    last\n\n[^u]: unused\n");
    check_outline(issue, "(p \"a\" ^b=1 \" c\" ^1=2 \"d\" ^b=1)");
    assert_int_equal(issue->notes.count, 3);
    const news_node *b = issue->notes.array[0], *one = issue->notes.array[1],
                    *z = issue->notes.array[2];
    assert_true(news_str_equal(b->a, NEWS_STR("b")));
    assert_true(news_str_equal(one->a, NEWS_STR("1")));
    assert_int_equal(z->number, 3);
    const news_nodes *refs = b->extra;
    assert_int_equal(refs->count, 2);
    assert_int_equal(((const news_note_ref *)refs->array[1]->extra)->index, 2);
    assert_ptr_equal(((const news_note_ref *)refs->array[1]->extra)->note, b);
    outline_text o = {NULL, 0, 0};
    outline_children(&o, b);
    assert_string_equal(o.ptr,
                        " (p \"see\" ^z=3) (ul! (li (p! \"more\"))) (p \"and more\" / \"e\")");
    o.len = 0;
    outline_children(&o, z);
    assert_string_equal(o.ptr, " (p \"last\")");
    free(o.ptr);
    assert_int_equal(issue->finding_count, 1);
    assert_string_equal(issue->findings[0].code, "note-unused");
    assert_int_equal(issue->findings[0].line, 14);
    news_issue_unref(issue);
}

static void test_notes_and_lists(void **state)
{
    (void)state;
    /* a definition is no entry of the list it stands beside, whatever that is marked with */
    check("+ a[^1]\n+ b\n\n[^1]: n", "(ul! (li (p! \"a\" ^1=1)) (li (p! \"b\")))");
    check("* a[^1]\n* b\n\n[^1]: n", "(ul! (li (p! \"a\" ^1=1)) (li (p! \"b\")))");
    check("- a[^1]\n- b\n  [^1]: n\n", "(ul! (li (p! \"a\" ^1=1)) (li (p! \"b\")))");
    check("> a[^1]\n>\n> [^1]: n", "(quote (p \"a\" ^1=1))");
    check("a[^1]\n[^1]: n", "(p \"a\" ^1=1)");
    check("`[^1]` [^1]\n\n```\n[^1]: code\n```\n\n[^1]: n",
          "(p `[^1]` \" \" ^1=1) (pre |[^1]: code\\n)");
    check("\\[^1] [^1](u) ![^1](v)\n", "(p \"[^1] \" (a u \"^1\") \" \" (img v|^1))");
    check("**x[^1]** [y[^1]](u)\n\n[^1]: n", "(p (b \"x\" ^1=1) \" \" (a u \"y[^1]\"))");
    check("| a[^1] |\n|---|\n| b |\n\n[^1]: n", "(table - (tr (th \"a\" ^1=1)) (tr (td \"b\")))");
    check("a![^1]\n\n[^1]: n", "(p \"a!\" ^1=1)");
    check("- [a](b). c[^1] (S)\n\n[^1]: n", "(ul! (item \"a\" S : (a b \"a\") : (p! \"c\" ^1=1)))");
    check("## L {.links}\n\n[a](b)[^1] is c.\n\n[^1]: n",
          "(sec2#l.links \"L\" (item \"a\" + : (a b \"a\") : (p ^1=1 \" is c.\")))");
    check_findings("a[^x]", "!note-undefined 1:2");
    check_findings("[^x] the note\n\na[^x]", "!note-undefined 1:1, !note-undefined 3:2");
    check_findings("a[^x]\n\n[^x]: b\n[^x]: c", "!note-duplicate 4:1");
    check("a[^x]", "(p \"a\" \"[^x]\")");
}

static void test_notes_of_editions(void **state)
{
    (void)state;
    news_issue *issue = parse("::: only web\na[^1]\n:::\n\nb[^2]\n\n[^1]: one\n[^2]: two\n");
    news_issue *web = edition_of(issue, "web"), *text = edition_of(issue, "text");
    assert_int_equal(web->notes.count, 2);
    assert_int_equal(text->notes.count, 1);
    assert_int_equal(text->notes.array[0]->number, 1);
    assert_true(news_str_equal(text->notes.array[0]->a, NEWS_STR("2")));
    news_issue_unref(web);
    news_issue_unref(text);
    news_issue_unref(issue);
}

/* ---- Figures, quotes, attributes ---- */

static void test_figures(void **state)
{
    (void)state;
    check("![a](b)", "(fig (img b|a))");
    check("[![a](b)](c)", "(fig (a c (img b|a)))");
    check("![a](b) c", "(p (img b|a) \" c\")");
    check("- ![a](b)", "(ul! (li (p! (img b|a))))");
    check("> ![a](b)", "(quote (fig (img b|a)))");
    check("![a](b \"t\"){width=600 height=400px}", "(fig (img b|a|t|600x400))");
    check("x ![a](b){width=5}y", "(p \"x \" (img b|a||5x0) \"y\")");
    check("![a][r]{width=5}\n\n[r]: b", "(fig (img b|a||5x0))");
    check("`![a](b){width=5}`", "(p `![a](b){width=5}`)");
    check("[a](b){width=5}", "(p (a b \"a\") \"{width=5}\")");
    check("## H ![a](b){width=5} {#x}", "(sec2#x \"H a\")");
    check_findings("![a](b){credit=Ann Lee}", "attributes-unread 1:8");
    check_findings("![a](b) {width=5}", "attributes-unread 1:8");
    check_findings("![a](b) {so to say}", "");
    check_findings("[a](b){.button}", "attributes-unread 1:7");
    check_findings("![a](b){width=wide}", "!attribute-value 1:8");
    check_findings("![a](b){credit=\"{{ x }}\"}", "!attribute-value 1:8");
    news_issue *issue =
        parse("![a](b){credit=\"A & B &copy; \\\"\" .wide #fig lang=en}\n\n![c](d)\n");
    assert_int_equal(issue->images.count, 2);
    news_issue_unref(issue);
    issue = parse("![a](b){credit=\"A & B &copy; {C}\" .wide #fig lang=en}\n\n![c](d)\n");
    assert_int_equal(issue->credits.count, 1);
    const news_image *image = issue->credits.array[0]->extra;
    assert_true(news_str_equal(image->credit, NEWS_STR("A & B \xC2\xA9 {C}")));
    assert_true(news_str_equal(image->classes->first_child->b, NEWS_STR("wide")));
    assert_true(news_str_equal(image->attrs->first_child->b, NEWS_STR("fig")));
    news_issue_unref(issue);
}

static void test_attributions(void **state)
{
    (void)state;
    check("> a\n>\n> — B *C*", "(quote (p \"a\") (by \"B \" (em \"C\")))");
    check("> a\n>\n> -- B", "(quote (p \"a\") (by \"B\"))");
    check("> a\n>\n> — [B](c)", "(quote (p \"a\") (by (a c \"B\")))");
    check("> a\n> — B *C*", "(quote (p \"a\") (by \"B \" (em \"C\")))");
    check("> a\n> b  \n> -- B", "(quote (p \"a\" / \"b\") (by \"B\"))");
    check("> a\n> — and then he left.", "(quote (p \"a\" / \"— and then he left.\"))");
    check("> — B", "(quote (p \"\xE2\x80\x94 B\"))");
    check("> a\n>\n> --B", "(quote (p \"a\") (p \"--B\"))");
    check("> a\n>\n> —", "(quote (p \"a\") (p \"\xE2\x80\x94\"))");
    check_edition("> a\n> ::: only web\n> b\n> :::\n>\n> — C", "text",
                  "(quote (p \"a\") (by \"C\"))");
}

/* ---- Merge fields ---- */

static void test_fields(void **state)
{
    (void)state;
    check("Dear {{ first_name or \"there\" }},", "(p \"Dear \" {first_name|there} \",\")");
    check("{{a.b-c}} {{ x or '' }}", "(p {a.b-c} \" \" {x|})");
    check("*{{ a }}*", "(p (em {a}))");
    check("`{{ a }}` \\{{ a }}", "(p `{{ a }}` \" {{ a }}\")");
    check("[{{ a }}](https://x.example/?u={{ b }}&c)",
          "(p (a https://x.example/?u={{ b }}&c {a}))");
    check("https://x.example/{{ b }}/c.",
          "(p (a https://x.example/{{ b }}/c \"https://x.example/{{ b }}/c\") \".\")");
    check("<https://x.example/{{b}}>",
          "(p (a https://x.example/{{b}} \"https://x.example/\" {b}))");
    check("[a](b\\{{c}})", "(p (a b%7B%7Bc}} \"a\"))");
    check("![{{ a }}](b \"\\{{ c }}\")", "(fig (img b|{{ a }}|\\{{ c }}|0x0))");
    check("## {{ a or 'say \"hi\"' }} \\{{ b }}\n",
          "(sec2#a-or-say-hi-b \"{{ a or 'say \"hi\"' }} \\{{ b }}\")");
    news_issue *issue = parse("## {{ a }}\n\n## \\{{ a }}\n\n[x](y{{ a }}) [x](y)\n");
    assert_true(issue->has_fields);
    assert_true((issue->first_section->flags & NEWS_NODE_FIELDS) != 0);
    assert_true((issue->links.array[0]->flags & NEWS_NODE_FIELDS) != 0);
    assert_true((issue->links.array[1]->flags & NEWS_NODE_FIELDS) == 0);
    news_issue_unref(issue);
    issue = parse("# Hello {{ a }}\n\nx");
    assert_true((issue->root->flags & NEWS_NODE_FIELDS) != 0);
    news_issue_unref(issue);
    check_findings("a {{ b | upper }} `{{ % }}`", "!field-syntax 1:3");
    check_findings("a {{", "!field-syntax 1:3");
    check_findings("[a]({{b|c}})", "!field-syntax 1:1");
    check_findings("---\nsubject: Hi {{ a or b }}\n---\nx", "!field-syntax 2:10");
    check_findings("a {{ b or \xE2\x80\x9Cx\xE2\x80\x9D }}", "!field-syntax 1:3");
}

/* ---- Raw HTML that is allowed ---- */

static void test_html(void **state)
{
    (void)state;
    static const char markdown[] = "<div class=\"a\">\n<p>b *c*</p>\n</div>\n\nd <span>e</span> "
                                   "<a href=\"f\">g</a>\n";
    news_error error = NEWS_ERROR_INIT;
    news_source_options options = defaults;
    news_issue *issue;
    assert_int_equal(news_source_publication(&options.publication, NEWS_STR("news.yaml"),
                                             NEWS_STR("html: allow\n"), &defaults, &error),
                     NEWS_OK);
    assert_int_equal(
        news_source_parse(&issue, NEWS_STR("x.md"), news_str_from(markdown), &options, &error),
        NEWS_OK);
    check_outline(issue, "(html <div class=\"a\">\\n<p>b *c*</p>\\n</div>\\n (p \"b *c*\")) "
                         "(p \"d \" <span> \"e\" </span> \" \" (a f \"g\"))");
    assert_int_equal(issue->finding_count, 0);
    news_issue_unref(issue);
    news_publication_unref(options.publication);
}

static void test_many_editions(void **state)
{
    (void)state;
    char text[4096] = "---\neditions:\n";
    for (int i = 0; i < 65; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "  e%d:\n", i);
    strcat(text, "---\nx\n");
    check_findings(text, "!edition-value 3:3");
    strcpy(text, "---\neditions: {a: {tags: [");
    for (int i = 0; i < 65; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "t%d,", i);
    strcat(text, "]}}\n---\nx\n");
    check_findings(text, "!edition-value 2:22");
}

/* ---- Time ---- */

/* Long runs of what may open and never closes. */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        ":::",       "::: a\n",          "- ::: a\n",   "{{", "{{ a or \"",  "[^",
        "[^a]",      "[^a]: ",           "[^a]: x\n\n", "){", "![](x){a=\"", ":::\n",
        "> ::: x\n", "<!-- more -->\n\n"};
    enum { SIZE = 200000 };
    char *text = malloc(SIZE + 32);
    assert_non_null(text);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(pieces); i++) {
        size_t length = strlen(pieces[i]), used = 0;
        while (used + length < SIZE) {
            memcpy(text + used, pieces[i], length);
            used += length;
        }
        news_issue *issue = NULL;
        news_error error = NEWS_ERROR_INIT;
        news_status status =
            news_source_parse(&issue, NEWS_STR("x.md"), news_str_of(text, used), &defaults, &error);
        assert_true(status == NEWS_OK || status == NEWS_ERR_LIMIT);
        if (issue != NULL) {
            news_issue *edition = NULL;
            (void)(news_source_edition(&edition, issue, NEWS_STR("text"), &defaults, &error) == 0);
            news_issue_unref(edition);
        }
        news_issue_unref(issue);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_directives),
        cmocka_unit_test(test_buttons),
        cmocka_unit_test(test_directive_mistakes),
        cmocka_unit_test(test_editions),
        cmocka_unit_test(test_editions_of_sections),
        cmocka_unit_test(test_editions_of_paragraphs),
        cmocka_unit_test(test_editions_of_lists),
        cmocka_unit_test(test_many_editions),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_anchors_past_the_cut),
        cmocka_unit_test(test_toc),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_notes_and_lists),
        cmocka_unit_test(test_notes_of_editions),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_attributions),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
