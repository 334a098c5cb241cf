/* The table of fields: which kind has which, in a fixed order, and how each is read. The C API, Lua
 * proxies, one-line templates and `news inspect` all read the model through news_node_field(). */
#include "model/model.h"
#include "text/text.h"

static const char *const field_names[] = {
#define NEWS_FIELD(id, name) [NEWS_FIELD_##id] = name,
#include "model/fields.def"
#undef NEWS_FIELD
};

#define BIT(id) ((uint64_t)1 << NEWS_FIELD_##id)
_Static_assert(NEWS_FIELD_COUNT <= 64, "a set of fields is one word");

#define EVERY_NODE (BIT(KIND) | BIT(LINE) | BIT(COLUMN) | BIT(CHILDREN) | BIT(PARENT))

static const uint64_t kind_fields[NEWS_KIND_COUNT] = {
    [NEWS_KIND_ISSUE] = EVERY_NODE | BIT(TITLE) | BIT(SUBJECT) | BIT(PREHEADER) | BIT(NUMBER) |
                        BIT(DATE) | BIT(UPDATED) | BIT(SLUG) | BIT(URL) | BIT(LANG) | BIT(DIR) |
                        BIT(SUMMARY) | BIT(AUTHORS) | BIT(TAGS) | BIT(IMAGE) | BIT(INTRO) |
                        BIT(SECTIONS) | BIT(ITEMS) | BIT(LINKS) | BIT(IMAGES) | BIT(WORDS) |
                        BIT(READING_MINUTES) | BIT(META),
    [NEWS_KIND_SECTION] = EVERY_NODE | BIT(ID) | BIT(TITLE) | BIT(HEADING) | BIT(LEVEL) |
                          BIT(CLASS) | BIT(CLASSES) | BIT(ATTRS) | BIT(BLOCKS) | BIT(SECTIONS) |
                          BIT(ITEMS) | BIT(LINKS),
    [NEWS_KIND_ITEM] = EVERY_NODE | BIT(TITLE) | BIT(URL) | BIT(HOST) | BIT(ICON) | BIT(SOURCE) |
                       BIT(LINK) | BIT(HEADING) | BIT(BODY) | BIT(CONTINUES),
    [NEWS_KIND_PARAGRAPH] = EVERY_NODE | BIT(TIGHT),
    [NEWS_KIND_HEADING] = EVERY_NODE | BIT(LEVEL) | BIT(ID) | BIT(TEXT),
    [NEWS_KIND_BLOCK_QUOTE] = EVERY_NODE,
    [NEWS_KIND_LIST] = EVERY_NODE | BIT(ORDERED) | BIT(START) | BIT(TIGHT),
    [NEWS_KIND_LIST_ITEM] = EVERY_NODE | BIT(CHECKED),
    [NEWS_KIND_CODE_BLOCK] = EVERY_NODE | BIT(LANG) | BIT(INFO) | BIT(LITERAL),
    [NEWS_KIND_THEMATIC_BREAK] = EVERY_NODE,
    [NEWS_KIND_TABLE] = EVERY_NODE | BIT(COLUMNS) | BIT(HEADER) | BIT(ROWS),
    [NEWS_KIND_TABLE_ROW] = EVERY_NODE | BIT(IS_HEADER),
    [NEWS_KIND_TABLE_CELL] = EVERY_NODE | BIT(IS_HEADER) | BIT(ALIGN),
    [NEWS_KIND_HTML_BLOCK] = EVERY_NODE | BIT(LITERAL),
    [NEWS_KIND_TEXT] = EVERY_NODE | BIT(LITERAL),
    [NEWS_KIND_EMPH] = EVERY_NODE,
    [NEWS_KIND_STRONG] = EVERY_NODE,
    [NEWS_KIND_STRIKE] = EVERY_NODE,
    [NEWS_KIND_CODE] = EVERY_NODE | BIT(LITERAL),
    [NEWS_KIND_LINK] = EVERY_NODE | BIT(URL) | BIT(TEXT) | BIT(TITLE) | BIT(TARGET) | BIT(HOST),
    [NEWS_KIND_IMAGE] = EVERY_NODE | BIT(SRC) | BIT(ALT) | BIT(TITLE) | BIT(WIDTH) | BIT(HEIGHT),
    [NEWS_KIND_SOFTBREAK] = EVERY_NODE,
    [NEWS_KIND_LINEBREAK] = EVERY_NODE,
    [NEWS_KIND_HTML_INLINE] = EVERY_NODE | BIT(LITERAL),
    [NEWS_KIND_MAPPING] = EVERY_NODE | BIT(KEY),
    [NEWS_KIND_SEQUENCE] = EVERY_NODE | BIT(KEY),
    [NEWS_KIND_SCALAR] = EVERY_NODE | BIT(KEY) | BIT(VALUE),
};

