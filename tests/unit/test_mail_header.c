/* Header fields: folding, encoded words, names, parameters, addresses, ids, dates; the RFCs' own
 * examples, and that reading gives back what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mail/mail.h"
#include "text/text.h"

#include "mail_decode.h"

enum { ROUNDS = 3000 };

static news_heap heap;

static int set_up(void **state)
{
    (void)state;
    news_heap_init(&heap, NULL, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(heap.used, 0);
    return 0;
}

static news_buf new_buf(void)
{
    news_buf buf;
    news_buf_init(&buf, &heap, 1 << 24);
    return buf;
}

static void assert_written(news_buf *out, const char *expected)
{
    news_buf_append_char(out, '\0');
    assert_string_equal(out->ptr, expected);
    news_buf_free(out);
}

/* Letters, as many as asked for; valid until the next call. */
static const char *letters(size_t count)
{
    static char text[4096];
    memset(text, 'x', count);
    text[count] = '\0';
    return text;
}

/* ---- Text ---- */

static void assert_text(const char *text, const char *expected)
{
    news_buf out = new_buf();
    news_header field;
    news_header_begin(&field, &out, NEWS_STR("Subject"));
    news_header_text(&field, news_str_from(text));
    news_header_end(&field);
    assert_written(&out, expected);
}

static void text(void **state)
{
    (void)state;
    assert_text("", "Subject:\r\n");
    assert_text("  Hello  ", "Subject: Hello\r\n");
    assert_text("a  b", "Subject: a  b\r\n");
    assert_text("Saluti da \xC3\x88ze", "Subject: Saluti da =?UTF-8?Q?=C3=88ze?=\r\n");
    assert_text("\xC3\xA9t\xC3\xA9 = summer", "Subject: =?UTF-8?B?w6l0w6k=?= = summer\r\n");
    /* White space between two encoded words is encoded with them. */
    assert_text("D\xC3\xBCsseldorf  D\xC3\xBCsseldorf x",
                "Subject: =?UTF-8?Q?D=C3=BCsseldorf__D=C3=BCsseldorf?= x\r\n");
    /* What looks like an encoded word and is none. */
    assert_text("a =?UTF-8?Q?b?= c", "Subject: a =?UTF-8?B?PT9VVEYtOD9RP2I/PQ==?= c\r\n");
    assert_text("12345678901234567890123456789012345678901234567890123456789012345678 1 34",
                "Subject: 12345678901234567890123456789012345678901234567890123456789012345678"
                "\r\n 1 34\r\n");
    assert_text("1234567890 1234567890 1234567890 1234567890 1234567890 1234567890   123 5",
                "Subject: 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890"
                "\r\n   123 5\r\n");
}

static void what_is_long(void **state)
{
    (void)state;
    news_buf out = new_buf();
    news_header field;
    /* A word stays whole in a line that is too long, and in the line of the name. */
    news_header_begin(&field, &out, NEWS_STR("Subject"));
    news_header_text(&field, news_str_from(letters(900)));
    news_header_end(&field);
    assert_int_equal(out.len, strlen("Subject: ") + 900 + 2);
    /* One that fits no line is encoded. */
    news_buf_clear(&out);
    news_header_begin(&field, &out, NEWS_STR("Subject"));
    news_header_text(&field, news_str_from(letters(901)));
    news_header_end(&field);
    assert_lines(news_buf_str(&out), 76);
    assert_true(out.len > 901 * 75 / 63);
    /* Encoded words share a line with others as long as that has 76. */
    news_buf_free(&out);
    assert_text("12345678901234567890123456789012345678901234567890 \xC3\xA9 12345 7",
                "Subject: 12345678901234567890123456789012345678901234567890 "
                "=?UTF-8?B?w6k=?=\r\n 12345 7\r\n");
    assert_text("123456789012345678901234567890123456789012345678901 \xC3\xA9 12345 7",
                "Subject: 123456789012345678901234567890123456789012345678901\r\n"
                " =?UTF-8?B?w6k=?= 12345 7\r\n");
    /* Each cluster whole: flags are two characters, the family seven. */
    assert_text("1234567890123456789012345678901234567 \xF0\x9F\x87\xB3\xF0\x9F\x87\xB4"
                "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
                "\xE2\x80\x8D\xF0\x9F\x91\xA6\xF0\x9F\x87\xB3\xF0\x9F\x87\xB4",
                "Subject: 1234567890123456789012345678901234567\r\n"
                " =?UTF-8?B?8J+Hs/Cfh7Twn5Gp4oCN8J+RqeKAjfCfkafigI3wn5Gm8J+Hs/Cfh7Q=?=\r\n");
}

