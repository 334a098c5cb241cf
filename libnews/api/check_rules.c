/* The rules: a line each, in order of code. */
#include "api/check.h"

#define KIND NEWS_RULE_KIND

/* Nodes with strings that may hold merge fields, and the fields themselves. */
#define WITH_FIELDS (KIND(FIELD) | KIND(ISSUE) | KIND(LINK) | KIND(IMAGE))

const news_rule news_rules[] = {
    {"anchor-missing", NEWS_ERROR, NEWS_ONCE, KIND(LINK), news_check_anchor_missing},
    {"attributes-unread", NEWS_WARNING, NEWS_ONCE, KIND(TEXT), news_check_attributes_unread},
    {"date-missing", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_date_missing},
    {"edition-empty", NEWS_WARNING, NEWS_EACH_EDITION, KIND(ISSUE), news_check_edition_empty},
    {"field-no-value", NEWS_ERROR, NEWS_ONCE, WITH_FIELDS, news_check_field_without_value},
    {"field-undeclared", NEWS_WARNING, NEWS_ONCE, WITH_FIELDS, news_check_field_undeclared},
    {"front-matter-missing", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_front_matter_missing},
    {"heading-jump", NEWS_WARNING, NEWS_ONCE, KIND(SECTION), news_check_heading_jump},
    {"image-alt", NEWS_WARNING, NEWS_ONCE, KIND(IMAGE), news_check_image_alt},
    {"image-format", NEWS_WARNING, NEWS_ONCE, KIND(IMAGE), news_check_image_format},
    {"image-size", NEWS_WARNING, NEWS_ONCE, KIND(IMAGE), news_check_image_size},
    {"item-repeated", NEWS_WARNING, NEWS_EACH_EDITION, KIND(ITEM), news_check_item_repeated},
    {"link-ambiguous", NEWS_WARNING, NEWS_EACH_EDITION, KIND(LINK), news_check_link_ambiguous},
    {"link-empty-text", NEWS_WARNING, NEWS_ONCE, KIND(LINK), news_check_link_empty_text},
    {"link-http", NEWS_WARNING, NEWS_ONCE, KIND(LINK) | KIND(IMAGE), news_check_link_http},
    {"link-local", NEWS_WARNING, NEWS_ONCE, KIND(LINK) | KIND(IMAGE), news_check_link_local},
    {"link-relative", NEWS_WARNING, NEWS_ONCE, KIND(LINK) | KIND(IMAGE), news_check_link_relative},
    {"link-shortener", NEWS_WARNING, NEWS_ONCE, KIND(LINK), news_check_link_shortener},
    {"link-space", NEWS_WARNING, NEWS_ONCE, KIND(TEXT), news_check_link_space},
    {"link-text", NEWS_WARNING, NEWS_ONCE, KIND(LINK), news_check_link_text},
    {"link-tracking", NEWS_WARNING, NEWS_ONCE, KIND(LINK), news_check_link_tracking},
    {"list-marker-unicode", NEWS_WARNING, NEWS_ONCE, NEWS_RULE_EVERY_KIND,
     news_check_list_marker_unicode},
    {"placeholder", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE) | KIND(TEXT), news_check_placeholder},
    {"placeholder", NEWS_WARNING, NEWS_ONCE, KIND(LINK), news_check_link_nowhere},
    {"preheader-missing", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_preheader_missing},
    {"publication-value", NEWS_ERROR, NEWS_ONCE, KIND(ISSUE), news_check_headers},
    {"repeated-word", NEWS_WARNING, NEWS_ONCE, NEWS_RULE_EVERY_KIND, news_check_repeated_word},
    {"section-empty", NEWS_WARNING, NEWS_EACH_EDITION, KIND(SECTION), news_check_section_empty},
    {"subject-long", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_subject_long},
    {"summary-missing", NEWS_WARNING, NEWS_EACH_EDITION, KIND(ISSUE) | KIND(TOC),
     news_check_summary_missing},
    {"summary-unused", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE) | KIND(SECTION),
     news_check_summary_unused},
    {"template-tag", NEWS_WARNING, NEWS_ONCE, KIND(TEXT) | KIND(EMPH), news_check_template_tag},
    {"title-missing", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_title_missing},
    {"unsubscribe-missing", NEWS_WARNING, NEWS_ONCE, KIND(ISSUE), news_check_unsubscribe_missing},
};

const size_t news_rule_count = NEWS_ARRAY_LENGTH(news_rules);
