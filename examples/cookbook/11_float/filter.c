/* filter: a low-pass in single precision. Write 0.5f, not 0.5: double is done in software. Only
 * tasks with fp pay for its registers, 104 bytes of stack an exception instead of 32. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_TICK_HZ */

int main(void)
{
    float level = 0.0f;
    for (uint32_t n = 1;; n++) {
        level += 0.5f * (100.0f - level);
        K5_INFO("after {}: {.3}", n, level);
        k5_sleep(K5_MS(20));
    }
}
