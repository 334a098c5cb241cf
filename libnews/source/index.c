/* The last walk over a finished issue, in document order: the indexes of links, images and items,
 * each section's share of them, the count of words, and the check that nothing nests too deep. */
#include "source/parse.h"
#include "text/text.h"

typedef struct {
    news_build *build;
    const news_node **links, **images, **items, **credits, **notes, **refs;
    size_t link_count, image_count, item_count, credit_count, note_count, ref_count;
    news_strmap ids; /* of notes: to their place in by_id, from 1 */
    news_node **by_id;
    size_t words;
    bool in_word; /* the word that the text before ended in goes on */
} indexer;

/* ---- Words ---- */

/* Scripts written without spaces: each character counts as a word. */
static bool is_ideograph(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30FF && c != 0x30FB && c != 0x30FC) ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9D) ||
           (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005 || c == 0x3007;
}

static bool is_wide_space(uint32_t c)
{
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

/* What a byte does to the word it stands in. */
enum {
    ENDS = 0,   /* white space */
    BEGINS = 1, /* a letter or digit */
    GOES_ON = 2,
    WIDE = 4 /* the first of a longer character, which must be looked at */
};

/* clang-format off */
#define E ENDS
#define B BEGINS
#define G GOES_ON
#define W WIDE
#define BEGINS_26 B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B
#define GOES_ON_16 G, G, G, G, G, G, G, G, G, G, G, G, G, G, G, G
#define WIDE_16 W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W
static const uint8_t classes[256] = {
    G, G, G, G, G, G, G, G, G, E, E, E, E, E, G, G, GOES_ON_16,
    E, G, G, G, G, G, G, G, G, G, G, G, G, G, G, G,
    B, B, B, B, B, B, B, B, B, B, G, G, G, G, G, G,
    G, BEGINS_26, G, G, G, G, G,
    G, BEGINS_26, G, G, G, G, G,
    GOES_ON_16, GOES_ON_16, GOES_ON_16, GOES_ON_16,
    G, G, W, W, W, W, W, W, W, W, W, W, W, W, W, W, WIDE_16, WIDE_16,
    W, W, W, W, W, G, G, G, G, G, G, G, G, G, G, G
};
/* clang-format on */

/* Counts in the bytes from `at` up to a longer character, or the end, which it returns. Written
 * without branches for words and spaces, whose lengths no processor foresees. */
static size_t count_narrow(indexer *x, news_str text, size_t at)
{
    size_t words = x->words, in_word = x->in_word;
    for (; at < text.len; at++) {
        size_t class = classes[(unsigned char)text.ptr[at]];
        if (NEWS_UNLIKELY(class == WIDE))
            break;
        size_t begins = class & BEGINS;
        words += begins & ~in_word;
        in_word = begins | (in_word & (class >> 1));
    }
    x->words = words;
    x->in_word = in_word != 0;
    return at;
}

/* A run of anything but white space that holds a letter or a digit is a word. */
static void count_words(indexer *x, news_str text)
{
    size_t at = 0;
    while ((at = count_narrow(x, text, at)) < text.len) {
        uint32_t c;
        at += news_utf8_decode(text, at, &c);
        if (is_ideograph(c)) {
            x->words++;
            x->in_word = false;
        } else if (is_wide_space(c)) {
            x->in_word = false;
        } else if (!x->in_word && news_is_word_character(c)) {
            x->words++;
            x->in_word = true;
        }
    }
}

/* ---- The walk ---- */

/* A section's shares are noted as where they begin while the section is open. */
static void enter_section(indexer *x, news_section *section)
{
    section->links = (news_nodes){NULL, NULL, x->links + x->link_count, 0};
    section->items = (news_nodes){NULL, NULL, x->items + x->item_count, 0};
}

static void leave_section(indexer *x, news_section *section)
{
    section->links.count = (size_t)(x->links + x->link_count - section->links.array);
    section->items.count = (size_t)(x->items + x->item_count - section->items.array);
}

static void add_image(indexer *x, const news_node *node)
{
    const news_image *image = node->extra;
    x->images[x->image_count++] = node;
    if (image != NULL && image->credit.len != 0)
        x->credits[x->credit_count++] = node;
}

/* A note gets its number where it is first referred to. */
static void add_reference(indexer *x, news_node *ref)
{
    const uint32_t *place = news_strmap_get(&x->ids, ref->a);
    if (place == NULL)
        return; /* in what is no part of the text */
    news_node *note = x->by_id[*place - 1];
    if (note->number == 0) {
        x->notes[x->note_count++] = note;
        note->number = (int32_t)x->note_count;
    }
    news_note_ref *details = ref->extra;
    details->note = note;
    x->refs[x->ref_count++] = ref;
}

static void enter(indexer *x, news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_TEXT:
    case NEWS_KIND_CODE: count_words(x, node->a); return;
    case NEWS_KIND_EMPH:
    case NEWS_KIND_STRONG:
    case NEWS_KIND_STRIKE:
    case NEWS_KIND_HTML_INLINE: return;
    case NEWS_KIND_NOTE_REF: add_reference(x, node); return;
    case NEWS_KIND_LINK:
        node->flags &= NEWS_NODE_FIELDS;
        x->links[x->link_count++] = node;
        return;
    case NEWS_KIND_IMAGE: add_image(x, node); break;
    case NEWS_KIND_ITEM: x->items[x->item_count++] = node; break;
    case NEWS_KIND_SECTION: enter_section(x, node->extra); break;
    default: break;
    }
    x->in_word = false;
}

