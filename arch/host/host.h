/* The fake machine: contexts are arrays, the counter is a variable. For unit tests and proofs. */
#ifndef ARCH_HOST_H
#define ARCH_HOST_H

#include "arch/arch.h"

struct host {
    uint32_t arg[K5_TASKS][K5_A_COUNT]; /* the argument registers of each task's context */
    uint32_t resets[K5_TASKS];          /* how often arch_task_reset was called */
    bool again[K5_TASKS];               /* its system call is to be made anew */
    uint32_t counter;                   /* what arch_now returns */
    uint32_t read_ticks;                /* how far the counter is after each reading */
    uint32_t alarm;                     /* what arch_alarm was last told */
    uint32_t alarms;                    /* how often */
    uint32_t safe_states;               /* how often board_safe_state was called */
    uint32_t machine_resets;            /* how often arch_reset was called */
};
extern struct host host;

#endif
