/* 64-bit time from a 32-bit counter that is never written.
 *
 * Invariant: k.now <= the true time < k.now + 2^32, because an alarm is always set at most
 * TIME_ALARM_MAX after the last reading.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

uint32_t time_distance(uint32_t from, uint32_t to)
{
    return (uint32_t)((((ktime)1 << 32) + to - from) & UINT32_MAX);
}

ktime time_extend(ktime last, uint32_t raw)
{
    return last + time_distance((uint32_t)(last & UINT32_MAX), raw);
}

void time_update(void)
{
    k.now = time_extend(k.now, arch_now());
}

/* Less than 2^32 ticks since the last time: k.mark is never older than k.since. A sum that wraps is
 * 29,000 years away, at 20 MHz. */
void time_account(uint32_t raw)
{
    uint32_t used = time_distance(k.mark, raw);
    task_t me = k.current;

    k.mark = raw;
    if (me == K5_IDLE) {
        return;
    }
    if (lend_holds(me)) {
        (void)__builtin_add_overflow(k.task.time_lent[me], used, &k.task.time_lent[me]);
    } else {
        (void)__builtin_add_overflow(k.task.time_own[me], used, &k.task.time_own[me]);
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
