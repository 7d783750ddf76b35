/* What the tables obey, and the one check of a pointer.
 *
 * config_valid() is run by the tool on the tables it writes, by debug builds at boot, and assumed
 * by the proofs: what it says is all that the kernel believes of its image.
 */
#include "kernel/config.h"

/* Equals are neighbours and agree on who they are; task numbers rise with priority. */
static bool equals_valid(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        word mine = cfg.equals[t];

        ok = ok && ((mine >> t) & 1u) != 0;
        if (t + 1u < K5_TASKS) {
            bool joined = ((mine >> (t + 1u)) & 1u) != 0;

            ok = ok && joined == (cfg.equals[t + 1u] == mine);
            ok = ok && (joined || ((mine >> t) == 1u && (cfg.equals[t + 1u] << (31u - t)) == 0));
        } else {
            ok = ok && (mine >> t) == 1u;
        }
    }
    return ok;
}

static bool task_tables_valid(uint32_t t)
{
    bool ok = cfg.budget[t] >= K5_BUDGET_MIN && cfg.budget[t] <= cfg.period[t] &&
              cfg.period[t] <= 0x7FFFFFFFu;

    ok = ok && (cfg.endpoint[t] == K5_NIL ||
                (cfg.endpoint[t] < K5_ENDPOINTS && cfg.server[cfg.endpoint[t]] == t));
    ok = ok && cfg.on_fault[t] < K5_ON_FAULT_COUNT;
    ok = ok && cfg.slot_count[t] <= K5_SLOT_MAX &&
         (uint32_t)cfg.slot_first[t] + cfg.slot_count[t] <= K5_SLOTS;
    ok = ok && cfg.region_count[t] >= 1u && cfg.region_count[t] <= K5_REGION_MAX &&
         (uint32_t)cfg.region_first[t] + cfg.region_count[t] <= K5_REGIONS;
    ok = ok && cfg.map_count[t] <= K5_REGION_MAX - cfg.region_count[t] &&
         (uint32_t)cfg.map_first[t] + cfg.map_count[t] <= K5_MAPS &&
         cfg.lend_count[t] <= cfg.map_count[t] &&
         (cfg.lend_count[t] == 0 || cfg.endpoint[t] != K5_NIL);
    return ok;
}

/* The kernel writes a frame at the top of the stack and enters the task, trusting this. */
static bool start_valid(uint32_t t)
{
    return (cfg.entry[t] & 1u) == 0 && task_covers((task_t)t, cfg.entry[t], 2, K5_MEM_EXECUTE) &&
           cfg.stack_size[t] >= K5_STACK_MIN && (cfg.stack_size[t] & 7u) == 0 &&
           (cfg.stack_base[t] & 7u) == 0 &&
           task_covers((task_t)t, cfg.stack_base[t], cfg.stack_size[t], K5_MEM_READ | K5_MEM_WRITE);
}

/* Every chain of handlers ends, so a fault is always heard by a task that can be restarted or by
 * nobody; and a handler can tell its tasks by their bits. */
static bool handlers_valid(uint32_t t)
{
    task_t above = cfg.handler[t];
    bool ok = (above == K5_NIL) == (cfg.handler_bits[t] == 0);

    for (uint32_t i = 0; i < K5_TASKS; i++) {
        if (above != K5_NIL) {
            if (above >= K5_TASKS) {
                return false;
            }
            above = cfg.handler[above];
        }
        if (i != t && cfg.handler[i] == cfg.handler[t]) {
            ok = ok && (cfg.handler_bits[i] & cfg.handler_bits[t]) == 0;
        }
    }
    return ok && above == K5_NIL;
}

/* Slot tables lie side by side, so no slot belongs to two tasks; places of maps too. */
static bool slots_apart(void)
{
    bool ok = true;

    for (uint32_t t = 0; t + 1u < K5_TASKS; t++) {
        ok = ok && (uint32_t)cfg.slot_first[t] + cfg.slot_count[t] == cfg.slot_first[t + 1u];
        ok = ok && (uint32_t)cfg.map_first[t] + cfg.map_count[t] == cfg.map_first[t + 1u];
    }
    return ok && cfg.slot_first[0] == 0 && cfg.map_first[0] == 0;
}

