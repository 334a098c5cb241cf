/* The guard: what it refuses and where, what it lets pass, and that cmark never nests deeper in
 * what it lets pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmark.h>
#include <cmocka.h>

#include "source/source.h"

enum { DEPTH = 64, ROOM = 1 << 20 };

static char text[ROOM + 1];
static size_t length;

static void begin(void)
{
    length = 0;
}

static void add(const char *what, size_t times)
{
    size_t size = strlen(what);
    for (size_t i = 0; i < times; i++, length += size) {
        assert_true(length + size <= ROOM);
        memcpy(text + length, what, size);
    }
}

static void expect_ok(void)
{
    news_error error = NEWS_ERROR_INIT;
    news_status status = news_guard(news_str_of(text, length), 1, DEPTH, NEWS_STR("a.md"), &error);
    if (status != NEWS_OK)
        fail_msg("refused at %u:%u: %s", error.line, error.column, error.message);
}

/* Refused at this place, the text's first line being line 5, with these words in the message. */
static void expect_refusal(uint32_t line, uint32_t column, const char *words)
{
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(news_guard(news_str_of(text, length), 5, DEPTH, NEWS_STR("a.md"), &error),
                     NEWS_ERR_LIMIT);
    assert_string_equal(error.source, "a.md");
    if (strstr(error.message, words) == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_int_equal(news_guard(news_str_of(text, length), 5, DEPTH, NEWS_STR("a.md"), NULL),
                     NEWS_ERR_LIMIT);
}

static void depth_in_a_line(void **state)
{
    (void)state;
    static const char *const markers[] = {"> ", ">", "- ", "+ ", "12) ", "-\t"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(markers); i++) {
        begin();
        add("Words.\n\n", 1);
        add(markers[i], DEPTH);
        add("a\n", 1);
        expect_ok();
        begin();
        add("Words.\n\n", 1);
        add(markers[i], DEPTH + 1);
        add("a\n", 1);
        expect_refusal(7, (uint32_t)(DEPTH * strlen(markers[i])) + 1, "nested more than 64 deep");
    }
    begin();
    add("> - ", DEPTH);
    expect_refusal(5, DEPTH * 2 + 1, "nested more than 64 deep");
}

static void depth_by_indentation(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i <= DEPTH; i++) {
        add("  ", i);
        add("- a\n", 1);
    }
    expect_refusal(5 + DEPTH, DEPTH * 2 + 1, "nested more than 64 deep");

    /* One more level in each paragraph of a quote in a list, blank lines between. */
    begin();
    for (size_t i = 0; i <= DEPTH; i++) {
        add("   ", i);
        add("1. a\n\n", 1);
    }
    expect_refusal(5 + DEPTH * 2, DEPTH * 3 + 1, "nested more than 64 deep");

    /* Levels that end do not add up. */
    begin();
    for (size_t i = 0; i < 200; i++)
        add("- a\n    - b\n        - c\n\nWords.\n\n", 1);
    for (size_t i = 0; i < 2000; i++)
        add("* a\n  * b\n", 1);
    expect_ok();
}

static void no_containers(void **state)
{
    (void)state;
    begin();
    add("* ", 500);
    add("\n\n", 1);
    add("-", 500);
    add("\n\n", 1);
    add(" ", 500);
    add("- a\n\n", 1);
    add("a ", 100);
    add("> ", 100);
    add("\n\n1234567890. a\n", 1);
    expect_ok();
}

static void code(void **state)
{
    (void)state;
    begin();
    add("```\n", 1);
    add(">", 300);
    add("\n\n", 1);
    add("![[", 1000);
    add("\n~~~\n````x\n", 1);
    add("- ", 300);
    add("\n````\n\n   ~~~ `info`\n", 1);
    add("![[", 1000);
    add("\n~~~~  \n\n    ", 1);
    add(">", 300);
    add("\n    ", 1);
    add("![[", 1000);
    add("\n\n\t", 1);
    add("- ", 300);
    add("\n", 1);
    expect_ok();

    static const char *const not_code[] = {
        "``` a`b\n",   "```\n```\n",      "~~~\n\n~~~~\n",      "- ```\n\na\n\n",
        "    ```\n\n", "a\n    ",         "<pre>\n```\n</pre>", "<!--\n```\n-->\n",
        "- a\n\n    ", "[^1]: a\n\n    ", "<div>\n~~~\n\n",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(not_code); i++) {
        begin();
        add(not_code[i], 1);
        add("\n", not_code[i][strlen(not_code[i]) - 1] == '>');
        size_t before = length;
        add(">", DEPTH + 1);
        news_error error = NEWS_ERROR_INIT;
        assert_int_equal(news_guard(news_str_of(text, length), 1, DEPTH, NEWS_STR(""), &error),
                         NEWS_ERR_LIMIT);
        assert_true(error.column >= DEPTH && before != 0);
    }
}

static void notes(void **state)
{
    (void)state;
    begin();
    add("[^a]: ", 1);
    add("- ", DEPTH + 1);
    add("b\n", 1);
    expect_refusal(5, 6 + 2 * DEPTH - 1, "nested more than 64 deep");
}

