/* k5_enter: C's array of eight words to r4-r11 and back around the call of the kernel's veneer.
 *
 * The veneer (SG; SVC #0; BXNS LR) keeps every register but those that the kernel answers in,
 * r4-r11; so this function saves what C expects to be kept: r4-r11 and lr.
 *
 *   sp -> | a | r4 .. r11 | lr |      10 words, so the stack stays 8-aligned
 *
 * No compiler register is touched behind its back, so any optimisation level will do.
 */
    .syntax unified
    .thumb
    .cfi_sections .debug_frame

    .section .text.k5_enter, "ax", %progbits
    .global k5_enter
    .type k5_enter, %function
    .thumb_func
k5_enter: /* r0 = a, r1 = the veneer's address with the Thumb bit */
    .cfi_startproc
    push {r0, r4-r11, lr}
    .cfi_def_cfa_offset 40
    .cfi_offset r4, -36
    .cfi_offset r5, -32
    .cfi_offset r6, -28
    .cfi_offset r7, -24
    .cfi_offset r8, -20
    .cfi_offset r9, -16
    .cfi_offset r10, -12
    .cfi_offset r11, -8
    .cfi_offset lr, -4
    ldm r0, {r4-r11}
    blx r1
    ldr r0, [sp]
    stm r0, {r4-r11}
    pop {r0, r4-r11, pc}
    .cfi_endproc
    .size k5_enter, . - k5_enter
