/* Addresses: what is written is always an ASCII URI, what is asked about them is answered as a
 * browser would see it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/text.h"

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

static void assert_uri(const char *url, const char *expected)
{
    news_buf buf;
    news_buf_init(&buf, &heap, 1 << 20);
    assert_true(news_uri_append(&buf, news_str_from(url)));
    news_buf_append_char(&buf, '\0');
    assert_string_equal(buf.ptr, expected);
    news_buf_free(&buf);
}

static void what_a_uri_allows_stays(void **state)
{
    (void)state;
    static const char *const same[] = {
        "",
        "https://example.org/a/b.html?q=1&r=(2)#top",
        "HTTPS://User:pass@WWW.Example.org:8080/~x/;p=1,2!*'@:",
        "http://[2001:db8::1]:80/",
        "http://[fe80::1%25en0]/",
        "mailto:someone+news@example.org?subject=Hello%20there",
        "tel:+49-30-123456",
        "gemini://example.org/log/",
        "../2024-05-10.md",
        "?q=a:b",
        "#a:b",
        "//example.org/x",
        "%41%2f%2F%ff",
        "http://example.org?q=a/b?c#d/e?f",
        "file:///etc",
        "http://xn--bcher-kva.example/",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(same); i++)
        assert_uri(same[i], same[i]);
}

static void the_rest_is_percent_encoded(void **state)
{
    (void)state;
    assert_uri("https://example.org/a b\"<>\\^`{|}", "https://example.org/a%20b%22%3C%3E%5C%5E%60"
                                                     "%7B%7C%7D");
    assert_uri("/\t\n\r\x01\x7F", "/%09%0A%0D%01%7F");
    assert_uri("/größe?maß=ß#€", "/gr%C3%B6%C3%9Fe?ma%C3%9F=%C3%9F#%E2%82%AC");
    assert_uri("/bad\xFF\xC3", "/bad%FF%C3");
    assert_uri("/100%", "/100%25");
    assert_uri("/5%-%a-%4g-%%41", "/5%25-%25a-%254g-%25%41");
    assert_uri("/a[1]?b[]=2#[x]", "/a%5B1%5D?b%5B%5D=2#%5Bx%5D");
    assert_uri("#a#b", "#a%23b");
    assert_uri("mailto:ä@example.org?subject=a b", "mailto:%C3%A4@example.org?subject=a%20b");
    assert_uri("data:text/plain,a b", "data:text/plain,a%20b");
    assert_uri("1:2/3:4", "1%3A2/3:4"); /* no scheme, and not to be taken for one */
    assert_uri("java\nscript:x", "java%0Ascript%3Ax");
    assert_uri(" http://a", "%20http%3A//a");
}

static void authorities(void **state)
{
    (void)state;
    assert_uri("http://a b@ex ample.org:80/", "http://a%20b@ex%20ample.org:80/");
    assert_uri("http://x@y@example.org/", "http://x%40y@example.org/");
    assert_uri("http://good.example\\@bad.example/", "http://good.example%5C@bad.example/");
    assert_uri("http://a:b:80/", "http://a%3Ab:80/");
    assert_uri("http://a:port/", "http://a%3Aport/");
    assert_uri("http://[::1/", "http://%5B%3A:1/");
    assert_uri("http://[v1.a]/", "http://%5Bv1.a%5D/");
    assert_uri("http://[host]/", "http://%5Bhost%5D/");
    assert_uri("http://[::1%]/", "http://%5B%3A%3A1%25%5D/");
    assert_uri("http://a[b]c/", "http://a%5Bb%5Dc/");
    assert_uri("http://@/", "http://@/");
}

