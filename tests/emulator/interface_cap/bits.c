/* Writes down which bits came. */
#include <k5/k5.h>

#include "app.h" /* BOARD_BASE */

int main(void)
{
    for (;;) {
        uint32_t bits;
        if (k5_wait(UINT32_MAX, K5_FOREVER, &bits) == K5_OK) {
            *(volatile uint32_t *)BOARD_BASE |= bits;
        }
    }
}
