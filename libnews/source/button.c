/* Buttons: a directive `button` with an address behind its name holds one paragraph, and that
 * becomes a link to the address.
 *
 *     ::: button https://lamp.example/tickets
 *     Get a ticket
 *     :::
 *
 * Without an address it holds a link of its own. As a link it is listed, checked and resolved like
 * any other, and no format loses it; how a button looks is for the formats. */
#include "source/parse.h"

static bool holds_link(const news_node *top)
{
    for (const news_node *node = top->first_child; node != NULL;
         node = news_node_next_below(top, node))
        if (node->kind == NEWS_KIND_LINK)
            return true;
    return false;
}

/* Puts a link around all that the paragraph holds. */
static bool link_paragraph(news_build *build, news_node *paragraph, news_node *link)
{
    link->first_child = paragraph->first_child;
    for (news_node *child = link->first_child; child != NULL; child = child->next)
        child->parent = link;
    link->parent = paragraph;
    paragraph->first_child = link;
    return news_link_finish(build, link);
}

bool news_button_finish(news_build *build, news_node *button)
{
    const news_directive *directive = button->extra;
    news_place place = news_place_of(button);
    news_node *paragraph = button->first_child;
    news_str url;
    bool fields;
    if (!news_str_equal(button->a, NEWS_STR("button")))
        return true;
    if (directive->args == NULL)
        return holds_link(button) ||
               news_build_warn(build, "button-address", place, "this button leads nowhere");
    if (paragraph == NULL || paragraph->next != NULL || paragraph->kind != NEWS_KIND_PARAGRAPH ||
        holds_link(paragraph))
        return news_build_error(build, "directive-syntax", place,
                                "a button with an address holds one paragraph without links: the "
                                "words on it");
    if (!news_build_copy_string(build, directive->args->first_child->b,
                                NEWS_STRING_UNMARKED_ADDRESS, place, &url, &fields))
        return false;
    if (!news_link_check(build, url, place))
        return build->status == NEWS_OK;
    news_node *link = news_link_new(build, url, NEWS_STR_NONE, place);
    return link != NULL && link_paragraph(build, paragraph, link);
}
