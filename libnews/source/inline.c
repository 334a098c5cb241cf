/* Inlines: text, what marks in it stand for, strikethrough and other pairs, links and images.
 *
 * cmark cuts text at every character that might have meant something, so text is gathered in
 * `pending` until something else comes; then it becomes one node, or several when it holds bare
 * addresses or tildes. Halves of pairs (tildes, and tags such as <small>) are first set down as
 * nodes of their own and matched when their parent closes. */
#include <utf8proc.h>

#include "source/parse.h"
#include "text/text.h"

bool news_inline_text(news_build *build, news_str text, news_place place, size_t at)
{
    if (build->pending.len == 0) {
        build->pending_place = place;
        build->pending_at = at;
    }
    return news_buf_append_str(&build->pending, text) || news_build_nomem(build);
}

static bool append_text(news_build *build, news_str text, news_place place)
{
    news_node *node = news_build_node(build, NEWS_KIND_TEXT, place);
    if (node == NULL)
        return false;
    if (!news_arena_copy(&build->issue->arena, text, &node->a))
        return news_build_nomem(build);
    return news_build_append(build, node);
}

/* ---- Flushing ---- */

/* The text being turned into nodes, of which `segment` holds the part since the last node. */
typedef struct {
    news_build *build;
    news_str raw;
    news_buf segment;
    size_t segment_at; /* in raw */
    bool after_space;
} flushing;

static news_place place_in(const flushing *f, size_t at)
{
    news_build *build = f->build;
    news_place place;
    news_overlay_place(build->overlay, build->pending_place.line - build->overlay->first_line,
                       build->pending_at + at, &place.line, &place.column);
    return at == 0 ? build->pending_place : place;
}

static bool end_segment(flushing *f, size_t next)
{
    news_str text = news_buf_str(&f->segment);
    if (f->segment.status != NEWS_OK)
        return news_build_nomem(f->build);
    if (text.len != 0 && !append_text(f->build, text, place_in(f, f->segment_at)))
        return false;
    news_buf_clear(&f->segment);
    f->segment_at = next;
    return true;
}

static bool add_bare_link(flushing *f, const news_mark *mark, size_t at, size_t end)
{
    news_build *build = f->build;
    if (build->pending_links != 0) /* a link's text is only text */
        return news_cmark_decode(build->heap, mark->source, &f->segment) ||
               news_build_nomem(build);
    news_place place = place_in(f, at);
    if (!end_segment(f, end))
        return false;
    news_buf url;
    news_buf_init(&url, build->heap, SIZE_MAX / 2);
    news_buf_append_str(&url, mark->text);
    news_cmark_decode(build->heap, mark->source, &url);
    news_node *link = NULL;
    bool ok = url.status == NEWS_OK || news_build_nomem(build);
    news_str copy;
    if (ok && !news_arena_copy(&build->issue->arena, news_buf_str(&url), &copy))
        ok = news_build_nomem(build);
    if (ok)
        link = news_link_new(build, copy, NEWS_STR_NONE, place);
    size_t shown = mark->text.len;
    news_buf_free(&url);
    if (link == NULL)
        return false;
    link->flags |= NEWS_BUILD_BARE;
    link->b = news_str_skip(link->a, shown);
    news_node *text = news_build_node(build, NEWS_KIND_TEXT, place);
    if (text == NULL)
        return false;
    text->a = link->b;
    text->parent = link;
    link->first_child = text;
    return news_build_append(build, link);
}

/* A heading's attributes end its text. */
static bool take_attributes(flushing *f, const news_mark *mark, size_t end)
{
    news_build *build = f->build;
    if (build->heading == NULL || news_build_top(build)->node != build->heading ||
        end != f->raw.len || !f->after_space)
        return false;
    ((news_heading_notes *)build->heading->extra)->attributes = mark->source;
    while (f->segment.len != 0 && news_is_space(f->segment.ptr[f->segment.len - 1]))
        f->segment.len--;
    return true;
}

/* ---- Tildes ---- */

typedef enum { SPACE, PUNCTUATION, OTHER } flank;

static flank flank_of(uint32_t c)
{
    if (c < 0x80)
        return news_is_space((char)c) ? SPACE : news_is_punct((char)c) ? PUNCTUATION : OTHER;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_ZS: return SPACE;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return PUNCTUATION;
    default: return OTHER;
    }
}

static flank flank_before(const flushing *f, size_t at)
{
    if (at == 0) {
        const news_frame *frame = news_build_top(f->build);
        const news_node *last = frame->last;
        bool edge = last == NULL ? news_is_block(frame->node)
                                 : last->kind == NEWS_KIND_SOFTBREAK ||
                                       last->kind == NEWS_KIND_LINEBREAK;
        return edge ? SPACE : PUNCTUATION;
    }
    size_t begin = at - 1;
    while (begin > 0 && ((unsigned char)f->raw.ptr[begin] & 0xC0) == 0x80)
        begin--;
    uint32_t c;
    news_utf8_decode(f->raw, begin, &c);
    return flank_of(c);
}

