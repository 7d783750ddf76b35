/* planner: dies in the middle of its third plan. */
#include <k5/k5.h>

#include "app.h" /* generated: PLAN_BASE, MOTOR_SIGNAL, K5_TICK_HZ */
#include "plan.h"

static const struct k5_lock_peer peers[] = {{MOTOR_SIGNAL, 0x01}, {{0}, 0}};
static const struct k5_lock lock = {
    .memory = (void *)PLAN_BASE, .id = PLANNER, .count = 2, .peers = peers, .own_bit = 0x01};

int main(void)
{
    K5_ASSERT(k5_lock_begin(&lock) == K5_OK); /* gives up what its last life had */
    for (int32_t n = 1;; n++) {
        k5_sleep(K5_MS(60));
        k5_error error = k5_lock_take(&lock, K5_FOREVER);
        K5_ASSERT(error == K5_OK || error == K5_ERR_OWNER_DIED); /* it writes all of it anyway */
        PLAN->from = n * 100;
        K5_ASSERT(n != 3); /* for the demo: `to` is the old one */
        PLAN->to = n * 200;
        K5_ASSERT(k5_lock_give(&lock) == K5_OK);
    }
}
