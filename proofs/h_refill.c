/* kernel/refill.c itself: what refill_contract.c promises of it, and what becomes of each tick.
 *
 * Number the ticks of a budget as they lie in the list: tick j of a refill (t, a) may be used from
 * t + j on, its position. Every rule leaves a tick or moves it to a later position; a tick that is
 * used comes back one period after its use. time.md concludes what a window of one period gives.
 */
#include "prove.h"

#include "kernel/refill.c" /* for its steps, which are static */

struct kernel k;
struct config cfg;
struct kernel nondet_kernel(void);

#define C 0 /* the context */

/* A contract of a step that does not hold. */
_Noreturn void kernel_panic(uint32_t where, uint32_t value)
{
    (void)where;
    (void)value;
    PROVE(false);
    ASSUME(false);
    __builtin_unreachable();
}

static struct refills before;

/* Any context of one task that is valid, at any time. */
static void any_context(bool limited)
{
    cfg.budget[C] = any_ticks();
    cfg.period[C] = any_ticks();
    ASSUME(cfg.budget[C] >= K5_BUDGET_MIN && cfg.budget[C] <= cfg.period[C]);
    ASSUME(cfg.period[C] <= 0x7FFFFFFFu);
    k = nondet_kernel();
    k.now = any_time();
    k.since = any_time();
    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        k.refill.time[C][i] = nondet_bool() ? 0 : any_time() + any_ticks();
        k.refill.amount[C][i] = any_ticks();
    }
    ASSUME(k.now <= TIME_LAST && k.since <= k.now);
    ASSUME(refill_limited(C) == limited && refill_valid(C));
    before = k.refill;
}

/* When tick j of a list may be used. */
static ktime position(const struct refills *list, uint32_t j)
{
    ktime at = 0;
    uint32_t first = 0; /* number of the first tick of refill i */

    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        if (i < list->count[C] && j >= first && j - first < list->amount[C][i]) {
            at = list->time[C][i] + (j - first);
        }
        first += list->amount[C][i];
    }
    return at;
}

static ktime last_time(void)
{
    return k.refill.time[C][k.refill.count[C] - 1u];
}

static uint32_t any_tick(void)
{
    uint32_t j = any_ticks();

    ASSUME(j < cfg.budget[C]);
    return j;
}

void h_refill_boot(void)
{
    any_context(nondet_bool());
    k.refill = (struct refills){0};
    refill_boot(C);
    PROVE(refill_valid(C) && k.refill.time[C][0] <= k.now);
    PROVE(k.refill.amount[C][0] == cfg.budget[C]);
}

/* No tick comes sooner because the head begins now. */
void h_refill_activate(void)
{
    any_context(true);
    ASSUME(k.refill.time[C][0] <= k.since);
    uint32_t j = any_tick();

    refill_activate(C);
    PROVE(refill_valid(C));
    PROVE(k.refill.time[C][0] == k.since && k.refill.amount[C][0] >= before.amount[C][0]);
    PROVE(position(&k.refill, j) >= position(&before, j));
}

/* Nor because a call waits until enough has come together. */
void h_refill_gather(void)
{
    any_context(true);
    uint32_t least = any_ticks();
    uint32_t j = any_tick();

    ASSUME(least <= cfg.budget[C]);
    refill_gather(C, least);
    PROVE(refill_valid(C));
    PROVE(k.refill.time[C][0] >= before.time[C][0] && k.refill.amount[C][0] >= least);
    PROVE(k.refill.amount[C][0] >= before.amount[C][0]);
    PROVE(last_time() == before.time[C][before.count[C] - 1u]);
    PROVE(position(&k.refill, j) >= position(&before, j));
}

static ktime from; /* since when the use below is charged */

/* A use that is charged as budget_charge() does it. The context's head began when it was charged
 * last; or it is charged again in an entry in which it was used up, and its head is to come. */
static ktime any_use(void)
{
    any_context(true);
    from = k.since;
    ASSUME(k.refill.time[C][0] == from ||
           (k.refill.time[C][0] > from && last_time() <= k.now + 2u * (ktime)cfg.period[C]));
    k.since = k.now;
    return k.now - from;
}

/* The promises of the contract, and what stays valid. */
void h_refill_charge(void)
{
    ktime used = any_use();
    ktime end = from + k.refill.amount[C][0];
    bool early = k.refill.time[C][0] > from;
    bool used_up = refill_charge(C, used);
    ktime head = k.refill.time[C][0];

    PROVE(refill_valid(C));
    PROVE(used_up == (head > k.now) && (used_up || head == k.now));
    PROVE(head >= before.time[C][0]);
    PROVE(used_up || k.now + k.refill.amount[C][0] >= end);
    PROVE(early || last_time() <= k.now + 2u * (ktime)cfg.period[C]);
}

/* ---- the steps of a charge: any number of takes, then joins, then at most one activation ------
 */

/* A list as it is between two steps: sorted from entry `first` on, nothing more than a period after
 * the head; its head may be smaller than K5_BUDGET_MIN. */
static bool list_sorted(uint32_t first)
{
    uint32_t count = k.refill.count[C];
    bool ok = count >= 1u && count <= K5_REFILL_MAX;

    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        ktime time = k.refill.time[C][i];

        if (i >= count) {
            ok = ok && time == 0 && k.refill.amount[C][i] == 0;
        } else {
            ok = ok && k.refill.amount[C][i] >= 1u && time <= k.refill.time[C][0] + cfg.period[C] &&
                 (i <= first || time >= k.refill.time[C][i - 1u]);
        }
    }
    return ok;
}

