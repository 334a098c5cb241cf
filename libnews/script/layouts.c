/* Layouts by name: the built-in ones, and the user's, which go before them. What is compiled of
 * them is kept until another takes the place of one; it holds no state. */
#include <stdio.h>

#include "script/layout.h"
#include "source/source.h"

/* More than any layout needs, pictures that are written into it included. */
enum { LARGEST_LAYOUT = 4 << 20 };

/* ---- Names ---- */

bool news_layout_is_name(news_str name)
{
    bool has_dot = false;
    if (name.len < 3 || name.len >= NEWS_LAYOUT_NAME_MAX || name.ptr[0] == '.' ||
        name.ptr[name.len - 1] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        has_dot = has_dot || c == '.';
        if (!news_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_')
            return false;
    }
    return has_dot;
}

static const news_user_layout *find_user(const news_host *host, news_str name)
{
    for (size_t i = 0; i < host->layout_count; i++)
        if (news_str_equal(name, news_str_from(host->layouts[i].name)))
            return &host->layouts[i];
    return NULL;
}

/* SIZE_MAX when there is none. */
static size_t find_builtin(news_str name)
{
    for (size_t i = 0; i < news_embedded_layout_count; i++)
        if (news_str_equal(name, news_str_from(news_embedded_layouts[i].name)))
            return i;
    return SIZE_MAX;
}

static news_layout_source user_source(const news_user_layout *layout)
{
    return (news_layout_source){layout->name, layout->chunk_name,
                                news_str_of(layout->text, layout->text_size - 1), layout->key};
}

static news_layout_source builtin_source(size_t index)
{
    const news_embedded_script *layout = &news_embedded_layouts[index];
    return (news_layout_source){layout->name, layout->chunk_name,
                                news_str_of(layout->lua, layout->len), -1 - (lua_Integer)index};
}

bool news_layout_find(const news_host *host, news_str name, const news_layout_source *from,
                      news_layout_source *found)
{
    bool is_own = from != NULL && news_layout_is_user(from) &&
                  news_str_equal(name, news_str_from(from->name));
    const news_user_layout *user = is_own ? NULL : find_user(host, name);
    size_t builtin = find_builtin(name);
    if (user != NULL)
        *found = user_source(user);
    else if (builtin != SIZE_MAX)
        *found = builtin_source(builtin);
    return user != NULL || builtin != SIZE_MAX;
}

/* ---- What layouts there are ---- */

/* Built-ins in order of name, then the user's that replace none. */
size_t news_host_layout_count(const news_host *host)
{
    size_t count = news_embedded_layout_count;
    for (size_t i = 0; i < host->layout_count; i++)
        count += find_builtin(news_str_from(host->layouts[i].name)) == SIZE_MAX;
    return count;
}

static const char *name_of(const news_host *host, size_t index)
{
    if (index < news_embedded_layout_count)
        return news_embedded_layouts[index].name;
    index -= news_embedded_layout_count;
    for (size_t i = 0; i < host->layout_count; i++)
        if (find_builtin(news_str_from(host->layouts[i].name)) == SIZE_MAX && index-- == 0)
            return host->layouts[i].name;
    return NULL;
}

static news_str name_at(void *ud, size_t i)
{
    return news_str_from(name_of(*(const news_host **)ud, i));
}

/* The layout whose name is this and an extension. */
static const char *with_extension(const news_host *host, news_str name)
{
    size_t count = news_host_layout_count(host);
    for (size_t i = 0; i < count; i++) {
        news_str other = news_str_from(name_of(host, i));
        if (news_str_starts(other, name) && other.ptr[name.len] == '.')
            return other.ptr;
    }
    return NULL;
}

const char *news_layout_nearest(const news_host *host, news_str name)
{
    const char *extended = with_extension(host, name);
    if (extended != NULL)
        return extended;
    ptrdiff_t nearest = news_nearest(name, news_host_layout_count(host), name_at, &host);
    return nearest < 0 ? NULL : name_of(host, (size_t)nearest);
}

static int link_protected(lua_State *L)
{
    (void)news_layout_push_program(L, lua_touserdata(L, 1));
    return 0;
}

news_status news_host_layout_info(news_host *host, size_t index, news_host_layout *layout,
                                  news_error *error)
{
    const char *name = name_of(host, index);
    news_layout_source source = {NULL, NULL, NEWS_STR_NONE, 0};
    *layout = (news_host_layout){NULL, NULL, NEWS_STR_NONE};
    if (name == NULL)
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0, "there is no layout %zu",
                              index);
    (void)news_layout_find(host, news_str_from(name), NULL, &source);
    *layout = (news_host_layout){
        source.name, source.chunk_name + (news_layout_is_user(&source) ? 1 : 0), source.text};
    return news_host_enter(host, link_protected, &source, error);
}

