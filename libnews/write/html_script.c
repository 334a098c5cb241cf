/* Values in scripts: where in JavaScript or JSON the next character stands, and what becomes of a
 * value there. Tokens are all that is known, not grammar. So a "/" is only understood where the
 * token before it decides whether it divides or begins a regular expression; from one that is not,
 * nothing is known any more, since what follows may be code or a literal. The same holds for what
 * nests without end. */
#include "write/writer.h"

/* ---- Where the next character stands ---- */

/* `place` */
enum {
    CODE,
    DOUBLE_QUOTED,
    SINGLE_QUOTED,
    TEMPLATE,
    EXPRESSION, /* a regular one */
    CLASS,      /* "[…]" in it */
    LINE_COMMENT,
    COMMENT,
    LOST
};

/* `before`: what code stands before, for a slash. */
enum {
    NOTHING,
    OPERATOR, /* a regular expression may follow */
    OPERAND,  /* a slash on the same line divides; on the next one it may begin a statement */
    DOT,      /* or "#": a name follows, which is no keyword */
    POINT,    /* of a number, or a dot behind it */
    UNSURE
};

/* `lost` */
enum { BY_SLASH, BY_COMMENT, BY_LINE_END, BY_NESTING };

static void lose(news_html_code *code, uint8_t why)
{
    code->place = LOST;
    code->lost = why;
}

