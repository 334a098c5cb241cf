/* From cmark's tree to the issue's nodes: the walk, and the blocks.
 *
 * One loop visits cmark's tree in order, without recursion; a stack of frames holds the nodes that
 * are open. Nodes share nothing with cmark. Inlines are left to inline.c, raw HTML to raw_html.c.
 */
#include <stdio.h>

#include "source/parse.h"
#include "text/text.h"

bool news_build_nomem(news_build *build)
{
    build->status = NEWS_ERR_NOMEM;
    return false;
}

news_node *news_build_node(news_build *build, news_kind kind, news_place place)
{
    if (build->issue->node_count >= build->options->max_nodes) {
        build->status = news_error_set(build->error, NEWS_ERR_LIMIT, build->issue->source,
                                       place.line, place.column, "more than %zu nodes (max_nodes)",
                                       build->options->max_nodes);
        return NULL;
    }
    news_node *node = news_node_new(build->issue, kind, place.line, place.column);
    if (node == NULL)
        news_build_nomem(build);
    return node;
}

NEWS_PRINTF(5, 0)
static bool report(news_build *build, news_severity severity, const char *code, news_place place,
                   const char *format, va_list arguments)
{
    char text[256], fitting[sizeof text]; /* cut between characters, where it was cut */
    int length = vsnprintf(text, sizeof text, format, arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    news_error_copy(fitting, sizeof fitting,
                    news_str_of(text, kept < sizeof text ? kept : sizeof text - 1), false);
    return news_issue_find(build->issue, severity, code, place.line, place.column, "%s", fitting) ||
           news_build_nomem(build);
}

bool news_build_warn(news_build *build, const char *code, news_place place, const char *format, ...)
{
    if (build->quiet)
        return true;
    va_list arguments;
    va_start(arguments, format);
    bool ok = report(build, NEWS_WARNING, code, place, format, arguments);
    va_end(arguments);
    return ok;
}

bool news_build_error(news_build *build, const char *code, news_place place, const char *format,
                      ...)
{
    if (build->quiet)
        return true;
    va_list arguments;
    va_start(arguments, format);
    bool ok = report(build, NEWS_ERROR, code, place, format, arguments);
    va_end(arguments);
    return ok;
}

bool news_node_list_add(news_build *build, news_node_list *list, news_node *node)
{
    news_node **grown =
        news_heap_grow(build->heap, list->array, list->count, &list->capacity, sizeof *grown);
    if (grown == NULL)
        return news_build_nomem(build);
    list->array = grown;
    grown[list->count++] = node;
    return true;
}

bool news_build_copy(news_build *build, news_str text, news_restore how, news_str *copy)
{
    size_t at = 0, end;
    if (news_overlay_next(build->overlay, text, &at, &end) != NULL) {
        news_buf_clear(&build->scratch);
        if (!news_overlay_restore(build->overlay, text, how, &build->scratch))
            return news_build_nomem(build);
        text = news_buf_str(&build->scratch);
    }
    return news_arena_copy(&build->issue->arena, text, copy) || news_build_nomem(build);
}

bool news_is_block(const news_node *node)
{
    return node->kind < NEWS_KIND_TEXT;
}

/* ---- Frames ---- */

bool news_build_append(news_build *build, news_node *node)
{
    news_frame *frame = news_build_top(build);
    node->parent = frame->node;
    if (frame->last != NULL)
        frame->last->next = node;
    else
        frame->node->first_child = node;
    frame->last = node;
    if (NEWS_UNLIKELY(build->cut_waits) && news_is_block(node) && node->kind != NEWS_KIND_NOTE &&
        (frame->node == build->issue->root || news_is_conditional(frame->node))) {
        node->flags |= NEWS_NODE_CUT;
        build->issue->has_cut = true;
        build->cut_waits = false;
    }
    return true;
}

static bool grow_frames(news_build *build)
{
    news_frame *frames = news_heap_grow(build->heap, build->frames, build->frame_count,
                                        &build->frame_capacity, sizeof *frames);
    if (frames == NULL)
        return news_build_nomem(build);
    build->frames = frames;
    return true;
}

bool news_build_open(news_build *build, news_node *node)
{
    if (build->frame_count > build->options->max_depth) {
        build->status = news_error_set(
            build->error, NEWS_ERR_LIMIT, build->issue->source, node->line, node->column,
            "nested more than %zu deep (max_depth)", build->options->max_depth);
        return false;
    }
    news_node *before = news_build_top(build)->last;
    news_build_append(build, node);
    if (build->frame_count == build->frame_capacity && !grow_frames(build))
        return false;
    build->frames[build->frame_count++] = (news_frame){.node = node, .before = before};
    return true;
}

bool news_build_break(news_build *build, bool hard)
{
    if (!news_inline_flush(build, true))
        return false;
    news_node *last = news_build_top(build)->last;
    if (last == NULL || last->kind == NEWS_KIND_LINEBREAK)
        return true; /* nothing to break, or <br> at the end of a line */
    if (last->kind == NEWS_KIND_SOFTBREAK) {
        if (hard)
            last->kind = NEWS_KIND_LINEBREAK;
        return true;
    }
    news_node *node = news_build_node(build, hard ? NEWS_KIND_LINEBREAK : NEWS_KIND_SOFTBREAK,
                                      news_place_of(last));
    news_build_top(build)->breaks = true;
    return node != NULL && news_build_append(build, node);
}

/* Breaks at the end of a block: what followed them was dropped. */
static void drop_last_breaks(news_frame *frame)
{
    news_node *end = NULL; /* the last child that stays */
    for (news_node *child = frame->node->first_child; child != NULL; child = child->next)
        if (child->kind != NEWS_KIND_SOFTBREAK && child->kind != NEWS_KIND_LINEBREAK)
            end = child;
    frame->last = end;
    if (end != NULL)
        end->next = NULL;
    else
        frame->node->first_child = NULL;
}

/* Scripts without spaces have none at a line's end either, nor has their punctuation, which is
 * wide enough, beside a word of another script. */
static bool joins(const news_node *before, const news_node *after)
{
    uint32_t left = news_node_edge(before, true), right = news_node_edge(after, false);
    bool left_is_cjk = news_is_cjk(left), right_is_cjk = news_is_cjk(right);
    return (left_is_cjk && (right_is_cjk || news_is_punctuation(left))) ||
           (right_is_cjk && news_is_punctuation(right));
}

static void join_lines(news_frame *frame)
{
    news_node *before = frame->resumed;
    news_node **link = before != NULL ? &before->next : &frame->node->first_child;
    for (news_node *child = *link; child != NULL; child = child->next) {
        if (child->kind == NEWS_KIND_SOFTBREAK && before != NULL && child->next != NULL &&
            joins(before, child->next)) {
            *link = child->next;
            continue;
        }
        before = child;
        link = &child->next;
    }
}

static bool needs_content(const news_node *node)
{
    return node->kind == NEWS_KIND_PARAGRAPH || node->kind == NEWS_KIND_HEADING ||
           node->kind == NEWS_KIND_EMPH || node->kind == NEWS_KIND_STRONG ||
           node->kind == NEWS_KIND_LIST;
}

bool news_build_close(news_build *build)
{
    bool is_block = news_is_block(news_build_top(build)->node);
    if (!news_inline_flush(build, is_block))
        return false;
    news_frame *frame = news_build_top(build);
    if (frame->pairs && !news_inline_pair(build))
        return false;
    if (is_block && frame->last != NULL &&
        (frame->last->kind == NEWS_KIND_SOFTBREAK || frame->last->kind == NEWS_KIND_LINEBREAK))
        drop_last_breaks(frame);
    if (frame->breaks)
        join_lines(frame);
    build->closed = frame->node;
    build->closed_last = frame->last;
    build->frame_count--;
    if (frame->node->first_child == NULL && needs_content(frame->node)) {
        news_frame *parent = news_build_top(build);
        parent->last = frame->before;
        if (frame->before != NULL)
            frame->before->next = NULL;
        else
            parent->node->first_child = NULL;
        build->cut_waits |= is_block && (frame->node->flags & NEWS_NODE_CUT) != 0;
    }
    return true;
}

/* ---- Blocks ---- */

static void begin_block(news_build *build, cmark_node *node)
{
    news_places_begin(build, node, (size_t)cmark_node_get_start_line(node) - 1);
    build->part = NULL;
    build->marked = news_overlay_has_marks(
        build->overlay, news_overlay_line(build->overlay, build->block_line),
        news_overlay_line(build->overlay, (size_t)cmark_node_get_end_line(node)));
}

static bool finish_heading(news_build *build, news_node *heading)
{
    build->heading = NULL;
    if (heading->first_child == NULL)
        return news_build_warn(build, "heading-empty", news_place_of(heading),
                               "this heading has no text; it opens no section");
    if (!news_plain_text(build, heading, &heading->b))
        return false;
    return news_node_list_add(build, &build->headings, heading);
}

/* What ends a heading and was meant for its attributes, but does not parse: else the overlay would
 * have marked it. "{{" is another program's. */
static bool check_attributes(news_build *build, cmark_node *node)
{
    const news_overlay *overlay = build->overlay;
    size_t line = (size_t)cmark_node_get_end_line(node) - 1;
    news_str text = news_str_trim(news_overlay_line_text(overlay, line));
    if (line > build->block_line && text.len != 0 &&
        (text.ptr[text.len - 1] == '=' || text.ptr[text.len - 1] == '-')) /* its underline */
        text = news_str_trim(news_overlay_line_text(overlay, --line));
    while (text.len != 0 && (text.ptr[text.len - 1] == '#' || text.ptr[text.len - 1] == ' '))
        text.len--;
    size_t open = text.len;
    while (open > 0 && text.ptr[open - 1] != '{' && text.ptr[open - 1] != '`')
        open--;
    if (open == 0 || open == text.len || text.ptr[open - 1] != '{' ||
        (open > 1 && (text.ptr[open - 2] == '{' || text.ptr[open - 2] == '\\')))
        return true;
    news_str list = news_str_skip(text, open - 1);
    const char *close = memchr(list.ptr, '}', list.len);
    if (!news_attribute_list_meant(list) || (close != NULL && close + 1 != list.ptr + list.len))
        return true;
    const size_t at = (size_t)(list.ptr - overlay->text.ptr);
    const size_t from = news_overlay_to_source(overlay, at);
    char shown[64];
    news_error_copy(shown, sizeof shown,
                    news_str_of(overlay->source.ptr + from,
                                news_overlay_to_source(overlay, at + list.len) - from),
                    false);
    news_place place;
    news_overlay_place(build->overlay, line, at, &place.line, &place.column);
    return news_build_warn(build, "heading-attributes", place,
                           "\"%s\" does not read as attributes, so it is shown; they are written "
                           "{#id .class key=\"value\"}",
                           shown);
}

static bool open_heading(news_build *build, cmark_node *node)
{
    news_node *heading = news_build_node(build, NEWS_KIND_HEADING, news_block_place(build, node));
    if (heading == NULL)
        return false;
    begin_block(build, node);
    heading->number = cmark_node_get_heading_level(node);
    heading->extra = news_arena_calloc(&build->issue->arena, sizeof(news_heading_notes));
    if (heading->extra == NULL)
        return news_build_nomem(build);
    build->heading = heading;
    return check_attributes(build, node) && news_build_open(build, heading);
}

static bool open_list(news_build *build, cmark_node *node)
{
    news_node *list = news_build_node(build, NEWS_KIND_LIST, news_block_place(build, node));
    if (list == NULL)
        return false;
    if (cmark_node_get_list_type(node) == CMARK_ORDERED_LIST) {
        list->flags |= NEWS_NODE_ORDERED;
        list->number = cmark_node_get_list_start(node);
    }
    if (cmark_node_get_list_tight(node))
        list->flags |= NEWS_NODE_TIGHT;
    return news_build_open(build, list);
}

bool news_build_open_paragraph(news_build *build, news_place place)
{
    news_node *paragraph = news_build_node(build, NEWS_KIND_PARAGRAPH, place);
    const news_node *parent = news_build_top(build)->node;
    if (paragraph == NULL)
        return false;
    if (parent->kind == NEWS_KIND_LIST_ITEM)
        paragraph->flags |= parent->parent->flags & NEWS_NODE_TIGHT;
    return news_build_open(build, paragraph);
}

/* Whether a line is the fence of a directive, behind quote marks or not. */
static bool is_fence_line(const news_build *build, size_t line)
{
    if (line >= build->overlay->line_count)
        return false;
    news_str text = news_overlay_line_text(build->overlay, line);
    size_t at = 0;
    while (at < text.len && (news_is_space(text.ptr[at]) || text.ptr[at] == '>'))
        at++;
    return news_fence_of(build, news_str_skip(text, at)) != NULL;
}

static bool open_paragraph(news_build *build, cmark_node *node)
{
    begin_block(build, node);
    size_t at = news_overlay_line(build->overlay, build->block_line) + build->block_column;
    build->line_shift = news_definition_lines(build, node, at);
    if (!news_build_open_paragraph(build, news_block_place(build, node)))
        return false;
    if (build->overlay->has_fences) {
        news_node *paragraph = news_build_top(build)->node;
        if (is_fence_line(build, build->block_line - 1))
            paragraph->flags |= NEWS_NODE_BEHIND_FENCE;
        if (is_fence_line(build, (size_t)cmark_node_get_end_line(node)))
            paragraph->flags |= NEWS_NODE_BEFORE_FENCE;
    }
    return true;
}

static bool add_code_block(news_build *build, cmark_node *node)
{
    news_node *code = news_build_node(build, NEWS_KIND_CODE_BLOCK, news_block_place(build, node));
    if (code == NULL ||
        !news_build_copy(build, news_str_from(cmark_node_get_literal(node)), NEWS_RESTORE_SOURCE,
                         &code->a) ||
        !news_build_copy(build, news_str_from(cmark_node_get_fence_info(node)), NEWS_RESTORE_TEXT,
                         &code->b))
        return false;
    return news_build_append(build, code);
}

bool news_build_thematic_break(news_build *build, news_place place)
{
    news_node *node = news_build_node(build, NEWS_KIND_THEMATIC_BREAK, place);
    return node != NULL && news_build_append(build, node);
}

/* ---- The walk ---- */

static bool open_simple(news_build *build, news_kind kind, news_place place)
{
    news_node *node = news_build_node(build, kind, place);
    return node != NULL && news_build_open(build, node);
}

static bool open_link(news_build *build, cmark_node *node, bool *opened)
{
    news_place place = news_link_place(build, node);
    news_str url;
    bool fields;
    if (!news_build_copy_string(build, news_str_from(cmark_node_get_url(node)), NEWS_STRING_ADDRESS,
                                place, &url, &fields))
        return false;
    *opened = build->pending_links == 0 && news_link_check(build, url, place);
    if (!*opened)
        return build->status == NEWS_OK;
    const char *title = cmark_node_get_title(node);
    news_node *link = news_link_new(build, url, news_str_from(title), place);
    if (link == NULL || !news_inline_flush(build, false))
        return false;
    build->pending_links++;
    return news_build_open(build, link);
}

/* The text of an image's description, marks and all: cmark has it as inlines. */
static bool image_alt(const news_build *build, cmark_node *image, news_buf *alt)
{
    cmark_node *node = image;
    for (;;) {
        cmark_node *next = cmark_node_first_child(node);
        while (next == NULL && node != image) {
            next = cmark_node_next(node);
            if (next == NULL)
                node = cmark_node_parent(node);
        }
        if (next == NULL)
            break;
        node = next;
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
            news_buf_append_str(alt, news_str_from(cmark_node_get_literal(node)));
            break;
        case CMARK_NODE_CODE:
            news_overlay_restore(build->overlay, news_str_from(cmark_node_get_literal(node)),
                                 NEWS_RESTORE_SOURCE, alt);
            break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK: news_buf_append_char(alt, ' '); break;
        default: break;
        }
    }
    return alt->status == NEWS_OK;
}

