/* What a writer records: addresses that readers can follow or see, however they were written, and
 * sections in their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/write.h"

/* ---- Writing ---- */

static void write_piece(news_writer *w, const char *piece)
{
    news_str s = news_str_from(piece + 1);
    switch (*piece) {
    case '<': news_writer_raw(w, news_str_from(piece)); break;
    case 'm': news_writer_raw(w, s); break;
    case 't': news_writer_text(w, s); break;
    case 'w': news_writer_whole_text(w, s); break;
    case 'u': news_writer_url(w, s); break;
    case 'v': news_writer_verbatim(w, s); break;
    case '\n': news_writer_cr(w); break;
    default: fail_msg("what is '%s'?", piece);
    }
}

/* Writes the pieces, up to a NULL: markup that begins with "<", or a letter and what it is for. */
static void write_all(news_writer *w, news_record *record, const char *const *pieces)
{
    news_writer_record(w, record);
    for (; *pieces != NULL; pieces++)
        write_piece(w, *pieces);
    (void)news_writer_finish(w);
    if (news_writer_status(w) != NEWS_OK)
        fail_msg("%s", news_writer_message(w));
}

/* Whether the record of an output of these pieces has the address. */
static bool leads(news_escape escape, bool fill, const char *url, const char *const *pieces)
{
    news_heap heap;
    news_record record;
    bool found = false;
    news_heap_init(&heap, NULL, 0);
    news_record_init(&record, &heap);
    news_writer *w =
        news_writer_new(&heap, 1 << 20, &(news_writer_options){escape, fill, 72, false});
    assert_non_null(w);
    write_all(w, &record, pieces);
    assert_true(news_record_leads_to(&record, news_str_from(url), &found));
    news_writer_free(w);
    news_record_free(&record);
    assert_int_equal(heap.used, 0);
    return found;
}

#define HTML(url, ...) leads(NEWS_ESCAPE_HTML, false, url, (const char *const[]){__VA_ARGS__, NULL})
#define TEXT(url, ...) leads(NEWS_ESCAPE_TEXT, true, url, (const char *const[]){__VA_ARGS__, NULL})

static void values_in_html(void **state)
{
    (void)state;
    assert_true(HTML("https://a.example/", "<a href=\"", "uhttps://a.example/", "m\">"));
    assert_true(HTML("https://a.example/", "<a href=\"", "thttps://a.example/", "m\">"));
    assert_true(HTML("https://a.example/", "<A\nHREF = '", "uhttps://a.example/", "m'>"));
    assert_true(HTML("https://a.example/", "<a href=", "uhttps://a.example/", "m>"));
    assert_true(HTML("https://a.example/", "<a href=", "uhttps://a.example/", "m class=x>"));
    assert_true(
        HTML("https://a.example/?b=1&c=2", "<a href=\"", "uhttps://a.example/?b=1&c=2", "m\">"));
    assert_true(HTML("https://\u00e9.example/\u00fc", "<a href=\"",
                     "uhttps://\u00e9.example/\u00fc", "m\">"));
    assert_true(HTML("https://xn--9ca.example/%C3%BC", "<a href=\"",
                     "uhttps://\u00e9.example/\u00fc", "m\">"));
    assert_true(HTML("mailto:ann@a.example", "<a href=\"", "umailto:ann@a.example", "m\">"));
    assert_true(HTML("ann@a.example", "<a href=\"", "umailto:ann@a.example", "m\">"));
    assert_false(HTML("https://a.example/", "<a href=\"", "uhttps://a.example/b", "m\">"));
    assert_false(HTML("https://a.example/", "<a href=\"", "uhttps://a.example/")); /* never ends */
}

