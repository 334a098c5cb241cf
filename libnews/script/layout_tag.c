/* The tags of a layout: {{ value }}, {% Lua %}, {# comment #}, and those that have words of their
 * own: extends, include, block and endblock. */
#include "script/layout.h"

enum { MOST_BLOCKS = 200 };

static char peek(const news_layout_scan *scan)
{
    return scan->at < scan->text.len ? scan->text.ptr[scan->at] : '\0';
}

static bool is_here(const news_layout_scan *scan, const char *what)
{
    size_t len = strlen(what);
    return scan->text.len - scan->at >= len && memcmp(scan->text.ptr + scan->at, what, len) == 0;
}

static void skip_space(news_layout_scan *scan)
{
    while (news_is_space(peek(scan)))
        scan->at++;
}

static bool is_name_char(char c)
{
    return news_is_alnum(c) || c == '_' || c == '-';
}

static bool is_word(news_str word, const char *text)
{
    return word.len == strlen(text) && memcmp(word.ptr, text, word.len) == 0;
}

/* The word here, empty when there is none. */
static news_str read_word(news_layout_scan *scan)
{
    size_t begin = scan->at;
    while (is_name_char(peek(scan)) && !is_here(scan, "-%}"))
        scan->at++;
    return news_str_of(scan->text.ptr + begin, scan->at - begin);
}

static const char *shown(const news_layout_scan *scan, news_str s)
{
    return lua_pushlstring(scan->L, s.len != 0 ? s.ptr : "", s.len);
}

/* The end of a tag that holds no Lua. */
static void read_end(news_layout_scan *scan, news_layout_tag *tag, const char *word)
{
    skip_space(scan);
    tag->trims_after = peek(scan) == '-';
    if (tag->trims_after)
        scan->at++;
    if (!is_here(scan, "%}"))
        news_layout_fail_at(scan, scan->at < scan->text.len ? scan->at : tag->begin,
                            "'%%}' is missing, which ends '%s'", word);
    tag->end = scan->at += 2;
}

/* ---- Values ---- */

static void read_value(news_layout_scan *scan, news_layout_tag *tag)
{
    size_t begin = scan->at;
    news_str lua = news_layout_read_lua(scan, true, tag), trimmed = news_str_trim(lua);
    if (trimmed.len == 0)
        news_layout_fail_at(scan, tag->begin, "nothing stands between '{{' and '}}'");
    if (!news_layout_is_written(scan))
        news_layout_fail_at(scan, tag->begin,
                            "outside blocks nothing is written, since this layout extends '%s'",
                            shown(scan, scan->layout->extends));
    news_layout_add_part(scan, NEWS_PART_VALUE, begin)->text = lua;
    tag->takes_line = news_str_equal(trimmed, NEWS_STR("super()"));
}

/* ---- Other layouts ---- */

/* A name in quotes. */
static news_str read_layout_name(news_layout_scan *scan, const char *word)
{
    skip_space(scan);
    size_t at = scan->at;
    char quote = peek(scan);
    if (quote != '"' && quote != '\'')
        news_layout_fail_at(scan, at, "behind '%s' stands the name of a layout, in quotes", word);
    size_t end = at + 1;
    while (end < scan->text.len && scan->text.ptr[end] != quote && scan->text.ptr[end] != '\n')
        end++;
    if (end == scan->text.len || scan->text.ptr[end] == '\n')
        news_layout_fail_at(scan, at, "the quotes that begin here are not closed");
    news_str name = news_str_of(scan->text.ptr + at + 1, end - at - 1);
    if (!news_layout_is_name(name))
        news_layout_fail_at(scan, at,
                            "'%s' is no name of a layout; one is a file's name such as web.html, "
                            "of a-z, 0-9, '.', '-' and '_'",
                            shown(scan, name));
    scan->at = end + 1;
    return name;
}

static void read_extends(news_layout_scan *scan, news_layout_tag *tag)
{
    news_layout *layout = scan->layout;
    if (layout->extends.len != 0)
        news_layout_fail_at(scan, tag->begin, "a layout extends one other; 'extends' stands twice");
    for (uint32_t i = 0; i < layout->part_count; i++)
        if (layout->parts[i].type != NEWS_PART_TEXT ||
            news_str_trim(layout->parts[i].text).len != 0)
            news_layout_fail_at(scan, tag->begin,
                                "'extends' stands first in a layout, before all "
                                "but comments");
    layout->part_count = 0;
    layout->extends = read_layout_name(scan, "extends");
    layout->extends_at = tag->begin;
    read_end(scan, tag, "extends");
}

static void read_include(news_layout_scan *scan, news_layout_tag *tag)
{
    if (!news_layout_is_written(scan))
        news_layout_fail_at(scan, tag->begin,
                            "outside blocks nothing is included, since this layout extends '%s'",
                            shown(scan, scan->layout->extends));
    news_str name = read_layout_name(scan, "include");
    skip_space(scan);
    size_t before = scan->at;
    if (!is_word(read_word(scan), "with")) {
        scan->at = before;
        news_part *part = news_layout_add_part(scan, NEWS_PART_INCLUDE, tag->begin);
        part->text = name;
        read_end(scan, tag, "include");
        return;
    }
    size_t begin = scan->at;
    unsigned open_before = scan->open_count;
    news_str lua = news_layout_read_lua(scan, false, tag);
    if (news_str_trim(lua).len == 0 || scan->open_count != open_before)
        news_layout_fail_at(scan, begin, "behind 'with' stands a table, whole within the tag");
    news_part *part = news_layout_add_part(scan, NEWS_PART_INCLUDE, begin);
    part->text = name;
    part->names = lua;
}

