/* The protection images of Armv8-M: if arch_protection_valid() accepts them, the machine grants a
 * task each address exactly as its regions say, and nothing of the kernel's.
 *
 * The model below is written from the architecture's definition, one address at a time: SAU first
 * (Secure unless one range says otherwise), then MPU_NS without a background map (no region: no
 * access; two: a fault), then the MPC by offset. It shares no code with protection.c.
 */
#include "prove.h"

#include "arch/arm_m/arch_config.h"

struct arch_config arch_cfg;

struct config nondet_config(void);
struct arch_config nondet_arch_config(void);

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
        uint32_t r = pair_grants(arch_cfg.mpu_ns[t][i], address);

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

/* Is the address Non-secure for the SAU? (A range with NSC is Secure, callable.) */
static bool sau_open(uint32_t address)
{
    bool open = false;

    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        struct arch_pair p = arch_cfg.sau[i];

        open = open ||
               ((p.rlar & 3u) == 1u && address >= (p.rbar & ~31u) && address <= (p.rlar | 31u));
    }
    return open;
}

/* Does an MPC let Non-secure accesses to this (Non-secure) address through? */
static bool mpc_open(uint32_t address)
{
    bool open = false;

    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        uint32_t offset =
            address < arch_cfg.mpc[i].memory ? UINT32_MAX : address - arch_cfg.mpc[i].memory;

        open = open || (i < arch_cfg.mpc_count && offset >= arch_cfg.mpc[i].first &&
                        offset <= arch_cfg.mpc[i].last);
    }
    return open;
}

static bool in_range(struct arch_range range, uint32_t address)
{
    return address >= range.base && address - range.base < range.size;
}

static void any_images(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    ASSUME(config_objects_valid());
    ASSUME(arch_protection_valid());
}

/* No undefined behaviour on any images and tables: the tool and the boot run it on unknown ones. */
void h_protection_safe(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    (void)arch_protection_valid();
}

/* MPU_NS: each address exactly as declared. */
void h_protection_exact(void)
{
    any_images();
    task_t t = any_task();
    uint32_t address = nondet_u32();

    PROVE(mpu_grants(t, address) == declared(t, address));
}

/* What is declared is really reachable: Non-secure, and memory is open in its MPC. */
void h_protection_open(void)
{
    any_images();
    task_t t = any_task();
    uint32_t address = nondet_u32();
    uint32_t rights = declared(t, address);

    if (rights != NOTHING) {
        PROVE(sau_open(address));
        PROVE((rights & K5_MEM_DEVICE) != 0 || mpc_open(address));
    }
}

/* Nothing of the kernel: neither by its Secure address nor by the alias. */
void h_protection_closed(void)
{
    any_images();
    task_t t = any_task();
    uint32_t address = nondet_u32();
    bool kernel = in_range(arch_cfg.kernel_text, address) || in_range(arch_cfg.veneer, address) ||
                  in_range(arch_cfg.idle, address) || in_range(arch_cfg.secure_stacks, address) ||
                  in_range(arch_cfg.kernel_ram, address);

    if (kernel) {
        PROVE(!sau_open(address));
        PROVE(address >= ARCH_ALIAS && !mpc_open(address - ARCH_ALIAS));
        PROVE(mpu_grants(t, address) == NOTHING || !sau_open(address));
    }
}

/* W^X, for tasks and for the kernel's own map. */
void h_protection_wx(void)
{
    any_images();
    task_t t = any_task();
    uint32_t address = nondet_u32();
    uint32_t i = nondet_u32();
    uint32_t both = K5_MEM_WRITE | K5_MEM_EXECUTE;

    ASSUME(i < ARCH_MPU_S_MAX);
    PROVE((mpu_grants(t, address) & both) != both);
    PROVE((arch_cfg.mpu_s[i].rlar & 1u) == 0 || (arch_cfg.mpu_s[i].rbar & 1u) != 0 ||
          (arch_cfg.mpu_s[i].rbar & 4u) != 0);
}

void twin_protection(void)
{
    any_images();
    PROVE(mpu_grants(any_task(), nondet_u32()) == NOTHING);
}
