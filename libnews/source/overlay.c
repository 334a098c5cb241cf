/* Making the text that cmark reads, undoing marks, and leading places back to the source. */
#include "source/overlay.h"

#define MARK_BEGIN "\xEE\x80\x80" /* U+E000 */
#define MARK_END "\xEE\x80\x81"   /* U+E001 */

/* ---- Lines ---- */

/* Whether no byte from `begin` to `end` belongs to a longer character. */
static bool is_ascii(const char *begin, const char *end)
{
    uint64_t seen = 0, bytes = 0;
    for (; end - begin >= 8; begin += 8) {
        memcpy(&bytes, begin, 8);
        seen |= bytes;
    }
    unsigned char rest = 0;
    for (; begin < end; begin++)
        rest |= (unsigned char)*begin;
    return (seen & 0x8080808080808080u) == 0 && rest < 0x80;
}

static bool index_lines(news_overlay *overlay)
{
    news_str s = overlay->source;
    size_t at = 0;
    for (;;) {
        size_t end = news_str_find_char(s, '\n', at);
        news_line *lines = news_heap_grow(overlay->heap, overlay->lines, overlay->line_count,
                                          &overlay->line_capacity, sizeof *lines);
        if (lines == NULL)
            return false;
        overlay->lines = lines;
        lines[overlay->line_count++] =
            (news_line){(uint32_t)at, is_ascii(s.ptr + at, s.ptr + (end < s.len ? end : s.len))};
        if (end == SIZE_MAX)
            return true;
        at = end + 1;
    }
}

static bool in_row(char c)
{
    return c == '|' || c == '-' || c == ':' || c == ' ' || c == '\t' || c == '>';
}

/* Lines of nothing but what a table's delimiter row may hold. */
static bool index_rows(news_overlay *overlay)
{
    news_str s = overlay->source;
    size_t line = 0;
    for (size_t at = news_str_find_char(s, '|', 0); at != SIZE_MAX;
         at = news_str_find_char(s, '|', at)) {
        size_t begin = at, hyphens = 0;
        while (begin > 0 && in_row(s.ptr[begin - 1]))
            hyphens += s.ptr[--begin] == '-';
        size_t end = at;
        if (begin == 0 || s.ptr[begin - 1] == '\n')
            while (end < s.len && in_row(s.ptr[end]))
                hyphens += s.ptr[end++] == '-';
        bool is_row = hyphens != 0 && (end == s.len || s.ptr[end] == '\n');
        if (is_row) {
            while (line + 1 < overlay->line_count && overlay->lines[line + 1].begin <= at)
                line++;
            size_t *rows = news_heap_grow(overlay->heap, overlay->rows, overlay->row_count,
                                          &overlay->row_capacity, sizeof *rows);
            if (rows == NULL)
                return false;
            overlay->rows = rows;
            rows[overlay->row_count++] = line;
        }
        at = news_str_find_char(s, '\n', end);
        if (at == SIZE_MAX)
            break;
    }
    return true;
}

/* ---- Marking ---- */

news_str news_mark_before(const news_overlay *overlay, news_mark_type type)
{
    switch (type) {
    /* Not a comment, whose end would end a comment of the writer's around it. */
    case NEWS_MARK_FENCE: return NEWS_STR("<?");
    case NEWS_MARK_NOTE: return overlay->note_marker;
    default: return NEWS_STR_NONE;
    }
}

news_str news_mark_after(news_mark_type type)
{
    return type == NEWS_MARK_FENCE ? NEWS_STR("?>") : NEWS_STR_NONE;
}

/* What may stand on a line before the marker of a list's entry: quote marks, other entries'. */
static bool may_precede_entry(char c)
{
    return c == ' ' || c == '>' || c == '-' || c == '*' || c == '+' || c == '.' || c == ')' ||
           news_is_digit(c);
}

