/* Values in every place of HTML: what becomes of them, what is refused and in which words, and that
 * the pieces in which markup comes do not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "write/write.h"
#include "write/writer.h"

typedef struct {
    const char *before, *value, *after;
    const char *out; /* what stands between the two; NULL: refused */
    const char *message;
} sample;

typedef void write_function(news_writer *writer, news_str s);

static news_heap heap;

static news_writer *open_writer(bool fill)
{
    news_heap_init(&heap, NULL, 0);
    news_writer *w =
        news_writer_new(&heap, 1 << 20, &(news_writer_options){NEWS_ESCAPE_HTML, fill, 0, false});
    assert_non_null(w);
    return w;
}

static void fail_sample(const sample *s, news_writer *w, news_str got)
{
    print_error("%s|%s|%s\ngot    %.*s\n       %s\nwanted %s\n       %s\n", s->before, s->value,
                s->after, (int)got.len, got.len != 0 ? got.ptr : "", news_writer_message(w),
                s->out != NULL ? s->out : "", s->message != NULL ? s->message : "");
    fail();
}

static void close_sample(news_writer *w, const sample *s)
{
    char wanted[2000] = "";
    news_str got = news_writer_finish(w);
    if (s->out != NULL)
        snprintf(wanted, sizeof wanted, "%s%s%s", s->before, s->out, s->after);
    news_status status = s->out != NULL ? NEWS_OK : NEWS_ERR_ARG;
    const char *message = s->message != NULL ? s->message : "";
    if (news_writer_status(w) != status || !news_str_equal(got, news_str_from(wanted)) ||
        strcmp(news_writer_message(w), message) != 0)
        fail_sample(s, w, got);
    news_writer_free(w);
    assert_int_equal(heap.used, 0);
}

/* The markup before the value comes in two pieces, cut at each place, and in single bytes. */
static void check(const sample *s, write_function *write)
{
    size_t len = strlen(s->before);
    for (size_t cut = 0; cut <= len + 1; cut++) {
        news_writer *w = open_writer(false);
        if (cut <= len) {
            news_writer_raw(w, news_str_of(s->before, cut));
            news_writer_raw(w, news_str_of(s->before + cut, len - cut));
        } else {
            for (size_t i = 0; i < len; i++)
                news_writer_raw(w, news_str_of(s->before + i, 1));
        }
        write(w, news_str_from(s->value));
        for (size_t i = 0; s->after[i] != '\0'; i++)
            news_writer_raw(w, news_str_of(s->after + i, 1));
        close_sample(w, s);
    }
}

#define CHECK_ALL(samples, write)                                                                  \
    for (size_t i_ = 0; i_ < NEWS_ARRAY_LENGTH(samples); i_++)                                     \
    check(&(samples)[i_], write)

#define SAFELY "a value cannot be written safely "

/* ---- Text and attributes ---- */

static void places(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p>", "</p><b>\"'", "</p>", "&lt;/p&gt;&lt;b&gt;\"'", NULL},
        {"<textarea>", "</textarea>&", "</textarea>", "&lt;/textarea&gt;&amp;", NULL},
        {"<title><", "/title>", ">", NULL, SAFELY "in a tag"},
        {"<title></ti", "tle>", ">", NULL, SAFELY "in a tag"},
        {"<svg><title>", "</title><b>", "</title>", "&lt;/title&gt;&lt;b&gt;", NULL},
        {"<!-- ", "--><b>", " -->", "&#45;&#45;&gt;&lt;b&gt;", NULL},
        {"<!--", ">", "-->", "&gt;", NULL},
        {"<!--", "->", "-->", "&#45;&gt;", NULL},
        {"<!-- a-", "->", "-->", "&#45;&gt;", NULL},
        {"<!-- ", "--!><!--", "x-->", "&#45;&#45;!&gt;&lt;!&#45;&#45;", NULL},
        {"<", "b", ">", NULL, SAFELY "in a tag"},
        {"</", "b", ">", NULL, SAFELY "in a tag"},
        {"<b", "r", ">", NULL, SAFELY "in a tag"},
        {"<b ", "x", ">", NULL, SAFELY "in a tag"},
        {"<b x", "x", ">", NULL, SAFELY "in a tag"},
        {"<b x ", "x", ">", NULL, SAFELY "in a tag"},
        {"<b x=\"\"", "x", ">", NULL, SAFELY "in a tag"},
        {"<!DOCTYPE ", "x", ">", NULL, SAFELY "in a declaration"},
        {"<xmp>", "x", "</xmp>", NULL, SAFELY "inside <xmp>"},
        {"<iframe>", "x", "</iframe>", NULL, SAFELY "inside <iframe>"},
        {"<noembed>", "x", "</noembed>", NULL, SAFELY "inside <noembed>"},
        {"<noframes>", "x", "</noframes>", NULL, SAFELY "inside <noframes>"},
        {"<noscript><p>", "x", "</noscript>", NULL, SAFELY "inside <noscript>"},
        {"<plaintext></plaintext>", "x", "", NULL, SAFELY "inside <plaintext>"},
        {"<svg><style>", "x", "</style>", NULL,
         SAFELY "inside a <style> within SVG, MathML or <select>"},
        {"<svg><style><b title=\"</style></svg>", "x", "", NULL,
         SAFELY "after a tag or CDATA that stands in a <title>, <style>, <script> or the like "
                "within SVG, MathML or <select>"},
        {"<iframe srcdoc=\"", "x", "\">", NULL, SAFELY "in a srcdoc attribute of <iframe>"},
        {"<script type=\"", "x", "\">", NULL, SAFELY "in a type attribute of <script>"},
        {"<svg><set attributeName=href to=\"", "x", "\">", NULL,
         SAFELY "in a to attribute of <set>"},
        {"<animate attributeName='", "href", "'>", NULL,
         SAFELY "in an attributename attribute of <animate>"},
    };
    CHECK_ALL(samples, news_writer_text);
}

