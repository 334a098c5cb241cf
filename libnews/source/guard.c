/* What cmark 0.30 cannot take in linear time, found by timing it, is refused before it sees it:
 *
 *   - containers nested thousands deep, which it walks for every line and every emphasis;
 *   - "![" left open, which it walks for every link that follows in the paragraph.
 *
 * Nesting is not parsed here but bounded from above, line by line. A line can open as many
 * containers as it begins with markers, and can stay in one that is open only by a ">" of its own
 * or by two columns of indentation; so
 *
 *     depth after a line <= min(depth before it, indentation / 2) + markers
 *
 * and only a line after a blank one may end with less than was open before, for any other may be a
 * lazy continuation. The bound holds whatever kind of block the line is in. It is close where
 * people write, and beyond any code or art that could be mistaken: 64 levels take 128 columns, or
 * as many markers in a row. Code at the top level, where the bound says that no container is open,
 * is left out; there a fence or an indented line can only be what it seems. */
#include "source/source.h"

enum {
    MAX_OPEN_IMAGES = 200, /* in one paragraph */
    WORK_PER_BYTE = 8,     /* steps through open containers, each about 15 ns of cmark's */
    FREE_WORK = 1 << 20
};

/* Kinds of HTML block that may be open, by what ends them. */
enum {
    HTML_RAW = 1,         /* </script>, … */
    HTML_COMMENT = 2,     /* --> */
    HTML_INSTRUCTION = 4, /* ?> */
    HTML_DECLARATION = 8, /* > */
    HTML_CDATA = 16,      /* ]]> */
    HTML_TAG = 32         /* a blank line */
};

typedef struct {
    news_str text, name;
    size_t max_depth;
    uint32_t line_number;
    news_error *error;
    bool has_cr; /* cmark ends a line at a lone CR, too */

    size_t depth; /* no more containers than this are open */
    uint64_t work;
    bool no_paragraph; /* so that the next line cannot be a lazy continuation */
    bool has_notes;    /* indented lines may be part of a note */
    unsigned html;     /* kinds that may be open */
    char fence;        /* '`' or '~' inside a fenced code block at the top level, else 0 */
    size_t fence_length;
    bool unsure_of_fences; /* one was seen that may be in a container or at the top level */

    bool count_images;
    size_t open_images; /* so far in this paragraph */
} guard;

static bool is_blank_char(char c)
{
    return c == ' ' || c == '\t';
}

static char char_at(news_str s, size_t at)
{
    return at < s.len ? s.ptr[at] : '\0';
}

/* Whether `at` is past the line or at white space, as what follows a list marker must be. */
static bool ends_marker(news_str line, size_t at)
{
    return at >= line.len || news_is_space(line.ptr[at]);
}

static size_t skip_blanks(news_str line, size_t at)
{
    while (at < line.len && is_blank_char(line.ptr[at]))
        at++;
    return at;
}

static size_t skip_run(news_str line, size_t at, char c)
{
    while (at < line.len && line.ptr[at] == c)
        at++;
    return at;
}

/* ---- Container markers ---- */

/* What a line begins with. */
typedef struct {
    size_t indent; /* columns of white space at its start */
    size_t levels; /* most containers that its white space can keep open */
    size_t markers;
    size_t marker_at; /* the last marker, or the one past the limit */
    size_t text_at;   /* where its text begins */
    bool note;
} prefix;

/* Whether the rest of the line from `at` is a thematic break. If not, *differs is where it stops
 * looking like one, so that no byte is looked at twice. */
static bool is_thematic_break(news_str line, size_t at, size_t *differs)
{
    char mark = line.ptr[at];
    size_t count = 0;
    if (mark == '+')
        return false;
    for (; at < line.len; at++) {
        if (line.ptr[at] == mark)
            count++;
        else if (!is_blank_char(line.ptr[at]))
            break;
    }
    *differs = at;
    return at == line.len && count >= 3;
}

/* The end of a list marker at `at`, or `at` when none stands there. */
static size_t list_marker_end(news_str line, size_t at, size_t *no_break_before)
{
    char c = line.ptr[at];
    if (c == '-' || c == '+' || c == '*') {
        if (!ends_marker(line, at + 1) ||
            (at >= *no_break_before && is_thematic_break(line, at, no_break_before)))
            return at;
        return at + 1;
    }
    size_t end = at;
    while (end < line.len && end - at < 9 && news_is_digit(line.ptr[end]))
        end++;
    if (end == at || !(char_at(line, end) == '.' || char_at(line, end) == ')') ||
        !ends_marker(line, end + 1))
        return at;
    return end + 1;
}

/* The end of "[^id]:" at `at`, or `at` when none stands there. */
static size_t note_marker_end(news_str line, size_t at)
{
    if (char_at(line, at) != '[' || char_at(line, at + 1) != '^')
        return at;
    const char *close = memchr(line.ptr + at, ']', line.len - at);
    size_t end = close != NULL ? (size_t)(close - line.ptr) + 1 : line.len;
    return char_at(line, end) == ':' ? end + 1 : at;
}

