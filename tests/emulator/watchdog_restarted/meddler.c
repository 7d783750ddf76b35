/* Restarts the watchdog task every 30 ms: its round takes 100, the hardware bites after 200. */
#include "../common/check.h"
#include "app.h" /* WATCHDOG_TASK */

int main(void)
{
    for (;;) {
        k5_sleep(K5_MS(30));
        CHECK_ERROR(k5_task_restart(WATCHDOG_TASK), K5_OK);
    }
}
