/* A server that dies of its first call. */
#include <k5/k5.h>

#include "app.h" /* SERVE is SAID_SERVE or SILENT_SERVE */

static void answer(struct k5_msg *m)
{
    (void)m;
    __asm__ volatile("udf #0");
}

int main(void)
{
    k5_serve(SERVE, answer);
}
