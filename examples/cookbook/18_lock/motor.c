/* motor: takes the plan as it is, and empties it if it may be half written. */
#include <k5/k5.h>

#include "app.h" /* generated: PLAN_BASE, PLANNER_SIGNAL, K5_TICK_HZ */
#include "plan.h"

static const struct k5_lock_peer peers[] = {{{0}, 0}, {PLANNER_SIGNAL, 0x01}};
static const struct k5_lock lock = {
    .memory = (void *)PLAN_BASE, .id = MOTOR, .count = 2, .peers = peers, .own_bit = 0x01};

int main(void)
{
    K5_ASSERT(k5_lock_begin(&lock) == K5_OK);
    for (;;) {
        k5_error error = k5_lock_take(&lock, k5_after(K5_MS(40)));
        if (error == K5_TIMEOUT) {
            K5_WARN("task {} has the plan", k5_lock_holder(&lock));
            continue;
        }
        if (error == K5_ERR_OWNER_DIED) { /* also at power-up: nobody has written it yet */
            K5_WARN("the plan is not whole: emptied");
            PLAN->from = PLAN->to = 0;
        }
        int32_t from = PLAN->from;
        int32_t to = PLAN->to;
        K5_ASSERT(k5_lock_give(&lock) == K5_OK);
        K5_INFO("from {} to {}", from, to);
        k5_sleep(K5_MS(100));
    }
}
