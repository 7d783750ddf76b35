/* arch_protection_broken(): a right set of images passes; each rule is broken once, by one change.
 *
 * The images are AN505's (docs/adr/0004); region r of the tables is code if r is even, RAM if odd,
 * and the last one is the log ring.
 */
/* build: arch/arm_m/protection.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/arch.h"
#include "arch/arm_m/protection.h"

struct config cfg;
struct arch_config arch_cfg;
struct arch_images arch_images;

_Static_assert(K5_REGIONS >= 2 * K5_TASKS && K5_REGIONS <= 8 * K5_TASKS, "two to eight a task");

#define RW   (K5_MEM_READ | K5_MEM_WRITE)
#define RX   (K5_MEM_READ | K5_MEM_EXECUTE)
#define LAST (K5_REGIONS - 1)
#define DEV  0x40200000u

/* The pair that grants what region r says. */
static struct arch_pair encode(uint32_t r)
{
    uint32_t base = cfg.region_base[r];
    uint32_t rights = cfg.region_rights[r];
    uint32_t access = (rights & K5_MEM_WRITE) != 0 ? ARCH_MPU_AP_RW : ARCH_MPU_AP_RO;
    uint32_t never = (rights & K5_MEM_EXECUTE) != 0 ? 0 : ARCH_MPU_XN;
    uint32_t kind = (rights & K5_MEM_DEVICE) != 0 ? ARCH_MPU_DEVICE : ARCH_MPU_NORMAL;

    return (struct arch_pair){base | access | never,
                              ((base + cfg.region_size[r] - 1) & ~31u) | kind | ARCH_MPU_EN};
}

static void tables_make(void)
{
    cfg = (struct config){.region_count = {0}};
    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        uint32_t task = r * K5_TASKS / K5_REGIONS;

        if (cfg.region_count[task]++ == 0) {
            cfg.region_first[task] = (uint16_t)r;
        }
        cfg.region_base[r] = (r % 2 == 0 ? 0x00200000u : 0x28201000u) + r * 0x1000u;
        cfg.region_size[r] = 0x800;
        cfg.region_rights[r] = r % 2 == 0 ? RX : RW;
    }
    cfg.region_base[LAST] = 0x28200000u;
    cfg.region_size[LAST] = 0x1000;
    cfg.region_rights[LAST] = RW;
}

/* One small Secure stack after the other, that of idle last; returns their end. */
static uint32_t stacks_make(uint32_t fp_tasks)
{
    uint32_t at = 0x38000000;

    arch_cfg.fp_tasks = fp_tasks;
    for (uint32_t t = 0; t <= K5_TASKS; t++) {
        arch_cfg.secure_stack[t] = at;
        at += t < K5_TASKS && (fp_tasks >> t & 1u) != 0 ? 176u : 40u;
    }
    return at;
}

static void images_make(uint32_t fp_tasks)
{
    uint32_t stacks = (stacks_make(fp_tasks) - 0x38000000u + 31u) & ~31u;

    arch_cfg = (struct arch_config){
        .mpu_s_count = 4,
        .sau_count = 4,
        .mpc_count = 2,
        .alias_count = 2,
        .closed_count = 2,
        .alias = {{0x00000000, 0x10000000, 0x0FFFFFFF}, {0x20000000, 0x30000000, 0x0FFFFFFF}},
        .closed = {{0x40000000, 0x2000}, {0x40080000, 0x1000}},
        .mpu_s = {{0x10010006, 0x10010021},
                  {0x38000003, 0x38000001 + stacks - 32},
                  {0x10000004, 0x1000FFE1},
                  {0x38000001 + stacks, 0x3800FFE1}},
        .sau = {{0x00200000, 0x003FFFE1},
                {0x28200000, 0x283FFFE1},
                {0x10010000, 0x10010003},
                {0x40000000, 0x4FFFFFE1}},
        .mpc = {{0x58007000, 0x00000000, 0x200000, 0x3FFFFF},
                {0x58009000, 0x28200000, 0, 0x1FFFFF}},
        .kernel_text = {0x10000000, 0x10000},
        .veneer = {0x10010000, 32},
        .idle = {0x10010020, 32},
        .secure_stacks = {0x38000000, stacks},
        .kernel_ram = {0x38000000 + stacks, 0x10000 - stacks},
        .log_ring = {0x28200000, 0x1000},
    };
    (void)stacks_make(fp_tasks);
    arch_images = (struct arch_images){0};
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        for (uint32_t i = 0; i < cfg.region_count[t]; i++) {
            arch_images.mpu_ns[t][i] = encode(cfg.region_first[t] + i);
        }
    }
}

