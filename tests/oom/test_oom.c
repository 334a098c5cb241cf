/* Fails every allocation in turn, once and for ever after, in everything the library does: out of
 * memory is reported, nothing leaks, and the same call in the same context then gives the same
 * bytes as ever.
 *
 *     test_oom [--all] FOLDER
 *
 * FOLDER is newsletter/, beside this file. Without --all, where there are very many allocations
 * only some of them fail, at even distances. Each function of news.h must be called here while
 * memory may fail; the last test sees to that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "news/news.h"

enum { SAMPLES = 100, MOST_FILES = 32 };

static bool tries_all;

/* ---- The functions there are ---- */

static const char *const functions[] = {
#include "exported_names.h"
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };
static bool was_swept[FUNCTIONS];
static bool is_armed;

static void note(const char *function)
{
    for (size_t i = 0; is_armed && i < FUNCTIONS; i++)
        if (strcmp(functions[i], function) == 0)
            was_swept[i] = true;
}

/* Every call that is to be swept is written so: SWEPT(news_parse)(ctx, …). */
#define SWEPT(function) (note(#function), (function))

/* ---- The newsletter ---- */

static struct {
    char name[32];
    char *bytes;
    size_t len;
} files[MOST_FILES];
static size_t file_count;

static void read_file(const char *folder, const char *name)
{
    char path[1024];
    assert_true(file_count < MOST_FILES);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    files[file_count].bytes = calloc(1, 1 << 16);
    assert_non_null(files[file_count].bytes);
    files[file_count].len = fread(files[file_count].bytes, 1, (1 << 16) - 1, file);
    (void)snprintf(files[file_count++].name, sizeof files->name, "%s", name);
    (void)fclose(file);
}

static news_str text_of(const char *name)
{
    for (size_t i = 0; i < file_count; i++)
        if (strcmp(files[i].name, name) == 0)
            return (news_str){files[i].bytes, files[i].len};
    return (news_str){NULL, 0};
}

/* ---- What a sweep works on ---- */

typedef struct sweep sweep;

typedef struct {
    const sweep *sweep;
    failing memory;
    news_ctx *ctx;
    news_issue *issue;
    news_error error; /* of the last run */
    size_t open_files, open_natives;
    char *said; /* what a run gave */
    size_t said_len;
} world;

struct sweep {
    const char *name;
    news_status (*run)(world *w, news_error *error);
    const char *argument;   /* of a render, the format; else a file of the newsletter */
    news_status wanted;     /* when there is memory */
    bool has_own;           /* formats and layouts of one's own are loaded before */
    bool is_fresh;          /* each failure in a new context, as what it does would stay */
    bool is_still;          /* leaves nothing in the context, not even in Lua */
    const char *edition;    /* of a render, as are those below */
    news_option options[3]; /* up to one without a name */
};

static void say(world *w, const char *bytes, size_t len)
{
    char *longer = realloc(w->said, w->said_len + len + 1);
    assert_non_null(longer);
    memcpy(longer + w->said_len, bytes, len);
    w->said = longer;
    w->said_len += len;
    w->said[w->said_len] = '\0';
}

static void say_str(world *w, news_str text)
{
    if (text.len != 0)
        say(w, text.ptr, text.len);
    say(w, "\n", 1);
}

static void say_text(world *w, const char *text)
{
    say_str(w, (news_str){text, text != NULL ? strlen(text) : 0});
}

static void say_number(world *w, long long number)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%lld", number);
    say_text(w, digits);
}

static int to_said(void *ud, const char *bytes, size_t len)
{
    say(ud, bytes, len);
    return 0;
}

/* A script that prints this wants to be cancelled. */
static void hear(void *ud, const char *text, size_t len)
{
    world *w = ud;
    if (len >= 6 && memcmp(text, "cancel", 6) == 0)
        SWEPT(news_cancel)(w->ctx);
}

static news_status load_file(void *ud, const char *path, news_file *file)
{
    world *w = ud;
    news_str text = strcmp(path, "b.png") == 0 ? (news_str){"\x89PNG", 4} : text_of(path);
    if (text.ptr == NULL)
        return NEWS_ERR_NOT_FOUND;
    file->bytes = text.ptr;
    file->len = text.len;
    w->open_files++;
    return NEWS_OK;
}

static void release_file(void *ud, news_file *file)
{
    world *w = ud;
    (void)file;
    w->open_files--;
}

