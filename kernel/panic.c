/* The end: something the kernel relies on does not hold, so nothing that it does can be trusted.
 *
 * It reports, puts the board into its safe state and stops. It never returns to a task. Only here
 * does the kernel touch a UART itself, to send what the log drain has not sent.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "boards/board.h"
#include "kernel/contract.h"

/* A panic inside the report must not report again. */
static bool panicking;

static void send_log(void)
{
    uint8_t byte;

    while (log_drain(&byte)) {
        board_console_write(byte);
    }
}

/* What was logged goes out first: the report finds room then, and stands last. */
_Noreturn void kernel_panic(uint32_t where, uint32_t value)
{
    board_safe_state();
    if (!panicking) {
        panicking = true;
        send_log();
        log_panic(where, value);
        send_log();
    }
    arch_halt();
}
