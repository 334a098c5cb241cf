/* What a value becomes where the HTML tracker stands: which escape makes it safe, how an address is
 * checked and encoded, and the places where nothing would be safe. */
#include "write/writer.h"

static bool is_quoted(const news_html_tracker *tracker)
{
    return tracker->state == NEWS_HTML_STATE_DOUBLE_QUOTED ||
           tracker->state == NEWS_HTML_STATE_SINGLE_QUOTED;
}

/* Attributes whose value is a script, a style sheet, a document or a list of addresses. */
static bool is_language(const char *attribute)
{
    switch (attribute[0]) {
    case 'o': return attribute[1] == 'n';
    case 's':
        return strcmp(attribute, "style") == 0 || strcmp(attribute, "srcset") == 0 ||
               strcmp(attribute, "srcdoc") == 0;
    case 'i': return strcmp(attribute, "imagesrcset") == 0;
    default: return false;
    }
}

static const uint8_t *refuse(news_writer *writer, const char *before, const char *name,
                             const char *after)
{
    news_writer_fail(writer, NEWS_ERR_ARG, "a value cannot be written safely %s%s%s", before, name,
                     after);
    return NULL;
}

const uint8_t *news_html_table(news_writer *writer)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    switch ((news_html_state)tracker->state) {
    case NEWS_HTML_STATE_TEXT: return news_table_html_text;
    case NEWS_HTML_STATE_RCDATA:
        if (tracker->match != 0) /* the value might complete the closing tag */
            return refuse(writer, "in a tag", "", "");
        return news_table_html_text;
    case NEWS_HTML_STATE_DOUBLE_QUOTED:
    case NEWS_HTML_STATE_SINGLE_QUOTED:
        if (is_language(tracker->name))
            return refuse(writer, strchr("aeiou", tracker->name[0]) ? "in an " : "in a ",
                          tracker->name, " attribute");
        return news_table_html_attribute;
    case NEWS_HTML_STATE_BEFORE_VALUE:
    case NEWS_HTML_STATE_UNQUOTED: return refuse(writer, "in an unquoted attribute", "", "");
    case NEWS_HTML_STATE_RAW_TEXT: return refuse(writer, "inside <", tracker->element, ">");
    case NEWS_HTML_STATE_COMMENT: return refuse(writer, "in a comment", "", "");
    case NEWS_HTML_STATE_DECLARATION: return refuse(writer, "in a declaration", "", "");
    case NEWS_HTML_STATE_TAG_OPEN:
    case NEWS_HTML_STATE_TAG_NAME:
    case NEWS_HTML_STATE_TAG:
    case NEWS_HTML_STATE_ATTRIBUTE_NAME:
    case NEWS_HTML_STATE_AFTER_NAME: break;
    }
    return refuse(writer, "in a tag", "", "");
}

bool news_html_in_url(const news_writer *writer)
{
    const news_html_tracker *tracker = &writer->frame->tracker;
    return is_quoted(tracker) && tracker->url_attribute;
}

/* ---- Addresses ---- */

static void refuse_address(news_writer *writer, news_str url)
{
    char shown[100];
    news_error_copy(shown, sizeof shown, url, false);
    for (char *c = shown; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
    news_writer_fail(writer, NEWS_ERR_ARG, "\"%s\" is not an address that may be linked to", shown);
}

static bool is_unreserved(char c)
{
    return news_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* A value inside an address of which some stands already: it stays one part of it, and can give it
 * neither a scheme nor a host. */
static bool append_part(news_writer *writer, news_str part)
{
    static const char digits[] = "0123456789ABCDEF";
    news_buf *to = &writer->address;
    const news_frame *frame = writer->frame;
    news_str before = news_buf_str(writer->options.fill ? &frame->paragraph : &frame->out);
    static const news_str mailto = {"mailto:", 7};
    bool to_mail = before.len >= mailto.len &&
                   news_str_equal_nocase(news_str_skip(before, before.len - mailto.len), mailto);
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.ptr[i];
        if (is_unreserved((char)c) || (c == '@' && to_mail))
            news_buf_append_char(to, (char)c);
        else
            news_buf_append(to, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
    return news_writer_check(writer, to);
}

void news_html_put_url(news_writer *writer, news_str text)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    news_buf_clear(&writer->address);
    if (tracker->value_begun) {
        if (!append_part(writer, text))
            return;
    } else {
        text = news_str_trim(text);
        if (!news_uri_safe(text)) {
            refuse_address(writer, text);
            return;
        }
        news_uri_append(&writer->address, text);
        if (!news_writer_check(writer, &writer->address))
            return;
    }
    tracker->value_begun |= writer->address.len != 0;
    news_writer_put_escaped(writer, news_buf_str(&writer->address), news_table_html_attribute,
                            NEWS_RUN_RAW | NEWS_RUN_WHOLE);
}
