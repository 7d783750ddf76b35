/* ping, a client: calls pong ten times a second. */
#include <k5/k5.h>

#include "../pong/pong.h"
#include "app.h" /* generated: PONG, K5_TICK_HZ */

int main(void)
{
    for (uint32_t n = 0;; n++) {
        struct k5_msg m = {.label = PONG_PING, .w = {n}};
        k5_error error = k5_call(PONG, &m, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("no answer: {}", k5_error_name(error));
        } else {
            K5_INFO("pong answered {}", m.w[0]);
        }
        k5_sleep(K5_MS(100));
    }
}