static prefix read_prefix(news_str line, size_t max_markers)
{
    prefix p = {.indent = 0};
    size_t at = 0, column = 0, no_break_before = 0;
    bool in_quote_mark = false, new_list = false;
    for (;;) {
        size_t start = column;
        for (; at < line.len && is_blank_char(line.ptr[at]); at++)
            column += line.ptr[at] == '\t' ? 4 - column % 4 : 1;
        size_t width = column - start;
        if (p.markers == 0)
            p.indent = width;
        if (!new_list) /* what follows a new list item is new as well */
            p.levels += (width - (in_quote_mark && width != 0)) / 2;
        p.text_at = at;
        if (at == line.len)
            return p;
        size_t end;
        in_quote_mark = line.ptr[at] == '>';
        if (in_quote_mark) {
            end = at + 1;
        } else {
            end = list_marker_end(line, at, &no_break_before);
            if (end == at) {
                end = note_marker_end(line, at);
                p.note = p.note || end != at;
            }
            new_list = true;
        }
        if (end == at)
            return p;
        if (p.markers++ <= max_markers)
            p.marker_at = at;
        column += end - at;
        at = end;
    }
}

/* ---- Code and HTML at the top level ---- */

/* Whether the line is an opening fence of a code block that is not in a container. One that may be
 * either, or stands where HTML may be open, ends all trust in fences: the next could be its end. */
static bool opens_fence(guard *g, news_str line, const prefix *p)
{
    char c = char_at(line, p->text_at);
    if (p->markers != 0 || p->indent > 3 || (c != '`' && c != '~'))
        return false;
    size_t end = skip_run(line, p->text_at, c);
    if (end - p->text_at < 3 || (c == '`' && memchr(line.ptr + end, '`', line.len - end) != NULL))
        return false;
    if (g->html != 0 || (g->depth != 0 && p->levels != 0))
        g->unsure_of_fences = true;
    g->fence_length = end - p->text_at;
    return !g->unsure_of_fences;
}

static void pass_code_line(guard *g, news_str line)
{
    size_t start = skip_blanks(line, 0);
    size_t end = skip_run(line, start, g->fence);
    bool indented = start > 3 || (start != 0 && memchr(line.ptr, '\t', start) != NULL);
    if (end - start >= g->fence_length && !indented && skip_blanks(line, end) == line.len) {
        g->fence = '\0';
        g->no_paragraph = true;
    }
}

static bool is_top_level_indented_code(const guard *g, const prefix *p)
{
    return p->indent >= 4 && g->depth == 0 && g->no_paragraph && g->html == 0 && !g->has_notes;
}

static bool contains(news_str line, const char *what)
{
    return news_str_find(line, news_str_from(what), 0) != SIZE_MAX;
}

/* The kind of HTML block that a line beginning with "<" may open. */
static unsigned html_opened_by(news_str tag)
{
    static const char *const raw[] = {"<script", "<style", "<pre", "<textarea"};
    if (news_str_starts(tag, NEWS_STR("<!--")))
        return HTML_COMMENT;
    if (news_str_starts(tag, NEWS_STR("<![CDATA[")))
        return HTML_CDATA;
    if (char_at(tag, 1) == '?')
        return HTML_INSTRUCTION;
    if (char_at(tag, 1) == '!')
        return HTML_DECLARATION;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(raw); i++) {
        news_str name = news_str_from(raw[i]);
        if (tag.len >= name.len && news_str_equal_nocase(news_str_of(tag.ptr, name.len), name))
            return HTML_RAW | HTML_TAG; /* <pre…> may also be an element of another name */
    }
    return HTML_TAG;
}

static unsigned html_closed_by(news_str line)
{
    static const struct {
        const char *text;
        unsigned kind;
    } ends[] = {
        {"-->", HTML_COMMENT}, {"?>", HTML_INSTRUCTION},  {">", HTML_DECLARATION},
        {"]]>", HTML_CDATA},   {"</script>", HTML_RAW},   {"</style>", HTML_RAW},
        {"</pre>", HTML_RAW},  {"</textarea>", HTML_RAW},
    };
    unsigned closed = 0;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(ends); i++)
        if (contains(line, ends[i].text))
            closed |= ends[i].kind;
    return closed;
}

static void track_html(guard *g, news_str line, const prefix *p)
{
    news_str text = news_str_skip(line, p->text_at);
    if (p->markers == 0 && char_at(text, 0) == '<')
        g->html |= html_opened_by(text);
    if (g->html != 0)
        g->html &= ~html_closed_by(text);
}

/* ---- Images ---- */

/* How many "![" of a text may stay open in cmark's eyes, and where the one after `limit` is. Those
 * closed at once, by a "]" that nothing between can hide, are not counted. */
