/* Header fields in lines (RFC 5322, section 2.2.3). A line ends only where white space stands
 * anyway, so that putting the lines together again gives what was written. What is never broken (an
 * address in "<>", a name of a message) is one word, however long; the first word stays in the line
 * of the header's name, since not all that read mail expect that line to be empty. */
#include "mail/mail.h"
#include "text/text.h"

/* Longer white space is encoded with the words around it, so that no line is only white. */
enum { LONGEST_GAP = 16 };

void news_header_begin(news_header *field, news_buf *out, news_str name)
{
    *field = (news_header){.out = out, .line = out->len, .first = true};
    news_buf_append_str(out, name);
    news_buf_append_char(out, ':');
}

void news_header_end(news_header *field)
{
    news_buf_append(field->out, "\r\n", 2);
}

static size_t column_of(const news_header *field)
{
    return field->out->len - field->line;
}

static void append_gap(news_header *field, size_t gap)
{
    while (gap-- != 0)
        news_buf_append_char(field->out, ' ');
    field->first = false;
}

static void fold(news_header *field)
{
    news_buf_append(field->out, "\r\n", 2);
    field->line = field->out->len;
    field->encoded = false;
}

void news_header_space(news_header *field, size_t gap, size_t length)
{
    const size_t limit = field->encoded ? NEWS_MAIL_ENCODED_LINE : NEWS_MAIL_LINE;
    if (!field->first && column_of(field) + gap + length > limit)
        fold(field);
    append_gap(field, gap);
}

void news_header_word(news_header *field, news_str word)
{
    news_header_space(field, 1, word.len);
    news_buf_append_str(field->out, word);
}

void news_header_angles(news_header *field, news_str word, bool more_follow)
{
    news_header_space(field, 1, word.len + 2 + more_follow);
    news_buf_append_char(field->out, '<');
    news_buf_append_str(field->out, word);
    news_buf_append_char(field->out, '>');
    if (more_follow)
        news_buf_append_char(field->out, ',');
}

/* ---- Encoded words ---- */

/* How much of the text from `at` goes into this line; 0: the line must end first. What fits a line
 * of its own is not parted, unless it is the first. */
static size_t fit_here(const news_header *field, size_t gap, news_str text, size_t at, char method)
{
    const size_t used = column_of(field) + gap;
    if (used >= NEWS_MAIL_ENCODED_LINE)
        return 0;
    size_t taken =
        news_encoded_word_fit(text, at, NEWS_MAIL_ENCODED_LINE - used, method, field->first);
    size_t rest = text.len - at;
    bool fits_alone =
        taken < rest && !field->first &&
        news_encoded_word_fit(text, at, NEWS_MAIL_ENCODED_LINE - gap, method, false) == rest;
    return fits_alone ? 0 : taken;
}

void news_header_encoded(news_header *field, size_t gap, news_str text)
{
    const char method = news_encoded_word_method(text);
    size_t taken;
    for (size_t at = 0; at < text.len && field->out->status == NEWS_OK; at += taken) {
        taken = fit_here(field, gap, text, at, method);
        if (taken == 0) {
            fold(field);
            taken = news_encoded_word_fit(text, at, NEWS_MAIL_ENCODED_LINE - gap, method, true);
        }
        append_gap(field, gap);
        news_encoded_word_append(field->out, news_str_of(text.ptr + at, taken), method);
        field->encoded = true;
        gap = 1;
    }
}

/* ---- Text ---- */

/* A word of a text, and how much white space stands around it. */
typedef struct {
    size_t begin, end;
    size_t before, after;
} word;

/* Goes on to the next word; the text begins and ends with one. False when there is none. */
static bool next_word(news_str text, word *w)
{
    size_t at = w->end + w->after;
    if (at == text.len)
        return false;
    w->before = at != 0 ? w->after : 1;
    w->begin = at;
    while (at < text.len && text.ptr[at] != ' ')
        at++;
    w->end = at;
    while (at < text.len && text.ptr[at] == ' ')
        at++;
    w->after = at - w->end;
    return true;
}

static news_str text_of(news_str text, word w)
{
    return news_str_of(text.ptr + w.begin, w.end - w.begin);
}

/* What is not ASCII, what could be taken for an encoded word, and what fits no line. */
static bool is_hard(news_str s)
{
    return !news_is_ascii(s) || s.len > NEWS_MAIL_WORD_MAX ||
           news_str_find(s, NEWS_STR("=?"), 0) != SIZE_MAX;
}

static bool is_hard_word(news_str text, word w)
{
    return w.before > LONGEST_GAP || w.after > LONGEST_GAP || is_hard(text_of(text, w));
}

void news_header_text(news_header *field, news_str text)
{
    word w = {0};
    text = news_str_trim(text);
    bool more = next_word(text, &w);
    while (more && field->out->status == NEWS_OK) {
        word run = w;
        if (!is_hard_word(text, w)) {
            news_header_space(field, w.before, w.end - w.begin);
            news_buf_append_str(field->out, text_of(text, w));
            more = next_word(text, &w);
            continue;
        }
        /* Together, for white space between encoded words is lost. */
        while ((more = next_word(text, &w)) && is_hard_word(text, w))
            run.end = w.end;
        news_header_encoded(field, run.before, text_of(text, run));
    }
}

/* ---- Names before addresses ---- */

static bool is_atom(news_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!news_mail_is_atom_character(s.ptr[i]))
            return false;
    return s.len != 0;
}

/* A word of a quoted string, with the quotes where it is the first or the last. */
static void append_quoted(news_header *field, news_str s, bool first, bool last)
{
    size_t length = s.len + first + last;
    for (size_t i = 0; i < s.len; i++)
        length += s.ptr[i] == '"' || s.ptr[i] == '\\';
    news_header_space(field, 1, length);
    if (first)
        news_buf_append_char(field->out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            news_buf_append_char(field->out, '\\');
        news_buf_append_char(field->out, s.ptr[i]);
    }
    if (last)
        news_buf_append_char(field->out, '"');
}

void news_header_phrase(news_header *field, news_str name)
{
    bool hard = false, atoms = true; /* a word may be twice as long when it is quoted */
    for (word w = {0}; next_word(name, &w);) {
        hard = hard || is_hard(text_of(name, w)) || w.end - w.begin > NEWS_MAIL_WORD_MAX / 2;
        atoms = atoms && is_atom(text_of(name, w));
    }
    if (hard) {
        news_header_encoded(field, 1, name);
        return;
    }
    for (word w = {0}; next_word(name, &w);)
        if (atoms)
            news_header_word(field, text_of(name, w));
        else
            append_quoted(field, text_of(name, w), w.begin == 0, w.end == name.len);
}
