/* Scripts that a grammar makes of the fuzzer's bytes, as libFuzzer's target or, with a main of its
 * own, as a replay: fuzz_lua [-p] [-r COUNT] FILE… (-p prints the scripts, -r tries COUNT random
 * ones).
 *
 * The scripts are formats. They call every function there is with odd arguments, catch errors, nest
 * coroutines and metatables, and end or do not. Whatever they do, a render under small limits must
 * end in a foreseen way, and afterwards the same context must give the bytes that a fresh one
 * gives. Half of the inputs meet an allocator that fails now and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "news/news.h"
#include "replay.h"

static bool is_shown; /* print the scripts */

static void stop(const char *what, const news_error *error)
{
    fprintf(stderr, "%s: %s:%u: %s\n", what, error->source, (unsigned)error->line, error->message);
    abort();
}

/* ---- From bytes to choices ---- */

typedef struct {
    const uint8_t *at, *end;
    char text[16384];
    size_t len;
    unsigned depth; /* of statements and expressions */
    unsigned loops; /* around here */
    unsigned labels;
} generator;

/* 0 when the bytes have run out, which every choice takes for its simplest. */
static unsigned choose(generator *g, unsigned count)
{
    return g->at < g->end ? *g->at++ % count : 0;
}

static void add(generator *g, const char *text)
{
    size_t len = strlen(text);
    if (len >= sizeof g->text - g->len)
        return;
    memcpy(g->text + g->len, text, len + 1);
    g->len += len;
}

#define PICK(g, list) ((list)[choose((g), sizeof(list) / sizeof *(list))])

/* ---- The grammar ---- */

static void add_expression(generator *g);
static void add_block(generator *g);

static const char *const variables[] = {"a", "b", "c", "d", "g", "x.y", "t[1]", "t.k", "_ENV.h"};
static const char *const locals[] = {"a", "b", "c", "d", "t", "x"};

static const char *const literals[] = {"nil",
                                       "1",
                                       "0",
                                       "true",
                                       "false",
                                       "-1",
                                       "2.5",
                                       "1e308",
                                       "-1e308",
                                       "5e-324",
                                       "0/0",
                                       "1/0",
                                       "100",
                                       "math.maxinteger",
                                       "math.mininteger",
                                       "1 << 31",
                                       "1 << 20",
                                       "50000",
                                       "''",
                                       "'a'",
                                       "'x y'",
                                       "'%'",
                                       "'a*a*b'",
                                       "'(a*)(.-)%1$'",
                                       "'[%a-]'",
                                       "'%b()'",
                                       "'%f[%w]'",
                                       "'1e9'",
                                       "'0x10'",
                                       "'\\0\\xff'",
                                       "'\\u{1F600}e\\u{301}'",
                                       "'https://a.example/'",
                                       "'javascript:x'",
                                       "('ab'):rep(3000)",
                                       "('0'):rep(40000)",
                                       "('('):rep(3000)",
                                       "'%5.1f%s%q'",
                                       "'!8i8zs1c9'",
                                       "{}",
                                       "{1, 2, 3}",
                                       "{k = 1}",
                                       "{'x', {'y'}}",
                                       "issue",
                                       "out",
                                       "node",
                                       "issue.children",
                                       "issue.links",
                                       "issue.links[1]",
                                       "issue.sections",
                                       "issue.meta",
                                       "issue.date",
                                       "f",
                                       "news",
                                       "print",
                                       "error",
                                       "..."};

