/* A server without a buffer: it learns the length and nothing else. */
#include <k5/k5.h>

#include "app.h" /* MUTE_SERVE */
#include "long.h"

static void answer(struct k5_msg *m)
{
    m->w[2] = m->in != NULL;
    m->w[3] = m->w[0] + m->w[1]; /* the words of a long message came as well */
    m->w[0] = m->in_size;
    m->w[1] = m->in_sent;
}

int main(void)
{
    k5_serve(MUTE_SERVE, answer);
}
