/* SPDX-License-Identifier: MIT */
/* AF_UNIX as Windows has it since 1803: streams, by paths, and nothing else;
 * older ones, and Wine, have none of it. */
#include "scripted.h"

#include <string.h>
#include <wchar.h>

#define TAG_OF_SOCKETS 0x80000023u /* IO_REPARSE_TAG_AF_UNIX */

static void q36_a_windows_without_it_says_so(void **state)
{
    pier_handle h = 77;

    (void)state;
    NEXT(WSASocketW, .result = -1, .error = WSAEAFNOSUPPORT,
         .when = { ARGUMENT(1, AF_UNIX) });
    CHECK_ERR(pierp_open(&h, AF_UNIX, SOCK_STREAM, 0), PIER_EAFNOSUPPORT);
    CHECK_INT(h, 77);
    CHECK_INT(pierp_native_error(), WSAEAFNOSUPPORT);
    CHECK_CALLS("WSASocketW");
}

static void q36_there_are_no_pairs_and_no_abstract_names(void **state)
{
    pier_handle pair[2] = { 77, 77 };
    struct pier_address a;

    (void)state;
    CHECK_ERR(pierp_pair(pair, AF_UNIX, SOCK_STREAM, 0), PIER_ENOTSUP);
    CHECK_INT(pair[0], 77);
    CHECK_ERR(pierp_address_pack_unix(&a, "\0name", 5), PIER_EAFNOSUPPORT);
    CHECK_CALLS("");
}

/* The time of a connection is of TCP; what else it may say is not known. */
static void q36_a_connection_is_not_asked_for_its_time(void **state)
{
    static const int stream = SOCK_STREAM;
    static const int none = 0;
    WSAPROTOCOL_INFOW info = { .iAddressFamily = AF_UNIX };

    (void)state;
    ALWAYS(getsockopt, .bytes = &stream, .length = sizeof stream,
           .when = { ARGUMENT(3, SO_TYPE) });
    ALWAYS(getsockopt, .bytes = &none, .length = sizeof none,
           .when = { ARGUMENT(3, SO_ERROR) });
    ALWAYS(getsockopt, .bytes = &info, .length = sizeof info,
           .when = { ARGUMENT(3, SO_PROTOCOL_INFOW) });
    CHECK_OK(pierp_connect_result(SOME_SOCKET));
    CHECK_INT(CALLS_WITH(getsockopt, 3, SO_CONNECT_TIME), 0);
}

static struct pier_address path_of_file(void)
{
    static const char path[] = "C:\\b\xC3\xBC"
                               "cher.sock";
    struct pier_address a;

    CHECK_OK(pierp_address_pack_unix(&a, path, sizeof path - 1));
    return a;
}

static void plan_file(WIN32_FIND_DATAW *found, DWORD attributes, DWORD tag)
{
    *found = (WIN32_FIND_DATAW){ .dwFileAttributes = attributes,
                                 .dwReserved0 = tag };
    NEXT(GetFileAttributesW, .result = attributes);
    NEXT(FindFirstFileW, .result = 0x7770, .bytes = found,
         .length = sizeof *found);
    NEXT(FindClose, .result = TRUE, .when = { ARGUMENT(1, 0x7770) });
}

/* stat() of the C library does not see it, and bind() calls it in use. */
static void q37_the_file_of_a_server_is_a_reparse_point(void **state)
{
    struct pier_address a = path_of_file();
    WIN32_FIND_DATAW found;

    (void)state;
    plan_file(&found, FILE_ATTRIBUTE_REPARSE_POINT, TAG_OF_SOCKETS);
    NEXT(DeleteFileW, .result = TRUE);
    CHECK_OK(pierp_remove_socket_file(&a));
    CHECK(wcscmp((const wchar_t *)script_call("DeleteFileW", 0)->kept,
                 L"C:\\b\u00FCcher.sock") == 0);
}

static void q37_other_reparse_points_and_files_stay(void **state)
{
    struct pier_address a = path_of_file();
    WIN32_FIND_DATAW found;

    (void)state;
    plan_file(&found, FILE_ATTRIBUTE_REPARSE_POINT, IO_REPARSE_TAG_SYMLINK);
    CHECK_ERR(pierp_remove_socket_file(&a), PIER_ENOTSOCK);
    plan_file(&found, FILE_ATTRIBUTE_ARCHIVE, TAG_OF_SOCKETS);
    CHECK_ERR(pierp_remove_socket_file(&a), PIER_ENOTSOCK);
    CHECK_INT(CALLS(DeleteFileW), 0);
}

static void q37_a_file_that_cannot_be_removed_is_told(void **state)
{
    static const int in_use = ERROR_SHARING_VIOLATION;
    static const int none = ERROR_FILE_NOT_FOUND;
    struct pier_address a = path_of_file();
    WIN32_FIND_DATAW found;

    (void)state;
    plan_file(&found, FILE_ATTRIBUTE_REPARSE_POINT, TAG_OF_SOCKETS);
    NEXT(DeleteFileW, .result = FALSE, .error = in_use);
    CHECK_ERR(pierp_remove_socket_file(&a), PIER_EBUSY);
    NEXT(GetFileAttributesW, .result = INVALID_FILE_ATTRIBUTES, .error = none);
    CHECK_ERR(pierp_remove_socket_file(&a), PIER_ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OS_TEST(q36_a_windows_without_it_says_so),
        OS_TEST(q36_there_are_no_pairs_and_no_abstract_names),
        OS_TEST(q36_a_connection_is_not_asked_for_its_time),
        OS_TEST(q37_the_file_of_a_server_is_a_reparse_point),
        OS_TEST(q37_other_reparse_points_and_files_stay),
        OS_TEST(q37_a_file_that_cannot_be_removed_is_told),
    };

    return cmocka_run_group_tests(tests, script_start, NULL);
}