/* Whether a line may begin as an entry of a list does whose marker ends in this character. */
static bool may_have_lists(news_str s, char marker)
{
    for (size_t at = news_str_find_char(s, marker, 0); at != SIZE_MAX;
         at = news_str_find_char(s, marker, at + 1)) {
        size_t begin = at;
        while (begin > 0 && may_precede_entry(s.ptr[begin - 1]))
            begin--;
        bool spaced = at + 1 < s.len && (s.ptr[at + 1] == ' ' || s.ptr[at + 1] == '\t');
        if (spaced && (begin == 0 || s.ptr[begin - 1] == '\n'))
            return true;
    }
    return false;
}

/* A marker that no list of the document has, for cmark would make the two one. Four columns, as a
 * note's further lines are indented. */
static news_str note_marker(news_str source)
{
    static const news_str markers[] = {{"+   ", 4}, {"1)  ", 4}, {"*   ", 4}, {"-   ", 4}};
    static const char ends[] = {'+', ')', '*', '-'};
    size_t i = 0;
    while (i + 1 < NEWS_ARRAY_LENGTH(markers) && may_have_lists(source, ends[i]))
        i++;
    return markers[i];
}

static bool intern(news_overlay *overlay, const news_candidate *found, uint32_t *number)
{
    news_str bytes = news_str_of(overlay->source.ptr + found->at, found->end - found->at);
    bool added;
    uint32_t *slot = news_strmap_put(&overlay->index, bytes, &added);
    if (slot == NULL)
        return false;
    if (added) {
        news_mark *marks = news_heap_grow(overlay->heap, overlay->marks, overlay->mark_count,
                                          &overlay->mark_capacity, sizeof *marks);
        if (marks == NULL)
            return false;
        overlay->marks = marks;
        *slot = (uint32_t)overlay->mark_count;
        marks[overlay->mark_count++] = (news_mark){found->type, bytes, found->text};
    }
    *number = *slot;
    return true;
}

static bool mark(news_overlay *overlay, const news_candidate *found)
{
    uint32_t number;
    if (!intern(overlay, found, &number))
        return false;
    news_mark_place *places = news_heap_grow(overlay->heap, overlay->places, overlay->place_count,
                                             &overlay->place_capacity, sizeof *places);
    if (places == NULL)
        return false;
    overlay->places = places;
    if (found->type == NEWS_MARK_NOTE && overlay->note_marker.len == 0)
        overlay->note_marker = note_marker(overlay->source);
    news_buf *buf = &overlay->buf;
    news_buf_append(buf, overlay->source.ptr + overlay->copied, found->at - overlay->copied);
    size_t at = buf->len;
    news_buf_append_str(buf, news_mark_before(overlay, found->type));
    news_buf_printf(buf, MARK_BEGIN "%u" MARK_END, (unsigned)number);
    news_buf_append_str(buf, news_mark_after(found->type));
    places[overlay->place_count++] = (news_mark_place){at, buf->len, found->at, found->end, number};
    overlay->copied = found->end;
    overlay->has_fences |= found->type == NEWS_MARK_FENCE;
    return buf->status == NEWS_OK;
}

static bool mark_all(news_overlay *overlay)
{
    news_candidate next[NEWS_FINDERS];
    news_finder_state states[NEWS_FINDERS] = {0};
    for (size_t i = 0; i < NEWS_FINDERS; i++)
        next[i] = news_overlay_find(overlay, i, 0, &states[i]);
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < NEWS_FINDERS; i++)
            if (next[i].at < next[first].at)
                first = i;
        if (next[first].at == SIZE_MAX)
            break;
        size_t end = next[first].end;
        if (!mark(overlay, &next[first]))
            return false;
        /* An empty mark would be found again where it is. */
        size_t from = next[first].at < end ? end : end + 1;
        next[first] = news_overlay_find(overlay, first, from, &states[first]);
        for (size_t i = 0; i < NEWS_FINDERS; i++)
            if (next[i].at < end)
                next[i] = news_overlay_find(overlay, i, end, &states[i]);
    }
    for (size_t i = 0; i < NEWS_FINDERS; i++)
        overlay->has_tildes |= states[i].tilde_pairs;
    if (overlay->place_count == 0)
        return true;
    news_buf_append(&overlay->buf, overlay->source.ptr + overlay->copied,
                    overlay->source.len - overlay->copied);
    overlay->text = news_buf_str(&overlay->buf);
    return overlay->buf.status == NEWS_OK;
}

