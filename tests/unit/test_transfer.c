/* A capability in a message: docs/adr/0017-transfer.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define GAMMA_FREE  2u
#define SERVER_FREE 4u
#define SIGNAL      1u /* GAMMA's slot: bits 0xF0 of ALPHA */
#define LONG(call)  (K5_SYS_##call | K5_OP_LONG)
#define CAP(slot)   (K5_LONG_CAP | (slot) << K5_LONG_SLOT_SHIFT)

/* A message, or answer, that may carry something. */
#define AS_LONG(task, call, ...) ask_as((task), LONG(call), (struct ask){__VA_ARGS__})

static uint16_t slot(task_t task, uint32_t number)
{
    return (uint16_t)(cfg.slot_first[task] + number);
}

static bool empty(task_t task, uint32_t number)
{
    return k.cap.type[slot(task, number)] == K5_CAP_NONE;
}

static void place(task_t task, uint32_t number)
{
    AS(task, IPC_SETUP, .w2 = CAP(number));
    assert_int_equal(error_of(task), K5_OK);
}

/* GAMMA runs and may grant to SERVER, which receives; each has named its first free slot. */
static int setup(void **state)
{
    (void)state;
    tables_fill();
    boot_tables();
    cap_image(GAMMA, 0, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL | K5_RIGHT_GRANT, 0, 0x30});
    cap_image(GAMMA, SIGNAL, (struct cap){K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, ALPHA, 0xF0});
    AS(SUPER, WAIT, .aux = 0xFFFF0000u);
    AS(OTHER, RECV);
    place(SERVER, SERVER_FREE);
    AS(SERVER, RECV);
    place(GAMMA, GAMMA_FREE);
    return 0;
}

static void mint(task_t task, uint32_t from, uint32_t to, uint32_t badge)
{
    AS(task, CAP_MINT, .slot = from, .label = to, .aux = 0xFF, .w0 = badge);
    assert_int_equal(error_of(task), K5_OK);
}

static void assert_copy(uint16_t from, uint16_t to)
{
    assert_int_equal(k.cap.type[to], k.cap.type[from]);
    assert_int_equal(k.cap.rights[to], k.cap.rights[from]);
    assert_int_equal(k.cap.object[to], k.cap.object[from]);
    assert_int_equal(k.cap.badge[to], k.cap.badge[from]);
    assert_int_equal(k.cap.depth[to], k.cap.depth[from] + 1);
    assert_int_equal(k.cap.parent[to], from);
}

/* ---- it arrives ---------------------------------------- */

static void it_comes_with_a_call(void **state)
{
    (void)state;
    AS_LONG(GAMMA, CALL, .label = 7, .w0 = 1, .w2 = 3, .w3 = CAP(SIGNAL));
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP);
    assert_int_equal(word_of(SERVER, 0), 1);
    assert_int_equal(word_of(SERVER, 2), 3);
    assert_copy(slot(GAMMA, SIGNAL), slot(SERVER, SERVER_FREE));
    AS(SERVER, SIGNAL, .slot = SERVER_FREE, .aux = 0x20);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_int_equal(k.task.pending[ALPHA], 0x20);
    AS(SERVER, SIGNAL, .slot = SERVER_FREE, .aux = 1);
    assert_int_equal(error_of(SERVER), K5_ERR_RIGHTS);
    AS(SERVER, REPLY_RECV, .aux = aux_of(SERVER), .label = 9);
    assert_int_equal(flags_of(GAMMA), 0);
}

static void it_comes_with_a_send(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w3 = CAP(SIGNAL));
    assert_int_equal(k.current, SERVER);
    assert_copy(slot(GAMMA, SIGNAL), slot(SERVER, SERVER_FREE));
    AS(SERVER, RECV);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_OK);
}

static void it_comes_from_the_queue(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w0 = 1); /* SERVER runs, and waits for bits of its own */
    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 1000);
    AS_LONG(GAMMA, CALL, .w3 = CAP(SIGNAL));
    assert_int_equal(k.task.state[GAMMA], K5_TASK_CALLING);
    tick(1001);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, RECV);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP);
    assert_copy(slot(GAMMA, SIGNAL), slot(SERVER, SERVER_FREE));
}

