/* The shared memory: what fresh and thief are to do, and what they found. Outside all tasks' own
 * memory, so it survives restarts. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>

enum { DO_SPIN, DO_ASK, DO_SLEEP, DO_CALL, DO_FAULT, DO_UNUSED, DO_COUNT };

struct script {
    volatile uint32_t what;   /* DO_*: fresh, once its registers are full */
    volatile uint32_t starts; /* of fresh */
    volatile uint32_t left;   /* registers that were not 0 at its start */
    volatile uint32_t wrong;  /* patterns that fresh and secret held and did not find */
    volatile uint32_t held;   /* patterns of secret */
    volatile uint32_t sp;     /* of fresh just before its fault */
    volatile uint32_t thefts; /* starts of thief */
    volatile uint32_t stolen; /* times that thief came past its instruction */
};

#define SCRIPT ((struct script *)SCRIPT_BASE)

#endif
