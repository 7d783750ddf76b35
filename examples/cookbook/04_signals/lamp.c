/* lamp: waits for any bit of the mask, at most 100 ms; what it gets is taken. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_TICK_HZ */
#include "bits.h"

int main(void)
{
    for (;;) {
        uint32_t bits = 0;
        k5_error error = k5_wait(PRESSED | RELEASED, k5_after(K5_MS(100)), &bits);
        if (error == K5_TIMEOUT) {
            K5_INFO("nothing for 100 ms");
        } else if (bits == (PRESSED | RELEASED)) {
            K5_INFO("released, pressed");
        } else {
            K5_INFO("{}", bits == PRESSED ? "pressed" : "released");
        }
    }
}
