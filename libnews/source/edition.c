/* Editions: what the readers of one channel get, as an issue of its own.
 *
 * An issue keeps the blocks as they were parsed, before they are cut into sections, if any edition
 * drops some of them or leads elsewhere. An edition is made by copying those it has, and cutting
 * the copy. Where every edition has the same blocks there is nothing to copy: an edition shares the
 * nodes, and has a root of its own above them. */
#include "source/parse.h"
#include "text/text.h"

const news_edition *news_edition_find(const news_edition *editions, size_t count, news_str name)
{
    for (size_t i = 0; name.len != 0 && i < count; i++)
        if (news_str_equal(editions[i].name, name))
            return &editions[i];
    return NULL;
}

/* ---- The whole ---- */

static bool stops_anywhere(const news_issue *issue)
{
    for (size_t i = 0; i < issue->edition_count; i++)
        if (issue->editions[i].until_more)
            return true;
    return false;
}

static bool leads_elsewhere(const news_build *build)
{
    for (size_t i = 0; i < build->issue_links.count; i++) {
        const news_link *link = build->issue_links.array[i]->extra;
        if (link != NULL && link->gemini.len != 0)
            return true;
    }
    return false;
}

/* Forgets what was counted, for the copy will be counted. */
static void begin_count(news_build *build)
{
    build->headings.count = 0;
    build->link_count = build->image_count = build->item_count = 0;
    build->notes = build->last_note = NULL;
    build->note_count = build->note_ref_count = 0;
}

/* Copies the notes; which of them are referred to shows when the copy is indexed. */
static bool copy_notes(news_build *build, const news_edition *edition, const news_node *notes)
{
    for (const news_node *from = notes; from != NULL; from = from->next) {
        bool stopped;
        news_node *note = news_build_node(build, NEWS_KIND_NOTE, news_place_of(from));
        if (note == NULL)
            return false;
        note->a = from->a;
        if (!news_build_open(build, note) || !news_copy_blocks(build, edition, from, &stopped) ||
            !news_note_close(build))
            return false;
    }
    return true;
}

static bool copy_all(news_build *build, const news_edition *edition, const news_issue *from,
                     bool *stopped)
{
    return news_build_begin(build, build->issue->root, NULL) &&
           copy_notes(build, edition, from->raw_notes) &&
           news_copy_blocks(build, edition, from->raw, stopped);
}

/* Puts the parsed blocks aside. */
static bool keep_raw(news_build *build)
{
    news_issue *issue = build->issue;
    news_node *raw = news_build_node(build, NEWS_KIND_ISSUE, (news_place){0, 0});
    if (raw == NULL)
        return false;
    raw->first_child = issue->root->first_child;
    for (news_node *block = raw->first_child; block != NULL; block = block->next)
        block->parent = raw;
    issue->root->first_child = NULL;
    issue->raw = raw;
    issue->raw_notes = build->notes;
    begin_count(build);
    return true;
}

bool news_whole_build(news_build *build)
{
    news_issue *issue = build->issue;
    bool stopped;
    if (build->conditions != 0 || (issue->has_cut && stops_anywhere(issue)) ||
        leads_elsewhere(build)) {
        if (!keep_raw(build) || !copy_all(build, NULL, issue, &stopped))
            return false;
        build->frame_count = 0;
        build->quiet = true; /* each edition reports what it finds in its own */
    }
    build->whole = true;
    return news_finish_build(build) && news_surround_build(build, NULL);
}

/* ---- One edition ---- */

static void copy_facts(news_issue *to, const news_issue *from)
{
    to->editions = from->editions;
    to->edition_count = from->edition_count;
    to->has_cut = from->has_cut;
    to->has_fields = from->has_fields;
    to->title = from->title;
    to->subject = from->subject;
    to->preheader = from->preheader;
    to->number = from->number;
    to->slug = from->slug;
    to->url = from->url;
    to->gemini = from->gemini;
    to->lang = from->lang;
    to->dir = from->dir;
    to->summary = from->summary;
    to->title_at = from->title_at;
    to->subject_at = from->subject_at;
    to->preheader_at = from->preheader_at;
    to->summary_at = from->summary_at;
    to->image = from->image;
    to->date = from->date;
    to->updated = from->updated;
    to->has_date = from->has_date;
    to->has_updated = from->has_updated;
    to->authors = from->authors;
    to->tags = from->tags;
    to->meta = from->meta;
    to->root->flags = from->root->flags;
}

static void share_nodes(news_issue *to, const news_issue *from)
{
    to->root->first_child = from->root->first_child;
    to->first_section = from->first_section;
    to->items = from->items;
    to->links = from->links;
    to->images = from->images;
    to->notes = from->notes;
    to->credits = from->credits;
    to->toc = from->toc;
    to->wants_toc = from->wants_toc;
    to->words = from->words;
    to->node_count = from->node_count;
}

/* Behind what a teaser has, the way to the rest. */
static bool add_continuation(news_build *build, const news_edition *edition)
{
    news_issue *issue = build->issue;
    bool in_gemini = news_edition_is(issue, edition, NEWS_STR("gemini"));
    issue->more = in_gemini && issue->gemini.len != 0 ? issue->gemini : issue->url;
    if (issue->more.len == 0)
        return news_build_error(build, "edition-address", (news_place){1, 1},
                                "the edition \"%s\" stops at \"<!-- more -->\", but the issue has "
                                "no address where its readers could go on",
                                edition->name.ptr);
    news_str words = NEWS_STR("Continue reading");
    if (issue->publication != NULL && issue->publication->continue_reading.len != 0)
        words = issue->publication->continue_reading;
    news_place nowhere = {0, 0};
    news_node *paragraph = news_build_node(build, NEWS_KIND_PARAGRAPH, nowhere);
    news_node *link = news_link_new(build, issue->more, NEWS_STR_NONE, nowhere);
    news_node *text = news_build_node(build, NEWS_KIND_TEXT, nowhere);
    if (paragraph == NULL || link == NULL || text == NULL)
        return false;
    text->a = link->b = words;
    return news_build_open(build, paragraph) && news_build_open(build, link) &&
           news_build_append(build, text) && news_build_close(build) && news_build_close(build);
}

