/* busy: takes all the time that it can get: 2 ms in each 10. */
#include <k5/k5.h>

#include "app.h"

static volatile uint32_t turns;

int main(void)
{
    for (;;) {
        turns++;
    }
}
