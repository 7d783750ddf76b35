/*
 * emulator.h - QEMU as a board: start it on an image, read its serial line, stop it.
 *
 * Virtual time is counted in instructions (32 ns each, or as app->shift says). PACE_FAST jumps to
 * the guest's next event, so a run does the same thing every time. PACE_REAL sleeps while the guest
 * idles, and by how long the host slept its times differ a little from run to run.
 */
#ifndef K5_TOOL_EMULATOR_H
#define K5_TOOL_EMULATOR_H

#include "app.h"

enum pace { PACE_REAL, PACE_FAST };

struct emulator_options {
    enum pace pace;
    const char *errors; /* a file for QEMU's own messages; NULL: our stderr */
    bool debug;         /* with a GDB server, which changes nothing until someone connects */
    bool halted;        /* does not start before the GDB server is told to */
    bool probe;         /* with one through which the session looks at each fault (probe.h) */
    const char *image;  /* another image than the app's; NULL: the app's */
};

struct emulator {
    pid_t pid;
    int output; /* what the guest sends over its first serial line; does not block; -1: closed */
    int line;   /* a socket to its second serial line; -1: the app does not use it */
    double started_s;
    enum pace pace;
    double cpu_s; /* what it had used of a processor when last asked */
    bool ended;
    int status;         /* as waitpid gives it, once ended */
    char *debug_folder; /* private, removed at the end; NULL: no GDB server */
    char *debug_socket; /* in it: where the server listens, for remote_connect */
};

/* False, and a message, if the board of a built app has no emulator. */
bool emulator_there(const struct app *app);
/* Starts the app's image. Returns EXIT_OK, or EXIT_ENVIRONMENT with a message printed. It never
 * outlives the tool. A GDB server that cannot be had is no error: debug_socket is NULL then. */
int emulator_start(const struct app *app, const struct emulator_options *options,
                   struct emulator *emulator);
/* Bytes from the serial line that are there now; 0: none, or its end. */
size_t emulator_read(struct emulator *emulator, uint8_t *bytes, size_t size);
/* True if the emulator has ended by itself. */
bool emulator_ended(struct emulator *emulator);
/* Seconds that it had for its work since its start, for time limits. PACE_FAST: processor time, so
 * that a busy machine ends no test, and a quarter of what went by, for one that only waits. */
double emulator_clock(struct emulator *emulator);
/* Ends it, whatever it does. */
void emulator_stop(struct emulator *emulator);

#endif