/* ---- Anchors ---- */

static bool add_ids(news_build *build, news_strmap *ids, const news_node *root)
{
    for (const news_node *node = root->first_child; node != NULL;
         node = news_node_next_below(root, node)) {
        news_str id = news_node_id(node);
        if (id.len != 0 && news_strmap_put(ids, id, NULL) == NULL)
            return news_build_nomem(build);
    }
    return true;
}

/* A link to what the edition does not have leads to the whole issue. */
static bool redirect(news_build *build, news_node *link)
{
    news_issue *issue = build->issue;
    news_buf *buf = &build->scratch;
    if (issue->url.len == 0)
        return news_build_warn(build, "edition-address", news_place_of(link),
                               "this leads to a section that the edition \"%s\" does not have, and "
                               "the issue has no address",
                               issue->edition.ptr);
    news_buf_clear(buf);
    news_buf_append_str(buf, issue->url);
    news_buf_append_str(buf, link->a);
    link->number = NEWS_LINK_EXTERNAL;
    return (buf->status == NEWS_OK &&
            news_arena_copy(&issue->arena, news_buf_str(buf), &link->a)) ||
           news_build_nomem(build);
}

static bool redirect_all(news_build *build, const news_issue *whole, news_strmap *own,
                         news_strmap *all)
{
    news_nodes links = build->issue->links;
    const news_node *link;
    if (!add_ids(build, own, build->issue->root) || !add_ids(build, all, whole->root))
        return false;
    while ((link = news_nodes_next(&links)) != NULL) {
        news_str id = news_str_skip(link->a, 1);
        if (link->number == NEWS_LINK_SECTION && id.len != 0 && news_strmap_get(own, id) == NULL &&
            news_strmap_get(all, id) != NULL && !redirect(build, (news_node *)(uintptr_t)link))
            return false;
    }
    return true;
}

static bool redirect_anchors(news_build *build, const news_issue *whole)
{
    news_strmap own, all;
    news_strmap_init(&own, build->heap);
    news_strmap_init(&all, build->heap);
    bool ok = redirect_all(build, whole, &own, &all);
    news_strmap_free(&own);
    news_strmap_free(&all);
    return ok;
}

/* ---- ---- */

static bool fill_edition(news_build *build, const news_edition *edition, news_issue *whole)
{
    bool stopped = false;
    if (whole->raw == NULL) {
        share_nodes(build->issue, whole);
        return news_surround_build(build, edition);
    }
    if (!copy_all(build, edition, whole, &stopped) ||
        (stopped && !add_continuation(build, edition)))
        return false;
    build->frame_count = 0;
    return news_finish_build(build) && news_surround_build(build, edition) &&
           redirect_anchors(build, whole);
}

static news_status make_edition(news_issue *issue, const news_edition *edition, news_issue *whole,
                                const news_source_options *options, news_error *error)
{
    news_heap heap;
    news_overlay unmarked = {0};
    news_heap_init(&heap, options->scratch, 0);
    news_build build = {.issue = issue,
                        .options = options,
                        .heap = &heap,
                        .error = error,
                        .status = NEWS_OK,
                        .overlay = &unmarked};
    news_buf_init(&build.pending, &heap, SIZE_MAX / 2);
    news_buf_init(&build.scratch, &heap, SIZE_MAX / 2);
    issue->edition = edition->name;
    copy_facts(issue, whole);
    if (!news_issue_take_findings(issue, whole))
        news_build_nomem(&build);
    else
        (void)fill_edition(&build, edition, whole);
    news_issue_sort_findings(issue);
    news_build_free(&build);
    return build.status == NEWS_ERR_NOMEM ? news_error_nomem(error) : build.status;
}

static news_str name_at(void *ud, size_t i)
{
    const news_issue *issue = ud;
    return issue->editions[i].name;
}

static news_status unknown_edition(news_issue *issue, news_str name, news_error *error)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, name, false);
    ptrdiff_t near = news_nearest(name, issue->edition_count, name_at, issue);
    if (near >= 0)
        return news_error_set(error, NEWS_ERR_NOT_FOUND, NEWS_STR_NONE, 0, 0,
                              "there is no edition '%s'; did you mean '%s'?", shown,
                              issue->editions[near].name.ptr);
    return news_error_set(error, NEWS_ERR_NOT_FOUND, NEWS_STR_NONE, 0, 0,
                          "there is no edition '%s'", shown);
}

news_status news_source_edition(news_issue **edition, news_issue *issue, news_str name,
                                const news_source_options *options, news_error *error)
{
    const news_edition *wanted = news_edition_find(issue->editions, issue->edition_count, name);
    *edition = NULL;
    if (wanted == NULL)
        return unknown_edition(issue, name, error);
    news_issue *made = news_issue_new(options->allocator, issue->name);
    if (made == NULL)
        return news_error_nomem(error);
    made->parent = news_issue_ref(issue);
    made->path = issue->path;
    made->publication = news_publication_ref(issue->publication);
    news_status status = make_edition(made, wanted, issue, options, error);
    if (status != NEWS_OK) {
        news_issue_unref(made);
        return status;
    }
    *edition = made;
    return NEWS_OK;
}
