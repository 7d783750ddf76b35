/* The end: something the kernel relies on does not hold, or the system as a whole must begin anew.
 *
 *   kernel_panic     the kernel's own assertion, or the loss of the supervisor
 *   kernel_reset     a task with on-fault = "reset" faulted
 *   kernel_watchdog  nobody fed the watchdog
 *
 * Each puts the board into its safe state, keeps the reason, sends what the log drain has not sent
 * and halts or resets; none returns to a task. Only here does the kernel touch a UART itself.
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

/* A serial line holds two bytes, one that it sends and one that waits: two more push the log out.
 * To a decoder they are empty frames. */
static _Noreturn void restart_machine(void)
{
    board_console_write(0);
    board_console_write(0);
    arch_reset();
}

/* The loss of the supervisor is a decision, not an assertion. What is wrong with the image or the
 * part would be wrong after a reset too, and cfg cannot be believed then. */
static bool resets(uint32_t where)
{
    switch (where) {
    case K5_PANIC_SUPERVISOR: return true;
    case K5_PANIC_MPU:
    case K5_PANIC_SAU:
    case K5_PANIC_IMAGE:
    case K5_PANIC_CONFIG:
    case K5_PANIC_BOARD: return false;
    default: return cfg.on_assert == K5_ON_ASSERT_RESET;
    }
}

static struct reset reason_of(uint32_t where, uint32_t value)
{
    if (where == K5_PANIC_SUPERVISOR && value < K5_TASKS) {
        return reset_of_task(K5_RESET_SUPERVISOR, (task_t)value);
    }
    return (struct reset){.reason = K5_RESET_ASSERT,
                          .task = k.current,
                          .cause = (uint8_t)(where & 0xFFu),
                          .value = value};
}

/* What was logged goes out first: the report finds room then, and stands last. */
_Noreturn void kernel_panic(uint32_t where, uint32_t value)
{
    board_safe_state();
    if (!panicking) {
        panicking = true;
        reset_keep(reason_of(where, value));
        send_log();
        log_panic(where, value);
        send_log();
    }
    if (K5_TRACE) {
        trace_last();
    }
    if (resets(where)) {
        restart_machine();
    }
    arch_halt();
}

static _Noreturn void end(struct reset why)
{
    board_safe_state();
    reset_keep(why);
    send_log();
    if (K5_TRACE) {
        trace_last();
    }
    restart_machine();
}

_Noreturn void kernel_reset(task_t task)
{
    end(reset_of_task(K5_RESET_FAULT, task));
}

_Noreturn void kernel_watchdog(void)
{
    end((struct reset){.reason = K5_RESET_WATCHDOG, .task = k.current});
}
