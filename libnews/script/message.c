/* out:message{}: a mail from the parts that a format rendered. The mail room writes it. */
#include "mail/mail.h"
#include "script/host.h"
#include "source/source.h"

/* What is read of the table at index 2. Everything is borrowed from there: strings that are read
 * stay on the stack. */
typedef struct {
    lua_State *L;
    news_message message;
    news_mailbox *to;
    news_message_file *files;
} reader;

static const char *const keys[] = {"from",         "to",      "reply_to",  "subject",
                                   "date",         "id",      "seed",      "list_id",
                                   "unsubscribe",  "headers", "one_click", "unsubscribe_mailto",
                                   "alternatives", "files"};

/* The string at the top of the stack, where it stays. Headers end with NUL, and so hold none. */
static const char *top_text(lua_State *L, const char *what)
{
    size_t len;
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "out:message: '%s' is a %s, not a string", what, luaL_typename(L, -1));
    const char *text = lua_tolstring(L, -1, &len);
    if (strlen(text) != len)
        luaL_error(L, "out:message: '%s' holds a NUL", what);
    news_charge_bytes(L, len);
    return text;
}

/* NULL when it is absent. */
static const char *get_text(lua_State *L, const char *key)
{
    return lua_getfield(L, 2, key) != LUA_TNIL ? top_text(L, key) : NULL;
}

static news_str get_bytes(lua_State *L, int table, lua_Integer index, const char *what)
{
    size_t len;
    if (lua_geti(L, table, index) != LUA_TSTRING)
        luaL_error(L, "out:message: %s is a %s, not a string", what, luaL_typename(L, -1));
    const char *bytes = lua_tolstring(L, -1, &len);
    news_charge_bytes(L, len);
    return news_str_of(bytes, len);
}

/* Leaves the table of this name on the stack, and returns its length; 0 when it is absent. */
static lua_Integer get_array(lua_State *L, const char *key)
{
    enum { MOST = 100000 };
    if (lua_getfield(L, 2, key) == LUA_TNIL)
        return 0;
    if (lua_type(L, -1) != LUA_TTABLE)
        luaL_error(L, "out:message: '%s' is a %s, not an array", key, luaL_typename(L, -1));
    lua_Integer length = luaL_len(L, -1); /* which a metatable may have made up */
    if (length < 0 || length > MOST)
        luaL_error(L, "out:message: '%s' has not 0 to %d entries", key, MOST);
    luaL_checkstack(L, (int)length * 5 + 8, "out:message");
    return length;
}

static void read_date(reader *r)
{
    lua_State *L = r->L;
    switch (lua_getfield(L, 2, "date")) {
    case LUA_TNIL: luaL_error(L, "out:message: a message has a date"); break;
    case LUA_TSTRING:
        if (!news_date_parse(news_str_from(lua_tostring(L, -1)), &r->message.date))
            luaL_error(L,
                       "Date: '%s' is no date; write 2025-03-07, or 2025-03-07T08:30:00+01:00 with "
                       "the time",
                       lua_tostring(L, -1));
        break;
    default:
        if (!news_get_date(L, -1, &r->message.date))
            luaL_error(L, "out:message: 'date' is neither a date nor a string");
    }
}

static void read_recipients(reader *r)
{
    lua_State *L = r->L;
    if (lua_getfield(L, 2, "to") == LUA_TSTRING) {
        r->to = lua_newuserdatauv(L, sizeof *r->to, 0);
        lua_pushvalue(L, -2);
        r->to[0] = (news_mailbox){NULL, top_text(L, "to")};
        r->message.to_count = 1;
    } else {
        lua_Integer count = get_array(L, "to");
        int array = lua_gettop(L);
        r->to = lua_newuserdatauv(L, (size_t)count * sizeof *r->to + 1, 0);
        for (lua_Integer i = 0; i < count; i++) {
            lua_geti(L, array, i + 1);
            r->to[i] = (news_mailbox){NULL, top_text(L, "to")};
        }
        r->message.to_count = (size_t)count;
    }
    r->message.to = r->to;
}

static void read_headers(reader *r)
{
    lua_State *L = r->L;
    if (lua_getfield(L, 2, "headers") == LUA_TNIL)
        return;
    if (lua_type(L, -1) != LUA_TTABLE)
        luaL_error(L, "out:message: 'headers' is a table, names with their values");
    int table = lua_gettop(L);
    lua_Integer count = news_push_sorted_keys(L, table);
    int names = lua_gettop(L);
    luaL_checkstack(L, (int)count * 2 + 8, "out:message");
    news_option *headers = lua_newuserdatauv(L, (size_t)count * sizeof *headers + 1, 0);
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(L, names, i + 1);
        const char *name = top_text(L, "headers");
        lua_pushvalue(L, -1);
        lua_gettable(L, table);
        headers[i] = (news_option){name, top_text(L, name)};
    }
    r->message.headers = headers;
    r->message.header_count = (size_t)count;
}

/* ---- Alternatives: what issue:render() returned, in braces ---- */

