/* ping, a client: calls pong ten times a second. */
#include <k5/k5.h>

#include "app.h" /* generated: PONG, pong_ping(), K5_TICK_HZ */

int main(void)
{
    for (uint32_t number = 0;; number++) {
        uint32_t next = 0;
        k5_error error = pong_ping(PONG, number, &next, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("no answer: {}", k5_error_name(error));
        } else {
            K5_INFO("pong answered {}", next);
        }
        k5_sleep(K5_MS(100));
    }
}
