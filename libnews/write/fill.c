/* Filling: a paragraph that something has ended is broken into lines that fit. It is looked at as a
 * whole, so its lines do not depend on the pieces it came in. */
#include "write/writer.h"

/* ---- Line ends of the source ---- */

static bool is_hangul(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3130 && c <= 0x318F) ||
           (c >= 0x3200 && c <= 0x321E) || (c >= 0x3260 && c <= 0x327E) ||
           (c >= 0xA960 && c <= 0xA97F) || (c >= 0xAC00 && c <= 0xD7FF) ||
           (c >= 0xFFA0 && c <= 0xFFDC);
}

bool news_joins_lines(uint32_t c)
{
    char bytes[4];
    if (c < 0x2E80 || (c >= 0x1F000 && c <= 0x1FFFF) || is_hangul(c))
        return false;
    return news_columns(news_str_of(bytes, news_utf8_encode(c, bytes))) == 2;
}

/* The last character, past variation selectors and other marks without columns; 0 when there is
 * none. Asked only where a character with columns follows, so no mark is walked over twice. */
static uint32_t last_base(news_str s)
{
    uint32_t c;
    for (size_t end = s.len; end != 0;) {
        size_t at = news_utf8_before(s, end, &c);
        if (news_columns(news_str_of(s.ptr + at, end - at)) != 0)
            return c;
        end = at;
    }
    return 0;
}

/* Every "\n" becomes a space, or nothing between two characters that join. */
static void resolve_soft_ends(news_frame *frame)
{
    char *bytes = frame->paragraph.ptr;
    news_str s = news_buf_str(&frame->paragraph);
    size_t to = 0, run = 0;
    for (size_t at = 0; at < s.len; at++) {
        for (; run < frame->run_count && frame->runs[run].end == at; run++)
            frame->runs[run].end = to;
        if (bytes[at] != '\n') {
            bytes[to++] = bytes[at];
            continue;
        }
        uint32_t next = 0;
        if (at + 1 < s.len)
            news_utf8_decode(s, at + 1, &next);
        if (news_joins_lines(next) && news_joins_lines(last_base(news_str_of(bytes, to))))
            continue;
        bytes[to++] = ' ';
    }
    for (; run < frame->run_count; run++)
        frame->runs[run].end = to;
    frame->paragraph.len = to;
}

/* ---- Breaking ---- */

/* A walk over the places where a line of the paragraph may end. */
typedef struct {
    news_line_breaker breaker; /* over the paragraph from `origin` on */
    size_t origin;
    const news_frame *frame;
    size_t run;                        /* the one that the last place stands in */
    size_t address_start, address_end; /* the first address that ends after the last place; of none
                                          yet both are 0 */
    bool flows;
} walk;

static bool is_scheme_char(char c)
{
    return news_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static bool ends_address(char c)
{
    return (unsigned char)c <= ' ' || (unsigned char)c >= 0x7F || c == '<' || c == '>';
}

/* Finds the next thing like scheme://… from address_end on; none puts it at the end. */
static void find_address(walk *w, news_str text)
{
    size_t from = w->address_end;
    for (;;) {
        size_t colon = news_str_find(text, NEWS_STR("://"), from);
        if (colon == SIZE_MAX) {
            w->address_start = w->address_end = text.len;
            return;
        }
        size_t start = colon;
        while (start > from && is_scheme_char(text.ptr[start - 1]))
            start--;
        while (start < colon && !news_is_alpha(text.ptr[start]))
            start++;
        from = colon + 3;
        if (start == colon)
            continue;
        while (from < text.len && !ends_address(text.ptr[from]))
            from++;
        w->address_start = start;
        w->address_end = from;
        return;
    }
}

/* Whether no line may end at `at`, whatever Unicode says. Places come in ascending order. */
static bool is_kept_whole(walk *w, news_str text, size_t at)
{
    const news_frame *frame = w->frame;
    while (frame->runs[w->run].end < at)
        w->run++;
    if ((frame->runs[w->run].flags & NEWS_RUN_WHOLE) && at < frame->runs[w->run].end)
        return true;
    while (w->address_end <= at && w->address_start < text.len)
        find_address(w, text);
    return w->address_start < at && at < w->address_end;
}

static void begin_walk(walk *w, const news_frame *frame, bool flows)
{
    *w = (walk){.frame = frame, .flows = flows};
    news_line_breaker_init(&w->breaker, news_buf_str(&frame->paragraph));
}

/* Whether a place is inside a word of Korean, which UAX #14 lets break between any two syllables
 * but which is written with spaces: a line ends there only when the word alone is too wide. */
static bool is_within_word(const news_frame *frame, size_t at)
{
    news_str text = news_buf_str(&frame->paragraph);
    if (frame->ascii || at == text.len || text.ptr[at - 1] == ' ')
        return false;
    uint32_t before, after;
    news_utf8_before(text, at, &before);
    news_utf8_decode(text, at, &after);
    return (is_hangul(before) || is_hangul(after)) && news_is_word_character(before) &&
           news_is_word_character(after);
}

/* Whether a raised digit would begin the line: it belongs to what stands before it. */
static bool is_before_superscript(const news_frame *frame, size_t at)
{
    news_str text = news_buf_str(&frame->paragraph);
    if (frame->ascii || text.ptr[at - 1] == ' ')
        return false;
    uint32_t c;
    news_utf8_decode(text, at, &c);
    return c == 0xB9 || c == 0xB2 || c == 0xB3 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079);
}

