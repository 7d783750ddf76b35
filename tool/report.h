/*
 * report.h - what was built, on at most 100 columns: tasks, their memory and wiring, totals.
 */
#ifndef K5_TOOL_REPORT_H
#define K5_TOOL_REPORT_H

#include "app.h"

/* Prints the report of a built app to stdout. */
void report_print(const struct app *app);
/* The same and more as JSON: docs/manual/tool.md lists the keys. */
void report_json_print(const struct app *app);

#endif
