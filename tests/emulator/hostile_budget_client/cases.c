/* Clients and the time they lend: a chain A -> S1 -> S2 -> S3, all passive; B calls S1, too, and
 * the whole budget of WEAK is below S1's wcet. The rows of "When a chain breaks" of
 * docs/manual/time.md one after the other, at each depth, and what a client can do to a server
 * without time.
 */
#include "../common/conductor.h"

enum { A, S1, S2, S3, B, WEAK };

/* A -> S1 -> S2 -> S3, and S3 has the call; the deadlines are those of A's, S1's and S2's call. */
static void chain(uint32_t us_a, uint32_t us_s1, uint32_t us_s2)
{
    PLAY(S3, RECV, 0);
    PLAY(S2, RECV, 0);
    PLAY(S1, RECV, 0);
    IS(S1, RECEIVING, HOME);
    play(A, PLAY_CALL, 0, us_a);
    play(S1, PLAY_CALL, 0, us_s1);
    play(S2, PLAY_CALL, 0, us_s2);
    IS(A, AWAITING, HOME);
    IS(S1, AWAITING, LENT);
    IS(S2, AWAITING, LENT);
    IS(S3, WAITING, LENT);
    GOING_ON(A);
}

static void replies(uint32_t p, k5_error error)
{
    PLAY(p, REPLY, 0);
    ENDED(p, error);
}

/* ---- without a break ---- */

static void a_call_lends(void)
{
    PLAY(S1, RECV, 0);
    PLAY(A, CALL, 0);
    IS(A, AWAITING, HOME);
    IS(S1, WAITING, LENT);
    uint64_t lent = time_lent(S1);
    uint64_t own = time_own(S1);
    PLAY(S1, SPIN, 1500);
    lent = time_lent(S1) - lent;
    CHECK(lent >= K5_US(1500) && lent < K5_US(1500) + K5_MS(2)); /* and two kernel entries */
    CHECK(time_own(S1) == own);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
    CHECK(PAGES[A].word == 1000 + S1);
    IS(S1, WAITING, HOME);
    own = time_own(S1);
    PLAY(S1, SPIN, 1500);
    CHECK(time_own(S1) - own >= K5_US(1500));
}

static void a_chain_is_on_one_budget(void)
{
    chain(0, 0, 0);
    uint64_t lent = time_lent(S3);
    PLAY(S3, SPIN, 1500);
    CHECK(time_lent(S3) - lent >= K5_US(1500));
    replies(S3, K5_OK);
    ENDED(S2, K5_OK);
    IS(S3, WAITING, HOME);
    IS(S2, WAITING, LENT);
    replies(S2, K5_OK);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
    IS(S1, WAITING, HOME);
}

/* ---- clients without enough time ---- */

static void a_server_overruns(void)
{
    uint32_t before = overruns(S1);
    uint32_t bits = 0;
    PLAY(S1, RECV, 0);
    PLAY(A, CALL, 0);
    PLAY(S1, SPIN, 30000); /* A has less than 16 ms left, then S1 its own 4 */
    later(24000);
    AT_HOME(S1);
    IS(A, AWAITING, EMPTY);
    CHECK(overruns(S1) == before + 1);
    CHECK(k5_wait(player[S1].bits, K5_POLL, &bits) == K5_OK); /* its supervisor is told */
    later(300000);
    ENDED(S1, K5_OK); /* it has gone on at home */
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
    PLAY(S1, RECV, 0);
    PLAY(B, CALL, 0);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(B, K5_OK);
}

