/* Reading an issue from disk with what it names: its publication, masthead and footer, other
 * issues. */
#ifndef EXAMPLE_READ_H
#define EXAMPLE_READ_H

#include <news/news.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A news_loader's `load`. A host that renders what others write looks at the path first: this one
 * reads whatever the user may read. */
static inline news_status load_file(void *ud, const char *path, news_file *to)
{
    char *bytes = NULL;
    FILE *file = fopen(path, "rb");
    (void)ud;
    if (file == NULL)
        return NEWS_ERR_NOT_FOUND;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)size + 1);
    if (bytes != NULL)
        *to = (news_file){bytes, fread(bytes, 1, (size_t)size, file), bytes};
    (void)fclose(file);
    return bytes != NULL ? NEWS_OK : NEWS_ERR_NOMEM;
}

static inline void release_file(void *ud, news_file *file)
{
    (void)ud;
    free(file->handle);
}

static inline news_status fail(news_error *error, news_status status, const char *path,
                               const char *message)
{
    error->status = status;
    (void)snprintf(error->source, sizeof error->source, "%s", path);
    (void)snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

/* Parses the issue at `path`. */
static inline news_status read_issue(news_ctx *ctx, news_issue **issue, const char *path,
                                     news_error *error)
{
    news_file file;
    news_loader loader = NEWS_LOADER_INIT;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_status status = load_file(NULL, path, &file);
    if (status != NEWS_OK)
        return fail(error, status, path, "cannot be read");
    loader.load = load_file;
    loader.release = release_file;
    options.loader = &loader;
    status = news_parse(ctx, issue, path, file.bytes, file.len, &options, error);
    release_file(NULL, &file); /* the issue keeps nothing of it */
    return status;
}

#endif
