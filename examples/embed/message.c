/* A message from a text, HTML and a picture that the program has: no issue, no format. It goes to
 * standard output, as a file that mail programs open (.eml) and servers take. */
#include <news/news.h>
#include <stdio.h>
#include <string.h>

static const char text[] = "Good morning,\n\nThe tide is in: https://harbour.example/tide\n";
static const char html[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Tide</title></head>\n"
    "<body><p><img src=\"cid:logo@harbour.example\" width=\"1\" height=\"1\" alt=\"\"> Good "
    "morning,</p>\n"
    "<p>The <a href=\"https://harbour.example/tide\">tide</a> is in.</p></body></html>\n";

/* One pixel. */
static const char gif[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371\4\1\0\0\0\0,\0\0\0\0\1\0\1"
                          "\0\0\2\2D\1\0;";

static int to_stdout(void *ud, const char *bytes, size_t len)
{
    return fwrite(bytes, 1, len, ud) == len ? 0 : 1;
}

/* Everything in a message is borrowed, so that it may point to what stands on the stack here. */
static news_status write_message(news_ctx *ctx, const char *name, const char *address,
                                 news_error *error)
{
    const news_mailbox to = {name, address};
    const news_option headers[] = {{"Content-Language", "en"},
                                   {"Archived-At", "https://harbour.example/notes/7"}};
    news_message_file logo = NEWS_MESSAGE_FILE_INIT;
    news_message message = NEWS_MESSAGE_INIT;

    logo.media = "image/gif";
    logo.content_id = "logo@harbour.example";
    logo.bytes = (news_str){gif, sizeof gif - 1};

    message.date = (news_date){.year = 2025,
                               .month = 3,
                               .day = 7,
                               .hour = 8,
                               .min = 30,
                               .offset = 60, /* minutes east of UTC */
                               .has_time = true};
    message.from = (news_mailbox){"Harbour Notes", "notes@harbour.example"};
    message.to = &to;
    message.to_count = 1;
    message.subject = "Harbour notes: the tide ⚓";
    message.list_id = "Harbour Notes <notes.harbour.example>";
    message.unsubscribe_url = "https://harbour.example/leave?who=7";
    message.one_click = true;
    message.headers = headers;
    message.header_count = sizeof headers / sizeof *headers;
    message.text = (news_str){text, sizeof text - 1};
    message.html = (news_str){html, sizeof html - 1};
    message.files = &logo;
    message.file_count = 1;
    return news_message_write(ctx, &message, to_stdout, stdout, error);
}

int main(int argc, char **argv)
{
    news_ctx *ctx = NULL;
    news_error error = NEWS_ERROR_INIT;
    if (argc != 3)
        return fprintf(stderr, "usage: message NAME ADDRESS\n"), 2;
    if (news_ctx_new(&ctx, NULL, &error) != NEWS_OK ||
        write_message(ctx, argv[1], argv[2], &error) != NEWS_OK)
        fprintf(stderr, "message: %s\n", error.message);
    news_ctx_free(ctx);
    return error.status != NEWS_OK;
}
