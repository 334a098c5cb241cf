/* The table of fields: which kind has which, in a fixed order, and how each is read. The C API, Lua
 * proxies, one-line templates and `news inspect` all read the model through news_node_field(). */
#include "model/model.h"
#include "text/text.h"

static const char *const field_names[] = {
#define NEWS_FIELD(id, name) [NEWS_FIELD_##id] = name,
#include "model/fields.def"
#undef NEWS_FIELD
};

#define HAS(id) [NEWS_FIELD_##id] = true
#define EVERY_NODE HAS(KIND), HAS(LINE), HAS(COLUMN), HAS(CHILDREN), HAS(PARENT)

static const bool kind_fields[NEWS_KIND_COUNT][NEWS_FIELD_COUNT] = {
    [NEWS_KIND_PUBLICATION] = {EVERY_NODE, HAS(NAME), HAS(PUBLISHER), HAS(URL), HAS(GEMINI),
                               HAS(LANG), HAS(DIR), HAS(AUTHORS), HAS(THEME), HAS(EMAIL),
                               HAS(RECIPIENT), HAS(META), HAS(MASTHEAD), HAS(FOOTER)},
    [NEWS_KIND_ISSUE] =
        {EVERY_NODE,       HAS(TITLE),           HAS(SUBJECT),     HAS(PREHEADER), HAS(NUMBER),
         HAS(DATE),        HAS(UPDATED),         HAS(SLUG),        HAS(URL),       HAS(LANG),
         HAS(DIR),         HAS(SUMMARY),         HAS(AUTHORS),     HAS(TAGS),      HAS(IMAGE),
         HAS(INTRO),       HAS(SECTIONS),        HAS(ITEMS),       HAS(LINKS),     HAS(IMAGES),
         HAS(WORDS),       HAS(READING_MINUTES), HAS(META),        HAS(GEMINI),    HAS(MORE),
         HAS(UNSUBSCRIBE), HAS(EDITION),         HAS(PUBLICATION), HAS(TOC),       HAS(NOTES),
         HAS(CREDITS)},
    [NEWS_KIND_SECTION] = {EVERY_NODE, HAS(ID), HAS(TITLE), HAS(HEADING), HAS(LEVEL), HAS(CLASS),
                           HAS(CLASSES), HAS(ATTRS), HAS(BLOCKS), HAS(SECTIONS), HAS(ITEMS),
                           HAS(LINKS), HAS(SUMMARY)},
    [NEWS_KIND_ITEM] = {EVERY_NODE, HAS(TITLE), HAS(URL), HAS(HOST), HAS(ICON), HAS(SOURCE),
                        HAS(LINK), HAS(HEADING), HAS(BODY), HAS(CONTINUES)},
    [NEWS_KIND_PARAGRAPH] = {EVERY_NODE, HAS(TIGHT)},
    [NEWS_KIND_HEADING] = {EVERY_NODE, HAS(LEVEL), HAS(ID), HAS(TEXT)},
    [NEWS_KIND_BLOCK_QUOTE] = {EVERY_NODE, HAS(BODY), HAS(ATTRIBUTION)},
    [NEWS_KIND_LIST] = {EVERY_NODE, HAS(ORDERED), HAS(START), HAS(TIGHT)},
    [NEWS_KIND_LIST_ITEM] = {EVERY_NODE, HAS(CHECKED)},
    [NEWS_KIND_CODE_BLOCK] = {EVERY_NODE, HAS(LANG), HAS(INFO), HAS(LITERAL)},
    [NEWS_KIND_THEMATIC_BREAK] = {EVERY_NODE},
    [NEWS_KIND_TABLE] = {EVERY_NODE, HAS(COLUMNS), HAS(HEADER), HAS(ROWS)},
    [NEWS_KIND_TABLE_ROW] = {EVERY_NODE, HAS(IS_HEADER)},
    [NEWS_KIND_TABLE_CELL] = {EVERY_NODE, HAS(IS_HEADER), HAS(ALIGN)},
    [NEWS_KIND_HTML_BLOCK] = {EVERY_NODE, HAS(LITERAL)},
    [NEWS_KIND_FIGURE] = {EVERY_NODE, HAS(IMAGE), HAS(CAPTION), HAS(CREDIT), HAS(LINK)},
    [NEWS_KIND_ATTRIBUTION] = {EVERY_NODE},
    [NEWS_KIND_DIRECTIVE] = {EVERY_NODE, HAS(NAME), HAS(ARGS), HAS(CLASS), HAS(CLASSES),
                             HAS(ATTRS)},
    [NEWS_KIND_TOC] = {EVERY_NODE, HAS(LABEL), HAS(SECTIONS)},
    [NEWS_KIND_NOTE] = {EVERY_NODE, HAS(ID), HAS(NUMBER), HAS(REFS)},
    [NEWS_KIND_TEXT] = {EVERY_NODE, HAS(LITERAL)},
    [NEWS_KIND_EMPH] = {EVERY_NODE},
    [NEWS_KIND_STRONG] = {EVERY_NODE},
    [NEWS_KIND_STRIKE] = {EVERY_NODE},
    [NEWS_KIND_CODE] = {EVERY_NODE, HAS(LITERAL)},
    [NEWS_KIND_LINK] = {EVERY_NODE, HAS(URL), HAS(TEXT), HAS(TITLE), HAS(TARGET), HAS(HOST)},
    [NEWS_KIND_IMAGE] = {EVERY_NODE, HAS(SRC), HAS(ALT), HAS(TITLE), HAS(WIDTH), HAS(HEIGHT),
                         HAS(CREDIT), HAS(CLASS), HAS(CLASSES), HAS(ATTRS)},
    [NEWS_KIND_SOFTBREAK] = {EVERY_NODE},
    [NEWS_KIND_LINEBREAK] = {EVERY_NODE},
    [NEWS_KIND_HTML_INLINE] = {EVERY_NODE, HAS(LITERAL)},
    [NEWS_KIND_NOTE_REF] = {EVERY_NODE, HAS(ID), HAS(NUMBER), HAS(NOTE), HAS(INDEX)},
    [NEWS_KIND_FIELD] = {EVERY_NODE, HAS(NAME), HAS(DEFAULT)},
    [NEWS_KIND_MAPPING] = {EVERY_NODE, HAS(KEY)},
    [NEWS_KIND_SEQUENCE] = {EVERY_NODE, HAS(KEY)},
    [NEWS_KIND_SCALAR] = {EVERY_NODE, HAS(KEY), HAS(VALUE)},
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
           kind_fields[kind][field];
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
    case NEWS_FIELD_NOTES: return list_of(issue->notes);
    case NEWS_FIELD_CREDITS: return list_of(issue->credits);
    case NEWS_FIELD_TOC: return node_or_none(issue->toc);
    case NEWS_FIELD_GEMINI: return optional(issue->gemini);
    case NEWS_FIELD_MORE: return optional(issue->more);
    case NEWS_FIELD_UNSUBSCRIBE: return optional(issue->unsubscribe);
    case NEWS_FIELD_EDITION: return optional(issue->edition);
    case NEWS_FIELD_PUBLICATION: return node_or_none(issue->publication_node);
    case NEWS_FIELD_WORDS: return integer((int64_t)issue->words);
    case NEWS_FIELD_READING_MINUTES:
        return integer((int64_t)((issue->words + WORDS_PER_MINUTE - 1) / WORDS_PER_MINUTE));
    case NEWS_FIELD_META: return node_or_none(issue->meta);
    default: return none();
    }
}

