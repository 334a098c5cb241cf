/* Dates as headers have them (RFC 5322, section 3.3), from a date that the caller gives: the clock
 * is never asked. */
#include <stdio.h>

#include "mail/mail.h"

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t days_in(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* 0 is Sunday (Sakamoto's method). */
static int32_t day_of_week(int32_t year, int32_t month, int32_t day)
{
    static const int32_t shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    year -= month < 3;
    return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

static bool is_between(int32_t value, int32_t least, int32_t most)
{
    return value >= least && value <= most;
}

/* The standard knows no year before 1900, and a leap second. */
static bool is_date(const news_date *date)
{
    return is_between(date->year, 1900, 9999) && is_between(date->month, 1, 12) &&
           is_between(date->day, 1, days_in(date->year, date->month)) &&
           (!date->has_time ||
            (is_between(date->hour, 0, 23) && is_between(date->min, 0, 59) &&
             is_between(date->sec, 0, 60) && is_between(date->offset, -1439, 1439)));
}

news_status news_mail_format_date(const news_date *given, char out[NEWS_MAIL_DATE_SIZE],
                                  news_error *error)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    news_date date = *given;
    if (date.year == 0 && date.month == 0 && date.day == 0)
        return news_mail_refuse(error, NEWS_STR("Date"), "is missing; a message needs one");
    if (!is_date(&date))
        return news_mail_refuse(error, NEWS_STR("Date"), "there is no such date or time");
    if (!date.has_time)
        date.hour = date.min = date.sec = date.offset = 0;
    int32_t east = date.offset < 0 ? -date.offset : date.offset;
    (void)snprintf(out, NEWS_MAIL_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d",
                   days[day_of_week(date.year, date.month, date.day)], (int)date.day,
                   months[date.month - 1], (int)date.year, (int)date.hour, (int)date.min,
                   (int)date.sec, date.offset < 0 ? '-' : '+', (int)(east / 60), (int)(east % 60));
    return NEWS_OK;
}
