/* Runs hostile scripts and layouts, each in a process of its own under limits of time and memory,
 * and says whether each ended as its first line says it does:
 * hostile [-n STEPS] [-t SECONDS] FILE…
 *
 *   -- expect: ok                     it renders
 *   -- expect: ok "words"             it renders, and these words are in the output
 *   -- expect: limit                  a limit of the library ends it, at a line of this file
 *   -- expect: limit 7 "steps"        at line 7, with these words in the message
 *   -- expect: script 7 "attempt"     it fails as a script does
 *
 * Lines "--| words" are the issue that is rendered, instead of a good one; "--|* 700 words" stands
 * for the words seven hundred times, on one line, or each on its own if they end with "\n".
 *
 * A line "--* 700 words" stands for the words seven hundred times, on one line; %d in them is the
 * number of the time. So a file that is to be large can be small.
 *
 * However it ends, that takes at most two seconds of the processor's time and twenty by the clock
 * (the machine may be busy with more than this), there is a diagnostic that names the file, and
 * must not have held more than one and a half times the memory that scripts and output may take.
 * Afterwards the same context renders a good issue in every format, and the bytes must be those of
 * a fresh context. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "news/news.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum {
    MIB = 1 << 20,
    SCRIPT_MEMORY = 16 * MIB,
    OUTPUT = 1 * MIB,
    MOST_MEMORY = (SCRIPT_MEMORY + OUTPUT) / 2 * 3,
    ADDRESS_SPACE = 256 * MIB
};

static uint64_t steps; /* 0: the library's default */
static double most_seconds = 2;
static bool is_verbose;

/* ---- Memory ---- */

typedef struct {
    size_t used, peak;
} memory;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    memory *m = ud;
    if (new_size == 0) {
        free(ptr);
        m->used -= ptr != NULL ? old_size : 0;
        return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved == NULL)
        return NULL;
    m->used += new_size - (ptr != NULL ? old_size : 0);
    if (m->used > m->peak)
        m->peak = m->used;
    return moved;
}

/* ---- Files ---- */

typedef struct {
    const char *path, *name; /* the last part of the path */
    char *bytes;
    size_t len;
} file;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "hostile: %s: %s\n", what, why);
    exit(2);
}

static file read_file(const char *path)
{
    file f = {.path = path};
    FILE *stream = fopen(path, "rb");
    long size = stream != NULL && fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1;
    if (size < 0 || fseek(stream, 0, SEEK_SET) != 0)
        die(path, "cannot be read");
    f.bytes = malloc((size_t)size + 1);
    if (f.bytes == NULL || fread(f.bytes, 1, (size_t)size, stream) != (size_t)size)
        die(path, "cannot be read");
    f.len = (size_t)size;
    f.bytes[f.len] = '\0';
    fclose(stream);
    const char *slash = strrchr(path, '/');
    f.name = slash != NULL ? slash + 1 : path;
    return f;
}

/* The words of the `number`-th time. */
static void write_words(const char *from, const char *end, unsigned number, FILE *to)
{
    for (const char *at = from; at < end; at++) {
        if (at + 1 < end && at[0] == '%' && at[1] == 'd') {
            (void)fprintf(to, "%u", number);
            at++;
        } else {
            (void)fputc(*at, to);
        }
    }
}

/* Writes the line at `from` as often as it says to the end of `to`; NULL when it is no such line.
 */
static const char *expand_line(const char *from, FILE *to)
{
    unsigned times;
    int begin = 0;
    const char *newline = strchr(from, '\n');
    if (sscanf(from, "--* %u %n", &times, &begin) != 1 || newline == NULL)
        return NULL;
    for (unsigned i = 1; i <= times; i++)
        write_words(from + begin, newline, i, to);
    return newline;
}

static void expand(file *f)
{
    char *expanded = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&expanded, &len);
    if (to == NULL)
        die(f->path, "no memory");
    for (const char *at = f->bytes, *end = f->bytes + f->len; at < end;) {
        const char *rest = expand_line(at, to);
        if (rest == NULL) {
            rest = memchr(at, '\n', (size_t)(end - at));
            rest = rest != NULL ? rest : end - 1;
            (void)fwrite(at, 1, (size_t)(rest - at), to);
        }
        (void)fputc(*rest, to);
        at = rest + 1;
    }
    if (fclose(to) != 0)
        die(f->path, "no memory");
    free(f->bytes);
    f->bytes = expanded;
    f->len = len;
}

