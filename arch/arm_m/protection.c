/* Do the images for SAU, MPU, MPC and PPC mean what the region tables say?
 *
 * Decodes every register word back into a range of addresses and compares. The invariant it
 * establishes: the Non-secure side reaches exactly the regions that cfg gives the running task, and
 * nothing of the kernel but the veneer. Pure portable C: runs in the tool, at boot and in a proof.
 *
 *      rbar |base.................|SH|AP|XN|        rlar |last byte >> 5.......|0|attr |EN|
 */
#include "arch/arm_m/protection.h"
#include "arch/arch.h"

#define BASE_MASK   0xFFFFFFE0u
#define AP_MASK     0x6u
#define ATTR_MASK   0xEu
#define MPU_S_COUNT 4u

/* ---- ranges: first and last byte, so that nothing wraps ---------------------------------- */

struct span {
    uint32_t first;
    uint32_t last;
};

static struct span span_of(uint32_t base, uint32_t size)
{
    return (struct span){base, base + (size - 1u)};
}

static struct span span_of_range(struct arch_range range)
{
    return span_of(range.base, range.size);
}

static bool span_overlaps(struct span a, struct span b)
{
    return a.first <= b.last && b.first <= a.last;
}

static bool span_within(struct span inner, struct span outer)
{
    return outer.first <= inner.first && inner.first <= inner.last && inner.last <= outer.last;
}

static bool span_equal(struct span a, struct span b)
{
    return a.first == b.first && a.last == b.last;
}

static bool range_sound(struct arch_range range)
{
    return range.size != 0u && range.base <= UINT32_MAX - (range.size - 1u) &&
           range.base % ARCH_GRAIN == 0u && range.size % ARCH_GRAIN == 0u;
}

/* ---- decoding ---------------------------------------------------------------------------- */

static struct span pair_span(struct arch_pair pair)
{
    return (struct span){pair.rbar & BASE_MASK, pair.rlar | (ARCH_GRAIN - 1u)};
}

static bool pair_used(struct arch_pair pair)
{
    return (pair.rlar & ARCH_MPU_EN) != 0u;
}

static bool pair_zero(struct arch_pair pair)
{
    return pair.rbar == 0u && pair.rlar == 0u;
}

/* K5_MEM_* that an MPU pair gives to unprivileged code; 0 if it uses a field that it should not. */
static uint8_t pair_rights(struct arch_pair pair)
{
    uint32_t access = pair.rbar & AP_MASK;
    uint32_t attribute = pair.rlar & ATTR_MASK;
    uint32_t rights = K5_MEM_READ;

    if ((pair.rbar & ~(BASE_MASK | AP_MASK | ARCH_MPU_XN)) != 0u ||
        (pair.rlar & ~(BASE_MASK | ATTR_MASK | ARCH_MPU_EN)) != 0u ||
        (access != ARCH_MPU_AP_RW && access != ARCH_MPU_AP_RO) ||
        (attribute != ARCH_MPU_NORMAL && attribute != ARCH_MPU_DEVICE)) {
        return 0;
    }
    if (access == ARCH_MPU_AP_RW) {
        rights |= K5_MEM_WRITE;
    }
    if ((pair.rbar & ARCH_MPU_XN) == 0u) {
        rights |= K5_MEM_EXECUTE;
    }
    if (attribute == ARCH_MPU_DEVICE) {
        rights |= K5_MEM_DEVICE;
    }
    return (uint8_t)rights;
}

static bool pair_wx(struct arch_pair pair)
{
    uint32_t access = pair.rbar & AP_MASK;

    return (access == ARCH_MPU_AP_RW || access == ARCH_MPU_AP_RW_PRIV) &&
           (pair.rbar & ARCH_MPU_XN) == 0u;
}

/* Exactly `range` with this access and XN, ordinary memory. */
static bool pair_is(struct arch_pair pair, struct span span, uint32_t access)
{
    return pair_used(pair) && span_equal(pair_span(pair), span) &&
           (pair.rbar & ~BASE_MASK) == access &&
           (pair.rlar & ~BASE_MASK) == (ARCH_MPU_NORMAL | ARCH_MPU_EN);
}

/* ---- unused entries ---------------------------------------------------------------------- */

/* Entries 0 .. count-1 are used, the rest zero. */
static bool pairs_counted(const struct arch_pair *pairs, uint32_t count, uint32_t max)
{
    for (uint32_t i = 0; i < max; i++) {
        if (i < count ? !pair_used(pairs[i]) : !pair_zero(pairs[i])) {
            return false;
        }
    }
    return count <= max;
}