static void attributes(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p title=\"", "a\"'<&`= ", "\">", "a&quot;&#39;&lt;&amp;`= ", NULL},
        {"<p title='", "a\"'<&`= ", "'>", "a&quot;&#39;&lt;&amp;`= ", NULL},
        {"<p title=", "a b\tc\nd\fe\rf", ">", "a&#32;b&#9;c&#10;d&#12;e&#13;f", NULL},
        {"<p title=", "\"'<>&`=/", ">", "&quot;&#39;&lt;&gt;&amp;&#96;&#61;/", NULL},
        {"<p title=a", " onclick=b", ">", "&#32;onclick&#61;b", NULL},
        {"<p title= ", "\"x", " id=y>", "&quot;x", NULL},
        {"<p title=", "", " id=y>", "\"\"", NULL},
        {"<p title=", "", ">", "\"\"", NULL},
        {"<p title=", "", "\nid=y>", "\"\"", NULL},
        {"<p title=", "", "suffix>", "", NULL},
        {"<p title=a", "", " id=y>", "", NULL},
        {"<a href=", " \t", " id=y>", "\"\"", NULL},
        {"<p title=\"", "", "\">", "", NULL},
        {"<meta content=\"", "0;url=javascript:x", "\" name=a>", "0;url=javascript:x", NULL},
        {"<meta content=\"", "0;url=javascript:x", "\" http-equiv=refresh>", NULL,
         SAFELY "in the content of a <meta> with http-equiv"},
        {"<meta content=", "0", " HTTP-EQUIV = 'Refresh'>", NULL,
         SAFELY "in the content of a <meta> with http-equiv"},
        {"<meta content='", "0", "' http-equiv=\"&#114;efresh\">", NULL,
         SAFELY "in the content of a <meta> with http-equiv"},
        {"<meta http-equiv=refresh content=\"0;url=", "/", "\">", NULL,
         SAFELY "in the content of a <meta> with http-equiv"},
        {"<meta http-equiv=Content-Type content=\"", "text/html; charset=iso-2022-jp", "\">", NULL,
         SAFELY "in the content of a <meta> with http-equiv"},
        {"<base href=\"", "https://evil.example/", "\"><script src=x.js></script>", NULL,
         SAFELY "as the address of a script or a <base>, only in its path"},
        {"<base href=\"/", "a b", "/\">", "a%20b", NULL},
        {"<link rel=\"", "stylesheet", "\" href=/x>", NULL, SAFELY "in a rel attribute of <link>"},
        {"<a rel=\"", "nofollow", "\" href=/x>", "nofollow", NULL},
        {"<math><annotation-xml encoding=\"", "text/html", "\"><p>", NULL,
         SAFELY "in an encoding attribute of <annotation-xml>"},
        {"<template shadowrootmode=", "open", "><p>", NULL,
         SAFELY "in a shadowrootmode attribute of <template>"},
        {"<script language=\"", "x", "\">", NULL, SAFELY "in a language attribute of <script>"},
        {"<meta http-equiv=content-language content=\"", "en", "\">", "en", NULL},
        {"<meta content=\"0\" http-equiv=refresh><meta content=\"", "x", "\" name=a>", "x", NULL},
        {"<meta charset=", "x", ">", NULL, SAFELY "in a charset attribute of <meta>"},
        {"<meta http-equiv=\"", "x", "\">", NULL, SAFELY "in a http-equiv attribute of <meta>"},
    };
    CHECK_ALL(samples, news_writer_text);
}

/* An empty value is made visible before whatever may be taken for it. */
static void empty_before_line_ends(void **state)
{
    (void)state;
    news_writer *w = open_writer(false);
    news_writer_raw(w, NEWS_STR("<p title="));
    news_writer_text(w, NEWS_STR(""));
    news_writer_cr(w);
    news_writer_raw(w, NEWS_STR("onclick=x>"));
    close_sample(w, &(sample){"<p title=", "", "\nonclick=x>", "\"\"", NULL});
    w = open_writer(false);
    news_writer_raw(w, NEWS_STR("<p title="));
    news_writer_text(w, NEWS_STR(""));
    news_writer_text(w, NEWS_STR("a "));
    news_writer_text(w, NEWS_STR(""));
    news_writer_raw(w, NEWS_STR(" id=b>"));
    close_sample(w, &(sample){"<p title=", "", " id=b>", "a&#32;", NULL});
}

/* ---- Addresses ---- */

#define NO_LINK "is not an address that may be linked to"

