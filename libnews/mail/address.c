/* Addresses alone (addr-spec; RFC 5322, section 3.4.1): checked to the letter, for what is written
 * between "<" and ">" is taken at its word by everything on the way. A domain outside ASCII is
 * written in punycode. What stands before the "@" has no other form: such addresses need servers
 * that speak SMTPUTF8 on the whole way, and are refused. */
#include "mail/mail.h"
#include "text/text.h"

/* RFC 5321, section 4.5.3.1; a domain of 255 octets on the wire has 253 in writing. */
enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 253, LONGEST_LABEL = 63 };

void news_mail_memory_init(news_mail_memory *memory, news_heap *heap, size_t max)
{
    news_arena_init(&memory->arena, heap);
    news_buf_init(&memory->scratch, heap, max);
}

void news_mail_memory_free(news_mail_memory *memory)
{
    news_arena_free(&memory->arena);
    news_buf_free(&memory->scratch);
}

news_status news_mail_keep(news_mail_memory *memory, news_str *kept, news_error *error)
{
    if (memory->scratch.status == NEWS_ERR_LIMIT)
        return news_mail_too_large(memory->scratch.max, error);
    return memory->scratch.status == NEWS_OK &&
                   news_arena_copy(&memory->arena, news_buf_str(&memory->scratch), kept)
               ? NEWS_OK
               : news_error_nomem(error);
}

/* ---- Atoms ---- */

bool news_mail_is_atom_character(char c)
{
    return news_is_alnum(c) || (c > ' ' && c <= '~' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

bool news_mail_is_dot_atom(news_str s)
{
    bool dot = true; /* none may come now */
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' ? dot : !news_mail_is_atom_character(s.ptr[i]))
            return false;
        dot = s.ptr[i] == '.';
    }
    return !dot;
}

/* ---- Before the "@" ---- */

/* "…" of printable ASCII, quotes and backslashes behind a backslash. */
static bool is_quoted(news_str s)
{
    if (s.len < 3 || s.ptr[0] != '"' || s.ptr[s.len - 1] != '"')
        return false;
    s = news_str_of(s.ptr + 1, s.len - 2);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            return false;
        if (s.ptr[i] == '\\')
            i++;
        if (i == s.len || s.ptr[i] < ' ' || s.ptr[i] > '~')
            return false;
    }
    return true;
}

/* As in "Ann Example ann@example.org". */
static bool begins_with_name(news_str s)
{
    return memchr(s.ptr, ' ', s.len) != NULL && memchr(s.ptr, '@', s.len) == NULL;
}

/* ---- Behind it ---- */

static bool is_label(news_str s)
{
    if (s.len == 0 || s.len > LONGEST_LABEL || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!news_is_alnum(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return true;
}

static bool is_domain(news_str s)
{
    size_t begin = 0;
    for (size_t i = 0; i <= s.len; i++)
        if (i == s.len || s.ptr[i] == '.') {
            if (!is_label(news_str_of(s.ptr + begin, i - begin)))
                return false;
            begin = i + 1;
        }
    return s.len <= LONGEST_DOMAIN;
}

/* Four numbers with dots between them. */
static bool is_ipv4(news_str s)
{
    size_t digits = 0, dots = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' ? digits == 0 : !news_is_digit(s.ptr[i]) || digits == 3)
            return false;
        dots += s.ptr[i] == '.';
        digits = s.ptr[i] == '.' ? 0 : digits + 1;
    }
    return dots == 3 && digits != 0;
}

static bool is_ipv6(news_str s)
{
    size_t colons = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = news_to_lower(s.ptr[i]);
        colons += c == ':';
        if (!news_is_digit(c) && !(c >= 'a' && c <= 'f') && c != ':' && c != '.')
            return false;
    }
    return colons >= 2 && s.len <= 45;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321, section 4.1.3). */
static bool is_literal(news_str s)
{
    const news_str prefix = NEWS_STR("IPv6:");
    if (s.len < 2 || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']')
        return false;
    s = news_str_of(s.ptr + 1, s.len - 2);
    if (s.len > prefix.len && news_str_equal_nocase(news_str_of(s.ptr, prefix.len), prefix))
        return is_ipv6(news_str_skip(s, prefix.len));
    return is_ipv4(s);
}

/* ---- The whole ---- */

static news_status no_address(news_error *error, news_str header, news_str text, const char *reason)
{
    char shown[96]; /* so that the reason is never cut off */
    news_error_copy(shown, sizeof shown, text, false);
    return news_mail_refuse(error, header, "\"%s\" is not an address: %s", shown, reason);
}

/* local@domain, the domain in ASCII. */
static news_status keep(news_mail_memory *memory, news_mail_address *out, news_str local,
                        news_str domain, news_error *error)
{
    news_buf *scratch = &memory->scratch;
    news_buf_clear(scratch);
    news_buf_append_str(scratch, local);
    news_buf_append_char(scratch, '@');
    if (!news_host_append(scratch, domain))
        news_buf_append_str(scratch, domain);
    news_status status = news_mail_keep(memory, &out->address, error);
    if (status == NEWS_OK)
        out->domain = news_str_skip(out->address, local.len + 1);
    return status;
}

news_status news_mail_read_address(news_mail_memory *memory, news_mail_address *out,
                                   news_str address, news_str header, news_error *error)
{
    size_t at = address.len;
    *out = (news_mail_address){.name = NEWS_STR_NONE};
    if (address.len == 0)
        return news_mail_refuse(error, header, "an address is empty");
    while (at != 0 && address.ptr[at - 1] != '@')
        at--;
    if (at == 0)
        return no_address(error, header, address, "it has no \"@\"");
    news_str local = news_str_of(address.ptr, at - 1), domain = news_str_skip(address, at);
    if (!news_is_ascii(local))
        return no_address(error, header, address,
                          "only ASCII may stand before the \"@\" (SMTPUTF8 is not supported)");
    if (local.len > LONGEST_LOCAL)
        return no_address(error, header, address, "more than 64 bytes stand before the \"@\"");
    if (!news_mail_is_dot_atom(local) && !is_quoted(local))
        return no_address(error, header, address,
                          begins_with_name(local)
                              ? "behind a name it stands in \"<>\", as in \"Ann <ann@example.org>\""
                              : "what stands before the \"@\" is not allowed there");
    news_status status = keep(memory, out, local, domain, error);
    if (status != NEWS_OK)
        return status;
    if (!is_domain(out->domain) && !is_literal(out->domain))
        return no_address(error, header, address, "what stands after the \"@\" cannot be a domain");
    return NEWS_OK;
}
