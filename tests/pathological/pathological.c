/* Does time grow with the size of the input, whatever it is made of?
 *
 *     pathological [-s SCALE] [NAME…]
 *
 * Each input of inputs.h is made in three sizes, each twice the one before, and parsed, checked and
 * rendered in every format. CPU time may grow by 2.4 from one to the next, on average: linear is 2,
 * quadratic 4. What fails is tried again, the least of several times, and with inputs twice as
 * large each time: others use the machine, too, and small inputs fit into caches, but what is
 * quadratic only gets worse. With a scale all inputs are as many times as large. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "inputs.h"
#include "news/news.h"

enum { SIZES = 3, TRIES = 5, REPETITIONS = 4 };
static const double most_growth = 2.4;
static const double least_ms = 4; /* below this a time says nothing */

enum { PARSE, CHECK, HTML, EMAIL, TEXT, FLOWED, TEN, GEMINI, EML, STAGES };
static const char *const stages[STAGES] = {"parse",        "check",     "html",   "email", "text",
                                           "text, flowed", "text, ten", "gemini", "eml"};

typedef struct {
    char *ptr;
    size_t len;
} bytes;

static void die(const char *what)
{
    (void)fprintf(stderr, "pathological: %s\n", what);
    exit(2);
}

/* ---- Making inputs ---- */

static void add(bytes *to, const char *text, size_t len)
{
    to->ptr = realloc(to->ptr, to->len + len + 1);
    if (to->ptr == NULL)
        die("out of memory");
    memcpy(to->ptr + to->len, text, len);
    to->len += len;
    to->ptr[to->len] = '\0';
}

static void add_number(bytes *to, size_t number)
{
    char digits[24];
    add(to, digits, (size_t)snprintf(digits, sizeof digits, "%zu", number));
}

/* A text in which '%' is this number and '$' the next. */
static void add_numbered(bytes *to, const char *text, size_t number)
{
    for (; text != NULL && *text != '\0'; text++)
        if (*text == '%' || *text == '$')
            add_number(to, number + (*text == '$'));
        else
            add(to, text, 1);
}

static void repeat(bytes *to, const char *unit, size_t count)
{
    for (size_t i = 0; unit != NULL && i < count; i++)
        add_numbered(to, unit, i);
}

/* What has no front matter of its own gets a title, without which it would be no mail. */
static bytes make(const input *in, size_t count)
{
    bytes made = {NULL, 0};
    if (in->issue == NULL && (in->head == NULL || strncmp(in->head, "---", 3) != 0))
        add_numbered(&made, "---\ntitle: T\n---\n", 0);
    add_numbered(&made, in->head, 0);
    repeat(&made, in->unit, count);
    add_numbered(&made, in->middle, 0);
    repeat(&made, in->second, count);
    add_numbered(&made, in->tail, 0);
    return made;
}

/* ---- Measuring ---- */

static const news_str other_issue = {"---\nslug: other\n---\n", 20};
static bytes publication; /* empty: one that has a sender */
static const news_str sender = {"email:\n  from: Rosa <rosa@lamp.example>\n", 40};

static news_status load(void *ud, const char *path, news_file *file)
{
    size_t len = strlen(path);
    (void)ud;
    if (strcmp(path, "news.yaml") == 0)
        *file = publication.ptr != NULL ? (news_file){publication.ptr, publication.len, NULL}
                                        : (news_file){sender.ptr, sender.len, NULL};
    else if (len > 3 && strcmp(path + len - 3, ".md") == 0)
        *file = (news_file){other_issue.ptr, other_issue.len, NULL};
    else
        return NEWS_ERR_NOT_FOUND;
    return NEWS_OK;
}

static int ignore(void *ud, const char *output, size_t len)
{
    (void)ud;
    (void)output;
    (void)len;
    return 0;
}

