/* Faults, restart, stop, control: every row of the table in docs/adr/0003 and what each side sees.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/k5_panic.h"
#include "fixture.h"

static int setup(void **state)
{
    (void)state;
    boot_serving();
    return 0;
}

#define SLOT_SERVER 1
#define SLOT_ALPHA  2
#define SLOT_OTHER  3

/* GAMMA's call is taken, BETA's is queued; SERVER runs. */
static uint32_t one_taken_one_queued(void)
{
    AS(GAMMA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, WAIT, .deadline = k.now + 100);
    AS(BETA, CALL, .w0 = 2);
    tick(100);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.ep.waiting[0], 0x2);
    return token;
}

/* Something that SUPER waits for happens. */
static void wake_super(void)
{
    sched_resolve(notification_set(SUPER, 0x10));
    assert_int_equal(k.current, SUPER);
}

/* ---- the client breaks -------------------------------------------------------------------------
 */

static void client_deadline_while_queued(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .aux = 2);
    AS(GAMMA, CALL, .deadline = 3000);
    assert_int_equal(k.ep.waiting[0], 0x4);
    tick(2000);
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    assert_int_equal(k.ep.waiting[0], 0);
    assert_int_equal(k.current, GAMMA);
}

static void client_deadline_while_awaiting(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .w0 = 1, .deadline = 2000);
    uint32_t token = aux_of(SERVER);
    tick(1000);
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, REPLY, .aux = token, .w0 = 77);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    assert_int_equal(word_of(GAMMA, 0), 1);
    AS(SERVER, REPLY_RECV, .aux = token);
    AS(GAMMA, SEND);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_REPLY_FAILED);
}

/* SERVER is busy elsewhere and ALPHA's call waits in its queue. */
static void alpha_queues(void)
{
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .aux = 0x100);
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, YIELD);
    AS(ALPHA, CALL);
}

static void client_restarted_while_queued(void **state)
{
    (void)state;
    alpha_queues();
    assert_int_equal(k.ep.waiting[0], 0x1);
    AS(BETA, YIELD);
    fault_as(BETA, K5_FAULT_READ, 0x1234);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, TASK_RESTART, .slot = SLOT_ALPHA);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_int_equal(k.ep.waiting[0], 0);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(host.resets[ALPHA], 2);
    assert_int_equal(k.task.restarts[ALPHA], 1);
}

static void client_restarted_while_awaiting(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, CALL, .w0 = 1);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, WAIT, .aux = 0x1);
    assert_int_equal(k.current, K5_IDLE);
    wake_super();
    AS(SUPER, TASK_RESTART, .slot = SLOT_ALPHA);
    AS(SUPER, WAIT, .aux = 0xFF);
    assert_int_equal(k.current, ALPHA);
    assert_false(reply_good(token, SERVER));
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    AS(SERVER, REPLY, .aux = token);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
}

static void client_calls_itself(void **state)
{
    (void)state;
    cap_image(SERVER, 1,
              (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL, 0, 0x40}); /* its own endpoint */
    AS(GAMMA, SEND);
    AS(SERVER, CALL, .slot = 1);
    assert_int_equal(error_of(SERVER), K5_ERR_ARG);
    assert_int_equal(k.current, SERVER);
}

/* ---- the server breaks --------------------------------------------------------------------------
 */

static void server_fault_with_a_handler(void **state)
{
    (void)state;
    uint32_t token = one_taken_one_queued();

    fault_as(SERVER, K5_FAULT_WRITE, 0xDEAD0000);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    assert_int_equal(k.task.state[SERVER], K5_TASK_FAULTED);
    assert_int_equal(k.task.state[BETA], K5_TASK_CALLING); /* stays for the restart */
    assert_int_equal(k.current, SUPER);
    assert_int_equal(flags_of(SUPER), K5_FLAG_BITS);
    assert_int_equal(aux_of(SUPER), FAULT_OF(SERVER));
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(SERVER, REPLY, .aux = token);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x20);
    assert_int_equal(word_of(SERVER, 0), 2);
}

static void server_fault_that_nobody_handles(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .slot = 1);
    AS(OTHER, WAIT, .deadline = k.now + 100);
    AS(BETA, YIELD);
    AS(ALPHA, CALL, .slot = 1);
    tick(100);
    fault_as(OTHER, K5_FAULT_UNDEFINED, 0);
    assert_int_equal(k.task.state[OTHER], K5_TASK_STOPPED);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    assert_int_equal(error_of(ALPHA), K5_ERR_PEER_GONE);
    assert_int_equal(k.ep.waiting[1], 0);
    assert_int_equal(k.current, GAMMA);
    AS(GAMMA, CALL, .slot = 1); /* and later calls too */
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_GONE);
    AS(GAMMA, SEND, .slot = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_GONE);
}

