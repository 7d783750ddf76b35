/*
 * scene.h - what a snapshot says, in the user's own names: states, who waits for whom, whose time,
 * stacks and backtraces, budgets, capabilities.
 *
 * A scene may be damaged: what cannot be read or makes no sense is said to be unknown.
 */
#ifndef K5_TOOL_SCENE_H
#define K5_TOOL_SCENE_H

#include "fault.h"
#include "json.h"
#include "snapshot.h"
#include "unwind.h"

struct scene {
    const struct view *view;
    const struct snapshot *snapshot;
};

/* The record of the task's last fault. False if it is not there, or the task never faulted. */
bool scene_fault(const struct scene *scene, uint8_t task, struct fault *fault);
/* It stands where it faulted; else its record is of an earlier life. */
bool scene_stopped(const struct scene *scene, size_t task);
/* One sentence: "runs", "waits for the answer of storage until 1.102 000 s", ... */
void scene_state(const struct scene *scene, size_t task, struct text *out);
/* Who waits for it: "sensor, display"; empty if nobody does. */
void scene_waiters(const struct scene *scene, size_t task, struct text *out);
/* "on the time of sensor (sensor > storage > vault)"; empty if it is on its own. */
void scene_lent(const struct scene *scene, size_t task, struct text *out);
/* "0.051 of 2 ms used in this period of 10 ms" */
void scene_budget(const struct scene *scene, size_t task, struct text *out);
/* "stack 312 of 1024 bytes, 400 at its deepest" */
void scene_stack(const struct scene *scene, size_t task, struct text *out);
/* What it may: "call storage (badge 1)", one for each capability. */
void scene_capabilities(const struct scene *scene, size_t task, struct list *out);
/* Where it stands. Free with backtrace_free. */
void scene_backtrace(const struct scene *scene, size_t task, struct backtrace *out);
/* Where the kernel stands: after a panic. */
void scene_kernel_backtrace(const struct scene *scene, struct backtrace *out);

/* What stands under the FAULT line of a task that has just faulted; or (K5_NIL) under PANIC. */
void scene_lines(const struct scene *scene, uint8_t task, struct list *out);
/* The same as members of an object that is open. */
void scene_json(const struct scene *scene, uint8_t task, struct json *json);
/* Those of them that any task has. */
void scene_members_json(const struct scene *scene, uint8_t task, struct json *json);
/* The members "backtrace" and "backtrace_end". */
void scene_backtrace_json(const struct backtrace *backtrace, struct json *json);
/* A time of the kernel's clock: "1.102 000 s". */
void scene_time(const struct scene *scene, uint64_t ticks, struct text *out);

#endif
