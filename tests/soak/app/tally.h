/* The shared memory of the soak: how often the tick task ran, and what the others found. C and
 * assembler read it; the offsets are checked in C. */
#ifndef TALLY_H
#define TALLY_H

#define TALLY_TICKS 0 /* u32: preemptions by the tick task so far */

#define WATCHERS 4 /* tasks that watch their registers */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct tally_task {
    uint32_t rounds; /* of all registers filled, held and compared; or system calls made */
    uint32_t hits;   /* rounds that were preempted by the tick task while the registers were held */
    uint32_t wrong;  /* something was not as it was left */
    uint32_t gate;   /* calls preempted at the veneer's SG: not Secure yet */
    uint32_t veneer; /* calls preempted in the veneer, Secure */
    uint32_t own;    /* calls preempted in the task's own code around them */
};

struct tally {
    volatile uint32_t ticks;
    volatile struct tally_task task[WATCHERS];
};
_Static_assert(offsetof(struct tally, ticks) == TALLY_TICKS, "hold.S, call.S");

#define TALLY ((struct tally *)TALLY_BASE) /* TALLY_BASE: app.h */

/* xorshift32 of Marsaglia; the state must not be 0 */
static inline uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#define APSR_FLAGS 0xF80F0000u /* N Z C V Q, GE[3:0] */
#endif

#endif
