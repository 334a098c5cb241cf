/* The news command: which subcommand, and what they share about arguments. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char main_help[] =
    "Usage: news COMMAND [OPTION]... [FILE]\n"
    "\n"
    "Turns one written newsletter issue, a Markdown file, into everything its readers\n"
    "receive.\n"
    "\n"
    "Commands:\n"
    "  render   render an issue: a web page, plain text, Gemini text, or a format of yours\n"
    "  check    check issues as a careful editor would\n"
    "  inspect  show what was understood of an issue, as a tree or as JSON\n"
    "  formats  list the formats and the layouts there are\n"
    "  new      begin a format or a layout of your own\n"
    "  help     show the help of a command\n"
    "\n"
    "Options:\n"
    "  -h, --help     show this help\n"
    "  -V, --version  show the version\n"
    "\n"
    "'news help COMMAND' tells more about each.\n";

typedef struct {
    const char *name, *full_name, *help;
    int (*run)(cli *c, int argc, char **argv);
} command;

static const command commands[] = {
    {"render", "news render", cli_render_help, cli_render},
    {"check", "news check", cli_check_help, cli_check},
    {"inspect", "news inspect", cli_inspect_help, cli_inspect},
    {"formats", "news formats", cli_formats_help, cli_formats},
    {"new", "news new", cli_new_help, cli_new},
};

static const command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* ---- What subcommands share ---- */

int cli_usage(const cli *c, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    (void)fprintf(stderr, "%s: ", c->command);
    cli_put_text(stderr, (news_str){message, strlen(message)});
    (void)fprintf(stderr, "\nTry '%s --help'.\n", c->command);
    return CLI_USAGE;
}

int cli_option(cli *c, int argc, char **argv, const char *letters, const struct option *options,
               int *status)
{
    opterr = 0;
    int letter = getopt_long(argc, argv, letters, options, NULL);
    if (letter == -1 || (letter != 'h' && letter != ':' && letter != '?'))
        return letter;
    if (letter == 'h') {
        (void)fputs(c->help, stdout);
        *status = CLI_OK;
    } else if (letter == ':') {
        *status = cli_usage(c, "the option '%s' needs a value", argv[optind - 1]);
    } else if (optopt == 0) {
        *status = cli_usage(c, "there is no option '%s'", argv[optind - 1]);
    } else if (strchr(letters, optopt) != NULL) {
        *status = cli_usage(c, "the option '%s' takes no value", argv[optind - 1]);
    } else {
        *status = cli_usage(c, "there is no option '-%c'", optopt);
    }
    return CLI_STOP;
}

/* What a script prints is meant for the person at the terminal. */
static void put_log(void *ud, const char *text, size_t len)
{
    (void)ud;
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t line = newline != NULL ? (size_t)(newline - text) - at : len - at;
        cli_put_text(stderr, (news_str){text + at, line});
        at += line + 1;
        if (newline != NULL && at < len)
            (void)putc('\n', stderr);
    }
    (void)putc('\n', stderr);
}

news_ctx *cli_context(cli *c)
{
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = NULL;
    options.max_input = CLI_MAX_ISSUE;
    options.log = put_log;
    if (news_ctx_new(&ctx, &options, &error) == NEWS_OK)
        return ctx;
    (void)cli_report(c, &error, NULL);
    return NULL;
}

/* ---- The command ---- */

/* When the standard streams are closed, files opened later must not take their numbers; reading
 * from or writing to what stands in for them fails. */
static void guard_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int help(cli *c, int argc, char **argv)
{
    const command *about = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 2)
        return cli_usage(c, "one command at a time");
    if (argc > 1 && about == NULL && strcmp(argv[1], "help") != 0 && !is_help(argv[1]))
        return cli_usage(c, "there is no command '%s'", argv[1]);
    (void)fputs(about != NULL ? about->help : main_help, stdout);
    return CLI_OK;
}

static int run(cli *c, int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs(main_help, stderr);
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (is_help(name))
        return help(c, 1, argv + 1);
    if (strcmp(name, "help") == 0)
        return help(c, argc - 1, argv + 1);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        (void)printf("news %s\n", news_version());
        return CLI_OK;
    }
    const command *chosen = find_command(name);
    if (chosen == NULL)
        return cli_usage(c, *name == '-' ? "there is no option '%s'" : "there is no command '%s'",
                         name);
    c->command = chosen->full_name;
    c->help = chosen->help;
    return chosen->run(c, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    cli c = {.command = "news", .help = main_help};
    guard_standard_streams();
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error like any other */
    (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* findings are put together from many pieces */
    c.errors = cli_screen_for(stderr);
    int status = run(&c, argc, argv);
    if (!cli_flush(&c) && status == CLI_OK)
        status = CLI_FAILED;
    cli_free_sources(&c);
    return status;
}
