/* NUCLEO-L552ZE-Q: how its pins are wired. Sources: Zephyr's board files, ST's board package. */
#include "boards/stm32l5/part.h"

#include "boards/stm32l5/regs.h"

const struct part_board part_board = {
    .console = {.uart = LPUART1, /* PG7, PG8: the ST-LINK's virtual serial port */
                .clock = RCC_APB1ENR2,
                .clock_bit = LPUART1_CLOCK,
                .divider = 244444,
                .divider_slow = 8889,
                .port = 6,
                .transmit = 7,
                .receive = 8,
                .function = 8},
    .ports = 1u << 0 | 1u << 1 | 1u << 2 | 1u << 6,
    .pins = {{.port = 2, .pin = 7, .output = true}, /* PC7: LD1 green, active high */
             {.port = 1, .pin = 7, .output = true}, /* PB7: LD2 blue */
             {.port = 0, .pin = 9, .output = true}, /* PA9: LD3 red */
             {.port = 2, .pin = 13}},               /* PC13: button, active high */
    .pin_count = 4,
};
