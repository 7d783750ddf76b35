/* From fault status to cause: the pure half of fault.c, for host tests too.
 */
#ifndef ARM_M_FAULT_H
#define ARM_M_FAULT_H

#include "arch/arm_m/access.h"

struct fault_status { /* the registers of that name; cfsr is both banks together */
    uint32_t hfsr;
    uint32_t cfsr;
    uint32_t sfsr;
    uint32_t mmfar; /* of the bank that says it is valid */
    uint32_t bfar;
};

struct fault {
    uint8_t cause; /* K5_FAULT_* */
    uint8_t flags; /* K5_FAULT_HAS_* */
    uint32_t address;
};

/* What happened. framed: the stacked half of reg is known; access: the instruction at its pc. */
struct fault fault_judge(const struct fault_status *status, bool framed,
                         const struct access *access, const uint32_t reg[K5_REG_COUNT]);

#endif
