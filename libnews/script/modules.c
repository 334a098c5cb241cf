/* What a script may require: the library's own modules, and those that the host has given. */
#include "script/host.h"

/* ---- Running ---- */

static const news_embedded_script *find_embedded(news_str name)
{
    for (size_t i = 0; i < news_embedded_module_count; i++)
        if (news_str_equal(name, news_str_from(news_embedded_modules[i].name)))
            return &news_embedded_modules[i];
    return NULL;
}

static news_module *find_given(const news_host *host, news_str name)
{
    for (size_t i = 0; i < host->module_count; i++)
        if (news_str_equal(name, news_str_from(host->modules[i].name)))
            return &host->modules[i];
    return NULL;
}

/* Pushes the function of a module; false when there is none of this name. */
static bool push_module(lua_State *L, news_str name)
{
    const news_module *given = find_given(news_host_of(L), name);
    const news_embedded_script *embedded = find_embedded(name);
    if (embedded != NULL)
        news_lua_compile(L, embedded->chunk_name, news_str_of(embedded->lua, embedded->len), false);
    else if (given != NULL)
        news_lua_compile(L, given->chunk_name, news_str_of(given->lua, given->lua_size - 1), true);
    return embedded != NULL || given != NULL;
}

bool news_host_has_module(const news_host *host, news_str name)
{
    return find_given(host, name) != NULL;
}

static void push_environment(lua_State *L, int modules)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OUR_MODULES);
    bool is_ours = lua_rawequal(L, -1, modules);
    lua_pop(L, 1);
    if (is_ours)
        news_lua_push_our_environment(L);
    else
        news_lua_push_environment(L, modules);
}

/* Upvalue 1: the modules that this chunk and those it requires have, by name. */
static int require(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    lua_settop(L, 1);
    news_charge(L, 4);
    if (lua_getfield(L, lua_upvalueindex(1), name) != LUA_TNIL)
        return 1;
    if (news_natives_push(L, news_str_of(name, len))) {
        lua_pushvalue(L, -1);
        lua_setfield(L, lua_upvalueindex(1), name);
        return 1;
    }
    news_lua_begin_chunk(L);
    if (!push_module(L, news_str_of(name, len)))
        return luaL_error(L,
                          "there is no module '%s'; there are \"news\", \"news.colour\", "
                          "\"news.mail\", \"news.page\", \"news.words\" and those that the "
                          "program has loaded",
                          name);
    lua_pushvalue(L, lua_upvalueindex(1));
    push_environment(L, lua_gettop(L));
    lua_setupvalue(L, -3, 1);
    lua_pop(L, 1);
    lua_call(L, 0, 1);
    news_host_of(L)->loading--;
    if (lua_isnil(L, -1))
        lua_pushboolean(L, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, lua_upvalueindex(1), name);
    return 1;
}

void news_lua_push_require(lua_State *L, int modules)
{
    lua_pushvalue(L, modules);
    lua_pushcclosure(L, require, 1);
}

/* ---- Loading ---- */

static void free_module(news_host *host, news_module *module)
{
    news_heap_free(&host->output_heap, module->name, module->name_size);
    news_heap_free(&host->output_heap, module->chunk_name, module->chunk_name_size);
    news_heap_free(&host->output_heap, module->lua, module->lua_size);
    *module = (news_module){0};
}

void news_modules_free(news_host *host)
{
    for (size_t i = 0; i < host->module_count; i++)
        free_module(host, &host->modules[i]);
    news_heap_free(&host->output_heap, host->modules,
                   host->module_capacity * sizeof *host->modules);
}

static bool is_module_name(news_str name)
{
    news_str ours = NEWS_STR("news");
    for (size_t i = 0; i < name.len; i++)
        if (!news_is_alnum(name.ptr[i]) && (name.ptr[i] == '\0' || !strchr("._-", name.ptr[i])))
            return false;
    return name.len != 0 && !news_str_equal(name, ours) &&
           !news_str_starts(name, NEWS_STR("news."));
}

news_status news_host_check_module_name(news_str name, news_error *error)
{
    if (is_module_name(name))
        return NEWS_OK;
    return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                          "a module's name holds letters, digits, '.', '-' and '_', and does not "
                          "begin with \"news\"; not '%.*s'",
                          (int)name.len, name.ptr);
}

static int compile_protected(lua_State *L)
{
    const news_module *module = lua_touserdata(L, 1);
    news_lua_count_steps(L);
    news_lua_compile(L, module->chunk_name, news_str_of(module->lua, module->lua_size - 1), true);
    return 0;
}

/* Puts the module among the others, in the place of one of its name. */
static news_status store_module(news_host *host, news_module *module, news_error *error)
{
    news_module *same = find_given(host, news_str_from(module->name));
    if (same == NULL) {
        news_module *modules = news_heap_grow(&host->output_heap, host->modules, host->module_count,
                                              &host->module_capacity, sizeof *modules);
        if (modules == NULL)
            return news_error_nomem(error);
        host->modules = modules;
        same = &modules[host->module_count++];
        *same = (news_module){0};
    }
    free_module(host, same);
    *same = *module;
    *module = (news_module){0};
    return NEWS_OK;
}

news_status news_host_load_module(news_host *host, news_str module_name, news_str name,
                                  news_str lua, news_error *error)
{
    news_module module = {0};
    news_status status = news_host_check_module_name(module_name, error);
    if (status != NEWS_OK)
        return status;
    if (news_natives_has(host, module_name))
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                              "the functions of module '%.*s' are the program's",
                              (int)module_name.len, module_name.ptr);
    if (lua.len > host->options.max_memory)
        return news_error_memory_limit(host, name, 0, error);
    status = NEWS_ERR_NOMEM;
    if (news_host_copy(host, module_name, "", &module.name, &module.name_size) &&
        news_host_copy(host, name, "=", &module.chunk_name, &module.chunk_name_size) &&
        news_host_copy(host, lua, "", &module.lua, &module.lua_size))
        status = news_host_enter(host, compile_protected, &module, error);
    else
        (void)news_error_nomem(error);
    if (status == NEWS_OK)
        status = store_module(host, &module, error);
    free_module(host, &module);
    return status;
}
