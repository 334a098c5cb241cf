/* news new: a format or a layout to begin with, in the publication's folder. What it writes works
 * as it stands. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

const char cli_new_help[] =
    "Usage: news new format NAME\n"
    "       news new layout [--full] NAME\n"
    "\n"
    "Writes a commented file to begin with, which works as it stands: formats/NAME.lua, a\n"
    "format that changes plain text in two places; or layouts/NAME, such as web.html, a\n"
    "layout that changes one block of the built-in one. The name of a built-in format gives\n"
    "one that takes its place, and says how a directive of your own looks in it. The folder\n"
    "is that of the publication, where its news.yaml is, else the working directory. A file\n"
    "that is there already is left alone.\n"
    "\n"
    "      --full  copy the built-in layout, to read it or to change all of it\n"
    "  -h, --help  show this help\n"
    "\n"
    "Examples:\n"
    "  news new format card\n"
    "  news new format html\n"
    "  news new layout web.html\n"
    "  news new layout --full web.html\n";

/* In these NAME stands for the name, BUILTIN for the layout that is extended, BLOCKS for what it
 * has, HOW for a command. */

static const char format_text[] =
    "-- NAME.lua: plain text in another dress. Change it to what you need.\n"
    "--\n"
    "--   news render -f NAME ISSUE.md\n"
    "--\n"
    "-- A format says how each kind of thing in an issue is written; what it does not mention is "
    "done\n"
    "-- as in the format it extends. 'news inspect ISSUE.md' shows what there is in an issue.\n"
    "local news = require \"news\"\n"
    "\n"
    "local format = news.format {\n"
    "  name = \"NAME\",\n"
    "  extends = \"text\", -- or \"html\", or \"gemini\"\n"
    "  media = \"text/plain; charset=utf-8\", extension = \"txt\",\n"
    "  options = { mark = \"*\" }, -- news render -f NAME -O mark=+ ISSUE.md\n"
    "}\n"
    "\n"
    "-- A template: markup as it stands, and fields of the node between braces.\n"
    "format.thematic_break = \"~ ~ ~\"\n"
    "\n"
    "-- A function, where there is logic. out(…) writes text, nodes and lists of nodes.\n"
    "function format.strong(node, out)\n"
    "  local mark = out.options.mark\n"
    "  out(mark, node.children, mark)\n"
    "end\n"
    "\n"
    "-- false writes nothing. Without the dashes, this one leaves all images out.\n"
    "-- format.image = false\n"
    "\n"
    "-- What stands around the sections is a layout; with a function for the issue it is all "
    "yours.\n"
    "-- function format.issue(issue, out)\n"
    "--   out(issue.title):blank()\n"
    "--   for _, link in ipairs(issue.links) do out(\"- \", link.text, \": \"):url(link.url):cr() "
    "end\n"
    "-- end\n"
    "\n"
    "return format\n";

static const char replacing_begin[] =
    "-- NAME.lua: the built-in format of that name, but for what stands here.\n"
    "--\n"
    "--   news render -f NAME ISSUE.md\n"
    "local news = require \"news\"\n"
    "\n"
    "local format = news.format { name = \"NAME\", extends = \"NAME\" }\n"
    "\n"
    "-- How a directive looks, here one that an issue writes so:\n"
    "--\n"
    "--   ::: event \"Open evening\" date=2024-06-02 place=\"Old Margit\"\n"
    "--   Bring a torch.\n"
    "--   :::\n";

static const char html_directive[] =
    "format[\"directive.event\"] = [[\n"
    "<aside class=\"event\">\n"
    "<p><strong>{{ args.1 }}</strong>, {{ attrs.date }}, {{ attrs.place }}</p>\n"
    "{{ children }}</aside>\n"
    "]]\n"
    "\n"
    "return format\n";
static const char text_directive[] = "format[\"directive.event\"] = [[\n"
                                     "{{ args.1 }}, {{ attrs.date }}, {{ attrs.place }}\n"
                                     "\n"
                                     "{{ children }}]]\n"
                                     "\n"
                                     "return format\n";

static const char layout_begin[] =
    "{% extends \"BUILTIN\" %}\n"
    "{#\n"
    "  layouts/NAME: as the built-in BUILTIN, but for the blocks that stand here. This comment is "
    "not\n"
    "  written. super() writes what the block replaces; without it that is gone.\n"
    "\n"
    "  {{ value }} writes a value, escaped for where it stands, and {% Lua %} decides: with\n"
    "  issue.title, issue.url, issue.date, issue.authors and all else that an issue has.\n"
    "\n"
    "    HOW\n"
    "\n"
    "  Blocks: BLOCKS\n"
    "#}\n"
    "\n"
    "{% block footer %}\n"
    "{{ super() }}\n";

