/* Messages, answers and notification bits: docs/adr/0001 and 0003 as a program. What long ones
 * bring is in model_long.c, model_travel.c and model_loan.c. */
#include "model.h"

#define TOKEN_COUNT_MASK ((1u << 27) - 1u)

/* ---- results ---- */

/* ADR 1: "A0 out: 7:0 error, 15:8 flags, 31:16 label". */
void spec_result(int t, uint32_t error, uint32_t flags, uint32_t label)
{
    m.task[t].reg[K5_A_OP] = error | flags << 8 | label << 16;
}

/* ADR 2, the table: every way out of a state leaves its sets and its deadline behind. */
void spec_unblock(int t)
{
    struct spec_task *task = &m.task[t];
    int server = task->state == K5_TASK_AWAITING ? task->at : NOBODY;

    task->state = K5_TASK_READY;
    task->at = NOBODY;
    task->deadline = 0;
    task->mask = 0;
    task->badge = 0;
    task->via = NOBODY;
    task->owed = 0;
    task->grants = false;
    if (server != NOBODY && m.task[server].lender == t) {
        spec_go_home(server); /* time.md, When a chain breaks: whatever ends a call takes it back */
    }
}

/* "With an error A0 has the error, label 0 and flags 0; K5_TIMEOUT of reply_recv may have
 * K5_FLAG_REPLY_FAILED or K5_FLAG_CAP_KEPT." */
void spec_wake(int t, uint32_t error)
{
    uint32_t flags = m.task[t].state == K5_TASK_AWAITING ? 0 : m.task[t].owed;

    spec_unblock(t);
    spec_result(t, error, flags, 0);
}

static bool passed(uint64_t deadline)
{
    return deadline != 0 && deadline <= m.now;
}

static uint64_t deadline_of(int t)
{
    return (uint64_t)m.task[t].reg[K5_A_X1] << 32 | m.task[t].reg[K5_A_X0];
}

/* "A deadline that has passed when the call would block gives K5_TIMEOUT at once." */
static bool block(int t, unsigned state, int at, uint64_t deadline)
{
    if (passed(deadline)) {
        spec_wake(t, K5_TIMEOUT);
        return false;
    }
    m.task[t].state = state;
    m.task[t].at = at;
    m.task[t].deadline = deadline;
    return true;
}

/* ---- rendezvous ---- */

static bool queued(int t)
{
    return m.task[t].state == K5_TASK_SENDING || m.task[t].state == K5_TASK_CALLING;
}

static bool passive(int server)
{
    return cfg.wcet[cfg.endpoint[server]] != 0;
}

/* ADR 3, Token: "count << 5 | caller, where count (27 bits, never 0) grows by one each time a call
 * of this caller is taken". */
static uint32_t token_next(int caller)
{
    uint32_t *calls = &m.task[caller].calls;

    *calls = *calls == TOKEN_COUNT_MASK ? 1 : *calls + 1;
    return *calls << 5 | (uint32_t)caller;
}

/* "A call lends when it is taken"; "a call that is taken by a server that is suspended, and calls
 * to a server that is not passive, lend nothing". */
static uint32_t call_taken(int caller, int server)
{
    uint32_t token = token_next(caller);

    m.task[caller].state = K5_TASK_AWAITING;
    m.task[caller].at = server;
    m.task[caller].badge = 0;
    m.task[caller].via = NOBODY;
    if (passive(server) && !m.task[server].suspended) {
        m.task[server].lender = caller;
    }
    return token;
}

static bool grants(int slot)
{
    return (m.cap[slot].rights & K5_RIGHT_GRANT) != 0;
}

/* The server gets the message of a queued task: label, words, badge, token (ADR 1, recv), and what
 * a long one brings. Of a call "CAP_KEPT says that the capability of the call did not go". */
static void hand_over(int from, int server)
{
    struct spec_task *s = &m.task[server];
    struct spec_task *f = &m.task[from];
    bool is_call = f->state == K5_TASK_CALLING;
    uint32_t badge = f->badge;
    bool granted = grants(f->via);
    uint32_t flags = K5_FLAG_MESSAGE | s->owed;
    uint32_t label = f->reg[K5_A_OP] >> 16;
    uint32_t carried = spec_carry(from, server, granted);
    uint32_t kept = carried & K5_FLAG_CAP_KEPT;

    m.seen[SEEN_CAP_MESSAGE] += (carried & K5_FLAG_CAP) != 0;

    spec_unblock(server);
    for (int i = 0; i < K5_MSG_WORDS; i++) {
        s->reg[K5_A_W0 + i] = f->reg[K5_A_W0 + i];
    }
    flags |= spec_bring(from, server) | (carried & K5_FLAG_CAP);
    if (is_call) {
        s->reg[K5_A_AUX] = call_taken(from, server);
        f->owed = kept;
        f->grants = granted;
        flags |= spec_loan_make(from, server);
    } else {
        s->reg[K5_A_AUX] = 0;
        spec_unblock(from);
        spec_result(from, K5_OK, kept, 0);
    }
    s->reg[K5_A_X0] = badge;
    s->reg[K5_A_X1] = 0; /* abi/k5_abi.h: "out: badge, 0" */
    s->bits_last = false;
    spec_result(server, K5_OK, flags, label);
}

