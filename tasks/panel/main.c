/* The panel: a server for one LED and one button on pins of an STM32. Never run on silicon.
 *
 * The board's boot code gave the ports their clock and the pins their mode, and made no other pin
 * of these ports Non-secure: the rest reads as 0 and ignores writes.
 *
 * In app.toml: use = "panel", uses = ["led_red", "button"], serves = { name = "panel" }.
 */
#include "panel.h"

#include "app.h"

#include <k5/k5.h>

#if !defined(LED_RED_PIN) || !defined(BUTTON_PIN)
#error "the panel needs uses = [\"led_red\", \"button\"] of a board whose file tells their pins"
#endif

#define GPIO_IDR  0x10u
#define GPIO_BSRR 0x18u /* set [15:0], reset [31:16] */

static uint32_t lit;

static volatile uint32_t *word(uint32_t address)
{
    return (volatile uint32_t *)address;
}

static void led_set(uint32_t on)
{
    lit = on;
    *word(LED_RED_BASE + GPIO_BSRR) = 1u << (LED_RED_PIN + (on == LED_RED_ACTIVE_LOW ? 16u : 0u));
}

static uint32_t button_pressed(void)
{
    uint32_t level = *word(BUTTON_BASE + GPIO_IDR) >> BUTTON_PIN & 1u;

    return level != BUTTON_ACTIVE_LOW ? 1u : 0u;
}

static void answer(struct k5_msg *m)
{
    switch (m->label) {
    case PANEL_LED_OFF: led_set(0); break;
    case PANEL_LED_ON: led_set(1); break;
    case PANEL_LED_TOGGLE: led_set(1u - lit); break;
    case PANEL_BUTTON: m->w[0] = button_pressed(); return;
    default: break;
    }
    m->w[0] = lit;
}

int main(void)
{
    led_set(0);
    k5_serve(PANEL_SERVE, answer);
}
