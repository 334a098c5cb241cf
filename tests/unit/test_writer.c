/* The writer in the direct manner, and what both manners share: escaping, addresses, captures,
 * references, limits and failing memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/write.h"

static news_heap heap;

static news_writer *open_writer(news_escape escape, bool fill, uint32_t width)
{
    news_heap_init(&heap, NULL, 0);
    news_writer *w =
        news_writer_new(&heap, 1 << 20, &(news_writer_options){escape, fill, width, false});
    assert_non_null(w);
    return w;
}

static void text(news_writer *w, const char *s)
{
    news_writer_text(w, news_str_from(s));
}

static void raw(news_writer *w, const char *s)
{
    news_writer_raw(w, news_str_from(s));
}

static void push(news_writer *w, const char *first, const char *rest)
{
    news_writer_push_prefix(w, news_str_from(first), news_str_from(rest));
}

static void assert_text(news_str got, const char *wanted)
{
    if (!news_str_equal(got, news_str_from(wanted)))
        print_error("got    [%.*s]\nwanted [%s]\n", (int)got.len, got.len != 0 ? got.ptr : "",
                    wanted != NULL ? wanted : "");
    assert_true(news_str_equal(got, news_str_from(wanted)));
}

static void free_writer(news_writer *w)
{
    news_writer_free(w);
    assert_int_equal(heap.used, 0);
}

static void close_writer(news_writer *w, const char *wanted)
{
    news_str got = news_writer_finish(w);
    assert_string_equal(news_writer_message(w), "");
    assert_int_equal(news_writer_status(w), NEWS_OK);
    assert_text(got, wanted);
    assert_text(news_writer_finish(w), wanted);
    free_writer(w);
}

static void close_refused(news_writer *w, news_status status, const char *message)
{
    assert_string_equal(news_writer_message(w), message);
    assert_int_equal(news_writer_status(w), status);
    text(w, "more");
    assert_int_equal(news_writer_finish(w).len, 0);
    free_writer(w);
}

/* ---- Escapes ---- */

