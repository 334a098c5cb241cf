/* String views, numbers as text, and the nearest name to a mistyped one. */
#include "base/base.h"

news_str news_decimal(int64_t number, char to[NEWS_DECIMAL_SIZE])
{
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char *begin = to + NEWS_DECIMAL_SIZE;
    do {
        *--begin = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (number < 0)
        *--begin = '-';
    return news_str_of(begin, (size_t)(to + NEWS_DECIMAL_SIZE - begin));
}

news_str news_str_trim(news_str s)
{
    while (s.len != 0 && news_is_space(s.ptr[0]))
        s = news_str_skip(s, 1);
    while (s.len != 0 && news_is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool news_str_equal_nocase(news_str a, news_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (news_to_lower(a.ptr[i]) != news_to_lower(b.ptr[i]))
            return false;
    return true;
}

bool news_str_answers(news_str s, bool *yes)
{
    *yes = news_str_equal_nocase(s, NEWS_STR("true")) || news_str_equal_nocase(s, NEWS_STR("yes"));
    return *yes || news_str_equal_nocase(s, NEWS_STR("false")) ||
           news_str_equal_nocase(s, NEWS_STR("no"));
}

size_t news_str_find(news_str s, news_str needle, size_t from)
{
    while (from < s.len && needle.len <= s.len - from) {
        const char *hit = memchr(s.ptr + from, needle.ptr[0], s.len - from - needle.len + 1);
        if (hit == NULL)
            return SIZE_MAX;
        from = (size_t)(hit - s.ptr);
        if (memcmp(hit, needle.ptr, needle.len) == 0)
            return from;
        from++;
    }
    return SIZE_MAX;
}

enum { LONGEST_NAME = 48 };

/* Levenshtein distance with a swap of neighbours counted once; names up to LONGEST_NAME bytes. */
static size_t edits(news_str a, news_str b)
{
    size_t rows[3][LONGEST_NAME + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = news_to_lower(a.ptr[i - 1]), y = news_to_lower(b.ptr[j - 1]);
            size_t best = above[j - 1] + (x != y);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && x == news_to_lower(b.ptr[j - 2]) &&
                y == news_to_lower(a.ptr[i - 2]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.len];
}

ptrdiff_t news_nearest(news_str name, size_t count, news_str (*name_at)(void *ud, size_t i),
                       void *ud)
{
    ptrdiff_t nearest = -1;
    size_t least = SIZE_MAX;
    if (name.len == 0 || name.len > LONGEST_NAME)
        return -1;
    for (size_t i = 0; i < count; i++) {
        news_str candidate = name_at(ud, i);
        if (candidate.len == 0 || candidate.len > LONGEST_NAME)
            continue;
        size_t longer = candidate.len > name.len ? candidate.len : name.len;
        size_t distance = edits(name, candidate);
        if (distance < least && distance * 3 <= longer + 1) {
            least = distance;
            nearest = (ptrdiff_t)i;
        }
    }
    return nearest;
}
