/* STM32L562E-DK: how its pins are wired. Sources: ST's board package, Zephyr's board files. */
#include "boards/stm32l5/part.h"

#include "boards/stm32l5/regs.h"

_Static_assert(BOARD_DEVICE_UART0_CLOCK_HZ == PART_HZ, "[device.uart0] in board.toml");

const struct part_board part_board = {
    /* USART1, PA9, PA10: the ST-LINK's virtual serial port */
    .console = {.uart = PART_SECURE(BOARD_DEVICE_UART0),
                .clock = RCC_APB2ENR,
                .clock_bit = USART1_CLOCK,
                .divider = PART_DIVIDER(PART_HZ),
                .divider_slow = PART_DIVIDER(PART_SLOW_HZ),
                .port = 0,
                .transmit = 9,
                .receive = 10,
                .function = 7},
    .ports = 1u << 0 | 1u << 2 | 1u << 3 | 1u << 6,
    .pins = {{.port = PART_PORT(BOARD_DEVICE_LED_RED), /* PD3: LD9 */
              .pin = BOARD_DEVICE_LED_RED_PIN,
              .output = true,
              .high = BOARD_DEVICE_LED_RED_ACTIVE_LOW},
             {.port = PART_PORT(BOARD_DEVICE_LED_GREEN), /* PG12: LD10 */
              .pin = BOARD_DEVICE_LED_GREEN_PIN,
              .output = true,
              .high = BOARD_DEVICE_LED_GREEN_ACTIVE_LOW},
             {.port = PART_PORT(BOARD_DEVICE_BUTTON), /* PC13: button, active high */
              .pin = BOARD_DEVICE_BUTTON_PIN}},
    .pin_count = 3,
};
