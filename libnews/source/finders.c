/* Finders of what the overlay marks: one for each kind, none of which looks at a byte twice.
 *
 * Most documents have nothing to mark, and the addresses of a newsletter stand in "](https://…)".
 * So each finder runs over the text with memchr and yields only places that will be marked. */
#include "model/model.h"
#include "source/overlay.h"
#include "text/text.h"

#define MARK_BEGIN "\xEE\x80\x80" /* U+E000 */
#define MARK_END "\xEE\x80\x81"   /* U+E001 */

static const news_candidate no_more = {.at = SIZE_MAX, .end = SIZE_MAX};

static bool before_is(news_str s, size_t at, const char *literal, size_t length)
{
    return at >= length && memcmp(s.ptr + at - length, literal, length) == 0;
}

/* Whether `at` begins a link's destination, an autolink in <…> or an attribute's value, where cmark
 * sees to the address itself. */
static bool is_taken(news_str s, size_t at)
{
    if (at == 0)
        return false;
    switch (s.ptr[at - 1]) {
    case '<': return true;
    case '(': return before_is(s, at, "](", 2);
    case '"':
    case '\'': return before_is(s, at - 1, "=", 1);
    case ' ':
        while (at > 0 && s.ptr[at - 1] == ' ')
            at--;
        return before_is(s, at, "]:", 2);
    case ':': return before_is(s, at, "]:", 2);
    default: return false;
    }
}

static bool is_blank(news_str s, size_t begin, size_t end)
{
    while (begin < end && (news_is_space(s.ptr[begin]) || s.ptr[begin] == '>'))
        begin++;
    return begin == end;
}

static size_t line_end(news_str s, size_t begin)
{
    size_t end = news_str_find_char(s, '\n', begin);
    return end < s.len ? end : s.len;
}

/* Whether `at` may stand in a table: in a paragraph, in the line above a delimiter row or further
 * down. Looks once at each line, so `at` must not decrease. */
static bool in_table(const news_overlay *overlay, size_t at, news_finder_state *state)
{
    if (overlay->row_count == 0)
        return false;
    for (; state->line < overlay->line_count; state->line++) {
        size_t begin = overlay->lines[state->line].begin;
        if (begin > at)
            break;
        while (state->row < overlay->row_count && overlay->rows[state->row] <= state->line)
            state->row++;
        bool is_table = state->in_table || state->row_follows;
        state->row_follows =
            state->row < overlay->row_count && overlay->rows[state->row] == state->line + 1;
        state->in_table =
            (is_table || state->row_follows) &&
            !is_blank(overlay->source, begin, news_overlay_line_end(overlay, state->line));
    }
    return state->in_table;
}

/* ---- Finders: the first news_candidate at or after `from` ---- */

static news_candidate next_url(const news_overlay *overlay, size_t from, news_finder_state *state)
{
    const news_str s = overlay->source;
    for (size_t at = news_str_find_char(s, ':', from); at != SIZE_MAX;
         at = news_str_find_char(s, ':', at + 1)) {
        if (s.len - at < 4 || s.ptr[at + 1] != '/' || s.ptr[at + 2] != '/' ||
            before_is(s, at, "](https", 7)) /* is taken, as almost all are */
            continue;
        size_t scheme = at;
        while (scheme > from && at - scheme < 6 && news_is_alpha(s.ptr[scheme - 1]))
            scheme--;
        news_str name = news_str_of(s.ptr + scheme, at - scheme);
        if (!news_str_equal_nocase(name, NEWS_STR("https")) &&
            !news_str_equal_nocase(name, NEWS_STR("http")))
            continue;
        if (is_taken(s, scheme))
            continue;
        size_t end = news_address_end_url(s, scheme, at + 3, in_table(overlay, at, state));
        if (end != scheme)
            return (news_candidate){scheme, end, NEWS_MARK_URL, {NULL, 0}};
    }
    return no_more;
}

