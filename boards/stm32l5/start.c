/* STM32L5: the clock, the option bytes that the kernel relies on, and who gets which memory.
 *
 * Invariant after board_open: Secure is everything but what arch_cfg lists. RAM: every block's bit
 * is written, whatever it was. Flash: the option bytes decide, so they are compared, not written.
 * Never run on silicon: boards/<name>/board.toml says what is unverified.
 */
#include "abi/k5_panic.h"
#include "arch/arch.h"
#include "arch/arm_m/protection.h"
#include "boards/board.h"
#include "boards/stm32l5/part.h"
#include "boards/stm32l5/regs.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define PATIENCE          1000000u
#define BANK              0x40000u /* bytes; bank 1 is the kernel's, bank 2 the tasks' */
#define BLOCK             0x2000u  /* bytes of RAM for one word of an MPCBB */

_Static_assert(PART_SECURE(BOARD_FLASH_REGISTERS) == FLASH_BASE, "[flash] in board.toml");
_Static_assert(BOARD_MPC_FLASH_CONTROLLER == FLASH_BASE && BOARD_MPC_FLASH == BOARD_ALIAS_FLASH &&
                   BOARD_MPC_FLASH_SIZE == 2u * BANK,
               "[mpc.flash] in board.toml");
_Static_assert(BOARD_MPC_SRAM1_CONTROLLER == MPCBB1_CR &&
                   BOARD_MPC_SRAM1_SIZE == MPCBB1_WORDS * BLOCK,
               "[mpc.sram1] in board.toml");
_Static_assert(BOARD_ALIAS_RAM_SIZE == (MPCBB1_WORDS + MPCBB2_WORDS) * BLOCK,
               "[alias.ram] in board.toml");
_Static_assert(PART_SECURE(BOARD_CLOSED_POWER) == PWR_CR1, "[closed.power] in board.toml");
_Static_assert(PART_SECURE(BOARD_CLOSED_SYSCFG) == (SYSCFG_CSLCKR & ~0x3FFu),
               "[closed.syscfg] in board.toml");

/* What board_start returns when a step failed. */
enum { STEP_VOLTAGE = 1, STEP_LATENCY, STEP_PLL, STEP_SWITCH, STEP_CACHE, STEP_OPTIONS };

static bool wait_for(uint32_t address, uint32_t mask, uint32_t value)
{
    for (uint32_t n = 0; n < PATIENCE; n++) {
        if ((REGISTER(address) & mask) == value) {
            return true;
        }
    }
    return false;
}

static void field_set(uint32_t address, uint32_t mask, uint32_t value)
{
    REGISTER(address) = (REGISTER(address) & ~mask) | value;
}

/* A clock that was switched on needs two cycles before its device answers: read it back. */
static void clock_on(uint32_t address, uint32_t bits)
{
    REGISTER(address) |= bits;
    (void)REGISTER(address);
}

/* From 4 MHz to 110 MHz: voltage first, then the flash's wait states, then speed. */
static uint32_t clock_start(void)
{
    clock_on(RCC_APB1ENR1, RCC_APB1ENR1_PWR);
    field_set(PWR_CR1, PWR_CR1_VOS, 0);
    if (!wait_for(PWR_SR2, PWR_SR2_VOSF, 0)) {
        return STEP_VOLTAGE;
    }
    field_set(FLASH_BASE, FLASH_ACR_LATENCY, 5);
    if (!wait_for(FLASH_BASE, FLASH_ACR_LATENCY, 5)) {
        return STEP_LATENCY;
    }
    REGISTER(RCC_PLLCFGR) = RCC_PLLCFGR_110;
    REGISTER(RCC_CR) |= RCC_CR_PLLON;
    if (!wait_for(RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY)) {
        return STEP_PLL;
    }
    field_set(RCC_CFGR, RCC_CFGR_SW, RCC_CFGR_SW);
    if (!wait_for(RCC_CFGR, RCC_CFGR_SWS, RCC_CFGR_SWS)) {
        return STEP_SWITCH;
    }
    if (!wait_for(ICACHE_SR, ICACHE_SR_BUSYF, 0)) {
        return STEP_CACHE;
    }
    REGISTER(ICACHE_CR) |= ICACHE_CR_EN;
    return 0;
}

