/* Names with addresses, one or several in a text (RFC 5322, section 3.4). What is asked for is what
 * people write: "Ann Example <ann@example.org>", parted by commas, quotes around names that hold
 * such marks. Groups and comments are refused, as is whatever could be read in two ways. */
#include "mail/mail.h"

/* What a text in the manner of "name <id>" is made of. */
typedef struct {
    news_str name; /* with its quotes */
    news_str id;   /* what stands in "<>", or all of it */
    size_t end;    /* the comma behind it, or the end of the text */
} parts;

static news_status refuse_mark(news_error *error, news_str header, char mark)
{
    switch (mark) {
    case '(':
    case ')':
        return news_mail_refuse(error, header,
                                "comments in parentheses are not supported; a name with "
                                "parentheses is put in double quotes");
    case ':':
    case ';':
        return news_mail_refuse(error, header,
                                "groups of addresses are not supported; a name with a colon or a "
                                "semicolon is put in double quotes");
    default:
        return news_mail_refuse(error, header,
                                "\"%c\" may not stand here; a name with such a "
                                "character is put in double quotes",
                                mark);
    }
}

/* The offset behind the quoted string that begins at `at`; SIZE_MAX when it does not end. */
static size_t quote_end(news_str text, size_t at)
{
    for (size_t i = at + 1; i < text.len; i++) {
        if (text.ptr[i] == '"')
            return i + 1;
        if (text.ptr[i] == '\\')
            i++;
    }
    return SIZE_MAX;
}

/* The offset behind the domain literal, "@[…]", whose bracket is at `at`; else of the next
 * character. */
static size_t literal_end(news_str text, size_t at)
{
    enum { LONGEST_LITERAL = 256 };
    if (at == 0 || text.ptr[at - 1] != '@')
        return at + 1;
    size_t left = text.len - at;
    const char *end = memchr(text.ptr + at, ']', left < LONGEST_LITERAL ? left : LONGEST_LITERAL);
    return end != NULL ? (size_t)(end - text.ptr) + 1 : at + 1;
}

/* The parts of what stands before the first comma that is not quoted. */
static news_status find_parts(news_str text, parts *found, news_str header, news_error *error)
{
    size_t at = 0, angle = SIZE_MAX, closed = SIZE_MAX;
    while (at < text.len && text.ptr[at] != ',') {
        char c = text.ptr[at];
        if (closed != SIZE_MAX && c != ' ')
            return news_mail_refuse(error, header,
                                    "after \">\" only a comma and another address may follow");
        if (c == '"') {
            at = quote_end(text, at);
            if (at == SIZE_MAX)
                return news_mail_refuse(error, header, "a double quote is not closed");
        } else if (c == '[') {
            at = literal_end(text, at);
        } else if (strchr("():;\\", c) != NULL || (c == '<' && angle != SIZE_MAX) ||
                   (c == '>' && angle == SIZE_MAX)) {
            return refuse_mark(error, header, c);
        } else {
            if (c == '<')
                angle = at;
            if (c == '>')
                closed = at;
            at++;
        }
    }
    if (angle != SIZE_MAX && closed == SIZE_MAX)
        return news_mail_refuse(error, header, "a \"<\" is not closed");
    *found = (parts){.id = news_str_of(text.ptr, at), .end = at};
    if (angle != SIZE_MAX) {
        found->name = news_str_of(text.ptr, angle);
        found->id = news_str_of(text.ptr + angle + 1, closed - angle - 1);
    }
    found->id = news_str_trim(found->id);
    return NEWS_OK;
}

/* ---- Names ---- */

/* A name without the quotes of a header, white space in it made single spaces. */
static news_status keep_name(news_mail_memory *memory, news_str name, bool quoted, news_str *kept,
                             news_error *error)
{
    news_buf *out = &memory->scratch;
    bool in_quotes = false, space = false;
    news_buf_clear(out);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '"' && quoted) {
            in_quotes = !in_quotes;
        } else if (c == ' ') {
            space = true;
        } else {
            if (c == '\\' && in_quotes && i + 1 < name.len)
                c = name.ptr[++i];
            if (space && out->len != 0)
                news_buf_append_char(out, ' ');
            space = false;
            news_buf_append_char(out, c);
        }
    }
    return news_mail_keep(memory, kept, error);
}

/* ---- Reading ---- */

/* What stands before the comma in "Lamp, Inc. <post@lamp.example>". */
static bool is_half_name(news_str id)
{
    return id.len != 0 && memchr(id.ptr, '@', id.len) == NULL;
}

news_status news_mail_next_address(news_mail_memory *memory, news_mail_address *out, news_str *text,
                                   news_str header, news_error *error)
{
    parts found = {.end = 0};
    news_status status = find_parts(*text, &found, header, error);
    if (status == NEWS_OK && found.end < text->len && is_half_name(found.id))
        return news_mail_refuse(error, header,
                                "\"%.*s\" before the comma is not an address; a name with a comma "
                                "is put in double quotes",
                                (int)found.id.len, found.id.ptr);
    if (status == NEWS_OK)
        status = news_mail_read_address(memory, out, found.id, header, error);
    if (status == NEWS_OK)
        status = keep_name(memory, found.name, true, &out->name, error);
    if (status != NEWS_OK)
        return status;
    if (found.end + 1 == text->len)
        return news_mail_refuse(error, header, "after the last comma there is no address");
    *text = found.end < text->len ? news_str_skip(*text, found.end + 1) : NEWS_STR_NONE;
    return NEWS_OK;
}

news_status news_mail_read_mailbox(news_mail_memory *memory, news_mail_address *out,
                                   const news_mailbox *given, news_str header, news_error *error)
{
    news_str name = news_str_from(given->name), text = news_str_from(given->address);
    news_status status = news_mail_check(name, header, error);
    if (status == NEWS_OK)
        status = news_mail_check(text, header, error);
    if (status != NEWS_OK)
        return status;
    if (given->name == NULL) {
        status = news_mail_next_address(memory, out, &text, header, error);
        if (status == NEWS_OK && text.len != 0)
            return news_mail_refuse(error, header, "more than one address is given");
        return status;
    }
    status = news_mail_read_address(memory, out, news_str_trim(text), header, error);
    return status == NEWS_OK ? keep_name(memory, name, false, &out->name, error) : status;
}

news_status news_mail_split_phrase(news_mail_memory *memory, news_str text, news_str *name,
                                   news_str *id, news_str header, news_error *error)
{
    parts found = {.end = 0};
    news_status status = news_mail_check(text, header, error);
    if (status == NEWS_OK)
        status = find_parts(text, &found, header, error);
    if (status != NEWS_OK)
        return status;
    if (found.end != text.len)
        return refuse_mark(error, header, ',');
    *id = found.id;
    return keep_name(memory, found.name, true, name, error);
}

/* ---- Writing ---- */

void news_header_address(news_header *field, const news_mail_address *address, bool more_follow)
{
    if (address->name.len != 0) {
        news_header_phrase(field, address->name);
        news_header_angles(field, address->address, more_follow);
        return;
    }
    news_header_space(field, 1, address->address.len + more_follow);
    news_buf_append_str(field->out, address->address);
    if (more_follow)
        news_buf_append_char(field->out, ',');
}
