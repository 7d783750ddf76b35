/* Random systems: turns and limits, chains of passive servers, equals, a supervisor of them all.
 *
 *   task 0 .. : clients, servers above those that may call them, the supervisor last
 */
#include <string.h>

#include "driver.h"

#define SUPER       (K5_TASKS - 1)
#define REGION_SIZE SPEC_REGION
#define DEVICE      0x40000000u /* somewhere that is no memory */

struct config cfg;

extern const uint32_t k5_build_id[2];
const uint32_t k5_build_id[2] = {0x12345678, 0x9abcdef0};

/* Code and RAM of its own; then memory that several share, or a device. */
static void memory_make(uint32_t t)
{
    uint32_t first = 3u * t;
    uint32_t device = percent(12) ? K5_MEM_DEVICE : 0;

    cfg.region_first[t] = (uint16_t)first;
    cfg.region_count[t] = percent(cfg.endpoint[t] != K5_NIL ? 20u : 80u) ? 3 : 2;
    cfg.region_base[first] = 0x00200000u + t * REGION_SIZE;
    cfg.region_base[first + 1u] = SPEC_RAM_BASE + t * REGION_SIZE;
    cfg.region_base[first + 2u] = device != 0 ? DEVICE : SPEC_SHARED;
    for (uint32_t i = 0; i < 3; i++) {
        cfg.region_size[first + i] = REGION_SIZE;
    }
    cfg.region_rights[first] = K5_MEM_READ | K5_MEM_EXECUTE;
    cfg.region_rights[first + 1u] = K5_MEM_READ | K5_MEM_WRITE;
    cfg.region_rights[first + 2u] =
        (uint8_t)(K5_MEM_READ | (percent(70) ? K5_MEM_WRITE : 0u) | device);
    cfg.entry[t] = cfg.region_base[first];
    cfg.stack_base[t] = cfg.region_base[first + 1u];
    cfg.stack_size[t] = 512;
}

static uint32_t movable_owner[K5_MOVABLES];

/* Who has which region at boot. */
static void movables_make(void)
{
    for (uint32_t r = 0; r < K5_MOVABLES; r++) {
        cfg.movable_base[r] = 0x28300000u + 0x1000u * r;
        cfg.movable_size[r] = 32u * (1u + any(64));
        cfg.movable_home[r] = K5_SLOTS;
        movable_owner[r] = percent(85) ? any(K5_TASKS) : K5_TASKS;
    }
}

/* How many loans a server can have at once, and how many regions of its own. */
static void lends_make(void)
{
    uint32_t next = 0;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        bool serves = cfg.endpoint[t] != K5_NIL;
        uint32_t count = serves && percent(80) ? 1u + any(3) : 0;

        uint32_t own = percent(75) ? 1u + any(2) : 0;

        count = next + count <= K5_MAPS ? count : 0;
        own = next + count + own <= K5_MAPS ? own : 0;
        cfg.map_first[t] = (uint8_t)next;
        cfg.map_count[t] = (uint8_t)(count + own);
        cfg.lend_count[t] = (uint8_t)count;
        next += count + own;
    }
}

/* Runs of tasks of one priority. */
static void priorities_make(void)
{
    uint32_t joined = any(70);

    for (uint32_t first = 0, last = 0; first < K5_TASKS; first = last + 1u) {
        last = first;
        while (last + 1u < SUPER && percent(joined)) {
            last++;
        }
        for (uint32_t t = first; t <= last; t++) {
            cfg.equals[t] = 0;
            for (uint32_t i = first; i <= last; i++) {
                cfg.equals[t] |= 1u << i;
            }
        }
    }
}

static void time_make(void)
{
    uint32_t turns = any(3) * 40u;
    uint32_t rich = deep ? 60u : 10u;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.period[t] = 60u + any(600);
        cfg.budget[t] = K5_BUDGET_MIN + any(cfg.period[t] / 2u - K5_BUDGET_MIN);
        if (percent(rich)) { /* enough for a long chain */
            cfg.period[t] += 300u;
            cfg.budget[t] = cfg.period[t] / 2u;
        }
        if (deep && t > 1 && percent(40)) { /* a server with hardly any time of its own */
            cfg.budget[t] = K5_BUDGET_MIN + any(12);
        }
        if (percent(turns)) {
            cfg.period[t] = 15u + any(300);
            cfg.budget[t] = cfg.period[t];
        }
    }
}

static uint32_t wcet_make(void)
{
    if (deep) {
        return percent(95) ? 3u + any(20) : 0;
    }
    return percent(80) ? 3u + any(percent(30) ? WCET_MAX - 3u : 25u) : 0;
}