static void addresses(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<a href=\"", "javascript:alert(1)", "\">", NULL, "\"javascript:alert(1)\" " NO_LINK},
        {"<a href='", " java\nscript:x", "'>", NULL, "\"java?script:x\" " NO_LINK},
        {"<a href=", "\x01javascript:x", ">", NULL, "\"?javascript:x\" " NO_LINK},
        {"<img src=\"", "data:text/html,x", "\">", NULL, "\"data:text/html,x\" " NO_LINK},
        {"<form action=\"", "vbscript:x", "\">", NULL, "\"vbscript:x\" " NO_LINK},
        {"<svg><a xlink:href=\"", "javascript:x", "\">", NULL, "\"javascript:x\" " NO_LINK},
        {"<a href=", "https://a.example/?b=c d", " id=x>", "https://a.example/?b&#61;c%20d", NULL},
        {"<a href=/x/", "b c", " id=x>", "b%20c", NULL},
        {"<a href=\"java", "script:alert(1)", "\">", "script%3Aalert%281%29", NULL},
        {"<a href=\"javascript:f('", "x", "')\">", NULL,
         SAFELY "in an address that holds a script or a document"},
        {"<a href=\" JavaScript&#58;f('", "x", "')\">", NULL,
         SAFELY "in an address that holds a script or a document"},
        {"<a href=\"java&#x09;script:f('", "x", "')\">", NULL,
         SAFELY "in an address that holds a script or a document"},
        {"<iframe src=\"data:text/html,", "x", "\">", NULL,
         SAFELY "in an address that holds a script or a document"},
        {"<a href=\"javascript&colon;", "x", "\">", NULL,
         SAFELY "in this address after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
        {"<a href=\"/?a=b&utm_source=", "x&y", "\">", "x%26y", NULL},
        {"<a href=\"", "javascript", ":alert(1)\">", NULL,
         SAFELY "as the scheme of an address, before \":\""},
        {"<a href=\"", "javascript", "\t:alert(1)\">", NULL,
         SAFELY "as the scheme of an address, before \":\""},
        {"<a href=\"java", "script", "&colon;alert(1)\">", NULL,
         SAFELY "as the scheme of an address, before \"&\""},
        {"<a href=\"", "page", "\" title=\"a:b\">", "page", NULL},
        {"<a href=\"", "page", "#a:b\">", "page", NULL},
        {"<a href=\"/", "page", ":b\">", "page", NULL},
        {"<script src=\"", "/a.js", "\">", NULL,
         SAFELY "as the address of a script or a <base>, only in its path"},
        {"<script src=\"//", "a.example", "/a.js\">", NULL,
         SAFELY "in the host of a script's address, or of a <base>"},
        {"<script src=https:", "//a.example", ">", NULL,
         SAFELY "in the host of a script's address, or of a <base>"},
        {"<svg><script href=\"https://a.", "example", "\">", NULL,
         SAFELY "in the host of a script's address, or of a <base>"},
        {"<script src=\"https://a.example/", "b/c", ".js\">", "b%2Fc", NULL},
        {"<script src=\"/", "/a.example", ".js\">", "%2Fa.example", NULL},
        {"<img srcset=\"", "/a,b.png", " 2x\">", "/a%2Cb.png", NULL},
        {"<img srcset=\"/a.png, ", "/b.png", " 2x\">", "/b.png", NULL},
        {"<img srcset=\"/a.png 1x,", "/b.png", " 2x\">", "/b.png", NULL},
        {"<img srcset=\"/a,", "/b.png, x", " 2x\">", "%2Fb.png%2C%20x", NULL},
        {"<img srcset='/a.png ", "600w", ", /b.png'>", "600w", NULL},
        {"<img srcset=/a-", "b, c", ".png>", "b%2C%20c", NULL},
        {"<img srcset=\"", "/a.png 1x, /b.png", " 2x\">", NULL,
         "\"/a.png 1x, /b.png\" cannot be written safely as one address of several: it has spaces; "
         "give each address and its descriptor for itself"},
        {"<img srcset=\"", "javascript:x", " 2x\">", NULL, "\"javascript:x\" " NO_LINK},
        {"<img srcset=\"/a.png ", "1x, /b", "\">", NULL,
         "\"1x, /b\" cannot be written safely behind an address of several: only a number with w, "
         "x or h may stand there"},
        {"<img srcset=\"/a.png (", "1x", ")\">", NULL, SAFELY "behind a parenthesis in a srcset"},
    };
    CHECK_ALL(samples, news_writer_text);
    CHECK_ALL(samples, news_writer_url);
}

/* What is no address where it stands is one all the same. */
static void addresses_elsewhere(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p title=", "https://a.example/\u00E9 ", ">", "https://a.example/%C3%A9%20", NULL},
        {"<script>a = ", "https://\u00E9.example/'", "</script>",
         "\"https://xn--9ca.example/\\u0027\"", NULL},
        {"<b ", "x", ">", NULL, SAFELY "in a tag"},
    };
    CHECK_ALL(samples, news_writer_url);
}

static void whole_of(news_writer *w, news_str s)
{
    for (; s.len != 0; s = news_str_skip(s, 1))
        news_writer_text(w, news_str_of(s.ptr, 1));
}

/* Values behind one another are no worse than one. */
static void values_in_pieces(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p title=", "a\"b c", ">", "a&quot;b&#32;c", NULL},
        {"<!-- ", "--><b", "-->", "&#45;&#45;&gt;&lt;b", NULL},
        {"<a href=\"", "javascript:x", "\">", "javascript%3Ax", NULL},
        {"<a href=\"", "javascript", ":x\">", NULL,
         SAFELY "as the scheme of an address, before \":\""},
        {"<script>a = '", "\\'</script>\n", "'</script>", "\\\\\\u0027\\u003C/script\\u003E\\n",
         NULL},
        {"<style>p { color: \"", "\"\\</style>", "\" }</style>", "\\22 \\5C \\3C \\2F style\\3E ",
         NULL},
        {"<img srcset=\"", "/a, b", "\">", "/a%2C%20b", NULL},
    };
    CHECK_ALL(samples, whole_of);
}

