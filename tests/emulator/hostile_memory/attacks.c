/* Attacks on memory: everything that is not the attacker's, and its own in ways it may not be used.
 */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"

/* From the linker script: the task's memory is stack | data | bss, rounded up to 32 bytes. */
extern uint32_t k5_stack_base[];
extern uint32_t k5_bss_end[];

static volatile uint32_t own_data = 0x4770BF00; /* Thumb: nop; bx lr */

/* ---- where ---- */
static uint32_t victim_data(const struct places *p)
{
    return p->victim_data;
}

static uint32_t victim_code(const struct places *p)
{
    return p->victim_code;
}

#define PLACE(name, address)                     \
    static uint32_t name(const struct places *p) \
    {                                            \
        (void)p;                                 \
        return (address);                        \
    }
PLACE(own_code, (uint32_t)(uintptr_t)victim_data & ~3u)
PLACE(own_bytes, (uint32_t)(uintptr_t)&own_data)
PLACE(uart, UART1_NS)
PLACE(logger_uart, UART0_NS)
PLACE(timer, TIMER0_NS)
PLACE(log_ring, LOG_RING)
PLACE(before, (uint32_t)(uintptr_t)k5_stack_base - 4)

/* ---- what ---- */
static void load(uint32_t address, const struct places *p)
{
    (void)p;
    (void)*(volatile uint32_t *)(uintptr_t)address;
}

static void store(uint32_t address, const struct places *p)
{
    (void)p;
    *(volatile uint32_t *)(uintptr_t)address = 0xDEADBEEF;
}

static void jump(uint32_t address, const struct places *p)
{
    (void)p;
    __asm__ volatile("blx %0" ::"r"(address | 1u) : "r0", "r1", "r2", "r3", "r12", "lr", "memory");
}

static void stack_run(uint32_t address, const struct places *p)
{
    volatile uint32_t code = 0x4770BF00;
    (void)address;
    jump((uint32_t)(uintptr_t)&code, p);
}

/* ---- what, at an address that the fault record cannot name exactly ---- */
#define AT(name, action, address)                             \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        action((address), p);                                 \
    }
AT(alias_store, store, p->victim_data + ALIAS_BIT)
AT(kernel_code_load, load, KERNEL_CODE)
AT(kernel_code_store, store, KERNEL_CODE)
AT(kernel_alias_load, load, KERNEL_CODE_NS)
AT(kernel_ram_load, load, KERNEL_RAM)
AT(kernel_ram_store, store, KERNEL_RAM)
AT(kernel_ram_alias_store, store, KERNEL_RAM_NS)
AT(secure_stack_store, store, SECURE_STACKS)
AT(veneer_store, store, VENEER_SG)
AT(veneer_load, load, VENEER_SG)
AT(code_alias_load, load, TASK_CODE_SECURE)
AT(timer_secure_store, store, TIMER0_S)
AT(controller_store, store, SECURITY_CONTROLLER)
AT(nothing_load, load, NOTHING)
AT(mpu_load, load, REG_MPU_CTRL)
AT(mpu_store, store, REG_MPU_CTRL)
AT(sau_store, store, REG_SAU_CTRL)
AT(vtor_store, store, REG_VTOR)
AT(nvic_store, store, REG_NVIC_ISER)

static void reset_ask(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    *(volatile uint32_t *)(uintptr_t)REG_AIRCR = AIRCR_RESET;
}

static uint32_t own_end(void)
{
    return ((uint32_t)(uintptr_t)k5_bss_end + 31u) & ~31u;
}

/* (One load that lies half in, half behind the region faults on a processor; QEMU checks its first
 * byte only.) */
static uint32_t behind(const struct places *p)
{
    (void)p;
    return own_end();
}

static void store_across(uint32_t address, const struct places *p)
{
    (void)p;
    __asm__ volatile("stmia %0, {r0-r3}" ::"r"(address - 8) : "memory");
}

const struct attack attacks[] = {
    ATTACK("read a victim's data", FAULTS(READ), victim_data, load),
    ATTACK("write a victim's data", FAULTS(WRITE), victim_data, store),
    ATTACK("execute a victim's data", FAULTS(EXECUTE), victim_data, jump),
    ATTACK("read a victim's code", FAULTS(READ), victim_code, load),
    ATTACK("write a victim's code", FAULTS(WRITE), victim_code, store),
    ATTACK("execute a victim's code", FAULTS(EXECUTE), victim_code, jump),
    ATTACK("write a victim's data, Secure alias", FAULTS(SECURE), NULL, alias_store),
    ATTACK("read task code, Secure alias", FAULTS(SECURE), NULL, code_alias_load),
    ATTACK("read the kernel's code", FAULTS(SECURE), NULL, kernel_code_load),
    ATTACK("write the kernel's code", FAULTS(SECURE), NULL, kernel_code_store),
    ATTACK("read the kernel's code, other alias", FAULTS(SECURE), NULL, kernel_alias_load),
    ATTACK("read the kernel's data", FAULTS(SECURE), NULL, kernel_ram_load),
    ATTACK("write the kernel's data", FAULTS(SECURE), NULL, kernel_ram_store),
    ATTACK("write the kernel's data, other alias", FAULTS(SECURE), NULL, kernel_ram_alias_store),
    ATTACK("write a Secure stack", FAULTS(SECURE), NULL, secure_stack_store),
    ATTACK("read the veneer", FAULTS(SECURE), NULL, veneer_load),
    ATTACK("write the veneer", FAULTS(SECURE), NULL, veneer_store),
    ATTACK("read a device of nobody", FAULTS(READ), uart, load),
    ATTACK("write a device of nobody", FAULTS(WRITE), uart, store),
    ATTACK("read another task's device", FAULTS(READ), logger_uart, load),
    ATTACK("write another task's device", FAULTS(WRITE), logger_uart, store),
    ATTACK("write the kernel's timer", FAULTS(WRITE), timer, store),
    ATTACK("write the kernel's timer, Secure alias", FAULTS(SECURE), NULL, timer_secure_store),
    ATTACK("write the security controller", FAULTS(SECURE), NULL, controller_store),
    ATTACK("read the log ring", FAULTS(READ), log_ring, load),
    ATTACK("write the log ring", FAULTS(WRITE), log_ring, store),
    ATTACK("read where nothing is", FAULTS(SECURE), NULL, nothing_load),
    ATTACK("read the MPU", FAULTS(BUS), NULL, mpu_load),
    ATTACK("write the MPU", FAULTS(BUS), NULL, mpu_store),
    ATTACK("write the SAU", FAULTS(BUS), NULL, sau_store),
    ATTACK("write the vector table register", FAULTS(BUS), NULL, vtor_store),
    ATTACK("write the interrupt controller", FAULTS(BUS), NULL, nvic_store),
    ATTACK("ask for a reset", FAULTS(BUS), NULL, reset_ask),
    ATTACK("write own code", FAULTS(WRITE), own_code, store),
    ATTACK("execute own data", FAULTS(EXECUTE), own_bytes, jump),
    ATTACK("execute own stack", FAULTS(EXECUTE), NULL, stack_run),
    ATTACK("read behind own memory", FAULTS(READ), behind, load),
    ATTACK("write across the end of own memory", FAULTS(WRITE), behind, store_across),
    ATTACK("read before own memory", FAULTS(READ), before, load),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
