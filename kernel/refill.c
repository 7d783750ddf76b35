/* Scheduling contexts as arithmetic: the refills of a limit, the ticks left of a turn. Who runs on
 * which context, and when, is the business of sched.c and lend.c.
 *
 *   limit (budget < period)                   turn (budget = period)
 *     [0] head   [1]        [2]   unused        [0].amount: ticks left of this turn
 *     (t, a)     (t', a')   ...   (0, 0)        [0].time:   0, always
 *
 * Invariant of a limit (refill_valid): times rise, amounts are at least 1 and add up to the budget,
 * the head is at least K5_BUDGET_MIN, and the last refill is at most one period after the head. It
 * is at most four periods from now: a charge uses a tick at most twice, so it brings the last
 * refill of a context that is not empty to two periods from now, and the second one of the same
 * kernel entry to four; then the context is empty and not charged.
 *
 * Why a window of one period gives at most one budget: number the ticks of the budget as they lie
 * in the list; tick j of a refill (t, a) may be used from t + j on. Every function here moves each
 * tick to a later time or leaves it, and a used tick comes back one period after its use. This is
 * what proofs/h_refill.c shows, and docs/manual/time.md concludes. After Stanovich, Baker, Wang and
 * Harbour, "Defects of the POSIX Sporadic Server and How to Correct Them" (2010), whose faults the
 * rules of activation and of merging avoid.
 */
#include "kernel/kernel.h"

#include "kernel/contract.h"

bool refill_limited(task_t context)
{
    return cfg.budget[context] < cfg.period[context];
}

void refill_boot(task_t context)
{
    k.refill.count[context] = 1;
    k.refill.time[context][0] = refill_limited(context) ? k.now : 0;
    k.refill.amount[context][0] = cfg.budget[context];
}

/* Remove refill `at`, which is not the only one or is about to be replaced. */
static void refill_remove(task_t context, uint32_t at)
{
    k.refill.count[context]--;
    for (uint32_t i = 0; i + 1u < K5_REFILL_MAX; i++) {
        if (i >= at) {
            k.refill.time[context][i] = k.refill.time[context][i + 1u];
            k.refill.amount[context][i] = k.refill.amount[context][i + 1u];
        }
    }
    k.refill.time[context][K5_REFILL_MAX - 1u] = 0;
    k.refill.amount[context][K5_REFILL_MAX - 1u] = 0;
}

/* The next refill becomes part of the head, whose time is now `time`: for the ticks of neither of
 * them that is sooner. */
static void refill_join(task_t context, ktime time)
{
    REQUIRE(time >= k.refill.time[context][0], context);
    REQUIRE(time + k.refill.amount[context][0] >= k.refill.time[context][1], context);
    k.refill.amount[context][0] += k.refill.amount[context][1];
    k.refill.time[context][0] = time;
    refill_remove(context, 1);
}

/* What comes back before the head is used up just follows it. */
static void refill_overlap(task_t context)
{
    for (uint32_t i = 0; i + 1u < K5_REFILL_MAX; i++) {
        ktime head = k.refill.time[context][0];

        if (k.refill.count[context] > 1u &&
            k.refill.time[context][1] <= head + k.refill.amount[context][0]) {
            refill_join(context, head);
        }
    }
}

void refill_activate(task_t context)
{
    k.refill.time[context][0] = k.since;
    refill_overlap(context);
}

void refill_gather(task_t context, uint32_t least)
{
    for (uint32_t i = 0; i + 1u < K5_REFILL_MAX; i++) {
        if (k.refill.count[context] > 1u && k.refill.amount[context][0] < least) {
            refill_join(context, k.refill.time[context][1]);
        }
    }
}

/* A new last refill: joined if it begins where the last one ends, or if there is no room. */
static void refill_add(task_t context, ktime time, uint32_t amount)
{
    uint32_t count = k.refill.count[context];
    uint32_t last = count == 0 ? 0 : count - 1u;

    if (count != 0 && k.refill.time[context][last] + k.refill.amount[context][last] == time) {
        k.refill.amount[context][last] += amount;
    } else if (count == K5_REFILL_MAX) {
        k.refill.amount[context][last] += amount;
        k.refill.time[context][last] = time;
    } else {
        k.refill.time[context][count] = time;
        k.refill.amount[context][count] = amount;
        k.refill.count[context]++;
    }
}

/* Take at most `used` ticks from the head; returns what is left to take. */
static uint32_t refill_take(task_t context, uint32_t used)
{
    ktime from = k.refill.time[context][0];
    uint32_t most = k.refill.amount[context][0];
    uint32_t taken = used < most ? used : most;

    if (taken == most) {
        refill_remove(context, 0);
    } else {
        k.refill.time[context][0] += taken;
        k.refill.amount[context][0] -= taken;
    }
    refill_add(context, from + cfg.period[context], taken);
    return used - taken;
}

/* The alarm comes at most a kernel entry late, which is no more than the least budget; a clock that
 * runs on while the machine stands still (a debugger) is not charged. So one more round than there
 * are refills is enough: what was taken early is at most in the first that came back. */
static bool limit_charge(task_t context, uint32_t used)
{
    uint32_t most = k.refill.amount[context][0] + K5_BUDGET_MIN;

    used = used < most ? used : most;
    for (uint32_t i = 0; i <= K5_REFILL_MAX; i++) {
        if (used != 0) {
            used = refill_take(context, used);
        }
    }
    refill_overlap(context); /* the head may have moved past the next ones */
    refill_gather(context, K5_BUDGET_MIN);
    if (k.refill.time[context][0] > k.now) {
        return true;
    }
    refill_activate(context);
    return false;
}

static bool turn_charge(task_t context, uint32_t used)
{
    if (used < k.refill.amount[context][0]) {
        k.refill.amount[context][0] -= used;
        return false;
    }
    k.refill.amount[context][0] = cfg.budget[context];
    return true;
}

bool refill_charge(task_t context, ktime used)
{
    uint32_t ticks = used < UINT32_MAX ? (uint32_t)used : UINT32_MAX;

    return refill_limited(context) ? limit_charge(context, ticks) : turn_charge(context, ticks);
}

/* ---- invariant ---------------------------------------- */

static bool limit_valid(task_t context)
{
    uint32_t count = k.refill.count[context];
    ktime first = k.refill.time[context][0];
    uint64_t sum = 0;
    ktime last = first;
    bool ok = count >= 1u && count <= K5_REFILL_MAX && k.refill.amount[context][0] >= K5_BUDGET_MIN;

    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        ktime time = k.refill.time[context][i];
        uint32_t amount = k.refill.amount[context][i];

        sum += amount;
        if (i < count) {
            ok = ok && amount >= 1u && time >= last;
            last = time;
        } else {
            ok = ok && amount == 0 && time == 0;
        }
    }
    return ok && sum == cfg.budget[context] && last <= first + cfg.period[context] &&
           last <= k.now + 4u * (ktime)cfg.period[context];
}

static bool turn_valid(task_t context)
{
    bool ok = k.refill.count[context] == 1u && k.refill.amount[context][0] >= 1u &&
              k.refill.amount[context][0] <= cfg.budget[context];

    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        ok = ok && k.refill.time[context][i] == 0 && (i == 0 || k.refill.amount[context][i] == 0);
    }
    return ok;
}

bool refill_valid(task_t context)
{
    return refill_limited(context) ? limit_valid(context) : turn_valid(context);
}
