/* Lent memory: docs/adr/0018-lent-memory.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define RAM(task)    (0x28200000u + (task)*0x1000u)
#define CODE(task)   (0x00200000u + (task)*0x1000u)
#define SIZE         0x1000u
#define LONG(call)   (K5_SYS_##call | K5_OP_LONG)
#define UNITS(bytes) ((bytes) / K5_GRAIN << K5_LONG_LEND_SHIFT)
#define READ         K5_MEM_READ
#define WRITE        (K5_MEM_READ | K5_MEM_WRITE)
#define FAULT        1u /* SUPER's slots */
#define TASK_ALPHA   2u

#define AS_LONG(task, call, ...) ask_as((task), LONG(call), (struct ask){__VA_ARGS__})

/* SERVER has two places for lent memory, OTHER none; GAMMA runs, SERVER receives. */
static int setup(void **state)
{
    (void)state;
    tables_fill();
    cfg.map_count[SERVER] = 2;
    cfg.lend_count[SERVER] = 2;
    cfg.map_first[OTHER] = 2;
    cfg.map_first[SUPER] = 2;
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV);
    return 0;
}

static void lend_range(task_t task, uint32_t base, uint32_t size, uint32_t rights)
{
    AS_LONG(task, CALL, .w0 = 9, .w1 = base | rights, .w3 = UNITS(size), .deadline = k.now + 5000);
}

static void assert_mapped(uint32_t place, uint32_t base, uint32_t size, uint32_t rights)
{
    assert_int_equal(host.map_base[SERVER][place], base);
    assert_int_equal(host.map_size[SERVER][place], size);
    assert_int_equal(host.map_rights[SERVER][place], rights);
    assert_int_not_equal(k.map.lender[place], K5_NIL);
    assert_true((k.mapped & 1u << SERVER) != 0);
}

static void assert_free(uint32_t place)
{
    assert_int_equal(host.map_size[SERVER][place], 0);
    assert_int_equal(k.map.lender[place], K5_NIL);
}

static void assert_nothing_mapped(void)
{
    assert_free(0);
    assert_free(1);
    assert_int_equal(k.mapped, 0);
}

/* All that are more urgent wait, so that this one runs. */
static void sleep_until(task_t task, ktime until)
{
    while (k.current != task) {
        AS(k.current, WAIT, .aux = 0x80000000u, .deadline = until);
    }
}

/* ---- a loan and its end ---------------------------------------- */

static void it_is_mapped_until_the_answer(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA) + 0x100, 0x40, WRITE);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_LEND);
    assert_int_equal(word_of(SERVER, 0), 9);
    assert_int_equal(word_of(SERVER, 1), (RAM(GAMMA) + 0x100) | WRITE);
    assert_int_equal(word_of(SERVER, 3), UNITS(0x40));
    assert_mapped(0, RAM(GAMMA) + 0x100, 0x40, WRITE);
    AS(SERVER, REPLY_RECV, .aux = aux_of(SERVER), .label = 4);
    assert_nothing_mapped();
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(label_of(GAMMA), 4);
    assert_int_equal(error_of(GAMMA), K5_OK);
}

static void a_reply_ends_it_at_once(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), SIZE, READ);
    assert_mapped(0, RAM(GAMMA), SIZE, READ);
    AS(SERVER, REPLY, .aux = aux_of(SERVER));
    assert_int_equal(k.current, SERVER);
    assert_nothing_mapped();
}

static void code_can_be_read(void **state)
{
    (void)state;
    lend_range(GAMMA, CODE(GAMMA), 0x20, READ);
    assert_mapped(0, CODE(GAMMA), 0x20, READ);
}

static void it_comes_from_the_queue(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 1000);
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_CALLING);
    assert_nothing_mapped();
    tick(1001);
    AS(SERVER, RECV);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_LEND);
    assert_mapped(0, RAM(GAMMA), 0x20, WRITE);
}

/* As long as it waits outside its deadline holds; once it was taken, no more. */
static void its_deadline_ends_with_the_taking(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    assert_int_equal(k.task.deadline[GAMMA], 0);
    tick(6000);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    assert_mapped(0, RAM(GAMMA), 0x20, WRITE);
    uint32_t token = aux_of(SERVER);

    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 20000);
    lend_range(BETA, RAM(BETA), 0x20, WRITE);
    assert_int_equal(k.task.state[BETA], K5_TASK_CALLING);
    tick(6000);
    assert_int_equal(error_of(BETA), K5_TIMEOUT);
    tick(20000);
    AS(SERVER, REPLY_RECV, .aux = token);
    assert_nothing_mapped();
}

