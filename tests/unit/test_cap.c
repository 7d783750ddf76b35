/* Capabilities derived, moved, deleted and revoked; sweeps in steps of three slots. */
/* build: kernel/revoke.c -DK5_SWEEP_SLOTS=3 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* Free slots by number, and what stands in fixed ones. */
#define ALPHA_FREE   4u
#define BETA_FREE    2u
#define GAMMA_FREE   2u
#define SERVER_FREE  4u
#define OTHER_FREE   2u
#define ALPHA_CALL   0u
#define ALPHA_SIGNAL 2u
#define ALL          0xFFu /* all rights */

static uint16_t slot(task_t task, uint32_t number)
{
    return (uint16_t)(cfg.slot_first[task] + number);
}

static int setup(void **state)
{
    (void)state;
    boot();
    return 0;
}

/* All others wait, for a bit or until a time, so that this one runs. */
static void run_until(task_t task, task_t sleeper, ktime until)
{
    while (k.current != task || (k.ready & ~(1u << task)) >> task != 0) {
        if (k.current == task) {
            AS(task, YIELD);
        } else {
            AS(k.current, WAIT, .aux = 0xFFFF0001u, .deadline = k.current == sleeper ? until : 0);
        }
    }
}

static void run(task_t task)
{
    run_until(task, K5_NIL, 0);
}

/* The next step of the running task's sweep, and only that. */
static void one_step(void)
{
    assert_true(host.again[k.current]);
    host.again[k.current] = false;
    kernel_syscall();
}

/* As a message with a capability does: a copy in another task's table. */
static void hand_over(uint16_t from, uint16_t to)
{
    assert_int_equal(k.cap.type[to], K5_CAP_NONE);
    k.cap.type[to] = k.cap.type[from];
    k.cap.rights[to] = (uint8_t)(k.cap.rights[from] & ~K5_RIGHT_SERVE);
    k.cap.object[to] = k.cap.object[from];
    k.cap.badge[to] = k.cap.badge[from];
    k.cap.depth[to] = (uint8_t)(k.cap.depth[from] + 1u);
    k.cap.parent[to] = from;
    assert_true(kernel_valid());
}

static uint32_t mint(task_t task, uint32_t from, uint32_t to, uint32_t rights, uint32_t badge)
{
    AS(task, CAP_MINT, .slot = from, .label = to, .aux = rights, .w0 = badge);
    return error_of(task);
}

static uint32_t sweep(task_t task)
{
    settle();
    assert_int_equal(k.sweep.phase, SWEEP_NONE);
    return error_of(task);
}

static bool empty(task_t task, uint32_t number)
{
    return k.cap.type[slot(task, number)] == K5_CAP_NONE;
}

/* ---- derivation ---------------------------------------- */

static void a_server_mints_clients(void **state)
{
    uint16_t s = slot(SERVER, SERVER_FREE);

    (void)state;
    run(SERVER);
    assert_int_equal(mint(SERVER, 0, SERVER_FREE, ALL, 0x77), K5_OK);
    assert_int_equal(k.cap.rights[s], K5_RIGHT_CALL | K5_RIGHT_GRANT);
    assert_int_equal(k.cap.badge[s], 0x77);
    assert_int_equal(k.cap.depth[s], 1);
    hand_over(s, slot(ALPHA, ALPHA_FREE));
    AS(SERVER, RECV);
    run(ALPHA);
    AS(ALPHA, CALL, .slot = ALPHA_FREE, .w0 = 5);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(badge_of(SERVER), 0x77);
}

static void a_copy_is_as_good(void **state)
{
    (void)state;
    run(GAMMA);
    assert_int_equal(mint(GAMMA, 0, GAMMA_FREE, ALL, 0), K5_OK);
    AS(GAMMA, SEND, .slot = GAMMA_FREE, .deadline = k.now + 100);
    assert_int_equal(k.task.badge[GAMMA], 0x30);
    assert_int_equal(k.task.via[GAMMA], slot(GAMMA, GAMMA_FREE));
}

