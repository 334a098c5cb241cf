/* Directives: what stands between two fences of colons.
 *
 *     ::: only email text        ::: note "A title" tone=calm
 *     …                          …
 *     :::                        :::
 *
 * A fence is an HTML block to cmark, so that it ends paragraphs, lists and quotes as a block must.
 * Here the first opens a node and the other closes it: the innermost one that lies open in the same
 * list entry or quote, or at the outermost level, and was opened by as many colons. */
#include "source/parse.h"

typedef struct {
    size_t colons;
    news_str name; /* empty: it closes */
    news_str rest; /* what stands behind the name */
} fence;

const news_mark *news_fence_of(const news_build *build, news_str html)
{
    size_t at = 0, end;
    if (build->overlay->place_count == 0)
        return NULL;
    html = news_str_trim(html);
    const news_mark *mark = news_overlay_next(build->overlay, html, &at, &end);
    if (mark == NULL || mark->type != NEWS_MARK_FENCE)
        return NULL;
    bool alone = at == news_mark_before(build->overlay, mark->type).len &&
                 end + news_mark_after(mark->type).len == html.len;
    return alone ? mark : NULL;
}

/* ---- Reading a fence ---- */

static bool in_name(char c)
{
    return news_is_alnum(c) || c == '-' || c == '_';
}

/* Without the colons that may end the line of an opening fence. */
static news_str without_colons(news_str text)
{
    news_str shorter = text;
    while (shorter.len != 0 && shorter.ptr[shorter.len - 1] == ':')
        shorter.len--;
    bool apart = shorter.len == 0 || news_is_space(shorter.ptr[shorter.len - 1]);
    return text.len - shorter.len >= 3 && apart ? news_str_trim(shorter) : text;
}

static fence read_fence(news_str line)
{
    fence f = {0};
    while (f.colons < line.len && line.ptr[f.colons] == ':')
        f.colons++;
    news_str text = without_colons(news_str_trim(news_str_skip(line, f.colons)));
    size_t length = 0;
    while (length < text.len && in_name(text.ptr[length]))
        length++;
    f.name = news_str_of(text.ptr, length);
    f.rest = news_str_trim(news_str_skip(text, length));
    return f;
}

/* ---- Arguments ---- */

static bool add_argument(news_build *build, news_node *node, news_str word)
{
    news_directive *directive = node->extra;
    while (word.len != 0 && word.ptr[word.len - 1] == ',')
        word.len--;
    return word.len == 0 || news_data_add(build, &directive->args, NEWS_KIND_SEQUENCE,
                                          NEWS_STR_NONE, word, news_place_of(node));
}

static bool add_attribute(news_build *build, news_node *node, news_attribute_type type,
                          const news_attribute *attribute)
{
    news_directive *directive = node->extra;
    news_place place = news_place_of(node);
    switch (type) {
    case NEWS_ATTRIBUTE_CLASS:
        if (node->a.len == 0) /* ::: {.note} */
            return news_arena_copy(&build->issue->arena, attribute->value, &node->a) ||
                   news_build_nomem(build);
        return news_data_add(build, &directive->classes, NEWS_KIND_SEQUENCE, NEWS_STR_NONE,
                             attribute->value, place);
    case NEWS_ATTRIBUTE_ID:
        return news_data_add(build, &directive->attrs, NEWS_KIND_MAPPING, NEWS_STR("id"),
                             attribute->value, place);
    default:
        return news_data_add(build, &directive->attrs, NEWS_KIND_MAPPING, attribute->name,
                             attribute->value, place);
    }
}

