/* What each message goes through, inline: of a short one it is the words and one test. Included by
 * the files that move messages. */
#ifndef KERNEL_MESSAGE_H
#define KERNEL_MESSAGE_H

#include "arch/arch.h"
#include "kernel/kernel.h"

/* message.c: of a long one. */
__attribute__((cold)) MUST_CHECK uint8_t message_check_long(task_t from);

/* May the message of this task, which is in a call that sends one, be sent? K5_OK or the error. */
static inline MUST_CHECK uint8_t message_check(task_t from)
{
    return (arch_arg(from, K5_A_OP) & K5_OP_LONG) != 0 ? message_check_long(from) : K5_OK;
}

/* Of a long message, after its words and A0: its buffer, as much as there is room for. In this very
 * entry message_check() said K5_OK. */
__attribute__((cold)) void message_buffer(task_t from, task_t to);

#endif
