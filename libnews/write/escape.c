/* Escaping: a table of 256 classes per context tells which bytes pass; runs of those are copied
 * whole. Whatever comes in, what goes out is valid UTF-8 without control characters. */
#include "write/writer.h"

enum {
    CLEAN,
    REPLACED, /* by U+FFFD */
    AMPERSAND,
    LESS,
    GREATER,
    DOUBLE_QUOTE,
    SINGLE_QUOTE,
    LEAD,        /* begins a character of several bytes, if it is valid */
    SUSPECT_LEAD /* the same, and C1 controls or noncharacters begin so */
};

/* clang-format off */
#define X REPLACED
#define L LEAD
#define S SUSPECT_LEAD
#define ZEROS_16 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define LEADS_16 L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L
/* What differs is given: the classes of tab and LF, FF, CR, " & ' < and >. */
#define TABLE(lf, ff, cr, double_quote, ampersand, single_quote, less, greater) {                  \
    X, X, X, X, X, X, X, X, X, lf, lf, X, ff, cr, X, X,                                            \
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,                                                \
    0, 0, double_quote, 0, 0, 0, ampersand, single_quote, 0, 0, 0, 0, 0, 0, 0, 0,                  \
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, less, 0, greater, 0,                                       \
    ZEROS_16, ZEROS_16, ZEROS_16,                                                                  \
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, X,                                                \
    LEADS_16, LEADS_16, LEADS_16, LEADS_16,                                                        \
    L, L, S, L, L, L, L, L, L, L, L, L, L, L, L, L, LEADS_16,                                      \
    L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, S, LEADS_16                                       \
}

const uint8_t news_table_text[256] = TABLE(0, X, X, 0, 0, 0, 0, 0);
const uint8_t news_table_header[256] = TABLE(X, X, X, 0, 0, 0, 0, 0);
const uint8_t news_table_xml[256] =
    TABLE(0, X, 0, DOUBLE_QUOTE, AMPERSAND, SINGLE_QUOTE, LESS, GREATER);
const uint8_t news_table_html_text[256] = TABLE(0, 0, 0, 0, AMPERSAND, 0, LESS, GREATER);
const uint8_t news_table_html_attribute[256] =
    TABLE(0, 0, 0, DOUBLE_QUOTE, AMPERSAND, SINGLE_QUOTE, LESS, GREATER);
/* clang-format on */

static const news_str replacements[] = {
    [REPLACED] = {"\xEF\xBF\xBD", 3}, [AMPERSAND] = {"&amp;", 5},     [LESS] = {"&lt;", 4},
    [GREATER] = {"&gt;", 4},          [DOUBLE_QUOTE] = {"&quot;", 6}, [SINGLE_QUOTE] = {"&#39;", 5},
};

/* Length of the character that a valid lead byte begins. */
static size_t character_length(unsigned char lead)
{
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* U+0080 to U+009F, U+FFFE and U+FFFF, of which the first byte is known to be a SUSPECT_LEAD. */
static bool is_forbidden(const unsigned char *p)
{
    return p[0] == 0xC2 ? p[1] < 0xA0 : p[1] == 0xBF && p[2] >= 0xBE;
}

typedef struct {
    const unsigned char *ptr;
    size_t len;
    size_t valid; /* bytes up to here are known to be valid UTF-8 */
} scanner;

/* The first offset from `at` on that is not CLEAN, which is 0. */
static size_t skip_clean(const scanner *in, size_t at, const uint8_t *table)
{
    const unsigned char *p = in->ptr;
    while (in->len - at >= 4 &&
           (table[p[at]] | table[p[at + 1]] | table[p[at + 2]] | table[p[at + 3]]) == CLEAN)
        at += 4;
    while (at < in->len && table[p[at]] == CLEAN)
        at++;
    return at;
}

/* The first offset from `at` on that does not pass; sets how many bytes fail there. */
static size_t scan(scanner *in, size_t at, const uint8_t *table, size_t *failing)
{
    for (;;) {
        at = skip_clean(in, at, table);
        *failing = at < in->len;
        if (at == in->len || table[in->ptr[at]] < LEAD)
            return at;
        if (at >= in->valid)
            in->valid =
                at + news_utf8_valid_prefix(news_str_of((const char *)in->ptr + at, in->len - at));
        if (at >= in->valid)
            return at;
        size_t length = character_length(in->ptr[at]);
        if (table[in->ptr[at]] == SUSPECT_LEAD && is_forbidden(in->ptr + at)) {
            *failing = length;
            return at;
        }
        at += length;
    }
}

size_t news_skip_printable(news_str s)
{
    uint64_t bytes;
    size_t at = 0;
    for (; s.len - at >= sizeof bytes; at += sizeof bytes) {
        memcpy(&bytes, s.ptr + at, sizeof bytes);
        if (!news_all_printable(bytes))
            break;
    }
    while (at < s.len && s.ptr[at] >= ' ' && s.ptr[at] <= '~')
        at++;
    return at;
}

size_t news_escape_clean(news_str s, const uint8_t *table)
{
    scanner in = {(const unsigned char *)s.ptr, s.len, 0};
    size_t failing, at = table == news_table_text ? news_skip_printable(s) : 0;
    return scan(&in, at, table, &failing);
}

bool news_escape_append(news_buf *to, news_str s, const uint8_t *table)
{
    scanner in = {(const unsigned char *)s.ptr, s.len, 0};
    size_t copied = 0, failing, at = skip_clean(&in, 0, table);
    if (at == s.len)
        return news_buf_append_str(to, s);
    for (;;) {
        at = scan(&in, at, table, &failing);
        if (!news_buf_append(to, s.ptr + copied, at - copied))
            return false;
        if (at == s.len)
            return true;
        uint8_t class = table[in.ptr[at]];
        news_buf_append_str(to, replacements[class < LEAD ? class : REPLACED]);
        copied = at += failing;
    }
}

/* Gemtext knows a line by how it begins, and has no way to say otherwise. */
bool news_gemtext_needs_space(news_str line)
{
    if (line.len == 0)
        return false;
    switch (line.ptr[0]) {
    case '#':
    case '>': return true;
    case '*': return line.len == 1 || line.ptr[1] == ' ';
    case '=': return news_str_starts(line, NEWS_STR("=>"));
    case '`': return news_str_starts(line, NEWS_STR("```"));
    default: return false;
    }
}
