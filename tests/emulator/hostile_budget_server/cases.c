/* Servers that do with a caller's time and with its call what they should not: S serves A, B and C,
 * and calls OTHER. After each case the players start anew and the pair must work.
 */
#include "../common/conductor.h"

enum { S, OTHER, A, B, C };

#define FIRST  0 /* numbers of kept tokens */
#define SECOND 1
#define THIRD  2

static void replies(uint32_t p, uint32_t number, k5_error error)
{
    PLAY(p, REPLY, number);
    ENDED(p, error);
}

/* S takes a call of `client` and keeps its token. */
static void takes(uint32_t client, uint32_t number)
{
    PLAY(S, RECV, number);
    PLAY(client, CALL, 0);
    IS(client, AWAITING, HOME);
    IS(S, WAITING, LENT);
}

/* A good call: what S did before has harmed neither S nor the client. */
static void call_works(uint32_t client)
{
    takes(client, FIRST);
    replies(S, FIRST, K5_OK);
    ENDED(client, K5_OK);
    IS(S, WAITING, HOME);
}

static void dies(void)
{
    takes(A, FIRST);
    PLAY(B, CALL, 0); /* queued: served after the restart */
    IS(B, CALLING, HOME);
    PLAY(S, FAULT, 0);
    ENDED(A, K5_ERR_PEER_DIED);
    IS(A, WAITING, HOME);
    IS(S, FAULTED, HOME);
    IS(B, CALLING, HOME);
    CHECK(k5_task_suspend(player[S].task) == K5_ERR_ARG);
    player_restart(S);
    later(4000);
    PLAY(S, RECV, FIRST);
    IS(S, WAITING, LENT);
    replies(S, FIRST, K5_OK);
    ENDED(B, K5_OK);
}

static void dies_with_several_calls(void)
{
    takes(A, FIRST);
    takes(B, SECOND);
    IS(A, AWAITING, HOME);
    PLAY(S, FAULT, 0);
    ENDED(A, K5_ERR_PEER_DIED);
    ENDED(B, K5_ERR_PEER_DIED);
    player_restart(S);
    later(4000);
    replies(S, FIRST, K5_ERR_TOKEN);
    replies(S, SECOND, K5_ERR_TOKEN);
    call_works(A);
}

static void hangs(void)
{
    uint32_t before = overruns(S);
    uint64_t used = time_own(A) + time_lent(S);
    takes(A, FIRST);
    PLAY(S, LOOP, 0);
    later(30000);
    CHECK(overruns(S) == before + 1);
    IS(A, AWAITING, EMPTY);
    used = time_own(A) + time_lent(S) - used;
    CHECK(used >= K5_MS(15) && used <= K5_MS(16) + K5_US(500));
    AT_HOME(S);
    uint64_t own = time_own(S); /* from now on it pays for its loop itself, and for its switches */
    later(200000);
    own = time_own(S) - own;
    CHECK(own >= K5_MS(4 * 4 - 1) && own <= K5_MS(7 * 4) && overruns(S) == before + 1);
    GOING_ON(A);
    PLAY(B, CALL, 0);
    GOING_ON(B);
    player_restart(S);
    later(50000); /* that gives it no time: it begins with its next refill */
    ENDED(A, K5_ERR_PEER_DIED);
    IS(B, CALLING, HOME);
    PLAY(S, RECV, FIRST);
    replies(S, FIRST, K5_OK);
    ENDED(B, K5_OK);
}

static void replies_twice(void)
{
    takes(A, FIRST);
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
    replies(S, FIRST, K5_ERR_TOKEN);
    PLAY(A, CALL, 0); /* queued; the old token does not answer the new call */
    replies(S, FIRST, K5_ERR_TOKEN);
    GOING_ON(A);
    PLAY(S, RECV, SECOND);
    IS(S, WAITING, LENT);
    replies(S, FIRST, K5_ERR_TOKEN);
    IS(S, WAITING, LENT);
    GOING_ON(A);
    replies(S, SECOND, K5_OK);
    ENDED(A, K5_OK);
}