static void escapes_by_format(void **state)
{
    (void)state;
    static const struct {
        news_escape escape;
        const char *in, *out;
    } samples[] = {
        {NEWS_ESCAPE_HTML, "a < b & \"c\" > 'd'", "a &lt; b &amp; \"c\" &gt; 'd'"},
        {NEWS_ESCAPE_HTML, "\t\n\r\f\x01\x7F", "\t\n\r\f\uFFFD\uFFFD"},
        {NEWS_ESCAPE_HTML, "é 漢 🎉 \xC2\x85\xC2\xA0", "é 漢 🎉 \uFFFD\xC2\xA0"},
        {NEWS_ESCAPE_XML, "a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;"},
        {NEWS_ESCAPE_XML, "\t\n\r\f\x1B", "\t\n\r\uFFFD\uFFFD"},
        {NEWS_ESCAPE_XML, "\xEF\xBF\xBE\xEF\xBF\xBD\xEF\xBC\x8C\xEF\xBF\xBF",
         "\uFFFD\xEF\xBF\xBD\xEF\xBC\x8C\uFFFD"},
        {NEWS_ESCAPE_TEXT, "<&> \t\n\r\x1B[31m\x7F\xC2\x9B",
         "<&> \t\n\uFFFD\uFFFD[31m\uFFFD\uFFFD"},
        {NEWS_ESCAPE_TEXT, "a\xFF\xC3(\xE2\x82", "a\uFFFD\uFFFD(\uFFFD\uFFFD"},
        {NEWS_ESCAPE_TEXT, "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
        {NEWS_ESCAPE_TEXT, "é\xFFé<\xFFz", "é\uFFFDé<\uFFFDz"},
        {NEWS_ESCAPE_NONE, "<&>\x1B\xFF", "<&>\x1B\xFF"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_writer *w = open_writer(samples[i].escape, false, 0);
        text(w, samples[i].in);
        close_writer(w, samples[i].out);
    }
}

static void escapes_by_place(void **state)
{
    (void)state;
    static const struct {
        const char *before, *value, *after, *out;
    } samples[] = {
        {"<p>", "a\"<b", "</p>", "<p>a\"&lt;b</p>"},
        {"<title>", "</title>&", "</title>", "<title>&lt;/title&gt;&amp;</title>"},
        {"<p title=\"", "a\"'<&", "\">", "<p title=\"a&quot;&#39;&lt;&amp;\">"},
        {"<p title='", "a\"'<&", "'>", "<p title='a&quot;&#39;&lt;&amp;'>"},
        {"<a href=\"", "https://a.example/?b=c&d='e f'", "\">",
         "<a href=\"https://a.example/?b=c&amp;d=&#39;e%20f&#39;\">"},
        {"<a href=\"", " /é#x ", "\">", "<a href=\"/%C3%A9#x\">"},
        {"<a href=\"https://a.example/", "b c/d?e&f:@é", "\">",
         "<a href=\"https://a.example/b%20c%2Fd%3Fe%26f%3A%40%C3%A9\">"},
        {"<a href=\"mailto:", "me@a.example", "\">", "<a href=\"mailto:me@a.example\">"},
        {"<a href=\"java", "script:alert(1)", "\">", "<a href=\"javascript%3Aalert%281%29\">"},
        {"<script>x</script><b>", "<", "", "<script>x</script><b>&lt;"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
        raw(w, samples[i].before);
        text(w, samples[i].value);
        raw(w, samples[i].after);
        close_writer(w, samples[i].out);
    }
}

/* A value given in parts is never worse than its parts. */
static void addresses_in_parts(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
    raw(w, "<a href=\"");
    text(w, "javascript");
    text(w, ":x");
    raw(w, "\" src='");
    text(w, "/");
    text(w, "/a.example");
    raw(w, "' title='");
    news_writer_url(w, NEWS_STR("https://a.example/é'"));
    raw(w, "'>");
    news_writer_url(w, NEWS_STR("https://a.example/?a&b c"));
    close_writer(w, "<a href=\"javascript%3Ax\" src='/%2Fa.example' "
                    "title='https://a.example/%C3%A9&#39;'>https://a.example/?a&amp;b%20c");
}

static void text_in_any_pieces(void **state)
{
    (void)state;
    static const char value[] = "a<b> \"&é'漢\x01🎉\n&& z\xC2\x85";
    static const char *const places[] = {"", "<p title=\"", "<title>"};
    for (size_t p = 0; p < NEWS_ARRAY_LENGTH(places); p++) {
        news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
        raw(w, places[p]);
        text(w, value);
        char whole[256];
        news_str out = news_writer_finish(w);
        assert_true(out.len < sizeof whole);
        memcpy(whole, out.ptr, out.len);
        whole[out.len] = '\0';
        free_writer(w);
        w = open_writer(NEWS_ESCAPE_HTML, false, 0);
        raw(w, places[p]);
        news_str rest = news_str_from(value);
        while (rest.len != 0) {
            uint32_t c;
            size_t length = news_utf8_decode(rest, 0, &c);
            news_writer_text(w, news_str_of(rest.ptr, length));
            rest = news_str_skip(rest, length);
        }
        close_writer(w, whole);
    }
}

/* ---- Lines in the direct manner ---- */

static void direct_lines(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
    news_writer_blank(w, 2); /* nothing stands before it */
    news_writer_cr(w);
    assert_true(news_writer_at_line_start(w));
    assert_int_equal(news_writer_last(w), 0);
    text(w, "aé");
    assert_int_equal(news_writer_last(w), 0xE9);
    assert_false(news_writer_at_line_start(w));
    news_writer_cr(w);
    news_writer_cr(w);
    text(w, "b");
    news_writer_blank(w, 1);
    news_writer_blank(w, 2);
    news_writer_blank(w, 1);
    raw(w, "<p\n");
    news_writer_blank(w, 1);
    raw(w, "x>\n\n");
    news_writer_blank(w, 1);
    news_writer_line_begin(w);
    text(w, "c");
    news_writer_line_end(w);
    push(w, "> ", "> ");
    news_writer_verbatim(w, NEWS_STR("<d>\n"));
    news_writer_pop_prefix(w);
    news_writer_verbatim(w, NEWS_STR("e"));
    assert_int_equal(news_writer_available(w), UINT32_MAX);
    news_writer_blank(w, 3);
    close_writer(w, "aé\nb\n\n\n<p\n\nx>\n\nc\n&lt;d&gt;\ne\n");
}

/* A line end that the writer adds inside a tag ends a name, and the tracker knows. */
static void tracker_follows_line_ends(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
    raw(w, "<p");
    news_writer_cr(w);
    assert_int_equal(news_writer_tracker(w)->state, NEWS_HTML_STATE_TAG);
    raw(w, "a=\"");
    assert_int_equal(news_writer_tracker(w)->state, NEWS_HTML_STATE_DOUBLE_QUOTED);
    assert_int_equal(news_writer_get_options(w)->escape, NEWS_ESCAPE_HTML);
    close_writer(w, "<p\na=\"");
}

/* ---- Captures ---- */

static void captures(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_TEXT, true, 20);
    push(w, "> ", "> ");
    text(w, "before");
    news_writer_capture_begin(w, 0);
    assert_true(news_writer_at_line_start(w));
    text(w, "a line longer than the twenty columns outside");
    news_writer_capture_begin(w, 10);
    text(w, "in lines of ten");
    news_writer_blank(w, 1);
    push(w, "* ", "  ");
    text(w, "item");
    news_str inner = news_writer_capture_end(w);
    assert_text(inner, "in lines\nof ten\n\n* item");
    news_writer_capture_begin(w, 0);
    assert_text(news_writer_capture_end(w), "");
    news_str outer = news_writer_capture_end(w);
    assert_text(outer, "a line longer than the twenty columns outside");
    assert_text(inner, "in lines\nof ten\n\n* item");
    text(w, " and after it");
    close_writer(w, "> before and after\n> it\n");
}

static void captures_directly(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_HTML, false, 0);
    raw(w, "<p title=\"");
    news_writer_capture_begin(w, 0);
    text(w, "\"<");
    news_writer_cr(w);
    news_str inner = news_writer_capture_end(w);
    assert_text(inner, "\"&lt;");
    text(w, "\"");
    close_writer(w, "<p title=\"&quot;");
}

static void captures_unbalanced(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_TEXT, true, 20);
    assert_int_equal(news_writer_capture_end(w).len, 0);
    close_refused(w, NEWS_ERR_ARG, "no capture is open");
    w = open_writer(NEWS_ESCAPE_TEXT, false, 20);
    news_writer_capture_begin(w, 0);
    text(w, "x");
    assert_int_equal(news_writer_finish(w).len, 0);
    close_refused(w, NEWS_ERR_ARG, "a capture is still open");
}

