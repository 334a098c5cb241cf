/* Reading a file whole, for the examples. */
#ifndef EXAMPLE_READ_H
#define EXAMPLE_READ_H

#include <stdio.h>
#include <stdlib.h>

/* The bytes of a file, for the caller to free; NULL when it cannot be read. */
static inline char *read_whole(const char *path, size_t *len)
{
    char *bytes = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)size + 1);
    if (bytes != NULL)
        *len = fread(bytes, 1, (size_t)size, file);
    (void)fclose(file);
    return bytes;
}

#endif