/* The bits of a task that the kernel alone sets, each for one reason: a fault, or an irq. */
static word kernel_bits(uint32_t task)
{
    word bits = 0;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        bits |= cfg.handler[t] == task ? cfg.handler_bits[t] : 0u;
    }
    for (uint32_t i = 0; i < K5_IRQS; i++) {
        bits |= cfg.irq_task[i] == task ? cfg.irq_bits[i] : 0u;
    }
    return bits;
}

/* Nobody can pretend to be a fault or an interrupt. */
static bool signal_valid(uint32_t s)
{
    return cfg.cap_object[s] < K5_TASKS && cfg.cap_rights[s] == K5_RIGHT_SIGNAL &&
           (kernel_bits(cfg.cap_object[s]) & cfg.cap_badge[s]) == 0;
}

/* A line belongs to one irq and not to the kernel, and its driver can tell it from its other irqs
 * and from faults. */
static bool irq_valid(uint32_t i)
{
    task_t driver = cfg.irq_task[i];
    bool ok = driver < K5_TASKS && cfg.irq_line[i] < K5_LINE_MAX && cfg.irq_bits[i] != 0 &&
              cfg.irq_line[i] != K5_ALARM_LINE && cfg.irq_line[i] != K5_WATCHDOG_LINE;

    for (uint32_t j = 0; j < K5_IRQS; j++) {
        if (j != i && cfg.irq_task[j] != K5_NIL) {
            ok = ok && cfg.irq_line[j] != cfg.irq_line[i] &&
                 (cfg.irq_task[j] != driver || (cfg.irq_bits[j] & cfg.irq_bits[i]) == 0);
        }
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && (cfg.handler[t] != driver || (cfg.handler_bits[t] & cfg.irq_bits[i]) == 0);
    }
    return ok;
}

static bool cap_valid(uint32_t s)
{
    uint8_t rights = cfg.cap_rights[s];

    switch (cfg.cap_type[s]) {
    case K5_CAP_NONE: return rights == 0 && cfg.cap_object[s] == 0 && cfg.cap_badge[s] == 0;
    case K5_CAP_ENDPOINT:
        return cfg.cap_object[s] < K5_ENDPOINTS && cfg.server[cfg.cap_object[s]] < K5_TASKS &&
               (rights == K5_RIGHT_SERVE ||
                ((rights & ~K5_RIGHT_GRANT) == K5_RIGHT_CALL && cfg.cap_badge[s] != 0));
    case K5_CAP_NOTIFICATION: return signal_valid(s);
    case K5_CAP_TASK:
        return cfg.cap_object[s] < K5_TASKS &&
               (rights & ~(K5_RIGHT_INSPECT | K5_RIGHT_RESTART | K5_RIGHT_SUSPEND)) == 0;
    case K5_CAP_IRQ:
        return cfg.cap_object[s] < K5_IRQS && cfg.irq_task[cfg.cap_object[s]] < K5_TASKS &&
               rights == K5_RIGHT_ACK;
    case K5_CAP_REGION:
        return K5_GIVES && cfg.cap_object[s] < K5_MOVABLES &&
               cfg.movable_home[cfg.cap_object[s]] == s && rights == K5_RIGHT_MAP &&
               cfg.cap_badge[s] == 0;
    default: return false;
    }
}

/* The serve right is the server's alone, and an irq the driver's. */
static bool holders_valid(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        for (uint32_t s = 0; s < K5_SLOTS; s++) {
            bool mine = s >= cfg.slot_first[t] && s - cfg.slot_first[t] < cfg.slot_count[t];

            if (mine && cfg.cap_type[s] == K5_CAP_ENDPOINT &&
                (cfg.cap_rights[s] & K5_RIGHT_SERVE) != 0) {
                ok = ok && cfg.cap_object[s] == cfg.endpoint[t];
            }
            if (mine && cfg.cap_type[s] == K5_CAP_IRQ) {
                ok = ok && cfg.irq_task[cfg.cap_object[s]] == t;
            }
        }
    }
    return ok;
}

/* A task has a movable region at boot, or there is no such region. */
static bool movable_owned(uint32_t r)
{
    uint32_t home = cfg.movable_home[r];
    uint32_t last = K5_TASKS - 1u;

    return home == K5_SLOTS || (home < (uint32_t)cfg.slot_first[last] + cfg.slot_count[last] &&
                                cfg.cap_type[home] == K5_CAP_REGION && cfg.cap_object[home] == r);
}