static void replies_to_a_stale_token(void)
{
    PLAY(S, RECV, FIRST);
    play(A, PLAY_CALL, 0, 10000);
    later(12000);
    ENDED(A, K5_TIMEOUT);
    IS(S, WAITING, HOME);
    takes(B, SECOND);
    replies(S, FIRST, K5_ERR_TOKEN); /* reaches neither A, who gave up, nor B */
    IS(S, WAITING, LENT);            /* and moves no time */
    GOING_ON(B);
    replies(S, SECOND, K5_OK);
    ENDED(B, K5_OK);
}

/* Answers to other calls than the latest move no time. */
static void answers_out_of_order(void)
{
    takes(A, FIRST);
    takes(B, SECOND);
    IS(A, AWAITING, HOME); /* has its time again since S received */
    takes(C, THIRD);
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
    IS(S, WAITING, LENT); /* on C's */
    replies(S, THIRD, K5_OK);
    ENDED(C, K5_OK);
    IS(S, WAITING, HOME);
    replies(S, SECOND, K5_OK); /* at home */
    ENDED(B, K5_OK);
    IS(S, WAITING, HOME);
}

static void works_for_a_kept_call_at_home(void)
{
    takes(A, FIRST);
    PLAY(S, RECV, SECOND); /* nobody calls: A's time is A's again */
    IS(S, RECEIVING, HOME);
    IS(A, AWAITING, HOME);
    PLAY(B, CALL, 0);
    replies(S, SECOND, K5_OK);
    uint64_t own = time_own(S);
    uint64_t lent = time_lent(S);
    PLAY(S, SPIN, 1000); /* for A, at home */
    CHECK(time_own(S) - own >= K5_US(1000) && time_lent(S) == lent);
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
    ENDED(B, K5_OK);
}

static void never_answers(void)
{
    PLAY(S, RECV, FIRST);
    play(A, PLAY_CALL, 0, 20000);
    IS(S, WAITING, LENT);
    PLAY(S, WAIT, 0); /* for ever, on A's time */
    IS(S, WAITING, LENT);
    uint64_t used = time_own(A) + time_lent(S);
    later(20000);
    ENDED(A, K5_TIMEOUT);
    IS(S, WAITING, HOME);
    CHECK(time_own(A) + time_lent(S) - used <= K5_MS(2)); /* waiting costs nothing */
    player_restart(S);
    later(4000);
    call_works(A);
}

static void sleeps_on_lent_time(void)
{
    takes(A, FIRST);
    PLAY(S, SLEEP, 50000); /* longer than A's period */
    IS(S, WAITING, LENT);
    PLAY(B, CALL, 0);
    IS(B, CALLING, HOME);
    later(60000);
    ENDED(S, K5_OK);
    IS(S, WAITING, LENT); /* still on A's */
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
    PLAY(S, RECV, SECOND);
    IS(S, WAITING, LENT);
    replies(S, SECOND, K5_OK);
    ENDED(B, K5_OK);
}

/* A's refills come back while its time is lent: the server can use a whole budget in each period,
 * and the client no more than that in all. */
static void works_through_a_refill(void)
{
    takes(A, FIRST);
    uint64_t used = time_own(A) + time_lent(S);
    for (uint32_t i = 0; i < 3; i++) {
        PLAY(S, SPIN, 8000);
        later(40000);
        ENDED(S, K5_OK);
        IS(S, WAITING, LENT);
    }
    CHECK(time_own(A) + time_lent(S) - used >= 3 * K5_MS(8));
    CHECK(overruns(S) == 1); /* of "hangs" */
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
}