static void what_cannot_be_derived(void **state)
{
    (void)state;
    run(SERVER);
    assert_int_equal(mint(SERVER, SERVER_FREE + 3u, SERVER_FREE, ALL, 1), K5_ERR_SLOT);
    assert_int_equal(mint(SERVER, 255, SERVER_FREE, ALL, 1), K5_ERR_SLOT);
    assert_int_equal(mint(SERVER, SERVER_FREE, SERVER_FREE + 1u, ALL, 1), K5_ERR_SLOT);
    assert_int_equal(mint(SERVER, 0, 1, ALL, 1), K5_ERR_SLOT); /* a fixed place */
    assert_int_equal(mint(SERVER, 0, SERVER_FREE + 3u, ALL, 1), K5_ERR_SLOT);
    assert_int_equal(mint(SERVER, 0, 0xFFFF, ALL, 1), K5_ERR_SLOT);
    assert_int_equal(mint(SERVER, 0, SERVER_FREE, ALL, 0), K5_ERR_RIGHTS); /* badge 0 */
    assert_int_equal(mint(SERVER, 0, SERVER_FREE, K5_RIGHT_SERVE, 1), K5_ERR_RIGHTS);
    assert_int_equal(mint(SERVER, 1, SERVER_FREE, ALL, 0x41), K5_ERR_RIGHTS); /* not its server */
    assert_int_equal(mint(SERVER, 1, SERVER_FREE, 0, 0), K5_ERR_RIGHTS);
    assert_true(empty(SERVER, SERVER_FREE));
    assert_int_equal(mint(SERVER, 1, SERVER_FREE, ALL, 0x40), K5_OK);         /* its own badge */
    assert_int_equal(k.cap.rights[slot(SERVER, SERVER_FREE)], K5_RIGHT_CALL); /* no grant */
    assert_int_equal(mint(SERVER, 1, SERVER_FREE, ALL, 0), K5_ERR_OCCUPIED);
}

static void bits_of_a_notification_shrink(void **state)
{
    uint16_t s = slot(ALPHA, ALPHA_FREE);

    (void)state;
    run(ALPHA);
    assert_int_equal(mint(ALPHA, ALPHA_SIGNAL, ALPHA_FREE, ALL, 0x1F), K5_ERR_RIGHTS);
    assert_int_equal(mint(ALPHA, ALPHA_SIGNAL, ALPHA_FREE, ALL, 0x6), K5_OK);
    assert_int_equal(k.cap.badge[s], 0x6);
    assert_int_equal(mint(ALPHA, ALPHA_FREE, ALPHA_FREE + 1u, ALL, 0x1), K5_ERR_RIGHTS);
    assert_int_equal(mint(ALPHA, ALPHA_FREE, ALPHA_FREE + 1u, ALL, 0), K5_OK);
    assert_int_equal(k.cap.badge[s + 1u], 0x6);
    AS(ALPHA, SIGNAL, .slot = ALPHA_FREE + 1u, .aux = 0x1);
    assert_int_equal(error_of(ALPHA), K5_ERR_RIGHTS);
}

static void depth_ends(void **state)
{
    uint16_t at = slot(ALPHA, ALPHA_CALL);
    uint16_t next[] = {slot(ALPHA, ALPHA_FREE),     slot(BETA, BETA_FREE),
                       slot(GAMMA, GAMMA_FREE),     slot(GAMMA, GAMMA_FREE + 1u),
                       slot(SERVER, SERVER_FREE),   slot(SERVER, SERVER_FREE + 1u),
                       slot(ALPHA, ALPHA_FREE + 1u)};

    (void)state;
    for (size_t i = 0; i < K5_DEPTH_MAX; i++) {
        hand_over(at, next[i]);
        at = next[i];
    }
    run(ALPHA);
    AS(ALPHA, CAP_DELETE, .slot = ALPHA_FREE);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_int_equal(mint(ALPHA, ALPHA_FREE + 1u, ALPHA_FREE, ALL, 0), K5_ERR_DEPTH);
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_OK);
}

static void info_of_slots(void **state)
{
    (void)state;
    run(ALPHA);
    assert_int_equal(mint(ALPHA, ALPHA_SIGNAL, ALPHA_FREE, ALL, 0x6), K5_OK);
    AS(ALPHA, CAP_INFO, .slot = ALPHA_FREE);
    assert_int_equal(error_of(ALPHA), K5_OK);
    assert_int_equal(word_of(ALPHA, 0), K5_CAP_NOTIFICATION | K5_RIGHT_SIGNAL << 8 | 1u << 16);
    assert_int_equal(word_of(ALPHA, 1), 0x6);
    assert_int_equal(word_of(ALPHA, 2), SERVER);
    assert_int_equal(word_of(ALPHA, 3), 0);
    AS(ALPHA, CAP_INFO, .slot = ALPHA_FREE + 1u);
    assert_int_equal(word_of(ALPHA, 0), 0);
    AS(ALPHA, CAP_INFO, .slot = 0);
    assert_int_equal(word_of(ALPHA, 3), 1);
    AS(ALPHA, CAP_INFO, .slot = ALPHA_FREE + 2u);
    assert_int_equal(error_of(ALPHA), K5_ERR_SLOT);
}

