/* The leaf's supervisor: takes the bits that tell of the fault, and in its first life dies then. */
#include <k5/k5.h>

#include "app.h" /* LEAF_TASK, LIVES_BASE */
#include "lives.h"

int main(void)
{
    uint32_t bits = 0;
    LIVES->middle++;
    k5_error error = k5_wait(UINT32_MAX, K5_FOREVER, &bits);
    K5_ASSERT(error == K5_OK);
    K5_INFO("middle: heard of a fault, life {}", LIVES->middle);
    if (LIVES->middle == 1) {
        k5_panic(1);
    }
    error = k5_task_restart(LEAF_TASK);
    K5_ASSERT(error == K5_OK);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
