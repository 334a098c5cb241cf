/* news.yaml: from its bytes to a publication, with the masthead and the footer that it names, and
 * where it is found. Its keys are read in publication_keys.c. */
#include "source/front_matter.h"
#include "source/parse.h"
#include "source/publication_keys.h"
#include "text/text.h"

/* ---- Masthead and footer ---- */

/* One of them while it is read. */
typedef struct {
    news_publication *publication;
    const news_source_options *options;
    news_str yaml;
    const news_node *value; /* of its key */
    news_node **holder;     /* the publication's */
    news_str *path;         /* the publication's: the file its text is in */
} fragment;

/* Whether a text of one line names a file of Markdown. */
static bool is_path(news_str text)
{
    static const char *const extensions[] = {".md", ".markdown"};
    if (news_str_find(text, NEWS_STR("\n"), 0) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(extensions); i++) {
        news_str extension = news_str_from(extensions[i]);
        if (text.len > extension.len &&
            news_str_equal_nocase(news_str_skip(text, text.len - extension.len), extension))
            return true;
    }
    return false;
}

/* The path, in the arena, of a file that news.yaml names. */
static bool path_beside(const fragment *f, news_str relative, news_str *path)
{
    news_issue *data = f->publication->data;
    news_buf buf;
    news_buf_init(&buf, &data->heap, SIZE_MAX / 2);
    bool good = news_path_join(&buf, data->name, relative) &&
                news_arena_copy(&data->arena, news_buf_str(&buf), path);
    news_buf_free(&buf);
    return good;
}

/* A node that the blocks may hang from. */
static news_node *new_holder(const fragment *f)
{
    news_issue *data = f->publication->data;
    news_node *holder =
        news_node_new(data, NEWS_KIND_PUBLICATION, f->value->line, f->value->column);
    news_publication_view *view = news_arena_calloc(&data->arena, sizeof *view);
    if (holder == NULL || view == NULL)
        return NULL;
    view->publication = f->publication;
    holder->extra = view;
    return holder;
}

static news_status parse_fragment(const fragment *f, news_str bytes, uint32_t first_line,
                                  news_error *error)
{
    *f->holder = new_holder(f);
    if (*f->holder == NULL)
        return news_error_nomem(error);
    return news_source_fragment(f->publication, *f->holder, *f->path, bytes, first_line, f->options,
                                error);
}

static news_status report_file(const fragment *f, const char *what, news_error *error)
{
    char path[128];
    news_error_copy(path, sizeof path, news_str_trim(f->value->b), true);
    return news_issue_find(f->publication->data, NEWS_ERROR, "publication-file", f->value->line,
                           f->value->column, "\"%s\" %s", path, what)
               ? NEWS_OK
               : news_error_nomem(error);
}

static news_status read_file(const fragment *f, news_error *error)
{
    news_file file;
    bool missing;
    if (f->options->loader.load == NULL)
        return report_file(f, "cannot be read: the program that asked gives no way to read files",
                           error);
    news_status status = news_file_load(f->options, *f->path, &file, &missing, error);
    if (status != NEWS_OK)
        return status;
    if (missing)
        return report_file(f, "does not exist", error);
    status = parse_fragment(f, news_file_bytes(&file), 1, error);
    news_file_release(f->options, &file);
    return status;
}

/* The line where the text of a value begins: below its place if that is the sign of a block. Where
 * YAML folds or joins lines, those that follow are counted too low. */
static uint32_t first_line_of(news_str yaml, const news_node *value)
{
    size_t at = 0;
    for (uint32_t line = 1; line < value->line && at < yaml.len; line++) {
        size_t newline = news_str_find(yaml, NEWS_STR("\n"), at);
        at = newline != SIZE_MAX ? newline + 1 : yaml.len;
    }
    for (uint32_t column = 1; column < value->column && at < yaml.len; column++) {
        uint32_t c;
        at += news_utf8_decode(yaml, at, &c);
    }
    bool block = at < yaml.len && (yaml.ptr[at] == '|' || yaml.ptr[at] == '>');
    return block ? value->line + 1 : value->line;
}

/* Puts the blocks in the place of the key's value. */
static news_status read_fragment(news_publication *publication, news_str yaml, news_node **holder,
                                 news_str *path, const news_source_options *options,
                                 news_error *error)
{
    const fragment whole = {publication, options, yaml, *holder, holder, path}, *f = &whole;
    *holder = NULL;
    if (f->value == NULL)
        return NEWS_OK;
    news_str text = news_str_trim(f->value->b);
    if (is_path(text))
        return path_beside(f, text, f->path) ? read_file(f, error) : news_error_nomem(error);
    *f->path = f->publication->data->name;
    return parse_fragment(f, f->value->b, first_line_of(f->yaml, f->value), error);
}

