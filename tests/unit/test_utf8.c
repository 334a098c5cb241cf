/* UTF-8: every code point, every kind of bad sequence, and ASCII runs of every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/text.h"

static void every_code_point_goes_both_ways(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        uint32_t back;
        size_t length = news_utf8_encode(c, bytes);
        news_str s = news_str_of(bytes, length);
        if (c >= 0xD800 && c <= 0xDFFF) {
            assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
            continue;
        }
        assert_int_equal(length, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        assert_int_equal(news_utf8_decode(s, 0, &back), length);
        assert_int_equal(back, c);
        assert_int_equal(news_utf8_valid_prefix(s), length);
        if (length > 1) { /* cut short it is bad */
            s.len--;
            assert_int_equal(news_utf8_valid_prefix(s), 0);
            assert_int_equal(news_utf8_decode(s, 0, &back), 1);
            assert_int_equal(back, 0xFFFD);
        }
    }
}

static void what_is_no_code_point_is_written_as_replacement(void **state)
{
    (void)state;
    char bytes[4];
    assert_int_equal(news_utf8_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
    assert_int_equal(news_utf8_encode(UINT32_MAX, bytes), 3);
}

static void bad_sequences_end_the_valid_prefix(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80", /* a continuation with nothing to continue */
        "\xBF",
        "\xC0\x80", /* overlong */
        "\xC1\xBF",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", /* surrogates */
        "\xED\xBF\xBF",
        "\xF4\x90\x80\x80", /* past the last */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3(", /* not continued */
        "\xE2\x82(",
        "\xE2(\x82",
        "\xF0\x9F\x98(",
        "\xF0\x9F(\x98",
        "\xF0(\x9F\x98",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        for (size_t before = 0; before < 20; before++) {
            char bytes[64];
            uint32_t c;
            size_t length = strlen(bad[i]);
            memset(bytes, 'x', sizeof bytes);
            memcpy(bytes + before, bad[i], length);
            news_str s = news_str_of(bytes, before + length + 12);
            assert_int_equal(news_utf8_valid_prefix(s), before);
            assert_int_equal(news_utf8_decode(s, before, &c), 1);
            assert_int_equal(c, 0xFFFD);
        }
}

static void a_byte_cut_off_is_not_read(void **state)
{
    (void)state;
    news_str euro = NEWS_STR("0123456789\xE2\x82\xAC");
    for (size_t length = 0; length <= euro.len; length++)
        assert_int_equal(news_utf8_valid_prefix(news_str_of(euro.ptr, length)), length < 10 ? length
                                                                                : length < euro.len
                                                                                    ? 10
                                                                                    : euro.len);
}

static void code_points_are_counted(void **state)
{
    (void)state;
    assert_int_equal(news_utf8_count(NEWS_STR_NONE), 0);
    assert_int_equal(news_utf8_count(NEWS_STR("twelve bytes")), 12);
    assert_int_equal(news_utf8_count(NEWS_STR("déjà vu, 日本 and 👍")), 17);
    assert_int_equal(news_utf8_count(NEWS_STR("a\xFF\x80z")), 4); /* each bad byte is one */
}

static void counting_agrees_with_decoding_on_any_bytes(void **state)
{
    (void)state;
    static const char pieces[] = "abc\x80\xBF\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\xFF";
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = pieces[(seed >> 16) % (sizeof pieces - 1)];
        }
        news_str s = news_str_of(bytes, sizeof bytes);
        size_t count = 0, valid = SIZE_MAX;
        for (size_t at = 0; at < s.len; count++) {
            uint32_t c;
            size_t length = news_utf8_decode(s, at, &c);
            if (c == 0xFFFD && valid == SIZE_MAX)
                valid = at;
            at += length;
        }
        assert_int_equal(news_utf8_count(s), count);
        assert_int_equal(news_utf8_valid_prefix(s), valid == SIZE_MAX ? s.len : valid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_goes_both_ways),
        cmocka_unit_test(what_is_no_code_point_is_written_as_replacement),
        cmocka_unit_test(bad_sequences_end_the_valid_prefix),
        cmocka_unit_test(a_byte_cut_off_is_not_read),
        cmocka_unit_test(code_points_are_counted),
        cmocka_unit_test(counting_agrees_with_decoding_on_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
