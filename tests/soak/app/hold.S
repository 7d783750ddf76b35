/* uint32_t soak_hold(struct hold *hold, uint32_t rounds): see hold.h.
 *
 * While the window runs, no register is free: everything holds the pattern, sp apart.
 *
 *   sp -> | hold | rounds left | ticks before | sp itself | got: 16 words | kept: r0-r12 of the
 *         pattern, 13 words, 1 unused | r4-r11, lr
 */
#include "hold.h"
#include "tally.h"

#define SP_HOLD   0
#define SP_ROUNDS 4
#define SP_TICKS  8
#define SP_SELF   12
#define SP_GOT    16
#define SP_KEPT   80
#define SP_SIZE   140 /* with the nine words pushed before: a multiple of 8 */
#define KEPT      13

    .syntax unified
    .cpu cortex-m33
    .thumb

/* Instructions of many kinds, and nothing changed at the end: several registers at once (they may
 * be interrupted in the middle), IT blocks of both outcomes, pairs, multiply and divide, a branch,
 * a table of constants, read-modify-write of the stack, writes to registers that are no task's. */
    .macro mix
    push {r0-r12, lr}
    nop
    pop {r0-r12, lr}
    itete eq
    addeq r0, r0, #1
    addne r0, r0, #2
    subeq r0, r0, #1
    subne r0, r0, #2
    ittte cs
    eorcs r1, r1, r2
    eorcs r1, r1, r2
    mvncs r3, r3
    mvncc r3, r3
    mvn r3, r3
    add r9, r9, r10, lsl #3
    sub r9, r9, r10, lsl #3
    eor lr, lr, r12
    eor lr, lr, r12
    strd r4, r5, [sp, #-16]!
    strd r6, r7, [sp, #8]
    umull r4, r5, r6, r7
    udiv r6, r4, r7
    ldrd r6, r7, [sp, #8]
    ldrd r4, r5, [sp], #16
    b 1f
    nop
1:
    it vs
    subvs r11, r11, #77
    it vs
    addvs r11, r11, #77
    str r8, [sp, #-8]!
    ror r8, r8, #5
    ldr r8, [sp], #8
    sxtb r12, r12, ror #8
    ldr r12, =0x1234ABCD
    ldr r12, [sp, #SP_KEPT + 48]
    cpsid i                  /* without effect in a task, or nobody would be preempted any more */
    msr basepri, r1
    msr psplim, r2
    msr control, r3
    .endm

/* A register's value to its place on the stack. */
    .macro keep n
    str r\n, [sp, #SP_GOT + 4 * \n]
    .endm

    .section .text.soak_hold, "ax", %progbits
    .global soak_hold
    .type soak_hold, %function
    .thumb_func
soak_hold: /* r0 = hold, r1 = rounds */
    push {r4-r11, lr}
    sub sp, sp, #SP_SIZE
    str r0, [sp, #SP_HOLD]
    str r1, [sp, #SP_ROUNDS]
    mov r2, sp
    str r2, [sp, #SP_SELF]
    add r3, sp, #SP_KEPT
    ldmia r0, {r0-r2, r4-r12, lr} /* 13 words of the pattern */
    stmia r3, {r0-r2, r4-r12, lr}
round:
    ldr lr, [sp, #SP_HOLD]
    ldr r0, [lr, #HOLD_TICKS]
    ldr r0, [r0]
    str r0, [sp, #SP_TICKS]
    ldr r0, [lr, #4 * 14]
    msr apsr_nzcvqg, r0
    ldmia lr, {r0-r12}
    ldr lr, [lr, #4 * 13]
    .rept 6                  /* the window: this is where it is preempted */
    mix
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    keep \n
    .endr
    str lr, [sp, #SP_GOT + 4 * 13]
    mrs r0, apsr
    str r0, [sp, #SP_GOT + 4 * 14]
    mov r0, sp
    ldr r1, [sp, #SP_SELF]
    cmp r0, r1
    bne bad_sp
    mrs r0, control
    cmp r0, #3               /* unprivileged, on the process stack */
    bne bad_control
    ldr r4, [sp, #SP_HOLD]
    movs r5, #0
    add r6, sp, #SP_GOT
compare:
    ldr r0, [r4, r5, lsl #2]
    ldr r1, [r6, r5, lsl #2]
    cmp r0, r1
    bne bad_register
    adds r5, #1
    cmp r5, #HOLD_REGS
    bne compare
    movs r5, #0
    add r6, sp, #SP_KEPT
compare_stack:
    ldr r0, [r4, r5, lsl #2]
    ldr r1, [r6, r5, lsl #2]
    cmp r0, r1
    bne bad_stack
    adds r5, #1
    cmp r5, #KEPT
    bne compare_stack
    ldr r0, [r4, #HOLD_TICKS]
    ldr r0, [r0]
    ldr r1, [sp, #SP_TICKS]
    cmp r0, r1
    beq calm
    ldr r0, [r4, #HOLD_HITS]
    adds r0, #1
    str r0, [r4, #HOLD_HITS]
calm:
    ldr r0, [sp, #SP_ROUNDS]
    subs r0, #1
    str r0, [sp, #SP_ROUNDS]
    bne round
    movs r0, #0
leave:
    add sp, sp, #SP_SIZE
    pop {r4-r11, pc}

bad_sp:
    udf #0                   /* there is no way back */
bad_control:
    movs r0, #HOLD_CONTROL
    b leave
bad_register:
    ldr r4, [sp, #SP_HOLD]
    add r4, #HOLD_GOT
    ldmia r6!, {r0-r3, r7-r10}
    stmia r4!, {r0-r3, r7-r10}
    ldmia r6, {r0-r3, r7-r9}
    stmia r4, {r0-r3, r7-r9}
    adds r0, r5, #1
    b leave
bad_stack:
    add r0, r5, #HOLD_STACK
    b leave
    .ltorg
    .size soak_hold, . - soak_hold
