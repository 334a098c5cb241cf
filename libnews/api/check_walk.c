/* The walk of a check: every node of an issue in the order in which readers meet it. */
#include "api/check.h"

static bool open_frame(news_checker *checker, const news_node *node, news_nodes children)
{
    news_check_frame *frames = news_heap_grow(checker->heap, checker->frames, checker->frame_count,
                                              &checker->frame_capacity, sizeof *frames);
    if (frames == NULL)
        return false;
    checker->frames = frames;
    frames[checker->frame_count++] = (news_check_frame){node, children, 0};
    return true;
}

static news_nodes children_of(const news_node *node)
{
    return (news_nodes){.first = node->first_child};
}

/* A section's heading and its line in the contents list are not among its children. */
static news_nodes section_part(const news_node *node, int part)
{
    const news_section *section = node->extra;
    switch (part) {
    case 0:
        return (news_nodes){.first = section->heading,
                            .end = section->heading != NULL ? section->heading->next : NULL};
    case 1: return section->summary;
    default: return children_of(node);
    }
}

static const news_node *next_in(news_check_frame *frame)
{
    enum { PARTS = 3 };
    for (;;) {
        const news_node *node = news_nodes_next(&frame->children);
        if (node != NULL || frame->node == NULL || frame->node->kind != NEWS_KIND_SECTION ||
            frame->parts == PARTS)
            return node;
        frame->children = section_part(frame->node, frame->parts++);
    }
}

static bool walk_nodes(news_checker *checker, news_nodes nodes, news_visit_fn visit)
{
    if (!open_frame(checker, NULL, nodes))
        return false;
    while (checker->frame_count != 0) {
        const news_node *node = next_in(&checker->frames[checker->frame_count - 1]);
        if (node == NULL) {
            checker->frame_count--;
            continue;
        }
        news_nodes children = {0};
        if (node->kind != NEWS_KIND_SECTION)
            children = children_of(node);
        if (!visit(checker, node) || !open_frame(checker, node, children))
            return false;
    }
    return true;
}

static news_str path_or(news_str path, news_str otherwise)
{
    return path.len != 0 ? path : otherwise;
}

bool news_checker_walk(news_checker *checker, news_visit_fn visit)
{
    const news_issue *issue = checker->issue;
    const news_publication_view *view =
        issue->publication_node != NULL ? issue->publication_node->extra : NULL;
    const news_publication *publication = view != NULL ? view->publication : NULL;
    checker->frame_count = 0;
    checker->source = checker->report->name;
    if (!visit(checker, issue->root))
        return false;
    if (publication != NULL) {
        checker->source = path_or(publication->masthead_path, publication->data->name);
        if (!walk_nodes(checker, view->masthead, visit))
            return false;
    }
    checker->source = checker->report->name;
    if (!walk_nodes(checker, children_of(issue->root), visit) ||
        !walk_nodes(checker, issue->notes, visit))
        return false;
    if (publication == NULL)
        return true;
    checker->source = path_or(publication->footer_path, publication->data->name);
    return walk_nodes(checker, view->footer, visit);
}
