/* The functions of `news` that give values: dates by pattern in the issue's language, lists as
 * text, cuts, addresses, look-ups. None changes anything, none depends on when it is called. */
#include <stdio.h>

#include "script/host.h"
#include "source/source.h"

static news_str check_text(lua_State *L, int index)
{
    size_t len;
    const char *text = luaL_checklstring(L, index, &len);
    news_charge(L, 4 + (len >> 1));
    return news_str_of(text, len);
}

static int columns(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)news_columns_widest(check_text(L, 1)));
    return 1;
}

/* ---- Dates ---- */

static int weekday_of(const news_date *date) /* 0 Sunday; Sakamoto's rule */
{
    static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    int year = date->year - (date->month < 3);
    int day = (year + year / 4 - year / 100 + year / 400 + shift[date->month - 1] + date->day) % 7;
    return day < 0 ? day + 7 : day;
}

static void add_text(news_joined *joined, const char *text)
{
    news_joined_add(joined, text, strlen(text));
}

static void add_number(news_joined *joined, int number, int digits)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%0*d", digits, number);
    add_text(joined, text);
}

/* The language that is asked for at `index`, or the issue's, or its publication's. */
static news_str language_of(lua_State *L, int index)
{
    const news_render_state *render = news_host_of(L)->render;
    if (!lua_isnoneornil(L, index))
        return check_text(L, index);
    if (render == NULL)
        return NEWS_STR_NONE;
    if (render->issue->lang.len != 0)
        return render->issue->lang;
    const news_publication *publication = render->issue->publication;
    return publication != NULL ? publication->lang : NEWS_STR_NONE;
}

static bool names_something(const char *pattern)
{
    for (; (pattern = strchr(pattern, '%')) != NULL && pattern[1] != '\0'; pattern += 2)
        if (strchr("BbAaO", pattern[1]) != NULL)
            return true;
    return false;
}

static const char *month_alone(const news_date_words *words, int month)
{
    return (words->months_alone[0] != NULL ? words->months_alone : words->months)[month - 1];
}

/* Adds what the letters at *at stand for, behind a percent sign, and leaves *at at the last. */
static void add_letter(lua_State *L, news_joined *joined, const char **at, const news_date *date,
                       const news_date_words *words)
{
    int digits = 2;
    if (**at == '-' && (*at)[1] != '\0' && strchr("mdHM", (*at)[1]) != NULL) {
        digits = 1;
        ++*at;
    }
    switch (**at) {
    case 'Y': add_number(joined, date->year, 1); return;
    case 'm': add_number(joined, date->month, digits); return;
    case 'd': add_number(joined, date->day, digits); return;
    case 'H': add_number(joined, date->hour, digits); return;
    case 'M': add_number(joined, date->min, digits); return;
    case 'B': add_text(joined, words->months[date->month - 1]); return;
    case 'b': add_text(joined, words->short_months[date->month - 1]); return;
    case 'A': add_text(joined, words->days[weekday_of(date)]); return;
    case 'a': add_text(joined, words->short_days[weekday_of(date)]); return;
    case '%': news_joined_add_char(joined, '%'); return;
    case 'O':
        if ((*at)[1] == 'B') {
            ++*at;
            add_text(joined, month_alone(words, date->month));
            return;
        }
        break;
    default: break;
    }
    luaL_error(L,
               "news.date knows %%Y %%m %%d %%H %%M %%B %%OB %%b %%A %%a and %%%%; the pattern has "
               "'%%%c'",
               **at);
}

/* A date of the issue's, or a text such as a directive has. */
static bool read_date(lua_State *L, int index, news_date *date)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return news_date_parse(check_text(L, index), date);
    return news_get_date(L, index, date);
}

