/* Merge fields as they are written, {{ name or "default" }}: in the text of an issue, and in the
 * strings of nodes flagged NEWS_NODE_FIELDS. */
#include "model/model.h"

static bool is_name_start(char c)
{
    return news_is_alpha(c) || c == '_';
}

static bool is_name_char(char c)
{
    return news_is_alnum(c) || c == '_' || c == '-';
}

static size_t skip_blanks(news_str text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
        at++;
    return at;
}

/* The end of a name such as `first_name` or `order.no` that begins at `at`; `at` when none does. */
static size_t name_end(news_str text, size_t at)
{
    size_t end = at;
    if (at == text.len || !is_name_start(text.ptr[at]))
        return at;
    for (;;) {
        while (end < text.len && is_name_char(text.ptr[end]))
            end++;
        if (end + 1 >= text.len || text.ptr[end] != '.' || !is_name_char(text.ptr[end + 1]))
            return end;
        end++;
    }
}

/* The end of `or "default"`; `at` when there is none. */
static size_t default_end(news_str text, size_t at, news_merge_field *field)
{
    size_t from = skip_blanks(text, at + 2);
    if (!news_str_starts(news_str_skip(text, at), NEWS_STR("or")) || from >= text.len ||
        (text.ptr[from] != '"' && text.ptr[from] != '\''))
        return at;
    size_t end = from + 1;
    while (end < text.len && text.ptr[end] != text.ptr[from]) {
        if (text.ptr[end] == '\n' || text.ptr[end] == '\r')
            return at;
        end++;
    }
    if (end == text.len)
        return at;
    field->otherwise = news_str_of(text.ptr + from + 1, end - from - 1);
    field->has_default = true;
    return end + 1;
}

size_t news_merge_field_parse(news_str text, size_t at, news_merge_field *field)
{
    *field = (news_merge_field){0};
    if (!news_str_starts(news_str_skip(text, at), NEWS_STR("{{")))
        return at;
    size_t from = skip_blanks(text, at + 2), end = name_end(text, from);
    if (end == from)
        return at;
    field->name = news_str_of(text.ptr + from, end - from);
    from = skip_blanks(text, end);
    if (from != end)
        end = skip_blanks(text, default_end(text, from, field));
    if (news_str_starts(news_str_skip(text, end), NEWS_STR("}}")))
        return end + 2;
    *field = (news_merge_field){0};
    return at;
}

bool news_merge_next(news_str *text, news_str *literal, news_merge_field *field)
{
    *literal = NEWS_STR_NONE;
    *field = (news_merge_field){0};
    if (news_str_starts(*text, NEWS_STR("\\{{"))) {
        *literal = news_str_of(text->ptr + 1, 2);
        *text = news_str_skip(*text, 3);
        return true;
    }
    for (size_t at = 0; (at = news_str_find(*text, NEWS_STR("{{"), at)) != SIZE_MAX; at++) {
        bool is_escaped = at != 0 && text->ptr[at - 1] == '\\';
        size_t end = is_escaped ? at : news_merge_field_parse(*text, at, field);
        if (end == at && !is_escaped)
            continue;
        *literal = news_str_of(text->ptr, is_escaped ? at - 1 : at);
        *text = news_str_skip(*text, is_escaped ? at - 1 : end);
        return true;
    }
    *literal = *text;
    *text = NEWS_STR_NONE;
    return literal->len != 0;
}
