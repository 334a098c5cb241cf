/* Raw HTML as writers paste it: a tokenizer.
 *
 * Tags follow CommonMark's grammar first. A quoted value may then hold "<" and ">", and the time is
 * still linear: two attempts that are alive at the same byte are in different states of quoting, so
 * no byte is read by more than three. A tag that breaks the grammar, such as <td width=50"%>, ends
 * at the first ">" if no "<" stands before it; else its "<" is text. A comment, declaration or
 * instruction that is never closed takes in the rest, as it does in CommonMark and in browsers. */
#include "source/source.h"

static char at_or_nul(news_str s, size_t at)
{
    return at < s.len ? s.ptr[at] : '\0';
}

static size_t skip_space(news_str s, size_t at)
{
    while (at < s.len && news_is_space(s.ptr[at]))
        at++;
    return at;
}

static bool is_name_char(char c)
{
    return news_is_alnum(c) || c == '-' || c == ':' || c == '_' || c == '.';
}

static size_t name_end(news_str s, size_t at)
{
    while (at < s.len && is_name_char(s.ptr[at]))
        at++;
    return at;
}

/* ---- Tags ---- */

/* The end of an attribute value that begins at `at`; SIZE_MAX when there is none. */
static size_t strict_value_end(news_str html, size_t at)
{
    char quote = at_or_nul(html, at);
    if (quote == '"' || quote == '\'') {
        const char *close = memchr(html.ptr + at + 1, quote, html.len - at - 1);
        return close != NULL ? (size_t)(close - html.ptr) + 1 : SIZE_MAX;
    }
    size_t end = at;
    while (end < html.len && !news_is_space(html.ptr[end]) &&
           strchr("\"'=<>`", html.ptr[end]) == NULL)
        end++;
    return end > at ? end : SIZE_MAX;
}

/* The offset past the tag whose name ends at `at`, by CommonMark's grammar; SIZE_MAX when the tag
 * does not follow it. *inside_end is where its attributes end. */
static size_t strict_tag_end(news_str html, size_t at, bool closing, size_t *inside_end)
{
    for (;;) {
        size_t next = skip_space(html, at);
        char c = at_or_nul(html, next);
        *inside_end = next;
        if (c == '>')
            return next + 1;
        if (closing)
            return SIZE_MAX;
        if (c == '/')
            return at_or_nul(html, next + 1) == '>' ? next + 2 : SIZE_MAX;
        if (next == at || !(news_is_alpha(c) || c == '_' || c == ':'))
            return SIZE_MAX;
        at = name_end(html, next);
        size_t equals = skip_space(html, at);
        if (at_or_nul(html, equals) == '=') {
            at = strict_value_end(html, skip_space(html, equals + 1));
            if (at == SIZE_MAX)
                return SIZE_MAX;
        }
    }
}

/* The same for a tag that breaks the grammar: it ends at the first ">" with no "<" before it. */
static size_t sloppy_tag_end(news_str html, size_t at, size_t *inside_end)
{
    size_t start = at;
    while (at < html.len && html.ptr[at] != '<' && html.ptr[at] != '>')
        at++;
    if (at_or_nul(html, at) != '>')
        return SIZE_MAX;
    *inside_end = at > start && html.ptr[at - 1] == '/' ? at - 1 : at;
    return at + 1;
}

/* Reads a tag at `start`; returns its end, or SIZE_MAX when none begins there. */
static size_t read_tag(news_str html, size_t start, news_html_token *token)
{
    bool closing = at_or_nul(html, start + 1) == '/';
    size_t name = start + 1 + closing;
    if (!news_is_alpha(at_or_nul(html, name)))
        return SIZE_MAX;
    size_t after_name = name_end(html, name), inside_end;
    char next = at_or_nul(html, after_name);
    /* An address in angle brackets, <https://…> or <me@example.org>, is no tag. */
    if (html.ptr[after_name - 1] == ':' || !(news_is_space(next) || next == '/' || next == '>'))
        return SIZE_MAX;
    size_t end = strict_tag_end(html, after_name, closing, &inside_end);
    if (end == SIZE_MAX)
        end = sloppy_tag_end(html, after_name, &inside_end);
    if (end == SIZE_MAX)
        return SIZE_MAX;
    token->type = closing ? NEWS_HTML_CLOSE : NEWS_HTML_OPEN;
    token->name = news_str_of(html.ptr + name, after_name - name);
    if (!closing) {
        token->self_closing = html.ptr[inside_end] == '/';
        token->attributes =
            news_str_trim(news_str_of(html.ptr + after_name, inside_end - after_name));
    }
    return end;
}

