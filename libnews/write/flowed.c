/* format=flowed (RFC 3676): text in short lines that a reader's program fills anew, for the width
 * that it has. A line that ends with a space goes on in the next.
 *
 * - Quote marks stand one behind the other at the start of a line, and then a space (section 4.5).
 * - A line that would begin with a space, a ">" or "From " gets a space before it (4.4).
 * - What hangs behind a marker is not indented where it goes on: that would be spaces in the middle
 *   of a sentence. A paragraph flows if it stands behind quote marks and such prefixes only.
 * - Between two ideographs no space belongs. Where a line ends there, all such spaces are to be
 *   deleted (DelSp=yes), and those of the text are written twice. Whether one did is known at the
 *   end; so lines without DelSp end nowhere else but there and at spaces.
 * - "-- " begins the signature, from where on nothing flows (4.3). No line of a paragraph may look
 *   like it.
 */
#include "text/text.h"
#include "write/writer.h"

/* Where the quote marks of a prefix end, each with the space behind it. */
static size_t quotes_end(news_str prefix, uint32_t *quotes)
{
    size_t at = 0;
    for (*quotes = 0; at < prefix.len && prefix.ptr[at] == '>'; ++*quotes)
        at += at + 1 < prefix.len && prefix.ptr[at + 1] == ' ' ? 2 : 1;
    return at;
}

static news_str next_prefix(news_writer *writer)
{
    news_buf_clear(&writer->prefix);
    news_lines_prefix(writer->frame, &writer->prefix);
    return news_writer_check(writer, &writer->prefix) ? news_buf_str(&writer->prefix)
                                                      : NEWS_STR_NONE;
}

static bool needs_stuffing(news_str line)
{
    return news_str_starts(line, NEWS_STR(" ")) || news_str_starts(line, NEWS_STR(">")) ||
           news_str_starts(line, NEWS_STR("From "));
}

/* ---- Where lines end ---- */

bool news_flowed_may_flow(news_writer *writer)
{
    const news_frame *frame = writer->frame;
    uint32_t quotes, rest_quotes;
    if (!frame->flowed || frame->is_signature)
        return false;
    news_str rest = news_str_of(frame->rest_text.ptr, frame->levels[frame->depth].rest_end);
    rest = news_str_skip(rest, quotes_end(rest, &rest_quotes));
    (void)quotes_end(next_prefix(writer), &quotes);
    return quotes == rest_quotes && news_str_trim(rest).len == 0;
}

uint32_t news_flowed_room(news_writer *writer, news_str text, bool goes_on)
{
    uint32_t quotes, width = writer->frame->width;
    if (width == 0)
        return UINT32_MAX;
    news_str prefix = next_prefix(writer);
    size_t end = quotes_end(prefix, &quotes), columns = quotes != 0 ? quotes + 1 : 0;
    prefix = goes_on ? NEWS_STR_NONE : news_str_skip(prefix, end);
    columns += news_columns(prefix);
    if (quotes == 0 && needs_stuffing(prefix.len != 0 ? prefix : text))
        columns++;
    return columns < width ? width - (uint32_t)columns : 0;
}

bool news_flowed_is_place(news_str text, size_t at)
{
    uint32_t before, after;
    if (text.ptr[at - 1] == ' ')
        return true;
    news_utf8_before(text, at, &before);
    news_utf8_decode(text, at, &after);
    return news_joins_lines(before) || news_joins_lines(after);
}

/* ---- Writing ---- */

static void insert_space(news_buf *out, size_t at)
{
    size_t behind = out->len - at;
    if (news_buf_append_char(out, ' ')) {
        memmove(out->ptr + at + 1, out->ptr + at, behind);
        out->ptr[at] = ' ';
    }
}

static void trim_end(news_buf *out, size_t start)
{
    while (out->len > start && out->ptr[out->len - 1] == ' ')
        out->len--;
}

/* What ends a line that goes on in the next. */
static void flow_on(news_writer *writer)
{
    news_buf *out = &writer->frame->out;
    if (out->ptr[out->len - 1] != ' ') {
        news_buf_append_char(out, ' ');
        writer->delsp = true;
        return;
    }
    size_t *spaces = news_heap_grow(writer->heap, writer->spaces, writer->space_count,
                                    &writer->space_capacity, sizeof *spaces);
    if (spaces == NULL) {
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
        return;
    }
    writer->spaces = spaces;
    writer->spaces[writer->space_count++] = out->len;
}

static void write_behind(news_writer *writer, news_str prefix, news_str line, unsigned flags)
{
    news_buf *out = &writer->frame->out;
    const size_t start = out->len;
    uint32_t quotes;
    size_t end = quotes_end(prefix, &quotes);
    for (uint32_t i = 0; i < quotes; i++)
        news_buf_append_char(out, '>');
    if (quotes != 0)
        news_buf_append_char(out, ' ');
    const size_t content = out->len;
    if (!(flags & NEWS_LINE_GOES_ON))
        news_buf_append_str(out, news_str_skip(prefix, end));
    news_buf_append_str(out, line);
    if (out->status != NEWS_OK)
        return;
    if (quotes == 0 && needs_stuffing(news_str_skip(news_buf_str(out), content)))
        insert_space(out, content);
    if (flags & NEWS_LINE_FLOWS)
        flow_on(writer);
    else
        trim_end(out, start);
    news_buf_append_char(out, '\n');
}

void news_flowed_write(news_writer *writer, news_str line, unsigned flags)
{
    news_str prefix = next_prefix(writer);
    if (prefix.len == 0 && news_str_equal(line, NEWS_STR("-- "))) {
        writer->frame->is_signature = true;
        news_buf_append_str(&writer->frame->out, NEWS_STR("-- \n"));
    } else {
        write_behind(writer, prefix, line, flags);
    }
}

void news_flowed_write_empty(news_writer *writer, news_str prefix)
{
    write_behind(writer, prefix, NEWS_STR_NONE, 0);
}

/* From the end to the beginning, so that nothing is moved twice. */
void news_flowed_finish(news_writer *writer)
{
    news_buf *out = &writer->outermost.out;
    size_t end = out->len;
    if (!writer->delsp)
        return;
    for (size_t i = 0; i < writer->space_count && out->status == NEWS_OK; i++)
        news_buf_append_char(out, ' ');
    if (!news_writer_check(writer, out))
        return;
    for (size_t i = writer->space_count; i > 0; i--) {
        size_t at = writer->spaces[i - 1];
        memmove(out->ptr + at + i, out->ptr + at, end - at);
        out->ptr[at + i - 1] = ' ';
        end = at;
    }
}
