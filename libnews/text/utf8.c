/* UTF-8 by RFC 3629: valid or not, decoded, encoded, counted; ASCII is skipped eight bytes at a
 * time. */
#include "text/text.h"

enum { REPLACEMENT = 0xFFFD };

/* Where the run of ASCII that begins at `at` ends. */
static size_t ascii_end(news_str s, size_t at)
{
    uint64_t bytes;
    while (s.len - at >= sizeof bytes) {
        memcpy(&bytes, s.ptr + at, sizeof bytes);
        if ((bytes & UINT64_C(0x8080808080808080)) != 0)
            break;
        at += sizeof bytes;
    }
    while (at < s.len && (unsigned char)s.ptr[at] < 0x80)
        at++;
    return at;
}

static bool is_continuation(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Length of the sequence of two or more bytes at s.ptr[at]; 0 when it is bad. The ranges are those
 * of the grammar in RFC 3629: the second byte tells overlong forms, surrogates and what lies past
 * U+10FFFF. */
static size_t sequence_length(news_str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    size_t left = s.len - at;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < 2 || !is_continuation(p[1]))
        return 0;
    if (p[0] < 0xE0)
        return 2;
    if (left < 3 || !is_continuation(p[2]))
        return 0;
    if (p[0] < 0xF0)
        return (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ? 0 : 3;
    if (left < 4 || !is_continuation(p[3]))
        return 0;
    return (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ? 0 : 4;
}

size_t news_utf8_valid_prefix(news_str s)
{
    size_t at = ascii_end(s, 0);
    while (at < s.len) {
        size_t length = sequence_length(s, at);
        if (length == 0)
            break;
        at += length;
        if (at < s.len && (unsigned char)s.ptr[at] < 0x80)
            at = ascii_end(s, at);
    }
    return at;
}

size_t news_utf8_decode(news_str s, size_t at, uint32_t *code_point)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    if (p[0] < 0x80) {
        *code_point = p[0];
        return 1;
    }
    switch (sequence_length(s, at)) {
    case 2: *code_point = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu); return 2;
    case 3: *code_point = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu); return 3;
    case 4:
        *code_point =
            (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
        return 4;
    default: *code_point = REPLACEMENT; return 1;
    }
}

size_t news_utf8_encode(uint32_t code_point, char *out)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = REPLACEMENT;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

size_t news_utf8_count(news_str s)
{
    size_t count = 0;
    for (size_t at = 0; at < s.len; count++) {
        if ((unsigned char)s.ptr[at] < 0x80) {
            size_t end = ascii_end(s, at);
            count += end - at - 1;
            at = end;
        } else {
            size_t length = sequence_length(s, at);
            at += length != 0 ? length : 1;
        }
    }
    return count;
}

size_t news_utf8_before(news_str s, size_t end, uint32_t *code_point)
{
    size_t at = end - 1;
    while (at != 0 && end - at < 4 && is_continuation(s.ptr[at]))
        at--;
    (void)news_utf8_decode(s, at, code_point);
    return at;
}

bool news_is_ascii(news_str s)
{
    unsigned char all = 0;
    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.ptr[i];
    return all < 0x80;
}
