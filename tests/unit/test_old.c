/* Defects of the first K5 (in Rust), those that no other unit test is about. The number is
 * that of K5-OLD-nn in docs/manual/evidence.md; docs/evidence.txt names the tests of all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define WCET 200u

static int setup(void **state)
{
    (void)state;
    boot_serving();
    return 0;
}

/* SERVER is passive, ALPHA and SUPER have limits; SUPER sleeps until `awake`, ALPHA runs. */
static void boot_lending(ktime awake)
{
    tables_fill();
    cfg.wcet[0] = WCET;
    cfg.budget[ALPHA] = 400;
    cfg.budget[SUPER] = 300;
    boot_tables();
    AS(SUPER, WAIT, .aux = 1, .deadline = awake);
    AS(OTHER, RECV);
    AS(SERVER, RECV);
    AS(GAMMA, WAIT, .aux = 1);
    if (k.current == BETA) {
        AS(BETA, WAIT, .aux = 1);
    }
    assert_int_equal(k.current, ALPHA);
}

/* Slot 1 is OTHER's endpoint for GAMMA (badge 0x31) and for SERVER (0x40), slot 0 is not the same
 * right. */
static void old_02_a_woken_receiver_has_its_own_capabilities(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .slot = 0);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, SEND, .slot = 1);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_int_equal(badge_of(OTHER), 0x40);
    AS(SERVER, SEND, .slot = 0);
    assert_int_equal(error_of(SERVER), K5_ERR_RIGHTS);
}

/* The same on its caller's time: that is lent, and nothing else. */
static void old_02_lent_time_lends_no_capability(void **state)
{
    (void)state;
    boot_lending(0);
    AS(ALPHA, CALL, .slot = 0);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, ALPHA);
    AS(SERVER, SEND, .slot = 1);
    assert_int_equal(badge_of(OTHER), 0x40);
    AS(SERVER, SIGNAL, .slot = 2, .aux = 1); /* ALPHA's slot 2, not SERVER's */
    assert_int_equal(error_of(SERVER), K5_ERR_TYPE);
}

/* An equal that is ready and a more urgent task that wakes run on their own. */
static void old_03_lent_time_goes_to_the_callee_alone(void **state)
{
    (void)state;
    boot_lending(1090);
    AS(ALPHA, CALL, .slot = 0);
    uint32_t token = aux_of(SERVER);
    tick_silently(30);
    AS(SERVER, SEND, .slot = 1);
    AS(SERVER, YIELD);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(k.charged, OTHER);
    tick_silently(40);
    AS(OTHER, RECV, .slot = 0);
    assert_int_equal(k.current, SERVER);
    tick(20);
    assert_int_equal(k.current, SUPER);
    assert_int_equal(k.charged, SUPER);
    tick_silently(50);
    AS(SUPER, WAIT, .aux = 1);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.charged, ALPHA);
    tick_silently(10);
    AS(SERVER, REPLY_RECV, .aux = token);
    assert_int_equal(k.current, ALPHA);
    AS(ALPHA, WAIT, .aux = 1);
    assert_int_equal(k.task.time_lent[SERVER], 60);
    assert_int_equal(k.task.time_own[OTHER], 40);
    assert_int_equal(k.refill.amount[ALPHA][0], 340);
}

/* A call is taken, but its server runs when it has time, not at once. */
static void old_05_a_call_does_not_get_round_a_servers_budget(void **state)
{
    (void)state;
    tables_fill();
    cfg.budget[SERVER] = 100;
    boot_tables();
    AS(SUPER, WAIT, .aux = 1);
    AS(OTHER, WAIT, .aux = 1);
    assert_int_equal(k.current, SERVER);
    tick_silently(100);
    AS(SERVER, RECV);
    ktime refill = k.refill.time[SERVER][0];
    assert_true(refill > k.now);
    AS(GAMMA, CALL, .slot = 0);
    assert_int_equal(k.task.state[SERVER], K5_TASK_READY);
    while (k.now < refill) {
        assert_int_not_equal(k.current, SERVER);
        tick(1);
    }
    assert_int_equal(k.current, SERVER);
    assert_int_equal(k.task.time_own[SERVER], 100);
}

/* Whoever sends waits with its message until it is taken: nothing piles up. */
static void old_12_a_flood_of_sends_fills_nothing(void **state)
{
    (void)state;
    boot();
    AS(SUPER, WAIT, .aux = 1);
    AS(OTHER, WAIT, .aux = 1);
    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 500);
    struct kernel before = k;
    for (uint32_t i = 0; i < 1000; i++) {
        AS(GAMMA, SEND, .slot = 0, .label = i, .deadline = 1);
        assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    }
    assert_memory_equal(&k.ep, &before.ep, sizeof k.ep);
    assert_memory_equal(&k.task, &before.task, sizeof k.task);
    AS(GAMMA, SEND, .slot = 0, .label = 7);
    AS(BETA, SEND, .slot = 0, .label = 8);
    AS(ALPHA, SEND, .slot = 0, .label = 9);
    assert_int_equal(k.current, K5_IDLE);
    tick(500);
    for (uint32_t label = 7; label <= 9; label++) {
        AS(SERVER, RECV);
        assert_int_equal(label_of(SERVER), label);
    }
    assert_int_equal(k.ep.waiting[0], 0);
}

