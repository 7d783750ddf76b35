/* Blinks: asks the panel every half second to turn the LED over. */
#include <k5/k5.h>

#include "app.h"
#include "tasks/panel/panel.h"

int main(void)
{
    for (;;) {
        struct k5_msg m = {.label = PANEL_LED_TOGGLE};
        k5_error e = k5_call(PANEL, &m, k5_after(K5_MS(100)));

        if (e != K5_OK) {
            K5_WARN("panel: {}", k5_error_name(e));
        }
        k5_sleep(K5_MS(500));
    }
}