/* The usual way to open a session: a call right with a badge of its own comes with the answer. */
static void a_server_answers_with_one(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    mint(SERVER, 0, SERVER_FREE + 1u, 0x77);
    AS_LONG(SERVER, REPLY, .aux = token, .label = 5, .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_OK);
    AS(SERVER, RECV);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(label_of(GAMMA), 5);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_LONG | K5_FLAG_CAP);
    assert_copy(slot(SERVER, SERVER_FREE + 1u), slot(GAMMA, GAMMA_FREE));
    AS(GAMMA, CALL, .slot = GAMMA_FREE);
    assert_int_equal(badge_of(SERVER), 0x77);
}

static void reply_recv_answers_with_one(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    mint(SERVER, 0, SERVER_FREE + 1u, 0x77);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_LONG | K5_FLAG_CAP);
    assert_copy(slot(SERVER, SERVER_FREE + 1u), slot(GAMMA, GAMMA_FREE));
}

/* ---- it does not, and the rest does ---------------------------------------- */

static void assert_kept(void)
{
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    assert_int_equal(word_of(SERVER, 0), 11);
    AS(SERVER, REPLY_RECV, .aux = aux_of(SERVER), .label = 9);
    assert_int_equal(label_of(GAMMA), 9);
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_CAP_KEPT);
    assert_false(empty(GAMMA, SIGNAL));
}

static void without_a_place_it_stays(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, IPC_SETUP);
    AS(SERVER, RECV);
    AS_LONG(GAMMA, CALL, .w0 = 11, .w3 = CAP(SIGNAL));
    assert_kept();
    assert_true(empty(SERVER, SERVER_FREE));
    AS_LONG(GAMMA, SEND, .w3 = CAP(SIGNAL)); /* a send's sender is told, too */
    AS(SERVER, RECV);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_OK | (uint32_t)K5_FLAG_CAP_KEPT << 8);
}

static void what_is_in_the_place_stays(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    mint(SERVER, 0, SERVER_FREE, 0x55);
    AS(SERVER, RECV);
    AS_LONG(GAMMA, CALL, .w0 = 11, .w3 = CAP(SIGNAL));
    assert_kept();
    assert_int_equal(k.cap.badge[slot(SERVER, SERVER_FREE)], 0x55);
}

static void a_source_that_went_meanwhile(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w0 = 1);
    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 1000);
    mint(GAMMA, SIGNAL, GAMMA_FREE + 1u, 0);
    AS_LONG(GAMMA, CALL, .w0 = 11, .w3 = CAP(GAMMA_FREE + 1u));
    k.cap.type[slot(GAMMA, GAMMA_FREE + 1u)] = K5_CAP_NONE; /* as revoked by another task */
    k.cap.rights[slot(GAMMA, GAMMA_FREE + 1u)] = 0;
    k.cap.object[slot(GAMMA, GAMMA_FREE + 1u)] = 0;
    k.cap.badge[slot(GAMMA, GAMMA_FREE + 1u)] = 0;
    k.cap.depth[slot(GAMMA, GAMMA_FREE + 1u)] = 0;
    k.cap.parent[slot(GAMMA, GAMMA_FREE + 1u)] = SLOT_NONE;
    tick(1001);
    AS(SERVER, RECV);
    assert_kept();
    assert_true(empty(SERVER, SERVER_FREE));
}

/* The caller has not said where, or has something there: the server is told, as is the caller not:
 * it asked for nothing. */
