/* Logs how often the button was pressed; looks at it fifty times a second. */
#include <k5/k5.h>

#include "app.h"
#include "tasks/panel/panel.h"

int main(void)
{
    uint32_t pressed = 0;
    uint32_t before = 0;

    K5_INFO("ready");
    for (;;) {
        struct k5_msg m = {.label = PANEL_BUTTON};
        k5_error e = k5_call(PANEL, &m, k5_after(K5_MS(100)));

        if (e != K5_OK) {
            K5_WARN("panel: {}", k5_error_name(e));
        } else if (m.w[0] != before) {
            before = m.w[0];
            pressed += before;
            K5_INFO("button {}, pressed {} times", before, pressed);
        }
        k5_sleep(K5_MS(20));
    }
}
