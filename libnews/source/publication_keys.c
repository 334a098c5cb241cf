/* The keys of news.yaml: each is read in its own way into a field of the publication; an unknown
 * one goes to meta, with a warning. Lists and mappings are read here, single texts in
 * publication_values.c. */
#include <stddef.h>

#include "source/front_matter.h"
#include "source/publication_keys.h"
#include "text/text.h"

/* ---- Lists and mappings ---- */

static bool read_authors(news_publication *publication, void *field, news_node *value)
{
    const news_node *bad;
    if (!news_front_matter_texts(publication->data, value, false, field, &bad))
        return false;
    return bad == NULL ||
           news_publication_refuse(publication, value->a, bad, "a name or a list of names");
}

static bool read_mapping(news_publication *publication, void *field, news_node *value)
{
    if (value->kind != NEWS_KIND_MAPPING)
        return news_publication_refuse(publication, value->a, value,
                                       "a group of keys, each on a line below it");
    value->parent = value->next = NULL;
    *(news_node **)field = value;
    return true;
}

static news_node *first_key(const news_node *mapping)
{
    return mapping->kind == NEWS_KIND_MAPPING ? mapping->first_child : NULL;
}

static bool is_colour(news_str text)
{
    size_t digits = 1;
    while (digits < text.len && news_hex_value(text.ptr[digits]) >= 0)
        digits++;
    return (text.len == 4 || text.len == 7) && text.ptr[0] == '#' && digits == text.len;
}

/* A theme is for formats to read; of its keys the accent is what all of ours know. */
static bool read_theme(news_publication *publication, void *field, news_node *value)
{
    if (!read_mapping(publication, field, value))
        return false;
    for (news_node *key = first_key(value); key != NULL; key = key->next)
        if (news_str_equal(key->a, NEWS_STR("accent")) &&
            (key->kind != NEWS_KIND_SCALAR || !is_colour(key->b)))
            return news_publication_refuse(publication, key->a, key,
                                           "a colour in quotes, such as \"#8b1e1a\"");
    return true;
}

static bool read_recipient(news_publication *publication, void *field, news_node *value)
{
    if (!read_mapping(publication, field, value))
        return false;
    for (const news_node *key = first_key(value); key != NULL; key = key->next)
        if (key->kind != NEWS_KIND_SCALAR && !news_publication_refuse_non_text(publication, key))
            return false;
    return true;
}

typedef enum { ANY_LINE, WEB_ADDRESS, MAIL_ADDRESS, YES_OR_NO, FLOWED_OR_FIXED } email_reading;

static const struct {
    const char *key;
    email_reading reading;
} email_keys[] = {
    {"from", ANY_LINE},           {"to", ANY_LINE},
    {"reply_to", ANY_LINE},       {"list_id", ANY_LINE},
    {"unsubscribe", WEB_ADDRESS}, {"unsubscribe_mailto", MAIL_ADDRESS},
    {"one_click", YES_OR_NO},     {"attach_images", YES_OR_NO},
    {"format", FLOWED_OR_FIXED},
};

static news_str email_key_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(email_keys[i].key);
}

static bool warn_misspelt(news_publication *publication, const news_node *value, const char *near)
{
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    return news_issue_find(publication->data, NEWS_WARNING, "publication-unknown-key", value->line,
                           value->column, "unknown key \"%s\"; did you mean \"%s\"?", key, near);
}

static bool warn_unknown(news_publication *publication, const news_node *value, const char *remark)
{
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    return news_issue_find(publication->data, NEWS_WARNING, "publication-unknown-key", value->line,
                           value->column, "unknown key \"%s\"; %s", key, remark);
}

/* An answer becomes "yes" or "no". */
static bool check_email_value(news_publication *publication, news_node *value,
                              email_reading reading)
{
    bool yes;
    switch (reading) {
    case ANY_LINE: break;
    case WEB_ADDRESS:
        if (!news_uri_scheme_is(value->b, NEWS_STR("https")))
            return news_publication_refuse(publication, value->a, value,
                                           "the https: address of a page, such as "
                                           "https://example.org/unsubscribe");
        break;
    case MAIL_ADDRESS:
        if (!news_uri_scheme_is(value->b, NEWS_STR("mailto")))
            return news_publication_refuse(publication, value->a, value,
                                           "an address such as mailto:leave@example.org");
        break;
    case YES_OR_NO:
        if (!news_str_answers(value->b, &yes))
            return news_publication_refuse(publication, value->a, value, "yes or no");
        value->b = yes ? NEWS_STR("yes") : NEWS_STR("no");
        break;
    case FLOWED_OR_FIXED:
        if (!news_str_equal_nocase(value->b, NEWS_STR("flowed")) &&
            !news_str_equal_nocase(value->b, NEWS_STR("fixed")))
            return news_publication_refuse(publication, value->a, value, "fixed or flowed");
        value->b = news_to_lower(value->b.ptr[1]) == 'l' ? NEWS_STR("flowed") : NEWS_STR("fixed");
        break;
    }
    return true;
}

