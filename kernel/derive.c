/* Capability tables: a task names what it may use by a slot number of its own table.
 *
 *   its table:  [ fixed places: what the image gives it | free slots: what it derives or receives ]
 *
 * A fixed place holds the capability of the image or nothing, and is filled anew at a restart. What
 * stands in a free slot derives from another slot's, is never stronger, and is deeper:
 *
 *   server's place  serve          depth 0
 *   `- free slot    call, badge 7  depth 1       minted by the server, who chooses the badge
 *      `- free slot call, badge 7  depth 2       in another task's table, sent there in a message
 *
 * Invariant (caps_valid): as said. So each capability goes back to one of the image by at most
 * K5_DEPTH_MAX steps, all of one object, and rights never grow on the way.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

bool cap_fixed(uint32_t slot)
{
    return cfg.cap_type[slot] != K5_CAP_NONE;
}

void cap_clear(uint32_t slot)
{
    k.cap.type[slot] = K5_CAP_NONE;
    k.cap.rights[slot] = 0;
    k.cap.object[slot] = 0;
    k.cap.depth[slot] = 0;
    k.cap.parent[slot] = SLOT_NONE;
    k.cap.badge[slot] = 0;
}

void cap_load(task_t task)
{
    for (uint32_t n = 0; n < cfg.slot_count[task]; n++) {
        uint32_t s = (uint32_t)cfg.slot_first[task] + n;

        if (K5_GIVES && cfg.cap_type[s] == K5_CAP_REGION && k.movable_at[cfg.cap_object[s]] != s) {
            cap_clear(s); /* given away: a crash does not bring it back */
            continue;
        }
        k.cap.type[s] = cfg.cap_type[s];
        k.cap.rights[s] = cfg.cap_rights[s];
        k.cap.object[s] = cfg.cap_object[s];
        k.cap.depth[s] = 0;
        k.cap.parent[s] = SLOT_NONE;
        k.cap.badge[s] = cfg.cap_badge[s];
    }
}

/* ---- derivation ---------------------------------------- */

/* The serve right is never derived, but whoever has it gives out call rights and chooses the badge.
 * The badge of a notification is a set of bits. Of a movable region there is one capability. */
bool cap_weaker(uint8_t type, uint8_t from_rights, uint32_t from_badge, uint8_t rights,
                uint32_t badge)
{
    if (type == K5_CAP_ENDPOINT && (from_rights & K5_RIGHT_SERVE) != 0) {
        return rights != 0 && (rights & ~(K5_RIGHT_CALL | K5_RIGHT_GRANT)) == 0 && badge != 0;
    }
    if (type == K5_CAP_REGION) {
        return false;
    }
    bool named = type == K5_CAP_NOTIFICATION ? badge != 0 && (badge & ~from_badge) == 0
                                             : badge == from_badge;

    return named && rights != 0 && (rights & ~from_rights) == 0;
}

struct derivation { /* what a mint asks */
    uint16_t from;
    uint16_t to;
    uint8_t rights;
    uint32_t badge;
};

bool cap_is_place(uint32_t number)
{
    return number < cfg.slot_count[k.current] && !cap_fixed(cap_slot(number));
}

uint8_t cap_place_check(uint32_t number)
{
    if (!cap_is_place(number)) {
        return K5_ERR_SLOT;
    }
    return k.cap.type[cap_slot(number)] == K5_CAP_NONE ? K5_OK : K5_ERR_OCCUPIED;
}

uint8_t cap_source_check(task_t task, uint32_t number)
{
    uint32_t slot = cfg.slot_first[task] + number;

    if (number >= cfg.slot_count[task] || !cap_live(slot) || revoke_dooms(slot)) {
        return K5_ERR_SLOT;
    }
    return k.cap.depth[slot] < K5_DEPTH_MAX ? K5_OK : K5_ERR_DEPTH;
}

static uint8_t mint_decode(struct derivation *d)
{
    uint8_t error = cap_source_check(k.current, slot_arg());

    if (error == K5_OK) {
        error = cap_place_check(label_arg());
    }
    if (error != K5_OK) {
        return error;
    }
    d->from = cap_slot(slot_arg());
    d->to = cap_slot(label_arg());
    uint8_t type = k.cap.type[d->from];
    uint8_t most = k.cap.rights[d->from];
    bool serves = type == K5_CAP_ENDPOINT && (most & K5_RIGHT_SERVE) != 0;
    uint32_t badge = arch_arg(k.current, K5_A_W0);

    d->rights =
        (uint8_t)(arch_arg(k.current, K5_A_AUX) & (serves ? K5_RIGHT_CALL | K5_RIGHT_GRANT : most));
    d->badge = badge == 0 ? k.cap.badge[d->from] : badge;
    return cap_weaker(type, most, k.cap.badge[d->from], d->rights, d->badge) ? K5_OK
                                                                             : K5_ERR_RIGHTS;
}

static void derive(struct derivation d)
{
    k.cap.type[d.to] = k.cap.type[d.from];
    k.cap.rights[d.to] = d.rights;
    k.cap.object[d.to] = k.cap.object[d.from];
    k.cap.depth[d.to] = (uint8_t)(k.cap.depth[d.from] + 1u);
    k.cap.parent[d.to] = d.from;
    k.cap.badge[d.to] = d.badge;
}

void cap_copy(uint16_t from, uint16_t to)
{
    derive((struct derivation){
        .from = from, .to = to, .rights = k.cap.rights[from], .badge = k.cap.badge[from]});
}

sched_t sys_cap_mint(void)
{
    struct derivation d;
    uint8_t error = mint_decode(&d);

    if (error == K5_OK) {
        derive(d);
    }
    arch_result(k.current, K5_A_OP, error);
    return SCHED_SAME;
}

sched_t sys_cap_info(void)
{
    task_t me = k.current;
    uint32_t number = slot_arg();

    if (number >= cfg.slot_count[me]) {
        arch_result(me, K5_A_OP, K5_ERR_SLOT);
        return SCHED_SAME;
    }
    uint16_t s = cap_slot(number);
    bool live = cap_live(s);
    uint32_t kind =
        (uint32_t)k.cap.type[s] | (uint32_t)k.cap.rights[s] << 8 | (uint32_t)k.cap.depth[s] << 16;

    arch_result(me, K5_A_OP, K5_OK);
    arch_result(me, K5_A_W0, live ? kind : 0);
    arch_result(me, K5_A_W0 + 1, live ? k.cap.badge[s] : 0);
    arch_result(me, K5_A_W0 + 2, live ? k.cap.object[s] : 0);
    arch_result(me, K5_A_W0 + 3, cap_fixed(s) ? 1u : 0u);
    return SCHED_SAME;
}
