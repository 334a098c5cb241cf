/* Messages made of the fuzzer's bytes, as libFuzzer's target or, with a main of its own, as a
 * replay of files: fuzz_mail [-r COUNT] FILE… (-r tries COUNT random ones).
 *
 * A message is refused for a foreseen reason, or comes out in lines that end with CRLF and are not
 * too long, with headers that were asked for and no other, and in parts which, decoded here, are
 * the texts and files that went in. The same message gives the same bytes. Half of the inputs meet
 * an allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"
#include "replay.h"

static void stop(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
    abort();
}

static void *must(void *ptr)
{
    if (ptr == NULL)
        stop("the fuzzer", "out of memory");
    return ptr;
}

/* ---- An allocator that fails ---- */

typedef struct {
    uint32_t state; /* of the sequence that decides; 0: never fails */
    size_t live;
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (new_size == 0) {
        f->live -= ptr != NULL ? old_size : 0;
        free(ptr);
        return NULL;
    }
    if ((ptr == NULL || new_size > old_size) && f->state != 0) {
        f->state = f->state * 1664525u + 1013904223u;
        if (f->state >> 27 == 0) /* one in thirty-two: a message needs few */
            return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL)
        f->live += new_size - (ptr != NULL ? old_size : 0);
    return moved;
}

/* ---- From bytes to a message ---- */

enum { MOST = 4, LONGEST = 4000 };

typedef struct {
    const uint8_t *at, *end;
    news_message message;
    news_mailbox to[MOST];
    news_option headers[MOST];
    news_message_file files[MOST];
    char *kept[64];
    size_t kept_count;
} input;

/* 0 when the bytes have run out, which every choice takes for its simplest. */
static unsigned choose(input *in, unsigned count)
{
    return in->at < in->end ? *in->at++ % count : 0;
}

/* What messages may stumble over: first what may stand in any header, then what may stand in
 * bodies, then the rest. */
typedef enum { IN_HEADERS = 20, IN_BODIES = 37, ANYWHERE = 38 } piece_set;
static const char *const pieces[] = {"a",
                                     "word ",
                                     "x.example",
                                     "\"",
                                     "\\",
                                     "=",
                                     "?=",
                                     "=?UTF-8?Q?",
                                     " ",
                                     "  ",
                                     ".",
                                     "From ",
                                     "--=_1",
                                     "\xC3\xBC",
                                     "\xE6\xB8\xAF",
                                     "\xF0\x9F\x9A\xA2",
                                     "e\xCC\x81",
                                     "'",
                                     "%",
                                     ";",
                                     "@",
                                     "<",
                                     ">",
                                     ",",
                                     "\t",
                                     "\r",
                                     "\n",
                                     "\r\n",
                                     "\n.\n",
                                     "\n--=_1",
                                     "\xE2\x80\xA8",
                                     "https://a.example/",
                                     "mailto:a@b.example",
                                     "Ann <ann@lamp.example>",
                                     "a.b.example",
                                     "text/csv; charset=utf-8",
                                     "Bcc: e@x.example",
                                     "\xFF"};

static void append(char *text, size_t *len, const char *piece, size_t piece_len)
{
    if (piece_len > LONGEST - *len)
        return;
    memcpy(text + *len, piece, piece_len);
    *len += piece_len;
}

/* A piece several times, or pieces and bytes one after the other. */
static char *take_text(input *in, piece_set set, size_t *len)
{
    char *text = must(malloc(LONGEST + 1));
    const unsigned manner = choose(in, 4), count = choose(in, 40);
    const char *piece = pieces[choose(in, set)];
    *len = 0;
    in->kept[in->kept_count++] = text;
    if (manner == 3)
        for (unsigned i = 0; i < count * count; i++)
            append(text, len, piece, strlen(piece));
    for (unsigned i = 0; i < count && in->at < in->end && manner != 3; i++) {
        const char byte = (char)(set == ANYWHERE ? choose(in, 256) : ' ' + choose(in, '~' - ' '));
        piece = pieces[(unsigned char)byte % set];
        append(text, len, manner == 0 ? &byte : piece, manner == 0 ? 1 : strlen(piece));
    }
    text[*len] = '\0';
    return text;
}

