/* Calls that look at every slot of the system: docs/adr/0016, Sweeps and Restart.
 *
 * How many slots an entry looks at is the kernel's affair, so an entry may take any of what is
 * doomed, in the order of the text (marked, then the callers woken, then cleared), and nothing
 * else. What is left when the call returns is taken then: a kernel that has it still is wrong.
 */
#include "model.h"

#include <string.h>

struct spec_progress progress;

static bool derives(int slot, const bool roots[K5_SLOTS])
{
    for (int p = m.cap[slot].parent; p != NOBODY; p = m.cap[p].parent) {
        if (roots[p]) {
            return true;
        }
    }
    return false;
}

static bool waits_doomed(int t)
{
    return m.task[t].via != NOBODY && m.sweep.doomed[m.task[t].via];
}

static void clear(int slot)
{
    m.cap[slot] = (struct spec_cap){.type = K5_CAP_NONE, .parent = NOBODY};
}

/* "A revocation marks what derives from the slot, wakes the callers that wait through a marked
 * slot, then clears." What a restarted task had received is dropped, when is no matter: it does not
 * run. */
static void order_check(void)
{
    bool open = false;

    for (int s = 0; s < K5_SLOTS; s++) {
        bool doomed = m.sweep.doomed[s] && !spec_in_table(m.sweep.resets, s);

        open = open || (doomed && !m.cap[s].dying);
    }
    for (int t = 0; t < K5_TASKS; t++) {
        open = open || waits_doomed(t);
    }
    if (m.sweep.cleared && open && m.sweep.from == NOBODY) {
        m.wrong = "a sweep clears before all is marked and all who wait are woken";
    }
}

static void waits_check(int slot)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (m.task[t].via == slot) {
            m.wrong = "a sweep clears a slot through which a caller waits";
        }
    }
}

/* What the kernel did of the sweep in this entry, as far as it may. */
static void follow(void)
{
    for (int s = 0; s < K5_SLOTS; s++) {
        struct spec_cap *cap = &m.cap[s];
        bool adopted = m.sweep.from != NOBODY && cap->parent == m.sweep.from;

        cap->parent = adopted && progress.parent[s] == m.sweep.heir ? m.sweep.heir : cap->parent;
        if (m.sweep.doomed[s]) {
            cap->dying = cap->dying || progress.dying[s];
        }
    }
    for (int t = 0; t < K5_TASKS; t++) {
        if (waits_doomed(t) && progress.revoked[t]) {
            spec_wake(t, K5_ERR_REVOKED);
        }
    }
    for (int s = 0; s < K5_SLOTS; s++) {
        if (m.sweep.doomed[s] && progress.empty[s]) {
            waits_check(s);
            clear(s);
            m.sweep.doomed[s] = false; /* what comes into it next is not */
            m.sweep.cleared = m.sweep.cleared || !spec_in_table(m.sweep.resets, s);
        }
    }
    order_check();
}

static void adopt(void)
{
    bool adopted = false;

    for (int s = 0; s < K5_SLOTS && m.sweep.from != NOBODY; s++) {
        if (m.cap[s].parent == m.sweep.from) {
            m.cap[s].parent = m.sweep.heir;
        }
        adopted = adopted || m.cap[s].parent == m.sweep.heir;
    }
    m.seen[SEEN_CAP_ADOPTED] += adopted;
}

/* "All that derives from the slot, in every task, is gone when it returns." */
static void finish(void)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (waits_doomed(t)) {
            spec_wake(t, K5_ERR_REVOKED);
        }
    }
    adopt();
    for (int s = 0; s < K5_SLOTS; s++) {
        if (m.sweep.doomed[s]) {
            clear(s);
        }
    }
    if (m.sweep.resets != NOBODY) {
        spec_regions_return(m.sweep.resets);
        spec_image(m.sweep.resets);
    }
    m.sweep.on = false;
}

/* "One kernel entry looks at K5_SWEEP_SLOTS": two passes over all slots, to mark and to clear, an
 * entry that wakes and one that loads are enough for any sweep. */
static void length_check(void)
{
    uint32_t pass = (K5_SLOTS + K5_SWEEP_SLOTS - 1) / K5_SWEEP_SLOTS;

    m.sweep.entries++;
    if (m.sweep.entries > 2 * pass + 2) {
        m.wrong = "a sweep takes more entries than there are slots to look at";
    }
}

/* Of a sweep that another finished nothing is left to do. */
void spec_go_on(int t)
{
    bool mine = m.sweep.on && m.sweep.task == t;

    if (mine) {
        follow();
        length_check();
    }
    m.seen[SEEN_SWEEP_DONE] += !mine;
    m.task[t].goes_on = mine && progress.goes_on;
    if (!m.task[t].goes_on) {
        if (mine) {
            finish();
        }
        m.task[t].sweeping = false;
        spec_result(t, K5_OK, 0, 0);
    }
}

