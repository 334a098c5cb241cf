/* Rules about what an issue is made of: sections, images, the contents list, editions. */
#include "api/check.h"

/* ---- Sections ---- */

bool news_check_heading_jump(news_checker *checker, const news_node *node)
{
    static const char marks[] = "######";
    const news_node *parent = news_checker_ancestor(checker, 0);
    const int32_t written = ((const news_section *)node->extra)->written;
    if (parent == NULL || parent->kind != NEWS_KIND_SECTION)
        return true; /* an issue may begin with any level */
    const news_section *outer = parent->extra;
    const int32_t above = outer->written;
    const news_node *first = outer->first_section;
    if (above < 1 || written > 6 || written <= above + 1)
        return true;
    /* What the first does, those that go with it do, too: once is enough. */
    if (first != NULL && first != node && ((const news_section *)first->extra)->written == written)
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the heading \"%s\" skips a level: it is written with %.*s, the one "
                             "it belongs to with %.*s",
                             news_show(node->b).text, (int)written, marks, (int)above, marks);
}

bool news_check_section_empty(news_checker *checker, const news_node *node)
{
    if (node->first_child != NULL)
        return true;
    return news_checker_find(checker, node->line, node->column,
                             "the section \"%s\" is empty: nothing follows its heading",
                             news_show(node->b).text);
}

/* ---- Images ---- */

static bool is_silent(const news_node *image)
{
    return news_str_trim(image->b).len == 0;
}

/* What a figure says about an image besides describing it, or NULL. */
static const char *figure_text(const news_node *node, const news_image *image)
{
    if (node == NULL || node->kind != NEWS_KIND_FIGURE || image == NULL)
        return NULL;
    return image->title.len != 0 ? "a caption" : image->credit.len != 0 ? "a credit" : NULL;
}

bool news_check_image_alt(news_checker *checker, const news_node *node)
{
    const news_node *parent = news_checker_ancestor(checker, 0);
    const news_node *link = parent != NULL && parent->kind == NEWS_KIND_LINK ? parent : NULL;
    const news_node *figure = link != NULL ? news_checker_ancestor(checker, 1) : parent;
    const char *said = figure_text(figure, node->extra);
    bool has;
    if (!is_silent(node))
        return true;
    if (!news_checker_has(checker, checker->rule->code, node->line, node->column, &has))
        return false;
    if (has) /* the parser told */
        return true;
    if (said != NULL)
        return news_checker_find(checker, node->line, node->column,
                                 "this image has %s, but no description for those who do not see "
                                 "it",
                                 said);
    if (link == NULL || link->first_child != node || node->next != NULL)
        return true; /* decoration */
    return news_checker_find(checker, node->line, node->column,
                             "the link to \"%s\" is an image without a description",
                             news_show(link->a).text);
}

bool news_check_image_size(news_checker *checker, const news_node *node)
{
    const news_image *image = node->extra;
    if (image != NULL && (image->width > 0 || image->height > 0))
        return true;
    return news_checker_find(
        checker, node->line, node->column,
        "the image \"%s\" has neither width nor height, so the text jumps when "
        "it appears",
        news_show(node->a).text);
}

/* ---- The contents list ---- */

static bool has_summary(const news_node *node)
{
    if (node->kind != NEWS_KIND_SECTION)
        return false;
    const news_nodes summary = ((const news_section *)node->extra)->summary;
    return news_nodes_count(&summary) != 0;
}

bool news_check_summary_missing(news_checker *checker, const news_node *node)
{
    const news_node *toc = node->kind == NEWS_KIND_TOC ? node : checker->issue->toc;
    if (toc == NULL || toc->extra == NULL)
        return true;
    news_nodes sections = *(const news_nodes *)toc->extra;
    news_nodes rest = sections;
    bool some = false;
    for (const news_node *section; (section = news_nodes_next(&rest)) != NULL;)
        some = some || has_summary(section);
    for (const news_node *section; some && (section = news_nodes_next(&sections)) != NULL;)
        if (!has_summary(section) &&
            !news_checker_find(checker, section->line, section->column,
                               "the section \"%s\" has no summary, though others in the contents "
                               "list have one",
                               news_show(section->b).text))
            return false;
    return true;
}

/* A summary that readers never see: of a section that no contents list names. */
bool news_check_summary_unused(news_checker *checker, const news_node *node)
{
    enum { OUTERMOST = 2 };
    if (node->kind == NEWS_KIND_SECTION)
        return node->number == OUTERMOST || !has_summary(node) ||
               news_checker_find(checker, node->line, node->column,
                                 "readers never see the summary of \"%s\": the contents list names "
                                 "the outermost sections",
                                 news_show(node->b).text);
    const news_node *section = checker->issue->first_section;
    while (section != NULL && !has_summary(section))
        section = section->next;
    return section == NULL || checker->issue->wants_toc ||
           news_checker_find(checker, section->line, section->column,
                             "readers never see the summary of \"%s\": the issue has no contents "
                             "list",
                             news_show(section->b).text);
}

/* ---- Editions ---- */

static const news_edition *find_edition(const news_edition *editions, size_t count, news_str name)
{
    const news_edition *edition = news_edition_find(editions, count, name);
    return edition != NULL && edition->line != 0 ? edition : NULL;
}

/* Whether it is not certain what which edition has. */
static bool has_lost_directives(const news_issue *issue)
{
    for (size_t i = 0; i < issue->finding_count; i++) {
        const news_str code = news_str_from(issue->findings[i].code);
        if (issue->findings[i].severity == NEWS_ERROR &&
            (news_str_starts(code, NEWS_STR("directive-")) ||
             news_str_starts(code, NEWS_STR("edition-"))))
            return true;
    }
    return false;
}

/* Where the edition is defined, in the issue or in news.yaml; those built in are so nowhere. */
bool news_check_edition_empty(news_checker *checker, const news_node *node)
{
    const news_issue *whole = checker->whole;
    const news_publication *publication = whole->publication;
    const news_str name = checker->issue->edition, source = checker->source;
    if (node->first_child != NULL || whole->root->first_child == NULL || has_lost_directives(whole))
        return true;
    const news_edition *edition = find_edition(whole->editions, whole->edition_count, name);
    if (edition == NULL && publication != NULL) {
        edition = find_edition(publication->editions, publication->edition_count, name);
        if (edition != NULL)
            checker->source = publication->data->name;
    }
    bool ok =
        news_checker_find(checker, edition != NULL ? edition->line : 1,
                          edition != NULL ? edition->column : 1, "nothing of the issue is left");
    checker->source = source;
    return ok;
}
