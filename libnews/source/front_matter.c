/* Front matter: finding it at the start of a file. Both ways of writing it, YAML between fences and
 * a bare block of "Key: value" lines, first become one mapping of nodes, which front_fields.c then
 * gives away to the issue's fields and to issue->meta. The bare block is read here, YAML in yaml.c.
 * What was meant as front matter and is not is reported, for else readers would be shown it. */
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

size_t news_front_matter_colon(news_str line, bool spaces)
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
    return news_front_matter_colon(line, false) != SIZE_MAX;
}

/* Whether a line is of dashes alone, also of those that word processors make of "---". */
static bool is_dashes(news_str line)
{
    size_t bytes = 0;
    for (line = news_str_trim(line); line.len != 0;) {
        bool long_dash = news_str_starts(line, NEWS_STR("\xE2\x80\x93")) ||
                         news_str_starts(line, NEWS_STR("\xE2\x80\x94"));
        if (!long_dash && line.ptr[0] != '-')
            return false;
        bytes += long_dash ? 3 : 1;
        line = news_str_skip(line, long_dash ? 3 : 1);
    }
    return bytes >= 2;
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
 * that is blank or tries to be a fence, if they read like keys. Else "---" was a thematic break. */
static bool find_keys(news_str text, region *r)
{
    size_t at = r->start;
    bool keys = false;
    for (; at < text.len; at = next_line(text, at)) {
        news_str line = line_at(text, at);
        if (is_blank(line) || (!is_indented(line) && is_dashes(line)))
            break;
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

/* A "---" before a blank line, or after one, is a thematic break, unless keys follow or, at the
 * file's start, nothing does. */
static bool is_break_before_prose(news_str text, const region *r, bool at_start)
{
    size_t at = r->start;
    while (at < r->end && is_blank(line_at(text, at)))
        at = next_line(text, at);
    if (at == r->end)
        return !at_start;
    return !(at_start && at == r->start) && !is_yaml_key(line_at(text, at));
}

static uint32_t count_lines(news_str text)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

static bool report_misclosed(news_issue *issue, news_str text, size_t at, uint32_t first_line)
{
    char dashes[16];
    news_error_copy(dashes, sizeof dashes, news_str_trim(line_at(text, at)), false);
    uint32_t line = first_line + count_lines(news_str_of(text.ptr, at));
    return news_issue_find(issue, NEWS_ERROR, "front-matter-unterminated", line, 1,
                           "\"%s\" does not close the front matter that opens in line %u; write "
                           "\"---\"",
                           dashes, (unsigned)first_line);
}

static bool report_unclosed(news_issue *issue, uint32_t first_line)
{
    return news_issue_find(issue, NEWS_ERROR, "front-matter-unterminated", first_line, 1,
                           "the front matter that opens in line %u is never closed; put \"---\" "
                           "on a line of its own after its last key",
                           (unsigned)first_line);
}

/* Finds what to read between the fences and reports a closing one that is not right; r->body is 0
 * when the first line is a thematic break. False when memory is short. */
static bool find_yaml(news_issue *issue, news_str text, uint32_t first_line, region *r)
{
    *r = find_region(text, NEWS_STR("---"), NEWS_STR("..."));
    region keys = {.start = r->start};
    bool meant = find_keys(text, &keys);
    if (meant && keys.end < r->end && is_dashes(line_at(text, keys.end))) {
        *r = keys;
        r->body = next_line(text, keys.end);
        return report_misclosed(issue, text, keys.end, first_line);
    }
    if (!r->closed && meant) {
        *r = keys;
        return report_unclosed(issue, first_line);
    }
    if (!r->closed || is_break_before_prose(text, r, first_line == 1))
        r->body = 0;
    return true;
}

static news_status read_yaml(news_issue *issue, news_str text, uint32_t first_line, size_t *body,
                             news_error *error)
{
    region r;
    if (!find_yaml(issue, text, first_line, &r))
        return news_error_nomem(error);
    *body = r.body;
    if (r.body == 0 || r.start == r.end)
        return NEWS_OK;
    news_node *root;
    news_status status = news_yaml_read(issue, news_str_of(text.ptr + r.start, r.end - r.start),
                                        first_line + 1, &root, error);
    if (status == NEWS_OK && root != NULL && !news_front_matter_assign(issue, root))
        status = news_error_nomem(error);
    return status;
}

/* ---- What is not read ---- */

static news_status refuse_toml(news_issue *issue, news_str text, uint32_t first_line, size_t *body,
                               news_error *error)
{
    region r = find_region(text, NEWS_STR("+++"), NEWS_STR("+++"));
    *body = r.closed ? r.body : r.start;
    if (!news_issue_find(issue, NEWS_ERROR, "front-matter-toml", first_line, 1,
                         "front matter in TOML is not read; write it as YAML: \"---\" in place of "
                         "\"+++\", and title: Words in place of title = \"Words\""))
        return news_error_nomem(error);
    return NEWS_OK;
}

/* {"key": … */
static bool is_json(news_str text)
{
    if (text.ptr[0] != '{')
        return false;
    news_str rest = news_str_trim(news_str_skip(text, 1));
    if (rest.len == 0 || rest.ptr[0] != '"')
        return false;
    size_t quote = news_str_find(line_at(rest, 0), NEWS_STR("\""), 1);
    if (quote == SIZE_MAX)
        return false;
    rest = news_str_trim(news_str_skip(rest, quote + 1));
    return rest.len != 0 && rest.ptr[0] == ':';
}

static news_status refuse_json(news_issue *issue, news_str text, uint32_t first_line, size_t *body,
                               news_error *error)
{
    news_str first = news_str_trim(line_at(text, 0));
    size_t close = 0;
    if (first.ptr[first.len - 1] != '}')
        while (close < text.len && text.ptr[close] != '}')
            close = next_line(text, close);
    *body = next_line(text, close < text.len ? close : 0);
    if (!news_issue_find(issue, NEWS_ERROR, "front-matter-json", first_line, 1,
                         "front matter in JSON is not read; write it as YAML, between lines of "
                         "\"---\": title: Words in place of \"title\": \"Words\""))
        return news_error_nomem(error);
    return NEWS_OK;
}

/* What the key of a line means, if it is one; NULL when it is no known key. */
static const char *meant_key(news_str line, bool *misspelt)
{
    size_t colon = news_front_matter_colon(line, true);
    return colon != SIZE_MAX ? news_front_matter_meant(news_str_of(line.ptr, colon), misspelt)
                             : NULL;
}

static bool warn_misspelt(news_issue *issue, news_str line, uint32_t first_line)
{
    char key[64];
    news_error_copy(key, sizeof key, news_str_of(line.ptr, news_front_matter_colon(line, true)),
                    false);
    return news_issue_find(issue, NEWS_WARNING, "front-matter-unread", first_line, 1,
                           "\"%s\" begins no front matter, so this is shown as text; did you mean "
                           "\"Title\"?",
                           key);
}

/* Warns when the first paragraph reads like front matter, which it is not: a misspelt title, or
 * lines of which all are "Key: value" and one has a known key. */
static bool check_unread(news_issue *issue, news_str text, uint32_t first_line)
{
    size_t keys = 0, at = is_dashes(line_at(text, 0)) ? next_line(text, 0) : 0;
    bool fenced = at != 0, known = false;
    for (; at < text.len; at = next_line(text, at)) {
        news_str line = line_at(text, at);
        if (is_blank(line) || is_dashes(line))
            break;
        if (keys != 0 && is_indented(line))
            continue;
        if (news_front_matter_colon(line, true) == SIZE_MAX)
            return true;
        bool misspelt;
        const char *meant = meant_key(line, &misspelt);
        if (keys++ == 0 && !fenced && meant != NULL && misspelt && strcmp(meant, "title") == 0)
            return warn_misspelt(issue, line, first_line);
        known = known || (meant != NULL && !misspelt);
    }
    if (!known || (keys < 2 && !fenced))
        return true;
    return news_issue_find(issue, NEWS_WARNING, "front-matter-unread", first_line, 1,
                           fenced ? "front matter opens with \"---\" alone on its line; this is "
                                    "shown as text"
                                  : "this reads like front matter but is shown as text; put it "
                                    "between lines of \"---\", or give it a \"Title\"");
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
    size_t colon = news_front_matter_colon(line, true);
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

/* Whether the text begins with a known key, and one of the lines there is the title. */
static bool is_bare(news_str text)
{
    for (size_t at = 0; at < text.len; at = next_line(text, at)) {
        news_str line = line_at(text, at);
        if (at != 0 && is_indented(line))
            continue;
        bool misspelt = false;
        const char *meant = meant_key(line, &misspelt);
        if (meant != NULL && !misspelt && strcmp(meant, "title") == 0)
            return true;
        if (at == 0 ? meant == NULL || misspelt : news_front_matter_colon(line, true) == SIZE_MAX)
            return false;
    }
    return false;
}

static news_status read_bare(news_issue *issue, news_str text, uint32_t first_line, size_t *body,
                             news_error *error)
{
    bare_reader r = {.issue = issue, .line = first_line};
    r.root = news_node_new(issue, NEWS_KIND_MAPPING, first_line, 1);
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

/* Reads what begins at the text's start, if it is front matter; *body is 0 if not. */
static news_status read_front(news_issue *issue, news_str text, uint32_t first_line, size_t *body,
                              news_error *error)
{
    news_str first = line_at(text, 0);
    if (is_fence(first, NEWS_STR("---")))
        return read_yaml(issue, text, first_line, body, error);
    if (is_fence(first, NEWS_STR("+++")))
        return refuse_toml(issue, text, first_line, body, error);
    if (is_json(text))
        return refuse_json(issue, text, first_line, body, error);
    if (is_bare(text))
        return read_bare(issue, text, first_line, body, error);
    return check_unread(issue, text, first_line) ? NEWS_OK : news_error_nomem(error);
}

news_status news_front_matter(news_issue *issue, news_str text, size_t *body, uint32_t *lines,
                              news_error *error)
{
    *body = 0;
    *lines = 0;
    if (issue->meta == NULL)
        issue->meta = news_node_new(issue, NEWS_KIND_MAPPING, 1, 1);
    if (issue->meta == NULL)
        return news_error_nomem(error);
    size_t start = 0;
    uint32_t first_line = 1;
    for (; start < text.len && is_blank(line_at(text, start)); first_line++)
        start = next_line(text, start);
    if (start == text.len)
        return NEWS_OK;
    news_status status = read_front(issue, news_str_skip(text, start), first_line, body, error);
    if (*body != 0)
        *body += start;
    *lines = count_lines(news_str_of(text.ptr, *body));
    return status;
}
