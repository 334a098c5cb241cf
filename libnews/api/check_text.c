/* Rules about words: what was left to be done, what another program was to fill in, what was
 * written twice. */
#include "api/check.h"
#include "text/text.h"

/* ---- Words ---- */

/* The code point that ends before `at`; 0 at the start. */
static uint32_t before(news_str text, size_t at)
{
    uint32_t c = 0;
    if (at != 0)
        (void)news_utf8_before(text, at, &c);
    return c;
}

static uint32_t at_or_0(news_str text, size_t at)
{
    uint32_t c = 0;
    if (at < text.len)
        (void)news_utf8_decode(text, at, &c);
    return c;
}

static bool is_space(uint32_t c)
{
    return c == 0xA0 || (c < 0x80 && news_is_space((char)c));
}

/* What joins words to one name: "a/b", "in-depth", "x.y", "it's". */
static bool joins(uint32_t c)
{
    return c == '/' || c == '\\' || c == '-' || c == '_' || c == '@' || c == '#' || c == '$' ||
           c == '&' || c == '%' || c == '=' || c == '+' || c == '~' || c == '\'' || c == '`' ||
           c == 0x2019 || c == 0x2010 || c == 0x2011;
}

bool news_check_is_word(news_str text, size_t from, size_t to)
{
    const uint32_t left = before(text, from), right = at_or_0(text, to);
    if ((left != 0 && (news_is_word_character(left) || joins(left) || left == '.')) ||
        (right != 0 && (news_is_word_character(right) || joins(right))))
        return false;
    /* Punctuation ends a word only at the end of what it stands in. */
    bool inner = right == '.' || right == ':' || right == '(';
    uint32_t next = inner ? at_or_0(text, to + 1) : 0;
    return next == 0 || !news_is_word_character(next);
}

/* ---- placeholder ---- */

/* Whether a "TODO" is a note to oneself and not a word about such notes: with a colon, in brackets,
 * or alone where that means something. */
static bool is_note(news_str text, size_t from, size_t to, bool alone)
{
    const uint32_t left = before(text, from), right = at_or_0(text, to);
    return right == ':' ||
           ((left == '[' || left == '(' || left == '{' || left == '<') &&
            (right == ']' || right == ')' || right == '}' || right == '>')) ||
           (alone && news_str_trim(news_str_of(text.ptr, from)).len == 0 &&
            news_str_trim(news_str_skip(text, to)).len == 0);
}

/* The first placeholder at or after *from; the text it has there. False when there is none. */
static bool next_placeholder(news_str text, bool alone, size_t *from, news_str *placeholder)
{
    static const struct {
        const char *word;
        bool only_as_note; /* a word of its own right among programmers */
    } words[] = {{"TK", false}, {"TKTK", false}, {"TODO", true}, {"FIXME", true}, {"XXX", false}};
    static const news_str filler = {"lorem ipsum", 11};
    for (size_t at = *from; at < text.len; at++) {
        const char c = text.ptr[at];
        const news_str rest = news_str_skip(text, at);
        if (news_to_lower(c) == 'l' && rest.len >= filler.len &&
            news_str_equal_nocase(news_str_of(rest.ptr, filler.len), filler)) {
            *placeholder = news_str_of(rest.ptr, filler.len);
            *from = at + filler.len;
            return true;
        }
        if (c != 'T' && c != 'F' && c != 'X')
            continue;
        for (size_t i = 0; i < NEWS_ARRAY_LENGTH(words); i++) {
            const news_str word = news_str_from(words[i].word);
            const size_t end = at + word.len;
            if (!news_str_starts(rest, word) || !news_check_is_word(text, at, end) ||
                (words[i].only_as_note && !is_note(text, at, end, alone)))
                continue;
            *placeholder = news_str_of(rest.ptr, word.len);
            *from = end;
            return true;
        }
    }
    return false;
}

