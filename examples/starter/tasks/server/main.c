/* server: adds up what it is sent. Its memory is its own: no other task can write total. */
#include <k5/k5.h>

#include "app.h" /* generated: SUM_SERVE from app.toml, sum_serve() from sum.toml */

static uint32_t total;

void sum_serve_add(uint32_t number, uint32_t *sum)
{
    total += number;
    *sum = total;
}

int main(void)
{
    K5_INFO("ready");
    sum_serve(SUM_SERVE);
}
