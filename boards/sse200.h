/* Arm SSE-200: what stands between the processor and memory and devices in this subsystem.
 *
 * The port's only knowledge of a part; another part brings another file like this.
 */
#ifndef ARM_M_SSE200_H
#define ARM_M_SSE200_H

/* memory protection controller: one look-up bit a block, 1 = Non-secure */
#define MPC_CTRL           0x0u
#define MPC_BLK_CFG        0x14u
#define MPC_BLK_IDX        0x18u
#define MPC_BLK_LUT        0x1Cu
#define MPC_AUTO_INCREMENT 0x100u
#define MPC_BUS_ERROR      0x10u

/* Secure privilege control */
#define SECURE_SECRESPCFG 0x50080010u
#define SECURE_NSCCFG     0x50080014u

/* Non-secure ranges that no task may ever be given, whatever a board file says: the two timers of
 * the kernel, and the block that decides what unprivileged code reaches. */
#define CLOSED_TIMERS_BASE  0x40000000u
#define CLOSED_TIMERS_SIZE  0x2000u
#define CLOSED_CONTROL_BASE 0x40080000u
#define CLOSED_CONTROL_SIZE 0x1000u

#endif
