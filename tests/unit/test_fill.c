/* The writer in the filled manner: breaking, prefixes, empty lines, lines and blocks of lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/write.h"

static news_heap heap;

static news_writer *open_as(news_escape escape, uint32_t width)
{
    news_heap_init(&heap, NULL, 0);
    news_writer *w =
        news_writer_new(&heap, 64 << 20, &(news_writer_options){escape, true, width, false});
    assert_non_null(w);
    return w;
}

static news_writer *open_writer(uint32_t width)
{
    return open_as(NEWS_ESCAPE_TEXT, width);
}

static void text(news_writer *w, const char *s)
{
    news_writer_text(w, news_str_from(s));
}

static void raw(news_writer *w, const char *s)
{
    news_writer_raw(w, news_str_from(s));
}

static void whole(news_writer *w, const char *s)
{
    news_writer_whole(w, news_str_from(s));
}

static void line(news_writer *w, const char *s)
{
    news_writer_line_begin(w);
    text(w, s);
    news_writer_line_end(w);
}

static void verbatim(news_writer *w, const char *s)
{
    news_writer_verbatim(w, news_str_from(s));
}

static void push(news_writer *w, const char *first, const char *rest)
{
    news_writer_push_prefix(w, news_str_from(first), news_str_from(rest));
}

static void pop(news_writer *w)
{
    news_writer_pop_prefix(w);
}

static void close_writer(news_writer *w, const char *wanted)
{
    news_str got = news_writer_finish(w);
    if (!news_str_equal(got, news_str_from(wanted)))
        print_error("got:\n%.*s\nwanted:\n%s\n", (int)got.len, got.len != 0 ? got.ptr : "",
                    wanted != NULL ? wanted : "");
    assert_true(news_str_equal(got, news_str_from(wanted)));
    assert_int_equal(news_writer_status(w), NEWS_OK);
    news_writer_free(w);
    assert_int_equal(heap.used, 0);
}

static void filled(uint32_t width, const char *in, const char *out)
{
    news_writer *w = open_writer(width);
    text(w, in);
    close_writer(w, out);
}

/* ---- Breaking ---- */

static void breaks_lines(void **state)
{
    (void)state;
    filled(20, "", "");
    filled(20, " \n\t ", "");
    filled(20, "  one \t two\n three  ", "one two three\n");
    filled(20, "exactly twenty cols.", "exactly twenty cols.\n");
    filled(20, "exactly twenty cols. and", "exactly twenty cols.\nand\n");
    filled(20, "exactly twenty cols .", "exactly twenty\ncols .\n");
    filled(20, "a wordthatiswiderthanthecolumns b", "a\nwordthatiswiderthanthecolumns\nb\n");
    filled(0, "one line for all of it,\nhowever long it is",
           "one line for all of it, however "
           "long it is\n");
    filled(8, "held by\u00A0a space", "held\nby\u00A0a\nspace\n");
    filled(10, "a\u00A0\u00A0b", "a\u00A0\u00A0b\n");
    filled(6, "well-known", "well-\nknown\n");
    filled(20, "two\u2028lines\u2029", "two\nlines\n");
    filled(20, "a\x1B[1mb\x7F", "a\uFFFD[1mb\uFFFD\n");
}

static void breaks_by_columns(void **state)
{
    (void)state;
    filled(6, "日本語の文章。", "日本語\nの文\n章。\n"); /* 。 never begins a line */
    filled(6, "日本（語）の", "日本\n（語）\nの\n");
    filled(5, "éé éé éé", "éé éé\néé\n");
    filled(5, "🎉🎉 🎉", "🎉🎉\n🎉\n");
    filled(4, "👩‍👩‍👧 🇩🇪", "👩‍👩‍👧\n🇩🇪\n");
    filled(5, "👩‍👩‍👧 🇩🇪", "👩‍👩‍👧 🇩🇪\n");
    filled(4, "e\u0301e\u0301 e\u0301", "e\u0301e\u0301 e\u0301\n");
}

