/* SPDX-License-Identifier: MIT */
/*
 * The parts of the module _socket share what is declared here. A function that
 * returns an object, or false, has set an exception when it fails.
 */
#ifndef CPYTHON_MODULE_H
#define CPYTHON_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <pier/pier.h>

/*
 * A socket. The compiled module _ssl reads the descriptor and the timeout
 * straight from here, so the members up to the timeout are the interpreter's
 * binary interface, and are kept equal to what pier's object says.
 */
struct socket_object {
    PyObject_HEAD int fd; /* -1: closed */
    int family;
    int type; /* without flag bits */
    int protocol;
    PyObject *(*error_handler)(void);
    int64_t timeout;            /* nanoseconds; negative: blocks for ever */
    struct pier_socket *socket; /* NULL before __init__; closed ones stay */
};

/* ---------------------------------------------------------- errors.c --- */

extern PyObject *herror_type;
extern PyObject *gaierror_type;

/* Raises what a negative code of pier stands for; returns NULL. Nothing is
 * added where a signal handler has raised already. */
PyObject *raise_error(ptrdiff_t code);

/* An OSError that has a text and no number; returns NULL. */
PyObject *raise_text(const char *text);

/* The number that the system, and so the module errno, has for a code. */
int errno_of(pier_err code);

/* None, or the exception of a code that is not PIER_OK. */
PyObject *none_or_error(pier_err err);

bool errors_ready(PyObject *module);

/* --------------------------------------------------------- runtime.c --- */

/* Has pier release the interpreter's lock and look for signals. */
bool runtime_ready(void);

/* Whether a call of pier has called a signal's handler, in this thread. */
bool inside_handler(void);

/* --------------------------------------------------------- timeout.c --- */

/* None is PIER_FOREVER; a number is in seconds. */
bool timeout_from(PyObject *value, pier_timeout *out);
PyObject *timeout_object(pier_timeout timeout);

/* ------------------------------------------------------ socket_type.c --- */

extern PyTypeObject socket_type;

/* A new object for a socket, which it takes, also when it fails. */
PyObject *socket_object_of(struct pier_socket *socket);

/* Copies what pier's object says to where others read it. */
void publish(struct socket_object *s);

/* ------------------------------------------------------- the methods --- */

extern PyMethodDef connecting_methods[];
extern PyMethodDef mode_methods[];
extern PyMethodDef transfer_methods[];
extern PyMethodDef receive_message_methods[];
extern PyMethodDef send_message_methods[];
extern PyMethodDef option_methods[];

/* ------------------------------------------------------------ list.c --- */

/* A list of count objects; item makes the one with a number. */
PyObject *list_of(size_t count, PyObject *(*item)(const void *all, size_t i),
                  const void *all);

/* ------------------------------------------------------------ lend.c --- */

/* Buffers lent by objects, as pier takes them; zero it before the first
 * use. */
struct lent {
    Py_ssize_t count;
    Py_buffer *views;
    struct pier_buffer *pieces;
};

/* Takes the buffers of any iterable; format is "y*" or "w*" with the text of
 * the error behind it. */
bool lend(struct lent *out, PyObject *iterable, const char *format,
          const char *too_many);
void give_back(struct lent *lent);

/* --------------------------------------------------------- address.c --- */

/* The address that a Python value is for this socket; caller is the method's
 * name for texts of errors. */
bool address_in(struct pier_address *out, const struct socket_object *s,
                PyObject *value, const char *caller);

/* The Python value of an address; protocol tells families apart that have
 * several forms. */
PyObject *address_out(const struct pier_address *a, int protocol);

/* ------------------------------------------------- address_families.c --- */

/* The same for families other than INET, INET6 and UNIX. *known says whether
 * the family has a form here. */
bool family_in(struct pier_address *out, const struct socket_object *s,
               PyObject *value, const char *caller, bool *known);
PyObject *family_out(const struct pier_address *a, int protocol, bool *known);

/* ------------------------------------------------------------ host.c --- */

/* The text of a host name: IDNA where it is not ASCII. */
struct host_text {
    PyObject *owner;
    const char *text;
};

/* A converter for PyArg_Parse...(), which cleans up after itself. */
int host_converter(PyObject *value, void *out);

/* Resolves a host: names, literals, "" (any) and "<broadcast>". */
bool resolve_host(struct pier_address *out, const char *host, int family);

/* The number of an address as text, without port or zone. */
PyObject *host_object(const struct pier_address *a);

/* ---------------------------------------------- the module's functions --- */

extern PyMethodDef descriptor_functions[];
extern PyMethodDef name_functions[];
extern PyMethodDef service_functions[];
extern PyMethodDef text_functions[];

/* ------------------------------------------------------- constants.c --- */

bool constants_ready(PyObject *module);

#endif
