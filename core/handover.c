/* SPDX-License-Identifier: MIT */
/* Sockets from a service manager. */
#include "error.h"
#include "object.h"
#include "trace.h"
#include <pier/handover.h>
#include <string.h>

static const char operation[] = "listen_fds";

static const char no_name[] = "unknown";

/* Nothing but digits, and at most what an int holds. */
static bool parse(const char *text, int64_t *out)
{
    int64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (*text - '0');
        if (value > INT32_MAX)
            return false;
    }
    *out = value;
    return true;
}

static size_t count_names(const char *names)
{
    size_t count = 1;

    for (; *names; names++)
        count += *names == ':';
    return count;
}

/* How many were handed to this process. */
static pier_err read_count(const struct pierp_service *service, size_t *count)
{
    int64_t process, handles;

    *count = 0;
    if (!service->process || !service->count)
        return PIER_OK;
    if (!parse(service->process, &process) || process == 0 ||
        !parse(service->count, &handles))
        return PIER_EINVAL;
    if (process != service->own_process)
        return PIER_OK;
    if (handles > 0 && service->names &&
        count_names(service->names) != (size_t)handles)
        return PIER_EINVAL;
    *count = (size_t)handles;
    return PIER_OK;
}

/* Those that are not open are found before there is memory for all. */
static pier_err keep_private(pier_handle first, size_t count)
{
    pier_err err = PIER_OK;

    for (size_t i = 0; !err && i < count; i++)
        err = pierp_set_inheritable(first + (pier_handle)i, false);
    return err;
}

/* The list, and the names behind it. */
static struct pier_inherited *make_list(const struct pierp_service *service,
                                        size_t count)
{
    size_t length = service->names ? strlen(service->names) + 1 : 0;
    struct pier_inherited *list = pierp_alloc(count * sizeof(*list) + length);
    char *name = NULL;

    if (list && service->names)
        name = memcpy(list + count, service->names, length);
    for (size_t i = 0; list && i < count; i++) {
        list[i].name = name ? name : no_name;
        list[i].handle = PIER_INVALID_HANDLE;
        if (!name)
            continue;
        name += strcspn(name, ":");
        *name++ = '\0';
    }
    return list;
}

static pier_err take(struct pier_inherited *to, pier_handle handle)
{
    pier_err err = pier_adopt(&to->socket, handle, -1, -1, -1);

    if (err != PIER_ENOTSOCK)
        return err;
    to->handle = handle;
    return PIER_OK;
}

/* Gives what was taken back. */
static void release(struct pier_inherited *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)pier_detach(list[i].socket);
        pier_free(list[i].socket);
    }
    pierp_free(list);
}

static pier_err take_all(struct pier_inherited **out,
                         const struct pierp_service *service, size_t count)
{
    struct pier_inherited *list = make_list(service, count);
    pier_err err = list ? PIER_OK : PIER_ENOMEM;

    if (err)
        return pieri_fail(operation, err, NULL);
    for (size_t i = 0; !err && i < count; i++)
        err = take(&list[i], service->first + (pier_handle)i);
    if (err) {
        (void)pieri_os_fail(operation, err, NULL);
        release(list, count);
        return err;
    }
    *out = list;
    return PIER_OK;
}

static pier_err listen_now(struct pier_inherited **out, size_t *count)
{
    struct pierp_service service;
    size_t n = 0;
    pier_err err = pierp_start();

    if (!err)
        err = pierp_service(&service);
    if (err)
        return pieri_os_fail(operation, err, NULL);
    err = read_count(&service, &n);
    if (err)
        return pieri_fail(operation, err, NULL);
    err = keep_private(service.first, n);
    if (err)
        return pieri_os_fail(operation, err, NULL);
    if (n > 0)
        err = take_all(out, &service, n);
    if (!err)
        *count = n;
    return err;
}

pier_err pier_listen_fds(struct pier_inherited **out, size_t *count,
                         bool unset_environment)
{
    pier_err err;

    if (out)
        *out = NULL;
    if (count)
        *count = 0;
    if (!out || !count)
        return pieri_fail(operation, PIER_EINVAL, NULL);
    err = listen_now(out, count);
    if (!err && unset_environment)
        pierp_service_forget();
    return err;
}

void pier_free_inherited(struct pier_inherited *list, size_t count)
{
    for (size_t i = 0; list && i < count; i++) {
        pier_free(list[i].socket);
        if (!list[i].socket && list[i].handle != PIER_INVALID_HANDLE)
            (void)pierp_close(list[i].handle);
    }
    pierp_free(list);
}
