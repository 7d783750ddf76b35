/* warden: reads the time that a task has used, as the kernel counts it; after five looks it has
 * seen enough. */
#include <k5/k5.h>

#include "app.h" /* generated: BUSY_TASK, K5_TICK_HZ */

static k5_ticks time_used(void)
{
    struct k5_task_info info;
    k5_error error = k5_task_inspect(BUSY_TASK, &info);
    K5_ASSERT(error == K5_OK);
    return info.time_own + info.time_lent;
}

int main(void)
{
    k5_ticks last = time_used();
    k5_ticks next = k5_time();
    for (uint32_t look = 1;; look++) {
        next += K5_MS(100);
        k5_sleep_until(next);
        k5_ticks now = time_used();
        K5_INFO("busy had {} of 100 ms", (uint32_t)((now - last + K5_MS(1) / 2) / K5_MS(1)));
        last = now;
        if (look == 5) {
            K5_ASSERT(k5_task_suspend(BUSY_TASK) == K5_OK);
            K5_WARN("suspended");
        }
    }
}
