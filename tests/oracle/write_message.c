/* Writes messages as told on standard input, for programs in other languages that look at them.
 *
 * What comes in is a run of fields: a line "NAME LENGTH", then that many bytes and a newline. A
 * field called "write" ends a message. What goes out for each is "STATUS LENGTH", a newline, and
 * the message, or what the error says. */
#include <news/news.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

typedef struct {
    news_message message;
    news_mailbox to[MOST];
    news_option headers[MOST];
    news_message_file files[MOST];
    char *kept[4 * MOST]; /* the values, to be freed */
    size_t kept_count;
} input;

static void begin(input *in)
{
    while (in->kept_count != 0)
        free(in->kept[--in->kept_count]);
    memset(in->to, 0, (in->message.to_count + 1) * sizeof *in->to);
    in->message = (news_message)NEWS_MESSAGE_INIT;
    in->message.to = in->to;
    in->message.headers = in->headers;
    in->message.files = in->files;
}

static void stop(const char *what)
{
    (void)fprintf(stderr, "write_message: %s\n", what);
    exit(2);
}

static char *read_value(input *in, size_t length)
{
    char *value = malloc(length + 1);
    if (value == NULL || in->kept_count == 4 * MOST)
        stop("out of memory");
    in->kept[in->kept_count++] = value;
    if (fread(value, 1, length, stdin) != length || getchar() != '\n')
        stop("the input ends in a field");
    value[length] = '\0';
    return value;
}

static void set_date(news_date *date, const char *value)
{
    int fields[7], count = sscanf(value, "%d-%d-%d %d:%d:%d %d", &fields[0], &fields[1], &fields[2],
                                  &fields[3], &fields[4], &fields[5], &fields[6]);
    if (count != 3 && count != 7)
        stop("a date has three numbers or seven");
    *date = (news_date){.year = fields[0], .month = fields[1], .day = fields[2]};
    if (count == 7) {
        date->hour = fields[3];
        date->min = fields[4];
        date->sec = fields[5];
        date->offset = fields[6];
        date->has_time = true;
    }
}

static bool set_file(input *in, const char *name, char *value, size_t length)
{
    news_message *m = &in->message;
    if (strcmp(name, "file") == 0) {
        in->files[m->file_count] = (news_message_file)NEWS_MESSAGE_FILE_INIT;
        in->files[m->file_count++].bytes = (news_str){value, length};
        return true;
    }
    if (m->file_count == 0)
        return false;
    news_message_file *file = &in->files[m->file_count - 1];
    if (strcmp(name, "file.name") == 0)
        file->name = value;
    else if (strcmp(name, "file.media") == 0)
        file->media = value;
    else if (strcmp(name, "file.content_id") == 0)
        file->content_id = value;
    else
        return false;
    return true;
}

/* Elements of lists: the first of two fields begins one. */
static bool set_element(input *in, const char *name, char *value)
{
    news_message *m = &in->message;
    if (strcmp(name, "to.name") == 0)
        in->to[m->to_count].name = value;
    else if (strcmp(name, "to.address") == 0)
        in->to[m->to_count++].address = value;
    else if (strcmp(name, "header.name") == 0)
        in->headers[m->header_count].name = value;
    else if (strcmp(name, "header.value") == 0)
        in->headers[m->header_count++].value = value;
    else
        return false;
    return true;
}

static bool set_member(news_message *m, const char *name, char *value, size_t length)
{
    const struct {
        const char *name;
        const char **member;
    } strings[] = {
        {"from.name", &m->from.name},
        {"from.address", &m->from.address},
        {"reply_to.name", &m->reply_to.name},
        {"reply_to.address", &m->reply_to.address},
        {"subject", &m->subject},
        {"message_id", &m->message_id},
        {"seed", &m->seed},
        {"list_id", &m->list_id},
        {"unsubscribe_url", &m->unsubscribe_url},
        {"unsubscribe_mail", &m->unsubscribe_mail},
    };
    const struct {
        const char *name;
        bool *member;
    } flags[] = {
        {"one_click", &m->one_click},
        {"flowed", &m->flowed},
        {"delsp", &m->delsp},
        {"allow_8bit", &m->allow_8bit},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (strcmp(name, strings[i].name) == 0) {
            *strings[i].member = value;
            return true;
        }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(name, flags[i].name) == 0) {
            *flags[i].member = true;
            return true;
        }
    if (strcmp(name, "text") == 0)
        m->text = (news_str){value, length};
    else if (strcmp(name, "html") == 0)
        m->html = (news_str){value, length};
    else if (strcmp(name, "date") == 0)
        set_date(&m->date, value);
    else
        return false;
    return true;
}

static void write_message(news_ctx *ctx, const news_message *message)
{
    news_error error = NEWS_ERROR_INIT;
    char *bytes;
    size_t len;
    news_status status = news_message_buffer(ctx, message, &bytes, &len, &error);
    if (status == NEWS_OK) {
        (void)printf("0 %zu\n", len);
        (void)fwrite(bytes, 1, len, stdout);
        news_free(ctx, bytes, len);
    } else {
        (void)printf("%d %zu\n%s", (int)status, strlen(error.message), error.message);
    }
    (void)fflush(stdout);
}

int main(void)
{
    static input in;
    news_ctx *ctx;
    char name[32];
    size_t length;
    (void)setlocale(LC_ALL, ""); /* which the library must not heed */
    if (news_ctx_new(&ctx, NULL, NULL) != NEWS_OK)
        stop("there is no context");
    begin(&in);
    while (scanf("%31s %zu", name, &length) == 2 && getchar() == '\n') {
        char *value = read_value(&in, length);
        if (strcmp(name, "write") == 0) {
            write_message(ctx, &in.message);
            begin(&in);
        } else if (!set_file(&in, name, value, length) && !set_element(&in, name, value) &&
                   !set_member(&in.message, name, value, length)) {
            stop("there is no such field");
        }
        if (in.message.to_count == MOST - 1 || in.message.header_count == MOST - 1 ||
            in.message.file_count == MOST - 1)
            stop("a list is too long");
    }
    begin(&in);
    news_ctx_free(ctx);
    return 0;
}
