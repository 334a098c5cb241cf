/* The pipeline: bytes in, a sealed issue out. */
#include "source/parse.h"
#include "text/text.h"

enum { LARGEST_INPUT = 1 << 29 }; /* cmark counts in int; this leaves it room */

/* ---- Bytes ---- */

static news_status encoding_error(news_str name, news_str bytes, size_t at, news_error *error)
{
    uint32_t line = 1;
    size_t begin = 0;
    for (size_t i = 0; i < at; i++) {
        bool carriage_return = bytes.ptr[i] == '\r' && !(i + 1 < at && bytes.ptr[i + 1] == '\n');
        if (bytes.ptr[i] == '\n' || carriage_return) {
            line++;
            begin = i + 1;
        }
    }
    if (begin == 0 && news_str_starts(bytes, NEWS_STR("\xEF\xBB\xBF")))
        begin = 3;
    uint32_t column = (uint32_t)news_utf8_count(news_str_of(bytes.ptr + begin, at - begin)) + 1;
    unsigned byte = (unsigned char)bytes.ptr[at];
    if (byte == 0)
        return news_error_set(error, NEWS_ERR_ENCODING, name, line, column,
                              "the text holds a NUL character");
    return news_error_set(error, NEWS_ERR_ENCODING, name, line, column,
                          "the text is not UTF-8: byte 0x%02X", byte);
}

news_status news_check_bytes(news_str name, news_str bytes, const news_source_options *options,
                             news_error *error)
{
    size_t limit = options->max_input < LARGEST_INPUT ? options->max_input : LARGEST_INPUT;
    if (bytes.len > limit)
        return news_error_set(error, NEWS_ERR_LIMIT, name, 0, 0,
                              "the text has %zu bytes, more than %zu (max_input)", bytes.len,
                              limit);
    if (bytes.len == 0)
        return NEWS_OK;
    size_t valid = news_utf8_valid_prefix(bytes);
    const char *nul = memchr(bytes.ptr, '\0', valid);
    if (nul != NULL)
        return encoding_error(name, bytes, (size_t)(nul - bytes.ptr), error);
    if (valid != bytes.len)
        return encoding_error(name, bytes, valid, error);
    return NEWS_OK;
}

bool news_unify_line_ends(news_str *text, news_buf *buf)
{
    if (text->len == 0 || memchr(text->ptr, '\r', text->len) == NULL)
        return true;
    size_t done = 0;
    while (done < text->len) {
        const char *hit = memchr(text->ptr + done, '\r', text->len - done);
        size_t at = hit != NULL ? (size_t)(hit - text->ptr) : text->len;
        news_buf_append(buf, text->ptr + done, at - done);
        if (hit == NULL)
            break;
        news_buf_append_char(buf, '\n');
        done = at + 1;
        if (done < text->len && text->ptr[done] == '\n')
            done++;
    }
    *text = news_buf_str(buf);
    return buf->status == NEWS_OK;
}

/* ---- Fields that follow from others ---- */

news_str news_path_stem(news_str path)
{
    size_t begin = path.len;
    while (begin > 0 && path.ptr[begin - 1] != '/' && path.ptr[begin - 1] != '\\')
        begin--;
    news_str stem = news_str_skip(path, begin);
    for (size_t i = stem.len; i > 1; i--)
        if (stem.ptr[i - 1] == '.')
            return news_str_of(stem.ptr, i - 1);
    return stem;
}

static bool is_right_to_left(news_str lang)
{
    static const char *const languages[] = {"ar", "he", "fa", "ur", "ps",
                                            "sd", "ug", "yi", "dv", "ckb"};
    size_t length = 0;
    while (length < lang.len && lang.ptr[length] != '-' && lang.ptr[length] != '_')
        length++;
    news_str primary = news_str_of(lang.ptr, length);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(languages); i++)
        if (news_str_equal_nocase(primary, news_str_from(languages[i])))
            return true;
    return false;
}

static void set_defaults(news_issue *issue)
{
    if (issue->slug.len == 0 && !news_str_equal(issue->name, NEWS_STR("-")))
        issue->slug = news_path_stem(issue->name);
    if (issue->subject.len == 0) {
        issue->subject = issue->title;
        issue->subject_at = issue->title_at;
    }
    if (issue->preheader.len == 0) {
        issue->preheader = issue->summary;
        issue->preheader_at = issue->summary_at;
    }
    if (issue->dir.len == 0 && is_right_to_left(issue->lang))
        issue->dir = NEWS_STR("rtl");
}

static bool is_smart(const news_issue *issue)
{
    const news_node *entry = news_front_matter_extra(issue, NEWS_STR("smart"));
    bool yes = false;
    return entry != NULL && entry->kind == NEWS_KIND_SCALAR && news_str_answers(entry->b, &yes) &&
           yes;
}

/* ---- Building ---- */

