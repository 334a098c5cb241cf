/* Raw HTML into nodes: tags go, text stays, and what can be a node becomes one. A word in angle
 * brackets that HTML does not know is text.
 *
 * Every tag that is dropped is reported where it opens, up to a number that nobody reads to the
 * end. Marks of the overlay stay in text, so that bare addresses become links here too, and are
 * undone in attributes. */
#include "source/parse.h"
#include "text/text.h"

enum { MOST_FINDINGS = 1000, LARGEST_SIDE = 100000 };

/* Whether one more finding may be stored. What a publication allows is none. */
static bool may_report(news_build *build)
{
    return !build->issue->allow_html && build->html_findings++ < MOST_FINDINGS;
}

static bool warn_dropped(news_build *build, news_str name, bool closing, news_place place)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, name, false);
    return !may_report(build) || news_build_warn(build, "html-dropped", place,
                                                 "the HTML tag <%s%s> is dropped, its text is kept",
                                                 closing ? "/" : "", shown);
}

/* Closing tags are not reported: the opening one was. */
bool news_html_drop(news_build *build, const news_html_token *tag, news_place place)
{
    return tag->type == NEWS_HTML_CLOSE || warn_dropped(build, tag->name, false, place);
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

static bool warn_text(news_build *build, const news_html_token *tag, news_place place)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, tag->name, false);
    return tag->type == NEWS_HTML_CLOSE || !may_report(build) ||
           news_build_warn(build, "html-unknown", place,
                           "<%s%s> is no HTML tag and stays as text; write \\<%s, or put it in "
                           "back-ticks",
                           shown, tag->attributes.len != 0 ? " ..." : "", shown);
}

news_html_policy news_html_policy_of_tag(const news_html_token *tag)
{
    bool compares = tag->name.len == 1 && tag->attributes.len != 0 &&
                    memchr(tag->attributes.ptr, '=', tag->attributes.len) == NULL;
    return compares ? NEWS_HTML_NO_ELEMENT : news_html_policy_of(tag->name);
}

/* ---- Attributes ---- */

bool news_html_value(news_build *build, news_str attributes, const char *name, news_str *value)
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

/* An address given in an attribute. */
static bool address_value(news_build *build, news_str attributes, const char *name,
                          news_place place, news_str *value)
{
    bool fields;
    return news_html_value(build, attributes, name, value) &&
           (news_str_find(*value, NEWS_STR("{{"), 0) == SIZE_MAX ||
            news_build_copy_string(build, *value, NEWS_STRING_UNMARKED_ADDRESS, place, value,
                                   &fields));
}

int32_t news_html_side(news_str value)
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
        else if (((unsigned char)c < ' ' && !news_is_space(c)) || c == 0x7f)
            news_buf_append_str(buf, NEWS_STR("\xEF\xBF\xBD")); /* no HTML may hold it */
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
        !news_html_value(build, token->attributes, "title", &title))
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
        return news_html_drop(build, token, place);
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
    if (!address_value(build, attributes, "href", place, &url) ||
        !news_html_value(build, attributes, "title", &title))
        return false;
    if (url.len == 0)
        return false;
    if (!news_link_check(build, url, place)) {
        half->b = NEWS_STR_NONE; /* one message is enough */
        return false;
    }
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
    if (!news_html_attribute(token->attributes, "alt", &alt) && may_report(build) &&
        !news_build_warn(build, "image-alt", place,
                         "this image has no alternative text; write alt=\"...\", or alt=\"\" if "
                         "it is mere decoration"))
        return false;
    if (!address_value(build, token->attributes, "src", place, &src) ||
        !news_html_value(build, token->attributes, "alt", &alt) ||
        !news_html_value(build, token->attributes, "title", &title) ||
        !news_html_value(build, token->attributes, "width", &width) ||
        !news_html_value(build, token->attributes, "height", &height))
        return false;
    if (!news_link_check(build, src, place))
        return build->status == NEWS_OK && news_inline_text(build, alt, place, at);
    if (!news_inline_flush(build, false))
        return false;
    news_node *image = news_image_new(build, src, alt, title, place);
    if (image == NULL)
        return false;
    if (news_html_side(width) != 0 || news_html_side(height) != 0) {
        news_image *details = news_image_details(build, image);
        if (details == NULL)
            return false;
        details->width = news_html_side(width);
        details->height = news_html_side(height);
    }
    return news_build_append(build, image);
}

bool news_html_is_cut(news_str html)
{
    news_str open = NEWS_STR("<!--"), close = NEWS_STR("-->");
    if (!news_str_starts(html, open) || html.len < open.len + close.len)
        return false;
    html = news_str_of(html.ptr + open.len, html.len - open.len - close.len);
    return news_str_equal_nocase(news_str_trim(html), NEWS_STR("more"));
}

bool news_html_drop_comment(news_build *build, news_str comment, news_place place)
{
    if (news_fence_of(build, comment) != NULL)
        return news_build_error(build, "directive-stray", place,
                                "a line of colons within a block of HTML is no directive; put an "
                                "empty line before it");
    if (news_html_is_cut(comment))
        return news_cut_misplaced(build, place,
                                  "\"<!-- more -->\" within other text stops no teaser");
    return !may_report(build) ||
           news_build_warn(build, "html-comment", place, "this HTML comment is left out");
}

