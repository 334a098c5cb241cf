/* Links to other issues, written as the path of the other's file: they lead to where that issue is
 * to be found, on the web or in Gemini. */
#include <stdio.h>

#include "source/parse.h"

static bool has_extension(news_str path, news_str extension)
{
    return path.len > extension.len &&
           news_str_equal_nocase(news_str_skip(path, path.len - extension.len), extension);
}

/* A relative path to a Markdown file, perhaps with an anchor. */
bool news_is_issue_file(const news_node *link)
{
    news_str path = link->a;
    if (link->number != NEWS_LINK_ISSUE || path.len == 0 || path.ptr[0] == '/' ||
        (link->flags & NEWS_NODE_FIELDS) != 0 || memchr(path.ptr, '\\', path.len) != NULL)
        return false;
    const char *anchor = memchr(path.ptr, '#', path.len);
    if (anchor != NULL)
        path.len = (size_t)(anchor - path.ptr);
    return has_extension(path, NEWS_STR(".md")) || has_extension(path, NEWS_STR(".markdown"));
}

/* The address as it was written is needed no more once there is another. */
static bool set_addresses(news_build *build, news_node *link, news_str web, news_str gemini)
{
    news_link *details = link->extra;
    if (details == NULL && gemini.len != 0) {
        link->extra = details = news_arena_calloc(&build->issue->arena, sizeof *details);
        if (details == NULL)
            return news_build_nomem(build);
    }
    if (details != NULL)
        details->gemini = gemini;
    if (web.len != 0)
        link->a = web;
    return true;
}

static news_str anchor_of(news_str written)
{
    size_t at = news_str_find(written, NEWS_STR("#"), 0);
    return at != SIZE_MAX ? news_str_skip(written, at) : NEWS_STR_NONE;
}

/* The address with the anchor of another link to the same file. */
static bool change_anchor(news_build *build, news_str *address, news_str from, news_str to)
{
    if (from.len != 0 && address->len > from.len &&
        news_str_equal(news_str_skip(*address, address->len - from.len), from))
        address->len -= from.len;
    return news_address_append_anchor(build->issue, to, address) || news_build_nomem(build);
}

bool news_link_resolve_as(news_build *build, news_node *link, const news_node *same,
                          news_str written)
{
    const news_link *details = same->extra;
    news_str web = same->a, gemini = details != NULL ? details->gemini : NEWS_STR_NONE;
    news_str from = anchor_of(written), to = anchor_of(link->a);
    if (!news_str_equal(from, to) &&
        (!change_anchor(build, &web, from, to) || !change_anchor(build, &gemini, from, to)))
        return false;
    return set_addresses(build, link, web, gemini);
}

static const char *what_lacks(const news_publication *publication)
{
    if (publication == NULL)
        return "there is no news.yaml";
    if (publication->url.len == 0)
        return "news.yaml gives no url";
    if (publication->issue_path.len == 0)
        return "news.yaml gives no issue_path";
    return "that issue lacks what issue_path is made of";
}

/* The other issue is at fault, but the link is what can be mended here. */
static bool report_unreadable(news_build *build, const news_node *link, const char *shown)
{
    news_error *error = build->error;
    char why[200] = "it is no text in UTF-8, or too large", where[48] = "";
    if (error != NULL) {
        news_error_copy(why, sizeof why, news_str_from(error->message), false);
        if (error->line != 0)
            (void)snprintf(where, sizeof where, " (line %u, column %u)", (unsigned)error->line,
                           (unsigned)error->column);
        *error = (news_error)NEWS_ERROR_INIT;
    }
    build->status = NEWS_OK;
    return news_build_error(build, "issue-missing", news_place_of(link),
                            "the file \"%s\" cannot be read: %s%s", shown, why, where);
}

bool news_link_resolve(news_build *build, news_node *link)
{
    news_str web = NEWS_STR_NONE, gemini = NEWS_STR_NONE;
    bool missing = false;
    char shown[64];
    if (build->options->loader.load == NULL)
        return true;
    news_error_copy(shown, sizeof shown, link->a, false);
    build->status = news_resolve_issue(build->issue, link->a, &web, &gemini, &missing,
                                       build->options, build->error);
    if (build->status == NEWS_ERR_ENCODING || build->status == NEWS_ERR_LIMIT)
        return report_unreadable(build, link, shown);
    if (build->status != NEWS_OK)
        return false;
    if (missing)
        return news_build_error(build, "issue-missing", news_place_of(link),
                                "there is no file \"%s\"", shown);
    if (web.len == 0 && !news_build_warn(build, "issue-address", news_place_of(link),
                                         "the link stays as it is written, for it is not known "
                                         "where \"%s\" is to be found: %s",
                                         shown, what_lacks(build->issue->publication)))
        return false;
    return set_addresses(build, link, web, gemini);
}
