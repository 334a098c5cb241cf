/* The news command: the host that libnews never is.
 *
 * Arguments, files and a terminal are known here and nowhere else; of the library only news.h is
 * used. Each subcommand has a file of its own and returns the exit status. Files that were read
 * stay in memory until the end, so that every message can show the line it speaks of.
 */
#ifndef NEWS_CLI_H
#define NEWS_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "news/news.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/* The largest files that are read: an issue as the library allows by default, and any other. */
#define CLI_MAX_ISSUE ((size_t)8 << 20)
#define CLI_MAX_OTHER ((size_t)1 << 20)
#define CLI_MAX_PICTURE ((size_t)16 << 20)

/* A file in memory. */
typedef struct cli_source {
    struct cli_source *next;
    char *name;  /* as the library calls it */
    char *shown; /* as messages call it */
    char *bytes;
    size_t len;
    /* What of it was shown last: a line and where it begins, a column and its byte in the line; 0:
     * none yet. */
    uint32_t last_line, last_column;
    size_t last_begin, last_len, last_byte;
} cli_source;

/* Where messages are written. */
typedef struct {
    FILE *file;
    bool colour;
    unsigned columns;
} cli_screen;

/* What is to be said to the person who uses the command. */
typedef struct {
    const char *severity; /* "error", "warning" or "note" */
    const char *file;
    uint32_t line, column; /* 0: unknown */
    news_str message;
    const char *code, *help; /* NULL: none */
} cli_message;

typedef void (*cli_listener)(void *ud, const cli_message *message);

typedef struct {
    const char *command; /* "news render", for messages on usage */
    const char *help;    /* of that command */
    cli_source *sources;
    char *root;            /* the publication's folder, with a slash behind; NULL: not known */
    cli_screen errors;     /* standard error */
    cli_listener listener; /* is told of messages instead of showing them there; NULL: none */
    void *listener_data;
} cli;

/* ---- Subcommands ---- */

extern const char cli_render_help[], cli_check_help[], cli_inspect_help[], cli_formats_help[],
    cli_new_help[];
int cli_render(cli *c, int argc, char **argv);
int cli_check(cli *c, int argc, char **argv);
int cli_inspect(cli *c, int argc, char **argv);
int cli_formats(cli *c, int argc, char **argv);
int cli_new(cli *c, int argc, char **argv);

/* ---- Arguments (main.c) ---- */

/* The next option as getopt_long() gives it, -1 after the last. Wrong ones, and --help, are dealt
 * with here: then it returns CLI_STOP, and *status is the exit status. */
enum { CLI_STOP = -2 };
int cli_option(cli *c, int argc, char **argv, const char *letters, const struct option *options,
               int *status);