static void markup_in_html(void **state)
{
    (void)state;
    assert_true(HTML("https://a.example/", "<a href=\"https://a.example/\">"));
    assert_true(HTML("https://a.example/", "<a class=x href='https://a.example/'>"));
    assert_true(HTML("https://a.example/", "<a href=https://a.example/>"));
    assert_true(
        HTML("https://a.example/", "<p =><a href", "m=", "mhttps", "m:", "m//a.example/", "m>"));
    assert_true(HTML("https://a.example/?b=1&c=2", "<a href=\"https://a.example/?b=1&amp;c=2\">"));
    assert_true(HTML("https://a.example/?b=1&c=2", "<a href=\"https://a.example/?b=1&c=2\">"));
    assert_false(HTML("https://a.example/?\u00e9", "<a href=\"https://a.example/?&eacute;\">"));
    assert_true(HTML("https://b.example/", "<a href=\"https://a.example/?&eacute;\">",
                     "<a href=\"https://b.example/\">"));
    assert_true(HTML("https://b.example/", "<a href=\"\"><a href=", "u", "m>",
                     "<a href=\"https://b.example/\">"));
    assert_true(HTML("https://b.example/", "<a href=https://b.example/", "\n", "mclass=x>"));
}

static void both_in_html(void **state)
{
    (void)state;
    assert_true(HTML("https://a.example/leave?u=x%2Fy&amp",
                     "<a href=\"https://a.example/leave?u=", "ux/y", "m&amp;amp\">"));
    assert_true(HTML("https://a.example/b?c=d", "<a href=\"", "uhttps://a.example/b", "m?c=d\">"));
    assert_true(HTML("https://a.example/x/y", "<a href=https://a.example/", "tx", "m/y>"));
}

static void what_is_no_link(void **state)
{
    (void)state;
    const char *url = "https://a.example/";
    assert_false(HTML(url, "<img src=\"", "uhttps://a.example/", "m\">"));
    assert_false(HTML(url, "<link rel=canonical href=\"", "uhttps://a.example/", "m\">"));
    assert_false(HTML(url, "<base href=\"https://a.example/\">"));
    assert_false(HTML(url, "<title>", "uhttps://a.example/", "m</title>"));
    assert_false(HTML(url, "<p title=\"", "thttps://a.example/", "m\">"));
    assert_false(HTML(url, "<!-- <a href=\"https://a.example/\"> -->"));
    assert_false(HTML(url, "<p>href=\"https://a.example/\"</p>"));
    assert_true(HTML(url, "<p>", "uhttps://a.example/", "m</p>")); /* seen, if not followed */
    assert_true(HTML(url, "<p>", "tAt https://a.example/, ", "m</p>"));
}

static void addresses_in_text(void **state)
{
    (void)state;
    assert_true(TEXT("https://a.example/b", "uhttps://a.example/b"));
    assert_true(TEXT("https://a.example/b", "tSee https://a.example/b."));
    assert_true(TEXT("https://a.example/b.", "tSee https://a.example/b."));
    assert_true(TEXT("https://a.example/b", "mSee\n<https://a.example/b>, and"));
    assert_true(TEXT("https://a.example/(b)", "whttps://a.example/(b)"));
    assert_true(TEXT("https://a.example/b", "v  https://a.example/b\n"));
    assert_true(TEXT("https://\u00e9.example", "whttps://\u00e9.example"));
    assert_true(TEXT("mailto:ann@a.example", "tWrite to ann@a.example!"));
    assert_true(TEXT("mailto:ann@a.example?subject=b", "umailto:ann@a.example?subject=b"));
    assert_false(TEXT("https://a.example/b", "thttps://a.example/", "tc"));
    assert_false(TEXT("https://a.example/b", "thttps://a.example/bc"));
    assert_false(TEXT("a.example/b", "ta.example/b"));
    assert_true(leads(NEWS_ESCAPE_GEMTEXT, true, "gemini://a.example/",
                      (const char *const[]){"m=> ", "ugemini://a.example/", NULL}));
    assert_true(leads(NEWS_ESCAPE_XML, false, "https://a.example/?b&c",
                      (const char *const[]){"<link>", "uhttps://a.example/?b&c", NULL}));
}

/* ---- The rest ---- */

