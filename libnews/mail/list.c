/* What a mailing list says of itself: List-Id (RFC 2919), List-Unsubscribe (RFC 2369), and that one
 * click is enough (RFC 8058). The addresses are never folded: what reads them for one-click stops
 * at white space. */
#include "mail/mail.h"
#include "text/text.h"

enum { LONGEST_LIST_ID = 255 };

static const news_str list_id = {"List-Id", sizeof "List-Id" - 1};

news_status news_mail_read_list_id(news_mail_memory *memory, news_str text, news_str *name,
                                   news_str *id, news_error *error)
{
    news_status status = news_mail_split_phrase(memory, text, name, id, list_id, error);
    if (status != NEWS_OK)
        return status;
    if (id->len > LONGEST_LIST_ID || !news_mail_is_dot_atom(*id) ||
        memchr(id->ptr, '.', id->len) == NULL)
        return news_mail_refuse(error, list_id,
                                "needs an id with a dot in it, such as "
                                "\"Harbour Notes <notes.harbour.example>\"");
    return NEWS_OK;
}

static news_status write_id(news_mail_memory *memory, news_buf *out, news_str given,
                            news_error *error)
{
    news_str name, id;
    news_header field;
    news_status status = news_mail_read_list_id(memory, given, &name, &id, error);
    if (status != NEWS_OK)
        return status;
    news_header_begin(&field, out, list_id);
    if (name.len != 0)
        news_header_phrase(&field, name);
    news_header_angles(&field, id, false);
    news_header_end(&field);
    return NEWS_OK;
}

static news_status read_link(news_mail_memory *memory, news_str *url, const char *given,
                             news_str scheme, news_str header, news_error *error)
{
    *url = NEWS_STR_NONE;
    if (given == NULL)
        return NEWS_OK;
    news_status status = news_mail_read_url(memory, url, news_str_from(given), header, error);
    if (status == NEWS_OK && !news_uri_scheme_is(*url, scheme))
        return news_mail_refuse(error, header, "the address must begin with %.*s:", (int)scheme.len,
                                scheme.ptr);
    return status;
}

static news_status write_unsubscribe(news_mail_memory *memory, news_buf *out,
                                     const news_message *message, news_error *error)
{
    const news_str header = NEWS_STR("List-Unsubscribe");
    news_str web, mail;
    news_header field;
    news_status status =
        read_link(memory, &web, message->unsubscribe_url, NEWS_STR("https"), header, error);
    if (status == NEWS_OK)
        status =
            read_link(memory, &mail, message->unsubscribe_mail, NEWS_STR("mailto"), header, error);
    if (status == NEWS_OK && message->one_click && web.len == 0)
        return news_mail_refuse(error, NEWS_STR("List-Unsubscribe-Post"),
                                "one click needs an https: address to unsubscribe at");
    if (status != NEWS_OK || (web.len == 0 && mail.len == 0))
        return status;
    news_header_begin(&field, out, header);
    if (web.len != 0)
        news_header_angles(&field, web, mail.len != 0);
    if (mail.len != 0)
        news_header_angles(&field, mail, false);
    news_header_end(&field);
    if (message->one_click)
        news_buf_append_str(out, NEWS_STR("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    return NEWS_OK;
}

news_status news_mail_write_list(news_mail_memory *memory, news_buf *out,
                                 const news_message *message, news_error *error)
{
    news_status status = NEWS_OK;
    if (message->list_id != NULL)
        status = write_id(memory, out, news_str_from(message->list_id), error);
    return status == NEWS_OK ? write_unsubscribe(memory, out, message, error) : status;
}
