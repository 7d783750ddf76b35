/* A passive server that faults in each call, on the time that its caller lends it. */
#include <k5/k5.h>

#include "app.h"

static void answer(struct k5_msg *m)
{
    m->w[0] = *(volatile uint32_t *)0x28200000;
}

int main(void)
{
    k5_serve(STORE_SERVE, answer);
}
