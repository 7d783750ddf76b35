/* What a board with an STM32L5 tells the code that such boards share: how its pins are wired. */
#ifndef BOARDS_STM32L5_PART_H
#define BOARDS_STM32L5_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "board_facts.h" /* generated from board.toml */

/* board.toml gives devices by their Non-secure addresses. */
#define PART_SECURE(address) ((address)-BOARD_ALIAS_DEVICES + BOARD_ALIAS_DEVICES_SECURE)
#define PART_PORT(device)    ((PART_SECURE(device) - GPIO_BASE) / GPIO_STEP)
#define PART_BAUD            115200u
#define PART_HZ              110000000u                            /* after board_start */
#define PART_SLOW_HZ         4000000u                              /* after a reset */
#define PART_DIVIDER(hz)     (((hz) + PART_BAUD / 2u) / PART_BAUD) /* BRR of a USART */

struct part_pin {
    uint8_t port; /* 0 is A */
    uint8_t pin;
    bool output;
    bool high; /* the level in which an output is off */
};

/* The serial line of the log, which is also the kernel's for its last words. */
struct part_console {
    uint32_t uart;         /* registers, Secure address */
    uint32_t clock;        /* register that has its clock's bit */
    uint32_t clock_bit;    /* the bit */
    uint32_t divider;      /* BRR for 115200 baud at 110 MHz */
    uint32_t divider_slow; /* at the 4 MHz after reset */
    uint8_t port;
    uint8_t transmit;
    uint8_t receive;
    uint8_t function; /* alternate function of both pins */
};

struct part_board {
    struct part_console console;
    uint32_t ports; /* GPIO ports in use, bit 0 is A: they get a clock */
    struct part_pin pins[4];
    uint32_t pin_count;
};

extern const struct part_board part_board;

/* Console and pins as they are after reset, Secure and off, with a clock. */
void part_pins_start(void);

/* The two pins of the console to the Non-secure side, with its UART. */
void part_console_release(void);

#endif
