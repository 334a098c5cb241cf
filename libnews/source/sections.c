/* Headings into sections: the title, the nesting, ids and attributes.
 *
 * The build leaves all blocks in a row below the root. Here the row is cut at its headings: each
 * opens a section, which lies in the last one with a higher heading. Levels are normalised, the
 * title being level 1: a section is one deeper than the one it lies in, whatever levels the source
 * skips. */
#include "source/parse.h"
#include "text/text.h"

/* ---- Ids ---- */

static void append_id(news_buf *buf, news_str text)
{
    if (text.len != 0 && news_buf_reserve(buf, text.len * 2))
        buf->len += news_slug(text, buf->ptr + buf->len);
}

/* Whether two texts have the same letters and digits, and some. */
static bool says_the_same(news_build *build, news_str a, news_str b, bool *same)
{
    news_buf left, right;
    news_buf_init(&left, build->heap, SIZE_MAX / 2);
    news_buf_init(&right, build->heap, SIZE_MAX / 2);
    append_id(&left, a);
    append_id(&right, b);
    bool ok = left.status == NEWS_OK && right.status == NEWS_OK;
    *same = left.len != 0 ? news_str_equal(news_buf_str(&left), news_buf_str(&right))
                          : news_str_equal(news_str_trim(a), news_str_trim(b));
    news_buf_free(&left);
    news_buf_free(&right);
    return ok || news_build_nomem(build);
}

/* Ids in use. The value of one is the last number that was put behind it to make another. */
typedef struct {
    news_build *build;
    news_strmap used;
} id_set;

/* The id itself when it is free, else the first of id-2, id-3, … that is. */
static bool take_id(id_set *set, news_str wanted, news_str *id)
{
    news_build *build = set->build;
    bool added;
    uint32_t *number = news_strmap_put(&set->used, wanted, &added);
    if (number == NULL)
        return news_build_nomem(build);
    *id = wanted;
    if (added)
        return true;
    uint32_t last = *number < 1 ? 1 : *number;
    do {
        news_buf_clear(&build->scratch);
        news_buf_append_str(&build->scratch, wanted);
        news_buf_printf(&build->scratch, "-%u", (unsigned)++last);
        if (build->scratch.status != NEWS_OK)
            return news_build_nomem(build);
    } while (news_strmap_get(&set->used, news_buf_str(&build->scratch)) != NULL);
    *news_strmap_get(&set->used, wanted) = last;
    return (news_arena_copy(&build->issue->arena, news_buf_str(&build->scratch), id) &&
            news_strmap_put(&set->used, *id, NULL) != NULL) ||
           news_build_nomem(build);
}

static news_heading_notes *notes_of(const news_node *heading)
{
    return heading->extra;
}

static bool find_explicit_id(id_set *set, news_node *heading)
{
    news_build *build = set->build;
    news_str list = notes_of(heading)->attributes;
    if (list.len == 0)
        return true;
    list = news_str_of(list.ptr + 1, list.len - 2);
    news_attribute attribute;
    size_t at = 0;
    for (news_attribute_type type;
         (type = news_attribute_next(list, &at, &attribute)) != NEWS_ATTRIBUTE_END;) {
        if (type != NEWS_ATTRIBUTE_ID || heading->a.len != 0)
            continue;
        news_str wanted;
        if ((!news_arena_copy(&build->issue->arena, attribute.value, &wanted) &&
             !news_build_nomem(build)) ||
            !take_id(set, wanted, &heading->a))
            return false;
        if (!news_str_equal(wanted, heading->a) &&
            !news_build_warn(build, "duplicate-id", news_place_of(heading),
                             "the id \"%.60s\" is taken; this heading gets \"%.60s\"", wanted.ptr,
                             heading->a.ptr))
            return false;
    }
    return true;
}

static bool take_directive_id(id_set *set, const news_node *directive)
{
    const news_directive *details = directive->extra;
    news_node *id = (news_node *)(uintptr_t)news_mapping_get(details->attrs, NEWS_STR("id"));
    news_str wanted = id->b;
    return take_id(set, wanted, &id->b) &&
           (news_str_equal(wanted, id->b) ||
            news_build_warn(set->build, "duplicate-id", news_place_of(directive),
                            "the id \"%.60s\" is taken; this directive gets \"%.60s\"", wanted.ptr,
                            id->b.ptr));
}

