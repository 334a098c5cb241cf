/* What blocks turn out to be when they close: a paragraph the text of a task, or a figure; the last
 * paragraph of a quote its attribution. And the attributes of images. */
#include "source/parse.h"
#include "text/text.h"

/* "[ ] " and "[x] " at the beginning of a list item's first paragraph. */
void news_refine_paragraph(news_build *build, news_node *paragraph)
{
    news_node *item = paragraph->parent, *text = paragraph->first_child;
    if (item->kind != NEWS_KIND_LIST_ITEM || item->first_child != paragraph || text == NULL ||
        text->kind != NEWS_KIND_TEXT || text->a.len < 4)
        return;
    const char *box = text->a.ptr;
    if (box[0] != '[' || (box[1] != ' ' && box[1] != 'x' && box[1] != 'X') || box[2] != ']' ||
        box[3] != ' ')
        return;
    size_t at = news_overlay_line(build->overlay, build->block_line) + build->block_column;
    if (build->overlay->text.ptr[at] != '[')
        return; /* written as \[ or as an entity */
    item->flags |= NEWS_NODE_TASK | (box[1] == ' ' ? 0 : NEWS_NODE_CHECKED);
    text->a = news_str_skip(text->a, 4);
    text->column += 4;
    if (text->a.len == 0 && text->next != NULL)
        paragraph->first_child = text->next;
}

/* ---- Figures ---- */

/* A paragraph that is one image, or one link around it. In a list it stays a line of text. */
bool news_refine_figure(news_build *build, news_node *paragraph)
{
    news_node *child = paragraph->first_child, *link = NULL;
    if (child == NULL || child->next != NULL || paragraph->parent->kind == NEWS_KIND_LIST_ITEM)
        return true;
    if (child->kind == NEWS_KIND_LINK) {
        link = child;
        child = child->first_child;
    }
    if (child == NULL || child->next != NULL || child->kind != NEWS_KIND_IMAGE)
        return true;
    news_figure *figure = news_arena_alloc(&build->issue->arena, sizeof *figure);
    if (figure == NULL)
        return news_build_nomem(build);
    *figure = (news_figure){child, link};
    paragraph->kind = NEWS_KIND_FIGURE;
    paragraph->extra = figure;
    return true;
}

/* ---- Quotes ---- */

enum { LONGEST_NAME = 100 }; /* of who is quoted, in bytes */

/* How much of a text is the dash that begins an attribution, with the space behind it. */
static size_t dash_length(news_str text)
{
    static const char *const dashes[] = {"\xE2\x80\x94", "\xE2\x80\x95", "\xE2\x80\x93", "--"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(dashes); i++) {
        news_str dash = news_str_from(dashes[i]);
        if (!news_str_starts(text, dash))
            continue;
        size_t at = dash.len;
        while (at < text.len && news_is_space(text.ptr[at]))
            at++;
        return at > dash.len || (at == text.len && i < 3) ? at : 0;
    }
    return 0;
}

/* Makes the children of a paragraph from `text` on, without the dash, an attribution. */
static void attribute(news_node *quote, news_node *attribution, news_node *text, size_t dash)
{
    attribution->kind = NEWS_KIND_ATTRIBUTION;
    attribution->flags = 0;
    quote->extra = attribution;
    attribution->first_child = dash == text->a.len ? text->next : text;
    text->column += (uint32_t)news_utf8_count(news_str_of(text->a.ptr, dash));
    text->a = news_str_skip(text->a, dash);
}

/* The text that begins the last line of a paragraph, and the break before it; NULL when it has one
 * line. */
static news_node *last_line(news_node *paragraph, news_node **line_end)
{
    news_node *text = NULL;
    for (news_node *node = paragraph->first_child; node != NULL; node = node->next)
        if (node->kind == NEWS_KIND_SOFTBREAK || node->kind == NEWS_KIND_LINEBREAK) {
            *line_end = node;
            text = node->next;
        }
    return text;
}

/* Whether what follows a dash reads as a name: a dash may begin a line of prose as well. */
static bool reads_as_name(const news_node *text)
{
    size_t length = 0;
    uint32_t last = 0;
    for (const news_node *node = text; node != NULL; node = node->next) {
        length += node->a.len;
        last = news_node_edge(node, true);
    }
    bool is_sentence = last == '.' || last == '?' || last == '!' || last == ',' || last == ';' ||
                       last == ':' || last == '"' || last == 0x201D || last == 0x2026;
    return length <= LONGEST_NAME && !is_sentence;
}

