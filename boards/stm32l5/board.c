/* STM32L5: timer 2 as counter and alarm, the safe state, pins and the console.
 *
 * Timer 2 has 32 bits and counts up at 110 MHz / 11 = 10 MHz; its compare channel 1 is the alarm.
 * Invariant: its counter is written in board_timer_start() and never again.
 */
#include "boards/board.h"

#include "boards/stm32l5/part.h"
#include "boards/stm32l5/regs.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define TIMER(offset)     REGISTER(TIM2 + (offset))
#define DIVIDER           11u
#define UART_PATIENCE     100000u
#define MODE_OUTPUT       1u
#define MODE_ALTERNATE    2u

_Static_assert(BOARD_TICK_HZ *DIVIDER == PART_HZ, "tick_hz in board.toml");
_Static_assert(PART_SECURE(BOARD_CLOSED_TIM2) == TIM2, "[closed.tim2] in board.toml");

/* ---- time -------------------------------------------------------------------------------- */

void board_timer_start(void)
{
    TIMER(TIM_CR1) = 0;
    TIMER(TIM_DIER) = 0;
    TIMER(TIM_PSC) = DIVIDER - 1u;
    TIMER(TIM_ARR) = UINT32_MAX;
    TIMER(TIM_EGR) = TIM_EGR_UG; /* the divider counts from here; the counter is 0 */
    TIMER(TIM_CCR1) = UINT32_MAX;
    TIMER(TIM_SR) = 0;
    TIMER(TIM_DIER) = TIM_DIER_CC1IE;
    TIMER(TIM_CR1) = TIM_CR1_CEN;
}

uint32_t board_timer_now(void)
{
    return TIMER(TIM_CNT);
}

/* The compare fires when the counter comes to the value; one that it has passed, perhaps while it
 * was being written, is fired by hand. */
void board_alarm_set(uint32_t at)
{
    TIMER(TIM_SR) = ~TIM_SR_CC1IF;
    TIMER(TIM_CCR1) = at;
    if (TIMER(TIM_CNT) - at <= (uint32_t)INT32_MAX) {
        TIMER(TIM_EGR) = TIM_EGR_CC1G;
    }
}

void board_alarm_clear(void)
{
    TIMER(TIM_SR) = ~TIM_SR_CC1IF;
    (void)TIMER(TIM_SR); /* the write has arrived before the interrupt returns */
}

_Static_assert(PART_SECURE(BOARD_DEVICE_WATCHDOG0) == WWDG_CR &&
                   BOARD_DEVICE_WATCHDOG0_CLOCK_HZ == PART_HZ,
               "[device.watchdog0] in board.toml");

/* ---- pins -------------------------------------------------------------------------------- */

static uint32_t port_base(uint32_t port)
{
    return GPIO_BASE + GPIO_STEP * port;
}

static void pin_mode(uint32_t port, uint32_t pin, uint32_t mode)
{
    uint32_t shift = 2u * pin;
    uint32_t address = port_base(port) + GPIO_MODER;

    REGISTER(address) = (REGISTER(address) & ~(3u << shift)) | mode << shift;
}

static void pin_alternate(uint32_t port, uint32_t pin, uint32_t function)
{
    uint32_t shift = 4u * (pin % 8u);
    uint32_t address = port_base(port) + GPIO_AFRL + 4u * (pin / 8u);

    REGISTER(address) = (REGISTER(address) & ~(15u << shift)) | function << shift;
    pin_mode(port, pin, MODE_ALTERNATE);
}

static void pins_secure_off(void)
{
    for (uint32_t port = 0; port < 8u; port++) {
        if ((part_board.ports >> port & 1u) != 0u) {
            REGISTER(port_base(port) + GPIO_SECCFGR) = 0xFFFFu;
        }
    }
    for (uint32_t i = 0; i < part_board.pin_count; i++) {
        const struct part_pin *pin = &part_board.pins[i];

        if (pin->output) {
            REGISTER(port_base(pin->port) + GPIO_BSRR) = 1u << (pin->pin + (pin->high ? 0u : 16u));
        }
        pin_mode(pin->port, pin->pin, pin->output ? MODE_OUTPUT : 0u);
    }
}

void part_pins_start(void)
{
    const struct part_console *console = &part_board.console;

    REGISTER(PWR_CR2) |= PWR_CR2_IOSV;
    REGISTER(RCC_AHB2ENR) |= part_board.ports;
    (void)REGISTER(RCC_AHB2ENR); /* a clock needs two cycles before its device answers */
    REGISTER(console->clock) |= console->clock_bit;
    (void)REGISTER(console->clock);
    pins_secure_off();
    pin_alternate(console->port, console->transmit, console->function);
    pin_alternate(console->port, console->receive, console->function);
}

void part_console_release(void)
{
    const struct part_console *console = &part_board.console;

    REGISTER(port_base(console->port) + GPIO_SECCFGR) &=
        ~(1u << console->transmit | 1u << console->receive);
}

/* A report takes longer than the 4.8 ms from the watchdog's warning to its reset. It has an end, so
 * to feed the watchdog with each byte of it keeps no dead system alive. */
static void watchdog_feed(void)
{
    if ((REGISTER(RCC_APB1ENR1) & RCC_APB1ENR1_WWDG) != 0u &&
        (REGISTER(WWDG_CR) & WWDG_CR_WDGA) != 0u) {
        REGISTER(WWDG_CR) = WWDG_CR_WDGA | WWDG_CR_T;
    }
}

/* ---- the end ----------------------------------------------------------------------------- */

/* Also before the clock runs, so what the console needs is done again and its speed looked up. */
void board_safe_state(void)
{
    const struct part_console *console = &part_board.console;
    bool fast = (REGISTER(RCC_CFGR) & RCC_CFGR_SWS) == RCC_CFGR_SWS;

    TIMER(TIM_DIER) = 0;
    TIMER(TIM_SR) = 0;
    REGISTER(TZSC_SECCFGR1) = UINT32_MAX;
    REGISTER(TZSC_SECCFGR2) = UINT32_MAX;
    watchdog_feed();
    part_pins_start();
    REGISTER(console->uart + UART_CR1) = 0;
    REGISTER(console->uart + UART_BRR) = fast ? console->divider : console->divider_slow;
    REGISTER(console->uart + UART_CR1) = UART_CR1_ON;
}

void board_console_write(uint8_t byte)
{
    const struct part_console *console = &part_board.console;

    watchdog_feed();
    for (uint32_t i = 0; i < UART_PATIENCE; i++) {
        if ((REGISTER(console->uart + UART_ISR) & UART_ISR_TXE) != 0u) {
            break;
        }
    }
    REGISTER(console->uart + UART_TDR) = byte;
}
