/* base: every byte is accounted for, every failure leaves things as they were, and errors are cut
 * between characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/base.h"

/* An allocator that checks the sizes it is told, counts, and fails when asked to. */
typedef struct {
    size_t bytes, blocks;
    size_t calls, fail_at; /* 0: never */
} counter;

static void *counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = ud;
    assert_true(ptr != NULL || old_size == 0);
    if (new_size == 0) {
        free(ptr);
        c->bytes -= old_size;
        c->blocks -= ptr != NULL;
        return NULL;
    }
    if (++c->calls == c->fail_at && new_size > old_size) /* to shrink a block must not fail */
        return NULL;
    void *moved = realloc(ptr, new_size);
    assert_non_null(moved);
    c->blocks += ptr == NULL;
    c->bytes = c->bytes - old_size + new_size;
    return moved;
}

static news_heap heap_of(counter *c, size_t limit)
{
    news_heap heap;
    news_heap_init(&heap, &(news_allocator){counting, c}, limit);
    return heap;
}

/* ---- Strings ---- */

static void strings(void **state)
{
    (void)state;
    assert_true(news_str_equal(NEWS_STR_NONE, NEWS_STR("")));
    assert_true(news_str_equal(news_str_from(NULL), NEWS_STR_NONE));
    assert_false(news_str_equal(NEWS_STR("ab"), NEWS_STR("ac")));
    assert_true(news_str_equal_nocase(NEWS_STR("Content-Type"), NEWS_STR("content-tYPE")));
    assert_false(news_str_equal_nocase(NEWS_STR("É"), NEWS_STR("é")));
    assert_true(news_str_starts(NEWS_STR("---\n"), NEWS_STR("---")));
    assert_false(news_str_starts(NEWS_STR("--"), NEWS_STR("---")));
    assert_true(news_str_equal(news_str_skip(NEWS_STR("abc"), 2), NEWS_STR("c")));
    assert_int_equal(news_str_skip(NEWS_STR("abc"), 9).len, 0);
    assert_true(news_str_equal(news_str_trim(NEWS_STR(" \t\r\n a b \v\f ")), NEWS_STR("a b")));
    assert_int_equal(news_str_trim(NEWS_STR("  \n")).len, 0);
    assert_false(news_is_alpha((char)0xC3)); /* whatever the locale */
}

static void finding(void **state)
{
    (void)state;
    news_str text = NEWS_STR("aab aaab");
    assert_int_equal(news_str_find(text, NEWS_STR("aaab"), 0), 4);
    assert_int_equal(news_str_find(text, NEWS_STR("aab"), 0), 0);
    assert_int_equal(news_str_find(text, NEWS_STR("aab"), 1), 5);
    assert_int_equal(news_str_find(text, NEWS_STR("b"), 7), 7);
    assert_true(news_str_find(text, NEWS_STR("b"), 8) == SIZE_MAX);
    assert_true(news_str_find(text, NEWS_STR("abc"), 0) == SIZE_MAX);
    assert_true(news_str_find(NEWS_STR("ab"), NEWS_STR("abc"), 0) == SIZE_MAX);
    assert_true(news_str_find(NEWS_STR_NONE, NEWS_STR("a"), 0) == SIZE_MAX);
}

static news_str format_names(void *ud, size_t i)
{
    static const char *const names[] = {"gemini", "", "html", "text"};
    (void)ud;
    return news_str_from(names[i]);
}

static ptrdiff_t nearest_format(const char *name)
{
    return news_nearest(news_str_from(name), 4, format_names, NULL);
}

