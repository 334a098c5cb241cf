/* Times parsing and each format against cmark's own parse and HTML, interleaved in one run:
 *
 *   bench [-n REPETITIONS] FILE.md     a line for each row: median in ms of the processor's time,
 * and the row's name bench -o FOLDER FILE.md            writes what each format gives into FOLDER
 *   bench -r ROW FILE.md               runs one row, warm, ten times in measured(): for callgrind
 *   bench -a FILE.md                   fails when a warm render asks the host for memory
 *   bench -p COMMAND ARGUMENT…         runs a command: seconds of the processor's, KiB at its peak
 *
 * bench.py asks for these and makes tables of them. The last rows are a format of a user's, with
 * the steps of its functions not counted and counted: what the limits cost. */
#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "news/news.h"

enum { MOST = 5000 };

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static void check(news_status status, const news_error *error)
{
    if (status != NEWS_OK)
        die(error->source, error->message);
}

/* ---- Files ---- */

typedef struct text {
    struct text *next;
    char *path, *bytes;
    size_t len;
} text;

static text *texts; /* all that were read, so that no row waits for the disk */

static text *find_text(const char *path)
{
    for (text *one = texts; one != NULL; one = one->next)
        if (strcmp(one->path, path) == 0)
            return one;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    text *one = calloc(1, sizeof *one);
    if (one == NULL || fseek(file, 0, SEEK_END) != 0)
        die(path, "cannot be read");
    one->len = (size_t)ftell(file);
    rewind(file);
    one->bytes = malloc(one->len + 1);
    one->path = strdup(path);
    if (one->bytes == NULL || one->path == NULL || fread(one->bytes, 1, one->len, file) != one->len)
        die(path, "cannot be read");
    one->bytes[one->len] = '\0';
    fclose(file);
    one->next = texts;
    texts = one;
    return one;
}

static news_status load(void *ud, const char *path, news_file *file)
{
    (void)ud;
    const text *found = find_text(path);
    if (found == NULL)
        return NEWS_ERR_NOT_FOUND;
    *file = (news_file){found->bytes, found->len, NULL};
    return NEWS_OK;
}

/* Where the front matter ends. cmark is given the body alone, as a careful host would. */
static size_t body_of(const text *issue)
{
    const char *end = NULL;
    if (strncmp(issue->bytes, "---\n", 4) == 0 &&
        (end = strstr(issue->bytes + 4, "\n---\n")) != NULL)
        return (size_t)(end - issue->bytes) + 5;
    if (strncmp(issue->bytes, "Title:", 6) == 0 && (end = strstr(issue->bytes, "\n\n")) != NULL)
        return (size_t)(end - issue->bytes) + 2;
    return 0;
}

/* ---- Rows ---- */

enum { FORMATS = 5 };
static const char *const formats[FORMATS] = {"html", "email", "text", "gemini", "eml"};

typedef enum { CMARK_PARSE, CMARK_HTML, PARSE, OWN, OWN_UNCOUNTED } work;

typedef struct {
    const char *name;
    work what;
    unsigned formats; /* a set, by place in `formats` */
} row;

static const row rows[] = {
    {"cmark parse", CMARK_PARSE, 0},
    {"cmark parse + HTML", CMARK_HTML, 0},
    {"parse", PARSE, 0},
    {"parse + html", PARSE, 1},
    {"parse + email", PARSE, 2},
    {"parse + text", PARSE, 4},
    {"parse + gemini", PARSE, 8},
    {"parse + eml", PARSE, 16},
    {"parse + all five", PARSE, 31},
    {"parse + own, uncounted", OWN_UNCOUNTED, 0},
    {"parse + own", OWN, 0},
};

enum { ROWS = sizeof rows / sizeof *rows };

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

/* A mail has a sender, which issues without a publication lack. */
static const char default_publication[] = "email:\n  from: Bench <bench@news.example>\n";

/* Contexts with a history of their own, so that they collect garbage alike. */
typedef struct {
    news_ctx *ours, *counted, *uncounted;
    news_loader loader;
    news_publication *publication;
    const text *issue;
    size_t body;
} bench;

static size_t total; /* bytes that came out */

static int count_bytes(void *ud, const char *bytes, size_t len)
{
    (void)ud;
    (void)bytes;
    total += len;
    return 0;
}

