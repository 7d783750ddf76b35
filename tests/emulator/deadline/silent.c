/* A server that does not receive for 100 ms, then finds its queue empty, takes a call and answers
 * it too late. */
#include "../common/check.h"
#include "app.h" /* SILENT_SERVE */

int main(void)
{
    struct k5_msg m = {0};
    k5_sleep(K5_MS(100));
    CHECK_ERROR(k5_recv(SILENT_SERVE, &m, 0, K5_POLL),
                K5_TIMEOUT); /* those that gave up are gone */
    CHECK_ERROR(k5_recv(SILENT_SERVE, &m, 0, K5_FOREVER), K5_OK);
    k5_sleep(K5_MS(10));
    CHECK_ERROR(k5_reply(&m), K5_ERR_TOKEN); /* the caller gave up */
    CHECK_ERROR(k5_recv(SILENT_SERVE, &m, 0, K5_FOREVER), K5_OK);
    k5_sleep(K5_MS(10));
    CHECK_ERROR(k5_reply_recv(SILENT_SERVE, &m, k5_after(K5_MS(1))), K5_TIMEOUT);
    CHECK((m.flags & K5_FLAG_REPLY_FAILED) != 0 && m.token == 0);
    CHECK_ERROR(k5_recv(SILENT_SERVE, &m, 0, K5_FOREVER), K5_OK);
    CHECK_ERROR(k5_reply(&m), K5_OK); /* in time */
    CHECK_END("silent");
}