static void an_answer_without_it(void **state)
{
    (void)state;
    AS(GAMMA, IPC_SETUP);
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    mint(SERVER, 0, SERVER_FREE + 1u, 0x77);
    AS_LONG(SERVER, REPLY, .aux = token, .w0 = 4, .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_OK | (uint32_t)K5_FLAG_CAP_KEPT << 8);
    AS(SERVER, RECV);
    assert_int_equal(word_of(GAMMA, 0), 4);
    assert_int_equal(flags_of(GAMMA), K5_FLAG_LONG);
    AS(GAMMA, CALL);
    AS_LONG(SERVER, REPLY_RECV, .aux = aux_of(SERVER), .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(k.current, GAMMA);
    AS(GAMMA, CALL);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_CAP_KEPT);
}

/* ---- refused at the call ---------------------------------------- */

static void assert_refused(uint32_t number, uint32_t error)
{
    AS_LONG(GAMMA, CALL, .w0 = 5, .w3 = CAP(number));
    assert_int_equal(host.arg[GAMMA][K5_A_OP], error);
    AS_LONG(GAMMA, SEND, .w0 = 5, .w3 = CAP(number));
    assert_int_equal(host.arg[GAMMA][K5_A_OP], error);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_true(empty(SERVER, SERVER_FREE));
}

static void without_the_grant_right(void **state)
{
    (void)state;
    k.cap.rights[slot(GAMMA, 0)] = cfg.cap_rights[slot(GAMMA, 0)] = K5_RIGHT_CALL;
    assert_refused(SIGNAL, K5_ERR_RIGHTS);
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    mint(SERVER, 0, SERVER_FREE + 1u, 0x77);
    AS_LONG(SERVER, REPLY, .aux = token, .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_RIGHTS);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w3 = CAP(SERVER_FREE + 1u));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_RIGHTS);
    assert_true(empty(GAMMA, GAMMA_FREE));
    AS(SERVER, REPLY_RECV, .aux = token);
    assert_int_equal(error_of(GAMMA), K5_OK);
}

static void what_is_not_there(void **state)
{
    (void)state;
    assert_refused(GAMMA_FREE, K5_ERR_SLOT);
    assert_refused(cfg.slot_count[GAMMA], K5_ERR_SLOT);
    assert_refused(63, K5_ERR_SLOT);
    mint(GAMMA, SIGNAL, GAMMA_FREE, 0);
    k.cap.depth[slot(GAMMA, GAMMA_FREE)] = K5_DEPTH_MAX;
    assert_refused(GAMMA_FREE, K5_ERR_DEPTH);
}

static void what_is_one_tasks_own(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    AS_LONG(SERVER, REPLY, .aux = token, .w3 = CAP(0)); /* the right to serve */
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_RIGHTS);
    AS_LONG(SERVER, REPLY, .aux = token, .w3 = CAP(2)); /* an interrupt */
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_RIGHTS);
    assert_true(empty(GAMMA, GAMMA_FREE));
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
}

/* app.toml gives no such signal, but the tables may hold one. */
static void a_signal_without_bits(void **state)
{
    (void)state;
    cap_image(GAMMA, SIGNAL, (struct cap){K5_CAP_NOTIFICATION, K5_RIGHT_SIGNAL, ALPHA, 0});
    assert_refused(SIGNAL, K5_ERR_RIGHTS);
}

/* Nobody gets a right to call who is as urgent as the server, or more. */
static void a_ceiling_holds(void **state)
{
    (void)state;
    cap_image(GAMMA, 1, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL, 1, 0x31});
    assert_refused(1, K5_ERR_RIGHTS); /* OTHER is SERVER's equal */
    assert_refused(0, K5_ERR_RIGHTS); /* its own */
    cap_image(GAMMA, 1, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL, 2, 0x31});
    AS_LONG(GAMMA, CALL, .w3 = CAP(1)); /* SUPER is more urgent */
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP);
    assert_copy(slot(GAMMA, 1), slot(SERVER, SERVER_FREE));
}

static void fields_that_are_not(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0x200, 0x7E00, 0x10000, 0xFFFF0000u, K5_LONG_CAP | 257};

    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AS_LONG(GAMMA, CALL, .w3 = bad[i]);
        assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_ARG);
    }
}

/* ---- the place ---------------------------------------- */