/* ---- Scripts ---- */

static void scripts(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<script>a = ", "</script><!--\u2028\"'\\\n&", ";</script>",
         "\"\\u003C/script\\u003E\\u003C!--\\u2028\\u0022\\u0027\\\\\\n\\u0026\"", NULL},
        {"<script>a = ", "\x01\x7F\xC2\x85\xEF\xBF\xBF\xFF", "</script>",
         "\"\\u0001\\u007F\\u0085\\uFFFF\xEF\xBF\xBD\"", NULL},
        {"<script>a = \"", "\";alert(1)//", "\"</script>", "\\u0022;alert(1)//", NULL},
        {"<script>a = '", "';alert(1)//\\", "'</script>", "\\u0027;alert(1)//\\\\", NULL},
        {"<script>a = 'b\\'", "x", "'</script>", "x", NULL},
        {"<script>a = 'b\\\n", "x", "'</script>", "x", NULL},
        {"<script>a = 'b\\\\' + ", "x", "</script>", "\"x\"", NULL},
        {"<script type=\"application/ld+json\">", "x", "</script>", "\"x\"", NULL},
        {"<script type=\"application/json\">{\"a\":\"", "\"}", "\"}</script>", "\\u0022}", NULL},
        {"<script>f(", "1", ")</script>", "\"1\"", NULL},
        {"<script>/* ' */ f(", "x", ")</script>", "\"x\"", NULL},
        {"<script>// it's\nf(", "x", ")</script>", "\"x\"", NULL},
        {"<script>// '\u2028f(", "x", ")</script>", "\"x\"", NULL},
        {"<script>a = /['\"]/g, b = ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = /[/'\"]/, b = ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = /\\/'/, b = ", "x", "</script>", "\"x\"", NULL},
        {"<script>return/'/.test(", "x", ")</script>", "\"x\"", NULL},
        {"<script>a = b / 2 + c / ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = b[0] / 2 + '/", "x", "'</script>", "x", NULL},
        {"<script>a = b.#return / 2 + '/", "x", "'</script>", "x", NULL},
        {"<script>a = 1.5 / b + 2..c / 3 + '/", "x", "'</script>", "x", NULL},
        {"<script>a = b.return / 2 + '/", "x", "'</script>", "x", NULL},
        {"<script>a = `it's` + ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = `\\`'` + ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = `${ f({b: ", "x", "}) } it's`</script>", "\"x\"", NULL},
        {"<script>a = `${ {} }'` + ", "x", "</script>", "\"x\"", NULL},
        {"<script>a = b--, c = ", "x", "</script>", "\"x\"", NULL},
        {"<script>", "x", "</script>", NULL,
         SAFELY "as the whole of a script; it may be part of an expression"},
        {"<script>/* a */ ", "x", "</script>", NULL,
         SAFELY "as the whole of a script; it may be part of an expression"},
        {"<script>a = `", "x", "`</script>", NULL,
         SAFELY "inside a script's template literal; a string in \"…\" may hold it"},
        {"<script>a = `${b} ", "x", "`</script>", NULL,
         SAFELY "inside a script's template literal; a string in \"…\" may hold it"},
        {"<script>a = `${`'`", "x", "}`</script>", NULL,
         SAFELY "in a script after template literals inside one another"},
        {"<script>a = /", "x", "/</script>", NULL, SAFELY "inside a script's regular expression"},
        {"<script>a = /[/", "x", "]/</script>", NULL,
         SAFELY "inside a script's regular expression"},
        {"<script>// ", "x", "\n</script>", NULL, SAFELY "inside a script's comment"},
        {"<script>/*/ ", "x", "*/</script>", NULL, SAFELY "inside a script's comment"},
        {"<script>a = '\\", "x", "'</script>", NULL,
         SAFELY "after a backslash in a script's string"},
        {"<script>a = (b) / 2 + ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>{}/'/.test(", "x", ")</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>let a\n/'/.test(", "x", ")</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>let a // b\n/'/.test(", "x", ")</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>a = 1.\ndelete /'/, ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>a++ /", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>await /'/, ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>yield /'/, ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>a\u00A0/'/, ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script>r\\u0065turn /'/, ", "x", "</script>", NULL,
         SAFELY "in a script after a \"/\" that may divide or begin a regular expression; give "
                "values to variables before it"},
        {"<script><!-- it's\na = ", "x", "</script>", NULL,
         SAFELY "in a script after <!-- or --> or #!"},
        {"<script>a = 1\n--> it's\n", "x", "</script>", NULL,
         SAFELY "in a script after <!-- or --> or #!"},
        {"<script>#! it's\n", "x", "</script>", NULL, SAFELY "in a script after <!-- or --> or #!"},
        {"<script>a = 'b\n", "x", "</script>", NULL,
         SAFELY "in a script after a string or regular expression that its line does not close"},
        {"<script>a = '</scr", "ipt>", "'</script>", NULL, SAFELY "in a tag"},
        {"<script>a = '<", "/script>", "'</script>", NULL, SAFELY "in a tag"},
        {"<script type=\"text/template\">", "x", "</script>", NULL,
         SAFELY "in a script of the type \"text/template\""},
    };
    CHECK_ALL(samples, news_writer_text);
}

