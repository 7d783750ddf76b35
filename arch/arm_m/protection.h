/* What the images obey, rule by rule: protection.c. */
#ifndef ARM_M_PROTECTION_H
#define ARM_M_PROTECTION_H

#include "arch/arm_m/arch_config.h"

/* The rules of docs/adr/0004 that arch_protection_valid() checks: number and text. */
#define ARCH_RULES(RULE)                                                                           \
    RULE(ARCH_RULE_UNUSED, "an unused entry of an image is not zero, or a count is too large")     \
    RULE(ARCH_RULE_EXACT, "MPU_NS of a task does not grant exactly its declared regions")          \
    RULE(ARCH_RULE_OVERLAP, "regions of one MPU or of the SAU overlap")                            \
    RULE(ARCH_RULE_WX, "a region is writable and executable")                                      \
    RULE(ARCH_RULE_SAU, "a task's region does not lie in one Non-secure range of the SAU")         \
    RULE(ARCH_RULE_MPC, "a task's memory lies outside what the MPC opens, or that is misaligned")  \
    RULE(ARCH_RULE_PPC,                                                                            \
         "a device of a task is the kernel's or not open in its PPC, or an open one is nobody's")  \
    RULE(ARCH_RULE_KERNEL, "memory of the kernel is reachable from the Non-secure side")           \
    RULE(ARCH_RULE_NSC, "the callable range is not exactly the veneer")                            \
    RULE(ARCH_RULE_MPU_S, "MPU_S is not the kernel's four regions")                                \
    RULE(                                                                                          \
        ARCH_RULE_STACKS,                                                                          \
        "the small Secure stacks are not side by side, or do not fit, or lie in the kernel's RAM") \
    RULE(ARCH_RULE_LOG, "the log ring is not Non-secure memory, or overlaps a task's region")

#define ARCH_RULE_ID(id, text) id,
typedef enum { ARCH_RULE_NONE, ARCH_RULES(ARCH_RULE_ID) ARCH_RULE_COUNT } arch_rule;

/* The first rule that cfg, arch_cfg and arch_images break, or ARCH_RULE_NONE.
 * arch_protection_valid() is `arch_protection_broken() == ARCH_RULE_NONE`; the tool prints the
 * rule's text. Pure. Cost: K5_TASKS * K5_REGION_MAX * (K5_REGION_MAX + ARCH_SAU_MAX + ...)
 * compares; boot only. */
arch_rule arch_protection_broken(void);

#endif
