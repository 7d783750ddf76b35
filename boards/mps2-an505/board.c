/* mps2-an505: two CMSDK timers of the subsystem, the safe state and UART0 for the last report.
 *
 * Both timers count down at 20 MHz. Timer 0 runs for ever from all ones; its complement counts up
 * and is the time. Timer 1 is the alarm: it is loaded with the ticks to go. Invariant: timer 0 is
 * written in board_timer_start() and never again.
 *
 * The processor's view: Secure aliases, 0x5....... What a task was given is closed on that side
 * until board_safe_state() takes it back.
 */
#include "boards/board.h"

#include <stdbool.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* CMSDK timer */
#define TIMER_COUNT     0x50000000u
#define TIMER_ALARM     0x50001000u
#define TIMER_CTRL      0x0u
#define TIMER_VALUE     0x4u
#define TIMER_RELOAD    0x8u
#define TIMER_CLEAR     0xCu
#define TIMER_ENABLE    0x1u
#define TIMER_INTERRUPT 0x8u

/* CMSDK UART 0 */
#define UART          0x50200000u
#define UART_DATA     0x0u
#define UART_STATE    0x4u
#define UART_CTRL     0x8u
#define UART_DIVIDER  0x10u
#define UART_FULL     0x1u
#define UART_TRANSMIT 0x1u
#define UART_RATE     174u /* 20 MHz / 115200 */
#define UART_PATIENCE 100000u

/* Secure privilege control: which devices are Non-secure, four words for each expansion bus */
#define PPC_AHB_NS 0x50080060u
#define PPC_APB_NS 0x50080080u
#define PPC_WORDS  4u

#define LEDS 0x50302000u

void board_timer_start(void)
{
    REGISTER(TIMER_COUNT + TIMER_CTRL) = 0;
    REGISTER(TIMER_COUNT + TIMER_RELOAD) = UINT32_MAX;
    REGISTER(TIMER_COUNT + TIMER_VALUE) = UINT32_MAX;
    REGISTER(TIMER_COUNT + TIMER_CTRL) = TIMER_ENABLE;
    REGISTER(TIMER_ALARM + TIMER_CTRL) = 0;
    REGISTER(TIMER_ALARM + TIMER_RELOAD) = UINT32_MAX;
    REGISTER(TIMER_ALARM + TIMER_VALUE) = UINT32_MAX;
    REGISTER(TIMER_ALARM + TIMER_CLEAR) = 1;
    REGISTER(TIMER_ALARM + TIMER_CTRL) = TIMER_ENABLE | TIMER_INTERRUPT;
}

uint32_t board_timer_now(void)
{
    return ~REGISTER(TIMER_COUNT + TIMER_VALUE);
}

/* A timer loaded with 0 does not fire, so a time that has come is one tick away. */
void board_alarm_set(uint32_t at)
{
    uint32_t ticks = at - board_timer_now();
    bool passed = ticks == 0 || ticks > (uint32_t)INT32_MAX;

    REGISTER(TIMER_ALARM + TIMER_VALUE) = passed ? 1u : ticks;
}

void board_alarm_clear(void)
{
    REGISTER(TIMER_ALARM + TIMER_CLEAR) = 1;
}

void board_safe_state(void)
{
    REGISTER(TIMER_ALARM + TIMER_CTRL) = 0;
    REGISTER(TIMER_ALARM + TIMER_CLEAR) = 1;
    for (uint32_t i = 0; i < PPC_WORDS; i++) {
        REGISTER(PPC_APB_NS + 4u * i) = 0;
        REGISTER(PPC_AHB_NS + 4u * i) = 0;
    }
    REGISTER(LEDS) = 0;
    REGISTER(UART + UART_DIVIDER) = UART_RATE;
    REGISTER(UART + UART_CTRL) = UART_TRANSMIT;
}

void board_console_write(uint8_t byte)
{
    for (uint32_t i = 0; i < UART_PATIENCE; i++) {
        if ((REGISTER(UART + UART_STATE) & UART_FULL) == 0) {
            break;
        }
    }
    REGISTER(UART + UART_DATA) = byte;
}
