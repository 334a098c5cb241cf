/* Checking an issue. */
#include "model/model.h"

news_status news_check(news_ctx *ctx, const news_issue *issue, news_diagnostic_fn found, void *ud,
                       news_error *error)
{
    (void)ctx;
    (void)error;
    for (size_t i = 0; i < issue->finding_count; i++)
        if (found(ud, &issue->findings[i]) != 0)
            return NEWS_ERR_CANCELLED;
    return NEWS_OK;
}
