/* A block of raw HTML into paragraphs and code blocks.
 *
 * White space is what HTML makes of it, with one exception: lines that look like Markdown's lists
 * and their like stay lines, for their writer meant them to be. */
#include "source/parse.h"

typedef struct {
    news_build *build;
    news_str html;
    size_t counted, line, line_at; /* lines up to `counted`; where the last began */
    bool in_paragraph;
    bool marked_line; /* this line looks like Markdown */
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

static bool add_line(block *b, news_str line, size_t offset)
{
    news_build *build = b->build;
    size_t at;
    news_place place = place_of(b, offset, &at);
    news_buf collapsed, decoded;
    news_buf_init(&collapsed, build->heap, SIZE_MAX / 2);
    news_buf_init(&decoded, build->heap, SIZE_MAX / 2);
    build->gap = true; /* a tag that stood between two spaces leaves one */
    bool ok = (news_html_collapse(&collapsed, line) &&
               news_cmark_decode(build->heap, news_buf_str(&collapsed), &decoded)) ||
              news_build_nomem(build);
    ok = ok && begin_paragraph(b, place) &&
         news_inline_text(build, news_buf_str(&decoded), place, at);
    news_buf_free(&collapsed);
    news_buf_free(&decoded);
    return ok;
}

/* Whether a line that begins at `at` looks like a list, a heading, a quote or a table. */
static bool looks_like_markdown(news_str html, size_t at)
{
    while (at < html.len && (html.ptr[at] == ' ' || html.ptr[at] == '\t'))
        at++;
    size_t digits = at;
    while (digits < html.len && digits - at < 9 && news_is_digit(html.ptr[digits]))
        digits++;
    if (at == html.len)
        return false;
    if (digits == at && (html.ptr[at] == '#' || html.ptr[at] == '>' || html.ptr[at] == '|'))
        return true;
    const char *markers = digits != at ? ".)" : "-*+";
    return digits + 1 < html.len && strchr(markers, html.ptr[digits]) != NULL &&
           news_is_space(html.ptr[digits + 1]);
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
        at = end + 1;
        if (newline == NULL)
            continue;
        bool before = b->marked_line;
        b->marked_line = looks_like_markdown(b->html, offset + at);
        if (b->in_paragraph && !news_build_break(b->build, before || b->marked_line))
            return false;
    }
    return true;
}

/* Where what a tag such as <script> holds ends; *past is behind the closing tag. */
static size_t content_end(news_str html, size_t at, news_str name, size_t *past)
{
    *past = html.len;
    for (; at < html.len; at++) {
        const char *hit = memchr(html.ptr + at, '<', html.len - at);
        if (hit == NULL)
            break;
        at = (size_t)(hit - html.ptr);
        news_str rest = news_str_skip(html, at + 2);
        if (at + 1 < html.len && hit[1] == '/' && rest.len >= name.len &&
            news_str_equal_nocase(news_str_of(rest.ptr, name.len), name) &&
            (rest.len == name.len || !news_is_alnum(rest.ptr[name.len]))) {
            const char *close = memchr(rest.ptr, '>', rest.len);
            if (close != NULL)
                *past = (size_t)(close - html.ptr) + 1;
            return at;
        }
    }
    return html.len;
}

/* ---- Code ---- */

/* The language of "language-c" among the classes of <pre> or <code>; empty when there is none. */
static bool find_language(news_build *build, news_str attributes, news_str *language)
{
    news_str classes, prefix = NEWS_STR("language-");
    if (language->len != 0)
        return true;
    if (!news_html_value(build, attributes, "class", &classes))
        return false;
    size_t at = news_str_find(classes, prefix, 0);
    if (classes.ptr == NULL || at >= classes.len ||
        (at != 0 && !news_is_space(classes.ptr[at - 1])))
        return true;
    classes = news_str_skip(classes, at + prefix.len);
    size_t length = 0;
    while (length < classes.len && !news_is_space(classes.ptr[length]))
        length++;
    *language = news_str_of(classes.ptr, length);
    return true;
}

/* A tag in <pre>: those that only dress the code are not worth a word. */
static bool add_code_tag(block *b, const news_html_token *token, size_t offset, news_node *code,
                         news_buf *text)
{
    size_t at;
    bool is_code = news_str_equal_nocase(token->name, NEWS_STR("code"));
    if (is_code && token->type == NEWS_HTML_OPEN)
        return find_language(b->build, token->attributes, &code->b);
    switch (news_html_policy_of_tag(token)) {
    case NEWS_HTML_BR: return news_buf_append_char(text, '\n') || news_build_nomem(b->build);
    case NEWS_HTML_NO_ELEMENT:
        return news_buf_append_str(text, token->literal) || news_build_nomem(b->build);
    default:
        return is_code || news_str_equal_nocase(token->name, NEWS_STR("span")) ||
               news_html_drop(b->build, token, place_of(b, offset, &at));
    }
}

