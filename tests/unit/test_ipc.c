/* Messages, replies and notifications: docs/adr/0001 (register table) and 0003 (life of a call). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static int setup(void **state)
{
    (void)state;
    boot_serving();
    return 0;
}

/* ---- delivery ---------------------------------------------------------------------------------
 */

static void call_reaches_a_waiting_server(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .label = 0xABCD, .w0 = 1, .w1 = 2, .w2 = 3, .w3 = 4);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(host.arg[SERVER][K5_A_OP], 0xABCD0000u | (uint32_t)K5_FLAG_MESSAGE << 8);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(word_of(SERVER, i), i + 1);
    }
    assert_int_equal(badge_of(SERVER), 0x30);
    assert_int_equal(host.arg[SERVER][K5_A_X1], 0);
    assert_int_equal(aux_of(SERVER), 1u << 5 | GAMMA);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
}

static void answer_comes_back(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .label = 7, .w0 = 1);
    AS(SERVER, REPLY, .label = 0x1234, .aux = aux_of(SERVER), .w0 = 10, .w3 = 13);
    assert_int_equal(error_of(SERVER), K5_OK);
    AS(SERVER, RECV);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], 0x12340000u);
    assert_int_equal(word_of(GAMMA, 0), 10);
    assert_int_equal(word_of(GAMMA, 3), 13);
}

static void send_has_no_token(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .label = 3, .w0 = 33);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(aux_of(SERVER), 0);
    assert_int_equal(word_of(SERVER, 0), 33);
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    AS(SERVER, REPLY, .aux = 0);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
}

static void queued_message_keeps_words_and_badge(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1); /* SERVER runs, does not receive */
    AS(SERVER, WAIT, .deadline = 5000);
    AS(BETA, CALL, .label = 9, .w0 = 20, .w3 = 23);
    AS(ALPHA, SEND, .label = 8, .w0 = 80);
    assert_int_equal(k.current, K5_IDLE);
    assert_int_equal(k.ep.waiting[0], 0x3);
    /* the badge is that of the time of the call */
    cap_image(BETA, 0, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL, 0, 0xBAD});
    tick(5000);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x20);
    assert_int_equal(word_of(SERVER, 0), 20);
    assert_int_equal(word_of(SERVER, 3), 23);
    assert_int_equal(label_of(SERVER), 9);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x10);
    assert_int_equal(word_of(SERVER, 0), 80);
    assert_int_equal(error_of(ALPHA), K5_OK);
}

/* A server that works while two queue, then takes them: the more urgent first. */
static void the_most_urgent_caller_is_taken_first(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, WAIT, .aux = 0x1);
    AS(BETA, CALL, .label = 9, .w0 = 20);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, REPLY, .aux = token);
    AS(SERVER, WAIT, .aux = 0x1);
    AS(GAMMA, SEND, .w0 = 30);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x30);
    assert_int_equal(word_of(SERVER, 0), 30);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x20);
    assert_int_equal(label_of(SERVER), 9);
    assert_int_equal(aux_of(SERVER), 1u << 5 | BETA);
}

static void a_server_answers_in_any_order(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t first = aux_of(SERVER);
    AS(SERVER, RECV);
    AS(BETA, CALL, .w0 = 2);
    uint32_t second = aux_of(SERVER);
    AS(SERVER, REPLY, .aux = second, .w0 = 200);
    AS(SERVER, REPLY, .aux = first, .w0 = 100);
    assert_int_equal(word_of(GAMMA, 0), 100);
    assert_int_equal(word_of(BETA, 0), 200);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    assert_int_equal(k.task.state[BETA], K5_TASK_READY);
}

/* ---- tokens ------------------------------------------------------------------------------------
 */

static void a_token_is_good_once(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, REPLY, .aux = token, .w0 = 5);
    AS(SERVER, REPLY, .aux = token, .w0 = 6);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    assert_int_equal(word_of(GAMMA, 0), 5);
}

static void an_old_token_does_not_answer_a_new_call(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t old = aux_of(SERVER);
    AS(SERVER, REPLY_RECV, .aux = old);
    AS(GAMMA, CALL, .w0 = 2);
    assert_int_not_equal(aux_of(SERVER), old);
    AS(SERVER, REPLY, .aux = old);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
}

static void a_foreign_token_answers_nobody(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, WAIT, .aux = 0x8);
    AS(BETA, YIELD);
    AS(ALPHA, SEND, .slot = 1); /* wakes OTHER, which tries SERVER's token */
    AS(OTHER, REPLY, .aux = token, .w0 = 99);
    assert_int_equal(error_of(OTHER), K5_ERR_TOKEN);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    AS(OTHER, REPLY, .aux = 0x1F); /* no such task */
    assert_int_equal(error_of(OTHER), K5_ERR_TOKEN);
}

static void the_count_of_calls_skips_zero(void **state)
{
    (void)state;
    k.task.calls[GAMMA] = 0x7FFFFFF;
    AS(GAMMA, CALL, .w0 = 1);
    assert_int_equal(aux_of(SERVER), 1u << 5 | GAMMA);
}

/* ---- reply_recv --------------------------------------------------------------------------------
 */

static void reply_recv_always_receives(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .w0 = 1);
    AS(SERVER, REPLY_RECV, .aux = 0x12345);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    AS(GAMMA, CALL, .label = 5);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_REPLY_FAILED);
    assert_int_equal(label_of(SERVER), 5);
}

static void reply_recv_without_a_token_is_no_failure(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .w0 = 1);
    AS(SERVER, REPLY_RECV, .aux = 0);
    AS(GAMMA, SEND, .w0 = 1);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE);
}