/* ---- delete and move ---------------------------------------- */

static void children_of_a_deleted_slot_hang_from_its_parent(void **state)
{
    (void)state;
    run(ALPHA);
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_OK);
    hand_over(slot(ALPHA, ALPHA_FREE), slot(BETA, BETA_FREE));
    hand_over(slot(BETA, BETA_FREE), slot(OTHER, OTHER_FREE));
    AS(ALPHA, CAP_DELETE, .slot = ALPHA_FREE);
    assert_true(host.again[ALPHA]);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(ALPHA, ALPHA_FREE));
    assert_int_equal(k.cap.parent[slot(BETA, BETA_FREE)], slot(ALPHA, 0));
    assert_int_equal(k.cap.parent[slot(OTHER, OTHER_FREE)], slot(BETA, BETA_FREE));
    AS(ALPHA, CAP_DELETE, .slot = ALPHA_FREE);
    assert_int_equal(error_of(ALPHA), K5_ERR_SLOT);
    AS(ALPHA, CAP_REVOKE, .slot = 0);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(BETA, BETA_FREE) && empty(OTHER, OTHER_FREE));
}

static void a_fixed_place_can_be_emptied_and_still_revoked(void **state)
{
    (void)state;
    run(ALPHA);
    hand_over(slot(ALPHA, 0), slot(BETA, BETA_FREE));
    AS(ALPHA, CAP_DELETE, .slot = 0);
    assert_int_equal(error_of(ALPHA), K5_OK);
    assert_false(host.again[ALPHA]);
    AS(ALPHA, SEND, .slot = 0);
    assert_int_equal(error_of(ALPHA), K5_ERR_SLOT);
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_ERR_SLOT);
    assert_int_equal(mint(ALPHA, 1, 0, ALL, 0), K5_ERR_SLOT); /* nothing else gets there */
    AS(ALPHA, CAP_REVOKE, .slot = 0);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(BETA, BETA_FREE));
}

static void children_follow_a_move(void **state)
{
    (void)state;
    run(ALPHA);
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_OK);
    hand_over(slot(ALPHA, ALPHA_FREE), slot(BETA, BETA_FREE));
    AS(ALPHA, CAP_MOVE, .slot = ALPHA_FREE, .label = ALPHA_FREE);
    assert_int_equal(error_of(ALPHA), K5_ERR_OCCUPIED);
    AS(ALPHA, CAP_MOVE, .slot = 0, .label = ALPHA_FREE + 1u);
    assert_int_equal(error_of(ALPHA), K5_ERR_SLOT); /* what the image gave stays in its place */
    AS(ALPHA, CAP_MOVE, .slot = ALPHA_FREE, .label = 1);
    assert_int_equal(error_of(ALPHA), K5_ERR_SLOT);
    AS(ALPHA, CAP_MOVE, .slot = ALPHA_FREE, .label = ALPHA_FREE + 1u);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(ALPHA, ALPHA_FREE));
    assert_int_equal(k.cap.parent[slot(BETA, BETA_FREE)], slot(ALPHA, ALPHA_FREE + 1u));
    assert_int_equal(k.cap.badge[slot(ALPHA, ALPHA_FREE + 1u)], 0x10);
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE + 1u);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(BETA, BETA_FREE));
    assert_false(empty(ALPHA, ALPHA_FREE + 1u));
}

/* ---- revoke ---------------------------------------- */

/* A family in five tables, in no order: 0 <- 3 <- OTHER <- BETA <- SERVER, and 0 <- GAMMA. */
static void family(void)
{
    assert_int_equal(k.current, ALPHA);
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_OK);
    hand_over(slot(ALPHA, ALPHA_FREE), slot(OTHER, OTHER_FREE));
    hand_over(slot(OTHER, OTHER_FREE), slot(BETA, BETA_FREE));
    hand_over(slot(BETA, BETA_FREE), slot(SERVER, SERVER_FREE));
    hand_over(slot(ALPHA, 0), slot(GAMMA, GAMMA_FREE));
}

