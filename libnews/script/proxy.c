/* Nodes, lists of nodes and dates as Lua values: read-only, the same value for the same node
 * within a render, and refused once the render that handed them out is over. */
#include <stdio.h>

#include "script/host.h"

/* Of a sequence, `at_node` is the entry last read, with its 1-based index: walking it by index is
 * linear. */
typedef struct {
    uint32_t tag;
    uint32_t generation;
    const news_node *node;
    const news_node *at_node;
    lua_Integer at;
} node_proxy;

/* `at` and `at_node` remember the last element read, so that walking a run by index is linear. */
typedef struct {
    uint32_t tag;
    uint32_t generation;
    news_nodes nodes;
    size_t at; /* 1-based index of at_node; 0: none */
    const news_node *at_node;
    size_t count; /* SIZE_MAX: not counted yet */
} list_proxy;

static void set_metatable(lua_State *L, news_slot slot)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, slot);
    lua_setmetatable(L, -2);
}

/* ---- Pushing ---- */

void news_push_node(lua_State *L, const news_node *node)
{
    if (node == NULL) {
        lua_pushnil(L);
        return;
    }
    if (node->kind == NEWS_KIND_SCALAR) {
        lua_pushlstring(L, node->b.ptr != NULL ? node->b.ptr : "", node->b.len);
        return;
    }
    luaL_checkstack(L, 6, NULL);
    news_host *host = news_host_of(L);
    if (node->kind == NEWS_KIND_ISSUE) /* editions share the nodes below, but no root */
        node = host->render->issue->root;
    lua_rawgeti(L, LUA_REGISTRYINDEX, NEWS_SLOT_CACHE);
    if (lua_rawgetp(L, -1, node) == LUA_TNIL) {
        lua_pop(L, 1);
        node_proxy *proxy = lua_newuserdatauv(L, sizeof *proxy, 0);
        *proxy = (node_proxy){NEWS_TAG_NODE, host->generation, node, NULL, 0};
        set_metatable(L, NEWS_SLOT_OF_NODES);
        lua_pushvalue(L, -1);
        news_budget_own_tables(host, true);
        lua_rawsetp(L, -3, node);
        news_budget_own_tables(host, false);
        host->proxies++;
    }
    lua_remove(L, -2);
}

void news_push_nodes(lua_State *L, news_nodes nodes)
{
    luaL_checkstack(L, 6, NULL);
    list_proxy *proxy = lua_newuserdatauv(L, sizeof *proxy, 0);
    *proxy = (list_proxy){.tag = NEWS_TAG_LIST,
                          .generation = news_host_of(L)->generation,
                          .nodes = nodes,
                          .count = nodes.array != NULL ? nodes.count : SIZE_MAX};
    set_metatable(L, NEWS_SLOT_OF_LISTS);
}

