/* The protection images of Armv8-M: if arch_protection_valid() accepts them, the machine grants a
 * task each address exactly as its regions say, and nothing of the kernel's.
 *
 * The model below is written from the architecture's definition, one address at a time: SAU first
 * (Secure unless one range says otherwise), then MPU_NS without a background map (no region: no
 * access; two: a fault), then the MPC by offset. It shares no code with protection.c, which is
 * included so that each property may assume only the rules that it needs: fewer assumptions prove
 * more, and faster.
 */
#include "prove.h"

#include "arch/arm_m/protection.c" /* NOLINT(bugprone-suspicious-include) */

struct arch_config arch_cfg;
struct arch_images arch_images;

struct config nondet_config(void);
struct arch_config nondet_arch_config(void);
struct arch_images nondet_arch_images(void);

#define NOTHING 0u

/* K5_MEM_* that region register pair p grants to unprivileged code at an address; 0: not its. */
static uint32_t pair_grants(struct arch_pair p, uint32_t address)
{
    uint32_t rights = K5_MEM_READ;

    if ((p.rlar & 1u) == 0 || address < (p.rbar & ~31u) || address > (p.rlar | 31u)) {
        return NOTHING;
    }
    switch ((p.rbar >> 1) & 3u) { /* AP */
    case 1: rights |= K5_MEM_WRITE; break;
    case 3: break;
    default: return NOTHING;
    }
    rights |= (p.rbar & 1u) == 0 ? (uint32_t)K5_MEM_EXECUTE : 0u;
    rights |= ((p.rlar >> 1) & 7u) == 1u ? (uint32_t)K5_MEM_DEVICE : 0u;
    return rights;
}

/* What the MPU_NS image of a task grants at an address. */
static uint32_t mpu_grants(task_t t, uint32_t address)
{
    uint32_t rights = NOTHING;
    uint32_t hits = 0;

    for (uint32_t i = 0; i < K5_REGION_MAX; i++) {
        uint32_t r = pair_grants(arch_images.mpu_ns[t][i], address);

        rights |= r;
        hits += r != NOTHING ? 1u : 0u;
    }
    return hits == 1u ? rights : NOTHING;
}

static uint32_t declared(task_t t, uint32_t address)
{
    uint32_t rights = NOTHING;

    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        bool mine = r >= cfg.region_first[t] && r - cfg.region_first[t] < cfg.region_count[t];

        if (mine && address >= cfg.region_base[r] &&
            address - cfg.region_base[r] < cfg.region_size[r]) {
            rights |= cfg.region_rights[r];
        }
    }
    return rights;
}

/* Does SAU range i make the address Non-secure? (A range with NSC is Secure, callable.) */
static bool sau_open(uint32_t i, uint32_t address)
{
    struct arch_pair p = arch_cfg.sau[i];

    return (p.rlar & 3u) == 1u && address >= (p.rbar & ~31u) && address <= (p.rlar | 31u);
}

/* Does MPC range i let Non-secure accesses to this (Non-secure) address through? */
static bool mpc_open(uint32_t i, uint32_t address)
{
    struct arch_mpc mpc = arch_cfg.mpc[i];

    return i < arch_cfg.mpc_count && address >= mpc.memory && address - mpc.memory >= mpc.first &&
           address - mpc.memory <= mpc.last;
}

static bool in_range(struct arch_range range, uint32_t address)
{
    return address >= range.base && address - range.base < range.size;
}

static void any_images(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    arch_images = nondet_arch_images();
    ASSUME(config_objects_valid());
}

/* No undefined behaviour on any images and tables: the tool and the boot run it on unknown ones. */
void h_protection_safe(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    arch_images = nondet_arch_images();
    (void)arch_protection_valid();
}

/* MPU_NS: each address exactly as declared. */
void h_protection_exact(void)
{
    any_images();
    ASSUME(rule_unused() && rule_exact() && rule_overlap());
    task_t t = any_task();
    uint32_t address = nondet_u32();

    PROVE(mpu_grants(t, address) == declared(t, address));
}

struct arch_range nondet_range(void);

