/* Where in an HTML document the next byte stands: the tokenizer of the HTML standard, cut down to
 * the states that decide how a value must be escaped. It follows the standard also where markup is
 * wrong, since that is what browsers do.
 *
 * In SVG and MathML, and in a select element, what HTML reads as raw text may be read as markup,
 * depending on elements that a machine without a stack cannot know. Both readings agree as long as
 * no "<" in it begins anything; where one does, the state is UNCLEAR for good. */
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
    case 'x': return is_name(attribute, "xlink:href") || is_name(attribute, "xml:base");
    default: return false;
    }
}

/* What animate, set and their like do: set an attribute, which may be an address. */
static bool is_animated(const char *element, const char *attribute)
{
    if (strncmp(element, "animate", 7) != 0 && !is_name(element, "set"))
        return false;
    return strcmp(attribute, "attributename") == 0 || strcmp(attribute, "to") == 0 ||
           strcmp(attribute, "from") == 0 || strcmp(attribute, "by") == 0 ||
           strcmp(attribute, "values") == 0;
}

static news_html_value value_of_script(const char *attribute)
{
    if (strcmp(attribute, "type") == 0)
        return NEWS_HTML_VALUE_SWITCH;
    if (strcmp(attribute, "language") == 0 || strcmp(attribute, "event") == 0 ||
        strcmp(attribute, "for") == 0)
        return NEWS_HTML_VALUE_FORBIDDEN; /* they decide whether it runs */
    return holds_address(attribute) ? NEWS_HTML_VALUE_CODE_URL : NEWS_HTML_VALUE_TEXT;
}

static news_html_value value_of_meta(const char *attribute)
{
    if (strcmp(attribute, "http-equiv") == 0)
        return NEWS_HTML_VALUE_SWITCH;
    if (strcmp(attribute, "charset") == 0)
        return NEWS_HTML_VALUE_FORBIDDEN;
    return strcmp(attribute, "content") == 0 ? NEWS_HTML_VALUE_CONTENT : NEWS_HTML_VALUE_TEXT;
}

/* What decides how the content is parsed, or what a link is for. */
static bool is_decisive(const char *element, const char *attribute)
{
    switch (element[0]) {
    case 'a':
        return (is_name(element, "annotation-xml") && strcmp(attribute, "encoding") == 0) ||
               is_animated(element, attribute);
    case 'l': return is_name(element, "link") && strcmp(attribute, "rel") == 0;
    case 's': return is_animated(element, attribute);
    case 't': return is_name(element, "template") && strcmp(attribute, "shadowrootmode") == 0;
    default: return false;
    }
}

/* What means something else on some elements. A base is the beginning of every address, those of
 * scripts too. */
static news_html_value value_on_element(const char *element, const char *attribute)
{
    if (element[0] == 'm' && is_name(element, "meta"))
        return value_of_meta(attribute);
    if (element[0] == 's' && is_name(element, "script"))
        return value_of_script(attribute);
    if (element[0] == 'b' && is_name(element, "base") && strcmp(attribute, "href") == 0)
        return NEWS_HTML_VALUE_CODE_URL;
    return is_decisive(element, attribute) ? NEWS_HTML_VALUE_FORBIDDEN : NEWS_HTML_VALUE_TEXT;
}

static news_html_value value_of(const char *element, const char *attribute)
{
    news_html_value special = value_on_element(element, attribute);
    if (special != NEWS_HTML_VALUE_TEXT)
        return special;
    switch (attribute[0]) {
    case 'i':
        if (is_name(attribute, "imagesrcset"))
            return NEWS_HTML_VALUE_URLS;
        break;
    case 'o': return attribute[1] == 'n' ? NEWS_HTML_VALUE_SCRIPT : NEWS_HTML_VALUE_TEXT;
    case 's':
        if (is_name(attribute, "style"))
            return NEWS_HTML_VALUE_STYLE;
        if (is_name(attribute, "srcset"))
            return NEWS_HTML_VALUE_URLS;
        if (is_name(attribute, "srcdoc"))
            return NEWS_HTML_VALUE_FORBIDDEN;
        break;
    default: break;
    }
    return holds_address(attribute) ? NEWS_HTML_VALUE_URL : NEWS_HTML_VALUE_TEXT;
}

