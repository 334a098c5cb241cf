/* A host that runs formats of people it does not know: each render has a process of its own, with
 * limits on its time and memory, and hands its output back through a pipe.
 *
 * The library's own limits end nearly every script before these do. They are there for what no
 * library can promise about itself: that it has no bug. */
#include <errno.h>
#include <news/news.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "read.h"

enum { MIB = 1 << 20, SECONDS = 5 };

/* ---- In the child ---- */

static void limit(int resource, rlim_t most)
{
    struct rlimit both = {most, most};
    if (setrlimit(resource, &both) != 0)
        _exit(3);
}

static int write_all(void *ud, const char *bytes, size_t len)
{
    int pipe_end = *(int *)ud;
    while (len > 0) {
        ssize_t written = write(pipe_end, bytes, len);
        if (written < 0 && errno != EINTR)
            return 1;
        bytes += written > 0 ? written : 0;
        len -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* The library's limits a good deal below those of the process, so that it can say what happened. */
static news_status render(int pipe_end, const char *script, const char *format, const char *path,
                          news_error *error)
{
    news_options options = NEWS_OPTIONS_INIT;
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    news_file lua;
    if (load_file(NULL, script, &lua) != NEWS_OK)
        return fail(error, NEWS_ERR_NOT_FOUND, script, "cannot be read");
    options.max_script_memory = (size_t)32 * MIB;
    options.max_output = (size_t)8 * MIB;
    news_status status = news_ctx_new(&ctx, &options, error);
    if (status == NEWS_OK)
        status = news_format_load(ctx, script, lua.bytes, lua.len, error);
    if (status == NEWS_OK)
        status = read_issue(ctx, &issue, path, error);
    if (status == NEWS_OK)
        status = news_render(ctx, issue, format, NULL, write_all, &pipe_end, error);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    release_file(NULL, &lua);
    return status;
}

static void run_child(int pipe_end, const char *script, const char *format, const char *path)
{
    news_error error = NEWS_ERROR_INIT;
    char message[512];
    limit(RLIMIT_CPU, SECONDS);
    limit(RLIMIT_AS, (rlim_t)256 * MIB);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if (render(pipe_end, script, format, path, &error) == NEWS_OK)
        _exit(0);
    int len = snprintf(message, sizeof message, "%s:%u: %s\n", error.source, (unsigned)error.line,
                       error.message);
    (void)write_all(&pipe_end, message, (size_t)len);
    _exit(1);
}

/* ---- In the parent ---- */

static long milliseconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* Everything the child writes, until it closes its end; false when that takes too long. */
static bool read_child(int pipe_end, char **all, size_t *len)
{
    long deadline = milliseconds() + (SECONDS + 1) * 1000L;
    size_t room = 0;
    for (long left; (left = deadline - milliseconds()) > 0;) {
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
        if (poll(&wait, 1, (int)left) <= 0)
            continue;
        if (*len == room) {
            char *moved = realloc(*all, room = room * 2 + 65536);
            if (moved == NULL)
                return false;
            *all = moved;
        }
        ssize_t got = read(pipe_end, *all + *len, room - *len);
        if (got == 0)
            return true;
        *len += got > 0 ? (size_t)got : 0;
    }
    return false;
}

int main(int argc, char **argv)
{
    int ends[2], status = 0;
    char *output = NULL;
    size_t len = 0;
    if (argc != 4 || pipe(ends) != 0) {
        (void)fprintf(stderr, "usage: isolated SCRIPT.lua FORMAT ISSUE.md\n");
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        run_child(ends[1], argv[1], argv[2], argv[3]);
    }
    (void)close(ends[1]);
    bool is_whole = child > 0 && read_child(ends[0], &output, &len);
    (void)close(ends[0]);
    if (child > 0 && !is_whole)
        (void)kill(child, SIGKILL);
    if (child > 0)
        (void)waitpid(child, &status, 0);
    bool is_good = is_whole && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    /* Only what is whole is used. */
    if (is_good || (is_whole && WIFEXITED(status)))
        (void)fwrite(output, 1, len, is_good ? stdout : stderr);
    else
        (void)fprintf(stderr, "%s: the process was ended\n", argv[1]);
    free(output);
    return is_good ? 0 : 1;
}
