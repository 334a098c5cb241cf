/* Raw HTML: tokens, attributes, the policy, and linear time on what never closes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "source/source.h"

static const char *const type_names[] = {"text", "open", "close", "comment", "end"};

/* Tokens as "type:literal" joined by "|"; after open and close, the name in brackets. */
static void expect_tokens(const char *html, const char *expected)
{
    news_heap heap;
    news_heap_init(&heap, NULL, 0);
    news_buf buf;
    news_buf_init(&buf, &heap, 1 << 16);
    news_str text = news_str_from(html);
    news_html_token token;
    size_t at = 0, covered = 0;
    for (news_html_next(text, &at, &token); token.type != NEWS_HTML_END;
         news_html_next(text, &at, &token)) {
        assert_ptr_equal(token.literal.ptr, text.ptr + covered);
        covered += token.literal.len;
        assert_int_equal(covered, at);
        news_buf_printf(&buf, "%s%s", buf.len != 0 ? "|" : "", type_names[token.type]);
        if (token.type == NEWS_HTML_OPEN || token.type == NEWS_HTML_CLOSE)
            news_buf_printf(&buf, "(%.*s%s)", (int)token.name.len, token.name.ptr,
                            token.self_closing ? "/" : "");
        else
            news_buf_printf(&buf, ":%.*s", (int)token.literal.len, token.literal.ptr);
    }
    assert_int_equal(covered, text.len);
    news_buf_append_char(&buf, '\0');
    assert_string_equal(buf.ptr, expected);
    news_buf_free(&buf);
}

static void tokens(void **state)
{
    (void)state;
    expect_tokens("", "");
    expect_tokens("a <b>c</b> d", "text:a |open(b)|text:c|close(b)|text: d");
    expect_tokens("<br><br/><BR />", "open(br)|open(br/)|open(BR/)");
    expect_tokens("a < b <3 <", "text:a |text:< b |text:<3 |text:<");
    expect_tokens("<!-- a <b> --->c<!-->d<!--->e", "comment:<!-- a <b> --->|text:c|comment:<!-->"
                                                   "|text:d|comment:<!--->|text:e");
    expect_tokens("<!DOCTYPE html><?php a > b ?>x<![CDATA[ <b> ]]>y<!nothing",
                  "comment:<!DOCTYPE html>|comment:<?php a > b ?>|text:x|comment:<![CDATA[ <b> ]]>"
                  "|text:y|comment:<!nothing");
    expect_tokens("a<!-- never closed <b>", "text:a|comment:<!-- never closed <b>");
    expect_tokens("<! no>", "text:<! no>");
    expect_tokens("<a title=\"1 > 0 < 2\" href='x'>y</a >", "open(a)|text:y|close(a)");
}

static void sloppy_tags(void **state)
{
    (void)state;
    expect_tokens("<td width=50\"%>x", "open(td)|text:x");
    expect_tokens("<td a=\"b\"c=d/>x", "open(td/)|text:x");
    expect_tokens("<a href=\"x>y</a> z", "open(a)|text:y|close(a)|text: z");
    expect_tokens("</p class=x>y", "close(p)|text:y");
    expect_tokens("<a href=x<b>y", "text:<a href=x|open(b)|text:y");
    expect_tokens("<never", "text:<never");
    expect_tokens("<https://example.org/a> <me@example.org> </>",
                  "text:<https://example.org/a> |text:<me@example.org> |text:</>");
}

static void expect_attribute(const char *attributes, const char *name, const char *expected)
{
    news_str value;
    assert_int_equal(news_html_attribute(news_str_from(attributes), name, &value),
                     expected != NULL);
    if (expected == NULL)
        assert_int_equal(value.len, 0);
    else
        assert_true(news_str_equal(value, news_str_from(expected)));
}

static void attributes(void **state)
{
    (void)state;
    static const char some[] =
        "SRC = 'a \"b\".png' alt=\"x > 'y'\" hidden width=30 data-src=no src=z";
    expect_attribute(some, "src", "a \"b\".png");
    expect_attribute(some, "alt", "x > 'y'");
    expect_attribute(some, "hidden", "");
    expect_attribute(some, "width", "30");
    expect_attribute(some, "height", NULL);
    expect_attribute("a=\"b\"c=d", "c", "d");
    expect_attribute("href=x/y/ rel", "href", "x/y/");
    expect_attribute("href=\"never closed", "href", "never closed");
    expect_attribute("title=\"src=trap\" src=", "src", "");
    expect_attribute("= =a b", "b", "");
    expect_attribute("", "a", NULL);

    news_html_token token;
    size_t at = 0;
    news_html_next(NEWS_STR("<a\n href=x/ >"), &at, &token);
    assert_false(token.self_closing);
    expect_attribute("href=x/", "href", "x/");
    assert_true(news_str_equal(token.attributes, NEWS_STR("href=x/")));
    at = 0;
    news_html_next(NEWS_STR("<img src='x' / >"), &at, &token);
    assert_int_equal(token.type, NEWS_HTML_OPEN);
    at = 0;
    news_html_next(NEWS_STR("<img src=x />"), &at, &token);
    assert_true(token.self_closing);
    assert_true(news_str_equal(token.attributes, NEWS_STR("src=x")));
}