/* "There is one sweep at a time. Who needs one while another's is under way does steps of that one
 * first." True: there is none now, and it is t's turn in this very entry. */
static bool others_done(int t)
{
    if (!m.sweep.on) {
        return true;
    }
    m.seen[SEEN_SWEEP_OTHER]++;
    follow();
    length_check();
    if (!progress.under_way || progress.own || !progress.goes_on) {
        finish();
    }
    m.task[t].goes_on = progress.goes_on && !progress.own;
    return !m.task[t].goes_on;
}

static void begin(int t, int from, int heir)
{
    m.sweep =
        (struct spec_sweep){.on = true, .task = t, .resets = NOBODY, .from = from, .heir = heir};
    m.task[t].sweeping = true;
}

/* ---- calls ---- */

static int named(int t)
{
    return spec_slot(t, m.task[t].reg[K5_A_OP] >> 8 & 0xFF);
}

/* "From a free slot into a free, empty one"; "SLOT: move of or into a fixed place". */
static uint32_t move_refused(int from, int to)
{
    if (!spec_holds(from) || spec_fixed(from) || to == NOBODY || spec_fixed(to)) {
        return K5_ERR_SLOT;
    }
    return m.cap[to].type != K5_CAP_NONE ? K5_ERR_OCCUPIED : K5_OK;
}

/* "What derives from it derives from it there." */
void spec_move(int t)
{
    int from = named(t);
    int to = spec_slot(t, m.task[t].reg[K5_A_OP] >> 16);
    uint32_t error = move_refused(from, to);

    if (error == K5_OK && m.cap[from].type == K5_CAP_REGION) { /* nothing derives from it */
        spec_region_go(from, to);
        spec_result(t, K5_OK, 0, 0);
        return;
    }
    if (error == K5_OK && others_done(t)) {
        error = move_refused(from, to);
        if (error == K5_OK) {
            begin(t, from, to);
            m.cap[to] = m.cap[from];
            m.cap[from].dying = true;
            m.sweep.doomed[from] = true;
            spec_go_on(t);
        }
    }
    if (error != K5_OK) {
        spec_result(t, error, 0, 0);
    }
}

/* "The slot is empty, what derives from it derives from its parent; of a fixed place it stays." */
void spec_delete(int t)
{
    int slot = named(t);

    if (spec_holds(slot) && m.cap[slot].type == K5_CAP_REGION) {
        spec_region_delete(slot);
        spec_result(t, K5_OK, 0, 0);
        return;
    }
    if (spec_holds(slot) && spec_fixed(slot)) {
        clear(slot);
        spec_result(t, K5_OK, 0, 0);
        return;
    }
    if (spec_holds(slot) && !others_done(t)) {
        return;
    }
    if (!spec_holds(slot)) {
        spec_result(t, K5_ERR_SLOT, 0, 0);
        return;
    }
    begin(t, slot, m.cap[slot].parent);
    m.cap[slot].dying = true;
    m.sweep.doomed[slot] = true;
    spec_go_on(t);
}

static void doom(const bool roots[K5_SLOTS])
{
    for (int s = 0; s < K5_SLOTS; s++) {
        m.sweep.doomed[s] = m.sweep.doomed[s] || derives(s, roots);
    }
}

/* "SLOT: revoke of an empty slot, but for revoke of an empty fixed place." */
static bool revocable(int slot)
{
    return spec_holds(slot) || (slot != NOBODY && spec_fixed(slot));
}

/* "All that derives from the slot, in every task; the slot itself stays." */
void spec_revoke(int t)
{
    bool roots[K5_SLOTS] = {false};
    int slot = named(t);

    if (revocable(slot) && !others_done(t)) {
        return;
    }
    if (!revocable(slot)) {
        spec_result(t, K5_ERR_SLOT, 0, 0);
        return;
    }
    begin(t, NOBODY, NOBODY);
    roots[slot] = true;
    doom(roots);
    spec_go_on(t);
}

/* "Everything that derives from its table is revoked in every task, what it had received is
 * dropped, and its fixed places are filled from the image." */
void spec_cap_reset(int t)
{
    bool roots[K5_SLOTS] = {false};

    if (!others_done(t)) {
        return;
    }
    begin(t, NOBODY, NOBODY);
    m.sweep.resets = t;
    for (int i = 0; i < cfg.slot_count[t]; i++) {
        int s = cfg.slot_first[t] + i;

        roots[s] = true;
        m.sweep.doomed[s] = !spec_fixed(s) && m.cap[s].type != K5_CAP_NONE &&
                            m.cap[s].type != K5_CAP_REGION; /* they go home at the end */
    }
    doom(roots);
    for (int s = 0; s < K5_SLOTS; s++) {
        m.seen[SEEN_CAP_RESET] += m.sweep.doomed[s] && !spec_in_table(t, s);
    }
    spec_go_on(t);
}
