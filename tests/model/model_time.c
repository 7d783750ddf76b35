/* Contexts, refills and lent time: docs/manual/time.md as a program. */
#include "model.h"

static struct spec_context *context_of(int owner)
{
    return &m.task[owner].home;
}

/* "During a call to a passive server the server runs on the caller's context"; "in a chain of
 * calls, is the context of the first caller". */
int spec_context(int t)
{
    while (m.task[t].lender != NOBODY) {
        t = m.task[t].lender;
    }
    return t;
}

int spec_borrower(int t)
{
    for (int b = 0; b < K5_TASKS; b++) {
        if (m.task[b].lender == t) {
            return b;
        }
    }
    return NOBODY;
}

/* "A task is stalled if it is suspended, or if it is on its home context and that is empty." */
bool spec_stalled(int t)
{
    return m.task[t].suspended || (m.task[t].lender == NOBODY && m.task[t].home.empty);
}

/* ---- the list of refills ---- */

static void head_remove(struct spec_context *c)
{
    for (unsigned i = 0; i + 1 < c->count; i++) {
        c->refill[i] = c->refill[i + 1];
    }
    c->count--;
}

/* Rule 2: "a refill that begins where the last one ends is joined with it"; rule 3: "if the list
 * has 4 refills already, a new one is joined with the last, at the new one's (later) time". */
static void refill_append(struct spec_context *c, uint64_t time, uint64_t amount)
{
    if (c->count == 0) {
        c->refill[0] = (struct spec_refill){time, amount};
        c->count = 1;
        return;
    }
    struct spec_refill *last = &c->refill[c->count - 1];

    if (last->time + last->amount == time) {
        last->amount += amount;
        m.seen[SEEN_JOINED]++;
    } else if (c->count == REFILLS_MAX) {
        m.seen[SEEN_FULL]++;
        last->time = time;
        last->amount += amount;
    } else {
        c->refill[c->count] = (struct spec_refill){time, amount};
        c->count++;
    }
}

/* Rule 4: "while the head is smaller than ..., the next refill joins it, at the next one's time".
 */
static bool heads_merge(struct spec_context *c, uint64_t least)
{
    bool any = false;

    while (c->refill[0].amount < least && c->count > 1) {
        any = true;
        c->refill[1].amount += c->refill[0].amount;
        head_remove(c);
    }
    return any;
}

/* "Each next refill whose time is not after head.time + head.amount joins the head (amounts add,
 * the head's time stays)." */
static void head_join(struct spec_context *c)
{
    while (c->count > 1 && c->refill[1].time <= c->refill[0].time + c->refill[0].amount) {
        c->refill[0].amount += c->refill[1].amount;
        for (unsigned i = 1; i + 1 < c->count; i++) {
            c->refill[i] = c->refill[i + 1];
        }
        c->count--;
        m.seen[SEEN_ACTIVATED]++;
    }
}

/* Rule 1: "its head's time has come: the head's time becomes now. Then each next refill ..." */
void spec_activate(int owner)
{
    struct spec_context *c = context_of(owner);

    if (!c->turn && c->refill[0].time <= m.now) {
        c->refill[0].time = m.now;
        head_join(c);
    }
}

/* Rule 2: "using x makes the head (h + x, amount - x), or removes it if nothing is left, and then
 * adds a refill (h + period, x) at the end of the list. If more was used than the head had, the
 * rest is taken from the next head in the same way, even though its time has not come." */
static void refills_use(struct spec_context *c, uint64_t used, uint64_t period)
{
    while (used > 0) {
        uint64_t h = c->refill[0].time;
        uint64_t x = used < c->refill[0].amount ? used : c->refill[0].amount;

        c->refill[0].time = h + x;
        c->refill[0].amount -= x;
        if (c->refill[0].amount == 0) {
            head_remove(c);
        }
        refill_append(c, h + period, x);
        used -= x;
        if (used > 0) {
            m.seen[SEEN_LATE]++;
        }
    }
}

/* "A context whose head's time lies in the future is empty." */
static void empty_look(struct spec_context *c)
{
    c->empty = !c->turn && c->refill[0].time > m.now;
}

/* ---- lent time ---- */

/* "Everything from the break downwards goes home"; "if one that goes home is queued with a call to
 * a passive server, its call now counts on its home context". */
void spec_go_home(int t)
{
    while (t != NOBODY) {
        int next = spec_borrower(t);
        bool borrowed = m.task[t].lender != NOBODY;

        m.task[t].lender = NOBODY;
        if (borrowed) {
            spec_recount(t);
        }
        t = next;
    }
}

