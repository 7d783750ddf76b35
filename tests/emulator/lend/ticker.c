/* Takes the processor from whoever has it, each millisecond. */
#include "app.h"
#include <k5/k5.h>

int main(void)
{
    for (;;) {
        k5_sleep(K5_MS(1));
    }
}
