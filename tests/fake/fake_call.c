/* SPDX-License-Identifier: MIT */
/* Every call of the seam passes here: counted, logged, made to fail. */
#include "inside.h"

#include <stdio.h>
#include <string.h>

/* A test that makes so many calls goes round in circles. */
#define CALLS_MAX 1000000u

struct failure {
    unsigned at; /* calls left until it; 0: none */
    bool stays;
    pier_err code;
};

static unsigned counts[FAKE_FUNCTION_COUNT];
static struct failure of_any, of_one[FAKE_FUNCTION_COUNT];
static unsigned failures;
static enum fake_function failed = FAKE_FUNCTION_COUNT;
static unsigned made; /* since the reset, whatever is cleared */
static char log_text[8192];
static unsigned random_state; /* 0: no preemption */
static unsigned visit_at;
static void (*visit)(void *argument);
static void *visit_argument;

static const char *const names[FAKE_FUNCTION_COUNT] = {
    [FAKE_WAIT] = "wait",
    [FAKE_POLL] = "poll",
    [FAKE_OPEN] = "open",
    [FAKE_PAIR] = "pair",
    [FAKE_ADOPT] = "adopt",
    [FAKE_DUP] = "dup",
    [FAKE_CLOSE] = "close",
    [FAKE_SET_NONBLOCKING] = "set_nonblocking",
    [FAKE_GET_INHERITABLE] = "get_inheritable",
    [FAKE_SET_INHERITABLE] = "set_inheritable",
    [FAKE_BIND] = "bind",
    [FAKE_BIND_SERVER] = "bind_server",
    [FAKE_LISTEN] = "listen",
    [FAKE_ACCEPT] = "accept",
    [FAKE_CONNECT] = "connect",
    [FAKE_CONNECT_RESULT] = "connect_result",
    [FAKE_SHUTDOWN] = "shutdown",
    [FAKE_GETSOCKNAME] = "getsockname",
    [FAKE_GETPEERNAME] = "getpeername",
    [FAKE_RECV] = "recv",
    [FAKE_SEND] = "send",
    [FAKE_RECVFROM] = "recvfrom",
    [FAKE_SENDTO] = "sendto",
    [FAKE_RECVMSG] = "recvmsg",
    [FAKE_SENDMSG] = "sendmsg",
    [FAKE_RECVMMSG] = "recvmmsg",
    [FAKE_SENDMMSG] = "sendmmsg",
    [FAKE_SENDFILE] = "sendfile",
    [FAKE_TRANSMIT] = "transmit",
    [FAKE_FILE_READ] = "file_read",
    [FAKE_FILE_GET_POSITION] = "file_get_position",
    [FAKE_FILE_SET_POSITION] = "file_set_position",
    [FAKE_SETSOCKOPT] = "setsockopt",
    [FAKE_GETSOCKOPT] = "getsockopt",
    [FAKE_SET_V6ONLY] = "set_v6only",
    [FAKE_SET_REUSE_PORT] = "set_reuse_port",
    [FAKE_SET_QUICKACK] = "set_quickack",
    [FAKE_SET_KEEPALIVE] = "set_keepalive",
    [FAKE_SET_LINGER] = "set_linger",
    [FAKE_SET_OPTION] = "set_option",
    [FAKE_GET_OPTION] = "get_option",
    [FAKE_RECV_ERROR] = "recv_error",
    [FAKE_CHANGE_MEMBERSHIP] = "change_membership",
    [FAKE_SET_MULTICAST] = "set_multicast",
    [FAKE_IOCTL] = "ioctl",
    [FAKE_TCP_INFO] = "tcp_info",
    [FAKE_REMOVE_SOCKET_FILE] = "remove_socket_file",
    [FAKE_SHARE] = "share",
    [FAKE_FROMSHARE] = "fromshare",
    [FAKE_SEND_HANDLE] = "send_handle",
    [FAKE_RECV_HANDLE] = "recv_handle",
    [FAKE_GETADDRINFO] = "getaddrinfo",
    [FAKE_GETNAMEINFO] = "getnameinfo",
    [FAKE_GETHOSTBYNAME] = "gethostbyname",
    [FAKE_GETHOSTBYADDR] = "gethostbyaddr",
    [FAKE_GETHOSTNAME] = "gethostname",
    [FAKE_SETHOSTNAME] = "sethostname",
    [FAKE_GETSERVBYNAME] = "getservbyname",
    [FAKE_GETSERVBYPORT] = "getservbyport",
    [FAKE_GETPROTOBYNAME] = "getprotobyname",
    [FAKE_IF_LIST] = "if_list",
    [FAKE_IF_NAMETOINDEX] = "if_nametoindex",
    [FAKE_IF_INDEXTONAME] = "if_indextoname",
    [FAKE_RANDOM] = "random",
    [FAKE_THREAD_START] = "thread_start",
    [FAKE_WAKE_NEW] = "wake_new",
};

