/* pong, a server: adds one to what it is sent. */
#include <k5/k5.h>

#include "app.h" /* generated: PONG_SERVE */
#include "pong.h"

static void answer(struct k5_msg *m)
{
    if (m->label == PONG_PING) {
        m->w[0] += 1;
    }
}

int main(void)
{
    K5_INFO("ready");
    k5_serve(PONG_SERVE, answer);
}
