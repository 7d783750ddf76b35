/* The alarm entry in steps: a charge (h_budget.c), the end of each deadline that has come, the
 * refills that have come, then sched_resolve() (h_resolve). entry_alarm in h_leave.c is the whole
 * at once.
 *
 * The events are found anew on the way: k.next_event only becomes earlier, so what one step put
 * into it stays there.
 */
#include "prove.h"

#include "kernel/deadline.c" /* for expire(), which is static */

/* The loop of deadline_expire() does the first for each task that is due and makes an event of each
 * deadline that is not. */

static bool has(word set, uint32_t t)
{
    return ((set >> t) & 1u) != 0;
}

/* In the middle of the entry: as mid.c says, but events may be missing. */
static void any_middle(void)
{
    any_config();
    any_kernel();
    ASSUME(ranges_valid());
    ASSUME(sets_valid());
    ASSUME(tasks_valid());
    ASSUME(lend_valid());
    ASSUME(mid_time());
    ASSUME(caps_valid());
    any_clock();
}

static void prove_middle(void)
{
    PROVE(ranges_valid());
    PROVE(sets_valid());
    PROVE(tasks_valid());
    PROVE(lend_valid());
    PROVE(mid_time());
    PROVE(caps_valid());
}

/* The alarm interrupts whoever runs, and the owner of what is charged then is at home (lend_valid).
 */
static bool owner_home(void)
{
    return k.charged == K5_IDLE || k.task.sc[k.charged] == k.charged;
}

/* One deadline: that task is awake, the deadlines of others stand or are met, no event is lost. */
void h_expire(void)
{
    any_middle();
    task_t t = any_task();
    task_t u = any_task();

    ASSUME(has(k.timed, t) && mid_owner_home());
    (void)expire(t);
    prove_middle();
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
    task_t t = any_task();

    for (uint32_t u = 0; u < K5_TASKS; u++) {
        ASSUME(!has(k.timed, u) || k.next_event <= k.task.deadline[u]);
    }
    (void)budget_refill();
    prove_middle();
    PROVE(mid_events());
    PROVE(!has(k.empty, t) || k.refill.time[t][0] > k.since);
}

void twin_expire(void)
{
    any_middle();
    task_t t = any_task();

    ASSUME(has(k.timed, t));
    (void)expire(t);
    PROVE(k.borrowing == old.k.borrowing);
}
