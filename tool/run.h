/*
 * run.h - what run, demo and test share.
 */
#ifndef K5_TOOL_RUN_H
#define K5_TOOL_RUN_H

#include "app.h"

/* "3s", "500 ms", "2min", "1.5s" in microseconds; at least 1. False if it is no time. */
bool time_parse(const char *string, uint64_t *us);
struct run_options {
    uint64_t for_us;    /* time of the board; 0: no end */
    const char *image;  /* another image than the app's; NULL: the app's */
    const char *input;  /* a file that is typed into the second serial line, "-": ours; or NULL */
    bool json;          /* one object a line instead of text */
    struct list levels; /* --level, as given */
};

/* Runs a built app in the emulator until its time is over or Ctrl-C, prints the decoded log and a
 * summary. Returns the exit code: 0; 134 if the kernel stopped, or a task that nobody supervises;
 * 124 if nothing was heard; 3 if the emulator is missing. */
int app_run(const struct app *app, const struct run_options *options);

#endif
