/* The editions there are: four that are built in, those of news.yaml and those of an issue's front
 * matter. Here they are read and their bases checked; what an edition is made of is in edition.c.
 */
#include "source/front_matter.h"

enum { LONGEST_NAME = 31, MOST_EDITIONS = 64, MOST_TAGS = 64 };

/* Makes room for more. */
static bool grow(news_issue *issue, news_edition **editions, size_t *count, size_t more)
{
    news_edition *grown = news_arena_calloc(&issue->arena, (*count + more) * sizeof *grown);
    if (grown == NULL)
        return false;
    if (*count != 0)
        memcpy(grown, *editions, *count * sizeof *grown);
    *editions = grown;
    return true;
}

/* Puts an edition in its place among those there are; there is room for one more. One that is
 * defined anew keeps what the new definition does not give. */
static void put(news_edition *editions, size_t *count, news_edition edition)
{
    const news_edition *before = news_edition_find(editions, *count, edition.name);
    if (before != NULL) {
        if (edition.base.len == 0)
            edition.base = before->base;
        if (edition.tag_count == 0) {
            edition.tags = before->tags;
            edition.tag_count = before->tag_count;
        }
        edition.until_more |= before->until_more;
    }
    editions[before != NULL ? (size_t)(before - editions) : (*count)++] = edition;
}

bool news_editions_defaults(news_issue *issue, news_edition **editions, size_t *count)
{
    *editions = NULL;
    *count = 0;
    if (!grow(issue, editions, count, 4))
        return false;
    put(*editions, count, (news_edition){.name = NEWS_STR("web")});
    put(*editions, count, (news_edition){.name = NEWS_STR("email")});
    put(*editions, count, (news_edition){.name = NEWS_STR("text"), .base = NEWS_STR("email")});
    put(*editions, count, (news_edition){.name = NEWS_STR("gemini")});
    return true;
}

bool news_editions_inherit(news_issue *issue, const news_publication *publication,
                           news_edition **editions, size_t *count)
{
    if (publication == NULL || publication->edition_count == 0)
        return true;
    if (!grow(issue, editions, count, publication->edition_count))
        return false;
    for (size_t i = 0; i < publication->edition_count; i++) {
        news_edition edition = publication->editions[i];
        edition.line = edition.column = 0;
        put(*editions, count, edition);
    }
    return true;
}

/* ---- Reading ---- */

typedef struct {
    news_issue *issue;
    news_edition edition;
    char name[LONGEST_NAME + 1]; /* for messages */
} reader;

static bool is_name(news_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !news_is_digit(c) && c != '_' && c != '-')
            return false;
    }
    return name.len != 0 && name.len <= LONGEST_NAME;
}

/* Reports what cannot be used as what `key` of the edition wants. */
static bool refuse(const reader *r, const news_node *at, const char *key, const char *expected)
{
    return news_issue_find(r->issue, NEWS_ERROR, "edition-value", at->line, at->column,
                           "\"%s\" of edition \"%s\" must be %s", key, r->name, expected);
}

static bool read_base(reader *r, const news_node *value)
{
    if (value->kind != NEWS_KIND_SCALAR)
        return refuse(r, value, "base", "the name of another edition");
    news_str base = news_str_trim(value->b);
    if (base.len == 0)
        return true;
    r->edition.line = value->line;
    r->edition.column = value->column;
    return news_arena_copy(&r->issue->arena, base, &r->edition.base);
}

static bool read_tags(reader *r, const news_node *value)
{
    news_node *list;
    const news_node *bad;
    if (!news_front_matter_texts(r->issue, value, true, &list, &bad))
        return false;
    if (bad != NULL)
        return refuse(r, bad, "tags", "a list of words");
    if (list == NULL)
        return true;
    size_t count = news_nodes_count(&(news_nodes){.first = list->first_child});
    if (count > MOST_TAGS)
        return refuse(r, list, "tags", "at most 64 words");
    r->edition.tags = news_arena_alloc(&r->issue->arena, count * sizeof *r->edition.tags);
    if (r->edition.tags == NULL)
        return false;
    for (const news_node *tag = list->first_child; tag != NULL; tag = tag->next) {
        /* Directives name tags between spaces. */
        if (news_holds_space(tag->b)
                ? !refuse(r, tag, "tags", "single words, with commas between them")
                : !news_arena_copy(&r->issue->arena, tag->b,
                                   &r->edition.tags[r->edition.tag_count++]))
            return false;
    }
    return true;
}

static bool read_until(reader *r, const news_node *value)
{
    if (value->kind != NEWS_KIND_SCALAR ||
        !news_str_equal(news_str_trim(value->b), NEWS_STR("more")))
        return refuse(r, value, "until", "\"more\", for the line <!-- more -->");
    r->edition.until_more = true;
    return true;
}

static const struct {
    const char *key;
    bool (*read)(reader *r, const news_node *value);
} keys[] = {{"base", read_base}, {"tags", read_tags}, {"until", read_until}};

static news_str key_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(keys[i].key);
}

static bool warn_unknown(const reader *r, const news_node *value)
{
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    ptrdiff_t near = news_nearest(value->a, NEWS_ARRAY_LENGTH(keys), key_at, NULL);
    if (near >= 0)
        return news_issue_find(r->issue, NEWS_WARNING, "edition-unknown-key", value->line,
                               value->column,
                               "unknown key \"%s\" of edition \"%s\"; did you mean \"%s\"?", key,
                               r->name, keys[near].key);
    return news_issue_find(r->issue, NEWS_WARNING, "edition-unknown-key", value->line,
                           value->column,
                           "unknown key \"%s\" of edition \"%s\"; there are \"base\", \"tags\" and "
                           "\"until\"",
                           key, r->name);
}

