/* SPDX-License-Identifier: MIT */
/* When what fails, and what is held. */
#include "inside.h"
#include "thread.h"

struct fault {
    _Atomic unsigned calls; /* until now */
    _Atomic unsigned at;    /* which of them fails; 0: none */
    _Atomic bool stays;
    _Atomic bool in_worker; /* the calls of others do not count */
    _Atomic pier_err code;
};

static const char *const names[] = {
#define FAILS(upper, lower)  #lower,
#define PASSES(upper, lower) #lower,
#include "functions.def"
#undef FAILS
#undef PASSES
};

static struct fault of_any, of_one[SHIM_FUNCTION_COUNT];
static _Atomic unsigned delays[SHIM_FUNCTION_COUNT];
static _Atomic size_t limit;
static _Atomic unsigned disturbing, waits, disturbances;
static _Atomic unsigned failures;
static _Atomic unsigned first_failed = SHIM_FUNCTION_COUNT;
static _Atomic bool first_elsewhere;
static _Atomic int waiting, idle_workers, held_workers;
static _Atomic bool holding;
static _Atomic long handles, blocks, wakes, threads;

static _Thread_local bool is_spared;
static _Thread_local bool is_own;

const char *shim_name(enum shim_function function)
{
    return function < SHIM_FUNCTION_COUNT ? names[function] : "none";
}

static void clear_fault(struct fault *f)
{
    f->calls = 0;
    f->at = 0;
    f->stays = false;
    f->in_worker = false;
    f->code = PIER_OK;
}

void shim_clear(void)
{
    clear_fault(&of_any);
    for (size_t i = 0; i < SHIM_FUNCTION_COUNT; i++) {
        clear_fault(&of_one[i]);
        delays[i] = 0;
    }
    holding = false;
    limit = 0;
    disturbing = 0;
    waits = 0;
    disturbances = 0;
    failures = 0;
    first_failed = SHIM_FUNCTION_COUNT;
    first_elsewhere = false;
}

static void set_fault(struct fault *f, unsigned n, pier_err code, bool stays)
{
    f->calls = 0;
    f->code = code;
    f->stays = stays;
    f->at = n;
}

void shim_fail(unsigned n, pier_err code, bool stays)
{
    set_fault(&of_any, n, code, stays);
}

void shim_fail_function(enum shim_function function, unsigned n, pier_err code)
{
    set_fault(&of_one[function], n, code, false);
}

void shim_hold_worker(enum shim_function function, pier_err code)
{
    of_one[function].in_worker = true;
    set_fault(&of_one[function], 1, code, false);
    holding = true;
}

bool shim_worker_is_held(void)
{
    return held_workers > 0;
}

void shim_let_go(void)
{
    holding = false;
}

static void hold(void)
{
    held_workers++;
    while (holding)
        sleep_ms(1);
    held_workers--;
}

static pier_err ask(struct fault *f)
{
    unsigned call, at;

    if (f->in_worker && !is_own)
        return PIER_OK;
    call = ++f->calls;
    at = f->at;

    return at != 0 && (call == at || (call > at && f->stays)) ? f->code
                                                              : PIER_OK;
}

static void note_failure(enum shim_function function)
{
    unsigned none = SHIM_FUNCTION_COUNT;

    failures++;
    if (atomic_compare_exchange_strong(&first_failed, &none, function))
        first_elsewhere = is_own;
}

pier_err shim_enter(enum shim_function function)
{
    pier_err one, any;

    if (is_spared)
        return PIER_OK;
    if (delays[function])
        sleep_ms(delays[function]);
    one = ask(&of_one[function]);
    any = ask(&of_any);
    if (!one && !any)
        return PIER_OK;
    note_failure(function);
    if (one && of_one[function].in_worker)
        hold();
    return one ? one : any;
}

void shim_limit(size_t bytes)
{
    limit = bytes;
}

size_t shim_cut(size_t length)
{
    size_t most = limit;

    return most && most < length && !is_spared ? most : length;
}

void shim_disturb(unsigned kinds)
{
    disturbing = kinds;
}

/* The three kinds in turn, those that are asked for. */
bool shim_ends_wait(unsigned *got)
{
    const unsigned kinds = disturbing;
    const unsigned wait = waits;

    if (!kinds || is_spared)
        return false;
    waits++;
    if (wait % 3 == 2)
        return false;
    *got = 0;
    if ((kinds & SHIM_SPURIOUS) && wait % 2 == 0) {
        *got = PIERP_READY;
    } else if ((kinds & SHIM_WOKEN) && wait % 4 != 0) {
        *got = PIERP_WOKEN;
    } else if (!(kinds & SHIM_EARLY)) {
        *got = kinds & SHIM_SPURIOUS ? PIERP_READY : PIERP_WOKEN;
    }
    disturbances++;
    return true;
}

void shim_delay(enum shim_function function, unsigned ms)
{
    delays[function] = ms;
}

void shim_spare_thread(void)
{
    is_spared = true;
}

void shim_own_thread(void)
{
    is_own = true;
}

unsigned shim_calls(void)
{
    return of_any.calls;
}

unsigned shim_failures(void)
{
    return failures;
}

unsigned shim_disturbances(void)
{
    return disturbances;
}

enum shim_function shim_failed(void)
{
    return (enum shim_function)first_failed;
}

bool shim_failed_elsewhere(void)
{
    return first_elsewhere;
}

void shim_wait_begins(void)
{
    idle_workers += is_own;
    waiting += !is_own && !is_spared;
}

void shim_wait_ends(void)
{
    idle_workers -= is_own;
    waiting -= !is_own && !is_spared;
}

int shim_waiting(void)
{
    return waiting;
}

int shim_idle_workers(void)
{
    return idle_workers;
}

void shim_hold_handles(long more)
{
    handles += more;
}

void shim_hold_blocks(long more)
{
    blocks += more;
}

void shim_hold_wakes(long more)
{
    wakes += more;
}

void shim_hold_threads(long more)
{
    threads += more;
}

struct shim_holdings shim_holdings(void)
{
    return (struct shim_holdings){
        .handles = handles,
        .blocks = blocks,
        .wakes = wakes,
        .threads = threads,
    };
}
