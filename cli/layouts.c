/* The layouts of a publication: files in a folder `layouts` beside an issue or above it. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

typedef struct {
    char **array; /* of file names, which are those of the layouts */
    size_t count, capacity;
} names;

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool holds(const names *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->array[i], name) == 0)
            return true;
    return false;
}

static bool add(names *all, const char *name)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity == 0 ? 16 : all->capacity * 2;
        char **moved = realloc(all->array, capacity * sizeof *moved);
        if (moved == NULL)
            return false;
        all->array = moved;
        all->capacity = capacity;
    }
    all->array[all->count] = strdup(name);
    return all->array[all->count++] != NULL;
}

bool cli_is_layout_name(const char *file)
{
    size_t len = strspn(file, "abcdefghijklmnopqrstuvwxyz0123456789._-");
    const char *dot = strrchr(file, '.');
    return file[len] == '\0' && len >= 3 && len < 64 && file[0] != '.' && dot != NULL &&
           dot[1] != '\0';
}

/* Adds the names that no nearer folder has, in order; false when memory is short. */
static bool add_folder(names *all, const char *folder)
{
    char *path = cli_path_in(folder, "layouts", "");
    DIR *directory = path != NULL && *path != '\0' ? opendir(path) : NULL;
    size_t first = all->count;
    bool good = path != NULL;
    free(path);
    if (directory == NULL)
        return good;
    for (struct dirent *entry; good && (entry = readdir(directory)) != NULL;)
        if (cli_is_layout_name(entry->d_name) && !holds(all, entry->d_name))
            good = add(all, entry->d_name);
    (void)closedir(directory);
    if (good && all->count > first)
        qsort(all->array + first, all->count - first, sizeof *all->array, compare);
    return good;
}

static bool load(cli *c, news_ctx *ctx, const char *folder, const char *name)
{
    int error = ENOMEM;
    news_error why = NEWS_ERROR_INIT;
    char *path = cli_path_in(folder, "layouts", name);
    const cli_source *source =
        path != NULL ? cli_read_regular(c, path, path, CLI_MAX_OTHER, &error) : NULL;
    bool is_folder = source == NULL && error == EISDIR;
    if (source == NULL && !is_folder)
        (void)cli_fail_reading(c, path != NULL ? path : name, error, CLI_MAX_OTHER);
    free(path);
    if (source == NULL)
        return is_folder; /* which is none of ours either */
    news_status status =
        news_layout_load(ctx, name, source->name, source->bytes, source->len, &why);
    if (status == NEWS_OK || status == NEWS_ERR_SCRIPT)
        return true;
    (void)cli_report(c, &why, NULL);
    return false;
}

bool cli_load_layouts(cli *c, news_ctx *ctx, const char *issue_path)
{
    names all = {NULL, 0, 0};
    bool good = true;
    char *folder = cli_folder_of(issue_path);
    if (folder != NULL)
        do {
            size_t first = all.count;
            if (!add_folder(&all, folder)) {
                (void)cli_fail(c, "news", "out of memory");
                good = false;
            }
            for (size_t i = first; good && i < all.count; i++)
                good = load(c, ctx, folder, all.array[i]);
        } while (good && cli_go_up(folder));
    free(folder);
    for (size_t i = 0; i < all.count; i++)
        free(all.array[i]);
    free(all.array);
    return good;
}
