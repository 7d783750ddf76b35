/* What clients and servers tell each other, and the shared memory with what they found. */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#define ROOT_OF   7 /* w[0] = bits of a float; answer: bits of its square root */
#define COUNT_ONE 8 /* answer: w[0] = requests so far */

struct tally {
    volatile uint32_t calls[3]; /* of client, rival, plain: answered */
    volatile uint32_t wrong[3]; /* errors, answers that are not right */
    volatile uint32_t lost[3];  /* client, rival, root: registers that changed over a call */
    volatile uint32_t held;     /* patterns that root held */
};

#define TALLY ((struct tally *)TALLY_BASE)

#endif
