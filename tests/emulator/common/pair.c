/* A client and a passive server that have nothing to do with a play: each second good call is a bit
 * for the conductor. No bit: they were harmed, or get no time.
 */
#include <k5/k5.h>

#include "app.h"

#ifdef PAIR_SERVE
static void answer(struct k5_msg *m)
{
    m->w[0] += 1;
}

int main(void)
{
    k5_serve(PAIR_SERVE, answer);
}
#else
int main(void)
{
    for (uint32_t n = 0;; n++) {
        struct k5_msg m = {.w = {n}};
        k5_error error = k5_call(PAIR, &m, k5_after(K5_MS(20)));
        if (error != K5_OK || m.w[0] != n + 1) {
            K5_ERROR("WRONG: the pair's call gave {}", k5_error_name(error));
        }
        if (n % 2 == 1) {
            error = k5_signal(CONDUCTOR_SIGNAL, 1);
            K5_ASSERT(error == K5_OK);
        }
        k5_sleep(K5_MS(10));
    }
}
#endif
