/* Quoted-printable (RFC 2045, section 6.7), a line at a time. Characters are kept whole at the ends
 * of lines, and what a server or a mailbox file might take for its own at the start of one, a dot
 * and "From ", is encoded (RFC 2049, section 3). */
#include "mail/mail.h"
#include "text/text.h"

enum { LONGEST_LINE = 76 };

/* 0 for printable ASCII without "=", and white space, which is looked at again at the end of a
 * line. */
#define X16 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
#define ZEROS_16 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
static const uint8_t is_encoded[256] = {
    1,   1,        1,        1,        1,        1,   1,   1,   1,   0,   1,   1,   1,   1, 1, 1,
    X16, ZEROS_16, 0,        0,        0,        0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 1,
    0,   0,        ZEROS_16, ZEROS_16, ZEROS_16, 0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0,
    0,   0,        0,        0,        1,        X16, X16, X16, X16, X16, X16, X16, X16,
};

static unsigned is_encoded_at(news_str s, size_t at)
{
    return is_encoded[(unsigned char)s.ptr[at]];
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t';
}

static bool begins_badly(news_str line)
{
    return line.ptr[0] == '.' || news_str_starts(line, NEWS_STR("From "));
}

/* How many of the first characters of `line`, at most `most`, may stand as they are. */
static size_t plain_run(news_str line, size_t most)
{
    size_t run = 0, end = most < line.len ? most : line.len;
    while (end - run >= 4 && is_encoded_at(line, run) + is_encoded_at(line, run + 1) +
                                     is_encoded_at(line, run + 2) + is_encoded_at(line, run + 3) ==
                                 0)
        run += 4;
    while (run < end && !is_encoded_at(line, run))
        run++;
    if (run == line.len && is_white(line.ptr[run - 1]))
        run--;
    return run;
}

static size_t escape(news_str bytes, char *out)
{
    static const char hex[] = "0123456789ABCDEF";
    char *to = out;
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        *to++ = '=';
        *to++ = hex[c >> 4];
        *to++ = hex[c & 15];
    }
    return (size_t)(to - out);
}

/* Writes to `out` one line of what is encoded and takes it off *line. The last column is free for
 * "=" unless the line ends there. */
static size_t encode_line(news_str *line, char *out)
{
    size_t column = 0;
    while (line->len != 0) {
        bool badly = column == 0 && begins_badly(*line);
        size_t run = badly ? 0 : plain_run(*line, LONGEST_LINE - column);
        if (column + run == LONGEST_LINE && run < line->len)
            run--;
        memcpy(out + column, line->ptr, run);
        column += run;
        *line = news_str_skip(*line, run);
        if (line->len == 0)
            break;
        uint32_t c;
        size_t length = news_utf8_decode(*line, 0, &c);
        size_t limit = LONGEST_LINE - (length < line->len);
        if (column + 3 * length > limit) {
            out[column++] = '=';
            return column;
        }
        column += escape(news_str_of(line->ptr, length), out + column);
        *line = news_str_skip(*line, length);
    }
    return column;
}

void news_quoted_printable_append(news_buf *out, news_str line)
{
    char encoded[LONGEST_LINE + 2];
    while (line.len != 0 && out->status == NEWS_OK) {
        size_t length = encode_line(&line, encoded);
        if (line.len != 0) {
            encoded[length++] = '\r';
            encoded[length++] = '\n';
        }
        news_buf_append(out, encoded, length);
    }
}