/* ADR 2, Equals in turn: "the callers of an endpoint are served by the same rule with `served`,
 * where a service ends a turn". `among`: those who could be served now. */
static int next_served(int endpoint, const bool among[K5_TASKS])
{
    bool *served = m.served[endpoint];
    int top = NOBODY;
    int next = NOBODY;

    for (int t = 0; t < K5_TASKS; t++) {
        top = among[t] ? t : top;
    }
    if (top == NOBODY) {
        return NOBODY;
    }
    for (int t = 0; t < K5_TASKS; t++) {
        next = among[t] && model_equals(t, top) && !served[t] ? t : next;
    }
    if (next == NOBODY) { /* all of them were: a new round begins, for all equals */
        for (int t = 0; t < K5_TASKS; t++) {
            served[t] = served[t] && !model_equals(t, top);
        }
        next = top;
        m.seen[SEEN_SERVED_ROUND]++;
    }
    served[next] = true;
    return next;
}

/* "A queued sender or caller that is stalled is not taken until it is not." */
static bool could_be_served(int t, int endpoint)
{
    return queued(t) && m.task[t].at == endpoint && !spec_stalled(t);
}

static bool somebody_waits(int endpoint)
{
    bool any = false;

    for (int t = 0; t < K5_TASKS; t++) {
        any = any || could_be_served(t, endpoint);
    }
    return any;
}

/* The next of those who wait. Only who was queued has had a turn by it: a call that finds its
 * server receiving goes straight to it (ADR 3, the picture), past the rounds. Whose loan has no
 * place now is told, "and the others who wait are served". False: nobody is left. */
static bool take_next(int server)
{
    int endpoint = cfg.endpoint[server];
    bool among[K5_TASKS];

    while (somebody_waits(endpoint)) {
        for (int t = 0; t < K5_TASKS; t++) {
            among[t] = could_be_served(t, endpoint);
        }
        int next = next_served(endpoint, among);
        uint32_t error =
            m.task[next].state == K5_TASK_CALLING ? spec_loan_place(next, server) : K5_OK;

        if (error == K5_OK) {
            hand_over(next, server);
            return true;
        }
        spec_wake(next, error);
        m.seen[SEEN_LEND_TURNED]++;
    }
    return false;
}

/* "Each server that is receiving while an unstalled task is queued at its endpoint takes the next
 * one, as `recv` would." */
void spec_offers(void)
{
    for (int e = 0; e < K5_ENDPOINTS; e++) {
        int server = cfg.server[e] == K5_NIL ? NOBODY : cfg.server[e];

        if (server != NOBODY && m.task[server].state == K5_TASK_RECEIVING) {
            (void)take_next(server);
        }
    }
}

/* "Its call now counts on its home context: it waits outside for a refill, or ends with
 * K5_ERR_BUDGET." */
void spec_recount(int t)
{
    if (m.task[t].state != K5_TASK_CALLING || cfg.wcet[m.task[t].at] == 0) {
        return;
    }
    m.seen[SEEN_RECOUNT]++;
    if (spec_counts(t, cfg.wcet[m.task[t].at]) == COUNTS_NEVER) {
        m.seen[SEEN_REFUSED]++;
        spec_wake(t, K5_ERR_BUDGET);
    }
}

/* ---- system calls ---- */

/* The refusals of k5.h: own endpoint K5_ERR_ARG, K5_ERR_PEER_GONE. */
static uint32_t send_refused(int t, int *slot)
{
    uint32_t error = spec_cap(t, K5_CAP_ENDPOINT, K5_RIGHT_CALL, slot);

    if (error != K5_OK) {
        return error;
    }
    int server = cfg.server[m.cap[*slot].object];

    if (server == t) {
        return K5_ERR_ARG;
    }
    return m.task[server].state == K5_TASK_STOPPED ? K5_ERR_PEER_GONE
                                                   : spec_long_refused(t, server, grants(*slot));
}

