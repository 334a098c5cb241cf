/* The entrances of a writer: what comes as text, markup or an address is escaped, tracked and
 * passed on, to the open paragraph in the filled manner, straight to the output in the direct
 * one. */
#include <stdio.h>

#include "write/writer.h"

/* ---- Life ---- */

/* The table for text, save in HTML's tags. */
static const uint8_t *table_of(news_escape escape)
{
    switch (escape) {
    case NEWS_ESCAPE_HTML: return news_table_html_text;
    case NEWS_ESCAPE_XML: return news_table_xml;
    case NEWS_ESCAPE_TEXT:
    case NEWS_ESCAPE_GEMTEXT: return news_table_text;
    case NEWS_ESCAPE_HEADER: /* checked, then written as it is */
    case NEWS_ESCAPE_NONE: break;
    }
    return NULL;
}

/* What is held beside the output: lines, captures and the buffers kept for the next, numbers. */
static size_t most_held(size_t max_output)
{
    enum { TIMES = 8, LEAST = 256 * 1024 };
    return max_output < SIZE_MAX / TIMES - LEAST ? max_output * TIMES + LEAST : SIZE_MAX;
}

news_writer *news_writer_new(news_heap *outer, size_t max_output,
                             const news_writer_options *options)
{
    news_writer *writer = news_heap_alloc(outer, sizeof *writer);
    if (writer == NULL)
        return NULL;
    *writer = (news_writer){.outer = outer, .options = *options, .max_output = max_output};
    news_heap *heap = writer->heap = &writer->own;
    news_heap_init(heap, &outer->allocator, most_held(max_output));
    writer->table = table_of(options->escape);
    if (options->escape == NEWS_ESCAPE_GEMTEXT)
        writer->needs_space = news_gemtext_needs_space;
    writer->frame = &writer->outermost;
    news_arena_init(&writer->arena, heap);
    news_buf_init(&writer->scratch, heap, max_output);
    news_buf_init(&writer->address, heap, max_output);
    news_buf_init(&writer->encoded, heap, max_output);
    news_buf_init(&writer->referenced, heap, max_output);
    news_buf_init(&writer->prefix, heap, max_output);
    news_buf_init(&writer->target, heap, max_output);
    news_strmap_init(&writer->numbers, heap);
    snprintf(writer->limit_message, sizeof writer->limit_message,
             "the output is larger than %zu bytes", max_output);
    if (!news_frame_init(writer, &writer->outermost)) {
        news_writer_free(writer);
        return NULL;
    }
    writer->outermost.width = options->width;
    if (options->flowed && options->fill) {
        writer->outermost.flowed = true;
        if (options->width > NEWS_FLOWED_WIDTH)
            writer->outermost.width = NEWS_FLOWED_WIDTH;
    }
    return writer;
}

void news_writer_within(news_writer *writer, const news_writer *outer)
{
    const news_heap *heap = outer->heap;
    writer->own.limit = heap->used < heap->limit ? heap->limit - heap->used : 1; /* 0: no limit */
}

void news_writer_free(news_writer *writer)
{
    if (writer == NULL)
        return;
    news_heap *heap = writer->heap;
    news_frame *inner = writer->outermost.inner;
    news_frame_free(heap, &writer->outermost);
    while (inner != NULL) {
        news_frame *next = inner->inner;
        news_frame_free(heap, inner);
        news_heap_free(heap, inner, sizeof *inner);
        inner = next;
    }
    news_buf_free(&writer->scratch);
    news_buf_free(&writer->address);
    news_buf_free(&writer->encoded);
    news_buf_free(&writer->referenced);
    news_buf_free(&writer->prefix);
    news_buf_free(&writer->target);
    news_heap_free(heap, writer->spaces, writer->space_capacity * sizeof *writer->spaces);
    news_strmap_free(&writer->numbers);
    news_heap_free(heap, writer->references,
                   writer->reference_capacity * sizeof *writer->references);
    news_arena_free(&writer->arena);
    news_heap_free(writer->outer, writer, sizeof *writer);
}

