/*
 * probe.h - a debugger that looks on: at each fault and panic it reads what the log cannot carry.
 *
 *   kernel reaches task_fault or kernel_panic --breakpoint--> halted: memory is read --> it goes on
 *        --> FAULT or PANIC frame in the log, which finds its snapshot in probe.queue
 *
 * While the guest is halted its clock stands; but QEMU takes a processor at a breakpoint for idle
 * for a moment, and lets time pass: with PACE_REAL what the host needs to halt it (0.02 ms, more if
 * it is busy), with PACE_FAST all until the guest's next timer. Until its first fault a guest does
 * the same with and without a probe.
 */
#ifndef K5_TOOL_PROBE_H
#define K5_TOOL_PROBE_H

#include "emulator.h"
#include "scene.h"

struct probe {
    struct view view;
    struct remote remote;
    struct snapshot_queue queue;
    const struct sites *sites; /* of each task, for reasons of panics */
    bool works;                /* it is connected, and the breakpoints are set */
    const char *problem;       /* why not, in words */
    bool writes;               /* for the caller to set: write a post-mortem file for each */
    unsigned written;          /* how many it wrote */
    uint32_t fault_at;         /* task_fault and kernel_panic; 0: no breakpoint */
    uint32_t panic_at;
    uint32_t entry_at[3]; /* where the kernel begins its work: call, interrupt, fault */
    uint32_t switch_at;   /* where it has saved one task and not yet loaded the next */
};

#define PROBE_FILES 20 /* of one run: a task may fault for ever */

/* Connects to an emulator that was started halted and lets it run. False, with a problem: the
 * emulator may be halted still. */
bool probe_start(struct probe *probe, const struct app *app, struct emulator *emulator);
/* If the target stands at a breakpoint: reads, and lets it go on. Does not wait. */
void probe_step(struct probe *probe);
/* Halts it between two entries of the kernel, or (panicked) wherever it is. probe_go lets it go on.
 */
bool probe_halt(struct probe *probe, bool panicked);
void probe_go(struct probe *probe);
/* Halts it and takes a snapshot; probe_go lets it go on. The processor shows the registers of the
 * running task and the stacks of the others at different places, so the snapshot is taken at the
 * next switch of tasks, where all is in memory; of a system that sleeps, when it was halted. What
 * is not to be had within a moment is missing. */
enum probe_place {
    PROBE_SWITCH,
    PROBE_REST, /* here, for there will be no switch: a task loops */
    PROBE_PANIC /* the kernel has stopped */
};
bool probe_look(struct probe *probe, enum probe_place place, struct snapshot *snapshot);
/* As if somebody pressed the board's button. */
bool probe_reset(struct probe *probe);
void probe_stop(struct probe *probe);

#endif
