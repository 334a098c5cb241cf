/* The parts of a message: multipart/alternative for the text and the HTML, the text first (RFC
 * 2046, section 5.1.4); multipart/related around the HTML and what it shows (RFC 2387, 2392);
 * multipart/mixed around all that and the attachments (RFC 2183).
 *
 * A boundary is "=_", a digit and a digest. Nothing that is encoded can hold it: quoted-printable
 * writes "=" only before two digits or at the end of a line, base64 has no "_", and a text that has
 * a line of that beginning does not travel as it is (transfer.c). The digit says how deep the
 * boundary lies, so that each is another. */
#include <stdio.h>

#include "mail/mail.h"

typedef struct {
    const news_message *message;
    const news_message_file *files;
    const char *digest;
    news_transfer text_transfer, html_transfer;
    unsigned depth; /* of the multipart that is open */
    news_strmap ids;
    news_buf *out;
    news_error *error;
} body;

static bool is_inline(const news_message_file *file)
{
    return file->content_id != NULL;
}

/* ---- Multiparts ---- */

static void append_header(body *b, news_str name, news_str value)
{
    news_header field;
    news_header_begin(&field, b->out, name);
    news_header_word(&field, value);
    news_header_end(&field);
}

static void append_transfer(body *b, news_transfer transfer)
{
    append_header(b, NEWS_STR("Content-Transfer-Encoding"),
                  news_str_from(news_transfer_name(transfer)));
}

/* The headers of a multipart. What holds a part in 8bit is itself in 8bit (RFC 2045, section 6.4);
 * `related` says that the first part is HTML. */
static void open_multipart(body *b, news_str media, bool related)
{
    char boundary[NEWS_MAIL_BOUNDARY_SIZE];
    news_header field;
    b->depth++;
    (void)snprintf(boundary, sizeof boundary, "=_%u%s", b->depth, b->digest);
    news_header_begin(&field, b->out, NEWS_STR("Content-Type"));
    news_header_word(&field, media);
    if (related)
        news_header_parameter(&field, NEWS_STR("type"), NEWS_STR("text/html"));
    news_header_parameter(&field, NEWS_STR("boundary"), news_str_from(boundary));
    news_header_end(&field);
    if (b->html_transfer == NEWS_TRANSFER_8BIT ||
        (b->text_transfer == NEWS_TRANSFER_8BIT && !related))
        append_transfer(b, NEWS_TRANSFER_8BIT);
}

/* The line between two parts. The one before the first makes the empty line behind the headers. */
static void begin_part(body *b)
{
    news_buf_printf(b->out, "\r\n--=_%u%s\r\n", b->depth, b->digest);
}

static void close_multipart(body *b)
{
    news_buf_printf(b->out, "\r\n--=_%u%s--\r\n", b->depth, b->digest);
    b->depth--;
}

/* ---- Parts ---- */

static void append_text(body *b)
{
    news_header field;
    news_header_begin(&field, b->out, NEWS_STR("Content-Type"));
    news_header_word(&field, NEWS_STR("text/plain"));
    news_header_parameter(&field, NEWS_STR("charset"), NEWS_STR("utf-8"));
    if (b->message->flowed)
        news_header_parameter(&field, NEWS_STR("format"), NEWS_STR("flowed"));
    if (b->message->flowed && b->message->delsp)
        news_header_parameter(&field, NEWS_STR("delsp"), NEWS_STR("yes"));
    news_header_end(&field);
    append_transfer(b, b->text_transfer);
    news_buf_append(b->out, "\r\n", 2);
    news_transfer_append(b->out, b->message->text, b->text_transfer);
}

static void append_html(body *b)
{
    append_header(b, NEWS_STR("Content-Type"), NEWS_STR("text/html; charset=utf-8"));
    append_transfer(b, b->html_transfer);
    news_buf_append(b->out, "\r\n", 2);
    news_transfer_append(b->out, b->message->html, b->html_transfer);
}

static news_status append_id(body *b, const news_message_file *file)
{
    const news_str header = NEWS_STR("Content-ID");
    news_header field;
    news_str id;
    bool added;
    news_status status = news_mail_read_id(news_str_from(file->content_id), &id, header, b->error);
    if (status != NEWS_OK)
        return status;
    if (news_strmap_put(&b->ids, id, &added) == NULL)
        return news_error_nomem(b->error);
    if (!added)
        return news_mail_refuse(b->error, header, "two files are called \"%.*s\"", (int)id.len,
                                id.ptr);
    news_header_begin(&field, b->out, header);
    news_header_angles(&field, id, false);
    news_header_end(&field);
    return NEWS_OK;
}

