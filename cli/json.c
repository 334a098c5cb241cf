/* Messages, and the outline of an issue, as JSON (RFC 8259): valid UTF-8 whatever the names of
 * files hold. */
#include <string.h>

#include "cli.h"
#include "outline.h"

void cli_put_json(FILE *file, news_str s)
{
    (void)putc('"', file);
    while (s.len != 0) {
        cli_char next = cli_char_at(s);
        if (next.bad)
            (void)fputs("\xEF\xBF\xBD", file);
        else if (next.code_point == '"' || next.code_point == '\\')
            (void)fprintf(file, "\\%c", (int)next.code_point);
        else if (next.code_point == '\n')
            (void)fputs("\\n", file);
        else if (next.code_point == '\t')
            (void)fputs("\\t", file);
        else if (next.control)
            (void)fprintf(file, "\\u%04x", (unsigned)next.code_point);
        else
            (void)fwrite(s.ptr, 1, next.len, file);
        s = (news_str){s.ptr + next.len, s.len - next.len};
    }
    (void)putc('"', file);
}

static void put_text(FILE *file, const char *text)
{
    cli_put_json(file, (news_str){text, strlen(text)});
}

static void put_member(FILE *file, const char *name, const char *text)
{
    (void)fprintf(file, "\"%s\": ", name);
    if (text != NULL)
        put_text(file, text);
    else
        (void)fputs("null", file);
}

static void put_number(FILE *file, const char *name, uint32_t number)
{
    if (number != 0)
        (void)fprintf(file, ", \"%s\": %lu", name, (unsigned long)number);
    else
        (void)fprintf(file, ", \"%s\": null", name);
}

void cli_put_json_message(FILE *file, const cli_message *message)
{
    (void)putc('{', file);
    put_member(file, "file", message->file);
    put_number(file, "line", message->line);
    put_number(file, "column", message->column);
    (void)fputs(", ", file);
    put_member(file, "severity", message->severity);
    (void)fputs(", ", file);
    put_member(file, "code", message->code);
    (void)fputs(", \"message\": ", file);
    cli_put_json(file, message->message);
    (void)fputs(", ", file);
    put_member(file, "help", message->help);
    (void)putc('}', file);
}

/* ---- The outline ---- */

static void put_line(FILE *file, size_t indent)
{
    (void)putc('\n', file);
    cli_put_spaces(file, indent * 2);
}

static void put_node(FILE *file, const outline *o, const news_node *node, size_t indent);

/* A node in full where the outline shows it, else its number. True when it was in full. */
static bool put_reference(FILE *file, const outline *o, const news_node *node,
                          const news_node *owner, const char *field, size_t indent)
{
    if (!outline_shown_at(o, node, owner, field)) {
        (void)fprintf(file, "%zu", outline_number(o, node));
        return false;
    }
    put_line(file, indent);
    put_node(file, o, node, indent);
    return true;
}

static void put_nodes(FILE *file, const outline *o, news_nodes nodes, const news_node *owner,
                      const char *field, size_t indent)
{
    bool first = true, in_full = false;
    (void)putc('[', file);
    for (const news_node *one; (one = news_nodes_next(&nodes)) != NULL; first = false) {
        if (!first)
            (void)fputs(in_full ? "," : ", ", file);
        in_full = put_reference(file, o, one, owner, field, indent + 1);
    }
    if (in_full)
        put_line(file, indent);
    (void)putc(']', file);
}

static void put_value(FILE *file, const outline *o, const news_value *value, const news_node *owner,
                      const char *field, size_t indent)
{
    char date[OUTLINE_DATE_SIZE];
    switch (value->type) {
    case NEWS_VALUE_NUMBER: /* no field has one */
    case NEWS_VALUE_NONE: (void)fputs("null", file); break;
    case NEWS_VALUE_BOOLEAN: (void)fputs(value->as.boolean ? "true" : "false", file); break;
    case NEWS_VALUE_INTEGER: (void)fprintf(file, "%lld", (long long)value->as.integer); break;
    case NEWS_VALUE_STRING: cli_put_json(file, value->as.string); break;
    case NEWS_VALUE_DATE:
        cli_put_json(file, (news_str){date, outline_date(&value->as.date, date)});
        break;
    case NEWS_VALUE_NODE:
        (void)put_reference(file, o, value->as.node, owner, field, indent + 1);
        break;
    case NEWS_VALUE_NODES: put_nodes(file, o, value->as.nodes, owner, field, indent); break;
    }
}

static void put_node(FILE *file, const outline *o, const news_node *node, size_t indent)
{
    news_value value;
    const char *field;
    (void)fprintf(file, "{\"node\": %zu, \"kind\": ", outline_number(o, node));
    put_text(file, news_kind_name(news_node_kind(node)));
    if (news_node_line(node) != 0)
        (void)fprintf(file, ", \"line\": %lu, \"column\": %lu", (unsigned long)news_node_line(node),
                      (unsigned long)news_node_column(node));
    for (size_t i = 0; (field = outline_field(node, &i, &value)) != NULL;) {
        if (value.type == NEWS_VALUE_NONE)
            continue;
        (void)fputs(", ", file);
        put_text(file, field);
        (void)fputs(": ", file);
        put_value(file, o, &value, node, field, indent);
    }
    (void)putc('}', file);
}

void outline_write_json(const cli *c, FILE *file, const news_issue *issue, const outline *o)
{
    size_t count = news_issue_finding_count(issue);
    (void)fputs("{\"name\": ", file);
    cli_put_json(file, news_issue_name(issue));
    (void)fputs(",\n\"findings\": [", file);
    for (size_t i = 0; i < count; i++) {
        news_finding finding = NEWS_FINDING_INIT;
        if (news_issue_finding(issue, i, &finding) != NEWS_OK)
            continue;
        (void)fputs(i > 0 ? ",\n  " : "\n  ", file);
        const cli_message message = cli_message_of(c, &finding);
        cli_put_json_message(file, &message);
    }
    (void)fputs("],\n\"issue\": ", file);
    put_node(file, o, news_issue_root(issue), 0);
    (void)fputs("}\n", file);
}