/* Korean is broken at its spaces, and within a word only when that is too wide for a line. */
static void keeps_korean_words(void **state)
{
    (void)state;
    filled(8, "긴 제목의 글", "긴\n제목의\n글\n");
    filled(10, "한국의 API를 본다", "한국의\nAPI를 본다\n");
    filled(10, "쓴다. 가나다라마바사 아자", "쓴다.\n가나다라마\n바사 아자\n");
    filled(10, "가나다(라마바)사아", "가나다\n(라마바)\n사아\n");
    filled(9, "中文 中文中文", "中文 中文\n中文\n");
    news_writer *w = open_writer(8);
    push(w, "", "  ");
    text(w, "가나 다라마바사");
    pop(w);
    close_writer(w, "가나\n  다라마\n  바사\n");
}

/* UAX #14 would let a line end between them. */
static void keeps_raised_digits_with_what_they_belong_to(void **state)
{
    (void)state;
    filled(6, "so it!¹ is", "so\nit!¹\nis\n");
    filled(4, "日本²⁰語", "日\n本²⁰\n語\n");
    filled(4, "ab… ¹ c", "ab…\n¹ c\n");
    filled(3, "a…⁴⁹ b", "a…⁴⁹\nb\n");
}

static void joins_lines_without_spaces(void **state)
{
    (void)state;
    filled(0, "中文\n中文", "中文中文\n");
    filled(0, "中文 \n 中文", "中文中文\n");
    filled(0, "中文，\nかな", "中文，かな\n");
    filled(0, "中文 中文", "中文 中文\n");
    filled(0, "中文\nabc\n中文", "中文 abc 中文\n");
    filled(0, "한국\n한국", "한국 한국\n");
    filled(0, "中文\n한국", "中文 한국\n");
    filled(0, "🎉\n中文", "🎉 中文\n");
    filled(0, "葛\U000E0100\n中", "葛\U000E0100中\n");
    filled(0, "é\né", "é é\n");
    filled(0, "中文\n", "中文\n");
    filled(4, "中\n文\n字", "中文\n字\n");
    news_writer *w = open_writer(9);
    text(w, "中");
    text(w, "\n");
    whole(w, "文 字");
    raw(w, "\n字");
    text(w, " ab");
    close_writer(w, "中文 字字\nab\n");
}

/* An address and its brackets come in pieces, and hold together all the same. */
static void keeps_whole_pieces_together(void **state)
{
    (void)state;
    news_writer *w = open_writer(14);
    text(w, "ab ");
    whole(w, "<");
    news_writer_url(w, NEWS_STR("https://b.example/"));
    whole(w, ">");
    raw(w, "*");
    text(w, " cd ");
    whole(w, "<");
    news_writer_whole_text(w, NEWS_STR("https://例え.jp/パス/"));
    whole(w, ">");
    text(w, "。ef");
    close_writer(w, "ab\n<https://b.example/>*\ncd\n<https://例え.jp/パス/>。\nef\n");
}

static void keeps_whole(void **state)
{
    (void)state;
    news_writer *w = open_writer(10);
    text(w, "ab ");
    whole(w, "c  d\ne-f");
    text(w, " gh ");
    news_writer_whole_text(w, NEWS_STR("i j\x1B"));
    text(w, " k ");
    whole(w, "l ");
    whole(w, "m\u2028n");
    text(w, " o ");
    whole(w, "wider than the line");
    close_writer(w, "ab\nc  d e-f\ngh i j\uFFFD k\nl m\u2028n o\nwider than the line\n");

    w = open_writer(12);
    whole(w, "(one");
    whole(w, ")");
    text(w, ", ");
    news_writer_url(w, NEWS_STR("https://a.example/b c-d/é"));
    text(w, ".");
    close_writer(w, "(one),\nhttps://a.example/b%20c-d/%C3%A9.\n");

    filled(12, "see <https://a.example/b-c/d?e=f-g>, and",
           "see\n<https://a.example/b-c/d?e=f-g>,\n"
           "and\n");
    filled(12, "gemini://a-b.example/c-d 文 1://a-b-c-d",
           "gemini://a-b.example/c-d\n"
           "文 1://a-b-\nc-d\n");
    filled(12, "a://b-c文b-c-d", "a://b-c文b-\nc-d\n");
    filled(8, "a:// b-c ://d-e-f", "a:// b-\nc ://d-\ne-f\n");
}

