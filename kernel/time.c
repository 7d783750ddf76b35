/* 64-bit time from a 32-bit counter that is never written, and the deadlines.
 *
 * Invariant: k.now <= the true time < k.now + 2^32, because an alarm is always set at most
 * TIME_ALARM_MAX after the last reading; k.next_event is no later than any deadline.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

ktime time_extend(ktime last, uint32_t raw)
{
    ktime passed = (((ktime)1 << 32) + raw - (last & UINT32_MAX)) & UINT32_MAX;

    return last + passed;
}

void time_update(void)
{
    k.now = time_extend(k.now, arch_now());
}

bool time_passed(ktime deadline)
{
    if (deadline == 0) {
        return false;
    }
    time_update();
    return deadline <= k.now;
}

/* The deadline of a task has passed: undo what its call began. */
static sched_t expire(task_t task)
{
    uint32_t flags = k.task.state[task] == K5_TASK_RECEIVING ? arch_arg(task, K5_A_OP) : 0;

    endpoint_leave(task);
    arch_result(task, K5_A_OP, flags | K5_TIMEOUT);
    return sched_wake(task);
}

sched_t time_expire(void)
{
    sched_t consequence = SCHED_SAME;
    ktime next = TIME_NEVER;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (((k.timed >> t) & 1u) != 0) {
            if (k.task.deadline[t] <= k.now) {
                consequence = expire((task_t)t);
            } else if (k.task.deadline[t] < next) {
                next = k.task.deadline[t];
            }
        }
    }
    k.next_event = next;
    return consequence;
}

sched_t sys_time(void)
{
    task_t me = k.current;

    time_update();
    arch_result(me, K5_A_X0, (uint32_t)(k.now & UINT32_MAX));
    arch_result(me, K5_A_X1, (uint32_t)(k.now >> 32));
    arch_result(me, K5_A_OP, K5_OK);
    return SCHED_SAME;
}
