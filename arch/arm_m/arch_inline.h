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

static inline void arch_msg_move(task_t from, task_t to)
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        arch_context[to].r[K5_A_W0 + i] = arch_context[from].r[K5_A_W0 + i];
    }
}

#endif
