/* YAML to nodes, over libyaml's events: front matter and news.yaml. Anchors and aliases are
 * refused: nobody needs them there, and they are how small YAML becomes large. Nesting is bounded,
 * so that a stack of frames serves instead of recursion. libyaml follows YAML 1.1, where U+0085,
 * U+2028 and U+2029 end a line; they are refused, for they come from pasting and would break values
 * and line numbers unseen. */
#include <yaml.h>

#include "source/front_matter.h"
#include "text/text.h"

enum { MAX_NESTING = 32, MAX_FINDINGS = 50 };

/* A mapping or sequence that is being read. */
typedef struct {
    news_node *node, *last;
    news_strmap keys; /* of a mapping: key to the line where it was first seen */
    news_str key;     /* of a mapping: the key whose value comes next */
    yaml_mark_t key_mark;
    bool has_key;
    bool drop_value; /* the key was a duplicate */
} frame;

typedef struct {
    news_issue *issue;
    news_str yaml;
    uint32_t first_line;
    news_error *error;
    news_status status;
    yaml_parser_t parser;
    size_t findings;
    bool document_seen;
    bool ended; /* the stream's end was seen, or reading cannot go on */
    news_node *root;
    frame frames[MAX_NESTING];
    size_t depth;
    size_t index, offset; /* a character and its byte, from where offset_of() goes on */
} reader;

typedef struct {
    uint32_t line, column;
} place;

/* ---- Places and findings ---- */

static place place_of(const reader *r, yaml_mark_t mark)
{
    return (place){r->first_line + (uint32_t)mark.line, (uint32_t)mark.column + 1};
}

/* The byte of a mark; marks come in order, but for those of errors. */
static size_t offset_of(reader *r, yaml_mark_t mark)
{
    if (mark.index < r->index)
        r->index = r->offset = 0;
    for (; r->index < mark.index && r->offset < r->yaml.len; r->index++) {
        uint32_t c;
        r->offset += news_utf8_decode(r->yaml, r->offset, &c);
    }
    return r->offset;
}

/* The place of a byte of the text. */
static place place_of_offset(const reader *r, size_t offset)
{
    place at = {r->first_line, 1};
    size_t line_start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (r->yaml.ptr[i] == '\n') {
            at.line++;
            line_start = i + 1;
        }
    }
    news_str before = news_str_of(r->yaml.ptr + line_start, offset - line_start);
    at.column += (uint32_t)news_utf8_count(before);
    return at;
}

static bool out_of_memory(reader *r)
{
    r->status = news_error_nomem(r->error);
    return false;
}

/* Stores an error finding; false when memory is short. A file with a mistake in every line gets no
 * more than a screenful. */
static bool report(reader *r, const char *code, place at, const char *message)
{
    if (r->findings++ >= MAX_FINDINGS)
        return true;
    if (!news_issue_find(r->issue, NEWS_ERROR, code, at.line, at.column, "%s", message))
        return out_of_memory(r);
    return true;
}

/* The value of the root's last key, when it is more than a text: the mistake may be in it. */
static void drop_unfinished_value(reader *r)
{
    frame *bottom = &r->frames[0];
    if (r->depth == 0 || bottom->last == NULL || bottom->last->kind == NEWS_KIND_SCALAR)
        return;
    news_node **link = &r->root->first_child;
    while (*link != bottom->last)
        link = &(*link)->next;
    *link = NULL;
}

/* Reports a mistake after which reading cannot go on. */
static bool refuse(reader *r, yaml_mark_t mark, const char *message)
{
    r->ended = true;
    drop_unfinished_value(r);
    return report(r, "front-matter-syntax", place_of(r, mark), message);
}

/* ---- Building ---- */

static bool is_null(const yaml_event_t *event)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    const char *value = (const char *)event->data.scalar.value;
    if (event->data.scalar.length == 0)
        return true;
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(nulls); i++)
        if (strcmp(value, nulls[i]) == 0)
            return true;
    return false;
}

