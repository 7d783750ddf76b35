/* Watching over the floating-point registers, for tasks with fp = true.
 */
#ifndef FP_HOLD_H
#define FP_HOLD_H

#include <stdint.h>

#define FP_WORDS 33 /* s0-s31, FPSCR */

struct fp_hold {           /* read by fp_hold.S */
    uint32_t base;         /* register n holds base + n */
    uint32_t fpscr;        /* flags, modes and exception bits that FPSCR holds meanwhile */
    uint32_t loops;        /* how often; at least 1 */
    void (*between)(void); /* called while all are filled, or NULL; must not touch them itself */
};

/* Fill all registers, call, wait a little, compare; the number of loops that found all in place. */
uint32_t fp_hold(const struct fp_hold *h);

/* What is in the registers now. */
void fp_read(uint32_t word[FP_WORDS]);

/* For functions that are called between: the compiler keeps floating point out of them. */
#define FP_UNTOUCHED __attribute__((target("general-regs-only")))

#endif
