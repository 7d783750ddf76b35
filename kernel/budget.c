/* Budgets: what the context that runs has used, and what comes back to those that wait.
 *
 * Whoever is on a context, its owner's budget pays. Invariant (context_valid): a context that is
 * charged is not empty and began when it was charged last; one that is empty waits for its head,
 * which is an event, so that budget_refill() is never late.
 *
 *   budget_charge   k.since ... k.now -> refill_charge -> used up: turn over, empty, all go home
 *   budget_refill   a head has come   -> not empty     -> its callers may be taken again
 */
#include "kernel/kernel.h"

#include "kernel/contract.h"

void budget_turn_end(task_t task)
{
    k.turned |= task_bit(task);
    if (!lend_holds(task) && !refill_limited(task)) {
        k.refill.amount[task][0] = cfg.budget[task];
    }
}

void budget_empty(task_t context)
{
    if (k.refill.time[context][0] > k.now) {
        k.empty |= task_bit(context);
        trace_pair(K5_TRACE_EMPTY, context, K5_NIL);
        time_event(k.refill.time[context][0]);
    }
}

sched_t budget_charge(void)
{
    ktime used = k.now - k.since;

    k.since = k.now;
    time_account((uint32_t)(k.now & UINT32_MAX));
    if (k.charged == K5_IDLE || !refill_charge(k.charged, used)) {
        return SCHED_SAME;
    }
    if ((k.empty & task_bit(k.charged)) != 0) { /* it was used up before, in this very entry */
        return SCHED_SAME;
    }
    budget_turn_end(k.charged);
    budget_empty(k.charged);
    return sched_either(SCHED_PICK, lend_used_up(k.charged));
}

/* By the time of the charge, not by the latest one: telling of an overrun takes time, and a refill
 * that comes meanwhile waits for its own entry, or it would be charged from before it came. */
sched_t budget_refill(void)
{
    word empty = k.empty;
    sched_t consequence = SCHED_SAME;

    for (uint32_t t = 0; t < K5_TASKS && (empty >> t) != 0; t++) {
        if (((empty >> t) & 1u) != 0) {
            if (k.refill.time[t][0] <= k.since) {
                k.empty &= ~task_bit((task_t)t);
                trace_pair(K5_TRACE_REFILL, (task_t)t, K5_NIL);
            } else {
                time_event(k.refill.time[t][0]);
            }
        }
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS && k.empty != empty; e++) {
        consequence = sched_either(consequence, endpoint_offer((uint8_t)e));
    }
    return consequence;
}