static bool check_matter_text(news_checker *checker, const char *name, news_str text)
{
    size_t at = 0;
    news_str placeholder;
    if (!next_placeholder(text, true, &at, &placeholder))
        return true;
    return news_checker_find(checker, 1, 1, "\"%s\" was left in the %s of the issue",
                             news_show(placeholder).text, name);
}

/* The keys of the front matter that are no fields. */
static bool check_meta(news_checker *checker, const news_node *meta)
{
    for (const news_node *entry = meta->first_child; entry != NULL; entry = entry->next) {
        size_t at = 0;
        news_str placeholder;
        if (entry->kind == NEWS_KIND_SCALAR &&
            next_placeholder(entry->b, true, &at, &placeholder) &&
            !news_checker_find(checker, entry->line, entry->column,
                               "\"%s\" was left in the front matter under \"%s\"",
                               news_show(placeholder).text, news_show(entry->a).text))
            return false;
    }
    return true;
}

bool news_check_placeholder(news_checker *checker, const news_node *node)
{
    size_t at = 0;
    news_str placeholder;
    if (node->kind == NEWS_KIND_ISSUE) {
        const news_issue *issue = checker->issue;
        return check_matter_text(checker, "title", issue->title) &&
               (news_str_equal(issue->subject, issue->title) ||
                check_matter_text(checker, "subject", issue->subject)) &&
               check_matter_text(checker, "summary", issue->summary) &&
               (news_str_equal(issue->preheader, issue->summary) ||
                check_matter_text(checker, "preheader", issue->preheader)) &&
               check_meta(checker, issue->meta);
    }
    const news_node *parent = news_checker_ancestor(checker, 0);
    const bool alone = parent == NULL || parent->kind != NEWS_KIND_LINK;
    while (next_placeholder(node->a, alone, &at, &placeholder))
        if (!news_checker_find(checker, node->line,
                               news_checker_column(checker, node, at - placeholder.len),
                               "\"%s\" was left in the text", news_show(placeholder).text))
            return false;
    return true;
}

/* ---- attributes-unread ---- */

/* "{.loud}", "{: #bell}" behind a paragraph, where other programs read attributes. */
bool news_check_attributes_unread(news_checker *checker, const news_node *node)
{
    const news_node *parent = news_checker_ancestor(checker, 0);
    const news_str text = node->a;
    if (node->next != NULL || parent == NULL || parent->kind != NEWS_KIND_PARAGRAPH ||
        text.len < 4 || text.ptr[text.len - 1] != '}')
        return true;
    size_t open = text.len - 1;
    while (open > 0 && text.ptr[open] != '{')
        open--;
    news_str list = news_str_skip(text, open + 1);
    if (list.len != 0 && list.ptr[0] == ':')
        list = news_str_trim(news_str_skip(list, 1));
    if (text.ptr[open] != '{' || (open != 0 && !news_is_space(text.ptr[open - 1])) ||
        list.len < 3 || (list.ptr[0] != '.' && list.ptr[0] != '#') || !news_is_alpha(list.ptr[1]))
        return true;
    return news_checker_find(checker, node->line, news_checker_column(checker, node, open),
                             "attributes have no meaning here and are shown as text");
}

/* ---- link-space ---- */

/* "[a](b c)", which is text to CommonMark: an address has no spaces. */
bool news_check_link_space(news_checker *checker, const news_node *node)
{
    enum { LONGEST = 500 };
    const news_str text = node->a;
    for (size_t at = news_str_find(text, NEWS_STR("]("), 0); at != SIZE_MAX;
         at = news_str_find(text, NEWS_STR("]("), at + 2)) {
        size_t most = text.len - at < LONGEST ? text.len : at + LONGEST, open = at;
        size_t end = news_str_find_char(news_str_of(text.ptr, most), ')', at);
        while (open > 0 && text.ptr[open - 1] != '[' && text.ptr[open - 1] != ']')
            open--;
        if (end == SIZE_MAX || open == 0 || text.ptr[open - 1] != '[')
            continue;
        news_str address = news_str_of(text.ptr + at + 2, end - at - 2);
        if (news_str_find_char(address, ' ', 0) == SIZE_MAX)
            continue;
        bool is_image = open > 1 && text.ptr[open - 2] == '!';
        if (!news_checker_find(checker, node->line,
                               news_checker_column(checker, node, open - 1 - is_image),
                               "\"%s\" is no address, for it has spaces; this %s is shown as text",
                               news_show(address).text, is_image ? "image" : "link"))
            return false;
    }
    return true;
}