static size_t count_open_images(news_str text, size_t limit, size_t *past_limit)
{
    size_t count = 0, at = 0;
    while (at < text.len) {
        const char *mark = memchr(text.ptr + at, '!', text.len - at);
        if (mark == NULL)
            break;
        size_t start = (size_t)(mark - text.ptr);
        at = start + 1;
        if (char_at(text, at) != '[')
            continue;
        at++;
        while (at < text.len && strchr("[]\\`<{\n\r", text.ptr[at]) == NULL)
            at++;
        if (char_at(text, at) != ']' && count++ == limit)
            *past_limit = start;
    }
    return count;
}

/* ---- Lines ---- */

static uint32_t column_of(news_str line, size_t at)
{
    uint32_t column = 1;
    for (size_t i = 0; i < at; i++)
        column += ((unsigned char)line.ptr[i] & 0xC0) != 0x80;
    return column;
}

static news_status check_images(guard *g, news_str line)
{
    size_t past_limit = 0;
    size_t left = MAX_OPEN_IMAGES - g->open_images;
    size_t count = count_open_images(line, left, &past_limit);
    if (count > left)
        return news_error_set(
            g->error, NEWS_ERR_LIMIT, g->name, g->line_number, column_of(line, past_limit),
            "more than %d images in one paragraph begin with \"![\" and are not closed",
            (int)MAX_OPEN_IMAGES);
    g->open_images += count;
    return NEWS_OK;
}

static void pass_blank_line(guard *g)
{
    g->html &= ~(unsigned)HTML_TAG;
    g->no_paragraph = true;
    g->open_images = 0;
}

static news_status check_line(guard *g, news_str line)
{
    prefix p = read_prefix(line, g->max_depth);
    if (p.markers == 0 && p.text_at == line.len) {
        pass_blank_line(g);
        return NEWS_OK;
    }
    if (is_top_level_indented_code(g, &p))
        return NEWS_OK;
    if (opens_fence(g, line, &p)) { /* which is never a lazy continuation */
        g->fence = line.ptr[p.text_at];
        g->depth = 0;
        g->open_images = 0;
        return NEWS_OK;
    }
    size_t depth = (g->depth < p.levels ? g->depth : p.levels) + p.markers;
    if (p.markers != 0 && depth > g->max_depth)
        return news_error_set(g->error, NEWS_ERR_LIMIT, g->name, g->line_number,
                              column_of(line, p.marker_at), "nested more than %zu deep",
                              g->max_depth);
    if (g->no_paragraph || depth > g->depth)
        g->depth = depth;
    g->no_paragraph = false;
    g->has_notes = g->has_notes || p.note;
    track_html(g, line, &p);
    return g->count_images ? check_images(g, line) : NEWS_OK;
}

/* Whether a line that begins with c is neither blank nor in need of a closer look. */
static bool is_plain_start(char c)
{
    return news_is_alpha(c) || (unsigned char)c >= 0x80 || c == '#' || c == '(';
}

static news_status check_next_line(guard *g, news_str line)
{
    g->work += g->depth;
    if (g->work > FREE_WORK + (uint64_t)WORK_PER_BYTE * g->text.len)
        return news_error_set(g->error, NEWS_ERR_LIMIT, g->name, g->line_number, 1,
                              "too many lines inside blocks nested %zu deep", g->depth);
    if (g->fence != '\0') {
        pass_code_line(g, line);
        return NEWS_OK;
    }
    if (line.len != 0 && is_plain_start(line.ptr[0]) && g->html == 0 && !g->count_images) {
        if (g->no_paragraph)
            g->depth = 0;
        g->no_paragraph = false;
        return NEWS_OK;
    }
    return check_line(g, line);
}

/* The length of the line at `at`. */
static size_t line_length(const guard *g, size_t at)
{
    const char *start = g->text.ptr + at;
    const char *end = memchr(start, '\n', g->text.len - at);
    size_t length = end != NULL ? (size_t)(end - start) : g->text.len - at;
    if (g->has_cr) {
        end = memchr(start, '\r', length);
        length = end != NULL ? (size_t)(end - start) : length;
    }
    return length;
}

news_status news_guard(news_str text, uint32_t first_line, size_t max_depth, news_str name,
                       news_error *error)
{
    guard g = {.text = text,
               .name = name,
               .max_depth = max_depth,
               .line_number = first_line,
               .error = error,
               .no_paragraph = true};
    if (text.len == 0)
        return NEWS_OK;
    size_t unused = 0;
    g.has_cr = memchr(text.ptr, '\r', text.len) != NULL;
    g.count_images = count_open_images(text, SIZE_MAX, &unused) > MAX_OPEN_IMAGES;
    for (size_t at = 0; at < text.len; g.line_number++) {
        size_t length = line_length(&g, at);
        news_status status = check_next_line(&g, news_str_of(text.ptr + at, length));
        if (status != NEWS_OK)
            return status;
        at += length;
        at += char_at(text, at) == '\r' && char_at(text, at + 1) == '\n' ? 2 : 1;
    }
    return NEWS_OK;
}
