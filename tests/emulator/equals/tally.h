/* The shared memory: counters of the tasks, and the order in which the yielding ones ran. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#define TURNS 24

struct tally {
    volatile uint32_t count[6];
    volatile uint32_t turns;       /* entries of order[] */
    volatile uint8_t order[TURNS]; /* who */
};
_Static_assert(sizeof(struct tally) <= 64, "size of the region");

#define TALLY ((struct tally *)TALLY_BASE)

#endif