/* Mostly `usual`, so that one odd value does not hide the others. */
static const char *take_string(input *in, const char *usual)
{
    size_t len;
    return choose(in, 16) < 15 ? usual
                               : take_text(in, choose(in, 2) == 0 ? IN_HEADERS : ANYWHERE, &len);
}

/* What people read, and what may therefore be almost anything. */
static const char *take_words(input *in)
{
    size_t len;
    return take_text(in, choose(in, 16) < 15 ? IN_HEADERS : ANYWHERE, &len);
}

static news_str take_body(input *in)
{
    news_str body = {NULL, 0};
    if (choose(in, 4) == 3)
        return body;
    body.ptr = take_text(in, choose(in, 16) < 15 ? IN_BODIES : ANYWHERE, &body.len);
    return body;
}

static news_mailbox take_mailbox(input *in)
{
    news_mailbox mailbox = {take_words(in), NULL};
    if (choose(in, 4) == 3)
        mailbox.name = NULL;
    mailbox.address = take_string(in, "ann@lamp.example");
    return mailbox;
}

static void take_people(input *in)
{
    news_message *m = &in->message;
    m->from = take_mailbox(in);
    if (choose(in, 3) == 2)
        m->reply_to = take_mailbox(in);
    m->to = in->to;
    m->to_count = choose(in, MOST);
    for (size_t i = 0; i < m->to_count; i++)
        in->to[i] = take_mailbox(in);
}

static void take_headers(input *in)
{
    static const news_option usual[] = {{"X-A", "a"},
                                        {"Cc", "a@b.example, Bo <c@d.example>"},
                                        {"Archived-At", "https://a.example/"},
                                        {"Sender", "a@b.example"},
                                        {"List-Help", "<https://a.example/>"},
                                        {"References", "<a@b> <c@d>"}};
    news_message *m = &in->message;
    m->subject = take_words(in);
    m->message_id = take_string(in, NULL);
    m->list_id = take_string(in, NULL);
    m->unsubscribe_url = take_string(in, m->one_click ? "https://a.example/" : NULL);
    m->unsubscribe_mail = take_string(in, NULL);
    m->headers = in->headers;
    const unsigned from = choose(in, 4);
    m->header_count = choose(in, MOST);
    for (size_t i = 0; i < m->header_count; i++) {
        in->headers[i] = usual[(from + i) % (sizeof usual / sizeof *usual)];
        in->headers[i].value =
            in->headers[i].name[0] == 'X' ? take_words(in) : take_string(in, in->headers[i].value);
    }
}

static void take_files(input *in)
{
    static const char *const ids[MOST] = {"a@b", "c@d", "<e@f>", "g@h"};
    news_message *m = &in->message;
    m->files = in->files;
    m->file_count = choose(in, MOST);
    for (size_t i = 0; i < m->file_count; i++) {
        news_message_file *file = &in->files[i];
        *file = (news_message_file)NEWS_MESSAGE_FILE_INIT;
        file->name = take_words(in);
        file->media = take_string(in, NULL);
        file->content_id = choose(in, 3) == 2 ? take_string(in, ids[i]) : NULL;
        file->bytes.ptr = take_text(in, ANYWHERE, &file->bytes.len);
    }
}

static void take_message(input *in, const uint8_t *data, size_t size)
{
    *in = (input){.at = data, .end = data + size, .message = NEWS_MESSAGE_INIT};
    news_message *m = &in->message;
    const unsigned flags = choose(in, 256);
    m->date = (news_date){.year = 2025, .month = 3, .day = 7};
    m->flowed = (flags & 1) != 0;
    m->delsp = (flags & 2) != 0;
    m->allow_8bit = (flags & 4) != 0;
    m->one_click = (flags & 24) == 24;
    m->text = take_body(in);
    m->html = take_body(in);
    take_people(in);
    take_headers(in);
    take_files(in);
}

