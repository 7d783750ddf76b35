/* sum: passive = true in app.toml, so this loop runs on the caller's time. Its own budget is for
 * its start-up only, and no client can take time from another through it. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM_SERVE */

static void answer(struct k5_msg *m)
{
    uint32_t last = m->w[0] < 1000 ? m->w[0] : 1000; /* the wcet must hold for each call */
    uint32_t sum = 0;
    for (uint32_t i = 1; i <= last; i++) {
        sum += i;
    }
    m->w[0] = sum;
}

int main(void)
{
    k5_serve(SUM_SERVE, answer);
}