/* ---- Names ---- */

news_str news_field_name(news_field field)
{
    return (unsigned)field < NEWS_FIELD_COUNT ? news_str_from(field_names[field]) : NEWS_STR_NONE;
}

news_field news_field_from_name(news_str name)
{
    for (unsigned field = 0; field < NEWS_FIELD_COUNT; field++)
        if (news_str_equal(name, news_str_from(field_names[field])))
            return (news_field)field;
    return NEWS_FIELD_COUNT;
}

bool news_kind_has_field(news_kind kind, news_field field)
{
    return (unsigned)kind < NEWS_KIND_COUNT && (unsigned)field < NEWS_FIELD_COUNT &&
           (kind_fields[kind] >> field & 1) != 0;
}

news_field news_kind_field_at(news_kind kind, size_t index)
{
    for (unsigned field = 0; field < NEWS_FIELD_COUNT; field++)
        if (news_kind_has_field(kind, (news_field)field) && index-- == 0)
            return (news_field)field;
    return NEWS_FIELD_COUNT;
}

static news_str name_at(void *ud, size_t i)
{
    const news_kind *kind = ud;
    return news_kind_has_field(*kind, (news_field)i) ? news_str_from(field_names[i])
                                                     : NEWS_STR_NONE;
}

news_field news_kind_nearest_field(news_kind kind, news_str name)
{
    ptrdiff_t nearest = news_nearest(name, NEWS_FIELD_COUNT, name_at, &kind);
    return nearest < 0 ? NEWS_FIELD_COUNT : (news_field)nearest;
}

/* ---- Values ---- */

static news_value none(void)
{
    return (news_value){.type = NEWS_VALUE_NONE};
}

static news_value boolean(bool b)
{
    return (news_value){.type = NEWS_VALUE_BOOLEAN, .as.boolean = b};
}

static news_value integer(int64_t i)
{
    return (news_value){.type = NEWS_VALUE_INTEGER, .as.integer = i};
}

static news_value string(news_str s)
{
    return (news_value){.type = NEWS_VALUE_STRING, .as.string = s};
}

/* An absent string is the empty one. */
static news_value optional(news_str s)
{
    return s.len != 0 ? string(s) : none();
}

static news_value positive(int64_t i)
{
    return i > 0 ? integer(i) : none();
}

static news_value node_or_none(const news_node *node)
{
    return node != NULL ? (news_value){.type = NEWS_VALUE_NODE, .as.node = node} : none();
}

static news_value list_of(news_nodes nodes)
{
    return (news_value){.type = NEWS_VALUE_NODES, .as.nodes = nodes};
}

static news_value siblings(const news_node *first, const news_node *end)
{
    return list_of((news_nodes){.first = first, .end = end});
}

static news_value issue_field(const news_issue *issue, news_field field)
{
    enum { WORDS_PER_MINUTE = 230 };
    switch (field) {
    case NEWS_FIELD_TITLE: return optional(issue->title);
    case NEWS_FIELD_SUBJECT: return optional(issue->subject);
    case NEWS_FIELD_PREHEADER: return optional(issue->preheader);
    case NEWS_FIELD_NUMBER: return optional(issue->number);
    case NEWS_FIELD_DATE:
        return issue->has_date ? (news_value){.type = NEWS_VALUE_DATE, .as.date = issue->date}
                               : none();
    case NEWS_FIELD_UPDATED:
        return issue->has_updated ? (news_value){.type = NEWS_VALUE_DATE, .as.date = issue->updated}
                                  : none();
    case NEWS_FIELD_SLUG: return optional(issue->slug);
    case NEWS_FIELD_URL: return optional(issue->url);
    case NEWS_FIELD_LANG: return optional(issue->lang);
    case NEWS_FIELD_DIR: return optional(issue->dir);
    case NEWS_FIELD_SUMMARY: return optional(issue->summary);
    case NEWS_FIELD_AUTHORS: return node_or_none(issue->authors);
    case NEWS_FIELD_TAGS: return node_or_none(issue->tags);
    case NEWS_FIELD_IMAGE: return optional(issue->image);
    case NEWS_FIELD_INTRO: return siblings(issue->root->first_child, issue->first_section);
    case NEWS_FIELD_SECTIONS: return siblings(issue->first_section, NULL);
    case NEWS_FIELD_ITEMS: return list_of(issue->items);
    case NEWS_FIELD_LINKS: return list_of(issue->links);
    case NEWS_FIELD_IMAGES: return list_of(issue->images);
    case NEWS_FIELD_WORDS: return integer((int64_t)issue->words);
    case NEWS_FIELD_READING_MINUTES:
        return integer((int64_t)((issue->words + WORDS_PER_MINUTE - 1) / WORDS_PER_MINUTE));
    case NEWS_FIELD_META: return node_or_none(issue->meta);
    default: return none();
    }
}