static void drop_message(input *in)
{
    while (in->kept_count != 0)
        free(in->kept[--in->kept_count]);
}

/* ---- What must hold for lines and headers ---- */

static void check_lines(news_str message)
{
    size_t start = 0;
    for (size_t i = 0; i < message.len; i++) {
        const char c = message.ptr[i];
        if (c == '\0')
            stop("a line", "holds a NUL");
        if (c == '\n')
            stop("a line", "ends without CR");
        if (c != '\r')
            continue;
        if (i + 1 == message.len || message.ptr[i + 1] != '\n')
            stop("a line", "holds a CR");
        if (i - start > 998)
            stop("a line", "is too long");
        start = ++i + 1;
    }
    if (start != message.len)
        stop("a line", "does not end");
}

static bool is_known(const news_message *m, const char *name, size_t len)
{
    static const char *const known[] = {"Date",
                                        "From",
                                        "Reply-To",
                                        "To",
                                        "Subject",
                                        "List-Id",
                                        "List-Unsubscribe",
                                        "List-Unsubscribe-Post",
                                        "Message-ID",
                                        "MIME-Version",
                                        "Content-Type",
                                        "Content-Transfer-Encoding",
                                        "Content-ID",
                                        "Content-Disposition"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == len && memcmp(known[i], name, len) == 0)
            return true;
    for (size_t i = 0; i < m->header_count; i++)
        if (strlen(m->headers[i].name) == len && memcmp(m->headers[i].name, name, len) == 0)
            return true;
    return false;
}

static size_t find(news_str text, const char *what, size_t from)
{
    const size_t len = strlen(what);
    for (size_t i = from; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, what, len) == 0)
            return i;
    return text.len;
}

/* Where the headers end, each of them asked for, in ASCII, and no line of them empty. */
static size_t check_head(const news_message *m, news_str entity)
{
    size_t at = 0;
    while (at < entity.len && entity.ptr[at] != '\r') {
        const size_t end = find(entity, "\r\n", at);
        const char *colon = memchr(entity.ptr + at, ':', end - at);
        bool is_blank = true;
        for (size_t i = at; i < end; i++) {
            is_blank = is_blank && entity.ptr[i] == ' ';
            if ((unsigned char)entity.ptr[i] > '~' || (unsigned char)entity.ptr[i] < ' ')
                stop("a header", "is not in ASCII");
        }
        if (is_blank)
            stop("a header", "has a line of spaces");
        if (entity.ptr[at] != ' ' &&
            (colon == NULL || !is_known(m, entity.ptr + at, (size_t)(colon - entity.ptr) - at)))
            stop("a header", "was not asked for");
        at = end + 2;
    }
    return at;
}

/* ---- Decoding ---- */