/* ---- Failure ---- */

void news_writer_fail(news_writer *writer, news_status status, const char *format, ...)
{
    if (writer->status != NEWS_OK)
        return;
    writer->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(writer->message, sizeof writer->message, format, arguments);
    va_end(arguments);
    if (status == NEWS_ERR_NOMEM && writer->heap->over_limit) {
        writer->status = NEWS_ERR_LIMIT;
        snprintf(writer->message, sizeof writer->message,
                 "what is being written takes more than %zu bytes of memory",
                 most_held(writer->max_output));
    }
}

bool news_writer_check(news_writer *writer, const news_buf *buf)
{
    if (NEWS_LIKELY(buf->status == NEWS_OK))
        return writer->status == NEWS_OK;
    if (buf->status == NEWS_ERR_LIMIT)
        news_writer_fail(writer, NEWS_ERR_LIMIT, "%s", writer->limit_message);
    else
        news_writer_fail(writer, buf->status, "%s", news_status_name(buf->status));
    return false;
}

/* Appends are not checked one by one: a buffer keeps its failure, and this asks for it. */
news_status news_writer_status(news_writer *writer)
{
    if (NEWS_LIKELY(writer->status == NEWS_OK) && news_writer_check(writer, &writer->frame->out))
        (void)news_writer_check(writer, &writer->frame->paragraph);
    return writer->status;
}

const char *news_writer_message(news_writer *writer)
{
    news_status status = news_writer_status(writer);
    return status == NEWS_ERR_ARG || status == NEWS_ERR_LIMIT ? writer->message : "";
}

const news_writer_options *news_writer_get_options(const news_writer *writer)
{
    return &writer->options;
}

/* ---- The tracker ---- */

void news_writer_follow(news_writer *writer, news_str markup)
{
    if (NEWS_LIKELY(writer->record == NULL))
        news_html_tracker_feed(&writer->frame->tracker, markup.ptr, markup.len);
    else
        news_record_markup(writer, markup);
}

/* Up to date with what has been written. */
static news_html_tracker *tracker_of(news_writer *writer)
{
    news_frame *frame = writer->frame;
    if (NEWS_UNLIKELY(frame->unread != SIZE_MAX)) {
        news_str unread = news_str_skip(news_buf_str(&frame->out), frame->unread);
        frame->unread = SIZE_MAX;
        news_html_tracker_feed(&frame->tracker, unread.ptr, unread.len);
    }
    return &frame->tracker;
}

const news_html_tracker *news_writer_tracker(news_writer *writer)
{
    return tracker_of(writer);
}

bool news_writer_rests(const news_writer *writer)
{
    const news_frame *frame = writer->frame;
    return writer->options.escape == NEWS_ESCAPE_HTML && !writer->options.fill &&
           writer->record == NULL && frame->unread == SIZE_MAX &&
           frame->tracker.state == NEWS_HTML_STATE_TEXT && frame->tracker.mixed_depth == 0;
}

/* ---- The direct manner ---- */

/* The tracker follows where it would notice. */
static void direct_line_end(news_writer *writer)
{
    const news_html_tracker *tracker = tracker_of(writer);
    if (tracker->state == NEWS_HTML_STATE_TEXT) {
        news_buf_append_char(&writer->frame->out, '\n');
    } else if (news_html_settle(writer, NEWS_STR("\n"))) {
        news_buf_append_char(&writer->frame->out, '\n');
        news_writer_follow(writer, NEWS_STR("\n"));
    }
}

static void direct_cr(news_writer *writer)
{
    const news_buf *out = &writer->frame->out;
    if (out->len != 0 && out->ptr[out->len - 1] != '\n')
        direct_line_end(writer);
}

