/* The overlay: what is marked, how marks are undone, where things stand; bare addresses; attribute
 * lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "source/overlay.h"

static news_heap heap;

/* The source with each mark shown as {type:source|text}. */
static void check_marks(const char *source, const char *expected)
{
    news_overlay overlay;
    assert_true(news_overlay_init(&overlay, &heap, news_str_from(source), 1));
    news_buf shown, restored;
    news_buf_init(&shown, &heap, 4096);
    news_buf_init(&restored, &heap, 4096);
    size_t done = 0, at = 0, end;
    const news_mark *mark;
    while ((mark = news_overlay_next(&overlay, overlay.text, &at, &end)) != NULL) {
        news_buf_append(&shown, overlay.text.ptr + done, at - done);
        news_buf_printf(&shown, "{%c:%.*s|%.*s}", "LUA"[mark->type], (int)mark -> source.len,
                        mark->source.ptr, (int)mark->text.len,
                        mark->text.ptr != NULL ? mark->text.ptr : "");
        done = at = end;
    }
    news_buf_append(&shown, overlay.text.ptr + done, overlay.text.len - done);
    news_buf_append_char(&shown, '\0');
    assert_string_equal(shown.ptr, expected);
    assert_true(news_overlay_restore(&overlay, overlay.text, NEWS_RESTORE_SOURCE, &restored));
    assert_int_equal(restored.len, strlen(source));
    if (restored.len != 0)
        assert_memory_equal(restored.ptr, source, restored.len);
    if (overlay.place_count == 0)
        assert_ptr_equal(overlay.text.ptr, overlay.source.ptr); /* not copied */
    news_buf_free(&shown);
    news_buf_free(&restored);
    news_overlay_free(&overlay);
}

static void test_addresses(void **state)
{
    (void)state;
    check_marks("see http://a.example/x?y=z. And", "see {U:http://a.example/x?y=z|}. And");
    check_marks("HTTPS://A.example, **http://b.example/_c_**",
                "{U:HTTPS://A.example|}, **{U:http://b.example/_c|}_**");
    check_marks("(www.a.example/b_(c)) www.a wwww.b.example xwww.c.example",
                "({U:www.a.example/b_(c)|http://}) {U:www.a|http://} wwww.b.example "
                "xwww.c.example");
    check_marks("http://a.example/(b)c)d e", "{U:http://a.example/(b)c)d|} e");
    check_marks("[t](/r?http://a.example)b", "[t](/r?{U:http://a.example|})b");
    check_marks("[http://a.example](u) `http://b.example/` <i>http://c.example</i>",
                "[{U:http://a.example|}](u) `{U:http://b.example/|}` "
                "<i>{U:http://c.example|}</i>");
    check_marks("http://a.example/&amp; http://b.example?c&d;",
                "{U:http://a.example/|}&amp; {U:http://b.example?c|}&d;");
    check_marks("[t](https://a.example) <https://b.example> <a href=\"http://c.example\">\n"
                "[x]: https://d.example\n[y]:https://e.example",
                "[t](https://a.example) <https://b.example> <a href=\"http://c.example\">\n"
                "[x]: https://d.example\n[y]:https://e.example");
    check_marks("http:// http://. http://_ http://a_b.c_d http://a b ://c",
                "http:// http://. http://_ http://a_b.c_d {U:http://a|} b ://c");
    check_marks("\xE8\xA7\x81https://a.example/\xC3\xA9\xE3\x80\x82\xE2\x80\x9C"
                "https://b.example\xE2\x80\x9D",
                "\xE8\xA7\x81{U:https://a.example/\xC3\xA9|}\xE3\x80\x82\xE2\x80\x9C"
                "{U:https://b.example|}\xE2\x80\x9D");
}