/* ---- What is written is read back ---- */

static void assert_reads(news_str field, news_str expected)
{
    news_buf line = new_buf(), back = new_buf();
    unfold(&line, field);
    decode_words(&back, news_buf_str(&line));
    news_str value = news_str_skip(news_buf_str(&back), strlen("Subject:"));
    if (expected.len != 0)
        value = news_str_skip(value, 1);
    assert_int_equal(value.len, expected.len);
    assert_memory_equal(value.ptr, expected.ptr, expected.len);
    news_buf_free(&line);
    news_buf_free(&back);
}

static void every_text_comes_back(void **state)
{
    (void)state;
    dice d = {3};
    news_buf text_buf = new_buf(), out = new_buf();
    for (int round = 0; round < ROUNDS; round++) {
        news_header field;
        random_text(&d, &text_buf, round % 50 == 0 ? 3000 : 120);
        news_buf_clear(&out);
        news_header_begin(&field, &out, NEWS_STR("Subject"));
        news_header_text(&field, news_buf_str(&text_buf));
        news_header_end(&field);
        assert_lines(news_buf_str(&out), 998);
        assert_true(news_is_ascii(news_buf_str(&out)));
        assert_reads(news_buf_str(&out), news_str_trim(news_buf_str(&text_buf)));
    }
    news_buf_free(&text_buf);
    news_buf_free(&out);
}

/* In any place of a line, clusters stay whole where one alone fits a word. */
static void clusters_stay_whole(void **state)
{
    (void)state;
    static const char *const clusters[] = {
        "e\xCC\x81\xCC\xA3",
        "\xF0\x9F\x87\xB3\xF0\x9F\x87\xB4",
        "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xE2\x9C\x88\xEF\xB8\x8F",
    };
    for (size_t which = 0; which < NEWS_ARRAY_LENGTH(clusters); which++)
        for (size_t before = 0; before < 70; before++) {
            news_buf text_buf = new_buf(), out = new_buf();
            news_header field;
            const news_str cluster = news_str_from(clusters[which]);
            news_buf_append(&text_buf, letters(before), before);
            for (int i = 0; i < 40; i++)
                news_buf_append_str(&text_buf, cluster);
            news_header_begin(&field, &out, NEWS_STR("Subject"));
            news_header_text(&field, news_buf_str(&text_buf));
            news_header_end(&field);
            for (size_t at = 0;;) { /* the bytes of each word */
                size_t word = news_str_find(news_buf_str(&out), NEWS_STR("=?UTF-8?"), at);
                if (word == SIZE_MAX)
                    break;
                at = news_str_find(news_buf_str(&out), NEWS_STR("?="), word + 10) + 2;
                news_buf bytes = new_buf();
                decode_words(&bytes, news_str_of(out.ptr + word, at - word));
                size_t plain = 0;
                while (plain < bytes.len && bytes.ptr[plain] == 'x')
                    plain++;
                assert_int_equal((bytes.len - plain) % cluster.len, 0);
                news_buf_free(&bytes);
            }
            news_buf_free(&text_buf);
            news_buf_free(&out);
        }
}

/* ---- Names and addresses ---- */

