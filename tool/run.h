/*
 * run.h - what run, demo and test share.
 */
#ifndef K5_TOOL_RUN_H
#define K5_TOOL_RUN_H

#include "app.h"

/* "3s", "500 ms", "2min", "1.5s" in microseconds; at least 1. False if it is no time. */
bool time_parse(const char *string, uint64_t *us);
/* Runs a built app in the emulator until its time is over (0: no end) or Ctrl-C, prints the decoded
 * log and a summary. Returns the exit code: 0; 134 if the kernel stopped, or a task that nobody
 * supervises; 124 if nothing was heard; 3 if the emulator is missing. */
int app_run(const struct app *app, uint64_t for_us);

#endif
