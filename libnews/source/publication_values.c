/* The values of news.yaml that are single texts: words, addresses, the pattern of issues' paths.
 * What cannot be used is an error at its place. */
#include "source/front_matter.h"
#include "source/publication_keys.h"
#include "text/text.h"

static bool is_one_of(news_str word, const char *a, const char *b)
{
    return news_str_equal_nocase(word, news_str_from(a)) ||
           news_str_equal_nocase(word, news_str_from(b));
}

bool news_publication_refuse(news_publication *publication, news_str key, const news_node *at,
                             const char *expected)
{
    char name[64];
    news_error_copy(name, sizeof name, key, false);
    return news_issue_find(publication->data, NEWS_ERROR, "publication-value", at->line, at->column,
                           "\"%s\" must be %s", name, expected);
}

/* The same, with the text that was given. */
static bool refuse_text(news_publication *publication, const news_node *value, news_str given,
                        const char *expected)
{
    char key[64], text[64];
    news_error_copy(key, sizeof key, value->a, false);
    news_error_copy(text, sizeof text, given, false);
    return news_issue_find(publication->data, NEWS_ERROR, "publication-value", value->line,
                           value->column, "\"%s\" must be %s, not \"%s\"", key, expected, text);
}

bool news_publication_refuse_non_text(news_publication *publication, const news_node *value)
{
    return news_publication_refuse(
        publication, value->a, value,
        value->kind == NEWS_KIND_MAPPING
            ? "a single text; one that begins with \"{\" must be put in quotes"
            : "a single text; one that begins with \"[\" must be put in quotes");
}

/* Reads a value as a text on one line. *line is empty when there is nothing more to do with it: it
 * is empty or was refused. False when memory is short. */
static bool read_text(news_publication *publication, const news_node *value, news_str *line)
{
    *line = NEWS_STR_NONE;
    if (value->kind != NEWS_KIND_SCALAR)
        return news_publication_refuse_non_text(publication, value);
    return news_front_matter_fold(publication->data, value->b, line);
}

/* Words that readers see: no field is filled in them. */
bool news_publication_read_line(news_publication *publication, void *field, news_node *value)
{
    news_str line;
    if (!read_text(publication, value, &line))
        return false;
    if (news_str_find(line, NEWS_STR("{{"), 0) != SIZE_MAX) {
        char key[64];
        news_error_copy(key, sizeof key, value->a, false);
        return news_issue_find(publication->data, NEWS_ERROR, "field-syntax", value->line,
                               value->column, "merge fields are not filled in \"%s\"", key);
    }
    *(news_str *)field = line;
    return true;
}

/* ---- Addresses ---- */

bool news_publication_read_url(news_publication *publication, void *field, news_node *value)
{
    news_str url;
    if (!read_text(publication, value, &url))
        return false;
    if (url.len == 0)
        return true;
    if (news_uri_web(url) == 0 || news_holds_space(url) || news_uri_host(url).len == 0)
        return refuse_text(publication, value, url,
                           "the whole address of the site, such as https://example.org/");
    *(news_str *)field = url;
    return true;
}

bool news_publication_read_gemini(news_publication *publication, void *field, news_node *value)
{
    news_str url;
    if (!read_text(publication, value, &url))
        return false;
    if (url.len == 0)
        return true;
    if (!news_str_starts(url, NEWS_STR("gemini://")) || news_holds_space(url) ||
        news_uri_host(url).len == 0)
        return refuse_text(publication, value, url,
                           "the whole address of the capsule, such as gemini://example.org/");
    *(news_str *)field = url;
    return true;
}

/* Whether something stands for a name in a pattern: what news_issue_address() puts in. */
static bool is_pattern_name(news_str name)
{
    static const char *const names[] = {"slug", "number", "date", "year", "month", "day"};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(names); i++)
        if (news_str_equal(name, news_str_from(names[i])))
            return true;
    return false;
}

/* The first part of a pattern that stands for nothing, from its brace on; empty when all is well.
 */
static news_str find_bad_name(news_str pattern)
{
    size_t open = news_str_find(pattern, NEWS_STR("{"), 0);
    while (open != SIZE_MAX) {
        size_t close = news_str_find(pattern, NEWS_STR("}"), open);
        if (close == SIZE_MAX)
            return news_str_skip(pattern, open);
        if (!is_pattern_name(news_str_of(pattern.ptr + open + 1, close - open - 1)))
            return news_str_of(pattern.ptr + open, close - open + 1);
        open = news_str_find(pattern, NEWS_STR("{"), close);
    }
    return NEWS_STR_NONE;
}

bool news_publication_read_issue_path(news_publication *publication, void *field, news_node *value)
{
    news_str pattern;
    if (!read_text(publication, value, &pattern))
        return false;
    if (pattern.len == 0)
        return true;
    if (news_uri_has_scheme(pattern))
        return refuse_text(publication, value, pattern, "a path below \"url\", such as \"{slug}\"");
    news_str bad = find_bad_name(pattern);
    if (bad.len != 0) {
        char name[64];
        news_error_copy(name, sizeof name, bad, false);
        return news_issue_find(publication->data, NEWS_ERROR, "publication-value", value->line,
                               value->column,
                               "\"issue_path\" holds \"%s\"; there are {slug}, {number}, {date}, "
                               "{year}, {month} and {day}",
                               name);
    }
    *(news_str *)field = pattern;
    return true;
}

/* ---- Words ---- */

bool news_publication_read_lang(news_publication *publication, void *field, news_node *value)
{
    news_str lang;
    if (!read_text(publication, value, &lang))
        return false;
    if (lang.len != 0 && !news_is_language_tag(lang))
        return refuse_text(publication, value, lang, "a language tag such as en or pt-BR");
    *(news_str *)field = lang;
    return true;
}

bool news_publication_read_dir(news_publication *publication, void *field, news_node *value)
{
    news_str dir;
    if (!read_text(publication, value, &dir))
        return false;
    if (dir.len != 0 && !is_one_of(dir, "ltr", "rtl"))
        return refuse_text(publication, value, dir, "ltr or rtl");
    if (dir.len != 0)
        *(news_str *)field = news_to_lower(dir.ptr[0]) == 'l' ? NEWS_STR("ltr") : NEWS_STR("rtl");
    return true;
}

bool news_publication_read_toc(news_publication *publication, void *field, news_node *value)
{
    news_str word;
    if (!read_text(publication, value, &word))
        return false;
    if (word.len == 0)
        return true;
    if (!news_str_answers(word, field))
        return refuse_text(publication, value, word, "true or false");
    publication->has_toc = true;
    return true;
}

bool news_publication_read_html(news_publication *publication, void *field, news_node *value)
{
    news_str word;
    if (!read_text(publication, value, &word))
        return false;
    if (word.len != 0 && !news_str_equal_nocase(word, NEWS_STR("allow")))
        return refuse_text(publication, value, word, "allow, or left out");
    *(bool *)field = word.len != 0;
    return true;
}