static void hosts_in_punycode(void **state)
{
    (void)state;
    assert_uri("https://Bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC");
    assert_uri("https://bu\xCC\x88"
               "cher.example",
               "https://xn--bcher-kva.example");
    assert_uri("gemini://user@MÜNCHEN.example:1965/", "gemini://user@xn--mnchen-3ya.example:1965/");
    assert_uri("//例え。テスト/", "//xn--r8jz45g.xn--zckzah/");
    assert_uri("http://☃.example", "http://xn--n3h.example");
    assert_uri("http://Ｅｘａｍｐｌｅ．ｏｒｇ/", "http://example.org/");
    assert_uri("http://so\xC2\xAD"
               "ft.example",
               "http://soft.example");
    assert_uri("http://UPPER.ü.example.", "http://UPPER.xn--tda.example.");
    /* What UTS #46 calls deviations keep their own names. */
    assert_uri("http://straße.example", "http://xn--strae-oqa.example");
    assert_uri("http://faß.βόλος.example", "http://xn--fa-hia.xn--nxasmm1c.example");
    assert_uri("http://نامه\xE2\x80\x8Cای.example", "http://xn--mgba3gch31f060k.example");
    /* Samples of RFC 3492, section 7.1. */
    assert_uri("http://ليهمابتكلموشعربي؟", "http://xn--egbpdaj6bu4bxfgehfvwxn");
    assert_uri("http://他们为什么不说中文", "http://xn--ihqwcrb4cv8a8dqg056pqjye");
    assert_uri("http://почемужеонинеговорятпорусски",
               "http://xn--b1abfaaepdrnnbgefbadotcwatmq2g4l");
    assert_uri("http://3年b組金八先生", "http://xn--3b-ww4c5e180e575a65lsy2b");
    assert_uri("http://そのスピードで.example", "http://xn--d9juau41awczczp.example");
}

static void hosts_that_have_no_name(void **state)
{
    (void)state;
    assert_uri("http://a℀b.example/", "http://a%E2%84%80b.example/"); /* maps to "a/c" */
    assert_uri("http://ä＠b/", "http://%C3%A4%EF%BC%A0b/");           /* to "@" */
    assert_uri("http://ä⒈b/", "http://%C3%A4%E2%92%88b/");            /* to "1." */
    assert_uri("http://ä%20/", "http://%C3%A4%20/");
    assert_uri("http://ä b.example/", "http://%C3%A4%20b.example/");
    assert_uri("http://\xFF.example/", "http://%FF.example/");
    assert_uri("http://\xCC\x81x/", "http://%CC%81x/");             /* begins with a mark */
    assert_uri("http://\xEE\x80\x80/", "http://%EE%80%80/");        /* private use */
    assert_uri("http://\xEF\xB7\x90ä/", "http://%EF%B7%90%C3%A4/"); /* a noncharacter */
    assert_uri("http://xn--ä/", "http://xn--%C3%A4/");
    assert_uri("http://\xC2\xAD/", "http://%C2%AD/"); /* nothing is left */
}

static void a_label_has_at_most_63_bytes(void **state)
{
    (void)state;
    news_buf buf;
    news_buf_init(&buf, &heap, 4096);
    for (size_t letters = 50; letters < 70; letters++) {
        char url[128];
        memset(strcpy(url, "http://") + 7, 'a', letters);
        strcpy(url + 7 + letters, "ü");
        news_buf_clear(&buf);
        assert_true(news_uri_append(&buf, news_str_from(url)));
        if (letters <= 55) { /* "xn--", the letters, "-" and three digits */
            assert_memory_equal(buf.ptr + 7, "xn--", 4);
            assert_int_equal(buf.len, 7 + 4 + letters + 4);
        } else {
            assert_int_equal(buf.len, 7 + letters + 6);
            assert_memory_equal(buf.ptr + 7 + letters, "%C3%BC", 6);
        }
    }
    news_buf_free(&buf);
}

static void schemes(void **state)
{
    (void)state;
    assert_true(news_uri_scheme_is(NEWS_STR("https://x"), NEWS_STR("https")));
    assert_true(news_uri_scheme_is(NEWS_STR(" \x01\tHt\ntP\r:x"), NEWS_STR("http")));
    assert_false(news_uri_scheme_is(NEWS_STR("https://x"), NEWS_STR("http")));
    assert_false(news_uri_scheme_is(NEWS_STR("http"), NEWS_STR("http")));
    assert_false(news_uri_scheme_is(NEWS_STR(":x"), NEWS_STR("")));
    assert_true(news_uri_has_scheme(NEWS_STR("a+b-c.1:")));
    assert_true(news_uri_has_scheme(NEWS_STR("C:\\x")));
    static const char *const relative[] = {"",    "x", "/a:b",  "?a:b", "#a:b",  "1:2",  "a b:c",
                                           "ä:b", ":", "//h:1", "-a:b", "a%3A:", "a/b:c"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(relative); i++) {
        assert_false(news_uri_has_scheme(news_str_from(relative[i])));
        assert_true(news_uri_safe(news_str_from(relative[i])));
    }
}

