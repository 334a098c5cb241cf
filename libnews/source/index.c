/* The last walk over a finished issue, in document order: the indexes of links, images and items,
 * each section's share of them, the count of words, and the check that nothing nests too deep. */
#include "source/parse.h"
#include "text/text.h"

typedef struct {
    news_build *build;
    const news_node **links, **images, **items;
    size_t link_count, image_count, item_count;
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

enum { OTHER, ALNUM, SPACE, WIDE };

/* What a byte is to the count: a letter or digit, white space, part of a longer character. */
static const uint8_t classes[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    ['0'] = ALNUM,  ['1'] = ALNUM,  ['2'] = ALNUM,  ['3'] = ALNUM,  ['4'] = ALNUM,  ['5'] = ALNUM,
    ['6'] = ALNUM,  ['7'] = ALNUM,  ['8'] = ALNUM,  ['9'] = ALNUM,  ['A'] = ALNUM,  ['B'] = ALNUM,
    ['C'] = ALNUM,  ['D'] = ALNUM,  ['E'] = ALNUM,  ['F'] = ALNUM,  ['G'] = ALNUM,  ['H'] = ALNUM,
    ['I'] = ALNUM,  ['J'] = ALNUM,  ['K'] = ALNUM,  ['L'] = ALNUM,  ['M'] = ALNUM,  ['N'] = ALNUM,
    ['O'] = ALNUM,  ['P'] = ALNUM,  ['Q'] = ALNUM,  ['R'] = ALNUM,  ['S'] = ALNUM,  ['T'] = ALNUM,
    ['U'] = ALNUM,  ['V'] = ALNUM,  ['W'] = ALNUM,  ['X'] = ALNUM,  ['Y'] = ALNUM,  ['Z'] = ALNUM,
    ['a'] = ALNUM,  ['b'] = ALNUM,  ['c'] = ALNUM,  ['d'] = ALNUM,  ['e'] = ALNUM,  ['f'] = ALNUM,
    ['g'] = ALNUM,  ['h'] = ALNUM,  ['i'] = ALNUM,  ['j'] = ALNUM,  ['k'] = ALNUM,  ['l'] = ALNUM,
    ['m'] = ALNUM,  ['n'] = ALNUM,  ['o'] = ALNUM,  ['p'] = ALNUM,  ['q'] = ALNUM,  ['r'] = ALNUM,
    ['s'] = ALNUM,  ['t'] = ALNUM,  ['u'] = ALNUM,  ['v'] = ALNUM,  ['w'] = ALNUM,  ['x'] = ALNUM,
    ['y'] = ALNUM,  ['z'] = ALNUM,  [0xC2] = WIDE,  [0xC3] = WIDE,  [0xC4] = WIDE,  [0xC5] = WIDE,
    [0xC6] = WIDE,  [0xC7] = WIDE,  [0xC8] = WIDE,  [0xC9] = WIDE,  [0xCA] = WIDE,  [0xCB] = WIDE,
    [0xCC] = WIDE,  [0xCD] = WIDE,  [0xCE] = WIDE,  [0xCF] = WIDE,  [0xD0] = WIDE,  [0xD1] = WIDE,
    [0xD2] = WIDE,  [0xD3] = WIDE,  [0xD4] = WIDE,  [0xD5] = WIDE,  [0xD6] = WIDE,  [0xD7] = WIDE,
    [0xD8] = WIDE,  [0xD9] = WIDE,  [0xDA] = WIDE,  [0xDB] = WIDE,  [0xDC] = WIDE,  [0xDD] = WIDE,
    [0xDE] = WIDE,  [0xDF] = WIDE,  [0xE0] = WIDE,  [0xE1] = WIDE,  [0xE2] = WIDE,  [0xE3] = WIDE,
    [0xE4] = WIDE,  [0xE5] = WIDE,  [0xE6] = WIDE,  [0xE7] = WIDE,  [0xE8] = WIDE,  [0xE9] = WIDE,
    [0xEA] = WIDE,  [0xEB] = WIDE,  [0xEC] = WIDE,  [0xED] = WIDE,  [0xEE] = WIDE,  [0xEF] = WIDE,
    [0xF0] = WIDE,  [0xF1] = WIDE,  [0xF2] = WIDE,  [0xF3] = WIDE,  [0xF4] = WIDE,
};

/* A run of anything but white space that holds a letter or a digit is a word. */
static void count_words(indexer *x, news_str text)
{
    unsigned in_word = x->in_word;
    size_t words = x->words;
    for (size_t i = 0; i < text.len;) {
        unsigned class = classes[(unsigned char)text.ptr[i]];
        if (NEWS_LIKELY(class != WIDE)) {
            unsigned starts = class & 1;
            words += starts & ~in_word;
            in_word = (in_word & ~(class >> 1)) | starts;
            i++;
            continue;
        }
        uint32_t c;
        i += news_utf8_decode(text, i, &c);
        if (is_ideograph(c)) {
            words++;
            in_word = 0;
        } else if (is_wide_space(c)) {
            in_word = 0;
        } else if (in_word == 0 && news_is_word_character(c)) {
            words++;
            in_word = 1;
        }
    }
    x->in_word = in_word != 0;
    x->words = words;
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

static void enter(indexer *x, news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_TEXT:
    case NEWS_KIND_CODE: count_words(x, node->a); return;
    case NEWS_KIND_EMPH:
    case NEWS_KIND_STRONG:
    case NEWS_KIND_STRIKE:
    case NEWS_KIND_HTML_INLINE: return;
    case NEWS_KIND_LINK:
        node->flags = 0;
        x->links[x->link_count++] = node;
        return;
    case NEWS_KIND_IMAGE: x->images[x->image_count++] = node; break;
    case NEWS_KIND_ITEM: x->items[x->item_count++] = node; break;
    case NEWS_KIND_SECTION: enter_section(x, node->extra); break;
    default: break;
    }
    x->in_word = false;
}

static bool is_section_heading(const news_node *node)
{
    return node->kind == NEWS_KIND_HEADING && node->parent->kind == NEWS_KIND_SECTION &&
           ((const news_section *)node->parent->extra)->heading == node;
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
        news_error_set(build->error, NEWS_ERR_LIMIT, build->issue->name, node->line, node->column,
                       "nested more than %zu deep (max_depth)", build->options->max_depth);
    return false;
}

/* Past a node's subtree: its sibling, or an ancestor's; NULL at the end. */
static news_node *after(indexer *x, news_node *node, size_t *depth)
{
    const news_node *root = x->build->issue->root;
    for (;;) {
        *depth -= !is_free(node);
        if (node->kind == NEWS_KIND_SECTION)
            leave_section(x, node->extra);
        if (node == root)
            return NULL;
        if (is_section_heading(node)) {
            x->in_word = false;
            if (node->parent->first_child != NULL)
                return node->parent->first_child;
        } else if (node->next != NULL) {
            return node->next;
        }
        node = node->parent;
    }
}

static bool walk(indexer *x)
{
    size_t depth = 0; /* of open nodes with children */
    news_node *node = x->build->issue->root;
    while (node != NULL) {
        enter(x, node);
        news_node *child = node->kind == NEWS_KIND_SECTION ? ((news_section *)node->extra)->heading
                                                           : node->first_child;
        depth += !is_free(node);
        if (child == NULL)
            node = after(x, node, &depth);
        else if (check_depth(x->build, node, depth))
            node = child;
        else
            return false;
    }
    return true;
}

bool news_index_build(news_build *build)
{
    news_issue *issue = build->issue;
    indexer x = {.build = build};
    x.links = news_arena_alloc(&issue->arena, (build->link_count + 1) * sizeof *x.links);
    x.images = news_arena_alloc(&issue->arena, (build->image_count + 1) * sizeof *x.images);
    x.items = news_arena_alloc(&issue->arena, (build->item_count + 1) * sizeof *x.items);
    if (x.links == NULL || x.images == NULL || x.items == NULL)
        return news_build_nomem(build);
    if (!walk(&x))
        return false;
    issue->links = (news_nodes){NULL, NULL, x.links, x.link_count};
    issue->images = (news_nodes){NULL, NULL, x.images, x.image_count};
    issue->items = (news_nodes){NULL, NULL, x.items, x.item_count};
    issue->words = x.words;
    return true;
}
