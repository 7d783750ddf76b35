/* camera: has the region read and write. */
#include <k5/k5.h>

#include "app.h" /* generated: FRAME_BASE, VIEWER_SIGNAL */
#include "frame.h"

int main(void)
{
    volatile struct frame *frame = (volatile struct frame *)FRAME_BASE;
    for (uint32_t n = 1;; n++) {
        uint32_t bits;
        frame->number = n;
        for (uint32_t i = 0; i < sizeof frame->pixels; i++) {
            frame->pixels[i] = (uint8_t)(100 + n);
        }
        K5_ASSERT(k5_signal(VIEWER_SIGNAL, FULL) == K5_OK);
        K5_ASSERT(k5_wait(FREE, K5_FOREVER, &bits) == K5_OK);
    }
}
