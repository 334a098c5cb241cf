/* Encoded words (RFC 2047): how text that is not ASCII stands in a header. Each is at most 75
 * octets long and holds whole characters, and whole clusters where they fit. What Q leaves as it is
 * fits every place that an encoded word may have, names before an address included (section 5). */
#include "mail/mail.h"
#include "text/text.h"

enum { LONGEST_WORD = 75, AROUND = 12 }; /* =?UTF-8?Q?…?= */

/* Stands for itself in Q, also in a name (section 5, rule 3); the space is written "_". */
static bool is_plain(char c)
{
    return news_is_alnum(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

static size_t q_length(news_str s)
{
    size_t length = 0;
    for (size_t i = 0; i < s.len; i++)
        length += is_plain(s.ptr[i]) || s.ptr[i] == ' ' ? 1 : 3;
    return length;
}

static size_t b_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

static size_t length_of(news_str s, char method)
{
    return method == 'Q' ? q_length(s) : b_length(s.len);
}

char news_encoded_word_method(news_str text)
{
    return q_length(text) <= b_length(text.len) ? 'Q' : 'B';
}

/* Where the cluster or the character that begins at `at` ends. More than a word holds is not looked
 * at, so that an endless cluster costs no more than its length. */
static size_t unit_end(news_str text, size_t at, bool characters)
{
    uint32_t c;
    if (characters)
        return at + news_utf8_decode(text, at, &c);
    if (text.len - at > LONGEST_WORD)
        text.len = at + LONGEST_WORD;
    return news_grapheme_end(text, at);
}

static size_t fit_units(news_str text, size_t at, size_t room, char method, bool characters)
{
    size_t end = at, length = 0;
    while (end < text.len) {
        size_t next = unit_end(text, end, characters);
        news_str unit = news_str_of(text.ptr + end, next - end);
        size_t longer = method == 'Q' ? length + q_length(unit) : b_length(next - at);
        if (longer > room)
            break;
        length = longer;
        end = next;
    }
    return end - at;
}

size_t news_encoded_word_fit(news_str text, size_t at, size_t room, char method, bool split)
{
    if (room > LONGEST_WORD)
        room = LONGEST_WORD;
    if (room <= AROUND)
        return 0;
    size_t taken = fit_units(text, at, room - AROUND, method, false);
    return taken != 0 || !split ? taken : fit_units(text, at, room - AROUND, method, true);
}

static size_t encode_q(news_str s, char *out)
{
    static const char hex[] = "0123456789ABCDEF";
    char *to = out;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (is_plain(s.ptr[i]) || c == ' ') {
            *to++ = c == ' ' ? '_' : (char)c;
        } else {
            *to++ = '=';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    return (size_t)(to - out);
}

void news_encoded_word_append(news_buf *out, news_str text, char method)
{
    char payload[LONGEST_WORD];
    const char opening[] = {'=', '?', 'U', 'T', 'F', '-', '8', '?', method, '?'};
    if (length_of(text, method) > sizeof payload)
        return; /* never asked for: news_encoded_word_fit() says what fits */
    size_t length = method == 'Q' ? encode_q(text, payload) : news_base64_encode(text, payload);
    news_buf_append(out, opening, sizeof opening);
    news_buf_append(out, payload, length);
    news_buf_append(out, "?=", 2);
}