static bool rule_unused(void)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (!pairs_counted(arch_images.mpu_ns[t], cfg.region_count[t], K5_REGION_MAX)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i >= arch_cfg.mpc_count &&
            (arch_cfg.mpc[i].controller != 0u || arch_cfg.mpc[i].last != 0u)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ARCH_PPC_MAX; i++) {
        if (i >= arch_cfg.ppc_count && arch_cfg.ppc[i].bits != 0u) {
            return false;
        }
    }
    return arch_cfg.alias_count <= ARCH_ALIAS_MAX && arch_cfg.closed_count <= ARCH_CLOSED_MAX &&
           pairs_counted(arch_cfg.mpu_s, arch_cfg.mpu_s_count, ARCH_MPU_S_MAX) &&
           pairs_counted(arch_cfg.sau, arch_cfg.sau_count, ARCH_SAU_MAX) &&
           arch_cfg.mpc_count <= ARCH_MPC_MAX && arch_cfg.ppc_count <= ARCH_PPC_MAX;
}

/* ---- tasks ------------------------------------------------------------------------------- */

static struct span region_span(uint32_t region)
{
    return span_of(cfg.region_base[region], cfg.region_size[region]);
}

static bool regions_sound(void)
{
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if (!range_sound((struct arch_range){cfg.region_base[region], cfg.region_size[region]}) ||
            (cfg.region_rights[region] & K5_MEM_READ) == 0u) { /* 0 is what a bad pair gives */
            return false;
        }
    }
    return true;
}

static bool rule_exact(void)
{
    if (!regions_sound()) {
        return false;
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        for (uint32_t i = 0; i < K5_REGION_MAX; i++) {
            uint32_t region = cfg.region_first[t] + i;

            if (i < cfg.region_count[t] &&
                (region >= K5_REGIONS ||
                 !span_equal(pair_span(arch_images.mpu_ns[t][i]), region_span(region)) ||
                 pair_rights(arch_images.mpu_ns[t][i]) != cfg.region_rights[region])) {
                return false;
            }
        }
    }
    return true;
}

/* No two used pairs overlap, and none ends before it begins. */
static bool pairs_apart(const struct arch_pair *pairs, uint32_t max)
{
    for (uint32_t i = 0; i < max; i++) {
        if (pair_used(pairs[i]) && pair_span(pairs[i]).first > pair_span(pairs[i]).last) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (pair_used(pairs[i]) && pair_used(pairs[j]) &&
                span_overlaps(pair_span(pairs[i]), pair_span(pairs[j]))) {
                return false;
            }
        }
    }
    return true;
}

static bool rule_overlap(void)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        if (!pairs_apart(arch_images.mpu_ns[t], K5_REGION_MAX)) {
            return false;
        }
    }
    return pairs_apart(arch_cfg.mpu_s, ARCH_MPU_S_MAX) && pairs_apart(arch_cfg.sau, ARCH_SAU_MAX);
}

static bool rule_wx(void)
{
    for (uint32_t i = 0; i < K5_REGION_MAX; i++) {
        for (uint32_t t = 0; t < K5_TASKS; t++) {
            if (pair_used(arch_images.mpu_ns[t][i]) && pair_wx(arch_images.mpu_ns[t][i])) {
                return false;
            }
        }
    }
    for (uint32_t i = 0; i < ARCH_MPU_S_MAX; i++) {
        if (pair_used(arch_cfg.mpu_s[i]) && pair_wx(arch_cfg.mpu_s[i])) {
            return false;
        }
    }
    return true;
}

/* ---- the walls behind the MPU ------------------------------------------------------------ */

static bool sau_is_ns(uint32_t i)
{
    return (arch_cfg.sau[i].rlar & (ARCH_SAU_EN | ARCH_SAU_NSC)) == ARCH_SAU_EN;
}

static bool sau_opens(struct span span)
{
    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        if (sau_is_ns(i) && span_within(span, pair_span(arch_cfg.sau[i]))) {
            return true;
        }
    }
    return false;
}

static struct span mpc_span(uint32_t i)
{
    return (struct span){arch_cfg.mpc[i].memory + arch_cfg.mpc[i].first,
                         arch_cfg.mpc[i].memory + arch_cfg.mpc[i].last};
}

static bool mpc_opens(struct span span)
{
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i < arch_cfg.mpc_count && span_within(span, mpc_span(i))) {
            return true;
        }
    }
    return false;
}

static bool ppc_opens(struct span span)
{
    for (uint32_t i = 0; i < ARCH_PPC_MAX; i++) {
        if (i < arch_cfg.ppc_count && span_equal(span, span_of_range(arch_cfg.ppc[i].device))) {
            return true;
        }
    }
    return false;
}

static bool rule_sau(void)
{
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if (!sau_opens(region_span(region))) {
            return false;
        }
    }
    return true;
}

