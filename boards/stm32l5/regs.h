/* STM32L552 and STM32L562: the registers that the kernel's side touches, by their Secure addresses.
 *
 * After each value: where it is from. H: ST's device header stm32l562xx.h 1.0.6. D: ST's HAL
 * driver. E: ST's examples in STM32CubeL5 (GPIO_IOToggle_TrustZone, UART_Trace_TrustZone). M: from
 * memory, to be checked in the reference manual RM0438. None was ever seen on silicon.
 * tests/boards/stm32l5.txt lists the same once more, from the sources; tests/boards/run.sh
 * compares.
 */
#ifndef BOARDS_STM32L5_REGS_H
#define BOARDS_STM32L5_REGS_H

/* power */
#define PWR_CR1      0x50007000u /* H */
#define PWR_CR1_VOS  0x00000600u /* H: 0 is range 0, for 110 MHz (E) */
#define PWR_CR2      0x50007004u /* H */
#define PWR_CR2_IOSV 0x00000200u /* H: PG2..PG15 have power (E) */
#define PWR_SR2      0x50007014u /* H */
#define PWR_SR2_VOSF 0x00000400u /* H: the voltage still changes */

/* reset and clock control */
#define RCC_CR             0x50021000u /* H */
#define RCC_CR_PLLON       0x01000000u /* H */
#define RCC_CR_PLLRDY      0x02000000u /* H */
#define RCC_CFGR           0x50021008u /* H */
#define RCC_CFGR_SW        0x00000003u /* H: 3 is the PLL */
#define RCC_CFGR_SWS       0x0000000Cu /* H */
#define RCC_PLLCFGR        0x5002100Cu /* H */
#define RCC_PLLCFGR_110    0x01003701u /* E, D: MSI 4 MHz, M 1 (field 0), N 55, R 2 (field 0), on */
#define RCC_AHB1ENR        0x50021048u /* H */
#define RCC_AHB1ENR_GTZC   0x00400000u /* H */
#define RCC_AHB2ENR        0x5002104Cu /* H: bit n is GPIO port n */
#define RCC_APB1ENR1       0x50021058u /* H */
#define RCC_APB1ENR1_TIM2  0x00000001u /* H */
#define RCC_APB1ENR1_WWDG  0x00000800u /* H */
#define RCC_APB1ENR1_PWR   0x10000000u /* H */
#define RCC_APB1ENR2       0x5002105Cu /* H */
#define RCC_APB2ENR        0x50021060u /* H */
#define RCC_APB2ENR_SYSCFG 0x00000001u /* H */
#define RCC_SECCFGR        0x500210B8u /* H */
#define RCC_SECCFGR_ALL    0x00001FFFu /* H */

/* flash; its option bytes are in board.toml */
#define FLASH_BASE        0x50022000u /* H: also FLASH_ACR */
#define FLASH_ACR_LATENCY 0x0000000Fu /* H: 5 at 110 MHz (E) */
#define FLASH_SECBB2R1    0x500220A0u /* H: four words; 1 is a Secure page, beside the watermark */

/* instruction cache */
#define ICACHE_CR       0x50030400u /* H */
#define ICACHE_CR_EN    0x00000001u /* H */
#define ICACHE_SR       0x50030404u /* H */
#define ICACHE_SR_BUSYF 0x00000001u /* H */

/* GTZC: which devices and which blocks of RAM are Secure; 1 is Secure */
#define TZSC_SECCFGR1  0x50032410u /* H */
#define TZSC_SECCFGR2  0x50032414u /* H */
#define TZSC_PRIVCFGR1 0x50032420u /* H: 1 is privileged only */
#define TZSC_PRIVCFGR2 0x50032424u /* H */
#define MPCBB1_CR      0x50032C00u /* H */
#define MPCBB2_CR      0x50033000u /* H */
#define MPCBB_VCTR     0x00000100u /* H: offset; a bit for each 256 bytes (D) */
#define MPCBB1_WORDS   24u         /* H: SRAM1, 192 KiB */
#define MPCBB2_WORDS   8u          /* H: SRAM2, 64 KiB */

/* system configuration: locks until the next reset */
#define SYSCFG_CNSLCKR      0x5001000Cu /* H */
#define SYSCFG_CNSLCKR_VTOR 0x00000001u /* H: VTOR_NS. Not MPU_NS: it changes with the task */
#define SYSCFG_CSLCKR       0x50010010u /* H */
#define SYSCFG_CSLCKR_ALL   0x00000007u /* H: VTOR_S and AIRCR, MPU_S, SAU */

/* timer 2: the kernel's counter and alarm */
#define TIM2           0x50000000u /* H */
#define TIM_CR1        0x00u       /* H */
#define TIM_CR1_CEN    0x00000001u /* H */
#define TIM_DIER       0x0Cu       /* H */
#define TIM_DIER_CC1IE 0x00000002u /* H */
#define TIM_SR         0x10u       /* H */
#define TIM_SR_CC1IF   0x00000002u /* H: cleared by writing 0 */
#define TIM_EGR        0x14u       /* H */
#define TIM_EGR_UG     0x00000001u /* H */
#define TIM_EGR_CC1G   0x00000002u /* H: as if the counter had come to CCR1 */
#define TIM_CNT        0x24u       /* H */
#define TIM_PSC        0x28u       /* H: the divider less 1 */
#define TIM_ARR        0x2Cu       /* H */
#define TIM_CCR1       0x34u       /* H */

/* window watchdog */
#define WWDG_CR      0x50002C00u /* H */
#define WWDG_CR_WDGA 0x00000080u /* H: it is on, until the next reset (D) */
#define WWDG_CR_T    0x0000007Fu /* H: counts down; at 0x40 the warning, at 0x3F the reset (D) */

/* GPIO */
#define GPIO_BASE    0x52020000u /* H: port A; port n is n * GPIO_STEP on */
#define GPIO_STEP    0x400u      /* H */
#define GPIO_MODER   0x00u       /* H: 2 bits a pin: 0 input, 1 output, 2 alternate function */
#define GPIO_BSRR    0x18u       /* H: set [15:0], reset [31:16] */
#define GPIO_AFRL    0x20u       /* H: 4 bits a pin; pins 8..15 in the next word */
#define GPIO_SECCFGR 0x30u       /* H: 1 is Secure; all after reset (E) */

/* USART1 and LPUART1 have these at the same places */
#define USART1_CLOCK  0x00004000u /* H: bit in RCC_APB2ENR */
#define LPUART1_CLOCK 0x00000001u /* H: bit in RCC_APB1ENR2 */
#define UART_CR1      0x00u       /* H */
#define UART_CR1_ON   0x00000009u /* H: UE, TE */
#define UART_BRR      0x0Cu       /* H: LPUART: times 256 */
#define UART_ISR      0x1Cu       /* H */
#define UART_ISR_TXE  0x00000080u /* H */
#define UART_TDR      0x28u       /* H */

#endif