/* Sections and items do not count: they are not written as nesting. */
static bool is_free(const news_node *node)
{
    return node->kind == NEWS_KIND_SECTION || node->kind == NEWS_KIND_ITEM ||
           node->kind == NEWS_KIND_ISSUE;
}

static bool check_depth(news_build *build, const news_node *node, size_t depth)
{
    if (depth <= build->options->max_depth)
        return true;
    build->status =
        news_error_set(build->error, NEWS_ERR_LIMIT, build->issue->source, node->line, node->column,
                       "nested more than %zu deep (max_depth)", build->options->max_depth);
    return false;
}

/* Past a node's subtree: its sibling, or an ancestor's; NULL at the end. */
static news_node *after(indexer *x, const news_node *root, news_node *node, size_t *depth)
{
    for (;;) {
        *depth -= !is_free(node);
        if (node->kind == NEWS_KIND_SECTION)
            leave_section(x, node->extra);
        if (node == root)
            return NULL;
        if (news_is_section_heading(node)) {
            x->in_word = false;
            if (node->parent->first_child != NULL)
                return node->parent->first_child;
        } else if (node->next != NULL) {
            return node->next;
        }
        node = node->parent;
    }
}

static bool walk(indexer *x, news_node *root)
{
    size_t depth = 0; /* of open nodes with children */
    news_node *node = root;
    while (node != NULL) {
        enter(x, node);
        news_node *child = node->kind == NEWS_KIND_SECTION ? ((news_section *)node->extra)->heading
                                                           : node->first_child;
        depth += !is_free(node);
        if (child == NULL)
            node = after(x, root, node, &depth);
        else if (check_depth(x->build, node, depth))
            node = child;
        else
            return false;
    }
    return true;
}

/* ---- Notes ---- */

static bool prepare_notes(indexer *x)
{
    news_build *build = x->build;
    news_arena *arena = &build->issue->arena;
    x->notes = news_arena_alloc(arena, (build->note_count + 1) * sizeof *x->notes);
    x->refs = news_arena_alloc(arena, (build->note_ref_count + 1) * sizeof *x->refs);
    x->by_id = news_heap_alloc(build->heap, (build->note_count + 1) * sizeof *x->by_id);
    if (x->notes == NULL || x->refs == NULL || x->by_id == NULL)
        return news_build_nomem(build);
    uint32_t count = 0;
    for (news_node *note = build->notes; note != NULL; note = note->next) {
        bool added;
        uint32_t *place = news_strmap_put(&x->ids, note->a, &added);
        if (place == NULL)
            return news_build_nomem(build);
        x->by_id[count++] = note;
        if (added)
            *place = count;
    }
    return true;
}