static void nearest(void **state)
{
    (void)state;
    assert_int_equal(nearest_format("htlm"), 2); /* a swap is one edit */
    assert_int_equal(nearest_format("gemni"), 0);
    assert_int_equal(nearest_format("TEXT"), 3);
    assert_int_equal(nearest_format("txet"), 3);
    assert_int_equal(nearest_format("pdf"), -1);
    assert_int_equal(nearest_format(""), -1);
    char lengthy[200];
    memset(lengthy, 'h', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_int_equal(nearest_format(lengthy), -1);
}

/* ---- Heap ---- */

static void heap_counts(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    char *a = news_heap_alloc(&heap, 10), *b = news_heap_alloc(&heap, 20);
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(heap.used, 30);
    a = news_heap_realloc(&heap, a, 10, 100);
    assert_int_equal(heap.used, 120);
    a = news_heap_realloc(&heap, a, 100, 5);
    assert_int_equal(heap.used, 25);
    assert_int_equal(heap.peak, 120);
    assert_int_equal(c.bytes, heap.used);
    assert_null(news_heap_alloc(&heap, 0));
    news_heap_free(&heap, a, 5);
    news_heap_free(&heap, b, 20);
    news_heap_free(&heap, NULL, 7);
    assert_int_equal(heap.used, 0);
    assert_int_equal(c.blocks, 0);
    assert_int_equal(c.bytes, 0);
}

static void heap_limit(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 100);
    char *a = news_heap_alloc(&heap, 60);
    assert_null(news_heap_alloc(&heap, 41));
    assert_true(heap.over_limit);
    assert_null(news_heap_alloc(&heap, SIZE_MAX));
    assert_int_equal(heap.used, 60);
    char *b = news_heap_alloc(&heap, 40); /* exactly full */
    assert_non_null(b);
    a = news_heap_realloc(&heap, a, 60, 30); /* shrinking is always allowed */
    assert_non_null(a);
    news_heap_free(&heap, a, 30);
    news_heap_free(&heap, b, 40);

    heap.over_limit = false;
    c.calls = 0;
    c.fail_at = 1;
    assert_null(news_heap_alloc(&heap, 1));
    assert_false(heap.over_limit); /* memory was short: another matter */
    assert_int_equal(heap.used, 0);
}

static void heap_default(void **state)
{
    (void)state;
    news_heap heap;
    news_heap_init(&heap, NULL, 0);
    char *block = news_heap_alloc(&heap, 16);
    assert_non_null(block);
    block = news_heap_realloc(&heap, block, 16, 64);
    assert_non_null(block);
    news_heap_free(&heap, block, 64);
    assert_int_equal(heap.used, 0);
}

static void heap_arrays(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    uint32_t *array = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t *moved = news_heap_grow(&heap, array, i, &capacity, sizeof *array);
        assert_non_null(moved);
        array = moved;
        array[i] = i;
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(array[i], i);
    assert_true(c.calls < 12); /* it doubles */
    size_t before = capacity;
    c.calls = 0;
    c.fail_at = 1;
    assert_null(news_heap_grow(&heap, array, capacity, &capacity, sizeof *array));
    assert_int_equal(capacity, before);
    assert_int_equal(array[999], 999);
    assert_null(news_heap_grow(&heap, array, capacity, &capacity, SIZE_MAX / 4));
    news_heap_free(&heap, array, capacity * sizeof *array);
    assert_int_equal(c.bytes, 0);
}

/* ---- Pool ---- */

static void *pool_resize(news_pool *pool, void *ptr, size_t old_size, size_t new_size)
{
    news_allocator allocator = news_pool_allocator(pool);
    return allocator.reallocate(allocator.ud, ptr, old_size, new_size);
}

enum { POOL_BLOCKS = 64 };

/* Resizes blocks at random, and looks whether each still holds what was put into it. */
static void use_pool(news_pool *pool, bool may_fail)
{
    static const size_t largest[] = {40, 700, 9000, 600000};
    unsigned char *blocks[POOL_BLOCKS] = {NULL};
    size_t sizes[POOL_BLOCKS] = {0};
    uint32_t random = 1;
    for (unsigned i = 0; i < 4000; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = random >> 26, size = (random >> 4) % largest[(random >> 2) % 4];
        unsigned char *moved = pool_resize(pool, blocks[at], sizes[at], size);
        assert_int_equal((uintptr_t)moved % 16, 0);
        if (moved == NULL && size != 0) {
            assert_true(may_fail && size > sizes[at]);
            continue;
        }
        for (size_t j = 0; j < size && j < sizes[at]; j++)
            assert_int_equal(moved[j], (unsigned char)at);
        if (size != 0)
            memset(moved, (int)at, size);
        blocks[at] = moved;
        sizes[at] = size;
    }
    for (size_t at = 0; at < POOL_BLOCKS; at++)
        assert_null(pool_resize(pool, blocks[at], sizes[at], 0));
}

