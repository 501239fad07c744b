/* SPDX-License-Identifier: MIT */
/* Depth first; a state is put back by copying it. */
#include "explore.h"
#include "operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH       2000
#define IMAGE_BYTES 4096

struct frame {
    struct world world;
    size_t lengths[THREADS];
    unsigned char images[THREADS][IMAGE_BYTES];
    unsigned choices; /* left: WAYS bits for each thread */
    int thread;       /* the choice that was made here */
    unsigned way;
};

static struct frame *frames[DEPTH];
static int depth;
static const char *const *program;

/* The states seen: a hash table of hashes, 0 where there is none. */
static uint64_t *seen;
static size_t seen_count, seen_room;

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 32);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    uint64_t word;

    for (; length >= sizeof(word); length -= sizeof(word), p += sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        hash = mix(hash, word);
    }
    word = length;
    memcpy(&word, p, length);
    return mix(hash, word);
}

static void *allocated(size_t count, size_t bytes)
{
    void *p = calloc(count, bytes);

    if (!p) {
        (void)fprintf(stderr, "model: out of memory\n");
        exit(2);
    }
    return p;
}

static bool insert(uint64_t hash)
{
    size_t at = (size_t)hash & (seen_room - 1);

    while (seen[at] != 0 && seen[at] != hash)
        at = (at + 1) & (seen_room - 1);
    if (seen[at] == hash)
        return false;
    seen[at] = hash;
    seen_count++;
    return true;
}

static void grow(void)
{
    uint64_t *old = seen;
    size_t count = seen_room;

    seen_room *= 2;
    seen_count = 0;
    seen = allocated(seen_room, sizeof(*seen));
    for (size_t i = 0; i < count; i++) {
        if (old[i] != 0)
            (void)insert(old[i]);
    }
    free(old);
}

static bool is_new(uint64_t hash)
{
    if (seen_count * 2 >= seen_room)
        grow();
    return insert(hash != 0 ? hash : 1);
}

static void forget(void)
{
    free(seen);
    seen_room = 4096;
    seen_count = 0;
    seen = allocated(seen_room, sizeof(*seen));
}

/* Copies the state into the next frame; its hash. */
static uint64_t save(struct frame *f)
{
    uint64_t hash;

    f->world = world;
    /* Which thread came last, and how, is no part of the state. */
    f->world.running = 0;
    for (int i = 0; i < THREADS; i++)
        f->world.threads[i].way = 0;
    hash = hash_bytes(1, &f->world, sizeof(f->world));
    for (int i = 0; i < THREADS; i++) {
        f->lengths[i] = coroutine_save(i, f->images[i], IMAGE_BYTES);
        hash = hash_bytes(hash, f->images[i], f->lengths[i]);
    }
    return hash;
}

static void restore(const struct frame *f)
{
    world = f->world;
    for (int i = 0; i < THREADS; i++)
        coroutine_restore(i, f->images[i], f->lengths[i]);
}

static unsigned all_choices(void)
{
    unsigned choices = 0;

    for (int i = 0; i < THREADS; i++) {
        unsigned ways = world_ways(&world.threads[i]) << (i * WAYS);

        if (world_is_private(&world.threads[i]))
            return ways;
        choices |= ways;
    }
    return choices;
}

static void go(int thread, unsigned way)
{
    world.running = thread;
    world.threads[thread].way = way;
    coroutine_resume(thread);
}

/* Makes the lowest of the choices that are left in f. */
static void choose(struct frame *f)
{
    int bit = 0;

    while (!(f->choices >> bit & 1))
        bit++;
    f->choices &= f->choices - 1;
    f->thread = bit / WAYS;
    f->way = 1U << bit % WAYS;
    go(f->thread, f->way);
}

/* Looks at the state that was reached: whether to go on from it. */
static bool arrive(struct explored *total)
{
    struct frame *f;

    if (depth == DEPTH)
        world_fail("a call goes on for ever");
    if (!frames[depth])
        frames[depth] = allocated(1, sizeof(*f));
    f = frames[depth];
    if (!is_new(save(f)))
        return false;
    total->states++;
    f->choices = all_choices();
    if (f->choices != 0) {
        depth++;
        return true;
    }
    world_check_end();
    total->ends++;
    return false;
}

static void begin(const char *const operations[THREADS])
{
    program = operations;
    depth = 0;
    forget();
    world_reset(operations);
    for (int i = 0; i < THREADS; i++)
        coroutine_start(i, operation_run_all);
    for (int i = 0; i < THREADS; i++)
        go(i, WAY_ONLY);
}

void explore(const char *const operations[THREADS], struct explored *total)
{
    bool on;

    begin(operations);
    on = arrive(total);
    while (depth > 0) {
        struct frame *f = frames[depth - 1];

        if (f->choices == 0) {
            depth--;
            on = false;
            continue;
        }
        if (!on)
            restore(f);
        choose(f);
        total->steps++;
        on = arrive(total);
    }
}

static const char *name_of(enum step step)
{
    static const char *const names[] = {
        [STEP_BEGIN] = "begins",
        [STEP_FREE] = "begins",
        [STEP_STATE] = "state word",
        [STEP_LOCK] = "takes the lock",
        [STEP_SIGNAL] = "signals a wake",
        [STEP_DRAIN] = "drains its wake",
        [STEP_WAIT] = "wait ends",
        [STEP_TOUCH] = "touches the handle",
        [STEP_RELEASE] = "releases the handle",
        [STEP_OVER] = "is over",
    };

    return names[step];
}

static void print_step(const struct frame *f, const struct world *after)
{
    static const char *const ways[] = {
        [WAY_WOKEN] = "",
        [WAY_READY] = ", ready",
        [WAY_LATE] = ", out of time",
    };
    const struct thread *t = &f->world.threads[f->thread];
    char operation = t->operation;

    if (t->step == STEP_BEGIN || t->step == STEP_FREE)
        operation = *t->operations;
    (void)fprintf(stderr, "  %d %c  %s%s", f->thread + 1, operation,
                  name_of(t->step), t->step == STEP_WAIT ? ways[f->way] : "");
    if (f->world.socket.state != after->socket.state) {
        (void)fprintf(stderr, ": %#llx",
                      (unsigned long long)after->socket.state);
    }
    (void)fputc('\n', stderr);
}

_Noreturn void world_fail(const char *what)
{
    (void)fprintf(stderr, "model: %s: %s %s %s\n", what, program[0],
                  program[1], program[2]);
    for (int i = 0; i + 1 < depth; i++)
        print_step(frames[i], &frames[i + 1]->world);
    if (depth > 0)
        print_step(frames[depth - 1], &world);
    exit(1);
}
