/* Files for scripts: the pictures that an issue shows, and no others, from the host's loader. */
#include "script/host.h"
#include "source/source.h"

/* The path of the file that an image's address leads to: seen from the file it was written in. */
static bool image_path(const news_render_state *render, const news_node *image, news_str address,
                       news_buf *path)
{
    const news_issue *issue = render->issue;
    news_str from = news_node_source(issue, image);
    if (news_str_equal(from, issue->name))
        from = issue->path;
    return news_path_of_address(path, from, address) && news_buf_append_char(path, '\0');
}

/* A file's bytes as a string; protected, since the file is to be released whatever happens. */
static int push_bytes(lua_State *L)
{
    const news_file *file = lua_touserdata(L, 1);
    news_charge_bytes(L, file->len);
    lua_pushlstring(L, file->len != 0 ? file->bytes : "", file->len);
    return 1;
}

/* Leaves the file's bytes on the stack, or raises what its loading or its size makes of it. */
static void load(lua_State *L, const news_render_state *render, const news_node *image,
                 const news_buf *path)
{
    const news_source_options options = {.loader = *render->options->loader};
    news_file file;
    news_error error = NEWS_ERROR_INIT;
    bool missing;
    news_str name = news_str_of(path->ptr, path->len - 1);
    lua_pushcfunction(L, push_bytes);
    lua_pushlightuserdata(L, &file);
    news_status status = news_file_load(&options, name, &file, &missing, &error);
    if (status != NEWS_OK)
        news_lua_fail_at(L, status, image, "%s", error.message);
    if (missing)
        news_lua_fail_at(L, NEWS_ERR_SYNTAX, image, "there is no file '%s' for this image",
                         path->ptr);
    int lua_status = lua_pcall(L, 1, 1, 0);
    news_file_release(&options, &file);
    news_check_caught(L, lua_status);
    if (lua_status != LUA_OK)
        lua_error(L);
}

static int load_protected(lua_State *L)
{
    news_buf *path = lua_touserdata(L, 1);
    const news_render_state *render = news_host_of(L)->render;
    const news_node *image = news_get_node(L, 2);
    news_str address =
        news_render_field(L, news_host_of(L)->render, image, NEWS_FIELD_SRC).as.string;
    if (!image_path(render, image, address, path))
        news_lua_fail(L, NEWS_ERR_NOMEM, NULL, 0, "out of memory");
    load(L, render, image, path);
    return 1;
}

int news_lua_load_image(lua_State *L)
{
    news_host *host = news_host_of(L);
    const news_node *image = news_get_node(L, 1);
    news_buf path;
    if (image == NULL || image->kind != NEWS_KIND_IMAGE)
        luaL_error(L, "news.load gives the file of an image; call it with one");
    const news_loader *loader = host->render->options->loader;
    if (loader == NULL || loader->load == NULL)
        news_lua_fail_at(L, NEWS_ERR_SYNTAX, image,
                         "this image would travel with the mail, but the program that renders it "
                         "gives no files");
    news_buf_init(&path, &host->output_heap, SIZE_MAX / 2);
    lua_settop(L, 1);
    lua_pushcfunction(L, load_protected);
    lua_pushlightuserdata(L, &path);
    lua_pushvalue(L, 1);
    int status = lua_pcall(L, 2, 1, 0);
    news_buf_free(&path);
    news_check_caught(L, status);
    if (status != LUA_OK)
        lua_error(L);
    return 1;
}
