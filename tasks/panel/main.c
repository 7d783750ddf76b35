/* The panel: a server for one LED and one button on pins of an STM32. Never run on silicon.
 *
 * The board's boot code gave the ports their clock and the pins their mode, and made no other pin
 * of these ports Non-secure: the rest reads as 0 and ignores writes.
 *
 * In app.toml: use = "panel", uses = ["led_red", "button"], serves = "panel". panel.toml comes
 * along.
 */
#include <k5/k5.h>

#include "app.h" /* generated: PANEL_SERVE, panel_serve(), the pins */

#if !defined(LED_RED_PIN) || !defined(BUTTON_PIN)
#error "the panel needs uses = [\"led_red\", \"button\"] of a board whose file tells their pins"
#endif

#define GPIO_IDR  0x10u
#define GPIO_BSRR 0x18u /* set [15:0], reset [31:16] */

static bool lit;

static volatile uint32_t *word(uint32_t address)
{
    return (volatile uint32_t *)address;
}

void panel_serve_led_set(bool on)
{
    bool high = on != (LED_RED_ACTIVE_LOW != 0);

    lit = on;
    *word(LED_RED_BASE + GPIO_BSRR) = 1u << (LED_RED_PIN + (high ? 0u : 16u));
}

void panel_serve_led_toggle(bool *now)
{
    panel_serve_led_set(!lit);
    *now = lit;
}

void panel_serve_button(bool *pressed)
{
    uint32_t level = *word(BUTTON_BASE + GPIO_IDR) >> BUTTON_PIN & 1u;

    *pressed = level != BUTTON_ACTIVE_LOW;
}

int main(void)
{
    panel_serve_led_set(false);
    panel_serve(PANEL_SERVE);
}
