/* A server that dies in its first call; nobody handles that. */
#include <k5/k5.h>

#include "app.h" /* MORTAL_SERVE */

static void answer(struct k5_msg *m)
{
    (void)m;
    k5_sleep(K5_MS(5)); /* another caller queues */
    k5_panic(1);
}

int main(void)
{
    k5_serve(MORTAL_SERVE, answer);
}
