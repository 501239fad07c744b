/* SPDX-License-Identifier: MIT */
#include "endings.h"

#include "lookups.h"

#include <string.h>

static struct pier_cancel *token;
static int64_t deadline; /* of the socket */

static bool can_always(const struct blocking_call *call,
                       const struct scene *scene)
{
    (void)call;
    (void)scene;
    return true;
}

/* A look-up that is given up is its close. */
static bool has_object(const struct blocking_call *call,
                       const struct scene *scene)
{
    (void)call;
    return scene->s || scene->lookup;
}

/* A poll has no limit but its own: its sockets may be many. */
static bool obeys_socket(const struct blocking_call *call,
                         const struct scene *scene)
{
    return scene->s && strcmp(call->name, "poll") != 0;
}

static void prepare_nothing(struct scene *scene)
{
    (void)scene;
}

static void give_token(struct scene *scene)
{
    CHECK_OK(pier_cancel_new(&token));
    scene->wait.cancel = token;
    if (scene->s)
        CHECK_OK(pier_set_cancel(scene->s, token));
}

static void limit_time(struct scene *scene)
{
    scene->wait.timeout = ENDING_LIMIT;
    if (scene->s)
        CHECK_OK(pier_settimeout(scene->s, ENDING_LIMIT));
}

static void set_deadline(struct scene *scene)
{
    deadline = pier_monotonic() + ENDING_LIMIT;
    CHECK_OK(pier_set_deadline(scene->s, deadline));
}

static void close_object(struct scene *scene)
{
    if (scene->s) {
        CHECK_OK(pier_close(scene->s));
    } else {
        pier_lookup_cancel(scene->lookup);
    }
}

static void fire_token(struct scene *scene)
{
    (void)scene;
    pier_cancel_fire(token);
}

const struct ending endings[ENDING_COUNT] = {
    { "close", has_object, prepare_nothing, close_object, PIER_EBADF },
    { "cancel", can_always, give_token, fire_token, PIER_ECANCELED },
    { "timeout", can_always, limit_time, NULL, PIER_EDEADLINE },
    { "deadline", obeys_socket, set_deadline, NULL, PIER_EDEADLINE },
};

const struct blocking_call *call_that_waits(size_t index)
{
    if (index < blocking_call_count)
        return &blocking_calls[index];
    index -= blocking_call_count;
    if (index < blocking_poll_count)
        return &blocking_polls[index];
    index -= blocking_poll_count;
    return index < blocking_lookup_count ? &blocking_lookups[index] : NULL;
}

int free_ended(void **state)
{
    free_sockets(state);
    pier_cancel_free(token);
    token = NULL;
    return 0;
}

/* The one who had the turn goes as well. */
static void end_first(struct scene *scene)
{
    CHECK_OK(pier_close(scene->s));
    CHECK_ERR(end_blocked(scene->first), PIER_EBADF);
}

/* Gives the time of what ended it; a limit follows from its own. */
static int64_t bring_end(struct scene *scene, const struct ending *ending,
                         const struct blocked *b, void (*meanwhile)(void))
{
    int64_t now;

    await_waits(scene->first ? 2 : 1);
    if (meanwhile)
        meanwhile();
    CHECK(!b->ended);
    now = pier_monotonic();
    ending->act(scene);
    return now;
}

static pier_err expected_of(const struct scene *scene,
                            const struct ending *ending)
{
    if (scene->lookup && ending == &endings[BY_CLOSE])
        return PIER_ECANCELED;
    return ending->result;
}

/* When a limit of time ends the call. */
static int64_t limit_of(const struct ending *ending, const struct blocked *b)
{
    if (ending == &endings[BY_DEADLINE])
        return deadline;
    return b->begin + ENDING_LIMIT;
}

int64_t end_call(const struct blocking_call *call, const struct ending *ending,
                 void (*meanwhile)(void))
{
    struct scene scene;
    struct blocked b;
    int64_t due = 0;
    int64_t late = -1;

    open_scene(call, &scene);
    if (ending->can_end(call, &scene)) {
        ending->prepare(&scene);
        start_blocked(&b, call->run, &scene);
        if (ending->act)
            due = bring_end(&scene, ending, &b, meanwhile);
        CHECK_ERR(end_blocked(&b), expected_of(&scene, ending));
        if (!ending->act)
            due = limit_of(ending, &b);
        late = b.end - due;
        CHECK(late >= 0 && late < SOON);
    }
    if (scene.first)
        end_first(&scene);
    end_lookups(&scene);
    free_ended(NULL);
    return late;
}
