/* Arm SSE-200: what stands between the processor and memory and devices in this subsystem.
 *
 * What boards with this part share; a board file lists the devices of it that no task may get.
 */
#ifndef BOARDS_SSE200_H
#define BOARDS_SSE200_H

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

#endif
