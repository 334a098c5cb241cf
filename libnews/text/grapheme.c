/* Extended grapheme clusters, by utf8proc; two ASCII characters in a row need not be asked about.
 */
#include <utf8proc.h>

#include "text/grapheme.h"
#include "text/line_break_table.h"
#include "text/text.h"

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* utf8proc knows assigned code points only, but the standard also gives properties to some that are
 * not: to those kept for emoji and for characters that are never seen. For such a one, an assigned
 * one that behaves alike. */
static utf8proc_int32_t stand_in(uint32_t c)
{
    enum { GRINNING_FACE = 0x1F600, ZERO_WIDTH_SPACE = 0x200B };
    bool is_tag = (c >= 0xE0020 && c <= 0xE007F) || (c >= 0xE0100 && c <= 0xE01EF);
    if (c == 0x2065 || (c >= 0xFFF0 && c <= 0xFFF8) || (c >= 0xE0000 && c <= 0xE0FFF && !is_tag))
        return ZERO_WIDTH_SPACE;
    if (c >= 0x1F000 && news_line_class(c) == NEWS_LINE_CLASS_XP)
        return GRINNING_FACE;
    return (utf8proc_int32_t)c;
}

/* The letters and signs of much writing, none of which joins with a neighbour of these. */
static bool stands_alone(uint32_t c)
{
    if (c < 0x300)
        return (c >= ' ' && c < 0x7F) || c > 0xAE;
    return (c >= 0x370 && c < 0x483) ||   /* Greek, Cyrillic */
           (c >= 0x4E00 && c < 0xA000) || /* ideographs */
           (c >= 0x2010 && c < 0x2028) || /* dashes, quotation marks */
           (c >= 0x3040 && c < 0x3099) || /* Hiragana */
           (c >= 0x30A0 && c < 0x3100) || /* Katakana */
           (c >= 0x3001 && c < 0x302A) || (c >= 0xFF01 && c < 0xFF60);
}

bool news_grapheme_breaks(uint32_t before, uint32_t after, int32_t *state)
{
    if (stands_alone(after) && stands_alone(before))
        return true;
    return utf8proc_grapheme_break_stateful(stand_in(before), stand_in(after), state);
}

size_t news_grapheme_end(news_str s, size_t at)
{
    if (at >= s.len)
        return s.len;
    if (is_ascii(s.ptr[at]) && (at + 1 == s.len || is_ascii(s.ptr[at + 1])))
        return at + 1 + (at + 1 < s.len && s.ptr[at] == '\r' && s.ptr[at + 1] == '\n');
    uint32_t before, after;
    int32_t state = 0;
    at += news_utf8_decode(s, at, &before);
    while (at < s.len) {
        size_t length = news_utf8_decode(s, at, &after);
        if (news_grapheme_breaks(before, after, &state))
            break;
        at += length;
        before = after;
    }
    return at;
}
