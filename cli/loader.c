/* Issues: parsing one with the files it names, and making its editions.
 *
 * The library asks for files by absolute paths, since news.yaml is looked for in folders above the
 * working directory, too. Each file is read once and kept; messages call it by the shorter path. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"

/* ---- Files that an issue names ---- */

static cli_source *find_loaded(const cli *c, const char *path)
{
    for (cli_source *source = c->sources; source != NULL; source = source->next)
        if (strcmp(source->name, path) == 0)
            return source;
    return NULL;
}

/* What Markdown is for, an issue or a masthead, cannot be told from its path. */
static size_t size_limit(const cli_loader *l, const char *path)
{
    if (l->pictures)
        return CLI_MAX_PICTURE;
    const char *dot = strrchr(path, '.');
    bool markdown =
        dot != NULL && (strcasecmp(dot, ".md") == 0 || strcasecmp(dot, ".markdown") == 0);
    return markdown ? CLI_MAX_ISSUE : CLI_MAX_OTHER;
}

static bool means_missing(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

static news_status failed(cli_loader *l, const char *path, int error)
{
    char *shown = cli_shown_path(path);
    l->failed = true;
    (void)cli_fail_reading(l->c, shown != NULL ? shown : path, error, size_limit(l, path));
    free(shown);
    return error == ENOMEM ? NEWS_ERR_NOMEM : error == EFBIG ? NEWS_ERR_LIMIT : NEWS_ERR_CANCELLED;
}

/* The folder of news.yaml, when that is what is being loaded. */
static bool note_root(cli *c, const char *path)
{
    const char *name = strrchr(path, '/');
    if (name == NULL || strcmp(name, "/news.yaml") != 0)
        return true;
    free(c->root);
    c->root = strndup(path, (size_t)(name - path) + 1);
    return c->root != NULL;
}

/* A picture travels to everybody, and so it comes from the publication's own folder. */
static bool may_travel(const cli *c, const char *path)
{
    return c->root != NULL && strncmp(path, c->root, strlen(c->root)) == 0;
}

static news_status refuse_picture(cli_loader *l, const char *path)
{
    char *shown = cli_shown_path(path);
    l->failed = true;
    (void)cli_fail(l->c, shown != NULL ? shown : path,
                   "a picture that travels with mail lies in the folder of news.yaml or below it");
    free(shown);
    return NEWS_ERR_CANCELLED;
}

static news_status load(void *ud, const char *path, news_file *file)
{
    cli_loader *l = ud;
    cli_source *source = find_loaded(l->c, path);
    if (l->pictures && !may_travel(l->c, path))
        return refuse_picture(l, path);
    if (source == NULL) {
        char *shown = cli_shown_path(path);
        int error = ENOMEM;
        if (shown != NULL)
            source = cli_read_regular(l->c, path, shown, size_limit(l, path), &error);
        free(shown);
        if (source == NULL)
            return means_missing(error) ? NEWS_ERR_NOT_FOUND : failed(l, path, error);
    }
    if (!note_root(l->c, path))
        return NEWS_ERR_NOMEM;
    *file = (news_file){source->bytes, source->len, NULL};
    return NEWS_OK;
}

news_loader cli_files(cli_loader *l)
{
    news_loader files = NEWS_LOADER_INIT;
    files.load = load;
    files.ud = l;
    return files;
}

/* ---- Parsing ---- */

news_issue *cli_parse(cli *c, news_ctx *ctx, const char *path)
{
    news_issue *issue = NULL;
    news_error error = NEWS_ERROR_INIT;
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    cli_loader l = {.c = c};
    news_loader files = cli_files(&l);
    const cli_source *source = cli_read(c, path, CLI_MAX_ISSUE);
    if (source == NULL)
        return NULL;
    char *absolute = cli_absolute_path(path);
    options.path = absolute != NULL ? absolute : path;
    options.loader = &files;
    if (news_parse(ctx, &issue, source->name, source->bytes, source->len, &options, &error) !=
            NEWS_OK &&
        !l.failed)
        (void)cli_report(c, &error, NULL);
    free(absolute);
    return issue;
}

/* ---- Editions ---- */

static bool has_errors(const news_issue *issue)
{
    news_finding finding = NEWS_FINDING_INIT;
    for (size_t i = 0; i < news_issue_finding_count(issue); i++)
        if (news_issue_finding(issue, i, &finding) == NEWS_OK && finding.severity == NEWS_ERROR)
            return true;
    return false;
}

int cli_edition(cli *c, news_ctx *ctx, news_issue **edition, const news_issue *issue,
                const char *name, const char *format)
{
    news_error error = NEWS_ERROR_INIT;
    news_status status = news_issue_edition(ctx, edition, issue, name, &error);
    if (status == NEWS_OK)
        return CLI_OK;
    if (has_errors(issue)) { /* which may be why */
        (void)cli_report_findings(c, issue);
        return CLI_FAILED;
    }
    if (status != NEWS_ERR_NOT_FOUND)
        return cli_report(c, &error, NULL);
    if (format == NULL)
        return cli_usage(c, "%s", error.message);
    return cli_fail(c, "news",
                    "the format '%s' renders the edition '%s', which this issue does not have; "
                    "name another with '-e'",
                    format, name);
}
