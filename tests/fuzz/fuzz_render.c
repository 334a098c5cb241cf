/* One issue through parsing and every built-in format, as libFuzzer's target or, with a main of its
 * own, as a replay of files: fuzz_render FILE…
 *
 * A line "=== news.yaml", "=== masthead.md" or "=== other.md" ends the issue and begins a file that
 * it can load. Every edition is made and rendered, and the issue is checked.
 *
 * Beyond what the sanitizers see it checks what must hold for any bytes at all: that parsing fails
 * in foreseen ways only, that an issue without errors renders, that the same input gives the same
 * bytes, and that no control character or mark of the overlay comes out. Half of the inputs meet an
 * allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"
#include "replay.h"

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
    bool is_html = strcmp(format, "html") == 0 || strcmp(format, "email") == 0;
    const char *allowed = is_html ? "\n\t\f\r" : "\n\t";
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
    static const news_option fields[] = {{"first_name", "A <b>&\"' {{ x }}"}, {"token", "/?#"}};
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    options.fields = fields;
    options.field_count = 2;
    char *bytes, *again;
    size_t len, again_len;
    news_status status = news_render_buffer(ctx, issue, format, &options, &bytes, &len, &error);
    if (status == NEWS_OK) {
        check_output(format, bytes, len, input, input_len, &error);
        status = news_render_buffer(ctx, issue, format, &options, &again, &again_len, &error);
        if (status == NEWS_OK && (len != again_len || memcmp(bytes, again, len) != 0))
            stop("the same issue gave other bytes", &error);
        if (status == NEWS_OK)
            news_free(ctx, again, again_len);
        news_free(ctx, bytes, len);
    }
    if (status != NEWS_OK && !is_foreseen(status) && !(may_fail && status == NEWS_ERR_NOMEM))
        stop(format, &error);
}

/* ---- Files ---- */

typedef struct {
    const char *input;
    size_t len;
    size_t open; /* files loaded and not yet released */
} files;

/* Where "\n=== NAME\n" begins, or the end. */
static size_t find_file(const files *f, const char *name, size_t from, size_t *begin)
{
    char mark[32];
    size_t mark_len = (size_t)snprintf(mark, sizeof mark, "\n=== %s", name);
    if (mark_len >= sizeof mark)
        return f->len; /* so long a name has no file */
    for (size_t i = from; i + mark_len <= f->len; i++)
        if (memcmp(f->input + i, mark, mark_len) == 0) {
            const char *newline = memchr(f->input + i + mark_len, '\n', f->len - i - mark_len);
            *begin = newline != NULL ? (size_t)(newline + 1 - f->input) : f->len;
            return i;
        }
    return f->len;
}

static news_status load(void *ud, const char *path, news_file *file)
{
    files *f = ud;
    size_t begin, end;
    if (find_file(f, path, 0, &begin) == f->len)
        return NEWS_ERR_NOT_FOUND;
    size_t ignored;
    end = find_file(f, "", begin > 0 ? begin - 1 : 0, &ignored);
    file->bytes = f->input + begin;
    file->len = end > begin ? end - begin : 0;
    f->open++;
    return NEWS_OK;
}

static void release(void *ud, news_file *file)
{
    (void)file;
    ((files *)ud)->open--;
}

/* ---- One input ---- */

static int take_finding(void *ud, const news_finding *finding)
{
    if (finding->code == NULL || finding->message.len == 0 || finding->source.len == 0)
        stop("a finding without words", ud);
    return 0;
}

static void try_editions(news_ctx *ctx, const news_issue *issue, const char *input, size_t len,
                         bool may_fail)
{
    const char *name;
    for (size_t i = 0; (name = news_issue_edition_name(issue, i)) != NULL; i++) {
        news_error error = NEWS_ERROR_INIT;
        news_issue *edition;
        news_status status = news_issue_edition(ctx, &edition, issue, name, &error);
        if (status != NEWS_OK && status != NEWS_ERR_LIMIT &&
            !(may_fail && status == NEWS_ERR_NOMEM))
            stop("an edition", &error);
        if (edition != NULL && i < 8)
            render(ctx, edition, "text", input, len, may_fail);
        news_issue_unref(edition);
    }
}

static void try_input(const char *input, size_t len, uint32_t seed)
{
    static const char *const formats[] = {"html", "email", "text", "gemini"};
    failing memory = {.state = seed};
    files f = {input, len, 0};
    news_allocator allocator = {reallocate, &memory};
    news_options options = NEWS_OPTIONS_INIT;
    news_parse_options parse_options = NEWS_PARSE_OPTIONS_INIT;
    news_loader loader = NEWS_LOADER_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    news_issue *issue = NULL;
    size_t ignored;
    bool may_fail = seed != 0;
    options.allocator = &allocator;
    loader.load = load;
    loader.release = release;
    loader.ud = &f;
    parse_options.loader = &loader;
    news_status status = news_ctx_new(&ctx, &options, &error);
    if (status == NEWS_OK)
        status = news_parse(ctx, &issue, "fuzz.md", input, find_file(&f, "", 0, &ignored),
                            &parse_options, &error);
    if (f.open != 0)
        stop("a file was not released", &error);
    if (status != NEWS_OK && !is_foreseen(status) && !(may_fail && status == NEWS_ERR_NOMEM))
        stop("parsing", &error);
    for (size_t i = 0; issue != NULL && i < sizeof formats / sizeof *formats; i++)
        render(ctx, issue, formats[i], input, len, may_fail);
    if (issue != NULL) {
        try_editions(ctx, issue, input, len, may_fail);
        status = news_check(ctx, issue, NULL, take_finding, &error, &error);
        if (status != NEWS_OK && !is_foreseen(status) && !(may_fail && status == NEWS_ERR_NOMEM))
            stop("checking", &error);
    }
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
    return replay_all(argc, argv);
}
#endif
