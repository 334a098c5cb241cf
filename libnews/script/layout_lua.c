/* Lua in a tag, read just closely enough to find the braces that end it: none in a string, in a
 * comment or in a table. What Lua opens and closes is counted over the tags of a layout, so that
 * what is left open is an error here, in the words of whoever wrote it, and so that no tag can
 * close what the compiler opens around it. */
#include "script/layout.h"

/* One reading, of one tag. */
typedef struct {
    news_layout_scan *scan;
    news_str text;
    size_t at;
    unsigned base; /* how much was open before, and must stay so in a value */
    bool is_value;
    bool after_dot; /* the name that comes is a field's */
} reader;

static char peek(const reader *r, size_t ahead)
{
    return r->at + ahead < r->text.len ? r->text.ptr[r->at + ahead] : '\0';
}

static bool is_name_char(char c)
{
    return news_is_alnum(c) || c == '_';
}

/* ---- Strings and comments ---- */

/* The level of the long bracket that begins here, -1 when none does. */
static int long_bracket(const reader *r)
{
    size_t ahead = 1;
    while (peek(r, ahead) == '=')
        ahead++;
    return peek(r, ahead) == '[' ? (int)(ahead - 1) : -1;
}

/* `begin` is where what is called `what` begins. */
static void skip_long(reader *r, int level, size_t begin, const char *what)
{
    r->at += (size_t)level + 2;
    for (; r->at < r->text.len; r->at++) {
        if (r->text.ptr[r->at] != ']')
            continue;
        size_t equals = 0;
        while (peek(r, equals + 1) == '=')
            equals++;
        if (equals == (size_t)level && peek(r, equals + 1) == ']') {
            r->at += equals + 2;
            return;
        }
    }
    news_layout_fail_at(r->scan, begin, "the %s that begins here has no end", what);
}

static void skip_string(reader *r)
{
    size_t begin = r->at;
    char quote = r->text.ptr[r->at++];
    for (; r->at < r->text.len; r->at++) {
        char c = r->text.ptr[r->at];
        if (c == quote) {
            r->at++;
            return;
        }
        if (c == '\n')
            break;
        if (c != '\\')
            continue;
        r->at++; /* a line end may follow */
        if (peek(r, 0) == 'z')
            while (news_is_space(peek(r, 1)))
                r->at++;
    }
    news_layout_fail_at(r->scan, begin, "the string that begins here has no end");
}

static void skip_comment(reader *r)
{
    size_t begin = r->at;
    r->at += 2;
    int level = peek(r, 0) == '[' ? long_bracket(r) : -1;
    if (level >= 0) {
        skip_long(r, level, begin, "comment");
        return;
    }
    while (r->at < r->text.len && r->text.ptr[r->at] != '\n')
        r->at++;
    if (r->at == r->text.len)
        news_layout_fail_at(r->scan, begin,
                            "nothing ends this comment, which goes on to the end of its line, "
                            "braces and all");
}

/* ---- What is open ---- */

static const char *word_at(const news_layout_scan *scan, size_t at)
{
    size_t len = 1;
    if (is_name_char(scan->text.ptr[at]))
        while (at + len < scan->text.len && is_name_char(scan->text.ptr[at + len]))
            len++;
    return lua_pushlstring(scan->L, scan->text.ptr + at, len);
}

static int line_of(const news_layout_scan *scan, size_t at)
{
    return (int)news_layout_line(scan->text, at);
}

static void open(reader *r, news_open_type type, size_t at)
{
    news_layout_scan *scan = r->scan;
    luaL_checkstack(scan->L, 4, NULL);
    if (scan->open_count == NEWS_LAYOUT_OPEN_MAX)
        news_layout_fail_at(scan, at, "too much is open here, one thing inside another");
    scan->open[scan->open_count++] = (news_layout_open){(uint8_t)type, at};
}

/* The least that has to stay open here: in a value what was open before it, else what was open
 * where the innermost block began. */
static unsigned floor_of(const reader *r)
{
    const news_layout_scan *scan = r->scan;
    if (r->is_value)
        return r->base;
    if (scan->nesting_count == 0)
        return 0;
    return scan->layout->blocks[scan->nesting[scan->nesting_count - 1]].base;
}