static void pool_keeps(void **state)
{
    (void)state;
    counter c = {0};
    news_pool pool;
    news_pool_init(&pool, &(news_allocator){counting, &c}, 1 << 20);
    use_pool(&pool, false);
    assert_in_range(pool.kept, 1, 1 << 20);
    void *block = pool_resize(&pool, NULL, 0, 100), *large = pool_resize(&pool, NULL, 0, 5000);
    assert_null(pool_resize(&pool, block, 100, 0));
    assert_null(pool_resize(&pool, large, 5000, 0));
    size_t calls = c.calls;
    assert_ptr_equal(pool_resize(&pool, NULL, 0, 97), block); /* of one class with 100 */
    assert_ptr_equal(pool_resize(&pool, NULL, 0, 4999), large);
    assert_int_equal(c.calls, calls);
    (void)pool_resize(&pool, block, 97, 0);
    (void)pool_resize(&pool, large, 4999, 0);
    news_pool_free(&pool);
    assert_int_equal(c.bytes, 0);
    assert_int_equal(c.blocks, 0);
}

static void pool_keeps_nothing_large(void **state)
{
    (void)state;
    counter c = {0};
    news_pool pool;
    news_pool_init(&pool, &(news_allocator){counting, &c}, 0);
    use_pool(&pool, false);
    assert_int_equal(pool.kept, 0);
    news_pool_free(&pool);
    assert_int_equal(c.bytes, 0);
}

/* Whichever request fails: what is there stays, and to shrink a block never fails. */
static void pool_memory(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at < 400; fail_at += 41) {
        counter c = {.fail_at = fail_at};
        news_pool pool;
        news_pool_init(&pool, &(news_allocator){counting, &c}, 1 << 20);
        use_pool(&pool, true);
        news_pool_free(&pool);
        assert_int_equal(c.bytes, 0);
        assert_int_equal(c.blocks, 0);
    }
}

/* From a block of the host's to a small one, for which there is no chunk. */
static void pool_shrinks(void **state)
{
    (void)state;
    static const size_t sizes[] = {600, 5000, 300000};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(sizes); i++) {
        counter c = {.fail_at = 2};
        news_pool pool;
        news_pool_init(&pool, &(news_allocator){counting, &c}, 1 << 20);
        char *block = pool_resize(&pool, NULL, 0, sizes[i]);
        memset(block, 'x', sizes[i]);
        block = pool_resize(&pool, block, sizes[i], 500);
        assert_non_null(block);
        for (size_t j = 0; j < 500; j++)
            assert_int_equal(block[j], 'x');
        assert_null(pool_resize(&pool, block, 500, 0));
        assert_ptr_equal(pool_resize(&pool, NULL, 0, 500), block);
        assert_null(pool_resize(&pool, block, 500, 0));
        news_pool_free(&pool);
        assert_int_equal(c.bytes, 0);
        assert_int_equal(c.blocks, 0);
    }
}

/* ---- Numbers ---- */

static void decimals(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 7, -1, 10, 4096, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(numbers); i++) {
        char digits[NEWS_DECIMAL_SIZE], expected[32];
        snprintf(expected, sizeof expected, "%lld", (long long)numbers[i]);
        assert_true(news_str_equal(news_decimal(numbers[i], digits), news_str_from(expected)));
    }
}

/* ---- Arena ---- */

static void arena_blocks(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_arena arena;
    news_arena_init(&arena, &heap);
    unsigned char *blocks[2000];
    size_t sizes[2000];
    for (size_t i = 0; i < 2000; i++) {
        sizes[i] = i % 97 == 96 ? 70000 : i % 61 + 1;
        blocks[i] = news_arena_alloc(&arena, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 8, 0);
        memset(blocks[i], (int)(i & 0xFF), sizes[i]);
    }
    for (size_t i = 0; i < 2000; i++) { /* none overlaps another */
        assert_int_equal(blocks[i][0], i & 0xFF);
        assert_int_equal(blocks[i][sizes[i] - 1], i & 0xFF);
    }
    news_arena_free(&arena);
    assert_int_equal(c.blocks, 0);
    assert_non_null(news_arena_alloc(&arena, 1)); /* it may be used again */
    news_arena_free(&arena);
    news_arena_free(&arena);
    assert_int_equal(heap.used, 0);
}

