/* What the running task says in its system call: the fields of A0, A6 and A7 that several calls
 * have (docs/adr/0001-system-calls.md). */
#ifndef KERNEL_ARGUMENT_H
#define KERNEL_ARGUMENT_H

#include "arch/arch.h"
#include "kernel/kernel.h"

static inline uint32_t number_arg(void)
{
    return arch_arg(k.current, K5_A_OP) & 0xFFu;
}

static inline uint32_t slot_arg(void)
{
    return (arch_arg(k.current, K5_A_OP) >> 8) & 0xFFu;
}

static inline uint32_t label_arg(void)
{
    return arch_arg(k.current, K5_A_OP) >> 16;
}

static inline ktime deadline_arg(void)
{
    return (ktime)arch_arg(k.current, K5_A_X1) << 32 | arch_arg(k.current, K5_A_X0);
}

#endif
