/* mps2-an505: opens to tasks what arch_cfg lists, by the SSE-200's MPCs and PPCs. */
#include "abi/k5_panic.h"
#include "arch/arch.h"
#include "arch/arm_m/protection.h"
#include "boards/board.h"
#include "boards/sse200.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

uint32_t board_start(void)
{
    return 0; /* the clock runs */
}

/* One look-up word: 32 blocks, whatever size a block has; the range is a multiple of the largest.
 */
static void mpc_open(const struct arch_mpc *mpc)
{
    uint32_t word_bytes = 32u << ((REGISTER(mpc->controller + MPC_BLK_CFG) & 0xFu) + 5u);

    if (ARCH_MPC_GRAIN % word_bytes != 0u) {
        kernel_panic(K5_PANIC_IMAGE, ARCH_RULE_MPC);
    }
    REGISTER(mpc->controller + MPC_CTRL) =
        (REGISTER(mpc->controller + MPC_CTRL) & ~MPC_AUTO_INCREMENT) | MPC_BUS_ERROR;
    for (uint32_t word = mpc->first / word_bytes; word <= mpc->last / word_bytes; word++) {
        REGISTER(mpc->controller + MPC_BLK_IDX) = word;
        REGISTER(mpc->controller + MPC_BLK_LUT) = UINT32_MAX;
    }
}

void board_open(void)
{
    REGISTER(SECURE_NSCCFG) = 1;     /* an NSC range in the code area is obeyed */
    REGISTER(SECURE_SECRESPCFG) = 1; /* a refused access is a bus error, not a zero */
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i < arch_cfg.mpc_count) {
            mpc_open(&arch_cfg.mpc[i]);
        }
    }
    for (uint32_t i = 0; i < ARCH_PPC_MAX; i++) {
        const struct arch_ppc *ppc = &arch_cfg.ppc[i];

        if (i < arch_cfg.ppc_count && ppc->bits != 0u) {
            REGISTER(ppc->ns_register) |= ppc->bits;
            REGISTER(ppc->user_register) |= ppc->bits;
        }
    }
}

void board_lock(void)
{
    /* the emulator's part has no locks */
}
