/* The fake machine: contexts are arrays, the counter is a variable. For unit tests and proofs. */
#ifndef ARCH_HOST_H
#define ARCH_HOST_H

#include "arch/arch.h"

struct host {
    uint32_t arg[K5_TASKS][K5_A_COUNT];        /* the argument registers of each task's context */
    uint32_t resets[K5_TASKS];                 /* how often arch_task_reset was called */
    bool again[K5_TASKS];                      /* its system call is to be made anew */
    uint32_t counter;                          /* what arch_now returns */
    uint32_t read_ticks;                       /* how far the counter is after each reading */
    uint32_t alarm;                            /* what arch_alarm was last told */
    uint32_t alarms;                           /* how often */
    uint32_t open[(K5_LINE_MAX + 31) / 32];    /* interrupt lines that are not masked */
    uint32_t pending[(K5_LINE_MAX + 31) / 32]; /* that were raised and not taken */
    uint32_t level[(K5_LINE_MAX + 31) / 32];   /* that stand: pending again when they are cleared */
    uint32_t copies;                           /* how often arch_copy was called */
    uint32_t map_base[K5_TASKS][K5_MAPS];      /* lent memory as arch_map said; size 0: none */
    uint32_t map_size[K5_TASKS][K5_MAPS];
    uint8_t map_rights[K5_TASKS][K5_MAPS];
    bool copy_refused;       /* it says that the machine refused */
    uint32_t safe_states;    /* how often board_safe_state was called */
    uint32_t machine_resets; /* how often arch_reset was called */
};
extern struct host host;

/* Is it in a set of lines? */
static inline bool line_in(const uint32_t *set, uint32_t line)
{
    return (set[line / 32u] >> (line % 32u) & 1u) != 0;
}

/* The memory of the tasks. A byte that nobody has written is the low byte of its address, so that a
 * test can tell what was copied; host_memory holds the difference to that. */
#define HOST_MEMORY 0x10000u
extern uint8_t host_memory[HOST_MEMORY];
uint8_t host_byte(uint32_t address);
void host_byte_set(uint32_t address, uint8_t byte);

#endif
