/* Preempts the others, each time with a map of its own. */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    for (;;) {
        k5_sleep(K5_US(300));
    }
}
