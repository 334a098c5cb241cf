/* The text of a layout to parts: what is between the tags, less the white space that tags take
 * away. A tag trims on the side of a '-'; one that stands alone on its line, and writes nothing
 * itself, takes the line with it. */
#include "script/layout.h"

/* ---- Errors ---- */

uint32_t news_layout_line(news_str text, size_t at)
{
    uint32_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* Raises the message at the top. */
static int fail(lua_State *L, const news_layout_source *source, size_t at)
{
    news_fault *fault = &news_host_of(L)->fault;
    news_str text = source->text;
    size_t begin = at;
    while (begin > 0 && text.ptr[begin - 1] != '\n')
        begin--;
    *fault =
        (news_fault){.is_placed = true,
                     .line = (int)news_layout_line(text, begin),
                     .column = (int)news_utf8_count(news_str_of(text.ptr + begin, at - begin)) + 1};
    news_error_copy(fault->source, sizeof fault->source, news_str_from(source->chunk_name + 1),
                    true);
    return lua_error(L);
}

int news_layout_fail(lua_State *L, const news_layout_source *source, size_t at, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    return fail(L, source, at);
}

int news_layout_fail_at(const news_layout_scan *scan, size_t at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    lua_pushvfstring(scan->L, format, arguments);
    va_end(arguments);
    return fail(scan->L, &scan->layout->source, at);
}

int news_layout_fail_open(const news_layout_scan *scan, const char *block)
{
    const news_layout_open *open = &scan->open[scan->open_count - 1];
    size_t len = 1;
    while (news_is_alpha(scan->text.ptr[open->at]) && open->at + len < scan->text.len &&
           news_is_alpha(scan->text.ptr[open->at + len]))
        len++;
    const char *word = lua_pushlstring(scan->L, scan->text.ptr + open->at, len);
    const char *closer = len > 1        ? strcmp(word, "repeat") == 0 ? "until" : "end"
                         : *word == '(' ? ")"
                         : *word == '{' ? "}"
                                        : "]";
    if (block != NULL)
        return news_layout_fail_at(scan, open->at, "this '%s' has no '%s' before block '%s' ends",
                                   word, closer, block);
    return news_layout_fail_at(scan, open->at, "this '%s' has no '%s'", word, closer);
}

/* ---- Parts ---- */

size_t news_layout_count_tags(news_str text)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '{' &&
            (text.ptr[i + 1] == '{' || text.ptr[i + 1] == '%' || text.ptr[i + 1] == '#')) {
            count++;
            i++;
        }
    return count;
}

news_part *news_layout_add_part(news_layout_scan *scan, news_part_type type, size_t at)
{
    news_part *part = &scan->layout->parts[scan->layout->part_count++];
    *part = (news_part){.type = (uint8_t)type, .at = at};
    return part;
}

bool news_layout_is_written(const news_layout_scan *scan)
{
    if (scan->layout->extends.len == 0 || scan->nesting_count != 0)
        return true;
    for (unsigned i = 0; i < scan->open_count; i++)
        if (scan->open[i].type == NEWS_OPEN_FUNCTION)
            return true;
    return false;
}

/* ---- Text ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where the blanks before an offset begin. */
static size_t before_blanks(news_str text, size_t at)
{
    while (at > 0 && is_blank(text.ptr[at - 1]))
        at--;
    return at;
}

static bool begins_line(news_str text, size_t at)
{
    at = before_blanks(text, at);
    return at == 0 || text.ptr[at - 1] == '\n';
}

/* Behind the line end before which nothing but blanks stands from here on; SIZE_MAX when there is
 * more. */
static size_t behind_line(news_str text, size_t at)
{
    while (at < text.len && is_blank(text.ptr[at]))
        at++;
    if (at == text.len)
        return at;
    return text.ptr[at] == '\n' ? at + 1 : SIZE_MAX;
}

static void add_text(news_layout_scan *scan, size_t from, size_t to)
{
    if (from >= to)
        return;
    news_str text = news_str_of(scan->text.ptr + from, to - from);
    if (!news_layout_is_written(scan)) {
        size_t blank = 0;
        while (blank < text.len && news_is_space(text.ptr[blank]))
            blank++;
        if (blank == text.len)
            return;
        lua_pushlstring(scan->L, scan->layout->extends.ptr, scan->layout->extends.len);
        news_layout_fail_at(scan, from + blank,
                            "outside blocks nothing is written, since this layout extends '%s'",
                            lua_tostring(scan->L, -1));
    }
    news_part *part = news_layout_add_part(scan, NEWS_PART_TEXT, from);
    part->text = text;
    part->begins_line = begins_line(scan->text, from);
}

/* Where the text behind a tag begins. *to is where the text before it ends, less what the tag takes
 * of that. */
static size_t take_white_space(news_str text, const news_layout_tag *tag, size_t *to)
{
    size_t behind = tag->end;
    *to = tag->begin;
    if (tag->takes_line && !tag->trims_before && !tag->trims_after &&
        begins_line(text, tag->begin)) {
        size_t next_line = behind_line(text, tag->end);
        if (next_line != SIZE_MAX) {
            *to = before_blanks(text, tag->begin);
            return next_line;
        }
    }
    if (tag->trims_before)
        while (*to > 0 && news_is_space(text.ptr[*to - 1]))
            --*to;
    if (tag->trims_after)
        while (behind < text.len && news_is_space(text.ptr[behind]))
            behind++;
    return behind;
}

static size_t find_tag(news_str text, size_t from)
{
    for (;; from++) {
        const char *brace = from < text.len ? memchr(text.ptr + from, '{', text.len - from) : NULL;
        if (brace == NULL)
            return text.len;
        from = (size_t)(brace - text.ptr);
        if (from + 1 < text.len && strchr("{%#", brace[1]) != NULL && brace[1] != '\0')
            return from;
    }
}

void news_layout_scan_text(lua_State *L, news_layout *layout)
{
    news_layout_scan scan;
    scan.L = L;
    scan.text = layout->source.text;
    scan.at = 0;
    scan.layout = layout;
    scan.open_count = scan.nesting_count = 0;
    size_t from = 0, to;
    while ((scan.at = find_tag(scan.text, from)) != scan.text.len) {
        news_layout_tag tag;
        uint32_t before = layout->part_count;
        add_text(&scan, from, scan.at);
        bool has_text = layout->part_count != before;
        news_layout_read_tag(&scan, &tag);
        size_t behind = take_white_space(scan.text, &tag, &to);
        if (has_text && layout->part_count > before) /* else `extends` has dropped it */
            layout->parts[before].text.len = to > from ? to - from : 0;
        from = behind;
    }
    add_text(&scan, from, scan.text.len);
    if (scan.nesting_count != 0) {
        const news_layout_block *block = &layout->blocks[scan.nesting[scan.nesting_count - 1]];
        news_layout_fail_at(&scan, block->at, "block '%s' has no 'endblock'",
                            lua_pushlstring(L, block->name.ptr, block->name.len));
    }
    if (scan.open_count != 0)
        news_layout_fail_open(&scan, NULL);
}