static news_loader loader_of(world *w)
{
    news_loader loader = NEWS_LOADER_INIT;
    loader.load = load_file;
    loader.release = release_file;
    loader.ud = w;
    return loader;
}

static news_status make_ctx(world *w, news_error *error)
{
    news_allocator allocator = {failing_reallocate, &w->memory};
    news_options options = NEWS_OPTIONS_INIT;
    options.allocator = &allocator;
    options.max_kept = NEWS_KEEP_NOTHING; /* so that every allocation may fail */
    options.log = hear;
    options.log_data = w;
    return SWEPT(news_ctx_new)(&w->ctx, &options, error);
}

static news_status parse(world *w, const char *name, news_publication *publication,
                         news_issue **issue, news_error *error)
{
    news_parse_options options = NEWS_PARSE_OPTIONS_INIT;
    news_loader loader = loader_of(w);
    news_str text = text_of(name);
    options.loader = &loader;
    options.publication = publication;
    return SWEPT(news_parse)(w->ctx, issue, name, text.ptr, text.len, &options, error);
}

static news_status load_layout(world *w, const char *name, news_error *error)
{
    news_str text = text_of(name);
    return SWEPT(news_layout_load)(w->ctx, name, "layouts", text.ptr, text.len, error);
}

static news_status load_format(world *w, const char *name, news_error *error)
{
    news_str text = text_of(name);
    return SWEPT(news_format_load)(w->ctx, name, text.ptr, text.len, error);
}

static news_status load_module(world *w, news_error *error)
{
    news_str text = text_of("mod.lua");
    return SWEPT(news_module_load)(w->ctx, "mod", "mod.lua", text.ptr, text.len, error);
}

static news_status price(void *ud, const news_value *arguments, size_t count, news_value *result,
                         news_error *error)
{
    (void)ud;
    (void)error;
    if (count != 0)
        *result = arguments[0];
    return NEWS_OK;
}

static void forget_price(void *ud)
{
    world *w = ud;
    w->open_natives--;
}

static news_status add_native(world *w, news_error *error)
{
    w->open_natives++;
    return SWEPT(news_native_add)(w->ctx, "shop", "price", price, w, forget_price, error);
}

/* A format with a module, a function, layouts and one more format. */
static news_status load_own(world *w, news_error *error)
{
    static const char *const layouts[] = {"mine.txt", "part.txt", "web.html"};
    news_status status = load_module(w, error);
    if (status == NEWS_OK)
        status = add_native(w, error);
    for (size_t i = 0; i < 3 && status == NEWS_OK; i++)
        status = load_layout(w, layouts[i], error);
    if (status == NEWS_OK)
        status = load_format(w, "mine.lua", error);
    return status == NEWS_OK ? load_format(w, "failing.lua", error) : status;
}

/* ---- What is swept ---- */

static news_status run_context(world *w, news_error *error)
{
    news_ctx *outer = w->ctx;
    news_status status = make_ctx(w, error);
    assert_true((status == NEWS_OK) == (w->ctx != NULL));
    if (status == NEWS_OK)
        say_number(w, (long long)SWEPT(news_format_count)(w->ctx));
    SWEPT(news_ctx_free)(w->ctx);
    w->ctx = outer;
    return status;
}

static void say_findings(world *w, const news_issue *issue)
{
    for (size_t i = 0; i < SWEPT(news_issue_finding_count)(issue); i++) {
        news_finding finding = NEWS_FINDING_INIT;
        assert_int_equal(SWEPT(news_issue_finding)(issue, i, &finding), NEWS_OK);
        say_text(w, finding.code);
        say_str(w, finding.message);
    }
}

static news_status run_parse(world *w, news_error *error)
{
    news_issue *issue;
    news_status status = parse(w, w->sweep->argument, NULL, &issue, error);
    assert_true((status == NEWS_OK) == (issue != NULL));
    if (status == NEWS_OK)
        say_findings(w, issue);
    SWEPT(news_issue_unref)(issue);
    return status;
}

static news_status run_publication(world *w, news_error *error)
{
    news_publication *publication;
    news_issue *issue = NULL;
    news_loader loader = loader_of(w);
    news_str yaml = text_of(w->sweep->argument);
    news_status status = SWEPT(news_publication_parse)(w->ctx, &publication, "news.yaml", yaml.ptr,
                                                       yaml.len, &loader, error);
    assert_true((status == NEWS_OK) == (publication != NULL));
    if (status == NEWS_OK)
        status = parse(w, "issue.md", publication, &issue, error);
    SWEPT(news_publication_unref)(SWEPT(news_publication_ref)(publication));
    SWEPT(news_publication_unref)(publication);
    if (status == NEWS_OK)
        say_findings(w, issue);
    SWEPT(news_issue_unref)(issue);
    return status;
}

