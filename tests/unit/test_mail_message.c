/* Whole messages through news.h: what they look like, byte for byte; that they are refused as they
 * should be; structures of other versions; limits, and every allocation failed in turn. What they
 * mean to others is asked in tests/oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "news/news.h"

static news_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    return news_ctx_new(&ctx, NULL, NULL) == NEWS_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    news_ctx_free(ctx);
    return 0;
}

static news_str str(const char *text)
{
    return (news_str){text, strlen(text)};
}

static news_message base(void)
{
    news_message message = NEWS_MESSAGE_INIT;
    message.date = (news_date){2025, 3, 7, 8, 30, 0, 60, true};
    message.from = (news_mailbox){"Harbour Notes", "notes@harbour.example"};
    message.seed = "issue 7";
    message.text = str("Text.\n");
    return message;
}

static void assert_message(const news_message *message, const char *expected)
{
    news_error error = NEWS_ERROR_INIT;
    char *bytes;
    size_t len;
    news_status status = news_message_buffer(ctx, message, &bytes, &len, &error);
    assert_string_equal(error.message, "");
    assert_int_equal(status, NEWS_OK);
    assert_int_equal(len, strlen(bytes));
    size_t same = 0;
    while (expected[same] != '\0' && bytes[same] == expected[same])
        same++;
    assert_string_equal(bytes + same, expected + same);
    news_free(ctx, bytes, len);
}

static void assert_refused(const news_message *message, news_status expected, const char *words)
{
    news_error error = NEWS_ERROR_INIT;
    char *bytes = (char *)1;
    size_t len = 1;
    assert_int_equal(news_message_buffer(ctx, message, &bytes, &len, &error), expected);
    assert_int_equal(error.status, expected);
    assert_string_equal(error.message, words);
    assert_null(bytes);
    assert_int_equal(len, 0);
}

/* ---- What they look like ---- */

/* Of the seed, by another implementation of SipHash. */
#define DIGEST "9ebb99040d6b2691472813b5be133c72"

static void a_text(void **state)
{
    (void)state;
    news_message message = base();
    message.subject = "Today";
    assert_message(&message, "Date: Fri, 07 Mar 2025 08:30:00 +0100\r\n"
                             "From: Harbour Notes <notes@harbour.example>\r\n"
                             "Subject: Today\r\n"
                             "Message-ID: <" DIGEST "@harbour.example>\r\n"
                             "MIME-Version: 1.0\r\n"
                             "Content-Type: text/plain; charset=utf-8\r\n"
                             "Content-Transfer-Encoding: 7bit\r\n"
                             "\r\n"
                             "Text.\r\n");
}

