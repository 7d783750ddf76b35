/* server: adds up what it is sent. Its memory is its own: no other task can write sum. */
#include <k5/k5.h>

#include "app.h" /* generated from app.toml: SUM_SERVE */
#include "server.h"

static uint32_t sum;

static void answer(struct k5_msg *m)
{
    if (m->label == SUM_ADD) {
        sum += m->w[0];
        m->w[0] = sum;
    }
}

int main(void)
{
    K5_INFO("ready");
    k5_serve(SUM_SERVE, answer);
}
