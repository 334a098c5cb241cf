/* Pipe tables, as in GitHub Flavored Markdown.
 *
 * To cmark a table is a paragraph. Where a line of one is a delimiter row as wide as the line above
 * it, there is a second parse with every cell a paragraph of its own, so that a code span cannot
 * run from one cell into the next. Only the inlines of those paragraphs are used, and of the
 * paragraph that stood before the table; all other blocks are the first parse's. If cells refer to
 * link definitions, the second text is the whole first one, cells in their places. A cell begins
 * with U+E001 and a space, which keep it a paragraph whatever it holds. */
#include "source/parse.h"

/* ---- Growing ---- */

static bool grow_parts(news_tables *t)
{
    news_table_part *grown =
        news_heap_grow(t->heap, t->parts, t->part_count, &t->part_capacity, sizeof *grown);
    if (grown != NULL)
        t->parts = grown;
    return grown != NULL;
}

static news_table_part *add_part(news_tables *t)
{
    if (t->part_count == t->part_capacity && !grow_parts(t))
        return NULL;
    news_table_part *part = &t->parts[t->part_count++];
    *part = (news_table_part){0};
    return part;
}

static news_table_row *add_row(news_tables *t)
{
    news_table_row *grown =
        news_heap_grow(t->heap, t->rows, t->row_count, &t->row_capacity, sizeof *grown);
    if (grown == NULL)
        return NULL;
    t->rows = grown;
    return &grown[t->row_count++];
}

static bool add_align(news_tables *t, news_align align)
{
    uint8_t *grown =
        news_heap_grow(t->heap, t->aligns, t->align_count, &t->align_capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    t->aligns = grown;
    grown[t->align_count++] = (uint8_t)align;
    return true;
}

/* ---- Rows and cells ---- */

/* A line's content, without outer white space and outer pipes. */
static news_str strip_row(news_str row)
{
    row = news_str_trim(row);
    if (row.len != 0 && row.ptr[0] == '|')
        row = news_str_skip(row, 1);
    if (row.len != 0 && row.ptr[row.len - 1] == '|' &&
        (row.len == 1 || row.ptr[row.len - 2] != '\\'))
        row.len--;
    return row;
}

/* Takes the next cell off a stripped row; false when there is none. */
static bool next_cell(news_str *row, news_str *cell)
{
    if (row->ptr == NULL)
        return false;
    size_t at = 0;
    while (at < row->len && (row->ptr[at] != '|' || (at > 0 && row->ptr[at - 1] == '\\')))
        at++;
    *cell = news_str_trim(news_str_of(row->ptr, at));
    if (at < row->len)
        *row = news_str_skip(*row, at + 1);
    else
        row->ptr = NULL;
    return true;
}

static size_t count_cells(news_str row)
{
    news_str cell;
    size_t count = 0;
    while (next_cell(&row, &cell))
        count++;
    return count;
}

static bool parse_align(news_str cell, news_align *align)
{
    bool left = cell.len != 0 && cell.ptr[0] == ':';
    bool right = cell.len != 0 && cell.ptr[cell.len - 1] == ':';
    size_t hyphens = 0;
    for (size_t i = left; i + right < cell.len; i++, hyphens++)
        if (cell.ptr[i] != '-')
            return false;
    *align = left && right ? NEWS_ALIGN_CENTER
             : left        ? NEWS_ALIGN_LEFT
             : right       ? NEWS_ALIGN_RIGHT
                           : NEWS_ALIGN_NONE;
    return hyphens != 0;
}

/* Reads the alignments of a delimiter row; false with *columns 0 when it is none. */
static bool read_aligns(news_tables *t, news_str row, size_t *columns)
{
    size_t first = t->align_count;
    news_str cell;
    news_align align;
    *columns = 0;
    while (next_cell(&row, &cell)) {
        if (!parse_align(cell, &align)) {
            t->align_count = first;
            return true;
        }
        if (!add_align(t, align))
            return false;
    }
    *columns = t->align_count - first;
    return true;
}

/* ---- Finding ---- */

typedef struct {
    news_overlay *overlay;
    size_t first, last; /* lines of the block */
    size_t column;      /* of its content in its first line */
    size_t quotes;
    bool underlined;
} block;

static size_t content_at(const block *b, size_t line)
{
    if (line == b->first)
        return news_overlay_line(b->overlay, line) + b->column;
    return news_overlay_content(b->overlay, line, b->quotes);
}

static news_str content_of(const block *b, size_t line)
{
    news_str whole = news_overlay_line_text(b->overlay, line);
    size_t skip = content_at(b, line) - news_overlay_line(b->overlay, line);
    return news_str_skip(whole, skip);
}

/* Whether cmark could read nothing in a cell but its text, and marks stand for nothing in it. What
 * smart punctuation changes is left to cmark: quotation marks, and two hyphens or dots. */
static bool is_plain(news_str cell)
{
    enum { SPECIAL = 1, DOT = 2, HYPHEN = 4 };
    static const uint8_t classes[256] = {
        ['\0'] = SPECIAL, ['\\'] = SPECIAL, ['`'] = SPECIAL,  ['*'] = SPECIAL, ['_'] = SPECIAL,
        ['['] = SPECIAL,  [']'] = SPECIAL,  ['<'] = SPECIAL,  ['&'] = SPECIAL, ['~'] = SPECIAL,
        ['"'] = SPECIAL,  ['\''] = SPECIAL, [0xEE] = SPECIAL, ['.'] = DOT,     ['-'] = HYPHEN,
    };
    unsigned before = 0, found = 0;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned class = classes[(unsigned char)cell.ptr[i]];
        found |= class & (before | SPECIAL);
        before = class;
    }
    return found == 0;
}

