/* The saved context of a task and what entry.S keeps about the running one.
 *
 * entry.S knows these offsets; they stand here once and are checked against the structs below.
 *
 *   struct context          hardware frame (32 bytes)        on which stack
 *   r4 .. r11 | psp_s       r0-r3 r12 lr pc xpsr             in a system call, or never run yet:
 *   psp_ns | exc_return                                        the task's small Secure stack
 *   psplim_s | psplim_ns                                     preempted or faulted in its own code:
 *                                                              its own stack
 *
 * A task with fp has the floating-point unit, and all its frames are long ones (104 bytes: the
 * above, s0-s15, FPSCR); while another runs, s16-s31 stand in its small Secure stack. EXC_RETURN
 * tells the two kinds of task apart: EXC_RETURN_NO_FP is 0 in every one of a task with fp, and in
 * none of another's (docs/adr/0011).
 *
 * Invariant: arch_port.live is the context whose registers are in the machine; its psp_s, psp_ns
 * and exc_return are out of date until it is switched away. psplim_* never change after boot.
 */
#ifndef ARM_M_CONTEXT_H
#define ARM_M_CONTEXT_H

#include "k5_sizes.h"

/* ---- offsets, for entry.S ---------------------------------------------------------------- */
#define CONTEXT_SHIFT  6   /* log2 of its size */
#define CONTEXT_STACKS 32  /* psp_s, psp_ns, exc_return, psplim_s, psplim_ns */
#define STACKS_PSPLIM  12  /* from there: psplim_s, where the small Secure stack begins */
#define FP_STACK_S16   112 /* from its begin: s16-s31 of a task with fp that does not run */
#define PORT_LIVE      0
#define PORT_TASK      4
#define PORT_MPU       5
#define KERNEL_CURRENT 0  /* k.current */
#define KERNEL_MAPPED  32 /* k.mapped */
#define IMAGE_SHIFT    6  /* log2 of the size of a task's MPU_NS image */

#define CONTEXT_IDLE K5_TASKS       /* index of the idle loop's context */
#define CONTEXT_NONE (K5_TASKS + 1) /* a place for what nobody wants back */
#define CONTEXTS     (K5_TASKS + 2)
#define PORT_NOBODY  0xFE /* no task: neither a number nor K5_IDLE */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

#include "arch/arm_m/arch_config.h"
#include "kernel/kernel.h"

struct context {
    uint32_t r[8]; /* r4-r11: the argument registers A0-A7 of a system call */
    uint32_t psp_s;
    uint32_t psp_ns;
    uint32_t exc_return;
    uint32_t psplim_s;
    uint32_t psplim_ns;
    uint32_t unused[3]; /* so that an index becomes an offset by a shift */
};

struct frame { /* what the hardware stacks; fixed by the architecture */
    uint32_t r[4];
    uint32_t r12;
    uint32_t lr;
    uint32_t pc;
    uint32_t xpsr;
};

struct fp_stack { /* the small Secure stack of a task with fp */
    struct frame frame;
    uint32_t s0[16];
    uint32_t fpscr;
    uint32_t reserved;
    uint32_t seal[2]; /* where the stack begins; s16-s31 lie outside it */
    uint32_t s16[16];
};

#define FRAME_FP ((uint32_t)offsetof(struct fp_stack, seal)) /* bytes of a long frame */

struct port {
    struct context *live; /* whose registers are in the machine */
    uint8_t task;         /* its task number, K5_IDLE or PORT_NOBODY */
    uint8_t mpu;          /* whose image is in MPU_NS, or PORT_NOBODY */
};

extern struct context arch_context[CONTEXTS];
extern struct port arch_port;

/* Make the idle loop's context; at boot. */
void context_idle_reset(void);

/* The address of the Secure stack of context `index`, and of the frame on it of a task that is in
 * the veneer: all frames of a task have one size, and there is room for one. */
uint32_t context_secure_stack(uint32_t index);

_Static_assert(sizeof(struct context) == 1u << CONTEXT_SHIFT, "entry.S: size of a context");
_Static_assert(offsetof(struct context, r) == 0, "entry.S: r4-r11");
_Static_assert(offsetof(struct context, psp_s) == CONTEXT_STACKS, "entry.S: psp_s");
_Static_assert(offsetof(struct context, psp_ns) == CONTEXT_STACKS + 4, "entry.S: psp_ns");
_Static_assert(offsetof(struct context, exc_return) == CONTEXT_STACKS + 8, "entry.S: exc_return");
_Static_assert(offsetof(struct context, psplim_s) == CONTEXT_STACKS + 12, "entry.S: psplim_s");
_Static_assert(offsetof(struct context, psplim_ns) == CONTEXT_STACKS + 16, "entry.S: psplim_ns");
_Static_assert(offsetof(struct context, psplim_s) == CONTEXT_STACKS + STACKS_PSPLIM, "entry.S");
_Static_assert(offsetof(struct fp_stack, s16) == FP_STACK_S16, "entry.S: s16-s31");
_Static_assert(sizeof(struct fp_stack) == ARCH_SECURE_STACK_FP, "its size in the images");
_Static_assert(sizeof(struct frame) + 8 == ARCH_SECURE_STACK, "its size in the images");
_Static_assert(offsetof(struct port, live) == PORT_LIVE, "entry.S: live");
_Static_assert(offsetof(struct port, task) == PORT_TASK, "entry.S: task");
_Static_assert(offsetof(struct port, mpu) == PORT_MPU, "entry.S: mpu");
_Static_assert(offsetof(struct kernel, current) == KERNEL_CURRENT, "entry.S: k.current");
_Static_assert(offsetof(struct kernel, mapped) == KERNEL_MAPPED, "entry.S: k.mapped");
_Static_assert(sizeof(arch_images.mpu_ns[0]) == 1u << IMAGE_SHIFT, "entry.S: size of an image");
_Static_assert(K5_IDLE == 0xFF && PORT_NOBODY != K5_IDLE, "entry.S: idle");
#endif

#endif