static void safe_and_unsafe_addresses(void **state)
{
    (void)state;
    static const char *const safe[] = {
        "http",   "https", "mailto", "gemini", "gopher", "ftp",     "sftp",  "tel",    "sms",
        "xmpp",   "irc",   "ircs",   "matrix", "news",   "nntp",    "geo",   "magnet", "acct",
        "webcal", "feed",  "ssh",    "git",    "finger", "spartan", "titan", "HTTPS",  "\tMail\nTo",
    };
    static const char *const unsafe[] = {
        "javascript",
        "JavaScript",
        "java\nscript",
        "java\tscript",
        "\x01javascript",
        "  javascript",
        "j\ra\nv\ta\x7Fscript",
        "javascript\n",
        "vbscript",
        "data",
        "DATA",
        "file",
        "blob",
        "about",
        "view-source",
        "httpss",
        "htt",
        "c",
        "http+evil",
        "averyveryverylongscheme",
        "mailtoxxxxxxxxxx",
    };
    char url[64];
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(safe); i++) {
        strcat(strcpy(url, safe[i]), ":x");
        assert_true(news_uri_safe(news_str_from(url)));
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(unsafe); i++) {
        strcat(strcpy(url, unsafe[i]), ":x");
        assert_false(news_uri_safe(news_str_from(url)));
    }
    assert_false(news_uri_safe(news_str_of("java\0script:x", 13)));
}

static void assert_host(const char *url, const char *host)
{
    assert_true(news_str_equal(news_uri_host(news_str_from(url)), news_str_from(host)));
}

static void hosts(void **state)
{
    (void)state;
    assert_host("https://www.example.org/a@b", "example.org");
    assert_host("https://user:pass@WWW.example.org:8080?q", "example.org");
    assert_host("gemini://example.org#x", "example.org");
    assert_host("//example.org", "example.org");
    assert_host("http://www.org/", "www.org");
    assert_host("http://www./", "www.");
    assert_host("http://wwwexample.org", "wwwexample.org");
    assert_host("http://[::1]:80/", "[::1]");
    assert_host("http://good.example\\@bad.example/", "bad.example");
    assert_host("http://bücher.example", "bücher.example");
    assert_host("mailto:a@example.org", "");
    assert_host("/path//x", "");
    assert_host("http:/x", "");
    assert_host("http://", "");
    assert_host("", "");
}

/* ---- Properties that hold for any bytes ---- */

static uint32_t seed = 42;