static news_status run_edition(world *w, news_error *error)
{
    const char *name;
    for (size_t i = 0; (name = SWEPT(news_issue_edition_name)(w->issue, i)) != NULL; i++) {
        news_issue *edition;
        news_status status = SWEPT(news_issue_edition)(w->ctx, &edition, w->issue, name, error);
        assert_true((status == NEWS_OK) == (edition != NULL));
        if (status != NEWS_OK)
            return status;
        say_findings(w, edition);
        SWEPT(news_issue_unref)(edition);
    }
    return NEWS_OK;
}

static int say_finding(void *ud, const news_finding *finding)
{
    say_text(ud, finding->code);
    say_str(ud, finding->message);
    return 0;
}

/* Whatever is wrong is told at the end, or nothing is. */
static news_status run_check(world *w, news_error *error)
{
    news_issue *issue;
    news_check_options options = NEWS_CHECK_OPTIONS_INIT;
    news_loader loader = loader_of(w);
    news_status status = parse(w, w->sweep->argument, NULL, &issue, error);
    options.loader = &loader;
    if (status == NEWS_OK)
        status = SWEPT(news_check)(w->ctx, issue, &options, say_finding, w, error);
    assert_true(status == NEWS_OK || w->said_len == 0);
    SWEPT(news_issue_unref)(issue);
    return status;
}

static news_status render(world *w, const char *format, news_error *error)
{
    static const news_option fields[] = {{"f", "F & F"}, {"a", "https://f.example/"}};
    const sweep *s = w->sweep;
    news_render_options options = NEWS_RENDER_OPTIONS_INIT;
    news_loader loader = loader_of(w);
    options.edition = s->edition;
    options.options = s->options;
    while (options.option_count < 3 && s->options[options.option_count].name != NULL)
        options.option_count++;
    options.fields = fields;
    options.field_count = 2;
    options.loader = &loader;
    return SWEPT(news_render)(w->ctx, w->issue, format, &options, to_said, w, error);
}

static news_status run_render(world *w, news_error *error)
{
    SWEPT(news_cancel)(w->ctx); /* which this render forgets, as it begins */
    news_status status = render(w, w->sweep->argument, error);
    assert_true((status == NEWS_OK) == (w->said_len != 0));
    return status;
}

static news_status run_render_buffer(world *w, news_error *error)
{
    char *bytes;
    size_t len;
    news_status status =
        SWEPT(news_render_buffer)(w->ctx, w->issue, w->sweep->argument, NULL, &bytes, &len, error);
    assert_true((status == NEWS_OK) == (bytes != NULL));
    if (status == NEWS_OK)
        say(w, bytes, len);
    SWEPT(news_free)(w->ctx, bytes, len);
    return status;
}

/* With a layout that loses most of the issue. */
static news_status run_check_lossy(world *w, news_error *error)
{
    static const char lossy[] = "{{ issue.sections[1].heading }}\n";
    news_status status =
        SWEPT(news_layout_load)(w->ctx, "text.txt", NULL, lossy, sizeof lossy - 1, error);
    return status == NEWS_OK ? run_check(w, error) : status;
}

/* Afterwards the context has what was loaded, and no more. */
static news_status run_load(world *w, news_error *error)
{
    news_status status = load_own(w, error);
    if (status == NEWS_OK)
        say_number(w, (long long)SWEPT(news_layout_count)(w->ctx));
    return status == NEWS_OK ? render(w, "mine", error) : status;
}

static news_status run_load_layout(world *w, news_error *error)
{
    return load_layout(w, w->sweep->argument, error);
}

static news_status run_load_format(world *w, news_error *error)
{
    return load_format(w, w->sweep->argument, error);
}