void spec_send_or_call(int t, bool call)
{
    int slot;
    uint32_t error = send_refused(t, &slot);

    if (error != K5_OK) {
        spec_result(t, error, 0, 0);
        return;
    }
    int endpoint = (int)m.cap[slot].object;
    int server = cfg.server[endpoint];
    bool receiving = m.task[server].state == K5_TASK_RECEIVING;
    uint64_t deadline = deadline_of(t);

    /* "A `call` always waits for its answer, so with a deadline that has passed nothing is
     * delivered"; a send that need not block succeeds whatever its deadline. */
    if (passed(deadline) && (call || !receiving)) {
        spec_result(t, K5_TIMEOUT, 0, 0);
        return;
    }
    if (call && receiving && spec_loan_place(t, server) != K5_OK) {
        spec_result(t, K5_ERR_LEND, 0, 0);
        return;
    }
    if (call && cfg.wcet[endpoint] != 0 && spec_counts(t, cfg.wcet[endpoint]) == COUNTS_NEVER) {
        spec_result(t, K5_ERR_BUDGET, 0, 0);
        return;
    }
    m.task[t].state = call ? K5_TASK_CALLING : K5_TASK_SENDING;
    m.task[t].at = endpoint;
    m.task[t].deadline = deadline;
    m.task[t].badge = m.cap[slot].badge;
    m.task[t].via = slot;
    if (m.task[server].state == K5_TASK_RECEIVING && !spec_stalled(t)) {
        hand_over(t, server);
    }
}

static void bits_take(int t, uint32_t mask, uint32_t flags)
{
    struct spec_task *task = &m.task[t];

    task->reg[K5_A_AUX] = task->bits & mask;
    task->bits &= ~mask;
    spec_result(t, K5_OK, K5_FLAG_BITS | flags, 0);
}

/* ADR 1, Order of results: "bits first, then messages, each at most once in a row while both wait".
 * time.md, The way back: "recv first gives back what is left". */
static void receive(int t, uint32_t mask)
{
    struct spec_task *task = &m.task[t];
    uint64_t deadline = deadline_of(t);

    spec_go_home(t);
    bool message = somebody_waits(cfg.endpoint[t]);
    bool bits = (task->bits & mask) != 0;

    if (!bits || (message && task->bits_last)) {
        if (take_next(t)) {
            return;
        }
    }
    if (bits) {
        bits_take(t, mask, task->owed);
        task->bits_last = true;
        task->owed = 0;
    } else if (block(t, K5_TASK_RECEIVING, cfg.endpoint[t], deadline)) {
        task->mask = mask;
    }
}

void spec_recv(int t)
{
    int slot;
    uint32_t error = spec_cap(t, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, &slot);

    if (error != K5_OK) {
        spec_result(t, error, 0, 0);
        return;
    }
    receive(t, m.task[t].reg[K5_A_AUX]);
}

/* ADR 3: "a token is good if the caller is AWAITING, its object is the very task that replies, and
 * the count is the current one". */
static bool good(int t, uint32_t token)
{
    uint32_t caller = token & 0x1F;

    return caller < K5_TASKS && m.task[caller].state == K5_TASK_AWAITING &&
           m.task[caller].at == t && m.task[caller].calls == token >> 5;
}

/* ADR 18: "its new life begins with the answer; the answer itself goes nowhere". */
static void answer_to_new(int caller)
{
    spec_loan_end(caller);
    m.seen[SEEN_LOAN_RENEWED]++;
    spec_begin(caller);
}

/* The answer: label and words, and what a long one brings; nothing else changes. True: somebody
 * waited for it. kept: K5_FLAG_CAP_KEPT if it went without its capability. */
static bool answer(int t, uint32_t token, uint32_t *kept)
{
    int caller = (int)(token & 0x1F);

    *kept = 0;
    if (!good(t, token)) {
        spec_loan_late(t, token);
        return false;
    }
    if (m.task[caller].renewed) {
        answer_to_new(caller);
        return true;
    }
    for (int i = 0; i < K5_MSG_WORDS; i++) {
        m.task[caller].reg[K5_A_W0 + i] = m.task[t].reg[K5_A_W0 + i];
    }
    uint32_t carried = spec_carry(t, caller, m.task[caller].grants);
    uint32_t flags = spec_bring(t, caller) | (carried & K5_FLAG_CAP) | m.task[caller].owed;

    *kept = carried & K5_FLAG_CAP_KEPT;
    m.seen[SEEN_LONG_ANSWER] += (flags & K5_FLAG_LONG) != 0;
    m.seen[SEEN_CAP_ANSWER] += (flags & K5_FLAG_CAP) != 0;
    m.seen[SEEN_LOAN_ANSWER] += m.task[caller].loan.server != NOBODY;
    spec_loan_end(caller);
    spec_unblock(caller); /* "reply to the very call from which it has its time gives it back" */
    spec_result(caller, K5_OK, flags, m.task[t].reg[K5_A_OP] >> 16);
    return true;
}