static int setup(void **state)
{
    (void)state;
    tables_make();
    images_make(0);
    return 0;
}

/* After one change to a right set, this rule is the first that is broken; then start anew. */
#define BREAKS(rule, ...)                                                    \
    do {                                                                     \
        setup(NULL);                                                         \
        __VA_ARGS__;                                                         \
        assert_int_equal(arch_protection_broken(), rule);                    \
        assert_int_equal(arch_protection_valid(), (rule) == ARCH_RULE_NONE); \
    } while (0)

/* Region 1 (RAM of task 0) becomes this device, open in the PPC and in the map. */
static void device_make(uint32_t base)
{
    cfg.region_base[1] = base;
    cfg.region_rights[1] = RW | K5_MEM_DEVICE;
    arch_images.mpu_ns[0][1] = encode(1);
    arch_cfg.ppc_count = 1;
    arch_cfg.ppc[0] = (struct arch_ppc){0x50080084, 0x400800C4, 1u << 5, {base, 0x800}};
}

static void test_right(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_NONE, (void)0);
    BREAKS(ARCH_RULE_NONE, device_make(DEV));
}

static void test_unused(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_UNUSED, arch_images.mpu_ns[0][7].rbar = 32);
    BREAKS(ARCH_RULE_UNUSED, arch_images.mpu_ns[0][7].rlar = 1);
    BREAKS(ARCH_RULE_UNUSED, arch_images.mpu_ns[0][0].rlar &= ~1u);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.mpu_s_count = 3);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.sau_count = 9);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.sau[7].rlar = 1);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.mpc_count = 1);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.ppc[3].bits = 1);
}

static void test_exact(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][0].rlar += 32);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][0].rbar -= 32);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][1].rbar &= ~ARCH_MPU_XN);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][1].rbar |= ARCH_MPU_AP_RO);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][0].rbar ^= ARCH_MPU_AP_RO ^ ARCH_MPU_AP_RW);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][1].rlar |= ARCH_MPU_DEVICE);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][1].rlar |= 0x10);
    BREAKS(ARCH_RULE_EXACT, arch_images.mpu_ns[0][1].rbar |= 0x08);
    BREAKS(ARCH_RULE_EXACT, cfg.region_size[0] = 0);
    BREAKS(ARCH_RULE_EXACT, cfg.region_base[1] += 8);
}

static void test_overlap_and_wx(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_OVERLAP, cfg.region_base[1] = cfg.region_base[0] + 0x400;
           arch_images.mpu_ns[0][1] = encode(1));
    BREAKS(ARCH_RULE_OVERLAP, arch_cfg.sau[1].rbar = 0x00300000);
    BREAKS(ARCH_RULE_OVERLAP, arch_cfg.mpu_s[3].rbar -= 32);
    BREAKS(ARCH_RULE_WX, cfg.region_rights[1] |= K5_MEM_EXECUTE;
           arch_images.mpu_ns[0][1] = encode(1));
    BREAKS(ARCH_RULE_WX, arch_cfg.mpu_s[3].rbar &= ~ARCH_MPU_XN);
}