static news_status run_list(world *w, news_error *error)
{
    for (size_t i = 0; i < SWEPT(news_format_count)(w->ctx); i++) {
        news_format_info info = NEWS_FORMAT_INFO_INIT;
        news_status status = SWEPT(news_format_at)(w->ctx, i, &info, error);
        if (status != NEWS_OK)
            return status;
        say_text(w, info.name);
        say_text(w, SWEPT(news_format_name)(w->ctx, i));
    }
    for (size_t i = 0; i < SWEPT(news_layout_count)(w->ctx); i++) {
        news_layout_info info = NEWS_LAYOUT_INFO_INIT;
        news_status status = SWEPT(news_layout_at)(w->ctx, i, &info, error);
        if (status != NEWS_OK)
            return status;
        say_text(w, info.name);
    }
    return NEWS_OK;
}

static news_message message_to_all(void)
{
    static const char html[] =
        "<!DOCTYPE html>\n<title>T</title>\n<p>A <b>ship</b>, ein Schiff \xE2\x9A"
        "\x93 <img src=\"cid:logo@harbour.example\">\n";
    static const char text[] = "A ship, ein gro\xC3\x9F"
                               "es Schiff \xE2\x9A\x93\n-- \nFrom \n.\n";
    static const news_mailbox to[] = {{"\xC3\x85se \xC3\x98vergaard", "ase@example.org"},
                                      {NULL, "\"B, C\" <b@b\xC3\xBC"
                                             "cher.example>"}};
    static const news_option headers[] = {{"Archived-At", "https://harbour.example/7"},
                                          {"Cc", "Cc \xE2\x9A\x93 <cc@example.org>, d@example.org"},
                                          {"X-Note",
                                           "n\xC3\xB8te of more than one line, so that it "
                                           "has to be folded somewhere in its midst"}};
    static news_message_file attached[] = {NEWS_MESSAGE_FILE_INIT, NEWS_MESSAGE_FILE_INIT};
    attached[0].content_id = "logo@harbour.example";
    attached[0].media = "image/gif";
    attached[0].bytes = (news_str){"GIF89a", 6};
    attached[1].name = "table \xE2\x9A\x93.csv";
    attached[1].bytes = (news_str){html, sizeof html - 1};
    news_message message = NEWS_MESSAGE_INIT;
    message.date = (news_date){.year = 2025, .month = 3, .day = 7};
    message.from = (news_mailbox){"Harbour", "notes@harbour.example"};
    message.reply_to = message.from;
    message.to = to;
    message.to_count = 2;
    message.subject =
        "Harbour notes: the tide \xE2\x9A\x93, which comes and goes twice in each day that is";
    message.list_id = "Harbour Notes <notes.harbour.example>";
    message.unsubscribe_url = "https://harbour.example/leave?who=7";
    message.unsubscribe_mail = "mailto:leave@harbour.example";
    message.one_click = true;
    message.headers = headers;
    message.header_count = 3;
    message.text = (news_str){text, sizeof text - 1};
    message.flowed = true;
    message.html = (news_str){html, sizeof html - 1};
    message.files = attached;
    message.file_count = 2;
    return message;
}

static news_status run_message(world *w, news_error *error)
{
    news_message message = message_to_all();
    return SWEPT(news_message_write)(w->ctx, &message, to_said, w, error);
}

static news_status run_message_buffer(world *w, news_error *error)
{
    news_message message = message_to_all();
    char *bytes;
    size_t len;
    news_status status = SWEPT(news_message_buffer)(w->ctx, &message, &bytes, &len, error);
    assert_true((status == NEWS_OK) == (bytes != NULL));
    if (status == NEWS_OK)
        say(w, bytes, len);
    SWEPT(news_free)(w->ctx, bytes, len);
    return status;
}

static void say_value(world *w, const news_value *value)
{
    news_nodes nodes = value->as.nodes;
    const news_node *node;
    say_number(w, value->type);
    if (value->type == NEWS_VALUE_STRING)
        say_str(w, value->as.string);
    else if (value->type == NEWS_VALUE_NODES)
        for (say_number(w, (long long)SWEPT(news_nodes_count)(&nodes));
             (node = SWEPT(news_nodes_next)(&nodes)) != NULL;)
            say_number(w, SWEPT(news_node_line)(node));
}

static void say_node(world *w, const news_node *node)
{
    const char *field;
    news_kind kind = SWEPT(news_node_kind)(node);
    say_text(w, SWEPT(news_kind_name)(kind));
    say_number(w, SWEPT(news_node_line)(node));
    say_number(w, SWEPT(news_node_column)(node));
    say_number(w, SWEPT(news_node_parent)(node) != NULL);
    for (size_t i = 0; (field = SWEPT(news_kind_field)(kind, i)) != NULL; i++) {
        news_value value;
        assert_true(SWEPT(news_node_get)(node, field, &value));
        say_value(w, &value);
    }
    for (node = SWEPT(news_node_first_child)(node); node != NULL;
         node = SWEPT(news_node_next)(node))
        say_node(w, node);
}

