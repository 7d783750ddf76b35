/* Attacks on the boundary between Non-secure and Secure: ways in, ways back, stack pointers,
 * privilege.
 *
 * An attack that takes the stack pointer away never returns; it ends in a loop until it is
 * preempted, which is when the processor would write to where the pointer shows.
 */
#include <k5/k5.h>

#include "../common/places.h"
#include "../common/referee.h"
#include "app.h" /* K5_TICK_HZ */

#define FNC_RETURN           0xFEFFFFFFu
#define EXC_RETURN_NS_THREAD 0xFFFFFFBDu /* as if returning to a Non-secure thread */
#define EXC_RETURN_S_HANDLER 0xFFFFFFF1u /* to a Secure handler */
#define EXC_RETURN_S_THREAD  0xFFFFFFFDu
#define CLOBBERS             "r0", "r1", "r2", "r3", "r12", "lr", "memory"

static void jump(uint32_t address)
{
    __asm__ volatile("bx %0" ::"r"(address) : CLOBBERS);
}

/* Into the veneer with a forged way back; the call itself is `time`, which is harmless. */
static void veneer_enter(uint32_t way_back)
{
    __asm__ volatile("movs r4, %0\n"
                     "mov lr, %1\n"
                     "bx %2\n" ::"i"(K5_SYS_TIME),
                     "r"(way_back), "r"(VENEER_SG | 1u)
                     : "r4", "r10", "r11", CLOBBERS);
}

static void stack_at(uint32_t address)
{
    __asm__ volatile("mov sp, %0\n"
                     "1: b 1b\n" ::"r"(address)
                     : "memory");
}

/* As stack_at, with system calls (yield) in between, which need no stack of the task's own. */
static void stack_at_call(uint32_t address)
{
    __asm__ volatile("mov sp, %0\n"
                     "1: movs r4, %1\n"
                     "blx %2\n"
                     "mov r4, #10000\n"
                     "2: subs r4, #1\n"
                     "bne 2b\n"
                     "b 1b\n" ::"r"(address),
                     "i"(K5_SYS_YIELD), "r"(VENEER_SG | 1u)
                     : "memory");
}

#define WITH(name, action, value)                              \
    static void name(uint32_t address, const struct places *p) \
    {                                                          \
        (void)address;                                         \
        (void)p;                                               \
        action(value);                                         \
    }
WITH(past_sg, jump, (VENEER_SG + 4) | 1u)
WITH(past_sg_svc, jump, (VENEER_SG + 6) | 1u)
WITH(idle_loop, jump, IDLE_LOOP | 1u)
WITH(kernel_code, jump, (KERNEL_CODE + 0x400) | 1u)
WITH(kernel_alias, jump, (KERNEL_CODE_NS + 0x400) | 1u)
WITH(kernel_stack, jump, KERNEL_RAM | 1u)
WITH(system_space, jump, 0xE0000001u)
WITH(forged_function_return, jump, FNC_RETURN)
WITH(forged_return_ns, jump, EXC_RETURN_NS_THREAD)
WITH(forged_return_handler, jump, EXC_RETURN_S_HANDLER)
WITH(forged_return_secure, jump, EXC_RETURN_S_THREAD)
WITH(back_to_kernel, veneer_enter, (KERNEL_CODE + 0x400) | 1u)
WITH(back_past_sg, veneer_enter, (VENEER_SG + 4) | 1u)
WITH(back_to_nothing, veneer_enter, NOTHING | 1u)
WITH(back_to_victim, veneer_enter, p->victim_code | 1u)
WITH(back_function_return, veneer_enter, FNC_RETURN)
WITH(back_exception_return, veneer_enter, EXC_RETURN_S_THREAD)
WITH(back_exception_return_ns, veneer_enter, EXC_RETURN_NS_THREAD)
WITH(stack_kernel, stack_at, KERNEL_RAM + 0x400)
WITH(stack_secure, stack_at, SECURE_STACKS + 0x40)
WITH(stack_victim, stack_at, p->victim_data + 128)
WITH(stack_code, stack_at, ((uint32_t)(uintptr_t)&jump & ~7u) + 64)
WITH(stack_shared, stack_at, POOL_BASE + 128) /* lies below the stack: its limit is in the way */
WITH(stack_device, stack_at, UART1_NS + 0x100)
WITH(stack_system, stack_at, 0xE000EE00u)
WITH(stack_top, stack_at, 0xFFFFFFF8u)
WITH(stack_nothing, stack_at, NOTHING)
WITH(stack_zero, stack_at, 0)
WITH(call_stack_kernel, stack_at_call, KERNEL_RAM + 0x400)
WITH(call_stack_victim, stack_at_call, p->victim_data + 128)

/* Instructions that only privileged code may use: they do nothing. What they would have changed is
 * read back, where reading is allowed. */
static void privileged(uint32_t address, const struct places *p)
{
    uint32_t control = 0;
    (void)address;
    (void)p;
    __asm__ volatile("cpsid i\n"
                     "cpsid f\n"
                     "movs r0, #0\n"
                     "msr control, r0\n"
                     "isb\n"
                     "movs r0, #1\n"
                     "msr primask, r0\n"
                     "msr faultmask, r0\n"
                     "msr basepri, r0\n"
                     "movs r0, #0\n"
                     "msr psplim, r0\n"
                     "msr msplim, r0\n"
                     "msr msp, r0\n"
                     "msr psp, r0\n"
                     "mrs %0, control\n"
                     : "=r"(control)::"r0", "memory");
    if ((control & 1u) == 0) {
        K5_ERROR("WRONG: privileged now, CONTROL is {#x}", control);
    }
    k5_ticks until = k5_after(K5_MS(3)); /* the victims preempt this, if it did not mask them */
    while (k5_time() < until) {
    }
}