/* A block of its own must not cost the rest of the chunk in use. */
static void arena_large(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_arena arena;
    news_arena_init(&arena, &heap);
    char *small = news_arena_alloc(&arena, 16);
    char *large = news_arena_alloc(&arena, (size_t)4 << 20);
    assert_non_null(large);
    memset(large, 1, (size_t)4 << 20);
    assert_ptr_equal(news_arena_alloc(&arena, 16), small + 16);
    news_arena_free(&arena);

    large = news_arena_alloc(&arena, (size_t)4 << 20); /* as the first block, too */
    assert_non_null(large);
    memset(large, 1, (size_t)4 << 20);
    assert_non_null(news_arena_alloc(&arena, 8));
    assert_null(news_arena_alloc(&arena, SIZE_MAX));
    assert_null(news_arena_alloc(&arena, SIZE_MAX / 2));
    news_arena_free(&arena);
    assert_int_equal(c.bytes, 0);
}

static void arena_copies(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_arena arena;
    news_str copy;
    news_arena_init(&arena, &heap);
    assert_true(news_arena_copy(&arena, NEWS_STR("issue"), &copy));
    assert_string_equal(copy.ptr, "issue");
    assert_true(news_arena_copy(&arena, NEWS_STR_NONE, &copy));
    assert_int_equal(copy.len, 0);
    assert_string_equal(copy.ptr, "");
    unsigned char *zeros = news_arena_calloc(&arena, 300);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(zeros[i], 0);
    news_arena_free(&arena);

    c.calls = 0;
    c.fail_at = 1;
    assert_false(news_arena_copy(&arena, NEWS_STR("issue"), &copy));
    c.calls = 0;
    assert_null(news_arena_calloc(&arena, 8));
    news_arena_free(&arena);
    assert_int_equal(c.bytes, 0);
}

/* ---- Buffer ---- */

static void buffer_appends(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_buf buf;
    news_buf_init(&buf, &heap, 1 << 20);
    for (int i = 0; i < 5000; i++)
        assert_true(news_buf_append_char(&buf, (char)('a' + i % 26)));
    assert_int_equal(buf.len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buf.ptr[i], 'a' + i % 26);
    news_buf_clear(&buf);
    assert_true(news_buf_append_str(&buf, NEWS_STR_NONE));
    assert_true(news_buf_printf(&buf, "%s:%d", "issue.md", 12));
    assert_true(news_str_equal(news_buf_str(&buf), NEWS_STR("issue.md:12")));
    news_buf_clear(&buf);
    assert_true(news_buf_printf(&buf, "%2000d|", 7)); /* longer than any fixed array */
    assert_int_equal(buf.len, 2001);
    assert_memory_equal(buf.ptr + 1999, "7|", 2);
    news_buf_free(&buf);
    assert_int_equal(c.bytes, 0);
}

