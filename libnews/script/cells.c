/* The cells of tables: as text, each rendered as one line and set side by side where there is room
 * for it; as they are, between markup; and how wide their words are. */
#include "script/host.h"

typedef struct {
    news_str text; /* the issue's, or in the writer's arena */
    size_t columns;
} cell;

typedef struct {
    const news_node *table;
    size_t rows, width; /* and cells in the longest row */
    cell *cells;        /* row by row */
    size_t *columns;    /* of each column */
    size_t total;       /* columns of all, with what stands between */
} grid;

static const news_str gap = {"  ", 2};

/* ---- Measuring ---- */

static size_t count_children(const news_node *node)
{
    return news_nodes_count(&(news_nodes){.first = node->first_child});
}

/* How many cells the longest of the rows has. */
static size_t count_columns(lua_State *L, news_nodes rows)
{
    size_t most = 0;
    const news_node *row;
    while ((row = news_nodes_next(&rows)) != NULL) {
        if (row->kind != NEWS_KIND_TABLE_ROW)
            luaL_error(L, "out:cells: rows of a table expected; this is a node of kind %s",
                       news_kind_name((news_kind)row->kind));
        size_t count = count_children(row);
        news_charge(L, 1 + count);
        most = count > most ? count : most;
    }
    return most;
}

/* Most cells hold nothing, or a few plain words. */
static bool is_line(const news_render_state *render, const news_node *node)
{
    const news_node *only = node->first_child;
    return only->next == NULL && only->kind == NEWS_KIND_TEXT && render->text_is_plain &&
           news_writer_is_line(render->writer, only->a);
}

static cell render_cell(lua_State *L, news_render_state *render, const news_node *node)
{
    if (node->first_child == NULL)
        return (cell){0};
    if (is_line(render, node)) {
        news_str line = node->first_child->a;
        news_charge(L, 8 + line.len);
        return (cell){line, line.len};
    }
    news_begin_capture(render, 0);
    news_render_nodes(L, render, (news_nodes){.first = node->first_child});
    news_str text = news_end_capture(L, render, true);
    news_charge(L, 8 + text.len);
    return (cell){text, news_columns(text)};
}

/* Pushes a block that holds the grid's memory. */
static void push_grid(lua_State *L, news_render_state *render, const news_node *table, grid *g)
{
    *g = (grid){.table = table,
                .rows = count_children(table),
                .width = count_columns(L, (news_nodes){.first = table->first_child})};
    news_charge(L, g->rows * g->width);
    size_t cells_size = g->rows * g->width * sizeof *g->cells;
    size_t columns_size = g->width * sizeof *g->columns;
    g->cells = lua_newuserdatauv(L, cells_size + columns_size, 0);
    memset(g->cells, 0, cells_size + columns_size);
    g->columns = (size_t *)(void *)((char *)g->cells + cells_size);
    cell *at = g->cells;
    for (const news_node *row = table->first_child; row != NULL; row = row->next, at += g->width) {
        size_t c = 0;
        for (const news_node *node = row->first_child; node != NULL; node = node->next, c++) {
            at[c] = render_cell(L, render, node);
            if (at[c].columns > g->columns[c])
                g->columns[c] = at[c].columns;
        }
    }
    for (size_t c = 0; c < g->width; c++)
        g->total += g->columns[c] + (c != 0 ? gap.len : 0);
}

/* ---- Side by side ---- */

static void add_many(news_joined *lines, char what, size_t count)
{
    if (count != 0)
        memset(news_joined_reserve(lines, count), what, count);
    lines->len += count;
}

static void add_padded(news_joined *lines, const cell *of, size_t columns, news_align align)
{
    size_t room = columns - of->columns;
    size_t before = align == NEWS_ALIGN_RIGHT ? room : align == NEWS_ALIGN_CENTER ? room / 2 : 0;
    add_many(lines, ' ', before);
    news_joined_add(lines, of->text.ptr, of->text.len);
    add_many(lines, ' ', room - before);
}

static void end_row(news_joined *lines, size_t begin)
{
    while (lines->len > begin && news_is_space(lines->bytes[lines->len - 1]))
        lines->len--;
    news_joined_add_char(lines, '\n');
}

static void add_row(news_joined *lines, const grid *g, size_t row)
{
    const news_node *header = g->table->first_child->first_child;
    size_t begin = lines->len;
    for (size_t c = 0; c < g->width; c++) {
        if (c != 0)
            news_joined_add(lines, gap.ptr, gap.len);
        news_align align = header != NULL ? (news_align)header->number : NEWS_ALIGN_NONE;
        add_padded(lines, &g->cells[row * g->width + c], g->columns[c], align);
        header = header != NULL ? header->next : NULL;
    }
    end_row(lines, begin);
}

static void add_rule(news_joined *lines, const grid *g)
{
    size_t begin = lines->len;
    for (size_t c = 0; c < g->width; c++) {
        if (c != 0)
            news_joined_add(lines, gap.ptr, gap.len);
        add_many(lines, '-', g->columns[c]);
    }
    end_row(lines, begin);
}

static void write_grid(lua_State *L, news_render_state *render, const grid *g)
{
    news_joined lines;
    news_joined_begin(L, &lines);
    for (size_t row = 0; row < g->rows; row++) {
        news_charge_text(L, render, g->total);
        add_row(&lines, g, row);
        if (row == 0)
            add_rule(&lines, g);
    }
    news_charge_text(L, render, lines.len);
    news_writer_verbatim(render->writer, news_str_of(lines.bytes, lines.len - (lines.len != 0)));
}

/* ---- As strings ---- */

