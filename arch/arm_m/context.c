/* Contexts: what the kernel may know of a task that does not run, and a fresh start.
 *
 * A fresh context looks like a system call that is about to return: its frame lies on the task's
 * small Secure stack, its pc is the BXNS of the veneer and its lr the task's entry. So the kernel
 * never writes to a task's stack, and a task can be started whatever its memory looks like.
 *
 *   secure stack:  | r0-r3 r12 lr=entry pc=BXNS xpsr | seal seal |
 *                  ^ psp_s, also its limit
 *   with fp:       | the same | s0-s15 FPSCR, all 0 | seal seal | s16-s31, all 0 |
 */
#include "arch/arm_m/context.h"
#include "arch/arch.h"
#include "arch/arm_m/armv8m.h"
#include "arch/arm_m/machine.h"

/* In a section of its own, so that the compiler addresses it by itself and not as a part of what
 * happens to lie before it: an argument is one load then. */
__attribute__((section(".bss.arch_context"))) struct context arch_context[CONTEXTS];
struct port arch_port;

/* ---- a fresh start ----------------------------------------------------------------------- */

uint32_t context_secure_stack(uint32_t index)
{
    return arch_cfg.secure_stack[index];
}

static bool context_has_fp(uint32_t index)
{
    return index < K5_TASKS && (arch_cfg.fp_tasks >> index & 1u) != 0u;
}

/* All of it 0, so that a new life finds nothing of the last one; returns where the seal goes. */
static uint32_t *fp_reset(struct fp_stack *stack)
{
    volatile uint32_t *word = stack->s0; /* volatile: not by memset, which goes byte by byte */

    for (uint32_t i = 0; i < (sizeof *stack - offsetof(struct fp_stack, s0)) / 4u; i++) {
        word[i] = 0;
    }
    return stack->seal;
}

/* lr: where the veneer's BXNS goes; pc: where the context resumes, in Secure state. */
static void frame_reset(uint32_t index, uint32_t lr, uint32_t pc)
{
    struct frame *frame = (struct frame *)context_secure_stack(index);
    uint32_t *seal = (uint32_t *)(frame + 1);

    *frame = (struct frame){.lr = lr, .pc = pc, .xpsr = XPSR_T};
    if (context_has_fp(index)) {
        seal = fp_reset((struct fp_stack *)frame);
    }
    seal[0] = STACK_SEAL;
    seal[1] = STACK_SEAL;
}

static void context_reset(uint32_t index, uint32_t psp_ns, uint32_t psplim_ns)
{
    arch_context[index] = (struct context){
        .psp_s = context_secure_stack(index),
        .psp_ns = psp_ns,
        .exc_return = context_has_fp(index) ? EXC_RETURN_S_THREAD_FP : EXC_RETURN_S_THREAD,
        .psplim_s = context_secure_stack(index),
        .psplim_ns = psplim_ns,
    };
}

/* If it is the live context, what is in the machine is not to be saved into it any more. */
void arch_task_reset(task_t task)
{
    context_reset(task, cfg.stack_base[task] + cfg.stack_size[task], cfg.stack_base[task]);
    frame_reset(task, cfg.entry[task] & ~1u, arch_veneer_return());
    if (arch_port.task == task) {
        arch_port.live = &arch_context[CONTEXT_NONE];
        arch_port.task = PORT_NOBODY;
    }
}

/* The frame's pc is the veneer's return: its SVC is the instruction before. */
void arch_again(task_t task)
{
    ((struct frame *)context_secure_stack(task))->pc = arch_veneer_return() - 2u;
}

void context_idle_reset(void)
{
    context_reset(CONTEXT_IDLE, 0, 0);
    frame_reset(CONTEXT_IDLE, 0, arch_cfg.idle.base);
}

/* ---- a task in a system call ------------------------------------------------------------- */

/* pc is where the veneer returns to: the instruction after the call. */
uint8_t arch_registers(task_t task, uint32_t reg[K5_REG_COUNT])
{
    const struct frame *frame = (const struct frame *)context_secure_stack(task);

    registers_fill(reg, frame, task);
    reg[K5_REG_SP] = arch_port.task == task ? machine_psp_ns() : arch_context[task].psp_ns;
    reg[K5_REG_PC] = frame->lr & ~1u;
    return K5_FAULT_HAS_FRAME;
}

void registers_fill(uint32_t reg[K5_REG_COUNT], const struct frame *frame, task_t task)
{
    for (uint32_t i = 0; i < 4u; i++) {
        reg[i] = frame->r[i];
    }
    for (uint32_t i = 0; i < 8u; i++) {
        reg[4u + i] = arch_context[task].r[i];
    }
    reg[12] = frame->r12;
    reg[K5_REG_LR] = frame->lr;
    reg[K5_REG_PC] = frame->pc;
    reg[K5_REG_COUNT - 1u] = frame->xpsr;
}

/* ---- user memory ------------------------------------------------------------------------- */

bool arch_copy(task_t from, uint32_t source, task_t to, uint32_t target, uint32_t length)
{
    (void)from, (void)to; /* the kernel sees all Non-secure memory; task_covers() has judged */
    return machine_copy(target, source, length) != 0u;
}

bool arch_copy_in(task_t task, void *to, uint32_t from, uint32_t length)
{
    (void)task;
    return machine_copy((uint32_t)to, from, length) != 0u;
}