static void buffer_maximum(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_buf buf;
    news_buf_init(&buf, &heap, 10);
    assert_true(news_buf_append(&buf, "0123456789", 10)); /* full is not too much */
    assert_false(news_buf_append_char(&buf, 'x'));
    assert_int_equal(buf.status, NEWS_ERR_LIMIT);
    assert_false(news_buf_append(&buf, "", 0)); /* the failure sticks */
    assert_int_equal(buf.len, 10);
    news_buf_clear(&buf);
    assert_int_equal(buf.status, NEWS_OK);
    assert_true(news_buf_append(&buf, "abc", 3));
    assert_false(news_buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(buf.status, NEWS_ERR_LIMIT);
    news_buf_free(&buf);
    assert_int_equal(c.bytes, 0);
}

static void buffer_memory(void **state)
{
    (void)state;
    counter c = {.fail_at = 2};
    news_heap heap = heap_of(&c, 0);
    news_buf buf;
    char block[200] = {0};
    news_buf_init(&buf, &heap, 1 << 20);
    assert_true(news_buf_append(&buf, block, sizeof block));
    assert_false(news_buf_append(&buf, block, sizeof block));
    assert_int_equal(buf.status, NEWS_ERR_NOMEM);
    assert_int_equal(buf.len, sizeof block); /* what was there is there */
    news_buf_clear(&buf);
    assert_true(news_buf_append(&buf, block, 100));
    news_buf_free(&buf);
    assert_int_equal(c.bytes, 0);
}

/* ---- Map ---- */

static void map_keys(void **state)
{
    (void)state;
    counter c = {0};
    news_heap heap = heap_of(&c, 0);
    news_strmap map;
    static char names[3000][8];
    news_strmap_init(&map, &heap);
    assert_null(news_strmap_get(&map, NEWS_STR("links")));
    for (uint32_t i = 0; i < 3000; i++) {
        bool added = false;
        (void)snprintf(names[i], sizeof names[i], "id-%u", (unsigned)i);
        uint32_t *value = news_strmap_put(&map, news_str_from(names[i]), &added);
        assert_non_null(value);
        assert_true(added);
        assert_int_equal(*value, 0);
        *value = i;
    }
    for (uint32_t i = 0; i < 3000; i++) {
        char again[8]; /* found by its bytes, not by its address */
        memcpy(again, names[i], sizeof again);
        uint32_t *value = news_strmap_get(&map, news_str_from(again));
        assert_non_null(value);
        assert_int_equal(*value, i);
    }
    bool added = true;
    assert_int_equal(*news_strmap_put(&map, NEWS_STR("id-7"), &added), 7);
    assert_false(added);
    assert_int_equal(map.count, 3000);
    assert_null(news_strmap_get(&map, NEWS_STR("id-3000")));
    *news_strmap_put(&map, NEWS_STR_NONE, NULL) = 9; /* the empty key is one */
    assert_int_equal(*news_strmap_get(&map, NEWS_STR("")), 9);
    news_strmap_free(&map);
    assert_int_equal(c.bytes, 0);
}

static void map_memory(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at < 4; fail_at++) {
        counter c = {.fail_at = fail_at};
        news_heap heap = heap_of(&c, 0);
        news_strmap map;
        char names[64][3];
        size_t stored = 0, failed = 0;
        news_strmap_init(&map, &heap);
        for (int i = 0; i < 64; i++) {
            (void)snprintf(names[i], sizeof names[i], "%d", i);
            uint32_t *value = news_strmap_put(&map, news_str_from(names[i]), NULL);
            if (value != NULL)
                stored++;
            else
                failed++;
        }
        assert_int_equal(failed, 1);
        assert_int_equal(map.count, stored);
        news_strmap_free(&map);
        assert_int_equal(c.bytes, 0);
    }
}

/* ---- Errors ---- */

static void errors_cut(void **state)
{
    (void)state;
    char to[8];
    news_error_copy(to, sizeof to, NEWS_STR("1234567"), true);
    assert_string_equal(to, "1234567");
    news_error_copy(to, sizeof to, NEWS_STR("12345678"), true);
    assert_string_equal(to, "…5678");
    news_error_copy(to, sizeof to, NEWS_STR("12345678"), false);
    assert_string_equal(to, "1234…");
    news_error_copy(to, sizeof to, NEWS_STR("ééééé"), true); /* never within a character */
    assert_string_equal(to, "…éé");
    news_error_copy(to, sizeof to, NEWS_STR("日本語"), true);
    assert_string_equal(to, "…語");
    news_error_copy(to, sizeof to, NEWS_STR("日本語"), false);
    assert_string_equal(to, "日…");
    news_error_copy(to, sizeof to, NEWS_STR_NONE, false);
    assert_string_equal(to, "");
}

