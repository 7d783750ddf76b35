/* The entries of a task and of the timer, from any valid state up to leave(): there sched_resolve()
 * starts from a state that it may start from (resolve_contract.c).
 *
 * kernel_syscall is proved call by call (h_calls.c); h_dispatch shows that nothing else hides in
 * it.
 */
#include "prove.h"

/* What this harness wants at the end of the entry. */
static enum { NOTHING, DUE_AWAKE, DUE_REFILLED } wanted;
static task_t t;

void h_alarm(void)
{
    any_state();
    kernel_alarm();
}

/* Deadlines: who is due when the alarm entry reads the clock is awake after it, with K5_TIMEOUT and
 * in no queue; who is not due is left alone, as long as no time is lent (an overrun is told). What
 * is awake stays so: sched_resolve() puts nobody to sleep. */
void h_alarm_deadline(void)
{
    any_state();
    wanted = DUE_AWAKE;
    t = any_task();
    kernel_alarm();
}

static void due_is_awake(void)
{
    ktime deadline = old.k.task.deadline[t];

    if (deadline != 0 && deadline <= old_time) {
        PROVE(k.task.state[t] == K5_TASK_READY);
        PROVE(
            (host.arg[t][K5_A_OP] & 0xFFu) == K5_TIMEOUT ||
            (old.k.task.state[t] == K5_TASK_RECEIVING && (old.host.arg[t][K5_A_OP] & 0xFFu) != 0));
        for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
            PROVE(((k.ep.waiting[e] >> t) & 1u) == 0);
        }
    }
    if (old.k.borrowing == 0 && old.k.empty == 0 && (deadline == 0 || deadline > TIME_LAST)) {
        PROVE(same_ipc(t) && same_context(t));
    }
}

/* Nobody stays empty whose refill has come. */
void h_alarm_refill(void)
{
    any_state();
    wanted = DUE_REFILLED;
    t = any_task();
    kernel_alarm();
}

void h_fault(void)
{
    uint32_t reg[K5_REG_COUNT];
    uint8_t cause = nondet_u8();

    any_call_state();
    ASSUME(cause < K5_FAULT_CAUSES);
    kernel_fault(cause, nondet_u8(), nondet_u32(), reg);
}

void h_dispatch(void)
{
    any_call_state();
    kernel_syscall();
}

void resolve_reached(void)
{
    if (wanted == DUE_AWAKE) {
        due_is_awake();
    }
    if (wanted == DUE_REFILLED) {
        PROVE(((k.empty >> t) & 1u) == 0 || k.refill.time[t][0] > old_time);
    }
}

/* The alarm finds somebody due. */
void twin_alarm(void)
{
    any_state();
    task_t t = any_task();

    PROVE(k.task.deadline[t] == 0 || k.task.deadline[t] > true_time);
}
