/* Rules about addresses, of links and of images: whether readers can follow them, and whether they
 * should. */
#include "api/check.h"
#include "text/text.h"

bool news_check_is_one_of(news_str s, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (news_str_equal_nocase(s, news_str_from(names[i])))
            return true;
    return false;
}

static bool ends_with(news_str s, news_str tail)
{
    return s.len >= tail.len && news_str_equal_nocase(news_str_skip(s, s.len - tail.len), tail);
}

static bool is_plain_http(news_str url)
{
    return news_uri_scheme_is(url, NEWS_STR("http"));
}

/* What such an address will be is not known here. */
static bool begins_with_field(const news_node *node)
{
    return (node->flags & NEWS_NODE_FIELDS) != 0 && news_str_starts(node->a, NEWS_STR("{{"));
}

static const char *noun(const news_node *node)
{
    return node->kind == NEWS_KIND_IMAGE ? "image" : "link";
}

/* On a computer or a network of the writer's own. */
static bool is_local_host(news_str host)
{
    static const char *const names[] = {"localhost", "0.0.0.0", "[::1]"};
    static const char *const tails[] = {".localhost", ".local", ".internal", ".lan"};
    static const char *const heads[] = {"127.", "192.168.", "10."};
    bool numeric = host.len != 0;
    for (size_t i = 0; i < host.len; i++)
        numeric = numeric && (news_is_digit(host.ptr[i]) || host.ptr[i] == '.');
    for (size_t i = 0; numeric && i < NEWS_ARRAY_LENGTH(heads); i++)
        if (news_str_starts(host, news_str_from(heads[i])))
            return true;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(tails); i++)
        if (ends_with(host, news_str_from(tails[i])))
            return true;
    return news_check_is_one_of(host, names, NEWS_ARRAY_LENGTH(names));
}

bool news_check_link_local(news_checker *checker, const news_node *node)
{
    if (!is_local_host(news_uri_host(node->a)))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the address \"%s\" is of your own computer or network; no reader can "
                             "follow it",
                             news_show(node->a).text);
}

bool news_check_link_http(news_checker *checker, const news_node *node)
{
    enum { ENOUGH = 10, IN_TEN = 9 };
    const news_str host = news_uri_host(node->a);
    if (!is_plain_http(node->a) || checker->web_links < ENOUGH ||
        checker->secure_links * 10 < checker->web_links * IN_TEN ||
        ends_with(host, NEWS_STR(".onion")) || is_local_host(host))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "\"%s\" is http where nearly all links are https",
                             news_show(node->a).text);
}

bool news_check_link_nowhere(news_checker *checker, const news_node *node)
{
    if (!news_str_equal(node->a, NEWS_STR("#")))
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the link \"%s\" leads nowhere: its address is \"#\"",
                             news_show(news_str_trim(node->b)).text);
}

bool news_check_attaches_images(const news_publication *publication)
{
    const news_node *attach = publication != NULL
                                  ? news_mapping_get(publication->email, NEWS_STR("attach_images"))
                                  : NULL;
    bool yes = false;
    return attach != NULL && news_str_answers(attach->b, &yes) && yes;
}

bool news_check_link_relative(news_checker *checker, const news_node *node)
{
    static const char *const said[] = {"issue-missing", "issue-address", "edition-address"};
    if (node->a.len == 0 || node->a.ptr[0] == '#' || news_uri_has_scheme(node->a) ||
        begins_with_field(node) ||
        (node->kind == NEWS_KIND_IMAGE && node->a.ptr[0] != '/' &&
         news_check_attaches_images(checker->whole->publication)))
        return true;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(said); i++) {
        bool has;
        if (!news_checker_has(checker, said[i], node->line, node->column, &has))
            return false;
        if (has)
            return true;
    }
    return news_checker_find(
        checker, node->line, node->column,
        "the address \"%s\" of this %s is relative; it leads nowhere from mail",
        news_show(node->a).text, noun(node));
}

/* For publications that go out as mail. */
bool news_check_image_format(news_checker *checker, const news_node *node)
{
    static const char *const endings[] = {".svg", ".webp", ".avif"};
    const news_publication *publication = checker->whole->publication;
    news_str path = node->a;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '?' || path.ptr[i] == '#')
            path.len = i;
    if (publication == NULL || publication->email == NULL)
        return true;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(endings); i++)
        if (ends_with(path, news_str_from(endings[i])))
            return news_checker_find(checker, node->line, node->column,
                                     "many mail programs do not show the image \"%s\", for they "
                                     "do not know %s",
                                     news_show(node->a).text, endings[i]);
    return true;
}

bool news_check_link_shortener(news_checker *checker, const news_node *node)
{
    /* clang-format off */
    static const char *const hosts[] = {
        "adf.ly", "bit.do", "bit.ly", "bitly.com", "bl.ink", "buff.ly", "cutt.ly", "db.tt",
        "dlvr.it", "fb.me", "goo.gl", "hubs.la", "hubs.ly", "ht.ly", "ift.tt", "is.gd", "j.mp",
        "kutt.it", "lnkd.in", "ow.ly", "po.st", "rb.gy", "rebrand.ly", "s.id", "shorturl.at",
        "snip.ly", "soo.gd", "spr.ly", "t.co", "t.ly", "tiny.cc", "tiny.one", "tinyurl.com",
        "tr.im", "trib.al", "u.to", "urlz.fr", "v.gd", "zpr.io",
    };
    /* clang-format on */
    if (!news_check_is_one_of(news_uri_host(node->a), hosts, NEWS_ARRAY_LENGTH(hosts)))
        return true;
    return news_checker_find(checker, node->line, node->column, "\"%s\" is a shortened address",
                             news_show(node->a).text);
}

/* ---- link-tracking ---- */

/* Parameters that tell one reader, mailing or click from another. Those of a campaign (utm_…) may
 * be meant. */
static bool is_tracking(news_str name)
{
    /* clang-format off */
    static const char *const names[] = {
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid",
        "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc",
        "__hstc", "vero_id", "oly_enc_id", "oly_anon_id", "ck_subscriber_id", "wickedid", "s_cid",
        "__s",
    };
    /* clang-format on */
    return news_check_is_one_of(name, names, NEWS_ARRAY_LENGTH(names));
}

bool news_check_link_tracking(news_checker *checker, const news_node *node)
{
    news_str rest = node->a;
    const char *mark = rest.len != 0 ? memchr(rest.ptr, '?', rest.len) : NULL;
    if (mark == NULL)
        return true;
    rest = news_str_skip(rest, (size_t)(mark - rest.ptr) + 1);
    while (rest.len != 0) {
        size_t end = 0, equals;
        while (end < rest.len && rest.ptr[end] != '&' && rest.ptr[end] != ';' &&
               rest.ptr[end] != '#')
            end++;
        for (equals = 0; equals < end && rest.ptr[equals] != '=';)
            equals++;
        news_str name = news_str_of(rest.ptr, equals);
        if (is_tracking(name))
            return news_checker_find(checker, node->line, node->column,
                                     "this address tells on your readers: it has the parameter "
                                     "\"%s\" of somebody's tracking",
                                     news_show(name).text);
        if (end == rest.len || rest.ptr[end] == '#')
            break;
        rest = news_str_skip(rest, end + 1);
    }
    return true;
}
