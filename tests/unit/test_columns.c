/* Grapheme clusters against Unicode's own tests, and the columns that terminals give to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "text/text.h"

#include "break_file.h"

static void clusters_are_those_of_the_standard(void **state)
{
    (void)state;
    break_case c;
    size_t cases = 0, failures = 0;
    FILE *file = break_file_open("GraphemeBreakTest", utf8proc_unicode_version());
    if (file == NULL)
        skip();
    for (; break_file_next(file, &c); cases++) {
        size_t count = 0, at = 0;
        bool good = c.breaks[count++] == 0;
        while (at < c.len && good) {
            at = news_grapheme_end(news_str_of(c.bytes, c.len), at);
            good = count < c.break_count && c.breaks[count++] == at;
        }
        if (!good || count != c.break_count) {
            print_message("case %zu differs after offset %zu\n", cases + 1, at);
            failures++;
        }
    }
    fclose(file);
    assert_true(cases >= 602);
    assert_int_equal(failures, 0);
}

static void assert_clusters(const char *text, size_t count)
{
    news_str s = news_str_from(text);
    size_t at = 0, n = 0;
    for (; at < s.len; n++) {
        size_t end = news_grapheme_end(s, at);
        assert_true(end > at && end <= s.len);
        at = end;
    }
    assert_int_equal(n, count);
    assert_int_equal(news_grapheme_end(s, s.len), s.len);
}

static void clusters_beyond_the_official_cases(void **state)
{
    (void)state;
    assert_clusters("", 0);
    assert_clusters("abc", 3);
    assert_clusters("a\r\nb", 3);
    assert_clusters("\n\r", 2);
    assert_clusters("ae\xCC\x81o", 3); /* a mark after ASCII, after ASCII */
    assert_clusters("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB", 2); /* three indicators */
    /* Kept for emoji to come: joined as other emoji are. */
    assert_clusters("\xF0\x9F\xAB\xBF\xE2\x80\x8D\xF0\x9F\xAB\xBF", 1);
    /* Kept for format characters: nothing joins them. */
    assert_clusters("\xEF\xBF\xB0\xCC\x81", 2);
    assert_clusters("\xF3\xA0\x80\x80\xCC\x81", 2);
    assert_clusters("\xCC\x81\x80\xFF\xE2\x82", 5); /* bad bytes, each on its own */
}

static void columns_are_those_of_terminals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {
        {"", 0},
        {"plain", 5},
        {"longer than eight bytes, and ASCII", 34},
        {"12345678", 8},
        {"123456789", 9},
        {"tab\tand\x7F"
         "delete\x01",
         12},
        {"1234567\n12345678\r\n12345678", 23},
        {"déjà vu", 7},
        {"12345678e\xCC\x81", 9}, /* a mark after eight bytes of ASCII, and within */
        {"1234567e\xCC\x81", 8},
        {"e\xCC\x81\xCC\x82\xCC\x83x", 2},
        {"\xCC\x81", 0},
        {"日本語", 6},
        {"ｆｕｌｌ", 8},
        {"ﾊﾝｶｸ", 4},
        {"\xEA\xB0\x81", 2},                         /* a syllable */
        {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", 2}, /* the same, from its parts */
        {"±§°→①“”…—", 9},                            /* ambiguous */
        {"\xC2\xA0", 1},                             /* no-break space */
        {"\xC2\xAD", 1},                             /* soft hyphen */
        {"a\xE2\x80\x8B"
         "b",
         2}, /* zero width space */
        {"a\xE2\x81\xA0\xEF\xBB\xBF"
         "b",
         2},                                 /* word joiner, byte-order mark */
        {"\xE2\x80\xA8\xC2\x85", 0},         /* line separator, next line */
        {"\xE3\x80\x80", 2},                 /* ideographic space */
        {"\xF3\xA0\x80\x80\xEF\xBF\xB0", 0}, /* not assigned, never seen */
        {"🙂", 2},
        {"❤", 1},
        {"❤️", 2},
        {"©️", 2},
        {"a\xEF\xB8\x8F", 1}, /* the emoji selector after what is none */
        {"1️⃣", 2},
        {"#\xE2\x83\xA3", 2},
        {"a\xE2\x83\xA3", 1},
        {"🇩🇪", 2},
        {"🇩🇪🇫🇷", 4},
        {"🇩", 1},
        {"👍🏽", 2},
        {"☝🏽", 2},
        {"👩‍👩‍👧‍👦", 2},
        {"🏳️‍🌈", 2},
        {"🕵‍♂", 2},
        {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2},
        {"की", 1},
        {"กำ", 2},
        {"\xFF\xFE", 2},
        {"日本 in 2 lines", 15},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        size_t columns = news_columns(news_str_from(cases[i].text));
        if (columns != cases[i].columns)
            fail_msg("\"%s\" takes %zu columns, not %zu", cases[i].text, columns, cases[i].columns);
    }
}

/* The columns of a text are those of its clusters, wherever the fast path begins and ends. */
static void columns_add_up_over_clusters(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a",  "Z",    " ",    "12345678",    "\r", "\n",           "\xCC\x81", "日",
        "🇩🇪", "\xFF", "\x7F", "👩‍👧", "é",  "\xE2\x80\x8D", "\x1F",     "~"};
    uint32_t seed = 7;
    for (int round = 0; round < 5000; round++) {
        char bytes[256];
        size_t length = 0, sum = 0;
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % NEWS_ARRAY_LENGTH(pieces)];
            memcpy(bytes + length, piece, strlen(piece));
            length += strlen(piece);
        }
        news_str s = news_str_of(bytes, length);
        for (size_t at = 0, end; at < length; at = end) {
            end = news_grapheme_end(s, at);
            sum += news_columns(news_str_of(bytes + at, end - at));
        }
        assert_int_equal(news_columns(s), sum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_those_of_the_standard),
        cmocka_unit_test(clusters_beyond_the_official_cases),
        cmocka_unit_test(columns_are_those_of_terminals),
        cmocka_unit_test(columns_add_up_over_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