static void run_cmark(const bench *b, bool html)
{
    cmark_node *document =
        cmark_parse_document(b->issue->bytes + b->body, b->issue->len - b->body, CMARK_OPT_DEFAULT);
    if (html) {
        char *output = cmark_render_html(document, CMARK_OPT_DEFAULT);
        total += strlen(output);
        free(output);
    }
    cmark_node_free(document);
}

static news_issue *parse(const bench *b, news_ctx *ctx)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    options.loader = &b->loader;
    options.publication = b->publication;
    check(news_parse(ctx, &issue, b->issue->path, b->issue->bytes, b->issue->len, &options, &error),
          &error);
    return issue;
}

static void render(const bench *b, news_ctx *ctx, const news_issue *issue, const char *format,
                   news_sink_fn sink, void *ud)
{
    news_error error = NEWS_ERROR_INIT;
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    options.loader = &b->loader;
    check(news_render(ctx, issue, format, &options, sink, ud, &error), &error);
}

static void run(const bench *b, const row *one)
{
    if (one->what <= CMARK_HTML) {
        run_cmark(b, one->what == CMARK_HTML);
        return;
    }
    news_ctx *ctx = one->what == OWN             ? b->counted
                    : one->what == OWN_UNCOUNTED ? b->uncounted
                                                 : b->ours;
    news_issue *issue = parse(b, ctx);
    for (unsigned i = 0; i < FORMATS; i++)
        if (one->formats >> i & 1)
            render(b, ctx, issue, formats[i], count_bytes, NULL);
    if (one->what != PARSE)
        render(b, ctx, issue, "own", count_bytes, NULL);
    news_issue_unref(issue);
}

/* ---- Setting up ---- */

/* Counts what a context asks of the host. */
static size_t requests;

static void *count_requests(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    (void)ud;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    requests++;
    return realloc(ptr, new_size);
}

static news_ctx *make_ctx(uint64_t steps)
{
    static const news_allocator allocator = {count_requests, NULL};
    news_ctx *ctx;
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    options.allocator = &allocator;
    options.max_script_steps = steps;
    check(news_ctx_new(&ctx, &options, &error), &error);
    check(news_format_load(ctx, "own.lua", own_format, sizeof own_format - 1, &error), &error);
    return ctx;
}

/* The news.yaml in the folder of the issue or the nearest one above, as far as the path goes. */
static news_publication *find_publication(const bench *b)
{
    char path[4096];
    news_error error = NEWS_ERROR_INIT;
    news_publication *publication;
    const text *yaml = NULL;
    if (strlen(b->issue->path) + sizeof "news.yaml" > sizeof path)
        die(b->issue->path, "is too long a path");
    strcpy(path, b->issue->path);
    for (char *slash; yaml == NULL && (slash = strrchr(path, '/')) != NULL; *slash = '\0') {
        strcpy(slash + 1, "news.yaml");
        yaml = find_text(path);
    }
    check(yaml != NULL
              ? news_publication_parse(b->ours, &publication, yaml->path, yaml->bytes, yaml->len,
                                       &b->loader, &error)
              : news_publication_parse(b->ours, &publication, "news.yaml", default_publication,
                                       sizeof default_publication - 1, NULL, &error),
          &error);
    return publication;
}

static void begin(bench *b, const char *path)
{
    *b = (bench){make_ctx(0), make_ctx(0), make_ctx(UINT64_MAX), NEWS_LOADER_INIT, NULL, NULL, 0};
    b->loader.load = load;
    b->issue = find_text(path);
    if (b->issue == NULL)
        die(path, "cannot be read");
    b->body = body_of(b->issue);
    b->publication = find_publication(b);
}

static void end(bench *b)
{
    news_publication_unref(b->publication);
    news_ctx_free(b->ours);
    news_ctx_free(b->counted);
    news_ctx_free(b->uncounted);
    while (texts != NULL) {
        text *one = texts;
        texts = one->next;
        free(one->path);
        free(one->bytes);
        free(one);
    }
}

/* ---- What is asked for ---- */

/* What other programs take of the processor does not count. */
static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* In another order each time, for whatever runs after its like finds its data and its code at hand.
 * The same orders in every run. */
static void shuffle(int order[ROWS])
{
    static uint32_t state = 1;
    for (int i = 0; i < ROWS; i++)
        order[i] = i;
    for (int i = ROWS - 1; i > 0; i--) {
        state = state * 1664525 + 1013904223;
        int other = (int)((state >> 16) % (uint32_t)(i + 1)), moved = order[i];
        order[i] = order[other];
        order[other] = moved;
    }
}

