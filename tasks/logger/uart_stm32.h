/* USART or LPUART of an STM32L5; the board's boot code gave it its clock and its pins. Never run on
 * silicon. Registers: ST's device header, as boards/stm32l5/regs.h has them.
 */
#ifndef LOGGER_UART_STM32_H
#define LOGGER_UART_STM32_H

#include "app.h"

#include <k5/k5.h>

struct uart {
    volatile uint32_t control; /* bit 0: on; bit 3: transmitter on */
    volatile uint32_t control2;
    volatile uint32_t control3;
    volatile uint32_t divider; /* written while it is off */
    volatile uint32_t others[3];
    volatile uint32_t state; /* bit 7: room for a byte */
    volatile uint32_t clear;
    volatile uint32_t received;
    volatile uint32_t transmit;
};
#define UART_ON   0x9u
#define UART_ROOM 0x80u

#ifdef UART0_STM32_LPUART
#define UART_SCALE 256u
#else
#define UART_SCALE 1u
#endif

_Static_assert(offsetof(struct uart, divider) == 0x0C && offsetof(struct uart, state) == 0x1C &&
                   offsetof(struct uart, transmit) == 0x28,
               "not where the header has them");

static struct uart *const uart = (struct uart *)UART0_BASE;

static inline void uart_start(uint32_t baud)
{
    uart->control = 0;
    uart->divider = (uint32_t)(((uint64_t)UART0_CLOCK_HZ * UART_SCALE + baud / 2u) / baud);
    uart->control = UART_ON;
}

static inline bool uart_ready(void)
{
    return (uart->state & UART_ROOM) != 0;
}

static inline void uart_put(uint8_t byte)
{
    uart->transmit = byte;
}

#endif
