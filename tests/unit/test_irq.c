/* Interrupt lines and their drivers: armed by an acknowledgement, masked by the interrupt and by
 * the driver's end; levels and edges; what a storm costs others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define SLOT_LEVEL    2u /* of SERVER */
#define SLOT_EDGE     3u
#define SLOT_ALPHA    3u /* of ALPHA */
#define SLOT_SERVER   1u /* of SUPER */
#define ANY           0xFFFFFFFFu
#define OPEN(line)    line_in(host.open, (line))
#define LATCHED(line) line_in(host.pending, (line))

static int setup(void **state)
{
    (void)state;
    boot_serving();
    return 0;
}

/* SERVER runs: BETA and GAMMA wait for ever, and the signal of ALPHA ends its recv. */
static void server_runs(void)
{
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    assert_int_equal(k.current, SERVER);
}

static void server_acks(uint32_t slot)
{
    AS(SERVER, IRQ_ACK, .slot = slot);
    assert_int_equal(error_of(SERVER), K5_OK);
}

static void masked_until_the_first_ack(void **state)
{
    (void)state;
    assert_false(OPEN(LINE_LEVEL) || OPEN(LINE_EDGE) || OPEN(LINE_ALPHA));
    line_set(LINE_LEVEL, true);
    line_pulse(LINE_EDGE);
    assert_int_equal(k.task.pending[SERVER], 0);
    server_runs();
    server_acks(SLOT_LEVEL);
    assert_int_equal(k.task.pending[SERVER], BITS_OF(0));
    server_acks(SLOT_EDGE); /* an edge before it is not lost either */
    assert_int_equal(k.task.pending[SERVER], BITS_OF(0) | BITS_OF(1));
    assert_false(OPEN(LINE_LEVEL) || OPEN(LINE_EDGE));
}

/* From the interrupt to the driver, which runs by its priority. */
static void interrupt_wakes_its_driver(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_LEVEL);
    assert_true(OPEN(LINE_LEVEL));
    AS(SERVER, WAIT, .aux = BITS_OF(0) | BITS_OF(1));
    assert_int_equal(k.current, ALPHA);
    line_set(LINE_LEVEL, true);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(aux_of(SERVER), BITS_OF(0));
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    assert_false(OPEN(LINE_LEVEL));
    assert_int_equal(k.armed, 0);
}

static void less_urgent_driver_waits_for_its_turn(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .deadline = k.now + 100);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, IRQ_ACK, .slot = SLOT_ALPHA);
    AS(ALPHA, WAIT, .aux = BITS_OF(2));
    tick(100);
    line_set(LINE_ALPHA, true);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
}

static void interrupt_wakes_from_idle(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_LEVEL);
    AS(SERVER, WAIT, .aux = BITS_OF(0));
    AS(ALPHA, WAIT, .aux = 1);
    assert_int_equal(k.current, K5_IDLE);
    line_set(LINE_LEVEL, true);
    assert_int_equal(k.current, SERVER);
}

/* ---- level and edge ---- */

static void level_that_stands_comes_again(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_LEVEL);
    line_set(LINE_LEVEL, true);
    for (uint32_t i = 0; i < 3; i++) {
        AS(SERVER, WAIT, .aux = BITS_OF(0));
        assert_int_equal(aux_of(SERVER), BITS_OF(0));
        server_acks(SLOT_LEVEL);
        assert_int_equal(k.task.pending[SERVER], BITS_OF(0));
    }
}

/* It is latched while the driver is about to serve the device: that is not a second interrupt. */
static void level_that_was_served_does_not(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_LEVEL);
    line_set(LINE_LEVEL, true);
    AS(SERVER, WAIT, .aux = BITS_OF(0));
    assert_true(LATCHED(LINE_LEVEL));
    line_set(LINE_LEVEL, false);
    server_acks(SLOT_LEVEL);
    assert_int_equal(k.task.pending[SERVER], 0);
    assert_true(OPEN(LINE_LEVEL));
}