static bool add_cells(news_tables *t, const block *b, size_t line, size_t columns)
{
    news_table_row *row = add_row(t);
    if (row == NULL)
        return false;
    *row = (news_table_row){line, t->part_count, 0, 0};
    size_t count = 0;
    news_str rest = strip_row(content_of(b, line)), cell;
    while (next_cell(&rest, &cell)) {
        if (count == columns) {
            t->rows[t->row_count - 1].surplus++;
            continue;
        }
        news_table_part *part = add_part(t);
        if (part == NULL)
            return false;
        part->source_line = line;
        part->at = (size_t)(cell.ptr - b->overlay->text.ptr);
        part->length = cell.len;
        part->is_plain = is_plain(cell);
        count++;
    }
    t->rows[t->row_count - 1].count = count;
    return true;
}

static bool add_table(news_tables *t, const block *b, size_t delimiter, size_t columns)
{
    news_table *grown =
        news_heap_grow(t->heap, t->tables, t->table_count, &t->table_capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    t->tables = grown;
    news_table table = {.block_line = b->first,
                        .header_line = delimiter - 1,
                        .last_line = b->last,
                        .block_column = b->column,
                        .quotes = b->quotes,
                        .break_after = false,
                        .lead = SIZE_MAX,
                        .columns = columns,
                        .first_align = t->align_count - columns,
                        .first_row = t->row_count};
    if (b->underlined) {
        news_str underline = news_str_trim(content_of(b, b->last));
        table.break_after = underline.len >= 3 && underline.ptr[0] == '-';
        table.last_line -= table.break_after;
    }
    if (table.header_line > b->first) {
        table.lead = t->part_count;
        news_table_part *lead = add_part(t);
        if (lead == NULL)
            return false;
        lead->source_line = b->first;
        lead->column = b->column;
    }
    for (size_t line = table.header_line; line <= table.last_line; line++)
        if (line != delimiter && !add_cells(t, b, line, columns))
            return false;
    table.row_count = t->row_count - table.first_row;
    t->tables[t->table_count++] = table;
    return true;
}

/* Looks for a table in one block, among the candidates from *row on. */
static bool look_in(news_tables *t, const block *b, size_t *row)
{
    const news_overlay *overlay = b->overlay;
    while (*row < overlay->row_count && overlay->rows[*row] <= b->first)
        (*row)++;
    for (size_t i = *row; i < overlay->row_count && overlay->rows[i] <= b->last; i++) {
        size_t line = overlay->rows[i], columns;
        if (!read_aligns(t, strip_row(content_of(b, line)), &columns))
            return false;
        if (columns == 0)
            continue;
        news_str header = strip_row(content_of(b, line - 1));
        if (count_cells(header) == columns)
            return add_table(t, b, line, columns);
        t->align_count -= columns;
    }
    return true;
}

/* A walk over paragraphs and headings, in order. */
typedef struct {
    cmark_node *node;
    size_t quotes;
} block_walk;

/* Blocks that end before line `least` are passed over where that is quick. */
static bool next_block(block_walk *walk, cmark_node *document, size_t least)
{
    cmark_node *node = walk->node;
    for (;;) {
        cmark_node *next = NULL;
        cmark_node_type type = cmark_node_get_type(node);
        if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HEADING &&
            (size_t)cmark_node_get_end_line(node) > least)
            next = cmark_node_first_child(node);
        if (next != NULL)
            walk->quotes += type == CMARK_NODE_BLOCK_QUOTE;
        while (next == NULL) {
            if (node == document)
                return false;
            next = cmark_node_next(node);
            if (next == NULL) {
                node = cmark_node_parent(node);
                walk->quotes -= cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
            }
        }
        node = next;
        type = cmark_node_get_type(node);
        if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
            walk->node = node;
            return true;
        }
    }
}

