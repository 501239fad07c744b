/* SPDX-License-Identifier: MIT */
/*
 * What the program needs of an operating system and standard C lacks. One of
 * tools/posix and tools/windows implements it; sockets are not here, they
 * come from pier. Text is UTF-8 on both sides.
 */
#ifndef TOOLS_SYSTEM_H
#define TOOLS_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ----------------------------------------------------------- errors --- */

/* Why a call on a file or a standard stream failed. */
enum system_error {
    SYSTEM_OK,
    SYSTEM_NOT_FOUND,
    SYSTEM_DENIED,
    SYSTEM_EXISTS,
    SYSTEM_NO_SPACE,
    SYSTEM_TOO_LARGE,
    SYSTEM_IS_DIRECTORY,
    SYSTEM_NOT_DIRECTORY,
    SYSTEM_NOT_REGULAR,
    SYSTEM_READ_ONLY,
    SYSTEM_IN_USE,
    SYSTEM_NAME_TOO_LONG,
    SYSTEM_PIPE_CLOSED,
    SYSTEM_NOT_OPEN,
    SYSTEM_OTHER, /* see system_other_text() */
};

/* A sentence part, the same on every system (error_text.c). */
const char *system_error_text(enum system_error error);

/* The system's own words for this thread's latest SYSTEM_OTHER. */
const char *system_other_text(void);

/* ------------------------------------------------------------ start --- */

/*
 * To be called first: makes the standard streams binary and *argv UTF-8. The
 * new vector lives until the program ends. A standard stream that is closed
 * ends at once or fails. False: out of memory or descriptors.
 */
bool system_start(int *argc, char ***argv);

unsigned long system_process_id(void);

/* Columns of the terminal behind standard error; 0: it is no terminal. */
int system_terminal_width(void);

/* What the library is made of here, in a few words of static text. */
enum system_part {
    SYSTEM_BACKEND, /* the backend's name */
    SYSTEM_NAME,    /* the system, its release and machine */
    SYSTEM_WAIT,    /* how a wait is made */
    SYSTEM_WAKE,    /* what ends one early */
    SYSTEM_CLOEXEC, /* whether handles are never inherited, not even shortly */
};
const char *system_mechanism(enum system_part part);

/* How many handles a process may have open; 0: no limit is known. */
long long system_open_limit(void);

/* ------------------------------------------------- standard streams --- */

/* Whether somebody types: standard input is a terminal or a console. */
bool system_input_is_terminal(void);

/* Waits for bytes of standard input. *got is 0 at its end. */
enum system_error system_read_input(void *buffer, size_t length, size_t *got);

/* Writes all of it to standard output, past stdio. */
enum system_error system_write_output(const void *buffer, size_t length);

/* Writes out what stdio has for standard output. */
enum system_error system_flush_output(void);

/* ---------------------------------------------------------- threads --- */

struct system_thread {
    void (*run)(void *argument);
    void *argument;
    uintptr_t handle;
    bool began;
};

/*
 * Runs run(argument) in a thread. *thread stays where it is until the thread
 * was joined or the program ends. One that may have left run() is joined
 * before main() returns: a process that ends while a thread of it is ending
 * can hang (Wine, when the thread is killed with a lock of libc held).
 */
bool system_thread_start(struct system_thread *thread,
                         void (*run)(void *argument), void *argument);

/* Waits until the thread has ended. */
void system_thread_join(struct system_thread *thread);

/* Instead of it for one that waits for something outside: nobody will join
 * it, and it ends with the process. */
void system_thread_leave(struct system_thread *thread);

/* The program's one monitor: a lock with a condition. */
void system_lock(void);
void system_unlock(void);
void system_notify(void);

/*
 * Called with the lock held; returns with it held after a notification, after
 * timeout nanoseconds (negative: no limit), or earlier for no reason.
 */
void system_wait(int64_t timeout);

/* ---------------------------------------------------- interruptions --- */

/*
 * Has a thread of its own call interrupted() at the first Ctrl-C, request to
 * terminate or closing of the console. If the program has not ended
 * SYSTEM_GRACE_MS later, calls abandon() and ends it with exit_code.
 */
#define SYSTEM_GRACE_MS 2000
bool system_watch_interrupts(void (*interrupted)(void), void (*abandon)(void),
                             int exit_code);

/* ------------------------------------------------------------ files --- */

struct system_file {
    intptr_t handle;
};

#define SYSTEM_NO_FILE                                                        \
    {                                                                         \
        -1                                                                    \
    }

/* Opens a regular file for reading and tells its size. */
enum system_error system_file_open(struct system_file *out, const char *path,
                                   uint64_t *size);

/* Makes a new file for writing; SYSTEM_EXISTS when the name is taken. */
enum system_error system_file_create(struct system_file *out,
                                     const char *path);

/* *got is 0 at the end of the file. */
enum system_error system_file_read(struct system_file *file, void *buffer,
                                   size_t length, size_t *got);

/* Writes all of it. */
enum system_error system_file_write(struct system_file *file,
                                    const void *buffer, size_t length);

/* Waits until what was written is on the disk, as far as the system can. */
enum system_error system_file_sync(struct system_file *file);

/* Reports what delayed writing met; a closed file is fine. */
enum system_error system_file_close(struct system_file *file);

/*
 * Renames; SYSTEM_EXISTS when to exists and replace is false. With sync it
 * waits until the disk has the new name, as far as the system can.
 */
enum system_error system_file_publish(const char *from, const char *to,
                                      bool replace, bool sync);

void system_file_remove(const char *path);
bool system_path_exists(const char *path);
bool system_path_is_directory(const char *path);

/* The part of path after its last separator; may be empty. */
const char *system_path_base(const char *path);

#endif