/* ---- References ---- */

static void references(void **state)
{
    (void)state;
    news_writer *w = open_writer(NEWS_ESCAPE_TEXT, true, 20);
    const news_reference *taken;
    int mark;
    assert_int_equal(news_writer_take_references(w, &taken), 0);
    char url[] = "https://a.example/";
    assert_int_equal(news_writer_reference(w, news_str_from(url), &mark), 1);
    url[0] = 'H';
    assert_int_equal(news_writer_reference(w, news_str_from(url), NULL), 2);
    assert_int_equal(news_writer_reference(w, NEWS_STR("https://a.example/"), NULL), 1);
    assert_int_equal(news_writer_take_references(w, &taken), 2);
    assert_int_equal(taken[0].number, 1);
    assert_text(taken[0].url, "https://a.example/");
    assert_ptr_equal(taken[0].ud, &mark);
    assert_text(taken[1].url, "Https://a.example/");
    assert_int_equal(news_writer_take_references(w, &taken), 0);
    for (int i = 0; i < 100; i++) {
        char many[32];
        snprintf(many, sizeof many, "/%d", i);
        assert_int_equal(news_writer_reference(w, news_str_from(many), NULL), i + 3);
    }
    assert_int_equal(news_writer_reference(w, NEWS_STR("/99"), NULL), 102);
    assert_int_equal(news_writer_take_references(w, &taken), 100);
    assert_int_equal(taken[99].number, 102);
    close_writer(w, "");
}

