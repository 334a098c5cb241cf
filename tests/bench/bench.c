/* Times parsing and each format against cmark's own parse and HTML, interleaved in one run, and
 * prints medians and ratios: bench [-n REPETITIONS] FILE.md… */
#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "news/news.h"

typedef struct {
    char *bytes;
    size_t len, body; /* body: where the front matter ends, for cmark */
} file_text;

enum { MOST = 2000 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static file_text read_file(const char *path)
{
    file_text text = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        die(path, "cannot be read");
    long size = ftell(file);
    rewind(file);
    text.bytes = malloc((size_t)size + 1);
    if (text.bytes == NULL || fread(text.bytes, 1, (size_t)size, file) != (size_t)size)
        die(path, "cannot be read");
    text.bytes[size] = '\0';
    text.len = (size_t)size;
    fclose(file);
    /* cmark is given the body alone, as a careful host would. */
    const char *end = NULL;
    if (strncmp(text.bytes, "---\n", 4) == 0)
        end = strstr(text.bytes + 4, "\n---\n");
    else if (strncmp(text.bytes, "Title:", 6) == 0)
        end = strstr(text.bytes, "\n\n");
    if (end != NULL)
        text.body = (size_t)(end - text.bytes) + (text.bytes[0] == '-' ? 5 : 2);
    return text;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, compare);
    return times[count / 2];
}

static size_t total;

static int count_bytes(void *ud, const char *bytes, size_t len)
{
    (void)ud;
    (void)bytes;
    total += len;
    return 0;
}

static void check(news_status status, const news_error *error)
{
    if (status != NEWS_OK)
        die(error->source, error->message);
}

enum { ROW_CMARK_PARSE, ROW_CMARK, ROW_PARSE, ROW_HTML, ROW_TEXT, ROW_GEMINI, ROW_ALL, ROWS };

static const char *const labels[ROWS] = {
    "cmark parse",    "cmark parse + HTML", "parse", "parse + html", "parse + text",
    "parse + gemini", "parse + all of them"};

static double run(int row, news_ctx *ctx, const file_text *text)
{
    static const char *const formats[] = {"html", "text", "gemini"};
    news_error error = NEWS_ERROR_INIT;
    double start = now_ms();
    if (row == ROW_CMARK_PARSE || row == ROW_CMARK) {
        cmark_node *document = cmark_parse_document(text->bytes + text->body,
                                                    text->len - text->body, CMARK_OPT_DEFAULT);
        if (row == ROW_CMARK) {
            char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
            total += strlen(html);
            free(html);
        }
        cmark_node_free(document);
        return now_ms() - start;
    }
    news_issue *issue;
    check(news_parse(ctx, &issue, "bench.md", text->bytes, text->len, NULL, &error), &error);
    for (int i = 0; i < 3; i++)
        if (row == ROW_ALL || row == ROW_HTML + i)
            check(news_render(ctx, issue, formats[i], NULL, count_bytes, NULL, &error), &error);
    news_issue_unref(issue);
    return now_ms() - start;
}

static void bench(news_ctx *ctx, const char *path, int repetitions)
{
    static double times[ROWS][MOST];
    double medians[ROWS];
    file_text text = read_file(path);
    for (int i = -3; i < repetitions; i++) /* the first three warm up */
        for (int row = 0; row < ROWS; row++) {
            double time = run(row, ctx, &text);
            if (i >= 0)
                times[row][i] = time;
        }
    const char *name = strrchr(path, '/');
    printf("%s, %zu bytes, median of %d\n", name != NULL ? name + 1 : path, text.len, repetitions);
    printf("  %-22s %9s %16s %16s\n", "", "ms", "/ cmark + HTML", "/ cmark parse");
    for (int row = 0; row < ROWS; row++)
        medians[row] = median(times[row], repetitions);
    for (int row = 0; row < ROWS; row++)
        printf("  %-22s %9.3f %15.2fx %15.2fx\n", labels[row], medians[row],
               medians[row] / medians[ROW_CMARK], medians[row] / medians[ROW_CMARK_PARSE]);
    free(text.bytes);
}

int main(int argc, char **argv)
{
    int repetitions = 200, first = 1;
    news_ctx *ctx;
    news_error error = NEWS_ERROR_INIT;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        repetitions = (int)strtol(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || repetitions < 1 || repetitions > MOST) {
        fprintf(stderr, "usage: bench [-n REPETITIONS] FILE.md...\n");
        return 2;
    }
    check(news_ctx_new(&ctx, NULL, &error), &error);
    for (int i = first; i < argc; i++)
        bench(ctx, argv[i], repetitions);
    news_ctx_free(ctx);
    return 0;
}