/* A word, or a text in quotes; *at is moved past it. False when it is neither. */
static bool read_word(news_str text, size_t *at, news_str *word)
{
    char quote = text.ptr[*at];
    if (quote == '"' || quote == '\'') {
        const char *begin = text.ptr + *at + 1;
        const char *end = memchr(begin, quote, text.len - *at - 1);
        if (end == NULL)
            return false;
        *word = news_str_of(begin, (size_t)(end - begin));
        *at = (size_t)(end + 1 - text.ptr);
        return true;
    }
    size_t begin = *at;
    const char *refused = "\"'{}=#";
    for (; *at < text.len && !news_is_space(text.ptr[*at]); ++*at) {
        if (text.ptr[*at] == '/')
            refused = "\"'{}"; /* an address has signs of its own */
        if (strchr(refused, text.ptr[*at]) != NULL)
            return false;
    }
    *word = news_str_of(text.ptr + begin, *at - begin);
    return true;
}

/* Reads the arguments behind a name; *good is cleared at what reads as none. */
static bool read_arguments(news_build *build, news_node *node, news_str text, bool *good)
{
    size_t at = 0;
    if (text.len >= 2 && text.ptr[0] == '{' && text.ptr[text.len - 1] == '}')
        text = news_str_of(text.ptr + 1, text.len - 2);
    for (;;) {
        while (at < text.len && news_is_space(text.ptr[at]))
            at++;
        if (at == text.len)
            return true;
        size_t next = at;
        news_attribute attribute;
        news_attribute_type type = news_attribute_next(text, &next, &attribute);
        news_str word;
        if (type != NEWS_ATTRIBUTE_BAD) {
            at = next;
            if (!add_attribute(build, node, type, &attribute))
                return false;
        } else if (read_word(text, &at, &word)) {
            if (!add_argument(build, node, word))
                return false;
        } else {
            *good = false;
            return true;
        }
    }
}

/* ---- What the core knows ---- */

/* A button is a directive like any other until it is closed: see button.c. */
static const char *const known_names[] = {"only", "except", "summary", "toc", "button"};
enum { FIRST_HARMLESS = 2, BUTTON = 4 };

static news_str known_name_at(void *ud, size_t i)
{
    (void)ud;
    return news_str_from(known_names[i]);
}

/* The name of one that the core knows, else NULL. */
static const char *known_name(news_str name)
{
    for (size_t i = 0; i < BUTTON; i++)
        if (news_str_equal(name, news_str_from(known_names[i])))
            return known_names[i];
    return NULL;
}

/* A slip in the name of a condition would show every reader what is for some. */
static bool check_slip(news_build *build, const news_node *node)
{
    char name[32];
    ptrdiff_t near = news_nearest(node->a, NEWS_ARRAY_LENGTH(known_names), known_name_at, NULL);
    if (near < 0 || news_str_equal(node->a, news_str_from(known_names[near])))
        return true;
    news_error_copy(name, sizeof name, node->a, false);
    static const char format[] = "did you mean \"%s\" by the directive \"%s\"?";
    return near < FIRST_HARMLESS ? news_build_error(build, "directive-unknown", news_place_of(node),
                                                    format, known_names[near], name)
                                 : news_build_warn(build, "directive-unknown", news_place_of(node),
                                                   format, known_names[near], name);
}

bool news_is_conditional(const news_node *node)
{
    return node->kind == NEWS_KIND_DIRECTIVE &&
           (node->number == NEWS_DIRECTIVE_ONLY || node->number == NEWS_DIRECTIVE_EXCEPT);
}

static bool is_edition_or_tag(const news_issue *issue, news_str word)
{
    for (size_t i = 0; i < issue->edition_count; i++) {
        const news_edition *edition = &issue->editions[i];
        if (news_str_equal(edition->name, word))
            return true;
        for (size_t tag = 0; tag < edition->tag_count; tag++)
            if (news_str_equal(edition->tags[tag], word))
                return true;
    }
    return false;
}

static news_str edition_name_at(void *ud, size_t i)
{
    const news_issue *issue = ud;
    return issue->editions[i].name;
}

