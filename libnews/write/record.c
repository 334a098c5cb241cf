/* The record of an output: which sections were written, and to which addresses it leads.
 *
 * Links of HTML are taken from the attributes that lead somewhere, as the tracker meets them,
 * whoever wrote them: a value, a layout's own text, or both together. In text the reader sees an
 * address, and so whatever shows one counts. */
#include "write/writer.h"

void news_record_init(news_record *record, news_heap *heap)
{
    *record = (news_record){.heap = heap};
    news_arena_init(&record->arena, heap);
    news_strmap_init(&record->sections, heap);
    news_strmap_init(&record->addresses, heap);
    news_buf_init(&record->key, heap, SIZE_MAX / 2);
}

void news_record_free(news_record *record)
{
    news_strmap_free(&record->sections);
    news_strmap_free(&record->addresses);
    news_buf_free(&record->key);
    news_arena_free(&record->arena);
}

/* ---- Addresses, however they are written ---- */

static bool is_mail(news_str url)
{
    return url.len != 0 && !news_uri_has_scheme(url) && memchr(url.ptr, '@', url.len) != NULL &&
           memchr(url.ptr, '/', url.len) == NULL;
}

/* Leaves an address in the key as the ASCII URI that it is followed as. */
static bool make_key(news_record *record, news_str url)
{
    news_buf *key = &record->key;
    url = news_str_trim(url);
    news_buf_clear(key);
    if (is_mail(url))
        news_buf_append_str(key, NEWS_STR("mailto:"));
    return news_uri_append(key, url);
}

/* Notes the key, if it is new. */
static bool note_key(news_record *record, news_strmap *map)
{
    news_str key = news_buf_str(&record->key), kept;
    if (news_strmap_get(map, key) != NULL)
        return true;
    if (!news_arena_copy(&record->arena, key, &kept))
        return false;
    uint32_t *place = news_strmap_put(map, kept, NULL);
    if (place == NULL)
        return false;
    *place = (uint32_t)map->count;
    return true;
}

uint32_t news_record_section(const news_record *record, news_str id)
{
    const uint32_t *place = news_strmap_get(&record->sections, id);
    return place != NULL ? *place : 0;
}

bool news_record_leads_to(news_record *record, news_str url, bool *leads)
{
    if (!make_key(record, url))
        return false;
    *leads = news_strmap_get(&record->addresses, news_buf_str(&record->key)) != NULL;
    return true;
}

/* ---- Noting ---- */

void news_writer_record(news_writer *writer, news_record *record)
{
    writer->record = record;
}

static void fail_without_memory(news_writer *writer, bool noted)
{
    if (!noted)
        news_writer_fail(writer, NEWS_ERR_NOMEM, "out of memory");
}

void news_writer_note_section(news_writer *writer, news_str id)
{
    news_record *record = writer->record;
    if (record == NULL || writer->status != NEWS_OK || id.len == 0)
        return;
    news_buf_clear(&record->key);
    fail_without_memory(writer, news_buf_append_str(&record->key, id) &&
                                    note_key(record, &record->sections));
}

void news_writer_note_address(news_writer *writer, news_str url)
{
    news_record *record = writer->record;
    if (record == NULL || writer->status != NEWS_OK || news_str_trim(url).len == 0)
        return;
    record->notes++;
    fail_without_memory(writer, make_key(record, url) && note_key(record, &record->addresses));
}

/* ---- Addresses that a text shows ---- */

static bool is_around(char c)
{
    return c != '\0' && strchr("<>()[]{}\"'.,;:!?", c) != NULL;
}

/* What stands around an address may be part of it; so it is noted both ways. */
static void note_word(news_writer *writer, news_str word)
{
    news_str bare = word;
    if (memchr(word.ptr, '@', word.len) == NULL &&
        news_str_find(word, NEWS_STR("://"), 0) == SIZE_MAX)
        return;
    while (bare.len != 0 && is_around(bare.ptr[0]))
        bare = news_str_skip(bare, 1);
    while (bare.len != 0 && is_around(bare.ptr[bare.len - 1]))
        bare.len--;
    news_writer_note_address(writer, word);
    if (bare.len != word.len)
        news_writer_note_address(writer, bare);
}

void news_record_text(news_writer *writer, news_str text)
{
    size_t begin = 0;
    for (size_t at = 0; at <= text.len; at++) {
        if (at < text.len && !news_is_space(text.ptr[at]))
            continue;
        if (at > begin)
            note_word(writer, news_str_of(text.ptr + begin, at - begin));
        begin = at + 1;
    }
}

/* ---- Links of HTML ---- */

/* Whether the attribute at hand leads its reader somewhere. */
static bool is_link(const news_html_tracker *tracker)
{
    return tracker->value == NEWS_HTML_VALUE_URL && strcmp(tracker->name, "href") == 0 &&
           strcmp(tracker->element, "link") != 0 && strcmp(tracker->element, "base") != 0;
}

static bool is_in_link(const news_html_tracker *tracker)
{
    return (tracker->state == NEWS_HTML_STATE_DOUBLE_QUOTED ||
            tracker->state == NEWS_HTML_STATE_SINGLE_QUOTED ||
            tracker->state == NEWS_HTML_STATE_UNQUOTED) &&
           is_link(tracker);
}

static void begin_target(news_writer *writer)
{
    news_buf_clear(&writer->target);
    writer->target_decoder = (news_html_decoder){.len = 0};
}

static void keep_character(void *machine, char c)
{
    news_buf_append_char(machine, c);
}

static void keep_markup(news_writer *writer, news_str markup)
{
    news_html_decode(&writer->target_decoder, markup, keep_character, &writer->target);
}

static void end_target(news_writer *writer)
{
    if (news_writer_check(writer, &writer->target) && !writer->target_decoder.lost)
        news_writer_note_address(writer, news_buf_str(&writer->target));
}

void news_record_url(news_writer *writer, news_str url, bool begins)
{
    if (!is_link(&writer->frame->tracker))
        return;
    if (begins)
        begin_target(writer);
    news_buf_append_str(&writer->target, url);
}

/* The tracker's next step. Outside the values of attributes it takes all up to the next that may
 * begin, inside a byte at a time. */
static size_t step_length(const news_html_tracker *tracker, news_str markup)
{
    if (tracker->state == NEWS_HTML_STATE_BEFORE_VALUE || is_in_link(tracker))
        return 1;
    const char *equals = memchr(markup.ptr, '=', markup.len);
    return equals != NULL ? (size_t)(equals - markup.ptr) + 1 : markup.len;
}

void news_record_markup(news_writer *writer, news_str markup)
{
    news_html_tracker *tracker = &writer->frame->tracker;
    while (markup.len != 0) {
        bool was_in = is_in_link(tracker);
        size_t len = step_length(tracker, markup);
        news_html_tracker_feed(tracker, markup.ptr, len);
        bool is_in = is_in_link(tracker);
        if (is_in && !was_in)
            begin_target(writer);
        if (is_in && (was_in || tracker->state == NEWS_HTML_STATE_UNQUOTED))
            keep_markup(writer, news_str_of(markup.ptr, len));
        if (was_in && !is_in)
            end_target(writer);
        markup = news_str_skip(markup, len);
    }
}
