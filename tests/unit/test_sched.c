/* Who runs and when: priorities, equals in turn, deadlines, and the 64-bit clock. */
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

/* GAMMA blocks, so that the equals BETA and ALPHA are left. */
static void only_equals(void)
{
    AS(GAMMA, WAIT, .aux = 1);
    assert_int_equal(k.current, BETA);
}

/* ---- boot and priorities -----------------------------------------------------------------------
 */

static void boot_starts_everyone(void **state)
{
    (void)state;
    boot();
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        assert_int_equal(k.task.state[t], K5_TASK_READY);
        assert_int_equal(host.resets[t], 1);
        assert_int_equal(k.refill.amount[t][0], SLICE);
    }
    assert_true(kernel_valid());
}

static void a_wrong_table_does_not_boot(void **state)
{
    (void)state;
    tables_fill();
    cfg.equals[GAMMA] = 0x06;
    assert_false(config_valid());
    tables_fill();
    cfg.cap_rights[cfg.slot_first[SERVER]] |= K5_RIGHT_CALL;
    assert_false(config_valid());
    tables_fill();
    cfg.cap_object[cfg.slot_first[SERVER]] = 1; /* another's endpoint */
    assert_false(config_valid());
    tables_fill();
    cfg.cap_badge[cfg.slot_first[OTHER] + 1u] = FAULT_OF(ALPHA); /* could pretend a fault */
    assert_false(config_valid());
    tables_fill();
    cfg.handler[SUPER] = ALPHA; /* a circle */
    cfg.handler_bits[SUPER] = 1;
    assert_false(config_valid());
    tables_fill();
    cfg.region_rights[1] |= K5_MEM_EXECUTE;
    assert_false(config_valid());
    tables_fill();
    cfg.region_base[3] = cfg.region_base[1] + 0x800u;
    assert_false(config_valid());
    tables_fill();
    cfg.stack_base[ALPHA] = cfg.region_base[3]; /* in another's RAM */
    assert_false(config_valid());
    tables_fill();
    assert_true(config_valid());
}

static void the_more_urgent_preempts(void **state)
{
    (void)state;
    only_equals();
    AS(BETA, SEND, .w0 = 1);
    assert_int_equal(k.current, SERVER);
    AS(SERVER, RECV);
    assert_int_equal(k.current, BETA);
}

static void a_less_urgent_wakes_in_vain(void **state)
{
    (void)state;
    AS(GAMMA, SEND, .slot = 1);
    assert_int_equal(k.current, OTHER);
    AS(OTHER, SIGNAL, .slot = 1, .aux = 0x10);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, TASK_RESTART, .slot = 2);
    assert_int_equal(k.current, SUPER);
}

static void nobody_ready_is_idle(void **state)
{
    (void)state;
    only_equals();
    AS(BETA, WAIT, .deadline = 3000);
    AS(ALPHA, WAIT, .deadline = 4000);
    assert_int_equal(k.current, K5_IDLE);
    assert_int_equal(k.ready, 0);
    assert_true(k.next_event == 3000);
    assert_true(host.alarm <= 3000); /* an earlier alarm stays: it fires for nothing */
    tick(1999);
    assert_int_equal(k.current, K5_IDLE);
    tick(1);
    assert_int_equal(k.current, BETA);
}

/* ---- equals
 * -------------------------------------------------------------------------------------- */

static void equals_take_turns(void **state)
{
    (void)state;
    only_equals();
    for (uint32_t round = 0; round < 10; round++) {
        assert_int_equal(k.current, BETA);
        tick(SLICE - 1);
        assert_int_equal(k.current, BETA);
        tick(1);
        assert_int_equal(k.current, ALPHA);
        tick(SLICE);
    }
}

static void a_yield_ends_the_turn(void **state)
{
    (void)state;
    only_equals();
    AS(BETA, YIELD);
    assert_int_equal(k.current, ALPHA);
    AS(ALPHA, YIELD);
    assert_int_equal(k.current, BETA);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, YIELD);
    assert_int_equal(k.current, ALPHA);
}

static void an_equal_that_wakes_does_not_interrupt(void **state)
{
    (void)state;
    only_equals();
    AS(BETA, WAIT, .aux = 0, .deadline = 1100);
    tick(200);
    assert_int_equal(k.task.state[BETA], K5_TASK_READY);
    assert_int_equal(k.current, ALPHA);
    tick(SLICE);
    assert_int_equal(k.current, BETA);
}

/* Who is interrupted by a more urgent task keeps what is left of its slice. */
static void an_interruption_costs_no_slice(void **state)
{
    (void)state;
    only_equals();
    tick(600);
    AS(BETA, SEND);
    tick_silently(5000);
    AS(SERVER, RECV);
    assert_int_equal(k.current, BETA);
    tick(399);
    assert_int_equal(k.current, BETA);
    tick(1);
    assert_int_equal(k.current, ALPHA);
}

/* Two equal callers and a busy server: each is served once a round. */
static void equal_callers_are_served_in_turn(void **state)
{
    uint32_t served[2] = {0, 0};

    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .deadline = 2000);
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, CALL);
    AS(ALPHA, CALL);
    tick(1000);
    AS(SERVER, RECV);
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t token = aux_of(SERVER);
        task_t caller = (task_t)(token & 0x1Fu);

        assert_true(caller <= BETA);
        served[caller]++;
        AS(SERVER, REPLY, .aux = token);
        AS(SERVER, WAIT, .deadline = k.now + 100);
        AS(caller, CALL);
        assert_int_equal(k.ep.waiting[0], 0x3);
        tick(100);
        AS(SERVER, RECV);
    }
    assert_int_equal(served[0], 10);
    assert_int_equal(served[1], 10);
}

