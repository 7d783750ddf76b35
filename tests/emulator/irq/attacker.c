/* No irq is this task's, so no slot acknowledges anything. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "app.h"

int main(void)
{
    struct k5_msg m = {.label = 1};
    uint32_t refused = 0;

    if (k5_call(DRIVER, &m, K5_FOREVER) != K5_OK) { /* when its lives are over */
        K5_ERROR("WRONG: no answer");
    }
    for (uint32_t slot = 0; slot < 256; slot++) {
        refused += k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, slot, 0), 0) != K5_OK ? 1u : 0u;
    }
    K5_INFO("attacker: {} acknowledgements refused", refused);
    return 0;
}
