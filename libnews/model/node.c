/* Nodes: making them, walking them, and small questions about their place. */
#include "model/model.h"
#include "text/text.h"

static const char *const kind_names[] = {
    [NEWS_KIND_NONE] = NULL,
    [NEWS_KIND_PUBLICATION] = "publication",
    [NEWS_KIND_ISSUE] = "issue",
    [NEWS_KIND_SECTION] = "section",
    [NEWS_KIND_ITEM] = "item",
    [NEWS_KIND_PARAGRAPH] = "paragraph",
    [NEWS_KIND_HEADING] = "heading",
    [NEWS_KIND_BLOCK_QUOTE] = "block_quote",
    [NEWS_KIND_LIST] = "list",
    [NEWS_KIND_LIST_ITEM] = "list_item",
    [NEWS_KIND_CODE_BLOCK] = "code_block",
    [NEWS_KIND_THEMATIC_BREAK] = "thematic_break",
    [NEWS_KIND_TABLE] = "table",
    [NEWS_KIND_TABLE_ROW] = "table_row",
    [NEWS_KIND_TABLE_CELL] = "table_cell",
    [NEWS_KIND_HTML_BLOCK] = "html_block",
    [NEWS_KIND_FIGURE] = "figure",
    [NEWS_KIND_ATTRIBUTION] = "attribution",
    [NEWS_KIND_DIRECTIVE] = "directive",
    [NEWS_KIND_TOC] = "toc",
    [NEWS_KIND_NOTE] = "note",
    [NEWS_KIND_TEXT] = "text",
    [NEWS_KIND_EMPH] = "emph",
    [NEWS_KIND_STRONG] = "strong",
    [NEWS_KIND_STRIKE] = "strike",
    [NEWS_KIND_CODE] = "code",
    [NEWS_KIND_LINK] = "link",
    [NEWS_KIND_IMAGE] = "image",
    [NEWS_KIND_SOFTBREAK] = "softbreak",
    [NEWS_KIND_LINEBREAK] = "linebreak",
    [NEWS_KIND_HTML_INLINE] = "html_inline",
    [NEWS_KIND_NOTE_REF] = "note_ref",
    [NEWS_KIND_FIELD] = "field",
    [NEWS_KIND_MAPPING] = "mapping",
    [NEWS_KIND_SEQUENCE] = "sequence",
    [NEWS_KIND_SCALAR] = "scalar",
};

