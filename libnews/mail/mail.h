/* mail: messages as servers and readers expect them.
 *
 * Texts, names, addresses and files come in, checked nowhere yet; one complete message goes out
 * (RFC 5322, MIME), in lines that end with CRLF. Mail knows no node and no script.
 *
 * What may not stand in a header is refused with an error that names the header, never mended: a
 * line break that was encoded still fools readers. Nothing is asked of the clock or of chance:
 * dates are given, and names of messages are derived from what they hold.
 */
#ifndef NEWS_MAIL_H
#define NEWS_MAIL_H

#include "base/base.h"

/* ---- The message ---- */

/* Appends the message to `out`, whose maximum bounds it; see news_message in news.h. The files are
 * of this library's size, one behind the other. */
news_status news_mail_write(const news_message *message, const news_message_file *files,
                            news_buf *out, news_error *error);

/* The headers of the content and what they head: one part, or several in one another. Boundaries
 * are made of the digest, which is at most 64 letters and digits. */
enum { NEWS_MAIL_BOUNDARY_SIZE = 70 };
news_status news_mail_write_body(const news_message *message, const news_message_file *files,
                                 const char *digest, news_buf *out, news_error *error);

/* ---- Refusals ---- */

/* Fills the error with "HEADER: …" and returns NEWS_ERR_ARG. */
news_status news_mail_refuse(news_error *error, news_str header, const char *format, ...)
    NEWS_PRINTF(3, 4);
/* Refuses what is not UTF-8, and control characters and line breaks of every kind. */
news_status news_mail_check(news_str value, news_str header, news_error *error);
/* The message would be larger than `max`. */
news_status news_mail_too_large(size_t max, news_error *error);

/* ---- Encoding of bodies (RFC 2045) ---- */

typedef enum {
    NEWS_TRANSFER_7BIT,
    NEWS_TRANSFER_8BIT,
    NEWS_TRANSFER_QUOTED_PRINTABLE,
    NEWS_TRANSFER_BASE64
} news_transfer;

const char *news_transfer_name(news_transfer transfer);
/* The encoding that a text needs: none when it is ASCII in short lines, base64 when most of it is
 * not ASCII, else quoted-printable; 8bit only when that is allowed and enough. */
news_transfer news_transfer_choose(news_str text, bool allow_8bit);
/* Appends a text in an encoding. Line ends become CRLF, whatever they were (LF, CRLF, CR), and the
 * last line gets one. */
void news_transfer_append(news_buf *out, news_str text, news_transfer transfer);

/* Takes the next line off a text that is not empty, without its end. */
news_str news_mail_next_line(news_str *text);

/* One line, without its end, in lines of at most 76 (RFC 2045, section 6.7). */
void news_quoted_printable_append(news_buf *out, news_str line);

/* base64 in lines of 76, each with its CRLF (RFC 2045, section 6.8). */
enum { NEWS_BASE64_BYTES_A_LINE = 57 };
typedef struct {
    news_buf *out;
    char line[NEWS_BASE64_BYTES_A_LINE];
    size_t len;
} news_base64;

void news_base64_begin(news_base64 *base64, news_buf *out);
void news_base64_add(news_base64 *base64, news_str bytes);
void news_base64_end(news_base64 *base64);
/* Encodes up to 57 bytes into `out`, which has room for 76; returns how many were written. */
size_t news_base64_encode(news_str bytes, char *out);

/* ---- Header fields (RFC 5322, section 2.2) ---- */

/* Longest lines: wanted, with an encoded word (RFC 2047, section 2), and allowed. A word that is
 * never broken is at most NEWS_MAIL_WORD_MAX long, so that it fits behind any header's name. */
enum {
    NEWS_MAIL_LINE = 78,
    NEWS_MAIL_ENCODED_LINE = 76,
    NEWS_MAIL_LINE_MAX = 998,
    NEWS_MAIL_NAME_MAX = 64,
    NEWS_MAIL_WORD_MAX = 900
};

/* A header field while it is written, from its name to the end of its last line. It is folded
 * where there is white space, and nowhere else. */
typedef struct {
    news_buf *out;
    size_t line;  /* where the line begins in out */
    bool first;   /* only the name stands in the line */
    bool encoded; /* an encoded word stands in the line */
} news_header;

void news_header_begin(news_header *field, news_buf *out, news_str name);
/* White space of `gap` (at least one space) before something of `length` octets that will be
 * appended next; the line ends before it when that would not fit. */
