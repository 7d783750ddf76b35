/* STM32L562E-DK: how its pins are wired. Sources: ST's board package, Zephyr's board files. */
#include "boards/stm32l5/part.h"

#include "boards/stm32l5/regs.h"

const struct part_board part_board = {
    .console = {.uart = USART1, /* PA9, PA10: the ST-LINK's virtual serial port */
                .clock = RCC_APB2ENR,
                .clock_bit = USART1_CLOCK,
                .divider = 955,
                .divider_slow = 35,
                .port = 0,
                .transmit = 9,
                .receive = 10,
                .function = 7},
    .ports = 1u << 0 | 1u << 2 | 1u << 3 | 1u << 6,
    .pins =
        {{.port = 3, .pin = 3, .output = true, .high = true},  /* PD3: LD9 red, active low */
         {.port = 6, .pin = 12, .output = true, .high = true}, /* PG12: LD10 green, active low */
         {.port = 2, .pin = 13}},                              /* PC13: button, active high */
    .pin_count = 3,
};
