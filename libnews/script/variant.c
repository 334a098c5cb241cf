/* Variants: renderers for those nodes of a kind that most formats write differently, so that both
 * they and the others can be one-line templates. */
#include "script/host.h"

static bool holds_strike(lua_State *L, const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL;
         node = news_node_next_below(top, node)) {
        news_charge(L, 1);
        if (node->kind == NEWS_KIND_STRIKE)
            return true;
    }
    return false;
}

/* Emphasis aside, but not strikethrough: what is struck must not read as if it stood. */
static bool is_link_paragraph(lua_State *L, const news_node *node)
{
    do {
        node = node->first_child;
        if (node == NULL || node->next != NULL)
            return false;
    } while (node->kind == NEWS_KIND_EMPH || node->kind == NEWS_KIND_STRONG);
    return (node->kind == NEWS_KIND_LINK && !holds_strike(L, node)) ||
           node->kind == NEWS_KIND_IMAGE;
}

static bool is_tight_paragraph(lua_State *L, const news_node *node)
{
    (void)L;
    return (node->flags & NEWS_NODE_TIGHT) != 0;
}

static bool is_section_heading(lua_State *L, const news_node *node)
{
    (void)L;
    return news_is_section_heading(node);
}

static bool is_attributed_quote(lua_State *L, const news_node *node)
{
    (void)L;
    return node->extra != NULL;
}

static bool is_nested_list(lua_State *L, const news_node *node)
{
    (void)L;
    return node->parent->kind == NEWS_KIND_LIST_ITEM || node->parent->kind == NEWS_KIND_ITEM;
}

static bool is_ordered_list(lua_State *L, const news_node *node)
{
    (void)L;
    return (node->flags & NEWS_NODE_ORDERED) != 0;
}

static bool is_task_item(lua_State *L, const news_node *node)
{
    (void)L;
    return (node->flags & NEWS_NODE_TASK) != 0;
}

/* One paragraph and nothing more. */
static bool is_one_paragraph(const news_node *entry)
{
    const news_node *paragraph = entry->first_child;
    return (entry->flags & NEWS_NODE_TASK) == 0 && paragraph != NULL && paragraph->next == NULL &&
           paragraph->kind == NEWS_KIND_PARAGRAPH;
}

static bool is_plain_item(lua_State *L, const news_node *node)
{
    return is_one_paragraph(node) && !is_link_paragraph(L, node->first_child);
}

static bool is_link_item(lua_State *L, const news_node *node)
{
    return is_one_paragraph(node) && is_link_paragraph(L, node->first_child);
}

/* A title and nothing more, in no ordered list. */
static bool is_bare_item(lua_State *L, const news_node *node)
{
    (void)L;
    const news_item *item = node->extra;
    return item->body.first == NULL && item->source.len == 0 &&
           (node->parent->flags & NEWS_NODE_ORDERED) == 0;
}

static bool is_ordered_item(lua_State *L, const news_node *node)
{
    return node->parent->kind == NEWS_KIND_LIST && is_ordered_list(L, node->parent);
}

static bool is_listed_item(lua_State *L, const news_node *node)
{
    (void)L;
    return node->parent->kind == NEWS_KIND_LIST;
}

static bool is_header_cell(lua_State *L, const news_node *node)
{
    (void)L;
    return (node->flags & NEWS_NODE_HEADER) != 0 && node->first_child != NULL;
}

static bool is_blank_header(lua_State *L, const news_node *node)
{
    (void)L;
    return (node->flags & NEWS_NODE_HEADER) != 0 && node->first_child == NULL;
}

static bool is_autolink(lua_State *L, const news_node *node)
{
    news_charge(L, node->b.len >> 8);
    return news_text_is_address(node);
}

/* Without a word that could be read, such as an image that has no description. */
static bool is_blank_link(lua_State *L, const news_node *node)
{
    (void)L;
    return news_str_trim(node->b).len == 0;
}

