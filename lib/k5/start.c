/* Start-up code of every task: the first instruction after a start or a restart.
 *
 * The kernel sets the stack pointer, its limit and all other registers (0). This code makes C's
 * promises true: .data has its initial values, .bss is zero. It runs on the task's own time, so a
 * restart costs the kernel no copying. Then the places for what messages bring, if there are any.
 *
 *   code region: text | constants | initial data ---copied---> RAM region: stack | data | bss
 */
#include <string.h>

#include "k5/k5.h"

/* From the linker script. Arrays, so that the names are addresses. */
extern const uint32_t k5_data_load[];
extern uint32_t k5_data_start[], k5_data_end[];
extern uint32_t k5_bss_start[], k5_bss_end[];

/* Unless the task has a K5_MSG_BUFFER. */
__attribute__((weak)) const struct k5_msg_buffer k5_msg_buffer = {NULL, 0};
/* Unless it has a K5_MSG_SLOT. */
__attribute__((weak)) const struct k5_msg_slot k5_msg_slot = {{0}, false};

int main(void);
_Noreturn void k5_start(void);

/* Nobody called it: a debugger's list of callers ends here. */
void k5_start(void)
{
    __asm__ volatile(".cfi_undefined lr");
    memcpy(k5_data_start, k5_data_load, (size_t)((char *)k5_data_end - (char *)k5_data_start));
    memset(k5_bss_start, 0, (size_t)((char *)k5_bss_end - (char *)k5_bss_start));
    if (k5_msg_buffer.size != 0 || k5_msg_slot.named) {
        k5_error error = k5_ipc_setup(0);
        if (error != K5_OK) {
            k5_panic(error);
        }
    }
    k5_exit((uint32_t)main());
}