/* The innermost thing that is open, which what stands at `at` is about to close. */
static news_layout_open *innermost(reader *r, size_t at)
{
    news_layout_scan *scan = r->scan;
    if (scan->open_count == floor_of(r)) {
        const char *word = word_at(scan, at);
        if (r->is_value && r->base != 0)
            news_layout_fail_at(scan, at, "'%s' closes nothing that was opened in these braces",
                                word);
        news_layout_fail_at(scan, at, "'%s' closes nothing", word);
    }
    return &scan->open[scan->open_count - 1];
}

static void crossed(reader *r, size_t at, const news_layout_open *open)
{
    news_layout_fail_at(r->scan, at, "'%s' stands before the end of '%s' in line %d",
                        word_at(r->scan, at), word_at(r->scan, open->at),
                        line_of(r->scan, open->at));
}

static void close(reader *r, news_open_type type, size_t at)
{
    const news_layout_open *open = innermost(r, at);
    if (open->type != type)
        crossed(r, at, open);
    r->scan->open_count--;
}

static void close_with_end(reader *r, size_t at)
{
    const news_layout_open *open = innermost(r, at);
    if (open->type == NEWS_OPEN_LOOP || open->type == NEWS_OPEN_IF)
        news_layout_fail_at(r->scan, at, "the '%s' in line %d has no '%s'",
                            word_at(r->scan, open->at), line_of(r->scan, open->at),
                            open->type == NEWS_OPEN_IF ? "then" : "do");
    if (open->type != NEWS_OPEN_FUNCTION && open->type != NEWS_OPEN_THEN &&
        open->type != NEWS_OPEN_DO)
        crossed(r, at, open);
    r->scan->open_count--;
}

static bool top_is(const reader *r, news_open_type type)
{
    const news_layout_scan *scan = r->scan;
    return scan->open_count > floor_of(r) && scan->open[scan->open_count - 1].type == type;
}

/* ---- Words ---- */

static bool is_word(news_str name, const char *word)
{
    return news_str_equal(name, news_str_from(word));
}

static void read_keyword(reader *r, news_str name, size_t at)
{
    news_layout_open *top = &r->scan->open[r->scan->open_count > 0 ? r->scan->open_count - 1 : 0];
    if (is_word(name, "function")) {
        open(r, NEWS_OPEN_FUNCTION, at);
    } else if (is_word(name, "if")) {
        open(r, NEWS_OPEN_IF, at);
    } else if (is_word(name, "for") || is_word(name, "while")) {
        open(r, NEWS_OPEN_LOOP, at);
    } else if (is_word(name, "repeat")) {
        open(r, NEWS_OPEN_REPEAT, at);
    } else if (is_word(name, "do")) {
        if (top_is(r, NEWS_OPEN_LOOP))
            top->type = NEWS_OPEN_DO;
        else
            open(r, NEWS_OPEN_DO, at);
    } else if (is_word(name, "then")) {
        if (top_is(r, NEWS_OPEN_IF))
            top->type = NEWS_OPEN_THEN;
    } else if (is_word(name, "elseif")) {
        if (top_is(r, NEWS_OPEN_THEN))
            *top = (news_layout_open){NEWS_OPEN_IF, at};
    } else if (is_word(name, "until")) {
        close(r, NEWS_OPEN_REPEAT, at);
    } else if (is_word(name, "end")) {
        close_with_end(r, at);
    }
}

/* What the innermost block replaces, written there. */
static void note_super(reader *r, size_t at)
{
    news_layout_scan *scan = r->scan;
    if (scan->nesting_count == 0)
        news_layout_fail_at(scan, at, "super() is for blocks, and this stands in none");
    news_layout_block *block = &scan->layout->blocks[scan->nesting[scan->nesting_count - 1]];
    if (block->super_at == SIZE_MAX)
        block->super_at = at;
}

static void read_word(reader *r)
{
    size_t at = r->at;
    while (is_name_char(peek(r, 0)))
        r->at++;
    news_str name = news_str_of(r->text.ptr + at, r->at - at);
    if (r->after_dot || news_is_digit(name.ptr[0]))
        return;
    if (is_word(name, "super"))
        note_super(r, at);
    else if (news_str_starts(name, NEWS_STR("_news_")))
        news_layout_fail_at(r->scan, at, "names that begin with _news_ are the compiler's own");
    else
        read_keyword(r, name, at);
}

