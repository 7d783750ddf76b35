/*
 * place.h - gives every region of every task its address, and says afterwards who owns one.
 */
#ifndef K5_TOOL_PLACE_H
#define K5_TOOL_PLACE_H

#include "app.h"

#define PLACE_GRAIN 32u /* of the protection unit (Armv8-M) */

uint32_t place_round(uint32_t size);

/* Shared regions: their sizes stand in app.toml, so they are placed before anything is compiled.
 * False if they do not fit (printed). */
bool place_shared(struct app *app);

/* Reads each task's measured ELF (`elf`), and places code and RAM of all tasks; sets `entry`. False
 * if something does not fit (printed). */
bool place_tasks(struct app *app);

/* The linked ELF has the size that was placed, and nothing of it lies anywhere else. */
bool place_verify(const struct app_task *task);

/* Where the small Secure stack of a task begins, as an offset into the kernel's RAM; index
 * task_count is that of the idle loop. */
uint32_t place_secure_stack(const struct app *app, size_t index);

/* Bytes of all small Secure stacks at the start of the kernel's RAM. */
uint32_t place_secure_stacks(const struct app *app);

#endif
