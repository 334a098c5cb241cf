/* Functions of the host's that scripts call: those of one module are what `require` of its name
 * gives. */
#include "script/host.h"

enum { MOST_ARGUMENTS = 32 };

/* ---- Values ---- */

/* What stands at an index of the stack, borrowed from there. */
static news_value get_value(lua_State *L, int index)
{
    news_value value = {.type = NEWS_VALUE_NONE};
    size_t len;
    switch (lua_type(L, index)) {
    case LUA_TNIL: return value;
    case LUA_TBOOLEAN:
        value.type = NEWS_VALUE_BOOLEAN;
        value.as.boolean = lua_toboolean(L, index);
        return value;
    case LUA_TNUMBER:
        value.type = lua_isinteger(L, index) ? NEWS_VALUE_INTEGER : NEWS_VALUE_NUMBER;
        if (value.type == NEWS_VALUE_INTEGER)
            value.as.integer = lua_tointeger(L, index);
        else
            value.as.number = lua_tonumber(L, index);
        return value;
    case LUA_TSTRING:
        value.type = NEWS_VALUE_STRING;
        value.as.string.ptr = lua_tolstring(L, index, &len);
        value.as.string.len = len;
        news_charge_bytes(L, len);
        return value;
    default: break;
    }
    if ((value.as.node = news_get_node(L, index)) != NULL)
        value.type = NEWS_VALUE_NODE;
    else if (news_get_nodes(L, index, &value.as.nodes))
        value.type = NEWS_VALUE_NODES;
    else if (news_get_date(L, index, &value.as.date))
        value.type = NEWS_VALUE_DATE;
    else
        luaL_error(L,
                   "argument %d is a %s; a function of the program takes strings, numbers, "
                   "booleans, dates and nodes",
                   index, luaL_typename(L, index));
    return value;
}

static void push_result(lua_State *L, const news_value *result)
{
    switch (result->type) {
    case NEWS_VALUE_STRING: news_charge_bytes(L, result->as.string.len); break;
    case NEWS_VALUE_NONE:
    case NEWS_VALUE_BOOLEAN:
    case NEWS_VALUE_INTEGER:
    case NEWS_VALUE_NUMBER:
    case NEWS_VALUE_DATE: break;
    default: luaL_error(L, "a function of the program gives strings, numbers, booleans and dates");
    }
    news_push_value(L, result);
}

/* ---- Calling ---- */

static int fail(lua_State *L, const news_native *native, news_status status,
                const news_error *error)
{
    const char *message = error->message[0] != '\0' ? error->message : news_status_name(status);
    if (status == NEWS_ERR_NOMEM || status == NEWS_ERR_LIMIT || status == NEWS_ERR_CANCELLED)
        return news_spend(L, status, message);
    return luaL_error(L, "%s.%s: %s", native->module, native->name, message);
}

/* Upvalue 1: the function. */
static int call(lua_State *L)
{
    const news_native *native = lua_touserdata(L, lua_upvalueindex(1));
    news_value arguments[MOST_ARGUMENTS], result = {.type = NEWS_VALUE_NONE};
    news_error error = NEWS_ERROR_INIT;
    int count = lua_gettop(L);
    news_charge(L, 16);
    if (count > MOST_ARGUMENTS)
        luaL_error(L, "%s.%s: more than %d arguments", native->module, native->name,
                   (int)MOST_ARGUMENTS);
    for (int i = 0; i < count; i++)
        arguments[i] = get_value(L, i + 1);
    news_status status = native->function(native->data, arguments, (size_t)count, &result, &error);
    if (status != NEWS_OK)
        return fail(L, native, status, &error);
    push_result(L, &result);
    return 1;
}

bool news_natives_push(lua_State *L, news_str module)
{
    bool found = false;
    for (const news_native *native = news_host_of(L)->natives; native != NULL;
         native = native->next) {
        if (!news_str_equal(module, news_str_from(native->module)))
            continue;
        if (!found)
            lua_newtable(L);
        found = true;
        lua_pushlightuserdata(L, (void *)(uintptr_t)native);
        lua_pushcclosure(L, call, 1);
        lua_setfield(L, -2, native->name);
    }
    return found;
}

bool news_natives_has(const news_host *host, news_str module)
{
    for (const news_native *native = host->natives; native != NULL; native = native->next)
        if (news_str_equal(module, news_str_from(native->module)))
            return true;
    return false;
}

/* ---- Adding ---- */

static void free_native(news_host *host, news_native *native)
{
    news_heap_free(&host->output_heap, native->module, native->module_size);
    news_heap_free(&host->output_heap, native->name, native->name_size);
    news_heap_free(&host->output_heap, native, sizeof *native);
}

static void drop_native(news_host *host, news_native *native)
{
    if (native->destroy != NULL)
        native->destroy(native->data);
    free_native(host, native);
}

void news_natives_free(news_host *host)
{
    for (news_native *native = host->natives, *next; native != NULL; native = next) {
        next = native->next;
        drop_native(host, native);
    }
}

static news_native *make_native(news_host *host, news_str module, news_str name)
{
    news_native *native = news_heap_alloc(&host->output_heap, sizeof *native);
    if (native == NULL)
        return NULL;
    *native = (news_native){0};
    if (news_host_copy(host, module, "", &native->module, &native->module_size) &&
        news_host_copy(host, name, "", &native->name, &native->name_size))
        return native;
    free_native(host, native);
    return NULL;
}

static bool is_identifier(news_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != '_' && !news_is_alpha(name.ptr[i]) &&
            (i == 0 || !news_is_digit(name.ptr[i])))
            return false;
    return name.len != 0;
}

news_status news_host_add_native(news_host *host, news_str module, news_str name,
                                 news_native_fn function, void *data, news_destroy_fn destroy,
                                 news_error *error)
{
    news_status status = news_host_check_module_name(module, error);
    if (status != NEWS_OK)
        return status;
    if (!is_identifier(name))
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                              "a function's name holds letters, digits and '_'; not '%.*s'",
                              (int)name.len, name.ptr);
    if (news_host_has_module(host, module))
        return news_error_set(error, NEWS_ERR_ARG, NEWS_STR_NONE, 0, 0,
                              "there is a module '%.*s' in Lua already", (int)module.len,
                              module.ptr);
    news_native *native = make_native(host, module, name), **at = &host->natives;
    if (native == NULL)
        return news_error_nomem(error);
    native->function = function;
    native->data = data;
    native->destroy = destroy;
    while (*at != NULL && !(news_str_equal(module, news_str_from((*at)->module)) &&
                            news_str_equal(name, news_str_from((*at)->name))))
        at = &(*at)->next;
    news_native *replaced = *at;
    native->next = replaced != NULL ? replaced->next : NULL;
    *at = native;
    if (replaced != NULL)
        drop_native(host, replaced);
    return NEWS_OK;
}
