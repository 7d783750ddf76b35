/*
 * proxy.h - a GDB server in front of another one, which shows K5's tasks as threads.
 *
 *   gdb <--bytes--> proxy <--remote.h--> QEMU's or OpenOCD's server <--> target
 *
 * The proxy knows nothing of sockets: bytes from gdb go in, bytes for gdb come out. All threads
 * halt and run together. A thread's number is its index in threads.h + 1.
 */
#ifndef K5_TOOL_PROXY_H
#define K5_TOOL_PROXY_H

#include "target.h"

struct proxy {
    struct target target;
    bool runs;     /* gdb was told that the target runs; it waits for a stop */
    bool detached; /* gdb has said good-bye; the target runs on */
    bool killed;   /* gdb wants the target to end */
    bool refused;  /* the server has refused a breakpoint at refused_at, of which gdb may be silent;
                      the caller clears it */
    uint32_t refused_at;
    /* private */
    struct packet_reader reader;
    size_t general; /* thread that registers are asked of */
    size_t stepped; /* thread that is to make a step; THREADS_NONE: none */
    bool landed;    /* until is where that step ends, not where it begins */
    bool until_set;
    bool until_shared; /* gdb has a breakpoint there as well, which does for both */
    uint32_t until;    /* our own breakpoint */
    uint32_t *points;  /* gdb's breakpoints: a server may refuse a second at the same place */
    size_t point_count;
    struct text list;    /* description of the threads while it is being read in parts */
    struct text console; /* packets with what the server has printed, for gdb */
};

/* False, and a reason in proxy->target.threads.problem, if the image is of no use. `remote` is
 * connected, and halted. */
bool proxy_open(struct proxy *proxy, const struct app *app, struct remote *remote);
/* A new gdb: nothing is left of the last. */
void proxy_greet(struct proxy *proxy);
/* Bytes from gdb; answers are appended to `out`. */
void proxy_feed(struct proxy *proxy, const uint8_t *bytes, size_t size, struct text *out);
/* While it runs: has it halted? Then the stop is appended to `out`. */
void proxy_poll(struct proxy *proxy, struct text *out);
void proxy_close(struct proxy *proxy);

#endif
