/* Lent time: passive servers, chains, each way in which a chain breaks, overruns.
 *
 *   ALPHA (limit 400 of 1000) --> SERVER (passive, wcet 200) --> OTHER (passive, wcet 100)
 *   BETA  (limit 100 of 1000) --> SERVER: its budget is smaller than the wcet
 *   GAMMA (a turn of 1000)    --> SERVER, OTHER
 *   homes: SERVER 150 of 1000, OTHER 100 of 1000
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define WCET_SERVER 200u
#define WCET_OTHER  100u

static void limit(task_t task, uint32_t budget)
{
    cfg.budget[task] = budget;
    cfg.period[task] = 1000;
}

static void boot_passive(void)
{
    tables_fill();
    limit(ALPHA, 400);
    limit(BETA, 100);
    limit(SERVER, 150);
    limit(OTHER, 100);
    cfg.wcet[0] = WCET_SERVER;
    cfg.wcet[1] = WCET_OTHER;
    cfg.handler[OTHER] = SUPER;
    cfg.handler_bits[OTHER] = FAULT_OF(OTHER);
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(k.current, GAMMA);
}

static int setup(void **state)
{
    (void)state;
    boot_passive();
    return 0;
}

/* GAMMA and BETA out of the way: ALPHA runs. */
static void only_alpha(void)
{
    AS(GAMMA, WAIT, .aux = 1);
    if (k.current == BETA) {
        AS(BETA, WAIT, .aux = 1);
    }
    assert_int_equal(k.current, ALPHA);
}

/* ALPHA -> SERVER -> OTHER, and OTHER runs; the tokens. */
static uint32_t token_alpha;
static uint32_t token_server;
static void chain(void)
{
    only_alpha();
    AS(ALPHA, CALL, .label = 1);
    assert_int_equal(k.current, SERVER);
    token_alpha = aux_of(SERVER);
    AS(SERVER, CALL, .slot = 1, .label = 2);
    assert_int_equal(k.current, OTHER);
    token_server = aux_of(OTHER);
    assert_int_equal(k.task.sc[OTHER], ALPHA);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    assert_int_equal(k.charged, ALPHA);
}

/* The supervisor is awake: let it act. */
static void super_wakes(void)
{
    AS(OTHER, SIGNAL, .slot = 1, .aux = 0x10);
    assert_int_equal(k.current, SUPER);
}

static void all_home(void)
{
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        assert_int_equal(k.task.sc[t], t);
    }
    assert_int_equal(k.borrowing, 0);
}

static void a_call_takes_the_callers_time(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, CALL);
    assert_int_equal(k.charged, ALPHA);
    ktime since = k.since;
    tick(60);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, REPLY_RECV, .aux = token);
    assert_int_equal(k.current, ALPHA);
    tick(30);
    assert_true(k.since == since); /* nothing was charged on the way */
    AS(ALPHA, WAIT, .aux = 1);
    assert_int_equal(k.refill.amount[ALPHA][0], 310);
    assert_int_equal(k.refill.amount[SERVER][0], 150);
    assert_int_equal(k.task.time_own[ALPHA], 30);
    assert_int_equal(k.task.time_lent[SERVER], 60);
    assert_int_equal(k.task.time_own[SERVER], 0);
    all_home();
}

static void a_chain_is_on_one_context(void **state)
{
    (void)state;
    chain();
    tick(30);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    tick(30);
    AS(SERVER, REPLY_RECV, .aux = token_alpha);
    assert_int_equal(k.current, ALPHA);
    AS(ALPHA, WAIT, .aux = 1);
    assert_int_equal(k.refill.amount[ALPHA][0], 340);
    assert_int_equal(k.task.time_lent[OTHER], 30);
    assert_int_equal(k.task.time_lent[SERVER], 30);
    all_home();
}

/* Known wrong elsewhere: a plain send to a passive server left it without time for ever. */
static void a_send_is_served_at_home(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, SEND);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, SERVER);
    tick(150);
    assert_int_equal(k.current, ALPHA);
    tick(850);
    assert_int_equal(k.current, SERVER);
}