static void each_bad_place_is_refused(void **state)
{
    (void)state;
    AS(GAMMA, IPC_SETUP, .w2 = CAP(0)); /* what stands there is of the image */
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    AS(GAMMA, IPC_SETUP, .w2 = CAP((uint32_t)cfg.slot_count[GAMMA]));
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    static const uint32_t bad[] = {1, GAMMA_FREE << K5_LONG_SLOT_SHIFT, CAP(GAMMA_FREE) | 1,
                                   CAP(GAMMA_FREE) | 0x10000u, UINT32_MAX};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AS(GAMMA, IPC_SETUP, .w2 = bad[i]);
        assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    }
    AS(GAMMA, IPC_SETUP, .w2 = CAP(GAMMA_FREE), .w3 = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    assert_int_equal(k.task.cap_place[GAMMA], slot(GAMMA, GAMMA_FREE)); /* as before */
}

static void a_restart_forgets_the_place(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w3 = CAP(SIGNAL));
    fault_as(SERVER, K5_FAULT_WRITE, 0);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, TASK_RESTART, .slot = 1);
    assert_int_equal(k.task.cap_place[SERVER], SLOT_NONE);
    AS(SUPER, WAIT, .aux = 0xFFFF0000u);
    settle();
    AS(SERVER, RECV); /* in its new life, whose table is that of the image */
    assert_true(empty(SERVER, SERVER_FREE));
    assert_int_equal(k.current, GAMMA);
    AS_LONG(GAMMA, CALL, .w0 = 11, .w3 = CAP(SIGNAL));
    assert_kept();
}

/* ---- it stays the sender's to take back ---------------------------------------- */

static void revoke_reaches_it(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w3 = CAP(SIGNAL));
    assert_false(empty(SERVER, SERVER_FREE));
    AS(SERVER, RECV);
    AS(GAMMA, CAP_REVOKE, .slot = SIGNAL);
    settle();
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_true(empty(SERVER, SERVER_FREE));
    assert_false(empty(GAMMA, SIGNAL));
}

/* While it is being revoked nothing can be made of it. */
static void a_doomed_one_stays(void **state)
{
    (void)state;
    mint(GAMMA, SIGNAL, GAMMA_FREE + 1u, 0);
    k.sweep = (struct sweep){.phase = SWEEP_MARK,
                             .task = GAMMA,
                             .first = slot(GAMMA, SIGNAL),
                             .end = (uint16_t)(slot(GAMMA, SIGNAL) + 1u),
                             .heir = SLOT_NONE};
    assert_refused(GAMMA_FREE + 1u, K5_ERR_SLOT);
    assert_refused(SIGNAL, K5_ERR_SLOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_comes_with_a_call, setup),
        cmocka_unit_test_setup(it_comes_with_a_send, setup),
        cmocka_unit_test_setup(it_comes_from_the_queue, setup),
        cmocka_unit_test_setup(a_server_answers_with_one, setup),
        cmocka_unit_test_setup(reply_recv_answers_with_one, setup),
        cmocka_unit_test_setup(without_a_place_it_stays, setup),
        cmocka_unit_test_setup(what_is_in_the_place_stays, setup),
        cmocka_unit_test_setup(a_source_that_went_meanwhile, setup),
        cmocka_unit_test_setup(an_answer_without_it, setup),
        cmocka_unit_test_setup(without_the_grant_right, setup),
        cmocka_unit_test_setup(what_is_not_there, setup),
        cmocka_unit_test_setup(what_is_one_tasks_own, setup),
        cmocka_unit_test_setup(a_signal_without_bits, setup),
        cmocka_unit_test_setup(a_ceiling_holds, setup),
        cmocka_unit_test_setup(fields_that_are_not, setup),
        cmocka_unit_test_setup(each_bad_place_is_refused, setup),
        cmocka_unit_test_setup(a_restart_forgets_the_place, setup),
        cmocka_unit_test_setup(revoke_reaches_it, setup),
        cmocka_unit_test_setup(a_doomed_one_stays, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