static void gemtext_lines(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } samples[] = {
        {"# a", " # a\n"}, {"#a", " #a\n"},  {"=> a", " => a\n"},  {"=a", "=a\n"},
        {"* a", " * a\n"}, {"*", " *\n"},    {"*a", "*a\n"},       {"> a", " > a\n"},
        {"```", " ```\n"}, {"``a", "``a\n"}, {"a # b", "a # b\n"}, {"  # a", " # a\n"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_writer *w = open_as(NEWS_ESCAPE_GEMTEXT, 0);
        text(w, samples[i].in);
        close_writer(w, samples[i].out);
    }
    news_writer *w = open_as(NEWS_ESCAPE_GEMTEXT, 6);
    text(w, "abcdef # abcd");
    news_writer_cr(w);
    raw(w, "# ");
    text(w, "a");
    news_writer_cr(w);
    line(w, "# b");
    line(w, "  # b");
    verbatim(w, "# c");
    push(w, "> ", "> ");
    text(w, "# d");
    pop(w);
    push(w, "", "");
    text(w, "=");
    text(w, "> e");
    close_writer(w, "abcdef\n #\nabcd\n# a\n # b\n  # b\n# c\n> # d\n => e\n");
}

/* ---- Prefixes and empty lines ---- */

static void prefixes(void **state)
{
    (void)state;
    news_writer *w = open_writer(12);
    text(w, "a");
    push(w, "> ", "> ");
    assert_int_equal(news_writer_available(w), 10);
    text(w, "one two three");
    push(w, "10. ", "    ");
    assert_int_equal(news_writer_available(w), 6);
    text(w, "four five");
    news_writer_cr(w);
    text(w, "six");
    pop(w);
    pop(w);
    assert_int_equal(news_writer_available(w), 12);
    text(w, "b");
    close_writer(w, "a\n> one two\n> three\n> 10. four\n>     five\n>     six\nb\n");

    w = open_writer(20);
    push(w, "* ", "  ");
    push(w, "* ", "  ");
    text(w, "text");
    news_writer_cr(w);
    text(w, "more");
    pop(w);
    text(w, "end");
    pop(w);
    close_writer(w, "* * text\n    more\n  end\n");

    w = open_writer(8); /* wide prefixes, and more of them than room */
    push(w, "「", "「");
    assert_int_equal(news_writer_available(w), 6);
    push(w, "......", "..");
    assert_int_equal(news_writer_available(w), 0);
    text(w, "a b");
    close_writer(w, "「......a\n「..b\n");
}

static void empty_prefixes(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    push(w, "* ", "  ");
    pop(w);
    push(w, "  ", "  ");
    pop(w);
    push(w, "> ", "> ");
    push(w, "* ", "  ");
    push(w, "+ ", "  ");
    pop(w);
    pop(w);
    text(w, "a");
    pop(w);
    push(w, "1. ", "   ");
    text(w, "b");
    pop(w);
    close_writer(w, "*\n> * +\n> a\n1. b\n");
}

