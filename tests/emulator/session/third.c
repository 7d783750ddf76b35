/* There is no room for it, until the server is restarted: then all sessions are gone. */
#include "../common/check.h"
#include "app.h"

int main(void)
{
    uint32_t bits;
    uint32_t sum = 77;
    uint32_t caller = 0;
    CHECK(k5_wait(1, K5_FOREVER, &bits) == K5_OK);
    CHECK_ERROR(till_add(TILL, 1, &sum, K5_FOREVER), K5_ERR_SESSIONS_FULL);
    CHECK_ERROR(till_start(TILL, &caller, &sum, K5_FOREVER), K5_ERR_SESSIONS_FULL);
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
    CHECK_ERROR(till_drop_in(TILL, 1, true, K5_FOREVER), K5_OK); /* is dropped */
    CHECK(sum == 77);
    CHECK_ERROR(k5_signal(FIRST_SIGNAL, 1), K5_OK);
    k5_sleep(K5_MS(200)); /* the first was answered by the second's call */
    CHECK_ERROR(till_crash(TILL, K5_FOREVER), K5_ERR_PEER_DIED);
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
    CHECK_END("third");
}