static void assert_mailbox(const char *name, const char *address, const char *expected)
{
    news_buf out = new_buf();
    news_mail_memory memory;
    news_mail_address read;
    news_header field;
    news_error error = NEWS_ERROR_INIT;
    news_mail_memory_init(&memory, &heap, 1 << 20);
    news_status status = news_mail_read_mailbox(&memory, &read, &(news_mailbox){name, address},
                                                NEWS_STR("To"), &error);
    if (status != NEWS_OK) {
        news_buf_append_str(&out, news_str_from(error.message));
    } else {
        news_header_begin(&field, &out, NEWS_STR("To"));
        news_header_address(&field, &read, false);
    }
    news_mail_memory_free(&memory);
    assert_written(&out, expected);
}

static void names(void **state)
{
    (void)state;
    assert_mailbox("", "a@b.example", "To: a@b.example");
    assert_mailbox("Ann Lee", "a@b.example", "To: Ann Lee <a@b.example>");
    assert_mailbox("  Ann   Lee ", " a@b.example ", "To: Ann Lee <a@b.example>");
    assert_mailbox("Lee, Ann", "a@b.example", "To: \"Lee, Ann\" <a@b.example>");
    assert_mailbox("A \"B\" \\", "a@b.example", "To: \"A \\\"B\\\" \\\\\" <a@b.example>");
    assert_mailbox("\xC3\x85se", "a@b.example", "To: =?UTF-8?Q?=C3=85se?= <a@b.example>");
    assert_mailbox("Lee, \xC3\x85se", "a@b.example", "To: =?UTF-8?B?TGVlLCDDhXNl?= <a@b.example>");
    assert_mailbox("=?x?=", "a@b.example", "To: =?UTF-8?B?PT94Pz0=?= <a@b.example>");
    /* RFC 2822, appendix A.1.2, and RFC 5322, appendix A.6.1, as far as they are not obsolete. */
    assert_mailbox(NULL, "\"Joe Q. Public\" <john.q.public@example.com>",
                   "To: \"Joe Q. Public\" <john.q.public@example.com>");
    assert_mailbox(NULL, "Mary Smith <mary@x.test>", "To: Mary Smith <mary@x.test>");
    assert_mailbox(NULL, "jdoe@example.org", "To: jdoe@example.org");
    assert_mailbox(NULL, "<boss@nil.test>", "To: boss@nil.test");
    assert_mailbox(NULL, "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
                   "To: \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>");
    assert_mailbox(NULL, "A Group:Ed Jones <joe@where.test>;",
                   "To: groups of addresses are not supported; a name with a colon or a semicolon "
                   "is put in double quotes");
    assert_mailbox(NULL, "Pete(A nice \\) chap) <pete@silly.test>",
                   "To: comments in parentheses are not supported; a name with parentheses is put "
                   "in double quotes");
    assert_mailbox(NULL, "Joe Q. Public <john.q.public@example.com>",
                   "To: \"Joe Q. Public\" <john.q.public@example.com>");
    assert_mailbox(NULL, "Who? <one@y.test>", "To: Who? <one@y.test>");
}

