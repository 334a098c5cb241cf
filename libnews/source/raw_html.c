/* Raw HTML into nodes: tags go, text stays, and what can be a node becomes one.
 *
 * Every tag that is dropped is reported, up to a number that nobody reads to the end. Marks of the
 * overlay stay in text, so that bare addresses become links here too, and are undone in
 * attributes. */
#include "source/parse.h"
#include "text/text.h"

enum { MOST_FINDINGS = 1000, LARGEST_SIDE = 100000 };

/* Whether one more finding may be stored. */
static bool may_report(news_build *build)
{
    return build->html_findings++ < MOST_FINDINGS;
}

static bool warn_dropped(news_build *build, news_str name, bool closing, news_place place)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, name, false);
    return !may_report(build) || news_build_warn(build, "html-dropped", place,
                                                 "the HTML tag <%s%s> is dropped, its text is kept",
                                                 closing ? "/" : "", shown);
}

static bool warn_content_dropped(news_build *build, news_str name, news_place place)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, name, false);
    return !may_report(build) ||
           news_build_warn(build, "html-dropped", place,
                           "the HTML tag <%s> is dropped, and what it holds", shown);
}

bool news_html_warn_dropped(news_build *build, const news_node *tag)
{
    return warn_dropped(build, tag->b, (tag->flags & NEWS_BUILD_CLOSES) != 0, news_place_of(tag));
}

/* ---- Attributes ---- */

/* An attribute's value with entities decoded, in the arena; empty when it has none. */
static bool attribute(news_build *build, news_str attributes, const char *name, news_str *value)
{
    news_str written;
    *value = NEWS_STR("");
    if (!news_html_attribute(attributes, name, &written))
        return true;
    news_buf source, decoded;
    news_buf_init(&source, build->heap, SIZE_MAX / 2);
    news_buf_init(&decoded, build->heap, SIZE_MAX / 2);
    bool ok = news_overlay_restore(build->overlay, written, NEWS_RESTORE_SOURCE, &source) &&
              news_cmark_decode(build->heap, news_buf_str(&source), &decoded) &&
              news_arena_copy(&build->issue->arena, news_str_trim(news_buf_str(&decoded)), value);
    news_buf_free(&source);
    news_buf_free(&decoded);
    return ok || news_build_nomem(build);
}

static int32_t side(news_str value)
{
    int32_t number = 0;
    size_t i = 0;
    while (i < value.len && news_is_digit(value.ptr[i]) && number < LARGEST_SIDE)
        number = number * 10 + (value.ptr[i++] - '0');
    bool pixels = i == value.len || news_str_equal_nocase(news_str_skip(value, i), NEWS_STR("px"));
    return pixels && number < LARGEST_SIDE ? number : 0;
}

/* ---- Tags ---- */

static bool append_escaped(news_buf *buf, news_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            news_buf_append_str(buf, NEWS_STR("&amp;"));
        else if (c == '<')
            news_buf_append_str(buf, NEWS_STR("&lt;"));
        else if (c == '>')
            news_buf_append_str(buf, NEWS_STR("&gt;"));
        else if (c == '"')
            news_buf_append_str(buf, NEWS_STR("&quot;"));
        else
            news_buf_append_char(buf, c);
    }
    return buf->status == NEWS_OK;
}

/* A kept tag as it will be written: its name, and the title if it is <abbr>. */
static bool clean_tag(news_build *build, const news_html_token *token, news_str *literal)
{
    news_str title = NEWS_STR("");
    bool opens = token->type == NEWS_HTML_OPEN;
    if (opens && news_str_equal_nocase(token->name, NEWS_STR("abbr")) &&
        !attribute(build, token->attributes, "title", &title))
        return false;
    news_buf *buf = &build->scratch;
    news_buf_clear(buf);
    news_buf_append_str(buf, opens ? NEWS_STR("<") : NEWS_STR("</"));
    for (size_t i = 0; i < token->name.len; i++)
        news_buf_append_char(buf, news_to_lower(token->name.ptr[i]));
    if (title.len != 0) {
        news_buf_append_str(buf, NEWS_STR(" title=\""));
        append_escaped(buf, title);
        news_buf_append_char(buf, '"');
    }
    news_buf_append_char(buf, '>');
    return (buf->status == NEWS_OK &&
            news_arena_copy(&build->issue->arena, news_buf_str(buf), literal)) ||
           news_build_nomem(build);
}

/* Half of a pair: literal in a, its name in b, and its attributes in extra until it is matched. */
static bool add_half(news_build *build, const news_html_token *token, news_place place)
{
    int kind = news_inline_pair_kind(token->name);
    if (kind < 0 || token->self_closing)
        return warn_dropped(build, token->name, false, place);
    if (!news_inline_flush(build, false))
        return false;
    news_node *half = news_build_node(build, NEWS_KIND_HTML_INLINE, place);
    news_str *attributes = news_arena_alloc(&build->issue->arena, sizeof *attributes);
    if (half == NULL || attributes == NULL)
        return half == NULL ? false : news_build_nomem(build);
    if (!clean_tag(build, token, &half->a))
        return false;
    half->number = kind;
    half->b = token->name;
    *attributes = token->attributes;
    half->extra = attributes;
    half->flags = token->type == NEWS_HTML_OPEN ? NEWS_BUILD_OPENS : NEWS_BUILD_CLOSES;
    news_build_top(build)->pairs = true;
    return news_build_append(build, half);
}

