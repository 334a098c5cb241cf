/* Renders an issue in a format, as part of a program that has set its locale and time zone from the
 * environment, as most do: the library must heed neither. The locale's decimal point goes to
 * standard error, so that a test can tell that it was there. */
#include "../../examples/embed/read.h"

#include <locale.h>
#include <time.h>

static int to_stdout(void *ud, const char *bytes, size_t len)
{
    return fwrite(bytes, 1, len, ud) == len ? 0 : 1;
}

int main(int argc, char **argv)
{
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    news_error error = NEWS_ERROR_INIT;
    if (argc != 3)
        return fprintf(stderr, "usage: in_locale ISSUE.md FORMAT\n"), 2;
    tzset();
    if (setlocale(LC_ALL, "") == NULL)
        return fprintf(stderr, "in_locale: there is no such locale\n"), 2;
    (void)fputs(localeconv()->decimal_point, stderr);
    if (news_ctx_new(&ctx, NULL, &error) || read_issue(ctx, &issue, argv[1], &error) ||
        news_render(ctx, issue, argv[2], NULL, to_stdout, stdout, &error))
        fprintf(stderr, "%s:%u:%u: %s\n", error.source, error.line, error.column, error.message);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    return error.status != NEWS_OK;
}
