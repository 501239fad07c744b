/* SPDX-License-Identifier: MIT */
/* The layer, where it has to do with the process: memory, threads, wakes,
 * waits, names. */
#include "inside.h"

#include <stdlib.h>

pier_err pierp_start(void)
{
    pier_err err = shim_enter(SHIM_START);

    return err ? err : real_pierp_start();
}

int64_t pierp_clock(void)
{
    return real_pierp_clock();
}

pier_err pierp_random(void *buffer, size_t length)
{
    pier_err err = shim_enter(SHIM_RANDOM);

    return err ? err : real_pierp_random(buffer, length);
}

int pierp_native_error(void)
{
    return real_pierp_native_error();
}

pier_err pierp_error_from_native(int native_code)
{
    return real_pierp_error_from_native(native_code);
}

int pierp_error_to_native(pier_err code)
{
    return real_pierp_error_to_native(code);
}

/* ------------------------------------------------------------- memory --- */

/*
 * Before each block stands whether it is counted. What a thread keeps until
 * it ends is not: which of a pool's threads live is no matter of a test.
 */
struct header {
    _Alignas(max_align_t) uint64_t mark;
    bool is_counted;
};

#define LIVES UINT64_C(0x11fe11fe11fe11fe)

static _Thread_local bool for_thread;

/* Memory for starting a thread lacks as the thread does. */
static _Thread_local bool is_starting;

void *pierp_alloc(size_t bytes)
{
    struct header *header = NULL;

    if (!shim_enter(is_starting ? SHIM_THREAD_START : SHIM_ALLOC))
        header = real_pierp_alloc(sizeof(*header) + bytes);
    if (!header)
        return NULL;
    *header = (struct header){ LIVES, !for_thread };
    shim_hold_blocks(header->is_counted);
    return header + 1;
}

/* A block that was freed, or never was one, ends the test here. */
void pierp_free(void *block)
{
    struct header *header;

    if (!block)
        return;
    header = (struct header *)block - 1;
    if (header->mark != LIVES)
        abort();
    header->mark = 0;
    shim_hold_blocks(-(long)header->is_counted);
    real_pierp_free(header);
}

/* ------------------------------------------------------------ threads --- */

void pierp_lock(const void *subject)
{
    real_pierp_lock(subject);
}

void pierp_unlock(const void *subject)
{
    real_pierp_unlock(subject);
}

struct started {
    void (*run)(void *argument);
    void *argument;
};

static void run_counted(void *opaque)
{
    struct started started = *(struct started *)opaque;

    real_pierp_free(opaque);
    shim_own_thread();
    started.run(started.argument);
    shim_hold_threads(-1);
}

pier_err pierp_thread_start(void (*run)(void *argument), void *argument)
{
    pier_err err = shim_enter(SHIM_THREAD_START);
    struct started *started;

    if (err)
        return err;
    started = real_pierp_alloc(sizeof(*started));
    if (!started)
        return PIER_ENOMEM;
    *started = (struct started){ run, argument };
    shim_hold_threads(1);
    is_starting = true;
    err = real_pierp_thread_start(run_counted, started);
    is_starting = false;
    if (err) {
        real_pierp_free(started);
        shim_hold_threads(-1);
    }
    return err;
}

void *pierp_thread_storage(void)
{
    void *storage;

    if (shim_enter(SHIM_THREAD_STORAGE))
        return NULL;
    for_thread = true;
    storage = real_pierp_thread_storage();
    for_thread = false;
    return storage;
}

/* -------------------------------------------------------------- waits --- */

pier_err pierp_wake_new(struct pierp_wake **out)
{
    pier_err err = shim_enter(SHIM_WAKE_NEW);

    if (!err)
        err = real_pierp_wake_new(out);
    if (!err)
        shim_hold_wakes(1);
    return err;
}

void pierp_wake_free(struct pierp_wake *wake)
{
    if (wake)
        shim_hold_wakes(-1);
    real_pierp_wake_free(wake);
}

void pierp_wake_signal(struct pierp_wake *wake)
{
    real_pierp_wake_signal(wake);
}

void pierp_wake_drain(struct pierp_wake *wake)
{
    real_pierp_wake_drain(wake);
}

pier_err pierp_thread_wake(struct pierp_wake **out)
{
    pier_err err = shim_enter(SHIM_THREAD_WAKE);

    if (err)
        return err;
    for_thread = true;
    err = real_pierp_thread_wake(out);
    for_thread = false;
    return err;
}

pier_err pierp_wait(pier_handle h, unsigned want,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    pier_err err = shim_enter(SHIM_WAIT);

    if (err || shim_ends_wait(got))
        return err;
    shim_wait_begins();
    err = real_pierp_wait(h, want, wakes, wake_count, timeout, got);
    shim_wait_ends();
    return err;
}

/* Ready with no revents is what a poll never is: an early end instead. */
pier_err pierp_poll(struct pierp_pollitem *items, size_t count,
                    struct pierp_wake *const *wakes, size_t wake_count,
                    int64_t timeout, unsigned *got)
{
    pier_err err = shim_enter(SHIM_POLL);

    if (err)
        return err;
    if (shim_ends_wait(got)) {
        for (size_t i = 0; i < count; i++)
            items[i].revents = 0;
        *got &= ~(unsigned)PIERP_READY;
        return PIER_OK;
    }
    shim_wait_begins();
    err = real_pierp_poll(items, count, wakes, wake_count, timeout, got);
    shim_wait_ends();
    return err;
}

