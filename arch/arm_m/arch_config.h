/* The Armv8-M images: what the k5 tool made of app.toml for the protection hardware.
 *
 * Every register word is ready to be written as it stands; nothing is computed on the way. What the
 * words mean is checked by arch_protection_valid() (protection.c): in the tool, at boot, in a
 * proof.
 *
 *    address --> SAU: Secure, callable, Non-secure? --> MPU of that side --> MPC or PPC --> memory
 *                static                                 MPU_S: static        static
 *                                                       MPU_NS: the running task's image
 */
#ifndef ARCH_CONFIG_H
#define ARCH_CONFIG_H

#include "kernel/config.h"

/* ---- limits; an image must fit the smallest part, so they are not those of the emulator -- */
#define ARCH_MPU_S_MAX  8
#define ARCH_SAU_MAX    8
#define ARCH_MPC_MAX    4
#define ARCH_PPC_MAX    8
#define ARCH_ALIAS_MAX  3
#define ARCH_CLOSED_MAX 4

#define ARCH_MPC_GRAIN 0x8000u /* bytes of one MPC look-up word: 32 blocks */
#define ARCH_GRAIN     32u     /* bytes of one MPU or SAU block */

/* bytes of a small Secure stack: a frame (32) and the seal (8); with floating point a long frame
 * (104), the seal, and s16-s31 (64) */
#define ARCH_SECURE_STACK    40u
#define ARCH_SECURE_STACK_FP 176u

/* ---- MPU words (MPU_RBAR, MPU_RLAR) and the attributes they index ------------------------ */
#define ARCH_MPU_XN         0x1u        /* rbar: never execute */
#define ARCH_MPU_AP_RW_PRIV 0x0u        /* rbar: read and write, privileged only */
#define ARCH_MPU_AP_RW      0x2u        /* rbar: read and write, all */
#define ARCH_MPU_AP_RO_PRIV 0x4u        /* rbar: read, privileged only */
#define ARCH_MPU_AP_RO      0x6u        /* rbar: read, all */
#define ARCH_MPU_EN         0x1u        /* rlar: this region counts */
#define ARCH_MPU_NORMAL     0x0u        /* rlar: attribute 0, ordinary memory */
#define ARCH_MPU_DEVICE     0x2u        /* rlar: attribute 1, device */
#define ARCH_MAIR0          0x000004FFu /* attribute 0: write-back, allocate; 1: device nGnRE */

/* ---- SAU words (SAU_RBAR, SAU_RLAR) ------------------------------------------------------ */
#define ARCH_SAU_EN  0x1u
#define ARCH_SAU_NSC 0x2u /* Secure, but callable through an SG instruction */

struct arch_range {
    uint32_t base;
    uint32_t size; /* bytes, at least 1; base + size does not wrap */
};

struct arch_alias {     /* memory that has two addresses; parts differ in how far apart those are */
    uint32_t nonsecure; /* address of its first byte, no bit of mask */
    uint32_t secure;    /* address of the same byte on the Secure side */
    uint32_t mask;      /* its size, a power of two, less 1 */
};

struct arch_pair { /* one region of an MPU or of the SAU; all zero: unused */
    uint32_t rbar; /* base | ARCH_MPU_AP_* | ARCH_MPU_XN */
    uint32_t rlar; /* (last byte & ~31) | ARCH_MPU_NORMAL or _DEVICE | ARCH_MPU_EN, or ARCH_SAU_* */
};

struct arch_mpc {        /* a part of one memory that its MPC opens to Non-secure accesses */
    uint32_t controller; /* base address of the MPC's registers (Secure alias) */
    uint32_t memory;     /* where offset 0 of that memory is, Non-secure alias */
    uint32_t first;      /* offset of the first byte opened, a multiple of ARCH_MPC_GRAIN */
    uint32_t last;       /* offset of the last byte opened, a multiple of ARCH_MPC_GRAIN less 1 */
};

struct arch_ppc {             /* a device that its PPC opens to Non-secure unprivileged accesses; or
                                 a bus master whose own accesses are Non-secure from now on */
    uint32_t ns_register;     /* the register that makes it Non-secure; all three 0: no PPC */
    uint32_t user_register;   /* the register that admits unprivileged accesses */
    uint32_t bits;            /* its bit, the same in both */
    struct arch_range device; /* its registers, Non-secure alias */
};

/* Where each task may go. Apart from the rest, which does not depend on where tasks were placed. */
struct arch_images {
    /* read by entry.S; entry i of a task is region i of cfg, the rest zero */
    struct arch_pair mpu_ns[K5_TASKS][K5_REGION_MAX];
};

struct arch_config {
    /* where the small Secure stack of a task begins, the last that of idle: no gaps between */
    uint32_t secure_stack[K5_TASKS + 1];
    uint32_t fp_tasks; /* bit t: task t has the floating-point unit */
    /* written once at boot; entries from the count up are zero */
    uint8_t mpu_s_count;
    uint8_t sau_count;
    uint8_t mpc_count;
    uint8_t ppc_count;
    uint8_t alias_count;
    uint8_t closed_count;
    /* in this order: 0 veneer and idle, 1 small Secure stacks, 2 kernel code, 3 kernel RAM */
    struct arch_pair mpu_s[ARCH_MPU_S_MAX];
    struct arch_pair sau[ARCH_SAU_MAX];
    struct arch_mpc mpc[ARCH_MPC_MAX];
    struct arch_ppc ppc[ARCH_PPC_MAX];
    struct arch_alias alias[ARCH_ALIAS_MAX];
    /* devices that no task may be given (Non-secure aliases): the kernel's timers, what decides
     * over protection, clocks, bus masters */
    struct arch_range closed[ARCH_CLOSED_MAX];
    /* what the kernel keeps to itself (Secure aliases) */
    struct arch_range kernel_text;
    struct arch_range veneer;        /* the entry stub: the one callable block */
    struct arch_range idle;          /* the idle loop, right after it */
    struct arch_range secure_stacks; /* all of them, in whole 32 */
    struct arch_range kernel_ram;
    /* written by the kernel, read by at most one task */
    struct arch_range log_ring;
};

extern CONFIG_CONST struct arch_config arch_cfg;
extern CONFIG_CONST struct arch_images arch_images;

#endif