/* It takes a call, and calls OTHER though too little is left: it is the one that took too long. */
static void calls_too_late(void)
{
    uint32_t before = overruns(S);
    PLAY(OTHER, RECV, FIRST);
    takes(A, FIRST);
    PLAY(S, SPIN, 12400);
    later(14000);
    ENDED(S, K5_OK);
    IS(S, WAITING, LENT);
    PLAY(S, CALL, 0); /* 3.6 ms are not left, but at home they are */
    CHECK(overruns(S) == before + 1);
    IS(S, AWAITING, HOME);
    IS(OTHER, WAITING, LENT); /* on S's own */
    replies(OTHER, FIRST, K5_OK);
    ENDED(S, K5_OK);
    replies(S, FIRST, K5_OK);
    later(40000);
    ENDED(A, K5_OK);
}

static void replies_and_receives_at_once(void)
{
    takes(A, FIRST);
    PLAY(B, CALL, 0);
    PLAY(S, REPLY_RECV, FIRST); /* to A; and takes B's call */
    ENDED(S, K5_OK);
    ENDED(A, K5_OK);
    IS(S, WAITING, LENT);
    IS(B, AWAITING, HOME);
    player_restart(B);
    later(4000);
    IS(S, WAITING, HOME);
    play(S, PLAY_REPLY_RECV, FIRST, 2000); /* to nobody */
    ENDED(S, K5_TIMEOUT);
}

/* A plain send lends nothing. */
static void works_for_a_send_at_home(void)
{
    PLAY(S, RECV, FIRST);
    PLAY(A, SEND, 0);
    ENDED(A, K5_OK);
    IS(S, WAITING, HOME);
    replies(S, FIRST, K5_ERR_TOKEN);
}

static void is_suspended(void)
{
    PLAY(S, RECV, FIRST);
    player_suspend(S);
    PLAY(A, CALL, 0); /* taken, but a server that cannot run needs no time */
    IS(A, AWAITING, HOME);
    IS(S, READY, SUSPENDED);
    PLAY(B, CALL, 0);
    IS(B, CALLING, HOME);
    player_resume(S);
    later(4000);
    ENDED(S, K5_OK);
    IS(S, WAITING, HOME);
    replies(S, FIRST, K5_OK);
    ENDED(A, K5_OK);
    PLAY(S, RECV, SECOND);
    IS(S, WAITING, LENT);
    replies(S, SECOND, K5_OK);
    ENDED(B, K5_OK);
}

static void stops_for_good(void)
{
    takes(A, FIRST);
    PLAY(B, CALL, 0);
    CHECK(k5_task_stop(player[S].task) == K5_OK);
    later(4000);
    ENDED(A, K5_ERR_PEER_DIED);
    ENDED(B, K5_ERR_PEER_GONE);
    PLAY(C, CALL, 0);
    ENDED(C, K5_ERR_PEER_GONE);
    IS(A, WAITING, HOME);
    IS(S, STOPPED, HOME);
    CHECK(k5_task_suspend(player[S].task) == K5_ERR_ARG);
    CHECK(k5_task_resume(player[S].task) == K5_ERR_ARG);
}

static const struct {
    const char *name;
    void (*play)(void);
} cases[] = {
    {"a server dies", dies},
    {"a server dies with several calls", dies_with_several_calls},
    {"a server hangs", hangs},
    {"a server replies twice", replies_twice},
    {"a server replies to a stale token", replies_to_a_stale_token},
    {"a server answers out of order", answers_out_of_order},
    {"a server receives before it replies", works_for_a_kept_call_at_home},
    {"a server never answers", never_answers},
    {"a server sleeps on lent time", sleeps_on_lent_time},
    {"a server works through a refill", works_through_a_refill},
    {"a server calls with too little left", calls_too_late},
    {"a server replies and receives", replies_and_receives_at_once},
    {"a server takes a plain send", works_for_a_send_at_home},
    {"a server is suspended", is_suspended},
};

int main(void)
{
    k5_sleep(K5_MS(50));
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        case_begin(cases[i].name);
        cases[i].play();
        case_end();
    }
    case_begin("a server stops for good");
    stops_for_good();
    case_say();
    cases_end();
}
