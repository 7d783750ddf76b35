/* Does one probe after the other, and is restarted by each that is refused. */
#include <k5/k5.h>

#include "app.h" /* from app.toml: PROBER */
#include "probe.h"

static uint32_t probe_do(uint32_t address, uint32_t access)
{
    volatile uint8_t *byte = (volatile uint8_t *)(uintptr_t)address;
    uint32_t value = 0;
    switch (access) {
    case PROBE_READ: __asm__ volatile("ldrb %0, [%1]" : "=r"(value) : "r"(byte) : "memory"); break;
    case PROBE_WRITE: /* what is there, if that can be read: nothing changes */
        __asm__ volatile("strb %0, [%1]" ::"r"(value), "r"(byte) : "memory");
        break;
    default:
        __asm__ volatile("blx %0" ::"r"(address | 1u)
                         : "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory");
        break;
    }
    return value;
}

int main(void)
{
    struct k5_msg m = {.label = NEXT_BEGIN, .w = {PROBER}};
    for (;;) {
        k5_error error = k5_call(REFEREE, &m, K5_FOREVER);
        K5_ASSERT(error == K5_OK && m.label == NEXT_PROBE);
        uint32_t access = m.w[1];
        uint32_t value = probe_do(m.w[0], access);
        m = (struct k5_msg){.label = NEXT_RETURN, .w = {value}};
    }
}
