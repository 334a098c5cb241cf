/* Many threads, each with a context of its own, share issues, their publication and their editions:
 *
 *     test_threads [-t THREADS] FILE.md…
 *
 * Each renders every format of every issue, whole and in an edition that it makes and in one that
 * all share, and must get the bytes that one thread alone got. One more thread cancels all of them
 * now and then, which ends a render and spoils nothing. References are taken and given back all the
 * while; the last is given back by whoever comes last. Built with -Db_sanitize=thread, this finds
 * data races. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "news/news.h"

enum { MOST_ISSUES = 400, MOST_THREADS = 64, MOST_FORMATS = 16, MOST_BYTES = 1 << 20 };

/* What one thread got: a digest of each output, and how each render ended. */
typedef struct {
    uint64_t sum;
    news_status status;
} outcome;

typedef struct {
    news_issue *issue, *edition;
    outcome wanted[2][MOST_FORMATS]; /* of the issue and of the edition */
} shared_issue;

static shared_issue issues[MOST_ISSUES];
static size_t issue_count;
static news_publication *publication;

typedef struct {
    pthread_t thread;
    news_ctx *ctx;
    size_t number; /* 0, 1, … so that each begins with another issue */
    size_t renders, cancelled;
    const char *wrong; /* NULL: all is well */
} worker;

static worker workers[MOST_THREADS];
static atomic_bool is_over;

static void die(const char *what, const char *why)
{
    (void)fprintf(stderr, "test_threads: %s: %s\n", what, why);
    exit(2);
}

/* ---- One render ---- */

static int add_up(void *ud, const char *bytes, size_t len)
{
    uint64_t *sum = ud;
    for (size_t i = 0; i < len; i++)
        *sum = (*sum ^ (unsigned char)bytes[i]) * 1099511628211u;
    return 0;
}

static outcome render(news_ctx *ctx, const news_issue *issue, size_t format)
{
    static const news_option fields[] = {{"first_name", "Ann"}, {"token", "7"}};
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    outcome got = {.sum = 14695981039346656037u};
    options.fields = fields;
    options.field_count = 2;
    got.status = news_format_at(ctx, format, &info, NULL);
    if (got.status == NEWS_OK)
        got.status = news_render(ctx, issue, info.name, &options, add_up, &got.sum, NULL);
    return got;
}

/* ---- A thread ---- */

static const char *check_render(worker *w, const shared_issue *shared, const news_issue *issue,
                                bool is_edition, size_t format)
{
    const outcome *wanted = &shared->wanted[is_edition][format];
    outcome got = render(w->ctx, issue, format);
    w->renders++;
    if (got.status == NEWS_ERR_CANCELLED) {
        w->cancelled++;
        return NULL;
    }
    if (got.status != wanted->status)
        return news_status_name(got.status);
    return got.status == NEWS_OK && got.sum != wanted->sum ? "other bytes" : NULL;
}

static int count_finding(void *ud, const news_finding *finding)
{
    (void)finding;
    ++*(size_t *)ud;
    return 0;
}

static const char *render_all(worker *w, const shared_issue *shared)
{
    const char *wrong = NULL;
    size_t findings = 0;
    news_issue *own = NULL, *issue = news_issue_ref(shared->issue);
    if (news_issue_edition(w->ctx, &own, issue, "email", NULL) != NEWS_OK)
        wrong = "no edition";
    for (size_t i = 0; i < news_format_count(w->ctx) && wrong == NULL; i++) {
        wrong = check_render(w, shared, issue, false, i);
        if (wrong == NULL)
            wrong = check_render(w, shared, shared->edition, true, i);
        if (wrong == NULL)
            wrong = check_render(w, shared, own, true, i);
    }
    news_status status = news_check(w->ctx, issue, NULL, count_finding, &findings, NULL);
    if (status != NEWS_OK && status != NEWS_ERR_CANCELLED)
        wrong = "no check";
    news_issue_unref(issue);
    news_issue_unref(own);
    return wrong;
}

static void *work(void *ud)
{
    worker *w = ud;
    for (size_t i = 0; i < issue_count && w->wrong == NULL; i++) {
        news_publication *held = news_publication_ref(publication);
        w->wrong = render_all(w, &issues[(i + w->number * 7) % issue_count]);
        news_publication_unref(held);
    }
    for (size_t i = 0; i < issue_count; i++) { /* those taken for this thread */
        news_issue_unref(issues[i].issue);
        news_issue_unref(issues[i].edition);
    }
    return NULL;
}

