/* Parsing when memory runs short, and parsing what is meant to be slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "source/source.h"

/* Everything the source room does, once. */
static const char fixture[] =
    "---\r\ntitle: T\r\ntags: [a, b]\r\nsmart: true\r\nlang: he\r\nextra: {k: v}\r\n---\r\n"
    "# T\n\nIntro \\~~*em* **strong** `code` ~~gone~~ http://a.example/?b&amp;c and www.d.example"
    " me@e.example\xEE\x80\x80 &#xE001; <small>s</small> <abbr title=\"&lt;\">t</abbr> <b>x</b>"
    " <a href=\"https://f.example\">f</a> <br> <kbd> <!-- c --> <script>x</script> &copy;\n\n"
    "## Links {#l .links key=\"v w\"}\n\n\xF0\x9F\x8E\x89 **[A](https://g.example \"T\"):** on.\n\n"
    "Body. (Source)\n\n[B](javascript:x) [C](http://) ![i *j*](k.png \"t\") [r][] [](u)\n\n"
    "### Tables {#l}\n\nlead\n| a | b |\n|---|:-:|\n| `c\\|d` | [r] |\n| e | f | g |\n\n"
    "## \n\n## Lists {.a b}\n\n1. [A](a.md)?! b\n\n   c (S)\n2. *[B](b.md)?*\n\n- [ ] x\n- [x] "
    "y\n\n> quote\n\n"
    "<div>one &eacute; <img src=\"i.png\" width=9>\n<p>two</div>\n\n"
    "```lang\ncode\n```\n\n***\n\n## Lists\n\n[r]: https://r.example 'title'\n";

typedef struct {
    size_t calls, fail_at; /* SIZE_MAX: never */
    bool fail_after;       /* also all later ones */
    size_t live;           /* bytes */
} counter;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = ud;
    if (new_size == 0) {
        c->live -= old_size;
        free(ptr);
        return NULL;
    }
    if (new_size > old_size) {
        size_t call = c->calls++;
        if (call == c->fail_at || (c->fail_after && call > c->fail_at))
            return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL)
        c->live = c->live - old_size + new_size;
    return moved;
}

static news_status run(counter *c, const char *text, size_t length)
{
    news_allocator allocator = {reallocate, c};
    news_source_options options = {.allocator = &allocator,
                                   .scratch = &allocator,
                                   .max_input = 64 << 20,
                                   .max_nodes = 2000000,
                                   .max_depth = 64};
    news_error error = NEWS_ERROR_INIT;
    news_issue *issue;
    news_status status =
        news_source_parse(&issue, NEWS_STR("x.md"), news_str_of(text, length), &options, &error);
    assert_int_equal(status, error.status);
    if (status == NEWS_OK)
        assert_non_null(issue);
    else
        assert_null(issue);
    news_issue_unref(issue);
    assert_int_equal(c->live, 0);
    return status;
}

static void sweep(bool fail_after)
{
    for (size_t i = 0;; i++) {
        counter c = {.fail_at = i, .fail_after = fail_after};
        news_status status = run(&c, fixture, sizeof fixture - 1);
        if (c.calls <= i) {
            assert_int_equal(status, NEWS_OK);
            assert_true(i > 50);
            return;
        }
        assert_int_equal(status, NEWS_ERR_NOMEM);
    }
}

static void test_one_failure(void **state)
{
    (void)state;
    sweep(false);
}

static void test_all_fail_from(void **state)
{
    (void)state;
    sweep(true);
}

/* An allocator that itself parses an issue must not disturb the parse that called it. */
static int nesting;
static void *nested_reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)old_size;
    if (nesting == 0 && new_size != 0) {
        nesting++;
        counter inner = {.fail_at = 60, .fail_after = true};
        assert_int_equal(run(&inner, fixture, sizeof fixture - 1), NEWS_ERR_NOMEM);
        nesting--;
    }
    ++*(size_t *)ud;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

static void test_nested(void **state)
{
    (void)state;
    size_t calls = 0;
    news_allocator allocator = {nested_reallocate, &calls};
    news_source_options options = {.allocator = &allocator,
                                   .scratch = &allocator,
                                   .max_input = 64 << 20,
                                   .max_nodes = 2000000,
                                   .max_depth = 64};
    news_issue *issue;
    assert_int_equal(news_source_parse(&issue, NEWS_STR("x.md"),
                                       news_str_of(fixture, sizeof fixture - 1), &options, NULL),
                     NEWS_OK);
    assert_true(calls > 50);
    assert_true(issue->items.count > 2);
    news_issue_unref(issue);
}

/* Each of these, repeated, must take time in proportion. */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {"## a\n",
                                         "~~a ~~b ",
                                         "~~a~~ ",
                                         "<small>",
                                         "<small></sub>",
                                         "<a href=x>",
                                         "<a href=x>y</a>",
                                         "a <b>&eacute;",
                                         "<script>x",
                                         "</kbd><kbd>",
                                         "[a](b) ",
                                         "- [a](b)\n",
                                         "|-",
                                         "a|b\n-|-\n",
                                         "a|b\n-|-\n\n",
                                         "[x]: y\n",
                                         "> a|b\n> -|-\n",
                                         "www.a.example",
                                         "\\|",
                                         "<div>\n<p>a&amp;",
                                         "x <!-- a -->\n",
                                         "*a* ",
                                         "\xEE\x80\x80",
                                         "{#a}\n===\n",
                                         "(a) "};
    enum { SIZE = 200000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(pieces); i++) {
        size_t length = strlen(pieces[i]);
        for (size_t at = 0; at + length <= SIZE; at += length)
            memcpy(text + at, pieces[i], length);
        counter c = {.fail_at = SIZE_MAX};
        news_status status = run(&c, text, SIZE / length * length);
        assert_true(status == NEWS_OK || status == NEWS_ERR_LIMIT);
    }
    /* A table as wide as it is long reaches the limit of nodes, not of memory. */
    size_t at = 0;
    for (; at < SIZE / 4; at += 2)
        memcpy(text + at, "a|", 2);
    text[at++] = '\n';
    for (size_t i = 0; i < SIZE / 4; i += 2, at += 2)
        memcpy(text + at, "-|", 2);
    for (; at + 2 <= SIZE; at += 2)
        memcpy(text + at, "\nb", 2);
    counter c = {.fail_at = SIZE_MAX};
    assert_int_equal(run(&c, text, at), NEWS_ERR_LIMIT);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_failure),
        cmocka_unit_test(test_all_fail_from),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
