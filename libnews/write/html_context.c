/* What a value becomes where the HTML tracker stands: which escape makes it safe, and the places
 * where nothing would be safe. */
#include <stdio.h>

#include "write/writer.h"

/* ---- Refusals ---- */

enum { LONGEST_REASON = 200 };

void news_html_refuse(news_writer *writer, const char *format, ...)
{
    char where[LONGEST_REASON];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(where, sizeof where, format, arguments);
    va_end(arguments);
    news_writer_fail(writer, NEWS_ERR_ARG, "a value cannot be written safely %s", where);
}

void news_html_refuse_value(news_writer *writer, news_str value, const char *format, ...)
{
    char where[LONGEST_REASON], shown[48];
    news_error_copy(shown, sizeof shown, value, false);
    for (char *c = shown; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(where, sizeof where, format, arguments);
    va_end(arguments);
    news_writer_fail(writer, NEWS_ERR_ARG, "\"%s\" cannot be written safely %s", shown, where);
}

static const char *article(const char *name)
{
    return strchr("aeiou", name[0]) != NULL ? "an" : "a";
}

static void refuse_attribute(news_writer *writer)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    news_html_refuse(writer, "in %s %s attribute of <%s>", article(tracker->name), tracker->name,
                     tracker->element);
}

/* ---- What stands already ---- */

static bool is_quoted(const news_html_tracker *tracker)
{
    return tracker->state == NEWS_HTML_STATE_DOUBLE_QUOTED ||
           tracker->state == NEWS_HTML_STATE_SINGLE_QUOTED;
}

static bool is_attribute(const news_html_tracker *tracker)
{
    return is_quoted(tracker) || tracker->state == NEWS_HTML_STATE_UNQUOTED ||
           tracker->state == NEWS_HTML_STATE_BEFORE_VALUE;
}

static bool takes_address(const news_html_tracker *tracker)
{
    return is_attribute(tracker) &&
           (tracker->value == NEWS_HTML_VALUE_URL || tracker->value == NEWS_HTML_VALUE_CODE_URL ||
            tracker->value == NEWS_HTML_VALUE_URLS);
}

/* Where, in the open paragraph of filled output, the quoted value begins that the tracker is in. No
 * quoted value holds the quotation mark before it. What was found is kept in the reader, which has
 * no other use there. */
static bool find_quote(news_frame *frame, size_t *begin)
{
    news_html_reader *reader = &frame->reader;
    const news_html_tracker *tracker = &frame->tracker;
    news_str text = news_buf_str(&frame->paragraph);
    char quote = tracker->state == NEWS_HTML_STATE_DOUBLE_QUOTED ? '"' : '\'';
    size_t at = reader->contents == tracker->contents ? reader->read : 0;
    if (at == 0 || at > text.len || text.ptr[at - 1] != quote)
        for (at = text.len; at != 0 && text.ptr[at - 1] != quote;)
            at--;
    reader->contents = tracker->contents;
    *begin = reader->read = at;
    return at != 0;
}

/* In filled output only back to a quotation mark, and only as long as its paragraph is open. */
bool news_html_so_far(const news_writer *writer, news_str *so_far)
{
    news_frame *frame = writer->frame;
    const news_html_tracker *tracker = &frame->tracker;
    size_t begin;
    *so_far = NEWS_STR_NONE;
    if (tracker->state == NEWS_HTML_STATE_BEFORE_VALUE || tracker->length == 0)
        return true;
    if (!writer->options.fill) {
        news_str out = news_buf_str(&frame->out);
        if (tracker->length > out.len)
            return false;
        *so_far = news_str_skip(out, out.len - tracker->length);
        return true;
    }
    if (!is_quoted(tracker) || !find_quote(frame, &begin))
        return false;
    *so_far = news_str_skip(news_buf_str(&frame->paragraph), begin);
    return true;
}

bool news_html_read_on(news_writer *writer, news_html_step *step)
{
    news_html_reader *reader = &writer->frame->reader;
    const news_html_tracker *tracker = &writer->frame->tracker;
    news_str so_far;
    if (writer->options.fill) {
        news_html_refuse(writer, "in a script, a style or a srcset of a format that fills lines");
        return false;
    }
    if (!news_html_so_far(writer, &so_far)) {
        refuse_attribute(writer);
        return false;
    }
    if (reader->contents != tracker->contents || so_far.len == 0) {
        memset(reader, 0, sizeof *reader);
        reader->contents = tracker->contents;
    }
    news_str unread = news_str_skip(so_far, reader->read);
    reader->read = so_far.len;
    if (!is_attribute(tracker)) {
        for (size_t i = 0; i < unread.len; i++)
            step(&reader->code, unread.ptr[i]);
    } else if (!news_html_decode(&reader->decoder, unread, step, &reader->code)) {
        news_html_refuse(writer, "in this attribute after a character reference other than &amp; "
                                 "&lt; &gt; &quot; &apos; and numbers");
        return false;
    } else if (reader->decoder.open) {
        news_html_refuse(writer, "directly after an \"&\"");
        return false;
    }
    return true;
}