static bool region_valid(uint32_t r)
{
    uint8_t rights = cfg.region_rights[r];
    bool both = (rights & K5_MEM_WRITE) != 0 && (rights & K5_MEM_EXECUTE) != 0;

    return cfg.region_size[r] != 0 &&
           cfg.region_base[r] <= UINT32_MAX - (cfg.region_size[r] - 1u) &&
           (rights & K5_MEM_READ) != 0 && !both;
}

static bool ranges_overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return a <= b + (b_size - 1u) && b <= a + (a_size - 1u);
}

/* A movable region has bytes that nothing else has. */
static bool movable_apart(uint32_t m)
{
    uint32_t base = cfg.movable_base[m];
    uint32_t size = cfg.movable_size[m];
    bool ok =
        size != 0 && base <= UINT32_MAX - (size - 1u) && ((base | size) & (K5_GRAIN - 1u)) == 0;

    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        ok = ok && !ranges_overlap(base, size, cfg.region_base[r], cfg.region_size[r]);
    }
    for (uint32_t n = 0; n < m; n++) {
        ok = ok && (cfg.movable_home[n] == K5_SLOTS ||
                    !ranges_overlap(base, size, cfg.movable_base[n], cfg.movable_size[n]));
    }
    return ok || cfg.movable_home[m] == K5_SLOTS;
}

/* Code and stacks belong to one task alone. */
static bool shareable(uint32_t r)
{
    bool ok = (cfg.region_rights[r] & K5_MEM_EXECUTE) == 0;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        uint32_t stack = cfg.stack_base[t];

        ok = ok && (stack < cfg.region_base[r] || stack - cfg.region_base[r] >= cfg.region_size[r]);
    }
    return ok;
}

/* What keeps two tasks apart: their regions are disjoint, or one declared shared range. */
static bool regions_apart(void)
{
    bool ok = true;

    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        for (uint32_t s = r + 1u; s < K5_REGIONS; s++) {
            if (ranges_overlap(cfg.region_base[r], cfg.region_size[r], cfg.region_base[s],
                               cfg.region_size[s])) {
                ok = ok && cfg.region_base[r] == cfg.region_base[s] &&
                     cfg.region_size[r] == cfg.region_size[s] && shareable(r) && shareable(s);
            }
        }
    }
    return ok;
}

bool config_objects_valid(void)
{
    bool ok = equals_valid() && slots_apart() && cfg.on_assert < K5_ON_ASSERT_COUNT;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && task_tables_valid(t) && handlers_valid(t);
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        ok = ok && (cfg.server[e] == K5_NIL ||
                    (cfg.server[e] < K5_TASKS && cfg.endpoint[cfg.server[e]] == e));
        ok = ok && cfg.wcet[e] <= 0x7FFFFFFFu;
    }
    for (uint32_t i = 0; i < K5_IRQS; i++) {
        ok = ok && (cfg.irq_task[i] == K5_NIL || irq_valid(i));
    }
    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        ok = ok && cap_valid(s);
    }
    for (uint32_t r = 0; K5_GIVES && r < K5_MOVABLES; r++) {
        ok = ok && movable_owned(r);
    }
    return ok && holders_valid();
}

bool config_memory_valid(void)
{
    bool ok = true;

    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        ok = ok && region_valid(r);
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && start_valid(t);
    }
    for (uint32_t r = 0; K5_GIVES && r < K5_MOVABLES; r++) {
        ok = ok && movable_apart(r);
    }
    return ok && regions_apart();
}

bool config_valid(void)
{
    return config_objects_valid() && config_memory_valid();
}

static bool region_covers(uint32_t r, uint32_t address, uint32_t length, uint8_t rights)
{
    if (address < cfg.region_base[r]) {
        return false;
    }
    uint32_t offset = address - cfg.region_base[r];

    return offset < cfg.region_size[r] && length <= cfg.region_size[r] - offset &&
           (cfg.region_rights[r] & rights) == rights && (cfg.region_rights[r] & K5_MEM_DEVICE) == 0;
}

bool task_covers(task_t task, uint32_t address, uint32_t length, uint8_t rights)
{
    bool covered = false;

    for (uint32_t i = 0; i < K5_REGION_MAX && i < cfg.region_count[task]; i++) {
        covered = covered || region_covers(cfg.region_first[task] + i, address, length, rights);
    }
    return covered && length != 0;
}