bool news_html_pair_link(news_build *build, news_node *half)
{
    news_str attributes = *(const news_str *)half->extra, url, title;
    news_place place = news_place_of(half);
    if (!attribute(build, attributes, "href", &url) ||
        !attribute(build, attributes, "title", &title))
        return false;
    if (url.len == 0 || !news_link_check(build, url, place))
        return false;
    news_node *link = news_link_new(build, url, title, place);
    if (link == NULL)
        return false;
    link->parent = half->parent;
    link->next = half->next;
    *half = *link;
    return true;
}

static bool add_image(news_build *build, const news_html_token *token, news_place place, size_t at)
{
    news_str src, alt, title, width, height;
    if (!attribute(build, token->attributes, "src", &src) ||
        !attribute(build, token->attributes, "alt", &alt) ||
        !attribute(build, token->attributes, "title", &title) ||
        !attribute(build, token->attributes, "width", &width) ||
        !attribute(build, token->attributes, "height", &height))
        return false;
    if (!news_link_check(build, src, place))
        return build->status == NEWS_OK && news_inline_text(build, alt, place, at);
    if (!news_inline_flush(build, false))
        return false;
    news_node *image = news_image_new(build, src, alt, title, place);
    if (image == NULL)
        return false;
    if (image->extra == NULL && (side(width) != 0 || side(height) != 0)) {
        image->extra = news_arena_calloc(&build->issue->arena, sizeof(news_image));
        if (image->extra == NULL)
            return news_build_nomem(build);
    }
    if (image->extra != NULL) {
        ((news_image *)image->extra)->width = side(width);
        ((news_image *)image->extra)->height = side(height);
    }
    return news_build_append(build, image);
}

/* "<!-- more -->" is where a teaser stops: it means something, and is not reported. */
static bool is_teaser_mark(news_str comment)
{
    news_str open = NEWS_STR("<!--"), close = NEWS_STR("-->");
    if (!news_str_starts(comment, open) || comment.len < open.len + close.len)
        return false;
    comment = news_str_of(comment.ptr + open.len, comment.len - open.len - close.len);
    return news_str_equal_nocase(news_str_trim(comment), NEWS_STR("more"));
}

static bool drop_comment(news_build *build, news_str comment, news_place place)
{
    return is_teaser_mark(comment) || !may_report(build) ||
           news_build_warn(build, "html-comment", place, "this HTML comment is left out");
}

/* A tag within a paragraph. */
static bool add_tag(news_build *build, const news_html_token *token, news_place place, size_t at)
{
    bool closing = token->type == NEWS_HTML_CLOSE;
    switch (news_html_policy_of(token->name)) {
    case NEWS_HTML_BR: return news_build_break(build, true);
    case NEWS_HTML_IMG:
        return closing ? warn_dropped(build, token->name, true, place)
                       : add_image(build, token, place, at);
    case NEWS_HTML_A:
    case NEWS_HTML_KEEP: return add_half(build, token, place);
    case NEWS_HTML_BLOCK:
        return warn_dropped(build, token->name, closing, place) && news_build_break(build, true);
    case NEWS_HTML_DROP_CONTENT:
        return closing ? warn_dropped(build, token->name, true, place)
                       : warn_content_dropped(build, token->name, place);
    default: return warn_dropped(build, token->name, closing, place);
    }
}

bool news_html_inline_build(news_build *build, news_str html, news_place place, size_t at,
                            bool *skip)
{
    news_html_token token;
    size_t next = 0;
    news_html_next(html, &next, &token);
    switch (token.type) {
    case NEWS_HTML_COMMENT: build->gap = true; return drop_comment(build, html, place);
    case NEWS_HTML_OPEN:
        *skip = !token.self_closing && news_html_policy_of(token.name) == NEWS_HTML_DROP_CONTENT;
        return add_tag(build, &token, place, at);
    case NEWS_HTML_CLOSE: return add_tag(build, &token, place, at);
    default: return news_inline_text(build, html, place, at);
    }
}

/* ---- Blocks ---- */

typedef struct {
    news_build *build;
    news_str html;
    size_t counted, line, line_at; /* lines up to `counted`; where the last began */
    bool in_paragraph;
} block;

static news_place place_of(block *b, size_t offset, size_t *at)
{
    for (; b->counted < offset; b->counted++) {
        if (b->html.ptr[b->counted] == '\n') {
            b->line++;
            b->line_at = b->counted + 1;
        }
    }
    news_build *build = b->build;
    size_t line = build->block_line + b->line;
    *at = news_overlay_line(build->overlay, line) + (offset - b->line_at) +
          (b->line == 0 ? build->block_column : 0);
    news_place place;
    news_overlay_place(build->overlay, line, *at, &place.line, &place.column);
    return place;
}

