/* Numbering nodes, and the few facts about fields that both shapes of `news inspect` need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outline.h"

/* ---- The table of nodes ---- */

/* The slot of a node, or the free one where it belongs; the table is at most half full. */
static size_t *find_slot(const outline *o, const news_node *node)
{
    size_t i = ((uintptr_t)node >> 4) * (size_t)2654435761u;
    for (;; i++) {
        size_t *slot = &o->slots[i & (o->slot_count - 1)];
        if (*slot == 0 || o->entries[*slot - 1].node == node)
            return slot;
    }
}

static bool grow(outline *o)
{
    size_t capacity = o->capacity == 0 ? 256 : o->capacity * 2;
    outline_entry *entries = realloc(o->entries, capacity * sizeof *entries);
    if (entries == NULL)
        return false;
    o->entries = entries;
    o->capacity = capacity;
    free(o->slots);
    o->slot_count = capacity * 2;
    o->slots = calloc(o->slot_count, sizeof *o->slots);
    if (o->slots == NULL)
        return false;
    for (size_t i = 0; i < o->count; i++)
        *find_slot(o, entries[i].node) = i + 1;
    return true;
}

/* Adds a node and the tree of its children, except what is there already. */
static bool add_tree(outline *o, const news_node *node, const news_node *owner, const char *field)
{
    if (o->count == o->capacity && !grow(o))
        return false;
    size_t *slot = find_slot(o, node);
    if (*slot != 0)
        return true;
    o->entries[o->count++] = (outline_entry){node, owner, field};
    *slot = o->count;
    /* As deep as the library's limit of nesting allows, which is 64. */
    for (const news_node *child = news_node_first_child(node); child != NULL;
         child = news_node_next(child))
        if (!add_tree(o, child, node, "children"))
            return false;
    return true;
}

/* Whether a field gathers what stands elsewhere: in the text, in a note or in the masthead. */
static bool is_index(const char *field)
{
    static const char *const indexes[] = {"items", "links", "images", "credits", "refs"};
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        if (strcmp(field, indexes[i]) == 0)
            return true;
    return false;
}

/* Adds the nodes that those fields of `node` lead to that are indexes, or that are not. */
static bool add_fields(outline *o, const news_node *node, bool indexes)
{
    news_value value;
    const char *field;
    for (size_t i = 0; (field = outline_field(node, &i, &value)) != NULL;) {
        if (is_index(field) != indexes)
            continue;
        if (value.type == NEWS_VALUE_NODE && !add_tree(o, value.as.node, node, field))
            return false;
        if (value.type != NEWS_VALUE_NODES)
            continue;
        news_nodes nodes = value.as.nodes;
        for (const news_node *one; (one = news_nodes_next(&nodes)) != NULL;)
            if (!add_tree(o, one, node, field))
                return false;
    }
    return true;
}

bool outline_build(outline *o, const news_node *root)
{
    *o = (outline){0};
    if (!add_tree(o, root, NULL, ""))
        return false;
    /* A link in a note is to be shown in the note, so indexes come last. */
    size_t direct = 0, indexed = 0;
    while (direct < o->count || indexed < o->count) {
        bool indexes = direct == o->count;
        size_t *at = indexes ? &indexed : &direct;
        if (!add_fields(o, o->entries[*at].node, indexes))
            return false;
        ++*at;
    }
    return true;
}

void outline_free(outline *o)
{
    free(o->entries);
    free(o->slots);
    *o = (outline){0};
}

size_t outline_number(const outline *o, const news_node *node)
{
    return *find_slot(o, node) - 1;
}

bool outline_shown_at(const outline *o, const news_node *node, const news_node *owner,
                      const char *field)
{
    const outline_entry *entry = &o->entries[outline_number(o, node)];
    return entry->owner == owner && strcmp(entry->field, field) == 0;
}

/* ---- Fields ---- */

const char *outline_field(const news_node *node, size_t *index, news_value *value)
{
    static const char *const left_out[] = {"kind", "line", "column", "parent"};
    for (;;) {
        const char *field = news_kind_field(news_node_kind(node), (*index)++);
        if (field == NULL)
            return NULL;
        bool shown = true;
        for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
            shown = shown && strcmp(field, left_out[i]) != 0;
        if (shown && news_node_get(node, field, value))
            return field;
    }
}

size_t outline_date(const news_date *date, char text[OUTLINE_DATE_SIZE])
{
    int len = snprintf(text, OUTLINE_DATE_SIZE, "%04d-%02d-%02d", (int)date->year, (int)date->month,
                       (int)date->day);
    if (date->has_time) {
        int offset = (int)date->offset, distance = offset < 0 ? -offset : offset;
        len += snprintf(text + len, OUTLINE_DATE_SIZE - (size_t)len, "T%02d:%02d:%02d",
                        (int)date->hour, (int)date->min, (int)date->sec);
        len += offset == 0 ? snprintf(text + len, OUTLINE_DATE_SIZE - (size_t)len, "Z")
                           : snprintf(text + len, OUTLINE_DATE_SIZE - (size_t)len, "%c%02d:%02d",
                                      offset < 0 ? '-' : '+', distance / 60, distance % 60);
    }
    return (size_t)len;
}
