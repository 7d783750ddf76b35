/* Capability tables: docs/adr/0016 and docs/manual/abi.md (Capabilities) as a program. A slot is
 * named by its number in the task's table in a call, and by its place among all slots in here. */
#include "model.h"

/* "Fixed places, which hold what app.toml gives or nothing, and free slots." */
bool spec_fixed(int slot)
{
    return cfg.cap_type[slot] != K5_CAP_NONE;
}

int spec_slot(int t, uint32_t number)
{
    return number < cfg.slot_count[t] ? cfg.slot_first[t] + (int)number : NOBODY;
}

bool spec_in_table(int t, int slot)
{
    return t != NOBODY && slot >= cfg.slot_first[t] && slot < cfg.slot_first[t] + cfg.slot_count[t];
}

/* "SLOT: is not in the task's table, is empty, or holds what is being revoked." */
bool spec_holds(int slot)
{
    return slot != NOBODY && m.cap[slot].type != K5_CAP_NONE && !m.cap[slot].dying;
}

/* The slot that the call of t names, for what: SLOT, TYPE, RIGHTS, in this order. */
uint32_t spec_cap(int t, uint32_t type, uint32_t right, int *slot)
{
    *slot = spec_slot(t, m.task[t].reg[K5_A_OP] >> 8 & 0xFF);
    if (!spec_holds(*slot)) {
        return K5_ERR_SLOT;
    }
    if (m.cap[*slot].type != type) {
        return K5_ERR_TYPE;
    }
    return (m.cap[*slot].rights & right) == right ? K5_OK : K5_ERR_RIGHTS;
}

/* K5-CAP-08: "From the first step of a revocation on, nothing is derived from what it will take."
 * K5-CAP-12: "Nothing is derived through more than K5_DEPTH_MAX capabilities." */
uint32_t spec_source_refused(int slot)
{
    if (!spec_holds(slot)) {
        return K5_ERR_SLOT;
    }
    if (m.sweep.on && m.sweep.doomed[slot]) {
        m.seen[SEEN_CAP_DOOMED]++;
        return K5_ERR_SLOT;
    }
    return m.cap[slot].depth >= K5_DEPTH_MAX ? K5_ERR_DEPTH : K5_OK;
}

/* "Of the same object"; ADR 17: "depth one more". */
void spec_derive(int from, int to, uint32_t rights, uint32_t badge)
{
    m.cap[to] = m.cap[from];
    m.cap[to].rights = rights;
    m.cap[to].badge = badge;
    m.cap[to].depth = m.cap[from].depth + 1;
    m.cap[to].parent = from;
}

void spec_image(int t)
{
    for (int i = 0; i < cfg.slot_count[t]; i++) {
        int s = cfg.slot_first[t] + i;

        if (cfg.cap_type[s] == K5_CAP_REGION && !spec_region_home(s)) {
            m.cap[s] = (struct spec_cap){.type = K5_CAP_NONE, .parent = NOBODY};
            continue;
        }
        m.cap[s] = (struct spec_cap){.type = cfg.cap_type[s],
                                     .rights = cfg.cap_rights[s],
                                     .object = cfg.cap_object[s],
                                     .badge = cfg.cap_badge[s],
                                     .parent = NOBODY};
    }
}

/* The table of ADR 16: what a child of `from` may be. rights: a mask, then what is left of it;
 * badge: 0, then what it is. False: K5_ERR_RIGHTS. */
static bool weaker(const struct spec_cap *from, uint32_t *rights, uint32_t *badge)
{
    bool serves = from->type == K5_CAP_ENDPOINT && (from->rights & K5_RIGHT_SERVE) != 0;
    uint32_t given = *badge;

    *badge = given == 0 ? from->badge : given;
    switch (from->type) {
    case K5_CAP_REGION: return false; /* ADR 19: "nothing derives from it" */
    case K5_CAP_ENDPOINT:
        *rights &= serves ? K5_RIGHT_CALL | K5_RIGHT_GRANT : from->rights;
        return *rights != 0 && (serves ? given != 0 : *badge == from->badge);
    case K5_CAP_NOTIFICATION:
        *rights &= from->rights;
        return *rights != 0 && (*badge & ~from->badge) == 0;
    default: *rights &= from->rights; return *rights != 0 && *badge == 0;
    }
}

/* "Of several reasons to refuse a mint the first of SLOT or DEPTH (source), SLOT or OCCUPIED
 * (destination), RIGHTS is told." */
void spec_mint(int t)
{
    const struct spec_task *task = &m.task[t];
    int from = spec_slot(t, task->reg[K5_A_OP] >> 8 & 0xFF);
    int to = spec_slot(t, task->reg[K5_A_OP] >> 16);
    uint32_t rights = task->reg[K5_A_AUX];
    uint32_t badge = task->reg[K5_A_W0];
    uint32_t error = spec_source_refused(from);

    if (error == K5_OK && (to == NOBODY || spec_fixed(to))) {
        error = K5_ERR_SLOT;
    } else if (error == K5_OK && m.cap[to].type != K5_CAP_NONE) {
        error = K5_ERR_OCCUPIED;
    } else if (error == K5_OK && !weaker(&m.cap[from], &rights, &badge)) {
        error = K5_ERR_RIGHTS;
    }
    if (error == K5_OK) {
        m.seen[SEEN_CAP_MINTED]++;
        m.seen[SEEN_CAP_BADGED] +=
            (m.cap[from].rights & K5_RIGHT_SERVE) != 0 && m.cap[from].type == K5_CAP_ENDPOINT;
        spec_derive(from, to, rights, badge);
    }
    spec_result(t, error, 0, 0);
}

/* "A2 type, rights << 8, depth << 16; A3 badge; A4 object; A5 1: a fixed place. An empty slot: A2
 * to A4 are 0." What is being revoked is none that the task could use. */
void spec_info(int t)
{
    int s = spec_slot(t, m.task[t].reg[K5_A_OP] >> 8 & 0xFF);
    uint32_t *w = &m.task[t].reg[K5_A_W0];

    if (s == NOBODY) {
        spec_result(t, K5_ERR_SLOT, 0, 0);
        return;
    }
    const struct spec_cap *cap = &m.cap[s];
    bool holds = spec_holds(s);

    w[0] = holds ? cap->type | cap->rights << 8 | cap->depth << 16 : 0;
    w[1] = holds ? cap->badge : 0;
    w[2] = holds ? cap->object : 0;
    w[3] = spec_fixed(s) ? 1 : 0;
    spec_result(t, K5_OK, 0, 0);
}
