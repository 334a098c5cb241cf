/* model: one table of fields read in one way, runs of nodes, links that stand alone, findings in
 * order, and an issue that is freed once, by whoever lets go last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <cmocka.h>

#include "model/model.h"

typedef struct {
    size_t bytes, calls, fail_at;
} counter;

static void *counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    counter *c = ud;
    if (new_size == 0) {
        free(ptr);
        c->bytes -= old_size;
        return NULL;
    }
    if (++c->calls == c->fail_at)
        return NULL;
    void *moved = realloc(ptr, new_size);
    assert_non_null(moved);
    c->bytes = c->bytes - old_size + new_size;
    return moved;
}

static news_issue *new_issue(counter *c)
{
    news_allocator allocator = {counting, c};
    return news_issue_new(&allocator, NEWS_STR("2024/issue.md"));
}

/* Adds a node as the last child. */
static news_node *add(news_issue *issue, news_node *parent, news_kind kind)
{
    static uint32_t line = 1;
    news_node *node = news_node_new(issue, kind, line++, 1), **end = &parent->first_child;
    assert_non_null(node);
    while (*end != NULL)
        end = &(*end)->next;
    *end = node;
    node->parent = parent;
    return node;
}

static news_value get(const news_node *node, const char *field)
{
    news_value value;
    assert_true(news_node_get(node, field, &value));
    return value;
}

static size_t count(const news_node *node, const char *field)
{
    news_value value = get(node, field);
    assert_int_equal(value.type, NEWS_VALUE_NODES);
    return news_nodes_count(&value.as.nodes);
}

static void assert_string_field(const news_node *node, const char *field, const char *expected)
{
    news_value value = get(node, field);
    assert_int_equal(value.type, NEWS_VALUE_STRING);
    assert_int_equal(value.as.string.len, strlen(expected));
    assert_memory_equal(value.as.string.ptr, expected, strlen(expected));
}

static void assert_integer_field(const news_node *node, const char *field, int64_t expected)
{
    news_value value = get(node, field);
    assert_int_equal(value.type, NEWS_VALUE_INTEGER);
    assert_int_equal(value.as.integer, expected);
}

static void assert_boolean_field(const news_node *node, const char *field, bool expected)
{
    news_value value = get(node, field);
    assert_int_equal(value.type, NEWS_VALUE_BOOLEAN);
    assert_int_equal(value.as.boolean, expected);
}

static void assert_absent(const news_node *node, const char *field)
{
    assert_int_equal(get(node, field).type, NEWS_VALUE_NONE);
}

/* ---- Names ---- */

static void kinds(void **state)
{
    (void)state;
    assert_null(news_kind_name(NEWS_KIND_NONE));
    assert_null(news_kind_name(NEWS_KIND_COUNT));
    assert_null(news_kind_name((news_kind)-1));
    for (int kind = NEWS_KIND_NONE + 1; kind < NEWS_KIND_COUNT; kind++) {
        const char *name = news_kind_name((news_kind)kind);
        assert_non_null(name);
        assert_int_equal(news_kind_from_name(news_str_from(name)), kind);
    }
    assert_int_equal(news_kind_from_name(NEWS_STR("paragraf")), NEWS_KIND_NONE);
    assert_int_equal(news_kind_from_name(NEWS_STR_NONE), NEWS_KIND_NONE);
}

static void field_names(void **state)
{
    (void)state;
    for (unsigned field = 0; field < NEWS_FIELD_COUNT; field++) {
        bool used = false;
        assert_int_equal(news_field_from_name(news_field_name((news_field)field)), field);
        for (int kind = 1; kind < NEWS_KIND_COUNT; kind++)
            used = used || news_kind_has_field((news_kind)kind, (news_field)field);
        assert_true(used);
    }
    assert_int_equal(news_field_from_name(NEWS_STR("Title")), NEWS_FIELD_COUNT);
    assert_int_equal(news_field_name(NEWS_FIELD_COUNT).len, 0);
    assert_int_equal(news_kind_nearest_field(NEWS_KIND_LINK, NEWS_STR("tilte")), NEWS_FIELD_TITLE);
    assert_int_equal(news_kind_nearest_field(NEWS_KIND_LINK, NEWS_STR("litteral")),
                     NEWS_FIELD_COUNT); /* text has it, a link has not */
}

