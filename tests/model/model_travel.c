/* A capability in a message: docs/adr/0017, docs/manual/abi.md as a program. */
#include "model.h"

bool spec_carries(int t)
{
    return (m.task[t].reg[K5_A_OP] & K5_OP_LONG) != 0 && (m.task[t].reg[5] >> 15 & 1u) != 0;
}

static int source_of(int t)
{
    return spec_slot(t, m.task[t].reg[5] >> 9 & 0x3F);
}

/* "What cannot travel: the right to serve, and an interrupt; a right to call, to a task that is as
 * urgent as the server or more". Tasks are numbered by priority. */
static bool can_go(const struct spec_cap *cap, int to)
{
    if (cap->type == K5_CAP_IRQ) {
        return false;
    }
    if (cap->type != K5_CAP_ENDPOINT) {
        return true;
    }
    int server = cfg.server[cap->object];

    return (cap->rights & K5_RIGHT_SERVE) == 0 && to < server && !model_equals(to, server);
}

/* "RIGHTS (no GRANT), SLOT, DEPTH, RIGHTS (it cannot go to that task)." */
uint32_t spec_carry_refused(int t, int to, bool grants)
{
    int source = source_of(t);

    if (!grants) {
        return K5_ERR_RIGHTS;
    }
    uint32_t error = spec_source_refused(source);

    return error == K5_OK && !can_go(&m.cap[source], to) ? K5_ERR_RIGHTS : error;
}

/* "The receiver gets a copy that derives from the sender's: the same rights and badge, depth one
 * more"; "all of it is asked again when a message is taken". */
uint32_t spec_carry(int from, int to, bool grants)
{
    int source = source_of(from);
    int place = m.task[to].place;

    if (!spec_carries(from)) {
        return 0;
    }
    if (spec_carry_refused(from, to, grants) != K5_OK) {
        m.seen[SEEN_CAP_LOST]++;
        return K5_FLAG_CAP_KEPT;
    }
    if (place == NOBODY || m.cap[place].type != K5_CAP_NONE) {
        m.seen[place == NOBODY ? SEEN_CAP_NO_PLACE : SEEN_CAP_FULL]++;
        return K5_FLAG_CAP_KEPT;
    }
    if (m.cap[source].type == K5_CAP_REGION) { /* ADR 19: "the capability itself arrives" */
        uint32_t r = m.cap[source].object;
        int owner = cfg.movable_home[r];

        m.seen[SEEN_GIVEN]++;
        m.seen[SEEN_GIVEN_MAPPED] += m.region[r].rights != 0;
        m.seen[SEEN_GIVEN_ON] += !spec_in_table(from, owner);
        m.seen[SEEN_GIVEN_BACK] += spec_in_table(to, owner);
        spec_region_go(source, place);
        return K5_FLAG_CAP;
    }
    spec_derive(source, place, m.cap[source].rights, m.cap[source].badge);
    return K5_FLAG_CAP;
}