static bool is_empty(const news_build *build)
{
    return build->issue->root->first_child == NULL && !build->has_title_heading;
}

/* Links to the files of other issues lead to where those are to be found. A file is looked into
 * once, however many links lead to it. */
static void resolve_link(news_build *build, news_strmap *files, news_str *written, size_t i)
{
    news_node *link = build->issue_links.array[i];
    size_t anchor = news_str_find(link->a, NEWS_STR("#"), 0);
    bool added;
    written[i] = link->a;
    uint32_t *first = news_strmap_put(
        files, news_str_of(link->a.ptr, anchor != SIZE_MAX ? anchor : link->a.len), &added);
    if (first == NULL) {
        news_build_nomem(build);
        return;
    }
    if (added)
        *first = (uint32_t)i;
    const news_node *same = build->issue_links.array[*first];
    bool in_vain = news_str_equal(same->a, written[*first]);
    (void)(added || in_vain ? news_link_resolve(build, link)
                            : news_link_resolve_as(build, link, same, written[*first]));
}

static bool resolve_links(news_build *build)
{
    size_t count = build->issue_links.count;
    news_strmap files; /* to the place in the list of the first link to each */
    if (count == 0)
        return true;
    news_str *written = news_heap_alloc(build->heap, count * sizeof *written);
    if (written == NULL)
        return news_build_nomem(build);
    news_strmap_init(&files, build->heap);
    for (size_t i = 0; build->status == NEWS_OK && i < count; i++)
        resolve_link(build, &files, written, i);
    news_strmap_free(&files);
    news_heap_free(build->heap, written, count * sizeof *written);
    return build->status == NEWS_OK;
}

static bool report_empty(news_build *build)
{
    return !is_empty(build) ||
           news_issue_find(build->issue, NEWS_ERROR, "empty", 1, 1, "the issue is empty") ||
           news_build_nomem(build);
}

/* Builds the blocks; a fragment stays so, an issue becomes one. */
static bool run_build(news_build *build, cmark_node *document, bool fragment)
{
    if (!news_build_document(build, document) ||
        !(fragment ? news_notes_refuse(build) : news_notes_match(build)) || !resolve_links(build))
        return false;
    return fragment || (news_whole_build(build) && report_empty(build));
}

static news_status build_issue(news_issue *issue, news_overlay *overlay, cmark_node *document,
                               bool fragment, const news_source_options *options, news_error *error)
{
    news_heap *heap = overlay->heap;
    news_tables tables;
    news_build build = {.issue = issue,
                        .options = options,
                        .heap = heap,
                        .error = error,
                        .status = NEWS_OK,
                        .overlay = overlay,
                        .tables = &tables,
                        .fragment = fragment};
    news_buf_init(&build.pending, heap, SIZE_MAX / 2);
    news_buf_init(&build.scratch, heap, SIZE_MAX / 2);
    if (!news_tables_find(&tables, overlay, document, is_smart(issue)))
        news_build_nomem(&build);
    else
        run_build(&build, document, fragment);
    news_tables_free(&tables);
    news_build_free(&build);
    return build.status == NEWS_ERR_NOMEM ? news_error_nomem(error) : build.status;
}

static news_status parse_body(news_issue *issue, news_heap *heap, news_str body,
                              uint32_t first_line, bool fragment,
                              const news_source_options *options, news_error *error)
{
    news_overlay overlay;
    news_cmark cmark = {NULL, NULL};
    news_status status = news_guard(body, first_line, options->max_depth, issue->source, error);
    if (status != NEWS_OK)
        return status;
    if (!news_overlay_init(&overlay, heap, body, first_line) ||
        !news_cmark_parse(&cmark, heap, overlay.text, is_smart(issue)))
        status = news_error_nomem(error);
    else
        status = build_issue(issue, &overlay, cmark.document, fragment, options, error);
    news_cmark_free(&cmark);
    news_overlay_free(&overlay);
    return status;
}

/* What a publication says of all its issues, where this one does not. */
static void inherit_facts(news_issue *issue)
{
    const news_publication *publication = issue->publication;
    if (publication == NULL)
        return;
    issue->allow_html = publication->allow_html;
    if (issue->lang.len == 0) {
        issue->lang = publication->lang;
        if (issue->dir.len == 0)
            issue->dir = publication->dir;
    }
    if (issue->authors == NULL)
        issue->authors = publication->authors;
}

/* The editions there are: built in, of the publication, of this issue. */
static bool find_editions(news_issue *issue)
{
    news_edition **editions = &issue->editions;
    size_t *count = &issue->edition_count;
    const news_node *own = news_front_matter_extra(issue, NEWS_STR("editions"));
    return news_editions_defaults(issue, editions, count) &&
           (issue->publication == NULL ||
            news_editions_inherit(issue, issue->publication, editions, count)) &&
           (own == NULL || news_editions_read(issue, own, editions, count)) &&
           news_editions_check(issue, *editions, *count);
}