static void edge_that_comes_between_is_not_lost(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_EDGE);
    line_pulse(LINE_EDGE);
    AS(SERVER, WAIT, .aux = BITS_OF(1));
    line_pulse(LINE_EDGE);
    assert_int_equal(k.task.pending[SERVER], 0);
    server_acks(SLOT_EDGE);
    assert_int_equal(k.task.pending[SERVER], BITS_OF(1));
}

static void second_ack_changes_nothing(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_EDGE);
    server_acks(SLOT_EDGE);
    assert_true(OPEN(LINE_EDGE));
    line_pulse(LINE_EDGE);
    assert_int_equal(k.task.pending[SERVER], BITS_OF(1));
    assert_false(OPEN(LINE_EDGE));
}

/* It was under way when its line was masked. */
static void interrupt_of_a_masked_line_is_nobodys(void **state)
{
    (void)state;
    kernel_interrupt(0);
    assert_int_equal(k.task.pending[SERVER], 0);
    assert_int_equal(k.current, GAMMA);
    assert_false(OPEN(LINE_LEVEL));
}

/* ---- who may acknowledge ---- */

static void ack_is_refused(void **state)
{
    static const struct {
        uint32_t slot, error;
    } cases[] = {{0, K5_ERR_TYPE}, {1, K5_ERR_TYPE}, {4, K5_ERR_SLOT}, {255, K5_ERR_SLOT}};

    (void)state;
    server_runs();
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AS(SERVER, IRQ_ACK, .slot = cases[i].slot);
        assert_int_equal(error_of(SERVER), cases[i].error);
    }
    cap_image(SERVER, SLOT_LEVEL, (struct cap){K5_CAP_IRQ, 0, 0, 0});
    AS(SERVER, IRQ_ACK, .slot = SLOT_LEVEL);
    assert_int_equal(error_of(SERVER), K5_ERR_RIGHTS);
    assert_int_equal(k.armed, 0);
    assert_false(OPEN(LINE_LEVEL) || OPEN(LINE_EDGE));
}

/* However it came by the capability. */
static void line_of_another_is_refused(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    cap_image(ALPHA, SLOT_ALPHA, (struct cap){K5_CAP_IRQ, K5_RIGHT_ACK, 0, 0});
    AS(ALPHA, IRQ_ACK, .slot = SLOT_ALPHA);
    assert_int_equal(error_of(ALPHA), K5_ERR_RIGHTS);
    assert_false(OPEN(LINE_LEVEL));
}

/* ---- the driver's end ---- */

/* Both lines armed, the edge seen once and, after that, latched once more. */
static void server_drives(void)
{
    server_runs();
    server_acks(SLOT_LEVEL);
    server_acks(SLOT_EDGE);
    line_pulse(LINE_EDGE);
    line_pulse(LINE_EDGE);
    assert_int_equal(k.task.pending[SERVER], BITS_OF(1));
    assert_true(OPEN(LINE_LEVEL) && LATCHED(LINE_EDGE));
}

static void assert_released(void)
{
    assert_int_equal(k.armed, 0);
    assert_false(OPEN(LINE_LEVEL) || OPEN(LINE_EDGE) || LATCHED(LINE_EDGE));
    assert_int_equal(k.task.pending[SERVER] & (BITS_OF(0) | BITS_OF(1)), 0);
    line_set(LINE_LEVEL, true); /* and it stays so */
    line_set(LINE_LEVEL, false);
    assert_int_equal(k.task.pending[SERVER] & (BITS_OF(0) | BITS_OF(1)), 0);
}

static void fault_masks_and_restart_does_not_open(void **state)
{
    (void)state;
    server_drives();
    fault_as(SERVER, K5_FAULT_WRITE, 0x1000);
    assert_int_equal(k.current, SUPER);
    assert_released();
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    assert_released();
    AS(SUPER, WAIT, .aux = ANY);
    server_acks(SLOT_EDGE);
    assert_true(OPEN(LINE_EDGE));
    assert_int_equal(k.task.pending[SERVER], 0);
}