static block block_of(const block_walk *walk, news_overlay *overlay)
{
    block b = {.overlay = overlay,
               .first = (size_t)cmark_node_get_start_line(walk->node) - 1,
               .last = (size_t)cmark_node_get_end_line(walk->node) - 1,
               .column = (size_t)cmark_node_get_start_column(walk->node) - 1,
               .quotes = walk->quotes,
               .underlined = cmark_node_get_type(walk->node) == CMARK_NODE_HEADING};
    if (!b.underlined)
        return b;
    /* cmark says that a heading ends at its underline, or one line later. */
    for (size_t line = b.first + 1; line <= b.last; line++)
        if (news_is_underline(content_of(&b, line)))
            b.last = line;
    return b;
}

static bool find_all(news_tables *t, news_overlay *overlay, cmark_node *document)
{
    size_t row = 0;
    block_walk walk = {document, 0};
    while (row < overlay->row_count && next_block(&walk, document, overlay->rows[row])) {
        block b = block_of(&walk, overlay);
        if (b.last > b.first && !look_in(t, &b, &row))
            return false;
    }
    return true;
}

/* ---- The second text ---- */

/* Writing the second text: the whole first one with its tables taken apart, or, when no cell can
 * mean a link definition, only the parts, outside of the quotes and lists they stand in. */
typedef struct {
    news_tables *tables;
    news_overlay *overlay;
    bool whole;
    size_t line;   /* of the second text */
    news_buf rest; /* what stands before content in the block's later lines */
} writer;

static void end_line(writer *w)
{
    news_buf_append_char(&w->tables->text, '\n');
    w->line++;
}

static void write_cell(writer *w, news_table_part *part, news_str prefix)
{
    news_buf *buf = &w->tables->text;
    part->line = w->line;
    news_buf_append_str(buf, prefix);
    news_buf_append(buf, NEWS_TABLE_GUARD, NEWS_TABLE_GUARD_LENGTH);
    const char *cell = w->overlay->text.ptr + part->at;
    size_t done = 0;
    for (size_t i = 0; i + 1 < part->length; i++) {
        if (cell[i] == '\\' && cell[i + 1] == '|') {
            news_buf_append(buf, cell + done, i - done);
            done = i + 1;
        }
    }
    news_buf_append(buf, cell + done, part->length - done);
    end_line(w);
    news_buf_append_str(buf, news_buf_str(&w->rest));
    end_line(w);
}

