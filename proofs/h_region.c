/* Movable regions: from any tables, in any phase of a sweep, with anything mapped, each operation
 * keeps what makes a region its holder's alone. caps_valid() says that its capability is in one
 * place, maps_valid() that nobody but the task of that place has it mapped, and all of it, and
 * maps_match() that the machine has the same. So two tasks never have a byte of it
 * (h_region_alone).
 */
#include "prove.h"

struct config nondet_config(void);
struct kernel nondet_kernel(void);
struct host nondet_host(void);

static void any_regions(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    ASSUME(config_objects_valid() && ranges_valid());
    ASSUME(k.current < K5_TASKS);
    ASSUME(caps_valid() && sweep_valid());
    ASSUME(maps_valid() && maps_match());
    old.k = k;
    old.host = host;
}

static void prove_regions(void)
{
    PROVE(caps_valid());
    PROVE(sweep_valid());
    PROVE(maps_valid());
    PROVE(maps_match());
}

static bool owns(task_t t, uint32_t s)
{
    return s >= cfg.slot_first[t] && s - cfg.slot_first[t] < cfg.slot_count[t];
}

static bool maps(task_t t, uint32_t r)
{
    bool any = false;

    for (uint32_t m = 0; m < K5_MAPS; m++) {
        any = any || (m >= cfg.map_first[t] && m - cfg.map_first[t] < cfg.map_count[t] &&
                      k.map.region[m] == r);
    }
    return any;
}

void h_region_alone(void)
{
    any_regions();
    task_t t = any_task();
    uint32_t r = nondet_u32();

    ASSUME(r < K5_MOVABLES && maps(t, r));
    PROVE(region_is(k.movable_at[r]) && owns(t, k.movable_at[r]));
}

/* Only what the caller has is mapped, in the caller's map, with these rights. */
void h_region_map(void)
{
    any_regions();
    task_t t = any_task();
    uint32_t r = nondet_u32();
    uint32_t i = nondet_u32();

    for (uint32_t n = 0; n < K5_MOVABLES; n++) { /* config_memory_valid() says so */
        ASSUME(cfg.movable_size[n] != 0);
        ASSUME(cfg.movable_base[n] <= UINT32_MAX - (cfg.movable_size[n] - 1u));
    }
    ASSUME(r < K5_MOVABLES);
    bool before = maps(t, r);

    ASSUME(i < K5_MAPS && i < cfg.map_count[t]);
    PROVE(sys_map() == SCHED_SAME);
    prove_regions();
    PROVE(same_tables() && same_ipc(t) && (t == k.current || same_context(t)));
    PROVE(!maps(t, r) || before ||
          (t == k.current && owns(t, k.movable_at[r]) && host.arg[t][K5_A_OP] == K5_OK));
    uint32_t m = cfg.map_first[t] + i;

    if (k.map.region[m] != old.k.map.region[m]) {
        PROVE(old.k.map.region[m] == K5_NIL && i >= cfg.lend_count[t]);
        PROVE(k.map.rights[m] == old.host.arg[t][K5_A_AUX]);
        PROVE(k.map.rights[m] == K5_MEM_READ || k.map.rights[m] == (K5_MEM_READ | K5_MEM_WRITE));
    }
}

void h_region_unmap(void)
{
    any_regions();
    task_t t = any_task();
    uint32_t r = nondet_u32();

    ASSUME(r < K5_MOVABLES);
    bool before = maps(t, r);

    PROVE(sys_unmap() == SCHED_SAME);
    prove_regions();
    PROVE(same_tables() && same_ipc(t) && (t == k.current || same_context(t)));
    PROVE(!maps(t, r) || before);
    PROVE(t == k.current || maps(t, r) == before);
}

/* From its place to an empty one: who had it has it mapped no more, and other slots are as before.
 */
void h_region_move(void)
{
    any_regions();
    task_t t = any_task();
    uint16_t from = nondet_u16();
    uint16_t to = nondet_u16();
    uint16_t s = nondet_u16();

    ASSUME(from < K5_SLOTS && to < K5_SLOTS && s < K5_SLOTS && from != to);
    ASSUME(owns(t, from) && region_is(from) && k.cap.type[to] == K5_CAP_NONE);
    uint8_t r = k.cap.object[from];

    ASSUME(!cap_fixed(to) || to == cfg.movable_home[r]);
    region_move(t, from, to);
    prove_regions();
    PROVE(k.movable_at[r] == to && region_is(to) && k.cap.object[to] == r);
    PROVE(k.cap.type[from] == K5_CAP_NONE && !maps(t, r));
    PROVE(s == from || s == to || same_cap(s));
}

