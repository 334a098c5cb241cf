/* The boundary to cmark.
 *
 * cmark takes an allocator that has no user data and, when memory is short, knows no way but to
 * abort. So it is given functions that find their pool in a thread-local variable and leave cmark
 * altogether, by longjmp, when they fail. Nothing of cmark's is freed one by one afterwards: the
 * pool goes as a whole. While cmark works it frees and grows a great deal, and a pool that only
 * took would need a multiple of the memory; this one keeps freed blocks by size, lets the newest
 * block grow and shrink in place, and leaves large blocks to the host's allocator. */
#include <setjmp.h>

#include "source/parse.h"

enum {
    GRAIN = 8,     /* sizes are multiples of it */
    SMALL = 1024,  /* up to here one list for each size */
    LARGE = 16384, /* above it blocks are the host's */
    SMALL_CLASSES = SMALL / GRAIN,
    CLASSES = SMALL_CLASSES + 4 * 4, /* and four for each doubling in between */
    SMALLEST_CHUNK = 4096,
    LARGEST_CHUNK = 1 << 20,
    USUAL_NEED = 12 /* bytes that cmark takes for one of input, and some to spare */
};

/* Every block begins with its size, header and all; what cmark gets begins behind it, aligned for
 * pointers, which is all that cmark keeps. */
typedef struct {
    size_t size;
} header;

typedef struct free_block {
    header head;
    struct free_block *next;
} free_block;

typedef struct large_block {
    struct large_block *previous, *next;
    header head;
} large_block;

typedef struct chunk {
    struct chunk *next;
    size_t size;
} chunk;

typedef struct news_cmark_pool {
    cmark_mem functions;
    news_heap *heap;
    jmp_buf failed;
    chunk *chunks;
    char *next, *end;  /* the free part of the newest chunk */
    size_t chunk_size; /* of the next one */
    large_block *large;
    free_block *free[CLASSES];
} pool;

static _Thread_local pool *current;

/* The class whose blocks are at least `size` bytes, and in *size how many they are. */
static size_t class_for(size_t *size)
{
    if (*size <= SMALL) {
        *size = (*size + GRAIN - 1) / GRAIN * GRAIN;
        return *size / GRAIN - 1;
    }
    size_t class = SMALL_CLASSES, low = SMALL;
    while (*size > low * 2)
        low *= 2, class += 4;
    size_t step = low / 4, steps = (*size - low + step - 1) / step;
    *size = low + steps * step;
    return class + steps - 1;
}

/* The class into which a block of `size` bytes may go: each of its blocks is large enough. */
static size_t class_of(size_t size)
{
    if (size <= SMALL)
        return size / GRAIN - 1;
    size_t class = SMALL_CLASSES, low = SMALL;
    while (size >= low * 2)
        low *= 2, class += 4;
    size_t steps = (size - low) / (low / 4);
    return class + steps - 1; /* low + 0 steps belongs to the class before */
}

static _Noreturn void fail(void)
{
    longjmp(current->failed, 1);
}

static void *large_new(pool *p, size_t size)
{
    large_block *block = news_heap_alloc(p->heap, sizeof *block + size);
    if (block == NULL)
        fail();
    block->previous = NULL;
    block->next = p->large;
    block->head.size = sizeof *block + size;
    if (p->large != NULL)
        p->large->previous = block;
    p->large = block;
    return block + 1;
}

static large_block *large_of(void *payload)
{
    return (large_block *)payload - 1;
}

static void large_free(pool *p, large_block *block)
{
    if (block->previous != NULL)
        block->previous->next = block->next;
    else
        p->large = block->next;
    if (block->next != NULL)
        block->next->previous = block->previous;
    news_heap_free(p->heap, block, block->head.size);
}

static void *large_grow(pool *p, large_block *block, size_t size)
{
    large_block *moved = news_heap_realloc(p->heap, block, block->head.size, sizeof *block + size);
    if (moved == NULL)
        fail();
    moved->head.size = sizeof *block + size;
    if (moved->previous != NULL)
        moved->previous->next = moved;
    else
        p->large = moved;
    if (moved->next != NULL)
        moved->next->previous = moved;
    return moved + 1;
}

static void add_chunk(pool *p, size_t least)
{
    size_t size = p->chunk_size;
    if (size < least + sizeof(chunk))
        size = least + sizeof(chunk);
    chunk *added = news_heap_alloc(p->heap, size);
    if (added == NULL)
        fail();
    added->next = p->chunks;
    added->size = size;
    p->chunks = added;
    p->next = (char *)(added + 1);
    p->end = (char *)added + size;
}

static void *take(pool *p, size_t wanted)
{
    if (wanted > LARGE - sizeof(header)) {
        if (wanted > SIZE_MAX / 2)
            fail();
        return large_new(p, wanted);
    }
    size_t size = wanted + sizeof(header);
    if (size < sizeof(free_block))
        size = sizeof(free_block);
    size_t class = class_for(&size);
    free_block *block = p->free[class];
    if (block != NULL) {
        p->free[class] = block->next;
        return &block->head + 1;
    }
    if ((size_t)(p->end - p->next) < size)
        add_chunk(p, size);
    header *head = (header *)(void *)p->next;
    p->next += size;
    head->size = size;
    return head + 1;
}

static bool is_large(const header *head)
{
    return head->size > LARGE;
}

static void give_back(pool *p, void *payload)
{
    if (payload == NULL)
        return;
    header *head = (header *)payload - 1;
    if (is_large(head)) {
        large_free(p, large_of(payload));
        return;
    }
    if ((char *)head + head->size == p->next) {
        p->next = (char *)head;
        return;
    }
    size_t class = class_of(head->size);
    free_block *block = (free_block *)(void *)head;
    block->next = p->free[class];
    p->free[class] = block;
}

