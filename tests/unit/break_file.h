/* Reads Unicode's own tests of boundaries, GraphemeBreakTest.txt and LineBreakTest.txt: code points
 * in hexadecimal with "÷" where there is a boundary and "×" where there is none. The directory of
 * the Unicode character database is taken from NEWS_UNICODE_DATA. */
#ifndef BREAK_FILE_H
#define BREAK_FILE_H

#include <stdio.h>
#include <stdlib.h>

#include "text/text.h"

typedef struct {
    char bytes[512];
    size_t len;
    size_t breaks[128], break_count; /* offsets; the first line of a file begins with × or ÷ at 0 */
} break_case;

/* Opens a test file of the given version, "15.0.0"; NULL, with the reason printed, when there is
 * none: the rules differ from version to version. */
static FILE *break_file_open(const char *name, const char *version)
{
    const char *directory = getenv("NEWS_UNICODE_DATA");
    char path[1024], line[256], wanted[64];
    if (directory == NULL)
        directory = "/usr/share/unicode";
    snprintf(path, sizeof path, "%s/auxiliary/%s.txt", directory, name);
    snprintf(wanted, sizeof wanted, "# %s-%s.txt", name, version);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        print_message("skipped: no file %s\n", path);
        return NULL;
    }
    if (fgets(line, sizeof line, file) == NULL || strncmp(line, wanted, strlen(wanted)) != 0) {
        print_message("skipped: %s is not of Unicode %s\n", path, version);
        fclose(file);
        return NULL;
    }
    return file;
}

/* The next case; false at the end of the file. */
static bool break_file_next(FILE *file, break_case *out)
{
    char line[4096];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *p = line;
        if (strncmp(p, "÷", strlen("÷")) != 0 && strncmp(p, "×", strlen("×")) != 0)
            continue;
        *out = (break_case){.len = 0};
        while (*p != '#' && *p != '\0') {
            if (strncmp(p, "÷", strlen("÷")) == 0) {
                assert_true(out->break_count < NEWS_ARRAY_LENGTH(out->breaks));
                out->breaks[out->break_count++] = out->len;
                p += strlen("÷");
            } else if (strncmp(p, "×", strlen("×")) == 0) {
                p += strlen("×");
            } else if (news_is_space(*p)) {
                p++;
            } else {
                char *end;
                unsigned long code_point = strtoul(p, &end, 16);
                assert_true(end != p && out->len + 4 <= sizeof out->bytes);
                out->len += news_utf8_encode((uint32_t)code_point, out->bytes + out->len);
                p = end;
            }
        }
        return true;
    }
    return false;
}

#endif
