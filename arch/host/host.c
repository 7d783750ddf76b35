/* The fake machine of unit tests: does what arch.h promises with plain variables. */
#include "arch/host/host.h"

#include <stdlib.h>
#include <string.h>

#include "boards/board.h"

struct host host;
uint8_t host_memory[HOST_MEMORY];

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
    host.again[task] = false;
}

void arch_again(task_t task)
{
    host.again[task] = true;
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

/* Which byte of host_memory an address is. RAM and code of the tests' tables differ in bit 29; what
 * is further apart than that may be one byte, so tests keep their regions close. */
static uint32_t place(uint32_t address)
{
    return (address % (HOST_MEMORY / 2u)) + ((address >> 29 & 1u) != 0 ? HOST_MEMORY / 2u : 0u);
}

uint8_t host_byte(uint32_t address)
{
    return (uint8_t)(host_memory[place(address)] ^ address);
}

void host_byte_set(uint32_t address, uint8_t byte)
{
    host_memory[place(address)] = (uint8_t)(byte ^ address);
}

/* As the contract has it: pieces of 4 bytes, then of 1. */
bool arch_copy(task_t from, uint32_t source, task_t to, uint32_t target, uint32_t length)
{
    uint8_t piece[4];

    (void)from;
    (void)to;
    for (uint32_t i = 0, n = 0; i < length; i += n) {
        n = length - i < sizeof piece ? 1 : sizeof piece;
        for (uint32_t j = 0; j < n; j++) {
            piece[j] = host_byte(source + i + j);
        }
        for (uint32_t j = 0; j < n; j++) {
            host_byte_set(target + i + j, piece[j]);
        }
    }
    host.copies++;
    return !host.copy_refused;
}

bool arch_copy_in(task_t task, void *to, uint32_t from, uint32_t length)
{
    (void)task;
    for (uint32_t i = 0; i < length; i++) {
        ((uint8_t *)to)[i] = host_byte(from + i);
    }
    return true;
}

void arch_map(task_t task, uint32_t place, uint32_t base, uint32_t size, uint8_t rights)
{
    host.map_base[task][place] = base;
    host.map_size[task][place] = size;
    host.map_rights[task][place] = rights;
}

void arch_unmap(task_t task, uint32_t place)
{
    host.map_size[task][place] = 0;
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
