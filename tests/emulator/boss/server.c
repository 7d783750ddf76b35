/* Holds every call that it takes before 10 ms and after 40 ms; answers in between. */
#include <k5/k5.h>

#include "app.h" /* SERVER_SERVE, K5_TICK_HZ */

static void answer(struct k5_msg *m)
{
    k5_ticks now = k5_time();
    if (now < K5_MS(10) || now > K5_MS(40)) {
        k5_sleep(K5_S(1)); /* the others queue meanwhile */
    }
    m->w[0] += 1;
}

int main(void)
{
    k5_serve(SERVER_SERVE, answer);
}