/* The issue that the file asks for, its size in *len; NULL when it asks for none. */
static char *own_issue(const file *f, size_t *len)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, len);
    if (to == NULL)
        die(f->path, "no memory");
    for (const char *at = f->bytes; (at = strstr(at, "\n--|")) != NULL; at++) {
        const char *words = at + 4, *end = strchr(words, '\n');
        unsigned times = 1;
        int begin = *words == ' ';
        bool is_repeated = sscanf(words, "* %u %n", &times, &begin) == 1;
        if (end == NULL)
            die(f->path, "the issue has no end");
        bool has_ends = end - words > 2 && memcmp(end - 2, "\\n", 2) == 0;
        for (unsigned i = 1; i <= times; i++) {
            write_words(words + begin, has_ends ? end - 2 : end, i, to);
            if (has_ends || !is_repeated)
                (void)fputc('\n', to);
        }
    }
    if (fclose(to) != 0)
        die(f->path, "no memory");
    if (*len != 0)
        return text;
    free(text);
    return NULL;
}

/* ---- What is expected ---- */

typedef struct {
    news_status status;
    unsigned line; /* 0: any */
    char words[128];
} expectation;

static expectation read_expectation(const file *f)
{
    expectation e = {0};
    char kind[16] = "";
    const char *mark = "expect: ", *at = strstr(f->bytes, mark);
    const char *newline = strchr(f->bytes, '\n');
    if (at == NULL || (newline != NULL && at > newline) ||
        sscanf(at + strlen(mark), "%15s", kind) != 1)
        die(f->path, "the first line says nothing of what to expect");
    e.status = strcmp(kind, "ok") == 0       ? NEWS_OK
               : strcmp(kind, "limit") == 0  ? NEWS_ERR_LIMIT
               : strcmp(kind, "script") == 0 ? NEWS_ERR_SCRIPT
                                             : NEWS_ERR_INTERNAL;
    if (e.status == NEWS_ERR_INTERNAL)
        die(f->path, "expects neither ok, limit nor script");
    (void)sscanf(at + strlen(mark), "%*s %u", &e.line);
    const char *quote = strchr(at, '"');
    if (quote != NULL && (newline == NULL || quote < newline))
        (void)sscanf(quote + 1, "%127[^\"]", e.words);
    return e;
}

/* ---- In the child ---- */

static const char issue_text[] =
    "---\ntitle: A good issue\ndate: 2024-05-17\nauthors: [Ada, Bea]\nsponsor: Acme\n---\n\n"
    "Some *emphasis*, **strong** words, `code` and [a link](https://a.example/x?y&z).\n\n"
    "## Reading {.links}\n\n- [One](https://one.example/). Of it. (Source)\n"
    "- [Two](https://two.example/)\n\n## Other\n\n> A quote\n>\n> -- Somebody\n\n1. first\n2. "
    "second\n"
    "   - inner\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```lua\nprint(1)\n```\n\n![x](y.png "
    "\"z\")\n\n"
    "Text with a note.[^n]\n\n[^n]: The note.\n";

static const char good_script[] =
    "local news = require 'news'\nlocal good = news.format { name = 'good', extends = 'text' }\n"
    "function good.strong(n, out) out(string.upper(n.children[1].literal)) end\n"
    "function good.emph(n, out) out(('%s|%5.2f'):format(n.children[1].literal, math.random())) "
    "end\n"
    "function good.code(n, out)\n"
    "  local names = {}\n"
    "  for name in pairs(_G) do names[#names + 1] = name end\n"
    "  for name in pairs(string) do names[#names + 1] = name end\n"
    "  for k, v in pairs(n.parent.parent.meta) do names[#names + 1] = k .. v end\n"
    "  out(table.concat(names, ' '), tostring(print), ('x'):rep(3), ('a,b'):gsub(',', ';'))\n"
    "end\nreturn good\n";

static news_ctx *make_ctx(memory *m)
{
    static news_allocator allocator;
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    allocator = (news_allocator){reallocate, m};
    options.allocator = &allocator;
    options.max_script_memory = SCRIPT_MEMORY;
    options.max_output = OUTPUT;
    options.max_script_steps = steps;
    if (news_ctx_new(&ctx, &options, &error) != NEWS_OK)
        die("a context", error.message);
    return ctx;
}

