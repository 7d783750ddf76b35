/* Would go on for ever. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    for (uint32_t n = 0;; n++) {
        k5_sleep(K5_MS(5));
        if (n == 10) {
            K5_ERROR("leaf still runs after the panic");
        }
    }
}
