/* Takes whatever comes; the passive one answers it. */
#include <k5/k5.h>

#include "app.h"

static void answer(struct k5_msg *m)
{
    m->w[0] += 1;
}

int main(void)
{
    k5_error error = k5_ipc_setup(1);
    K5_ASSERT(error == K5_OK);
#ifdef PASSIVE_SERVE
    k5_serve(PASSIVE_SERVE, answer);
#else
    k5_serve(SINK_SERVE, answer);
#endif
}
