/* Movable regions: docs/adr/0019, docs/manual/abi.md (Movable regions) as a program. */
#include "model.h"

static bool has(int t, int r)
{
    int at = m.region[r].at;

    return at != NOBODY && m.cap[at].type == K5_CAP_REGION && spec_in_table(t, at);
}

bool spec_region_maps(int t, int r)
{
    return has(t, r) && m.region[r].rights != 0;
}

/* "Mapped already, or no place": of `maps`. */
static uint32_t place_refused(int t, int region)
{
    int used = 0;

    for (int r = 0; r < K5_MOVABLES; r++) {
        used += spec_region_maps(t, r);
    }
    if (m.region[region].rights != 0) {
        m.seen[SEEN_MAP_TWICE]++;
        return K5_ERR_MAP;
    }
    m.seen[SEEN_MAP_FULL] += used == cfg.map_count[t] - cfg.lend_count[t] && used > 0;
    return used < cfg.map_count[t] - cfg.lend_count[t] ? K5_OK : K5_ERR_MAP;
}

/* "SLOT TYPE ARG MAP" */
void spec_map(int t)
{
    uint32_t *reg = m.task[t].reg;
    uint32_t rights = reg[K5_A_AUX];
    int slot;
    uint32_t error = spec_cap(t, K5_CAP_REGION, K5_RIGHT_MAP, &slot);

    if (error == K5_OK && rights != K5_MEM_READ && rights != (K5_MEM_READ | K5_MEM_WRITE)) {
        error = K5_ERR_ARG;
    }
    if (error == K5_OK) {
        error = place_refused(t, (int)m.cap[slot].object);
    }
    if (error == K5_OK) {
        m.region[m.cap[slot].object].rights = rights;
        reg[K5_A_W0] = cfg.movable_base[m.cap[slot].object];
        reg[K5_A_W0 + 1] = cfg.movable_size[m.cap[slot].object];
        m.seen[SEEN_MAPPED]++;
    }
    spec_result(t, error, 0, 0);
}

/* "SLOT TYPE MAP" */
void spec_unmap(int t)
{
    int slot;
    uint32_t error = spec_cap(t, K5_CAP_REGION, K5_RIGHT_MAP, &slot);

    if (error == K5_OK && m.region[m.cap[slot].object].rights == 0) {
        error = K5_ERR_MAP;
    }
    if (error == K5_OK) {
        m.region[m.cap[slot].object].rights = 0;
    }
    spec_result(t, error, 0, 0);
}

/* "The capability itself arrives. The sender's slot is empty, and its map is without the region."
 */
void spec_region_go(int from, int to)
{
    m.region[m.cap[from].object] = (struct spec_region){.at = to};
    m.cap[to] = m.cap[from];
    m.cap[from] = (struct spec_cap){.type = K5_CAP_NONE, .parent = NOBODY};
}

/* "cap_delete: it goes home, into its owner's place; at home, away until the owner begins anew." */
void spec_region_delete(int slot)
{
    uint32_t r = m.cap[slot].object;

    m.seen[slot == cfg.movable_home[r] ? SEEN_REGION_GONE : SEEN_REGION_HOME]++;
    if (slot == cfg.movable_home[r]) {
        m.region[r].rights = 0;
        m.cap[slot] = (struct spec_cap){.type = K5_CAP_NONE, .parent = NOBODY};
    } else {
        spec_region_go(slot, cfg.movable_home[r]);
    }
}

/* "It also goes home when the task that has it begins anew, resets itself, or stops for good." */
void spec_regions_return(int t)
{
    for (int r = 0; r < K5_MOVABLES; r++) {
        if (has(t, r)) {
            m.region[r].rights = 0;
            if (m.region[r].at != cfg.movable_home[r]) {
                m.seen[SEEN_REGION_ENDED]++;
                spec_region_go(m.region[r].at, cfg.movable_home[r]);
            }
        }
    }
}

/* "What was given away stays away when its owner begins anew." */
bool spec_region_home(int slot)
{
    bool home = m.region[cfg.cap_object[slot]].at == slot;

    m.seen[SEEN_REGION_AWAY] += !home;
    return home;
}