/* Every function, and what is none. */
static const char *const functions[] = {"assert",
                                        "error",
                                        "getmetatable",
                                        "ipairs",
                                        "next",
                                        "pairs",
                                        "pcall",
                                        "print",
                                        "rawequal",
                                        "rawget",
                                        "rawlen",
                                        "rawset",
                                        "require",
                                        "select",
                                        "setmetatable",
                                        "tonumber",
                                        "tostring",
                                        "type",
                                        "xpcall",
                                        "coroutine.close",
                                        "coroutine.create",
                                        "coroutine.isyieldable",
                                        "coroutine.resume",
                                        "coroutine.running",
                                        "coroutine.status",
                                        "coroutine.wrap",
                                        "coroutine.yield",
                                        "math.abs",
                                        "math.floor",
                                        "math.fmod",
                                        "math.random",
                                        "math.randomseed",
                                        "math.tointeger",
                                        "math.type",
                                        "math.ult",
                                        "math.max",
                                        "string.byte",
                                        "string.char",
                                        "string.find",
                                        "string.format",
                                        "string.gmatch",
                                        "string.gsub",
                                        "string.len",
                                        "string.lower",
                                        "string.match",
                                        "string.pack",
                                        "string.packsize",
                                        "string.rep",
                                        "string.reverse",
                                        "string.sub",
                                        "string.unpack",
                                        "string.upper",
                                        "table.concat",
                                        "table.insert",
                                        "table.move",
                                        "table.pack",
                                        "table.remove",
                                        "table.sort",
                                        "table.unpack",
                                        "utf8.char",
                                        "utf8.codepoint",
                                        "utf8.codes",
                                        "utf8.len",
                                        "utf8.offset",
                                        "news.format",
                                        "news.json",
                                        "news.date",
                                        "news.columns",
                                        "news.style",
                                        "news.within",
                                        "out",
                                        "out.raw",
                                        "f.paragraph",
                                        "a",
                                        "b",
                                        "g",
                                        "t",
                                        "t.k",
                                        "load",
                                        "os.exit"};

static const char *const methods[] = {
    "out:raw",       "out:whole",    "out:url",      "out:tag",
    "out:open",      "out:close",    "out:cr",       "out:blank",
    "out:line",      "out:verbatim", "out:prefix",   "out:hang",
    "out:mark",      "out:super",    "out:links",    "out:shown",
    "out:address",   "out:ref",      "out:alone",    "out:capture",
    "out:wrap",      "out:columns",  "out:pad",      "out:available",
    "out:plain",     "out:entry",    "out:aligned",  "out:longest_words",
    "out:cells",     "out:words",    "('a,b'):gsub", "('x'):rep",
    "('%s'):format", "t:k"};

static const char *const binary[] = {"+",  "-", "*",  "/", "//", "%", "^",  "..", "==",  "~=", "<",
                                     "<=", ">", ">=", "&", "|",  "~", "<<", ">>", "and", "or"};
static const char *const unary[] = {"-", "not ", "#", "~"};

static const char *const events[] = {"__index", "__newindex",  "__call", "__tostring", "__concat",
                                     "__eq",    "__lt",        "__le",   "__len",      "__unm",
                                     "__pairs", "__metatable", "__name", "__close",    "__gc",
                                     "__mode",  "__add",       "__idiv"};

static void add_arguments(generator *g)
{
    unsigned count = choose(g, 5);
    add(g, "(");
    for (unsigned i = 0; i < count; i++) {
        add(g, i > 0 ? ", " : "");
        add_expression(g);
    }
    add(g, ")");
}

static void add_function(generator *g)
{
    static const char *const parameters[] = {"(...)", "(a, ...)", "(a, b, ...)",
                                             "(node, out, ...)"};
    unsigned loops = g->loops;
    g->loops = 0;
    add(g, "function");
    add(g, PICK(g, parameters));
    add(g, " ");
    add_block(g);
    add(g, " end");
    g->loops = loops;
}

static void add_metatable(generator *g)
{
    add(g, "setmetatable({}, {");
    for (unsigned i = 0, count = 1 + choose(g, 3); i < count; i++) {
        add(g, PICK(g, events));
        add(g, " = ");
        add_expression(g);
        add(g, ", ");
    }
    add(g, "})");
}

static void add_call(generator *g)
{
    if (choose(g, 3) == 0)
        add(g, PICK(g, methods));
    else
        add(g, PICK(g, functions));
    add_arguments(g);
}

