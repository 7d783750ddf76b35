/*
 * threads.h - the tasks of a halted target as a debugger's threads: who runs, what each waits for,
 * and its registers.
 *
 *   index 0 .. tasks - 1   the tasks, by their kernel numbers
 *   index tasks            the kernel: boot, its entries, the idle loop
 *
 * Where things lie comes from the image's DWARF, what they hold from the target's memory; how that
 * is read is the caller's business. Nothing here writes.
 */
#ifndef K5_TOOL_THREADS_H
#define K5_TOOL_THREADS_H

#include "app.h"
#include "layout.h"

#define THREAD_CORE 17 /* r0-r15, xpsr */
#define THREAD_FP   32 /* s0-s31 */

/* Reads memory of the halted target by the addresses of the image; false if it cannot. */
struct threads_memory {
    bool (*read)(void *target, uint32_t address, void *bytes, size_t size);
    void *target;
};

/* What is in the machine. */
struct threads_live {
    uint32_t core[THREAD_CORE];
    uint32_t psp_ns;   /* the stack pointer of the task that the kernel has interrupted */
    bool psp_ns_known; /* else that task's stack cannot be found while the kernel runs */
};

struct thread_registers {
    uint32_t core[THREAD_CORE];
    uint32_t core_known; /* bit r: core[r] is known */
    uint32_t s[THREAD_FP];
    uint32_t s_known; /* bit n: s[n] is known */
    uint32_t fpscr;
    bool fpscr_known;
};

/* Members of the kernel's state; the list is in threads.c. */
enum threads_value {
    THREADS_STATE,
    THREADS_OBJECT,
    THREADS_MASK,
    THREADS_DEADLINE,
    THREADS_SC,
    THREADS_CAUSE,
    THREADS_FLAGS,
    THREADS_ADDRESS,
    THREADS_SUSPENDED,
    THREADS_EMPTY,
    THREADS_PORT_TASK,
    THREADS_SECURE_STACK,
    THREADS_VALUES
};

struct threads {
    const struct app *app;
    size_t tasks;
    struct threads_memory memory;
    const char *problem; /* why the last read failed; NULL: it did not */
    bool known;          /* the last threads_read was good; else no thread has state or registers */
    size_t running;      /* the thread whose registers are in the machine */
    struct threads_live live;
    /* private */
    struct layout_member where[THREADS_VALUES];
    struct layout_member contexts; /* arch_context */
    struct layout_member fault_reg;
    uint32_t context_r, context_psp_s, context_psp_ns, context_exc_return; /* offsets in one */
    uint32_t fp_s16; /* offset in a small Secure stack */
    uint64_t *value[THREADS_VALUES];
    uint8_t *context;
    uint32_t entry_done[3]; /* the kernel's ways in: up to here r4-r11 are still the task's */
    uint32_t entry_begin[3];
    uint32_t reset_entry; /* here the memory is still that from before the reset */
};

/* False, and a problem, if the image does not say where these things are. */
bool threads_open(struct threads *threads, const struct app *app, struct threads_memory memory);
/* After each halt, before anything else is asked. */
bool threads_read(struct threads *threads, const struct threads_live *live);
/* "sensor", "kernel". */
const char *threads_name(const struct threads *threads, size_t thread);
/* "running", "awaiting storage", "sleeping until 0.100 s", ... */
void threads_state(const struct threads *threads, size_t thread, struct text *out);
/* The registers of a thread that is not the running one. */
bool threads_registers(struct threads *threads, size_t thread, struct thread_registers *registers);
/* Is the running thread a task in the veneer, on its way into the kernel or out of it? */
bool threads_in_veneer(const struct threads *threads);
/* Is the running thread in one of the kernel's entries (and has a task below it)? */
bool threads_in_kernel(const struct threads *threads);
void threads_close(struct threads *threads);

#endif
