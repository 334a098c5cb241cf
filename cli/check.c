/* news check: what a careful editor would say about issues, for people or as JSON. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char cli_check_help[] =
    "Usage: news check [OPTION]... ISSUE.md...\n"
    "\n"
    "Checks issues: what keeps them from being rendered, and what is well formed and all the\n"
    "same a mistake in what readers would get, in every edition. With '-' for a file, an\n"
    "issue is read from standard input.\n"
    "\n"
    "  -j, --json    write JSON instead\n"
    "  -S, --strict  fail for warnings, too\n"
    "  -q, --quiet   leave out the last line, which counts\n"
    "  -h, --help    show this help\n"
    "\n"
    "What was found goes to standard output. What several issues have in common, such as a\n"
    "mistake in news.yaml, is shown once.\n"
    "\n"
    "Editions for mail are rendered with the formats and layouts that 'news render' would use,\n"
    "and their HTML is compared with their plain text.\n"
    "\n"
    "The JSON is an array of objects with 'file', 'line', 'column', 'severity' ('error' or\n"
    "'warning'), 'code', 'message' and 'help', which are null where there is nothing to say.\n"
    "\n"
    "The exit status is 0 when there is no error (with --strict, no warning either), 1 when\n"
    "there is, and 2 when the command was used wrongly.\n"
    "\n"
    "Examples:\n"
    "  news check 2024-05-17.md\n"
    "  news check --strict issues/*.md\n";

typedef struct {
    cli *c;
    cli_screen screen; /* standard output */
    bool json, strict, quiet;
    news_ctx *ctx; /* with the formats and layouts of the issues in `folder`; NULL: none yet */
    char *folder;
    size_t files, shown, errors, warnings;
    char **slots; /* hash table of what was shown, as text; NULL: free */
    size_t slot_count;
} checker;

/* ---- What was shown ---- */

/* All that tells two messages apart; NULL when memory is short. */
static char *identity(const cli_message *message)
{
    static const char format[] = "%s:%lu:%lu %s %s %s";
    const char *code = message->code != NULL ? message->code : "";
    unsigned long line = message->line, column = message->column;
    char *text = strndup(message->message.ptr, message->message.len), *whole = NULL;
    int len = text == NULL ? -1
                           : snprintf(NULL, 0, format, message->file, line, column,
                                      message->severity, code, text);
    if (len >= 0)
        whole = malloc((size_t)len + 1);
    if (whole != NULL)
        (void)snprintf(whole, (size_t)len + 1, format, message->file, line, column,
                       message->severity, code, text);
    free(text);
    return whole;
}

/* The slot of a text, or the free one where it belongs; the table is at most half full. */
static char **find_slot(const checker *k, const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *p = text; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    for (size_t i = (size_t)hash;; i++) {
        char **slot = &k->slots[i & (k->slot_count - 1)];
        if (*slot == NULL || strcmp(*slot, text) == 0)
            return slot;
    }
}

static bool make_room(checker *k)
{
    if (k->shown < k->slot_count / 2)
        return true;
    checker larger = {.slot_count = k->slot_count == 0 ? 64 : k->slot_count * 2};
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < k->slot_count; i++)
        if (k->slots[i] != NULL)
            *find_slot(&larger, k->slots[i]) = k->slots[i];
    free(k->slots);
    k->slots = larger.slots;
    k->slot_count = larger.slot_count;
    return true;
}

/* Remembers a message; false when it was there. One that there is no memory for is taken as new:
 * better said twice than not at all. */
static bool remember(checker *k, const cli_message *message)
{
    char *text = make_room(k) ? identity(message) : NULL;
    if (text == NULL)
        return true;
    char **slot = find_slot(k, text);
    bool is_new = *slot == NULL;
    if (is_new)
        *slot = text;
    else
        free(text);
    return is_new;
}

/* ---- Showing ---- */

/* A cli_listener: findings come here, and what prevents finding any. */
static void show(void *ud, const cli_message *message)
{
    checker *k = ud;
    if (!remember(k, message))
        return;
    k->errors += strcmp(message->severity, "error") == 0;
    k->warnings += strcmp(message->severity, "warning") == 0;
    if (k->json) {
        (void)fputs(k->shown == 0 ? "\n  " : ",\n  ", stdout);
        cli_put_json_message(stdout, message);
    } else {
        cli_show(k->c, &k->screen, message);
    }
    k->shown++;
}

