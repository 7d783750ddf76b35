/* Movable regions: memory that one task has at a time, and can give away.
 *
 *   owner's fixed place --give--> a free slot --give--> another's free slot --+
 *          ^                                                                  |
 *          +-- deleted; or its task begins anew, or stops for good <----------+
 *
 * Each has one capability in the system, and nothing derives from it: it is moved, by cap_move or
 * in a message, and the task that had it has it mapped no more when it is gone. So who has it knows
 * that nobody else reads or writes there. A task that has it may map it into a place that app.toml
 * set aside. Its owner cannot take it back: a task that has it mapped could fault by that. What was
 * given away stays away when its owner begins anew.
 *
 * Invariant (caps_valid): movable_at is the place that has the capability. Only of one that is
 * at home that place may be empty, after its owner deleted it there; until the owner begins anew.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

bool region_is(uint32_t slot)
{
    return K5_GIVES && k.cap.type[slot] == K5_CAP_REGION;
}

void region_move(task_t task, uint16_t from, uint16_t to)
{
    uint8_t region = k.cap.object[from];

    REQUIRE(region < K5_MOVABLES && k.movable_at[region] == from, from);
    (void)map_close(task, region); /* before anybody else can have it */
    cap_clear(from);
    k.cap.type[to] = K5_CAP_REGION;
    k.cap.rights[to] = K5_RIGHT_MAP;
    k.cap.object[to] = region;
    k.movable_at[region] = to;
}

void region_delete(task_t task, uint16_t slot)
{
    uint8_t region = k.cap.object[slot];

    if (cap_fixed(slot)) {
        (void)map_close(task, region);
        cap_clear(slot);
    } else {
        region_move(task, slot, cfg.movable_home[region]);
    }
}

/* Its owner's own stay where they are, and its table is loaded anew if it is restarted. */
void region_return(task_t task)
{
    for (uint32_t r = 0; K5_GIVES && r < K5_MOVABLES; r++) {
        uint16_t at = k.movable_at[r];
        bool its = at >= cfg.slot_first[task] && at - cfg.slot_first[task] < cfg.slot_count[task];

        if (its && region_is(at)) {
            (void)map_close(task, (uint8_t)r);
            if (!cap_fixed(at)) {
                region_move(task, at, cfg.movable_home[r]);
            }
        }
    }
}

/* ---- calls ---------------------------------------- */

static uint8_t map_decode(uint8_t *region)
{
    uint8_t error = cap_check(slot_arg(), K5_CAP_REGION, K5_RIGHT_MAP);

    *region = K5_GIVES && error == K5_OK ? k.cap.object[cap_slot(slot_arg())] : 0;
    return error;
}

sched_t sys_map(void)
{
    task_t me = k.current;
    uint32_t rights = arch_arg(me, K5_A_AUX);
    uint8_t region;
    uint8_t error = map_decode(&region);

    if (error == K5_OK && rights != K5_MEM_READ && rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        error = K5_ERR_ARG;
    }
    if (error == K5_OK) {
        error = map_open(me, region, (uint8_t)rights);
    }
    arch_result(me, K5_A_OP, error);
    if (error == K5_OK) {
        arch_result(me, K5_A_W0, cfg.movable_base[region]);
        arch_result(me, K5_A_W0 + 1u, cfg.movable_size[region]);
    }
    return SCHED_SAME;
}

sched_t sys_unmap(void)
{
    uint8_t region;
    uint8_t error = map_decode(&region);

    if (error == K5_OK && !map_close(k.current, region)) {
        error = K5_ERR_MAP;
    }
    arch_result(k.current, K5_A_OP, error);
    return SCHED_SAME;
}
