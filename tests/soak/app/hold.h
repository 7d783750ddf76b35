/* What hold.S is given: all registers but pc. Offsets for it, checked in hold.c. */
#ifndef HOLD_H
#define HOLD_H

#define HOLD_REGS  15  /* r0-r12, lr, APSR */
#define HOLD_GOT   64  /* offset of got[] */
#define HOLD_TICKS 128 /* address of the tally's ticks */
#define HOLD_HITS  132 /* rounds in which the ticks changed */

#define HOLD_CONTROL 16 /* results beside 1 + index of a register */
#define HOLD_STACK   17 /* + index of the word */

#ifndef __ASSEMBLER__
#include <stdint.h>

struct hold {
    uint32_t want[16]; /* the pattern: r0-r12, lr, APSR */
    uint32_t got[16];  /* what was found */
    volatile uint32_t *ticks;
    uint32_t hits;
};

/* Fills all registers and a part of the stack with the pattern, runs through a few hundred
 * instructions of many kinds, and compares; `rounds` times, or until something is wrong. 0: all
 * good; else what was wrong first. (A wrong sp ends the task by a fault.) */
uint32_t soak_hold(struct hold *hold, uint32_t rounds);
#endif

#endif
