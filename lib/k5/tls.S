/* Where the C library's thread-local data (errno) lie: a task is one thread, so at one fixed place,
 * and the linker script knows it. May change r0, ip, lr and the flags only.
 */
    .syntax unified
    .thumb

    .section .text.__aeabi_read_tp, "ax", %progbits
    .global __aeabi_read_tp
    .type __aeabi_read_tp, %function
    .thumb_func
__aeabi_read_tp:
    ldr r0, =k5_tls_pointer
    bx lr
    .size __aeabi_read_tp, . - __aeabi_read_tp
