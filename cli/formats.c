/* news formats: what an issue can be rendered in. */
#include <string.h>

#include "cli.h"

const char cli_formats_help[] =
    "Usage: news formats [ISSUE.md]\n"
    "\n"
    "Lists the formats an issue can be rendered in: name, media type, the edition that is\n"
    "rendered when no other is asked for, file name extension, and where each comes from.\n"
    "Besides the built-in ones these are the Lua files in folders named 'formats' beside the\n"
    "issue and above it; without an issue, the search begins in the working directory.\n"
    "\n"
    "  -h, --help  show this help\n"
    "\n"
    "The exit status is 1 when one of the files cannot be loaded; the others are listed.\n";

enum { CELLS = 5 };

static void put_row(const char *const cells[CELLS], const size_t widths[CELLS])
{
    for (size_t i = 0; i < CELLS; i++) {
        news_str cell = {cells[i], strlen(cells[i])};
        cli_put_text(stdout, cell);
        if (i + 1 < CELLS)
            cli_put_spaces(stdout, widths[i] - cell.len + 2);
    }
    (void)putchar('\n');
}

static bool format_row(news_ctx *ctx, size_t index, const char *cells[CELLS], news_error *error)
{
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    if (news_format_at(ctx, index, &info, error) != NEWS_OK)
        return false;
    cells[0] = info.name;
    cells[1] = info.media;
    cells[2] = info.edition;
    cells[3] = info.extension;
    cells[4] = info.source[0] == '@' ? "built-in" : info.source;
    return true;
}

static int list_formats(cli *c, news_ctx *ctx)
{
    static const char *const head[CELLS] = {"NAME", "MEDIA TYPE", "EDITION", "EXTENSION", "FROM"};
    const char *cells[CELLS];
    size_t widths[CELLS];
    news_error error = NEWS_ERROR_INIT;
    for (size_t i = 0; i < CELLS; i++)
        widths[i] = strlen(head[i]);
    for (size_t index = 0; index < news_format_count(ctx); index++) {
        if (!format_row(ctx, index, cells, &error))
            return cli_report(c, &error, NULL);
        for (size_t i = 0; i < CELLS; i++)
            if (strlen(cells[i]) > widths[i])
                widths[i] = strlen(cells[i]);
    }
    put_row(head, widths);
    for (size_t index = 0; index < news_format_count(ctx); index++)
        if (format_row(ctx, index, cells, &error))
            put_row(cells, widths);
    return CLI_OK;
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
    bool good = cli_load_formats(c, ctx, optind < argc ? argv[optind] : NULL, true);
    status = list_formats(c, ctx);
    news_ctx_free(ctx);
    return good ? status : CLI_FAILED;
}
