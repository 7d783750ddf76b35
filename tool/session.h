/*
 * session.h - one run of an app: the emulator and the decoder together, and when it is over.
 *
 *   session_start, then session_step until it says anything but SESSION_RUNS, then session_stop.
 *   After each step the new lines are in session.decoder.lines; the caller clears them.
 */
#ifndef K5_TOOL_SESSION_H
#define K5_TOOL_SESSION_H

#include "decode.h"
#include "emulator.h"
#include "line.h"
#include "probe.h"

enum session_state {
    SESSION_RUNS,
    SESSION_TIME,   /* its guest time is over */
    SESSION_PANIC,  /* the kernel stopped; its report is decoded */
    SESSION_SILENT, /* not one good frame for a long time: it hangs */
    SESSION_DIED    /* the emulator ended by itself */
};

struct session {
    const struct app *app;
    struct decoder decoder;
    struct emulator emulator;
    struct line line;   /* the second serial line; its lines are the caller's to take */
    struct probe probe; /* works if options->probe said so and it could be had */
    uint64_t for_us;    /* guest time to run; 0: no end */
    double heard_s;     /* when the last good frame came, or the start: emulator_clock */
};

/* Returns EXIT_OK or EXIT_ENVIRONMENT (printed). For coloured lines set session->decoder.colour.
 * options->probe: with a probe, so that faults have backtraces; without one if that is not to be
 * had. The session stays where it is: the decoder points into it. */
int session_start(struct session *session, const struct app *app, uint64_t for_us,
                  const struct emulator_options *options);
/* Waits at most wait_s for bytes and takes them. */
enum session_state session_step(struct session *session, double wait_s);
void session_stop(struct session *session);

#endif
