/* Capability tables and lent memory: the kernel's and the model's. */
#include "arch/host/host.h"
#include "driver.h"
#include "kernel/kernel.h"

static int holder(int slot)
{
    int t = 0;

    while (t + 1 < K5_TASKS && slot >= cfg.slot_first[t + 1]) {
        t++;
    }
    return t;
}

static int slot_or_nobody(uint16_t slot)
{
    return slot == SLOT_NONE ? NOBODY : slot;
}

/* What the port knows of a call that goes on: abi.md, "the saved A0 of the task holds cap_sweep".
 */
void progress_read(int t)
{
    progress.goes_on = host.again[t];
    progress.own = host.again[t] && (host.arg[t][K5_A_OP] & 0xFF) == K5_SYS_CAP_SWEEP;
    progress.under_way = k.sweep.phase != SWEEP_NONE;
    for (int s = 0; s < K5_SLOTS; s++) {
        progress.dying[s] = (k.cap.type[s] & CAP_DYING) != 0;
        progress.empty[s] = k.cap.type[s] == K5_CAP_NONE;
        progress.parent[s] = slot_or_nobody(k.cap.parent[s]);
    }
    for (int i = 0; i < K5_TASKS; i++) {
        progress.revoked[i] =
            k.task.state[i] == K5_TASK_READY && (host.arg[i][0] & 0xFF) == K5_ERR_REVOKED;
    }
}

/* While a sweep fills the fixed places of a task, which does not run, they may be filled or not. */
static bool being_filled(int slot)
{
    return m.sweep.on && m.sweep.resets != NOBODY && holder(slot) == m.sweep.resets &&
           spec_fixed(slot);
}

static bool compare_cap(int s)
{
    const struct spec_cap *cap = &m.cap[s];
    int t = holder(s);
    int n = s - cfg.slot_first[t];
    bool dying = (k.cap.type[s] & CAP_DYING) != 0;

    if (cap->type != (uint32_t)(k.cap.type[s] & ~CAP_DYING) || cap->dying != dying) {
        return being_filled(s) || differ("slot %d of %s: model type %u%s, kernel type %u%s", n,
                                         task_name(t), cap->type, cap->dying ? " dying" : "",
                                         k.cap.type[s] & ~CAP_DYING, dying ? " dying" : "");
    }
    if (cap->rights != k.cap.rights[s] || cap->object != k.cap.object[s] ||
        cap->badge != k.cap.badge[s] || cap->depth != k.cap.depth[s]) {
        return differ("slot %d of %s: rights, object, badge, depth: model %u %u 0x%x %u, kernel "
                      "%u %u 0x%x %u",
                      n, task_name(t), cap->rights, cap->object, cap->badge, cap->depth,
                      k.cap.rights[s], k.cap.object[s], k.cap.badge[s], k.cap.depth[s]);
    }
    return cap->parent == slot_or_nobody(k.cap.parent[s]) ||
           differ("slot %d of %s: derives from: model %d, kernel %d", n, task_name(t), cap->parent,
                  slot_or_nobody(k.cap.parent[s]));
}

bool compare_caps(void)
{
    bool ok = true;

    for (int s = 0; ok && s < K5_SLOTS; s++) {
        ok = compare_cap(s);
    }
    for (int t = 0; ok && t < K5_TASKS; t++) {
        ok = same(t, "used slot", (uint64_t)m.task[t].via,
                  (uint64_t)slot_or_nobody(k.task.via[t])) &&
             same(t, "place for a capability", (uint64_t)m.task[t].place,
                  (uint64_t)slot_or_nobody(k.task.cap_place[t]));
    }
    return ok;
}

/* ---- lent memory ---- */

