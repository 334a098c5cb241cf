/* Where files are, and where readers find an issue: paths, the host's loader, and addresses made
 * from the publication's. */
#include "source/parse.h"
#include "text/text.h"

/* ---- Paths ---- */

/* Takes the last segment of a path, which begins at `start`, off it; false when there is none that
 * can be left. */
static bool leave_folder(news_buf *path, size_t start)
{
    size_t segment = path->len;
    if (segment == start)
        return false;
    while (segment > start && path->ptr[segment - 1] != '/')
        segment--;
    news_str last = news_str_of(path->ptr + segment, path->len - segment);
    if (last.len == 0 || news_str_equal(last, NEWS_STR("..")))
        return false;
    path->len = segment > start + 1 ? segment - 1 : segment;
    return true;
}

static void append_segment(news_buf *path, size_t start, news_str segment)
{
    if (path->status != NEWS_OK || segment.len == 0 || news_str_equal(segment, NEWS_STR(".")))
        return;
    bool rooted = path->len > start && path->ptr[start] == '/';
    bool up = news_str_equal(segment, NEWS_STR(".."));
    if (up && (leave_folder(path, start) || rooted))
        return;
    if (path->len > start && path->ptr[path->len - 1] != '/')
        news_buf_append_char(path, '/');
    news_buf_append_str(path, segment);
}

static void append_segments(news_buf *path, size_t start, news_str segments)
{
    while (segments.len != 0) {
        const char *slash = memchr(segments.ptr, '/', segments.len);
        size_t length = slash != NULL ? (size_t)(slash - segments.ptr) : segments.len;
        append_segment(path, start, news_str_of(segments.ptr, length));
        segments = news_str_skip(segments, length + 1);
    }
}

/* The part of a path up to its last slash; empty when it has none. */
static news_str folder_of(news_str path)
{
    while (path.len != 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return path;
}

bool news_path_join(news_buf *path, news_str from, news_str relative)
{
    size_t start = path->len;
    news_str folder = news_str_starts(relative, NEWS_STR("/")) ? NEWS_STR_NONE : folder_of(from);
    if (news_str_starts(folder.len != 0 ? folder : relative, NEWS_STR("/")))
        news_buf_append_char(path, '/');
    append_segments(path, start, folder);
    append_segments(path, start, relative);
    return path->status == NEWS_OK;
}

/* ---- Files ---- */

void news_file_release(const news_source_options *options, news_file *file)
{
    if (options->loader.release != NULL)
        options->loader.release(options->loader.ud, file);
}

news_status news_file_load(const news_source_options *options, news_str path, news_file *file,
                           bool *missing, news_error *error)
{
    *file = (news_file){.bytes = NULL};
    news_status status = options->loader.load(options->loader.ud, path.ptr, file);
    *missing = status == NEWS_ERR_NOT_FOUND;
    if (*missing)
        return NEWS_OK;
    if (status == NEWS_OK && (file->bytes != NULL || file->len == 0))
        return NEWS_OK;
    if (status == NEWS_OK) {
        news_file_release(options, file);
        return news_error_set(error, NEWS_ERR_ARG, path, 0, 0,
                              "the loader gave a length of %zu bytes, but not where they are",
                              file->len);
    }
    return news_error_set(error, status, path, 0, 0, "the file cannot be read: %s",
                          news_status_name(status));
}

news_str news_file_bytes(const news_file *file)
{
    return file->len != 0 ? news_str_of(file->bytes, file->len) : NEWS_STR("");
}

/* ---- Addresses ---- */

enum { LONGEST_ADDRESS = 4096 };

/* Whoever writes an address encodes what none may hold; but a question mark or a number sign would
 * be taken for the beginning of a query or of an anchor. */
static bool append_text(news_buf *buf, news_str text)
{
    bool after_slash = buf->len != 0 && buf->ptr[buf->len - 1] == '/';
    if (after_slash && news_str_starts(text, NEWS_STR("/")))
        text = news_str_skip(text, 1);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '?' || text.ptr[i] == '#')
            news_buf_append(buf, text.ptr[i] == '?' ? "%3F" : "%23", 3);
        else
            news_buf_append_char(buf, text.ptr[i]);
    }
    return text.len != 0;
}

