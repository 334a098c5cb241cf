/* Notes: what "[^id]: text" defines and "[^id]" refers to.
 *
 * To cmark a note is an entry of a list, whose first text begins with a mark; so its lines are its
 * own, and whatever blocks they hold. Here the entry becomes a note, leaves its place in the text
 * and joins the notes of the issue. */
#include "source/parse.h"

/* The mark that begins the text of a list's entry, if it is that of a note. */
static const news_mark *note_mark(const news_build *build, cmark_node *entry)
{
    if (build->overlay->place_count == 0)
        return NULL;
    cmark_node *paragraph = cmark_node_first_child(entry);
    if (paragraph == NULL || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH)
        return NULL;
    cmark_node *text = cmark_node_first_child(paragraph);
    if (text == NULL || cmark_node_get_type(text) != CMARK_NODE_TEXT)
        return NULL;
    size_t at = 0, end;
    const news_mark *mark =
        news_overlay_next(build->overlay, news_str_from(cmark_node_get_literal(text)), &at, &end);
    return mark != NULL && at == 0 && mark->type == NEWS_MARK_NOTE ? mark : NULL;
}

bool news_is_note(const news_build *build, cmark_node *entry)
{
    return note_mark(build, entry) != NULL;
}

bool news_is_note_list(const news_build *build, cmark_node *list)
{
    for (cmark_node *entry = cmark_node_first_child(list); entry != NULL;
         entry = cmark_node_next(entry))
        if (!news_is_note(build, entry))
            return false;
    return true;
}

/* What stands between "[^" and "]". */
static news_str id_of(news_str source)
{
    const char *close = memchr(source.ptr, ']', source.len);
    return news_str_of(source.ptr + 2, (size_t)(close - source.ptr) - 2);
}

static bool in_condition(const news_node *node)
{
    while (node != NULL && !news_is_conditional(node))
        node = node->parent;
    return node != NULL;
}

bool news_note_open(news_build *build, cmark_node *entry, news_place place)
{
    news_node *note = news_build_node(build, NEWS_KIND_NOTE, place);
    if (note == NULL)
        return false;
    if (!news_arena_copy(&build->issue->arena, id_of(note_mark(build, entry)->source), &note->a))
        return news_build_nomem(build);
    build->note_begins = true;
    if (in_condition(news_build_top(build)->node) &&
        !news_build_error(build, "note-misplaced", place,
                          "a note goes wherever something refers to it, whatever it is defined in; "
                          "conditions may stand within it"))
        return false;
    return news_build_open(build, note);
}

bool news_note_close(news_build *build)
{
    news_frame *frame = news_build_top(build);
    news_node *note = frame->node, *before = frame->before;
    if (!news_build_close(build))
        return false;
    news_frame *parent = news_build_top(build);
    parent->last = before;
    if (before != NULL)
        before->next = NULL;
    else
        parent->node->first_child = NULL;
    note->parent = build->issue->root;
    if (build->last_note != NULL)
        build->last_note->next = note;
    else
        build->notes = note;
    build->last_note = note;
    build->note_count++;
    return true;
}

bool news_note_ref_new(news_build *build, news_str source, news_place place, news_node **ref)
{
    *ref = news_build_node(build, NEWS_KIND_NOTE_REF, place);
    if (*ref == NULL)
        return false;
    /* Until notes are matched, b has the text it is when there is no such note. */
    (*ref)->extra = news_arena_calloc(&build->issue->arena, sizeof(news_note_ref));
    if ((*ref)->extra == NULL ||
        !news_arena_copy(&build->issue->arena, id_of(source), &(*ref)->a) ||
        !news_arena_copy(&build->issue->arena, source, &(*ref)->b))
        return news_build_nomem(build);
    return news_node_list_add(build, &build->note_refs, *ref);
}

/* ---- Matching ---- */

/* Whether a line begins with the reference and goes on as a definition would that lacks its colon.
 */
static bool lacks_colon(const news_node *ref)
{
    const news_node *parent = ref->parent;
    return parent != NULL && parent->kind == NEWS_KIND_PARAGRAPH && parent->first_child == ref &&
           ref->next != NULL && ref->next->kind == NEWS_KIND_TEXT &&
           news_str_starts(ref->next->a, NEWS_STR(" "));
}

static bool report_undefined(news_build *build, news_node *ref)
{
    char id[80];
    news_error_copy(id, sizeof id, ref->a, false);
    return news_build_error(build, "note-undefined", news_place_of(ref),
                            lacks_colon(ref)
                                ? "there is no note \"%s\"; if this line is the note, it lacks the "
                                  "colon of [^...]: text"
                                : "there is no note \"%s\"",
                            id);
}

static bool add_notes(news_build *build, news_strmap *ids)
{
    for (news_node *note = build->notes; note != NULL; note = note->next) {
        bool added;
        uint32_t *line = news_strmap_put(ids, note->a, &added);
        if (line == NULL)
            return news_build_nomem(build);
        if (added) {
            *line = note->line;
            continue;
        }
        char id[80];
        news_error_copy(id, sizeof id, note->a, false);
        if (!news_build_error(build, "note-duplicate", news_place_of(note),
                              "the note \"%s\" is defined twice, in line %u and here", id,
                              (unsigned)*line))
            return false;
    }
    return true;
}

/* A reference without a note becomes the text that it is. */
static bool match_references(news_build *build, const news_strmap *ids)
{
    for (size_t i = 0; i < build->note_refs.count; i++) {
        news_node *ref = build->note_refs.array[i];
        if (news_strmap_get(ids, ref->a) != NULL) {
            ref->b = NEWS_STR_NONE;
            build->note_ref_count++;
            continue;
        }
        if (!report_undefined(build, ref))
            return false;
        ref->kind = NEWS_KIND_TEXT;
        ref->extra = NULL;
        ref->a = ref->b;
        ref->b = NEWS_STR_NONE;
    }
    return true;
}

bool news_notes_refuse(news_build *build)
{
    const news_node *first = build->notes;
    if (build->note_refs.count != 0)
        first = build->note_refs.array[0];
    for (size_t i = 0; i < build->note_refs.count; i++) {
        news_node *ref = build->note_refs.array[i];
        ref->kind = NEWS_KIND_TEXT;
        ref->extra = NULL;
        ref->a = ref->b;
    }
    return first == NULL ||
           news_build_error(build, "note-misplaced", news_place_of(first),
                            "notes stand in issues, not in what goes around them all");
}

bool news_notes_match(news_build *build)
{
    if (build->notes == NULL && build->note_refs.count == 0)
        return true;
    news_strmap ids;
    news_strmap_init(&ids, build->heap);
    bool ok = add_notes(build, &ids) && match_references(build, &ids);
    news_strmap_free(&ids);
    return ok;
}