static const char html_block[] =
    "<p>{{ issue.title or \"This issue\" }}: thank you for reading.</p>\n"
    "{% endblock %}\n";
static const char email_block[] = "<p class=\"sans soft\" style=\"margin:0 0 24px;font:14px/1.6 "
                                  "Arial,sans-serif;color:#655f54\">\n"
                                  "{{ issue.title or \"This issue\" }}: thank you for reading.\n"
                                  "</p>\n"
                                  "{% endblock %}\n";
static const char text_block[] = "\n"
                                 "{{ issue.title or \"This issue\" }}: thank you for reading.\n"
                                 "{% endblock %}\n";

static const struct {
    const char *ending, *layout, *format, *block, *blocks;
} kinds[] = {
    {"email.html", "email.html", "email", email_block,
     "head (style), body (preheader, header (name, imprint, title, authors, masthead),\n    "
     "main (intro, contents), notes, footer)"},
    {".html", "web.html", "html", html_block,
     "head (style, metadata), body (skip, header (name, imprint, title, authors, "
     "masthead),\n    main (contents), notes, footer)"},
    {".txt", "text.txt", "text", text_block,
     "imprint, title, authors, masthead, main (intro, contents), notes, footer"},
    {".gmi", "gemini.gmi", "gemini", text_block,
     "title, imprint, authors, masthead, main (intro, contents), notes, footer"}};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- The file ---- */

/* What stands for something in a text to begin with. */
typedef struct {
    const char *word, *text;
} filling;

static void put(FILE *file, const char *text, const filling *fillings, size_t count)
{
    while (*text != '\0') {
        size_t i = 0;
        while (i < count && strncmp(text, fillings[i].word, strlen(fillings[i].word)) != 0)
            i++;
        if (i == count) {
            (void)putc(*text++, file);
        } else {
            (void)fputs(fillings[i].text, file);
            text += strlen(fillings[i].word);
        }
    }
}

/* The nearest folder from the working directory up that has a news.yaml, else the working
 * directory. For the caller to free; NULL when memory is short. */
static char *publication_folder(void)
{
    char *here = cli_folder_of(NULL), *folder = here != NULL ? strdup(here) : NULL;
    bool found = false;
    while (folder != NULL && !found) {
        size_t size = strlen(folder) + sizeof "/news.yaml";
        char *path = malloc(size);
        if (path == NULL)
            break;
        (void)snprintf(path, size, "%s/news.yaml", folder);
        found = access(path, F_OK) == 0;
        free(path);
        if (!found && !cli_go_up(folder))
            break;
    }
    if (found) {
        free(here);
        return folder;
    }
    free(folder);
    return here;
}

/* A file that is not there yet, in a folder that is made when need be; NULL with errno set. */
static FILE *create(char *path)
{
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
    *slash = '/';
    if (!made)
        return NULL;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (fd >= 0 && file == NULL)
        (void)close(fd);
    return file;
}

static int fail(const cli *c, const char *path, int error)
{
    if (error == EEXIST)
        return cli_fail(c, path, "this file is there already, and is left alone");
    return cli_fail(c, path, "cannot be written: %s", strerror(error));
}

/* Writes texts one after the other, up to NULL. 0 or an errno. */
static int write_texts(char *path, const char *const *texts, const filling *fillings, size_t count)
{
    errno = 0;
    FILE *file = create(path);
    if (file == NULL)
        return errno;
    for (; *texts != NULL; texts++)
        put(file, *texts, fillings, count);
    int error = fflush(file) != 0 || ferror(file) ? errno : 0;
    if (fclose(file) != 0 && error == 0)
        error = errno;
    if (error != 0)
        (void)unlink(path);
    return error;
}

/* Makes FOLDER/INNER/FILE, and tells what to do with it. */
static int make(cli *c, const char *inner, const char *file, const char *const *texts,
                const filling *fillings, size_t count, const char *how)
{
    char *folder = publication_folder();
    char *path = folder != NULL ? cli_path_in(folder, inner, file) : NULL;
    int error = path != NULL ? write_texts(path, texts, fillings, count) : ENOMEM;
    int status = CLI_OK;
    if (error != 0)
        status = fail(c, path != NULL ? path : file, error);
    else
        (void)printf("Wrote %s. To see what it does:\n  %s\n", path, how);
    free(path);
    free(folder);
    return status;
}