static void field_order(void **state)
{
    (void)state;
    for (int kind = 1; kind < NEWS_KIND_COUNT; kind++) {
        size_t fields = 0;
        const char *last = "";
        assert_string_equal(news_kind_field((news_kind)kind, 0), "kind");
        assert_string_equal(news_kind_field((news_kind)kind, 1), "line");
        assert_string_equal(news_kind_field((news_kind)kind, 2), "column");
        for (const char *name; (name = news_kind_field((news_kind)kind, fields)) != NULL; fields++)
            last = name;
        assert_string_equal(last, "parent");
        assert_null(news_kind_field((news_kind)kind, fields + 1));
    }
    assert_null(news_kind_field(NEWS_KIND_NONE, 0));
    assert_null(news_kind_field(NEWS_KIND_COUNT, 0));
}

/* ---- Fields ---- */

static void issue_fields(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    const news_node *root = news_issue_root(issue);
    assert_string_equal(news_issue_name(issue).ptr, "2024/issue.md");
    assert_int_equal(news_node_kind(root), NEWS_KIND_ISSUE);
    assert_null(news_node_parent(root));
    assert_absent(root, "parent");
    assert_absent(root, "title");
    assert_absent(root, "date");
    assert_absent(root, "authors");
    assert_string_field(root, "kind", "issue");
    assert_integer_field(root, "words", 0);
    assert_integer_field(root, "reading_minutes", 0);
    assert_int_equal(count(root, "sections"), 0);
    assert_ptr_equal(get(root, "meta").as.node, issue->meta);

    issue->title = NEWS_STR("Prix fixe");
    issue->words = 231;
    issue->has_date = true;
    issue->date = (news_date){.year = 2024, .month = 2, .day = 29};
    assert_string_field(root, "title", "Prix fixe");
    assert_integer_field(root, "reading_minutes", 2);
    news_value date = get(root, "date");
    assert_int_equal(date.type, NEWS_VALUE_DATE);
    assert_int_equal(date.as.date.day, 29);

    /* What comes before the first section is the intro. */
    news_node *intro = add(issue, issue->root, NEWS_KIND_PARAGRAPH);
    (void)add(issue, issue->root, NEWS_KIND_THEMATIC_BREAK);
    assert_int_equal(count(root, "intro"), 2);
    news_node *section = add(issue, issue->root, NEWS_KIND_SECTION);
    issue->first_section = section;
    assert_int_equal(count(root, "intro"), 2);
    assert_ptr_equal(get(root, "intro").as.nodes.first, intro);
    assert_int_equal(count(root, "sections"), 1);
    assert_int_equal(count(root, "children"), 3);
    assert_ptr_equal(get(intro, "parent").as.node, root);

    news_value value = {.type = NEWS_VALUE_STRING};
    assert_false(news_node_get(root, "src", &value)); /* another kind's */
    assert_int_equal(value.type, NEWS_VALUE_NONE);
    assert_false(news_node_get(root, "tittle", &value));
    assert_false(news_node_get(root, "", &value));
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void section_fields(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *node = add(issue, issue->root, NEWS_KIND_SECTION);
    news_section section = {0};
    node->extra = &section;
    node->number = 2;
    node->a = NEWS_STR("weekly-links");
    node->b = NEWS_STR("Weekly Links");
    assert_string_field(node, "id", "weekly-links");
    assert_string_field(node, "title", "Weekly Links");
    assert_integer_field(node, "level", 2);
    assert_absent(node, "heading");
    assert_absent(node, "class");
    assert_absent(node, "classes");

    news_node *classes = news_node_new(issue, NEWS_KIND_SEQUENCE, 1, 1);
    news_node *first = add(issue, classes, NEWS_KIND_SCALAR);
    first->b = NEWS_STR("links");
    section.classes = classes;
    assert_string_field(node, "class", "links");
    assert_ptr_equal(get(node, "classes").as.node, classes);

    news_node *block = add(issue, node, NEWS_KIND_PARAGRAPH);
    news_node *nested = add(issue, node, NEWS_KIND_SECTION);
    section.first_section = nested;
    assert_ptr_equal(get(node, "blocks").as.nodes.first, block);
    assert_int_equal(count(node, "blocks"), 1);
    assert_int_equal(count(node, "sections"), 1);
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void link_and_image_fields(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *paragraph = add(issue, issue->root, NEWS_KIND_PARAGRAPH);
    news_node *link = add(issue, paragraph, NEWS_KIND_LINK);
    news_str title = NEWS_STR("The title");
    link->a = NEWS_STR("https://user@www.example.org:8080/a?b#c");
    link->b = NEWS_STR("text");
    assert_string_field(link, "url", "https://user@www.example.org:8080/a?b#c");
    assert_string_field(link, "host", "example.org");
    assert_string_field(link, "target", "external");
    assert_absent(link, "title");
    link->extra = &title;
    assert_string_field(link, "title", "The title");
    link->a = NEWS_STR("#top");
    link->number = NEWS_LINK_SECTION;
    assert_absent(link, "host");
    assert_string_field(link, "target", "section");
    link->number = NEWS_LINK_MAIL;
    assert_string_field(link, "target", "mail");
    link->number = NEWS_LINK_ISSUE;
    assert_string_field(link, "target", "issue");

    news_node *image = add(issue, paragraph, NEWS_KIND_IMAGE);
    image->a = NEWS_STR("chart.png");
    assert_string_field(image, "src", "chart.png");
    assert_string_field(image, "alt", ""); /* empty is not absent: the image is decoration */
    assert_absent(image, "width");
    news_image size = {.width = 600};
    image->extra = &size;
    assert_integer_field(image, "width", 600);
    assert_absent(image, "height");
    assert_absent(image, "title");
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void item_fields(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *node = add(issue, issue->root, NEWS_KIND_ITEM);
    news_node *paragraph = add(issue, node, NEWS_KIND_PARAGRAPH);
    news_node *link = add(issue, paragraph, NEWS_KIND_LINK);
    link->a = NEWS_STR("https://example.org/post");
    news_item item = {.link = link, .heading = {.first = link}, .title = NEWS_STR("A post")};
    node->extra = &item;
    assert_string_field(node, "title", "A post");
    assert_string_field(node, "url", "https://example.org/post");
    assert_string_field(node, "host", "example.org");
    assert_absent(node, "icon");
    assert_absent(node, "source");
    assert_boolean_field(node, "continues", false);
    node->flags = NEWS_NODE_CONTINUES;
    assert_boolean_field(node, "continues", true);
    assert_ptr_equal(get(node, "link").as.node, link);
    assert_int_equal(count(node, "heading"), 1);
    assert_int_equal(count(node, "body"), 0);
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void block_fields(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *list = add(issue, issue->root, NEWS_KIND_LIST);
    list->number = 3;
    assert_absent(list, "start"); /* bullets have none */
    list->flags = NEWS_NODE_ORDERED | NEWS_NODE_TIGHT;
    assert_integer_field(list, "start", 3);
    assert_boolean_field(list, "tight", true);
    news_node *entry = add(issue, list, NEWS_KIND_LIST_ITEM);
    assert_absent(entry, "checked");
    entry->flags = NEWS_NODE_TASK;
    assert_boolean_field(entry, "checked", false);
    entry->flags = NEWS_NODE_TASK | NEWS_NODE_CHECKED;
    assert_boolean_field(entry, "checked", true);

    news_node *code = add(issue, issue->root, NEWS_KIND_CODE_BLOCK);
    code->a = NEWS_STR("int x;\n");
    assert_absent(code, "lang");
    assert_absent(code, "info");
    code->b = NEWS_STR("c hl=2");
    assert_string_field(code, "lang", "c");
    assert_string_field(code, "info", "c hl=2");
    assert_string_field(code, "literal", "int x;\n");

    news_node *table = add(issue, issue->root, NEWS_KIND_TABLE);
    assert_absent(table, "header");
    assert_int_equal(count(table, "rows"), 0);
    news_node *header = add(issue, table, NEWS_KIND_TABLE_ROW);
    (void)add(issue, table, NEWS_KIND_TABLE_ROW);
    news_node *cell = add(issue, header, NEWS_KIND_TABLE_CELL);
    assert_ptr_equal(get(table, "header").as.node, header);
    assert_int_equal(count(table, "rows"), 1);
    assert_absent(cell, "align");
    cell->number = NEWS_ALIGN_CENTER;
    assert_string_field(cell, "align", "center");

    news_node *heading = add(issue, issue->root, NEWS_KIND_HEADING);
    heading->number = 3;
    heading->b = NEWS_STR("Words");
    assert_integer_field(heading, "level", 3);
    assert_string_field(heading, "text", "Words");
    assert_absent(heading, "id");
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void mappings(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *entry = add(issue, issue->meta, NEWS_KIND_SCALAR);
    entry->a = NEWS_STR("sponsor");
    entry->b = NEWS_STR("");
    assert_string_field(entry, "key", "sponsor");
    assert_string_field(entry, "value", "");
    assert_ptr_equal(news_mapping_get(issue->meta, NEWS_STR("sponsor")), entry);
    assert_null(news_mapping_get(issue->meta, NEWS_STR("sponsors")));
    assert_null(news_mapping_get(entry, NEWS_STR("sponsor"))); /* no mapping */
    assert_null(news_mapping_get(NULL, NEWS_STR("sponsor")));
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

/* ---- Runs of nodes ---- */

static void runs(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    const news_node *nodes[4];
    for (size_t i = 0; i < 4; i++)
        nodes[i] = add(issue, issue->root, NEWS_KIND_PARAGRAPH);
    const news_node *picked[] = {nodes[3], nodes[1]};

    news_nodes siblings = {.first = nodes[1], .end = nodes[3]};
    assert_int_equal(news_nodes_count(&siblings), 2);
    assert_ptr_equal(news_nodes_next(&siblings), nodes[1]);
    assert_int_equal(news_nodes_count(&siblings), 1);
    assert_ptr_equal(news_nodes_next(&siblings), nodes[2]);
    assert_null(news_nodes_next(&siblings));
    assert_null(news_nodes_next(&siblings)); /* and so it stays */

    news_nodes array = {.array = picked, .count = 2};
    assert_int_equal(news_nodes_count(&array), 2);
    assert_ptr_equal(news_nodes_next(&array), nodes[3]);
    assert_ptr_equal(news_nodes_next(&array), nodes[1]);
    assert_null(news_nodes_next(&array));
    assert_int_equal(news_nodes_count(&array), 0);

    news_nodes none = {.first = NULL};
    assert_int_equal(news_nodes_count(&none), 0);
    assert_null(news_nodes_next(&none));
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static bool is_alone(const news_node *link)
{
    size_t looked_at = 0;
    bool alone = news_link_alone(link, &looked_at);
    assert_true(looked_at > 0);
    return alone;
}

static void links_alone(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    news_node *paragraph = add(issue, issue->root, NEWS_KIND_PARAGRAPH);
    news_node *strong = add(issue, paragraph, NEWS_KIND_STRONG);
    news_node *link = add(issue, strong, NEWS_KIND_LINK);
    assert_true(is_alone(link)); /* emphasis aside */
    news_node *text = add(issue, paragraph, NEWS_KIND_TEXT);
    text->a = NEWS_STR(" ");
    (void)add(issue, paragraph, NEWS_KIND_SOFTBREAK);
    assert_true(is_alone(link)); /* white space aside */
    text->a = NEWS_STR(" and more");
    assert_false(is_alone(link));

    news_node *entry = add(issue, add(issue, issue->root, NEWS_KIND_LIST), NEWS_KIND_LIST_ITEM);
    link = add(issue, add(issue, entry, NEWS_KIND_PARAGRAPH), NEWS_KIND_LINK);
    assert_true(is_alone(link));
    (void)add(issue, entry, NEWS_KIND_PARAGRAPH);
    assert_false(is_alone(link)); /* the entry holds more */

    link = add(issue, add(issue, issue->root, NEWS_KIND_TABLE_CELL), NEWS_KIND_LINK);
    assert_true(is_alone(link));
    link = add(issue, add(issue, issue->root, NEWS_KIND_HEADING), NEWS_KIND_LINK);
    assert_false(is_alone(link));
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

/* ---- Issues ---- */

static void findings(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    char lengthy[2000];
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_true(news_issue_find(issue, NEWS_ERROR, "last", 9, 1, "%s", lengthy));
    assert_true(news_issue_find(issue, NEWS_WARNING, "third", 3, 7, "z"));
    assert_true(news_issue_find(issue, NEWS_WARNING, "second", 3, 2, "line %d", 3));
    assert_true(news_issue_find(issue, NEWS_WARNING, "first", 3, 2, "b"));
    news_issue_sort_findings(issue);
    assert_int_equal(news_issue_finding_count(issue), 4);
    assert_string_equal(issue->findings[0].code, "first");
    assert_string_equal(issue->findings[1].message.ptr, "line 3");
    assert_string_equal(issue->findings[2].code, "third");
    assert_string_equal(issue->findings[3].code, "last");
    assert_true(issue->findings[3].message.len >= 256);
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

static void assert_str(news_str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    if (s.len != 0)
        assert_memory_equal(s.ptr, expected, s.len);
}

static void merge_fields(void **state)
{
    static const struct {
        const char *text, *name, *otherwise; /* otherwise: NULL for no default */
    } good[] = {
        {"{{name}}", "name", NULL},
        {"{{ first_name }}", "first_name", NULL},
        {"{{\t_a-b.2c.d \t}}", "_a-b.2c.d", NULL},
        {"{{ name or \"dear reader\" }}", "name", "dear reader"},
        {"{{name or ''}}", "name", ""},
        {"{{ name or 'a \"b\" }} c' }}", "name", "a \"b\" }} c"},
        {"{{ or or\"x\"}}", "or", "x"},
        {"{{ oracle }}", "oracle", NULL},
    };
    static const char *const bad[] = {
        "",
        "{",
        "{{",
        "{{}}",
        "{{ }}",
        "{{ 1st }}",
        "{{ -a }}",
        "{{ a. }}",
        "{{ a..b }}",
        "{{ a b }}",
        "{{ a or }}",
        "{{ a or b }}",
        "{{ a or \"b }}",
        "{{ a or \"b' }}",
        "{{ a or \"b\nc\" }}",
        "{{ aor \"b\" }}",
        "{{ a or \u201cb\u201d }}",
        "{{ a }",
        "{{ a\n}}",
        "{{{ a }}}",
        "a",
        "{{ a\x01 }}",
    };
    news_merge_field field;
    (void)state;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(good); i++) {
        news_str text = news_str_from(good[i].text);
        assert_int_equal(news_merge_field_parse(text, 0, &field), text.len);
        assert_str(field.name, good[i].name);
        assert_int_equal(field.has_default, good[i].otherwise != NULL);
        assert_str(field.otherwise, good[i].otherwise != NULL ? good[i].otherwise : "");
    }
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(bad); i++) {
        assert_int_equal(news_merge_field_parse(news_str_from(bad[i]), 0, &field), 0);
        assert_str(field.name, "");
        assert_false(field.has_default);
    }
    assert_int_equal(news_merge_field_parse(NEWS_STR("x {{ a }} y"), 2, &field), 9);
    assert_int_equal(news_merge_field_parse(NEWS_STR("{{ a }}"), 7, &field), 7);
}

static void merge_pieces(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"plain", "plain|"},
        {"{{ a }}", "|a="},
        {"u={{ a }}&v={{b or 'c'}}", "u=|a=;&v=|b=c"},
        {"a \\{{ b }} {{ c }}", "a |;{{|; b }} |c="},
        {"\\{{", "{{|"},
        {"{{ {{ a }}", "{{ |a="},
        {"{{{a}}}", "{|a=;}|"},
        {"{{ a or b }}{{ d }}", "{{ a or b }}|d="},
        {"{{ open or 'x", "{{ open or 'x|"},
        {"\\{\\{{{a}}", "\\{|;{{|;{a}}|"},
    };
    (void)state;
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(cases); i++) {
        news_str text = news_str_from(cases[i][0]), literal;
        news_merge_field field;
        char got[128] = "";
        size_t len = 0;
        while (news_merge_next(&text, &literal, &field))
            len += (size_t)snprintf(
                got + len, sizeof got - len, "%s%.*s|%.*s%s%.*s", len != 0 ? ";" : "",
                (int)literal.len, literal.len != 0 ? literal.ptr : "", (int)field.name.len,
                field.name.len != 0 ? field.name.ptr : "", field.name.len != 0 ? "=" : "",
                (int)field.otherwise.len, field.has_default ? field.otherwise.ptr : "");
        assert_string_equal(got, cases[i][1]);
    }
}

static void memory(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at < 64; fail_at++) {
        counter c = {.fail_at = fail_at};
        news_issue *issue = new_issue(&c);
        size_t made = 0;
        for (int i = 0; issue != NULL && i < 200; i++) {
            made += news_node_new(issue, NEWS_KIND_TEXT, 1, 1) != NULL;
            (void)news_issue_find(issue, NEWS_WARNING, "code", 1, 1, "message");
        }
        assert_true(issue == NULL || issue->node_count >= made);
        if (issue != NULL)
            news_issue_sort_findings(issue);
        news_issue_unref(issue);
        assert_int_equal(c.bytes, 0);
    }
    news_issue_unref(NULL);
    assert_null(news_issue_ref(NULL));
}

static int borrow(void *ud)
{
    news_issue *issue = ud;
    for (int i = 0; i < 20000; i++)
        news_issue_unref(news_issue_ref(issue));
    news_issue_unref(issue);
    return 0;
}

static void references(void **state)
{
    (void)state;
    counter c = {0};
    news_issue *issue = new_issue(&c);
    thrd_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(thrd_create(&threads[i], borrow, news_issue_ref(issue)), thrd_success);
    for (int i = 0; i < 4; i++)
        (void)thrd_join(threads[i], NULL);
    assert_true(c.bytes > 0);
    assert_string_equal(news_issue_name(issue).ptr, "2024/issue.md");
    news_issue_unref(issue);
    assert_int_equal(c.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),          cmocka_unit_test(field_names),
        cmocka_unit_test(field_order),    cmocka_unit_test(issue_fields),
        cmocka_unit_test(section_fields), cmocka_unit_test(link_and_image_fields),
        cmocka_unit_test(item_fields),    cmocka_unit_test(block_fields),
        cmocka_unit_test(mappings),       cmocka_unit_test(runs),
        cmocka_unit_test(links_alone),    cmocka_unit_test(findings),
        cmocka_unit_test(memory),         cmocka_unit_test(references),
        cmocka_unit_test(merge_fields),   cmocka_unit_test(merge_pieces),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
