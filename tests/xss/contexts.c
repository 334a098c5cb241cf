/* Writes values into every place of HTML that a layout may have for one, and prints what came of
 * it: contexts <VALUES >RESULTS
 *
 * A value is its length in decimal, a newline, and its bytes. For each value and each place there
 * is a line "NAME STATUS LENGTH", where the status is "ok" or "refused", and then the output or the
 * message in LENGTH bytes. `contexts --list` prints the places, with what is expected of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "write/write.h"

/* What is expected of a place. */
typedef enum {
    HOLDS,   /* any value, seen as it is: the text or the attribute of the element with id v */
    TAKES,   /* any value */
    CHOOSES, /* refuses some */
    LOADS,   /* the same, and what it takes may be fetched */
    RECORDS, /* any value, which a script passes to record() as it is */
    REFUSES  /* any value */
} expectation;

static const char *const expectations[] = {"holds", "takes",   "chooses",
                                           "loads", "records", "refuses"};

typedef struct {
    const char *name;
    expectation expected;
    const char *before, *after;
} context;

static const context contexts[] = {
    /* Text */
    {"text", HOLDS, "<p id=v>", "</p>"},
    {"title", HOLDS, "<title id=v>", "</title>"},
    {"textarea", HOLDS, "<textarea id=v>.", "</textarea>"},
    {"cell", HOLDS, "<table><tr><td id=v>", "</td></tr></table>"},
    {"option", HOLDS, "<select><option id=v>", "</option></select>"},
    {"pre", HOLDS, "<pre id=v>.", "</pre>"},
    {"svg-text", HOLDS, "<svg><text id=v>", "</text></svg>"},
    {"svg-title", HOLDS, "<svg><title id=v>", "</title></svg>"},
    {"svg-foreign", HOLDS, "<svg><foreignObject><p id=v>", "</p></foreignObject></svg>"},
    {"math-text", HOLDS, "<math><mi id=v>", "</mi></math>"},
    {"template", TAKES, "<template><p>", "</p></template>"},
    {"before-script", TAKES, "<p>", "</p><script>record('before-script', '')</script>"},

    /* Attributes */
    {"double", HOLDS, "<p id=v title=\"", "\">x</p>"},
    {"single", HOLDS, "<p id=v title='", "'>x</p>"},
    {"unquoted", HOLDS, "<p id=v title=", ">x</p>"},
    {"unquoted-first", HOLDS, "<p title=", " id=v>x</p>"},
    {"unquoted-suffix", TAKES, "<p title=a", "b id=v>x</p>"},
    {"unquoted-slash", TAKES, "<br title=", "/><p>x</p>"},
    {"middle", TAKES, "<p title=\"a ", " b\" class='c'>x</p>"},
    {"id", TAKES, "<p id=\"", "\">x</p>"},
    {"name", TAKES, "<form name=\"", "\"><input name=\"a\"></form>"},
    {"class", TAKES, "<p class=", ">x</p>"},
    {"data", HOLDS, "<p id=v title=x data-title=\"", "\">x</p>"},
    {"svg-attribute", TAKES, "<svg><rect fill=\"", "\"></rect></svg>"},
    {"meta", TAKES, "<meta content=\"", "\" name=\"description\">"},
    {"meta-language", TAKES, "<meta http-equiv=\"content-language\" content=\"", "\">"},

    /* Comments */
    {"comment", TAKES, "<!-- ", " --><p>x</p>"},
    {"comment-tight", TAKES, "<!--", "--><p>x</p>"},
    {"comment-arrow", TAKES, "<!-- a ", "-> b --><p>x</p>"},
    {"comment-dash", TAKES, "<!-- a -", "> b --><p>x</p>"},
    {"conditional", TAKES, "<!--[if mso]><p title=\"", "\">x</p><![endif]--><p>x</p>"},

    /* Addresses */
    {"href", LOADS, "<a href=\"", "\">x</a>"},
    {"href-single", LOADS, "<a href='", "'>x</a>"},
    {"href-unquoted", LOADS, "<a href=", ">x</a>"},
    {"href-unquoted-first", LOADS, "<a href=", " class=c>x</a>"},
    {"href-path", TAKES, "<a href=\"/", "\">x</a>"},
    {"href-query", TAKES, "<a href=\"/?a=b&c=", "&amp;d=e\">x</a>"},
    {"href-fragment", TAKES, "<a href=#", ">x</a>"},
    {"href-mail", TAKES, "<a href=\"mailto:", "\">x</a>"},
    {"href-scheme", TAKES, "<a href=\"java", "\">x</a>"},
    {"href-colon", LOADS, "<a href=\"", ":alert(1)\">x</a>"},
    {"href-javascript", REFUSES, "<a href=\"javascript:f('", "')\">x</a>"},
    {"href-entities", REFUSES, "<a href=\"&#106;avascript&#x3a;f('", "')\">x</a>"},
    {"area", LOADS, "<map><area href=\"", "\"></map>"},
    {"cite", LOADS, "<blockquote cite=\"", "\">x</blockquote>"},
    {"image", LOADS, "<img src=\"", "\">"},
    {"poster", LOADS, "<video poster=\"", "\"></video>"},
    {"action", LOADS, "<form action=\"", "\"><input></form>"},
    {"formaction", LOADS, "<form><button formaction=\"", "\">x</button></form>"},
    {"frame", LOADS, "<iframe src=\"", "\"></iframe>"},
    {"object", LOADS, "<object data=\"", "\"></object>"},
    {"embed", LOADS, "<embed src=\"", "\">"},
    {"link", LOADS, "<link rel=\"canonical\" href=\"", "\">"},
    {"svg-link", LOADS, "<svg><a xlink:href=\"", "\"><text>x</text></a></svg>"},
    {"svg-link-plain", LOADS, "<svg><a href=\"", "\"><text>x</text></a></svg>"},
    {"svg-use", LOADS, "<svg><use href=\"", "\"></use></svg>"},
    {"svg-image", LOADS, "<svg><image xlink:href=\"", "\"></image></svg>"},
    {"math-link", LOADS, "<math href=\"", "\"><mi>x</mi></math>"},
    {"background", LOADS, "<table background=\"", "\"></table>"},
    {"srcset", LOADS, "<img srcset=\"", " 2x, /a.png 1x\">"},
    {"srcset-second", LOADS, "<img srcset=\"/a.png 1x, ", " 2x\">"},
    {"srcset-path", TAKES, "<img srcset=\"/", ".png 2x\">"},
    {"srcset-descriptor", CHOOSES, "<img srcset=\"/a.png ", "\">"},
    {"script-path", TAKES, "<script type=\"text/plain\" src=\"/", ".js\"></script>"},
    {"script-address", REFUSES, "<script src=\"", "\"></script>"},
    {"script-host", REFUSES, "<script src=\"//", ".example/a.js\"></script>"},
    {"svg-script", REFUSES, "<svg><script xlink:href=\"", "\"></script></svg>"},

    /* Scripts */
    {"script", RECORDS, "<script>var a = ", "; record('script', a);</script>"},
    {"script-argument", RECORDS, "<script>record('script-argument',", ")</script>"},
    {"script-double", RECORDS, "<script>record('script-double', \"", "\")</script>"},
    {"script-single", RECORDS, "<script>record('script-single', '", "')</script>"},
    {"script-object", RECORDS, "<script>record('script-object', {a: ", "}.a)</script>"},
    {"script-comment", RECORDS, "<script>/* it's */ record('script-comment', // \"\n",
     ")</script>"},
    {"script-regex", RECORDS, "<script>var r = /[\"'/]/g; record('script-regex', ", ")</script>"},
    {"script-template", RECORDS, "<script>var t = `it's ${r}`; record('script-template', ",
     ")</script>"},
    {"script-expression", RECORDS, "<script>`${record('script-expression', ", ")}`</script>"},
    {"script-module", RECORDS, "<script type=module>record('script-module', ", ")</script>"},
    {"json", RECORDS, "<script type=\"application/json\" class=json title=json>", "</script>"},
    {"json-string", RECORDS, "<script type=\"application/ld+json\" class=json title=json-string>\"",
     "\"</script>"},
    {"onclick", RECORDS, "<button onclick=\"record('onclick', ", ")\">x</button>"},
    {"onclick-string", RECORDS, "<button onclick=\"record('onclick-string', '", "')\">x</button>"},
    {"onclick-double", RECORDS, "<button onclick='record(\"onclick-double\", \"",
     "\")'>x</button>"},
    {"onclick-unquoted", RECORDS, "<button onclick=record('onclick-unquoted',", ")>x</button>"},
    {"onclick-entities", RECORDS, "<button onclick=\"record(&quot;onclick-entities&quot;, &#39;",
     "&#39;)\">x</button>"},
    {"script-whole", REFUSES, "<script>", "</script>"},
    {"onclick-whole", REFUSES, "<button onclick=\"", "\">x</button>"},
    {"script-backquotes", REFUSES, "<script>var a = `", "`</script>"},
    {"script-in-regex", REFUSES, "<script>var a = /", "/</script>"},
    {"script-in-comment", REFUSES, "<script>// ", "\n</script>"},
    {"script-slash", REFUSES, "<script>(a) / '", "'</script>"},
    {"script-type", REFUSES, "<script type=\"", "\"></script>"},
    {"script-other", REFUSES, "<script type=\"text/html\">", "</script>"},
    {"svg-script-text", REFUSES, "<svg><script>var a = ", "</script></svg>"},

    /* Styles */
    {"style", CHOOSES, "<p class=styled style=\"color: ", "; order: 7\">x</p>"},
    {"style-unquoted", CHOOSES, "<p class=styled style=color:", ";order:7>x</p>"},
    {"style-string", TAKES, "<p class=styled style=\"quotes: '", "' '.'; order: 7\">x</p>"},
    {"style-name", CHOOSES, "<p class=styled style=\"--", ": 1; order: 7\">x</p>"},
    {"sheet", CHOOSES, "<style class=sheet>p { color: ", " } .last { order: 7 }</style>"},
    {"sheet-string", TAKES, "<style class=sheet>p { quotes: \"",
     "\" \".\" } .last { order: 7 }</style>"},
    {"sheet-selector", CHOOSES, "<style class=sheet>.",
     " { color: red } .last { order: 7 }</style>"},
    {"sheet-media", CHOOSES,
     "<style class=sheet>@media (max-width: ", ") { p { color: red } } .last { order: 7 }</style>"},
    {"sheet-url", REFUSES, "<style>p { background: url(", ") }</style>"},
    {"sheet-url-string", REFUSES, "<style>p { background: url(\"", "\") }</style>"},
    {"sheet-import", REFUSES, "<style>@import \"", "\";</style>"},
    {"sheet-image-set", REFUSES, "<style>p { background: image-set('", "' 1x) }</style>"},
    {"sheet-comment", REFUSES, "<style>/* ", " */</style>"},
    {"svg-style", REFUSES, "<svg><style>p { color: ", " }</style></svg>"},

    /* No place for a value */
    {"tag-name", REFUSES, "<", ">x"},
    {"attribute-name", REFUSES, "<p ", "=x>x</p>"},
    {"attribute-end", REFUSES, "<p a=\"b\"", ">x</p>"},
    {"declaration", REFUSES, "<!DOCTYPE ", ">"},
    {"closing-tag", REFUSES, "</p", ">"},
    {"title-closing", REFUSES, "<title></", "</title>"},
    {"document", REFUSES, "<iframe srcdoc=\"", "\"></iframe>"},
    {"noscript", REFUSES, "<noscript>", "</noscript>"},
    {"xmp", REFUSES, "<xmp>", "</xmp>"},
    {"iframe", REFUSES, "<iframe>", "</iframe>"},
    {"noembed", REFUSES, "<noembed>", "</noembed>"},
    {"noframes", REFUSES, "<noframes>", "</noframes>"},
    {"plaintext", REFUSES, "<plaintext>", ""},
    {"refresh", REFUSES, "<meta http-equiv=refresh content=\"0; url=", "\">"},
    {"refresh-later", REFUSES, "<meta content=\"", "\" http-equiv=\"Refresh\">"},
    {"http-equiv", REFUSES, "<meta http-equiv=\"", "\" content=\"0; url=/\">"},
    {"content-type", REFUSES, "<meta http-equiv=\"Content-Type\" content=\"", "\">"},
    {"base", REFUSES, "<base href=\"", "\">"},
    {"link-rel", REFUSES, "<link rel=\"", "\" href=\"/a.css\">"},
    {"annotation", REFUSES, "<math><annotation-xml encoding=\"",
     "\"><p>x</p></annotation-xml></math>"},
    {"shadow", REFUSES, "<div><template shadowrootmode=\"", "\">x</template></div>"},
    {"script-language", REFUSES, "<script language=\"", "\"></script>"},
    {"charset", REFUSES, "<meta charset=\"", "\">"},
    {"animate", REFUSES, "<svg><a><animate attributeName=href to=\"", "\"></animate></a></svg>"},
    {"animate-name", REFUSES, "<svg><a><set attributeName=\"", "\" to=x></set></a></svg>"},
    {"svg-cdata", REFUSES, "<svg><![CDATA[", "]]></svg>"},
};