static uint64_t list_sum(void)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        sum += k.refill.amount[C][i];
    }
    return sum;
}

static void any_list(uint32_t first)
{
    cfg.budget[C] = any_ticks();
    cfg.period[C] = any_ticks();
    ASSUME(cfg.budget[C] >= 1u && cfg.budget[C] <= cfg.period[C]);
    ASSUME(cfg.period[C] <= 0x7FFFFFFFu);
    k = nondet_kernel();
    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        k.refill.time[C][i] = nondet_bool() ? 0 : any_time();
        k.refill.amount[C][i] = any_ticks();
        ASSUME(k.refill.time[C][i] <= TIME_LAST);
    }
    ASSUME(list_sorted(first) && list_sum() == cfg.budget[C]);
    before = k.refill;
}

static uint32_t want;
static uint32_t taken;

static void any_take(void)
{
    any_list(0);
    want = any_ticks();
    ASSUME(want >= 1u);
    taken = want < before.amount[C][0] ? want : before.amount[C][0];
}

/* A take leaves such a list; only a head of which a part is left may be later than the next. */
void h_refill_take(void)
{
    any_take();
    bool whole = taken == before.amount[C][0];

    PROVE(refill_take(C, want) == want - taken);
    PROVE(list_sorted(whole ? 0 : 1));
}

void h_refill_sum(void)
{
    any_take();
    (void)refill_take(C, want);
    PROVE(list_sum() == cfg.budget[C]);
}

/* Tick o of refill i may be used from its time + o on. What is taken is at the end of the list
 * afterwards, in its order, a period later or more; no other tick comes sooner. */
void h_refill_ticks(void)
{
    any_take();
    uint32_t i = nondet_u32();
    uint32_t o = any_ticks();

    ASSUME(i < before.count[C] && o < before.amount[C][i]);
    ktime at = before.time[C][i] + o;

    (void)refill_take(C, want);
    if (i == 0 && o < taken) {
        uint32_t last = k.refill.count[C] - 1u;
        uint32_t place = k.refill.amount[C][last] - taken + o;

        PROVE(k.refill.amount[C][last] >= taken);
        PROVE(k.refill.time[C][last] + place >= at + cfg.period[C]);
    } else if (i == 0) {
        PROVE(o - taken < k.refill.amount[C][0]);
        PROVE(k.refill.time[C][0] + (o - taken) == at);
    } else {
        uint32_t to = taken == before.amount[C][0] ? i - 1u : i;

        PROVE(o < k.refill.amount[C][to] && k.refill.time[C][to] + o >= at);
    }
}

/* A join makes no tick come sooner: h_refill_charge and h_refill_gather show that it is called as
 * it may be. */
void h_refill_join(void)
{
    any_list(1);
    uint32_t i = nondet_u32();
    uint32_t o = any_ticks();
    ktime time = any_time();

    ASSUME(before.count[C] > 1u && i < before.count[C] && o < before.amount[C][i]);
    ASSUME(time <= TIME_LAST && time >= before.time[C][0] &&
           time + before.amount[C][0] >= before.time[C][1]);
    ktime at = before.time[C][i] + o;

    refill_join(C, time);
    uint32_t to = i == 0 ? 0 : i - 1u;
    uint32_t place = i == 1u ? before.amount[C][0] + o : o;

    PROVE(place < k.refill.amount[C][to] && k.refill.time[C][to] + place >= at);
    PROVE(list_sum() == cfg.budget[C]);
}

/* After the joins of refill_overlap() the list is sorted from its head on. */
void h_refill_overlap(void)
{
    any_list(1);
    refill_overlap(C);
    PROVE(list_sorted(0) && list_sum() == cfg.budget[C]);
    PROVE(k.refill.time[C][0] == before.time[C][0]);
    PROVE(k.refill.amount[C][0] >= before.amount[C][0]);
}

/* The whole of what a kernel entry can do to a context: charge it, let a call wait, charge again.
 */
void h_refill_entry(void)
{
    any_context(true);
    ASSUME(k.refill.time[C][0] == k.since);
    uint32_t least = any_ticks();
    ktime again = any_time();

    ktime used = k.now - k.since;
    k.since = k.now;
    (void)refill_charge(C, used);
    ASSUME(least <= cfg.budget[C] && again >= k.now && again <= TIME_LAST);
    refill_gather(C, least);
    k.now = again;
    used = k.now - k.since;
    k.since = k.now;
    (void)refill_charge(C, used);
    PROVE(refill_valid(C));
}

/* A turn has no list: it is what is left of it, or is begun anew. */
void h_refill_turn(void)
{
    any_context(false);
    uint32_t left = k.refill.amount[C][0];
    ktime used = k.now - k.since;
    bool used_up = refill_charge(C, used);

    PROVE(refill_valid(C));
    PROVE(used_up == (used >= left));
    PROVE(k.refill.amount[C][0] == (used_up ? cfg.budget[C] : left - used));
}

/* A list of four refills is possible, and one that is used up. */
void twin_refill_full(void)
{
    any_context(true);
    PROVE(k.refill.count[C] != K5_REFILL_MAX);
}

void twin_refill_charge(void)
{
    ktime used = any_use();

    PROVE(!refill_charge(C, used));
}

/* Ticks can be taken early: from a head that is still to come. */
void twin_refill_early(void)
{
    ktime used = any_use();

    ASSUME(used != 0);
    PROVE(k.refill.time[C][0] <= from);
}
