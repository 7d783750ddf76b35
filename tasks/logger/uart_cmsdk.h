/* CMSDK APB UART; its clock is that of the timers. */
#ifndef LOGGER_UART_CMSDK_H
#define LOGGER_UART_CMSDK_H

#include "app.h"

#include <k5/k5.h>

struct uart {
    volatile uint32_t data;
    volatile uint32_t state;   /* bit 0: transmitter full */
    volatile uint32_t control; /* bit 0: transmitter on */
    volatile uint32_t interrupt;
    volatile uint32_t divider; /* of the clock, at least 16 */
};
#define UART_FULL     0x1u
#define UART_TRANSMIT 0x1u

static struct uart *const uart = (struct uart *)UART0_BASE;

static inline void uart_start(uint32_t baud)
{
    uart->divider = K5_TICK_HZ / baud;
    uart->control = UART_TRANSMIT;
}

static inline bool uart_ready(void)
{
    return (uart->state & UART_FULL) == 0;
}

static inline void uart_put(uint8_t byte)
{
    uart->data = byte;
}

#endif
