/* A server that keeps each call for 5 ms. A token that has become bad meanwhile means that somebody
 * else answered. */
#include <k5/k5.h>

#include "app.h" /* SLOW_SERVE, K5_TICK_HZ */
#include "slow.h"

int main(void)
{
    for (;;) {
        struct k5_msg m;
        k5_error error = k5_recv(SLOW_SERVE, &m, 0, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        k5_sleep(K5_MS(5));
        m.label = SLOW_ANSWER;
        m.w[0] = ~m.w[0];
        error = k5_reply(&m);
        if (error != K5_OK) {
            K5_ERROR("VICTIM: the slow server's answer: {}", k5_error_name(error));
        }
    }
}
