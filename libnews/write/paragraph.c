/* What is written in the filled manner collects in a paragraph, its white space made even, until
 * something ends it. */
#include "write/writer.h"

/* Counts the bytes just appended to the run that ends the paragraph, or to a new one. Between whole
 * pieces that touch no line may end either; only how the first came matters then. */
static void extend_run(news_writer *writer, unsigned flags)
{
    news_frame *frame = writer->frame;
    size_t end = frame->paragraph.len;
    if (frame->run_count != 0) {
        news_run *last = &frame->runs[frame->run_count - 1];
        if (last->flags == flags || (last->flags & flags & NEWS_RUN_WHOLE) != 0) {
            last->end = end;
            return;
        }
        if (last->end == end)
            return;
    }
    news_run *runs = news_heap_grow(writer->heap, frame->runs, frame->run_count,
                                    &frame->run_capacity, sizeof *runs);
    if (runs == NULL) {
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
        return;
    }
    frame->runs = runs;
    frame->runs[frame->run_count++] = (news_run){end, flags};
}

/* Appends the white space that has been read, now that a word follows it. */
static void append_gap(news_writer *writer)
{
    news_frame *frame = writer->frame;
    news_buf *paragraph = &frame->paragraph;
    if (frame->gap == NEWS_GAP_NONE)
        return;
    /* A space has no kind; it goes with what stands before it, unless that is whole. */
    unsigned flags = frame->run_count != 0 ? frame->runs[frame->run_count - 1].flags : 0;
    bool soft = frame->gap == NEWS_GAP_LINE_END && paragraph->len != 0 &&
                (unsigned char)paragraph->ptr[paragraph->len - 1] >= 0x80;
    frame->gap = NEWS_GAP_NONE;
    frame->soft_ends |= soft;
    news_buf_append_char(paragraph, soft ? '\n' : ' ');
    extend_run(writer, flags & NEWS_RUN_WHOLE ? 0 : flags);
}

/* Eight bytes at a time: whether they and the byte behind them are words with single spaces
 * between them. Adds what bytes there are to *all. */
static bool are_even_words(const char *p, uint64_t *all)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t bytes, next;
    memcpy(&bytes, p, sizeof bytes);
    memcpy(&next, p + 1, sizeof next);
    uint64_t below_space = (bytes - ones * ' ') & ~bytes;
    uint64_t two_spaces = (bytes ^ ones * ' ') | (next ^ ones * ' '); /* a byte that is 0 */
    if (((below_space | ((two_spaces - ones) & ~two_spaces)) & tops) != 0)
        return false;
    *all |= bytes;
    return true;
}

/* Where words with single spaces between them end: at other white space, a second space, or a
 * space that nothing follows. */
static size_t even_words_end(news_str s, size_t start, bool *ascii)
{
    uint64_t all = 0;
    size_t at = start;
    while (s.len - at > sizeof all && are_even_words(s.ptr + at, &all))
        at += sizeof all;
    if (at != start && s.ptr[at - 1] == ' ') /* it may be the first of several */
        at--;
    for (; at < s.len; at++) {
        char c = s.ptr[at];
        all |= (unsigned char)c;
        if ((unsigned char)c > ' ')
            continue;
        if (c == ' ' ? at + 1 == s.len || news_is_space(s.ptr[at + 1]) : news_is_space(c))
            break;
    }
    *ascii &= (all & UINT64_C(0x8080808080808080)) == 0;
    return at;
}

static size_t read_white_space(news_frame *frame, news_str s, size_t at)
{
    for (; at < s.len && news_is_space(s.ptr[at]); at++) {
        if (frame->paragraph.len == 0)
            continue;
        if (s.ptr[at] == '\n')
            frame->gap = NEWS_GAP_LINE_END;
        else if (frame->gap == NEWS_GAP_NONE)
            frame->gap = NEWS_GAP_SPACE;
    }
    return at;
}

static void append_words(news_writer *writer, news_str s, unsigned flags)
{
    size_t at = read_white_space(writer->frame, s, 0);
    while (at < s.len) {
        size_t end = even_words_end(s, at, &writer->frame->ascii);
        append_gap(writer);
        news_buf_append(&writer->frame->paragraph, s.ptr + at, end - at);
        extend_run(writer, flags);
        at = read_white_space(writer->frame, s, end);
    }
}

/* Spaces are kept; what would end the line is one. */
static void append_whole(news_writer *writer, news_str s, unsigned flags)
{
    news_buf *paragraph = &writer->frame->paragraph;
    append_gap(writer);
    if (!news_buf_append_str(paragraph, s))
        return;
    char *end = paragraph->ptr + paragraph->len;
    for (char *c = end - s.len + news_skip_printable(s); c < end; c++) {
        if (news_is_space(*c))
            *c = ' ';
        writer->frame->ascii &= (unsigned char)*c < 0x80;
    }
    extend_run(writer, flags);
}

void news_paragraph_append(news_writer *writer, news_str s, unsigned flags)
{
    news_frame *frame = writer->frame;
    if (s.len == 0)
        return;
    if (frame->line_depth != 0)
        append_whole(writer, s, flags & ~(unsigned)NEWS_RUN_WHOLE);
    else if (flags & NEWS_RUN_WHOLE)
        append_whole(writer, s, flags);
    else
        append_words(writer, s, flags);
    news_writer_check(writer, &frame->paragraph);
}
