/* SPDX-License-Identifier: MIT */
/* ws2_32.dll, as far as the backend calls it. */
#include "scripted.h"

void script_set_error(int error)
{
    WSASetLastError(error);
}

/* A program whose imports all come here would not even load ws2_32. */
door_function door_real(const char *name)
{
    static const wchar_t *const libraries[] = { L"ws2_32", L"kernel32",
                                                L"ntdll", L"iphlpapi" };
    DWORD error = GetLastError();

    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        HMODULE library = LoadLibraryW(libraries[i]);
        door_function found = NULL;

        if (library)
            found = (door_function)GetProcAddress(library, name);
        if (found) {
            SetLastError(error);
            return found;
        }
    }
    print_error("this system has no %s\n", name);
    ExitProcess(1);
}

/* NOLINTBEGIN(readability-function-size): as many parameters as each has. */

/* The life of Winsock and of a socket. */
DOOR(int, WSAStartup, (WORD version, WSADATA *data), (version, data),
     TOLD(version), .out = data, .room = sizeof *data)
DOOR(int, WSACleanup, (void), (), TOLD(0))
DOOR(SOCKET, WSASocketW,
     (int family, int type, int protocol, WSAPROTOCOL_INFOW *info, GROUP group,
      DWORD flags),
     (family, type, protocol, info, group, flags),
     TOLD(family, type, protocol, V(info), group, V(flags)))
DOOR(int, WSADuplicateSocketW,
     (SOCKET s, DWORD process, WSAPROTOCOL_INFOW *info), (s, process, info),
     TOLD(V(s), V(process)), .out = info, .room = sizeof *info)
DOOR(int, closesocket, (SOCKET s), (s), TOLD(V(s)))
DOOR(int, ioctlsocket, (SOCKET s, long command, u_long *value),
     (s, command, value), TOLD(V(s), (u_long)command, V(*value)))
DOOR(int, WSAIoctl,
     (SOCKET s, DWORD code, void *in, DWORD in_length, void *out,
      DWORD out_length, DWORD *used, WSAOVERLAPPED *overlapped,
      LPWSAOVERLAPPED_COMPLETION_ROUTINE done),
     (s, code, in, in_length, out, out_length, used, overlapped, done),
     TOLD(V(s), V(code), V(in), V(in_length), V(out), V(out_length), V(used)),
     .in = in, .in_length = in_length, .out = out, .room = out_length)

/* Names, and connections. */
DOOR(int, bind, (SOCKET s, const struct sockaddr *name, int length),
     (s, name, length), TOLD(V(s), 0, length), .in = name,
     .in_length = (size_t)length)
DOOR(int, listen, (SOCKET s, int backlog), (s, backlog), TOLD(V(s), backlog))
DOOR(SOCKET, accept, (SOCKET s, struct sockaddr *name, int *length),
     (s, name, length), TOLD(V(s)), .out = name, .room = (size_t)*length,
     .used = length)
DOOR(int, connect, (SOCKET s, const struct sockaddr *name, int length),
     (s, name, length), TOLD(V(s), 0, length), .in = name,
     .in_length = (size_t)length)
DOOR(int, shutdown, (SOCKET s, int how), (s, how), TOLD(V(s), how))
DOOR(int, getsockname, (SOCKET s, struct sockaddr *name, int *length),
     (s, name, length), TOLD(V(s)), .out = name, .room = (size_t)*length,
     .used = length)
DOOR(int, getpeername, (SOCKET s, struct sockaddr *name, int *length),
     (s, name, length), TOLD(V(s)), .out = name, .room = (size_t)*length,
     .used = length)

/* Data and options. */
DOOR(int, recv, (SOCKET s, char *buffer, int length, int flags),
     (s, buffer, length, flags), TOLD(V(s), V(buffer), length, flags),
     .out = buffer, .room = (size_t)length)
DOOR(int, recvfrom,
     (SOCKET s, char *buffer, int length, int flags, struct sockaddr *name,
      int *name_length),
     (s, buffer, length, flags, name, name_length),
     TOLD(V(s), V(buffer), length, flags, V(name), V(name_length)),
     .out = buffer, .room = (size_t)length)
