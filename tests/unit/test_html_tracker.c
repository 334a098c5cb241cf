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
    news_html_value value;           /* looked at in the value of an attribute */
} sample;

#define STATE(name) NEWS_HTML_STATE_##name
#define VALUE(name) NEWS_HTML_VALUE_##name

static const sample samples[] = {
    {"", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"a > b & c \" d '", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<", STATE(TAG_OPEN), NULL, NULL, VALUE(TEXT)},
    {"< ", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<<", STATE(TAG_OPEN), NULL, NULL, VALUE(TEXT)},
    {"1 <2", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"</", STATE(TAG_OPEN), NULL, NULL, VALUE(TEXT)},
    {"</>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"</ x", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"</ x>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<P", STATE(TAG_NAME), "p", NULL, VALUE(TEXT)},
    {"<p ", STATE(TAG), "p", NULL, VALUE(TEXT)},
    {"<p/", STATE(TAG), "p", NULL, VALUE(TEXT)},
    {"<br/>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<p CLASS", STATE(ATTRIBUTE_NAME), "p", "class", VALUE(TEXT)},
    {"<p class ", STATE(AFTER_NAME), "p", "class", VALUE(TEXT)},
    {"<p class id", STATE(ATTRIBUTE_NAME), "p", "id", VALUE(TEXT)},
    {"<p class/id", STATE(ATTRIBUTE_NAME), "p", "id", VALUE(TEXT)},
    {"<p class =", STATE(BEFORE_VALUE), "p", "class", VALUE(TEXT)},
    {"<p class= \n", STATE(BEFORE_VALUE), "p", "class", VALUE(TEXT)},
    {"<p class=x", STATE(UNQUOTED), "p", "class", VALUE(TEXT)},
    {"<p class=x\"y z", STATE(ATTRIBUTE_NAME), "p", "z", VALUE(TEXT)},
    {"<p class=>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<p =", STATE(ATTRIBUTE_NAME), "p", "=", VALUE(TEXT)},
    {"<p class=\"a>b'", STATE(DOUBLE_QUOTED), "p", "class", VALUE(TEXT)},
    {"<p class='a>b\"", STATE(SINGLE_QUOTED), "p", "class", VALUE(TEXT)},
    {"<p class=\"\"", STATE(TAG), "p", NULL, VALUE(TEXT)},
    {"<p class=\"\">", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<a href=\"", STATE(DOUBLE_QUOTED), "a", "href", VALUE(URL)},
    {"<A HREF='", STATE(SINGLE_QUOTED), "a", "href", VALUE(URL)},
    {"<a class=\"x\"href=\"", STATE(DOUBLE_QUOTED), "a", "href", VALUE(URL)},
    {"<a data-href=\"", STATE(DOUBLE_QUOTED), "a", "data-href", VALUE(TEXT)},
    {"<object data=\"", STATE(DOUBLE_QUOTED), "object", "data", VALUE(URL)},
    {"<button formaction=\"", STATE(DOUBLE_QUOTED), "button", "formaction", VALUE(URL)},
    {"<use xlink:href=\"", STATE(DOUBLE_QUOTED), "use", "xlink:href", VALUE(URL)},
    {"<video poster=\"", STATE(DOUBLE_QUOTED), "video", "poster", VALUE(URL)},
    {"<p a-name-of-more-than-sixteen=\"", STATE(DOUBLE_QUOTED), "p", "a-name-of-more-",
     VALUE(TEXT)},
    {"<!", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"<!DOCTYPE html", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"<!DOCTYPE html>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<?xml version='1.0'", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"<?xml?>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<!-", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"<!-x-->", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<!-x--", STATE(DECLARATION), NULL, NULL, VALUE(TEXT)},
    {"<!--", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!-->", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<!--->", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<!--!>", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!---!>", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!----!>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<!-- a > b -> c", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!-- <p> -- >", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!-- a --!x>", STATE(COMMENT), NULL, NULL, VALUE(TEXT)},
    {"<!-- a --->", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script>", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<SCRIPT src=\"x\">if (a < b && c > d) '</p>'", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script></script", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script></scripts>", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script></scripts >", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script></scr<ipt>", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script><</SCRIPT>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!</script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script></s</script\n", STATE(TAG), "script", NULL, VALUE(TEXT)},
    {"<script></script >", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!-- </script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!-- <script></script>", STATE(RAW_TEXT), "script", NULL, VALUE(TEXT)},
    {"<script><!-- <scripts></script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!-- <script></script></script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!-- <script> --></script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<script><!--><script></script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<style><!-- <script></style>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<style>p > a { }", STATE(RAW_TEXT), "style", NULL, VALUE(TEXT)},
    {"<styles>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<iframe>", STATE(RAW_TEXT), "iframe", NULL, VALUE(TEXT)},
    {"<title>a <b>", STATE(RCDATA), "title", NULL, VALUE(TEXT)},
    {"<title>a</title>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<textarea></title>", STATE(RCDATA), "textarea", NULL, VALUE(TEXT)},
    {"<xmp><b></xmp>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<noscript><p title=\"", STATE(RAW_TEXT), "noscript", NULL, VALUE(TEXT)},
    {"<noscript></noscript>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<plaintext></plaintext>", STATE(RAW_TEXT), "plaintext", NULL, VALUE(TEXT)},
    {"<p style=", STATE(BEFORE_VALUE), "p", "style", VALUE(STYLE)},
    {"<p STYLE=\"", STATE(DOUBLE_QUOTED), "p", "style", VALUE(STYLE)},
    {"<p onclick=a", STATE(UNQUOTED), "p", "onclick", VALUE(SCRIPT)},
    {"<p onbeforetoggle-and-more='", STATE(SINGLE_QUOTED), "p", "onbeforetoggle-", VALUE(SCRIPT)},
    {"<img srcset=\"", STATE(DOUBLE_QUOTED), "img", "srcset", VALUE(URLS)},
    {"<link imagesrcset=\"", STATE(DOUBLE_QUOTED), "link", "imagesrcset", VALUE(URLS)},
    {"<iframe srcdoc=\"", STATE(DOUBLE_QUOTED), "iframe", "srcdoc", VALUE(FORBIDDEN)},
    {"<script src=\"", STATE(DOUBLE_QUOTED), "script", "src", VALUE(CODE_URL)},
    {"<script xlink:href=\"", STATE(DOUBLE_QUOTED), "script", "xlink:href", VALUE(CODE_URL)},
    {"<script type=\"", STATE(DOUBLE_QUOTED), "script", "type", VALUE(SWITCH)},
    {"<input type=\"", STATE(DOUBLE_QUOTED), "input", "type", VALUE(TEXT)},
    {"<meta content=\"", STATE(DOUBLE_QUOTED), "meta", "content", VALUE(CONTENT)},
    {"<meta http-equiv=\"", STATE(DOUBLE_QUOTED), "meta", "http-equiv", VALUE(SWITCH)},
    {"<p content=\"", STATE(DOUBLE_QUOTED), "p", "content", VALUE(TEXT)},
    {"<set to=\"", STATE(DOUBLE_QUOTED), "set", "to", VALUE(FORBIDDEN)},
    {"<animate attributeName=\"", STATE(DOUBLE_QUOTED), "animate", "attributename",
     VALUE(FORBIDDEN)},
    {"<animateTransform values=\"", STATE(DOUBLE_QUOTED), NULL, "values", VALUE(FORBIDDEN)},
    {"<animate href=\"", STATE(DOUBLE_QUOTED), "animate", "href", VALUE(URL)},
    {"<svg><title>a", STATE(RCDATA), "title", NULL, VALUE(TEXT)},
    {"<svg><title>a < b</title>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<svg><title><b", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<svg><style>a > b</style>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<svg><style><![CDATA[", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<svg><style></p></style></svg>", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<math><xmp><?", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<select><script><!--", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<svg><![CDATA[", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<p><![CDATA[ >", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"<svg><svg></svg><title><b", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<svg><math></math><title><b", STATE(UNCLEAR), NULL, NULL, VALUE(TEXT)},
    {"<svg><svg></svg></svg><title><b", STATE(RCDATA), "title", NULL, VALUE(TEXT)},
    {"</svg><title><b", STATE(RCDATA), "title", NULL, VALUE(TEXT)},
    {"</script>", STATE(TEXT), NULL, NULL, VALUE(TEXT)},
    {"</title", STATE(TAG_NAME), "title", NULL, VALUE(TEXT)},
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
    if (s->state >= STATE(BEFORE_VALUE) && s->state <= STATE(UNQUOTED))
        assert_int_equal(tracker->value, s->value);
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
        assert_memory_equal(&bytes, &whole, sizeof whole);
    }
}

static void feed(news_html_tracker *tracker, const char *html)
{
    news_html_tracker_feed(tracker, html, strlen(html));
}

/* What stands of a value, or of raw text. */
static void length(void **state)
{
    (void)state;
    news_html_tracker tracker;
    news_html_tracker_init(&tracker);
    feed(&tracker, "<a href=\"");
    assert_int_equal(tracker.length, 0);
    feed(&tracker, "/x");
    assert_int_equal(tracker.length, 2);
    news_html_tracker_wrote(&tracker, 3);
    assert_int_equal(tracker.length, 5);
    uint32_t contents = tracker.contents;
    feed(&tracker, "\" src= ab");
    assert_int_equal(tracker.state, STATE(UNQUOTED));
    assert_int_equal(tracker.length, 2);
    assert_int_not_equal(tracker.contents, contents);
    feed(&tracker, " title=");
    news_html_tracker_wrote(&tracker, 0);
    assert_int_equal(tracker.state, STATE(BEFORE_VALUE));
    news_html_tracker_wrote(&tracker, 4);
    assert_int_equal(tracker.state, STATE(UNQUOTED));
    assert_int_equal(tracker.length, 4);
    feed(&tracker, "x><style>p { }");
    assert_int_equal(tracker.length, 5);
}

static void script_types(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        news_html_script script;
    } scripts[] = {
        {"<script>", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script defer src=\"/x\">", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script type=\"\">", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script type=>", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script TYPE=Module>", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script type='text/javascript'>", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script type=\"application/json\">", NEWS_HTML_SCRIPT_JSON},
        {"<script type=application/ld+json defer>", NEWS_HTML_SCRIPT_JSON},
        {"<script type=\"+json\">", NEWS_HTML_SCRIPT_OTHER},
        {"<script type=\"importmap\">", NEWS_HTML_SCRIPT_OTHER},
        {"<script type=\"text/html\" type=\"text/javascript\">", NEWS_HTML_SCRIPT_OTHER},
        {"<script type=\"text/javascript\" type=\"text/html\">", NEWS_HTML_SCRIPT_JAVASCRIPT},
        {"<script type=\"&#109;odule\">", NEWS_HTML_SCRIPT_OTHER},
        {"<script type=\"text/javascript; charset=utf-8, or is it\">", NEWS_HTML_SCRIPT_OTHER},
        {"<script type=a></script><script>", NEWS_HTML_SCRIPT_JAVASCRIPT},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(scripts); i++) {
        news_html_tracker tracker;
        news_html_tracker_init(&tracker);
        feed(&tracker, scripts[i].tag);
        assert_int_equal(tracker.state, STATE(RAW_TEXT));
        if (news_html_tracker_script(&tracker) != scripts[i].script)
            print_error("%s\n", scripts[i].tag);
        assert_int_equal(news_html_tracker_script(&tracker), scripts[i].script);
    }
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
        assert_true(tracker.state <= NEWS_HTML_STATE_UNCLEAR);
        assert_true(memchr(tracker.name, '\0', sizeof tracker.name) != NULL);
        assert_true(memchr(tracker.element, '\0', sizeof tracker.element) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states),
        cmocka_unit_test(length),
        cmocka_unit_test(script_types),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
