/* A client without fp of servers with and without. */
#include <k5/k5.h>

#include "app.h" /* ROOT, COUNT, TALLY_BASE */
#include "tally.h"

int main(void)
{
    for (;;) {
        struct k5_msg m = {.label = ROOT_OF, .w = {0x41100000}}; /* 9 */
        k5_error error = k5_call(ROOT, &m, K5_FOREVER);
        TALLY->wrong[2] += error != K5_OK || m.w[0] != 0x40400000 ? 1 : 0; /* 3 */
        m.label = COUNT_ONE;
        error = k5_call(COUNT, &m, K5_FOREVER);
        TALLY->wrong[2] += error != K5_OK || m.w[0] == 0 ? 1 : 0;
        TALLY->calls[2] += 2;
    }
}
