/* The mail that an edition makes: its HTML and its plain text are rendered, and what each of them
 * has is compared. What they have is what the writer recorded. */
#include "api/check.h"
#include "text/text.h"

static const news_rule format_error = {"format-error", NEWS_ERROR, NEWS_EACH_MAIL, 0, NULL};
static const news_rule html_size = {"html-size", NEWS_WARNING, NEWS_EACH_MAIL, 0, NULL};
static const news_rule parity_link = {"parity-link", NEWS_WARNING, NEWS_EACH_MAIL, 0, NULL};
static const news_rule parity_order = {"parity-order", NEWS_WARNING, NEWS_EACH_MAIL, 0, NULL};
static const news_rule parity_section = {"parity-section", NEWS_WARNING, NEWS_EACH_MAIL, 0, NULL};
static const news_rule unsubscribe_missing = {"unsubscribe-missing", NEWS_WARNING, NEWS_EACH_MAIL,
                                              0, NULL};

enum { HTML, TEXT, PARTS };

static const char *const formats[PARTS] = {"email", "text"};
static const char *const names[PARTS] = {"HTML", "plain text"};

/* One of the two as it was rendered. */
typedef struct {
    news_trial trial;
    size_t size;
    bool is_made;
} mail_part;

/* ---- What may be in a mail ---- */

/* The innermost section around the node at hand. Sections end before the next one that is not in
 * them begins, so it is the last that was met, or around that. */
static size_t section_around(const news_checker *checker)
{
    const news_node *node = NULL;
    for (size_t up = 0; (node = news_checker_ancestor(checker, up)) != NULL; up++)
        if (node->kind == NEWS_KIND_SECTION)
            break;
    size_t section = node != NULL ? checker->last_section : 0;
    while (section != 0 && checker->landmarks[section - 1].node != node)
        section = checker->landmarks[section - 1].section;
    return section;
}

/* Sections that have a name, and links that lead out of the issue. */
static bool is_landmark(const news_node *node)
{
    if (node->kind == NEWS_KIND_SECTION)
        return node->a.len != 0;
    return node->kind == NEWS_KIND_LINK && node->number != NEWS_LINK_SECTION && node->a.len != 0;
}

static bool gather(news_checker *checker, const news_node *node)
{
    if (!is_landmark(node))
        return true;
    news_landmark *landmarks =
        news_heap_grow(checker->heap, checker->landmarks, checker->landmark_count,
                       &checker->landmark_capacity, sizeof *landmarks);
    if (landmarks == NULL)
        return false;
    checker->landmarks = landmarks;
    landmarks[checker->landmark_count++] =
        (news_landmark){node, checker->source, section_around(checker)};
    if (node->kind == NEWS_KIND_SECTION)
        checker->last_section = checker->landmark_count;
    return true;
}

/* ---- Rendering ---- */

/* Messages keep the tail of a long name only. */
static news_str whole_name(const news_checker *checker, const news_error *error)
{
    char name[sizeof error->source];
    news_error_copy(name, sizeof name, checker->report->name, true);
    bool is_issue = error->source[0] == '\0' || strcmp(name, error->source) == 0;
    return is_issue ? checker->report->name : news_str_from(error->source);
}

/* A script that fails is a mistake of those who write it, and the issue cannot be sent. */
static news_status note_failure(news_checker *checker, size_t part, const news_error *failure,
                                news_error *error)
{
    if (failure->status == NEWS_ERR_NOMEM || failure->status == NEWS_ERR_CANCELLED) {
        *error = *failure;
        return failure->status;
    }
    const news_str source = checker->source;
    checker->rule = &format_error;
    checker->source = whole_name(checker, failure);
    bool noted =
        news_checker_find(checker, failure->line != 0 ? failure->line : 1, failure->column,
                          "the %s of the mail cannot be made: %s", names[part], failure->message);
    checker->source = source;
    return noted ? NEWS_OK : news_error_nomem(error);
}

