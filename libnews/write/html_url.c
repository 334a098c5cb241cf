/* Values in attributes that hold an address, or several: at the beginning a value is a whole
 * address, after something it is one part of it. */
#include "write/writer.h"

static void refuse_address(news_writer *writer, news_str url)
{
    char shown[100];
    news_error_copy(shown, sizeof shown, url, false);
    for (char *c = shown; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
    news_writer_fail(writer, NEWS_ERR_ARG, "\"%s\" is not an address that may be linked to", shown);
}

/* ---- One address ---- */

static void append_part(news_buf *to, news_str so_far, news_str part)
{
    bool to_mail = news_str_equal_nocase(so_far, NEWS_STR("mailto:"));
    for (size_t i = 0; i < part.len; i++)
        if (news_uri_is_unreserved(part.ptr[i]) || (part.ptr[i] == '@' && to_mail))
            news_buf_append_char(to, part.ptr[i]);
        else
            news_uri_append_escape(to, part.ptr[i]);
}

enum {
    LONGEST_BEGINNING = 256,
    PIECE = 64 /* of it */
};

/* Space is skipped before a scheme, and some of it within. What is long may be one if its beginning
 * may. */
static bool may_be_scheme(news_str s)
{
    for (size_t i = 0; i < s.len && i < PIECE; i++) {
        char c = s.ptr[i];
        if (!news_is_alnum(c) && c != '+' && c != '-' && c != '.' && (unsigned char)c > ' ')
            return false;
    }
    return true;
}

/* The beginning of an address, without character references, up to where its scheme and host must
 * have been. */
typedef struct {
    char text[PIECE];
    size_t len;
    bool over;
} beginning;

static void step_beginning(void *machine, char c)
{
    beginning *b = machine;
    b->over = b->over || b->len == sizeof b->text;
    if (!b->over)
        b->text[b->len++] = c;
    b->over = b->over || c == '?' || c == '#';
}

static bool is_code(news_str url)
{
    static const char *const schemes[] = {"javascript", "vbscript", "livescript", "mocha", "data"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(schemes); i++)
        if (news_uri_scheme_is(url, news_str_from(schemes[i])))
            return true;
    return false;
}

/* Whether some of the host is still to come. */
static bool is_before_path(news_str url)
{
    size_t slashes = news_str_find(url, NEWS_STR("//"), 0);
    if (slashes == SIZE_MAX)
        return may_be_scheme(url) || (url.len != 0 && url.ptr[url.len - 1] == ':');
    for (size_t i = slashes + 2; i < url.len; i++)
        if (url.ptr[i] == '/' || url.ptr[i] == '?' || url.ptr[i] == '#')
            return false;
    return true;
}

/* Whether a part may follow what stands there, which is the layout's own. Its scheme decides. */
static bool check_beginning(news_writer *writer, news_str so_far)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    beginning read = {.len = 0};
    news_html_decoder decoder = {.len = 0};
    so_far.len = so_far.len < LONGEST_BEGINNING ? so_far.len : LONGEST_BEGINNING;
    bool known = true;
    for (size_t at = 0; at < so_far.len && known && !read.over; at += PIECE) {
        size_t left = so_far.len - at;
        news_str piece = news_str_of(so_far.ptr + at, left < PIECE ? left : PIECE);
        known = news_html_decode(&decoder, piece, step_beginning, &read);
    }
    known = known && !decoder.open;
    news_str url = news_str_of(read.text, read.len);
    if (!known && !read.over)
        news_html_refuse(writer, "in this address after a character reference other than &amp; "
                                 "&lt; &gt; &quot; &apos; and numbers");
    else if (is_code(url))
        news_html_refuse(writer, "in an address that holds a script or a document");
    else if (tracker->value == NEWS_HTML_VALUE_CODE_URL && is_before_path(url))
        news_html_refuse(writer, "in the host of a script's address, or of a <base>");
    return writer->status == NEWS_OK;
}

static bool append_safe(news_writer *writer, news_str url)
{
    if (!news_uri_safe(url)) {
        refuse_address(writer, url);
        return false;
    }
    return news_uri_append(&writer->address, url);
}

static bool append_first(news_writer *writer, news_str url)
{
    if (writer->frame->tracker.value == NEWS_HTML_VALUE_CODE_URL) {
        news_html_refuse(writer, "as the address of a script or a <base>, only in its path");
        return false;
    }
    return append_safe(writer, url);
}