/* Says what is wrong with the arguments, points at --help, and returns CLI_USAGE. */
int cli_usage(const cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A context with the limits and the log of this command; NULL after a message. */
news_ctx *cli_context(cli *c);

/* ---- Messages (diagnostic.c) ---- */

/* Colour and width for a stream that may be a terminal. */
cli_screen cli_screen_for(FILE *file);
/* `FILE:LINE:COLUMN: error: … [code]`, then the line with a caret when the file is known, then the
 * help. */
void cli_show(const cli *c, const cli_screen *screen, const cli_message *message);
/* Gives a message to the listener, or shows it on standard error. Its `file` may be a name that the
 * library gave. */
void cli_diagnose(const cli *c, cli_message message);
/* The message that a finding is, borrowed from it, with the file as messages call it. */
cli_message cli_message_of(const cli *c, const news_finding *finding);
/* An error without a place; returns CLI_FAILED. */
int cli_fail(const cli *c, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What the library said, and where in `issue` (may be NULL) a format failed; CLI_FAILED. */
int cli_report(const cli *c, const news_error *error, const news_issue *issue);
/* Every finding of an issue; false when one of them is an error. */
bool cli_report_findings(const cli *c, const news_issue *issue);

/* ---- Characters (text.c) ---- */

/* Reads the character at the start of `s` (not empty): its bytes, and the columns it takes. One
 * that a terminal must not see (a control, an override of direction, a bad byte) is marked. */
typedef struct {
    size_t len;
    uint32_t code_point;
    unsigned columns;
    bool bad, control;
} cli_char;
cli_char cli_char_at(news_str s);
/* Writes text with U+FFFD for every character that a terminal must not see. */
void cli_put_text(FILE *file, news_str s);
/* Writes spaces. */
void cli_put_spaces(FILE *file, size_t n);
/* The width of a terminal, or `otherwise`. */
unsigned cli_terminal_columns(int fd, unsigned otherwise);

/* ---- JSON (json.c) ---- */

void cli_put_json(FILE *file, news_str s);
/* {"file": …, "line": …, "column": …, "severity": …, "code": …, "message": …, "help": …}, with null
 * for what is unknown. */
void cli_put_json_message(FILE *file, const cli_message *message);

/* ---- Files (file.c) ---- */

/* Reads a file of at most `max` bytes; "-" is standard input. NULL after a message. */
cli_source *cli_read(cli *c, const char *path, size_t max);
/* Reads a regular file, which messages will call `shown`. NULL without a message: *error is then an
 * errno or another number for cli_fail_reading(). */
cli_source *cli_read_regular(cli *c, const char *path, const char *shown, size_t max, int *error);
/* Says why a file could not be read; CLI_FAILED. */
int cli_fail_reading(const cli *c, const char *shown, int error, size_t max);
void cli_free_sources(cli *c);

/* The paths that these give are for the caller to free; NULL when memory is short. */

/* The absolute path of the folder that holds a file, or the working directory for NULL; NULL also
 * when there is no such folder. */
char *cli_folder_of(const char *path);
/* The absolute path of a file; NULL also when there is no such folder. */
char *cli_absolute_path(const char *path);
/* An absolute path from the working directory on when it is below that, else as it is. */
char *cli_shown_path(const char *path);
/* FOLDER/INNER/FILE, as cli_shown_path() gives it. */
char *cli_path_in(const char *folder, const char *inner, const char *file);

/* Makes the absolute path of a folder that of the one above; false at the root. */
bool cli_go_up(char *folder);

/* An output is made when its first byte comes: standard output, or a temporary file beside the one
 * asked for, which takes its name when all is written. */
typedef struct {
    const char *path; /* NULL or "-": standard output */
    char *target, *temporary;
    int fd;    /* -1: not yet made */
    int error; /* an errno */
} cli_output;

#define CLI_OUTPUT_INIT(path)                                                                      \
    {                                                                                              \
        path, NULL, NULL, -1, 0                                                                    \
    }

int cli_output_sink(void *ud, const char *bytes, size_t len); /* a news_sink_fn */
/* Ends the output; `keep` false takes back what was written to a file. False after a message when
 * it could not be written. */
bool cli_output_end(const cli *c, cli_output *output, bool keep);
/* Whether both paths are one file. */
bool cli_same_file(const char *a, const char *b);
/* Flushes what was printed to standard output; false after a message. */
bool cli_flush(const cli *c);

/* ---- Issues (loader.c) ---- */

/* Gives the library files from the disk. */
typedef struct {
    cli *c;
    bool pictures; /* is asked for those, which may be large */
    bool failed;   /* a message has told why */
} cli_loader;

news_loader cli_files(cli_loader *l);

/* Reads and parses an issue, "-" being standard input, with the files it names. NULL after a
 * message; findings are not shown yet. */
news_issue *cli_parse(cli *c, news_ctx *ctx, const char *path);
/* Makes an edition that was asked for, or the own of `format` (else NULL). An exit status, after a
 * message unless it is CLI_OK. */
int cli_edition(cli *c, news_ctx *ctx, news_issue **edition, const news_issue *issue,
                const char *name, const char *format);

/* ---- Formats of a publication (publication.c) ---- */

/* The length of the name of the format that a file is for; 0 when it is for none. */
size_t cli_format_name_length(const char *file);
/* The format of this name, if it is loaded. */
bool cli_find_format(news_ctx *ctx, const char *name, news_format_info *info);

/* Loads a script; false after a message unless `error` is given, which then has it. */
bool cli_load_script(cli *c, news_ctx *ctx, const char *path, news_error *error);
/* Loads formats/NAME.lua from the issue's folder or the nearest one above that has it. *found
 * tells whether there is one; false when it could not be loaded, after a message. */
bool cli_load_format(cli *c, news_ctx *ctx, const char *issue_path, const char *name, bool *found);
/* Loads the files of the issue's folder, and of those above, that take the place of built-in
 * formats. False, after a message, when one is wrong. */
bool cli_load_replacements(cli *c, news_ctx *ctx, const char *issue_path);
/* Loads every format that the issue could be rendered in. Messages, if wanted, tell which could
 * not; then it returns false. `issue_path` may be NULL for the working directory. */
bool cli_load_formats(cli *c, news_ctx *ctx, const char *issue_path, bool messages);
/* The name of the format that a script loaded as `path` made; NULL when there is none. Borrowed. */
const char *cli_format_from(news_ctx *ctx, const char *path);

/* ---- Layouts of a publication (layouts.c) ---- */

/* Whether a file of this name is a layout; others, such as an editor's backups, are passed over. */
bool cli_is_layout_name(const char *file);
/* Loads every file in a folder `layouts` beside the issue or above it, the nearest of each name.
 * False, after a message, when one cannot be read. What is wrong in a layout is told when it is
 * used. `issue_path` may be NULL for the working directory. */
bool cli_load_layouts(cli *c, news_ctx *ctx, const char *issue_path);

#endif
