/* What no header may hold, refused with the header's name (RFC 5322, section 2.2): whoever can put
 * a line break into a header can write headers of his own. Besides CR and LF there are all that
 * some program on the way may take for a line break, also once it has been decoded. */
#include <stdio.h>

#include "mail/mail.h"
#include "text/text.h"

news_status news_mail_refuse(news_error *error, news_str header, const char *format, ...)
{
    char reason[512]; /* longer than an error's message, so that what is cut here is cut there */
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0, "%.*s: %s", (int)header.len,
                          header.ptr, reason);
}

news_status news_mail_too_large(size_t max, news_error *error)
{
    return news_error_set(error, NEWS_ERR_LIMIT, NEWS_STR_NONE, 0, 0,
                          "the message is larger than %zu bytes", max);
}

static bool ends_line(uint32_t c)
{
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

news_status news_mail_check(news_str value, news_str header, news_error *error)
{
    uint32_t c;
    if (news_utf8_valid_prefix(value) != value.len)
        return news_error_set(error, NEWS_ERR_ENCODING, NEWS_STR_NONE, 0, 0, "%.*s: is not UTF-8",
                              (int)header.len, header.ptr);
    for (size_t at = 0; at < value.len;) {
        at += news_utf8_decode(value, at, &c);
        if (news_is_control(c))
            return news_mail_refuse(
                error, header, "holds %s (U+%04X), which may not stand in a header",
                ends_line(c) ? "a line break" : "a control character", (unsigned)c);
    }
    return NEWS_OK;
}