static news_status render_part(news_checker *checker, size_t which, mail_part *part,
                               news_error *error)
{
    news_error failure = NEWS_ERROR_INIT;
    news_str output;
    news_status status = news_host_try(checker->host, checker->issue, news_str_from(formats[which]),
                                       &checker->options->loader, &part->trial, &output, &failure);
    failure.status = status;
    part->is_made = status == NEWS_OK;
    part->size = output.len;
    return part->is_made ? NEWS_OK : note_failure(checker, which, &failure, error);
}

/* ---- Comparing ---- */

static bool has(const mail_part *part, size_t landmark)
{
    return part->trial.written[landmark].place != 0;
}

static bool is_in_one(const mail_part *parts, size_t landmark)
{
    return has(&parts[HTML], landmark) != has(&parts[TEXT], landmark);
}

/* Makes a rule's next finding one about a landmark. What the edition adds itself stands nowhere in
 * the source. */
static void point_at(news_checker *checker, const news_rule *rule, const news_landmark *landmark,
                     uint32_t *line, uint32_t *column)
{
    bool is_written = landmark->node->line != 0;
    checker->rule = rule;
    checker->source = is_written ? landmark->source : checker->report->name;
    *line = is_written ? landmark->node->line : 1;
    *column = is_written ? landmark->node->column : 1;
}

static bool find_lost(news_checker *checker, const news_landmark *landmark, size_t with)
{
    uint32_t line, column;
    const news_node *node = landmark->node;
    bool is_section = node->kind == NEWS_KIND_SECTION;
    point_at(checker, is_section ? &parity_section : &parity_link, landmark, &line, &column);
    return news_checker_find(
        checker, line, column, "the %s \"%s\" is in the %s of the mail, but not in its %s",
        is_section ? "section" : "link to", news_show(is_section ? node->b : node->a).text,
        names[with], names[PARTS - 1 - with]);
}

/* Sections and links that one part lacks. What goes with its section has been told with that, and
 * an address is told once. */
static bool compare_landmarks(news_checker *checker, const mail_part *parts, news_strmap *told)
{
    bool shows_links = parts[HTML].trial.shows_links && parts[TEXT].trial.shows_links;
    for (size_t i = 0; i < checker->landmark_count; i++) {
        const news_landmark *landmark = &checker->landmarks[i];
        bool is_link = landmark->node->kind == NEWS_KIND_LINK, is_new = true;
        if (!is_in_one(parts, i) || (is_link && !shows_links) ||
            (landmark->section != 0 && is_in_one(parts, landmark->section - 1)))
            continue;
        if (is_link && news_strmap_put(told, landmark->node->a, &is_new) == NULL)
            return false;
        if (is_new && !find_lost(checker, landmark, has(&parts[HTML], i) ? HTML : TEXT))
            return false;
    }
    return true;
}

static bool find_moved(news_checker *checker, const news_landmark *landmark,
                       const news_landmark *before)
{
    uint32_t line, column;
    point_at(checker, &parity_order, landmark, &line, &column);
    return news_checker_find(checker, line, column,
                             "the section \"%s\" follows \"%s\" in the HTML of the mail, and "
                             "comes before it in the plain text",
                             news_show(landmark->node->b).text, news_show(before->node->b).text);
}

/* Whether a section can be compared: it is in both parts. */
static bool is_in_both(const news_checker *checker, const mail_part *parts, size_t landmark)
{
    return checker->landmarks[landmark].node->kind == NEWS_KIND_SECTION &&
           has(&parts[HTML], landmark) && has(&parts[TEXT], landmark);
}

/* Goes through the sections as the HTML has them; `order` has room for as many as there are
 * landmarks, and is zero. The first that the text has earlier is told. */