static void addresses(void **state)
{
    (void)state;
    assert_mailbox("", "ann.o'hara+x@mail.example", "To: ann.o'hara+x@mail.example");
    assert_mailbox("", "\"ann \\\" lee\"@b.example", "To: \"ann \\\" lee\"@b.example");
    assert_mailbox("", "ann@[192.0.2.1]", "To: ann@[192.0.2.1]");
    assert_mailbox("", "ann@[IPv6:2001:db8::1]", "To: ann@[IPv6:2001:db8::1]");
    assert_mailbox("", "ann@localhost", "To: ann@localhost");
    assert_mailbox("",
                   "ann@B\xC3\xBC"
                   "cher.example",
                   "To: ann@xn--bcher-kva.example");
    assert_mailbox(
        "", "\xC3\xA5se@b.example",
        "To: \"\xC3\xA5se@b.example\" is not an address: only ASCII may stand before the "
        "\"@\" (SMTPUTF8 is not supported)");
    assert_mailbox("", "ann", "To: \"ann\" is not an address: it has no \"@\"");
    assert_mailbox("", "", "To: an address is empty");
    assert_mailbox("", "a@b@c.example",
                   "To: \"a@b@c.example\" is not an address: what stands before the \"@\" is not "
                   "allowed there");
    assert_mailbox(
        "", "ann@a..example",
        "To: \"ann@a..example\" is not an address: what stands after the \"@\" cannot be a domain");
    assert_mailbox("", "ann@x.example\r\nBcc: all@x.example",
                   "To: holds a line break (U+000D), which may not stand in a header");
    assert_mailbox("", "Ann a@b.example",
                   "To: \"Ann a@b.example\" is not an address: behind a name it stands in \"<>\", "
                   "as in \"Ann <ann@example.org>\"");
    assert_mailbox("", "a@b.example, c@d.example",
                   "To: \"a@b.example, c@d.example\" is not an address: what stands before the "
                   "\"@\" is not allowed there");
    assert_mailbox(NULL, "a@b.example, c@d.example", "To: more than one address is given");
    assert_mailbox(NULL, "Lamp, Inc. <a@b.example>",
                   "To: \"Lamp\" before the comma is not an address; a name with a comma is put in "
                   "double quotes");
    assert_mailbox("Ann\x1B[2J", "a@b.example",
                   "To: holds a control character (U+001B), which may not stand in a header");
    assert_mailbox("Ann\xE2\x80\xA8", "a@b.example",
                   "To: holds a line break (U+2028), which may not stand in a header");
    assert_mailbox("\xFF", "a@b.example", "To: is not UTF-8");
    /* The reason is there however long the address is. */
    char expected[256];
    (void)snprintf(expected, sizeof expected, "To: \"%.92s…\" is not an address: it has no \"@\"",
                   letters(92));
    assert_mailbox("", letters(500), expected);
}

static void every_name_comes_back(void **state)
{
    (void)state;
    dice d = {4};
    news_buf name = new_buf(), out = new_buf(), line = new_buf(), back = new_buf();
    for (int round = 0; round < ROUNDS; round++) {
        news_mail_memory memory;
        news_mail_address read, again;
        news_header field;
        random_text(&d, &name, 90);
        news_buf_append_char(&name, '\0');
        news_mail_memory_init(&memory, &heap, 1 << 20);
        assert_int_equal(news_mail_read_mailbox(&memory, &read,
                                                &(news_mailbox){name.ptr, "ann@example.org"},
                                                NEWS_STR("Subject"), NULL),
                         NEWS_OK);
        news_buf_clear(&out);
        news_buf_clear(&line);
        news_buf_clear(&back);
        news_header_begin(&field, &out, NEWS_STR("Subject"));
        news_header_address(&field, &read, false);
        news_header_end(&field);
        assert_lines(news_buf_str(&out), 998);
        unfold(&line, news_buf_str(&out));
        /* What was not encoded is read as addresses are, and what was, as words are. */
        news_str value = news_str_skip(news_buf_str(&line), strlen("Subject: "));
        if (news_str_find(value, NEWS_STR("=?UTF-8?"), 0) == SIZE_MAX) {
            assert_int_equal(news_mail_next_address(&memory, &again, &value, NEWS_STR("To"), NULL),
                             NEWS_OK);
            assert_true(news_str_equal(again.address, NEWS_STR("ann@example.org")));
            assert_true(news_str_equal(again.name, read.name));
        } else {
            decode_words(&back, value);
            news_buf_append_char(&back, '\0');
            char *end = strstr(back.ptr, " <ann@example.org>");
            assert_non_null(end);
            assert_true(news_str_equal(news_str_of(back.ptr, (size_t)(end - back.ptr)), read.name));
        }
        news_mail_memory_free(&memory);
    }
    news_buf_free(&name);
    news_buf_free(&out);
    news_buf_free(&line);
    news_buf_free(&back);
}

