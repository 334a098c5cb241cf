/* From blocks to an issue: sections, items and indexes, and then what stands around the text: the
 * contents list, the publication with its masthead and footer, the addresses. */
#include "source/parse.h"
#include "text/text.h"

void news_build_free(news_build *build)
{
    news_heap *heap = build->heap;
    news_buf_free(&build->pending);
    news_buf_free(&build->scratch);
    news_heap_free(heap, build->frames, build->frame_capacity * sizeof *build->frames);
    news_heap_free(heap, build->pair_stack, build->pair_capacity * sizeof *build->pair_stack);
    const news_node_list *const lists[] = {&build->headings, &build->anchors, &build->note_refs,
                                           &build->issue_links};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(lists); i++)
        news_heap_free(heap, lists[i]->array, lists[i]->capacity * sizeof *lists[i]->array);
}

/* ---- Addresses ---- */

bool news_addresses_build(news_issue *issue)
{
    const news_publication *publication = issue->publication;
    if (publication == NULL)
        return true;
    return news_issue_own_address(issue, issue, &issue->url) &&
           (issue->url.len != 0 ||
            news_issue_address(issue, publication, publication->url, issue, &issue->url)) &&
           news_issue_address(issue, publication, publication->gemini, issue, &issue->gemini);
}

/* ---- The contents list ---- */

static bool meta_says(const news_issue *issue, news_str key, news_str *value)
{
    const news_node *entry = news_front_matter_extra(issue, key);
    if (entry == NULL || entry->kind != NEWS_KIND_SCALAR)
        return false;
    *value = entry->b;
    return true;
}

static news_str label_of(const news_issue *issue)
{
    news_str label = NEWS_STR_NONE;
    if (meta_says(issue, NEWS_STR("contents"), &label))
        return label;
    return issue->publication != NULL ? issue->publication->contents : NEWS_STR_NONE;
}

static bool wants_toc(const news_issue *issue)
{
    const news_publication *publication = issue->publication;
    news_str said;
    bool yes;
    if (meta_says(issue, NEWS_STR("toc"), &said))
        return news_str_answers(said, &yes) && yes;
    if (publication != NULL && publication->has_toc)
        return publication->toc;
    return label_of(issue).len != 0;
}

static bool is_listed(const news_node *node)
{
    const news_section *section = node->extra;
    if (section->classes != NULL)
        for (const news_node *class = section->classes->first_child; class != NULL;
             class = class->next)
            if (news_str_equal(class->b, NEWS_STR("unlisted")))
                return false;
    return node->b.len != 0;
}

/* The sections that a contents list names: the outermost, but for those of class "unlisted". */
static bool list_sections(news_issue *issue, news_nodes *list)
{
    size_t count = 0;
    for (const news_node *node = issue->first_section; node != NULL; node = node->next)
        count += is_listed(node);
    const news_node **sections = news_arena_alloc(&issue->arena, (count + 1) * sizeof *sections);
    if (sections == NULL)
        return false;
    count = 0;
    for (const news_node *node = issue->first_section; node != NULL; node = node->next)
        if (is_listed(node))
            sections[count++] = node;
    *list = (news_nodes){NULL, NULL, sections, count};
    return true;
}

static news_node *find_toc(news_node *top)
{
    for (news_node *node = top->first_child; node != NULL;) {
        if (node->kind == NEWS_KIND_TOC)
            return node;
        bool enters = node->kind == NEWS_KIND_SECTION || node->kind == NEWS_KIND_DIRECTIVE;
        if (enters && node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node != top && node->next == NULL)
            node = node->parent;
        if (node == top)
            break;
        node = node->next;
    }
    return NULL;
}

static void take_out(const news_node *node)
{
    for (news_node **link = &node->parent->first_child; *link != NULL; link = &(*link)->next)
        if (*link == node) {
            *link = node->next;
            return;
        }
}

/* The list stands where the text has it, or else where the format puts it. */
static bool make_toc(news_build *build)
{
    enum { LEAST = 2 }; /* sections that are worth a list */
    news_issue *issue = build->issue;
    news_node *toc = find_toc(issue->root);
    issue->wants_toc = toc != NULL || wants_toc(issue);
    if (!issue->wants_toc)
        return true;
    news_nodes *sections = news_arena_alloc(&issue->arena, sizeof *sections);
    if (sections == NULL || !list_sections(issue, sections))
        return news_build_nomem(build);
    if (sections->count < LEAST) {
        if (toc != NULL)
            take_out(toc);
        return true;
    }
    if (toc == NULL) {
        toc = issue->toc = news_build_node(build, NEWS_KIND_TOC, (news_place){0, 0});
        if (toc == NULL)
            return false;
        toc->parent = issue->root;
    }
    if (toc->a.len == 0)
        toc->a = label_of(issue);
    toc->extra = sections;
    return true;
}

/* ---- The publication ---- */

/* One of the fragments that stand around every issue, as this edition has it. Its blocks know the
 * publication as their parent, but are no children of it: they are in fields of their own. */
static bool copy_fragment(news_build *build, const news_edition *edition, const news_node *holder,
                          news_nodes *blocks)
{
    news_node *node = build->issue->publication_node;
    bool stopped;
    if (holder == NULL)
        return true;
    size_t headings = build->headings.count, before = build->frame_count;
    if (!news_build_begin(build, node, NULL) || !news_copy_blocks(build, edition, holder, &stopped))
        return false;
    build->frame_count = before;
    for (; build->headings.count > headings; build->headings.count--)
        build->headings.array[build->headings.count - 1]->extra = NULL; /* it opens no section */
    blocks->first = node->first_child;
    node->first_child = NULL;
    return true;
}

static bool make_publication(news_build *build, const news_edition *edition)
{
    news_issue *issue = build->issue;
    const news_publication *publication = issue->publication;
    if (publication == NULL)
        return true;
    news_node *node = news_build_node(build, NEWS_KIND_PUBLICATION, (news_place){0, 0});
    news_publication_view *view = news_arena_calloc(&issue->arena, sizeof *view);
    if (node == NULL || view == NULL)
        return view == NULL ? news_build_nomem(build) : false;
    issue->publication_node = node;
    node->parent = issue->root;
    node->extra = view;
    view->publication = publication;
    if (!copy_fragment(build, edition, publication->masthead, &view->masthead) ||
        !copy_fragment(build, edition, publication->footer, &view->footer))
        return false;
    issue->has_fields |= publication->data->has_fields;
    return true;
}

/* Where readers of a mailed edition can end their subscription. */
static void find_unsubscribe(news_issue *issue, const news_edition *edition)
{
    if (issue->publication == NULL || edition == NULL ||
        !news_edition_is(issue, edition, NEWS_STR("email")))
        return;
    const news_node *entry = news_mapping_get(issue->publication->email, NEWS_STR("unsubscribe"));
    if (entry == NULL || entry->kind != NEWS_KIND_SCALAR)
        return;
    issue->unsubscribe = entry->b;
    issue->has_fields |= news_str_find(entry->b, NEWS_STR("{{"), 0) != SIZE_MAX;
}

bool news_surround_build(news_build *build, const news_edition *edition)
{
    find_unsubscribe(build->issue, edition);
    return make_publication(build, edition);
}

bool news_finish_build(news_build *build)
{
    return news_sections_build(build) && news_items_build(build) && make_toc(build) &&
           news_index_build(build);
}