static int ignore_finding(void *ud, const news_finding *finding)
{
    (void)ud;
    (void)finding;
    return 0;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static news_status run_stage(news_ctx *ctx, int stage, const news_issue *issue, news_error *error)
{
    static const news_option variants[] = {{"flowed", "true"}, {"style", "ten"}};
    static const news_option date = {"date", "2025-03-07"};
    static const char *const formats[] = {"html", "email", "text", "text", "text", "gemini", "eml"};
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    if (stage == CHECK)
        return news_check(ctx, issue, NULL, ignore_finding, NULL, error);
    if (stage == FLOWED || stage == TEN) {
        options.options = &variants[stage - FLOWED];
        options.option_count = 1;
    }
    if (stage == EML) {
        options.options = &date;
        options.option_count = 1;
    }
    return news_render(ctx, issue, formats[stage - HTML], &options, ignore, NULL, error);
}

static size_t refused; /* issues, by one stage or another */

/* Errors of the issue and limits are fine, as long as they come soon. */
static void check(news_status status, const news_error *error)
{
    if (status != NEWS_OK && status != NEWS_ERR_SYNTAX && status != NEWS_ERR_LIMIT &&
        status != NEWS_ERR_ARG)
        die(error->message);
    refused += status != NEWS_OK;
}

/* How long each stage takes, in ms; 0 where a limit prevents it. */
static void measure(bytes text, double times[STAGES])
{
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_loader loader = NEWS_LOADER_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    news_issue *issue = NULL;
    loader.load = load;
    options.loader = &loader;
    check(news_ctx_new(&ctx, NULL, &error), &error);
    for (int stage = PARSE; stage < STAGES; stage++) {
        double start = now_ms();
        times[stage] = 0;
        if (stage == PARSE)
            check(news_parse(ctx, &issue, "a.md", text.ptr, text.len, &options, &error), &error);
        else if (issue != NULL)
            check(run_stage(ctx, stage, issue, &error), &error);
        times[stage] = now_ms() - start;
    }
    news_issue_unref(issue);
    news_ctx_free(ctx);
}

/* Else mail that is refused at once would be quick, whatever stands in it. */
static void expect_mail(void)
{
    const input plain = {.unit = "a\n"};
    double times[STAGES];
    bytes text = make(&plain, 1);
    refused = 0;
    measure(text, times);
    if (refused != 0)
        die("a plain issue is refused");
    free(text.ptr);
}

static void measure_input(const input *in, size_t count, double times[STAGES])
{
    bytes made = make(in, count);
    if (in->issue != NULL) {
        bytes issue = {NULL, 0};
        publication = made;
        add_numbered(&issue, in->issue, 0);
        measure(issue, times);
        free(issue.ptr);
        publication = (bytes){NULL, 0};
    } else {
        measure(made, times);
    }
    free(made.ptr);
}

/* ---- Judging ---- */

/* The stage that grew too fast; STAGES when none did. */
static int find_slow(double times[SIZES][STAGES])
{
    for (int stage = 0; stage < STAGES; stage++)
        if (times[2][stage] >= least_ms &&
            times[2][stage] > most_growth * most_growth * times[0][stage])
            return stage;
    return STAGES;
}

static void keep_least(double least[STAGES], const double times[STAGES])
{
    for (int i = 0; i < STAGES; i++)
        if (times[i] < least[i])
            least[i] = times[i];
}

static void measure_sizes(const input *in, double scale, int repetitions,
                          double times[SIZES][STAGES])
{
    for (int size = 0; size < SIZES; size++) {
        size_t count = (size_t)(in->count * scale) << size;
        measure_input(in, count, times[size]);
        for (int i = 1; i < repetitions; i++) {
            double again[STAGES];
            measure_input(in, count, again);
            keep_least(times[size], again);
        }
    }
}

static bool is_linear(const input *in, double scale)
{
    double times[SIZES][STAGES];
    int slow = STAGES;
    for (int try = 0; try < TRIES; try++) {
        measure_sizes(in, scale, try == 0 ? 1 : REPETITIONS, times);
        slow = find_slow(times);
        if (slow == STAGES)
            return true;
        scale *= 2;
    }
    printf("%s: %s takes %.1f, %.1f and %.1f ms\n", in->name, stages[slow], times[0][slow],
           times[1][slow], times[2][slow]);
    return false;
}

static bool is_wanted(const input *in, int count, char **names)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], in->name) == 0)
            return true;
    return count == 0;
}

/* Pages that are given back and asked for again, above a certain size, are no growth of ours. */
static void keep_pages(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int main(int argc, char **argv)
{
    double scale = 1;
    int first = 1, tried = 0, slow = 0;
    if (argc > 2 && strcmp(argv[1], "-s") == 0) {
        scale = strtod(argv[2], NULL);
        first = 3;
    }
    keep_pages();
    expect_mail();
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (is_wanted(&inputs[i], argc - first, argv + first)) {
            tried++;
            slow += !is_linear(&inputs[i], scale);
        }
    printf("%d inputs, %d of them slow\n", tried, slow);
    return tried == 0 || slow != 0;
}
