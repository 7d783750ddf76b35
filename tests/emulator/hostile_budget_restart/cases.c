/* Restart, suspension and resumption of X in every state that it can be in, also of those that only
 * budgets bring: outside for lack of time, awaiting on lent time, ready but empty. X is a client of
 * S and serves an endpoint of its own, which Y calls.
 */
#include "../common/conductor.h"

enum { X, S, Y };

#define BUDGET K5_MS(16)
#define PERIOD K5_MS(40)

/* How X comes into each state; what it is then, and what a resumed X finds. */
struct state {
    const char *restarted; /* names of the two cases */
    const char *suspended;
    void (*enter)(void);
    uint32_t state;
    uint32_t conditions;
    void (*go_on)(void); /* resumed: finish what X was doing */
};

static void spend(void) /* all but a little of X's budget */
{
    PLAY(X, SPIN, 7000);
    later(8000);
}

static void send_queued(void)
{
    PLAY(X, SEND, 0);
}

static void send_taken(void)
{
    PLAY(S, RECV, 0);
    ENDED(S, K5_OK);
    ENDED(X, K5_OK);
}

static void call_queued(void)
{
    PLAY(X, CALL, 0);
}

static void call_answered(void)
{
    PLAY(S, RECV, 0);
    IS(S, WAITING, LENT);
    PLAY(S, REPLY, 0);
    ENDED(S, K5_OK);
    ENDED(X, K5_OK);
}

static void call_outside(void)
{
    PLAY(S, RECV, 0);
    spend();
    PLAY(X, CALL, 0);
    IS(S, RECEIVING, HOME);
}

static void outside_answered(void)
{
    later(40000);
    IS(S, WAITING, LENT);
    PLAY(S, REPLY, 0);
    ENDED(X, K5_OK);
}

static void await(void)
{
    PLAY(S, RECV, 0);
    PLAY(X, CALL, 0);
    IS(S, WAITING, LENT);
}

static void await_answered(void)
{
    IS(S, WAITING, HOME); /* its time is not lent anew */
    PLAY(S, REPLY, 0);
    ENDED(S, K5_OK);
    ENDED(X, K5_OK);
}

static void receive(void)
{
    PLAY(X, RECV, 0);
}

static void receive_sent(void)
{
    PLAY(Y, CALL, 0);
    ENDED(X, K5_OK);
    PLAY(X, REPLY, 0);
    ENDED(Y, K5_OK);
}

static void wait(void)
{
    play(X, PLAY_WAIT, 0, 60000);
}

static void wait_over(void)
{
    later(60000);
    ENDED(X, K5_TIMEOUT);
}

static void nap(void)
{
    PLAY(X, SLEEP, 60000);
}

static void nap_over(void)
{
    later(60000);
    ENDED(X, K5_OK);
}

static void empty(void)
{
    PLAY(X, SPIN, 20000);
    later(22000);
}

static void empty_over(void)
{
    later(60000);
    ENDED(X, K5_OK);
}

static const struct state states[] = {
    {"restarted: a queued send", "suspended: a queued send", send_queued, K5_TASK_SENDING, HOME,
     send_taken},
    {"restarted: a queued call", "suspended: a queued call", call_queued, K5_TASK_CALLING, HOME,
     call_answered},
    {"restarted: a call outside for lack of time", "suspended: a call outside for lack of time",
     call_outside, K5_TASK_CALLING, EMPTY, outside_answered},
    {"restarted: an answer awaited on lent time", "suspended: an answer awaited on lent time",
     await, K5_TASK_AWAITING, HOME, await_answered},
    {"restarted: receiving", "suspended: receiving", receive, K5_TASK_RECEIVING, HOME,
     receive_sent},
    {"restarted: waiting", "suspended: waiting", wait, K5_TASK_WAITING, HOME, wait_over},
    {"restarted: sleeping", "suspended: sleeping", nap, K5_TASK_WAITING, HOME, nap_over},
    {"restarted: ready but without time", "suspended: ready but without time", empty, K5_TASK_READY,
     EMPTY, empty_over},
};

static void rest(void)
{
    for (uint32_t p = 0; p < K5_SUPERVISED_COUNT; p++) {
        player_restart(p);
    }
    later(80000);
}