/* To where the lines begin in the text. One that holds a mark is no longer ASCII. */
static void shift_lines(news_overlay *overlay)
{
    size_t line = 0;
    const news_mark_place *place = overlay->places;
    for (size_t left = overlay->place_count; left != 0; left--, place++) {
        /* Lines that begin behind the place before, and not behind this one. */
        while (line < overlay->line_count && overlay->lines[line].begin <= place->source_at) {
            overlay->lines[line].begin += (uint32_t)(place->at - place->source_at);
            line++;
        }
        overlay->lines[line - 1].is_ascii = false;
    }
    for (; line < overlay->line_count; line++)
        overlay->lines[line].begin += (uint32_t)(overlay->text.len - overlay->source.len);
}

/* A fence may look like a row, and is none. */
static void drop_marked_rows(news_overlay *overlay)
{
    size_t kept = 0;
    for (size_t i = 0; i < overlay->row_count; i++)
        if (overlay->lines[overlay->rows[i]].is_ascii)
            overlay->rows[kept++] = overlay->rows[i];
    overlay->row_count = kept;
}

bool news_overlay_init(news_overlay *overlay, news_heap *heap, news_str source, uint32_t first_line)
{
    *overlay =
        (news_overlay){.heap = heap, .source = source, .text = source, .first_line = first_line};
    overlay->last_place.line = overlay->last_content.line = SIZE_MAX;
    news_buf_init(&overlay->buf, heap, SIZE_MAX / 2);
    news_strmap_init(&overlay->index, heap);
    if (!index_lines(overlay) || !index_rows(overlay) || !mark_all(overlay))
        return false;
    shift_lines(overlay);
    drop_marked_rows(overlay);
    return true;
}

void news_overlay_free(news_overlay *overlay)
{
    news_heap *heap = overlay->heap;
    news_heap_free(heap, overlay->marks, overlay->mark_capacity * sizeof *overlay->marks);
    news_heap_free(heap, overlay->places, overlay->place_capacity * sizeof *overlay->places);
    news_heap_free(heap, overlay->lines, overlay->line_capacity * sizeof *overlay->lines);
    news_heap_free(heap, overlay->rows, overlay->row_capacity * sizeof *overlay->rows);
    news_buf_free(&overlay->buf);
    news_strmap_free(&overlay->index);
    *overlay = (news_overlay){.heap = heap};
}

/* ---- Undoing ---- */

const news_mark *news_overlay_next(const news_overlay *overlay, news_str text, size_t *at,
                                   size_t *end)
{
    if (overlay->mark_count == 0)
        return NULL;
    for (size_t i = news_str_find_char(text, '\xEE', *at); i != SIZE_MAX;
         i = news_str_find_char(text, '\xEE', i + 1)) {
        if (text.len - i < 7 || memcmp(text.ptr + i, MARK_BEGIN, 3) != 0)
            continue;
        size_t number = 0, j = i + 3;
        while (j < text.len && news_is_digit(text.ptr[j]) && number < overlay->mark_count)
            number = number * 10 + (size_t)(text.ptr[j++] - '0');
        if (text.len - j < 3 || memcmp(text.ptr + j, MARK_END, 3) != 0 ||
            number >= overlay->mark_count)
            continue;
        *at = i;
        *end = j + 3;
        return &overlay->marks[number];
    }
    return NULL;
}

