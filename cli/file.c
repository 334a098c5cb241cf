/* Files: reading one whole, and writing one so that it is there whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* ---- Reading ---- */

enum { NOT_REGULAR = -1 }; /* beside the numbers of errno */

static const char *words_for(int error)
{
    switch (error) {
    case NOT_REGULAR: return "this is not a regular file";
    case ENOENT: return "there is no such file";
    case EISDIR: return "this is a directory, not a file";
    case EACCES: return "permission denied";
    case ENOMEM: return "out of memory";
    default: return strerror(error);
    }
}

/* Reads up to `max` bytes and one more, which tells that the file is larger. The result is an
 * errno. */
static int read_all(int fd, size_t max, char **bytes, size_t *len)
{
    size_t capacity = 0;
    for (;;) {
        if (*len == capacity) {
            capacity = capacity == 0 ? (size_t)1 << 16 : capacity * 2;
            if (capacity > max + 1)
                capacity = max + 1;
            char *moved = realloc(*bytes, capacity);
            if (moved == NULL)
                return ENOMEM;
            *bytes = moved;
        }
        ssize_t got = read(fd, *bytes + *len, capacity - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        *len += (size_t)got;
        if (got == 0)
            return 0;
        if (*len > max)
            return EFBIG;
    }
}

/* `regular` refuses pipes and devices, without waiting for whoever is at the other end. */
static int read_file(const char *path, size_t max, bool regular, char **bytes, size_t *len)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (regular ? O_NONBLOCK : 0));
    if (fd < 0)
        return errno;
    int error = 0;
    if (fstat(fd, &info) != 0)
        error = errno;
    else if (S_ISDIR(info.st_mode))
        error = EISDIR;
    else if (regular && !S_ISREG(info.st_mode))
        error = NOT_REGULAR;
    else if (S_ISREG(info.st_mode) && info.st_size > (off_t)max)
        error = EFBIG;
    else
        error = read_all(fd, max, bytes, len);
    (void)close(fd);
    return error;
}

/* Keeps what was read; it takes the bytes. NULL when memory is short. */
static cli_source *keep(cli *c, const char *name, const char *shown, char *bytes, size_t len)
{
    cli_source *source = malloc(sizeof *source);
    char *own_name = strdup(name), *own_shown = strdup(shown);
    if (source == NULL || own_name == NULL || own_shown == NULL) {
        free(source);
        free(own_name);
        free(own_shown);
        free(bytes);
        return NULL;
    }
    char *fitting =
        realloc(bytes, len + 1); /* there may be many, so none holds more than it needs */
    *source = (cli_source){.next = c->sources,
                           .name = own_name,
                           .shown = own_shown,
                           .bytes = fitting != NULL ? fitting : bytes,
                           .len = len};
    c->sources = source;
    return source;
}

int cli_fail_reading(const cli *c, const char *shown, int error, size_t max)
{
    if (error == EFBIG)
        return cli_fail(c, shown, "the file is larger than %zu MiB, which is the limit", max >> 20);
    return cli_fail(c, shown, "cannot be read: %s", words_for(error));
}

cli_source *cli_read(cli *c, const char *path, size_t max)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "stdin" : path;
    char *bytes = NULL;
    size_t len = 0;
    int error = standard ? read_all(STDIN_FILENO, max, &bytes, &len)
                         : read_file(path, max, false, &bytes, &len);
    if (error == 0) {
        cli_source *source = keep(c, name, name, bytes, len);
        if (source != NULL)
            return source;
        error = ENOMEM;
    } else {
        free(bytes);
    }
    (void)cli_fail_reading(c, name, error, max);
    return NULL;
}

cli_source *cli_read_regular(cli *c, const char *path, const char *shown, size_t max, int *error)
{
    char *bytes = NULL;
    size_t len = 0;
    *error = read_file(path, max, true, &bytes, &len);
    if (*error != 0) {
        free(bytes);
        return NULL;
    }
    cli_source *source = keep(c, path, shown, bytes, len);
    if (source == NULL)
        *error = ENOMEM;
    return source;
}

void cli_free_sources(cli *c)
{
    free(c->root);
    c->root = NULL;
    while (c->sources != NULL) {
        cli_source *source = c->sources;
        c->sources = source->next;
        free(source->name);
        free(source->shown);
        free(source->bytes);
        free(source);
    }
}

/* ---- Paths ---- */

char *cli_folder_of(const char *path)
{
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash == NULL)
        return realpath(".", NULL);
    char *folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    char *absolute = folder != NULL ? realpath(folder, NULL) : NULL;
    free(folder);
    return absolute;
}