static void add_deep_expression(generator *g)
{
    switch (choose(g, 8)) {
    case 0: add_call(g); break;
    case 1: add_function(g); break;
    case 2: add_metatable(g); break;
    case 3:
        add(g, "(");
        add_expression(g);
        add(g, " ");
        add(g, PICK(g, binary));
        add(g, " ");
        add_expression(g);
        add(g, ")");
        break;
    case 4:
        add(g, PICK(g, unary));
        add_expression(g);
        break;
    case 5:
        add(g, "coroutine.wrap(");
        add_function(g);
        add(g, ")");
        break;
    case 6:
        add(g, "pcall(");
        add_function(g);
        add(g, ")");
        break;
    default:
        add(g, "{");
        add_expression(g);
        add(g, ", k = ");
        add_expression(g);
        add(g, "}");
    }
}

static void add_expression(generator *g)
{
    enum { DEEPEST = 12 };
    if (g->depth >= DEEPEST || g->at >= g->end || choose(g, 3) == 0) {
        add(g, choose(g, 2) == 0 ? PICK(g, literals) : PICK(g, locals));
        return;
    }
    g->depth++;
    add_deep_expression(g);
    g->depth--;
}

static void add_loop(generator *g)
{
    static const char *const heads[] = {"for i = 1, 20 do ", "while true do ", "repeat ",
                                        "for i = 1, math.huge do ", "while a do "};
    unsigned kind = choose(g, 8);
    g->loops++;
    if (kind < 5) {
        add(g, heads[kind]);
        add_block(g);
        add(g, kind == 2 ? " until b" : " end");
    } else {
        static const char *const iterators[] = {"pairs",         "ipairs",         "utf8.codes",
                                                "string.gmatch", "coroutine.wrap", ""};
        add(g, "for a, b in ");
        add(g, PICK(g, iterators));
        add(g, "(");
        add_expression(g);
        add(g, ") do ");
        add_block(g);
        add(g, " end");
    }
    g->loops--;
}

static void add_assignment(generator *g)
{
    static const char *const attributes[] = {"", "", " <const>", " <close>"};
    if (choose(g, 3) == 0) {
        add(g, "local ");
        add(g, PICK(g, locals));
        add(g, PICK(g, attributes));
    } else {
        add(g, PICK(g, variables));
    }
    add(g, " = ");
    add_expression(g);
}

static void add_statement(generator *g)
{
    char label[32];
    switch (choose(g, 9)) {
    case 0: add_call(g); break;
    case 1:
    case 2: add_assignment(g); break;
    case 3: add_loop(g); break;
    case 4:
        add(g, "if ");
        add_expression(g);
        add(g, " then ");
        add_block(g);
        add(g, " else ");
        add_block(g);
        add(g, " end");
        break;
    case 5:
        add(g, "pcall(");
        add_function(g);
        add(g, ")");
        break;
    case 6: add(g, g->loops > 0 ? "if c then break end" : "out('.')"); break;
    case 7:
        (void)snprintf(label, sizeof label, "do ::l%u:: ", ++g->labels);
        add(g, label);
        unsigned number = g->labels;
        add_block(g);
        (void)snprintf(label, sizeof label, " if d then goto l%u end end", number);
        add(g, label);
        break;
    default:
        add(g, "out(");
        add_expression(g);
        add(g, ")");
    }
}

static void add_block(generator *g)
{
    enum { DEEPEST = 8 };
    if (g->depth >= DEEPEST) {
        add(g, "out('x')");
        return;
    }
    g->depth++;
    for (unsigned i = 0, count = choose(g, 4); i < count; i++) {
        add_statement(g);
        add(g, "; ");
    }
    if (choose(g, 4) == 1) {
        add(g, "do return ");
        add_expression(g);
        add(g, " end");
    }
    g->depth--;
}

