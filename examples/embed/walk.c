/* Walks the model of an issue and prints a table of its links: where, to what, and in which
 * section. A mailer could check them, a CMS could index them. */
#include <news/news.h>

#include "read.h"

/* A field that is text; empty when it is absent or not there at all. */
static news_str text_of(const news_node *node, const char *field)
{
    news_value value;
    if (node == NULL || !news_node_get(node, field, &value) || value.type != NEWS_VALUE_STRING)
        return (news_str){"", 0};
    return value.as.string;
}

static const news_node *section_of(const news_node *node)
{
    while (node != NULL && news_node_kind(node) != NEWS_KIND_SECTION)
        node = news_node_parent(node);
    return node;
}

static void print_links(const news_issue *issue)
{
    news_value links;
    if (!news_node_get(news_issue_root(issue), "links", &links) || links.type != NEWS_VALUE_NODES)
        return;
    for (const news_node *link; (link = news_nodes_next(&links.as.nodes)) != NULL;) {
        news_str target = text_of(link, "target"), url = text_of(link, "url");
        news_str section = text_of(section_of(link), "title");
        (void)printf("%4u:%-4u %-8.*s  %.*s  (%.*s)\n", (unsigned)news_node_line(link),
                     (unsigned)news_node_column(link), (int)target.len, target.ptr, (int)url.len,
                     url.ptr, (int)section.len, section.ptr);
    }
}

static void print_findings(const news_issue *issue)
{
    for (size_t i = 0; i < news_issue_finding_count(issue); i++) {
        news_finding finding = NEWS_FINDING_INIT;
        if (news_issue_finding(issue, i, &finding) == NEWS_OK)
            (void)fprintf(stderr, "%s:%u:%u: %.*s\n", finding.source.ptr, finding.line,
                          finding.column, (int)finding.message.len, finding.message.ptr);
    }
}

int main(int argc, char **argv)
{
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    if (argc != 2) {
        (void)fprintf(stderr, "usage: walk ISSUE.md\n");
        return 2;
    }
    if (news_ctx_new(&ctx, NULL, &error) == NEWS_OK &&
        read_issue(ctx, &issue, argv[1], &error) == NEWS_OK) {
        print_findings(issue);
        print_links(issue);
    } else {
        (void)fprintf(stderr, "%s:%u:%u: %s\n", error.source, error.line, error.column,
                      error.message);
    }
    news_issue_unref(issue);
    news_ctx_free(ctx);
    return error.status == NEWS_OK ? 0 : 1;
}
