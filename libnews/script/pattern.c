/* Lua's patterns (its manual, section 6.4.1), with every step counted: a pattern that tries without
 * end uses up the script's steps, where in Lua's own library it would hang the host.
 *
 * What matches is what Lua says matches, and errors are worded as Lua's. A repeated item tries the
 * longest or the shortest run first and calls the matcher for the rest, so how deep that nests is
 * given by the pattern alone, and bounded. */
#include "script/host.h"

enum {
    MOST_CAPTURES = 32,
    DEEPEST_MATCH = 200,
    TICKS_PER_STEP = 4, /* a tick is a character looked at */
    TICKS_AT_ONCE = 1024,
    UNFINISHED = -1, /* as the length of a capture */
    POSITION = -2
};

typedef struct {
    lua_State *L;
    const char *subject, *subject_end;
    const char *pattern_end;
    int depth;
    uint32_t ticks; /* not paid for yet */
    int captures;
    struct {
        const char *from;
        ptrdiff_t len; /* or UNFINISHED, POSITION */
    } capture[MOST_CAPTURES];
} matcher;

static void pay(matcher *m)
{
    news_charge(m->L, m->ticks / TICKS_PER_STEP);
    m->ticks %= TICKS_PER_STEP;
}

static inline void tick(matcher *m, size_t ticks)
{
    m->ticks += (uint32_t)ticks;
    if (NEWS_UNLIKELY(m->ticks >= TICKS_AT_ONCE))
        pay(m);
}

/* For looking at so many bytes with the C library's help. */
static void tick_bytes(matcher *m, size_t bytes)
{
    enum { FAST = 32 };
    for (bytes = bytes / FAST + 1; bytes > TICKS_AT_ONCE; bytes -= TICKS_AT_ONCE)
        tick(m, TICKS_AT_ONCE);
    tick(m, bytes);
}

static unsigned char byte_at(const char *at)
{
    return (unsigned char)*at;
}

/* ---- Single characters ---- */

static bool is_in_class(unsigned char c, char class)
{
    char ch = (char)c;
    bool is;
    switch (news_to_lower(class)) {
    case 'a': is = news_is_alpha(ch); break;
    case 'c': is = c < ' ' || c == 0x7f; break;
    case 'd': is = news_is_digit(ch); break;
    case 'g': is = c > ' ' && c < 0x7f; break;
    case 'l': is = ch >= 'a' && ch <= 'z'; break;
    case 'p': is = news_is_punct(ch); break;
    case 's': is = news_is_space(ch); break;
    case 'u': is = ch >= 'A' && ch <= 'Z'; break;
    case 'w': is = news_is_alnum(ch); break;
    case 'z': is = c == '\0'; break; /* from older versions of Lua, and still understood */
    case 'x': is = news_hex_value(ch) >= 0; break;
    default: return class == ch;
    }
    return is != (class >= 'A' && class <= 'Z');
}

