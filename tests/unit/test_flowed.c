/* format=flowed (RFC 3676): what the writer makes, read by a reader written here from the RFC
 * alone, is the text that went in, whatever the width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write/write.h"

static news_heap heap;

static news_writer *open_writer(uint32_t width)
{
    news_heap_init(&heap, NULL, 0);
    news_writer *w = news_writer_new(&heap, 64 << 20,
                                     &(news_writer_options){NEWS_ESCAPE_TEXT, true, width, true});
    assert_non_null(w);
    return w;
}

static void text(news_writer *w, const char *s)
{
    news_writer_text(w, news_str_from(s));
}

static void paragraph(news_writer *w, const char *s)
{
    news_writer_blank(w, 1);
    text(w, s);
    news_writer_blank(w, 1);
}

static void push(news_writer *w, const char *first, const char *rest)
{
    news_writer_push_prefix(w, news_str_from(first), news_str_from(rest));
}

static void close_writer(news_writer *w, const char *wanted, bool delsp)
{
    news_str got = news_writer_finish(w);
    if (!news_str_equal(got, news_str_from(wanted)))
        print_error("got:\n%.*s\nwanted:\n%s\n", (int)got.len, got.len != 0 ? got.ptr : "", wanted);
    assert_true(news_str_equal(got, news_str_from(wanted)));
    assert_int_equal(news_writer_delsp(w), delsp);
    news_writer_free(w);
    assert_int_equal(heap.used, 0);
}

static void flowed(uint32_t width, const char *in, const char *out)
{
    news_writer *w = open_writer(width);
    text(w, in);
    close_writer(w, out, false);
}

/* ---- One rule at a time ---- */

static void lines_go_on(void **state)
{
    (void)state;
    flowed(20, "", "");
    flowed(20, "one line", "one line\n");
    flowed(20, "exactly twenty cols. and more", "exactly twenty cols. \nand more\n");
    flowed(20, "three lines of text, as they come", "three lines of text, \nas they come\n");
    flowed(0, "however wide it is, it is one line, for the width is off",
           "however wide it is, it is one line, for the width is off\n");
    /* At most 78 characters, spaces at the end included. */
    flowed(200, "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhh i j",
           "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhh \ni j\n");
    /* No line of a paragraph ends where there is no space; of English, that is. */
    flowed(6, "well-known", "well-known\n");
    flowed(6, "a well-known/unknown b", "a \nwell-known/unknown \nb\n");
    flowed(20, "two\xE2\x80\xA8lines that go on and on", "two\nlines that go on and \non\n");
}

static void lines_are_stuffed(void **state)
{
    (void)state;
    flowed(20, "> is what begins", " > is what begins\n");
    flowed(20, "a letter and a word From here", "a letter and a word \n From here\n");
    flowed(20, "the sign for more is > and no other", "the sign for more is \n > and no other\n");
    flowed(20, "From here on", " From here on\n");
    flowed(20, "Fromage", "Fromage\n");
    news_writer *w = open_writer(20);
    push(w, "  1. ", "     ");
    text(w, "a list, whose entries go on");
    news_writer_pop_prefix(w);
    news_writer_verbatim(w, NEWS_STR("    code   \n>> shift   \n\n"));
    close_writer(w, "   1. a list, whose \nentries go on\n     code\n >> shift\n", false);
}

static void quotes_stand_together(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    push(w, "> ", "> ");
    paragraph(w, "what was said once");
    push(w, "> ", "> ");
    paragraph(w, "and what was said before that");
    news_writer_pop_prefix(w);
    push(w, "- ", "  ");
    paragraph(w, "a list in the quote, long");
    news_writer_pop_prefix(w);
    push(w, "— ", "  ");
    paragraph(w, ">> is what he wrote");
    news_writer_pop_prefix(w);
    news_writer_pop_prefix(w);
    close_writer(w,
                 "> what was said once\n>\n>> and what was said \n>> before that\n>\n"
                 "> - a list in the \n> quote, long\n>\n> — >> is what he \n> wrote\n",
                 false);
}

