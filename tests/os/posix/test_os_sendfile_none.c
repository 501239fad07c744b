/* SPDX-License-Identifier: MIT */
/* A system that has no sendfile(), or one that nobody has looked at. */
#include "wrapped.h"

static void q109_who_has_no_way_to_send_files_says_so(void **state)
{
    (void)state;
    CHECK_ERR(pierp_sendfile(SOME_FD, SOME_FD + 1, 0, 5), PIER_ENOTSUP);
    CHECK_CALLS("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q109_who_has_no_way_to_send_files_says_so),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