/* What is declared is really reachable: rule_sau asks sau_opens of each region, rule_mpc mpc_opens
 * (by span_within one of mpc_span). */
void h_protection_open(void)
{
    struct arch_range region = nondet_range();
    uint32_t address = nondet_u32();
    bool open = false;

    arch_cfg = nondet_arch_config();
    ASSUME(range_sound(region) && in_range(region, address));
    ASSUME(sau_opens(span_of_range(region)));
    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        open = open || sau_open(i, address);
    }
    PROVE(open);
}

static bool mpc_sound(uint32_t i)
{
    struct arch_mpc mpc = arch_cfg.mpc[i];

    return mpc.first <= mpc.last && mpc.memory <= UINT32_MAX - mpc.last;
}

void h_protection_open_memory(void)
{
    struct arch_range region = nondet_range();
    uint32_t address = nondet_u32();
    uint32_t i = nondet_u32();

    arch_cfg = nondet_arch_config();
    ASSUME(i < ARCH_MPC_MAX && i < arch_cfg.mpc_count && mpc_sound(i) && range_sound(region));
    ASSUME(in_range(region, address) && span_within(span_of_range(region), mpc_span(i)));
    PROVE(mpc_open(i, address));
}

/* Nothing of the kernel, neither by its Secure address nor by any alias of it, by any SAU or MPC
 * range: rule_kernel asks range_closed of each range of the kernel's memory, after rule_mpc. */
void h_protection_closed(void)
{
    struct arch_range kernel = nondet_range();
    uint32_t address = nondet_u32();
    uint32_t i = nondet_u32();
    uint32_t j = nondet_u32();
    uint32_t a = nondet_u32();

    arch_cfg = nondet_arch_config();
    ASSUME(i < ARCH_SAU_MAX && j < ARCH_MPC_MAX);
    ASSUME(a < ARCH_ALIAS_MAX && a < arch_cfg.alias_count);
    for (uint32_t m = 0; m < ARCH_MPC_MAX; m++) {
        ASSUME(mpc_sound(m));
    }
    ASSUME(in_range(kernel, address) && aliases_apart() && range_closed(kernel));
    PROVE(!sau_open(i, address));
    PROVE(!alias_holds(a, address) || !sau_open(i, alias_address(a, address)));
    PROVE(!alias_holds(a, address) || !mpc_open(j, alias_address(a, address)));
}

/* W^X, for tasks and for the kernel's own map. */
void h_protection_wx(void)
{
    any_images();
    ASSUME(rule_wx());
    task_t t = any_task();
    uint32_t address = nondet_u32();
    uint32_t i = nondet_u32();
    uint32_t both = K5_MEM_WRITE | K5_MEM_EXECUTE;

    ASSUME(i < ARCH_MPU_S_MAX);
    PROVE((mpu_grants(t, address) & both) != both);
    PROVE((arch_cfg.mpu_s[i].rlar & 1u) == 0 || (arch_cfg.mpu_s[i].rbar & 1u) != 0 ||
          (arch_cfg.mpu_s[i].rbar & 4u) != 0);
}

/* Where a small Secure stack lies is read from a table, and entry.S writes s16-s31 behind the frame
 * of a task with fp: no two of them overlap, and all are in the region that MPU_S opens. */
void h_protection_stacks(void)
{
    uint32_t i = nondet_u32();
    uint32_t j = nondet_u32();

    arch_cfg = nondet_arch_config();
    ASSUME(range_sound(arch_cfg.secure_stacks) && fp_known() && stacks_apart());
    ASSUME(i <= K5_TASKS && j < i);
    uint32_t first = arch_cfg.secure_stack[j];
    uint32_t second = arch_cfg.secure_stack[i];
    uint32_t size = (uint64_t)arch_cfg.fp_tasks >> j & 1u ? 176u : 40u;

    PROVE(second >= first && second - first >= size);
    PROVE(in_range(arch_cfg.secure_stacks, first) &&
          in_range(arch_cfg.secure_stacks, second + 39u));
}

void twin_protection(void)
{
    any_images();
    ASSUME(arch_protection_valid());
    PROVE(mpu_grants(any_task(), nondet_u32()) == NOTHING);
}
