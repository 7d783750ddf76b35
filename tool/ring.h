/*
 * ring.h - the log's ring read through a debug probe, while the program runs.
 *
 *   [ kernel writes --> ... bytes ... --> reader ]   k5_log_abi.h part 4 is its layout
 *
 * If a task of the app drains the ring too (a logger), it owns the read offset: then we only look
 * on, and what it took before we came by is lost to us. Without such a task we move the offset.
 */
#ifndef K5_TOOL_RING_H
#define K5_TOOL_RING_H

#include "app.h"
#include "openocd.h"

#define RING_RESET_SAID "the processor was reset"

enum ring_state {
    RING_GOOD,  /* what was new, if anything, is in the text */
    RING_NONE,  /* there is no ring: the kernel has not started */
    RING_RESET, /* the processor was reset since the last time: what was new is left out */
    RING_LOST   /* openocd->state says why */
};

struct ring {
    uint32_t base;
    bool polled; /* for the caller to set: OpenOCD polls the core, for its GDB server, and writes
                    RING_RESET_SAID into its log at each reset that it makes */
    bool takes;  /* we move the read offset */
    bool placed; /* `next` is set */
    uint32_t next;
    bool renewed;    /* there was a reset: the kernel makes a new ring, which begins at its start */
    uint32_t stale;  /* until the write offset is another one than this, it is the old ring */
    unsigned resets; /* of which OpenOCD had told when we last looked */
};

/* Where it is says the ELF of the app, to the byte: no memory is searched. False if it has none. */
bool ring_open(struct ring *ring, const struct app *app);
/* After the connection was new made: begins where the reader stands. */
enum ring_state ring_attach(struct ring *ring, struct openocd *openocd);
/* The same while the processor stands at its first instruction: all that it will log is wanted. */
enum ring_state ring_begin(struct ring *ring, struct openocd *openocd);
/* Adds the bytes that are new. */
enum ring_state ring_read(struct ring *ring, struct openocd *openocd, struct text *bytes);

#endif
