/* The small functions that decide much: time, turns, the pointer check, the tables. Each against
 * its definition, for all arguments.
 */
#include "prove.h"

struct config nondet_config(void);

/* The least time not before `last` with this low word. */
void h_time_extend(void)
{
    ktime last = nondet_u64();
    ktime true_now = nondet_u64();

    ASSUME(last <= TIME_LAST && true_now <= TIME_LAST);
    ASSUME(last <= true_now && true_now - last <= UINT32_MAX);
    PROVE(time_extend(last, (uint32_t)(true_now & UINT32_MAX)) == true_now);
}

void twin_time_extend(void)
{
    ktime last = nondet_u64();
    ktime true_now = nondet_u64();

    ASSUME(last <= TIME_LAST && true_now <= TIME_LAST);
    ASSUME(last <= true_now);
    PROVE(time_extend(last, (uint32_t)(true_now & UINT32_MAX)) == true_now);
}

static word any_set(void)
{
    word set = nondet_u32();

    ASSUME(set != 0 && (uint64_t)set >> K5_TASKS == 0);
    return set;
}

/* Who is next is in the set, has no superior there, and had no turn in this round. */
void h_round_next(void)
{
    any_config();
    word set = any_set();
    word done = nondet_u32();
    word begun = round_begin(set, done);
    task_t next = round_next(set, begun);
    task_t t = any_task();

    PROVE(((set >> next) & 1u) != 0 && ((begun >> next) & 1u) == 0);
    PROVE((begun & ~done) == 0);
    if (((set >> t) & 1u) != 0 && t > next) {
        PROVE(((cfg.equals[t] >> next) & 1u) != 0);
        PROVE(((begun >> t) & 1u) != 0);
    }
}

/* Fair: wherever a round stands, after 2 n - 1 turns each of n most urgent equals had one. */
void h_round_fair(void)
{
    any_config();
    word set = any_set();
    word done = nondet_u32();
    word had = 0;
    word equals = set & cfg.equals[word_highest(set)];

    for (uint32_t i = 0; i < 2u * K5_TASKS - 1u; i++) {
        done = round_begin(set, done);
        task_t next = round_next(set, done);

        done |= task_bit(next);
        had |= task_bit(next);
    }
    PROVE(had == equals);
}

/* The definition: one region, ordinary memory, all rights, holds every byte. 64 bits: no wrap. */
static bool region_holds(uint32_t r, uint64_t first, uint64_t last, uint8_t rights)
{
    uint64_t start = cfg.region_base[r];
    uint64_t end = start + cfg.region_size[r];

    return first >= start && last < end && (cfg.region_rights[r] & K5_MEM_DEVICE) == 0 &&
           (rights & ~cfg.region_rights[r]) == 0;
}

#ifndef ADDRESS_LIMIT
#define ADDRESS_LIMIT UINT32_MAX
#endif

/* A task whose regions are the first ones (h_task_covers_own: wherever they are). One region is
 * proved for all addresses, several for small ones: the same comparisons, fewer bits. */
void h_task_covers(void)
{
    any_config();
    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        ASSUME(cfg.region_base[r] <= ADDRESS_LIMIT && cfg.region_size[r] <= ADDRESS_LIMIT);
    }
    uint32_t address = nondet_u32();
    uint32_t length = nondet_u32();
    uint8_t rights = nondet_u8();
    bool one = false;

    ASSUME(address <= ADDRESS_LIMIT && length <= ADDRESS_LIMIT);
    cfg.region_first[0] = 0;
    for (uint32_t r = 0; r < K5_REGIONS; r++) {
        if (length != 0 && r < cfg.region_count[0]) {
            one = one || region_holds(r, address, (uint64_t)address + length - 1u, rights);
        }
    }
    PROVE(task_covers(0, address, length, rights) == one);
}

/* Its own regions and no other task's. */
void h_task_covers_own(void)
{
    any_config();
    uint32_t address = nondet_u32();
    uint32_t length = nondet_u32();
    uint8_t rights = nondet_u8();

    ASSUME(length != 0);
    uint64_t last = (uint64_t)address + length - 1u;

    cfg.region_first[K5_TASKS - 1] = K5_REGIONS - 1;
    cfg.region_count[K5_TASKS - 1] = 1;
    PROVE(task_covers(K5_TASKS - 1, address, length, rights) ==
          region_holds(K5_REGIONS - 1, address, last, rights));
}

void twin_task_covers(void)
{
    any_config();
    PROVE(!task_covers(any_task(), nondet_u32(), nondet_u32(), K5_MEM_READ));
}

