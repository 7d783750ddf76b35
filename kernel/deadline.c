/* Deadlines: at most one a task, kept with the task; what is blocked and has one stands in k.timed.
 *
 * Invariant: k.next_event is no later than any deadline, so the alarm is never late. Arming is part
 * of sched_block; a wait that ends in time leaves k.next_event as it is, and the alarm then fires
 * for nothing once.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

/* The deadline of a task has passed: undo what its call began. */
static sched_t expire(task_t task)
{
    uint32_t flags = k.task.state[task] == K5_TASK_RECEIVING ? arch_arg(task, K5_A_OP) : 0;

    trace_event(K5_TRACE_TIMEOUT, task, K5_NIL, k.task.state[task], k.task.mask[task]);
    sched_t recalled = lend_recall(task);

    endpoint_leave(task);
    arch_result(task, K5_A_OP, flags | K5_TIMEOUT);
    return sched_either(recalled, sched_wake(task));
}

sched_t deadline_expire(void)
{
    sched_t consequence = SCHED_SAME;

    for (uint32_t t = 0; t < K5_TASKS && (k.timed >> t) != 0; t++) {
        if (((k.timed >> t) & 1u) != 0) {
            if (k.task.deadline[t] <= k.now) {
                consequence = sched_either(consequence, expire((task_t)t));
            } else {
                time_event(k.task.deadline[t]);
            }
        }
    }
    return consequence;
}