static news_candidate next_www(const news_overlay *overlay, size_t from, news_finder_state *state)
{
    const news_str s = overlay->source;
    for (size_t at = news_str_find_char(s, 'w', from); at != SIZE_MAX;
         at = news_str_find_char(s, 'w', at + 1)) {
        if (s.len - at < 5 || memcmp(s.ptr + at, "www.", 4) != 0)
            continue;
        if (at > 0 && !news_is_space(s.ptr[at - 1]) && s.ptr[at - 1] != '*' &&
            s.ptr[at - 1] != '_' && s.ptr[at - 1] != '~' && s.ptr[at - 1] != '(' &&
            s.ptr[at - 1] != '[' && (unsigned char)s.ptr[at - 1] < 0x80)
            continue;
        if (is_taken(s, at))
            continue;
        size_t end = news_address_end_url(s, at, at + 4, in_table(overlay, at, state));
        if (end != at)
            return (news_candidate){at, end, NEWS_MARK_URL, NEWS_STR("http://")};
        while (at < s.len && !news_is_space(s.ptr[at])) /* the same domain fails all along */
            at++;
    }
    return no_more;
}

static news_candidate next_mail(news_str s, size_t from)
{
    for (size_t sign = news_str_find_char(s, '@', from); sign != SIZE_MAX;
         sign = news_str_find_char(s, '@', sign + 1)) {
        size_t start;
        size_t end = news_address_end_mail(s, from, sign, &start);
        if (end == start)
            continue;
        news_str prefix = NEWS_STR("mailto:");
        if (start >= from + prefix.len && before_is(s, start, prefix.ptr, prefix.len)) {
            start -= prefix.len;
            prefix.len = 0;
        }
        if (!is_taken(s, start))
            return (news_candidate){start, end, NEWS_MARK_URL, prefix};
    }
    return no_more;
}

/* An escaped tilde, which must not strike anything out. */
static news_candidate next_tilde(news_str s, size_t from, bool *pairs)
{
    for (size_t at = news_str_find_char(s, '~', from); at != SIZE_MAX;
         at = news_str_find_char(s, '~', at + 1)) {
        size_t slashes = 0;
        while (at - slashes > from && s.ptr[at - slashes - 1] == '\\')
            slashes++;
        if (slashes % 2 == 1)
            return (news_candidate){at - 1, at + 1, NEWS_MARK_LITERAL, news_str_of(s.ptr + at, 1)};
        *pairs |= at > 0 && s.ptr[at - 1] == '~';
    }
    return no_more;
}

static news_candidate next_private(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '\xEE', from); at != SIZE_MAX;
         at = news_str_find_char(s, '\xEE', at + 1)) {
        if (s.len - at >= 3 && s.ptr[at + 1] == '\x80' &&
            (s.ptr[at + 2] == '\x80' || s.ptr[at + 2] == '\x81'))
            return (news_candidate){at, at + 3, NEWS_MARK_LITERAL, news_str_of(s.ptr + at, 3)};
    }
    return no_more;
}

/* "&#xE000;" in any of its spellings: cmark would make a mark of it. */
static news_candidate next_reference(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '&', from); at != SIZE_MAX;
         at = news_str_find_char(s, '&', at + 1)) {
        size_t i = at + 1;
        if (s.len - at < 4 || s.ptr[i++] != '#')
            continue;
        bool hexadecimal = s.ptr[i] == 'x' || s.ptr[i] == 'X';
        i += hexadecimal;
        uint32_t number = 0;
        for (size_t digits = 0; i < s.len && digits < 8; i++, digits++) {
            char c = news_to_lower(s.ptr[i]);
            if (news_is_digit(c))
                number = number * (hexadecimal ? 16 : 10) + (uint32_t)(c - '0');
            else if (hexadecimal && c >= 'a' && c <= 'f')
                number = number * 16 + (uint32_t)(c - 'a') + 10;
            else
                break;
        }
        if (i < s.len && s.ptr[i] == ';' && (number == 0xE000 || number == 0xE001))
            return (news_candidate){at, i + 1, NEWS_MARK_LITERAL,
                                    number == 0xE000 ? NEWS_STR(MARK_BEGIN) : NEWS_STR(MARK_END)};
    }
    return no_more;
}

