/* SPDX-License-Identifier: MIT */
#include "../mode.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

/* Whichever thread takes the signal counts it. */
static _Atomic unsigned seen;

int handle_is_nonblocking(intptr_t handle)
{
    int flags = fcntl((int)handle, F_GETFL);

    return flags < 0 ? -1 : (flags & O_NONBLOCK) != 0;
}

int number_of_file(FILE *file)
{
    return fileno(file);
}

static void count(int number)
{
    (void)number;
    seen++;
}

int signal_every(unsigned ms)
{
    struct itimerval timer;
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    memset(&timer, 0, sizeof(timer));
    action.sa_handler = count;
    timer.it_value.tv_usec = (suseconds_t)ms * 1000;
    timer.it_interval = timer.it_value;
    return sigaction(SIGALRM, &action, NULL) == 0 &&
           setitimer(ITIMER_REAL, &timer, NULL) == 0;
}

void avoid_signals(int avoid)
{
    sigset_t alarm;

    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    (void)pthread_sigmask(avoid ? SIG_BLOCK : SIG_UNBLOCK, &alarm, NULL);
}

unsigned signals_seen(void)
{
    return seen;
}

int sigpipe_kills(void)
{
    struct sigaction now;
    sigset_t blocked;

    return sigaction(SIGPIPE, NULL, &now) == 0 &&
           sigprocmask(SIG_BLOCK, NULL, &blocked) == 0 &&
           now.sa_handler == SIG_DFL && !sigismember(&blocked, SIGPIPE);
}
