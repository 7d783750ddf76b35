/*
 * inspect.h - what others show of `k5 inspect`.
 */
#ifndef K5_TOOL_INSPECT_H
#define K5_TOOL_INSPECT_H

#include "scene.h"

/* One line a task: state, stack, budget. */
void inspect_table_print(const struct scene *scene);
/* A block for each task: state, backtrace, time, stack, capabilities, who waits for it. */
void inspect_tasks_print(const struct scene *scene);
/* The same as member "tasks" of an object that is open. */
void inspect_tasks_json(const struct scene *scene, struct json *json);

#endif
