/* The system calls: from C's arguments to the kernel's registers and back, without a detour.
 *
 * A call has its arguments A0-A7 in r4-r11, results come in the same registers, and the veneer
 * (SG; SVC #0; BXNS LR) keeps all others: r0-r3 and r12 are still there after it. The fields of
 * struct k5_msg stand in the order of the registers, so one LDM or STM moves a message:
 *
 *   struct k5_msg   label,flags  token  w[0]  w[1]  w[2]  w[3]  badge  bits
 *   register        r4           r5     r6    r7    r8    r9    r10    r11
 *   in              number,slot,label   token/mask  words       deadline
 *   out             error,flags,label   token/bits  words       badge  -
 *
 * Behind them stands what a message brings besides: in_size,in_sent  out_size,out_cap  in  out.
 * If one of the outgoing two is not 0 the call is a long one: r8 = out (w[2] if there are no
 * bytes), r9 = out_size | out_cap, its descriptor; what came is told in r8 and r9 too.
 *
 * k5.h and syscall.h say what each function does. A handle is a struct of one byte in r0: what the
 * other bits hold is not known. No compiler register is touched behind its back, so any
 * optimisation level will do.
 */
#include "abi/k5_abi.h"

    .syntax unified
    .thumb
    .cfi_sections .debug_frame

    .macro FUNCTION name
    .section .text.\name, "ax", %progbits
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .cfi_startproc
    .endm

    .macro END name
    .cfi_endproc
    .ltorg
    .size \name, . - \name
    .endm

/* What C expects to be kept: r4-r11, and lr, which the veneer needs. */
    .macro SAVE
    push {r4-r11, lr}
    .cfi_def_cfa_offset 36
    .cfi_offset r4, -36
    .cfi_offset r5, -32
    .cfi_offset r6, -28
    .cfi_offset r7, -24
    .cfi_offset r8, -20
    .cfi_offset r9, -16
    .cfi_offset r10, -12
    .cfi_offset r11, -8
    .cfi_offset lr, -4
    .endm

/* The same where only A0, A1 and the deadline are used. */
    .macro SAVE_SHORT
    push {r4, r5, r10, r11, lr}
    .cfi_def_cfa_offset 20
    .cfi_offset r4, -20
    .cfi_offset r5, -16
    .cfi_offset r10, -12
    .cfi_offset r11, -8
    .cfi_offset lr, -4
    .endm

    .macro ENTER
    ldr r12, =k5_veneer /* from the linker script; its bit 0 is set */
    blx r12
    .endm

/* A0 of a call with a message: label | slot | number. LIVE IN: r4 = label and flags, r0 = handle */
    .macro OPERATION number
    lsls r4, r4, #16
    bfi r4, r0, #8, #8
    adds r4, #\number
    .endm

    .equ MSG_FLAGS, 2
    .equ MSG_IN_SIZE, 32 /* in_sent, out_size, out_cap and in follow */
    .equ MSG_OUT_SIZE, 36
    .equ MSG_IN, 40
    .equ MSG_OUT, 44
    .equ BUFFER_SIZE, 4

