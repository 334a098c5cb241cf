/* Checking an issue: what parsing found and what the rules find, in the issue and in each of its
 * editions, without repetition, in order, and without what the publication silences. */
#include <stdio.h>

#include "api/check.h"
#include "text/text.h"

/* In which editions a finding is. */
typedef struct news_check_mark {
    size_t first, last; /* editions, from 1; 0: the issue as a whole */
    size_t editions;    /* how many, the whole aside */
    bool of_rule, of_mail;
} news_check_mark;

/* ---- Findings ---- */

static bool append_key(news_checker *checker, const char *code, news_str source, uint32_t line,
                       uint32_t column)
{
    news_buf *key = &checker->scratch;
    news_buf_clear(key);
    news_buf_printf(key, "%s\n%u\n%u\n", code, (unsigned)line, (unsigned)column);
    return news_buf_append_str(key, source);
}

/* What is noted for the key in `scratch`, added with value 0 when there is none; NULL when memory
 * is short. */
static uint32_t *note_key(news_checker *checker)
{
    news_str key = news_buf_str(&checker->scratch);
    uint32_t *index = news_strmap_get(&checker->found, key);
    if (index != NULL)
        return index;
    return news_arena_copy(&checker->report->arena, key, &key)
               ? news_strmap_put(&checker->found, key, NULL)
               : NULL;
}

/* Adds a finding to the report, or, when it is there, the edition to those that have it. */
static bool note_finding(news_checker *checker, const news_finding *finding, bool of_rule)
{
    news_issue *report = checker->report;
    news_str source = finding->source;
    if (!append_key(checker, finding->code, source, finding->line, finding->column) ||
        note_key(checker) == NULL)
        return false;
    news_buf_append_char(&checker->scratch, '\n');
    uint32_t *index =
        news_buf_append_str(&checker->scratch, finding->message) ? note_key(checker) : NULL;
    if (index == NULL)
        return false;
    if (*index != 0) {
        news_check_mark *mark = &checker->marks[*index - 1];
        mark->editions += mark->last != checker->edition;
        mark->last = checker->edition;
        return true;
    }
    *index = (uint32_t)checker->mark_count + 1;
    news_check_mark *marks = news_heap_grow(checker->heap, checker->marks, checker->mark_count,
                                            &checker->mark_capacity, sizeof *marks);
    if (marks == NULL)
        return false;
    checker->marks = marks;
    const bool of_mail = of_rule && checker->rule->scope == NEWS_EACH_MAIL;
    marks[checker->mark_count++] = (news_check_mark){checker->edition, checker->edition,
                                                     checker->edition != 0, of_rule, of_mail};
    /* An edition, and what a render said, is gone before its findings are told. */
    if ((checker->edition != 0 || of_mail) && !news_arena_copy(&report->arena, source, &source))
        return false;
    report->source = source;
    return news_issue_find(report, finding->severity, finding->code, finding->line, finding->column,
                           "%.*s", (int)finding->message.len, finding->message.ptr);
}

bool news_checker_find(news_checker *checker, uint32_t line, uint32_t column, const char *format,
                       ...)
{
    const news_rule *rule = checker->rule;
    char message[512], fitting[sizeof message];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    news_error_copy(fitting, sizeof fitting, news_str_from(message), false);
    const news_finding finding = {.severity = rule->severity,
                                  .code = rule->code,
                                  .message = news_str_from(fitting),
                                  .line = line,
                                  .column = column,
                                  .source = checker->source};
    return note_finding(checker, &finding, true);
}

bool news_checker_has(news_checker *checker, const char *code, uint32_t line, uint32_t column,
                      bool *has)
{
    if (!append_key(checker, code, checker->source, line, column))
        return false;
    *has = news_strmap_get(&checker->found, news_buf_str(&checker->scratch)) != NULL;
    return true;
}

static bool take_findings(news_checker *checker)
{
    for (size_t i = 0; i < checker->issue->finding_count; i++)
        if (!note_finding(checker, &checker->issue->findings[i], false))
            return false;
    return true;
}

/* Says of what rules found in some editions only in which. What parsing found speaks for itself. */
static bool name_editions(news_checker *checker)
{
    news_issue *report = checker->report;
    const news_issue *whole = checker->whole;
    for (size_t i = 0; i < report->finding_count; i++) {
        const news_check_mark *mark = &checker->marks[i];
        news_finding *finding = &report->findings[i];
        const size_t all = mark->of_mail ? checker->mails : whole->edition_count;
        if (!mark->of_rule || mark->first == 0 || mark->editions == all)
            continue;
        news_buf *message = &checker->scratch;
        news_buf_clear(message);
        news_buf_printf(message, "in the edition \"%s\"",
                        news_show(whole->editions[mark->first - 1].name).text);
        if (mark->editions > 1)
            news_buf_printf(message, " and %zu other%s", mark->editions - 1,
                            mark->editions > 2 ? "s" : "");
        news_buf_printf(message, ": %s", finding->message.ptr);
        if (message->status != NEWS_OK ||
            !news_arena_copy(&report->arena, news_buf_str(message), &finding->message))
            return false;
    }
    return true;
}

