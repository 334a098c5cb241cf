/* One line at a time, in the filled manner: the empty lines asked for before it, its prefixes, its
 * text. A prefix is a level; the strings of all levels stand one after the other in two buffers, so
 * that the prefix of a line costs two copies however deep it is. */
#include "write/writer.h"

/* ---- Levels ---- */

bool news_levels_init(news_heap *heap, news_frame *frame)
{
    /* Every level takes part in one line, which `out` limits. */
    news_buf_init(&frame->first_text, heap, frame->out.max);
    news_buf_init(&frame->rest_text, heap, frame->out.max);
    frame->levels = news_heap_grow(heap, NULL, 0, &frame->level_capacity, sizeof *frame->levels);
    if (frame->levels == NULL)
        return false;
    news_levels_clear(frame);
    return true;
}

void news_levels_clear(news_frame *frame)
{
    news_buf_clear(&frame->first_text);
    news_buf_clear(&frame->rest_text);
    frame->levels[0] = (news_level){0};
    frame->depth = frame->used = 0;
    frame->asking = false;
}

static bool holds_line_end(news_str s)
{
    return s.len != 0 && memchr(s.ptr, '\n', s.len) != NULL;
}

static uint32_t add_columns(uint32_t sum, news_str s)
{
    size_t columns = news_columns(s);
    return columns < UINT32_MAX / 2 - sum ? sum + (uint32_t)columns : UINT32_MAX / 2;
}

static void push_level(news_writer *writer, news_str first, news_str rest)
{
    news_frame *frame = writer->frame;
    news_level *levels = news_heap_grow(writer->heap, frame->levels, (size_t)frame->depth + 1,
                                        &frame->level_capacity, sizeof *levels);
    if (levels == NULL) {
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
        return;
    }
    frame->levels = levels;
    news_buf_append_str(&frame->first_text, first);
    news_buf_append_str(&frame->rest_text, rest);
    if (!news_writer_check(writer, &frame->first_text) ||
        !news_writer_check(writer, &frame->rest_text))
        return;
    const news_level *outer = &levels[frame->depth];
    levels[++frame->depth] = (news_level){
        .first_end = frame->first_text.len,
        .rest_end = frame->rest_text.len,
        .first_columns = add_columns(outer->first_columns, first),
        .rest_columns = add_columns(outer->rest_columns, rest),
    };
}

void news_writer_push_prefix(news_writer *writer, news_str first, news_str rest)
{
    if (!writer->options.fill)
        return;
    news_writer_cr(writer);
    if (writer->status != NEWS_OK)
        return;
    if (writer->frame->line_depth != 0) { /* a line has no room for another's prefix */
        writer->frame->line_levels++;
        news_writer_raw(writer, first);
    } else if (holds_line_end(first) || holds_line_end(rest)) {
        news_writer_fail(writer, NEWS_ERR_ARG, "a prefix cannot hold a line end");
    } else if (writer->frame->depth == NEWS_MAX_PREFIXES) {
        news_writer_fail(writer, NEWS_ERR_LIMIT, "more than %d prefixes are in force",
                         NEWS_MAX_PREFIXES);
    } else {
        push_level(writer, first, rest);
    }
}

/* The innermost first prefix, when it says something and no line has said it yet. */
static bool must_show_first(const news_frame *frame)
{
    if (frame->used > frame->depth)
        return false;
    size_t from = frame->levels[frame->depth - 1].first_end;
    news_str first = news_str_of(frame->first_text.ptr, frame->levels[frame->depth].first_end);
    return news_str_trim(news_str_skip(first, from)).len != 0;
}

static void pop_level(news_frame *frame)
{
    uint32_t asked = frame->levels[frame->depth--].asked;
    news_level *outer = &frame->levels[frame->depth];
    if (asked > outer->asked)
        outer->asked = asked;
    if (frame->used > frame->depth + 1)
        frame->used = frame->depth + 1;
    frame->first_text.len = outer->first_end;
    frame->rest_text.len = outer->rest_end;
}