/* Known wrong elsewhere: a second recv before the first reply moved the wrong time. */
static void recv_gives_back_first(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, CALL);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, RECV);
    all_home();
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    tick(5000);
    assert_int_equal(k.current, K5_IDLE);
    assert_true(reply_good(token, SERVER));
}

/* Two callers kept: answering the earlier one moves no time, answering the later one does. */
static void only_the_latest_call_has_lent(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    uint32_t first = aux_of(SERVER);
    AS(SERVER, RECV);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, CALL);
    uint32_t second = aux_of(SERVER);
    assert_int_equal(k.task.lender[SERVER], ALPHA);
    AS(SERVER, REPLY, .aux = first);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    AS(SERVER, REPLY, .aux = second);
    all_home();
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, SERVER);
}

static void a_budget_below_the_wcet_is_refused(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, CALL);
    assert_int_equal(error_of(BETA), K5_ERR_BUDGET);
    assert_int_equal(k.current, BETA);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
}

/* 180 are left and 200 needed: outside until enough has come together. */
static void a_caller_short_of_time_waits_outside(void **state)
{
    (void)state;
    only_alpha();
    tick_silently(220);
    AS(ALPHA, CALL);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_CALLING);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_int_equal(k.current, K5_IDLE);
    tick(779);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    tick(1);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    assert_int_equal(k.refill.amount[ALPHA][0], 400);
}

static void outside_a_deadline_still_counts(void **state)
{
    (void)state;
    only_alpha();
    tick_silently(220);
    AS(ALPHA, CALL, .deadline = k.now + 500);
    tick(280);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(error_of(ALPHA), K5_TIMEOUT);
    assert_int_equal(k.current, K5_IDLE); /* told when it has time */
    tick(500);
    assert_int_equal(k.current, ALPHA);
}

/* A turn that is nearly over starts anew, and is lent whole. */
static void a_short_turn_starts_anew(void **state)
{
    (void)state;
    tick(900);
    AS(GAMMA, CALL);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.refill.amount[GAMMA][0], 1000);
    assert_int_equal(k.task.sc[SERVER], GAMMA);
}

/* Out of time inside: the last server's fault; everybody goes on at home. */
static void an_overrun_goes_home_and_is_told(void **state)
{
    (void)state;
    chain();
    tick(400);
    all_home();
    assert_int_equal(k.task.overruns[OTHER], 1);
    assert_int_equal(k.task.overruns[SERVER], 0);
    assert_int_equal(k.current, SUPER);
    assert_int_equal(aux_of(SUPER), FAULT_OF(OTHER));
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(k.charged, OTHER);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    assert_int_equal(error_of(SERVER), K5_OK);
    AS(SERVER, REPLY_RECV, .aux = token_alpha);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(k.current, K5_IDLE); /* ALPHA's time is used up */
    tick(600);
    assert_int_equal(k.current, ALPHA);
}

/* A server that has left too little for its own call has overrun, and calls on its own time. */
static void too_little_for_a_nested_call(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, CALL);
    token_alpha = aux_of(SERVER);
    tick_silently(350);
    AS(SERVER, CALL, .slot = 1);
    assert_int_equal(k.task.overruns[SERVER], 1);
    assert_int_equal(k.current, SUPER);
    assert_int_equal(k.task.sc[OTHER], SERVER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(k.charged, SERVER);
}

/* The same, and its own budget is smaller than what it calls for: it goes on at home, charged. */
static void too_little_and_never_enough(void **state)
{
    (void)state;
    cfg.wcet[1] = 200;
    cfg.handler[SERVER] = K5_NIL;
    only_alpha();
    AS(ALPHA, CALL);
    tick_silently(350);
    AS(SERVER, CALL, .slot = 1);
    assert_int_equal(error_of(SERVER), K5_ERR_BUDGET);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, SERVER);
    all_home();
}

