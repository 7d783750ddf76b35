/* Register stubs without the library: what the interface itself costs.
 *
 * The veneer keeps r0-r3 and r12; arguments and results are in r4-r11. C keeps r4-r11, so each
 * function saves them outside of what is measured.
 */
#include "abi/k5_abi.h"

    .syntax unified
    .thumb

    .macro FUNCTION name
    .section .text.\name, "ax", %progbits
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

    .macro MARK name
    .global \name
\name:
    nop
    .endm

/* void raw_call(uint32_t a[8]): one call with the arguments of a; the results into a. */
    FUNCTION raw_call
    push {r4-r11, lr}
    ldr r3, =k5_veneer
    MARK raw_from
    ldmia r0, {r4-r11}
    blx r3
    MARK raw_to
    stmia r0, {r4-r11}
    pop {r4-r11, pc}

/* void raw_serve(uint32_t op): answers each call with the words that came; never returns. */
    FUNCTION raw_serve
    ldr r3, =k5_veneer
    mov r4, r0
    movs r5, #0
1:  mov.w r10, #0 /* no deadline */
    mov.w r11, #0
    blx r3
    mov r4, r0 /* r5 is the token, r6-r9 the words */
    b 1b