/* ---- Limits and memory ---- */

static void output_limit(void **state)
{
    (void)state;
    for (int fill = 0; fill <= 1; fill++) {
        news_heap_init(&heap, NULL, 0);
        news_writer *w = news_writer_new(
            &heap, 1000, &(news_writer_options){NEWS_ESCAPE_HTML, fill != 0, 72, false});
        for (int i = 0; i < 999; i++)
            text(w, i % 9 == 8 ? " " : "a");
        news_writer_cr(w);
        assert_int_equal(news_writer_status(w), NEWS_OK);
        text(w, "bb");
        news_writer_cr(w);
        close_refused(w, NEWS_ERR_LIMIT, "the output is larger than 1000 bytes");
        w = news_writer_new(&heap, 1000,
                            &(news_writer_options){NEWS_ESCAPE_HTML, fill != 0, 72, false});
        text(w, "a");
        news_writer_blank(w, UINT32_MAX);
        text(w, "b");
        news_writer_cr(w);
        close_refused(w, NEWS_ERR_LIMIT, "the output is larger than 1000 bytes");
        w = news_writer_new(&heap, 1000,
                            &(news_writer_options){NEWS_ESCAPE_HTML, fill != 0, 72, false});
        for (int i = 0; i < 5; i++) {
            text(w,
                 "300 bytes are what this line takes, when it is written as often as that: three "
                 "times, each of one hundred bytes, or nearly so, since nobody counts them one by "
                 "one here. And some more words to come somewhere near the number that was said, "
                 "and these.");
            news_writer_capture_begin(w, 0);
        }
        close_refused(w, NEWS_ERR_LIMIT, "the output is larger than 1000 bytes");
    }
}

static void capture_limit(void **state)
{
    (void)state;
    news_heap_init(&heap, NULL, 0);
    news_writer *w =
        news_writer_new(&heap, 100, &(news_writer_options){NEWS_ESCAPE_TEXT, true, 72, false});
    for (int i = 0; i < 9; i++) {
        assert_int_equal(news_writer_status(w), NEWS_OK);
        news_writer_capture_begin(w, 0);
        text(w, "fifty bytes that are captured over and over again.");
        news_writer_capture_end(w);
    }
    close_refused(w, NEWS_ERR_LIMIT, "all captures together are larger than 400 bytes");
}

/* What a capture took stays with its depth for the next; many of them are not held at once. */
static void memory_limit(void **state)
{
    (void)state;
    enum { OUTPUT = 1 << 17, MOST = 8 * OUTPUT + (256 << 10), DEEPEST = 40 };
    news_heap_init(&heap, NULL, 0);
    news_writer *w =
        news_writer_new(&heap, OUTPUT, &(news_writer_options){NEWS_ESCAPE_TEXT, true, 0, false});
    news_writer_nesting nesting = news_writer_get_nesting(w);
    for (int depth = DEEPEST; depth > 0; depth--) {
        for (int i = 0; i < depth; i++)
            news_writer_capture_begin(w, 0);
        for (int i = 0; i < OUTPUT / 2; i++)
            text(w, "x");
        news_writer_rewind(w, nesting);
    }
    char message[100];
    (void)snprintf(message, sizeof message,
                   "what is being written takes more than %d bytes of memory", (int)MOST);
    close_refused(w, NEWS_ERR_LIMIT, message);
}

typedef struct {
    size_t allocations, fail_at; /* 0: never */
    bool failed;
} failing;

static void *failing_reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    if (new_size > old_size && ++f->allocations == f->fail_at) {
        f->failed = true;
        return NULL;
    }
    return realloc(ptr, new_size);
}