/* Is it in exactly one place of the server, as the kernel and as the port know it? */
static bool compare_loan(int lender)
{
    const struct spec_loan *loan = &m.task[lender].loan;
    unsigned places = 0;

    for (int t = 0; t < K5_TASKS; t++) {
        for (uint32_t i = 0; i < cfg.lend_count[t]; i++) {
            uint32_t p = cfg.map_first[t] + i;
            bool right = t == loan->server && k.map.base[p] == loan->base &&
                         k.map.size[p] == loan->size && k.map.rights[p] == loan->rights;

            if (k.map.lender[p] != lender) {
                continue;
            }
            places++;
            if (!right) {
                return differ("lent by %s: to %s 0x%x, 0x%x bytes, rights %u; kernel: to %s 0x%x, "
                              "0x%x bytes, rights %u",
                              task_name(lender), task_name(loan->server), loan->base, loan->size,
                              loan->rights, task_name(t), k.map.base[p], k.map.size[p],
                              k.map.rights[p]);
            }
        }
    }
    return same(lender, "loans", loan->server != NOBODY, places);
}

/* What the port was told: each loan of a server in one of its places, and nothing else. */
static bool compare_port(int server)
{
    unsigned loans = 0;
    unsigned mapped = 0;

    for (uint32_t i = 0; i < K5_MAPS; i++) {
        mapped += host.map_size[server][i] != 0;
    }
    for (int t = 0; t < K5_TASKS; t++) {
        const struct spec_loan *loan = &m.task[t].loan;
        bool found = loan->server != server;

        loans += loan->server == server;
        for (uint32_t i = 0; i < K5_MAPS && !found; i++) {
            found = host.map_base[server][i] == loan->base &&
                    host.map_size[server][i] == loan->size &&
                    host.map_rights[server][i] == loan->rights;
        }
        if (!found) {
            return differ("port: %s has not mapped what %s lends", task_name(server), task_name(t));
        }
    }
    for (int r = 0; r < K5_MOVABLES; r++) {
        loans += spec_region_maps(server, r);
    }
    return same(server, "ranges that the port has mapped", loans, mapped);
}

/* Where its capability is; and it is in exactly one place of its holder's, if it is mapped. */
static bool compare_region(int r)
{
    unsigned places = 0;
    bool mapped = false;

    for (int t = 0; t < K5_TASKS; t++) {
        mapped = mapped || spec_region_maps(t, r);
        for (uint32_t i = 0; i < cfg.map_count[t]; i++) {
            uint32_t p = cfg.map_first[t] + i;
            bool right =
                spec_region_maps(t, r) && i >= cfg.lend_count[t] &&
                k.map.base[p] == cfg.movable_base[r] && k.map.size[p] == cfg.movable_size[r] &&
                k.map.rights[p] == m.region[r].rights && host.map_base[t][i] == k.map.base[p] &&
                host.map_size[t][i] == k.map.size[p] && host.map_rights[t][i] == k.map.rights[p];

            if (k.map.region[p] == r && !right) {
                return differ("region %d: %s has it mapped, and should not, or otherwise", r,
                              task_name(t));
            }
            places += k.map.region[p] == r;
        }
    }
    if (m.region[r].at != (k.movable_at[r] == K5_SLOTS ? NOBODY : k.movable_at[r])) {
        return differ("region %d: in slot: model %d, kernel %u", r, m.region[r].at,
                      k.movable_at[r]);
    }
    return places == mapped || differ("region %d: mapped: model %d, kernel %u", r, mapped, places);
}

bool compare_loans(void)
{
    bool has[K5_TASKS] = {false};
    bool renewed[K5_TASKS];

    for (int r = 0; r < K5_MOVABLES; r++) {
        if (!compare_region(r)) {
            return false;
        }
        for (int t = 0; t < K5_TASKS; t++) {
            has[t] = has[t] || spec_region_maps(t, r);
        }
    }
    for (int t = 0; t < K5_TASKS; t++) {
        renewed[t] = m.task[t].renewed;
        if (m.task[t].loan.server != NOBODY) {
            has[m.task[t].loan.server] = true;
        }
        if (!compare_loan(t) || !compare_port(t)) {
            return false;
        }
    }
    return same_set("has something mapped", has, k.mapped) &&
           same_set("renewed", renewed, k.renewed);
}
