/* Names of messages and parts (RFC 5322, section 3.6.4; RFC 2045, section 7), and addresses of the
 * web. Both stand in "<>", are never encoded and never broken. */
#include "mail/mail.h"
#include "text/text.h"

enum { LONGEST_ID = 250 };

static bool is_right_side(news_str s)
{
    if (s.len < 3 || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']')
        return news_mail_is_dot_atom(s);
    for (size_t i = 1; i < s.len - 1; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || strchr("[]\\<>", s.ptr[i]) != NULL)
            return false;
    return true;
}

news_status news_mail_read_id(news_str text, news_str *id, news_str header, news_error *error)
{
    news_status status = news_mail_check(text, header, error);
    if (status != NEWS_OK)
        return status;
    text = news_str_trim(text);
    if (text.len >= 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
        text = news_str_of(text.ptr + 1, text.len - 2);
    size_t at = news_str_find(text, NEWS_STR("@"), 0);
    if (text.len > LONGEST_ID)
        return news_mail_refuse(error, header, "is longer than %d bytes", LONGEST_ID);
    if (at == SIZE_MAX || !news_mail_is_dot_atom(news_str_of(text.ptr, at)) ||
        !is_right_side(news_str_skip(text, at + 1)))
        return news_mail_refuse(error, header,
                                "\"%.*s\" is not in the form of an id, such as "
                                "\"issue-7@harbour.example\"",
                                (int)text.len, text.ptr);
    *id = text;
    return NEWS_OK;
}

news_status news_mail_read_url(news_mail_memory *memory, news_str *url, news_str text,
                               news_str header, news_error *error)
{
    news_status status = news_mail_check(text, header, error);
    if (status != NEWS_OK)
        return status;
    text = news_str_trim(text);
    if (!news_uri_has_scheme(text) || !news_uri_safe(text))
        return news_mail_refuse(error, header,
                                "needs an address that begins with https:, mailto: "
                                "or the like");
    news_buf_clear(&memory->scratch);
    news_uri_append(&memory->scratch, text);
    status = news_mail_keep(memory, url, error);
    if (status == NEWS_OK && url->len > NEWS_MAIL_WORD_MAX - 3) /* "<", ">" and a comma */
        return news_mail_refuse(error, header, "the address is longer than %d bytes",
                                NEWS_MAIL_WORD_MAX - 3);
    return status;
}
