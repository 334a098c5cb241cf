/* Line breaking classes, columns and the line breaking machine.
 * Unicode 15.0.0, written by generate_line_break.py: change that, not this. */
#ifndef NEWS_LINE_BREAK_TABLE_H
#define NEWS_LINE_BREAK_TABLE_H

#include <stdint.h>

/* clang-format off */
enum {
    NEWS_LINE_CLASS_CM = 0,
    NEWS_LINE_CLASS_ZWJ = 1,
    NEWS_LINE_CLASS_NU = 2,
    NEWS_LINE_CLASS_AL = 3,
    NEWS_LINE_CLASS_XP = 31, /* not assigned, kept for emoji to come */

    NEWS_LINE_STATE_START = 37,
    NEWS_LINE_STATE_AL = 1,

    /* The two high bits of a step. */
    NEWS_LINE_ACTION_NONE = 0,
    NEWS_LINE_ACTION_ALLOWED = 1,
    NEWS_LINE_ACTION_MANDATORY = 2,
    NEWS_LINE_ACTION_UNLESS_NUMBER = 3, /* allowed, unless a number begins after next */

    /* A property is a class in the low bits and columns in the high ones; a step is the next state
     * and an action. */
    NEWS_LOW_BITS = 0x3F,
    NEWS_HIGH_SHIFT = 6,
    NEWS_PROPERTY_SHIFT = 7
};
/* clang-format on */

extern const uint8_t news_property_index[8704];
extern const uint8_t news_property_blocks[26496]; /* those of ASCII come first */
extern const uint8_t news_line_steps[3136];       /* by state << NEWS_HIGH_SHIFT | class */

static inline uint32_t news_property(uint32_t code_point)
{
    uint32_t block = news_property_index[code_point >> NEWS_PROPERTY_SHIFT];
    return news_property_blocks[block << NEWS_PROPERTY_SHIFT |
                                (code_point & ((1u << NEWS_PROPERTY_SHIFT) - 1))];
}

static inline uint32_t news_line_class(uint32_t code_point)
{
    return news_property(code_point) & NEWS_LOW_BITS;
}

/* The columns of a code point that stands alone. */
static inline uint32_t news_own_columns(uint32_t code_point)
{
    return news_property(code_point) >> NEWS_HIGH_SHIFT;
}

#endif