/* Where the names are not known, a date with names is all numbers. */
static int format_date(lua_State *L)
{
    news_date date;
    news_charge_lookups(L, 16);
    news_str language = language_of(L, 3);
    const news_date_words *words =
        news_find_date_words(language.len != 0 ? language : NEWS_STR("en"));
    if (!read_date(L, 1, &date))
        return luaL_argerror(
            L, 1,
            lua_isnoneornil(L, 1)
                ? "it is nil; test first whether there is a date"
                : "a date expected: a table with year, month and day, or a text such as "
                  "\"2024-05-17\"");
    if (!lua_isnoneornil(L, 2))
        (void)check_text(L, 2);
    const char *at = luaL_optstring(L, 2, words != NULL ? words->pattern : "%Y-%m-%d");
    if (words == NULL && names_something(at))
        at = "%Y-%m-%d";
    else if (lua_isnoneornil(L, 2) && words != NULL && date.day == 1 &&
             strcmp(words->language, "fr") == 0)
        at = "1er %B %Y";
    news_joined joined;
    news_joined_begin(L, &joined);
    for (; *at != '\0'; at++) {
        if (*at != '%') {
            news_joined_add_char(&joined, *at);
            continue;
        }
        at++;
        add_letter(L, &joined, &at, &date, words);
    }
    news_joined_push(&joined);
    return 1;
}

/* ---- Words ---- */

static int plural(lua_State *L)
{
    news_charge(L, 4);
    lua_Number number = luaL_checknumber(L, 1);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    lua_pushvalue(L, number == 1 ? 2 : 3);
    return 1;
}

/* Leaves the text of an entry at the top in its place: its own, or its name's. */
static void entry_to_text(lua_State *L, lua_Integer number)
{
    int type = lua_type(L, -1);
    if (type == LUA_TTABLE || news_lua_get(L, -1, NEWS_TAG_NODE) != NULL) {
        lua_getfield(L, -1, "name");
        lua_remove(L, -2);
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "news.join: entry %I is %s, neither a text nor something with a name", number,
                   lua_type(L, -1) == LUA_TNIL ? lua_typename(L, type) : luaL_typename(L, -1));
}

/* join(list, separator, last): upper bounds are those of Lua's memory. */
static int join(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TTABLE && news_lua_get(L, 1, NEWS_TAG_NODE) == NULL)
        luaL_typeerror(L, 1, "list");
    news_str separator = lua_isnoneornil(L, 2) ? NEWS_STR(", ") : check_text(L, 2);
    news_str last = lua_isnoneornil(L, 3) ? separator : check_text(L, 3);
    lua_settop(L, 3);
    lua_Integer count = luaL_len(L, 1);
    news_charge(L, 4);
    news_joined joined;
    news_joined_begin(L, &joined);
    for (lua_Integer i = 1; i <= count; i++) {
        news_str between = i == 1 ? NEWS_STR_NONE : i == count ? last : separator;
        news_joined_add(&joined, between.ptr, between.len);
        news_charge_lookups(L, 2);
        lua_geti(L, 1, i);
        entry_to_text(L, i);
        news_joined_add_value(&joined);
    }
    news_charge_bytes(L, joined.len);
    news_joined_push(&joined);
    return 1;
}

/* How long the first `count` clusters are. */
static size_t clusters(news_str s, lua_Integer count)
{
    size_t at = 0;
    for (; count > 0 && at < s.len; count--)
        at = news_grapheme_end(s, at);
    return at;
}

/* truncate(s, most, mark): the mark counts, too. */
static int truncate(lua_State *L)
{
    news_str text = check_text(L, 1), mark = NEWS_STR("…");
    lua_Integer most = luaL_checkinteger(L, 2), mark_count = 0;
    luaL_argcheck(L, most >= 1, 2, "at least 1 character");
    news_charge(L, text.len); /* its clusters are looked for twice */
    if (!lua_isnoneornil(L, 3))
        mark = check_text(L, 3);
    if (clusters(text, most) == text.len) {
        lua_settop(L, 1);
        return 1;
    }
    for (size_t at = 0; at < mark.len; mark_count++)
        at = news_grapheme_end(mark, at);
    news_str cut = news_str_of(text.ptr, clusters(text, most - mark_count));
    while (cut.len != 0 && news_is_space(cut.ptr[cut.len - 1]))
        cut.len--;
    lua_pushlstring(L, cut.ptr, cut.len);
    lua_pushlstring(L, mark.len != 0 ? mark.ptr : "", mark.len);
    lua_concat(L, 2);
    return 1;
}

/* ---- Addresses ---- */

