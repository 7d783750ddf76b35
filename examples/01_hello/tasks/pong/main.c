/* pong, a server: adds one to what it is sent. */
#include <k5/k5.h>

#include "app.h" /* generated: PONG_SERVE, pong_serve() */

void pong_serve_ping(uint32_t number, uint32_t *next)
{
    *next = number + 1;
}

int main(void)
{
    K5_INFO("ready");
    pong_serve(PONG_SERVE);
}