static void two_at_once(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    uint32_t first = aux_of(SERVER);

    AS(SERVER, RECV);
    sleep_until(BETA, 0);
    lend_range(BETA, RAM(BETA), 0x60, READ);
    uint32_t second = aux_of(SERVER);

    assert_mapped(0, RAM(GAMMA), 0x20, WRITE);
    assert_mapped(1, RAM(BETA), 0x60, READ);
    AS(SERVER, RECV);
    lend_range(ALPHA, RAM(ALPHA), 0x20, WRITE); /* no place is left */
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_ERR_LEND);
    AS_LONG(ALPHA, SEND);
    AS(SERVER, REPLY, .aux = first);
    assert_free(0);
    assert_mapped(1, RAM(BETA), 0x60, READ);
    AS(SERVER, REPLY, .aux = second);
    assert_nothing_mapped();
}

/* Who is queued while all places are taken is told when its turn comes; the others are served. */
static void without_a_place_it_is_told_when_taken(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    AS(SERVER, RECV);
    lend_range(BETA, RAM(BETA), 0x20, WRITE);
    AS(SERVER, WAIT, .aux = 1, .deadline = k.now + 1000);
    lend_range(ALPHA, RAM(ALPHA), 0x20, WRITE);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_CALLING);
    tick(1001);
    AS(SERVER, RECV);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_ERR_LEND);
}

/* ---- what cannot be lent ---------------------------------------- */

static void assert_refused(uint32_t where, uint32_t size, uint32_t error)
{
    lend_range(GAMMA, where, size, 0);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], error);
    assert_int_equal(k.current, GAMMA);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_nothing_mapped();
}

static void what_is_not_its_own(void **state)
{
    (void)state;
    assert_refused(RAM(BETA) | WRITE, 0x20, K5_ERR_BAD_BUFFER);
    assert_refused(RAM(SERVER) | WRITE, 0x20, K5_ERR_BAD_BUFFER);
    assert_refused(CODE(GAMMA) | WRITE, 0x20, K5_ERR_BAD_BUFFER);
    assert_refused((RAM(GAMMA) + SIZE) | READ, 0x20, K5_ERR_BAD_BUFFER);
    assert_refused((RAM(GAMMA) - 0x20) | READ, 0x40, K5_ERR_BAD_BUFFER);
    assert_refused((RAM(GAMMA) + SIZE - 0x20) | READ, 0x40, K5_ERR_BAD_BUFFER);
    assert_refused(RAM(GAMMA) | READ, 65535 * K5_GRAIN, K5_ERR_BAD_BUFFER);
    assert_refused(0xFFFFFFE0u | READ, 0x40, K5_ERR_BAD_BUFFER);
    assert_refused(0 | READ, 0x20, K5_ERR_BAD_BUFFER);
}

static void rights_that_are_not(void **state)
{
    (void)state;
    for (uint32_t low = 0; low < K5_GRAIN; low++) {
        if (low != READ && low != WRITE) { /* executing it, or a range that is not on the grain */
            assert_refused(RAM(GAMMA) | low, 0x20, K5_ERR_ARG);
        }
    }
}

static void only_a_call_lends(void **state)
{
    (void)state;
    AS_LONG(GAMMA, SEND, .w1 = RAM(GAMMA) | READ, .w3 = UNITS(0x20));
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_ARG);
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);

    AS_LONG(SERVER, REPLY, .aux = token, .w1 = RAM(SERVER) | READ, .w3 = UNITS(0x20));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_ARG);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w1 = RAM(SERVER) | READ, .w3 = UNITS(0x20));
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_ARG);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
}

static void a_server_that_takes_none(void **state)
{
    (void)state;
    AS_LONG(GAMMA, CALL, .slot = 1, .w1 = RAM(GAMMA) | READ, .w3 = UNITS(0x20));
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_LEND);
    assert_int_equal(k.task.state[OTHER], K5_TASK_RECEIVING);
}