/* <iframe>, <video> and their like: a link to what they would show. */
static bool add_media(news_build *build, const news_html_token *token, news_place place)
{
    if (token->type == NEWS_HTML_CLOSE)
        return true;
    bool is_object = news_str_equal_nocase(token->name, NEWS_STR("object"));
    news_str url, title;
    if (!news_html_value(build, token->attributes, is_object ? "data" : "src", &url) ||
        !news_html_value(build, token->attributes, "title", &title))
        return false;
    if (url.len == 0 || build->pending_links != 0)
        return news_html_drop(build, token, place);
    if (!news_link_check(build, url, place))
        return build->status == NEWS_OK;
    char shown[64];
    news_error_copy(shown, sizeof shown, token->name, false);
    if (may_report(build) &&
        !news_build_warn(build, "html-dropped", place,
                         "the HTML tag <%s> becomes a link to its address", shown))
        return false;
    news_node *link = news_link_new(build, url, title, place);
    news_node *text = link != NULL ? news_build_node(build, NEWS_KIND_TEXT, place) : NULL;
    if (text == NULL)
        return false;
    news_str host = news_uri_host(url);
    text->a = host.len != 0 ? host : url;
    text->parent = link;
    link->first_child = text;
    /* A player stands apart: what is written for browsers without one often touches it. */
    return news_link_finish(build, link) && news_inline_flush(build, false) &&
           news_build_append(build, link) && news_build_break(build, false);
}

/* Appends text, runs of white space being one space. */
bool news_html_collapse(news_buf *to, news_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!news_is_space(text.ptr[i]))
            news_buf_append_char(to, text.ptr[i]);
        else if (i == 0 || !news_is_space(text.ptr[i - 1]))
            news_buf_append_char(to, ' ');
    }
    return to->status == NEWS_OK;
}

static bool add_text(news_build *build, const news_html_token *tag, news_place place, size_t at)
{
    news_buf line;
    news_buf_init(&line, build->heap, SIZE_MAX / 2);
    bool ok = (news_html_collapse(&line, tag->literal) || news_build_nomem(build)) &&
              warn_text(build, tag, place) &&
              news_inline_text(build, news_buf_str(&line), place, at);
    news_buf_free(&line);
    return ok;
}

/* A tag that the publication allows, for HTML as it was written. */
static bool add_allowed(news_build *build, const news_html_token *token, news_place place)
{
    news_node *tag = news_build_node(build, NEWS_KIND_HTML_INLINE, place);
    return tag != NULL && news_build_copy(build, token->literal, NEWS_RESTORE_SOURCE, &tag->a) &&
           news_html_check_fields(build, tag->a, place) && news_inline_flush(build, false) &&
           news_build_append(build, tag);
}

bool news_html_check_fields(news_build *build, news_str html, news_place place)
{
    return news_str_find(html, NEWS_STR("{{"), 0) == SIZE_MAX ||
           news_build_error(build, "field-syntax", place,
                            "merge fields are not filled within raw HTML");
}

/* Whether a tag within a paragraph goes into HTML as it is: not what becomes a node, nor what takes
 * its content along. */
static bool is_allowed(const news_build *build, const news_html_token *token)
{
    news_html_policy policy = news_html_policy_of_tag(token);
    return build->issue->allow_html && !build->in_html_block &&
           (policy == NEWS_HTML_DROP_TAG || policy == NEWS_HTML_BLOCK);
}

/* A tag within a paragraph. */
bool news_html_tag(news_build *build, const news_html_token *token, news_place place, size_t at)
{
    bool closing = token->type == NEWS_HTML_CLOSE;
    if (is_allowed(build, token))
        return add_allowed(build, token, place);
    switch (news_html_policy_of_tag(token)) {
    case NEWS_HTML_BR: return news_build_break(build, true);
    case NEWS_HTML_IMG: return closing || add_image(build, token, place, at);
    case NEWS_HTML_A:
    case NEWS_HTML_STRIKE:
    case NEWS_HTML_KEEP: return add_half(build, token, place);
    case NEWS_HTML_MEDIA: return add_media(build, token, place);
    case NEWS_HTML_PRE:
    case NEWS_HTML_BLOCK:
        return news_html_drop(build, token, place) && news_build_break(build, true);
    case NEWS_HTML_DROP_CONTENT: return closing || warn_content_dropped(build, token->name, place);
    case NEWS_HTML_NO_ELEMENT: return add_text(build, token, place, at);
    default: return news_html_drop(build, token, place);
    }
}

bool news_html_inline_build(news_build *build, news_str html, news_place place, size_t at,
                            bool *skip)
{
    news_html_token token;
    size_t next = 0;
    news_html_next(html, &next, &token);
    switch (token.type) {
    case NEWS_HTML_COMMENT:
        if (news_fence_of(build, html) != NULL)
            return news_build_error(build, "directive-stray", place,
                                    "this line of colons is indented so far that it goes on with "
                                    "the text above it");
        build->gap = true;
        return news_html_drop_comment(build, html, place);
    case NEWS_HTML_OPEN:
        *skip = !token.self_closing && news_html_policy_of(token.name) == NEWS_HTML_DROP_CONTENT;
        return news_html_tag(build, &token, place, at);
    case NEWS_HTML_CLOSE: return news_html_tag(build, &token, place, at);
    default: return news_inline_text(build, html, place, at);
    }
}