static bool add_image(news_build *build, cmark_node *node)
{
    size_t at;
    news_place place = news_link_place(build, node);
    news_build_place(build, node, &at);
    news_str src;
    bool fields;
    news_buf alt;
    news_buf_init(&alt, build->heap, SIZE_MAX / 2);
    bool ok = news_build_copy_string(build, news_str_from(cmark_node_get_url(node)),
                                     NEWS_STRING_ADDRESS, place, &src, &fields) &&
              (image_alt(build, node, &alt) || news_build_nomem(build));
    if (ok && news_link_check(build, src, place)) {
        news_node *image = news_image_new(build, src, news_buf_str(&alt),
                                          news_str_from(cmark_node_get_title(node)), place);
        ok = image != NULL && news_inline_flush(build, false) && news_build_append(build, image);
    } else if (ok && build->status == NEWS_OK) {
        ok = news_inline_text(build, news_buf_str(&alt), place, at);
    }
    news_buf_free(&alt);
    return ok && build->status == NEWS_OK;
}

static bool add_code(news_build *build, cmark_node *node)
{
    size_t at;
    news_place place = news_build_place(build, node, &at); /* behind the back-ticks */
    for (; at > 0 && place.column > 1 && build->overlay->text.ptr[at - 1] == '`'; at--)
        place.column--;
    news_node *code = news_build_node(build, NEWS_KIND_CODE, place);
    return code != NULL &&
           news_build_copy(build, news_str_from(cmark_node_get_literal(node)), NEWS_RESTORE_SOURCE,
                           &code->a) &&
           news_inline_flush(build, false) && news_build_append(build, code);
}