static bool make_id(id_set *set, news_node *heading)
{
    news_build *build = set->build;
    news_buf buf;
    news_buf_init(&buf, build->heap, SIZE_MAX / 2);
    append_id(&buf, heading->b);
    if (buf.len == 0)
        news_buf_append_str(&buf, NEWS_STR("section"));
    news_str wanted = NEWS_STR_NONE;
    bool ok = (buf.status == NEWS_OK &&
               news_arena_copy(&build->issue->arena, news_buf_str(&buf), &wanted)) ||
              news_build_nomem(build);
    news_buf_free(&buf);
    return ok && take_id(set, wanted, &heading->a);
}

/* Explicit ids first: they are what others link to. */
static bool give_ids(news_build *build, const news_node *title_heading)
{
    id_set set = {.build = build};
    news_strmap_init(&set.used, build->heap);
    bool ok = true;
    for (size_t i = 0; ok && i < build->headings.count; i++)
        if (build->headings.array[i] != title_heading)
            ok = find_explicit_id(&set, build->headings.array[i]);
    for (size_t i = 0; ok && i < build->anchors.count; i++)
        ok = take_directive_id(&set, build->anchors.array[i]);
    for (size_t i = 0; ok && i < build->headings.count; i++)
        if (build->headings.array[i] != title_heading && build->headings.array[i]->a.len == 0)
            ok = make_id(&set, build->headings.array[i]);
    news_strmap_free(&set.used);
    return ok;
}

/* ---- The title ---- */

/* A single leading level-1 heading: the title, or the title once more. *title is NULL if none. */
static bool take_title(news_build *build, news_node **title)
{
    news_issue *issue = build->issue;
    news_node *first = issue->root->first_child;
    *title = NULL;
    if (first == NULL || first->kind != NEWS_KIND_HEADING || first->number != 1)
        return true;
    for (size_t i = 0; i < build->headings.count; i++)
        if (build->headings.array[i] != first && build->headings.array[i]->number == 1)
            return true;
    if (issue->title.len == 0) {
        issue->title = news_str_trim(first->b);
        issue->root->flags |= first->flags & NEWS_NODE_FIELDS;
    } else {
        bool same;
        if (!says_the_same(build, first->b, issue->title, &same))
            return false;
        if (!same)
            return true;
    }
    issue->root->first_child = first->next;
    build->has_title_heading = true;
    *title = first;
    return true;
}

/* ---- Attributes ---- */

static bool read_attributes(news_build *build, news_node *heading, news_section *section)
{
    news_str list = notes_of(heading)->attributes;
    if (list.len == 0)
        return true;
    list = news_str_of(list.ptr + 1, list.len - 2);
    news_place place = news_place_of(heading);
    news_attribute attribute;
    size_t at = 0;
    bool ok = true;
    for (news_attribute_type type;
         ok && (type = news_attribute_next(list, &at, &attribute)) != NEWS_ATTRIBUTE_END;) {
        if (type == NEWS_ATTRIBUTE_CLASS)
            ok = news_data_add(build, &section->classes, NEWS_KIND_SEQUENCE, NEWS_STR_NONE,
                               attribute.value, place);
        else if (type == NEWS_ATTRIBUTE_PAIR)
            ok = news_data_add(build, &section->attrs, NEWS_KIND_MAPPING, attribute.name,
                               attribute.value, place);
    }
    return ok;
}

/* ---- Sections ---- */

enum { DEEPEST = 7, LOWEST_LEVEL = 6 }; /* six levels of headings, below the root */

typedef struct {
    news_node *node, *last;
    int32_t written; /* level in the source */
} open_section;

static void add_child(open_section *parent, news_node *child)
{
    child->parent = parent->node;
    child->next = NULL;
    if (parent->last != NULL)
        parent->last->next = child;
    else
        parent->node->first_child = child;
    parent->last = child;
}