static void set_integer(lua_State *L, const char *name, int64_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void push_date(lua_State *L, const news_date *date)
{
    luaL_checkstack(L, 6, NULL);
    lua_createtable(L, 0, 7);
    set_integer(L, "year", date->year);
    set_integer(L, "month", date->month);
    set_integer(L, "day", date->day);
    if (date->has_time) {
        set_integer(L, "hour", date->hour);
        set_integer(L, "min", date->min);
        set_integer(L, "sec", date->sec);
        set_integer(L, "offset", date->offset);
    }
    set_metatable(L, NEWS_SLOT_OF_DATES);
}

void news_push_value(lua_State *L, const news_value *value)
{
    switch (value->type) {
    case NEWS_VALUE_BOOLEAN: lua_pushboolean(L, value->as.boolean); return;
    case NEWS_VALUE_INTEGER: lua_pushinteger(L, value->as.integer); return;
    case NEWS_VALUE_STRING:
        lua_pushlstring(L, value->as.string.len != 0 ? value->as.string.ptr : "",
                        value->as.string.len);
        return;
    case NEWS_VALUE_DATE: push_date(L, &value->as.date); return;
    case NEWS_VALUE_NODE: news_push_node(L, value->as.node); return;
    case NEWS_VALUE_NODES: news_push_nodes(L, value->as.nodes); return;
    case NEWS_VALUE_NUMBER: lua_pushnumber(L, value->as.number); return;
    case NEWS_VALUE_NONE: break;
    }
    lua_pushnil(L);
}

/* ---- Getting ---- */

static void check_generation(lua_State *L, uint32_t generation)
{
    const news_host *host = news_host_of(L);
    if (generation != host->generation || host->render == NULL)
        luaL_error(L, "this node belongs to a render that is over");
}

const news_node *news_get_node(lua_State *L, int index)
{
    const node_proxy *proxy = news_lua_get(L, index, NEWS_TAG_NODE);
    if (proxy == NULL)
        return NULL;
    check_generation(L, proxy->generation);
    return proxy->node;
}

bool news_get_nodes(lua_State *L, int index, news_nodes *nodes)
{
    const list_proxy *proxy = news_lua_get(L, index, NEWS_TAG_LIST);
    if (proxy == NULL)
        return false;
    check_generation(L, proxy->generation);
    *nodes = proxy->nodes;
    return true;
}

static bool get_number(lua_State *L, int index, const char *name, int32_t *number)
{
    int is_integer;
    lua_getfield(L, index, name);
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    if (!is_integer || value < -100000 || value > 100000)
        return false;
    *number = (int32_t)value;
    return true;
}

bool news_get_date(lua_State *L, int index, news_date *date)
{
    *date = (news_date){0};
    index = lua_absindex(L, index);
    if (lua_type(L, index) != LUA_TTABLE || !get_number(L, index, "year", &date->year) ||
        !get_number(L, index, "month", &date->month) || !get_number(L, index, "day", &date->day) ||
        date->month < 1 || date->month > 12 || date->day < 1 || date->day > 31)
        return false;
    date->has_time = get_number(L, index, "hour", &date->hour);
    if (date->has_time) {
        (void)get_number(L, index, "min", &date->min);
        (void)get_number(L, index, "sec", &date->sec);
        (void)get_number(L, index, "offset", &date->offset);
    }
    return true;
}

size_t news_date_iso(const news_date *date, char *to, size_t size)
{
    int length;
    int offset = date->offset < 0 ? -date->offset : date->offset;
    if (!date->has_time)
        length =
            snprintf(to, size, "%04d-%02d-%02d", (int)date->year, (int)date->month, (int)date->day);
    else if (date->offset == 0)
        length =
            snprintf(to, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)date->year, (int)date->month,
                     (int)date->day, (int)date->hour, (int)date->min, (int)date->sec);
    else
        length = snprintf(to, size, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", (int)date->year,
                          (int)date->month, (int)date->day, (int)date->hour, (int)date->min,
                          (int)date->sec, date->offset < 0 ? '-' : '+', offset / 60, offset % 60);
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

/* ---- Metamethods of a node ---- */

const news_node *news_lua_entry(lua_State *L, const news_node *mapping, news_str name)
{
    const news_node *found = news_mapping_get(mapping, name);
    uint64_t looked_at = 0;
    for (const news_node *entry = mapping->first_child; entry != found; entry = entry->next)
        looked_at++;
    news_charge(L, looked_at);
    return found;
}

static int sequence_get(lua_State *L, node_proxy *proxy, lua_Integer index)
{
    const news_node *entry = proxy->node->first_child;
    lua_Integer at = 1;
    if (proxy->at != 0 && proxy->at <= index) {
        entry = proxy->at_node;
        at = proxy->at;
    }
    lua_Integer from = at;
    for (; entry != NULL && at < index; at++)
        entry = entry->next;
    news_charge(L, (uint64_t)(at - from) >> 2);
    if (index < 1 || entry == NULL) {
        lua_pushnil(L);
        return 1;
    }
    proxy->at = at;
    proxy->at_node = entry;
    news_push_node(L, entry);
    return 1;
}

static news_str name_at(lua_State *L, int index)
{
    size_t len;
    const char *name = lua_tolstring(L, index, &len);
    return news_str_of(name, len);
}

static int node_index(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    const news_kind kind = (news_kind)node->kind;
    news_charge(L, 3);
    if (kind == NEWS_KIND_SEQUENCE && lua_isinteger(L, 2))
        return sequence_get(L, lua_touserdata(L, 1), lua_tointeger(L, 2));
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "a node of kind %s is read by field name, not by %s",
                          news_kind_name(kind), luaL_typename(L, 2));
    /* What the writer put into the front matter goes before the fields every node has. */
    if (kind == NEWS_KIND_MAPPING) {
        news_push_node(L, news_lua_entry(L, node, name_at(L, 2)));
        return 1;
    }
    if (kind == NEWS_KIND_ISSUE && strcmp(lua_tostring(L, 2), "render") == 0) {
        lua_pushcfunction(L, news_lua_render);
        return 1;
    }
    int is_field;
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    news_field field = (news_field)lua_tointegerx(L, -1, &is_field);
    if (is_field && field == NEWS_FIELD_KIND) { /* asked for most often */
        lua_rawgeti(L, lua_upvalueindex(2), kind);
        return 1;
    }
    if (!is_field || !news_kind_has_field(kind, field))
        return news_lua_field_error(L, kind, name_at(L, 2));
    news_value value = news_render_field(L, news_host_of(L)->render, node, field);
    news_push_value(L, &value);
    return 1;
}