/* What mail has a use for is a text on one line, since it goes into headers. */
static bool read_email_key(news_publication *publication, news_node *value)
{
    ptrdiff_t near = news_nearest(value->a, NEWS_ARRAY_LENGTH(email_keys), email_key_at, NULL);
    if (near < 0)
        return true;
    if (!news_str_equal(value->a, email_key_at(NULL, (size_t)near)))
        return warn_misspelt(publication, value, email_keys[near].key);
    if (value->kind != NEWS_KIND_SCALAR)
        return news_publication_refuse_non_text(publication, value);
    if (!news_front_matter_fold(publication->data, value->b, &value->b))
        return false;
    return value->b.len == 0 || check_email_value(publication, value, email_keys[near].reading);
}

static bool read_email(news_publication *publication, void *field, news_node *value)
{
    if (!read_mapping(publication, field, value))
        return false;
    for (news_node *key = first_key(value); key != NULL; key = key->next)
        if (!read_email_key(publication, key))
            return false;
    return true;
}

/* Those it adds: the built-in ones are there to be based on, and to be defined anew. */
static bool read_editions(news_publication *publication, void *field, news_node *value)
{
    news_edition *all;
    size_t count;
    if (!news_editions_defaults(publication->data, &all, &count) ||
        !news_editions_read(publication->data, value, &all, &count) ||
        !news_editions_check(publication->data, all, count))
        return false;
    *(news_edition **)field = all;
    for (size_t i = 0; i < count; i++)
        if (all[i].line != 0)
            all[publication->edition_count++] = all[i];
    return true;
}

/* ---- Silenced findings ---- */

static news_str code_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(news_code_at(i));
}

static bool check_code(news_publication *publication, const news_node *code)
{
    size_t count = 0;
    while (news_code_at(count) != NULL)
        if (news_str_equal(code->b, news_str_from(news_code_at(count++))))
            return true;
    char text[64];
    news_error_copy(text, sizeof text, code->b, false);
    ptrdiff_t near = news_nearest(code->b, count, code_at, NULL);
    if (near < 0)
        return news_issue_find(publication->data, NEWS_WARNING, "publication-unknown-code",
                               code->line, code->column, "no finding has the code \"%s\"", text);
    return news_issue_find(publication->data, NEWS_WARNING, "publication-unknown-code", code->line,
                           code->column, "no finding has the code \"%s\"; did you mean \"%s\"?",
                           text, news_code_at((size_t)near));
}

static bool read_silence(news_publication *publication, news_node **silenced,
                         const news_node *value)
{
    const news_node *bad;
    if (!news_front_matter_texts(publication->data, value, true, silenced, &bad))
        return false;
    if (bad != NULL)
        return news_publication_refuse(publication, value->a, bad,
                                       "a list of the codes of findings");
    const news_node *code = *silenced != NULL ? (*silenced)->first_child : NULL;
    for (; code != NULL; code = code->next)
        if (!check_code(publication, code))
            return false;
    return true;
}

static news_str check_key_at(void *ud, size_t i)
{
    (void)ud;
    (void)i;
    return NEWS_STR("silence");
}

static bool read_check_key(news_publication *publication, news_node **silenced,
                           const news_node *value)
{
    if (news_str_equal(value->a, check_key_at(NULL, 0)))
        return read_silence(publication, silenced, value);
    if (news_nearest(value->a, 1, check_key_at, NULL) == 0)
        return warn_misspelt(publication, value, "silence");
    return warn_unknown(publication, value, "below \"check\" there is only \"silence\"");
}

static bool read_check(news_publication *publication, void *field, news_node *value)
{
    if (value->kind != NEWS_KIND_MAPPING)
        return news_publication_refuse(publication, value->a, value,
                                       "a group of keys, such as \"silence: [image-alt]\"");
    for (const news_node *key = first_key(value); key != NULL; key = key->next)
        if (!read_check_key(publication, field, key))
            return false;
    return true;
}

/* ---- Masthead and footer ---- */

static bool read_fragment(news_publication *publication, void *field, news_node *value)
{
    if (value->kind != NEWS_KIND_SCALAR)
        return news_publication_refuse(publication, value->a, value,
                                       "the path of a file, or text in Markdown");
    if (news_str_trim(value->b).len != 0)
        *(news_node **)field = value;
    return true;
}

