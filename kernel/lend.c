/* Lent time: during a call a passive server runs on the context of its caller.
 *
 *   A (home: a) --call--> B --call--> C        sc:      a  a  a       all on A's context
 *   awaits B              awaits C    runs     lender:  -  A  B
 *                                              depth:   0  1  2
 *
 * Invariant (lend_valid): a task is at home (sc = itself, depth 0), or its lender awaits its very
 * answer and is on the same context, one step nearer to the owner; the owner awaits too. So those
 * on one context form a chain, all but the last of them wait, and a context that is empty or whose
 * owner or borrower is suspended is lent to nobody.
 *
 * Every break of a chain is one sweep: who is on that context and deeper than the break goes home.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/contract.h"

static void home(task_t task)
{
    k.task.sc[task] = task;
    k.task.lender[task] = K5_NIL;
    k.task.depth[task] = 0;
    k.borrowing &= ~task_bit(task);
}

void lend(task_t from, task_t to, uint32_t raw)
{
    time_account(raw);
    k.task.sc[to] = k.task.sc[from];
    k.task.lender[to] = from;
    k.task.depth[to] = (uint8_t)(k.task.depth[from] + 1u);
    k.borrowing |= task_bit(to);
}

sched_t lend_return(void)
{
    if (!lend_holds(k.current)) {
        return SCHED_SAME;
    }
    time_account(arch_now());
    home(k.current);
    return SCHED_PICK;
}

/* What is left of this context, which nobody uses now, must be at least `least`, not more than its
 * budget: a turn is started anew, a limit waits until enough has come together. */
static void prepare(task_t context, uint32_t least)
{
    if (k.refill.amount[context][0] >= least) {
        return;
    }
    if (refill_limited(context)) {
        refill_gather(context, least);
        budget_empty(context);
    } else {
        budget_turn_end(context);
    }
}

/* A task that goes home while it is queued: its call now counts on its home context. */
static sched_t reconsider(task_t task)
{
    if (k.task.state[task] != K5_TASK_CALLING) {
        return SCHED_SAME;
    }
    uint32_t wcet = cfg.wcet[k.task.object[task]];

    if (cfg.budget[task] >= wcet) {
        prepare(task, wcet);
        return SCHED_PICK;
    }
    endpoint_leave(task);
    arch_result(task, K5_A_OP, K5_ERR_BUDGET);
    return sched_wake(task);
}

/* All that are on this context and deeper than `depth` go home. The last of them is returned, or
 * K5_NIL; the others await. */
static task_t sweep(task_t context, uint8_t depth)
{
    task_t last = K5_NIL;
    uint8_t deepest = depth;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (k.task.sc[t] == context && k.task.depth[t] > depth) {
            if (k.task.depth[t] > deepest) {
                deepest = k.task.depth[t];
                last = (task_t)t;
            }
            if (t == k.current) {
                time_account(arch_now());
            }
            home((task_t)t);
        }
    }
    return last;
}

static sched_t recall(task_t context, uint8_t depth)
{
    if (k.borrowing == 0) {
        return SCHED_SAME;
    }
    task_t last = sweep(context, depth);

    if (last == K5_NIL) {
        return SCHED_SAME;
    }
    time_update();
    return sched_either(SCHED_PICK, reconsider(last));
}

sched_t lend_recall(task_t task)
{
    return recall(k.task.sc[task], k.task.depth[task]);
}

sched_t lend_leave(task_t task)
{
    uint8_t depth = k.task.depth[task];

    return recall(k.task.sc[task], depth == 0 ? 0 : (uint8_t)(depth - 1u));
}

sched_t lend_used_up(task_t context)
{
    if (k.borrowing == 0) {
        return SCHED_SAME;
    }
    task_t last = sweep(context, 0);

    if (last == K5_NIL) {
        return SCHED_SAME;
    }
    sched_t changed = reconsider(last);
    sched_t told = task_overrun(last, context);

    return sched_either(SCHED_PICK, sched_either(changed, told));
}

/* What is left of the context that runs, in 32 bits, at a raw reading of the counter. */
static uint32_t left(uint32_t raw)
{
    uint32_t used = time_distance((uint32_t)(k.since & UINT32_MAX), raw);
    uint32_t amount = k.refill.amount[k.charged][0];

    return used < amount ? amount - used : 0;
}

/* The running task calls, and what is left is not enough: exactly, now. */
static sched_t fall_short(uint32_t wcet)
{
    task_t me = k.current;
    sched_t charged;

    time_update();
    charged = budget_charge();
    if (lend_holds(me)) {
        charged = sched_either(charged, lend_used_up(k.task.sc[me]));
    }
    if (cfg.budget[me] >= wcet) {
        prepare(me, wcet);
    }
    return charged;
}

sched_t lend_check(uint32_t wcet, uint32_t *raw)
{
    sched_t consequence = SCHED_SAME;

    *raw = arch_now();
    if (left(*raw) < wcet) {
        consequence = fall_short(wcet);
        *raw = (uint32_t)(k.now & UINT32_MAX);
    }
    return consequence;
}

bool lend_affords(uint32_t wcet)
{
    return lend_holds(k.current) || cfg.budget[k.current] >= wcet;
}

/* ---- invariant ---------------------------------------- */

static bool bit_in(word set, uint32_t t)
{
    return ((set >> t) & 1u) != 0;
}

static bool borrower_valid(uint32_t t)
{
    uint8_t owner = k.task.sc[t];
    uint8_t from = k.task.lender[t];
    uint8_t state = k.task.state[t];

    if (owner >= K5_TASKS || from >= K5_TASKS) {
        return false;
    }
    bool ok = k.task.state[from] == K5_TASK_AWAITING && k.task.object[from] == t &&
              k.task.sc[from] == owner && k.task.depth[t] == k.task.depth[from] + 1u;

    ok = ok && k.task.sc[owner] == owner && k.task.state[owner] == K5_TASK_AWAITING &&
         !bit_in(k.empty, owner);
    return ok && !bit_in(k.suspended, t) && !bit_in(k.suspended, from) &&
           state != K5_TASK_RECEIVING && state != K5_TASK_FAULTED && state != K5_TASK_STOPPED;
}

bool lend_valid(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (k.task.sc[t] == t) {
            ok =
                ok && k.task.lender[t] == K5_NIL && k.task.depth[t] == 0 && !bit_in(k.borrowing, t);
        } else {
            ok = ok && bit_in(k.borrowing, t) && borrower_valid(t);
        }
    }
    return ok;
}
