/* Inlines: text, what marks in it stand for, links and images.
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
    if (!news_inline_waits(build)) {
        build->pending_place = place;
        build->pending_at = at;
    }
    news_buf *pending = &build->pending;
    news_buf_append_str(pending, build->pending_view);
    build->pending_view = NEWS_STR_NONE;
    if (build->gap && pending->len != 0 && pending->ptr[pending->len - 1] == ' ' &&
        news_str_starts(text, NEWS_STR(" ")))
        text = news_str_skip(text, 1);
    build->gap = false;
    return news_buf_append_str(pending, text) || news_build_nomem(build);
}

bool news_inline_view(news_build *build, news_str text, news_place place, size_t at)
{
    if (news_inline_waits(build))
        return news_inline_text(build, text, place, at);
    build->pending_view = text;
    build->pending_place = place;
    build->pending_at = at;
    return true;
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
        return news_cmark_decode(build->heap, mark->source, &f->segment) || news_build_nomem(build);
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
    if (c < 0x80 ? news_is_space((char)c)
                 : utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ZS)
        return SPACE;
    return news_is_punctuation(c) ? PUNCTUATION : OTHER;
}

static flank flank_before(const flushing *f, size_t at)
{
    if (at == 0) {
        const news_frame *frame = news_build_top(f->build);
        const news_node *last = frame->last;
        bool edge = last == NULL
                        ? news_is_block(frame->node)
                        : last->kind == NEWS_KIND_SOFTBREAK || last->kind == NEWS_KIND_LINEBREAK;
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
    if (!news_inline_waits(build))
        return true;
    news_str raw =
        build->pending_view.len != 0 ? build->pending_view : news_buf_str(&build->pending);
    const news_overlay *overlay = build->overlay;
    bool ok;
    if (!overlay->has_tildes && !build->marked) {
        ok = append_text(build, raw, build->pending_place);
    } else {
        flushing f = {.build = build, .raw = raw, .after_space = after_space};
        news_buf_init(&f.segment, build->heap, SIZE_MAX / 2);
        ok = flush_parts(&f);
        news_buf_free(&f.segment);
    }
    news_buf_clear(&build->pending);
    build->pending_view = NEWS_STR_NONE;
    build->gap = false;
    return ok;
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
    const char *fault = news_address_fault(url);
    if (fault != NULL) {
        char shown[64];
        news_error_copy(shown, sizeof shown, url, false);
        news_build_warn(build, "link-address", place,
                        "the address \"%s\" %s; it becomes no link, its text is kept", shown,
                        fault);
        return false;
    }
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
                        "an address of this kind cannot be linked: \"%s\"; its text is kept",
                        shown);
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
