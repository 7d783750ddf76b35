/* If arch_protection_valid() accepts the Armv8-M images, the hardware grants exactly what the
 * tables say: for any task, any address, any access.
 *
 * The hardware stands here a second time, as the architecture manual describes it: an address is
 * Non-secure if a Non-secure SAU region holds it; then exactly one enabled MPU_NS region must hold
 * it and allow the access; with none the access faults, for there is no background map.
 */
#include "arch/arm_m/arch_config.h"
#include "prove.h"

struct config cfg;
struct arch_config arch_cfg;
struct config nondet_config(void);
struct arch_config nondet_arch_config(void);

bool arch_protection_valid(void);

/* ---- the hardware ---- */

static bool hw_holds(struct arch_pair pair, uint32_t address)
{
    return (pair.rlar & 1u) != 0 && (pair.rbar >> 5) <= (address >> 5) &&
           (address >> 5) <= (pair.rlar >> 5);
}

static bool hw_nonsecure(uint32_t address)
{
    uint32_t held = 0;
    uint32_t callable = 0;

    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        if (hw_holds(arch_cfg.sau[i], address)) {
            held++;
            callable += (arch_cfg.sau[i].rlar >> 1) & 1u;
        }
    }
    return held == 1u && callable == 0;
}

/* AP 01 and 11 admit unprivileged code, 11 to read only; XN forbids to execute. */
static bool hw_allows(struct arch_pair pair, uint8_t access)
{
    uint32_t ap = (pair.rbar >> 1) & 3u;

    if (access == K5_MEM_EXECUTE) {
        return (ap & 1u) != 0 && (pair.rbar & 1u) == 0;
    }
    return access == K5_MEM_WRITE ? ap == 1u : (ap & 1u) != 0;
}

static bool hw_reaches(task_t task, uint32_t address, uint8_t access)
{
    uint32_t held = 0;
    bool allowed = false;

    for (uint32_t i = 0; i < K5_REGION_MAX; i++) {
        if (hw_holds(arch_cfg.mpu_ns[task][i], address)) {
            held++;
            allowed = hw_allows(arch_cfg.mpu_ns[task][i], access);
        }
    }
    return hw_nonsecure(address) && held == 1u && allowed;
}

/* ---- the tables ---- */

static bool declared(task_t task, uint32_t address, uint8_t access)
{
    bool found = false;

    for (uint32_t i = 0; i < K5_REGION_MAX; i++) {
        uint32_t r = (uint32_t)cfg.region_first[task] + i;

        if (i < cfg.region_count[task] && r < K5_REGIONS && address >= cfg.region_base[r] &&
            address - cfg.region_base[r] < cfg.region_size[r]) {
            found = found || (cfg.region_rights[r] & access) != 0;
        }
    }
    return found;
}

static bool within(struct arch_range range, uint32_t address)
{
    return address >= range.base && address - range.base < range.size;
}

static void any_images(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    ASSUME(arch_protection_valid());
}

static uint8_t any_access(void)
{
    uint8_t access = nondet_u8();

    ASSUME(access == K5_MEM_READ || access == K5_MEM_WRITE || access == K5_MEM_EXECUTE);
    return access;
}

static task_t some_task(void)
{
    task_t task = nondet_u8();

    ASSUME(task < K5_TASKS);
    return task;
}

/* ---- what is proved ---- */

void h_protection_exact(void)
{
    any_images();
    task_t task = some_task();
    uint32_t address = nondet_u32();
    uint8_t access = any_access();

    PROVE(hw_reaches(task, address, access) == declared(task, address, access));
}

/* No task writes what it may execute. */
void h_protection_wx(void)
{
    any_images();
    task_t task = some_task();
    uint32_t address = nondet_u32();

    PROVE(!hw_reaches(task, address, K5_MEM_WRITE) || !hw_reaches(task, address, K5_MEM_EXECUTE));
}

/* Whatever MPU_NS says, the kernel's memory is not Non-secure, under either of its addresses. */
void h_protection_kernel(void)
{
    any_images();
    uint32_t address = nondet_u32();
    bool kernel = within(arch_cfg.kernel_text, address) || within(arch_cfg.veneer, address) ||
                  within(arch_cfg.idle, address) || within(arch_cfg.secure_stacks, address) ||
                  within(arch_cfg.kernel_ram, address);

    ASSUME(kernel);
    PROVE(!hw_nonsecure(address));
    PROVE(!hw_nonsecure(address - ARCH_ALIAS));
}

/* Vacuity: there are images that are accepted, and tasks that reach something. */
void twin_protection(void)
{
    any_images();
    PROVE(!hw_reaches(some_task(), nondet_u32(), any_access()));
}

/* Any images at all: the check itself reads nothing out of bounds and overflows nowhere. */
void h_protection_safe(void)
{
    cfg = nondet_config();
    arch_cfg = nondet_arch_config();
    (void)arch_protection_valid();
}