/* Line ends that stand at the end of the output already count. */
static void write_asked_lines(news_writer *writer)
{
    news_frame *frame = writer->frame;
    uint64_t wanted = (uint64_t)frame->levels[0].asked + 1, standing = 0; /* size_t may wrap */
    frame->asking = false;
    frame->levels[0].asked = 0;
    if (frame->out.len == 0)
        return;
    while (standing < wanted && standing < frame->out.len &&
           frame->out.ptr[frame->out.len - 1 - standing] == '\n')
        standing++;
    for (; standing < wanted && frame->out.status == NEWS_OK; standing++)
        direct_line_end(writer);
}

static news_buf *direct_out(news_writer *writer)
{
    if (NEWS_UNLIKELY(writer->frame->asking))
        write_asked_lines(writer);
    return &writer->frame->out;
}

/* ---- Text and markup ---- */

void news_writer_put(news_writer *writer, news_str bytes, unsigned flags)
{
    if (writer->options.fill)
        news_paragraph_append(writer, bytes, flags);
    else
        news_buf_append_str(direct_out(writer), bytes);
}

void news_writer_put_escaped(news_writer *writer, news_str text, const uint8_t *table,
                             unsigned flags)
{
    if (table == NULL) {
        news_writer_put(writer, text, flags);
    } else if (!writer->options.fill) {
        news_escape_append(direct_out(writer), text, table);
    } else if (news_escape_clean(text, table) == text.len) {
        news_paragraph_append(writer, text, flags);
    } else {
        news_buf_clear(&writer->scratch);
        news_escape_append(&writer->scratch, text, table);
        if (news_writer_check(writer, &writer->scratch))
            news_paragraph_append(writer, news_buf_str(&writer->scratch), flags);
    }
}

/* A character that a header cannot hold. */
static bool check_header(news_writer *writer, news_str s)
{
    size_t clean = news_escape_clean(s, news_table_header);
    uint32_t c = 0;
    if (clean == s.len)
        return true;
    news_utf8_decode(s, clean, &c);
    if (c == 0xFFFD)
        news_writer_fail(writer, NEWS_ERR_ARG, "a header cannot hold bytes that are not UTF-8");
    else
        news_writer_fail(writer, NEWS_ERR_ARG, "a header cannot hold the control character U+%04X",
                         (unsigned)c);
    return false;
}

static void put_text(news_writer *writer, news_str s, unsigned flags)
{
    if (writer->status != NEWS_OK)
        return;
    if (tracker_of(writer)->state != NEWS_HTML_STATE_TEXT) { /* only HTML feeds it */
        news_html_put(writer, s, NEWS_GIVEN_TEXT, flags);
        return;
    }
    if (s.len == 0)
        return;
    if (writer->options.escape == NEWS_ESCAPE_HEADER && !check_header(writer, s))
        return;
    if (NEWS_UNLIKELY(writer->record != NULL))
        news_record_text(writer, s);
    news_writer_put_escaped(writer, s, writer->table, flags);
}

static void put_raw(news_writer *writer, news_str s, unsigned flags)
{
    if (writer->status != NEWS_OK || s.len == 0)
        return;
    news_html_tracker *tracker = tracker_of(writer);
    if (NEWS_UNLIKELY(tracker->pending != NEWS_HTML_PENDING_NOTHING) &&
        !news_html_settle(writer, s))
        return;
    news_writer_put(writer, s, flags);
    if (writer->options.escape != NEWS_ESCAPE_HTML) {
        if (NEWS_UNLIKELY(writer->record != NULL))
            news_record_text(writer, s);
        return;
    }
    news_writer_follow(writer, s);
    if (NEWS_UNLIKELY(tracker->pending == NEWS_HTML_PENDING_DIRECTIVE))
        news_html_settle(writer, s);
}

void news_writer_text(news_writer *writer, news_str s)
{
    put_text(writer, s, 0);
}

void news_writer_raw(news_writer *writer, news_str s)
{
    put_raw(writer, s, NEWS_RUN_RAW);
}

