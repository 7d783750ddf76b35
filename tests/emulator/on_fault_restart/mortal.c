/* A server that dies of an odd number. Its variables are as at start-up in each life. */
#include <k5/k5.h>

#include "app.h" /* MORTAL_SERVE */

static uint32_t served;

static void answer(struct k5_msg *m)
{
    served++;
    if (m->w[0] % 2 == 1) {
        __asm__ volatile("udf #0");
    }
    m->w[1] = served;
}

int main(void)
{
    k5_serve(MORTAL_SERVE, answer);
}
