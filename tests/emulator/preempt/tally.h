/* The shared memory: what the pattern tasks found. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

struct tally {
    volatile uint32_t loops[2]; /* of each pattern task */
    volatile uint32_t wrong[2]; /* a register did not hold what was put there */
};

#define TALLY ((struct tally *)TALLY_BASE)

#endif