void news_writer_whole(news_writer *writer, news_str s)
{
    put_raw(writer, s, NEWS_RUN_RAW | NEWS_RUN_WHOLE);
}

void news_writer_whole_text(news_writer *writer, news_str s)
{
    put_text(writer, s, NEWS_RUN_WHOLE);
}

void news_writer_url(news_writer *writer, news_str url)
{
    if (writer->status != NEWS_OK)
        return;
    if (tracker_of(writer)->state != NEWS_HTML_STATE_TEXT) {
        news_html_put(writer, url, NEWS_GIVEN_URL, NEWS_RUN_RAW | NEWS_RUN_WHOLE);
        return;
    }
    news_writer_note_address(writer, url);
    if (!news_uri_is_plain(url)) {
        news_buf_clear(&writer->address);
        news_uri_append(&writer->address, url);
        if (!news_writer_check(writer, &writer->address))
            return;
        url = news_buf_str(&writer->address);
    }
    if (url.len != 0)
        news_writer_put_escaped(writer, url, writer->table, NEWS_RUN_RAW | NEWS_RUN_WHOLE);
}

void news_writer_json(news_writer *writer, news_str json)
{
    if (writer->status != NEWS_OK)
        return;
    if (!news_json_valid(json))
        news_writer_fail(writer, NEWS_ERR_ARG, "what was given as JSON is not JSON");
    else if (tracker_of(writer)->state != NEWS_HTML_STATE_TEXT)
        news_html_put(writer, json, NEWS_GIVEN_JSON, 0);
    else
        put_text(writer, json, 0);
}

void news_writer_number(news_writer *writer, int64_t number)
{
    char digits[NEWS_DECIMAL_SIZE];
    if (writer->status != NEWS_OK)
        return;
    if (tracker_of(writer)->state != NEWS_HTML_STATE_TEXT)
        news_html_put(writer, news_decimal(number, digits), NEWS_GIVEN_JSON, 0);
    else
        put_text(writer, news_decimal(number, digits), 0);
}

/* ---- Markup that is known ---- */

news_buf *news_writer_known(news_writer *writer)
{
    news_buf *out = direct_out(writer);
    if (writer->frame->unread == SIZE_MAX)
        writer->frame->unread = out->len;
    return out;
}

void news_writer_known_value(news_writer *writer, news_str s)
{
    if (writer->status == NEWS_OK)
        news_escape_append(&writer->frame->out, s, news_table_html_attribute);
}

void news_writer_known_address(news_writer *writer, news_str url)
{
    if (writer->status == NEWS_OK)
        news_html_put_whole_url(writer, url);
}

void news_writer_known_end(news_writer *writer)
{
    writer->frame->unread = SIZE_MAX;
}

size_t news_writer_length(const news_writer *writer)
{
    return writer->frame->out.len;
}

news_str news_writer_behind(const news_writer *writer, size_t length)
{
    return news_str_skip(news_buf_str(&writer->frame->out), length);
}

/* ---- Lines ---- */

/* On a line of its own, which a line end would break, it is a space between words. */
static bool within_line(news_writer *writer)
{
    const news_buf *line = &writer->frame->paragraph;
    if (writer->frame->line_depth == 0)
        return false;
    if (line->len != 0 && line->ptr[line->len - 1] != ' ')
        writer->frame->gap = NEWS_GAP_SPACE;
    return true;
}

void news_writer_cr(news_writer *writer)
{
    if (writer->status != NEWS_OK)
        return;
    if (!writer->options.fill) {
        direct_cr(writer);
        return;
    }
    const news_html_tracker *tracker = &writer->frame->tracker;
    if (tracker->state != NEWS_HTML_STATE_TEXT && writer->frame->paragraph.len != 0 &&
        news_html_settle(writer, NEWS_STR("\n")))
        news_writer_follow(writer, NEWS_STR("\n"));
    if (!within_line(writer))
        news_fill_flush(writer);
}

