/* sensor, a client: stores ten readings a second.
 *
 * For the demo it goes wrong once: when storage has FAULT_AT records, it asks where they are kept
 * and writes there. The memory protection refuses; the supervisor starts the sensor anew, and as
 * the count of records lives in storage, it goes on with the next one.
 */
#include <k5/k5.h>

#include "app.h" /* generated: STORAGE, its calls, K5_TICK_HZ */

/* A made-up temperature that moves between 2.0 and 7.9 C. */
static int32_t reading_next(uint32_t n)
{
    return (int32_t)(20 + n * 7 % 60);
}

static void storage_overwrite(void)
{
    uint32_t address = 0;
    if (storage_where(STORAGE, &address, k5_after(K5_MS(50))) != K5_OK) {
        return;
    }
    K5_WARN("writing into storage's memory at {#x}", address);
    *(volatile uint32_t *)(uintptr_t)address = 0xDEAD;
    K5_ERROR("the write went through: there is no protection");
}

int main(void)
{
    K5_INFO("ready");
    k5_ticks beat = k5_time();
    for (uint32_t n = 0;; n++) {
        beat += K5_MS(100);
        k5_sleep_until(beat);
        uint32_t count = 0;
        k5_error error = storage_put(STORAGE, reading_next(n), &count, k5_after(K5_MS(50)));
        if (error != K5_OK) {
            K5_WARN("reading lost: {}", k5_error_name(error));
        } else if (count == FAULT_AT) {
            storage_overwrite();
        }
    }
}
