/* Takes the lock at odd moments and changes the plan, part by part. */
#include <k5/lock.h>

#include "app.h" /* from app.toml: ME */
#include "plan.h"

static volatile struct plan *const plan = (volatile struct plan *)PLAN_BASE;

/* The one that is this task: not looked at. */
#ifndef LOW_SIGNAL
#define LOW_SIGNAL \
    {              \
        0          \
    }
#elif !defined MIDDLE_SIGNAL
#define MIDDLE_SIGNAL \
    {                 \
        0             \
    }
#else
#define HIGH_SIGNAL \
    {               \
        0           \
    }
#endif
static const struct k5_lock_peer peers[USERS] = {
    {LOW_SIGNAL, 1}, {MIDDLE_SIGNAL, 1}, {HIGH_SIGNAL, 1}};
static const struct k5_lock lock = {
    .memory = (void *)PLAN_BASE,
    .id = ME,
    .count = USERS,
    .peers = peers,
    .own_bit = 1,
};

static void plan_change(uint32_t work, bool died)
{
    uint32_t part = plan->parts[0];
    for (uint32_t i = 1; i < 4; i++) {
        plan->wrong += plan->parts[i] != part && !died ? 1 : 0;
    }
    plan->wrong += plan->inside != 0 && !died ? 1 : 0;
    plan->inside = ME;
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t j = 0; j < work; j++) {
            __asm__ volatile("");
        }
        plan->parts[i] = part + 1;
    }
    plan->wrong += plan->inside != ME ? 1 : 0;
    plan->inside = 0;
}

int main(void)
{
    uint32_t state = ME + (uint32_t)k5_time();
    K5_ASSERT(k5_lock_begin(&lock) == K5_OK);
    for (;;) {
        uint32_t random = random_next(&state);
        k5_error error = k5_lock_take(&lock, random % 8 == 0 ? k5_after(K5_US(200)) : K5_FOREVER);
        if (error == K5_TIMEOUT) {
            plan->timeouts++;
            continue;
        }
        K5_ASSERT(error == K5_OK || error == K5_ERR_OWNER_DIED);
        plan_change(random % 1000, error == K5_ERR_OWNER_DIED);
        plan->took[ME - 1]++;
        plan->repaired += error == K5_ERR_OWNER_DIED ? 1 : 0;
        K5_ASSERT(k5_lock_give(&lock) == K5_OK);
        if (ME != 1) {
            k5_sleep(K5_US(100) + random % K5_MS(2)); /* so that low runs, and is preempted */
        }
    }
}
