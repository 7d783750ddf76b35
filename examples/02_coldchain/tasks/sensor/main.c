/* sensor, a client: stores ten readings a second.
 *
 * For the demo it goes wrong once: when storage has FAULT_AT records, it asks where they are kept
 * and writes there. The memory protection refuses; the supervisor starts the sensor anew, and as
 * the count of records lives in storage, it goes on with the next one.
 */
#include <k5/k5.h>

#include "../storage/storage.h"
#include "app.h" /* generated: STORAGE, K5_TICK_HZ */

/* A made-up temperature that moves between 2.0 and 7.9 C. */
static uint32_t reading_next(uint32_t n)
{
    return 20 + n * 7 % 60;
}

static void storage_overwrite(void)
{
    struct k5_msg m = {.label = STORAGE_WHERE};
    if (k5_call(STORAGE, &m, k5_after(K5_MS(50))) != K5_OK) {
        return;
    }
    K5_WARN("writing into storage's memory at {#x}", m.w[0]);
    *(volatile uint32_t *)(uintptr_t)m.w[0] = 0xDEAD;
    K5_ERROR("the write went through: there is no protection");
}

int main(void)
{
    K5_INFO("ready");
    k5_ticks beat = k5_time();
    for (uint32_t n = 0;; n++) {
        beat += K5_MS(100);
        k5_sleep_until(beat);
        struct k5_msg m = {.label = STORAGE_PUT, .w = {reading_next(n)}};
        k5_error error = k5_call(STORAGE, &m, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("reading lost: {}", k5_error_name(error));
        } else if (m.w[0] == FAULT_AT) {
            storage_overwrite();
        }
    }
}
