/* Captures: a frame is an output with its own lines, and a capture writes to a fresh one for a
 * while. Frames are kept for the next capture of the same depth, with the memory they have. */
#include "write/writer.h"

bool news_frame_init(news_writer *writer, news_frame *frame)
{
    *frame = (news_frame){.ascii = true, .unread = SIZE_MAX};
    news_html_tracker_init(&frame->tracker);
    news_buf_init(&frame->out, writer->heap, writer->max_output);
    news_buf_init(&frame->paragraph, writer->heap, writer->max_output);
    return news_levels_init(writer->heap, frame);
}

void news_frame_free(news_heap *heap, news_frame *frame)
{
    news_buf_free(&frame->out);
    news_buf_free(&frame->paragraph);
    news_buf_free(&frame->first_text);
    news_buf_free(&frame->rest_text);
    news_heap_free(heap, frame->runs, frame->run_capacity * sizeof *frame->runs);
    news_heap_free(heap, frame->levels, frame->level_capacity * sizeof *frame->levels);
}

static news_frame *inner_frame(news_writer *writer)
{
    news_frame *outer = writer->frame;
    if (outer->inner != NULL)
        return outer->inner;
    news_frame *frame = news_heap_alloc(writer->heap, sizeof *frame);
    if (frame != NULL && !news_frame_init(writer, frame)) {
        news_frame_free(writer->heap, frame);
        news_heap_free(writer->heap, frame, sizeof *frame);
        frame = NULL;
    }
    if (frame != NULL)
        frame->outer = outer;
    outer->inner = frame;
    return frame;
}

/* A frame that is kept has been left in the middle of anything. */
static void reset_frame(news_frame *frame)
{
    news_html_tracker_init(&frame->tracker);
    memset(&frame->reader, 0, sizeof frame->reader);
    frame->unread = SIZE_MAX;
    news_buf_clear(&frame->out);
    news_buf_clear(&frame->paragraph);
    frame->run_count = 0;
    frame->gap = NEWS_GAP_NONE;
    frame->ascii = true;
    frame->soft_ends = false;
    frame->line_depth = frame->line_levels = 0;
    news_levels_clear(frame);
}

/* All that is held at a time counts towards the maximum. */
static size_t room_left(const news_frame *frame)
{
    size_t held = frame->out.len + frame->paragraph.len;
    return held < frame->out.max ? frame->out.max - held : 0;
}

void news_writer_capture_begin(news_writer *writer, uint32_t width)
{
    if (writer->status != NEWS_OK || !news_writer_check(writer, &writer->frame->out) ||
        !news_writer_check(writer, &writer->frame->paragraph))
        return;
    news_frame *frame = inner_frame(writer);
    if (frame == NULL) {
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
        return;
    }
    reset_frame(frame);
    frame->out.max = frame->paragraph.max = room_left(writer->frame);
    frame->width = width;
    writer->frame = frame;
}

/* Line ends, with the white space around them, become a space each. */
static void make_one_line(news_buf *buf)
{
    size_t to = 0;
    if (buf->len == 0 || memchr(buf->ptr, '\n', buf->len) == NULL)
        return;
    for (size_t at = 0; at < buf->len;) {
        size_t begin = at;
        bool ends = false;
        for (; at < buf->len && news_is_space(buf->ptr[at]); at++)
            ends |= buf->ptr[at] == '\n';
        if (ends) {
            buf->ptr[to++] = ' ';
        } else if (at != begin) {
            memmove(buf->ptr + to, buf->ptr + begin, at - begin);
            to += at - begin;
        }
        if (at < buf->len)
            buf->ptr[to++] = buf->ptr[at++];
    }
    buf->len = to;
}

static news_str end_capture(news_writer *writer, bool one_line)
{
    news_frame *frame = writer->frame;
    if (writer->status != NEWS_OK)
        return NEWS_STR_NONE;
    if (frame->outer == NULL) {
        news_writer_fail(writer, NEWS_ERR_ARG, "no capture is open");
        return NEWS_STR_NONE;
    }
    if (writer->options.fill)
        news_fill_flush(writer);
    if (!news_writer_check(writer, &frame->out))
        return NEWS_STR_NONE;
    if (frame->out.len != 0 && frame->out.ptr[frame->out.len - 1] == '\n')
        frame->out.len--;
    if (one_line)
        make_one_line(&frame->out);
    news_str captured = news_buf_str(&frame->out), kept;
    writer->frame = frame->outer;
    /* What was captured stays until the end, so a script that captures on and on is stopped. */
    size_t limit = writer->max_output > SIZE_MAX / 4 ? SIZE_MAX : writer->max_output * 4;
    if (captured.len > limit - writer->captured) {
        news_writer_fail(writer, NEWS_ERR_LIMIT, "all captures together are larger than %zu bytes",
                         limit);
        return NEWS_STR_NONE;
    }
    if (!news_arena_copy(&writer->arena, captured, &kept)) {
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
        return NEWS_STR_NONE;
    }
    writer->captured += captured.len;
    return kept;
}

news_str news_writer_capture_end(news_writer *writer)
{
    return end_capture(writer, false);
}

news_str news_writer_capture_end_line(news_writer *writer)
{
    return end_capture(writer, true);
}

bool news_writer_is_line(const news_writer *writer, news_str text)
{
    if (!writer->options.fill || writer->table != news_table_text || writer->record != NULL)
        return false;
    char before = ' ';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < ' ' || c > '~' || (c == ' ' && before == ' '))
            return false;
        before = c;
    }
    return before != ' ' && (writer->needs_space == NULL || !writer->needs_space(text));
}

static size_t count_captures(const news_writer *writer)
{
    size_t count = 0;
    for (const news_frame *frame = writer->frame; frame->outer != NULL; frame = frame->outer)
        count++;
    return count;
}

news_writer_nesting news_writer_get_nesting(const news_writer *writer)
{
    const news_frame *frame = writer->frame;
    return (news_writer_nesting){count_captures(writer), frame->depth, frame->line_depth,
                                 frame->line_levels};
}

void news_writer_rewind(news_writer *writer, news_writer_nesting to)
{
    for (size_t captures = count_captures(writer); captures > to.captures; captures--)
        writer->frame = writer->frame->outer;
    const news_frame *frame = writer->frame;
    while (writer->status == NEWS_OK && frame->line_levels > to.line_prefixes)
        news_writer_pop_prefix(writer);
    while (writer->status == NEWS_OK && frame->line_depth > to.lines)
        news_writer_line_end(writer);
    while (writer->status == NEWS_OK && frame->depth > to.prefixes)
        news_writer_pop_prefix(writer);
}