static void all_there_is(void **state)
{
    (void)state;
    static const news_mailbox to[] = {{"\xC3\x85se", "ase@example.org"},
                                      {NULL, "\"Bo, of the boats\" <bo@example.org>"}};
    static const news_option headers[] = {{"X-Campaign", "spring"},
                                          {"archived-at", "https://harbour.example/7"}};
    news_message_file files[2] = {NEWS_MESSAGE_FILE_INIT, NEWS_MESSAGE_FILE_INIT};
    news_message message = base();
    message.reply_to = (news_mailbox){NULL, "office@harbour.example"};
    message.to = to;
    message.to_count = 2;
    message.subject = "Gr\xC3\xBC\xC3\x9F"
                      "e";
    message.message_id = "<7@harbour.example>";
    message.list_id = "Harbour Notes <notes.harbour.example>";
    message.unsubscribe_url = "https://harbour.example/leave?who=1";
    message.unsubscribe_mail = "mailto:leave@harbour.example";
    message.one_click = true;
    message.headers = headers;
    message.header_count = 2;
    message.html = str("<p>Te\xC3\xA9xt.<img src=\"cid:logo@harbour.example\">");
    message.flowed = true;
    files[0].name = "tide.pdf";
    files[0].media = "application/pdf";
    files[0].bytes = str("pdf");
    files[1].media = "image/png";
    files[1].content_id = "logo@harbour.example";
    files[1].bytes = str("png");
    message.files = files;
    message.file_count = 2;
    assert_message(&message, "Date: Fri, 07 Mar 2025 08:30:00 +0100\r\n"
                             "From: Harbour Notes <notes@harbour.example>\r\n"
                             "Reply-To: office@harbour.example\r\n"
                             "To: =?UTF-8?Q?=C3=85se?= <ase@example.org>, \"Bo, of the boats\"\r\n"
                             " <bo@example.org>\r\n"
                             "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"
                             "List-Id: Harbour Notes <notes.harbour.example>\r\n"
                             "List-Unsubscribe: <https://harbour.example/leave?who=1>,\r\n"
                             " <mailto:leave@harbour.example>\r\n"
                             "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                             "X-Campaign: spring\r\n"
                             "Archived-At: <https://harbour.example/7>\r\n"
                             "Message-ID: <7@harbour.example>\r\n"
                             "MIME-Version: 1.0\r\n"
                             "Content-Type: multipart/mixed; boundary=\"=_1" DIGEST "\"\r\n"
                             "\r\n"
                             "--=_1" DIGEST "\r\n"
                             "Content-Type: multipart/alternative;\r\n"
                             " boundary=\"=_2" DIGEST "\"\r\n"
                             "\r\n"
                             "--=_2" DIGEST "\r\n"
                             "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
                             "Content-Transfer-Encoding: 7bit\r\n"
                             "\r\n"
                             "Text.\r\n"
                             "\r\n"
                             "--=_2" DIGEST "\r\n"
                             "Content-Type: multipart/related; type=\"text/html\";\r\n"
                             " boundary=\"=_3" DIGEST "\"\r\n"
                             "\r\n"
                             "--=_3" DIGEST "\r\n"
                             "Content-Type: text/html; charset=utf-8\r\n"
                             "Content-Transfer-Encoding: quoted-printable\r\n"
                             "\r\n"
                             "<p>Te=C3=A9xt.<img src=3D\"cid:logo@harbour.example\">\r\n"
                             "\r\n"
                             "--=_3" DIGEST "\r\n"
                             "Content-Type: image/png\r\n"
                             "Content-Transfer-Encoding: base64\r\n"
                             "Content-ID: <logo@harbour.example>\r\n"
                             "Content-Disposition: inline\r\n"
                             "\r\n"
                             "cG5n\r\n"
                             "\r\n"
                             "--=_3" DIGEST "--\r\n"
                             "\r\n"
                             "--=_2" DIGEST "--\r\n"
                             "\r\n"
                             "--=_1" DIGEST "\r\n"
                             "Content-Type: application/pdf\r\n"
                             "Content-Transfer-Encoding: base64\r\n"
                             "Content-Disposition: attachment; filename=tide.pdf\r\n"
                             "\r\n"
                             "cGRm\r\n"
                             "\r\n"
                             "--=_1" DIGEST "--\r\n");
}

/* ---- Refusals ---- */

static void arguments(void **state)
{
    (void)state;
    news_message message = base();
    news_error error = NEWS_ERROR_INIT;
    char *bytes;
    size_t len;
    assert_int_equal(news_message_buffer(NULL, &message, &bytes, &len, &error), NEWS_ERR_ARG);
    assert_int_equal(news_message_buffer(ctx, NULL, &bytes, &len, &error), NEWS_ERR_ARG);
    assert_int_equal(news_message_buffer(ctx, &message, NULL, &len, &error), NEWS_ERR_ARG);
    assert_int_equal(news_message_buffer(ctx, &message, &bytes, NULL, &error), NEWS_ERR_ARG);
    assert_int_equal(news_message_write(ctx, &message, NULL, NULL, &error), NEWS_ERR_ARG);
    assert_string_equal(error.message, "news_message_write: an argument is NULL");
    const char *null = "news_message: an element of a list is NULL";
    message.to_count = 1;
    assert_refused(&message, NEWS_ERR_ARG, null);
    message = base();
    message.header_count = 1;
    assert_refused(&message, NEWS_ERR_ARG, null);
    news_option header = {"X-A", NULL};
    message.headers = &header;
    assert_refused(&message, NEWS_ERR_ARG, null);
    message = base();
    message.file_count = 1;
    assert_refused(&message, NEWS_ERR_ARG, null);
    message = base();
    message.text.ptr = NULL;
    assert_refused(&message, NEWS_ERR_ARG, null);
    message.text.len = 0;
    assert_refused(&message, NEWS_ERR_ARG, "a message needs a text, HTML, or both");
    message = base();
    news_message_file file = NEWS_MESSAGE_FILE_INIT;
    file.bytes.len = 1;
    message.files = &file;
    message.file_count = 1;
    assert_refused(&message, NEWS_ERR_ARG, "news_message: the bytes of a file are NULL");
}

