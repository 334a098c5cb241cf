/* Rules about links: what they say, and whether that fits where they lead. */
#include "api/check.h"
#include "text/text.h"

/* ---- Small questions ---- */

static bool is_plain_http(news_str url)
{
    return news_uri_scheme_is(url, NEWS_STR("http"));
}

/* What two addresses have in common that lead to one page: all but the scheme of the web, "www."
 * and a slash at the end. */
static news_str bare_address(news_str url)
{
    url = news_str_trim(url);
    if (is_plain_http(url) || news_uri_scheme_is(url, NEWS_STR("https"))) {
        size_t at = news_str_find(url, NEWS_STR("://"), 0);
        url = news_str_skip(url, at != SIZE_MAX ? at + 3 : 0);
        if (news_str_starts(url, NEWS_STR("www.")))
            url = news_str_skip(url, 4);
    }
    while (url.ptr != NULL && url.len != 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

/* Whether a line number says where something is: in the issue's file, as it was written there. */
static bool is_in_issue(const news_checker *checker, const news_node *node)
{
    return checker->source.ptr == checker->report->name.ptr && node->line != 0;
}

/* Appends a text for comparison: letters and digits of ASCII in lower case, white space as one
 * space, and nothing at either end that is no part of a word. */
static bool append_folded(news_buf *buf, news_str text)
{
    size_t kept = buf->len;
    bool space = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t from = at;
        at += news_utf8_decode(text, at, &c);
        if (c == 0xA0 || (c < 0x80 && news_is_space((char)c))) {
            space = true;
            continue;
        }
        if (kept == buf->len && !news_is_word_character(c))
            continue;
        if (space && kept != buf->len)
            news_buf_append_char(buf, ' ');
        space = false;
        if (c < 0x80)
            news_buf_append_char(buf, news_to_lower((char)c));
        else
            news_buf_append(buf, text.ptr + from, at - from);
    }
    for (;;) { /* the punctuation at the end */
        uint32_t c;
        if (buf->len == kept)
            break;
        size_t last = news_utf8_before(news_buf_str(buf), buf->len, &c);
        if (news_is_word_character(c))
            break;
        buf->len = last;
    }
    return buf->status == NEWS_OK;
}

/* ---- anchor-missing ---- */

static bool append_decoded(news_buf *buf, news_str s)
{
    for (size_t i = 0; s.ptr != NULL && i < s.len; i++) {
        unsigned char byte;
        bool escape = news_uri_escape_at(s, i, &byte);
        news_buf_append_char(buf, escape ? (char)byte : s.ptr[i]);
        i += escape ? 2 : 0;
    }
    return buf->status == NEWS_OK;
}

static news_str id_at(void *ud, size_t i)
{
    const news_checker *checker = ud;
    return checker->id_list[i];
}

bool news_check_anchor_missing(news_checker *checker, const news_node *node)
{
    if (node->number != NEWS_LINK_SECTION || node->a.len < 2)
        return true;
    news_buf *id = &checker->scratch;
    news_buf_clear(id);
    if (!append_decoded(id, news_str_skip(node->a, 1)))
        return false;
    /* Browsers know "#top" without being told. */
    if (news_str_equal_nocase(news_buf_str(id), NEWS_STR("top")) ||
        news_strmap_get(&checker->ids, news_buf_str(id)) != NULL)
        return true;
    enum { MOST_IDS = 1000 };
    size_t ids = checker->id_count < MOST_IDS ? checker->id_count : MOST_IDS;
    ptrdiff_t nearest =
        news_checker_may_guess(checker) ? news_nearest(news_buf_str(id), ids, id_at, checker) : -1;
    const news_shown shown = news_show(node->a);
    if (nearest < 0)
        return news_checker_find(checker, node->line, node->column,
                                 "nothing in this issue has the id that \"%s\" leads to",
                                 shown.text);
    return news_checker_find(checker, node->line, node->column,
                             "nothing in this issue has the id that \"%s\" leads to; did you mean "
                             "\"#%s\"?",
                             shown.text, news_show(checker->id_list[nearest]).text);
}

/* ---- item-repeated, link-ambiguous ---- */

/* Once more in one list or section, with the same title: elsewhere it may be meant. */
bool news_check_item_repeated(news_checker *checker, const news_node *node)
{
    const news_item *item = node->extra;
    const news_node *parent = news_checker_ancestor(checker, 0);
    news_buf *text = &checker->scratch;
    news_buf_clear(text);
    news_buf_append_str(text, bare_address(item->link->a));
    news_buf_append_char(text, '\n');
    if (!append_folded(text, item->title))
        return false;
    news_seen *seen = news_checker_seen(checker, &checker->items);
    if (seen == NULL)
        return false;
    const uint32_t line = seen->line;
    const bool again = line != 0 && seen->parent == parent;
    *seen = (news_seen){NEWS_STR_NONE, parent, node->line};
    return !again || !is_in_issue(checker, node) ||
           news_checker_find(checker, node->line, node->column,
                             "the item \"%s\" is in line %u already, with the same address",
                             news_show(item->title).text, (unsigned)line);
}

/* Whether two addresses are one but for their numbers, as those of a series are. */
static bool are_of_series(news_str a, news_str b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a.len && news_is_digit(a.ptr[i]))
            i++;
        while (j < b.len && news_is_digit(b.ptr[j]))
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.ptr[i++] != b.ptr[j++])
            return false;
    }
}

