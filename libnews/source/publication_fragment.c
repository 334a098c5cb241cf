/* Stands in for fragments until they are parsed: one paragraph of the text as it is. */
#include "source/source.h"

__attribute__((weak)) news_status news_source_fragment(news_publication *publication,
                                                       news_node *holder, news_str path,
                                                       news_str bytes, uint32_t first_line,
                                                       const news_source_options *options,
                                                       news_error *error)
{
    news_issue *data = publication->data;
    (void)path;
    (void)options;
    news_node *paragraph = news_node_new(data, NEWS_KIND_PARAGRAPH, first_line, 1);
    news_node *text = news_node_new(data, NEWS_KIND_TEXT, first_line, 1);
    if (paragraph == NULL || text == NULL ||
        !news_arena_copy(&data->arena, news_str_trim(bytes), &text->a))
        return news_error_nomem(error);
    holder->first_child = paragraph;
    paragraph->parent = holder;
    paragraph->first_child = text;
    text->parent = paragraph;
    return NEWS_OK;
}
