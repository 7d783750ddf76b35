/* The subject: starts, notes it, and does what the script says. */
#include <k5/k5.h>

#include "app.h" /* JUDGE, OWN_SERVE, SCRIPT_BASE */
#include "script.h"

static volatile uint32_t zero;         /* .bss */
static volatile uint32_t number = 411; /* .data */

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
    if (zero != 0 || number != 411) {
        SCRIPT->stale++;
    }
    zero = 1;
    number = 1;
    SCRIPT->starts++;
    act(SCRIPT->what);
    return 0;
}