/* Where values are encoded in a buffer of their own; filled output refuses some of them. */
static void use_every_place(news_writer *w)
{
    raw(w, "<p title=");
    text(w, "a b");
    raw(w, " class=x><!-- ");
    text(w, "a--b");
    raw(w, " -->");
    if (news_writer_get_options(w)->fill)
        return;
    raw(w, "<script>a = ");
    text(w, "'</script>");
    raw(w, " + ");
    news_writer_json(w, NEWS_STR("{\"a\": [1]}"));
    raw(w, "</script><p onclick=\"f('");
    text(w, "'\"");
    raw(w, "')\" style=\"color: ");
    text(w, "red, 'a\"'");
    raw(w, "\"><img srcset=\"");
    text(w, "/a,b");
    raw(w, "\">");
}

static void use_everything(news_writer *w)
{
    if (news_writer_get_options(w)->escape == NEWS_ESCAPE_HTML)
        use_every_place(w);
    raw(w, "<p class=\"a\">");
    text(w, "some <text> with é and\n漢字\n漢字 ");
    news_writer_whole(w, NEWS_STR("kept whole"));
    for (int i = 0; i < 40; i++) {
        news_writer_blank(w, 1);
        push(w, "* ", "  ");
        news_writer_whole_text(w, NEWS_STR("a & b"));
        news_writer_url(w, NEWS_STR("https://ex\u00E4mple.example/a b"));
        news_writer_reference(w, i % 2 == 0 ? NEWS_STR("/a") : NEWS_STR("/b"), NULL);
    }
    raw(w, "<a href=\"");
    text(w, "/a b");
    text(w, "&c");
    raw(w, "\">");
    news_writer_capture_begin(w, 20);
    for (int i = 0; i < 20; i++)
        push(w, "> ", "> ");
    news_writer_verbatim(w, NEWS_STR("one\n\n\ttwo\x1B\n"));
    news_writer_capture_begin(w, 0);
    text(w, "inner");
    news_writer_capture_end(w);
    news_writer_pop_prefix(w);
    news_writer_line_begin(w);
    news_writer_raw(w, news_writer_capture_end(w));
    news_writer_line_end(w);
    for (int i = 0; i < 40; i++)
        news_writer_pop_prefix(w);
    news_writer_finish(w);
}

static void failing_memory(void **state)
{
    (void)state;
    static const news_writer_options options[] = {{NEWS_ESCAPE_HTML, false, 0, false},
                                                  {NEWS_ESCAPE_HTML, true, 30, false},
                                                  {NEWS_ESCAPE_TEXT, true, 30, true},
                                                  {NEWS_ESCAPE_GEMTEXT, true, 30, false}};
    for (size_t o = 0; o < NEWS_ARRAY_LENGTH(options); o++) {
        for (size_t i = 1;; i++) {
            failing f = {0, i, false};
            news_heap_init(&heap, &(news_allocator){failing_reallocate, &f}, 0);
            news_writer *w = news_writer_new(&heap, 1 << 20, &options[o]);
            if (w != NULL) {
                use_everything(w);
                assert_int_equal(news_writer_status(w), f.failed ? NEWS_ERR_NOMEM : NEWS_OK);
                assert_string_equal(news_writer_message(w), "");
            } else {
                assert_true(f.failed);
            }
            free_writer(w);
            if (!f.failed) {
                assert_true(i > 10);
                break;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_by_format),
        cmocka_unit_test(escapes_by_place),
        cmocka_unit_test(addresses_in_parts),
        cmocka_unit_test(text_in_any_pieces),
        cmocka_unit_test(direct_lines),
        cmocka_unit_test(tracker_follows_line_ends),
        cmocka_unit_test(captures),
        cmocka_unit_test(captures_directly),
        cmocka_unit_test(captures_unbalanced),
        cmocka_unit_test(memory_limit),
        cmocka_unit_test(references),
        cmocka_unit_test(output_limit),
        cmocka_unit_test(capture_limit),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
