/* The outline of an issue: every node once, numbered, with the field where it is shown.
 *
 * Many fields lead to nodes that stand elsewhere in the tree: `links`, `items`, `parent`. Others
 * lead to nodes found nowhere else: a section's `heading`, the issue's `meta`. The outline settles
 * once where each node is shown in full; elsewhere its number or its place will do.
 */
#ifndef NEWS_CLI_OUTLINE_H
#define NEWS_CLI_OUTLINE_H

#include <stdio.h>

#include "cli.h"

typedef struct {
    const news_node *node;
    const news_node *owner; /* the node among whose fields it is shown; NULL for the root */
    const char *field;
} outline_entry;

typedef struct {
    outline_entry *entries; /* by number: the tree of children, then what else fields lead to */
    size_t count, capacity;
    size_t *slots; /* hash table of numbers + 1 */
    size_t slot_count;
} outline;

/* Numbers every node that can be reached from the root; false when memory is short. */
bool outline_build(outline *o, const news_node *root);
void outline_free(outline *o);

/* The number of a node. */
size_t outline_number(const outline *o, const news_node *node);
/* Whether a node is shown in full at this field of this node. */
bool outline_shown_at(const outline *o, const news_node *node, const news_node *owner,
                      const char *field);

/* Field `index` of a node other than its place, kind and parent; NULL past the last. */
const char *outline_field(const news_node *node, size_t *index, news_value *value);

/* A date as ISO 8601; returns its length. */
enum { OUTLINE_DATE_SIZE = 64 };
size_t outline_date(const news_date *date, char text[OUTLINE_DATE_SIZE]);

/* Writes an issue with its findings as JSON (json.c). */
void outline_write_json(const cli *c, FILE *file, const news_issue *issue, const outline *o);

#endif