/* The end of the single-character item at `item`: a character, %x, or a set. */
static const char *item_end(matcher *m, const char *item)
{
    const char *at = item + 1;
    if (*item == '%') {
        if (at == m->pattern_end)
            luaL_error(m->L, "malformed pattern (ends with '%%')");
        return at + 1;
    }
    if (*item != '[')
        return at;
    at += *at == '^';
    do { /* a ']' that comes first is one of the set */
        if (at == m->pattern_end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        if (*at++ == '%' && at < m->pattern_end)
            at++;
    } while (*at != ']');
    tick(m, (size_t)(at - item) / 2);
    return at + 1;
}

/* `last` is the set's closing bracket. */
static bool is_in_set(unsigned char c, const char *set, const char *last)
{
    const char *at = set + 1;
    bool is_complement = *at == '^';
    for (at += is_complement; at < last; at++) {
        if (*at == '%') {
            at++;
            if (is_in_class(c, *at))
                return !is_complement;
        } else if (at[1] == '-' && at + 2 < last) {
            if (byte_at(at) <= c && c <= byte_at(at + 2))
                return !is_complement;
            at += 2;
        } else if (byte_at(at) == c) {
            return !is_complement;
        }
    }
    return is_complement;
}

static bool matches_one(matcher *m, const char *s, const char *item, const char *end)
{
    if (s >= m->subject_end)
        return false;
    switch (*item) {
    case '.': return true;
    case '%': return is_in_class(byte_at(s), item[1]);
    case '[': tick(m, (size_t)(end - item) / 4); return is_in_set(byte_at(s), item, end - 1);
    default: return *item == *s;
    }
}

/* ---- Items ---- */

static const char *match(matcher *m, const char *s, const char *p);

static const char *match_longest(matcher *m, const char *s, const char *item, const char *end)
{
    const char *to = s;
    while (matches_one(m, to, item, end)) {
        to++;
        tick(m, 1);
    }
    for (;; to--) {
        const char *rest = match(m, to, end + 1);
        if (rest != NULL || to == s)
            return rest;
    }
}

static const char *match_shortest(matcher *m, const char *s, const char *item, const char *end)
{
    for (;; s++) {
        const char *rest = match(m, s, end + 1);
        if (rest != NULL || !matches_one(m, s, item, end))
            return rest;
    }
}

static const char *begin_capture(matcher *m, const char *s, const char *p, ptrdiff_t len)
{
    if (m->captures >= MOST_CAPTURES)
        luaL_error(m->L, "too many captures");
    m->capture[m->captures].from = s;
    m->capture[m->captures].len = len;
    m->captures++;
    const char *rest = match(m, s, p);
    if (rest == NULL)
        m->captures--;
    return rest;
}

static const char *end_capture(matcher *m, const char *s, const char *p)
{
    int open = m->captures - 1;
    while (open >= 0 && m->capture[open].len != UNFINISHED)
        open--;
    if (open < 0)
        luaL_error(m->L, "invalid pattern capture");
    m->capture[open].len = s - m->capture[open].from;
    const char *rest = match(m, s, p);
    if (rest == NULL)
        m->capture[open].len = UNFINISHED;
    return rest;
}

/* %1 to %9: what a capture captured, once more. */
static const char *match_again(matcher *m, const char *s, char digit)
{
    int index = digit - '1';
    if (index < 0 || index >= m->captures || m->capture[index].len == UNFINISHED)
        luaL_error(m->L, "invalid capture index %%%d", index + 1);
    size_t len = (size_t)m->capture[index].len;
    if ((size_t)(m->subject_end - s) < len)
        return NULL;
    tick_bytes(m, len);
    return memcmp(m->capture[index].from, s, len) == 0 ? s + len : NULL;
}

/* %bxy: from an x to the y that balances it. */
static const char *match_balance(matcher *m, const char *s, const char *pair)
{
    size_t depth = 1;
    if (pair >= m->pattern_end - 1)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (*s != pair[0])
        return NULL;
    while (++s < m->subject_end) {
        tick(m, 1);
        if (*s == pair[1]) {
            if (--depth == 0)
                return s + 1;
        } else if (*s == pair[0]) {
            depth++;
        }
    }
    return NULL;
}

/* %f[set]: a place where a run of the set's characters begins. `p` is at the set; NULL when this is
 * no such place, else the rest of the pattern. */
static const char *pass_frontier(matcher *m, const char *s, const char *p)
{
    if (*p != '[')
        luaL_error(m->L, "missing '[' after '%%f' in pattern");
    const char *end = item_end(m, p);
    unsigned char before = s == m->subject ? '\0' : byte_at(s - 1);
    tick(m, (size_t)(end - p) / 4);
    return !is_in_set(before, p, end - 1) && is_in_set(byte_at(s), p, end - 1) ? end : NULL;
}

/* An item of one character and what follows it: *, +, -, ? or nothing. Returns true when matching
 * goes on at *s and *p, false when *s is the result. */
static bool match_item(matcher *m, const char **s, const char **p)
{
    const char *item = *p, *end = item_end(m, item);
    bool is_one = matches_one(m, *s, item, end);
    switch (*end) {
    case '?': {
        const char *rest = is_one ? match(m, *s + 1, end + 1) : NULL;
        *p = end + 1;
        *s = rest != NULL ? rest : *s;
        return rest == NULL;
    }
    case '+': *s = is_one ? match_longest(m, *s + 1, item, end) : NULL; return false;
    case '*':
        *p = end + 1;
        if (!is_one)
            return true;
        *s = match_longest(m, *s, item, end);
        return false;
    case '-':
        *p = end + 1;
        if (!is_one)
            return true;
        *s = match_shortest(m, *s, item, end);
        return false;
    default:
        *p = end;
        *s = is_one ? *s + 1 : NULL;
        return is_one;
    }
}

/* Returns true when matching goes on at *s and *p, false when *s is the result. */
static bool match_step(matcher *m, const char **s, const char **p)
{
    const char *at = *p;
    switch (*at) {
    case '(':
        *s = at[1] == ')' ? begin_capture(m, *s, at + 2, POSITION)
                          : begin_capture(m, *s, at + 1, UNFINISHED);
        return false;
    case ')': *s = end_capture(m, *s, at + 1); return false;
    case '$':
        if (at + 1 != m->pattern_end)
            return match_item(m, s, p);
        *s = *s == m->subject_end ? *s : NULL;
        return false;
    case '%': break;
    default: return match_item(m, s, p);
    }
    if (at[1] == 'b') {
        *s = match_balance(m, *s, at + 2);
        *p = at + 4;
        return *s != NULL;
    }
    if (at[1] == 'f') {
        *p = pass_frontier(m, *s, at + 2);
        *s = *p != NULL ? *s : NULL;
        return *s != NULL;
    }
    if (news_is_digit(at[1])) {
        *s = match_again(m, *s, at[1]);
        *p = at + 2;
        return *s != NULL;
    }
    return match_item(m, s, p);
}

/* The end of what matches the pattern's rest at s, or NULL. */
static const char *match(matcher *m, const char *s, const char *p)
{
    if (m->depth-- == 0)
        luaL_error(m->L, "pattern too complex");
    bool goes_on = true;
    while (goes_on && p != m->pattern_end) {
        tick(m, 2);
        goes_on = match_step(m, &s, &p);
    }
    m->depth++;
    return s;
}

/* ---- What matched ---- */

static void begin(matcher *m, lua_State *L, news_str subject, news_str pattern)
{
    m->L = L;
    m->subject = subject.ptr;
    m->subject_end = subject.ptr + subject.len;
    m->pattern_end = pattern.ptr + pattern.len;
    m->ticks = TICKS_PER_STEP * 2;
}

static const char *match_at(matcher *m, const char *s, const char *p)
{
    m->captures = 0;
    m->depth = DEEPEST_MATCH;
    return match(m, s, p);
}

/* Capture `index`; of a pattern without any, the first is the whole match. False when it is a
 * position, which is pushed. */
static bool get_capture(matcher *m, int index, const char *s, const char *e, news_str *captured)
{
    if (index >= m->captures) {
        if (index != 0)
            luaL_error(m->L, "invalid capture index %%%d", index + 1);
        *captured = news_str_of(s, (size_t)(e - s));
        return true;
    }
    ptrdiff_t len = m->capture[index].len;
    if (len == UNFINISHED)
        luaL_error(m->L, "unfinished capture");
    if (len == POSITION) {
        lua_pushinteger(m->L, m->capture[index].from - m->subject + 1);
        return false;
    }
    *captured = news_str_of(m->capture[index].from, (size_t)len);
    return true;
}

static void push_capture(matcher *m, int index, const char *s, const char *e)
{
    news_str captured;
    if (get_capture(m, index, s, e, &captured))
        lua_pushlstring(m->L, captured.ptr, captured.len);
}

/* All captures, or else the whole match if `s` is not NULL. */
static int push_captures(matcher *m, const char *s, const char *e)
{
    int count = m->captures == 0 && s != NULL ? 1 : m->captures;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++)
        push_capture(m, i, s, e);
    return count;
}

