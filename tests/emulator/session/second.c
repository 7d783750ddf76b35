/* Faults and is restarted: its badge is the same, so its session is too, until it begins anew. */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    uint32_t life = 0;
    uint32_t sum = 0;
    uint32_t caller = 0;
    k5_sleep(K5_MS(50));
    K5_ASSERT(till_add(TILL, 1, &life, K5_FOREVER) == K5_OK);
    if (life < 3) {
        K5_INFO("second: life {}, was {}", life, life - 1);
        k5_panic(life);
    }
    K5_ASSERT(till_start(TILL, &caller, &sum, K5_FOREVER) == K5_OK);
    K5_INFO("second: life {}, was {}, anew {}", life, life - 1, sum);
    for (;;) {
        k5_sleep(K5_MS(20));
        K5_ASSERT(till_add(TILL, 1, &sum, K5_FOREVER) == K5_OK);
    }
}
