/* Characters on a terminal: how wide they are, and which must not get there. */
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "cli.h"

cli_char cli_char_at(news_str s)
{
    utf8proc_int32_t code_point;
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, &code_point);
    if (len <= 0)
        return (cli_char){.len = 1, .code_point = 0xFFFD, .columns = 1, .bad = true};
    bool overrides = (code_point >= 0x202A && code_point <= 0x202E) ||
                     (code_point >= 0x2066 && code_point <= 0x2069);
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || overrides)
        return (cli_char){(size_t)len, (uint32_t)code_point, 1, false, true};
    int columns = utf8proc_charwidth(code_point);
    return (cli_char){(size_t)len, (uint32_t)code_point, columns > 0 ? (unsigned)columns : 0, false,
                      false};
}

void cli_put_text(FILE *file, news_str s)
{
    while (s.len != 0) {
        cli_char next = cli_char_at(s);
        if (next.bad || (next.control && next.code_point != '\t'))
            (void)fputs("\xEF\xBF\xBD", file);
        else
            (void)fwrite(s.ptr, 1, next.len, file);
        s.ptr += next.len;
        s.len -= next.len;
    }
}

void cli_put_spaces(FILE *file, size_t n)
{
    while (n-- != 0)
        (void)putc(' ', file);
}

unsigned cli_terminal_columns(int fd, unsigned otherwise)
{
    struct winsize size;
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return otherwise;
}