static void note(const char *name)
{
    size_t used = strlen(log_text);

    if (used + strlen(name) + 2 > sizeof(log_text))
        return;
    (void)snprintf(log_text + used, sizeof(log_text) - used, "%s%s",
                   used ? " " : "", name);
}

static pier_err failure_now(struct failure *f)
{
    if (f->at == 0)
        return PIER_OK;
    if (f->at > 1) {
        f->at--;
        return PIER_OK;
    }
    if (!f->stays)
        f->at = 0;
    failures++;
    return f->code;
}

static void maybe_yield(void)
{
    if (visit_at && --visit_at == 0) {
        sim_visit(visit, visit_argument);
    }
    if (!random_state)
        return;
    random_state = random_state * 1103515245u + 12345u;
    if ((random_state >> 16) % 3 == 0)
        sim_yield();
}

void sim_count(enum fake_function function)
{
    counts[function]++;
    if (++made % CALLS_MAX == 0) {
        sim_misuse("%u calls and no end: the library goes round in circles",
                   made);
        sim_stop();
    }
    maybe_yield();
}

pier_err sim_enter(enum fake_function function)
{
    pier_err code, one;

    sim_count(function);
    if (names[function])
        note(names[function]);
    code = failure_now(&of_any);
    one = failure_now(&of_one[function]);
    if (code || one)
        failed = function;
    return sim_fail(code ? code : one);
}

pier_err sim_fail(pier_err code)
{
    if (code)
        sim_self()->native_error = -code;
    return code;
}

int pierp_native_error(void)
{
    return sim_self()->native_error;
}

pier_err pierp_error_from_native(int native_code)
{
    if (native_code == 0)
        return PIER_OK;
    return native_code > 0 && native_code < 4000 ? -native_code
                                                 : PIER_EUNKNOWN;
}

int pierp_error_to_native(pier_err code)
{
    return code < 0 && code > -4000 ? -code : 0;
}

static unsigned sum(enum fake_function last)
{
    unsigned total = 0;

    for (size_t i = 0; i <= (size_t)last; i++)
        total += counts[i];
    return total;
}

unsigned fake_calls(void)
{
    return sum(FAKE_ALLOC);
}

unsigned fake_system_calls(void)
{
    return sum(FAKE_WAKE_NEW);
}

unsigned fake_calls_of(enum fake_function function)
{
    return counts[function];
}

const char *fake_log(void)
{
    return log_text;
}

void fake_clear_calls(void)
{
    memset(counts, 0, sizeof(counts));
    log_text[0] = '\0';
    failures = 0;
}

void fake_fail_call(unsigned n, pier_err code)
{
    of_any = (struct failure){ code ? n : 0, false, code };
}

void fake_fail_from(unsigned n, pier_err code)
{
    of_any = (struct failure){ code ? n : 0, true, code };
}

void fake_fail(enum fake_function function, unsigned n, pier_err code)
{
    of_one[function] = (struct failure){ code ? n : 0, false, code };
}

void fake_fail_alloc(unsigned n)
{
    fake_fail(FAKE_ALLOC, n, PIER_ENOMEM);
}

void fake_fail_alloc_from(unsigned n)
{
    of_one[FAKE_ALLOC] = (struct failure){ n, true, PIER_ENOMEM };
}

unsigned fake_failures(void)
{
    return failures;
}

enum fake_function fake_failed(void)
{
    return failed;
}

const char *fake_function_name(enum fake_function function)
{
    const char *name = function < FAKE_FUNCTION_COUNT ? names[function] : NULL;

    return name ? name : "memory, storage or wake";
}

void fake_at_call(unsigned n, void (*run)(void *argument), void *argument)
{
    visit_at = n;
    visit = run;
    visit_argument = argument;
}

void fake_preempt(unsigned seed)
{
    random_state = seed;
}

void sim_calls_reset(void)
{
    fake_clear_calls();
    made = 0;
    failed = FAKE_FUNCTION_COUNT;
    of_any = (struct failure){ 0 };
    memset(of_one, 0, sizeof(of_one));
    random_state = 0;
    visit_at = 0;
}
