/* A server that panics in each life before it receives. */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    k5_sleep(K5_MS(20));
    k5_panic(2);
}
