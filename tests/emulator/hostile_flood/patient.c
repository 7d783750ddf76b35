/* A client whose calls take long: most of the time it waits for an answer, so that there is a reply
 * token that another task might guess. It tells at once if an answer is not its server's. */
#include <k5/k5.h>

#include "app.h" /* SLOW */
#include "slow.h"

int main(void)
{
    for (uint32_t n = 1;; n++) {
        struct k5_msg m = {.label = SLOW_ASK, .w = {n}};
        k5_error error = k5_call(SLOW, &m, K5_FOREVER);
        if (error != K5_OK || m.label != SLOW_ANSWER || m.w[0] != ~n) {
            K5_ERROR("VICTIM: {}, a forged answer {#x}, {#x}", k5_error_name(error), m.label,
                     m.w[0]);
        }
    }
}