static void script_attributes(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p onclick=\"f(", "'\"><b>", ")\">", "&quot;\\u0027\\u0022\\u003E\\u003Cb\\u003E&quot;",
         NULL},
        {"<p ONCLICK='f(", "');x('", ")'>", "&quot;\\u0027);x(\\u0027&quot;", NULL},
        {"<p onclick=\"f('", "');x('", "')\">", "\\u0027);x(\\u0027", NULL},
        {"<p onclick='f(&#39;", "');x('", "&apos;)'>", "\\u0027);x(\\u0027", NULL},
        {"<p onclick='f(&quot;'+", "x", "&quot;)'>", NULL, SAFELY "in a tag"},
        {"<p onclick=\"f(&quot;'+", "x", "&quot;)\">", "x", NULL},
        {"<p onclick=\"a &amp;&amp; f(", "x", ")\">", "&quot;x&quot;", NULL},
        {"<p onclick=\"a && f(", "x", ")\">", "&quot;x&quot;", NULL},
        {"<p onclick=\"a=b&c=f(", "x", ")\">", "&quot;x&quot;", NULL},
        {"<p onclick=f(", "x y", ")>", "&quot;x&#32;y&quot;", NULL},
        {"<p onclick=f('", "x y", "')>", "x&#32;y", NULL},
        {"<p onclick=\"", "f()", "\">", NULL,
         SAFELY "as the whole of a script; it may be part of an expression"},
        {"<p onclick=", "f()", ">", NULL,
         SAFELY "as the whole of a script; it may be part of an expression"},
        {"<p onclick=\"f(&lpar;", "x", ")\">", NULL,
         SAFELY "in this attribute after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
        {"<p onclick=\"f(&quot,", "x", ")\">", NULL,
         SAFELY "in this attribute after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
        {"<p onclick=\"f(&#39,", "x", ")\">", NULL,
         SAFELY "in this attribute after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
        {"<p onclick=\"f(&#0000000000039;", "x", ")\">", NULL,
         SAFELY "in this attribute after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
        {"<p onclick=\"f(&", "apos;", ")\">", NULL, SAFELY "directly after an \"&\""},
    };
    CHECK_ALL(samples, news_writer_text);
}

static void json_in_scripts(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<script>a = ", "{\"b\":[1,-2.5e3,true,null,\"</script>'\u2028\"]}", "</script>",
         "{\"b\":[1,-2.5e3,true,null,\"\\u003C/script\\u003E\\u0027\\u2028\"]}", NULL},
        {"<script>return", "1", "</script>", " 1", NULL},
        {"<script>a-", "-1", "</script>", " -1", NULL},
        {"<script>f(", "[]", ")</script>", "[]", NULL},
        {"<script>f(\"", "[\"b\"]", "\")</script>", "[\\u0022b\\u0022]", NULL},
        {"<p data-a=\"", "{\"b\":1}", "\">", "{&quot;b&quot;:1}", NULL},
        {"<p onclick='f(", "{\"b\":\"'\"}", ")'>", "{&quot;b&quot;:&quot;\\u0027&quot;}", NULL},
        {"<p>", "{\"b\":\"<\"}", "</p>", "{\"b\":\"&lt;\"}", NULL},
        {"<p style=\"width:", "5", "px\">", "5", NULL},
        {"<script type=\"application/json\">", " {} ", "</script>", "{}", NULL},
        {"<script>", "{}", "</script>", NULL,
         SAFELY "as the whole of a script; it may be part of an expression"},
        {"<script>a = ", "alert(1)", "</script>", NULL, "what was given as JSON is not JSON"},
        {"<p>", "", "</p>", NULL, "what was given as JSON is not JSON"},
    };
    CHECK_ALL(samples, news_writer_json);
}

static void json_validity(void **state)
{
    (void)state;
    static const char *const good[] = {
        "0",
        "-0.5",
        "1e9",
        "1E-9",
        "\"\"",
        "\"\\u00e9\\n\\\"\"",
        "[]",
        "{}",
        " [ ] ",
        "[[],{}]",
        "{\"a\":{\"b\":[1,2]},\"c\":null}",
        "[1 , 2]",
        "{ \"a\" : 1 }",
        "false",
    };
    static const char *const bad[] = {
        "",    " ",    "01",    "-",   "1.",       ".5",        "1e",          "+1",         "nan",
        "inf", "tru",  "truex", "\"",  "\"\n\"",   "\"\\x\"",   "\"\\u12g4\"", "\"\\",       "[",
        "[1",  "[1,]", "[,1]",  "{",   "{\"a\"}",  "{\"a\":}",  "{a:1}",       "{\"a\":1,}", "[}",
        "{]",  "1 2",  "[]]",   "'a'", "\"\xFF\"", "{\"a\":1]", "//",
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++)
        if (!news_json_valid(news_str_from(good[i])))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++)
        if (news_json_valid(news_str_from(bad[i])))
            fail_msg("%s", bad[i]);
    char deep[131];
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    assert_true(news_json_valid(news_str_of(deep, 130)));
    memset(deep, '[', 66);
    memset(deep + 66, ']', 65);
    assert_false(news_json_valid(news_str_of(deep, 131)));
}

/* ---- Styles ---- */

#define IN_STYLE "cannot be written safely in a style: "

