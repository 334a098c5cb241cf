/* The names of hosts in ASCII: each label outside ASCII is mapped (NFKC, case folded) and written
 * in punycode (RFC 3492), as UTS #46 has it without its transition from IDNA 2003: ß, final sigma
 * and the joiners are letters of their own, so that "straße.example" leads where browsers lead.
 *
 * Nothing is allocated: a label of 63 bytes bounds everything. */
#include <utf8proc.h>

#include "text/text.h"

enum { LONGEST_LABEL = 63, LONGEST_SOURCE = 4 * LONGEST_LABEL, MAPPED = 256 };

/* ---- Punycode (RFC 3492, section 6) ---- */

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 128 };

static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

typedef struct {
    char bytes[LONGEST_LABEL];
    size_t len; /* past LONGEST_LABEL: it did not fit */
} label_text;

static void add(label_text *out, char c)
{
    if (out->len < LONGEST_LABEL)
        out->bytes[out->len] = c;
    out->len++;
}

/* A number of variable length; its digits are a to z, 0 to 9. */
static void add_number(label_text *out, uint32_t number, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        uint32_t digit = number < t ? number : t + (number - t) % (BASE - t);
        add(out, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
        if (number < t)
            return;
        number = (number - t) / (BASE - t);
    }
}

/* `count` code points, at most LONGEST_LABEL, so that delta cannot overflow. */
static void punycode(const int32_t *input, uint32_t count, label_text *out)
{
    uint32_t code = FIRST_CODE, delta = 0, bias = FIRST_BIAS, handled = 0;
    for (uint32_t i = 0; i < count; i++)
        if (input[i] < FIRST_CODE) {
            add(out, (char)input[i]);
            handled++;
        }
    const uint32_t basic = handled;
    if (basic != 0)
        add(out, '-');
    while (handled < count) {
        uint32_t least = UINT32_MAX;
        for (uint32_t i = 0; i < count; i++)
            if ((uint32_t)input[i] >= code && (uint32_t)input[i] < least)
                least = (uint32_t)input[i];
        delta += (least - code) * (handled + 1);
        code = least;
        for (uint32_t i = 0; i < count; i++) {
            if ((uint32_t)input[i] < code)
                delta++;
            if ((uint32_t)input[i] == code) {
                add_number(out, delta, bias);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
        }
        delta++;
        code++;
    }
}

/* ---- Mapping ---- */

/* Letters that the mapping would lose; each travels as a noncharacter, which no label may hold. */
static const int32_t kept[] = {0xDF, 0x3C2, 0x200C, 0x200D};
enum { STAND_IN = 0xFDD0 };

static utf8proc_int32_t hide(utf8proc_int32_t c, void *ud)
{
    (void)ud;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(kept); i++)
        if (c == kept[i])
            return STAND_IN + (utf8proc_int32_t)i;
    return c;
}

static int32_t unhide(int32_t c)
{
    bool hidden = c >= STAND_IN && c < STAND_IN + (int32_t)NEWS_ARRAY_LENGTH(kept);
    return hidden ? kept[c - STAND_IN] : c;
}

static bool holds_noncharacter(news_str label)
{
    uint32_t c;
    for (size_t at = 0; at < label.len;) {
        at += news_utf8_decode(label, at, &c);
        if ((c >= STAND_IN && c < STAND_IN + 32) || (c & 0xFFFE) == 0xFFFE)
            return true;
    }
    return false;
}

/* Whether a mapped label may hold c. Above all, nothing that would end the name: the mapping makes
 * "a/c" of U+2100. */
static bool fits_label(int32_t c)
{
    if (c < 0x80)
        return news_is_alnum((char)c) || c == '-' || c == '_';
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    case UTF8PROC_CATEGORY_CF: return hide(c, NULL) != c;
    default: return c != 0xFFFD;
    }
}

/* Maps a label into `out`, which has room for MAPPED code points; 0 when it cannot be a name. */
static size_t map_label(news_str label, int32_t *out)
{
    const utf8proc_option_t options =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    if (label.len > LONGEST_SOURCE || news_utf8_valid_prefix(label) != label.len ||
        holds_noncharacter(label))
        return 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_custom((const utf8proc_uint8_t *)label.ptr, (utf8proc_ssize_t)label.len,
                                  out, MAPPED, options, hide, NULL);
    if (count <= 0 || count > MAPPED)
        return 0;
    count = utf8proc_normalize_utf32(out, count, options);
    if (count <= 0 || count > LONGEST_LABEL)
        return 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        out[i] = unhide(out[i]);
        if (!fits_label(out[i]))
            return 0;
    }
    utf8proc_category_t first = utf8proc_category(out[0]);
    bool is_mark = first == UTF8PROC_CATEGORY_MN || first == UTF8PROC_CATEGORY_MC ||
                   first == UTF8PROC_CATEGORY_ME;
    return is_mark ? 0 : (size_t)count;
}

static bool append_label(news_buf *buf, news_str label)
{
    int32_t mapped[MAPPED];
    if (news_is_ascii(label)) {
        for (size_t i = 0; i < label.len; i++)
            if (!fits_label(label.ptr[i]))
                return false;
        news_buf_append_str(buf, label);
        return true;
    }
    size_t count = map_label(label, mapped);
    if (count == 0)
        return false;
    label_text ascii = {.len = 0};
    bool outside = false;
    for (size_t i = 0; i < count; i++)
        outside |= mapped[i] >= 0x80;
    if (outside) {
        if (count >= 4 && mapped[2] == '-' && mapped[3] == '-')
            return false; /* such names are punycode already, or reserved */
        for (const char *p = "xn--"; *p != '\0'; p++)
            add(&ascii, *p);
        punycode(mapped, (uint32_t)count, &ascii);
    } else {
        for (size_t i = 0; i < count; i++)
            add(&ascii, (char)mapped[i]);
    }
    if (ascii.len > LONGEST_LABEL)
        return false;
    news_buf_append(buf, ascii.bytes, ascii.len);
    return true;
}

/* ---- Names ---- */

/* The full stop and its kin in ideographic writing, which also part labels. */
static bool is_dot(uint32_t c)
{
    return c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61;
}

static bool append_labels(news_buf *buf, news_str host)
{
    size_t start = 0, next;
    for (size_t at = 0; at < host.len; at = next) {
        uint32_t c;
        next = at + news_utf8_decode(host, at, &c);
        if (!is_dot(c))
            continue;
        if (!append_label(buf, news_str_of(host.ptr + start, at - start)))
            return false;
        news_buf_append_char(buf, '.');
        start = next;
    }
    return append_label(buf, news_str_skip(host, start));
}

bool news_host_append(news_buf *buf, news_str host)
{
    const size_t before = buf->len;
    if (!news_is_ascii(host) && append_labels(buf, host))
        return true;
    buf->len = before;
    return false;
}
