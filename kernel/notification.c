/* Notifications: a word of 32 bits that every task has; others set bits, the owner takes them.
 *
 * Invariant: a task that waits with a mask has none of these bits pending: they would have ended
 * the wait. Bits that nobody waits for stay, through a restart too.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

void notification_take(task_t task, word mask)
{
    word bits = k.task.pending[task] & mask;

    k.task.pending[task] &= ~bits;
    k.task.bits_last[task] = true;
    arch_result(task, K5_A_AUX, bits);
    arch_result(task, K5_A_OP, arch_arg(task, K5_A_OP) | (uint32_t)K5_FLAG_BITS << 8);
}

/* A task that blocked in recv or wait has A0 = its flags so far, so that the bits can be added. */
sched_t notification_arrive(task_t task, word bits)
{
    k.task.pending[task] |= bits;
    if ((k.task.pending[task] & k.task.mask[task]) == 0) {
        return SCHED_SAME;
    }
    notification_take(task, k.task.mask[task]);
    return sched_wake(task);
}

sched_t notification_set(task_t task, word bits)
{
    trace_event(K5_TRACE_SIGNAL, k.current, task, 0, bits);
    return notification_arrive(task, bits);
}

sched_t sys_signal(void)
{
    task_t me = k.current;
    uint32_t number = slot_arg();
    word bits = arch_arg(me, K5_A_AUX);
    uint8_t error = cap_check(number, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL);

    if (error == K5_OK && bits == 0) {
        error = K5_ERR_ARG;
    }
    if (error == K5_OK && (bits & ~k.cap.badge[cap_slot(number)]) != 0) {
        error = K5_ERR_RIGHTS;
    }
    if (error == K5_OK && k.task.state[k.cap.object[cap_slot(number)]] == K5_TASK_STOPPED) {
        error = K5_ERR_PEER_GONE;
    }
    arch_result(me, K5_A_OP, error);
    return error == K5_OK ? notification_set(k.cap.object[cap_slot(number)], bits) : SCHED_SAME;
}

sched_t sys_wait(void)
{
    task_t me = k.current;
    word mask = arch_arg(me, K5_A_AUX);
    ktime deadline = deadline_arg();

    arch_result(me, K5_A_OP, K5_OK);
    if ((k.task.pending[me] & mask) != 0) {
        notification_take(me, mask);
        return SCHED_SAME;
    }
    if (mask == 0 && deadline == 0) {
        arch_result(me, K5_A_OP, K5_ERR_ARG); /* it would never return */
        return SCHED_SAME;
    }
    if (time_passed(deadline)) {
        arch_result(me, K5_A_OP, K5_TIMEOUT);
        return SCHED_SAME;
    }
    k.task.mask[me] = mask;
    return sched_block(K5_TASK_WAITING, K5_NIL, deadline);
}
