/* Line breaking against Unicode's own tests, against a plain reading of the rules for ASCII, and
 * with the fast path against the general one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/text.h"

#include "break_file.h"

static void breaks_are_those_of_the_standard(void **state)
{
    (void)state;
    break_case c;
    size_t cases = 0, failures = 0;
    FILE *file = break_file_open("LineBreakTest", "15.0.0");
    if (file == NULL)
        skip();
    for (; break_file_next(file, &c); cases++) {
        news_line_breaker breaker;
        news_break kind;
        size_t count = 0, at = 0;
        bool good = true;
        news_line_breaker_init(&breaker, news_str_of(c.bytes, c.len));
        while (at < c.len && good) {
            at = news_line_break_next(&breaker, &kind);
            good = count < c.break_count && c.breaks[count++] == at;
        }
        if (!good || count != c.break_count) {
            print_message("case %zu differs at offset %zu\n", cases + 1, at);
            failures++;
        }
    }
    fclose(file);
    assert_int_equal(cases, 7654);
    assert_int_equal(failures, 0);
}

/* Writes text with "÷" where a line may break and "¶" where it must; not at the end. */
static void mark_breaks(news_str text, char *out, size_t size)
{
    news_line_breaker breaker;
    news_break kind;
    size_t from = 0, length = 0;
    news_line_breaker_init(&breaker, text);
    for (;;) {
        size_t at = news_line_break_next(&breaker, &kind);
        assert_true(at <= text.len && (at > from || text.len == 0));
        assert_true(length + at - from + 3 < size);
        memcpy(out + length, text.ptr + from, at - from);
        length += at - from;
        from = at;
        if (at == text.len)
            break;
        memcpy(out + length, kind == NEWS_BREAK_MANDATORY ? "¶" : "÷", 2);
        length += 2;
    }
    out[length] = '\0';
    assert_int_equal(kind, NEWS_BREAK_MANDATORY);
    assert_int_equal(news_line_break_next(&breaker, &kind), text.len); /* and there it stays */
    assert_int_equal(kind, NEWS_BREAK_MANDATORY);
}

static void breaks_in_what_newsletters_hold(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "word",
        "two ÷words",
        "two   ÷words  ",
        " ÷x",
        "well-÷known",
        "1-2, ÷3.14 ÷and ÷1,000.50",
        "$(12.35) ÷is ÷100% ÷or ÷-5€ ÷or ÷€(5)",
        "$÷(a) ÷1/2 ÷and/÷or",
        "http://÷a/÷b-÷c?÷d=e",
        "say ÷\"yes\" (or ÷'no')! ÷Really?",
        "“quoted” ÷text ÷« ÷Oui !",
        "wait… ÷what?... ÷no",
        "em÷—÷dash ÷and ÷en–÷dash",
        "no\xC2\xA0"
        "break\xE2\x81\xA0"
        "here",
        "zero\xE2\x80\x8B÷width ÷soft\xC2\xAD÷hyphen",
        "日÷本÷語。÷「引÷用」、ー",
        "ちょっ÷と",
        "한÷국÷어",
        "🇩🇪÷🇫🇷÷👩‍👩‍👧÷👍🏽!",
        "a\n¶b\r\n¶c\r¶d",
        "a\n",
        "\n¶\n¶a",
        "a\xE2\x80\xA8¶b\xC2\x85¶c",
        "e\xCC\x81t\xCC\x81 ÷\xCC\x81x",
        "א-ב ÷שלום",
        "C+÷+ ÷C# .NET ÷e.g. ÷(sic)÷[1]",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        char plain[256], marked[512];
        size_t length = 0;
        for (const char *p = cases[i]; *p != '\0';) {
            if (strncmp(p, "÷", 2) == 0 || strncmp(p, "¶", 2) == 0)
                p += 2;
            else
                plain[length++] = *p++;
        }
        mark_breaks(news_str_of(plain, length), marked, sizeof marked);
        assert_string_equal(marked, cases[i]);
    }
}

/* ---- The rules, read plainly, for the classes that ASCII has ---- */

typedef enum { AL, BA, BK, CL, CM, CP, CR, EX, HY, IS, LF, NU, OP, PO, PR, QU, SP, SY } line_class;

static line_class class_of(char c)
{
    if (news_is_digit(c))
        return NU;
    switch (c) {
    case '\t':
    case '|': return BA;
    case '\n': return LF;
    case '\v':
    case '\f': return BK;
    case '\r': return CR;
    case ' ': return SP;
    case '!':
    case '?': return EX;
    case '"':
    case '\'': return QU;
    case '$':
    case '+':
    case '\\': return PR;
    case '%': return PO;
    case '(':
    case '[':
    case '{': return OP;
    case ')':
    case ']': return CP;
    case '}': return CL;
    case ',':
    case '.':
    case ':':
    case ';': return IS;
    case '-': return HY;
    case '/': return SY;
    default: return c < ' ' || c == 0x7F ? CM : AL;
    }
}

typedef struct {
    line_class is;
    size_t at;
} unit;

/* LB9 and LB10: combining characters (of ASCII, most control characters) belong to what they
 * follow, or else are letters. */
static size_t resolve(const char *text, size_t length, unit *units)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        line_class c = class_of(text[i]), last = n != 0 ? units[n - 1].is : SP;
        bool stands = last == SP || last == BK || last == CR || last == LF;
        if (c != CM || stands)
            units[n++] = (unit){c == CM ? AL : c, i};
    }
    return n;
}

