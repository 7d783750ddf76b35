/* The subject: starts, notes it, and does what the script says. */
#include <k5/k5.h>

#include "app.h" /* JUDGE, OWN_SERVE, SCRIPT_BASE */
#include "script.h"

extern uint8_t k5_bss_start[], k5_bss_end[];                /* linker script */
static volatile uint8_t zeros[37];                          /* .bss, some odd number of bytes */
static volatile uint8_t numbers[13] = {4, 1, 1, [12] = 13}; /* .data, likewise */

/* Every byte of .bss is 0, the first and the last of .data are what they were made. */
static bool fresh(void)
{
    uint32_t bits = zeros[36];
    for (const volatile uint8_t *byte = k5_bss_start; byte != k5_bss_end; byte++) {
        bits |= *byte;
    }
    return bits == 0 && numbers[0] == 4 && numbers[1] == 1 && numbers[12] == 13;
}

/* For the next life to find. */
static void dirty(void)
{
    for (volatile uint8_t *byte = k5_bss_start; byte != k5_bss_end; byte++) {
        *byte = 0xA5;
    }
    for (uint32_t i = 0; i < sizeof numbers; i++) {
        numbers[i] = 0xA5;
    }
}

static void act(uint32_t what)
{
    struct k5_msg m = {.label = 9, .w = {1, 2, 3, 4}};
    k5_error error = K5_OK;
    uint32_t bits;
    switch (what) {
    case DO_SEND: error = k5_send(JUDGE, &m, k5_after(K5_S(10))); break;
    case DO_CALL: error = k5_call(JUDGE, &m, k5_after(K5_S(10))); break;
    case DO_RECV: error = k5_recv(OWN_SERVE, &m, 0xFF, k5_after(K5_S(10))); break;
    case DO_WAIT: error = k5_wait(0x01, K5_FOREVER, &bits); break;
    case DO_SLEEP: k5_sleep(K5_S(10)); break;
    case DO_FAULT: __asm__ volatile("udf #0"); break;
    default:
        for (;;) {
            __asm__ volatile("");
        }
    }
    SCRIPT->came_back = 0x100 + error;
}

int main(void)
{
    if (!fresh()) {
        SCRIPT->stale++;
    }
    dirty();
    SCRIPT->starts++;
    act(SCRIPT->what);
    return 0;
}
