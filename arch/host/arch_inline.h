/* Nothing is inline on the fake machine, so that a proof can bring its own. */
#ifndef HOST_ARCH_INLINE_H
#define HOST_ARCH_INLINE_H

uint32_t arch_arg(task_t task, uint32_t i);
void arch_result(task_t task, uint32_t i, uint32_t value);
void arch_msg_move(task_t from, task_t to);

#endif
