/* Checks in twice a round. */
#include <k5/k5.h>

#include "app.h" /* K5_CHECKIN_*, ME, PASSES */

int main(void)
{
    for (uint32_t n = 1;; n++) {
        k5_sleep(K5_MS(10));
        k5_checkin();
        if (n == PASSES) {
            K5_INFO("{}: {} passes", ME, n);
        }
    }
}