/* Reports values that the keys of the contents list cannot have. */
static bool check_contents(news_issue *issue)
{
    const news_node *label = news_front_matter_extra(issue, NEWS_STR("contents"));
    const news_node *toc = news_front_matter_extra(issue, NEWS_STR("toc"));
    bool yes,
        answered = toc == NULL || (toc->kind == NEWS_KIND_SCALAR && news_str_answers(toc->b, &yes));
    return (label == NULL || label->kind == NEWS_KIND_SCALAR ||
            news_issue_find(issue, NEWS_ERROR, "front-matter-type", label->line, label->column,
                            "\"contents\" must be a single text")) &&
           (answered || news_issue_find(issue, NEWS_ERROR, "front-matter-type", toc->line,
                                        toc->column, "\"toc\" must be true or false"));
}

static news_status parse_text(news_issue *issue, news_heap *heap, news_str text,
                              const news_source_options *options, news_error *error)
{
    size_t body = 0;
    uint32_t lines = 0;
    news_status status = news_front_matter(issue, text, &body, &lines, error);
    if (status != NEWS_OK)
        return status;
    inherit_facts(issue);
    set_defaults(issue);
    if (!news_addresses_build(issue) || !find_editions(issue) || !check_contents(issue) ||
        (issue->publication != NULL && !news_issue_take_findings(issue, issue->publication->data)))
        return news_error_nomem(error);
    status = parse_body(issue, heap, news_str_skip(text, body), lines + 1, false, options, error);
    if (status != NEWS_OK)
        return status;
    set_defaults(issue); /* the title may have been in the text */
    news_issue_sort_findings(issue);
    return NEWS_OK;
}

static news_status find_publication(news_issue *issue, const news_source_options *options,
                                    news_error *error)
{
    if (options->publication != NULL) {
        issue->publication = news_publication_ref(options->publication);
        return NEWS_OK;
    }
    if (options->loader.load == NULL)
        return NEWS_OK;
    return news_source_find_publication(&issue->publication, issue->path, options, error);
}

news_status news_source_fragment(news_publication *publication, news_node *holder, news_str path,
                                 news_str bytes, uint32_t first_line,
                                 const news_source_options *options, news_error *error)
{
    news_issue *data = publication->data;
    news_node *const root = data->root;
    const news_str source = data->source;
    news_source_options from_there = *options;
    news_heap heap;
    news_buf unified;
    if (!news_arena_copy(&data->arena, path, &data->source))
        return news_error_nomem(error);
    data->edition_count = 0;
    if (!news_editions_defaults(data, &data->editions, &data->edition_count) ||
        !news_editions_inherit(data, publication, &data->editions, &data->edition_count))
        return news_error_nomem(error);
    news_heap_init(&heap, options->scratch, 0);
    news_buf_init(&unified, &heap, SIZE_MAX / 2);
    from_there.path = data->source;
    data->root = holder;
    data->publication = publication; /* for as long as this takes: it would hold itself */
    data->allow_html = publication->allow_html;
    news_status status = news_check_bytes(data->source, bytes, options, error);
    if (status == NEWS_OK) {
        if (news_str_starts(bytes, NEWS_STR("\xEF\xBB\xBF")))
            bytes = news_str_skip(bytes, 3);
        status = news_unify_line_ends(&bytes, &unified)
                     ? parse_body(data, &heap, bytes, first_line, true, &from_there, error)
                     : news_error_nomem(error);
    }
    news_buf_free(&unified);
    data->root = root;
    data->publication = NULL;
    data->source = source;
    return status;
}

news_status news_source_parse(news_issue **issue, news_str name, news_str bytes,
                              const news_source_options *options, news_error *error)
{
    *issue = NULL;
    news_status status = news_check_bytes(name, bytes, options, error);
    if (status != NEWS_OK)
        return status;
    if (news_str_starts(bytes, NEWS_STR("\xEF\xBB\xBF")))
        bytes = news_str_skip(bytes, 3);
    news_issue *made = news_issue_new(options->allocator, name);
    if (made == NULL)
        return news_error_nomem(error);
    news_heap heap;
    news_buf unified;
    news_heap_init(&heap, options->scratch, 0);
    news_buf_init(&unified, &heap, SIZE_MAX / 2);
    if (options->path.len != 0 && !news_arena_copy(&made->arena, options->path, &made->path))
        status = news_error_nomem(error);
    if (status == NEWS_OK)
        status = find_publication(made, options, error);
    if (status == NEWS_OK && !news_unify_line_ends(&bytes, &unified))
        status = news_error_nomem(error);
    if (status == NEWS_OK)
        status = parse_text(made, &heap, bytes, options, error);
    news_buf_free(&unified);
    if (status != NEWS_OK) {
        news_issue_unref(made);
        return status;
    }
    *issue = made;
    return NEWS_OK;
}