/* Takes a scalar as the key of the mapping on top. */
static bool read_key(reader *r, const yaml_event_t *event)
{
    frame *top = &r->frames[r->depth - 1];
    news_str written =
        news_str_of((const char *)event->data.scalar.value, event->data.scalar.length);
    if (!news_front_matter_clean(r->issue, written, &top->key))
        return out_of_memory(r);
    top->key_mark = event->start_mark;
    top->has_key = true;
    bool added;
    uint32_t *line = news_strmap_put(&top->keys, top->key, &added);
    if (line == NULL)
        return out_of_memory(r);
    place here = place_of(r, event->start_mark);
    top->drop_value = !added;
    if (added) {
        *line = here.line;
        return true;
    }
    char key[64];
    news_error_copy(key, sizeof key, top->key, false);
    if (r->findings++ < MAX_FINDINGS &&
        !news_issue_find(r->issue, NEWS_ERROR, "front-matter-duplicate-key", here.line, here.column,
                         "\"%s\" is given twice, in line %u and here; the first one counts", key,
                         (unsigned)*line))
        return out_of_memory(r);
    return true;
}

/* Puts a finished or opened value where it belongs; NULL for one that is left out. */
static void attach(reader *r, news_node *node)
{
    if (r->depth == 0) {
        r->root = node;
        return;
    }
    frame *top = &r->frames[r->depth - 1];
    if (top->node->kind == NEWS_KIND_MAPPING) {
        if (node != NULL)
            node->a = top->key;
        top->has_key = false;
        if (top->drop_value)
            return;
    }
    if (node != NULL)
        news_front_matter_append(top->node, &top->last, node);
}

/* Whether the next value would be a key. */
static bool expects_key(const reader *r)
{
    if (r->depth == 0)
        return false;
    const frame *top = &r->frames[r->depth - 1];
    return top->node->kind == NEWS_KIND_MAPPING && !top->has_key;
}

/* Warns when " #", which begins a comment in YAML, seems to have taken a part of the value: in
 * "title: Issue #7" the title is "Issue". */
static bool check_comment(reader *r, const yaml_event_t *event)
{
    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return true;
    size_t at = offset_of(r, event->end_mark);
    size_t hash = at;
    while (hash < r->yaml.len && r->yaml.ptr[hash] == ' ')
        hash++;
    bool comment = hash > at && hash + 1 < r->yaml.len && r->yaml.ptr[hash] == '#';
    if (!comment || !news_is_alnum(r->yaml.ptr[hash + 1]) || r->findings++ >= MAX_FINDINGS)
        return true;
    place here = place_of_offset(r, hash);
    if (!news_issue_find(r->issue, NEWS_WARNING, "front-matter-comment", here.line, here.column,
                         "\" #\" begins a comment, which is left out; put the value in quotes to "
                         "keep it"))
        return out_of_memory(r);
    return true;
}

/* Whether the next value is what a key of the root's "editions" has: an edition. */
static bool expects_edition(const reader *r)
{
    return r->depth == 2 && r->frames[1].node->kind == NEWS_KIND_MAPPING &&
           news_str_equal_nocase(r->frames[0].key, NEWS_STR("editions"));
}

/* What has no value is left out, but for editions, which may have nothing but a name. */
static bool read_null(reader *r, const yaml_event_t *event)
{
    news_node *node = NULL;
    if (expects_edition(r)) {
        place at = place_of(r, event->start_mark);
        node = news_node_new(r->issue, NEWS_KIND_MAPPING, at.line, at.column);
        if (node == NULL)
            return out_of_memory(r);
    }
    attach(r, node);
    return true;
}