static void push_rows(lua_State *L, const grid *g)
{
    lua_createtable(L, (int)g->rows, 0);
    const news_node *row = g->table->first_child;
    for (size_t r = 0; r < g->rows; r++, row = row->next) {
        size_t count = count_children(row);
        lua_createtable(L, (int)count, 0);
        for (size_t c = 0; c < count; c++) {
            news_str text = g->cells[r * g->width + c].text;
            lua_pushlstring(L, text.len != 0 ? text.ptr : "", text.len);
            lua_rawseti(L, -2, (lua_Integer)c + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)r + 1);
    }
}

bool news_render_aligned(lua_State *L, news_render_state *render, const news_node *table,
                         size_t room)
{
    grid g;
    luaL_checkstack(L, 8, NULL);
    push_grid(L, render, table, &g);
    if (g.rows <= 1 || g.total <= room) {
        write_grid(L, render, &g);
        return true;
    }
    push_rows(L, &g);
    return false;
}

/* ---- Between markup ---- */

/* Markup that is written for row after row. */
typedef struct {
    news_str markup;
    bool is_settled; /* HTML: from between tags it has led back there */
} piece;

/* The tracker need not read it again. */
static void write_piece(lua_State *L, news_render_state *render, piece *p)
{
    news_writer *writer = render->writer;
    bool rests = news_writer_rests(writer);
    news_charge_text(L, render, p->markup.len);
    if (rests && p->is_settled) {
        news_buf_append_str(news_writer_known(writer), p->markup);
        news_writer_known_end(writer);
        return;
    }
    news_writer_raw(writer, p->markup);
    p->is_settled = rests && news_writer_rests(writer);
}

/* Pushes a table of an array's strings and a block of pieces that borrow them: what renderers do to
 * the array changes neither. */
static piece *push_pieces(lua_State *L, int strings, size_t count)
{
    luaL_checktype(L, strings, LUA_TTABLE);
    news_charge_lookups(L, count * 2);
    lua_createtable(L, (int)count, 0);
    piece *pieces = lua_newuserdatauv(L, count * sizeof *pieces, 0);
    for (size_t i = 0; i < count; i++) {
        if (lua_geti(L, strings, (lua_Integer)i + 1) != LUA_TSTRING)
            luaL_error(L, "out:cells: before the cells of column %d stands a %s, not a string",
                       (int)i + 1, luaL_typename(L, -1));
        pieces[i] = (piece){0};
        pieces[i].markup.ptr = lua_tolstring(L, -1, &pieces[i].markup.len);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
    }
    return pieces;
}

void news_render_cells(lua_State *L, news_render_state *render, news_nodes rows, int before,
                       news_str after)
{
    const news_node *row;
    luaL_checkstack(L, 8, NULL);
    piece *pieces = push_pieces(L, before, count_columns(L, rows)), last = {after, false};
    while ((row = news_nodes_next(&rows)) != NULL) {
        piece *at = pieces;
        for (const news_node *node = row->first_child; node != NULL; node = node->next) {
            write_piece(L, render, at++);
            news_render_nodes(L, render, (news_nodes){.first = node->first_child});
        }
        write_piece(L, render, &last);
    }
}

/* ---- Words ---- */

static void add_words(lua_State *L, news_render_state *render, news_joined *words,
                      const news_node *top);

static void add_inline(lua_State *L, news_render_state *render, news_joined *words,
                       const news_node *node)
{
    news_charge(L, 4);
    switch (node->kind) {
    case NEWS_KIND_TEXT:
    case NEWS_KIND_CODE:
        news_charge(L, node->a.len >> 4);
        news_joined_add(words, node->a.ptr, node->a.len);
        break;
    case NEWS_KIND_SOFTBREAK:
    case NEWS_KIND_LINEBREAK: news_joined_add_char(words, ' '); break;
    case NEWS_KIND_FIELD:
        news_begin_capture(render, 0);
        news_render_node(L, render, node);
        news_str value = news_end_capture(L, render, false);
        news_joined_add(words, value.ptr, value.len);
        break;
    case NEWS_KIND_NOTE_REF: break;
    default: add_words(L, render, words, node);
    }
}

static void add_words(lua_State *L, news_render_state *render, news_joined *words,
                      const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL; node = node->next)
        add_inline(L, render, words, node);
}

void news_push_words(lua_State *L, news_render_state *render, const news_node *node)
{
    news_joined words;
    news_joined_begin(L, &words);
    add_words(L, render, &words, node);
    news_joined_push(&words);
}

static size_t longest_word(lua_State *L, news_str text)
{
    size_t longest = 0;
    news_charge(L, 4 + (text.len >> 1));
    for (size_t at = 0; at < text.len; at++) {
        size_t begin = at;
        while (at < text.len && !news_is_space(text.ptr[at]))
            at++;
        size_t columns = news_columns(news_str_of(text.ptr + begin, at - begin));
        longest = columns > longest ? columns : longest;
    }
    return longest;
}

void news_push_longest_words(lua_State *L, news_render_state *render, const news_node *table)
{
    news_nodes rows = {.first = table->first_child};
    size_t width = count_columns(L, rows);
    news_joined words;
    luaL_checkstack(L, 8, NULL);
    size_t *longest = lua_newuserdatauv(L, (width + 1) * sizeof *longest, 0);
    memset(longest, 0, width * sizeof *longest);
    news_joined_begin(L, &words);
    for (const news_node *row; (row = news_nodes_next(&rows)) != NULL;) {
        size_t *column = longest;
        for (const news_node *node = row->first_child; node != NULL; node = node->next, column++) {
            words.len = 0;
            add_words(L, render, &words, node);
            size_t columns = longest_word(L, news_str_of(words.bytes, words.len));
            *column = columns > *column ? columns : *column;
        }
    }
    lua_createtable(L, (int)width, 0);
    for (size_t i = 0; i < width; i++) {
        lua_pushinteger(L, (lua_Integer)longest[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}