/* Appends the issue's date, or the part of it that is named; false when there is no such part. */
static bool append_date(news_buf *buf, news_str name, const news_date *date)
{
    int year = (int)date->year, month = (int)date->month, day = (int)date->day;
    if (news_str_equal(name, NEWS_STR("date")))
        news_buf_printf(buf, "%04d-%02d-%02d", year, month, day);
    else if (news_str_equal(name, NEWS_STR("year")))
        news_buf_printf(buf, "%04d", year);
    else if (news_str_equal(name, NEWS_STR("month")))
        news_buf_printf(buf, "%02d", month);
    else if (news_str_equal(name, NEWS_STR("day")))
        news_buf_printf(buf, "%02d", day);
    else
        return false;
    return true;
}

/* Appends what an issue has in place of a name in the pattern; false when it has nothing. */
static bool append_value(news_buf *buf, news_str name, const news_issue *issue)
{
    if (news_str_equal(name, NEWS_STR("slug")))
        return append_text(buf, issue->slug);
    if (news_str_equal(name, NEWS_STR("number")))
        return append_text(buf, issue->number);
    return issue->has_date && append_date(buf, name, &issue->date);
}

/* Appends the publication's issue_path with what the issue has; false when it lacks something. */
static bool append_issue_path(news_buf *buf, news_str pattern, const news_issue *issue)
{
    while (pattern.len != 0) {
        size_t open = news_str_find(pattern, NEWS_STR("{"), 0);
        size_t close = open != SIZE_MAX ? news_str_find(pattern, NEWS_STR("}"), open) : SIZE_MAX;
        if (close == SIZE_MAX)
            return open == SIZE_MAX && news_buf_append_str(buf, pattern);
        news_buf_append(buf, pattern.ptr, open);
        if (!append_value(buf, news_str_of(pattern.ptr + open + 1, close - open - 1), issue))
            return false;
        pattern = news_str_skip(pattern, close + 1);
    }
    return true;
}

/* Appends base, one slash, and the issue's path. */
static bool append_issue_address(news_buf *buf, news_str base, news_str pattern,
                                 const news_issue *issue)
{
    news_buf_append_str(buf, base);
    if (base.ptr[base.len - 1] != '/')
        news_buf_append_char(buf, '/');
    while (news_str_starts(pattern, NEWS_STR("/")))
        pattern = news_str_skip(pattern, 1);
    return append_issue_path(buf, pattern, issue);
}

bool news_issue_address(news_issue *to, const news_publication *publication, news_str base,
                        const news_issue *issue, news_str *address)
{
    *address = NEWS_STR_NONE;
    if (publication == NULL || base.len == 0 || publication->issue_path.len == 0)
        return true;
    news_buf buf;
    news_buf_init(&buf, &to->heap, LONGEST_ADDRESS);
    bool whole = append_issue_address(&buf, base, publication->issue_path, issue);
    if (buf.status == NEWS_ERR_LIMIT) /* it is none that anything could open */
        whole = false;
    else
        whole &= buf.status == NEWS_OK;
    bool good = buf.status != NEWS_ERR_NOMEM &&
                (!whole || news_arena_copy(&to->arena, news_buf_str(&buf), address));
    news_buf_free(&buf);
    return good;
}

/* ---- Links to other issues ---- */

/* Appends the path that is written as an address: "last%20week.md" is "last week.md". What would
 * part the path anew, or end it, stays as it is written. */
static void append_decoded(news_buf *path, news_str address)
{
    for (size_t i = 0; i < address.len; i++) {
        unsigned char byte;
        bool escape = news_uri_escape_at(address, i, &byte) && byte >= 0x20 && byte != 0x7F &&
                      byte != '/' && byte != '\\';
        news_buf_append_char(path, escape ? (char)byte : address.ptr[i]);
        i += escape ? 2 : 0;
    }
}

bool news_path_of_address(news_buf *path, news_str from, news_str address)
{
    news_buf decoded;
    news_buf_init(&decoded, path->heap, path->max);
    append_decoded(&decoded, address);
    bool good = decoded.status == NEWS_OK && news_path_join(path, from, news_buf_str(&decoded));
    news_buf_free(&decoded);
    return good;
}

/* The path of the file that a link leads to, in the arena. */
static bool linked_path(news_issue *issue, news_str address, const news_source_options *options,
                        news_str *path)
{
    news_str from = options->path.len != 0 ? options->path : issue->name;
    news_buf joined;
    news_buf_init(&joined, &issue->heap, SIZE_MAX / 2);
    bool good = news_path_of_address(&joined, from, address) &&
                news_arena_copy(&issue->arena, news_buf_str(&joined), path);
    news_buf_free(&joined);
    return good;
}

