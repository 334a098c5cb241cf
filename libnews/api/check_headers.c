/* What news.yaml says below `email` for the headers of a message, read as they will be. */
#include "api/check.h"
#include "mail/mail.h"

/* Longer values are refused in the end, too. */
enum { LONGEST_VALUE = 1 << 16 };

static const struct {
    const char *key, *header;
} mailboxes[] = {{"from", "From"}, {"reply_to", "Reply-To"}, {"to", "To"}};

/* What a message would make of the text of a key; NEWS_OK for one that is no header. */
static news_status read_header(news_mail_memory *memory, news_str key, const char *text,
                               news_error *error)
{
    news_mail_address address;
    news_str name, id;
    const news_mailbox mailbox = {.address = text};
    if (news_str_equal(key, NEWS_STR("list_id")))
        return news_mail_read_list_id(memory, news_str_from(text), &name, &id, error);
    for (size_t i = 0; i < NEWS_ARRAY_LENGTH(mailboxes); i++)
        if (news_str_equal(key, news_str_from(mailboxes[i].key)))
            return news_mail_read_mailbox(memory, &address, &mailbox,
                                          news_str_from(mailboxes[i].header), error);
    return NEWS_OK;
}

static bool check_value(news_checker *checker, const news_node *value)
{
    news_mail_memory memory;
    news_error error = NEWS_ERROR_INIT;
    if (value->kind != NEWS_KIND_SCALAR || value->b.len == 0)
        return true;
    news_buf_clear(&checker->scratch);
    if (!news_buf_append_str(&checker->scratch, value->b) ||
        !news_buf_append_char(&checker->scratch, '\0'))
        return false;
    news_mail_memory_init(&memory, checker->heap, LONGEST_VALUE);
    news_status status = read_header(&memory, value->a, checker->scratch.ptr, &error);
    news_mail_memory_free(&memory);
    if (status == NEWS_OK || status == NEWS_ERR_NOMEM)
        return status == NEWS_OK;
    return news_checker_find(checker, value->line, value->column, "%s", error.message);
}

bool news_check_headers(news_checker *checker, const news_node *node)
{
    (void)node;
    const news_publication *publication = checker->whole->publication;
    if (publication == NULL || publication->email == NULL)
        return true;
    const news_str source = checker->source;
    bool ok = true;
    checker->source = publication->data->name;
    for (const news_node *value = publication->email->first_child; ok && value != NULL;
         value = value->next)
        ok = check_value(checker, value);
    checker->source = source;
    return ok;
}