/* A range that the server has already, by app.toml or by another loan: two regions that overlap are
 * a fault of whoever touches them. */
static void nothing_is_mapped_twice(void **state)
{
    (void)state;
    cfg.region_base[2 * SERVER + 1] = RAM(GAMMA) + 0x800; /* shared by GAMMA and SERVER */
    cfg.region_size[2 * SERVER + 1] = 0x800;
    assert_refused((RAM(GAMMA) + 0x7E0) | READ, 0x40, K5_ERR_LEND);
    cfg.region_base[2 * SERVER + 1] = RAM(SERVER);
    cfg.region_size[2 * SERVER + 1] = SIZE;
    cfg.region_base[2 * BETA + 1] = RAM(GAMMA); /* shared by GAMMA and BETA */
    lend_range(GAMMA, RAM(GAMMA) + 0x40, 0x40, WRITE);
    AS(SERVER, RECV);
    static const struct {
        uint32_t first, size;
        bool fits;
    } trials[] = {{0x20, 0x20, true},  {0x80, 0x20, true},   {0x40, 0x20, false},
                  {0x60, 0x20, false}, {0x20, 0x100, false}, {0x40, 0x40, false}};
    for (uint32_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        lend_range(BETA, RAM(GAMMA) + trials[i].first, trials[i].size, READ);
        if (trials[i].fits) {
            assert_mapped(1, RAM(GAMMA) + trials[i].first, trials[i].size, READ);
            AS(SERVER, REPLY_RECV, .aux = aux_of(SERVER));
        }
        assert_int_equal(host.arg[BETA][K5_A_OP], trials[i].fits ? K5_OK : K5_ERR_LEND);
    }
}

/* ---- the ends of either side ---------------------------------------- */

/* While SERVER runs. */
static void super_runs(void)
{
    assert_int_equal(notification_set(SUPER, 1), SCHED_PICK);
    AS(SERVER, YIELD);
    assert_int_equal(k.current, SUPER);
}

static void a_dead_server_keeps_nothing(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    fault_as(SERVER, K5_FAULT_WRITE, 0);
    assert_nothing_mapped();
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
}

static void nor_does_a_restarted_one(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    super_runs();
    AS(SUPER, TASK_RESTART, .slot = FAULT);
    assert_nothing_mapped();
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_DIED);
}

/* ALPHA lends, SUPER acts on it, SERVER answers. */
static uint32_t alpha_lends(void)
{
    sleep_until(ALPHA, 0);
    lend_range(ALPHA, RAM(ALPHA), 0x20, WRITE);
    assert_int_equal(k.current, SERVER);
    uint32_t token = aux_of(SERVER);

    super_runs();
    return token;
}

/* The server can go on with it; the new life begins when the memory is its own again. */
static void a_restarted_lender_waits(void **state)
{
    (void)state;
    uint32_t token = alpha_lends();
    uint32_t resets = host.resets[ALPHA];

    AS(SUPER, TASK_RESTART, .slot = TASK_ALPHA);
    assert_int_equal(error_of(SUPER), K5_OK);
    assert_int_equal(host.resets[ALPHA], resets + 1);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    assert_mapped(0, RAM(ALPHA), 0x20, WRITE);
    AS(SUPER, TASK_RESTART, .slot = TASK_ALPHA); /* again: the same */
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    AS(SUPER, WAIT, .aux = 1);
    AS(SERVER, REPLY, .aux = token, .label = 3, .w0 = 77);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_OK);
    assert_nothing_mapped();
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_SYS_CAP_RESET); /* not the answer */
    assert_int_equal(word_of(ALPHA, 0), 0);
    assert_int_equal(k.renewed, 0);
}

static void its_wait_ends_with_the_server(void **state)
{
    (void)state;
    (void)alpha_lends();
    AS(SUPER, TASK_RESTART, .slot = TASK_ALPHA);
    AS(SUPER, TASK_RESTART, .slot = FAULT);
    assert_nothing_mapped();
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_SYS_CAP_RESET);
    assert_int_equal(k.renewed, 0);
}

