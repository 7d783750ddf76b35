/*
 * target.h - a target behind a GDB server, seen as K5: all memory, threads, registers by number.
 *
 * The server may be QEMU's or OpenOCD's. QEMU's gives memory as the processor sees it at the
 * moment, which for a task is its own; target_memory.c has the ways past that. A server that does
 * not know them is read plainly.
 */
#ifndef K5_TOOL_TARGET_H
#define K5_TOOL_TARGET_H

#include "remote.h"
#include "threads.h"

#define TARGET_NUMBERS 256 /* register numbers of the protocol that are looked at */

/* What a register number of the protocol stands for. */
enum target_register {
    TARGET_OTHER, /* not part of a thread's context: the machine's */
    TARGET_CORE,
    TARGET_SINGLE, /* s0-s31 */
    TARGET_DOUBLE, /* d0-d15 */
    TARGET_FPSCR
};

struct target_access {
    uint32_t address;
    uint8_t *bytes;
    size_t size;
    bool write;
};

struct target {
    const struct app *app;
    struct remote *remote; /* the caller's; halted whenever a function here is called */
    struct threads threads;
    bool fresh;    /* threads is what it is now */
    bool bypasses; /* the server can go past the processor */
    bool bypassing;
    struct {
        enum target_register kind;
        uint8_t index;
    } number[TARGET_NUMBERS];
    struct target_block *blocks; /* memory that was read on visits to the kernel */
    struct target_visit_code {
        uint32_t veneer;     /* its sg; 4 bytes on, its svc */
        uint32_t svc_entry;  /* where that gets to */
        uint32_t msr_psp;    /* `msr psp, r0`, in the kernel; 0: not found, so no visits */
        uint32_t msr_psp_ns; /* `msr psp_ns, r1` */
        uint32_t bx_lr;
    } visit;
    uint32_t psp_ns_number; /* 0: the server does not give it */
    uint32_t psp_ns_code;   /* address of an instruction `mrs r2, psp_ns` in the kernel; 0: none */
};

/* False, and a reason in target->threads.problem, if the image does not say where things are. */
bool target_open(struct target *target, const struct app *app, struct remote *remote);
/* Makes threads fresh. False: they are not known, see target->threads.problem. */
bool target_refresh(struct target *target);
/* After it ran, or was written to. */
void target_forget(struct target *target);
/* Any memory, by the addresses that the kernel and the tasks use. */
bool target_read(struct target *target, uint32_t address, void *bytes, size_t size);
bool target_write(struct target *target, uint32_t address, uint8_t *bytes, size_t size);
/* Appends register `number` of a thread that does not run, in hex; "xx" for a byte that is not
 * known. False if it is the machine's, not the thread's. */
bool target_register_add(struct target *target, const struct thread_registers *registers,
                         uint32_t number, struct text *out);
bool target_register_write(struct target *target, uint32_t number, uint32_t value);

/* ---- between the files ---- */

/* By the server, as the processor is now. */
bool target_access(struct target *target, struct target_access access);
/* Finds what visits need; without it there are none. */
void target_visit_open(struct target *target);
/* An access while the processor visits the kernel. */
bool target_visit(struct target *target, struct target_access access);
void target_close(struct target *target);

#endif
