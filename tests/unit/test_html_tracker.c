/* The HTML tracker: states after markup, and that the pieces it comes in do not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "write/write.h"

typedef struct {
    const char *html;
    news_html_state state;
    const char *element, *attribute; /* NULL: not looked at */
    bool url;
} sample;

#define STATE(name) NEWS_HTML_STATE_##name

static const sample samples[] = {
    {"", STATE(TEXT), NULL, NULL, false},
    {"a > b & c \" d '", STATE(TEXT), NULL, NULL, false},
    {"<", STATE(TAG_OPEN), NULL, NULL, false},
    {"< ", STATE(TEXT), NULL, NULL, false},
    {"<<", STATE(TAG_OPEN), NULL, NULL, false},
    {"1 <2", STATE(TEXT), NULL, NULL, false},
    {"</", STATE(TAG_OPEN), NULL, NULL, false},
    {"</>", STATE(TEXT), NULL, NULL, false},
    {"</ x", STATE(DECLARATION), NULL, NULL, false},
    {"</ x>", STATE(TEXT), NULL, NULL, false},
    {"<P", STATE(TAG_NAME), "p", NULL, false},
    {"<p ", STATE(TAG), "p", NULL, false},
    {"<p/", STATE(TAG), "p", NULL, false},
    {"<br/>", STATE(TEXT), NULL, NULL, false},
    {"<p CLASS", STATE(ATTRIBUTE_NAME), "p", "class", false},
    {"<p class ", STATE(AFTER_NAME), "p", "class", false},
    {"<p class id", STATE(ATTRIBUTE_NAME), "p", "id", false},
    {"<p class/id", STATE(ATTRIBUTE_NAME), "p", "id", false},
    {"<p class =", STATE(BEFORE_VALUE), "p", "class", false},
    {"<p class= \n", STATE(BEFORE_VALUE), "p", "class", false},
    {"<p class=x", STATE(UNQUOTED), "p", "class", false},
    {"<p class=x\"y z", STATE(ATTRIBUTE_NAME), "p", "z", false},
    {"<p class=>", STATE(TEXT), NULL, NULL, false},
    {"<p =", STATE(ATTRIBUTE_NAME), "p", "=", false},
    {"<p class=\"a>b'", STATE(DOUBLE_QUOTED), "p", "class", false},
    {"<p class='a>b\"", STATE(SINGLE_QUOTED), "p", "class", false},
    {"<p class=\"\"", STATE(TAG), "p", NULL, false},
    {"<p class=\"\">", STATE(TEXT), NULL, NULL, false},
    {"<a href=\"", STATE(DOUBLE_QUOTED), "a", "href", true},
    {"<A HREF='", STATE(SINGLE_QUOTED), "a", "href", true},
    {"<a class=\"x\"href=\"", STATE(DOUBLE_QUOTED), "a", "href", true},
    {"<a data-href=\"", STATE(DOUBLE_QUOTED), "a", "data-href", false},
    {"<object data=\"", STATE(DOUBLE_QUOTED), "object", "data", true},
    {"<button formaction=\"", STATE(DOUBLE_QUOTED), "button", "formaction", true},
    {"<use xlink:href=\"", STATE(DOUBLE_QUOTED), "use", "xlink:href", true},
    {"<video poster=\"", STATE(DOUBLE_QUOTED), "video", "poster", true},
    {"<p a-name-of-more-than-sixteen=\"", STATE(DOUBLE_QUOTED), "p", "a-name-of-more-", false},
    {"<!", STATE(DECLARATION), NULL, NULL, false},
    {"<!DOCTYPE html", STATE(DECLARATION), NULL, NULL, false},
    {"<!DOCTYPE html>", STATE(TEXT), NULL, NULL, false},
    {"<?xml version='1.0'", STATE(DECLARATION), NULL, NULL, false},
    {"<?xml?>", STATE(TEXT), NULL, NULL, false},
    {"<!-", STATE(DECLARATION), NULL, NULL, false},
    {"<!-x-->", STATE(TEXT), NULL, NULL, false},
    {"<!-x--", STATE(DECLARATION), NULL, NULL, false},
    {"<!--", STATE(COMMENT), NULL, NULL, false},
    {"<!-->", STATE(TEXT), NULL, NULL, false},
    {"<!--->", STATE(TEXT), NULL, NULL, false},
    {"<!--!>", STATE(COMMENT), NULL, NULL, false},
    {"<!---!>", STATE(COMMENT), NULL, NULL, false},
    {"<!----!>", STATE(TEXT), NULL, NULL, false},
    {"<!-- a > b -> c", STATE(COMMENT), NULL, NULL, false},
    {"<!-- <p> -- >", STATE(COMMENT), NULL, NULL, false},
    {"<!-- a --!x>", STATE(COMMENT), NULL, NULL, false},
    {"<!-- a --->", STATE(TEXT), NULL, NULL, false},
    {"<script>", STATE(RAW_TEXT), "script", NULL, false},
    {"<SCRIPT src=\"x\">if (a < b && c > d) '</p>'", STATE(RAW_TEXT), "script", NULL, false},
    {"<script></script", STATE(RAW_TEXT), "script", NULL, false},
    {"<script></scripts>", STATE(RAW_TEXT), "script", NULL, false},
    {"<script></scripts >", STATE(RAW_TEXT), "script", NULL, false},
    {"<script></scr<ipt>", STATE(RAW_TEXT), "script", NULL, false},
    {"<script><</SCRIPT>", STATE(TEXT), NULL, NULL, false},
    {"<script><!</script>", STATE(TEXT), NULL, NULL, false},
    {"<script></s</script\n", STATE(TAG), "script", NULL, false},
    {"<script></script >", STATE(TEXT), NULL, NULL, false},
    {"<script><!-- </script>", STATE(TEXT), NULL, NULL, false},
    {"<script><!-- <script></script>", STATE(RAW_TEXT), "script", NULL, false},
    {"<script><!-- <scripts></script>", STATE(TEXT), NULL, NULL, false},
    {"<script><!-- <script></script></script>", STATE(TEXT), NULL, NULL, false},
    {"<script><!-- <script> --></script>", STATE(TEXT), NULL, NULL, false},
    {"<script><!--><script></script>", STATE(TEXT), NULL, NULL, false},
    {"<style><!-- <script></style>", STATE(TEXT), NULL, NULL, false},
    {"<style>p > a { }", STATE(RAW_TEXT), "style", NULL, false},
    {"<styles>", STATE(TEXT), NULL, NULL, false},
    {"<iframe>", STATE(RAW_TEXT), "iframe", NULL, false},
    {"<title>a <b>", STATE(RCDATA), "title", NULL, false},
    {"<title>a</title>", STATE(TEXT), NULL, NULL, false},
    {"<textarea></title>", STATE(RCDATA), "textarea", NULL, false},
    {"</script>", STATE(TEXT), NULL, NULL, false},
    {"</title", STATE(TAG_NAME), "title", NULL, false},
};