/* ---- A tag ---- */

/* Whether the braces here end the tag; those that end one of the other sort are an error. */
static bool at_end(const reader *r, size_t ahead)
{
    char c = peek(r, ahead);
    if (peek(r, ahead + 1) != '}' || (c != '}' && c != '%'))
        return false;
    if (c == '%' && r->is_value)
        news_layout_fail_at(r->scan, r->at + ahead, "what '{{' begins is ended by '}}', not '%%}'");
    if (c == '%')
        return true;
    if (r->scan->open_count != floor_of(r))
        return r->is_value && !top_is(r, NEWS_OPEN_BRACE);
    if (!r->is_value)
        news_layout_fail_at(r->scan, r->at + ahead,
                            "what '{%%' begins is ended by '%%}', not '}}'");
    return true;
}

static void read_bracket(reader *r, char c)
{
    size_t at = r->at++;
    switch (c) {
    case '(': open(r, NEWS_OPEN_PAREN, at); break;
    case '{': open(r, NEWS_OPEN_BRACE, at); break;
    case '[': open(r, NEWS_OPEN_BRACKET, at); break;
    case ')': close(r, NEWS_OPEN_PAREN, at); break;
    case '}': close(r, NEWS_OPEN_BRACE, at); break;
    default: close(r, NEWS_OPEN_BRACKET, at); break;
    }
}

static void read_token(reader *r)
{
    char c = peek(r, 0);
    bool after_dot = false;
    if (c == '"' || c == '\'') {
        skip_string(r);
    } else if (c == '[' && long_bracket(r) >= 0) {
        skip_long(r, long_bracket(r), r->at, "string");
    } else if (is_name_char(c)) {
        read_word(r);
    } else if (c == '.' || c == ':') {
        size_t count = 1;
        while (peek(r, count) == c)
            count++;
        r->at += count;
        after_dot = count == 1;
    } else if (c != '\0' && strchr("(){}[]", c) != NULL) {
        read_bracket(r, c);
    } else {
        if (c == ',' && r->is_value && r->scan->open_count == r->base)
            news_layout_fail_at(r->scan, r->at, "one value at a time stands between '{{' and '}}'");
        r->at++;
        after_dot = r->after_dot && news_is_space(c);
    }
    r->after_dot = after_dot;
}

/* An `if` or a loop whose condition goes on behind the tag, over the text that comes. */
static void check_conditions(const reader *r)
{
    const news_layout_scan *scan = r->scan;
    if (top_is(r, NEWS_OPEN_IF) || top_is(r, NEWS_OPEN_LOOP)) {
        const news_layout_open *open = &scan->open[scan->open_count - 1];
        news_layout_fail_at(scan, open->at, "this '%s' has no '%s' in its tag",
                            word_at(scan, open->at), open->type == NEWS_OPEN_IF ? "then" : "do");
    }
}

static void check_value(const reader *r)
{
    const news_layout_scan *scan = r->scan;
    if (scan->open_count != r->base) {
        const news_layout_open *open = &scan->open[scan->open_count - 1];
        news_layout_fail_at(scan, open->at, "'%s' is not closed before '}}'",
                            word_at(scan, open->at));
    }
}

news_str news_layout_read_lua(news_layout_scan *scan, bool is_value, news_layout_tag *tag)
{
    reader r = {scan, scan->text, scan->at, scan->open_count, is_value, false};
    for (;;) {
        if (r.at >= r.text.len)
            news_layout_fail_at(scan, tag->begin, "this '%s' is not closed by '%s'",
                                is_value ? "{{" : "{%", is_value ? "}}" : "%}");
        if (peek(&r, 0) == '-' && peek(&r, 1) == '-') {
            skip_comment(&r);
            continue;
        }
        tag->trims_after = peek(&r, 0) == '-';
        if (at_end(&r, tag->trims_after ? 1 : 0))
            break;
        read_token(&r);
    }
    news_str lua = news_str_of(r.text.ptr + scan->at, r.at - scan->at);
    if (is_value)
        check_value(&r);
    check_conditions(&r);
    tag->end = scan->at = r.at + (tag->trims_after ? 3 : 2);
    return lua;
}
