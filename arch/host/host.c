/* The fake machine of unit tests: does what arch.h promises with plain variables. */
#include "arch/host/host.h"

#include <stdlib.h>
#include <string.h>

#include "boards/board.h"

struct host host;

void arch_boot(void)
{
}

_Noreturn void arch_start(void)
{
    abort(); /* a unit test drives the kernel's entries itself */
}

_Noreturn void arch_halt(void)
{
    abort();
}

_Noreturn void arch_reset(void)
{
    host.machine_resets++;
    abort();
}

void arch_task_reset(task_t task)
{
    memset(host.arg[task], 0, sizeof host.arg[task]);
    host.resets[task]++;
}

uint32_t arch_arg(task_t task, uint32_t i)
{
    return host.arg[task][i];
}

void arch_result(task_t task, uint32_t i, uint32_t value)
{
    host.arg[task][i] = value;
}

void arch_msg_move(task_t from, task_t to)
{
    memcpy(&host.arg[to][K5_A_W0], &host.arg[from][K5_A_W0], K5_MSG_WORDS * sizeof(uint32_t));
}

uint8_t arch_registers(task_t task, uint32_t reg[K5_REG_COUNT])
{
    (void)task;
    memset(reg, 0, K5_REG_COUNT * sizeof reg[0]);
    return 0;
}

/* A task's "memory" is a pattern of its addresses, so that a test can tell what was copied. */
bool arch_copy_in(task_t task, void *to, uint32_t from, uint32_t length)
{
    (void)task;
    for (uint32_t i = 0; i < length; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(from + i);
    }
    return true;
}

uint32_t arch_now(void)
{
    uint32_t now = host.counter;

    host.counter += host.read_ticks;
    return now;
}

void arch_alarm(uint32_t at)
{
    host.alarm = at;
    host.alarms++;
}

void arch_line_mask(uint32_t line)
{
    host.open[line / 32u] &= ~(1u << (line % 32u));
}

void arch_line_unmask(uint32_t line)
{
    host.open[line / 32u] |= 1u << (line % 32u);
}

void arch_line_clear(uint32_t line)
{
    host.pending[line / 32u] &= ~(1u << (line % 32u)) | host.level[line / 32u];
}

bool arch_protection_valid(void)
{
    return true;
}

void board_safe_state(void)
{
    host.safe_states++;
}

void board_console_write(uint8_t byte)
{
    (void)byte;
}
