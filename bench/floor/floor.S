/* The floor: the least that a call and its reply cost on this machine, with no kernel worth the
 * name. Two Non-secure unprivileged tasks; a Secure handler that on every SVC saves one, moves four
 * words, loads the protection map of the other and returns to it. It checks nothing, has no
 * capabilities, no queues, no time and no errors: what K5 counts above it is what all that costs.
 *
 *   client (Non-secure)        kernel (Secure, handler mode)        server (Non-secure)
 *     ldm; blx veneer --> SG; SVC --> svc_entry: save, words, map, load --> BXNS --> loop
 *     BXNS <------------------------- the same the other way <------------- SVC; SG
 *
 * By hand, without regions: client ldm, blx, SG, SVC; kernel 21; BXNS; server b, blx, SG, SVC;
 * kernel 21; BXNS: 52 instructions. With 4 regions 8 more each way, with 8 another 4 each way.
 *
 * REGIONS (0, 4 or 8): how many MPU_NS regions a switch loads; with 0, MPU_NS is off.
 * Everything that is written once at boot is as in K5: SAU, MPC, PRIS, PRIMASK_NS, one small sealed
 * Secure stack for each task. MPU_S is off: it is static, so it costs a switch nothing.
 */
#include "arch/arm_m/armv8m.h"

    .syntax unified
    .cpu cortex-m33
    .thumb

#define ROUNDS 128

/* A context; its offsets. */
#define STACKS   32 /* psp_s, psp_ns, exc_return, psplim_s, psplim_ns */
#define PEER     52
#define IMAGE    64 /* eight pairs RBAR, RLAR */
#define RAM_NS   0x28200000
#define CODE_NS  0x00200000
#define MPC_CODE 0x58007000
#define MPC_RAM  0x58009000

    .macro ENTRY name
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

/* *address = value */
    .macro POKE address, value
    ldr r0, =\address
    ldr r1, =\value
    str r1, [r0]
    .endm

    .section .vectors, "a", %progbits
    .word kernel_stack_top
    .word reset
    .rept 9
    .word fault
    .endr
    .word svc_entry
    .word fault, 0
    .word start /* 14 PendSV */
    .word fault

/* ---- boot -------------------------------------------------------------------------------- */
    .text
    ENTRY fault /* the run then never reaches floor_done, and the tool says so */
    b fault

    ENTRY reset
    POKE SCB_VTOR, 0x10000000
    POKE SCB_AIRCR, AIRCR_SECURE
    POKE SCB_SHPR1, 0x20202020
    POKE SCB_SHPR2, 0x40404040
    POKE SCB_SHPR3, 0x40404040
    POKE SAU_RNR, 0
    POKE SAU_RBAR, CODE_NS
    POKE SAU_RLAR, 0x003FFFE1
    POKE SAU_RNR, 1
    POKE SAU_RBAR, RAM_NS
    POKE SAU_RLAR, 0x283FFFE1
    POKE SAU_RNR, 2
    POKE SAU_RBAR, 0x10010000
    POKE SAU_RLAR, 0x10010023 /* Non-secure callable */
    POKE SAU_CTRL, 1
    POKE 0x50080014, 1 /* NSCCFG: the callable range in the code area is obeyed */
    ldr r0, =MPC_CODE
    ldr r1, =0x200000
    bl mpc_open
    ldr r0, =MPC_RAM
    movs r1, #0
    bl mpc_open
    POKE MPU_MAIR0 + SCS_NS, 0x000000FF
    POKE MPU_CTRL + SCS_NS, (REGIONS > 0)
    dsb
    isb
    POKE SCB_ICSR, 0x10000000 /* pend PendSV: a handler is the way to a task */
    dsb
    isb
    b fault