DOOR(int, send, (SOCKET s, const char *buffer, int length, int flags),
     (s, buffer, length, flags), TOLD(V(s), V(buffer), length, flags))
DOOR(int, sendto,
     (SOCKET s, const char *buffer, int length, int flags,
      const struct sockaddr *name, int name_length),
     (s, buffer, length, flags, name, name_length),
     TOLD(V(s), V(buffer), length, flags), .in = name,
     .in_length = (size_t)name_length)
DOOR(int, WSARecvFrom,
     (SOCKET s, WSABUF *buffers, DWORD count, DWORD *got, DWORD *flags,
      struct sockaddr *name, int *name_length, WSAOVERLAPPED *overlapped,
      LPWSAOVERLAPPED_COMPLETION_ROUTINE done),
     (s, buffers, count, got, flags, name, name_length, overlapped, done),
     TOLD(V(s), V(buffers), V(count), V(got), V(flags), V(name),
          V(name_length), V(overlapped)),
     .in = buffers, .in_length = count * sizeof *buffers)
DOOR(int, WSASendTo,
     (SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
      const struct sockaddr *name, int name_length, WSAOVERLAPPED *overlapped,
      LPWSAOVERLAPPED_COMPLETION_ROUTINE done),
     (s, buffers, count, sent, flags, name, name_length, overlapped, done),
     TOLD(V(s), V(buffers), V(count), V(sent), V(flags), V(name), name_length,
          V(overlapped)),
     .in = name, .in_length = (size_t)name_length)
PLAIN_DOOR(int, WSASendMsg,
           (SOCKET s, WSAMSG *message, DWORD flags, DWORD *sent,
            WSAOVERLAPPED *overlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE done),
           (s, message, flags, sent, overlapped, done),
           TOLD(V(s), V(message), V(flags), V(sent), V(overlapped)),
           .in = message, .in_length = sizeof *message)
DOOR(int, setsockopt,
     (SOCKET s, int level, int name, const char *value, int length),
     (s, level, name, value, length), TOLD(V(s), level, name, 0, length),
     .in = value, .in_length = (size_t)length)
DOOR(int, getsockopt,
     (SOCKET s, int level, int name, char *value, int *length),
     (s, level, name, value, length), TOLD(V(s), level, name), .out = value,
     .room = (size_t)*length, .used = length)

/* Readiness. */
DOOR(int, select,
     (int ignored, fd_set *read, fd_set *write, fd_set *except,
      const struct timeval *timeout),
     (ignored, read, write, except, timeout),
     TOLD(ignored, V(read), V(write), V(except), V(timeout)), .in = timeout,
     .in_length = sizeof *timeout)
PLAIN_DOOR(int, WSAPoll, (WSAPOLLFD * fds, ULONG count, INT timeout),
           (fds, count, timeout), TOLD(V(fds), V(count), timeout), .in = fds,
           .in_length = count * sizeof *fds)

/* Names of hosts. */
DOOR(int, GetAddrInfoW,
     (const wchar_t *host, const wchar_t *service, const ADDRINFOW *hints,
      ADDRINFOW **list),
     (host, service, hints, list),
     TOLD(V(host), V(service), hints ? hints->ai_flags : 0), .in = host,
     .in_length = host ? (wcslen(host) + 1) * sizeof *host : 0, .out = list,
     .room = sizeof(void *))
/* It gives nothing back, so nobody looks at what it does. */
DOOR(void *, FreeAddrInfoW, (ADDRINFOW * list), (list), TOLD(V(list)))
DOOR(int, GetNameInfoW,
     (const struct sockaddr *name, socklen_t length, wchar_t *host,
      DWORD host_room, wchar_t *service, DWORD service_room, int flags),
     (name, length, host, host_room, service, service_room, flags),
     TOLD(0, length, V(host), V(host_room), V(service), V(service_room),
          flags),
     .out = host, .room = host_room * sizeof *host)
/* NOLINTEND(readability-function-size) */
