/* Parameters of a content type or a disposition: as they are, quoted (RFC 2045, section 5.1), or in
 * the form that RFC 2231 has for what is not ASCII and for what is long. Quotes and backslashes go
 * by RFC 2231, too: not all that read mail undo their escapes. */
#include <stdio.h>

#include "mail/mail.h"
#include "text/text.h"

/* What stands for itself in an extended value (RFC 2231, section 7): what may stand in a token, but
 * for three characters that have a meaning there. */
static bool is_attribute_character(char c)
{
    return c > ' ' && c <= '~' && strchr("()<>@,;:\\\"/[]?=*'%", c) == NULL;
}

/* Whether it needs no quotes. With those three it does: some read every value as an extended one.
 */
static bool is_plain(news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_attribute_character(s.ptr[i]))
            return false;
    return s.len != 0;
}

static bool may_be_quoted(news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] > '~' || s.ptr[i] == '"' || s.ptr[i] == '\\')
            return false;
    return news_str_find(s, NEWS_STR("=?"), 0) == SIZE_MAX;
}

/* ---- Extended values ---- */

static size_t extended_length(news_str s)
{
    size_t length = 0;
    for (size_t i = 0; i < s.len; i++)
        length += is_attribute_character(s.ptr[i]) ? 1 : 3;
    return length;
}

static void append_extended(news_buf *out, news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_attribute_character(s.ptr[i]))
            news_buf_append_char(out, s.ptr[i]);
        else
            news_uri_append_escape(out, s.ptr[i]);
}

/* How many bytes of s, whole characters, take at most `room`. */
static size_t fit(news_str s, size_t room)
{
    size_t end = 0;
    uint32_t c;
    while (end < s.len) {
        news_str unit = news_str_of(s.ptr + end, news_utf8_decode(s, end, &c));
        size_t length = extended_length(unit);
        if (length > room)
            break;
        room -= length;
        end += unit.len;
    }
    return end;
}

/* "name*0*=UTF-8''…; name*1*=…": one piece a line; one alone is "name*=UTF-8''…". */
static void append_pieces(news_header *field, news_str name, news_str value)
{
    char number[16] = "";
    const size_t room = NEWS_MAIL_LINE - 2; /* a space and a semicolon */
    const size_t whole = name.len + strlen("*=UTF-8''") + extended_length(value);
    const bool alone = whole <= room;
    for (unsigned piece = 0; value.len != 0 && field->out->status == NEWS_OK; piece++) {
        const char *charset = piece == 0 ? "UTF-8''" : "";
        if (!alone)
            (void)snprintf(number, sizeof number, "*%u", piece);
        size_t before = name.len + strlen(number) + strlen("*=") + strlen(charset);
        news_str part = news_str_of(value.ptr, fit(value, room - before));
        if (piece != 0)
            news_buf_append_char(field->out, ';');
        news_header_space(field, 1, before + extended_length(part) + 1);
        news_buf_append_str(field->out, name);
        news_buf_append_str(field->out, news_str_from(number));
        news_buf_append(field->out, "*=", 2);
        news_buf_append_str(field->out, news_str_from(charset));
        append_extended(field->out, part);
        value = news_str_skip(value, part.len);
    }
}

void news_header_parameter(news_header *field, news_str name, news_str value)
{
    const size_t room = NEWS_MAIL_LINE - 2;
    const bool plain = is_plain(value);
    const size_t length = name.len + 1 + value.len + (plain ? 0 : 2);
    news_buf_append_char(field->out, ';');
    if (length > room || !(plain || may_be_quoted(value))) {
        append_pieces(field, name, value);
        return;
    }
    news_header_space(field, 1, length + 1);
    news_buf_append_str(field->out, name);
    news_buf_append_str(field->out, plain ? NEWS_STR("=") : NEWS_STR("=\""));
    news_buf_append_str(field->out, value);
    if (!plain)
        news_buf_append_char(field->out, '"');
}
