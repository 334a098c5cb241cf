/* From where cmark says that a node begins to where its writer put it.
 *
 * cmark counts bytes, of the text that the overlay made, and for inlines not in the source's lines
 * but in the block's text, from which the markers of quotes and lists were taken. A cell of a table
 * stands in a text of its own. Here all that is undone. */
#include "source/parse.h"

/* A byte of a cell, as cmark saw it, brought back past the pipes that were escaped. */
static size_t cell_offset(news_build *build, size_t wanted)
{
    const news_table_part *part = build->part;
    const char *cell = build->overlay->text.ptr + part->at;
    if (wanted < build->part_at)
        build->part_at = build->part_source = 0;
    while (build->part_at < wanted && build->part_source < part->length) {
        size_t i = build->part_source;
        bool escaped = i + 1 < part->length && cell[i] == '\\' && cell[i + 1] == '|';
        build->part_source += escaped ? 2 : 1;
        build->part_at++;
    }
    return part->at + build->part_source;
}

void news_places_begin(news_build *build, cmark_node *node, size_t line)
{
    int lines = cmark_node_get_end_line(node) - cmark_node_get_start_line(node);
    build->block_line = line;
    build->block_column = (size_t)cmark_node_get_start_column(node) - 1;
    build->block_end = line + (size_t)(lines > 0 ? lines : 0);
    build->line_shift = build->counted_line = build->ends_counted = 0;
    build->uncounted = (news_uncounted){0};
}

/* ---- Lines that cmark does not count ---- */

/* Whether a line of the block ends behind a backslash, or may end between the parentheses of a
 * link: such an end cmark does not count. */
static bool ends_uncounted(news_build *build, size_t line)
{
    if (line >= build->block_end || line + 1 == build->ends_counted)
        return false;
    news_str text = news_overlay_line_text(build->overlay, line);
    if (text.len != 0 && text.ptr[text.len - 1] == '\\')
        return true;
    size_t open = SIZE_MAX;
    for (size_t at = 0; (at = news_str_find(text, NEWS_STR("]("), at)) != SIZE_MAX; at += 2)
        open = at;
    if (open != SIZE_MAX && news_str_find(text, NEWS_STR(")"), open) == SIZE_MAX)
        return true;
    build->ends_counted = line + 1;
    return false;
}

/* What follows such an end, as far as the next line that it counts, cmark believes to stand in the
 * line before. A byte behind the end of its line, as in lazy lines, whose first spaces cmark
 * counts, too, becomes the end. */
static void pass_uncounted(news_build *build, size_t *line, size_t *at)
{
    news_uncounted passed = {0};
    size_t believed = *at;
    if (build->uncounted.lines != 0 && believed >= build->uncounted.begin) {
        passed = build->uncounted;
        *line += passed.lines;
        *at = passed.content + (believed - passed.begin);
    }
    size_t end = news_overlay_line_end(build->overlay, *line);
    while (*at > end && ends_uncounted(build, *line)) {
        passed.lines++;
        passed.begin = believed - (*at - end - 1);
        passed.content = news_overlay_content(build->overlay, ++*line, build->quotes);
        *at = passed.content + (believed - passed.begin);
        end = news_overlay_line_end(build->overlay, *line);
    }
    if (passed.lines > build->uncounted.lines)
        build->uncounted = passed;
    if (*at > end)
        *at = end;
}

/* Nodes come in order; from one counted line on, those before it that were not are known. */
static size_t line_in_block(news_build *build, size_t counted)
{
    if (counted > build->counted_line) {
        build->line_shift += build->uncounted.lines;
        build->counted_line = counted;
        build->uncounted = (news_uncounted){0};
    }
    return counted + build->line_shift;
}

/* ---- Places ---- */

/* Inlines' columns count from where their block begins, as if the block's later lines began there
 * too; their lines, from where the block begins, definitions and all. */
static news_place place_at(news_build *build, int cmark_line, int cmark_column, size_t *at)
{
    size_t line = cmark_line > 0 ? (size_t)cmark_line - 1 : 0;
    size_t column = cmark_column > 0 ? (size_t)cmark_column - 1 : 0;
    const news_table_part *part = build->part;
    if (part != NULL && part->length != 0) {
        size_t before = build->block_column + NEWS_TABLE_GUARD_LENGTH;
        line = part->source_line;
        *at = cell_offset(build, column > before ? column - before : 0);
    } else {
        line = line_in_block(build, part != NULL ? line - part->line + part->source_line : line);
        if (line > build->block_line && column >= build->block_column)
            *at = news_overlay_content(build->overlay, line, build->quotes) +
                  (column - build->block_column);
        else
            *at = news_overlay_line(build->overlay, line) + column;
        if (line == build->block_line && part != NULL && column >= build->block_column)
            *at += part->column - build->block_column;
        pass_uncounted(build, &line, at);
    }
    news_place place;
    news_overlay_place(build->overlay, line, *at, &place.line, &place.column);
    return place;
}

news_place news_build_place(news_build *build, cmark_node *node, size_t *at)
{
    return place_at(build, cmark_node_get_start_line(node), cmark_node_get_start_column(node), at);
}

/* The place of a block, whose column cmark has right. */
news_place news_block_place(news_build *build, cmark_node *node)
{
    size_t line = (size_t)cmark_node_get_start_line(node) - 1;
    size_t at =
        news_overlay_line(build->overlay, line) + (size_t)cmark_node_get_start_column(node) - 1;
    news_place place;
    news_overlay_place(build->overlay, line, at, &place.line, &place.column);
    return place;
}

/* cmark gives a link the line where its text ends, and an autolink a column that counts from the
 * block's; what begins the link's text has both right. */
news_place news_link_place(news_build *build, cmark_node *link)
{
    cmark_node *child = cmark_node_first_child(link);
    size_t at;
    if (child == NULL || cmark_node_get_start_line(child) == 0)
        return news_build_place(build, link, &at);
    int before = cmark_node_get_type(link) == CMARK_NODE_IMAGE ? 2 : 1;
    int column = cmark_node_get_start_column(link);
    if (cmark_node_get_type(child) == CMARK_NODE_TEXT)
        column = cmark_node_get_start_column(child) - before;
    return place_at(build, cmark_node_get_start_line(child), column, &at);
}

/* How many lines the definitions take that cmark removed from the beginning of a paragraph. */
size_t news_definition_lines(const news_build *build, cmark_node *paragraph, size_t at)
{
    const news_str text = build->overlay->text;
    if (at >= text.len || text.ptr[at] != '[')
        return 0;
    const char *end = memchr(text.ptr + at, '\n', text.len - at);
    const char *close =
        memchr(text.ptr + at, ']', end != NULL ? (size_t)(end - text.ptr) - at : text.len - at);
    if (close == NULL || close + 1 == text.ptr + text.len || close[1] != ':')
        return 0;
    size_t lines = 0;
    cmark_node *node = paragraph;
    cmark_node *last = cmark_node_last_child(paragraph);
    while ((node = node == paragraph ? cmark_node_first_child(node) : cmark_node_next(node)) !=
           NULL) {
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            lines++;
        else
            lines += (size_t)(cmark_node_get_end_line(node) - cmark_node_get_start_line(node));
        if (node == last)
            break;
    }
    size_t all =
        (size_t)(cmark_node_get_end_line(paragraph) - cmark_node_get_start_line(paragraph));
    return all > lines ? all - lines : 0;
}