static void server_panics_and_exits(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    AS(SERVER, PANIC, .aux = 42);
    assert_int_equal(k.task.cause[SERVER], K5_FAULT_PANIC);
    assert_int_equal(k.task.fault_address[SERVER], 42);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(SERVER, EXIT, .aux = 7);
    assert_int_equal(k.task.cause[SERVER], K5_FAULT_EXIT);
    assert_int_equal(k.task.fault_address[SERVER], 7);
    assert_int_equal(k.task.faults[SERVER], 2);
    assert_int_equal(k.current, SUPER);
}

static void server_restarted_while_it_works(void **state)
{
    (void)state;
    uint32_t token = one_taken_one_queued();

    AS(SERVER, WAIT, .aux = 0x8); /* works on, waiting for a device say */
    wake_super();
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    assert_int_equal(k.task.state[BETA], K5_TASK_CALLING);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, REPLY, .aux = token);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x20);
}

static void server_stopped_for_good(void **state)
{
    (void)state;
    (void)one_taken_one_queued();
    fault_as(SERVER, K5_FAULT_READ, 0);
    AS(SUPER, TASK_STOP, .slot = SLOT_SERVER);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_int_equal(k.task.state[SERVER], K5_TASK_STOPPED);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    assert_int_equal(error_of(BETA), K5_ERR_PEER_GONE);
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    assert_int_equal(error_of(SUPER), K5_ERR_ARG);
    AS(SUPER, TASK_STOP, .slot = SLOT_SERVER);
    assert_int_equal(error_of(SUPER), K5_ERR_ARG);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, YIELD);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 1); /* a notification of the stopped SERVER */
    assert_int_equal(error_of(ALPHA), K5_ERR_PEER_GONE);
}

static void a_queued_client_is_stopped(void **state)
{
    (void)state;
    alpha_queues();
    wake_super();
    AS(SUPER, TASK_STOP, .slot = SLOT_ALPHA);
    assert_int_equal(k.ep.waiting[0], 0);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_STOPPED);
}

/* ---- restart
 * -------------------------------------------------------------------------------------- */

static void restart_loads_the_boot_capabilities(void **state)
{
    uint32_t s = cfg.slot_first[SERVER];

    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, CAP_DELETE, .slot = 1);
    assert_int_equal(k.cap.type[s + 1u], K5_CAP_NONE);
    AS(SERVER, IPC_SETUP, .aux = 0xFF);
    fault_as(SERVER, K5_FAULT_STACK, 0);
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, SERVER);
    settle();
    assert_int_equal(k.cap.type[s + 1u], K5_CAP_ENDPOINT);
    assert_int_equal(k.cap.badge[s + 1u], 0x40);
    assert_int_equal(k.task.setup_mask[SERVER], 0);
    assert_int_equal(k.task.cause[SERVER], K5_FAULT_STACK); /* the record stays */
}

static void bits_survive_a_restart(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .aux = 0x100, .deadline = k.now + 100);
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, YIELD);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x4);
    tick(100);
    fault_as(SERVER, K5_FAULT_STACK, 0);
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    assert_int_equal(k.task.pending[SERVER], 0x4);
}

static void restart_of_a_waiting_task_frees_its_deadline(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, WAIT, .aux = 0x100, .deadline = 9000);
    wake_super();
    AS(SUPER, TASK_RESTART, .slot = SLOT_ALPHA);
    assert_int_equal(k.timed, 0);
    assert_int_equal(k.task.mask[ALPHA], 0);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    tick(9000);
    assert_int_equal(k.current, ALPHA);
    settle();
    assert_int_equal(host.arg[ALPHA][K5_A_OP], 0);
}

static void nobody_restarts_itself_or_without_the_right(void **state)
{
    (void)state;
    boot();
    cap_image(SUPER, SLOT_ALPHA, (struct cap){K5_CAP_TASK, K5_RIGHT_RESTART, SUPER, 0});
    AS(SUPER, TASK_RESTART, .slot = SLOT_ALPHA);
    assert_int_equal(error_of(SUPER), K5_ERR_ARG);
    AS(SUPER, TASK_STOP, .slot = SLOT_ALPHA);
    assert_int_equal(error_of(SUPER), K5_ERR_ARG);
    AS(SUPER, TASK_RESTART, .slot = SLOT_OTHER);
    assert_int_equal(error_of(SUPER), K5_ERR_RIGHTS);
    AS(SUPER, TASK_STOP, .slot = SLOT_OTHER);
    assert_int_equal(error_of(SUPER), K5_ERR_RIGHTS);
}

