/* client: sends the numbers 1, 2, 3 ... to server, ten a second. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM, K5_TICK_HZ from app.toml, sum_add() from sum.toml */

int main(void)
{
    for (uint32_t number = 1;; number++) {
        uint32_t sum = 0;
        k5_error error = sum_add(SUM, number, &sum, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("no answer: {}", k5_error_name(error));
        } else {
            K5_INFO("the sum is {}", sum);
        }
        k5_sleep(K5_MS(100));
    }
}
