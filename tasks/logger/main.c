/* The log drain: carries the bytes of the log ring to the serial line, and understands none of
 * them.
 *
 *   ring  ..|read ######## write|..  --this task-->  uart0  -->  k5 run decodes
 *
 * It writes one word of the ring, the read offset, after each byte, so that the kernel can go on
 * from there if it has to send the rest itself (a panic). It never waits for the line: when the
 * line takes no byte, it sleeps, and the ring fills; the kernel then drops frames and counts them.
 *
 * In app.toml: use = "logger", uses = ["uart0", "log"]; any priority. A low one costs the others
 * nothing, a high one loses fewer lines. define = { LOGGER_PERIOD_MS = 5, LOGGER_BAUD = 115200 }.
 */
#include "app.h"

#include <k5/k5.h>

#if !defined(UART0_BASE) || !defined(LOG_RING_BASE)
#error "the logger needs uses = [\"uart0\", \"log\"] in app.toml"
#endif
#ifndef LOGGER_PERIOD_MS
#define LOGGER_PERIOD_MS 5
#endif
#ifndef LOGGER_BAUD
#define LOGGER_BAUD 115200
#endif

#if defined(UART0_STM32_USART) || defined(UART0_STM32_LPUART)
#include "uart_stm32.h"
#else
#include "uart_cmsdk.h"
#endif

static volatile uint32_t *ring_word(uint32_t offset)
{
    return (volatile uint32_t *)(LOG_RING_BASE + offset);
}

static uint8_t ring_byte(uint32_t at)
{
    return *(volatile uint8_t *)(LOG_RING_BASE + K5_LOG_RTT_DATA + at);
}

/* Sends until the ring is empty or the line takes no more. */
static void ring_drain(void)
{
    uint32_t at = *ring_word(K5_LOG_RTT_READ);

    while (at != *ring_word(K5_LOG_RTT_WRITE) && uart_ready()) {
        uart_put(ring_byte(at));
        at = at + 1 == K5_LOG_RING_SIZE ? 0 : at + 1;
        *ring_word(K5_LOG_RTT_READ) = at;
    }
}

int main(void)
{
    uart_start(LOGGER_BAUD);
    uart_put(0); /* a reset may have cut off a frame: it ends here, so the next one is good */
    for (;;) {
        ring_drain();
        k5_sleep(K5_MS(LOGGER_PERIOD_MS));
    }
}
