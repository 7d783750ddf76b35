/* Restarts the one in the middle at odd moments, and if it has the lock. */
#include "../common/check.h"
#include "app.h"
#include "plan.h"

#define RESTARTS 100u

int main(void)
{
    const volatile struct plan *plan = (const volatile struct plan *)PLAN_BASE;
    uint32_t state = 1;
    uint32_t holding = 0;
    uint32_t waiting = 0;
    for (uint32_t i = 0; i < RESTARTS; i++) {
        k5_sleep(K5_MS(1) + random_next(&state) % K5_MS(8));
        for (uint32_t look = 0; i % 2 == 0 && look < 200 && (plan->lock & 0xFFu) != 2; look++) {
            k5_sleep(K5_US(50));
        }
        holding += (plan->lock & 0xFFu) == 2 ? 1 : 0;
        waiting += (plan->lock & 0x200u) != 0 ? 1 : 0; /* its bit: see lock.c */
        K5_ASSERT(k5_task_restart(MIDDLE_TASK) == K5_OK);
    }
    k5_sleep(K5_MS(50));
    uint32_t took[USERS] = {plan->took[0], plan->took[1], plan->took[2]};
    k5_sleep(K5_MS(50));
    CHECK(plan->wrong == 0);
    CHECK(holding > RESTARTS / 20);
    CHECK(plan->repaired >= holding &&
          plan->repaired <= holding + 1 + RESTARTS / 8); /* and at the start */
    for (uint32_t i = 0; i < USERS; i++) {
        CHECK(plan->took[i] > took[i] && took[i] > RESTARTS); /* all of them go on */
    }
    CHECK(plan->timeouts > 5);
    K5_INFO("{} {} {} taken, {} died", took[0], took[1], took[2], holding);
    K5_INFO("{} repaired, {} waited, {} time-outs", plan->repaired, waiting, plan->timeouts);
    CHECK_END("chaos");
}