/* ---- Loading a user's layout ---- */

static void free_layout(news_host *host, news_user_layout *layout)
{
    news_heap_free(&host->output_heap, layout->name, layout->name_size);
    news_heap_free(&host->output_heap, layout->chunk_name, layout->chunk_name_size);
    news_heap_free(&host->output_heap, layout->text, layout->text_size);
    *layout = (news_user_layout){0};
}

void news_layouts_free(news_host *host)
{
    for (size_t i = 0; i < host->layout_count; i++)
        free_layout(host, &host->layouts[i]);
    news_heap_free(&host->output_heap, host->layouts,
                   host->layout_capacity * sizeof *host->layouts);
}

/* The text as it is scanned: without a byte-order mark, its lines ended by LF. */
static bool copy_layout(news_host *host, news_str text, news_user_layout *layout)
{
    news_buf unified;
    news_buf_init(&unified, &host->output_heap, LARGEST_LAYOUT);
    if (news_str_starts(text, NEWS_STR("\xEF\xBB\xBF")))
        text = news_str_skip(text, 3);
    bool good = news_unify_line_ends(&text, &unified) &&
                news_host_copy(host, text, "", &layout->text, &layout->text_size);
    news_buf_free(&unified);
    return good;
}

static news_status make_layout(news_host *host, news_user_layout *layout, news_str name,
                               news_str source, news_str text, news_error *error)
{
    const news_source_options options = {.max_input = LARGEST_LAYOUT};
    if (!news_layout_is_name(name))
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                              "'%.*s' is no name of a layout; one is a file's name such as "
                              "web.html, of a-z, 0-9, '.', '-' and '_'",
                              (int)(name.len < 100 ? name.len : 100), name.ptr);
    if (text.len > LARGEST_LAYOUT)
        return news_error_set(error, NEWS_ERR_LIMIT, source, 0, 0, "a layout has at most %d MiB",
                              LARGEST_LAYOUT >> 20);
    news_status status = news_check_bytes(source, text, &options, error);
    if (status != NEWS_OK)
        return status;
    if (!news_host_copy(host, name, "", &layout->name, &layout->name_size) ||
        !news_host_copy(host, source, "=", &layout->chunk_name, &layout->chunk_name_size) ||
        !copy_layout(host, text, layout))
        return news_error_nomem(error);
    layout->key = ++host->last_layout_key;
    return NEWS_OK;
}

/* What was made of the layout that goes, and what may have meant another by some name. */
static int forget_protected(lua_State *L)
{
    const news_user_layout *replaced = lua_touserdata(L, 1);
    news_layout_forget(L, replaced->key);
    news_layout_forget_programs(L);
    return 0;
}

static int compile_protected(lua_State *L)
{
    (void)news_layout_push(L, lua_touserdata(L, 1));
    return 0;
}

/* One that cannot be compiled is kept all the same, so that what would use it fails, too. */
static news_status store_layout(news_host *host, news_user_layout *layout, news_error *error)
{
    const news_user_layout *same = find_user(host, news_str_from(layout->name));
    size_t place = same != NULL ? (size_t)(same - host->layouts) : host->layout_count;
    news_layout_source source = user_source(layout);
    news_status status = news_host_enter(host, compile_protected, &source, error);
    if (status != NEWS_OK && status != NEWS_ERR_SCRIPT)
        return status;
    if (same == NULL) {
        news_user_layout *layouts =
            news_heap_grow(&host->output_heap, host->layouts, host->layout_count,
                           &host->layout_capacity, sizeof *layouts);
        if (layouts == NULL)
            return news_error_nomem(error);
        host->layouts = layouts;
        host->layout_count++;
        host->layouts[place] = (news_user_layout){0};
    }
    news_user_layout replaced = host->layouts[place];
    host->layouts[place] = *layout;
    *layout = (news_user_layout){0};
    (void)news_host_enter(host, forget_protected, &replaced, NULL); /* allocates nothing */
    free_layout(host, &replaced);
    return status;
}

news_status news_host_load_layout(news_host *host, news_str name, news_str source, news_str text,
                                  news_error *error)
{
    news_user_layout layout = {0};
    news_status status = make_layout(host, &layout, name, source, text, error);
    if (status == NEWS_OK)
        status = store_layout(host, &layout, error);
    if (layout.key != 0) {
        (void)news_host_enter(host, forget_protected, &layout, NULL);
    }
    free_layout(host, &layout);
    return status;
}
