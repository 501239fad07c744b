/* SPDX-License-Identifier: MIT */
/* Counted memory. Every block stands in a list, so that what is left over or
 * freed twice is found by name of its number. */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    size_t length;
    unsigned number;
    bool kept;
    max_align_t bytes[];
};

static struct block *blocks;
static unsigned made;

void *sim_new(size_t bytes)
{
    void *block = calloc(1, bytes);

    if (!block) {
        (void)fputs("the fake has no memory\n", stderr);
        abort();
    }
    return block;
}

void *pierp_alloc(size_t bytes)
{
    struct block *block;

    if (sim_enter(FAKE_ALLOC))
        return NULL;
    if (bytes == 0)
        sim_misuse("an allocation of 0 bytes");
    if (bytes > SIZE_MAX / 2)
        return NULL;
    block = calloc(1, sizeof(*block) + bytes);
    if (!block)
        return NULL;
    block->length = bytes;
    block->number = ++made;
    block->next = blocks;
    blocks = block;
    return block->bytes;
}

static struct block **find(const void *bytes)
{
    struct block **place = &blocks;

    while (*place && (const void *)(*place)->bytes != bytes)
        place = &(*place)->next;
    return place;
}

void pierp_free(void *bytes)
{
    struct block **place = find(bytes);
    struct block *block = *place;

    if (!bytes)
        return;
    if (!block) {
        sim_misuse("memory that is not allocated is freed");
        return;
    }
    *place = block->next;
    /* What reads freed memory shall not find it intact. */
    memset(block->bytes, 0xdd, block->length);
    free(block);
}

void sim_memory_keep(void)
{
    for (struct block *block = blocks; block; block = block->next)
        block->kept = true;
}

unsigned fake_allocations(void)
{
    unsigned count = 0;

    for (const struct block *block = blocks; block; block = block->next)
        count++;
    return count;
}

size_t fake_allocated_bytes(void)
{
    size_t bytes = 0;

    for (const struct block *block = blocks; block; block = block->next)
        bytes += block->length;
    return bytes;
}

size_t sim_memory_left(void)
{
    size_t count = 0;

    for (const struct block *block = blocks; block; block = block->next) {
        if (block->kept)
            continue;
        sim_misuse("allocation %u of %lu bytes was not freed", block->number,
                   (unsigned long)block->length);
        count++;
    }
    return count;
}

/* What was kept belongs to the library and lives on. */
void sim_memory_reset(void)
{
    struct block **place = &blocks;

    while (*place) {
        struct block *block = *place;

        if (block->kept) {
            place = &block->next;
            continue;
        }
        *place = block->next;
        free(block);
    }
    made = 0;
}
