/* What sort of character a code point is. */
#include <utf8proc.h>

#include "text/text.h"

bool news_is_word_character(uint32_t code_point)
{
    if (code_point < 0x80)
        return news_is_alnum((char)code_point);
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
    }
}

bool news_is_punctuation(uint32_t code_point)
{
    if (code_point < 0x80)
        return news_is_punct((char)code_point);
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return true;
    default: return false;
    }
}

bool news_is_cjk(uint32_t code_point)
{
    return (code_point >= 0x2E80 && code_point <= 0x312F) || /* radicals, punctuation, kana */
           (code_point >= 0x3190 && code_point <= 0x9FFF) || /* … to the unified ideographs */
           (code_point >= 0xF900 && code_point <= 0xFAFF) || /* compatibility ideographs */
           (code_point >= 0xFE30 && code_point <= 0xFE4F) || /* vertical forms */
           (code_point >= 0xFF01 && code_point <= 0xFF9F) || /* fullwidth and halfwidth forms */
           (code_point >= 0x20000 && code_point <= 0x3FFFD); /* the ideographic planes */
}

size_t news_slug(news_str s, char *to)
{
    size_t at = 0, len = 0;
    bool gap = false;
    while (at < s.len) {
        char encoded[4];
        size_t encoded_len = 0;
        uint32_t c = (unsigned char)s.ptr[at];
        at += c < 0x80 ? 1 : news_utf8_decode(s, at, &c);
        if (c < 0x80 && news_is_alnum((char)c)) {
            encoded[0] = news_to_lower((char)c);
            encoded_len = 1;
        } else if (c >= 0x80 && news_is_word_character(c)) {
            encoded_len =
                news_utf8_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)c), encoded);
        }
        if (encoded_len == 0) {
            gap = true;
            continue;
        }
        if (gap && len != 0)
            to[len++] = '-';
        gap = false;
        memcpy(to + len, encoded, encoded_len);
        len += encoded_len;
    }
    return len;
}

bool news_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}
