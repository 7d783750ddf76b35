/* What a Thumb load or store instruction was about to do: for fault records only.
 */
#ifndef ARM_M_ACCESS_H
#define ARM_M_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/k5_abi.h"

struct access {
    bool breakpoint;  /* it is BKPT */
    bool known;       /* it is a load or a store */
    bool write;       /* a store */
    bool has_address; /* `address` is the first byte it touches */
    uint32_t address;
};

/* Decode the instruction `half`, `second` (the halfword after it; 0 for a 16-bit one) of a thread
 * with registers `reg`, whose pc is that instruction. Pure; about 60 instructions. */
struct access access_decode(uint16_t half, uint16_t second, const uint32_t reg[K5_REG_COUNT]);

/* Is `half` the first half of a 32-bit instruction? */
bool access_is_wide(uint16_t half);

#endif