/* A quote in a list begins with spaces, and so is none to a reader; its lines stay as they are. */
static void what_cannot_flow_does_not(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    push(w, "- ", "  ");
    paragraph(w, "first");
    push(w, "> ", "> ");
    paragraph(w, "a quote within a list");
    news_writer_pop_prefix(w);
    news_writer_pop_prefix(w);
    push(w, "| ", "| ");
    paragraph(w, "a bar beside every line");
    news_writer_pop_prefix(w);
    close_writer(w, "- first\n\n   > a quote within a\n   > list\n\n| a bar beside every\n| line\n",
                 false);
}

static void signatures(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    paragraph(w, "the text of the letter goes on");
    news_writer_line_begin(w);
    text(w, "-- ");
    news_writer_line_end(w);
    text(w, "what stands below it does not");
    close_writer(w, "the text of the \nletter goes on\n\n-- \nwhat stands below it\ndoes not\n",
                 false);
    /* Two hyphens alone on a line that goes on would begin one. */
    flowed(20, "twenty columns of it -- https://slow-signals.example/a",
           "twenty columns of it \n-- https://slow-signals.example/a\n");
    flowed(20, "twenty columns of it --", "twenty columns of it \n--\n");
}

static void deletes_spaces_between_ideographs(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    text(w, "古人用漏壶计时，一昼夜分作一百刻。");
    close_writer(w, "古人用漏壶计时，一昼 \n夜分作一百刻。\n", true);
    w = open_writer(20);
    paragraph(w, "The lines of English have two then");
    paragraph(w, "古人用漏壶计时，一昼夜分作一百刻。");
    close_writer(w,
                 "The lines of English  \nhave two then\n\n古人用漏壶计时，一昼 \n夜分作一百刻。\n",
                 true);
    w = open_writer(20);
    paragraph(w, "刻 is a quarter of an hour"); /* breaks at spaces only */
    close_writer(w, "刻 is a quarter of \nan hour\n", false);
}

static void captures_are_not_flowed(void **state)
{
    (void)state;
    news_writer *w = open_writer(20);
    news_writer_capture_begin(w, 12);
    text(w, "From a capture of two lines");
    news_str captured = news_writer_capture_end(w);
    assert_true(news_str_equal(captured, NEWS_STR("From a\ncapture of\ntwo lines")));
    news_writer_free(w);
}

/* ---- Whatever the text, whatever the width ---- */

typedef struct {
    char bytes[1 << 16];
    size_t len;
} result;

static void put(result *to, const char *bytes, size_t len)
{
    assert_true(len < sizeof to->bytes - to->len);
    memcpy(to->bytes + to->len, bytes, len);
    to->len += len;
}

/* RFC 3676, section 4.2 to 4.5, as a receiving program does it: each paragraph becomes one line,
 * behind its quote marks. */
static void unflow(news_str flowed_text, bool delsp, result *to)
{
    size_t open_depth = 0;
    bool is_open = false;
    to->len = 0;
    while (flowed_text.len != 0) {
        const char *end = memchr(flowed_text.ptr, '\n', flowed_text.len);
        assert_non_null(end);
        news_str line = news_str_of(flowed_text.ptr, (size_t)(end - flowed_text.ptr));
        flowed_text = news_str_skip(flowed_text, line.len + 1);
        size_t depth = 0;
        while (depth < line.len && line.ptr[depth] == '>')
            depth++;
        line = news_str_skip(line, depth);
        if (news_str_starts(line, NEWS_STR(" ")))
            line = news_str_skip(line, 1);
        bool is_signature = news_str_equal(line, NEWS_STR("-- "));
        bool goes_on = !is_signature && line.len != 0 && line.ptr[line.len - 1] == ' ';
        if (is_open && depth != open_depth) /* section 4.5: an error of the sender's */
            fail_msg("a paragraph changes its depth");
        if (!is_open)
            put(to, ">>>>>>>>", depth);
        put(to, line.ptr, line.len - (goes_on && delsp));
        if (!goes_on)
            put(to, "\n", 1);
        is_open = goes_on;
        open_depth = depth;
    }
    assert_false(is_open);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void random_words(news_writer *w, uint32_t *seed)
{
    static const char *const words[] = {"a",
                                        "of",
                                        "letter",
                                        "well-known",
                                        ">",
                                        ">>",
                                        "From",
                                        "--",
                                        "-",
                                        "古人",
                                        "计时，",
                                        "。",
                                        "한국어",
                                        "—",
                                        "x\u00A0y",
                                        "🎉",
                                        "👩‍👩‍👧",
                                        "e\u0301",
                                        "https://slow-signals.example/a/b?c=d&e=f",
                                        "(see",
                                        "there)",
                                        "“so”",
                                        "¹",
                                        "...",
                                        "antidisestablishmentarianism",
                                        "ไทย",
                                        "שלום",
                                        "مرحبا",
                                        "a/b/c",
                                        "\u200B",
                                        "1)",
                                        "#"};
    uint32_t count = 1 + next_random(seed) % 40;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = next_random(seed) % 8;
        const char *word = words[next_random(seed) % NEWS_ARRAY_LENGTH(words)];
        if (kind == 0)
            news_writer_whole(w, news_str_from(word));
        else
            text(w, word);
        if (kind != 1)
            text(w, kind == 2 ? "\n" : " ");
    }
}

