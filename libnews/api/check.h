/* check: what the rules of news_check() share.
 *
 * A rule is a function and a line in the table of check_rules.c. It is shown the nodes of its kinds
 * in the order in which readers meet them, and says what is wrong with news_checker_find(). Rules
 * return false only when memory is short.
 *
 * Rules of the scope NEWS_EACH_EDITION look at what is left of the issue in each edition; a finding
 * that not all editions share says whose it is. Those of NEWS_EACH_MAIL are about the mail that an
 * edition makes (check_mail.c). All others look at the issue once.
 */
#ifndef NEWS_CHECK_H
#define NEWS_CHECK_H

#include "script/script.h"
#include "source/source.h"

typedef struct news_checker news_checker;

typedef enum { NEWS_ONCE, NEWS_EACH_EDITION, NEWS_EACH_MAIL } news_rule_scope;

#define NEWS_RULE_KIND(kind) (UINT64_C(1) << NEWS_KIND_##kind)
#define NEWS_RULE_EVERY_KIND UINT64_MAX

typedef struct {
    const char *code;
    news_severity severity;
    news_rule_scope scope;
    uint64_t kinds; /* of the nodes it looks at */
    bool (*look)(news_checker *checker, const news_node *node);
} news_rule;

extern const news_rule news_rules[];
extern const size_t news_rule_count;

/* A node whose children are being visited. They are kept here, for the nodes that an edition shares
 * with the whole issue have their parents there. */
typedef struct {
    const news_node *node;
    news_nodes children;
    uint8_t parts; /* of a section: how many of heading, summary and children were begun */
} news_check_frame;

/* A section or a link of the edition at hand. */
typedef struct {
    const news_node *node;
    news_str source; /* the file it was written in */
    size_t section;  /* which of the list is the innermost section around it, from 1; 0: none */
} news_landmark;

/* What a rule saw before, and where. */
typedef struct {
    news_str address;
    const news_node *parent;
    uint32_t line; /* 0: nothing yet */
} news_seen;

/* The images that travel with a mail, while they are counted. */
typedef struct {
    news_strmap seen; /* their addresses */
    uint64_t weight;
    news_status status;
    news_error *error;
} news_luggage;

struct news_checker {
    const news_issue *issue; /* the one that is looked at */
    const news_issue *whole; /* the one it is an edition of, or itself */
    const news_source_options *options;
    news_host *host;
    news_heap *heap;
    news_issue *report; /* its arena and its list of findings are the check's */
    const news_rule *rule;
    news_str source; /* the file that the nodes at hand were written in */
    news_buf scratch;

    /* Of each finding, in which editions it is. */
    struct news_check_mark *marks;
    size_t mark_count, mark_capacity;
    news_strmap found; /* by code and place, and those of parsing by their message, too */
    size_t edition;    /* the one that is looked at, from 1; 0: the issue as a whole */
    size_t mails;      /* editions whose mail was looked at */

    news_check_frame *frames;
    size_t frame_count, frame_capacity;

    /* What is known before the rules begin. */
    news_strmap ids; /* index in `id_list` */
    news_str *id_list;
    size_t id_count, id_capacity;
    size_t web_links, secure_links;
    news_strmap silenced;

    size_t guesses; /* of what may have been meant, so far */
    /* The last column that was asked for, from which the next one is counted on. */
    const news_node *column_of;
    size_t column_at;
    uint32_t column;

    /* What rules remember of the nodes before, while one issue is walked. */
    news_strmap texts; /* of links; index in `seen`, from 1 */
    news_strmap items; /* their addresses and titles; the same */
    news_seen *seen;
    size_t seen_count, seen_capacity;
    const news_node *run; /* whose text is being read */
    news_str word;        /* the last of it, if white space alone followed */
    bool line_begins;     /* in a paragraph, nothing of the line having been seen */
    bool has_bullet;      /* a line of the paragraph began with one */

    /* Mail: the sections and links of the edition, and the last section met. */
    news_landmark *landmarks;
    size_t landmark_count, landmark_capacity, last_section;
    news_luggage *images;
    news_strmap files; /* those that were loaded, by path: 1: missing, else 2 + their bytes */
};

