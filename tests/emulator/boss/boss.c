/* Restarts the server at 10 ms and stops it at 60 ms. */
#include "../common/check.h"
#include "app.h" /* SERVER_TASK */

int main(void)
{
    struct k5_task_info info = {0};
    k5_sleep_until(K5_MS(10));
    CHECK_ERROR(k5_task_restart(SERVER_TASK), K5_OK);
    k5_sleep_until(K5_MS(60));
    CHECK_ERROR(k5_task_stop(SERVER_TASK), K5_OK);
    k5_sleep_until(K5_MS(100));
    CHECK_ERROR(k5_task_inspect(SERVER_TASK, &info), K5_OK);
    CHECK(info.state == K5_TASK_STOPPED && info.restarts == 1);
    CHECK_ERROR(k5_task_restart(SERVER_TASK), K5_ERR_ARG);
    CHECK_END("boss");
}
