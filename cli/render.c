/* news render: one issue in one format. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char cli_render_help[] =
    "Usage: news render [OPTION]... ISSUE.md\n"
    "\n"
    "Renders one issue, a Markdown file, and writes the result to standard output.\n"
    "With '-' for the file, the issue is read from standard input.\n"
    "\n"
    "  -f, --format=FORMAT      what to make: html (the default), email, text, gemini, or any\n"
    "                           other that 'news formats' lists\n"
    "  -e, --edition=NAME       for which readers: web, email, text, gemini, or another that\n"
    "                           the publication or the issue defines; without it the\n"
    "                           format's own, which 'news formats' lists\n"
    "  -o, --output=FILE        write to FILE, which is replaced at once and only when\n"
    "                           all went well\n"
    "  -w, --width=COLUMNS      how wide lines of text may be, 20 to 200\n"
    "  -s, --script=FILE.lua    load a format; without -f, a single one is used.\n"
    "                           May be given more than once\n"
    "  -O, --option=NAME=VALUE  set an option of the format. May be given more than once\n"
    "      --to=ADDRESS         of a message: to whom it goes, as in 'Ann <ann@example.org>'\n"
    "      --date=DATE          of a message: when it is sent, 2025-03-07 or\n"
    "                           2025-03-07T08:30:00+01:00; without it the issue's date\n"
    "      --set NAME=VALUE     what the recipient has for the merge field {{ NAME }}. May be\n"
    "                           given once for each field\n"
    "  -h, --help               show this help\n"
    "\n"
    "A format is looked for as formats/FORMAT.lua in the folder of the issue, then in each\n"
    "folder above; so are layouts, in layouts/. Both go before built-in ones of the same\n"
    "name.\n"
    "\n"
    "Mistakes are reported with file, line and column on standard error. The exit status is\n"
    "0 when all went well (there may be warnings), 1 when there is no result, and 2 when\n"
    "the command was used wrongly.\n"
    "\n"
    "Examples:\n"
    "  news render 2024-05-17.md > 2024-05-17.html\n"
    "  news render -f text -w 66 2024-05-17.md | less\n"
    "  news render -f gemini -o capsule/2024-05-17.gmi 2024-05-17.md\n"
    "  news render -s slack.lua 2024-05-17.md\n"
    "  news render -f email --set first_name=Rosa 2024-05-17.md > mail.html\n";

typedef struct {
    const char *issue, *format, *edition, *output;
    uint32_t width;
    const char **scripts; /* these arrays have room for every argument */
    size_t script_count;
    news_option *options, *fields;
    size_t option_count, field_count;
} arguments;

/* ---- Arguments ---- */

static int parse_width(const cli *c, const char *text, uint32_t *width)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number < 20 || number > 200)
        return cli_usage(c, "the width '%s' is not a number from 20 to 200", text);
    *width = (uint32_t)number;
    return CLI_OK;
}

static void add_option(arguments *given, const char *name, const char *value)
{
    given->options[given->option_count++] = (news_option){name, value};
}

static int add_header(const cli *c, arguments *given, const char *name, const char *value)
{
    if (value[0] == '\0')
        return cli_usage(c, "--%s is empty", name);
    add_option(given, name, value);
    return CLI_OK;
}

static int parse_option(const cli *c, char *text, arguments *given)
{
    char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return cli_usage(c, "the option '%s' is not of the form NAME=VALUE", text);
    *equals = '\0';
    add_option(given, text, equals + 1);
    return CLI_OK;
}

/* Whether a text is a name as merge fields have it: words with dots between them, of which the
 * first begins with a letter. */
static bool is_field_name(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-";
    if (*text == '\0' || strchr(letters, *text) == NULL)
        return false;
    for (;; text++) {
        size_t length = strspn(text, others);
        text += length;
        if (length == 0 || *text != '.')
            return length != 0 && *text == '\0';
    }
}

static bool is_utf8(const char *text)
{
    news_str rest = {text, strlen(text)};
    while (rest.len != 0) {
        cli_char next = cli_char_at(rest);
        if (next.bad)
            return false;
        rest = (news_str){rest.ptr + next.len, rest.len - next.len};
    }
    return true;
}

static int parse_field(const cli *c, char *text, arguments *given)
{
    char *equals = strchr(text, '=');
    if (equals == NULL)
        return cli_usage(c, "the field '%s' is not of the form NAME=VALUE", text);
    *equals = '\0';
    if (!is_field_name(text))
        return cli_usage(c, "'%s' is no name of a field; write one such as first_name or list.name",
                         text);
    if (!is_utf8(equals + 1))
        return cli_usage(c, "the value of the field '%s' is not UTF-8", text);
    for (size_t i = 0; i < given->field_count; i++)
        if (strcmp(given->fields[i].name, text) == 0)
            return cli_usage(c, "the field '%s' is set twice", text);
    given->fields[given->field_count++] = (news_option){text, equals + 1};
    return CLI_OK;
}

