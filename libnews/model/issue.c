/* An issue: one arena, one count of references, and the findings of its parsing. */
#include <stdio.h>
#include <stdlib.h>

#include "model/model.h"

news_issue *news_issue_new(const news_allocator *allocator, news_str name)
{
    news_heap heap;
    news_heap_init(&heap, allocator, 0);
    news_issue *issue = news_heap_alloc(&heap, sizeof *issue);
    if (issue == NULL)
        return NULL;
    memset(issue, 0, sizeof *issue);
    issue->heap = heap;
    atomic_init(&issue->references, 1);
    news_arena_init(&issue->arena, &issue->heap);
    issue->root = news_node_new(issue, NEWS_KIND_ISSUE, 1, 1);
    issue->meta = news_node_new(issue, NEWS_KIND_MAPPING, 1, 1);
    if (issue->root == NULL || issue->meta == NULL ||
        !news_arena_copy(&issue->arena, name, &issue->name)) {
        news_issue_unref(issue);
        return NULL;
    }
    issue->source = issue->path = issue->name;
    issue->root->extra = issue;
    issue->meta->parent = issue->root;
    return issue;
}

news_issue *news_issue_ref(news_issue *issue)
{
    if (issue != NULL)
        atomic_fetch_add_explicit(&issue->references, 1, memory_order_relaxed);
    return issue;
}

void news_issue_unref(news_issue *issue)
{
    if (issue == NULL ||
        atomic_fetch_sub_explicit(&issue->references, 1, memory_order_acq_rel) != 1)
        return;
    news_issue *parent = issue->parent;
    news_publication *publication = issue->publication;
    news_heap heap = issue->heap; /* the issue is among what it frees */
    issue->arena.heap = &heap;
    news_arena_free(&issue->arena);
    news_heap_free(&heap, issue->findings, issue->finding_capacity * sizeof *issue->findings);
    news_heap_free(&heap, issue, sizeof *issue);
    news_issue_unref(parent); /* which has no parent itself */
    news_publication_unref(publication);
}

news_publication *news_publication_ref(news_publication *publication)
{
    if (publication != NULL)
        (void)news_issue_ref(publication->data);
    return publication;
}

void news_publication_unref(news_publication *publication)
{
    if (publication != NULL)
        news_issue_unref(publication->data); /* which the publication is a part of */
}

bool news_issue_find(news_issue *issue, news_severity severity, const char *code, uint32_t line,
                     uint32_t column, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        length = 0;
    char fitting[sizeof text];
    news_error_copy(
        fitting, sizeof fitting,
        news_str_of(text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1), false);
    news_finding *findings = news_heap_grow(&issue->heap, issue->findings, issue->finding_count,
                                            &issue->finding_capacity, sizeof *findings);
    if (findings == NULL)
        return false;
    issue->findings = findings;
    news_finding *finding = &findings[issue->finding_count];
    *finding = (news_finding){.size = sizeof *finding,
                              .severity = severity,
                              .code = code,
                              .line = line,
                              .column = column,
                              .source = issue->source,
                              .help = news_code_help(code)};
    if (!news_arena_copy(&issue->arena, news_str_from(fitting), &finding->message))
        return false;
    issue->finding_count++;
    return true;
}

bool news_issue_take_findings(news_issue *issue, const news_issue *from)
{
    for (size_t i = 0; i < from->finding_count; i++) {
        news_finding *findings = news_heap_grow(&issue->heap, issue->findings, issue->finding_count,
                                                &issue->finding_capacity, sizeof *findings);
        if (findings == NULL)
            return false;
        issue->findings = findings;
        findings[issue->finding_count++] = from->findings[i];
    }
    return true;
}

static int compare_places(const void *left, const void *right)
{
    const news_finding *a = left, *b = right;
    int by_source = strcmp(a->source.ptr, b->source.ptr);
    if (by_source != 0)
        return by_source;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    /* Equal places: an order that does not depend on the sort. */
    int by_code = strcmp(a->code, b->code);
    return by_code != 0 ? by_code : strcmp(a->message.ptr, b->message.ptr);
}

void news_issue_sort_findings(news_issue *issue)
{
    size_t own = 0; /* findings of the issue's own file, which go to the front */
    for (size_t i = 0; i < issue->finding_count; i++) {
        if (!news_str_equal(issue->findings[i].source, issue->name))
            continue;
        news_finding finding = issue->findings[i];
        issue->findings[i] = issue->findings[own];
        issue->findings[own++] = finding;
    }
    if (own > 1)
        qsort(issue->findings, own, sizeof *issue->findings, compare_places);
    if (issue->finding_count - own > 1)
        qsort(issue->findings + own, issue->finding_count - own, sizeof *issue->findings,
              compare_places);
}