/* Only long texts: "a pull request" may lead to another one each time, a title may not. */
bool news_check_link_ambiguous(news_checker *checker, const news_node *node)
{
    enum { TELLING = 25 };
    news_buf *text = &checker->scratch;
    news_buf_clear(text);
    if (!append_folded(text, node->b))
        return false;
    if (!is_in_issue(checker, node) || news_columns(news_buf_str(text)) < TELLING)
        return true;
    news_seen *seen = news_checker_seen(checker, &checker->texts);
    if (seen == NULL)
        return false;
    if (seen->line == 0)
        *seen = (news_seen){bare_address(node->a), NULL, node->line};
    if (are_of_series(seen->address, bare_address(node->a)))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "\"%s\" leads to another address here than in line %u",
                             news_show(news_str_trim(node->b)).text, (unsigned)seen->line);
}

/* ---- link-empty-text, link-text ---- */

static bool is_visible(news_str text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        at += news_utf8_decode(text, at, &c);
        bool space = c < 0x80 ? news_is_space((char)c)
                              : c == 0xA0 || c == 0xAD || c == 0x3000 ||
                                    (c >= 0x2000 && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
        if (!space)
            return true;
    }
    return false;
}

/* Whether something among what a link holds shows though it is no text. */
static bool holds_more_than_text(const news_node *link)
{
    size_t depth = 0;
    const news_node *node = link->first_child;
    while (node != NULL) {
        if (node->kind == NEWS_KIND_IMAGE || node->kind == NEWS_KIND_FIELD ||
            node->kind == NEWS_KIND_NOTE_REF)
            return true;
        if (node->first_child != NULL) {
            node = node->first_child;
            depth++;
            continue;
        }
        while (node->next == NULL && depth != 0) {
            node = node->parent;
            depth--;
        }
        node = node->next;
    }
    return false;
}

bool news_check_link_empty_text(news_checker *checker, const news_node *node)
{
    if (is_visible(node->b) || holds_more_than_text(node))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the link to \"%s\" shows nothing that could be followed",
                             news_show(node->a).text);
}

bool news_check_link_text(news_checker *checker, const news_node *node)
{
    /* What says nothing once it is taken out of its sentence, by language. */
    /* clang-format off */
    static const char *const idle[] = {
        "here", "click here", "click", "right here", "over here", "see here", "read here",
        "check it out here", "this", "this link", "this one", "this page", "link", "the link",
        "links", "read more", "more", "learn more", "find out more", "more info", "read it here",
        "go here", "url", "website link",
        /* German, Dutch */
        "hier", "hier klicken", "klick hier", "klicken sie hier", "mehr", "mehr lesen",
        "weiterlesen", "mehr erfahren", "klik hier", "lees meer", "lees verder", "meer",
        /* French */
        "ici", "cliquez ici", "cliquer ici", "lire la suite", "en savoir plus", "lien", "ce lien",
        "plus",
        /* Spanish, Portuguese, Italian, Catalan */
        "aqu\xC3\xAD", "haz clic aqu\xC3\xAD", "clic aqu\xC3\xAD", "leer m\xC3\xA1s", "m\xC3\xA1s",
        "enlace", "aqui", "clique aqui", "leia mais", "saiba mais", "mais", "qui", "clicca qui",
        "leggi", "leggi tutto", "continua a leggere", "aqu\xC3\xAD mismo",
        /* Swedish, Danish, Norwegian, Polish, Czech */
        "h\xC3\xA4r", "klicka h\xC3\xA4r", "l\xC3\xA4s mer", "her", "klik her", "klikk her",
        "l\xC3\xA6s mere", "les mer", "tutaj", "tu", "kliknij tutaj", "wi\304\231cej", "zde",
    };
    /* clang-format on */
    news_buf *text = &checker->scratch;
    news_buf_clear(text);
    if (!append_folded(text, node->b))
        return false;
    if (holds_more_than_text(node) ||
        !news_check_is_one_of(news_buf_str(text), idle, NEWS_ARRAY_LENGTH(idle)))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the link text \"%s\" does not say where it leads",
                             news_show(news_str_trim(node->b)).text);
}