static void a_call_waits_outside(void)
{
    PLAY(S1, RECV, 0);
    PLAY(A, SPIN, 4000);
    later(4000);
    PLAY(A, CALL, 0);
    IS(A, CALLING, EMPTY);
    IS(S1, RECEIVING, HOME);
    PLAY(B, CALL, 0); /* is served meanwhile */
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(B, K5_OK);
    PLAY(S1, RECV, 0);
    IS(A, CALLING, EMPTY);
    GOING_ON(S1);
    later(40000); /* its refill */
    ENDED(S1, K5_OK);
    IS(A, AWAITING, HOME);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void a_deadline_outside(void)
{
    PLAY(S1, RECV, 0);
    PLAY(A, SPIN, 4000);
    later(4000);
    play(A, PLAY_CALL, 0, 10000);
    IS(A, CALLING, EMPTY);
    later(15000);
    IS(S1, RECEIVING, HOME);
    GOING_ON(A); /* told when it has time again */
    later(30000);
    ENDED(A, K5_TIMEOUT);
    GOING_ON(S1);
}

static void a_budget_below_the_wcet(void)
{
    PLAY(S1, RECV, 0);
    PLAY(WEAK, CALL, 0);
    ENDED(WEAK, K5_ERR_BUDGET);
    IS(S1, RECEIVING, HOME);
    PLAY(A, CALL, 0);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

/* An exhausted client calls and gives up, again and again: its server takes nothing on its own
 * time.
 */
static void a_flood_without_time(void)
{
    PLAY(S1, SERVE, 0);
    PLAY(A, SPIN, 12000);
    later(14000);
    uint64_t own = time_own(S1);
    uint64_t used = time_own(A) + time_lent(S1);
    play(A, PLAY_FLOOD, 0, 500);
    later(200000);
    own = time_own(S1) - own;
    used = time_own(A) + time_lent(S1) - used;
    CHECK(PAGES[A].kept[0] > 10);            /* it was a flood */
    CHECK(used <= 6 * K5_MS(16) + K5_MS(1)); /* 202 ms, and no window gives more */
    CHECK(own <= K5_MS(4)); /* not a tenth of five homes: a few ticks of each entry */
    PLAY(B, CALL, 0);
    later(20000); /* A is more urgent, and has time now and then */
    ENDED(B, K5_OK);
    K5_INFO("{} calls, {} us of the client's time, {} us of the server's", PAGES[A].kept[0],
            (uint32_t)(used / K5_US(1)), (uint32_t)(own / K5_US(1)));
    PAGES[A].kept[0] = 0;
}

/* ---- a chain breaks ---- */

static void the_last_dies(void)
{
    chain(0, 0, 0);
    PLAY(S3, FAULT, 0);
    IS(S3, FAULTED, HOME);
    ENDED(S2, K5_ERR_PEER_DIED);
    IS(S2, WAITING, LENT);
    IS(S1, AWAITING, LENT);
    IS(A, AWAITING, HOME);
    replies(S2, K5_OK);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_third_is_restarted(void)
{
    chain(0, 0, 0);
    player_restart(S2);
    later(4000);
    ENDED(S1, K5_ERR_PEER_DIED);
    IS(S1, WAITING, LENT);
    IS(S2, WAITING, HOME);
    IS(S3, WAITING, HOME);
    replies(S3, K5_ERR_TOKEN);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_second_is_restarted(void)
{
    chain(0, 0, 0);
    player_restart(S1);
    later(4000);
    ENDED(A, K5_ERR_PEER_DIED);
    IS(A, WAITING, HOME);
    IS(S1, WAITING, HOME);
    IS(S2, AWAITING, HOME);
    IS(S3, WAITING, HOME);
    replies(S3, K5_OK);
    ENDED(S2, K5_OK);
    replies(S2, K5_ERR_TOKEN);
}

static void the_last_is_restarted(void)
{
    chain(0, 0, 0);
    player_restart(S3);
    later(4000);
    ENDED(S2, K5_ERR_PEER_DIED);
    IS(S3, WAITING, HOME);
    IS(S2, WAITING, LENT);
    replies(S2, K5_OK);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

/* The chain's answers come after A has gone: they go up to S1, and no further. */
static void answers_for_nobody(void)
{
    IS(S1, AWAITING, HOME);
    IS(S2, AWAITING, HOME);
    IS(S3, WAITING, HOME);
    replies(S3, K5_OK);
    ENDED(S2, K5_OK);
    IS(S2, WAITING, HOME);
    replies(S2, K5_OK);
    ENDED(S1, K5_OK);
    replies(S1, K5_ERR_TOKEN);
}

static void the_clients_deadline(void)
{
    chain(40000, 0, 0);
    later(40000);
    ENDED(A, K5_TIMEOUT);
    IS(A, WAITING, HOME);
    answers_for_nobody();
}

static void the_seconds_deadline(void)
{
    chain(0, 30000, 0);
    later(30000);
    ENDED(S1, K5_TIMEOUT);
    IS(S1, WAITING, LENT);
    IS(S2, AWAITING, HOME);
    IS(S3, WAITING, HOME);
    IS(A, AWAITING, HOME);
    replies(S3, K5_OK);
    replies(S2, K5_ERR_TOKEN);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_thirds_deadline(void)
{
    chain(0, 0, 30000);
    later(30000);
    ENDED(S2, K5_TIMEOUT);
    IS(S2, WAITING, LENT);
    IS(S1, AWAITING, LENT);
    IS(S3, WAITING, HOME);
    replies(S3, K5_ERR_TOKEN);
    replies(S2, K5_OK);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_client_is_restarted(void)
{
    uint32_t starts = PAGES[A].starts;
    chain(0, 0, 0);
    player_restart(A);
    later(4000);
    CHECK(PAGES[A].starts == starts + 1);
    IS(A, WAITING, HOME);
    answers_for_nobody();
}

static void the_client_is_suspended(void)
{
    chain(0, 0, 0);
    player_suspend(A);
    player_suspend(A); /* a second time changes nothing */
    IS(A, AWAITING, SUSPENDED);
    IS(S1, AWAITING, HOME);
    IS(S2, AWAITING, HOME);
    IS(S3, WAITING, HOME);
    replies(S3, K5_OK);
    replies(S2, K5_OK);
    replies(S1, K5_OK); /* delivered */
    IS(A, READY, SUSPENDED);
    GOING_ON(A);
    player_resume(A);
    later(4000);
    ENDED(A, K5_OK);
    CHECK(PAGES[A].word == 1000 + S1);
}

static void the_second_is_suspended(void)
{
    chain(0, 0, 0);
    player_suspend(S1);
    IS(A, AWAITING, HOME);
    IS(S1, AWAITING, SUSPENDED);
    IS(S2, AWAITING, HOME);
    IS(S3, WAITING, HOME);
    replies(S3, K5_OK);
    replies(S2, K5_OK);
    GOING_ON(S1);
    player_resume(S1);
    later(4000);
    ENDED(S1, K5_OK);
    IS(S1, WAITING, HOME); /* what was recalled is not lent anew */
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_third_is_suspended(void)
{
    chain(0, 0, 0);
    player_suspend(S2);
    IS(S1, AWAITING, LENT);
    IS(S2, AWAITING, SUSPENDED);
    IS(S3, WAITING, HOME);
    replies(S3, K5_OK);
    GOING_ON(S2);
    player_resume(S2);
    later(4000);
    ENDED(S2, K5_OK);
    IS(S2, WAITING, HOME);
    replies(S2, K5_OK);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_last_is_suspended(void)
{
    chain(0, 0, 0);
    player_suspend(S3);
    IS(S1, AWAITING, LENT);
    IS(S2, AWAITING, LENT);
    IS(S3, WAITING, SUSPENDED);
    player_resume(S3);
    replies(S3, K5_OK);
    replies(S2, K5_OK);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

static void the_last_overruns(void)
{
    uint32_t before[3] = {overruns(S1), overruns(S2), overruns(S3)};
    chain(0, 0, 0);
    PLAY(S3, SPIN, 30000);
    later(20000);
    IS(S1, AWAITING, HOME);
    IS(S2, AWAITING, HOME);
    AT_HOME(S3);
    CHECK(overruns(S1) == before[0] && overruns(S2) == before[1]);
    CHECK(overruns(S3) == before[2] + 1);
    later(200000);
    ENDED(S3, K5_OK); /* on its own time */
    replies(S3, K5_OK);
    replies(S2, K5_OK);
    replies(S1, K5_OK);
    ENDED(A, K5_OK);
}

/* ---- one that goes home while it is queued ---- */

static void queued_and_home_is_too_small(void)
{
    PLAY(S1, RECV, 0);
    play(A, PLAY_CALL, 0, 20000);
    PLAY(S1, CALL, 0); /* S2 does not receive */
    IS(S1, CALLING, LENT);
    later(20000);
    ENDED(A, K5_TIMEOUT);
    ENDED(S1, K5_ERR_BUDGET);
    IS(S1, WAITING, HOME);
}

static void queued_and_home_is_enough(void)
{
    PLAY(S2, RECV, 0);
    PLAY(S1, RECV, 0);
    play(A, PLAY_CALL, 0, 20000);
    PLAY(S1, CALL, 0);
    PLAY(S2, CALL, 0); /* S3 does not receive */
    IS(S2, CALLING, LENT);
    later(20000);
    ENDED(A, K5_TIMEOUT);
    IS(S1, AWAITING, HOME);
    IS(S2, CALLING, HOME);
    PLAY(S3, RECV, 0);
    ENDED(S3, K5_OK);
    IS(S3, WAITING, LENT); /* on S2's own */
    replies(S3, K5_OK);
    replies(S2, K5_OK);
    replies(S1, K5_ERR_TOKEN);
}

/* The last case: A never comes back. */
static void the_client_is_stopped(void)
{
    chain(0, 0, 0);
    CHECK(k5_task_stop(player[A].task) == K5_OK);
    later(4000);
    IS(A, STOPPED, HOME);
    answers_for_nobody();
    PLAY(S1, RECV, 0);
    PLAY(B, CALL, 0);
    IS(S1, WAITING, LENT);
    replies(S1, K5_OK);
    ENDED(B, K5_OK);
}

static const struct {
    const char *name;
    void (*play)(void);
} cases[] = {
    {"a call lends its time", a_call_lends},
    {"a chain of four is on one budget", a_chain_is_on_one_budget},
    {"a server overruns a client's time", a_server_overruns},
    {"a call with less than the wcet waits outside", a_call_waits_outside},
    {"a deadline outside for lack of time", a_deadline_outside},
    {"a whole budget below the wcet", a_budget_below_the_wcet},
    {"a flood of calls without time", a_flood_without_time},
    {"the last server dies", the_last_dies},
    {"the last server is restarted", the_last_is_restarted},
    {"the middle server is restarted", the_third_is_restarted},
    {"the first server is restarted", the_second_is_restarted},
    {"the client's deadline passes", the_clients_deadline},
    {"the first server's deadline passes", the_seconds_deadline},
    {"the middle server's deadline passes", the_thirds_deadline},
    {"the client is restarted", the_client_is_restarted},
    {"the client is suspended", the_client_is_suspended},
    {"the first server is suspended", the_second_is_suspended},
    {"the middle server is suspended", the_third_is_suspended},
    {"the last server is suspended", the_last_is_suspended},
    {"the last server overruns", the_last_overruns},
    {"home is too small for a queued call", queued_and_home_is_too_small},
    {"home is enough for a queued call", queued_and_home_is_enough},
};

int main(void)
{
    k5_sleep(K5_MS(50));
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        case_begin(cases[i].name);
        cases[i].play();
        case_end();
    }
    case_begin("the client is stopped");
    the_client_is_stopped();
    case_say();
    cases_end();
}
