/* client: has 1 ms in each 10 ms. A call takes up to 400 us of it (wcet), so there is room for two;
 * if less is left, the call waits outside of the server for the next period. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM, sum_up_to(), K5_TICK_HZ */

int main(void)
{
    for (uint32_t n = 100;; n += 100) {
        uint32_t sum = 0;
        k5_error error = sum_up_to(SUM, n, &sum, K5_FOREVER);
        if (error != K5_OK) {
            K5_ERROR("no sum: {}", sum_error_name(error)); /* SUM_ERR_TOO_FAR, K5_TIMEOUT, ... */
        } else {
            K5_INFO("sum of 1 to {} is {}", n, sum);
        }
        k5_sleep(K5_MS(100));
    }
}
