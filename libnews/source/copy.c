/* Blocks copied for one edition, without what it drops.
 *
 * What `only` and `except` hold is put in their place, so that in a finished tree nothing tells
 * that they were there: where they stood between entries of a list, the list is one again; so is a
 * paragraph in which they stood without an empty line; and a list or a quote of which nothing is
 * left is gone. Strings and data are shared with the original, which the copy's issue keeps
 * alive. */
#include "source/parse.h"

typedef struct {
    news_build *build;
    const news_edition *edition; /* NULL: everything is kept */
    const news_node *holder;
    bool until_more;    /* the edition ends at the cut */
    bool boundary;      /* a condition began or ended since the last block */
    bool was_condition; /* the last block stood in one */
} copier;

/* ---- What stays ---- */

static bool has_tag(const news_edition *edition, news_str word)
{
    for (size_t i = 0; i < edition->tag_count; i++)
        if (news_str_equal(edition->tags[i], word))
            return true;
    return false;
}

/* A word means an edition by its name or a tag of it, or of one that it is based on. */
static bool is_meant(const news_issue *issue, const news_edition *edition, news_str word)
{
    for (size_t steps = 0; edition != NULL && steps <= issue->edition_count; steps++) {
        if (news_str_equal(edition->name, word) || has_tag(edition, word))
            return true;
        edition = news_edition_find(issue->editions, issue->edition_count, edition->base);
    }
    return false;
}

bool news_edition_is(const news_issue *issue, const news_edition *edition, news_str name)
{
    for (size_t steps = 0; edition != NULL && steps <= issue->edition_count; steps++) {
        if (news_str_equal(edition->name, name))
            return true;
        edition = news_edition_find(issue->editions, issue->edition_count, edition->base);
    }
    return false;
}

/* An edition ends where it or one that it is based on says. */
static bool ends_at_cut(const news_issue *issue, const news_edition *edition)
{
    for (size_t steps = 0; edition != NULL && steps <= issue->edition_count; steps++) {
        if (edition->until_more)
            return true;
        edition = news_edition_find(issue->editions, issue->edition_count, edition->base);
    }
    return false;
}

static bool keeps(const copier *c, const news_node *condition)
{
    const news_directive *directive = condition->extra;
    if (c->edition == NULL || directive->args == NULL)
        return true;
    bool meant = false;
    for (const news_node *arg = directive->args->first_child; arg != NULL; arg = arg->next)
        meant |= is_meant(c->build->issue, c->edition, arg->b);
    return meant == (condition->number == NEWS_DIRECTIVE_ONLY);
}

static bool is_cut(const copier *c, const news_node *block)
{
    return c->until_more && (block->flags & NEWS_NODE_CUT) != 0 &&
           (block->parent == c->holder || news_is_conditional(block->parent));
}

/* Whether the cut is in a condition, or in one within it: it cuts also where that is dropped, for
 * else the edition would have all that follows. */
static bool drops_cut(const copier *c, const news_node *condition)
{
    const news_node *node = condition;
    if (!c->until_more)
        return false;
    for (;;) {
        if (is_cut(c, node))
            return true;
        if (news_is_conditional(node) && node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node != condition && node->next == NULL)
            node = node->parent;
        if (node == condition)
            return false;
        node = node->next;
    }
}

/* ---- Copying ---- */

static bool copy_note_ref(news_build *build, news_node *copy)
{
    copy->extra = news_arena_calloc(&build->issue->arena, sizeof(news_note_ref));
    build->note_ref_count++;
    return copy->extra != NULL || news_build_nomem(build);
}

static news_node *copy_node(copier *c, const news_node *from)
{
    news_build *build = c->build;
    news_node *copy = news_build_node(build, (news_kind)from->kind, news_place_of(from));
    if (copy == NULL)
        return NULL;
    *copy = *from;
    copy->parent = copy->next = copy->first_child = NULL;
    switch (copy->kind) {
    case NEWS_KIND_HEADING: return news_node_list_add(build, &build->headings, copy) ? copy : NULL;
    case NEWS_KIND_NOTE_REF: return copy_note_ref(build, copy) ? copy : NULL;
    case NEWS_KIND_IMAGE: build->image_count++; return copy;
    case NEWS_KIND_LINK: {
        const news_link *link = from->extra;
        build->link_count++;
        if (link != NULL && link->gemini.len != 0 && c->edition != NULL &&
            news_edition_is(build->issue, c->edition, NEWS_STR("gemini")))
            copy->a = link->gemini;
        return copy;
    }
    default: return copy;
    }
}

/* When a list follows another of its kind that a condition parted from it, its entries join that.
 */
static bool joins_list(const copier *c, const news_node *list)
{
    const news_node *last = news_build_top(c->build)->last;
    return c->boundary && list->kind == NEWS_KIND_LIST && last != NULL &&
           last->kind == NEWS_KIND_LIST &&
           (last->flags & NEWS_NODE_ORDERED) == (list->flags & NEWS_NODE_ORDERED);
}

