/* Sets bits of the waiter while that sleeps or waits: less urgent, so each step of it is a wait. */
#include "../common/check.h"
#include "app.h" /* WAITER_SIGNAL, DEAD_SIGNAL */

int main(void)
{
    CHECK_ERROR(k5_signal(DEAD_SIGNAL, 0x01), K5_ERR_PEER_GONE);
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x10), K5_ERR_RIGHTS);
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x11), K5_ERR_RIGHTS); /* none is set, not even 0x01 */
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0), K5_ERR_ARG);
    k5_sleep_until(K5_MS(10));
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x05), K5_OK); /* the waiter waits for 0x03 */
    k5_sleep_until(K5_MS(30));
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x01), K5_OK); /* the waiter sleeps */
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x01), K5_OK); /* again: the same bit */
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x02), K5_OK);
    k5_sleep_until(K5_MS(50));
    CHECK_ERROR(k5_signal(WAITER_SIGNAL, 0x0F), K5_OK); /* the waiter sleeps, callers queue */
    CHECK_END("poster");
}
