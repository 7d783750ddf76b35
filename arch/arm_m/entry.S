/* Every way into the kernel and out of it, the veneer, and the idle loop.
 *
 *   ordinary task (Non-secure, unprivileged)      kernel (Secure, handler mode, main stack)
 *     blx veneer --> SG; SVC #0 ----------------> svc_entry       --> kernel_syscall
 *     interrupt --------------------------------> interrupt_entry --> interrupt_take
 *     anything forbidden -----------------------> fault_entry     --> fault_of_task
 *                                                 k.current still the same? yes: back
 *     <------------------------------------------ switch: save, MPU_NS, stacks, load
 *
 * Between enter and leave, the context of the thread that was interrupted is:
 *   r4-r11              in arch_port.live
 *   r0-r3 r12 lr pc xpsr  stacked by the hardware, on the stack that EXC_RETURN names
 *   PSP_S, PSP_NS, EXC_RETURN  in the machine (r6 = EXC_RETURN); `switch` saves them
 *   CONTROL_S = CONTROL_NS = unprivileged, process stack, PRIMASK_NS = 1: the same for all
 *
 * Register atlas of the kernel's side:
 *   r4  context that was live at entry      r6  EXC_RETURN of the thread at entry
 *   r5  &arch_port                          all three are kept by C functions
 */
#include "abi/k5_abi.h"
#include "arch/arm_m/armv8m.h"
#include "arch/arm_m/context.h"

    .syntax unified
    .cpu cortex-m33
    .fpu fpv5-sp-d16         /* for s16-s31 of tasks with fp, nothing else */
    .thumb

/* A label that C or the hardware enters. */
    .macro ENTRY name
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

