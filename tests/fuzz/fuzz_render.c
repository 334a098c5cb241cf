/* One issue through parsing and every built-in format, as libFuzzer's target or, with a main of its
 * own, as a replay of files: fuzz_render FILE…
 *
 * Beyond what the sanitizers see it checks what must hold for any bytes at all: that parsing fails
 * in foreseen ways only, that an issue without errors renders, that the same input gives the same
 * bytes, and that no control character or mark of the overlay comes out. Half of the inputs meet an
 * allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void stop(const char *what, const news_error *error)
{
    fprintf(stderr, "%s: %s:%u: %s\n", what, error->source, (unsigned)error->line, error->message);
    abort();
}

/* ---- An allocator that fails ---- */

typedef struct {
    uint32_t state; /* of the sequence that decides; 0: never fails */
    size_t live;
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    bool grows = ptr == NULL || new_size > old_size;
    if (new_size == 0) {
        if (ptr != NULL)
            f->live -= old_size;
        free(ptr);
        return NULL;
    }
    if (grows && f->state != 0) {
        f->state = f->state * 1664525u + 1013904223u;
        if (f->state >> 22 == 0) /* one in a thousand */
            return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL)
        f->live += new_size - (ptr != NULL ? old_size : 0);
    return moved;
}

/* ---- What must hold ---- */

static bool is_foreseen(news_status status)
{
    return status == NEWS_ERR_SYNTAX || status == NEWS_ERR_LIMIT || status == NEWS_ERR_ENCODING;
}

static bool holds(const char *bytes, size_t len, const char *part)
{
    size_t part_len = strlen(part);
    for (size_t i = 0; part_len <= len && i <= len - part_len; i++)
        if (memcmp(bytes + i, part, part_len) == 0)
            return true;
    return false;
}

static void check_output(const char *format, const char *bytes, size_t len, const char *input,
                         size_t input_len, const news_error *error)
{
    /* HTML takes form feeds and carriage returns for white space. */
    const char *allowed = strcmp(format, "html") == 0 ? "\n\t\f\r" : "\n\t";
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == 0x7f || (c < ' ' && (c == 0 || strchr(allowed, c) == NULL)))
            stop("a control character came out", error);
    }
    if (holds(bytes, len, "\xEE\x80\x80") && !holds(input, input_len, "\xEE\x80\x80") &&
        !holds(input, input_len, "&#"))
        stop("a mark of the overlay came out", error);
}

static void render(news_ctx *ctx, const news_issue *issue, const char *format, const char *input,
                   size_t input_len, bool may_fail)
{
    news_error error = NEWS_ERROR_INIT;
    char *bytes, *again;
    size_t len, again_len;
    news_status status = news_render_buffer(ctx, issue, format, NULL, &bytes, &len, &error);
    if (status == NEWS_OK) {
        check_output(format, bytes, len, input, input_len, &error);
        status = news_render_buffer(ctx, issue, format, NULL, &again, &again_len, &error);
        if (status == NEWS_OK && (len != again_len || memcmp(bytes, again, len) != 0))
            stop("the same issue gave other bytes", &error);
        if (status == NEWS_OK)
            news_free(ctx, again, again_len);
        news_free(ctx, bytes, len);
    }
    if (status != NEWS_OK && !is_foreseen(status) && !(may_fail && status == NEWS_ERR_NOMEM))
        stop(format, &error);
}

static void try_input(const char *input, size_t len, uint32_t seed)
{
    static const char *const formats[] = {"html", "text", "gemini"};
    failing memory = {.state = seed};
    news_allocator allocator = {reallocate, &memory};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    news_issue *issue = NULL;
    bool may_fail = seed != 0;
    options.allocator = &allocator;
    news_status status = news_ctx_new(&ctx, &options, &error);
    if (status == NEWS_OK)
        status = news_parse(ctx, &issue, "fuzz.md", input, len, NULL, &error);
    if (status != NEWS_OK && !is_foreseen(status) && !(may_fail && status == NEWS_ERR_NOMEM))
        stop("parsing", &error);
    for (size_t i = 0; issue != NULL && i < sizeof formats / sizeof *formats; i++)
        render(ctx, issue, formats[i], input, len, may_fail);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    if (memory.live != 0)
        stop("memory was leaked", &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of the very size, so that a byte read past its end is seen. */
    char *copy = calloc(size != 0 ? size : 1, 1);
    if (copy == NULL)
        return 0;
    if (size != 0)
        memcpy(copy, data, size);
    uint32_t seed = 2166136261u;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ data[i]) * 16777619u;
    try_input(copy, size, 0);
    if ((seed & 1) != 0)
        try_input(copy, size, seed);
    free(copy);
    return 0;
}

#ifdef NEWS_REPLAY
int main(int argc, char **argv)
{
    static uint8_t data[1 << 20];
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    printf("%d inputs held\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
#endif