static news_issue *parse(news_ctx *ctx, const char *text, size_t len)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    if (news_parse(ctx, &issue, "good.md", text, len, NULL, &error) != NEWS_OK)
        die("the issue", error.message);
    return issue;
}

static news_issue *parse_good(news_ctx *ctx)
{
    return parse(ctx, issue_text, sizeof issue_text - 1);
}

/* In a context of its own: what parsing takes is none of the script's. */
static news_issue *parse_for(const file *f, memory *m)
{
    size_t len;
    char *own = own_issue(f, &len);
    news_ctx *ctx = make_ctx(m);
    news_issue *issue = own != NULL ? parse(ctx, own, len) : parse_good(ctx);
    news_ctx_free(ctx);
    free(own);
    return issue;
}

/* A layout like the built-in one takes the place of a hostile one. */
static void load_good_layouts(news_ctx *ctx)
{
    static const char *const layouts[][2] = {
        {"web.html", "{% extends \"web.html\" %}{% block title %}{{ super() }}{% endblock %}"},
        {"text.txt", "{% extends \"text.txt\" %}"}};
    news_error error = NEWS_ERROR_INIT;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (news_layout_load(ctx, layouts[i][0], NULL, layouts[i][1], strlen(layouts[i][1]),
                             &error) != NEWS_OK)
            die(layouts[i][0], error.message);
}

/* Everything a context makes of the good issue, one output after the other. */
static char *render_good(news_ctx *ctx, size_t *len)
{
    static const char *const formats[] = {"text", "html", "email", "gemini", "good"};
    news_error error = NEWS_ERROR_INIT;
    news_issue *issue = parse_good(ctx);
    char *all = NULL;
    *len = 0;
    load_good_layouts(ctx);
    if (news_format_load(ctx, "good.lua", good_script, sizeof good_script - 1, &error) != NEWS_OK)
        die("the good script", error.message);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *bytes;
        size_t size;
        if (news_render_buffer(ctx, issue, formats[i], NULL, &bytes, &size, &error) != NEWS_OK)
            die(formats[i], error.message);
        all = realloc(all, *len + size + 1);
        if (all == NULL)
            die(formats[i], "no memory");
        memcpy(all + *len, bytes, size + 1);
        *len += size;
        news_free(ctx, bytes, size);
    }
    news_issue_unref(issue);
    return all;
}

/* A script is the format "hostile"; a layout takes the place of the page or of the text. */
static news_status try_file(news_ctx *ctx, const file *f, const news_issue *issue, char **output,
                            size_t *len, news_error *error)
{
    const char *extension = strrchr(f->name, '.');
    bool is_page = strcmp(extension, ".html") == 0, is_script = strcmp(extension, ".lua") == 0;
    const char *format = is_script ? "hostile" : is_page ? "html" : "text";
    news_status status = is_script ? news_format_load(ctx, f->name, f->bytes, f->len, error)
                                   : news_layout_load(ctx, is_page ? "web.html" : "text.txt",
                                                      f->name, f->bytes, f->len, error);
    if (status == NEWS_OK)
        status = news_render_buffer(ctx, issue, format, NULL, output, len, error);
    return status;
}

static int complain(const file *f, const char *what, const news_error *error)
{
    fprintf(stderr, "%s: %s; it ended with: %s, %s:%u: %s\n", f->name, what,
            news_status_name(error->status), error->source, (unsigned)error->line, error->message);
    return 1;
}

static int check_end(const file *f, news_status status, const char *output, const news_error *error)
{
    expectation e = read_expectation(f);
    if (status != e.status)
        return complain(f, "not the end that was expected", error);
    const char *told = status == NEWS_OK ? output : error->message;
    if (strstr(told, e.words) == NULL) {
        if (status == NEWS_OK)
            fprintf(stderr, "%s: the output is %s\n", f->name, output);
        return complain(f, "not in these words", error);
    }
    if (status == NEWS_OK)
        return 0;
    if (strcmp(error->source, f->name) != 0 || error->line == 0)
        return complain(f, "no place in the file", error);
    if (e.line != 0 && error->line != e.line)
        return complain(f, "not at the expected line", error);
    return 0;
}

