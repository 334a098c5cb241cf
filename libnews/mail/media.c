/* Media types (RFC 2045, section 5.1; RFC 6838, section 4.2), as callers name them: "image/png",
 * "text/csv; charset=utf-8". */
#include "mail/mail.h"

/* RFC 6838 has names of at most 64 characters; of what parameters there are, none is longer. */
enum { LONGEST_NAME = 64, LONGEST_PARAMETER = 32 };

static bool is_name_character(char c)
{
    return news_is_alnum(c) || (c != '\0' && strchr("!#$&-^_.+", c) != NULL);
}

/* Takes a name off the text; empty when there is none, or one that is too long. */
static news_str take_name(news_str *text, size_t longest)
{
    size_t len = 0;
    while (len < text->len && is_name_character(text->ptr[len]))
        len++;
    news_str name = news_str_of(text->ptr, len <= longest ? len : 0);
    *text = news_str_skip(*text, len);
    return name;
}

static bool take(news_str *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c)
        return false;
    *text = news_str_skip(*text, 1);
    return true;
}

/* A value with or without quotes; escapes in quotes are not taken. False when there is none. */
static bool take_value(news_str *text, news_str *value)
{
    if (!take(text, '"')) {
        *value = take_name(text, SIZE_MAX);
        return value->len != 0;
    }
    const char *end = text->len != 0 ? memchr(text->ptr, '"', text->len) : NULL;
    if (end == NULL)
        return false;
    *value = news_str_of(text->ptr, (size_t)(end - text->ptr));
    *text = news_str_skip(*text, value->len + 1);
    return memchr(value->ptr, '\\', value->len) == NULL;
}

static news_status refuse(news_error *error, news_str header)
{
    return news_mail_refuse(error, header,
                            "is not in the form of a media type, such as "
                            "\"image/png\" or \"text/csv; charset=utf-8\"");
}

/* Those that are written from elsewhere, or that no single file has. */
static bool is_reserved(news_str name)
{
    return news_str_equal_nocase(name, NEWS_STR("name")) ||
           news_str_equal_nocase(name, NEWS_STR("boundary"));
}

static news_status append_parameters(news_header *field, news_str text, news_str header,
                                     news_error *error)
{
    news_str names[8], value;
    size_t count = 0;
    while (text.len != 0) {
        text = news_str_trim(text);
        if (!take(&text, ';') || count == NEWS_ARRAY_LENGTH(names))
            return refuse(error, header);
        text = news_str_trim(text);
        news_str name = names[count++] = take_name(&text, LONGEST_PARAMETER);
        if (name.len == 0 || !take(&text, '=') || !take_value(&text, &value))
            return refuse(error, header);
        bool again = false;
        for (size_t i = 0; i + 1 < count; i++)
            again |= news_str_equal_nocase(name, names[i]);
        if (again || is_reserved(name))
            return news_mail_refuse(error, header, "the parameter \"%.*s\" may not stand here%s",
                                    (int)name.len, name.ptr, again ? " again" : "");
        news_header_parameter(field, name, value);
        text = news_str_trim(text);
    }
    return NEWS_OK;
}

news_status news_header_media(news_header *field, news_str media, news_str header,
                              news_error *error)
{
    news_status status = news_mail_check(media, header, error);
    if (status != NEWS_OK)
        return status;
    news_str rest = media = news_str_trim(media), type = take_name(&rest, LONGEST_NAME);
    bool slash = take(&rest, '/');
    if (type.len == 0 || !slash || take_name(&rest, LONGEST_NAME).len == 0)
        return refuse(error, header);
    /* What has parts of its own may not be encoded (RFC 2045, section 6.4). */
    if (news_str_equal_nocase(type, NEWS_STR("multipart")) ||
        news_str_equal_nocase(type, NEWS_STR("message")))
        return news_mail_refuse(error, header, "a file cannot be of type \"%.*s\"", (int)type.len,
                                type.ptr);
    news_header_word(field, news_str_of(media.ptr, media.len - rest.len));
    return append_parameters(field, rest, header, error);
}