static flank flank_after(const flushing *f, size_t at)
{
    if (at == f->raw.len)
        return f->after_space ? SPACE : PUNCTUATION;
    uint32_t c;
    news_utf8_decode(f->raw, at, &c);
    return flank_of(c);
}

/* The tildes from `at` to `end`: two are half of a pair if they lean on something. */
static bool add_tildes(flushing *f, size_t at, size_t end)
{
    news_build *build = f->build;
    flank before = flank_before(f, at), after = flank_after(f, end);
    bool opens = after != SPACE && (after != PUNCTUATION || before != OTHER);
    bool closes = before != SPACE && (before != PUNCTUATION || after != OTHER);
    if (end - at != 2 || !(opens || closes))
        return news_buf_append(&f->segment, f->raw.ptr + at, end - at) || news_build_nomem(build);
    news_place place = place_in(f, at);
    if (!end_segment(f, end))
        return false;
    news_node *half = news_build_node(build, NEWS_KIND_TEXT, place);
    if (half == NULL)
        return false;
    half->a = NEWS_STR("~~");
    half->flags = (uint8_t)((opens ? NEWS_BUILD_OPENS : 0) | (closes ? NEWS_BUILD_CLOSES : 0));
    news_build_top(build)->pairs = true;
    return news_build_append(build, half);
}

static size_t next_tildes(news_str raw, size_t from)
{
    size_t at = news_str_find(raw, NEWS_STR("~~"), from);
    return at < raw.len ? at : raw.len;
}

static bool flush_parts(flushing *f)
{
    news_build *build = f->build;
    size_t done = 0, mark_at = 0, mark_end = 0;
    size_t tildes = build->overlay->has_tildes ? next_tildes(f->raw, 0) : f->raw.len;
    const news_mark *mark = news_overlay_next(build->overlay, f->raw, &mark_at, &mark_end);
    while (mark != NULL || tildes < f->raw.len) {
        bool is_mark = mark != NULL && (mark_at < tildes || tildes == f->raw.len);
        size_t at = is_mark ? mark_at : tildes;
        news_buf_append(&f->segment, f->raw.ptr + done, at - done);
        if (is_mark) {
            done = mark_end;
            if (mark->type == NEWS_MARK_URL) {
                if (!add_bare_link(f, mark, mark_at, mark_end))
                    return false;
            } else if (mark->type == NEWS_MARK_LITERAL) {
                news_buf_append_str(&f->segment, mark->text);
            } else if (!take_attributes(f, mark, mark_end)) {
                news_buf_append_str(&f->segment, mark->source);
            }
            mark_at = mark_end;
            mark = news_overlay_next(build->overlay, f->raw, &mark_at, &mark_end);
        } else {
            done = tildes;
            while (done < f->raw.len && f->raw.ptr[done] == '~')
                done++;
            if (!add_tildes(f, tildes, done))
                return false;
            tildes = next_tildes(f->raw, done);
        }
    }
    news_buf_append(&f->segment, f->raw.ptr + done, f->raw.len - done);
    return end_segment(f, f->raw.len);
}

bool news_inline_flush(news_build *build, bool after_space)
{
    news_str raw = news_buf_str(&build->pending);
    if (raw.len == 0)
        return true;
    const news_overlay *overlay = build->overlay;
    size_t at = 0, end;
    bool ok;
    if (!overlay->has_tildes && news_overlay_next(overlay, raw, &at, &end) == NULL) {
        ok = append_text(build, raw, build->pending_place);
    } else {
        flushing f = {.build = build, .raw = raw, .after_space = after_space};
        news_buf_init(&f.segment, build->heap, SIZE_MAX / 2);
        ok = flush_parts(&f);
        news_buf_free(&f.segment);
    }
    news_buf_clear(&build->pending);
    return ok;
}

/* ---- Pairs ---- */

