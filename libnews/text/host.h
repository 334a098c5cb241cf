/* Private to the text room: the names of hosts in ASCII. */
#ifndef NEWS_TEXT_HOST_H
#define NEWS_TEXT_HOST_H

#include "base/base.h"

/* Appends a host name whose labels outside ASCII are written in punycode. Appends nothing and
 * returns false when the name is ASCII already, or when no such name can exist: a label is too
 * long, or holds what a name may not. A failure of buf sticks as always. */
bool news_host_append(news_buf *buf, news_str host);

#endif