static uint32_t character_before(news_str s, size_t at)
{
    uint32_t c = 0;
    if (at != 0)
        (void)news_utf8_before(s, at, &c);
    return c;
}

/* A letter of a script in which words follow one another, or their particles, without a space. */
static bool is_east_asian_letter(uint32_t c)
{
    bool hangul = (c >= 0x1100 && c <= 0x11FF) || (c >= 0xAC00 && c <= 0xD7FF);
    return (hangul || news_is_cjk(c)) && !news_is_punctuation(c) && c != 0x3000;
}

/* CommonMark tells an opening run of asterisks from a closing one by the spaces around words, which
 * Chinese, Japanese and Korean do not have: between punctuation and a letter of theirs a run does
 * neither, as in "**note:**text". An empty mark between the punctuation and the run lets it. */
static news_candidate next_emphasis(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '*', from); at != SIZE_MAX;) {
        size_t begin = at, end = at;
        while (begin > 0 && s.ptr[begin - 1] == '*')
            begin--;
        while (end < s.len && s.ptr[end] == '*')
            end++;
        bool may_be_letter = (begin > 0 && (unsigned char)s.ptr[begin - 1] >= 0x80) ||
                             (end < s.len && (unsigned char)s.ptr[end] >= 0x80);
        if (!may_be_letter) {
            at = news_str_find_char(s, '*', end);
            continue;
        }
        uint32_t after = 0, before = character_before(s, begin);
        if (end < s.len)
            (void)news_utf8_decode(s, end, &after);
        if (begin == at && before != '\\' && news_is_punctuation(before) &&
            is_east_asian_letter(after))
            return (news_candidate){at, at, NEWS_MARK_LITERAL, {NULL, 0}};
        if (is_east_asian_letter(before) && news_is_punctuation(after))
            return (news_candidate){end, end, NEWS_MARK_LITERAL, {NULL, 0}};
        at = news_str_find_char(s, '*', end);
    }
    return no_more;
}

bool news_is_underline(news_str line)
{
    line = news_str_trim(line);
    if (line.len == 0 || (line.ptr[0] != '=' && line.ptr[0] != '-'))
        return false;
    for (size_t i = 1; i < line.len; i++)
        if (line.ptr[i] != line.ptr[0])
            return false;
    return true;
}

/* Whether the line around `at`, which ends at `end`, is a heading's: begins with # or is
 * underlined. */
static bool is_heading(news_str s, size_t at, size_t end)
{
    size_t begin = at;
    while (begin > 0 && s.ptr[begin - 1] != '\n')
        begin--;
    while (begin < at && (s.ptr[begin] == ' ' || s.ptr[begin] == '>'))
        begin++;
    if (s.ptr[begin] == '#')
        return true;
    size_t next = end + 1, next_end = news_str_find_char(s, '\n', next);
    if (next >= s.len)
        return false;
    return news_is_underline(
        news_str_of(s.ptr + next, (next_end < s.len ? next_end : s.len) - next));
}

/* An attribute list ends its line, so only the last brace of a line can open one. */
static news_candidate next_attributes(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '{', from); at != SIZE_MAX;) {
        size_t end = line_end(s, at), close = end;
        while (close > at + 1 && (s.ptr[close - 1] == ' ' || s.ptr[close - 1] == '#'))
            close--;
        size_t open = close - 1;
        while (open > at && s.ptr[open] != '{')
            open--;
        if (news_attribute_list_valid(news_str_of(s.ptr + open, close - open)) &&
            is_heading(s, open, end))
            return (news_candidate){open, close, NEWS_MARK_ATTRIBUTES, {NULL, 0}};
        at = news_str_find_char(s, '{', end);
    }
    return no_more;
}

