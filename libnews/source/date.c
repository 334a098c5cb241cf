/* Dates as front matter writes them: ISO 8601's calendar dates, with or without a time of day. */
#include "source/source.h"

typedef struct {
    news_str text;
    size_t at;
} reader;

static bool ahead(const reader *r, char c)
{
    return r->at < r->text.len && r->text.ptr[r->at] == c;
}

static bool accept(reader *r, char c)
{
    if (!ahead(r, c))
        return false;
    r->at++;
    return true;
}

static void skip_spaces(reader *r)
{
    while (accept(r, ' '))
        ;
}

/* As many digits as there are, at least `fewest` and at most `digits`, and a number no greater than
 * `most`. */
static bool read_digits(reader *r, size_t fewest, size_t digits, int32_t most, int32_t *number)
{
    size_t i = 0;
    *number = 0;
    for (; i < digits && r->at < r->text.len && news_is_digit(r->text.ptr[r->at]); i++, r->at++)
        *number = *number * 10 + (r->text.ptr[r->at] - '0');
    return i >= fewest && *number <= most;
}

static bool read_number(reader *r, size_t digits, int32_t most, int32_t *number)
{
    return read_digits(r, digits, digits, most, number);
}

static int32_t days_of(int32_t year, int32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* 2024-05-07, and also 2024-5-7 and 2024/05/07, which can mean nothing else. */
static bool read_day(reader *r, news_date *date)
{
    if (!read_number(r, 4, 9999, &date->year) || date->year < 1)
        return false;
    char separator = ahead(r, '/') ? '/' : '-';
    return accept(r, separator) && read_digits(r, 1, 2, 12, &date->month) && date->month >= 1 &&
           accept(r, separator) &&
           read_digits(r, 1, 2, days_of(date->year, date->month), &date->day) && date->day >= 1;
}

static bool read_time(reader *r, news_date *date)
{
    if (!read_number(r, 2, 23, &date->hour) || !accept(r, ':') ||
        !read_number(r, 2, 59, &date->min))
        return false;
    if (!accept(r, ':'))
        return true;
    if (!read_number(r, 2, 60, &date->sec)) /* 60: a leap second */
        return false;
    if (accept(r, '.')) { /* a fraction is read and forgotten */
        size_t start = r->at;
        while (r->at < r->text.len && news_is_digit(r->text.ptr[r->at]))
            r->at++;
        return r->at > start;
    }
    return true;
}

/* Z, +02:00, +0200, +02, or nothing. */
static bool read_offset(reader *r, news_date *date)
{
    if (r->at == r->text.len || accept(r, 'Z') || accept(r, 'z'))
        return true;
    int32_t sign = ahead(r, '-') ? -1 : 1, hours, minutes = 0;
    if (!accept(r, '+') && !accept(r, '-'))
        return false;
    if (!read_number(r, 2, 23, &hours))
        return false;
    if ((accept(r, ':') || r->at < r->text.len) && !read_number(r, 2, 59, &minutes))
        return false;
    date->offset = sign * (hours * 60 + minutes);
    return true;
}

bool news_date_parse(news_str s, news_date *date)
{
    reader r = {news_str_trim(s), 0};
    *date = (news_date){.year = 0};
    if (!read_day(&r, date))
        return false;
    if (r.at == r.text.len)
        return true;
    if (!accept(&r, 'T') && !accept(&r, 't')) {
        if (!ahead(&r, ' '))
            return false;
        skip_spaces(&r);
    }
    if (!read_time(&r, date))
        return false;
    skip_spaces(&r);
    date->has_time = true;
    return read_offset(&r, date) && r.at == r.text.len;
}
