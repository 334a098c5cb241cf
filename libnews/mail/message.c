/* A whole message (RFC 5322, section 3.6): its headers in a fixed order, each of them once, and the
 * parts behind them. What the caller leaves out is derived from what is there, by a digest, so that
 * the same input gives the same bytes. */
#include "mail/mail.h"
#include "text/text.h"

/* Hexadecimal, and a NUL. */
enum { DIGEST_TEXT_SIZE = 2 * NEWS_DIGEST_SIZE + 1 };

/* ---- Headers ---- */

static news_status write_date(const news_message *message, news_buf *out, news_error *error)
{
    char date[NEWS_MAIL_DATE_SIZE];
    news_status status = news_mail_format_date(&message->date, date, error);
    if (status == NEWS_OK)
        news_buf_printf(out, "Date: %s\r\n", date);
    return status;
}

static news_status write_mailboxes(news_mail_memory *memory, news_buf *out, news_str name,
                                   const news_mailbox *mailboxes, size_t count, news_error *error)
{
    news_mail_address address;
    news_status status = NEWS_OK;
    news_header field;
    if (count == 0)
        return NEWS_OK;
    news_header_begin(&field, out, name);
    for (size_t i = 0; i < count && status == NEWS_OK; i++) {
        status = news_mail_read_mailbox(memory, &address, &mailboxes[i], name, error);
        if (status == NEWS_OK)
            news_header_address(&field, &address, i + 1 < count);
    }
    news_header_end(&field);
    return status;
}

static news_status write_from(news_mail_memory *memory, const news_message *message, news_buf *out,
                              news_str *domain, news_error *error)
{
    const news_str name = NEWS_STR("From");
    news_mail_address address;
    news_header field;
    if (message->from.address == NULL)
        return news_mail_refuse(error, name, "is missing; a message needs a sender");
    news_status status = news_mail_read_mailbox(memory, &address, &message->from, name, error);
    if (status != NEWS_OK)
        return status;
    news_header_begin(&field, out, name);
    news_header_address(&field, &address, false);
    news_header_end(&field);
    *domain = address.domain;
    return NEWS_OK;
}

static news_status write_subject(const news_message *message, news_buf *out, news_error *error)
{
    const news_str name = NEWS_STR("Subject"), subject = news_str_from(message->subject);
    news_header field;
    news_status status = news_mail_check(subject, name, error);
    if (status != NEWS_OK || news_str_trim(subject).len == 0)
        return status;
    news_header_begin(&field, out, name);
    news_header_text(&field, subject);
    news_header_end(&field);
    return NEWS_OK;
}

/* All but Message-ID and what MIME adds. */
static news_status write_headers(news_mail_memory *memory, const news_message *message,
                                 news_buf *out, news_str *domain, news_error *error)
{
    const bool has_reply = message->reply_to.address != NULL;
    news_status status = write_date(message, out, error);
    if (status == NEWS_OK)
        status = write_from(memory, message, out, domain, error);
    if (status == NEWS_OK)
        status = write_mailboxes(memory, out, NEWS_STR("Reply-To"), &message->reply_to, has_reply,
                                 error);
    if (status == NEWS_OK)
        status =
            write_mailboxes(memory, out, NEWS_STR("To"), message->to, message->to_count, error);
    if (status == NEWS_OK)
        status = write_subject(message, out, error);
    if (status == NEWS_OK)
        status = news_mail_write_list(memory, out, message, error);
    if (status == NEWS_OK)
        status =
            news_mail_write_headers(memory, out, message->headers, message->header_count, error);
    return status;
}

static news_status write_id(const news_message *message, const char *digest, news_str domain,
                            news_buf *out, news_error *error)
{
    const news_str name = NEWS_STR("Message-ID");
    news_str id;
    if (message->message_id == NULL) {
        news_buf_printf(out, "Message-ID: <%s@%.*s>\r\n", digest, (int)domain.len, domain.ptr);
        return NEWS_OK;
    }
    news_status status = news_mail_read_id(news_str_from(message->message_id), &id, name, error);
    if (status == NEWS_OK)
        news_buf_printf(out, "Message-ID: <%.*s>\r\n", (int)id.len, id.ptr);
    return status;
}