static void restart_masks(void **state)
{
    (void)state;
    server_drives();
    sched_resolve(notification_set(SUPER, 0x10));
    AS(SUPER, TASK_RESTART, .slot = SLOT_SERVER);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_released();
}

static void stop_masks(void **state)
{
    (void)state;
    server_drives();
    sched_resolve(notification_set(SUPER, 0x10));
    AS(SUPER, TASK_STOP, .slot = SLOT_SERVER);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_released();
}

static void exit_masks(void **state)
{
    (void)state;
    server_drives();
    AS(SERVER, EXIT);
    assert_released();
}

static void restart_at_once_masks(void **state)
{
    (void)state;
    tables_fill();
    cfg.handler[SERVER] = K5_NIL;
    cfg.handler_bits[SERVER] = 0;
    cfg.on_fault[SERVER] = K5_ON_FAULT_RESTART;
    boot_tables();
    AS(SUPER, WAIT, .aux = ANY);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    server_drives();
    fault_as(SERVER, K5_FAULT_WRITE, 0x1000);
    assert_int_equal(k.task.state[SERVER], K5_TASK_READY);
    assert_released();
}

/* Lines of others stay as they are. */
static void end_leaves_other_lines_alone(void **state)
{
    (void)state;
    AS(GAMMA, WAIT, .aux = 1);
    AS(BETA, WAIT, .aux = 1);
    AS(ALPHA, IRQ_ACK, .slot = SLOT_ALPHA);
    AS(ALPHA, SIGNAL, .slot = 2, .aux = 0x1);
    server_acks(SLOT_LEVEL);
    fault_as(SERVER, K5_FAULT_WRITE, 0x1000);
    assert_int_equal(k.armed, 0x4);
    assert_true(OPEN(LINE_ALPHA));
}

static void suspended_driver_gets_one(void **state)
{
    (void)state;
    server_runs();
    server_acks(SLOT_LEVEL);
    AS(SERVER, WAIT, .aux = BITS_OF(0));
    sched_resolve(notification_set(SUPER, 0x10));
    AS(SUPER, TASK_SUSPEND, .slot = SLOT_SERVER);
    line_set(LINE_LEVEL, true);
    line_pulse(LINE_LEVEL);
    assert_int_equal(k.current, SUPER);
    assert_false(OPEN(LINE_LEVEL));
    AS(SUPER, TASK_RESUME, .slot = SLOT_SERVER);
    AS(SUPER, WAIT, .aux = 0x10);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(aux_of(SERVER), BITS_OF(0));
}

/* ---- a storm ---- */

#define STORM_BUDGET 100u
#define STORM_PERIOD 1000u
#define STORM_STEP   5u /* ticks of an acknowledgement with the interrupt that it opens */

/* The line stands for ever, and the driver does nothing but open it. Its budget is all that it
 * gets, so ALPHA, less urgent, has the rest of each period; and there is no entry without its ack.
 */
static void storm_is_paid_by_its_driver(void **state)
{
    uint32_t acks = 0;
    uint32_t rest[10] = {0};

    (void)state;
    tables_fill();
    cfg.budget[SERVER] = STORM_BUDGET;
    cfg.period[SERVER] = STORM_PERIOD;
    boot_tables();
    AS(SUPER, WAIT, .aux = ANY);
    AS(OTHER, RECV);
    AS(SERVER, WAIT, .aux = 0x1);
    server_runs();
    line_set(LINE_LEVEL, true);
    for (uint32_t t = 0; t < 10u * STORM_PERIOD; t += STORM_STEP) {
        if (k.current == SERVER) {
            server_acks(SLOT_LEVEL);
            acks++;
            assert_int_equal(k.task.pending[SERVER], BITS_OF(0));
        } else {
            assert_int_equal(k.current, ALPHA);
            rest[t / STORM_PERIOD] += STORM_STEP;
        }
        tick(STORM_STEP);
    }
    assert_true(acks <= 10u * STORM_BUDGET / STORM_STEP && acks >= 9u * STORM_BUDGET / STORM_STEP);
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(rest[i] >= STORM_PERIOD - STORM_BUDGET - STORM_STEP);
    }
}