/* What only reads takes no memory: so this goes well where all of it fails. */
static news_status run_reading(world *w, news_error *error)
{
    (void)error;
    say_text(w, SWEPT(news_version)());
    say_text(w, SWEPT(news_status_name)(NEWS_ERR_NOMEM));
    say_text(w, SWEPT(news_format_nearest)(w->ctx, "gemni"));
    SWEPT(news_issue_unref)(SWEPT(news_issue_ref)(w->issue));
    say_str(w, SWEPT(news_issue_name)(w->issue));
    say_findings(w, w->issue);
    say_node(w, SWEPT(news_issue_root)(w->issue));
    return NEWS_OK;
}

static sweep sweeps[] = {
    {.name = "context", .run = run_context, .is_still = true},
    {.name = "parse", .run = run_parse, .argument = "issue.md", .is_still = true},
    {.name = "parse, faulty", .run = run_parse, .argument = "faulty.md", .is_still = true},
    {.name = "parse, broken", .run = run_parse, .argument = "broken.md", .is_still = true},
    {.name = "publication", .run = run_publication, .argument = "news.yaml", .is_still = true},
    {.name = "publication, faulty",
     .run = run_publication,
     .argument = "faulty.yaml",
     .is_still = true},
    {.name = "edition", .run = run_edition, .is_still = true},
    {.name = "check", .run = run_check, .argument = "issue.md"},
    {.name = "check, lossy", .run = run_check_lossy, .argument = "issue.md", .is_fresh = true},
    {.name = "check, faulty", .run = run_check, .argument = "faulty.md", .is_still = true},
    {.name = "reading", .run = run_reading, .is_still = true},
    {.name = "message", .run = run_message},
    {.name = "message buffer", .run = run_message_buffer},
    {.name = "html", .run = run_render, .argument = "html"},
    {.name = "html, edition", .run = run_render, .argument = "html", .edition = "free"},
    {.name = "email", .run = run_render, .argument = "email"},
    {.name = "text", .run = run_render, .argument = "text"},
    {.name = "text, flowed",
     .run = run_render,
     .argument = "text",
     .options = {{"flowed", "true"}, {"links", "end"}}},
    {.name = "text, ten", .run = run_render, .argument = "text", .options = {{"style", "ten"}}},
    {.name = "gemini", .run = run_render, .argument = "gemini"},
    {.name = "eml",
     .run = run_render,
     .argument = "eml",
     .options = {{"images", "inline"}, {"to", "Ægir <aegir@sea.example>"}}},
    {.name = "own format", .run = run_render, .argument = "mine", .has_own = true},
    {.name = "own layout", .run = run_render, .argument = "html", .has_own = true},
    {.name = "buffer", .run = run_render_buffer, .argument = "gemini"},
    {.name = "failing script",
     .run = run_render,
     .argument = "failing",
     .wanted = NEWS_ERR_SCRIPT,
     .has_own = true},
    {.name = "cancelled",
     .run = run_render,
     .argument = "mine",
     .options = {{"mark", "cancel"}},
     .wanted = NEWS_ERR_CANCELLED,
     .has_own = true},
    {.name = "first html", .run = run_render, .argument = "html", .is_fresh = true},
    {.name = "first eml",
     .run = run_render,
     .argument = "eml",
     .options = {{"images", "inline"}},
     .is_fresh = true},
    {.name = "first of own",
     .run = run_render,
     .argument = "mine",
     .has_own = true,
     .is_fresh = true},
    {.name = "load", .run = run_load, .is_fresh = true},
    {.name = "load layout, faulty",
     .run = run_load_layout,
     .argument = "faulty.html",
     .wanted = NEWS_ERR_SCRIPT,
     .is_fresh = true},
    {.name = "load format, faulty",
     .run = run_load_format,
     .argument = "faulty.html",
     .wanted = NEWS_ERR_SCRIPT,
     .is_fresh = true},
    {.name = "list", .run = run_list, .has_own = true, .is_fresh = true},
};
enum { SWEEPS = sizeof sweeps / sizeof *sweeps };

/* ---- The sweep ---- */

