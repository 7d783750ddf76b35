/* uint32_t fp_hold(const struct fp_hold *h): fills s0-s31 and FPSCR and looks whether they stay;
 * fp_hold.h says more.
 *
 * `here` ends a block of instructions, so that the emulator too can be interrupted there: between
 * any two registers, while they are filled, held and compared.
 */
    .syntax unified
    .thumb
    .fpu fpv5-sp-d16

    .macro here
    b 1f
1:
    .endm

    .section .text.fp_hold, "ax", %progbits
    .global fp_hold
    .type fp_hold, %function
    .thumb_func
fp_hold: /* r0 = h; r4 = base, r5 = fpscr, r6 = loops left, r7 = good loops, r8 = between */
    push {r4-r8, lr}
    vpush {s16-s31}
    vmrs r1, fpscr
    push {r1, r2}
    ldm r0, {r4, r5, r6, r8}
    movs r7, #0
again:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    add r0, r4, #\n
    vmov s\n, r0
    here
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    add r0, r4, #\n
    vmov s\n, r0
    here
    .endr
    vmsr fpscr, r5
    cmp r8, #0
    beq 2f
    blx r8
2:
    .rept 32
    here
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vmov r0, s\n
    sub r0, r0, #\n
    cmp r0, r4
    bne next
    .endr
    .irp n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vmov r0, s\n
    sub r0, r0, #\n
    cmp r0, r4
    bne next
    .endr
    vmrs r0, fpscr
    cmp r0, r5
    bne next
    adds r7, r7, #1
next:
    subs r6, r6, #1
    bne again
    mov r0, r7
    pop {r1, r2}
    vmsr fpscr, r1
    vpop {s16-s31}
    pop {r4-r8, pc}
    .size fp_hold, . - fp_hold

/* void fp_read(uint32_t word[33]): s0-s31 and FPSCR as they are. */
    .section .text.fp_read, "ax", %progbits
    .global fp_read
    .type fp_read, %function
    .thumb_func
fp_read:
    vstmia r0!, {s0-s31}
    vmrs r1, fpscr
    str r1, [r0]
    bx lr
    .size fp_read, . - fp_read
