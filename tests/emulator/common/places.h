/* Where things are on the AN505 board, for tests that try to get there: docs/adr/0004 has the map.
 */
#ifndef PLACES_H
#define PLACES_H

#define KERNEL_CODE         0x10000000u /* Secure alias */
#define KERNEL_CODE_NS      0x00000000u /* the same memory, Non-secure alias */
#define VENEER_SG           0x10010000u /* SG; SVC #0; BXNS LR */
#define IDLE_LOOP           0x10010020u /* Secure code in the same page */
#define SECURE_STACKS       0x38000000u /* one small stack a task */
#define KERNEL_RAM          0x38000800u /* after them */
#define KERNEL_RAM_NS       0x28000800u /* the same memory, Non-secure alias */
#define TASK_CODE_SECURE    0x10200000u /* task code, Secure alias */
#define LOG_RING            0x28200000u
#define ALIAS_BIT           0x10000000u /* Secure alias = Non-secure alias + this */
#define UART0_NS            0x40200000u /* the logger's */
#define UART1_NS            0x40201000u /* given to no task */
#define TIMER0_NS           0x40000000u /* the kernel's */
#define TIMER0_S            0x50000000u
#define SECURITY_CONTROLLER 0x50080000u
#define NOTHING             0xA0000000u /* no memory here */

/* Armv8-M system registers */
#define REG_NVIC_ISER 0xE000E100u
#define REG_VTOR      0xE000ED08u
#define REG_AIRCR     0xE000ED0Cu
#define REG_MPU_CTRL  0xE000ED94u
#define REG_CPACR     0xE000ED88u /* NSACR follows */
#define REG_SAU_CTRL  0xE000EDD0u
#define REG_FPCCR     0xE000EF34u
#define AIRCR_RESET   0x05FA0004u

#endif
