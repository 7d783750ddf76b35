/* The record of a reset, here so that tests and proofs can see it. The port keeps the section
 * .noinit over arch_reset(). */
#ifndef KERNEL_RESET_H
#define KERNEL_RESET_H

#include "kernel/kernel.h"

#define RESET_MAGIC 0x4B355253u /* "K5RS" */

struct reset_record {
    uint32_t magic;
    struct reset why;
    uint32_t sum;
};
extern struct reset_record reset_record __attribute__((section(".noinit")));

#endif