/* ---- template-tag ---- */

static bool find_tag(news_checker *checker, const news_node *text, size_t from, size_t to)
{
    const news_shown shown = news_show(news_str_of(text->a.ptr + from, to - from));
    return news_checker_find(checker, text->line, news_checker_column(checker, text, from),
                             "\"%s\" is a tag of another program; readers would see it as it "
                             "stands",
                             shown.text);
}

/* A tag that closes goes with the one that opens. */
static bool closes(news_str text, size_t at, size_t end)
{
    for (at += 2; at < end && (text.ptr[at] == ' ' || text.ptr[at] == '-');)
        at++;
    return news_str_starts(news_str_skip(text, at), NEWS_STR("end"));
}

/* "{% include sponsor.html %}", "<%= name %>" */
static bool check_tags(news_checker *checker, const news_node *text)
{
    static const struct {
        news_str open, close;
    } kinds[] = {{{"{%", 2}, {"%}", 2}}, {{"<%", 2}, {"%>", 2}}};
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(kinds); i++) {
        size_t at = 0;
        while ((at = news_str_find(text->a, kinds[i].open, at)) != SIZE_MAX) {
            size_t close = news_str_find(text->a, kinds[i].close, at + 2);
            size_t end = close != SIZE_MAX ? close + 2 : text->a.len;
            if (!closes(text->a, at, end) && !find_tag(checker, text, at, end))
                return false;
            at = end;
        }
    }
    return true;
}

/* "*|FNAME|*" is emphasis to Markdown. */
static bool check_mail_tag(news_checker *checker, const news_node *emph)
{
    const news_node *text = emph->first_child;
    if (text == NULL || text->next != NULL || text->kind != NEWS_KIND_TEXT || text->a.len < 3 ||
        text->a.ptr[0] != '|' || text->a.ptr[text->a.len - 1] != '|')
        return true;
    return news_checker_find(checker, emph->line, emph->column,
                             "\"*%s*\" is a tag of another program; readers would see it as it "
                             "stands",
                             news_show(text->a).text);
}

bool news_check_template_tag(news_checker *checker, const news_node *node)
{
    return node->kind == NEWS_KIND_EMPH ? check_mail_tag(checker, node) : check_tags(checker, node);
}

/* ---- list-marker-unicode ---- */

/* The length of a bullet and the space behind it that a line begins with; 0 when it has none. */
static size_t bullet_length(news_str line)
{
    uint32_t c;
    if (line.len == 0)
        return 0;
    size_t length = news_utf8_decode(line, 0, &c);
    if (c != 0x2022 && c != 0x2023 && c != 0x25CF && c != 0x25E6 && c != 0x25AA && c != 0x2043 &&
        c != 0x204C && c != 0x204D)
        return 0;
    return is_space(at_or_0(line, length)) ? length + 1 : 0;
}

/* A row of them is an ornament: "• • •". */
static bool is_ornament(news_str rest)
{
    uint32_t c;
    rest = news_str_trim(rest);
    return rest.len == 0 || bullet_length(rest) != 0 ||
           (news_utf8_decode(rest, 0, &c) == rest.len && !news_is_word_character(c));
}

