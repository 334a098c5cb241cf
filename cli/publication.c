/* The formats of a publication: Lua files in a folder `formats` beside an issue or above it. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

size_t cli_format_name_length(const char *file)
{
    size_t len = strspn(file, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return strcmp(file + len, ".lua") == 0 ? len : 0;
}

/* ---- Loading ---- */

bool cli_load_script(cli *c, news_ctx *ctx, const char *path, news_error *error)
{
    news_error own = NEWS_ERROR_INIT;
    const cli_source *source = cli_read(c, path, CLI_MAX_OTHER);
    if (source == NULL) {
        if (error != NULL)
            error->message[0] = '\0';
        return false;
    }
    if (news_format_load(ctx, source->name, source->bytes, source->len,
                         error != NULL ? error : &own) == NEWS_OK)
        return true;
    if (error == NULL)
        (void)cli_report(c, &own, NULL);
    return false;
}

bool cli_find_format(news_ctx *ctx, const char *name, news_format_info *info)
{
    for (size_t i = news_format_count(ctx); i-- != 0;)
        if (strcmp(news_format_name(ctx, i), name) == 0)
            return news_format_at(ctx, i, info, NULL) == NEWS_OK;
    return false;
}

const char *cli_format_from(news_ctx *ctx, const char *path)
{
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    if (strcmp(path, "-") == 0)
        path = "stdin";
    for (size_t i = news_format_count(ctx); i-- != 0;)
        if (news_format_at(ctx, i, &info, NULL) == NEWS_OK && strcmp(info.source, path) == 0)
            return info.name;
    return NULL;
}

static bool wrong_name(const cli *c, const char *path, const char *name)
{
    (void)cli_fail(c, path, "the format calls itself '%s'; its file must have that name",
                   name != NULL ? name : "");
    return false;
}

bool cli_load_format(cli *c, news_ctx *ctx, const char *issue_path, const char *name, bool *found)
{
    char file[64];
    char *path = NULL;
    bool good = true;
    *found = false;
    (void)snprintf(file, sizeof file, "%s.lua", name);
    if (strlen(name) + sizeof ".lua" > sizeof file || cli_format_name_length(file) == 0)
        return true;
    char *folder = cli_folder_of(issue_path);
    do {
        free(path);
        path = folder != NULL ? cli_path_in(folder, "formats", file) : NULL;
    } while (path != NULL && access(path, F_OK) != 0 && cli_go_up(folder));
    if (path != NULL && access(path, F_OK) == 0) {
        news_error error = NEWS_ERROR_INIT;
        *found = true;
        good = cli_load_script(c, ctx, path, &error);
        if (!good && error.message[0] != '\0') {
            /* It may extend one of its neighbours. */
            (void)cli_load_formats(c, ctx, issue_path, false);
            good = cli_load_script(c, ctx, path, NULL);
        }
        const char *made = good ? cli_format_from(ctx, path) : NULL;
        if (good && (made == NULL || strcmp(made, name) != 0))
            good = wrong_name(c, path, made);
    }
    free(path);
    free(folder);
    return good;
}

bool cli_load_replacements(cli *c, news_ctx *ctx, const char *issue_path)
{
    bool good = true, found;
    size_t count = news_format_count(ctx);
    for (size_t i = 0; good && i < count; i++)
        good = cli_load_format(c, ctx, issue_path, news_format_name(ctx, i), &found);
    return good;
}

/* ---- All of them ---- */

typedef struct {
    char *path;
    char name[64];            /* of the format, by the file's name */
    const cli_source *source; /* NULL when it is not to be loaded */
    bool loaded;
    news_error error;
} candidate;

typedef struct {
    candidate *array;
    size_t count, capacity;
} candidates;

static int compare_names(const void *a, const void *b)
{
    const candidate *left = a, *right = b;
    return strcmp(left->name, right->name);
}

/* Adds a file unless a nearer folder has one of its name. */
static void add_candidate(candidates *all, const char *folder, const char *file)
{
    candidate one = {.error = NEWS_ERROR_INIT};
    size_t len = cli_format_name_length(file);
    if (len == 0 || len >= sizeof one.name)
        return;
    memcpy(one.name, file, len);
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->array[i].name, one.name) == 0)
            return;
    if (all->count == all->capacity) {
        size_t capacity = all->capacity == 0 ? 8 : all->capacity * 2;
        candidate *moved = realloc(all->array, capacity * sizeof *moved);
        if (moved == NULL)
            return;
        all->array = moved;
        all->capacity = capacity;
    }
    one.path = cli_path_in(folder, "formats", file);
    if (one.path != NULL)
        all->array[all->count++] = one;
}

static void add_folder(candidates *all, const char *folder)
{
    char *path = cli_path_in(folder, "formats", "");
    DIR *directory = path != NULL && *path != '\0' ? opendir(path) : NULL;
    size_t first = all->count;
    free(path);
    if (directory == NULL)
        return;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory))
        add_candidate(all, folder, entry->d_name);
    (void)closedir(directory);
    if (all->count > first)
        qsort(all->array + first, all->count - first, sizeof *all->array, compare_names);
}

/* Loads what it can. A format may extend another of these, so those that fail are tried again as
 * long as any other could be loaded. */
static void load_candidates(news_ctx *ctx, candidates *all)
{
    bool progress = true;
    while (progress) {
        progress = false;
        for (size_t i = 0; i < all->count; i++) {
            candidate *one = &all->array[i];
            if (one->loaded || one->source == NULL)
                continue;
            one->loaded = news_format_load(ctx, one->path, one->source->bytes, one->source->len,
                                           &one->error) == NEWS_OK;
            progress = progress || one->loaded;
        }
    }
}

/* Says what is wrong with a file, if anything is; false when the format cannot be used. */
static bool report_candidate(cli *c, news_ctx *ctx, const candidate *one)
{
    if (!one->loaded) {
        if (one->source != NULL) /* else reading has told */
            (void)cli_report(c, &one->error, NULL);
        return false;
    }
    const char *made = cli_format_from(ctx, one->path);
    if (made == NULL || strcmp(made, one->name) != 0)
        return wrong_name(c, one->path, made);
    return true;
}

bool cli_load_formats(cli *c, news_ctx *ctx, const char *issue_path, bool messages)
{
    candidates all = {0};
    bool good = true;
    char *folder = cli_folder_of(issue_path);
    if (folder != NULL)
        do
            add_folder(&all, folder);
        while (cli_go_up(folder));
    free(folder);
    for (size_t i = 0; i < all.count; i++) {
        news_format_info info = NEWS_FORMAT_INFO_INIT;
        /* One that has been asked for by its file stays. */
        if (!cli_find_format(ctx, all.array[i].name, &info) || info.source[0] == '@')
            all.array[i].source = cli_read(c, all.array[i].path, CLI_MAX_OTHER);
    }
    load_candidates(ctx, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (messages && !report_candidate(c, ctx, &all.array[i]))
            good = false;
        free(all.array[i].path);
    }
    free(all.array);
    return good;
}
