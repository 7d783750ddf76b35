/* uint32_t pattern_hold(uint32_t base, uint32_t loops): fills r0-r12 and lr with base + number, and
 * compares them `loops` times; returns the number of loops that found all in place.
 *
 * While it runs, every register but sp and pc holds a value that no other task has; a kernel that
 * mixes up contexts shows at once. The counter and the limit are on the stack.
 */
    .syntax unified
    .thumb
    .section .text.pattern_hold, "ax", %progbits
    .global pattern_hold
    .type pattern_hold, %function
    .thumb_func
pattern_hold: /* r0 = base, r1 = loops */
    push {r4-r11, lr}
    sub sp, sp, #12     /* sp[0] = base, sp[4] = loops left, sp[8] = good loops */
    str r0, [sp]
    str r1, [sp, #4]
    movs r1, #0
    str r1, [sp, #8]
again:
    ldr r0, [sp]
    add r1, r0, #1
    add r2, r0, #2
    add r3, r0, #3
    add r4, r0, #4
    add r5, r0, #5
    add r6, r0, #6
    add r7, r0, #7
    add r8, r0, #8
    add r9, r0, #9
    add r10, r0, #10
    add r11, r0, #11
    add r12, r0, #12
    add lr, r0, #14
    .rept 64            /* stay here: this is where it is preempted */
    nop
    .endr
    sub r1, r1, #1
    cmp r1, r0
    bne next
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    sub r\n, r\n, #\n
    cmp r\n, r0
    bne next
    .endr
    sub lr, lr, #14
    cmp lr, r0
    bne next
    ldr r1, [sp, #8]
    adds r1, r1, #1
    str r1, [sp, #8]
next:
    ldr r1, [sp, #4]
    subs r1, r1, #1
    str r1, [sp, #4]
    bne again
    ldr r0, [sp, #8]
    add sp, sp, #12
    pop {r4-r11, pc}
    .size pattern_hold, . - pattern_hold