static bool rule_mpc(void)
{
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i < arch_cfg.mpc_count &&
            (arch_cfg.mpc[i].first % ARCH_MPC_GRAIN != 0u ||
             arch_cfg.mpc[i].last % ARCH_MPC_GRAIN != ARCH_MPC_GRAIN - 1u ||
             arch_cfg.mpc[i].first > arch_cfg.mpc[i].last ||
             arch_cfg.mpc[i].memory > UINT32_MAX - arch_cfg.mpc[i].last)) {
            return false;
        }
    }
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if ((cfg.region_rights[region] & K5_MEM_DEVICE) == 0u && !mpc_opens(region_span(region))) {
            return false;
        }
    }
    return true;
}

/* Does some task have a region that is this device? */
static bool device_granted(struct span device)
{
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if ((cfg.region_rights[region] & K5_MEM_DEVICE) != 0u &&
            span_equal(device, region_span(region))) {
            return true;
        }
    }
    return false;
}

static bool device_closed(struct span device)
{
    for (uint32_t i = 0; i < ARCH_CLOSED_MAX; i++) {
        if (i < arch_cfg.closed_count &&
            (!range_sound(arch_cfg.closed[i]) ||
             span_overlaps(device, span_of_range(arch_cfg.closed[i])))) {
            return true;
        }
    }
    return false;
}

/* A bit in two registers, or a device that has no PPC and so none of the three. */
static bool ppc_sound(const struct arch_ppc *ppc)
{
    return ppc->bits != 0u || (ppc->ns_register == 0u && ppc->user_register == 0u);
}

static bool rule_ppc(void)
{
    for (uint32_t i = 0; i < ARCH_PPC_MAX; i++) {
        if (i < arch_cfg.ppc_count &&
            (!ppc_sound(&arch_cfg.ppc[i]) || !range_sound(arch_cfg.ppc[i].device) ||
             !device_granted(span_of_range(arch_cfg.ppc[i].device)))) {
            return false;
        }
    }
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if ((cfg.region_rights[region] & K5_MEM_DEVICE) != 0u &&
            (!ppc_opens(region_span(region)) || device_closed(region_span(region)))) {
            return false;
        }
    }
    return true;
}

/* ---- the kernel's own memory ------------------------------------------------------------- */

/* Neither by its Secure addresses `span` nor by the Non-secure ones `alias` is it open. */
static bool spans_closed(struct span span, struct span alias)
{
    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        if (sau_is_ns(i) && (span_overlaps(span, pair_span(arch_cfg.sau[i])) ||
                             span_overlaps(alias, pair_span(arch_cfg.sau[i])))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < ARCH_MPC_MAX; i++) {
        if (i < arch_cfg.mpc_count && span_overlaps(alias, mpc_span(i))) {
            return false;
        }
    }
    return true;
}

/* Is it one of the Secure addresses of this entry? An entry beyond the count has none. */
static bool alias_holds(uint32_t i, uint32_t address)
{
    return i < arch_cfg.alias_count &&
           (address & ~arch_cfg.alias[i].mask) == arch_cfg.alias[i].secure;
}

/* The same byte's Non-secure address. */
static uint32_t alias_address(uint32_t i, uint32_t address)
{
    return (address & arch_cfg.alias[i].mask) | arch_cfg.alias[i].nonsecure;
}

static bool alias_sound(const struct arch_alias *alias)
{
    return (alias->mask & alias->mask >> 1) == alias->mask >> 1 &&
           (alias->secure & alias->mask) == 0u && (alias->nonsecure & alias->mask) == 0u;
}

/* Each entry sound, and no Secure address in two of them. */
static bool aliases_apart(void)
{
    for (uint32_t i = 0; i < ARCH_ALIAS_MAX; i++) {
        if (i < arch_cfg.alias_count && !alias_sound(&arch_cfg.alias[i])) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (alias_holds(i, arch_cfg.alias[j].secure) ||
                alias_holds(j, arch_cfg.alias[i].secure)) {
                return false;
            }
        }
    }
    return true;
}

/* Sound, known by a second address, and closed by both. After aliases_apart. */
static bool range_closed(struct arch_range range)
{
    struct span span;
    struct span alias = {0, 0};
    bool known = false;

    if (!range_sound(range)) {
        return false;
    }
    span = span_of_range(range);
    for (uint32_t i = 0; i < ARCH_ALIAS_MAX; i++) {
        if (alias_holds(i, span.first) && alias_holds(i, span.last)) {
            alias = (struct span){alias_address(i, span.first), alias_address(i, span.last)};
            known = true;
        }
    }
    return known && spans_closed(span, alias);
}

static bool rule_kernel(void)
{
    return aliases_apart() && range_closed(arch_cfg.kernel_text) && range_closed(arch_cfg.veneer) &&
           range_closed(arch_cfg.idle) && range_closed(arch_cfg.secure_stacks) &&
           range_closed(arch_cfg.kernel_ram);
}