/* A queued call that ends anyway does not count on the home context first. */
static void a_restart_ends_a_queued_call(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, SEND, .slot = 1);
    AS(OTHER, WAIT, .deadline = k.now + 300);
    AS(ALPHA, CALL);
    AS(SERVER, CALL, .slot = 1); /* queued: OTHER sleeps */
    assert_int_equal(k.task.state[SERVER], K5_TASK_CALLING);
    assert_int_equal(notification_set(SUPER, 1), SCHED_PICK);
    sched_resolve(SCHED_PICK);
    cfg.wcet[1] = 150;
    k.refill.time[SERVER][1] = k.refill.time[SERVER][0] + 500u; /* its head is smaller than that */
    k.refill.amount[SERVER][0] = 100;
    k.refill.amount[SERVER][1] = 50;
    k.refill.count[SERVER] = 2;
    AS(SUPER, TASK_RESTART, .slot = 1);
    assert_int_equal(k.refill.count[SERVER], 2);
    assert_int_equal(k.task.state[SERVER], K5_TASK_READY);
    all_home();
}

/* ---- docs/manual/time.md: when a chain breaks, row by row --------------------------------------
 */

static void break_callee_dies(void **state)
{
    (void)state;
    chain();
    fault_as(OTHER, K5_FAULT_UNDEFINED, 0);
    assert_int_equal(k.current, SUPER);
    assert_int_equal(error_of(SERVER), K5_ERR_PEER_DIED);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    assert_int_equal(k.task.sc[OTHER], OTHER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.charged, ALPHA);
}

static void break_middle_is_restarted(void **state)
{
    (void)state;
    chain();
    super_wakes();
    AS(SUPER, TASK_RESTART, .slot = 1);
    all_home();
    assert_int_equal(error_of(ALPHA), K5_ERR_PEER_DIED);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(k.charged, OTHER);
    AS(OTHER, REPLY, .aux = token_server);
    assert_int_equal(error_of(OTHER), K5_ERR_TOKEN);
}

static void break_clients_deadline(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, CALL, .deadline = k.now + 100);
    token_alpha = aux_of(SERVER);
    AS(SERVER, CALL, .slot = 1);
    token_server = aux_of(OTHER);
    tick(100);
    all_home();
    assert_int_equal(error_of(ALPHA), K5_TIMEOUT);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(k.charged, OTHER);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, SERVER);
    AS(SERVER, REPLY, .aux = token_alpha);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
}

static void break_middles_deadline(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, CALL);
    token_alpha = aux_of(SERVER);
    AS(SERVER, CALL, .slot = 1, .deadline = k.now + 50);
    token_server = aux_of(OTHER);
    tick(50);
    assert_int_equal(error_of(SERVER), K5_TIMEOUT);
    assert_int_equal(k.task.sc[SERVER], ALPHA);
    assert_int_equal(k.task.sc[OTHER], OTHER);
    AS(OTHER, REPLY, .aux = token_server);
    assert_int_equal(error_of(OTHER), K5_ERR_TOKEN);
    AS(OTHER, RECV);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, ALPHA);
}

static void break_client_is_restarted(void **state)
{
    (void)state;
    chain();
    super_wakes();
    AS(SUPER, TASK_RESTART, .slot = 2);
    all_home();
    assert_int_equal(k.task.state[SERVER], K5_TASK_AWAITING);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    assert_int_equal(k.charged, SERVER);
    AS(SERVER, REPLY, .aux = token_alpha);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
}

static void break_client_is_suspended(void **state)
{
    (void)state;
    chain();
    super_wakes();
    AS(SUPER, TASK_SUSPEND, .slot = 2);
    all_home();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu, .deadline = k.now + 50);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    AS(SERVER, REPLY_RECV, .aux = token_alpha);
    assert_int_equal(error_of(SERVER), 0);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(k.current, K5_IDLE);
    tick(50);
    AS(SUPER, TASK_RESUME, .slot = 2);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, ALPHA);
}

