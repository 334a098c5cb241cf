/* JSON (RFC 8259) for scripts inside HTML: what a browser must not take for markup, for the end of
 * the script or of one of its strings, and what old ones take for the end of a line, is written as
 * an escape. So it may stand in a script element and, escaped once more, in an attribute. */
#include "write/writer.h"

/* ---- Writing ---- */

static bool is_escaped(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '<' || c == '>' || c == '&' || c == '\'' ||
           c == 0x2028 || c == 0x2029 || c == 0xFFFE || c == 0xFFFF;
}

static void append_escape(news_buf *to, uint32_t c)
{
    switch (c) {
    case '\n': news_buf_append(to, "\\n", 2); break;
    case '\t': news_buf_append(to, "\\t", 2); break;
    case '\r': news_buf_append(to, "\\r", 2); break;
    case '\\': news_buf_append(to, "\\\\", 2); break;
    default: news_buf_printf(to, "\\u%04X", (unsigned)c); break;
    }
}

/* Bytes that are not UTF-8 become U+FFFD. */
static void append_character(news_buf *to, news_str s, size_t at, size_t len, uint32_t c)
{
    if (c == 0xFFFD && len == 1)
        news_buf_append(to, "\xEF\xBF\xBD", 3);
    else
        news_buf_append(to, s.ptr + at, len);
}

void news_json_append_text(news_buf *to, news_str s)
{
    uint32_t c;
    for (size_t at = 0, len; at < s.len; at += len) {
        len = news_utf8_decode(s, at, &c);
        if (is_escaped(c) || c == '"' || c == '\\')
            append_escape(to, c);
        else
            append_character(to, s, at, len, c);
    }
}

/* White space between the tokens stays. */
void news_json_append(news_buf *to, news_str json)
{
    uint32_t c;
    for (size_t at = 0, len; at < json.len; at += len) {
        len = news_utf8_decode(json, at, &c);
        if (is_escaped(c) && !news_is_space(json.ptr[at]))
            append_escape(to, c);
        else
            append_character(to, json, at, len, c);
    }
}

/* ---- Reading ---- */

typedef struct {
    news_str s;
    size_t at;
} reader;

static char peek(const reader *in)
{
    return in->at < in->s.len ? in->s.ptr[in->at] : '\0';
}

static bool skip(reader *in, char c)
{
    if (in->at == in->s.len || in->s.ptr[in->at] != c)
        return false;
    in->at++;
    return true;
}

static void skip_space(reader *in)
{
    char c = peek(in);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        in->at++;
        c = peek(in);
    }
}

static bool skip_digits(reader *in)
{
    size_t from = in->at;
    while (news_is_digit(peek(in)))
        in->at++;
    return in->at != from;
}

static bool skip_number(reader *in)
{
    skip(in, '-');
    if (!skip(in, '0') && !skip_digits(in))
        return false;
    if (skip(in, '.') && !skip_digits(in))
        return false;
    if (!skip(in, 'e') && !skip(in, 'E'))
        return true;
    if (!skip(in, '+'))
        skip(in, '-');
    return skip_digits(in);
}

static bool skip_escape(reader *in)
{
    char c = peek(in);
    in->at++;
    if (c != 'u')
        return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
    for (int i = 0; i < 4; i++, in->at++)
        if (news_hex_value(peek(in)) < 0)
            return false;
    return true;
}

static bool skip_string(reader *in)
{
    if (!skip(in, '"'))
        return false;
    while (in->at < in->s.len) {
        unsigned char c = (unsigned char)in->s.ptr[in->at++];
        if (c == '"')
            return true;
        if (c < ' ' || (c == '\\' && !skip_escape(in)))
            return false;
    }
    return false;
}

static bool skip_word(reader *in, news_str word)
{
    if (!news_str_starts(news_str_skip(in->s, in->at), word))
        return false;
    in->at += word.len;
    return true;
}

static bool skip_scalar(reader *in)
{
    switch (peek(in)) {
    case '"': return skip_string(in);
    case 't': return skip_word(in, NEWS_STR("true"));
    case 'f': return skip_word(in, NEWS_STR("false"));
    case 'n': return skip_word(in, NEWS_STR("null"));
    default: return skip_number(in);
    }
}

/* What is open, one bit for each level: 1 for an object. */
typedef struct {
    uint64_t objects;
    unsigned depth;
} nesting;

enum { DEEPEST = 64 };

static bool skip_key(reader *in)
{
    skip_space(in);
    if (!skip_string(in))
        return false;
    skip_space(in);
    return skip(in, ':');
}

/* A scalar, an empty array or object, or the beginning of one that holds something. */
static bool skip_begin(reader *in, nesting *open, bool *complete)
{
    *complete = true;
    bool object = peek(in) == '{';
    if (!object && peek(in) != '[')
        return skip_scalar(in);
    in->at++;
    skip_space(in);
    if (skip(in, object ? '}' : ']'))
        return true;
    if (open->depth == DEEPEST)
        return false;
    open->depth++;
    open->objects = open->objects << 1 | object;
    *complete = false;
    return !object || skip_key(in);
}

/* After a value: whatever ends with it, up to the comma before the next. */
static bool skip_ends(reader *in, nesting *open)
{
    while (open->depth != 0) {
        bool object = (open->objects & 1) != 0;
        skip_space(in);
        if (skip(in, ','))
            return !object || skip_key(in);
        if (!skip(in, object ? '}' : ']'))
            return false;
        open->objects >>= 1;
        open->depth--;
    }
    return true;
}

bool news_json_valid(news_str s)
{
    reader in = {s, 0};
    nesting open = {0, 0};
    bool complete;
    if (news_utf8_valid_prefix(s) != s.len)
        return false;
    do {
        skip_space(&in);
        if (!skip_begin(&in, &open, &complete) || (complete && !skip_ends(&in, &open)))
            return false;
    } while (!complete || open.depth != 0);
    skip_space(&in);
    return in.at == s.len;
}