/* ---- What rules ask ---- */

news_shown news_show(news_str text)
{
    news_shown shown;
    news_error_copy(shown.text, sizeof shown.text, text, false);
    return shown;
}

const news_node *news_checker_ancestor(const news_checker *checker, size_t up)
{
    return up < checker->frame_count ? checker->frames[checker->frame_count - 1 - up].node : NULL;
}

bool news_checker_may_guess(news_checker *checker)
{
    enum { MOST_GUESSES = 50 };
    return checker->guesses++ < MOST_GUESSES;
}

news_seen *news_checker_seen(news_checker *checker, news_strmap *map)
{
    news_str key = news_buf_str(&checker->scratch);
    uint32_t *index = news_strmap_get(map, key);
    if (index == NULL) {
        news_seen *seen = news_heap_grow(checker->heap, checker->seen, checker->seen_count,
                                         &checker->seen_capacity, sizeof *seen);
        if (seen == NULL)
            return NULL;
        checker->seen = seen;
        if (!news_arena_copy(&checker->report->arena, key, &key) ||
            (index = news_strmap_put(map, key, NULL)) == NULL)
            return NULL;
        seen[checker->seen_count++] = (news_seen){.line = 0};
        *index = (uint32_t)checker->seen_count;
    }
    return &checker->seen[*index - 1];
}

uint32_t news_checker_column(news_checker *checker, const news_node *text, size_t at)
{
    if (checker->column_of != text || checker->column_at > at) {
        checker->column_of = text;
        checker->column_at = 0;
        checker->column = text->column;
    }
    const news_str between = news_str_of(text->a.ptr + checker->column_at, at - checker->column_at);
    checker->column += (uint32_t)news_utf8_count(between);
    checker->column_at = at;
    return checker->column;
}

/* ---- Before the rules ---- */

static bool add_id(news_checker *checker, news_str id)
{
    bool added;
    if (id.len == 0)
        return true;
    news_str *list = news_heap_grow(checker->heap, checker->id_list, checker->id_count,
                                    &checker->id_capacity, sizeof *list);
    if (list == NULL)
        return false;
    checker->id_list = list;
    uint32_t *index = news_strmap_put(&checker->ids, id, &added);
    if (index == NULL)
        return false;
    if (added) {
        *index = (uint32_t)checker->id_count;
        list[checker->id_count++] = id;
    }
    return true;
}

static bool survey(news_checker *checker, const news_node *node)
{
    switch (node->kind) {
    case NEWS_KIND_SECTION:
    case NEWS_KIND_HEADING:
    case NEWS_KIND_DIRECTIVE: return add_id(checker, news_node_id(node));
    case NEWS_KIND_NOTE: return add_id(checker, node->a);
    case NEWS_KIND_LINK: {
        bool secure = news_uri_scheme_is(node->a, NEWS_STR("https"));
        checker->secure_links += secure;
        checker->web_links += secure || news_uri_scheme_is(node->a, NEWS_STR("http"));
        return true;
    }
    default: return true;
    }
}

static bool read_silenced(news_checker *checker)
{
    const news_publication *publication = checker->whole->publication;
    if (publication == NULL || publication->silenced == NULL)
        return true;
    for (const news_node *code = publication->silenced->first_child; code != NULL;
         code = code->next)
        if (news_strmap_put(&checker->silenced, code->b, NULL) == NULL)
            return false;
    return true;
}

/* ---- Running the rules ---- */

static bool apply_rules(news_checker *checker, const news_node *node)
{
    /* An edition that is given is all there is to look at. */
    const bool is_part = checker->edition != 0;
    const bool has_parts = checker->issue == checker->whole && checker->whole->edition_count != 0;
    const uint64_t kind = UINT64_C(1) << node->kind;
    for (size_t i = 0; i < news_rule_count; i++) {
        const news_rule *rule = &news_rules[i];
        bool due = rule->scope == NEWS_EACH_EDITION ? !has_parts : !is_part;
        if (!due || (rule->kinds & kind) == 0)
            continue;
        checker->rule = rule;
        if (!rule->look(checker, node))
            return false;
    }
    return true;
}

/* Looks at one issue: the whole, or an edition. */
static bool look(news_checker *checker, const news_issue *issue)
{
    checker->issue = issue;
    checker->run = checker->column_of = NULL;
    checker->seen_count = 0;
    news_strmap_free(&checker->texts);
    news_strmap_init(&checker->texts, checker->heap);
    news_strmap_free(&checker->items);
    news_strmap_init(&checker->items, checker->heap);
    return take_findings(checker) && news_checker_walk(checker, apply_rules);
}