static bool compare_order(news_checker *checker, const mail_part *parts, size_t *order)
{
    const news_landmark *before = NULL;
    uint32_t reached = 0;
    for (size_t i = 0; i < checker->landmark_count; i++)
        if (is_in_both(checker, parts, i))
            order[parts[HTML].trial.written[i].place - 1] = i + 1;
    for (size_t at = 0; at < checker->landmark_count; at++) {
        if (order[at] == 0)
            continue;
        const news_landmark *landmark = &checker->landmarks[order[at] - 1];
        uint32_t place = parts[TEXT].trial.written[order[at] - 1].place;
        if (place < reached)
            return find_moved(checker, landmark, before);
        reached = place;
        before = landmark;
    }
    return true;
}

static bool compare(news_checker *checker, const mail_part *parts)
{
    news_strmap told;
    size_t size = (checker->landmark_count + 1) * sizeof(size_t);
    size_t *order = news_heap_alloc(checker->heap, size);
    if (order == NULL)
        return false;
    memset(order, 0, size);
    news_strmap_init(&told, checker->heap);
    bool ok = compare_landmarks(checker, parts, &told) && compare_order(checker, parts, order);
    news_strmap_free(&told);
    news_heap_free(checker->heap, order, size);
    return ok;
}

/* ---- One part ---- */

/* Gmail cuts off what is behind the first 102,400 bytes of a mail's HTML. */
static bool check_size(news_checker *checker, const mail_part *part)
{
    enum { KB = 1024, NEAR = 95, CLIP = 100 };
    if (part->size <= (size_t)NEAR * KB)
        return true;
    checker->rule = &html_size;
    checker->source = checker->report->name;
    return news_checker_find(
        checker, 1, 1,
        "the HTML of the mail is %zu KB large; Gmail shows the first %d KB and "
        "hides what follows",
        (part->size + KB - 1) / KB, (int)CLIP);
}

static bool check_unsubscribe(news_checker *checker, size_t which, const mail_part *part)
{
    const news_publication *publication = checker->issue->publication;
    if (checker->issue->unsubscribe.len == 0 || part->trial.unsubscribes)
        return true;
    const news_node *address = news_mapping_get(publication->email, NEWS_STR("unsubscribe"));
    checker->rule = &unsubscribe_missing;
    checker->source = publication->data->name;
    return news_checker_find(checker, address->line, address->column,
                             "the %s of the mail does not show this address; its layout or its "
                             "format leaves it out",
                             names[which]);
}

/* ---- All of it ---- */

static bool look_at_parts(news_checker *checker, const mail_part *parts)
{
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i].is_made && !check_unsubscribe(checker, i, &parts[i]))
            return false;
    if (parts[HTML].is_made && !check_size(checker, &parts[HTML]))
        return false;
    return !parts[HTML].is_made || !parts[TEXT].is_made || compare(checker, parts);
}

/* Each part has an array of what may be in it, in `written`. */
static news_status make_parts(news_checker *checker, news_written *written, news_error *error)
{
    mail_part parts[PARTS] = {0};
    size_t count = checker->landmark_count;
    for (size_t i = 0; i < PARTS; i++) {
        parts[i].trial.written = written + i * count;
        parts[i].trial.count = count;
        for (size_t k = 0; k < count; k++)
            parts[i].trial.written[k] = (news_written){checker->landmarks[k].node, 0};
        news_status status = render_part(checker, i, &parts[i], error);
        if (status != NEWS_OK)
            return status;
    }
    return look_at_parts(checker, parts) ? NEWS_OK : news_error_nomem(error);
}

news_status news_check_mail(news_checker *checker, news_error *error)
{
    checker->mails++;
    checker->landmark_count = checker->last_section = 0;
    if (!news_checker_walk(checker, gather))
        return news_error_nomem(error);
    size_t size = (checker->landmark_count * PARTS + 1) * sizeof(news_written);
    news_written *written = news_heap_alloc(checker->heap, size);
    if (written == NULL)
        return news_error_nomem(error);
    news_status status = make_parts(checker, written, error);
    news_heap_free(checker->heap, written, size);
    return status == NEWS_OK ? news_check_images(checker, error) : status;
}
