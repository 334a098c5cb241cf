/* Messages: where, how bad, what, and the line itself with a caret under the column. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { GUTTER = 8, TAB = 8 }; /* "  123 | " */

cli_screen cli_screen_for(FILE *file)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool colour = isatty(fileno(file)) && (no_color == NULL || *no_color == '\0') && term != NULL &&
                  *term != '\0' && strcmp(term, "dumb") != 0;
    return (cli_screen){file, colour, cli_terminal_columns(fileno(file), 100)};
}

static const char *style(const cli_screen *screen, const char *sequence)
{
    return screen->colour ? sequence : "";
}

static const char *severity_style(const cli_screen *screen, const char *severity)
{
    switch (*severity) {
    case 'e': return style(screen, "\033[1;31m");
    case 'w': return style(screen, "\033[1;35m");
    default: return style(screen, "\033[1;36m");
    }
}

/* ---- The line ---- */

/* The length of the line that `s` begins with, without its end: LF, CR LF or CR. */
static size_t line_length(news_str s)
{
    size_t len = 0;
    while (len < s.len && s.ptr[len] != '\n' && s.ptr[len] != '\r')
        len++;
    return len;
}

/* Line `number` of a file, without its end; false when the file is shorter. The first line's
 * byte-order mark is no part of it. */
static bool line_at(const cli_source *source, uint32_t number, news_str *line)
{
    news_str rest = {source->bytes, source->len};
    if (rest.len >= 3 && memcmp(rest.ptr, "\xEF\xBB\xBF", 3) == 0)
        rest = (news_str){rest.ptr + 3, rest.len - 3};
    for (;; number--) {
        size_t len = line_length(rest);
        *line = (news_str){rest.ptr, len};
        if (number <= 1 || len == rest.len)
            return number <= 1;
        len += rest.len - len > 1 && rest.ptr[len] == '\r' && rest.ptr[len + 1] == '\n' ? 2 : 1;
        rest = (news_str){rest.ptr + len, rest.len - len};
    }
}

/* The columns of a character that begins at column `at` of the screen. */
static size_t columns_at(cli_char character, size_t at)
{
    return character.code_point == '\t' ? TAB - at % TAB : character.columns;
}

/* The screen's column, from 0, of the character number `column` of a line. */
static size_t screen_column(news_str line, uint32_t column)
{
    size_t at = 0;
    for (; column > 1 && line.len != 0; column--) {
        cli_char next = cli_char_at(line);
        at += columns_at(next, at);
        line = (news_str){line.ptr + next.len, line.len - next.len};
    }
    return at;
}

/* Writes what of a line stands from screen column `from` up to `to`. */
static void put_window(FILE *file, news_str line, size_t from, size_t to)
{
    size_t at = 0;
    while (line.len != 0 && at < to) {
        cli_char next = cli_char_at(line);
        size_t columns = columns_at(next, at);
        if (next.code_point == '\t')
            for (size_t i = at; i < at + columns && i < to; i++)
                cli_put_spaces(file, i >= from);
        else if (at >= from && at + columns <= to)
            cli_put_text(file, (news_str){line.ptr, next.len});
        else
            cli_put_spaces(file, at < from && at + columns > from); /* half of a wide one */
        at += columns;
        line = (news_str){line.ptr + next.len, line.len - next.len};
    }
}

/* Shows a line, or so much of a long one around the column as fits the terminal. */
static void put_line(const cli_screen *screen, const cli_source *source, uint32_t number,
                     uint32_t column)
{
    news_str line;
    if (!line_at(source, number, &line) || line.len == 0)
        return;
    size_t caret = screen_column(line, column), room = screen->columns - GUTTER - 2;
    size_t whole = screen_column(line, UINT32_MAX);
    size_t from = caret > room - room / 4 ? caret - room / 2 : 0;
    bool cut = whole > from + room;
    (void)fprintf(screen->file, "%5lu | %s", (unsigned long)number, from > 0 ? "…" : "");
    put_window(screen->file, line, from, from + room);
    (void)fprintf(screen->file, "%s\n", cut ? "…" : "");
    if (column == 0)
        return;
    (void)fputs("      | ", screen->file);
    cli_put_spaces(screen->file, caret - from + (from > 0));
    (void)fprintf(screen->file, "%s^%s\n", style(screen, "\033[1;32m"), style(screen, "\033[0m"));
}

/* ---- Messages ---- */

/* Whether a name of the library's, who keeps only the tail of a long one, is this one. */
static bool is_name(const char *given, const char *whole)
{
    static const char ellipsis[] = "…";
    if (strcmp(given, whole) == 0)
        return true;
    if (strncmp(given, ellipsis, sizeof ellipsis - 1) != 0)
        return false;
    size_t len = strlen(whole), tail = strlen(given) - (sizeof ellipsis - 1);
    return len > tail && strcmp(whole + (len - tail), given + (sizeof ellipsis - 1)) == 0;
}