/* The contexts live until all threads are done. */
static void *cancel(void *ud)
{
    size_t threads = *(size_t *)ud;
    struct timespec pause = {0, 2000000};
    for (size_t i = 0; !atomic_load(&is_over); i++) {
        news_cancel(workers[i % threads].ctx);
        (void)nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- One thread alone ---- */

static const char yaml[] = "name: Threads\nurl: https://threads.example/\n"
                           "email: {from: a@threads.example}\nrecipient: {first_name: friend}\n"
                           "footer: One for all\neditions: {short: {base: web, until: more}}\n";

static void read_issue(news_ctx *ctx, const char *path)
{
    static char bytes[MOST_BYTES];
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    FILE *file = fopen(path, "rb");
    if (file == NULL || issue_count == MOST_ISSUES)
        die(path, file == NULL ? "cannot be read" : "is one too many");
    size_t len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    options.publication = publication;
    shared_issue *shared = &issues[issue_count++];
    if (news_parse(ctx, &shared->issue, path, bytes, len, &options, &error) != NEWS_OK ||
        news_issue_edition(ctx, &shared->edition, shared->issue, "email", &error) != NEWS_OK)
        die(path, error.message);
    for (size_t i = 0; i < news_format_count(ctx) && i < MOST_FORMATS; i++) {
        shared->wanted[0][i] = render(ctx, shared->issue, i);
        shared->wanted[1][i] = render(ctx, shared->edition, i);
    }
}

/* The context is gone before the threads begin: issues need none. */
static void read_all(int count, char **paths)
{
    news_ctx *ctx;
    if (news_ctx_new(&ctx, NULL, NULL) != NEWS_OK ||
        news_publication_parse(ctx, &publication, "news.yaml", yaml, sizeof yaml - 1, NULL, NULL) !=
            NEWS_OK)
        die("news.yaml", "cannot be parsed");
    for (int i = 0; i < count; i++)
        read_issue(ctx, paths[i]);
    news_ctx_free(ctx);
}

/* ---- All ---- */

static void start(worker *w, size_t number)
{
    w->number = number;
    for (size_t i = 0; i < issue_count; i++) {
        (void)news_issue_ref(issues[i].issue);
        (void)news_issue_ref(issues[i].edition);
    }
    if (pthread_create(&w->thread, NULL, work, w) != 0)
        die("a thread", "cannot be started");
}

static size_t finish(worker *w)
{
    (void)pthread_join(w->thread, NULL);
    if (w->wrong != NULL)
        (void)fprintf(stderr, "thread %zu: %s\n", w->number, w->wrong);
    return w->wrong != NULL;
}

int main(int argc, char **argv)
{
    size_t threads = 16, bad = 0, renders = 0, cancelled = 0;
    pthread_t canceller;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "-t") == 0) {
        threads = strtoul(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || threads == 0 || threads > MOST_THREADS)
        die("usage", "test_threads [-t THREADS] FILE.md…");
    read_all(argc - first, argv + first);
    for (size_t i = 0; i < threads; i++)
        if (news_ctx_new(&workers[i].ctx, NULL, NULL) != NEWS_OK)
            die("a context", "cannot be made");
    for (size_t i = 0; i < threads; i++)
        start(&workers[i], i);
    if (pthread_create(&canceller, NULL, cancel, &threads) != 0)
        die("a thread", "cannot be started");
    for (size_t i = 0; i < issue_count; i++) { /* the threads have theirs */
        news_issue_unref(issues[i].issue);
        news_issue_unref(issues[i].edition);
    }
    for (size_t i = 0; i < threads; i++)
        bad += finish(&workers[i]);
    atomic_store(&is_over, true);
    (void)pthread_join(canceller, NULL);
    for (size_t i = 0; i < threads; i++) {
        renders += workers[i].renders;
        cancelled += workers[i].cancelled;
        news_ctx_free(workers[i].ctx);
    }
    news_publication_unref(publication);
    printf("%zu threads, %zu renders, %zu of them cancelled, %zu threads wrong\n", threads, renders,
           cancelled, bad);
    return bad != 0 || renders == 0;
}
