/* Addresses: any text that was meant as one becomes an ASCII URI (RFC 3986), and a few questions
 * about it are answered. Hosts outside ASCII are written in punycode (see host.c); whatever else
 * may not stand in a URI is percent-encoded, never dropped. */
#include "text/text.h"

/* Parts of an address, by what may stand in them beside letters, digits and !$&'()*+,;=-._~ */
typedef enum {
    IN_HOST,    /* no more */
    IN_USER,    /* : */
    IN_SEGMENT, /* @ */
    IN_PATH,    /* : @ / */
    IN_REST     /* : @ / ? in a query and a fragment */
} place;

enum { NOWHERE = 8 };

/* For each byte the first place from which on it may stand. Only the colon breaks the order: it may
 * stand in a user, too. */
#define X NOWHERE
#define NOWHERE_16 X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X
static const uint8_t stands_from[256] = {
    X,          X,          X,          X,          X,          X,          X,          X,
    X,          X,          X,          X,          X,          X,          X,          X,
    X,          X,          X,          X,          X,          X,          X,          X,
    X,          X,          X,          X,          X,          X,          X,          X,
    X,          0,          X,          X,          0,          X,          0,          0,
    0,          0,          0,          0,          0,          0,          0,          3,
    0,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          3,          0,          X,          0,          X,          4,
    2,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          X,          X,          X,          X,          0,
    X,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          0,          0,          0,          0,          0,
    0,          0,          0,          X,          X,          X,          0,          X,
    NOWHERE_16, NOWHERE_16, NOWHERE_16, NOWHERE_16, NOWHERE_16, NOWHERE_16, NOWHERE_16, NOWHERE_16,
};

static bool may_stand(char c, place where)
{
    return stands_from[(unsigned char)c] <= (uint8_t)where || (c == ':' && where == IN_USER);
}

bool news_uri_escape_at(news_str s, size_t at, unsigned char *byte)
{
    if (s.len - at < 3 || s.ptr[at] != '%')
        return false;
    int high = news_hex_value(s.ptr[at + 1]), low = news_hex_value(s.ptr[at + 2]);
    if (high < 0 || low < 0)
        return false;
    *byte = (unsigned char)(high * 16 + low);
    return true;
}

static bool is_escape(news_str s, size_t at)
{
    unsigned char byte;
    return news_uri_escape_at(s, at, &byte);
}

bool news_uri_append_escape(news_buf *buf, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    const char escape[] = {'%', digits[(unsigned char)byte >> 4], digits[(unsigned char)byte & 15]};
    return news_buf_append(buf, escape, sizeof escape);
}

static void append_encoded(news_buf *buf, news_str s, place where)
{
    size_t at = 0;
    if (s.ptr == NULL)
        return;
    while (at < s.len) {
        size_t from = at;
        while (at < s.len && (may_stand(s.ptr[at], where) || is_escape(s, at)))
            at++;
        news_buf_append(buf, s.ptr + from, at - from);
        if (at < s.len)
            news_uri_append_escape(buf, s.ptr[at++]);
    }
}

/* ---- The parts of an address ---- */

/* Offset of the first of the characters in `marks` at or after `from`; s.len if none. */
static size_t find_any(news_str s, size_t from, const char *marks)
{
    while (from < s.len && (s.ptr[from] == '\0' || strchr(marks, s.ptr[from]) == NULL))
        from++;
    return from;
}

static news_str part(news_str s, size_t from, size_t to)
{
    return to > from ? news_str_of(s.ptr + from, to - from) : NEWS_STR_NONE;
}

/* Length of the scheme with its colon, by RFC 3986 to the letter; 0 when there is none. */
static size_t scheme_length(news_str url)
{
    size_t at = 0;
    if (url.len == 0 || !news_is_alpha(url.ptr[0]))
        return 0;
    while (at < url.len && (news_is_alnum(url.ptr[at]) || url.ptr[at] == '+' ||
                            url.ptr[at] == '-' || url.ptr[at] == '.'))
        at++;
    return at < url.len && url.ptr[at] == ':' ? at + 1 : 0;
}

typedef struct {
    news_str user; /* with its "@" */
    news_str host; /* an IPv6 address with its brackets */
    news_str port; /* with its colon; digits */
    size_t end;    /* where the path begins */
} authority;

