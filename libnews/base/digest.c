/* SipHash-2-4 with 128 bits of output, as its authors' reference implementation has it. It is some
 * five times as fast as SHA-256, and what is derived from it here, names of messages, needs to be
 * different by chance and not by force: a message's writer chooses its name anyhow. */
#include "base/base.h"
#include "base/siphash.h"

enum { WORD = 8 };

/* Least significant byte first, whatever the machine has. */
static uint64_t read_word(const unsigned char *bytes)
{
    uint64_t word = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&word, bytes, sizeof word);
#else
    for (int i = WORD - 1; i >= 0; i--)
        word = word << 8 | bytes[i];
#endif
    return word;
}

static void write_word(unsigned char *bytes, uint64_t word)
{
    for (int i = 0; i < WORD; i++)
        bytes[i] = (unsigned char)(word >> (8 * i));
}

static void add_word(news_digest *digest, uint64_t word)
{
    digest->v[3] ^= word;
    sip_round(digest->v);
    sip_round(digest->v);
    digest->v[0] ^= word;
}

void news_digest_init_key(news_digest *digest, const unsigned char key[16])
{
    uint64_t low = read_word(key), high = read_word(key + WORD);
    *digest = (news_digest){
        .v = {low ^ 0x736f6d6570736575u, high ^ 0x646f72616e646f6du ^ 0xee,
              low ^ 0x6c7967656e657261u, high ^ 0x7465646279746573u},
    };
}

void news_digest_init(news_digest *digest)
{
    static const unsigned char key[16] = {'l', 'i', 'b', 'n', 'e', 'w', 's', ' ',
                                          'd', 'i', 'g', 'e', 's', 't', ' ', '1'};
    news_digest_init_key(digest, key);
}

void news_digest_add(news_digest *digest, news_str bytes)
{
    size_t at = 0, held = (size_t)(digest->len % WORD);
    digest->len += bytes.len;
    if (held != 0) {
        while (held < WORD && at < bytes.len)
            digest->pending[held++] = (unsigned char)bytes.ptr[at++];
        if (held < WORD)
            return;
        add_word(digest, read_word(digest->pending));
    }
    for (; bytes.len - at >= WORD; at += WORD)
        add_word(digest, read_word((const unsigned char *)bytes.ptr + at));
    if (at < bytes.len)
        memcpy(digest->pending, bytes.ptr + at, bytes.len - at);
}

void news_digest_add_field(news_digest *digest, news_str bytes)
{
    unsigned char length[WORD];
    write_word(length, bytes.len);
    news_digest_add(digest, news_str_of((const char *)length, sizeof length));
    news_digest_add(digest, bytes);
}

void news_digest_end(news_digest *digest, unsigned char out[NEWS_DIGEST_SIZE])
{
    const size_t held = (size_t)(digest->len % WORD);
    memset(digest->pending + held, 0, WORD - held);
    digest->pending[WORD - 1] = (unsigned char)digest->len;
    add_word(digest, read_word(digest->pending));
    for (int half = 0; half < 2; half++) {
        const uint64_t *v = digest->v;
        digest->v[half == 0 ? 2 : 1] ^= half == 0 ? 0xee : 0xdd;
        for (int round = 0; round < 4; round++)
            sip_round(digest->v);
        write_word(out + (size_t)half * WORD, v[0] ^ v[1] ^ v[2] ^ v[3]);
    }
}