static void open_world(world *w, const sweep *s)
{
    news_error error = NEWS_ERROR_INIT;
    *w = (world){.sweep = s};
    failing_disarm(&w->memory);
    assert_int_equal(make_ctx(w, &error), NEWS_OK);
    assert_int_equal(parse(w, "issue.md", NULL, &w->issue, &error), NEWS_OK);
    if (s->has_own && load_own(w, &error) != NEWS_OK)
        fail_msg("%s:%u: %s", error.source, (unsigned)error.line, error.message);
}

static void close_world(world *w)
{
    news_issue_unref(w->issue);
    news_ctx_free(w->ctx);
    assert_int_equal(w->memory.live, 0);
    assert_int_equal(w->open_natives, 0);
    free(w->said);
}

static news_status try_once(world *w)
{
    w->error = (news_error)NEWS_ERROR_INIT;
    w->said_len = 0;
    news_status status = w->sweep->run(w, &w->error);
    assert_int_equal(w->error.status, status);
    assert_int_equal(w->open_files, 0);
    return status;
}

/* The bytes as ever. */
static void check_good(const world *w, news_status status, const world *wanted)
{
    if (status != w->sweep->wanted)
        fail_msg("%s: %s (%s:%u: %s)", w->sweep->name, news_status_name(status), w->error.source,
                 (unsigned)w->error.line, w->error.message);
    assert_int_equal(w->said_len, wanted->said_len);
    if (w->said_len != 0)
        assert_memory_equal(w->said, wanted->said, w->said_len);
}

/* Lua collects garbage and tries again, so that a single failure may be overcome. Returns whether
 * there was a failure at all. */
static bool fail_at(world *w, const world *wanted, size_t point, bool for_ever)
{
    size_t before = w->memory.live;
    failing_arm(&w->memory, point, for_ever);
    is_armed = true;
    news_status status = try_once(w);
    is_armed = false;
    bool failed = w->memory.failed;
    failing_disarm(&w->memory);
    if (w->sweep->is_still)
        assert_int_equal(w->memory.live, before);
    if (failed && status == NEWS_ERR_NOMEM) {
        check_good(w, try_once(w), wanted);
    } else {
        bool is_told = status == NEWS_ERR_CANCELLED; /* which came first, and goes before */
        if (failed && for_ever && !is_told)
            fail_msg("%s: no memory for allocation %zu, and yet: %s", w->sweep->name, point,
                     news_status_name(status));
        check_good(w, status, wanted);
    }
    return failed;
}

static void run_sweep(void **state)
{
    const sweep *s = *state;
    world wanted, w;
    open_world(&wanted, s);
    failing_arm(&wanted.memory, SIZE_MAX, false);
    news_status status = try_once(&wanted);
    check_good(&wanted, status, &wanted);
    size_t step = tries_all ? 1 : wanted.memory.calls / SAMPLES + 1;
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        bool failed = true;
        open_world(&w, s);
        for (size_t point = for_ever == 0 ? 0 : step / 2; failed; point += step) {
            if (s->is_fresh && point != 0) {
                close_world(&w);
                open_world(&w, s);
            }
            failed = fail_at(&w, &wanted, point, for_ever != 0);
        }
        close_world(&w);
    }
    close_world(&wanted);
}

static void test_nothing_forgotten(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (!was_swept[i]) {
            print_error("%s() is never called while memory may fail\n", functions[i]);
            all = false;
        }
    assert_true(all);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"issue.md",    "faulty.md",   "broken.md", "news.yaml",
                                        "faulty.yaml", "masthead.md", "other.md",  "mine.lua",
                                        "failing.lua", "mod.lua",     "mine.txt",  "part.txt",
                                        "faulty.html", "web.html"};
    struct CMUnitTest tests[SWEEPS + 1];
    tries_all = argc == 3 && strcmp(argv[1], "--all") == 0;
    if (argc != 2 + tries_all) {
        (void)fprintf(stderr, "usage: test_oom [--all] FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        read_file(argv[argc - 1], names[i]);
    for (size_t i = 0; i < SWEEPS; i++)
        tests[i] = (struct CMUnitTest){sweeps[i].name, run_sweep, NULL, NULL, &sweeps[i]};
    tests[SWEEPS] = (struct CMUnitTest)cmocka_unit_test(test_nothing_forgotten);
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < file_count; i++)
        free(files[i].bytes);
    return status;
}
