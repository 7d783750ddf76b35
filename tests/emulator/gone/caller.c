/* Caller 1 is in the call when the server dies, caller 2 in the queue; both ask again later. */
#include "../common/check.h"
#include "app.h" /* MORTAL, WEAK */

static k5_error ask(k5_endpoint server)
{
    struct k5_msg m = {0};
    k5_error error = k5_call(server, &m, K5_FOREVER);
    K5_INFO("caller {}: {}", ME, k5_error_name(error));
    return error;
}

int main(void)
{
    if (ME == 1) {
        CHECK_ERROR(ask(MORTAL), K5_ERR_PEER_DIED);
        k5_sleep(K5_MS(50));
        CHECK_ERROR(ask(MORTAL), K5_ERR_PEER_GONE);
        k5_sleep(K5_MS(500));
        CHECK_ERROR(ask(WEAK), K5_ERR_PEER_GONE);
        CHECK_END("caller 1");
    }
    struct k5_msg m = {0};
    k5_sleep(K5_MS(1));
    CHECK_ERROR(ask(MORTAL), K5_ERR_PEER_GONE); /* was queued */
    CHECK_ERROR(k5_send(MORTAL, &m, K5_POLL), K5_ERR_PEER_GONE);
    CHECK_ERROR(k5_call(MORTAL, &m, K5_POLL), K5_ERR_PEER_GONE);
    CHECK_ERROR(ask(WEAK), K5_ERR_PEER_GONE); /* queued over three restarts, until it is stopped */
    CHECK_ERROR(k5_send(WEAK, &m, K5_FOREVER), K5_ERR_PEER_GONE);
    CHECK_END("caller 2");
}
