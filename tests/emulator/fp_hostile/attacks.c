/* Attacks by a task that has the floating-point unit. */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"

extern uint32_t k5_stack_base[]; /* linker script */

#define CLOBBERS "r0", "r1", "r2", "r3", "r4", "r12", "lr", "memory"

/* With the address in r0; the unit was used before, so that it holds something. */
#define RUN(name, ...)                                                              \
    static void name(uint32_t address, const struct places *p)                      \
    {                                                                               \
        (void)p;                                                                    \
        __asm__ volatile("vmov s0, %0\n mov r0, %0\n" __VA_ARGS__::"r"(address)     \
                         : CLOBBERS);                                               \
    }
#define AIM(name, where)                                \
    static uint32_t name##_at(const struct places *p)   \
    {                                                   \
        (void)p;                                        \
        return (where);                                 \
    }
/* The stack pointer so far above the stack's lowest byte, then for ever in `what`. */
#define STACK_AT(name, above, what)                                                           \
    static void name(uint32_t address, const struct places *p)                                \
    {                                                                                         \
        (void)address;                                                                        \
        (void)p;                                                                              \
        __asm__ volatile("vmov s0, %0\n mov sp, %0\n" what ::"r"((uint32_t)k5_stack_base +    \
                                                                 (above))                     \
                         : CLOBBERS);                                                         \
    }

#define LONG_FRAME  104
#define SHORT_FRAME 32

RUN(use, "vmov.f32 s1, #1.0\n vadd.f32 s0, s1, s1\n vmrs r0, fpscr")
RUN(double_precision, ".inst.w 0xEE300B00")   /* vadd.f64 d0, d0, d0 */
RUN(coprocessor, ".inst.w 0xEE100F10")        /* mrc p15, 0, r0, c0, c0, 0 */
RUN(load, "vldr s0, [r0]")
RUN(store, "vstr s0, [r0]")
RUN(lazy_save, ".inst.w 0xEC200A00")          /* vlstm r0 */
RUN(lazy_load, ".inst.w 0xEC300A00")          /* vlldm r0 */
RUN(pushes, "1: vpush {s0-s31}\n b 1b")
RUN(stack_elsewhere, "mov sp, r0\n 1: b 1b")
RUN(forged_return, "mvn r0, #0x12\n bx r0")   /* 0xFFFFFFED */
STACK_AT(long_fits, LONG_FRAME, "1: b 1b")
STACK_AT(short_fits, LONG_FRAME - 8, "1: b 1b")
STACK_AT(nothing_fits, SHORT_FRAME - 8, "1: b 1b")
STACK_AT(fault_there, SHORT_FRAME, "udf #0")

AIM(load, p->victim_data)
AIM(kernel, KERNEL_RAM)
AIM(secure_stack, SECURE_STACKS)
AIM(cpacr, 0xE000ED88u)
AIM(nsacr, 0xE000ED8Cu)
AIM(fpccr, 0xE000EF34u)
AIM(own, (uint32_t)k5_stack_base)
AIM(stack_end, (uint32_t)k5_stack_base)
AIM(victim_stack, p->victim_data & ~7u)
AIM(half, ((uint32_t)k5_stack_base & ~7u))

/* A long frame of this task goes to its Secure stack, whatever its own stack pointer is. */
static void call_at_end(uint32_t address, const struct places *p)
{
    (void)p;
    uint32_t kept;
    __asm__ volatile("mov %0, sp\n mov sp, %1\n" : "=&r"(kept) : "r"(address) : "memory");
    (void)k5_time;
    __asm__ volatile("mov sp, %0" ::"r"(kept) : "memory");
}