/* The sibling after a tag's content that goes with it: its closing tag, or `node` when there is
 * none to be found. */
static cmark_node *past_content(news_build *build, cmark_node *node)
{
    news_html_token token, other;
    size_t at = 0;
    news_html_next(news_str_from(cmark_node_get_literal(node)), &at, &token);
    const news_node *parent = news_build_top(build)->node;
    if (build->unclosed_parent == parent && news_str_equal_nocase(build->unclosed_name, token.name))
        return node;
    for (cmark_node *next = cmark_node_next(node); next != NULL; next = cmark_node_next(next)) {
        if (cmark_node_get_type(next) != CMARK_NODE_HTML_INLINE)
            continue;
        at = 0;
        news_html_next(news_str_from(cmark_node_get_literal(next)), &at, &other);
        if (other.type == NEWS_HTML_CLOSE && news_str_equal_nocase(other.name, token.name))
            return next;
    }
    build->unclosed_parent = news_build_top(build)->node;
    build->unclosed_name = token.name;
    return node;
}

static bool add_html(news_build *build, cmark_node **node)
{
    size_t at;
    news_place place = news_build_place(build, *node, &at);
    bool skip = false;
    if (!news_html_inline_build(build, news_str_from(cmark_node_get_literal(*node)), place, at,
                                &skip))
        return false;
    if (skip)
        *node = past_content(build, *node);
    return true;
}

