/* sum: passive = true in app.toml, so this loop runs on the caller's time. Its own budget is for
 * its start-up only, and no client can take time from another through it. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM_SERVE, sum_serve() */

enum sum_error sum_serve_up_to(uint32_t last, uint32_t *sum)
{
    if (last > 1000) {
        return SUM_ERR_TOO_FAR; /* the wcet must hold for each call */
    }
    for (uint32_t i = 1; i <= last; i++) {
        *sum += i;
    }
    return SUM_OK;
}

int main(void)
{
    sum_serve(SUM_SERVE);
}
