/* Answers with the badge of the caller. */
#include <k5/k5.h>

#include "app.h"

static void answer(struct k5_msg *m)
{
    m->w[0] = m->badge;
}

int main(void)
{
    k5_serve(ECHO_SERVE, answer);
}
