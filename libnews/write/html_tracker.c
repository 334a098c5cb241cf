/* Where in an HTML document the next byte stands: the tokenizer of the HTML standard, cut down to
 * the states that decide how a value must be escaped. It follows the standard also where markup is
 * wrong, since that is what browsers do. Foreign content (SVG, MathML) is taken for HTML. */
#include "write/write.h"

/* What `match` counts. */
enum {
    /* In a declaration: the dashes after "<!", as long as it may become a comment. */
    NO_COMMENT = UINT8_MAX,
    /* In a comment. */
    COMMENT_BEGUN = 1,  /* after "<!--" */
    COMMENT_BEGUN_DASH, /* after "<!---" */
    COMMENT_BANG,       /* after "--!" */
    /* In raw text: how much is read of what begins with "<"; a name's length is added. */
    MATCH_NOTHING = 0,
    MATCH_LESS = 1,
    MATCH_CLOSING = 2,  /* "</" and the element's name */
    MATCH_OPENING = 32, /* "<script" */
    MATCH_COMMENT = 64  /* "<!--" */
};

void news_html_tracker_init(news_html_tracker *tracker)
{
    memset(tracker, 0, sizeof *tracker);
    tracker->state = NEWS_HTML_STATE_TEXT;
}

static bool is_html_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool ends_name(char c)
{
    return is_html_space(c) || c == '/' || c == '>';
}

/* ---- Names ---- */

/* Names that are compared share their first letter, and mostly differ in the second. */
static bool is_name(const char *name, const char *wanted)
{
    return name[1] == wanted[1] && strcmp(name, wanted) == 0;
}

static bool holds_address(const char *attribute)
{
    switch (attribute[0]) {
    case 'a': return is_name(attribute, "action") || is_name(attribute, "archive");
    case 'b': return is_name(attribute, "background");
    case 'c':
        return is_name(attribute, "cite") || is_name(attribute, "classid") ||
               is_name(attribute, "codebase");
    case 'd': return is_name(attribute, "data") || is_name(attribute, "dynsrc");
    case 'f': return is_name(attribute, "formaction");
    case 'h': return is_name(attribute, "href");
    case 'i': return is_name(attribute, "icon");
    case 'l': return is_name(attribute, "longdesc") || is_name(attribute, "lowsrc");
    case 'm': return is_name(attribute, "manifest");
    case 'p':
        return is_name(attribute, "ping") || is_name(attribute, "poster") ||
               is_name(attribute, "profile");
    case 's': return is_name(attribute, "src");
    case 'u': return is_name(attribute, "usemap");
    case 'x': return is_name(attribute, "xlink:href");
    default: return false;
    }
}

static bool is_raw_text(const char *element)
{
    switch (element[0]) {
    case 'i': return is_name(element, "iframe");
    case 'n': return is_name(element, "noembed") || is_name(element, "noframes");
    case 'p': return is_name(element, "plaintext");
    case 's': return is_name(element, "script") || is_name(element, "style");
    case 'x': return is_name(element, "xmp");
    default: return false;
    }
}

/* The state of the content of an element that has just been opened. */
static news_html_state content_state(const char *element)
{
    if (is_raw_text(element))
        return NEWS_HTML_STATE_RAW_TEXT;
    if (element[0] == 't' && (is_name(element, "title") || is_name(element, "textarea")))
        return NEWS_HTML_STATE_RCDATA;
    return NEWS_HTML_STATE_TEXT;
}

/* A name too long for its array cannot be one that matters. */
static void add_to_name(news_html_tracker *tracker, char *name, char c)
{
    if (tracker->name_len < sizeof tracker->name - 1) {
        name[tracker->name_len++] = news_to_lower(c);
        name[tracker->name_len] = '\0';
    }
}

/* ---- Tags ---- */

static void begin_content(news_html_tracker *tracker, news_html_state state)
{
    tracker->state = (uint8_t)state;
    tracker->match = tracker->dashes = tracker->script_escapes = 0;
}

static void end_tag(news_html_tracker *tracker)
{
    begin_content(tracker,
                  tracker->closing_tag ? NEWS_HTML_STATE_TEXT : content_state(tracker->element));
}

static void begin_attribute(news_html_tracker *tracker, char c)
{
    tracker->state = NEWS_HTML_STATE_ATTRIBUTE_NAME;
    tracker->name_len = 0;
    add_to_name(tracker, tracker->name, c);
}

static void begin_value(news_html_tracker *tracker, news_html_state state)
{
    tracker->state = (uint8_t)state;
    tracker->value_begun = false;
    tracker->url_attribute = holds_address(tracker->name);
}

