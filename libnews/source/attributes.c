/* Attribute lists in Pandoc's manner: {#id .class key=value key="a value"}. */
#include "source/overlay.h"

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* A word from `at` on: what stands up to white space, and holds no quote or brace. */
static bool word(news_str list, size_t *at, news_str *value)
{
    size_t begin = *at;
    while (*at < list.len && !ends_word(list.ptr[*at])) {
        char c = list.ptr[*at];
        if (c == '"' || c == '\'' || c == '{' || c == '}' || c == '=')
            return false;
        (*at)++;
    }
    *value = news_str_of(list.ptr + begin, *at - begin);
    return value->len != 0;
}

static bool quoted(news_str list, size_t *at, news_str *value)
{
    const char *begin = list.ptr + *at + 1;
    const char *end = memchr(begin, list.ptr[*at], list.len - *at - 1);
    if (end == NULL)
        return false;
    *value = news_str_of(begin, (size_t)(end - begin));
    *at = (size_t)(end + 1 - list.ptr);
    return *at == list.len || ends_word(list.ptr[*at]);
}

static bool in_name(char c)
{
    return news_is_alnum(c) || c == '-' || c == '_' || c == ':';
}

static bool pair(news_str list, size_t *at, news_attribute *attribute)
{
    size_t begin = *at;
    while (*at < list.len && in_name(list.ptr[*at]))
        (*at)++;
    attribute->name = news_str_of(list.ptr + begin, *at - begin);
    if (attribute->name.len == 0 || !news_is_alpha(attribute->name.ptr[0]) || *at + 1 >= list.len ||
        list.ptr[*at] != '=')
        return false;
    (*at)++;
    if (list.ptr[*at] == '"' || list.ptr[*at] == '\'')
        return quoted(list, at, &attribute->value);
    return word(list, at, &attribute->value);
}

news_attribute_type news_attribute_next(news_str list, size_t *at, news_attribute *attribute)
{
    *attribute = (news_attribute){{NULL, 0}, {NULL, 0}};
    while (*at < list.len && ends_word(list.ptr[*at]))
        (*at)++;
    if (*at >= list.len)
        return NEWS_ATTRIBUTE_END;
    char c = list.ptr[*at];
    if (c == '#' || c == '.') {
        (*at)++;
        if (!word(list, at, &attribute->value))
            return NEWS_ATTRIBUTE_BAD;
        return c == '#' ? NEWS_ATTRIBUTE_ID : NEWS_ATTRIBUTE_CLASS;
    }
    return pair(list, at, attribute) ? NEWS_ATTRIBUTE_PAIR : NEWS_ATTRIBUTE_BAD;
}

bool news_attribute_list_valid(news_str braced)
{
    if (braced.len < 3 || braced.ptr[0] != '{' || braced.ptr[braced.len - 1] != '}')
        return false;
    news_str list = news_str_of(braced.ptr + 1, braced.len - 2);
    size_t at = 0, count = 0;
    for (;;) {
        news_attribute attribute;
        switch (news_attribute_next(list, &at, &attribute)) {
        case NEWS_ATTRIBUTE_END: return count != 0;
        case NEWS_ATTRIBUTE_BAD: return false;
        default: count++;
        }
    }
}

bool news_attribute_list_meant(news_str braced)
{
    size_t at = 1;
    while (at < braced.len && ends_word(braced.ptr[at]))
        at++;
    if (at < braced.len && (braced.ptr[at] == '#' || braced.ptr[at] == '.'))
        return true;
    const size_t name = at;
    while (at < braced.len && in_name(braced.ptr[at]))
        at++;
    return at > name && at < braced.len && braced.ptr[at] == '=';
}