static void sections(void **state)
{
    (void)state;
    news_heap heap;
    news_record record;
    const news_writer_options options = {NEWS_ESCAPE_TEXT, true, 72, false};
    news_heap_init(&heap, NULL, 0);
    news_record_init(&record, &heap);
    news_writer *w = news_writer_new(&heap, 1 << 20, &options);
    news_writer *inner = news_writer_new(&heap, 1 << 20, &options);
    news_writer_note_section(w, NEWS_STR("none")); /* which nobody records */
    news_writer_record(w, &record);
    news_writer_record(inner, &record);
    news_writer_note_section(w, NEWS_STR("two"));
    news_writer_note_section(inner, NEWS_STR("one"));
    news_writer_note_section(w, NEWS_STR("two"));
    news_writer_note_section(w, NEWS_STR_NONE);
    news_writer_note_section(w, NEWS_STR("three"));
    assert_int_equal(news_record_section(&record, NEWS_STR("two")), 1);
    assert_int_equal(news_record_section(&record, NEWS_STR("one")), 2);
    assert_int_equal(news_record_section(&record, NEWS_STR("three")), 3);
    assert_int_equal(news_record_section(&record, NEWS_STR("none")), 0);
    assert_int_equal(record.notes, 0);
    news_writer_url(w, NEWS_STR("https://a.example/"));
    news_writer_note_address(w, NEWS_STR("https://a.example/"));
    news_writer_note_address(w, NEWS_STR(" "));
    assert_int_equal(record.notes, 2);
    assert_int_equal(record.addresses.count, 1);
    news_writer_free(w);
    news_writer_free(inner);
    news_record_free(&record);
    assert_int_equal(heap.used, 0);
}

/* What is recorded changes nothing of what is written. */
static void same_output(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<a href=\"x?y=",
                                         "tz&\u00e9",
                                         "m&amp;w\" title=a href=",
                                         "u",
                                         "m>",
                                         "thttps://a.example/ ",
                                         "</a><a href=",
                                         "thttps://b.example/ b",
                                         "m/c",
                                         "\n",
                                         "m><style>a{",
                                         "</style>",
                                         NULL};
    for (int fill = 0; fill < 2; fill++) {
        news_heap heap;
        news_record record;
        const news_writer_options options = {NEWS_ESCAPE_HTML, fill != 0, 20, false};
        news_heap_init(&heap, NULL, 0);
        news_record_init(&record, &heap);
        news_writer *plain = news_writer_new(&heap, 1 << 20, &options);
        news_writer *recorded = news_writer_new(&heap, 1 << 20, &options);
        write_all(plain, NULL, pieces);
        write_all(recorded, &record, pieces);
        assert_true(news_str_equal(news_writer_finish(plain), news_writer_finish(recorded)));
        assert_true(record.notes > 0);
        news_writer_free(plain);
        news_writer_free(recorded);
        news_record_free(&record);
    }
}

typedef struct {
    size_t calls, fail_at;
} counter;

static void *counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = ud;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    if (new_size > old_size && ++c->calls == c->fail_at)
        return NULL;
    return realloc(ptr, new_size);
}

static void failing_memory(void **state)
{
    (void)state;
    for (size_t i = 1;; i++) {
        counter c = {0, i};
        news_heap heap;
        news_record record;
        bool leads_to;
        news_heap_init(&heap, &(news_allocator){counting, &c}, 0);
        news_record_init(&record, &heap);
        news_writer *w = news_writer_new(&heap, 1 << 20,
                                         &(news_writer_options){NEWS_ESCAPE_HTML, false, 0, false});
        if (w != NULL) {
            news_writer_record(w, &record);
            write_piece(w, "<a href=\"https://a.example/?");
            write_piece(w, "ta");
            write_piece(w, "m\">");
            write_piece(w, "tb@b.example");
            news_writer_note_section(w, NEWS_STR("c"));
            (void)news_writer_finish(w);
            assert_int_equal(news_writer_status(w), c.calls < i ? NEWS_OK : NEWS_ERR_NOMEM);
            bool known = news_record_leads_to(&record, NEWS_STR("https://a.example/?a"), &leads_to);
            if (c.calls < i)
                assert_true(known && leads_to);
        }
        news_writer_free(w);
        news_record_free(&record);
        assert_int_equal(heap.used, 0);
        if (c.calls < i) {
            assert_true(i > 5);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_in_html),    cmocka_unit_test(markup_in_html),
        cmocka_unit_test(both_in_html),      cmocka_unit_test(what_is_no_link),
        cmocka_unit_test(addresses_in_text), cmocka_unit_test(sections),
        cmocka_unit_test(same_output),       cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
