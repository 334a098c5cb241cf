/* The shortest useful program: the issue named by the argument, as plain text. */
#include "read.h"

static int to_stdout(void *ud, const char *bytes, size_t len)
{
    return fwrite(bytes, 1, len, ud) == len ? 0 : 1;
}

int main(int argc, char **argv)
{
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    news_error error = NEWS_ERROR_INIT;
    if (argc != 2)
        return fprintf(stderr, "usage: hello ISSUE.md\n"), 2;
    if (news_ctx_new(&ctx, NULL, &error) || read_issue(ctx, &issue, argv[1], &error) ||
        news_render(ctx, issue, "text", NULL, to_stdout, stdout, &error))
        fprintf(stderr, "%s:%u:%u: %s\n", error.source, error.line, error.column, error.message);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    return error.status != NEWS_OK;
}