static void empty_lines(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    news_writer_blank(w, 2); /* not at the start */
    text(w, "a");
    news_writer_blank(w, 1);
    news_writer_blank(w, 2);
    news_writer_blank(w, 0);
    text(w, "b");
    news_writer_blank(w, 1); /* outside the prefix that follows */
    push(w, "> ", "> ");
    news_writer_blank(w, 2); /* not after a prefix has begun */
    text(w, "c");
    news_writer_blank(w, 1);
    text(w, "d");
    news_writer_blank(w, 1); /* outside the prefix that ends */
    pop(w);
    text(w, "e");
    push(w, "* ", "  ");
    text(w, "f");
    pop(w);
    push(w, "* ", "  ");
    news_writer_blank(w, 1);
    push(w, "- ", "  ");
    news_writer_blank(w, 1);
    text(w, "g");
    news_writer_blank(w, 1);
    pop(w);
    text(w, "h");
    pop(w);
    push(w, "  ", "  "); /* nothing is written in it */
    news_writer_blank(w, 1);
    pop(w);
    verbatim(w, "i");
    news_writer_blank(w, 3);
    close_writer(w, "a\n\n\nb\n\n> c\n>\n> d\n\ne\n* f\n* - g\n\n  h\n\ni\n");

    w = open_writer(20);
    push(w, "> ", "> ");
    text(w, "a");
    news_writer_blank(w, 1);
    push(w, "* ", "  ");
    pop(w);
    news_writer_blank(w, 1);
    push(w, "* ", "  ");
    text(w, "b");
    close_writer(w, "> a\n>\n> *\n>\n> * b\n");
}

static void prefixes_misused(void **state)
{
    (void)state;
    static const char *const messages[] = {"no prefix is in force",
                                           "a prefix cannot hold a line end",
                                           "more than 256 prefixes are in force"};
    for (int i = 0; i < 3; i++) {
        news_writer *w = open_writer(20);
        if (i == 0)
            pop(w);
        else
            for (int n = 0; n < 257; n++)
                push(w, i == 1 ? "a\nb" : ">", ">");
        text(w, "more");
        news_writer_finish(w);
        assert_int_equal(news_writer_status(w), i == 2 ? NEWS_ERR_LIMIT : NEWS_ERR_ARG);
        assert_string_equal(news_writer_message(w), messages[i]);
        news_writer_free(w);
        assert_int_equal(heap.used, 0);
    }
}

/* ---- Lines, blocks, positions ---- */

static void lines(void **state)
{
    (void)state;
    news_writer *w = open_writer(10);
    text(w, "a");
    line(w, "  a line  wider\nthan \x1B it all  ");
    line(w, "");
    push(w, "* ", "  ");
    news_writer_line_begin(w);
    text(w, "b");
    news_writer_cr(w); /* what would end a line is a space in one */
    news_writer_blank(w, 1);
    push(w, "> ", "> ");
    text(w, "c");
    verbatim(w, "d\ne");
    pop(w);
    line(w, "f");
    text(w, "g");
    news_writer_line_end(w);
    text(w, "h");
    close_writer(w, "a\n  a line  wider than \uFFFD it all  \n* b > c d e f g\n  h\n");
}

static void blocks(void **state)
{
    (void)state;
    news_writer *w = open_writer(10);
    text(w, "a");
    verbatim(w, "  code  that is wider\n\n\tand\ttabs\x1B\r\n");
    text(w, "b");
    push(w, "> ", "> ");
    verbatim(w, "c\n\n d");
    verbatim(w, "");
    verbatim(w, "\n");
    pop(w);
    push(w, "* ", "  ");
    verbatim(w, "\ne\n\n\n");
    pop(w);
    close_writer(w, "a\n  code  that is wider\n\n\tand\ttabs\uFFFD\nb\n> c\n>\n>  d\n>\n*\n  e\n");
}

static void positions(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    assert_true(news_writer_at_line_start(w));
    text(w, "  ");
    assert_true(news_writer_at_line_start(w));
    assert_int_equal(news_writer_last(w), 0);
    text(w, "a漢");
    assert_false(news_writer_at_line_start(w));
    assert_int_equal(news_writer_last(w), 0x6F22);
    text(w, "\n");
    assert_int_equal(news_writer_last(w), ' ');
    push(w, "> ", "> ");
    assert_true(news_writer_at_line_start(w));
    assert_int_equal(news_writer_last(w), 0);
    close_writer(w, "a漢\n");
}

