/* PL080, channel 0: copies within this task's memory; the kernel's memory is neither read nor
 * written, under both of its addresses. Each transfer ends with an interrupt; the emulator's says
 * "done" of one that was refused, too. */
#include <k5/k5.h>

#include "../common/check.h"
#include "app.h"

struct dma {
    volatile uint32_t status;
    volatile uint32_t done_status;
    volatile uint32_t done_clear;
    volatile uint32_t error_status;
    volatile uint32_t error_clear;
    volatile uint32_t others[7];
    volatile uint32_t config;
};
struct channel {
    volatile uint32_t from;
    volatile uint32_t to;
    volatile uint32_t next;
    volatile uint32_t control;
    volatile uint32_t config;
};
#define CHANNEL       0x100u
#define CONTROL_WORDS 0x8C480000u /* words, both addresses go on, interrupt at the end */
#define CONFIG_ON     0xC001u     /* memory to memory, both interrupts */
#define KERNEL_SECURE 0x38000000u /* its RAM, and the address that the bus knows it by */
#define KERNEL_PLAIN  0x28000000u
#define SECRET        0x5EC2E700u

static struct dma *const dma = (struct dma *)DMA0_BASE;
static struct channel *const channel = (struct channel *)(DMA0_BASE + CHANNEL);

static volatile uint32_t source[4] = {SECRET, SECRET + 1, SECRET + 2, SECRET + 3};
static volatile uint32_t target[4];

/* Did it end, in whatever way? */
static bool copy(uint32_t from, uint32_t to)
{
    uint32_t bits = 0;

    dma->done_clear = 1;
    dma->error_clear = 1;
    CHECK_ERROR(k5_irq_ack(DMA0_DONE_IRQ), K5_OK);
    CHECK_ERROR(k5_irq_ack(DMA0_ERROR_IRQ), K5_OK);
    dma->config = 1;
    channel->from = from;
    channel->to = to;
    channel->next = 0;
    channel->control = CONTROL_WORDS | 4u;
    channel->config = CONFIG_ON;
    dma->config = 1; /* the emulator raises its line with a write here */
    CHECK_ERROR(k5_wait(DMA0_DONE_BITS | DMA0_ERROR_BITS, k5_after(K5_MS(100)), &bits), K5_OK);
    channel->config = 0;
    return bits != 0;
}

static bool target_is(uint32_t first)
{
    return target[0] == first && (first == 0 || target[3] == first + 3u);
}

int main(void)
{
    uint32_t here = (uint32_t)source;
    uint32_t there = (uint32_t)target;

    CHECK(copy(here, there));
    CHECK(target_is(SECRET));
    for (uint32_t i = 0; i < 4; i++) {
        target[i] = 0;
    }
    CHECK(copy(KERNEL_SECURE, there));
    CHECK(target_is(0));
    CHECK(copy(KERNEL_PLAIN, there));
    CHECK(target_is(0));
    CHECK(copy(here, KERNEL_SECURE));
    CHECK_END("mover");
}
