/* Games with the stack pointer: it is set to one place after the other, then three things are done:
 *
 *   call   a system call that blocks for a while. It uses the task's Secure stack only, so it works
 *          wherever the pointer shows; then the pointer is put back.
 *   loop   an endless loop, until a timer interrupt is to be stacked
 *   udf    an undefined instruction, whose exception is to be stacked
 *
 * A frame has 32 bytes and its address is a multiple of 8. Below the limit already the write to SP
 * faults. Own memory, from its lower end:   limit | stack | top | data, bss | end
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/places.h"
#include "../common/referee.h"
#include "app.h" /* K5_TICK_HZ */

extern uint32_t k5_stack_base[]; /* linker script */
extern uint32_t k5_stack_top[];
extern uint32_t k5_ram_end[];

static volatile uint8_t own_data[256]; /* so that there is something between top and end */

#define LIMIT ((uint32_t)(uintptr_t)k5_stack_base)
#define TOP   ((uint32_t)(uintptr_t)k5_stack_top)
#define END   (((uint32_t)(uintptr_t)k5_ram_end + 31u) & ~31u)
#define DATA  ((uint32_t)(uintptr_t)own_data)

/* r0-r3 are kept by the kernel: r0 holds the good stack pointer. */
static void call(uint32_t address)
{
    k5_ticks until = k5_after(K5_US(50));
    register uint32_t r1 __asm__("r1") = address;
    register uint32_t r2 __asm__("r2") = VENEER_SG | 1u;
    register uint32_t op __asm__("r4") = k5_op(K5_SYS_WAIT, 0, 0);
    register uint32_t mask __asm__("r5") = 0;
    register uint32_t low __asm__("r10") = (uint32_t)until;
    register uint32_t high __asm__("r11") = (uint32_t)(until >> 32);
    __asm__ volatile("mov r0, sp\n"
                     "mov sp, r1\n"
                     "blx r2\n"
                     "mov sp, r0\n"
                     : "+r"(op), "+r"(mask), "+r"(low), "+r"(high)
                     : "r"(r1), "r"(r2)
                     : "r0", "r6", "r7", "r8", "r9", "lr", "cc", "memory");
    if ((op & 0xFFu) != K5_TIMEOUT || k5_time() < until) {
        K5_ERROR("WRONG: the call gave {}", k5_error_name(op & 0xFFu));
        k5_panic(op);
    }
}

static void loop(uint32_t address)
{
    __asm__ volatile("mov sp, %0\n"
                     "1: b 1b\n" ::"r"(address)
                     : "memory");
}

static void udf(uint32_t address)
{
    __asm__ volatile("mov sp, %0\n"
                     "udf #0\n" ::"r"(address)
                     : "memory");
}

#define ONE(name, action, address)                            \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        (void)p;                                              \
        action(address);                                      \
    }
