/* news formats: what an issue can be rendered in. */
#include <string.h>

#include "cli.h"

const char cli_formats_help[] =
    "Usage: news formats [ISSUE.md]\n"
    "\n"
    "Lists the formats an issue can be rendered in: name, media type, the edition that is\n"
    "rendered when no other is asked for, file name extension, and where each comes from;\n"
    "then the layouts that formats write. Besides the built-in ones these are the files in\n"
    "folders named 'formats' and 'layouts' beside the issue and above it; without an issue,\n"
    "the search begins in the working directory.\n"
    "\n"
    "  -h, --help  show this help\n"
    "\n"
    "The exit status is 1 when one of the files is wrong; the others are listed.\n";

enum { MOST_CELLS = 5 };

typedef struct {
    size_t count;
    const char *head[MOST_CELLS];
    size_t widths[MOST_CELLS];
} table;

static void widen(table *t, const char *const *cells)
{
    for (size_t i = 0; i < t->count; i++)
        if (strlen(cells[i]) > t->widths[i])
            t->widths[i] = strlen(cells[i]);
}

static void put_row(const table *t, const char *const *cells)
{
    for (size_t i = 0; i < t->count; i++) {
        news_str cell = {cells[i], strlen(cells[i])};
        cli_put_text(stdout, cell);
        if (i + 1 < t->count)
            cli_put_spaces(stdout, t->widths[i] - cell.len + 2);
    }
    (void)putchar('\n');
}

static const char *origin(const char *source)
{
    return source[0] == '@' ? "built-in" : source;
}

static bool format_row(news_ctx *ctx, size_t index, const char *cells[MOST_CELLS],
                       news_error *error)
{
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    if (news_format_at(ctx, index, &info, error) != NEWS_OK)
        return false;
    cells[0] = info.name;
    cells[1] = info.media;
    cells[2] = info.edition;
    cells[3] = info.extension;
    cells[4] = origin(info.source);
    return true;
}

static int list_formats(cli *c, news_ctx *ctx)
{
    table t = {5, {"NAME", "MEDIA TYPE", "EDITION", "EXTENSION", "FROM"}, {0}};
    const char *cells[MOST_CELLS];
    news_error error = NEWS_ERROR_INIT;
    widen(&t, t.head);
    for (size_t index = 0; index < news_format_count(ctx); index++) {
        if (!format_row(ctx, index, cells, &error))
            return cli_report(c, &error, NULL);
        widen(&t, cells);
    }
    put_row(&t, t.head);
    for (size_t index = 0; index < news_format_count(ctx); index++)
        if (format_row(ctx, index, cells, &error))
            put_row(&t, cells);
    return CLI_OK;
}

/* Those that are wrong are listed all the same. */
static int list_layouts(cli *c, news_ctx *ctx)
{
    table t = {2, {"LAYOUT", "FROM"}, {0}};
    news_layout_info info = NEWS_LAYOUT_INFO_INIT;
    int status = CLI_OK;
    widen(&t, t.head);
    for (size_t index = 0; index < news_layout_count(ctx); index++) {
        news_error error = NEWS_ERROR_INIT;
        if (news_layout_at(ctx, index, &info, &error) != NEWS_OK)
            status = cli_report(c, &error, NULL);
        widen(&t, (const char *[]){info.name, origin(info.source)});
    }
    put_row(&t, t.head);
    for (size_t index = 0; index < news_layout_count(ctx); index++) {
        if (news_layout_at(ctx, index, &info, NULL) == NEWS_ERR_ARG) /* others are reported */
            break;
        put_row(&t, (const char *[]){info.name, origin(info.source)});
    }
    return status;
}

int cli_formats(cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int status = CLI_OK;
    if (cli_option(c, argc, argv, ":h", options, &status) == CLI_STOP)
        return status;
    if (argc - optind > 1)
        return cli_usage(c, "one issue at a time: '%s' is one file too many", argv[optind + 1]);
    news_ctx *ctx = cli_context(c);
    if (ctx == NULL)
        return CLI_FAILED;
    const char *issue = optind < argc ? argv[optind] : NULL;
    bool good = cli_load_formats(c, ctx, issue, true);
    good = cli_load_layouts(c, ctx, issue) && good;
    good = list_formats(c, ctx) == CLI_OK && good;
    (void)putchar('\n');
    good = list_layouts(c, ctx) == CLI_OK && good;
    news_ctx_free(ctx);
    return good ? CLI_OK : CLI_FAILED;
}
