/*
 * emulator.h - QEMU as a board: start it on an image, read its serial line, stop it.
 *
 * Virtual time is counted in instructions (32 ns each, or as app->shift says), so a run does the
 * same thing every time.
 * PACE_REAL sleeps while the guest idles, PACE_FAST jumps to its next event.
 */
#ifndef K5_TOOL_EMULATOR_H
#define K5_TOOL_EMULATOR_H

#include "app.h"

enum pace { PACE_REAL, PACE_FAST };

struct emulator {
    pid_t pid;
    int output; /* what the guest sends over its first serial line; does not block; -1: closed */
    double started_s;
    bool ended;
    int status; /* as waitpid gives it, once ended */
};

/* Starts the app's image. errors: a file for QEMU's own messages, or NULL for our stderr.
 * Returns EXIT_OK, or EXIT_ENVIRONMENT with a message printed. It never outlives the tool. */
int emulator_start(const struct app *app, enum pace pace, const char *errors,
                   struct emulator *emulator);
/* Bytes from the serial line that are there now; 0: none, or its end. */
size_t emulator_read(struct emulator *emulator, uint8_t *bytes, size_t size);
/* True if the emulator has ended by itself. */
bool emulator_ended(struct emulator *emulator);
/* Ends it, whatever it does. */
void emulator_stop(struct emulator *emulator);

#endif
