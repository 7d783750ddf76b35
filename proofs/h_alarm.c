/* The alarm entry in steps: a charge (alarm_begins in h_leave.c), the end of each deadline that has
 * come, the refills that have come, then sched_resolve() (h_resolve). The loop of deadline_expire()
 * does the second for each task that is due and makes an event of each deadline that is not.
 *
 * The events are found anew on the way: k.next_event only becomes earlier, so what one step put
 * into it stays there.
 */
#include "prove.h"

#include "kernel/deadline.c" /* for expire(), which is static */

/* One deadline: that task is awake, the deadlines of others stand or are met, no event is lost. */
void h_expire(void)
{
    any_middle();
    ASSUME(caps_usable());
    task_t t = any_task();
    task_t u = any_task();

    ASSUME(has(k.timed, t) && mid_owner_home());
    (void)expire(t);
    prove_middle();
    PROVE(same_tables());
    PROVE(mid_owner_home());
    PROVE(k.task.state[t] == K5_TASK_READY && !has(k.timed, t));
    PROVE((host.arg[t][K5_A_OP] & 0xFFu) == K5_TIMEOUT ||
          (old.k.task.state[t] == K5_TASK_RECEIVING && (old.host.arg[t][K5_A_OP] & 0xFFu) != 0));
    PROVE(k.next_event <= old.k.next_event);
    PROVE(!has(k.timed, u) || k.task.deadline[u] == old.k.task.deadline[u]);
    PROVE(!has(k.empty, u) || has(old.k.empty, u) || k.next_event <= k.refill.time[u][0]);
    PROVE(k.since == old.k.since && k.current == old.k.current && k.charged == old.k.charged);
}

/* The refills, when all deadlines are events again: no event is missing after it, and nobody is
 * empty whose refill had come when this entry was charged. */
void h_refills(void)
{
    any_middle();
    ASSUME(caps_usable());
    task_t t = any_task();

    for (uint32_t u = 0; u < K5_TASKS; u++) {
        ASSUME(!has(k.timed, u) || k.next_event <= k.task.deadline[u]);
    }
    (void)budget_refill();
    prove_middle();
    PROVE(same_tables());
    PROVE(mid_events());
    PROVE(!has(k.empty, t) || k.refill.time[t][0] > k.since);
}

void twin_expire(void)
{
    any_middle();
    ASSUME(caps_usable());
    task_t t = any_task();

    ASSUME(has(k.timed, t));
    (void)expire(t);
    PROVE(k.borrowing == old.k.borrowing);
}
