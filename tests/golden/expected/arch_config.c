/* The protection hardware's words of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#include "arch/arm_m/arch_config.h"

const struct arch_config arch_cfg = {
    .mpu_ns = {
        [0] = { /* logger, app.toml:46 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28202080u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28202460u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* uart0 */ { 0x40200000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x40200FE0u | ARCH_MPU_DEVICE | ARCH_MPU_EN },
            /* log */ { 0x28200000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28200FE0u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        },
        [1] = { /* client, app.toml:6 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28202480u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28202860u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* pool */ { 0x28201000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28201FE0u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        },
        [2] = { /* twin, app.toml:15 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28202880u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28202B60u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* odd */ { 0x28202000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28202060u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        },
        [3] = { /* store, app.toml:22 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28202B80u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28203160u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* pool */ { 0x28201000u | ARCH_MPU_AP_RO | ARCH_MPU_XN, 0x28201FE0u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        },
        [4] = { /* super, app.toml:39 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28203180u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28203560u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        },
        [5] = { /* archive, app.toml:31 */
            /* code */ { CODEu | ARCH_MPU_AP_RO, CODEu | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* ram */ { 0x28203580u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x28203960u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
            /* uart1 */ { 0x40201000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x40201FE0u | ARCH_MPU_DEVICE | ARCH_MPU_EN },
            /* i2c0 */ { 0x40207000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x40207FE0u | ARCH_MPU_DEVICE | ARCH_MPU_EN },
        },
    },
    .mpu_s_count = 4,
    .mpu_s = { /* veneer and idle, small stacks, kernel code, kernel RAM */
        { 0x10010000u | ARCH_MPU_AP_RO, 0x10010020u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        { 0x38000000u | ARCH_MPU_AP_RW | ARCH_MPU_XN, 0x38000100u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        { 0x10000000u | ARCH_MPU_AP_RO_PRIV, 0x1000FFE0u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
        { 0x38000120u | ARCH_MPU_AP_RW_PRIV | ARCH_MPU_XN, 0x3800FFE0u | ARCH_MPU_NORMAL | ARCH_MPU_EN },
    },
    .sau_count = 4,
    .sau = { /* task code, log and RAM, veneer, devices */
        { CODEu, 0x003FFFE0u | ARCH_SAU_EN },
        { 0x28200000u, 0x283FFFE0u | ARCH_SAU_EN },
        { 0x10010000u, 0x10010000u | ARCH_SAU_NSC | ARCH_SAU_EN },
        { 0x40000000u, 0x4FFFFFE0u | ARCH_SAU_EN },
    },
    .mpc_count = 2,
    .mpc = { /* controller, memory, first, last offset */
        { 0x58007000u, 0x00000000u, 0x200000u, 0x3FFFFFu },
        { 0x58009000u, 0x28200000u, 0x0u, 0x1FFFFFu },
    },
    .ppc_count = 3,
    .ppc = { /* Non-secure, unprivileged register, bit, device */
        { 0x50080084u, 0x400800C4u, 0x20u, { 0x40200000u, 0x1000u } }, /* uart0, app.toml:51 */
        { 0x50080084u, 0x400800C4u, 0x40u, { 0x40201000u, 0x1000u } }, /* uart1, app.toml:37 */
        { 0x50080084u, 0x400800C4u, 0x400u, { 0x40207000u, 0x1000u } }, /* i2c0, app.toml:37 */
    },
    .kernel_text = { 0x10000000u, 0x10000u },
    .veneer = { 0x10010000u, 0x20u },
    .idle = { 0x10010020u, 0x20u },
    .secure_stacks = { 0x38000000u, 0x120u },
    .kernel_ram = { 0x38000120u, 0xFEE0u },
    .log_ring = { 0x28200000u, 0x1000u },
};