static bool is_raw_text(const char *element)
{
    switch (element[0]) {
    case 'i': return is_name(element, "iframe");
    case 'n':
        return is_name(element, "noembed") || is_name(element, "noframes") ||
               is_name(element, "noscript");
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

/* ---- What decides about other values ---- */

static void begin_switch(news_html_tracker *tracker)
{
    tracker->switch_len = 0;
    tracker->switch_value[0] = '\0';
    tracker->switched = tracker->directs = tracker->content_written = false;
}

/* What is too long for its array is none of the values that matter. */
static void add_to_switch(news_html_tracker *tracker, char c)
{
    if (!tracker->switched && tracker->switch_len < sizeof tracker->switch_value - 1) {
        tracker->switch_value[tracker->switch_len++] = news_to_lower(c);
        tracker->switch_value[tracker->switch_len] = '\0';
    }
}

/* The first attribute of a name counts. A <meta> with http-equiv leads elsewhere, says how bytes
 * are read, what may be loaded; only the language is harmless. */
static void end_switch(news_html_tracker *tracker)
{
    if (tracker->value != NEWS_HTML_VALUE_SWITCH || tracker->switched)
        return;
    tracker->switched = true;
    tracker->directs =
        tracker->element[0] == 'm' && strcmp(tracker->switch_value, "content-language") != 0;
    if (tracker->directs && tracker->content_written)
        tracker->pending = NEWS_HTML_PENDING_DIRECTIVE;
}

news_html_script news_html_tracker_script(const news_html_tracker *tracker)
{
    static const char *const scripts[] = {
        "",
        "module",
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "text/ecmascript",
        "application/ecmascript",
    };
    const char *type = tracker->switch_value;
    size_t len = tracker->switch_len;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(scripts); i++)
        if (strcmp(type, scripts[i]) == 0)
            return NEWS_HTML_SCRIPT_JAVASCRIPT;
    bool json = strcmp(type, "application/json") == 0 || strcmp(type, "text/json") == 0 ||
                (len > 5 && strcmp(type + len - 5, "+json") == 0);
    return json ? NEWS_HTML_SCRIPT_JSON : NEWS_HTML_SCRIPT_OTHER;
}

/* ---- Where markup and raw text may be confused ---- */

enum { NOT_MIXED, IN_SVG, IN_MATH, IN_SELECT, DEEPEST_MIXED = UINT8_MAX };

static uint8_t mixed_kind(const char *element)
{
    switch (element[0]) {
    case 'm': return is_name(element, "math") ? IN_MATH : NOT_MIXED;
    case 's':
        return is_name(element, "svg")      ? IN_SVG
               : is_name(element, "select") ? IN_SELECT
                                            : NOT_MIXED;
    default: return NOT_MIXED;
    }
}

/* Only elements of the outermost one's name are counted: others may not nest in it as they look. */
static void count_mixed(news_html_tracker *tracker)
{
    uint8_t kind = mixed_kind(tracker->element);
    if (kind == NOT_MIXED)
        return;
    if (tracker->mixed_depth == 0)
        tracker->mixed = kind;
    else if (kind != tracker->mixed)
        return;
    if (!tracker->closing_tag && tracker->mixed_depth != DEEPEST_MIXED)
        tracker->mixed_depth++;
    else if (tracker->closing_tag && tracker->mixed_depth != 0)
        tracker->mixed_depth--;
}

/* ---- Tags ---- */

/* What length counts begins with the byte at hand or behind it. */
enum { GOES_ON, BEGINS_BEHIND, BEGINS_HERE };

static void begin_content(news_html_tracker *tracker, news_html_state state)
{
    tracker->state = (uint8_t)state;
    tracker->match = tracker->dashes = tracker->script_escapes = 0;
    tracker->begins = BEGINS_BEHIND;
}

static void end_tag(news_html_tracker *tracker)
{
    char first = tracker->element[0];
    if (tracker->mixed_depth != 0 || first == 's' || first == 'm')
        count_mixed(tracker);
    begin_content(tracker,
                  tracker->closing_tag ? NEWS_HTML_STATE_TEXT : content_state(tracker->element));
}

static void begin_attribute(news_html_tracker *tracker, char c)
{
    tracker->state = NEWS_HTML_STATE_ATTRIBUTE_NAME;
    tracker->name_len = 0;
    add_to_name(tracker, tracker->name, c);
}

/* "=" stands behind. */
static void end_attribute_name(news_html_tracker *tracker)
{
    tracker->state = NEWS_HTML_STATE_BEFORE_VALUE;
    tracker->value = (uint8_t)value_of(tracker->element, tracker->name);
}

static void begin_value(news_html_tracker *tracker, news_html_state state, uint8_t begins)
{
    tracker->state = (uint8_t)state;
    tracker->begins = begins;
}

static void end_value(news_html_tracker *tracker)
{
    end_switch(tracker);
    tracker->state = NEWS_HTML_STATE_TAG;
}

/* "<" and, in a closing tag, "/" stand behind. */
static void step_tag_open(news_html_tracker *tracker, char c)
{
    if (news_is_alpha(c)) {
        tracker->state = NEWS_HTML_STATE_TAG_NAME;
        tracker->name_len = 0;
        add_to_name(tracker, tracker->element, c);
        begin_switch(tracker);
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

/* Letters come after whatever ends a name. */
static void step_tag_name(news_html_tracker *tracker, char c)
{
    if (c > '>' || !ends_name(c))
        add_to_name(tracker, tracker->element, c);
    else if (c == '>')
        end_tag(tracker);
    else
        tracker->state = NEWS_HTML_STATE_TAG;
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
    if (c > '>' || (c != '=' && !ends_name(c)))
        add_to_name(tracker, tracker->name, c);
    else if (c == '=')
        end_attribute_name(tracker);
    else if (c == '>')
        end_tag(tracker);
    else
        tracker->state = c == '/' ? NEWS_HTML_STATE_TAG : NEWS_HTML_STATE_AFTER_NAME;
}

static void step_after_name(news_html_tracker *tracker, char c)
{
    if (c == '=')
        end_attribute_name(tracker);
    else if (c == '>')
        end_tag(tracker);
    else if (c == '/')
        tracker->state = NEWS_HTML_STATE_TAG;
    else if (!is_html_space(c))
        begin_attribute(tracker, c);
}

static void step_before_value(news_html_tracker *tracker, char c)
{
    if (c == '"') {
        begin_value(tracker, NEWS_HTML_STATE_DOUBLE_QUOTED, BEGINS_BEHIND);
    } else if (c == '\'') {
        begin_value(tracker, NEWS_HTML_STATE_SINGLE_QUOTED, BEGINS_BEHIND);
    } else if (c == '>') {
        end_switch(tracker);
        end_tag(tracker);
    } else if (!is_html_space(c)) {
        begin_value(tracker, NEWS_HTML_STATE_UNQUOTED, BEGINS_HERE);
        if (tracker->value == NEWS_HTML_VALUE_SWITCH)
            add_to_switch(tracker, c);
    }
}

static void step_quoted(news_html_tracker *tracker, char c, char quote)
{
    if (c == quote)
        end_value(tracker);
    else if (tracker->value == NEWS_HTML_VALUE_SWITCH)
        add_to_switch(tracker, c);
}

static void step_unquoted(news_html_tracker *tracker, char c)
{
    if (c == '>' || is_html_space(c)) {
        end_value(tracker);
        if (c == '>')
            end_tag(tracker);
    } else if (tracker->value == NEWS_HTML_VALUE_SWITCH) {
        add_to_switch(tracker, c);
    }
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
    } else if (c == '[' && tracker->match == 0 && tracker->mixed_depth != 0) {
        tracker->state = NEWS_HTML_STATE_UNCLEAR; /* CDATA, or not */
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
    else if (tracker->mixed_depth != 0)
        tracker->state = NEWS_HTML_STATE_UNCLEAR;
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
    else if (tracker->mixed_depth != 0 && (news_is_alpha(c) || c == '!' || c == '?'))
        tracker->state = NEWS_HTML_STATE_UNCLEAR;
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
    if (strcmp(tracker->element, "plaintext") == 0) /* never ends */
        return;
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
    case NEWS_HTML_STATE_UNCLEAR: break;
    }
}

/* The one byte that matters to the present state; 0 when others do, too. */
static char awaited(const news_html_tracker *tracker)
{
    switch (tracker->state) {
    case NEWS_HTML_STATE_TEXT: return '<';
    case NEWS_HTML_STATE_DOUBLE_QUOTED:
        return tracker->value != NEWS_HTML_VALUE_SWITCH ? '"' : '\0';
    case NEWS_HTML_STATE_SINGLE_QUOTED:
        return tracker->value != NEWS_HTML_VALUE_SWITCH ? '\'' : '\0';
    case NEWS_HTML_STATE_RAW_TEXT:
    case NEWS_HTML_STATE_RCDATA:
        return tracker->match == MATCH_NOTHING && tracker->script_escapes == 0 ? '<' : '\0';
    default: return '\0';
    }
}

void news_html_tracker_feed(news_html_tracker *tracker, const char *bytes, size_t len)
{
    const char *begin = bytes, *end = bytes + len;
    while (bytes != end) {
        char wanted = awaited(tracker);
        if (wanted != '\0') {
            bytes = memchr(bytes, wanted, (size_t)(end - bytes));
            if (bytes == NULL)
                break;
        }
        step(tracker, *bytes++);
        if (tracker->begins != GOES_ON) {
            begin = tracker->begins == BEGINS_HERE ? bytes - 1 : bytes;
            tracker->begins = GOES_ON;
            tracker->length = 0;
            tracker->contents++;
        }
    }
    tracker->length += (size_t)(end - begin);
}

void news_html_tracker_wrote(news_html_tracker *tracker, size_t len)
{
    if (tracker->state == NEWS_HTML_STATE_BEFORE_VALUE && len != 0) {
        tracker->state = NEWS_HTML_STATE_UNQUOTED;
        tracker->length = 0;
        tracker->contents++;
    }
    tracker->length += len;
    if (tracker->value == NEWS_HTML_VALUE_CONTENT)
        tracker->content_written = true;
}
