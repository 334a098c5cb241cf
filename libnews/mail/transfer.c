/* How a text travels (RFC 2045, section 6): as it is, where it is ASCII in short lines that nothing
 * on the way would change, and else in quoted-printable or base64. */
#include "mail/mail.h"

news_str news_mail_next_line(news_str *text, bool *ended)
{
    size_t len = 0;
    while (len < text->len && text->ptr[len] != '\n' && text->ptr[len] != '\r')
        len++;
    news_str line = news_str_of(text->ptr, len);
    *ended = len < text->len;
    if (*ended) {
        bool is_crlf = text->ptr[len] == '\r' && len + 1 < text->len && text->ptr[len + 1] == '\n';
        *text = news_str_skip(*text, len + (is_crlf ? 2 : 1));
    } else {
        *text = NEWS_STR_NONE;
    }
    return line;
}

const char *news_transfer_name(news_transfer transfer)
{
    switch (transfer) {
    case NEWS_TRANSFER_7BIT: return "7bit";
    case NEWS_TRANSFER_8BIT: return "8bit";
    case NEWS_TRANSFER_QUOTED_PRINTABLE: return "quoted-printable";
    case NEWS_TRANSFER_BASE64: return "base64";
    }
    return "";
}

/* ---- The choice ---- */

typedef struct {
    size_t outside; /* bytes that are not ASCII */
    size_t longest; /* line */
    bool changes;   /* something on the way may change a line, or take it for its own */
} survey;

/* White space at the end is lost on some ways; a dot at the start ends a message (RFC 5321, section
 * 4.5.2), "From " begins one in a mailbox file, and a boundary of ours ends a part. */
static bool is_at_risk(news_str line)
{
    if (line.len == 0)
        return false;
    char last = line.ptr[line.len - 1];
    return line.ptr[0] == '.' || last == ' ' || last == '\t' ||
           news_str_starts(line, NEWS_STR("From ")) || news_str_starts(line, NEWS_STR("--=_"));
}

static void look_at(survey *found, news_str line)
{
    size_t outside = 0;
    bool controls = false;
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        outside += c >> 7;
        controls |= (c < ' ' && c != '\t') || c == 0x7F;
    }
    found->outside += outside;
    found->changes |= controls || is_at_risk(line);
    if (line.len > found->longest)
        found->longest = line.len;
}

news_transfer news_transfer_choose(news_str text, bool allow_8bit)
{
    const size_t len = text.len;
    survey found = {0};
    bool ended;
    while (text.len != 0)
        look_at(&found, news_mail_next_line(&text, &ended));
    if (!found.changes && found.outside == 0 && found.longest <= NEWS_MAIL_LINE)
        return NEWS_TRANSFER_7BIT;
    if (!found.changes && allow_8bit && found.longest <= NEWS_MAIL_LINE_MAX)
        return NEWS_TRANSFER_8BIT;
    return found.outside > len / 2 ? NEWS_TRANSFER_BASE64 : NEWS_TRANSFER_QUOTED_PRINTABLE;
}

/* ---- Writing ---- */

static void append_base64(news_buf *out, news_str text)
{
    news_base64 base64;
    bool ended;
    news_base64_begin(&base64, out);
    while (text.len != 0) {
        news_base64_add(&base64, news_mail_next_line(&text, &ended));
        news_base64_add(&base64, NEWS_STR("\r\n"));
    }
    news_base64_end(&base64);
}

void news_transfer_append(news_buf *out, news_str text, news_transfer transfer)
{
    bool ended;
    if (transfer == NEWS_TRANSFER_BASE64) {
        append_base64(out, text);
        return;
    }
    while (text.len != 0 && out->status == NEWS_OK) {
        news_str line = news_mail_next_line(&text, &ended);
        if (transfer == NEWS_TRANSFER_QUOTED_PRINTABLE)
            news_quoted_printable_append(out, line);
        else
            news_buf_append_str(out, line);
        news_buf_append(out, "\r\n", 2);
    }
}