/* "<" and, in a closing tag, "/" stand behind. */
static void step_tag_open(news_html_tracker *tracker, char c)
{
    if (news_is_alpha(c)) {
        tracker->state = NEWS_HTML_STATE_TAG_NAME;
        tracker->name_len = 0;
        add_to_name(tracker, tracker->element, c);
    } else if (tracker->closing_tag) {
        tracker->state = c == '>' ? NEWS_HTML_STATE_TEXT : NEWS_HTML_STATE_DECLARATION;
        tracker->match = NO_COMMENT;
    } else if (c == '/') {
        tracker->closing_tag = true;
    } else if (c == '!' || c == '?') {
        tracker->state = NEWS_HTML_STATE_DECLARATION;
        tracker->match = c == '!' ? 0 : NO_COMMENT;
    } else if (c != '<') {
        tracker->state = NEWS_HTML_STATE_TEXT;
    }
}

static void step_tag_name(news_html_tracker *tracker, char c)
{
    if (c == '>')
        end_tag(tracker);
    else if (ends_name(c))
        tracker->state = NEWS_HTML_STATE_TAG;
    else
        add_to_name(tracker, tracker->element, c);
}

static void step_tag(news_html_tracker *tracker, char c)
{
    if (c == '>')
        end_tag(tracker);
    else if (!ends_name(c))
        begin_attribute(tracker, c);
}

static void step_attribute_name(news_html_tracker *tracker, char c)
{
    if (c == '=')
        tracker->state = NEWS_HTML_STATE_BEFORE_VALUE;
    else if (c == '>')
        end_tag(tracker);
    else if (c == '/')
        tracker->state = NEWS_HTML_STATE_TAG;
    else if (is_html_space(c))
        tracker->state = NEWS_HTML_STATE_AFTER_NAME;
    else
        add_to_name(tracker, tracker->name, c);
}

static void step_after_name(news_html_tracker *tracker, char c)
{
    if (c == '=')
        tracker->state = NEWS_HTML_STATE_BEFORE_VALUE;
    else if (c == '>')
        end_tag(tracker);
    else if (c == '/')
        tracker->state = NEWS_HTML_STATE_TAG;
    else if (!is_html_space(c))
        begin_attribute(tracker, c);
}

static void step_before_value(news_html_tracker *tracker, char c)
{
    if (c == '"')
        begin_value(tracker, NEWS_HTML_STATE_DOUBLE_QUOTED);
    else if (c == '\'')
        begin_value(tracker, NEWS_HTML_STATE_SINGLE_QUOTED);
    else if (c == '>')
        end_tag(tracker);
    else if (!is_html_space(c))
        tracker->state = NEWS_HTML_STATE_UNQUOTED;
}

static void step_quoted(news_html_tracker *tracker, char c, char quote)
{
    if (c == quote)
        tracker->state = NEWS_HTML_STATE_TAG;
    else
        tracker->value_begun = true;
}

static void step_unquoted(news_html_tracker *tracker, char c)
{
    if (c == '>')
        end_tag(tracker);
    else if (is_html_space(c))
        tracker->state = NEWS_HTML_STATE_TAG;
}

/* ---- Comments and declarations ---- */

static void count_dashes(news_html_tracker *tracker, char c)
{
    tracker->dashes = c != '-' ? 0 : tracker->dashes < 2 ? tracker->dashes + 1 : 2;
}

static void step_declaration(news_html_tracker *tracker, char c)
{
    if (c == '>') {
        tracker->state = NEWS_HTML_STATE_TEXT;
    } else if (c == '-' && tracker->match == 0) {
        tracker->match = 1;
    } else if (c == '-' && tracker->match == 1) {
        begin_content(tracker, NEWS_HTML_STATE_COMMENT);
        tracker->match = COMMENT_BEGUN;
    } else {
        tracker->match = NO_COMMENT;
    }
}

/* Ends with "-->" or "--!>", or with ">" or "->" directly after "<!--". */
static void step_comment(news_html_tracker *tracker, char c)
{
    if (c == '>' && (tracker->dashes == 2 || tracker->match != 0)) {
        tracker->state = NEWS_HTML_STATE_TEXT;
        return;
    }
    if (c == '-' && tracker->match == COMMENT_BEGUN)
        tracker->match = COMMENT_BEGUN_DASH;
    else
        tracker->match = c == '!' && tracker->dashes == 2 ? COMMENT_BANG : 0;
    count_dashes(tracker, c);
}

/* ---- Script, style, title and the like ---- */

static void drop_match(news_html_tracker *tracker, char c)
{
    tracker->match = c == '<' ? MATCH_LESS : MATCH_NOTHING;
}

/* Reads on in "</element" or, in a script, "<script". Whether c is the end of such a name. */
static bool match_name(news_html_tracker *tracker, char c, unsigned base)
{
    char wanted = tracker->element[tracker->match - base];
    if (wanted == '\0' && ends_name(c)) {
        tracker->match = MATCH_NOTHING;
        return true;
    }
    if (wanted != '\0' && wanted == news_to_lower(c))
        tracker->match++;
    else
        drop_match(tracker, c);
    return false;
}

