/* Random calls of capabilities, and what long messages carry and lend: mostly what can be done now,
 * sometimes anything. */
#include "driver.h"

static uint32_t number_of(int t)
{
    return percent(90) ? any(cfg.slot_count[t] + 1u) : any(0x10000u);
}

/* Any number if there is no such slot. */
static uint32_t or_any(int t, uint32_t slot)
{
    return slot == K5_NIL || percent(5) ? number_of(t) : slot;
}

/* A slot of t that something derives from, in another task rather than in its own. */
static uint32_t slot_with_children(int t)
{
    uint32_t found = slot_any(t);
    uint32_t from = any(K5_SLOTS);

    for (uint32_t i = 0; i < K5_SLOTS; i++) {
        int child = (int)((from + i) % K5_SLOTS);
        int parent = m.cap[child].parent;

        if (parent != NOBODY && spec_in_table(t, parent)) {
            found = (uint32_t)(parent - cfg.slot_first[t]);
            if (!spec_in_table(t, child)) {
                return found;
            }
        }
    }
    return found;
}

/* One that what a waiting message is sent through, or brings, derives from, if there is one. */
static uint32_t slot_above_queued(int t)
{
    uint32_t found = K5_NIL;

    for (int i = 0; i < K5_TASKS; i++) {
        bool brings = m.task[i].via != NOBODY && spec_carries(i) && percent(60);
        int s = brings ? spec_slot(i, m.task[i].reg[5] >> 9 & 0x3F) : m.task[i].via;

        s = s == NOBODY ? NOBODY : m.cap[s].parent; /* the slot itself is its own */
        for (; s != NOBODY; s = m.cap[s].parent) {
            if (spec_in_table(t, s)) {
                found = (uint32_t)(s - cfg.slot_first[t]);
            }
        }
    }
    return found;
}

/* Rights to keep and a badge: all of it, a part, or more than there is. */
static void mint_make(struct step *step)
{
    int t = step->task;
    bool serve = cfg.endpoint[t] != K5_NIL && percent(40);

    step->number = K5_SYS_CAP_MINT;
    step->slot = serve ? 0 : percent(35) ? or_any(t, slot_deepest(t)) : or_any(t, slot_any(t));
    if (slot_doomed(t) != K5_NIL) {
        step->slot = slot_doomed(t);
    }
    step->label = or_any(t, slot_free(t, false));
    step->aux = percent(60) ? 0xFFFFFFFFu : any(8);
    step->words[0] = percent(serve ? 10u : 65u) ? 0 : 1u + any(TASK_BITS);
    if (step->slot < cfg.slot_count[t] && percent(30)) {
        uint32_t badge = m.cap[cfg.slot_first[t] + (int)step->slot].badge;

        step->words[0] = percent(50) ? badge : badge & any(0x100u);
    }
}

void cap_call_make(struct step *step)
{
    int t = step->task;
    bool filled = slot_free(t, true) != K5_NIL;
    uint32_t kind = any(100);

    step->label = number_of(t);
    if (slot_above_queued(t) != K5_NIL && percent(60)) {
        kind = 75;
    }
    if (slot_doomed(t) != K5_NIL && percent(90)) {
        kind = 0;
    }
    if (kind >= 55 && kind < 70 && !filled && percent(94)) { /* else the fixed places would go */
        kind = percent(80) ? 0 : 90;
    }
    if (kind < 55) {
        mint_make(step);
    } else if (kind < 62) {
        step->number = K5_SYS_CAP_MOVE;
        step->slot = or_any(t, slot_free(t, true));
        step->label = or_any(t, slot_free(t, false));
    } else if (kind < 70) {
        step->number = K5_SYS_CAP_DELETE;
        step->slot = or_any(t, slot_free(t, true));
    } else if (kind < 80) {
        uint32_t above = slot_above_queued(t);

        step->number = K5_SYS_CAP_REVOKE;
        step->slot = above != K5_NIL && percent(60) ? above : or_any(t, slot_with_children(t));
    } else if (kind < 92) {
        step->number = percent(75) ? K5_SYS_MAP : K5_SYS_UNMAP;
        step->slot = or_any(t, slot_of(t, K5_CAP_REGION, -1));
        step->aux = percent(95) ? K5_MEM_READ | (percent(50) ? K5_MEM_WRITE : 0u) : any(16);
    } else if (kind < 98) {
        step->number = K5_SYS_CAP_INFO;
        step->slot = number_of(t);
    } else {
        step->number = percent(60) ? K5_SYS_CAP_RESET : K5_SYS_CAP_SWEEP;
    }
    step->slot &= 0xFF;
}

void carry_make(struct step *step)
{
    uint32_t slot = or_any(step->task, slot_any(step->task)) & 0x3F;
    bool answer = step->number == K5_SYS_REPLY || step->number == K5_SYS_REPLY_RECV;
    uint32_t derived = answer ? slot_derived(step->task) : slot_free(step->task, true);

    if (percent(40)) { /* these can go to everybody */
        slot = slot_of(step->task, percent(60) ? K5_CAP_NOTIFICATION : K5_CAP_TASK, -1) & 0x3F;
    }
    if (derived != K5_NIL && percent(60)) {
        slot = derived;
    }
    if (slot_of(step->task, K5_CAP_REGION, -1) != K5_NIL && percent(60)) {
        slot = slot_of(step->task, K5_CAP_REGION, -1) & 0x3F;
    }
    step->words[3] |= slot << 9 | (percent(97) ? 0x8000u : 0);
}

/* A range on the grain that mostly fits into one region of the task. */
void lend_make(struct step *step)
{
    uint32_t last = cfg.region_count[step->task] - 1u; /* the shared one, if it has it */
    uint32_t r = cfg.region_first[step->task] + (percent(30) ? 1u : percent(90) ? last : any(3));
    uint32_t units = percent(93) ? 1u + any(12) : any(0x10000u);
    uint32_t first = percent(60) ? any(4) : any(cfg.region_size[r] / 32u);
    uint32_t rights = percent(60) ? K5_MEM_READ | K5_MEM_WRITE : K5_MEM_READ;

    step->words[1] = cfg.region_base[r] + 32u * first + (percent(95) ? rights : any(32));
    step->words[3] = (step->words[3] & 0xFFFFu) | units << 16;
}

uint32_t place_make(int t)
{
    uint32_t slot = slot_free(t, percent(20));

    slot = slot == K5_NIL ? slot_free(t, percent(50)) : slot;
    if (slot == K5_NIL || percent(12)) {
        return percent(60) ? 0 : any(0x10000u);
    }
    return 0x8000u | slot << 9;
}
