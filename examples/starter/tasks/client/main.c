/* client: sends the numbers 1, 2, 3 ... to server, ten a second. */
#include <k5/k5.h>

#include "../server/server.h"
#include "app.h" /* generated from app.toml: SUM, K5_TICK_HZ */

int main(void)
{
    for (uint32_t number = 1;; number++) {
        struct k5_msg m = {.label = SUM_ADD, .w = {number}};
        k5_error error = k5_call(SUM, &m, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("no answer: {}", k5_error_name(error));
        } else {
            K5_INFO("the sum is {}", m.w[0]);
        }
        k5_sleep(K5_MS(100));
    }
}