static void fills_html(void **state)
{
    (void)state;
    news_writer *w = open_as(NEWS_ESCAPE_HTML, 12);
    raw(w, "<p>");
    text(w, "a & b < c & d");
    raw(w, "</p>");
    verbatim(w, "<x>");
    close_writer(w, "<p>a &amp; b\n&lt; c &amp;\nd</p>\n&lt;x&gt;\n");
}

/* ---- Properties ---- */

static uint32_t seed;

static uint32_t below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % n;
}

static const char *const atoms[] = {
    "a",    "word",       "longerword", " ",
    " ",    " ",          "  ",         "\n",
    "\t",   "well-known", "é",          "ne\u0301e",
    "漢",   "かな",       "。",         "（",
    "）",   "한",         "🎉",          "👩‍👩‍👧",
    "🇩🇪",   "1️⃣",    ",",          ".",
    "\"",   "(",          ")",          "https://a.example/b-c/d?e=f",
    "#",    "\xC2\xA0",   "\u200B",     "葛\U000E0100",
    "\x1B", "<",          ">",          "/",
};

static news_str random_text(char *buffer, size_t size)
{
    size_t len = 0, count = below(60);
    for (size_t i = 0; i < count; i++) {
        const char *atom = atoms[below(NEWS_ARRAY_LENGTH(atoms))];
        if (len + strlen(atom) > size)
            break;
        memcpy(buffer + len, atom, strlen(atom));
        len += strlen(atom);
    }
    return news_str_of(buffer, len);
}

/* A line may be too wide only when it could not have ended earlier: no place to break but within
 * an address (the generator makes only one kind). */
static bool is_one_word(news_str s)
{
    static const news_str tail = {"://a.example/b-c/d?e=f", 22};
    news_line_breaker breaker;
    news_break kind;
    news_line_breaker_init(&breaker, s);
    for (;;) {
        size_t place = news_line_break_next(&breaker, &kind);
        if (place == s.len)
            return true;
        bool kept = false;
        for (size_t at = 0; !kept && (at = news_str_find(s, tail, at)) != SIZE_MAX; at++) {
            size_t start = at, end = at;
            while (start != 0 &&
                   (news_is_alnum(s.ptr[start - 1]) || strchr("+-.", s.ptr[start - 1]) != NULL))
                start--;
            while (end < s.len && s.ptr[end] > ' ' && strchr("<>", s.ptr[end]) == NULL)
                end++;
            kept = start < place && place < end;
        }
        if (!kept)
            return false;
    }
}

static void check_lines(news_str out, uint32_t width, news_str first, news_str rest)
{
    for (news_str prefix = first; out.len != 0; prefix = rest) {
        const char *end = memchr(out.ptr, '\n', out.len);
        assert_non_null(end);
        news_str l = news_str_of(out.ptr, (size_t)(end - out.ptr));
        assert_true(news_str_starts(l, prefix));
        assert_true(l.len > prefix.len);
        assert_false(news_is_space(l.ptr[l.len - 1]));
        if (news_columns(l) > width && !is_one_word(news_str_skip(l, prefix.len))) {
            print_error("too wide for %u: [%.*s]\n", width, (int)l.len, l.ptr);
            fail();
        }
        out = news_str_skip(out, l.len + 1);
    }
}

/* Without white space and prefixes; the escape stands for a control character. */
static size_t without_space(news_str s, char *to)
{
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\x1B') {
            memcpy(to + len, "\uFFFD", 3);
            len += 3;
        } else if (!news_is_space(s.ptr[i]) && s.ptr[i] != '|' && s.ptr[i] != '*') {
            to[len++] = s.ptr[i];
        }
    }
    return len;
}

