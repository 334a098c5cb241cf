/* base64 (RFC 4648, section 4), for bodies in lines of 76 (RFC 2045, section 6.8). */
#include "mail/mail.h"

enum { LONGEST_LINE = 76 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_three(const unsigned char *from, char *to)
{
    to[0] = alphabet[from[0] >> 2];
    to[1] = alphabet[(from[0] & 3) << 4 | from[1] >> 4];
    to[2] = alphabet[(from[1] & 15) << 2 | from[2] >> 6];
    to[3] = alphabet[from[2] & 63];
}

size_t news_base64_encode(news_str bytes, char *out)
{
    const unsigned char *from = (const unsigned char *)bytes.ptr;
    char *to = out;
    size_t left = bytes.len;
    for (; left >= 3; left -= 3, from += 3, to += 4)
        encode_three(from, to);
    if (left != 0) {
        const unsigned char last[3] = {from[0], left == 2 ? from[1] : 0, 0};
        encode_three(last, to);
        to[3] = '=';
        if (left == 1)
            to[2] = '=';
        to += 4;
    }
    return (size_t)(to - out);
}

static void append_line(news_buf *out, news_str bytes)
{
    char line[LONGEST_LINE + 2];
    size_t length = news_base64_encode(bytes, line);
    line[length++] = '\r';
    line[length++] = '\n';
    news_buf_append(out, line, length);
}

void news_base64_begin(news_base64 *base64, news_buf *out)
{
    base64->out = out;
    base64->len = 0;
}

void news_base64_add(news_base64 *base64, news_str bytes)
{
    while (bytes.len != 0 && base64->out->status == NEWS_OK) {
        if (base64->len == 0 && bytes.len >= NEWS_BASE64_BYTES_A_LINE) {
            append_line(base64->out, news_str_of(bytes.ptr, NEWS_BASE64_BYTES_A_LINE));
            bytes = news_str_skip(bytes, NEWS_BASE64_BYTES_A_LINE);
            continue;
        }
        size_t room = NEWS_BASE64_BYTES_A_LINE - base64->len;
        size_t taken = bytes.len < room ? bytes.len : room;
        memcpy(base64->line + base64->len, bytes.ptr, taken);
        base64->len += taken;
        bytes = news_str_skip(bytes, taken);
        if (base64->len == NEWS_BASE64_BYTES_A_LINE) {
            append_line(base64->out, news_str_of(base64->line, base64->len));
            base64->len = 0;
        }
    }
}

void news_base64_end(news_base64 *base64)
{
    if (base64->len != 0)
        append_line(base64->out, news_str_of(base64->line, base64->len));
    base64->len = 0;
}
