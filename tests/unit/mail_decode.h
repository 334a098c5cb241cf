/* What reads messages back, for the tests of the mail room: written from the RFCs alone and sharing
 * nothing with the library, as strict as they allow. Results are in buffers that the caller frees.
 */
#ifndef MAIL_DECODE_H
#define MAIL_DECODE_H

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static inline int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    assert_non_null(at); /* in capitals: RFC 2045, section 6.7 */
    return (int)(at - digits);
}

/* ---- Lines ---- */

/* Every line ends with CRLF and is at most `most` long. */
static inline void assert_lines(news_str text, size_t most)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\r') {
            assert_true(i + 1 < text.len && text.ptr[i + 1] == '\n');
            assert_true(i - begin <= most);
            begin = i + 2;
            i++;
        } else {
            assert_true(text.ptr[i] != '\n');
        }
    }
    assert_int_equal(begin, text.len);
}

/* ---- Quoted-printable and base64 ---- */

static inline void decode_quoted_printable(news_buf *out, news_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '=' && i + 2 < text.len && text.ptr[i + 1] == '\r') {
            assert_int_equal(text.ptr[i + 2], '\n');
            i += 2;
        } else if (c == '=') {
            assert_true(i + 2 < text.len);
            news_buf_append_char(
                out, (char)(hex_digit(text.ptr[i + 1]) * 16 + hex_digit(text.ptr[i + 2])));
            i += 2;
        } else {
            bool white = c == ' ' || c == '\t';
            assert_true(white || c == '\r' || c == '\n' || (c > ' ' && c <= '~'));
            if (white) /* never at the end of a line */
                assert_true(i + 1 < text.len && text.ptr[i + 1] != '\r');
            news_buf_append_char(out, c);
        }
    }
}

static inline void decode_base64(news_buf *out, news_str text)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned long bits = 0;
    size_t count = 0, padding = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\r' || c == '\n')
            continue;
        const char *at = strchr(alphabet, c);
        assert_true(c == '=' || (at != NULL && padding == 0));
        padding += c == '=';
        bits = bits << 6 | (c == '=' ? 0 : (unsigned long)(at - alphabet));
        if (++count % 4 == 0) {
            const char bytes[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
            assert_true(padding <= 2);
            news_buf_append(out, bytes, 3 - padding);
            bits = 0;
        }
    }
    assert_int_equal(count % 4, 0);
}

/* ---- Header fields ---- */

/* Without the ends of its lines, each of which is followed by white space (RFC 5322,
 * section 2.2.3); no line is white alone. */
static inline void unfold(news_buf *out, news_str field)
{
    bool white = true;
    for (size_t i = 0; i < field.len; i++) {
        if (field.ptr[i] != '\r') {
            white = white && field.ptr[i] == ' ';
            news_buf_append_char(out, field.ptr[i]);
            continue;
        }
        assert_false(white);
        i++;
        if (i + 1 < field.len)
            assert_int_equal(field.ptr[i + 1], ' ');
        white = true;
    }
}

/* The encoded words of an unfolded text decoded, white space between two of them dropped. */
static inline void decode_words(news_buf *out, news_str text)
{
    const news_str opening = NEWS_STR("=?UTF-8?");
    size_t at = 0;
    while (at < text.len) {
        size_t word = news_str_find(text, opening, at);
        if (word == SIZE_MAX) {
            news_buf_append(out, text.ptr + at, text.len - at);
            return;
        }
        news_buf_append(out, text.ptr + at, word - at);
        for (;;) {
            size_t body = word + opening.len + 2;
            size_t end = news_str_find(text, NEWS_STR("?="), body);
            assert_true(end != SIZE_MAX && end > body && end + 2 - word <= 75);
            news_str payload = news_str_of(text.ptr + body, end - body);
            char method = text.ptr[body - 2];
            size_t before = out->len;
            assert_true(method == 'Q' || method == 'B');
            if (method == 'B')
                decode_base64(out, payload);
            for (size_t i = 0; method == 'Q' && i < payload.len; i++) {
                char c = payload.ptr[i];
                if (c == '=') {
                    assert_true(i + 2 < payload.len);
                    c = (char)(hex_digit(payload.ptr[i + 1]) * 16 + hex_digit(payload.ptr[i + 2]));
                    i += 2;
                } else {
                    assert_true(news_is_alnum(c) || strchr("!*+-/_", c) != NULL);
                    c = c == '_' ? ' ' : c;
                }
                news_buf_append_char(out, c);
            }
            news_str word_text = news_str_of(out->ptr + before, out->len - before);
            assert_int_equal(news_utf8_valid_prefix(word_text), word_text.len);
            at = end + 2;
            size_t next = at;
            while (next < text.len && text.ptr[next] == ' ')
                next++;
            if (next == at || !news_str_starts(news_str_skip(text, next), opening))
                break;
            word = next;
        }
    }
}

