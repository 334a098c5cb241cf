/* Bare addresses in running text: where they end.
 *
 * The rules are those of GitHub's extended autolinks, with three additions that keep an address
 * from swallowing what is around it before cmark has seen the text: it ends at a back-tick, at a
 * pipe in a table, at an angle bracket or a double quote, at a square bracket that it did not open,
 * and at the quotation marks and the wide punctuation with which other languages end a sentence. */
#include "model/model.h"
#include "source/overlay.h"
#include "text/text.h"

enum { LOOK_BACK = 500 }; /* how far a link's "](" is looked for, so that the scan stays linear */

/* U+00AB «, U+00BB », U+2018..U+201F quotation marks, U+3000..U+303F and the fullwidth forms of
 * ASCII punctuation. */
static bool ends_address(uint32_t c)
{
    return c == 0xAB || c == 0xBB || c == 0xA0 || (c >= 0x2018 && c <= 0x201F) ||
           (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF0F) ||
           (c >= 0xFF1A && c <= 0xFF1F) || (c >= 0xFF5B && c <= 0xFF65) || c == 0xE000 ||
           c == 0xE001;
}

static bool is_host_byte(char c)
{
    return news_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* A domain: segments separated by periods, no underscore in the last two. Returns where it ends,
 * or `at` when it is none. */
static size_t domain_end(news_str text, size_t at)
{
    size_t i = at;
    bool underscore_last = false, underscore_before = false;
    while (i < text.len) {
        char c = text.ptr[i];
        if (c == '.') {
            if (i + 1 >= text.len || !is_host_byte(text.ptr[i + 1]))
                break;
            underscore_before = underscore_last;
            underscore_last = false;
        } else if (!is_host_byte(c)) {
            break;
        } else if ((unsigned char)c >= 0x80) {
            uint32_t code_point;
            size_t length = news_utf8_decode(text, i, &code_point);
            if (ends_address(code_point))
                break;
            i += length - 1;
        } else {
            underscore_last |= c == '_';
        }
        i++;
    }
    return underscore_last || underscore_before || i == at || text.ptr[at] == '.' ? at : i;
}

/* Whether a link's destination, which holds no white space, may be open at `at`. */
static bool in_destination(news_str text, size_t at)
{
    size_t from = at > LOOK_BACK ? at - LOOK_BACK : 0;
    for (size_t i = at; i > from + 1 && !news_is_space(text.ptr[i - 1]); i--)
        if (text.ptr[i - 1] == '(' && text.ptr[i - 2] == ']')
            return true;
    return false;
}

/* Where the address ends at the latest; *parentheses is how many more it closes than it opens. */
static size_t path_end(news_str text, size_t start, size_t i, bool in_table, ptrdiff_t *parentheses)
{
    ptrdiff_t squares = 0;
    bool looked = false;
    *parentheses = 0;
    for (; i < text.len; i++) {
        char c = text.ptr[i];
        news_merge_field field;
        const size_t merged = c == '{' ? news_merge_field_parse(text, i, &field) : i;
        if (merged != i)
            i = merged - 1; /* white space and all */
        else if (news_is_space(c) || c == '<' || c == '>' || c == '"' || c == '`' ||
                 (c == '|' && in_table))
            break;
        if (c == '[') {
            squares++;
        } else if (c == ']') {
            if (squares-- == 0)
                break;
        } else if (c == '(') {
            --*parentheses;
        } else if (c == ')') {
            if (*parentheses >= 0 && !looked) {
                looked = true;
                if (in_destination(text, start))
                    break;
            }
            ++*parentheses;
        } else if ((unsigned char)c >= 0x80) {
            uint32_t code_point;
            size_t length = news_utf8_decode(text, i, &code_point);
            if (ends_address(code_point))
                break;
            i += length - 1;
        }
    }
    return i;
}

/* "&amp;" and the like at the end do not belong to the address. */
static size_t trim_entity(news_str text, size_t start, size_t end)
{
    size_t i = end - 1;
    while (i > start && news_is_alnum(text.ptr[i - 1]))
        i--;
    return i > start && i < end - 1 && text.ptr[i - 1] == '&' ? i - 1 : end - 1;
}

size_t news_address_end_url(news_str text, size_t at, size_t host, bool in_table)
{
    size_t end = domain_end(text, host);
    if (end == host)
        return at;
    static const char trimmed[] = "?!.,:*_~'\\";
    ptrdiff_t closing;
    end = path_end(text, at, end, in_table, &closing);
    while (end > host) {
        char last = text.ptr[end - 1];
        if (last == ';')
            end = trim_entity(text, at, end);
        else if (last == ')' && closing > 0)
            closing--, end--;
        else if (memchr(trimmed, last, sizeof trimmed - 1) != NULL)
            end--;
        else
            break;
    }
    return end > host ? end : at;
}

static bool is_local_byte(char c)
{
    return news_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '+';
}

size_t news_address_end_mail(news_str text, size_t from, size_t sign, size_t *start)
{
    size_t begin = sign;
    while (begin > from && is_local_byte(text.ptr[begin - 1]))
        begin--;
    *start = begin;
    if (begin == sign || (begin > 0 && (text.ptr[begin - 1] == '/' || text.ptr[begin - 1] == '<')))
        return begin;
    size_t end = sign + 1;
    bool period = false;
    while (end < text.len && (news_is_alnum(text.ptr[end]) || text.ptr[end] == '-' ||
                              text.ptr[end] == '_' || text.ptr[end] == '.')) {
        if (text.ptr[end] == '.') {
            if (end + 1 >= text.len || !news_is_alnum(text.ptr[end + 1]))
                break;
            period = true;
        }
        end++;
    }
    if (!period || text.ptr[end - 1] == '-' || text.ptr[end - 1] == '_')
        return begin;
    return end;
}

const char *news_address_fault(news_str url)
{
    if (url.len == 7 && news_str_equal_nocase(url, NEWS_STR("mailto:")))
        return "names nobody to write to";
    size_t at = news_uri_web(url);
    if (at == 0)
        return NULL;
    size_t end = at;
    for (; end < url.len; end++) {
        char c = url.ptr[end];
        if (c == '/' || c == '?' || c == '#')
            break;
        if (c == '@') /* the host begins behind the last one */
            at = end + 1;
    }
    size_t port = end;
    while (port > at && news_is_digit(url.ptr[port - 1]))
        port--;
    bool has_port = port > at && url.ptr[port - 1] == ':';
    if (at == (has_port ? port - 1 : end))
        return "names no site";
    unsigned long number = 0;
    for (size_t i = port; has_port && i < end && number <= 65535; i++)
        number = number * 10 + (unsigned long)(url.ptr[i] - '0');
    return number > 65535 ? "has a port above 65535" : NULL;
}