/* ---- Keys of the publication's own ---- */

static void add_meta(news_publication *publication, news_node *value)
{
    news_node *last = publication->meta->extra;
    news_front_matter_append(publication->meta, &last, value);
    publication->meta->extra = last;
}

static bool read_meta(news_publication *publication, void *field, news_node *value)
{
    (void)field;
    if (value->kind != NEWS_KIND_MAPPING)
        return news_publication_refuse(publication, value->a, value,
                                       "a group of keys of your own, each on a line below it");
    for (news_node *key = first_key(value), *next; key != NULL; key = next) {
        next = key->next;
        add_meta(publication, key);
    }
    return true;
}

/* ---- All keys ---- */

/* Keys that give the same field have the same offset. */
static const struct known_key {
    const char *key;
    news_publication_reader *read;
    size_t offset; /* of the field in news_publication */
} known_keys[] = {
    {"name", news_publication_read_line, offsetof(news_publication, name)},
    {"publisher", news_publication_read_line, offsetof(news_publication, publisher)},
    {"url", news_publication_read_url, offsetof(news_publication, url)},
    {"gemini", news_publication_read_gemini, offsetof(news_publication, gemini)},
    {"issue_path", news_publication_read_issue_path, offsetof(news_publication, issue_path)},
    {"lang", news_publication_read_lang, offsetof(news_publication, lang)},
    {"dir", news_publication_read_dir, offsetof(news_publication, dir)},
    {"author", read_authors, offsetof(news_publication, authors)},
    {"authors", read_authors, offsetof(news_publication, authors)},
    {"masthead", read_fragment, offsetof(news_publication, masthead)},
    {"footer", read_fragment, offsetof(news_publication, footer)},
    {"contents", news_publication_read_line, offsetof(news_publication, contents)},
    {"toc", news_publication_read_toc, offsetof(news_publication, toc)},
    {"continue_reading", news_publication_read_line, offsetof(news_publication, continue_reading)},
    {"meta", read_meta, offsetof(news_publication, meta)},
    {"theme", read_theme, offsetof(news_publication, theme)},
    {"email", read_email, offsetof(news_publication, email)},
    {"formats", read_mapping, offsetof(news_publication, formats)},
    {"recipient", read_recipient, offsetof(news_publication, recipient)},
    {"editions", read_editions, offsetof(news_publication, editions)},
    {"html", news_publication_read_html, offsetof(news_publication, allow_html)},
    {"check", read_check, offsetof(news_publication, silenced)},
};

enum { KEY_COUNT = NEWS_ARRAY_LENGTH(known_keys) };

typedef struct {
    news_publication *publication;
    uint32_t given[KEY_COUNT]; /* the line where each known key was given; 0: not yet */
} assigner;

static news_str known_key_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(known_keys[i].key);
}

static bool keep_unknown(assigner *to, news_node *value)
{
    ptrdiff_t near = news_nearest(value->a, KEY_COUNT, known_key_at, NULL);
    add_meta(to->publication, value);
    if (near >= 0)
        return warn_misspelt(to->publication, value, known_keys[near].key);
    return warn_unknown(to->publication, value, "keys of your own go below \"meta\"");
}

/* The line where the field of known key `index` was given already; 0: nowhere. */
static uint32_t line_given(const assigner *to, size_t index)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (known_keys[i].offset == known_keys[index].offset && to->given[i] != 0)
            return to->given[i];
    return 0;
}

static bool assign(assigner *to, news_node *value)
{
    size_t i = 0;
    while (i < KEY_COUNT && !news_str_equal_nocase(value->a, known_key_at(NULL, i)))
        i++;
    if (i == KEY_COUNT)
        return keep_unknown(to, value);
    uint32_t line = line_given(to, i);
    if (line == 0) {
        to->given[i] = value->line;
        void *field = (char *)to->publication + known_keys[i].offset;
        return known_keys[i].read(to->publication, field, value);
    }
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    return news_issue_find(
        to->publication->data, NEWS_ERROR, "front-matter-duplicate-key", value->line, value->column,
        "\"%s\" gives again what line %u gave; the first one counts", key, (unsigned)line);
}

bool news_publication_assign(news_publication *publication, news_node *mapping)
{
    assigner to = {.publication = publication};
    news_node *next;
    for (news_node *value = mapping->first_child; value != NULL; value = next) {
        next = value->next;
        if (!assign(&to, value))
            return false;
    }
    return true;
}
