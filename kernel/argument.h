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

/* May the message of this task, which is in a call that sends one, be sent? K5_OK or the error. */
static inline MUST_CHECK uint8_t message_check(task_t from)
{
    return (arch_arg(from, K5_A_OP) & K5_OP_LONG) != 0 ? message_check_long(from) : K5_OK;
}

#endif