static bool read_scalar(reader *r, const yaml_event_t *event)
{
    if (expects_key(r))
        return read_key(r, event);
    if (!check_comment(r, event))
        return false;
    if (is_null(event))
        return read_null(r, event);
    place at = place_of(r, event->start_mark);
    news_str value = news_str_of((const char *)event->data.scalar.value, event->data.scalar.length);
    news_node *node = news_node_new(r->issue, NEWS_KIND_SCALAR, at.line, at.column);
    if (node == NULL || !news_front_matter_clean(r->issue, value, &node->b))
        return out_of_memory(r);
    attach(r, node);
    return true;
}

static bool open_container(reader *r, const yaml_event_t *event, news_kind kind)
{
    place at = place_of(r, event->start_mark);
    if (expects_key(r))
        return refuse(r, event->start_mark,
                      "a key must be plain text; put a value that begins with { or [ in quotes");
    if (r->depth == MAX_NESTING) {
        r->status = news_error_set(r->error, NEWS_ERR_LIMIT, r->issue->name, at.line, at.column,
                                   "lists and mappings nested more than %d deep", (int)MAX_NESTING);
        return false;
    }
    news_node *node = news_node_new(r->issue, kind, at.line, at.column);
    if (node == NULL)
        return out_of_memory(r);
    attach(r, node);
    frame *top = &r->frames[r->depth++];
    *top = (frame){.node = node};
    news_strmap_init(&top->keys, &r->issue->heap);
    return true;
}

static void close_container(reader *r)
{
    news_strmap_free(&r->frames[--r->depth].keys);
}

/* ---- Events ---- */

/* Reports what a value may not begin with: "&name", and a tag of the writer's own such as "!name",
 * which is nearly always text that lacks quotes. */
static bool check_properties(reader *r, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default: return true;
    }
    place at = place_of(r, event->start_mark);
    if (anchor != NULL &&
        !report(r, "front-matter-alias", at,
                "\"&\" names an anchor, and anchors are not read; put the value in quotes"))
        return false;
    if (tag != NULL && tag[0] == '!' && tag[1] != '\0')
        return report(r, "front-matter-syntax", at,
                      "a value that begins with \"!\" must be put in quotes");
    return true;
}

static bool read_alias(reader *r, const yaml_event_t *event)
{
    static const char message[] =
        "\"*\" refers to an anchor, and anchors are not read; put the value in quotes";
    if (!report(r, "front-matter-alias", place_of(r, event->start_mark), message))
        return false;
    if (expects_key(r))
        r->ended = true;
    else
        attach(r, NULL);
    return true;
}

static bool read_event(reader *r, const yaml_event_t *event)
{
    if (!check_properties(r, event))
        return false;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (r->depth == 0 && !is_null(event))
            return refuse(r, event->start_mark, "expected lines of the form \"key: value\"");
        return read_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        if (r->depth == 0)
            return refuse(r, event->start_mark,
                          "expected lines of the form \"key: value\", not a list");
        return open_container(r, event, NEWS_KIND_SEQUENCE);
    case YAML_MAPPING_START_EVENT: return open_container(r, event, NEWS_KIND_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close_container(r); return true;
    case YAML_ALIAS_EVENT: return read_alias(r, event);
    case YAML_DOCUMENT_START_EVENT:
        if (r->document_seen)
            return refuse(r, event->start_mark,
                          "expected a single YAML document; take this line out");
        r->document_seen = true;
        return true;
    case YAML_STREAM_END_EVENT: r->ended = true; return true;
    default: return true;
    }
}

/* ---- Errors of libyaml ---- */

static bool is_at_tab(reader *r, yaml_mark_t mark)
{
    size_t offset = offset_of(r, mark);
    return offset < r->yaml.len && r->yaml.ptr[offset] == '\t';
}

/* Whether libyaml gave up at an indented line of the form "key: value", or at its colon: to YAML it
 * goes on with the value above. */