static bool is_word_byte(char c)
{
    return news_is_alnum(c) || c == '_' || c == '$' || c == '\\' || (unsigned char)c >= 0x80;
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* What a word, which may be a number, is to the slash behind it. */
static uint8_t kind_of_word(const news_html_code *code)
{
    static const char *const operators[] = {"case",    "default", "delete",     "do",  "else",
                                            "extends", "in",      "instanceof", "new", "return",
                                            "throw",   "typeof",  "void"};
    static const char *const unsure[] = {"as",  "async", "await", "break", "continue", "from",
                                         "get", "let",   "of",    "set",   "static",   "yield"};
    for (size_t i = 0; i < code->word_len; i++)
        if (code->word[i] == '\\' || (unsigned char)code->word[i] >= 0x80)
            return UNSURE; /* spelled with escapes, or a space beyond ASCII */
    if (code->word_len == sizeof code->word - 1 || code->before == DOT)
        return OPERAND;
    if (is_one_of(code->word, operators, NEWS_ARRAY_LENGTH(operators)))
        return code->before == POINT ? UNSURE : OPERATOR;
    return is_one_of(code->word, unsure, NEWS_ARRAY_LENGTH(unsure)) ? UNSURE : OPERAND;
}

static void end_word(news_html_code *code)
{
    if (code->word_len == 0)
        return;
    code->before = kind_of_word(code);
    code->word_len = 0;
}

/* What is too long for the array is no word that matters, if it is ASCII. */
static void add_to_word(news_html_code *code, char c)
{
    size_t last = sizeof code->word - 2;
    if (code->word_len <= last)
        code->word[code->word_len++] = c;
    else if (!news_is_alnum(c) && c != '_' && c != '$')
        code->word[last] = c;
    code->word[code->word_len] = '\0';
}

static char last_byte(const news_html_code *code)
{
    return (char)(code->recent & 0xFF);
}

static void enter(news_html_code *code, uint8_t place)
{
    code->place = place;
    code->escaped = false;
    code->recent = 0;
}

static void leave(news_html_code *code, uint8_t before)
{
    enter(code, CODE);
    code->before = before;
}

static void end_line(news_html_code *code)
{
    if (code->before == OPERAND)
        code->before = UNSURE;
}

/* A slash that begins no comment. */
static void end_slash(news_html_code *code)
{
    if (code->before == OPERAND)
        code->before = OPERATOR;
    else if (code->before == OPERATOR || code->before == NOTHING)
        enter(code, EXPRESSION);
    else
        lose(code, BY_SLASH);
}

static void step_brace(news_html_code *code, char c)
{
    code->before = c == '{' ? OPERATOR : UNSURE;
    if (code->depth == 0) /* not in "${ }" of a template literal */
        return;
    if (c == '{' && code->depth == UINT8_MAX)
        lose(code, BY_NESTING);
    else if (c == '{')
        code->depth++;
    else if (--code->depth == 0)
        enter(code, TEMPLATE);
}

static void step_punctuation(news_html_code *code, char c)
{
    switch (c) {
    case '"': enter(code, DOUBLE_QUOTED); break;
    case '\'': enter(code, SINGLE_QUOTED); break;
    case '`':
        if (code->depth != 0)
            lose(code, BY_NESTING);
        else
            enter(code, TEMPLATE);
        break;
    case '{':
    case '}': step_brace(code, c); break;
    case ')': code->before = UNSURE; break;
    case ']': code->before = OPERAND; break;
    case '.':
        code->before = is_word_byte(last_byte(code)) && news_is_digit(code->word[0]) ? POINT : DOT;
        break;
    case '#': code->before = DOT; break;
    case '+':
    case '-': code->before = last_byte(code) == c ? UNSURE : OPERATOR; break;
    default: code->before = OPERATOR; break;
    }
}

/* "<!--" and "-->" may begin comments, "#!" does so on the first line. */
static bool begins_old_comment(uint32_t recent)
{
    return recent == 0x3C212D2D || (recent & 0xFFFFFF) == 0x2D2D3E || (recent & 0xFFFF) == 0x2321;
}

static void step_code(news_html_code *code, char c)
{
    if (last_byte(code) == '/') {
        if (c == '/' || c == '*') {
            enter(code, c == '/' ? LINE_COMMENT : COMMENT);
            return;
        }
        end_slash(code);
        code->recent = ' ';
        if (code->place != CODE)
            return;
    }
    if (is_word_byte(c)) {
        add_to_word(code, c);
    } else {
        end_word(code);
        if (c == '\n' || c == '\r')
            end_line(code);
        else if (c != '/' && !news_is_space(c))
            step_punctuation(code, c);
    }
    if (code->place == CODE)
        code->recent = code->recent << 8 | (unsigned char)c;
    if (code->place == CODE && begins_old_comment(code->recent))
        lose(code, BY_COMMENT);
}

static void step_string(news_html_code *code, char c, char quote)
{
    if (c == '\n' || c == '\r') {
        if (!code->escaped || c == '\r')
            lose(code, BY_LINE_END);
    } else if (c == quote && !code->escaped) {
        leave(code, OPERAND);
        return;
    }
    code->escaped = c == '\\' && !code->escaped;
}

static void step_template(news_html_code *code, char c)
{
    if (code->escaped) {
        code->escaped = false;
    } else if (c == '`') {
        leave(code, OPERAND);
    } else if (c == '{' && last_byte(code) == '$') {
        leave(code, OPERATOR);
        code->depth = 1;
    } else {
        code->escaped = c == '\\';
        code->recent = (unsigned char)c;
    }
}

static void step_expression(news_html_code *code, char c)
{
    if (c == '\n' || c == '\r') {
        lose(code, BY_LINE_END);
    } else if (code->escaped) {
        code->escaped = false;
    } else if (c == '[') {
        code->place = CLASS;
    } else if (c == ']') {
        code->place = EXPRESSION;
    } else if (c == '/' && code->place == EXPRESSION) {
        leave(code, OPERAND);
    } else {
        code->escaped = c == '\\';
    }
}

/* U+2028 and U+2029 end a line, too. A comment may hold line ends. */
static void step_comment(news_html_code *code, char c)
{
    uint32_t recent = code->recent << 8 | (unsigned char)c;
    bool line_end = c == '\n' || c == '\r' || (recent & 0xFFFFFE) == 0xE280A8;
    code->recent = recent;
    if (code->place == COMMENT ? (recent & 0xFFFF) == 0x2A2F : line_end) {
        enter(code, CODE);
        end_line(code);
    }
}

static void step(void *machine, char c)
{
    news_html_code *code = machine;
    switch (code->place) {
    case CODE:
        step_code(code, c);
        if (code->place == EXPRESSION) /* which c, behind its slash, is part of */
            step_expression(code, c);
        break;
    case DOUBLE_QUOTED: step_string(code, c, '"'); break;
    case SINGLE_QUOTED: step_string(code, c, '\''); break;
    case TEMPLATE: step_template(code, c); break;
    case EXPRESSION:
    case CLASS: step_expression(code, c); break;
    case LINE_COMMENT:
    case COMMENT: step_comment(code, c); break;
    default: break;
    }
}

/* ---- Values ---- */

static void refuse_lost(news_writer *writer, uint8_t why)
{
    switch (why) {
    case BY_SLASH:
        news_html_refuse(writer, "in a script after a \"/\" that may divide or begin a regular "
                                 "expression; give values to variables before it");
        break;
    case BY_COMMENT: news_html_refuse(writer, "in a script after <!-- or --> or #!"); break;
    case BY_LINE_END:
        news_html_refuse(writer, "in a script after a string or regular expression that its line "
                                 "does not close");
        break;
    default:
        news_html_refuse(writer, "in a script after template literals inside one another");
        break;
    }
}

static bool check_place(news_writer *writer, const news_html_code *code)
{
    switch (code->place) {
    case CODE: return true;
    case DOUBLE_QUOTED:
    case SINGLE_QUOTED:
        if (code->escaped)
            news_html_refuse(writer, "after a backslash in a script's string");
        break;
    case TEMPLATE:
        news_html_refuse(writer,
                         "inside a script's template literal; a string in \"…\" may hold it");
        break;
    case EXPRESSION:
    case CLASS: news_html_refuse(writer, "inside a script's regular expression"); break;
    case LINE_COMMENT:
    case COMMENT: news_html_refuse(writer, "inside a script's comment"); break;
    default: refuse_lost(writer, code->lost); break;
    }
    return writer->status == NEWS_OK;
}

/* In an expression. What begins like a word or a sign must not become part of one. */
static void append_expression(news_writer *writer, news_str value, bool json, char last)
{
    news_buf *to = &writer->encoded;
    if (!json) {
        news_buf_append_char(to, '"');
        news_json_append_text(to, value);
        news_buf_append_char(to, '"');
        return;
    }
    value = news_str_trim(value);
    bool joins = is_word_byte(last) || last == '-' || last == '+' || last == '.';
    if (joins && value.ptr[0] != '"')
        news_buf_append_char(to, ' ');
    news_json_append(to, value);
}

void news_html_put_script(news_writer *writer, news_str value, news_given given, unsigned flags)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    bool element = tracker->state == NEWS_HTML_STATE_RAW_TEXT;
    news_html_script language =
        element ? news_html_tracker_script(tracker) : NEWS_HTML_SCRIPT_JAVASCRIPT;
    if (language == NEWS_HTML_SCRIPT_OTHER) {
        news_html_refuse(writer, "in a script of the type \"%s\"", tracker->switch_value);
        return;
    }
    if (!news_html_read_on(writer, step))
        return;
    news_html_code code = writer->frame->reader.code; /* as if a word ended, which may yet go on */
    char last = last_byte(&code);
    end_word(&code);
    if (code.place == CODE && last == '/')
        end_slash(&code);
    if (!check_place(writer, &code))
        return;
    if (code.before == NOTHING && code.place == CODE && language == NEWS_HTML_SCRIPT_JAVASCRIPT) {
        news_html_refuse(writer, "as the whole of a script; it may be part of an expression");
        return;
    }
    news_buf_clear(&writer->encoded);
    if (code.place == CODE)
        append_expression(writer, value, given == NEWS_GIVEN_JSON, last);
    else
        news_json_append_text(&writer->encoded, value);
    if (news_writer_check(writer, &writer->encoded))
        news_html_put_encoded(writer, news_buf_str(&writer->encoded), flags);
}
