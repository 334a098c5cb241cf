/* news inspect: what was understood of an issue, as a tree for people or as JSON. */
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "outline.h"

const char cli_inspect_help[] =
    "Usage: news inspect [OPTION]... ISSUE.md\n"
    "\n"
    "Shows what was understood of an issue: one line for each node with its kind, its line\n"
    "and column, and its fields. Long texts are cut. With '-' for the file, the issue is\n"
    "read from standard input.\n"
    "\n"
    "  -j, --json          write JSON instead: the complete model\n"
    "  -e, --edition=NAME  show what the readers of this edition get; without it, all that\n"
    "                      any edition has\n"
    "  -h, --help          show this help\n"
    "\n"
    "In the tree, a node that a field leads to is shown below it with the field's name when\n"
    "it stands nowhere else ('heading: ...'), else as LINE:COLUMN; of a list of such nodes\n"
    "the number is given ('links=12').\n"
    "\n"
    "The JSON is an object with 'name', 'findings' and 'issue', which is a node. A node is\n"
    "an object with its number ('node', unique and in the order of the text), 'kind',\n"
    "'line', 'column', its fields as docs/lua.md names them, and 'children'. A node is\n"
    "written once; wherever else a field leads to it, as in 'links' and 'items', its number\n"
    "stands instead. Fields that are absent are left out, 'parent' as well; dates are text\n"
    "as in ISO 8601. Findings are objects as 'news check --json' writes them.\n"
    "\n"
    "Errors and warnings are reported on standard error. The exit status is 1 when there is\n"
    "an error in the issue, which is shown as far as it was understood.\n";

enum { INDENT = 2, LEAST_TEXT = 24, MOST_TEXT = 60 };

typedef struct {
    const outline *outline;
    unsigned columns; /* of the terminal */
} tree;

static void put_node(const tree *t, const news_node *node, const char *label, size_t indent);

/* A text in quotes, cut to so many columns. */
static void put_quoted(news_str s, size_t room)
{
    size_t used = 0;
    (void)putchar('"');
    while (s.len != 0) {
        cli_char next = cli_char_at(s);
        if (used + next.columns > room) {
            (void)fputs("…", stdout);
            break;
        }
        used += next.columns;
        if (next.code_point == '\n')
            (void)fputs("\\n", stdout);
        else if (next.code_point == '\t')
            (void)fputs("\\t", stdout);
        else if (next.code_point == '"' || next.code_point == '\\')
            (void)printf("\\%c", (int)next.code_point);
        else
            cli_put_text(stdout, (news_str){s.ptr, next.len});
        s = (news_str){s.ptr + next.len, s.len - next.len};
    }
    (void)putchar('"');
}

static void put_place(const news_node *node)
{
    (void)printf("%lu:%lu", (unsigned long)news_node_line(node),
                 (unsigned long)news_node_column(node));
}

/* Whether the outline shows any of these nodes at this field. */
static bool shows_any(const tree *t, news_nodes nodes, const news_node *owner, const char *field)
{
    for (const news_node *one; (one = news_nodes_next(&nodes)) != NULL;)
        if (outline_shown_at(t->outline, one, owner, field))
            return true;
    return false;
}

/* Writes ` field=value` for what fits on the node's own line. */
static void put_field(const tree *t, const news_node *node, const char *field,
                      const news_value *value, size_t room)
{
    char date[OUTLINE_DATE_SIZE];
    switch (value->type) {
    case NEWS_VALUE_NUMBER: /* no field has one */
    case NEWS_VALUE_NONE: break;
    case NEWS_VALUE_BOOLEAN:
        (void)printf(" %s=%s", field, value->as.boolean ? "true" : "false");
        break;
    case NEWS_VALUE_INTEGER: (void)printf(" %s=%lld", field, (long long)value->as.integer); break;
    case NEWS_VALUE_STRING:
        (void)printf(" %s=", field);
        put_quoted(value->as.string, room);
        break;
    case NEWS_VALUE_DATE:
        (void)outline_date(&value->as.date, date);
        (void)printf(" %s=%s", field, date);
        break;
    case NEWS_VALUE_NODE:
        if (outline_shown_at(t->outline, value->as.node, node, field))
            break;
        (void)printf(" %s=", field);
        put_place(value->as.node);
        break;
    case NEWS_VALUE_NODES:
        if (news_nodes_count(&value->as.nodes) != 0 && !shows_any(t, value->as.nodes, node, field))
            (void)printf(" %s=%zu", field, news_nodes_count(&value->as.nodes));
        break;
    }
}