/* The text of <pre>, from `offset` to `end`, with entities and marks as they were written. */
static bool collect_code(block *b, size_t offset, size_t end, news_node *code, news_buf *text)
{
    news_str html = news_str_of(b->html.ptr, end);
    size_t next = offset, at;
    for (;;) {
        news_html_token token;
        offset = next;
        news_html_next(html, &next, &token);
        bool ok = true;
        switch (token.type) {
        case NEWS_HTML_END: return true;
        case NEWS_HTML_TEXT:
            ok = news_buf_append_str(text, token.literal) || news_build_nomem(b->build);
            break;
        case NEWS_HTML_COMMENT:
            ok = news_html_drop_comment(b->build, token.literal, place_of(b, offset, &at));
            break;
        case NEWS_HTML_OPEN:
        case NEWS_HTML_CLOSE: ok = add_code_tag(b, &token, offset, code, text); break;
        }
        if (!ok)
            return false;
    }
}

/* Undoes marks and entities. As in HTML, a line end right behind <pre> is none of the code's. */
static bool finish_code(news_build *build, news_str collected, news_buf *source, news_buf *text,
                        news_node *code)
{
    if (news_str_starts(collected, NEWS_STR("\n")))
        collected = news_str_skip(collected, 1);
    bool ok = news_overlay_restore(build->overlay, collected, NEWS_RESTORE_SOURCE, source) &&
              news_cmark_decode(build->heap, news_buf_str(source), text);
    if (ok && text->len != 0 && text->ptr[text->len - 1] != '\n')
        ok = news_buf_append_char(text, '\n');
    return (ok && news_arena_copy(&build->issue->arena, news_buf_str(text), &code->a)) ||
           news_build_nomem(build);
}

static bool add_pre(block *b, const news_html_token *token, size_t offset, size_t *next)
{
    size_t at, begin = *next, end = content_end(b->html, begin, token->name, next);
    news_build *build = b->build;
    news_node *code = news_build_node(build, NEWS_KIND_CODE_BLOCK, place_of(b, offset, &at));
    if (code == NULL)
        return false;
    news_buf collected, source, text;
    news_buf_init(&collected, build->heap, SIZE_MAX / 2);
    news_buf_init(&source, build->heap, SIZE_MAX / 2);
    news_buf_init(&text, build->heap, SIZE_MAX / 2);
    bool ok = find_language(build, token->attributes, &code->b) &&
              collect_code(b, begin, end, code, &collected) &&
              finish_code(build, news_buf_str(&collected), &source, &text, code) &&
              (code->a.len == 0 || news_build_append(build, code));
    news_buf_free(&collected);
    news_buf_free(&source);
    news_buf_free(&text);
    return ok;
}

/* ---- Tags ---- */

static bool add_tag(block *b, const news_html_token *token, size_t offset, size_t *next)
{
    size_t at;
    news_place place = place_of(b, offset, &at);
    bool opens = token->type == NEWS_HTML_OPEN && !token->self_closing;
    news_html_policy policy = news_html_policy_of_tag(token);
    if (policy == NEWS_HTML_PRE && opens)
        return end_paragraph(b) && add_pre(b, token, offset, next);
    switch (policy) {
    case NEWS_HTML_PRE:
    case NEWS_HTML_BLOCK: return end_paragraph(b) && news_html_drop(b->build, token, place);
    case NEWS_HTML_DROP_CONTENT:
        if (opens)
            content_end(b->html, *next, token->name, next);
        return news_html_tag(b->build, token, place, at);
    case NEWS_HTML_MEDIA:
        return end_paragraph(b) && begin_paragraph(b, place) &&
               news_html_tag(b->build, token, place, at) && end_paragraph(b);
    case NEWS_HTML_BR: return !b->in_paragraph || news_build_break(b->build, true);
    case NEWS_HTML_DROP_TAG: return news_html_drop(b->build, token, place);
    default: return begin_paragraph(b, place) && news_html_tag(b->build, token, place, at);
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
            ok = news_html_drop_comment(build, token.literal, place_of(&b, offset, &at));
            break;
        case NEWS_HTML_OPEN:
        case NEWS_HTML_CLOSE: ok = add_tag(&b, &token, offset, &next); break;
        }
        if (!ok)
            return false;
    }
}
