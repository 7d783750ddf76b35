/* What the other proofs believe of refill.c, instead of its arithmetic: only the head is ever
 * looked at from outside. proofs/h_refill.c shows that the real functions keep these promises.
 */
#include "prove.h"

/* The rest of the list stays arbitrary. */
bool refill_valid(task_t context)
{
    ktime head = k.refill.time[context][0];
    uint32_t left = k.refill.amount[context][0];
    bool ok = left >= 1u && left <= cfg.budget[context];

    return refill_limited(context)
               ? ok && left >= K5_BUDGET_MIN && head <= k.now + 4u * (ktime)cfg.period[context]
               : ok && head == 0;
}

bool refill_limited(task_t context)
{
    return cfg.budget[context] < cfg.period[context];
}

static void head_havoc(task_t context)
{
    k.refill.time[context][0] = refill_limited(context) ? any_time() + any_ticks() : 0;
    k.refill.amount[context][0] = any_ticks();
    ASSUME(refill_valid(context));
}

void refill_boot(task_t context)
{
    head_havoc(context);
    ASSUME(k.refill.time[context][0] <= k.now);
}

void refill_activate(task_t context)
{
    uint32_t before = k.refill.amount[context][0];

    PROVE(refill_limited(context) && k.refill.time[context][0] <= k.since);
    head_havoc(context);
    ASSUME(k.refill.time[context][0] == k.since && k.refill.amount[context][0] >= before);
}

void refill_gather(task_t context, uint32_t least)
{
    ktime time = k.refill.time[context][0];
    uint32_t amount = k.refill.amount[context][0];

    PROVE(refill_limited(context) && least <= cfg.budget[context]);
    head_havoc(context);
    ASSUME(k.refill.time[context][0] >= time && k.refill.amount[context][0] >= least);
    ASSUME(k.refill.amount[context][0] >= amount);
    /* none is further ahead than the last one, and a charge brings that to two periods at most */
    ASSUME(k.charged != context ||
           k.refill.time[context][0] <= k.now + 2u * (ktime)cfg.period[context]);
}

/* The head began when the context was charged last, or it was used up since and is to come. */
bool refill_charge(task_t context, ktime used)
{
    bool limited = refill_limited(context);
    ktime from = k.now - used;
    ktime head = k.refill.time[context][0];
    ktime two = k.now + 2u * (ktime)cfg.period[context];

    PROVE(used <= k.now && k.since == k.now);
    PROVE(!limited || head == from || (head > from && head <= two));
    bool used_up = nondet_bool();
    ktime end = from + k.refill.amount[context][0];

    head_havoc(context);
    if (limited) {
        ASSUME(k.refill.time[context][0] >= head);
        ASSUME(used_up == (k.refill.time[context][0] > k.now));
        ASSUME(used_up || k.refill.time[context][0] == k.now);
        ASSUME(head > from || k.refill.time[context][0] <= two);
    }
    /* while it is not used up, it ends when it would have, or later */
    ASSUME(used_up || k.now + k.refill.amount[context][0] >= end);
    return used_up;
}