static size_t next_place(walk *w, bool *mandatory)
{
    news_str text = news_buf_str(&w->frame->paragraph);
    news_break kind;
    size_t at;
    do {
        at = w->origin + news_line_break_next(&w->breaker, &kind);
        *mandatory = kind == NEWS_BREAK_MANDATORY;
    } while (at < text.len && (is_kept_whole(w, text, at) || is_before_superscript(w->frame, at) ||
                               (w->flows && !*mandatory && !news_flowed_is_place(text, at))));
    return at;
}

/* Where the first whole run begins that ends after `from`; `limit` when that is beyond. */
static size_t whole_start(const walk *w, size_t from, size_t limit)
{
    const news_run *runs = w->frame->runs;
    size_t start = w->run != 0 ? runs[w->run - 1].end : 0;
    for (size_t run = w->run; run < w->frame->run_count && start < limit; run++) {
        if ((runs[run].flags & NEWS_RUN_WHOLE) && runs[run].end > from)
            return start;
        start = runs[run].end;
    }
    return limit;
}

/* Without the spaces at the end, and without the line and paragraph separators (U+0085, U+2028,
 * U+2029) that a line break stands for. */
static size_t trimmed_end(news_str text, size_t start, size_t end)
{
    for (;;) {
        news_str line = news_str_of(text.ptr + start, end - start);
        const char *tail = line.ptr + line.len;
        if (line.len != 0 && tail[-1] == ' ')
            end--;
        else if (line.len >= 2 && memcmp(tail - 2, "\xC2\x85", 2) == 0)
            end -= 2;
        else if (line.len >= 3 && memcmp(tail - 3, "\xE2\x80", 2) == 0 &&
                 (tail[-1] == '\xA8' || tail[-1] == '\xA9'))
            end -= 3;
        else
            return end;
    }
}

/* The line being filled. */
typedef struct {
    size_t start, end; /* end: after the last word that fits, spaces included */
    size_t within;     /* the last place within the next word that fits; `end` when there is none */
    size_t run;        /* that the start stands in */
    size_t columns;    /* up to `within` */
    size_t room;
    bool space_before; /* see news_writer.needs_space */
    bool flows;        /* the paragraph does */
    bool goes_on;      /* from the line before */
} open_line;

static void begin_line(news_writer *writer, open_line *line, size_t start)
{
    const news_frame *frame = writer->frame;
    news_str text = news_buf_str(&frame->paragraph);
    while (line->run + 1 < frame->run_count && frame->runs[line->run].end <= start)
        line->run++;
    line->start = line->end = line->within = start;
    line->columns = 0;
    line->space_before =
        writer->needs_space != NULL && !(frame->runs[line->run].flags & NEWS_RUN_RAW) &&
        !news_lines_prefixed(writer) && writer->needs_space(news_str_skip(text, start));
    if (NEWS_UNLIKELY(line->flows))
        line->room = news_flowed_room(writer, news_str_skip(text, start), line->goes_on);
    else
        line->room = news_lines_room(writer);
    if (line->space_before && frame->width != 0 && line->room != 0)
        line->room--;
}

/* `is_last`: of the paragraph, or before an end that its text asks for. */
static void write_line(news_writer *writer, open_line *line, bool is_last)
{
    news_str text = news_buf_str(&writer->frame->paragraph);
    const bool flows = line->flows && !is_last;
    size_t end = flows ? line->end : trimmed_end(text, line->start, line->end);
    news_lines_write(writer, news_str_of(text.ptr + line->start, end - line->start),
                     (line->space_before ? NEWS_LINE_SPACE : 0) |
                         (line->goes_on ? NEWS_LINE_GOES_ON : 0) | (flows ? NEWS_LINE_FLOWS : 0));
    line->goes_on = flows;
}

