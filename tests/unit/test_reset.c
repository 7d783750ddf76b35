/* The end of things: who is reset for what, and what is known of it afterwards. panic.c is included
 * so that one program can end many times. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/k5_panic.h"
#include "fixture.h"
#include "kernel/log.h"
#include "kernel/panic.c" /* NOLINT(bugprone-suspicious-include) */
#include "kernel/reset.h"

static sigjmp_buf ended;

static void on_abort(int number)
{
    (void)number;
    siglongjmp(ended, 1);
}

/* The fake machine aborts where a real one would halt or reset. */
#define ENDS(statement)                                  \
    do {                                                 \
        void (*before)(int) = signal(SIGABRT, on_abort); \
        if (sigsetjmp(ended, 1) == 0) {                  \
            statement;                                   \
            signal(SIGABRT, before);                     \
            fail_msg("the system went on");              \
        }                                                \
        signal(SIGABRT, before);                         \
    } while (0)

static void power_on(void)
{
    memset(&reset_record, 0x5A, sizeof reset_record);
    boot();
}

/* What a reset does to the kernel's memory: all but .noinit begins anew. */
static void boot_again(void)
{
    panicking = false;
    boot();
}

static int setup(void **state)
{
    (void)state;
    panicking = false;
    power_on();
    return 0;
}

static void kept_is(uint8_t reason, task_t task, uint8_t cause, uint32_t value)
{
    assert_int_equal(reset_record.why.reason, reason);
    assert_int_equal(reset_record.why.task, task);
    assert_int_equal(reset_record.why.cause, cause);
    assert_int_equal(reset_record.why.value, value);
}

/* ---- the record -------------------------------------------------------------------------- */

static void power_on_tells_of_no_reset(void **state)
{
    (void)state;
    assert_int_equal(log_state.count, 1); /* the boot frame alone */
    kept_is(K5_RESET_OUTSIDE, K5_NIL, 0, 0);
    assert_int_equal(reset_record.why.count, 0);
}

static void a_reset_that_nobody_announced_is_from_outside(void **state)
{
    struct reset why;

    (void)state;
    assert_true(reset_recall(&why));
    assert_int_equal(why.reason, K5_RESET_OUTSIDE);
    assert_int_equal(why.count, 1);
}

static void the_reason_survives_once(void **state)
{
    struct reset why;

    (void)state;
    reset_keep((struct reset){K5_RESET_FAULT, 3, K5_FAULT_BUS, 1, 0x1234, 77});
    boot_again();
    assert_int_equal(log_state.count, 2); /* boot and reset */
    assert_true(reset_recall(&why));
    assert_int_equal(why.reason, K5_RESET_OUTSIDE);
    assert_int_equal(why.count, 2); /* the count of reset_keep's argument is not believed */
}

/* What a count adds to the sum. */
static uint32_t turned(uint32_t count)
{
    return count << 14 | count >> 18;
}

static void resets_are_counted_and_stop_at_the_top(void **state)
{
    struct reset why = {0};

    (void)state;
    for (uint32_t i = 1; i < 10; i++) {
        reset_keep((struct reset){.reason = K5_RESET_WATCHDOG});
        assert_true(reset_recall(&why));
        assert_int_equal(why.reason, K5_RESET_WATCHDOG);
        assert_int_equal(why.count, i);
    }
    uint32_t sum = reset_record.sum ^ turned(reset_record.why.count) ^ turned(UINT32_MAX);

    reset_record.why.count = UINT32_MAX;
    reset_record.sum = sum;
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(reset_recall(&why));
        assert_int_equal(why.count, UINT32_MAX);
    }
}

