/* The state between an operation and sched_resolve(): see prove.h. */
#include "prove.h"

/* As context_valid() in invariant.c, but the context that is charged may be used up already, and
 * the alarm need not fit any more to who is ready. */
static bool mid_context(uint32_t c)
{
    ktime head = k.refill.time[c][0];
    bool ok = refill_valid((task_t)c);

    if (has(k.empty, c)) {
        return ok && refill_limited((task_t)c) &&
               (k.charged != c || (head > k.since && head <= k.now + 2u * (ktime)cfg.period[c]));
    }
    ok = ok && head <= k.now;
    if (k.charged == c && refill_limited((task_t)c)) {
        ok = ok && head == k.since &&
             (k.alarm == TIME_NEVER || k.alarm <= k.since + k.refill.amount[c][0]);
    }
    return ok;
}

bool mid_time_but(uint32_t spared)
{
    bool ok = k.now <= TIME_LAST && k.since <= k.now;

    ok = ok && (k.alarm == TIME_NEVER || k.alarm <= k.now + TIME_ALARM_MAX);
    for (uint32_t c = 0; c < K5_TASKS; c++) {
        ok = ok && (c == spared ? refill_valid((task_t)c) : mid_context(c));
    }
    return ok;
}

bool mid_time(void)
{
    return mid_time_but(K5_TASKS);
}

bool mid_owner_home(void)
{
    return k.charged == K5_IDLE || k.task.sc[k.charged] == k.charged;
}

bool mid_events(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && (!has(k.timed, t) || k.next_event <= k.task.deadline[t]);
        ok = ok && (!has(k.empty, t) || k.next_event <= k.refill.time[t][0]);
    }
    return ok;
}

void prove_middle(void)
{
    PROVE(ranges_valid());
    PROVE(sets_valid());
    PROVE(tasks_valid());
    PROVE(lend_valid());
    PROVE(mid_time());
    PROVE(irqs_valid());
    PROVE(maps_valid() && maps_match());
    PROVE(lines_match());
}

void prove_mid(void)
{
    prove_middle();
    PROVE(mid_events());
}

/* What a consequence promises: PICK, a state that sched_resolve() makes valid (entry_resolve);
 * SAME, one that is valid as it is. */
void prove_step(sched_t consequence)
{
    prove_mid();
    if (consequence == SCHED_SAME) {
        PROVE(sched_valid());
        PROVE(time_valid());
    }
}

void any_middle(void)
{
    any_config();
    any_kernel();
    ASSUME(ranges_valid());
    ASSUME(sets_valid());
    ASSUME(tasks_valid());
    ASSUME(lend_valid());
    ASSUME(mid_time());
    ASSUME(irqs_valid() && lines_match());
    ASSUME(maps_valid() && maps_match());
    any_clock();
}

void any_mid(void)
{
    any_middle();
    ASSUME(mid_events());
    ASSUME(caps_usable());
}