static news_value publication_field(const news_publication_view *view, news_field field)
{
    const news_publication *publication = view->publication;
    switch (field) {
    case NEWS_FIELD_NAME: return optional(publication->name);
    case NEWS_FIELD_PUBLISHER: return optional(publication->publisher);
    case NEWS_FIELD_URL: return optional(publication->url);
    case NEWS_FIELD_GEMINI: return optional(publication->gemini);
    case NEWS_FIELD_LANG: return optional(publication->lang);
    case NEWS_FIELD_DIR: return optional(publication->dir);
    case NEWS_FIELD_AUTHORS: return node_or_none(publication->authors);
    case NEWS_FIELD_THEME: return node_or_none(publication->theme);
    case NEWS_FIELD_EMAIL: return node_or_none(publication->email);
    case NEWS_FIELD_RECIPIENT: return node_or_none(publication->recipient);
    case NEWS_FIELD_META: return node_or_none(publication->meta);
    case NEWS_FIELD_MASTHEAD: return list_of(view->masthead);
    case NEWS_FIELD_FOOTER: return list_of(view->footer);
    default: return none();
    }
}

static news_value class_of(const news_node *classes)
{
    return classes != NULL && classes->first_child != NULL ? optional(classes->first_child->b)
                                                           : none();
}

static news_value section_field(const news_node *node, news_field field)
{
    const news_section *section = node->extra;
    switch (field) {
    case NEWS_FIELD_ID: return string(node->a);
    case NEWS_FIELD_TITLE: return string(node->b);
    case NEWS_FIELD_LEVEL: return integer(node->number);
    case NEWS_FIELD_HEADING: return node_or_none(section->heading);
    case NEWS_FIELD_CLASS: return class_of(section->classes);
    case NEWS_FIELD_SUMMARY: return list_of(section->summary);
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
    const news_link *link = node->extra;
    switch (field) {
    case NEWS_FIELD_URL: return string(node->a);
    case NEWS_FIELD_TEXT: return string(node->b);
    case NEWS_FIELD_TITLE: return link != NULL ? optional(link->title) : none();
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
    case NEWS_FIELD_CREDIT: return image != NULL ? optional(image->credit) : none();
    case NEWS_FIELD_CLASS: return image != NULL ? class_of(image->classes) : none();
    case NEWS_FIELD_CLASSES: return image != NULL ? node_or_none(image->classes) : none();
    case NEWS_FIELD_ATTRS: return image != NULL ? node_or_none(image->attrs) : none();
    default: return none();
    }
}

static news_value figure_field(const news_node *node, news_field field)
{
    const news_figure *figure = node->extra;
    switch (field) {
    case NEWS_FIELD_IMAGE: return node_or_none(figure->image);
    case NEWS_FIELD_CAPTION: return image_field(figure->image, NEWS_FIELD_TITLE);
    case NEWS_FIELD_CREDIT: return image_field(figure->image, NEWS_FIELD_CREDIT);
    case NEWS_FIELD_LINK: return node_or_none(figure->link);
    default: return none();
    }
}

static news_value block_quote_field(const news_node *node, news_field field)
{
    const news_node *attribution = node->extra;
    switch (field) {
    case NEWS_FIELD_BODY: return siblings(node->first_child, attribution);
    case NEWS_FIELD_ATTRIBUTION: return node_or_none(attribution);
    default: return none();
    }
}

static news_value directive_field(const news_node *node, news_field field)
{
    const news_directive *directive = node->extra;
    switch (field) {
    case NEWS_FIELD_NAME: return string(node->a);
    case NEWS_FIELD_ARGS: return node_or_none(directive->args);
    case NEWS_FIELD_ATTRS: return node_or_none(directive->attrs);
    case NEWS_FIELD_CLASS: return class_of(directive->classes);
    case NEWS_FIELD_CLASSES: return node_or_none(directive->classes);
    default: return none();
    }
}

/* A list that is not there is empty. */
static news_value list_at(const news_nodes *nodes)
{
    return list_of(nodes != NULL ? *nodes : (news_nodes){0});
}

static news_value note_field(const news_node *node, news_field field)
{
    switch (field) {
    case NEWS_FIELD_ID: return string(node->a);
    case NEWS_FIELD_NUMBER: return positive(node->number);
    case NEWS_FIELD_REFS: return list_at(node->extra);
    default: return none();
    }
}

static news_value note_ref_field(const news_node *node, news_field field)
{
    const news_note_ref *ref = node->extra;
    switch (field) {
    case NEWS_FIELD_ID: return string(node->a);
    case NEWS_FIELD_NUMBER:
        return positive(ref != NULL && ref->note != NULL ? ref->note->number : 0);
    case NEWS_FIELD_NOTE: return node_or_none(ref != NULL ? ref->note : NULL);
    case NEWS_FIELD_INDEX: return positive(ref != NULL ? ref->index : 0);
    default: return none();
    }
}

static news_value merge_field(const news_node *node, news_field field)
{
    switch (field) {
    case NEWS_FIELD_NAME: return string(node->a);
    case NEWS_FIELD_DEFAULT:
        return (node->flags & NEWS_NODE_DEFAULT) != 0 ? string(node->b) : none();
    default: return none();
    }
}

static news_value toc_field(const news_node *node, news_field field)
{
    switch (field) {
    case NEWS_FIELD_LABEL: return optional(node->a);
    case NEWS_FIELD_SECTIONS: return list_at(node->extra);
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
    case NEWS_KIND_PUBLICATION: return publication_field(node->extra, field);
    case NEWS_KIND_ISSUE: return issue_field(node->extra, field);
    case NEWS_KIND_SECTION: return section_field(node, field);
    case NEWS_KIND_ITEM: return item_field(node, field);
    case NEWS_KIND_LINK: return link_field(node, field);
    case NEWS_KIND_IMAGE: return image_field(node, field);
    case NEWS_KIND_CODE_BLOCK: return code_block_field(node, field);
    case NEWS_KIND_LIST: return list_field(node, field);
    case NEWS_KIND_TABLE: return table_field(node, field);
    case NEWS_KIND_BLOCK_QUOTE: return block_quote_field(node, field);
    case NEWS_KIND_FIGURE: return figure_field(node, field);
    case NEWS_KIND_DIRECTIVE: return directive_field(node, field);
    case NEWS_KIND_TOC: return toc_field(node, field);
    case NEWS_KIND_NOTE: return note_field(node, field);
    case NEWS_KIND_NOTE_REF: return note_ref_field(node, field);
    case NEWS_KIND_FIELD: return merge_field(node, field);
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