static void revoke_takes_all_descendants_and_nothing_else(void **state)
{
    (void)state;
    run(ALPHA);
    family();
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(OTHER, OTHER_FREE) && empty(BETA, BETA_FREE));
    assert_true(empty(SERVER, SERVER_FREE));
    assert_false(empty(ALPHA, ALPHA_FREE) || empty(GAMMA, GAMMA_FREE));
    assert_int_equal(mint(ALPHA, ALPHA_FREE, ALPHA_FREE + 1u, ALL, 0), K5_OK);
}

static void revoke_goes_in_steps_and_others_run_between(void **state)
{
    (void)state;
    run_until(ALPHA, GAMMA, 5000);
    family();
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    one_step();
    assert_int_equal(k.sweep.phase, SWEEP_MARK);
    assert_int_equal(k.sweep.cursor, 6);
    tick(5000);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(mint(GAMMA, GAMMA_FREE, GAMMA_FREE + 1u, ALL, 0), K5_OK);
    /* Its own revocation does ALPHA's first. */
    AS(GAMMA, CAP_REVOKE, .slot = GAMMA_FREE);
    assert_int_equal(k.sweep.task, ALPHA);
    settle();
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_true(empty(GAMMA, GAMMA_FREE + 1u) && empty(SERVER, SERVER_FREE));
    AS(GAMMA, WAIT, .aux = 2);
    assert_int_equal(k.current, ALPHA);
    one_step();
    assert_int_equal(error_of(ALPHA), K5_OK);
    assert_false(host.again[ALPHA]);
}

/* The same while GAMMA's is in its middle: ALPHA's is over, and GAMMA's goes on. */
static void a_sweep_that_another_finished_is_over(void **state)
{
    (void)state;
    run_until(ALPHA, GAMMA, 5000);
    family();
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    tick(5000);
    AS(GAMMA, CAP_REVOKE, .slot = GAMMA_FREE);
    while (k.sweep.task == ALPHA) {
        one_step();
    }
    AS(GAMMA, WAIT, .aux = 2);
    one_step();
    assert_int_equal(error_of(ALPHA), K5_OK);
    assert_false(host.again[ALPHA]);
}

static void a_doomed_capability_has_no_children(void **state)
{
    (void)state;
    run_until(ALPHA, SERVER, 5000);
    family();
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    tick(5000);
    assert_int_equal(k.current, SERVER);
    assert_true(cap_live(slot(SERVER, SERVER_FREE)));
    assert_true(revoke_dooms(slot(SERVER, SERVER_FREE)));
    assert_false(revoke_dooms(slot(GAMMA, GAMMA_FREE)));
    assert_int_equal(mint(SERVER, SERVER_FREE, SERVER_FREE + 1u, ALL, 0), K5_ERR_SLOT);
    AS(SERVER, CAP_MOVE, .slot = SERVER_FREE, .label = SERVER_FREE + 1u);
    settle();
    assert_int_equal(error_of(SERVER), K5_ERR_SLOT); /* it is dying by now */
    assert_false(cap_live(slot(SERVER, SERVER_FREE)));
}

static void queued_callers_through_it_are_told(void **state)
{
    (void)state;
    run_until(ALPHA, GAMMA, 5000);
    family();
    hand_over(slot(ALPHA, ALPHA_FREE), slot(GAMMA, GAMMA_FREE + 1u));
    tick(5000);
    AS(GAMMA, CALL, .slot = GAMMA_FREE + 1u);
    assert_int_equal(k.ep.waiting[0], 1u << GAMMA);
    AS(ALPHA, CAP_REVOKE, .slot = 1); /* not that one */
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_int_equal(k.ep.waiting[0], 1u << GAMMA);
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    while (k.current == ALPHA) {
        one_step();
    }
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(error_of(GAMMA), K5_ERR_REVOKED);
    assert_int_equal(k.ep.waiting[0], 0);
}

static void a_taken_call_completes(void **state)
{
    (void)state;
    run_until(GAMMA, SERVER, 6000);
    hand_over(slot(ALPHA, 0), slot(GAMMA, GAMMA_FREE));
    AS(GAMMA, CALL, .slot = GAMMA_FREE);
    run(ALPHA);
    tick(6000);
    AS(SERVER, RECV);
    uint32_t token = aux_of(SERVER);

    AS(SERVER, WAIT, .aux = 2, .deadline = 9000);
    AS(ALPHA, CAP_REVOKE, .slot = 0);
    assert_int_equal(sweep(ALPHA), K5_OK);
    assert_true(empty(GAMMA, GAMMA_FREE));
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    tick(9000);
    AS(SERVER, REPLY, .aux = token, .w0 = 9);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_int_equal(word_of(GAMMA, 0), 9);
}

