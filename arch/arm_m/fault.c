/* A fault of a task: what it did, in K5's words, from the machine's fault registers.
 *
 * A Non-secure task's fault ends here as SecureFault, BusFault or (escalated, for the Non-secure
 * side has no handlers and PRIMASK_NS = 1) HardFault. Both banks of the status registers are read
 * once, judged by pure functions, and cleared, so that the next fault starts clean.
 *
 *   which stack holds the frame?  EXC_RETURN.S = 0: the task's own: believed only if it lies in its
 *                                 RAM and no stacking error was flagged; reading it unchecked could
 *                                 fault again (and then the machine locks up)
 *                                 EXC_RETURN.S = 1: in the veneer: its small Secure stack
 */
#include "arch/arm_m/fault.h"

#include "abi/k5_panic.h"
#include "arch/arch.h"
#include "arch/arm_m/access.h"
#include "arch/arm_m/armv8m.h"
#include "arch/arm_m/machine.h"

/* ---- reading and clearing ---------------------------------------------------------------- */

static struct fault_status status_read(void)
{
    return (struct fault_status){
        .hfsr = machine_read(SCB_HFSR),
        .cfsr = machine_read(SCB_CFSR) | machine_read(SCB_CFSR + SCS_NS),
        .sfsr = machine_read(SAU_SFSR),
        .mmfar = (machine_read(SCB_CFSR + SCS_NS) & CFSR_MMARVALID) != 0u
                     ? machine_read(SCB_MMFAR + SCS_NS)
                     : machine_read(SCB_MMFAR),
        .bfar = machine_read(SCB_BFAR),
    };
}

/* Also what stays pending when an exception's own stacking failed: an SVC would otherwise be taken
 * later, by a thread that never asked for it. */
static void status_clear(void)
{
    machine_write(SCB_HFSR, UINT32_MAX);
    machine_write(SCB_CFSR, UINT32_MAX);
    machine_write(SCB_CFSR + SCS_NS, UINT32_MAX);
    machine_write(SAU_SFSR, UINT32_MAX);
    machine_write(SCB_SHCSR, machine_read(SCB_SHCSR) & ~(uint32_t)SHCSR_PENDED);
    machine_write(SCB_SHCSR + SCS_NS,
                  machine_read(SCB_SHCSR + SCS_NS) & ~(uint32_t)SHCSR_PENDED_NS);
}

/* ---- the frame --------------------------------------------------------------------------- */

/* On a stack overflow during stacking the hardware leaves SP at its limit and writes nothing. */
static bool frame_trusted(task_t task, const struct fault_status *status, uint32_t psp,
                          uint32_t size)
{
    return (status->cfsr & CFSR_STACKING) == 0u && psp % 8u == 0u &&
           task_covers(task, psp, size, K5_MEM_READ | K5_MEM_WRITE) &&
           ((status->cfsr & CFSR_STKOF) == 0u || psp != cfg.stack_base[task]);
}

/* Fill reg; true if the stacked half of it is known. */
static bool registers_read(task_t task, uint32_t exc_return, const struct fault_status *status,
                           uint32_t reg[K5_REG_COUNT])
{
    uint32_t psp = machine_psp_ns();
    uint32_t size = (exc_return & EXC_RETURN_NO_FP) != 0u ? sizeof(struct frame) : FRAME_FP;
    bool secure = (exc_return & EXC_RETURN_S) != 0u;
    struct frame none = {.xpsr = 0};

    if (secure) {
        registers_fill(reg, (const struct frame *)context_secure_stack(task), task);
        reg[K5_REG_SP] = psp;
        reg[K5_REG_PC] = reg[K5_REG_LR]; /* in the veneer: who called it is what helps */
        return true;
    }
    if (!frame_trusted(task, status, psp, size)) {
        registers_fill(reg, &none, task);
        reg[K5_REG_SP] = psp;
        return false;
    }
    registers_fill(reg, (const struct frame *)psp, task);
    reg[K5_REG_SP] = psp + size + ((reg[K5_REG_COUNT - 1u] & XPSR_PADDED) != 0u ? 4u : 0u);
    return true;
}

/* ---- the instruction --------------------------------------------------------------------- */

/* Halfword at `address` of the task's code, or 0 (which is no load, store or SVC). */
static uint16_t code_at(task_t task, uint32_t address)
{
    if (!task_covers(task, address, 2, K5_MEM_EXECUTE) || (address & 1u) != 0u) {
        return 0;
    }
    return *(const volatile uint16_t *)address;
}

static struct access access_of(task_t task, const uint32_t reg[K5_REG_COUNT])
{
    uint32_t pc = reg[K5_REG_PC];
    uint16_t half = code_at(task, pc);

    return access_decode(half, access_is_wide(half) ? code_at(task, pc + 2u) : (uint16_t)0, reg);
}

/* ---- entries ----------------------------------------------------------------------------- */

void fault_of_task(uint32_t exc_return)
{
    struct fault_status status = status_read();
    task_t task = arch_port.task;
    uint32_t reg[K5_REG_COUNT];

    status_clear();
    if (task >= K5_TASKS) { /* the idle loop, or nobody yet */
        kernel_panic(K5_PANIC_EXCEPTION, arch_cfg.idle.base);
    }
    bool framed = registers_read(task, exc_return, &status, reg);
    struct access access = {.known = false};

    if (framed && (exc_return & EXC_RETURN_S) == 0u) {
        access = access_of(task, reg);
    }
    struct fault fault = fault_judge(&status, framed, &access, reg);

    kernel_fault(fault.cause, fault.flags, fault.address, reg);
}

void fault_of_kernel(struct frame *frame)
{
    if (frame->pc >= ((uint32_t)machine_copy & ~1u) && frame->pc < (uint32_t)machine_copy_end) {
        status_clear();
        frame->pc = (uint32_t)machine_copy_refused & ~1u;
        return;
    }
    kernel_panic(K5_PANIC_EXCEPTION, frame->pc);
}
