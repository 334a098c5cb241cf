/* What to do about each finding, by its code, where the message does not say it. docs/checks.md has
 * the same codes with an example of each; a test compares the two. */
#include "model/model.h"

static const struct {
    const char *code, *help;
} codes[] = {
#define NEWS_CODE(code, help) {code, help},
#include "model/codes.def"
#undef NEWS_CODE
};

const char *news_code_at(size_t index)
{
    return index < NEWS_ARRAY_LENGTH(codes) ? codes[index].code : NULL;
}

const char *news_code_help(const char *code)
{
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(codes); i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].help;
    return NULL;
}
