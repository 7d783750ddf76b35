/* Caller 2 is the more urgent: its call is taken, that of caller 1 queues behind it. */
#include "../common/check.h"
#include "app.h" /* SERVER */

static k5_error ask(void)
{
    struct k5_msg m = {.w = {7}};
    k5_error error = k5_call(SERVER, &m, K5_FOREVER);
    CHECK(m.w[0] == (error == K5_OK ? 8u : 7u));
    return error;
}

int main(void)
{
    CHECK_ERROR(ask(), ME == 2 ? K5_ERR_PEER_DIED : K5_OK); /* the restart at 10 ms */
    CHECK(k5_time() > K5_MS(10));
    k5_sleep_until(K5_MS(40 + 4 / ME));
    CHECK_ERROR(ask(), ME == 2 ? K5_ERR_PEER_DIED : K5_ERR_PEER_GONE); /* the end at 60 ms */
    CHECK(k5_time() > K5_MS(60));
    CHECK_ERROR(ask(), K5_ERR_PEER_GONE);
    K5_INFO("caller {}: {} checks, {} failed", ME, checks_done, checks_failed);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