void news_writer_pop_prefix(news_writer *writer)
{
    if (!writer->options.fill)
        return;
    news_writer_cr(writer);
    news_frame *frame = writer->frame;
    if (writer->status != NEWS_OK)
        return;
    if (frame->line_levels != 0) {
        frame->line_levels--;
    } else if (frame->depth == 0 || frame->line_depth != 0) {
        news_writer_fail(writer, NEWS_ERR_ARG, "no prefix is in force");
    } else {
        if (must_show_first(frame))
            news_lines_write(writer, NEWS_STR_NONE, 0);
        pop_level(frame);
    }
}

/* ---- Columns ---- */

/* The innermost level that has had a line; the levels inside it give their first prefixes. */
static const news_level *innermost_used(const news_frame *frame)
{
    return &frame->levels[frame->used != 0 ? frame->used - 1 : 0];
}

static uint32_t room_beside(const news_frame *frame, uint32_t prefix_columns)
{
    if (frame->width == 0)
        return UINT32_MAX;
    return prefix_columns < frame->width ? frame->width - prefix_columns : 0;
}

uint32_t news_lines_room(const news_writer *writer)
{
    const news_frame *frame = writer->frame;
    const news_level *used = innermost_used(frame), *level = &frame->levels[frame->depth];
    return room_beside(frame, used->rest_columns + (level->first_columns - used->first_columns));
}

uint32_t news_writer_available(const news_writer *writer)
{
    if (!writer->options.fill)
        return UINT32_MAX;
    const news_frame *frame = writer->frame;
    uint32_t next = news_lines_room(writer);
    uint32_t rest = room_beside(frame, frame->levels[frame->depth].rest_columns);
    return next < rest ? next : rest;
}

bool news_lines_prefixed(const news_writer *writer)
{
    const news_frame *frame = writer->frame;
    const news_level *used = innermost_used(frame);
    return used->rest_end != 0 || frame->levels[frame->depth].first_end != used->first_end;
}

/* ---- Writing ---- */

static void trim_line(news_buf *out, size_t line_start)
{
    while (out->len > line_start && news_is_space(out->ptr[out->len - 1]))
        out->len--;
}

static void write_empty(news_writer *writer, news_str prefix)
{
    news_buf *out = &writer->frame->out;
    if (NEWS_UNLIKELY(writer->frame->flowed)) {
        news_flowed_write_empty(writer, prefix);
        return;
    }
    size_t start = out->len;
    news_buf_append_str(out, prefix);
    trim_line(out, start);
    news_buf_append_char(out, '\n');
}

/* Only the outermost level that asked counts: those inside it have had no line since. Neither has
 * a level that is not used, or the output itself when it is empty. */
static void write_asked_lines(news_writer *writer)
{
    news_frame *frame = writer->frame;
    uint32_t level = 0;
    while (level < frame->depth && frame->levels[level].asked == 0)
        level++;
    uint32_t count = level < frame->used ? frame->levels[level].asked : 0;
    for (uint32_t i = 0; i < count && frame->out.status == NEWS_OK; i++) {
        news_str prefix = news_str_of(frame->rest_text.ptr, frame->levels[level].rest_end);
        write_empty(writer, prefix);
    }
    for (; level <= frame->depth; level++)
        frame->levels[level].asked = 0;
    frame->asking = false;
}

void news_lines_prefix(const news_frame *frame, news_buf *to)
{
    const news_level *used = innermost_used(frame);
    size_t first_end = frame->levels[frame->depth].first_end;
    if (used->rest_end != 0)
        news_buf_append(to, frame->rest_text.ptr, used->rest_end);
    if (first_end != used->first_end)
        news_buf_append(to, frame->first_text.ptr + used->first_end, first_end - used->first_end);
}

static void write_line(news_frame *frame, news_str line, unsigned flags)
{
    size_t start = frame->out.len;
    news_lines_prefix(frame, &frame->out);
    if (line.len == 0)
        trim_line(&frame->out, start);
    if (flags & NEWS_LINE_SPACE)
        news_buf_append_char(&frame->out, ' ');
    news_buf_append_str(&frame->out, line);
    news_buf_append_char(&frame->out, '\n');
}

void news_lines_write(news_writer *writer, news_str line, unsigned flags)
{
    news_frame *frame = writer->frame;
    if (frame->asking)
        write_asked_lines(writer);
    if (NEWS_UNLIKELY(frame->flowed))
        news_flowed_write(writer, line, flags);
    else
        write_line(frame, line, flags);
    frame->used = frame->depth + 1;
    news_writer_check(writer, &frame->out);
}