static bool rule_nsc(void)
{
    uint32_t callable = 0;

    for (uint32_t i = 0; i < ARCH_SAU_MAX; i++) {
        struct arch_pair pair = arch_cfg.sau[i];

        if (pair_used(pair) && (pair.rlar & ARCH_SAU_NSC) != 0u) {
            callable++;
            if (!span_equal(pair_span(pair), span_of_range(arch_cfg.veneer))) {
                return false;
            }
        }
        if ((pair.rbar & ~BASE_MASK) != 0u ||
            (pair.rlar & ~(BASE_MASK | ARCH_SAU_EN | ARCH_SAU_NSC)) != 0u) {
            return false;
        }
    }
    return callable == 1u;
}

static bool rule_mpu_s(void)
{
    struct span entry = {arch_cfg.veneer.base, span_of_range(arch_cfg.idle).last};

    return arch_cfg.mpu_s_count == MPU_S_COUNT && arch_cfg.idle.base > arch_cfg.veneer.base &&
           arch_cfg.idle.base - arch_cfg.veneer.base == arch_cfg.veneer.size &&
           pair_is(arch_cfg.mpu_s[0], entry, ARCH_MPU_AP_RO) &&
           pair_is(arch_cfg.mpu_s[1], span_of_range(arch_cfg.secure_stacks),
                   ARCH_MPU_AP_RW | ARCH_MPU_XN) &&
           pair_is(arch_cfg.mpu_s[2], span_of_range(arch_cfg.kernel_text), ARCH_MPU_AP_RO_PRIV) &&
           pair_is(arch_cfg.mpu_s[3], span_of_range(arch_cfg.kernel_ram),
                   ARCH_MPU_AP_RW_PRIV | ARCH_MPU_XN);
}

/* Bytes of the small Secure stack of a task, or of idle. */
static uint32_t stack_size(uint32_t index)
{
    return index < K5_TASKS && (arch_cfg.fp_tasks >> index & 1u) != 0u ? ARCH_SECURE_STACK_FP
                                                                       : ARCH_SECURE_STACK;
}

/* Side by side in their region, in the order of the tasks. */
static bool stacks_apart(void)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i <= K5_TASKS; i++) {
        if (arch_cfg.secure_stacks.size - used < stack_size(i) ||
            arch_cfg.secure_stack[i] != arch_cfg.secure_stacks.base + used) {
            return false;
        }
        used += stack_size(i);
    }
    return true;
}

/* entry.S has code for floating point only if the sizes say that a task has it. */
static bool fp_known(void)
{
    return arch_cfg.fp_tasks >> (K5_TASKS - 1u) <= 1u &&
           (K5_FP_TASKS != 0 || arch_cfg.fp_tasks == 0u);
}

static bool rule_stacks(void)
{
    return fp_known() && stacks_apart() &&
           !span_overlaps(span_of_range(arch_cfg.secure_stacks),
                          span_of_range(arch_cfg.kernel_ram));
}

static bool rule_log(void)
{
    struct span ring;

    if (!range_sound(arch_cfg.log_ring)) {
        return false;
    }
    ring = span_of_range(arch_cfg.log_ring);
    for (uint32_t region = 0; region < K5_REGIONS; region++) {
        if (span_overlaps(ring, region_span(region)) &&
            (!span_equal(ring, region_span(region)) ||
             (cfg.region_rights[region] & K5_MEM_EXECUTE) != 0u)) {
            return false;
        }
    }
    return sau_opens(ring) && mpc_opens(ring);
}

/* ---- all together ------------------------------------------------------------------------ */

/* The order matters: later rules read ranges that earlier ones found sound. A function of its own
 * wherever it is used, so that tests/bounds/size.sh can tell what the checks take. */
__attribute__((noinline)) arch_rule arch_protection_broken(void)
{
    if (!rule_unused()) {
        return ARCH_RULE_UNUSED;
    }
    if (!rule_exact()) {
        return ARCH_RULE_EXACT;
    }
    if (!rule_overlap()) {
        return ARCH_RULE_OVERLAP;
    }
    if (!rule_wx()) {
        return ARCH_RULE_WX;
    }
    if (!rule_sau()) {
        return ARCH_RULE_SAU;
    }
    if (!rule_mpc()) {
        return ARCH_RULE_MPC;
    }
    if (!rule_ppc()) {
        return ARCH_RULE_PPC;
    }
    if (!rule_kernel()) {
        return ARCH_RULE_KERNEL;
    }
    if (!rule_nsc()) {
        return ARCH_RULE_NSC;
    }
    if (!rule_mpu_s()) {
        return ARCH_RULE_MPU_S;
    }
    if (!rule_stacks()) {
        return ARCH_RULE_STACKS;
    }
    return rule_log() ? ARCH_RULE_NONE : ARCH_RULE_LOG;
}

bool arch_protection_valid(void)
{
    return arch_protection_broken() == ARCH_RULE_NONE;
}
