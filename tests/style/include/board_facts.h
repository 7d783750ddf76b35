/* Stands in for the generated header of the same name where sources are only looked at. */
#ifndef BOARD_FACTS_H
#define BOARD_FACTS_H

#define BOARD_TICK_HZ 10000000u

/* [alias], [mpc], [closed], [device]: Non-secure addresses but for _SECURE and _CONTROLLER */
#define BOARD_ALIAS_FLASH                 0x08000000u
#define BOARD_ALIAS_FLASH_SECURE          0x0C000000u
#define BOARD_ALIAS_FLASH_SIZE            0x00080000u
#define BOARD_ALIAS_RAM                   0x20000000u
#define BOARD_ALIAS_RAM_SECURE            0x30000000u
#define BOARD_ALIAS_RAM_SIZE              0x00040000u
#define BOARD_ALIAS_DEVICES               0x40000000u
#define BOARD_ALIAS_DEVICES_SECURE        0x50000000u
#define BOARD_ALIAS_DEVICES_SIZE          0x10000000u
#define BOARD_MPC_FLASH                   0x08000000u
#define BOARD_MPC_FLASH_SIZE              0x00080000u
#define BOARD_MPC_FLASH_CONTROLLER        0x50022000u
#define BOARD_MPC_SRAM1                   0x20000000u
#define BOARD_MPC_SRAM1_SIZE              0x00030000u
#define BOARD_MPC_SRAM1_CONTROLLER        0x50032C00u
#define BOARD_CLOSED_TIM2                 0x40000000u
#define BOARD_CLOSED_POWER                0x40007000u
#define BOARD_CLOSED_SYSCFG               0x40010000u
#define BOARD_CLOSED_SYSTEM               0x40020000u
#define BOARD_DEVICE_UART0                0x40013800u
#define BOARD_DEVICE_UART0_STM32_USART    0x00000001u
#define BOARD_DEVICE_UART0_CLOCK_HZ       0x068E7780u
#define BOARD_DEVICE_LPUART1              0x40008000u
#define BOARD_DEVICE_LPUART1_STM32_LPUART 0x00000001u
#define BOARD_DEVICE_LPUART1_CLOCK_HZ     0x068E7780u
#define BOARD_DEVICE_LED_RED              0x42020C00u
#define BOARD_DEVICE_LED_RED_PIN          0x00000003u
#define BOARD_DEVICE_LED_RED_ACTIVE_LOW   0x00000001u
#define BOARD_DEVICE_LED_GREEN            0x42021800u
#define BOARD_DEVICE_LED_GREEN_PIN        0x0000000Cu
#define BOARD_DEVICE_LED_GREEN_ACTIVE_LOW 0x00000001u
#define BOARD_DEVICE_LED_BLUE             0x42020400u
#define BOARD_DEVICE_LED_BLUE_PIN         0x00000007u
#define BOARD_DEVICE_LED_BLUE_ACTIVE_LOW  0x00000000u
#define BOARD_DEVICE_WATCHDOG0            0x40002C00u
#define BOARD_DEVICE_WATCHDOG0_CLOCK_HZ   0x068E7780u
#define BOARD_DEVICE_BUTTON               0x42020800u
#define BOARD_DEVICE_BUTTON_PIN           0x0000000Du
#define BOARD_DEVICE_BUTTON_ACTIVE_LOW    0x00000000u

/* [flash] */
#define BOARD_FLASH_REGISTERS 0x40022000u

/* [flash.options]: offset from there, bits, what they have to be */
#define BOARD_OPTION_COUNT 2u
#define BOARD_OPTIONS      {0x40u, 0x80000000u, 0x80000000u}, {0x50u, 0x007F007Fu, 0x007F0000u},

#endif