/* The file that goes by a name of the library's, else the one that messages call so. */
static const cli_source *find_source(const cli *c, const char *name)
{
    for (const cli_source *source = c->sources; source != NULL; source = source->next)
        if (is_name(name, source->name))
            return source;
    for (const cli_source *source = c->sources; source != NULL; source = source->next)
        if (strcmp(source->shown, name) == 0)
            return source;
    return NULL;
}

void cli_show(const cli *c, const cli_screen *screen, const cli_message *message)
{
    FILE *file = screen->file;
    const cli_source *source = find_source(c, message->file);
    const char *plain = style(screen, "\033[0m");
    (void)fputs(style(screen, "\033[1m"), file);
    cli_put_text(file, (news_str){message->file, strlen(message->file)});
    if (message->line != 0)
        (void)fprintf(file, ":%lu", (unsigned long)message->line);
    if (message->line != 0 && message->column != 0)
        (void)fprintf(file, ":%lu", (unsigned long)message->column);
    (void)fprintf(file, ":%s %s%s:%s ", plain, severity_style(screen, message->severity),
                  message->severity, plain);
    cli_put_text(file, message->message);
    if (message->code != NULL)
        (void)fprintf(file, " [%s]", message->code);
    (void)putc('\n', file);
    if (source != NULL && message->line != 0)
        put_line(screen, source, message->line, message->column);
    if (message->help != NULL)
        (void)fprintf(file, "      = help: %s\n", message->help);
}

void cli_diagnose(const cli *c, cli_message message)
{
    const cli_source *source = find_source(c, message.file);
    if (source != NULL)
        message.file = source->shown;
    if (c->listener != NULL) {
        c->listener(c->listener_data, &message);
        return;
    }
    cli_show(c, &c->errors, &message);
    (void)fflush(c->errors.file);
}

cli_message cli_message_of(const cli *c, const news_finding *finding)
{
    const cli_source *source = find_source(c, finding->source.ptr);
    return (cli_message){.severity = finding->severity == NEWS_ERROR ? "error" : "warning",
                         .file = source != NULL ? source->shown : finding->source.ptr,
                         .line = finding->line,
                         .column = finding->column,
                         .message = finding->message,
                         .code = finding->code,
                         .help = finding->help};
}

int cli_fail(const cli *c, const char *name, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cli_diagnose(
        c, (cli_message){.severity = "error", .file = name, .message = {message, strlen(message)}});
    return CLI_FAILED;
}

/* Counts the nodes that begin at a place, and gives the kind of the last. */
static void find_place(const news_node *node, uint32_t line, uint32_t column, size_t *count,
                       news_kind *kind)
{
    /* As deep as the library's limit of nesting allows, which is 64. */
    for (; node != NULL; node = news_node_next(node)) {
        if (news_node_line(node) == line && news_node_column(node) == column) {
            ++*count;
            *kind = news_node_kind(node);
        }
        find_place(news_node_first_child(node), line, column, count, kind);
    }
}

/* Says what a format was rendering; several nodes may begin at one place. */
static void report_node(const cli *c, const news_error *error, const news_issue *issue)
{
    char message[80] = "while rendering what begins here";
    size_t count = 0;
    news_kind kind = NEWS_KIND_NONE;
    if (issue != NULL && is_name(error->node_source, news_issue_name(issue).ptr))
        find_place(news_issue_root(issue), error->node_line, error->node_column, &count, &kind);
    if (count == 1) {
        (void)snprintf(message, sizeof message, "while rendering this %s", news_kind_name(kind));
        for (char *p = strchr(message, '_'); p != NULL; p = strchr(p, '_'))
            *p = ' ';
    }
    cli_diagnose(c, (cli_message){.severity = "note",
                                  .file = error->node_source,
                                  .line = error->node_line,
                                  .column = error->node_column,
                                  .message = {message, strlen(message)}});
}

int cli_report(const cli *c, const news_error *error, const news_issue *issue)
{
    const char *message =
        error->message[0] != '\0' ? error->message : news_status_name(error->status);
    cli_diagnose(c, (cli_message){.severity = "error",
                                  .file = error->source[0] != '\0' ? error->source : "news",
                                  .line = error->line,
                                  .column = error->column,
                                  .message = {message, strlen(message)}});
    if (error->node_line != 0)
        report_node(c, error, issue);
    return CLI_FAILED;
}

/* All errors are worth a word; of warnings so many that a person reads them. */
bool cli_report_findings(const cli *c, const news_issue *issue)
{
    enum { MOST_SHOWN = 100 };
    news_str name = news_issue_name(issue);
    size_t shown = 0, errors = 0, left_out = 0;
    for (size_t i = 0; i < news_issue_finding_count(issue); i++) {
        news_finding finding = NEWS_FINDING_INIT;
        if (news_issue_finding(issue, i, &finding) != NEWS_OK)
            continue;
        bool is_error = finding.severity == NEWS_ERROR;
        errors += is_error;
        if (shown >= MOST_SHOWN && (!is_error || errors > MOST_SHOWN)) {
            left_out++;
            continue;
        }
        cli_diagnose(c, cli_message_of(c, &finding));
        shown++;
    }
    if (left_out != 0)
        (void)fprintf(stderr, "%s: and %zu more messages\n", name.ptr, left_out);
    return errors == 0;
}
