/*
 * transport.c - sockets by their address; see transport.h.
 */
#define _GNU_SOURCE
#include "transport.h"

#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define KIND (SOCK_STREAM | SOCK_CLOEXEC)

static int close_keep(int handle)
{
    int reason = errno;
    if (handle >= 0) {
        close(handle);
    }
    errno = reason;
    return -1;
}

static bool path_set(struct sockaddr_un *address, const char *path)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

/* Blocking until it stands: a TCP connection is either here or refused at once. */
static int connect_to(const struct sockaddr *address, socklen_t size)
{
    int one = 1;
    int handle = socket(address->sa_family, KIND, 0);
    if (handle < 0 || connect(handle, address, size) != 0) {
        return close_keep(handle);
    }
    if (address->sa_family != AF_UNIX) {
        (void)setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    (void)fcntl(handle, F_SETFL, O_NONBLOCK);
    return handle;
}

static int listen_at(const struct sockaddr *address, socklen_t size)
{
    int one = 1;
    int handle = socket(address->sa_family, KIND, 0);
    if (handle >= 0 && address->sa_family != AF_UNIX) {
        (void)setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    }
    if (handle < 0 || bind(handle, address, size) != 0 || listen(handle, 1) != 0) {
        return close_keep(handle);
    }
    return handle;
}

/* Does `what` with the addresses of HOST:PORT until one is good. */
static int tcp_each(const char *address, int (*what)(const struct sockaddr *, socklen_t))
{
    const char *colon = strrchr(address, ':');
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int handle = -1;
    if (colon == NULL) {
        errno = EINVAL;
        return -1;
    }
    char *host = string_copy(address);
    host[colon - address] = '\0';
    if (getaddrinfo(host, colon + 1, &wanted, &found) != 0) {
        errno = EADDRNOTAVAIL;
        found = NULL;
    }
    for (struct addrinfo *one = found; one != NULL && handle < 0; one = one->ai_next) {
        handle = what(one->ai_addr, one->ai_addrlen);
    }
    if (found != NULL) {
        freeaddrinfo(found);
    }
    free(host);
    return handle;
}

int transport_connect(const char *address)
{
    struct sockaddr_un path;
    if (address[0] != '/') {
        return tcp_each(address, connect_to);
    }
    return path_set(&path, address) ? connect_to((const struct sockaddr *)&path, sizeof path) : -1;
}

int transport_listen(const char *address)
{
    struct sockaddr_un path;
    if (address[0] != '/') {
        return tcp_each(address, listen_at);
    }
    (void)unlink(address);
    return path_set(&path, address) ? listen_at((const struct sockaddr *)&path, sizeof path) : -1;
}

int transport_accept(int listener)
{
    int one = 1;
    int handle = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (handle >= 0) {
        (void)setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    return handle;
}
