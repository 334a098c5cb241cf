/* What the readers of YAML share: front matter, news.yaml and the editions in both. */
#ifndef NEWS_SOURCE_FRONT_MATTER_H
#define NEWS_SOURCE_FRONT_MATTER_H

#include "source/source.h"

/* Reads one YAML document whose root is a mapping into nodes of the issue's arena; *root is NULL
 * when it holds nothing. `first_line` is the number of yaml's first line in the file. Mistakes
 * become findings, and what was read before them stands. Empty and null values are left out, save
 * those of the names in "editions", which become empty mappings; of two equal keys the first stays.
 * Fails only for memory or a limit. */
news_status news_yaml_read(news_issue *issue, news_str yaml, uint32_t first_line, news_node **root,
                           news_error *error);

/* What libyaml's problem, with its context or NULL, means to a writer. `at_context` tells whether
 * the context's place helps more than the problem's. */
const char *news_yaml_explain(const char *problem, const char *context, bool *at_context);

/* The offset of the colon in "Key:" or "Key: value", where the key is one of letters, digits, "_",
 * "-" and, if `spaces`, single spaces; SIZE_MAX when the line is something else. */
size_t news_front_matter_colon(news_str line, bool spaces);

/* The known key that `key` is, or that it misspells by a letter; NULL for any other. */
const char *news_front_matter_meant(news_str key, bool *misspelt);

/* Adds a child behind *last, which is NULL for a parent without children. */
void news_front_matter_append(news_node *parent, news_node **last, news_node *child);

/* An arena copy with control characters replaced by U+FFFD, save tabs and newlines. */
bool news_front_matter_clean(news_issue *issue, news_str from, news_str *clean);

/* A value on one line: newlines and tabs, with the spaces around them, become one space. False when
 * memory is short. */
bool news_front_matter_fold(news_issue *issue, news_str value, news_str *line);

/* The texts of a list, of "a, b, c" if `split`, or of a single text, each on one line, as a
 * sequence; NULL when there is none. *bad is what is no text, or NULL: the value itself or one of
 * its children, whose successors are left out. False when memory is short. */
bool news_front_matter_texts(news_issue *issue, const news_node *value, bool split,
                             news_node **texts, const news_node **bad);

bool news_holds_space(news_str s);

/* Whether a text has the shape of a language tag (BCP 47). */
bool news_is_language_tag(news_str tag);

/* Gives the values of a mapping away: to the issue's fields, or to issue->meta. False when memory
 * is short. */
bool news_front_matter_assign(news_issue *issue, news_node *mapping);

#endif
