/* Where in HTML the values of a template stand, found once, when it is compiled, by letting the
 * tracker read the literals.
 *
 * A template is settled when its literals lead from between tags back there, and each value stands
 * between tags or in a quoted attribute, where its bytes, escaped, can change nothing. Then the
 * tracker need not read it again for every node. */
#include "script/host.h"

static bool rests(const news_html_tracker *tracker)
{
    return tracker->state == NEWS_HTML_STATE_TEXT && tracker->mixed_depth == 0;
}

/* What the next operation begins with; 0 when it is no literal. */
static char next_byte(const news_template *template, uint32_t at)
{
    const news_op *next = &template->ops[at + 1];
    bool is_literal =
        at + 1 < template->count && (next->type == NEWS_OP_RAW || next->type == NEWS_OP_ATTRIBUTE);
    return is_literal ? next->literal.ptr[0] : '\0';
}

/* An address is known to be all of the value only if the quotation marks stand next to it. */
static news_op_place place_in_attribute(const news_html_tracker *tracker, bool is_whole)
{
    if (tracker->state != NEWS_HTML_STATE_DOUBLE_QUOTED)
        return NEWS_PLACE_UNCLEAR;
    if (tracker->value == NEWS_HTML_VALUE_TEXT)
        return NEWS_PLACE_VALUE;
    bool is_address = tracker->value == NEWS_HTML_VALUE_URL && tracker->length == 0 && is_whole;
    return is_address ? NEWS_PLACE_ADDRESS : NEWS_PLACE_UNCLEAR;
}

/* In a style it is known only if nothing but one literal stands before it there. */
static news_op_place place_of_option(const news_template *template, uint32_t at,
                                     const news_html_tracker *tracker)
{
    const news_op *before = &template->ops[at - 1];
    bool in_style =
        tracker->state == NEWS_HTML_STATE_DOUBLE_QUOTED && tracker->value == NEWS_HTML_VALUE_STYLE;
    if (in_style)
        return before->type == NEWS_OP_RAW && tracker->length < before->literal.len
                   ? NEWS_PLACE_STYLE
                   : NEWS_PLACE_UNCLEAR;
    return place_in_attribute(tracker, false);
}

/* Reads one operation; false when the template is not settled. */
static bool read_operation(news_template *template, uint32_t at, news_html_tracker *tracker)
{
    news_op *op = &template->ops[at];
    char next = next_byte(template, at);
    switch ((news_op_type)op->type) {
    case NEWS_OP_RAW:
        news_html_tracker_feed(tracker, op->literal.ptr, op->literal.len);
        return tracker->pending == NEWS_HTML_PENDING_NOTHING;
    case NEWS_OP_CR:
    case NEWS_OP_PLAIN:
    case NEWS_OP_ENTRY:
    case NEWS_OP_CHILDREN: op->place = NEWS_PLACE_TEXT; return rests(tracker);
    case NEWS_OP_OPTION:
        op->place =
            (uint8_t)(rests(tracker) ? NEWS_PLACE_TEXT : place_of_option(template, at, tracker));
        return op->place != NEWS_PLACE_UNCLEAR;
    case NEWS_OP_FIELD:
        op->place =
            (uint8_t)(rests(tracker) ? NEWS_PLACE_TEXT : place_in_attribute(tracker, next == '"'));
        /* A default in an attribute is markup there. */
        return op->place == NEWS_PLACE_TEXT ||
               (op->place != NEWS_PLACE_UNCLEAR && op->literal.len == 0);
    case NEWS_OP_ATTRIBUTE: /* what follows must read alike when it is left out */
        news_html_tracker_feed(tracker, op->literal.ptr, op->literal.len);
        op->place = (uint8_t)place_in_attribute(tracker, true);
        news_html_tracker_feed(tracker, "\"", 1);
        return op->place != NEWS_PLACE_UNCLEAR && (next == ' ' || next == '>');
    case NEWS_OP_BLANK:
    case NEWS_OP_HANG:
    case NEWS_OP_REF: break;
    }
    return false;
}

void news_template_settle(news_template *template)
{
    news_html_tracker tracker;
    news_html_tracker_init(&tracker);
    for (uint32_t i = 0; i < template->count; i++) {
        template->markup += template->ops[i].literal.len;
        if (!read_operation(template, i, &tracker))
            return;
    }
    template->settled = rests(&tracker);
}
