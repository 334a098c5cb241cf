/* Links to other issues, written as the path of the other's file: they lead to where that issue is
 * to be found, on the web or in Gemini. */
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
        (link->flags & NEWS_NODE_FIELDS) != 0)
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

bool news_link_resolve_as(news_build *build, news_node *link, const news_node *same)
{
    const news_link *details = same->extra;
    return set_addresses(build, link, same->a, details != NULL ? details->gemini : NEWS_STR_NONE);
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
