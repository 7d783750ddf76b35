/* The contract of budget_charge(): see budget_contract.h. It is called in the middle of an entry,
 * so it starts from any state that mid.c describes, but that events may be missing (the alarm entry
 * finds them anew after it).
 */
#include "budget_contract.h"

bool charge_allowed(void)
{
    return ranges_valid() && sets_valid() && tasks_valid() && lend_valid() && mid_time();
}

bool charge_kept(const struct old *before)
{
    const struct kernel *b = &before->k;
    bool ok = k.now >= b->now && k.current == b->current && k.charged == b->charged;

    ok = ok && k.alarm == b->alarm && k.suspended == b->suspended && k.armed == b->armed &&
         host.open[0] == before->host.open[0];
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && k.task.calls[t] == b->task.calls[t] && k.task.cause[t] == b->task.cause[t] &&
             k.task.setup_mask[t] == b->task.setup_mask[t] &&
             k.task.faults[t] == b->task.faults[t] && k.task.restarts[t] == b->task.restarts[t] &&
             k.task.fault_flags[t] == b->task.fault_flags[t] &&
             k.task.fault_address[t] == b->task.fault_address[t];
    }
    ok = ok && tables_equal(&k, b) && k.mapped == b->mapped && k.renewed == b->renewed;
    for (uint32_t m = 0; m < K5_MAPS; m++) {
        ok = ok && k.map.lender[m] == b->map.lender[m] && k.map.base[m] == b->map.base[m] &&
             k.map.size[m] == b->map.size[m] && k.map.rights[m] == b->map.rights[m];
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        ok = ok && k.ep.served[e] == b->ep.served[e];
    }
    return ok;
}

/* Does the end of what is lent of the charged context concern this task: on it, or supervising one
 * that is? */
static bool concerned(const struct old *before, uint32_t t)
{
    bool any = false;

    for (uint32_t u = 0; u < K5_TASKS; u++) {
        any = any || (before->k.task.sc[u] == k.charged && u != k.charged &&
                      (u == t || cfg.handler[u] == t));
    }
    return any;
}

/* It stays what it was, or wakes: with an error, or with bits for who supervises the last one. */
static bool task_promised(const struct old *before, uint32_t t)
{
    const struct tasks *b = &before->k.task;
    bool woken = k.task.state[t] != b->state[t];
    bool ok = (b->pending[t] & ~k.task.pending[t]) == 0 || woken;

    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        ok = ok && (host.arg[t][i] == before->host.arg[t][i] ||
                    (woken && (i == K5_A_OP || i == K5_A_AUX)));
    }
    ok = ok && (concerned(before, t) || (!woken && k.task.pending[t] == b->pending[t] &&
                                         k.task.overruns[t] == b->overruns[t]));
    if (woken) {
        return ok && k.task.state[t] == K5_TASK_READY &&
               (b->state[t] == K5_TASK_CALLING || b->state[t] == K5_TASK_RECEIVING ||
                b->state[t] == K5_TASK_WAITING);
    }
    return ok && k.task.object[t] == b->object[t] && k.task.mask[t] == b->mask[t] &&
           k.task.badge[t] == b->badge[t] && k.task.deadline[t] == b->deadline[t] &&
           k.task.bits_last[t] == b->bits_last[t];
}

static bool lent_promised(const struct old *before, uint32_t t)
{
    const struct tasks *b = &before->k.task;

    return k.task.sc[t] == t || (k.task.sc[t] == b->sc[t] && k.task.lender[t] == b->lender[t] &&
                                 k.task.depth[t] == b->depth[t] && k.task.sc[t] != k.charged);
}

/* One that is not empty could begin. An empty one waits at least as long as before; if it has just
 * become empty, that is an event. */
static bool context_promised(const struct old *before, uint32_t c)
{
    if (!has(k.empty, c)) {
        return !has(before->k.empty, c) && k.refill.time[c][0] <= k.since;
    }
    return has(before->k.empty, c) ? k.refill.time[c][0] >= before->k.refill.time[c][0]
                                   : k.next_event <= k.refill.time[c][0];
}

/* Nothing but the charged context's own head has changed, and that ends no earlier. */
static bool same_promised(const struct old *before)
{
    const struct kernel *b = &before->k;
    bool ok = k.now == b->now && k.ready == b->ready && k.turned == b->turned &&
              k.empty == b->empty && k.borrowing == b->borrowing && k.next_event == b->next_event &&
              k.timed == b->timed;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && k.task.state[t] == b->task.state[t] && k.task.sc[t] == b->task.sc[t] &&
             k.task.lender[t] == b->task.lender[t] && k.task.depth[t] == b->task.depth[t] &&
             k.task.pending[t] == b->task.pending[t] && k.task.overruns[t] == b->task.overruns[t];
        ok = ok && (t == k.charged || (k.refill.time[t][0] == b->refill.time[t][0] &&
                                       k.refill.amount[t][0] == b->refill.amount[t][0]));
    }
    return ok &&
           (k.charged == K5_IDLE || has(k.empty, k.charged) ||
            k.now + k.refill.amount[k.charged][0] >= b->since + b->refill.amount[k.charged][0]);
}

/* A context that was used up before, in this entry, is taken from once more, and not a third time:
 * its head is bounded no more than refill_valid() says. */
bool charge_valid(const struct old *before)
{
    bool again = k.charged != K5_IDLE && has(before->k.empty, k.charged);

    return ranges_valid() && sets_valid() && tasks_valid() && lend_valid() &&
           mid_time_but(again ? k.charged : K5_TASKS);
}

bool charge_promised(const struct old *before, sched_t consequence)
{
    const struct kernel *b = &before->k;
    bool ok = charge_kept(before) && k.since == b->now; /* telling takes time */

    if (consequence == SCHED_SAME) {
        ok = ok && same_promised(before);
    } else {
        ok = ok && k.charged != K5_IDLE && has(k.turned, k.charged) &&
             (has(k.empty, k.charged) || !refill_limited(k.charged));
        for (uint32_t t = 0; t < K5_TASKS; t++) {
            ok = ok && lent_promised(before, t);
        }
    }
    ok = ok && k.next_event <= b->next_event && (b->turned & ~k.turned) == 0;
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && task_promised(before, t) && context_promised(before, t) &&
             k.task.overruns[t] >= b->task.overruns[t];
    }
    return ok;
}
