/* What a board gives to the kernel: a counter, an alarm, a safe state and a way to report an end.
 *
 * One implementation a board, in boards/<name>/. All functions are called with the kernel's
 * interrupts held off, none blocks but board_console_write, and each costs a few register accesses.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* The clock, and what has to be right before anything else. Called once, first of all. 0, or which
 * step failed: the kernel then stops with K5_PANIC_BOARD and this number. */
uint32_t board_start(void);

/* Open the memories and the devices that arch_cfg lists to the Non-secure side, and nothing else.
 * Called once, when the SAU is loaded. A controller that cannot do it: kernel_panic. */
void board_open(void);

/* Nothing static changes any more: lock what the part can lock until reset. Called once, right
 * before the first task runs. */
void board_lock(void);

/* Start the counter and make the alarm ready. Called once, by arch_boot, before any other. */
void board_timer_start(void);

/* The counter: 32 bits, counts up at K5_TICK_HZ from about 0, wraps, is never written. */
uint32_t board_timer_now(void);

/* Raise the alarm's interrupt when the counter reaches `at`; a time at most 2^31 ticks ago: at
 * once. Replaces the alarm before. May fire early by the few ticks that setting it takes, never
 * late. */
void board_alarm_set(uint32_t at);

/* The alarm's interrupt was taken: withdraw the request. Its line is K5_ALARM_LINE of board.toml;
 * by K5_WATCHDOG_LINE the watchdog says that nobody fed it; it resets the machine by itself if it
 * is not fed after that either. If the report of a reset takes longer than that, the board's code
 * feeds it meanwhile. The watchdog itself is a device that app.toml gives to a task.
 */
void board_alarm_clear(void);

/* Outputs off, devices taken back from the tasks, the alarm silent. Called when the kernel stops
 * for good or resets; may be called at any time, more than once. */
void board_safe_state(void);

/* Send one byte on the console. Only after board_safe_state(). Waits for room, but not for ever. */
void board_console_write(uint8_t byte);

#endif