/* ---- Blocks ---- */

static void check_block(const news_layout_scan *scan, size_t at, news_str name)
{
    const news_layout *layout = scan->layout;
    if (name.len == 0 || !(news_is_alpha(name.ptr[0]) || name.ptr[0] == '_'))
        news_layout_fail_at(scan, at, "a block has a name: {%% block footer %%}");
    for (uint32_t i = 0; i < layout->block_count; i++)
        if (news_str_equal(layout->blocks[i].name, name))
            news_layout_fail_at(scan, at, "there is a block '%s' in line %d already",
                                shown(scan, name),
                                (int)news_layout_line(scan->text, layout->blocks[i].at));
    if (layout->block_count == MOST_BLOCKS)
        news_layout_fail_at(scan, at, "a layout has at most %d blocks", MOST_BLOCKS);
    if (scan->nesting_count == NEWS_LAYOUT_NESTING_MAX)
        news_layout_fail_at(scan, at, "blocks stand inside one another at most %d deep",
                            NEWS_LAYOUT_NESTING_MAX);
    if (layout->extends.len != 0 && scan->nesting_count == 0 && scan->open_count != 0)
        news_layout_fail_at(scan, at,
                            "in a layout that extends another a block stands by itself, not "
                            "within Lua that is open");
}

static void read_block(news_layout_scan *scan, news_layout_tag *tag)
{
    news_layout *layout = scan->layout;
    skip_space(scan);
    news_str name = read_word(scan);
    check_block(scan, tag->begin, name);
    uint32_t number = layout->block_count++;
    news_layout_block *block = &layout->blocks[number];
    *block = (news_layout_block){
        .name = name,
        .at = tag->begin,
        .super_at = SIZE_MAX,
        .outer = scan->nesting_count == 0 ? 0 : scan->nesting[scan->nesting_count - 1] + 1,
        .defines = layout->extends.len != 0 && scan->nesting_count == 0,
        .base = (uint16_t)scan->open_count};
    news_layout_add_part(scan, NEWS_PART_BLOCK, tag->begin)->block = number;
    scan->nesting[scan->nesting_count++] = number;
    read_end(scan, tag, "block");
}

static void read_endblock(news_layout_scan *scan, news_layout_tag *tag)
{
    if (scan->nesting_count == 0)
        news_layout_fail_at(scan, tag->begin, "'endblock' ends nothing: no block is open");
    uint32_t number = scan->nesting[scan->nesting_count - 1];
    const news_layout_block *block = &scan->layout->blocks[number];
    skip_space(scan);
    news_str name = read_word(scan);
    if (name.len != 0 && !news_str_equal(name, block->name))
        news_layout_fail_at(scan, tag->begin, "this ends block '%s'; '%s' is open, from line %d on",
                            shown(scan, name), shown(scan, block->name),
                            (int)news_layout_line(scan->text, block->at));
    if (scan->open_count != block->base)
        news_layout_fail_open(scan, shown(scan, block->name));
    news_layout_add_part(scan, NEWS_PART_ENDBLOCK, tag->begin)->block = number;
    scan->nesting_count--;
    read_end(scan, tag, "endblock");
}

/* ---- Lua ---- */

/* What other template languages write, and Lua takes for a name. */
static void check_words(const news_layout_scan *scan, const news_layout_tag *tag, news_str lua)
{
    static const char *const words[] = {"endif", "endfor", "endwhile", "endfunction"};
    lua = news_str_trim(lua);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(words); i++)
        if (is_word(lua, words[i]))
            news_layout_fail_at(scan, tag->begin,
                                "'%s' is 'end' here: what stands between '{%%' and '%%}' is Lua",
                                words[i]);
    if (news_str_starts(lua, NEWS_STR("raw(")) && lua.ptr[lua.len - 1] == ')')
        news_layout_fail_at(scan, tag->begin,
                            "raw() gives a value and writes nothing: {{ raw(…) }}");
}

static void read_statement(news_layout_scan *scan, news_layout_tag *tag)
{
    static const struct {
        const char *word;
        void (*read)(news_layout_scan *scan, news_layout_tag *tag);
    } words[] = {{"extends", read_extends},
                 {"include", read_include},
                 {"block", read_block},
                 {"endblock", read_endblock}};
    size_t begin = scan->at;
    tag->takes_line = true;
    skip_space(scan);
    news_str word = read_word(scan);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(words); i++)
        if (is_word(word, words[i].word)) {
            words[i].read(scan, tag);
            return;
        }
    scan->at = begin;
    news_str lua = news_layout_read_lua(scan, false, tag);
    check_words(scan, tag, lua);
    news_layout_add_part(scan, NEWS_PART_CODE, begin)->text = lua;
}

static void read_comment(news_layout_scan *scan, news_layout_tag *tag)
{
    size_t end = news_str_find(scan->text, NEWS_STR("#}"), scan->at);
    if (end == SIZE_MAX)
        news_layout_fail_at(scan, tag->begin, "this '{#' is not closed by '#}'");
    tag->trims_after = end > scan->at && scan->text.ptr[end - 1] == '-';
    tag->takes_line = true;
    tag->end = scan->at = end + 2;
}

void news_layout_read_tag(news_layout_scan *scan, news_layout_tag *tag)
{
    char sort = scan->text.ptr[scan->at + 1];
    *tag = (news_layout_tag){.begin = scan->at};
    scan->at += 2;
    tag->trims_before = peek(scan) == '-';
    if (tag->trims_before)
        scan->at++;
    if (sort == '{')
        read_value(scan, tag);
    else if (sort == '%')
        read_statement(scan, tag);
    else
        read_comment(scan, tag);
}