/* ---- restart ---------------------------------------- */

static void what_the_last_life_handed_out_is_gone_before_the_next(void **state)
{
    (void)state;
    run(SERVER);
    assert_int_equal(mint(SERVER, 0, SERVER_FREE, ALL, 0x77), K5_OK);
    hand_over(slot(SERVER, SERVER_FREE), slot(ALPHA, ALPHA_FREE));
    hand_over(slot(ALPHA, 0), slot(SERVER, SERVER_FREE + 1u)); /* received */
    hand_over(slot(SERVER, SERVER_FREE + 1u), slot(BETA, BETA_FREE));
    AS(SERVER, CAP_DELETE, .slot = 1);
    fault_as(SERVER, K5_FAULT_READ, 0);
    AS(SUPER, TASK_RESTART, .slot = 1);
    assert_true(host.again[SERVER]);
    AS(SUPER, WAIT, .aux = 1);
    assert_int_equal(k.current, SERVER);
    settle();
    assert_int_equal(host.arg[SERVER][K5_A_OP], 0);
    assert_true(empty(SERVER, SERVER_FREE) && empty(SERVER, SERVER_FREE + 1u));
    assert_true(empty(ALPHA, ALPHA_FREE) && empty(BETA, BETA_FREE));
    assert_int_equal(k.cap.type[slot(SERVER, 1)], K5_CAP_ENDPOINT);
    assert_int_equal(k.cap.type[slot(ALPHA, 0)], K5_CAP_ENDPOINT);
}

/* In the middle of its own revocation: that one is done first, by the new life's reset. */
static void restart_in_the_middle_of_a_revocation(void **state)
{
    (void)state;
    run_until(ALPHA, SUPER, 5000);
    family();
    AS(ALPHA, CAP_REVOKE, .slot = ALPHA_FREE);
    assert_int_equal(k.sweep.phase, SWEEP_MARK);
    tick(5000);
    AS(SUPER, TASK_RESTART, .slot = 2);
    AS(SUPER, WAIT, .aux = 1);
    assert_int_equal(k.current, ALPHA);
    settle();
    assert_int_equal(k.sweep.phase, SWEEP_NONE);
    assert_true(empty(SERVER, SERVER_FREE) && empty(GAMMA, GAMMA_FREE));
    assert_true(empty(ALPHA, ALPHA_FREE));
    assert_int_equal(mint(ALPHA, 0, ALPHA_FREE, ALL, 0), K5_OK);
}

/* The two numbers that only the kernel means are no danger from a task. */
static void forged_numbers_are_harmless(void **state)
{
    (void)state;
    run(ALPHA);
    family();
    AS(ALPHA, CAP_SWEEP);
    assert_int_equal(error_of(ALPHA), K5_OK);
    assert_false(host.again[ALPHA]);
    AS(ALPHA, CAP_RESET);
    settle();
    assert_true(empty(ALPHA, ALPHA_FREE) && empty(GAMMA, GAMMA_FREE));
    assert_int_equal(k.cap.type[slot(ALPHA, 0)], K5_CAP_ENDPOINT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_server_mints_clients, setup),
        cmocka_unit_test_setup(a_copy_is_as_good, setup),
        cmocka_unit_test_setup(what_cannot_be_derived, setup),
        cmocka_unit_test_setup(bits_of_a_notification_shrink, setup),
        cmocka_unit_test_setup(depth_ends, setup),
        cmocka_unit_test_setup(info_of_slots, setup),
        cmocka_unit_test_setup(children_of_a_deleted_slot_hang_from_its_parent, setup),
        cmocka_unit_test_setup(a_fixed_place_can_be_emptied_and_still_revoked, setup),
        cmocka_unit_test_setup(children_follow_a_move, setup),
        cmocka_unit_test_setup(revoke_takes_all_descendants_and_nothing_else, setup),
        cmocka_unit_test_setup(revoke_goes_in_steps_and_others_run_between, setup),
        cmocka_unit_test_setup(a_sweep_that_another_finished_is_over, setup),
        cmocka_unit_test_setup(a_doomed_capability_has_no_children, setup),
        cmocka_unit_test_setup(queued_callers_through_it_are_told, setup),
        cmocka_unit_test_setup(a_taken_call_completes, setup),
        cmocka_unit_test_setup(what_the_last_life_handed_out_is_gone_before_the_next, setup),
        cmocka_unit_test_setup(restart_in_the_middle_of_a_revocation, setup),
        cmocka_unit_test_setup(forged_numbers_are_harmless, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
