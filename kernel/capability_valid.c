/* What is true of the capability tables after every entry, and in the middle of a sweep.
 *
 * A fixed place holds the capability of the image or nothing. What stands in a free slot is of one
 * object with its parent, not stronger and deeper, so that walks over parents end. A dying slot
 * keeps what it held until it is cleared, because the walk of its children goes through it; in
 * CLEAR all of a dying slot's descendants are dying too, and nobody walks there any more. A movable
 * region's capability derives from nothing, wherever it is, and is never dying.
 */
#include "kernel/invariant.h"

static bool object_valid(uint8_t type, uint8_t object)
{
    switch (type) {
    case K5_CAP_ENDPOINT: return object < K5_ENDPOINTS && cfg.server[object] < K5_TASKS;
    case K5_CAP_NOTIFICATION:
    case K5_CAP_TASK: return object < K5_TASKS;
    case K5_CAP_IRQ: return object < K5_IRQS && cfg.irq_task[object] < K5_TASKS;
    default: return false;
    }
}

static bool empty_valid(uint32_t s)
{
    return k.cap.rights[s] == 0 && k.cap.object[s] == 0 && k.cap.badge[s] == 0;
}

static bool fixed_valid(uint32_t s)
{
    bool image = k.cap.type[s] == cfg.cap_type[s] && k.cap.rights[s] == cfg.cap_rights[s] &&
                 k.cap.object[s] == cfg.cap_object[s] && k.cap.badge[s] == cfg.cap_badge[s];

    return k.cap.depth[s] == 0 && k.cap.parent[s] == SLOT_NONE &&
           (image || (k.cap.type[s] == K5_CAP_NONE && empty_valid(s)));
}

bool cap_derivable(uint32_t s, uint32_t p)
{
    uint8_t type = (uint8_t)(k.cap.type[s] & ~CAP_DYING);

    if (cap_fixed(p)) {
        return type == cfg.cap_type[p] && k.cap.object[s] == cfg.cap_object[p] &&
               cap_weaker(type, cfg.cap_rights[p], cfg.cap_badge[p], k.cap.rights[s],
                          k.cap.badge[s]);
    }
    return type == (k.cap.type[p] & ~CAP_DYING) && k.cap.object[s] == k.cap.object[p] &&
           cap_weaker(type, k.cap.rights[p], k.cap.badge[p], k.cap.rights[s], k.cap.badge[s]);
}

static bool derived_valid(uint32_t s)
{
    uint16_t p = k.cap.parent[s];

    return p < K5_SLOTS && k.cap.depth[p] < k.cap.depth[s] && k.cap.depth[s] <= K5_DEPTH_MAX &&
           cap_derivable(s, p);
}

static bool free_valid(uint32_t s)
{
    uint8_t type = k.cap.type[s];

    if (type == K5_CAP_NONE) {
        return empty_valid(s) && k.cap.depth[s] == 0 && k.cap.parent[s] == SLOT_NONE;
    }
    if (region_is(s)) {
        return k.cap.rights[s] == K5_RIGHT_MAP && k.cap.badge[s] == 0 && k.cap.depth[s] == 0 &&
               k.cap.parent[s] == SLOT_NONE && k.cap.object[s] < K5_MOVABLES &&
               k.movable_at[k.cap.object[s]] == s;
    }
    if ((type & CAP_DYING) != 0 && k.sweep.phase == SWEEP_CLEAR) {
        return true; /* its parent may be gone already */
    }
    return object_valid((uint8_t)(type & ~CAP_DYING), k.cap.object[s]) && derived_valid(s);
}

/* Its one capability is where it should be; the owner may have deleted it at home. */
static bool movable_valid(uint32_t r)
{
    uint16_t at = k.movable_at[r];
    uint16_t home = cfg.movable_home[r];

    if (home >= K5_SLOTS) {
        return at == home;
    }
    if (at == home) {
        return k.cap.type[at] == K5_CAP_NONE || region_is(at);
    }
    return at < K5_SLOTS && !cap_fixed(at) && region_is(at) && k.cap.object[at] == r &&
           k.cap.type[home] == K5_CAP_NONE;
}

bool caps_valid(void)
{
    bool ok = true;

    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        ok = ok && (cap_fixed(s) ? fixed_valid(s) : free_valid(s));
    }
    for (uint32_t r = 0; K5_GIVES && r < K5_MOVABLES; r++) {
        ok = ok && movable_valid(r);
    }
    return ok;
}

/* ---- sweeps ---------------------------------------- */

static bool dying(uint32_t s)
{
    return (k.cap.type[s] & CAP_DYING) != 0;
}

/* What each phase promises of a capability in a free slot. */
static bool slot_valid(uint32_t s)
{
    uint16_t p = k.cap.parent[s];
    bool done = s < k.sweep.cursor;

    switch (k.sweep.phase) {
    case SWEEP_MARK: return done ? dying(s) == revoke_descends(s) : !dying(s) || revoke_descends(s);
    case SWEEP_WAKE: return dying(s) == revoke_descends(s);
    case SWEEP_CLEAR: return dying(s) ? !done : !revoke_within(p) && !dying(p);
    case SWEEP_LOAD: return !dying(s) && !revoke_within(p);
    case SWEEP_ADOPT: return dying(s) == (s == k.sweep.first) && (!done || p != k.sweep.first);
    default: return !dying(s);
    }
}

/* The heir is no weaker than what its new children derived from, and stays. */
static bool adoption_valid(void)
{
    uint16_t from = k.sweep.first;
    uint16_t heir = k.sweep.heir;

    return from < K5_SLOTS && k.sweep.end == from + 1u && dying(from) && heir < K5_SLOTS &&
           (cap_fixed(heir) || cap_live(heir)) && k.cap.depth[heir] <= k.cap.depth[from] &&
           cap_derivable(from, heir);
}

bool sweep_valid(void)
{
    task_t task = k.sweep.task;
    bool ok = k.sweep.phase <= SWEEP_ADOPT && k.sweep.cursor <= K5_SLOTS &&
              k.sweep.first <= k.sweep.end && k.sweep.end <= K5_SLOTS;

    if (ok && k.sweep.load) {
        ok = task < K5_TASKS && k.sweep.first == cfg.slot_first[task] &&
             k.sweep.end == cfg.slot_first[task] + cfg.slot_count[task];
    }
    ok = ok && (k.sweep.phase != SWEEP_LOAD || k.sweep.load) &&
         (k.sweep.phase != SWEEP_ADOPT || adoption_valid());
    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        ok = ok && (k.cap.type[s] == K5_CAP_NONE || cap_fixed(s) || region_is(s) || slot_valid(s));
    }
    return ok;
}
