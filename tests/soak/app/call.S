/* void soak_call(struct call *call): see call.h.
 *
 * An exception that is taken in the task's own code, or at the SG before it is executed, stacks its
 * frame below sp: its pc comes to sp - 8. One that is taken in the veneer after the SG is stacked
 * on the Secure stack, and sp - 8 stays as it was: 0. So the task itself can tell where it was
 * preempted, if the ticks say that it was.
 *
 *   sp -> | call | unused | out: 16 words | unused | r4-r11, lr
 */
#include "call.h"
#include "tally.h"

#define SP_CALL 0
#define SP_OUT  8
#define SP_SIZE 76 /* with the nine words pushed before: a multiple of 8 */

    .syntax unified
    .cpu cortex-m33
    .thumb

    .macro keep n
    str r\n, [sp, #SP_OUT + 4 * \n]
    .endm

    .section .text.soak_call, "ax", %progbits
    .global soak_call
    .type soak_call, %function
    .thumb_func
soak_call: /* r0 = call */
    push {r4-r11, lr}
    sub sp, sp, #SP_SIZE
    str r0, [sp, #SP_CALL]
    mov lr, r0
    adr r1, back
    str r1, [lr, #CALL_BACK]
    ldr r0, [lr, #4 * 14]
    msr apsr_nzcvqg, r0
    mov r0, #0
    str r0, [sp, #-8]
    ldr r0, [lr, #CALL_TICKS]
    ldr r0, [r0]
    str r0, [lr, #CALL_BEFORE]
    ldmia lr, {r0-r12}
    ldr lr, [lr, #CALL_TARGET]
    .balign 4
    nop                      /* adr wants a multiple of 4 */
    blx lr
back:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    keep \n
    .endr
    str lr, [sp, #SP_OUT + 4 * 13]
    mrs r0, apsr
    str r0, [sp, #SP_OUT + 4 * 14]
    ldr r1, [sp, #SP_CALL]
    ldr r0, [r1, #CALL_TICKS]
    ldr r0, [r0]
    ldr r2, [sp, #-8]
    str r0, [r1, #CALL_AFTER]
    str r2, [r1, #CALL_FRAME]
    add r0, sp, #SP_OUT
    add r1, #CALL_OUT
    ldmia r0!, {r2-r9}
    stmia r1!, {r2-r9}
    ldmia r0!, {r2-r8}
    stmia r1!, {r2-r8}
    add sp, sp, #SP_SIZE
    pop {r4-r11, pc}
    .size soak_call, . - soak_call