/* Scripts can call what pairs returned with anything. */
static const news_node *check_node(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    if (node == NULL)
        luaL_error(L, "call it as pairs does, with the node");
    return node;
}

static list_proxy *check_list(lua_State *L)
{
    list_proxy *list = news_lua_get(L, 1, NEWS_TAG_LIST);
    if (list == NULL)
        luaL_error(L, "call it as pairs does, with the list");
    else
        check_generation(L, list->generation);
    return list;
}

static int read_only(lua_State *L)
{
    return luaL_error(L, "the issue is read-only; it cannot be changed by a format");
}

static int node_length(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    if (node->kind != NEWS_KIND_SEQUENCE && node->kind != NEWS_KIND_MAPPING)
        return luaL_error(L, "a node of kind %s has no length; its children have",
                          news_kind_name((news_kind)node->kind));
    news_nodes children = {.first = node->first_child};
    size_t count = news_nodes_count(&children);
    news_charge(L, count >> 2);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static int node_tostring(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    const char *kind = news_kind_name((news_kind)node->kind);
    if (node->line != 0)
        lua_pushfstring(L, "%s at %d:%d", kind, (int)node->line, (int)node->column);
    else
        lua_pushstring(L, kind);
    return 1;
}

/* Iterator over the present fields: upvalue 1 counts. */
static int next_field(lua_State *L)
{
    const news_node *node = check_node(L);
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(1));
    for (;; at++) {
        news_field field = news_kind_field_at((news_kind)node->kind, (size_t)at);
        if (field == NEWS_FIELD_COUNT)
            return 0;
        news_value value = news_render_field(L, news_host_of(L)->render, node, field);
        if (value.type == NEWS_VALUE_NONE)
            continue;
        lua_pushinteger(L, at + 1);
        lua_replace(L, lua_upvalueindex(1));
        lua_pushstring(L, news_field_name(field).ptr);
        news_push_value(L, &value);
        return 2;
    }
}

/* Iterator over a mapping's or sequence's entries: upvalue 1 is how many were shown. Each step
 * finds its place from the entry shown last, kept as a light value. */
static int next_entry(lua_State *L)
{
    const news_node *node = check_node(L);
    const news_node *last = lua_touserdata(L, lua_upvalueindex(2));
    const news_node *entry = last != NULL ? last->next : node->first_child;
    if (entry == NULL || entry->parent != node)
        return 0;
    lua_Integer index = lua_tointeger(L, lua_upvalueindex(1)) + 1;
    lua_pushinteger(L, index);
    lua_replace(L, lua_upvalueindex(1));
    lua_pushlightuserdata(L, (void *)(uintptr_t)entry);
    lua_replace(L, lua_upvalueindex(2));
    if (node->kind == NEWS_KIND_MAPPING)
        lua_pushlstring(L, entry->a.len != 0 ? entry->a.ptr : "", entry->a.len);
    else
        lua_pushinteger(L, index);
    news_push_node(L, entry);
    return 2;
}

static int node_pairs(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    bool entries = node->kind == NEWS_KIND_MAPPING || node->kind == NEWS_KIND_SEQUENCE;
    lua_pushinteger(L, 0);
    lua_pushlightuserdata(L, NULL);
    lua_pushcclosure(L, entries ? next_entry : next_field, 2);
    lua_pushvalue(L, 1);
    return 2;
}

/* ---- Metamethods of a list ---- */

static int list_length(lua_State *L)
{
    list_proxy *list = check_list(L);
    if (list->count == SIZE_MAX) {
        list->count = news_nodes_count(&list->nodes);
        news_charge(L, list->count >> 2);
    }
    lua_pushinteger(L, (lua_Integer)list->count);
    return 1;
}

static const news_node *list_get(lua_State *L, list_proxy *list, size_t index)
{
    if (list->nodes.array != NULL)
        return index <= list->nodes.count ? list->nodes.array[index - 1] : NULL;
    const news_node *node = list->nodes.first;
    size_t at = 1;
    if (list->at != 0 && list->at <= index) {
        node = list->at_node;
        at = list->at;
    }
    size_t from = at;
    while (node != NULL && node != list->nodes.end && at < index) {
        node = node->next;
        at++;
    }
    news_charge(L, (at - from) >> 2);
    if (node == NULL || node == list->nodes.end)
        return NULL;
    list->at = at;
    list->at_node = node;
    return node;
}