typedef struct {
    char *ptr;
    size_t len;
} bytes;

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bytes decode_quoted_printable(news_str body)
{
    bytes out = {must(malloc(body.len + 1)), 0};
    size_t start = 0; /* of the line */
    for (size_t i = 0; i < body.len; i++) {
        const char c = body.ptr[i];
        if (c == '\r') {
            if (i > start && (body.ptr[i - 1] == ' ' || body.ptr[i - 1] == '\t'))
                stop("quoted-printable", "a line ends with a space");
            if (i - start > 76)
                stop("quoted-printable", "a line is too long");
            start = i + 2;
        }
        if (c != '=') {
            if ((unsigned char)c > '~')
                stop("quoted-printable", "is not in ASCII");
            out.ptr[out.len++] = c;
        } else if (i + 2 < body.len && body.ptr[i + 1] == '\r') {
            if (i + 1 - start > 76)
                stop("quoted-printable", "a line is too long");
            i += 2;
            start = i + 1;
        } else {
            const int high = i + 2 < body.len ? hex_value(body.ptr[i + 1]) : -1;
            const int low = high >= 0 ? hex_value(body.ptr[i + 2]) : -1;
            if (low < 0)
                stop("quoted-printable", "an equals sign means nothing");
            out.ptr[out.len++] = (char)(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

static bytes decode_base64(news_str body)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes out = {must(malloc(body.len + 1)), 0};
    uint32_t bits = 0;
    unsigned count = 0, line = 0;
    for (size_t i = 0; i < body.len; i++) {
        const char c = body.ptr[i];
        const char *found = c != '\0' ? strchr(alphabet, c) : NULL;
        line = c == '\n' ? 0 : line + 1;
        if (line > 77)
            stop("base64", "a line is too long");
        if (found == NULL && c != '\r' && c != '\n' && c != '=')
            stop("base64", "holds another character");
        if (found == NULL)
            continue;
        bits = bits << 6 | (uint32_t)(found - alphabet);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.ptr[out.len++] = (char)(bits >> count & 0xFF);
        }
    }
    return out;
}

static bytes decode(news_str head, news_str body)
{
    bytes out;
    if (find(head, "Transfer-Encoding: base64\r\n", 0) < head.len)
        return decode_base64(body);
    if (find(head, "Transfer-Encoding: quoted-printable\r\n", 0) < head.len)
        return decode_quoted_printable(body);
    const bool is_8bit = find(head, "Transfer-Encoding: 8bit\r\n", 0) < head.len;
    out = (bytes){must(malloc(body.len + 1)), body.len};
    for (size_t i = 0; i < body.len; i++)
        if (!is_8bit && (unsigned char)body.ptr[i] > '~')
            stop("7bit", "is not in ASCII");
    memcpy(out.ptr, body.ptr, body.len);
    return out;
}

/* ---- Parts ---- */

/* The bodies that a message must have, in their order. */
typedef struct {
    const news_message *message;
    bytes wanted[MOST + 2];
    size_t count, next;
} parts;

/* Lines that end with CRLF, whatever they ended with, the last one, too. */
static bytes as_lines(news_str text)
{
    bytes out = {must(malloc(2 * text.len + 3)), 0};
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const bool ends = c == '\r' || c == '\n';
        if (!ends)
            out.ptr[out.len++] = c;
        if (ends || i + 1 == text.len) {
            out.ptr[out.len++] = '\r';
            out.ptr[out.len++] = '\n';
        }
        if (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')
            i++;
    }
    return out;
}

static void want_files(parts *p, bool shown)
{
    for (size_t i = 0; i < p->message->file_count; i++) {
        const news_message_file *file = &p->message->files[i];
        if ((file->content_id != NULL) != shown)
            continue;
        bytes *copy = &p->wanted[p->count++];
        *copy = (bytes){must(malloc(file->bytes.len + 1)), file->bytes.len};
        memcpy(copy->ptr, file->bytes.ptr, file->bytes.len);
    }
}

static void want_all(parts *p)
{
    if (p->message->text.ptr != NULL)
        p->wanted[p->count++] = as_lines(p->message->text);
    if (p->message->html.ptr != NULL)
        p->wanted[p->count++] = as_lines(p->message->html);
    want_files(p, true);
    want_files(p, false);
}

static void check_leaf(parts *p, news_str head, news_str body)
{
    bytes got = decode(head, body);
    if (p->next == p->count)
        stop("a part", "is too many");
    const bytes *wanted = &p->wanted[p->next++];
    if (got.len != wanted->len || memcmp(got.ptr, wanted->ptr, got.len) != 0)
        stop("a part", "is not what went in");
    free(got.ptr);
}

static void check_entity(parts *p, news_str entity);

/* What stands between the lines that begin with "--" and the boundary. */
static void check_multipart(parts *p, news_str body, news_str boundary)
{
    char mark[80];
    (void)snprintf(mark, sizeof mark, "\r\n--%.*s", (int)boundary.len, boundary.ptr);
    const size_t len = strlen(mark);
    if (find(body, mark + 2, 0) != 0)
        stop("a multipart", "does not begin with its boundary");
    size_t at = len - 2;
    while (at + 2 <= body.len && memcmp(body.ptr + at, "\r\n", 2) == 0) {
        const size_t end = find(body, mark, at);
        if (end == body.len)
            stop("a multipart", "does not end");
        check_entity(p, (news_str){body.ptr + at + 2, end - at - 2});
        at = end + len;
    }
    if (at + 2 > body.len || memcmp(body.ptr + at, "--", 2) != 0)
        stop("a multipart", "has a boundary of another");
}

static void check_entity(parts *p, news_str entity)
{
    const size_t end = check_head(p->message, entity);
    const news_str head = {entity.ptr, end};
    news_str body = {entity.ptr + end, entity.len - end};
    if (body.len >= 2) {
        body.ptr += 2;
        body.len -= 2;
    }
    const size_t at = find(head, "boundary=\"", 0);
    if (at == head.len) {
        check_leaf(p, head, body);
        return;
    }
    news_str boundary = {head.ptr + at + strlen("boundary=\""), 0};
    while (boundary.ptr[boundary.len] != '"')
        boundary.len++;
    check_multipart(p, body, boundary);
}

static void check_message(const news_message *message, news_str output)
{
    parts p = {.message = message};
    check_lines(output);
    want_all(&p);
    check_entity(&p, output);
    if (p.next != p.count)
        stop("a part", "is missing");
    for (size_t i = 0; i < p.count; i++)
        free(p.wanted[i].ptr);
}

/* ---- One input ---- */

static bool is_foreseen(news_status status, bool may_fail)
{
    return status == NEWS_OK || status == NEWS_ERR_ARG || status == NEWS_ERR_LIMIT ||
           status == NEWS_ERR_ENCODING || (may_fail && status == NEWS_ERR_NOMEM);
}

static size_t written; /* messages that were not refused */

static void write_twice(news_ctx *ctx, const news_message *message, bool may_fail)
{
    news_error error = NEWS_ERROR_INIT;
    char *first, *again;
    size_t len, again_len;
    news_status status = news_message_buffer(ctx, message, &first, &len, &error);
    if (!is_foreseen(status, may_fail) || (status != NEWS_OK && error.message[0] == '\0'))
        stop("writing", error.message);
    if (status != NEWS_OK)
        return;
    written++;
    check_message(message, (news_str){first, len});
    status = news_message_buffer(ctx, message, &again, &again_len, &error);
    if (!is_foreseen(status, may_fail) || (status != NEWS_OK && !may_fail))
        stop("writing again", error.message);
    if (status == NEWS_OK) {
        if (len != again_len || memcmp(first, again, len) != 0)
            stop("writing again", "the same message gave other bytes");
        news_free(ctx, again, again_len);
    }
    news_free(ctx, first, len);
}

static void try_message(const news_message *message, uint32_t seed)
{
    failing memory = {.state = seed};
    news_allocator allocator = {reallocate, &memory};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    options.allocator = &allocator;
    news_status status = news_ctx_new(&ctx, &options, &error);
    if (status == NEWS_OK)
        write_twice(ctx, message, seed != 0);
    else if (seed == 0)
        stop("the context", error.message);
    news_ctx_free(ctx);
    if (memory.live != 0)
        stop("memory", "was leaked");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in;
    uint32_t seed = 2166136261u;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ data[i]) * 16777619u;
    take_message(&in, data, size);
    try_message(&in.message, 0);
    if ((seed & 1) != 0)
        try_message(&in.message, seed);
    drop_message(&in);
    return 0;
}

#ifdef NEWS_REPLAY
static void try_random(unsigned long count)
{
    uint8_t data[600];
    uint32_t state = 1;
    for (unsigned long i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof data; k++) {
            state = state * 1664525u + 1013904223u;
            data[k] = (uint8_t)(state >> 24);
        }
        (void)LLVMFuzzerTestOneInput(data, sizeof data);
    }
}

int main(int argc, char **argv)
{
    unsigned long random_count = 0;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "-r") == 0) {
        random_count = strtoul(argv[2], NULL, 10);
        try_random(random_count);
        first = 3;
    }
    for (int i = first; i < argc; i++)
        if (!replay(argv[i]))
            return 1;
    printf("%lu inputs held, %zu messages\n", random_count + (unsigned long)(argc - first),
           written);
    return written != 0 ? 0 : 1;
}
#endif
