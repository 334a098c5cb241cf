/* text: facts of Unicode.
 *
 * UTF-8 views come in; validity, grapheme clusters, terminal columns, places where a line may
 * break, and addresses in ASCII go out. Nothing here allocates save where a buffer is passed, and
 * nothing knows what the text is for. Unless said otherwise, input is valid UTF-8; on other input
 * the functions stay in bounds and treat a bad byte as U+FFFD.
 */
#ifndef NEWS_TEXT_H
#define NEWS_TEXT_H

#include "base/base.h"

/* ---- UTF-8 (RFC 3629) ---- */

/* Length of the longest valid prefix; s.len when all of it is valid. Surrogates, overlong forms
 * and values past U+10FFFF are invalid. */
size_t news_utf8_valid_prefix(news_str s);

/* Decodes the code point at s.ptr[at] (at < s.len) and returns how many bytes it takes, at least
 * 1; a bad byte gives U+FFFD and 1. */
size_t news_utf8_decode(news_str s, size_t at, uint32_t *code_point);

/* Writes a code point to out, which has room for 4 bytes; returns its length. */
size_t news_utf8_encode(uint32_t code_point, char *out);

/* Decodes the code point that ends before `end` (0 < end <= s.len) and returns where it begins. */
size_t news_utf8_before(news_str s, size_t end, uint32_t *code_point);

/* How many code points s has. */
size_t news_utf8_count(news_str s);

/* Whether every byte is below 0x80. */
bool news_is_ascii(news_str s);
/* Control characters, C0 and C1, and the separators of lines and paragraphs. */
bool news_is_control(uint32_t code_point);
/* Letters, digits and the marks on them: what words are made of. */
bool news_is_word_character(uint32_t code_point);
/* Punctuation of any script, as CommonMark's rules for emphasis understand it. */
bool news_is_punctuation(uint32_t code_point);
/* Han, kana and what is set like them: scripts written without spaces between words. */
bool news_is_cjk(uint32_t code_point);

/* Letters and digits in lower case; whatever is between them is one hyphen. Writes at most twice as
 * many bytes as s has, and returns how many. */
size_t news_slug(news_str s, char *to);

/* ---- Grapheme clusters (UAX #29) and terminal columns ---- */

/* The offset where the extended grapheme cluster that begins at `at` ends; s.len at the last. */
size_t news_grapheme_end(news_str s, size_t at);

/* Whether eight bytes are ASCII without control characters. The first that is not, from the low
 * end, has no carry from those below it, and so shows in the top bit of one of the three. */
static inline bool news_all_printable(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    return ((bytes | (bytes + ones) | (bytes - ones * ' ')) & tops) == 0;
}

/* Columns a terminal gives to s: per cluster, East Asian wide and fullwidth 2, ambiguous 1,
 * combining and format characters 0, flags, keycaps and emoji sequences 2; control characters 0. */
size_t news_columns(news_str s);
/* Of several lines, the columns of the widest. */
size_t news_columns_widest(news_str lines);

/* ---- Line breaking (UAX #14) ---- */

typedef enum { NEWS_BREAK_NONE, NEWS_BREAK_ALLOWED, NEWS_BREAK_MANDATORY } news_break;

/* Walks the break opportunities of a text. Set up with news_line_breaker_init(); then each call of
 * news_line_break_next() gives the offset of the next one (a line may begin at that offset; spaces
 * before it belong to the line that ends), and its kind. The end of the text is the last one,
 * NEWS_BREAK_MANDATORY; after it the offset stays there. Runs of plain ASCII take a fast path with
 * the same results. */
typedef struct {
    news_str text;
    size_t at; /* where the next look begins */
    /* The rest belongs to line_break.c. */
    uint8_t state;
    bool joined; /* the last code point was a zero width joiner */
} news_line_breaker;

void news_line_breaker_init(news_line_breaker *breaker, news_str text);
size_t news_line_break_next(news_line_breaker *breaker, news_break *kind);

/* ---- Addresses (RFC 3986, RFC 3987, RFC 3492) ---- */

/* Appends url as an ASCII URI: a non-ASCII host in punycode (after NFKC case folding, per label),
 * every other byte that RFC 3986 does not allow percent-encoded; existing escapes stay. Returns
 * buf's success. */
bool news_uri_append(news_buf *buf, news_str url);
/* Whether an address is what almost all are: a URI of the web already, with a host of lower-case
 * letters, digits, hyphens and dots, and nothing that must be encoded. */
bool news_uri_is_plain(news_str url);

/* Appends the name of a host whose labels outside ASCII are written in punycode. Appends nothing
 * and returns false when the name is ASCII already, or when no such name can exist: a label is too
 * long, or holds what a name may not. A failure of buf sticks as always. */
bool news_host_append(news_buf *buf, news_str host);

/* The scheme of an address, without the colon, as written; empty for a relative reference.
 * ASCII white space and control characters that browsers ignore are skipped, so that
 * "java\nscript:" is seen for what it is: compare with news_uri_scheme_is(). */
bool news_uri_scheme_is(news_str url, news_str lower_case_scheme);
bool news_uri_has_scheme(news_str url);

/* Whether an address may be written as a link: relative, or of a scheme known to be harmless (http,
 * https, mailto, gemini, tel, …), or of an unknown scheme that names a host, as in
 * "mumble://host/". javascript, data, file and their like never may. */
bool news_uri_safe(news_str url);

/* How long "https://" or "http://" is at the beginning of an address; 0 when it begins otherwise.
 */
size_t news_uri_web(news_str url);

/* Whether a character stands for itself in any part of an address (RFC 3986, section 2.3). */
static inline bool news_uri_is_unreserved(char c)
{
    return news_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* Whether "%" and two digits stand at s.ptr[at]; *byte is what they stand for. */
bool news_uri_escape_at(news_str s, size_t at, unsigned char *byte);
/* Appends "%" and the digits for a byte, in capitals (RFC 3986, section 2.1). */
bool news_uri_append_escape(news_buf *buf, char byte);

/* The host of an absolute address, without user, port and "www."; empty when it has none. */
news_str news_uri_host(news_str url);

#endif
