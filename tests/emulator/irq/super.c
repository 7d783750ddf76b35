/* Restarts the driver when it died, and when it says so: between an interrupt and its
 * acknowledgement, and with an armed line. Suspends it for longer than its timer runs.
 */
#include <k5/k5.h>

#include "app.h"
#include "super.h"

static const struct k5_supervised driver[K5_SUPERVISED_COUNT] = {K5_SUPERVISED_LIST};

static void must(k5_error error)
{
    if (error != K5_OK) {
        K5_ERROR("WRONG: {}", k5_error_name(error));
    }
}

int main(void)
{
    for (;;) {
        uint32_t bits = 0;
        must(k5_wait(0xFFFFFFFFu, K5_FOREVER, &bits));
        if ((bits & driver[0].bits) != 0) {
            k5_sleep(K5_MS(10));
            K5_INFO("the line stands, and the driver is gone");
            must(k5_task_restart(DRIVER_TASK));
        }
        if ((bits & SUPER_RESTART) != 0) {
            K5_INFO("restarted by the supervisor");
            must(k5_task_restart(DRIVER_TASK));
        }
        if ((bits & SUPER_SUSPEND) != 0) {
            must(k5_task_suspend(DRIVER_TASK));
            k5_sleep(K5_MS(20));
            K5_INFO("suspended for 20 ms");
            must(k5_task_resume(DRIVER_TASK));
        }
    }
}