static void test_mail(void **state)
{
    (void)state;
    check_marks("me@a.example. a.b+c@d-e.example x@y @z q@r.s_",
                "{U:me@a.example|mailto:}. {U:a.b+c@d-e.example|mailto:} x@y @z q@r.s_");
    check_marks("mailto:me@a.example [m](mailto:b@c.example) <d@e.example> http://f.example/@g.h",
                "{U:mailto:me@a.example|} [m](mailto:b@c.example) <d@e.example> "
                "{U:http://f.example/@g.h|}");
}

static void test_literals(void **state)
{
    (void)state;
    check_marks("\\~ \\\\~ \\\\\\~ ~", "{L:\\~|~} \\\\~ \\\\{L:\\~|~} ~");
    check_marks("a\xEE\x80\x80"
                "1\xEE\x80\x81 \xEE\x80\x82",
                "a{L:\xEE\x80\x80|\xEE\x80\x80}1{L:\xEE\x80\x81|\xEE\x80\x81} \xEE\x80\x82");
    check_marks("&#xE000; &#57345; &#XE002; &#xE000 &#;",
                "{L:&#xE000;|\xEE\x80\x80} {L:&#57345;|\xEE\x80\x81} &#XE002; &#xE000 &#;");
}

static void test_attributes(void **state)
{
    (void)state;
    check_marks("# A {#b .c d=\"e f\"} ##\n", "# A {A:{#b .c d=\"e f\"}|} ##\n");
    check_marks("> ## A {.b}\ntext {.c}\n", "> ## A {A:{.b}|}\ntext {.c}\n");
    check_marks("A {.b}\n===", "A {A:{.b}|}\n===");
    check_marks("# A {.b} c\n# {}\n# {b}\n# {.b", "# A {.b} c\n# {}\n# {b}\n# {.b");
    static const char *const valid[] = {"{#a}", "{ .a-b }", "{a=1 b='2 3' c-d=\"\"}", "{.ä}"};
    static const char *const invalid[] = {"{}",  "{#}",     "{. a}",    "{a}", "{=b}", "{a= }",
                                          "{a=", "{a=\"b}", "{a='b'c}", "x",   "{1=2}"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(valid); i++)
        assert_true(news_attribute_list_valid(news_str_from(valid[i])));
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(invalid); i++)
        assert_false(news_attribute_list_valid(news_str_from(invalid[i])));
}

static void test_pipes(void **state)
{
    (void)state;
    check_marks("https://a.example/?b={x}|y#f www.b.example/|c\n",
                "{U:https://a.example/?b={x}|y#f|} {U:www.b.example/|c|http://}\n");
    check_marks("http://a.example/|b\n\nhttp://b.example/| www.c.example/|d\n--|-|-\n> "
                "http://d.example/|e\n\n-|-\n\nhttp://f.example/|g",
                "{U:http://a.example/|b|}\n\n{U:http://b.example/|}| {U:www.c.example/|http://}|d\n"
                "--|-|-\n> {U:http://d.example/|}|e\n\n-|-\n\n{U:http://f.example/|g|}");
}

static void test_faults(void **state)
{
    (void)state;
    static const char *const good[] = {"http://a",   "https://a:65535/", "http://u@a",
                                       "x",          "mailto:a@b.c",     "http://[::1]",
                                       "http://a:/", "http://é"};
    static const char *const bad[] = {
        "http://",         "https://?q",           "http://u@", "http://:80", "https:///p",
        "http://a:65536/", "http://a:99999999999", "MAILTO:"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++)
        assert_null(news_address_fault(news_str_from(good[i])));
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        assert_non_null(news_address_fault(news_str_from(bad[i])));
}

static void test_equal_bytes_share_a_mark(void **state)
{
    (void)state;
    news_overlay overlay;
    assert_true(news_overlay_init(
        &overlay, &heap, NEWS_STR("[http://a.example]: u\n\n[http://a.example] http://b.example"),
        1));
    assert_int_equal(overlay.place_count, 3);
    assert_int_equal(overlay.mark_count, 2);
    news_overlay_free(&overlay);
}

