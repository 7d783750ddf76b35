/* Attacks by a task that has the floating-point unit. */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"

extern uint32_t k5_stack_base[]; /* linker script */

#define CLOBBERS "r0", "r1", "r2", "r3", "r4", "r12", "lr", "memory"

/* With the address in r0; the unit was used before, so that it holds something. */
#define RUN(name, ...)                                                                       \
    static void name(uint32_t address, const struct places *p)                               \
    {                                                                                        \
        (void)p;                                                                             \
        __asm__ volatile("vmov s0, %0\n mov r0, %0\n" __VA_ARGS__::"r"(address) : CLOBBERS); \
    }
#define AIM(name, where)                              \
    static uint32_t name##_at(const struct places *p) \
    {                                                 \
        (void)p;                                      \
        return (where);                               \
    }
/* The stack pointer so far above the stack's lowest byte, then for ever in `what`. */
#define STACK_AT(name, above, what)                                                    \
    static void name(uint32_t address, const struct places *p)                         \
    {                                                                                  \
        (void)address;                                                                 \
        (void)p;                                                                       \
        __asm__ volatile(                                                              \
            "vmov s0, %0\n mov sp, %0\n" what ::"r"((uint32_t)k5_stack_base + (above)) \
            : CLOBBERS);                                                               \
    }

#define LONG_FRAME  104
#define SHORT_FRAME 32

RUN(use, "vmov.f32 s1, #1.0\n vadd.f32 s0, s1, s1\n vmrs r0, fpscr")
RUN(double_precision, ".inst.w 0xEE300B00") /* vadd.f64 d0, d0, d0 */
RUN(coprocessor, ".inst.w 0xEE100F10")      /* mrc p15, 0, r0, c0, c0, 0 */
RUN(load, "vldr s0, [r0]")
RUN(store, "vstr s0, [r0]")
RUN(lazy_save, ".inst.w 0xEC200A00") /* vlstm r0 */
RUN(lazy_load, ".inst.w 0xEC300A00") /* vlldm r0 */
RUN(pushes, "1: vpush {s0-s31}\n b 1b")
RUN(stack_elsewhere, "mov sp, r0\n 1: b 1b")
RUN(forged_return, "mvn r0, #0x12\n bx r0") /* 0xFFFFFFED */
STACK_AT(long_fits, LONG_FRAME, "1: b 1b")
STACK_AT(short_fits, LONG_FRAME - 8, "1: b 1b")
STACK_AT(nothing_fits, SHORT_FRAME - 8, "1: b 1b")
STACK_AT(fault_there, SHORT_FRAME, "udf #0")
STACK_AT(fault_fits, LONG_FRAME, "udf #0")

AIM(victim, p->victim_data)
AIM(kernel, KERNEL_RAM)
AIM(secure_stack, SECURE_STACKS)
AIM(kernel_code, KERNEL_CODE + 0x400)
AIM(cpacr, REG_CPACR)
AIM(nsacr, REG_CPACR + 4)
AIM(fpccr, REG_FPCCR)

/* The long frame goes to the small Secure stack, whatever the task's own stack pointer is. */
static void call_at_end(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    __asm__ volatile("ldr r0, =k5_stack_base\n"
                     "vmov s0, r0\n"
                     "ldr r1, =%c1\n"
                     "mov r2, sp\n"
                     "mov sp, r0\n"
                     "mov r4, %0\n"
                     "blx r1\n"
                     "mov sp, r2" ::"i"(K5_SYS_TIME),
                     "i"(VENEER_SG | 1u)
                     : CLOBBERS, "r5", "r6", "r8", "r9", "r10", "r11");
}

/* Faults in the veneer, at its BXNS, with the long frame on the small Secure stack. */
static void veneer_back(uint32_t address, const struct places *p)
{
    (void)p;
    __asm__ volatile("vmov s0, %0\n"
                     "orr lr, %0, #1\n"
                     "mov r4, %1\n"
                     "bx %2" ::"r"(address),
                     "i"(K5_SYS_TIME), "r"(VENEER_SG | 1u)
                     : CLOBBERS);
}

static void foreign_stack(uint32_t address, const struct places *p)
{
    (void)address;
    stack_elsewhere((p->victim_data & ~7u) + LONG_FRAME, p);
}

static void secure_stack_pointer(uint32_t address, const struct places *p)
{
    (void)address;
    stack_elsewhere(SECURE_STACKS + 176, p);
}

const struct attack attacks[] = {
    ATTACK("use of the unit", RETURNS, NULL, use),
    ATTACK("double precision", FAULTS(UNDEFINED), NULL, double_precision),
    ATTACK("coprocessor 15", FAULTS(FP), NULL, coprocessor),
    ATTACK("load of the victim's data", FAULTS(READ), victim_at, load),
    ATTACK("store to the victim's data", FAULTS(WRITE), victim_at, store),
    ATTACK("load from the kernel's memory", FAULTS(SECURE), kernel_at, load),
    ATTACK("store to a Secure stack", FAULTS(SECURE), secure_stack_at, store),
    ATTACK("CPACR", FAULTS(BUS), cpacr_at, store),
    ATTACK("NSACR", FAULTS(BUS), nsacr_at, store),
    ATTACK("FPCCR", FAULTS(BUS), fpccr_at, store),
    ATTACK("lazy save by hand", FAULTS(UNDEFINED), NULL, lazy_save),
    ATTACK("lazy load by hand", FAULTS(UNDEFINED), NULL, lazy_load),
    ATTACK("push of all registers without end", FAULTS(STACK), NULL, pushes),
    ATTACK("preempted where a long frame just fits", HANGS, NULL, long_fits),
    ATTACK("preempted where only a short frame fits", FAULTS(STACK), NULL, short_fits),
    ATTACK("preempted at the stack's end", FAULTS(STACK), NULL, nothing_fits),
    ATTACK("fault where only a short frame fits", FAULTS(STACK), NULL, fault_there),
    ATTACK("fault where a long frame just fits", FAULTS(UNDEFINED), NULL, fault_fits),
    ATTACK("system call at the stack's end", RETURNS, NULL, call_at_end),
    ATTACK("stack pointer in the victim's memory", FAULTS(STACK_POINTER), NULL, foreign_stack),
    ATTACK("stack pointer in Secure memory", FAULTS(STACK_POINTER), NULL, secure_stack_pointer),
    ATTACK("veneer back into the kernel", FAULTS(SECURE_ENTRY), kernel_code_at, veneer_back),
    ATTACK("forged return with a long frame", FAULTS(RETURN), NULL, forged_return),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