static void write_lead(writer *w, const news_table *table, const block *b)
{
    news_buf *buf = &w->tables->text;
    w->tables->parts[table->lead].line = w->line;
    for (size_t line = b->first; line < table->header_line; line++) {
        news_buf_append_str(buf, w->whole ? news_overlay_line_text(w->overlay, line)
                                          : content_of(b, line));
        end_line(w);
    }
    news_buf_append_str(buf, news_buf_str(&w->rest));
    end_line(w);
}

/* In lines after a block's first, quotes go on and list markers become spaces. */
static void set_rest(writer *w, news_str first_line, size_t column)
{
    news_buf_clear(&w->rest);
    for (size_t i = 0; w->whole && i < column && i < first_line.len; i++) {
        char c = first_line.ptr[i];
        news_buf_append_char(&w->rest, c == '>' || c == '\t' ? c : ' ');
    }
}

static void write_table(writer *w, const news_table *table, const block *b)
{
    news_tables *t = w->tables;
    news_str first = news_overlay_line_text(w->overlay, b->first);
    set_rest(w, first, b->column);
    news_str prefix = news_buf_str(&w->rest);
    if (table->lead != SIZE_MAX)
        write_lead(w, table, b);
    else
        prefix.ptr = first.ptr;
    for (size_t i = 0; i < table->row_count; i++) {
        const news_table_row *row = &t->rows[table->first_row + i];
        for (size_t j = 0; j < row->count; j++) {
            news_table_part *part = &t->parts[row->first + j];
            if (part->is_plain && !w->whole) {
                part->line = SIZE_MAX;
                continue;
            }
            write_cell(w, part, prefix);
            prefix = news_buf_str(&w->rest);
        }
    }
}

static void write_lines(writer *w, size_t from, size_t to)
{
    if (!w->whole || from >= w->overlay->line_count)
        return;
    size_t begin = news_overlay_line(w->overlay, from), end = news_overlay_line(w->overlay, to);
    news_buf_append(&w->tables->text, w->overlay->text.ptr + begin, end - begin);
    w->line += to - from;
}

static bool write_text(writer *w)
{
    news_tables *t = w->tables;
    size_t done = 0; /* lines of the first text */
    for (size_t i = 0; i < t->table_count; i++) {
        const news_table *table = &t->tables[i];
        block b = {.overlay = w->overlay,
                   .first = table->block_line,
                   .last = table->last_line,
                   .column = table->block_column,
                   .quotes = table->quotes};
        write_lines(w, done, table->block_line);
        write_table(w, table, &b);
        done = table->last_line + 1;
    }
    write_lines(w, done, w->overlay->line_count);
    return t->text.status == NEWS_OK && w->rest.status == NEWS_OK;
}

/* Whether what stands before `end` in the text may be the same link label as `label`: equal but for
 * white space and the case of ASCII letters. */
static bool label_before(news_str text, size_t end, news_str label)
{
    size_t i = end, j = label.len;
    for (;;) {
        while (i > 0 && news_is_space(text.ptr[i - 1]))
            i--;
        while (j > 0 && news_is_space(label.ptr[j - 1]))
            j--;
        if (i == 0 || j == 0)
            return i != 0 && text.ptr[i - 1] == '[';
        if (news_to_lower(text.ptr[--i]) != news_to_lower(label.ptr[--j]))
            return false;
    }
}

/* Whether a link definition's label may be `label`. `ends` are the places of all "]:". */
static bool is_defined(news_str text, const size_t *ends, size_t count, news_str label)
{
    for (size_t i = 0; i < count; i++)
        if (label_before(text, ends[i], label))
            return true;
    return false;
}

enum { MOST_ENDS = 64, MOST_LABELS = 64 }; /* with more it is not worth looking */

/* Finds where "]:" stands. */
static size_t find_ends(news_str text, size_t *ends)
{
    size_t count = 0;
    for (size_t at = 0; count < MOST_ENDS && at < text.len; at++) {
        const char *hit = memchr(text.ptr + at, ']', text.len - at);
        if (hit == NULL)
            break;
        at = (size_t)(hit - text.ptr);
        if (at + 1 < text.len && hit[1] == ':')
            ends[count++] = at;
    }
    return count;
}

