/*
 * fault.h - what a fault, a kernel panic or a reset means, in the user's own names.
 */
#ifndef K5_TOOL_FAULT_H
#define K5_TOOL_FAULT_H

#include "app.h"
#include "json.h"
#include "sites.h"

/* A fault record, as the kernel's frame carries it. */
struct fault {
    uint8_t task;
    uint8_t cause; /* K5_FAULT_* */
    uint8_t flags; /* K5_FAULT_HAS_* */
    uint32_t address;
    uint32_t reg[K5_REG_COUNT]; /* 0 where the frame has none: K5_LOG_FAULT_REGS */
};

/* The record of a K5_LOG_KERNEL_FAULT frame. False if it is too short or names no task. */
bool fault_read(const struct app *app, struct reader reader, struct fault *fault);
/* One line: what happened, where, and who owns that address. `sites` are those of the task. */
void fault_cause(const struct app *app, const struct sites *sites, const struct fault *fault,
                 struct text *out);
/* The lines under it: where the program stood (pc, lr) and the registers. */
void fault_details(const struct app *app, const struct fault *fault, struct list *out);
/* The record as members of an object that is open. */
void fault_json(const struct fault *fault, struct json *json);
/* A reset record, as the kernel's frame carries it after the next boot. */
struct reset {
    uint8_t reason; /* K5_RESET_* */
    uint8_t task;   /* whom it is about, or K5_NIL */
    uint8_t cause;  /* K5_FAULT_* or K5_PANIC_*, by reason */
    uint8_t flags;  /* K5_FAULT_HAS_* */
    uint32_t value; /* address of the fault, value of the panic */
    uint32_t count; /* resets since power came on */
};

/* The record of a K5_LOG_KERNEL_RESET frame. False if it is too short. */
bool reset_read(struct reader reader, struct reset *reset);
/* One line: why the system was reset. `sites` are those of the task; NULL without one. */
void reset_cause(const struct app *app, const struct sites *sites, const struct reset *reset,
                 struct text *out);
/* One line about a kernel panic: where is K5_PANIC_*. */
void panic_cause(const struct app *app, uint32_t where, uint32_t value, uint8_t running,
                 struct text *out);

#endif