static void lists_of_addresses(void **state)
{
    (void)state;
    news_mail_memory memory;
    news_mail_address read;
    news_str list = NEWS_STR("a@b.example ,\"x, y\" <c@d.example>,e@[IPv6:1::2]");
    static const char *const expected[][2] = {
        {"", "a@b.example"}, {"x, y", "c@d.example"}, {"", "e@[IPv6:1::2]"}};
    news_mail_memory_init(&memory, &heap, 1 << 20);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(expected); i++) {
        assert_int_equal(news_mail_next_address(&memory, &read, &list, NEWS_STR("Cc"), NULL),
                         NEWS_OK);
        assert_true(news_str_equal(read.name, news_str_from(expected[i][0])));
        assert_true(news_str_equal(read.address, news_str_from(expected[i][1])));
    }
    assert_int_equal(list.len, 0);
    static const char *const bad[] = {"", ",a@b.example", "a@b.example,",
                                      "a@b.example,,c@d.example"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++) {
        news_status status = NEWS_OK;
        list = news_str_from(bad[i]);
        do
            status = news_mail_next_address(&memory, &read, &list, NEWS_STR("Cc"), NULL);
        while (status == NEWS_OK && list.len != 0);
        assert_int_equal(status, NEWS_ERR_ARG);
    }
    news_mail_memory_free(&memory);
}

/* ---- Parameters ---- */

static void assert_parameter(const char *value, const char *expected)
{
    news_buf out = new_buf();
    news_header field;
    news_header_begin(&field, &out, NEWS_STR("Content-Disposition"));
    news_header_word(&field, NEWS_STR("attachment"));
    news_header_parameter(&field, NEWS_STR("filename"), news_str_from(value));
    news_header_end(&field);
    assert_written(&out, expected);
}

static void parameters(void **state)
{
    (void)state;
    assert_parameter("a.txt", "Content-Disposition: attachment; filename=a.txt\r\n");
    assert_parameter("", "Content-Disposition: attachment; filename=\"\"\r\n");
    assert_parameter("a b.txt", "Content-Disposition: attachment; filename=\"a b.txt\"\r\n");
    assert_parameter("it's*.txt", "Content-Disposition: attachment; filename=\"it's*.txt\"\r\n");
    assert_parameter("a\"b", "Content-Disposition: attachment; filename*=UTF-8''a%22b\r\n");
    assert_parameter("=?x", "Content-Disposition: attachment; filename*=UTF-8''%3D%3Fx\r\n");
    /* RFC 5987, section 3.2.2. */
    assert_parameter("\xC2\xA3 and \xE2\x82\xAC rates",
                     "Content-Disposition: attachment;\r\n"
                     " filename*=UTF-8''%C2%A3%20and%20%E2%82%AC%20rates\r\n");
    assert_parameter(letters(67), "Content-Disposition: attachment;\r\n filename="
                                  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                  "xxx\r\n");
    assert_parameter(letters(68), "Content-Disposition: attachment;\r\n filename*0*=UTF-8''"
                                  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;\r\n"
                                  " filename*1*=xxxxxxxxxxx\r\n");
}

static void every_parameter_comes_back(void **state)
{
    (void)state;
    dice d = {5};
    news_buf value = new_buf(), out = new_buf(), line = new_buf(), back = new_buf();
    for (int round = 0; round < ROUNDS; round++) {
        news_header field;
        random_text(&d, &value, round % 50 == 0 ? 900 : 60);
        news_buf_clear(&out);
        news_buf_clear(&line);
        news_buf_clear(&back);
        news_header_begin(&field, &out, NEWS_STR("Content-Disposition"));
        news_header_word(&field, NEWS_STR("attachment"));
        news_header_parameter(&field, NEWS_STR("filename"), news_buf_str(&value));
        news_header_end(&field);
        assert_lines(news_buf_str(&out), 78);
        assert_true(news_is_ascii(news_buf_str(&out)));
        unfold(&line, news_buf_str(&out));
        decode_parameter(&back, news_buf_str(&line), "filename");
        assert_true(news_str_equal(news_buf_str(&back), news_buf_str(&value)));
    }
    news_buf_free(&value);
    news_buf_free(&out);
    news_buf_free(&line);
    news_buf_free(&back);
}

