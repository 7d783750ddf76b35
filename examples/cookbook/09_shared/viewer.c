/* viewer: has it read only; a write would be its fault, not damage in the camera. */
#include <k5/k5.h>

#include "app.h" /* generated: FRAME_BASE, CAMERA_SIGNAL, K5_TICK_HZ */
#include "frame.h"

int main(void)
{
    const volatile struct frame *frame = (const volatile struct frame *)FRAME_BASE;
    for (;;) {
        uint32_t bits;
        uint32_t sum = 0;
        K5_ASSERT(k5_wait(FULL, K5_FOREVER, &bits) == K5_OK);
        for (uint32_t i = 0; i < sizeof frame->pixels; i++) {
            sum += frame->pixels[i];
        }
        K5_INFO("frame {}: mean {}", frame->number, sum / (uint32_t)sizeof frame->pixels);
        k5_sleep(K5_MS(100));
        K5_ASSERT(k5_signal(CAMERA_SIGNAL, FREE) == K5_OK);
    }
}