void news_writer_blank(news_writer *writer, uint32_t n)
{
    news_writer_cr(writer);
    news_frame *frame = writer->frame;
    if (writer->status != NEWS_OK || frame->line_depth != 0)
        return;
    uint32_t *asked = &frame->levels[frame->depth].asked;
    if (n > *asked)
        *asked = n;
    frame->asking |= n != 0;
}

void news_writer_line_begin(news_writer *writer)
{
    news_writer_cr(writer);
    if (writer->options.fill && writer->status == NEWS_OK)
        writer->frame->line_depth++;
}

void news_writer_line_end(news_writer *writer)
{
    news_frame *frame = writer->frame;
    if (frame->line_depth > 1) {
        frame->line_depth--;
        within_line(writer);
        return;
    }
    if (writer->options.fill && writer->status == NEWS_OK)
        news_fill_flush(writer);
    else
        news_writer_cr(writer);
    frame->line_depth = 0;
    frame->line_levels = 0;
}

static void put_verbatim_line(news_writer *writer, news_str line, const uint8_t *table)
{
    if (line.len != 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (table != NULL && news_escape_clean(line, table) != line.len) {
        news_buf_clear(&writer->scratch);
        news_escape_append(&writer->scratch, line, table);
        if (!news_writer_check(writer, &writer->scratch))
            return;
        line = news_buf_str(&writer->scratch);
    }
    news_lines_write(writer, line, 0);
}

void news_writer_verbatim(news_writer *writer, news_str s)
{
    if (writer->status != NEWS_OK || s.len == 0)
        return;
    news_writer_cr(writer);
    if (!writer->options.fill || writer->frame->line_depth != 0) {
        news_writer_text(writer, s);
        news_writer_cr(writer);
        return;
    }
    if (NEWS_UNLIKELY(writer->record != NULL))
        news_record_text(writer, s);
    const uint8_t *table = writer->table;
    if (writer->options.escape == NEWS_ESCAPE_HTML && (table = news_html_table(writer)) == NULL)
        return;
    while (s.len != 0 && writer->status == NEWS_OK) {
        const char *line_end = memchr(s.ptr, '\n', s.len);
        size_t len = line_end != NULL ? (size_t)(line_end - s.ptr) : s.len;
        put_verbatim_line(writer, news_str_of(s.ptr, len), table);
        s = news_str_skip(s, len + 1);
    }
}

/* The line that is open: the end of these bytes, after the last line end. */
static news_str open_bytes(const news_writer *writer)
{
    const news_frame *frame = writer->frame;
    return news_buf_str(writer->options.fill ? &frame->paragraph : &frame->out);
}

bool news_writer_at_line_start(const news_writer *writer)
{
    news_str open = open_bytes(writer);
    return open.len == 0 || (!writer->options.fill && open.ptr[open.len - 1] == '\n');
}

uint32_t news_writer_last(const news_writer *writer)
{
    if (news_writer_at_line_start(writer))
        return 0;
    if (writer->frame->gap != NEWS_GAP_NONE)
        return ' ';
    news_str open = open_bytes(writer);
    uint32_t last;
    (void)news_utf8_before(open, open.len, &last);
    return last;
}

/* ---- The end ---- */

bool news_writer_delsp(const news_writer *writer)
{
    return writer->delsp;
}

news_str news_writer_finish(news_writer *writer)
{
    if (writer->status == NEWS_OK && writer->frame->outer != NULL)
        news_writer_fail(writer, NEWS_ERR_ARG, "a capture is still open");
    news_buf *out = &writer->outermost.out;
    if (writer->status == NEWS_OK && writer->options.fill) {
        news_fill_flush(writer);
        while (out->len > 1 && out->ptr[out->len - 1] == '\n' && out->ptr[out->len - 2] == '\n')
            out->len--;
        if (writer->status == NEWS_OK)
            news_flowed_finish(writer);
    }
    return news_writer_check(writer, out) ? news_buf_str(out) : NEWS_STR_NONE;
}