/* A block as it was written, for HTML, with what it says in other formats below it. */
static bool keep_html_block(news_build *build, news_str html, news_place place)
{
    news_node *block = news_build_node(build, NEWS_KIND_HTML_BLOCK, place);
    if (block == NULL || !news_build_copy(build, html, NEWS_RESTORE_SOURCE, &block->a) ||
        !news_html_check_fields(build, block->a, place) || !news_build_open(build, block))
        return false;
    build->in_html_block = true;
    bool ok = news_html_block_build(build, html);
    build->in_html_block = false;
    return ok && news_build_close(build);
}

static bool add_html_block(news_build *build, cmark_node *node)
{
    news_str html = news_str_from(cmark_node_get_literal(node));
    const news_mark *fence = news_fence_of(build, html);
    begin_block(build, node);
    if (fence != NULL)
        return news_fence_build(build, fence, news_block_place(build, node));
    if (news_html_is_cut(news_str_trim(html)))
        return news_cut_build(build, news_block_place(build, node));
    /* cmark does not tell where an HTML block ends that ends on the line it began. */
    build->marked = build->overlay->place_count != 0;
    return build->issue->allow_html ? keep_html_block(build, html, news_block_place(build, node))
                                    : news_html_block_build(build, html);
}

static bool add_text(news_build *build, cmark_node *node)
{
    news_str text = news_str_from(cmark_node_get_literal(node));
    if (build->part != NULL && news_str_starts(text, news_str_of(NEWS_TABLE_GUARD, 3)))
        text = news_str_skip(text, NEWS_TABLE_GUARD_LENGTH);
    if (news_inline_waits(build))
        return news_inline_text(build, text, build->pending_place, build->pending_at);
    size_t at;
    news_place place = news_build_place(build, node, &at);
    return news_inline_view(build, text, place, at);
}

