/* The built-in formats, the modules they share and the layouts, put into the library by the build.
 */
#ifndef NEWS_EMBEDDED_H
#define NEWS_EMBEDDED_H

#include <stddef.h>

typedef struct {
    const char *name;       /* "text"; of a module "news.words"; of a layout "web.html" */
    const char *chunk_name; /* "@text.lua", "@words.lua", "@web.html" */
    const char *lua;        /* of a layout its text */
    size_t len;
} news_embedded_script;

extern const news_embedded_script news_embedded_scripts[];
extern const size_t news_embedded_script_count;
extern const news_embedded_script news_embedded_modules[];
extern const size_t news_embedded_module_count;
extern const news_embedded_script news_embedded_layouts[];
extern const size_t news_embedded_layout_count;

#endif
