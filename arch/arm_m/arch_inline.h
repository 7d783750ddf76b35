/* The parts of the seam that every system call uses, inline: an argument is one load or store. */
#ifndef ARM_M_ARCH_INLINE_H
#define ARM_M_ARCH_INLINE_H

#include "arch/arm_m/context.h"

static inline uint32_t arch_arg(task_t task, uint32_t i)
{
    return arch_context[task].r[i];
}

static inline void arch_result(task_t task, uint32_t i, uint32_t value)
{
    arch_context[task].r[i] = value;
}

/* Two words at a time: LDRD and STRD. */
static inline void arch_msg_move(task_t from, task_t to)
{
    for (uint32_t i = K5_A_W0; i < K5_A_W0 + K5_MSG_WORDS; i += 2) {
        uint32_t first = arch_context[from].r[i], second = arch_context[from].r[i + 1u];

        arch_context[to].r[i] = first;
        arch_context[to].r[i + 1u] = second;
    }
}

#endif
