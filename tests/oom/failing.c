#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing.h"

/* Before and behind each block; as large as what malloc aligns for. */
enum { GUARD = 16, GUARD_BYTE = 0xFB, NEW_BYTE = 0xCD, FREED_BYTE = 0xDD };

typedef union {
    size_t size;
    unsigned char bytes[GUARD];
} block_head;

static void stop(const char *what)
{
    (void)fprintf(stderr, "allocator: %s\n", what);
    abort();
}

static void check_guard(const unsigned char *guard, size_t from)
{
    for (size_t i = from; i < GUARD; i++)
        if (guard[i] != GUARD_BYTE)
            stop("somebody wrote outside of a block");
}

static void *take(size_t size)
{
    block_head *head = malloc(GUARD + size + GUARD);
    if (head == NULL)
        stop("the machine is out of memory");
    unsigned char *block = head->bytes + GUARD;
    memset(head, GUARD_BYTE, GUARD);
    head->size = size;
    memset(block, NEW_BYTE, size);
    memset(block + size, GUARD_BYTE, GUARD);
    return block;
}

static void give_back(void *ptr, size_t size)
{
    block_head *head = (block_head *)((unsigned char *)ptr - GUARD);
    if (head->size != size)
        stop("a block is not of the size it is said to have, or was freed before");
    check_guard(head->bytes, sizeof head->size);
    check_guard((unsigned char *)ptr + size, 0);
    memset(head, FREED_BYTE, GUARD + size + GUARD);
    free(head);
}

void *failing_reallocate(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    failing *f = ud;
    if (ptr == NULL)
        old_size = 0;
    if (new_size > old_size) {
        size_t call = f->calls++;
        if (call == f->fail_at || (f->for_ever && call > f->fail_at)) {
            f->failed = true;
            return NULL;
        }
    }
    /* Always moved, so that who keeps the old address is found out. */
    void *moved = new_size != 0 ? take(new_size) : NULL;
    if (ptr != NULL) {
        if (moved != NULL)
            memcpy(moved, ptr, old_size < new_size ? old_size : new_size);
        give_back(ptr, old_size);
    }
    f->live = f->live - old_size + new_size;
    return moved;
}

void failing_arm(failing *f, size_t fail_at, bool for_ever)
{
    f->calls = 0;
    f->fail_at = fail_at;
    f->for_ever = for_ever;
    f->failed = false;
}

void failing_disarm(failing *f)
{
    f->fail_at = SIZE_MAX;
    f->for_ever = false;
}
