/* What is done with each element of HTML. A name that is none of them is no tag at all. */
#include "source/source.h"

typedef struct {
    char name[16];
    uint8_t policy;
} element;

/* Sorted by name, as is the list below. */
static const element elements[] = {
#define E(name, policy)                                                                            \
    {                                                                                              \
        name, NEWS_HTML_##policy                                                                   \
    }
    E("a", A),
    E("abbr", KEEP),
    E("address", BLOCK),
    E("article", BLOCK),
    E("aside", BLOCK),
    E("audio", MEDIA),
    E("blockquote", BLOCK),
    E("body", BLOCK),
    E("br", BR),
    E("caption", BLOCK),
    E("center", BLOCK),
    E("datalist", DROP_CONTENT),
    E("dd", BLOCK),
    E("del", STRIKE),
    E("details", BLOCK),
    E("dialog", BLOCK),
    E("dir", BLOCK),
    E("div", BLOCK),
    E("dl", BLOCK),
    E("dt", BLOCK),
    E("embed", MEDIA),
    E("fieldset", BLOCK),
    E("figcaption", BLOCK),
    E("figure", BLOCK),
    E("footer", BLOCK),
    E("form", BLOCK),
    E("h1", BLOCK),
    E("h2", BLOCK),
    E("h3", BLOCK),
    E("h4", BLOCK),
    E("h5", BLOCK),
    E("h6", BLOCK),
    E("head", BLOCK),
    E("header", BLOCK),
    E("hgroup", BLOCK),
    E("hr", BLOCK),
    E("html", BLOCK),
    E("iframe", MEDIA),
    E("img", IMG),
    E("kbd", KEEP),
    E("legend", BLOCK),
    E("li", BLOCK),
    E("main", BLOCK),
    E("mark", KEEP),
    E("menu", BLOCK),
    E("nav", BLOCK),
    E("object", MEDIA),
    E("ol", BLOCK),
    E("optgroup", BLOCK),
    E("option", BLOCK),
    E("p", BLOCK),
    E("pre", PRE),
    E("s", STRIKE),
    E("script", DROP_CONTENT),
    E("search", BLOCK),
    E("section", BLOCK),
    E("select", DROP_CONTENT),
    E("small", KEEP),
    E("source", MEDIA),
    E("strike", STRIKE),
    E("style", DROP_CONTENT),
    E("sub", KEEP),
    E("summary", BLOCK),
    E("sup", KEEP),
    E("svg", DROP_CONTENT),
    E("table", BLOCK),
    E("tbody", BLOCK),
    E("td", BLOCK), /* so that the words of two cells do not run together */
    E("template", DROP_CONTENT),
    E("tfoot", BLOCK),
    E("th", BLOCK),
    E("thead", BLOCK),
    E("title", DROP_CONTENT),
    E("tr", BLOCK),
    E("ul", BLOCK),
    E("video", MEDIA),
#undef E
};

/* The other elements of HTML, old ones too, and of MathML. They lose their tags. */
static const char plain_elements[][16] = {"acronym",
                                          "annotation",
                                          "applet",
                                          "area",
                                          "b",
                                          "base",
                                          "basefont",
                                          "bdi",
                                          "bdo",
                                          "bgsound",
                                          "big",
                                          "blink",
                                          "button",
                                          "canvas",
                                          "cite",
                                          "code",
                                          "col",
                                          "colgroup",
                                          "data",
                                          "dfn",
                                          "em",
                                          "font",
                                          "frame",
                                          "frameset",
                                          "i",
                                          "input",
                                          "ins",
                                          "isindex",
                                          "keygen",
                                          "label",
                                          "link",
                                          "listing",
                                          "maction",
                                          "map",
                                          "marquee",
                                          "math",
                                          "menuitem",
                                          "merror",
                                          "meta",
                                          "meter",
                                          "mfrac",
                                          "mi",
                                          "mmultiscripts",
                                          "mn",
                                          "mo",
                                          "mover",
                                          "mpadded",
                                          "mphantom",
                                          "mprescripts",
                                          "mroot",
                                          "mrow",
                                          "ms",
                                          "mspace",
                                          "msqrt",
                                          "mstyle",
                                          "msub",
                                          "msubsup",
                                          "msup",
                                          "mtable",
                                          "mtd",
                                          "mtext",
                                          "mtr",
                                          "multicol",
                                          "munder",
                                          "munderover",
                                          "nextid",
                                          "nobr",
                                          "noembed",
                                          "noframes",
                                          "noscript",
                                          "output",
                                          "param",
                                          "picture",
                                          "plaintext",
                                          "progress",
                                          "q",
                                          "rb",
                                          "rp",
                                          "rt",
                                          "rtc",
                                          "ruby",
                                          "samp",
                                          "selectedcontent",
                                          "semantics",
                                          "slot",
                                          "spacer",
                                          "span",
                                          "strong",
                                          "textarea",
                                          "time",
                                          "track",
                                          "tt",
                                          "u",
                                          "var",
                                          "wbr",
                                          "xmp"};

/* As strcmp of the name in lower case with an element's. */
static int compare_name(news_str name, const char *with)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char a = (unsigned char)news_to_lower(name.ptr[i]), b = (unsigned char)with[i];
        if (a != b || b == '\0')
            return a < b ? -1 : 1;
    }
    return with[name.len] == '\0' ? 0 : -1;
}

/* Where a name stands among `count` sorted ones that are `stride` bytes apart; `count` if nowhere.
 */
static size_t find_name(news_str name, const char *first, size_t stride, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_name(name, first + middle * stride);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return count;
}

/* A custom element's name has a hyphen; what word processors add has a prefix, as <o:p>. */
static bool is_foreign_element(news_str name)
{
    size_t colon = news_str_find(name, NEWS_STR(":"), 0);
    bool has_prefix = colon < name.len && news_str_find(name, NEWS_STR("::"), colon) >= name.len;
    return has_prefix || news_str_find(name, NEWS_STR("-"), 0) < name.len;
}

news_html_policy news_html_policy_of(news_str tag_name)
{
    size_t count = NEWS_ARRAY_LENGTH(elements);
    size_t found = find_name(tag_name, elements[0].name, sizeof elements[0], count);
    if (found != count)
        return (news_html_policy)elements[found].policy;
    count = NEWS_ARRAY_LENGTH(plain_elements);
    found = find_name(tag_name, plain_elements[0], sizeof plain_elements[0], count);
    return found != count || is_foreign_element(tag_name) ? NEWS_HTML_DROP_TAG
                                                          : NEWS_HTML_NO_ELEMENT;
}