char *cli_absolute_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
    char *folder = cli_folder_of(path), *absolute = NULL;
    if (folder != NULL) {
        size_t size = strlen(folder) + strlen(file) + sizeof "/";
        absolute = malloc(size);
        if (absolute != NULL)
            (void)snprintf(absolute, size, "%s/%s", folder[1] == '\0' ? "" : folder, file);
    }
    free(folder);
    return absolute;
}

char *cli_shown_path(const char *path)
{
    char *here = realpath(".", NULL);
    size_t len = here != NULL ? strlen(here) : 0;
    bool below = len > 1 && strncmp(path, here, len) == 0 && path[len] == '/';
    free(here);
    return strdup(below ? path + len + 1 : path);
}

bool cli_go_up(char *folder)
{
    char *slash = strrchr(folder, '/');
    if (slash == NULL || slash[1] == '\0')
        return false;
    slash[slash == folder] = '\0';
    return true;
}

char *cli_path_in(const char *folder, const char *inner, const char *file)
{
    size_t size = strlen(folder) + strlen(inner) + strlen(file) + sizeof "//";
    char *path = malloc(size), *shown = NULL;
    if (path != NULL) {
        (void)snprintf(path, size, "%s/%s/%s", folder[1] == '\0' ? "" : folder, inner, file);
        shown = cli_shown_path(path);
    }
    free(path);
    return shown;
}

bool cli_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* ---- Writing ---- */

/* Makes a file with a name nobody uses in the folder of `target`, with the rights of the file it
 * will replace, or those that the umask leaves. An errno. */
static int make_temporary(cli_output *output, const struct stat *replaced)
{
    enum { ATTEMPTS = 100, SUFFIX = 64 };
    const char *slash = strrchr(output->target, '/');
    size_t folder = slash != NULL ? (size_t)(slash - output->target) + 1 : 0;
    output->temporary = malloc(folder + SUFFIX);
    if (output->temporary == NULL)
        return ENOMEM;
    memcpy(output->temporary, output->target, folder);
    for (int i = 0; i < ATTEMPTS; i++) {
        (void)snprintf(output->temporary + folder, SUFFIX, ".news-%ld-%d.tmp", (long)getpid(), i);
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (output->fd >= 0 || errno != EEXIST)
            break;
    }
    if (output->fd < 0) {
        int error = errno;
        free(output->temporary);
        output->temporary = NULL;
        return error;
    }
    if (replaced != NULL && fchmod(output->fd, replaced->st_mode & 0777) != 0)
        return errno;
    return 0;
}

static int open_output(cli_output *output)
{
    struct stat info;
    if (output->path == NULL || strcmp(output->path, "-") == 0) {
        output->fd = STDOUT_FILENO;
        return 0;
    }
    bool exists = stat(output->path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) { /* a device or a pipe is written to, not replaced */
        output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return output->fd < 0 ? errno : 0;
    }
    if (exists && access(output->path, W_OK) != 0)
        return errno;
    /* A link stays one: the file it leads to is replaced. */
    output->target = exists ? realpath(output->path, NULL) : strdup(output->path);
    if (output->target == NULL)
        return errno;
    return make_temporary(output, exists ? &info : NULL);
}

int cli_output_sink(void *ud, const char *bytes, size_t len)
{
    cli_output *output = ud;
    if (output->error == 0 && output->fd < 0)
        output->error = open_output(output);
    while (output->error == 0 && len != 0) {
        ssize_t put = write(output->fd, bytes, len);
        if (put < 0 && errno != EINTR)
            output->error = errno;
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
        }
    }
    return output->error != 0;
}

bool cli_output_end(const cli *c, cli_output *output, bool keep)
{
    if (keep)
        (void)cli_output_sink(output, "", 0); /* an empty output is one, too */
    if (output->fd >= 0 && close(output->fd) != 0 && output->error == 0)
        output->error = errno;
    if (output->temporary != NULL) {
        bool good = keep && output->error == 0;
        if (good && rename(output->temporary, output->target) != 0) {
            output->error = errno;
            good = false;
        }
        if (!good)
            (void)unlink(output->temporary);
    }
    free(output->temporary);
    free(output->target);
    if (output->error == 0)
        return true;
    bool named = output->path != NULL && strcmp(output->path, "-") != 0;
    const char *words =
        output->error == ENOENT ? "there is no such folder" : words_for(output->error);
    (void)cli_fail(c, named ? output->path : "standard output", "cannot be written: %s", words);
    return false;
}

bool cli_flush(const cli *c)
{
    /* After an earlier failure the reason is gone, unless flushing fails once more. */
    int error = ferror(stdout) ? EIO : 0;
    if (fflush(stdout) != 0)
        error = errno;
    if (error == 0)
        return true;
    (void)cli_fail(c, "standard output", "cannot be written: %s", words_for(error));
    return false;
}
