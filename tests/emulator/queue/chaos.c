/* Restarts maker and taker at odd moments: in the middle of whatever they do. */
#include "../common/check.h"
#include "app.h"
#include "queues.h"

#define RESTARTS 400u

int main(void)
{
    const volatile struct score *score = (const volatile struct score *)SCORE_BASE;
    uint32_t state = 3;
    for (uint32_t i = 0; i < RESTARTS; i++) {
        k5_sleep(K5_MS(1) + random_next(&state) % K5_MS(6));
        k5_error error = k5_task_restart(random_next(&state) % 2 == 0 ? MAKER_TASK : TAKER_TASK);
        K5_ASSERT(error == K5_OK);
    }
    k5_sleep(K5_MS(50));
    K5_ASSERT(k5_task_stop(MAKER_TASK) == K5_OK && k5_task_stop(TAKER_TASK) == K5_OK);
    CHECK(score->wrong == 0);
    CHECK(score->count > RESTARTS / 2); /* it goes on each time */
    CHECK(score->resets > RESTARTS / 4);
    K5_INFO("{} taken, {} resets", score->count, score->resets);
    CHECK_END("chaos");
}