static void any_text_is_filled(void **state)
{
    (void)state;
    char buffer[600], in[1800], out[1800];
    for (seed = 1; seed < 3000; seed++) {
        uint32_t before = seed, width = 4 + below(30);
        news_str s = random_text(buffer, sizeof buffer);
        news_writer *w = open_writer(width);
        push(w, "* ", "| ");
        news_writer_text(w, s);
        if (news_writer_at_line_start(w)) {
            news_writer_free(w);
        } else {
            news_str got = news_writer_finish(w);
            check_lines(got, width, NEWS_STR("* "), NEWS_STR("| "));
            size_t in_len = without_space(s, in), out_len = without_space(got, out);
            assert_int_equal(in_len, out_len);
            assert_memory_equal(in, out, in_len);
            news_writer_free(w);
        }
        seed = before;
    }
}

/* Words of letters alone: each line takes all that fits, and nothing else happens to them. */
static void lines_are_full(void **state)
{
    (void)state;
    for (seed = 1; seed < 300; seed++) {
        uint32_t before = seed, width = 8 + below(60);
        char in[1200];
        size_t len = 0;
        for (int word = 0; word < 100; word++) {
            for (uint32_t n = 1 + below(8); n != 0; n--)
                in[len++] = (char)('a' + below(26));
            in[len++] = ' ';
        }
        news_writer *w = open_writer(width);
        news_writer_text(w, news_str_of(in, len));
        news_str got = news_writer_finish(w);
        assert_int_equal(got.len, len);
        size_t line_start = 0;
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(got.ptr[i] == '\n' ? ' ' : got.ptr[i], in[i]);
            if (got.ptr[i] != '\n')
                continue;
            size_t next = i + 1;
            while (next < len && !news_is_space(got.ptr[next]))
                next++;
            assert_true(i - line_start <= width);
            assert_true(i + 1 == len || next - line_start > width);
            line_start = i + 1;
        }
        news_writer_free(w);
        seed = before;
    }
}

/* What filling means, said plainly: each line takes the words that fit, one after the other. */
static size_t fill_plainly(news_str s, const bool *kept, size_t width, char *out)
{
    news_line_breaker breaker;
    news_break kind;
    size_t line_start = 0, word_start = 0, len = 0, next;
    news_line_breaker_init(&breaker, s);
    do {
        do
            next = news_line_break_next(&breaker, &kind);
        while (next < s.len && kept[next]);
        size_t end = s.ptr[next - 1] == ' ' ? next - 1 : next;
        news_str so_far = news_str_of(s.ptr + line_start, end - line_start);
        if (word_start != line_start && news_columns(so_far) > width) {
            len -= out[len - 1] == ' ';
            out[len++] = '\n';
            line_start = word_start;
        }
        memcpy(out + len, s.ptr + word_start, next - word_start);
        len += next - word_start;
        word_start = next;
    } while (next < s.len);
    out[len++] = '\n';
    return len;
}

static void shortcuts_change_nothing(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",  "bc", "words", " ", " ", " ", "(", ")",
                                         "\"", "'",  "-",     "/", ",", ".", "!", "1",
                                         "20", "%",  "$",     "[", ";", "é"};
    char in[1200], out[1300];
    bool kept[1200];
    for (seed = 1; seed < 4000; seed++) {
        uint32_t before = seed, width = 4 + below(40);
        uint32_t kinds = NEWS_ARRAY_LENGTH(pieces) - below(2); /* with or without é */
        size_t len = 0;
        news_writer *w = open_writer(width);
        memset(kept, 0, sizeof kept);
        for (int i = 0; i < 120; i++) {
            size_t start = len;
            if (below(20) == 0) {
                memcpy(in + len, "w x-y", 5);
                len += 5;
                memset(kept + start + 1, true, 4);
                news_writer_whole(w, news_str_of(in + start, 5));
                continue;
            }
            const char *piece = i == 119 ? "z" : pieces[below(kinds)];
            if (piece[0] == ' ' && (len == 0 || in[len - 1] == ' '))
                continue;
            memcpy(in + len, piece, strlen(piece));
            len += strlen(piece);
            text(w, piece);
        }
        news_str got = news_writer_finish(w);
        size_t plain = fill_plainly(news_str_of(in, len), kept, width, out);
        if (!news_str_equal(got, news_str_of(out, plain)))
            print_error("seed %u, width %u, got:\n%.*swanted:\n%.*s", before, width, (int)got.len,
                        got.ptr, (int)plain, out);
        assert_true(news_str_equal(got, news_str_of(out, plain)));
        news_writer_free(w);
        seed = before;
    }
}