static void die(const char *why)
{
    (void)fprintf(stderr, "contexts: %s\n", why);
    exit(1);
}

static void print_result(const context *c, const char *result, news_str bytes)
{
    (void)printf("%s %s %zu\n", c->name, result, bytes.len);
    if (bytes.len != 0 && fwrite(bytes.ptr, 1, bytes.len, stdout) != bytes.len)
        die("cannot write");
}

static void write_value(const context *c, news_str value)
{
    static const news_writer_options options = {NEWS_ESCAPE_HTML, false, 0, false};
    news_heap heap;
    news_heap_init(&heap, NULL, 0);
    news_writer *writer = news_writer_new(&heap, 64 << 20, &options);
    if (writer == NULL)
        die("out of memory");
    news_writer_raw(writer, news_str_from(c->before));
    news_writer_text(writer, value);
    news_writer_raw(writer, news_str_from(c->after));
    news_str out = news_writer_finish(writer);
    if (news_writer_status(writer) == NEWS_OK)
        print_result(c, "ok", out);
    else if (news_writer_status(writer) == NEWS_ERR_ARG)
        print_result(c, "refused", news_str_from(news_writer_message(writer)));
    else
        die(news_status_name(news_writer_status(writer)));
    news_writer_free(writer);
}

int main(int argc, char **argv)
{
    size_t len;
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < NEWS_ARRAY_LENGTH(contexts); i++)
            (void)printf("%s %s\n", contexts[i].name, expectations[contexts[i].expected]);
        return 0;
    }
    while (scanf("%zu", &len) == 1) {
        char *bytes = malloc(len + 1);
        if (bytes == NULL || getchar() != '\n' || fread(bytes, 1, len, stdin) != len)
            die("this is no value");
        for (size_t i = 0; i < NEWS_ARRAY_LENGTH(contexts); i++)
            write_value(&contexts[i], news_str_of(bytes, len));
        free(bytes);
    }
    return 0;
}