/* ---- find and match ---- */

static news_str check_string(lua_State *L, int index)
{
    size_t len;
    const char *ptr = luaL_checklstring(L, index, &len);
    if (ptr == NULL)
        __builtin_unreachable(); /* it raised an error instead, which analysers do not know */
    return news_str_of(ptr, len);
}

/* How many bytes stand before the place where to begin, or more than there are. */
static size_t check_start(lua_State *L, int index, size_t len)
{
    lua_Integer start = luaL_optinteger(L, index, 1);
    if (start > 0)
        return (lua_Unsigned)start - 1 <= len ? (size_t)start - 1 : len + 1;
    if (start == 0 || start < -(lua_Integer)len)
        return 0;
    return len - (size_t)-start;
}

static bool is_plain(matcher *m, news_str pattern)
{
    size_t at = 0;
    while (at < pattern.len &&
           (pattern.ptr[at] == '\0' || strchr("^$*+?.([%-", pattern.ptr[at]) == NULL))
        at++;
    news_charge(m->L, at >> 2);
    return at == pattern.len;
}

static bool is_equal(matcher *m, const char *a, const char *b, size_t len)
{
    enum { PIECE = 512 };
    while (len > 0) {
        size_t piece = len < PIECE ? len : PIECE;
        tick_bytes(m, piece);
        if (memcmp(a, b, piece) != 0)
            return false;
        a += piece;
        b += piece;
        len -= piece;
    }
    return true;
}

