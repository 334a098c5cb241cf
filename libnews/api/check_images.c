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
    const news_str from = news_str_equal(checker->source, checker->report->name)
                              ? checker->issue->path
                              : checker->source;
    if (!news_path_of_address(path, from, image->a) ||
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

/* Adds an image to the weight of those before it. */
static news_status add_image(news_checker *checker, const news_node *image, news_error *error)
{
    uint32_t noted = NOT_LOADED;
    news_status status = find_file(checker, image, &noted, error);
    if (status != NEWS_OK)
        return status;
    size_t size = noted >= SIZE_BEGINS ? noted - SIZE_BEGINS : 0;
    checker->images->weight += size;
    bool ok = noted == MISSING ? find_missing(checker, image) : find_heavy(checker, image, size);
    return ok ? NEWS_OK : news_error_nomem(error);
}

/* An image that is shown twice travels once. */
static bool check_image(news_checker *checker, const news_node *node)
{
    news_luggage *images = checker->images;
    bool is_new;
    if (node->kind != NEWS_KIND_IMAGE || !travels(node))
        return true;
    if (news_strmap_put(&images->seen, node->a, &is_new) == NULL)
        images->status = news_error_nomem(images->error);
    else if (is_new)
        images->status = add_image(checker, node, images->error);
    return images->status == NEWS_OK;
}

static news_status check_all(news_checker *checker, news_error *error)
{
    bool walked = news_checker_walk(checker, check_image);
    if (checker->images->status != NEWS_OK)
        return checker->images->status;
    checker->source = checker->report->name;
    return walked && find_all_heavy(checker, checker->images->weight) ? NEWS_OK
                                                                      : news_error_nomem(error);
}

news_status news_check_images(news_checker *checker, news_error *error)
{
    news_luggage images = {.error = error};
    if (checker->options->loader.load == NULL ||
        !news_check_attaches_images(checker->whole->publication))
        return NEWS_OK;
    news_strmap_init(&images.seen, checker->heap);
    checker->images = &images;
    news_status status = check_all(checker, error);
    checker->images = NULL;
    news_strmap_free(&images.seen);
    return status;
}