/* The value of a parameter in an unfolded field, whichever of its forms it has. */
static inline void decode_parameter(news_buf *out, news_str field, const char *name)
{
    news_str rest = field;
    char wanted[64];
    for (unsigned piece = 0;; piece++) {
        bool extended = true;
        (void)snprintf(wanted, sizeof wanted, "; %s*%u*=", name, piece);
        size_t at = news_str_find(rest, news_str_from(wanted), 0);
        if (at == SIZE_MAX && piece == 0) {
            (void)snprintf(wanted, sizeof wanted, "; %s*=", name);
            at = news_str_find(rest, news_str_from(wanted), 0);
        }
        if (at == SIZE_MAX && piece == 0) {
            (void)snprintf(wanted, sizeof wanted, "; %s=", name);
            at = news_str_find(rest, news_str_from(wanted), 0);
            assert_true(at != SIZE_MAX);
            extended = false;
        }
        if (at == SIZE_MAX)
            return;
        rest = news_str_skip(rest, at + strlen(wanted));
        if (!extended) {
            bool quoted = rest.ptr[0] == '"';
            size_t end = news_str_find(rest, quoted ? NEWS_STR("\"") : NEWS_STR(";"), quoted);
            news_buf_append(out, rest.ptr + quoted, (end < rest.len ? end : rest.len) - quoted);
            return;
        }
        if (piece == 0) {
            assert_true(news_str_starts(rest, NEWS_STR("UTF-8''")));
            rest = news_str_skip(rest, 7);
        }
        size_t before = out->len;
        while (rest.len != 0 && rest.ptr[0] != ';') {
            if (rest.ptr[0] == '%') {
                news_buf_append_char(out,
                                     (char)(hex_digit(rest.ptr[1]) * 16 + hex_digit(rest.ptr[2])));
                rest = news_str_skip(rest, 3);
            } else {
                assert_true(news_is_alnum(rest.ptr[0]) ||
                            strchr("!#$&+-.^_`{|}~", rest.ptr[0]) != NULL);
                news_buf_append_char(out, rest.ptr[0]);
                rest = news_str_skip(rest, 1);
            }
        }
        news_str text = news_str_of(out->ptr + before, out->len - before);
        assert_int_equal(news_utf8_valid_prefix(text), text.len);
    }
}

/* ---- Texts at random ---- */

typedef struct {
    uint64_t state;
} dice;

static inline uint32_t throw_dice(dice *d, uint32_t sides)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(d->state >> 33) % sides;
}

/* Any code point that a header may hold; often one of a few that matter. */
static inline uint32_t random_character(dice *d)
{
    static const uint32_t special[] = {' ',  '=',   '?',    '_',     '"',     '\\',  '.',    ',',
                                       '%',  '\'',  '*',    ';',     0xE9,    0x301, 0x200D, 0xFE0F,
                                       0x6F, 0x6F2, 0x3042, 0x1F469, 0x1F1E9, 0x20AC};
    for (;;) {
        uint32_t kind = throw_dice(d, 8), c;
        if (kind < 3)
            c = 'a' + throw_dice(d, 26);
        else if (kind < 6)
            c = special[throw_dice(d, NEWS_ARRAY_LENGTH(special))];
        else
            c = kind == 6 ? 0x20 + throw_dice(d, 0x5F) : throw_dice(d, 0x110000);
        bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
        if (!control && (c < 0xD800 || c > 0xDFFF))
            return c;
    }
}

static inline void random_text(dice *d, news_buf *out, size_t most)
{
    char bytes[4];
    news_buf_clear(out);
    for (size_t left = throw_dice(d, (uint32_t)most + 1); left != 0; left--) {
        size_t length = news_utf8_encode(random_character(d), bytes);
        news_buf_append(out, bytes, length);
    }
}

#endif