/* ---- What is made ---- */

static bool is_html(const char *format)
{
    return strcmp(format, "html") == 0 || strcmp(format, "email") == 0;
}

static int new_format(cli *c, const char *name)
{
    char file[64], how[80];
    news_format_info info = NEWS_FORMAT_INFO_INIT;
    const filling fillings[] = {{"NAME", name}};
    const char *const own[] = {format_text, NULL};
    const char *const replacing[] = {replacing_begin,
                                     is_html(name) ? html_directive : text_directive, NULL};
    (void)snprintf(file, sizeof file, "%s.lua", name);
    if (strlen(name) > 31 || cli_format_name_length(file) == 0)
        return cli_usage(c, "'%s' is no name of a format: it has a-z, 0-9, '-' and '_', 31 at most",
                         name);
    news_ctx *ctx = cli_context(c);
    if (ctx == NULL)
        return CLI_FAILED;
    bool is_builtin = cli_find_format(ctx, name, &info);
    news_ctx_free(ctx);
    (void)snprintf(how, sizeof how, "news render -f %s ISSUE.md", name);
    return make(c, "formats", file, is_builtin ? replacing : own, fillings, 1, how);
}

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), ending_len = strlen(ending);
    return len >= ending_len && strcmp(name + len - ending_len, ending) == 0;
}

/* Writes the built-in layout of this name into a file of that name. */
static int copy_layout(cli *c, const char *builtin, const char *name, const char *how)
{
    news_ctx *ctx = cli_context(c);
    news_layout_info info = NEWS_LAYOUT_INFO_INIT;
    news_error error = NEWS_ERROR_INIT;
    size_t index = 0;
    if (ctx == NULL)
        return CLI_FAILED;
    news_status status = news_layout_at(ctx, index, &info, &error);
    while (status == NEWS_OK && strcmp(info.name, builtin) != 0)
        status = news_layout_at(ctx, ++index, &info, &error);
    const char *const texts[] = {info.text, NULL};
    int made = status == NEWS_OK ? make(c, "layouts", name, texts, NULL, 0, how)
                                 : cli_report(c, &error, NULL);
    news_ctx_free(ctx);
    return made;
}

static int new_layout(cli *c, const char *name, bool is_full)
{
    size_t kind = 0;
    while (kind < KINDS && !ends_with(name, kinds[kind].ending))
        kind++;
    if (!cli_is_layout_name(name) || kind == KINDS)
        return cli_usage(
            c,
            "'%s' is no name to begin a layout with: it is a file's, of a-z, 0-9, '.', "
            "'-' and '_', that ends with .html, .txt or .gmi",
            name);
    char how[160], option[80] = "";
    if (strcmp(name, kinds[kind].layout) != 0)
        (void)snprintf(option, sizeof option, "-O layout=%s ", name);
    (void)snprintf(how, sizeof how, "news render -f %s %sISSUE.md", kinds[kind].format, option);
    if (is_full)
        return copy_layout(c, kinds[kind].layout, name, how);
    const filling fillings[] = {{"HOW", how},
                                {"NAME", name},
                                {"BUILTIN", kinds[kind].layout},
                                {"BLOCKS", kinds[kind].blocks}};
    const char *const texts[] = {layout_begin, kinds[kind].block, NULL};
    return make(c, "layouts", name, texts, fillings, 4, how);
}

int cli_new(cli *c, int argc, char **argv)
{
    enum { FULL = 256 }; /* has no letter */
    static const struct option options[] = {
        {"full", no_argument, NULL, FULL}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int status = CLI_OK, letter;
    bool is_full = false;
    while ((letter = cli_option(c, argc, argv, ":h", options, &status)) >= 0)
        is_full = true;
    if (letter == CLI_STOP)
        return status;
    if (argc - optind > 2)
        return cli_usage(c, "one at a time: '%s' is too much", argv[optind + 2]);
    const char *what = optind < argc ? argv[optind] : NULL;
    const char *name = optind + 1 < argc ? argv[optind + 1] : NULL;
    if (what == NULL)
        return cli_usage(c, "a new what? 'news new format NAME' or 'news new layout NAME'");
    bool is_format = strcmp(what, "format") == 0;
    if (!is_format && strcmp(what, "layout") != 0)
        return cli_usage(c, "'%s' is neither 'format' nor 'layout'", what);
    if (name == NULL)
        return cli_usage(c, "the %s needs a name", what);
    if (is_format && is_full)
        return cli_usage(c, "'--full' is for layouts");
    return is_format ? new_format(c, name) : new_layout(c, name, is_full);
}