/* ---- Escaping ---- */

/* Escaped as in a quoted attribute, and what is in `also` as numeric character references. */
static void put_referenced(news_writer *writer, news_str bytes, const char *also, unsigned flags)
{
    news_buf *to = &writer->referenced;
    news_buf_clear(&writer->scratch);
    news_buf_clear(to);
    news_escape_append(&writer->scratch, bytes, news_table_html_attribute);
    if (!news_writer_check(writer, &writer->scratch))
        return;
    news_str escaped = news_buf_str(&writer->scratch);
    for (size_t i = 0; i < escaped.len; i++) {
        char c = escaped.ptr[i];
        if (strchr(also, c) != NULL)
            news_buf_printf(to, "&#%d;", c);
        else
            news_buf_append_char(to, c);
    }
    if (news_writer_check(writer, to))
        news_writer_put(writer, news_buf_str(to), flags);
}

void news_html_put_encoded(news_writer *writer, news_str bytes, unsigned flags)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    if (bytes.len == 0)
        return;
    if (is_quoted(tracker))
        news_writer_put_escaped(writer, bytes, news_table_html_attribute, flags);
    else if (is_attribute(tracker))
        put_referenced(writer, bytes, " \t\n\f\r=`", flags);
    else
        news_writer_put(writer, bytes, flags);
}

/* ---- By place ---- */

static void put_attribute(news_writer *writer, news_str s, news_given given, unsigned flags)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    switch ((news_html_value)tracker->value) {
    case NEWS_HTML_VALUE_TEXT: news_html_put_encoded(writer, s, flags); break;
    case NEWS_HTML_VALUE_CONTENT:
        if (tracker->directs)
            news_html_refuse(writer, "in the content of a <meta> with http-equiv");
        else
            news_html_put_encoded(writer, s, flags);
        break;
    case NEWS_HTML_VALUE_URL:
    case NEWS_HTML_VALUE_CODE_URL: news_html_put_url(writer, s); break;
    case NEWS_HTML_VALUE_URLS: news_html_put_url_of_several(writer, s); break;
    case NEWS_HTML_VALUE_STYLE: news_html_put_style(writer, s, flags); break;
    case NEWS_HTML_VALUE_SCRIPT: news_html_put_script(writer, s, given, flags); break;
    case NEWS_HTML_VALUE_SWITCH:
    case NEWS_HTML_VALUE_FORBIDDEN: refuse_attribute(writer); break;
    }
}

static void put_raw_text(news_writer *writer, news_str s, news_given given, unsigned flags)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    bool is_script = strcmp(tracker->element, "script") == 0;
    if (tracker->match != 0) /* the value might complete the closing tag */
        news_html_refuse(writer, "in a tag");
    else if (tracker->mixed_depth != 0)
        news_html_refuse(writer, "inside a <%s> within SVG, MathML or <select>", tracker->element);
    else if (is_script)
        news_html_put_script(writer, s, given, flags);
    else if (strcmp(tracker->element, "style") == 0)
        news_html_put_style(writer, s, flags);
    else
        news_html_refuse(writer, "inside <%s>", tracker->element);
}

const uint8_t *news_html_table(news_writer *writer)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    if (tracker->state == NEWS_HTML_STATE_TEXT)
        return news_table_html_text;
    if (tracker->state == NEWS_HTML_STATE_RCDATA && tracker->match == 0)
        return news_table_html_text;
    if (is_quoted(tracker) && tracker->value == NEWS_HTML_VALUE_TEXT)
        return news_table_html_attribute;
    news_html_refuse(writer, "in lines of their own in a tag");
    return NULL;
}