static size_t columns_between(const news_frame *frame, size_t start, size_t end)
{
    if (frame->ascii)
        return end - start;
    return news_columns(news_str_of(frame->paragraph.ptr + start, end - start));
}

/* Between a letter or digit, a space, and a letter, a line may always end, and what follows does
 * not depend on what came before. So a line of ASCII, on which nothing stands yet, need not be
 * walked word by word: this takes all up to the last such place that fits. The walk has come to
 * `place` already; false, and nothing done, when there is none after it. */
static bool leap(walk *w, open_line *line, size_t place)
{
    news_str text = news_buf_str(&w->frame->paragraph);
    if (!w->frame->ascii)
        return false;
    size_t at = text.len, full = line->start + line->room;
    if (full < text.len) {
        at = whole_start(w, place, full + 1 < text.len ? full + 1 : full);
        while (at > place && !(text.ptr[at - 1] == ' ' && at > 1 &&
                               news_is_alnum(text.ptr[at - 2]) && news_is_alpha(text.ptr[at])))
            at--;
        if (at <= place)
            return false;
        w->origin = at;
        news_line_breaker_init(&w->breaker, news_str_skip(text, at));
    }
    line->end = line->within = at;
    line->columns = at - line->start;
    return true;
}

/* Whether the line, ended at its last good place, would be "-- ", the mark of a signature. */
static bool would_sign(const news_frame *frame, const open_line *line)
{
    news_str text = news_buf_str(&frame->paragraph);
    size_t end = line->end != line->start ? line->end : line->within;
    return line->flows &&
           news_str_equal(news_str_of(text.ptr + line->start, end - line->start), NEWS_STR("-- "));
}

/* Writes the line up to its last good place and begins the next, with what it held of the word
 * behind that. */
static void turn_line(news_writer *writer, open_line *line)
{
    size_t within = line->within;
    if (line->end == line->start)
        line->end = within;
    write_line(writer, line, false);
    begin_line(writer, line, line->end);
    line->within = within;
    line->columns = columns_between(writer->frame, line->start, within);
}

/* Greedy: each line takes what fits. A word wider than the room has a line of its own. */
static void break_paragraph(news_writer *writer, open_line *line)
{
    const news_frame *frame = writer->frame;
    news_str text = news_buf_str(&frame->paragraph);
    walk w;
    begin_walk(&w, frame, line->flows);
    leap(&w, line, 0);
    while (line->end < text.len && writer->status == NEWS_OK) {
        bool mandatory;
        size_t next = next_place(&w, &mandatory);
        size_t word_end = trimmed_end(text, line->within, next);
        size_t columns = columns_between(frame, line->within, word_end);
        bool turned = false;
        while (line->within != line->start && line->columns + columns > line->room &&
               !would_sign(frame, line)) {
            turn_line(writer, line);
            turned = true;
        }
        if (turned && leap(&w, line, next))
            continue;
        line->columns += columns + (next - word_end);
        line->within = next;
        if (is_within_word(frame, next))
            continue;
        line->end = next;
        if (mandatory && next < text.len) {
            write_line(writer, line, true);
            begin_line(writer, line, next);
        }
    }
    if (writer->status == NEWS_OK)
        write_line(writer, line, true);
}

static void write_paragraph(news_writer *writer)
{
    news_frame *frame = writer->frame;
    if (frame->soft_ends)
        resolve_soft_ends(frame);
    news_str text = news_buf_str(&frame->paragraph);
    open_line line = {.flows = frame->line_depth == 0 && news_flowed_may_flow(writer)};
    begin_line(writer, &line, 0);
    if (frame->line_depth != 0) {
        news_lines_write(writer, text, line.space_before ? NEWS_LINE_SPACE : 0);
        return;
    }
    size_t end = trimmed_end(text, 0, text.len);
    if (end == 0)
        return;
    frame->paragraph.len = end;
    if (frame->width == 0) {
        line.end = end;
        write_line(writer, &line, true);
    } else {
        break_paragraph(writer, &line);
    }
}

void news_fill_flush(news_writer *writer)
{
    news_frame *frame = writer->frame;
    if (frame->paragraph.len != 0 && news_writer_check(writer, &frame->paragraph))
        write_paragraph(writer);
    if (writer->status != NEWS_OK)
        return;
    frame->paragraph.len = 0;
    frame->run_count = 0;
    frame->gap = NEWS_GAP_NONE;
    frame->ascii = true;
    frame->soft_ends = false;
}
