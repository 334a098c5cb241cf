/* What publication.c, publication_keys.c and publication_values.c share. */
#ifndef NEWS_SOURCE_PUBLICATION_KEYS_H
#define NEWS_SOURCE_PUBLICATION_KEYS_H

#include "source/source.h"

/* Gives the values of a mapping away: to the publication's fields, or to its meta. `masthead` and
 * `footer` are then the values of these keys, not yet what they stand for. False when memory is
 * short. */
bool news_publication_assign(news_publication *publication, news_node *mapping);

/* Reads a value into `field`, one of the publication's. False when memory is short. */
typedef bool news_publication_reader(news_publication *publication, void *field, news_node *value);

news_publication_reader news_publication_read_line, news_publication_read_url,
    news_publication_read_gemini, news_publication_read_issue_path, news_publication_read_lang,
    news_publication_read_dir, news_publication_read_toc, news_publication_read_html;

/* Reports that the value of a key, or a part of it, is not what is expected. */
bool news_publication_refuse(news_publication *publication, news_str key, const news_node *at,
                             const char *expected);
/* The same where a single text is expected. */
bool news_publication_refuse_non_text(news_publication *publication, const news_node *value);

#endif