/* The same for the same seed. Quotes stand outside lists, where they flow. */
static void random_document(news_writer *w, uint32_t seed)
{
    static const char *const prefixes[][2] = {{"> ", "> "}, {"- ", "  "}, {" 12. ", "     "}};
    uint32_t depth = 0, quotes = 0;
    for (uint32_t blocks = 1 + next_random(&seed) % 8; blocks > 0; blocks--) {
        uint32_t kind = next_random(&seed) % 8;
        if (kind < 3 && depth < 4 && (kind != 0 || depth == quotes)) {
            push(w, prefixes[kind][0], prefixes[kind][1]);
            depth++;
            quotes += kind == 0;
        } else if (kind == 3 && depth > 0) {
            news_writer_pop_prefix(w);
            depth--;
            quotes = quotes < depth ? quotes : depth;
        } else if (kind == 4) {
            news_writer_verbatim(w, NEWS_STR("  code \n> more\nFrom it\n--  \n"));
        }
        news_writer_blank(w, next_random(&seed) % 3);
        random_words(w, &seed);
        news_writer_blank(w, next_random(&seed) % 2);
    }
    for (; depth > 0; depth--)
        news_writer_pop_prefix(w);
}

static void check_lines(news_str out)
{
    while (out.len != 0) {
        const char *end = memchr(out.ptr, '\n', out.len);
        news_str line = news_str_of(out.ptr, (size_t)(end - out.ptr));
        out = news_str_skip(out, line.len + 1);
        assert_false(news_str_equal(line, NEWS_STR("-- ")));
        assert_false(news_str_starts(line, NEWS_STR("From ")));
    }
}

static void flowing_and_back(uint32_t seed, uint32_t width, const result *whole)
{
    static result unflowed;
    news_writer *w = open_writer(width);
    random_document(w, seed);
    news_str out = news_writer_finish(w);
    assert_int_equal(news_writer_status(w), NEWS_OK);
    check_lines(out);
    unflow(out, news_writer_delsp(w), &unflowed);
    bool same = unflowed.len == whole->len && memcmp(unflowed.bytes, whole->bytes, whole->len) == 0;
    if (!same)
        print_error("seed %u, width %u:\n%.*s\nunflowed:\n%.*s\nwanted:\n%.*s\n", (unsigned)seed,
                    (unsigned)width, (int)out.len, out.ptr, (int)unflowed.len, unflowed.bytes,
                    (int)whole->len, whole->bytes);
    assert_true(same);
    news_writer_free(w);
}

static void what_flows_is_what_was_written(void **state)
{
    static result whole;
    (void)state;
    for (uint32_t seed = 1; seed <= 3000; seed++) {
        news_writer *w = open_writer(0);
        random_document(w, seed);
        unflow(news_writer_finish(w), false, &whole);
        assert_false(news_writer_delsp(w));
        news_writer_free(w);
        for (uint32_t width = 20; width <= 78; width += seed % 7 == 0 ? 1 : 1 + seed % 29)
            flowing_and_back(seed, width, &whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_on),
        cmocka_unit_test(lines_are_stuffed),
        cmocka_unit_test(quotes_stand_together),
        cmocka_unit_test(what_cannot_flow_does_not),
        cmocka_unit_test(signatures),
        cmocka_unit_test(deletes_spaces_between_ideographs),
        cmocka_unit_test(captures_are_not_flowed),
        cmocka_unit_test(what_flows_is_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