/* ---- The file ---- */

static news_status read_yaml(news_publication *publication, news_str yaml,
                             const news_source_options *options, news_error *error)
{
    news_node *root;
    news_status status = news_yaml_read(publication->data, yaml, 1, &root, error);
    if (status == NEWS_OK && root != NULL && !news_publication_assign(publication, root))
        status = news_error_nomem(error);
    if (status != NEWS_OK)
        return status;
    status = read_fragment(publication, yaml, &publication->masthead, &publication->masthead_path,
                           options, error);
    if (status != NEWS_OK)
        return status;
    return read_fragment(publication, yaml, &publication->footer, &publication->footer_path,
                         options, error);
}

static news_status read_bytes(news_issue *data, news_publication **publication, news_str bytes,
                              const news_source_options *options, news_error *error)
{
    news_publication *made = news_arena_calloc(&data->arena, sizeof *made);
    if (made == NULL)
        return news_error_nomem(error);
    made->data = data;
    made->meta = data->meta;
    made->meta->parent = NULL;
    news_buf unified;
    news_buf_init(&unified, &data->heap, SIZE_MAX / 2);
    news_status status = news_unify_line_ends(&bytes, &unified)
                             ? read_yaml(made, bytes, options, error)
                             : news_error_nomem(error);
    news_buf_free(&unified);
    news_issue_sort_findings(data);
    *publication = made;
    return status;
}

news_status news_source_publication(news_publication **publication, news_str path, news_str yaml,
                                    const news_source_options *options, news_error *error)
{
    *publication = NULL;
    news_status status = news_check_bytes(path, yaml, options, error);
    if (status != NEWS_OK)
        return status;
    if (yaml.len == 0)
        yaml = NEWS_STR(""); /* libyaml wants a pointer */
    if (news_str_starts(yaml, NEWS_STR("\xEF\xBB\xBF")))
        yaml = news_str_skip(yaml, 3);
    news_issue *data = news_issue_new(options->allocator, path);
    if (data == NULL)
        return news_error_nomem(error);
    status = read_bytes(data, publication, yaml, options, error);
    if (status != NEWS_OK) {
        *publication = NULL;
        news_issue_unref(data);
    }
    return status;
}

/* ---- Finding it ---- */

#define FILE_NAME NEWS_STR("news.yaml")

/* Makes the path of a news.yaml that of the one in the folder above; false at the root, where a
 * relative path begins, and when memory is short. */
static bool go_up(news_buf *path)
{
    size_t end = path->len - FILE_NAME.len;
    if (end <= 1) /* "" or "/" */
        return false;
    size_t begin = end - 1;
    while (begin > 0 && path->ptr[begin - 1] != '/')
        begin--;
    if (news_str_equal(news_str_of(path->ptr + begin, end - begin), NEWS_STR("../")))
        return false;
    path->len = begin;
    return news_buf_append_str(path, FILE_NAME);
}

/* Reads the file at `path` if there is one. */
static news_status try_path(news_publication **publication, news_buf *path,
                            const news_source_options *options, bool *missing, news_error *error)
{
    news_file file;
    if (!news_buf_append_char(path, '\0'))
        return news_error_nomem(error);
    path->len--;
    news_str name = news_buf_str(path);
    news_status status = news_file_load(options, name, &file, missing, error);
    if (status != NEWS_OK || *missing)
        return status;
    status = news_source_publication(publication, name, news_file_bytes(&file), options, error);
    news_file_release(options, &file);
    return status;
}

static news_status find_from(news_publication **publication, news_buf *path,
                             const news_source_options *options, news_error *error)
{
    news_status status;
    bool missing = false;
    do
        status = try_path(publication, path, options, &missing, error);
    while (status == NEWS_OK && missing && go_up(path));
    return path->status != NEWS_OK ? news_error_nomem(error) : status;
}

news_status news_source_find_publication(news_publication **publication, news_str path,
                                         const news_source_options *options, news_error *error)
{
    *publication = NULL;
    if (options->loader.load == NULL)
        return NEWS_OK;
    news_heap heap;
    news_buf buf;
    news_heap_init(&heap, options->scratch, 0);
    news_buf_init(&buf, &heap, SIZE_MAX / 2);
    news_status status = news_path_join(&buf, path, FILE_NAME)
                             ? find_from(publication, &buf, options, error)
                             : news_error_nomem(error);
    news_buf_free(&buf);
    return status;
}