static news_value section_field(const news_node *node, news_field field)
{
    const news_section *section = node->extra;
    switch (field) {
    case NEWS_FIELD_ID: return string(node->a);
    case NEWS_FIELD_TITLE: return string(node->b);
    case NEWS_FIELD_LEVEL: return integer(node->number);
    case NEWS_FIELD_HEADING: return node_or_none(section->heading);
    case NEWS_FIELD_CLASS:
        return section->classes != NULL ? optional(section->classes->first_child->b) : none();
    case NEWS_FIELD_CLASSES: return node_or_none(section->classes);
    case NEWS_FIELD_ATTRS: return node_or_none(section->attrs);
    case NEWS_FIELD_BLOCKS: return siblings(node->first_child, section->first_section);
    case NEWS_FIELD_SECTIONS: return siblings(section->first_section, NULL);
    case NEWS_FIELD_ITEMS: return list_of(section->items);
    case NEWS_FIELD_LINKS: return list_of(section->links);
    default: return none();
    }
}

static news_value item_field(const news_node *node, news_field field)
{
    const news_item *item = node->extra;
    switch (field) {
    case NEWS_FIELD_TITLE: return string(item->title);
    case NEWS_FIELD_URL: return string(item->link->a);
    case NEWS_FIELD_HOST: return optional(news_uri_host(item->link->a));
    case NEWS_FIELD_ICON: return optional(item->icon);
    case NEWS_FIELD_SOURCE: return optional(item->source);
    case NEWS_FIELD_LINK: return node_or_none(item->link);
    case NEWS_FIELD_HEADING: return list_of(item->heading);
    case NEWS_FIELD_BODY: return list_of(item->body);
    case NEWS_FIELD_CONTINUES: return boolean((node->flags & NEWS_NODE_CONTINUES) != 0);
    default: return none();
    }
}

static news_str target_name(int32_t link_kind)
{
    switch (link_kind) {
    case NEWS_LINK_MAIL: return NEWS_STR("mail");
    case NEWS_LINK_ISSUE: return NEWS_STR("issue");
    case NEWS_LINK_SECTION: return NEWS_STR("section");
    default: return NEWS_STR("external");
    }
}

static news_value link_field(const news_node *node, news_field field)
{
    const news_str *title = node->extra;
    switch (field) {
    case NEWS_FIELD_URL: return string(node->a);
    case NEWS_FIELD_TEXT: return string(node->b);
    case NEWS_FIELD_TITLE: return title != NULL ? optional(*title) : none();
    case NEWS_FIELD_TARGET: return string(target_name(node->number));
    case NEWS_FIELD_HOST: return optional(news_uri_host(node->a));
    default: return none();
    }
}

static news_value image_field(const news_node *node, news_field field)
{
    const news_image *image = node->extra;
    switch (field) {
    case NEWS_FIELD_SRC: return string(node->a);
    case NEWS_FIELD_ALT: return string(node->b);
    case NEWS_FIELD_TITLE: return image != NULL ? optional(image->title) : none();
    case NEWS_FIELD_WIDTH: return image != NULL ? positive(image->width) : none();
    case NEWS_FIELD_HEIGHT: return image != NULL ? positive(image->height) : none();
    default: return none();
    }
}

