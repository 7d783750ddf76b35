/* client: has 1 ms in each 10 ms. A call takes up to 400 us of it (wcet), so there is room for two;
 * if less is left, the call waits outside of the server for the next period. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM, K5_TICK_HZ */

int main(void)
{
    for (uint32_t n = 100;; n += 100) {
        struct k5_msg m = {.label = 1, .w = {n}};
        k5_error error = k5_call(SUM, &m, K5_FOREVER);
        if (error != K5_OK) {
            K5_ERROR("no sum: {}", k5_error_name(error));
        } else {
            K5_INFO("sum of 1 to {} is {}", n, m.w[0]);
        }
        k5_sleep(K5_MS(100));
    }
}
