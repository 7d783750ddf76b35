/*
 * stats.h - what each task did in a run, read from the kernel's memory at its end.
 *
 * The target is halted outside of the kernel (one that is at work is let run on for a millisecond,
 * and looked at again), so the numbers fit each other. It does not help and is not asked. What this
 * kernel does not count is shown as "-".
 */
#ifndef K5_TOOL_STATS_H
#define K5_TOOL_STATS_H

#include "app.h"
#include "emulator.h"
#include "json.h"
#include "remote.h"

enum stats_value {
    STATS_OWN,  /* ticks on its own time */
    STATS_LENT, /* ticks on time that callers lent it */
    STATS_CALLS,
    STATS_OVERRUNS,
    STATS_FAULTS,
    STATS_RESTARTS,
    STATS_DROPS, /* log frames */
    STATS_VALUES
};

struct stats {
    const char *problem;           /* why there are none, in words; NULL: there are */
    uint64_t ticks;                /* since boot, until which time is accounted for */
    size_t tasks;                  /* length of each list below */
    uint64_t *value[STATS_VALUES]; /* by task; NULL: the kernel does not count it */
};

/* Halts the emulator and reads; it stays halted while this process is connected, and may run on
 * after that: stop it. panicked: the kernel has stopped for good. Takes a second at most. */
void stats_fetch(struct stats *stats, const struct app *app, const struct emulator *emulator,
                 bool panicked);
/* The same from a target that stands still, by a connection that is there and reads past the
 * processor (remote_physical). */
void stats_read(struct stats *stats, const struct app *app, struct remote *remote);
/* A table, most urgent task first; or one line that says why there is none. */
void stats_print(const struct stats *stats, const struct app *app);
/* The same as member "tasks" of an object that is open. */
void stats_json(const struct stats *stats, const struct app *app, struct json *json);
void stats_free(struct stats *stats);

#endif