static const char *find_plain(matcher *m, const char *s, news_str wanted)
{
    if (wanted.len == 0)
        return s;
    while ((size_t)(m->subject_end - s) >= wanted.len) {
        size_t room = (size_t)(m->subject_end - s) - wanted.len + 1;
        const char *hit = memchr(s, wanted.ptr[0], room);
        tick_bytes(m, hit != NULL ? (size_t)(hit - s) : room);
        if (hit == NULL)
            return NULL;
        if (is_equal(m, hit, wanted.ptr, wanted.len))
            return hit;
        s = hit + 1;
    }
    return NULL;
}

static int push_range(lua_State *L, const matcher *m, const char *from, const char *to)
{
    lua_pushinteger(L, from - m->subject + 1);
    lua_pushinteger(L, to - m->subject);
    return 2;
}

static int push_first_match(lua_State *L, bool is_find)
{
    matcher m;
    news_str subject = check_string(L, 1), pattern = check_string(L, 2);
    size_t start = check_start(L, 3, subject.len);
    if (start > subject.len) {
        luaL_pushfail(L);
        return 1;
    }
    begin(&m, L, subject, pattern);
    const char *s = subject.ptr + start, *p = pattern.ptr, *e;
    if (is_find && (lua_toboolean(L, 4) || is_plain(&m, pattern))) {
        const char *hit = find_plain(&m, s, pattern);
        pay(&m);
        if (hit != NULL)
            return push_range(L, &m, hit, hit + pattern.len);
        luaL_pushfail(L);
        return 1;
    }
    bool is_anchored = *p == '^';
    p += is_anchored;
    do {
        if ((e = match_at(&m, s, p)) == NULL)
            continue;
        pay(&m);
        if (!is_find)
            return push_captures(&m, s, e);
        int count = push_range(L, &m, s, e);
        return count + push_captures(&m, NULL, NULL);
    } while (s++ < m.subject_end && !is_anchored);
    pay(&m);
    luaL_pushfail(L);
    return 1;
}

static int find(lua_State *L)
{
    return push_first_match(L, true);
}

static int match_first(lua_State *L)
{
    return push_first_match(L, false);
}

/* ---- gmatch ---- */