/* ---- deadlines
 * ------------------------------------------------------------------------------------ */

static void a_deadline_ends_each_kind_of_wait(void **state)
{
    (void)state;
    boot();
    AS(SUPER, WAIT, .aux = 0x1, .deadline = 2000);
    AS(OTHER, RECV, .deadline = 2000);
    AS(SERVER, WAIT, .aux = 0x100);
    AS(GAMMA, CALL, .deadline = 2000);
    AS(BETA, SEND, .deadline = 2000);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    assert_int_equal(k.ep.waiting[0], 0x6);
    tick(999);
    assert_int_equal(k.current, ALPHA);
    tick(1);
    assert_int_equal(k.ep.waiting[0], 0);
    for (uint32_t t = BETA; t <= SUPER; t++) {
        assert_int_equal(k.task.state[t], t == SERVER ? K5_TASK_WAITING : K5_TASK_READY);
        assert_int_equal(error_of((task_t)t), t == SERVER ? K5_OK : K5_TIMEOUT);
    }
    assert_int_equal(k.timed, 0);
    assert_int_equal(k.current, SUPER);
}

static void a_passed_deadline_refuses_at_once(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .deadline = 1000); /* it is 1000 */
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    AS(GAMMA, WAIT, .aux = 1, .deadline = 999);
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    AS(GAMMA, SEND, .deadline = 999); /* need not block: succeeds */
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_int_equal(k.current, SERVER);
}

static void bits_in_time_cancel_the_deadline(void **state)
{
    (void)state;
    only_equals();
    AS(BETA, YIELD);
    AS(ALPHA, WAIT, .aux = 0x100, .deadline = 50000);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0x100);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(k.timed, 0);
    tick(60000);
    assert_int_equal(error_of(ALPHA), K5_OK);
}

static void a_far_deadline_is_reached_in_steps(void **state)
{
    uint32_t alarms = 0;

    (void)state;
    only_equals();
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, WAIT, .deadline = ((ktime)1 << 33) + 5000);
    while (k.current == K5_IDLE) {
        uint32_t distance = host.alarm - host.counter;

        assert_true(distance <= TIME_ALARM_MAX);
        tick_silently(distance);
        kernel_alarm();
        alarms++;
    }
    assert_int_equal(k.current, ALPHA);
    assert_true(k.now >= ((ktime)1 << 33) + 5000);
    assert_true(k.now < ((ktime)1 << 33) + 5010);
    assert_true(alarms <= 10);
}

/* ---- the clock
 * ------------------------------------------------------------------------------------ */

static void time_extends_over_each_wrap(void **state)
{
    (void)state;
    assert_true(time_extend(0, 0) == 0);
    assert_true(time_extend(5, 4) == ((ktime)1 << 32) + 4);
    assert_true(time_extend(0xFFFFFFFFu, 0) == (ktime)1 << 32);
    assert_true(time_extend(((ktime)7 << 32) + 9, 9) == ((ktime)7 << 32) + 9);
}

/* A day at 20 MHz is 1.7 * 10^12 ticks, 402 wraps of the counter; the clock never goes wrong nor
 * back, whatever moments it is read at. */
static void a_day_of_readings(void **state)
{
    const ktime day = (ktime)24 * 3600 * 20000000;
    ktime now = 1000;
    uint32_t seed = 12345;

    (void)state;
    while (now < day) {
        seed = seed * 1664525u + 1013904223u;
        uint32_t step = seed >> (seed % 16u);
        uint32_t left = host.alarm - host.counter;

        step = step < left ? step : left;
        now += step;
        host.counter += step;
        if (step == left) {
            kernel_alarm();
        }
        AS(GAMMA, TIME);
        assert_true(((ktime)host.arg[GAMMA][K5_A_X1] << 32 | host.arg[GAMMA][K5_A_X0]) == now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot_starts_everyone),
        cmocka_unit_test(a_wrong_table_does_not_boot),
        cmocka_unit_test_setup(the_more_urgent_preempts, setup),
        cmocka_unit_test_setup(a_less_urgent_wakes_in_vain, setup),
        cmocka_unit_test_setup(nobody_ready_is_idle, setup),
        cmocka_unit_test_setup(equals_take_turns, setup),
        cmocka_unit_test_setup(a_yield_ends_the_turn, setup),
        cmocka_unit_test_setup(an_equal_that_wakes_does_not_interrupt, setup),
        cmocka_unit_test_setup(an_interruption_costs_no_slice, setup),
        cmocka_unit_test_setup(equal_callers_are_served_in_turn, setup),
        cmocka_unit_test_setup(a_deadline_ends_each_kind_of_wait, setup),
        cmocka_unit_test_setup(a_passed_deadline_refuses_at_once, setup),
        cmocka_unit_test_setup(bits_in_time_cancel_the_deadline, setup),
        cmocka_unit_test_setup(a_far_deadline_is_reached_in_steps, setup),
        cmocka_unit_test(time_extends_over_each_wrap),
        cmocka_unit_test_setup(a_day_of_readings, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