static bool has_parameter(const char *media, const char *parameter)
{
    const char *at = strstr(media, parameter);
    size_t len = strlen(parameter);
    return at != NULL && (at[len] == '\0' || at[len] == ';' || at[len] == ' ');
}

static void read_alternative(reader *r, int part)
{
    lua_State *L = r->L;
    news_str body = get_bytes(L, part, 1, "a text in 'alternatives'");
    lua_geti(L, part, 2);
    const char *media = top_text(L, "alternatives");
    news_str type = news_str_from(media);
    bool is_text = news_str_starts(type, NEWS_STR("text/plain"));
    if (!is_text && !news_str_starts(type, NEWS_STR("text/html")))
        luaL_error(L, "out:message: an alternative is text/plain or text/html, not '%s'", media);
    news_str *to = is_text ? &r->message.text : &r->message.html;
    if (to->ptr != NULL)
        luaL_error(L, "out:message: two alternatives are %s", is_text ? "text/plain" : "text/html");
    *to = news_str_of(body.ptr, body.len);
    if (is_text) {
        r->message.flowed = has_parameter(media, "format=flowed");
        r->message.delsp = has_parameter(media, "delsp=yes");
    }
}

static void read_alternatives(reader *r)
{
    lua_State *L = r->L;
    lua_Integer count = get_array(L, "alternatives");
    int array = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_geti(L, array, i) != LUA_TTABLE)
            luaL_error(L, "out:message: an alternative is { text, media type }, as in "
                          "{ issue:render(\"text\") }");
        read_alternative(r, lua_gettop(L));
    }
}

/* ---- Files ---- */

static const char *get_file_text(lua_State *L, int file, const char *key)
{
    return lua_getfield(L, file, key) != LUA_TNIL ? top_text(L, key) : NULL;
}

static void read_files(reader *r)
{
    lua_State *L = r->L;
    lua_Integer count = get_array(L, "files");
    int array = lua_gettop(L);
    r->files = lua_newuserdatauv(L, (size_t)count * sizeof *r->files + 1, 0);
    for (lua_Integer i = 0; i < count; i++) {
        size_t len;
        news_message_file *file = &r->files[i];
        *file = (news_message_file)NEWS_MESSAGE_FILE_INIT;
        if (lua_geti(L, array, i + 1) != LUA_TTABLE)
            luaL_error(L, "out:message: a file is a table with its bytes");
        int table = lua_gettop(L);
        file->name = get_file_text(L, table, "name");
        file->media = get_file_text(L, table, "media");
        file->content_id = get_file_text(L, table, "id");
        if (lua_getfield(L, table, "bytes") != LUA_TSTRING)
            luaL_error(L, "out:message: the 'bytes' of a file are a %s, not a string",
                       luaL_typename(L, -1));
        file->bytes.ptr = lua_tolstring(L, -1, &len);
        file->bytes.len = len;
        news_charge_bytes(L, len);
    }
    r->message.files = r->files;
    r->message.file_count = (size_t)count;
}

/* ---- Writing ---- */

static void read_message(reader *r)
{
    lua_State *L = r->L;
    news_message *message = &r->message;
    luaL_checkstack(L, 48, NULL);
    message->from.address = get_text(L, "from");
    if (message->from.address == NULL)
        luaL_error(L, "out:message: a message has a sender, 'from'");
    message->reply_to.address = get_text(L, "reply_to");
    message->subject = get_text(L, "subject");
    message->message_id = get_text(L, "id");
    message->seed = get_text(L, "seed");
    message->list_id = get_text(L, "list_id");
    message->unsubscribe_url = get_text(L, "unsubscribe");
    message->unsubscribe_mail = get_text(L, "unsubscribe_mailto");
    lua_getfield(L, 2, "one_click");
    message->one_click = lua_toboolean(L, -1);
    read_date(r);
    read_recipients(r);
    read_headers(r);
    read_alternatives(r);
    read_files(r);
}

void news_out_message(lua_State *L, news_render_state *render)
{
    news_host *host = news_host_of(L);
    reader r = {.L = L, .message = NEWS_MESSAGE_INIT};
    news_error error = NEWS_ERROR_INIT;
    news_buf out;
    luaL_checktype(L, 2, LUA_TTABLE);
    if (render->fill)
        luaL_error(L, "out:message is for formats with fill = false: a message has lines of its "
                      "own");
    news_lua_check_keys(L, 2, keys, NEWS_ARRAY_LENGTH(keys),
                        "out:message: what a message has is given by name",
                        "out:message: a message has no");
    read_message(&r);
    news_buf_init(&out, &host->output_heap, host->options.max_output);
    news_status status = news_mail_write(&r.message, r.files, &out, &error);
    if (status == NEWS_OK)
        news_writer_raw(render->writer, news_buf_str(&out));
    news_buf_free(&out);
    if (status == NEWS_ERR_NOMEM || status == NEWS_ERR_LIMIT)
        (void)news_spend(L, status, error.message);
    if (status != NEWS_OK)
        luaL_error(L, "%s", error.message);
}
