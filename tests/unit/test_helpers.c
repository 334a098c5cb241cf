/* The functions of `news` that give values, by the short names that layouts have for them. */
#include "layout.h"

static void test_dates(void **state)
{
    expect(*state, "{{ date(issue.date) }}, {{ date(issue.date, '%A, %-d %b %Y, %a %d.%m. %%') }}",
           "17 May 2024, Friday, 17 May 2024, Fri 17.05. %");
    expect(*state,
           "{{ date({ year = 1999, month = 1, day = 2, hour = 3, min = 4 }, '%-d/%-m/%Y %-H:%M %B "
           "%OB') }}",
           "2/1/1999 3:04 January January");
    expect(*state, "{{ require('news').date(issue.date, '%m', 'de') }}", "05");
    expect(*state, "{{ date('2025-3-2') }}, {{ date('2025-03-02 18:30', '%A %H:%M') }}",
           "2 March 2025, Sunday 18:30");
    expect(*state, "{{ date(issue.date, '%A', 'DE-at') }} {{ date(issue.date, '%B', 'pt-BR') }}",
           "Freitag maio");
}

/* A whole date and all that stands in none, for each language. */
static void test_languages(void **state)
{
    static const struct {
        const char *language, *date, *day, *alone;
    } wanted[] = {
        {"cs", "3. ledna 2025", "pátek pá led", "leden"},
        {"da", "3. januar 2025", "fredag fre. jan.", "januar"},
        {"de", "3. Januar 2025", "Freitag Fr. Jan.", "Januar"},
        {"en", "3 January 2025", "Friday Fri Jan", "January"},
        {"es", "3 de enero de 2025", "viernes vie ene", "enero"},
        {"fi", "3. tammikuuta 2025", "perjantai pe tammik.", "tammikuu"},
        {"fr", "3 janvier 2025", "vendredi ven. janv.", "janvier"},
        {"it", "3 gennaio 2025", "venerdì ven gen", "gennaio"},
        {"nb", "3. januar 2025", "fredag fre. jan.", "januar"},
        {"nl", "3 januari 2025", "vrijdag vr jan", "januari"},
        {"no", "3. januar 2025", "fredag fre. jan.", "januar"},
        {"pl", "3 stycznia 2025", "piątek pt. sty", "styczeń"},
        {"pt", "3 de janeiro de 2025", "sexta-feira sex. jan.", "janeiro"},
        {"sv", "3 januari 2025", "fredag fre jan.", "januari"},
        {"ja", "2025-01-03", "2025-01-03", "2025-01-03"},
        {"", "3 January 2025", "Friday Fri Jan", "January"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        char layout[256], text[256];
        snprintf(
            layout, sizeof layout,
            "{%% local d, l = { year = 2025, month = 1, day = 3 }, '%s' %%}{{ date(d, nil, l) }}|"
            "{{ date(d, '%%A %%a %%b', l) }}|{{ date(d, '%%OB', l) }}",
            wanted[i].language);
        snprintf(text, sizeof text, "%s|%s|%s", wanted[i].date, wanted[i].day, wanted[i].alone);
        expect(*state, layout, text);
    }
    expect(*state,
           "{% local d = { year = 2025, month = 5, day = 1 } %}"
           "{{ date(d, nil, 'fr') }} {{ date(d, '%-d %B', 'fr') }} {{ date(d, '%d.%m.', 'ja') }}",
           "1er mai 2025 1 mai 01.05.");
}

/* Twelve months and seven days, none twice. */
static void test_all_names(void **state)
{
    static const char *const languages[] = {"cs", "da", "de", "en", "es", "fi", "fr",
                                            "it", "nb", "nl", "pl", "pt", "sv"};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        char layout[512];
        snprintf(layout, sizeof layout,
                 "{%% local seen, count = {}, 0\n"
                 "local function add(pattern, d)\n"
                 "  local name = pattern .. date(d, pattern, '%s')\n"
                 "  if not seen[name] then count = count + 1 end seen[name] = true\n"
                 "end\n"
                 "for i = 1, 12 do for _, p in ipairs { '%%B', '%%b', '%%OB' } do\n"
                 "  add(p, { year = 2024, month = i, day = 1 })\nend end\n"
                 "for i = 1, 7 do for _, p in ipairs { '%%A', '%%a' } do\n"
                 "  add(p, { year = 2024, month = 1, day = i })\nend end\n%%}{{ count }}",
                 languages[i]);
        expect(*state, layout, "50");
    }
}

/* Whose language it is that dates are in. */
static void test_own_language(void **state)
{
    fixture *f = *state;
    static const char issue[] = "---\ntitle: T\nlang: sv\n---\n\nx\n";
    news_issue_unref(f->issue);
    f->issue = NULL;
    assert_int_equal(
        news_parse(f->ctx, &f->issue, "i.md", issue, sizeof issue - 1, NULL, &f->error), NEWS_OK);
    expect(f, "{{ date({ year = 2024, month = 8, day = 4 }, '%A %-d %B') }}", "söndag 4 augusti");
    static const char plain[] = "---\ntitle: T\n---\n\nx\n", yaml[] = "name: N\nlang: nl\n";
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    assert_int_equal(news_publication_parse(f->ctx, &options.publication, "news.yaml", yaml,
                                            sizeof yaml - 1, NULL, &f->error),
                     NEWS_OK);
    news_issue_unref(f->issue);
    f->issue = NULL;
    assert_int_equal(
        news_parse(f->ctx, &f->issue, "i.md", plain, sizeof plain - 1, &options, &f->error),
        NEWS_OK);
    news_publication_unref(options.publication);
    expect(f, "{{ date({ year = 2024, month = 8, day = 4 }) }}", "4 augustus 2024");
}

