/* 64-bit time from a 32-bit counter that is never written.
 *
 * Invariant: k.now <= the true time < k.now + 2^32, because an alarm is always set at most
 * TIME_ALARM_MAX after the last reading.
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

/* Less than 2^32 ticks since the last time: k.mark is never older than k.since. */
void time_account(uint32_t raw)
{
    uint32_t used = raw - k.mark;

    k.mark = raw;
    if (k.current != K5_IDLE) {
        if (lend_holds(k.current)) {
            k.task.time_lent[k.current] += used;
        } else {
            k.task.time_own[k.current] += used;
        }
    }
}

void time_event(ktime at)
{
    if (at < k.next_event) {
        k.next_event = at;
    }
}

bool time_passed(ktime deadline)
{
    if (deadline == 0) {
        return false;
    }
    time_update();
    return deadline <= k.now;
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
