/* Rules about what is known of an issue, and about merge fields. */
#include "api/check.h"
#include "text/text.h"

/* ---- Front matter ---- */

static bool is_of(const news_finding *finding, const char *code)
{
    return strncmp(finding->code, code, strlen(code)) == 0;
}

/* Whether front matter was read, with more in it than a title. `lost`: nothing can be said, for it
 * was not understood. */
static bool has_front_matter(const news_issue *issue, bool *lost)
{
    *lost = false;
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_finding *finding = &issue->findings[i];
        if ((finding->severity == NEWS_ERROR && is_of(finding, "front-matter-")) ||
            is_of(finding, "front-matter-unread") || strcmp(finding->code, "empty") == 0)
            *lost = true;
    }
    return issue->has_date || issue->has_updated || issue->number.len != 0 ||
           issue->summary.len != 0 || issue->preheader.len != 0 || issue->image.len != 0 ||
           issue->tags != NULL || issue->meta->first_child != NULL;
}

/* A few words are a note, or a try, and need none. */
static bool is_note(const news_issue *issue)
{
    enum { MANY_WORDS = 100 };
    return issue->first_section == NULL && issue->words < MANY_WORDS;
}

bool news_check_front_matter_missing(news_checker *checker, const news_node *node)
{
    (void)node;
    bool lost;
    if (has_front_matter(checker->issue, &lost) || lost || is_note(checker->issue))
        return true;
    return news_checker_find(checker, 1, 1, "the issue says nothing of itself: it has no %s",
                             checker->issue->title.len != 0 ? "date and no summary"
                                                            : "title, no date and no summary");
}

/* Whether a part of the front matter is missed: there is some, and it was understood. */
static bool is_missed(const news_checker *checker, bool has)
{
    bool lost;
    return !has && has_front_matter(checker->issue, &lost) && !lost;
}

bool news_check_date_missing(news_checker *checker, const news_node *node)
{
    (void)node;
    const news_issue *issue = checker->issue;
    if (!is_missed(checker, issue->has_date))
        return true;
    for (size_t i = 0; i < issue->finding_count; i++)
        if (is_of(&issue->findings[i], "front-matter-date"))
            return true;
    return news_checker_find(checker, 1, 1, "the issue has no date");
}

bool news_check_title_missing(news_checker *checker, const news_node *node)
{
    (void)node;
    return !is_missed(checker, checker->issue->title.len != 0) ||
           news_checker_find(checker, 1, 1, "the issue has no title");
}

/* For publications that go out as mail. */
bool news_check_preheader_missing(news_checker *checker, const news_node *node)
{
    (void)node;
    const news_issue *issue = checker->issue;
    const news_publication *publication = checker->whole->publication;
    return publication == NULL || publication->email == NULL ||
           !is_missed(checker, issue->preheader.len != 0 || issue->summary.len != 0) ||
           news_checker_find(checker, 1, 1,
                             "the issue has neither preheader nor summary; mail programs show "
                             "whatever comes first beside the subject");
}

bool news_check_unsubscribe_missing(news_checker *checker, const news_node *node)
{
    (void)node;
    const news_publication *publication = checker->whole->publication;
    if (publication == NULL)
        return true;
    const news_node *mail = publication->email;
    if (news_mapping_get(mail, NEWS_STR("from")) == NULL ||
        news_mapping_get(mail, NEWS_STR("unsubscribe")) != NULL ||
        news_mapping_get(mail, NEWS_STR("unsubscribe_mailto")) != NULL)
        return true;
    const news_str source = checker->source;
    checker->source = publication->data->name;
    bool ok =
        news_checker_find(checker, mail->line, mail->column,
                          "the publication goes out as mail, but its readers are told nowhere "
                          "how to unsubscribe");
    checker->source = source;
    return ok;
}

/* Columns of a subject with its merge fields' defaults in their places. */
static size_t subject_columns(news_str subject, bool fields)
{
    news_str literal;
    news_merge_field field;
    size_t columns = 0;
    if (!fields)
        return news_columns(subject);
    while (news_merge_next(&subject, &literal, &field))
        columns += news_columns(literal) + news_columns(field.otherwise);
    return columns;
}

bool news_check_subject_long(news_checker *checker, const news_node *node)
{
    enum { MOST_COLUMNS = 78 };
    size_t columns =
        subject_columns(checker->issue->subject, (node->flags & NEWS_NODE_FIELDS) != 0);
    if (columns <= MOST_COLUMNS)
        return true;
    return news_checker_find(checker, 1, 1,
                             "the subject is %zu columns wide, more than the %d that a mail has "
                             "room for",
                             columns, (int)MOST_COLUMNS);
}

/* ---- Merge fields ---- */

typedef bool (*check_field)(news_checker *checker, const news_merge_field *field, uint32_t line,
                            uint32_t column);

static bool check_string(news_checker *checker, const news_node *place, news_str text,
                         check_field check)
{
    news_str literal;
    news_merge_field field;
    while (news_merge_next(&text, &literal, &field))
        if (field.name.len != 0 && !check(checker, &field, place->line, place->column))
            return false;
    return true;
}