static void put_count(size_t count, const char *noun)
{
    (void)printf("%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* "3 files: 2 errors, 5 warnings" */
static void put_summary(const checker *k)
{
    put_count(k->files, "file");
    (void)fputs(": ", stdout);
    if (k->errors != 0)
        put_count(k->errors, "error");
    if (k->errors != 0 && k->warnings != 0)
        (void)fputs(", ", stdout);
    if (k->warnings != 0)
        put_count(k->warnings, "warning");
    (void)puts(k->errors + k->warnings == 0 ? "no findings" : "");
}

/* ---- Checking ---- */

static int pass_on(void *ud, const news_finding *finding)
{
    const checker *k = ud;
    cli_diagnose(k->c, cli_message_of(k->c, finding));
    return 0;
}

static void leave_folder(checker *k)
{
    news_ctx_free(k->ctx);
    free(k->folder);
    k->ctx = NULL;
    k->folder = NULL;
}

/* Makes a context with what an issue would be rendered with; those in one folder share it. What is
 * wrong with a format is told, and the issue is checked all the same. False without a context. */
static bool enter_folder(checker *k, const char *path)
{
    char *folder = cli_folder_of(path);
    if (k->ctx != NULL && folder != NULL && k->folder != NULL && strcmp(folder, k->folder) == 0) {
        free(folder);
        return true;
    }
    leave_folder(k);
    k->folder = folder;
    k->ctx = cli_context(k->c);
    if (k->ctx == NULL)
        return false;
    (void)cli_load_replacements(k->c, k->ctx, path);
    (void)cli_load_layouts(k->c, k->ctx, path);
    return true;
}

static void check_issue(checker *k, const news_issue *issue)
{
    news_error error = NEWS_ERROR_INIT;
    news_check_options options = NEWS_CHECK_OPTIONS_INIT;
    cli_loader loader = {.c = k->c, .pictures = true};
    const news_loader files = cli_files(&loader);
    options.loader = &files;
    if (news_check(k->ctx, issue, &options, pass_on, k, &error) != NEWS_OK && !loader.failed)
        (void)cli_report(k->c, &error, issue);
}

static void check_file(checker *k, const char *path)
{
    if (!enter_folder(k, path))
        return;
    news_issue *issue = cli_parse(k->c, k->ctx, path);
    if (issue != NULL)
        check_issue(k, issue);
    news_issue_unref(issue);
    k->files++;
}

/* The same text for every path that names one file; NULL when memory is short. */
static char *comparable(const char *path)
{
    char *absolute = strcmp(path, "-") != 0 ? cli_absolute_path(path) : NULL;
    return absolute != NULL ? absolute : strdup(path);
}

static bool is_repeated(char *const *names, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (names[i] != NULL && names[index] != NULL && strcmp(names[i], names[index]) == 0)
            return true;
    return false;
}

static int check_files(checker *k, char *const *paths, size_t count)
{
    char **names = calloc(count, sizeof *names);
    if (names == NULL)
        return cli_fail(k->c, "news", "out of memory");
    if (k->json)
        (void)putchar('[');
    k->c->listener = show;
    k->c->listener_data = k;
    for (size_t i = 0; i < count; i++) {
        names[i] = comparable(paths[i]);
        if (!is_repeated(names, i))
            check_file(k, paths[i]);
    }
    leave_folder(k);
    k->c->listener = NULL;
    if (k->json)
        (void)puts(k->shown == 0 ? "]" : "\n]");
    else if (!k->quiet)
        put_summary(k);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    for (size_t i = 0; i < k->slot_count; i++)
        free(k->slots[i]);
    free(k->slots);
    return k->errors != 0 || (k->strict && k->warnings != 0) ? CLI_FAILED : CLI_OK;
}

int cli_check(cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"strict", no_argument, NULL, 'S'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    checker k = {.c = c, .screen = cli_screen_for(stdout)};
    int status = CLI_OK, letter;
    while ((letter = cli_option(c, argc, argv, ":jSqh", options, &status)) >= 0) {
        k.json = k.json || letter == 'j';
        k.strict = k.strict || letter == 'S';
        k.quiet = k.quiet || letter == 'q';
    }
    if (letter == CLI_STOP)
        return status;
    if (optind == argc)
        return cli_usage(c, "which issues? No file is given");
    return check_files(&k, argv + optind, (size_t)(argc - optind));
}