static bool open_inline(news_build *build, news_kind kind, cmark_node *node)
{
    size_t at;
    return news_inline_flush(build, false) &&
           open_simple(build, kind, news_build_place(build, node, &at));
}

/* What is to be done with a node's children. */
typedef enum {
    NO_CHILDREN, /* it has none, or they are dealt with */
    CHILDREN_OF, /* they go below the node that was opened */
    CHILDREN_UP  /* they take the place of a node that was not */
} below;

/* Visits a node. May move *node on to a later sibling, which ends what must be skipped. */
static bool visit(news_build *build, cmark_node **node, below *children)
{
    cmark_node_type type = cmark_node_get_type(*node);
    *children = NO_CHILDREN;
    switch (type) {
    case CMARK_NODE_TEXT: return add_text(build, *node);
    case CMARK_NODE_SOFTBREAK: return news_build_break(build, false);
    case CMARK_NODE_LINEBREAK: return news_build_break(build, true);
    case CMARK_NODE_CODE: return add_code(build, *node);
    case CMARK_NODE_HTML_INLINE: return add_html(build, node);
    case CMARK_NODE_IMAGE: return add_image(build, *node);
    case CMARK_NODE_CODE_BLOCK: return add_code_block(build, *node);
    case CMARK_NODE_THEMATIC_BREAK:
        return news_build_thematic_break(build, news_block_place(build, *node));
    case CMARK_NODE_HTML_BLOCK: return add_html_block(build, *node);
    default: break;
    }
    if ((type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) &&
        build->tables->table_count != 0) {
        const news_table *table =
            news_tables_at(build->tables, (size_t)cmark_node_get_start_line(*node) - 1);
        if (table != NULL)
            return news_build_table(build, table, *node);
    }
    *children = CHILDREN_OF;
    switch (type) {
    case CMARK_NODE_BLOCK_QUOTE:
        build->quotes++;
        return open_simple(build, NEWS_KIND_BLOCK_QUOTE, news_block_place(build, *node));
    case CMARK_NODE_LIST:
        if (!news_is_note_list(build, *node))
            return open_list(build, *node);
        *children = CHILDREN_UP;
        return true;
    case CMARK_NODE_ITEM:
        if (news_is_note(build, *node))
            return news_note_open(build, *node, news_block_place(build, *node));
        return open_simple(build, NEWS_KIND_LIST_ITEM, news_block_place(build, *node));
    case CMARK_NODE_PARAGRAPH: return open_paragraph(build, *node);
    case CMARK_NODE_HEADING: return open_heading(build, *node);
    case CMARK_NODE_EMPH: return open_inline(build, NEWS_KIND_EMPH, *node);
    case CMARK_NODE_STRONG: return open_inline(build, NEWS_KIND_STRONG, *node);
    case CMARK_NODE_LINK: {
        bool opened;
        if (!open_link(build, *node, &opened))
            return false;
        *children = opened ? CHILDREN_OF : CHILDREN_UP;
        return true;
    }
    default: *children = CHILDREN_UP; return true;
    }
}

