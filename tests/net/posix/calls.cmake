# SPDX-License-Identifier: MIT
# The functions that calls.c counts.
set(wrapped recv send recvfrom sendto poll ppoll recvmsg sendmsg read write
  fcntl ioctl getsockopt pthread_sigmask clock_gettime malloc calloc realloc)
list(TRANSFORM wrapped PREPEND "-Wl,--wrap=")
pier_add_net_test(calls SOURCES posix/calls.c)
target_link_options(test_net_calls PRIVATE ${wrapped})
# ppoll() is declared for those who ask.
target_compile_definitions(test_net_calls PRIVATE _GNU_SOURCE)