void spec_recall(int t)
{
    spec_go_home(spec_borrower(t));
}

/* "It is the fault of the last server of the chain: its overruns are counted, a line is logged, and
 * its supervisor gets the bits of that task"; "all of it goes home at once". */
static void overrun(int owner)
{
    int last = owner;

    while (spec_borrower(last) != NOBODY) {
        last = spec_borrower(last);
    }
    spec_recall(owner);
    m.task[last].overruns++;
    if (cfg.handler[last] != K5_NIL) {
        spec_bits(cfg.handler[last], cfg.handler_bits[last]);
    }
}

/* ---- charging ---- */

/* "A turn: when it is used up the task goes to the tail of its equals, with a new turn at once." */
static void turn_anew(int owner)
{
    context_of(owner)->left = cfg.budget[owner];
    m.task[owner].turn_ended = true;
}

static bool turn_use(int owner, uint64_t used)
{
    struct spec_context *c = context_of(owner);

    if (used < c->left) {
        c->left -= used;
        return false;
    }
    turn_anew(owner);
    m.seen[SEEN_TURN_USED]++;
    return true;
}

/* Rule 2: "Then each next refill whose time is not after head.time + head.amount joins the head as
 * above; then rule 4; then, if the head's time has come, activate applies again." True: used up. */
static bool limit_use(int owner, uint64_t used)
{
    struct spec_context *c = context_of(owner);

    refills_use(c, used, cfg.period[owner]);
    head_join(c);
    if (heads_merge(c, K5_BUDGET_MIN)) {
        m.seen[SEEN_SMALL]++;
    }
    spec_activate(owner);
    empty_look(c);
    if (c->empty && used > 0) {
        m.seen[SEEN_LIMIT_USED]++;
        m.task[owner].turn_ended = true; /* "a turn ends when ... the context ... is used up" */
    }
    return c->empty && used > 0;
}

void spec_charge(void)
{
    uint64_t used = m.now - m.charged_since;
    int owner = m.charged;

    m.charged_since = m.now;
    if (owner == NOBODY) {
        return;
    }
    bool used_up = context_of(owner)->turn ? turn_use(owner, used) : limit_use(owner, used);

    if (used_up && spec_borrower(owner) != NOBODY) {
        overrun(owner);
    }
}

/* "`yield` leaves a limit as it is, and starts a turn anew." "A turn ends when the task yields." */
void spec_yield(int t)
{
    m.task[t].turn_ended = true;
    spec_charge();
    if (m.task[t].lender == NOBODY && m.task[t].home.turn) {
        turn_anew(t);
    }
}

/* What is left of the head of the context that t is on, what runs uncharged included. */
static uint64_t head_left(int t)
{
    int owner = spec_context(t);
    struct spec_context *c = context_of(owner);
    uint64_t left = c->turn ? c->left : c->refill[0].amount;
    uint64_t used = owner == m.charged ? m.now - m.charged_since : 0;

    return used < left ? left - used : 0;
}

/* "A call looks whether what is left of the head is at least wcet. If not: a turn ends and is
 * started anew, which is enough. A limit merges its head (as in rule 4, up to wcet), and the caller
 * waits outside until that head's time has come. If the whole budget is smaller than wcet, the call
 * is refused. If the caller is itself a server on lent time, then it ... overruns, and the call
 * then counts on its home context by the same rules." */
enum counts spec_counts(int t, uint64_t wcet)
{
    struct spec_context *c = context_of(t);

    if (m.task[t].lender != NOBODY && head_left(t) < wcet) {
        m.seen[SEEN_CALL_OVERRUN]++;
        spec_charge(); /* Who runs: "and at a call for which what is left is not enough" */
        if (m.task[t].lender != NOBODY) {
            overrun(spec_context(t));
        }
    }
    if (head_left(t) >= wcet) {
        return spec_stalled(t) ? COUNTS_LATER : COUNTS_NOW;
    }
    if (m.charged == t) {
        spec_charge();
    }
    if (cfg.budget[t] < wcet) {
        return COUNTS_NEVER;
    }
    m.seen[SEEN_WHOLE] += cfg.budget[t] == wcet ? 1 : 0;
    if (c->turn) {
        turn_anew(t);
        m.seen[SEEN_TURN_ANEW]++;
    } else {
        (void)heads_merge(c, wcet);
        empty_look(c);
        m.seen[c->empty ? SEEN_OUTSIDE : SEEN_MERGED]++;
    }
    return spec_stalled(t) ? COUNTS_LATER : COUNTS_NOW;
}
