/*
 * wire.h - connects the names of an app: who serves what, who calls and supervises whom.
 */
#ifndef K5_TOOL_WIRE_H
#define K5_TOOL_WIRE_H

#include "app.h"

/* Sorts the tasks by priority, resolves every name, gives out endpoints, slots, handler bits and
 * the regions of each protection map (code, RAM and shared ones without an address yet). Reports
 * what does not fit together; see conf_error_count. */
void app_wire(struct app *app);

/* What tasks may not be together: calls or supervision in a circle, forged bits. For app_wire. */
void wire_check(const struct app *app);

/* Tasks with the same priority as task `index`, itself included: one bit each. */
uint32_t app_equals(const struct app *app, size_t index);

#endif
