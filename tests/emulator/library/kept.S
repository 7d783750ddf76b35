/* uint32_t kept(uintptr_t function, uint32_t a[6]): calls the function with a[0] to a[3] in r0-r3,
 * the other two on the stack, and says how many of the registers that it must keep, r4-r11, it
 * changed. Its result, r0 and r1, goes into a[0], a[1]. If it left sp or lr wrong, this never
 * returns.
 *
 *   sp -> | a[4] | a[5] | a | r4 .. r11 | lr |
 */
    .syntax unified
    .thumb
    .section .text.kept, "ax", %progbits
    .global kept
    .type kept, %function
    .thumb_func
kept:
    push {r4-r11, lr}
    sub sp, #12
    mov r12, r0
    str r1, [sp, #8]
    ldrd r2, r3, [r1, #16]
    strd r2, r3, [sp]
    ldm r1, {r0-r3}
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    movw r\n, #0xA500 + \n
    .endr
    blx r12
    ldr r2, [sp, #8]
    strd r0, r1, [r2]
    movs r0, #0
    .irp n, 4, 5, 6, 7, 8, 9, 10, 11
    movw r2, #0xA500 + \n
    cmp r\n, r2
    it ne
    addne r0, #1
    .endr
    add sp, #12
    pop {r4-r11, pc}
    .size kept, . - kept