/* Restarted in this state it begins anew, once it has time; what it had begun is undone. */
static void restarted(const struct state *s)
{
    uint32_t starts = PAGES[X].starts;
    s->enter();
    is(X, s->state, s->conditions, __LINE__);
    player_restart(X);
    later(4000);
    CHECK((PAGES[X].starts == starts) == (s->conditions == EMPTY)); /* that is no new budget */
    later(60000);
    CHECK(PAGES[X].starts == starts + 1);
    IS(X, WAITING, HOME);
    GOING_ON(X);
    PLAY(S, REPLY, 0); /* what it took, if anything, is nobody's now */
    rest();
    play(S, PLAY_RECV, 0, 1000); /* nor is anything queued */
    ENDED(S, K5_TIMEOUT);
}

/* Suspended it stays in this state and gets no time; resumed it goes on. */
static void suspended(const struct state *s)
{
    s->enter();
    player_suspend(X);
    is(S, s->enter == call_outside ? K5_TASK_RECEIVING : K5_TASK_WAITING, HOME, __LINE__);
    is(X, s->state, s->conditions | SUSPENDED, __LINE__);
    uint64_t own = time_own(X);
    later(10000);
    is(X, s->state, s->conditions | SUSPENDED, __LINE__);
    CHECK(time_own(X) == own);
    player_resume(X);
    player_resume(X); /* a second time changes nothing */
    is(X, s->state, s->conditions, __LINE__);
    s->go_on();
}

/* A message, an answer, a time-out that come during the suspension are there after it. */
static void told_when_resumed(void)
{
    play(X, PLAY_WAIT, 0, 10000);
    player_suspend(X);
    later(20000);
    IS(X, READY, SUSPENDED); /* timed out */
    GOING_ON(X);
    player_resume(X);
    later(4000);
    ENDED(X, K5_TIMEOUT);
    PLAY(X, RECV, 0);
    player_suspend(X);
    PLAY(Y, CALL, 0);
    IS(X, READY, SUSPENDED);
    player_resume(X);
    later(4000);
    ENDED(X, K5_OK);
    PLAY(X, REPLY, 0);
    ENDED(Y, K5_OK);
}

/* A queued call is not taken while its caller is suspended; another one is. */
static void not_served_while_suspended(void)
{
    PLAY(X, CALL, 0);
    player_suspend(X);
    PLAY(S, RECV, 0);
    IS(S, RECEIVING, HOME);
    IS(X, CALLING, SUSPENDED);
    player_resume(X); /* taken at once */
    later(4000);
    IS(X, AWAITING, HOME);
    IS(S, WAITING, LENT);
    PLAY(S, REPLY, 0);
    ENDED(X, K5_OK);
}

/* A restart ends a suspension. */
static void restarted_while_suspended(void)
{
    uint32_t starts = PAGES[X].starts;
    PLAY(X, WAIT, 0);
    player_suspend(X);
    player_restart(X);
    later(4000);
    CHECK(PAGES[X].starts == starts + 1);
    IS(X, WAITING, HOME);
}

/* Whoever restarts it, or suspends and resumes it, however often: a loop gets one budget in a
 * window of one period. */
static void no_budget_from(void (*disturb)(void))
{
    PLAY(X, LOOP, 0);
    for (uint32_t round = 0; round < 3; round++) {
        uint64_t used = time_own(X);
        k5_ticks end = k5_after(PERIOD - K5_MS(1));
        while (k5_time() < end) {
            disturb();
            later(1500);
        }
        used = time_own(X) - used;
        CHECK(used <= BUDGET + K5_MS(1));
        CHECK(used > 0);
    }
}

static void loop_restart(void)
{
    player_restart(X);
    PAGES[X].step++; /* it loops again at once */
    k5_error error = k5_signal(player_signal[X], PLAY_BIT);
    K5_ASSERT(error == K5_OK);
}

static void loop_suspend(void)
{
    player_suspend(X);
    later(100);
    player_resume(X);
}

static void play_alone(const char *name, void (*part)(void))
{
    case_begin(name);
    part();
    case_end();
}

static void restarts_give_nothing(void)
{
    no_budget_from(loop_restart);
}

static void suspensions_give_nothing(void)
{
    no_budget_from(loop_suspend);
}

int main(void)
{
    k5_sleep(K5_MS(50));
    for (uint32_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        case_begin(states[i].restarted);
        restarted(&states[i]);
        case_end();
        case_begin(states[i].suspended);
        suspended(&states[i]);
        case_end();
    }
    play_alone("what comes during a suspension is there after it", told_when_resumed);
    play_alone("a suspended caller is not served", not_served_while_suspended);
    play_alone("a restart ends a suspension", restarted_while_suspended);
    play_alone("restarts give no budget", restarts_give_nothing);
    play_alone("suspensions give no budget", suspensions_give_nothing);
    cases_end();
}