/* Whether something in brackets in the tables may refer to a link definition. When in doubt it
 * does. */
static bool may_refer(const news_tables *t, const news_overlay *overlay)
{
    size_t ends[MOST_ENDS];
    size_t count = find_ends(overlay->text, ends), labels = 0;
    const char *text = overlay->text.ptr;
    for (size_t i = 0; count != 0 && i < t->table_count; i++) {
        size_t at = news_overlay_line(overlay, t->tables[i].block_line);
        size_t end = news_overlay_line(overlay, t->tables[i].last_line + 1);
        const char *hit;
        for (; at < end && (hit = memchr(text + at, ']', end - at)) != NULL;) {
            size_t close = (size_t)(hit - text), open = close;
            at = close + 1;
            if (at < end && text[at] == '(')
                continue;
            while (open > 0 && close - open < 1000 && text[open - 1] != '[' &&
                   (unsigned char)text[open - 1] < 0x80)
                open--;
            if (open == 0 || text[open - 1] != '[' || ++labels > MOST_LABELS ||
                count == MOST_ENDS ||
                is_defined(overlay->text, ends, count, news_str_of(text + open, close - open)))
                return true;
        }
    }
    return false;
}

static bool parse_parts(news_tables *t, news_overlay *overlay, bool smart)
{
    writer w = {.tables = t, .overlay = overlay, .whole = may_refer(t, overlay)};
    news_buf_init(&w.rest, t->heap, SIZE_MAX / 2);
    bool ok = write_text(&w);
    news_buf_free(&w.rest);
    return ok && (t->text.len == 0 ||
                  news_cmark_parse(&t->cmark, t->heap, news_buf_str(&t->text), smart));
}

/* The first part from `i` on that is in the second text. */
static size_t next_parsed(const news_tables *t, size_t i)
{
    while (i < t->part_count && t->parts[i].line == SIZE_MAX)
        i++;
    return i;
}

/* Gives each part its paragraph of the second tree. Parts and paragraphs are both in order. */
static void match_parts(news_tables *t)
{
    block_walk walk = {t->cmark.document, 0};
    size_t i = next_parsed(t, 0);
    while (i < t->part_count && next_block(&walk, t->cmark.document, t->parts[i].line)) {
        size_t line = (size_t)cmark_node_get_start_line(walk.node) - 1;
        while (i < t->part_count && t->parts[i].line < line)
            i = next_parsed(t, i + 1);
        if (i < t->part_count && t->parts[i].line == line) {
            t->parts[i].paragraph = walk.node;
            i = next_parsed(t, i + 1);
        }
    }
}

bool news_tables_find(news_tables *t, news_overlay *overlay, cmark_node *document, bool smart)
{
    *t = (news_tables){.heap = overlay->heap};
    news_buf_init(&t->text, t->heap, SIZE_MAX / 2);
    if (overlay->row_count == 0)
        return true;
    if (!find_all(t, overlay, document))
        return false;
    if (t->table_count == 0)
        return true;
    if (!parse_parts(t, overlay, smart))
        return false;
    match_parts(t);
    return true;
}

void news_tables_free(news_tables *t)
{
    news_cmark_free(&t->cmark);
    news_buf_free(&t->text);
    news_heap_free(t->heap, t->tables, t->table_capacity * sizeof *t->tables);
    news_heap_free(t->heap, t->rows, t->row_capacity * sizeof *t->rows);
    news_heap_free(t->heap, t->parts, t->part_capacity * sizeof *t->parts);
    news_heap_free(t->heap, t->aligns, t->align_capacity * sizeof *t->aligns);
    *t = (news_tables){.heap = t->heap};
    news_buf_init(&t->text, t->heap, SIZE_MAX / 2);
}

const news_table *news_tables_at(const news_tables *t, size_t block_line)
{
    size_t low = 0, high = t->table_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->tables[middle].block_line < block_line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->table_count && t->tables[low].block_line == block_line ? &t->tables[low] : NULL;
}
