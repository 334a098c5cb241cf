/* Where a line may break (UAX #14). The rules are a machine of some fifty states, which
 * generate_line_break.py derived from the standard's wording; here it is only driven, one step for
 * each code point. What the table cannot hold is here: LB8a, and the one place that looks ahead. */
#include "text/line_break_table.h"
#include "text/text.h"

void news_line_breaker_init(news_line_breaker *breaker, news_str text)
{
    *breaker = (news_line_breaker){.text = text, .state = NEWS_LINE_STATE_START};
}

static uint32_t read_class(news_str text, size_t *at)
{
    uint32_t code_point = (unsigned char)text.ptr[*at];
    if (code_point < 0x80) {
        ++*at;
        return news_property_blocks[code_point] & NEWS_LOW_BITS;
    }
    *at += news_utf8_decode(text, *at, &code_point);
    return news_line_class(code_point);
}

/* Whether the text from `at`, past combining marks, begins with a digit. */
static bool number_follows(news_str text, size_t at)
{
    while (at < text.len) {
        uint32_t line_class = read_class(text, &at);
        if (line_class != NEWS_LINE_CLASS_CM && line_class != NEWS_LINE_CLASS_ZWJ)
            return line_class == NEWS_LINE_CLASS_NU;
    }
    return false;
}

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOWEST_BYTE(mask) ((size_t)__builtin_ctzll(mask) / 8)
#endif

/* Where the run of ASCII letters, between which no line breaks, ends; eight at a time, as each
 * word's end would otherwise be a mispredicted branch. */
static size_t letters_end(news_str text, size_t at)
{
#ifdef LOWEST_BYTE
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t bytes;
    for (; text.len - at >= sizeof bytes; at += sizeof bytes) {
        memcpy(&bytes, text.ptr + at, sizeof bytes);
        uint64_t lower = (bytes | ones * 0x20) & ~tops;
        uint64_t letters = (lower + ones * (0x80 - 'a')) & ~(lower + ones * (0x7F - 'z')) & ~bytes;
        if ((letters & tops) != tops)
            return at + LOWEST_BYTE(~letters & tops);
    }
#endif
    while (at < text.len && news_is_alpha(text.ptr[at]))
        at++;
    return at;
}

size_t news_line_break_next(news_line_breaker *breaker, news_break *kind)
{
    const news_str text = breaker->text;
    uint32_t state = breaker->state;
    bool joined = breaker->joined;
    size_t at = breaker->at, next;
    for (; at < text.len; at = next) {
        if (state == NEWS_LINE_STATE_AL && news_is_alpha(text.ptr[at])) {
            next = letters_end(text, at + 1);
            joined = false;
            continue;
        }
        next = at;
        const uint32_t line_class = read_class(text, &next);
        const uint32_t step = news_line_steps[state << NEWS_HIGH_SHIFT | line_class];
        const uint32_t action = step >> NEWS_HIGH_SHIFT;
        const bool after_joiner = joined;
        state = step & NEWS_LOW_BITS;
        joined = line_class == NEWS_LINE_CLASS_ZWJ;
        if (NEWS_LIKELY(action == NEWS_LINE_ACTION_NONE))
            continue;
        if (action != NEWS_LINE_ACTION_MANDATORY && after_joiner) /* LB8a */
            continue;
        if (action == NEWS_LINE_ACTION_UNLESS_NUMBER && number_follows(text, next))
            continue;
        breaker->state = (uint8_t)state;
        breaker->joined = joined;
        breaker->at = next;
        *kind = action == NEWS_LINE_ACTION_MANDATORY ? NEWS_BREAK_MANDATORY : NEWS_BREAK_ALLOWED;
        return at;
    }
    breaker->at = text.len;
    *kind = NEWS_BREAK_MANDATORY;
    return text.len;
}
