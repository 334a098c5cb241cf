/* Editions of an issue. */
#include "source/parse.h"

const news_edition *news_edition_find(const news_edition *editions, size_t count, news_str name)
{
    for (size_t i = 0; i < count; i++)
        if (news_str_equal(editions[i].name, name))
            return &editions[i];
    return NULL;
}

news_status news_source_edition(news_issue **edition, news_issue *issue, news_str name,
                                const news_source_options *options, news_error *error)
{
    (void)options;
    (void)error;
    (void)name;
    *edition = news_issue_ref(issue);
    return NEWS_OK;
}