#define PLACE(name, address)          \
    ONE(name##_call, call, (address)) \
    ONE(name##_loop, loop, (address)) \
    ONE(name##_udf, udf, (address))
PLACE(limit_less_104, LIMIT - 104)
PLACE(limit_less_32, LIMIT - 32)
PLACE(limit_less_8, LIMIT - 8)
PLACE(limit_less_4, LIMIT - 4)
PLACE(limit, LIMIT)
PLACE(limit_4, LIMIT + 4)
PLACE(limit_8, LIMIT + 8)
PLACE(limit_28, LIMIT + 28)
PLACE(limit_32, LIMIT + 32)
PLACE(limit_36, LIMIT + 36)
PLACE(limit_104, LIMIT + 104)
PLACE(top_less_4, TOP - 4)
PLACE(top, TOP)
PLACE(data, DATA + 64)
PLACE(end, END)
PLACE(end_4, END + 4)
PLACE(end_8, END + 8)
PLACE(end_32, END + 32)
PLACE(victim, p->victim_data + 132)
PLACE(own_alias, TOP + ALIAS_BIT)
PLACE(code, ((uint32_t)(uintptr_t)&call & ~31u) + 32)
PLACE(ring, LOG_RING + 128)
PLACE(secure_own, SECURE_STACKS + 32)  /* of task 0, the attacker: a frame would fit exactly */
PLACE(secure_seal, SECURE_STACKS + 44) /* its seal, and 4 bytes of the next */
PLACE(kernel_edge, KERNEL_RAM + 4)
PLACE(kernel_alias, KERNEL_RAM_NS + 32)
PLACE(kernel_top, SECURE_STACKS + 0x10000u) /* the end of the kernel's RAM */
PLACE(veneer, VENEER_SG + 32)
PLACE(device_edge, UART0_NS)
PLACE(device_secure, SECURITY_CONTROLLER + 256)
PLACE(mpu, REG_MPU_CTRL + 36)
PLACE(zero_4, 4)
PLACE(last_8, 0xFFFFFFF8u)
PLACE(last_4, 0xFFFFFFFCu)

#define UNLUCKY (FAULTS(STACK) | FAULTS(STACK_POINTER))
#define CALL(where, outcome, what)                                             \
    {                                                                          \
        .name = "SP " where ", call", .expect = (outcome), .run = what##_call, \
        .again = (outcome) == RETURNS ? UNLUCKY : 0                            \
    }
#define THREE(where, what, on_call, on_loop, on_udf)                                      \
    CALL(where, on_call, what), ATTACK("SP " where ", loop", on_loop, NULL, what##_loop), \
        ATTACK("SP " where ", udf", on_udf, NULL, what##_udf)
/* The write to SP faults; no frame fits above the limit; it fits; it cannot be written. */
#define BELOW(where, what) THREE(where, what, FAULTS(STACK), FAULTS(STACK), FAULTS(STACK))
#define TIGHT(where, what) THREE(where, what, RETURNS, FAULTS(STACK), FAULTS(STACK))
#define FITS(where, what)  THREE(where, what, RETURNS, HANGS, FAULTS(UNDEFINED))
#define FOREIGN(where, what) \
    THREE(where, what, RETURNS, FAULTS(STACK_POINTER), FAULTS(STACK_POINTER))

const struct attack attacks[] = {
    BELOW("104 below the limit", limit_less_104),
    BELOW("32 below the limit", limit_less_32),
    BELOW("8 below the limit", limit_less_8),
    BELOW("4 below the limit", limit_less_4),
    TIGHT("at the limit", limit),
    TIGHT("4 above the limit", limit_4),
    TIGHT("8 above the limit", limit_8),
    TIGHT("28 above the limit", limit_28),
    FITS("32 above the limit", limit_32),
    FITS("36 above the limit", limit_36),
    FITS("104 above the limit", limit_104),
    FITS("4 below the top", top_less_4),
    FITS("at the top", top),
    FITS("in own data", data),
    FITS("at the end of own memory", end),
    FITS("4 past own memory", end_4), /* rounded down to a multiple of 8 it is the end */
    FOREIGN("8 past own memory", end_8),
    FOREIGN("32 past own memory", end_32),
    FOREIGN("in a victim's data, 4 off", victim),
    FOREIGN("in own memory, Secure alias", own_alias),
    BELOW("in own code", code),
    BELOW("in the log ring", ring),
    FOREIGN("in its own Secure stack", secure_own),
    FOREIGN("in a Secure stack's seal", secure_seal),
    FOREIGN("at the kernel's data, 4 off", kernel_edge),
    BELOW("in the kernel's data, other alias", kernel_alias),
    FOREIGN("at the end of the kernel's RAM", kernel_top),
    BELOW("in the veneer", veneer),
    FOREIGN("at a device's first byte", device_edge),
    FOREIGN("in a Secure device", device_secure),
    FOREIGN("in the MPU, 4 off", mpu),
    BELOW("4", zero_4),
    FOREIGN("0xFFFFFFF8", last_8),
    FOREIGN("0xFFFFFFFC", last_4),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