/* How far the ends of what opens are looked for, so that many that never close cost no more. */
enum { LONGEST_LIST = 2000, LONGEST_FIELD = 200, DEEPEST_MARKERS = 400 };

static size_t at_most(size_t from, size_t most, size_t end)
{
    return end - from > most ? from + most : end;
}

/* An attribute list right behind what may be an image. A brace may stand in a value's quotes. */
static news_candidate next_image_attributes(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '{', from); at != SIZE_MAX;
         at = news_str_find_char(s, '{', at + 1)) {
        if (at == 0 || (s.ptr[at - 1] != ')' && s.ptr[at - 1] != ']'))
            continue;
        char quote = '\0';
        size_t close = at + 1, stop = at_most(at, LONGEST_LIST, s.len);
        for (; close < stop && s.ptr[close] != '\n'; close++) {
            char c = s.ptr[close];
            if (quote != '\0' ? c == quote : c == '"' || c == '\'')
                quote = quote != '\0' ? '\0' : c;
            else if (quote == '\0' && c == '}')
                break;
        }
        if (close < stop && s.ptr[close] == '}' &&
            news_attribute_list_valid(news_str_of(s.ptr + at, close + 1 - at)))
            return (news_candidate){at, close + 1, NEWS_MARK_ATTRIBUTES, {NULL, 0}};
    }
    return no_more;
}

/* Whether an odd number of backslashes stands before `at`. */
static bool is_escaped(news_str s, size_t at)
{
    size_t slashes = 0;
    while (slashes < at && s.ptr[at - slashes - 1] == '\\')
        slashes++;
    return slashes % 2 == 1;
}

/* Two braces that are not escaped. What does not parse is marked as well, to be reported where it
 * is no code: up to the braces that close it, if they stand in its line. */
static news_candidate next_field(news_str s, size_t from)
{
    for (size_t at = news_str_find_char(s, '{', from); at != SIZE_MAX;
         at = news_str_find_char(s, '{', at + 1)) {
        if (s.len - at < 2 || s.ptr[at + 1] != '{')
            continue;
        if (is_escaped(s, at)) {
            at++;
            continue;
        }
        news_merge_field field;
        size_t end = news_merge_field_parse(s, at, &field);
        if (end == at) {
            size_t stop = at_most(at, LONGEST_FIELD, s.len);
            const char *newline = memchr(s.ptr + at, '\n', stop - at);
            if (newline != NULL)
                stop = (size_t)(newline - s.ptr);
            size_t close = news_str_find(news_str_of(s.ptr, stop), NEWS_STR("}}"), at + 2);
            end = close != SIZE_MAX ? close + 2 : at + 2;
        }
        return (news_candidate){at, end, NEWS_MARK_FIELD, {NULL, 0}};
    }
    return no_more;
}

/* ---- Notes ---- */

enum { LONGEST_NOTE_ID = 64 };

/* The end of "[^id]" that begins at `at`; `at` when none does. */
static size_t note_end(news_str s, size_t at)
{
    size_t i = at + 2;
    if (s.len - at < 4 || s.ptr[at] != '[' || s.ptr[at + 1] != '^')
        return at;
    while (i < s.len && i - at - 2 <= LONGEST_NOTE_ID &&
           (news_is_alnum(s.ptr[i]) || s.ptr[i] == '-' || s.ptr[i] == '_' || s.ptr[i] == '.' ||
            s.ptr[i] == ':' || (unsigned char)s.ptr[i] >= 0x80))
        i++;
    return i > at + 2 && i < s.len && s.ptr[i] == ']' ? i + 1 : at;
}

/* Whether `at` begins a line's text, behind quote marks or not. */
static bool begins_line(news_str s, size_t at)
{
    while (at > 0 && (s.ptr[at - 1] == ' ' || s.ptr[at - 1] == '>'))
        at--;
    return at == 0 || s.ptr[at - 1] == '\n';
}