static bool check_condition(news_build *build, const news_node *node)
{
    const news_directive *directive = node->extra;
    news_issue *issue = build->issue;
    if (directive->args == NULL)
        return news_build_error(build, "directive-syntax", news_place_of(node),
                                "\"::: %s\" does not say which editions it is for", node->a.ptr);
    for (const news_node *arg = directive->args->first_child; arg != NULL; arg = arg->next) {
        if (is_edition_or_tag(issue, arg->b))
            continue;
        char word[64];
        news_error_copy(word, sizeof word, arg->b, false);
        ptrdiff_t near = news_nearest(arg->b, issue->edition_count, edition_name_at, issue);
        bool ok = near >= 0 ? news_build_error(build, "edition-unknown", news_place_of(node),
                                               "there is no edition \"%s\"; did you mean \"%s\"?",
                                               word, issue->editions[near].name.ptr)
                            : news_build_error(build, "edition-unknown", news_place_of(node),
                                               "there is no edition \"%s\"", word);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- Opening ---- */

/* Whether nothing is open but directives, or none but those that editions decide on. */
static bool is_outermost(news_build *build, bool conditional)
{
    const news_node *node = news_build_top(build)->node;
    while (conditional ? news_is_conditional(node) : node->kind == NEWS_KIND_DIRECTIVE)
        node = node->parent;
    return node == build->issue->root;
}

/* Makes of a directive what its name says. */
static bool settle(news_build *build, news_node *node)
{
    const char *known = known_name(node->a);
    if (known == NULL)
        return check_slip(build, node);
    node->a = news_str_from(known);
    switch (*known) {
    case 'o':
    case 'e':
        node->number = *known == 'o' ? NEWS_DIRECTIVE_ONLY : NEWS_DIRECTIVE_EXCEPT;
        build->conditions++;
        return check_condition(build, node);
    case 's':
        node->number = NEWS_DIRECTIVE_SUMMARY;
        if (((const news_directive *)node->extra)->args != NULL &&
            !news_build_error(build, "directive-syntax", news_place_of(node),
                              "a summary is written between its fences, not behind its name"))
            return false;
        if (is_outermost(build, true) && !build->fragment)
            return true;
        return news_build_error(build, "summary-misplaced", news_place_of(node),
                                "this summary stands within another block");
    default:
        if (is_outermost(build, false) && !build->fragment)
            return true;
        return news_build_error(build, "toc-misplaced", news_place_of(node),
                                build->fragment
                                    ? "a contents list stands in the issue"
                                    : "a contents list cannot stand within a list or a quote");
    }
}

/* Names do not tell capitals from small letters. */
static bool lower_name(news_build *build, news_node *node)
{
    char *lower = news_arena_alloc(&build->issue->arena, node->a.len + 1);
    if (lower == NULL)
        return news_build_nomem(build);
    for (size_t i = 0; i < node->a.len; i++)
        lower[i] = news_to_lower(node->a.ptr[i]);
    lower[node->a.len] = '\0';
    node->a.ptr = lower;
    return true;
}

static bool open_directive(news_build *build, const fence *f, news_str line, news_place place)
{
    bool good = true;
    news_node *node = news_build_node(build, NEWS_KIND_DIRECTIVE, place);
    if (node == NULL)
        return false;
    node->extra = news_arena_calloc(&build->issue->arena, sizeof(news_directive));
    if (node->extra == NULL || !news_arena_copy(&build->issue->arena, f->name, &node->a))
        return news_build_nomem(build);
    if (!read_arguments(build, node, f->rest, &good) || !lower_name(build, node))
        return false;
    if (news_node_id(node).len != 0 && !news_node_list_add(build, &build->anchors, node))
        return false;
    if (!good || node->a.len == 0 || !news_is_alpha(node->a.ptr[0])) {
        char shown[64];
        news_error_copy(shown, sizeof shown, line, false);
        if (!news_build_error(build, "directive-syntax", place,
                              "\"%s\" does not read as a directive", shown))
            return false;
    }
    if (!settle(build, node) || !news_build_open(build, node))
        return false;
    news_build_top(build)->fence = f->colons;
    return true;
}

/* ---- Closing ---- */

/* `complete`: its fence came, so that what it holds can be judged. */
static bool close_directive(news_build *build, bool complete)
{
    news_node *node = news_build_top(build)->node;
    if (!news_build_close(build))
        return false;
    if (!complete)
        return true;
    if (!news_str_equal(node->a, NEWS_STR("toc")))
        return news_button_finish(build, node);
    if (node->first_child != NULL &&
        !news_build_error(build, "directive-syntax", news_place_of(node),
                          "the contents list is made by itself; \"::: toc\" holds nothing"))
        return false;
    const news_directive *directive = node->extra;
    node->kind = NEWS_KIND_TOC;
    node->a = directive->args != NULL ? directive->args->first_child->b : NEWS_STR_NONE;
    node->extra = NULL;
    node->first_child = NULL;
    return true;
}

/* Closes the innermost directive although its fence never came. */
static bool end_unclosed(news_build *build, uint32_t line)
{
    const news_node *node = news_build_top(build)->node;
    char name[48];
    news_error_copy(name, sizeof name, node->a, false);
    build->lost_fence = news_place_of(node);
    build->lost_name = node->a;
    bool ok =
        line != 0
            ? news_build_error(build, "directive-unclosed", news_place_of(node),
                               "\"::: %s\" is not closed before line %u, where what holds it ends",
                               name, (unsigned)line)
            : news_build_error(build, "directive-unclosed", news_place_of(node),
                               "\"::: %s\" is never closed", name);
    return ok && close_directive(build, false);
}

bool news_directives_end(news_build *build, size_t until, uint32_t line)
{
    while (build->frame_count - 1 > until)
        if (!end_unclosed(build, line))
            return false;
    return true;
}

static bool report_stray(news_build *build, const fence *f, news_place place)
{
    const news_frame *top = news_build_top(build);
    char name[48];
    if (top->fence != 0) {
        news_error_copy(name, sizeof name, top->node->a, false);
        return news_build_error(
            build, "directive-stray", place,
            "%zu colons close nothing here; \"::: %s\" in line %u was opened by %zu", f->colons,
            name, (unsigned)top->node->line, top->fence);
    }
    if (build->lost_fence.line != 0) {
        news_error_copy(name, sizeof name, build->lost_name, false);
        return news_build_error(build, "directive-stray", place,
                                "this closes nothing; \"::: %s\" in line %u stands within another "
                                "list entry or quote, which has ended",
                                name, (unsigned)build->lost_fence.line);
    }
    return news_build_error(build, "directive-stray", place, "this closes no directive");
}

bool news_fence_build(news_build *build, const news_mark *mark, news_place place)
{
    fence f = read_fence(mark->source);
    if (f.name.len != 0 || f.rest.len != 0)
        return open_directive(build, &f, news_str_trim(mark->source), place);
    size_t frame = build->frame_count - 1;
    while (build->frames[frame].fence != 0 && build->frames[frame].fence != f.colons)
        frame--;
    if (build->frames[frame].fence == 0)
        return report_stray(build, &f, place);
    return news_directives_end(build, frame, place.line) && close_directive(build, true);
}

/* ---- The cut ---- */

/* An error where an edition is to stop at the cut, for it would have everything. */
bool news_cut_misplaced(news_build *build, news_place place, const char *message)
{
    const news_issue *issue = build->issue;
    bool matters = false;
    for (size_t i = 0; i < issue->edition_count && !build->fragment; i++)
        matters |= issue->editions[i].until_more;
    return matters ? news_build_error(build, "more-misplaced", place, "%s", message)
                   : news_build_warn(build, "more-misplaced", place, "%s", message);
}

bool news_cut_build(news_build *build, news_place place)
{
    if (!is_outermost(build, true) || build->fragment)
        return news_cut_misplaced(
            build, place,
            build->fragment ? "\"<!-- more -->\" stops teasers in issues, not in what goes "
                              "around them all"
                            : "\"<!-- more -->\" within another block stops no teaser");
    if (build->issue->has_cut || build->cut_waits)
        return news_build_warn(build, "more-repeated", place,
                               "teasers stop at the first \"<!-- more -->\", in line %u",
                               (unsigned)build->cut_place.line);
    build->cut_waits = true;
    build->cut_place = place;
    return true;
}