#define RAM(task) (0x28200000u + (task)*0x1000u) /* as in fixture.c */
#define RAM_SIZE  0x1000u

/* SERVER takes two loans, and does not receive: who calls it is queued. SUPER is out of the way. */
static void boot_mapping(void)
{
    tables_fill();
    cfg.map_count[SERVER] = 2;
    cfg.lend_count[SERVER] = 2;
    cfg.map_first[OTHER] = 2;
    cfg.map_first[SUPER] = 2;
    boot_tables();
    AS(SUPER, WAIT, .aux = 1);
    AS(OTHER, WAIT, .aux = 1);
    AS(SERVER, WAIT, .aux = 2, .deadline = k.now + 50);
}

static void lend_range(task_t task, uint32_t base, uint32_t size)
{
    ask_as(task, K5_SYS_CALL | K5_OP_LONG,
           (struct ask){.w1 = base | K5_MEM_READ | K5_MEM_WRITE,
                        .w3 = size / K5_GRAIN << K5_LONG_LEND_SHIFT});
}

/* Each grain of the lender's memory: exactly those lent are the server's now. */
static void assert_lent(task_t from, uint32_t base, uint32_t size)
{
    for (uint32_t at = RAM(from); at < RAM(from) + RAM_SIZE; at += K5_GRAIN) {
        bool has = false;

        for (uint32_t i = 0; i < 2; i++) {
            has = has || at - host.map_base[SERVER][i] < host.map_size[SERVER][i];
        }
        assert_int_equal(has, at - base < size);
    }
}

static void old_18_the_middle_of_a_region_and_no_more(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, size;
    } trials[] = {{0x400, 0x20}, {0x20, RAM_SIZE - 0x40}, {0, 0x40}, {RAM_SIZE - 0x20, 0x20}};

    for (uint32_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        boot_mapping();
        lend_range(GAMMA, RAM(GAMMA) + trials[i].first, trials[i].size);
        assert_lent(GAMMA, 0, 0);
        tick(50);
        AS(SERVER, RECV);
        assert_lent(GAMMA, RAM(GAMMA) + trials[i].first, trials[i].size);
    }
}

/* The server goes on in the same entry, so no switch loads its map. */
static void old_19_what_is_taken_at_once_is_mapped_at_once(void **state)
{
    (void)state;
    boot_mapping();
    lend_range(GAMMA, RAM(GAMMA) + 0x100, 0x40);
    lend_range(BETA, RAM(BETA) + 0x200, 0x60);
    tick(50);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, RECV);
    assert_int_equal(k.current, SERVER);
    assert_lent(GAMMA, RAM(GAMMA) + 0x100, 0x40);
    assert_lent(BETA, 0, 0);
    AS(SERVER, REPLY_RECV, .aux = aux_of(SERVER));
    assert_int_equal(k.current, SERVER);
    assert_lent(GAMMA, 0, 0);
    assert_lent(BETA, RAM(BETA) + 0x200, 0x60);
}

/* Who only may call cannot receive there, neither before nor after the server's restart; and the
 * server's next life finds the queue and the badges as they were. */
static void old_21_nobody_takes_an_endpoint_over(void **state)
{
    (void)state;
    boot();
    AS(SUPER, WAIT, .aux = 1, .deadline = k.now + 50);
    AS(OTHER, WAIT, .aux = 1);
    AS(SERVER, WAIT, .aux = 2);
    AS(GAMMA, RECV, .slot = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_RIGHTS);
    AS(GAMMA, CALL, .slot = 0, .label = 5);
    tick(50);
    AS(SUPER, TASK_RESTART, .slot = 1);
    AS(SUPER, WAIT, .aux = 1);
    AS(SERVER, RECV);
    assert_int_equal(label_of(SERVER), 5);
    assert_int_equal(badge_of(SERVER), 0x30);
    AS(SERVER, REPLY, .aux = aux_of(SERVER), .label = 6);
    AS(SERVER, WAIT, .aux = 2);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(label_of(GAMMA), 6);
    AS(GAMMA, RECV, .slot = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_RIGHTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(old_02_a_woken_receiver_has_its_own_capabilities, setup),
        cmocka_unit_test(old_02_lent_time_lends_no_capability),
        cmocka_unit_test(old_03_lent_time_goes_to_the_callee_alone),
        cmocka_unit_test(old_05_a_call_does_not_get_round_a_servers_budget),
        cmocka_unit_test(old_12_a_flood_of_sends_fills_nothing),
        cmocka_unit_test(old_18_the_middle_of_a_region_and_no_more),
        cmocka_unit_test(old_19_what_is_taken_at_once_is_mapped_at_once),
        cmocka_unit_test(old_21_nobody_takes_an_endpoint_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
