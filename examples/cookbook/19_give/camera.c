/* camera: fills the frame that it owns and gives it away; when it is back, the next picture. */
#include <k5/k5.h>

#include "app.h" /* generated: FRAME, FILTER, filter_take(), filter_error_name() */

int main(void)
{
    for (uint32_t picture = 0; picture < 2; picture++) {
        void *base;
        uint32_t size;
        k5_error error = k5_map(FRAME, K5_MEM_READ | K5_MEM_WRITE, &base, &size);
        if (error != K5_OK) {
            K5_PANIC("the frame is not here: {}", k5_error_name(error));
        }
        for (uint32_t i = 0; i < size; i++) {
            ((uint8_t *)base)[i] = (uint8_t)((i * 7 + picture) % (221 + 30 * picture));
        }
        error = filter_take(FILTER, K5_SLOT(FRAME), k5_after(K5_MS(100)));
        struct k5_cap_info info; /* who had it last has deleted it, so it is in FRAME again */
        bool back = k5_cap_info(K5_SLOT(FRAME), &info) == K5_OK && info.type == K5_CAP_REGION;
        K5_INFO("{}, the frame is {}", filter_error_name(error), back ? "back" : "away");
    }
    return 0;
}
