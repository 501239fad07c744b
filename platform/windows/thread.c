/* SPDX-License-Identifier: MIT */
/*
 * What belongs to one thread hangs on a fiber-local slot: unlike
 * thread-local ones it has a callback at the thread's end, and unlike
 * _Thread_local it needs no run-time library that allocates behind us.
 */
#include "unload.h"
#include "wait.h"

#define LOCK_COUNT 64 /* a power of two */

/* There is no fork. */
_Atomic unsigned pierp_generation;

/* All zero is SRWLOCK_INIT. */
static SRWLOCK locks[LOCK_COUNT];

/* The low bits of heap addresses are all alike. */
static SRWLOCK *lock_of(const void *subject)
{
    uintptr_t bits = (uintptr_t)subject >> 4;

    return &locks[(bits ^ bits >> 6 ^ bits >> 12) % LOCK_COUNT];
}

void pierp_lock(const void *subject)
{
    AcquireSRWLockExclusive(lock_of(subject));
}

void pierp_unlock(const void *subject)
{
    ReleaseSRWLockExclusive(lock_of(subject));
}

struct start {
    void (*run)(void *argument);
    void *argument;
    HMODULE module;
};

static DWORD WINAPI begin(LPVOID parameter)
{
    struct start start = *(struct start *)parameter;

    pierp_free(parameter);
    start.run(start.argument);
    FreeLibraryAndExitThread(start.module, 0);
}

/* The thread keeps the module that it runs in: unloaded below it, pier would
 * end the process. */
static HANDLE start_thread(struct start *start)
{
    HANDLE thread;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (LPCWSTR)(uintptr_t)begin, &start->module))
        return NULL;
    thread = CreateThread(NULL, 0, begin, start, 0, NULL);
    if (!thread) {
        DWORD error = GetLastError();

        FreeLibrary(start->module);
        SetLastError(error);
    }
    return thread;
}

pier_err pierp_thread_start(void (*run)(void *argument), void *argument)
{
    struct start *start = pierp_alloc(sizeof(*start));
    HANDLE thread;

    if (!start)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    start->run = run;
    start->argument = argument;
    thread = start_thread(start);
    if (!thread) {
        pier_err err = win_fail();

        pierp_free(start);
        return err;
    }
    CloseHandle(thread);
    return PIER_OK;
}

struct record {
    uint64_t storage[PIERP_THREAD_STORAGE / sizeof(uint64_t)];
    struct pierp_wake *wake;
};

/* The number of the slot plus 1; 0 until it is made. */
static _Atomic DWORD slot;

/* ntdll's own word for "the process is ending". */
NTSYSAPI BOOLEAN NTAPI RtlDllShutdownInProgress(void);

/* At the end of the process other threads were stopped wherever they were,
 * perhaps holding the locks that these calls need. */
static VOID WINAPI free_record(PVOID value)
{
    struct record *record = value;

    if (!record || RtlDllShutdownInProgress())
        return;
    pierp_wake_free(record->wake);
    pierp_free(record);
}

static bool make_slot(void)
{
    DWORD made = FlsAlloc(free_record);
    DWORD present = 0;

    if (made == FLS_OUT_OF_INDEXES)
        return false;
    if (!atomic_compare_exchange_strong(&slot, &present, made + 1))
        FlsFree(made);
    return true;
}

static struct record *make_record(void)
{
    struct record *record = pierp_alloc(sizeof(*record));

    if (record && !FlsSetValue(atomic_load(&slot) - 1, record)) {
        pierp_free(record);
        return NULL;
    }
    return record;
}

static struct record *find_record(void)
{
    DWORD number = atomic_load_explicit(&slot, memory_order_acquire);
    struct record *record = NULL;

    if (number) {
        record = FlsGetValue(number - 1);
    } else if (!make_slot()) {
        return NULL;
    }
    return record ? record : make_record();
}

void win_thread_unload(void)
{
    DWORD number = atomic_exchange(&slot, 0);

    if (number)
        FlsFree(number - 1);
}

/* The last error belongs to the caller's latest call, and FlsGetValue()
 * clears it. */
void *pierp_thread_storage(void)
{
    DWORD error = GetLastError();
    struct record *record = find_record();

    SetLastError(error);
    return record ? record->storage : NULL;
}

pier_err pierp_thread_wake(struct pierp_wake **out)
{
    struct record *record = find_record();

    if (!record)
        return win_fail_with(ERROR_NOT_ENOUGH_MEMORY);
    if (!record->wake) {
        pier_err err = pierp_wake_new(&record->wake);

        if (err)
            return err;
    }
    *out = record->wake;
    return PIER_OK;
}