/* May t send the answer that it has? A lender that was restarted "sees neither answer nor error",
 * so it is "an answer that nobody waits for". */
static uint32_t answer_refused(int t, uint32_t token)
{
    int caller = good(t, token) ? (int)(token & 0x1F) : NOBODY;

    caller = caller != NOBODY && m.task[caller].renewed ? NOBODY : caller;
    return spec_long_refused(t, caller, caller != NOBODY && m.task[caller].grants);
}

void spec_reply(int t)
{
    uint32_t token = m.task[t].reg[K5_A_AUX];
    uint32_t kept = 0;
    uint32_t error = answer_refused(t, token);

    if (error == K5_OK && !answer(t, token, &kept)) {
        error = K5_ERR_TOKEN;
    }
    spec_result(t, error, kept, 0);
}

/* "A `reply_recv` whose slot is refused has sent no reply and its token is still good." */
void spec_reply_recv(int t)
{
    int slot;
    uint32_t token = m.task[t].reg[K5_A_AUX];
    uint32_t kept = 0;
    uint32_t error = spec_cap(t, K5_CAP_ENDPOINT, K5_RIGHT_SERVE, &slot);

    error = error == K5_OK ? answer_refused(t, token) : error;
    if (error != K5_OK) {
        spec_result(t, error, 0, 0);
        return;
    }
    if (token != 0 && !answer(t, token, &kept)) {
        m.task[t].owed = K5_FLAG_REPLY_FAILED;
    }
    m.task[t].owed |= kept;
    receive(t, m.task[t].setup_mask);
}

/* ---- the end of a server ---- */

void spec_orphan(int server, uint32_t error)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (m.task[t].loan.server == server) {
            spec_loan_end(t);
            m.seen[m.task[t].renewed || spec_dead(t) ? SEEN_LOAN_ORPHAN : SEEN_LOAN_SERVER]++;
        }
        if (m.task[t].state == K5_TASK_AWAITING && m.task[t].at == server) {
            if (m.task[t].renewed) {
                spec_begin(t);
            } else {
                spec_wake(t, error);
            }
        }
    }
}

void spec_close(int server)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (queued(t) && m.task[t].at == cfg.endpoint[server]) {
            spec_wake(t, K5_ERR_PEER_GONE);
        }
    }
}

/* ---- notification bits ---- */

/* "A bit set twice before it is read is one bit"; RECEIVING and WAITING end by a bit of the mask.
 */
void spec_bits(int t, uint32_t bits)
{
    struct spec_task *task = &m.task[t];
    bool waits = task->state == K5_TASK_RECEIVING || task->state == K5_TASK_WAITING;
    uint32_t mask = task->mask;

    task->bits |= bits;
    if (waits && (task->bits & mask) != 0) {
        uint32_t flags = task->owed;

        task->bits_last = true;
        spec_unblock(t);
        bits_take(t, mask, flags);
    }
}

/* k5.h, k5_signal: "K5_ERR_RIGHTS: a bit outside those that app.toml lets this task set;
 * K5_ERR_ARG: no bit; then none is set"; ADR 1: one that stopped for good: K5_ERR_PEER_GONE. */
void spec_signal(int t)
{
    int slot;
    uint32_t bits = m.task[t].reg[K5_A_AUX];
    uint32_t error = spec_cap(t, K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, &slot);

    if (error == K5_OK && bits == 0) {
        error = K5_ERR_ARG;
    } else if (error == K5_OK && (bits & ~m.cap[slot].badge) != 0) {
        error = K5_ERR_RIGHTS;
    } else if (error == K5_OK && m.task[m.cap[slot].object].state == K5_TASK_STOPPED) {
        error = K5_ERR_PEER_GONE;
    }
    spec_result(t, error, 0, 0);
    if (error == K5_OK) {
        spec_bits(m.cap[slot].object, bits);
    }
}

/* "`wait` with an empty mask needs a deadline (it is a sleep); with neither it is refused." */
void spec_wait(int t)
{
    uint32_t mask = m.task[t].reg[K5_A_AUX];
    uint64_t deadline = deadline_of(t);

    if (mask == 0 && deadline == 0) {
        spec_result(t, K5_ERR_ARG, 0, 0);
    } else if ((m.task[t].bits & mask) != 0) {
        bits_take(t, mask, 0);
        m.task[t].bits_last = true; /* "bits that `wait` gave count, too" */
    } else if (block(t, K5_TASK_WAITING, NOBODY, deadline)) {
        m.task[t].mask = mask;
    }
}
