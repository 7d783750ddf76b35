/* A server whose first life ends in the middle of its first call, while others queue. */
#include <k5/k5.h>

#include "app.h" /* MORTAL_SERVE */

static void answer(struct k5_msg *m)
{
    if (m->w[0] == 666) {
        k5_sleep(K5_MS(5)); /* the other callers queue */
        __asm__ volatile("udf #0");
    }
    m->w[0] += 1;
}

int main(void)
{
    k5_serve(MORTAL_SERVE, answer);
}
