/*
 * debug_target.h - what `k5 debug` works on: an app in the emulator, or on a board.
 *
 *   emulator   remote <--Unix socket--> QEMU                              log: its serial line
 *   board      remote <--TCP port-----> OpenOCD <--probe--> processor     log: the ring, over Tcl
 *
 * Invariant after a good start: `remote` is connected and the target is halted. Whatever happens, a
 * board runs on after debug_target_stop, or a message says that it may not.
 */
#ifndef K5_TOOL_DEBUG_TARGET_H
#define K5_TOOL_DEBUG_TARGET_H

#include "emulator.h"
#include "openocd.h"
#include "remote.h"
#include "ring.h"

struct debug_target_options {
    struct openocd_options probe; /* of a board */
    bool reset;                   /* a board: from its first instruction, not where it is */
};

struct debug_target {
    const struct app *app;
    struct remote remote;
    const struct probe_board *board; /* NULL: the emulator */
    bool lost;                       /* the connection to a board is gone; a message was printed */
    /* private */
    struct emulator emulator;
    struct openocd openocd;
    struct ring ring;
    double looked_s; /* when the ring was last read */
};

/* An app that was built; board: what its board.toml says of the probe, or NULL for the emulator.
 * Returns EXIT_OK, or EXIT_ENVIRONMENT (printed). debug_target_stop is allowed in any case. */
int debug_target_start(struct debug_target *target, const struct app *app,
                       const struct probe_board *board, const struct debug_target_options *options);
/* A folder of its own that only this user can enter; removed at the stop. */
const char *debug_target_folder(const struct debug_target *target);
/* To wait for the log with poll(); -1: it is to be asked for. */
int debug_target_handle(const struct debug_target *target);
/* Adds what the app has logged. last: it has just halted, so all is wanted that it said before.
 * True if the board was reset in the meantime. */
bool debug_target_log(struct debug_target *target, bool last, struct text *bytes);
/* Has it ended by itself, or is a board out of reach? */
bool debug_target_ended(struct debug_target *target);
void debug_target_stop(struct debug_target *target);

#endif
