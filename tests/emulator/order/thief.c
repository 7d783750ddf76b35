/* A server that tries to answer a call that it did not take: the hub tells it the token. */
#include <k5/k5.h>

#include "app.h" /* THIEF_SERVE */

static void answer(struct k5_msg *m)
{
    struct k5_msg stolen = {.token = m->w[0], .w = {666}};
    m->w[0] = k5_reply(&stolen);
}

int main(void)
{
    k5_serve(THIEF_SERVE, answer);
}