static int list_index(lua_State *L)
{
    list_proxy *list = check_list(L);
    if (!lua_isinteger(L, 2))
        return luaL_error(L, "a list of nodes is read by number, from 1; not by %s",
                          lua_type(L, 2) == LUA_TSTRING
                              ? lua_pushfstring(L, "'%s'", lua_tostring(L, 2))
                              : luaL_typename(L, 2));
    lua_Integer index = lua_tointeger(L, 2);
    news_push_node(L, index >= 1 ? list_get(L, list, (size_t)index) : NULL);
    return 1;
}

static int next_element(lua_State *L)
{
    list_proxy *list = check_list(L);
    lua_Integer index = luaL_optinteger(L, 2, 0);
    if (index < 0 || index == LUA_MAXINTEGER)
        return 0;
    const news_node *node = list_get(L, list, (size_t)++index);
    if (node == NULL)
        return 0;
    lua_pushinteger(L, index);
    news_push_node(L, node);
    return 2;
}

static int list_pairs(lua_State *L)
{
    lua_pushcfunction(L, next_element);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

static int list_tostring(lua_State *L)
{
    lua_pushliteral(L, "list of nodes");
    return 1;
}

static int date_tostring(lua_State *L)
{
    char text[48];
    news_date date;
    if (!news_get_date(L, 1, &date))
        return luaL_error(L, "this is not a date");
    lua_pushlstring(L, text, news_date_iso(&date, text, sizeof text));
    return 1;
}

/* ---- What is no string and no function ---- */

/* Either operand may be the other's. */
static int refuse_concat(lua_State *L)
{
    news_date date;
    if (news_get_date(L, 1, &date) || news_get_date(L, 2, &date))
        return luaL_error(L, "a date is no string to join with '..'; news.date(d) makes one");
    return luaL_error(L, "nodes are no strings to join with '..'; give them to out one after the "
                         "other: out(\"*\", node.children, \"*\")");
}

static int refuse_call(lua_State *L)
{
    const node_proxy *proxy = news_lua_get(L, 1, NEWS_TAG_NODE);
    if (proxy != NULL && proxy->node->kind != NEWS_KIND_SEQUENCE)
        return luaL_error(L, "a node of kind %s is no function",
                          news_kind_name((news_kind)proxy->node->kind));
    return luaL_error(L, "a list is no function; a loop over it is written 'for i, entry in "
                         "ipairs(list) do'");
}

/* ---- Setting up ---- */

static void push_metatable(lua_State *L, const luaL_Reg *functions, int upvalues)
{
    lua_createtable(L, 0, 8);
    lua_insert(L, -1 - upvalues);
    luaL_setfuncs(L, functions, upvalues);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
}

void news_proxy_open(lua_State *L)
{
    static const luaL_Reg node_functions[] = {
        {"__index", node_index}, {"__newindex", read_only},
        {"__len", node_length},  {"__tostring", node_tostring},
        {"__pairs", node_pairs}, {"__concat", refuse_concat},
        {"__call", refuse_call}, {NULL, NULL}};
    static const luaL_Reg list_functions[] = {
        {"__index", list_index}, {"__newindex", read_only},
        {"__len", list_length},  {"__tostring", list_tostring},
        {"__pairs", list_pairs}, {"__concat", refuse_concat},
        {"__call", refuse_call}, {NULL, NULL}};
    static const luaL_Reg date_functions[] = {
        {"__tostring", date_tostring}, {"__concat", refuse_concat}, {NULL, NULL}};
    lua_createtable(L, 0, NEWS_FIELD_COUNT);
    for (unsigned field = 0; field < NEWS_FIELD_COUNT; field++) {
        lua_pushinteger(L, field);
        lua_setfield(L, -2, news_field_name((news_field)field).ptr);
    }
    lua_createtable(L, NEWS_KIND_COUNT, 0);
    for (unsigned kind = 1; kind < NEWS_KIND_COUNT; kind++) {
        lua_pushstring(L, news_kind_name((news_kind)kind));
        lua_rawseti(L, -2, kind);
    }
    push_metatable(L, node_functions, 2);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_NODES);
    push_metatable(L, list_functions, 0);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_LISTS);
    push_metatable(L, date_functions, 0);
    lua_rawseti(L, LUA_REGISTRYINDEX, NEWS_SLOT_OF_DATES);
}