static void open_images(void **state)
{
    (void)state;
    begin();
    add("![[]()", 200);
    add("\n\n", 1);
    add("![[]()", 200);
    expect_ok();
    add("\n> ![a\n", 1);
    expect_refusal(8, 3, "more than 200 images");

    begin();
    add("![ab](c) ![](d \"e\") [![f](g)](h) [i](j)!\n", 5000);
    expect_ok();

    begin();
    add("é![`]`", 201);
    expect_refusal(5, 200 * 6 + 2, "more than 200 images");
}

static void deep_blank_lines(void **state)
{
    (void)state;
    begin();
    add("- ", DEPTH);
    add("a\n", 1);
    add("\n", 4000);
    expect_ok();
    add("\n", 200000);
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(news_guard(news_str_of(text, length), 1, DEPTH, NEWS_STR(""), &error),
                     NEWS_ERR_LIMIT);
    assert_string_equal(error.message, "too many lines inside blocks nested 64 deep");
}

static void empty(void **state)
{
    (void)state;
    assert_int_equal(news_guard(NEWS_STR_NONE, 1, DEPTH, NEWS_STR(""), NULL), NEWS_OK);
    assert_int_equal(news_guard(NEWS_STR("\n"), 1, DEPTH, NEWS_STR(""), NULL), NEWS_OK);
    assert_int_equal(news_guard(NEWS_STR("!"), 1, DEPTH, NEWS_STR(""), NULL), NEWS_OK);
    assert_int_equal(news_guard(NEWS_STR("!["), 1, DEPTH, NEWS_STR(""), NULL), NEWS_OK);
}

/* ---- Against cmark ---- */

static size_t depth_in_cmark(void)
{
    cmark_node *document = cmark_parse_document(text, length, CMARK_OPT_DEFAULT);
    cmark_iter *iter = cmark_iter_new(document);
    size_t depth = 0, deepest = 0;
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node_type type = cmark_node_get_type(cmark_iter_get_node(iter));
        if (type != CMARK_NODE_ITEM && type != CMARK_NODE_BLOCK_QUOTE)
            continue;
        depth = event == CMARK_EVENT_ENTER ? depth + 1 : depth - 1;
        deepest = depth > deepest ? depth : deepest;
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
    return deepest;
}

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

/* Whatever the guard takes for 2 to 6 deep, cmark nests no deeper. */
static void bound_holds(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "- ",      "> ",       "1. ",       "2) ",  ">",      "-",        "*",
        " ",       "  ",       "    ",      "\t",   "a",      "b\n",      "\n",
        "\n\n",    "```\n",    "~~~\n",     "```",  "<!--",   "-->\n",    "<div>\n",
        "<pre>\n", "</pre>\n", "<b>\n",     "<?",   "?>",     "[a]: u\n", "===\n",
        "---\n",   "# ",       "+ ",        "12. ", "- - ",   "> - ",     "\n- ",
        "\n> ",    "\n  - ",   "\n    - ",  "<!A",  ">\n",    "[a]:",     "\n\n    ",
        "\r",      "* * *\n",  "\v",        "- \n", "````\n", "<script>", "\n\n\t",
        "[x\n",    "]: y\n",   "</script>",
    };
    uint32_t seed = 20240517;
    size_t accepted = 0;
    for (size_t round = 0; round < 20000; round++) {
        begin();
        for (size_t i = next_random(&seed, 40) + 1; i != 0; i--)
            add(pieces[next_random(&seed, NEWS_ARRAY_LENGTH(pieces))],
                1 + next_random(&seed, 4) / 2);
        size_t limit = 2 + next_random(&seed, 5);
        if (news_guard(news_str_of(text, length), 1, limit, NEWS_STR(""), NULL) != NEWS_OK)
            continue;
        accepted++;
        if (depth_in_cmark() > limit)
            fail_msg("deeper than %zu:\n%.*s", limit, (int)length, text);
    }
    assert_true(accepted > 10000);
}

/* What passes takes cmark no longer than its worst linear cases; unguarded, these take minutes. */
static void what_passes_is_quick(void **state)
{
    (void)state;
    static const struct {
        const char *first, *then;
    } cases[] = {
        {"- ", "\n"}, {"> ", "a\n"}, {"1. ", "***a"}, {"![", "[]()"}, {"![[]()", "![[]()"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        for (size_t count = 64; count <= 200; count += 136) {
            begin();
            add(cases[i].first, count);
            add(cases[i].then, (512 << 10) / strlen(cases[i].then));
            if (news_guard(news_str_of(text, length), 1, DEPTH, NEWS_STR(""), NULL) != NEWS_OK)
                continue;
            clock_t start = clock();
            (void)depth_in_cmark();
            assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 3.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_in_a_line),
        cmocka_unit_test(depth_by_indentation),
        cmocka_unit_test(no_containers),
        cmocka_unit_test(code),
        cmocka_unit_test(notes),
        cmocka_unit_test(open_images),
        cmocka_unit_test(deep_blank_lines),
        cmocka_unit_test(empty),
        cmocka_unit_test(bound_holds),
        cmocka_unit_test(what_passes_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