static void add_script(generator *g)
{
    static const char *const heads[] = {"extends = 'text'",
                                        "extends = 'html'",
                                        "extends = 'text', options = { style = { 'k', 'b' } }",
                                        "extends = 'gemini'",
                                        "escape = 'html', fill = false",
                                        "links = 'end'",
                                        "extends = 'text', escape = function(s) return s end"};
    static const char *const renderers[] = {"issue", "section",   "paragraph", "emph",    "link",
                                            "list",  "item",      "text",      "heading", "links",
                                            "table", "list_item", "table_cell"};
    add(g,
        "local news = require 'news'\nlocal a, b, c, d, x, t = 1, 'b', nil, false, {}, {1, k = 2}\n"
        "local f = news.format { name = 'fuzz', ");
    add(g, PICK(g, heads));
    add(g, " }\nlocal issue, node, out = nil, nil, print\n");
    for (unsigned i = 0, count = 1 + choose(g, 3); i < count; i++) {
        const char *renderer = PICK(g, renderers);
        add(g, "f.");
        add(g, renderer);
        add(g, " = function(n, o, ...)\nnode, out, issue = n, o, issue or n\n");
        for (unsigned j = 0, statements = 1 + choose(g, 8); j < statements; j++) {
            bool is_caught = choose(g, 4) != 0;
            add(g, is_caught ? "pcall(function(...) " : "");
            add_statement(g);
            add(g, is_caught ? " end, n, o)\n" : "\n");
        }
        if (choose(g, 2) == 0 && strcmp(renderer, "links") != 0)
            add(g, "out:super(node)\n");
        add(g, "end\n");
    }
    if (choose(g, 8) == 1) {
        add_statement(g);
        add(g, "\n");
    }
    add(g, "return f\n");
}

/* ---- An allocator that fails ---- */

typedef struct {
    uint32_t state; /* of the sequence that decides; 0: never fails */
    size_t live;
} failing;

static void *reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    bool grows = ptr == NULL || new_size > old_size;
    if (new_size == 0) {
        if (ptr != NULL)
            f->live -= old_size;
        free(ptr);
        return NULL;
    }
    if (grows && f->state != 0) {
        f->state = f->state * 1664525u + 1013904223u;
        if (f->state >> 22 == 0) /* one in a thousand */
            return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL)
        f->live += new_size - (ptr != NULL ? old_size : 0);
    return moved;
}

/* ---- What must hold ---- */

static const char markdown[] =
    "---\ntitle: Title\ndate: 2024-05-17\nsponsor: Acme\n---\n\nAn *emphasis* and [a "
    "link](https://a.example/).\n\n## Reading {.links}\n\n- [One](https://one.example/). Of it. "
    "(Source)\n- [Two](https://two.example/)\n\n## Other\n\n> quote\n\n1. first\n   - inner\n\n"
    "| a | b |\n|---|--:|\n| 1 | 2 |\n";

static news_ctx *make_ctx(failing *memory)
{
    news_allocator allocator = {reallocate, memory};
    news_options options = NEWS_OPTIONS_INIT;
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx;
    options.allocator = &allocator;
    options.max_script_memory = 4 << 20;
    options.max_script_steps = 300000;
    options.max_output = 256 * 1024;
    if (news_ctx_new(&ctx, &options, &error) != NEWS_OK)
        stop("a context", &error);
    return ctx;
}

static news_issue *parse(news_ctx *ctx)
{
    news_issue *issue;
    news_error error = NEWS_ERROR_INIT;
    if (news_parse(ctx, &issue, "fuzz.md", markdown, sizeof markdown - 1, NULL, &error) != NEWS_OK)
        stop("the issue", &error);
    return issue;
}