static void assert_media(const char *media, const char *expected)
{
    news_buf out = new_buf();
    news_header field;
    news_error error = NEWS_ERROR_INIT;
    news_header_begin(&field, &out, NEWS_STR("Content-Type"));
    if (news_header_media(&field, news_str_from(media), NEWS_STR("Content-Type"), &error) !=
        NEWS_OK) {
        news_buf_clear(&out);
        news_buf_append_str(&out, news_str_from(error.message));
    }
    assert_written(&out, expected);
}

static void media_types(void **state)
{
    (void)state;
    assert_media("image/svg+xml", "Content-Type: image/svg+xml");
    assert_media(" text/csv ;charset=utf-8 ; header=\"a b\"",
                 "Content-Type: text/csv; charset=utf-8; header=\"a b\"");
    assert_media("Multipart/mixed", "Content-Type: a file cannot be of type \"Multipart\"");
    assert_media("image/png; a=1; A=2",
                 "Content-Type: the parameter \"A\" may not stand here again");
    assert_media("image/png; name=x", "Content-Type: the parameter \"name\" may not stand here");
    static const char *const bad[] = {"",           "image",         "image/",     "/png",
                                      "image/png;", "image/png; a",  "a/b; =c",    "a/b; c=\"d",
                                      "a/b c",      "a/b; c=\"\\\"", "a/b; c=d e", "a/b/c",
                                      "\xC3\xA9/b"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        assert_media(bad[i], "Content-Type: is not in the form of a media type, such as "
                             "\"image/png\" or \"text/csv; charset=utf-8\"");
}

/* ---- Ids, addresses of the web ---- */

static void ids(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b", "<1234@local.machine.example>", " x.y+z@[192.0.2.1] ",
                                       "5678.21-Nov-1997@example.com"};
    static const char *const bad[] = {"",      "a",     "@b",         "a@",      "a@b@c",
                                      "a b@c", "<a@b",  "a@b>",       "a..b@c",  "\"a\"@b",
                                      "a@[b",  "a@[<]", "\xC3\xA9@b", "a@b, c@d"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++) {
        news_str id;
        assert_int_equal(news_mail_read_id(news_str_from(good[i]), &id, NEWS_STR("X"), NULL),
                         NEWS_OK);
        assert_true(id.len != 0 && id.ptr[0] != '<' && id.ptr[id.len - 1] != ' ');
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++) {
        news_str id;
        assert_int_equal(news_mail_read_id(news_str_from(bad[i]), &id, NEWS_STR("X"), NULL),
                         NEWS_ERR_ARG);
    }
    char lengthy[300];
    news_str id;
    (void)snprintf(lengthy, sizeof lengthy, "a@%.248s", letters(248));
    assert_int_equal(news_mail_read_id(news_str_from(lengthy), &id, NEWS_STR("X"), NULL), NEWS_OK);
    (void)snprintf(lengthy, sizeof lengthy, "a@%.249s", letters(249));
    assert_int_equal(news_mail_read_id(news_str_from(lengthy), &id, NEWS_STR("X"), NULL),
                     NEWS_ERR_ARG);
}

