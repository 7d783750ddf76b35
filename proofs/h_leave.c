/* The entries of a task and of the timer, from any valid state up to leave(): there sched_resolve()
 * starts from a state that it may start from (resolve_contract.c).
 *
 * kernel_syscall is proved call by call (h_calls.c); h_dispatch shows that nothing else hides in
 * it. The alarm is proved in steps: h_alarm.c.
 */
#include "budget_contract.h"

/* The first step of the alarm: the charge, with no event known. */
void h_alarm_begins(void)
{
    any_state();
    time_update();
    k.alarm = TIME_NEVER;
    k.next_event = TIME_NEVER;
    (void)budget_charge();
    PROVE(charge_allowed() && same_tables());
    PROVE(mid_owner_home());
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        PROVE(((k.empty >> t) & 1u) == 0 || ((old.k.empty >> t) & 1u) != 0 ||
              k.next_event <= k.refill.time[t][0]);
    }
}

/* All its steps at once. */
void h_alarm(void)
{
    any_state();
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

/* ---- twins ------------------------------------------------------------------------------------
 */

/* The alarm finds somebody due. */
void twin_alarm(void)
{
    any_state();
    task_t t = any_task();

    PROVE(k.task.deadline[t] == 0 || k.task.deadline[t] > true_time);
}
