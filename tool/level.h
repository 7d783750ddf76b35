/*
 * level.h - which log lines are shown: by level, for all or for one task, changed while it runs.
 *
 * Faults, panics, resets, drops and damage are always shown.
 */
#ifndef K5_TOOL_LEVEL_H
#define K5_TOOL_LEVEL_H

#include "decode.h"

struct level_filter {
    uint8_t least[K5_TASK_MAX]; /* K5_LOG_*: lines up to this one are shown */
    uint8_t kernel;
    int only; /* lines of this task alone; APP_NONE: of all */
};

/* All is shown. */
void level_all(struct level_filter *filter);
/* Takes one --level of a verb: "LEVEL" or "TASK=LEVEL". Returns EXIT_OK or EXIT_USAGE (printed). */
int level_option(struct level_filter *filter, const struct app *app, const char *verb,
                 const char *option);
/* Takes all of them. Those for all tasks count first, so that their order does not matter. */
int level_make(struct level_filter *filter, const struct app *app, const char *verb,
               const struct list *options);
/* Prints the lines that the decoder has and the filter lets through, as text or as one JSON object
 * each; those after until_us (0: none) are left out. The decoder has no lines then. */
void level_print(const struct level_filter *filter, struct decoder *decoder, bool json,
                 uint64_t until_us);
bool level_shows(const struct level_filter *filter, const struct decoded *line);
/* By keys: one level less for all, from the last to the first again; the next task alone, then all.
 * Both return what holds now, in words. Caller frees. */
char *level_next(struct level_filter *filter, const struct app *app);
char *level_next_task(struct level_filter *filter, const struct app *app);

#endif
