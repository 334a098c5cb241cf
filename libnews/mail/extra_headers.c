/* Header fields that a caller adds. Each of the known ones is written by its own grammar, so that
 * an encoded word never stands in an address or an id; any other is text for people to read. */
#include "mail/mail.h"
#include "text/text.h"

typedef enum {
    TEXT,
    ASCII,     /* words of ASCII */
    MAILBOX,   /* one address */
    MAILBOXES, /* several, parted by commas */
    IDS,       /* names of messages */
    URLS,      /* addresses in "<>", or one without */
    POST,      /* the same, or NO (RFC 2369, section 3.4) */
    OURS,      /* written from another member of news_message */
    NOT_OURS   /* added on the way, or never seen by readers */
} grammar;

typedef struct {
    const char *name;
    grammar grammar;
} known_header;

/* In order of name, ASCII letters alike. RFC 5322 section 3.6, RFC 2369, 2919, 3282, 3834, 4021,
 * 5064, 8058. */
static const known_header known_headers[] = {
    {"Archived-At", URLS},
    {"Authentication-Results", NOT_OURS},
    {"Auto-Submitted", ASCII},
    {"Bcc", NOT_OURS},
    {"Cc", MAILBOXES},
    {"Content-Language", ASCII},
    {"Date", OURS},
    {"DKIM-Signature", NOT_OURS},
    {"From", OURS},
    {"Importance", ASCII},
    {"In-Reply-To", IDS},
    {"List-Archive", URLS},
    {"List-Help", URLS},
    {"List-Id", OURS},
    {"List-Owner", URLS},
    {"List-Post", POST},
    {"List-Subscribe", URLS},
    {"List-Unsubscribe", OURS},
    {"List-Unsubscribe-Post", OURS},
    {"Message-ID", OURS},
    {"MIME-Version", OURS},
    {"Precedence", ASCII},
    {"Priority", ASCII},
    {"Received", NOT_OURS},
    {"References", IDS},
    {"Reply-To", OURS},
    {"Return-Path", NOT_OURS},
    {"Sender", MAILBOX},
    {"Sensitivity", ASCII},
    {"Subject", OURS},
    {"To", OURS},
    {"X-Priority", ASCII},
};

enum { KNOWN = sizeof known_headers / sizeof *known_headers };

/* KNOWN when it is none of them. */
static size_t find_known(news_str name)
{
    size_t i = 0;
    while (i < KNOWN && !news_str_equal_nocase(name, news_str_from(known_headers[i].name)))
        i++;
    return i;
}

static bool begins_with(news_str name, news_str prefix)
{
    return name.len >= prefix.len &&
           news_str_equal_nocase(news_str_of(name.ptr, prefix.len), prefix);
}

static grammar grammar_of(news_str name, size_t known)
{
    if (known != KNOWN)
        return known_headers[known].grammar;
    if (begins_with(name, NEWS_STR("Content-")))
        return OURS;
    return begins_with(name, NEWS_STR("Resent-")) ? NOT_OURS : TEXT;
}

static news_status check_name(news_str name, news_error *error)
{
    const news_str headers = NEWS_STR("headers");
    news_status status = news_mail_check(name, headers, error);
    if (status != NEWS_OK)
        return status;
    bool good = name.len != 0 && name.len <= NEWS_MAIL_NAME_MAX;
    for (size_t i = 0; i < name.len; i++)
        good = good && name.ptr[i] > ' ' && name.ptr[i] <= '~' && name.ptr[i] != ':';
    return good ? NEWS_OK
                : news_mail_refuse(error, headers,
                                   "\"%.*s\" cannot be the name of a header: it is made of 1 to "
                                   "%d letters, digits and \"-\"",
                                   (int)name.len, name.ptr, NEWS_MAIL_NAME_MAX);
}

/* ---- One grammar each ---- */

/* Takes the first word off the text, which does not begin with white space. */
static news_str take_word(news_str *text)
{
    size_t end = news_str_find(*text, NEWS_STR(" "), 0);
    news_str word = news_str_of(text->ptr, end < text->len ? end : text->len);
    *text = news_str_trim(news_str_skip(*text, word.len));
    return word;
}

static news_status write_ascii(news_header *field, news_str value, news_str name, news_error *error)
{
    while (value.len != 0) {
        news_str word = take_word(&value);
        if (!news_is_ascii(word) || word.len > NEWS_MAIL_WORD_MAX)
            return news_mail_refuse(error, name, "only words of ASCII may stand here");
        news_header_word(field, word);
    }
    return NEWS_OK;
}