static void styles(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p style=\"color: ", "#8b1e1a", "\">", "#8b1e1a", NULL},
        {"<p style='width: ", "12.5em", "'>", "12.5em", NULL},
        {"<p style=\"margin: ", "-1px 0 +.5rem\t10%", "\">", "-1px 0 +.5rem 10%", NULL},
        {"<p style=color:", "rgb(1, 2, 3)", ">", "rgb(1,&#32;2,&#32;3)", NULL},
        {"<p style=\"color:", "HSL(120deg 10% 20% / .5)", "\">", "HSL(120deg 10% 20% / .5)", NULL},
        {"<p style=\"color:", "oklch(none 0 0)", "\">", "oklch(none 0 0)", NULL},
        {"<p style=\"font-family: ", "Georgia, 'It\"s', serif", "\">",
         "Georgia, &quot;It\\22 s&quot;, serif", NULL},
        {"<p style=\"color: #", "8b1e1a", "\">", "8b1e1a", NULL},
        {"<p style=\"", "margin", ": 0\">", "margin", NULL},
        {"<p style=\"--", "a-1", ": 0\">", "a-1", NULL},
        {"<style>.", "name", " { color: red }</style>", "name", NULL},
        {"<style>p { color: ", "Gr\u00FCn", " }</style>", "Gr\u00FCn", NULL},
        {"<style>p { content: \"", "\\\"</style>;}\n\u00E9", "\" }</style>",
         "\\5C \\22 \\3C \\2F style\\3E \\3B \\7D \\A \u00E9", NULL},
        {"<style>p { content: 'a\\'", "x", "' }</style>", "x", NULL},
        {"<style>@media (max-width: ", "40em", ") { }</style>", "40em", NULL},
        {"<style>p { width: calc(", "5px", " + 1em) }</style>", "5px", NULL},
        {"<style>/* it's */ p { color: ", "red", " }</style>", "red", NULL},
        {"<style>p { background: url(a'b) ", "red", " }</style>", "red", NULL},
        {"<style>p { background: url( \"a)b\" ) ", "red", " }</style>", "red", NULL},
        {"<style>.a\\:b { color: ", "red", " }</style>", "red", NULL},
        {"<p style=\"color: ", "red; x: y", "\">", NULL,
         "\"red; x: y\" " IN_STYLE "\";\" may not be part of a value"},
        {"<p style=\"color: ", "red}", "\">", NULL,
         "\"red}\" " IN_STYLE "\"}\" may not be part of a value"},
        {"<p style=\"color: ", "/**/red", "\">", NULL,
         "\"/**/red\" " IN_STYLE "\"/\" may not be part of a value"},
        {"<p style=\"color: ", "re\\64", "\">", NULL,
         "\"re\\64\" " IN_STYLE "\"\\\" may not be part of a value"},
        {"<p style=\"color: ", "\"a\\", "\">", NULL,
         "\"\"a\\\" " IN_STYLE "\"\\\" may not be part of a value"},
        {"<p style=\"color: ", "<!--", "\">", NULL,
         "\"<!--\" " IN_STYLE "\"<\" may not be part of a value"},
        {"<p style=\"color: ", "'a", "\">", NULL,
         "\"'a\" " IN_STYLE "a quotation mark is not closed"},
        {"<p style=\"color: ", "URL", "(x)\">", NULL,
         "\"URL\" " IN_STYLE "it holds a word that may load or run something"},
        {"<p style=\"color: ", "url(x)", "\">", NULL,
         "\"url(x)\" " IN_STYLE "it holds a word that may load or run something"},
        {"<p style=\"color: ", "expression(x)", "\">", NULL,
         "\"expression(x)\" " IN_STYLE "it holds a word that may load or run something"},
        {"<p style=\"color: ", "var(--x)", "\">", NULL,
         "\"var(--x)\" " IN_STYLE "of functions only those that make a colour of numbers are "
         "allowed"},
        {"<p style=\"color: ", "rgb(url(x))", "\">", NULL,
         "\"rgb(url(x))\" " IN_STYLE "a colour is made of numbers"},
        {"<p style=\"color: ", "rgb(1", "\">", NULL,
         "\"rgb(1\" " IN_STYLE "a parenthesis is not closed"},
        {"<p style=\"color: ", "#xyz", "\">", NULL,
         "\"#xyz\" " IN_STYLE "\"#\" begins a colour of hexadecimal digits"},
        {"<p style=\"color: ", "a\x01", "\">", NULL,
         "\"a?\" " IN_STYLE "it holds control characters or bytes that are not UTF-8"},
        {"<p style=\"", "color: red", "\">", NULL,
         "\"color: red\" " IN_STYLE "before a colon only a name or a number may stand"},
        {"<style>", "a, body", " { }</style>", NULL,
         "\"a, body\" " IN_STYLE "before a colon only a name or a number may stand"},
        {"<style>p { color: red } ", "a, b", " { }</style>", NULL,
         "\"a, b\" " IN_STYLE "before a colon only a name or a number may stand"},
        {"<style>@media x { p { content: image-set(", "'a'", ") } }</style>", NULL,
         "\"'a'\" " IN_STYLE "a string may not stand in parentheses or after @"},
        {"<style>p { content: image-set(\"", "a", "\") }</style>", NULL,
         SAFELY "in a style's string inside parentheses or after @, which may be an address"},
        {"<style>@import \"", "a", "\";</style>", NULL,
         SAFELY "in a style's string inside parentheses or after @, which may be an address"},
        {"<style>p { background: url(", "a", ") }</style>", NULL, SAFELY "in the url() of a style"},
        {"<style>p { background: URL( ", "a", ") }</style>", NULL,
         SAFELY "in the url() of a style"},
        {"<style>p { background: url(\"", "a", "\") }</style>", NULL,
         SAFELY "in a style's string inside parentheses or after @, which may be an address"},
        {"<style>p { background: u\\72l(", "a", ") }</style>", NULL,
         SAFELY "in a style after a name with a \"\\\" and digits"},
        {"<style>/* ", "a", " */</style>", NULL, SAFELY "in a comment of a style"},
        {"<style>/*/ ", "a", " */</style>", NULL, SAFELY "in a comment of a style"},
        {"<style><!--url(", "a", ") --></style>", NULL, SAFELY "in the url() of a style"},
        {"<style>@", "import", " 'a'</style>", NULL, SAFELY "after an \"@\" in a style"},
        {"<style>p\\", "28", "{ }</style>", NULL, SAFELY "after a backslash in a style"},
        {"<style>p { content: 'a\n", "b", "' }</style>", NULL,
         SAFELY "in a style after a string that its line does not close"},
        {"<style></sty", "le>", "</style>", NULL, SAFELY "in a tag"},
        {"<p style=\"font: &quot;a", "b", "&quot;\">", "b", NULL},
        {"<p style=\"background: url&#40;", "b", ")\">", NULL, SAFELY "in the url() of a style"},
        {"<p style=\"background: url&lpar;", "b", ")\">", NULL,
         SAFELY "in this attribute after a character reference other than &amp; &lt; &gt; &quot; "
                "&apos; and numbers"},
    };
    CHECK_ALL(samples, news_writer_text);
}