void h_region_delete(void)
{
    any_regions();
    task_t t = any_task();
    uint16_t slot = nondet_u16();

    ASSUME(slot < K5_SLOTS && owns(t, slot) && region_is(slot));
    uint8_t r = k.cap.object[slot];

    region_delete(t, slot);
    prove_regions();
    PROVE(k.movable_at[r] == cfg.movable_home[r] && k.cap.type[slot] == K5_CAP_NONE);
    PROVE(!maps(t, r));
}

/* A task that ends has none but its own, at home, and none of them mapped. */
void h_region_return(void)
{
    any_regions();
    task_t t = any_task();
    uint32_t r = nondet_u32();

    ASSUME(r < K5_MOVABLES && cfg.movable_home[r] < K5_SLOTS);
    region_return(t);
    prove_regions();
    PROVE(!owns(t, k.movable_at[r]) || k.movable_at[r] == cfg.movable_home[r]);
    PROVE(!maps(t, r));
    PROVE(owns(t, old.k.movable_at[r]) || k.movable_at[r] == old.k.movable_at[r]);
}

/* Loading the table of a task that begins anew brings back what it deleted, not what it gave. */
void h_region_load(void)
{
    any_regions();
    ASSUME(k.sweep.phase == SWEEP_LOAD && k.sweep.task == k.current);
    task_t t = k.current;
    uint32_t r = nondet_u32();

    ASSUME(r < K5_MOVABLES && cfg.movable_home[r] < K5_SLOTS && owns(t, cfg.movable_home[r]));
    step(sys_cap_sweep());
    prove_regions();
    PROVE(region_is(cfg.movable_home[r]) == (k.movable_at[r] == cfg.movable_home[r]));
    PROVE(owns(t, old.k.movable_at[r]) || k.movable_at[r] == old.k.movable_at[r]);
}

/* With a message: all of it, to the receiver's place, or nothing. */
void h_region_travel(void)
{
    any_regions();
    task_t from = any_task();
    task_t to = any_task();
    uint32_t slot =
        cfg.slot_first[from] + ((host.arg[from][K5_A_LONG] & K5_LONG_SLOT) >> K5_LONG_SLOT_SHIFT);

    ASSUME(from != to && k.task.buffer_size[to] == 0);
    ASSUME(k.task.cap_place[to] == SLOT_NONE ||
           (k.task.cap_place[to] < K5_SLOTS && owns(to, k.task.cap_place[to]) &&
            !cap_fixed(k.task.cap_place[to])));
    ASSUME((host.arg[from][K5_A_LONG] & K5_LONG_CAP) != 0);
    ASSUME(owns(from, slot) && region_is(slot));
    uint8_t r = k.cap.object[slot];
    bool grants = nondet_bool();
    uint32_t kept = message_rest(from, to, grants);

    prove_regions();
    if (kept == 0) {
        PROVE(grants && k.movable_at[r] == k.task.cap_place[to] && !maps(from, r));
        PROVE(k.cap.type[slot] == K5_CAP_NONE);
    } else {
        PROVE(same_tables() && k.movable_at[r] == slot);
        PROVE(k.mapped == old.k.mapped);
    }
}

/* No byte of a movable region is in any task's map of the image, or in another one. */
void h_region_apart(void)
{
    cfg = nondet_config();
    ASSUME(config_objects_valid() && config_memory_valid());
    uint32_t byte = nondet_u32();
    uint32_t m = nondet_u32();
    uint32_t n = nondet_u32();
    uint32_t r = nondet_u32();

    ASSUME(m < K5_MOVABLES && n < K5_MOVABLES && m != n && r < K5_REGIONS);
    ASSUME(cfg.movable_home[m] < K5_SLOTS && cfg.movable_home[n] < K5_SLOTS);
    ASSUME(byte >= cfg.movable_base[m] && byte - cfg.movable_base[m] < cfg.movable_size[m]);
    PROVE(byte < cfg.region_base[r] || byte - cfg.region_base[r] >= cfg.region_size[r]);
    PROVE(byte < cfg.movable_base[n] || byte - cfg.movable_base[n] >= cfg.movable_size[n]);
    PROVE(cfg.movable_home[m] != cfg.movable_home[n]);
}

void twin_region_move(void)
{
    any_regions();
    uint16_t from = nondet_u16();
    uint16_t to = nondet_u16();

    ASSUME(from < K5_SLOTS && to < K5_SLOTS && from != to && region_is(from));
    ASSUME(k.cap.type[to] == K5_CAP_NONE && !cap_fixed(to) && owns(k.current, from));
    region_move(k.current, from, to);
    PROVE(cfg.movable_home[k.cap.object[to]] == from); /* it may come from elsewhere */
}