static news_status write_addresses(news_mail_memory *memory, news_header *field, news_str value,
                                   bool several, news_str name, news_error *error)
{
    do {
        news_mail_address address;
        news_status status = news_mail_next_address(memory, &address, &value, name, error);
        if (status != NEWS_OK)
            return status;
        if (value.len != 0 && !several)
            return news_mail_refuse(error, name, "more than one address is given");
        news_header_address(field, &address, value.len != 0);
    } while (value.len != 0);
    return NEWS_OK;
}

static news_status write_ids(news_header *field, news_str value, news_str name, news_error *error)
{
    while (value.len != 0) {
        news_str id;
        news_status status = news_mail_read_id(take_word(&value), &id, name, error);
        if (status != NEWS_OK)
            return status;
        news_header_angles(field, id, false);
    }
    return NEWS_OK;
}

static news_status write_urls(news_mail_memory *memory, news_header *field, news_str value,
                              news_str name, news_error *error)
{
    const bool bare = value.ptr[0] != '<';
    while (value.len != 0) {
        news_str text = value, url;
        if (!bare) {
            size_t end = news_str_find(value, NEWS_STR(">"), 0);
            if (value.ptr[0] != '<' || end == SIZE_MAX)
                return news_mail_refuse(error, name, "several addresses are written <…>, <…>, <…>");
            text = news_str_of(value.ptr + 1, end - 1);
        }
        news_status status = news_mail_read_url(memory, &url, text, name, error);
        if (status != NEWS_OK)
            return status;
        value = news_str_trim(news_str_skip(value, text.len + (bare ? 0 : 2)));
        const bool comma = value.len != 0 && value.ptr[0] == ',';
        value = news_str_trim(news_str_skip(value, comma));
        if (comma != (value.len != 0))
            return news_mail_refuse(error, name, "commas stand between addresses, and only there");
        news_header_angles(field, url, comma);
    }
    return NEWS_OK;
}

static news_status write_value(news_mail_memory *memory, news_header *field, grammar by,
                               news_str value, news_str name, news_error *error)
{
    switch (by) {
    case TEXT: news_header_text(field, value); return NEWS_OK;
    case ASCII: return write_ascii(field, value, name, error);
    case MAILBOX: return write_addresses(memory, field, value, false, name, error);
    case MAILBOXES: return write_addresses(memory, field, value, true, name, error);
    case IDS: return write_ids(field, value, name, error);
    case POST:
        if (news_str_equal(value, NEWS_STR("NO"))) {
            news_header_word(field, value);
            return NEWS_OK;
        }
        return write_urls(memory, field, value, name, error);
    case URLS: return write_urls(memory, field, value, name, error);
    case OURS:
        return news_mail_refuse(error, name, "is written from a member of the message of its own");
    case NOT_OURS:
        return news_mail_refuse(error, name, "is not for the sender of a message to write");
    }
    return NEWS_ERR_INTERNAL;
}

static news_status write_header(news_mail_memory *memory, news_buf *out, const news_option *header,
                                uint64_t *seen, news_error *error)
{
    news_str name = news_str_from(header->name), value = news_str_from(header->value);
    news_status status = check_name(name, error);
    if (status != NEWS_OK)
        return status;
    const size_t known = find_known(name);
    if (known != KNOWN) {
        name = news_str_from(known_headers[known].name);
        if ((*seen >> known & 1) != 0)
            return news_mail_refuse(error, name, "a message has no more than one");
        *seen |= UINT64_C(1) << known;
    }
    status = news_mail_check(value, name, error);
    if (status != NEWS_OK)
        return status;
    value = news_str_trim(value);
    if (value.len == 0)
        return news_mail_refuse(error, name, "is empty");
    news_header field;
    news_header_begin(&field, out, name);
    status = write_value(memory, &field, grammar_of(name, known), value, name, error);
    news_header_end(&field);
    return status;
}

news_status news_mail_write_headers(news_mail_memory *memory, news_buf *out,
                                    const news_option *headers, size_t count, news_error *error)
{
    uint64_t seen = 0;
    _Static_assert(KNOWN <= 64, "a bit for each known header");
    news_status status = NEWS_OK;
    for (size_t i = 0; i < count && status == NEWS_OK; i++)
        status = write_header(memory, out, &headers[i], &seen, error);
    return status;
}
