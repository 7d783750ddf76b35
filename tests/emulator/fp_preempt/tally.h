/* The shared memory: what the tasks found. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#define TALLY_TASKS 4

struct tally {
    volatile uint32_t loops[TALLY_TASKS];  /* register patterns that were held */
    volatile uint32_t wrong[TALLY_TASKS];  /* of these, not what was put there */
    volatile uint32_t result[TALLY_TASKS]; /* bits of the last compute(): the same in all tasks */
    volatile uint32_t differs;             /* compute() that gave another result than before */
};

#define TALLY ((struct tally *)TALLY_BASE)

#endif