/* Two formats one after the other. */
static char *render_good(news_ctx *ctx, const news_issue *issue, size_t *len)
{
    static const char good[] =
        "local f = require 'news'.format { name = 'good', extends = 'text' }\n"
        "function f.emph(n, out)\n"
        "  local names = {}\n"
        "  for name in pairs(string) do names[#names + 1] = name end\n"
        "  out(table.concat(names, ' '), math.random(1000), kept or '')\n"
        "end\nreturn f\n";
    news_error error = NEWS_ERROR_INIT;
    char *html = NULL, *text = NULL, *both;
    size_t html_len = 0, text_len = 0;
    if (news_format_load(ctx, "good.lua", good, sizeof good - 1, &error) != NEWS_OK ||
        news_render_buffer(ctx, issue, "html", NULL, &html, &html_len, &error) != NEWS_OK ||
        news_render_buffer(ctx, issue, "good", NULL, &text, &text_len, &error) != NEWS_OK)
        stop("a good render", &error);
    *len = html_len + text_len;
    both = malloc(*len);
    if (both == NULL)
        stop("a good render", &error);
    memcpy(both, html, html_len);
    memcpy(both + html_len, text, text_len);
    news_free(ctx, html, html_len);
    news_free(ctx, text, text_len);
    return both;
}

/* What a fresh context makes of the issue. */
static const char *fresh_output(size_t *len)
{
    static char *output;
    static size_t output_len;
    if (output == NULL) {
        failing memory = {0};
        news_ctx *ctx = make_ctx(&memory);
        news_issue *issue = parse(ctx);
        output = render_good(ctx, issue, &output_len);
        news_issue_unref(issue);
        news_ctx_free(ctx);
    }
    *len = output_len;
    return output;
}

static bool is_foreseen(news_status status, bool may_fail)
{
    return status == NEWS_OK || status == NEWS_ERR_SCRIPT || status == NEWS_ERR_LIMIT ||
           (may_fail && status == NEWS_ERR_NOMEM);
}

static void try_script(const generator *g, uint32_t seed)
{
    failing memory = {0};
    news_error error = NEWS_ERROR_INIT;
    news_ctx *ctx = make_ctx(&memory);
    news_issue *issue = parse(ctx);
    char *output = NULL;
    size_t len = 0, fresh_len;
    const char *fresh = fresh_output(&fresh_len);
    memory.state = seed;
    news_status status = news_format_load(ctx, "fuzz.lua", g->text, g->len, &error);
    if (status == NEWS_OK)
        status = news_render_buffer(ctx, issue, "fuzz", NULL, &output, &len, &error);
    memory.state = 0;
    if (is_shown)
        printf("-- %s, line %u: %s\n", news_status_name(status), (unsigned)error.line,
               error.message);
    if (!is_foreseen(status, seed != 0))
        stop(news_status_name(status), &error);
    if (status == NEWS_ERR_SCRIPT && (error.source[0] == '\0' || error.message[0] == '\0'))
        stop("an error without a place or words", &error);
    news_free(ctx, output, len);
    char *again = render_good(ctx, issue, &len);
    if (len != fresh_len || memcmp(again, fresh, len) != 0)
        stop("afterwards the same issue gives other bytes", &error);
    free(again);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    if (memory.live != 0)
        stop("memory was leaked", &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static generator g;
    uint32_t seed = 2166136261u;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ data[i]) * 16777619u;
    g = (generator){.at = data, .end = data + size};
    add_script(&g);
    if (is_shown)
        printf("%s", g.text);
    try_script(&g, 0);
    if ((seed & 1) != 0)
        try_script(&g, seed);
    return 0;
}

#ifdef NEWS_REPLAY
static void try_random(unsigned count)
{
    uint64_t x = 88172645463325252u;
    for (unsigned i = 0; i < count; i++) {
        uint8_t data[1024];
        for (size_t j = 0; j < sizeof data; j++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            data[j] = (uint8_t)(x >> 32);
        }
        (void)LLVMFuzzerTestOneInput(data, 64 + i % (sizeof data - 64));
    }
    printf("%u random scripts held\n", count);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-p") == 0)
            is_shown = true;
        else if (strcmp(argv[i], "-r") == 0 && i + 1 < argc)
            try_random((unsigned)strtoul(argv[++i], NULL, 10));
        else if (!replay(argv[i]))
            return 1;
    }
    return argc > 1 ? 0 : 1;
}
#endif
