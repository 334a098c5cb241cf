/* Bodies of messages: quoted-printable and base64 as the RFCs have them, the choice between them,
 * and that decoding gives back what was encoded, whatever it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mail/mail.h"
#include "text/text.h"

#include "mail_decode.h"

enum { ROUNDS = 3000 };

static news_heap heap;

static int set_up(void **state)
{
    (void)state;
    news_heap_init(&heap, NULL, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(heap.used, 0);
    return 0;
}

static news_buf new_buf(void)
{
    news_buf buf;
    news_buf_init(&buf, &heap, 1 << 24);
    return buf;
}

static void assert_bytes(news_str got, news_str expected)
{
    assert_int_equal(got.len, expected.len);
    if (got.len != 0)
        assert_memory_equal(got.ptr, expected.ptr, got.len);
}

/* ---- Quoted-printable ---- */

static void assert_quoted(const char *text, const char *expected)
{
    news_buf out = new_buf();
    news_transfer_append(&out, news_str_from(text), NEWS_TRANSFER_QUOTED_PRINTABLE);
    assert_bytes(news_buf_str(&out), news_str_from(expected));
    news_buf_free(&out);
}

static void quoted_printable(void **state)
{
    (void)state;
    assert_quoted("", "");
    assert_quoted("plain", "plain\r\n");
    assert_quoted("\n\r\r\n", "\r\n\r\n\r\n");
    assert_quoted("a=b\n", "a=3Db\r\n");
    assert_quoted("\xC3\xA9\n", "=C3=A9\r\n");
    assert_quoted("a\tb \nc\t\nd  \n", "a\tb=20\r\nc=09\r\nd =20\r\n");
    assert_quoted(" \n", "=20\r\n");
    assert_quoted(".\n..\na.\n", "=2E\r\n=2E.\r\na.\r\n");
    assert_quoted("From me\nFrom\nfrom x\n From\n", "=46rom me\r\nFrom\r\nfrom x\r\n From\r\n");
    assert_quoted("\x01\x7F\f\n", "=01=7F=0C\r\n");
    /* The example of RFC 2045, section 6.7, but that a long line ends as late as it may. */
    assert_quoted("Now's the time for all folk to come to the aid of their country.",
                  "Now's the time for all folk to come to the aid of their country.\r\n");
}

static void append_times(news_buf *buf, char c, size_t times)
{
    while (times-- != 0)
        news_buf_append_char(buf, c);
}

/* `plain` times "x", then `rest`. */
static void assert_line_of(size_t plain, const char *rest, size_t first, const char *expected)
{
    news_buf text = new_buf(), out = new_buf(), wanted = new_buf();
    append_times(&text, 'x', plain);
    news_buf_append_str(&text, news_str_from(rest));
    append_times(&wanted, 'x', first);
    news_buf_append_str(&wanted, news_str_from(expected));
    news_quoted_printable_append(&out, news_buf_str(&text));
    assert_bytes(news_buf_str(&out), news_buf_str(&wanted));
    news_buf_free(&text);
    news_buf_free(&out);
    news_buf_free(&wanted);
}

static void quoted_printable_at_the_edge(void **state)
{
    (void)state;
    assert_line_of(76, "", 76, "");
    assert_line_of(77, "", 75, "=\r\nxx");
    assert_line_of(75, "=", 75, "=\r\n=3D");
    assert_line_of(73, "=", 73, "=3D");
    assert_line_of(73, "=y", 73, "=\r\n=3Dy");
    assert_line_of(72, "=y", 72, "=3Dy");
    assert_line_of(73, " ", 73, "=20");
    assert_line_of(75, " ", 75, "=\r\n=20");
    assert_line_of(74, " y", 74, " y");
    assert_line_of(75, " y", 75, "=\r\n y");
    /* Characters stay whole, and so do the guards at the start of a line that is not the first. */
    assert_line_of(70, "\xE2\x82\xAC", 70, "=\r\n=E2=82=AC");
    assert_line_of(67, "\xE2\x82\xAC", 67, "=E2=82=AC");
    assert_line_of(75, ".y", 75, "=\r\n=2Ey");
    assert_line_of(75, "From y", 75, "=\r\n=46rom y");
}