static bool read_key(reader *r, const news_node *value)
{
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(keys); i++)
        if (news_str_equal(value->a, news_str_from(keys[i].key)))
            return keys[i].read(r, value);
    return warn_unknown(r, value);
}

static bool refuse_name(news_issue *issue, const news_node *value)
{
    char name[64];
    news_error_copy(name, sizeof name, value->a, false);
    return news_issue_find(issue, NEWS_ERROR, "edition-value", value->line, value->column,
                           "\"%s\" cannot name an edition; use small letters a to z, digits, \"-\" "
                           "and \"_\", at most %d",
                           name, (int)LONGEST_NAME);
}

/* Reads one definition; there is room for the edition. */
static bool read_edition(news_issue *issue, const news_node *value, news_edition *editions,
                         size_t *count)
{
    if (!is_name(value->a))
        return refuse_name(issue, value);
    reader r = {.issue = issue, .edition = {.line = value->line, .column = value->column}};
    news_error_copy(r.name, sizeof r.name, value->a, false);
    if (value->kind != NEWS_KIND_MAPPING)
        return news_issue_find(issue, NEWS_ERROR, "edition-value", value->line, value->column,
                               "edition \"%s\" must have its base, its tags or \"until: more\" "
                               "below it, or nothing",
                               r.name);
    if (!news_arena_copy(&issue->arena, value->a, &r.edition.name))
        return false;
    for (const news_node *child = value->first_child; child != NULL; child = child->next)
        if (!read_key(&r, child))
            return false;
    put(editions, count, r.edition);
    return true;
}

bool news_editions_read(news_issue *issue, const news_node *mapping, news_edition **editions,
                        size_t *count)
{
    if (mapping->kind != NEWS_KIND_MAPPING)
        return news_issue_find(issue, NEWS_ERROR, "edition-value", mapping->line, mapping->column,
                               "\"editions\" must have the name of each edition below it, as in "
                               "\"teaser: {base: web, until: more}\"");
    size_t more = news_nodes_count(&(news_nodes){.first = mapping->first_child});
    if (more == 0)
        return true;
    if (more > MOST_EDITIONS)
        return news_issue_find(issue, NEWS_ERROR, "edition-value", mapping->line, mapping->column,
                               "these are %zu editions, more than %d", more, (int)MOST_EDITIONS);
    if (!grow(issue, editions, count, more))
        return false;
    for (const news_node *value = mapping->first_child; value != NULL; value = value->next)
        if (!read_edition(issue, value, *editions, count))
            return false;
    return true;
}

/* ---- Bases ---- */

typedef struct {
    const news_edition *editions, *but; /* all of them but this one */
} candidates;

static news_str name_at(void *ud, size_t i)
{
    const candidates *c = ud;
    return &c->editions[i] != c->but ? c->editions[i].name : NEWS_STR_NONE;
}

static bool report_unknown_base(news_issue *issue, const news_edition *edition,
                                const news_edition *editions, size_t count)
{
    char base[64];
    news_error_copy(base, sizeof base, edition->base, false);
    candidates all = {editions, edition};
    ptrdiff_t near = news_nearest(edition->base, count, name_at, &all);
    if (near >= 0)
        return news_issue_find(issue, NEWS_ERROR, "edition-base", edition->line, edition->column,
                               "edition \"%s\" is based on \"%s\", which is no edition; did you "
                               "mean \"%s\"?",
                               edition->name.ptr, base, editions[near].name.ptr);
    return news_issue_find(issue, NEWS_ERROR, "edition-base", edition->line, edition->column,
                           "edition \"%s\" is based on \"%s\", which is no edition",
                           edition->name.ptr, base);
}

static bool report_circle(news_issue *issue, const news_edition *edition)
{
    if (news_str_equal(edition->base, edition->name))
        return news_issue_find(issue, NEWS_ERROR, "edition-base", edition->line, edition->column,
                               "edition \"%s\" is based on itself", edition->name.ptr);
    return news_issue_find(issue, NEWS_ERROR, "edition-base", edition->line, edition->column,
                           "edition \"%s\" is based on itself, by way of \"%s\"", edition->name.ptr,
                           edition->base.ptr);
}

/* Whether going from base to base leads back to where it began. */
static bool is_in_circle(const news_edition *edition, const news_edition *editions, size_t count)
{
    const news_edition *at = edition;
    for (size_t steps = 0; steps < count; steps++) {
        at = at->base.len != 0 ? news_edition_find(editions, count, at->base) : NULL;
        if (at == NULL || at == edition)
            break;
    }
    return at == edition;
}

bool news_editions_check(news_issue *issue, news_edition *editions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        news_edition *edition = &editions[i];
        if (edition->line == 0 || edition->base.len == 0)
            continue;
        bool known = news_edition_find(editions, count, edition->base) != NULL;
        if (known && !is_in_circle(edition, editions, count))
            continue;
        if (known ? !report_circle(issue, edition)
                  : !report_unknown_base(issue, edition, editions, count))
            return false;
        edition->base = NEWS_STR_NONE;
    }
    return true;
}