static news_status append_disposition(body *b, const news_message_file *file)
{
    const news_str header = NEWS_STR("Content-Disposition"), name = news_str_from(file->name);
    news_header field;
    news_status status = news_mail_check(name, header, b->error);
    if (status != NEWS_OK)
        return status;
    /* RFC 2183, section 2.3: a name only, no path. */
    if (name.len != 0 && (memchr(name.ptr, '/', name.len) || memchr(name.ptr, '\\', name.len)))
        return news_mail_refuse(b->error, header, "the name of a file holds no folder");
    news_header_begin(&field, b->out, header);
    news_header_word(&field, is_inline(file) ? NEWS_STR("inline") : NEWS_STR("attachment"));
    if (name.len != 0)
        news_header_parameter(&field, NEWS_STR("filename"), name);
    news_header_end(&field);
    return NEWS_OK;
}

static news_status append_file(body *b, const news_message_file *file)
{
    const news_str header = NEWS_STR("Content-Type");
    const char *media = file->media != NULL ? file->media : "application/octet-stream";
    news_header field;
    news_base64 base64;
    begin_part(b);
    news_header_begin(&field, b->out, header);
    news_status status = news_header_media(&field, news_str_from(media), header, b->error);
    news_header_end(&field);
    append_transfer(b, NEWS_TRANSFER_BASE64);
    if (status == NEWS_OK && is_inline(file))
        status = append_id(b, file);
    if (status == NEWS_OK)
        status = append_disposition(b, file);
    if (status != NEWS_OK)
        return status;
    news_buf_append(b->out, "\r\n", 2);
    news_base64_begin(&base64, b->out);
    news_base64_add(&base64, file->bytes);
    news_base64_end(&base64);
    return NEWS_OK;
}

/* The files that the HTML shows, or else those that are attached. */
static news_status append_files(body *b, bool shown)
{
    news_status status = NEWS_OK;
    for (size_t i = 0; i < b->message->file_count && status == NEWS_OK; i++)
        if (is_inline(&b->files[i]) == shown)
            status = append_file(b, &b->files[i]);
    return status;
}

/* ---- The tree ---- */

static news_status append_related(body *b)
{
    open_multipart(b, NEWS_STR("multipart/related"), true);
    begin_part(b);
    append_html(b);
    news_status status = append_files(b, true);
    close_multipart(b);
    return status;
}

static news_status append_readable(body *b, size_t shown)
{
    const bool has_text = b->message->text.ptr != NULL, has_html = b->message->html.ptr != NULL;
    news_status status = NEWS_OK;
    if (has_text && has_html) {
        open_multipart(b, NEWS_STR("multipart/alternative"), false);
        begin_part(b);
    }
    if (has_text)
        append_text(b);
    if (has_text && has_html)
        begin_part(b);
    if (has_html && shown != 0)
        status = append_related(b);
    else if (has_html)
        append_html(b);
    if (has_text && has_html)
        close_multipart(b);
    return status;
}

static news_status append_all(body *b, size_t shown)
{
    if (shown == b->message->file_count)
        return append_readable(b, shown);
    open_multipart(b, NEWS_STR("multipart/mixed"), false);
    begin_part(b);
    news_status status = append_readable(b, shown);
    if (status == NEWS_OK)
        status = append_files(b, false);
    close_multipart(b);
    return status;
}

news_status news_mail_write_body(const news_message *message, const news_message_file *files,
                                 const char *digest, news_buf *out, news_error *error)
{
    body b = {.message = message, .files = files, .digest = digest, .out = out, .error = error};
    size_t shown = 0;
    for (size_t i = 0; i < message->file_count; i++)
        shown += is_inline(&files[i]);
    if (shown != 0 && message->html.ptr == NULL)
        return news_mail_refuse(error, NEWS_STR("Content-ID"),
                                "a file with an id is shown by the HTML, and there is none");
    b.text_transfer = news_transfer_choose(message->text, message->allow_8bit);
    b.html_transfer = news_transfer_choose(message->html, message->allow_8bit);
    news_strmap_init(&b.ids, out->heap);
    news_status status = append_all(&b, shown);
    news_strmap_free(&b.ids);
    return status;
}