/* Save what C functions keep for their caller, so that it can be read and written by index.
 * LIVE IN: r4-r11 of the thread, lr = EXC_RETURN. Out: r4, r5, r6 as in the atlas. */
    .macro enter
    ldr r3, =arch_port
    ldr r2, [r3, #PORT_LIVE]
    stmia r2, {r4-r11}
    mov r4, r2
    mov r5, r3
    mov r6, lr
    .endm

/* The last instruction of a way out. The label costs nothing: `k5 bench` finds the ends of the
 * kernel's entries by it. */
    .macro EXIT name
    .global arch_exit_\name
arch_exit_\name:
    bx lr
    .endm

/* Back to the thread if the kernel chose it again, else on to `switch`. LIVE IN: r4, r5, r6. */
    .macro leave name
    ldr r1, =k
    ldrb r0, [r1, #KERNEL_CURRENT]
    ldrb r1, [r5, #PORT_TASK]
    cmp r0, r1
    bne switch
    mov lr, r6
    ldmia r4, {r4-r11}
    EXIT \name
    .endm

/* ---- vectors ----------------------------------------------------------------------------- */
    .section .vectors, "a", %progbits
    .global arch_vectors
arch_vectors:
    .word arch_stack_top
    .word reset_entry
    .word fault_entry        /* 2 NMI: nothing raises it, so it is a kernel fault */
    .word fault_entry        /* 3 HardFault */
    .word fault_entry        /* 4 MemManage */
    .word fault_entry        /* 5 BusFault */
    .word fault_entry        /* 6 UsageFault */
    .word fault_entry        /* 7 SecureFault */
    .word 0, 0, 0
    .word svc_entry          /* 11 SVCall */
    .word fault_entry        /* 12 DebugMonitor */
    .word 0
    .word interrupt_entry    /* 14 PendSV */
    .word interrupt_entry    /* 15 SysTick */
    .rept K5_LINE_MAX
    .word interrupt_entry
    .endr

    .text

/* ---- FROM reset. LIVE IN: nothing; main stack empty -------------------------------------- */
    ENTRY reset_entry
    ldr r0, =arch_stack_base
    msr msplim, r0
    b machine_boot

/* ---- FROM the veneer's SVC, or arch_start. LIVE IN: r4-r11 = A0-A7, lr ------------------- */
    ENTRY svc_entry
    cmn lr, #-EXC_RETURN_S_THREAD & 0xFF /* exactly: Secure thread mode, process stack, no fp */
    bne svc_other
svc_of_task:
    enter
    bl kernel_syscall
    leave syscall

svc_other:
    .if K5_FP_TASKS
    cmn lr, #-EXC_RETURN_S_THREAD_FP & 0xFF
    beq svc_of_task
    .endif

/* The veneer called in handler mode: cannot be while the Non-secure side has no exceptions of its
 * own; the only other SVC is arch_start's. */
    mov r0, lr
    mov r6, lr
    bl machine_start         /* panics unless this is the start */
    ldr r1, =arch_stack_top
    msr msp, r1              /* forget the boot's frame */
    mov r0, #1
    msr primask_ns, r0       /* a Non-secure exception becomes a Secure fault */
    mov r0, #3
    msr control_ns, r0       /* unprivileged, process stack */
    msr control, r0
    mvn r0, #7
    msr msplim_ns, r0        /* nothing uses the Non-secure main stack */
    isb
    ldr r5, =arch_port
    ldr r1, =k
    ldrb r0, [r1, #KERNEL_CURRENT]
    b switch

/* ---- FROM any interrupt. LIVE IN: r4-r11, lr --------------------------------------------- */
    ENTRY interrupt_entry
    enter
    bl interrupt_take
    leave interrupt

/* ---- FROM any fault. LIVE IN: r4-r11, lr ------------------------------------------------- */
    ENTRY fault_entry
    and r0, lr, #EXC_RETURN_THREAD | EXC_RETURN_PROCESS_STACK
    cmp r0, #EXC_RETURN_THREAD | EXC_RETURN_PROCESS_STACK
    bne fault_in_kernel
    enter
    mov r0, lr
    bl fault_of_task
    leave fault

fault_in_kernel:             /* returns only if it was in machine_copy */
    mrs r0, msp
    push {r3, lr}
    bl fault_of_kernel
    pop {r3, pc}

/* ---- FROM leave, svc_other: another thread runs next ------------------------------------ *
 * LIVE IN: r0 = k.current, which is not arch_port.task; r5 = &arch_port; r6 = EXC_RETURN to save.
 * If the old thread has fp (EXC_RETURN says so), s16-s31 are saved and NSACR closes; if the new one
 * has it, NSACR opens and they are loaded over whatever is there. Apps without fp have none of it.
 * The idle loop needs no MPU_NS (it runs no Non-secure code), so the image of the last task stays:
 * a task that wakes from idle is often that one. */
switch:
    ldr r4, [r5, #PORT_LIVE]
    mrs r1, psp
    mrs r2, psp_ns
    adds r4, #CONTEXT_STACKS
    stmia r4, {r1, r2, r6}
    .if K5_FP_TASKS
    tst r6, #EXC_RETURN_NO_FP
    beq fp_save
    .endif
switch_saved:
    strb r0, [r5, #PORT_TASK]
    ldr r4, =arch_context
    cmp r0, #0xFF            /* K5_IDLE */
    beq switch_to_idle
    add r4, r4, r0, lsl #CONTEXT_SHIFT
    ldrb r1, [r5, #PORT_MPU]
    str r4, [r5, #PORT_LIVE]
    cmp r0, r1
    beq load
    strb r0, [r5, #PORT_MPU]
    ldr r1, =arch_images
    ldr r2, =MPU_RNR + SCS_NS
    add r1, r1, r0, lsl #IMAGE_SHIFT
    movs r3, #0              /* regions 0-3 */
    str r3, [r2], #4
    ldmia r1!, {r0, r3, r6-r11}
    stmia r2, {r0, r3, r6-r11}
    movs r3, #4              /* regions 4-7 */
    str r3, [r2, #-4]
    ldmia r1, {r0, r3, r6-r11}
    stmia r2, {r0, r3, r6-r11}
    .if K5_LENDS || K5_GIVES
    ldr r1, =k
    ldrb r0, [r5, #PORT_TASK]
    ldr r2, [r1, #KERNEL_MAPPED]
    lsrs r2, r0              /* has it mapped anything in k.map? */
    lsls r2, #31
    bpl mapped
    bl map_reload            /* by arch_map; r4 and r5 stay */
mapped:
    .endif
    dsb                      /* the unstacking at the end already obeys the new map */
    isb
load: /* LIVE IN: r4 = context to load */
    add r0, r4, #CONTEXT_STACKS
    ldmia r0, {r0-r3, r12}   /* psp_s, psp_ns, exc_return, psplim_s, psplim_ns */
    .if K5_FP_TASKS
    tst r2, #EXC_RETURN_NO_FP
    beq fp_load
    .endif
load_stacks:
    msr psplim, r3
    msr psp, r0
    msr psplim_ns, r12
    msr psp_ns, r1
    mov lr, r2
    ldmia r4, {r4-r11}
    EXIT switch

switch_to_idle:
    add r4, r4, #CONTEXT_IDLE << CONTEXT_SHIFT
    str r4, [r5, #PORT_LIVE]
    b load

    .if K5_FP_TASKS
fp_save: /* LIVE IN: r0; r4 = stacks of the old context; r5 */
    ldr r1, [r4, #STACKS_PSPLIM]
    ldr r2, =SCB_NSACR
    movs r3, #0
    cbz r1, fp_close         /* CONTEXT_NONE has no stack: nobody wants them back */
    adds r1, #FP_STACK_S16
    vstmia r1, {s16-s31}
fp_close:
    str r3, [r2]             /* another Non-secure task means another MPU_NS: its barriers do */
    b switch_saved

fp_load: /* LIVE IN: r0-r3, r12, r4 as loaded from the new context */
    ldr r5, =SCB_NSACR
    mov r6, #NSACR_FP
    add r7, r3, #FP_STACK_S16
    str r6, [r5]
    vldmia r7, {s16-s31}     /* s0-s15 and FPSCR: by the exception return */
    dsb                      /* which already obeys NSACR */
    isb
    b load_stacks
    .endif

/* ---- FROM arch_copy, arch_copy_in. uint32_t machine_copy(to, from, length > 0) ------------ *
 * 1, or 0 if an access faulted. By words at any address (the core splits them), two at a time.
 * Nothing else of the kernel may fault, and all that these do is touch what task_covers() has
 * granted, so the fault handler asks for no more than the pc. */
    ENTRY machine_copy
    .global machine_copy_end, machine_copy_refused
    subs r2, #8
    blo 2f
1:  ldr r3, [r1], #4
    str r3, [r0], #4
    ldr r3, [r1], #4
    str r3, [r0], #4
    subs r2, #8
    bhs 1b
2:  adds r2, #8              /* what is left */
    beq 4f
3:  ldrb r3, [r1], #1
    strb r3, [r0], #1
    subs r2, #1
    bne 3b
4:  dsb                      /* a bus error that comes late still comes here */
machine_copy_end:
    movs r0, #1
    bx lr
machine_copy_refused:
    movs r0, #0
    bx lr

    .ltorg

/* ---- the veneer: the only Secure code that a task can enter ------------------------------ *
 * LIVE IN: r4-r11 = A0-A7, lr = where to return (SG clears its bit 0, so BXNS stays Non-secure).
 * Nothing of Secure state is in a register: the hardware brings r0-r3, r12 and the flags back as
 * they came. Filled with undefined instructions, 32 bytes each, linked at a fixed address. */
    .section .veneer, "ax", %progbits
    .global arch_veneer_bxns
    ENTRY arch_veneer
    sg
    svc #0
arch_veneer_bxns:
    bxns lr
    .balignw 32, 0xDE00

/* ---- the idle loop: Secure, unprivileged, so that it can do nothing but wait ------------- */
    ENTRY arch_idle          /* for debuggers: nobody called it */
    .cfi_sections .debug_frame; .cfi_startproc; .cfi_undefined lr
    wfi
    b arch_idle
    .cfi_endproc
    .balignw 32, 0xDE00
