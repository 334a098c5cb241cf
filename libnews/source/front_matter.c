/* Front matter: finding it at the start of a file. Both ways of writing it, YAML between fences and
 * a bare block of "Key: value" lines, first become one mapping of nodes, which front_fields.c then
 * gives away to the issue's fields and to issue->meta. The bare block is read here, YAML in yaml.c.
 */
#include "source/front_matter.h"
#include "text/text.h"

/* ---- Lines ---- */

/* The end of the line at `at`, without its newline. */
static size_t line_end(news_str text, size_t at)
{
    const char *newline = memchr(text.ptr + at, '\n', text.len - at);
    return newline != NULL ? (size_t)(newline - text.ptr) : text.len;
}

static news_str line_at(news_str text, size_t at)
{
    return news_str_of(text.ptr + at, line_end(text, at) - at);
}

/* The start of the line after the one at `at`; the text's end after the last. */
static size_t next_line(news_str text, size_t at)
{
    size_t end = line_end(text, at);
    return end < text.len ? end + 1 : end;
}

static bool is_blank(news_str line)
{
    return news_str_trim(line).len == 0;
}

/* Whether a line is `fence` and at most white space behind it. */
static bool is_fence(news_str line, news_str fence)
{
    return news_str_starts(line, fence) && is_blank(news_str_skip(line, fence.len));
}