static int check_afterwards(news_ctx *ctx, const file *f)
{
    memory m = {0};
    size_t len, fresh_len;
    char *bytes = render_good(ctx, &len);
    news_ctx *fresh = make_ctx(&m);
    char *fresh_bytes = render_good(fresh, &fresh_len);
    bool is_same = len == fresh_len && memcmp(bytes, fresh_bytes, len) == 0;
    if (!is_same)
        fprintf(stderr, "%s: what is rendered afterwards is not what a fresh context renders\n",
                f->name);
    free(bytes);
    free(fresh_bytes);
    news_ctx_free(fresh);
    return is_same ? 0 : 1;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct rusage usage_so_far(void)
{
    struct rusage usage = {0};
    (void)getrusage(RUSAGE_SELF, &usage);
    return usage;
}

static double processor_seconds(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static int run_child(const file *f)
{
    memory m = {0}, of_issue = {0};
    news_error error = NEWS_ERROR_INIT;
    char *output = NULL;
    size_t len = 0;
    if (!IS_SANITIZED) {
        struct rlimit space = {ADDRESS_SPACE, ADDRESS_SPACE};
        (void)setrlimit(RLIMIT_AS, &space);
    }
    news_issue *issue = parse_for(f, &of_issue);
    struct rlimit time = {(rlim_t)most_seconds + 2, (rlim_t)most_seconds + 2};
    (void)setrlimit(RLIMIT_CPU, &time);
    struct rusage before = usage_so_far();
    double start = seconds();
    news_ctx *ctx = make_ctx(&m);
    news_status status = try_file(ctx, f, issue, &output, &len, &error);
    double elapsed = seconds() - start;
    struct rusage after = usage_so_far();
    double took = processor_seconds(&after) - processor_seconds(&before);
    size_t resident = (size_t)(after.ru_maxrss - before.ru_maxrss) * 1024;
    int failures = check_end(f, status, output, &error);
    if (took > most_seconds) {
        fprintf(stderr, "%s: took %.2f seconds of the processor's time\n", f->name, took);
        failures++;
    }
    if (m.peak > MOST_MEMORY || (!IS_SANITIZED && resident > MOST_MEMORY)) {
        fprintf(stderr, "%s: held %zu KiB, and %zu KiB of the process\n", f->name, m.peak / 1024,
                resident / 1024);
        failures++;
    }
    if (is_verbose)
        printf("%-28s %6.3f s (%.3f elapsed) %6zu KiB  %s, line %u: %s\n", f->name, took, elapsed,
               m.peak / 1024, news_status_name(status), (unsigned)error.line, error.message);
    news_free(ctx, output, len);
    news_issue_unref(issue);
    failures += check_afterwards(ctx, f);
    news_ctx_free(ctx);
    if (m.used != 0) {
        fprintf(stderr, "%s: %zu bytes were leaked\n", f->name, m.used);
        failures++;
    }
    return failures != 0;
}

/* ---- The parent ---- */

/* Lets the child run; kills it when it takes far too long. */
static bool run(const char *path)
{
    file f = read_file(path);
    expand(&f);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int status = run_child(&f);
        fflush(stdout);
        _exit(status);
    }
    double wall = 10 * most_seconds, deadline = seconds() + wall;
    int status = 0;
    pid_t ended = 0;
    while (child > 0 && (ended = waitpid(child, &status, WNOHANG)) == 0 && seconds() < deadline)
        (void)usleep(500);
    if (ended == 0 && child > 0) {
        kill(child, SIGKILL);
        (void)waitpid(child, &status, 0);
        fprintf(stderr, "%s: still runs after %.0f seconds\n", f.name, wall);
    } else if (WIFSIGNALED(status)) {
        fprintf(stderr, "%s: ended by signal %d\n", f.name, WTERMSIG(status));
    }
    free(f.bytes);
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    int option, failures = 0, first;
    while ((option = getopt(argc, argv, "n:t:v")) != -1) {
        if (option == 'n')
            steps = strtoull(optarg, NULL, 10);
        else if (option == 't')
            most_seconds = strtod(optarg, NULL);
        else if (option == 'v')
            is_verbose = true;
        else
            return 2;
    }
    first = optind;
    if (first == argc)
        die("usage", "hostile [-n STEPS] [-t SECONDS] [-v] FILE...");
    if (IS_SANITIZED) /* which makes everything slower */
        most_seconds *= 5;
    for (int i = first; i < argc; i++)
        failures += !run(argv[i]);
    printf("%d scripts and layouts, %d of them not as they should be\n", argc - first, failures);
    return failures != 0;
}