/* Reads the arguments; CLI_STOP when *status is the exit status already. */
static int parse_arguments(cli *c, int argc, char **argv, arguments *given, int *status)
{
    enum { SET = 256, TO, DATE }; /* have no letters */
    static const struct option options[] = {{"format", required_argument, NULL, 'f'},
                                            {"edition", required_argument, NULL, 'e'},
                                            {"set", required_argument, NULL, SET},
                                            {"to", required_argument, NULL, TO},
                                            {"date", required_argument, NULL, DATE},
                                            {"output", required_argument, NULL, 'o'},
                                            {"width", required_argument, NULL, 'w'},
                                            {"script", required_argument, NULL, 's'},
                                            {"option", required_argument, NULL, 'O'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int letter;
    *status = CLI_OK;
    while ((letter = cli_option(c, argc, argv, ":f:e:o:w:s:O:h", options, status)) >= 0) {
        switch (letter) {
        case 'f': given->format = optarg; break;
        case 'e': given->edition = optarg; break;
        case TO: *status = add_header(c, given, "to", optarg); break;
        case DATE: *status = add_header(c, given, "date", optarg); break;
        case SET: *status = parse_field(c, optarg, given); break;
        case 'o': given->output = optarg; break;
        case 'w': *status = parse_width(c, optarg, &given->width); break;
        case 's': given->scripts[given->script_count++] = optarg; break;
        default: *status = parse_option(c, optarg, given); break;
        }
        if (*status != CLI_OK)
            return CLI_STOP;
    }
    if (letter == CLI_STOP)
        return CLI_STOP;
    if (optind == argc)
        *status = cli_usage(c, "which issue? No file is given");
    else if (optind + 1 != argc)
        *status = cli_usage(c, "one issue at a time: '%s' is one file too many", argv[optind + 1]);
    else
        given->issue = argv[optind];
    if (given->issue != NULL && given->output != NULL && cli_same_file(given->issue, given->output))
        *status = cli_usage(c, "'%s' is the issue itself and would be lost", given->output);
    return *status == CLI_OK ? CLI_OK : CLI_STOP;
}

/* ---- Rendering ---- */

static int unknown_format(cli *c, news_ctx *ctx, const arguments *given)
{
    (void)cli_load_formats(c, ctx, given->issue, false);
    const char *nearest = news_format_nearest(ctx, given->format);
    if (nearest != NULL)
        return cli_fail(c, "news",
                        "there is no format '%s'; did you mean '%s'? 'news formats' lists them",
                        given->format, nearest);
    return cli_fail(c, "news", "there is no format '%s'; 'news formats' lists them", given->format);
}

/* The format that was asked for. One that is neither built in nor replaces one is loaded now. */
static int find_format(cli *c, news_ctx *ctx, arguments *given, news_format_info *info)
{
    bool found;
    if (given->format == NULL && given->script_count == 1)
        given->format = cli_format_from(ctx, given->scripts[0]);
    if (given->format == NULL)
        given->format = "html";
    if (cli_find_format(ctx, given->format, info))
        return CLI_OK;
    if (!cli_load_format(c, ctx, given->issue, given->format, &found))
        return CLI_FAILED;
    return found && cli_find_format(ctx, given->format, info) ? CLI_OK
                                                              : unknown_format(c, ctx, given);
}

static int render(cli *c, news_ctx *ctx, const news_issue *edition, const arguments *given)
{
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    cli_output output = CLI_OUTPUT_INIT(given->output);
    cli_loader loader = {.c = c, .pictures = true};
    const news_loader files = cli_files(&loader);
    options.width = given->width;
    options.options = given->options;
    options.option_count = given->option_count;
    options.fields = given->fields;
    options.field_count = given->field_count;
    options.loader = &files;
    news_status status =
        news_render(ctx, edition, given->format, &options, cli_output_sink, &output, &error);
    bool written = cli_output_end(c, &output, status == NEWS_OK);
    if (loader.failed)
        return CLI_FAILED;
    if (status == NEWS_ERR_ARG && error.source[0] == '\0')
        return cli_usage(c, "%s", error.message);
    if (status != NEWS_OK && status != NEWS_ERR_SINK)
        return cli_report(c, &error, edition);
    return status == NEWS_OK && written ? CLI_OK : CLI_FAILED;
}

/* The findings of an edition are those of the whole issue and its own. */
static int render_edition(cli *c, news_ctx *ctx, const news_issue *issue, arguments *given)
{
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    news_issue *edition = NULL;
    int status = find_format(c, ctx, given, &info);
    if (status == CLI_OK)
        status = given->edition != NULL
                     ? cli_edition(c, ctx, &edition, issue, given->edition, NULL)
                     : cli_edition(c, ctx, &edition, issue, info.edition, info.name);
    if (status == CLI_OK)
        status = cli_report_findings(c, edition) ? render(c, ctx, edition, given) : CLI_FAILED;
    news_issue_unref(edition);
    return status;
}

static int load_and_render(cli *c, news_ctx *ctx, arguments *given)
{
    if (!cli_load_replacements(c, ctx, given->issue))
        return CLI_FAILED;
    for (size_t i = 0; i < given->script_count; i++)
        if (!cli_load_script(c, ctx, given->scripts[i], NULL))
            return CLI_FAILED;
    if (!cli_load_layouts(c, ctx, given->issue))
        return CLI_FAILED;
    news_issue *issue = cli_parse(c, ctx, given->issue);
    int status = issue != NULL ? render_edition(c, ctx, issue, given) : CLI_FAILED;
    news_issue_unref(issue);
    return status;
}

int cli_render(cli *c, int argc, char **argv)
{
    int status = CLI_FAILED;
    arguments given = {0};
    given.scripts = calloc((size_t)argc, sizeof *given.scripts);
    given.options = calloc((size_t)argc, sizeof *given.options);
    given.fields = calloc((size_t)argc, sizeof *given.fields);
    if (given.scripts == NULL || given.options == NULL || given.fields == NULL)
        (void)cli_fail(c, "news", "out of memory");
    else if (parse_arguments(c, argc, argv, &given, &status) == CLI_OK) {
        news_ctx *ctx = cli_context(c);
        status = ctx != NULL ? load_and_render(c, ctx, &given) : CLI_FAILED;
        news_ctx_free(ctx);
    }
    free(given.scripts);
    free(given.options);
    free(given.fields);
    return status;
}