static bool leave(news_build *build)
{
    news_node *node = news_build_top(build)->node;
    if (node->kind == NEWS_KIND_NOTE)
        return news_note_close(build);
    if (!news_build_close(build))
        return false;
    switch (node->kind) {
    case NEWS_KIND_BLOCK_QUOTE: build->quotes--; return news_refine_quote(build, node);
    case NEWS_KIND_LINK: build->pending_links--; return news_link_finish(build, node);
    case NEWS_KIND_HEADING: return finish_heading(build, node);
    case NEWS_KIND_PARAGRAPH:
        news_refine_paragraph(build, node);
        return news_refine_figure(build, node);
    default: return true;
    }
}

/* Leaves what was opened for a node of cmark's, if anything was, and the directives in it that
 * still lie open. */
static bool leave_node(news_build *build, cmark_node *node)
{
    size_t frame = build->frame_count - 1;
    while (build->frames[frame].fence != 0)
        frame--;
    if (build->frames[frame].origin != node)
        return true;
    uint32_t line = build->overlay->first_line + (uint32_t)cmark_node_get_end_line(node) - 1;
    return news_directives_end(build, frame, line) && leave(build);
}

/* Builds what is below `top` into the open node. */
bool news_build_children(news_build *build, cmark_node *top)
{
    cmark_node *node = cmark_node_first_child(top);
    while (node != NULL) {
        below children;
        if (!visit(build, &node, &children))
            return false;
        cmark_node *next = children != NO_CHILDREN ? cmark_node_first_child(node) : NULL;
        if (children == CHILDREN_OF) {
            if (next != NULL)
                news_build_top(build)->origin = node;
            else if (!leave(build))
                return false;
        }
        if (next == NULL) {
            while ((next = cmark_node_next(node)) == NULL) {
                node = cmark_node_parent(node);
                if (node == top)
                    return true;
                if (!leave_node(build, node))
                    return false;
            }
        }
        node = next;
    }
    return true;
}

bool news_build_begin(news_build *build, news_node *root, news_node *last)
{
    if (build->frame_count == build->frame_capacity && !grow_frames(build))
        return false;
    build->frames[build->frame_count++] = (news_frame){.node = root, .last = last, .resumed = last};
    return true;
}

bool news_build_document(news_build *build, cmark_node *document)
{
    return news_build_begin(build, build->issue->root, NULL) &&
           news_build_children(build, document) && news_directives_end(build, 0, 0) &&
           news_build_close(build);
}