/* ---- Several values ---- */

/* What is read of a script goes on from value to value, and begins anew in the next. */
static void several_values(void **state)
{
    (void)state;
    news_writer *w = open_writer(false);
    news_writer_raw(w, NEWS_STR("<script>a = '"));
    news_writer_text(w, NEWS_STR("'\\"));
    news_writer_raw(w, NEWS_STR("' + "));
    news_writer_text(w, NEWS_STR("/*"));
    news_writer_raw(w, NEWS_STR(" + f("));
    news_writer_json(w, NEWS_STR("7"));
    news_writer_cr(w);
    news_writer_raw(w, NEWS_STR("/ 2, '</script><p onclick=\"g("));
    news_writer_text(w, NEWS_STR("b"));
    news_writer_text(w, NEWS_STR("c"));
    news_writer_raw(w, NEWS_STR(")\" style=\"color:"));
    news_writer_text(w, NEWS_STR("red"));
    news_writer_raw(w, NEWS_STR(";"));
    news_writer_text(w, NEWS_STR("width"));
    news_writer_raw(w, NEWS_STR(":"));
    news_writer_json(w, NEWS_STR("5"));
    news_writer_raw(w, NEWS_STR("px\" title=\""));
    news_writer_text(w, NEWS_STR("\"/"));
    news_writer_raw(w, NEWS_STR("\">"));
    close_sample(w, &(sample){"", "", "",
                              "<script>a = '\\u0027\\\\' + \"/*\" + f(7\n/ 2, '</script>"
                              "<p onclick=\"g(&quot;b&quot;&quot;c&quot;)\" "
                              "style=\"color:red;width:5px\" title=\"&quot;/\">",
                              NULL});
}

/* A capture is a place of its own. */
static void captures(void **state)
{
    (void)state;
    news_writer *w = open_writer(false);
    news_writer_raw(w, NEWS_STR("<script>a = `"));
    for (int i = 0; i < 2; i++) {
        news_writer_capture_begin(w, 0);
        news_writer_raw(w, NEWS_STR("<script>a = '"));
        news_writer_text(w, NEWS_STR("'"));
        news_str got = news_writer_capture_end(w);
        assert_true(news_str_equal(got, NEWS_STR("<script>a = '\\u0027")));
    }
    news_writer_text(w, NEWS_STR("x"));
    close_sample(w, &(sample){"", "", "", NULL,
                              SAFELY "inside a script's template literal; a string in \"…\" may "
                                     "hold it"});
}

static void filled(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"<p title=\"", "a\"<", "\">\n", "a&quot;&lt;", NULL},
        {"<p title=", "a b", ">\n", "a&#32;b", NULL},
        {"<!-- ", "--", "-->\n", "&#45;&#45;", NULL},
        {"<a href=\"/x/", "a/b", "\">\n", "a%2Fb", NULL},
        {"<a href=\"mailto:", "a@b.example", "\">\n", "a@b.example", NULL},
        {"<a href=\"javascript:", "a", "\">\n", NULL,
         SAFELY "in an address that holds a script or a document"},
        {"<a href=/x/", "a", ">\n", NULL,
         SAFELY "in an address that is broken over lines, or has no quotes in a format that fills "
                "lines"},
        {"<script>a = ", "a", "</script>\n", NULL,
         SAFELY "in a script, a style or a srcset of a format that fills lines"},
        {"<p style=\"color:", "red", "\">\n", NULL,
         SAFELY "in a script, a style or a srcset of a format that fills lines"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_writer *w = open_writer(true);
        news_writer_raw(w, news_str_from(samples[i].before));
        news_writer_text(w, news_str_from(samples[i].value));
        news_writer_raw(w, news_str_from(samples[i].after));
        close_sample(w, &samples[i]);
    }
    news_writer *w = open_writer(true);
    news_writer_raw(w, NEWS_STR("<p title=x"));
    news_writer_cr(w);
    news_writer_text(w, NEWS_STR("onclick"));
    close_sample(w, &(sample){"", "", "", NULL, SAFELY "in a tag"});
}

