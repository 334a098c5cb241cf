/* One issue, many threads: each has a context of its own, all of them share the parsed issue and
 * render it in every format. The outputs of all threads must be the same, which is checked. */
#include <news/news.h>
#include <pthread.h>

#include "read.h"

enum { THREADS = 4, ROUNDS = 10 };

typedef struct {
    news_issue *issue; /* a reference of the thread's own */
    uint64_t sum;      /* over every byte it rendered */
    size_t bytes;
    news_error error;
} job;

/* Receives the output of a render; here it only takes a sum. */
static int add_up(void *ud, const char *bytes, size_t len)
{
    job *mine = ud;
    for (size_t i = 0; i < len; i++)
        mine->sum = (mine->sum ^ (unsigned char)bytes[i]) * 1099511628211u;
    mine->bytes += len;
    return 0;
}

static void render_all(job *mine, news_ctx *ctx)
{
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < news_format_count(ctx); i++) {
            news_format_info format = NEWS_FORMAT_INFO_INIT;
            if (news_format_at(ctx, i, &format, &mine->error) != NEWS_OK ||
                news_render(ctx, mine->issue, format.name, NULL, add_up, mine, &mine->error) !=
                    NEWS_OK)
                return;
        }
}

static void *run(void *ud)
{
    job *mine = ud;
    news_ctx *ctx = NULL;
    if (news_ctx_new(&ctx, NULL, &mine->error) == NEWS_OK)
        render_all(mine, ctx);
    news_ctx_free(ctx);
    news_issue_unref(mine->issue);
    return NULL;
}

/* Parses in a context that is gone before the first thread begins: the issue outlives it. */
static news_issue *parse(const char *path)
{
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    if (news_ctx_new(&ctx, NULL, &error) != NEWS_OK ||
        read_issue(ctx, &issue, path, &error) != NEWS_OK)
        (void)fprintf(stderr, "%s:%u:%u: %s\n", error.source, error.line, error.column,
                      error.message);
    news_ctx_free(ctx);
    return issue;
}

int main(int argc, char **argv)
{
    news_issue *issue = argc == 2 ? parse(argv[1]) : NULL;
    pthread_t threads[THREADS];
    job jobs[THREADS];
    int started = 0, status = 0;
    if (issue == NULL) {
        (void)fprintf(stderr, "usage: threads ISSUE.md\n");
        return 2;
    }
    for (; started < THREADS; started++) {
        jobs[started] = (job){.issue = news_issue_ref(issue), .error = NEWS_ERROR_INIT};
        if (pthread_create(&threads[started], NULL, run, &jobs[started]) != 0) {
            news_issue_unref(jobs[started].issue);
            break;
        }
    }
    news_issue_unref(issue);
    for (int i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
        if (jobs[i].error.status != NEWS_OK) {
            (void)fprintf(stderr, "%s\n", jobs[i].error.message);
            status = 1;
        } else if (jobs[i].sum != jobs[0].sum || jobs[i].bytes != jobs[0].bytes) {
            (void)fprintf(stderr, "thread %d rendered something else\n", i);
            status = 1;
        }
    }
    if (started == 0 || jobs[0].bytes == 0)
        status = 1;
    if (status == 0)
        (void)printf("%d threads rendered %zu bytes each, all alike\n", started, jobs[0].bytes);
    return status;
}