/* Reads the front matter of another issue, and what follows from its name. */
static news_status read_front(news_issue *other, news_str bytes, news_error *error)
{
    size_t body;
    uint32_t lines;
    news_buf unified;
    if (news_str_starts(bytes, NEWS_STR("\xEF\xBB\xBF")))
        bytes = news_str_skip(bytes, 3);
    news_buf_init(&unified, &other->heap, SIZE_MAX / 2);
    news_status status = news_unify_line_ends(&bytes, &unified)
                             ? news_front_matter(other, bytes, &body, &lines, error)
                             : news_error_nomem(error);
    news_buf_free(&unified);
    if (other->slug.len == 0)
        other->slug = news_path_stem(other->name);
    return status;
}

/* The scheme and the host of an address, as "https://example.org". */
static news_str site_of(news_str url)
{
    size_t slashes = news_str_find(url, NEWS_STR("://"), 0);
    if (slashes == SIZE_MAX)
        return NEWS_STR_NONE;
    size_t path = news_str_find(url, NEWS_STR("/"), slashes + 3);
    return news_str_of(url.ptr, path != SIZE_MAX ? path : url.len);
}

bool news_issue_own_address(news_issue *to, const news_issue *other, news_str *address)
{
    if (other->url.len == 0) {
        *address = NEWS_STR_NONE;
        return true;
    }
    bool of_site = other->url.ptr[0] == '/' && !news_str_starts(other->url, NEWS_STR("//"));
    news_buf buf;
    news_buf_init(&buf, &to->heap, SIZE_MAX / 2);
    if (of_site && to->publication != NULL)
        news_buf_append_str(&buf, site_of(to->publication->url));
    bool good = news_buf_append_str(&buf, other->url) &&
                news_arena_copy(&to->arena, news_buf_str(&buf), address);
    news_buf_free(&buf);
    return good;
}

bool news_address_append_anchor(news_issue *to, news_str anchor, news_str *address)
{
    if (address->len == 0 || anchor.len == 0 || memchr(address->ptr, '#', address->len) != NULL)
        return true;
    news_buf buf;
    news_buf_init(&buf, &to->heap, SIZE_MAX / 2);
    news_buf_append_str(&buf, *address);
    bool good = news_buf_append_str(&buf, anchor) &&
                news_arena_copy(&to->arena, news_buf_str(&buf), address);
    news_buf_free(&buf);
    return good;
}

static bool make_addresses(news_issue *issue, const news_issue *other, news_str anchor,
                           news_str *web, news_str *gemini)
{
    const news_publication *publication = issue->publication;
    news_str url = publication != NULL ? publication->url : NEWS_STR_NONE;
    news_str gemini_url = publication != NULL ? publication->gemini : NEWS_STR_NONE;
    return (other->url.len != 0 ? news_issue_own_address(issue, other, web)
                                : news_issue_address(issue, publication, url, other, web)) &&
           news_issue_address(issue, publication, gemini_url, other, gemini) &&
           news_address_append_anchor(issue, anchor, web) &&
           news_address_append_anchor(issue, anchor, gemini);
}

/* Reads the file of another issue and works its addresses out. */
static news_status resolve(news_issue *issue, news_str path, news_str bytes, news_str anchor,
                           news_str *web, news_str *gemini, const news_source_options *options,
                           news_error *error)
{
    news_status status = news_check_bytes(path, bytes, options, error);
    if (status != NEWS_OK)
        return status;
    news_issue *other = news_issue_new(options->allocator, path);
    if (other == NULL)
        return news_error_nomem(error);
    status = read_front(other, bytes, error);
    if (status == NEWS_OK && !make_addresses(issue, other, anchor, web, gemini))
        status = news_error_nomem(error);
    news_issue_unref(other);
    return status;
}

news_status news_resolve_issue(news_issue *issue, news_str relative, news_str *web,
                               news_str *gemini, bool *missing, const news_source_options *options,
                               news_error *error)
{
    news_str path;
    news_file file;
    *web = *gemini = NEWS_STR_NONE;
    *missing = false;
    if (options->loader.load == NULL)
        return NEWS_OK;
    size_t hash = news_str_find(relative, NEWS_STR("#"), 0);
    size_t length = hash != SIZE_MAX ? hash : relative.len;
    news_str anchor = news_str_of(relative.ptr + length, relative.len - length);
    if (!linked_path(issue, news_str_of(relative.ptr, length), options, &path))
        return news_error_nomem(error);
    news_status status = news_file_load(options, path, &file, missing, error);
    if (status != NEWS_OK || *missing)
        return status;
    status = resolve(issue, path, news_file_bytes(&file), anchor, web, gemini, options, error);
    news_file_release(options, &file);
    return status;
}
