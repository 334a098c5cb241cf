/* libyaml's errors in the words of the person who must mend them. */
#include "source/front_matter.h"

static const char on_tags[] = "a value that begins with \"!\" must be put in quotes";
static const char on_escapes[] =
    "in double quotes a backslash begins an escape; use single quotes or write it twice";
static const char on_next_line[] = "what follows \">\" or \"|\" belongs in the next line; a value "
                                   "that begins so must be put in quotes";

/* What libyaml says, and what that means to a writer. A context of NULL fits any; `at_context`
 * points to where the construct began and not to where libyaml gave up. */
static const struct {
    const char *problem, *context, *message;
    bool at_context;
} explanations[] = {
    {"tab character", NULL, "found a tab where spaces are needed", false},
    {"'\\t'", NULL, "found a tab where spaces are needed", false},
    {"mapping values are not allowed", NULL,
     "a value that holds \": \" must be put in quotes, and keys must begin in the same column",
     false},
    {"found unexpected end of stream", "quoted scalar", "this quote is never closed", true},
    {"found unexpected document indicator", "quoted scalar", "this quote is never closed", true},
    {"could not find expected ':'", NULL, "this line is not of the form \"key: value\"", true},
    {"did not find expected key", NULL,
     "expected \"key: value\" here; if the value before it begins with a quote or a bracket, "
     "put all of it in quotes",
     false},
    {"did not find expected ',' or ']'", NULL, "this list lacks a comma or its closing \"]\"",
     true},
    {"did not find expected ',' or '}'", NULL,
     "what begins with \"{\" lacks a comma or its closing \"}\"; text must be put in quotes", true},
    {"did not find expected '-' indicator", NULL,
     "expected \"- \" and another entry of the list here", false},
    {"block sequence entries are not allowed", NULL,
     "a list begins on a line of its own; a value that begins with \"- \" must be put in quotes",
     false},
    {"did not find expected alphabetic or numeric character", NULL,
     "a value that begins with \"*\" or \"&\" must be put in quotes", true},
    {"", "directive", "a key that begins with \"%\" must be put in quotes", true},
    {"", "a tag", on_tags, true},
    {"found undefined tag handle", NULL, on_tags, true},
    {"found unknown escape character", NULL, on_escapes, false},
    {"did not find expected hexdecimal number", NULL, on_escapes, false},
    {"found invalid Unicode character escape code", NULL,
     "in double quotes a backslash begins an escape, and this one stands for no character", false},
    {"did not find expected <document start>", NULL,
     "keys must begin in the same column as the first one", false},
    {"did not find expected comment or line break", NULL, on_next_line, false},
    {"found an indentation indicator equal to 0", NULL, on_next_line, false},
    {"mapping keys are not allowed", NULL, "a value that begins with \"? \" must be put in quotes",
     false},
    {"did not find expected node content", NULL,
     "a value is missing here; what begins with \"[\" or \"{\" must be closed, and text that "
     "begins with a bracket or a comma must be put in quotes",
     false},
    {"found unexpected ':'", NULL, "a value that holds \":\" must be put in quotes", false},
    {"found character that cannot start any token", NULL,
     "a value that begins with this character must be put in quotes", false},
};

const char *news_yaml_explain(const char *problem, const char *context, bool *at_context)
{
    *at_context = false;
    if (problem == NULL)
        return "this is not YAML";
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(explanations); i++) {
        if (strstr(problem, explanations[i].problem) == NULL)
            continue;
        if (explanations[i].context != NULL &&
            (context == NULL || strstr(context, explanations[i].context) == NULL))
            continue;
        *at_context = explanations[i].at_context && context != NULL;
        return explanations[i].message;
    }
    return problem;
}
