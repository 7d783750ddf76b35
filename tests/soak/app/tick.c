/* Sleeps for random times and wakes above all others, so that each wake is a preemption; says at
 * the end what the others found. It sleeps LEAST to LEAST + SPAN - 1 ticks; LEAST must be more than
 * it takes to read the time and go to sleep, else nobody runs in between. */
#include <k5/k5.h>
#include <string.h>

#include "app.h" /* TALLY_BASE */
#include "tally.h"

#define PROGRESS 2000 /* a line after so many, for who watches */

static uint32_t short_sleeps;

static void tick(uint32_t *state)
{
    k5_ticks start = k5_time();
    k5_ticks until = start + LEAST + random_next(state) % SPAN;
    k5_sleep_until(until);
    TALLY->ticks++;
    if (k5_time() < until) {
        short_sleeps++;
    }
}

static struct tally_task sum(void)
{
    struct tally_task all = {0};
    for (uint32_t i = 0; i < WATCHERS; i++) {
        all.wrong += TALLY->task[i].wrong;
        all.gate += TALLY->task[i].gate;
        all.veneer += TALLY->task[i].veneer;
        all.own += TALLY->task[i].own;
    }
    return all;
}

static void report(void)
{
    struct tally_task all = sum();
    uint32_t held = TALLY->task[0].hits + TALLY->task[1].hits;
    K5_INFO("soak: {} preemptions, {} wrong", TALLY->ticks, all.wrong + short_sleeps);
    K5_INFO("soak: {} rounds of all registers, {} preempted",
            TALLY->task[0].rounds + TALLY->task[1].rounds, held);
    K5_INFO("soak: {} system calls", TALLY->task[2].rounds + TALLY->task[3].rounds);
    K5_INFO("soak: preempted in the veneer {}, at its SG {}, beside it {}", all.veneer, all.gate,
            all.own);
    for (uint32_t i = 0; i < WATCHERS; i++) {
        if (TALLY->task[i].rounds == 0) {
            K5_ERROR("WRONG: watcher {} did not run", i);
        }
    }
    if (held < TIMES / 20u || all.veneer < TIMES / 100u) {
        K5_ERROR("WRONG: too few preemptions where they count");
    }
}

int main(void)
{
    uint32_t state = SEED;
    memset((void *)TALLY_BASE, 0, sizeof(struct tally)); /* before any watcher runs */
    for (uint32_t i = 0; i < TIMES; i++) {
        tick(&state);
        if (i % PROGRESS == PROGRESS - 1) {
            K5_DEBUG("at {}", i + 1);
        }
    }
    report();
    K5_INFO("soak: end");
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