static void urls(void **state)
{
    (void)state;
    news_mail_memory memory;
    news_str url;
    news_mail_memory_init(&memory, &heap, 1 << 20);
    assert_int_equal(news_mail_read_url(&memory, &url,
                                        NEWS_STR(" https://b\xC3\xBC.example/a b?<\xC3\xA9> "),
                                        NEWS_STR("X"), NULL),
                     NEWS_OK);
    assert_true(news_str_equal(url, NEWS_STR("https://xn--b-eha.example/a%20b?%3C%C3%A9%3E")));
    static const char *const bad[] = {"",
                                      "a",
                                      "//a.example/",
                                      "javascript:alert(1)",
                                      "data:text/html,x",
                                      "https://a.example/\n",
                                      "https://a.example/\xC2\x85"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        assert_int_equal(
            news_mail_read_url(&memory, &url, news_str_from(bad[i]), NEWS_STR("X"), NULL),
            NEWS_ERR_ARG);
    news_mail_memory_free(&memory);
}

/* ---- Dates ---- */

static void assert_date(news_date date, const char *expected)
{
    char out[NEWS_MAIL_DATE_SIZE];
    assert_int_equal(news_mail_format_date(&date, out, NULL), NEWS_OK);
    assert_string_equal(out, expected);
}

static void dates(void **state)
{
    (void)state;
    /* RFC 5322, appendix A.1.1, A.2 and A.5. */
    assert_date((news_date){1997, 11, 21, 9, 55, 6, -360, true}, "Fri, 21 Nov 1997 09:55:06 -0600");
    assert_date((news_date){2003, 7, 1, 10, 52, 37, 120, true}, "Tue, 01 Jul 2003 10:52:37 +0200");
    assert_date((news_date){1969, 2, 13, 23, 32, 0, -210, true}, "Thu, 13 Feb 1969 23:32:00 -0330");
    assert_date((news_date){2024, 2, 29, 0, 0, 60, 0, true}, "Thu, 29 Feb 2024 00:00:60 +0000");
    /* Without a time, whatever stands in its members. */
    assert_date((news_date){2000, 1, 1, 5, 99, 7, 9999, false}, "Sat, 01 Jan 2000 00:00:00 +0000");
    assert_date((news_date){9999, 12, 31, 23, 59, 59, 1439, true},
                "Fri, 31 Dec 9999 23:59:59 +2359");
    static const news_date bad[] = {
        {2025, 2, 29, 0, 0, 0, 0, false},   {1900, 2, 29, 0, 0, 0, 0, false},
        {2025, 0, 1, 0, 0, 0, 0, false},    {2025, 13, 1, 0, 0, 0, 0, false},
        {2025, 4, 31, 0, 0, 0, 0, false},   {2025, 4, 0, 0, 0, 0, 0, false},
        {1899, 12, 31, 0, 0, 0, 0, false},  {10000, 1, 1, 0, 0, 0, 0, false},
        {2025, 1, 1, 24, 0, 0, 0, true},    {2025, 1, 1, 0, 60, 0, 0, true},
        {2025, 1, 1, 0, 0, 61, 0, true},    {2025, 1, 1, 0, 0, 0, 1440, true},
        {2025, 1, 1, 0, 0, 0, -1440, true}, {2025, 1, 1, -1, 0, 0, 0, true},
        {0, 0, 0, 0, 0, 0, 0, false},       {INT32_MIN, INT32_MIN, INT32_MIN, 0, 0, 0, 0, true},
    };
    char out[NEWS_MAIL_DATE_SIZE];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        assert_int_equal(news_mail_format_date(&bad[i], out, NULL), NEWS_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text),
        cmocka_unit_test(what_is_long),
        cmocka_unit_test(every_text_comes_back),
        cmocka_unit_test(clusters_stay_whole),
        cmocka_unit_test(names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(every_name_comes_back),
        cmocka_unit_test(lists_of_addresses),
        cmocka_unit_test(parameters),
        cmocka_unit_test(every_parameter_comes_back),
        cmocka_unit_test(media_types),
        cmocka_unit_test(ids),
        cmocka_unit_test(urls),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