enum { STRIKE, ANCHOR, FIRST_TAG };
static const char *const pair_tags[] = {"small", "sub", "sup", "kbd", "abbr", "mark"};
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
    news_node **grown = news_heap_grow(build->heap, build->pair_stack, count,
                                       &build->pair_capacity, sizeof *grown);
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
            if (!news_html_warn_dropped(build, node))
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
    for (const news_node *node = first; node != end;) {
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
    if (kind >= FIRST_TAG) {
        settle_tag(opener);
        settle_tag(closer);
        return true;
    }
    if (opener->next == closer || (kind == ANCHOR && holds_link(opener->next, closer)))
        return false;
    if (kind == ANCHOR) {
        if (!news_html_pair_link(build, opener)) {
            *ok = build->status == NEWS_OK;
            return false;
        }
    } else {
        opener->kind = NEWS_KIND_STRIKE;
        opener->flags = 0;
        opener->a = NEWS_STR_NONE;
    }
    before->next = NULL;
    opener->first_child = opener->next;
    opener->next = closer->next;
    for (news_node *child = opener->first_child; child != NULL; child = child->next)
        child->parent = opener;
    if (kind == ANCHOR) {
        unlink_bare(opener);
        *ok = tidy(build, opener) && news_link_finish(build, opener);
    }
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
            bool ok = true, is_tag = kind >= FIRST_TAG;
            if (join(build, opener, before, node, &ok) && !is_tag)
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

/* ---- Links and images ---- */

bool news_plain_text(news_build *build, const news_node *top, news_str *text)
{
    const news_node *node = top->first_child;
    *text = NEWS_STR("");
    if (node == NULL)
        return true;
    if (node->next == NULL && node->kind == NEWS_KIND_TEXT) {
        *text = node->a;
        return true;
    }
    news_buf *buf = &build->scratch;
    news_buf_clear(buf);
    while (node != NULL && node != top) {
        switch (node->kind) {
        case NEWS_KIND_TEXT:
        case NEWS_KIND_CODE: news_buf_append_str(buf, node->a); break;
        case NEWS_KIND_IMAGE: news_buf_append_str(buf, node->b); break;
        case NEWS_KIND_SOFTBREAK:
        case NEWS_KIND_LINEBREAK: news_buf_append_char(buf, ' '); break;
        default: break;
        }
        if (node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        while (node != top && node->next == NULL)
            node = node->parent;
        if (node != top)
            node = node->next;
    }
    return (buf->status == NEWS_OK &&
            news_arena_copy(&build->issue->arena, news_buf_str(buf), text)) ||
           news_build_nomem(build);
}

/* What nearly every address begins with. */
static bool is_web(news_str url)
{
    return news_str_starts(url, NEWS_STR("https://")) || news_str_starts(url, NEWS_STR("http://"));
}

bool news_link_check(news_build *build, news_str url, news_place place)
{
    if (is_web(url))
        return true;
    if (news_str_trim(url).len == 0) {
        news_build_warn(build, "link-empty", place, "this link has no address; its text is kept");
        return false;
    }
    if (!news_uri_safe(url)) {
        char shown[64];
        news_error_copy(shown, sizeof shown, url, false);
        news_build_warn(build, "link-scheme", place,
                        "an address of this kind cannot be linked: \"%s\"; its text is kept", shown);
        return false;
    }
    return true;
}

news_link_kind news_link_kind_of(news_str url)
{
    if (is_web(url))
        return NEWS_LINK_EXTERNAL;
    if (news_str_starts(url, NEWS_STR("#")))
        return NEWS_LINK_SECTION;
    if (news_uri_scheme_is(url, NEWS_STR("mailto")))
        return NEWS_LINK_MAIL;
    if (news_uri_has_scheme(url) || news_str_starts(url, NEWS_STR("//")))
        return NEWS_LINK_EXTERNAL;
    return NEWS_LINK_ISSUE;
}

news_node *news_link_new(news_build *build, news_str url, news_str title, news_place place)
{
    news_node *link = news_build_node(build, NEWS_KIND_LINK, place);
    if (link == NULL)
        return NULL;
    build->link_count++;
    link->number = (int32_t)news_link_kind_of(url);
    link->a = url;
    if (title.len != 0) {
        news_str *kept = news_arena_alloc(&build->issue->arena, sizeof *kept);
        if (kept == NULL) {
            news_build_nomem(build);
            return NULL;
        }
        if (!news_build_copy(build, title, NEWS_RESTORE_TEXT, kept))
            return NULL;
        link->extra = kept;
    }
    return link;
}

news_node *news_image_new(news_build *build, news_str src, news_str alt, news_str title,
                          news_place place)
{
    news_node *image = news_build_node(build, NEWS_KIND_IMAGE, place);
    if (image == NULL)
        return NULL;
    build->image_count++;
    image->a = src;
    if (!news_arena_copy(&build->issue->arena, alt, &image->b)) {
        news_build_nomem(build);
        return NULL;
    }
    if (title.len != 0) {
        news_image *details = news_arena_calloc(&build->issue->arena, sizeof *details);
        if (details == NULL) {
            news_build_nomem(build);
            return NULL;
        }
        if (!news_build_copy(build, title, NEWS_RESTORE_TEXT, &details->title))
            return NULL;
        image->extra = details;
    }
    return image;
}

bool news_link_finish(news_build *build, news_node *link)
{
    if (link->first_child == NULL) {
        news_node *text = news_build_node(build, NEWS_KIND_TEXT, news_place_of(link));
        if (text == NULL)
            return false;
        text->a = link->a;
        text->parent = link;
        link->first_child = text;
    }
    return news_plain_text(build, link, &link->b);
}