static void text_in_any_pieces(void **state)
{
    (void)state;
    char buffer[600];
    static const news_escape escapes[] = {NEWS_ESCAPE_TEXT, NEWS_ESCAPE_GEMTEXT, NEWS_ESCAPE_HTML};
    for (seed = 1; seed < 3000; seed++) {
        uint32_t before = seed, width = below(4) == 0 ? 0 : 4 + below(30);
        news_escape escape = escapes[below(3)];
        news_str rest = random_text(buffer, sizeof buffer);
        bool in_line = below(5) == 0;
        news_heap_init(&heap, NULL, 0);
        news_writer *w[2];
        news_str out[2];
        for (int i = 0; i < 2; i++) {
            w[i] =
                news_writer_new(&heap, 1 << 20, &(news_writer_options){escape, true, width, false});
            if (in_line)
                news_writer_line_begin(w[i]);
        }
        news_writer_text(w[0], rest);
        while (rest.len != 0) {
            size_t length = 0;
            uint32_t c;
            for (uint32_t n = 1 + below(6); n != 0 && length < rest.len; n--)
                length += news_utf8_decode(rest, length, &c);
            news_writer_text(w[1], news_str_of(rest.ptr, length));
            rest = news_str_skip(rest, length);
        }
        for (int i = 0; i < 2; i++)
            out[i] = news_writer_finish(w[i]);
        if (!news_str_equal(out[0], out[1]))
            print_error("seed %u:\n%.*s--\n%.*s", before, (int)out[0].len, out[0].ptr,
                        (int)out[1].len, out[1].ptr);
        assert_true(news_str_equal(out[0], out[1]));
        news_writer_free(w[0]);
        news_writer_free(w[1]);
        assert_int_equal(heap.used, 0);
        seed = before;
    }
}

/* Whatever is called, the output has no three empty lines and no space at a line's end. */
static void any_calls(void **state)
{
    (void)state;
    char buffer[600];
    for (seed = 1; seed < 1500; seed++) {
        uint32_t before = seed, depth = 0;
        news_writer *w = open_writer(20);
        for (int i = 0; i < 40; i++) {
            switch (below(8)) {
            case 0: news_writer_cr(w); break;
            case 1: news_writer_blank(w, below(3)); break;
            case 2:
                push(w, below(2) ? "> " : "* ", "  ");
                depth++;
                break;
            case 3:
                if (depth != 0) {
                    pop(w);
                    depth--;
                }
                break;
            case 4: verbatim(w, "verbatim\nlines"); break;
            case 5: line(w, "a line"); break;
            case 6: whole(w, "whole words"); break;
            case 7: news_writer_text(w, random_text(buffer, sizeof buffer)); break;
            }
        }
        news_str out = news_writer_finish(w);
        assert_int_equal(news_writer_status(w), NEWS_OK);
        assert_true(news_str_find(out, NEWS_STR("\n\n\n\n"), 0) == SIZE_MAX);
        assert_true(news_str_find(out, NEWS_STR(" \n"), 0) == SIZE_MAX);
        assert_true(out.len == 0 || (out.ptr[0] != '\n' && out.ptr[out.len - 1] == '\n'));
        assert_false(out.len > 1 && out.ptr[out.len - 2] == '\n');
        news_writer_free(w);
        assert_int_equal(heap.used, 0);
        seed = before;
    }
}

