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

/* What the kernel wants a caller to have left: the server's wcet, and the least budget, so that a
 * server that is preempted within its wcet does not find its caller's time gone: a head of less
 * than that is of no use (rule 4 in time.md). 0 if it is not passive. */
uint32_t wcet_ticks(const struct app *app, const struct app_task *server);
/* Once the names are connected: ceilings and wcets along the calls, and waivers of nothing. */
void budget_check(struct app *app);

#endif