static bool is_indented(news_str line)
{
    return line.len != 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

/* The offset of the colon in "Key:" or "Key: value", where the key is one of letters, digits, "_",
 * "-" and, if `spaces`, single spaces; SIZE_MAX when the line is something else. */
static size_t key_colon(news_str line, bool spaces)
{
    size_t i = 0;
    while (i < line.len && (news_is_alnum(line.ptr[i]) || line.ptr[i] == '_' ||
                            line.ptr[i] == '-' || (unsigned char)line.ptr[i] >= 0x80 ||
                            (spaces && i != 0 && line.ptr[i] == ' ' && line.ptr[i - 1] != ' ')))
        i++;
    bool ends_well = i != 0 && i < line.len && line.ptr[i] == ':' &&
                     (i + 1 == line.len || line.ptr[i + 1] == ' ' || line.ptr[i + 1] == '\t');
    return ends_well && line.ptr[i - 1] != ' ' ? i : SIZE_MAX;
}

static bool is_yaml_key(news_str line)
{
    return key_colon(line, false) != SIZE_MAX;
}

/* ---- YAML between fences ---- */

typedef struct {
    size_t start, end; /* of what is between the fences */
    size_t body;       /* where the body begins */
    bool closed;
} region;

/* What is between the first line and one of the two closing fences, or the end of the text. */
static region find_region(news_str text, news_str close, news_str other_close)
{
    region r = {.start = next_line(text, 0)};
    for (r.end = r.start; r.end < text.len; r.end = next_line(text, r.end)) {
        news_str line = line_at(text, r.end);
        if (is_fence(line, close) || is_fence(line, other_close)) {
            r.closed = true;
            r.body = next_line(text, r.end);
            return r;
        }
    }
    r.body = text.len;
    return r;
}

/* Without a closing fence, the front matter is what a writer meant by it: the lines up to the first
 * blank one, if they read like keys. Else "---" was a thematic break. */
static bool find_unclosed_keys(news_str text, region *r)
{
    size_t at = r->start;
    bool keys = false;
    for (; at < text.len && !is_blank(line_at(text, at)); at = next_line(text, at)) {
        news_str line = line_at(text, at);
        bool key = is_yaml_key(line);
        bool more =
            is_indented(line) || line.ptr[0] == '#' || news_str_starts(line, NEWS_STR("- "));
        if (!key && !more)
            return false;
        keys = keys || key;
    }
    r->end = r->body = at;
    return keys;
}

/* A "---" before a blank line is a thematic break, unless keys follow or nothing does. */
static bool is_break_before_prose(news_str text, const region *r)
{
    size_t at = r->start;
    if (at == r->end || !is_blank(line_at(text, at)))
        return false;
    while (at < r->end && is_blank(line_at(text, at)))
        at = next_line(text, at);
    return at < r->end && !is_yaml_key(line_at(text, at));
}

static news_status read_yaml(news_issue *issue, news_str text, size_t *body, news_error *error)
{
    region r = find_region(text, NEWS_STR("---"), NEWS_STR("..."));
    if (!r.closed) {
        if (!find_unclosed_keys(text, &r))
            return NEWS_OK;
        if (!news_issue_find(issue, NEWS_ERROR, "front-matter-unterminated", 1, 1,
                             "the front matter that opens in line 1 is never closed; put \"---\" "
                             "on a line of its own after its last key"))
            return news_error_nomem(error);
    } else if (is_break_before_prose(text, &r)) {
        return NEWS_OK;
    }
    *body = r.body;
    if (r.start == r.end)
        return NEWS_OK;
    news_node *root;
    news_status status =
        news_yaml_read(issue, news_str_of(text.ptr + r.start, r.end - r.start), 2, &root, error);
    if (status == NEWS_OK && root != NULL && !news_front_matter_assign(issue, root))
        status = news_error_nomem(error);
    return status;
}

static news_status refuse_toml(news_issue *issue, news_str text, size_t *body, news_error *error)
{
    region r = find_region(text, NEWS_STR("+++"), NEWS_STR("+++"));
    *body = r.closed ? r.body : r.start;
    if (!news_issue_find(issue, NEWS_ERROR, "front-matter-toml", 1, 1,
                         "front matter in TOML is not read; write it as YAML: \"---\" in place of "
                         "\"+++\", and title: Words in place of title = \"Words\""))
        return news_error_nomem(error);
    return NEWS_OK;
}

/* ---- A bare block of "Key: value" lines ---- */

typedef struct {
    news_issue *issue;
    news_node *root, *last;
    news_strmap keys; /* to the line where each was first given */
    uint32_t line;
    news_buf value; /* of the key being read, continuations and all */
    news_str key;
    uint32_t key_line, value_column;
} bare_reader;

/* Adds the key that was being read, if it has a value. */
static bool finish_key(bare_reader *r)
{
    news_str value = news_str_trim(news_buf_str(&r->value));
    if (r->key.len == 0)
        return true;
    if (r->value.status != NEWS_OK)
        return false;
    news_str key = r->key;
    r->key = NEWS_STR_NONE;
    bool added;
    uint32_t *line = news_strmap_put(&r->keys, key, &added);
    if (line == NULL)
        return false;
    if (!added) {
        char name[64];
        news_error_copy(name, sizeof name, key, false);
        return news_issue_find(r->issue, NEWS_ERROR, "front-matter-duplicate-key", r->key_line, 1,
                               "\"%s\" is given twice, in line %u and here; the first one counts",
                               name, (unsigned)*line);
    }
    *line = r->key_line;
    if (value.len == 0)
        return true;
    news_node *node = news_node_new(r->issue, NEWS_KIND_SCALAR, r->key_line, r->value_column);
    if (node == NULL || !news_arena_copy(&r->issue->arena, key, &node->a) ||
        !news_front_matter_clean(r->issue, value, &node->b))
        return false;
    news_front_matter_append(r->root, &r->last, node);
    return true;
}

/* Reads one line of the block; *more is cleared on one that does not belong to it. */
static bool read_bare_line(bare_reader *r, news_str line, bool *more)
{
    if (is_indented(line)) {
        news_buf_append_char(&r->value, ' ');
        return news_buf_append_str(&r->value, news_str_trim(line));
    }
    if (!finish_key(r))
        return false;
    size_t colon = key_colon(line, true);
    if (colon == SIZE_MAX) {
        *more = false;
        return news_issue_find(r->issue, NEWS_ERROR, "front-matter-syntax", r->line, 1,
                               "this line is not of the form \"Key: value\"; leave a blank line "
                               "between the front matter and the text");
    }
    news_str value = news_str_trim(news_str_skip(line, colon + 1));
    r->key = news_str_of(line.ptr, colon);
    r->key_line = r->line;
    size_t before = value.len != 0 ? (size_t)(value.ptr - line.ptr) : colon;
    r->value_column = (uint32_t)news_utf8_count(news_str_of(line.ptr, before)) + 1;
    news_buf_clear(&r->value);
    return news_buf_append_str(&r->value, value);
}

static bool read_bare_lines(bare_reader *r, news_str text, size_t *body)
{
    bool more = true;
    size_t at = 0;
    while (at < text.len && more) {
        news_str line = line_at(text, at);
        if (is_blank(line)) {
            at = next_line(text, at);
            break;
        }
        if (!read_bare_line(r, line, &more))
            return false;
        if (more)
            at = next_line(text, at);
        r->line++;
    }
    *body = at;
    return finish_key(r);
}

static news_status read_bare(news_issue *issue, news_str text, size_t *body, news_error *error)
{
    bare_reader r = {.issue = issue, .line = 1};
    r.root = news_node_new(issue, NEWS_KIND_MAPPING, 1, 1);
    if (r.root == NULL)
        return news_error_nomem(error);
    news_strmap_init(&r.keys, &issue->heap);
    news_buf_init(&r.value, &issue->heap, text.len + 1);
    bool good = read_bare_lines(&r, text, body) && news_front_matter_assign(issue, r.root);
    news_strmap_free(&r.keys);
    news_buf_free(&r.value);
    return good ? NEWS_OK : news_error_nomem(error);
}

/* ---- ---- */

static uint32_t count_lines(news_str text)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

static bool begins_with_title(news_str line)
{
    static const size_t length = sizeof "title:" - 1;
    return line.len >= length &&
           news_str_equal_nocase(news_str_of(line.ptr, length), NEWS_STR("title:")) &&
           key_colon(line, false) == length - 1;
}

news_status news_front_matter(news_issue *issue, news_str text, size_t *body, uint32_t *lines,
                              news_error *error)
{
    news_status status = NEWS_OK;
    *body = 0;
    *lines = 0;
    if (issue->meta == NULL)
        issue->meta = news_node_new(issue, NEWS_KIND_MAPPING, 1, 1);
    if (issue->meta == NULL)
        return news_error_nomem(error);
    if (text.len == 0)
        return NEWS_OK;
    news_str first = line_at(text, 0);
    if (is_fence(first, NEWS_STR("---")))
        status = read_yaml(issue, text, body, error);
    else if (is_fence(first, NEWS_STR("+++")))
        status = refuse_toml(issue, text, body, error);
    else if (begins_with_title(first))
        status = read_bare(issue, text, body, error);
    *lines = count_lines(news_str_of(text.ptr, *body));
    return status;
}