/* r0 = controller, r1 = offset: all blocks from there to the end become Non-secure. */
mpc_open:
    ldr r2, [r0, #0x14] /* BLK_CFG: log2 of the size of a block, less 5 */
    and r2, r2, #0xF
    adds r2, #10 /* 32 blocks a word */
    lsrs r1, r2
    ldr r3, [r0] /* CTRL: no auto increment */
    bic r3, r3, #0x100
    str r3, [r0]
    ldr r2, [r0, #0x10] /* BLK_MAX */
    mov r3, #-1
1:  str r1, [r0, #0x18] /* BLK_IDX */
    str r3, [r0, #0x1C] /* BLK_LUT */
    adds r1, #1
    cmp r1, r2
    bls 1b
    bx lr

/* PendSV, once: the server runs first, so that it waits when the client calls. */
    ENTRY start
    movs r0, #1
    msr primask_ns, r0
    movs r0, #3
    msr control_ns, r0
    msr control, r0
    ldr r1, =server
    mov r2, r1
    b load
    .ltorg

/* ---- what is counted --------------------------------------------------------------------- *
 * LIVE IN: r4-r11 of the sender, lr = EXC_RETURN; r0-r3, r12 are in the hardware's frame. */
    ENTRY svc_entry
    movw r3, #:lower16:current
    movt r3, #:upper16:current
    ldr r2, [r3]
    stmia r2, {r4-r11}
    mrs r0, psp
    mrs r1, psp_ns
    strd r0, r1, [r2, #STACKS]
    str lr, [r2, #STACKS + 8]
    ldr r1, [r2, #PEER]
    str r1, [r3]
load: /* r1 = whom to load, r2 = whose words */
#if REGIONS > 0
    add r0, r1, #IMAGE
    movw r12, #:lower16:MPU_RNR + SCS_NS
    movt r12, #:upper16:MPU_RNR + SCS_NS
    movs r3, #0
    str r3, [r12], #4
    ldmia r0!, {r4-r11}
    stmia r12, {r4-r11}
#if REGIONS > 4
    movs r3, #4
    str r3, [r12, #-4]
    ldmia r0, {r4-r11}
    stmia r12, {r4-r11}
#endif
    dsb
#endif
    add r0, r1, #STACKS
    ldmia r0, {r3-r7}
    msr psplim, r6
    msr psp, r3
    msr psplim_ns, r7
    msr psp_ns, r4
    mov lr, r5
    ldmia r1, {r4-r11}
    adds r2, #8
    ldmia r2, {r6-r9} /* the four words */
    bx lr

    .section .veneer, "ax", %progbits
    .balign 32
    ENTRY veneer
    sg
    svc #0
veneer_return:
    bxns lr
    .balignw 32, 0xDE00

/* ---- the tasks --------------------------------------------------------------------------- */
    .section .task, "ax", %progbits
client_start: /* no function to the linker, so its address is even: BXNS stays Non-secure */
    ldr r3, =veneer
    ldr r0, =message
    movs r2, #ROUNDS
client_round:
    .global floor_from
floor_from:
    nop
    ldmia r0, {r4-r11}
    blx r3 /* keeps r0-r3 */
    .global floor_to
floor_to:
    nop
    subs r2, #1
    bne client_round
    .global floor_done
floor_done:
    nop
    b floor_done

server_start:
    ldr r3, =veneer
server_round:
    blx r3 /* the words go back as they came */
    b server_round

    .balign 4
message:
    .word 2, 0, 0x11, 0x22, 0x33, 0x44, 0, 0
    .ltorg

/* ---- data -------------------------------------------------------------------------------- */
    .data
    .balign 8
    .space 256
kernel_stack_top:

/* A Secure stack with the frame that starts the task, and the seal. */
    .macro STACK name, entry
\name:
    .word 0, 0, 0, 0, 0, \entry, veneer_return, XPSR_T
\name\()_top:
    .word STACK_SEAL, STACK_SEAL
    .endm
    STACK client_stack, client_start
    STACK server_stack, server_start

/* Code, its RAM, six more regions; none overlaps another. */
    .macro CONTEXT name, stack, peer, ram
    .balign 64
\name:
    .word 0, 0, 0, 0, 0, 0, 0, 0
    .word \stack, \ram + 1024, EXC_RETURN_S_THREAD, \stack, \ram
    .word \peer, 0, 0
    .word CODE_NS + 6, CODE_NS + 0xFE1 /* read, execute; attribute 0; enabled */
    .word \ram + 3, \ram + 1024 - 32 + 1 /* read, write, no execute */
    .irp n, 1, 2, 3, 4, 5, 6
    .word \ram + 0x1000 * \n + 3, \ram + 0x1000 * \n + 1
    .endr
    .endm
    CONTEXT client, client_stack, server, RAM_NS
    CONTEXT server, server_stack, client, RAM_NS + 0x10000

current:
    .word server