static bool is_misindented(reader *r, yaml_mark_t mark, yaml_mark_t *begin)
{
    static const char *const problems[] = {"mapping values are not allowed in this context",
                                           "did not find expected key"};
    const char *problem = r->parser.problem;
    if (problem == NULL || (strcmp(problem, problems[0]) != 0 && strcmp(problem, problems[1]) != 0))
        return false;
    size_t at = offset_of(r, mark), start = at, end = at;
    while (start > 0 && r->yaml.ptr[start - 1] != '\n')
        start--;
    while (end < r->yaml.len && r->yaml.ptr[end] != '\n')
        end++;
    size_t key = start;
    while (key < end && r->yaml.ptr[key] == ' ')
        key++;
    news_str line = news_str_of(r->yaml.ptr + key, end - key);
    size_t colon = news_front_matter_colon(line, true);
    *begin = mark;
    begin->column = key - start;
    return key != start && colon != SIZE_MAX && (at == key || at == key + colon);
}

/* Where libyaml gave up. It ends the last line itself when the text does not, and then is in a line
 * that is not there. */
static yaml_mark_t problem_mark(reader *r)
{
    yaml_mark_t mark = r->parser.problem_mark;
    size_t end = r->yaml.len;
    if (mark.column != 0 || end == 0 || r->yaml.ptr[end - 1] == '\n' || offset_of(r, mark) != end)
        return mark;
    place at = place_of_offset(r, end);
    mark.line = at.line - r->first_line;
    mark.column = at.column - 1;
    return mark;
}

static bool explain(reader *r)
{
    yaml_mark_t mark = problem_mark(r), line;
    if (is_at_tab(r, mark))
        return refuse(r, mark, "found a tab where spaces are needed");
    if (is_misindented(r, mark, &line))
        return refuse(r, line,
                      "this line is indented and so goes on with the value above it; begin it in "
                      "the column of the other keys, or put a value that holds \": \" in quotes");
    bool at_context;
    const char *message = news_yaml_explain(r->parser.problem, r->parser.context, &at_context);
    return refuse(r, at_context ? r->parser.context_mark : mark, message);
}

static bool refuse_character(reader *r, size_t offset, uint32_t c)
{
    place at = place_of_offset(r, offset);
    r->ended = true;
    if (!news_issue_find(r->issue, NEWS_ERROR, "front-matter-syntax", at.line, at.column,
                         "the character U+%04X is not allowed here", (unsigned)c))
        return out_of_memory(r);
    return true;
}

static bool report_syntax(reader *r)
{
    if (r->parser.error == YAML_MEMORY_ERROR)
        return out_of_memory(r);
    if (r->parser.error == YAML_READER_ERROR) {
        size_t offset = r->parser.problem_offset;
        return refuse_character(r, offset < r->yaml.len ? offset : r->yaml.len,
                                (uint32_t)r->parser.problem_value);
    }
    return explain(r);
}

static bool refuse_line_separators(reader *r)
{
    for (size_t at = 0; at < r->yaml.len;) {
        if ((unsigned char)r->yaml.ptr[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t c;
        size_t length = news_utf8_decode(r->yaml, at, &c);
        if (c == 0x85 || c == 0x2028 || c == 0x2029)
            return refuse_character(r, at, c);
        at += length;
    }
    return true;
}

static void read_events(reader *r)
{
    while (!r->ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            (void)report_syntax(r);
            return;
        }
        bool good = read_event(r, &event);
        yaml_event_delete(&event);
        if (!good)
            return;
    }
}

news_status news_yaml_read(news_issue *issue, news_str yaml, uint32_t first_line, news_node **root,
                           news_error *error)
{
    reader r = {.issue = issue, .yaml = yaml, .first_line = first_line, .error = error};
    *root = NULL;
    if (!yaml_parser_initialize(&r.parser))
        return news_error_nomem(error);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)yaml.ptr, yaml.len);
    if (refuse_line_separators(&r))
        read_events(&r);
    while (r.depth != 0)
        close_container(&r);
    yaml_parser_delete(&r.parser);
    *root = r.root;
    return r.status;
}