/* Whether the units up to i end with NU (NU | SY | IS)*. */
static bool number_ends_at(const unit *units, size_t i)
{
    while (i > 0 && (units[i].is == SY || units[i].is == IS))
        i--;
    return units[i].is == NU;
}

/* What the rules say between units i - 1 and i. */
static news_break by_the_rules(const unit *units, size_t n, size_t i)
{
    line_class a = units[i - 1].is, b = units[i].is;
    if (a == BK || a == LF || (a == CR && b != LF)) /* LB4, LB5 */
        return NEWS_BREAK_MANDATORY;
    bool none = b == BK || b == CR || b == LF || b == SP ||          /* LB6, LB7 */
                b == EX || b == CL || b == CP || b == IS || b == SY; /* LB13 */
    size_t j = i - 1;
    while (j > 0 && units[j].is == SP)
        j--;
    none |= units[j].is == OP || (units[j].is == QU && b == OP); /* LB14, LB15 */
    if (a == SP)                                                 /* LB18 */
        return none ? NEWS_BREAK_NONE : NEWS_BREAK_ALLOWED;
    none |= a == QU || b == QU;                                                     /* LB19 */
    none |= b == BA || b == HY;                                                     /* LB21 */
    none |= (a == AL && b == NU) || (a == NU && b == AL);                           /* LB23 */
    none |= ((a == PR || a == PO) && b == AL) || (a == AL && (b == PR || b == PO)); /* LB24 */
    none |= (a == PR || a == PO || a == HY) && b == NU;                             /* LB25 */
    none |= (a == PR || a == PO) && b == OP && i + 1 < n && units[i + 1].is == NU;
    none |= b == NU && number_ends_at(units, i - 1);
    if (b == PR || b == PO)
        none |= number_ends_at(units, i - 1) ||
                ((a == CL || a == CP) && i >= 2 && number_ends_at(units, i - 2));
    none |= (a == AL || a == IS) && b == AL;                                        /* LB28, LB29 */
    none |= ((a == AL || a == NU) && b == OP) || (a == CP && (b == AL || b == NU)); /* LB30 */
    return none ? NEWS_BREAK_NONE : NEWS_BREAK_ALLOWED;
}

static uint32_t seed = 20240510;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static size_t random_ascii(char *text, size_t most)
{
    static const char often[] = "abcdefgh  11--//..$%(\"";
    size_t length = random_below((uint32_t)most) + 1;
    for (size_t i = 0; i < length; i++)
        text[i] =
            random_below(3) == 0 ? (char)random_below(128) : often[random_below(sizeof often - 1)];
    return length;
}

static void ascii_breaks_by_the_rules(void **state)
{
    (void)state;
    for (int round = 0; round < 30000; round++) {
        char text[40];
        unit units[40];
        size_t length = random_ascii(text, sizeof text), n = resolve(text, length, units);
        news_line_breaker breaker;
        news_break kind;
        news_line_breaker_init(&breaker, news_str_of(text, length));
        for (size_t i = 1; i < n; i++) {
            news_break expected = by_the_rules(units, n, i);
            if (expected == NEWS_BREAK_NONE)
                continue;
            assert_int_equal(news_line_break_next(&breaker, &kind), units[i].at);
            assert_int_equal(kind, expected);
        }
        assert_int_equal(news_line_break_next(&breaker, &kind), length);
        assert_int_equal(kind, NEWS_BREAK_MANDATORY);
    }
}

/* Cyrillic letters break as Latin ones do, but never take the fast path; words are long here, so
 * that it runs over its stride. */
static void fast_path_agrees_with_the_general_one(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[160], other[320];
        size_t length = 0, other_length = 0, back[321] = {0};
        while (length < 100) {
            for (uint32_t n = random_below(21); n != 0; n--)
                text[length++] = (char)((random_below(2) ? 'a' : 'A') + random_below(26));
            length += random_ascii(text + length, 4);
        }
        for (size_t i = 0; i < length; i++) {
            back[other_length] = i;
            other_length +=
                news_is_alpha(text[i])
                    ? news_utf8_encode(0x410 + (unsigned char)text[i] % 32u, other + other_length)
                    : news_utf8_encode((unsigned char)text[i], other + other_length);
        }
        back[other_length] = length;
        news_line_breaker fast, general;
        news_break fast_kind, general_kind;
        news_line_breaker_init(&fast, news_str_of(text, length));
        news_line_breaker_init(&general, news_str_of(other, other_length));
        size_t at = 0;
        while (at < length) {
            at = news_line_break_next(&fast, &fast_kind);
            assert_int_equal(at, back[news_line_break_next(&general, &general_kind)]);
            assert_int_equal(fast_kind, general_kind);
        }
    }
}

static void any_bytes_stay_in_bounds(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[48], marked[256];
        size_t length = random_below(sizeof text);
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(random_below(2) ? 0x80 + random_below(128) : random_below(128));
        mark_breaks(news_str_of(text, length), marked, sizeof marked);
        assert_true(news_columns(news_str_of(text, length)) <= 2 * length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_are_those_of_the_standard),
        cmocka_unit_test(breaks_in_what_newsletters_hold),
        cmocka_unit_test(ascii_breaks_by_the_rules),
        cmocka_unit_test(fast_path_agrees_with_the_general_one),
        cmocka_unit_test(any_bytes_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