/* Upvalues: the subject, the pattern, where to go on, where the last match ended (-1: none). */
static int next_match(lua_State *L)
{
    matcher m;
    size_t len;
    const char *ptr = lua_tolstring(L, lua_upvalueindex(1), &len);
    news_str subject = news_str_of(ptr, len);
    ptr = lua_tolstring(L, lua_upvalueindex(2), &len);
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    begin(&m, L, subject, news_str_of(ptr, len));
    for (size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(3)); at <= subject.len; at++) {
        const char *s = subject.ptr + at, *e = match_at(&m, s, ptr);
        if (e == NULL || e - subject.ptr == last)
            continue;
        lua_pushinteger(L, e - subject.ptr);
        lua_pushvalue(L, -1);
        lua_replace(L, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        pay(&m);
        return push_captures(&m, s, e);
    }
    pay(&m);
    return 0;
}

static int gmatch(lua_State *L)
{
    news_str subject = check_string(L, 1);
    (void)check_string(L, 2);
    size_t start = check_start(L, 3, subject.len);
    news_charge(L, 4);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)start);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/* ---- gsub: subject, pattern and replacement are at 1 to 3 ---- */

/* A string in which %0 to %9 stand for captures. */
static void add_template(matcher *m, news_joined *result, const char *s, const char *e)
{
    lua_State *L = m->L;
    news_str text = check_string(L, 3);
    const char *escape;
    while ((escape = memchr(text.ptr, '%', text.len)) != NULL) {
        news_str captured = news_str_of(s, (size_t)(e - s));
        size_t before = (size_t)(escape - text.ptr);
        char c = escape[1];
        tick(m, 2);
        news_joined_add(result, text.ptr, before);
        if (c == '%')
            news_joined_add_char(result, c);
        else if (c != '0' && !news_is_digit(c))
            luaL_error(L, "invalid use of '%c' in replacement string", '%');
        else if (c == '0' || get_capture(m, c - '1', s, e, &captured))
            news_joined_add(result, captured.ptr, captured.len);
        else
            news_joined_add_value(result);
        text = news_str_skip(text, before + 2);
    }
    news_joined_add(result, text.ptr, text.len);
    tick_bytes(m, text.len);
}

/* Adds what replaces a match; false when the match stays as it was. */
static bool add_replacement(matcher *m, news_joined *result, const char *s, const char *e)
{
    lua_State *L = m->L;
    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION: {
        lua_pushvalue(L, 3);
        int count = push_captures(m, s, e);
        lua_call(L, count, 1);
        break;
    }
    case LUA_TTABLE:
        push_capture(m, 0, s, e);
        lua_gettable(L, 3);
        news_charge_lookups(L, 1);
        break;
    default: add_template(m, result, s, e); return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        news_joined_add(result, s, (size_t)(e - s));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    news_joined_add_value(result);
    return true;
}

static int gsub(lua_State *L)
{
    matcher m;
    news_joined result;
    news_str subject = check_string(L, 1), pattern = check_string(L, 2);
    int type = lua_type(L, 3);
    luaL_argexpected(L,
                     type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TTABLE ||
                         type == LUA_TFUNCTION,
                     3, "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)subject.len + 1), count = 0;
    lua_settop(L, 3);
    news_joined_begin(L, &result);
    begin(&m, L, subject, pattern);
    const char *s = subject.ptr, *p = pattern.ptr, *last = NULL;
    bool is_anchored = *p == '^', is_changed = false;
    p += is_anchored;
    while (count < most) {
        const char *e = match_at(&m, s, p);
        if (e != NULL && e != last) {
            count++;
            is_changed |= add_replacement(&m, &result, s, e);
            s = last = e;
        } else if (s < m.subject_end) {
            news_joined_add(&result, s++, 1);
        } else {
            break;
        }
        if (is_anchored)
            break;
    }
    pay(&m);
    if (is_changed) {
        news_joined_add(&result, s, (size_t)(m.subject_end - s));
        news_joined_push(&result);
    } else {
        lua_pushvalue(L, 1); /* the very string */
    }
    lua_pushinteger(L, count);
    return 2;
}

const luaL_Reg news_pattern_functions[] = {
    {"find", find}, {"match", match_first}, {"gmatch", gmatch}, {"gsub", gsub}, {NULL, NULL}};
