/* Blinks: asks the panel every half second to turn the LED over. */
#include <k5/k5.h>

#include "app.h" /* generated: PANEL, its calls */

int main(void)
{
    for (;;) {
        bool lit = false;
        k5_error e = panel_led_toggle(PANEL, &lit, k5_after(K5_MS(100)));

        if (e != K5_OK) {
            K5_WARN("panel: {}", k5_error_name(e));
        }
        k5_sleep(K5_MS(500));
    }
}