/* A line has one irq and is not the kernel's; the bits of an irq are in no capability of a task
 * that is held; the capability is the driver's. */
static void prove_lines(task_t a, uint16_t s)
{
    uint32_t i = nondet_u32();
    uint32_t j = nondet_u32();
    bool in_a = s >= cfg.slot_first[a] && s - cfg.slot_first[a] < cfg.slot_count[a];

    ASSUME(i < K5_IRQS && j < K5_IRQS && cfg.irq_task[i] != K5_NIL && cfg.irq_task[j] != K5_NIL);
    PROVE(i == j || cfg.irq_line[i] != cfg.irq_line[j]);
    PROVE(cfg.irq_line[i] != K5_ALARM_LINE && cfg.irq_line[i] != K5_WATCHDOG_LINE);
    PROVE(cfg.irq_task[i] < K5_TASKS && cfg.irq_bits[i] != 0);
    if (in_a && cfg.cap_type[s] == K5_CAP_NOTIFICATION && cfg.cap_object[s] == cfg.irq_task[i]) {
        PROVE((cfg.cap_badge[s] & cfg.irq_bits[i]) == 0);
    }
    if (in_a && cfg.cap_type[s] == K5_CAP_IRQ) {
        PROVE(cfg.cap_object[s] < K5_IRQS && cfg.irq_task[cfg.cap_object[s]] == a);
    }
    if (cfg.handler[a] == cfg.irq_task[i]) {
        PROVE((cfg.handler_bits[a] & cfg.irq_bits[i]) == 0);
    }
}

/* The checks of the tables are themselves safe on any tables, and say what the kernel relies on. */
void h_config(void)
{
    cfg = nondet_config();
    task_t a = any_task();
    task_t b = any_task();
    uint16_t s = nondet_u16();

    ASSUME(s < K5_SLOTS);
    if (config_objects_valid()) {
        /* equals are an equivalence of neighbours */
        PROVE((((cfg.equals[a] >> b) & 1u) != 0) == (cfg.equals[a] == cfg.equals[b]));
        /* a slot belongs to at most one task */
        bool in_a = s >= cfg.slot_first[a] && s - cfg.slot_first[a] < cfg.slot_count[a];
        bool in_b = s >= cfg.slot_first[b] && s - cfg.slot_first[b] < cfg.slot_count[b];
        PROVE(a == b || !in_a || !in_b);
        /* an endpoint has one server, and it alone may receive there */
        PROVE(a == b || cfg.endpoint[a] == K5_NIL || cfg.endpoint[a] != cfg.endpoint[b]);
        PROVE(cfg.handler[a] != a);
        prove_lines(a, s);
    }
}

static bool in_region(uint32_t r, uint32_t address)
{
    return address >= cfg.region_base[r] && address - cfg.region_base[r] < cfg.region_size[r];
}

/* Two tasks share an address only if both declare the very same range, and never to execute it. */
void h_config_memory(void)
{
    cfg = nondet_config();
    uint32_t address = nondet_u32();
    uint32_t r = nondet_u32();
    uint32_t s = nondet_u32();

    ASSUME(r < K5_REGIONS && s < K5_REGIONS && r != s);
    if (config_objects_valid() && config_memory_valid()) {
        PROVE((cfg.region_rights[r] & (K5_MEM_WRITE | K5_MEM_EXECUTE)) !=
              (K5_MEM_WRITE | K5_MEM_EXECUTE));
        if (in_region(r, address) && in_region(s, address)) {
            PROVE(cfg.region_base[r] == cfg.region_base[s]);
            PROVE(cfg.region_size[r] == cfg.region_size[s]);
            PROVE((cfg.region_rights[r] & K5_MEM_EXECUTE) == 0);
        }
    }
}

/* cap_check against its definition: the task's own table, the type, all of the rights. */
void h_cap_check(void)
{
    any_call_state();
    uint32_t number = nondet_u32();
    uint8_t type = nondet_u8();
    uint8_t rights = nondet_u8();

    ASSUME(type != K5_CAP_NONE);
    if (cap_check(number, type, rights) == K5_OK) {
        uint32_t s = cap_slot(number);

        PROVE(number < cfg.slot_count[k.current] && s < K5_SLOTS);
        PROVE(s >= cfg.slot_first[k.current]);
        PROVE(k.cap.type[s] == type && (rights & ~k.cap.rights[s]) == 0);
    }
}

void twin_cap_check(void)
{
    any_call_state();
    PROVE(cap_check(nondet_u32(), K5_CAP_ENDPOINT, K5_RIGHT_CALL) != K5_OK);
}
