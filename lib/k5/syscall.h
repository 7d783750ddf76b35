/* The raw system calls, below the functions of k5.h. For libk5 itself, for the log macros and for
 * tests that want to say what k5.h would not let them say. All are in syscall.S.
 */
#ifndef K5_SYSCALL_H
#define K5_SYSCALL_H

#include <stdint.h>

#include "abi/k5_abi.h"

/* Loads A0..A7 from a[], enters the kernel, stores A0..A7 back. docs/adr/0001-system-calls.md has
 * the register table. Blocks if the call does. Keeps every register that a C function keeps. */
void k5_syscall(uint32_t a[K5_A_COUNT]);

/* A call that uses no more than A0 and A1 and answers with an error alone: signal, yield, irq_ack,
 * restart, stop. Returns the error. */
uint32_t k5_syscall_short(uint32_t op, uint32_t aux);

/* The log call; op = K5_SYS_LOG | words << 16, w = up to four words or buffer address and length.
 * Never blocks. K5_ERR_FULL · K5_ERR_BAD_BUFFER · K5_ERR_ARG. */
uint32_t k5_sys_log(uint32_t op, uint32_t id, const uint32_t w[K5_MSG_WORDS]);

/* A0 of a call. */
static inline uint32_t k5_op(uint32_t number, uint32_t slot, uint32_t label)
{
    return number | slot << 8 | label << 16;
}

#endif
