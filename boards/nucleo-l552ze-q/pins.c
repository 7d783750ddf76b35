/* NUCLEO-L552ZE-Q: how its pins are wired. Sources: Zephyr's board files, ST's board package. */
#include "boards/stm32l5/part.h"

#include "boards/stm32l5/regs.h"

/* BRR of an LPUART counts 256ths. */
#define LPUART_DIVIDER(hz) ((uint32_t)(((hz)*256ull + PART_BAUD / 2u) / PART_BAUD))

_Static_assert(LPUART_DIVIDER(PART_SLOW_HZ) >= 0x300u, "what an LPUART can do");
_Static_assert(BOARD_DEVICE_UART0_CLOCK_HZ == PART_HZ, "[device.uart0] in board.toml");

const struct part_board part_board = {
    /* LPUART1, PG7, PG8: the ST-LINK's virtual serial port */
    .console = {.uart = PART_SECURE(BOARD_DEVICE_UART0),
                .clock = RCC_APB1ENR2,
                .clock_bit = LPUART1_CLOCK,
                .divider = LPUART_DIVIDER(PART_HZ),
                .divider_slow = LPUART_DIVIDER(PART_SLOW_HZ),
                .port = 6,
                .transmit = 7,
                .receive = 8,
                .function = 8},
    .ports = 1u << 0 | 1u << 1 | 1u << 2 | 1u << 6,
    .pins = {{.port = 2, .pin = 7, .output = true},     /* PC7: LD1 green, active high; no device */
             {.port = PART_PORT(BOARD_DEVICE_LED_BLUE), /* PB7: LD2 */
              .pin = BOARD_DEVICE_LED_BLUE_PIN,
              .output = true,
              .high = BOARD_DEVICE_LED_BLUE_ACTIVE_LOW},
             {.port = PART_PORT(BOARD_DEVICE_LED_RED), /* PA9: LD3 */
              .pin = BOARD_DEVICE_LED_RED_PIN,
              .output = true,
              .high = BOARD_DEVICE_LED_RED_ACTIVE_LOW},
             {.port = PART_PORT(BOARD_DEVICE_BUTTON), /* PC13: button, active high */
              .pin = BOARD_DEVICE_BUTTON_PIN}},
    .pin_count = 4,
};
