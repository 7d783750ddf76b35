/* The promise itself, looked at from outside: time.md, "In any window of one period: at most budget
 * + E". Neither the kernel's refills nor the model's are asked, only who was charged when.
 *
 *   a ring of the latest stretches [from, to) that each limit was charged; at the end of each, what
 *   lies in the period before it is added up (the worst windows end where a use ends)
 */
#include <stdio.h>
#include <string.h>

#include "driver.h"

#define STRETCHES 512u

struct stretch {
    uint64_t from, to;
};

static struct stretch used[K5_TASKS][STRETCHES];
static unsigned next[K5_TASKS];

void window_boot(void)
{
    memset(used, 0, sizeof used);
    memset(next, 0, sizeof next);
}

static void add(int owner, uint64_t from, uint64_t to)
{
    struct stretch *last = &used[owner][(next[owner] + STRETCHES - 1u) % STRETCHES];

    if (last->to == from && last->to != 0) {
        last->to = to;
    } else {
        used[owner][next[owner]] = (struct stretch){from, to};
        next[owner] = (next[owner] + 1u) % STRETCHES;
    }
}

static uint64_t within(int owner, uint64_t from, uint64_t to)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < STRETCHES; i++) {
        const struct stretch *s = &used[owner][i];
        uint64_t begin = s->from > from ? s->from : from;
        uint64_t end = s->to < to ? s->to : to;

        sum += end > begin ? end - begin : 0;
    }
    return sum;
}

/* From the last entry to this one `owner` was charged. False: more than its budget in a period. */
bool window_holds(int owner, uint64_t from, uint64_t to)
{
    if (owner == NOBODY || m.task[owner].home.turn || to == from) {
        return true;
    }
    add(owner, from, to);
    uint64_t sum = within(owner, to - cfg.period[owner], to);

    if (sum > (uint64_t)cfg.budget[owner] + LATE_MAX) {
        snprintf(run.difference, sizeof run.difference,
                 "window: %s: %llu ticks in the period before %llu, budget %u", task_name(owner),
                 (unsigned long long)sum, (unsigned long long)to, cfg.budget[owner]);
        return false;
    }
    return true;
}