/* Notes refer to notes, which follow them. */
static bool walk_notes(indexer *x)
{
    for (size_t i = 0; i < x->note_count; i++) {
        news_node *note = (news_node *)(uintptr_t)x->notes[i];
        note->next = NULL; /* the list is in issue->notes now */
        if (!walk(x, note))
            return false;
    }
    return true;
}

static bool has_errors(const news_issue *issue)
{
    for (size_t i = 0; i < issue->finding_count; i++)
        if (issue->findings[i].severity == NEWS_ERROR)
            return true;
    return false;
}

/* Notes that no text leads to are in no edition: those that nothing refers to, and those that only
 * such refer to, or what is left out. What an error leaves out may yet come in. */
static bool report_unused(indexer *x)
{
    news_build *build = x->build;
    if (!build->whole || has_errors(build->issue))
        return true;
    for (size_t i = 0; i < build->note_count; i++) {
        const news_node *note = x->by_id[i];
        const uint32_t *first = news_strmap_get(&x->ids, note->a);
        if (first != NULL && *first != i + 1)
            continue; /* a second one of the name, which is an error of its own */
        char id[80];
        news_error_copy(id, sizeof id, note->a, false);
        if (note->number == 0 &&
            !news_issue_find(build->issue, NEWS_WARNING, "note-unused", note->line, note->column,
                             "nothing that readers get refers to the note \"%s\"; it is left out",
                             id))
            return news_build_nomem(build);
    }
    return true;
}

/* Gives each note its references, in their order. */
static bool give_references(indexer *x)
{
    news_arena *arena = &x->build->issue->arena;
    for (size_t i = 0; i < x->ref_count; i++) {
        news_note_ref *details = x->refs[i]->extra;
        news_nodes *refs = details->note->extra;
        if (refs == NULL) {
            refs = news_arena_calloc(arena, sizeof *refs);
            if (refs == NULL)
                return news_build_nomem(x->build);
            details->note->extra = refs;
        }
        details->index = (int32_t)++refs->count;
    }
    for (size_t i = 0; i < x->note_count; i++) {
        news_nodes *refs = ((news_node *)(uintptr_t)x->notes[i])->extra;
        refs->array = news_arena_alloc(arena, refs->count * sizeof(news_node *));
        if (refs->array == NULL)
            return news_build_nomem(x->build);
    }
    for (size_t i = 0; i < x->ref_count; i++) {
        const news_note_ref *details = x->refs[i]->extra;
        const news_nodes *refs = details->note->extra;
        ((const news_node **)(uintptr_t)refs->array)[details->index - 1] = x->refs[i];
    }
    return true;
}

/* ---- ---- */

static bool build_indexes(indexer *x)
{
    news_build *build = x->build;
    news_issue *issue = build->issue;
    x->links = news_arena_alloc(&issue->arena, (build->link_count + 1) * sizeof *x->links);
    x->images = news_arena_alloc(&issue->arena, (build->image_count + 1) * sizeof *x->images);
    x->credits = news_arena_alloc(&issue->arena, (build->image_count + 1) * sizeof *x->credits);
    x->items = news_arena_alloc(&issue->arena, (build->item_count + 1) * sizeof *x->items);
    if (x->links == NULL || x->images == NULL || x->credits == NULL || x->items == NULL)
        return news_build_nomem(build);
    if (!prepare_notes(x) || !walk(x, issue->root) || !walk_notes(x) || !give_references(x) ||
        !report_unused(x))
        return false;
    issue->links = (news_nodes){NULL, NULL, x->links, x->link_count};
    issue->images = (news_nodes){NULL, NULL, x->images, x->image_count};
    issue->credits = (news_nodes){NULL, NULL, x->credits, x->credit_count};
    issue->items = (news_nodes){NULL, NULL, x->items, x->item_count};
    issue->notes = (news_nodes){NULL, NULL, x->notes, x->note_count};
    issue->words = x->words;
    return true;
}

bool news_index_build(news_build *build)
{
    indexer x = {.build = build};
    news_strmap_init(&x.ids, build->heap);
    bool ok = build_indexes(&x);
    news_strmap_free(&x.ids);
    news_heap_free(build->heap, x.by_id, (build->note_count + 1) * sizeof *x.by_id);
    return ok;
}
