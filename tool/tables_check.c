/*
 * tables_check.c - a program of its own, compiled for the host with the tables of one app: are they
 * what kernel and port rely on?
 *
 * The same C functions run at boot of a debug build and are assumed by the proofs, with this app's
 * sizes. A failure is a mistake of the tool, not of the user, and says which rule is broken.
 */
#include "arch/arch.h"
#include "arch/arm_m/arch_config.h"
#include "kernel/config.h"

#include <stdio.h>

#define RULE_TEXT(id, text) [id] = text, /* NOLINT(bugprone-macro-parentheses) */
static const char *const rules[ARCH_RULE_COUNT] = {ARCH_RULES(RULE_TEXT)};

int main(void)
{
    arch_rule broken = arch_protection_broken();
    if (!config_valid()) {
        fprintf(stderr, "error: internal: config.c breaks a rule of config_valid()\n");
        return 1;
    }
    if (broken != ARCH_RULE_NONE) {
        fprintf(stderr, "error: internal: arch_config.c: %s\n", rules[broken]);
        return 1;
    }
    return 0;
}