static void missing_members(void **state)
{
    (void)state;
    news_message message = base();
    message.from.address = NULL;
    assert_refused(&message, NEWS_ERR_ARG, "From: is missing; a message needs a sender");
    message = base();
    message.date = (news_date){0};
    assert_refused(&message, NEWS_ERR_ARG, "Date: is missing; a message needs one");
    message = base();
    message.one_click = true;
    assert_refused(&message, NEWS_ERR_ARG,
                   "List-Unsubscribe-Post: one click needs an https: address to unsubscribe at");
    message = base();
    message.text = (news_str){"a\0b", 3};
    assert_refused(&message, NEWS_ERR_ENCODING, "the text holds a NUL");
    message = base();
    message.html = (news_str){"a\x80", 2};
    assert_refused(&message, NEWS_ERR_ENCODING, "the HTML is not UTF-8");
}

/* A header that is added in the guise of another. */
static void smuggled_headers(void **state)
{
    (void)state;
    news_message message = base();
    message.subject = "Hi\r\nBcc: all@example.org";
    assert_refused(&message, NEWS_ERR_ARG,
                   "Subject: holds a line break (U+000D), which may not stand in a header");
    static const struct {
        news_option header;
        const char *message;
    } cases[] = {
        {{"X-A", "b\nc"}, "X-A: holds a line break (U+000A), which may not stand in a header"},
        {{"X-A\nBcc", "b"},
         "headers: holds a line break (U+000A), which may not stand in a header"},
        {{"X A", "b"},
         "headers: \"X A\" cannot be the name of a header: it is made of 1 to 64 letters, digits "
         "and \"-\""},
        {{"from", "a@b.example"}, "From: is written from a member of the message of its own"},
        {{"Content-Foo", "a"}, "Content-Foo: is written from a member of the message of its own"},
        {{"BCC", "a@b.example"}, "Bcc: is not for the sender of a message to write"},
        {{"Resent-To", "a@b.example"}, "Resent-To: is not for the sender of a message to write"},
        {{"X-A", "  "}, "X-A: is empty"},
        {{"Precedence", "b\xC3\xBClk"}, "Precedence: only words of ASCII may stand here"},
        {{"Sender", "a@b.example, c@d.example"}, "Sender: more than one address is given"},
        {{"List-Help", "<https://a.example/"},
         "List-Help: several addresses are written <…>, <…>, <…>"},
        {{"List-Help", "<https://a.example/> <https://b.example/>"},
         "List-Help: commas stand between addresses, and only there"},
        {{"References", "<a@b> c"},
         "References: \"c\" is not in the form of an id, such as \"issue-7@harbour.example\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        message = base();
        message.headers = &cases[i].header;
        message.header_count = 1;
        assert_refused(&message, NEWS_ERR_ARG, cases[i].message);
    }
    static const news_option twice[] = {{"Cc", "a@b.example"}, {"CC", "a@b.example"}};
    message = base();
    message.headers = twice;
    message.header_count = 2;
    assert_refused(&message, NEWS_ERR_ARG, "Cc: a message has no more than one");
}

/* ---- Structures of other versions ---- */

typedef struct {
    news_message known;
    void *later;
} later_message;

typedef struct {
    news_message_file known;
    size_t later;
} later_file;

static void other_versions(void **state)
{
    (void)state;
    later_message later = {.known = base()};
    char *bytes, *same;
    size_t len, same_len;
    news_message message = base();
    assert_int_equal(news_message_buffer(ctx, &message, &bytes, &len, NULL), NEWS_OK);
    later.known.size = sizeof later;
    assert_int_equal(news_message_buffer(ctx, &later.known, &same, &same_len, NULL), NEWS_OK);
    assert_string_equal(bytes, same);
    news_free(ctx, same, same_len);
    later.later = &later;
    assert_refused(&later.known, NEWS_ERR_ABI, "news_message is of another version of libnews");
    /* An older one: what it does not have is as if it were not set. */
    message.files = (const news_message_file *)(uintptr_t)1;
    message.file_count = 99;
    message.size = offsetof(news_message, files);
    assert_int_equal(news_message_buffer(ctx, &message, &same, &same_len, NULL), NEWS_OK);
    assert_string_equal(bytes, same);
    news_free(ctx, same, same_len);
    news_free(ctx, bytes, len);
    message.size = 0;
    assert_refused(&message, NEWS_ERR_ABI,
                   "the size of news_message is not set; begin with NEWS_MESSAGE_INIT");
}

static void files_of_other_versions(void **state)
{
    (void)state;
    news_message_file files[2] = {NEWS_MESSAGE_FILE_INIT, NEWS_MESSAGE_FILE_INIT};
    later_file later[2] = {{NEWS_MESSAGE_FILE_INIT, 0}, {NEWS_MESSAGE_FILE_INIT, 0}};
    news_message message = base();
    char *bytes, *same;
    size_t len, same_len;
    files[1].name = later[1].known.name = "x";
    later[0].known.size = later[1].known.size = sizeof later[0];
    message.files = files;
    message.file_count = 2;
    assert_int_equal(news_message_buffer(ctx, &message, &bytes, &len, NULL), NEWS_OK);
    message.files = &later[0].known;
    assert_int_equal(news_message_buffer(ctx, &message, &same, &same_len, NULL), NEWS_OK);
    assert_string_equal(bytes, same);
    news_free(ctx, bytes, len);
    news_free(ctx, same, same_len);
    later[1].later = 1;
    assert_refused(&message, NEWS_ERR_ABI, "news_message_file is of another version of libnews");
    message.files = files;
    files[0].size = 0;
    assert_refused(&message, NEWS_ERR_ABI,
                   "the size of news_message_file is not set; begin with NEWS_MESSAGE_FILE_INIT");
}

/* ---- Sinks and limits ---- */

static int refuse(void *ud, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)ud += len;
    return 1;
}