static void servers_make(void)
{
    uint32_t endpoint = 0;
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        cfg.server[e] = K5_NIL;
        cfg.wcet[e] = 0;
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.endpoint[t] = K5_NIL;
        bool serves = t == SUPER ? percent(30) : deep || percent(60);

        if (t > 0 && endpoint < K5_ENDPOINTS && serves) {
            cfg.endpoint[t] = (uint8_t)endpoint;
            cfg.server[endpoint] = (task_t)t;
            cfg.wcet[endpoint] = wcet_make();
            if (percent(15)) { /* just enough for one of those below */
                cfg.wcet[endpoint] = cfg.budget[any(t)];
            }
            endpoint++;
        }
    }
}

/* The supervisor handles most; sometimes a task in the middle handles some, and it the middle. */
static void handlers_make(void)
{
    uint32_t middle = percent(30) ? 1u + any(K5_TASKS - 2u) : SUPER;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        bool handled = t != SUPER && (t == middle || percent(88));

        cfg.handler[t] = !handled ? K5_NIL : t < middle ? (task_t)middle : SUPER;
        cfg.handler_bits[t] = handled ? 0x10000u << t : 0;
        cfg.on_fault[t] = percent(60) ? K5_ON_FAULT_RESTART : K5_ON_FAULT_STOP;
    }
    cfg.on_assert = K5_ON_ASSERT_HALT;
}

static void cap_add(uint32_t t, uint8_t type, uint8_t rights, uint32_t object, uint32_t badge)
{
    uint32_t s = (uint32_t)cfg.slot_first[t] + cfg.slot_count[t];

    cfg.cap_type[s] = type;
    cfg.cap_rights[s] = rights;
    cfg.cap_object[s] = (uint8_t)object;
    cfg.cap_badge[s] = badge;
    cfg.slot_count[t]++;
}

static void caps_of_task(uint32_t t)
{
    uint32_t all = K5_RIGHT_INSPECT | K5_RIGHT_RESTART | K5_RIGHT_SUSPEND;

    if (cfg.endpoint[t] != K5_NIL) {
        cap_add(t, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, cfg.endpoint[t], 0);
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        bool above = cfg.server[e] != K5_NIL && cfg.server[e] > t;

        if (t != SUPER && ((above && percent(75)) || (cfg.server[e] != K5_NIL && percent(2)))) {
            uint32_t rights = K5_RIGHT_CALL | (percent(80) ? K5_RIGHT_GRANT : 0u);

            cap_add(t, K5_CAP_ENDPOINT, (uint8_t)rights, e, 0x100u * (t + 1u) + e);
        }
    }
    for (uint32_t i = 0; i < K5_TASKS && t == SUPER; i++) {
        cap_add(t, K5_CAP_TASK, (uint8_t)all, i, 0);
    }
    if (t != SUPER && percent(30)) {
        cap_add(t, K5_CAP_TASK, (uint8_t)(1u + any(all)), any(K5_TASKS), 0);
    }
    for (uint32_t i = 0; i < 2; i++) {
        cap_add(t, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, any(K5_TASKS), 1u + any(TASK_BITS));
    }
    for (uint32_t i = 0; i < K5_IRQS; i++) {
        if (cfg.irq_task[i] == t) {
            cap_add(t, K5_CAP_IRQ, K5_RIGHT_ACK, i, 0);
        }
    }
    for (uint32_t r = 0; r < K5_MOVABLES; r++) {
        if (movable_owner[r] == t) {
            cfg.movable_home[r] = (uint16_t)(cfg.slot_first[t] + cfg.slot_count[t]);
            cap_add(t, K5_CAP_REGION, K5_RIGHT_MAP, r, 0);
        }
    }
    for (uint32_t free = percent(10) ? 0 : 1u + any(6); free > 0; free--) {
        cap_add(t, K5_CAP_NONE, 0, 0, 0);
    }
}

/* Some have a line, some two, most of them levels; the bits are between those of tasks and faults.
 */
static void irqs_make(void)
{
    cfg.irq_edges = any(1u << K5_IRQS) & any(1u << K5_IRQS);
    for (uint32_t i = 0; i < K5_IRQS; i++) {
        bool there = percent(80);

        cfg.irq_line[i] = (uint16_t)(30u + i);
        cfg.irq_task[i] = there ? (task_t)any(K5_TASKS) : K5_NIL;
        cfg.irq_bits[i] = 0x100u << i;
    }
}

static void caps_make(void)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.slot_first[t] =
            t == 0 ? 0 : (uint16_t)(cfg.slot_first[t - 1u] + cfg.slot_count[t - 1u]);
        caps_of_task(t);
    }
}

bool system_make(void)
{
    for (unsigned tries = 0; tries < 1000 && !chance_over(); tries++) {
        memset(&cfg, 0, sizeof cfg);
        deep = percent(50);
        priorities_make();
        time_make();
        servers_make();
        movables_make();
        for (uint32_t t = 0; t < K5_TASKS; t++) {
            memory_make(t);
        }
        handlers_make();
        irqs_make();
        lends_make();
        caps_make();
        if (config_valid()) {
            return true;
        }
    }
    return false;
}
