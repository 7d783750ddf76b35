/* A system, asked: names for people, and slots that suit a step. */
#include <stdio.h>

#include "driver.h"

#define SUPER (K5_TASKS - 1)

bool deep;

bool system_needs(int t)
{
    bool handles = false;

    for (int i = 0; i < K5_TASKS; i++) {
        handles = handles || cfg.handler[i] == t;
    }
    return handles && cfg.handler[t] == K5_NIL;
}

/* One of those of its slots that suit. */
uint32_t slot_of(int t, uint32_t type, int object)
{
    uint32_t found = K5_NIL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        const struct spec_cap *cap = &m.cap[cfg.slot_first[t] + i];
        bool serve = type == K5_CAP_ENDPOINT && cap->rights == K5_RIGHT_SERVE;

        if (cap->type == type && !serve && (object < 0 || cap->object == (uint32_t)object)) {
            count++;
            found = any(count) == 0 ? i : found;
        }
    }
    return found;
}

uint32_t slot_deepest(int t)
{
    uint32_t found = K5_NIL;
    uint32_t depth = 0;

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        const struct spec_cap *cap = &m.cap[cfg.slot_first[t] + (int)i];

        if (cap->depth > depth) {
            found = i;
            depth = cap->depth;
        }
    }
    return found;
}

/* An endpoint that it may call through what it derived or received. */
uint32_t slot_derived(int t)
{
    uint32_t found = K5_NIL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        const struct spec_cap *cap = &m.cap[cfg.slot_first[t] + (int)i];

        if (cap->type == K5_CAP_ENDPOINT && cap->depth > 0 && (cap->rights & K5_RIGHT_CALL) != 0) {
            count++;
            found = any(count) == 0 ? i : found;
        }
    }
    return found;
}

uint32_t slot_doomed(int t)
{
    for (uint32_t i = 0; i < cfg.slot_count[t] && m.sweep.on; i++) {
        int s = cfg.slot_first[t] + (int)i;

        if (m.sweep.doomed[s] && spec_holds(s)) {
            return i;
        }
    }
    return K5_NIL;
}

uint32_t slot_free(int t, bool filled)
{
    uint32_t found = K5_NIL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        int s = cfg.slot_first[t] + (int)i;

        if (!spec_fixed(s) && (m.cap[s].type != K5_CAP_NONE) == filled) {
            count++;
            found = any(count) == 0 ? i : found;
        }
    }
    return found;
}

uint32_t slot_any(int t)
{
    uint32_t found = K5_NIL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        if (spec_holds(cfg.slot_first[t] + (int)i)) {
            count++;
            found = any(count) == 0 ? i : found;
        }
    }
    return found;
}

const char *task_name(int t)
{
    static char names[4][24];
    static unsigned next;
    char *name = names[next++ % 4u];

    if (t < 0 || t >= K5_TASKS) {
        snprintf(name, sizeof names[0], "nobody");
    } else if (t == SUPER) {
        snprintf(name, sizeof names[0], "super(%d)", t);
    } else if (cfg.endpoint[t] != K5_NIL) {
        snprintf(name, sizeof names[0], "server%d(%d)", cfg.endpoint[t], t);
    } else {
        snprintf(name, sizeof names[0], "client(%d)", t);
    }
    return name;
}

static void caps_print(int t)
{
    static const char *const types[K5_CAP_TYPES] = {"free", "endpoint", "bits of",
                                                    "task", "irq",      "region"};

    for (uint32_t i = 0; i < cfg.slot_count[t]; i++) {
        uint32_t s = (uint32_t)cfg.slot_first[t] + i;
        bool serve = cfg.cap_type[s] == K5_CAP_ENDPOINT && cfg.cap_rights[s] == K5_RIGHT_SERVE;

        bool grant =
            cfg.cap_type[s] == K5_CAP_ENDPOINT && (cfg.cap_rights[s] & K5_RIGHT_GRANT) != 0;

        printf("%s%u: %s%s", i == 0 ? "" : ", ", i,
               serve   ? "serve "
               : grant ? "grant "
                       : "",
               types[cfg.cap_type[s]]);
        if (cfg.cap_type[s] != K5_CAP_NONE) {
            printf(" %u", cfg.cap_object[s]);
        }
    }
    printf("\n");
}

void system_print(void)
{
    for (int t = K5_TASKS - 1; t >= 0; t--) {
        bool server = cfg.endpoint[t] != K5_NIL;

        printf("  %-11s %s %u of %u, equals 0x%x, handler %d%s", task_name(t),
               cfg.budget[t] == cfg.period[t] ? "turn " : "limit", cfg.budget[t], cfg.period[t],
               cfg.equals[t], cfg.handler[t] == K5_NIL ? -1 : cfg.handler[t],
               cfg.handler[t] == K5_NIL && cfg.on_fault[t] == K5_ON_FAULT_RESTART ? " (restart)"
                                                                                  : "");
        if (server) {
            printf(", wcet %u, lends %u", cfg.wcet[cfg.endpoint[t]], cfg.lend_count[t]);
        }
        printf("\n      slots ");
        caps_print(t);
    }
}
