/* Pairs: strikethrough, <a>, <del>, and the HTML tags that are kept.
 *
 * Their halves lie among the children of one node as nodes of their own until that node closes.
 * Then each closing half takes the nearest opening one of its kind, and what opened in between
 * stays without a partner: tildes become text again, tags go. A count for each kind keeps this
 * linear. */
#include "source/parse.h"

enum { STRIKE, ANCHOR, FIRST_TAG, FIRST_KEPT = FIRST_TAG + 3 };
static const char *const pair_tags[] = {"del", "s",   "strike", "small", "sub",
                                        "sup", "kbd", "abbr",   "mark"};
enum { PAIR_KINDS = FIRST_TAG + NEWS_ARRAY_LENGTH(pair_tags) };

int news_inline_pair_kind(news_str tag_name)
{
    if (news_str_equal_nocase(tag_name, NEWS_STR("a")))
        return ANCHOR;
    for (int i = 0; i < (int)NEWS_ARRAY_LENGTH(pair_tags); i++)
        if (news_str_equal_nocase(tag_name, news_str_from(pair_tags[i])))
            return FIRST_TAG + i;
    return -1;
}

static bool is_half(const news_node *node)
{
    return (node->kind == NEWS_KIND_TEXT || node->kind == NEWS_KIND_HTML_INLINE) &&
           (node->flags & (NEWS_BUILD_OPENS | NEWS_BUILD_CLOSES)) != 0;
}

static int pair_kind(const news_node *half)
{
    return half->kind == NEWS_KIND_TEXT ? STRIKE : half->number;
}

static bool push_half(news_build *build, news_node *half, size_t count)
{
    news_node **grown =
        news_heap_grow(build->heap, build->pair_stack, count, &build->pair_capacity, sizeof *grown);
    if (grown == NULL)
        return news_build_nomem(build);
    build->pair_stack = grown;
    grown[count] = half;
    return true;
}

/* Makes neighbouring text nodes one, and takes out the halves of tags that found no other half. */
static bool tidy(news_build *build, news_node *parent)
{
    news_node **link = &parent->first_child, *last = NULL;
    while (*link != NULL) {
        news_node *node = *link;
        if (is_half(node) && node->kind == NEWS_KIND_HTML_INLINE) {
            if (node->b.len != 0 && !news_html_warn_dropped(build, node))
                return false;
            *link = node->next;
            continue;
        }
        if (node->kind == NEWS_KIND_TEXT)
            node->flags = 0;
        last = node;
        link = &node->next;
    }
    for (news_node *node = parent->first_child; node != NULL; node = node->next) {
        if (node->kind != NEWS_KIND_TEXT || node->next == NULL ||
            node->next->kind != NEWS_KIND_TEXT)
            continue;
        news_buf_clear(&build->scratch);
        news_node *end = node;
        for (; end != NULL && end->kind == NEWS_KIND_TEXT; end = end->next)
            news_buf_append_str(&build->scratch, end->a);
        if (build->scratch.status != NEWS_OK ||
            !news_arena_copy(&build->issue->arena, news_buf_str(&build->scratch), &node->a))
            return news_build_nomem(build);
        node->next = end;
        if (end == NULL)
            last = node;
    }
    if (news_build_top(build)->node == parent)
        news_build_top(build)->last = last;
    return true;
}

/* Whether a link that its writer made stands among a node's siblings or below them. */
static bool holds_link(const news_node *first, const news_node *end)
{
    const news_node *top = first->parent;
    for (const news_node *node = first; node != NULL && node != end;) {
        if (node->kind == NEWS_KIND_LINK && (node->flags & NEWS_BUILD_BARE) == 0)
            return true;
        if (node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node->next == NULL && node->parent != top)
            node = node->parent;
        node = node->next;
    }
    return false;
}

/* Below a link an address is only text. */
static void unlink_bare(news_node *link)
{
    for (news_node *node = link->first_child; node != NULL;) {
        if (node->kind == NEWS_KIND_LINK) {
            node->kind = NEWS_KIND_TEXT;
            node->flags = 0;
            node->number = 0;
            node->a = node->b;
            node->b = NEWS_STR_NONE;
            node->first_child = NULL;
        }
        if (node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node->next == NULL && node->parent != link)
            node = node->parent;
        node = node->next;
    }
}

/* A kept tag is its literal and nothing more. */
static void settle_tag(news_node *tag)
{
    tag->flags = 0;
    tag->number = 0;
    tag->b = NEWS_STR_NONE;
    tag->extra = NULL;
}

/* Puts what stands between two halves below the first; `before` stands before the second. False
 * when they cannot be a pair; *ok is then false only after a failure. */
static bool join(news_build *build, news_node *opener, news_node *before, news_node *closer,
                 bool *ok)
{
    int kind = pair_kind(opener);
    if (kind >= FIRST_KEPT) {
        settle_tag(opener);
        settle_tag(closer);
        return true;
    }
    if (closer->kind == NEWS_KIND_HTML_INLINE)
        closer->b = NEWS_STR_NONE; /* no message of its own: its partner has one */
    if (opener->next == closer || (kind == ANCHOR && holds_link(opener->next, closer)))
        return false;
    if (kind == ANCHOR) {
        if (!news_html_pair_link(build, opener)) {
            *ok = build->status == NEWS_OK;
            return false;
        }
    } else {
        settle_tag(opener);
        opener->kind = NEWS_KIND_STRIKE;
        opener->a = NEWS_STR_NONE;
    }
    before->next = NULL;
    opener->first_child = opener->next;
    opener->next = closer->next;
    for (news_node *child = opener->first_child; child != NULL; child = child->next)
        child->parent = opener;
    if (kind == ANCHOR)
        unlink_bare(opener);
    *ok = tidy(build, opener) && (kind != ANCHOR || news_link_finish(build, opener));
    return *ok;
}

bool news_inline_pair(news_build *build)
{
    news_node *parent = news_build_top(build)->node, *before = NULL;
    size_t open = 0, counts[PAIR_KINDS] = {0};
    for (news_node *node = parent->first_child; node != NULL; before = node, node = node->next) {
        if (!is_half(node))
            continue;
        int kind = pair_kind(node);
        if ((node->flags & NEWS_BUILD_CLOSES) != 0 && counts[kind] != 0) {
            news_node *opener;
            do {
                opener = build->pair_stack[--open];
                counts[pair_kind(opener)]--;
            } while (pair_kind(opener) != kind);
            bool ok = true, stays = kind >= FIRST_KEPT;
            if (join(build, opener, before, node, &ok) && !stays)
                node = opener; /* the closer is gone, its place is behind the opener */
            if (!ok)
                return false;
            continue;
        }
        if ((node->flags & NEWS_BUILD_OPENS) == 0)
            continue;
        /* Links do not nest: as in HTML, a second <a> ends the first. */
        if (kind == ANCHOR && counts[ANCHOR] != 0) {
            while (counts[ANCHOR] != 0)
                counts[pair_kind(build->pair_stack[--open])]--;
        }
        if (!push_half(build, node, open))
            return false;
        open++;
        counts[kind]++;
    }
    return tidy(build, parent);
}