static int write_another(void *ud, const char *bytes, size_t len)
{
    news_error *error = ud;
    news_message message = base();
    (void)bytes;
    (void)len;
    return news_message_write(ctx, &message, write_another, NULL, error) == NEWS_ERR_ARG ? 0 : 1;
}

static void sinks(void **state)
{
    (void)state;
    news_message message = base();
    news_error error = NEWS_ERROR_INIT;
    size_t len = 0;
    assert_int_equal(news_message_write(ctx, &message, refuse, &len, &error), NEWS_ERR_SINK);
    assert_string_equal(error.message, "the output was refused");
    assert_true(len != 0);
    message.subject = "\n";
    len = 0;
    assert_int_equal(news_message_write(ctx, &message, refuse, &len, &error), NEWS_ERR_ARG);
    assert_int_equal(len, 0);
    message.subject = NULL;
    news_error inner = NEWS_ERROR_INIT;
    assert_int_equal(news_message_write(ctx, &message, write_another, &inner, &error), NEWS_OK);
    assert_string_equal(inner.message,
                        "the context is in use; a callback cannot use it for another call");
}

static news_message everything(news_mailbox *to, news_option *headers, news_message_file *files)
{
    news_message message = base();
    *to = (news_mailbox){NULL, "\"\xC3\x85se\" <ase@b\xC3\xBC"
                               "cher.example>"};
    headers[0] = (news_option){"X-A", "caf\xC3\xA9"};
    headers[1] = (news_option){"List-Help", "https://a.example/\xC3\xA9"};
    files[0] = (news_message_file)NEWS_MESSAGE_FILE_INIT;
    files[0].name = "\xC3\xA9.txt";
    files[0].bytes = str("abc");
    files[1] = files[0];
    files[1].content_id = "a@b";
    message.to = to;
    message.to_count = 1;
    message.subject = "caf\xC3\xA9";
    message.list_id = "Notes <notes.harbour.example>";
    message.unsubscribe_url = "https://harbour.example/";
    message.headers = headers;
    message.header_count = 2;
    message.text = str("caf\xC3\xA9\n");
    message.html = str("<p>\xE6\xB8\xAF\xE3\x81\xAE\xE4\xBE\xBF\xE3\x82\x8A\n");
    message.files = files;
    message.file_count = 2;
    return message;
}