static void test_walls(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_SAU, arch_cfg.sau[0].rlar = 0x002007C1);
    BREAKS(ARCH_RULE_SAU, arch_cfg.sau[0].rlar |= ARCH_SAU_NSC);
    BREAKS(ARCH_RULE_MPC, arch_cfg.mpc[0].first += ARCH_MPC_GRAIN);
    BREAKS(ARCH_RULE_MPC, arch_cfg.mpc[0].last -= 0x400);
    BREAKS(ARCH_RULE_PPC, device_make(DEV); arch_cfg.ppc[0] = (struct arch_ppc){.bits = 0};
           arch_cfg.ppc_count = 0);
    BREAKS(ARCH_RULE_PPC, device_make(DEV); arch_cfg.ppc[0].device.base += 0x1000);
    BREAKS(ARCH_RULE_PPC, device_make(DEV); arch_cfg.ppc[0].bits = 0);
    BREAKS(ARCH_RULE_NONE, device_make(DEV); arch_cfg.ppc[0].bits = 0;
           arch_cfg.ppc[0].ns_register = 0; arch_cfg.ppc[0].user_register = 0);
    BREAKS(ARCH_RULE_PPC, device_make(DEV); arch_cfg.ppc[0].bits = 0;
           arch_cfg.ppc[0].user_register = 0);
    BREAKS(ARCH_RULE_PPC, arch_cfg.ppc_count = 1;
           arch_cfg.ppc[0] = (struct arch_ppc){1, 2, 4, {DEV, 0x800}});
    BREAKS(ARCH_RULE_PPC, device_make(0x40001000));
    BREAKS(ARCH_RULE_PPC, device_make(0x40080000));
}

#define ALL ((uint32_t)((UINT64_C(1) << K5_TASKS) - 1))

static void test_stacks(void **state)
{
    (void)state;
    for (uint32_t fp_tasks = 0; fp_tasks <= ALL; fp_tasks++) {
        BREAKS(ARCH_RULE_NONE, images_make(fp_tasks));
        BREAKS(ARCH_RULE_STACKS, images_make(fp_tasks); arch_cfg.fp_tasks ^= 1u);
        BREAKS(ARCH_RULE_STACKS, images_make(fp_tasks); arch_cfg.secure_stack[K5_TASKS] -= 8);
    }
    BREAKS(ARCH_RULE_STACKS, images_make(ALL); arch_cfg.fp_tasks |= ALL + 1);
    BREAKS(ARCH_RULE_STACKS, images_make(1); arch_cfg.secure_stack[0] += 8);
    BREAKS(ARCH_RULE_STACKS, images_make(1); arch_cfg.secure_stack[1] = arch_cfg.secure_stack[0]);
    BREAKS(ARCH_RULE_STACKS, (void)stacks_make(ALL)); /* they need more room than there is */
}

static void test_kernel(void **state)
{
    (void)state;
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.mpc[0].first = 0x8000);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.sau[0].rbar = 0);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.sau_count = 5;
           arch_cfg.sau[4] = (struct arch_pair){0x38000000, 0x38000021});
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.alias_count = 1);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.alias[1].mask -= 2);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.alias[1].secure += 0x20);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.alias[1] = arch_cfg.alias[0]);
    BREAKS(ARCH_RULE_KERNEL, arch_cfg.alias[0].nonsecure = 0x40000000); /* where devices are */
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.alias_count = ARCH_ALIAS_MAX + 1);
    BREAKS(ARCH_RULE_UNUSED, arch_cfg.closed_count = ARCH_CLOSED_MAX + 1);
    BREAKS(ARCH_RULE_NSC, arch_cfg.sau[2].rlar += 32);
    BREAKS(ARCH_RULE_NSC, arch_cfg.sau[2].rbar |= 1);
    BREAKS(ARCH_RULE_NSC, arch_cfg.sau_count = 5;
           arch_cfg.sau[4] = (struct arch_pair){0x10020000, 0x10020003});
    BREAKS(ARCH_RULE_MPU_S, arch_cfg.mpu_s[2].rbar |= ARCH_MPU_AP_RW);
    BREAKS(ARCH_RULE_MPU_S, arch_cfg.mpu_s[0].rlar -= 32);
    BREAKS(ARCH_RULE_MPU_S, arch_cfg.idle.base += 32);
    BREAKS(ARCH_RULE_STACKS, arch_cfg.secure_stacks.size = 32; arch_cfg.mpu_s[1].rlar = 0x38000001);
    BREAKS(ARCH_RULE_LOG, arch_cfg.log_ring.size += 0x20);
    BREAKS(ARCH_RULE_LOG, arch_cfg.log_ring.base = 0x38100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right),  cmocka_unit_test(test_unused),
        cmocka_unit_test(test_exact),  cmocka_unit_test(test_overlap_and_wx),
        cmocka_unit_test(test_walls),  cmocka_unit_test(test_kernel),
        cmocka_unit_test(test_stacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