static bool begin_section(news_build *build, open_section *stack, size_t *depth, news_node *heading)
{
    while (*depth > 0 && stack[*depth].written >= heading->number)
        (*depth)--;
    news_node *node = news_build_node(build, NEWS_KIND_SECTION, news_place_of(heading));
    if (node == NULL)
        return false;
    news_section *section = news_arena_calloc(&build->issue->arena, sizeof *section);
    if (section == NULL)
        return news_build_nomem(build);
    if (!read_attributes(build, heading, section))
        return false;
    open_section *parent = &stack[*depth];
    add_child(parent, node);
    if (parent->node == build->issue->root) {
        if (build->issue->first_section == NULL)
            build->issue->first_section = node;
    } else {
        news_section *outer = parent->node->extra;
        if (outer->first_section == NULL)
            outer->first_section = node;
    }
    stack[++*depth] = (open_section){node, NULL, heading->number};
    section->heading = heading;
    section->written = heading->number;
    if (section->attrs != NULL)
        section->attrs->parent = node;
    if (section->classes != NULL)
        section->classes->parent = node;
    node->extra = section;
    node->number = heading->number =
        (int32_t)*depth < LOWEST_LEVEL ? (int32_t)*depth + 1 : LOWEST_LEVEL;
    node->a = heading->a;
    node->b = heading->b;
    node->flags = heading->flags & NEWS_NODE_FIELDS;
    heading->parent = node;
    heading->next = NULL;
    return true;
}

static const news_node *find_note_ref(const news_node *top)
{
    const news_node *node = top->first_child;
    while (node != NULL && node->kind != NEWS_KIND_NOTE_REF)
        node = news_node_next_below(top, node);
    return node;
}

/* ::: summary: its paragraph sums up the section it stands in, and is no part of the text. */
static bool take_summary(news_build *build, const news_node *directive, news_node *owner)
{
    news_place place = news_place_of(directive);
    if (owner->kind != NEWS_KIND_SECTION)
        return news_build_error(build, "summary-misplaced", place,
                                "this summary stands in no section");
    news_section *section = owner->extra;
    news_node *paragraph = directive->first_child;
    if (section->summary.first != NULL)
        return news_build_error(build, "summary-misplaced", place,
                                "this section has a summary already, in line %u",
                                (unsigned)section->summary.first->line);
    if (paragraph == NULL || paragraph->next != NULL || paragraph->kind != NEWS_KIND_PARAGRAPH)
        return news_build_error(build, "summary-paragraph", place,
                                paragraph == NULL ? "this summary is empty"
                                                  : "a summary is a single paragraph");
    const news_node *ref = find_note_ref(paragraph);
    if (ref != NULL)
        return news_build_error(build, "summary-paragraph", news_place_of(ref),
                                "a summary stands in the contents list and refers to no note");
    section->summary = (news_nodes){.first = paragraph->first_child};
    for (news_node *inline_node = paragraph->first_child; inline_node != NULL;
         inline_node = inline_node->next)
        inline_node->parent = owner;
    return true;
}

bool news_sections_build(news_build *build)
{
    news_issue *issue = build->issue;
    news_node *title;
    if (!take_title(build, &title) || !give_ids(build, title))
        return false;
    open_section stack[DEEPEST + 1] = {{issue->root, NULL, 0}};
    size_t depth = 0;
    news_node *node = issue->root->first_child;
    issue->root->first_child = NULL;
    while (node != NULL) {
        news_node *next = node->next;
        if (node->kind == NEWS_KIND_HEADING) {
            if (!begin_section(build, stack, &depth, node))
                return false;
        } else if (node->kind == NEWS_KIND_DIRECTIVE && node->number == NEWS_DIRECTIVE_SUMMARY) {
            if (!take_summary(build, node, stack[depth].node))
                return false;
        } else {
            add_child(&stack[depth], node);
        }
        node = next;
    }
    for (size_t i = 0; i < build->headings.count; i++)
        build->headings.array[i]->extra = NULL; /* the notes have served */
    return true;
}