/* What is opened again is nearly always what was closed last. */
static news_node *last_child(const news_build *build, const news_node *node)
{
    if (node == build->closed)
        return build->closed_last;
    news_node *child = node->first_child;
    while (child->next != NULL)
        child = child->next;
    return child;
}

static bool reopen_list(copier *c, const news_node *list)
{
    news_node *open = news_build_top(c->build)->last, *entry = last_child(c->build, open);
    open->flags &= (uint8_t)(list->flags | ~NEWS_NODE_TIGHT);
    return news_build_begin(c->build, open, entry);
}

/* Text that goes on where a condition ends or begins, without an empty line, is one paragraph. */
static bool joins_paragraph(const copier *c, const news_node *paragraph)
{
    const news_node *last = news_build_top(c->build)->last;
    bool flows = !c->was_condition || !news_is_conditional(paragraph->parent);
    return c->boundary && flows && paragraph->kind == NEWS_KIND_PARAGRAPH && last != NULL &&
           last->kind == NEWS_KIND_PARAGRAPH && (last->flags & NEWS_NODE_BEFORE_FENCE) != 0 &&
           (paragraph->flags & NEWS_NODE_BEHIND_FENCE) != 0;
}

static bool reopen_paragraph(copier *c, const news_node *paragraph)
{
    news_build *build = c->build;
    news_node *open = news_build_top(build)->last, *child = last_child(build, open);
    open->flags = (uint8_t)((open->flags & ~NEWS_NODE_BEFORE_FENCE) |
                            (paragraph->flags & NEWS_NODE_BEFORE_FENCE));
    news_node *softbreak = news_build_node(build, NEWS_KIND_SOFTBREAK, news_place_of(paragraph));
    if (softbreak == NULL || !news_build_begin(build, open, child))
        return false;
    news_build_top(build)->breaks = true; /* it is nothing in Chinese and Japanese */
    return news_build_append(build, softbreak);
}

static bool enter(copier *c, const news_node *from)
{
    if (joins_list(c, from))
        return reopen_list(c, from);
    bool joins = joins_paragraph(c, from);
    if (from->kind < NEWS_KIND_TEXT) {
        c->boundary = false;
        c->was_condition = news_is_conditional(from->parent);
    }
    if (joins)
        return reopen_paragraph(c, from);
    news_node *copy = copy_node(c, from);
    return copy != NULL && (from->first_child != NULL ? news_build_open(c->build, copy)
                                                      : news_build_append(c->build, copy));
}

/* Of what it held nothing may be left. */
static void remove_emptied(news_build *build, const news_node *node, news_node *before)
{
    news_frame *parent = news_build_top(build);
    if (node->first_child != NULL || parent->last != node)
        return;
    parent->last = before;
    if (before != NULL)
        before->next = NULL;
    else
        parent->node->first_child = NULL;
}

static bool leave(copier *c)
{
    news_build *build = c->build;
    news_node *node = news_build_top(build)->node, *before = news_build_top(build)->before;
    if (!news_build_close(build))
        return false;
    remove_emptied(build, node, before);
    if (node->kind == NEWS_KIND_FIGURE && node->first_child != NULL) {
        news_figure *figure = news_arena_calloc(&build->issue->arena, sizeof *figure);
        if (figure == NULL)
            return news_build_nomem(build);
        bool linked = node->first_child->kind == NEWS_KIND_LINK;
        figure->link = linked ? node->first_child : NULL;
        figure->image = linked ? node->first_child->first_child : node->first_child;
        node->extra = figure;
    } else if (node->kind == NEWS_KIND_BLOCK_QUOTE) {
        news_node *last = node->first_child;
        while (last != NULL && last->next != NULL)
            last = last->next;
        node->extra = last != NULL && last->kind == NEWS_KIND_ATTRIBUTION ? last : NULL;
    }
    return true;
}

bool news_copy_blocks(news_build *build, const news_edition *edition, const news_node *holder,
                      bool *stopped)
{
    copier c = {.build = build, .edition = edition, .holder = holder};
    c.until_more = ends_at_cut(build->issue, edition);
    const news_node *node = holder->first_child;
    *stopped = false;
    while (node != NULL) {
        if (is_cut(&c, node)) {
            *stopped = true;
            return true; /* what lies open is no more than conditions */
        }
        bool condition = news_is_conditional(node), kept = !condition || keeps(&c, node);
        c.boundary |= condition;
        if (!kept && drops_cut(&c, node)) {
            *stopped = true;
            return true;
        }
        if (!condition && !enter(&c, node))
            return false;
        if (kept && node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node->next == NULL) {
            node = node->parent;
            if (node == holder)
                return true;
            if (news_is_conditional(node))
                c.boundary = true;
            else if (!leave(&c))
                return false;
        }
        node = node->next;
    }
    return true;
}