static void check(const sample *s, const news_html_tracker *tracker)
{
    if (tracker->state != s->state)
        print_error("%s: state %d, not %d\n", s->html, tracker->state, s->state);
    assert_int_equal(tracker->state, s->state);
    if (s->element != NULL)
        assert_string_equal(tracker->element, s->element);
    if (s->attribute != NULL)
        assert_string_equal(tracker->name, s->attribute);
    if (s->state == STATE(DOUBLE_QUOTED) || s->state == STATE(SINGLE_QUOTED))
        assert_int_equal(tracker->url_attribute, s->url);
}

static void states(void **state)
{
    (void)state;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_html_tracker whole;
        size_t len = strlen(samples[i].html);
        news_html_tracker_init(&whole);
        news_html_tracker_feed(&whole, samples[i].html, len);
        check(&samples[i], &whole);
        for (size_t cut = 0; cut <= len; cut++) {
            news_html_tracker parts;
            news_html_tracker_init(&parts);
            news_html_tracker_feed(&parts, samples[i].html, cut);
            news_html_tracker_feed(&parts, samples[i].html + cut, len - cut);
            assert_memory_equal(&parts, &whole, sizeof whole);
        }
        news_html_tracker bytes;
        news_html_tracker_init(&bytes);
        for (size_t at = 0; at < len; at++)
            news_html_tracker_feed(&bytes, samples[i].html + at, 1);
        check(&samples[i], &bytes);
    }
}

static void value_begun(void **state)
{
    (void)state;
    news_html_tracker tracker;
    news_html_tracker_init(&tracker);
    news_html_tracker_feed(&tracker, "<a href=\"", 9);
    assert_false(tracker.value_begun);
    news_html_tracker_feed(&tracker, "/", 1);
    assert_true(tracker.value_begun);
    news_html_tracker_feed(&tracker, "\" src='", 7);
    assert_false(tracker.value_begun);
}

/* Whatever the bytes, the machine stays within its names and states. */
static void any_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "<>/!-=\"' scripttitleABC";
    uint32_t random = 12345;
    news_html_tracker tracker;
    news_html_tracker_init(&tracker);
    for (int i = 0; i < 200000; i++) {
        random = random * 1664525u + 1013904223u;
        char c = (random >> 8) % 50 == 0 ? (char)(random >> 24)
                                         : alphabet[(random >> 16) % (sizeof alphabet - 1)];
        news_html_tracker_feed(&tracker, &c, 1);
        assert_true(tracker.state <= NEWS_HTML_STATE_RCDATA);
        assert_true(memchr(tracker.name, '\0', sizeof tracker.name) != NULL);
        assert_true(memchr(tracker.element, '\0', sizeof tracker.element) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states),
        cmocka_unit_test(value_begun),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