/* "<" stands behind. */
static void begin_match(news_html_tracker *tracker, char c)
{
    bool in_script = strcmp(tracker->element, "script") == 0;
    if (c == '/')
        tracker->match = MATCH_CLOSING;
    else if (c == '!' && in_script && tracker->script_escapes == 0)
        tracker->match = MATCH_COMMENT;
    else if (news_to_lower(c) == 's' && tracker->script_escapes == 1)
        tracker->match = MATCH_OPENING + 1;
    else
        drop_match(tracker, c);
}

/* "<!" stands behind. */
static void match_script_comment(news_html_tracker *tracker, char c)
{
    if (c != '-') {
        drop_match(tracker, c);
    } else if (tracker->match++ != MATCH_COMMENT) {
        tracker->match = MATCH_NOTHING;
        tracker->script_escapes = 1;
        tracker->dashes = 2; /* ">" may end it at once */
    }
}

static void end_raw_text(news_html_tracker *tracker, char c)
{
    if (tracker->script_escapes == 2) { /* it closes the "<script" of the comment */
        tracker->script_escapes = 1;
        return;
    }
    tracker->closing_tag = true;
    if (c == '>')
        end_tag(tracker);
    else
        tracker->state = NEWS_HTML_STATE_TAG;
}

/* Raw text ends with its element's closing tag. But in a script, "<!--" and then "<script" make the
 * next "</script" one that does not count. */
static void step_raw_text(news_html_tracker *tracker, char c)
{
    uint8_t match = tracker->match;
    if (c == '>' && tracker->dashes == 2)
        tracker->script_escapes = 0;
    count_dashes(tracker, c);
    if (match == MATCH_NOTHING) {
        drop_match(tracker, c);
    } else if (match == MATCH_LESS) {
        begin_match(tracker, c);
    } else if (match >= MATCH_COMMENT) {
        match_script_comment(tracker, c);
    } else if (match > MATCH_OPENING) {
        if (match_name(tracker, c, MATCH_OPENING))
            tracker->script_escapes = 2;
    } else if (match_name(tracker, c, MATCH_CLOSING)) {
        end_raw_text(tracker, c);
    }
}

/* ---- The machine ---- */

static void step(news_html_tracker *tracker, char c)
{
    switch ((news_html_state)tracker->state) {
    case NEWS_HTML_STATE_TEXT:
        if (c == '<') {
            tracker->state = NEWS_HTML_STATE_TAG_OPEN;
            tracker->closing_tag = false;
        }
        break;
    case NEWS_HTML_STATE_TAG_OPEN: step_tag_open(tracker, c); break;
    case NEWS_HTML_STATE_TAG_NAME: step_tag_name(tracker, c); break;
    case NEWS_HTML_STATE_TAG: step_tag(tracker, c); break;
    case NEWS_HTML_STATE_ATTRIBUTE_NAME: step_attribute_name(tracker, c); break;
    case NEWS_HTML_STATE_AFTER_NAME: step_after_name(tracker, c); break;
    case NEWS_HTML_STATE_BEFORE_VALUE: step_before_value(tracker, c); break;
    case NEWS_HTML_STATE_DOUBLE_QUOTED: step_quoted(tracker, c, '"'); break;
    case NEWS_HTML_STATE_SINGLE_QUOTED: step_quoted(tracker, c, '\''); break;
    case NEWS_HTML_STATE_UNQUOTED: step_unquoted(tracker, c); break;
    case NEWS_HTML_STATE_COMMENT: step_comment(tracker, c); break;
    case NEWS_HTML_STATE_DECLARATION: step_declaration(tracker, c); break;
    case NEWS_HTML_STATE_RAW_TEXT:
    case NEWS_HTML_STATE_RCDATA: step_raw_text(tracker, c); break;
    }
}

/* The one byte that matters to the present state; 0 when others do, too. */
static char awaited(const news_html_tracker *tracker)
{
    switch (tracker->state) {
    case NEWS_HTML_STATE_TEXT: return '<';
    case NEWS_HTML_STATE_DOUBLE_QUOTED: return tracker->value_begun ? '"' : '\0';
    case NEWS_HTML_STATE_SINGLE_QUOTED: return tracker->value_begun ? '\'' : '\0';
    case NEWS_HTML_STATE_RAW_TEXT:
    case NEWS_HTML_STATE_RCDATA:
        return tracker->match == MATCH_NOTHING && tracker->script_escapes == 0 ? '<' : '\0';
    default: return '\0';
    }
}

void news_html_tracker_feed(news_html_tracker *tracker, const char *bytes, size_t len)
{
    const char *end = bytes + len;
    while (bytes != end) {
        char wanted = awaited(tracker);
        if (wanted != '\0') {
            bytes = memchr(bytes, wanted, (size_t)(end - bytes));
            if (bytes == NULL)
                return;
        }
        step(tracker, *bytes++);
    }
}