/* Every text of up to five pieces, as the capture that a line saves would give it. */
static void lines_are_what_a_capture_gives(void **state)
{
    static const char *const pieces[] = {"",   "a", " ",  "#",    "*",
                                         "=>", "`", "\n", "\177", "\303\244"};
    enum { COUNT = sizeof pieces / sizeof *pieces };
    (void)state;
    for (int gemtext = 0; gemtext < 2; gemtext++) {
        news_writer *w = open_as(gemtext ? NEWS_ESCAPE_GEMTEXT : NEWS_ESCAPE_TEXT, 72);
        size_t lines = 0;
        for (unsigned n = 0; n < COUNT * COUNT * COUNT * COUNT * COUNT; n++) {
            char given[16] = "";
            for (unsigned rest = n; rest != 0; rest /= COUNT)
                strcat(given, pieces[rest % COUNT]);
            news_str s = news_str_from(given);
            if (!news_writer_is_line(w, s))
                continue;
            lines++;
            news_writer_capture_begin(w, 0);
            news_writer_text(w, s);
            assert_true(news_str_equal(news_writer_capture_end_line(w), s));
        }
        assert_true(lines > 1000);
        assert_int_equal(news_writer_status(w), NEWS_OK);
        news_writer_free(w);
    }
    news_heap_init(&heap, NULL, 0);
    news_writer *direct =
        news_writer_new(&heap, 1 << 20, &(news_writer_options){NEWS_ESCAPE_TEXT, false, 72, false});
    assert_false(news_writer_is_line(direct, NEWS_STR("a")));
    news_writer_free(direct);
    news_writer *html = open_as(NEWS_ESCAPE_HTML, 72);
    assert_false(news_writer_is_line(html, NEWS_STR("a")));
    news_writer_free(html);
}

/* None of these may take time that grows faster than its size. */
static void hostile_sizes(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",   "漢",   "漢\n", "\u0301",
                                         "://", "a://", "- ",   "a\u0301\n"};
    enum { SIZE = 1 << 20 };
    char *big = malloc(SIZE);
    assert_non_null(big);
    for (size_t p = 0; p < NEWS_ARRAY_LENGTH(pieces); p++) {
        size_t piece = strlen(pieces[p]), len = SIZE / piece * piece;
        for (size_t i = 0; i < len; i++)
            big[i] = pieces[p][i % piece];
        news_writer *w = open_writer(72);
        news_writer_text(w, news_str_of(big, len));
        assert_true(news_writer_finish(w).len > len / 2);
        news_writer_free(w);
    }
    free(big);
    news_writer *w = open_writer(72);
    for (int i = 0; i < 256; i++)
        push(w, ">", ">");
    for (int i = 0; i < 20000; i++)
        text(w, "many words in a narrow place ");
    assert_true(news_writer_finish(w).len > 20000 * 6 * 256);
    news_writer_free(w);
    w = open_writer(72);
    for (int i = 0; i < 200000; i++) {
        whole(w, "b");
        push(w, "", "");
        pop(w);
    }
    news_writer_finish(w);
    news_writer_free(w);
    assert_int_equal(heap.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_lines),
        cmocka_unit_test(breaks_by_columns),
        cmocka_unit_test(joins_lines_without_spaces),
        cmocka_unit_test(keeps_korean_words),
        cmocka_unit_test(keeps_raised_digits_with_what_they_belong_to),
        cmocka_unit_test(keeps_whole_pieces_together),
        cmocka_unit_test(keeps_whole),
        cmocka_unit_test(gemtext_lines),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(empty_prefixes),
        cmocka_unit_test(empty_lines),
        cmocka_unit_test(prefixes_misused),
        cmocka_unit_test(lines),
        cmocka_unit_test(blocks),
        cmocka_unit_test(positions),
        cmocka_unit_test(fills_html),
        cmocka_unit_test(any_text_is_filled),
        cmocka_unit_test(lines_are_full),
        cmocka_unit_test(shortcuts_change_nothing),
        cmocka_unit_test(text_in_any_pieces),
        cmocka_unit_test(any_calls),
        cmocka_unit_test(lines_are_what_a_capture_gives),
        cmocka_unit_test(hostile_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