static void limits(void **state)
{
    (void)state;
    news_mailbox to;
    news_option headers[2];
    news_message_file files[2];
    news_message message = everything(&to, headers, files);
    char *bytes, *wanted, words[64];
    size_t len, wanted_len;
    assert_int_equal(news_message_buffer(ctx, &message, &wanted, &wanted_len, NULL), NEWS_OK);
    for (size_t max = 1; max <= wanted_len; max++) {
        news_options options = NEWS_OPTIONS_INIT;
        news_error error = NEWS_ERROR_INIT;
        news_ctx *small;
        options.max_output = max;
        assert_int_equal(news_ctx_new(&small, &options, NULL), NEWS_OK);
        news_status status = news_message_buffer(small, &message, &bytes, &len, &error);
        if (max < wanted_len) {
            (void)snprintf(words, sizeof words, "the message is larger than %zu bytes", max);
            assert_int_equal(status, NEWS_ERR_LIMIT);
            assert_string_equal(error.message, words);
        } else {
            assert_int_equal(status, NEWS_OK);
            assert_memory_equal(bytes, wanted, wanted_len);
        }
        news_free(small, bytes, len);
        news_ctx_free(small);
    }
    news_free(ctx, wanted, wanted_len);
}

/* ---- Every allocation failed in turn ---- */

typedef struct {
    size_t until; /* allocations that still succeed */
    bool failed;
    size_t live; /* bytes */
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size == 0) {
        f->live -= ptr != NULL ? old_size : 0;
        free(ptr);
        return NULL;
    }
    if ((ptr == NULL || new_size > old_size) && f->until-- == 0) {
        f->until = 0;
        f->failed = true;
        return NULL;
    }
    void *moved = realloc(ptr, new_size);
    assert_non_null(moved);
    f->live += new_size - (ptr != NULL ? old_size : 0);
    return moved;
}

static void failing_memory(void **state)
{
    (void)state;
    failing f = {.until = SIZE_MAX};
    news_allocator allocator = {reallocate, &f};
    news_options options = NEWS_OPTIONS_INIT;
    news_ctx *own;
    news_mailbox to;
    news_option headers[2];
    news_message_file files[2];
    news_message message = everything(&to, headers, files);
    options.allocator = &allocator;
    assert_int_equal(news_ctx_new(&own, &options, NULL), NEWS_OK);
    const size_t before = f.live;
    size_t failures = 0;
    for (;; failures++) {
        news_error error = NEWS_ERROR_INIT;
        char *bytes;
        size_t len;
        f.until = failures;
        f.failed = false;
        news_status status = news_message_buffer(own, &message, &bytes, &len, &error);
        f.until = SIZE_MAX;
        assert_int_equal(status, f.failed ? NEWS_ERR_NOMEM : NEWS_OK);
        assert_true((bytes != NULL) == (status == NEWS_OK));
        news_free(own, bytes, len);
        assert_int_equal(f.live, before);
        if (!f.failed)
            break;
    }
    assert_true(failures > 5);
    news_ctx_free(own);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text),
        cmocka_unit_test(all_there_is),
        cmocka_unit_test(arguments),
        cmocka_unit_test(missing_members),
        cmocka_unit_test(smuggled_headers),
        cmocka_unit_test(other_versions),
        cmocka_unit_test(files_of_other_versions),
        cmocka_unit_test(sinks),
        cmocka_unit_test(limits),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
