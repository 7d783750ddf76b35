/*
 * budget.h - the time of a task: its budget and period, whose time a server uses, and what of it
 * cannot work. docs/manual/time.md says what the words mean.
 */
#ifndef K5_TOOL_BUDGET_H
#define K5_TOOL_BUDGET_H

#include "app.h"

/* After its `serves`: reads `budget`, `period`, `passive`, `serves.wcet` and `waive` of a task,
 * each by itself. What is wrong is reported and has the length 0 then. `where` opens the messages.
 */
void budget_read(const struct app *app, struct app_task *task, const char *where);

/* Once the names are connected: ceilings and wcets along the calls, and waivers of nothing. */
void budget_check(struct app *app);

#endif