/* Line ends as they come out. */
static void append_canonical(news_buf *out, news_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '\r' && c != '\n') {
            news_buf_append_char(out, c);
            continue;
        }
        news_buf_append(out, "\r\n", 2);
        if (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')
            i++;
    }
    if (text.len != 0 && text.ptr[text.len - 1] != '\n' && text.ptr[text.len - 1] != '\r')
        news_buf_append(out, "\r\n", 2);
}

/* Bytes of every sort, in runs that are often near the length of a line. */
static void random_bytes(dice *d, news_buf *out)
{
    static const char some[] = "abc =.\t\r\n\xC3\xA9\xE2\x82\xAC\x01_-F";
    news_buf_clear(out);
    for (uint32_t runs = throw_dice(d, 6); runs != 0; runs--) {
        append_times(out, some[throw_dice(d, sizeof some - 1)], throw_dice(d, 80));
        for (uint32_t left = throw_dice(d, 20); left != 0; left--)
            news_buf_append_char(out, throw_dice(d, 2) != 0 ? some[throw_dice(d, sizeof some - 1)]
                                                            : (char)throw_dice(d, 256));
        if (throw_dice(d, 4) == 0)
            news_buf_append(out, throw_dice(d, 2) != 0 ? "From x" : "--=_1x", 6);
    }
}

static void assert_no_guarded_start(news_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (i == 0 || text.ptr[i - 1] == '\n') {
            news_str line = news_str_skip(text, i);
            assert_true(line.ptr[0] != '.');
            assert_false(news_str_starts(line, NEWS_STR("From ")));
            assert_false(news_str_starts(line, NEWS_STR("--=_")));
        }
}

static void every_text_comes_back(void **state)
{
    (void)state;
    dice d = {1};
    news_buf text = new_buf(), wanted = new_buf(), out = new_buf(), back = new_buf();
    size_t chosen[4] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        if (round % 3 == 0)
            random_text(&d, &text, 200);
        else
            random_bytes(&d, &text);
        news_buf_clear(&wanted);
        append_canonical(&wanted, news_buf_str(&text));
        for (int transfer = NEWS_TRANSFER_7BIT; transfer <= NEWS_TRANSFER_BASE64 + 2; transfer++) {
            /* Each of the encodings, and then what is chosen, with 8bit and without. */
            news_transfer used = (news_transfer)transfer;
            if (transfer > NEWS_TRANSFER_BASE64) {
                used = news_transfer_choose(news_buf_str(&text), transfer == 5);
                chosen[used]++;
            } else if (transfer < NEWS_TRANSFER_QUOTED_PRINTABLE) {
                continue;
            }
            news_buf_clear(&out);
            news_buf_clear(&back);
            news_transfer_append(&out, news_buf_str(&text), used);
            assert_lines(news_buf_str(&out), used == NEWS_TRANSFER_8BIT   ? 998
                                             : used == NEWS_TRANSFER_7BIT ? 78
                                                                          : 76);
            assert_no_guarded_start(news_buf_str(&out));
            if (used == NEWS_TRANSFER_BASE64)
                decode_base64(&back, news_buf_str(&out));
            else if (used == NEWS_TRANSFER_QUOTED_PRINTABLE)
                decode_quoted_printable(&back, news_buf_str(&out));
            else
                news_buf_append_str(&back, news_buf_str(&out));
            if (used != NEWS_TRANSFER_8BIT)
                assert_true(news_is_ascii(news_buf_str(&out)));
            assert_bytes(news_buf_str(&back), news_buf_str(&wanted));
        }
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(chosen); i++)
        assert_true(chosen[i] != 0);
    news_buf_free(&text);
    news_buf_free(&wanted);
    news_buf_free(&out);
    news_buf_free(&back);
}

/* ---- base64 ---- */

static void base64_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    char out[76];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(vectors); i++) {
        size_t length = news_base64_encode(news_str_from(vectors[i][0]), out);
        assert_bytes(news_str_of(out, length), news_str_from(vectors[i][1]));
    }
}