void news_html_put_whole_url(news_writer *writer, news_str url)
{
    news_buf *out = &writer->frame->out;
    url = news_str_trim(url);
    if (news_uri_is_plain(url)) { /* of what may stand there these two are escaped */
        if (memchr(url.ptr, '&', url.len) == NULL && memchr(url.ptr, '\'', url.len) == NULL)
            news_buf_append_str(out, url);
        else
            news_escape_append(out, url, news_table_html_attribute);
        return;
    }
    news_buf_clear(&writer->address);
    if (append_safe(writer, url) && news_writer_check(writer, &writer->address))
        news_escape_append(out, news_buf_str(&writer->address), news_table_html_attribute);
}

void news_html_put_url(news_writer *writer, news_str text)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    news_str so_far;
    news_buf_clear(&writer->address);
    if (!news_html_so_far(writer, &so_far)) {
        news_html_refuse(writer, "in an address that is broken over lines, or has no quotes in a "
                                 "format that fills lines");
        return;
    }
    if (so_far.len == 0)
        append_first(writer, news_str_trim(text));
    else if (check_beginning(writer, so_far))
        append_part(&writer->address, so_far, text);
    if (!news_writer_check(writer, &writer->address))
        return;
    news_str address = news_buf_str(&writer->address);
    if (may_be_scheme(address) && may_be_scheme(so_far))
        tracker->pending = NEWS_HTML_PENDING_SCHEME;
    if (NEWS_UNLIKELY(writer->record != NULL))
        news_record_url(writer, address, so_far.len == 0);
    news_html_put_encoded(writer, address, NEWS_RUN_RAW | NEWS_RUN_WHOLE);
}

/* ---- Several ---- */

/* `place` in a srcset. An address ends with white space, and if commas stand before it the next
 * one begins; else its descriptors follow up to a comma. */
enum { BEFORE_ADDRESS, IN_ADDRESS, AFTER_COMMA, IN_DESCRIPTOR, IN_PARENTHESES };

static bool is_html_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static void step_several(void *machine, char c)
{
    news_html_code *code = machine;
    switch (code->place) {
    case BEFORE_ADDRESS:
        if (!is_html_space(c) && c != ',')
            code->place = IN_ADDRESS;
        break;
    case IN_ADDRESS:
    case AFTER_COMMA:
        if (is_html_space(c))
            code->place = code->place == AFTER_COMMA ? BEFORE_ADDRESS : IN_DESCRIPTOR;
        else
            code->place = c == ',' ? AFTER_COMMA : IN_ADDRESS;
        break;
    case IN_DESCRIPTOR:
        if (c == ',')
            code->place = BEFORE_ADDRESS;
        else if (c == '(')
            code->place = IN_PARENTHESES;
        break;
    default: break;
    }
}

static bool is_descriptor(news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!news_is_digit(s.ptr[i]) && strchr(".wxh", s.ptr[i]) == NULL)
            return false;
    return true;
}

/* A comma at its end would be none of its own. */
static bool append_candidate(news_writer *writer, news_str url)
{
    for (size_t i = 0; i < url.len; i++)
        if (is_html_space(url.ptr[i])) {
            news_html_refuse_value(writer, url,
                                   "as one address of several: it has spaces; give each address "
                                   "and its descriptor for itself");
            return false;
        }
    if (!append_first(writer, url))
        return false;
    news_buf *address = &writer->address;
    news_buf_clear(&writer->encoded);
    for (size_t i = 0; i < address->len; i++)
        if (address->ptr[i] == ',')
            news_buf_append(&writer->encoded, "%2C", 3);
        else
            news_buf_append_char(&writer->encoded, address->ptr[i]);
    news_buf_clear(address);
    return news_writer_check(writer, &writer->encoded) &&
           news_buf_append_str(address, news_buf_str(&writer->encoded));
}

void news_html_put_url_of_several(news_writer *writer, news_str text)
{
    if (!news_html_read_on(writer, step_several))
        return;
    news_buf *address = &writer->address;
    news_buf_clear(address);
    switch (writer->frame->reader.code.place) {
    case BEFORE_ADDRESS: append_candidate(writer, news_str_trim(text)); break;
    case IN_ADDRESS:
    case AFTER_COMMA: append_part(address, NEWS_STR_NONE, text); break;
    case IN_DESCRIPTOR:
        if (is_descriptor(text))
            news_buf_append_str(address, text);
        else
            news_html_refuse_value(writer, text,
                                   "behind an address of several: only a number "
                                   "with w, x or h may stand there");
        break;
    default: news_html_refuse(writer, "behind a parenthesis in a srcset"); break;
    }
    if (news_writer_check(writer, address))
        news_html_put_encoded(writer, news_buf_str(address), NEWS_RUN_RAW | NEWS_RUN_WHOLE);
}