static news_value code_block_field(const news_node *node, news_field field)
{
    size_t length = 0;
    switch (field) {
    case NEWS_FIELD_LITERAL: return string(node->a);
    case NEWS_FIELD_INFO: return optional(node->b);
    case NEWS_FIELD_LANG: /* the info string's first word */
        while (length < node->b.len && !news_is_space(node->b.ptr[length]))
            length++;
        return optional(news_str_of(node->b.ptr, length));
    default: return none();
    }
}

static news_value list_field(const news_node *node, news_field field)
{
    bool ordered = (node->flags & NEWS_NODE_ORDERED) != 0;
    switch (field) {
    case NEWS_FIELD_ORDERED: return boolean(ordered);
    case NEWS_FIELD_START: return ordered ? integer(node->number) : none();
    case NEWS_FIELD_TIGHT: return boolean((node->flags & NEWS_NODE_TIGHT) != 0);
    default: return none();
    }
}

static news_value table_field(const news_node *node, news_field field)
{
    const news_node *header = node->first_child;
    switch (field) {
    case NEWS_FIELD_COLUMNS: return integer(node->number);
    case NEWS_FIELD_HEADER: return node_or_none(header);
    case NEWS_FIELD_ROWS: return siblings(header != NULL ? header->next : NULL, NULL);
    default: return none();
    }
}

static news_value align_of(int32_t align)
{
    switch (align) {
    case NEWS_ALIGN_LEFT: return string(NEWS_STR("left"));
    case NEWS_ALIGN_CENTER: return string(NEWS_STR("center"));
    case NEWS_ALIGN_RIGHT: return string(NEWS_STR("right"));
    default: return none();
    }
}

/* The few fields of the remaining kinds. */
static news_value simple_field(const news_node *node, news_field field)
{
    switch (field) {
    case NEWS_FIELD_TIGHT: return boolean((node->flags & NEWS_NODE_TIGHT) != 0);
    case NEWS_FIELD_IS_HEADER: return boolean((node->flags & NEWS_NODE_HEADER) != 0);
    case NEWS_FIELD_ALIGN: return align_of(node->number);
    case NEWS_FIELD_LITERAL: return string(node->a);
    case NEWS_FIELD_KEY: return optional(node->a);
    case NEWS_FIELD_VALUE: return string(node->b);
    case NEWS_FIELD_CHECKED:
        return (node->flags & NEWS_NODE_TASK) != 0 ? boolean((node->flags & NEWS_NODE_CHECKED) != 0)
                                                   : none();
    case NEWS_FIELD_LEVEL: return integer(node->number);
    case NEWS_FIELD_ID: return optional(node->a);
    case NEWS_FIELD_TEXT: return string(node->b);
    default: return none();
    }
}

news_value news_node_field(const news_node *node, news_field field)
{
    if (!news_kind_has_field((news_kind)node->kind, field))
        return none();
    switch (field) {
    case NEWS_FIELD_KIND: return string(news_str_from(news_kind_name((news_kind)node->kind)));
    case NEWS_FIELD_LINE: return positive(node->line);
    case NEWS_FIELD_COLUMN: return positive(node->column);
    case NEWS_FIELD_CHILDREN: return siblings(node->first_child, NULL);
    case NEWS_FIELD_PARENT: return node_or_none(node->parent);
    default: break;
    }
    switch (node->kind) {
    case NEWS_KIND_ISSUE: return issue_field(node->extra, field);
    case NEWS_KIND_SECTION: return section_field(node, field);
    case NEWS_KIND_ITEM: return item_field(node, field);
    case NEWS_KIND_LINK: return link_field(node, field);
    case NEWS_KIND_IMAGE: return image_field(node, field);
    case NEWS_KIND_CODE_BLOCK: return code_block_field(node, field);
    case NEWS_KIND_LIST: return list_field(node, field);
    case NEWS_KIND_TABLE: return table_field(node, field);
    default: return simple_field(node, field);
    }
}

/* ---- Public forms ---- */

bool news_node_get(const news_node *node, const char *field, news_value *value)
{
    if (value == NULL)
        return false;
    *value = none();
    if (node == NULL || field == NULL)
        return false;
    news_field id = news_field_from_name(news_str_from(field));
    if (!news_kind_has_field((news_kind)node->kind, id))
        return false;
    *value = news_node_field(node, id);
    return true;
}

const char *news_kind_field(news_kind kind, size_t index)
{
    news_field field = news_kind_field_at(kind, index);
    return field == NEWS_FIELD_COUNT ? NULL : field_names[field];
}
