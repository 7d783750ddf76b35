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

/* The owners of movable regions, and how many places of its map each task has for what it maps as
 * it runs. For app_wire, before regions. */
void app_movables_make(struct app *app);

/* The slots of each task, with names that differ. For app_wire, when all else is resolved. */
void app_slots_make(struct app *app);

/* Reports that there is no such task; `where` says who names it. */
void unknown_task(const struct app *app, const struct conf_node *node, const char *name,
                  const char *where);

/* An irq for each interrupt line of the devices that tasks use; slots_make gives them handles. For
 * app_wire, when regions, signals and supervision are resolved. */
void app_irqs_make(struct app *app);

/* A device with DMA is for a task that says dma = "trusted". For app_wire. */
void app_dma_check(const struct app *app, struct app_task *task);

/* The first other task that has a region (a device) in its map already, or NULL; *line: since
 * where. */
const struct app_task *app_region_owner(const struct app *app, const struct app_task *self,
                                        const char *name, int *line);

/* Tasks with the same priority as task `index`, itself included: one bit each. */
uint32_t app_equals(const struct app *app, size_t index);

#endif
