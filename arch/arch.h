/* The seam between the portable kernel and a port. Each port implements all of it; arch/host is the
 * fake machine for unit tests and proofs. docs/adr/0005-arch-seam.md says why each is here.
 *
 * A port owns the saved contexts; kernel/ never sees an offset. All functions are called from a
 * kernel entry, with interrupts of the kernel's priority held off, and none blocks.
 */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/config.h"

/* ---- start and end -------------------------------------------------------------------------- */

/* Set the machine up: protection, exception priorities, the boot images of the tables. Called once,
 * before the kernel's state exists. kernel_panic if the machine lacks what the image needs. */
void arch_boot(void);

/* Leave the kernel for k.current for the first time. Does not return. */
_Noreturn void arch_start(void);

/* Stop for ever with all interrupts off. */
_Noreturn void arch_halt(void);

/* Begin anew as after power-on: every device in its reset state, the boot code runs. Does not
 * return. Memory in the section .noinit keeps what was written to it before. */
_Noreturn void arch_reset(void);

/* ---- contexts ------------------------------------------------------------------------------- */

/* Give the task a fresh context: cfg.entry, stack empty, all registers zero. Whatever the old
 * context was (in a system call, half stacked, faulted) is gone. */
void arch_task_reset(task_t task);

/* The system call that the task is in, or begins with after arch_task_reset, is made anew when the
 * task runs next, with the argument registers as they are then. Interrupts that wait come before.
 */
void arch_again(task_t task);

/* Three that every system call uses; a port defines them in its arch_inline.h, inline if it can:
 *
 * uint32_t arch_arg(task_t task, uint32_t i);
 *     Argument register A(i), 0 <= i < K5_A_COUNT, of a task that is in a system call.
 * void arch_result(task_t task, uint32_t i, uint32_t value);
 *     Set it: the task sees the value on return.
 * void arch_msg_move(task_t from, task_t to);
 *     Copy the four message words A2..A5 from one task's context to another's. from != to. */
#include "arch_inline.h"

/* Registers of a task that is in a system call, as for a fault record; returns K5_FAULT_HAS_*. The
 * pc is where the call returns to. Words that cannot be had are 0. */
uint8_t arch_registers(task_t task, uint32_t reg[K5_REG_COUNT]);

/* ---- memory --------------------------------------------------------------------------------- */

/* Copy `length` bytes (1 .. K5_BUFFER_MAX) from the memory of one task to that of another. Upwards,
 * in pieces of at most 4 bytes: where source and target overlap, which they can do in a shared
 * region only, a target below its source gets all of it as it was. The caller has asked task_covers
 * of both. False if the machine refused after all; then the target is undefined. */
bool arch_copy(task_t from, uint32_t source, task_t to, uint32_t target, uint32_t length);

/* Copy `length` bytes (1 .. K5_LOG_BYTES) from the memory of the running task, whose protection is
 * the one that is loaded. The caller has asked task_covers. False if the machine refused after all;
 * then `to` is undefined. */
bool arch_copy_in(task_t task, void *to, uint32_t from, uint32_t length);

/* The task has this memory mapped, too: its place `place` for lent memory, 0 <= place <
 * cfg.map_count. base and size are multiples of K5_GRAIN, rights READ or READ with WRITE, never to
 * be executed. At once if its protection is loaded; else map_reload() says it again when it is. */
void arch_map(task_t task, uint32_t place, uint32_t base, uint32_t size, uint8_t rights);

/* It has not any more. At once, likewise. */
void arch_unmap(task_t task, uint32_t place);

/* ---- time ----------------------------------------------------------------------------------- */

/* The free-running counter: 32 bits, counts up at K5_TICK_HZ, is never written. */
uint32_t arch_now(void);

/* Ask for kernel_alarm when the counter reaches `at`. A time not more than 2^31 ticks ago fires at
 * once. Replaces the alarm before. kernel_alarm always ends in this function, so a port whose timer
 * asserts its line until it is set anew needs no acknowledgement of its own. */
void arch_alarm(uint32_t at);

/* ---- interrupt lines ------------------------------------------------------------------------
 * Of those that cfg gives to tasks: irq_line. All are masked when arch_boot returns; the port calls
 * kernel_interrupt for one that is open and raised. The kernel's own lines (alarm, watchdog) are no
 * business of these three, and a line that is neither is a kernel_panic. */

/* The line causes no interrupt from now on, not even one that is under way. */
void arch_line_mask(uint32_t line);

/* It does from now on, at once if it is pending. */
void arch_line_unmask(uint32_t line);

/* Forget that it was raised. A level that still stands raises it anew. */
void arch_line_clear(uint32_t line);

/* ---- checks --------------------------------------------------------------------------------- */

/* True if the ready-made protection images grant exactly what the region tables say and the
 * machine's static images keep the kernel to itself. Pure; also run by the tool on the host. */
bool arch_protection_valid(void);

#endif