/* Does what news_check() promises. */
news_status news_check_issue(news_host *host, const news_source_options *options,
                             const news_issue *issue, news_diagnostic_fn found, void *ud,
                             news_error *error);

/* ---- For rules ---- */

/* Notes a finding of the rule at hand, once. */
bool news_checker_find(news_checker *checker, uint32_t line, uint32_t column, const char *format,
                       ...) NEWS_PRINTF(4, 5);
/* Whether a finding of this code is at a place of the file at hand. False when memory is short. */
bool news_checker_has(news_checker *checker, const char *code, uint32_t line, uint32_t column,
                      bool *has);
/* The node that the one at hand is a child of, or with `up` one that far above it; NULL at the
 * top. */
const news_node *news_checker_ancestor(const news_checker *checker, size_t up);
/* Looking for the nearest name takes time. False when enough were looked for. */
bool news_checker_may_guess(news_checker *checker);
/* The column of an offset in the text of a node: right unless entities or escapes come before. */
uint32_t news_checker_column(news_checker *checker, const news_node *text, size_t at);

/* What is noted in one of the maps above under the text in `scratch`; NULL when memory is short.
 * Valid until the next call. */
news_seen *news_checker_seen(news_checker *checker, news_strmap *map);

/* So much of a text as a message has room for. */
typedef struct {
    char text[64];
} news_shown;
news_shown news_show(news_str text);

/* Whether a word that stands at this part of a text stands there by itself: not in a longer word, a
 * path, an address or a name with punctuation in it. */
bool news_check_is_word(news_str text, size_t from, size_t to);

/* Whether one of the names equals a text but for the case of ASCII letters. */
bool news_check_is_one_of(news_str s, const char *const *names, size_t count);

/* Calls `visit` for every node of an issue, masthead and footer included, in reading order. */
typedef bool (*news_visit_fn)(news_checker *checker, const news_node *node);
bool news_checker_walk(news_checker *checker, news_visit_fn visit);

/* Whether images travel with the mail. */
bool news_check_attaches_images(const news_publication *publication);

/* ---- Mail ---- */

/* check_mail.c: renders the edition at hand as a mail, and looks at what comes out. */
news_status news_check_mail(news_checker *checker, news_error *error);
/* check_images.c: the images that travel with it. */
news_status news_check_images(news_checker *checker, news_error *error);

/* ---- The rules ---- */

#define NEWS_RULE(name) bool news_check_##name(news_checker *checker, const news_node *node)

/* check_addresses.c */
NEWS_RULE(link_http);
NEWS_RULE(link_local);
NEWS_RULE(link_nowhere);
NEWS_RULE(link_relative);
NEWS_RULE(link_shortener);
NEWS_RULE(link_tracking);
/* check_links.c */
NEWS_RULE(anchor_missing);
NEWS_RULE(item_repeated);
NEWS_RULE(link_ambiguous);
NEWS_RULE(link_empty_text);
NEWS_RULE(link_text);
/* check_text.c */
NEWS_RULE(attributes_unread);
NEWS_RULE(list_marker_unicode);
NEWS_RULE(placeholder);
NEWS_RULE(repeated_word);
NEWS_RULE(link_space);
NEWS_RULE(template_tag);
/* check_shape.c */
NEWS_RULE(edition_empty);
NEWS_RULE(heading_jump);
NEWS_RULE(image_alt);
NEWS_RULE(image_format);
NEWS_RULE(image_size);
NEWS_RULE(section_empty);
NEWS_RULE(summary_missing);
NEWS_RULE(summary_unused);
/* check_headers.c */
NEWS_RULE(headers);
/* check_matter.c */
NEWS_RULE(date_missing);
NEWS_RULE(field_undeclared);
NEWS_RULE(field_without_value);
NEWS_RULE(front_matter_missing);
NEWS_RULE(preheader_missing);
NEWS_RULE(subject_long);
NEWS_RULE(title_missing);
NEWS_RULE(unsubscribe_missing);

#endif
