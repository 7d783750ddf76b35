/* Attacks with single instructions, and with the stack. */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"

extern uint32_t k5_stack_base[]; /* linker script */

#define RUN(name, ...)                                         \
    static void name(uint32_t address, const struct places *p) \
    {                                                          \
        (void)address;                                         \
        (void)p;                                               \
        __asm__ volatile(__VA_ARGS__);                         \
    }
#define CLOBBERS "r0", "r1", "r2", "r3", "r4", "r12", "lr", "memory"
RUN(undefined, "udf #0" ::: "memory")
RUN(undefined_wide, "udf.w #1" ::: "memory")
RUN(svc, "svc #0" ::: CLOBBERS)
RUN(svc_255, "svc #255" ::: CLOBBERS)
RUN(breakpoint, "bkpt #0" ::: "memory")
RUN(semihosting, "movs r0, #0x18\n bkpt #0xAB" ::: CLOBBERS)
RUN(float_move, ".inst.w 0xEEB00A40" ::: "memory")              /* vmov.f32 s0, s0 */
RUN(float_load, "mov r0, sp\n .inst.w 0xED900A00" ::: CLOBBERS) /* vldr s0, [r0] */
RUN(float_status, ".inst.w 0xEEF10A10" ::: CLOBBERS)            /* vmrs r0, fpscr */
RUN(coprocessor, ".inst.w 0xEE100F10" ::: CLOBBERS)             /* mrc p15, 0, r0, c0, c0, 0 */
RUN(branch_even, "mov r0, pc\n bx r0" ::: CLOBBERS)
RUN(pair_unaligned, "mov r0, sp\n adds r0, #1\n ldrd r1, r2, [r0]" ::: CLOBBERS)
RUN(many_unaligned, "mov r0, sp\n adds r0, #2\n ldmia r0!, {r1-r3}" ::: CLOBBERS)
RUN(word_unaligned, "mov r0, sp\n adds r0, #1\n ldr r1, [r0]" ::: CLOBBERS)
RUN(wait_for_interrupt, "wfi\n wfe\n sev\n yield" ::: "memory")
RUN(endless, "1: b 1b" ::: "memory")
RUN(stack_sunk, "2: push {r0-r7}\n b 2b" ::: "memory")
RUN(stack_jump, "sub.w sp, sp, #0x800" ::: "memory") /* over the whole stack, below its end */
RUN(stack_edge, "mov r0, %0\n adds r0, #8\n mov sp, r0\n 1: b 1b" ::"r"(k5_stack_base) : CLOBBERS)

static uint32_t sink;

static uint32_t recurse(volatile uint32_t *deeper)
{
    volatile uint32_t here[8] = {*deeper};
    if (*deeper == 0) {
        return here[0];
    }
    return recurse(deeper) + here[1];
}

static void recursion(uint32_t address, const struct places *p)
{
    volatile uint32_t deeper = 1;
    (void)address;
    (void)p;
    sink = recurse(&deeper);
}

static void division(uint32_t address, const struct places *p)
{
    volatile uint32_t zero = 0;
    (void)address;
    (void)p;
    uint32_t result;
    __asm__ volatile("udiv %0, %1, %2" : "=r"(result) : "r"(7), "r"(zero));
}

const struct attack attacks[] = {
    ATTACK("undefined instruction", FAULTS(UNDEFINED), NULL, undefined),
    ATTACK("undefined instruction, 32 bits", FAULTS(UNDEFINED), NULL, undefined_wide),
    ATTACK("raw SVC", FAULTS(SVC), NULL, svc),
    ATTACK("raw SVC 255", FAULTS(SVC), NULL, svc_255),
    ATTACK("breakpoint", FAULTS(BREAKPOINT), NULL, breakpoint),
    ATTACK("semihosting call", FAULTS(BREAKPOINT), NULL, semihosting),
    ATTACK("floating point move", FAULTS(FP), NULL, float_move),
    ATTACK("floating point load", FAULTS(FP), NULL, float_load),
    ATTACK("floating point status", FAULTS(FP), NULL, float_status),
    ATTACK("coprocessor 15", FAULTS(FP), NULL, coprocessor),
    ATTACK("branch to an even address", FAULTS(STATE), NULL, branch_even),
    ATTACK("unaligned pair", FAULTS(UNALIGNED), NULL, pair_unaligned),
    ATTACK("unaligned load of many", FAULTS(UNALIGNED), NULL, many_unaligned),
    ATTACK("unaligned word", RETURNS, NULL, word_unaligned),
    ATTACK("division by zero", FAULTS(DIVIDE), NULL, division),
    ATTACK("wfi", RETURNS, NULL, wait_for_interrupt),
    ATTACK("endless loop below the victims", HANGS, NULL, endless),
    ATTACK("recursion without end", FAULTS(STACK), NULL, recursion),
    ATTACK("push without end", FAULTS(STACK), NULL, stack_sunk),
    ATTACK("stack pointer below the stack", FAULTS(STACK), NULL, stack_jump),
    ATTACK("preempted at the stack's end", FAULTS(STACK), NULL, stack_edge),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
