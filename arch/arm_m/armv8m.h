/* Armv8-M registers, as named in the architecture reference manual. Read by C and by assembler.
 *
 * Addresses are the Secure view; the Non-secure bank of a register lies SCS_NS higher. Only what
 * the port uses.
 */
#ifndef ARMV8M_H
#define ARMV8M_H

#define SCS_NS 0x00020000

/* interrupt controller: one bit a line, 32 lines a word; priorities one byte a line */
#define NVIC_ISER 0xE000E100
#define NVIC_ICER 0xE000E180
#define NVIC_ICPR 0xE000E280
#define NVIC_ITNS 0xE000E380
#define NVIC_IPR  0xE000E400

/* system control */
#define SCB_ICSR  0xE000ED04
#define SCB_VTOR  0xE000ED08
#define SCB_AIRCR 0xE000ED0C
#define SCB_SCR   0xE000ED10
#define SCB_CCR   0xE000ED14
#define SCB_SHPR1 0xE000ED18
#define SCB_SHPR2 0xE000ED1C
#define SCB_SHPR3 0xE000ED20
#define SCB_SHCSR 0xE000ED24
#define SCB_CFSR  0xE000ED28
#define SCB_HFSR  0xE000ED2C
#define SCB_MMFAR 0xE000ED34
#define SCB_BFAR  0xE000ED38
#define SCB_CPACR 0xE000ED88
#define SCB_NSACR 0xE000ED8C
#define SCB_FPCCR 0xE000EF34
#define FP_MVFR0  0xE000EF40 /* 0: there is no floating-point unit */
#define SAU_SFSR  0xE000EDE4

/* AIRCR: key, PRIS (Non-secure priorities below all Secure ones), SYSRESETREQS (reset is Secure's);
 * BFHFNMINS stays 0 (bus and hard faults are Secure) */
#define AIRCR_SECURE    0x05FA4008
#define AIRCR_RESET     0x4 /* SYSRESETREQ: with AIRCR_SECURE, the rest stays */
#define CCR_DIV_0_TRP   0x10
#define CPACR_FP        0x00F00000 /* floating point for privileged and unprivileged code */
#define NSACR_FP        0x00000C00 /* and for the Non-secure side */
#define FPCCR_ASPEN     0x80000000 /* its use makes exceptions stack it; LSPEN = 0: at once */
#define SHCSR_FAULTS    0x000F0000 /* MemManage, Bus, Usage, Secure enabled */
#define SHCSR_PENDED    0x0030F000 /* of Usage, MemManage, Bus, SVC, Secure, Hard */
#define SHCSR_PENDED_NS 0x0000F000

#define CFSR_IACCVIOL    0x00000001
#define CFSR_DACCVIOL    0x00000002
#define CFSR_MMARVALID   0x00000080
#define CFSR_IBUSERR     0x00000100
#define CFSR_PRECISERR   0x00000200
#define CFSR_IMPRECISERR 0x00000400
#define CFSR_BFARVALID   0x00008000
#define CFSR_UNDEFINSTR  0x00010000
#define CFSR_INVSTATE    0x00020000
#define CFSR_INVPC       0x00040000
#define CFSR_NOCP        0x00080000
#define CFSR_STKOF       0x00100000
#define CFSR_UNALIGNED   0x01000000
#define CFSR_DIVBYZERO   0x02000000

#define CFSR_STACKING 0x00001818 /* MUNSTKERR, MSTKERR, UNSTKERR, STKERR: a frame is not good */

#define HFSR_DEBUGEVT 0x80000000
#define HFSR_FORCED   0x40000000

#define SFSR_INVEP   0x01
#define SFSR_INVIS   0x02
#define SFSR_INVER   0x04
#define SFSR_AUVIOL  0x08
#define SFSR_INVTRAN 0x10

/* MPU and SAU */
#define MPU_TYPE  0xE000ED90
#define MPU_CTRL  0xE000ED94
#define MPU_RNR   0xE000ED98
#define MPU_RBAR  0xE000ED9C /* and RLAR, then the same of the three regions after it */
#define MPU_RLAR  0xE000EDA0
#define MPU_MAIR0 0xE000EDC0
#define SAU_CTRL  0xE000EDD0
#define SAU_TYPE  0xE000EDD4
#define SAU_RNR   0xE000EDD8
#define SAU_RBAR  0xE000EDDC
#define SAU_RLAR  0xE000EDE0

#define MPU_CTRL_ENABLE     0x1
#define MPU_CTRL_HFNMIENA   0x2 /* the map also holds in HardFault */
#define MPU_CTRL_PRIVDEFENA 0x4 /* privileged code sees the default map where no region is */

/* EXC_RETURN: bit 6 from Secure state, 4 no floating point stacked, 3 from thread mode, 2 on the
 * process stack */
#define EXC_RETURN_NS_THREAD     0xFFFFFFBD
#define EXC_RETURN_S_THREAD      0xFFFFFFFD
#define EXC_RETURN_S_THREAD_FP   0xFFFFFFED
#define EXC_RETURN_BOOT          0xFFFFFFF9 /* Secure thread mode, main stack: only at boot */
#define EXC_RETURN_S             0x40
#define EXC_RETURN_NO_FP         0x10
#define EXC_RETURN_THREAD        0x08
#define EXC_RETURN_PROCESS_STACK 0x04

#define STACK_SEAL  0xFEF5EDA5 /* at the bottom of a Secure stack: no forged return passes it */
#define XPSR_T      0x01000000
#define XPSR_PADDED 0x200 /* in a stacked xPSR: four bytes of padding lie above the frame */

#endif
