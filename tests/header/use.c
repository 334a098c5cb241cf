/* Compiled as C11 and as C++17, with every warning an error: the header stands alone, and its _INIT
 * macros are good in both languages. */
#include <news/news.h>

int use_of_the_header(void);

int use_of_the_header(void)
{
    news_error error = NEWS_ERROR_INIT;
    news_options options = NEWS_OPTIONS_INIT;
    news_finding finding = NEWS_FINDING_INIT;
    news_format_info format = NEWS_FORMAT_INFO_INIT;
    news_render_options render = NEWS_RENDER_OPTIONS_INIT;
    news_message message = NEWS_MESSAGE_INIT;
    news_message_file file = NEWS_MESSAGE_FILE_INIT;
    return error.size == sizeof error && options.size == sizeof options &&
           finding.size == sizeof finding && format.size == sizeof format &&
           render.size == sizeof render && message.size == sizeof message &&
           file.size == sizeof file && error.status == NEWS_OK && NEWS_VERSION_MAJOR >= 0;
}