/* A handler that is restarted between hearing of a fault and acting on it hears of it again. */
static void a_restarted_handler_is_told_again(void **state)
{
    (void)state;
    boot_serving();
    cfg.handler[SUPER] = OTHER; /* a handler above, for this test */
    cfg.handler_bits[SUPER] = 0x8;
    cap_image(OTHER, 1, (struct cap){K5_CAP_TASK, K5_RIGHT_RESTART, SUPER, 0});
    fault_as(GAMMA, K5_FAULT_READ, 0);
    assert_int_equal(aux_of(SUPER), FAULT_OF(GAMMA));
    fault_as(SUPER, K5_FAULT_READ, 0);
    assert_int_equal(k.current, BETA);
    AS(BETA, YIELD);
    AS(ALPHA, SEND, .slot = 1); /* wakes OTHER */
    AS(OTHER, WAIT, .aux = 0x8);
    assert_int_equal(aux_of(OTHER), 0x8);
    AS(OTHER, TASK_RESTART, .slot = 1);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_int_equal(aux_of(SUPER), FAULT_OF(GAMMA));
}

/* ---- the fault record
 * ------------------------------------------------------------------------------ */

static void inspect_shows_the_record(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    fault_as(SERVER, K5_FAULT_BUS, 0x40001000);
    AS(SUPER, TASK_INSPECT, .slot = SLOT_SERVER, .aux = 0);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_int_equal(word_of(SUPER, 0), K5_TASK_FAULTED | K5_FAULT_BUS << 8 |
                                            (K5_FAULT_HAS_ADDRESS | K5_FAULT_HAS_FRAME) << 16);
    assert_int_equal(word_of(SUPER, 1), 0x40001000);
    assert_int_equal(word_of(SUPER, 2), 0);
    assert_int_equal(word_of(SUPER, 3), 1);
    for (uint32_t page = 1; page < K5_INSPECT_PAGES; page++) {
        AS(SUPER, TASK_INSPECT, .slot = SLOT_SERVER, .aux = page);
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t r = 4 * (page - 1) + i;

            assert_int_equal(word_of(SUPER, i), r < K5_REG_COUNT ? 0x100u * SERVER + r : 0);
        }
    }
    AS(SUPER, TASK_INSPECT, .slot = SLOT_SERVER, .aux = K5_INSPECT_PAGES);
    assert_int_equal(error_of(SUPER), K5_ERR_ARG);
}

static void a_bad_call_number_faults(void **state)
{
    static const uint32_t numbers[] = {0, K5_SYS_COUNT, 63, 64, 128, 255};

    (void)state;
    for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        boot_serving();
        ask_as(GAMMA, numbers[i], (struct ask){.aux = 1});
        assert_int_equal(k.task.state[GAMMA], K5_TASK_FAULTED);
        assert_int_equal(k.task.cause[GAMMA], K5_FAULT_SYSCALL);
        assert_int_equal(k.task.fault_address[GAMMA], numbers[i]);
        assert_int_equal(k.current, SUPER);
    }
}

/* ---- the supervisor itself
 * ---------------------------------------------------------------------------- */

static sigjmp_buf stopped;

static void on_abort(int number)
{
    (void)number;
    siglongjmp(stopped, 1);
}

/* Nobody handles SUPER's faults but it handles others': the system resets in the safe state. */
static void the_loss_of_the_supervisor_resets_the_system(void **state)
{
    void (*before)(int) = signal(SIGABRT, on_abort);

    (void)state;
    boot();
    if (sigsetjmp(stopped, 1) == 0) {
        fault_as(SUPER, K5_FAULT_READ, 0);
        signal(SIGABRT, before);
        fail_msg("the kernel went on");
    }
    signal(SIGABRT, before);
    assert_int_equal(host.safe_states, 1);
    assert_int_equal(host.machine_resets, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(client_deadline_while_queued, setup),
        cmocka_unit_test_setup(client_deadline_while_awaiting, setup),
        cmocka_unit_test_setup(client_restarted_while_queued, setup),
        cmocka_unit_test_setup(client_restarted_while_awaiting, setup),
        cmocka_unit_test_setup(client_calls_itself, setup),
        cmocka_unit_test_setup(server_fault_with_a_handler, setup),
        cmocka_unit_test_setup(server_fault_that_nobody_handles, setup),
        cmocka_unit_test_setup(server_panics_and_exits, setup),
        cmocka_unit_test_setup(server_restarted_while_it_works, setup),
        cmocka_unit_test_setup(server_stopped_for_good, setup),
        cmocka_unit_test_setup(a_queued_client_is_stopped, setup),
        cmocka_unit_test_setup(restart_loads_the_boot_capabilities, setup),
        cmocka_unit_test_setup(bits_survive_a_restart, setup),
        cmocka_unit_test_setup(restart_of_a_waiting_task_frees_its_deadline, setup),
        cmocka_unit_test(nobody_restarts_itself_or_without_the_right),
        cmocka_unit_test(a_restarted_handler_is_told_again),
        cmocka_unit_test_setup(inspect_shows_the_record, setup),
        cmocka_unit_test(a_bad_call_number_faults),
        cmocka_unit_test(the_loss_of_the_supervisor_resets_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