/* However the bytes are handed over, the lines are the same. */
static void base64_in_pieces(void **state)
{
    (void)state;
    dice d = {2};
    news_buf bytes = new_buf(), out = new_buf(), back = new_buf();
    for (int round = 0; round < 300; round++) {
        news_base64 base64;
        news_buf_clear(&bytes);
        for (uint32_t left = throw_dice(&d, 400); left != 0; left--)
            news_buf_append_char(&bytes, (char)throw_dice(&d, 256));
        news_buf_clear(&out);
        news_buf_clear(&back);
        news_base64_begin(&base64, &out);
        for (news_str rest = news_buf_str(&bytes); rest.len != 0;) {
            size_t taken = 1 + throw_dice(&d, 130);
            taken = taken < rest.len ? taken : rest.len;
            news_base64_add(&base64, news_str_of(rest.ptr, taken));
            rest = news_str_skip(rest, taken);
        }
        news_base64_end(&base64);
        assert_lines(news_buf_str(&out), 76);
        assert_int_equal(out.len, (bytes.len + 2) / 3 * 4 + (bytes.len + 56) / 57 * 2);
        decode_base64(&back, news_buf_str(&out));
        assert_bytes(news_buf_str(&back), news_buf_str(&bytes));
    }
    news_buf_free(&bytes);
    news_buf_free(&out);
    news_buf_free(&back);
}

/* ---- The choice ---- */

static news_transfer choice(const char *text, bool allow_8bit)
{
    return news_transfer_choose(news_str_from(text), allow_8bit);
}

static void the_choice(void **state)
{
    (void)state;
    char line[1002];
    assert_int_equal(choice("", false), NEWS_TRANSFER_7BIT);
    assert_int_equal(choice("Short.\n\nLines.\n", true), NEWS_TRANSFER_7BIT);
    assert_int_equal(choice("tab\tin it\r\n", false), NEWS_TRANSFER_7BIT);
    static const char *const at_risk[] = {"a \nb",  "a\t",  ".",    ".a",
                                          "From a", "--=_", "\x01", "\x7F"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(at_risk); i++)
        for (int allow = 0; allow < 2; allow++)
            assert_int_equal(choice(at_risk[i], allow != 0), NEWS_TRANSFER_QUOTED_PRINTABLE);
    assert_int_equal(choice("caf\xC3\xA9 au lait", false), NEWS_TRANSFER_QUOTED_PRINTABLE);
    assert_int_equal(choice("caf\xC3\xA9 au lait", true), NEWS_TRANSFER_8BIT);
    assert_int_equal(choice("ab\xC3\xA9", false), NEWS_TRANSFER_QUOTED_PRINTABLE); /* half */
    assert_int_equal(choice("a\xC3\xA9", false), NEWS_TRANSFER_BASE64);
    memset(line, 'x', sizeof line);
    assert_int_equal(news_transfer_choose(news_str_of(line, 78), false), NEWS_TRANSFER_7BIT);
    assert_int_equal(news_transfer_choose(news_str_of(line, 79), false),
                     NEWS_TRANSFER_QUOTED_PRINTABLE);
    assert_int_equal(news_transfer_choose(news_str_of(line, 998), true), NEWS_TRANSFER_8BIT);
    assert_int_equal(news_transfer_choose(news_str_of(line, 999), true),
                     NEWS_TRANSFER_QUOTED_PRINTABLE);
    line[500] = '\r'; /* a line end like another */
    assert_int_equal(news_transfer_choose(news_str_of(line, 999), true), NEWS_TRANSFER_8BIT);
}

/* ---- Memory ---- */

static void a_full_buffer_ends_it(void **state)
{
    (void)state;
    static const char text[] = "caf\xC3\xA9 \n.\n\xE2\x82\xAC\xE2\x82\xAC\n";
    for (int transfer = NEWS_TRANSFER_7BIT; transfer <= NEWS_TRANSFER_BASE64; transfer++)
        for (size_t max = 0;; max++) {
            news_buf out;
            news_buf_init(&out, &heap, max);
            news_transfer_append(&out, news_str_from(text), (news_transfer)transfer);
            news_status status = out.status;
            assert_true(out.len <= max);
            news_buf_free(&out);
            if (status == NEWS_OK)
                break;
            assert_int_equal(status, NEWS_ERR_LIMIT);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_printable),      cmocka_unit_test(quoted_printable_at_the_edge),
        cmocka_unit_test(every_text_comes_back), cmocka_unit_test(base64_of_rfc_4648),
        cmocka_unit_test(base64_in_pieces),      cmocka_unit_test(the_choice),
        cmocka_unit_test(a_full_buffer_ends_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
