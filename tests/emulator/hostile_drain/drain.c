/* A hostile log drain: it may write the ring, and does, all of it, for SCRIBBLE_MS; then it drains
 * properly, so that one can see that the kernel never noticed.
 */
#include <k5/k5.h>

#include "app.h" /* UART0_BASE, LOG_RING_BASE, LOG_RING_SIZE */

static uint32_t state = 2463534242u;

static uint32_t random_next(void) /* xorshift32 of Marsaglia */
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static volatile uint32_t *ring_word(uint32_t offset)
{
    return (volatile uint32_t *)(LOG_RING_BASE + offset);
}

static void header_scribble(uint32_t round)
{
    static const uint32_t evil[] = {0,          1,    UINT32_MAX, 0x80000000u, 0x38000800,
                                    0x28200000, 4031, 4032,       4033,        4096};
    for (uint32_t offset = 0; offset < K5_LOG_RTT_DATA; offset += 4) {
        *ring_word(offset) = evil[(round + offset / 4) % (sizeof evil / sizeof evil[0])];
    }
    *ring_word(K5_LOG_RTT_READ) = (round & 1u) ? random_next() : evil[round % 10];
}

static void scribble(void)
{
    k5_ticks until = k5_after(K5_MS(SCRIBBLE_MS));
    for (uint32_t round = 0; k5_time() < until; round++) {
        header_scribble(round);
        for (uint32_t i = 0; i < 16; i++) {
            uint32_t r = random_next();
            *ring_word(K5_LOG_RTT_DATA + (r % K5_LOG_RING_SIZE & ~3u)) = r;
        }
        K5_WARN("scribbling {}", round); /* the kernel uses what was scribbled */
        k5_sleep(K5_US(300));
    }
}

/* The kernel keeps its own write offset and publishes it with each frame: log one, then read it. */
static uint32_t write_offset(void)
{
    K5_INFO("the drain behaves");
    return *ring_word(K5_LOG_RTT_WRITE) % K5_LOG_RING_SIZE;
}

static void drain(uint32_t at)
{
    volatile uint32_t *uart = (volatile uint32_t *)UART0_BASE;
    uart[4] = 16; /* divider */
    uart[2] = 1;  /* transmit */
    for (;;) {
        while (at != *ring_word(K5_LOG_RTT_WRITE) && (uart[1] & 1u) == 0) {
            uart[0] = *(volatile uint8_t *)(LOG_RING_BASE + K5_LOG_RTT_DATA + at);
            at = at + 1 == K5_LOG_RING_SIZE ? 0 : at + 1;
            *ring_word(K5_LOG_RTT_READ) = at;
        }
        k5_sleep(K5_MS(1));
    }
}

int main(void)
{
    scribble();
    *ring_word(K5_LOG_RTT_READ) = 0;
    uint32_t at = write_offset();
    *ring_word(K5_LOG_RTT_READ) = at;
    drain(at);
}
