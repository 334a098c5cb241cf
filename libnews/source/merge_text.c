/* Merge fields in what is parsed: nodes in running text, and strings (addresses, titles,
 * descriptions, front matter) that hold them as their writer would write them. In such a string
 * "\{{" stands for two braces that begin no field; in an address those are percent-encoded. */
#include "source/parse.h"

#define OPEN NEWS_STR("{{")

bool news_append_escaped_braces(news_buf *to, news_str text)
{
    size_t at;
    while ((at = news_str_find(text, OPEN, 0)) != SIZE_MAX) {
        news_buf_append(to, text.ptr, at);
        news_buf_append_str(to, NEWS_STR("\\{{"));
        text = news_str_skip(text, at + 2);
    }
    return news_buf_append_str(to, text);
}

static bool append_encoded_braces(news_buf *to, news_str text)
{
    size_t at;
    while ((at = news_str_find(text, OPEN, 0)) != SIZE_MAX) {
        news_buf_append(to, text.ptr, at);
        news_buf_append_str(to, NEWS_STR("%7B%7B"));
        text = news_str_skip(text, at + 2);
    }
    return news_buf_append_str(to, text);
}

void news_append_field(news_buf *to, const news_node *field)
{
    bool quoted = memchr(field->b.ptr != NULL ? field->b.ptr : "", '"', field->b.len) != NULL;
    news_buf_append_str(to, NEWS_STR("{{ "));
    news_buf_append_str(to, field->a);
    if ((field->flags & NEWS_NODE_DEFAULT) != 0) {
        news_buf_append_str(to, quoted ? NEWS_STR(" or '") : NEWS_STR(" or \""));
        news_buf_append_str(to, field->b);
        news_buf_append_char(to, quoted ? '\'' : '"');
    }
    news_buf_append_str(to, NEWS_STR(" }}"));
}

static bool report(news_build *build, news_str source, news_place place)
{
    char shown[64];
    news_error_copy(shown, sizeof shown, source, false);
    return news_build_error(build, "field-syntax", place, "\"%s\" does not read as a merge field",
                            shown);
}

news_node *news_field_new(news_build *build, news_str source, news_place place)
{
    news_merge_field field;
    if (news_merge_field_parse(source, 0, &field) != source.len) {
        (void)report(build, source, place);
        return NULL;
    }
    news_node *node = news_build_node(build, NEWS_KIND_FIELD, place);
    if (node == NULL)
        return NULL;
    if (!news_arena_copy(&build->issue->arena, field.name, &node->a) ||
        !news_arena_copy(&build->issue->arena, field.otherwise, &node->b)) {
        news_build_nomem(build);
        return NULL;
    }
    node->flags |= field.has_default ? NEWS_NODE_DEFAULT : 0;
    build->issue->has_fields = true;
    return node;
}

/* Appends text with the fields in it; *fields is set when there is one, or what looks like one. */
static bool append_literal(news_buf *to, news_str text, news_string_use use, bool *fields)
{
    if (news_str_find(text, OPEN, 0) == SIZE_MAX)
        return news_buf_append_str(to, text);
    if (use == NEWS_STRING_ADDRESS)
        return append_encoded_braces(to, text);
    *fields = true;
    return news_append_escaped_braces(to, text);
}

/* Bare addresses, and those of raw HTML. */
static bool append_address(news_build *build, news_buf *to, news_str text, news_place place,
                           bool *fields)
{
    size_t at;
    while ((at = news_str_find(text, OPEN, 0)) != SIZE_MAX) {
        news_merge_field field;
        size_t end = news_merge_field_parse(text, at, &field);
        news_buf_append(to, text.ptr, at);
        if (end == at) {
            if (!report(build, news_str_skip(text, at), place))
                return false;
            news_buf_append_str(to, NEWS_STR("%7B%7B"));
            end += 2;
        } else {
            news_buf_append(to, text.ptr + at, end - at);
            *fields = true;
        }
        text = news_str_skip(text, end);
    }
    return news_buf_append_str(to, text);
}

static bool append_mark(news_build *build, news_buf *to, const news_mark *mark, news_string_use use,
                        news_place place, bool *fields)
{
    if (mark->type == NEWS_MARK_LITERAL)
        return append_literal(to, mark->text, use, fields);
    if (mark->type == NEWS_MARK_NOTE_REF && use == NEWS_STRING_TEXT &&
        !news_build_error(build, "note-misplaced", place,
                          "a description or a title cannot refer to a note"))
        return false;
    if (mark->type != NEWS_MARK_FIELD) /* a bare address in an address has its own */
        return use == NEWS_STRING_ADDRESS ? append_address(build, to, mark->source, place, fields)
                                          : append_literal(to, mark->source, use, fields);
    news_merge_field field;
    if (news_merge_field_parse(mark->source, 0, &field) != mark->source.len)
        return report(build, mark->source, place) && append_literal(to, mark->source, use, fields);
    *fields = true;
    return news_buf_append_str(to, mark->source);
}

bool news_build_copy_string(news_build *build, news_str text, news_string_use use, news_place place,
                            news_str *copy, bool *fields)
{
    size_t done = 0, at = 0, end;
    *fields = false;
    const news_mark *mark = news_overlay_next(build->overlay, text, &at, &end);
    if (mark == NULL && news_str_find(text, OPEN, 0) == SIZE_MAX)
        return news_arena_copy(&build->issue->arena, text, copy) || news_build_nomem(build);
    news_buf *buf = &build->scratch;
    news_buf_clear(buf);
    bool ok = true;
    if (use == NEWS_STRING_UNMARKED_ADDRESS)
        ok = append_address(build, buf, text, place, fields);
    else
        for (;; mark = news_overlay_next(build->overlay, text, &at, &end)) {
            size_t stop = mark != NULL ? at : text.len;
            ok = ok && append_literal(buf, news_str_of(text.ptr + done, stop - done), use, fields);
            if (mark == NULL)
                break;
            ok = ok && append_mark(build, buf, mark, use, place, fields);
            done = at = end;
        }
    build->issue->has_fields |= *fields;
    return (ok && buf->status == NEWS_OK &&
            news_arena_copy(&build->issue->arena, news_buf_str(buf), copy)) ||
           news_build_nomem(build);
}