/* ---- Everything that is not a tag ---- */

/* The end of a construct of the comment family at `start`; SIZE_MAX when none begins there. */
static size_t comment_end(news_str html, size_t start)
{
    static const struct {
        char open[10], close[4];
        uint8_t kept; /* how much of `open` comes before the place where `close` may begin */
    } kinds[] = {
        {"<!-->", ">", 4}, {"<!--->", ">", 5},      {"<!--", "-->", 4},
        {"<?", "?>", 2},   {"<![CDATA[", "]]>", 9}, {"<!", ">", 2},
    };
    news_str here = news_str_skip(html, start);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(kinds); i++) {
        if (!news_str_starts(here, news_str_from(kinds[i].open)))
            continue;
        bool last = i == NEWS_ARRAY_LENGTH(kinds) - 1; /* a declaration: <!DOCTYPE html> */
        if (last && !news_is_alpha(at_or_nul(here, 2)))
            return SIZE_MAX;
        news_str close = news_str_from(kinds[i].close);
        size_t found = news_str_find(html, close, start + kinds[i].kept);
        return found != SIZE_MAX ? found + close.len : html.len;
    }
    return SIZE_MAX;
}

/* Whether markup begins at the "<" at `at`, as far as its next byte tells. */
static bool may_open_markup(news_str html, size_t at)
{
    char c = at_or_nul(html, at + 1);
    return news_is_alpha(c) || c == '/' || c == '!' || c == '?';
}

void news_html_next(news_str html, size_t *at, news_html_token *token)
{
    size_t start = *at;
    *token = (news_html_token){.type = NEWS_HTML_END};
    if (start >= html.len)
        return;
    size_t end = SIZE_MAX;
    if (html.ptr[start] == '<' && may_open_markup(html, start)) {
        end = read_tag(html, start, token);
        if (end == SIZE_MAX) {
            end = comment_end(html, start);
            token->type = NEWS_HTML_COMMENT;
        }
    }
    if (end == SIZE_MAX) {
        token->type = NEWS_HTML_TEXT;
        const char *next = memchr(html.ptr + start + 1, '<', html.len - start - 1);
        end = next != NULL ? (size_t)(next - html.ptr) : html.len;
    }
    token->literal = news_str_of(html.ptr + start, end - start);
    *at = end;
}

/* ---- Attributes ---- */

/* The end of an attribute's name, whatever it is made of: browsers are not particular. */
static size_t attribute_name_end(news_str s, size_t at)
{
    size_t start = at;
    while (at < s.len && !news_is_space(s.ptr[at]) && s.ptr[at] != '/' &&
           (s.ptr[at] != '=' || at == start))
        at++;
    return at;
}

/* Reads the value at *at, after the "=", and moves past it. */
static news_str attribute_value(news_str s, size_t *at)
{
    size_t start = *at, end;
    char quote = at_or_nul(s, start);
    if (quote == '"' || quote == '\'') {
        const char *close = memchr(s.ptr + start + 1, quote, s.len - start - 1);
        end = close != NULL ? (size_t)(close - s.ptr) : s.len;
        *at = close != NULL ? end + 1 : end;
        return news_str_of(s.ptr + start + 1, end - start - 1);
    }
    end = start;
    while (end < s.len && !news_is_space(s.ptr[end]))
        end++;
    *at = end;
    return news_str_of(s.ptr + start, end - start);
}

bool news_html_attribute(news_str attributes, const char *name, news_str *value)
{
    news_str wanted = news_str_from(name);
    size_t at = 0;
    *value = NEWS_STR_NONE;
    for (;;) {
        while (at < attributes.len &&
               (news_is_space(attributes.ptr[at]) || attributes.ptr[at] == '/'))
            at++;
        if (at >= attributes.len)
            return false;
        size_t end = attribute_name_end(attributes, at);
        bool found = news_str_equal_nocase(news_str_of(attributes.ptr + at, end - at), wanted);
        news_str here = NEWS_STR_NONE;
        at = skip_space(attributes, end);
        if (at_or_nul(attributes, at) == '=') {
            at = skip_space(attributes, at + 1);
            here = attribute_value(attributes, &at);
        }
        if (found) {
            *value = here;
            return true;
        }
    }
}
