/* How many columns of a terminal a text takes. Each code point has columns of its own (a table from
 * the Unicode database, not utf8proc's, whose answers vary with its version); a cluster takes as
 * many as its widest one, unless it is a sequence that is drawn as one emoji. */
#include <utf8proc.h>

#include "text/grapheme.h"
#include "text/line_break_table.h"
#include "text/text.h"

enum {
    ZERO_WIDTH_JOINER = 0x200D,
    ENCLOSING_KEYCAP = 0x20E3,
    EMOJI_SELECTOR = 0xFE0F, /* variation selector 16: draw what comes before as an emoji */
    THAI_SARA_AM = 0x0E33,
    LAO_AM = 0x0EB3
};

static bool is_regional_indicator(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

static bool is_keycap_base(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

static bool is_pictograph(uint32_t c)
{
    return utf8proc_get_property((utf8proc_int32_t)c)->boundclass ==
               UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
           news_line_class(c) == NEWS_LINE_CLASS_XP;
}

/* Whether `before` and `c`, neighbours in one cluster, make its base an emoji. */
static bool makes_emoji(uint32_t base, uint32_t before, uint32_t c)
{
    switch (c) {
    case EMOJI_SELECTOR: return is_keycap_base(base) || is_pictograph(base);
    case ENCLOSING_KEYCAP: return is_keycap_base(base);
    }
    if (is_regional_indicator(c))
        return is_regional_indicator(before);
    return before == ZERO_WIDTH_JOINER && is_pictograph(c);
}

typedef struct {
    uint32_t base, last; /* its first and latest code point */
    uint32_t widest, extra;
    int32_t state; /* of news_grapheme_breaks */
} cluster;

static cluster begin_cluster(uint32_t base)
{
    return (cluster){.base = base, .last = base, .widest = news_own_columns(base)};
}

static void join_cluster(cluster *open, uint32_t c)
{
    uint32_t columns = makes_emoji(open->base, open->last, c) ? 2 : news_own_columns(c);
    if (columns > open->widest)
        open->widest = columns;
    /* Letters with a place of their own, for all that they never begin a cluster. */
    if (c == THAI_SARA_AM || c == LAO_AM)
        open->extra = 1;
    open->last = c;
}

/* Counts clusters from `at` on, up to the first that begins with ASCII behind them or the end;
 * returns where that is. */
static size_t count_clusters(news_str s, size_t at, size_t *columns)
{
    uint32_t c;
    at += news_utf8_decode(s, at, &c);
    cluster open = begin_cluster(c);
    while (at < s.len) {
        size_t length = news_utf8_decode(s, at, &c);
        if (!news_grapheme_breaks(open.last, c, &open.state)) {
            join_cluster(&open, c);
        } else {
            *columns += open.widest + open.extra;
            if (c < 0x80)
                return at;
            open = begin_cluster(c);
        }
        at += length;
    }
    *columns += open.widest + open.extra;
    return at;
}

/* Where a run of printable ASCII ends, in steps of eight bytes. The byte after it is ASCII too: it
 * does not combine with the last of the run. */
static size_t printable_end(news_str s, size_t at)
{
    uint64_t bytes;
    while (s.len - at > sizeof bytes && (unsigned char)s.ptr[at + sizeof bytes] < 0x80) {
        memcpy(&bytes, s.ptr + at, sizeof bytes);
        if (!news_all_printable(bytes))
            break;
        at += sizeof bytes;
    }
    return at;
}

size_t news_columns(news_str s)
{
    size_t columns = 0, at = 0;
    while (at < s.len) {
        size_t end = printable_end(s, at);
        columns += end - at;
        at = end;
        unsigned char c = (unsigned char)s.ptr[at];
        if (c < 0x80 && (at + 1 == s.len || (unsigned char)s.ptr[at + 1] < 0x80)) {
            columns += c >= ' ' && c != 0x7F;
            at++;
        } else {
            at = count_clusters(s, at, &columns);
        }
    }
    return columns;
}

size_t news_columns_widest(news_str lines)
{
    size_t widest = 0;
    while (lines.len != 0) {
        size_t end = news_str_find_char(lines, '\n', 0);
        news_str line = news_str_of(lines.ptr, end < lines.len ? end : lines.len);
        size_t columns = news_columns(line);
        widest = columns > widest ? columns : widest;
        lines = news_str_skip(lines, line.len + 1);
    }
    return widest;
}
