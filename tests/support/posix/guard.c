/* SPDX-License-Identifier: MIT */
/* CTest ends a whole process tree here and a crash is a signal it reports:
 * nothing needs guarding. The other system's file does. */
typedef int test_guard_is_empty;