/* Writes the nodes that a field leads to and that are shown there. */
static void put_nodes(const tree *t, const news_node *node, const char *field,
                      const news_value *value, size_t indent)
{
    const char *label = strcmp(field, "children") == 0 ? NULL : field;
    if (value->type == NEWS_VALUE_NODE && outline_shown_at(t->outline, value->as.node, node, field))
        put_node(t, value->as.node, label, indent);
    if (value->type != NEWS_VALUE_NODES || !shows_any(t, value->as.nodes, node, field))
        return;
    news_nodes nodes = value->as.nodes;
    for (const news_node *one; (one = news_nodes_next(&nodes)) != NULL;)
        if (outline_shown_at(t->outline, one, node, field))
            put_node(t, one, label, indent);
        else {
            cli_put_spaces(stdout, indent * INDENT);
            (void)printf("%s%s%s ", label != NULL ? label : "", label != NULL ? ": " : "",
                         news_kind_name(news_node_kind(one)));
            put_place(one);
            (void)puts(" (shown above)");
        }
}

static void put_node(const tree *t, const news_node *node, const char *label, size_t indent)
{
    news_value value;
    const char *field;
    size_t room = t->columns / 2 > indent * INDENT ? t->columns / 2 - indent * INDENT : 0;
    room = room < LEAST_TEXT ? LEAST_TEXT : room > MOST_TEXT ? MOST_TEXT : room;
    cli_put_spaces(stdout, indent * INDENT);
    if (label != NULL)
        (void)printf("%s: ", label);
    (void)fputs(news_kind_name(news_node_kind(node)), stdout);
    if (news_node_line(node) != 0) {
        (void)putchar(' ');
        put_place(node);
    }
    for (size_t i = 0; (field = outline_field(node, &i, &value)) != NULL;)
        if (strcmp(field, "children") != 0)
            put_field(t, node, field, &value, room);
    (void)putchar('\n');
    for (size_t i = 0; (field = outline_field(node, &i, &value)) != NULL;)
        put_nodes(t, node, field, &value, indent + 1);
}

static int show(cli *c, const news_issue *issue, const char *path, bool json)
{
    outline o = {0};
    int status = cli_report_findings(c, issue) ? CLI_OK : CLI_FAILED;
    tree t = {&o, cli_terminal_columns(STDOUT_FILENO, 100)};
    if (!outline_build(&o, news_issue_root(issue)))
        status = cli_fail(c, path, "out of memory");
    else if (json)
        outline_write_json(c, stdout, issue, &o);
    else
        put_node(&t, news_issue_root(issue), NULL, 0);
    outline_free(&o);
    return status;
}

static int inspect(cli *c, news_ctx *ctx, const char *path, const char *edition, bool json)
{
    news_issue *chosen = NULL, *issue = cli_parse(c, ctx, path);
    int status = issue != NULL ? CLI_OK : CLI_FAILED;
    if (issue != NULL && edition != NULL)
        status = cli_edition(c, ctx, &chosen, issue, edition, NULL);
    if (status == CLI_OK)
        status = show(c, chosen != NULL ? chosen : issue, path, json);
    news_issue_unref(chosen);
    news_issue_unref(issue);
    return status;
}

int cli_inspect(cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"edition", required_argument, NULL, 'e'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *edition = NULL;
    bool json = false;
    int status = CLI_OK, letter;
    while ((letter = cli_option(c, argc, argv, ":je:h", options, &status)) >= 0) {
        json = json || letter == 'j';
        edition = letter == 'e' ? optarg : edition;
    }
    if (letter == CLI_STOP)
        return status;
    if (optind == argc)
        return cli_usage(c, "which issue? No file is given");
    if (optind + 1 != argc)
        return cli_usage(c, "one issue at a time: '%s' is one file too many", argv[optind + 1]);
    news_ctx *ctx = cli_context(c);
    status = ctx != NULL ? inspect(c, ctx, argv[optind], edition, json) : CLI_FAILED;
    news_ctx_free(ctx);
    return status;
}