/* ---- the tables ---- */

#define REFUSED(change)               \
    do {                              \
        tables_fill();                \
        assert_true(config_valid());  \
        change;                       \
        assert_false(config_valid()); \
    } while (0)

static void wrong_tables_are_refused(void **state)
{
    uint16_t signal_slot = (uint16_t)(cfg.slot_first[ALPHA] + 2u);
    uint16_t ack_slot = (uint16_t)(cfg.slot_first[SERVER] + SLOT_LEVEL);

    (void)state;
    REFUSED(cfg.irq_line[1] = LINE_LEVEL);
    REFUSED(cfg.irq_line[2] = LINE_LEVEL);
    REFUSED(cfg.irq_line[0] = K5_LINE_MAX);
    REFUSED(cfg.irq_line[0] = K5_ALARM_LINE);
    REFUSED(cfg.irq_line[0] = K5_WATCHDOG_LINE);
    REFUSED(cfg.irq_bits[0] = 0);
    REFUSED(cfg.irq_bits[0] = cfg.irq_bits[1]);
    REFUSED(cfg.irq_task[0] = K5_TASKS);
    REFUSED(cfg.irq_task[0] = ALPHA);                  /* SERVER holds the capability */
    REFUSED(cfg.irq_task[0] = K5_NIL);                 /* of an irq that there is not */
    REFUSED(cfg.cap_badge[signal_slot] |= BITS_OF(0)); /* ALPHA would pretend to be the line */
    REFUSED(cfg.cap_object[ack_slot] = 2);
    REFUSED(cfg.cap_object[ack_slot] = K5_IRQS);
    REFUSED(cfg.cap_rights[ack_slot] = 0);
    REFUSED(cfg.cap_rights[ack_slot] = K5_RIGHT_ACK | 0x2);
    REFUSED(cfg.handler[OTHER] = SERVER; cfg.handler_bits[OTHER] = BITS_OF(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(masked_until_the_first_ack, setup),
        cmocka_unit_test_setup(interrupt_wakes_its_driver, setup),
        cmocka_unit_test_setup(less_urgent_driver_waits_for_its_turn, setup),
        cmocka_unit_test_setup(interrupt_wakes_from_idle, setup),
        cmocka_unit_test_setup(level_that_stands_comes_again, setup),
        cmocka_unit_test_setup(level_that_was_served_does_not, setup),
        cmocka_unit_test_setup(edge_that_comes_between_is_not_lost, setup),
        cmocka_unit_test_setup(second_ack_changes_nothing, setup),
        cmocka_unit_test_setup(interrupt_of_a_masked_line_is_nobodys, setup),
        cmocka_unit_test_setup(ack_is_refused, setup),
        cmocka_unit_test_setup(line_of_another_is_refused, setup),
        cmocka_unit_test_setup(fault_masks_and_restart_does_not_open, setup),
        cmocka_unit_test_setup(restart_masks, setup),
        cmocka_unit_test_setup(stop_masks, setup),
        cmocka_unit_test_setup(exit_masks, setup),
        cmocka_unit_test_setup(restart_at_once_masks, setup),
        cmocka_unit_test_setup(end_leaves_other_lines_alone, setup),
        cmocka_unit_test_setup(suspended_driver_gets_one, setup),
        cmocka_unit_test(storm_is_paid_by_its_driver),
        cmocka_unit_test_setup(wrong_tables_are_refused, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