/* The authority after the "//" that must stand at `at`; false when there is none. The user ends at
 * the last "@", as browsers have it: what comes before cannot pass for the host. */
static bool find_authority(news_str url, size_t at, authority *found)
{
    if (url.len - at < 2 || url.ptr[at] != '/' || url.ptr[at + 1] != '/')
        return false;
    at += 2;
    size_t end = find_any(url, at, "/?#"), host = end, port = end;
    while (host > at && url.ptr[host - 1] != '@')
        host--;
    while (port > host && news_is_digit(url.ptr[port - 1]))
        port--;
    port = port > host && url.ptr[port - 1] == ':' ? port - 1 : end;
    *found = (authority){part(url, at, host), part(url, host, port), part(url, port, end), end};
    return true;
}

/* ---- Writing an ASCII URI ---- */

/* An IPv6 address in brackets, perhaps with a zone: "[fe80::1%25en0]" (RFC 6874). */
static bool is_ipv6_literal(news_str host)
{
    bool zone = false;
    if (host.len < 4 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
        return false;
    for (size_t i = 1; i < host.len - 1; i++) {
        char c = host.ptr[i];
        zone = zone || is_escape(host, i);
        if (zone ? !may_stand(c, IN_HOST) && !is_escape(host, i)
                 : news_hex_value(c) < 0 && c != ':' && c != '.')
            return false;
    }
    return memchr(host.ptr, ':', host.len) != NULL;
}

static void append_host(news_buf *buf, news_str host)
{
    if (is_ipv6_literal(host))
        news_buf_append_str(buf, host);
    else if (!news_host_append(buf, host))
        append_encoded(buf, host, IN_HOST);
}

static void append_user(news_buf *buf, news_str user)
{
    if (user.len == 0)
        return;
    append_encoded(buf, part(user, 0, user.len - 1), IN_USER);
    news_buf_append_char(buf, '@');
}

/* The path, the query and the fragment. */
static void append_rest(news_buf *buf, news_str rest)
{
    size_t query = find_any(rest, 0, "?#"), fragment = find_any(rest, query, "#");
    append_encoded(buf, part(rest, 0, query), IN_PATH);
    append_encoded(buf, part(rest, query, fragment), IN_REST);
    if (fragment < rest.len) {
        news_buf_append_char(buf, '#');
        append_encoded(buf, part(rest, fragment + 1, rest.len), IN_REST);
    }
}

size_t news_uri_web(news_str url)
{
    return news_str_starts(url, NEWS_STR("https://"))  ? 8
           : news_str_starts(url, NEWS_STR("http://")) ? 7
                                                       : 0;
}

/* The first byte from `at` on that may stand nowhere, or is part of an escape. */
static size_t skip_rest(news_str url, size_t at)
{
    const unsigned char *p = (const unsigned char *)url.ptr;
    while (url.len - at >= 4 && (stands_from[p[at]] | stands_from[p[at + 1]] |
                                 stands_from[p[at + 2]] | stands_from[p[at + 3]]) < NOWHERE)
        at += 4;
    while (at < url.len && stands_from[p[at]] < NOWHERE)
        at++;
    return at;
}

bool news_uri_is_plain(news_str url)
{
    size_t at = news_uri_web(url), host = at;
    if (at == 0)
        return false;
    while (at < url.len && ((url.ptr[at] >= 'a' && url.ptr[at] <= 'z') ||
                            news_is_digit(url.ptr[at]) || url.ptr[at] == '-' || url.ptr[at] == '.'))
        at++;
    if (at == host || (at < url.len && url.ptr[at] != '/'))
        return false;
    bool fragment = false;
    for (;; at++) {
        at = skip_rest(url, at);
        if (at >= url.len)
            return true;
        if (is_escape(url, at))
            continue;
        if (url.ptr[at] != '#' || fragment)
            return false;
        fragment = true;
    }
}

bool news_uri_append(news_buf *buf, news_str url)
{
    if (news_uri_is_plain(url))
        return news_buf_append_str(buf, url);

    authority site;
    size_t at = scheme_length(url);
    bool relative = at == 0;
    news_buf_append(buf, url.ptr, at);
    if (find_authority(url, at, &site)) {
        news_buf_append(buf, "//", 2);
        append_user(buf, site.user);
        append_host(buf, site.host);
        news_buf_append_str(buf, site.port);
        at = site.end;
    } else if (relative) {
        /* A colon in the first segment would make a scheme of what comes before it. */
        at = find_any(url, 0, "/?#");
        append_encoded(buf, part(url, 0, at), IN_SEGMENT);
    }
    append_rest(buf, part(url, at, url.len));
    return buf->status == NEWS_OK;
}

/* ---- Questions ---- */

enum { LONGEST_SCHEME = 15 };

/* The scheme as a browser sees it: space and control characters before it and control characters
 * in it do not count, nor does case. Writes it to `out` in lower case, cut to LONGEST_SCHEME, and
 * returns its whole length; 0 when there is none. */
static size_t seen_scheme(news_str url, char *out)
{
    size_t length = 0, at = 0;
    while (at < url.len && (unsigned char)url.ptr[at] <= ' ')
        at++;
    for (; at < url.len; at++) {
        char c = url.ptr[at];
        if ((unsigned char)c < ' ' || c == 0x7F)
            continue;
        if (c == ':')
            return length;
        bool fits = news_is_alpha(c) ||
                    (length != 0 && (news_is_digit(c) || c == '+' || c == '-' || c == '.'));
        if (!fits)
            return 0;
        if (length < LONGEST_SCHEME)
            out[length] = news_to_lower(c);
        length++;
    }
    return 0;
}

bool news_uri_scheme_is(news_str url, news_str lower_case_scheme)
{
    char scheme[LONGEST_SCHEME];
    size_t length = seen_scheme(url, scheme);
    return length != 0 && length <= LONGEST_SCHEME &&
           news_str_equal(news_str_of(scheme, length), lower_case_scheme);
}

bool news_uri_has_scheme(news_str url)
{
    char scheme[LONGEST_SCHEME];
    return seen_scheme(url, scheme) != 0;
}

static bool is_one_of(news_str scheme, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (news_str_equal(scheme, news_str_from(names[i])))
            return true;
    return false;
}

/* What opens a thing by name alone is listed; what names a host ("mumble://host/") is a link unless
 * it runs code, reads what is local, or hands the reader's machine to a program of its own. */
bool news_uri_safe(news_str url)
{
    /* clang-format off */
    static const char *const known[] = {
        "http", "https", "mailto", "gemini", "gopher", "ftp", "sftp", "tel", "sms", "xmpp", "irc",
        "ircs", "matrix", "news", "nntp", "geo", "magnet", "acct", "webcal", "feed", "ssh", "git",
        "finger", "spartan", "titan",
    };
    static const char *const never[] = {
        "about", "blob", "chrome", "data", "file", "filesystem", "intent", "jar", "javascript",
        "livescript", "mocha", "resource", "smb", "vbscript", "view-source",
    };
    /* clang-format on */
    char scheme[LONGEST_SCHEME];
    if (news_uri_web(url) != 0)
        return true;
    size_t length = seen_scheme(url, scheme);
    if (length == 0)
        return true;
    if (length > LONGEST_SCHEME)
        return false;
    news_str name = news_str_of(scheme, length);
    if (is_one_of(name, known, NEWS_ARRAY_LENGTH(known)))
        return true;
    if (is_one_of(name, never, NEWS_ARRAY_LENGTH(never)))
        return false;
    /* Spelled out, with nothing hidden in it, and with a host. */
    authority site;
    return scheme_length(url) == length + 1 && find_authority(url, length + 1, &site) &&
           site.host.len != 0;
}

news_str news_uri_host(news_str url)
{
    authority site;
    if (!find_authority(url, scheme_length(url), &site))
        return NEWS_STR_NONE;
    news_str host = site.host, bare = news_str_skip(host, 4);
    /* The address of a site called "www" keeps its name: "www.example" has no other. */
    if (host.len > 4 && news_str_equal_nocase(news_str_of(host.ptr, 4), NEWS_STR("www.")) &&
        news_str_find(bare, NEWS_STR("."), 0) != SIZE_MAX)
        return bare;
    return host;
}
