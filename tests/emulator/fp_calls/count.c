/* A server without fp. */
#include <k5/k5.h>

#include "app.h" /* COUNT_SERVE */

static uint32_t requests;

static void answer(struct k5_msg *m)
{
    m->w[0] = ++requests;
}

int main(void)
{
    k5_serve(COUNT_SERVE, answer);
}
