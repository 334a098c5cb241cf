/* The images that travel with a mail: whether they are there, and what they weigh. */
#include "api/check.h"
#include "text/text.h"

static const news_rule image_missing = {"image-missing", NEWS_ERROR, NEWS_EACH_MAIL, 0, NULL};
static const news_rule image_weight = {"image-weight", NEWS_WARNING, NEWS_EACH_MAIL, 0, NULL};

/* What is noted of a file. */
enum { NOT_LOADED, MISSING, SIZE_BEGINS };

enum { KB = 1000, HEAVY = 400 * KB, ALL_HEAVY = 1000 * KB };

/* One that lies on the web, or is named from the root of its site, stays there, and what a field
 * will name is not known. */
static bool travels(const news_node *image)
{
    return image->a.len != 0 && (image->flags & NEWS_NODE_FIELDS) == 0 &&
           !news_uri_has_scheme(image->a) && !news_str_starts(image->a, NEWS_STR("/"));
}

/* Asks the loader for the file at a path. */
static news_status weigh(news_checker *checker, news_str path, uint32_t *noted, news_error *error)
{
    news_file file;
    bool missing;
    news_status status = news_file_load(checker->options, path, &file, &missing, error);
    if (status != NEWS_OK)
        return status;
    *noted = MISSING;
    if (missing)
        return NEWS_OK;
    size_t most = UINT32_MAX - SIZE_BEGINS;
    *noted = SIZE_BEGINS + (uint32_t)(file.len < most ? file.len : most);
    news_file_release(checker->options, &file);
    return NEWS_OK;
}

/* What is noted of an image's file, which is loaded once in a check. */
static news_status find_file(news_checker *checker, const news_node *image, uint32_t *noted,
                             news_error *error)
{
    news_buf *path = &checker->scratch;
    news_str kept;
    news_buf_clear(path);
    if (!news_path_of_address(path, checker->issue->path, image->a) ||
        !news_arena_copy(&checker->report->arena, news_buf_str(path), &kept))
        return news_error_nomem(error);
    uint32_t *file = news_strmap_put(&checker->files, kept, NULL);
    if (file == NULL)
        return news_error_nomem(error);
    news_status status = *file == NOT_LOADED ? weigh(checker, kept, file, error) : NEWS_OK;
    *noted = *file;
    return status;
}

static bool find_missing(news_checker *checker, const news_node *image)
{
    checker->rule = &image_missing;
    return news_checker_find(checker, image->line, image->column,
                             "there is no file \"%s\" that could travel with the mail",
                             news_show(image->a).text);
}

static bool find_heavy(news_checker *checker, const news_node *image, size_t size)
{
    checker->rule = &image_weight;
    return size <= HEAVY ||
           news_checker_find(checker, image->line, image->column,
                             "the image \"%s\" weighs %zu KB, more than the %d that one in a mail "
                             "should",
                             news_show(image->a).text, size / KB, HEAVY / KB);
}

static bool find_all_heavy(news_checker *checker, uint64_t size)
{
    checker->rule = &image_weight;
    return size <= ALL_HEAVY ||
           news_checker_find(checker, 1, 1,
                             "the images that travel with the mail weigh %llu KB, more than the %d "
                             "that they should together",
                             (unsigned long long)(size / KB), ALL_HEAVY / KB);
}

/* Adds an image to `all`, the weight of those before it. */
static news_status check_image(news_checker *checker, const news_node *image, uint64_t *all,
                               news_error *error)
{
    uint32_t noted = NOT_LOADED;
    news_status status = find_file(checker, image, &noted, error);
    if (status != NEWS_OK)
        return status;
    size_t size = noted >= SIZE_BEGINS ? noted - SIZE_BEGINS : 0;
    *all += size;
    bool ok = noted == MISSING ? find_missing(checker, image) : find_heavy(checker, image, size);
    return ok ? NEWS_OK : news_error_nomem(error);
}

/* An image that is shown twice travels once. */
static news_status check_all(news_checker *checker, news_strmap *seen, news_error *error)
{
    news_nodes images = checker->issue->images;
    const news_node *image;
    uint64_t all = 0;
    while ((image = news_nodes_next(&images)) != NULL) {
        bool is_new;
        if (!travels(image))
            continue;
        if (news_strmap_put(seen, image->a, &is_new) == NULL)
            return news_error_nomem(error);
        news_status status = is_new ? check_image(checker, image, &all, error) : NEWS_OK;
        if (status != NEWS_OK)
            return status;
    }
    return find_all_heavy(checker, all) ? NEWS_OK : news_error_nomem(error);
}

news_status news_check_images(news_checker *checker, news_error *error)
{
    news_strmap seen;
    if (checker->options->loader.load == NULL ||
        !news_check_attaches_images(checker->whole->publication))
        return NEWS_OK;
    checker->source = checker->report->name;
    news_strmap_init(&seen, checker->heap);
    news_status status = check_all(checker, &seen, error);
    news_strmap_free(&seen);
    return status;
}
