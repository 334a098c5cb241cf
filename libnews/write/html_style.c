/* Values in styles: where in CSS the next character stands, and what becomes of a value there. In a
 * string it is escaped; elsewhere it is let through only if it consists of tokens that are harmless
 * everywhere, and written as it is. */
#include "write/writer.h"

/* ---- Where the next character stands ---- */

/* `place` */
enum {
    CODE,
    DOUBLE_QUOTED,
    SINGLE_QUOTED,
    BEFORE_URL, /* after "url(", where a string may follow */
    URL,
    COMMENT,
    LOST
};

/* `lost` */
enum { BY_ESCAPE, BY_LINE_END, BY_NESTING };

/* Beside those: `depth` counts open parentheses, `word` is the name being read, `in_prelude` holds
 * from "@" to "{" or ";", `in_value` from ":" to the end of its declaration. */

static void lose(news_html_code *code, uint8_t why)
{
    code->place = LOST;
    code->lost = why;
}

static char last_byte(const news_html_code *code)
{
    return (char)(code->recent & 0xFF);
}

static bool is_name_byte(char c)
{
    return news_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* A name too long for the array is none that matters. */
static void add_to_word(news_html_code *code, char c)
{
    if (code->word_len < sizeof code->word - 1)
        code->word[code->word_len++] = news_to_lower(c);
    code->word[code->word_len] = '\0';
}

static void open_parenthesis(news_html_code *code)
{
    if (code->depth == UINT8_MAX)
        lose(code, BY_NESTING);
    else if (code->word_len != 0 && strcmp(code->word, "url") == 0)
        code->place = BEFORE_URL;
    else
        code->depth++;
}

static void end_declaration(news_html_code *code)
{
    if (code->depth == 0)
        code->in_prelude = code->in_value = false;
}

static void step_punctuation(news_html_code *code, char c)
{
    switch (c) {
    case '"': code->place = DOUBLE_QUOTED; break;
    case '\'': code->place = SINGLE_QUOTED; break;
    case '\\': code->escaped = true; break;
    case '*':
        if (last_byte(code) == '/')
            code->place = COMMENT;
        break;
    case '(': open_parenthesis(code); break;
    case ')': code->depth -= code->depth != 0; break;
    case '{':
    case '}':
    case ';': end_declaration(code); break;
    case ':': code->in_value = true; break;
    case '@': code->in_prelude = true; break;
    default: break;
    }
}

/* An escape of hexadecimal digits may spell any name, and swallows the space behind it. */
static void step_escape(news_html_code *code, char c)
{
    code->escaped = false;
    if (news_hex_value(c) >= 0 || c == '\n' || c == '\r' || c == '\f')
        lose(code, BY_ESCAPE);
    else
        add_to_word(code, '\\');
}

static void step_code(news_html_code *code, char c)
{
    if (code->escaped) {
        step_escape(code, c);
    } else if (is_name_byte(c)) {
        add_to_word(code, c);
    } else {
        step_punctuation(code, c);
        if (c != '\\')
            code->word_len = 0;
    }
    code->recent = code->place == COMMENT ? 0 : code->recent << 8 | (unsigned char)c;
    if (code->recent == 0x3C212D2D) /* "<!--" stands for itself */
        code->word_len = 0;
}

static void step_string(news_html_code *code, char c, char quote)
{
    if ((c == '\n' || c == '\r' || c == '\f') && !code->escaped)
        lose(code, BY_LINE_END);
    else if (c == quote && !code->escaped)
        code->place = CODE;
    code->escaped = c == '\\' && !code->escaped;
    code->recent = (unsigned char)c;
}

static void step_url(news_html_code *code, char c)
{
    bool first = code->place == BEFORE_URL;
    if (first && news_is_space(c))
        return;
    code->place = URL;
    if (first && (c == '"' || c == '\'')) {
        code->depth++;
        code->place = c == '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
    } else if (c == ')' && !code->escaped) {
        code->place = CODE;
    }
    code->escaped = code->place == URL && c == '\\' && !code->escaped;
    code->recent = (unsigned char)c;
}

static void step(void *machine, char c)
{
    news_html_code *code = machine;
    switch (code->place) {
    case CODE: step_code(code, c); break;
    case DOUBLE_QUOTED: step_string(code, c, '"'); break;
    case SINGLE_QUOTED: step_string(code, c, '\''); break;
    case BEFORE_URL:
    case URL: step_url(code, c); break;
    case COMMENT:
        if (c == '/' && last_byte(code) == '*') {
            code->place = CODE;
            code->word_len = 0;
        }
        code->recent = code->place == COMMENT ? (unsigned char)c : ' ';
        break;
    default: break;
    }
}

/* ---- Values within a string ---- */

static bool is_plain(uint32_t c)
{
    return c >= 0xA0 || (c < 0x80 && (news_is_alnum((char)c) || c == ' ' || c == '-' || c == '_' ||
                                      c == '.' || c == ','));
}

static void append_string(news_buf *to, news_str s)
{
    uint32_t c;
    for (size_t at = 0, len; at < s.len; at += len) {
        len = news_utf8_decode(s, at, &c);
        if (c == 0 || (c == 0xFFFD && len == 1))
            news_buf_append(to, "\xEF\xBF\xBD", 3);
        else if (is_plain(c))
            news_buf_append(to, s.ptr + at, len);
        else
            news_buf_printf(to, "\\%X ", (unsigned)c);
    }
}

/* ---- Values that are tokens ---- */

typedef struct {
    news_writer *writer;
    news_str value;
    size_t at;
} scanner;

static char peek(const scanner *in)
{
    return in->at < in->value.len ? in->value.ptr[in->at] : '\0';
}

static bool refuse_token(const scanner *in, const char *why)
{
    news_html_refuse_value(in->writer, in->value, "in a style: %s", why);
    return false;
}

static bool refuse_character(const scanner *in)
{
    news_html_refuse_value(in->writer, in->value, "in a style: \"%c\" may not be part of a value",
                           peek(in));
    return false;
}

static news_str take_name(scanner *in)
{
    size_t from = in->at;
    while (in->at < in->value.len && is_name_byte(in->value.ptr[in->at]))
        in->at++;
    return news_str_of(in->value.ptr + from, in->at - from);
}

static void take_digits(scanner *in)
{
    while (news_is_digit(peek(in)))
        in->at++;
}

/* With a unit, or in percent. */
static bool take_number(scanner *in)
{
    if (peek(in) == '+' || peek(in) == '-')
        in->at++;
    size_t from = in->at;
    take_digits(in);
    if (peek(in) == '.')
        in->at++;
    take_digits(in);
    if (in->at == from || (in->at == from + 1 && in->value.ptr[from] == '.'))
        return refuse_character(in);
    if (peek(in) == '%')
        in->at++;
    else
        take_name(in);
    return true;
}

static bool begins_number(const scanner *in)
{
    char c = peek(in), next = in->at + 1 < in->value.len ? in->value.ptr[in->at + 1] : '\0';
    return news_is_digit(c) || (c == '.' && news_is_digit(next)) ||
           ((c == '+' || c == '-') && (news_is_digit(next) || next == '.'));
}

static bool is_among(news_str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (news_str_equal_nocase(name, news_str_from(names[i])))
            return true;
    return false;
}

/* Numbers and "none", with commas, spaces and slashes between them; "(" stands behind. */
static bool take_arguments(scanner *in)
{
    while (in->at < in->value.len && peek(in) != ')') {
        char c = peek(in);
        if (c == ' ' || c == ',' || c == '/') {
            in->at++;
        } else if (begins_number(in)) {
            if (!take_number(in))
                return false;
        } else if (!news_is_alpha(c)) {
            return refuse_character(in);
        } else if (!news_str_equal_nocase(take_name(in), NEWS_STR("none"))) {
            return refuse_token(in, "a colour is made of numbers");
        }
    }
    if (peek(in) != ')')
        return refuse_token(in, "a parenthesis is not closed");
    in->at++;
    return true;
}

/* A name, which some old browser may take for more, or a function. */
static bool take_word(scanner *in)
{
    static const char *const colours[] = {"rgb", "rgba", "hsl",   "hsla", "hwb",
                                          "lab", "lch",  "oklab", "oklch"};
    static const char *const never[] = {"image-set",  "image",  "url",      "src",
                                        "expression", "import", "behavior", "-moz-binding"};
    news_str name = take_name(in);
    if (is_among(name, never, NEWS_ARRAY_LENGTH(never)))
        return refuse_token(in, "it holds a word that may load or run something");
    if (peek(in) != '(')
        return true;
    if (!is_among(name, colours, NEWS_ARRAY_LENGTH(colours)))
        return refuse_token(in,
                            "of functions only those that make a colour of numbers are allowed");
    in->at++;
    return take_arguments(in);
}

static bool take_colour(scanner *in)
{
    in->at++;
    news_str digits = take_name(in);
    for (size_t i = 0; i < digits.len; i++)
        if (news_hex_value(digits.ptr[i]) < 0)
            return refuse_token(in, "\"#\" begins a colour of hexadecimal digits");
    return digits.len != 0 || refuse_token(in, "\"#\" begins a colour of hexadecimal digits");
}

static bool take_string(scanner *in)
{
    char quote = peek(in);
    size_t from = ++in->at;
    while (in->at < in->value.len && peek(in) != quote) {
        if (peek(in) == '\\')
            return refuse_character(in);
        in->at++;
    }
    if (in->at == in->value.len)
        return refuse_token(in, "a quotation mark is not closed");
    news_buf *to = &in->writer->encoded;
    news_buf_append_char(to, '"');
    append_string(to, news_str_of(in->value.ptr + from, in->at++ - from));
    return news_buf_append_char(to, '"');
}

static bool take_space(scanner *in)
{
    while (news_is_space(peek(in)))
        in->at++;
    return news_buf_append_char(&in->writer->encoded, ' ');
}

/* A token, appended as it stands unless that is done already. */
static bool take_token(scanner *in, bool with_strings)
{
    size_t from = in->at;
    char c = peek(in);
    bool good;
    if (news_is_space(c))
        return take_space(in);
    if (c == '"' || c == '\'')
        return with_strings ? take_string(in)
                            : refuse_token(in, "a string may not stand in parentheses or after @");
    if (c == ',')
        good = ++in->at != 0;
    else if (c == '#')
        good = take_colour(in);
    else if (begins_number(in))
        good = take_number(in);
    else if (is_name_byte(c))
        good = take_word(in);
    else
        good = refuse_character(in);
    return good && news_buf_append(&in->writer->encoded, in->value.ptr + from, in->at - from);
}

/* Part of a name: of a property, a selector. */
static void append_name(scanner *in)
{
    news_str name = take_name(in);
    if (in->at != in->value.len)
        news_html_refuse_value(in->writer, in->value,
                               "in a style: before a colon only a name or a number may stand");
    news_buf_append_str(&in->writer->encoded, name);
}

static void append_tokens(news_writer *writer, const news_html_code *code, news_str value)
{
    scanner in = {writer, value, 0};
    if (news_escape_clean(value, news_table_text) != value.len) {
        refuse_token(&in, "it holds control characters or bytes that are not UTF-8");
        return;
    }
    if (!code->in_value) {
        append_name(&in);
        return;
    }
    while (in.at < value.len && take_token(&in, code->depth == 0 && !code->in_prelude))
        ;
}

/* ---- Values ---- */

static bool check_place(news_writer *writer, const news_html_code *code)
{
    switch (code->place) {
    case CODE:
        if (code->escaped)
            news_html_refuse(writer, "after a backslash in a style");
        else if (last_byte(code) == '@')
            news_html_refuse(writer, "after an \"@\" in a style");
        break;
    case DOUBLE_QUOTED:
    case SINGLE_QUOTED:
        if (code->escaped)
            news_html_refuse(writer, "after a backslash in a style");
        else if (code->depth != 0 || code->in_prelude)
            news_html_refuse(writer, "in a style's string inside parentheses or after @, which "
                                     "may be an address");
        break;
    case BEFORE_URL:
    case URL: news_html_refuse(writer, "in the url() of a style"); break;
    case COMMENT: news_html_refuse(writer, "in a comment of a style"); break;
    default:
        news_html_refuse(writer, code->lost == BY_ESCAPE
                                     ? "in a style after a name with a \"\\\" and digits"
                                 : code->lost == BY_LINE_END
                                     ? "in a style after a string that its line does not close"
                                     : "in a style after so many parentheses");
        break;
    }
    return writer->status == NEWS_OK;
}

void news_html_put_style(news_writer *writer, news_str value, unsigned flags)
{
    if (!news_html_read_on(writer, step))
        return;
    const news_html_code *code = &writer->frame->reader.code;
    if (!check_place(writer, code))
        return;
    news_buf_clear(&writer->encoded);
    if (code->place == CODE)
        append_tokens(writer, code, value);
    else
        append_string(&writer->encoded, value);
    if (news_writer_check(writer, &writer->encoded))
        news_html_put_encoded(writer, news_buf_str(&writer->encoded), flags);
}