/* Those of a kind stand together, the most particular first. */
static const struct {
    uint8_t renderer, kind;
    uint8_t number; /* if not 0, that of the node: a heading's level */
    bool (*is)(lua_State *L, const news_node *node);
} variants[] = {
    {NEWS_RENDERER_LINK_PARAGRAPH, NEWS_KIND_PARAGRAPH, 0, is_link_paragraph},
    {NEWS_RENDERER_TIGHT_PARAGRAPH, NEWS_KIND_PARAGRAPH, 0, is_tight_paragraph},
    {NEWS_RENDERER_HEADING_2, NEWS_KIND_HEADING, 2, is_section_heading},
    {NEWS_RENDERER_HEADING_3, NEWS_KIND_HEADING, 3, is_section_heading},
    {NEWS_RENDERER_HEADING_4, NEWS_KIND_HEADING, 4, is_section_heading},
    {NEWS_RENDERER_HEADING_5, NEWS_KIND_HEADING, 5, is_section_heading},
    {NEWS_RENDERER_HEADING_6, NEWS_KIND_HEADING, 6, is_section_heading},
    {NEWS_RENDERER_ATTRIBUTED_QUOTE, NEWS_KIND_BLOCK_QUOTE, 0, is_attributed_quote},
    {NEWS_RENDERER_NESTED_LIST, NEWS_KIND_LIST, 0, is_nested_list},
    {NEWS_RENDERER_ORDERED_LIST, NEWS_KIND_LIST, 0, is_ordered_list},
    {NEWS_RENDERER_TASK_ITEM, NEWS_KIND_LIST_ITEM, 0, is_task_item},
    {NEWS_RENDERER_PLAIN_ITEM, NEWS_KIND_LIST_ITEM, 0, is_plain_item},
    {NEWS_RENDERER_LINK_ITEM, NEWS_KIND_LIST_ITEM, 0, is_link_item},
    {NEWS_RENDERER_BARE_ITEM, NEWS_KIND_ITEM, 0, is_bare_item},
    {NEWS_RENDERER_ORDERED_ITEM, NEWS_KIND_ITEM, 0, is_ordered_item},
    {NEWS_RENDERER_LISTED_ITEM, NEWS_KIND_ITEM, 0, is_listed_item},
    {NEWS_RENDERER_HEADER_CELL, NEWS_KIND_TABLE_CELL, 0, is_header_cell},
    {NEWS_RENDERER_BLANK_HEADER, NEWS_KIND_TABLE_CELL, 0, is_blank_header},
    {NEWS_RENDERER_AUTOLINK, NEWS_KIND_LINK, 0, is_autolink},
    {NEWS_RENDERER_BLANK_LINK, NEWS_KIND_LINK, 0, is_blank_link},
};

_Static_assert(NEWS_ARRAY_LENGTH(variants) < NEWS_NO_VARIANTS, "a place in the table is one byte");

static bool is_variant(lua_State *L, size_t i, const news_node *node)
{
    return (variants[i].number == 0 || variants[i].number == node->number) &&
           variants[i].is(L, node);
}

void news_find_variants(news_render_state *render)
{
    memset(render->variants, NEWS_NO_VARIANTS, sizeof render->variants);
    for (size_t i = NEWS_ARRAY_LENGTH(variants); i-- > 0;)
        if (render->resolved[variants[i].renderer].renderer != NULL)
            render->variants[variants[i].kind] = (uint8_t)i;
}

size_t news_variant_of(lua_State *L, const news_render_state *render, const news_node *node)
{
    size_t best = node->kind;
    uint32_t chain = render->resolved[best].chain;
    size_t i = render->variants[node->kind];
    for (; i < NEWS_ARRAY_LENGTH(variants) && variants[i].kind == node->kind; i++) {
        const news_resolved *resolved = &render->resolved[variants[i].renderer];
        if (resolved->renderer == NULL)
            continue;
        /* What is found first is more particular than what comes behind it. */
        bool is_nearer = best == node->kind ? resolved->chain <= chain : resolved->chain < chain;
        if (is_nearer && is_variant(L, i, node)) {
            best = variants[i].renderer;
            chain = resolved->chain;
        }
    }
    return best;
}

/* The place in the chain, at or behind `from`, of a format that has this renderer; the chain's
 * length when none has. */
static size_t place_of(const news_render_state *render, size_t renderer, size_t from)
{
    while (from < render->chain_len &&
           render->chain[from]->renderers[renderer].type == NEWS_RENDERER_ABSENT)
        from++;
    return from;
}

size_t news_renderer_from(lua_State *L, const news_render_state *render, const news_node *node,
                          size_t from, size_t *place)
{
    size_t best = node->kind;
    *place = place_of(render, best, from);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(variants); i++) {
        if (variants[i].kind != node->kind)
            continue;
        size_t at = place_of(render, variants[i].renderer, from);
        bool is_nearer = best == node->kind ? at <= *place : at < *place;
        if (at < render->chain_len && is_nearer && is_variant(L, i, node)) {
            best = variants[i].renderer;
            *place = at;
        }
    }
    return best;
}

news_kind news_renderer_kind(size_t renderer)
{
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(variants); i++)
        if (variants[i].renderer == renderer)
            return (news_kind)variants[i].kind;
    return renderer == NEWS_RENDERER_LINKS ? NEWS_KIND_NONE : (news_kind)renderer;
}