/* Any one bit, wherever it lies: no reason is better than a wrong one. */
static void a_damaged_record_is_not_believed(void **state)
{
    struct reset why;

    (void)state;
    for (uint32_t bit = 0; bit < 8u * sizeof reset_record; bit++) {
        reset_keep((struct reset){K5_RESET_FAULT, 3, K5_FAULT_BUS, 1, 0x1234, 0});
        ((uint8_t *)&reset_record)[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        assert_false(reset_recall(&why));
        assert_true(reset_recall(&why)); /* and a new one was begun */
    }
}

/* ---- faults ------------------------------------------------------------------------------ */

/* on-assert does not matter: it is a decision, not an assertion. */
static void super_faults(uint8_t on_assert)
{
    setup(NULL);
    cfg.on_assert = on_assert;
    ENDS(fault_as(SUPER, K5_FAULT_READ, 0x40));
    assert_int_equal(host.machine_resets, 1);
    assert_int_equal(host.safe_states, 1);
    kept_is(K5_RESET_SUPERVISOR, SUPER, K5_FAULT_READ, 0x40);
}

static void loss_of_the_supervisor(void **state)
{
    (void)state;
    super_faults(K5_ON_ASSERT_HALT);
    super_faults(K5_ON_ASSERT_RESET);
    setup(NULL);
    ENDS(AS(SUPER, EXIT, .aux = 7)); /* an exit is a loss too */
    kept_is(K5_RESET_SUPERVISOR, SUPER, K5_FAULT_EXIT, 7);
}

static void on_fault_reset(void **state)
{
    (void)state;
    cfg.on_fault[OTHER] = K5_ON_FAULT_RESET;
    AS(SUPER, WAIT, .aux = 1);
    ENDS(fault_as(OTHER, K5_FAULT_WRITE, 0x1234));
    assert_int_equal(host.machine_resets, 1);
    assert_int_equal(host.safe_states, 1);
    kept_is(K5_RESET_FAULT, OTHER, K5_FAULT_WRITE, 0x1234);
    assert_int_equal(reset_record.why.flags, K5_FAULT_HAS_ADDRESS | K5_FAULT_HAS_FRAME);
    boot_again();
    assert_int_equal(log_state.count, 2);
}

/* GAMMA's call to OTHER was taken, BETA's to SERVER is none of its business; OTHER runs. */
static void other_works(void)
{
    boot_serving();
    AS(GAMMA, CALL, .slot = 1, .w0 = 5);
    assert_int_equal(k.current, OTHER);
}

static void on_fault_restart(void **state)
{
    (void)state;
    other_works();
    cfg.on_fault[OTHER] = K5_ON_FAULT_RESTART;
    AS(OTHER, CAP_DELETE, .slot = 0); /* the boot table comes back */
    k.task.setup_mask[OTHER] = 0xFF;
    uint32_t frames = log_state.count;

    fault_as(OTHER, K5_FAULT_WRITE, 0x1234);
    assert_int_equal(k.task.state[OTHER], K5_TASK_READY);
    assert_int_equal(host.resets[OTHER], 2);
    assert_int_equal(k.task.restarts[OTHER], 1);
    assert_int_equal(k.task.faults[OTHER], 1);
    assert_int_equal(k.task.cause[OTHER], K5_FAULT_WRITE);
    assert_int_equal(k.task.setup_mask[OTHER], 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
    assert_int_equal(log_state.count, frames + 2u); /* fault and restart */
    assert_int_equal(host.machine_resets, 0);
    assert_int_equal(k.current, OTHER);
    settle();
    assert_int_equal(k.cap.rights[cfg.slot_first[OTHER]], K5_RIGHT_SERVE);
    AS(OTHER, RECV);
    AS(GAMMA, CALL, .slot = 1, .w0 = 6); /* it serves again */
    assert_int_equal(word_of(OTHER, 0), 6);
}

/* The death is told before the restart: a more urgent caller runs first. */
static void on_fault_restart_tells_an_urgent_caller(void **state)
{
    (void)state;
    boot();
    cfg.on_fault[OTHER] = K5_ON_FAULT_RESTART;
    cap_image(SUPER, 3, (struct cap){K5_CAP_ENDPOINT, K5_RIGHT_CALL, 1, 0x50});
    AS(SUPER, CALL, .slot = 3);
    AS(OTHER, RECV);
    fault_as(OTHER, K5_FAULT_READ, 0);
    assert_int_equal(k.current, SUPER);
    assert_int_equal(error_of(SUPER), K5_ERR_PEER_DIED);
}

/* A task that only ever faults: as often as it runs, and nothing else breaks. */
static void on_fault_restart_again_and_again(void **state)
{
    (void)state;
    other_works();
    cfg.on_fault[OTHER] = K5_ON_FAULT_RESTART;
    for (uint32_t i = 1; i < 500; i++) {
        fault_as(OTHER, K5_FAULT_READ, i);
        assert_int_equal(k.task.restarts[OTHER], i);
    }
}

static void on_fault_stop(void **state)
{
    (void)state;
    other_works();
    fault_as(OTHER, K5_FAULT_WRITE, 0x1234);
    assert_int_equal(k.task.state[OTHER], K5_TASK_STOPPED);
    assert_int_equal(k.task.restarts[OTHER], 0);
}

/* Who has a handler is the handler's. */
static void on_fault_does_not_matter_with_a_handler(void **state)
{
    (void)state;
    for (uint8_t on_fault = 0; on_fault < K5_ON_FAULT_COUNT; on_fault++) {
        boot_serving();
        cfg.on_fault[GAMMA] = on_fault;
        fault_as(GAMMA, K5_FAULT_WRITE, 0);
        assert_int_equal(k.task.state[GAMMA], K5_TASK_FAULTED);
        assert_int_equal(k.current, SUPER);
    }
    assert_int_equal(host.machine_resets, 0);
}

/* ---- assertions and the watchdog --------------------------------------------------------- */

static void an_assertion_halts_or_resets(void **state)
{
    (void)state;
    cfg.on_assert = K5_ON_ASSERT_HALT;
    ENDS(kernel_panic(K5_PANIC_REQUIRE, 9));
    assert_int_equal(host.machine_resets, 0);
    assert_int_equal(host.safe_states, 1);
    boot_again();
    cfg.on_assert = K5_ON_ASSERT_RESET;
    ENDS(kernel_panic(K5_PANIC_INVARIANT, 8));
    assert_int_equal(host.machine_resets, 1);
    assert_int_equal(host.safe_states, 1);
    kept_is(K5_RESET_ASSERT, SUPER, K5_PANIC_INVARIANT, 8);
}

static void halts(uint32_t where)
{
    boot_again();
    cfg.on_assert = K5_ON_ASSERT_RESET;
    ENDS(kernel_panic(where, 0));
    assert_int_equal(host.machine_resets, 0);
}

/* It would be wrong after the reset too. */
static void a_wrong_image_halts(void **state)
{
    (void)state;
    halts(K5_PANIC_MPU);
    halts(K5_PANIC_SAU);
    halts(K5_PANIC_IMAGE);
    halts(K5_PANIC_CONFIG);
    halts(K5_PANIC_BOARD);
}

/* The first reason counts, and there still is an end. */
static void a_panic_in_the_report(void **state)
{
    (void)state;
    cfg.on_assert = K5_ON_ASSERT_RESET;
    ENDS(kernel_panic(K5_PANIC_REQUIRE, 1));
    uint32_t frames = log_state.write;

    ENDS(kernel_panic(K5_PANIC_EXCEPTION, 2));
    assert_int_equal(host.machine_resets, 2);
    assert_int_equal(log_state.write, frames);
    kept_is(K5_RESET_ASSERT, SUPER, K5_PANIC_REQUIRE, 1);
}

static void the_watchdog_names_who_ran(void **state)
{
    (void)state;
    ENDS(kernel_watchdog());
    assert_int_equal(host.machine_resets, 1);
    kept_is(K5_RESET_WATCHDOG, SUPER, 0, 0);
}

static void the_tables_say_only_what_there_is(void **state)
{
    (void)state;
    cfg.on_assert = K5_ON_ASSERT_COUNT;
    assert_false(config_valid());
    cfg.on_assert = K5_ON_ASSERT_RESET;
    assert_true(config_valid());
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.on_fault[t] = K5_ON_FAULT_COUNT;
        assert_false(config_valid());
        cfg.on_fault[t] = K5_ON_FAULT_RESET;
        assert_true(config_valid());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(power_on_tells_of_no_reset, setup),
        cmocka_unit_test_setup(a_reset_that_nobody_announced_is_from_outside, setup),
        cmocka_unit_test_setup(the_reason_survives_once, setup),
        cmocka_unit_test_setup(resets_are_counted_and_stop_at_the_top, setup),
        cmocka_unit_test_setup(a_damaged_record_is_not_believed, setup),
        cmocka_unit_test_setup(loss_of_the_supervisor, setup),
        cmocka_unit_test_setup(on_fault_reset, setup),
        cmocka_unit_test_setup(on_fault_restart, setup),
        cmocka_unit_test_setup(on_fault_restart_tells_an_urgent_caller, setup),
        cmocka_unit_test_setup(on_fault_restart_again_and_again, setup),
        cmocka_unit_test_setup(on_fault_stop, setup),
        cmocka_unit_test_setup(on_fault_does_not_matter_with_a_handler, setup),
        cmocka_unit_test_setup(an_assertion_halts_or_resets, setup),
        cmocka_unit_test_setup(a_wrong_image_halts, setup),
        cmocka_unit_test_setup(a_panic_in_the_report, setup),
        cmocka_unit_test_setup(the_watchdog_names_who_ran, setup),
        cmocka_unit_test_setup(the_tables_say_only_what_there_is, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