static void policy(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        news_html_policy policy;
    } cases[] = {
        {"a", NEWS_HTML_A},
        {"BR", NEWS_HTML_BR},
        {"Img", NEWS_HTML_IMG},
        {"abbr", NEWS_HTML_KEEP},
        {"kbd", NEWS_HTML_KEEP},
        {"mark", NEWS_HTML_KEEP},
        {"small", NEWS_HTML_KEEP},
        {"sub", NEWS_HTML_KEEP},
        {"sup", NEWS_HTML_KEEP},
        {"script", NEWS_HTML_DROP_CONTENT},
        {"STYLE", NEWS_HTML_DROP_CONTENT},
        {"template", NEWS_HTML_DROP_CONTENT},
        {"svg", NEWS_HTML_DROP_CONTENT},
        {"p", NEWS_HTML_BLOCK},
        {"h1", NEWS_HTML_BLOCK},
        {"td", NEWS_HTML_BLOCK},
        {"ul", NEWS_HTML_BLOCK},
        {"blockquote", NEWS_HTML_BLOCK},
        {"figcaption", NEWS_HTML_BLOCK},
        {"address", NEWS_HTML_BLOCK},
        {"Del", NEWS_HTML_STRIKE},
        {"s", NEWS_HTML_STRIKE},
        {"pre", NEWS_HTML_PRE},
        {"iframe", NEWS_HTML_MEDIA},
        {"b", NEWS_HTML_DROP_TAG},
        {"XMP", NEWS_HTML_DROP_TAG},
        {"selectedcontent", NEWS_HTML_DROP_TAG},
        {"my-card", NEWS_HTML_DROP_TAG},
        {"o:p", NEWS_HTML_DROP_TAG},
        {"std::vector", NEWS_HTML_NO_ELEMENT},
        {"T", NEWS_HTML_NO_ELEMENT},
        {"", NEWS_HTML_NO_ELEMENT},
        {"span", NEWS_HTML_DROP_TAG},
        {"noscript", NEWS_HTML_DROP_TAG},
        {"ab", NEWS_HTML_NO_ELEMENT},
        {"abbrs", NEWS_HTML_NO_ELEMENT},
        {"zzz", NEWS_HTML_NO_ELEMENT},
        {"blockquoteblockquote", NEWS_HTML_NO_ELEMENT},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++)
        assert_int_equal(news_html_policy_of(news_str_from(cases[i].name)), cases[i].policy);
}

/* Reads `size` bytes of a unit over and over; the processor time in seconds. */
static double time_unit(const char *unit, size_t size)
{
    size_t length = strlen(unit), at = 0, tokens_read = 0;
    char *html = malloc(size);
    assert_non_null(html);
    for (size_t i = 0; i < size; i++)
        html[i] = unit[i % length];
    clock_t start = clock();
    news_html_token token;
    do {
        news_html_next(news_str_of(html, size), &at, &token);
        tokens_read++;
    } while (token.type != NEWS_HTML_END);
    clock_t end = clock();
    assert_true(tokens_read <= size + 1);
    free(html);
    return (double)(end - start) / CLOCKS_PER_SEC;
}

/* Quadratic time would take minutes on each of these. */
static void linear(void **state)
{
    (void)state;
    static const char *const units[] = {
        "<",
        "<a ",
        "<a b=\"",
        "<a b='\" ",
        "<!--",
        "<!-",
        "<?",
        "<!A",
        "</",
        "</a ",
        "<a b=\"<a b=' c=\"",
        "<a b=\"<a y='' z='\" c=\"",
        "<![CDATA[",
        "<a b=c ",
        "<a b=\"> \"",
        "<a href=x<",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(units); i++)
        assert_true(time_unit(units[i], 2 << 20) < 2.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens), cmocka_unit_test(sloppy_tags), cmocka_unit_test(attributes),
        cmocka_unit_test(policy), cmocka_unit_test(linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