/* test target: harmless without privilege; it tells only about one's own memory */
static void test_target(uint32_t address, const struct places *p)
{
    uint32_t answer;
    (void)address;
    __asm__ volatile("tt %0, %1" : "=r"(answer) : "r"(p->victim_data));
    if (answer & (3u << 18)) { /* R, RW: readable, writable from here */
        K5_ERROR("WRONG: tt says that the victim's data is open: {#x}", answer);
    }
}

/* .inst: the assembler refuses these without the Secure state's flag. */
#define INSTRUCTION(name, code)                                \
    static void name(uint32_t address, const struct places *p) \
    {                                                          \
        (void)address;                                         \
        (void)p;                                               \
        __asm__ volatile("mov r0, sp\n" code ::: CLOBBERS);    \
    }
INSTRUCTION(test_target_alternate, ".inst.w 0xE840F080\n") /* tta r0, r0 */
INSTRUCTION(branch_nonsecure, ".inst.n 0x4704\n")          /* bxns r0 */
INSTRUCTION(call_nonsecure, ".inst.n 0x4784\n")            /* blxns r0 */
INSTRUCTION(gateway, ".inst.w 0xE97FE97F\n")               /* sg: does nothing here */

#define ENTRY    (FAULTS(SECURE_ENTRY) | FAULTS(SECURE))
#define STACKING (FAULTS(STACK_POINTER) | FAULTS(SECURE))

const struct attack attacks[] = {
    ATTACK("jump past the SG", FAULTS(SECURE_ENTRY), NULL, past_sg),
    ATTACK("jump to the veneer's SVC", FAULTS(SECURE_ENTRY), NULL, past_sg_svc),
    ATTACK("jump to the idle loop", FAULTS(SECURE_ENTRY), NULL, idle_loop),
    ATTACK("jump into the kernel", FAULTS(SECURE_ENTRY), NULL, kernel_code),
    ATTACK("jump into the kernel, other alias", FAULTS(SECURE_ENTRY), NULL, kernel_alias),
    ATTACK("jump into the kernel's data", FAULTS(SECURE_ENTRY), NULL, kernel_stack),
    ATTACK("jump into system space", FAULTS(EXECUTE), NULL, system_space),
    ATTACK("forged function return", FAULTS(RETURN), NULL, forged_function_return),
    ATTACK("forged return to Non-secure", FAULTS(RETURN), NULL, forged_return_ns),
    ATTACK("forged return to a handler", FAULTS(RETURN), NULL, forged_return_handler),
    ATTACK("forged return to Secure", FAULTS(RETURN), NULL, forged_return_secure),
    ATTACK("veneer back into the kernel", FAULTS(SECURE_ENTRY), NULL, back_to_kernel),
    ATTACK("veneer back past the SG", FAULTS(SECURE_ENTRY), NULL, back_past_sg),
    ATTACK("veneer back to nothing", FAULTS(SECURE_ENTRY), NULL, back_to_nothing),
    ATTACK("veneer back into a victim", FAULTS(EXECUTE), NULL, back_to_victim),
    ATTACK("veneer with a function return", FAULTS(RETURN), NULL, back_function_return),
    ATTACK("veneer with a Secure return", FAULTS(RETURN), NULL, back_exception_return),
    ATTACK("veneer with a Non-secure return", FAULTS(RETURN), NULL, back_exception_return_ns),
    ATTACK("stack pointer in the kernel", FAULTS(STACK_POINTER), NULL, stack_kernel),
    ATTACK("stack pointer in a Secure stack", FAULTS(STACK_POINTER), NULL, stack_secure),
    ATTACK("stack pointer in a victim", FAULTS(STACK_POINTER), NULL, stack_victim),
    ATTACK("stack pointer in shared memory", FAULTS(STACK), NULL, stack_shared),
    ATTACK("stack pointer in own code", FAULTS(STACK), NULL, stack_code),
    ATTACK("stack pointer in a device", FAULTS(STACK_POINTER), NULL, stack_device),
    ATTACK("stack pointer in system space", FAULTS(STACK_POINTER), NULL, stack_system),
    ATTACK("stack pointer at the top", FAULTS(STACK_POINTER), NULL, stack_top),
    ATTACK("stack pointer at nothing", FAULTS(STACK_POINTER), NULL, stack_nothing),
    ATTACK("stack pointer zero", FAULTS(STACK), NULL, stack_zero),
    ATTACK("system call on a kernel stack", FAULTS(STACK_POINTER), NULL, call_stack_kernel),
    ATTACK("system call on a victim's stack", FAULTS(STACK_POINTER), NULL, call_stack_victim),
    ATTACK("privileged instructions", RETURNS, NULL, privileged),
    ATTACK("tt", RETURNS, NULL, test_target),
    ATTACK("tta", FAULTS(UNDEFINED), NULL, test_target_alternate),
    ATTACK("bxns", FAULTS(UNDEFINED), NULL, branch_nonsecure),
    ATTACK("blxns", FAULTS(UNDEFINED), NULL, call_nonsecure),
    ATTACK("sg", RETURNS, NULL, gateway),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
