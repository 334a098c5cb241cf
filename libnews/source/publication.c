/* news.yaml. */
#include "source/parse.h"

news_status news_source_publication(news_publication **publication, news_str path, news_str yaml,
                                    const news_source_options *options, news_error *error)
{
    (void)path;
    (void)yaml;
    (void)options;
    *publication = NULL;
    return news_error_set(error, NEWS_ERR_INTERNAL, path, 0, 0, "not yet");
}
