/* An allocator that fails on purpose, and that sees to it that nobody writes outside of a block,
 * reads one that was freed or moved, frees it twice, or is mistaken about its size. What is found
 * ends the program, with a word on standard error. */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t calls;   /* that asked for more memory, since failing_arm() */
    size_t fail_at; /* which of them fails, counted from 0; SIZE_MAX: none */
    bool for_ever;  /* and all that come after it */
    bool failed;    /* one did */
    size_t live;    /* bytes that were given and not taken back */
} failing;

/* The function of a news_allocator; `ud` is a failing. */
void *failing_reallocate(void *ud, void *ptr, size_t old_size, size_t new_size);

/* Begins to count anew. */
void failing_arm(failing *f, size_t fail_at, bool for_ever);
void failing_disarm(failing *f);

#endif
