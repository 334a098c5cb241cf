/* Front matter's keys: known ones move to the issue's fields, each read in its own way, and the
 * rest is left to issue->meta in the order of the file. */
#include <stddef.h>

#include "source/front_matter.h"
#include "text/text.h"

/* ---- Building nodes ---- */

void news_front_matter_append(news_node *parent, news_node **last, news_node *child)
{
    child->parent = parent;
    child->next = NULL;
    if (*last == NULL)
        parent->first_child = child;
    else
        (*last)->next = child;
    *last = child;
}

static bool is_forbidden(char c)
{
    return ((unsigned char)c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

bool news_front_matter_clean(news_issue *issue, news_str from, news_str *clean)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t forbidden = 0;
    for (size_t i = 0; i < from.len; i++)
        forbidden += is_forbidden(from.ptr[i]);
    if (forbidden == 0)
        return news_arena_copy(&issue->arena, from, clean);
    size_t room = from.len + forbidden * 2;
    char *to = news_arena_alloc(&issue->arena, room + 1);
    if (to == NULL)
        return false;
    *clean = news_str_of(to, room);
    for (size_t i = 0; i < from.len; i++) {
        if (is_forbidden(from.ptr[i])) {
            memcpy(to, replacement, 3);
            to += 3;
        } else {
            *to++ = from.ptr[i];
        }
    }
    *to = '\0';
    return true;
}

/* ---- Known keys ---- */

typedef enum {
    AS_LINE,
    AS_TEMPLATE,
    AS_LANG,
    AS_DIR,
    AS_DATE,
    AS_URL,
    AS_IMAGE,
    AS_AUTHORS,
    AS_TAGS
} reading;

/* Keys that give the same field have the same `field`. */
enum {
    TITLE,
    SUBJECT,
    PREHEADER,
    NUMBER,
    DATE,
    UPDATED,
    SLUG,
    URL,
    LANG,
    DIR,
    SUMMARY,
    AUTHORS,
    TAGS,
    IMAGE,
    FIELD_COUNT
};

typedef struct {
    const char *key;
    uint8_t field, reading;
    size_t offset; /* in news_issue, of a news_str or a news_date */
} known_key;

static const known_key known_keys[] = {
    {"title", TITLE, AS_TEMPLATE, offsetof(news_issue, title)},
    {"subject", SUBJECT, AS_TEMPLATE, offsetof(news_issue, subject)},
    {"preheader", PREHEADER, AS_TEMPLATE, offsetof(news_issue, preheader)},
    {"number", NUMBER, AS_LINE, offsetof(news_issue, number)},
    {"date", DATE, AS_DATE, offsetof(news_issue, date)},
    {"updated", UPDATED, AS_DATE, offsetof(news_issue, updated)},
    {"modified", UPDATED, AS_DATE, offsetof(news_issue, updated)},
    {"slug", SLUG, AS_LINE, offsetof(news_issue, slug)},
    {"url", URL, AS_URL, offsetof(news_issue, url)},
    {"lang", LANG, AS_LANG, offsetof(news_issue, lang)},
    {"dir", DIR, AS_DIR, offsetof(news_issue, dir)},
    {"summary", SUMMARY, AS_TEMPLATE, offsetof(news_issue, summary)},
    {"author", AUTHORS, AS_AUTHORS, 0},
    {"authors", AUTHORS, AS_AUTHORS, 0},
    {"tags", TAGS, AS_TAGS, 0},
    {"image", IMAGE, AS_IMAGE, offsetof(news_issue, image)},
};

/* Gives a value away: to a field, or back to meta. */
typedef struct {
    news_issue *issue;
    news_node *meta_last;
    uint32_t seen[FIELD_COUNT]; /* the line where each field was given; 0: not yet */
} assigner;

static bool is_line_space(char c)
{
    return c == '\n' || c == '\t' || c == ' ';
}

bool news_front_matter_fold(news_issue *issue, news_str value, news_str *line)
{
    value = news_str_trim(value);
    *line = value;
    bool plain = true;
    for (size_t i = 0; i < value.len && plain; i++)
        plain = value.ptr[i] != '\n' && value.ptr[i] != '\t';
    if (plain)
        return true;
    char *to = news_arena_alloc(&issue->arena, value.len + 1);
    if (to == NULL)
        return false;
    size_t length = 0;
    for (size_t i = 0; i < value.len;) {
        size_t end = i;
        bool breaks = false;
        while (end < value.len && is_line_space(value.ptr[end])) {
            breaks = breaks || value.ptr[end] != ' ';
            end++;
        }
        if (breaks) {
            to[length++] = ' ';
            i = end;
            continue;
        }
        end = end > i ? end : i + 1;
        memcpy(to + length, value.ptr + i, end - i);
        length += end - i;
        i = end;
    }
    to[length] = '\0';
    *line = news_str_of(to, length);
    return true;
}

/* A language of two or three letters, or "x" or "i", and then groups of up to eight letters and
 * digits, joined by hyphens. Longer languages are reserved, and there are none yet. */
bool news_is_language_tag(news_str tag)
{
    size_t primary = 0, group = 0;
    while (primary < tag.len && news_is_alpha(tag.ptr[primary]))
        primary++;
    bool private = primary == 1 && primary < tag.len &&
                   (news_to_lower(tag.ptr[0]) == 'x' || news_to_lower(tag.ptr[0]) == 'i');
    if (primary != 2 && primary != 3 && !private)
        return false;
    for (size_t i = primary; i < tag.len; i++) {
        if (tag.ptr[i] == '-' ? i != primary && group == 0
                              : i == primary || !news_is_alnum(tag.ptr[i]) || group == 8)
            return false;
        group = tag.ptr[i] == '-' ? 0 : group + 1;
    }
    return primary == tag.len || group != 0;
}

/* Reports that `at`, the value of `field` or a part of it, is not of the kind expected. */
static bool find_type_error(news_issue *issue, news_str field, const news_node *at,
                            const char *expected)
{
    char key[64];
    news_error_copy(key, sizeof key, field, false);
    return news_issue_find(issue, NEWS_ERROR, "front-matter-type", at->line, at->column,
                           "\"%s\" must be %s", key, expected);
}

static bool append_to_meta(assigner *to, news_node *value)
{
    news_front_matter_append(to->issue->meta, &to->meta_last, value);
    return true;
}

static bool assign_lang(news_issue *issue, const news_node *value, news_str lang)
{
    char text[64];
    if (news_is_language_tag(lang)) {
        issue->lang = lang;
        return true;
    }
    news_error_copy(text, sizeof text, lang, false);
    return news_issue_find(issue, NEWS_WARNING, "front-matter-lang", value->line, value->column,
                           "\"%s\" is left out; write a language tag such as en or pt-BR", text);
}

static bool assign_dir(news_issue *issue, const news_node *value, news_str dir)
{
    char text[64];
    if (news_str_equal_nocase(dir, NEWS_STR("ltr")))
        issue->dir = NEWS_STR("ltr");
    else if (news_str_equal_nocase(dir, NEWS_STR("rtl")))
        issue->dir = NEWS_STR("rtl");
    else {
        news_error_copy(text, sizeof text, dir, false);
        return news_issue_find(issue, NEWS_ERROR, "front-matter-dir", value->line, value->column,
                               "\"dir\" must be ltr or rtl, not \"%s\"", text);
    }
    return true;
}

static bool assign_date(assigner *to, const known_key *known, news_node *value, news_str written)
{
    news_issue *issue = to->issue;
    news_date date;
    if (!news_date_parse(written, &date)) {
        char text[64];
        news_error_copy(text, sizeof text, written, false);
        return append_to_meta(to, value) &&
               news_issue_find(issue, NEWS_WARNING, "front-matter-date", value->line, value->column,
                               "\"%s\" is not a date and is left out; write 2024-05-17, or with a "
                               "time 2024-05-17 22:00 +0200",
                               text);
    }
    *(news_date *)(void *)((char *)issue + known->offset) = date;
    if (known->field == DATE)
        issue->has_date = true;
    else
        issue->has_updated = true;
    return true;
}

bool news_holds_space(news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (news_is_space(s.ptr[i]))
            return true;
    return false;
}

/* An address that leads to the issue from anywhere, or from its site: "https://…" or "/…". */
static bool is_issue_address(news_str url)
{
    bool of_site = url.ptr[0] == '/' && !news_str_starts(url, NEWS_STR("//"));
    return !news_holds_space(url) && news_uri_safe(url) && (of_site || news_uri_host(url).len != 0);
}

static bool is_image_address(news_str url)
{
    bool web =
        news_uri_scheme_is(url, NEWS_STR("https")) || news_uri_scheme_is(url, NEWS_STR("http"));
    return news_uri_safe(url) && (!web || news_uri_host(url).len != 0);
}

static bool assign_address(news_issue *issue, const known_key *known, const news_node *value,
                           news_str url)
{
    char text[64];
    bool is_url = known->reading == AS_URL;
    if (is_url ? is_issue_address(url) : is_image_address(url)) {
        *(news_str *)(void *)((char *)issue + known->offset) = url;
        return true;
    }
    news_error_copy(text, sizeof text, url, false);
    return news_issue_find(issue, NEWS_WARNING, "front-matter-address", value->line, value->column,
                           is_url ? "\"%s\" is left out; write the issue's whole address, such as "
                                    "https://example.org/issue"
                                  : "\"%s\" is left out; it is not the address of a picture",
                           text);
}

static bool append_name(news_issue *issue, news_node *list, news_node **last, const news_node *at,
                        news_str name)
{
    news_str line;
    if (!news_front_matter_fold(issue, name, &line))
        return false;
    if (line.len == 0)
        return true;
    news_node *node = news_node_new(issue, NEWS_KIND_SCALAR, at->line, at->column);
    if (node == NULL)
        return false;
    node->b = line;
    news_front_matter_append(list, last, node);
    return true;
}

/* "a, b, c" */
static bool append_split(news_issue *issue, news_node *list, news_node **last,
                         const news_node *scalar)
{
    news_str rest = scalar->b;
    while (rest.len != 0) {
        const char *comma = memchr(rest.ptr, ',', rest.len);
        size_t length = comma != NULL ? (size_t)(comma - rest.ptr) : rest.len;
        if (!append_name(issue, list, last, scalar, news_str_of(rest.ptr, length)))
            return false;
        rest = news_str_skip(rest, length + 1);
    }
    return true;
}

static bool append_sequence(news_issue *issue, news_node *list, news_node **last,
                            const news_node *value, const news_node **bad)
{
    for (const news_node *child = value->first_child; child != NULL; child = child->next) {
        if (child->kind != NEWS_KIND_SCALAR) {
            *bad = child;
            return true;
        }
        if (!append_name(issue, list, last, child, child->b))
            return false;
    }
    return true;
}

bool news_front_matter_texts(news_issue *issue, const news_node *value, bool split,
                             news_node **texts, const news_node **bad)
{
    *texts = NULL;
    *bad = value->kind == NEWS_KIND_MAPPING ? value : NULL;
    if (*bad != NULL)
        return true;
    news_node *last = NULL;
    news_node *list = news_node_new(issue, NEWS_KIND_SEQUENCE, value->line, value->column);
    if (list == NULL)
        return false;
    list->a = value->a;
    bool good;
    if (value->kind == NEWS_KIND_SEQUENCE)
        good = append_sequence(issue, list, &last, value, bad);
    else if (split)
        good = append_split(issue, list, &last, value);
    else
        good = append_name(issue, list, &last, value, value->b);
    if (last != NULL) /* else nothing but empty texts */
        *texts = list;
    return good;
}

static bool assign_list(news_issue *issue, const known_key *known, const news_node *value)
{
    const news_node *bad;
    bool tags = known->reading == AS_TAGS;
    if (!news_front_matter_texts(issue, value, tags, tags ? &issue->tags : &issue->authors, &bad))
        return false;
    if (bad == NULL)
        return true;
    return find_type_error(issue, value->a, bad,
                           bad == value ? "a text or a list of texts" : "a list of plain texts");
}

/* Merge fields in a line: what begins as one and does not parse is an error. */
static bool check_fields(news_issue *issue, const news_node *value, news_str line)
{
    for (size_t at = 0; (at = news_str_find(line, NEWS_STR("{{"), at)) != SIZE_MAX;) {
        news_merge_field field;
        size_t end = news_merge_field_parse(line, at, &field);
        bool escaped = at != 0 && line.ptr[at - 1] == '\\';
        issue->has_fields = true;
        issue->root->flags |= NEWS_NODE_FIELDS;
        if (end == at && !escaped) {
            char shown[64];
            news_error_copy(shown, sizeof shown, news_str_skip(line, at), false);
            return news_issue_find(issue, NEWS_ERROR, "field-syntax", value->line, value->column,
                                   "\"%s\" does not read as a merge field", shown);
        }
        at = end > at ? end : at + 2;
    }
    return true;
}

/* Where no field is filled, its braces would be shown to readers. */
static bool refuse_field(news_issue *issue, const news_node *value)
{
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    return news_issue_find(issue, NEWS_ERROR, "field-syntax", value->line, value->column,
                           "merge fields are not filled in \"%s\"", key);
}

static void keep_place(news_issue *issue, uint8_t field, const news_node *value)
{
    switch (field) {
    case TITLE: issue->title_at = value; break;
    case SUBJECT: issue->subject_at = value; break;
    case PREHEADER: issue->preheader_at = value; break;
    case SUMMARY: issue->summary_at = value; break;
    default: break;
    }
}

static bool assign_known(assigner *to, const known_key *known, news_node *value)
{
    news_issue *issue = to->issue;
    news_str line;
    if (known->reading == AS_AUTHORS || known->reading == AS_TAGS)
        return assign_list(issue, known, value);
    if (value->kind != NEWS_KIND_SCALAR)
        return find_type_error(issue, value->a, value, "a single text");
    if (!news_front_matter_fold(issue, value->b, &line))
        return false;
    if (line.len == 0)
        return true;
    if (known->reading != AS_TEMPLATE && news_str_find(line, NEWS_STR("{{"), 0) != SIZE_MAX)
        return refuse_field(issue, value);
    switch (known->reading) {
    case AS_LANG: return assign_lang(issue, value, line);
    case AS_DIR: return assign_dir(issue, value, line);
    case AS_DATE: return assign_date(to, known, value, line);
    case AS_URL:
    case AS_IMAGE: return assign_address(issue, known, value, line);
    default:
        *(news_str *)(void *)((char *)issue + known->offset) = line;
        keep_place(issue, known->field, value);
        return known->reading != AS_TEMPLATE || check_fields(issue, value, line);
    }
}

static bool equal_letters(char a, char b)
{
    return news_to_lower(a) == news_to_lower(b);
}

/* Whether two words with the same first letter differ by one letter more, less or other, or by two
 * that are swapped. Any farther, and a key of the writer's own would often be taken for another. */
static bool is_slip(news_str a, news_str b)
{
    if (a.len == 0 || b.len == 0 || !equal_letters(a.ptr[0], b.ptr[0]))
        return false;
    while (a.len != 0 && b.len != 0 && equal_letters(a.ptr[0], b.ptr[0])) {
        a = news_str_skip(a, 1);
        b = news_str_skip(b, 1);
    }
    while (a.len != 0 && b.len != 0 && equal_letters(a.ptr[a.len - 1], b.ptr[b.len - 1])) {
        a.len--;
        b.len--;
    }
    bool swapped = a.len == 2 && b.len == 2 && equal_letters(a.ptr[0], b.ptr[1]) &&
                   equal_letters(a.ptr[1], b.ptr[0]);
    return swapped || (a.len <= 1 && b.len <= 1);
}

/* The known key that this is, or is misspelt; NULL when it is neither. */
static const known_key *find_known(news_str key, bool *misspelt)
{
    const known_key *near = NULL;
    *misspelt = false;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(known_keys); i++) {
        news_str name = news_str_from(known_keys[i].key);
        if (news_str_equal_nocase(key, name))
            return &known_keys[i];
        if (near == NULL && is_slip(key, name))
            near = &known_keys[i];
    }
    *misspelt = near != NULL;
    return near;
}