static void break_middle_is_suspended(void **state)
{
    (void)state;
    chain();
    super_wakes();
    AS(SUPER, TASK_SUSPEND, .slot = 1);
    all_home();
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu, .deadline = k.now + 50);
    AS(OTHER, REPLY_RECV, .aux = token_server);
    assert_int_equal(k.task.state[SERVER], K5_TASK_READY);
    assert_int_equal(k.current, K5_IDLE);
    tick(50);
    AS(SUPER, TASK_RESUME, .slot = 1);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, SERVER);
}

/* Suspended while queued: not served; once resumed, the waiting server takes it. */
static void a_suspended_caller_is_not_served(void **state)
{
    (void)state;
    only_alpha();
    AS(ALPHA, SEND);
    AS(SERVER, WAIT, .deadline = k.now + 100);
    AS(ALPHA, CALL); /* queued: SERVER sleeps */
    assert_int_equal(k.current, K5_IDLE);
    host.counter += 10;
    assert_int_equal(notification_set(SUPER, 1), SCHED_PICK);
    sched_resolve(SCHED_PICK);
    AS(SUPER, TASK_SUSPEND, .slot = 2);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu, .deadline = k.now + 200);
    tick(90);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_CALLING);
    tick(110);
    AS(SUPER, TASK_RESUME, .slot = 2);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, ALPHA);
}

/* A proof found it: the refill of a context that is used up comes while its overrun is told, and
 * its owner, woken by a deadline in the same entry, is the only one that can run. It is not charged
 * from before its head. */
static void a_refill_comes_while_an_overrun_is_told(void **state)
{
    (void)state;
    cfg.handler[SERVER] = K5_NIL;
    only_alpha();
    tick(100); /* 100 of ALPHA's 400 come back at 2000 */
    AS(ALPHA, SEND);
    tick(150 - K5_BUDGET_MIN + 1);
    AS(SERVER, RECV, .aux = 0x1); /* at home it has nothing until 2100 */
    AS(ALPHA, WAIT, .deadline = 1697);
    tick(1697 - host.counter);
    AS(ALPHA, CALL, .deadline = 1997);
    assert_int_equal(k.current, SERVER);
    host.read_ticks = 5;
    tick(300); /* used up, overdue */
    tick(1);
    assert_int_equal(k.current, ALPHA);
    assert_int_equal(error_of(ALPHA), K5_TIMEOUT);
    assert_true(k.refill.time[ALPHA][0] == k.since);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_call_takes_the_callers_time, setup),
        cmocka_unit_test_setup(a_chain_is_on_one_context, setup),
        cmocka_unit_test_setup(a_send_is_served_at_home, setup),
        cmocka_unit_test_setup(recv_gives_back_first, setup),
        cmocka_unit_test_setup(only_the_latest_call_has_lent, setup),
        cmocka_unit_test_setup(a_budget_below_the_wcet_is_refused, setup),
        cmocka_unit_test_setup(a_caller_short_of_time_waits_outside, setup),
        cmocka_unit_test_setup(outside_a_deadline_still_counts, setup),
        cmocka_unit_test_setup(a_short_turn_starts_anew, setup),
        cmocka_unit_test_setup(an_overrun_goes_home_and_is_told, setup),
        cmocka_unit_test_setup(too_little_for_a_nested_call, setup),
        cmocka_unit_test_setup(too_little_and_never_enough, setup),
        cmocka_unit_test_setup(a_restart_ends_a_queued_call, setup),
        cmocka_unit_test_setup(break_callee_dies, setup),
        cmocka_unit_test_setup(break_middle_is_restarted, setup),
        cmocka_unit_test_setup(break_clients_deadline, setup),
        cmocka_unit_test_setup(break_middles_deadline, setup),
        cmocka_unit_test_setup(break_client_is_restarted, setup),
        cmocka_unit_test_setup(break_client_is_suspended, setup),
        cmocka_unit_test_setup(break_middle_is_suspended, setup),
        cmocka_unit_test_setup(a_suspended_caller_is_not_served, setup),
        cmocka_unit_test_setup(a_refill_comes_while_an_overrun_is_told, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
