/* base: memory, bytes and errors, on which every other room stands.
 *
 * Sizes, allocators and text views come in; blocks of memory that are always accounted for,
 * growing buffers that always have a maximum, and errors that name a place go out. Base knows
 * nothing of newsletters. No other room calls malloc.
 */
#ifndef NEWS_BASE_H
#define NEWS_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "news/news.h"

#define NEWS_ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define NEWS_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define NEWS_LIKELY(x) __builtin_expect(!!(x), 1)
#define NEWS_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define NEWS_PRINTF(text, first)
#define NEWS_LIKELY(x) (x)
#define NEWS_UNLIKELY(x) (x)
#endif

/* ---- String views ---- */

#define NEWS_STR(literal) ((news_str){"" literal, sizeof(literal) - 1})
#define NEWS_STR_NONE ((news_str){NULL, 0})

static inline news_str news_str_of(const char *ptr, size_t len)
{
    return (news_str){ptr, len};
}

static inline news_str news_str_from(const char *c_string)
{
    return (news_str){c_string, c_string ? strlen(c_string) : 0};
}

static inline bool news_str_equal(news_str a, news_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool news_str_starts(news_str s, news_str prefix)
{
    return prefix.len == 0 ||
           (s.ptr != NULL && s.len >= prefix.len && memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

/* s without its first n bytes; n may exceed the length. */
static inline news_str news_str_skip(news_str s, size_t n)
{
    n = n < s.len ? n : s.len;
    return n == 0 ? s : (news_str){s.ptr + n, s.len - n};
}

/* ASCII only, whatever the locale. */
static inline bool news_is_space(char c) /* space, tab, newline, VT, FF, CR */
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool news_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool news_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool news_is_alnum(char c)
{
    return news_is_digit(c) || news_is_alpha(c);
}
static inline bool news_is_punct(char c) /* CommonMark's ASCII punctuation */
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}
static inline char news_to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
/* The value of a hexadecimal digit, -1 for anything else. */
static inline int news_hex_value(char c)
{
    c = news_to_lower(c);
    return news_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An integer in decimal, in the caller's array. */
enum { NEWS_DECIMAL_SIZE = 20 };
news_str news_decimal(int64_t number, char to[NEWS_DECIMAL_SIZE]);
/* Without leading and trailing ASCII white space. */
news_str news_str_trim(news_str s);
/* Equal but for the case of ASCII letters. */
bool news_str_equal_nocase(news_str a, news_str b);
/* Whether a text is an answer: "true" or "yes", "false" or "no". */
bool news_str_answers(news_str s, bool *yes);
/* Offset of the first occurrence of needle (not empty) in s at or after `from`; SIZE_MAX if none.
 */
size_t news_str_find(news_str s, news_str needle, size_t from);

/* The same for one byte. */
static inline size_t news_str_find_char(news_str s, char c, size_t from)
{
    const char *hit = from < s.len ? memchr(s.ptr + from, (unsigned char)c, s.len - from) : NULL;
    return hit != NULL ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

/* The nearest of `count` names to `name` by edits, for "did you mean"; -1 when none is near
 * (more than a third of the letters differ). `name_at` gives candidate i. */
ptrdiff_t news_nearest(news_str name, size_t count, news_str (*name_at)(void *ud, size_t i),
                       void *ud);

/* ---- Heap: an allocator that keeps count ---- */

typedef struct {
    news_allocator allocator;
    size_t used, peak;
    size_t limit;    /* bytes; 0: none */
    bool over_limit; /* an allocation failed for the limit, not for want of memory */
} news_heap;

/* `allocator` may be NULL for malloc and free. */
void news_heap_init(news_heap *heap, const news_allocator *allocator, size_t limit);
/* As news_allocator's reallocate; NULL on failure. */
void *news_heap_realloc(news_heap *heap, void *ptr, size_t old_size, size_t new_size);
void *news_heap_alloc(news_heap *heap, size_t size);
void news_heap_free(news_heap *heap, void *ptr, size_t size);

/* Makes room for one more element in a growing array of elements of `size` bytes: returns the
 * array, perhaps moved, and updates *capacity; NULL, with the old array intact, on failure. */
void *news_heap_grow(news_heap *heap, void *array, size_t count, size_t *capacity, size_t size);

/* ---- Pool: an allocator that keeps what is given back ---- */

enum { NEWS_POOL_CLASSES = 68 };
typedef struct news_pool_block news_pool_block;
typedef struct news_pool_chunk news_pool_chunk;
typedef struct {
    news_allocator host;
    news_pool_chunk *chunks;
    char *next, *end;                         /* the free part of the newest chunk */
    news_pool_block *free[NEWS_POOL_CLASSES]; /* blocks given back, by size */
    size_t kept, most_kept;                   /* bytes in those that are not small */
} news_pool;

/* `host` may be NULL for malloc and free. */
void news_pool_init(news_pool *pool, const news_allocator *host, size_t most_kept);
void news_pool_free(news_pool *pool); /* all must have been given back */
/* What works with it; lives as long as the pool, which must not move. For one thread at a time. */
news_allocator news_pool_allocator(news_pool *pool);

/* ---- Arena: many small blocks freed at once ---- */

typedef struct news_arena_chunk news_arena_chunk;
typedef struct {
    news_heap *heap;
    news_arena_chunk *chunks;
    char *next, *end; /* the free part of the newest chunk */
} news_arena;

void news_arena_init(news_arena *arena, news_heap *heap);
void news_arena_free(news_arena *arena); /* all blocks; the arena may be used again */
/* Aligned for any pointer or integer, not cleared; NULL on failure. */
void *news_arena_alloc(news_arena *arena, size_t size);
void *news_arena_calloc(news_arena *arena, size_t size); /* cleared */
/* A copy in the arena, followed by a NUL. False on failure. */
bool news_arena_copy(news_arena *arena, news_str from, news_str *copy);

/* ---- Buffer: bytes that grow up to a maximum ---- */

/* The first failure sticks in `status` and later calls do nothing, so that a run of appends may be
 * checked once, at its end. */
typedef struct {
    char *ptr;
    size_t len, capacity, max;
    news_heap *heap;
    news_status status; /* NEWS_OK, NEWS_ERR_NOMEM, or NEWS_ERR_LIMIT when max is reached */
} news_buf;

void news_buf_init(news_buf *buf, news_heap *heap, size_t max);
void news_buf_free(news_buf *buf);
/* Slow path of news_buf_append: makes room for `extra` bytes. */
bool news_buf_reserve(news_buf *buf, size_t extra);
/* Keeps the memory, forgets the bytes and the failure. */
void news_buf_clear(news_buf *buf);
bool news_buf_printf(news_buf *buf, const char *format, ...) NEWS_PRINTF(2, 3);

static inline bool news_buf_append(news_buf *buf, const char *ptr, size_t len)
{
    if (NEWS_UNLIKELY(buf->status != NEWS_OK || len > buf->capacity - buf->len) &&
        !news_buf_reserve(buf, len))
        return false;
    if (len != 0)
        memcpy(buf->ptr + buf->len, ptr, len);
    buf->len += len;
    return true;
}

static inline bool news_buf_append_str(news_buf *buf, news_str s)
{
    return news_buf_append(buf, s.ptr, s.len);
}

static inline bool news_buf_append_char(news_buf *buf, char c)
{
    return news_buf_append(buf, &c, 1);
}

static inline news_str news_buf_str(const news_buf *buf)
{
    return (news_str){buf->ptr, buf->len};
}

/* ---- String map: views to integers ---- */

/* Open addressing; keys are borrowed and must outlive the map. */
typedef struct {
    struct news_strmap_slot *slots;
    size_t count, capacity;
    news_heap *heap;
    uint64_t seed;
} news_strmap;

void news_strmap_init(news_strmap *map, news_heap *heap);
void news_strmap_free(news_strmap *map);
/* The value slot of a key, or NULL. Valid until the next put. */
uint32_t *news_strmap_get(const news_strmap *map, news_str key);
/* The value slot of a key, added with value 0 when new; NULL on failure. *added may be NULL. */
uint32_t *news_strmap_put(news_strmap *map, news_str key, bool *added);

/* ---- Digest: 128 bits that tell texts apart ---- */

/* SipHash-2-4 with 128 bits of output: the same bytes give the same digest on every machine, and no
 * two texts that are not made to do so give the same one. The key of news_digest_init() is no
 * secret, so it proves nothing about who wrote a text. */
enum { NEWS_DIGEST_SIZE = 16 };
typedef struct {
    uint64_t v[4];
    unsigned char pending[8]; /* bytes that do not fill a word yet */
    uint64_t len;             /* of all bytes added */
} news_digest;

void news_digest_init(news_digest *digest);
void news_digest_init_key(news_digest *digest, const unsigned char key[16]);
void news_digest_add(news_digest *digest, news_str bytes);
/* The length first, so that of two fields in a row it is clear where one ends. */
void news_digest_add_field(news_digest *digest, news_str bytes);
void news_digest_end(news_digest *digest, unsigned char out[NEWS_DIGEST_SIZE]);

/* ---- Errors ---- */

/* Fills `error` (which may be NULL) and returns `status`, so that one may write
 * return news_error_set(error, NEWS_ERR_LIMIT, name, line, column, "…", …); */
news_status news_error_set(news_error *error, news_status status, news_str source, uint32_t line,
                           uint32_t column, const char *format, ...) NEWS_PRINTF(6, 7);
news_status news_error_setv(news_error *error, news_status status, news_str source, uint32_t line,
                            uint32_t column, const char *format, va_list arguments)
    NEWS_PRINTF(6, 0);
/* The common case: memory is short. */
news_status news_error_nomem(news_error *error);
/* Copies as much of s as fits into a NUL-terminated array, cut between characters; with
 * keep_tail, the end is kept and "…" stands for what was cut. */
void news_error_copy(char *to, size_t size, news_str s, bool keep_tail);

#endif