bool news_overlay_restore(const news_overlay *overlay, news_str text, news_restore how,
                          news_buf *buf)
{
    size_t done = 0, at = 0, end;
    const news_mark *found;
    while ((found = news_overlay_next(overlay, text, &at, &end)) != NULL) {
        news_str before = news_mark_before(overlay, found->type);
        news_str after = news_mark_after(found->type);
        if (at - done >= before.len && before.len != 0 &&
            memcmp(text.ptr + at - before.len, before.ptr, before.len) == 0)
            at -= before.len;
        if (news_str_starts(news_str_skip(text, end), after))
            end += after.len;
        news_buf_append(buf, text.ptr + done, at - done);
        bool as_text = how == NEWS_RESTORE_TEXT && found->type == NEWS_MARK_LITERAL;
        news_buf_append_str(buf, as_text ? found->text : found->source);
        done = at = end;
    }
    return news_buf_append(buf, text.ptr + done, text.len - done);
}

/* ---- Places ---- */

news_str news_overlay_line_text(const news_overlay *overlay, size_t line)
{
    size_t begin = news_overlay_line(overlay, line);
    return news_str_of(overlay->text.ptr + begin, news_overlay_line_end(overlay, line) - begin);
}

size_t news_overlay_content(news_overlay *overlay, size_t line, size_t quotes)
{
    if (overlay->last_content.line == line && overlay->last_content.quotes == quotes)
        return overlay->last_content.at;
    const char *text = overlay->text.ptr;
    size_t at = news_overlay_line(overlay, line), end = news_overlay_line_end(overlay, line),
           seen = 0;
    while (at < end &&
           (text[at] == ' ' || text[at] == '\t' || (text[at] == '>' && seen++ < quotes)))
        at++;
    overlay->last_content.line = line;
    overlay->last_content.quotes = quotes;
    overlay->last_content.at = at;
    return at;
}

/* How many places begin at or before `at`. */
static size_t places_until(const news_overlay *overlay, size_t at)
{
    size_t low = 0, high = overlay->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (overlay->places[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool news_overlay_has_marks(const news_overlay *overlay, size_t from, size_t to)
{
    if (overlay->place_count == 0)
        return false;
    size_t next = places_until(overlay, from);
    return (next > 0 && overlay->places[next - 1].at == from) ||
           (next < overlay->place_count && overlay->places[next].at < to);
}

size_t news_overlay_to_source(const news_overlay *overlay, size_t at)
{
    size_t until = places_until(overlay, at);
    if (until == 0)
        return at;
    const news_mark_place *place = &overlay->places[until - 1];
    return at < place->end ? place->source_at : at - place->end + place->source_end;
}

/* How many characters begin in `length` bytes. */
static uint32_t count_characters(const char *ptr, size_t length)
{
    const uint64_t ones = 0x0101010101010101u;
    size_t continuation = 0, i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, ptr + i, 8);
        uint64_t hits = (bytes >> 7) & ~(bytes >> 6) & ones; /* 10xxxxxx */
        continuation += (size_t)((hits * ones) >> 56);
    }
    for (; i < length; i++)
        continuation += ((unsigned char)ptr[i] & 0xC0) == 0x80;
    return (uint32_t)(length - continuation);
}

void news_overlay_place_slow(news_overlay *overlay, size_t line, size_t at, uint32_t *file_line,
                             uint32_t *column)
{
    size_t end = news_overlay_line_end(overlay, line);
    at = at < end ? at : end;
    *file_line = overlay->first_line + (uint32_t)line;
    at = news_overlay_to_source(overlay, at);
    const char *source = overlay->source.ptr;
    if (overlay->last_place.line != line) {
        overlay->last_place.line = line;
        overlay->last_place.at = news_overlay_to_source(overlay, news_overlay_line(overlay, line));
        overlay->last_place.column = 1;
    }
    size_t last = overlay->last_place.at;
    if (at >= last)
        overlay->last_place.column += count_characters(source + last, at - last);
    else
        overlay->last_place.column -= count_characters(source + at, last - at);
    overlay->last_place.at = at;
    *column = overlay->last_place.column;
}
