/* The end: something the kernel relies on does not hold, so nothing that it does can be trusted.
 *
 * It reports, puts the board into its safe state and stops. It never returns to a task. Only here
 * does the kernel touch a UART itself, to send what the log drain has not sent.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "boards/board.h"
#include "kernel/contract.h"

_Noreturn void kernel_panic(uint32_t where, uint32_t value)
{
    uint8_t byte;

    board_safe_state();
    log_panic(where, value);
    while (log_drain(&byte)) {
        board_console_write(byte);
    }
    arch_halt();
}