/* ---- Any value ---- */

/* Whatever the value, it changes neither the states of the markup around it nor its bytes. */
static void any_value(void **state)
{
    (void)state;
    static const char *const frames[][2] = {
        {"<p title=\"", "\">"},
        {"<p title=", " id=a>"},
        {"<!-- ", " -->"},
        {"<title>", "</title>"},
        {"<a href=\"/", "\">"},
        {"<a href=/", ">"},
        {"<img srcset=\"/a", " 2x\">"},
        {"<script>a = ", ";</script>"},
        {"<script>a = '", "';</script>"},
        {"<p onclick=\"a = ", "\">"},
        {"<p onclick='a = \"", "\"'>"},
        {"<p onclick=a=", ">"},
        {"<style>p { content: \"", "\" }</style>"},
        {"<p style='content: \"", "\"'>"},
    };
    static const char alphabet[] = "<>/!-=\"'` \n\t\\&;#xscript:{}()$*@\xE2\x80\xA8\x01";
    uint32_t random = 4321;
    for (int i = 0; i < 20000; i++) {
        char value[24];
        const char *const *frame = frames[(size_t)i % NEWS_ARRAY_LENGTH(frames)];
        size_t len = 1 + (size_t)i / 16 % (sizeof value - 1);
        for (size_t at = 0; at < len; at++) {
            random = random * 1664525u + 1013904223u;
            value[at] = (random >> 8) % 50 == 0 ? (char)(random >> 24)
                                                : alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        news_writer *w = open_writer(false);
        news_writer_raw(w, news_str_from(frame[0]));
        news_writer_text(w, news_str_of(value, len));
        news_writer_raw(w, news_str_from(frame[1]));
        assert_int_equal(news_writer_status(w), NEWS_OK);
        news_str out = news_writer_finish(w);
        news_html_tracker tracker;
        news_html_tracker_init(&tracker);
        size_t inside = out.len - strlen(frame[1]);
        news_html_tracker_feed(&tracker, out.ptr, inside);
        assert_int_not_equal(tracker.state, NEWS_HTML_STATE_TEXT);
        for (size_t at = inside; at + 1 < out.len; at++) { /* it ends with the last byte, or before
                                                              it in a closing tag */
            news_html_tracker_feed(&tracker, out.ptr + at, 1);
            assert_int_not_equal(tracker.state, NEWS_HTML_STATE_TEXT);
        }
        news_html_tracker_feed(&tracker, out.ptr + out.len - 1, 1);
        assert_int_equal(tracker.state, NEWS_HTML_STATE_TEXT);
        assert_int_equal(news_utf8_valid_prefix(out), out.len);
        news_writer_free(w);
    }
}

/* ---- Headers ---- */

static void headers(void **state)
{
    (void)state;
    static const sample samples[] = {
        {"Subject: ", "a <b> \"c\" \u00E9", "\r\n", "a <b> \"c\" \u00E9", NULL},
        {"Subject: ", "a\r\nBcc: b", "\r\n", NULL,
         "a header cannot hold the control character U+000D"},
        {"Subject: ", "a\nb", "", NULL, "a header cannot hold the control character U+000A"},
        {"Subject: ", "a\tb", "", NULL, "a header cannot hold the control character U+0009"},
        {"Subject: ", "a\x7F", "", NULL, "a header cannot hold the control character U+007F"},
        {"Subject: ", "a\xC2\x85", "", NULL, "a header cannot hold the control character U+0085"},
        {"Subject: ", "a\xFF", "", NULL, "a header cannot hold bytes that are not UTF-8"},
    };
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(samples); i++) {
        news_heap_init(&heap, NULL, 0);
        news_writer *w = news_writer_new(
            &heap, 1 << 20, &(news_writer_options){NEWS_ESCAPE_HEADER, false, 0, false});
        assert_non_null(w);
        news_writer_raw(w, news_str_from(samples[i].before));
        news_writer_text(w, news_str_from(samples[i].value));
        news_writer_raw(w, news_str_from(samples[i].after));
        close_sample(w, &samples[i]);
    }
    news_heap_init(&heap, NULL, 0);
    news_writer *w = news_writer_new(&heap, 1 << 20,
                                     &(news_writer_options){NEWS_ESCAPE_HEADER, false, 0, false});
    news_writer_text(w, news_str_of("a\0b", 3));
    close_sample(w,
                 &(sample){"", "", "", NULL, "a header cannot hold the control character U+0000"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(attributes),
        cmocka_unit_test(empty_before_line_ends),
        cmocka_unit_test(addresses),
        cmocka_unit_test(addresses_elsewhere),
        cmocka_unit_test(values_in_pieces),
        cmocka_unit_test(scripts),
        cmocka_unit_test(script_attributes),
        cmocka_unit_test(json_in_scripts),
        cmocka_unit_test(json_validity),
        cmocka_unit_test(styles),
        cmocka_unit_test(several_values),
        cmocka_unit_test(captures),
        cmocka_unit_test(filled),
        cmocka_unit_test(any_value),
        cmocka_unit_test(headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