static bool is_mailed(const news_issue *issue)
{
    const news_edition *edition =
        news_edition_find(issue->editions, issue->edition_count, issue->edition);
    for (size_t i = 0; i < issue->finding_count; i++)
        if (issue->findings[i].severity == NEWS_ERROR)
            return false;
    return news_edition_is(issue, edition, NEWS_STR("email"));
}

/* Looks at an edition, and at the mail it makes. */
static news_status look_at_edition(news_checker *checker, const news_issue *edition,
                                   news_error *error)
{
    if (!look(checker, edition))
        return news_error_nomem(error);
    return is_mailed(edition) ? news_check_mail(checker, error) : NEWS_OK;
}

static news_status look_at_editions(news_checker *checker, news_error *error)
{
    const news_issue *whole = checker->whole;
    for (size_t i = 0; i < whole->edition_count; i++) {
        news_issue *edition;
        news_issue *held = (news_issue *)(uintptr_t)whole; /* its count of references changes */
        news_status status =
            news_source_edition(&edition, held, whole->editions[i].name, checker->options, error);
        if (status != NEWS_OK)
            return status;
        checker->edition = i + 1;
        status = look_at_edition(checker, edition, error);
        news_issue_unref(edition);
        if (status != NEWS_OK)
            return status;
    }
    return NEWS_OK;
}

static news_status look_at_all(news_checker *checker, const news_issue *issue, news_error *error)
{
    checker->issue = checker->whole;
    if (!read_silenced(checker) || !news_checker_walk(checker, survey))
        return news_error_nomem(error);
    news_status status = look_at_edition(checker, issue, error);
    if (status == NEWS_OK && issue == checker->whole)
        status = look_at_editions(checker, error);
    if (status != NEWS_OK || name_editions(checker))
        return status;
    return news_error_nomem(error);
}

/* ---- Telling ---- */

static bool is_silenced(const news_checker *checker, const news_finding *finding)
{
    return finding->severity != NEWS_ERROR &&
           news_strmap_get(&checker->silenced, news_str_from(finding->code)) != NULL;
}

static news_status tell(news_checker *checker, news_diagnostic_fn found, void *ud,
                        news_error *error)
{
    news_issue *report = checker->report;
    news_issue_sort_findings(report);
    for (size_t i = 0; i < report->finding_count; i++)
        if (!is_silenced(checker, &report->findings[i]) && found(ud, &report->findings[i]) != 0)
            return news_error_set(error, NEWS_ERR_CANCELLED, NEWS_STR_NONE, 0, 0,
                                  "the check was ended by its callback");
    return NEWS_OK;
}

static void free_all(news_checker *checker)
{
    news_heap *heap = checker->heap;
    news_strmap_free(&checker->found);
    news_strmap_free(&checker->ids);
    news_strmap_free(&checker->silenced);
    news_strmap_free(&checker->texts);
    news_strmap_free(&checker->items);
    news_strmap_free(&checker->files);
    news_buf_free(&checker->scratch);
    news_heap_free(heap, checker->marks, checker->mark_capacity * sizeof *checker->marks);
    news_heap_free(heap, checker->frames, checker->frame_capacity * sizeof *checker->frames);
    news_heap_free(heap, checker->id_list, checker->id_capacity * sizeof *checker->id_list);
    news_heap_free(heap, checker->seen, checker->seen_capacity * sizeof *checker->seen);
    news_heap_free(heap, checker->landmarks,
                   checker->landmark_capacity * sizeof *checker->landmarks);
    news_issue_unref(checker->report);
}

news_status news_check_issue(news_host *host, const news_source_options *options,
                             const news_issue *issue, news_diagnostic_fn found, void *ud,
                             news_error *error)
{
    news_heap heap;
    news_heap_init(&heap, options->allocator, 0);
    news_checker checker = {.issue = issue,
                            .whole = issue->parent != NULL ? issue->parent : issue,
                            .options = options,
                            .host = host,
                            .heap = &heap};
    checker.report = news_issue_new(options->allocator, issue->name);
    if (checker.report == NULL)
        return news_error_nomem(error);
    news_buf_init(&checker.scratch, &heap, SIZE_MAX / 2);
    news_strmap_init(&checker.found, &heap);
    news_strmap_init(&checker.ids, &heap);
    news_strmap_init(&checker.silenced, &heap);
    news_strmap_init(&checker.texts, &heap);
    news_strmap_init(&checker.items, &heap);
    news_strmap_init(&checker.files, &heap);
    news_status status = look_at_all(&checker, issue, error);
    if (status == NEWS_OK)
        status = tell(&checker, found, ud, error);
    free_all(&checker);
    return status;
}
