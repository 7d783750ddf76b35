/* Logs how often the button was pressed; looks at it fifty times a second. */
#include <k5/k5.h>

#include "app.h" /* generated: PANEL, its calls */

int main(void)
{
    uint32_t count = 0;
    bool before = false;

    K5_INFO("ready");
    for (;;) {
        bool pressed = false;
        k5_error e = panel_button(PANEL, &pressed, k5_after(K5_MS(100)));

        if (e != K5_OK) {
            K5_WARN("panel: {}", k5_error_name(e));
        } else if (pressed != before) {
            before = pressed;
            count += pressed ? 1 : 0;
            K5_INFO("button {}, pressed {} times", pressed, count);
        }
        k5_sleep(K5_MS(20));
    }
}