/* Once for a paragraph: its lines go together. */
bool news_check_list_marker_unicode(news_checker *checker, const news_node *node)
{
    const news_node *parent = news_checker_ancestor(checker, 0);
    const bool in_paragraph = parent != NULL && parent->kind == NEWS_KIND_PARAGRAPH;
    const bool begins = checker->line_begins;
    checker->line_begins = false;
    switch (node->kind) {
    case NEWS_KIND_PARAGRAPH:
        checker->has_bullet = false;
        checker->line_begins = true;
        return true;
    case NEWS_KIND_SOFTBREAK:
    case NEWS_KIND_LINEBREAK: checker->line_begins = in_paragraph; return true;
    case NEWS_KIND_TEXT: break;
    default: return true;
    }
    const size_t length = begins && in_paragraph ? bullet_length(node->a) : 0;
    if (length == 0 || checker->has_bullet ||
        (node->next == NULL && is_ornament(news_str_skip(node->a, length))))
        return true;
    checker->has_bullet = true;
    return news_checker_find(checker, node->line, node->column,
                             "this line begins with a bullet that makes no list");
}

/* ---- repeated-word ---- */

/* Languages in which a word that follows itself is a slip, but for a few. */
static bool repeats_are_slips(news_str lang)
{
    static const char *const languages[] = {"en", "de", "fr", "es", "pt", "it", "nl",
                                            "sv", "da", "nb", "nn", "no", "ca", "pl"};
    size_t length = 0;
    while (length < lang.len && lang.ptr[length] != '-' && lang.ptr[length] != '_')
        length++;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(languages); i++)
        if (news_str_equal_nocase(news_str_of(lang.ptr, length), news_str_from(languages[i])))
            return true;
    return length == 0;
}

/* Words that follow themselves in good sentences. */
static bool may_repeat(news_str word)
{
    /* clang-format off */
    static const char *const words[] = {
        "had", "that", "bye", "no", "so", "very", "ha", "he", "ho", "blah", "yada", "knock", "now",
        "there", "hear", "mumble", "tut", "chop", "yes", "really", "long", "far", "many", "again",
        "night", "hush", "hey", "oh", "wow", "yay", "boo", "nous", "vous", "die", "der", "das",
        "sie", "dat", "det", "ja", "nein", "si", "na",
    };
    /* clang-format on */
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(words); i++)
        if (news_str_equal_nocase(word, news_str_from(words[i])))
            return true;
    return false;
}

static bool is_letter(uint32_t c)
{
    return c < 0x80 ? news_is_alpha((char)c) : news_is_word_character(c);
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool repeats(news_str last, news_str word)
{
    /* "Duran Duran" and "from From" are names; "a a" is none, other letters are. */
    return news_str_equal_nocase(last, word) && !is_upper(word.ptr[0]) && !may_repeat(word) &&
           (word.len > 1 || word.ptr[0] == 'a');
}

static size_t word_end(news_str text, size_t from)
{
    while (from < text.len) {
        uint32_t c;
        size_t length = news_utf8_decode(text, from, &c);
        if (!is_letter(c))
            break;
        from += length;
    }
    return from;
}

/* Reads a text on from the word that the run has come to. */
static bool read_words(news_checker *checker, const news_node *node)
{
    const news_str text = node->a;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t length = news_utf8_decode(text, at, &c), end = word_end(text, at);
        if (end == at) {
            if (!is_space(c))
                checker->word = NEWS_STR_NONE;
            at += length;
            continue;
        }
        const news_str word = news_str_of(text.ptr + at, end - at);
        if (!news_check_is_word(text, at, end)) {
            checker->word = NEWS_STR_NONE;
        } else {
            if (repeats(checker->word, word) &&
                !news_checker_find(checker, node->line, news_checker_column(checker, node, at),
                                   "\"%s\" stands here twice in a row", news_show(word).text))
                return false;
            checker->word = word;
        }
        at = end;
    }
    return true;
}

bool news_check_repeated_word(news_checker *checker, const news_node *node)
{
    const news_node *parent = news_checker_ancestor(checker, 0);
    bool goes_on = node->kind == NEWS_KIND_SOFTBREAK || node->kind == NEWS_KIND_TEXT;
    if (!goes_on || checker->run != parent)
        checker->word = NEWS_STR_NONE;
    checker->run = parent;
    if (node->kind != NEWS_KIND_TEXT || !repeats_are_slips(checker->issue->lang))
        return true;
    return read_words(checker, node);
}
