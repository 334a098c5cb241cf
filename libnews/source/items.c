/* Items: the entries of a newsletter, found in lists and in sections of class "links". */
#include "source/parse.h"

static bool make_item(news_build *build, news_node *entry)
{
    news_item_beginning b;
    if (!news_begins_with_link(entry->first_child, &b))
        return true;
    entry->kind = NEWS_KIND_ITEM;
    return news_item_describe(build, entry, &b);
}

static bool holds_items(const news_node *list)
{
    for (const news_node *entry = list->first_child; entry != NULL; entry = entry->next)
        if (!news_reads_as_item(entry))
            return false;
    return list->first_child != NULL;
}

static bool is_list(const news_node *node)
{
    return node->kind == NEWS_KIND_LIST;
}

/* The entries of a list and of the lists in entries that are no items. */
static bool build_list(news_build *build, news_node *top, bool any_link)
{
    news_node *node = top;
    for (;;) {
        if (is_list(node)) {
            bool all = !any_link && holds_items(node);
            for (news_node *entry = node->first_child; entry != NULL; entry = entry->next) {
                bool take = all || (any_link && (entry->flags & NEWS_NODE_TASK) == 0);
                if (take && !make_item(build, entry))
                    return false;
            }
        }
        bool enter = is_list(node) || node->kind == NEWS_KIND_LIST_ITEM;
        if (enter && node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node != top && node->next == NULL)
            node = node->parent;
        if (node == top)
            return true;
        node = node->next;
    }
}

/* Whether a block stands outside the item before it: the next item, a list of items, or what comes
 * behind a thematic break. */
static bool ends_item(const news_node *block)
{
    news_item_beginning b;
    if (is_list(block))
        return block->first_child != NULL &&
               news_begins_with_link(block->first_child->first_child, &b);
    return block->kind == NEWS_KIND_THEMATIC_BREAK || news_begins_with_link(block, &b);
}

/* In a section of class "links": a paragraph that begins with a link takes in the blocks up to the
 * end of the item. */
static bool gather(news_build *build, news_node *parent, const news_node *end)
{
    news_node **link = &parent->first_child;
    while (*link != NULL && *link != end) {
        news_node *block = *link;
        news_item_beginning b;
        if (!news_begins_with_link(block, &b)) {
            if (is_list(block) && !build_list(build, block, true))
                return false;
            link = &block->next;
            continue;
        }
        news_node *item = news_build_node(build, NEWS_KIND_ITEM, news_place_of(block));
        if (item == NULL)
            return false;
        item->parent = parent;
        item->first_child = block;
        news_node *last = block;
        block->parent = item;
        while (last->next != NULL && last->next != end && !ends_item(last->next)) {
            last = last->next;
            last->parent = item;
        }
        item->next = last->next;
        last->next = NULL;
        *link = item;
        link = &item->next;
        if (!news_item_describe(build, item, &b))
            return false;
    }
    return true;
}

static bool has_class_links(const news_section *section)
{
    if (section->classes == NULL)
        return false;
    for (const news_node *class = section->classes->first_child; class != NULL; class = class->next)
        if (news_str_equal(class->b, NEWS_STR("links")))
            return true;
    return false;
}

static bool build_blocks(news_build *build, news_node *parent, const news_node *end, bool gathers)
{
    if (gathers)
        return gather(build, parent, end);
    for (news_node *block = parent->first_child; block != end && block != NULL; block = block->next)
        if (is_list(block) && !build_list(build, block, false))
            return false;
    return true;
}

/* Sections nest as deep as headings, six levels. */
static bool build_section(news_build *build, news_node *node, bool gathers)
{
    const news_section *section = node->extra;
    gathers = gathers || has_class_links(section);
    if (!build_blocks(build, node, section->first_section, gathers))
        return false;
    news_node *child = node->first_child;
    while (child != NULL && child != section->first_section)
        child = child->next;
    for (; child != NULL; child = child->next)
        if (!build_section(build, child, gathers))
            return false;
    return true;
}

bool news_items_build(news_build *build)
{
    news_issue *issue = build->issue;
    if (!build_blocks(build, issue->root, issue->first_section, false))
        return false;
    for (news_node *node = issue->root->first_child; node != NULL; node = node->next)
        if (node->kind == NEWS_KIND_SECTION && !build_section(build, node, false))
            return false;
    return true;
}