/* The registers of a long message, then back to 1 before. A length in out_cap, or what is more than
 * a length in out_size, would be another field of the descriptor.
 * LIVE IN: r4 = out_size, out_cap, not 0; r1 = m */
    .macro LONG_OUT number
    uxth r5, r4
    cmp r5, #K5_BUFFER_MAX
    bhi 9f
    ubfx r6, r4, #16, #9
    cbnz r6, 9f
    orr r10, r5, r4, lsr #16
    cmp r5, #0
    ldm r1, {r4-r9}
    it ne
    ldrne r8, [r1, #MSG_OUT]
    mov r9, r10
    OPERATION \number + K5_OP_LONG
    b 1b
9:  movs r0, #K5_ERR_ARG
    pop {r4-r11, pc}
    .endm

/* Nothing came in a buffer, and nothing is to go along. LIVE IN: r1 = m, \zero = 0 */
    .macro SHORT_IN zero
    strd \zero, \zero, [r1, #MSG_IN_SIZE]
    strd \zero, \zero, [r1, #MSG_IN] /* and MSG_OUT */
    .endm

/* What came in the buffer. LIVE IN: r1 = m, r8, r9 = results of a long message */
    .macro LONG_IN
    ubfx r2, r9, #0, #9        /* bytes that were sent */
    ldr r3, =k5_msg_buffer
    ldr r3, [r3, #BUFFER_SIZE]
    cmp r8, #0
    it eq
    moveq r3, #0               /* nothing was copied */
    cmp r3, r2
    it hi
    movhi r3, r2
    orr r3, r3, r2, lsl #16
    lsr r12, r9, #16           /* how much was lent: w[3] */
    mov r9, #0
    strd r3, r9, [r1, #MSG_IN_SIZE]
    cmp r2, #0
    it eq
    moveq r3, r9               /* r8 is a word of the sender then, and no address */
    it ne
    movne r3, r8
    strd r3, r9, [r1, #MSG_IN]
    it ne
    movne r8, r9
    mov r9, r12
    .endm

/* Back to C from send and reply. LIVE IN: r1 = m, r4 = A0, of which flags are K5_FLAG_CAP_KEPT */
    .macro SENT
    uxtb r0, r4
    cbnz r0, 3f
    ubfx r4, r4, #8, #8
    strh r4, [r1, #MSG_FLAGS]
3:  pop {r4-r11, pc}
    .endm

/* ---- void k5_syscall(uint32_t a[8]) ------------------------------------------------------- */
    FUNCTION k5_syscall
    SAVE
    ldm r0, {r4-r11}
    ENTER
    stm r0, {r4-r11}
    pop {r4-r11, pc}
    END k5_syscall

/* ---- uint32_t k5_syscall_short(uint32_t op, uint32_t aux): the error ----------------------- */
    FUNCTION k5_syscall_short
    SAVE_SHORT
    mov r4, r0
    mov r5, r1
    ENTER
    uxtb r0, r4
    pop {r4, r5, r10, r11, pc}
    END k5_syscall_short

/* ---- uint32_t k5_sys_log(uint32_t op, uint32_t id, const uint32_t w[4]): the error --------- */
    FUNCTION k5_sys_log
    SAVE
    mov r4, r0
    mov r5, r1
    ldm r2, {r6-r9}
    ENTER
    uxtb r0, r4
    pop {r4-r11, pc}
    END k5_sys_log

/* ---- k5_ticks k5_time(void) ---------------------------------------------------------------- */
    FUNCTION k5_time
    SAVE_SHORT
    movs r4, #K5_SYS_TIME
    ENTER
    mov r0, r10
    mov r1, r11
    pop {r4, r5, r10, r11, pc}
    END k5_time

/* ---- k5_error k5_wait(uint32_t mask, k5_ticks deadline, uint32_t *bits) -------------------- *
 * r0 = mask, r2:r3 = deadline, on the stack: bits */
    FUNCTION k5_wait
    SAVE_SHORT
    movs r4, #K5_SYS_WAIT
    mov r5, r0
    mov r10, r2
    mov r11, r3
    ENTER
    uxtb r0, r4
    cbnz r0, 1f
    ldr r1, [sp, #20]
    str r5, [r1]
1:  pop {r4, r5, r10, r11, pc}
    END k5_wait

/* ---- k5_error k5_send(k5_endpoint to, struct k5_msg *m, k5_ticks deadline) ----------------- *
 * r0 = to, r1 = m, r2:r3 = deadline; the same in k5_call and k5_reply_recv */
    FUNCTION k5_send
    SAVE
    ldr r4, [r1, #MSG_OUT_SIZE]
    cbnz r4, 2f
    ldm r1, {r4-r9}
    OPERATION K5_SYS_SEND
1:  mov r10, r2
    mov r11, r3
    ENTER
    SENT
2:  LONG_OUT K5_SYS_SEND
    END k5_send

/* ---- k5_error k5_call(k5_endpoint to, struct k5_msg *m, k5_ticks deadline) ----------------- */
    FUNCTION k5_call
    SAVE
    ldr r4, [r1, #MSG_OUT_SIZE]
    cbnz r4, 3f
    ldm r1, {r4-r9}
    OPERATION K5_SYS_CALL
1:  mov r10, r2
    mov r11, r3
    ENTER
    movs r5, #0
    uxth r0, r4      /* error, and flags */
    cbnz r0, 4f
    SHORT_IN r5
    lsrs r4, r4, #16 /* the label alone; an answer has no token, badge and bits */
2:  mov r10, r5
    mov r11, r5
    stm r1, {r4-r11}
    pop {r4-r11, pc}
3:  LONG_OUT K5_SYS_CALL
4:  uxtb r0, r4
    cbnz r0, 7f
    tst r4, #K5_FLAG_LONG << 8
    bne 5f
    SHORT_IN r5      /* a short answer, but this task's own capability was kept */
    b 6f
5:  LONG_IN
6:  and r3, r4, #(K5_FLAG_CAP | K5_FLAG_CAP_KEPT) << 8
    lsrs r4, r4, #16
    orr r4, r4, r3, lsl #8
    b 2b
7:  pop {r4-r11, pc}
    END k5_call

/* ---- k5_error k5_reply(struct k5_msg *m) --------------------------------------------------- */
    FUNCTION k5_reply
    SAVE
    mov r1, r0
    movs r0, #0 /* no slot */
    ldr r4, [r1, #MSG_OUT_SIZE]
    cbnz r4, 2f
    ldm r1, {r4-r9}
    OPERATION K5_SYS_REPLY
1:  ENTER
    SENT
2:  LONG_OUT K5_SYS_REPLY
    END k5_reply

/* What recv and reply_recv brought, and back to C. LIVE IN: r1 = m, r4-r11 = results.
 *   message   label, flags, token, words, badge
 *   bits      flags, bits; all else 0
 *   time-out  flags; all else 0, the token too, so that a loop does not answer a call twice
 *   error     nothing is written */
    .macro RECEIVED
    uxtb r0, r4
    ubfx r2, r4, #8, #8 /* flags */
    cbnz r0, 5f
    tst r4, #(K5_FLAG_BITS | K5_FLAG_LONG) << 8
    bne 7f
    SHORT_IN r0
3:  lsrs r4, r4, #16
    orr r4, r4, r2, lsl #16
    mov r11, r0         /* 0: no bits */
4:  stm r1, {r4-r11}
    pop {r4-r11, pc}
    .endm

/* The rest of it, behind: a cbnz reaches what stands between. */
    .macro RECEIVED_REST
5:  cmp r0, #K5_TIMEOUT
    bne 8f
    movs r5, #0
6:  mov r11, r5
    lsls r4, r2, #16
    movs r5, #0
    movs r6, #0
    movs r7, #0
    mov r8, r5
    mov r9, r5
    mov r10, r5
    SHORT_IN r5
    b 4b
7:  lsls r3, r4, #22    /* K5_FLAG_BITS becomes the sign */
    bmi 6b
    LONG_IN
    ubfx r2, r4, #8, #8
    b 3b
8:  pop {r4-r11, pc}
    .endm

/* ---- k5_error k5_recv(k5_server from, struct k5_msg *m, uint32_t mask, k5_ticks deadline) -- *
 * r0 = from, r1 = m, r2 = mask, on the stack: deadline */
    FUNCTION k5_recv
    SAVE
    movs r4, #K5_SYS_RECV
    bfi r4, r0, #8, #8
    mov r5, r2
    ldrd r10, r11, [sp, #36]
    ENTER
    RECEIVED
    RECEIVED_REST
    END k5_recv

/* ---- k5_error k5_reply_recv(k5_server from, struct k5_msg *m, k5_ticks deadline) ----------- */
    FUNCTION k5_reply_recv
    SAVE
    ldr r4, [r1, #MSG_OUT_SIZE]
    cbnz r4, 2f
    ldm r1, {r4-r9}
    OPERATION K5_SYS_REPLY_RECV
1:  mov r10, r2
    mov r11, r3
    ENTER
    RECEIVED
2:  LONG_OUT K5_SYS_REPLY_RECV
    RECEIVED_REST
    END k5_reply_recv