static bool begin_paragraph(block *b, news_place place)
{
    if (b->in_paragraph)
        return true;
    b->in_paragraph = true;
    return news_build_open_paragraph(b->build, place);
}

static bool end_paragraph(block *b)
{
    if (!b->in_paragraph)
        return true;
    b->in_paragraph = false;
    news_buf *text = &b->build->pending; /* never a view here */
    while (text->len != 0 && news_is_space(text->ptr[text->len - 1]))
        text->len--;
    return news_build_close(b->build);
}

/* Appends a line, runs of white space being one space. */
static bool collapse(news_buf *to, news_str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!news_is_space(line.ptr[i]))
            news_buf_append_char(to, line.ptr[i]);
        else if (i == 0 || !news_is_space(line.ptr[i - 1]))
            news_buf_append_char(to, ' ');
    }
    return to->status == NEWS_OK;
}

static bool add_line(block *b, news_str line, size_t offset)
{
    news_build *build = b->build;
    size_t at;
    news_place place = place_of(b, offset, &at);
    news_buf collapsed, decoded;
    news_buf_init(&collapsed, build->heap, SIZE_MAX / 2);
    news_buf_init(&decoded, build->heap, SIZE_MAX / 2);
    build->gap = true; /* a tag that stood between two spaces leaves one */
    bool ok = (collapse(&collapsed, line) &&
               news_cmark_decode(build->heap, news_buf_str(&collapsed), &decoded)) ||
              news_build_nomem(build);
    ok = ok && begin_paragraph(b, place) &&
         news_inline_text(build, news_buf_str(&decoded), place, at);
    news_buf_free(&collapsed);
    news_buf_free(&decoded);
    return ok;
}

/* Text between tags: line ends are soft, white space around them goes. */
static bool add_text(block *b, news_str text, size_t offset)
{
    size_t at = 0;
    while (at < text.len) {
        const char *newline = memchr(text.ptr + at, '\n', text.len - at);
        size_t end = newline != NULL ? (size_t)(newline - text.ptr) : text.len;
        size_t begin = at, stop = end;
        if (at != 0 || !b->in_paragraph)
            while (begin < stop && news_is_space(text.ptr[begin]))
                begin++;
        if (newline != NULL)
            while (stop > begin && news_is_space(text.ptr[stop - 1]))
                stop--;
        if (stop > begin &&
            !add_line(b, news_str_of(text.ptr + begin, stop - begin), offset + begin))
            return false;
        if (newline != NULL && b->in_paragraph && !news_build_break(b->build, false))
            return false;
        at = end + 1;
    }
    return true;
}

/* Where what a tag such as <script> holds ends, closing tag included. */
static size_t content_end(news_str html, size_t at, news_str name)
{
    while (at < html.len) {
        const char *hit = memchr(html.ptr + at, '<', html.len - at);
        if (hit == NULL)
            break;
        at = (size_t)(hit - html.ptr);
        news_str rest = news_str_skip(html, at + 2);
        if (at + 1 < html.len && hit[1] == '/' && rest.len >= name.len &&
            news_str_equal_nocase(news_str_of(rest.ptr, name.len), name)) {
            const char *close = memchr(rest.ptr, '>', rest.len);
            return close != NULL ? (size_t)(close - html.ptr) + 1 : html.len;
        }
        at++;
    }
    return html.len;
}

static bool add_block_tag(block *b, const news_html_token *token, size_t offset, size_t *next)
{
    size_t at;
    news_place place = place_of(b, offset, &at);
    switch (news_html_policy_of(token->name)) {
    case NEWS_HTML_BLOCK:
        return end_paragraph(b) &&
               warn_dropped(b->build, token->name, token->type == NEWS_HTML_CLOSE, place);
    case NEWS_HTML_DROP_CONTENT:
        if (token->type == NEWS_HTML_OPEN && !token->self_closing)
            *next = content_end(b->html, *next, token->name);
        return add_tag(b->build, token, place, at);
    case NEWS_HTML_IMG:
    case NEWS_HTML_A:
    case NEWS_HTML_KEEP: return begin_paragraph(b, place) && add_tag(b->build, token, place, at);
    case NEWS_HTML_BR: return !b->in_paragraph || news_build_break(b->build, true);
    default: return add_tag(b->build, token, place, at);
    }
}

bool news_html_block_build(news_build *build, news_str html)
{
    block b = {.build = build, .html = html};
    size_t next = 0;
    for (;;) {
        news_html_token token;
        size_t offset = next, at;
        news_html_next(html, &next, &token);
        bool ok = true;
        switch (token.type) {
        case NEWS_HTML_END: return end_paragraph(&b);
        case NEWS_HTML_TEXT: ok = add_text(&b, token.literal, offset); break;
        case NEWS_HTML_COMMENT:
            ok = drop_comment(build, token.literal, place_of(&b, offset, &at));
            break;
        case NEWS_HTML_OPEN:
        case NEWS_HTML_CLOSE: ok = add_block_tag(&b, &token, offset, &next); break;
        }
        if (!ok)
            return false;
    }
}
