/* script: formats and layouts.
 *
 * An issue, the name of a format and Lua text come in; finished output goes out. The room keeps one
 * Lua state per context with its own allocator, limits and library; shows nodes to scripts as
 * read-only proxies; compiles one-line templates to operations that run in C, and layouts to Lua;
 * and drives the writer. It is the only room that includes Lua's headers.
 */
#ifndef NEWS_SCRIPT_H
#define NEWS_SCRIPT_H

#include <stdatomic.h>

#include "model/model.h"
#include "write/write.h"

typedef struct news_host news_host;

typedef struct {
    const news_allocator *allocator;
    size_t max_memory, max_output; /* set */
    uint64_t max_steps;            /* UINT64_MAX: none are counted */
    atomic_bool *cancelled;        /* whether the call under way is to end */
    news_log_fn log;
    void *log_data;
} news_host_options;

news_status news_host_new(news_host **result, const news_host_options *options, news_error *error);
void news_host_free(news_host *host);

/* See news_format_load(). */
news_status news_host_load(news_host *host, news_str name, news_str lua, news_error *error);
/* See news_module_load(). */
news_status news_host_load_module(news_host *host, news_str module, news_str name, news_str lua,
                                  news_error *error);

/* See news_native_add(); `destroy` is called here only once the function is added. */
news_status news_host_add_native(news_host *host, news_str module, news_str name,
                                 news_native_fn function, void *data, news_destroy_fn destroy,
                                 news_error *error);

typedef struct {
    const char *name, *media, *extension, *source, *edition; /* borrowed from the host */
} news_host_format;

enum { NEWS_EDITION_NAME_MAX = 32 };

size_t news_host_format_count(const news_host *host);
/* The name alone, without running a script. */
const char *news_host_format_name(const news_host *host, size_t index);
/* The format whose name is nearest to a mistyped one, or NULL. */
const char *news_host_format_nearest(news_host *host, news_str name);
news_status news_host_format_info(news_host *host, size_t index, news_host_format *format,
                                  news_error *error);

/* See news_layout_load(). */
news_status news_host_load_layout(news_host *host, news_str name, news_str source, news_str text,
                                  news_error *error);

typedef struct {
    const char *name, *source; /* borrowed from the host, as the text */
    news_str text;
} news_host_layout;

size_t news_host_layout_count(const news_host *host);
/* Fills *layout even when the layout cannot be used, which the status then tells. */
news_status news_host_layout_info(news_host *host, size_t index, news_host_layout *layout,
                                  news_error *error);

/* The edition that a format renders when no other is asked for. NEWS_ERR_NOT_FOUND when there is no
 * such format. */
news_status news_host_format_edition(news_host *host, news_str format,
                                     char edition[NEWS_EDITION_NAME_MAX], news_error *error);

/* A section or a link, and whether it was written: a section's place among those that were, from 1,
 * a link's 1; 0: it was not. */
typedef struct {
    const news_node *node;
    uint32_t place;
} news_written;

/* What a render is to tell of what it wrote. */
typedef struct {
    news_written *written; /* the nodes are given */
    size_t count;
    bool unsubscribes; /* it leads to the issue's unsubscribe */
    bool shows_links;  /* its format was not told to leave addresses out */
} news_trial;

/* Renders for a check: a merge field that has no value has its name for one. */
news_status news_host_try(news_host *host, const news_issue *issue, news_str format,
                          const news_loader *loader, news_trial *trial, news_str *output,
                          news_error *error);

/* Renders into memory of the host's: *output is borrowed until the next call for this host. */
news_status news_host_render(news_host *host, const news_issue *issue, news_str format,
                             const news_render_options *options, news_str *output,
                             news_error *error);

#endif