news_node *news_node_new(news_issue *issue, news_kind kind, uint32_t line, uint32_t column)
{
    news_node *node = news_arena_alloc(&issue->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    *node = (news_node){.kind = (uint8_t)kind, .line = line, .column = column};
    issue->node_count++;
    return node;
}

const char *news_kind_name(news_kind kind)
{
    return (unsigned)kind < NEWS_ARRAY_LENGTH(kind_names) ? kind_names[kind] : NULL;
}

news_kind news_kind_from_name(news_str name)
{
    for (unsigned kind = 1; kind < NEWS_ARRAY_LENGTH(kind_names); kind++)
        if (news_str_equal(name, news_str_from(kind_names[kind])))
            return (news_kind)kind;
    return NEWS_KIND_NONE;
}

news_kind news_node_kind(const news_node *node)
{
    return node != NULL ? (news_kind)node->kind : NEWS_KIND_NONE;
}

uint32_t news_node_line(const news_node *node)
{
    return node != NULL ? node->line : 0;
}

uint32_t news_node_column(const news_node *node)
{
    return node != NULL ? node->column : 0;
}

const news_node *news_node_parent(const news_node *node)
{
    return node != NULL ? node->parent : NULL;
}

const news_node *news_node_first_child(const news_node *node)
{
    return node != NULL ? node->first_child : NULL;
}

const news_node *news_node_next(const news_node *node)
{
    return node != NULL ? node->next : NULL;
}

const news_node *news_nodes_next(news_nodes *nodes)
{
    const news_node *node;
    if (nodes->array != NULL) {
        if (nodes->count == 0)
            return NULL;
        nodes->count--;
        return *nodes->array++;
    }
    node = nodes->first;
    if (node == NULL || node == nodes->end)
        return NULL;
    nodes->first = node->next;
    return node;
}

size_t news_nodes_count(const news_nodes *nodes)
{
    if (nodes->array != NULL)
        return nodes->count;
    size_t count = 0;
    for (const news_node *node = nodes->first; node != NULL && node != nodes->end;
         node = node->next)
        count++;
    return count;
}

news_str news_issue_name(const news_issue *issue)
{
    return issue != NULL ? issue->name : NEWS_STR_NONE;
}

const news_node *news_issue_root(const news_issue *issue)
{
    return issue != NULL ? issue->root : NULL;
}

size_t news_issue_finding_count(const news_issue *issue)
{
    return issue != NULL ? issue->finding_count : 0;
}

const news_node *news_mapping_get(const news_node *mapping, news_str key)
{
    if (mapping == NULL || mapping->kind != NEWS_KIND_MAPPING)
        return NULL;
    for (const news_node *entry = mapping->first_child; entry != NULL; entry = entry->next)
        if (news_str_equal(entry->a, key))
            return entry;
    return NULL;
}

news_str news_node_id(const news_node *node)
{
    if (node->kind == NEWS_KIND_SECTION || node->kind == NEWS_KIND_HEADING)
        return node->a;
    if (node->kind != NEWS_KIND_DIRECTIVE)
        return NEWS_STR_NONE;
    const news_node *id =
        news_mapping_get(((const news_directive *)node->extra)->attrs, NEWS_STR("id"));
    return id != NULL ? id->b : NEWS_STR_NONE;
}

static uint32_t text_edge(news_str text, bool last)
{
    uint32_t c;
    if (text.len == 0)
        return 0;
    if (last)
        (void)news_utf8_before(text, text.len, &c);
    else
        (void)news_utf8_decode(text, 0, &c);
    return c;
}

uint32_t news_node_edge(const news_node *node, bool last)
{
    while (node != NULL) {
        switch (node->kind) {
        case NEWS_KIND_TEXT:
        case NEWS_KIND_CODE: return text_edge(node->a, last);
        case NEWS_KIND_SOFTBREAK:
        case NEWS_KIND_LINEBREAK: return ' ';
        case NEWS_KIND_IMAGE:
        case NEWS_KIND_NOTE_REF:
        case NEWS_KIND_FIELD: return 0xFFFC;
        default: break;
        }
        node = node->first_child;
        while (last && node != NULL && node->next != NULL)
            node = node->next;
    }
    return 0;
}

static bool is_blank(const news_node *node)
{
    if (node->kind == NEWS_KIND_SOFTBREAK || node->kind == NEWS_KIND_HTML_INLINE)
        return true;
    return node->kind == NEWS_KIND_TEXT && news_str_trim(node->a).len == 0;
}

bool news_is_section_heading(const news_node *node)
{
    return node->kind == NEWS_KIND_HEADING && node->parent->kind == NEWS_KIND_SECTION &&
           ((const news_section *)node->parent->extra)->heading == node;
}

bool news_link_alone(const news_node *link, size_t *looked_at)
{
    const news_node *node = link;
    for (const news_node *parent = node->parent; parent != NULL; parent = node->parent) {
        for (const news_node *child = parent->first_child; child != NULL; child = child->next) {
            ++*looked_at;
            if (child != node && !is_blank(child))
                return false;
        }
        switch (parent->kind) {
        case NEWS_KIND_EMPH:
        case NEWS_KIND_STRONG:
        case NEWS_KIND_STRIKE: node = parent; break;
        case NEWS_KIND_PARAGRAPH:
            /* In a list the item as a whole counts: a link with a second paragraph is not alone. */
            if (parent->parent != NULL && (parent->parent->kind == NEWS_KIND_LIST_ITEM ||
                                           parent->parent->kind == NEWS_KIND_ITEM)) {
                node = parent;
                break;
            }
            return true;
        case NEWS_KIND_TABLE_CELL:
        case NEWS_KIND_LIST_ITEM:
        case NEWS_KIND_ITEM: return true;
        default: return false;
        }
    }
    return false;
}
