/* Variants: renderers for those nodes of a kind that most formats write differently, so that both
 * they and the others can be one-line templates. */
#include "script/host.h"

static bool is_tight_paragraph(const news_node *node)
{
    return (node->flags & NEWS_NODE_TIGHT) != 0;
}

static bool is_ordered_list(const news_node *node)
{
    return (node->flags & NEWS_NODE_ORDERED) != 0;
}

static bool is_task_item(const news_node *node)
{
    return (node->flags & NEWS_NODE_TASK) != 0;
}

/* A title and nothing more, in no ordered list. */
static bool is_bare_item(const news_node *node)
{
    const news_item *item = node->extra;
    return item->body.first == NULL && item->source.len == 0 &&
           (node->parent->flags & NEWS_NODE_ORDERED) == 0;
}

static bool is_listed_item(const news_node *node)
{
    return node->parent->kind == NEWS_KIND_LIST;
}

static const struct {
    uint8_t renderer, kind;
    bool (*is)(const news_node *node);
} variants[] = {
    {NEWS_RENDERER_TIGHT_PARAGRAPH, NEWS_KIND_PARAGRAPH, is_tight_paragraph},
    {NEWS_RENDERER_ORDERED_LIST, NEWS_KIND_LIST, is_ordered_list},
    {NEWS_RENDERER_TASK_ITEM, NEWS_KIND_LIST_ITEM, is_task_item},
    {NEWS_RENDERER_BARE_ITEM, NEWS_KIND_ITEM, is_bare_item},
    {NEWS_RENDERER_LISTED_ITEM, NEWS_KIND_ITEM, is_listed_item},
};

size_t news_variant_of(const news_node *node, unsigned order)
{
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(variants); i++)
        if (variants[i].kind == node->kind && variants[i].is(node) && order-- == 0)
            return variants[i].renderer;
    return node->kind;
}

news_kind news_renderer_kind(size_t renderer)
{
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(variants); i++)
        if (variants[i].renderer == renderer)
            return (news_kind)variants[i].kind;
    return renderer == NEWS_RENDERER_LINKS ? NEWS_KIND_NONE : (news_kind)renderer;
}
