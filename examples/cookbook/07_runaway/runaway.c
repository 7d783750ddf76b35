/* runaway: more urgent than steady, and never waits. */
#include <k5/k5.h>

#include "app.h"

static volatile uint32_t turns;

int main(void)
{
    K5_INFO("into the loop");
    for (;;) {
        turns++;
    }
}