static void put(news_writer *writer, news_str s, news_given given, unsigned flags)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    switch ((news_html_state)tracker->state) {
    case NEWS_HTML_STATE_TEXT:
        news_writer_put_escaped(writer, s, news_table_html_text, flags);
        return;
    case NEWS_HTML_STATE_RCDATA:
        if (tracker->match == 0)
            news_writer_put_escaped(writer, s, news_table_html_text, flags);
        else /* the value might complete the closing tag */
            news_html_refuse(writer, "in a tag");
        return;
    case NEWS_HTML_STATE_DOUBLE_QUOTED:
    case NEWS_HTML_STATE_SINGLE_QUOTED:
    case NEWS_HTML_STATE_BEFORE_VALUE:
    case NEWS_HTML_STATE_UNQUOTED: put_attribute(writer, s, given, flags); return;
    case NEWS_HTML_STATE_RAW_TEXT: put_raw_text(writer, s, given, flags); return;
    case NEWS_HTML_STATE_COMMENT: put_referenced(writer, s, "-", flags); return;
    case NEWS_HTML_STATE_DECLARATION: news_html_refuse(writer, "in a declaration"); return;
    case NEWS_HTML_STATE_UNCLEAR:
        news_html_refuse(writer, "after a tag or CDATA that stands in a <title>, <style>, <script> "
                                 "or the like within SVG, MathML or <select>");
        return;
    case NEWS_HTML_STATE_TAG_OPEN:
    case NEWS_HTML_STATE_TAG_NAME:
    case NEWS_HTML_STATE_TAG:
    case NEWS_HTML_STATE_ATTRIBUTE_NAME:
    case NEWS_HTML_STATE_AFTER_NAME: news_html_refuse(writer, "in a tag"); return;
    }
}

/* What stands already is only known as long as all of it could be kept. */
static bool is_writing(news_writer *writer)
{
    return news_writer_check(writer, &writer->frame->out) &&
           news_writer_check(writer, &writer->frame->paragraph);
}

void news_html_put(news_writer *writer, news_str s, news_given given, unsigned flags)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    if (s.len == 0) {
        if (tracker->state == NEWS_HTML_STATE_BEFORE_VALUE)
            tracker->pending = NEWS_HTML_PENDING_EMPTY;
        return;
    }
    if (given == NEWS_GIVEN_URL && !takes_address(tracker)) {
        news_buf_clear(&writer->address);
        news_uri_append(&writer->address, s);
        s = news_buf_str(&writer->address);
        if (!news_writer_check(writer, &writer->address))
            return;
    }
    news_writer_put(writer, NEWS_STR_NONE, flags); /* empty lines that were asked for come first */
    if (!is_writing(writer))
        return;
    const news_frame *frame = writer->frame;
    size_t before = frame->out.len + frame->paragraph.len;
    tracker->pending = NEWS_HTML_PENDING_NOTHING;
    put(writer, s, given, flags);
    if (writer->status != NEWS_OK)
        return;
    size_t written = frame->out.len + frame->paragraph.len - before;
    news_html_tracker_wrote(tracker, written);
    if (tracker->state == NEWS_HTML_STATE_BEFORE_VALUE)
        tracker->pending = NEWS_HTML_PENDING_EMPTY;
}

/* ---- What the next markup decides ---- */

static bool settle_empty(news_writer *writer, char c)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    tracker->pending = NEWS_HTML_PENDING_NOTHING;
    if (c != '>' && !news_is_space(c))
        return true; /* it becomes the value */
    news_writer_put(writer, NEWS_STR("\"\""), NEWS_RUN_RAW);
    news_writer_follow(writer, NEWS_STR("\"\""));
    return true;
}

static bool settle_scheme(news_writer *writer, char c)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    if (c == ':' || c == '&') {
        news_html_refuse(writer, "as the scheme of an address, before \"%c\"", c);
        return false;
    }
    if (c != '\t' && c != '\n' && c != '\r') /* which browsers skip */
        tracker->pending = NEWS_HTML_PENDING_NOTHING;
    return true;
}

bool news_html_settle(news_writer *writer, news_str markup)
{
    if (writer->frame->tracker.pending != NEWS_HTML_PENDING_NOTHING && !is_writing(writer))
        return false;
    switch ((news_html_pending)writer->frame->tracker.pending) {
    case NEWS_HTML_PENDING_NOTHING: break;
    case NEWS_HTML_PENDING_EMPTY: return settle_empty(writer, markup.ptr[0]);
    case NEWS_HTML_PENDING_SCHEME: return settle_scheme(writer, markup.ptr[0]);
    case NEWS_HTML_PENDING_DIRECTIVE:
        news_html_refuse(writer, "in the content of a <meta> with http-equiv");
        return false;
    }
    return true;
}