/* Nobody will run there again, so the server may go on until it answers. */
static void of_a_stopped_lender(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        setup(NULL);
        uint32_t token = alpha_lends();

        if (i == 1) {
            AS(SUPER, TASK_RESTART, .slot = TASK_ALPHA);
        }
        AS(SUPER, TASK_STOP, .slot = TASK_ALPHA);
        assert_mapped(0, RAM(ALPHA), 0x20, WRITE);
        AS(SUPER, WAIT, .aux = 1);
        if (i == 2) {
            AS(SERVER, REPLY_RECV, .aux = token);
        } else {
            AS(SERVER, REPLY, .aux = token);
            assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
        }
        assert_nothing_mapped();
    }
}

/* That was told K5_ERR_TOKEN before its caller stopped, and is told again: the later call still
 * lends. */
static void of_a_stopped_lender_an_older_answer(void **state)
{
    (void)state;
    for (uint32_t recv = 0; recv < 2; recv++) {
        setup(NULL);
        uint32_t older = alpha_lends() - (1u << 5);

        AS(SUPER, TASK_STOP, .slot = TASK_ALPHA);
        AS(SUPER, WAIT, .aux = 1);
        if (recv == 1) {
            AS(SERVER, REPLY_RECV, .aux = older);
        } else {
            AS(SERVER, REPLY, .aux = older);
            assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
        }
        assert_mapped(0, RAM(ALPHA), 0x20, WRITE);
    }
}

/* With a capability, which would need more of the caller than there is. */
static void a_long_answer_to_a_restarted_lender(void **state)
{
    (void)state;
    uint32_t token = alpha_lends();

    AS(SUPER, TASK_RESTART, .slot = TASK_ALPHA);
    AS(SUPER, WAIT, .aux = 1);
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(SERVER), .w3 = 16 | K5_LONG_CAP);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_OK);
    assert_int_equal(host.copies, 0);
    assert_nothing_mapped();
}

static void a_suspended_lender(void **state)
{
    (void)state;
    uint32_t token = alpha_lends();

    AS(SUPER, TASK_SUSPEND, .slot = TASK_ALPHA);
    assert_mapped(0, RAM(ALPHA), 0x20, WRITE);
    AS(SUPER, WAIT, .aux = 1);
    AS(SERVER, REPLY, .aux = token);
    assert_nothing_mapped();
}

/* The port has lost what it was told, as at each switch. */
static void it_is_said_again(void **state)
{
    (void)state;
    lend_range(GAMMA, RAM(GAMMA), 0x20, WRITE);
    AS(SERVER, RECV);
    lend_range(BETA, RAM(BETA), 0x40, READ);
    host.map_size[SERVER][0] = host.map_size[SERVER][1] = 0;
    map_reload(SERVER);
    assert_mapped(0, RAM(GAMMA), 0x20, WRITE);
    assert_mapped(1, RAM(BETA), 0x40, READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_mapped_until_the_answer, setup),
        cmocka_unit_test_setup(a_reply_ends_it_at_once, setup),
        cmocka_unit_test_setup(code_can_be_read, setup),
        cmocka_unit_test_setup(it_comes_from_the_queue, setup),
        cmocka_unit_test_setup(its_deadline_ends_with_the_taking, setup),
        cmocka_unit_test_setup(two_at_once, setup),
        cmocka_unit_test_setup(without_a_place_it_is_told_when_taken, setup),
        cmocka_unit_test_setup(what_is_not_its_own, setup),
        cmocka_unit_test_setup(rights_that_are_not, setup),
        cmocka_unit_test_setup(only_a_call_lends, setup),
        cmocka_unit_test_setup(a_server_that_takes_none, setup),
        cmocka_unit_test_setup(nothing_is_mapped_twice, setup),
        cmocka_unit_test_setup(a_dead_server_keeps_nothing, setup),
        cmocka_unit_test_setup(nor_does_a_restarted_one, setup),
        cmocka_unit_test_setup(a_restarted_lender_waits, setup),
        cmocka_unit_test_setup(its_wait_ends_with_the_server, setup),
        cmocka_unit_test_setup(of_a_stopped_lender, setup),
        cmocka_unit_test_setup(of_a_stopped_lender_an_older_answer, setup),
        cmocka_unit_test_setup(a_long_answer_to_a_restarted_lender, setup),
        cmocka_unit_test_setup(a_suspended_lender, setup),
        cmocka_unit_test_setup(it_is_said_again, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
