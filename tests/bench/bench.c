/* Times parsing and each format against cmark's own parse and HTML, interleaved in one run, and
 * prints medians and ratios: bench [-n REPETITIONS] FILE.md…
 *
 * The last rows are a format of a user's, with the steps of its functions not counted and counted:
 * what the limits cost. */
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

enum {
    ROW_CMARK_PARSE,
    ROW_CMARK,
    ROW_PARSE,
    ROW_HTML,
    ROW_EMAIL,
    ROW_TEXT,
    ROW_GEMINI,
    ROW_ALL,
    ROW_UNCOUNTED,
    ROW_OWN,
    ROWS
};

static const char *const labels[ROWS] = {
    "cmark parse",    "cmark parse + HTML",  "parse",
    "parse + html",   "parse + email",       "parse + text",
    "parse + gemini", "parse + all of them", "parse + own, uncounted",
    "parse + own"};

static const char own_format[] =
    "local news = require 'news'\n"
    "local own = news.format { name = 'own', extends = 'html', options = { rel = 'nofollow' } }\n"
    "function own.heading(heading, out)\n"
    "  out:tag('h' .. math.min(heading.level + 1, 6), { id = heading.id }, heading.children)\n"
    "end\n"
    "function own.link(link, out)\n"
    "  local rel = link.target == 'external' and out.options.rel\n"
    "  out:tag('a', { href = link.url, title = link.title, rel = rel }, link.children)\n"
    "end\n"
    "function own.text(text, out) out((text.literal:gsub('%-%-', '–'))) end\n"
    "return own\n";

/* Each with a history of its own, so that they collect garbage alike. */
typedef struct {
    news_ctx *ours, *counted, *uncounted;
} contexts;

static double run(int row, const contexts *all, const file_text *text)
{
    news_ctx *ctx = row == ROW_UNCOUNTED ? all->uncounted
                    : row == ROW_OWN     ? all->counted
                                         : all->ours;
    static const char *const formats[] = {"html", "email", "text", "gemini"};
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
    for (int i = 0; i < 4; i++)
        if (row == ROW_ALL || row == ROW_HTML + i)
            check(news_render(ctx, issue, formats[i], NULL, count_bytes, NULL, &error), &error);
    if (row == ROW_UNCOUNTED || row == ROW_OWN)
        check(news_render(ctx, issue, "own", NULL, count_bytes, NULL, &error), &error);
    news_issue_unref(issue);
    return now_ms() - start;
}

/* The last two take turns at being first: whatever runs again at once finds its data at hand. */
static int in_turn(int turn, int round)
{
    bool is_swapped = (round & 1) != 0 && turn >= ROW_UNCOUNTED;
    return is_swapped ? ROW_UNCOUNTED + ROW_OWN - turn : turn;
}

static void bench(const contexts *all, const char *path, int repetitions)
{
    static double times[ROWS][MOST];
    double medians[ROWS];
    file_text text = read_file(path);
    for (int i = -3; i < repetitions; i++) /* the first three warm up */
        for (int turn = 0; turn < ROWS; turn++) {
            int row = in_turn(turn, i);
            double time = run(row, all, &text);
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
    printf("  limits add %.1f %% to the own format's render\n",
           100 * (medians[ROW_OWN] - medians[ROW_UNCOUNTED]) /
               (medians[ROW_UNCOUNTED] - medians[ROW_PARSE]));
    free(text.bytes);
}

static news_ctx *make_ctx(uint64_t steps)
{
    news_ctx *ctx;
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    options.max_script_steps = steps;
    check(news_ctx_new(&ctx, &options, &error), &error);
    check(news_format_load(ctx, "own.lua", own_format, sizeof own_format - 1, &error), &error);
    return ctx;
}

int main(int argc, char **argv)
{
    int repetitions = 200, first = 1;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        repetitions = (int)strtol(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || repetitions < 1 || repetitions > MOST) {
        fprintf(stderr, "usage: bench [-n REPETITIONS] FILE.md...\n");
        return 2;
    }
    contexts all = {make_ctx(0), make_ctx(0), make_ctx(UINT64_MAX)};
    for (int i = first; i < argc; i++)
        bench(&all, argv[i], repetitions);
    news_ctx_free(all.ours);
    news_ctx_free(all.counted);
    news_ctx_free(all.uncounted);
    return 0;
}