/* ---- What Message-ID and boundaries are made of ---- */

static void add_part(news_digest *digest, news_str text)
{
    news_digest_add_field(digest, text.ptr != NULL ? NEWS_STR("part") : NEWS_STR_NONE);
    news_digest_add_field(digest, text);
}

/* The seed; without one, all that the message says. */
static void take_digest(const news_message *message, const news_message_file *files,
                        news_str headers, char out[DIGEST_TEXT_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[NEWS_DIGEST_SIZE];
    news_digest digest;
    news_digest_init(&digest);
    if (message->seed != NULL) {
        news_digest_add(&digest, news_str_from(message->seed));
    } else {
        const char marks[] = {message->flowed ? 'f' : '-', message->delsp ? 'd' : '-'};
        news_digest_add_field(&digest, headers);
        news_digest_add_field(&digest, news_str_of(marks, sizeof marks));
        add_part(&digest, message->text);
        add_part(&digest, message->html);
        for (size_t i = 0; i < message->file_count; i++) {
            add_part(&digest, news_str_from(files[i].name));
            add_part(&digest, news_str_from(files[i].media));
            add_part(&digest, news_str_from(files[i].content_id));
            news_digest_add_field(&digest, files[i].bytes);
        }
    }
    news_digest_end(&digest, bytes);
    for (size_t i = 0; i < NEWS_DIGEST_SIZE; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[DIGEST_TEXT_SIZE - 1] = '\0';
}

/* ---- The whole ---- */

static news_status check_body(news_str text, news_str what, news_error *error)
{
    if (text.ptr != NULL && memchr(text.ptr, '\0', text.len) != NULL)
        return news_error_set(error, NEWS_ERR_ENCODING, NEWS_STR_NONE, 0, 0, "%.*s holds a NUL",
                              (int)what.len, what.ptr);
    if (news_utf8_valid_prefix(text) != text.len)
        return news_error_set(error, NEWS_ERR_ENCODING, NEWS_STR_NONE, 0, 0, "%.*s is not UTF-8",
                              (int)what.len, what.ptr);
    return NEWS_OK;
}

static news_status check_bodies(const news_message *message, news_error *error)
{
    if (message->text.ptr == NULL && message->html.ptr == NULL)
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                              "a message needs a text, HTML, or both");
    news_status status = check_body(message->text, NEWS_STR("the text"), error);
    return status == NEWS_OK ? check_body(message->html, NEWS_STR("the HTML"), error) : status;
}

static news_status write_all(news_mail_memory *memory, const news_message *message,
                             const news_message_file *files, news_buf *out, news_error *error)
{
    char digest[DIGEST_TEXT_SIZE];
    const size_t begin = out->len;
    news_str domain = NEWS_STR_NONE;
    news_status status = check_bodies(message, error);
    if (status == NEWS_OK)
        status = write_headers(memory, message, out, &domain, error);
    if (status != NEWS_OK || out->status != NEWS_OK)
        return status;
    take_digest(message, files, news_str_skip(news_buf_str(out), begin), digest);
    status = write_id(message, digest, domain, out, error);
    news_buf_append_str(out, NEWS_STR("MIME-Version: 1.0\r\n"));
    return status == NEWS_OK ? news_mail_write_body(message, files, digest, out, error) : status;
}

news_status news_mail_write(const news_message *message, const news_message_file *files,
                            news_buf *out, news_error *error)
{
    news_mail_memory memory;
    news_mail_memory_init(&memory, out->heap, out->max);
    news_status status = write_all(&memory, message, files, out, error);
    news_mail_memory_free(&memory);
    if (status != NEWS_OK)
        return status;
    if (out->status == NEWS_ERR_LIMIT)
        return news_mail_too_large(out->max, error);
    return out->status == NEWS_OK ? NEWS_OK : news_error_nomem(error);
}
