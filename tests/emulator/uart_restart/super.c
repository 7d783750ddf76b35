/* Restarts the driver, at once or a moment after it was asked for. */
#include <k5/k5.h>

#include "app.h"
#include "super.h"

int main(void)
{
    for (uint32_t times = 1;; times++) {
        uint32_t bits = 0;
        if (k5_wait(SUPER_NOW | SUPER_LATER, K5_FOREVER, &bits) != K5_OK) {
            K5_ERROR("WRONG: no bits");
        }
        if ((bits & SUPER_LATER) != 0) {
            k5_sleep(K5_MS(10));
        }
        if (k5_task_restart(UART1_TASK) != K5_OK) {
            K5_ERROR("WRONG: no restart");
        }
        K5_INFO("restarted {}", times);
    }
}