bool news_refine_quote(news_build *build, news_node *quote)
{
    news_node *last = quote->first_child, *line_end = NULL;
    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last == NULL || last->kind != NEWS_KIND_PARAGRAPH || last->first_child == NULL)
        return true;
    news_node *text = last->first_child;
    size_t dash = text->kind == NEWS_KIND_TEXT ? dash_length(text->a) : 0;
    bool holds_more = dash < text->a.len || text->next != NULL;
    if (dash != 0 && holds_more && last != quote->first_child) { /* a dash alone quotes nobody */
        attribute(quote, last, text, dash);
        return true;
    }
    text = last_line(last, &line_end);
    if (dash != 0 || text == NULL || text->kind != NEWS_KIND_TEXT)
        return true;
    dash = dash_length(text->a);
    if (dash == 0 || dash == text->a.len || !reads_as_name(text))
        return true;
    news_node *attribution = news_build_node(build, NEWS_KIND_ATTRIBUTION, news_place_of(text));
    if (attribution == NULL)
        return false;
    attribution->parent = quote;
    last->next = attribution;
    for (news_node **link = &last->first_child; *link != NULL; link = &(*link)->next)
        if (*link == line_end) {
            *link = NULL;
            break;
        }
    for (news_node *node = text; node != NULL; node = node->next)
        node->parent = attribution;
    attribute(quote, attribution, text, dash);
    return true;
}

/* ---- Attributes of images ---- */

bool news_data_add(news_build *build, news_node **list, news_kind kind, news_str name,
                   news_str value, news_place place)
{
    if (*list == NULL)
        *list = news_build_node(build, kind, place);
    news_node *scalar = news_build_node(build, NEWS_KIND_SCALAR, place);
    if (*list == NULL || scalar == NULL)
        return false;
    if (!news_arena_copy(&build->issue->arena, name, &scalar->a) ||
        !news_arena_copy(&build->issue->arena, value, &scalar->b))
        return news_build_nomem(build);
    scalar->parent = *list;
    news_node *last = (*list)->extra; /* of data, the last entry */
    if (last != NULL)
        last->next = scalar;
    else
        (*list)->first_child = scalar;
    (*list)->extra = scalar;
    return true;
}

static bool set_side(news_build *build, const news_attribute *attribute, news_place place,
                     int32_t *side)
{
    *side = news_html_side(attribute->value);
    if (*side != 0)
        return true;
    char name[16], shown[64];
    news_error_copy(name, sizeof name, attribute->name, false);
    news_error_copy(shown, sizeof shown, attribute->value, false);
    return news_build_error(build, "attribute-value", place,
                            "the %s \"%s\" is not a number of pixels", name, shown);
}

static bool set_attribute(news_build *build, news_image *image, const news_attribute *attribute,
                          news_place place)
{
    if (news_str_equal(attribute->name, NEWS_STR("width")))
        return set_side(build, attribute, place, &image->width);
    if (news_str_equal(attribute->name, NEWS_STR("height")))
        return set_side(build, attribute, place, &image->height);
    if (!news_str_equal(attribute->name, NEWS_STR("credit")))
        return news_data_add(build, &image->attrs, NEWS_KIND_MAPPING, attribute->name,
                             attribute->value, place);
    if (news_str_find(attribute->value, NEWS_STR("{{"), 0) != SIZE_MAX)
        return news_build_error(build, "attribute-value", place,
                                "a credit is the same for all readers; it holds no merge field");
    news_buf *decoded = &build->scratch;
    news_buf_clear(decoded);
    return (news_cmark_decode(build->heap, attribute->value, decoded) &&
            news_arena_copy(&build->issue->arena, news_buf_str(decoded), &image->credit)) ||
           news_build_nomem(build);
}

bool news_image_attributes(news_build *build, news_node *node, news_str braced, news_place place)
{
    news_image *image = news_image_details(build, node);
    if (image == NULL)
        return false;
    news_str list = news_str_of(braced.ptr + 1, braced.len - 2);
    news_attribute attribute;
    size_t at = 0;
    bool ok = true;
    for (news_attribute_type type;
         ok && (type = news_attribute_next(list, &at, &attribute)) != NEWS_ATTRIBUTE_END;) {
        if (type == NEWS_ATTRIBUTE_CLASS)
            ok = news_data_add(build, &image->classes, NEWS_KIND_SEQUENCE, NEWS_STR_NONE,
                               attribute.value, place);
        else if (type == NEWS_ATTRIBUTE_ID)
            ok = news_data_add(build, &image->attrs, NEWS_KIND_MAPPING, NEWS_STR("id"),
                               attribute.value, place);
        else
            ok = set_attribute(build, image, &attribute, place);
    }
    return ok;
}