static void test_words(void **state)
{
    expect(*state,
           "{{ plural(1, 'a', 'b') }}{{ plural(2, 'a', 'b') }}{{ plural(0, 'a', 'b') }}"
           "{{ plural(1.0, 'a', 'b') }}{{ plural(1.5, 'a', 'b') }}",
           "abbab");
    expect(*state,
           "{{ join({ 'a', 'b', 3 }) }}|{{ join({ 'a', 'b', 'c' }, '; ', ' and ') }}|"
           "{{ join({ 'a', 'b' }, nil, ' and ') }}|{{ join({ 'a' }, ',', '!') }}|{{ join({}) }}",
           "a, b, 3|a; b and c|a and b|a|");
    expect(*state, "{{ join(issue.tags, '·') }} {{ join({ { name = 'Ann' }, 'Bo' }, ' &amp; ') }}",
           "one·two Ann &amp;amp; Bo");
}

static void test_cuts(void **state)
{
    expect(*state,
           "{{ truncate('abcdef', 6) }}|{{ truncate('abcdef', 5) }}|{{ truncate('ab cd', 4) }}|"
           "{{ truncate('abcdef', 4, '...') }}|{{ truncate('abcdef', 3, '') }}|"
           "{{ truncate('abcdef', 1) }}|{{ truncate('', 1) }}",
           "abcdef|abcd…|ab…|a...|abc|…|");
    /* A flag, a family and a letter with its accent are one each. */
    expect(*state,
           "{{ truncate('\xF0\x9F\x87\xB3\xF0\x9F\x87\xB4"
           "e\xCC\x81\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7xy', 4) }}",
           "\xF0\x9F\x87\xB3\xF0\x9F\x87\xB4"
           "e\xCC\x81\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7…");
}

static void test_addresses(void **state)
{
    expect(*state, "{{ urlencode('a b&c/\xC3\xA9~-._') }}", "a%20b%26c%2F%C3%A9~-._");
    expect(*state,
           "{{ slug('  What\\'s New: \xC3\x89t\xC3\xA9 2024! ') }}|{{ slug('!') }}|"
           "{{ slug('\xC8\xBA\xC8\xBA') }}|{{ slug('A') }}",
           "what-s-new-\xC3\xA9t\xC3\xA9-2024||\xE2\xB1\xA5\xE2\xB1\xA5|a");
}

static void test_look_ups(void **state)
{
    expect(*state,
           "{{ get(issue, 'meta.extra.deep.word') }} {{ get(issue.meta, 'extra.none', 'no') }} "
           "{{ get(issue, 'meta.extra.deep.word.more', 'end') }} {{ get(nil, 'a', 'nil') }}",
           "found no end nil");
    expect(*state,
           "{{ get({ a = { b = { 5, 6 } } }, 'a.b.2') }}{{ get({ a = false }, 'a', 1) == false "
           "and 'f' }}{{ get({}, 'a') == nil and 'n' }}{{ get(issue.tags, '1') }}",
           "6fnone");
    expect(*state,
           "{{ get({ a = 'text' }, 'a.len', 'x') }}{{ get(7, 'x.y', 'z') }}{{ get({}, '', 'e') }}",
           "xze");
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *layout, *message;
    } faults[] = {
        {"{{ date('x') }}",
         "bad argument #1 to 'date' (a date expected: a table with year, month and day, or a text "
         "such as \"2024-05-17\")"},
        {"{{ date(issue.updated) }}",
         "bad argument #1 to 'date' (it is nil; test first whether there is a date)"},
        {"{{ date('2024-02-30') }}",
         "bad argument #1 to 'date' (a date expected: a table with year, month and day, or a text "
         "such as \"2024-05-17\")"},
        {"{{ date(issue.date, '%x') }}",
         "news.date knows %Y %m %d %H %M %B %OB %b %A %a and %%; the pattern has '%x'"},
        {"{{ date(issue.date, '%-B') }}",
         "news.date knows %Y %m %d %H %M %B %OB %b %A %a and %%; the pattern has '%-'"},
        {"{{ plural('x', 1, 2) }}", "bad argument #1 to 'plural' (number expected, got string)"},
        {"{{ plural(1, 'a') }}", "bad argument #3 to 'plural' (value expected)"},
        {"{{ join('x') }}", "bad argument #1 to 'join' (list expected, got string)"},
        {"{{ join({ 1, {} }) }}",
         "news.join: entry 2 is table, neither a text nor something with a name"},
        {"{{ join({ true }) }}",
         "news.join: entry 1 is boolean, neither a text nor something with a name"},
        {"{{ truncate('x', 0) }}", "bad argument #2 to 'truncate' (at least 1 character)"},
        {"{{ get(issue, 'titel') }}",
         "a node of kind issue has no field 'titel'; did you mean 'title'?"},
        {"{{ slug(nil) }}", "bad argument #1 to 'slug' (string expected, got nil)"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        expect_error(*state, faults[i].layout, "main.html", 1, 0, faults[i].message);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_dates),        TEST(test_languages), TEST(test_all_names),
        TEST(test_own_language), TEST(test_words),     TEST(test_cuts),
        TEST(test_addresses),    TEST(test_look_ups),  TEST(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