static void a_refused_slot_sends_no_reply(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, REPLY_RECV, .slot = 1, .aux = token);
    assert_int_equal(error_of(SERVER), K5_ERR_RIGHTS);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    assert_int_equal(aux_of(SERVER), token);
}

static void failed_reply_and_deadline_say_both(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .w0 = 1);
    AS(SERVER, REPLY_RECV, .aux = 0x12345, .deadline = 5000);
    tick(5000);
    assert_int_equal(error_of(SERVER), K5_TIMEOUT);
    assert_int_equal(flags_of(SERVER), K5_FLAG_REPLY_FAILED);
}

static void ipc_setup_masks_reply_recv(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .w0 = 1);
    AS(SERVER, IPC_SETUP, .aux = 0x4);
    AS(SERVER, REPLY_RECV);
    AS(GAMMA, YIELD);
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, YIELD);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x8); /* not in the mask: stays pending */
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x4);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    assert_int_equal(aux_of(SERVER), 0x4);
    assert_int_equal(k.task.pending[SERVER], 0x8);
    AS(SERVER, IPC_SETUP, .w0 = 1);
    assert_int_equal(error_of(SERVER), K5_ERR_ARG);
}

/* ---- bits and messages -------------------------------------------------------------------------
 */

static void bits_and_messages_alternate(void **state)
{
    (void)state;
    AS(GAMMA, SEND); /* SERVER runs */
    k.task.pending[SERVER] = 0x1;
    k.task.bits_last[SERVER] = false;
    AS(SERVER, WAIT, .aux = 0x2);
    AS(GAMMA, SEND, .w0 = 3);
    AS(BETA, SEND, .w0 = 2);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x2);
    AS(SERVER, YIELD); /* nothing equal is ready: goes on */
    k.task.bits_last[SERVER] = false;
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    k.task.pending[SERVER] = 0x1;
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    assert_int_equal(aux_of(SERVER), 0x1);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE);
}

static void bits_outside_the_mask_stay(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, YIELD);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0xF);
    assert_int_equal(aux_of(SERVER), 0x1);
    assert_int_equal(k.task.pending[SERVER], 0xE);
    AS(SERVER, WAIT, .aux = 0x6);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    assert_int_equal(aux_of(SERVER), 0x6);
    assert_int_equal(k.task.pending[SERVER], 0x8);
}

static void wait_for_nothing_is_refused(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    assert_int_equal(k.current, GAMMA);
}

/* ---- refusals ----------------------------------------------------------------------------------
 */

static void each_wrong_slot_has_its_error(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .slot = cfg.slot_count[GAMMA]);
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT); /* where the next task has one */
    AS(GAMMA, CALL, .slot = 255);
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    AS(GAMMA, CALL, .slot = 2);
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT); /* empty */
    AS(GAMMA, SIGNAL, .slot = 0, .aux = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_TYPE);
    AS(GAMMA, RECV, .slot = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_RIGHTS);
    AS(GAMMA, TASK_RESTART, .slot = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_TYPE);
    assert_int_equal(k.current, GAMMA);
}

static void a_refused_call_changes_only_a0(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .slot = 2, .label = 0x5555, .aux = 1, .w0 = 2, .w3 = 3, .deadline = 77);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_SLOT);
    assert_int_equal(aux_of(GAMMA), 1);
    assert_int_equal(word_of(GAMMA, 0), 2);
    assert_int_equal(word_of(GAMMA, 3), 3);
    assert_int_equal(badge_of(GAMMA), 77);
}

static void signal_only_the_badge_bits(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0x1);
    assert_int_equal(error_of(BETA), K5_ERR_RIGHTS);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0x100 | 0x1);
    assert_int_equal(error_of(BETA), K5_ERR_RIGHTS);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0);
    assert_int_equal(error_of(BETA), K5_ERR_ARG);
    assert_int_equal(k.task.pending[ALPHA], 0);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0x8100);
    assert_int_equal(error_of(BETA), K5_OK);
    assert_int_equal(k.task.pending[ALPHA], 0x8100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(call_reaches_a_waiting_server, setup),
        cmocka_unit_test_setup(answer_comes_back, setup),
        cmocka_unit_test_setup(send_has_no_token, setup),
        cmocka_unit_test_setup(queued_message_keeps_words_and_badge, setup),
        cmocka_unit_test_setup(the_most_urgent_caller_is_taken_first, setup),
        cmocka_unit_test_setup(a_server_answers_in_any_order, setup),
        cmocka_unit_test_setup(a_token_is_good_once, setup),
        cmocka_unit_test_setup(an_old_token_does_not_answer_a_new_call, setup),
        cmocka_unit_test_setup(a_foreign_token_answers_nobody, setup),
        cmocka_unit_test_setup(the_count_of_calls_skips_zero, setup),
        cmocka_unit_test_setup(reply_recv_always_receives, setup),
        cmocka_unit_test_setup(reply_recv_without_a_token_is_no_failure, setup),
        cmocka_unit_test_setup(a_refused_slot_sends_no_reply, setup),
        cmocka_unit_test_setup(failed_reply_and_deadline_say_both, setup),
        cmocka_unit_test_setup(ipc_setup_masks_reply_recv, setup),
        cmocka_unit_test_setup(bits_and_messages_alternate, setup),
        cmocka_unit_test_setup(bits_outside_the_mask_stay, setup),
        cmocka_unit_test_setup(wait_for_nothing_is_refused, setup),
        cmocka_unit_test_setup(each_wrong_slot_has_its_error, setup),
        cmocka_unit_test_setup(a_refused_call_changes_only_a0, setup),
        cmocka_unit_test_setup(signal_only_the_badge_bits, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