/* [flash.options] of board.toml, which is also what `k5 flash --provision` writes. */
static const struct {
    uint32_t offset;
    uint32_t mask;
    uint32_t value;
} options[BOARD_OPTION_COUNT] = {BOARD_OPTIONS};

static bool options_right(void)
{
    for (uint32_t i = 0; i < BOARD_OPTION_COUNT; i++) {
        if ((REGISTER(FLASH_BASE + options[i].offset) & options[i].mask) != options[i].value) {
            return false;
        }
    }
    return true;
}

uint32_t board_start(void)
{
    uint32_t step = clock_start();

    clock_on(RCC_AHB1ENR, RCC_AHB1ENR_GTZC);
    clock_on(RCC_APB1ENR1, RCC_APB1ENR1_TIM2 | RCC_APB1ENR1_WWDG);
    clock_on(RCC_APB2ENR, RCC_APB2ENR_SYSCFG);
    part_pins_start();
    return step == 0 && !options_right() ? STEP_OPTIONS : step;
}

/* ---- memory ------------------------------------------------------------------------------ */

/* Every word of one RAM: 8 KiB, Non-secure if it lies in what arch_cfg opens, else Secure. */
static void ram_split(uint32_t controller, uint32_t words)
{
    for (uint32_t word = 0; word < words; word++) {
        uint32_t secure = UINT32_MAX;

        for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
            if (i < arch_cfg.mpc_count && arch_cfg.mpc[i].controller == controller &&
                word * BLOCK >= arch_cfg.mpc[i].first && word * BLOCK <= arch_cfg.mpc[i].last) {
                secure = 0;
            }
        }
        REGISTER(controller + MPCBB_VCTR + 4u * word) = secure;
    }
}

/* A range of flash is open if it lies in bank 2: options_right saw to that, and no page of it may
 * be made Secure beside it. */
static void flash_check(const struct arch_mpc *mpc)
{
    if (mpc->memory != BOARD_ALIAS_FLASH || mpc->first < BANK || mpc->last >= 2u * BANK) {
        kernel_panic(K5_PANIC_IMAGE, ARCH_RULE_MPC);
    }
    for (uint32_t i = 0; i < 4u; i++) {
        REGISTER(FLASH_SECBB2R1 + 4u * i) = 0;
    }
}

void board_open(void)
{
    REGISTER(RCC_SECCFGR) = RCC_SECCFGR_ALL;
    ram_split(MPCBB1_CR, MPCBB1_WORDS);
    ram_split(MPCBB2_CR, MPCBB2_WORDS);
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i < arch_cfg.mpc_count && arch_cfg.mpc[i].controller == FLASH_BASE) {
            flash_check(&arch_cfg.mpc[i]);
        } else if (i < arch_cfg.mpc_count && arch_cfg.mpc[i].controller != MPCBB1_CR &&
                   arch_cfg.mpc[i].controller != MPCBB2_CR) {
            kernel_panic(K5_PANIC_IMAGE, ARCH_RULE_MPC);
        }
    }
    REGISTER(TZSC_SECCFGR1) = UINT32_MAX;
    REGISTER(TZSC_SECCFGR2) = UINT32_MAX;
    REGISTER(TZSC_PRIVCFGR1) = UINT32_MAX;
    REGISTER(TZSC_PRIVCFGR2) = UINT32_MAX;
    for (uint32_t i = 0; i < ARCH_PPC_MAX; i++) {
        const struct arch_ppc *ppc = &arch_cfg.ppc[i];

        if (i < arch_cfg.ppc_count && ppc->bits != 0u) {
            REGISTER(ppc->ns_register) &= ~ppc->bits;
            if (ppc->user_register != 0u) {
                REGISTER(ppc->user_register) &= ~ppc->bits;
            }
            if (PART_SECURE(ppc->device.base) == part_board.console.uart) {
                part_console_release();
            }
        }
    }
}

void board_lock(void)
{
    REGISTER(SYSCFG_CNSLCKR) |= SYSCFG_CNSLCKR_VTOR;
    REGISTER(SYSCFG_CSLCKR) |= SYSCFG_CSLCKR_ALL;
}
