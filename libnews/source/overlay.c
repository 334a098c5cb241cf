/* Finding what must be marked, and making the text that cmark reads.
 *
 * Most documents have nothing to mark, and the whole of a newsletter's addresses stand in
 * "](https://…)". So each kind of candidate has a finder of its own, which runs over the text with
 * memchr and yields only places that will be marked; the main loop takes them in order. */
#include "source/overlay.h"
#include "text/text.h"

#define MARK_BEGIN "\xEE\x80\x80" /* U+E000 */
#define MARK_END "\xEE\x80\x81"   /* U+E001 */

typedef struct {
    size_t at, end; /* what the mark replaces; at == SIZE_MAX: no more */
    news_mark_type type;
    news_str text;
} candidate;

static const candidate no_more = {.at = SIZE_MAX, .end = SIZE_MAX};

static size_t find_char(news_str s, char c, size_t from)
{
    const char *hit = from < s.len ? memchr(s.ptr + from, c, s.len - from) : NULL;
    return hit != NULL ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

static bool before_is(news_str s, size_t at, const char *literal, size_t length)
{
    return at >= length && memcmp(s.ptr + at - length, literal, length) == 0;
}

/* Whether `at` begins a link's destination, an autolink in <…> or an attribute's value, where cmark
 * sees to the address itself. */
static bool is_taken(news_str s, size_t at)
{
    if (at == 0)
        return false;
    switch (s.ptr[at - 1]) {
    case '<': return true;
    case '(': return before_is(s, at, "](", 2);
    case '"':
    case '\'': return before_is(s, at - 1, "=", 1);
    case ' ':
        while (at > 0 && s.ptr[at - 1] == ' ')
            at--;
        return before_is(s, at, "]:", 2);
    case ':': return before_is(s, at, "]:", 2);
    default: return false;
    }
}

/* ---- Finders: the first candidate at or after `from` ---- */

static candidate next_url(news_str s, size_t from)
{
    for (size_t at = find_char(s, ':', from); at != SIZE_MAX; at = find_char(s, ':', at + 1)) {
        if (s.len - at < 4 || s.ptr[at + 1] != '/' || s.ptr[at + 2] != '/')
            continue;
        size_t scheme = at;
        while (scheme > from && at - scheme < 6 && news_is_alpha(s.ptr[scheme - 1]))
            scheme--;
        news_str name = news_str_of(s.ptr + scheme, at - scheme);
        if (!news_str_equal_nocase(name, NEWS_STR("https")) &&
            !news_str_equal_nocase(name, NEWS_STR("http")))
            continue;
        if (is_taken(s, scheme))
            continue;
        size_t end = news_address_end_url(s, scheme, at + 3);
        if (end != scheme)
            return (candidate){scheme, end, NEWS_MARK_URL, {NULL, 0}};
    }
    return no_more;
}

/* Of any three bytes in a row one stands at every third place, so "www." shows itself to a look at
 * every third byte. */
static candidate next_www(news_str s, size_t from)
{
    for (size_t i = from + 2; i < s.len; i += 3) {
        if (s.ptr[i] != 'w')
            continue;
        size_t at = i;
        while (at > from && i - at < 2 && s.ptr[at - 1] == 'w')
            at--;
        if (s.len - at < 5 || memcmp(s.ptr + at, "www.", 4) != 0)
            continue;
        if (at > 0 && !news_is_space(s.ptr[at - 1]) && s.ptr[at - 1] != '*' &&
            s.ptr[at - 1] != '_' && s.ptr[at - 1] != '~' && s.ptr[at - 1] != '(' &&
            s.ptr[at - 1] != '[' && (unsigned char)s.ptr[at - 1] < 0x80)
            continue;
        if (is_taken(s, at))
            continue;
        size_t end = news_address_end_url(s, at, at + 4);
        if (end != at)
            return (candidate){at, end, NEWS_MARK_URL, NEWS_STR("http://")};
        while (i < s.len && !news_is_space(s.ptr[i])) /* the same domain fails all along */
            i++;
    }
    return no_more;
}

static candidate next_mail(news_str s, size_t from)
{
    for (size_t sign = find_char(s, '@', from); sign != SIZE_MAX;
         sign = find_char(s, '@', sign + 1)) {
        size_t start;
        size_t end = news_address_end_mail(s, from, sign, &start);
        if (end == start)
            continue;
        news_str prefix = NEWS_STR("mailto:");
        if (start >= from + prefix.len && before_is(s, start, prefix.ptr, prefix.len)) {
            start -= prefix.len;
            prefix.len = 0;
        }
        if (!is_taken(s, start))
            return (candidate){start, end, NEWS_MARK_URL, prefix};
    }
    return no_more;
}

/* An escaped tilde, which must not strike anything out. */
static candidate next_tilde(news_str s, size_t from, bool *pairs)
{
    for (size_t at = find_char(s, '~', from); at != SIZE_MAX; at = find_char(s, '~', at + 1)) {
        size_t slashes = 0;
        while (at - slashes > from && s.ptr[at - slashes - 1] == '\\')
            slashes++;
        if (slashes % 2 == 1)
            return (candidate){at - 1, at + 1, NEWS_MARK_LITERAL, news_str_of(s.ptr + at, 1)};
        *pairs |= at > 0 && s.ptr[at - 1] == '~';
    }
    return no_more;
}

static candidate next_private(news_str s, size_t from)
{
    for (size_t at = find_char(s, '\xEE', from); at != SIZE_MAX;
         at = find_char(s, '\xEE', at + 1)) {
        if (s.len - at >= 3 && s.ptr[at + 1] == '\x80' &&
            (s.ptr[at + 2] == '\x80' || s.ptr[at + 2] == '\x81'))
            return (candidate){at, at + 3, NEWS_MARK_LITERAL, news_str_of(s.ptr + at, 3)};
    }
    return no_more;
}

/* "&#xE000;" in any of its spellings: cmark would make a mark of it. */
static candidate next_reference(news_str s, size_t from)
{
    for (size_t at = find_char(s, '&', from); at != SIZE_MAX; at = find_char(s, '&', at + 1)) {
        size_t i = at + 1;
        if (s.len - at < 4 || s.ptr[i++] != '#')
            continue;
        bool hexadecimal = s.ptr[i] == 'x' || s.ptr[i] == 'X';
        i += hexadecimal;
        uint32_t number = 0;
        for (size_t digits = 0; i < s.len && digits < 8; i++, digits++) {
            char c = news_to_lower(s.ptr[i]);
            if (news_is_digit(c))
                number = number * (hexadecimal ? 16 : 10) + (uint32_t)(c - '0');
            else if (hexadecimal && c >= 'a' && c <= 'f')
                number = number * 16 + (uint32_t)(c - 'a') + 10;
            else
                break;
        }
        if (i < s.len && s.ptr[i] == ';' && (number == 0xE000 || number == 0xE001))
            return (candidate){at, i + 1, NEWS_MARK_LITERAL,
                               number == 0xE000 ? NEWS_STR(MARK_BEGIN) : NEWS_STR(MARK_END)};
    }
    return no_more;
}

static bool is_underline(news_str line)
{
    line = news_str_trim(line);
    if (line.len == 0 || (line.ptr[0] != '=' && line.ptr[0] != '-'))
        return false;
    for (size_t i = 1; i < line.len; i++)
        if (line.ptr[i] != line.ptr[0])
            return false;
    return true;
}

/* Whether the line around `at`, which ends at `end`, is a heading's: begins with # or is underlined. */
static bool is_heading(news_str s, size_t at, size_t end)
{
    size_t begin = at;
    while (begin > 0 && s.ptr[begin - 1] != '\n')
        begin--;
    while (begin < at && (s.ptr[begin] == ' ' || s.ptr[begin] == '>'))
        begin++;
    if (s.ptr[begin] == '#')
        return true;
    size_t next = end + 1, next_end = find_char(s, '\n', next);
    if (next >= s.len)
        return false;
    return is_underline(news_str_of(s.ptr + next, (next_end < s.len ? next_end : s.len) - next));
}

/* An attribute list ends its line, so only the last brace of a line can open one. */
static candidate next_attributes(news_str s, size_t from)
{
    for (size_t at = find_char(s, '{', from); at != SIZE_MAX;) {
        size_t end = find_char(s, '\n', at);
        if (end == SIZE_MAX)
            end = s.len;
        size_t close = end;
        while (close > at + 1 && (s.ptr[close - 1] == ' ' || s.ptr[close - 1] == '#'))
            close--;
        size_t open = close;
        while (open > at && s.ptr[open] != '{')
            open--;
        if (news_attribute_list_valid(news_str_of(s.ptr + open, close - open)) &&
            is_heading(s, open, end))
            return (candidate){open, close, NEWS_MARK_ATTRIBUTES, {NULL, 0}};
        at = find_char(s, '{', end);
    }
    return no_more;
}

/* ---- Marking ---- */

enum { URLS, WWWS, MAILS, TILDES, PRIVATES, REFERENCES, ATTRIBUTES, FINDERS };

static candidate find(news_overlay *overlay, size_t finder, size_t from)
{
    news_str s = overlay->source;
    switch (finder) {
    case URLS: return next_url(s, from);
    case WWWS: return next_www(s, from);
    case MAILS: return next_mail(s, from);
    case TILDES: return next_tilde(s, from, &overlay->has_tildes);
    case PRIVATES: return next_private(s, from);
    case REFERENCES: return next_reference(s, from);
    default: return next_attributes(s, from);
    }
}

static bool intern(news_overlay *overlay, const candidate *found, uint32_t *number)
{
    news_str bytes = news_str_of(overlay->source.ptr + found->at, found->end - found->at);
    bool added;
    uint32_t *slot = news_strmap_put(&overlay->index, bytes, &added);
    if (slot == NULL)
        return false;
    if (added) {
        news_mark *marks =
            news_heap_grow(overlay->heap, overlay->marks, overlay->mark_count,
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

static bool mark(news_overlay *overlay, const candidate *found)
{
    uint32_t number;
    if (!intern(overlay, found, &number))
        return false;
    news_mark_place *places =
        news_heap_grow(overlay->heap, overlay->places, overlay->place_count,
                       &overlay->place_capacity, sizeof *places);
    if (places == NULL)
        return false;
    overlay->places = places;
    news_buf *buf = &overlay->buf;
    news_buf_append(buf, overlay->source.ptr + overlay->copied, found->at - overlay->copied);
    size_t at = buf->len;
    news_buf_printf(buf, MARK_BEGIN "%u" MARK_END, (unsigned)number);
    places[overlay->place_count++] =
        (news_mark_place){at, buf->len, found->at, found->end, number};
    overlay->copied = found->end;
    return buf->status == NEWS_OK;
}

static bool mark_all(news_overlay *overlay)
{
    candidate next[FINDERS];
    for (size_t i = 0; i < FINDERS; i++)
        next[i] = find(overlay, i, 0);
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < FINDERS; i++)
            if (next[i].at < next[first].at)
                first = i;
        if (next[first].at == SIZE_MAX)
            break;
        size_t end = next[first].end;
        if (!mark(overlay, &next[first]))
            return false;
        for (size_t i = 0; i < FINDERS; i++)
            if (next[i].at < end)
                next[i] = find(overlay, i, end);
    }
    overlay->text = overlay->source;
    if (overlay->place_count == 0)
        return true;
    news_buf_append(&overlay->buf, overlay->source.ptr + overlay->copied,
                    overlay->source.len - overlay->copied);
    overlay->text = news_buf_str(&overlay->buf);
    return overlay->buf.status == NEWS_OK;
}

/* ---- Lines ---- */

static bool add_size(news_heap *heap, size_t **array, size_t *count, size_t *capacity, size_t value)
{
    size_t *grown = news_heap_grow(heap, *array, *count, capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    *array = grown;
    grown[(*count)++] = value;
    return true;
}

static bool index_lines(news_overlay *overlay)
{
    news_str s = overlay->text;
    size_t at = 0;
    for (;;) {
        if (!add_size(overlay->heap, &overlay->lines, &overlay->line_count,
                      &overlay->line_capacity, at))
            return false;
        size_t end = find_char(s, '\n', at);
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
    news_str s = overlay->text;
    size_t line = 0;
    for (size_t at = find_char(s, '|', 0); at != SIZE_MAX; at = find_char(s, '|', at)) {
        size_t begin = at, hyphens = 0;
        while (begin > 0 && in_row(s.ptr[begin - 1]))
            hyphens += s.ptr[--begin] == '-';
        size_t end = at;
        if (begin == 0 || s.ptr[begin - 1] == '\n')
            while (end < s.len && in_row(s.ptr[end]))
                hyphens += s.ptr[end++] == '-';
        bool is_row = hyphens != 0 && (end == s.len || s.ptr[end] == '\n');
        if (is_row) {
            while (line + 1 < overlay->line_count && overlay->lines[line + 1] <= at)
                line++;
            if (!add_size(overlay->heap, &overlay->rows, &overlay->row_count,
                          &overlay->row_capacity, line))
                return false;
        }
        at = find_char(s, '\n', end);
        if (at == SIZE_MAX)
            break;
    }
    return true;
}

bool news_overlay_init(news_overlay *overlay, news_heap *heap, news_str source,
                       uint32_t first_line)
{
    *overlay = (news_overlay){.heap = heap, .source = source, .first_line = first_line};
    overlay->last_place.line = overlay->last_content.line = SIZE_MAX;
    news_buf_init(&overlay->buf, heap, SIZE_MAX / 2);
    news_strmap_init(&overlay->index, heap);
    return mark_all(overlay) && index_lines(overlay) && index_rows(overlay);
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
    for (size_t i = find_char(text, '\xEE', *at); i != SIZE_MAX; i = find_char(text, '\xEE', i + 1)) {
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
        news_buf_append(buf, text.ptr + done, at - done);
        bool as_text = how == NEWS_RESTORE_TEXT && found->type == NEWS_MARK_LITERAL;
        news_buf_append_str(buf, as_text ? found->text : found->source);
        done = at = end;
    }
    return news_buf_append(buf, text.ptr + done, text.len - done);
}

/* ---- Places ---- */

size_t news_overlay_line(const news_overlay *overlay, size_t line)
{
    return line < overlay->line_count ? overlay->lines[line] : overlay->text.len;
}

static size_t line_end(const news_overlay *overlay, size_t line)
{
    return line + 1 < overlay->line_count ? overlay->lines[line + 1] - 1 : overlay->text.len;
}

news_str news_overlay_line_text(const news_overlay *overlay, size_t line)
{
    size_t begin = news_overlay_line(overlay, line);
    return news_str_of(overlay->text.ptr + begin, line_end(overlay, line) - begin);
}

size_t news_overlay_content(news_overlay *overlay, size_t line, size_t quotes)
{
    if (overlay->last_content.line == line && overlay->last_content.quotes == quotes)
        return overlay->last_content.at;
    const char *text = overlay->text.ptr;
    size_t at = news_overlay_line(overlay, line), end = line_end(overlay, line), seen = 0;
    while (at < end &&
           (text[at] == ' ' || text[at] == '\t' || (text[at] == '>' && seen++ < quotes)))
        at++;
    overlay->last_content.line = line;
    overlay->last_content.quotes = quotes;
    overlay->last_content.at = at;
    return at;
}

size_t news_overlay_to_source(const news_overlay *overlay, size_t at)
{
    size_t low = 0, high = overlay->place_count; /* the places that begin at or before `at` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (overlay->places[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return at;
    const news_mark_place *place = &overlay->places[low - 1];
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

void news_overlay_place(news_overlay *overlay, size_t line, size_t at, uint32_t *file_line,
                        uint32_t *column)
{
    size_t end = line_end(overlay, line);
    at = news_overlay_to_source(overlay, at < end ? at : end);
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
    *file_line = overlay->first_line + (uint32_t)line;
    *column = overlay->last_place.column;
}
