/* Lent time: where it is, and that nobody is left without any.
 *
 * That it comes home is lend_valid(), which every step keeps: a borrower's lender awaits its very
 * answer, and nobody who receives, faulted or stopped borrows. These proofs say what follows.
 */
#include "prove.h"

/* Up from any borrower, one lender at a time: each awaits the one before, all are on one context,
 * and after `depth` steps the owner is reached, at home. So a chain has an end and no circle. */
void h_chain(void)
{
    any_state();
    task_t t = any_task();
    task_t owner = k.task.sc[t];
    uint8_t depth = k.task.depth[t];

    PROVE(depth < K5_TASKS);
    for (uint32_t i = 0; i < K5_TASKS; i++) {
        if (i < depth) {
            task_t from = k.task.lender[t];

            PROVE(from < K5_TASKS && k.task.sc[from] == owner);
            PROVE(k.task.state[from] == K5_TASK_AWAITING && k.task.object[from] == t);
            t = from;
        }
    }
    PROVE(t == owner && k.task.depth[t] == 0 && k.task.lender[t] == K5_NIL);
}

/* A context is lent to at most one of each depth, and only the last of them is not waiting. */
void h_chain_one(void)
{
    any_state();
    task_t a = any_task();
    task_t b = any_task();

    ASSUME(a != b && k.task.sc[a] == k.task.sc[b]);
    PROVE(k.task.depth[a] != k.task.depth[b]);
    PROVE(k.task.state[a] == K5_TASK_AWAITING || k.task.state[b] == K5_TASK_AWAITING);
}

/* A task that is ready and not suspended has time: what is left of the context that it is on, or of
 * its own one a refill that the alarm does not miss, of K5_BUDGET_MIN or more. */
void h_has_time(void)
{
    any_state();
    task_t t = any_task();

    ASSUME(k.task.state[t] == K5_TASK_READY && ((k.suspended >> t) & 1u) == 0);
    task_t context = k.task.sc[t];

    PROVE(k.refill.amount[context][0] >= 1u);
    if (((k.empty >> context) & 1u) != 0) {
        PROVE(context == t && k.refill.amount[t][0] >= K5_BUDGET_MIN);
        PROVE(k.alarm <= k.next_event && k.next_event <= k.refill.time[t][0]);
        PROVE(k.refill.time[t][0] <= k.now + 4u * (ktime)cfg.period[t]);
    } else {
        PROVE(((sched_stalled() >> t) & 1u) == 0);
    }
}

/* ---- twins: what these speak of is possible ----------------------------------------------------
 */

void twin_chain(void)
{
    any_state();
    PROVE(k.task.depth[any_task()] < K5_TASKS - 1u);
}

void twin_empty(void)
{
    any_call_state();
    task_t t = any_task();

    PROVE(k.task.state[t] != K5_TASK_READY || ((k.empty >> t) & 1u) == 0);
}

void twin_suspended(void)
{
    any_call_state();
    PROVE(k.suspended == 0);
}
