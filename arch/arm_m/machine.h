/* What the port's files share: single instructions, registers, and the labels of entry.S.
 */
#ifndef ARM_M_MACHINE_H
#define ARM_M_MACHINE_H

#include "arch/arm_m/context.h"

static inline uint32_t machine_read(uint32_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void machine_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

static inline uint32_t machine_psp_ns(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, psp_ns" : "=r"(value));
    return value;
}

static inline uint32_t machine_psp_s(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, psp" : "=r"(value));
    return value;
}

static inline uint32_t machine_exception(void)
{
    uint32_t value;

    __asm__ volatile("mrs %0, ipsr" : "=r"(value));
    return value;
}

/* ---- entry.S ----------------------------------------------------------------------------- */

/* Copy `length` > 0 bytes upwards; 0 if the machine refused one of the accesses, else 1. */
uint32_t machine_copy(uint32_t to, uint32_t from, uint32_t length);

extern const uint8_t machine_copy_end[];     /* what may fault is machine_copy up to here */
extern const uint8_t machine_copy_refused[]; /* where to go then */
extern const uint8_t arch_veneer_bxns[];     /* the veneer's last instruction */
extern const uint32_t arch_vectors[];

static inline uint32_t arch_veneer_return(void)
{
    return (uint32_t)arch_veneer_bxns & ~1u;
}

/* ---- called from entry.S ----------------------------------------------------------------- */

_Noreturn void machine_boot(void);         /* reset, on the kernel's stack */
void machine_start(uint32_t exc_return);   /* the first switch to a task */
void interrupt_take(void);                 /* any interrupt */
void fault_of_task(uint32_t exc_return);   /* a task's thread faulted */
void fault_of_kernel(struct frame *frame); /* the kernel itself faulted */

/* ---- between files ----------------------------------------------------------------------- */

/* reg = the frame's registers and r4-r11 of the task's context; sp is left alone. */
void registers_fill(uint32_t reg[K5_REG_COUNT], const struct frame *frame, task_t task);

#endif