static void *pool_calloc(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        fail();
    void *payload = take(current, count * size);
    memset(payload, 0, count * size);
    return payload;
}

static void *pool_realloc(void *payload, size_t wanted)
{
    pool *p = current;
    if (payload == NULL)
        return take(p, wanted);
    header *head = (header *)payload - 1;
    if (is_large(head))
        return wanted <= head->size - sizeof(large_block)
                   ? payload
                   : large_grow(p, large_of(payload), wanted);
    size_t held = head->size - sizeof(header);
    if (wanted <= held)
        return payload;
    size_t more = (wanted - held + GRAIN - 1) / GRAIN * GRAIN;
    if (wanted <= LARGE - sizeof(header) && (char *)head + head->size == p->next &&
        more <= (size_t)(p->end - p->next)) {
        p->next += more;
        head->size += more;
        return payload;
    }
    void *moved = take(p, wanted);
    memcpy(moved, payload, held);
    give_back(p, payload);
    return moved;
}

static void pool_release(void *payload)
{
    give_back(current, payload);
}

/* ---- Parsing ---- */

static void pool_free(pool *p)
{
    while (p->large != NULL)
        large_free(p, p->large);
    for (chunk *c = p->chunks; c != NULL;) {
        chunk *next = c->next;
        news_heap_free(p->heap, c, c->size);
        c = next;
    }
    news_heap_free(p->heap, p, sizeof *p);
}

/* NULL when memory was short. A host's allocator may itself parse an issue: hence the saving. */
static cmark_node *run(pool *p, news_str text, int options)
{
    pool *const outer = current;
    cmark_node *volatile document = NULL;
    current = p;
    if (setjmp(p->failed) == 0) {
        cmark_parser *parser = cmark_parser_new_with_mem(options, &p->functions);
        if (text.len != 0)
            cmark_parser_feed(parser, text.ptr, text.len);
        document = cmark_parser_finish(parser);
    }
    current = outer;
    return document;
}

bool news_cmark_parse(news_cmark *cmark, news_heap *heap, news_str text, bool smart)
{
    *cmark = (news_cmark){NULL, NULL};
    pool *p = news_heap_alloc(heap, sizeof *p);
    if (p == NULL)
        return false;
    memset(p, 0, sizeof *p);
    p->functions = (cmark_mem){pool_calloc, pool_realloc, pool_release};
    p->heap = heap;
    p->chunk_size = text.len < LARGEST_CHUNK / USUAL_NEED ? text.len * USUAL_NEED + SMALLEST_CHUNK
                                                          : LARGEST_CHUNK;
    /* The option makes cmark count the lines inside code and raw HTML, nothing else. */
    int options = CMARK_OPT_DEFAULT | CMARK_OPT_SOURCEPOS | (smart ? CMARK_OPT_SMART : 0);
    cmark_node *document = run(p, text, options);
    if (document == NULL) {
        pool_free(p);
        return false;
    }
    cmark->pool = p;
    cmark->document = document;
    return true;
}

void news_cmark_free(news_cmark *cmark)
{
    if (cmark->pool != NULL)
        pool_free(cmark->pool);
    *cmark = (news_cmark){NULL, NULL};
}

/* ---- Entities ---- */

/* The end of what may be an entity at `at`; `at` when it is none. */
static size_t entity_end(news_str text, size_t at)
{
    size_t i = at + 1;
    if (i < text.len && text.ptr[i] == '#')
        i++;
    size_t name = i;
    while (i < text.len && i - name < 40 && news_is_alnum(text.ptr[i]))
        i++;
    return i > name && i < text.len && text.ptr[i] == ';' ? i + 1 : at;
}

static size_t next_entity(news_str text, size_t from, size_t *end)
{
    while (from < text.len) {
        const char *hit = memchr(text.ptr + from, '&', text.len - from);
        if (hit == NULL)
            break;
        size_t at = (size_t)(hit - text.ptr);
        *end = entity_end(text, at);
        if (*end != at)
            return at;
        from = at + 1;
    }
    return SIZE_MAX;
}

/* Only cmark knows the names: it gets a paragraph with one entity on each line. */
bool news_cmark_decode(news_heap *heap, news_str text, news_buf *buf)
{
    size_t end, at = next_entity(text, 0, &end);
    if (at == SIZE_MAX)
        return news_buf_append_str(buf, text);
    news_buf lines;
    news_buf_init(&lines, heap, SIZE_MAX / 2);
    for (; at != SIZE_MAX; at = next_entity(text, end, &end)) {
        news_buf_append(&lines, text.ptr + at, end - at);
        news_buf_append_char(&lines, '\n');
    }
    news_cmark cmark = {NULL, NULL};
    bool parsed =
        lines.status == NEWS_OK && news_cmark_parse(&cmark, heap, news_buf_str(&lines), false);
    news_buf_free(&lines);
    if (!parsed) {
        buf->status = NEWS_ERR_NOMEM;
        return false;
    }
    cmark_node *node = cmark_node_first_child(cmark_node_first_child(cmark.document));
    size_t done = 0;
    for (at = next_entity(text, 0, &end); at != SIZE_MAX; at = next_entity(text, end, &end)) {
        news_buf_append(buf, text.ptr + done, at - done);
        for (; node != NULL && cmark_node_get_type(node) == CMARK_NODE_TEXT;
             node = cmark_node_next(node))
            news_buf_append_str(buf, news_str_from(cmark_node_get_literal(node)));
        if (node != NULL)
            node = cmark_node_next(node); /* past the line end */
        done = end;
    }
    news_cmark_free(&cmark);
    return news_buf_append(buf, text.ptr + done, text.len - done);
}