static uint32_t random_below(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void assert_ascii_uri(news_str uri)
{
    for (size_t i = 0; i < uri.len; i++) {
        char c = uri.ptr[i];
        assert_true(c > ' ' && c < 0x7F && strchr("\"<>\\^`{|}", c) == NULL);
        if (c == '%') {
            assert_true(uri.len - i > 2);
            assert_non_null(strchr("0123456789ABCDEFabcdef", uri.ptr[i + 1]));
            assert_non_null(strchr("0123456789ABCDEFabcdef", uri.ptr[i + 2]));
        }
    }
}

static void any_bytes_become_a_uri_that_stays_as_it_is(void **state)
{
    (void)state;
    static const char *const pieces[] = {"http",     ":",    "//",      "/",  "?",
                                         "#",        "@",    "[",       "]",  "::1",
                                         "%",        "%2F",  "www.",    "ü",  "日本",
                                         "\xFF",     "a",    ".",       "。", " ",
                                         "\n",       "8080", "xn--",    "ß",  "\xEF\xB7\x90",
                                         "\xCC\x81", "℀",    "mailto:", "\\", "-"};
    news_buf once, twice;
    news_buf_init(&once, &heap, 1 << 16);
    news_buf_init(&twice, &heap, 1 << 16);
    for (int round = 0; round < 30000; round++) {
        char url[128];
        size_t length = 0;
        if (round % 2 == 0)
            length = strlen(strcpy(url, "http://"));
        for (uint32_t n = random_below(8); n != 0; n--) {
            const char *piece = pieces[random_below(NEWS_ARRAY_LENGTH(pieces))];
            memcpy(url + length, piece, strlen(piece));
            length += strlen(piece);
            if (random_below(8) == 0)
                url[length++] = (char)random_below(256);
        }
        news_str s = news_str_of(url, length), host = news_uri_host(s);
        news_buf_clear(&once);
        news_buf_clear(&twice);
        assert_true(news_uri_append(&once, s));
        assert_ascii_uri(news_buf_str(&once));
        assert_true(news_uri_append(&twice, news_buf_str(&once)));
        assert_true(news_str_equal(news_buf_str(&once), news_buf_str(&twice)));
        /* Writing never makes a link of another kind, nor a host where there was none. */
        if (news_uri_safe(s))
            assert_true(news_uri_safe(news_buf_str(&once)));
        assert_int_equal(host.len == 0, news_uri_host(news_buf_str(&once)).len == 0);
    }
    news_buf_free(&once);
    news_buf_free(&twice);
}

/* A quarter of a megabyte of each would take minutes if anything were quadratic. */
static void long_addresses_take_linear_time(void **state)
{
    (void)state;
    static const char *const units[] = {"@", "[",        "]",        "%", ":",  "/",
                                        "ü", "ü.",       "。",       "#", "\n", "a",
                                        "1", "\xCC\x81", "\xC2\xAD", ".", "?"};
    enum { SIZE = 1 << 18 };
    char *url = malloc(SIZE + 8);
    assert_non_null(url);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(units); i++) {
        size_t length = strlen(strcpy(url, "http://")), step = strlen(units[i]);
        for (; length + step < SIZE; length += step)
            memcpy(url + length, units[i], step);
        news_str s = news_str_of(url, length);
        news_buf buf;
        news_buf_init(&buf, &heap, 8 * SIZE);
        assert_true(news_uri_append(&buf, s));
        assert_true(news_uri_safe(s));
        assert_true(news_uri_host(s).len <= length);
        assert_true(news_uri_safe(news_str_skip(s, 7)) || units[i][0] == 'a');
        news_buf_free(&buf);
    }
    free(url);
}

static void failures_are_told(void **state)
{
    (void)state;
    char url[512] = "http://user@bücher.example:80/ä b?";
    const size_t grown = strlen("http://user@xn--bcher-kva.example:80/%C3%A4%20b?");
    const size_t plain = strlen(url), whole = 300;
    memset(url + plain, 'x', whole - grown);
    url[plain + whole - grown] = '\0';
    news_buf buf;
    for (size_t max = 256; max <= whole; max++) {
        news_buf_init(&buf, &heap, max);
        assert_int_equal(news_uri_append(&buf, news_str_from(url)), max == whole);
        assert_int_equal(buf.status, max == whole ? NEWS_OK : NEWS_ERR_LIMIT);
        news_buf_free(&buf);
    }
    news_heap tight;
    news_heap_init(&tight, NULL, 16);
    news_buf_init(&buf, &tight, 4096);
    assert_false(news_uri_append(&buf, news_str_from(url)));
    assert_int_equal(buf.status, NEWS_ERR_NOMEM);
    news_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_uri_allows_stays),
        cmocka_unit_test(the_rest_is_percent_encoded),
        cmocka_unit_test(authorities),
        cmocka_unit_test(hosts_in_punycode),
        cmocka_unit_test(hosts_that_have_no_name),
        cmocka_unit_test(a_label_has_at_most_63_bytes),
        cmocka_unit_test(schemes),
        cmocka_unit_test(safe_and_unsafe_addresses),
        cmocka_unit_test(hosts),
        cmocka_unit_test(any_bytes_become_a_uri_that_stays_as_it_is),
        cmocka_unit_test(long_addresses_take_linear_time),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
