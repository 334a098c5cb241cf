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

bool news_inline_only(news_build *build, news_node *parent, news_str text)
{
    news_node *node = news_build_node(build, NEWS_KIND_TEXT, news_place_of(parent));
    if (node == NULL)
        return false;
    node->parent = parent;
    parent->first_child = node;
    return news_arena_copy(&build->issue->arena, text, &node->a) || news_build_nomem(build);
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

/* Where a byte of it stands; or where it all begins, for what raw HTML says may be gathered from
 * several lines. */
static news_place place_in(const flushing *f, size_t at)
{
    news_build *build = f->build;
    news_place place = build->pending_place;
    size_t line = place.line - build->overlay->first_line, in_line = build->pending_at + at;
    if (at != 0 && in_line <= news_overlay_line_end(build->overlay, line))
        news_overlay_place(build->overlay, line, in_line, &place.line, &place.column);
    return place;
}

/* Braces behind an image that were meant for attributes: a list that is one would be marked. */
static bool check_braces(flushing *f, news_str text)
{
    const news_node *last = news_build_top(f->build)->last;
    if (last == NULL || last->kind != NEWS_KIND_IMAGE || f->segment_at != 0)
        return true;
    text = news_str_trim(text);
    if (text.len == 0 || text.ptr[0] != '{' || !news_attribute_list_meant(text))
        return true;
    char shown[64];
    news_error_copy(shown, sizeof shown, text, false);
    return news_build_warn(
        f->build, "attributes-unread", place_in(f, 0),
        "\"%s\" is shown as text: attributes stand right behind the image and are "
        "written {credit=\"a name\" width=600}",
        shown);
}

static bool end_segment(flushing *f, size_t next)
{
    news_str text = news_buf_str(&f->segment);
    if (f->segment.status != NEWS_OK)
        return news_build_nomem(f->build);
    if (!check_braces(f, text))
        return false;
    if (text.len != 0 && !append_text(f->build, text, place_in(f, f->segment_at)))
        return false;
    news_buf_clear(&f->segment);
    f->segment_at = next;
    return true;
}

/* Adds a childless node in front of what waits. */
static bool add_node(flushing *f, news_node *node, size_t end)
{
    return node != NULL && end_segment(f, end) && news_build_append(f->build, node);
}

/* A merge field; one that does not parse is text, and reported. */
static bool add_field(flushing *f, const news_mark *mark, size_t at, size_t end)
{
    news_build *build = f->build;
    news_node *field = news_field_new(build, mark->source, place_in(f, at));
    if (field == NULL)
        return build->status == NEWS_OK &&
               (news_buf_append_str(&f->segment, mark->source) || news_build_nomem(build));
    return add_node(f, field, end);
}

/* A reference to a note; a link has none in its text. */
static bool add_note_ref(flushing *f, const news_mark *mark, size_t at, size_t end)
{
    news_node *ref = NULL;
    if (f->build->pending_links != 0)
        return (news_buf_append_str(&f->segment, mark->source) || news_build_nomem(f->build)) &&
               news_build_error(f->build, "note-misplaced", place_in(f, at),
                                "a link leads to one place: its text cannot refer to a note");
    return news_note_ref_new(f->build, mark->source, place_in(f, at), &ref) &&
           add_node(f, ref, end);
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
    bool fields;
    ok = ok && news_build_copy_string(build, news_buf_str(&url), NEWS_STRING_UNMARKED_ADDRESS,
                                      place, &copy, &fields);
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

/* Attributes stand right behind an image, or end a heading's text. */
static bool take_attributes(flushing *f, const news_mark *mark, size_t at, size_t end)
{
    news_build *build = f->build;
    news_node *last = news_build_top(build)->last;
    if (at == 0 && last != NULL && last->kind == NEWS_KIND_IMAGE) {
        f->segment_at = end;
        return news_image_attributes(build, last, mark->source, place_in(f, at));
    }
    if (build->heading != NULL && news_build_top(build)->node == build->heading &&
        end == f->raw.len && f->after_space) {
        while (f->segment.len != 0 && news_is_space(f->segment.ptr[f->segment.len - 1]))
            f->segment.len--;
        news_heading_notes *notes = build->heading->extra;
        return news_arena_copy(&build->issue->arena, mark->source, &notes->attributes) ||
               news_build_nomem(build);
    }
    return (news_buf_append_str(&f->segment, mark->source) || news_build_nomem(build)) &&
           news_build_warn(build, "attributes-unread", place_in(f, at),
                           "attributes have no meaning here and are shown as text");
}

/* The beginning of a note where none can be: text, without the list's marker in front of it. */
static bool add_lost_note(flushing *f, const news_mark *mark, size_t at)
{
    news_build *build = f->build;
    news_str marker = news_str_trim(news_mark_before(build->overlay, NEWS_MARK_NOTE));
    news_buf *segment = &f->segment;
    size_t len = segment->len;
    while (len != 0 && news_is_space(segment->ptr[len - 1]))
        len--;
    if (len >= marker.len && memcmp(segment->ptr + len - marker.len, marker.ptr, marker.len) == 0)
        segment->len = len - marker.len;
    return (news_buf_append_str(segment, mark->source) || news_build_nomem(build)) &&
           news_build_error(build, "note-misplaced", place_in(f, at),
                            "a note cannot be defined here; begin it on a line of its own");
}

static bool add_mark(flushing *f, const news_mark *mark, size_t at, size_t end)
{
    switch (mark->type) {
    case NEWS_MARK_URL: return add_bare_link(f, mark, at, end);
    case NEWS_MARK_ATTRIBUTES: return take_attributes(f, mark, at, end);
    case NEWS_MARK_FIELD: return add_field(f, mark, at, end);
    case NEWS_MARK_NOTE_REF: return add_note_ref(f, mark, at, end);
    case NEWS_MARK_NOTE:
        if (f->build->note_begins && at == 0) {
            f->build->note_begins = false;
            f->segment_at = end;
            return true;
        }
        return add_lost_note(f, mark, at);
    case NEWS_MARK_LITERAL:
        return news_buf_append_str(&f->segment, mark->text) || mark->text.len == 0 ||
               news_build_nomem(f->build);
    default: return news_buf_append_str(&f->segment, mark->source) || news_build_nomem(f->build);
    }
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
    uint32_t c;
    (void)news_utf8_before(f->raw, at, &c);
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
            if (!add_mark(f, mark, mark_at, mark_end))
                return false;
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
    const news_node *last = news_build_top(build)->last;
    bool behind_image = last != NULL && last->kind == NEWS_KIND_IMAGE;
    if (!overlay->has_tildes && !build->marked && !behind_image) {
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

static bool holds_fields(const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL;
         node = news_node_next_below(top, node))
        if (node->kind == NEWS_KIND_FIELD ||
            (node->kind == NEWS_KIND_IMAGE && (node->flags & NEWS_NODE_FIELDS) != 0))
            return true;
    return false;
}

static void append_plain(news_buf *buf, const news_node *node, bool fields)
{
    bool is_template = (node->flags & NEWS_NODE_FIELDS) != 0;
    switch (node->kind) {
    case NEWS_KIND_TEXT:
    case NEWS_KIND_CODE:
        (void)(fields ? news_append_escaped_braces(buf, node->a)
                      : news_buf_append_str(buf, node->a));
        break;
    case NEWS_KIND_IMAGE:
        (void)(fields && !is_template ? news_append_escaped_braces(buf, node->b)
                                      : news_buf_append_str(buf, node->b));
        break;
    case NEWS_KIND_FIELD: news_append_field(buf, node); break;
    case NEWS_KIND_SOFTBREAK:
    case NEWS_KIND_LINEBREAK: news_buf_append_char(buf, ' '); break;
    default: break;
    }
}

bool news_plain_text(news_build *build, news_node *top, news_str *text)
{
    const news_node *first = top->first_child;
    *text = NEWS_STR("");
    if (first == NULL)
        return true;
    if (build->issue->has_fields && holds_fields(top))
        top->flags |= NEWS_NODE_FIELDS;
    bool fields = (top->flags & NEWS_NODE_FIELDS) != 0;
    if (!fields && first->next == NULL && first->kind == NEWS_KIND_TEXT) {
        *text = first->a;
        return true;
    }
    news_buf *buf = &build->scratch;
    news_buf_clear(buf);
    for (const news_node *node = top->first_child; node != NULL;
         node = news_node_next_below(top, node))
        append_plain(buf, node, fields);
    return (buf->status == NEWS_OK &&
            news_arena_copy(&build->issue->arena, news_buf_str(buf), text)) ||
           news_build_nomem(build);
}

/* ---- Addresses ---- */

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
    if (news_uri_web(url) != 0)
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
    if (news_uri_web(url) != 0)
        return NEWS_LINK_EXTERNAL;
    if (news_str_starts(url, NEWS_STR("#")))
        return NEWS_LINK_SECTION;
    if (news_uri_scheme_is(url, NEWS_STR("mailto")))
        return NEWS_LINK_MAIL;
    if (news_uri_has_scheme(url) || news_str_starts(url, NEWS_STR("//")))
        return NEWS_LINK_EXTERNAL;
    return NEWS_LINK_ISSUE;
}

/* Whether an address or an alternative text holds merge fields: braces that are none are escaped.
 */
static uint8_t fields_flag(news_str address)
{
    return news_str_find(address, NEWS_STR("{{"), 0) != SIZE_MAX ? NEWS_NODE_FIELDS : 0;
}

news_node *news_link_new(news_build *build, news_str url, news_str title, news_place place)
{
    news_node *link = news_build_node(build, NEWS_KIND_LINK, place);
    if (link == NULL)
        return NULL;
    build->link_count++;
    link->number = (int32_t)news_link_kind_of(url);
    link->a = url;
    link->flags |= fields_flag(url);
    if (title.len != 0) {
        bool fields;
        news_link *details = news_arena_calloc(&build->issue->arena, sizeof *details);
        if (details == NULL) {
            news_build_nomem(build);
            return NULL;
        }
        if (!news_build_copy_string(build, title, NEWS_STRING_TEXT, place, &details->title,
                                    &fields))
            return NULL;
        link->flags |= fields ? NEWS_NODE_FIELDS : 0;
        link->extra = details;
    }
    if (news_is_issue_file(link) && !news_node_list_add(build, &build->issue_links, link))
        return NULL;
    return link;
}

news_image *news_image_details(news_build *build, news_node *image)
{
    if (image->extra == NULL)
        image->extra = news_arena_calloc(&build->issue->arena, sizeof(news_image));
    if (image->extra == NULL)
        news_build_nomem(build);
    return image->extra;
}

news_node *news_image_new(news_build *build, news_str src, news_str alt, news_str title,
                          news_place place)
{
    bool alt_fields, title_fields = false;
    news_node *image = news_build_node(build, NEWS_KIND_IMAGE, place);
    if (image == NULL)
        return NULL;
    build->image_count++;
    image->a = src;
    if (!news_build_copy_string(build, alt, NEWS_STRING_TEXT, place, &image->b, &alt_fields))
        return NULL;
    if (title.len != 0) {
        news_image *details = news_image_details(build, image);
        if (details == NULL || !news_build_copy_string(build, title, NEWS_STRING_TEXT, place,
                                                       &details->title, &title_fields))
            return NULL;
    }
    image->flags |= fields_flag(src) | (alt_fields || title_fields ? NEWS_NODE_FIELDS : 0);
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
        if (!news_build_warn(build, "link-empty-text", news_place_of(link),
                             "this link has no text; its address is shown"))
            return false;
    }
    return news_plain_text(build, link, &link->b);
}
