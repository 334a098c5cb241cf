/* How a text travels (RFC 2045, section 6): as it is, where it is ASCII in short lines that nothing
 * on the way would change, and else in quoted-printable or base64. */
#include "mail/mail.h"

/* How far the first line goes. It is looked for in pieces, so that a text that knows only CR is not
 * searched for LF to its end again and again. */
static size_t line_length(news_str text)
{
    enum { PIECE = 512 };
    for (size_t at = 0; at < text.len;) {
        const char *from = text.ptr + at;
        size_t piece = text.len - at < PIECE ? text.len - at : PIECE;
        const char *newline = memchr(from, '\n', piece);
        if (newline != NULL)
            piece = (size_t)(newline - from);
        const char *end = memchr(from, '\r', piece);
        if (end == NULL)
            end = newline;
        if (end != NULL)
            return (size_t)(end - text.ptr);
        at += piece;
    }
    return text.len;
}

news_str news_mail_next_line(news_str *text)
{
    const news_str line = news_str_of(text->ptr, line_length(*text));
    const news_str rest = news_str_skip(*text, line.len);
    *text = news_str_skip(rest, news_str_starts(rest, NEWS_STR("\r\n")) ? 2 : 1);
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

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Not 0 when there is a control character, a tab or DEL among eight bytes. */
static uint64_t controls_in(uint64_t word)
{
    const uint64_t del = word ^ EACH(0x7F);
    return (((word - EACH(0x20)) & ~word) | ((del - EACH(1)) & ~del)) & EACH(0x80);
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7F;
}

static size_t count_bits(uint64_t word)
{
    size_t count = 0;
    for (; word != 0; word &= word - 1)
        count++;
    return count;
}

static void look_at(survey *found, news_str line)
{
    uint64_t word;
    size_t at = 0;
    for (; line.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, line.ptr + at, sizeof word);
        found->outside += count_bits(word & EACH(0x80));
        for (size_t i = 0; controls_in(word) != 0 && i < sizeof word; i++)
            found->changes |= is_control(line.ptr[at + i]);
    }
    for (; at < line.len; at++) {
        found->outside += (unsigned char)line.ptr[at] >> 7;
        found->changes |= is_control(line.ptr[at]);
    }
    found->changes |= is_at_risk(line);
    if (line.len > found->longest)
        found->longest = line.len;
}

news_transfer news_transfer_choose(news_str text, bool allow_8bit)
{
    const size_t len = text.len;
    survey found = {0};
    if (text.ptr == NULL)
        return NEWS_TRANSFER_7BIT;
    while (text.len != 0)
        look_at(&found, news_mail_next_line(&text));
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
    news_base64_begin(&base64, out);
    while (text.len != 0) {
        news_base64_add(&base64, news_mail_next_line(&text));
        news_base64_add(&base64, NEWS_STR("\r\n"));
    }
    news_base64_end(&base64);
}

void news_transfer_append(news_buf *out, news_str text, news_transfer transfer)
{
    if (transfer == NEWS_TRANSFER_BASE64) {
        append_base64(out, text);
        return;
    }
    while (text.len != 0 && out->status == NEWS_OK) {
        news_str line = news_mail_next_line(&text);
        if (transfer == NEWS_TRANSFER_QUOTED_PRINTABLE)
            news_quoted_printable_append(out, line);
        else
            news_buf_append_str(out, line);
        news_buf_append(out, "\r\n", 2);
    }
}
