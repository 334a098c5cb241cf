/* One item: how it begins, its title, body, icon and source.
 *
 * An item's children stay as written. Beside them it has the title as a run of inlines, and a body
 * of blocks without the title, which shares the children's nodes wherever the two agree: only a
 * paragraph that loses its title or its source is made anew, and its inlines are copied, one level
 * deep, only when it must lose its end. */
#include <assert.h>

#include <utf8proc.h>

#include "source/parse.h"
#include "text/text.h"

enum { LONGEST_SOURCE = 40 };

/* ---- Characters ---- */

static bool is_emoji(uint32_t c)
{
    if (c >= 0x1F1E6 && c <= 0x1F1FF) /* half of a flag */
        return true;
    return c >= 0x80 && utf8proc_get_property((utf8proc_int32_t)c)->boundclass ==
                            UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_comma(uint32_t c)
{
    return c == ',' || c == 0x060C || c == 0x3001 || c == 0xFF0C || c == 0xFE50;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 || c == 0x202F || c == 0x3000;
}

/* Sets a title off from what follows it. */
static bool is_separator(uint32_t c)
{
    return c == ':' || c == ';' || c == '.' || c == '-' || c == '|' || c == 0x2010 || c == 0x2012 ||
           c == 0x2013 || c == 0x2014 || c == 0x2015 || c == 0xB7 || c == 0x2022 || c == 0x3002 ||
           c == 0xFF0E || c == 0xFF1A || c == 0xFF1B || c == 0xFF5C;
}

/* Stands next to its text without a space. */
static bool is_fullwidth(uint32_t c)
{
    return c == 0x3002 || (c >= 0xFF01 && c <= 0xFF60);
}

/* Says something about the title, so that it goes with it. */
static bool is_mark(uint32_t c)
{
    return c == '?' || c == '!' || c == 0x061F || c == 0x203C || c == 0x203D ||
           (c >= 0x2047 && c <= 0x2049) || c == 0xFF01 || c == 0xFF1F;
}

static bool ends_sentence(news_str title)
{
    if (title.len == 0)
        return false;
    uint32_t c;
    (void)news_utf8_before(title, title.len, &c);
    return c == '.' || c == 0x2026 || c == 0x3002 || is_mark(c);
}

/* ---- How a paragraph begins ---- */

/* Takes emoji and white space off a text; true when that is all there is. */
static bool only_icon(news_str text, news_str *icon)
{
    size_t at = 0, begin = SIZE_MAX, end = 0;
    while (at < text.len) {
        uint32_t c;
        size_t length = news_utf8_decode(text, at, &c);
        if (is_blank(c)) {
            at += length;
            continue;
        }
        size_t next = news_grapheme_end(text, at);
        bool keycap = next - at >= 4 && memcmp(text.ptr + next - 3, "\xE2\x83\xA3", 3) == 0;
        if (!is_emoji(c) && !keycap)
            return false;
        if (begin == SIZE_MAX)
            begin = at;
        at = end = next;
    }
    if (begin != SIZE_MAX)
        *icon = news_str_of(text.ptr + begin, end - begin);
    return true;
}

/* How much of the text behind a title belongs to it: "?", "?!", "...", and in the French manner
 * " ?". What is closer to the text behind it, as in "]!important", does not. */
static size_t marks_length(news_str text)
{
    size_t at = 0, length;
    uint32_t c = 0;
    for (; at < text.len; at += length) {
        length = news_utf8_decode(text, at, &c);
        if (!is_blank(c))
            break;
    }
    const size_t begin = at;
    bool fullwidth = false;
    for (; at < text.len; at += length) {
        length = news_utf8_decode(text, at, &c);
        bool ellipsis = c == 0x2026 || news_str_starts(news_str_skip(text, at), NEWS_STR(".."));
        if (ellipsis ? begin != 0 : !is_mark(c))
            break;
        while (c == '.' && at + length < text.len && text.ptr[at + length] == '.')
            length++;
        fullwidth = is_fullwidth(c);
    }
    bool set_off = at == text.len || is_blank(c) || is_separator(c) || fullwidth;
    return at != begin && set_off ? at : 0;
}

/* Whether a run of siblings is nothing but punctuation, after `skip` bytes. */
static bool only_punctuation(const news_node *node, size_t skip)
{
    for (; node != NULL; node = node->next) {
        if (node->kind != NEWS_KIND_TEXT)
            return false;
        for (size_t at = skip; at < node->a.len;) {
            uint32_t c;
            at += news_utf8_decode(node->a, at, &c);
            if (!is_blank(c) && !is_separator(c))
                return false;
        }
        skip = 0;
    }
    return true;
}

static bool is_emphasis(const news_node *node)
{
    return node->kind == NEWS_KIND_EMPH || node->kind == NEWS_KIND_STRONG;
}

/* Whether a paragraph begins with a link, after an optional emoji and emphasis. */
bool news_begins_with_link(const news_node *paragraph, news_item_beginning *b)
{
    *b = (news_item_beginning){0};
    if (paragraph == NULL || paragraph->kind != NEWS_KIND_PARAGRAPH)
        return false;
    news_node *node = paragraph->first_child;
    for (bool inside = false; node != NULL;) {
        if (node->kind == NEWS_KIND_TEXT && b->icon.len == 0) {
            if (!only_icon(node->a, &b->icon))
                return false;
            b->copied |= inside;
            node = node->next;
            continue;
        }
        if (!inside)
            b->outer = node;
        if (!is_emphasis(node))
            break;
        inside = true;
        node = node->first_child;
    }
    if (node == NULL || node->kind != NEWS_KIND_LINK || node->number == NEWS_LINK_SECTION ||
        news_str_trim(node->b).len == 0)
        return false;
    b->link = node;
    for (;; node = node->parent) {
        if (node->next != NULL) {
            if (b->marked == NULL && node->next->kind == NEWS_KIND_TEXT)
                b->marks = news_str_of(node->next->a.ptr, marks_length(node->next->a));
            size_t skip = b->marked == NULL ? b->marks.len : 0;
            if (b->marked == NULL)
                b->marked = node;
            if (node == b->outer)
                break;
            b->copied = true;
            b->shared_emphasis |= !only_punctuation(node->next, skip);
        }
        if (node == b->outer)
            break;
    }
    if (b->shared_emphasis)
        b->marks = NEWS_STR_NONE;
    return true;
}

/* The first character that is no white space at or after a run of siblings begins; 0 at the end or
 * before a break, U+FFFD for what is no text. */
static uint32_t first_character(const news_node *node)
{
    while (node != NULL) {
        switch (node->kind) {
        case NEWS_KIND_SOFTBREAK:
        case NEWS_KIND_LINEBREAK: return 0;
        case NEWS_KIND_HTML_INLINE: node = node->next; continue;
        case NEWS_KIND_EMPH:
        case NEWS_KIND_STRONG:
        case NEWS_KIND_STRIKE: node = node->first_child; continue;
        case NEWS_KIND_TEXT: break;
        default: return 0xFFFD;
        }
        for (size_t at = 0; at < node->a.len;) {
            uint32_t c;
            at += news_utf8_decode(node->a, at, &c);
            if (!is_blank(c))
                return c;
        }
        node = node->next;
    }
    return 0;
}

/* Whether a list's entry reads as an item: a link, then the end, a break, or punctuation. */
bool news_reads_as_item(const news_node *entry)
{
    news_item_beginning b;
    if ((entry->flags & NEWS_NODE_TASK) != 0 || !news_begins_with_link(entry->first_child, &b))
        return false;
    const news_node *next = b.link->next != NULL ? b.link->next : b.outer->next;
    uint32_t c = first_character(next);
    return c == 0 || (news_is_punctuation(c) && !is_comma(c));
}

/* ---- Titles ---- */

static news_node *copy_node(news_build *build, const news_node *from, news_node *parent)
{
    news_node *copy = news_build_node(build, (news_kind)from->kind, news_place_of(from));
    if (copy == NULL)
        return NULL;
    *copy = *from;
    copy->parent = parent;
    copy->next = NULL;
    return copy;
}

static bool make_title(news_build *build, const news_item_beginning *b, news_str *title)
{
    *title = news_str_trim(b->link->b);
    if (b->marks.len == 0)
        return true;
    news_buf_clear(&build->scratch);
    news_buf_append_str(&build->scratch, *title);
    return (news_buf_append_str(&build->scratch, b->marks) &&
            news_arena_copy(&build->issue->arena, news_buf_str(&build->scratch), title)) ||
           news_build_nomem(build);
}

/* The title as written, emphasis included. Emphasis that holds an icon or punctuation besides is
 * copied around a copy of the link, and so is a link with marks behind it; when emphasis holds
 * more, the title is the link alone. */
static bool make_heading(news_build *build, const news_item_beginning *b, news_node *item,
                         news_nodes *run)
{
    if (b->shared_emphasis || (b->link == b->outer && b->marks.len == 0)) {
        *run = (news_nodes){b->link, b->link->next, NULL, 0};
        return true;
    }
    if (!b->copied && b->marks.len == 0) {
        *run = (news_nodes){b->outer, b->outer->next, NULL, 0};
        return true;
    }
    news_node *inner = NULL;
    for (const news_node *from = b->link;; from = from->parent) {
        news_node *copy = copy_node(build, from, item);
        if (copy == NULL)
            return false;
        if (inner != NULL)
            copy->first_child = inner;
        for (news_node *child = inner; child != NULL; child = child->next)
            child->parent = copy;
        if (b->marks.len != 0 && from == b->marked) {
            copy->next = copy_node(build, from->next, item);
            if (copy->next == NULL)
                return false;
            copy->next->a = b->marks;
        }
        inner = copy;
        if (from == b->outer)
            break;
    }
    *run = (news_nodes){inner, NULL, NULL, 0};
    return true;
}

/* ---- Bodies ---- */

/* What is left of the title's paragraph. */
typedef struct {
    news_node *first; /* NULL: nothing */
    size_t skip;      /* bytes of its text that go */
    bool separated;   /* punctuation or a hard break stood before it */
    bool soft;        /* a line end did */
} remainder;

/* Skips white space and the punctuation that sets the title off: "] - text", "]: text", "]：text",
 * but not the hyphen of "]-based". */
static size_t skip_separator(news_str text, bool *separated)
{
    size_t at = 0, kept = 0;
    bool punctuation = false, tight = false, cjk = false, hyphen = false;
    while (at < text.len) {
        uint32_t c;
        size_t length = news_utf8_decode(text, at, &c);
        if (is_blank(c)) {
            *separated |= punctuation;
            punctuation = false;
            kept = at += length;
            continue;
        }
        if (!is_separator(c) || news_str_starts(news_str_skip(text, at), NEWS_STR(".."))) {
            cjk = news_is_cjk(c);
            break;
        }
        at += length;
        punctuation = true;
        tight |= is_fullwidth(c) || (c >= 0x2012 && c <= 0x2015);
        hyphen = c == '-' || c == 0x2010;
    }
    if (punctuation && (at == text.len || tight || (cjk && !hyphen))) {
        *separated = true;
        kept = at;
    }
    return kept;
}

static remainder find_remainder(news_node *tail, size_t skip)
{
    remainder r = {NULL, 0, false, false};
    for (news_node *node = tail; node != NULL; node = node->next) {
        if (node->kind == NEWS_KIND_LINEBREAK) {
            r.separated = true;
        } else if (node->kind == NEWS_KIND_SOFTBREAK) {
            r.soft = true;
        } else {
            r.skip = skip;
            if (node->kind == NEWS_KIND_TEXT)
                r.skip += skip_separator(news_str_skip(node->a, skip), &r.separated);
            skip = 0;
            if (node->kind != NEWS_KIND_TEXT || r.skip < node->a.len) {
                r.first = node;
                break;
            }
        }
    }
    return r;
}

/* Whether the sentence that the title began goes on. */
static bool runs_on(const remainder *r, news_str title)
{
    if (r->first == NULL || r->separated || ends_sentence(title))
        return false;
    uint32_t c;
    if (r->first->kind == NEWS_KIND_NOTE_REF)
        return true; /* it belongs to the title's words */
    if (r->first->kind == NEWS_KIND_TEXT)
        news_utf8_decode(r->first->a, r->skip, &c);
    else
        c = first_character(r->first);
    if (r->first->kind == NEWS_KIND_CODE || r->first->kind == NEWS_KIND_LINK)
        return !r->soft;
    if (is_comma(c) || c == '\'' || c == 0x2019 || c == '-' || c == '/')
        return true;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    bool lower = category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_ND;
    bool letter = lower || category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT ||
                  category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_LO;
    bool quote = c == '"' || category == UTF8PROC_CATEGORY_PI;
    return r->soft ? lower : letter || quote;
}

/* What is left of the emphasis around a title that held more: copies around what follows the link.
 */
static news_node *copy_emphasis(news_build *build, const news_item_beginning *b)
{
    news_node *inner = NULL;
    for (const news_node *node = b->link; node != b->outer; node = node->parent) {
        if (inner == NULL && node->next == NULL)
            continue;
        news_node *copy = copy_node(build, node->parent, node->parent->parent);
        if (copy == NULL)
            return NULL;
        copy->first_child = inner != NULL ? inner : node->next;
        if (inner != NULL) {
            inner->next = node->next;
            inner->parent = copy;
        }
        inner = copy;
    }
    assert(inner != NULL); /* the emphasis is shared, so something follows the link in it */
    inner->next = b->outer->next;
    return inner;
}

static news_node *last_child(const news_node *parent)
{
    news_node *last = parent->first_child;
    while (last != NULL && last->next != NULL)
        last = last->next;
    return last;
}

#define FULLWIDTH_OPEN NEWS_STR("\xEF\xBC\x88")
#define FULLWIDTH_CLOSE NEWS_STR("\xEF\xBC\x89")

/* Whether the first `length` bytes of a text end with another. */
static bool ends_with(news_str text, size_t length, news_str ending)
{
    return length >= ending.len &&
           memcmp(text.ptr + length - ending.len, ending.ptr, ending.len) == 0;
}

/* A short parenthesis at the end of a paragraph. Sets *cut to where the text before it ends. */
static bool find_source(const news_node *paragraph, const news_node **text, size_t *cut,
                        news_str *source)
{
    if (paragraph->kind != NEWS_KIND_PARAGRAPH)
        return false;
    const news_node *last = last_child(paragraph);
    if (last == NULL || last->kind != NEWS_KIND_TEXT)
        return false;
    news_str s = last->a;
    while (s.len != 0 && news_is_space(s.ptr[s.len - 1]))
        s.len--;
    bool wide = ends_with(s, s.len, FULLWIDTH_CLOSE);
    const news_str opening = wide ? FULLWIDTH_OPEN : NEWS_STR("(");
    const news_str closing = wide ? FULLWIDTH_CLOSE : NEWS_STR(")");
    if (!ends_with(s, s.len, closing))
        return false;
    const size_t end = s.len - closing.len;
    size_t begin = end;
    while (begin > 0 && !ends_with(s, begin, opening) && !ends_with(s, begin, closing) &&
           end - begin < 4 * LONGEST_SOURCE + 2)
        begin--;
    if (!ends_with(s, begin, opening))
        return false;
    const size_t open = begin - opening.len;
    news_str inside = news_str_trim(news_str_of(s.ptr + begin, end - begin));
    bool alone = wide || open == 0 || news_is_space(s.ptr[open - 1]);
    if (!alone || inside.len == 0 || news_utf8_count(inside) > LONGEST_SOURCE)
        return false;
    *source = inside;
    *text = last;
    *cut = open;
    while (*cut > 0 && news_is_space(s.ptr[*cut - 1]))
        (*cut)--;
    return true;
}

/* A paragraph like `from`, whose children are those from `first` on. Without a cut they are shared
 * but for the first, if it loses something; else all are copied, up to where the text `last` is
 * cut. *made is NULL when nothing is left. */
static bool make_paragraph(news_build *build, const news_node *from, news_node *first, size_t skip,
                           const news_node *last, size_t cut, news_node **made)
{
    *made = NULL;
    news_node *paragraph = copy_node(build, from, from->parent);
    if (paragraph == NULL)
        return false;
    paragraph->first_child = first;
    news_node **link = &paragraph->first_child, *end = NULL;
    for (news_node *child = first; child != NULL; child = child->next) {
        bool is_first = child == first, is_last = child == last;
        if (last == NULL && !(is_first && skip != 0))
            break; /* shared from here on */
        if (is_last && cut <= (is_first ? skip : 0)) {
            *link = NULL;
            break;
        }
        news_node *copy = copy_node(build, child, paragraph);
        if (copy == NULL)
            return false;
        if (is_last)
            copy->a.len = cut;
        if (is_first)
            copy->a = news_str_skip(copy->a, skip);
        copy->next = is_last || last != NULL ? NULL : child->next;
        *link = copy;
        link = &copy->next;
        if (copy->kind != NEWS_KIND_SOFTBREAK && copy->kind != NEWS_KIND_LINEBREAK)
            end = copy;
        if (last == NULL || is_last)
            break;
    }
    if (last != NULL) { /* breaks before the source go with it */
        if (end == NULL)
            return true;
        end->next = NULL;
    }
    if (paragraph->first_child != NULL)
        *made = paragraph;
    return true;
}

/* Puts the body together: `opening` stands for the first child (NULL: nothing is left of it),
 * `closing` for the last if `closes`. */
static bool make_body(news_build *build, const news_node *item, news_node *opening,
                      news_node *closing, bool closes, news_nodes *body)
{
    const news_node *rest = item->first_child->next;
    if (!closes) {
        if (opening != NULL)
            opening->next = item->first_child->next;
        *body = (news_nodes){opening != NULL ? opening : rest, NULL, NULL, 0};
        return true;
    }
    size_t count = 2;
    for (const news_node *node = rest; node != NULL; node = node->next)
        count++;
    const news_node **blocks = news_arena_alloc(&build->issue->arena, count * sizeof *blocks);
    if (blocks == NULL)
        return news_build_nomem(build);
    count = 0;
    if (opening != NULL)
        blocks[count++] = opening;
    for (const news_node *node = rest; node != NULL && node->next != NULL; node = node->next)
        blocks[count++] = node;
    if (closing != NULL)
        blocks[count++] = closing;
    *body = (news_nodes){NULL, NULL, blocks, count};
    return true;
}

/* Fills what an item has beside its children. */
bool news_item_describe(news_build *build, news_node *item, const news_item_beginning *b)
{
    news_item *details = news_arena_calloc(&build->issue->arena, sizeof *details);
    if (details == NULL)
        return news_build_nomem(build);
    item->extra = details;
    build->item_count++;
    details->link = b->link;
    details->icon = b->icon;
    if (!make_title(build, b, &details->title) || !make_heading(build, b, item, &details->heading))
        return false;

    news_node *first = item->first_child, *last_block = last_child(item);
    const news_node *source_text = NULL;
    size_t cut = 0;
    bool sourced = find_source(last_block, &source_text, &cut, &details->source);
    const news_node *end = sourced && last_block == first ? source_text : NULL;
    news_node *opening = NULL, *closing = NULL;
    remainder r = find_remainder(b->outer->next, b->marked == b->outer ? b->marks.len : 0);
    if (b->shared_emphasis) {
        r = (remainder){copy_emphasis(build, b), 0, false, false};
        if (r.first == NULL)
            return false;
        item->flags |= NEWS_NODE_CONTINUES;
    } else {
        if (b->link->next != NULL && b->copied) /* punctuation within the emphasis */
            r.separated = true;
        if (runs_on(&r, details->title)) { /* as written, white space and all */
            item->flags |= NEWS_NODE_CONTINUES;
            r.first = b->outer->next;
            r.skip = 0;
        }
    }
    if (r.first != NULL && !make_paragraph(build, first, r.first, r.skip, end, cut, &opening))
        return false;
    if (opening == NULL)
        item->flags &= (uint8_t)~NEWS_NODE_CONTINUES;
    else if (b->shared_emphasis)
        opening->first_child->parent = opening;
    bool closes = sourced && last_block != first;
    if (closes &&
        !make_paragraph(build, last_block, last_block->first_child, 0, source_text, cut, &closing))
        return false;
    return make_body(build, item, opening, closing, closes, &details->body);
}