const char *news_front_matter_meant(news_str key, bool *misspelt)
{
    const known_key *known = find_known(key, misspelt);
    return known != NULL ? known->key : NULL;
}

/* Whether a value is of the sort that a key takes. */
static bool suits(const known_key *known, const news_node *value)
{
    bool list = known->reading == AS_AUTHORS || known->reading == AS_TAGS;
    return value->kind == NEWS_KIND_SCALAR || (list && value->kind == NEWS_KIND_SEQUENCE);
}

/* Warns of keys left in meta that look like another's misspelling, unless that one was given. */
static bool check_misspelt(const assigner *to)
{
    news_issue *issue = to->issue;
    for (const news_node *value = issue->meta->first_child; value != NULL; value = value->next) {
        bool misspelt;
        const known_key *known = find_known(value->a, &misspelt);
        if (!misspelt || to->seen[known->field] != 0 || !suits(known, value))
            continue;
        char key[64];
        news_error_copy(key, sizeof key, value->a, false);
        if (!news_issue_find(issue, NEWS_WARNING, "front-matter-unknown-key", value->line,
                             value->column, "unknown key \"%s\"; did you mean \"%s\"?", key,
                             known->key))
            return false;
    }
    return true;
}

static bool assign(assigner *to, news_node *value)
{
    bool misspelt;
    const known_key *known = find_known(value->a, &misspelt);
    if (known == NULL || misspelt)
        return append_to_meta(to, value);
    uint32_t *seen = &to->seen[known->field];
    if (*seen == 0) {
        *seen = value->line;
        return assign_known(to, known, value);
    }
    char key[64];
    news_error_copy(key, sizeof key, value->a, false);
    return news_issue_find(
        to->issue, NEWS_ERROR, "front-matter-duplicate-key", value->line, value->column,
        "\"%s\" gives again what line %u gave; the first one counts", key, (unsigned)*seen);
}

const news_node *news_front_matter_extra(const news_issue *issue, news_str key)
{
    for (const news_node *value = issue->meta->first_child; value != NULL; value = value->next)
        if (news_str_equal_nocase(value->a, key))
            return value;
    return NULL;
}

bool news_front_matter_assign(news_issue *issue, news_node *mapping)
{
    assigner to = {.issue = issue};
    news_node *next;
    for (news_node *value = mapping->first_child; value != NULL; value = next) {
        next = value->next;
        if (!assign(&to, value))
            return false;
    }
    return check_misspelt(&to);
}