/* -------------------------------------------------------------- files --- */

ptrdiff_t pierp_file_read(pier_file file, void *buffer, size_t length,
                          int64_t offset)
{
    pier_err err = shim_enter(SHIM_FILE_READ);

    return err ? err
               : real_pierp_file_read(file, buffer, shim_cut(length), offset);
}

pier_err pierp_file_get_position(pier_file file, int64_t *out)
{
    pier_err err = shim_enter(SHIM_FILE_GET_POSITION);

    return err ? err : real_pierp_file_get_position(file, out);
}

pier_err pierp_file_set_position(pier_file file, int64_t position)
{
    pier_err err = shim_enter(SHIM_FILE_SET_POSITION);

    return err ? err : real_pierp_file_set_position(file, position);
}

pier_handle pierp_file_waitable(pier_file file)
{
    return real_pierp_file_waitable(file);
}

/* -------------------------------------------------------------- names --- */

pier_err pierp_remove_socket_file(const struct pier_address *a)
{
    pier_err err = shim_enter(SHIM_REMOVE_SOCKET_FILE);

    return err ? err : real_pierp_remove_socket_file(a);
}

pier_err pierp_getaddrinfo(struct pierp_answer *out,
                           const struct pierp_query *query)
{
    pier_err err = shim_enter(SHIM_GETADDRINFO);

    return err ? err : real_pierp_getaddrinfo(out, query);
}

pier_err pierp_getnameinfo(const struct pier_address *a, char *host,
                           size_t host_capacity, char *service,
                           size_t service_capacity, int flags)
{
    pier_err err = shim_enter(SHIM_GETNAMEINFO);

    return err ? err
               : real_pierp_getnameinfo(a, host, host_capacity, service,
                                        service_capacity, flags);
}

pier_err pierp_gethostbyname(struct pierp_host *out, const char *host)
{
    pier_err err = shim_enter(SHIM_GETHOSTBYNAME);

    return err ? err : real_pierp_gethostbyname(out, host);
}

pier_err pierp_gethostbyaddr(struct pierp_host *out,
                             const struct pier_address *a)
{
    pier_err err = shim_enter(SHIM_GETHOSTBYADDR);

    return err ? err : real_pierp_gethostbyaddr(out, a);
}

pier_err pierp_gethostname(char *buffer, size_t capacity)
{
    pier_err err = shim_enter(SHIM_GETHOSTNAME);

    return err ? err : real_pierp_gethostname(buffer, capacity);
}

pier_err pierp_sethostname(const char *name)
{
    pier_err err = shim_enter(SHIM_SETHOSTNAME);

    return err ? err : real_pierp_sethostname(name);
}

pier_err pierp_getservbyname(int *port, const char *name, const char *protocol)
{
    pier_err err = shim_enter(SHIM_GETSERVBYNAME);

    return err ? err : real_pierp_getservbyname(port, name, protocol);
}

pier_err pierp_getservbyport(char *buffer, size_t capacity, uint16_t port,
                             const char *protocol)
{
    pier_err err = shim_enter(SHIM_GETSERVBYPORT);

    return err ? err
               : real_pierp_getservbyport(buffer, capacity, port, protocol);
}

pier_err pierp_getprotobyname(int *number, const char *name)
{
    pier_err err = shim_enter(SHIM_GETPROTOBYNAME);

    return err ? err : real_pierp_getprotobyname(number, name);
}

pier_err pierp_if_list(struct pierp_interface **out, size_t *count)
{
    pier_err err = shim_enter(SHIM_IF_LIST);

    return err ? err : real_pierp_if_list(out, count);
}

pier_err pierp_if_indextoname(char name[PIERP_INTERFACE_NAME], unsigned index)
{
    pier_err err = shim_enter(SHIM_IF_INDEXTONAME);

    return err ? err : real_pierp_if_indextoname(name, index);
}

pier_err pierp_if_nametoindex(unsigned *out, const char *name)
{
    pier_err err = shim_enter(SHIM_IF_NAMETOINDEX);

    return err ? err : real_pierp_if_nametoindex(out, name);
}

pier_err pierp_address_pack(struct pier_address *out,
                            const struct pierp_endpoint *e)
{
    return real_pierp_address_pack(out, e);
}

pier_err pierp_address_unpack(struct pierp_endpoint *out,
                              const struct pier_address *a)
{
    return real_pierp_address_unpack(out, a);
}

int pierp_address_family(const struct pier_address *a)
{
    return real_pierp_address_family(a);
}

pier_err pierp_address_pack_unix(struct pier_address *out, const void *path,
                                 size_t length)
{
    return real_pierp_address_pack_unix(out, path, length);
}

const void *pierp_address_path(const struct pier_address *a, size_t *length)
{
    return real_pierp_address_path(a, length);
}

pier_err pierp_address_encode(struct pier_address *out,
                              const struct pierp_fields *f)
{
    return real_pierp_address_encode(out, f);
}

pier_err pierp_address_decode(struct pierp_fields *out, enum pierp_form form,
                              const struct pier_address *a)
{
    return real_pierp_address_decode(out, form, a);
}