/* Where "[^" stands at or after `from`. The circumflex is the rarer of the two. */
static size_t find_note(news_str s, size_t from)
{
    size_t at = news_str_find_char(s, '^', from + 1);
    while (at != SIZE_MAX && s.ptr[at - 1] != '[')
        at = news_str_find_char(s, '^', at + 1);
    return at != SIZE_MAX ? at - 1 : SIZE_MAX;
}

/* What takes its white space along, so that the note's text begins where its mark ends. */
static news_candidate next_note(news_str s, size_t from)
{
    for (size_t at = find_note(s, from); at != SIZE_MAX; at = find_note(s, at + 1)) {
        size_t end = note_end(s, at);
        if (end == at || end >= s.len || s.ptr[end] != ':' || !begins_line(s, at))
            continue;
        end++;
        while (end < s.len && (s.ptr[end] == ' ' || s.ptr[end] == '\t'))
            end++;
        return (news_candidate){at, end, NEWS_MARK_NOTE, {NULL, 0}};
    }
    return no_more;
}

/* "[^1](…" is a link to CommonMark. */
static news_candidate next_note_ref(news_str s, size_t from)
{
    for (size_t at = find_note(s, from); at != SIZE_MAX; at = find_note(s, at + 1)) {
        size_t end = note_end(s, at);
        if (end == at || is_escaped(s, at) || (end < s.len && s.ptr[end] == '('))
            continue;
        return (news_candidate){at, end, NEWS_MARK_NOTE_REF, {NULL, 0}};
    }
    return no_more;
}

/* ---- Fences ---- */

/* Past quote marks, white space and the markers of list entries that begin a line. */
static size_t skip_markers(news_str s, size_t at, size_t end)
{
    for (;;) {
        while (at < end && (s.ptr[at] == ' ' || s.ptr[at] == '\t' || s.ptr[at] == '>'))
            at++;
        size_t marker = at;
        while (marker < end && marker - at < 9 && news_is_digit(s.ptr[marker]))
            marker++;
        const char *markers = marker != at ? ".)" : "-*+";
        if (marker + 1 >= end || s.ptr[marker + 1] != ' ' || s.ptr[marker] == '\0' ||
            strchr(markers, s.ptr[marker]) == NULL)
            return at;
        at = marker + 2;
    }
}

/* A line that begins with three colons. */
static news_candidate next_fence(const news_overlay *overlay, size_t from, news_finder_state *state)
{
    const news_str s = overlay->source;
    for (; state->line < overlay->line_count; state->line++) {
        size_t begin = overlay->lines[state->line].begin,
               end = news_overlay_line_end(overlay, state->line);
        size_t at = skip_markers(s, begin, end);
        if (at >= from && at - begin <= DEEPEST_MARKERS && end - at >= 3 &&
            memcmp(s.ptr + at, ":::", 3) == 0)
            return (news_candidate){at, end, NEWS_MARK_FENCE, {NULL, 0}};
    }
    return no_more;
}

news_candidate news_overlay_find(const news_overlay *overlay, size_t finder, size_t from,
                                 news_finder_state *state)
{
    const news_str s = overlay->source;
    /* Of two that begin at one place the first here counts. */
    switch (finder) {
    case 0: return next_fence(overlay, from, state);
    case 1: return next_note(s, from);
    case 2: return next_note_ref(s, from);
    case 3: return next_field(s, from);
    case 4: return next_url(overlay, from, state);
    case 5: return next_www(overlay, from, state);
    case 6: return next_mail(s, from);
    case 7: return next_tilde(s, from, &state->tilde_pairs);
    case 8: return next_private(s, from);
    case 9: return next_reference(s, from);
    case 10: return next_emphasis(s, from);
    case 11: return next_attributes(s, from);
    default: return next_image_attributes(s, from);
    }
}