static void test_places(void **state)
{
    (void)state;
    news_str source = NEWS_STR("é http://a.example é \\~x\nplain\n> > 语x www.b.example|");
    news_overlay overlay;
    assert_true(news_overlay_init(&overlay, &heap, source, 10));
    /* Every byte of the text leads back to the character of the source that it is or stands for. */
    for (size_t line = 0; line < overlay.line_count; line++) {
        news_str text = news_overlay_line_text(&overlay, line);
        size_t begin = news_overlay_line(&overlay, line);
        size_t from = news_overlay_to_source(&overlay, begin);
        for (size_t back = 0; back < 2; back++) { /* forwards and backwards */
            for (size_t k = 0; k <= text.len; k++) {
                size_t at = begin + (back ? text.len - k : k);
                uint32_t file_line, column;
                news_overlay_place(&overlay, line, at, &file_line, &column);
                size_t expected = 1, to = news_overlay_to_source(&overlay, at);
                for (size_t i = from; i < to; i++)
                    expected += ((unsigned char)source.ptr[i] & 0xC0) != 0x80;
                if (((unsigned char)source.ptr[to] & 0xC0) == 0x80)
                    continue; /* the middle of a character */
                assert_int_equal(file_line, 10 + line);
                assert_int_equal(column, expected);
            }
        }
    }
    size_t content = news_overlay_content(&overlay, 2, 2);
    assert_int_equal(content - news_overlay_line(&overlay, 2), 4);
    content = news_overlay_content(&overlay, 2, 1);
    assert_int_equal(content - news_overlay_line(&overlay, 2), 2);
    news_overlay_free(&overlay);
}

static void test_rows(void **state)
{
    (void)state;
    news_overlay overlay;
    assert_true(news_overlay_init(&overlay, &heap,
                                  NEWS_STR("a | b\n--|--\n\n> | :-: |\n|\n| x -\n:- | -"), 1));
    assert_int_equal(overlay.row_count, 3);
    assert_int_equal(overlay.rows[0], 1);
    assert_int_equal(overlay.rows[1], 3);
    assert_int_equal(overlay.rows[2], 6);
    news_overlay_free(&overlay);
}

/* Time must not grow with the square of the input: each of these takes minutes if it does. */
static void test_is_linear(void **state)
{
    (void)state;
    static const char *const pieces[] = {"_www._", "http://",  "http://a.b)", "a@",  "\\~",
                                         "{#a",    "&#xE000;", "|",           " ]:", "http://a_b."};
    enum { SIZE = 1 << 20 };
    char *text = news_heap_alloc(&heap, SIZE);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(pieces); i++) {
        size_t length = strlen(pieces[i]);
        for (size_t at = 0; at + length <= SIZE; at += length)
            memcpy(text + at, pieces[i], length);
        news_overlay overlay;
        assert_true(
            news_overlay_init(&overlay, &heap, news_str_of(text, SIZE / length * length), 1));
        news_overlay_free(&overlay);
    }
    news_heap_free(&heap, text, SIZE);
}

static int check_heap(void **state)
{
    (void)state;
    return heap.used == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_addresses, check_heap),
        cmocka_unit_test_teardown(test_mail, check_heap),
        cmocka_unit_test_teardown(test_literals, check_heap),
        cmocka_unit_test_teardown(test_pipes, check_heap),
        cmocka_unit_test_teardown(test_faults, check_heap),
        cmocka_unit_test_teardown(test_attributes, check_heap),
        cmocka_unit_test_teardown(test_equal_bytes_share_a_mark, check_heap),
        cmocka_unit_test_teardown(test_places, check_heap),
        cmocka_unit_test_teardown(test_rows, check_heap),
        cmocka_unit_test_teardown(test_is_linear, check_heap),
    };
    news_heap_init(&heap, NULL, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
