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

/* Is the message of this task, which is in a call that sends one, a long one? */
static inline bool message_long(task_t from)
{
    return (arch_arg(from, K5_A_OP) & K5_OP_LONG) != 0;
}

/* Does its call lend memory? */
static inline bool message_lends(task_t from)
{
    return message_long(from) && map_wanted(from);
}

/* Can `to` take it now? K5_OK or the error. */
static inline MUST_CHECK uint8_t message_check(task_t from, task_t to)
{
    return message_long(from) ? message_check_taken(from, to) : K5_OK;
}

/* May it be sent to `to`? grants: a capability may come along. K5_OK or the error. */
static inline MUST_CHECK uint8_t message_check_all(task_t from, task_t to, bool grants)
{
    return message_long(from) ? message_check_long(from, to, grants) : K5_OK;
}

#endif
