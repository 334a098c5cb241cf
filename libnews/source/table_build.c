/* Tables into nodes: rows and cells from what table.c found, inlines from its second parse. */
#include "source/parse.h"

/* The inlines of a part, into the open node. */
static bool build_part(news_build *build, const news_table_part *part)
{
    if (part->paragraph == NULL)
        return true;
    build->part = part;
    build->part_at = build->part_source = 0;
    build->marked = true;
    news_places_begin(build, part->paragraph, part->source_line);
    return news_build_children(build, part->paragraph);
}

static bool build_cell(news_build *build, const news_table *table, const news_table_row *row,
                       size_t column, bool header)
{
    const news_table_part *part =
        column < row->count ? &build->tables->parts[row->first + column] : NULL;
    size_t at = news_overlay_line(build->overlay, row->line);
    if (part != NULL)
        at = part->at;
    news_place place;
    news_overlay_place(build->overlay, row->line, at, &place.line, &place.column);
    news_node *cell = news_build_node(build, NEWS_KIND_TABLE_CELL, place);
    if (cell == NULL)
        return false;
    cell->number = build->tables->aligns[table->first_align + column];
    cell->flags = header ? NEWS_NODE_HEADER : 0;
    if (part == NULL || part->length == 0)
        return news_build_append(build, cell);
    if (part->line == SIZE_MAX)
        return news_build_append(build, cell) &&
               news_inline_only(build, cell,
                                news_str_of(build->overlay->text.ptr + part->at, part->length));
    return news_build_open(build, cell) && build_part(build, part) && news_build_close(build);
}

static bool build_row(news_build *build, const news_table *table, const news_table_row *row,
                      bool header)
{
    size_t at = news_overlay_content(build->overlay, row->line, build->quotes);
    if (row->count != 0 && build->tables->parts[row->first].at < at)
        at = build->tables->parts[row->first].at;
    news_place place;
    news_overlay_place(build->overlay, row->line, at, &place.line, &place.column);
    if (row->surplus != 0 &&
        !news_build_warn(build, "table-cells", place,
                         row->surplus == 1
                             ? "this row has %zu cell more than the table's header; it is dropped"
                             : "this row has %zu cells more than the table's header; they are "
                               "dropped",
                         row->surplus))
        return false;
    news_node *node = news_build_node(build, NEWS_KIND_TABLE_ROW, place);
    if (node == NULL)
        return false;
    node->flags = header ? NEWS_NODE_HEADER : 0;
    if (!news_build_open(build, node))
        return false;
    for (size_t i = 0; i < table->columns; i++)
        if (!build_cell(build, table, row, i, header))
            return false;
    return news_build_close(build);
}

static bool build_lead(news_build *build, const news_table *table, news_place place)
{
    return news_build_open_paragraph(build, place) &&
           build_part(build, &build->tables->parts[table->lead]) && news_build_close(build);
}

/* A paragraph, or an underlined heading, that holds a table. */
bool news_build_table(news_build *build, const news_table *table, cmark_node *node)
{
    news_place place = news_block_place(build, node);
    if (table->lead != SIZE_MAX) {
        if (!build_lead(build, table, place))
            return false;
        size_t at = news_overlay_content(build->overlay, table->header_line, build->quotes);
        news_overlay_place(build->overlay, table->header_line, at, &place.line, &place.column);
    }
    news_node *list = news_build_node(build, NEWS_KIND_TABLE, place);
    if (list == NULL)
        return false;
    list->number = (int32_t)table->columns;
    news_align *aligns =
        news_arena_alloc(&build->issue->arena, table->columns * sizeof(news_align));
    if (aligns == NULL)
        return news_build_nomem(build);
    for (size_t i = 0; i < table->columns; i++)
        aligns[i] = (news_align)build->tables->aligns[table->first_align + i];
    list->extra = aligns;
    if (!news_build_open(build, list))
        return false;
    for (size_t i = 0; i < table->row_count; i++)
        if (!build_row(build, table, &build->tables->rows[table->first_row + i], i == 0))
            return false;
    build->part = NULL;
    if (!news_build_close(build))
        return false;
    if (!table->break_after)
        return true;
    size_t line = table->last_line + 1;
    news_overlay_place(build->overlay, line,
                       news_overlay_content(build->overlay, line, build->quotes), &place.line,
                       &place.column);
    return news_build_thematic_break(build, place);
}