static void time_rows(const bench *b, int repetitions)
{
    static double times[ROWS][MOST];
    int order[ROWS];
    for (int round = -3; round < repetitions; round++) { /* the first three warm up */
        shuffle(order);
        for (int turn = 0; turn < ROWS; turn++) {
            int at = order[turn];
            double start = now_ms();
            run(b, &rows[at]);
            if (round >= 0)
                times[at][round] = now_ms() - start;
        }
    }
    for (int i = 0; i < ROWS; i++) {
        qsort(times[i], (size_t)repetitions, sizeof times[i][0], compare);
        printf("%.6f %s\n", times[i][repetitions / 2], rows[i].name);
    }
}

static int write_bytes(void *ud, const char *bytes, size_t len)
{
    return fwrite(bytes, 1, len, ud) != len;
}

static void write_outputs(const bench *b, const char *folder)
{
    news_issue *issue = parse(b, b->ours);
    for (unsigned i = 0; i < FORMATS; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, formats[i]);
        FILE *file = fopen(path, "wb");
        if (file == NULL)
            die(path, "cannot be written");
        render(b, b->ours, issue, formats[i], write_bytes, file);
        fclose(file);
    }
    news_issue_unref(issue);
}

/* Garbage is not collected in each of them. */
enum { MEASURED = 10 };

/* Under callgrind instructions are counted inside this function alone. */
__attribute__((noinline)) static void measured(const bench *b, const row *one)
{
    for (int i = 0; i < MEASURED; i++)
        run(b, one);
}

static void run_one(const bench *b, const char *name)
{
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0) {
            for (int warming = 0; warming < 3; warming++)
                run(b, &rows[i]);
            measured(b, &rows[i]);
            return;
        }
    die(name, "there is no row of that name");
}

/* What a context has taken for a render it keeps for the next. It is warm after a few, since what
 * is garbage is not all collected at once. */
static void check_allocations(const bench *b)
{
    news_issue *issue = parse(b, b->ours);
    for (unsigned i = 0; i < FORMATS; i++) {
        for (int warming = 0; warming < 10; warming++)
            render(b, b->ours, issue, formats[i], count_bytes, NULL);
        requests = 0;
        render(b, b->ours, issue, formats[i], count_bytes, NULL);
        printf("%zu requests for memory in a warm render of %s\n", requests, formats[i]);
        if (requests != 0)
            die(formats[i], "a warm render asks the host for memory");
    }
    news_issue_unref(issue);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* From here and not from Python, whose own memory would count as the peak of what it starts. */
static int measure_process(char **command)
{
    int status;
    struct rusage usage;
    pid_t pid = fork();
    if (pid == 0) {
        if (freopen("/dev/null", "w", stdout) != NULL && freopen("/dev/null", "w", stderr) != NULL)
            execvp(command[0], command);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0 ||
        getrusage(RUSAGE_CHILDREN, &usage) != 0)
        die(command[0], "failed");
    printf("%.6f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
    return 0;
}

int main(int argc, char **argv)
{
    bench b;
    const char *folder = NULL, *name = NULL;
    bool allocations = false;
    int repetitions = 200;
    if (argc > 2 && strcmp(argv[1], "-p") == 0)
        return measure_process(argv + 2);
    for (int letter; (letter = getopt(argc, argv, "n:o:r:a")) != -1;)
        switch (letter) {
        case 'n': repetitions = (int)strtol(optarg, NULL, 10); break;
        case 'o': folder = optarg; break;
        case 'r': name = optarg; break;
        case 'a': allocations = true; break;
        default: repetitions = 0; break;
        }
    if (optind + 1 != argc || repetitions < 1 || repetitions > MOST) {
        fprintf(stderr, "usage: bench [-n REPETITIONS | -o FOLDER | -r ROW | -a] FILE.md\n"
                        "       bench -p COMMAND ARGUMENT...\n");
        return 2;
    }
    begin(&b, argv[optind]);
    if (folder != NULL)
        write_outputs(&b, folder);
    else if (name != NULL)
        run_one(&b, name);
    else if (allocations)
        check_allocations(&b);
    else
        time_rows(&b, repetitions);
    end(&b);
    return 0;
}
