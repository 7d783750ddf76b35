/*
 * transport.h - where two programs meet: a Unix socket ("/path") or a TCP port of this or another
 * machine ("HOST:PORT"). All else in the tool knows only the handle.
 */
#ifndef K5_TOOL_TRANSPORT_H
#define K5_TOOL_TRANSPORT_H

#include <stdbool.h>

/* A connected, non-blocking handle, or -1 (errno says why; nothing is printed). */
int transport_connect(const char *address);
/* A handle that waits for connections, or -1. A Unix path that is there already is replaced. */
int transport_listen(const char *address);
/* Takes a connection that has come, non-blocking; or -1. */
int transport_accept(int listener);

#endif
