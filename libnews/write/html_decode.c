/* Character references in the value of an attribute, as far as a layout's author has a use for them
 * in a script or a style. There are 2231 names; of what is not known here, nothing is assumed. */
#include "write/writer.h"

static const struct {
    const char *name;
    char character;
} names[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

static bool read_digits(const char *digits, unsigned base, uint32_t *number)
{
    *number = 0;
    if (*digits == '\0')
        return false;
    for (; *digits != '\0'; digits++) {
        char c = news_to_lower(*digits);
        unsigned digit = news_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
        if (digit >= base)
            return false;
        *number = *number * base + digit;
    }
    return true;
}

/* The code point that a complete reference stands for; false when it is not known. */
static bool find_character(const char *name, uint32_t *character)
{
    if (name[0] == '#') {
        bool hex = news_to_lower(name[1]) == 'x';
        return read_digits(name + (hex ? 2 : 1), hex ? 16 : 10, character);
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(names); i++)
        if (strcmp(name, names[i].name) == 0) {
            *character = (unsigned char)names[i].character;
            return true;
        }
    return false;
}

typedef struct {
    news_html_step *step;
    void *machine;
} receiver;

static void pass_on(const receiver *to, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to->step(to->machine, bytes[i]);
}

/* Zero, surrogates and numbers past the last become U+FFFD, and a control of C1 some letter. */
static void pass_on_character(const receiver *to, uint32_t c)
{
    char bytes[4];
    bool valid = c != 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    pass_on(to, bytes, news_utf8_encode(valid ? c : 0xFFFD, bytes));
}

/* A reference without semicolon is none in an attribute if "=" follows; else that depends on its
 * name. */
static void end_reference(news_html_decoder *decoder, const receiver *to, char c)
{
    uint32_t character;
    decoder->open = false;
    if (c == ';' && decoder->len != 0) {
        if (find_character(decoder->name, &character))
            pass_on_character(to, character);
        else
            decoder->lost = true;
        return;
    }
    if (decoder->len != 0 && (c != '=' || decoder->name[0] == '#')) {
        decoder->lost = true;
        return;
    }
    pass_on(to, "&", 1);
    pass_on(to, decoder->name, decoder->len);
    decoder->open = c == '&';
    decoder->len = 0;
    decoder->name[0] = '\0';
    if (!decoder->open)
        pass_on(to, &c, 1);
}

static void step_reference(news_html_decoder *decoder, const receiver *to, char c)
{
    if (!news_is_alnum(c) && !(c == '#' && decoder->len == 0)) {
        end_reference(decoder, to, c);
    } else if (decoder->len == sizeof decoder->name - 1) {
        decoder->lost = true;
    } else {
        decoder->name[decoder->len++] = c;
        decoder->name[decoder->len] = '\0';
    }
}

bool news_html_decode(news_html_decoder *decoder, news_str bytes, news_html_step *step,
                      void *machine)
{
    const receiver to = {step, machine};
    for (size_t i = 0; i < bytes.len && !decoder->lost; i++) {
        char c = bytes.ptr[i];
        if (decoder->open) {
            step_reference(decoder, &to, c);
        } else if (c == '&') {
            decoder->open = true;
            decoder->len = 0;
            decoder->name[0] = '\0';
        } else {
            step(machine, c);
        }
    }
    return !decoder->lost;
}