static const news_node *either(const news_node *place, const news_node *otherwise)
{
    return place != NULL ? place : otherwise;
}

static bool check_strings(news_checker *checker, const news_node *node, check_field check)
{
    const news_issue *issue = checker->issue;
    switch (node->kind) {
    case NEWS_KIND_ISSUE:
        return check_string(checker, either(issue->title_at, node), issue->title, check) &&
               check_string(checker, either(issue->subject_at, node), issue->subject, check) &&
               check_string(checker, either(issue->preheader_at, node), issue->preheader, check) &&
               check_string(checker, either(issue->summary_at, node), issue->summary, check);
    case NEWS_KIND_LINK: {
        const news_link *link = node->extra;
        return check_string(checker, node, node->a, check) &&
               (link == NULL || check_string(checker, node, link->title, check));
    }
    case NEWS_KIND_IMAGE: {
        const news_image *image = node->extra;
        return check_string(checker, node, node->a, check) &&
               check_string(checker, node, node->b, check) &&
               (image == NULL || check_string(checker, node, image->title, check));
    }
    default: return true;
    }
}

/* The address at which a reader of mail unsubscribes is the publication's. */
static bool check_unsubscribe(news_checker *checker, check_field check)
{
    const news_publication *publication = checker->whole->publication;
    const news_node *unsubscribe =
        publication != NULL ? news_mapping_get(publication->email, NEWS_STR("unsubscribe")) : NULL;
    if (unsubscribe == NULL || unsubscribe->kind != NEWS_KIND_SCALAR)
        return true;
    const news_str source = checker->source;
    checker->source = publication->data->name;
    bool ok = check_string(checker, unsubscribe, unsubscribe->b, check);
    checker->source = source;
    return ok;
}

static bool check_fields(news_checker *checker, const news_node *node, check_field check)
{
    if (node->kind == NEWS_KIND_FIELD) {
        const news_merge_field field = {node->a, node->b, (node->flags & NEWS_NODE_DEFAULT) != 0};
        return check(checker, &field, node->line, node->column);
    }
    if ((node->flags & NEWS_NODE_FIELDS) != 0 && !check_strings(checker, node, check))
        return false;
    return node->kind != NEWS_KIND_ISSUE || check_unsubscribe(checker, check);
}

static const news_node *recipient_of(const news_checker *checker)
{
    const news_publication *publication = checker->whole->publication;
    return publication != NULL ? publication->recipient : NULL;
}

static news_str field_at(void *ud, size_t i)
{
    const news_node *entry = ((const news_node *)ud)->first_child;
    while (i-- != 0)
        entry = entry->next;
    return entry->a;
}

/* The field that the publication declares and that may have been meant; empty when none is near. */
static news_str nearest_field(news_checker *checker, news_str name)
{
    enum { MOST = 100 };
    const news_node *recipient = recipient_of(checker);
    size_t count = 0;
    if (recipient == NULL)
        return NEWS_STR_NONE;
    for (const news_node *entry = recipient->first_child; entry != NULL && count < MOST;
         entry = entry->next)
        count++;
    if (!news_checker_may_guess(checker))
        return NEWS_STR_NONE;
    ptrdiff_t nearest = news_nearest(name, count, field_at, (void *)(uintptr_t)recipient);
    return nearest >= 0 ? field_at((void *)(uintptr_t)recipient, (size_t)nearest) : NEWS_STR_NONE;
}

static bool is_declared(const news_checker *checker, news_str name)
{
    return news_mapping_get(recipient_of(checker), name) != NULL;
}

/* "; did you mean …?", or nothing. */
static news_shown suggestion(news_checker *checker, news_str name)
{
    news_shown shown = {""};
    const news_str nearest = nearest_field(checker, name);
    news_buf *text = &checker->scratch;
    news_buf_clear(text);
    if (nearest.len != 0 &&
        news_buf_printf(text, "; did you mean \"%.30s\"?", news_show(nearest).text))
        shown = news_show(news_buf_str(text));
    return shown;
}

static bool check_value(news_checker *checker, const news_merge_field *field, uint32_t line,
                        uint32_t column)
{
    if (field->has_default || is_declared(checker, field->name))
        return true;
    return news_checker_find(checker, line, column,
                             "the merge field \"%s\" has no value when a recipient's is not "
                             "known%s",
                             news_show(field->name).text, suggestion(checker, field->name).text);
}

bool news_check_field_without_value(news_checker *checker, const news_node *node)
{
    return check_fields(checker, node, check_value);
}

static bool check_declared(news_checker *checker, const news_merge_field *field, uint32_t line,
                           uint32_t column)
{
    if (!field->has_default || recipient_of(checker) == NULL || is_declared(checker, field->name))
        return true;
    return news_checker_find(checker, line, column,
                             "the publication declares no merge field \"%s\"%s",
                             news_show(field->name).text, suggestion(checker, field->name).text);
}

bool news_check_field_undeclared(news_checker *checker, const news_node *node)
{
    return check_fields(checker, node, check_declared);
}