static int urlencode(lua_State *L)
{
    static const char digits[] = "0123456789ABCDEF";
    news_str text = check_text(L, 1);
    news_joined joined;
    news_joined_begin(L, &joined);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (news_uri_is_unreserved((char)c)) {
            news_joined_add_char(&joined, (char)c);
            continue;
        }
        news_joined_add_char(&joined, '%');
        news_joined_add_char(&joined, digits[c >> 4]);
        news_joined_add_char(&joined, digits[c & 15]);
    }
    news_joined_push(&joined);
    return 1;
}

static int slug(lua_State *L)
{
    news_str text = check_text(L, 1);
    news_joined joined;
    news_joined_begin(L, &joined);
    joined.len = news_slug(text, news_joined_reserve(&joined, text.len * 2));
    news_joined_push(&joined);
    return 1;
}

/* ---- Look-ups ---- */

static uint64_t check_kind(lua_State *L, int index)
{
    news_kind kind = news_kind_from_name(check_text(L, index));
    if (kind == NEWS_KIND_NONE)
        luaL_error(L, "there is no kind of node called '%s'", lua_tostring(L, index));
    return UINT64_C(1) << kind;
}

/* within(node, kind, …): the innermost node of these kinds that the node is in, or nil. */
static int within(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    uint64_t kinds = check_kind(L, 2);
    if (node == NULL)
        return luaL_typeerror(L, 1, "node");
    for (int i = lua_gettop(L); i > 2; i--)
        kinds |= check_kind(L, i);
    do {
        node = node->parent;
        news_charge(L, 1);
    } while (node != NULL && (kinds >> node->kind & 1) == 0);
    news_push_node(L, node);
    return 1;
}

/* get(value, "a.b", default): what has no fields has not this one either. */
static int get(lua_State *L)
{
    news_str path = check_text(L, 2);
    luaL_checkany(L, 1);
    lua_settop(L, 3);
    lua_pushvalue(L, 1);
    for (;;) {
        size_t len = 0;
        while (len < path.len && path.ptr[len] != '.')
            len++;
        bool has_fields = lua_istable(L, -1) || lua_isuserdata(L, -1);
        if (!has_fields) {
            lua_pushvalue(L, 3);
            return 1;
        }
        news_charge_lookups(L, 3);
        lua_pushlstring(L, path.ptr, len);
        int is_number;
        lua_Integer number = lua_tointegerx(L, -1, &is_number);
        if (is_number) {
            lua_pushinteger(L, number);
            lua_remove(L, -2);
        }
        lua_gettable(L, -2);
        lua_remove(L, -2);
        if (len == path.len)
            break;
        path = news_str_skip(path, len + 1);
    }
    if (lua_isnil(L, -1))
        lua_pushvalue(L, 3);
    return 1;
}

/* ---- Refusals ---- */

/* refuse(node, message, key): an error in the issue, at the place of a node, or of the value that a
 * mapping has for the key, when it has one; or, without a node, in how the
 * host asked for the render. */
static int refuse(lua_State *L)
{
    const news_node *node = news_get_node(L, 1);
    const char *message = luaL_checkstring(L, 2);
    if (node == NULL && !lua_isnil(L, 1))
        luaL_typeerror(L, 1, "node");
    if (node == NULL)
        return news_lua_fail(L, NEWS_ERR_ARG, NULL, 0, "%s", message);
    const char *key = luaL_optstring(L, 3, NULL);
    const news_node *value = NULL;
    if (key != NULL && node->kind == NEWS_KIND_MAPPING)
        value = news_mapping_get(node, news_str_from(key));
    return news_lua_fail_at(L, NEWS_ERR_SYNTAX, value != NULL ? value : node, "%s", message);
}

void news_push_helpers(lua_State *L)
{
    static const luaL_Reg functions[] = {{"format", news_lua_format},
                                         {"style", news_lua_style},
                                         {"json", news_lua_json},
                                         {"date", format_date},
                                         {"plural", plural},
                                         {"join", join},
                                         {"truncate", truncate},
                                         {"urlencode", urlencode},
                                         {"slug", slug},
                                         {"within", within},
                                         {"get", get},
                                         {"columns", columns},
                                         {"refuse", refuse},
                                         {"load", news_lua_load_image},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
}
