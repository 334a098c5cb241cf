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

static void begin_line(cli_source *source, uint32_t number, size_t begin)
{
    source->last_line = number;
    source->last_begin = begin;
    source->last_len = line_length((news_str){source->bytes + begin, source->len - begin});
    source->last_column = 0;
}

/* Line `number` of a file, without its end; false when the file is shorter. The first line's
 * byte-order mark is no part of it. Messages come in the order of lines, so the search goes on from
 * the last one. */
static bool line_at(cli_source *source, uint32_t number, news_str *line)
{
    if (source->last_line == 0 || source->last_line > number) {
        size_t mark = source->len >= 3 && memcmp(source->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        begin_line(source, 1, mark);
    }
    while (source->last_line < number) {
        size_t end = source->last_begin + source->last_len;
        if (end == source->len)
            return false;
        bool both =
            source->bytes[end] == '\r' && end + 1 < source->len && source->bytes[end + 1] == '\n';
        begin_line(source, source->last_line + 1, end + (both ? 2 : 1));
    }
    *line = (news_str){source->bytes + source->last_begin, source->last_len};
    return true;
}

/* The byte, from 0, where the character number `column` of the line last sought begins. */
static size_t byte_at(cli_source *source, news_str line, uint32_t column)
{
    if (source->last_column == 0 || source->last_column > column) {
        source->last_column = 1;
        source->last_byte = 0;
    }
    for (; source->last_column < column && source->last_byte < line.len; source->last_column++)
        source->last_byte +=
            cli_char_at((news_str){line.ptr + source->last_byte, line.len - source->last_byte}).len;
    return source->last_byte;
}

/* The columns of a character that begins at column `at` of the screen. */
static size_t columns_at(cli_char character, size_t at)
{
    return character.code_point == '\t' ? TAB - at % TAB : character.columns;
}

/* How many columns of the screen a text takes that begins at the first; counting stops past `most`.
 */
static size_t columns_of(news_str text, size_t most)
{
    size_t at = 0;
    while (text.len != 0 && at <= most) {
        cli_char next = cli_char_at(text);
        at += columns_at(next, at);
        text = (news_str){text.ptr + next.len, text.len - next.len};
    }
    return at;
}

/* Writes so much of a text as fits so many columns, tabs as spaces. */
static void put_columns(FILE *file, news_str text, size_t room)
{
    for (size_t at = 0; text.len != 0 && at < room;) {
        cli_char next = cli_char_at(text);
        size_t columns = columns_at(next, at);
        if (next.code_point == '\t')
            cli_put_spaces(file, columns < room - at ? columns : room - at);
        else if (at + columns <= room)
            cli_put_text(file, (news_str){text.ptr, next.len});
        else
            cli_put_spaces(file, 1); /* half of a wide one */
        at += columns;
        text = (news_str){text.ptr + next.len, text.len - next.len};
    }
}

/* Where the piece of a long line begins that is shown: so far before `byte` that what stands there
 * is about in the middle. */
static size_t begin_of_piece(news_str line, size_t byte, size_t room)
{
    size_t begin = byte, columns = 0;
    while (begin > 0 && columns < room / 2) {
        begin--;
        while (begin > 0 && ((unsigned char)line.ptr[begin] & 0xC0) == 0x80)
            begin--;
        cli_char character = cli_char_at((news_str){line.ptr + begin, line.len - begin});
        columns += columns_at(character, 0);
    }
    return begin;
}

/* Shows a line, or so much of a long one around the column as fits the terminal. */
static void put_line(const cli_screen *screen, cli_source *source, uint32_t number, uint32_t column)
{
    news_str line;
    if (!line_at(source, number, &line) || line.len == 0)
        return;
    size_t byte = byte_at(source, line, column), room = screen->columns - GUTTER - 2, begin = 0;
    if (columns_of((news_str){line.ptr, byte}, room) > room - room / 4)
        begin = begin_of_piece(line, byte, room);
    news_str piece = {line.ptr + begin, line.len - begin};
    bool cut = columns_of(piece, room) > room;
    (void)fprintf(screen->file, "%5lu | %s", (unsigned long)number, begin > 0 ? "…" : "");
    put_columns(screen->file, piece, room);
    (void)fprintf(screen->file, "%s\n", cut ? "…" : "");
    if (column == 0)
        return;
    (void)fputs("      | ", screen->file);
    cli_put_spaces(screen->file,
                   columns_of((news_str){piece.ptr, byte - begin}, room) + (begin > 0));
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
static cli_source *find_source(const cli *c, const char *name)
{
    for (cli_source *source = c->sources; source != NULL; source = source->next)
        if (is_name(name, source->name))
            return source;
    for (cli_source *source = c->sources; source != NULL; source = source->next)
        if (strcmp(source->shown, name) == 0)
            return source;
    return NULL;
}

void cli_show(const cli *c, const cli_screen *screen, const cli_message *message)
{
    FILE *file = screen->file;
    cli_source *source = find_source(c, message->file);
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