void news_header_space(news_header *field, size_t gap, size_t length);
/* A space and a word that is never broken. */
void news_header_word(news_header *field, news_str word);
/* A space, the word in "<>", and a comma when more follow. */
void news_header_angles(news_header *field, news_str word, bool more_follow);
/* White space and encoded words, as many as the text needs (RFC 2047). */
void news_header_encoded(news_header *field, size_t gap, news_str text);
/* Text for people to read: words outside ASCII are encoded, white space between words is kept. */
void news_header_text(news_header *field, news_str text);
/* The name of a person or a thing before its address: words, quoted words or encoded words. */
void news_header_phrase(news_header *field, news_str name);
/* "; name=value": as it is, quoted, or by RFC 2231. The name is ASCII, the value is checked. */
void news_header_parameter(news_header *field, news_str name, news_str value);
void news_header_end(news_header *field);

/* ---- Encoded words (RFC 2047) ---- */

/* Q or B, whichever makes the text shorter. */
char news_encoded_word_method(news_str text);
/* How many bytes of the text, from `at`, one encoded word of at most `room` octets can hold: whole
 * clusters, or, when `split` is set and not even one fits, whole characters. */
size_t news_encoded_word_fit(news_str text, size_t at, size_t room, char method, bool split);
void news_encoded_word_append(news_buf *out, news_str text, char method);

/* ---- Addresses, ids, dates ---- */

/* Where what was read is kept: names without their quotes, hosts in punycode. */
typedef struct {
    news_arena arena;
    news_buf scratch; /* for what is made of one text */
} news_mail_memory;

void news_mail_memory_init(news_mail_memory *memory, news_heap *heap, size_t max);
void news_mail_memory_free(news_mail_memory *memory);
/* A copy of what was gathered in `scratch`, which lasts as long as the memory does. */
news_status news_mail_keep(news_mail_memory *memory, news_str *kept, news_error *error);

/* Who sends or receives. The address is in ASCII and fit for "<>". */
typedef struct {
    news_str name; /* white space in it is single spaces; empty: none */
    news_str address;
    news_str domain; /* of the address */
} news_mail_address;

/* Checks an address alone (addr-spec; RFC 5322, section 3.4.1). */
news_status news_mail_read_address(news_mail_memory *memory, news_mail_address *out,
                                   news_str address, news_str header, news_error *error);
/* Takes the next of the addresses off *text, which is checked (news_mail_check) and has them parted
 * by commas: "ann@example.org" or "Ann Example <ann@example.org>". Groups and comments are refused,
 * and so are empty places. */
news_status news_mail_next_address(news_mail_memory *memory, news_mail_address *out, news_str *text,
                                   news_str header, news_error *error);
/* As the caller gave it: a name and an address, or one text with both. */
news_status news_mail_read_mailbox(news_mail_memory *memory, news_mail_address *out,
                                   const news_mailbox *given, news_str header, news_error *error);
/* "Name <id>" or "id": the two parts, neither of them checked but for control characters; *name is
 * without its quotes. */
news_status news_mail_split_phrase(news_mail_memory *memory, news_str text, news_str *name,
                                   news_str *id, news_str header, news_error *error);
/* The same of a list (RFC 2919): its id is checked. */
news_status news_mail_read_list_id(news_mail_memory *memory, news_str text, news_str *name,
                                   news_str *id, news_error *error);
void news_header_address(news_header *field, const news_mail_address *address, bool more_follow);

/* Letters, digits and what else may stand in an atom (RFC 5322, section 3.2.3). */
bool news_mail_is_atom_character(char c);
/* One or more atoms with single dots between them. */
bool news_mail_is_dot_atom(news_str s);

/* Checks the name of a message or a part, "left@right" with or without "<>"; *id is without. */
news_status news_mail_read_id(news_str text, news_str *id, news_str header, news_error *error);
/* Checks an address of the web or the like, and keeps it as an ASCII URI that is fit for "<>". */
news_status news_mail_read_url(news_mail_memory *memory, news_str *url, news_str text,
                               news_str header, news_error *error);

enum { NEWS_MAIL_DATE_SIZE = 40 };
/* Writes "Fri, 07 Mar 2025 08:30:00 +0100" (RFC 5322, section 3.3), with a NUL. A date without time
 * is 00:00:00 +0000, the earliest moment that is that day by UTC: a message from the future would
 * be taken for spam. */
news_status news_mail_format_date(const news_date *given, char out[NEWS_MAIL_DATE_SIZE],
                                  news_error *error);

/* ---- Headers of the caller's ---- */

/* Writes the caller's own header fields; those that a message may have once are refused when they
 * come twice, and those that are written from other members always. */
news_status news_mail_write_headers(news_mail_memory *memory, news_buf *out,
                                    const news_option *headers, size_t count, news_error *error);
/* List-Id, List-Unsubscribe and List-Unsubscribe-Post, as far as the message has them. */
news_status news_mail_write_list(news_mail_memory *memory, news_buf *out,
                                 const news_message *message, news_error *error);
/* "Content-Type: type/subtype; …"; parameters of the media type may stand in it. */
news_status news_header_media(news_header *field, news_str media, news_str header,
                              news_error *error);

#endif
