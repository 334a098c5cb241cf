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

news_str news_path_stem(news_str name)
{
    size_t begin = name.len;
    while (begin > 0 && name.ptr[begin - 1] != '/' && name.ptr[begin - 1] != '\\')
        begin--;
    news_str stem = news_str_skip(name, begin);
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
    if (issue->subject.len == 0)
        issue->subject = issue->title;
    if (issue->preheader.len == 0)
        issue->preheader = issue->summary;
    if (issue->dir.len == 0 && is_right_to_left(issue->lang))
        issue->dir = NEWS_STR("rtl");
}

static bool is_smart(const news_issue *issue)
{
    const news_node *entry = news_mapping_get(issue->meta, NEWS_STR("smart"));
    return entry != NULL && entry->kind == NEWS_KIND_SCALAR &&
           (news_str_equal_nocase(entry->b, NEWS_STR("true")) ||
            news_str_equal_nocase(entry->b, NEWS_STR("yes")));
}

/* ---- Building ---- */

static bool is_empty(const news_build *build)
{
    return build->issue->root->first_child == NULL && !build->has_title_heading;
}

static bool run_build(news_build *build, cmark_node *document)
{
    bool built = news_build_document(build, document) && news_sections_build(build) &&
                 news_items_build(build) && news_index_build(build);
    if (built && is_empty(build) &&
        !news_issue_find(build->issue, NEWS_ERROR, "empty", 1, 1, "the issue is empty"))
        built = news_build_nomem(build);
    return built;
}

static news_status build_issue(news_issue *issue, news_overlay *overlay, cmark_node *document,
                               const news_source_options *options, news_error *error)
{
    news_heap *heap = overlay->heap;
    news_tables tables;
    news_build build = {.issue = issue,
                        .options = options,
                        .heap = heap,
                        .error = error,
                        .status = NEWS_OK,
                        .overlay = overlay,
                        .tables = &tables};
    news_buf_init(&build.pending, heap, SIZE_MAX / 2);
    news_buf_init(&build.scratch, heap, SIZE_MAX / 2);
    if (!news_tables_find(&tables, overlay, document, is_smart(issue)))
        news_build_nomem(&build);
    else
        run_build(&build, document);
    news_tables_free(&tables);
    news_buf_free(&build.pending);
    news_buf_free(&build.scratch);
    news_heap_free(heap, build.frames, build.frame_capacity * sizeof *build.frames);
    news_heap_free(heap, build.pair_stack, build.pair_capacity * sizeof *build.pair_stack);
    news_heap_free(heap, build.headings, build.heading_capacity * sizeof *build.headings);
    return build.status == NEWS_ERR_NOMEM ? news_error_nomem(error) : build.status;
}

static news_status parse_body(news_issue *issue, news_heap *heap, news_str body,
                              uint32_t first_line, const news_source_options *options,
                              news_error *error)
{
    news_overlay overlay;
    news_cmark cmark = {NULL, NULL};
    news_status status;
    if (!news_overlay_init(&overlay, heap, body, first_line) ||
        !news_cmark_parse(&cmark, heap, overlay.text, is_smart(issue)))
        status = news_error_nomem(error);
    else
        status = build_issue(issue, &overlay, cmark.document, options, error);
    news_cmark_free(&cmark);
    news_overlay_free(&overlay);
    return status;
}

static news_status parse_text(news_issue *issue, news_heap *heap, news_str text,
                              const news_source_options *options, news_error *error)
{
    size_t body = 0;
    uint32_t lines = 0;
    news_status status = news_front_matter(issue, text, &body, &lines, error);
    if (status != NEWS_OK)
        return status;
    news_str rest = news_str_skip(text, body);
    status = news_guard(rest, lines + 1, options->max_depth, issue->name, error);
    if (status != NEWS_OK)
        return status;
    status = parse_body(issue, heap, rest, lines + 1, options, error);
    if (status != NEWS_OK)
        return status;
    set_defaults(issue);
    news_issue_sort_findings(issue);
    return NEWS_OK;
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
    news_heap_init(&heap, options->allocator, 0);
    news_buf_init(&unified, &heap, SIZE_MAX / 2);
    if (!news_unify_line_ends(&bytes, &unified))
        status = news_error_nomem(error);
    else
        status = parse_text(made, &heap, bytes, options, error);
    news_buf_free(&unified);
    if (status != NEWS_OK) {
        news_issue_unref(made);
        return status;
    }
    *issue = made;
    return NEWS_OK;
}