static void errors_set(void **state)
{
    (void)state;
    news_error error = NEWS_ERROR_INIT;
    assert_int_equal(error.size, sizeof error);
    error.node_line = 3;
    error.node_source[0] = 'x';
    news_status status = news_error_set(&error, NEWS_ERR_LIMIT, NEWS_STR("issue.md"), 12, 5,
                                        "more than %d levels", 64);
    assert_int_equal(status, NEWS_ERR_LIMIT);
    assert_int_equal(error.status, NEWS_ERR_LIMIT);
    assert_string_equal(error.source, "issue.md");
    assert_string_equal(error.message, "more than 64 levels");
    assert_int_equal(error.line, 12);
    assert_int_equal(error.column, 5);
    assert_int_equal(error.node_line, 0); /* nothing of an earlier error stays */
    assert_string_equal(error.node_source, "");

    char lengthy[3000];
    memset(lengthy, 'm', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    (void)news_error_set(&error, NEWS_ERR_ARG, news_str_of(lengthy, 2999), 1, 1, "%s", lengthy);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_int_equal(strlen(error.source), sizeof error.source - 1);
    assert_memory_equal(error.source, "…", 3);

    assert_int_equal(news_error_set(NULL, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0, "x"), NEWS_ERR_ARG);
    assert_int_equal(news_error_nomem(&error), NEWS_ERR_NOMEM);
    assert_string_equal(error.message, "out of memory");
}

static void status_names(void **state)
{
    (void)state;
    for (int status = NEWS_OK; status >= NEWS_ERR_INTERNAL; status--) {
        const char *name = news_status_name((news_status)status);
        assert_string_not_equal(name, "unknown status");
        for (int other = NEWS_OK; other > status; other--)
            assert_string_not_equal(name, news_status_name((news_status)other));
    }
    assert_string_equal(news_status_name((news_status)99), "unknown status");
}

/* ---- Digest ---- */

static void assert_digest(news_digest *digest, const char *expected)
{
    unsigned char out[NEWS_DIGEST_SIZE];
    char text[2 * NEWS_DIGEST_SIZE + 1];
    news_digest_end(digest, out);
    for (size_t i = 0; i < sizeof out; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", out[i]);
    assert_string_equal(text, expected);
}

/* The vectors of the reference implementation; the key and the input count up from 0. */
static void digest_of_siphash(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        const char *digest;
    } vectors[] = {
        {0, "a3817f04ba25a8e66df67214c7550293"},  {1, "da87c1d86b99af44347659119b22fc45"},
        {7, "a1f1ebbed8dbc153c0b84aa61ff08239"},  {8, "3b62a9ba6258f5610f83e264f31497b4"},
        {15, "5493e99933b0a8117e08ec0f97cfc3d9"}, {16, "6ee2a4ca67b054bbfd3315bf85230577"},
        {63, "5150d1772f50834a503e069a973fbd7c"},
    };
    unsigned char key[16];
    char input[64];
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (char)i;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(vectors); i++)
        for (size_t cut = 0; cut <= vectors[i].len; cut++) { /* in two pieces */
            news_digest digest;
            news_digest_init_key(&digest, key);
            news_digest_add(&digest, news_str_of(input, cut));
            news_digest_add(&digest, news_str_of(input + cut, vectors[i].len - cut));
            assert_digest(&digest, vectors[i].digest);
        }
}

static void digest_of_fields(void **state)
{
    (void)state;
    unsigned char digests[3][NEWS_DIGEST_SIZE];
    static const char *const fields[3][2] = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}};
    for (size_t i = 0; i < 3; i++) {
        news_digest digest;
        news_digest_init(&digest);
        news_digest_add_field(&digest, news_str_from(fields[i][0]));
        news_digest_add_field(&digest, news_str_from(fields[i][1]));
        news_digest_end(&digest, digests[i]);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(digests[i], digests[j], NEWS_DIGEST_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings),           cmocka_unit_test(finding),
        cmocka_unit_test(nearest),           cmocka_unit_test(heap_counts),
        cmocka_unit_test(heap_limit),        cmocka_unit_test(heap_default),
        cmocka_unit_test(heap_arrays),       cmocka_unit_test(arena_blocks),
        cmocka_unit_test(arena_large),       cmocka_unit_test(arena_copies),
        cmocka_unit_test(buffer_appends),    cmocka_unit_test(buffer_maximum),
        cmocka_unit_test(buffer_memory),     cmocka_unit_test(map_keys),
        cmocka_unit_test(map_memory),        cmocka_unit_test(errors_cut),
        cmocka_unit_test(digest_of_siphash), cmocka_unit_test(digest_of_fields),
        cmocka_unit_test(errors_set),        cmocka_unit_test(status_names),
        cmocka_unit_test(pool_keeps),        cmocka_unit_test(pool_keeps_nothing_large),
        cmocka_unit_test(pool_memory),       cmocka_unit_test(pool_shrinks),
        cmocka_unit_test(decimals),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
